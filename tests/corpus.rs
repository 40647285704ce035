//! A real archive: 2,421 articles of a federal site, 2012 to 2025, written by people who never
//! heard of Pressroom.
//!
//! It is no part of this repository: it is looked for where PRESSROOM_CORPUS says, and else in
//! ../shared/corpus/digitalgov.

mod support;

use std::path::{Path, PathBuf};

use serde_json::Value;
use support::{Run, Site, assert_same, copy, published, run};

const CONFIG: &str = "\
title: Digital.gov
base_url: https://digital.gov/
timezone: America/New_York
front_matter: {tags: topics, summary: deck}
front_matter_duplicates: last
links: warn
components: text
permalinks:
  news: \"/{year}/{month}/{day}/{slug}/\"
  events: \"/event/{year}/{month}/{day}/{slug}/\"
";

const ARTICLES: usize = 2_421;

/// Two articles of September 2023 have one slug and one date.
const TWINS: [&str; 2] = [
    "content/news/2023/09/2023-09-15-infrastructure-as-a-public-service.md",
    "content/news/2023/11/2023-11-20-infrastructure-as-a-public-service.md",
];

fn corpus() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/digitalgov");
    let folder = std::env::var_os("PRESSROOM_CORPUS").map_or(beside, PathBuf::from);
    if folder.join("content").is_dir() {
        return Some(folder);
    }
    println!(
        "SKIPPED: there is no archive in {}; PRESSROOM_CORPUS says where it is",
        folder.display()
    );
    None
}

/// The archive as a site.
fn site() -> Option<Site> {
    let site = Site::in_memory();
    site.write("pressroom.yaml", CONFIG);
    copy(&corpus()?.join("content"), &site.path("content"));
    Some(site)
}

/// The same without one of the twins, so that it can be published.
fn publishable() -> Option<Site> {
    let site = site()?;
    site.remove(TWINS[1]);
    Some(site)
}

/// The diagnostics of a run with `--format json`.
fn diagnostics(run: &Run) -> Vec<Value> {
    let object = |line| serde_json::from_str(line).expect("each line is an object");
    run.stderr.lines().map(object).collect()
}

fn text<'a>(object: &'a Value, key: &str) -> &'a str {
    object[key].as_str().unwrap_or_default()
}

#[test]
fn two_articles_on_one_url_are_the_only_error_of_the_archive() {
    let Some(site) = site() else { return };
    let run = site.build(&["--format", "json"]).failed();
    let found = diagnostics(&run);
    let errors: Vec<&Value> = found
        .iter()
        .filter(|diagnostic| text(diagnostic, "severity") == "error")
        .collect();
    assert_eq!(errors.len(), 1, "{errors:#?}");
    assert_eq!(text(errors[0], "code"), "route-collision");
    for twin in TWINS {
        assert!(text(errors[0], "message").contains(twin), "{}", errors[0]);
    }
    assert!(!site.has_output("index.html"));
}

#[test]
fn every_article_is_a_page_or_listed_with_its_reason() {
    let Some(site) = publishable() else { return };
    let built = site.build(&["--format", "json"]).ok().json().remove(0);
    let withheld = site.run(["list", "--format", "json"]).ok().json();
    for line in &withheld {
        assert!(
            matches!(text(line, "status"), "draft" | "scheduled" | "expired"),
            "{line}"
        );
    }
    let pages = built["articles"].as_u64().expect("a number") as usize;
    assert_eq!(pages + withheld.len(), ARTICLES - 1);

    let all = site.run(["list", "all", "--format", "json"]).ok().json();
    assert_eq!(all.len(), ARTICLES - 1);
    let mut published = 0;
    for line in all
        .iter()
        .filter(|line| text(line, "status") == "published")
    {
        let url = text(line, "url");
        let page = site.output(&format!("{}index.html", &url[1..]));
        assert!(page.contains("<h1"), "{url}");
        published += 1;
    }
    assert_eq!(published, pages);
    let sitemap = site.output("sitemap-1.xml");
    assert_eq!(
        sitemap.matches("<loc>").count(),
        pages,
        "and all are in the sitemap"
    );
}

#[test]
fn the_archive_is_the_same_on_every_machine() {
    let Some(site) = publishable() else { return };
    let first = site.build(&[]).ok();
    let other = site.beside("other");
    let mut command = site.command(["build", "--output"]);
    command
        .arg(&other)
        .env("TZ", "Asia/Tokyo")
        .env("LC_ALL", "de_DE.UTF-8")
        .env("RAYON_NUM_THREADS", "1");
    let second = run(&mut command).ok();
    assert_same(&site.outputs(), &published(&other));
    assert_eq!(
        first.stderr, second.stderr,
        "so are the diagnostics, in their order"
    );

    let again = site.build(&["--format", "json"]).ok().json().remove(0);
    assert_eq!(again["written"], 0);
}

#[test]
fn what_is_reported_dead_is_not_there() {
    let Some(site) = publishable() else { return };
    let run = site.build(&["--format", "json"]).ok();
    let (mut checked, mut misplaced) = (0, Vec::new());
    for diagnostic in diagnostics(&run) {
        let message = text(&diagnostic, "message");
        let Some(link) = message
            .strip_prefix("the link `/")
            .and_then(|rest| rest.strip_suffix("` leads nowhere in this site"))
        else {
            continue;
        };
        let path = link.split(['?', '#']).next().unwrap_or(link);
        let path = path.trim_end_matches('/');
        assert!(
            !site.has_output(&format!("{path}/index.html"))
                && !site.path("public").join(path).is_file(),
            "{message}, but it does"
        );
        // The place is that of the link.
        let file = site.read(text(&diagnostic, "file"));
        let row = diagnostic["line"].as_u64().expect("a line") as usize;
        let column = diagnostic["column"].as_u64().expect("a column") as usize;
        let length = diagnostic["length"].as_u64().expect("a length") as usize;
        let marked: String = file
            .lines()
            .nth(row - 1)
            .expect("the line")
            .chars()
            .skip(column - 1)
            .take(length)
            .collect();
        if !marked.contains(link) {
            misplaced.push(format!("`{marked}` for {diagnostic}"));
        }
        checked += 1;
    }
    assert!(misplaced.is_empty(), "of {checked} places: {misplaced:#?}");
    assert!(checked > 300, "only {checked}");
}
