//! Where something stands in a file.

use std::ops::Range;

use crate::model::Position;

/// Line and column of byte offsets that mostly grow.
#[derive(Default)]
pub(super) struct Lines<'a> {
    pub text: &'a str,
    line: u32,
    line_start: usize,
}

impl<'a> Lines<'a> {
    pub fn new(text: &'a str) -> Self {
        Self {
            text,
            line: 1,
            line_start: 0,
        }
    }

    pub fn position(&mut self, range: Range<usize>) -> Position {
        if range.start < self.line_start {
            *self = Self::new(self.text);
        }
        let between = &self.text.as_bytes()[self.line_start..range.start];
        self.line += memchr::memchr_iter(b'\n', between).count() as u32;
        if let Some(last) = memchr::memrchr(b'\n', between) {
            self.line_start += last + 1;
        }
        let column = self.text[self.line_start..range.start].chars().count() as u32 + 1;
        let meant = &self.text[range];
        let length = meant.lines().next().unwrap_or("").chars().count() as u32;
        Position {
            line: self.line,
            column,
            length: length.max(1),
        }
    }
}
