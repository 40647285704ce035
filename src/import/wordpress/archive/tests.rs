//! Files and URLs of small archives.

use super::*;
use crate::import::wordpress::item::Item;

fn archive(items: &[(&str, u64, u64, &str, &str)]) -> Archive {
    let channel = Channel {
        link: "https://gazette.example".into(),
        ..Channel::default()
    };
    let mut archive = Archive::default();
    archive.begin("export.xml", channel).unwrap();
    for (kind, id, parent, name, link) in items {
        let item = Item {
            kind: (*kind).into(),
            id: *id,
            parent: *parent,
            name: (*name).into(),
            link: (*link).into(),
            content: "x".into(),
            status: "publish".into(),
            line: *id as u32,
            ..Item::default()
        };
        archive.add(Seen::of(&item, &archive.channel));
    }
    archive.settle();
    archive
}

fn files(archive: &Archive) -> Vec<(&str, Option<&str>)> {
    let entries = archive.entries.iter();
    entries
        .map(|entry| (&*entry.file, entry.url.as_deref()))
        .collect()
}

#[test]
fn each_item_has_a_file_and_keeps_its_url() {
    let archive = archive(&[
        ("post", 1, 0, "a", "https://gazette.example/2019/a/"),
        ("post", 2, 0, "a", "https://gazette.example/2020/A.html"),
        ("page", 3, 4, "team", "https://gazette.example/about/team/"),
        ("page", 4, 0, "about", "https://gazette.example/about/"),
        ("page", 5, 0, "home", "https://gazette.example/"),
        (
            "recipe",
            6,
            0,
            "soup",
            "https://gazette.example/recipe/soup/",
        ),
        ("post", 7, 0, "index", "https://gazette.example/?p=7"),
    ]);
    let expected = [
        ("content/posts/a.md", Some("/2019/a/")),
        ("content/posts/a-2.md", Some("/2020/A.html")),
        ("content/about-team.md", Some("/about/team/")),
        ("content/about.md", Some("/about/")),
        ("content/_index.md", Some("/")),
        ("content/recipe/soup.md", Some("/recipe/soup/")),
        ("content/posts/index-page.md", None),
    ];
    assert_eq!(files(&archive), expected);
}

#[test]
fn no_two_items_have_one_url_and_none_has_one_of_the_sites_own() {
    let archive = archive(&[
        ("post", 1, 0, "a", "https://gazette.example/x/"),
        ("post", 2, 0, "b", "https://gazette.example/X/"),
        ("page", 3, 0, "archive", "https://gazette.example/archive/"),
        ("page", 4, 0, "posts", "https://gazette.example/posts/"),
    ]);
    let entries = &archive.entries;
    assert_eq!(entries[1].conflict, Some(Conflict::Taken(0, 1)));
    assert_eq!(entries[2].conflict, Some(Conflict::Made));
    assert_eq!(&*entries[0].file, "content/posts-2/a.md");
}

#[test]
fn pages_that_lie_below_themselves_end() {
    let archive = archive(&[("page", 1, 2, "a", ""), ("page", 2, 1, "b", "")]);
    assert!(archive.entries.iter().all(|entry| entry.file.len() < 250));
}

#[test]
fn a_tag_is_written_so_that_its_url_stays() {
    for (nicename, name, written, slug) in [
        (
            "ruby-on-rails",
            "Ruby on Rails",
            "Ruby on Rails",
            "ruby-on-rails",
        ),
        ("cpp", "C++", "cpp", "cpp"),
        ("caf%c3%a9", "Café", "Café", "café"),
    ] {
        assert_eq!(written_tag(nicename, name), written);
        assert_eq!(tag_slug(written), slug);
    }
}
