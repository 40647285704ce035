//! A text broken into lines that fit into a frame, as large as they can be.

use std::ops::Range;

use icu_segmenter::LineSegmenter;
use icu_segmenter::options::LineBreakOptions;
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

use super::{Face, Fonts};

/// Where lines may be broken (UAX #14). Thai, Lao, Khmer and Burmese, which write no spaces, would
/// need dictionaries of megabytes: their lines are broken between letters where they must be.
const BREAKS: icu_segmenter::LineSegmenterBorrowed<'static> =
    LineSegmenter::new_for_non_complex_scripts(LineBreakOptions::default());

/// By how much the next size that is tried is smaller.
const STEP: f32 = 0.97;

/// How often lines that turn out too wide are broken anew. They are measured piece by piece, and
/// kerning across the end of a piece is not in that.
const ATTEMPTS: usize = 8;

/// Characters of a text that are looked at.
const MOST_CHARACTERS: usize = 2_000;

const ELLIPSIS: &str = "…";
const SOFT_HYPHEN: char = '\u{ad}';
const ZERO_WIDTH_SPACE: char = '\u{200b}';

/// What a text has to fit into. Lengths are in the units of the drawing.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'a> {
    /// Longest line.
    pub width: f32,
    /// Height of all lines.
    pub height: f32,
    /// Largest font size.
    pub size: f32,
    /// Smallest font size; a text that is too long even for this one is cut.
    pub smallest: f32,
    /// Distance of lines, as a multiple of the font size.
    pub line_height: f32,
    /// Most lines.
    pub lines: usize,
    /// What it is set in.
    pub face: Face<'a>,
    /// Whether the text runs from right to left.
    pub right_to_left: bool,
}

/// A text in lines.
#[derive(Debug, Clone, PartialEq)]
pub struct Fitted {
    /// The lines. Those that run from right to left are marked as such by control characters,
    /// since a drawing knows of no direction.
    pub lines: Vec<String>,
    /// Font size.
    pub size: f32,
    /// Distance of lines.
    pub line_height: f32,
}

/// What stands between two places where a line may be broken.
#[derive(Debug, Clone)]
struct Piece {
    text: String,
    /// At a font size of 1, at the end of a line: without spaces, with a hyphen if it is broken.
    width: f32,
    /// At a font size of 1, before another piece.
    advance: f32,
}

/// Breaks a text into lines of about the same length, at the largest size at which it fits.
#[must_use]
pub fn fit(text: &str, frame: &Frame, fonts: &Fonts) -> Fitted {
    // More is on no picture that anybody reads, and takes quadratic time.
    let text = match text.char_indices().nth(MOST_CHARACTERS) {
        Some((end, _)) => &format!("{}{ELLIPSIS}", &text[..end]),
        None => text,
    };
    // Other spaces, such as those that forbid a break, are the author's choice.
    let words = text.split([' ', '\t', '\n', '\r']);
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let text: String = words.join(" ").nfc().collect();
    let pieces = pieces(&text, frame.face, fonts);
    let mut width = frame.width;
    let mut attempt = 0;
    loop {
        attempt += 1;
        let (lines, size) = lines(&pieces, width, frame, fonts);
        let widths = fonts.widths(frame.face, lines.iter().map(String::as_str));
        let widest = widths.into_iter().fold(0.0, f32::max) * size;
        if widest <= frame.width || attempt == ATTEMPTS {
            return Fitted {
                lines: lines.into_iter().map(|line| frame.marked(line)).collect(),
                size,
                line_height: size * frame.line_height,
            };
        }
        width = (width * frame.width / widest).min(width * 0.99);
    }
}

impl Frame<'_> {
    /// Most lines at a font size.
    fn most(&self, size: f32) -> usize {
        let by_height = (self.height / (size * self.line_height)).floor() as usize;
        by_height.clamp(1, self.lines.max(1))
    }

    /// A line with its direction.
    fn marked(&self, line: String) -> String {
        if self.right_to_left {
            format!("\u{2067}{line}\u{2069}")
        } else {
            line
        }
    }
}

/// Lines no wider than a width, as far as the pieces tell, and their font size.
fn lines(pieces: &[Piece], width: f32, frame: &Frame, fonts: &Fonts) -> (Vec<String>, f32) {
    let mut size = frame.size.max(frame.smallest);
    loop {
        let (limit, most) = (width / size, frame.most(size));
        if let Some(lines) = wrap(pieces, limit).filter(|lines| lines.len() <= most) {
            return (balanced(pieces, lines, limit), size);
        }
        if size <= frame.smallest {
            return (squeezed(pieces, limit, most, frame.face, fonts), size);
        }
        size = (size * STEP).max(frame.smallest);
    }
}

/// A text between the places where it may be broken.
fn pieces(text: &str, face: Face, fonts: &Fonts) -> Vec<Piece> {
    let breaks: Vec<usize> = BREAKS.segment_str(text).collect();
    let texts = breaks.windows(2).map(|ends| &text[ends[0]..ends[1]]);
    measured(texts, face, fonts)
}

fn measured<'a>(texts: impl Iterator<Item = &'a str>, face: Face, fonts: &Fonts) -> Vec<Piece> {
    let texts: Vec<&str> = texts.collect();
    let shown: Vec<String> = texts
        .iter()
        .flat_map(|text| [line(std::iter::once(*text)), without_marks(text)])
        .collect();
    let widths = fonts.widths(face, shown.iter().map(String::as_str));
    texts
        .iter()
        .zip(widths.chunks_exact(2))
        .map(|(text, widths)| Piece {
            text: (*text).to_owned(),
            width: widths[0],
            advance: widths[1],
        })
        .collect()
}

/// Pieces as one line.
fn line<'a>(pieces: impl Iterator<Item = &'a str>) -> String {
    let text: String = pieces.collect();
    let text = text.trim_end_matches([' ', ZERO_WIDTH_SPACE]);
    match text.strip_suffix(SOFT_HYPHEN) {
        Some(broken) => without_marks(broken) + "-",
        None => without_marks(text),
    }
}

/// A text without the marks that say where it may be broken.
fn without_marks(text: &str) -> String {
    text.replace([SOFT_HYPHEN, ZERO_WIDTH_SPACE], "")
}

fn width(pieces: &[Piece]) -> f32 {
    let Some((last, others)) = pieces.split_last() else {
        return 0.0;
    };
    others.iter().map(|piece| piece.advance).sum::<f32>() + last.width
}

/// As many pieces on each line as there is room for. `None` if there is one that is wider.
fn wrap(pieces: &[Piece], limit: f32) -> Option<Vec<Range<usize>>> {
    let mut lines = Vec::new();
    let mut start = 0;
    while start < pieces.len() {
        let mut end = start;
        let mut before = 0.0;
        while end < pieces.len() && before + pieces[end].width <= limit {
            before += pieces[end].advance;
            end += 1;
        }
        if end == start {
            return None;
        }
        lines.push(start..end);
        start = end;
    }
    Some(lines)
}

/// The same number of lines with the shortest longest one.
fn balanced(pieces: &[Piece], mut lines: Vec<Range<usize>>, limit: f32) -> Vec<String> {
    let (mut low, mut high) = (0.0, limit);
    for _ in 0..16 {
        let middle = f32::midpoint(low, high);
        match wrap(pieces, middle) {
            Some(narrower) if narrower.len() == lines.len() => {
                lines = narrower;
                high = middle;
            }
            _ => low = middle,
        }
    }
    lines
        .into_iter()
        .map(|range| joined(&pieces[range]))
        .collect()
}

fn joined(pieces: &[Piece]) -> String {
    line(pieces.iter().map(|piece| piece.text.as_str()))
}

/// What does not fit at the smallest size: words that are too long are broken between letters,
/// and lines that are too many are cut.
fn squeezed(pieces: &[Piece], limit: f32, most: usize, face: Face, fonts: &Fonts) -> Vec<String> {
    let letters = |piece: &Piece| measured(piece.text.graphemes(true), face, fonts);
    let pieces: Vec<Piece> = pieces
        .iter()
        .flat_map(|piece| {
            if piece.width <= limit {
                vec![piece.clone()]
            } else {
                letters(piece)
            }
        })
        .collect();
    let Some(lines) = wrap(&pieces, limit) else {
        // Not even a letter fits.
        return Vec::new();
    };
    let mut shown: Vec<String> = lines
        .iter()
        .take(most)
        .map(|line| joined(&pieces[line.clone()]))
        .collect();
    if lines.len() > most
        && let Some(last) = shown.last_mut()
    {
        let room = limit - fonts.widths(face, [ELLIPSIS])[0];
        let mut kept = pieces[lines[most - 1].clone()].to_vec();
        while !kept.is_empty() && width(&kept) > room {
            let is_word = kept.len() == 1 && kept[0].text.graphemes(true).nth(1).is_some();
            kept = match kept.pop() {
                Some(word) if is_word => letters(&word),
                _ => kept,
            };
        }
        let text = joined(&kept);
        let text = text.trim_end_matches(|c: char| c.is_ascii_punctuation() || c.is_whitespace());
        *last = format!("{text}{ELLIPSIS}");
    }
    shown
}

#[cfg(test)]
mod tests;
