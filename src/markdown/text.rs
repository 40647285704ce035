//! Plain text out of Markdown: summaries and word counts.

use pulldown_cmark::{Event, Parser, TagEnd};
use unicode_segmentation::UnicodeSegmentation;

/// Length that a summary taken from the body is cut near, in characters.
const SUMMARY: usize = 200;

/// The text of a piece of Markdown, without markup and HTML.
#[must_use]
pub fn plain_text(markdown: &str) -> String {
    if !markdown.contains([
        '*', '_', '`', '[', '<', '&', '\\', '#', '\n', '"', '\'', '-', '.', '>', '~', '^', '!', '|',
    ]) {
        return markdown.trim().to_owned();
    }
    let mut out = String::with_capacity(markdown.len());
    for event in Parser::new_ext(markdown, super::options(false)) {
        match event {
            Event::Text(text) | Event::Code(text) => out.push_str(&text),
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

/// White space made single, and none at the ends.
pub(super) fn collapse(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(word);
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
    let window = &text[..limit];
    let sentence = window
        .unicode_sentences()
        .scan(0, |end, sentence| {
            *end += sentence.len();
            Some((*end, sentence.trim_end()))
        })
        .filter(|(end, sentence)| {
            *end < limit
                && sentence.ends_with(['.', '!', '?', '…', '。', '！', '？', '”', '"', ')'])
        })
        .map(|(end, _)| end)
        .last();
    if let Some(end) = sentence.filter(|end| text[..*end].chars().count() >= SUMMARY / 3) {
        return text[..end].trim_end().to_owned();
    }
    let cut = text.char_indices().nth(SUMMARY).map_or(limit, |(at, _)| at);
    let word = text[..cut].rfind(char::is_whitespace).unwrap_or(cut);
    let kept = text[..word].trim_end_matches(|c: char| {
        c.is_whitespace() || matches!(c, ',' | ';' | ':' | '–' | '—' | '-')
    });
    format!("{kept}…")
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
        if text.is_ascii() {
            let mut inside = false;
            for byte in text.bytes() {
                if byte.is_ascii_whitespace() {
                    inside = false;
                } else if !inside && byte.is_ascii_alphanumeric() {
                    inside = true;
                    self.spaced += 1;
                }
            }
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

/// Han, Hiragana and Katakana.
fn is_ideograph(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
