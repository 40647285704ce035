//! Formulas: LaTeX comes in, MathML and plain text go out.
//!
//! A formula is looked over first ([`check`]), so that what is wrong can be told with its place and
//! so that the library behind it gets nothing that is too long or too deep for it. What the library
//! writes is read into a tree that holds only what we know ([`tree`]), from which the page's MathML
//! is written.

mod check;
mod fault;
mod linear;
mod tree;

use std::panic::catch_unwind;

use pulldown_latex::config::DisplayMode;
use pulldown_latex::event::{Content, Dimension, DimensionUnit, Event};
use pulldown_latex::{Parser, RenderConfig, Storage, push_mathml};

pub(super) use fault::Fault;
use tree::Element;
pub(super) use tree::{ATTRIBUTES, ELEMENTS};

/// A formula that was read.
#[derive(Debug)]
pub(super) struct Formula {
    root: Element,
}

/// Whether a formula stands in a line of text or by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Display {
    Inline,
    Block,
}

impl Formula {
    /// Reads LaTeX, without the dollar signs around it.
    pub fn read(latex: &str, display: Display) -> Result<Self, Fault> {
        let seen = check::look_over(latex)?;
        // The library takes apart white space as if each were one byte long.
        let spaced = latex.replace(|c: char| c.is_whitespace() && c != '\n', " ");
        // It should not panic on what was looked over. A formula must never end a build if it does.
        let written = catch_unwind(|| mathml(&spaced, display))
            .unwrap_or_else(|_| Err(String::new()))
            .map_err(|what| fault::of_library(&what, latex, &seen))?;
        let root = tree::read(&written).ok_or_else(|| fault::too_deep(latex.len()))?;
        Ok(Self { root })
    }

    /// The MathML, with the LaTeX as its annotation.
    pub fn mathml(&self, latex: &str, display: Display) -> String {
        tree::write(&self.root, latex.trim(), display)
    }

    /// The formula as a line of text, such as `πr²` or `(a + b)/2`.
    pub fn text(&self) -> String {
        linear::text(&self.root)
    }
}

/// What the library makes of a formula, or else what it says is wrong.
fn mathml(latex: &str, display: Display) -> Result<String, String> {
    let storage = Storage::new();
    let events: Result<Vec<_>, _> = Parser::new(latex, &storage).collect();
    let events = events.map_err(|error| {
        let kind = std::error::Error::source(&error);
        kind.map_or_else(String::new, ToString::to_string)
    })?;
    let config = RenderConfig {
        display_mode: match display {
            Display::Inline => DisplayMode::Inline,
            Display::Block => DisplayMode::Block,
        },
        ..RenderConfig::default()
    };
    let events = events
        .into_iter()
        .map(|event| Ok::<_, std::fmt::Error>(mended(event)));
    let mut out = String::new();
    push_mathml(&mut out, events, config).map_err(|error| error.to_string())?;
    Ok(out)
}

/// Events that the library would not write as well-formed MathML, as ones that it does.
fn mended(event: Event<'_>) -> Event<'_> {
    let em = |value| Some(Dimension::new(value, DimensionUnit::Em));
    match event {
        Event::Space {
            width: None,
            height,
            depth,
        } => Event::Space {
            width: em(0.0),
            height,
            depth,
        },
        // `~`, whose name would be escaped once more.
        Event::Content(Content::Text("&nbsp;")) => Event::Space {
            width: em(0.333),
            height: None,
            depth: None,
        },
        other => other,
    }
}

#[cfg(test)]
mod tests;
