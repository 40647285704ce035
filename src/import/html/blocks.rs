//! Blocks: paragraphs, headings, lists, quotations, code.

use std::fmt::Write as _;

use super::inline::known;
use super::line::Line;
use super::tree::{Data, Id};
use super::{Note, Writer, escape, raw};

/// Deepest lists and quotations that are written as Markdown: each indents all that is in it.
const DEEPEST: usize = 12;

/// Classes of the lists of related articles that plugins and blocks write into texts.
const RELATED: [&str; 8] = [
    "related-posts",
    "related_posts",
    "yarpp-related",
    "yarpp",
    "jp-relatedposts",
    "crp_related",
    "wp-block-jetpack-related-posts",
    "rp4wp-related-posts",
];

impl Writer<'_> {
    /// The blocks that the children of a node are.
    pub(super) fn flow(&mut self, parent: Id) -> Vec<String> {
        let mut blocks = Vec::new();
        let mut line = Line::default();
        let tree = self.tree;
        for child in tree.children(parent) {
            if tree.is_blockish(child) || self.is_own_line(child) {
                end_paragraph(&mut line, &mut blocks);
                self.block(child, &mut blocks);
            } else {
                self.inline(child, &mut line);
            }
        }
        end_paragraph(&mut line, &mut blocks);
        blocks
    }

    /// The mark after which a blurb ends stands in a line of its own.
    fn is_own_line(&self, id: Id) -> bool {
        matches!(self.tree.data(id), Data::Comment(text) if text.trim() == "more")
    }

    fn block(&mut self, id: Id, blocks: &mut Vec<String>) {
        let Some(name) = self.tree.name(id).map(str::to_owned) else {
            if self.has_components() && self.levels == 0 {
                blocks.push("<!--more-->".to_owned());
            }
            return;
        };
        if self.tree.has_class(id, &RELATED) && self.related(id) {
            return;
        }
        match name.as_str() {
            "p" | "address" | "dt" | "summary" | "legend" => self.paragraph(id, blocks),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(id, &name, blocks),
            "ul" | "ol" | "menu" | "dir" => self.list(id, &name, blocks),
            "blockquote" => self.quotation(id, blocks),
            "pre" => self.preformatted(id, blocks),
            "hr" => blocks.push("***".to_owned()),
            "table" => self.table(id, blocks),
            "dl" => self.definitions(id, blocks),
            "figure" if self.has_components() => self.figure(id, blocks),
            "iframe" | "video" | "embed" | "object" | "audio" if self.has_components() => {
                self.film(id, &name, "", blocks);
            }
            "details" if self.has_components() => self.details(id, blocks),
            "div" | "section" if self.has_components() && self.is_gallery(id) => {
                self.figure(id, blocks);
            }
            "a" | "form" | "fieldset" | "canvas" | "map" | "script" | "style" | "template"
            | "svg" | "math" | "button" | "label"
                if self.has_components() =>
            {
                self.keep(id, &name, blocks);
            }
            "script" | "style" | "template" => {}
            _ => blocks.extend(self.flow(id)),
        }
    }

    /// Keeps an element as HTML.
    pub(super) fn keep(&mut self, id: Id, name: &str, blocks: &mut Vec<String>) {
        self.note(Note::Kept(known(name)));
        let html = self.raw(id, false);
        blocks.push(html);
    }

    /// Takes a list of related articles out of the text, if it names some.
    fn related(&mut self, id: Id) -> bool {
        let links = self.tree.named(id, &["a"]);
        let mut links: Vec<String> = links
            .filter_map(|link| self.tree.attribute(link, "href").map(str::to_owned))
            .collect();
        links.dedup();
        self.note(Note::Related(links));
        true
    }

    pub(super) fn paragraph(&mut self, id: Id, blocks: &mut Vec<String>) {
        if self
            .tree
            .children(id)
            .any(|child| self.tree.is_blockish(child) || self.is_own_line(child))
        {
            let inner = self.flow(id);
            blocks.extend(inner);
            return;
        }
        let mut line = Line::default();
        self.inlines(id, &mut line);
        end_paragraph(&mut line, blocks);
    }

    fn heading(&mut self, id: Id, name: &str, blocks: &mut Vec<String>) {
        let mut line = Line::single();
        self.inlines(id, &mut line);
        let text = line.finish();
        let text = text.trim().trim_end_matches("<br>");
        if text.is_empty() {
            return;
        }
        let level = usize::from(name.as_bytes()[1] - b'0');
        let mut out = format!("{} ", "#".repeat(level));
        // Braces and hashes at its end would be attributes, or no part of it.
        let closes = text.ends_with('}') || text.ends_with('#');
        if closes {
            let (last, rest) = (&text[text.len() - 1..], &text[..text.len() - 1]);
            out.push_str(rest);
            out.push('\\');
            out.push_str(last);
        } else {
            out.push_str(text);
        }
        let anchor = self.tree.attribute(id, "id").filter(|anchor| {
            let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_');
            !anchor.is_empty() && anchor.bytes().all(fits)
        });
        if let Some(anchor) = anchor.filter(|_| self.has_components()) {
            let _ = write!(out, " {{#{anchor}}}");
        }
        blocks.push(out);
    }

    fn list(&mut self, id: Id, name: &str, blocks: &mut Vec<String>) {
        if self.levels >= DEEPEST {
            return self.too_deep(id, blocks);
        }
        self.levels += 1;
        let tree = self.tree;
        let items = tree.children(id).filter(|child| !tree.is_blank(*child));
        let mut number = match name {
            "ol" => {
                let start = tree
                    .attribute(id, "start")
                    .and_then(|start| start.trim().parse().ok());
                Some(start.filter(|start| *start < 100_000_000_u32).unwrap_or(1))
            }
            _ => None,
        };
        let (mut entries, mut is_loose) = (Vec::new(), false);
        for item in items {
            let mut inner = if tree.name(item) == Some("li") {
                self.flow(item)
            } else {
                let mut inner = Vec::new();
                if tree.is_blockish(item) {
                    self.block(item, &mut inner);
                } else {
                    let mut line = Line::default();
                    self.inline(item, &mut line);
                    end_paragraph(&mut line, &mut inner);
                }
                inner
            };
            is_loose |= inner.len() > 2 || (inner.len() == 2 && !ends_paragraph(&inner[1]));
            if let Some(first) = inner.first_mut() {
                no_task(first);
            }
            let mark = match &mut number {
                Some(number) => {
                    let mark = format!("{number}. ");
                    *number += 1;
                    mark
                }
                None => "- ".to_owned(),
            };
            entries.push((mark, inner));
        }
        self.levels -= 1;
        let gap = if is_loose { "\n\n" } else { "\n" };
        let entries: Vec<String> = entries
            .into_iter()
            .map(|(mark, inner)| indented(&mark, &inner.join(gap)))
            .collect();
        if !entries.is_empty() {
            // Two lists one after the other would be one.
            if blocks
                .last()
                .is_some_and(|block| is_list(block, number.is_some()))
            {
                blocks.push("<!-- -->".to_owned());
            }
            blocks.push(entries.join(gap));
        }
    }

    fn quotation(&mut self, id: Id, blocks: &mut Vec<String>) {
        if self.levels >= DEEPEST {
            return self.too_deep(id, blocks);
        }
        self.levels += 1;
        let inner = self.flow(id).join("\n\n");
        self.levels -= 1;
        if !inner.is_empty() {
            if blocks.last().is_some_and(|block| block.starts_with("> ")) {
                blocks.push("<!-- -->".to_owned());
            }
            let lines = inner.lines().map(|line| {
                if line.is_empty() {
                    ">".to_owned()
                } else {
                    format!("> {line}")
                }
            });
            blocks.push(lines.collect::<Vec<_>>().join("\n"));
        }
    }

    /// What lies deeper than can be read is kept as HTML, or its text in comments.
    fn too_deep(&mut self, id: Id, blocks: &mut Vec<String>) {
        if self.has_components() {
            self.keep(id, "element", blocks);
        } else {
            let mut line = Line::default();
            line.text(&self.tree.text(id));
            end_paragraph(&mut line, blocks);
        }
    }

    fn preformatted(&mut self, id: Id, blocks: &mut Vec<String>) {
        let tree = self.tree;
        if tree.has_class(id, &["wp-block-verse"]) {
            return self.verse(id, blocks);
        }
        let is_plain = |at: Id| {
            tree.name(at)
                .is_none_or(|name| matches!(name, "code" | "br" | "span"))
        };
        if !tree.below(id).all(is_plain) && self.has_components() {
            return self.keep(id, "element", blocks);
        }
        let code = tree.text(id);
        let code = code.strip_prefix('\n').unwrap_or(&code).trim_end();
        if code.trim().is_empty() {
            return;
        }
        let inner = tree.named(id, &["code"]).next();
        let language = [Some(id), inner]
            .into_iter()
            .flatten()
            .find_map(|at| self.language(at));
        blocks.push(raw::fenced(code, &language.unwrap_or_default()));
    }

    /// The language that an element's classes name.
    fn language(&self, id: Id) -> Option<String> {
        let classes = self.tree.attribute(id, "class")?;
        let marked = ["language-", "lang-", "brush:"];
        let mut words = classes
            .split([' ', ';', '\n', '\t'])
            .filter(|word| !word.is_empty());
        let word = words.find_map(|word| marked.iter().find_map(|mark| word.strip_prefix(mark)));
        let word = match word? {
            "" => words.next()?,
            word => word,
        };
        let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '+' | '#' | '_' | '.');
        let none = ["plain", "plaintext", "none", "text"].contains(&word);
        (word.chars().all(fits) && !none).then(|| word.to_ascii_lowercase())
    }

    /// Lines of a poem end where they end.
    fn verse(&mut self, id: Id, blocks: &mut Vec<String>) {
        let text = self.tree.text(id);
        for stanza in text.split("\n\n") {
            let mut line = Line::default();
            for (at, verse) in stanza.trim_matches('\n').lines().enumerate() {
                if at > 0 {
                    line.end();
                }
                line.text(verse);
            }
            end_paragraph(&mut line, blocks);
        }
    }

    fn definitions(&mut self, id: Id, blocks: &mut Vec<String>) {
        let tree = self.tree;
        let parts: Vec<Id> = tree
            .children(id)
            .filter(|child| !tree.is_blank(*child))
            .collect();
        let is_simple = |at: &Id| match tree.name(*at) {
            Some("dt" | "dd") => !tree.children(*at).any(|child| tree.is_blockish(child)),
            _ => false,
        };
        let begins = parts
            .first()
            .is_some_and(|first| tree.name(*first) == Some("dt"));
        let defined = parts
            .last()
            .is_some_and(|last| tree.name(*last) == Some("dd"));
        let is_simple = begins && defined && parts.iter().all(is_simple);
        // Two terms of one definition are more than Markdown can say.
        let names: Vec<_> = parts.iter().map(|part| tree.name(*part)).collect();
        let is_simple = is_simple && !names.windows(2).any(|two| two == [Some("dt"), Some("dt")]);
        if !is_simple {
            if self.has_components() {
                return self.keep(id, "dl", blocks);
            }
            blocks.extend(self.flow(id));
            return;
        }
        let mut out = String::new();
        for part in parts {
            let mut line = Line::default();
            self.inlines(part, &mut line);
            let text = escape::paragraph(&line.finish());
            if tree.name(part) == Some("dt") {
                if !out.is_empty() {
                    out.push('\n');
                }
                out.push_str(&text.replace("\\\n", " "));
            } else {
                out.push_str(&indented(": ", &text));
            }
            out.push('\n');
        }
        blocks.push(out.trim_end().to_owned());
    }

    fn details(&mut self, id: Id, blocks: &mut Vec<String>) {
        let tree = self.tree;
        let summary = tree
            .children(id)
            .find(|child| tree.name(*child) == Some("summary"));
        let text = summary
            .map(|summary| tree.text(summary))
            .unwrap_or_default();
        let mut inner = Vec::new();
        let mut line = Line::default();
        for child in tree.children(id).filter(|child| Some(*child) != summary) {
            if tree.is_blockish(child) {
                end_paragraph(&mut line, &mut inner);
                self.block(child, &mut inner);
            } else {
                self.inline(child, &mut line);
            }
        }
        end_paragraph(&mut line, &mut inner);
        let open = if tree.attribute(id, "open").is_some() {
            " open={true}"
        } else {
            ""
        };
        blocks.push(format!(
            "{{% <details summary={}{open}> %}}\n{}\n{{% </details> %}}",
            escape::quoted(if text.trim().is_empty() { "…" } else { &text }),
            inner.join("\n\n"),
        ));
    }
}

/// Ends a paragraph, if there is one.
pub(super) fn end_paragraph(line: &mut Line, blocks: &mut Vec<String>) {
    let text = std::mem::take(line).finish();
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\u{a0}');
    if !text.is_empty() {
        blocks.push(escape::paragraph(text));
    }
}

/// Whether a block is a list, with numbers or with bullets. What only looks like one is escaped.
fn is_list(block: &str, is_numbered: bool) -> bool {
    let mark = block.split([' ', '\n']).next().unwrap_or_default();
    if is_numbered {
        mark.strip_suffix('.').is_some_and(|number| {
            !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
        })
    } else {
        mark == "-"
    }
}

/// Whether a block is a list that needs no empty line after a paragraph: one that begins with 1, and whose
/// first item is not empty (CommonMark 5.2).
fn ends_paragraph(block: &str) -> bool {
    block.starts_with("- ") || block.starts_with("1. ")
}

/// Text after a mark, its further lines below its beginning.
fn indented(mark: &str, text: &str) -> String {
    let indent = " ".repeat(mark.len());
    let mut out = mark.to_owned();
    for (at, line) in text.lines().enumerate() {
        if at > 0 {
            out.push('\n');
            if !line.is_empty() {
                out.push_str(&indent);
            }
        }
        out.push_str(line);
    }
    out.trim_end().to_owned()
}

/// Keeps an item that begins with `[x]` from being a task.
fn no_task(first: &mut String) {
    let bytes = first.as_bytes();
    if bytes.len() > 2
        && bytes[0] == b'['
        && matches!(bytes[1], b' ' | b'x' | b'X')
        && bytes[2] == b']'
    {
        first.insert(0, '\\');
    }
}
