//! Where words begin and end.

use unicode_segmentation::UnicodeSegmentation;

use crate::bits::{self, BLOCK};

/// A piece of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// A word, or two characters of a script that does without spaces.
    Word(&'a str),
    /// What comes after is no phrase with what was before.
    Gap,
}

/// The words of a text in order, with gaps where punctuation or the end of a line divides them.
/// URLs and e-mail addresses are left out, and so are shortcodes in double braces.
pub(super) fn pieces<'a>(text: &'a str, mut each: impl FnMut(Piece<'a>)) {
    let mut rest = text;
    while let Some((before, after)) = shortcode(rest) {
        lines(before, &mut each);
        each(Piece::Gap);
        rest = after;
    }
    lines(rest, &mut each);
}

/// What stands before and after the first `{{…}}` or `{%…%}`.
fn shortcode(text: &str) -> Option<(&str, &str)> {
    let mut from = 0;
    while let Some(open) = memchr::memchr(b'{', &text.as_bytes()[from..]).map(|at| from + at) {
        let close = match text.as_bytes().get(open + 1) {
            Some(b'{') => "}}",
            Some(b'%') => "%}",
            _ => {
                from = open + 1;
                continue;
            }
        };
        let length = text[open..].find(close)?;
        return Some((&text[..open], &text[open + length + 2..]));
    }
    None
}

fn lines<'a>(text: &'a str, each: &mut impl FnMut(Piece<'a>)) {
    let bytes = text.as_bytes();
    let is_space = |at: usize| bytes.get(at).is_none_or(u8::is_ascii_whitespace);
    let simple = Simple::of(bytes);
    let mut at = 0;
    while at < bytes.len() {
        // Most of a text are letters and digits of ASCII between spaces, some with a mark after
        // them, which need no closer look.
        let start = at;
        at = simple.end(start);
        if is_space(at) {
            word(&text[start..at], each);
        } else if at > start && b",.;:!?)".contains(&bytes[at]) && is_space(at + 1) {
            word(&text[start..at], each);
            each(Piece::Gap);
            at += 1;
        } else {
            while !is_space(at) {
                at += 1;
            }
            chunks(&text[start..at], each);
        }
        if bytes.get(at) == Some(&b'\n') {
            each(Piece::Gap);
        }
        at += 1;
    }
    each(Piece::Gap);
}

/// Which bytes of a text are letters and digits of ASCII.
struct Simple(Vec<u64>);

impl Simple {
    fn of(bytes: &[u8]) -> Self {
        let mut simple = Vec::with_capacity(bytes.len() / BLOCK + 1);
        bits::blocks(bytes, |block| {
            simple.push(bits::of(block, |byte| byte.is_ascii_alphanumeric()));
        });
        Self(simple)
    }

    /// Where the letters and digits end that begin at a byte, maybe at once.
    fn end(&self, start: usize) -> usize {
        let mut block = start / BLOCK;
        let mut others = !self.0[block] & u64::MAX << (start % BLOCK);
        // The last block ends with others.
        while others == 0 {
            block += 1;
            others = !self.0[block];
        }
        block * BLOCK + others.trailing_zeros() as usize
    }
}

/// What stands between two spaces of ASCII; there may be others.
fn chunks<'a>(text: &'a str, each: &mut impl FnMut(Piece<'a>)) {
    for chunk in text.split_whitespace() {
        if is_address(chunk) {
            each(Piece::Gap);
        } else {
            chunk_words(chunk, each);
        }
    }
}

/// URLs, paths of sites and e-mail addresses say where something is, not what it is.
fn is_address(chunk: &str) -> bool {
    let bytes = chunk.as_bytes();
    match memchr::memchr3(b'/', b'@', b'.', bytes) {
        None => false,
        Some(_) => {
            chunk.contains("://")
                || chunk.starts_with("www.")
                || (memchr::memchr2(b'/', b'@', bytes).is_some()
                    && memchr::memchr(b'.', bytes[..bytes.len() - 1].as_ref()).is_some())
        }
    }
}

/// The words of what stands between two spaces.
fn chunk_words<'a>(chunk: &'a str, each: &mut impl FnMut(Piece<'a>)) {
    let core = chunk.trim_matches(|c: char| !c.is_alphanumeric());
    if core.is_empty() {
        each(Piece::Gap);
        return;
    }
    let start = core.as_ptr() as usize - chunk.as_ptr() as usize;
    between(&chunk[..start], each);
    if core.chars().all(is_plain) {
        word(core, each);
    } else {
        let mut unspaced = 0..0;
        let mut end = 0;
        for (at, found) in core.unicode_word_indices() {
            let run_ends = at != unspaced.end || !is_unspaced(found);
            if run_ends && !unspaced.is_empty() {
                pairs(&core[unspaced.clone()], each);
                unspaced = at..at;
            }
            between(&core[end..at], each);
            end = at + found.len();
            if is_unspaced(found) {
                unspaced = if run_ends {
                    at..end
                } else {
                    unspaced.start..end
                };
            } else {
                for part in found.split(['\'', '’', '_']) {
                    word(part, each);
                }
            }
        }
        if !unspaced.is_empty() {
            pairs(&core[unspaced], each);
        }
        between(&core[end..], each);
    }
    between(&chunk[start + core.len()..], each);
}

/// Whether a character is a letter or digit of ASCII or a Latin letter: no word ends between two of them
/// (UAX #29, WB5 to WB10).
fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ɏ')
}

/// A gap, unless what stands between two words leaves them a phrase: `open-source`, `and/or`.
fn between<'a>(text: &str, each: &mut impl FnMut(Piece<'a>)) {
    let joins = |c| matches!(c, '-' | '‑' | '/' | '&' | '\'' | '’' | '_' | '#');
    if !text.chars().all(joins) {
        each(Piece::Gap);
    }
}

/// A word, unless it is a single letter: the `s` and `l` of `Anna's` and `l'homme`, or an
/// initial.
fn word<'a>(text: &'a str, each: &mut impl FnMut(Piece<'a>)) {
    if text.len() > 1 && text.is_char_boundary(1) {
        return each(Piece::Word(text));
    }
    let mut letters = text.chars();
    match (letters.next(), letters.next()) {
        (None, _) => {}
        (Some(only), None) if !only.is_numeric() => {}
        _ => each(Piece::Word(text)),
    }
}

/// The overlapping pairs of characters of a run, or the run itself when it is one character.
fn pairs<'a>(run: &'a str, each: &mut impl FnMut(Piece<'a>)) {
    let mut ends = run.char_indices().map(|(at, c)| at + c.len_utf8());
    let (Some(mut middle), mut start) = (ends.next(), 0) else {
        return;
    };
    if middle == run.len() {
        each(Piece::Word(run));
    }
    for end in ends {
        each(Piece::Word(&run[start..end]));
        (start, middle) = (middle, end);
    }
}

/// Whether a word is of a script in which spaces do not tell words: Han, Kana, Hangul (where they
/// do, with particles attached), Thai, Lao, Burmese and Khmer.
fn is_unspaced(word: &str) -> bool {
    word.chars().next().is_some_and(is_unspaced_letter)
}

/// The same of a single letter.
pub(super) fn is_unspaced_letter(c: char) -> bool {
    matches!(c,
        '\u{0e00}'..='\u{0eff}' | '\u{1000}'..='\u{109f}' | '\u{1100}'..='\u{11ff}'
        | '\u{1780}'..='\u{17ff}' | '\u{3005}'..='\u{3007}' | '\u{3040}'..='\u{30ff}'
        | '\u{3130}'..='\u{318f}' | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}'
        | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}')
}
