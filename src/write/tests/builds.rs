//! What a build changes and what it leaves as it is.

use std::fs;

use super::{Site, age, is_old, text, texts};
use crate::diagnostics::Code;
use crate::write::{Notes, Report};

fn paths(paths: &[&str]) -> Vec<String> {
    paths.iter().map(|path| (*path).to_owned()).collect()
}

#[test]
fn a_first_build_creates_the_folder_and_everything_in_it() {
    let site = Site::new();
    let output = site.open_at("deep/er/public").unwrap();
    output.stage("news/a/index.html", b"A", None).unwrap();
    output.stage("index.html", b"Home", None).unwrap();
    output.stage("empty.txt", b"", None).unwrap();
    let report = output.commit(Notes::default()).unwrap();
    assert_eq!(
        report,
        Report {
            written: paths(&["empty.txt", "index.html", "news/a/index.html"]),
            removed: vec![],
            unchanged: 0,
            bytes_written: 5,
        }
    );
    let home = fs::read(site.path("deep/er/public/index.html")).unwrap();
    assert_eq!(home, b"Home");
}

#[test]
fn a_removed_article_leaves_no_stale_page() {
    let site = Site::new();
    site.build(&[("news/2024/a/index.html", "A"), ("news/b/index.html", "B")])
        .unwrap();
    let report = site.build(&[("news/b/index.html", "B")]).unwrap();
    assert_eq!(report.removed, paths(&["news/2024/a/index.html"]));
    assert_eq!(
        site.files(),
        texts(&[("news/", ""), ("news/b/", ""), ("news/b/index.html", "B")])
    );
    site.build(&[]).unwrap();
    assert_eq!(site.files(), texts(&[]));
    assert!(site.out("").is_dir());
}

#[test]
fn an_unchanged_output_keeps_its_time() {
    let site = Site::new();
    let before = [("a.html", "one"), ("b.html", "one"), ("c.html", "one")];
    site.build(&before).unwrap();
    for (path, _) in before {
        age(&site.out(path));
    }
    let report = site
        .build(&[("a.html", "one"), ("b.html", "two"), ("c.html", "three")])
        .unwrap();
    assert_eq!(report.written, paths(&["b.html", "c.html"]));
    assert_eq!((report.unchanged, report.bytes_written), (1, 8));
    assert!(is_old(&site.out("a.html")));
    assert!(!is_old(&site.out("b.html")));
    assert_eq!(
        site.files(),
        texts(&[("a.html", "one"), ("b.html", "two"), ("c.html", "three")])
    );
}

#[test]
fn building_again_writes_nothing_at_all() {
    let site = Site::new();
    let outputs = [("news/a/index.html", "A"), ("site.css", "b{}")];
    site.build(&outputs).unwrap();
    age(&site.out(".pressroom/manifest"));
    let report = site.build(&outputs).unwrap();
    assert_eq!(report.unchanged, 2);
    assert!(is_old(&site.out(".pressroom/manifest")));
    assert!(!site.out(".pressroom/staging").exists());
}

#[test]
fn equal_sites_leave_equal_manifests() {
    let (one, two) = (Site::new(), Site::new());
    one.build(&[("a.html", "A"), ("b/c.html", "C")]).unwrap();
    two.build(&[("x.html", "X"), ("b/c.html", "old")]).unwrap();
    two.build(&[("b/c.html", "C"), ("a.html", "A")]).unwrap();
    assert_eq!(one.manifest(), two.manifest());
    assert_eq!(
        one.manifest(),
        "pressroom manifest 1\n\
         d0d496e05c553485 1 a.html\n\
         616e98f5aa1c80c0 1 b/c.html\n"
    );
}

#[test]
fn a_copied_file_is_treated_like_a_page() {
    let site = Site::new();
    let source = site.path("photo.jpg");
    let build = || {
        let output = site.open().unwrap();
        output.stage_file("img/photo.jpg", &source, None).unwrap();
        output.commit(Notes::default()).unwrap()
    };
    // Larger than any piece that is read at a time, and different only at its end.
    let mut bytes = vec![7; 200_000];
    fs::write(&source, &bytes).unwrap();
    assert_eq!(build().bytes_written, 200_000);
    let manifest = site.manifest();
    age(&site.out("img/photo.jpg"));
    assert_eq!(build().unchanged, 1);
    assert!(is_old(&site.out("img/photo.jpg")));

    bytes[199_999] = 8;
    fs::write(&source, &bytes).unwrap();
    assert_eq!(build().written, paths(&["img/photo.jpg"]));
    assert_eq!(fs::read(site.out("img/photo.jpg")).unwrap(), bytes);
    assert_ne!(site.manifest(), manifest);

    // Handed over as bytes it is the same output.
    let output = site.open().unwrap();
    output.stage("img/photo.jpg", &bytes, None).unwrap();
    let changed = site.manifest();
    assert_eq!(output.commit(Notes::default()).unwrap().unchanged, 1);
    assert_eq!(site.manifest(), changed);
}

#[cfg(unix)]
#[test]
fn a_copied_file_that_cannot_be_read_is_named() {
    let site = Site::new();
    let output = site.open().unwrap();
    let missing = site.path("static/photo.jpg");
    let error = output.stage_file("photo.jpg", &missing, None).unwrap_err();
    assert_eq!(error.code, Code::Unreadable);
    assert_eq!(error.place.unwrap().to_string(), "static/photo.jpg");
    assert_eq!(
        error.message,
        "static/photo.jpg cannot be copied: No such file or directory"
    );
}

#[test]
fn a_page_becomes_a_folder_and_a_page_again() {
    let site = Site::new();
    let (file, folder) = ([("a", "file")], [("a/b/index.html", "page")]);
    site.build(&file).unwrap();
    let report = site.build(&folder).unwrap();
    assert_eq!(report.removed, paths(&["a"]));
    assert_eq!(
        site.files(),
        texts(&[("a/", ""), ("a/b/", ""), ("a/b/index.html", "page")])
    );
    let report = site.build(&file).unwrap();
    assert_eq!(report.removed, paths(&["a/b/index.html"]));
    assert_eq!(site.files(), texts(&file));
}

#[test]
fn a_folder_next_to_the_one_that_becomes_a_page_stays() {
    let site = Site::new();
    site.build(&[("a/b/index.html", "old")]).unwrap();
    site.build(&[("a/b", "file")]).unwrap();
    assert_eq!(site.files(), texts(&[("a/", ""), ("a/b", "file")]));
}

#[test]
fn a_build_that_fails_changes_nothing() {
    let site = Site::new();
    site.build(&[("a.html", "A"), ("b.html", "B")]).unwrap();
    let (files, manifest) = (site.files(), site.manifest());
    let output = site.open().unwrap();
    output.stage("a.html", b"new", None).unwrap();
    output.stage("c/d.html", b"new", None).unwrap();
    drop(output);
    assert_eq!(site.files(), files);
    assert_eq!(site.manifest(), manifest);
    assert!(!site.out(".pressroom/staging").exists());
}

#[test]
fn an_output_that_was_tampered_with_or_deleted_is_written_again() {
    let site = Site::new();
    site.build(&[("a/a.html", "A"), ("b.html", "B")]).unwrap();
    site.place("b.html", "X");
    fs::remove_dir_all(site.out("a")).unwrap();
    let report = site.build(&[("a/a.html", "A"), ("b.html", "B")]).unwrap();
    assert_eq!(report.written, paths(&["a/a.html", "b.html"]));
    assert_eq!(
        site.files(),
        texts(&[("a/", ""), ("a/a.html", "A"), ("b.html", "B")])
    );
}

#[test]
fn one_path_cannot_be_written_twice() {
    let site = Site::new();
    let output = site.open().unwrap();
    output.stage("a.html", b"one", None).unwrap();
    output.stage("a.html", b"two", None).unwrap();
    let error = output.commit(Notes::default()).unwrap_err();
    assert_eq!(
        text(&error),
        "output: public/a.html was written twice in one build\n-"
    );
}

#[test]
fn one_path_cannot_be_a_page_and_a_folder() {
    let site = Site::new();
    let expected = "output: public/a is both a file and a folder of the site\n\
                    give one of the two another URL";
    let error = site.build(&[("a", "A"), ("a/b.html", "B")]).unwrap_err();
    assert_eq!(text(&error), expected);
    // Also when the folder is there already.
    site.build(&[("a/b.html", "B")]).unwrap();
    let error = site.build(&[("a", "A"), ("a/b.html", "B")]).unwrap_err();
    assert_eq!(text(&error), expected);
    assert_eq!(site.files(), texts(&[("a/", ""), ("a/b.html", "B")]));
}

#[test]
fn a_path_that_could_leave_the_folder_is_refused() {
    let site = Site::new();
    let output = site.open().unwrap();
    let long = "x".repeat(256);
    for path in [
        "",
        ".",
        "..",
        "../a",
        "a/../../b",
        "/etc/passwd",
        "a//b",
        "a/",
        "a/./b",
        ".pressroom",
        ".pressroom/manifest",
        ".PressRoom/manifest",
        "a\nb",
        "a\0b",
        &long,
    ] {
        assert_eq!(
            output.stage(path, b"x", None).unwrap_err().code,
            Code::Output,
            "{path:?}"
        );
        let file = site.path("content/a.md");
        assert!(output.stage_file(path, &file, None).is_err(), "{path:?}");
    }
    let error = output.stage("../a", b"x", None).unwrap_err();
    assert_eq!(
        text(&error),
        "output: \"../a\" cannot be the path of a file in public\n\
         a path is relative, has `/` between its parts, no empty part, `.`, `..` or control \
         character, no part of more than 255 bytes, and does not begin with `.pressroom`"
    );
    for path in [
        ".well-known/security.txt",
        "…/größe 1.html",
        "a/.pressroom",
        "..a",
    ] {
        output.stage(path, b"x", None).unwrap();
    }
    assert_eq!(output.commit(Notes::default()).unwrap().written.len(), 4);
}

#[test]
fn outputs_may_come_from_many_threads() {
    use rayon::prelude::*;
    let site = Site::new();
    for text in ["one", "two"] {
        let output = site.open().unwrap();
        (0..500).into_par_iter().for_each(|i| {
            let path = format!("section{}/{i}/index.html", i % 7);
            output
                .stage(&path, format!("{text} {i}").as_bytes(), None)
                .unwrap();
        });
        assert_eq!(output.commit(Notes::default()).unwrap().written.len(), 500);
        for i in 0..500 {
            let page = fs::read_to_string(site.out(&format!("section{}/{i}/index.html", i % 7)));
            assert_eq!(page.unwrap(), format!("{text} {i}"));
        }
    }
}

#[test]
fn a_respelt_path_is_not_stale_on_a_disk_that_ignores_case() {
    let site = Site::new();
    site.build(&[("About.html", "old"), ("Gone.html", "old")])
        .unwrap();
    let mut output = site.open().unwrap();
    // Pretended, where the disk does not: `about.html` would be found under its old name.
    output.ignores_case = true;
    output.stage("about.html", b"new", None).unwrap();
    let report = output.commit(Notes::default()).unwrap();
    assert_eq!(report.removed, paths(&["Gone.html"]));
    assert!(site.out("About.html").exists());
}
