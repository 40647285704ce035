//! What a page is given on its way to the browser: a script that listens, and a word on drafts.

use std::fmt::Write as _;

use quick_xml::escape::escape;

use crate::key::Key;

/// Where everything of the server's own lies.
pub const OWN: &str = "/_pressroom/";

/// What a page loads to hear of changes.
pub const SCRIPT: &str = include_str!("reload.js");
pub const STYLE: &str = include_str!("reload.css");

/// What is known of a page besides its bytes.
#[derive(Default)]
pub struct About<'a> {
    /// Its path, percent-encoded and from the host's root.
    pub path: &'a str,
    /// Names its bytes.
    pub tag: Option<Key>,
    /// That it is a draft, for instance.
    pub standing: Option<String>,
    /// Whether it is shown on this machine, where the desk is shown as well.
    pub is_local: bool,
}

/// A page with what is given to it.
pub fn inject(html: &[u8], about: &About) -> Vec<u8> {
    let mut extra = format!("<link rel=\"stylesheet\" href=\"{OWN}reload.css\">");
    let desk = if about.is_local { OWN } else { "" };
    if let Some(standing) = &about.standing {
        let _ = write!(extra, "<p id=\"pressroom-standing\">{standing}");
        if about.is_local {
            let _ = write!(extra, " <a href=\"{OWN}\">Desk</a>");
        }
        extra.push_str("</p>");
    }
    let _ = write!(
        extra,
        "<script src=\"{OWN}reload.js\" data-path=\"{}\" data-tag=\"{}\" data-desk=\"{desk}\"></script>",
        escape(about.path),
        about.tag.map(|tag| tag.to_string()).unwrap_or_default()
    );
    let end = memchr::memmem::rfind(html, b"</body>").unwrap_or(html.len());
    [&html[..end], extra.as_bytes(), &html[end..]].concat()
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
