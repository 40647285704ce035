//! What holds of any input: the targets of cargo-fuzz, on their seeds and on what becomes of these by
//! chance.
//!
//! docs/fuzzing.md says how to run them at length.

#[path = "fuzz/chance.rs"]
mod chance;
#[path = "fuzz/pieces.rs"]
mod pieces;
#[path = "support/random.rs"]
#[expect(dead_code, reason = "other tests use the rest")]
mod random;
#[path = "fuzz/slow.rs"]
mod slow;
#[path = "fuzz/targets/mod.rs"]
mod targets;

use std::collections::BTreeSet;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use chance::Inputs;
use random::Random;
use targets::{ALL, Target};

/// The folder of cargo-fuzz.
fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

/// The names of what lies in a folder, without their endings.
fn names(folder: &Path) -> BTreeSet<String> {
    let entries = fs::read_dir(folder).expect("a folder of the repository");
    let stem = |path: PathBuf| Some(path.file_stem()?.to_str()?.to_owned());
    entries.flatten().filter_map(|it| stem(it.path())).collect()
}

fn seeds(target: &Target) -> Vec<Vec<u8>> {
    let folder = fuzz().join("seeds").join(target.name);
    let entries = fs::read_dir(folder).expect("each target has seeds");
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    let read = |path: &PathBuf| fs::read(path).expect("a seed");
    paths.iter().map(read).collect()
}

/// Failures of a target that are looked for before giving up.
const MOST_FAILURES: usize = 8;

/// Tries an input. The failure has it as it can be written to a file with `printf`.
fn try_out(target: &Target, input: &[u8], failures: &mut Vec<String>) {
    if catch_unwind(AssertUnwindSafe(|| (target.run)(input))).is_err() {
        let shown = input.escape_ascii();
        failures.push(format!("{} does not hold of\n{shown}\n", target.name));
    }
}

fn hold(names: &[&str]) {
    let mut failures = Vec::new();
    for target in ALL.iter().filter(|target| names.contains(&target.name)) {
        let seeds = seeds(target);
        for seed in &seeds {
            try_out(target, seed, &mut failures);
        }
        let mut inputs = Inputs {
            random: Random::new(9),
            seeds: &seeds,
            pieces: pieces::of(target.name),
        };
        for _ in 0..target.tried {
            if failures.len() >= MOST_FAILURES {
                break;
            }
            try_out(target, &inputs.next(), &mut failures);
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn whatever_is_written_in_an_article_is_understood_or_told() {
    hold(&["front_matter", "markdown", "components"]);
}

#[test]
fn whatever_readers_commented_is_harmless() {
    hold(&["comments"]);
}

#[test]
fn whatever_is_written_for_a_date_or_an_address_is_understood_or_told() {
    hold(&["dates", "paths", "permalinks", "slugs"]);
}

#[test]
fn whatever_files_of_settings_say_is_understood_or_told() {
    hold(&["data", "drawings", "settings", "themes"]);
}

#[test]
fn whatever_an_archive_holds_becomes_a_site_that_can_be_read() {
    hold(&["generators", "html_import", "wordpress"]);
}

#[test]
fn whatever_happens_to_what_is_kept_the_next_build_is_a_clean_one() {
    hold(&["cache"]);
}

/// A target that one of the three lists lacks would be tried by nobody.
#[test]
fn the_targets_are_those_of_cargo_fuzz_and_have_seeds() {
    let known: BTreeSet<String> = ALL.iter().map(|target| target.name.to_owned()).collect();
    assert_eq!(names(&fuzz().join("fuzz_targets")), known);
    assert_eq!(names(&fuzz().join("seeds")), known);
    let manifest = fs::read_to_string(fuzz().join("Cargo.toml")).expect("the manifest");
    let manifest: toml::Table = manifest.parse().expect("TOML");
    let bins = manifest["bin"].as_array().expect("targets");
    let built: BTreeSet<String> = bins
        .iter()
        .map(|bin| bin["name"].as_str().expect("a name").to_owned())
        .collect();
    assert_eq!(built, known);
    for name in &known {
        let path = fuzz().join(format!("fuzz_targets/{name}.rs"));
        let target = fs::read_to_string(path).expect("a target");
        assert!(target.contains(&format!("targets::{name}(")), "{name}");
    }
    let here = include_str!("fuzz.rs");
    let tests = here.split_once("#[test]").expect("tests").1;
    for name in &known {
        assert!(
            tests.contains(&format!("\"{name}\"")),
            "no test tries {name}"
        );
    }
}
