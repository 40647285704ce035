//! Texts of Jekyll as Pressroom has them.
//!
//! In: a text with Liquid and kramdown's attributes. Out: the same with addresses, fenced code and
//! components in their place; what would have to be worked out stays as it is, as text, and is told.

use super::config::Config;
use super::extensions;
use super::kramdown;
use super::liquid::{Found, Kind, arguments, find};
use super::marks;
use super::pages::HTML;
use crate::import::Outcome;
use crate::import::generator::calls::{block, escape, escape_outside, placed};
use crate::import::generator::code::{Code, fence, without};
use crate::import::generator::embeds::{self, Figure};
use crate::import::generator::fields::{Fields, text_of};
use crate::import::generator::front::Lines;
use crate::import::generator::index::{Beside, Index, beside};
use crate::import::generator::links;
use crate::import::generator::page::{Notes, Page};
use crate::import::generator::site::Conversion;
use crate::import::generator::tree::Tree;
use crate::model::has_ending;

/// What texts need to know of the site.
pub(super) struct Site<'s> {
    pub config: &'s Config,
    pub tree: &'s Tree,
}

/// Converts the text of a page.
pub(super) fn convert(site: &Site, page: &Page, index: &Index, conversion: &mut Conversion) {
    let text = std::mem::take(&mut conversion.text);
    let found = extensions::merged(find(&text), extensions::find(&text));
    let opaque: Vec<_> = found
        .iter()
        .filter_map(|found| match &found.kind {
            Kind::Highlight(_, inner) => Some(inner.clone()),
            Kind::Comment => Some(found.range.clone()),
            _ => None,
        })
        .collect();
    let code = Code::of(&without(&text, &opaque));
    let mut converter = Converter {
        site,
        page,
        index,
        text: &text,
        code,
        lines: Lines::of(&text),
        notes: Notes::default(),
    };
    let mut written = converter.all(&found);
    if let Some(separator) = converter.separator() {
        written = written.replacen(&separator, "<!--more-->", 1);
    }
    let linked = converter.links(&written);
    conversion.notes = converter.notes;
    let (plain, toc) = kramdown::without_attributes(&linked, page.body_line, &mut conversion.notes);
    conversion.toc = toc.then_some(true);
    conversion.text = if has_ending(&page.source, &HTML) {
        plain
    } else {
        let (text, has_formulas) = marks::ours(&plain, page.body_line, &mut conversion.notes);
        conversion.math = has_formulas.then_some(true);
        text
    };
}

struct Converter<'a, 'i> {
    site: &'a Site<'a>,
    page: &'a Page,
    index: &'a Index<'i>,
    text: &'a str,
    code: Code,
    lines: Lines,
    notes: Notes,
}

impl Converter<'_, '_> {
    fn note(
        &mut self,
        found: &Found,
        outcome: Outcome,
        kind: &'static str,
        message: impl Into<String>,
    ) {
        let line = self.page.body_line + self.lines.line(found.range.start) - 1;
        self.notes.add(outcome, kind, line, message);
    }

    fn all(&mut self, found: &[Found]) -> String {
        let mut out = String::with_capacity(self.text.len());
        let mut done = 0;
        for (at, one) in found.iter().enumerate() {
            out.push_str(&escape_outside(
                &self.text[done..one.range.start],
                done,
                &self.code,
            ));
            done = one.range.end;
            let next = &self.text[one.range.end..];
            let is_before_value = found
                .get(at + 1)
                .is_some_and(|next| next.range.start == one.range.end);
            let written = self.one(one, &out, is_before_value || next.starts_with('/'));
            out.push_str(&written);
        }
        out.push_str(&escape_outside(&self.text[done..], done, &self.code));
        out
    }

    fn one(&mut self, found: &Found, before: &str, goes_on: bool) -> String {
        let in_code = self.code.has(found.range.start);
        let text = self.text;
        let written = match &found.kind {
            Kind::Raw(inner) => return self.raw(&text[inner.clone()], inner.start),
            Kind::Comment => {
                self.note(
                    found,
                    Outcome::Dropped,
                    "comment",
                    "a comment, which readers never saw, is left out",
                );
                return String::new();
            }
            Kind::Extension(name) => {
                let message = match name.as_str() {
                    "options" => "`{::options}` is left out: it told kramdown what to do",
                    _ => "`{::nomarkdown}` is left out: marks of Markdown in it are marks here",
                };
                self.note(found, Outcome::Dropped, "kramdown", message);
                return String::new();
            }
            // In code a text in quotes is how Liquid's own braces are shown.
            Kind::Value(written) if in_code && written.starts_with(['"', '\'']) => {
                self.plain(written)
            }
            _ if in_code => None,
            Kind::Highlight(given, inner) => {
                return self.highlight(found, given, &text[inner.clone()], before);
            }
            Kind::Value(written) => self.value(written, before, goes_on),
            Kind::Tag(name, given) => self.tag(found, name, given, before),
        };
        let after = &text[found.range.end..];
        let placed = written.and_then(|written| placed(written, before, after));
        placed.unwrap_or_else(|| self.kept(found, in_code))
    }

    /// What is between `raw` and `endraw` is what readers saw.
    fn raw(&self, inner: &str, at: usize) -> String {
        escape_outside(inner, at, &self.code).into_owned()
    }

    fn kept(&mut self, found: &Found, in_code: bool) -> String {
        let why = if in_code {
            "stands in code and is shown as it is"
        } else {
            "is not worked out, and is shown as it is"
        };
        match &found.kind {
            // One line for a loop or condition, not one for each of its parts.
            Kind::Tag(name, _)
                if name.starts_with("end")
                    || matches!(name.as_str(), "else" | "elsif" | "when") => {}
            Kind::Tag(name, given) if name == "include" => {
                let file = given.split_whitespace().next().unwrap_or_default();
                self.note(
                    found,
                    Outcome::Kept,
                    "include",
                    format!("the include `{file}` {why}"),
                );
            }
            Kind::Tag(name, _) => self.note(
                found,
                Outcome::Kept,
                "Liquid",
                format!("the tag `{name}` {why}"),
            ),
            Kind::Value(written) => {
                let shown: String = written.chars().take(60).collect();
                self.note(
                    found,
                    Outcome::Kept,
                    "Liquid",
                    format!("the value `{shown}` {why}"),
                );
            }
            _ => {}
        }
        let raw = &self.text[found.range.clone()];
        if in_code {
            raw.to_owned()
        } else {
            escape(raw).into_owned()
        }
    }

    fn highlight(&mut self, found: &Found, given: &str, code: &str, before: &str) -> String {
        let mut given = arguments(given).into_iter();
        let language = given
            .next()
            .and_then(|(_, value)| value)
            .unwrap_or_default();
        let mut attributes = Vec::new();
        for (name, value) in given {
            match (name.as_str(), value.as_deref()) {
                ("", Some("linenos")) | ("linenos", _) => {
                    attributes.push("linenos=true".to_owned());
                }
                ("hl_lines" | "mark_lines", Some(lines)) => {
                    let lines: Vec<String> = lines
                        .split_whitespace()
                        .map(|line| format!("\"{line}\""))
                        .collect();
                    attributes.push(format!("hl_lines=[{}]", lines.join(",")));
                }
                (name, value) => {
                    let lost = if name.is_empty() {
                        value.unwrap_or_default()
                    } else {
                        name
                    };
                    let message = format!("`highlight` loses `{lost}`");
                    self.note(found, Outcome::Approximated, "Liquid", message);
                }
            }
        }
        let attributes = if attributes.is_empty() {
            String::new()
        } else {
            format!("{{{}}}", attributes.join(" "))
        };
        // Liquid runs in the code as well; what is raw there is what readers saw.
        let code = unraw(code);
        let fence = fence(&language, &attributes, &code);
        let after = &self.text[found.range.end..];
        block(&fence, before, after, true).unwrap_or(fence)
    }

    fn tag(&mut self, found: &Found, name: &str, given: &str, before: &str) -> Option<String> {
        match name {
            "link" => {
                let path = given.trim_matches(['"', '\'']).trim_start_matches('/');
                Some(self.linked(found, path, before))
            }
            "post_url" => {
                let name = given.trim_matches(['"', '\'', '/']);
                let post = self.index.pages().iter().find(|page| is_post(page, name));
                match post {
                    Some(post) => Some(self.to_page(post, before)),
                    None => Some(self.dead(found, name)),
                }
            }
            "include" | "include_relative" | "include_cached" => self.include(found, given),
            "youtube" | "vimeo" => {
                let id = arguments(given).into_iter().next()?.1?;
                embeds::video(name, &id, "")
            }
            "gist" => {
                let id = arguments(given).into_iter().next()?.1?;
                let link = match id.split_once('/') {
                    Some((user, id)) => embeds::link("https://gist.github.com/{}/{}", &[user, id]),
                    None => embeds::link("https://gist.github.com/{}", &[&id]),
                }?;
                let message = "`gist` is a link: nothing of other services is shown in a page";
                self.note(found, Outcome::Approximated, "embed", message);
                Some(link)
            }
            _ => None,
        }
    }

    fn linked(&mut self, found: &Found, path: &str, before: &str) -> String {
        if let Some(page) = self.index.by_source(path) {
            return self.to_page(page, before);
        }
        if self.site.tree.has(path) && !path.starts_with('_') {
            return format!("/{path}");
        }
        self.dead(found, path)
    }

    /// A link to nothing stays one, if it can be written as one.
    fn dead(&mut self, found: &Found, path: &str) -> String {
        self.note(
            found,
            Outcome::Kept,
            "link",
            format!("`{path}` is no file of the archive, so that the link is dead"),
        );
        let is_plain = !path.is_empty() && !path.contains(['{', '"', ' ', '<', '>', '(', ')']);
        let raw = escape(&self.text[found.range.clone()]).into_owned();
        if is_plain { format!("/{path}") } else { raw }
    }

    fn to_page(&self, page: &Page, before: &str) -> String {
        let destination = self.index.link(self.page, page, "");
        if links::is_destination(before) {
            return destination;
        }
        format!(
            "[{}]({destination})",
            page.url.as_deref().unwrap_or(&page.target)
        )
    }

    /// A value that is plain: an address, or a word of the settings or of the front matter.
    fn value(&self, written: &str, before: &str, goes_on: bool) -> Option<String> {
        let mut parts = written.split('|').map(str::trim);
        let base = parts.next()?;
        let is_address = links::is_destination(before) || goes_on;
        let mut value = match base {
            "site.baseurl" => String::new(),
            "site.url" | "site.github.url" if is_address => String::new(),
            _ => self.plain(base)?,
        };
        for filter in parts {
            let (name, given) = filter
                .split_once(':')
                .map_or((filter, ""), |(name, given)| (name.trim(), given.trim()));
            let argument = || match given {
                "site.baseurl" | "site.url" => Some(String::new()),
                given => self.plain(given),
            };
            match name {
                "relative_url" | "absolute_url" => {
                    if !value.starts_with('/') && !value.contains("://") {
                        value.insert(0, '/');
                    }
                }
                "prepend" => value.insert_str(0, &argument()?),
                "append" => value.push_str(&argument()?),
                "escape" | "strip" | "uri_escape" => {}
                _ => return None,
            }
        }
        Some(value)
    }

    fn plain(&self, name: &str) -> Option<String> {
        for quote in ['"', '\''] {
            let inner = name
                .strip_prefix(quote)
                .and_then(|inner| inner.strip_suffix(quote));
            if let Some(inner) = inner.filter(|inner| !inner.contains(quote)) {
                return Some(inner.to_owned());
            }
        }
        let (of, rest) = name.split_once('.')?;
        let names: Vec<&str> = rest.split('.').collect();
        match of {
            "site" => self.site.config.values.within(&names).and_then(text_of),
            "page" if rest == "url" => self.page.url.clone(),
            "page" if rest == "title" => Some(self.page.article.title.clone()),
            "page" => Fields(self.page.params.clone())
                .within(&names)
                .and_then(text_of),
            _ => None,
        }
    }

    /// Includes that many sites have, if they are given plain texts.
    fn include(&mut self, found: &Found, given: &str) -> Option<String> {
        let given = arguments(given);
        let (file, given) = given.split_first()?;
        let file = file.1.as_deref()?.to_lowercase();
        let name = file.rsplit('/').next()?.split('.').next()?;
        let say = |names: &[&str]| -> Option<String> {
            let mut given = given
                .iter()
                .filter(|(name, _)| names.contains(&name.as_str()));
            given.next().and_then(|(_, value)| value.clone())
        };
        let is_plain = given
            .iter()
            .all(|(_, value)| value.as_ref().is_some_and(|value| !value.contains("{{")));
        if !is_plain {
            return None;
        }
        let id = || say(&["id", "video_id", "videoid", "youtube_id", "vimeo_id"]);
        let title = say(&["title"]).unwrap_or_default();
        if name.contains("youtube") {
            return embeds::video("youtube", &id()?, &title);
        }
        if name.contains("vimeo") {
            return embeds::video("vimeo", &id()?, &title);
        }
        if name == "video" {
            return embeds::video(&say(&["provider", "type"])?, &id()?, &title);
        }
        if !matches!(name, "figure" | "image" | "img" | "picture") {
            return None;
        }
        let known = [
            "src",
            "url",
            "image_path",
            "image",
            "image_url",
            "file",
            "path",
            "alt",
            "caption",
            "credit",
            "link",
            "href",
        ];
        let lost: Vec<String> = given
            .iter()
            .filter(|(name, _)| !known.contains(&name.as_str()))
            .map(|(name, _)| format!("`{name}`"))
            .collect();
        let src = say(&known[..7])?;
        let figure = embeds::figure(Figure {
            src: &src,
            alt: &say(&["alt"]).unwrap_or_default(),
            caption: &say(&["caption"]).unwrap_or_default(),
            credit: &say(&["credit"]).unwrap_or_default(),
            href: &say(&["link", "href"]).unwrap_or_default(),
        })?;
        let message = if lost.is_empty() {
            format!("the include `{file}` is a figure of ours")
        } else {
            format!(
                "the include `{file}` is a figure of ours, and loses {}",
                lost.join(", ")
            )
        };
        self.note(found, Outcome::Approximated, "include", message);
        Some(figure)
    }

    /// What ends the summary, if the site has a sign of its own for it.
    fn separator(&self) -> Option<String> {
        let of_page = Fields(self.page.params.clone())
            .get("excerpt_separator")
            .and_then(text_of);
        let separator = of_page.or_else(|| self.site.config.text(&["excerpt_separator"]))?;
        let is_mark = !separator.trim().is_empty() && separator.trim() != "<!--more-->";
        is_mark.then(|| separator.trim().to_owned())
    }

    fn links(&self, text: &str) -> String {
        let code = Code::of(text);
        links::map(text, &code, |destination, _| {
            // Posts are named without the folder that they lie in, and with it.
            let (path, fragment) = links::split(destination);
            let path = if path.is_empty() {
                path
            } else {
                self.index.inner(path)
            };
            if has_ending(path, &["md"]) && path.starts_with('/') {
                let found = self.index.by_source(&path[1..])?;
                return Some(self.index.link(self.page, found, fragment));
            }
            beside(
                self.page,
                self.index,
                self.site.tree,
                Beside::Static,
                destination,
            )
        })
    }
}

/// Whether a page is the post that `post_url` means: by the name of its file, with folders or without.
fn is_post(page: &Page, name: &str) -> bool {
    let Some((before, file)) = page.source.split_once("_posts/") else {
        return false;
    };
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let whole = format!("{before}{stem}");
    stem == name || whole == name || whole.rsplit('/').next() == Some(name)
}

/// A text whose raw parts are as they are shown.
fn unraw(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for found in find(text) {
        if let Kind::Raw(inner) = found.kind {
            out.push_str(&text[done..found.range.start]);
            out.push_str(&text[inner]);
            done = found.range.end;
        }
    }
    out.push_str(&text[done..]);
    out
}

#[cfg(test)]
mod tests {
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
        let config = Config::default();
        let site = Site {
            config: &config,
            tree: &tree,
        };
        convert(&site, &pages[0], &index, &mut conversion);
        (conversion.text, conversion.notes.0.len())
    }

    proptest::proptest! {
        #[test]
        fn text_that_asks_for_nothing_stays(text in "[^{|]{0,80}|(#|\\*|`|\n|a|\\[|\\]\\(|\\)|>| |~|é){0,60}") {
            // Links to headings get our ids, and formulas our signs.
            let asked = ["<!-- more -->", "@/", "](#", "$$"];
            proptest::prop_assume!(!asked.iter().any(|asked| text.contains(asked)));
            proptest::prop_assert_eq!(converted(&text).0, text);
        }

        #[test]
        fn no_text_makes_it_panic(text in "(\\{\\{|\\}\\}|\\{%|%\\}|raw|endraw|highlight|endhighlight|link|include|figure|site.url|\\||\"|src=|a|`|```|    | |\n|\\{:|\\}|\\]\\(|é){0,40}") {
            let _ = converted(&text);
        }
    }
}
