//! The manual, which is this repository's own site, as a static host would serve it.

mod support;

use std::fs;
use std::path::Path;

use pressroom::pipeline::SOURCES;
use support::host::Host;
use support::{copy, ends_in, html, pressroom, run};

/// Articles that the manual has at least.
const LEAST: usize = 8;

#[test]
fn every_link_of_the_manual_finds_its_page() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    if !root.join("content").is_dir() {
        println!("SKIPPED: this repository has no content/ yet, so there is no manual to crawl");
        return;
    }
    let folder = tempfile::tempdir().expect("a temporary folder");
    let output = folder.path().join("public");
    // A copy, in which no other build has kept anything.
    let site = folder.path().join("site");
    for source in SOURCES {
        let (from, to) = (root.join(source), site.join(source));
        if from.is_dir() {
            copy(&from, &to);
        } else if from.is_file() {
            fs::copy(from, to).expect("a copy");
        }
    }
    let publish = |base_url: &str| {
        let mut command = pressroom();
        // Some of it may be scheduled, when the time of the tests is the time.
        command.args([
            "build",
            "--future",
            "--format",
            "json",
            "--base-url",
            base_url,
        ]);
        command
            .arg("--root")
            .arg(&site)
            .arg("--output")
            .arg(&output);
        run(&mut command).silent().json().remove(0)
    };
    for base_url in [
        "https://manual.example/",
        "https://host.example/deep/manual/",
    ] {
        let summary = publish(base_url);
        let articles = summary["articles"].as_u64().expect("a number") as usize;
        assert!(articles >= LEAST, "only {articles} articles");
        let (followed, dead) = Host::serve(&output, base_url).follow_every_link();
        assert!(dead.is_empty(), "{base_url}: {dead:#?}");
        assert!(followed > 20 * articles, "only {followed} links");
    }
    for (path, bytes) in support::published(&output) {
        if ends_in(&path, "html") {
            is_a_page(&path, &String::from_utf8_lossy(&bytes));
        }
    }
}

/// What every page has, whatever it shows; a page that only leads on has a title.
fn is_a_page(path: &str, page: &str) {
    let tags = html::tags(page);
    let count = |name: &str| tags.iter().filter(|tag| tag.name == name).count();
    assert_eq!(count("title"), 1, "{path}");
    let language = tags.iter().find(|tag| tag.name == "html");
    assert!(
        language.is_some_and(|tag| tag.get("lang").is_some()),
        "{path}"
    );
    if tags
        .iter()
        .any(|tag| tag.is("meta", "http-equiv", "refresh"))
    {
        return;
    }
    assert_eq!(count("h1"), 1, "{path}");
    assert_eq!(count("main"), 1, "{path}");
    let mut anchors = html::anchors(page);
    anchors.sort();
    let twice: Vec<_> = anchors.windows(2).filter(|two| two[0] == two[1]).collect();
    assert!(twice.is_empty(), "{path}: {twice:?}");
    for tag in tags.iter().filter(|tag| tag.name == "img") {
        assert!(tag.get("alt").is_some(), "{path}: {tag:?}");
    }
}
