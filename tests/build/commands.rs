//! The other commands, and what is said when they are used as they cannot be.

use std::fs;

use super::support::host::Host;
use super::support::{Site, pressroom, run};

#[test]
fn a_site_that_was_begun_can_be_built() {
    let site = Site::new([]);
    let run = site.run(["init", "herald"]).silent();
    assert!(
        run.stdout.contains("herald/pressroom.yaml"),
        "{}",
        run.stdout
    );
    let config = site.read("herald/pressroom.yaml");
    assert!(config.contains("title: \"herald\""), "{config}");
    site.run(["build", "--root", "herald"]).silent();
    let page = site.read("herald/public/news/first-story/index.html");
    assert!(page.contains("<h1>The first story</h1>") && page.contains("1 January 2026"));
    let host = Host::serve(&site.path("herald/public"), "https://example.org/");
    assert_eq!(host.follow_every_link().1, [""; 0]);
    // Begun once more, nothing is overwritten.
    site.write("herald/pressroom.yaml", "title: Mine\n");
    site.run(["init", "herald"]).failed();
    assert_eq!(site.read("herald/pressroom.yaml"), "title: Mine\n");
}

#[test]
fn a_name_that_means_something_in_yaml_is_a_name() {
    let site = Site::new([]);
    for name in ["yes: no", "#1", "O'Neill \"& Sons\""] {
        site.run(["init", name]).silent();
        site.run(["build", "--root", name]).silent();
        let page = site.read(&format!("{name}/public/index.html"));
        let title = super::support::html::elements(&page, "title")[0];
        assert_eq!(super::support::html::text(title), name);
    }
}

#[test]
fn a_new_article_is_a_draft_that_can_be_built() {
    let site = Site::new([("pressroom.yaml", "timezone: America/New_York\n")]);
    let title = "The \"budget\": what's in it";
    site.run(["new", "news/budget", "--title", title]).silent();
    let text = site.read("content/news/budget.md");
    assert!(text.contains("draft: true") && text.contains("date: 2025-12-31T19:00:00-05:00"));
    site.run(["new", "news/storm/"]).silent();
    assert!(site.path("content/news/storm/index.md").exists());
    site.run(["new", "--title", "Größer, schöner!"]).silent();
    assert!(site.path("content/größer-schöner.md").exists());
    let json = site
        .run(["new", "content/news/vote.md", "--format", "json"])
        .silent()
        .json();
    let expected = serde_json::json!({"event": "created", "file": "content/news/vote.md"});
    assert_eq!(json, [expected]);

    site.build(&[]).silent();
    assert!(!site.has_output("news/budget/index.html"));
    site.build(&["--drafts"]).silent();
    let page = site.output("news/budget/index.html");
    let headline = super::support::html::elements(&page, "h1")[0];
    assert_eq!(super::support::html::text(headline), title);
    assert!(
        site.output("news/vote/index.html")
            .contains("<h1>Vote</h1>")
    );
    assert!(
        site.output("news/storm/index.html")
            .contains("<h1>Storm</h1>")
    );
}

#[test]
fn a_new_article_is_written_below_content_and_nowhere_else() {
    let site = Site::new([("pressroom.yaml", "")]);
    for path in [
        "../escape",
        "/etc/escape",
        "news/../../escape",
        ".hidden",
        "a//b",
        "a\\b",
        "",
    ] {
        let run = site.run(["new", path]);
        assert_eq!(run.code, Some(2), "{path}: {run:?}");
    }
    assert_eq!(fs::read_dir(site.root()).unwrap().count(), 1);
}

#[test]
fn cleaning_removes_what_was_built_and_nothing_else() {
    let site = Site::new([("content/news/budget.md", "# The budget\n")]);
    site.build(&[]).silent();
    site.write("public/CNAME", "gazette.example\n");
    site.write("public/news/notes.txt", "mine");
    let count = site.outputs().len() - 2;
    let run = site.run(["clean"]).silent();
    assert!(
        run.stdout
            .starts_with(&format!("Removed {count} files from"))
    );
    let left: Vec<String> = site.outputs().into_keys().collect();
    assert_eq!(left, ["CNAME", "news/notes.txt"]);
    assert!(site.path("content/news/budget.md").exists());
    // There is nothing more to remove, and a build makes it all anew.
    let json = site.run(["clean", "--format", "json"]).silent().json();
    assert_eq!(
        json,
        [serde_json::json!({"event": "cleaned", "removed": 0})]
    );
    site.build(&[]).silent();
    assert_eq!(site.outputs().len(), count + 2);
}

#[test]
fn cleaning_a_folder_that_pressroom_did_not_make_is_refused() {
    let site = Site::new([
        ("content/news/budget.md", "# The budget\n"),
        ("thesis/chapter-1.tex", "years of work"),
    ]);
    site.run(["clean", "--output", "thesis"]).failed();
    site.run(["clean", "--output", "content"]).failed();
    site.run(["clean", "--output", "."]).failed();
    assert_eq!(site.read("thesis/chapter-1.tex"), "years of work");
    assert!(site.path("content/news/budget.md").exists());
    // What was never built need not be cleaned.
    site.run(["clean", "--output", "nowhere"]).silent();
    assert!(!site.path("nowhere").exists());
}

#[test]
fn shells_learn_the_commands() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let run = run(pressroom().args(["completions", shell])).silent();
        for word in ["pressroom", "build", "--changed-list", "drafts"] {
            let word = word.trim_start_matches('-');
            assert!(run.stdout.contains(word), "{shell}: {word}");
        }
    }
}

#[test]
fn wrong_usage_is_told_with_exit_code_2() {
    let site = Site::new([("content/news/budget.md", "# The budget\n")]);
    let cases: [(&[&str], &str); 10] = [
        (&[], "Usage"),
        (&["biuld"], "build"),
        (&["build", "--darfts"], "--drafts"),
        (&["build", "extra"], "extra"),
        (&["build", "--format", "xml"], "human"),
        (
            &["build", "--base-url", "example.org"],
            "https://example.org/",
        ),
        (&["new"], "PATH"),
        (&["list", "everything"], "all"),
        (&["completions", "tcsh"], "bash"),
        (&["init"], "DIR"),
    ];
    for (arguments, part) in cases {
        let run = site.run(arguments);
        assert_eq!(run.code, Some(2), "{arguments:?}: {run:?}");
        assert!(run.stderr.contains(part), "{arguments:?}: {}", run.stderr);
        assert_eq!(run.stdout, "", "{arguments:?}");
    }
    assert!(!site.path("public").exists());
    let mut command = site.command(["build"]);
    command.env("SOURCE_DATE_EPOCH", "yesterday");
    let run = run(&mut command);
    assert_eq!(run.code, Some(2), "{run:?}");
    assert!(
        run.stderr.contains("SOURCE_DATE_EPOCH is `yesterday`"),
        "{}",
        run.stderr
    );
}

#[test]
fn help_and_version_are_no_mistakes() {
    for arguments in [
        &["--help"][..],
        &["build", "--help"],
        &["--version"],
        &["help", "list"],
    ] {
        let run = run(pressroom().args(arguments)).silent();
        assert!(
            run.stdout.contains("pressroom"),
            "{arguments:?}: {}",
            run.stdout
        );
    }
}

#[test]
fn a_pipe_gets_no_colours_and_no_progress() {
    let site = Site::new([("content/news/budget.md", "[dead](nothing.md)\n")]);
    let mut command = site.command(["build"]);
    command.env_remove("NO_COLOR");
    let run = run(&mut command).failed();
    assert!(run.stderr.contains("error[dead-link]"), "{}", run.stderr);
    assert!(!run.stderr.contains('\u{1b}') && !run.stderr.contains('\r'));
}

#[test]
fn a_profile_tells_what_took_how_long() {
    let site = Site::new([("content/news/budget.md", "# The budget\n")]);
    let json = site
        .build(&["--profile", "--format", "json"])
        .silent()
        .json();
    let profile = json
        .iter()
        .find(|object| object["event"] == "profile")
        .expect("a profile");
    for stage in ["parse", "render", "write"] {
        assert!(profile["stages_ms"][stage].as_f64().is_some(), "{profile}");
    }
    let templates = profile["templates"].as_array().expect("a list");
    assert!(
        templates
            .iter()
            .any(|template| template["template"] == "article.html")
    );
    // Nothing changed, so that no template had to work.
    let again = site.build(&["--profile"]).silent().stdout;
    assert!(again.contains("render") && !again.contains("article.html"));
    site.remove("public");
    let anew = site.build(&["--profile"]).silent().stdout;
    assert!(anew.contains("article.html"));
}

#[test]
fn the_list_of_changes_does_not_overwrite_the_site() {
    let site = Site::new([
        ("pressroom.yaml", "title: Gazette\n"),
        ("content/a.md", "# A\n\nText.\n"),
    ]);
    site.build(&[]).silent();
    let page = site.output("a/index.html");
    for list in ["content/a.md", "public/a/index.html", "pressroom.yaml"] {
        let run = site.build(&["--changed-list", list]);
        assert_eq!(run.code, Some(2), "{list}: {}", run.stderr);
    }
    assert_eq!(site.read("content/a.md"), "# A\n\nText.\n");
    assert_eq!(site.read("pressroom.yaml"), "title: Gazette\n");
    assert_eq!(site.output("a/index.html"), page);
}
