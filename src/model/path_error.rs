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

/// At most 60 characters of what a person wrote, each of which can be seen.
pub(super) fn excerpt(text: &str) -> String {
    let seen = |c: char| {
        if c.is_control() {
            char::REPLACEMENT_CHARACTER
        } else {
            c
        }
    };
    let mut shown: String = text.chars().take(60).map(seen).collect();
    if text.chars().nth(60).is_some() {
        shown.push('…');
    }
    shown
}
