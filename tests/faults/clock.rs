//! Clocks that go backwards or are wrong: what is published follows from what files hold, whatever
//! their times say.

#![expect(
    clippy::disallowed_methods,
    reason = "what is dated wrongly is so by the machine's own clock"
)]

use std::fs;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::support::{Site, article, assert_same, published, run};
use super::{clean_build, set_title};

/// Each kind of file that a site is made from, and what it says in one of two states, which are of the
/// same size.
fn edit(site: &Site, state: usize) {
    let word = ["one", "two"][state];
    set_title(site, &format!("Gazette {word}"));
    let chart = format!("{word}\n\n{{{{<chart title=\"Readers\" data=\"numbers.csv\" />}}}}\n");
    site.write("content/news/story.md", article("The story", "", &chart));
    let comment = format!("- author: A reader\n  text: {word}\n");
    site.write("content/news/story.comments.yaml", comment);
    site.write("content/news/plan.svg", format!("<svg id=\"{word}\"/>\n"));
    site.write("data/numbers.csv", format!("day,web\nMon,{state}\n"));
    site.write("data/authors.yaml", format!("desk: {{name: {word}}}\n"));
    site.write("static/humans.txt", format!("{word}\n"));
    site.write("i18n/en.yaml", format!("tags: Topics {word}\n"));
    let template =
        "{% extends \"broadsheet/404.html\" %}\n{% block extra_head %}WORD{% endblock %}\n";
    site.write("templates/404.html", template.replace("WORD", word));
}

fn set_times(folder: &std::path::Path, time: SystemTime) {
    for entry in walkdir::WalkDir::new(folder).into_iter().flatten() {
        if entry.file_type().is_file() {
            let file = fs::File::options().write(true).open(entry.path());
            file.and_then(|file| file.set_modified(time))
                .expect("a time");
        }
    }
}

fn sources(site: &Site) -> impl Iterator<Item = std::path::PathBuf> {
    let names = [
        "pressroom.yaml",
        "content",
        "data",
        "static",
        "i18n",
        "templates",
    ];
    names.map(|name| site.path(name)).into_iter()
}

#[test]
fn files_of_any_time_are_read_when_they_hold_something_else() {
    let day = Duration::from_secs(86_400);
    let times = [
        SystemTime::now() + day,
        UNIX_EPOCH + day * 40_000,
        SystemTime::now() - day,
        UNIX_EPOCH + day,
        UNIX_EPOCH,
        UNIX_EPOCH - day,
        // 2038-01-19, when 32 bits are full.
        UNIX_EPOCH + Duration::from_secs(1 << 31),
    ];
    let site = Site::in_memory();
    let states = [0, 1].map(|state| {
        edit(&site, state);
        clean_build(&site)
    });
    assert!(
        states[0]
            .iter()
            .filter(|(path, bytes)| states[1][*path] != **bytes)
            .count()
            > 5
    );
    let mut state = 1;
    // Forwards, and then backwards.
    for time in times.iter().chain(times.iter().rev()) {
        for _ in 0..2 {
            state = 1 - state;
            edit(&site, state);
            sources(&site).for_each(|folder| set_times(&folder, *time));
            site.build(&[]).silent();
            assert_same(&site.outputs(), &states[state]);
        }
    }
}

/// As after a build on a machine whose clock was ahead.
#[test]
fn what_an_earlier_build_left_may_be_dated_in_the_future() {
    let site = Site::in_memory();
    edit(&site, 0);
    let ahead = SystemTime::now() + Duration::from_secs(86_400 * 365);
    for round in 0..4 {
        edit(&site, round % 2);
        site.build(&[]).silent();
        assert_same(&site.outputs(), &clean_build(&site));
        set_times(&site.root(), ahead);
        // Nothing but times is another, and then a page as well.
        site.build(&[]).silent();
        assert_same(&site.outputs(), &clean_build(&site));
        site.write("public/news/story/index.html", "by hand");
        set_times(&site.path("public"), ahead);
        site.build(&[]).silent();
        assert_same(&site.outputs(), &clean_build(&site));
    }
}

#[test]
fn the_time_of_a_build_may_be_before_that_of_the_last_one() {
    let site = Site::in_memory();
    edit(&site, 0);
    let scheduled = "date: 2026-03-01\npublish: 2026-03-02\nexpires: 2026-03-04\n";
    site.write("content/news/later.md", article("Later", scheduled, ""));
    let noon = |day: u64| 1_772_280_000 + day * 86_400;
    for day in [3, 1, 5, 3, 2, 1, 4, 1] {
        let at = |folder: &str| {
            let mut command = site.command(["build", "--output", folder]);
            run(command.env("SOURCE_DATE_EPOCH", noon(day).to_string())).silent();
            published(&site.path(folder))
        };
        let incremental = at("public");
        let from_nothing = at(&format!("../from-nothing-{day}"));
        assert_same(&incremental, &from_nothing);
        let shown = (2..4).contains(&day);
        assert_eq!(incremental.contains_key("news/later/index.html"), shown);
    }
}
