//! Texts of Hugo as Pressroom has them.
//!
//! In: a text with shortcodes. Out: the same with components, fenced code and links to files in their
//! place; what nobody knows stays as it is, as text, and is told.

use std::ops::Range;

use super::config::Config;
use super::highlight::shown_calls;
use super::html;
use super::names::{Names, inner_folder};
use super::pages::HTML;
use super::shortcodes::{Call, Kind, find};
use crate::import::Outcome;
use crate::import::generator::calls::{around, block, can_stand, escape_outside, placed};
use crate::import::generator::code::{Code, without};
use crate::import::generator::embeds::{self, Figure};
use crate::import::generator::fields::{Fields, text_of};
use crate::import::generator::front::Lines;
use crate::import::generator::index::{Beside, Index, beside};
use crate::import::generator::links;
use crate::import::generator::page::{Notes, Page};
use crate::import::generator::site::Conversion;
use crate::import::generator::tree::Tree;
use crate::model::has_ending;

/// Calls within calls that are looked at; nobody wrote more.
const DEEPEST: usize = 32;

/// What texts need to know of the site.
pub(super) struct Site<'s> {
    pub config: &'s Config,
    pub tree: &'s Tree,
    /// Names of shortcodes that the site has itself.
    pub own: Vec<String>,
    pub names: Names,
}

/// Converts the text of a page.
pub(super) fn convert(site: &Site, page: &Page, index: &Index, conversion: &mut Conversion) {
    let text = std::mem::take(&mut conversion.text);
    let calls = find(&text);
    let highlighted: Vec<_> = calls
        .iter()
        .filter_map(|call| match call.kind {
            Kind::Opens(end) if call.name == "highlight" => {
                Some(call.range.end..calls[end].range.start)
            }
            _ => None,
        })
        .collect();
    let code = Code::of(&without(&text, &highlighted));
    let html = if site.config.shows_html() || has_ending(&page.source, &HTML) {
        Vec::new()
    } else {
        // What calls are given is no HTML, whatever it looks like.
        let opaque = calls.iter().map(|call| call.range.clone());
        let opaque: Vec<_> = opaque.chain(highlighted).collect();
        html::left_out(&without(&text, &opaque))
    };
    let mut converter = Converter {
        site,
        page,
        index,
        text: &text,
        calls: &calls,
        code,
        html,
        lines: Lines::of(&text),
        notes: Notes::default(),
    };
    converter.tell_html();
    let written = converter.part(0..text.len(), 0..calls.len(), 0);
    conversion.text = converter.links(&written);
    conversion.notes = converter.notes;
}

pub(super) struct Converter<'a, 'i> {
    site: &'a Site<'a>,
    page: &'a Page,
    index: &'a Index<'i>,
    text: &'a str,
    calls: &'a [Call],
    code: Code,
    /// HTML that is left out, in order.
    html: Vec<Range<usize>>,
    lines: Lines,
    notes: Notes,
}

impl Converter<'_, '_> {
    pub(super) fn note(&mut self, call: &Call, outcome: Outcome, message: impl Into<String>) {
        let line = self.page.body_line + self.lines.line(call.range.start) - 1;
        let kind = match outcome {
            Outcome::Dropped => "shortcode, left out",
            _ => "shortcode",
        };
        self.notes.add(outcome, kind, line, message);
    }

    /// Tells of HTML that is left out, a block at a time.
    fn tell_html(&mut self) {
        let mut end = None;
        for range in &self.html {
            let goes_on = end.is_some_and(|end| self.text[end..range.start].trim().is_empty());
            end = Some(range.end);
            if !goes_on {
                let line = self.page.body_line + self.lines.line(range.start) - 1;
                let shown: String = self.text[range.clone()].chars().take(40).collect();
                let message = format!(
                    "`{shown}` is left out, as Hugo left it out: the settings say no `unsafe: true`"
                );
                self.notes.add(Outcome::Dropped, "raw HTML", line, message);
            }
        }
    }

    fn is_left_out(&self, at: usize) -> bool {
        let next = self.html.partition_point(|range| range.end <= at);
        self.html.get(next).is_some_and(|range| range.contains(&at))
    }

    /// Adds text in which there is no call.
    fn plain(&self, range: Range<usize>, out: &mut String) {
        let mut done = range.start;
        let first = self.html.partition_point(|html| html.end <= range.start);
        for html in &self.html[first..] {
            if html.start >= range.end {
                break;
            }
            let start = html.start.max(done);
            out.push_str(&escape_outside(&self.text[done..start], done, &self.code));
            done = html.end.min(range.end);
        }
        out.push_str(&escape_outside(
            &self.text[done..range.end],
            done,
            &self.code,
        ));
    }

    /// A part of the text, with the calls that are in it.
    fn part(&mut self, range: Range<usize>, calls: Range<usize>, depth: usize) -> String {
        let mut out = String::with_capacity(range.len());
        let mut done = range.start;
        let mut next = calls.start;
        while next < calls.end {
            let at = next;
            let call = &self.calls[at];
            self.plain(done..call.range.start, &mut out);
            next = at + 1;
            done = call.range.end;
            match call.kind {
                _ if self.is_left_out(call.range.start) => {
                    let message = format!("`{}` stands in HTML that is left out", call.name);
                    self.note(call, Outcome::Dropped, message);
                }
                Kind::Opens(end) if end < calls.end && depth < DEEPEST => {
                    let (written, closed) = self.around(at, end, depth, &out);
                    out.push_str(&written);
                    if closed {
                        next = end + 1;
                        done = self.calls[end].range.end;
                    }
                }
                _ => {
                    let written = self.alone(call, &out);
                    out.push_str(&written);
                }
            }
        }
        self.plain(done..range.end, &mut out);
        out
    }

    /// A call as it stands, which readers see.
    fn as_text(&self, call: &Call) -> String {
        escape_outside(&self.text[call.range.clone()], call.range.start, &self.code).into_owned()
    }

    fn kept(&mut self, call: &Call) -> String {
        let shown = if call.name.is_empty() {
            "a shortcode".to_owned()
        } else {
            format!("`{}`", call.name)
        };
        let why = match call.kind {
            Kind::Broken => "is not written as Hugo takes it",
            _ if self.code.has(call.range.start) => "stands in code and is shown as it is",
            _ => "is none that Pressroom knows, and is shown as it is",
        };
        if call.kind != Kind::Closes {
            self.note(call, Outcome::Kept, format!("{shown} {why}"));
        }
        self.as_text(call)
    }

    /// A call that cannot become a block where it stands.
    fn divided(&mut self, call: &Call) -> String {
        let message = format!(
            "`{}` stands in a heading, a table or a quotation, which it would divide, and is shown as it is",
            call.name
        );
        self.note(call, Outcome::Kept, message);
        self.as_text(call)
    }

    /// A call with a body; and whether that is written too.
    fn around(&mut self, at: usize, end: usize, depth: usize, before: &str) -> (String, bool) {
        let calls = self.calls;
        let (call, close) = (&calls[at], &calls[end]);
        let inside = call.range.end..close.range.start;
        if self.code.has(call.range.start) || self.site.own.contains(&call.name) {
            return (self.kept(call), false);
        }
        match call.name.as_str() {
            "highlight" => {
                let code = shown_calls(&self.text[inside], &calls[at + 1..end], call.range.end);
                let after = &self.text[close.range.end..];
                (self.highlight(call, &code, before, after), true)
            }
            "details" if !can_stand(before) => (self.divided(call), false),
            "details" => {
                let body = self.part(inside, at + 1..end, depth + 1);
                let summary = call.named("summary");
                let summary = if summary.is_empty() {
                    call.nth(0)
                } else {
                    summary
                };
                let summary = if summary.is_empty() {
                    "Details"
                } else {
                    summary
                };
                let open = if call.named("open") == "true" {
                    "\0true"
                } else {
                    ""
                };
                let written = around("details", &[("summary", summary), ("open", open)], &body);
                let after = &self.text[close.range.end..];
                let written = block(&written, before, after, false).unwrap_or(written);
                self.lost_arguments(call, &["summary", "open"], 1);
                (written, true)
            }
            "comment" => {
                self.note(
                    call,
                    Outcome::Dropped,
                    "a comment that readers never saw is left out",
                );
                (String::new(), true)
            }
            // What is between its tags is converted as well; they stay.
            _ => (self.kept(call), false),
        }
    }

    /// A call that stands for itself.
    fn alone(&mut self, call: &Call, before: &str) -> String {
        match call.kind {
            Kind::Shown => {
                let written = shown(&self.text[call.range.clone()]);
                // What a text shows of shortcodes, readers have to see here as well.
                return escape_outside(&written, call.range.start, &self.code).into_owned();
            }
            Kind::Broken | Kind::Closes => return self.kept(call),
            Kind::Alone | Kind::Opens(_) => {}
        }
        let is_own = self.site.own.contains(&call.name);
        if is_own {
            return self.kept(call);
        }
        if matches!(call.name.as_str(), "ref" | "relref") {
            return self.reference(call, before);
        }
        // Hugo runs what stands in code as well. What comes of it there is text of a page of code, which
        // no component can stand in: only texts are put in their place.
        if self.code.has(call.range.start) && call.name != "param" {
            return self.kept(call);
        }
        let written = match call.name.as_str() {
            "figure" => self.figure(call),
            "youtube" | "vimeo" => {
                let id = call.named_or_nth("id", 0);
                self.lost_arguments(call, &["id", "title"], 1);
                embeds::video(&call.name, id, call.named("title"))
            }
            "gist" => self.linked(
                call,
                "https://gist.github.com/{}/{}",
                &[call.nth(0), call.nth(1)],
            ),
            "instagram" | "instagram_simple" => self.linked(
                call,
                "https://www.instagram.com/p/{}/",
                &[call.named_or_nth("id", 0)],
            ),
            "tweet" | "twitter" | "x" | "twitter_simple" | "x_simple" => {
                let user = if call.named("user").is_empty() {
                    "i"
                } else {
                    call.named("user")
                };
                self.linked(
                    call,
                    "https://x.com/{}/status/{}",
                    &[user, call.named_or_nth("id", 0)],
                )
            }
            "param" => self.param(call),
            _ => None,
        };
        let Some(written) = written else {
            return self.kept(call);
        };
        let after = &self.text[call.range.end..];
        placed(written, before, after).unwrap_or_else(|| self.divided(call))
    }

    fn linked(&mut self, call: &Call, address: &str, parts: &[&str]) -> Option<String> {
        let link = embeds::link(address, parts)?;
        self.note(
            call,
            Outcome::Approximated,
            format!(
                "`{}` is a link: nothing of other services is shown in a page",
                call.name
            ),
        );
        Some(link)
    }

    fn param(&mut self, call: &Call) -> Option<String> {
        let names: Vec<&str> = call.named_or_nth("name", 0).split('.').collect();
        let page = Fields(self.page.params.clone());
        let own = page.within(&names).or_else(|| {
            let in_params: Vec<&str> = [&["params"], &names[..]].concat();
            page.within(&in_params)
                .or_else(|| self.site.config.values.within(&in_params))
        });
        own.and_then(text_of)
    }

    fn figure(&mut self, call: &Call) -> Option<String> {
        let (title, caption) = (call.named("title"), call.named("caption"));
        let caption = match (title, caption) {
            ("", caption) => caption.to_owned(),
            (title, "") => title.to_owned(),
            (title, caption) => format!("**{title}** {caption}"),
        };
        self.lost_arguments(call, &["src", "alt", "title", "caption", "attr", "link"], 1);
        embeds::figure(Figure {
            src: call.named_or_nth("src", 0),
            alt: call.named("alt"),
            caption: &caption,
            credit: call.named("attr"),
            href: call.named("link"),
        })
    }

    /// Tells what a component has no word for.
    fn lost_arguments(&mut self, call: &Call, known: &[&str], places: usize) {
        let lost = call.arguments.iter().enumerate().filter(|(at, (name, _))| {
            if name.is_empty() {
                *at >= places
            } else {
                !known.contains(&name.as_str())
            }
        });
        let lost: Vec<String> = lost
            .map(|(_, (name, value))| format!("`{}`", if name.is_empty() { value } else { name }))
            .collect();
        if !lost.is_empty() {
            self.note(
                call,
                Outcome::Approximated,
                format!("`{}` loses {}", call.name, lost.join(", ")),
            );
        }
    }

    /// `ref` and `relref`: a link to the file, or where there is none around it, a link of its own.
    fn reference(&mut self, call: &Call, before: &str) -> String {
        let wanted = call.named_or_nth("path", 0).to_owned();
        let language = call.named_or_nth("lang", 1).to_owned();
        let (path, fragment) = links::split(&wanted);
        let found = if path.is_empty() {
            Some(self.page)
        } else {
            self.file(path, &language)
        };
        let Some(found) = found else {
            self.note(
                call,
                Outcome::Kept,
                format!("`{wanted}` is no file of the archive, so that the link is dead"),
            );
            if path.is_empty() || wanted.contains([' ', '"', '<', '>', '{', '(', ')']) {
                return self.as_text(call);
            }
            return wanted;
        };
        if self.code.has(call.range.start) {
            // Code shows the address, as it did.
            return format!("{}{fragment}", found.url.as_deref().unwrap_or(path));
        }
        let destination = self.index.link(self.page, found, fragment);
        if links::is_destination(before) {
            return destination;
        }
        let shown = found.url.as_deref().unwrap_or(path);
        format!("[{shown}{fragment}]({destination})")
    }

    fn file(&self, path: &str, language: &str) -> Option<&Page> {
        let folder = inner_folder(&self.page.source, self.site.config);
        let files = self.site.names.find(path, &folder).iter();
        let mut pages: Vec<&Page> = files
            .filter_map(|source| self.index.by_source(source))
            .collect();
        let own = self.page.language.as_deref().unwrap_or("");
        let wanted = if language.is_empty() { own } else { language };
        pages.sort_by_key(|page| {
            let tag = page.language.as_deref().unwrap_or("");
            (tag != wanted, tag.is_empty())
        });
        pages.first().copied()
    }

    /// Destinations of links that are no calls: files by their place, and addresses by that of the page.
    fn links(&self, text: &str) -> String {
        let code = Code::of(text);
        links::map(text, &code, |destination, _| {
            let (path, fragment) = links::split(destination);
            if links::is_elsewhere(destination) || destination.contains("{{") {
                return None;
            }
            let path = if path.is_empty() {
                path
            } else {
                self.index.inner(path)
            };
            let path = percent_encoding::percent_decode_str(path)
                .decode_utf8()
                .ok()?;
            if path.ends_with(".md") {
                let found = self.file(&path, "")?;
                return changed(destination, self.index.link(self.page, found, fragment));
            }
            beside(
                self.page,
                self.index,
                self.site.tree,
                Beside::Content,
                destination,
            )
        })
    }
}

fn changed(old: &str, new: String) -> Option<String> {
    (old != new).then_some(new)
}

/// `{{</* name */>}}` as it is shown: without the signs of a comment.
pub(super) fn shown(call: &str) -> String {
    let (begin, end) = (&call[..3], &call[call.len() - 3..]);
    let inner = call[3..call.len() - 3].trim();
    let inner = inner
        .strip_prefix("/*")
        .and_then(|inner| inner.strip_suffix("*/"))
        .unwrap_or(inner);
    format!("{begin}{inner}{end}")
}

#[cfg(test)]
mod tests {
    use super::super::config::Language;
    use super::*;

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
        let config = Config {
            languages: vec![Language::own("en")],
            ..Config::default()
        };
        let mut names = Names::default();
        names.add("a", "content/a.md");
        names.add("b/c", "content/b/c.md");
        let site = Site {
            config: &config,
            tree: &tree,
            own: Vec::new(),
            names,
        };
        convert(&site, &pages[0], &index, &mut conversion);
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
        fn no_text_makes_it_panic(text in "(\\{\\{<|\\{\\{%|>\\}\\}|%\\}\\}|/|/\\*|\\*/|highlight|details|ref|figure|src=|\"|`|```|    |a|b/c.md| |\n|\\]\\(|\\)|é){0,40}") {
            let _ = converted(&text);
        }

        #[test]
        fn what_is_kept_is_never_taken_for_a_call(text in "(\\{\\{<|\\{\\{%|\\{%|>\\}\\}|%\\}\\}|/|own|note|<|>| |\n|é){0,40}") {
            // In code nothing is a call.
            proptest::prop_assume!(!text.contains("    "));
            let written = converted(&text).0;
            let is_call = written.contains("{{<") || written.contains("{{%");
            proptest::prop_assert!(!is_call, "{}", written);
        }
    }
}
