//! What happens when the machine fails: disks that are full, files that nobody may read, builds
//! that are killed, clocks that go backwards. Nothing may be lost, and the build after a fault is,
//! byte for byte, a clean one.
//!
//! `FAULT_TRIALS=20 cargo test --test faults` tries everything at random twenty times as often; what
//! was tried is in docs/reliability.md. Where the machine does not allow a fault, the test says so
//! and passes.
#![cfg(target_os = "linux")]

mod at_once;
mod clock;
mod full_disk;
mod injected;
mod kill;
mod limits;
mod machine;
mod moving;
mod permissions;
mod reproducible;
mod special_files;
#[path = "../support/mod.rs"]
mod support;

use std::path::PathBuf;

use support::{Run, Site, Tree, archive, assert_same, published, run};

/// How many times something is tried that usually is tried so often.
fn trials(usual: usize) -> usize {
    let times = std::env::var("FAULT_TRIALS");
    let times = times.map_or(1, |times| times.parse().expect("FAULT_TRIALS is a number"));
    usual * times
}

/// A site with so many articles, under a title that stands on every page.
fn gazette(articles: usize) -> Site {
    let site = Site::in_memory();
    for n in 0..articles {
        let (path, text) = archive::article(n);
        site.write(&path, text);
    }
    set_title(&site, "Gazette");
    site
}

fn set_title(site: &Site, title: &str) {
    site.write(
        "pressroom.yaml",
        format!("title: {title}\nbase_url: https://gazette.example/\n"),
    );
}

/// What a build makes of the site's files into a folder of its own, without anything that was kept.
#[track_caller]
fn clean_build(site: &Site) -> Tree {
    let copy = copied(site);
    let mut command = support::pressroom();
    run(command.current_dir(&copy).arg("build")).ok();
    let tree = published(&copy.join("public"));
    std::fs::remove_dir_all(copy).expect("a folder of ours");
    tree
}

/// The site's files, without what builds made of them, in a folder beside it.
fn copied(site: &Site) -> PathBuf {
    let copy = site.beside("copy/gazette");
    for (path, bytes) in published(&site.root()) {
        if !path.starts_with("public/") {
            support::write(&copy.join(path), bytes);
        }
    }
    copy
}

/// Insists that the program has not fallen over, and has come to an end by itself.
#[track_caller]
fn no_panic(run: &Run) {
    assert!(
        matches!(run.code, Some(0 | 1)) && !run.stderr.contains("panicked"),
        "exit code {:?}\n{}",
        run.code,
        run.stderr
    );
}

/// Insists that each file is as it was before or as it is after, and says how many are new.
#[track_caller]
fn every_file_is_whole(found: &Tree, before: &Tree, after: &Tree) -> usize {
    let mut new = 0;
    for (path, bytes) in found {
        let is_new = after.get(path) == Some(bytes);
        assert!(
            is_new || before.get(path) == Some(bytes),
            "{path} is neither old nor new"
        );
        new += usize::from(is_new && before.get(path) != Some(bytes));
    }
    for path in before.keys().filter(|path| after.contains_key(*path)) {
        assert!(found.contains_key(path), "{path} is gone");
    }
    if new == 0 && !after.keys().all(|path| before.contains_key(path)) {
        // Nothing has come into place, and so nothing may be gone.
        assert_same(found, before);
    }
    new
}

/// Insists that nothing lies about that builds only make for the time that they take.
#[track_caller]
fn nothing_is_left_over(site: &Site) {
    assert!(!site.path("public/.pressroom/staging").exists());
    let kept = support::tree(&site.path(".pressroom")).into_keys();
    let left: Vec<String> = kept.filter(|path| path.contains(".new")).collect();
    assert!(left.is_empty(), "{left:?}");
}
