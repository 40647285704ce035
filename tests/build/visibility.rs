//! Drafts, scheduled and expired articles.

use super::support::{Site, article};

/// Articles that are not public, each with a word of its own in everything it has.
const HIDDEN: [(&str, &str, &str); 3] = [
    ("zanzibar", "draft: true\ndate: 2024-07-04\n", "draft"),
    ("quetzal", "date: 2026-02-01 06:00\n", "scheduled"),
    (
        "xylophone",
        "date: 2024-07-04\nexpires: 2025-12-31\n",
        "expired",
    ),
];

/// A site with one public article, and the three that are not, each in a section of its own, with
/// tags, an author, an alias, a picture and comments.
fn site() -> Site {
    let public = article(
        "The budget",
        "date: 2024-07-01\ntags: [council]\nauthors: [Ada Kerr]\n",
        "The council has a budget.\n",
    );
    let site = Site::new([
        ("pressroom.yaml", "timezone: Europe/London\n"),
        ("content/news/budget.md", public.as_str()),
    ]);
    for (word, times, _) in HIDDEN {
        let front = format!(
            "{times}tags: [council, {word}-tag]\nauthors: [Ada Kerr, {word} Smith]\n\
             aliases: [/old-{word}/]\nrelated: [content/news/budget.md]\nextra: {{kicker: {word}}}\n\
             image: {word}.svg\nsummary: All about {word}\n"
        );
        let body = format!("Today: {word}. See [the budget](../../news/budget.md).\n\n## {word}\n");
        let folder = format!("content/{word}-section/{word}-story");
        site.write(&format!("{folder}/index.md"), article(word, &front, &body));
        site.write(
            &format!("{folder}/{word}.svg"),
            format!("<svg><!-- {word} --></svg>"),
        );
        site.write(
            &format!("{folder}/index.comments.yaml"),
            format!("- author: A {word} reader\n  text: I like {word}.\n"),
        );
    }
    site
}

/// Outputs that have a word in their path or their content.
fn traces(site: &Site, word: &str) -> Vec<String> {
    let has = |text: &str| text.to_lowercase().contains(word);
    site.outputs()
        .into_iter()
        .filter(|(path, bytes)| has(path) || has(&String::from_utf8_lossy(bytes)))
        .map(|(path, _)| path)
        .collect()
}

#[test]
fn what_is_not_public_appears_nowhere() {
    let site = site();
    let run = site.build(&[]).silent();
    assert!(
        run.stdout
            .contains("3 articles are not published: 1 draft, 1 expired, 1 scheduled")
    );
    for (word, ..) in HIDDEN {
        assert_eq!(traces(&site, word), [""; 0], "{word}");
    }
}

#[test]
fn a_withdrawn_article_disappears_with_the_next_build() {
    let site = site();
    site.build(&["--drafts"]).silent();
    assert!(traces(&site, "zanzibar").len() > 10);
    site.build(&[]).silent();
    assert_eq!(traces(&site, "zanzibar"), [""; 0]);
}

#[test]
fn drafts_and_the_future_are_shown_when_asked_for() {
    let site = site();
    let page = |word: &str| site.has_output(&format!("{word}-section/{word}-story/index.html"));
    site.build(&["--drafts"]).silent();
    assert_eq!(HIDDEN.map(|(word, ..)| page(word)), [true, false, false]);
    site.build(&["--future"]).silent();
    assert_eq!(HIDDEN.map(|(word, ..)| page(word)), [false, true, false]);
    site.build(&["--drafts", "--future"]).silent();
    assert_eq!(HIDDEN.map(|(word, ..)| page(word)), [true, true, false]);
}

#[test]
fn the_list_tells_why_and_until_when() {
    let site = site();
    let run = site.run(["list"]).silent();
    let expected = "\
scheduled  2026-02-01T06:00:00Z       content/quetzal-section/quetzal-story/index.md  quetzal
expired    2025-12-31T00:00:00Z       content/xylophone-section/xylophone-story/index.md  xylophone
draft                                 content/zanzibar-section/zanzibar-story/index.md  zanzibar
";
    assert_eq!(run.stdout, expected);
    for (word, _, reason) in HIDDEN {
        let which = if reason == "draft" { "drafts" } else { reason };
        let run = site.run(["list", which]).silent();
        assert_eq!(run.stdout.lines().count(), 1, "{}", run.stdout);
        assert!(run.stdout.starts_with(reason) && run.stdout.ends_with(&format!("{word}\n")));
    }
}

#[test]
fn an_article_goes_live_and_ends_at_the_second() {
    // The tests' time, 2026-01-01T00:00:00Z, as a clock in Kolkata shows it.
    let site = Site::new([
        ("pressroom.yaml", "timezone: Asia/Kolkata\n"),
        (
            "content/now.md",
            "---\ntitle: Now\ndate: 2026-01-01 05:30:00\n---\n",
        ),
        (
            "content/soon.md",
            "---\ntitle: Soon\ndate: 2026-01-01 05:30:01\n---\n",
        ),
        (
            "content/over.md",
            "---\ntitle: Over\ndate: 2020-01-01\nexpires: 2026-01-01 05:30:00\n---\n",
        ),
        (
            "content/still.md",
            "---\ntitle: Still\ndate: 2020-01-01\nexpires: 2026-01-01 05:30:01\n---\n",
        ),
        (
            "content/held.md",
            "---\ntitle: Held\ndate: 2020-01-01\npublish: 2026-01-01 05:30:01\n---\n",
        ),
        (
            "content/early.md",
            "---\ntitle: Early\ndate: 2030-01-01\npublish: 2026-01-01 05:30:00\n---\n",
        ),
    ]);
    site.build(&[]).silent();
    let shown = ["now", "soon", "over", "still", "held", "early"]
        .map(|name| site.has_output(&format!("{name}/index.html")));
    assert_eq!(shown, [true, false, false, true, false, true]);
    let json = site.run(["list", "--format", "json"]).silent().json();
    let listed: Vec<_> = json
        .iter()
        .map(|line| (line["file"].as_str(), line["moment"].as_str()))
        .collect();
    assert_eq!(
        listed,
        [
            (Some("content/held.md"), Some("2026-01-01T05:30:01+05:30")),
            (Some("content/over.md"), Some("2026-01-01T05:30:00+05:30")),
            (Some("content/soon.md"), Some("2026-01-01T05:30:01+05:30")),
        ]
    );
}

#[test]
fn every_article_is_listed_with_its_url() {
    let site = site();
    let run = site.run(["list", "all", "--format", "json"]).silent();
    let lines = run.json();
    assert_eq!(lines.len(), 4);
    let public = serde_json::json!({
        "status": "published",
        "moment": "2024-07-01T00:00:00+01:00",
        "file": "content/news/budget.md",
        "title": "The budget",
        "url": "/news/budget/",
    });
    assert_eq!(lines[0], public);
    assert!(lines[1..].iter().all(|line| line["url"].is_null()));
}

#[test]
fn a_site_without_anything_hidden_says_so() {
    let site = Site::new([("content/news/budget.md", "# The budget\n")]);
    assert_eq!(
        site.run(["list"]).silent().stdout,
        "Every article is published.\n"
    );
}
