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
    let page = site.output(&format!("{page}index.html"));
    let Some(block) = page.split("Related news</h2>").nth(1) else {
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
