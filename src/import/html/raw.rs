//! HTML that stays HTML, and survives in Markdown as it is.
//!
//! An empty line would end a block of HTML, and what looks like a component would be called.

use std::fmt::Write as _;

use super::Writer;
use super::tree::{Data, Id, Tree};

const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Elements that begin a block of HTML in Markdown whatever follows in their line (CommonMark 4.6).
const BEGIN: [&str; 24] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "details",
    "dialog",
    "div",
    "dl",
    "fieldset",
    "figure",
    "footer",
    "form",
    "header",
    "iframe",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "script",
    "section",
    "style",
    "table",
];

impl Writer<'_> {
    /// An element as HTML, its links and pictures where they are now. `inline`: it stands in a line.
    pub(super) fn raw(&mut self, id: Id, inline: bool) -> String {
        let mut out = String::new();
        let begins = self.tree.name(id).is_some_and(|name| BEGIN.contains(&name));
        let wrapped = !inline && !begins;
        if wrapped {
            out.push_str("<div>\n");
        }
        self.write(id, false, &mut out);
        if wrapped {
            out.push_str("\n</div>");
        }
        if inline { out.replace('\n', " ") } else { out }
    }

    fn write(&mut self, id: Id, in_pre: bool, out: &mut String) {
        let tree = self.tree;
        match tree.data(id) {
            Data::Text(text) => push_text(out, text, in_pre),
            Data::Comment(_) | Data::Root => {}
            // No tag that a parser of Markdown knows.
            Data::Element { name, .. } if !name.bytes().all(is_of_name) => {
                for child in tree.children(id) {
                    self.write(child, in_pre, out);
                }
            }
            Data::Element { name, .. } => {
                let moved = self.moved(id);
                out.push_str(&open_tag(tree, id, name, &moved));
                // In a drawing or a formula, an element of such a name may hold something.
                if VOID.contains(&&**name) && tree.children(id).next().is_none() {
                    return;
                }
                let is_code = matches!(&**name, "script" | "style");
                let keeps_space = in_pre || matches!(&**name, "pre" | "textarea");
                // What stands in a frame is for browsers without frames, and markup to nobody else.
                let shown = tree.children(id).filter(|_| &**name != "iframe");
                for child in shown {
                    match tree.data(child) {
                        Data::Text(text) if is_code => push_code(out, text),
                        _ => self.write(child, keeps_space, out),
                    }
                }
                let _ = write!(out, "</{name}>");
            }
        }
    }

    /// What the attributes with addresses say now.
    fn moved(&mut self, id: Id) -> Vec<(&'static str, String)> {
        let mut moved = Vec::new();
        let tree = self.tree;
        if tree.attribute(id, "href").is_some() {
            let href = self.href(id).unwrap_or_default();
            moved.push(("href", href));
        }
        if tree.attribute(id, "src").is_some() && tree.name(id) != Some("script") {
            let is_frame = tree.name(id) == Some("iframe");
            let src = if is_frame {
                tree.attribute(id, "src").map(str::to_owned)
            } else {
                self.source(id)
            };
            moved.push((
                "src",
                src.filter(|src| super::is_safe(src)).unwrap_or_default(),
            ));
        }
        if let Some(poster) = tree.attribute(id, "poster") {
            moved.push(("poster", self.host.media(poster)));
        }
        moved
    }
}

/// Whether a byte may be in the name of an element, as Markdown has it (CommonMark 6.6).
fn is_of_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'-'
}

/// The tag that opens an element, with other values for some of its attributes.
pub(super) fn open_tag(
    tree: &Tree,
    id: Id,
    name: &str,
    moved: &[(&'static str, String)],
) -> String {
    let mut out = format!("<{name}");
    for (key, value) in tree.attributes(id) {
        // Candidates for other widths name files that need not be there.
        if key == "srcset" || key == "sizes" {
            continue;
        }
        let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b':' | b'.');
        if !key.bytes().all(fits) || !key.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let value = moved
            .iter()
            .find(|(moved, _)| *moved == key)
            .map_or(value, |(_, value)| value);
        out.push(' ');
        out.push_str(key);
        if !value.is_empty() {
            let _ = write!(out, "=\"{}\"", attribute(value));
        }
    }
    out.push('>');
    out
}

/// The value of an attribute.
pub(super) fn attribute(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for letter in value.chars() {
        match letter {
            '"' => out.push_str("&quot;"),
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '{' => out.push_str("&#123;"),
            '\n' | '\r' => out.push_str("&#10;"),
            letter => out.push(letter),
        }
    }
    out
}

fn push_text(out: &mut String, text: &str, in_pre: bool) {
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '{' => out.push_str("&#123;"),
            '\r' => {}
            '\n' if in_pre => out.push_str("&#10;"),
            // Marks would be words of Markdown where the element stands in a line.
            '*' => out.push_str("&#42;"),
            '_' => out.push_str("&#95;"),
            '`' => out.push_str("&#96;"),
            '~' => out.push_str("&#126;"),
            '^' => out.push_str("&#94;"),
            '[' => out.push_str("&#91;"),
            // It would end the text of a link that the element stands in.
            ']' => out.push_str("&#93;"),
            '\\' => out.push_str("&#92;"),
            '\u{a0}' => out.push_str("&nbsp;"),
            letter if letter.is_ascii_whitespace() && !in_pre => {
                if !out.ends_with([' ', '\n']) {
                    out.push(if letter == '\n' { '\n' } else { ' ' });
                }
            }
            letter => out.push(letter),
        }
    }
}

/// Code of a script or a style sheet, without empty lines.
fn push_code(out: &mut String, text: &str) {
    let lines = text
        .lines()
        .map(str::trim_end)
        .filter(|line| !line.trim().is_empty());
    let code = lines.collect::<Vec<_>>().join("\n");
    out.push_str(
        &code
            .replace("{{<", "{ {<")
            .replace("{{%", "{ {%")
            .replace("{%", "{ %"),
    );
}

/// A block of code.
pub(super) fn fenced(code: &str, language: &str) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}{language}\n{code}\n{fence}")
}
