//! Texts of Hugo as Pressroom has them.
//!
//! In: a text with shortcodes. Out: the same with components, fenced code and links to files in their
//! place; what nobody knows stays as it is, as text, and is told.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::config::Config;
use super::shortcodes::{Call, Kind, find};
use crate::import::Outcome;
use crate::import::generator::calls::{around, escape_outside};
use crate::import::generator::code::{Code, fence, without};
use crate::import::generator::embeds::{self, Figure};
use crate::import::generator::fields::{Fields, text_of};
use crate::import::generator::front::Lines;
use crate::import::generator::links;
use crate::import::generator::page::{Notes, Page};
use crate::import::generator::site::{Beside, Conversion, Index, beside};
use crate::import::generator::tree::Tree;
use crate::model::join;

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

/// Files by the names that `ref` has for them.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// By the path among texts without ending and language, in small letters.
    by_path: BTreeMap<String, Vec<String>>,
    /// Those paths by their last part.
    by_name: BTreeMap<String, BTreeSet<String>>,
}

impl Names {
    /// Notes a file of texts, by its path among them.
    pub fn add(&mut self, path: &str, source: &str) {
        let path = plain(path);
        let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
        self.by_name.entry(name).or_default().insert(path.clone());
        self.by_path
            .entry(path)
            .or_default()
            .push(source.to_owned());
    }

    /// The files that a path means: from the top of all texts, beside the one that names it, or by the
    /// name alone if that is one of a kind.
    fn of(&self, path: &str, folder: &str) -> &[String] {
        let found = |path: Option<String>| self.by_path.get(&plain(&path?));
        let absolute = || found(Some(path.trim_start_matches('/').to_owned()));
        let beside = || found(join(folder, path).filter(|_| !path.starts_with('/')));
        let named = || {
            let paths = self
                .by_name
                .get(&plain(path))
                .filter(|_| !path.contains('/'))?;
            let only = paths.first().filter(|_| paths.len() == 1)?;
            self.by_path.get(only)
        };
        beside()
            .or_else(absolute)
            .or_else(named)
            .map_or(&[], Vec::as_slice)
    }
}

/// A path as Hugo compares it: without ending and index, in small letters, spaces as hyphens.
fn plain(path: &str) -> String {
    let path = path.trim_matches('/').to_lowercase().replace(' ', "-");
    let path = path
        .strip_suffix(".md")
        .or(path.strip_suffix(".html"))
        .unwrap_or(&path);
    let path = path
        .strip_suffix("/_index")
        .or(path.strip_suffix("/index"))
        .unwrap_or(path);
    if matches!(path, "_index" | "index") {
        String::new()
    } else {
        path.to_owned()
    }
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
    let mut converter = Converter {
        site,
        page,
        index,
        text: &text,
        calls: &calls,
        code,
        lines: Lines::of(&text),
        notes: Notes::default(),
    };
    let written = converter.part(0..text.len(), 0..calls.len(), 0);
    conversion.text = converter.links(&written);
    conversion.notes = converter.notes;
}

struct Converter<'a, 'i> {
    site: &'a Site<'a>,
    page: &'a Page,
    index: &'a Index<'i>,
    text: &'a str,
    calls: &'a [Call],
    code: Code,
    lines: Lines,
    notes: Notes,
}

impl Converter<'_, '_> {
    fn note(&mut self, call: &Call, outcome: Outcome, message: impl Into<String>) {
        let line = self.page.body_line + self.lines.line(call.range.start) - 1;
        let kind = match outcome {
            Outcome::Dropped => "shortcode, left out",
            _ => "shortcode",
        };
        self.notes.add(outcome, kind, line, message);
    }

    /// A part of the text, with the calls that are in it.
    fn part(
        &mut self,
        range: std::ops::Range<usize>,
        calls: std::ops::Range<usize>,
        depth: usize,
    ) -> String {
        let mut out = String::with_capacity(range.len());
        let mut done = range.start;
        let mut next = calls.start;
        while next < calls.end {
            let at = next;
            let call = &self.calls[at];
            let plain = &self.text[done..call.range.start];
            out.push_str(&escape_outside(plain, done, &self.code));
            next = at + 1;
            done = call.range.end;
            match call.kind {
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
        let plain = &self.text[done..range.end];
        out.push_str(&escape_outside(plain, done, &self.code));
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
                (self.highlight(call, &code, before), true)
            }
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
                self.lost_arguments(call, &["summary", "open"], 1);
                (
                    around("details", &[("summary", summary), ("open", open)], &body),
                    true,
                )
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
        written.unwrap_or_else(|| self.kept(call))
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

    fn highlight(&mut self, call: &Call, code: &str, before: &str) -> String {
        let language = call.named_or_nth("lang", 0).to_owned();
        let options = call.named_or_nth("options", 1).to_owned();
        let mut attributes = String::new();
        let mut lost = Vec::new();
        let mut is_inline = false;
        for option in options
            .split(',')
            .map(str::trim)
            .filter(|option| !option.is_empty())
        {
            let (name, value) = option.split_once('=').unwrap_or((option, "true"));
            match (name.to_lowercase().as_str(), value) {
                ("linenos", "false") => {}
                ("hl_inline", value) => is_inline = value != "false",
                ("linenos", _) => attributes.push_str(" linenos=true"),
                ("linenostart", start) if start.bytes().all(|byte| byte.is_ascii_digit()) => {
                    let _ = write!(attributes, " linenostart={start}");
                }
                ("hl_lines", lines) => {
                    let lines = lines
                        .trim_matches(['"', '\''])
                        .split_whitespace()
                        .map(|line| {
                            if line.bytes().all(|byte| byte.is_ascii_digit()) {
                                line.to_owned()
                            } else {
                                format!("\"{line}\"")
                            }
                        });
                    let lines: Vec<_> = lines.collect();
                    let _ = write!(attributes, " hl_lines=[{}]", lines.join(","));
                }
                _ => lost.push(format!("`{name}`")),
            }
        }
        if is_inline && !code.contains(['`', '\n']) {
            return format!("`{}`", code.trim());
        }
        if !lost.is_empty() {
            self.note(
                call,
                Outcome::Approximated,
                format!("`highlight` loses {}", lost.join(", ")),
            );
        }
        let attributes = if attributes.is_empty() {
            attributes
        } else {
            format!("{{{}}}", attributes.trim_start())
        };
        let line = before.rsplit('\n').next().unwrap_or("");
        // A fence begins a line, be it one of a list item.
        let gap = if line.trim().is_empty() { "" } else { "\n\n" };
        let block = fence(&language, &attributes, code);
        let indent = if line.trim().is_empty() { line } else { "" };
        format!("{gap}{}", block.replace('\n', &format!("\n{indent}")))
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
        let files = self.site.names.of(path, &folder).iter();
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

/// The folder of a file among texts.
fn inner_folder(source: &str, config: &Config) -> String {
    let folder = source.rsplit_once('/').map_or("", |(folder, _)| folder);
    let own = config
        .languages
        .iter()
        .filter_map(|language| language.folder.clone());
    let mut tops: Vec<String> = own.chain([config.content()]).collect();
    tops.sort_by_key(|top| std::cmp::Reverse(top.len()));
    let inner = tops
        .iter()
        .find_map(|top| folder.strip_prefix(top.as_str()));
    inner.unwrap_or(folder).trim_start_matches('/').to_owned()
}

/// `{{</* name */>}}` as it is shown: without the signs of a comment.
fn shown(call: &str) -> String {
    let (begin, end) = (&call[..3], &call[call.len() - 3..]);
    let inner = call[3..call.len() - 3].trim();
    let inner = inner
        .strip_prefix("/*")
        .and_then(|inner| inner.strip_suffix("*/"))
        .unwrap_or(inner);
    format!("{begin}{inner}{end}")
}

/// Code in which some calls are only shown. `start` is where it begins in the text.
fn shown_calls(code: &str, calls: &[Call], start: usize) -> String {
    let mut out = String::with_capacity(code.len());
    let mut done = 0;
    for call in calls.iter().filter(|call| call.kind == Kind::Shown) {
        let range = call.range.start - start..call.range.end - start;
        out.push_str(&code[done..range.start]);
        out.push_str(&shown(&code[range.clone()]));
        done = range.end;
    }
    out.push_str(&code[done..]);
    out
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
        let index = Index::of(&pages);
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
            proptest::prop_assume!(!text.contains("<!-- more -->") && !text.contains("@/"));
            proptest::prop_assert_eq!(converted(&text).0, text);
        }

        #[test]
        fn no_text_makes_it_panic(text in "(\\{\\{<|\\{\\{%|>\\}\\}|%\\}\\}|/|/\\*|\\*/|highlight|details|ref|figure|src=|\"|`|```|    |a|b/c.md| |\n|\\]\\(|\\)|é){0,40}") {
            let _ = converted(&text);
        }

        #[test]
        fn what_is_kept_is_never_taken_for_a_call(text in "(\\{\\{<|\\{\\{%|\\{%|>\\}\\}|%\\}\\}|/|own|note|<|>| |\n|é){0,40}") {
            let written = converted(&text).0;
            let is_call = written.contains("{{<") || written.contains("{{%");
            proptest::prop_assert!(!is_call, "{}", written);
        }
    }
}
