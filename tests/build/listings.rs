//! Pages that list articles: how they are numbered, tags, authors.

use std::collections::BTreeMap;

use super::support::{Site, article, html};

/// A section with so many articles, of which the n-th is called `Story n` and is of the n-th of
/// July.
fn section(count: usize, config: &str) -> Site {
    let site = Site::new([("pressroom.yaml", config)]);
    for n in 1..=count {
        publish(&site, n);
    }
    site
}

fn publish(site: &Site, n: usize) {
    let front = format!("date: 2024-07-{n:02}\ntags: [rowing]\nauthors: [Ada Kerr]\n");
    site.write(
        &format!("content/news/story-{n}.md"),
        article(&format!("Story {n}"), &front, "They rowed.\n"),
    );
}

/// The numbers of the stories that a page lists, in their order.
fn stories(site: &Site, path: &str) -> Vec<usize> {
    let page = site.output(path);
    let main = html::elements(&page, "main")[0];
    let mut numbers = Vec::new();
    for tag in html::tags(main) {
        let story = tag
            .get("href")
            .and_then(|href| href.strip_prefix("/news/story-"));
        if let Some(number) = story.and_then(|story| story.trim_end_matches('/').parse().ok())
            && !numbers.contains(&number)
        {
            numbers.push(number);
        }
    }
    numbers
}

/// Where the links to newer and older pages lead.
fn pager(site: &Site, path: &str) -> (Option<String>, Option<String>) {
    let page = site.output(path);
    let main = html::elements(&page, "main")[0];
    let link = |rel: &str| {
        let tags = html::tags(main);
        let tag = tags.iter().find(|tag| tag.is("a", "rel", rel));
        tag.and_then(|tag| tag.get("href")).map(str::to_owned)
    };
    (link("prev"), link("next"))
}

/// A pair as [`pager`] gives it.
fn pages(newer: &str, older: &str) -> (Option<String>, Option<String>) {
    let path = |path: &str| (!path.is_empty()).then(|| path.to_owned());
    (path(newer), path(older))
}

#[test]
fn numbered_pages_stay_as_they_are_when_an_article_is_published() {
    let site = section(7, "listing: {page_size: 2}\n");
    site.build(&[]).silent();
    for listing in ["", "news/", "tags/rowing/", "authors/ada-kerr/"] {
        let page = |name: &str| format!("{listing}{name}index.html");
        assert_eq!(stories(&site, &page("")), [7, 6, 5], "{listing}");
        assert_eq!(stories(&site, &page("page/2/")), [4, 3], "{listing}");
        assert_eq!(stories(&site, &page("page/1/")), [2, 1], "{listing}");
        assert!(!site.has_output(&page("page/3/")), "{listing}");
        let path = |page: &str| format!("/{listing}{page}");
        assert_eq!(pager(&site, &page("")), pages("", &path("page/2/")));
        assert_eq!(
            pager(&site, &page("page/2/")),
            pages(&path(""), &path("page/1/"))
        );
        assert_eq!(pager(&site, &page("page/1/")), pages(&path("page/2/"), ""));
    }

    let before = site.outputs();
    publish(&site, 8);
    let changes = site.changes();
    let numbered: Vec<&String> = changes
        .iter()
        .filter(|change| change.contains("/page/") || change.contains(" page/"))
        .collect();
    // A page is full: each listing gets its third one, and the second has a newer neighbour now.
    let mut expected = Vec::new();
    for listing in [
        "archive/2024/07/",
        "archive/2024/",
        "authors/ada-kerr/",
        "news/",
        "",
        "related/",
        "tags/rowing/",
    ] {
        expected.push(format!("write {listing}page/2/index.html"));
        expected.push(format!("write {listing}page/3/index.html"));
    }
    expected.sort();
    assert_eq!(numbered, expected.iter().collect::<Vec<_>>());
    let after = site.outputs();
    assert_eq!(
        after["news/page/1/index.html"],
        before["news/page/1/index.html"]
    );
    assert_eq!(stories(&site, "news/index.html"), [8, 7]);
    assert_eq!(stories(&site, "news/page/3/index.html"), [6, 5]);
    assert_eq!(stories(&site, "news/page/2/index.html"), [4, 3]);
    assert_eq!(
        pager(&site, "news/page/2/index.html"),
        pages("/news/page/3/", "/news/page/1/")
    );

    let before = after;
    publish(&site, 9);
    site.build(&[]).silent();
    assert_eq!(stories(&site, "news/index.html"), [9, 8, 7]);
    for (path, bytes) in site.outputs() {
        // What an older article is related to may well be the new one.
        if path.contains("page/") && !path.starts_with("related/") {
            assert_eq!(before[&path], bytes, "{path}");
        }
    }
}

#[test]
fn pages_are_numbered_from_the_newest_when_asked_for() {
    let site = section(5, "listing: {page_size: 2, pagination: newest-first}\n");
    site.build(&[]).silent();
    assert_eq!(stories(&site, "news/index.html"), [5, 4]);
    assert_eq!(stories(&site, "news/page/2/index.html"), [3, 2]);
    assert_eq!(stories(&site, "news/page/3/index.html"), [1]);
    assert!(!site.has_output("news/page/1/index.html"));
    let of = |path: &str| pager(&site, path);
    assert_eq!(of("news/index.html"), pages("", "/news/page/2/"));
    assert_eq!(
        of("news/page/2/index.html"),
        pages("/news/", "/news/page/3/")
    );
    assert_eq!(of("news/page/3/index.html"), pages("/news/page/2/", ""));
}

#[test]
fn articles_of_one_moment_are_in_the_same_order_everywhere() {
    let site = Site::new([("pressroom.yaml", "listing: {page_size: 2}\n")]);
    for n in [3, 1, 2] {
        publish(&site, n);
        let path = format!("content/news/story-{n}.md");
        let text = site.read(&path).replace(&format!("-0{n}"), "-04");
        site.write(&path, text);
    }
    site.build(&[]).silent();
    for page in ["index.html", "news/index.html", "tags/rowing/index.html"] {
        assert_eq!(stories(&site, page), [1, 2, 3], "{page}");
    }
}

#[test]
fn spellings_of_a_tag_are_one_tag() {
    let tagged = |title: &str, tags: &str| article(title, &format!("tags: [{tags}]\n"), "Text.\n");
    let site = Site::new([
        (
            "content/news/a.md",
            tagged("One", "Open Data, 2024, C++").as_str(),
        ),
        ("content/news/b.md", &tagged("Two", "open-data, C#")),
        (
            "content/news/c.md",
            &tagged("Three", "Open Data, open_data"),
        ),
        ("content/news/d.md", &tagged("Four", "OPEN  DATA")),
    ]);
    let run = site.build(&[]).ok();
    assert_eq!(
        run.stderr.matches("note[tag-spellings]").count(),
        1,
        "{}",
        run.stderr
    );
    assert!(run.stderr.contains("the tag “Open Data” is also written"));
    let page = site.output("tags/open-data/index.html");
    assert!(
        page.contains("<h1>Open Data</h1>") && page.contains("4 articles"),
        "{page}"
    );
    let index = site.output("tags/index.html");
    let tags: BTreeMap<&str, &str> = html::elements(&index, "li")
        .into_iter()
        .filter(|item| item.contains("\"count\""))
        .map(|item| {
            (
                html::elements(item, "a")[0],
                html::elements(item, "span")[0],
            )
        })
        .collect();
    let expected = [("2024", "1"), ("C#", "1"), ("C++", "1"), ("Open Data", "4")];
    assert_eq!(tags, BTreeMap::from(expected), "C++ and C# are two");

    // The owner of the site settles it, and the note is gone.
    site.write(
        "data/tags.yaml",
        "open-data: {label: Open data, description: What anyone may use}\n",
    );
    site.build(&[]).silent();
    let page = site.output("tags/open-data/index.html");
    assert!(page.contains("<h1>Open data</h1>") && page.contains("What anyone may use"));
}

#[test]
fn authors_have_a_page_with_what_is_known_of_them() {
    let site = Site::new([
        (
            "data/authors.yaml",
            "ada: {name: Ada Kerr, bio: She covers the council., picture: /ada.svg, links: [{title: Her site, url: \"https://ada.example/\"}]}\n",
        ),
        ("static/ada.svg", "<svg/>"),
        (
            "content/news/a.md",
            "---\ntitle: One\nauthors: [ada, Ben Oduya]\n---\n",
        ),
        ("content/news/b.md", "---\ntitle: Two\nauthors: ada\n---\n"),
    ]);
    site.build(&[]).silent();
    let page = site.output("authors/ada/index.html");
    for part in [
        "<h1>Ada Kerr</h1>",
        "She covers the council.",
        "src=\"/ada.svg\"",
        "<a href=\"https://ada.example/\" rel=\"me\">Her site</a>",
        "2 articles",
    ] {
        assert!(page.contains(part), "{part}\n{page}");
    }
    assert!(
        site.output("authors/ben-oduya/index.html")
            .contains("<h1>Ben Oduya</h1>")
    );
    let article = site.output("news/a/index.html");
    assert!(article.contains(">Ada Kerr</a> and <a rel=\"author\" href=\"/authors/ben-oduya/\">"));
    let index = site.output("authors/index.html");
    assert!(index.contains("Ada Kerr") && index.contains("Ben Oduya"));
}

#[test]
fn archives_are_by_the_dates_as_they_were_written() {
    let site = Site::new([
        ("pressroom.yaml", "timezone: America/New_York\n"),
        (
            "content/a.md",
            "---\ntitle: New Year's Eve\ndate: 2023-12-31 23:30\n---\n",
        ),
        (
            "content/b.md",
            "---\ntitle: In Auckland\ndate: 2024-01-01T00:10:00+13:00\n---\n",
        ),
        (
            "content/c.md",
            "---\ntitle: In winter\ndate: 2024-01-15\n---\n",
        ),
        ("content/d.md", "---\ntitle: Undated\n---\n"),
    ]);
    site.build(&[]).silent();
    let has = |page: &str, title: &str| {
        let page = site.output(page);
        html::text(html::elements(&page, "main")[0]).contains(title)
    };
    assert!(has("archive/2023/12/index.html", "New Year's Eve"));
    assert!(has("archive/2024/01/index.html", "In Auckland"));
    assert!(has("archive/2024/01/index.html", "In winter"));
    assert!(!has("archive/2024/index.html", "Undated"));
    assert!(has("index.html", "Undated"));
    assert!(has("a/index.html", "31 December 2023"));
}
