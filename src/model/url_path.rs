//! Paths of the site, from its root.
//!
//! In: a path that a person wrote, or one that this program made. Out: a [`UrlPath`] that stays
//! inside of the site, the file that answers it, and its percent-encoded form.

use std::fmt;
use std::str::FromStr;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};
use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;

use super::path_error::{PathError, excerpt};

/// Longest path in bytes: beyond it, file systems and hosts give up.
const LONGEST_PATH: usize = 1024;
/// Longest part of a path in bytes, as file systems have it.
const LONGEST_PART: usize = 255;

/// A path of the site from its root, not percent-encoded: `/news/budget/` or `/2019/07/a.html`.
/// It begins with a slash and has no part that leads elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
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
        if path.len() > LONGEST_PATH {
            return wrong("is longer than 1,024 bytes");
        }
        let trimmed = path.strip_prefix('/').unwrap_or(&path);
        if matches!(trimmed.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic()) {
            return wrong("begins with a drive letter");
        }
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
    encoded(path).collect()
}

/// The same in pieces.
pub fn encoded(path: &str) -> impl Iterator<Item = &str> {
    utf8_percent_encode(path, ENCODED)
}

/// Whether the name of a file ends in one of these, in small letters or capitals.
#[must_use]
pub fn has_ending(path: &str, endings: &[&str]) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    endings
        .iter()
        .any(|known| ending.eq_ignore_ascii_case(known))
}

/// A path below a folder with its `.` and `..` worked out; `None` when it leaves the root. A
/// slash at the end stays.
#[must_use]
pub fn join(folder: &str, path: &str) -> Option<String> {
    let mut joined = String::with_capacity(folder.len() + path.len() + 1);
    let add = |joined: &mut String, part: &str| {
        if !joined.is_empty() {
            joined.push('/');
        }
        joined.push_str(part);
    };
    for part in folder.split('/').filter(|part| !part.is_empty()) {
        add(&mut joined, part);
    }
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if joined.is_empty() => return None,
            ".." => joined.truncate(joined.rfind('/').unwrap_or(0)),
            part => add(&mut joined, part),
        }
    }
    let is_folder = matches!(path, "" | "." | "..") || path.ends_with('/');
    if is_folder && !joined.is_empty() {
        joined.push('/');
    }
    Some(joined)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

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
            "C:/a",
            "/c:a/",
        ] {
            assert!(text.parse::<UrlPath>().is_err(), "{text:?}");
        }
    }

    proptest! {
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
