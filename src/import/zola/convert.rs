//! Texts of Zola as Pressroom has them.
//!
//! In: a text with shortcodes and links to files. Out: the same with components and relative links in
//! their place; what nobody knows stays as it is, as text, and is told.

use std::ops::Range;

use super::shortcodes::{Call, Kind, find};
use crate::import::Outcome;
use crate::import::generator::calls::{around, block, can_stand, escape_outside};
use crate::import::generator::code::{Code, with_infos};
use crate::import::generator::embeds;
use crate::import::generator::front::Lines;
use crate::import::generator::index::{Beside, Index, beside};
use crate::import::generator::links;
use crate::import::generator::page::{Notes, Page};
use crate::import::generator::site::Conversion;
use crate::import::generator::tree::Tree;

/// Calls within calls that are looked at; nobody wrote more.
const DEEPEST: usize = 32;

/// Converts the text of a page.
pub(super) fn convert(tree: &Tree, page: &Page, index: &Index, conversion: &mut Conversion) {
    let text = std::mem::take(&mut conversion.text);
    let calls = find(&text);
    let mut converter = Converter {
        tree,
        page,
        index,
        text: &text,
        calls: &calls,
        code: Code::of(&text),
        lines: Lines::of(&text),
        notes: Notes::default(),
    };
    let written = converter.part(0..text.len(), 0..calls.len(), 0);
    let linked = converter.links(&written);
    let summarised = more(&linked);
    conversion.text = with_infos(&summarised, info);
    conversion.notes = converter.notes;
}

struct Converter<'a, 'i> {
    tree: &'a Tree,
    page: &'a Page,
    index: &'a Index<'i>,
    text: &'a str,
    calls: &'a [Call],
    code: Code,
    lines: Lines,
    notes: Notes,
}

impl Converter<'_, '_> {
    fn line(&self, at: usize) -> u32 {
        self.page.body_line + self.lines.line(at) - 1
    }

    /// A part of the text, with the calls that are in it.
    fn part(&mut self, range: Range<usize>, within: Range<usize>, depth: usize) -> String {
        let calls = self.calls;
        let mut out = String::with_capacity(range.len());
        let mut done = range.start;
        let mut next = within.start;
        while next < within.end {
            let call = &calls[next];
            out.push_str(&escape_outside(
                &self.text[done..call.range.start],
                done,
                &self.code,
            ));
            done = call.range.end;
            let body = match call.kind {
                Kind::Opens(end) if end > next && end < within.end && depth < DEEPEST => Some(end),
                _ => None,
            };
            let quotation = body.filter(|_| {
                call.name == "quote"
                    && !self.code.has(call.range.start)
                    && is_quotation(call)
                    && can_stand(&out)
            });
            if let Some(end) = quotation {
                let inside = self.part(
                    call.range.end..calls[end].range.start,
                    next + 1..end,
                    depth + 1,
                );
                let by = if call.named("author").is_empty() {
                    call.named("by")
                } else {
                    call.named("author")
                };
                let source = if call.named("source").is_empty() {
                    call.named("cite")
                } else {
                    call.named("source")
                };
                let written = around(
                    "quote",
                    &[("by", by), ("source", source), ("href", call.named("href"))],
                    &inside,
                );
                let after = &self.text[calls[end].range.end..];
                let written = block(&written, &out, after, false).unwrap_or(written);
                out.push_str(&written);
                done = calls[end].range.end;
                next = end + 1;
                continue;
            }
            out.push_str(&self.alone(call));
            next += 1;
        }
        out.push_str(&escape_outside(
            &self.text[done..range.end],
            done,
            &self.code,
        ));
        out
    }

    fn alone(&mut self, call: &Call) -> String {
        let raw = &self.text[call.range.clone()];
        let in_code = self.code.has(call.range.start);
        if call.kind == Kind::Shown {
            return escape_outside(&shown(raw), call.range.start, &self.code).into_owned();
        }
        let written = match call.name.as_str() {
            _ if in_code => None,
            "youtube" | "vimeo" => embeds::video(&call.name, call.named("id"), call.named("title")),
            "streamable" => embeds::link("https://streamable.com/e/{}", &[call.named("id")])
                .and_then(|link| embeds::player(link.trim_matches(['<', '>']), "Streamable")),
            "gist" => self.gist(call),
            _ => None,
        };
        if let Some(written) = written {
            return written;
        }
        if call.kind != Kind::Closes {
            let why = if in_code {
                "stands in code and is shown as it is"
            } else {
                "is none that Pressroom knows there, and is shown as it is"
            };
            let message = format!("`{}` {why}", call.name);
            self.notes.add(
                Outcome::Kept,
                "shortcode",
                self.line(call.range.start),
                message,
            );
        }
        escape_outside(raw, call.range.start, &self.code).into_owned()
    }

    fn gist(&mut self, call: &Call) -> Option<String> {
        let url = call.named("url").strip_prefix("https://gist.github.com/")?;
        let (user, id) = url.trim_end_matches('/').split_once('/')?;
        let link = embeds::link("https://gist.github.com/{}/{}", &[user, id])?;
        let message = "`gist` is a link: nothing of other services is shown in a page";
        self.notes.add(
            Outcome::Approximated,
            "shortcode",
            self.line(call.range.start),
            message,
        );
        Some(link)
    }

    /// `@/blog/a.md#b` and addresses that begin at the page.
    fn links(&mut self, text: &str) -> String {
        let code = Code::of(text);
        let mut dead = Vec::new();
        let written = links::map(text, &code, |destination, _| {
            let (path, fragment) = links::split(destination);
            if let Some(path) = path.strip_prefix("@/") {
                let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
                let Some(found) = self.index.by_source(&format!("content/{path}")) else {
                    dead.push(destination.to_owned());
                    return Some(format!("/{path}{fragment}"));
                };
                return Some(self.index.link(self.page, found, fragment));
            }
            beside(
                self.page,
                self.index,
                self.tree,
                Beside::Content,
                destination,
            )
        });
        for destination in dead {
            // The same link may be there twice; the first place is told.
            let at = self.text.find(&destination).unwrap_or(0);
            let message =
                format!("`{destination}` is no file of the archive, so that the link is dead");
            self.notes
                .add(Outcome::Kept, "link", self.line(at), message);
        }
        written
    }
}

/// Whether a quotation says nothing that ours has no word for.
fn is_quotation(call: &Call) -> bool {
    let known = ["author", "by", "source", "cite", "href"];
    call.arguments
        .iter()
        .all(|(name, _)| known.contains(&name.as_str()))
}

/// `{{/* name() */}}` as it is shown: without the signs of a comment.
fn shown(call: &str) -> String {
    let inner = call[2..call.len() - 2].trim();
    let inner = inner
        .strip_prefix("/*")
        .and_then(|inner| inner.strip_suffix("*/"))
        .unwrap_or(inner);
    format!("{}{inner}{}", &call[..2], &call[call.len() - 2..])
}

/// The mark of where a summary ends, as Pressroom has it.
fn more(text: &str) -> String {
    let Some(at) = text.find("<!-- more -->") else {
        return text.to_owned();
    };
    // The first one counts; in code it would be text.
    if Code::of(&text.replacen("<!-- more -->", "xxxxxxxxxxxxx", 1)).has(at) {
        return text.to_owned();
    }
    text.replacen("<!-- more -->", "<!--more-->", 1)
}

/// What a fence says of its code: `rust,linenos,hl_lines=1-2 4` is `rust {linenos=true hl_lines=["1-2",4]}`.
fn info(written: &str) -> Option<String> {
    let mut parts = written.split(',').map(str::trim);
    let language = parts.next()?;
    let mut attributes = Vec::new();
    let mut is_ours = false;
    for part in parts {
        is_ours = true;
        match part.split_once('=').unwrap_or((part, "")) {
            ("linenos", _) => attributes.push("linenos=true".to_owned()),
            ("linenostart", start)
                if !start.is_empty() && start.bytes().all(|byte| byte.is_ascii_digit()) =>
            {
                attributes.push(format!("linenostart={start}"));
            }
            ("hl_lines", lines) => {
                let lines = lines.split_whitespace().map(|line| format!("\"{line}\""));
                attributes.push(format!(
                    "hl_lines=[{}]",
                    lines.collect::<Vec<_>>().join(",")
                ));
            }
            ("name", name) if !name.contains('"') => attributes.push(format!("title=\"{name}\"")),
            _ => {}
        }
    }
    let attributes = if attributes.is_empty() {
        String::new()
    } else {
        format!(" {{{}}}", attributes.join(" "))
    };
    (is_ours && !written.contains('{')).then(|| format!("{language}{attributes}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fences_say_the_same_in_our_form() {
        assert_eq!(
            info("rust,linenos, hl_lines=1-2 4").unwrap(),
            "rust {linenos=true hl_lines=[\"1-2\",\"4\"]}"
        );
        assert_eq!(
            info("rust,name=a.rs,hide_lines=3").unwrap(),
            "rust {title=\"a.rs\"}"
        );
        assert_eq!(info("rust"), None);
        assert_eq!(
            more("a <!-- more --> b <!-- more -->"),
            "a <!--more--> b <!-- more -->"
        );
        assert_eq!(shown("{{/* a() */}}"), "{{ a() }}");
    }

    fn converted(text: &str) -> (String, usize) {
        let tree = Tree::of(&["content/a.md", "content/b/c.md"]);
        let mut pages = [
            Page::sample("content/a.md", "/a/"),
            Page::sample("content/b/c.md", "/b/c/"),
        ];
        pages[0].article.body = text.to_owned();
        let index = Index::of(&pages, "");
        let mut conversion = Conversion {
            text: text.to_owned(),
            ..Conversion::default()
        };
        convert(&tree, &pages[0], &index, &mut conversion);
        (conversion.text, conversion.notes.0.len())
    }

    proptest::proptest! {
        #[test]
        fn text_that_asks_for_nothing_stays(text in "[^{]{0,80}|(#|\\*|`|\n|a|\\[|\\]\\(|\\)|>| |~|\\||é){0,60}") {
            // Links to headings get our ids.
            let asked = ["<!-- more -->", "@/", "](#"];
            proptest::prop_assume!(!asked.iter().any(|asked| text.contains(asked)));
            proptest::prop_assert_eq!(converted(&text).0, text);
        }

        #[test]
        fn no_text_makes_it_panic(text in "(\\{\\{|\\}\\}|\\{%|%\\}|quote|youtube|end|\\(|\\)|id=|\"|a|/\\*|\\*/|`|```|    | |\n|\\]\\(@/b/c.md|é|<!-- more -->){0,40}") {
            let _ = converted(&text);
        }
    }
}
