//! Sites that are in several languages.

use super::support::{Site, article, published, run};

const CONFIG: &str = "\
title: The Gazette
base_url: https://gazette.example/paper/
language: en
listing: {page_size: 2}
languages:
  de:
    title: Die Hafenpost
    description: Neues aus dem Hafen
    newsletter: {action: /de/post/, text: Jede Woche}
    params: {motto: Immer im Wind}
  ar: {title: صحيفة المرفأ}
newsletter: {action: /join/, text: Every week}
params: {motto: Every morning}
";

/// Two articles in English, two in German of which one is a version, and one in French.
fn gazette() -> Site {
    let site = Site::new([("pressroom.yaml", CONFIG)]);
    let story = |title: &str, day: u8, more: &str, body: &str| {
        let front = format!("date: 2024-07-0{day}\nauthors: [kerr]\n{more}");
        article(title, &front, body)
    };
    for (path, text) in [
        (
            "news/bridge.md",
            story(
                "The bridge",
                1,
                "tags: [Boot, harbour]\n",
                "See [the ferry](ferry.md).",
            ),
        ),
        (
            "news/ferry.md",
            story("The ferry", 2, "", "See [the bridge](bridge.md)."),
        ),
        (
            "news/bridge.de.md",
            story(
                "Die Brücke",
                3,
                "tags: [Boot, Ähre, Zoll]\n",
                "Siehe [die Fähre](ferry.md), [das Tor](gate.md) und [alles](_index.md).",
            ),
        ),
        (
            "news/gate.de.md",
            story(
                "Das Tor",
                4,
                "slug: tor\n",
                "Siehe [[bridge]] und [1](bridge.md), [2](/news/bridge/).",
            ),
        ),
        ("news/bac.md", story("Le bac", 5, "lang: fr\n", "Voir.")),
        (
            "news/_index.de.md",
            "---\ntitle: Meldungen\n---\n".to_owned(),
        ),
        ("port/index.md", story("The port", 6, "", "![Map](map.svg)")),
        (
            "port/index.de.md",
            story("Der Hafen", 6, "", "![Karte](map.svg)"),
        ),
        ("port/map.svg", "<svg/>".to_owned()),
    ] {
        site.write(&format!("content/{path}"), text);
    }
    site.write(
        "data/authors.yaml",
        "kerr: {name: Ada Kerr, bio: Reporter.}\n",
    );
    site.write("data/authors.de.yaml", "kerr: {bio: Reporterin.}\n");
    site
}

#[test]
fn every_edition_has_what_is_in_its_language() {
    let site = gazette();
    run(&mut site.command(["build"])).ok();
    for page in [
        "news/bridge",
        "news/ferry",
        "news/bac",
        "port",
        "de/news/bridge",
        "de/news/tor",
        "de/port",
        "de",
        "de/news",
        "de/tags/boot",
        "de/authors/kerr",
        "de/archive/2024/07",
        "tags/boot",
        "ar",
    ] {
        assert!(site.has_output(&format!("{page}/index.html")), "{page}");
    }
    for page in ["ar/news", "ar/tags", "ar/archive", "de/news/bac", "fr"] {
        assert!(!site.has_output(&format!("{page}/index.html")), "{page}");
    }
    let german = site.output("de/index.html");
    for (text, is_there) in [
        (r#"<html lang="de" dir="ltr""#, true),
        ("Immer im Wind", true),
        ("Jede Woche", true),
        (r#"href="/paper/de/news/">Meldungen</a>"#, true),
        ("Das Tor", true),
        ("The ferry", false),
        ("Le bac", false),
        ("Every", false),
        (
            r#"type="application/atom+xml" title="Die Hafenpost" href="/paper/de/atom.xml""#,
            true,
        ),
    ] {
        assert_eq!(german.contains(text), is_there, "{text}: {german}");
    }
    let english = site.output("index.html");
    assert!(english.contains("The port") && english.contains("Le bac"));
    assert!(!english.contains("Das Tor") && !english.contains("Meldungen"));
    let arabic = site.output("ar/index.html");
    assert!(arabic.contains(r#"<html lang="ar" dir="rtl""#) && arabic.contains("Every morning"));
}

#[test]
fn words_are_in_the_order_of_their_edition_and_tags_are_its_own() {
    let site = gazette();
    run(&mut site.command(["build"])).ok();
    let tags = site.output("de/tags/index.html");
    let at = |word: &str| tags.find(&format!(">{word}</a>")).expect(word);
    assert!(at("Ähre") < at("Boot") && at("Boot") < at("Zoll"));
    assert!(!tags.contains("harbour"));
    let boat = site.output("tags/boot/index.html");
    assert!(boat.contains("The bridge") && !boat.contains("Die Brücke"));
    let author = site.output("de/authors/kerr/index.html");
    assert!(author.contains("Ada Kerr") && author.contains("Reporterin."));
    assert!(site.output("authors/kerr/index.html").contains("Reporter."));
}

#[test]
fn links_between_files_lead_to_the_version_in_the_language_of_the_reader() {
    let site = gazette();
    run(&mut site.command(["build"])).ok();
    let bridge = site.output("de/news/bridge/index.html");
    for href in [
        "/paper/news/ferry/",
        "/paper/de/news/tor/",
        "/paper/de/news/",
    ] {
        assert!(
            bridge.contains(&format!(r#"<a href="{href}""#)),
            "{href}: {bridge}"
        );
    }
    let gate = site.output("de/news/tor/index.html");
    assert!(
        gate.contains(r#"<a href="/paper/de/news/bridge/">Die Brücke</a>"#),
        "{gate}"
    );
    assert!(
        gate.contains(r#"<a href="/paper/de/news/bridge/">1</a>"#),
        "{gate}"
    );
    assert!(
        gate.contains(r#"<a href="/paper/news/bridge/">2</a>"#),
        "{gate}"
    );
    for page in ["port/index.html", "de/port/index.html"] {
        assert!(
            site.output(page).contains(r#"src="/paper/port/map.svg""#),
            "{page}"
        );
    }
}

/// Where a page leads in each language, and of which it tells search engines.
fn leads(page: &str) -> (Vec<&str>, Vec<&str>) {
    let hrefs = |begin: &str| -> Vec<&str> {
        let parts = page.match_indices(begin).map(|(at, _)| &page[at..]);
        let hrefs = parts.filter_map(|part| part.split("href=\"").nth(1)?.split('"').next());
        hrefs.collect()
    };
    (
        hrefs("<a hreflang="),
        hrefs(r#"<link rel="alternate" hreflang="#),
    )
}

#[test]
fn every_page_leads_to_the_same_page_in_the_other_editions() {
    let site = gazette();
    run(&mut site.command(["build"])).ok();
    let whole = |path: &str| format!("https://gazette.example/paper/{path}");
    for (page, others, versions) in [
        ("", ["/paper/de/", "/paper/ar/"], vec!["", "ar/", "de/"]),
        ("de/", ["/paper/", "/paper/ar/"], vec!["de/", "", "ar/"]),
        (
            "news/bridge/",
            ["/paper/de/news/bridge/", "/paper/ar/"],
            vec!["news/bridge/", "de/news/bridge/"],
        ),
        ("news/ferry/", ["/paper/de/", "/paper/ar/"], vec![]),
        ("news/bac/", ["/paper/de/", "/paper/ar/"], vec![]),
        (
            "news/",
            ["/paper/de/news/", "/paper/ar/"],
            vec!["news/", "de/news/"],
        ),
        (
            "de/authors/kerr/",
            ["/paper/authors/kerr/", "/paper/ar/"],
            vec!["de/authors/kerr/", "authors/kerr/"],
        ),
        (
            "archive/2024/07/",
            ["/paper/de/archive/2024/07/", "/paper/ar/"],
            vec!["archive/2024/07/", "de/archive/2024/07/"],
        ),
        (
            "tags/",
            ["/paper/de/tags/", "/paper/ar/"],
            vec!["tags/", "de/tags/"],
        ),
        ("tags/boot/", ["/paper/de/", "/paper/ar/"], vec![]),
    ] {
        let html = site.output(&format!("{page}index.html"));
        let (to, told) = leads(&html);
        assert_eq!(to, others, "{page}");
        let mut versions: Vec<String> = versions.into_iter().map(whole).collect();
        let mut told = told;
        versions.sort();
        told.sort_unstable();
        assert_eq!(told, versions, "{page}");
    }
}

#[test]
fn feeds_and_redirects_are_in_the_language_of_what_they_are_of() {
    let site = gazette();
    site.write(
        "content/news/old.de.md",
        article("Alt", "date: 2024-07-07\naliases: [/alt/]\n", "Text."),
    );
    run(&mut site.command(["build"])).ok();
    let feed = site.output("de/news/atom.xml");
    assert!(
        feed.contains(r#"xml:lang="de""#)
            && feed.contains("<title>Die Hafenpost: Meldungen</title>")
    );
    assert!(feed.contains("Das Tor") && !feed.contains("The ferry"));
    let json = site.output("de/feed.json");
    assert!(
        json.contains(r#""language": "de""#)
            && json.contains(r#""description": "Neues aus dem Hafen""#)
    );
    assert!(site.output("alt/index.html").contains(r#"<html lang="de""#));
    let listed = site.output("sitemap-listings.xml");
    assert!(listed.contains("/paper/de/tags/") && !listed.contains("/paper/ar/tags/"));
}

#[test]
fn each_edition_searches_its_own_articles() {
    let site = gazette();
    site.append("pressroom.yaml", "search: true\n");
    run(&mut site.command(["build"])).ok();
    for (prefix, title, articles) in [("", "Search", 4), ("de/", "Suche", 3), ("ar/", "البحث", 0)]
    {
        let page = site.output(&format!("{prefix}search/index.html"));
        assert!(page.contains(title), "{page}");
        let whole = format!("/paper/{prefix}search/");
        assert!(page.contains(&format!(r#"action="{whole}""#)), "{page}");
        let head: serde_json::Value =
            serde_json::from_str(&site.output(&format!("{prefix}search/index.json"))).unwrap();
        assert_eq!(head["articles"], articles, "{prefix}");
    }
    let cards = site.output("de/search/cards/0.json");
    assert!(cards.contains("Die Brücke") && !cards.contains("The bridge"));
    let head = site.output("de/search/index.json");
    assert!(
        head.contains("Meldungen") && !head.contains("News"),
        "{head}"
    );
}

#[test]
fn names_of_files_are_what_they_were_in_a_site_with_one_language() {
    let site = Site::new([("pressroom.yaml", "title: The Gazette\nlanguage: en\n")]);
    site.write(
        "content/news/node.de.md",
        article("Node", "date: 2024-07-01\n", "Text."),
    );
    run(&mut site.command(["build"])).silent();
    let pages = published(&site.path("public"));
    assert!(
        pages.contains_key("news/node.de/index.html"),
        "{:?}",
        pages.keys()
    );
    let page = site.output("news/node.de/index.html");
    assert!(page.contains(r#"<html lang="en""#) && !page.contains("editions"));
}

#[test]
fn an_article_that_is_written_first_in_another_language_has_its_bundle() {
    let site = gazette();
    let draft = site
        .read("content/port/index.md")
        .replace("title:", "draft: true\ntitle:");
    site.write("content/port/index.md", draft);
    run(&mut site.command(["build"])).ok();
    assert!(site.has_output("de/port/map.svg") && !site.has_output("port/map.svg"));
    assert!(
        site.output("de/port/index.html")
            .contains(r#"src="/paper/de/port/map.svg""#)
    );
}
