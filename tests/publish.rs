//! What it costs to publish one more article: not the archive.

mod support;

use std::collections::BTreeSet;

use support::{Site, archive, assert_same};

const ARTICLES: usize = 1_000;
/// Files that one more article may change.
const MOST: usize = 60;

fn archive_site() -> Site {
    let config =
        "title: The Gazette\nbase_url: https://gazette.example/\nlisting: {page_size: 20}\n";
    let site = Site::in_memory();
    site.write("pressroom.yaml", config);
    for n in 0..ARTICLES {
        let (path, text) = archive::article(n);
        site.write(&path, text);
    }
    site.build(&[]).silent();
    site
}

/// The pages of listings that have a number.
fn numbered(paths: impl IntoIterator<Item = String>) -> BTreeSet<String> {
    let is_numbered = |path: &String| path.contains("page/") && path.ends_with("/index.html");
    paths.into_iter().filter(is_numbered).collect()
}

#[test]
fn one_more_article_changes_few_files_and_no_numbered_page() {
    let site = archive_site();
    let before = site.outputs();
    assert!(numbered(before.keys().cloned()).len() > 100);
    for n in ARTICLES..ARTICLES + 3 {
        let before = site.outputs();
        let (path, text) = archive::article(n);
        site.write(&path, text);
        let changes = site.changes();
        let listed = changes.join("\n");
        println!("article {n} changes {} files", changes.len());
        assert!(changes.len() <= MOST, "{} files:\n{listed}", changes.len());
        assert!(!listed.contains("remove"), "{listed}");

        // A page that is new, and the one before it, which has a newer neighbour now; and what
        // an article of an old page is related to.
        let after = site.outputs();
        let new = numbered(
            after
                .keys()
                .filter(|path| !before.contains_key(*path))
                .cloned(),
        );
        for path in numbered(before.keys().cloned()) {
            let (folder, page) = path.split_once("page/").expect("a numbered page");
            let number: usize = page
                .split('/')
                .next()
                .unwrap_or("")
                .parse()
                .expect("a number");
            let next = format!("{folder}page/{}/index.html", number + 1);
            if !new.contains(&next) && folder != "related/" {
                assert_eq!(before[&path], after[&path], "{path}");
            }
        }
    }
    // What was written bit by bit is what is written at once.
    let fresh = site.beside("fresh");
    site.build(&["--output", fresh.to_str().expect("UTF-8")])
        .silent();
    assert_same(&site.outputs(), &support::published(&fresh));
}

#[test]
fn a_corrected_typo_in_an_old_article_changes_that_article_alone() {
    let site = archive_site();
    let (path, text) = archive::article(ARTICLES / 2);
    // In the last paragraph, which no summary shows.
    let at = text.rfind("Before that").expect("the last line");
    site.write(
        &path,
        format!("{}Yet before that{}", &text[..at], &text[at + 11..]),
    );
    let page = path
        .trim_start_matches("content/")
        .replace(".md", "/index.html");
    // One word more makes the article a little less like the others: related.json says how much.
    let expected = ["related.json", &page].map(|path| format!("write {path}"));
    assert_eq!(site.changes(), expected);
}

#[test]
fn an_article_that_is_withdrawn_leaves_what_a_clean_build_gives() {
    let site = archive_site();
    // The second newest, which no other links to.
    let (path, text) = archive::article(ARTICLES - 2);
    let newest = archive::article(ARTICLES - 1).0;
    site.remove(&newest);
    site.write(&path, text.replacen("---\n", "---\ndraft: true\n", 1));
    site.build(&[]).silent();
    let fresh = site.beside("fresh");
    site.build(&["--output", fresh.to_str().expect("UTF-8")])
        .silent();
    assert_same(&site.outputs(), &support::published(&fresh));
}
