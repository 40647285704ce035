//! What editors are told who ask what is related to an article, and whether all is well.

use serde_json::Value;

use super::support::{Site, article};

const CLOSES: &str = "\
The harbour bridge closes on Monday for repairs that will take until autumn. Engineers found
cracks in two of its bearings during an inspection in March, and the council voted last night to
spend four million on new ones. Trams will turn back at the fish market, where buses wait to carry
passengers over the old stone bridge. Cyclists and walkers may still cross on the northern side,
except at night. The harbour master expects no delays for ships, since the span can be raised as
usual while work goes on.
";

/// Five reports on a bridge and one recipe: `bridge` is the one that is asked about, and pins the
/// harbour master's interview and a page of another site.
fn archive(config: &str) -> Site {
    let site = Site::new([("pressroom.yaml", config)]);
    let write = |path: &str, title: &str, front: &str, body: &str| {
        site.write(&format!("content/{path}.md"), article(title, front, body));
    };
    write(
        "news/bridge",
        "The harbour bridge closes",
        "date: 2024-07-05\ntags: [Bridges, transport]\nrelated:\n  - interview\n  \
         - {url: \"https://example.com/bearings\", title: How a bearing wears out}\n",
        CLOSES,
    );
    write(
        "news/bearings",
        "Cracks in the bearings of the harbour bridge",
        "date: 2024-06-01\ntags: [Bridges]\n",
        "Engineers have found cracks in two bearings of the harbour bridge. An inspection in \
         autumn is to tell whether the span must close. The [council](../city/fares.md) waits.\n",
    );
    write(
        "city/fares",
        "Fares rise",
        "date: 2020-03-01\ntags: [transport]\n",
        "Trams cost more from spring, and buses as well. The council voted last night, with the \
         harbour bridge and its bearings still to be paid.\n",
    );
    write(
        "city/interview",
        "The harbour master speaks",
        "date: 2024-07-06\n",
        "Ships, says the harbour master, have never waited for a bridge.\n",
    );
    write(
        "food/dumplings",
        "Dumplings",
        "date: 2024-07-07\n",
        "Knead flour, eggs, salt. Boil.\n",
    );
    site
}

fn asked(site: &Site, arguments: &[&str]) -> String {
    site.run([&["related"], arguments].concat()).silent().stdout
}

#[test]
fn each_related_article_has_a_line_with_its_score() {
    let site = archive("");
    insta::assert_snapshot!(asked(&site, &["news/bridge"]), @r"
    pinned  /city/interview/              The harbour master speaks
    pinned  https://example.com/bearings  How a bearing wears out
    1.000   /news/bearings/               Cracks in the bearings of the harbour bridge
    ");
}

#[test]
fn a_score_is_explained_by_its_parts_and_what_is_shared() {
    let site = archive("related: {count: 3}\n");
    let told = asked(&site, &["news/bridge", "--explain"]);
    insta::assert_snapshot!(told, @r"
    1. The harbour master speaks
       pinned  /city/interview/

       The author chose it.

    2. How a bearing wears out
       pinned  https://example.com/bearings

       The author chose it.

    3. Cracks in the bearings of the harbour bridge
       1.000  /news/bearings/

       Its parts                           Most of it from
       0.585  shared words                 0.127  in
       0.061  shared phrases               0.070  cracks
       0.107  its title mentioned here     0.070  of
       0.028  shared tags                  0.063  closes
       0.000  links                        0.062  cracks in
       0.735  same time                    0.037  span
                                           0.037  engineers
                                           0.037  autumn
       1.517  in all; 1 is the highest score

    Close, but not shown:

       Fares rise
       0.829  /city/fares/
       It comes after the 3 that are shown (`count`).
    ");
    let widest = told.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(80), "{widest:?}");
}

#[test]
fn programs_get_one_object_for_each() {
    let site = archive("related: {count: 3}\n");
    let run = site.run(["related", "bridge", "--explain", "--format", "json"]);
    let objects = run.silent().json();
    let shown: Vec<(bool, bool, &str)> = objects
        .iter()
        .map(|object| {
            let flag = |key: &str| object[key].as_bool() == Some(true);
            let url = object["url"].as_str().expect("a URL");
            (flag("shown"), flag("pinned"), url)
        })
        .collect();
    assert_eq!(
        shown,
        [
            (true, true, "/city/interview/"),
            (true, true, "https://example.com/bearings"),
            (true, false, "/news/bearings/"),
            (false, false, "/city/fares/"),
        ]
    );
    assert_eq!(objects[0]["file"], "content/city/interview.md");
    assert_eq!(objects[1]["file"], Value::Null);
    assert_eq!(objects[3]["why"], "count");
    let suggestion = &objects[2];
    let number = |value: &Value| value.as_f64().expect("a number");
    let parts = suggestion["parts"].as_object().expect("parts");
    let sum: f64 = parts.values().map(number).sum();
    assert!((sum.min(1.0) - number(&suggestion["score"])).abs() < 0.001);
    let shared = suggestion["shared"].as_array().expect("a list");
    assert!(!shared.is_empty() && shared.len() <= 8);
    assert!(shared.iter().all(|term| number(&term["score"]) > 0.0));
    let terms: Vec<&str> = shared.iter().filter_map(|it| it["term"].as_str()).collect();
    assert!(terms.contains(&"cracks"), "{terms:?}");

    let plain = site.run(["related", "bridge", "--format", "json"]);
    let plain = plain.silent().json();
    assert_eq!(plain.len(), 3);
    assert!(plain.iter().all(|object| object.get("parts").is_none()));
}

#[test]
fn an_article_can_be_named_as_it_comes() {
    let site = archive("base_url: https://gazette.example/\n");
    let expected = asked(&site, &["news/bridge"]);
    let absolute = site.path("content/news/bridge.md");
    for name in [
        "content/news/bridge.md",
        "./content/news/bridge.md",
        "bridge",
        "/news/bridge/",
        "https://gazette.example/news/bridge/",
        absolute.to_str().expect("UTF-8"),
    ] {
        assert_eq!(asked(&site, &[name]), expected, "{name}");
    }
    let mut from_its_folder = site.command(["related", "bridge.md", "--root", "../.."]);
    from_its_folder.current_dir(site.path("content/news"));
    let run = super::support::run(&mut from_its_folder).silent();
    assert_eq!(run.stdout, expected);
}

#[test]
fn a_draft_can_be_asked_about() {
    let site = archive("");
    let draft = article("The bridge again", "draft: true\n", CLOSES);
    site.write("content/news/again.md", draft);
    let run = site.run(["related", "again"]).failed();
    assert!(run.stderr.contains("is a draft") && run.stderr.contains("--drafts"));
    assert!(!asked(&site, &["again", "--drafts"]).is_empty());
}

/// What is said of an article with other front matter, in a site of another configuration.
fn of_lonely(config: &str, front: &str, arguments: &[&str]) -> String {
    let site = archive(config);
    let text = article(
        "The bridge opens",
        &format!("date: 2024-07-08\n{front}"),
        CLOSES,
    );
    site.write("content/news/opens.md", text);
    asked(&site, &[&["news/opens"], arguments].concat())
}

#[test]
fn an_article_with_nothing_related_is_told_why() {
    let site = archive("");
    let told = [
        asked(&site, &["food/dumplings"]),
        asked(&archive("related: {min_score: 1}\n"), &["city/fares"]),
        of_lonely("", "related: false\n", &[]),
        of_lonely("", "related: {suggest: false}\n", &[]),
        of_lonely("related: false\n", "", &[]),
        of_lonely("related: {sections: {news: {count: 0}}}\n", "", &[]),
    ];
    insta::assert_snapshot!(told.concat(), @r"
    Nothing is related to “Dumplings”: no other article has words, tags or links in common with it.
    Nothing is related to “Fares rise”: the closest, “The harbour bridge closes”, has a score of 0.831, below 1 (`min_score`). Its page shows the newest of its section instead.
    Nothing is related to “The bridge opens”: its front matter says `related: false`.
    Nothing is related to “The bridge opens”: its front matter says `suggest: false`, and pins nothing.
    Nothing is related to “The bridge opens”: pressroom.yaml has nothing suggested in news.
    Nothing is related to “The bridge opens”: pressroom.yaml has nothing suggested in news.
    ");
    let weak = archive("related: {min_score: 1}\n");
    let told = asked(&weak, &["city/interview"]);
    let closest = "Nothing is related to “The harbour master speaks”: the closest, “";
    assert!(
        told.starts_with(closest) && told.contains("below 1 (`min_score`)."),
        "{told}"
    );
    let run = site.run(["related", "food/dumplings", "--format", "json"]);
    assert_eq!(run.silent().stdout, "");
}

#[test]
fn what_came_close_is_told_with_the_reason() {
    let reasons = |config: &str, front: &str| -> Vec<String> {
        let told = of_lonely(config, front, &["--explain"]);
        let reasons = told
            .lines()
            .filter_map(|line| line.trim().strip_prefix("It "));
        reasons.map(str::to_owned).collect()
    };
    let all = "related: {count: 9, min_score: 0.01}\n";
    let duplicate = &reasons(all, "")[0];
    assert!(
        duplicate.starts_with("says nearly the same ("),
        "{duplicate}"
    );
    let excluded = reasons(all, "related: {exclude: bearings}\n");
    assert_eq!(excluded[1..], ["is excluded in the front matter."]);
    let section = reasons(
        "related: {same_section: true, count: 9, min_score: 0.01}\n",
        "",
    );
    assert_eq!(section[1..], ["is of another section."; 2]);
    let old = reasons(
        "related: {max_age: 1 year, count: 9, min_score: 0.01}\n",
        "",
    );
    assert_eq!(old[1..], ["is more than 365 days older (`max_age`)."]);
    let off = reasons("", "related: false\n");
    assert_eq!(off[1], "is not shown, as nothing is suggested here.");
}

#[test]
fn a_pin_that_leads_nowhere_is_told_as_builds_tell_it() {
    let site = archive("");
    let text = site.read("content/news/bearings.md");
    site.write(
        "content/news/bearings.md",
        text.replace("tags:", "related: nowhere\ntags:"),
    );
    let run = site.run(["related", "bearings"]).failed();
    assert!(run.stderr.contains("error[dead-pin]"), "{}", run.stderr);
    assert!(run.stdout.contains("/news/bridge/"), "{}", run.stdout);
    // Another article's mistake is not in the way.
    asked(&site, &["bridge"]);
}

/// An archive in which one story was published twice.
fn repeated() -> Site {
    let site = archive("");
    let again = CLOSES.replace("last night", "yesterday");
    let again = article("Harbour bridge to close", "date: 2024-07-08\n", &again);
    site.write("content/news/again.md", again);
    site
}

#[test]
fn a_story_that_was_published_twice_is_found_by_check_and_never_suggested() {
    let site = repeated();
    let run = site.run(["check"]).ok();
    insta::assert_snapshot!(run.stderr, @r"
    warning[near-duplicate]: this article says nearly the same as content/news/bridge.md (100 % alike)
    --> content/news/again.md
     = help: keep one, and give it the other's URL under `aliases`; if both are to stay, say so with `related: {exclude: content/news/bridge.md}`

    1 warning
    ");
    assert_eq!(run.stdout, "Checked 6 articles: 0 errors, 1 warning\n");
    let json = site.run(["check", "--format", "json"]).ok().json();
    let expected = serde_json::json!({"event": "checked", "articles": 6, "external": null, "errors": 0, "warnings": 1});
    assert_eq!(json, [expected]);

    site.build(&[]).silent();
    let page = site.output("news/again/index.html");
    let block = page.split("Related news</h2>").nth(1).expect("a block");
    let block = block.split("</section>").next().expect("its end");
    assert!(block.contains("/news/bearings/") && !block.contains("/news/bridge/"));
}

#[test]
fn check_looks_at_stories_whose_sections_suggest_nothing() {
    let site = repeated();
    site.write("pressroom.yaml", "related: false\n");
    let run = site.run(["check"]).ok();
    assert!(
        run.stderr.contains("warning[near-duplicate]"),
        "{}",
        run.stderr
    );
}

#[test]
fn editors_who_know_of_a_repetition_are_not_told_again() {
    for front in [
        "related: {exclude: news/bridge}\n",
        "related: news/bridge\n",
    ] {
        let site = repeated();
        let text = site.read("content/news/again.md");
        site.write(
            "content/news/again.md",
            text.replacen("date:", &format!("{front}date:"), 1),
        );
        let run = site.run(["check"]).ok();
        assert!(!run.stderr.contains("near-duplicate"), "{}", run.stderr);
    }
}

#[test]
fn check_finds_what_a_build_finds_and_writes_nothing() {
    let site = repeated();
    site.write("templates/article.html", "{{ article.headline }}\n");
    let before = super::support::tree(&site.root());
    let check = site.run(["check"]).failed();
    super::support::assert_same(&super::support::tree(&site.root()), &before);
    assert!(!site.path("public").exists());
    let build = site.build(&[]).failed();
    let error = build.stderr.split("\n\n1 error").next().expect("an error");
    assert!(
        check.stderr.contains(error),
        "{}\n{}",
        check.stderr,
        build.stderr
    );
    assert_eq!(check.stdout, "Checked 6 articles: 1 error, 1 warning\n");

    site.write("content/news/broken.md", "---\ndate: never\n---\n");
    let check = site.run(["check"]).failed();
    assert!(
        check
            .stdout
            .starts_with("Checked the files one by one: 1 error, "),
        "{}",
        check.stdout
    );
}

#[test]
fn check_looks_at_drafts_and_scheduled_articles_when_asked() {
    let site = archive("");
    let draft = article("Draft", "draft: true\n", "[Nowhere](nowhere.md)\n");
    let future = article("Later", "date: 2030-01-01\n", "[Nowhere](nowhere.md)\n");
    site.write("content/news/draft.md", draft);
    site.write("content/news/later.md", future);
    let run = site.run(["check"]).ok();
    assert!(!run.stderr.contains("nowhere"), "{}", run.stderr);
    for (flag, file) in [("--drafts", "draft.md"), ("--future", "later.md")] {
        let run = site.run(["check", flag]).failed();
        assert!(
            run.stderr.contains(&format!("content/news/{file}:")),
            "{}",
            run.stderr
        );
    }
}
