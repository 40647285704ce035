//! Processes that may have only so much of what a system has.

use super::machine::{give_away, limited};
use super::support::{assert_same, run};
use super::{clean_build, every_file_is_whole, gazette, no_panic, set_title};

#[test]
fn a_process_that_may_have_no_threads_says_so() {
    let site = gazette(3);
    give_away(&site);
    let refused = run(&mut limited("--nproc=1", &site, ["build"]));
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
    assert!(
        refused.stderr.contains("threads cannot be started"),
        "{}",
        refused.stderr
    );
    assert!(refused.stderr.contains("ulimit -u"), "{}", refused.stderr);
    assert!(!site.path("public").exists());
}

#[test]
fn a_process_that_may_open_few_files_publishes_all_or_names_the_one_that_was_too_many() {
    let site = gazette(5);
    give_away(&site);
    let titles = ["Gazette", "Herald"];
    let states = titles.map(|title| {
        set_title(&site, title);
        clean_build(&site)
    });
    set_title(&site, titles[1]);
    site.build(&[]).silent();
    give_away(&site);
    let (mut published, mut refused) = (0, 0);
    for (round, files) in (4..16).enumerate() {
        let (before, after) = (&states[(round + 1) % 2], &states[round % 2]);
        set_title(&site, titles[round % 2]);
        let built = run(&mut limited(&format!("--nofile={files}"), &site, ["build"]));
        no_panic(&built);
        let found = site.outputs();
        if built.code == Some(0) {
            assert_same(&found, after);
            published += 1;
        } else {
            assert!(
                built.stderr.to_lowercase().contains("too many open files"),
                "{}",
                built.stderr
            );
            every_file_is_whole(&found, before, after);
            refused += 1;
        }
        run(&mut limited("--nofile=64", &site, ["build"])).ok();
        assert_same(&site.outputs(), after);
    }
    assert!(published > 0 && refused > 0, "{published} and {refused}");
}
