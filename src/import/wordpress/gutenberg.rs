//! Texts of blocks, which are HTML between comments that say what it is.
//!
//! In: the content of an item, of blocks or classic. Out: HTML without those comments, with paragraphs,
//! and with shortcodes and embedded pages as HTML; and what was in it that HTML does not say.

use std::fmt::Write as _;

use memchr::memmem;
use serde_json::Value;

use super::autop;
use super::shortcodes::{self, Library, quoted};

/// Deepest blocks that are used in blocks which are used elsewhere.
const DEEPEST: usize = 5;

/// Blocks that are written in another way than they stand in the text.
const REPLACED: [&str; 9] = [
    "file",
    "embed",
    "core-embed/youtube",
    "core-embed/vimeo",
    "core-embed/twitter",
    "freeform",
    "gallery",
    "code",
    "syntaxhighlighter/code",
];

/// Something that a text has besides HTML.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Aside {
    /// A shortcode of a plugin, which stays as it is written.
    Shortcode(String),
    /// A block that WordPress fills when somebody looks at it.
    Dynamic(String),
    /// A block that arranges what is in it, which now stands one after the other.
    Layout(String),
    /// A block that is used in several texts, and not in the export.
    Missing(u64),
}

/// What knows what blocks are about.
pub(super) trait Blocks: Library {
    /// The content of a block that several texts use.
    fn reusable(&self, id: u64) -> Option<&str>;
}

/// A comment that begins or ends a block.
struct Delimiter<'t> {
    name: &'t str,
    attributes: &'t str,
    closes: bool,
    /// Whether the block has nothing in it.
    is_alone: bool,
}

impl Delimiter<'_> {
    fn value(&self, key: &str) -> Option<Value> {
        let mut all: Value = serde_json::from_str(self.attributes).ok()?;
        Some(all.get_mut(key)?.take())
    }

    fn text(&self, key: &str) -> Option<String> {
        match self.value(key)? {
            Value::String(text) if !text.trim().is_empty() => Some(text),
            _ => None,
        }
    }
}

/// Turns the content of an item into HTML.
pub(super) fn html(content: &str, blocks: &dyn Blocks, asides: &mut Vec<Aside>) -> String {
    let mut writer = Writer {
        blocks,
        asides,
        out: String::with_capacity(content.len()),
        depth: 0,
        unclosed: Vec::new(),
    };
    if memmem::find(content.as_bytes(), b"<!-- wp:").is_none() {
        writer.classic(content);
    } else {
        writer.blocks(content);
    }
    writer.out
}

struct Writer<'a> {
    blocks: &'a dyn Blocks,
    asides: &'a mut Vec<Aside>,
    out: String,
    depth: usize,
    /// Names of blocks that are never closed, so that their ends are looked for once.
    unclosed: Vec<&'static str>,
}

impl Writer<'_> {
    fn expanded(&mut self, text: &str) -> String {
        let mut kept = Vec::new();
        let html = shortcodes::expand(text, self.blocks, &mut kept);
        self.asides.extend(kept.into_iter().map(Aside::Shortcode));
        html
    }

    fn classic(&mut self, text: &str) {
        if text.trim().is_empty() {
            return;
        }
        let html = self.expanded(&shortcodes::bare_addresses(text));
        self.out.push_str(&autop::paragraphs(&html));
    }

    fn blocks(&mut self, content: &str) {
        let (mut at, mut from, mut open) = (0, 0, 0_usize);
        while let Some(found) = memmem::find(&content.as_bytes()[at..], b"<!--") {
            let start = at + found;
            let Some(length) = content[start..].find("-->").map(|end| end + 3) else {
                break;
            };
            at = start + length;
            let Some(delimiter) = delimiter(&content[start..at]) else {
                continue;
            };
            self.between(&content[from..start], open);
            from = at;
            if delimiter.closes {
                open = open.saturating_sub(1);
            } else if delimiter.is_alone {
                self.alone(&delimiter);
            } else if let Some(end) = self.replaced(&delimiter, &content[at..]) {
                at += end;
                from = at;
            } else {
                open += 1;
            }
        }
        self.between(&content[from..], open);
    }

    /// Adds the text between two comments. What is in no block is a classic text.
    fn between(&mut self, text: &str, open: usize) {
        if open == 0 {
            self.classic(text);
        } else {
            let html = self.expanded(text);
            self.out.push_str(&html);
        }
    }

    /// A block that has nothing in it.
    fn alone(&mut self, delimiter: &Delimiter) {
        let name = delimiter.name;
        match name {
            "footnotes" | "spacer" | "more" | "nextpage" => {}
            "block" => self.reusable(delimiter),
            "embed" => {
                if let Some(url) = delimiter.text("url") {
                    self.out.push_str(&shortcodes::embed(&quoted(&url)));
                }
            }
            _ => self.asides.push(Aside::Dynamic(name.to_owned())),
        }
    }

    fn reusable(&mut self, delimiter: &Delimiter) {
        let id = delimiter
            .value("ref")
            .and_then(|id| id.as_u64())
            .unwrap_or(0);
        match self.blocks.reusable(id).filter(|_| self.depth < DEEPEST) {
            Some(content) => {
                self.depth += 1;
                self.blocks(content);
                self.depth -= 1;
            }
            None => self.asides.push(Aside::Missing(id)),
        }
    }

    /// Writes a block that begins before `rest` in another way than it stands there, and says where the
    /// text goes on. `None`: it is HTML like others.
    fn replaced(&mut self, delimiter: &Delimiter, rest: &str) -> Option<usize> {
        let name = delimiter.name;
        if ["columns", "media-text", "cover"].contains(&name) {
            self.asides.push(Aside::Layout(name.to_owned()));
            return None;
        }
        let name = REPLACED.iter().find(|known| **known == name)?;
        let close = format!("<!-- /wp:{name} -->");
        let end = if self.unclosed.contains(name) {
            None
        } else {
            rest.find(&close)
        };
        let Some(end) = end else {
            self.unclosed.push(name);
            return None;
        };
        let inner = &rest[..end];
        match *name {
            "freeform" => self.classic(inner),
            "file" => self.out.push_str(&without_button(inner)),
            "gallery" if inner.contains("<img") => return None,
            "gallery" => {
                let ids = delimiter.value("ids")?;
                let ids = ids.as_array()?.iter().filter_map(Value::as_u64);
                let pictures: Option<String> = ids.map(|id| self.blocks.picture(id)).collect();
                let _ = write!(self.out, "<figure class=\"gallery\">{}</figure>", pictures?);
            }
            "code" | "syntaxhighlighter/code" => {
                let language = delimiter.text("language")?;
                // Of two classes the first one counts.
                let class = format!("<pre class=\"language-{}\"", quoted(&language));
                self.out.push_str(&inner.replacen("<pre", &class, 1));
            }
            _ => self.embedded(&delimiter.text("url")?, inner),
        }
        Some(end + close.len())
    }

    /// A page or film of another site, with the caption that the block has.
    fn embedded(&mut self, url: &str, inner: &str) {
        let caption = inner.find("<figcaption").map(|at| {
            let end = inner[at..]
                .find("</figcaption>")
                .map_or(inner.len(), |end| at + end + 13);
            &inner[at..end]
        });
        let html = shortcodes::embed(&quoted(url));
        let html = match (html.strip_suffix("</figure>"), caption) {
            (Some(figure), Some(caption)) => format!("{figure}{caption}</figure>"),
            (None, Some(caption)) => format!("<figure>{html}{caption}</figure>"),
            _ => html,
        };
        self.out.push_str(&html);
    }
}

/// The link of a file without the button beside it, which says that the link is one.
fn without_button(inner: &str) -> String {
    let button = inner.find("wp-block-file__button");
    let cut = button.and_then(|at| {
        let start = inner[..at].rfind("<a ")?;
        let end = at + inner[at..].find("</a>")? + 4;
        Some(format!("{}{}", &inner[..start], &inner[end..]))
    });
    cut.unwrap_or_else(|| inner.to_owned())
}

/// Reads a comment that begins or ends a block.
fn delimiter(comment: &str) -> Option<Delimiter<'_>> {
    let inner = comment.strip_prefix("<!--")?.strip_suffix("-->")?.trim();
    let (inner, closes) = match inner.strip_prefix('/') {
        Some(inner) => (inner, true),
        None => (inner, false),
    };
    let inner = inner.strip_prefix("wp:")?;
    let (inner, is_alone) = match inner.strip_suffix('/') {
        Some(inner) => (inner.trim_end(), true),
        None => (inner, false),
    };
    let end = inner.find(char::is_whitespace).unwrap_or(inner.len());
    let name = inner[..end].strip_prefix("core/").unwrap_or(&inner[..end]);
    Some(Delimiter {
        name,
        attributes: inner[end..].trim(),
        closes,
        is_alone,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Nothing;

    impl Library for Nothing {
        fn picture(&self, id: u64) -> Option<String> {
            Some(format!("<img src=\"/{id}.png\">"))
        }
        fn attached(&self) -> Vec<u64> {
            Vec::new()
        }
    }

    impl Blocks for Nothing {
        fn reusable(&self, id: u64) -> Option<&str> {
            match id {
                1 => Some("<!-- wp:paragraph -->\n<p>again</p>\n<!-- /wp:paragraph -->"),
                2 => Some("<!-- wp:block {\"ref\":2} /-->"),
                _ => None,
            }
        }
    }

    fn shown(content: &str) -> (String, Vec<Aside>) {
        let mut asides = Vec::new();
        let html = html(content, &Nothing, &mut asides);
        let lines = html.lines().filter(|line| !line.is_empty());
        (lines.collect::<Vec<_>>().join("\n"), asides)
    }

    #[test]
    fn blocks_are_what_is_in_them() {
        for (content, html) in [
            (
                "<!-- wp:paragraph {\"a\":1} -->\n<p>a</p>\n<!-- /wp:paragraph -->\n\n<!-- wp:heading -->\n<h2>b</h2>\n<!-- /wp:heading -->",
                "<p>a</p>\n<h2>b</h2>",
            ),
            (
                "classic\nline\n<!-- wp:paragraph -->\n<p>a\nb</p>\n<!-- /wp:paragraph -->",
                "<p>classic<br>\nline</p>\n<p>a\nb</p>",
            ),
            ("<!-- wp:block {\"ref\":1} /-->", "<p>again</p>"),
            (
                "<!-- wp:more -->\n<!--more-->\n<!-- /wp:more -->",
                "<!--more-->",
            ),
            (
                "<!-- wp:syntaxhighlighter/code {\"language\":\"php\"} -->\n<pre class=\"x\">a</pre>\n<!-- /wp:syntaxhighlighter/code -->",
                "<pre class=\"language-php\" class=\"x\">a</pre>",
            ),
            (
                "<!-- wp:file --><div><a href=\"/a.pdf\">Plan</a><a href=\"/a.pdf\" class=\"wp-block-file__button\" download>Download</a></div><!-- /wp:file -->",
                "<div><a href=\"/a.pdf\">Plan</a></div>",
            ),
            (
                "<!-- wp:gallery {\"ids\":[1,2]} --><!-- /wp:gallery -->",
                "<figure class=\"gallery\"><img src=\"/1.png\"><img src=\"/2.png\"></figure>",
            ),
            (
                "<!-- wp:embed {\"url\":\"https://youtu.be/abcdefghijk\"} --><figure><div>x</div><figcaption>C</figcaption></figure><!-- /wp:embed -->",
                "<figure><iframe src=\"https://www.youtube.com/embed/abcdefghijk\"></iframe><figcaption>C</figcaption></figure>",
            ),
        ] {
            assert_eq!(shown(content).0, html);
        }
    }

    #[test]
    fn what_html_does_not_say_is_told() {
        let content = "<!-- wp:latest-posts /--><!-- wp:columns --><div>a</div><!-- /wp:columns --><!-- wp:block {\"ref\":9} /-->";
        let (_, asides) = shown(content);
        let expected = [
            Aside::Dynamic("latest-posts".into()),
            Aside::Layout("columns".into()),
            Aside::Missing(9),
        ];
        assert_eq!(asides, expected);
    }

    #[test]
    fn a_block_that_uses_itself_ends() {
        assert_eq!(
            shown("<!-- wp:block {\"ref\":2} /-->").1,
            [Aside::Missing(2)]
        );
    }
}
