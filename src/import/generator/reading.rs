//! The file of a page, read as far as it can be.
//!
//! In: a path. Out: front matter and text. What cannot be read is kept as a draft, with the whole file as
//! its text: an article is never lost, and never published by accident.

use super::code::fence;
use super::fields::Fields;
use super::front;
use super::page::Notes;
use super::tree::Tree;
use crate::diagnostics::Place;
use crate::import::{Outcome, Report};

/// A file that was read.
#[derive(Debug, Default)]
pub(in crate::import) struct Opened {
    pub fields: Fields,
    pub body: String,
    /// The line of the file that the text begins in.
    pub body_line: u32,
    /// Whether the text is the file as it was, which nobody understands.
    pub is_raw: bool,
    /// Whether somebody has to look at it before it is published.
    pub is_doubtful: bool,
    pub notes: Notes,
}

/// Reads a file. `None`: not even its bytes, which is a line of the report.
pub(in crate::import) fn open(tree: &Tree, path: &str, report: &mut Report) -> Option<Opened> {
    let found = match tree.text(path) {
        Ok(found) => found,
        Err(why) => {
            report.lost(
                Outcome::Dropped,
                "unreadable file",
                Place::file(path),
                None,
                why,
            );
            return None;
        }
    };
    let mut notes = Notes::default();
    if found.is_guess {
        let message = "it is not UTF-8 and was read as a guess, so that it is a draft until somebody has looked at it";
        notes.add(Outcome::Approximated, "encoding", 0, message);
    }
    let text = found.text;
    let mut opened = match front::read(&text) {
        Ok(matter) => {
            for message in matter.repeated {
                notes.add(Outcome::Approximated, "front matter", 1, message);
            }
            Opened {
                fields: Fields(matter.values),
                body: text[matter.body..].to_owned(),
                body_line: front::line_of(&text, matter.body),
                ..Opened::default()
            }
        }
        Err(broken) => {
            let message = format!("{}: the whole file is the text of a draft", broken.message);
            notes.add(Outcome::Kept, "broken front matter", broken.line, message);
            Opened {
                body: fence("", "", &text),
                body_line: 1,
                is_raw: true,
                ..Opened::default()
            }
        }
    };
    opened.is_doubtful = opened.is_raw || found.is_guess;
    opened.notes = notes;
    Some(opened)
}

/// The text of an HTML page as Markdown has it: one block of HTML, which a line of white space would
/// end. Such lines are left out, but for those of preformatted text, which get a comment.
pub(in crate::import) fn html(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 16);
    let mut preformatted = false;
    for line in text.lines() {
        if !line.trim().is_empty() {
            out.push_str(line);
            out.push('\n');
        } else if preformatted {
            out.push_str("<!-- -->\n");
        }
        let lower = line.to_ascii_lowercase();
        let (opens, closes) = (lower.rfind("<pre"), lower.rfind("</pre"));
        match (opens, closes) {
            (Some(open), Some(close)) => preformatted = open > close,
            (Some(_), None) => preformatted = true,
            (None, Some(_)) => preformatted = false,
            (None, None) => {}
        }
    }
    if out.is_empty() {
        return out;
    }
    // An element of this kind begins a block of HTML whatever stands in it.
    format!("<div>\n{out}</div>\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_is_one_block() {
        assert_eq!(
            html("<p>a</p>\n\n<pre>b\n\nc</pre>\n\n"),
            "<div>\n<p>a</p>\n<pre>b\n<!-- -->\nc</pre>\n</div>\n"
        );
        assert_eq!(html("\n"), "");
    }
}
