//! What is suggested, whoever builds the site and whatever else lies in its folder.

use std::collections::BTreeMap;

use super::support::{Site, archive, article, run};

/// Where each article leads, by related.json.
fn suggestions(site: &Site) -> BTreeMap<String, Vec<String>> {
    let all: BTreeMap<String, Vec<serde_json::Value>> =
        serde_json::from_str(&site.output("related.json")).expect("JSON");
    let url = |value: &serde_json::Value| value["url"].as_str().expect("a URL").to_owned();
    all.into_iter()
        .map(|(article, list)| (article, list.iter().map(url).collect()))
        .collect()
}

#[test]
fn suggestions_depend_on_neither_threads_nor_the_order_of_files() {
    let articles: Vec<(String, String)> = (0..150).map(archive::article).collect();
    let mut expected = None;
    for threads in ["1", "2", "7"] {
        let site = Site::new([("pressroom.yaml", "related: {count: 5, min_score: 0}\n")]);
        let mut order: Vec<_> = articles.iter().collect();
        match threads {
            "1" => {}
            "2" => order.reverse(),
            _ => order.sort_by_key(|(_, text)| text.len()),
        }
        for (path, text) in order {
            site.write(path, text);
        }
        let mut command = site.command(["build"]);
        run(command.env("RAYON_NUM_THREADS", threads)).ok();
        let found = suggestions(&site);
        assert_eq!(found.len(), 150);
        assert!(found.values().all(|list| list.len() == 5), "{found:?}");
        for (article, list) in &found {
            assert!(!list.contains(article), "{article} suggests itself");
        }
        let json = site.output("related.json");
        assert_eq!(
            *expected.get_or_insert_with(|| json.clone()),
            json,
            "{threads} threads"
        );
    }
}

/// A site of three articles of one story, and other files that tell the same story.
fn storm(others: &[(&str, &str)]) -> Site {
    let site = Site::new([("pressroom.yaml", "related: {count: 50, min_score: 0}\n")]);
    let text = |word: &str, front: &str| {
        let title = format!("Storm {word} over the harbour");
        article(
            &title,
            front,
            &format!("The storm of {word} closed the harbour and its bridge.\n"),
        )
    };
    for n in 1..=3 {
        let front = format!("date: 2024-07-0{n}\ntags: [storm]\n");
        site.write(
            &format!("content/news/s{n}.md"),
            text(&n.to_string(), &front),
        );
    }
    for (name, front) in others {
        let front = format!("tags: [storm]\n{front}");
        site.write(&format!("content/news/{name}.md"), text(name, &front));
    }
    site
}

#[test]
fn what_is_not_published_is_not_suggested_and_says_nothing() {
    let alone = storm(&[]);
    alone.build(&[]).silent();
    let expected = suggestions(&alone);
    assert!(
        expected.values().all(|list| list.len() == 2),
        "{expected:?}"
    );

    let site = storm(&[
        ("draft", "draft: true\ndate: 2024-07-02\n"),
        ("later", "date: 2026-02-01 06:00\n"),
        ("expired", "date: 2024-07-02\nexpires: 2025-12-31\n"),
    ]);
    site.build(&[]).ok();
    assert_eq!(suggestions(&site), expected);
    assert_eq!(
        site.output("related.json"),
        alone.output("related.json"),
        "their words do not count either"
    );
}

#[test]
fn articles_are_suggested_in_their_own_language() {
    let site = storm(&[
        ("eins", "date: 2024-07-02\nlang: de\n"),
        ("zwei", "date: 2024-07-02\nlang: de\n"),
        ("uno", "date: 2024-07-02\nlang: es\n"),
    ]);
    site.build(&[]).ok();
    let found = suggestions(&site);
    let of = |name: &str| -> &[String] {
        found
            .get(&format!("http://localhost/news/{name}/"))
            .map_or(&[], Vec::as_slice)
    };
    let urls = |names: &[&str]| -> Vec<String> {
        names
            .iter()
            .map(|name| format!("http://localhost/news/{name}/"))
            .collect()
    };
    assert_eq!(of("eins"), urls(&["zwei"]));
    assert_eq!(of("zwei"), urls(&["eins"]));
    assert_eq!(of("uno"), urls(&[]));
    let mut first = of("s1").to_vec();
    first.sort();
    assert_eq!(first, urls(&["s2", "s3"]));
}

#[test]
fn equally_close_articles_come_newest_first_and_then_by_their_urls() {
    let site = Site::new([("pressroom.yaml", "related: {count: 50, min_score: 0}\n")]);
    // Undated, so that time says nothing; the same words, so that all are equally close.
    for name in ["delta", "alpha", "charlie", "bravo"] {
        let text = article(
            "Harbour news",
            "tags: [harbour]\n",
            "A bridge to the harbour.\n",
        );
        site.write(&format!("content/news/{name}.md"), text);
    }
    site.build(&[]).ok();
    let found = suggestions(&site);
    let names: Vec<&str> = found["http://localhost/news/charlie/"]
        .iter()
        .map(|url| {
            url.trim_end_matches('/')
                .rsplit('/')
                .next()
                .expect("a name")
        })
        .collect();
    assert_eq!(names, ["alpha", "bravo", "delta"]);
}
