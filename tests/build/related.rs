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
