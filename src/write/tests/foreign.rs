//! What Pressroom did not write.

use std::fs;

use super::{Site, text, texts};
use crate::write::Notes;

#[test]
fn a_foreign_file_stays() {
    let site = Site::new();
    site.build(&[("a/index.html", "A"), ("b/index.html", "B")])
        .unwrap();
    site.place("notes.txt", "mine");
    site.place("a/notes.txt", "mine");
    site.build(&[("index.html", "Home")]).unwrap();
    assert_eq!(
        site.files(),
        texts(&[
            ("a/", ""),
            ("a/notes.txt", "mine"),
            ("index.html", "Home"),
            ("notes.txt", "mine")
        ])
    );
}

#[test]
fn what_came_into_a_folder_that_was_empty_meanwhile_stays() {
    let site = Site::new();
    let output = site.open().unwrap();
    output.stage("index.html", b"Home", None).unwrap();
    output.stage("news/a.html", b"A", None).unwrap();
    site.place("news/mine.txt", "mine");
    let error = output.commit(Notes::default()).unwrap_err();
    assert_eq!(
        text(&error),
        "output: public/news is in the way and was not written by Pressroom\n\
         move it to static/ if it belongs to the site, delete it, or give the page another URL"
    );
    assert_eq!(
        site.files(),
        texts(&[("news/", ""), ("news/mine.txt", "mine")])
    );
}

#[test]
fn a_foreign_file_is_not_overwritten() {
    let site = Site::new();
    site.build(&[("a.html", "A")]).unwrap();
    site.place("robots.txt", "mine");
    let files = site.files();
    let build = || {
        site.build(&[
            ("a.html", "new"),
            ("c/index.html", "C"),
            ("robots.txt", "ours"),
        ])
    };
    assert_eq!(
        text(&build().unwrap_err()),
        "output: public/robots.txt is in the way and was not written by Pressroom\n\
         move it to static/ if it belongs to the site, delete it, or give the page another URL"
    );
    assert_eq!(site.files(), files);

    site.place("c", "mine");
    let message = build().unwrap_err().message;
    assert_eq!(
        message,
        "public/c and one other file are in the way and were not written by Pressroom"
    );
}

#[test]
fn a_foreign_file_with_the_same_bytes_is_taken_over() {
    let site = Site::new();
    site.build(&[]).unwrap();
    site.place("robots.txt", "same");
    assert_eq!(site.build(&[("robots.txt", "same")]).unwrap().unchanged, 1);
    site.build(&[("robots.txt", "other")]).unwrap();
    assert_eq!(site.files(), texts(&[("robots.txt", "other")]));
}

#[test]
fn a_folder_with_a_foreign_file_does_not_become_a_page() {
    let site = Site::new();
    site.build(&[("a/index.html", "A"), ("z.html", "Z")])
        .unwrap();
    site.place("a/deep/notes.txt", "mine");
    let files = site.files();
    let error = site.build(&[("a", "file")]).unwrap_err();
    assert_eq!(
        error.message,
        "public/a/deep/notes.txt is in the way and was not written by Pressroom"
    );
    assert_eq!(site.files(), files);
    fs::remove_file(site.out("a/deep/notes.txt")).unwrap();
    site.build(&[("a", "file")]).unwrap();
    assert_eq!(site.files(), texts(&[("a", "file")]));
}

#[test]
fn a_folder_of_files_that_begin_with_a_dot_counts_as_empty() {
    let site = Site::new();
    site.place(".gitignore", "*");
    site.place(".git/HEAD", "ref");
    site.build(&[("a.html", "A")]).unwrap();
    site.build(&[]).unwrap();
    assert_eq!(
        site.files(),
        texts(&[(".git/", ""), (".git/HEAD", "ref"), (".gitignore", "*")])
    );
}

#[test]
fn a_folder_that_somebody_else_filled_is_refused_and_left_alone() {
    let site = Site::new();
    site.place("thesis.doc", "years of work");
    site.place("zebra.txt", "stripes");
    let error = site.open().unwrap_err();
    assert_eq!(
        text(&error),
        "output: public is not empty, and Pressroom did not make what is in it\n\
         choose an empty folder with `--output`, or delete what is in public, such as `thesis.doc`"
    );
    assert!(!site.out(".pressroom").exists());
    // A folder of that name is not enough.
    site.place(".pressroom/manifest", "something else\n");
    assert_eq!(site.open().unwrap_err(), error);
}

#[test]
fn a_damaged_manifest_costs_no_file_that_was_changed() {
    let site = Site::new();
    let before = [
        ("a.html", "A"),
        ("b.html", "B"),
        ("c.html", "C"),
        ("d.html", "D"),
    ];
    site.build(&before).unwrap();
    site.place("b.html", "mine now");
    site.place("e.html", "mine");
    let damaged = site
        .manifest()
        .replacen("manifest 1", "manifest 9", 1)
        .replacen(" c.html\n", " ../content/a.md\n", 1)
        + "0123456789abcdef 4 e.html\n"
        + "0123456789abcdef 3 content";
    fs::write(site.out(".pressroom/manifest"), damaged).unwrap();
    let report = site.build(&[("d.html", "D")]).unwrap();
    // Only what is surely ours goes: the line, its path and its bytes are as they were.
    assert_eq!(report.removed, ["a.html"]);
    assert_eq!(
        site.files(),
        texts(&[
            ("b.html", "mine now"),
            ("c.html", "C"),
            ("d.html", "D"),
            ("e.html", "mine")
        ])
    );
    assert!(site.path("content/a.md").exists());
    assert_eq!(site.manifest().lines().count(), 2);
}

#[test]
fn a_manifest_cannot_make_pressroom_delete_anything_outside() {
    let site = Site::new();
    site.build(&[("a.html", "A")]).unwrap();
    let hash = "0123456789abcdef";
    fs::write(
        site.out(".pressroom/manifest"),
        format!(
            "pressroom manifest 1\n{hash} 3 ../content/a.md\n{hash} 3 {}\n{hash} 0 .pressroom/lock\n",
            site.path("content/a.md").display()
        ),
    )
    .unwrap();
    site.build(&[("a.html", "A")]).unwrap();
    assert!(site.path("content/a.md").exists());
    assert!(site.out(".pressroom/lock").exists());
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn nothing_is_written_or_removed_through_a_link() {
        let site = Site::new();
        site.build(&[("news/a.html", "A"), ("news/b.html", "B")])
            .unwrap();
        // Somebody moves the folder away and links to it.
        fs::rename(site.out("news"), site.path("elsewhere")).unwrap();
        symlink(site.path("elsewhere"), site.out("news")).unwrap();
        let error = site.build(&[("news/a.html", "new")]).unwrap_err();
        assert_eq!(
            text(&error),
            "output: public/news is a link, and Pressroom writes only to its output folder itself\n\
             remove the link, or give the page another URL"
        );
        assert!(site.build(&[]).unwrap().removed.is_empty());
        assert_eq!(fs::read(site.path("elsewhere/a.html")).unwrap(), b"A");
        assert_eq!(fs::read(site.path("elsewhere/b.html")).unwrap(), b"B");
    }

    #[test]
    fn an_empty_folder_behind_a_link_stays() {
        let site = Site::new();
        site.build(&[("news/deep/a.html", "A")]).unwrap();
        fs::rename(site.out("news"), site.path("elsewhere")).unwrap();
        fs::remove_file(site.path("elsewhere/deep/a.html")).unwrap();
        symlink(site.path("elsewhere"), site.out("news")).unwrap();
        site.build(&[]).unwrap();
        assert!(site.path("elsewhere/deep").is_dir());
    }

    #[test]
    fn a_link_in_place_of_a_page_is_not_replaced() {
        let site = Site::new();
        site.build(&[("a.html", "A"), ("b.html", "B")]).unwrap();
        for name in ["a.html", "b.html"] {
            fs::remove_file(site.out(name)).unwrap();
            symlink(site.path("content/a.md"), site.out(name)).unwrap();
        }
        // Not even by the same bytes, which are the source's.
        assert!(site.build(&[("a.html", "# A")]).is_err());
        assert!(site.build(&[]).unwrap().removed.is_empty());
        assert!(site.out("b.html").is_symlink());
        assert_eq!(fs::read(site.path("content/a.md")).unwrap(), b"# A");
    }

    #[test]
    fn a_folder_with_a_link_in_it_does_not_become_a_page() {
        let site = Site::new();
        site.build(&[("a/index.html", "A")]).unwrap();
        fs::remove_file(site.out("a/index.html")).unwrap();
        symlink(site.path("content/a.md"), site.out("a/index.html")).unwrap();
        let error = site.build(&[("a", "file")]).unwrap_err();
        assert_eq!(
            error.message,
            "public/a/index.html is in the way and was not written by Pressroom"
        );
        assert!(site.out("a/index.html").is_symlink());
    }

    #[test]
    fn a_link_in_place_of_our_own_folder_is_refused() {
        let site = Site::new();
        fs::create_dir(site.path("public")).unwrap();
        fs::create_dir_all(site.path("elsewhere/staging/keep")).unwrap();
        symlink(site.path("elsewhere"), site.out(".pressroom")).unwrap();
        assert!(site.open().is_err());
        assert!(site.path("elsewhere/staging/keep").exists());
    }
}
