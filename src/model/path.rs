//! Paths of the site: slugs, URL paths and the patterns that permalinks are made of.

use std::fmt;
use std::str::FromStr;

use crate::diagnostics::{Code, Fault};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// Longest slug in bytes: file systems take 255 for a name, and the rest is room for endings.
const LONGEST_SLUG: usize = 200;
/// Longest part of a path in bytes, as file systems have it.
const LONGEST_PART: usize = 255;

/// A part of a path that cannot be one, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathError {
    /// What is wrong.
    pub message: String,
    /// What to write.
    pub hint: String,
}

impl PathError {
    fn new(message: String, hint: &str) -> Self {
        Self {
            message,
            hint: hint.to_owned(),
        }
    }
}

impl From<PathError> for Fault {
    fn from(error: PathError) -> Self {
        Self {
            code: Some(Code::UrlPath),
            message: error.message,
            hint: error.hint,
        }
    }
}

/// One part of a URL path: lower case, in Unicode's normal form C, only letters, digits, `-`,
/// `_` and `.` (never at an end), never empty, at most 200 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Slug(Box<str>);

impl Slug {
    /// The slug as text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Slug {
    type Err = PathError;

    /// A slug that a person wrote. Spaces and capitals are made to fit; what would lead
    /// elsewhere is refused.
    fn from_str(text: &str) -> Result<Self, PathError> {
        let shown = excerpt(text);
        let hint = "write one part of a path, such as `budget-2024`; \
                    for a whole path there is `url: /2024/budget/`";
        if text.contains(['/', '\\']) {
            return Err(PathError::new(
                format!("the slug `{shown}` has a slash in it"),
                hint,
            ));
        }
        if text.chars().any(char::is_control) {
            return Err(PathError::new(
                format!("the slug `{shown}` has a control character in it"),
                hint,
            ));
        }
        if !text.chars().any(char::is_alphanumeric) {
            return Err(PathError::new(
                format!("the slug `{shown}` has no letter or digit in it"),
                hint,
            ));
        }
        Ok(slugify(text))
    }
}

/// The slug of any text, such as a title, a tag or a file name. Text without a letter or digit
/// gives a hash.
#[must_use]
pub fn slugify(text: &str) -> Slug {
    let mut slug = String::with_capacity(text.len());
    let mut gap = false;
    let mut push = |c: char| {
        if c.is_alphanumeric() || c == '_' || is_mark(c) {
            if gap && !slug.is_empty() {
                slug.push('-');
            }
            gap = false;
            slug.push(c);
        } else if c == '.' && !slug.is_empty() && !gap {
            slug.push('.');
        } else if c != '\'' && c != '\u{2019}' {
            // An apostrophe belongs to its word: `don't` is `dont`.
            gap = true;
        }
    };
    if text.is_ascii() {
        text.bytes()
            .for_each(|b| push(b.to_ascii_lowercase() as char));
    } else {
        text.chars()
            .flat_map(char::to_lowercase)
            .nfc()
            .for_each(&mut push);
    }
    let kept = slug.trim_end_matches('.').len();
    slug.truncate(kept);
    if slug.is_empty() || !slug.chars().any(char::is_alphanumeric) {
        return Slug(format!("{:016x}", xxhash_rust::xxh3::xxh3_64(text.as_bytes())).into());
    }
    if slug.len() > LONGEST_SLUG {
        let hash = format!(
            "-{:08x}",
            xxhash_rust::xxh3::xxh3_64(slug.as_bytes()) as u32
        );
        let mut at = LONGEST_SLUG - hash.len();
        while !slug.is_char_boundary(at) {
            at -= 1;
        }
        slug.truncate(slug[..at].trim_end_matches(['-', '.']).len());
        slug.push_str(&hash);
    }
    Slug(slug.into())
}

/// The id of a heading: its slug without dots, so that `Part 1. Begin` is `part-1-begin`.
#[must_use]
pub fn anchor(text: &str) -> String {
    let slug = slugify(text);
    if slug.as_str().contains('.') {
        slug.as_str().replace('.', "")
    } else {
        slug.as_str().to_owned()
    }
}

/// Combining marks are part of the letter before them in scripts that NFC does not compose.
fn is_mark(c: char) -> bool {
    unicode_normalization::char::is_combining_mark(c)
}

/// Text in the form in which names are compared: normal form C, lower case.
#[must_use]
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let lower = text.to_lowercase();
    match is_nfc_quick(lower.chars()) {
        IsNormalized::Yes => lower,
        _ => lower.nfc().collect(),
    }
}

/// A path of the site from its root, not percent-encoded: `/news/budget/` or `/2019/07/a.html`.
/// It begins with a slash and has no part that leads elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UrlPath(Box<str>);

impl UrlPath {
    /// A path made by this program out of slugs and checked names.
    #[must_use]
    pub fn trusted(path: String) -> Self {
        debug_assert!(path.starts_with('/'), "{path}");
        Self(path.into())
    }

    /// The path as text, not percent-encoded.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The file that a static host answers this path from: `news/budget/index.html`.
    #[must_use]
    pub fn output(&self) -> String {
        let path = &self.0[1..];
        if path.is_empty() || path.ends_with('/') {
            format!("{path}index.html")
        } else {
            path.to_owned()
        }
    }

    /// The path's folder, with a slash at its end: `/2019/07/` for `/2019/07/a.html`.
    #[must_use]
    pub fn folder(&self) -> &str {
        &self.0[..=self.0.rfind('/').unwrap_or(0)]
    }
}

impl fmt::Display for UrlPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for UrlPath {
    type Err = PathError;

    /// A path that a person wrote, percent-encoded or not. A missing slash at the front is added,
    /// and one at the end when the last part has no extension.
    fn from_str(text: &str) -> Result<Self, PathError> {
        let shown = excerpt(text);
        let hint = "write a path from the site's root, such as `/2019/07/budget.html` or `/about/`";
        let wrong = |what: &str| Err(PathError::new(format!("the path `{shown}` {what}"), hint));
        if text.contains("://") || text.starts_with("//") {
            return wrong("is a whole URL");
        }
        let Ok(decoded) = percent_decode_str(text).decode_utf8() else {
            return wrong("is not UTF-8 when its %-signs are decoded");
        };
        let path: String = decoded.nfc().collect();
        if path.trim().is_empty() {
            return wrong("is empty");
        }
        if path.contains(['?', '#']) {
            return wrong("has a `?` or `#` in it, which a static host cannot answer to");
        }
        if path.contains('\\') || path.chars().any(char::is_control) {
            return wrong("has a backslash or control character in it");
        }
        let trimmed = path.strip_prefix('/').unwrap_or(&path);
        for part in trimmed.strip_suffix('/').unwrap_or(trimmed).split('/') {
            if part.is_empty() && !trimmed.is_empty() {
                return wrong("has an empty part");
            }
            if part.starts_with('.') && part != ".well-known" {
                return wrong("has a part that begins with a dot");
            }
            if part.len() > LONGEST_PART {
                return wrong("has a part of more than 255 bytes");
            }
        }
        let last = trimmed.rsplit('/').next().unwrap_or("");
        let close = if last.is_empty() || last.contains('.') {
            ""
        } else {
            "/"
        };
        Ok(Self(format!("/{trimmed}{close}").into()))
    }
}

fn excerpt(text: &str) -> String {
    let mut shown: String = text.chars().take(60).collect();
    if shown.len() < text.len() {
        shown.push('…');
    }
    shown
}

/// What a path of a URL may show as it is: RFC 3986's unreserved characters and sub-delimiters,
/// less those that mean something in HTML or XML.
const ENCODED: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'`')
    .add(b'{')
    .add(b'}')
    .add(b'%')
    .add(b'&')
    .add(b'\'')
    .add(b'[')
    .add(b']')
    .add(b'\\')
    .add(b'^')
    .add(b'|');

/// A path percent-encoded for use in HTML, feeds and sitemaps (RFC 3986).
#[must_use]
pub fn encode(path: &str) -> String {
    utf8_percent_encode(path, ENCODED).to_string()
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Section,
    Slug,
    Year,
    Month,
    Day,
    Path,
}

impl Part {
    const NAMES: [(&'static str, Self); 6] = [
        ("section", Self::Section),
        ("slug", Self::Slug),
        ("year", Self::Year),
        ("month", Self::Month),
        ("day", Self::Day),
        ("path", Self::Path),
    ];
}

/// A pattern of URLs, such as `/{section}/{year}/{slug}/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Permalink {
    /// Literal text, and the part that follows it.
    parts: Vec<(String, Option<Part>)>,
}

/// What a [`Permalink`] is filled with.
#[derive(Debug, Clone, Copy)]
pub struct PermalinkParts<'a> {
    /// Section, or nothing.
    pub section: &'a str,
    /// Last part of the path.
    pub slug: &'a str,
    /// Folders below the section and the slug, slugs joined by slashes.
    pub path: &'a str,
    /// Year, month and day, if there is a date.
    pub date: Option<(i16, u8, u8)>,
}

impl Permalink {
    /// `/{section}/{slug}/`, which is used where pressroom.yaml says nothing else.
    #[must_use]
    pub fn usual() -> Self {
        Self {
            parts: vec![
                ("/".to_owned(), Some(Part::Section)),
                ("/".to_owned(), Some(Part::Slug)),
                ("/".to_owned(), None),
            ],
        }
    }

    /// Whether the pattern needs a date.
    #[must_use]
    pub fn needs_date(&self) -> bool {
        self.parts
            .iter()
            .any(|(_, part)| matches!(part, Some(Part::Year | Part::Month | Part::Day)))
    }

    /// The URL path. Parts that are empty leave no empty part behind; date parts are left out
    /// when there is no date.
    #[must_use]
    pub fn fill(&self, with: PermalinkParts) -> UrlPath {
        use fmt::Write as _;
        let mut path = String::with_capacity(48);
        for (literal, part) in &self.parts {
            path.push_str(literal);
            match (part, with.date) {
                (Some(Part::Section), _) => path.push_str(with.section),
                (Some(Part::Slug), _) => path.push_str(with.slug),
                (Some(Part::Path), _) => path.push_str(with.path),
                (Some(Part::Year), Some((year, ..))) => {
                    let _ = write!(path, "{year:04}");
                }
                (Some(Part::Month), Some((_, month, _))) => {
                    let _ = write!(path, "{month:02}");
                }
                (Some(Part::Day), Some((.., day))) => {
                    let _ = write!(path, "{day:02}");
                }
                _ => {}
            }
        }
        while path.contains("//") {
            path = path.replace("//", "/");
        }
        UrlPath::trusted(path)
    }
}

impl FromStr for Permalink {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let hint = "write a pattern such as `/{section}/{year}/{slug}/`; \
                    its parts are section, slug, year, month, day and path";
        let wrong = |what: String| Err(PathError::new(what, hint));
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let Some(length) = rest[open..].find('}') else {
                return wrong(format!("`{text}` has a {{ that is not closed"));
            };
            let name = &rest[open + 1..open + length];
            let Some((_, part)) = Part::NAMES.iter().find(|(known, _)| *known == name) else {
                return wrong(format!("there is no permalink part `{{{name}}}`"));
            };
            parts.push((rest[..open].to_owned(), Some(*part)));
            rest = &rest[open + length + 1..];
        }
        parts.push((rest.to_owned(), None));
        let is_own = |part: &Option<Part>| matches!(part, Some(Part::Slug | Part::Path));
        if !parts.iter().any(|(_, part)| is_own(part)) {
            return wrong(format!("`{text}` gives all articles one URL"));
        }
        let literal: String = parts.iter().map(|(literal, _)| literal.as_str()).collect();
        if !text.starts_with('/') || !(text.ends_with('/') || text.contains('.')) {
            return wrong(format!(
                "`{text}` must begin with a slash and end with one or with .html"
            ));
        }
        if literal.contains("..") || literal.contains(['?', '#', '\\', ' ', '%']) {
            return wrong(format!("`{text}` has characters that a path cannot have"));
        }
        Ok(Self { parts })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn letters_of_every_script_are_kept() {
        for (text, slug) in [
            ("Hello, World!", "hello-world"),
            ("Über Straßen", "über-straßen"),
            ("東京の夜", "東京の夜"),
            ("don't — stop", "dont-stop"),
            ("C++ & C#", "c-c"),
            ("version 1.2.", "version-1.2"),
            ("e\u{301}te\u{301}", "été"),
            ("हिन्दी", "हिन्दी"),
        ] {
            assert_eq!(slugify(text).as_str(), slug);
        }
    }

    #[test]
    fn a_slug_is_never_empty_and_never_too_long() {
        assert_eq!(slugify("!!!").as_str().len(), 16);
        assert_ne!(slugify("!!!"), slugify("???"));
        let long = slugify(&"ä".repeat(300));
        assert!(long.as_str().len() <= LONGEST_SLUG);
        assert_ne!(long, slugify(&"ä".repeat(301)));
    }

    #[test]
    fn a_slug_cannot_leave_its_place() {
        for text in ["../../etc/passwd", "a/b", "a\\b", "..", ".", "", "a\0b"] {
            assert!(text.parse::<Slug>().is_err(), "{text:?}");
        }
        assert_eq!(
            "Budget 2024".parse::<Slug>().unwrap().as_str(),
            "budget-2024"
        );
    }

    #[test]
    fn a_written_path_is_honoured_exactly() {
        for (text, path, output) in [
            ("/2019/07/a.html", "/2019/07/a.html", "2019/07/a.html"),
            ("about", "/about/", "about/index.html"),
            ("/", "/", "index.html"),
            ("/caf%C3%A9/", "/café/", "café/index.html"),
        ] {
            let parsed: UrlPath = text.parse().unwrap();
            assert_eq!((parsed.as_str(), parsed.output().as_str()), (path, output));
        }
        for text in [
            "/../a",
            "/a/%2e%2e/b",
            "//host/a",
            "https://x/",
            "/a//b",
            "/a?b",
            "/.git/",
            "/a\\b",
        ] {
            assert!(text.parse::<UrlPath>().is_err(), "{text:?}");
        }
    }

    #[test]
    fn a_permalink_is_filled_from_its_parts() {
        let fill = |pattern: &str, section| {
            let parts = PermalinkParts {
                section,
                slug: "a",
                path: "x/a",
                date: Some((2024, 7, 4)),
            };
            pattern
                .parse::<Permalink>()
                .unwrap()
                .fill(parts)
                .to_string()
        };
        assert_eq!(fill("/{section}/{slug}/", "news"), "/news/a/");
        assert_eq!(fill("/{section}/{slug}/", ""), "/a/");
        assert_eq!(
            fill("/{year}/{month}/{day}/{slug}.html", "news"),
            "/2024/07/04/a.html"
        );
        assert_eq!(fill("/{section}/{path}/", "news"), "/news/x/a/");
        for pattern in ["/{slog}/", "/{year}/", "{slug}/", "/{slug", "/../{slug}/"] {
            assert!(pattern.parse::<Permalink>().is_err(), "{pattern}");
        }
    }

    proptest! {
        #[test]
        fn a_slug_of_a_slug_is_itself(text in "\\PC{0,300}") {
            let slug = slugify(&text);
            prop_assert!(!slug.as_str().is_empty() && slug.as_str().len() <= LONGEST_SLUG);
            prop_assert!(!slug.as_str().contains(['/', '\\']) && !slug.as_str().starts_with('.'));
            let again = slugify(slug.as_str());
            prop_assert_eq!(again, slug);
        }

        #[test]
        fn a_path_that_is_accepted_stays_inside(text in "\\PC{0,60}|[./%2eE\\\\a]{0,20}") {
            if let Ok(path) = text.parse::<UrlPath>() {
                let output = path.output();
                prop_assert!(!output.split('/').any(|part| part.is_empty() || part == ".." || part == "."));
                let again: UrlPath = encode(path.as_str()).parse().unwrap();
                prop_assert_eq!(again, path);
            }
        }
    }
}
