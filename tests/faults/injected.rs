//! System calls that fail, each in its turn, by strace: whatever a build asks of the system and does not
//! get, it either does without and publishes what a clean build does, or says so and leaves the
//! site as it was.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::Command;

use super::machine::{by_way_of, skip};
use super::support::{Run, Site, Tree, article, assert_same, pictures, run};
use super::{
    clean_build, every_file_is_whole, gazette, no_panic, nothing_is_left_over, set_title, trials,
};

const ARTICLES: usize = 5;

/// How often each fault is tried.
const TRIALS: usize = 12;

/// Calls that fail, and how.
const FAULTS: [(&str, &[&str]); 12] = [
    ("write", &["ENOSPC", "EIO", "EDQUOT"]),
    ("openat", &["ENOSPC", "EMFILE", "EACCES", "EIO"]),
    ("rename", &["ENOSPC", "EIO", "EACCES"]),
    ("mkdir", &["ENOSPC", "EACCES"]),
    ("unlink", &["EIO", "EACCES"]),
    ("unlinkat", &["EIO"]),
    ("rmdir", &["EIO"]),
    ("read", &["EIO"]),
    ("statx", &["EIO", "EACCES"]),
    ("getdents64", &["EIO"]),
    ("lseek", &["EIO"]),
    ("flock", &["EIO", "ENOLCK"]),
];

/// The site in one of two states: all pages differ, and in each there is something that the other does
/// not have.
fn edit(site: &Site, state: usize) {
    set_title(site, ["Gazette", "Herald"][state]);
    let names = ["content/extra/first.md", "content/extra/second.md"];
    let _ = fs::remove_file(site.path(names[1 - state]));
    let text = article("An extra", "date: 2024-02-02\n", "Read all about it.\n");
    site.write(names[state], text);
    site.write("static/humans.txt", format!("Edition {state}\n"));
    site.write("data/numbers.csv", format!("day,web\nMon,{state}\n"));
}

fn sample() -> Site {
    let site = gazette(ARTICLES);
    let chart = "{{<chart title=\"Readers\" data=\"numbers.csv\" />}}\n";
    site.write("content/news/chart.md", article("Readers", "", chart));
    site.write("content/news/held.jpg", pictures::jpeg(600, 300, 6));
    let shown = "![The bridge](held.jpg)\n";
    site.write("content/news/held.md", article("Held", "", shown));
    site.write("static/style.css", "p { color: black }\n");
    site.write("templates/extra.html", "<p>never used</p>\n");
    site.write("i18n/en.yaml", "tags: Topics\n");
    site
}

/// `pressroom build` under strace, on one thread so that calls come in about the same order each time.
fn traced(site: &Site, options: &[&str]) -> Command {
    let log = site.beside("strace.log");
    let mut arguments: Vec<&OsStr> = ["-f", "-y", "-qq", "-o"].map(OsStr::new).into();
    arguments.push(log.as_os_str());
    arguments.extend(options.iter().map(OsStr::new));
    let mut command = by_way_of("strace", arguments);
    command
        .args(["build", "--root"])
        .arg(site.root())
        .env("RAYON_NUM_THREADS", "1");
    command
}

/// For each call, which of those that a thread makes are about the site's folder, counted from 1; but for
/// those that hit the first thread before it is about to do anything with the site, when the system
/// loads the program.
fn calls(site: &Site) -> Option<BTreeMap<&'static str, BTreeSet<usize>>> {
    Command::new("strace").arg("-V").output().ok()?;
    let names = FAULTS.map(|(name, _)| name);
    let trace = format!("trace={}", names.join(","));
    if run(&mut traced(site, &["-e", &trace])).code != Some(0) {
        return None;
    }
    let log = fs::read_to_string(site.beside("strace.log")).ok()?;
    let root = site.root().display().to_string();
    let first_thread = log.split_once(' ')?.0;
    let mut is_begun = false;
    let mut counts: BTreeMap<(&str, &str), usize> = BTreeMap::new();
    let mut calls: BTreeMap<&str, BTreeSet<usize>> = BTreeMap::new();
    let mut loading: BTreeMap<&str, usize> = BTreeMap::new();
    for line in log.lines() {
        let (thread, call) = line.split_once(' ').unwrap_or((line, ""));
        let name = call.trim_start().split('(').next().unwrap_or("");
        let Some(name) = names.into_iter().find(|known| *known == name) else {
            continue;
        };
        let count = counts.entry((thread, name)).or_default();
        *count += 1;
        if call.contains(&root) {
            is_begun = true;
            calls.entry(name).or_default().insert(*count);
        } else if thread == first_thread && !is_begun {
            loading.insert(name, *count);
        }
    }
    for (name, numbers) in &mut calls {
        let loading = loading.get(name).copied().unwrap_or(0);
        numbers.retain(|number| *number > loading);
    }
    Some(calls)
}

/// So many of these, evenly, or all if there are no more.
fn some(of: &BTreeSet<usize>, count: usize) -> Vec<usize> {
    let of: Vec<usize> = of.iter().copied().collect();
    let count = count.min(of.len());
    (0..count).map(|n| of[n * of.len() / count]).collect()
}

#[test]
fn a_call_that_fails_loses_nothing() {
    let site = sample();
    let states = [0, 1].map(|state| {
        edit(&site, state);
        clean_build(&site)
    });
    edit(&site, 1);
    site.build(&[]).silent();
    edit(&site, 0);
    let Some(calls) = calls(&site) else {
        return skip("system calls that fail", "strace");
    };
    let mut state = 1;
    let mut mistakes = Vec::new();
    for (name, errors) in FAULTS {
        let numbers = calls.get(name).cloned().unwrap_or_default();
        for error in errors {
            let (mut tried, mut refused) = (0, 0);
            for number in some(&numbers, trials(TRIALS)) {
                edit(&site, state);
                let inject = format!("inject={name}:error={error}:when={number}");
                let trace = format!("trace={name}");
                let built = run(&mut traced(&site, &["-e", &trace, "-e", &inject]));
                let told = built.stderr.lines().next().unwrap_or("");
                let context = format!("{name} fails with {error} at {number}: {told}");
                println!("{context}");
                let (before, after) = (&states[1 - state], &states[state]);
                let checked =
                    catch_unwind(AssertUnwindSafe(|| check(&site, &built, before, after)));
                if checked.is_err() {
                    mistakes.push(context);
                    // What went wrong there is not to show in the next one.
                    site.remove("public");
                    site.remove(".pressroom");
                    site.build(&[]).silent();
                }
                tried += 1;
                refused += usize::from(built.code == Some(1));
                state = 1 - state;
            }
            println!(
                "{name}: {error} at {tried} of {} calls, {refused} builds refused",
                numbers.len()
            );
        }
    }
    assert!(mistakes.is_empty(), "{mistakes:#?}");
}

#[track_caller]
fn check(site: &Site, built: &Run, before: &Tree, after: &Tree) {
    no_panic(built);
    let found = site.outputs();
    if built.code == Some(0) {
        assert_same(&found, after);
    } else {
        every_file_is_whole(&found, before, after);
        assert!(built.stderr.contains("error["), "{}", built.stderr);
        assert!(built.stderr.contains("= help: "), "{}", built.stderr);
    }
    let next = site.build(&[]).ok();
    let told = next
        .stderr
        .lines()
        .filter(|line| line.starts_with("warning"));
    let told: Vec<&str> = told.collect();
    assert!(
        told.iter().all(|line| line.contains("[cache-unusable]")),
        "{told:?}"
    );
    assert_same(&site.outputs(), after);
    nothing_is_left_over(site);
}
