//! HTML becomes Markdown.
//!
//! In: HTML as an archive has it, and a [`Host`] that knows where its links and pictures are now. Out:
//! [`Converted`]: Markdown with Pressroom's components, HTML where Markdown cannot say the same, and
//! what did not come over as it was.
//!
//! Converters that there are do not escape what means something to Pressroom alone (components, raised
//! and lowered text, attributes of headings), write marks beside punctuation that do not close, drop
//! frames and merged cells, and overflow the stack where elements lie 10,000 deep.

mod blocks;
mod escape;
mod figures;
mod inline;
mod line;
mod raw;
mod table;
#[cfg(test)]
mod tests;
mod tree;

pub use figures::player;
use tree::{Id, ROOT, TooMuch, Tree};

/// What knows an archive that HTML is a part of.
pub trait Host {
    /// Where a link leads now.
    fn link(&mut self, href: &str) -> String;
    /// Where a picture, film or sound is now.
    fn media(&mut self, src: &str) -> String;
    /// The number of a footnote, by the id that the archive has for it.
    fn footnote(&mut self, id: &str) -> Option<usize>;
}

/// Something that did not come over as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Elements lie so deep in each other, or are so many, that the HTML is shown as text.
    ShownAsText,
    /// An element stays HTML, which readers see as they did: its name.
    Kept(&'static str),
    /// The text was divided into pages here.
    PageBreak,
    /// A link to an address that no link may have; its text stays.
    UnsafeLink(String),
    /// A list of related articles, by their addresses; it is taken out of the text.
    Related(Vec<String>),
}

/// HTML as Markdown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Converted {
    /// The Markdown, without a line end at its end.
    pub markdown: String,
    /// What did not come over as it was, in the order of the text.
    pub notes: Vec<Note>,
}

/// What HTML is converted for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// An article, which may call components and hold any HTML.
    Article,
    /// An archived comment, which may do neither.
    Comment,
}

/// Converts HTML.
pub fn convert(html: &str, purpose: Purpose, host: &mut dyn Host) -> Converted {
    let tree = match Tree::parse(html) {
        Ok(tree) => tree,
        Err(TooMuch::Deep | TooMuch::Many) => {
            let markdown = raw::fenced(html, "html");
            let notes = vec![Note::ShownAsText];
            return Converted { markdown, notes };
        }
    };
    let mut writer = Writer {
        tree: &tree,
        host,
        purpose,
        notes: Vec::new(),
        levels: 0,
    };
    let blocks = writer.flow(ROOT);
    Converted {
        markdown: blocks.join("\n\n"),
        notes: writer.notes,
    }
}

/// The text of HTML, without its markup and in one line.
#[must_use]
pub fn plain_text(html: &str) -> String {
    let joined = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    if !html.contains(['<', '&']) {
        return joined(html);
    }
    match Tree::parse(html) {
        Ok(tree) => joined(&tree.text(ROOT)),
        Err(_) => joined(html),
    }
}

/// Writes a tree as Markdown.
struct Writer<'t> {
    tree: &'t Tree,
    host: &'t mut dyn Host,
    purpose: Purpose,
    notes: Vec<Note>,
    /// How many lists and quotations there are around what is written.
    levels: usize,
}

impl Writer<'_> {
    fn note(&mut self, note: Note) {
        self.notes.push(note);
    }

    /// Whether components may be called.
    fn has_components(&self) -> bool {
        self.purpose == Purpose::Article
    }

    /// Where a link leads, or nothing if links must not lead there.
    fn href(&mut self, id: Id) -> Option<String> {
        let href = self.tree.attribute(id, "href")?.trim();
        if is_safe(href) {
            return Some(self.host.link(href));
        }
        self.note(Note::UnsafeLink(href.chars().take(100).collect()));
        None
    }

    /// Where the picture of an element is. Pictures that are loaded late have their address elsewhere.
    fn source(&mut self, id: Id) -> Option<String> {
        let late = ["data-src", "data-lazy-src", "data-original"];
        let own = self.tree.attribute(id, "src");
        let src = match own.filter(|src| !src.trim().is_empty() && !src.starts_with("data:")) {
            Some(src) => src,
            None => late
                .iter()
                .find_map(|name| self.tree.attribute(id, name))
                .or(own)?,
        };
        let src = src.trim();
        let is_picture = src
            .get(..11)
            .is_some_and(|begin| begin.eq_ignore_ascii_case("data:image/"))
            && !src[11..].starts_with("svg");
        (is_safe(src) || is_picture).then(|| self.host.media(src))
    }
}

/// Schemes that links of a site may have.
const SCHEMES: [&str; 18] = [
    "http", "https", "mailto", "tel", "sms", "ftp", "ftps", "sftp", "xmpp", "irc", "ircs", "geo",
    "magnet", "webcal", "news", "nntp", "matrix", "bitcoin",
];

/// Whether an address may be linked to: what a site may link to, and nothing that runs.
fn is_safe(url: &str) -> bool {
    if url.chars().any(char::is_control) {
        return false;
    }
    let Some((scheme, _)) = url.split_once(':') else {
        return true;
    };
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    !is_scheme
        || SCHEMES
            .iter()
            .any(|known| known.eq_ignore_ascii_case(scheme))
}
