//! Where something stands in a file.

use std::ops::Range;

use crate::model::Position;

/// Line and column of byte offsets that mostly grow.
#[derive(Default)]
pub struct Lines<'a> {
    pub(super) text: &'a str,
    line: u32,
    line_start: usize,
    /// The last offset that was asked for, and how many characters of its line are before it.
    at: usize,
    column: u32,
}

impl<'a> Lines<'a> {
    /// Those of a text.
    #[must_use]
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            line: 1,
            line_start: 0,
            at: 0,
            column: 0,
        }
    }

    /// Where a part of the text is; its length is that of what is in its first line.
    pub fn position(&mut self, range: Range<usize>) -> Position {
        if range.start < self.line_start {
            *self = Self::new(self.text);
        } else if range.start < self.at {
            (self.at, self.column) = (self.line_start, 0);
        }
        let between = &self.text.as_bytes()[self.at..range.start];
        if let Some(last) = memchr::memrchr(b'\n', between) {
            self.line += memchr::memchr_iter(b'\n', between).count() as u32;
            self.line_start = self.at + last + 1;
            (self.at, self.column) = (self.line_start, 0);
        }
        self.column += self.text[self.at..range.start].chars().count() as u32;
        self.at = range.start;
        let meant = &self.text[range];
        let length = meant.lines().next().unwrap_or("").chars().count() as u32;
        Position {
            line: self.line,
            column: self.column + 1,
            length: length.max(1),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets_are_found_in_any_order() {
        let text = "one\ntwo é three\n\nfour";
        let mut lines = Lines::new(text);
        for part in ["three", "é", "two", "four", "one", "four", "three"] {
            let start = text.find(part).unwrap();
            let before = &text[..start];
            let position = lines.position(start..start + part.len());
            let line = before.matches('\n').count() as u32 + 1;
            let column = before.rsplit('\n').next().unwrap().chars().count() as u32 + 1;
            let length = part.chars().count() as u32;
            let expected = Position {
                line,
                column,
                length,
            };
            assert_eq!(position, expected, "{part}");
        }
    }
}
