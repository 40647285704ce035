//! An export, cut into its items without reading more of it at a time than the largest of them.
//!
//! In: the bytes of an export. Out: its head, which is the channel, and each `<item>`, with the lines
//! that they begin in; or what is wrong with the file. Only what divides XML is looked at here: tags
//! of items, CDATA and comments. Document types are refused, so that no entity is ever defined.

use std::io::Read;

use memchr::{memchr, memchr_iter, memmem};

use crate::diagnostics::{Code, Diagnostic, Place};
use crate::source::reason;

/// Largest item that is read, in bytes. WordPress itself takes no post of this size.
const LARGEST_ITEM: usize = 16 << 20;
/// Largest head that is read, in bytes.
const LARGEST_HEAD: usize = 64 << 20;
/// How much is read at a time, in bytes.
const PORTION: usize = 1 << 18;

/// A part of an export, as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Its bytes, with its own tags.
    pub bytes: Vec<u8>,
    /// The line in which it begins.
    pub line: u32,
}

/// What comes next in an export.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// Everything before the first item.
    Head(Part),
    /// An item.
    Item(Part),
    /// An item that is too large, by the line it begins in and its size in bytes.
    TooLarge(u32, usize),
    /// The end.
    End,
}

/// The parts of an export, one after the other.
pub(super) struct Parts<R> {
    reader: R,
    /// The export's name, for diagnostics.
    name: String,
    /// What was read last.
    buffer: Vec<u8>,
    /// How much of that was handed on.
    start: usize,
    /// The line in which the rest begins.
    line: u32,
    has_head: bool,
    has_end: bool,
    is_drained: bool,
}

/// How the search for the end of something went.
enum Found {
    At(usize),
    /// The export ended before.
    Nowhere,
}

impl<R: Read> Parts<R> {
    pub fn new(reader: R, name: &str) -> Self {
        Self {
            reader,
            name: name.to_owned(),
            buffer: Vec::new(),
            start: 0,
            line: 1,
            has_head: false,
            has_end: false,
            is_drained: false,
        }
    }

    /// The next part.
    pub fn next(&mut self) -> Result<Next, Diagnostic> {
        if !self.has_head {
            self.check_beginning()?;
        }
        let Found::At(start) = self.outside()? else {
            // One without a single item has only a head.
            if !self.has_head && is_export(self.data()) {
                self.has_head = true;
                return Ok(Next::Head(self.take(self.data().len())));
            }
            if !self.has_head {
                return Err(self.no_export());
            }
            if self.has_end {
                return Ok(Next::End);
            }
            return Err(self.truncated("its last tag, </rss>", self.data().len()));
        };
        if !self.has_head {
            self.has_head = true;
            let head = self.take(start);
            if !is_export(&head.bytes) {
                return Err(self.no_export());
            }
            return Ok(Next::Head(head));
        }
        self.take(start);
        self.item()
    }

    /// Refuses what cannot be an export in UTF-8, by how it begins.
    fn check_beginning(&mut self) -> Result<(), Diagnostic> {
        self.fill()?;
        let begin = &self.data()[..self.data().len().min(200)];
        let wrong = |message: &str, hint: &str| {
            Err(Diagnostic::new(Code::NotUtf8, message)
                .at(Place::at(&self.name, 1, 1))
                .hint(hint))
        };
        if begin.starts_with(b"PK\x03\x04") || begin.starts_with(&[0x1f, 0x8b]) {
            return wrong(
                "this is an archive, not an export",
                "unpack it, and import the .xml file in it",
            );
        }
        if begin.starts_with(&[0xff, 0xfe])
            || begin.starts_with(&[0xfe, 0xff])
            || begin.contains(&0)
        {
            return wrong(
                "this export is not in UTF-8 but looks like UTF-16",
                "save it as UTF-8, such as with `iconv -f UTF-16 -t UTF-8`",
            );
        }
        let first = begin.split(|byte| *byte == b'>').next().unwrap_or_default();
        let Some(at) = memmem::find(first, b"encoding=") else {
            return Ok(());
        };
        let declared = String::from_utf8_lossy(&first[at + 9..]).to_ascii_lowercase();
        let declared = declared.trim_start_matches(['"', '\'']);
        let declared = declared.split(['"', '\'']).next().unwrap_or_default();
        if ["utf-8", "utf8", "us-ascii"].contains(&declared) {
            return Ok(());
        }
        wrong(
            &format!("this export says that it is in {declared}, and not in UTF-8"),
            &format!(
                "save it as UTF-8, such as with `iconv -f {declared} -t UTF-8`, and change its first line"
            ),
        )
    }

    /// Finds the tag of the next item in what is around items.
    fn outside(&mut self) -> Result<Found, Diagnostic> {
        let mut at = 0;
        loop {
            at = match self.find_byte(b'<', at)? {
                Found::At(at) => at,
                Found::Nowhere => return Ok(Found::Nowhere),
            };
            self.need(at + 14)?;
            let rest = &self.data()[at..];
            if is_tag(rest, b"<item") {
                return Ok(Found::At(at));
            }
            if !self.has_head
                && at < 1024
                && rest[..rest.len().min(14)].eq_ignore_ascii_case(b"<!doctype html")
            {
                return Err(self.no_export());
            }
            if rest.starts_with(b"<!DOCTYPE")
                || rest.starts_with(b"<!doctype")
                || rest.starts_with(b"<!ENTITY")
            {
                let message = "this export defines a document type, which WordPress does not write";
                return Err(Diagnostic::new(Code::Argument, message)
                    .at(self.place(at))
                    .hint("remove it; entities that it defines are not expanded"));
            }
            if rest.starts_with(b"</rss") {
                self.has_end = true;
            }
            at = self.over(at)?;
            if self.has_head && at > PORTION {
                self.take(at);
                at = 0;
            }
            if at > LARGEST_HEAD {
                return Err(self.no_export());
            }
        }
    }

    /// Takes the item that the buffer begins with.
    fn item(&mut self) -> Result<Next, Diagnostic> {
        let (first, mut at, mut dropped) = (self.line, 1, 0);
        loop {
            at = match self.find_byte(b'<', at)? {
                Found::At(at) => at,
                Found::Nowhere => {
                    return Err(self.truncated("the end of the item that begins here", 0));
                }
            };
            self.need(at + 9)?;
            if is_tag(&self.data()[at..], b"</item") {
                let Found::At(end) = self.find_byte(b'>', at)? else {
                    return Err(self.truncated("the end of the item that begins here", 0));
                };
                let part = self.take(end + 1);
                return Ok(if dropped + part.bytes.len() > LARGEST_ITEM {
                    Next::TooLarge(first, dropped + part.bytes.len())
                } else {
                    Next::Item(part)
                });
            }
            at = self.over(at)?;
            if at + dropped > LARGEST_ITEM {
                dropped += at;
                self.take(at);
                at = 0;
            }
        }
    }

    /// The end of the CDATA, comment or tag that begins at a place.
    fn over(&mut self, at: usize) -> Result<usize, Diagnostic> {
        let rest = &self.data()[at..];
        let (skip, end): (usize, &[u8]) = if rest.starts_with(b"<![CDATA[") {
            (9, b"]]>")
        } else if rest.starts_with(b"<!--") {
            (4, b"-->")
        } else {
            return Ok(at + 1);
        };
        let mut from = at + skip;
        loop {
            if let Some(found) = memmem::find(&self.data()[from.min(self.data().len())..], end) {
                return Ok(from + found + end.len());
            }
            from = self.data().len().saturating_sub(end.len() - 1).max(from);
            // One text of any size would fill the memory otherwise; that of an item is dropped.
            if from > at + LARGEST_HEAD.max(2 * LARGEST_ITEM) {
                let message = "a text that begins here is larger than 64 MiB";
                return Err(Diagnostic::new(Code::Argument, message)
                    .at(self.place(at))
                    .hint("the export is damaged there, or its item has to be taken out"));
            }
            if !self.fill()? {
                return Err(self.truncated("the end of the text that begins here", at));
            }
        }
    }

    fn find_byte(&mut self, byte: u8, from: usize) -> Result<Found, Diagnostic> {
        let mut from = from;
        loop {
            if let Some(found) = memchr(byte, &self.data()[from.min(self.data().len())..]) {
                return Ok(Found::At(from + found));
            }
            from = self.data().len().max(from);
            if !self.fill()? {
                return Ok(Found::Nowhere);
            }
        }
    }

    /// Reads on until there are so many bytes, or no more.
    fn need(&mut self, length: usize) -> Result<(), Diagnostic> {
        while self.data().len() < length && self.fill()? {}
        Ok(())
    }

    /// Reads on; `false` at the end of the file.
    fn fill(&mut self) -> Result<bool, Diagnostic> {
        if self.is_drained {
            return Ok(false);
        }
        // Little is left of what was read before: a part of an item.
        self.buffer.drain(..self.start);
        self.start = 0;
        let portion = self.reader.by_ref().take(PORTION as u64);
        let count = { portion }.read_to_end(&mut self.buffer).map_err(|error| {
            let message = format!("cannot read {}: {}", self.name, reason(&error));
            Diagnostic::new(Code::Unreadable, message)
                .at(Place::file(&self.name))
                .hint("check that the file is there and that you may read it")
        })?;
        self.is_drained = count == 0;
        Ok(count > 0)
    }

    /// Takes the beginning of what was read.
    fn take(&mut self, length: usize) -> Part {
        let bytes = self.data()[..length].to_vec();
        self.start += length;
        let line = self.line;
        self.line += memchr_iter(b'\n', &bytes).count() as u32;
        Part { bytes, line }
    }

    /// What was read and not handed on.
    fn data(&self) -> &[u8] {
        &self.buffer[self.start..]
    }

    fn place(&self, at: usize) -> Place {
        place_in(&self.name, self.line, self.data(), at)
    }

    fn truncated(&self, what: &str, at: usize) -> Diagnostic {
        let message = format!("this export ends before {what}");
        Diagnostic::new(Code::Argument, message)
            .at(self.place(at))
            .hint("what comes before is imported; export it again, or take the file from where it is whole")
    }

    fn no_export(&self) -> Diagnostic {
        Diagnostic::new(Code::Argument, "this is no export of WordPress")
            .at(Place::file(&self.name))
            .hint("take the .xml file that Tools > Export gives in WordPress (WXR 1.0 to 1.2)")
    }
}

/// A place in bytes that begin at a line.
pub(super) fn place_in(name: &str, line: u32, bytes: &[u8], at: usize) -> Place {
    let before = &bytes[..at.min(bytes.len())];
    let lines = memchr_iter(b'\n', before).count() as u32;
    let begin = memchr::memrchr(b'\n', before).map_or(0, |at| at + 1);
    let column = String::from_utf8_lossy(&before[begin..]).chars().count() as u32 + 1;
    Place::at(name, line + lines, column)
}

/// Whether bytes begin with a tag, such as `<item`.
fn is_tag(bytes: &[u8], tag: &[u8]) -> bool {
    let end = bytes.get(tag.len()).copied().unwrap_or(b' ');
    bytes.starts_with(tag) && (end == b'>' || end.is_ascii_whitespace())
}

/// Whether a head is that of an export: RSS with the words of WordPress.
fn is_export(head: &[u8]) -> bool {
    let has = |word: &[u8]| memmem::find(head, word).is_some();
    has(b"<rss") && (has(b"wxr_version") || has(b"wordpress.org/export/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str =
        "<?xml version=\"1.0\"?>\n<rss xmlns:wp=\"http://wordpress.org/export/1.2/\">\n<channel>\n";

    fn parts(text: &[u8]) -> (Vec<Next>, Option<Diagnostic>) {
        let mut parts = Parts::new(text, "export.xml");
        let mut found = Vec::new();
        loop {
            match parts.next() {
                Ok(Next::End) => return (found, None),
                Ok(next) => found.push(next),
                Err(diagnostic) => return (found, Some(diagnostic)),
            }
        }
    }

    #[test]
    fn items_end_where_they_end_and_not_in_a_text() {
        let text = format!(
            "{HEAD}<item><a><![CDATA[</item><item>]]></a>\n<!-- </item> --></item>\n <item\n>b</item></channel></rss>"
        );
        let (found, wrong) = parts(text.as_bytes());
        assert_eq!(wrong, None);
        let item = |bytes: &str, line| {
            Next::Item(Part {
                bytes: bytes.into(),
                line,
            })
        };
        assert_eq!(
            found[1],
            item(
                "<item><a><![CDATA[</item><item>]]></a>\n<!-- </item> --></item>",
                4
            )
        );
        assert_eq!(found[2], item("<item\n>b</item>", 6));
        assert_eq!(found.len(), 3);
    }

    #[test]
    fn an_export_may_have_no_items() {
        let (found, wrong) = parts(format!("{HEAD}</channel></rss>").as_bytes());
        assert_eq!((found.len(), wrong), (1, None));
        let (_, wrong) = parts(format!("{HEAD}</channel>").as_bytes());
        assert!(wrong.unwrap().message.contains("ends before"));
    }

    #[test]
    fn an_item_that_is_too_large_is_passed_over() {
        let large = "x<b/>".repeat(LARGEST_ITEM / 5 + 10);
        let text = format!("{HEAD}<item>{large}</item><item>b</item></channel></rss>");
        let (found, wrong) = parts(text.as_bytes());
        assert_eq!(wrong, None);
        assert!(matches!(found[1], Next::TooLarge(4, size) if size > LARGEST_ITEM));
        assert!(matches!(&found[2], Next::Item(part) if part.bytes == b"<item>b</item>"));
    }

    #[test]
    fn what_is_no_export_is_told_with_its_place() {
        let utf16: Vec<u8> = "<?xml".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let cases: [(&[u8], &str); 10] = [
            (b"", "no export"),
            (b"<html></html>", "no export"),
            (b"\n<!DOCTYPE html><title>Log in</title>", "no export"),
            (b"<rss><channel><item>x</item></channel></rss>", "no export"),
            (b"PK\x03\x04", "an archive"),
            (&utf16, "UTF-16"),
            (
                b"<?xml version='1.0' encoding='ISO-8859-1'?><rss>",
                "iso-8859-1",
            ),
            (
                b"<?xml version='1.0'?>\n<!DOCTYPE x [<!ENTITY a 'b'>]><rss>",
                "document type",
            ),
            (
                b"<rss xmlns:wp='http://wordpress.org/export/1.2/'><item>x",
                "before the end of the item",
            ),
            (
                b"<rss xmlns:wp='http://wordpress.org/export/1.2/'><item><![CDATA[ </item></rss>",
                "the text that begins",
            ),
        ];
        for (text, expected) in cases {
            let (_, wrong) = parts(text);
            let wrong = wrong.expect(expected);
            assert!(wrong.message.contains(expected), "{}", wrong.message);
            assert!(wrong.hint.is_some() && wrong.place.is_some());
        }
    }
}
