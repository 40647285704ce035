//! What is wrong with a slug, a path or a permalink.
//!
//! In: a message and a hint from the one that reads it. Out: a [`PathError`], which becomes a
//! diagnostic's [`Fault`].

use crate::diagnostics::{Code, Fault};

/// A part of a path that cannot be one, and what to write instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PathError {
    /// What is wrong.
    pub message: String,
    /// What to write.
    pub hint: String,
}

impl PathError {
    pub(super) fn new(message: String, hint: &str) -> Self {
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

/// At most 60 characters of what a person wrote, on one line.
#[must_use]
pub fn excerpt(text: &str) -> String {
    let mut shown = String::new();
    let mut chars = text.chars();
    for c in chars.by_ref().take(60) {
        if c.is_control() {
            shown.extend(c.escape_debug());
        } else {
            shown.push(c);
        }
    }
    if chars.next().is_some() {
        shown.push('…');
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::excerpt;

    #[test]
    fn an_excerpt_is_short_and_on_one_line() {
        assert_eq!(excerpt("/a\n/b\u{1b}/"), "/a\\n/b\\u{1b}/");
        assert_eq!(excerpt(&"ü".repeat(60)), "ü".repeat(60));
        assert_eq!(excerpt(&"a".repeat(61)), format!("{}…", "a".repeat(60)));
    }
}
