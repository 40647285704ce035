//! Which folders a site may be written to.

use std::fs;

use super::{Site, text};
use crate::diagnostics::Code;
use crate::write::open;

/// The message for an output folder, with the site's own path left out.
fn refusal(site: &Site, output: &str) -> String {
    let error = site.open_at(output).unwrap_err();
    assert_eq!(error.code, Code::Output);
    error.message.replace(site.root().to_str().unwrap(), "SITE")
}

#[test]
fn the_output_is_not_the_site_itself() {
    let site = Site::new();
    assert_eq!(
        refusal(&site, ""),
        "the output folder . is the site's own folder"
    );
    assert_eq!(
        refusal(&site, "public/.."),
        "the output folder public/.. is the site's own folder"
    );
    assert!(refusal(&site, "..").ends_with("contains the site's own folder SITE"));
    assert!(!site.path(".pressroom").exists());
}

#[test]
fn the_output_is_not_a_source() {
    let site = Site::new();
    assert_eq!(
        text(&site.open_at("content").unwrap_err()),
        "output: the output folder content is content, which the site is made from\n\
         choose a folder of its own for the output, such as `public`"
    );
    for (output, message) in [
        ("content/public", "lies inside content"),
        ("public/../content", "is content"),
        ("public/../content/new/deep", "lies inside content"),
        // Those that do not exist yet count as well.
        ("data", "is data"),
        ("data/out", "lies inside data"),
        ("pressroom.yaml", "is pressroom.yaml"),
    ] {
        let expected = format!("the output folder {output} {message}, which the site is made from");
        assert_eq!(refusal(&site, output), expected);
    }
    assert!(!site.path("data").exists());
    assert_eq!(fs::read_dir(site.path("content")).unwrap().count(), 1);
}

#[test]
fn the_output_does_not_contain_a_source_elsewhere() {
    let site = Site::new();
    let sources = [site.path("shared/theme")];
    let error = open(&site.path("shared"), &site.path("content"), &sources).unwrap_err();
    assert!(error.message.contains("contains "), "{}", error.message);
}

#[test]
fn a_name_that_only_begins_like_a_source_is_fine() {
    let site = Site::new();
    site.open_at("content-public").unwrap();
}

#[cfg(unix)]
#[test]
fn links_do_not_hide_a_source() {
    use std::os::unix::fs::symlink;
    let site = Site::new();
    symlink(site.path("content"), site.path("public")).unwrap();
    assert_eq!(
        refusal(&site, "public"),
        "the output folder public is content, which the site is made from"
    );
    assert!(refusal(&site, "public/new").contains("lies inside content"));
    // A source that is a link itself.
    symlink(site.path("real-data"), site.path("link")).unwrap();
    fs::create_dir(site.path("real-data")).unwrap();
    symlink(site.path("real-data"), site.path("data")).unwrap();
    assert!(refusal(&site, "real-data").contains("is data"));
    // A link that leads nowhere.
    symlink(site.path("nowhere"), site.path("dangling")).unwrap();
    assert_eq!(
        refusal(&site, "dangling"),
        "the output folder dangling cannot be found: No such file or directory"
    );
}

#[cfg(unix)]
#[test]
fn the_output_may_be_a_link_to_a_folder_elsewhere() {
    let site = Site::new();
    fs::create_dir(site.path("www")).unwrap();
    std::os::unix::fs::symlink(site.path("www"), site.path("public")).unwrap();
    site.build(&[("a.html", "A")]).unwrap();
    assert_eq!(fs::read(site.path("www/a.html")).unwrap(), b"A");
    assert!(site.path("public").is_symlink());
}

#[cfg(unix)]
#[test]
fn a_file_is_no_output_folder() {
    let site = Site::new();
    fs::write(site.path("public"), "").unwrap();
    assert_eq!(
        text(&site.open().unwrap_err()),
        "output: public is a file, but the site is written to a folder\n\
         choose another folder with `--output`"
    );
    assert_eq!(
        text(&site.open_at("public/deep").unwrap_err()),
        "output: the output folder public/deep cannot be found: Not a directory\n\
         allow writing to it, or choose another folder with `--output`"
    );
}

#[cfg(target_os = "linux")]
#[test]
fn a_folder_that_cannot_be_written_is_refused() {
    // Not even root can create anything here.
    let site = Site::new();
    let output = std::path::Path::new("/proc/self/pressroom");
    let error = open(output, site.root(), &[]).unwrap_err();
    assert!(
        error
            .message
            .starts_with("the output folder /proc/self/pressroom cannot be created: "),
        "{}",
        error.message
    );
}

#[test]
fn two_builds_do_not_write_to_one_folder() {
    let site = Site::new();
    let first = site.open().unwrap();
    assert_eq!(
        text(&site.open().unwrap_err()),
        "output-locked: another build is writing to public\n\
         wait until it is done, or choose another folder with `--output`"
    );
    // Neither does the one that was refused disturb the other.
    first.stage("a.html", b"A", None).unwrap();
    first.commit(super::Notes::default()).unwrap();
    site.open().unwrap();
}

#[test]
fn a_lock_file_that_a_dead_build_left_means_nothing() {
    let site = Site::new();
    site.build(&[("a.html", "A")]).unwrap();
    assert!(site.out(".pressroom/lock").exists());
    site.build(&[("a.html", "B")]).unwrap();
}
