//! Builds that are killed, and what the next one makes of it.

use std::collections::BTreeMap;
use std::fs;
use std::sync::atomic::Ordering;

use proptest::prelude::*;

use super::{Site, text, texts};
use crate::write::names;
use crate::write::plan::is_page;

impl Site {
    /// Builds, and pretends to be killed after a number of changes in the commit. Says whether
    /// the build got to its end.
    fn build_until(&self, outputs: &[(&str, &str)], changes: usize) -> bool {
        let output = self.open().unwrap();
        for (path, text) in outputs {
            output.stage(path, text.as_bytes(), None).unwrap();
        }
        output.disk.changes_left.store(changes, Ordering::Relaxed);
        output.commit(super::Notes::default()).is_ok()
    }
}

#[test]
fn a_killed_build_is_completed_by_the_next() {
    let before = [
        ("a", "old"),
        ("b/c/index.html", "old"),
        ("gone.html", "old"),
        ("x.css", "old"),
    ];
    let after = [
        ("a/index.html", "new"),
        ("b/c", "new"),
        ("d/e.html", "new"),
        ("x.css", "new"),
    ];
    let clean = Site::new();
    clean.build(&after).unwrap();
    let mut kills = 0;
    loop {
        let site = Site::new();
        site.build(&before).unwrap();
        site.place("b/mine.txt", "mine");
        let done = site.build_until(&after, kills);
        for (path, text) in site.files() {
            assert!(
                path.ends_with('/') || ["old", "new", "mine"].contains(&&*text),
                "{path}"
            );
        }
        site.build(&after).unwrap();
        let mut files = site.files();
        assert_eq!(files.remove("b/mine.txt").as_deref(), Some("mine"));
        assert_eq!(files, clean.files(), "killed after {kills} changes");
        assert_eq!(site.manifest(), clean.manifest());
        assert!(!site.out(".pressroom/staging").exists());
        if done {
            break;
        }
        kills += 1;
    }
    // Two for each manifest, three outputs in the way, two folders, four renames…
    assert!(kills > 12, "{kills}");
}

#[test]
fn a_build_killed_before_its_commit_leaves_staging_that_the_next_removes() {
    let site = Site::new();
    site.build(&[]).unwrap();
    let output = site.open().unwrap();
    output.stage("a.html", b"A", None).unwrap();
    output.disk.changes_left.store(0, Ordering::Relaxed);
    drop(output);
    assert!(site.out(".pressroom/staging/0").exists());
    site.build(&[("b.html", "B")]).unwrap();
    assert_eq!(site.files(), texts(&[("b.html", "B")]));
    assert!(!site.out(".pressroom/staging").exists());
}

#[test]
fn what_a_killed_build_put_in_place_is_removed_when_the_site_changes_its_mind() {
    let site = Site::new();
    site.build(&[("index.html", "Home")]).unwrap();
    // The new manifest takes two changes, the folders two, the page one.
    assert!(!site.build_until(&[("index.html", "Home"), ("news/a/index.html", "A")], 5));
    assert!(site.out("news/a/index.html").exists());
    let report = site.build(&[("index.html", "Home")]).unwrap();
    assert_eq!(report.removed, ["news/a/index.html"]);
    assert_eq!(site.files(), texts(&[("index.html", "Home")]));
}

#[test]
fn a_damaged_manifest_is_mended_before_anything_changes() {
    let site = Site::new();
    site.build(&[("a.html", "old")]).unwrap();
    let damaged = site.manifest() + "damage\n";
    fs::write(site.out(".pressroom/manifest"), damaged).unwrap();
    // The manifest takes two changes, the page one. Its new bytes are not those of the old line.
    assert!(!site.build_until(&[("a.html", "new")], 3));
    assert_eq!(site.files(), texts(&[("a.html", "new")]));
    site.build(&[("a.html", "newer")]).unwrap();
    assert_eq!(site.files(), texts(&[("a.html", "newer")]));
}

#[test]
fn a_page_does_not_appear_before_its_style_sheet() {
    let before = [("a.html", "old"), ("site.css", "old")];
    let after = [
        ("a.html", "new"),
        ("b.html", "new"),
        ("site.css", "new"),
        ("z.js", "new"),
    ];
    for kills in 0.. {
        let site = Site::new();
        site.build(&before).unwrap();
        let done = site.build_until(&after, kills);
        let files = site.files();
        let is_new = |path| files.get(path).is_some_and(|text| text == "new");
        if is_new("a.html") || is_new("b.html") {
            assert!(
                is_new("site.css") && is_new("z.js"),
                "killed after {kills} changes"
            );
        }
        if done {
            break;
        }
    }
}

#[test]
fn a_first_build_that_is_killed_is_completed_and_shows_no_page_without_its_assets() {
    let outputs = [
        ("assets/site.css", "b{}"),
        ("index.html", "Home"),
        ("news/a/index.html", "A"),
        ("news/index.html", "News"),
        (".well-known/security.txt", "Contact"),
    ];
    let clean = Site::new();
    clean.build(&outputs).unwrap();
    assert_eq!(clean.files().len(), outputs.len() + 4);
    for kills in 0.. {
        let site = Site::new();
        let done = site.build_until(&outputs, kills);
        let files = site.files();
        let has_page = files.keys().any(|path| is_page(path));
        assert!(!has_page || files.contains_key("assets/site.css"));
        // The home page leads everywhere.
        assert!(!files.contains_key("index.html") || files.contains_key("news/a/index.html"));
        if !site.out(".pressroom/manifest").exists() {
            assert_eq!(files, texts(&[]), "killed after {kills} changes");
        }
        site.build(&outputs).unwrap();
        assert_eq!(site.files(), clean.files(), "killed after {kills} changes");
        if done {
            assert!(kills > 6);
            break;
        }
    }
}

#[cfg(unix)]
#[test]
fn an_error_of_the_disk_names_the_file() {
    let site = Site::new();
    site.build(&[]).unwrap();
    let output = site.open().unwrap();
    // Staging disappears under the build.
    fs::remove_dir_all(site.out(".pressroom/staging")).unwrap();
    let error = output.stage("news/a.html", b"A", None).unwrap_err();
    assert_eq!(
        text(&error),
        "output: public/news/a.html cannot be written: No such file or directory\n\
         check the disk, then build again"
    );
}

/// Paths that get in each other's way.
const PATHS: [&str; 11] = [
    "a",
    "a/index.html",
    "a/b",
    "a/b/index.html",
    "a/b/c.css",
    "c/d",
    "c/d/e.html",
    "index.html",
    "s",
    "s.css",
    "s/t/u/v.html",
];

/// Files of somebody else's, one of them in a folder that the site uses.
const FOREIGN: [&str; 3] = [".htaccess", "c/notes.txt", "notes.txt"];

type Texts = BTreeMap<&'static str, String>;

/// The outputs of a build: some of the paths, none of which is a folder of another.
fn outputs() -> impl Strategy<Value = Texts> {
    prop::collection::vec(prop::option::of(0..3_u8), PATHS.len()).prop_map(|versions| {
        let mut outputs = Texts::new();
        for (path, version) in PATHS.into_iter().zip(versions) {
            let inside = |folder: &str| outputs.contains_key(folder);
            if let Some(version) = version
                && !names::folders(path).any(inside)
            {
                outputs.insert(path, format!("{path} {version}"));
            }
        }
        outputs
    })
}

fn pairs(outputs: &Texts) -> Vec<(&str, &str)> {
    outputs
        .iter()
        .map(|(path, text)| (*path, text.as_str()))
        .collect()
}

/// Checks the site after a build, whatever became of it.
fn check(site: &Site, before: &BTreeMap<String, String>, build: &Texts) {
    let files = site.files();
    for path in FOREIGN {
        assert_eq!(files[path], "mine");
    }
    let mut new_pages = Vec::new();
    for (path, text) in &files {
        let whole = (0..3).any(|version| *text == format!("{path} {version}"));
        assert!(
            whole || path.ends_with('/') || FOREIGN.contains(&path.as_str()),
            "{path}: {text}"
        );
        if is_page(path) && before.get(path) != Some(text) {
            new_pages.push(path);
        }
    }
    for (path, text) in build {
        assert!(
            !before.contains_key(*path) || files.contains_key(*path),
            "{path} is lost"
        );
        if !is_page(path) && !new_pages.is_empty() {
            assert_eq!(
                files.get(*path),
                Some(text),
                "{new_pages:?} came before {path}"
            );
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(300) })]

    #[test]
    fn after_any_kills_a_full_build_equals_a_clean_one(
        builds in prop::collection::vec((outputs(), prop::option::weighted(0.7, 0..24_usize)), 1..6),
        last in outputs(),
        is_empty in any::<bool>(),
    ) {
        let site = Site::new();
        if !is_empty {
            site.build(&[]).unwrap();
        }
        let mut builds = builds.iter();
        if is_empty && let Some((build, kill)) = builds.next() {
            site.build_until(&pairs(build), kill.unwrap_or(usize::MAX));
            for (path, text) in site.files() {
                let whole = (0..3).any(|version| text == format!("{path} {version}"));
                prop_assert!(whole || path.ends_with('/'), "{path}: {text}");
            }
            // Only what is empty, or has a manifest, is taken for ours.
            prop_assume!(site.out(".pressroom/manifest").exists());
        }
        for path in FOREIGN {
            site.place(path, "mine");
        }
        for (build, kill) in builds {
            let before = site.files();
            let done = site.build_until(&pairs(build), kill.unwrap_or(usize::MAX));
            prop_assert!(done || kill.is_some());
            check(&site, &before, build);
        }
        let before = site.files();
        let report = site.build(&pairs(&last)).unwrap();
        check(&site, &before, &last);
        prop_assert_eq!(report.written.len() + report.unchanged, last.len());

        let clean = Site::new();
        clean.build(&[]).unwrap();
        for path in FOREIGN {
            clean.place(path, "mine");
        }
        clean.build(&pairs(&last)).unwrap();
        prop_assert_eq!(site.files(), clean.files());
        prop_assert_eq!(site.manifest(), clean.manifest());
        let mut own: Vec<_> = fs::read_dir(site.out(".pressroom"))
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        own.sort();
        // A bulk has its hash in its name.
        let names = own.iter().map(|name| name.split('-').next().unwrap());
        prop_assert!(names.eq(["lock", "manifest", "records", "records"]), "{own:?}");
    }
}
