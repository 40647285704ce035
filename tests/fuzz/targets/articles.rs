//! Articles and archived comments.

use std::cell::RefCell;
use std::convert::Infallible;
use std::sync::LazyLock;

use pressroom::config::Config;
use pressroom::markdown::{
    Body, Components, Resolution, Sanitiser, Scan, comment_html, scan, to_html,
};
use pressroom::model::{Argument, Form, Position, Treatment};
use pressroom::parse::{article_from, comments_from};

use super::told::can_be_shown;
use super::vouched::{Author, is_harmless};
use super::{choice, text};

const BASE: &str = "https://example.org/sub/";

/// What the HTML of guests goes through.
static SANITISER: LazyLock<Sanitiser> = LazyLock::new(|| Sanitiser::allowing(Vec::new()));

/// Sites that archives may have, which read front matter in different ways.
static SITES: LazyLock<[Config; 2]> = LazyLock::new(|| {
    let mapped = "front_matter: {tags: [topics, tags], title: headline}\n\
                  front_matter_duplicates: last\n\
                  languages: {de: {}}\n\
                  timezone: Europe/London\n";
    [None, Some(mapped)].map(|text| Config::read(text, "fuzz").0)
});

/// What a Markdown file says, or what is wrong with it, where it is.
pub fn front_matter(input: &[u8]) {
    let text = text(input);
    for config in &*SITES {
        for path in [
            "content/news/a.md",
            "content/news/2024-07-04-b.de.md",
            "content/news/_index.md",
        ] {
            let (article, found) = article_from(path, &text, config);
            can_be_shown(&found, path, &text);
            let Some(article) = article else {
                assert!(!found.is_empty(), "there is nothing, and nobody says why");
                continue;
            };
            assert!(!article.slug.as_str().is_empty());
            assert!(article.tags.iter().all(|tag| !tag.trim().is_empty()));
            let (again, found_again) = article_from(path, &text, config);
            assert_eq!((Some(article), found), (again, found_again));
        }
    }
}

/// What Markdown becomes: never anything that runs, unless the newsroom itself wrote HTML that does.
///
/// The first byte of an input says what is made of it.
pub fn markdown(input: &[u8]) {
    let (how, input) = choice(input);
    let (math, without_title) = (how & 1 > 0, how & 2 > 0);
    let text = text(input);
    let scanned = scan(&text, 0, math, true, BASE, |_, _| Treatment::Text);
    is_sound(&scanned, &text);
    let links = answers(&scanned);
    for sanitised in [false, true] {
        let body = Body {
            sizes: "100vw",
            markdown: &text,
            headings: &scanned.headings,
            links: &links,
            base_url: BASE,
            math,
            without_title,
            sanitiser: sanitised.then_some(&*SANITISER),
            colours: None,
        };
        let Ok(html) = to_html(body, &Nothing);
        if sanitised {
            is_harmless(&html, Author::Guest);
            continue;
        }
        if !text.contains('<') {
            is_harmless(&html, Author::Newsroom);
        }
        for number in 0..links.len() {
            let times = html.matches(&address(number)).count();
            assert!(
                times <= 1 || text.contains("zq7"),
                "link {number} {times} times"
            );
        }
    }
}

/// Whether what is known of a body can be.
fn is_sound(scanned: &Scan, text: &str) {
    let lines: Vec<&str> = text.split('\n').collect();
    let is_there = |position: &Position| {
        let line = lines.get(position.line as usize - 1);
        let width = line.map_or(0, |line| line.chars().count());
        assert!(position.column as usize <= width + 1, "{position:?}");
    };
    scanned
        .links
        .iter()
        .for_each(|link| is_there(&link.position));
    let calls = scanned.calls.iter().map(|call| &call.position);
    let faults = scanned.faults.iter().chain(&scanned.formula_faults);
    let faults = faults.chain(scanned.code_faults.iter().map(|(_, fault)| fault));
    calls
        .chain(faults.map(|fault| &fault.position))
        .chain(scanned.unsafe_links.iter().map(|link| &link.position))
        .chain(scanned.unknown.iter().map(|(_, position)| position))
        .for_each(is_there);
    let mut ids: Vec<&str> = scanned.headings.iter().map(|it| &*it.id).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|pair| pair[0] != pair[1]), "{ids:?}");
    assert!(scanned.minutes > 0);
}

/// Addresses that no input has.
fn address(number: usize) -> String {
    format!("/zq7/{number}/")
}

fn answers(scanned: &Scan) -> Vec<Resolution> {
    let to = |number| Resolution::To {
        url: address(number).into(),
        label: (number % 2 > 0).then(|| "A \"label\" & <more>".into()),
        picture: None,
    };
    (0..scanned.links.len()).map(to).collect()
}

/// A theme without components.
struct Nothing;

impl Components for Nothing {
    type Error = Infallible;

    fn treatment(&self, _: &str, _: Form) -> Treatment {
        Treatment::Text
    }

    fn render(
        &self,
        _: usize,
        _: &str,
        _: &[Argument],
        _: Option<&str>,
    ) -> Result<String, Infallible> {
        Ok(String::new())
    }
}

/// A theme with components that show what they are given, escaped as templates escape it.
struct Theme {
    unknown: Treatment,
    /// The number, name and body of each that was rendered.
    rendered: RefCell<Vec<(usize, String, bool)>>,
}

impl Components for Theme {
    type Error = Infallible;

    fn treatment(&self, name: &str, _: Form) -> Treatment {
        match name {
            "a" | "article" | "inline" | "note" => Treatment::Call,
            _ => self.unknown,
        }
    }

    fn render(
        &self,
        nth: usize,
        name: &str,
        arguments: &[Argument],
        body: Option<&str>,
    ) -> Result<String, Infallible> {
        let mut rendered = self.rendered.borrow_mut();
        rendered.push((nth, name.to_owned(), body.is_some()));
        let given: String = arguments
            .iter()
            .filter_map(|argument| argument.value.as_str())
            .flat_map(str::chars)
            .map(|c| match c {
                '&' => "&amp;".to_owned(),
                '<' => "&lt;".to_owned(),
                '>' => "&gt;".to_owned(),
                '"' => "&quot;".to_owned(),
                '\'' => "&#39;".to_owned(),
                c => c.to_string(),
            })
            .collect();
        let element = if name == "inline" { "span" } else { "div" };
        let body = body.unwrap_or_default();
        Ok(format!(
            "<{element} class=\"called-{nth}\" title=\"{given}\">{body}</{element}>"
        ))
    }
}

/// What stands for calls while the rest is read.
const MARKS: [char; 3] = ['\u{fdd0}', '\u{fdd1}', '\u{91}'];

/// Calls of components: each that is told of is rendered at most once, in order, in HTML that runs no more
/// than it does without them, and nothing shows of how that is done.
pub fn components(input: &[u8]) {
    let (how, input) = choice(input);
    let text = text(input);
    let theme = |unknown| Theme {
        unknown,
        rendered: RefCell::default(),
    };
    let unknown = if how & 1 > 0 {
        Treatment::Text
    } else {
        Treatment::Drop
    };
    let known = theme(unknown);
    let scanned = scan(&text, 0, how & 4 > 0, true, BASE, |name, form| {
        known.treatment(name, form)
    });
    is_sound(&scanned, &text);
    let links = answers(&scanned);
    for sanitised in [false, true] {
        let theme = theme(unknown);
        let body = Body {
            sizes: "100vw",
            markdown: &text,
            headings: &scanned.headings,
            links: &links,
            base_url: BASE,
            math: how & 4 > 0,
            without_title: how & 2 > 0,
            sanitiser: sanitised.then_some(&*SANITISER),
            colours: None,
        };
        let Ok(html) = to_html(body, &theme);
        let rendered = theme.rendered.into_inner();
        let mut seen = vec![false; scanned.calls.len()];
        for (nth, name, has_body) in &rendered {
            let called = &scanned.calls[*nth];
            assert_eq!((&*called.name, called.has_body), (&**name, *has_body));
            assert!(!std::mem::replace(&mut seen[*nth], true), "{nth} twice");
        }
        if !text.contains(MARKS) {
            assert!(!html.contains(MARKS), "{html}");
        }
        if sanitised {
            is_harmless(&html, Author::Guest);
        }
    }
}

/// Archived comments: what strangers write says what it says, and does nothing.
///
/// An input is a comment, and also a file of comments.
pub fn comments(input: &[u8]) {
    let text = text(input);
    is_harmless(&comment_html(&text), Author::Commenter);
    let path = "content/news/a.comments.yaml";
    let (comments, found) = comments_from(path, &text, &SITES[1]);
    can_be_shown(&found, path, &text);
    for comment in comments.iter().flatten() {
        assert!(comment.depth <= 8);
        is_harmless(&comment_html(&comment.text), Author::Commenter);
        if let Some(url) = &comment.url {
            assert!(url.starts_with("https://") || url.starts_with("http://"));
        }
    }
}
