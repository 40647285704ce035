//! Whatever is edited: a build after it gives what a build from nothing gives, byte for byte, and
//! touches no file that stays as it is.
//!
//! `ROUNDS=1000 SEED=7 cargo nextest run --test incremental` goes on for as long as one likes.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use support::random::Random;
use support::{Site, Tree, assert_same, published, times};

const SECTIONS: [&str; 3] = ["city", "news", "opinion"];
const TAGS: [&str; 7] = [
    "ferry", "Ferry", "harbour", "budget", "old town", "Old-Town", "tram",
];
const AUTHORS: [&str; 3] = ["city-desk", "A. Reporter", "B. Editor"];
const WORDS: [&str; 24] = [
    "harbour", "bridge", "council", "ferry", "budget", "tram", "fares", "market", "pier", "winter",
    "repairs", "vote", "mayor", "school", "library", "museum", "storm", "lights", "station",
    "park", "river", "press", "archive", "festival",
];

const CONFIG: &str = "title: The Gazette\nbase_url: https://gazette.example/\nlinks: warn\n";
const VARIANTS: [&str; 10] = [
    "listing: {page_size: 3}",
    "listing: {page_size: 3, pagination: newest-first}",
    "listing: {page_size: 3}\nrelated: {count: 2}",
    "listing: {page_size: 4}\nrelated: false",
    "listing: {page_size: 3}\nparams: {palette: navy}",
    "description: All about the harbour\nhtml: sanitised\ncomments: off",
    "navigation: [{title: City, url: /city/}]\nnewsletter: {action: /join/, text: Weekly}",
    "language: fr\nfeeds: {entries: 3}",
    "theme: journal\nsitemap: {news: false}",
    "social_cards: true",
];

/// An article, as far as edits know of it.
#[derive(Debug, Clone, Default)]
struct Story {
    title: String,
    date: String,
    tags: Vec<&'static str>,
    authors: Vec<&'static str>,
    pins: Vec<String>,
    /// Any other lines of front matter, by their keys.
    others: BTreeMap<&'static str, String>,
    body: Vec<String>,
    comments: Option<String>,
}

/// A template that shows what its readers seldom see: the type of front matter, and data.
fn template(data: &str) -> String {
    format!(
        "{{% extends \"broadsheet/article.html\" %}}\n{{% block extra_head %}}\
         {{% set file = data(path=\"{data}.yaml\") %}}<meta name=\"team\" content=\"{{{{ file.size }}}}\">\
         {{% for other in article.related %}}<!-- {{{{ other.extra.mood or 0 }}}} -->{{% endfor %}}\
         {{% endblock %}}\n"
    )
}

const LISTING: &str = "{% extends \"broadsheet/tag.html\" %}\n{% block extra_head %}\
    {% for other in listing.articles %}<!-- {{ other.extra.mood or 0 }} -->{% endfor %}{% endblock %}\n";

impl Story {
    fn new(random: &mut Random) -> Self {
        let mut story = Self {
            title: sentence(4, random),
            date: date(random),
            ..Self::default()
        };
        story.retag(random);
        for _ in 0..=random.below(3) {
            story.body.push(sentence(30, random));
        }
        story
    }

    fn retag(&mut self, random: &mut Random) {
        self.tags = (0..random.below(4)).map(|_| *random.pick(&TAGS)).collect();
        self.authors = (0..random.below(3))
            .map(|_| *random.pick(&AUTHORS))
            .collect();
    }

    /// Its file in a site with these stories. Others cannot be pinned.
    fn text(&self, stories: &BTreeMap<String, Self>) -> String {
        let pins = self.pins.iter().filter(|pin| stories.contains_key(*pin));
        let pins: Vec<_> = pins.map(|pin| format!("content/{pin}.md")).collect();
        let mut lines = vec![
            format!("title: {}", self.title),
            format!("date: {}", self.date),
            format!("tags: [{}]", self.tags.join(", ")),
            format!("authors: [{}]", self.authors.join(", ")),
            format!("related: [{}]", pins.join(", ")),
        ];
        let others = self.others.iter();
        lines.extend(others.map(|(key, value)| format!("{key}: {value}")));
        let body = self.body.join("\n\n");
        format!("---\n{}\n---\n\n{body}\n", lines.join("\n"))
    }
}

/// All that a site is made of.
#[derive(Debug, Clone, Default)]
struct State {
    /// By path, without content/ and the ending.
    stories: BTreeMap<String, Story>,
    /// Every other file, by its whole path.
    files: BTreeMap<String, String>,
}

impl State {
    fn new(random: &mut Random) -> Self {
        let mut state = Self::default();
        let config = format!("{CONFIG}{}\n", VARIANTS[0]);
        state.files.insert("pressroom.yaml".into(), config);
        for (path, text) in [
            ("data/read.yaml", "size: 3\n"),
            ("data/unread.yaml", "size: 3\n"),
            ("content/city/map.svg", "<svg/>\n"),
            ("static/humans.txt", "Us.\n"),
            ("templates/article.html", &template("read")),
        ] {
            state.files.insert(path.into(), text.into());
        }
        for _ in 0..24 {
            state.add(random);
        }
        state
    }

    fn add(&mut self, random: &mut Random) {
        let number = random.below(1_000);
        let path = format!("{}/story-{number}", random.pick(&SECTIONS));
        self.stories.insert(path, Story::new(random));
    }

    /// What is on disk for this.
    fn on_disk(&self) -> BTreeMap<String, String> {
        let mut files = self.files.clone();
        for (path, story) in &self.stories {
            files.insert(format!("content/{path}.md"), story.text(&self.stories));
            if let Some(comments) = &story.comments {
                files.insert(format!("content/{path}.comments.yaml"), comments.clone());
            }
        }
        files
    }

    fn any(&self, random: &mut Random) -> String {
        let paths: Vec<&String> = self.stories.keys().collect();
        (*random.pick(&paths)).clone()
    }

    /// Changes something, and says what.
    #[expect(clippy::too_many_lines, reason = "it is a list")]
    fn edit(&mut self, random: &mut Random) -> String {
        let path = self.any(random);
        let other = self.any(random);
        let count = self.stories.len();
        let (title, when, words) = (sentence(3, random), date(random), sentence(12, random));
        let (number, variant) = (random.below(5), random.below(VARIANTS.len()));
        let story = self.stories.get_mut(&path).expect("it is one of them");
        let mut flag = |key: &'static str, value: String| {
            if story.others.remove(key).is_none() {
                story.others.insert(key, value);
            }
        };
        let what = match random.below(30) {
            0 | 1 => {
                self.add(random);
                "add"
            }
            2 if count > 8 => {
                self.stories.remove(&path);
                "delete"
            }
            3 => {
                let story = self.stories.remove(&path).expect("it was there");
                let section = random.pick(&SECTIONS);
                let name = format!("{section}/renamed-{}", random.below(1_000));
                self.stories.insert(name, story);
                "rename"
            }
            4 => {
                story.retag(random);
                "retag"
            }
            5 => {
                story.date = when;
                "redate"
            }
            6 => {
                story.pins = vec![other.clone()];
                story.pins.retain(|pin| *pin != path);
                "pin"
            }
            7 => {
                story.body.push(words);
                "body"
            }
            8 => {
                // Pairs of words in titles and headings are phrases wherever they are.
                story.body.push(format!("## {title}\n\n{words}"));
                "heading"
            }
            9 => {
                story
                    .body
                    .push(format!("[Before](/{other}/) and ![a map](map.svg)"));
                "link"
            }
            10 => {
                story.title = title;
                "title"
            }
            11 => {
                flag("draft", "true".into());
                "draft"
            }
            12 => {
                flag("summary", words);
                "summary"
            }
            13 => {
                flag("lang", "de".into());
                "language"
            }
            14 | 26 | 27 => {
                // Values that only their type tells apart, in one article over and over.
                let value = ["true", "1", "\"1\"", "1.0", ".nan"][number];
                let first = self.stories.values_mut().next().expect("there are some");
                first.others.insert("mood", value.into());
                "extra"
            }
            15 => {
                flag("image", "{src: map.svg, alt: A map}".into());
                "image"
            }
            16 => {
                flag("aliases", format!("[/old-{}/]", random.below(50)));
                "alias"
            }
            17 => {
                let text = format!("- author: Reader {number}\n  text: \"{words}\"\n");
                story.comments = (number > 0).then_some(text);
                "comments"
            }
            18 => {
                let text = format!("size: {number}\n");
                let file = ["data/read.yaml", "data/unread.yaml"][random.below(2)];
                self.files.insert(file.into(), text);
                "data"
            }
            19 => {
                let text = format!("ferry: {{label: Ferries, description: {words}}}\n");
                self.toggle("data/tags.yaml", text);
                "label of a tag"
            }
            20 => {
                let text = format!("city-desk: {{name: The city desk, bio: {words}}}\n");
                self.toggle("data/authors.yaml", text);
                "author"
            }
            21 => {
                self.toggle("templates/article.html", template("read"));
                self.toggle("templates/tag.html", LISTING.into());
                "template"
            }
            22 => {
                self.toggle("static/style.css", format!("/* {number} */\n"));
                "static file in the place of the theme's"
            }
            23 => {
                let config = format!("{CONFIG}{}\n", VARIANTS[variant]);
                self.files.insert("pressroom.yaml".into(), config);
                "configuration"
            }
            28 => {
                self.toggle("i18n/en.yaml", format!("tags: Topics {number}\n"));
                "words of the theme"
            }
            29 => {
                self.toggle("static/favicon.png", "no picture\n".to_owned());
                "icon"
            }
            24 => {
                self.files.insert(
                    "content/city/map.svg".into(),
                    format!("<svg id=\"n{number}\"/>\n"),
                );
                "picture"
            }
            _ => {
                self.toggle(
                    "content/city/_index.md",
                    format!("---\ntitle: City {number}\n---\n\n{words}\n"),
                );
                "front of a section"
            }
        };
        format!("{what} ({path})")
    }

    fn toggle(&mut self, path: &str, text: String) {
        if self.files.remove(path).is_none() {
            self.files.insert(path.into(), text);
        }
    }
}

fn sentence(words: usize, random: &mut Random) -> String {
    let words: Vec<&str> = (0..words).map(|_| *random.pick(&WORDS)).collect();
    words.join(" ")
}

fn date(random: &mut Random) -> String {
    format!(
        "202{}-0{}-1{}",
        random.below(5),
        1 + random.below(9),
        random.below(9)
    )
}

/// Makes a site's folder what a state says. Files that stay are not touched.
fn put(site: &Site, before: &BTreeMap<String, String>, after: &BTreeMap<String, String>) {
    for path in before.keys().filter(|path| !after.contains_key(*path)) {
        site.remove(path);
    }
    for (path, text) in after {
        if before.get(path) != Some(text) {
            site.write(path, text);
        }
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.map_or(otherwise, |text| text.parse().expect("a number"))
}

#[test]
fn whatever_is_edited_the_next_build_is_what_a_clean_one_gives() {
    let (rounds, seed) = (number("ROUNDS", 120), number("SEED", 3));
    let mut random = Random::new(seed);
    let site = Site::in_memory();
    let mut state = State::new(&mut random);
    let mut history = vec![state.clone()];
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
            _ => state.edit(&mut random),
        };
        println!("{round}: {what}");
        put(&site, &before, &state.on_disk());
        let is_settled = random.below(2) == 0;
        if is_settled {
            settle(&site);
        }
        check(&site);
        if is_settled {
            nothing_to_do(&site);
        }
        history.push(state.clone());
    }
}

/// Builds after an edit and from nothing.
#[track_caller]
fn check(site: &Site) {
    let (before, times_before) = (site.outputs(), times(&site.path("public")));
    let built = site.build(&[]);
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
        return;
    }
    let after = site.outputs();
    assert_same(&after, &published(&clean.join("public")));
    let times_after = times(&site.path("public"));
    let touched: BTreeSet<&String> = same(&before, &after)
        .filter(|path| times_before[*path] != times_after[*path])
        .collect();
    assert!(touched.is_empty(), "touched without need: {touched:?}");
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

/// Moves the times of all sources back, since what changed just now is read in any case.
fn settle(site: &Site) {
    for (path, time) in times(&site.root()) {
        if !path.starts_with("public/") {
            let file = std::fs::File::options().write(true).open(site.path(&path));
            let earlier: SystemTime = time - Duration::from_secs(60);
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

#[test]
fn a_theme_that_comes_without_a_file_is_noticed() {
    let site = Site::in_memory();
    site.write("content/news/now.md", "# Now\n");
    settle(&site);
    site.build(&[]).silent();
    std::fs::create_dir_all(site.path("themes/broadsheet")).expect("a folder");
    check(&site);
}
