//! Builds that are killed: whenever it happens, each file of the site is whole, and the next
//! build completes what was begun.

mod support;

use std::fs;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use support::random::Random;
use support::{Site, Tree, archive, assert_same};

const ARTICLES: usize = 300;
const KILLS: usize = 50;

/// The site under one of two titles, which stand on every page.
fn set_title(site: &Site, title: &str) {
    site.write(
        "pressroom.yaml",
        format!("title: {title}\nbase_url: https://gazette.example/\n"),
    );
}

/// A build of the site into a folder of its own.
fn clean_build(site: &Site, title: &str) -> Tree {
    set_title(site, title);
    let folder = site.beside(title);
    site.build(&["--output", folder.to_str().expect("UTF-8")])
        .silent();
    support::published(&folder)
}

/// How long a build takes, and how long files come into place at its end.
fn measure(site: &Site) -> (Duration, Duration) {
    let started = Instant::now();
    let run = site.build(&["--profile", "--format", "json"]).silent();
    let took = started.elapsed();
    let profile = &run.json()[1];
    let writing = profile["stages_ms"]["write"].as_f64().expect("a stage");
    (took, Duration::from_secs_f64(writing / 1_000.0))
}

/// Starts a build.
fn begin(site: &Site) -> Child {
    let mut command = site.command(["build"]);
    command.stdout(Stdio::null());
    command.spawn().expect("the binary runs")
}

/// Kills a build, and says whether it was still at work.
fn kill(mut build: Child) -> bool {
    build.kill().expect("it is killed, or done");
    !build.wait().expect("it is gone").success()
}

/// Waits until a build puts the first of its files into place, or is done.
fn wait_for_the_first_file(site: &Site, build: &mut Child) {
    let first = site.path("public/404.html");
    let time = || fs::metadata(&first).and_then(|metadata| metadata.modified());
    let before = time().expect("a page");
    while time().is_ok_and(|now| now == before)
        && build.try_wait().expect("a child of ours").is_none()
    {
        std::thread::yield_now();
    }
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
    new
}

#[test]
fn a_build_that_is_killed_leaves_every_file_whole_and_the_next_one_completes_it() {
    let site = Site::in_memory();
    for n in 0..ARTICLES {
        let (path, text) = archive::article(n);
        site.write(&path, text);
    }
    let titles = ["Gazette", "Herald"];
    let [gazette, herald] = titles.map(|title| clean_build(&site, title));
    assert!(gazette.len() > ARTICLES && gazette.keys().eq(herald.keys()));

    let changing = gazette
        .iter()
        .filter(|(path, page)| herald[*path] != **page);
    let changing = changing.count();

    set_title(&site, titles[0]);
    site.build(&[]).silent();
    set_title(&site, titles[1]);
    let (took, writing) = measure(&site);
    println!("a build takes {took:?}, of which files come into place for {writing:?}");
    assert_same(&site.outputs(), &herald);

    let mut random = Random::new(50);
    let (mut killed, mut halfway) = (0, 0);
    let (mut before, mut after) = (&herald, &gazette);
    for round in 0..KILLS {
        set_title(&site, titles[round % 2]);
        let part = (round as f64 + random.fraction()) / KILLS as f64;
        let mut build = begin(&site);
        if round % 2 == 0 {
            std::thread::sleep(took.mul_f64(part));
        } else {
            // While files come into place, which is a small part of the time; before that they
            // are looked for, and afterwards it is written down.
            wait_for_the_first_file(&site, &mut build);
            std::thread::sleep(writing.mul_f64(part / 2.0));
        }
        killed += usize::from(kill(build));

        let new = every_file_is_whole(&site.outputs(), before, after);
        halfway += usize::from(new > 0 && new < changing);
        site.build(&[]).silent();
        assert_same(&site.outputs(), after);
        std::mem::swap(&mut before, &mut after);
    }
    println!("{killed} of {KILLS} builds were killed, {halfway} halfway through their files");
    assert!(killed > KILLS / 3, "only {killed} builds were killed");
    assert!(halfway > 0, "none was killed halfway through its files");
}

#[test]
fn a_first_build_that_is_killed_is_begun_again() {
    let site = Site::in_memory();
    for n in 0..ARTICLES / 4 {
        let (path, text) = archive::article(n);
        site.write(&path, text);
    }
    let whole = clean_build(&site, "Gazette");
    let mut random = Random::new(5);
    for _ in 0..8 {
        let build = begin(&site);
        std::thread::sleep(Duration::from_secs_f64(random.fraction() / 5.0));
        kill(build);
        if site.path("public").exists() {
            every_file_is_whole(&site.outputs(), &Tree::new(), &whole);
        }
        site.build(&[]).silent();
        assert_same(&site.outputs(), &whole);
        site.remove("public");
    }
}
