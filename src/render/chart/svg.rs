//! A drawing as SVG text. All places are given from left to right; where a language is read from right
//! to left, the drawing is mirrored here, and only here.
//!
//! The units are chosen for a phone: at 358 pixels of width text of 16 units is 12 pixels high. Where
//! there is more room, a style sheet makes text smaller, which never needs more room than was given.

use std::fmt::Write;

use super::Kind;
use super::text::SIZE;

/// How wide drawings are, in units.
pub(super) const WIDTH: f64 = 480.0;

/// How strokes of each series are broken, as a style sheet may also say.
const DASHES: [&str; 6] = ["", "9 5", "1 5", "14 5 1 5", "5 4", "9 4 4 4"];

/// How bars of each series are filled.
const FILLS: [&str; 6] = [
    "",
    " fill-opacity=\"0\" stroke=\"currentColor\" stroke-width=\"2\"",
    " fill-opacity=\".45\"",
    " fill-opacity=\".2\" stroke=\"currentColor\" stroke-width=\"2\" stroke-dasharray=\"2 3\"",
    " fill-opacity=\".7\" stroke=\"currentColor\" stroke-width=\"2\"",
    " fill-opacity=\"0\" stroke=\"currentColor\" stroke-width=\"2\" stroke-dasharray=\"5 3\"",
];

/// The sign of each series at its points.
const SIGNS: [&str; 6] = [
    "m-4 0a4 4 0 1 0 8 0a4 4 0 1 0-8 0z",
    "m-4-4h8v8h-8z",
    "m0-5l5 9h-10z",
    "m0-6l5 6-5 6-5-6z",
    "m-5-4h10l-5 9z",
    "m-1.5-5h3v3.5h3.5v3h-3.5v3.5h-3v-3.5h-3.5v-3h3.5z",
];

/// How far signs reach from their point.
pub(super) const SIGN: f64 = 6.0;

/// Which part of a text stands at its place; the beginning is where reading begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// A drawing so far.
pub(super) struct Canvas {
    out: String,
    is_mirrored: bool,
}

impl Canvas {
    pub fn new(direction: &str) -> Self {
        Self {
            out: String::new(),
            is_mirrored: direction == "rtl",
        }
    }

    fn x(&self, x: f64) -> f64 {
        if self.is_mirrored { WIDTH - x } else { x }
    }

    /// Draws something as a group of a class.
    pub fn group(&mut self, class: &str, draw: impl FnOnce(&mut Self)) {
        let _ = write!(self.out, "<g class=\"{class}\">");
        draw(self);
        self.out.push_str("</g>");
    }

    pub fn text(&mut self, x: f64, y: f64, anchor: Anchor, text: &str) {
        let anchor = match anchor {
            Anchor::Start => "",
            Anchor::Middle => " text-anchor=\"middle\"",
            Anchor::End => " text-anchor=\"end\"",
        };
        let (x, y, text) = (number(self.x(x)), number(y), escaped(text));
        let _ = write!(self.out, "<text x=\"{x}\" y=\"{y}\"{anchor}>{text}</text>");
    }

    /// Straight lines from one point to another; `more`: other attributes.
    pub fn lines(&mut self, lines: &[[(f64, f64); 2]], more: &str) {
        let mut path = String::new();
        for line in lines {
            self.push_line(&mut path, line);
        }
        let _ = write!(
            self.out,
            "<path d=\"{path}\" fill=\"none\" stroke=\"currentColor\"{more}/>"
        );
    }

    fn push_line(&self, path: &mut String, points: &[(f64, f64)]) {
        for (at, (x, y)) in points.iter().enumerate() {
            let command = if at == 0 { 'M' } else { 'L' };
            let _ = write!(path, "{command}{} {}", number(self.x(*x)), number(*y));
        }
    }

    /// The line of a series, which may have gaps.
    pub fn line(&mut self, series: usize, parts: &[Vec<(f64, f64)>]) {
        let mut path = String::new();
        for part in parts.iter().filter(|part| part.len() > 1) {
            self.push_line(&mut path, part);
        }
        if !path.is_empty() {
            let _ = write!(
                self.out,
                "<path d=\"{path}\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2.5\" \
                 stroke-linejoin=\"round\" stroke-linecap=\"round\"{}/>",
                dashes(series)
            );
        }
    }

    /// The signs of a series at some points.
    pub fn signs(&mut self, series: usize, points: impl Iterator<Item = (f64, f64)>) {
        let sign = SIGNS[series % SIGNS.len()];
        let mut path = String::new();
        for (x, y) in points {
            let _ = write!(path, "M{} {}{sign}", number(self.x(x)), number(y));
        }
        if !path.is_empty() {
            let _ = write!(self.out, "<path d=\"{path}\"/>");
        }
    }

    /// A bar of a series, with its left upper corner at a place.
    pub fn bar(&mut self, series: usize, x: f64, y: f64, width: f64, height: f64) {
        let fill = FILLS[series % FILLS.len()];
        // A stroke lies on both sides of an edge.
        let inset = if fill.contains("stroke") { 1.0 } else { 0.0 };
        let left = if self.is_mirrored {
            WIDTH - x - width
        } else {
            x
        };
        let within = |length: f64| number((length - 2.0 * inset).max(0.0));
        let _ = write!(
            self.out,
            "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"{fill}/>",
            number(left + inset),
            number(y + inset),
            within(width),
            within(height),
        );
    }

    /// The whole drawing.
    pub fn finish(self, height: f64, title: &str, description: &str) -> String {
        let direction = if self.is_mirrored {
            " direction=\"rtl\""
        } else {
            ""
        };
        format!(
            "<svg class=\"drawing\" viewBox=\"0 0 {WIDTH} {}\" role=\"img\" fill=\"currentColor\" \
             font-size=\"{SIZE}\"{direction} aria-label=\"{}\"><desc>{}</desc>{}</svg>",
            number(height),
            escaped(title),
            escaped(description),
            self.out
        )
    }
}

/// The class of a series.
pub(super) fn class(series: usize) -> String {
    format!("s{}", series + 1)
}

fn dashes(series: usize) -> String {
    match DASHES[series % DASHES.len()] {
        "" => String::new(),
        dashes => format!(" stroke-dasharray=\"{dashes}\""),
    }
}

/// What stands beside the name of a series in a legend: a piece of its line, or of its bars.
pub(super) fn key(kind: Kind, series: usize) -> String {
    let mut canvas = Canvas::new("ltr");
    let width = if kind == Kind::Line { 32 } else { 14 };
    if kind == Kind::Line {
        canvas.line(series, &[vec![(2.0, 7.0), (30.0, 7.0)]]);
        canvas.signs(series, std::iter::once((16.0, 7.0)));
    } else {
        canvas.bar(series, 0.0, 0.0, 14.0, 14.0);
    }
    format!(
        "<svg class=\"{}\" viewBox=\"0 0 {width} 14\" width=\"{width}\" height=\"14\" fill=\"currentColor\" \
         aria-hidden=\"true\">{}</svg>",
        class(series),
        canvas.out
    )
}

/// A number of units: tenths are finer than any screen shows.
fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    let text = text.strip_suffix(".0").unwrap_or(&text);
    if text == "-0" { "0" } else { text }.to_owned()
}

/// A text between tags, or in an attribute. What XML has no sign for is left out.
pub(super) fn escaped(text: &str) -> String {
    let is_shown = |c: &char| !c.is_control() && !matches!(c, '\u{fffe}' | '\u{ffff}');
    let shown: String = text.chars().filter(is_shown).collect();
    quick_xml::escape::escape(shown).into_owned()
}
