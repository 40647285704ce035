//! What stands in a line: words, marks around them, links, pictures, code.

use super::escape;
use super::line::Line;
use super::tree::{Data, Id};
use super::{Note, Writer, raw};

impl Writer<'_> {
    /// Adds the children of a node to a line.
    pub(super) fn inlines(&mut self, parent: Id, line: &mut Line) {
        let tree = self.tree;
        for child in tree.children(parent) {
            self.inline(child, line);
        }
    }

    /// Adds a node to a line. What is a block is told as if it were none.
    pub(super) fn inline(&mut self, id: Id, line: &mut Line) {
        match self.tree.data(id) {
            Data::Text(text) => line.text(text),
            Data::Comment(text) => match text.trim() {
                "nextpage" => self.note(Note::PageBreak),
                "more" if !line.is_in("[") && self.has_components() => line.markdown("<!--more-->"),
                _ => {}
            },
            Data::Root => self.inlines(id, line),
            Data::Element { name, .. } => {
                let name = name.clone();
                self.element(id, &name, line);
            }
        }
    }

    fn element(&mut self, id: Id, name: &str, line: &mut Line) {
        match name {
            "b" | "strong" if !line.is_in("**") => self.marked(id, "**", "strong", line),
            "i" | "em" if !line.is_in("*") => self.marked(id, "*", "em", line),
            "del" | "s" | "strike" if !line.is_in("~~") => self.marked(id, "~~", "del", line),
            "code" | "tt" if self.tree.named(id, &["img", "a"]).next().is_none() => {
                line.code(&self.tree.text(id), line.is_single);
            }
            "br" => line.end(),
            "img" => self.image(id, line),
            "a" => self.link(id, line),
            "sup" if self.tree.attribute(id, "data-fn").is_some() => self.footnote(id, line),
            "sup" | "sub" | "u" | "ins" | "kbd" | "abbr" | "cite" | "q" | "mark" | "small"
            | "samp" | "var" | "dfn" | "time" | "ruby" | "rt" | "rp" | "bdo" | "bdi" | "data" => {
                self.tagged(id, name, line);
            }
            "span" | "font"
                if ["lang", "dir"]
                    .iter()
                    .any(|key| self.tree.attribute(id, key).is_some()) =>
            {
                self.tagged(id, "span", line);
            }
            "svg" | "math" | "input" | "select" | "button" | "textarea" | "label" | "meter"
            | "progress" | "output" | "picture" | "iframe" | "video" | "audio" | "object"
            | "embed" | "script" | "style"
                if self.has_components() =>
            {
                self.note(Note::Kept(known(name)));
                let html = self.raw(id, true);
                line.markdown(&html);
            }
            "script" | "style" | "template" | "textarea" => {}
            _ => {
                if self.tree.is_blockish(id) {
                    line.gap();
                }
                self.inlines(id, line);
                if self.tree.is_blockish(id) {
                    line.gap();
                }
            }
        }
    }

    /// Words between marks.
    fn marked(&mut self, id: Id, mark: &'static str, tag: &'static str, line: &mut Line) {
        let mut part = line.part_in(mark);
        self.inlines(id, &mut part);
        line.marked(&part, mark, tag);
    }

    /// Words between tags that Markdown has no marks for.
    fn tagged(&mut self, id: Id, name: &str, line: &mut Line) {
        let mut part = line.part();
        self.inlines(id, &mut part);
        let open = if self.has_components() {
            raw::open_tag(self.tree, id, name, &[])
        } else {
            format!("<{name}>")
        };
        line.part_around(&part, |inner| format!("{open}{inner}</{name}>"));
    }

    fn footnote(&mut self, id: Id, line: &mut Line) {
        let key = self.tree.attribute(id, "data-fn").unwrap_or_default();
        match self.host.footnote(key) {
            // Beside a word there is no space before the number.
            Some(number) => line.markdown(&format!("[^{number}]")),
            None => self.tagged(id, "sup", line),
        }
    }

    fn image(&mut self, id: Id, line: &mut Line) {
        let alt = self.tree.attribute(id, "alt").unwrap_or_default();
        let is_emoji = self.tree.has_class(id, &["emoji", "wp-smiley"]);
        if is_emoji || !self.has_components() {
            line.text(alt);
            return;
        }
        if let Some(markdown) = self.picture(id) {
            line.markdown(&markdown);
        }
    }

    /// A picture as Markdown has it.
    pub(super) fn picture(&mut self, id: Id) -> Option<String> {
        let src = self.source(id)?;
        let mut out = String::from("![");
        let alt = self.tree.attribute(id, "alt").unwrap_or_default();
        let alt = alt.split_whitespace().collect::<Vec<_>>().join(" ");
        escape::push(&mut out, &alt, true, None);
        out.push_str("](");
        escape::destination(&mut out, &src);
        out.push(')');
        Some(out)
    }

    fn link(&mut self, id: Id, line: &mut Line) {
        let mut part = line.part_in("[");
        self.inlines(id, &mut part);
        // A link in a link is none.
        let href = if line.is_in("[") { None } else { self.href(id) };
        let anchor = self
            .tree
            .attribute(id, "id")
            .or(self.tree.attribute(id, "name"));
        let anchor = anchor.filter(|_| self.has_components());
        if let Some(href) = href.filter(|href| !href.is_empty() && !part.is_empty()) {
            line.part_around(&part, |inner| {
                let mut out = format!("[{inner}](");
                escape::destination(&mut out, &href);
                out.push(')');
                out
            });
            return;
        }
        if let Some(anchor) = anchor {
            line.markdown(&format!("<a id=\"{}\"></a>", raw::attribute(anchor)));
        }
        line.part_around(&part, str::to_owned);
    }
}

/// The name of an element that is kept, for a report.
pub(super) fn known(name: &str) -> &'static str {
    const NAMES: [&str; 24] = [
        "svg", "math", "input", "select", "button", "textarea", "label", "meter", "progress",
        "output", "picture", "iframe", "video", "audio", "object", "embed", "script", "style",
        "form", "table", "dl", "canvas", "map", "template",
    ];
    NAMES
        .iter()
        .find(|known| **known == name)
        .copied()
        .unwrap_or("element")
}
