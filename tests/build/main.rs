//! What a publication's people do with Pressroom, day by day.

mod asked;
mod assets;
mod bounds;
mod commands;
mod context;
mod editions;
mod escaping;
mod explain;
mod feeds;
mod hosting;
mod languages;
mod listings;
mod manual;
mod metadata;
mod outside;
mod pages;
mod pictures;
mod related;
mod samples;
mod search;
mod shared;
mod social_cards;
mod suggestions;
#[path = "../support/mod.rs"]
mod support;
mod theme_command;
mod themes;
mod urls;
mod visibility;

use std::fs;

use support::host::Host;
use support::{Site, archive, article, assert_same, copy, published, run, times, tree};

/// A small publication: two sections, four articles, one of them a bundle with a picture.
fn gazette() -> Site {
    let budget = article(
        "The budget",
        "date: 2024-07-01\ntags: [money, council]\nauthors: [Ada Kerr]\n",
        "The council has a budget.\n\nIt took all night.\n",
    );
    let vote = article(
        "The vote",
        "date: 2024-07-02\ntags: [council]\nauthors: [Ada Kerr]\n",
        "After the [budget](budget.md) came the vote.\n\nIt passed.\n",
    );
    let storm = article(
        "The storm",
        "date: 2024-07-03\ntags: [weather]\nauthors: [Ben Oduya]\nimage: {src: harbour.svg, alt: The harbour}\n",
        "The harbour is closed.\n",
    );
    let letter = article(
        "A letter",
        "date: 2024-07-04\ntags: [money]\nauthors: [Chiara Po]\n",
        "Who is to pay for the [storm](../news/storm/index.md)?\n",
    );
    Site::new([
        (
            "pressroom.yaml",
            "title: The Gazette\nbase_url: https://gazette.example/\n",
        ),
        ("content/news/budget.md", &budget),
        ("content/news/vote.md", &vote),
        ("content/news/storm/index.md", &storm),
        (
            "content/news/storm/harbour.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
        ),
        ("content/opinion/letter.md", &letter),
    ])
}

/// Builds a copy of a site into a folder that was never written to.
fn clean_build(site: &Site) -> support::Tree {
    let fresh = Site::new([]);
    copy(&site.root(), &fresh.root());
    for kept in ["public", ".pressroom"] {
        fs::remove_dir_all(fresh.path(kept)).expect("what was copied");
    }
    fresh.build(&[]).ok();
    fresh.outputs()
}

#[test]
fn a_folder_with_one_markdown_file_is_a_complete_site() {
    let site = Site::new([("content/hello.md", "# Hello, world\n\nThe first words.\n")]);
    let run = site.build(&[]).silent();
    assert!(run.stdout.starts_with("Published 1 article "), "{run:?}");
    let page = site.output("hello/index.html");
    assert!(page.contains("Hello, world") && page.contains("The first words."));
    assert!(site.output("index.html").contains("Hello, world"));
    for path in [
        "404.html",
        "atom.xml",
        "feed.json",
        "robots.txt",
        "sitemap.xml",
    ] {
        assert!(site.has_output(path), "{path}");
    }
    let (followed, dead) =
        Host::serve(&site.path("public"), "http://localhost/").follow_every_link();
    assert!(followed > 20 && dead.is_empty(), "{followed} {dead:#?}");
}

#[test]
fn a_build_is_the_same_on_every_machine() {
    let site = gazette();
    let articles: Vec<(String, String)> = (0..60).map(archive::article).collect();
    for (path, text) in &articles {
        site.write(path, text);
    }
    site.build(&[]).ok();

    // The same files, the other way round in the folder, on a machine far away.
    let other = Site::new([]);
    for (path, bytes) in tree(&site.root()).into_iter().rev() {
        if !path.starts_with("public/") {
            other.write(&path, bytes);
        }
    }
    let mut command = other.command(["build"]);
    command
        .env("TZ", "Asia/Tokyo")
        .env("LC_ALL", "de_DE.UTF-8")
        .env("LANG", "de_DE.UTF-8")
        .env("HOME", "/nonexistent")
        .env("RAYON_NUM_THREADS", "1");
    run(&mut command).ok();
    assert_same(&site.outputs(), &other.outputs());

    // And from elsewhere, with absolute paths.
    let output = site.beside("elsewhere");
    let mut command = support::pressroom();
    command
        .current_dir(std::env::temp_dir())
        .arg("build")
        .arg("--root")
        .arg(site.root())
        .arg("--output")
        .arg(&output)
        .env("RAYON_NUM_THREADS", "7");
    run(&mut command).ok();
    assert_same(&site.outputs(), &published(&output));
}

#[test]
fn the_time_of_the_build_does_not_show() {
    let site = gazette();
    site.build(&[]).silent();
    let good = site.outputs();
    // Years later, and by the machine's own clock.
    let mut command = site.command(["build"]);
    run(command.env("SOURCE_DATE_EPOCH", "1999999999")).silent();
    assert_same(&site.outputs(), &good);
    let mut command = site.command(["build"]);
    run(command.env_remove("SOURCE_DATE_EPOCH")).silent();
    assert_same(&site.outputs(), &good);
}

#[test]
fn a_build_without_changes_touches_no_file() {
    let site = gazette();
    site.build(&[]).silent();
    let before = times(&site.path("public"));
    let run = site.build(&["--format", "json"]).silent();
    let built = &run.json()[0];
    assert_eq!(
        (&built["written"], &built["removed"]),
        (&0.into(), &0.into())
    );
    assert_eq!(built["unchanged"], before.len());
    assert_eq!(times(&site.path("public")), before);
    assert!(
        site.build(&[]).stdout.contains("0 files written"),
        "the summary says so as well"
    );
}

#[test]
fn a_corrected_typo_changes_one_file() {
    let site = gazette();
    site.build(&[]).silent();
    let before = times(&site.path("public"));
    let text = site.read("content/news/vote.md");
    site.write(
        "content/news/vote.md",
        text.replace("It passed.", "It was passed."),
    );
    assert_eq!(site.changes(), ["write news/vote/index.html"]);
    let mut changed: Vec<_> = times(&site.path("public")).into_iter().collect();
    changed.retain(|(path, time)| before[path] != *time);
    assert_eq!(changed.len(), 1);
    assert_same(&site.outputs(), &clean_build(&site));
}

#[test]
fn a_new_headline_changes_the_pages_that_show_it() {
    let site = gazette();
    site.build(&[]).silent();
    let text = site.read("content/news/budget.md");
    site.write(
        "content/news/budget.md",
        text.replace("The budget", "A budget at last"),
    );
    // Everything that shows it: its own page and its neighbour's, and what it is listed on.
    let expected = [
        "archive/2024/07/index.html",
        "archive/2024/index.html",
        "atom.xml",
        "authors/ada-kerr/atom.xml",
        "authors/ada-kerr/feed.json",
        "authors/ada-kerr/index.html",
        "feed.json",
        "index.html",
        "news/atom.xml",
        "news/budget/index.html",
        "news/feed.json",
        "news/index.html",
        "news/vote/index.html",
        "related.json",
        "related/index.html",
        "tags/council/atom.xml",
        "tags/council/feed.json",
        "tags/council/index.html",
        "tags/money/atom.xml",
        "tags/money/feed.json",
        "tags/money/index.html",
    ];
    let changes = site.changes();
    assert_eq!(
        changes,
        expected.map(|path| format!("write {path}")),
        "pages of the section “Opinion”, of other tags and of other authors do not show it"
    );
    for path in expected.iter().filter(|path| !path.contains("authors")) {
        assert!(!site.output(path).contains("The budget"), "{path}");
    }
    assert_same(&site.outputs(), &clean_build(&site));
}

#[test]
fn a_renamed_article_leaves_no_stale_page() {
    let site = gazette();
    site.build(&[]).silent();
    site.rename("content/news/storm", "content/news/the-great-storm");
    let letter = site.read("content/opinion/letter.md");
    site.write(
        "content/opinion/letter.md",
        letter.replace("storm/index.md", "the-great-storm/index.md"),
    );
    let changes = site.changes();
    let removed: Vec<&String> = changes
        .iter()
        .filter(|change| change.starts_with("remove"))
        .collect();
    assert_eq!(
        removed,
        [
            "remove news/storm/harbour.svg",
            "remove news/storm/index.html"
        ]
    );
    assert!(!site.has_output("news/storm"), "the folder is gone as well");
    assert!(site.has_output("news/the-great-storm/harbour.svg"));
    assert_same(&site.outputs(), &clean_build(&site));
}

#[test]
fn the_last_article_of_a_tag_takes_its_pages_along() {
    let site = gazette();
    site.build(&[]).silent();
    site.remove("content/opinion");
    site.build(&[]).ok();
    for gone in ["opinion", "authors/chiara-po", "news/opinion"] {
        assert!(!site.has_output(gone), "{gone}");
    }
    assert!(!site.output("tags/index.html").contains("Opinion"));
    assert_same(&site.outputs(), &clean_build(&site));
}

#[test]
fn a_configuration_that_changes_changes_all_pages() {
    let site = gazette();
    site.build(&[]).silent();
    let config = site.read("pressroom.yaml");
    site.write("pressroom.yaml", config.replace("Gazette", "Herald"));
    site.build(&[]).silent();
    for (path, bytes) in site.outputs() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("The Gazette"), "{path}");
    }
    assert_same(&site.outputs(), &clean_build(&site));
}

/// Makes something else of the bytes of a file.
type Fault<'a> = &'a dyn Fn(&[u8]) -> Vec<u8>;

#[test]
fn a_cache_that_is_damaged_or_foreign_does_not_show_in_the_site() {
    let site = gazette();
    let code = article("Code", "date: 2024-01-01\n", "```rust\nlet a;\n```\n");
    site.write("content/news/code.md", code);
    site.append("pressroom.yaml", "search: true\n");
    site.build(&[]).silent();
    let good = site.outputs();
    let with_version = |bytes: &[u8], version: &str| {
        let own = concat!("pressroom ", env!("CARGO_PKG_VERSION"), " ").as_bytes();
        let rest = bytes.strip_prefix(own).unwrap_or_default();
        [b"pressroom ", version.as_bytes(), b" ", rest].concat()
    };
    let faults: [Fault; 6] = [
        &|bytes| bytes.iter().rev().map(|byte| byte ^ 0x55).collect(),
        &|bytes| bytes[..bytes.len() / 2].to_vec(),
        &|bytes| bytes[..bytes.len().saturating_sub(1)].to_vec(),
        &|bytes| [bytes, b"x"].concat(),
        &|bytes| with_version(bytes, "0.0.1"),
        &|bytes| with_version(bytes, "99.0.0"),
    ];
    for damage in faults {
        let mut damaged = Vec::new();
        for (path, bytes) in tree(&site.root()) {
            // The cache, wherever it lies, but not what says which outputs are ours.
            let is_cache = path.contains(".pressroom/") && !path.ends_with("/manifest");
            if is_cache && !path.ends_with("/lock") {
                site.write(&path, damage(&bytes));
                damaged.push(path);
            }
        }
        // A bulk has its hash in its name.
        let names = damaged.iter().map(|path| path.split('-').next());
        assert_eq!(
            names.flatten().collect::<Vec<_>>(),
            [
                ".pressroom/articles",
                ".pressroom/articles",
                ".pressroom/code",
                ".pressroom/related",
                ".pressroom/related",
                ".pressroom/search",
                ".pressroom/search",
                "public/.pressroom/records",
                "public/.pressroom/records"
            ]
        );
        let built = site.build(&[]).ok();
        assert!(built.stderr.starts_with("warning[cache-unusable]: "));
        assert!(
            built.stderr.ends_with("\n\n1 warning\n"),
            "{}",
            built.stderr
        );
        assert_same(&site.outputs(), &good);
        site.build(&[]).silent();
    }
}

#[test]
fn an_output_that_somebody_edited_is_made_good() {
    let site = gazette();
    site.build(&[]).silent();
    let good = site.outputs();
    site.write("public/news/vote/index.html", "edited by hand");
    site.remove("public/news/budget/index.html");
    assert_eq!(
        site.changes(),
        ["write news/budget/index.html", "write news/vote/index.html"]
    );
    assert_same(&site.outputs(), &good);
}
