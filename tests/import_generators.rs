//! Sites of other generators come over: their pages, their addresses, and a report of the rest.
//!
//! Each folder of tests/import_generators is the site of a generator. Beside it, `NAME.urls` has the
//! addresses that readers know, and `NAME.report` what `import` says. `UPDATE_EXPECTED=1` writes the
//! reports anew. Read the difference.

#[path = "import_generators/small_sites.rs"]
mod small_sites;
mod support;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use support::{Run, Site, pressroom, run, tree};

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/import_generators")
        .join(name)
}

/// Runs an import; a path of the place where the site is made is not in what it says.
fn import(generator: &str, source: &Path, site: &Site, options: &[&str]) -> Run {
    let mut command = pressroom();
    command
        .args(["import", generator])
        .arg(source)
        .arg(site.root())
        .args(options);
    let mut run = run(&mut command);
    run.stdout = run
        .stdout
        .replace(&site.root().display().to_string(), "SITE");
    run
}

/// A folder in which nothing is yet.
fn empty() -> Site {
    let site = Site::new([]);
    let _ = fs::remove_dir_all(site.root());
    site
}

fn comes_over(generator: &str) -> Site {
    let site = empty();
    let first = import(generator, &folder(generator), &site, &["--all"]).ok();
    let report = folder(&format!("{generator}.report"));
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        fs::write(&report, &first.stdout).expect("a report");
    }
    assert_eq!(first.stdout, fs::read_to_string(&report).expect("a report"));

    let again = import(generator, &folder(generator), &site, &["--all"]).ok();
    let head = again.stdout.lines().nth(1).expect("a second line");
    assert!(head.trim_start().starts_with("0 files written"), "{head}");
    assert!(head.ends_with("0 left alone"), "{head}");

    site.build(&[]).ok();
    let urls = fs::read_to_string(folder(&format!("{generator}.urls"))).expect("addresses");
    let dead: Vec<&str> = urls.lines().filter(|url| !answers(&site, url)).collect();
    assert!(dead.is_empty(), "nothing answers at {dead:?}");
    // And what the site itself says of them, and of the addresses that only redirects answer.
    let list = folder(&format!("{generator}.urls")).display().to_string();
    let check = site.run(["check", "--urls", &list]).ok();
    assert!(!check.stderr.contains("url-lost"), "{}", check.stderr);
    let moved = fs::read_to_string(site.path("data/redirects.yaml")).unwrap_or_default();
    for line in moved.lines().filter(|line| line.starts_with('/')) {
        let (from, _) = line.split_once(": ").expect("a redirect");
        assert!(answers(&site, from), "{line}");
    }
    site
}

fn answers(site: &Site, url: &str) -> bool {
    let path = url.trim_start_matches('/');
    let path = if path.is_empty() || path.ends_with('/') {
        format!("{path}index.html")
    } else {
        path.to_owned()
    };
    site.has_output(&path)
}

#[test]
fn a_site_of_jekyll_comes_over() {
    let site = comes_over("jekyll");
    let post = site.read("content/posts/2019-07-04-harbour-day.md");
    for text in [
        "[last year](2018-07-04-first-day.md), [the guide](../docs/tides.md#high)",
        "[the kitchen](/kitchen/chowder/). The site is The Harbour Gazette.",
        "{% <figure src=\"/images/quay.svg\"> %}\nThe *old* quay\n{% </figure> %}",
        "{{<video title=\"YouTube\" youtube=\"w7Ft2ymGmfc\" />}}",
        "## Timetable {#times}",
        "```ruby {linenos=true}\nputs \"{{ tide }}\"\n```",
        "```liquid\n{{ page.title }} {: .kept}\n```",
        "{{&lt;figure src=\"nothing.svg\" />}}",
    ] {
        assert!(post.contains(text), "{text}\n{post}");
    }
    let page = site.output("events/2019/07/04/harbour-day/index.html");
    assert!(
        page.contains("{{&lt;figure") && page.contains("{% if page.tags %}Tagged."),
        "{page}"
    );
    assert!(
        !site.has_output("events/2019/09/01/broken/index.html"),
        "a broken file is a draft"
    );
}

#[test]
fn a_site_of_hugo_comes_over() {
    let site = comes_over("hugo");
    let post = site.read("content/posts/2020/harbour-day.md");
    for text in [
        "[the bundle](../bundle/index.md), [its boat](../bundle/index.md#boat)",
        "and [/docs/deep/tides/](../../docs/deep/tides.md)",
        "It was sunny; call 555 0100. [Dead](nothing.md). [Beside](../slugged.md).",
        "{% <figure src=\"/img/quay.svg\" alt=\"A quay\" credit=\"The picture desk\"> %}",
        "{{<video title=\"The film\" vimeo=\"146022717\" />}}",
        "<https://x.com/harbour/status/877500564405444608>",
        "```go {linenos=true hl_lines=[2,\"4-5\"]}\nfmt.Println(\"{{< tide >}}\")\nhigh()",
        "{% <details summary=\"More\" open={true}> %}\nText with {{&lt; own \"x\" >}} inside.",
        "{{&lt; own a=\"1\" >}}**Bold** stays.{{&lt; /own >}}",
        "```html\n/2020/07/bundle/ {{< own >}}\n```",
        "{&#37; <note> %}no note{&#37; </note> %}",
        "src: /img/quay.svg",
    ] {
        assert!(post.contains(text), "{text}\n{post}");
    }
    let page = site.output("2020/07/harbour-day/index.html");
    assert!(
        page.contains("{{&lt; figure src="),
        "what a text shows of shortcodes is shown: {page}"
    );
    assert!(page.contains("<strong>Bold</strong> stays."), "{page}");
}

#[test]
fn a_site_of_zola_comes_over() {
    let site = comes_over("zola");
    let post = site.read("content/blog/2021-03-04-Café by the Quay.md");
    for text in [
        "[the quay](quay/index.md#boat), [guides](../docs/_index.md), [the same](quay/index.md)",
        "<!--more-->",
        "{% <quote by=\"The harbour master\"> %}\nWe have **waited** for this.\n{% </quote> %}",
        "{% own(a=1) %}\nInside.\n{% end %}",
        "```rust {linenos=true hl_lines=[\"1\"]}",
        "{{<video title=\"Streamable\" src=\"https://streamable.com/e/92ok4\" />}}",
    ] {
        assert!(post.contains(text), "{text}\n{post}");
    }
}

#[test]
fn nothing_that_is_there_is_replaced() {
    let site = empty();
    site.write("pressroom.yaml", "title: Ours\n");
    site.write("content/docs/_index.md", "# Ours\n");
    let run = import("zola", &folder("zola"), &site, &["--format", "json"]).ok();
    let last = run.json().pop().expect("a line");
    assert_eq!(
        (&last["event"], &last["occupied"]),
        (&"imported".into(), &2.into())
    );
    assert_eq!(site.read("pressroom.yaml"), "title: Ours\n");
    assert_eq!(site.read("content/docs/_index.md"), "# Ours\n");
}

#[test]
fn a_folder_that_is_not_there_is_a_mistake() {
    let site = empty();
    let run = import("hugo", &folder("nowhere"), &site, &[]).failed();
    assert!(run.stderr.contains("nowhere"), "{}", run.stderr);
    site.write("hugo.toml", "title = 'Ours'");
    let run = import("hugo", &site.root(), &site, &[]).failed();
    assert!(
        run.stderr.contains("cannot be imported into itself"),
        "{}",
        run.stderr
    );
}

/// Names of shortcodes in texts, each as often as it is called.
fn called<'t>(texts: impl Iterator<Item = &'t str>) -> BTreeMap<String, usize> {
    let mut called = BTreeMap::new();
    for text in texts {
        for begins in ["{{<", "{{%"] {
            for call in text.split(begins).skip(1) {
                let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/');
                let call = call.trim_start();
                let end = call.find(|c| !is_part(c)).unwrap_or(call.len());
                // What closes a call belongs to it.
                if end > 0 && !call.starts_with('/') {
                    *called.entry(call[..end].to_owned()).or_default() += 1;
                }
            }
        }
    }
    called
}

#[test]
fn every_shortcode_of_a_large_archive_is_a_link_or_a_line_of_the_report() {
    let archive = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus/digitalgov");
    if !archive.join("content").is_dir() {
        eprintln!("SKIPPED: there is no archive at {}", archive.display());
        return;
    }
    let texts = tree(&archive.join("content"));
    let texts: Vec<String> = texts
        .into_values()
        .filter_map(|bytes| String::from_utf8(bytes).ok())
        .collect();
    let before = called(texts.iter().map(String::as_str));

    let site = empty();
    let run = import("hugo", &archive, &site, &["--format", "json"]).ok();
    let lines = run.json();
    let told: Vec<&str> = lines
        .iter()
        .filter(|line| {
            line["kind"]
                .as_str()
                .is_some_and(|kind| kind.starts_with("shortcode"))
        })
        .filter_map(|line| line["message"].as_str())
        .collect();
    let made: Vec<String> = tree(&site.path("content"))
        .into_values()
        .filter_map(|bytes| String::from_utf8(bytes).ok())
        .collect();
    let ours = |begins: &str| {
        made.iter()
            .map(|text| text.matches(begins).count())
            .sum::<usize>()
    };

    // What Pressroom knows is in its words.
    assert_eq!(ours("{{<video "), before["youtube"]);
    assert_eq!(ours("<https://x.com/"), before["tweet"]);
    let references = before["ref"] + before.get("relref").copied().unwrap_or(0);
    let dead = told
        .iter()
        .filter(|message| message.contains("so that the link is dead"))
        .count();
    assert!(dead < references, "{dead} of {references} links are dead");
    // Everything else is told, call by call.
    let known = ["youtube", "tweet", "ref", "relref", "highlight"];
    for (name, count) in before
        .iter()
        .filter(|(name, _)| !known.contains(&name.as_str()))
    {
        let about = format!("`{name}`");
        let told = told
            .iter()
            .filter(|message| message.starts_with(&about))
            .count();
        assert_eq!(told, *count, "{name}");
    }
}
