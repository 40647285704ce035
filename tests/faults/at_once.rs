//! Several builds at once, and locks of builds that are dead.

use std::fs;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use super::support::random::Random;
use super::support::{Run, Site, assert_same, published, run};
use super::{clean_build, gazette, no_panic, nothing_is_left_over, set_title, trials};

const ARTICLES: usize = 30;

/// Runs commands that begin so long after one another.
fn beside_each_other(commands: Vec<(Duration, Command)>) -> Vec<Run> {
    std::thread::scope(|scope| {
        let runs: Vec<_> = commands
            .into_iter()
            .map(|(later, mut command)| {
                scope.spawn(move || {
                    std::thread::sleep(later);
                    run(&mut command)
                })
            })
            .collect();
        let ended = runs.into_iter().map(|run| run.join().expect("it ends"));
        ended.collect()
    })
}

fn is_locked_out(run: &Run) -> bool {
    run.code == Some(1) && run.stderr.contains("error[output-locked]")
}

#[test]
fn of_two_builds_into_one_folder_one_is_refused_or_both_publish_the_same() {
    let site = gazette(ARTICLES);
    let titles = ["Gazette", "Herald"];
    let states = titles.map(|title| {
        set_title(&site, title);
        clean_build(&site)
    });
    let started = Instant::now();
    site.build(&[]).silent();
    let took = started.elapsed();
    let mut random = Random::new(2);
    let (mut refused, rounds) = (0, trials(30));
    for round in 0..rounds {
        let after = &states[round % 2];
        set_title(&site, titles[round % 2]);
        let later = |random: &mut Random| took.mul_f64(random.fraction() / 2.0);
        let builds = (0..3).map(|_| (later(&mut random), site.command(["build"])));
        let runs = beside_each_other(builds.collect());
        for run in &runs {
            no_panic(run);
            assert!(run.code == Some(0) || is_locked_out(run), "{}", run.stderr);
        }
        assert!(runs.iter().any(|run| run.code == Some(0)), "{runs:?}");
        refused += runs.iter().filter(|run| is_locked_out(run)).count();
        assert_same(&site.outputs(), after);
        site.build(&[]).ok();
        assert_same(&site.outputs(), after);
        nothing_is_left_over(&site);
    }
    println!("{refused} of {} builds were refused", rounds * 3);
    assert!(refused > 0, "no two builds met");
}

/// They have the same folder for what is kept.
#[test]
fn builds_of_one_site_into_several_folders_do_not_get_into_each_other_s_way() {
    let site = gazette(ARTICLES);
    for round in 0..trials(10) {
        set_title(&site, ["Gazette", "Herald"][round % 2]);
        let clean = clean_build(&site);
        let folders = ["one", "two", "three"].map(|name| site.beside(name));
        let build = |folder| {
            let mut command = site.command(["build", "--output"]);
            command.arg(folder);
            (Duration::ZERO, command)
        };
        for run in beside_each_other(folders.iter().map(build).collect()) {
            no_panic(&run);
            assert_eq!(run.code, Some(0), "{}", run.stderr);
            let warned = run
                .stderr
                .lines()
                .filter(|line| line.starts_with("warning"));
            assert!(
                warned
                    .into_iter()
                    .all(|line| line.contains("[cache-unusable]")),
                "{}",
                run.stderr
            );
        }
        for folder in &folders {
            assert_same(&published(folder), &clean);
        }
    }
}

/// Stops a process, or lets it go on, or ends it.
fn tell(signal: &str, process: u32) {
    let told = Command::new("sh")
        .args(["-c", "kill -\"$0\" \"$1\"", signal, &process.to_string()])
        .status();
    assert!(told.expect("a shell").success());
}

/// Begins a build that is stopped while it has the folder to itself.
fn stopped_build(site: &Site) -> std::process::Child {
    let staging = site.path("public/.pressroom/staging");
    loop {
        let mut command = site.command(["build"]);
        let mut build = command
            .stdout(Stdio::null())
            .spawn()
            .expect("the binary runs");
        while build.try_wait().expect("a child of ours").is_none() {
            if staging.exists() {
                tell("STOP", build.id());
                if staging.exists() {
                    return build;
                }
                tell("CONT", build.id());
            }
        }
        set_title(site, "Once more");
        set_title(site, "Herald");
    }
}

#[test]
fn a_lock_dies_with_the_build_that_had_it() {
    let site = gazette(ARTICLES);
    site.build(&[]).silent();
    let before = site.outputs();
    set_title(&site, "Herald");
    let mut build = stopped_build(&site);
    for command in ["build", "clean"] {
        let refused = site.run([command]).failed();
        assert!(is_locked_out(&refused), "{}", refused.stderr);
        assert!(
            refused.stderr.contains("wait until it is done"),
            "{}",
            refused.stderr
        );
    }
    let found = site.outputs();
    super::every_file_is_whole(&found, &before, &clean_build(&site));
    tell("KILL", build.id());
    build.wait().expect("it is gone");
    site.build(&[]).silent();
    assert_same(&site.outputs(), &clean_build(&site));
}

#[test]
fn a_lock_file_that_is_left_over_holds_nobody_up() {
    let site = gazette(3);
    site.build(&[]).silent();
    for left in ["", "1\n", "pid 4194304 of another machine\n"] {
        site.write("public/.pressroom/lock", left);
        set_title(&site, "Herald");
        site.build(&[]).silent();
    }
    assert_same(&site.outputs(), &clean_build(&site));
    // Nor does what a build that died had begun to write, however much of it there is.
    for path in [
        "public/.pressroom/staging/0",
        "public/.pressroom/staging/folder/0",
    ] {
        site.write(path, "half of a page");
    }
    for name in ["articles", "related"] {
        site.write(&format!(".pressroom/{name}.new-4194304"), "half of it");
    }
    set_title(&site, "Gazette");
    site.build(&[]).silent();
    assert_same(&site.outputs(), &clean_build(&site));
    nothing_is_left_over(&site);
    assert!(
        fs::read_dir(site.path(".pressroom"))
            .expect("it is kept")
            .count()
            > 0
    );
}
