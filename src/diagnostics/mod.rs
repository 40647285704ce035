//! What went wrong, where, and what to write instead.
//!
//! Every stage reports its user's mistakes as [`Diagnostic`]s in a [`Diagnostics`] list; nothing
//! here prints. [`render`] turns them into text, with the line they are about, or into JSON.

mod code;
pub mod render;
mod suggest;

use std::fmt;
use std::ops::Range;

pub use code::Code;
pub use suggest::closest;

use serde::{Deserialize, Serialize};

/// How much a diagnostic matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Severity {
    /// The site is not published.
    Error,
    /// The site is published; something in it is probably not what its author meant.
    Warning,
    /// A fact worth knowing, such as tags that were merged.
    Note,
}

impl Severity {
    /// The word in reports and in JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// A place in a file of the site. Lines and columns count from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Place {
    /// Path relative to the site's root, with `/` between its parts.
    pub file: String,
    /// Line, or 0 when the whole file is meant.
    pub line: u32,
    /// Column, or 0 when the whole line is meant.
    pub column: u32,
    /// Number of characters meant, at least 1.
    pub length: u32,
}

impl Place {
    /// The whole file.
    pub fn file(file: impl Into<String>) -> Self {
        Self {
            file: file.into(),
            line: 0,
            column: 0,
            length: 1,
        }
    }

    /// A line and column, one character long.
    pub fn at(file: impl Into<String>, line: u32, column: u32) -> Self {
        Self {
            line,
            column,
            ..Self::file(file)
        }
    }

    /// A byte range of `text`, which is the text of `file`. A range that runs over the end of
    /// its line is cut there.
    pub fn in_text(file: impl Into<String>, text: &str, range: Range<usize>) -> Self {
        let start = floor_boundary(text, range.start);
        let before = &text[..start];
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..]
            .find(['\n', '\r'])
            .map_or(text.len(), |at| start + at);
        let end = floor_boundary(text, range.end.min(line_end)).max(start);
        let bom = usize::from(line_start == 0 && text.starts_with('\u{feff}') && start > 0);
        Self {
            file: file.into(),
            line: 1 + memchr::memchr_iter(b'\n', before.as_bytes()).count() as u32,
            column: 1 + (text[line_start..start].chars().count() - bom) as u32,
            length: (text[start..end].chars().count() as u32).max(1),
        }
    }
}

fn floor_boundary(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
            if self.column > 0 {
                write!(f, ":{}", self.column)?;
            }
        }
        Ok(())
    }
}

/// One mistake, or one thing worth knowing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnostic {
    /// How much it matters.
    pub severity: Severity,
    /// Its stable name, for searching the manual and for scripts.
    pub code: Code,
    /// Where it is; `None` only for what has no file, such as the output folder.
    pub place: Option<Place>,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to write or do instead.
    pub hint: Option<String>,
    /// Other places that belong to it, each with what it has to do with it.
    pub also: Vec<(Place, String)>,
}

impl Diagnostic {
    /// A diagnostic of the code's usual severity.
    pub fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            severity: code.severity(),
            code,
            place: None,
            message: message.into(),
            hint: None,
            also: Vec::new(),
        }
    }

    /// Says where it is.
    #[must_use]
    pub fn at(mut self, place: Place) -> Self {
        self.place = Some(place);
        self
    }

    /// That what an earlier build kept in a file is of no use.
    pub fn cache_unusable(file: impl Into<String>) -> Self {
        let message = "what the last build kept cannot be used, so everything is built anew";
        Self::new(Code::CacheUnusable, message)
            .at(Place::file(file))
            .hint("nothing is to be done; it is damaged, or of another version of Pressroom")
    }

    /// Says what to write or do instead.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Names another place that belongs to it.
    #[must_use]
    pub fn also(mut self, place: Place, what: impl Into<String>) -> Self {
        self.also.push((place, what.into()));
        self
    }

    /// All places that it names.
    pub fn places(&self) -> impl Iterator<Item = &Place> {
        let also = self.also.iter().map(|(place, _)| place);
        self.place.iter().chain(also)
    }

    /// Gives it another severity than the code's usual one, as the configuration may ask.
    #[must_use]
    pub fn severity(mut self, severity: Severity) -> Self {
        self.severity = severity;
        self
    }

    fn order(&self) -> (&Option<Place>, Severity, Code, &str) {
        (&self.place, self.severity, self.code, &self.message)
    }
}

/// What is wrong with a value, before it is known where the value stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The code, where it is another than that of any wrong value.
    pub code: Option<Code>,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to write instead.
    pub hint: String,
}

impl From<(String, String)> for Fault {
    fn from((message, hint): (String, String)) -> Self {
        Self {
            code: None,
            message,
            hint,
        }
    }
}

/// The diagnostics of one or more stages.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics(Vec<Diagnostic>);

impl Diagnostics {
    /// An empty list.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds one.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.0.push(diagnostic);
    }

    /// Adds all of another list.
    pub fn extend(&mut self, other: impl IntoIterator<Item = Diagnostic>) {
        self.0.extend(other);
    }

    /// Orders the list by file, line and column, and drops repetitions.
    pub fn sort(&mut self) {
        self.0.sort_by(|a, b| a.order().cmp(&b.order()));
        self.0.dedup();
    }

    /// Whether any of them keeps the site from being published.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.count(Severity::Error) > 0
    }

    /// How many are of a severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.0.iter().filter(|d| d.severity == severity).count()
    }

    /// The diagnostics, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.0.iter()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;
    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl From<Diagnostic> for Diagnostics {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(iter: I) -> Self {
        Self(iter.into_iter().collect())
    }
}

/// A number with its thousands apart.
#[must_use]
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_characters_and_stays_on_its_line() {
        let text = "erste\nzweite Zeile größer\ndritte";
        let at = text.find("größer").unwrap();
        assert_eq!(
            Place::in_text("a.md", text, at..at + 40),
            Place {
                file: "a.md".into(),
                line: 2,
                column: 14,
                length: 6
            }
        );
    }

    #[test]
    fn a_byte_order_mark_is_no_column() {
        let place = Place::in_text("a.md", "\u{feff}---", 3..6);
        assert_eq!((place.line, place.column, place.length), (1, 1, 3));
    }

    #[test]
    fn a_range_past_the_end_is_the_last_character() {
        let place = Place::in_text("a.md", "ab", 10..20);
        assert_eq!((place.line, place.column, place.length), (1, 3, 1));
    }

    #[test]
    fn the_order_does_not_depend_on_when_a_diagnostic_was_found() {
        let one = Diagnostic::new(Code::DeadLink, "x").at(Place::at("a.md", 1, 2));
        let two = Diagnostic::new(Code::DeadLink, "x").at(Place::at("a.md", 1, 10));
        let mut forward = Diagnostics(vec![one.clone(), two.clone(), one.clone()]);
        let mut backward = Diagnostics(vec![two, one]);
        forward.sort();
        backward.sort();
        assert_eq!(forward, backward);
    }
}
