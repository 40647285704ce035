//! Reading a date from the left.
//!
//! In: the text of a date. Out: its runs of digits, its names and its separators, one by one, and
//! what was read so far, for messages.

use super::{DateError, SHAPES};
use crate::model::moment::excerpt;

/// A text that is being read from the left. A copy of it is a place to come back to.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    /// All of it, for messages.
    text: &'a str,
    /// What has not been read yet.
    pub(super) rest: &'a str,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { text, rest: text }
    }

    /// Takes the characters that belong together.
    pub(super) fn run(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
        let (run, rest) = self.rest.split_at(end);
        self.rest = rest;
        run
    }

    pub(super) fn digits(&mut self) -> &'a str {
        self.run(|c| c.is_ascii_digit())
    }

    /// Takes white space, and says whether there was any.
    pub(super) fn spaces(&mut self) -> bool {
        !self.run(char::is_whitespace).is_empty()
    }

    /// Takes the next character if it is one of these.
    pub(super) fn take(&mut self, any_of: &[char]) -> Option<char> {
        let c = self.rest.chars().next().filter(|c| any_of.contains(c))?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    /// Takes the next word if it is one of `names`, or the first three letters of one or more, in
    /// any case, and gives the index of the name.
    pub(super) fn take_name(&mut self, names: &[&str]) -> Option<usize> {
        let mut ahead = *self;
        let word = ahead.run(|c| c.is_ascii_alphabetic());
        let index = names.iter().position(|name| {
            word.len() >= name.len().min(3)
                && name
                    .get(..word.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(word))
        })?;
        *self = ahead;
        Some(index)
    }

    /// Takes what stands between the parts of a date in words.
    pub(super) fn gap(&mut self) {
        self.take(&[',', '.', '-']);
        self.spaces();
    }

    /// What was read since `start`, for a message.
    pub(super) fn since(&self, start: Cursor) -> String {
        excerpt(&start.rest[..start.rest.len() - self.rest.len()])
    }

    pub(super) fn not_a_date(&self) -> DateError {
        DateError::new(format!("`{}` is not a date", excerpt(self.text)), SHAPES)
    }
}

/// A number of one or two digits.
pub(super) fn small(digits: &str) -> Option<i8> {
    digits.parse().ok().filter(|_| digits.len() <= 2)
}

/// A year of four digits.
pub(super) fn four_digits(digits: &str) -> Option<i16> {
    digits.parse().ok().filter(|_| digits.len() == 4)
}
