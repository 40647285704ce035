//! Builds that are killed or interrupted: whenever it happens, each file of the site is whole, the
//! site before is complete until files come into place, and the next build completes what was begun.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::support::random::Random;
use super::support::{Site, Tree, article, assert_same};
use super::{clean_build, every_file_is_whole, gazette, nothing_is_left_over, set_title, trials};

const ARTICLES: usize = 30;
const KILLS: usize = 300;
/// Sites whose builds are killed at the same time.
const SITES: usize = 3;

/// The site in one of two states: another title on every page, and another article.
fn edit(site: &Site, state: usize) {
    let titles = ["Gazette", "Herald"];
    set_title(site, titles[state]);
    let names = ["content/extra/first.md", "content/extra/second.md"];
    let _ = fs::remove_file(site.path(names[1 - state]));
    let text = article("An extra", "date: 2024-02-02\n", "Read all about it.\n");
    site.write(names[state], text);
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

/// Starts a build. `env` has it heed interrupts, also where this test was started by a script that
/// does not.
fn begin(site: &Site) -> Child {
    let own = site.command(["build"]);
    let mut command = Command::new("env");
    command.arg("--default-signal=INT").arg(own.get_program());
    command.args(own.get_args()).current_dir(site.root());
    for (name, value) in own.get_envs() {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    command.stdout(Stdio::null());
    command.spawn().expect("the binary runs")
}

/// How a build is ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Signal {
    Kill = 9,
    Interrupt = 2,
}

impl Signal {
    fn in_turn(round: usize) -> Self {
        if round.is_multiple_of(2) {
            Self::Kill
        } else {
            Self::Interrupt
        }
    }

    /// Ends a build, and says whether it was still at work.
    fn end(self, mut build: Child) -> bool {
        match self {
            Self::Kill => build.kill().expect("it is killed, or done"),
            Self::Interrupt => {
                let id = build.id().to_string();
                let told = Command::new("sh")
                    .args(["-c", "kill -INT \"$0\"", &id])
                    .status();
                assert!(told.expect("a shell").success());
            }
        }
        let status = build.wait().expect("it is gone");
        assert!(
            status.success() || status.signal() == Some(self as i32),
            "{self:?}: {status}"
        );
        !status.success()
    }
}

/// Waits until a build puts the first of its files into place, or is done.
fn wait_for_the_first_file(site: &Site, build: &mut Child) {
    let first = site.path("public/404.html");
    let time = || fs::metadata(&first).and_then(|metadata| metadata.modified());
    let before = time().expect("a page");
    while time().is_ok_and(|now| now == before)
        && build.try_wait().expect("a child of ours").is_none()
    {
        std::thread::sleep(Duration::from_micros(100));
    }
}

/// What became of builds that were to be killed.
#[derive(Default)]
struct Killed {
    /// How many builds there were.
    rounds: usize,
    /// How many were still at work when their end came.
    all: usize,
    /// How many of them had put some of their files into place, and not all.
    halfway: usize,
}

/// Kills builds of one site, after each of which the next one makes what a clean one does.
fn kill_builds(seed: usize, kills: usize) -> Killed {
    let site = gazette(ARTICLES);
    let states = [0, 1].map(|state| {
        edit(&site, state);
        clean_build(&site)
    });
    let changing = |path: &&String| states[0].get(*path) != states[1].get(*path);
    let changing = states[0].keys().filter(changing).count();
    edit(&site, 0);
    site.build(&[]).silent();
    edit(&site, 1);
    let (took, writing) = measure(&site);
    assert_same(&site.outputs(), &states[1]);

    let mut random = Random::new(seed as u64);
    let mut killed = Killed::default();
    // Where a build was done before its end came, another one is killed.
    while killed.all < kills {
        let round = killed.rounds;
        killed.rounds += 1;
        assert!(
            round < 4 * kills,
            "{} of {round} builds were killed",
            killed.all
        );
        let (before, after) = (&states[(round + 1) % 2], &states[round % 2]);
        edit(&site, round % 2);
        let part = ((round % kills) as f64 + random.fraction()) / kills as f64;
        let mut build = begin(&site);
        if round / 2 % 2 == 0 {
            std::thread::sleep(took.mul_f64(part));
        } else {
            // While files come into place, which is a small part of the time; before that they
            // are looked for, and afterwards it is written down.
            wait_for_the_first_file(&site, &mut build);
            std::thread::sleep(writing.mul_f64(part / 2.0));
        }
        killed.all += usize::from(Signal::in_turn(round).end(build));

        let new = every_file_is_whole(&site.outputs(), before, after);
        killed.halfway += usize::from(new > 0 && new < changing);
        site.build(&[]).silent();
        assert_same(&site.outputs(), after);
        nothing_is_left_over(&site);
    }
    killed
}

#[test]
fn a_build_that_is_killed_leaves_every_file_whole_and_the_next_one_completes_it() {
    let kills = trials(KILLS);
    let sites = std::thread::scope(|scope| {
        let sites: Vec<_> = (0..SITES)
            .map(|seed| scope.spawn(move || kill_builds(seed, kills / SITES)))
            .collect();
        let ended = sites
            .into_iter()
            .map(|site| site.join().expect("no mistake"));
        ended.collect::<Vec<Killed>>()
    });
    let sum = |count: fn(&Killed) -> usize| sites.iter().map(count).sum::<usize>();
    let (rounds, all) = (sum(|it| it.rounds), sum(|it| it.all));
    let halfway = sum(|it| it.halfway);
    println!("{all} of {rounds} builds were killed, {halfway} halfway through their files");
    assert!(halfway > 0, "none was killed halfway through its files");
}

#[test]
fn a_first_build_that_is_killed_is_begun_again() {
    let site = gazette(ARTICLES);
    let whole = clean_build(&site);
    let started = Instant::now();
    site.build(&[]).silent();
    let took = started.elapsed();
    let mut random = Random::new(5);
    for round in 0..trials(20) {
        site.remove("public");
        site.remove(".pressroom");
        let build = begin(&site);
        std::thread::sleep(took.mul_f64(random.fraction()));
        Signal::in_turn(round).end(build);
        if site.path("public").exists() {
            every_file_is_whole(&site.outputs(), &Tree::new(), &whole);
        }
        site.build(&[]).silent();
        assert_same(&site.outputs(), &whole);
        nothing_is_left_over(&site);
    }
}
