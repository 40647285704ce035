//! Articles that are deep, wide, long or never closed, by mistake or on purpose.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use super::support::{Site, article, ends_in};

/// Longest time that a build of one such article may take here, where nothing is optimised and
/// other tests run beside it.
const LONGEST: Duration = Duration::from_secs(20);

/// Builds a site of one article with a body.
#[track_caller]
fn build(body: &str) -> Site {
    let text = article("The budget", "date: 2024-07-04\n", body);
    let site = Site::new([
        ("pressroom.yaml", "links: ignore\n"),
        ("content/news/budget.md", text.as_str()),
    ]);
    let begun = Instant::now();
    site.build(&[]).ok();
    let taken = begun.elapsed();
    assert!(taken < LONGEST, "{taken:?}");
    site
}

#[test]
fn markdown_of_ten_thousand_levels_is_published_soon() {
    let lists = (0..1000).fold(String::new(), |mut lists, level| {
        let _ = writeln!(lists, "{}- item", "  ".repeat(level));
        lists
    });
    for body in [
        ">".repeat(10_000) + " deep\n",
        "- ".repeat(10_000) + "deep\n",
        "[".repeat(10_000) + "deep" + &"]".repeat(10_000),
        "*".repeat(10_000) + "deep" + &"*".repeat(10_000),
        "<div>\n".repeat(10_000) + "deep\n",
        "![".repeat(10_000) + "deep" + &"](a)".repeat(10_000),
        "{% <note> %}\n".repeat(60) + "deep\n" + &"{% </note> %}\n".repeat(60),
        lists,
    ] {
        let site = build(&body);
        let page = site.output("news/budget/index.html");
        assert!(
            page.contains("deep") || page.contains("item"),
            "{}",
            &body[..20]
        );
    }
}

#[test]
fn a_table_of_half_a_million_cells_is_published_soon() {
    let row = "|cell".repeat(1000);
    let table = format!(
        "{row}|\n{}|\n{}",
        "|-".repeat(1000),
        format!("{row}|\n").repeat(500)
    );
    let page = build(&table).output("news/budget/index.html");
    assert_eq!(page.matches("<td>").count(), 500_000);
}

#[test]
fn what_is_never_closed_ends_with_the_article() {
    let site = build("**a *b ~~c `d [e](f ![g]( <h <!-- i\n\n> j\n\n```rust\nlet k\n");
    let page = site.output("news/budget/index.html");
    let (_, after) = page
        .split_once("let</span> k")
        .or(page.split_once("let k"))
        .expect("the code");
    assert!(
        after.contains("</pre>") && after.contains("</footer>"),
        "{after}"
    );
}

#[test]
fn ten_thousand_tags_are_ten_thousand_pages() {
    let tags: Vec<String> = (0..10_000).map(|tag| format!("{tag:x}t")).collect();
    let text = article(
        "The budget",
        &format!("date: 2024-07-04\ntags: [{}]\n", tags.join(",")),
        "The council met.\n",
    );
    let site = Site::in_memory();
    site.write("content/news/budget.md", text);
    site.write("pressroom.yaml", "feeds: {formats: []}\n");
    site.build(&[]).silent();
    assert!(site.has_output("tags/270ft/index.html"));
    let page = site.output("news/budget/index.html");
    assert_eq!(page.matches("rel=\"tag\"").count(), 10_000);
}

#[test]
fn tags_that_are_nothing_are_no_tags_and_signs_alone_have_a_page() {
    let text = article(
        "The budget",
        "tags: [\"\", \"  \", ~, \"!!!\", \"C++\"]\n",
        "The council met.\n",
    );
    let site = Site::new([("content/news/budget.md", text.as_str())]);
    site.build(&[]).silent();
    let page = site.output("news/budget/index.html");
    assert_eq!(page.matches("rel=\"tag\"").count(), 2, "{page}");
    assert!(
        page.contains(">!!!</a>") && page.contains(">C++</a>"),
        "{page}"
    );
}

#[test]
fn characters_that_are_no_text_are_in_no_page() {
    let body = "The \u{1b}[31mcouncil\u{7} met.\u{7f}\n\n    code \u{8}\n";
    let site = build(body);
    for (path, bytes) in site.outputs() {
        let is_page = ends_in(&path, "html") || ends_in(&path, "xml") || ends_in(&path, "json");
        let is_text = |b: &u8| *b >= b' ' && *b != 0x7f || matches!(b, b'\t' | b'\n' | b'\r');
        assert!(!is_page || bytes.iter().all(is_text), "{path}");
    }
    assert!(
        site.output("news/budget/index.html")
            .contains("[31mcouncil met.")
    );
}

/// The most memory that a build had, in bytes: Linux says so while it runs.
#[cfg(target_os = "linux")]
fn peak_of_build(site: &Site) -> u64 {
    let mut build = site
        .command(["build"])
        .stdout(std::process::Stdio::null())
        .spawn()
        .expect("a build");
    let status = format!("/proc/{}/status", build.id());
    let mut peak = 0;
    while build.try_wait().expect("it runs").is_none() {
        let told = std::fs::read_to_string(&status).unwrap_or_default();
        let line = told.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
        peak = peak.max(kilobytes.unwrap_or(0) * 1024);
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(build.wait().expect("it ran").success());
    peak
}

#[cfg(target_os = "linux")]
#[test]
fn the_longest_article_that_is_read_takes_a_bounded_amount_of_memory() {
    let site = Site::in_memory();
    let paragraph = "The first tram crossed the harbour bridge at half past six on Monday.\n\n";
    let body = paragraph.repeat((16 << 20) / paragraph.len() - 2);
    site.write(
        "content/news/long.md",
        article("Long", "date: 2024-07-04\n", &body),
    );
    let peak = peak_of_build(&site);
    assert!((64 << 20..400 << 20).contains(&peak), "{} MiB", peak >> 20);
}
