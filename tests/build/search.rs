//! What readers can search, and what an edit costs of it.

use serde_json::Value;

use super::support::{Site, archive, article, assert_same};

/// A site with a search, of articles by their names and front matter.
fn site(articles: &[(&str, &str, &str)]) -> Site {
    let settings = "title: The Gazette\nbase_url: https://gazette.example/daily/\nsearch: true\n";
    let site = Site::new([("pressroom.yaml", settings)]);
    for (name, front, body) in articles {
        let text = article(&format!("Title of {name}"), front, body);
        site.write(&format!("content/news/{name}.md"), text);
    }
    site
}

fn json(site: &Site, path: &str) -> Value {
    serde_json::from_str(&site.output(path)).expect(path)
}

#[test]
fn readers_search_what_is_published_and_may_be_indexed() {
    let site = site(&[
        (
            "older",
            "date: 2023-05-01\ntags: [Harbour]\n",
            "The *old* pier, at `ls` $3.\n",
        ),
        (
            "newer",
            "date: 2024-05-01\nlang: de\n",
            "# Title of newer\n\nEin Anleger.\n",
        ),
        ("draft", "draft: true\n", "Not yet.\n"),
        ("scheduled", "publish: 2999-01-01\n", "Not yet.\n"),
        ("expired", "expires: 2020-01-01\n", "No more.\n"),
        ("terms", "noindex: true\n", "For lawyers.\n"),
    ]);
    site.build(&[]).ok();
    let head = json(&site, "search/index.json");
    assert_eq!(head["articles"], 2);
    assert_eq!(head["sections"], serde_json::json!([["News", 2]]));
    assert_eq!(head["years"], serde_json::json!([[2023, 0], [2024, 1]]));
    let expected = serde_json::json!([
        {
            "url": "/daily/news/older/", "title": "Title of older", "date": ["2023-05-01", "1 May 2023"],
            "section": "News", "tags": [["harbour", "Harbour"]], "text": "The old pier, at ls $3."
        },
        {
            "url": "/daily/news/newer/", "title": "Title of newer", "date": ["2024-05-01", "1. Mai 2024"],
            "section": "News", "tags": [], "language": "de", "text": "Ein Anleger."
        }
    ]);
    assert_eq!(json(&site, "search/cards/0.json"), expected);
    let tags = serde_json::json!([{"slug": "harbour", "label": "Harbour", "articles": [0]}]);
    assert_eq!(json(&site, "search/tags/0.json"), tags);
    let nowhere = ["draft", "scheduled", "expired", "terms", "lawyers"];
    for (path, bytes) in site.outputs() {
        let text = String::from_utf8_lossy(&bytes);
        let has = |word: &&&str| path.starts_with("search/") && text.contains(**word);
        assert_eq!(nowhere.iter().find(has), None, "{path}");
    }
}

#[test]
fn every_page_leads_to_the_search_of_a_site_that_has_one() {
    let site = site(&[("older", "date: 2023-05-01\n", "Text.\n")]);
    site.build(&[]).ok();
    let form = "<form action=\"/daily/search/\" role=\"search\">";
    assert!(site.output("news/older/index.html").contains(form));
    let page = site.output("search/index.html");
    assert!(page.contains("<meta name=\"robots\" content=\"noindex\">"));
    assert!(page.contains("<script type=\"module\" src=\"/daily/assets/search."));
    assert!(!site.output("news/older/index.html").contains("module"));
    assert!(!site.output("sitemap-listings.xml").contains("search"));

    site.write("pressroom.yaml", "title: The Gazette\n");
    site.build(&[]).ok();
    let left = site.outputs().into_keys();
    assert_eq!(left.filter(|path| path.contains("search")).count(), 0);
    assert!(
        !site
            .output("news/older/index.html")
            .contains("role=\"search\"")
    );
}

#[test]
fn an_edit_writes_the_files_of_its_words_and_no_others() {
    let site = site(&[]);
    for n in 0..80 {
        let (path, text) = archive::article(n);
        site.write(&path, text);
    }
    site.build(&[]).ok();
    let files = site.outputs().into_keys();
    assert!(files.filter(|path| path.starts_with("search/")).count() > 40);
    let (source, _) = archive::article(7);
    site.append(&source, "\nZanzibar.\n");
    let changes = site.changes();
    let searched: Vec<&String> = changes
        .iter()
        .filter(|line| line.contains(" search/"))
        .collect();
    // The list with the new word, and what is shown of the article if the word is shown; rarely a
    // mark moves, since the text is longer.
    assert!((1..12).contains(&searched.len()), "{changes:?}");
    assert!(
        !searched.iter().any(|line| line.ends_with("index.json")),
        "{searched:?}"
    );
    let after = site.outputs();
    site.remove("public");
    site.remove(".pressroom");
    site.build(&[]).ok();
    assert_same(&site.outputs(), &after);
}

#[test]
fn a_damaged_index_of_the_last_build_is_nothing_and_told() {
    let site = site(&[("older", "date: 2023-05-01\n", "Text.\n")]);
    site.build(&[]).ok();
    let before = site.outputs();
    site.write(".pressroom/search", "no index\n");
    site.append("content/news/older.md", "More.\n");
    let told = site.build(&[]).ok();
    assert!(told.stderr.contains("cache-unusable"), "{}", told.stderr);
    site.write(
        "content/news/older.md",
        article("Title of older", "date: 2023-05-01\n", "Text.\n"),
    );
    site.build(&[]).ok().silent();
    assert_same(&site.outputs(), &before);
}
