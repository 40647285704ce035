//! Slugs, which are the parts of URL paths, and the other forms of a name.
//!
//! In: any text, such as a title, a tag or a file name. Out: its [`Slug`], its anchor, or the form
//! in which it is compared; a [`PathError`] for a written slug that would lead elsewhere.

use std::fmt;
use std::str::FromStr;

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

use super::path_error::{PathError, excerpt};

/// Longest slug in bytes: file systems take 255 for a name, and the rest is room for endings.
const LONGEST_SLUG: usize = 200;

/// One part of a URL path: lower case, in Unicode's normal form C, only letters, digits, `-`,
/// `_` and `.` (never at an end), never empty, at most 200 bytes.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
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
        let decoded = percent_decode_str(text).decode_utf8_lossy();
        if decoded.contains(['/', '\\']) {
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
    if !slug.is_ascii() {
        // Marks that had an apostrophe between them are neighbours now, and have an order.
        slug = slug.nfc().collect();
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
        for text in [
            "../../etc/passwd",
            "a/b",
            "..%2Fb",
            "a\\b",
            "..",
            ".",
            "",
            "a\0b",
        ] {
            assert!(text.parse::<Slug>().is_err(), "{text:?}");
        }
        assert_eq!(
            "Budget 2024".parse::<Slug>().unwrap().as_str(),
            "budget-2024"
        );
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
    }
}
