//! What editors say of related articles is what readers see.

use crate::support::{Site, article, html};

/// Seven days of one storm, all of which could be related to one another: `content/news/s1.md` to
/// `s4.md`, and `content/events/s5.md` to `s7.md`. `front` is more front matter of s4, the newest
/// of its section.
fn week(config: &str, front: &str) -> Site {
    let site = Site::new([("pressroom.yaml", config)]);
    for n in 1..=7 {
        let section = if n <= 4 { "news" } else { "events" };
        let more = if n == 4 { front } else { "" };
        let text = article(
            &format!("Storm over the harbour {n}"),
            &format!("date: 2024-07-0{n}\ntags: [storm, harbour]\n{more}"),
            "The harbour is closed.\n",
        );
        site.write(&format!("content/{section}/s{n}.md"), text);
    }
    site.build(&[]).silent();
    site
}

/// Where the related block of a page leads; nothing when there is no block.
fn block(site: &Site, page: &str) -> Vec<String> {
    under(site, page, "Related news</h2>")
}

/// Where the block with the newest of a section leads; nothing when there is no such block.
fn newest(site: &Site, page: &str) -> Vec<String> {
    under(site, page, "More from News</a></h2>")
}

/// Where a block leads, by the end of its heading.
fn under(site: &Site, page: &str, heading: &str) -> Vec<String> {
    let page = site.output(&format!("{page}index.html"));
    let Some(block) = page.split(heading).nth(1) else {
        return Vec::new();
    };
    let block = block.split("</section>").next().expect("the block");
    let tags = html::tags(block);
    tags.iter()
        .filter_map(|tag| tag.get("href").map(str::to_owned))
        .collect()
}

#[test]
fn each_section_shows_as_many_as_it_wants() {
    let site = week(
        "related: {count: 5, sections: {events: {count: 1}}}\n",
        "related: [news/s1, news/s2]\n",
    );
    assert_eq!(block(&site, "news/s4/").len(), 5);
    assert_eq!(block(&site, "news/s1/").len(), 5);
    assert_eq!(block(&site, "events/s5/").len(), 1);
}

#[test]
fn a_site_without_suggestions_still_shows_pins() {
    let site = week("related: false\n", "related: [news/s2, events/s6]\n");
    assert_eq!(block(&site, "news/s4/"), ["/news/s2/", "/events/s6/"]);
    assert!(block(&site, "news/s1/").is_empty());
}

#[test]
fn related_json_is_written_as_the_site_says() {
    assert!(week("", "").has_output("related.json"));
    assert!(week("related: {json: true}\n", "").has_output("related.json"));
    assert!(!week("related: {json: false}\n", "").has_output("related.json"));
}

#[test]
fn an_article_that_is_excluded_is_not_suggested() {
    let all = week("related: {count: 50}\n", "");
    assert_eq!(block(&all, "news/s4/").len(), 6);
    for excluded in [
        "/news/s3/",
        "news/s3",
        "s3",
        "[s3.md, http://localhost/news/s3/]",
    ] {
        let site = week(
            "related: {count: 50}\n",
            &format!("related: {{exclude: {excluded}}}\n"),
        );
        let shown = block(&site, "news/s4/");
        assert_eq!(shown.len(), 5, "{excluded}: {shown:?}");
        assert!(!shown.contains(&"/news/s3/".to_owned()), "{excluded}");
        assert!(block(&site, "news/s3/").contains(&"/news/s4/".to_owned()));
    }
}

#[test]
fn what_is_excluded_leaves_its_place_to_the_next() {
    let usual = block(&week("related: {count: 4}\n", ""), "news/s4/");
    let excluded = usual[..3].join(", ");
    let site = week(
        "related: {count: 4}\n",
        &format!("related: {{exclude: [{excluded}]}}\n"),
    );
    let shown = block(&site, "news/s4/");
    assert_eq!(shown.len(), 3, "{shown:?}");
    assert_eq!(shown[0], usual[3]);
}

#[test]
fn an_article_can_do_without_its_related_block() {
    let site = week("", "related: false\n");
    assert!(block(&site, "news/s4/").is_empty());
    assert!(!site.output("news/s4/index.html").contains("Related news"));
    let machines: serde_json::Value =
        serde_json::from_str(&site.output("related.json")).expect("JSON");
    let of = |page: &str| {
        let list = machines[format!("http://localhost{page}")].as_array();
        list.map_or(0, Vec::len)
    };
    assert_eq!((of("/news/s3/"), of("/news/s4/")), (3, 0));
    let others = block(&site, "news/s3/");
    assert_eq!(others.len(), 3, "the others keep theirs: {others:?}");
}

#[test]
fn pins_can_stand_alone() {
    let pins = "related: {pins: [events/s6, news/s1], suggest: false}\n";
    let site = week("related: {count: 5}\n", pins);
    assert_eq!(block(&site, "news/s4/"), ["/events/s6/", "/news/s1/"]);
    let none = week("", "related: {suggest: false}\n");
    assert!(block(&none, "news/s4/").is_empty());
}

#[test]
fn pins_go_before_suggestions_also_where_something_is_excluded() {
    let site = week(
        "related: {count: 5}\n",
        "related: {pins: events/s6, exclude: [events/s5, news/s3]}\n",
    );
    let shown = block(&site, "news/s4/");
    assert_eq!(shown[0], "/events/s6/");
    assert_eq!(shown.len(), 4, "{shown:?}");
    for excluded in ["/events/s5/", "/news/s3/"] {
        assert!(!shown.contains(&excluded.to_owned()), "{shown:?}");
    }
}

#[test]
fn related_true_says_what_is_so_anyway() {
    let usual = block(&week("", ""), "news/s4/");
    assert_eq!(block(&week("", "related: true\n"), "news/s4/"), usual);
}

/// Writes articles of one day each that have no word in common with anything.
fn write_strangers(site: &Site, titles: &[&str], front: &str) {
    for (n, title) in titles.iter().enumerate() {
        let path = format!("content/news/{}.md", title.to_lowercase());
        let front = format!("date: 2024-08-{:02}\n{front}", n + 1);
        site.write(&path, article(title, &front, ""));
    }
}

const STRANGERS: [&str; 6] = ["Alfa", "Bravo", "Charlie", "Delta", "Echo", "Foxtrot"];

/// Articles that nothing is related to; `front` is more front matter of Charlie.
fn strangers(config: &str, front: &str) -> Site {
    let site = Site::new([("pressroom.yaml", config)]);
    write_strangers(&site, &STRANGERS, "");
    let charlie = format!("date: 2024-08-03\n{front}");
    site.write(
        "content/news/charlie.md",
        article("Charlie", &charlie, "Only he.\n"),
    );
    site
}

#[test]
fn where_nothing_is_related_the_newest_of_the_section_stand() {
    let site = strangers("", "");
    site.build(&[]).silent();
    assert!(block(&site, "news/charlie/").is_empty());
    assert_eq!(
        newest(&site, "news/charlie/"),
        ["/news/foxtrot/", "/news/echo/", "/news/delta/"]
    );
    assert_eq!(
        newest(&site, "news/foxtrot/"),
        ["/news/echo/", "/news/delta/", "/news/charlie/"],
        "not the article itself"
    );
    assert_eq!(site.output("related.json").trim().matches("[]").count(), 6);
    assert!(!site.has_output("related/index.html"));
}

#[test]
fn the_newest_of_a_section_are_as_many_as_the_site_says_and_none_that_it_rules_out() {
    for (config, front, expected) in [
        ("related: {count: 1}\n", "", &["foxtrot"][..]),
        (
            "related: {count: 2}\n",
            "related: {exclude: [news/foxtrot, news/echo]}\n",
            &["delta", "bravo"],
        ),
        (
            "related: {count: 9, max_age: 1}\n",
            "",
            &["foxtrot", "echo", "delta", "bravo"],
        ),
        ("", "lang: fr\n", &[]),
    ] {
        let site = strangers(config, front);
        site.build(&[]).silent();
        let expected: Vec<String> = expected
            .iter()
            .map(|name| format!("/news/{name}/"))
            .collect();
        assert_eq!(newest(&site, "news/charlie/"), expected, "{config}{front}");
    }
    // What Charlie says in French is not shown to those who read English.
    let site = strangers("related: {count: 9}\n", "lang: fr\n");
    site.build(&[]).silent();
    assert_eq!(newest(&site, "news/alfa/").len(), 4);
}

#[test]
fn who_wants_no_suggestions_does_not_get_the_newest_instead() {
    for (config, front) in [
        ("", "related: false\n"),
        ("", "related: {suggest: false}\n"),
        ("related: false\n", ""),
        ("related: {sections: {news: false}}\n", ""),
    ] {
        let site = strangers(config, front);
        site.build(&[]).silent();
        let page = site.output("news/charlie/index.html");
        assert!(!page.contains("More from"), "{config}{front}");
        assert!(!page.contains("Related news"), "{config}{front}");
    }
    // A pin is enough to be related.
    let site = strangers("", "related: news/alfa\n");
    site.build(&[]).silent();
    assert_eq!(block(&site, "news/charlie/"), ["/news/alfa/"]);
    assert!(newest(&site, "news/charlie/").is_empty());
}

#[test]
fn a_page_with_related_articles_stays_as_it_is_when_others_are_published() {
    let site = week("", "");
    write_strangers(&site, &STRANGERS[..4], "");
    site.build(&[]).silent();
    assert!(newest(&site, "news/s1/").is_empty());
    assert_eq!(newest(&site, "news/alfa/")[0], "/news/delta/");
    let before = site.outputs();

    write_strangers(&site, &STRANGERS[..5], "");
    site.build(&[]).silent();
    let after = site.outputs();
    for storm in 1..=4 {
        let page = format!("news/s{storm}/index.html");
        assert_eq!(before[&page], after[&page], "{page}");
    }
    assert_eq!(newest(&site, "news/alfa/")[0], "/news/echo/");
}

#[test]
fn the_weights_in_the_documentation_are_those_of_the_engine() {
    let weights = format!("{:?}", pressroom::site::related::Weights::default());
    let fields = weights
        .trim_start_matches("Weights { ")
        .trim_end_matches(" }")
        .split(", ");
    let documented = include_str!("../../docs/related.md");
    for field in fields {
        let (name, value) = field.split_once(": ").expect("a field");
        let row = format!("| `{name}` | {value} |");
        assert!(documented.contains(&row), "docs/related.md lacks {row}");
    }
}
