//! What a person reads when something is wrong.
//!
//! Each folder of tests/diagnostics is a small site with a mistake in it and, in `expected.txt`,
//! everything that `pressroom build` then prints to stderr, after its exit code. A `command.txt`
//! holds another command line. Sites that cannot be files of a repository (links, pipes, names
//! that are no text) are made below, with their text in a file of tests/diagnostics.
//!
//! `UPDATE_EXPECTED=1 cargo nextest run --test diagnostics` writes the texts anew. Read each of
//! them as somebody who has never seen the code: is the place right, is it true, does it say what
//! to write?

mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use pressroom::diagnostics::Code;
use rayon::prelude::*;
use serde_json::Value;
use support::{Run, Site, Tree, article, assert_same, copy};

/// Files of a fixture that are no part of its site.
const NOT_OF_THE_SITE: [&str; 2] = ["command.txt", "expected.txt"];

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/diagnostics")
}

/// The names of the folders of tests/diagnostics.
fn fixtures() -> Vec<String> {
    let entries = fs::read_dir(folder()).expect("tests/diagnostics");
    let folders = entries.flatten().filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> = folders
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// A site with a good build behind it, of which nothing but the output is left.
fn site_that_was_fine() -> (Site, Tree) {
    let fine = article("Yesterday", "date: 2024-01-01\n", "All was well.\n");
    let site = Site::new([("content/news/yesterday.md", fine.as_str())]);
    site.build(&[]).silent();
    site.remove("content");
    let good = site.outputs();
    (site, good)
}

fn site_of(fixture: &str) -> (Site, Tree) {
    let (site, good) = site_that_was_fine();
    copy(&folder().join(fixture), &site.root());
    for file in NOT_OF_THE_SITE
        .iter()
        .filter(|file| site.path(file).exists())
    {
        site.remove(file);
    }
    (site, good)
}

/// The command line of a fixture.
fn command_of(fixture: &str) -> Vec<String> {
    let written = fs::read_to_string(folder().join(fixture).join("command.txt"));
    let line = written.unwrap_or_else(|_| "build".to_owned());
    line.split_whitespace().map(str::to_owned).collect()
}

fn transcript(run: &Run) -> String {
    let code = run.code.expect("an exit code");
    format!("exit code: {code}\n\n{}", run.stderr)
}

/// Compares with an expected text, or writes it where that is asked for.
fn compare(file: &Path, found: &str) -> Result<(), String> {
    if std::env::var_os("UPDATE_EXPECTED").is_some_and(|wanted| wanted == "1") {
        fs::write(file, found).expect("tests/diagnostics can be written");
        return Ok(());
    }
    let expected = fs::read_to_string(file).unwrap_or_default();
    if expected == found {
        return Ok(());
    }
    let name = file.strip_prefix(folder()).unwrap_or(file).display();
    Err(format!(
        "\n===== {name}\n----- expected:\n{expected}\n----- found:\n{found}"
    ))
}

fn check(fixture: &str) -> Result<(), String> {
    let (site, good) = site_of(fixture);
    let run = site.run(command_of(fixture));
    compare(
        &folder().join(fixture).join("expected.txt"),
        &transcript(&run),
    )?;
    let has_errors = run.stderr.contains("error[");
    if has_errors != (run.code == Some(1)) {
        return Err(format!("{fixture}: errors and exit code {:?}", run.code));
    }
    if has_errors && site.outputs() != good {
        return Err(format!("{fixture}: the last good site is not as it was"));
    }
    Ok(())
}

#[test]
fn every_mistake_is_told_as_expected_and_leaves_the_last_good_site_in_place() {
    let failures: Vec<String> = fixtures()
        .par_iter()
        .filter_map(|fixture| check(fixture).err())
        .collect();
    assert!(
        failures.is_empty(),
        "{} of them are not:\n{}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn every_code_has_a_mistake_that_shows_it() {
    let shown: String = expected_files()
        .iter()
        .map(|file| fs::read_to_string(file).unwrap_or_default())
        .collect();
    let missing: Vec<&str> = Code::ALL
        .iter()
        .map(|code| code.as_str())
        .filter(|code| !shown.contains(&format!("[{code}]: ")))
        .collect();
    assert!(missing.is_empty(), "no mistake shows {missing:?}");
}

/// All expected texts: those of fixtures, and those of sites that are made here.
fn expected_files() -> Vec<PathBuf> {
    let of_fixtures = fixtures()
        .into_iter()
        .map(|fixture| folder().join(fixture).join("expected.txt"));
    let made = fs::read_dir(folder()).expect("tests/diagnostics").flatten();
    let made = made
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|ending| ending == "txt"));
    of_fixtures.chain(made).collect()
}

#[test]
fn every_expected_text_belongs_to_a_test() {
    let source = include_str!("diagnostics.rs");
    for file in expected_files() {
        let name = file.file_stem().expect("a name").to_string_lossy();
        assert!(
            name == "expected" || source.contains(&format!("\"{name}\"")),
            "{} is not used",
            file.display()
        );
    }
}

/// Severity, code and message of each diagnostic in a text for people.
fn headlines(text: &str) -> Vec<(String, String, String)> {
    let headline = |line: &str| {
        let (severity, rest) = line.split_once('[')?;
        let (code, message) = rest.split_once("]: ")?;
        let known = ["error", "warning", "note"].contains(&severity);
        known.then(|| (severity.to_owned(), code.to_owned(), message.to_owned()))
    };
    text.lines().filter_map(headline).collect()
}

fn check_json(fixture: &str) -> Result<(), String> {
    let (site, _) = site_of(fixture);
    let mut command = command_of(fixture);
    let human = site.run(&command);
    if human.code == Some(0) {
        // So that the second run tells what the first did.
        site.remove("public");
    }
    command.extend(["--format".to_owned(), "json".to_owned()]);
    let run = site.run(command);
    let mut found = Vec::new();
    for line in run.stderr.lines() {
        let object: BTreeMap<String, Value> = serde_json::from_str(line)
            .map_err(|error| format!("{fixture}: `{line}` is no object: {error}"))?;
        let text = |key: &str| object.get(key).and_then(Value::as_str).unwrap_or_default();
        // What people read in several lines is a headline and more.
        let message = text("message")
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned();
        found.push((
            text("severity").to_owned(),
            text("code").to_owned(),
            message,
        ));
    }
    let expected = headlines(&human.stderr);
    if found != expected || run.code != human.code {
        return Err(format!(
            "{fixture}:\n----- people read:\n{expected:#?}\n----- programs read:\n{found:#?}"
        ));
    }
    Ok(())
}

#[test]
fn programs_get_the_same_as_people_one_object_a_line() {
    let failures: Vec<String> = fixtures()
        .par_iter()
        .filter_map(|fixture| check_json(fixture).err())
        .collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn json_says_where_it_is_and_what_to_write() {
    let (site, _) = site_of("link-dead-markdown");
    let run = site.build(&["--format", "json"]).failed();
    let found: Value = serde_json::from_str(run.stderr.trim()).expect("one object");
    let expected = serde_json::json!({
        "severity": "error",
        "code": "dead-link",
        "message": "the link `budgt.md` leads nowhere in this site",
        "hint": "did you mean `content/news/budget.md`?",
        "file": "content/news/vote.md",
        "line": 6,
        "column": 20,
        "length": 8,
    });
    assert_eq!(found, expected);
    assert_eq!(run.stdout, "");
}

/// Runs a site that was made here, with the last good output still there.
#[track_caller]
fn told_as(expected: &str, arguments: &[&str], site: &Site) -> Run {
    let run = site.run(arguments);
    let compared = compare(&folder().join(format!("{expected}.txt")), &transcript(&run));
    compared.unwrap_or_else(|difference| panic!("{difference}"));
    run
}

/// The same for a site that cannot be published.
#[track_caller]
fn refused_as(expected: &str, arguments: &[&str], site: &Site, good: &Tree) {
    told_as(expected, arguments, site).failed();
    assert_same(&site.outputs(), good);
}

fn with_article() -> (Site, Tree) {
    let (site, good) = site_that_was_fine();
    site.write(
        "content/news/budget.md",
        article("The budget", "date: 2024-07-04\n", "The council met.\n"),
    );
    (site, good)
}

#[test]
fn front_matter_of_a_novel_s_length_is_refused() {
    let (site, good) = with_article();
    let novel = "word ".repeat(13 * 1024);
    let front_matter = format!("date: 2024-07-04\nsummary: {novel}\n");
    site.write(
        "content/news/novel.md",
        article("The novel", &front_matter, "Once upon a time.\n"),
    );
    refused_as("front-matter-too-large", &["build"], &site, &good);
}

#[test]
fn an_article_of_a_hundred_megabytes_is_not_read() {
    let (site, good) = with_article();
    let huge = fs::File::create(site.path("content/news/huge.md")).expect("a file");
    huge.set_len(100 << 20).expect("room for it");
    refused_as("article-too-large", &["build"], &site, &good);
}

#[test]
fn a_folder_of_somebody_else_s_is_not_written_to() {
    let (site, good) = with_article();
    site.write("thesis/chapter-1.tex", "years of work");
    refused_as(
        "output-not-empty",
        &["build", "--output", "thesis"],
        &site,
        &good,
    );
    assert_eq!(site.read("thesis/chapter-1.tex"), "years of work");
    assert_eq!(fs::read_dir(site.path("thesis")).unwrap().count(), 1);
}

#[test]
fn an_output_that_is_a_file_is_refused() {
    let (site, good) = with_article();
    site.write("site.zip", "not a folder");
    refused_as(
        "output-is-a-file",
        &["build", "--output", "site.zip"],
        &site,
        &good,
    );
    assert_eq!(site.read("site.zip"), "not a folder");
}

#[test]
fn a_file_of_somebody_else_s_in_the_way_is_not_replaced() {
    let (site, _) = with_article();
    site.write("public/news/budget/index.html", "mine");
    let good = site.outputs();
    refused_as("output-in-the-way", &["build"], &site, &good);
}

#[test]
fn two_builds_at_once_do_not_meet_in_one_folder() {
    let (site, good) = with_article();
    let lock = fs::File::options()
        .write(true)
        .open(site.path("public/.pressroom/lock"))
        .expect("the lock of the earlier build");
    lock.lock().expect("nobody else builds here");
    refused_as("output-locked", &["build"], &site, &good);
    lock.unlock().expect("it was ours");
    site.build(&[]).silent();
}

#[test]
fn records_that_are_cut_off_are_not_believed() {
    let (site, _) = with_article();
    site.build(&[]).silent();
    let good = site.outputs();
    let records = fs::read(site.path("public/.pressroom/records")).expect("records");
    site.write("public/.pressroom/records", &records[..records.len() / 2]);
    told_as("cache-unusable", &["build"], &site).ok();
    assert_same(&site.outputs(), &good);
    site.build(&[]).silent();
}

#[test]
fn shares_that_are_missing_are_named() {
    let (site, _) = with_article();
    let share = |share| ["build", "--shard", share, "--output", "shares"];
    site.run(share("2/3")).silent();
    told_as("shard", &["merge", "shares"], &site).failed();
}

#[test]
fn a_list_of_changes_that_cannot_be_written_is_told_after_the_site_is_published() {
    let (site, _) = with_article();
    told_as(
        "changed-list-nowhere",
        &["build", "--changed-list", "nowhere/changed.txt"],
        &site,
    )
    .failed();
    assert!(site.has_output("news/budget/index.html"));
}

#[test]
fn a_folder_in_the_place_of_the_configuration_cannot_be_read() {
    let (site, good) = with_article();
    site.write("pressroom.yaml/title", "The Gazette");
    refused_as("config-is-a-folder", &["build"], &site, &good);
}

#[test]
fn commands_that_would_overwrite_refuse() {
    let (site, good) = with_article();
    refused_as(
        "new-is-there-already",
        &["new", "news/budget"],
        &site,
        &good,
    );
    refused_as("init-is-not-empty", &["init", "."], &site, &good);
}

#[cfg(unix)]
mod on_unix {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    use std::os::unix::fs::symlink;
    use std::process::Command;

    use super::*;

    #[test]
    fn a_link_to_nothing_cannot_be_read() {
        let (site, good) = with_article();
        symlink("gone.md", site.path("content/news/link.md")).unwrap();
        refused_as("link-to-nothing", &["build"], &site, &good);
    }

    #[test]
    fn a_link_that_leads_out_of_the_site_is_not_followed() {
        let (site, good) = with_article();
        fs::write(site.beside("secret.md"), "the neighbour's diary").unwrap();
        fs::create_dir(site.beside("private")).unwrap();
        fs::write(site.beside("private/keys.txt"), "secret").unwrap();
        symlink("../../../secret.md", site.path("content/news/secret.md")).unwrap();
        fs::create_dir(site.path("static")).unwrap();
        symlink("../../private", site.path("static/private")).unwrap();
        refused_as("link-leads-out", &["build"], &site, &good);
    }

    #[test]
    fn a_link_among_articles_of_strangers_is_not_followed() {
        let (site, good) = with_article();
        site.write("pressroom.yaml", "html: sanitised\n");
        site.write("data/subscribers.csv", "name,paid\n");
        site.write("drawings/plan.svg", "<svg/>");
        let csv = site.path("content/news/subscribers.csv");
        symlink("../../data/subscribers.csv", csv).unwrap();
        symlink("../../drawings", site.path("content/news/drawings")).unwrap();
        refused_as("outside-link", &["build"], &site, &good);
    }

    #[test]
    fn a_link_in_a_circle_is_told() {
        let (site, good) = with_article();
        symlink("..", site.path("content/news/again")).unwrap();
        refused_as("link-in-a-circle", &["build"], &site, &good);
    }

    #[test]
    fn a_link_within_the_site_is_a_file_like_any_other() {
        let (site, _) = with_article();
        site.write("drawings/plan.svg", "<svg/>");
        symlink(
            "../../drawings/plan.svg",
            site.path("content/news/plan.svg"),
        )
        .unwrap();
        site.build(&[]).silent();
        assert_eq!(site.output("news/plan.svg"), "<svg/>");
    }

    #[test]
    fn a_pipe_does_not_hold_the_build_up() {
        let (site, _) = with_article();
        let pipe = site.path("content/news/pipe.md");
        let made = Command::new("mkfifo").arg(pipe).status();
        assert!(made.unwrap().success());
        told_as("pipe-among-articles", &["build"], &site).ok();
        assert!(site.has_output("news/budget/index.html"));
    }

    #[test]
    fn names_that_no_url_can_have_are_refused() {
        let (site, good) = with_article();
        let news = site.path("content/news");
        fs::write(news.join(OsStr::from_bytes(b"caf\xe9.md")), "Latin-1").unwrap();
        fs::write(news.join("two\nlines.md"), "a line break").unwrap();
        fs::write(news.join("back\\slash.md"), "a backslash").unwrap();
        refused_as("file-names", &["build"], &site, &good);
    }

    // File systems of other systems take these names for one.
    #[cfg(target_os = "linux")]
    #[test]
    fn two_names_that_look_the_same_are_told_apart() {
        let (site, good) = with_article();
        site.write("static/caf\u{e9}.txt", "composed");
        site.write("static/cafe\u{301}.txt", "decomposed");
        refused_as("names-in-two-normal-forms", &["build"], &site, &good);
    }
}
