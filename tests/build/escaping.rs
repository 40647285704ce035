//! Headlines and names can hold anything, and are shown as they are written.

use quick_xml::Reader;
use quick_xml::events::Event;

use super::support::{Site, ends_in, html};

const TITLE: &str = r#"</script><script>alert("1")</script> & 'Söhne' <!-- {{ x }} ]]>"#;
const TAG: &str = r#"R&D <b title="x">'"#;
const AUTHOR: &str = r#"Ada "the <i>Ace" & Co"#;
const SUMMARY: &str = "5 < 6 & 7 > 2";
/// A summary is Markdown of which the text is kept.
const WRITTEN_SUMMARY: &str = "5 < **6** & 7 > 2</title>";
const SITE: &str = r#"The <Gazette> & "Sons""#;

fn site() -> Site {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let story = format!(
        "---\ntitle: {}\ndate: 2024-07-04\ntags: [{}]\nauthors: [{}]\nsummary: {}\n\
         image: {{src: /a.svg, alt: {}, caption: {}}}\n---\n\nText.\n",
        quoted(TITLE),
        quoted(TAG),
        quoted(AUTHOR),
        quoted(WRITTEN_SUMMARY),
        quoted(TITLE),
        quoted(TITLE),
    );
    let other = story.replace("2024-07-04", "2024-07-05");
    let config = format!(
        "title: {}\ndescription: {}\nbase_url: https://gazette.example/\nnewsletter: {{action: https://post.example/, text: {}}}\n",
        quoted(SITE),
        quoted(SUMMARY),
        quoted(TITLE)
    );
    let section = format!(
        "---\ntitle: {}\nsummary: {}\n---\n",
        quoted(TITLE),
        quoted(WRITTEN_SUMMARY)
    );
    Site::new([
        ("pressroom.yaml", config.as_str()),
        ("content/news/_index.md", &section),
        ("content/news/story.md", &story),
        ("content/news/other.md", &other),
        ("static/a.svg", "<svg/>"),
    ])
}

/// The content of the elements of a name, as text.
fn texts(page: &str, name: &str) -> Vec<String> {
    let elements = html::elements(page, name).into_iter();
    elements.map(|inner| html::text(inner.trim())).collect()
}

#[test]
fn markup_in_titles_is_text_on_every_page() {
    let site = site();
    site.build(&[]).silent();
    for (path, bytes) in site.outputs() {
        let Some(page) = ends_in(&path, "html").then(|| String::from_utf8_lossy(&bytes)) else {
            continue;
        };
        assert!(!page.contains("alert(\"1\")"), "{path}");
        for tag in html::tags(&page) {
            let is_ours = match tag.name.as_str() {
                "script" => tag.get("type") == Some("application/ld+json"),
                "b" | "i" | "gazette" => false,
                _ => true,
            };
            assert!(is_ours, "{path}: {tag:?}");
            assert!(tag.get("title") != Some("x"), "{path}: {tag:?}");
        }
    }
}

#[test]
fn a_reader_sees_what_the_author_wrote() {
    let site = site();
    site.build(&[]).silent();
    let page = site.output("news/story/index.html");
    assert_eq!(texts(&page, "h1"), [TITLE]);
    assert_eq!(texts(&page, "title"), [format!("{TITLE} – {SITE}")]);
    let meta = |attribute: &str, name: &str| {
        let tags = html::tags(&page);
        let tag = tags.iter().find(|tag| tag.is("meta", attribute, name));
        tag.and_then(|tag| tag.get("content")).map(str::to_owned)
    };
    assert_eq!(meta("property", "og:title").as_deref(), Some(TITLE));
    assert_eq!(meta("property", "og:site_name").as_deref(), Some(SITE));
    assert_eq!(meta("property", "article:tag").as_deref(), Some(TAG));
    assert_eq!(meta("name", "description").as_deref(), Some(SUMMARY));
    let picture = html::tags(&page).into_iter().find(|tag| tag.name == "img");
    assert_eq!(picture.as_ref().and_then(|tag| tag.get("alt")), Some(TITLE));
    let links = texts(&page, "a");
    for text in [TAG, AUTHOR] {
        assert!(links.iter().any(|link| link == text), "{text}: {links:#?}");
    }
    let news = site.output("news/index.html");
    assert_eq!(texts(&news, "h1"), [TITLE]);
    assert!(texts(&news, "p").iter().any(|text| text == SUMMARY));
}

#[test]
fn search_engines_read_the_same() {
    let site = site();
    site.build(&[]).silent();
    let page = site.output("news/story/index.html");
    let script = html::elements(&page, "script");
    assert_eq!(script.len(), 2, "the title does not end it");
    let data: serde_json::Value = serde_json::from_str(script[0]).expect("JSON-LD is JSON");
    assert_eq!(data["headline"], TITLE);
    assert_eq!(data["description"], SUMMARY);
    assert_eq!(data["author"][0]["name"], AUTHOR);
    assert_eq!(data["keywords"][0], TAG);
    assert_eq!(data["publisher"]["name"], SITE);
    assert_eq!(data["articleSection"], TITLE);
    assert_eq!(data["datePublished"], "2024-07-04T00:00:00Z");
    assert_eq!(
        data["mainEntityOfPage"],
        "https://gazette.example/news/story/"
    );
}

#[test]
fn feed_readers_and_machines_read_the_same() {
    let site = site();
    site.build(&[]).silent();
    for path in ["atom.xml", "feed.json"] {
        let text = site.output(path);
        let feed = feed_rs::parser::parse(text.as_bytes()).expect("a feed");
        assert_eq!(feed.title.expect("a title").content, SITE, "{path}");
        let entry = &feed.entries[0];
        assert_eq!(
            entry.title.as_ref().expect("a title").content,
            TITLE,
            "{path}"
        );
        assert_eq!(
            entry.summary.as_ref().expect("a summary").content,
            SUMMARY,
            "{path}"
        );
        assert_eq!(entry.authors[0].name.as_deref(), Some(AUTHOR), "{path}");
        assert_eq!(entry.categories[0].term, TAG, "{path}");
    }
    let related: serde_json::Value =
        serde_json::from_str(&site.output("related.json")).expect("related.json is JSON");
    assert_eq!(
        related["https://gazette.example/news/story/"][0]["title"],
        TITLE
    );
    for (path, bytes) in site.outputs() {
        if ends_in(&path, "xml") {
            well_formed(&path, &bytes);
        }
    }
}

#[track_caller]
fn well_formed(path: &str, bytes: &[u8]) {
    let mut reader = Reader::from_reader(bytes);
    let mut depth = 0;
    loop {
        match reader
            .read_event()
            .unwrap_or_else(|error| panic!("{path}: {error}"))
        {
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0, "{path}");
}

#[test]
fn addresses_with_letters_of_any_script_are_encoded() {
    let site = Site::new([
        ("pressroom.yaml", "base_url: https://gazette.example/\n"),
        (
            "content/news/größe.md",
            "---\ntitle: Größe\ntags: [日本, \"50 %\", \"a/b\"]\ndate: 2024-07-04\n---\n",
        ),
    ]);
    site.build(&[]).silent();
    let host = super::support::host::Host::serve(&site.path("public"), "https://gazette.example/");
    assert_eq!(host.follow_every_link().1, [""; 0]);
    for path in ["atom.xml", "sitemap-1.xml", "feed.json", "related.json"] {
        assert!(
            site.output(path).is_ascii() || !site.output(path).contains("news/größe"),
            "{path}"
        );
    }
    assert!(
        site.output("sitemap-1.xml")
            .contains("/news/gr%C3%B6%C3%9Fe/")
    );
}
