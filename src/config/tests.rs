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
    assert_eq!(config.own().title, "gazette");
    assert_eq!(config.base_url.whole(), "http://localhost/");
    assert_eq!((config.page_size, config.feed_entries), (20, 20));
    let rules = RelatedRules {
        count: 3,
        same_section: false,
        max_age_days: None,
        min_score: DEFAULT_MIN_SCORE,
    };
    assert_eq!(config.related.rules("news"), &rules);
    assert_eq!(config.related.json, None);
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
related:
  count: 4
  same_section: true
  max_age: 2 years
  min_score: 0.1
  json: false
  sections:
    events: {count: 2, same_section: false, max_age: 90, min_score: 0}
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
    let events = RelatedRules {
        count: 2,
        same_section: false,
        max_age_days: Some(90),
        min_score: 0.0,
    };
    assert_eq!(config.related.rules("events"), &events);
    assert_eq!(config.related.rules("news").max_age_days, Some(731));
    assert_eq!(config.related.json, Some(false));
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

#[test]
fn a_section_takes_from_above_what_it_does_not_say() {
    let (config, found) = read(
        "related: {count: 4, max_age: 1 year, sections: {events: {same_section: true}, jobs: false, \
         city: true, sport: }}",
    );
    assert!(found.is_empty(), "{found:?}");
    let usual = RelatedRules {
        count: 4,
        same_section: false,
        max_age_days: Some(365),
        min_score: DEFAULT_MIN_SCORE,
    };
    for section in ["", "news", "city", "sport"] {
        assert_eq!(config.related.rules(section), &usual, "{section}");
    }
    let events = RelatedRules {
        same_section: true,
        ..usual
    };
    assert_eq!(config.related.rules("events"), &events);
    let jobs = RelatedRules { count: 0, ..usual };
    assert_eq!(config.related.rules("jobs"), &jobs);
}

#[test]
fn related_can_be_turned_off_in_a_word() {
    for (text, count) in [
        ("related: false", 0),
        ("related: off", 0),
        ("related: true", 3),
        ("related:", 3),
        ("related: {}", 3),
        ("related: {count: 0}", 0),
        ("related: {count: 50}", 50),
    ] {
        let (config, found) = read(text);
        assert!(found.is_empty(), "{found:?}");
        assert_eq!(config.related.rules("").count, count, "{text}");
    }
}

#[test]
fn what_related_cannot_be_is_told_at_its_place() {
    let told: Vec<String> = [
        "related: {count: -1}",
        "related: {count: 51}",
        "related: {count: some}",
        "related: {count: 2.5}",
        "related: {min_score: 1.01}",
        "related: {min_score: -0.1}",
        "related: {min_score: .nan}",
        "related: {min_score: NaN}",
        "related: {max_age: 0}",
        "related: {max_age: 2 yeers}",
        "related: {same_section: perhaps}",
        "related: {cuont: 3}",
        "related:\n  sections:\n    events: {same_secton: true}",
        "related:\n  sections:\n    events:\n      json: true",
        "related:\n  sections:\n    events: 2",
        "related:\n  sections: [events]",
        "related: 4",
        "related: none",
        "related: [3]",
    ]
    .iter()
    .flat_map(|text| read(text).1)
    .collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    pressroom.yaml:1:18: `-1` cannot be the number of related articles (write a whole number from 0 to 50; pins are all shown, however many)
    pressroom.yaml:1:18: `51` cannot be the number of related articles (write a whole number from 0 to 50; pins are all shown, however many)
    pressroom.yaml:1:18: `some` cannot be the number of related articles (write a whole number from 0 to 50; pins are all shown, however many)
    pressroom.yaml:1:18: `2.5` cannot be the number of related articles (write a whole number from 0 to 50; pins are all shown, however many)
    pressroom.yaml:1:22: `1.01` cannot be a score (write a number from 0 to 1, such as 0.1)
    pressroom.yaml:1:22: `-0.1` cannot be a score (write a number from 0 to 1, such as 0.1)
    pressroom.yaml:1:22: `.nan` cannot be a score (write a number from 0 to 1, such as 0.1)
    pressroom.yaml:1:22: `NaN` cannot be a score (write a number from 0 to 1, such as 0.1)
    pressroom.yaml:1:20: `0` is less than a day (write 1 day or more; `count: 0` or `false` turns suggestions off)
    pressroom.yaml:1:20: `2 yeers` is no length of time (did you mean `2 years`?)
    pressroom.yaml:1:25: `related.same_section` must be true or false, not the text "perhaps" (write `same_section: true`)
    pressroom.yaml:1:11: `related` has no key `cuont` (did you mean `count`?)
    pressroom.yaml:3:14: `related.sections.events` has no key `same_secton` (did you mean `same_section`?)
    pressroom.yaml:4:7: `related.sections.events` has no key `json` (the keys are count, same_section, max_age, min_score)
    pressroom.yaml:3:13: the number 2 does not say what it counts (write {count: 2} for that many related articles)
    pressroom.yaml:2:13: `related.sections` must be a mapping, not a list (write `sections: {name: value}`)
    pressroom.yaml:1:10: the number 4 does not say what it counts (write {count: 4} for that many related articles)
    pressroom.yaml:1:10: `related` must be a mapping such as {count: 3}, or false, not the text "none" (write `related: {count: 3}`)
    pressroom.yaml:1:10: `related` must be a mapping such as {count: 3}, or false, not a list (write `related: {count: 3}`)
    "#);
}

#[test]
fn what_an_edition_does_not_say_is_as_in_the_site() {
    let (config, found) = read(
        "title: The Gazette\ndescription: News\nlanguage: en\nnavigation: [{title: A, url: /a/}]\n\
         params: {motto: Daily}\nlanguages: {de: {title: Die Zeitung}, pt-BR: }\n",
    );
    assert_eq!(found, [""; 0]);
    let told: Vec<_> = config
        .editions
        .iter()
        .map(|edition| {
            let about = edition.description.as_deref().unwrap_or_default();
            (&*edition.prefix, &*edition.title, about)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("", "The Gazette", "News"),
            ("/de", "Die Zeitung", "News"),
            ("/pt-br", "The Gazette", "News"),
        ]
    );
    assert!(config.editions[1].navigation.is_empty());
    assert_eq!(config.edition_in("PT-br"), Some(2));
    assert_eq!(config.edition_in("pt"), None);
}

#[test]
fn the_name_of_a_file_says_its_language_where_there_are_several() {
    let (config, _) = read("language: en\nlanguages: [de]\n");
    for (name, said) in [
        ("budget.de", ("budget", Some(1))),
        ("budget.DE", ("budget", Some(1))),
        ("budget.en", ("budget", Some(0))),
        ("v1.2.de", ("v1.2", Some(1))),
        ("budget.fr", ("budget.fr", None)),
        ("de", ("de", None)),
        (".de", (".de", None)),
    ] {
        assert_eq!(config.named(name), said, "{name}");
    }
    let (config, _) = read("language: de\n");
    assert_eq!(config.named("budget.de"), ("budget.de", None));
}
