//! The patterns that articles' URLs are made of.
//!
//! In: a pattern from pressroom.yaml, and an article's section, slug, path and date. Out: a
//! [`Permalink`], and the [`UrlPath`] that it makes of them.

use std::fmt::Write as _;
use std::str::FromStr;

use unicode_normalization::UnicodeNormalization;

use super::UrlPath;
use super::path_error::{PathError, excerpt};

/// What may stand between braces.
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

/// An article that patterns are tried out with.
const EXAMPLE: PermalinkParts = PermalinkParts {
    section: "news",
    slug: "budget",
    path: "2024/budget",
    date: Some((2024, 7, 4)),
};

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

    /// The URL path. Parts that are empty leave no empty part behind, and none that begins with a dot;
    /// date parts are left out when there is no date.
    #[must_use]
    pub fn fill(&self, with: PermalinkParts) -> UrlPath {
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
        if path.contains("//") || path.contains("/.") {
            path = without_remains(&path);
        }
        // An accent of the pattern belongs to the letter that a part ends with.
        if !path.is_ascii() {
            path = path.nfc().collect();
        }
        UrlPath::trusted(path)
    }
}

/// A path without what parts leave behind that were empty: nothing between two slashes, and dots that
/// stood between two of them.
fn without_remains(path: &str) -> String {
    let parts = path.split('/').map(|part| match part {
        ".well-known" => part,
        part => part.trim_start_matches('.'),
    });
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    // What is left of a file's name may be a folder's.
    let is_file = !path.ends_with('/') && parts.last().is_some_and(|last| last.contains('.'));
    let end = if is_file { "" } else { "/" };
    format!("/{}{end}", parts.join("/"))
}

impl FromStr for Permalink {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let hint = "write a pattern such as `/{section}/{year}/{slug}/`; \
                    its parts are section, slug, year, month, day and path";
        let shown = excerpt(text);
        let wrong = |what: String| Err(PathError::new(what, hint));
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let Some(length) = rest[open..].find('}') else {
                return wrong(format!("`{shown}` has a {{ that is not closed"));
            };
            let name = &rest[open + 1..open + length];
            let Some((_, part)) = Part::NAMES.iter().find(|(known, _)| *known == name) else {
                return wrong(format!(
                    "there is no permalink part `{{{}}}`",
                    excerpt(name)
                ));
            };
            parts.push((rest[..open].to_owned(), Some(*part)));
            rest = &rest[open + length + 1..];
        }
        parts.push((rest.to_owned(), None));
        let is_own = |part: &Option<Part>| matches!(part, Some(Part::Slug | Part::Path));
        if !parts.iter().any(|(_, part)| is_own(part)) {
            return wrong(format!("`{shown}` gives all articles one URL"));
        }
        if !text.starts_with('/') || !(text.ends_with('/') || text.contains('.')) {
            return wrong(format!(
                "`{shown}` must begin with a slash and end with one or with .html"
            ));
        }
        if text.contains("..") || text.contains(['?', '#', '\\', ' ', '%']) {
            return wrong(format!("`{shown}` has characters that a path cannot have"));
        }
        if text.contains(':') {
            return wrong(format!(
                "`{shown}` has a colon; parts are written `{{year}}`, not `:year`"
            ));
        }
        if text.contains("/.") && !text.contains("/.well-known/") {
            return wrong(format!("`{shown}` has a part that begins with a dot"));
        }
        let pattern = Self { parts };
        let path = pattern.fill(EXAMPLE);
        match path.as_str().parse::<UrlPath>() {
            Ok(written) if written == path => {}
            Ok(written) => {
                return wrong(format!(
                    "`{shown}` gives `{}`, which would be written `{}`",
                    excerpt(path.as_str()),
                    excerpt(written.as_str())
                ));
            }
            Err(_) => {
                return wrong(format!(
                    "`{shown}` gives `{}`, which is no path",
                    excerpt(path.as_str())
                ));
            }
        }
        Ok(pattern)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(fill("/{section}.{slug}/", ""), "/a/");
        let undated = PermalinkParts {
            date: None,
            ..EXAMPLE
        };
        for (pattern, path) in [
            ("/{year}.{month}/{slug}/", "/budget/"),
            ("/{year}.{month}.{day}-{slug}.html", "/-budget.html"),
            ("/.well-known/{year}/{slug}/", "/.well-known/budget/"),
            ("/e\u{301}/{slug}/", "/é/budget/"),
        ] {
            let pattern: Permalink = pattern.parse().unwrap();
            assert_eq!(pattern.fill(undated).as_str(), path);
        }
        for pattern in [
            "/{slog}/",
            "/{year}/",
            "{slug}/",
            "/{slug",
            "/../{slug}/",
            "/.{slug}/",
            "/a.b/{slug}",
            "/news/.{slug}/",
            "/\0{slug}/",
        ] {
            assert!(pattern.parse::<Permalink>().is_err(), "{pattern}");
        }
    }
}
