//! `[shortcodes]` of classic texts.
//!
//! In: HTML with shortcodes. Out: the same, with those of WordPress itself as HTML; those of plugins
//! stay as they are written, and are named with where they stand.

use rustc_hash::FxHashMap;

use super::autop;
use crate::import::html::plain_text;

/// Longest shortcode, in bytes: more than that is a text in brackets.
const LONGEST: usize = 8192;
/// Longest text between two shortcodes, in bytes.
const LONGEST_CONTENT: usize = 1 << 18;

/// Shortcodes of WordPress itself.
const OWN: [&str; 11] = [
    "caption",
    "wp_caption",
    "gallery",
    "embed",
    "youtube",
    "vimeo",
    "audio",
    "video",
    "playlist",
    "code",
    "sourcecode",
];

/// What knows what a shortcode is about.
pub(super) trait Library {
    /// A picture as HTML: an `img`, with its caption in a `figure`. `None` if there is none.
    fn picture(&self, id: u64) -> Option<String>;
    /// The numbers of the pictures that belong to the text.
    fn attached(&self) -> Vec<u64>;
}

/// A shortcode.
#[derive(Debug, PartialEq, Eq)]
struct Shortcode<'t> {
    name: &'t str,
    attributes: Vec<(String, String)>,
    /// What stands between it and the one that closes it.
    content: Option<&'t str>,
    /// How long it is without that, in bytes.
    open: usize,
    /// How long all of it is, in bytes.
    length: usize,
}

impl Shortcode<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(known, _)| known == key);
        found
            .map(|(_, value)| value.as_str())
            .filter(|value| !value.is_empty())
    }

    /// What is given without a name.
    fn first(&self) -> Option<&str> {
        self.get("")
            .map(|value| value.trim_start_matches(['=', ':']))
    }
}

/// Expands the shortcodes of a text, and adds the names of those that nobody knows to `kept`.
pub(super) fn expand(text: &str, library: &dyn Library, kept: &mut Vec<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut closes = Closes::default();
    let mut at = 0;
    while let Some(found) = memchr::memchr2(b'[', b'<', &text.as_bytes()[at..]) {
        out.push_str(&text[at..at + found]);
        at += found;
        if text[at..].starts_with('<') {
            let taken = opaque(&text[at..]);
            out.push_str(&text[at..at + taken]);
            at += taken;
        } else {
            at += shortcode_at(text, at, &mut closes, library, kept, &mut out);
        }
    }
    out.push_str(&text[at..]);
    out
}

/// Where shortcodes are closed next in a text, by their names, so that each is looked for once.
#[derive(Default)]
struct Closes<'t>(FxHashMap<&'t str, Option<usize>>);

impl<'t> Closes<'t> {
    /// Where the shortcode of a name that ends at a place is closed.
    fn after(&mut self, text: &'t str, at: usize, name: &'t str) -> Option<usize> {
        let look = || Some(at + text[at..].find(&format!("[/{name}]"))?);
        let next = self.0.entry(name).or_insert_with(look);
        if next.is_some_and(|next| next < at) {
            *next = look();
        }
        *next
    }
}

/// The length of a tag, with all of its element where shortcodes mean nothing in it.
fn opaque(rest: &str) -> usize {
    let Some(tag) = autop::tag(rest) else {
        return 1;
    };
    let length = tag.text.len();
    if !tag.closes && ["pre", "code", "script", "style", "textarea"].contains(&tag.name.as_str()) {
        return length + autop::end_of_element(&rest[length..], &tag.name);
    }
    length
}

/// Writes what begins with a bracket at a place, and says how much of the text that was.
fn shortcode_at<'t>(
    text: &'t str,
    at: usize,
    closes: &mut Closes<'t>,
    library: &dyn Library,
    kept: &mut Vec<String>,
    out: &mut String,
) -> usize {
    let rest = &text[at..];
    // Two brackets are how a text speaks of a shortcode.
    if rest.starts_with("[[") {
        let inner = read(text, at + 1, closes);
        let inner =
            inner.filter(|inner| OWN.contains(&inner.name) || is_plugins(inner, &rest[1..]));
        let end = inner.map_or(0, |inner| 1 + inner.length);
        if end > 0 && rest[end..].starts_with(']') {
            out.push_str(&rest[1..end]);
            return end + 1;
        }
        out.push('[');
        return 1;
    }
    let Some(shortcode) = read(text, at, closes) else {
        out.push('[');
        return 1;
    };
    if let Some(html) = html(&shortcode, library, kept) {
        out.push_str(&html);
        return shortcode.length;
    }
    if is_plugins(&shortcode, rest) {
        kept.push(shortcode.name.to_owned());
    }
    // What is inside may be known.
    out.push_str(&rest[..shortcode.open]);
    shortcode.open
}

/// Whether words in brackets are likely to be a shortcode, and no remark such as `[sic]`.
fn is_plugins(shortcode: &Shortcode, rest: &str) -> bool {
    let name = shortcode.name;
    let has_named = shortcode.attributes.iter().any(|(key, _)| !key.is_empty());
    let is_line = rest
        .get(shortcode.length..)
        .is_some_and(|after| after.is_empty() || after.starts_with(['\n', '<']))
        && shortcode.attributes.is_empty()
        && name.contains(['_', '-']);
    has_named || shortcode.content.is_some() || is_line || OWN.contains(&name)
}

/// Reads the shortcode that begins at a place of a text.
fn read<'t>(text: &'t str, at: usize, closes: &mut Closes<'t>) -> Option<Shortcode<'t>> {
    let rest = text[at..].strip_prefix('[')?;
    let length = rest
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
        .count();
    let name = &rest[..length];
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let after = &rest[length..];
    if !after.starts_with(|c: char| c.is_ascii_whitespace() || matches!(c, ']' | '/' | '=' | ':')) {
        return None;
    }
    let (attributes, taken, is_closed) = attributes(after)?;
    let open = 1 + length + taken;
    let content = if is_closed {
        None
    } else {
        closes.after(text, at + open, name)
    };
    let content = content.map(|end| &text[at + open..end]);
    // Another of its name that begins before is the one that is closed.
    let content = content.filter(|content| {
        content.len() <= LONGEST_CONTENT && !content.contains(&format!("[{name}"))
    });
    let length = open + content.map_or(0, |content| content.len() + name.len() + 3);
    Some(Shortcode {
        name,
        attributes,
        content,
        open,
        length,
    })
}

type Attributes = Vec<(String, String)>;

/// The attributes of a shortcode, how long they are with the bracket at their end, and whether it is closed
/// by a slash.
fn attributes(text: &str) -> Option<(Attributes, usize, bool)> {
    let mut found = Vec::new();
    let mut at = 0;
    loop {
        let rest = &text[at..];
        let trimmed = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{a0}');
        at += rest.len() - trimmed.len();
        if at > LONGEST {
            return None;
        }
        if trimmed.starts_with(']') {
            return Some((found, at + 1, false));
        }
        if trimmed.starts_with("/]") {
            return Some((found, at + 2, true));
        }
        if trimmed.is_empty() || trimmed.starts_with(['[', '<']) {
            return None;
        }
        let key_length = trimmed
            .bytes()
            .take_while(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'))
            .count();
        let after = trimmed[key_length..].trim_start();
        let is_named = key_length > 0 && after.starts_with('=');
        let (key, value) = if is_named {
            (&trimmed[..key_length], after[1..].trim_start())
        } else {
            ("", trimmed)
        };
        let quote = value
            .chars()
            .next()
            .filter(|c| matches!(c, '"' | '\'' | '”' | '“' | '″'));
        let (value, left) = match quote {
            Some(quote) => quoted_value(value, quote)?,
            None => bare_value(value)?,
        };
        found.push((key.to_ascii_lowercase(), value.to_owned()));
        at = text.len() - left.len();
    }
}

/// A value in quotation marks, which editors may have made typographic, and what follows.
fn quoted_value(text: &str, quote: char) -> Option<(&str, &str)> {
    let inner = &text[quote.len_utf8()..];
    let is_end = |c: char| c == quote || (!quote.is_ascii() && matches!(c, '”' | '“' | '″'));
    let end = inner.find(is_end)?;
    let mark = inner[end..].chars().next()?.len_utf8();
    Some((&inner[..end], &inner[end + mark..]))
}

/// A value up to a space or the end of the shortcode, and what follows.
fn bare_value(text: &str) -> Option<(&str, &str)> {
    let is_end =
        |(at, c): &(usize, char)| c.is_whitespace() || *c == ']' || text[*at..].starts_with("/]");
    let end = text
        .char_indices()
        .find(is_end)
        .map_or(text.len(), |(at, _)| at);
    (end > 0).then(|| text.split_at(end))
}

/// A shortcode of WordPress itself as HTML.
fn html(shortcode: &Shortcode, library: &dyn Library, kept: &mut Vec<String>) -> Option<String> {
    match shortcode.name {
        "caption" | "wp_caption" => caption(shortcode, library, kept),
        "gallery" => gallery(shortcode, library),
        "embed" => Some(embed(shortcode.content.or(shortcode.get("src"))?.trim())),
        "youtube" | "vimeo" => {
            let given = shortcode
                .first()
                .or(shortcode.content)
                .or(shortcode.get("id"))
                .or(shortcode.get("url"))?;
            let given = given.trim().replace("&amp;", "&");
            let url = match (given.contains('/'), shortcode.name) {
                (true, _) => given,
                (false, "vimeo") => format!("https://vimeo.com/{given}"),
                (false, _) => format!("https://youtu.be/{given}"),
            };
            crate::import::html::player(&url)?;
            Some(embed(&url))
        }
        "audio" | "video" => {
            let kinds = [
                "src", "mp4", "webm", "ogv", "mp3", "m4a", "ogg", "wav", "m4v", "flv",
            ];
            let src = kinds
                .iter()
                .find_map(|kind| shortcode.get(kind))
                .or(shortcode.first())?;
            if crate::import::html::player(src).is_some() {
                return Some(embed(src));
            }
            let poster = shortcode
                .get("poster")
                .map(|poster| format!(" poster=\"{}\"", quoted(poster)));
            let name = shortcode.name;
            Some(format!(
                "<{name} controls src=\"{}\"{}></{name}>",
                quoted(src),
                poster.unwrap_or_default()
            ))
        }
        "code" | "sourcecode" => {
            let code = shortcode.content?.trim_matches('\n');
            let language = shortcode
                .get("language")
                .or(shortcode.get("lang"))
                .or(shortcode.first());
            let class =
                language.map(|language| format!(" class=\"language-{}\"", quoted(language)));
            let code = code.replace('<', "&lt;");
            Some(format!(
                "<pre><code{}>{code}</code></pre>",
                class.unwrap_or_default()
            ))
        }
        _ => None,
    }
}

fn caption(shortcode: &Shortcode, library: &dyn Library, kept: &mut Vec<String>) -> Option<String> {
    let content = shortcode.content?;
    let image = content.find("<img")?;
    let end = image + content[image..].find('>')? + 1;
    let rest = &content[end..];
    let close = rest.trim_start().strip_prefix("</a>");
    let (picture, text) = match close {
        Some(after) => content.split_at(content.len() - after.len()),
        None => content.split_at(end),
    };
    let given = shortcode.get("caption").unwrap_or(text).trim();
    let text = expand(given, library, kept);
    Some(format!(
        "<figure>{picture}<figcaption>{text}</figcaption></figure>"
    ))
}

fn gallery(shortcode: &Shortcode, library: &dyn Library) -> Option<String> {
    let ids = |given: &str| -> Vec<u64> {
        let ids = given.split([',', ' ']);
        ids.filter_map(|id| id.trim().parse().ok()).collect()
    };
    let ids = if let Some(given) = shortcode.get("ids").or(shortcode.get("include")) {
        ids(given)
    } else {
        let left_out = ids(shortcode.get("exclude").unwrap_or_default());
        let mut attached = library.attached();
        attached.retain(|id| !left_out.contains(id));
        attached
    };
    let pictures = ids.into_iter().map(|id| library.picture(id));
    let pictures: Vec<String> = pictures.collect::<Option<_>>()?;
    (!pictures.is_empty())
        .then(|| format!("<figure class=\"gallery\">{}</figure>", pictures.concat()))
}

/// What an address shows where it stands for what it leads to: a film, or a link to it.
pub(super) fn embed(url: &str) -> String {
    let url = plain_text(url);
    match crate::import::html::player(&url) {
        Some(("youtube", id)) => {
            format!("<figure><iframe src=\"https://www.youtube.com/embed/{id}\"></iframe></figure>")
        }
        Some((_, id)) => format!(
            "<figure><iframe src=\"https://player.vimeo.com/video/{id}\"></iframe></figure>"
        ),
        None => {
            let url = quoted(&url);
            format!("<p><a href=\"{url}\">{url}</a></p>")
        }
    }
}

/// Text as the value of an attribute, or in HTML.
pub(super) fn quoted(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
}

/// Gives addresses that stand in lines of their own the form of what they lead to.
pub(super) fn bare_addresses(text: &str) -> String {
    if !text.contains("http") {
        return text.to_owned();
    }
    let lines = text.split_inclusive('\n').map(|line| {
        let url = line.trim();
        let url = url
            .strip_prefix("<p>")
            .and_then(|url| url.strip_suffix("</p>"))
            .unwrap_or(url)
            .trim();
        let is_url = ["https://", "http://"]
            .iter()
            .any(|scheme| url.starts_with(scheme))
            && !url.contains(|c: char| c.is_whitespace() || matches!(c, '<' | '>' | '"'));
        if is_url && crate::import::html::player(&url.replace("&amp;", "&")).is_some() {
            format!("\n\n{}\n\n", embed(url))
        } else {
            line.to_owned()
        }
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Pictures;

    impl Library for Pictures {
        fn picture(&self, id: u64) -> Option<String> {
            (id < 10).then(|| format!("<img src=\"/{id}.png\">"))
        }
        fn attached(&self) -> Vec<u64> {
            vec![3, 4, 5]
        }
    }

    fn expanded(text: &str) -> (String, Vec<String>) {
        let mut kept = Vec::new();
        let out = expand(text, &Pictures, &mut kept);
        (out, kept)
    }

    #[test]
    fn those_of_wordpress_become_html() {
        for (text, html) in [
            (
                "[caption id=\"a\" width=\"3\"]<a href=\"/b\"><img src=\"/a.png\" /></a> A [em]tram[/em][/caption]",
                "<figure><a href=\"/b\"><img src=\"/a.png\" /></a><figcaption>A [em]tram[/em]</figcaption></figure>",
            ),
            (
                "[gallery exclude=4]",
                "<figure class=\"gallery\"><img src=\"/3.png\"><img src=\"/5.png\"></figure>",
            ),
            (
                "[gallery ids=\"1,2\" columns=\"2\"]",
                "<figure class=\"gallery\"><img src=\"/1.png\"><img src=\"/2.png\"></figure>",
            ),
            (
                "[embed]https://youtu.be/abcdefghijk[/embed]",
                "<figure><iframe src=\"https://www.youtube.com/embed/abcdefghijk\"></iframe></figure>",
            ),
            (
                "[youtube https://www.youtube.com/watch?v=abcdefghijk&w=3]",
                "<figure><iframe src=\"https://www.youtube.com/embed/abcdefghijk\"></iframe></figure>",
            ),
            (
                "[vimeo 1234567]",
                "<figure><iframe src=\"https://player.vimeo.com/video/1234567\"></iframe></figure>",
            ),
            (
                "[embed]https://x.example/a?b&amp;c[/embed]",
                "<p><a href=\"https://x.example/a?b&amp;c\">https://x.example/a?b&amp;c</a></p>",
            ),
            (
                "[audio mp3=\"/a.mp3\"][/audio]",
                "<audio controls src=\"/a.mp3\"></audio>",
            ),
            (
                "[code language=\"php\"]\n<?php\n[/code]",
                "<pre><code class=\"language-php\">&lt;?php</code></pre>",
            ),
            ("<pre>[gallery ids=1]</pre>", "<pre>[gallery ids=1]</pre>"),
            ("[[gallery ids=1]]", "[gallery ids=1]"),
            ("[[a link]]", "[[a link]]"),
        ] {
            assert_eq!(expanded(text).0, html);
            assert!(
                expanded(text).1.is_empty() || text.contains("[em]"),
                "{text}"
            );
        }
    }

    #[test]
    fn those_of_plugins_stay_and_are_named() {
        let text = "[contact-form-7 id=\"3\"] he said [sic] and [1] [toc_list]\n[box]x[/box] [gallery ids=\"99\"] [a b";
        let (out, kept) = expanded(text);
        assert_eq!(out, text);
        assert_eq!(kept, ["contact-form-7", "toc_list", "box", "gallery"]);
    }

    #[test]
    fn many_that_never_end_take_no_time() {
        for text in [
            "[a ".repeat(100_000),
            "[caption]".repeat(50_000),
            "[x y=\"".repeat(50_000),
            "[[".repeat(100_000),
            "[code]".repeat(20_000),
        ] {
            let _ = expanded(&text);
        }
    }
}
