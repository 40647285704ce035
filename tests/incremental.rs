//! Whatever is edited: a build after it gives what a build from nothing gives, byte for byte, and
//! touches no file that stays as it is.
//!
//! `ROUNDS=1000 SEED=7 cargo nextest run --test incremental` goes on for as long as one likes.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use support::edits::{State, number, put};
use support::random::Random;
use support::{Site, Tree, assert_same, published, times};

#[test]
fn whatever_is_edited_the_next_build_is_what_a_clean_one_gives() {
    let (rounds, seed) = (number("ROUNDS", 120), number("SEED", 3));
    let mut random = Random::new(seed);
    let site = Site::in_memory();
    let mut state = State::new(&mut random);
    let mut history = vec![state.clone()];
    let mut spared = 0;
    put(&site, &BTreeMap::new(), &state.on_disk());
    site.build(&[]).ok();
    for round in 0..rounds {
        let before = state.on_disk();
        let what = match random.below(12) {
            0 => {
                state = random.pick(&history).clone();
                "revert".to_owned()
            }
            1 => {
                let path = format!("content/{}.md", state.any(&mut random));
                let text = site.read(&path);
                site.write(&path, text);
                format!("touch ({path})")
            }
            2 => (0..4).map(|_| state.edit(&mut random) + ", ").collect(),
            3..6 => state.rewrite(&mut random),
            _ => state.edit(&mut random),
        };
        println!("{round}: {what}");
        put(&site, &before, &state.on_disk());
        let is_settled = random.below(4) > 0;
        if is_settled {
            settle(&site);
        }
        spared += u64::from(check(&site));
        if is_settled && random.below(2) == 0 {
            nothing_to_do(&site);
        }
        history.push(state.clone());
    }
    println!("{spared} times, only texts were looked at");
    assert!(spared > rounds / 40);
}

/// Builds after an edit and from nothing. Whether outputs were known to be concerned by no text.
#[track_caller]
fn check(site: &Site) -> bool {
    let (before, times_before) = (site.outputs(), times(&site.path("public")));
    let built = site.build(&["--profile"]);
    let (clean, from_nothing) = from_nothing(site);
    assert_eq!(
        built.code, from_nothing.code,
        "{}{}",
        built.stderr, from_nothing.stderr
    );
    assert_eq!(built.stderr, from_nothing.stderr);
    if built.code != Some(0) {
        let errors = built
            .stderr
            .lines()
            .filter(|line| line.starts_with("error"));
        println!("  {}", errors.collect::<Vec<_>>().join("\n  "));
        assert_same(&site.outputs(), &before);
        return false;
    }
    let after = site.outputs();
    assert_same(&after, &published(&clean.join("public")));
    let times_after = times(&site.path("public"));
    let touched: BTreeSet<&String> = same(&before, &after)
        .filter(|path| times_before[*path] != times_after[*path])
        .collect();
    assert!(touched.is_empty(), "touched without need: {touched:?}");
    built.stdout.contains("nothing that was edited")
}

/// What is kept of articles and of related ones need not be of one build, nor of the last one of an output
/// folder: `serve` keeps what is related for itself, and with drafts.
#[test]
fn what_others_kept_since_a_build_hides_no_change_from_the_next() {
    let mut random = Random::new(11);
    let site = Site::in_memory();
    let mut state = State::new(&mut random);
    put(&site, &BTreeMap::new(), &state.on_disk());
    let story = site.read(&format!("content/{}.md", state.any(&mut random)));
    site.write(
        "content/news/draft.md",
        story.replacen("---\n", "---\ndraft: true\n", 1),
    );
    settle(&site);
    site.build(&[]).ok();
    let kept = |name: &str| site.path(&format!(".pressroom/{name}"));
    let mut others = 0;
    for round in 0..16 {
        let before = state.on_disk();
        state.rewrite(&mut random);
        put(&site, &before, &state.on_disk());
        settle(&site);
        let here = site.outputs();
        let clean = published(&from_nothing(&site).0.join("public"));
        others += usize::from(same(&here, &clean).count() + 2 < here.len());
        if round % 2 == 0 {
            site.build(&["--drafts", "--output", "elsewhere"]).ok();
        } else {
            let articles = published(&kept("")).into_iter();
            let articles = articles.filter(|(name, _)| name.starts_with("articles"));
            let articles: Vec<_> = articles.collect();
            site.build(&["--output", "elsewhere"]).ok();
            for (name, bytes) in articles {
                support::write(&kept(&name), bytes);
            }
        }
        site.build(&[]).ok();
        assert_same(&site.outputs(), &clean);
    }
    assert!(others > 4, "texts change what is related to others");
}

#[test]
fn an_article_that_is_related_to_others_now_moves_what_is_listed_after_it() {
    const TOPICS: [&str; 6] = [
        "lighthouse keeper reef lantern storm",
        "orchard apple cider press harvest",
        "tram depot rail conductor terminus",
        "choir organ psalm rehearsal cantor",
        "quarry granite chisel mason dust",
        "beehive honey swarm nectar wax",
    ];
    let site = Site::in_memory();
    site.write(
        "pressroom.yaml",
        "title: Gazette\nlisting: {page_size: 2}\n",
    );
    let story = |day: usize, words: &str| {
        let text = [words; 6].join(". ");
        format!("---\ntitle: Number {day}\ndate: 2024-01-{day:02}\n---\n{text}.\n")
    };
    // Somewhere among them is one that nobody else says anything about.
    for day in (1..=25).filter(|day| *day != 7) {
        site.write(
            &format!("content/news/number-{day}.md"),
            story(day, TOPICS[day % TOPICS.len()]),
        );
    }
    let alone = "content/news/number-7.md";
    site.write(alone, story(7, "umbrella button thimble needle ribbon"));
    settle(&site);
    site.build(&[]).ok();
    let is_listed = || {
        let outputs = site.outputs().into_iter();
        let mut listed = outputs.filter(|(path, _)| path.starts_with("related/"));
        listed.any(|(_, page)| String::from_utf8_lossy(&page).contains("/news/number-7/"))
    };
    for (words, listed) in [
        (TOPICS[0], true),
        ("umbrella button thimble needle ribbon", false),
    ] {
        assert_ne!(is_listed(), listed);
        site.write(alone, story(7, words));
        settle(&site);
        check(&site);
        assert_eq!(is_listed(), listed);
    }
}

#[test]
fn the_first_related_articles_of_a_site_come_and_go_with_an_edit_of_a_text() {
    let site = Site::in_memory();
    site.write(
        "pressroom.yaml",
        "title: Gazette\nlisting: {page_size: 2}\n",
    );
    // Words that no other article has.
    let own = |c: char| format!("{c}an{c}o {c}el{c}i {c}ur{c}a {c}im{c}u {c}or{c}e");
    let write = |day: usize, title: char, words: char| {
        let text = vec![own(words); 6].join(". ");
        let text = format!("---\ntitle: {title}og\ndate: 2024-01-{day:02}\n---\n{text}.\n");
        site.write(&format!("content/news/number-{day}.md"), text);
    };
    for (day, letter) in (1..).zip("bcdfghjklmnp".chars()) {
        write(day, letter, letter);
    }
    settle(&site);
    site.build(&[]).ok();
    let are_any = || site.path("public/related/index.html").exists();
    for (words, any) in [('b', true), ('d', false)] {
        assert_ne!(are_any(), any);
        write(3, 'd', words);
        settle(&site);
        check(&site);
        assert_eq!(are_any(), any);
    }
}

/// Builds a copy of the site's sources, of which nothing is kept.
#[track_caller]
fn from_nothing(site: &Site) -> (PathBuf, support::Run) {
    let copy = site.beside("copy/gazette");
    let _ = std::fs::remove_dir_all(&copy);
    for (path, bytes) in published(&site.root()) {
        if !path.starts_with("public/") {
            support::write(&copy.join(path), bytes);
        }
    }
    // Folders count as well: one in themes/ is a theme.
    for theme in std::fs::read_dir(site.path("themes")).into_iter().flatten() {
        let name = theme.expect("a theme").file_name();
        std::fs::create_dir_all(copy.join("themes").join(name)).expect("a folder");
    }
    let mut command = support::pressroom();
    let built = support::run(command.current_dir(&copy).arg("build"));
    (copy, built)
}

fn same<'a>(before: &'a Tree, after: &'a Tree) -> impl Iterator<Item = &'a String> {
    let pairs = after.iter();
    pairs.filter_map(|(path, bytes)| (before.get(path) == Some(bytes)).then_some(path))
}

/// Builds once more what has not changed for a while.
#[track_caller]
fn nothing_to_do(site: &Site) {
    let (before, first) = (site.outputs(), site.build(&[]));
    let times_before = times(&site.path("public"));
    let again = site.build(&["--profile"]);
    assert_eq!((again.code, &again.stderr), (first.code, &first.stderr));
    assert_same(&site.outputs(), &before);
    assert_eq!(times(&site.path("public")), times_before);
    if again.code == Some(0) {
        assert!(again.stdout.contains("\nwalk "));
        assert!(!again.stdout.contains("\nparse "), "nothing was to be read");
    }
}

/// Moves the times of sources back that are new, since what changed just now is read in any case.
fn settle(site: &Site) {
    let times = times(&site.root());
    let newest = times.values().max().copied();
    for (path, time) in &times {
        let is_new = newest.is_some_and(|newest| *time + Duration::from_secs(30) > newest);
        if !path.starts_with("public/") && is_new {
            let file = std::fs::File::options().write(true).open(site.path(path));
            let earlier: SystemTime = *time - Duration::from_secs(60);
            file.and_then(|file| file.set_modified(earlier))
                .expect("a time");
        }
    }
}

#[test]
fn an_article_comes_and_goes_with_time_alone() {
    let site = Site::in_memory();
    site.write("content/news/now.md", "# Now\n");
    site.write(
        "content/news/later.md",
        "---\ntitle: Later\npublish: 2026-03-02\nexpires: 2026-03-04\n---\n",
    );
    settle(&site);
    for (day, shown) in [(1, false), (2, true), (3, true), (4, false), (1, false)] {
        let noon = 1_772_280_000 + day * 86_400;
        for _ in 0..2 {
            let mut build = site.command(["build"]);
            support::run(build.env("SOURCE_DATE_EPOCH", noon.to_string())).silent();
            assert_eq!(
                site.has_output("news/later/index.html"),
                shown,
                "{day} March"
            );
        }
    }
}

#[test]
fn an_output_that_is_gone_or_edited_is_made_good_although_nothing_else_changed() {
    let site = Site::in_memory();
    site.write("content/news/now.md", "# Now\n");
    settle(&site);
    site.build(&[]).silent();
    let good = site.outputs();
    site.remove("public/news/now/index.html");
    site.build(&[]).silent();
    assert_same(&site.outputs(), &good);
    site.append("public/index.html", "by hand");
    site.build(&[]).silent();
    assert_same(&site.outputs(), &good);
}

#[test]
fn a_file_that_was_given_its_old_time_back_is_read() {
    let site = Site::in_memory();
    site.write("content/news/now.md", "# Now\n\nOne word.\n");
    settle(&site);
    site.build(&[]).silent();
    let file = site.path("content/news/now.md");
    let time = std::fs::metadata(&file).and_then(|metadata| metadata.modified());
    // In the same place, of the same size.
    std::fs::write(&file, "# Now\n\nTwo word.\n").expect("a file");
    let file = std::fs::File::options().write(true).open(&file);
    let set = file.and_then(|file| file.set_modified(time?));
    set.expect("a time");
    site.build(&[]).silent();
    assert!(site.output("news/now/index.html").contains("Two word."));
}

#[test]
fn verifying_finds_what_no_time_tells() {
    let site = Site::in_memory();
    site.write("content/news/now.md", "# Now\n\nOne word.\n");
    site.write("static/humans.txt", "Us.\n");
    settle(&site);
    site.build(&[]).silent();
    let good = site.outputs();
    let times_of =
        |path: &str| std::fs::metadata(site.path(path)).and_then(|found| found.modified());
    // Edited in place, of the same size, and with its time set back.
    for page in ["public/news/now/index.html", "public/humans.txt"] {
        let time = times_of(page);
        site.write(page, site.read(page).replace(['U', 'O'], "A"));
        let file = std::fs::File::options().write(true).open(site.path(page));
        file.and_then(|file| file.set_modified(time?))
            .expect("a time");
    }
    site.build(&[]).silent();
    assert_ne!(site.outputs(), good, "believed by their times");
    site.build(&["--verify"]).silent();
    assert_same(&site.outputs(), &good);
    check(&site);
}

/// The pages of articles that are not what they were.
fn other_articles(before: &Tree, after: &Tree) -> Vec<String> {
    let is_article =
        |path: &&String| path.ends_with("/index.html") && path.matches('/').count() == 2;
    let differs = after
        .iter()
        .filter(|(path, bytes)| before.get(*path) != Some(bytes));
    let paths = differs.map(|(path, _)| path).filter(is_article);
    paths.map(|path| path.replace("/index.html", "")).collect()
}

#[test]
fn charts_follow_their_files_and_cards_their_articles() {
    let site = Site::in_memory();
    site.write(
        "pressroom.yaml",
        "title: The Gazette\nbase_url: https://gazette.example/\nrelated: false\n",
    );
    site.write("data/readers.csv", "year,print\n2024,3\n2025,5\n");
    site.write("data/other.csv", "year,print\n2024,3\n2025,5\n");
    let bridge = |front: &str| format!("---\ntitle: The bridge\n{front}---\nIt is open.\n");
    site.write("content/bridge/story.md", bridge("summary: Open.\n"));
    site.write("content/bridge/open.svg", "<svg/>\n");
    for front in ["content/front/_index.md", "content/_index.md"] {
        site.write(front, "{{<article path=\"bridge/story\" />}}\n");
    }
    site.write("content/front/plain.md", "# Plain\n\nNothing to see.\n");
    for (section, body) in [
        (
            "charted",
            "{{<chart title=\"Readers\" data=\"readers.csv\" />}}",
        ),
        (
            "others",
            "{{<chart title=\"Readers\" data=\"other.csv\" />}}",
        ),
        ("carded", "{{<article path=\"bridge/story\" />}}"),
        ("linked", "See [the bridge](/bridge/story/)."),
    ] {
        let text = format!("---\ntitle: A story of {section}\n---\n\n{body}\n");
        site.write(&format!("content/{section}/story.md"), text);
    }
    settle(&site);
    site.build(&[]).silent();
    for (path, text, changed) in [
        (
            "data/readers.csv",
            "year,print\n2024,3\n2025,6\n".to_owned(),
            vec!["charted/story"],
        ),
        (
            "content/bridge/story.md",
            bridge("summary: Open again.\n"),
            vec!["bridge/story", "carded/story"],
        ),
        (
            "content/bridge/story.md",
            bridge("summary: Open again.\nimage: open.svg\n"),
            vec!["bridge/story", "carded/story"],
        ),
        (
            "content/bridge/story.md",
            bridge("summary: Open again.\nimage: open.svg\n").replace("The", "That"),
            vec!["bridge/story", "carded/story"],
        ),
    ] {
        let before = site.outputs();
        site.write(path, &text);
        settle(&site);
        check(&site);
        assert_eq!(
            other_articles(&before, &site.outputs()),
            changed,
            "{path}: {text}"
        );
        nothing_to_do(&site);
    }
    for front in ["front/index.html", "index.html"] {
        assert!(site.output(front).contains("<div class=\"teaser\">"));
        assert!(site.output(front).contains("That bridge"));
    }
    assert!(
        site.output("carded/story/index.html")
            .contains("/bridge/open.svg")
    );
}

#[test]
fn a_theme_that_comes_without_a_file_is_noticed() {
    let site = Site::in_memory();
    site.write("content/news/now.md", "# Now\n");
    settle(&site);
    site.build(&[]).silent();
    std::fs::create_dir_all(site.path("themes/broadsheet")).expect("a folder");
    check(&site);
}
