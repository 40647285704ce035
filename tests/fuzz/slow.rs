//! A search for short inputs that take long.
//!
//! In: the pieces of a subject. Out: a table of the worst inputs, and a failure if one of 64 KiB takes
//! more than 100 ms. Tests that measure depend on the machine, so these are run by hand, and in a
//! release build:
//!
//!     cargo test --release --test fuzz -- --ignored --nocapture --test-threads 1 slow
//!
//! Each piece, each pair of pieces, and many longer rows of them by chance are repeated, or one half of an
//! input is made of one and the other of another, as what opens and what closes. What takes more than its
//! share at 8 KiB is tried at 64.

use std::convert::Infallible;
use std::fs;
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use pressroom::code::Colours;
use pressroom::config::Config;
use pressroom::import::html::{Purpose, convert};
use pressroom::markdown::{
    Body, Components, Resolution, Sanitiser, comment_html, plain_text, scan, to_html,
};
use pressroom::model::{Argument, Form, Treatment};
use pressroom::parse::{article_from, comments_from};

use crate::pieces;
use crate::random::Random;
use crate::targets::Nobody;

/// What the HTML of guests goes through.
static SANITISER: LazyLock<Sanitiser> = LazyLock::new(|| Sanitiser::allowing(Vec::new()));

/// The longest time that an input of [`LARGE`] bytes may take.
const MOST: Duration = Duration::from_millis(100);

const SMALL: usize = 8 * 1024;
const LARGE: usize = 64 * 1024;

/// What takes longer at 8 KiB could take longer than [`MOST`] at 64, if eight times as much takes 64 times
/// as long.
const SUSPICIOUS: Duration = Duration::from_micros(1_200);

/// Rows by chance for each subject.
const ROWS: usize = 6_000;

/// How many of the worst are shown.
const SHOWN: usize = 12;

/// An input that grows by what it repeats.
struct Growing {
    begins: &'static str,
    repeated: String,
    /// What the second half repeats, if that is something else.
    then: String,
    ends: &'static str,
}

impl Growing {
    fn of(&self, bytes: usize) -> String {
        let room = bytes.saturating_sub(self.begins.len() + self.ends.len());
        let half = if self.then.is_empty() { room } else { room / 2 };
        let repeat = |what: &str, room: usize| match what {
            "" => String::new(),
            what => what.repeat(room / what.len()),
        };
        [
            self.begins,
            &repeat(&self.repeated, half),
            &repeat(&self.then, room - half),
            self.ends,
        ]
        .concat()
    }

    fn shown(&self) -> String {
        let row = |text: &str| text.escape_debug().to_string();
        if self.then.is_empty() {
            row(&self.repeated)
        } else {
            format!("{} … {}", row(&self.repeated), row(&self.then))
        }
    }
}

/// The shortest of a few times that something takes, of the processor where that can be told.
fn time(work: impl Fn()) -> Duration {
    let once = || {
        let (cpu, wall) = (on_cpu(), Instant::now());
        work();
        let wall = wall.elapsed();
        // What the system says of short times is not exact.
        match (cpu, on_cpu()) {
            (Some(before), Some(after)) if wall > Duration::from_millis(20) => {
                wall.min(after.saturating_sub(before))
            }
            _ => wall,
        }
    };
    let first = once();
    if first < SUSPICIOUS {
        return first;
    }
    first.min(once()).min(once())
}

/// How long this thread has had a processor.
fn on_cpu() -> Option<Duration> {
    let text = fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanoseconds = text.split(' ').next()?.parse().ok()?;
    Some(Duration::from_nanos(nanoseconds))
}

/// A line of a table: milliseconds at 64 KiB and at 32, and what was repeated.
fn print(large: Duration, half: Duration, shown: &str) {
    let [large, half] = [large, half].map(|it| it.as_secs_f64() * 1e3);
    println!("{large:10.1} {half:10.1}  {shown}");
}

/// Looks for inputs of a subject that take long.
fn search(
    subject: &str,
    (begins, pieces, ends): (&'static str, &[&str], &'static str),
    work: impl Fn(&str),
) {
    let growing = |repeated: &str, then: &str| Growing {
        begins,
        repeated: repeated.to_owned(),
        then: then.to_owned(),
        ends,
    };
    let singles = pieces.iter().map(|piece| growing(piece, ""));
    let pairs = pieces.iter().flat_map(|one| {
        pieces
            .iter()
            .flat_map(move |other| [growing(&[*one, *other].concat(), ""), growing(one, other)])
    });
    let mut random = Random::new(1);
    let mut row = || -> String {
        let length = 2 + random.below(5);
        (0..length).map(|_| *random.pick(pieces)).collect()
    };
    let rows: Vec<Growing> = (0..ROWS)
        .map(|at| {
            let then = if at % 3 == 0 { row() } else { String::new() };
            growing(&row(), &then)
        })
        .collect();
    let mut worst: Vec<(Duration, Duration, String)> = Vec::new();
    let mut tried = 0;
    for input in singles.chain(pairs).chain(rows) {
        tried += 1;
        let small = input.of(SMALL);
        if time(|| work(&small)) < SUSPICIOUS {
            continue;
        }
        let (half, large) = (input.of(LARGE / 2), input.of(LARGE));
        let half = time(|| work(&half));
        let large = if half > 20 * MOST {
            // It need not be known how long exactly.
            half * 2
        } else {
            time(|| work(&large))
        };
        if large > MOST {
            // A search takes minutes.
            print(large, half, &input.shown());
        }
        worst.push((large, half, input.shown()));
        worst.sort_by_key(|(large, ..)| std::cmp::Reverse(*large));
        worst.truncate(SHOWN);
    }
    println!("{subject}: {tried} inputs; the worst, in ms at 64 KiB and at 32");
    for (large, half, shown) in &worst {
        print(*large, *half, shown);
    }
    let slow = worst.iter().filter(|(large, ..)| *large > MOST).count();
    assert!(slow == 0, "{subject} has inputs that take long");
}

/// A theme with one component, `a`.
struct Theme(Treatment);

impl Components for Theme {
    type Error = Infallible;

    fn treatment(&self, _: &str, _: Form) -> Treatment {
        self.0
    }

    fn render(
        &self,
        _: usize,
        _: &str,
        _: &[Argument],
        body: Option<&str>,
    ) -> Result<String, Infallible> {
        Ok(format!("<div>{}</div>", body.unwrap_or_default()))
    }
}

/// Reads and renders a body.
fn render(markdown: &str, math: bool, sanitised: bool, treatment: Treatment) {
    let base_url = "https://example.org/";
    let scanned = scan(markdown, 0, math, true, base_url, |_, _| treatment);
    let links = vec![Resolution::Keep; scanned.links.len()];
    let body = Body {
        sizes: "",
        markdown,
        headings: &scanned.headings,
        links: &links,
        base_url,
        math,
        without_title: false,
        sanitiser: sanitised.then_some(&*SANITISER),
        colours: None,
    };
    let Ok(_) = to_html(body, &Theme(treatment));
}

#[test]
#[ignore = "measures: run by hand"]
fn slow_markdown() {
    search("markdown", ("", pieces::MARKDOWN, ""), |text| {
        render(text, false, false, Treatment::Text);
    });
}

#[test]
#[ignore = "measures: run by hand"]
fn slow_sanitised() {
    search("sanitised", ("", pieces::MARKDOWN, ""), |text| {
        render(text, false, true, Treatment::Text);
    });
}

#[test]
#[ignore = "measures: run by hand"]
fn slow_html() {
    search("html", ("", pieces::HTML, ""), |text| {
        render(text, false, true, Treatment::Text);
    });
}

#[test]
#[ignore = "measures: run by hand"]
fn slow_formulas() {
    search("formulas", ("", pieces::FORMULAS, ""), |text| {
        render(text, true, false, Treatment::Text);
    });
    search("one formula", ("$$", pieces::FORMULAS, "$$"), |text| {
        render(text, true, false, Treatment::Text);
    });
}

#[test]
#[ignore = "measures: run by hand"]
fn slow_components() {
    for sanitised in [false, true] {
        search("components", ("", pieces::COMPONENTS, ""), |text| {
            render(text, false, sanitised, Treatment::Call);
        });
    }
    search("left out", ("", pieces::COMPONENTS, ""), |text| {
        render(text, false, false, Treatment::Drop);
    });
}

#[test]
#[ignore = "measures: run by hand"]
fn slow_comments() {
    search("comments", ("", pieces::MARKDOWN, ""), |text| {
        let _ = comment_html(text);
    });
    let config = Config::read(None, "slow").0;
    search("file of comments", ("", pieces::YAML, ""), |text| {
        let _ = comments_from("content/a.comments.yaml", text, &config);
    });
}

#[test]
#[ignore = "measures: run by hand"]
fn slow_front_matter() {
    let config = Config::read(None, "slow").0;
    let mapped = "front_matter: {tags: [topics]}\nfront_matter_duplicates: last\n";
    let mapped = Config::read(Some(mapped), "slow").0;
    for config in [&config, &mapped] {
        for begins in [
            "---\n",
            "---\naliases: [",
            "---\nrelated: [",
            "---\ntags: [",
        ] {
            search("front matter", (begins, pieces::YAML, "\n---\n"), |text| {
                let _ = article_from("content/a.md", text, config);
            });
        }
    }
}

/// Keys and values that are all different ones.
#[test]
#[ignore = "measures: run by hand"]
fn slow_many() {
    let config = Config::read(None, "slow").0;
    let mapped = "front_matter_duplicates: last\n";
    let mapped = Config::read(Some(mapped), "slow").0;
    let mut slow = Vec::new();
    for (begins, one, ends) in [
        ("---\n", "tag#: a\n", "---\n"),
        ("---\n", "k#: {[]: 1}\n", "---\n"),
        ("---\n", "k#: a\nk#: b\n", "---\n"),
        ("---\n", "date: x#\ntitle: [\n", "---\n"),
        ("---\naliases:\n", "- /a/#/\n", "---\n"),
        ("---\naliases: [", "/#,", "]\n---\n"),
        ("---\nrelated: [", "a#,", "]\n---\n"),
        ("---\nrelated: {exclude: [", "a#,", "]}\n---\n"),
        ("---\ntags: [", "a#,", "]\n---\n"),
        ("---\nextra: {", "a#: b,", "}\n---\n"),
        (
            "---\nembeds: [",
            "{url: a#, title: b, image: c#},",
            "]\n---\n",
        ),
        ("", "# a #\n", ""),
        ("", "[a#](b#) ", ""),
        ("", "![a#](b#) ", ""),
        ("", "[a#]: /b#\n", ""),
        ("", "[a#] ", ""),
        ("", "[^a#] ", "\n\n[^a1]: b"),
        ("", "[^a#]: b\n\n", ""),
        ("", "<a href=\"b#\" id=\"c#\">", ""),
        ("> <div\n> ", "id=\"c#\"\n> ", ""),
        ("<p ", "a#=b ", ">"),
        ("```rust ", "a#=b ", "\n```\n"),
        ("", "{{<a x=\"#\" />}} ", ""),
        ("", "{{<a x=\"#\" />}}\n", ""),
        ("", "{% <a> %}\nb#\n", ""),
    ] {
        let text = |bytes: usize| {
            let mut text = begins.to_owned();
            for number in 1.. {
                let next = one.replace('#', &number.to_string());
                if text.len() + next.len() + ends.len() > bytes {
                    break;
                }
                text.push_str(&next);
            }
            text + ends
        };
        for (name, config) in [("", &config), ("last", &mapped)] {
            let [half, large] = [LARGE / 2, LARGE].map(|bytes| {
                let text = text(bytes);
                time(|| {
                    let _ = article_from("content/a.md", &text, config);
                    for sanitised in [false, true] {
                        render(&text, false, sanitised, Treatment::Call);
                    }
                    let _ = convert(&text, Purpose::Article, &mut Nobody);
                })
            });
            let shown = [begins, one, ends].map(|part| part.escape_debug().to_string());
            print(large, half, &format!("{name} {}", shown.join(" … ")));
            if large > MOST {
                slow.push(shown);
            }
        }
    }
    assert!(slow.is_empty(), "{slow:?}");
}

#[test]
#[ignore = "measures: run by hand"]
fn slow_settings() {
    search("pressroom.yaml", ("", pieces::YAML, ""), |text| {
        let _ = Config::read(Some(text), "slow");
    });
}

#[test]
#[ignore = "measures: run by hand"]
fn slow_texts() {
    search("text of a summary", ("", pieces::MARKDOWN, ""), |text| {
        let _ = plain_text(text);
    });
}

#[test]
#[ignore = "measures: run by hand"]
fn slow_imports() {
    search("HTML of imports", ("", pieces::HTML, ""), |text| {
        let _ = convert(text, Purpose::Article, &mut Nobody);
        let _ = convert(text, Purpose::Comment, &mut Nobody);
    });
}

/// Languages of which syntaxes are said to be slow, and those that are met most often.
const LANGUAGES: &[&str] = &[
    "r",
    "matlab",
    "typescript",
    "javascript",
    "python",
    "rust",
    "html",
    "css",
    "latex",
    "bash",
    "perl",
    "ruby",
    "php",
    "sql",
    "java",
    "c++",
    "go",
    "yaml",
    "json",
    "xml",
    "markdown",
    "haskell",
    "swift",
];

#[test]
#[ignore = "measures: run by hand"]
fn slow_code() {
    for language in LANGUAGES {
        let fence = |text: &str| {
            // A block may have 32 KiB.
            let blocks = text.as_bytes().chunks(30 * 1024);
            let blocks = blocks.map(String::from_utf8_lossy);
            let fenced: Vec<String> = blocks
                .map(|block| format!("```{language}\n{block}\n```\n"))
                .collect();
            fenced.concat()
        };
        search(language, ("", pieces::CODE, ""), |text| {
            let markdown = fence(text);
            let body = Body {
                sizes: "",
                markdown: &markdown,
                headings: &[],
                links: &[],
                base_url: "https://example.org/",
                math: false,
                without_title: false,
                sanitiser: None,
                colours: Some(&Colours::default()),
            };
            let Ok(_) = to_html(body, &Theme(Treatment::Text));
        });
    }
}
