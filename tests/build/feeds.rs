//! Feeds and sitemaps, as the programs that read them see them.

use std::collections::BTreeSet;

use feed_rs::model::Feed;

use super::support::host::Host;
use super::support::{Site, article};

/// 25 articles of the days of July 2024, the last of them changed in August.
fn site(config: &str) -> Site {
    let site = Site::new([("pressroom.yaml", config)]);
    for n in 1..=25 {
        let updated = if n == 25 { "updated: 2024-08-01\n" } else { "" };
        let front =
            format!("date: 2024-07-{n:02} 06:00\n{updated}tags: [rowing]\nauthors: [Ada Kerr]\n");
        site.write(
            &format!("content/news/story-{n}.md"),
            article(
                &format!("Story {n}"),
                &front,
                &format!("They rowed on day {n}.\n"),
            ),
        );
    }
    site.write("content/about.md", "# About\n\nThis one has no date.\n");
    site
}

const CONFIG: &str = "\
title: The Gazette
description: All about rowing
base_url: https://gazette.example/
timezone: Europe/Berlin
";

fn parse(site: &Site, path: &str) -> Feed {
    let text = site.output(path);
    feed_rs::parser::parse(text.as_bytes()).unwrap_or_else(|error| panic!("{path}: {error}"))
}

#[test]
fn every_feed_has_the_newest_twenty_with_their_dates() {
    let site = site(CONFIG);
    site.build(&[]).silent();
    for (listing, title) in [
        ("", "The Gazette"),
        ("news/", "The Gazette: News"),
        ("tags/rowing/", "The Gazette: rowing"),
        ("authors/ada-kerr/", "The Gazette: Ada Kerr"),
    ] {
        for name in ["atom.xml", "feed.json"] {
            let path = format!("{listing}{name}");
            let feed = parse(&site, &path);
            assert_eq!(feed.title.expect("a title").content, title, "{path}");
            assert_eq!(feed.entries.len(), 20, "{path}");
            for (at, entry) in feed.entries.iter().enumerate() {
                let n = 25 - at;
                assert_eq!(entry.id, format!("https://gazette.example/news/story-{n}/"));
                assert_eq!(entry.links[0].href, entry.id, "{path}");
                let published = entry.published.expect("a date").to_rfc3339();
                // Six in the morning in Berlin's summer.
                assert_eq!(
                    published,
                    format!("2024-07-{n:02}T04:00:00+00:00"),
                    "{path}"
                );
                let summary = &entry.summary.as_ref().expect("a summary").content;
                assert_eq!(*summary, format!("They rowed on day {n}."), "{path}");
                assert_eq!(entry.authors[0].name.as_deref(), Some("Ada Kerr"), "{path}");
            }
            let updated = feed.entries[0].updated.expect("a date").to_rfc3339();
            assert_eq!(updated, "2024-07-31T22:00:00+00:00", "{path}");
        }
        let atom = parse(&site, &format!("{listing}atom.xml"));
        assert_eq!(atom.id, format!("https://gazette.example/{listing}"));
        let updated = atom.updated.expect("a date").to_rfc3339();
        assert_eq!(
            updated, "2024-07-31T22:00:00+00:00",
            "that of its newest change"
        );
    }
}

#[test]
fn pages_name_their_own_feeds() {
    let site = site(CONFIG);
    site.build(&[]).silent();
    for (page, feed) in [
        ("index.html", "/atom.xml"),
        ("news/index.html", "/news/atom.xml"),
        ("tags/rowing/index.html", "/tags/rowing/atom.xml"),
        ("news/story-1/index.html", "/atom.xml"),
    ] {
        let link = "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"";
        let page_text = site.output(page);
        let found = page_text.lines().find(|line| line.contains(link));
        assert!(
            found.is_some_and(|line| line.ends_with(&format!("href=\"{feed}\">"))),
            "{page}: {found:?}"
        );
    }
}

#[test]
fn feeds_are_as_long_and_of_the_formats_that_are_wanted() {
    let site = site(&format!("{CONFIG}feeds: {{entries: 5, formats: [atom]}}\n"));
    site.build(&[]).silent();
    assert_eq!(parse(&site, "news/atom.xml").entries.len(), 5);
    let feeds: Vec<String> = site
        .outputs()
        .into_keys()
        .filter(|path| path.ends_with("feed.json"))
        .collect();
    assert_eq!(feeds, [""; 0]);
    for (path, bytes) in site.outputs() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("feed.json"), "{path} refers to it");
    }
}

/// The addresses that sitemaps name, all of them.
fn in_sitemaps(site: &Site) -> Vec<String> {
    let index = site.output("sitemap.xml");
    let locations = |text: &str| -> Vec<String> {
        let parts = text.split("<loc>").skip(1);
        parts
            .filter_map(|rest| rest.split("</loc>").next())
            .map(str::to_owned)
            .collect()
    };
    let mut all = Vec::new();
    for sitemap in locations(&index) {
        let path = sitemap
            .strip_prefix("https://gazette.example/")
            .expect("of this site");
        all.extend(locations(&site.output(path)));
    }
    all
}

#[test]
fn the_sitemap_names_every_page_that_is_to_be_found_once() {
    let site = site(CONFIG);
    site.write(
        "content/news/hidden.md",
        "---\ntitle: Not for search engines\nnoindex: true\ndate: 2024-07-30\n---\n",
    );
    site.build(&[]).silent();
    let named = in_sitemaps(&site);
    let distinct: BTreeSet<&String> = named.iter().collect();
    assert_eq!(distinct.len(), named.len(), "each once");
    let url = |path: &str| format!("https://gazette.example/{path}");
    for n in 1..=25 {
        assert!(named.contains(&url(&format!("news/story-{n}/"))), "{n}");
    }
    for path in [
        "",
        "about/",
        "news/",
        "tags/rowing/",
        "authors/ada-kerr/",
        "archive/2024/07/",
    ] {
        assert!(named.contains(&url(path)), "{path}: {named:#?}");
    }
    assert!(!named.contains(&url("news/hidden/")));
    assert!(!named.contains(&url("404.html")));
    assert!(
        site.output("sitemap-1.xml")
            .contains("<lastmod>2024-08-01T00:00:00+02:00</lastmod>")
    );
    let host = Host::serve(&site.path("public"), "https://gazette.example/");
    assert_eq!(host.follow_every_link().1, [""; 0]);
}

#[test]
fn a_section_can_be_left_out_of_the_sitemap() {
    let site = site(&format!("{CONFIG}sitemap: {{drafts-of-history: false}}\n"));
    site.write("content/drafts-of-history/a.md", "# A memory\n");
    site.build(&[]).silent();
    let named = in_sitemaps(&site);
    let url = |path: &str| format!("https://gazette.example/{path}");
    assert!(named.contains(&url("about/")) && named.contains(&url("news/story-1/")));
    for path in ["drafts-of-history/", "drafts-of-history/a/"] {
        assert!(!named.contains(&url(path)), "{path}");
    }
}

#[test]
fn robots_txt_leads_to_the_sitemap() {
    let site = site("base_url: https://gazette.example/sub/\n");
    site.build(&[]).silent();
    assert_eq!(
        site.output("robots.txt"),
        "User-agent: *\nAllow: /\n\nSitemap: https://gazette.example/sub/sitemap.xml\n"
    );
}
