//! Plain text out of Markdown: summaries and word counts.

use std::ops::RangeInclusive;

use pulldown_cmark::{Event, Parser, TagEnd};
use unicode_segmentation::UnicodeSegmentation;

use super::math::{Display, Formula};
use super::shallow::shallow;
use crate::bits;

/// Length that a summary taken from the body is cut near, in characters.
const SUMMARY: usize = 200;

/// The text of a piece of Markdown, without markup and HTML.
#[must_use]
pub fn plain_text(markdown: &str) -> String {
    text_of(markdown, false)
}

/// The text of a piece of Markdown in which there may be formulas.
pub(super) fn text_of(markdown: &str, math: bool) -> String {
    if !markdown.contains([
        '*', '_', '`', '[', '<', '&', '\\', '#', '\n', '"', '\'', '-', '.', '>', '~', '^', '!',
        '|', '$',
    ]) && !markdown.contains(char::is_control)
    {
        return markdown.trim().to_owned();
    }
    let mut out = String::with_capacity(markdown.len());
    let shallow = shallow(markdown);
    for event in Parser::new_ext(&shallow, super::options(math)) {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
            Event::InlineMath(latex) => {
                if let Ok(formula) = Formula::read(&latex, Display::Inline) {
                    out.push_str(&formula.text());
                }
            }
            Event::DisplayMath(_) => out.push('…'),
            Event::SoftBreak
            | Event::HardBreak
            | Event::End(
                TagEnd::Paragraph | TagEnd::Item | TagEnd::Heading(_) | TagEnd::TableCell,
            ) => {
                out.push(' ');
            }
            _ => {}
        }
    }
    collapse(&out)
}

/// White space made single, and none at the ends, without characters that are no text.
pub(super) fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let (mut rest, mut is_apart) = (text, false);
    while let Some(first) = rest.chars().next() {
        // Most are letters and marks of ASCII, which are taken together.
        let others = rest.bytes().position(|byte| !byte.is_ascii_graphic());
        let length = others.unwrap_or(rest.len()).max(first.len_utf8());
        let (piece, after) = rest.split_at(length);
        rest = after;
        if first.is_whitespace() {
            is_apart = !out.is_empty();
        } else if !first.is_control() {
            if is_apart {
                out.push(' ');
            }
            is_apart = false;
            out.push_str(piece);
        }
    }
    out
}

/// Cuts a text that is clearly longer than 200 characters: after the last sentence that ends
/// within, or else after the last word, with an ellipsis.
#[must_use]
pub fn shorten(text: &str) -> String {
    // A little over is better than a cut.
    let Some((limit, _)) = text.char_indices().nth(SUMMARY + SUMMARY / 5) else {
        return text.to_owned();
    };
    if let Some(end) = sentences_end(&text[..limit])
        && text[..end].chars().count() >= SUMMARY / 3
    {
        return text[..end].trim_end().to_owned();
    }
    let cut = text.char_indices().nth(SUMMARY).map_or(limit, |(at, _)| at);
    let word = text[..cut].rfind(char::is_whitespace).unwrap_or(cut);
    let kept = text[..word].trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | ':' | '–' | '—' | '-')
    });
    format!("{kept}…")
}

/// Length of what is shown of a text where something was found in it, in characters.
const BEGINNING: usize = 1_200;

/// The beginning of the prose of a body whose title is shown already, in one line.
#[must_use]
pub fn beginning(prose: &str, title: &str) -> String {
    let prose = prose.trim_start();
    let body = prose
        .strip_prefix(title)
        .filter(|rest| rest.starts_with('\n'));
    let prose = body.unwrap_or(prose);
    let end = prose.char_indices().nth(BEGINNING + 200);
    let mut text = collapse(end.map_or(prose, |(end, _)| &prose[..end]));
    if let Some((end, _)) = text.char_indices().nth(BEGINNING) {
        let word = text[..end].rfind(' ').unwrap_or(end);
        text.truncate(word);
        text.push('…');
    }
    text
}

/// Where the last sentence ends that ends within a text, with the spaces after it.
fn sentences_end(text: &str) -> Option<usize> {
    const CLOSING: [char; 10] = ['.', '!', '?', '…', '。', '！', '？', '”', '"', ')'];
    if text.is_ascii() && !text.contains(['\n', '\r']) {
        return sentences_end_in_ascii(text.as_bytes());
    }
    let ends = text.split_sentence_bounds().scan(0, |end, sentence| {
        *end += sentence.len();
        Some((*end, sentence.trim_end()))
    });
    let ends = ends.filter(|(end, sentence)| *end < text.len() && sentence.ends_with(CLOSING));
    ends.map(|(end, _)| end).last()
}

/// The same in a line of ASCII, from its end, since only the last sentence is asked for: looking for
/// all took a fortieth of a build. The rules are those of UAX #29, whose names stand beside them.
fn sentences_end_in_ascii(text: &[u8]) -> Option<usize> {
    let is_space = |byte: &u8| matches!(byte, b' ' | b'\t' | 0x0b | 0x0c);
    let is_closing = |byte: &u8| b"\"'()[]{}".contains(byte);
    let after = |start: usize, is: &dyn Fn(&u8) -> bool| {
        let length = text[start..].iter().position(|byte| !is(byte));
        start + length.unwrap_or(text.len() - start)
    };
    memchr::memrchr3_iter(b'.', b'!', b'?', text).find_map(|at| {
        let closed = after(at + 1, &is_closing);
        let end = after(closed, &is_space);
        let next = *text.get(end)?;
        let is_stop = text[at] == b'.';
        let before = at.checked_sub(1).map_or(b' ', |before| text[before]);
        let adjoins = end == at + 1;
        let mut rest = text[end..].iter();
        let goes_on = (is_stop && adjoins && next.is_ascii_digit()) // SB6
            || (is_stop && adjoins && before.is_ascii_alphabetic() && next.is_ascii_uppercase()) // SB7
            || (is_stop && rest.find(|byte| byte.is_ascii_alphabetic() || b".!?".contains(byte)).is_some_and(u8::is_ascii_lowercase)) // SB8
            || b",-:;.!?".contains(&next); // SB8a
        let is_sentence = b".!?\")".contains(&text[closed - 1]);
        (!goes_on && is_sentence).then_some(end)
    })
}

/// Words counted so far.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Words {
    spaced: u32,
    ideographs: u32,
}

/// Words a minute of silent reading, English non-fiction: Brysbaert (2019), "How many words do
/// we read per minute?", Journal of Memory and Language 109.
const PER_MINUTE: u32 = 238;
/// Characters a minute for Chinese and Japanese: 260 words of about 1.5 characters, same source.
const IDEOGRAPHS_PER_MINUTE: u32 = 390;

impl Words {
    /// Counts a piece of text: what white space separates and has a letter or digit in it, and
    /// each character of scripts that do without spaces.
    pub fn add(&mut self, text: &str) {
        if is_latin(text.as_bytes()) {
            let mut inside = false;
            bits::blocks(text.as_bytes(), |block| {
                let letters = bits::of(block, |byte| {
                    byte.is_ascii_alphanumeric() || LETTERS.contains(&byte)
                });
                let no_spaces = !bits::of(block, |byte| matches!(byte, b'\t'..=b'\r' | b' '));
                // A word goes on from a letter until there is a space, as a carry does in a sum.
                let (sum, carries) = letters.overflowing_add(no_spaces);
                let (sum, goes_on) = sum.overflowing_add(u64::from(inside));
                let within = sum ^ letters ^ no_spaces;
                self.spaced += (letters & !within).count_ones();
                inside = carries || goes_on;
            });
            return;
        }
        let mut inside = false;
        for c in text.chars() {
            if is_ideograph(c) {
                self.ideographs += 1;
                inside = false;
            } else if c.is_whitespace() {
                inside = false;
            } else if !inside && c.is_alphanumeric() {
                inside = true;
                self.spaced += 1;
            }
        }
    }

    pub fn count(self) -> u32 {
        self.spaced + self.ideographs
    }

    /// Reading time in minutes, at least 1.
    pub fn minutes(self) -> u32 {
        let seconds = self.spaced * 60 / PER_MINUTE + self.ideographs * 60 / IDEOGRAPHS_PER_MINUTE;
        seconds.div_ceil(60).max(1)
    }
}

/// What the letters from U+00C0 to U+027F begin with. Two characters of these are no letters.
const LETTERS: RangeInclusive<u8> = 0xc3..=0xc9;

/// Whether a text is of ASCII, Latin letters, and the dashes, quotation marks and dots from U+2010 to U+2027.
fn is_latin(text: &[u8]) -> bool {
    let after = |at: usize| &text[at + 1..];
    let is_letter = |at: usize| !matches!(after(at), [0x97 | 0xb7, ..]); // × and ÷
    let is_mark = |at: usize| matches!(after(at), [0x80, 0x90..=0xa7, ..]);
    bits::all(text, |byte| {
        byte <= 0xbf || LETTERS.contains(&byte) || byte == 0xe2
    }) && memchr::memchr_iter(0xc3, text).all(is_letter)
        && memchr::memchr_iter(0xe2, text).all(is_mark)
}

/// Han, Hiragana and Katakana.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn words_are_what_spaces_divide(text in "[aB1 .,\n\u{b}–“”…ßéÀɏ×÷-]{0,200}") {
            let mut words = Words::default();
            words.add(&text);
            let has_letter = |word: &&str| word.contains(|c: char| c.is_alphanumeric());
            prop_assert_eq!(words.count() as usize, text.split_whitespace().filter(has_letter).count());
        }

        #[test]
        fn white_space_is_single_and_what_is_no_text_is_gone(text in "[ab.é–\u{a0}\u{2003}\u{1}\u{7f}\n\t ]{0,40}") {
            let is_text = |c: &char| !c.is_control() || c.is_whitespace();
            let without: String = text.chars().filter(is_text).collect();
            let words: Vec<&str> = without.split_whitespace().collect();
            prop_assert_eq!(collapse(&text), words.join(" "));
        }

        #[test]
        fn sentences_of_ascii_end_as_unicode_says(text in "[aB1 .!?,;:'\"()\\[\\]{}_\t-]{0,24}") {
            let ends = text.split_sentence_bounds().scan(0, |end, sentence| {
                *end += sentence.len();
                Some((*end, sentence.trim_end()))
            });
            let expected = ends
                .filter(|(end, sentence)| *end < text.len() && sentence.ends_with(['.', '!', '?', '"', ')']))
                .map(|(end, _)| end)
                .last();
            prop_assert_eq!(sentences_end(&text), expected);
        }
    }
}
