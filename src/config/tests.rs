use super::*;

fn read(text: &str) -> (Config, Vec<String>) {
    let (config, found) = Config::read(Some(text), "folder");
    let lines = found
        .iter()
        .map(|d| {
            format!(
                "{}: {} ({})",
                d.place.as_ref().unwrap(),
                d.message,
                d.hint.as_deref().unwrap_or("")
            )
        })
        .collect();
    (config, lines)
}

#[test]
fn a_site_needs_no_configuration() {
    let (config, found) = Config::read(None, "gazette");
    assert!(found.is_empty());
    assert_eq!(config.title, "gazette");
    assert_eq!(config.base_url.whole(), "http://localhost/");
    assert_eq!(
        (config.page_size, config.related_count, config.feed_entries),
        (20, 3, 20)
    );
}

#[test]
fn every_key_of_the_design_is_read() {
    let text = "
title: The Gazette
base_url: https://example.org/sub
description: What it is about
language: en
timezone: Europe/London
theme: broadsheet
front_matter: {tags: topics, summary: [deck, lead]}
front_matter_duplicates: last
permalinks: {news: \"/{year}/{month}/{slug}/\"}
listing: {page_size: 50, pagination: newest-first}
related: {count: 4}
feeds: {entries: 10, formats: [atom]}
sitemap: {news: false}
newsletter: {action: \"https://example.org/join\", text: Join}
comments: off
links: warn
html: sanitised
components: text
search: false
navigation: [{title: News, url: /news/}]
params: {motto: yes}
";
    let (config, found) = read(text);
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(config.base_url.path, "/sub/");
    assert_eq!(config.timezone.iana_name(), Some("Europe/London"));
    assert_eq!(
        (config.page_size, config.pagination),
        (50, Pagination::NewestFirst)
    );
    assert_eq!(config.not_in_sitemap, ["news"]);
    assert_eq!(
        (config.comments, config.links),
        (Comments::Off, LinkPolicy::Warn)
    );
    let assigned = config
        .fields
        .assign(&["deck", "lead", "summary", "topics", "x"]);
    assert_eq!(assigned.get("deck"), Some(&"summary"));
    assert_eq!(assigned.get("summary"), None);
    assert_eq!(assigned.get("topics"), Some(&"tags"));
}

#[test]
fn every_mistake_is_told_at_once_with_what_to_write() {
    let (_, found) = read(
        "tittle: x\nbase_url: example.org\ntimezone: Europe/Londn\nlisting: {page_sise: 1}\n\
         links: maybe\nfeeds: {entries: many}\nfront_matter: {tag: topics}\npermalinks: {a: /x/}\n",
    );
    insta::assert_snapshot!(found.join("\n"), @r#"
    pressroom.yaml:2:11: the base URL `example.org` has no scheme (write an absolute URL such as https://example.org/ or https://example.org/news/)
    pressroom.yaml:3:11: there is no time zone `Europe/Londn` (write its name in the IANA database, such as Europe/London or America/New_York)
    pressroom.yaml:4:11: `listing` has no key `page_sise` (did you mean `page_size`?)
    pressroom.yaml:5:8: `links` cannot be `maybe` (write error, warn or ignore)
    pressroom.yaml:6:18: `feeds.entries` must be a whole number, not the text "many" (write `entries: 20`)
    pressroom.yaml:7:15: there is no front matter key `tag` (did you mean `tags`? Our name comes first, then the archive's)
    pressroom.yaml:8:17: `/x/` gives all articles one URL (write a pattern such as `/{section}/{year}/{slug}/`; its parts are section, slug, year, month, day and path)
    pressroom.yaml:1:1: pressroom.yaml has no key `tittle` (did you mean `title`?)
    "#);
}
