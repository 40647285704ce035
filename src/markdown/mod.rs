//! Markdown as articles use it.
//!
//! A body is read twice, so that bodies need not be held in memory: [`scan`] tells what the site
//! must know of it (headings, links, words, a summary), [`to_html`] renders it with the answers.
//! Both walk the same events in the same order, so the n-th internal link of the one is the n-th
//! of the other.

mod attributes;
mod comment;
mod components;
mod composed;
mod destination;
mod fence;
mod footnotes;
mod html;
mod lines;
mod math;
mod pictures;
mod prose;
mod sanitise;
mod scan;
mod shallow;
mod small_letters;
mod text;
mod unnamed;

use pulldown_cmark::Options;

pub use comment::comment_html;
pub use components::Components;
pub use destination::{Destination, classify, is_picture_elsewhere, scheme, split_fragment};
pub use fence::{FenceFault, Fenced, split};
pub use html::{Body, Resolution, to_html, trusted_html};
pub use lines::Lines;
pub use sanitise::Sanitiser;
pub use scan::{BodyFault, Scan, UnsafeLink, scan};
pub use text::{beginning, plain_text, shorten};
pub use unnamed::unnamed_pictures;

/// Adds a text as it stands between tags, or in an attribute.
fn push_escaped(out: &mut String, text: &str) {
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(c),
        }
    }
}

/// The extensions of CommonMark that articles may use.
fn options(math: bool) -> Options {
    let mut options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_SMART_PUNCTUATION
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_GFM
        | Options::ENABLE_SUPERSCRIPT
        | Options::ENABLE_SUBSCRIPT
        | Options::ENABLE_WIKILINKS;
    // Only where it is asked for: elsewhere a dollar sign is a sum of money.
    options.set(Options::ENABLE_MATH, math);
    options
}

#[cfg(test)]
mod tests;
