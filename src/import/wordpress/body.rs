//! The text of an item as Markdown.
//!
//! In: an [`Item`], the [`Archive`] that it is of, and the folder of pictures. Out: a [`Body`]: Markdown, the
//! pictures that it needs, and what did not come over as it was.

use std::borrow::Cow;
use std::fmt::Write as _;

use memchr::memmem;
use serde::Deserialize;

use super::address::{Named, literal};
use super::archive::Archive;
use super::gutenberg::{self, Aside, Blocks};
use super::item::Item;
use super::media::{Found, Media};
use super::seen::Status;
use super::shortcodes::{Library, quoted};
use crate::import::Outcome;
use crate::import::html::{self, Host, Note, Purpose};

/// Something that did not come over as it was, before it is known in which file it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Trouble {
    pub outcome: Outcome,
    pub kind: &'static str,
    /// The line of the export.
    pub line: u32,
    pub message: String,
}

/// A text.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Body {
    pub markdown: String,
    pub troubles: Vec<Trouble>,
    /// URLs of articles that the text lists as related.
    pub related: Vec<String>,
}

/// What links and pictures of one item lead to.
pub(super) struct Links<'a> {
    archive: &'a Archive,
    media: &'a Media,
    /// The number of the item.
    id: u64,
    footnotes: Vec<Footnote>,
    /// Paths below `uploads` of the pictures that are used.
    pub needed: Vec<String>,
    /// Pictures that stay where they were.
    pub missing: Vec<String>,
    /// Pictures that are not looked for, and why.
    pub refused: Vec<(String, &'static str)>,
    /// Links by number to nothing that is in the export.
    pub lost: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Footnote {
    id: String,
    content: String,
}

impl<'a> Links<'a> {
    pub fn new(archive: &'a Archive, media: &'a Media, id: u64) -> Self {
        Self {
            archive,
            media,
            id,
            footnotes: Vec::new(),
            needed: Vec::new(),
            missing: Vec::new(),
            refused: Vec::new(),
            lost: Vec::new(),
        }
    }

    /// Where a file of the library is now: on this site if it is in the folder, or where it was.
    pub fn file(&mut self, url: &str) -> String {
        let Some(upload) = self.archive.base.upload(url) else {
            return url.to_owned();
        };
        match self.media.find(&upload) {
            Found::File(path) => {
                let now = format!("/wp-content/uploads/{}", literal(&path));
                self.needed.push(path);
                return now;
            }
            Found::Missing => self.missing.push(url.to_owned()),
            Found::Refused(why) => self.refused.push((url.to_owned(), why)),
        }
        self.absolute(url)
    }

    /// An address with its host.
    fn absolute(&self, url: &str) -> String {
        match self.archive.base.below(url) {
            Some(rest) if url.starts_with('/') => {
                let base = self.archive.base.url();
                format!("{}{rest}", base.trim_end_matches('/'))
            }
            _ => url.to_owned(),
        }
    }

    fn by_number(&mut self, id: u64, url: &str) -> String {
        let Some(entry) = self.archive.by_id(id) else {
            self.lost.push(url.to_owned());
            return self.absolute(url);
        };
        if let Some(attachment) = &entry.attachment {
            return self.file(&attachment.url);
        }
        let is_shown = matches!(entry.status, Status::Published | Status::Scheduled);
        if entry.kind.is_article() && (is_shown || entry.url.is_some()) {
            return literal(&entry.address());
        }
        self.lost.push(url.to_owned());
        self.absolute(url)
    }
}

impl Host for Links<'_> {
    fn link(&mut self, href: &str) -> String {
        if self.archive.base.upload(href).is_some() {
            return self.file(href);
        }
        match self.archive.base.named(href) {
            Named::Here | Named::Elsewhere => href.to_owned(),
            Named::Number(id) => self.by_number(id, href),
            Named::Category(id) => self.archive.listing_of(id).unwrap_or_else(|| {
                self.lost.push(href.to_owned());
                self.absolute(href)
            }),
            Named::Question => {
                self.lost.push(href.to_owned());
                self.absolute(href)
            }
            Named::Path(path, fragment) => {
                if let Some(attachment) = self.archive.attachment_page(&path) {
                    return self.file(&attachment.url);
                }
                let listing = self.archive.listing(&path);
                let path = listing.unwrap_or_else(|| literal(path.as_str()));
                format!("{path}{fragment}")
            }
        }
    }

    fn media(&mut self, src: &str) -> String {
        if self.archive.base.upload(src).is_some() {
            return self.file(src);
        }
        match self.archive.base.named(src) {
            Named::Path(path, fragment) if src.starts_with('/') => format!("{path}{fragment}"),
            _ => src.to_owned(),
        }
    }

    fn footnote(&mut self, id: &str) -> Option<usize> {
        self.footnotes
            .iter()
            .position(|footnote| footnote.id == id)
            .map(|at| at + 1)
    }
}

impl Library for Links<'_> {
    fn picture(&self, id: u64) -> Option<String> {
        let attachment = self.archive.by_id(id)?.attachment.as_deref()?;
        let image = format!(
            "<img src=\"{}\" alt=\"{}\">",
            quoted(&attachment.url),
            quoted(&attachment.alt)
        );
        let caption = quoted(&attachment.caption);
        Some(if caption.is_empty() {
            image
        } else {
            format!("<figure>{image}<figcaption>{caption}</figcaption></figure>")
        })
    }

    fn attached(&self) -> Vec<u64> {
        self.archive.attached(self.id)
    }
}

impl Blocks for Links<'_> {
    fn reusable(&self, id: u64) -> Option<&str> {
        self.archive.block(id)
    }
}

/// Converts the content of an item.
pub(super) fn convert(item: &Item, links: &mut Links) -> Body {
    let notes = item
        .meta("footnotes")
        .and_then(|notes| serde_json::from_str(notes).ok());
    links.footnotes = notes.unwrap_or_default();
    let mut asides = Vec::new();
    let html = gutenberg::html(&item.content, links, &mut asides);
    let converted = html::convert(&html, Purpose::Article, links);
    let mut body = Body {
        markdown: converted.markdown,
        ..Body::default()
    };
    for (at, footnote) in std::mem::take(&mut links.footnotes).iter().enumerate() {
        let text = html::convert(&footnote.content, Purpose::Article, links).markdown;
        let text = text.replace('\n', "\n    ");
        let _ = write!(body.markdown, "\n\n[^{}]: {text}", at + 1);
    }
    tell_asides(&asides, item, &mut body);
    tell_notes(converted.notes, item, links, &mut body);
    body.troubles.sort_by_key(|trouble| trouble.line);
    body
}

/// The line of the export in which a content has something first.
fn line_of(item: &Item, what: &str) -> u32 {
    let content = item.content.as_bytes();
    let before = memmem::find(content, what.as_bytes()).map_or(&content[..0], |at| &content[..at]);
    item.content_line + memchr::memchr_iter(b'\n', before).count() as u32
}

fn tell_asides(asides: &[Aside], item: &Item, body: &mut Body) {
    let mut told: Vec<&Aside> = Vec::new();
    for aside in asides {
        if told.contains(&aside) {
            continue;
        }
        told.push(aside);
        let count = asides.iter().filter(|other| *other == aside).count();
        let times = if count > 1 {
            format!(" ({count} times)")
        } else {
            String::new()
        };
        let (outcome, kind, begin, message) = match aside {
            Aside::Shortcode(name) => {
                let message = format!("`[{name}]` stays as text{times}");
                (Outcome::Kept, "shortcode", format!("[{name}"), message)
            }
            Aside::Dynamic(name) if name.contains("related") => {
                let message = "related articles, which Pressroom finds itself".to_owned();
                (
                    Outcome::Approximated,
                    "related articles",
                    format!("wp:{name}"),
                    message,
                )
            }
            Aside::Dynamic(name) => {
                let message =
                    format!("the block `{name}`, which WordPress filled by itself{times}");
                (Outcome::Dropped, "block", format!("wp:{name}"), message)
            }
            Aside::Layout(name) => {
                let message = format!(
                    "what stood beside each other in `{name}` now stands below each other{times}"
                );
                (
                    Outcome::Approximated,
                    "layout",
                    format!("wp:{name}"),
                    message,
                )
            }
            Aside::Missing(id) => {
                let message =
                    format!("the block {id}, which several texts used, is not in this export");
                (Outcome::Dropped, "block", "wp:block".to_owned(), message)
            }
        };
        body.troubles.push(Trouble {
            outcome,
            kind,
            line: line_of(item, &begin),
            message,
        });
    }
}

fn tell_notes(notes: Vec<Note>, item: &Item, links: &Links, body: &mut Body) {
    let mut kept: Vec<(&str, usize)> = Vec::new();
    let mut tell = |outcome, kind, begin: &str, message: String| {
        body.troubles.push(Trouble {
            outcome,
            kind,
            line: line_of(item, begin),
            message,
        });
    };
    for note in notes {
        match note {
            Note::ShownAsText => {
                let message =
                    "elements lie too deep in each other, so all of the text is shown as code"
                        .to_owned();
                tell(Outcome::Kept, "text", "", message);
            }
            Note::Kept(name) => match kept.iter_mut().find(|(known, _)| *known == name) {
                Some((_, count)) => *count += 1,
                None => kept.push((name, 1)),
            },
            Note::PageBreak => {
                let message = "a text of several pages is one page now".to_owned();
                tell(Outcome::Approximated, "page break", "<!--nextpage", message);
            }
            Note::UnsafeLink(url) => {
                let message = format!("a link to `{}` is text now", url.escape_debug());
                tell(Outcome::Dropped, "link", &url, message);
            }
            Note::Related(urls) => {
                let mut found = Vec::new();
                for url in &urls {
                    found.extend(article_at(url, links.archive));
                }
                let message = format!(
                    "a list of {} related articles; {} are pinned",
                    urls.len(),
                    found.len()
                );
                tell(
                    Outcome::Approximated,
                    "related articles",
                    "related",
                    message,
                );
                body.related.extend(found);
            }
        }
    }
    for (name, count) in kept {
        let times = if count > 1 {
            format!(" ({count} times)")
        } else {
            String::new()
        };
        let message = format!("`<{name}>` stays HTML{times}");
        body.troubles.push(Trouble {
            outcome: Outcome::Kept,
            kind: "HTML",
            line: line_of(item, &format!("<{name}")),
            message,
        });
    }
}

/// The URL of the article that an address of the old site leads to.
fn article_at(url: &str, archive: &Archive) -> Option<String> {
    match archive.base.named(url) {
        Named::Number(id) => archive.url_of(id).map(Cow::into_owned),
        Named::Path(path, _) => archive.article_path(&path).map(str::to_owned),
        Named::Category(_) | Named::Question | Named::Here | Named::Elsewhere => None,
    }
}
