//! Small values that people write: dates, slugs, paths, permalinks.

use std::str::FromStr;

use jiff::tz::TimeZone;
use pressroom::diagnostics::Fault;
use pressroom::markdown::{Destination, classify};
use pressroom::model::{
    Permalink, PermalinkParts, Slug, Towards, UrlPath, WrittenDate, anchor, encode, fold, join,
    slugify,
};

use super::text;

/// A value, if it is one; else the mistake is told in a line, with a hint.
fn parsed<T: FromStr>(text: &str) -> Option<T>
where
    T::Err: Into<Fault>,
{
    match text.parse() {
        Ok(value) => Some(value),
        Err(error) => {
            let Fault { message, hint, .. } = error.into();
            assert!(!message.is_empty() && !hint.is_empty());
            // What is quoted of a long text is short.
            assert!(message.len() + hint.len() < 2_000, "{message}");
            None
        }
    }
}

/// Dates have a year that can be written, are read as they are written out, and mean the same whatever
/// is written around them.
pub fn dates(input: &[u8]) {
    let text = text(input);
    let Some(written) = parsed::<WrittenDate>(&text) else {
        return;
    };
    assert_eq!(format!(" {text}\t").parse(), Ok(written));
    for zone in ["UTC", "Europe/London", "Pacific/Apia", "Africa/Monrovia"] {
        let zone = TimeZone::get(zone).expect("a zone of the database");
        let moment = written.resolve(&zone);
        assert!((1..=9999).contains(&moment.year()), "{text}: {moment:?}");
        let shown = moment.rfc3339();
        let again: WrittenDate = shown.parse().expect("RFC 3339 is a date");
        let again = again.resolve(&TimeZone::UTC);
        assert_eq!(again.unix_seconds(), moment.unix_seconds(), "{shown}");
        assert_eq!(again.rfc3339(), shown);
    }
}

/// Slugs are one part of a path, whatever they are made of, and the slugs of themselves.
pub fn slugs(input: &[u8]) {
    let text = text(input);
    let slug = slugify(&text);
    is_part(slug.as_str());
    assert!(slug.as_str().len() <= 200, "{slug}");
    assert_eq!(slugify(slug.as_str()), slug);
    if let Some(written) = parsed::<Slug>(&text) {
        assert_eq!(written, slug);
    }
    let anchor = anchor(&text);
    is_part(&anchor);
    assert!(!anchor.contains('.'), "{anchor}");
    let folded = fold(&text);
    assert_eq!(fold(&folded), folded, "{text:?}");
}

/// Whether a name can be that of a file, in any folder.
fn is_part(name: &str) {
    assert!(!name.is_empty());
    assert!(!name.starts_with('.') && !name.ends_with('.'), "{name:?}");
    let is_fit = |c: char| !c.is_control() && !c.is_whitespace() && !"/\\:*?\"<>|".contains(c);
    assert!(name.chars().all(is_fit), "{name:?}");
}

/// Paths stay in the site, are read as they are encoded, and say the same in a header as in HTML.
pub fn paths(input: &[u8]) {
    let text = text(input);
    if let Some(path) = parsed::<UrlPath>(&text) {
        stays_inside(&path);
    }
    if let Some(towards) = parsed::<Towards>(&text) {
        // It stands in a line of its own in files that servers read.
        let divides = |c: char| c.is_control() || "\"<> ".contains(c);
        if let Towards::Elsewhere(url) = &towards {
            assert!(!url.contains(divides), "{url}");
        }
        if let Towards::Here(path, _) = &towards {
            stays_inside(path);
        }
    }
    if let Some(joined) = join("a/b", &text) {
        let within = joined.strip_suffix('/').unwrap_or(&joined);
        let leads_elsewhere = |part: &str| matches!(part, "" | "." | "..");
        assert!(within.is_empty() || !within.split('/').any(leads_elsewhere));
    }
    for is_image in [false, true] {
        leads_nowhere_that_runs(&text, is_image);
    }
}

fn stays_inside(path: &UrlPath) {
    let output = path.output();
    for part in output.split('/') {
        assert!(
            !part.is_empty() && part != "." && part != "..",
            "{output:?}"
        );
        assert!(part.len() <= 255, "{output:?}");
        assert!(
            !part.starts_with('.') || part == ".well-known",
            "{output:?}"
        );
    }
    let is_fit = |c: char| !c.is_control() && c != '\\';
    assert!(output.chars().all(is_fit), "{output:?}");
    let encoded = encode(path.as_str());
    assert!(encoded.is_ascii(), "{encoded}");
    assert!(!encoded.contains(['"', '\'', '<', '>', ' ', '&']));
    assert_eq!(encoded.parse().as_ref(), Ok(path), "{encoded}");
}

/// Whatever is taken for a link is none that a browser runs.
fn leads_nowhere_that_runs(text: &str, is_image: bool) {
    if classify(text, is_image, "https://example.org/") == Destination::Unsafe {
        return;
    }
    // URL Standard, 4.4: what a browser strips before it looks for a scheme.
    let begins = text.trim_start_matches(|c: char| c <= ' ');
    let url: String = begins
        .chars()
        .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
        .collect();
    let url = url.to_ascii_lowercase();
    for scheme in ["javascript:", "vbscript:", "data:text", "data:image/svg"] {
        assert!(!url.starts_with(scheme), "{text:?}");
    }
}

/// A pattern that is accepted makes paths that could have been written, of whatever articles are called.
///
/// The lines of an input are a pattern, a section, a slug and a folder.
pub fn permalinks(input: &[u8]) {
    let text = text(input);
    let mut lines = text.split('\n');
    let mut line = || lines.next().unwrap_or_default();
    let Some(pattern) = parsed::<Permalink>(line()) else {
        return;
    };
    let [section, slug, folder] = [line(), line(), line()].map(slugify);
    let path = &format!("{folder}/{slug}");
    let (section, slug) = (section.as_str(), slug.as_str());
    for date in [Some((2024, 7, 4)), Some((1, 1, 1)), None] {
        let filled = pattern.fill(PermalinkParts {
            section,
            slug,
            path,
            date,
        });
        // Whether there is room for it depends on what articles are called, and is told with the page.
        let is_long = |path: &str| path.len() > 1024 || path.split('/').any(|it| it.len() > 255);
        if !is_long(filled.as_str()) {
            stays_inside(&filled);
        }
    }
}
