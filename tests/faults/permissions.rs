//! Files and folders that the user may not read or write.

use std::path::Path;

use super::machine::{give_away, set_mode, unprivileged};
use super::support::{Run, Site, Tree, assert_same, published, run};
use super::{clean_build, every_file_is_whole, gazette, no_panic, set_title};

/// A site with something of each kind that a site is made from, and a theme of its own.
fn gazette_of_somebody() -> Site {
    let site = gazette(5);
    site.append("pressroom.yaml", "theme: own\n");
    site.write("content/news/plan.svg", "<svg/>\n");
    site.write("content/news/bridge.md", "# The bridge\n");
    site.write(
        "content/news/bridge.comments.yaml",
        "- {author: A reader, text: Well.}\n",
    );
    site.write("data/authors.yaml", "desk: {name: The desk}\n");
    site.write("static/humans.txt", "Us.\n");
    site.write("static/files/list.txt", "A list.\n");
    site.write(
        "templates/404.html",
        "{% extends \"broadsheet/404.html\" %}\n",
    );
    site.write("i18n/en.yaml", "tags: Topics\n");
    site.write("themes/own/theme.yaml", "name: own\nparent: broadsheet\n");
    site.write("themes/own/templates/about.html", "<p></p>\n");
    site.write("themes/own/static/own.css", "p { color: red }\n");
    give_away(&site);
    site
}

#[track_caller]
fn build(site: &Site) -> Run {
    let run = run(&mut unprivileged(site, ["build"]));
    no_panic(&run);
    run
}

const FILES: [&str; 10] = [
    "pressroom.yaml",
    "content/news/bridge.md",
    "content/news/bridge.comments.yaml",
    "content/news/plan.svg",
    "data/authors.yaml",
    "static/humans.txt",
    "templates/404.html",
    "i18n/en.yaml",
    "themes/own/theme.yaml",
    "themes/own/static/own.css",
];

const FOLDERS: [&str; 10] = [
    "content",
    "content/news",
    "data",
    "static",
    "static/files",
    "templates",
    "i18n",
    "themes",
    "themes/own",
    "themes/own/templates",
];

#[test]
fn what_may_not_be_read_is_named_and_nothing_is_published_without_it() {
    let site = gazette_of_somebody();
    let clean = clean_build(&site);
    let files = FILES.map(|file| (file, 0o644, 0));
    let folders = FOLDERS.map(|folder| (folder, 0o755, 0));
    // One may know what is in it, and not read that; or read what one knows of, and not know.
    let half = FOLDERS.into_iter().flat_map(|folder| {
        // A theme is asked for by its name, whatever others there are.
        let modes = if folder == "themes" {
            &[0o444][..]
        } else {
            &[0o444, 0o311]
        };
        modes.iter().map(move |mode| (folder, 0o755, *mode))
    });
    for (path, usual, mode) in files.into_iter().chain(folders).chain(half) {
        for is_first in [true, false] {
            if is_first {
                for made in ["public", ".pressroom"] {
                    let _ = std::fs::remove_dir_all(site.path(made));
                }
            }
            set_mode(&site.path(path), mode);
            let refused = build(&site);
            set_mode(&site.path(path), usual);
            let context = format!(
                "{path} with mode {mode:o}, first: {is_first}\n{}",
                refused.stderr
            );
            assert_eq!(refused.code, Some(1), "{context}");
            assert!(refused.stderr.contains(path), "{context}");
            assert!(
                refused.stderr.to_lowercase().contains("permission denied"),
                "{context}"
            );
            let good = if is_first {
                Tree::default()
            } else {
                clean.clone()
            };
            assert_same(&site.outputs(), &good);
            let next = build(&site);
            assert_eq!(next.code, Some(0), "{context}{}", next.stderr);
            assert_same(&site.outputs(), &clean);
        }
    }
}

#[test]
fn a_folder_that_may_not_be_written_to_is_named() {
    let site = gazette_of_somebody();
    build(&site).ok();
    let titles = ["Herald", "Gazette"];
    let folders = ["public", "public/news", "public/.pressroom", "public/tags"];
    for (round, folder) in folders.into_iter().chain(folders).enumerate() {
        let before = site.outputs();
        set_title(&site, titles[round % 2]);
        let after = clean_build(&site);
        set_mode(
            &site.path(folder),
            if round < folders.len() { 0o555 } else { 0 },
        );
        let refused = build(&site);
        set_mode(&site.path(folder), 0o755);
        // Files are replaced within folders: that a folder itself is read-only is in nobody's way.
        if refused.code == Some(1) {
            assert!(
                refused.stderr.contains("public"),
                "{folder}: {}",
                refused.stderr
            );
            assert!(
                refused.stderr.contains("`--output`"),
                "{folder}: {}",
                refused.stderr
            );
            every_file_is_whole(&site.outputs(), &before, &after);
        } else {
            assert_eq!(folder, "public", "{}", refused.stderr);
        }
        build(&site).ok();
        assert_same(&site.outputs(), &after);
    }
}

#[test]
fn a_site_that_may_only_be_read_is_built_into_another_folder() {
    let site = gazette_of_somebody();
    let clean = clean_build(&site);
    let output = site.beside("output");
    std::fs::create_dir(&output).expect("a folder");
    set_mode(&output, 0o777);
    set_mode(&site.root(), 0o555);
    for _ in 0..2 {
        let mut command = unprivileged(&site, ["build", "--output", "../output"]);
        let built = run(&mut command).silent();
        no_panic(&built);
        assert_same(&published(&output), &clean);
    }
    for arguments in [&["new", "fresh/late"][..], &["build"], &["init", "fresh"]] {
        let refused = run(&mut unprivileged(&site, arguments));
        no_panic(&refused);
        let context = format!("{arguments:?}: {}", refused.stderr);
        let is_new = arguments[0] == "new";
        // content/ itself may be written to.
        assert_eq!(refused.code, Some(i32::from(!is_new)), "{context}");
        assert!(
            is_new || refused.stderr.to_lowercase().contains("permission denied"),
            "{context}"
        );
    }
    set_mode(&site.root(), 0o755);
    assert!(!Path::new(&site.path("fresh")).exists());
}

/// As when somebody else had built into it, by root or on another account.
#[test]
fn an_output_of_somebody_else_s_is_told_and_left_alone() {
    let site = gazette_of_somebody();
    build(&site).ok();
    let before = site.outputs();
    set_title(&site, "Herald");
    set_mode(&site.path("public/.pressroom/lock"), 0o444);
    set_mode(&site.path("public"), 0o555);
    set_mode(&site.path("public/.pressroom"), 0o555);
    let refused = build(&site).failed();
    assert!(refused.stderr.contains("public"), "{}", refused.stderr);
    assert!(refused.stderr.contains("`--output`"), "{}", refused.stderr);
    assert_same(&site.outputs(), &before);
    for folder in ["public", "public/.pressroom"] {
        set_mode(&site.path(folder), 0o755);
    }
    set_mode(&site.path("public/.pressroom/lock"), 0o644);
    build(&site).ok();
    assert_same(&site.outputs(), &clean_build(&site));
}
