//! What a page is given on its way to the browser: a script that listens, and a word on drafts.

use std::fmt::Write as _;

use crate::key::Key;

/// Where everything of the server's own lies.
pub const OWN: &str = "/_pressroom/";

/// What a page loads to hear of changes.
pub const SCRIPT: &str = include_str!("reload.js");
pub const STYLE: &str = include_str!("reload.css");

/// A page with what is given to it. `path`: its own, percent-encoded and from the host's root.
pub fn inject(html: &[u8], path: &str, tag: Option<Key>, standing: Option<&str>) -> Vec<u8> {
    let mut extra = format!("<link rel=\"stylesheet\" href=\"{OWN}reload.css\">");
    if let Some(standing) = standing {
        let _ = write!(extra, "<p id=\"pressroom-standing\">{standing}</p>");
    }
    let _ = write!(
        extra,
        "<script src=\"{OWN}reload.js\" data-path=\"{}\" data-tag=\"{}\"></script>",
        escaped(path),
        tag.map(|tag| tag.to_string()).unwrap_or_default()
    );
    let end = memchr::memmem::rfind(html, b"</body>").unwrap_or(html.len());
    [&html[..end], extra.as_bytes(), &html[end..]].concat()
}

/// A text as it stands in HTML and in attributes.
pub fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            other => out.push(other),
        }
    }
    out
}

/// The addresses of a page's style sheets, as they are written.
pub fn styles(html: &str) -> Vec<String> {
    let links = html.match_indices("<link ").filter_map(|(at, _)| {
        let tag = &html[at..];
        let tag = &tag[..tag.find('>')?];
        let is_style = tag.contains("rel=\"stylesheet\"");
        let href = tag.split("href=\"").nth(1)?.split('"').next()?;
        is_style.then(|| href.to_owned())
    });
    links.collect()
}
