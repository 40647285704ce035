//! Disks on which nothing fits any more, or that nobody may write to.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::machine::{Disk, skip};
use super::support::server::Server;
use super::support::{Run, Site, Tree, assert_same, published, run, tree};
use super::{clean_build, every_file_is_whole, gazette, no_panic, set_title, trials};

const FILLER: &str = "filler";

/// Leaves only so many bytes on a disk of ours, by a file that takes all the others.
fn leave(free: u64, disk: &Path) {
    let filler = disk.join(FILLER);
    let all = vec![b'x'; 64 << 20];
    // Whatever does not fit is left out.
    let _ = fs::write(&filler, all);
    let file = fs::File::options().write(true).open(&filler);
    let file = file.expect("the filler");
    let size = file.metadata().expect("the filler").len();
    file.set_len(size.saturating_sub(free)).expect("less fits");
}

fn make_room(disk: &Path) {
    fs::remove_file(disk.join(FILLER)).expect("the filler");
}

fn is_about_space(run: &Run) -> bool {
    let said = run.stderr.to_lowercase();
    said.contains("no space left on device") && said.contains("free some space, then")
}

/// Insists that a run says once which file did not fit, and what to do.
#[track_caller]
fn says_the_disk_is_full(run: &Run) {
    no_panic(run);
    assert_eq!(run.code, Some(1), "{}", run.stderr);
    assert!(
        run.stderr.matches("error[output]: ").count() == 1 && is_about_space(run),
        "{}",
        run.stderr
    );
}

/// A site whose output folder is a disk of one megabyte, and what is on it.
fn on_a_small_disk(articles: usize) -> Option<(Site, Disk, PathBuf)> {
    let site = gazette(articles);
    let public = site.path("public");
    let Some(disk) = Disk::mount("size=1m", &public) else {
        skip("a full disk", "mounting one");
        return None;
    };
    let seen = disk.seen(&public);
    Some((site, disk, seen))
}

#[test]
fn a_site_that_does_not_fit_is_not_published_in_part() {
    let Some((site, disk, public)) = on_a_small_disk(120) else {
        return;
    };
    let build = || run(&mut disk.pressroom(&site.root(), ["build"]));
    says_the_disk_is_full(&build());
    assert_same(&published(&public), &Tree::new());
    disk.remount("size=64m", &site.path("public"));
    build().silent();
    assert_same(&published(&public), &clean_build(&site));
}

#[test]
fn a_disk_that_fills_up_during_a_build_leaves_the_site_as_it_was() {
    let Some((site, disk, public)) = on_a_small_disk(5) else {
        return;
    };
    let build = || run(&mut disk.pressroom(&site.root(), ["build"]));
    let titles = ["Gazette", "Herald"];
    let states = titles.map(|title| {
        set_title(&site, title);
        clean_build(&site)
    });
    set_title(&site, titles[1]);
    build().silent();
    let (mut full, rounds) = (0, trials(40));
    for round in 0..rounds {
        let (before, after) = (&states[(round + 1) % 2], &states[round % 2]);
        set_title(&site, titles[round % 2]);
        leave((round * 4096 * 90 / rounds) as u64, &public);
        let outcome = build();
        make_room(&public);
        no_panic(&outcome);
        let found = without_filler(published(&public));
        if outcome.code == Some(0) {
            assert_same(&found, after);
        } else {
            says_the_disk_is_full(&outcome);
            every_file_is_whole(&found, before, after);
            full += 1;
        }
        build().silent();
        assert_same(&published(&public), after);
    }
    println!("{full} of {rounds} builds did not fit");
    assert!(full > rounds / 4, "only {full} of {rounds} did not fit");
}

fn without_filler(mut tree: Tree) -> Tree {
    tree.remove(FILLER);
    tree
}

/// What is kept for the next build is a matter of speed.
#[test]
fn a_site_is_published_although_nothing_can_be_kept_for_the_next_build() {
    let site = gazette(12);
    let clean = clean_build(&site);
    let kept = site.path(".pressroom");
    let Some(disk) = Disk::mount("size=64k", &kept) else {
        skip("a full disk for what is kept", "mounting one");
        return;
    };
    let seen = disk.seen(&kept);
    for free in [0, 4096, 8192, 16 * 1024, 32 * 1024] {
        leave(free, &seen);
        let built = run(&mut disk.pressroom(&site.root(), ["build"])).silent();
        assert!(built.stdout.contains("Published"), "{}", built.stdout);
        assert_same(&site.outputs(), &clean);
        let left: Vec<_> = tree(&seen).into_keys().collect();
        assert!(left.iter().all(|name| !name.contains("new")), "{left:?}");
        site.remove("public");
        make_room(&seen);
    }
}

#[test]
fn a_disk_that_is_read_only_is_told() {
    let Some((site, disk, public)) = on_a_small_disk(5) else {
        return;
    };
    let build = || run(&mut disk.pressroom(&site.root(), ["build"]));
    build().silent();
    let before = published(&public);
    set_title(&site, "Herald");
    disk.remount("ro", &site.path("public"));
    for command in ["build", "clean"] {
        let refused = run(&mut disk.pressroom(&site.root(), [command])).failed();
        assert!(
            refused.stderr.contains("Read-only file system")
                && refused
                    .stderr
                    .contains("choose another folder with `--output`"),
            "{}",
            refused.stderr
        );
    }
    assert_same(&published(&public), &before);
    disk.remount("rw", &site.path("public"));
    build().silent();
    assert_same(&published(&public), &clean_build(&site));
}

/// Commands that write a site's files, on a disk without a free byte.
#[test]
fn what_people_begin_on_a_full_disk_is_not_left_half_done() {
    let site = gazette(3);
    let folder = site.beside("disk");
    let Some(disk) = Disk::mount("size=256k", &folder) else {
        skip("beginning a site on a full disk", "mounting one");
        return;
    };
    let seen = disk.seen(&folder);
    let inside = |arguments: &[&str]| run(&mut disk.pressroom(&folder, arguments));

    // Room for folders and names, but for no text.
    leave(0, &seen);
    let failed = inside(&["init", "paper"]).failed();
    assert!(is_about_space(&failed), "{}", failed.stderr);
    assert!(
        !seen.join("paper").exists(),
        "a site that is half there is in the way of the next try"
    );
    make_room(&seen);
    inside(&["init", "paper"]).silent();

    leave(0, &seen);
    let new = ["new", "--root", "paper", "news/late"];
    let failed = inside(&new).failed();
    assert!(is_about_space(&failed), "{}", failed.stderr);
    assert!(!seen.join("paper/content/news/late.md").exists());
    make_room(&seen);
    inside(&new).silent();

    leave(0, &seen);
    let eject = ["theme", "eject", "article.html", "--root", "paper"];
    let failed = inside(&eject).failed();
    assert!(is_about_space(&failed), "{}", failed.stderr);
    assert!(!seen.join("paper/templates/article.html").exists());
    make_room(&seen);
    inside(&eject).silent();

    // Removing takes no room.
    disk.remount("size=16m", &folder);
    inside(&["build", "--root", "paper"]).silent();
    leave(0, &seen);
    inside(&["clean", "--root", "paper"]).silent();
    assert_same(&published(&seen.join("paper/public")), &Tree::new());
}

#[test]
fn an_import_that_does_not_fit_is_continued_by_the_next_one() {
    let site = gazette(3);
    let old = site.beside("old");
    for n in 0..10 {
        let post = format!("---\ntitle: Post {n}\n---\n\n{}\n", "Words. ".repeat(1_000));
        super::support::write(
            &old.join(format!("_posts/2024-01-{:02}-post.md", n + 1)),
            post,
        );
    }
    super::support::write(&old.join("_config.yml"), "title: Old\n");
    let whole = site.beside("whole");
    let import = |command: &mut Command, to: &Path| {
        run(command.args(["import", "jekyll"]).arg(&old).arg(to))
    };
    import(&mut super::support::pressroom(), &whole).ok();
    let folder = site.beside("disk");
    let Some(disk) = Disk::mount("size=256k", &folder) else {
        return skip("an import to a full disk", "mounting one");
    };
    let seen = disk.seen(&folder);
    leave(40_000, &seen);
    let inside = || disk.pressroom::<&str>(&folder, []);
    let failed = import(&mut inside(), Path::new("paper")).failed();
    no_panic(&failed);
    assert!(is_about_space(&failed), "{}", failed.stderr);
    make_room(&seen);
    import(&mut inside(), Path::new("paper")).ok();
    assert_same(&tree(&seen.join("paper")), &tree(&whole));
}

#[test]
fn a_site_on_a_disk_that_is_read_only_or_full_is_served_as_any_other() {
    let site = gazette(5);
    let folder = site.beside("disk");
    let Some(disk) = Disk::mount("size=8m", &folder) else {
        return skip("serving from a read-only disk", "mounting one");
    };
    let seen = disk.seen(&folder);
    super::support::copy(&site.root(), &seen);
    let page = |told: &str| {
        let mut command = disk.pressroom(&folder, ["serve", "--port", "0", "--format", "json"]);
        let (server, before) = Server::told(&mut command);
        assert!(before.is_empty(), "{told}: {before:?}");
        let page = server.get("/");
        assert_eq!(page.status, 200, "{told}");
        page.as_built()
    };
    let usual = page("with room");
    leave(0, &seen);
    assert_eq!(page("full"), usual);
    make_room(&seen);
    disk.remount("ro", &folder);
    assert_eq!(page("read-only"), usual);
}

/// A list that was cut off looks like a whole one.
#[test]
fn a_result_that_cannot_be_printed_is_a_failure() {
    let Ok(full) = fs::File::options().write(true).open("/dev/full") else {
        return skip("printing to a full disk", "/dev/full");
    };
    let site = gazette(3);
    for arguments in [&["list", "all"][..], &["build"], &["completions", "bash"]] {
        let mut command = site.command(arguments);
        command.stdout(full.try_clone().expect("a file"));
        let status = command.output().expect("the binary runs");
        let said = String::from_utf8_lossy(&status.stderr);
        assert_eq!(status.status.code(), Some(1), "{arguments:?}: {said}");
        assert!(
            said.contains("no space left on device"),
            "{arguments:?}: {said}"
        );
    }
}
