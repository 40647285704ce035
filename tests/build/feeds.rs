//! Feeds and sitemaps, as the programs that read them see them.

use std::collections::BTreeSet;

use feed_rs::model::Feed;
use quick_xml::NsReader;
use quick_xml::events::Event;
use quick_xml::name::{Namespace, ResolveResult};
use serde::Deserialize;

use super::support::host::Host;
use super::support::{Site, article, pictures};

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

/// What JSON Feed 1.1 asks for, of the types that it gives; nothing else is written.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonFeed {
    version: String,
    title: String,
    description: Option<String>,
    home_page_url: String,
    feed_url: String,
    language: String,
    items: Vec<JsonItem>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonItem {
    id: String,
    url: String,
    title: String,
    summary: String,
    content_text: String,
    tags: Vec<String>,
    authors: Vec<JsonAuthor>,
    date_published: String,
    date_modified: Option<String>,
    image: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JsonAuthor {
    name: String,
    url: String,
}

#[test]
fn a_json_feed_is_one_by_the_letter_of_its_standard() {
    let site = site(CONFIG);
    let picture = "date: 2024-07-26\nimage: {src: /boat.jpg, alt: A boat}\n";
    site.write("static/boat.jpg", pictures::jpeg(64, 48, 1));
    site.write(
        "content/news/boat.md",
        article("A boat", picture, "It floats.\n"),
    );
    site.build(&[]).silent();
    let text = site.output("news/feed.json");
    let feed: JsonFeed = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(feed.version, "https://jsonfeed.org/version/1.1");
    assert_eq!(
        (feed.title.as_str(), feed.language.as_str()),
        ("The Gazette: News", "en")
    );
    assert_eq!(feed.description.as_deref(), Some("All about rowing"));
    assert_eq!(feed.home_page_url, "https://gazette.example/news/");
    assert_eq!(feed.feed_url, "https://gazette.example/news/feed.json");
    let boat = &feed.items[0];
    assert_eq!(
        boat.image.as_deref(),
        Some("https://gazette.example/boat.jpg")
    );
    assert_eq!((boat.tags.len(), boat.authors.len()), (0, 0));
    for item in &feed.items[1..] {
        assert_eq!(item.id, item.url);
        assert!(item.url.starts_with("https://gazette.example/news/story-"));
        assert!(item.title.starts_with("Story ") && item.summary == item.content_text);
        assert_eq!(item.tags, ["rowing"]);
        assert_eq!(item.authors[0].name, "Ada Kerr");
        assert_eq!(
            item.authors[0].url,
            "https://gazette.example/authors/ada-kerr/"
        );
        for date in item.date_modified.iter().chain([&item.date_published]) {
            assert!(date.parse::<jiff::Timestamp>().is_ok(), "{date}");
        }
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

/// The addresses in a file of the sitemap protocol, whose outermost element and entries have
/// these names. As the protocol wants it, each is absolute and each date is one.
fn locations(text: &str, outermost: &str, entry: &str) -> Vec<String> {
    const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";
    let mut reader = NsReader::from_str(text);
    let mut within: Vec<String> = Vec::new();
    let mut found = Vec::new();
    loop {
        let (namespace, event) = reader.read_resolved_event().expect("well-formed XML");
        match event {
            Event::Start(tag) => {
                assert_eq!(namespace, ResolveResult::Bound(Namespace(NAMESPACE)));
                let name = tag.local_name();
                within.push(name.as_ref().to_owned());
            }
            Event::End(_) => drop(within.pop()),
            Event::Text(text) if within.len() == 3 => {
                assert_eq!(within[..2], [outermost, entry]);
                let text = text.to_string();
                match within[2].as_str() {
                    "loc" => {
                        assert!(text.starts_with("https://"), "{text}");
                        found.push(text);
                    }
                    "lastmod" => assert!(text.parse::<jiff::Timestamp>().is_ok(), "{text}"),
                    other => panic!("nobody knows {other}"),
                }
            }
            Event::Eof => return found,
            _ => {}
        }
    }
}

/// The addresses that sitemaps name, all of them.
fn in_sitemaps(site: &Site) -> Vec<String> {
    let index = site.output("sitemap.xml");
    let mut all = Vec::new();
    for sitemap in locations(&index, "sitemapindex", "sitemap") {
        let path = sitemap
            .strip_prefix("https://gazette.example/")
            .expect("of this site");
        all.extend(locations(&site.output(path), "urlset", "url"));
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
