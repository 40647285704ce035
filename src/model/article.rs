//! An article as the parse stage hands it on.

use serde::{Deserialize, Serialize};

use crate::key::Key;
use crate::yaml::{self, Mapping};

use super::{Called, Moment, Slug, UrlPath};

/// What a Markdown file of content/ is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Kind {
    /// `name.md`: an article.
    Article,
    /// `name/index.md`: an article whose images lie beside it.
    Bundle,
    /// `_index.md`: the front of a section, or of the whole site.
    Front,
}

/// Line and column of a file, from 1, and a length in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Position {
    /// Line.
    pub line: u32,
    /// Column.
    pub column: u32,
    /// Characters meant.
    pub length: u32,
}

impl Position {
    /// As a place in a file; line 0 is the whole file.
    #[must_use]
    pub fn in_file(self, file: &str) -> crate::diagnostics::Place {
        crate::diagnostics::Place {
            file: file.to_owned(),
            line: self.line,
            column: self.column,
            length: self.length.max(1),
        }
    }
}

/// One Markdown file: what the site needs to know of it. The body is not kept; it is read again
/// when the page is rendered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a key of the front matter"
)]
pub struct Article {
    /// Path from the site's root: `content/news/2024/budget.md`.
    pub source: Box<str>,
    /// Its bytes.
    pub bytes: Key,
    /// Article, bundle or front.
    pub kind: Kind,
    /// Top-level folder of content/; empty for a file at the top.
    pub section: Box<str>,
    /// Folders between the section and the file, as slugs: `2024`. Empty if there are none.
    pub folders: Box<str>,
    /// Headline, plain text.
    pub title: Box<str>,
    /// Whether the headline is the body's first heading, which is then not shown twice.
    pub title_in_body: bool,
    /// When it was or will be published.
    pub date: Option<Moment>,
    /// Last change that readers should know of.
    pub updated: Option<Moment>,
    /// Not shown before.
    pub publish: Option<Moment>,
    /// Not shown after.
    pub expires: Option<Moment>,
    /// Tags as they are written, without repetitions.
    pub tags: Box<[Box<str>]>,
    /// Authors as they are written: names, or ids of data/authors.yaml.
    pub authors: Box<[Box<str>]>,
    /// What its related block may show.
    pub related: RelatedBlock,
    /// Related articles that the author chose, in order.
    pub pins: Box<[Pin]>,
    /// Articles that the author does not want to be suggested.
    pub excluded: Box<[Exclusion]>,
    /// Pages of other sites, described for the cards that the body shows of them.
    pub embeds: Box<[Embed]>,
    /// Blurb, plain text.
    pub summary: Box<str>,
    /// Whether the author wrote the blurb, rather than that it was taken from the body.
    pub summary_written: bool,
    /// Lead picture.
    pub image: Option<Box<Image>>,
    /// Last part of its URL.
    pub slug: Slug,
    /// Its whole URL, if the author set it.
    pub url: Option<UrlPath>,
    /// Where `url` or `slug` is written; line 0 when neither is.
    pub route_position: Position,
    /// Old paths that redirect here, each with its place in the file.
    pub aliases: Box<[(UrlPath, Position)]>,
    /// Not to be published.
    pub draft: bool,
    /// Whether archived comments are shown; `None`: as the site says.
    pub comments: Option<bool>,
    /// Archived comments, in the order of their threads.
    pub archived_comments: Box<[Comment]>,
    /// Language, if it is not the site's.
    pub language: Option<Box<str>>,
    /// What this article and its versions in other languages have in common, and where it is
    /// written.
    pub translation: Option<Box<(Box<str>, Position)>>,
    /// Template to render with, without its ending, and where that is written.
    pub template: Option<Box<(Box<str>, Position)>>,
    /// The author's order.
    pub weight: Option<i64>,
    /// Whether to show a table of contents; `None`: where the article is long.
    pub toc: Option<bool>,
    /// Whether formulas are marked up.
    pub math: bool,
    /// Whether search engines should stay away.
    pub noindex: bool,
    /// Other front matter, for the theme; `None` where there is none.
    #[serde(with = "yaml::compact::mapping")]
    pub extra: Option<Box<Mapping>>,
    /// Number of words of the body.
    pub words: u32,
    /// Reading time in minutes, at least 1.
    pub minutes: u32,
    /// The body's headings, in order.
    pub headings: Box<[Heading]>,
    /// Other ids that a link may lead to.
    pub anchors: Box<[Box<str>]>,
    /// The body's links and images, in order, and after them the pictures of embedded pages.
    pub links: Box<[Link]>,
    /// The components that the body calls, in order.
    pub calls: Box<[Called]>,
    /// What stands for each block of code whose page needs the style sheet for code.
    pub code: Box<[Key]>,
}

/// What the related block of an article may show.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum RelatedBlock {
    /// Pins, and suggestions after them.
    #[default]
    Suggested,
    /// Pins alone.
    PinsOnly,
    /// Nothing: there is no block.
    Off,
}

/// A related article that the author chose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pin {
    /// What it leads to.
    pub target: PinTarget,
    /// Where it is written.
    pub position: Position,
}

/// What a [`Pin`] leads to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum PinTarget {
    /// An article of this site: path, slug or URL.
    Here(Box<str>),
    /// A page of another site.
    Elsewhere {
        /// Absolute URL.
        url: Box<str>,
        /// Headline.
        title: Box<str>,
        /// Blurb, may be empty.
        summary: Box<str>,
    },
}

/// An article that the author does not want to be suggested.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclusion {
    /// An article of this site: path, slug or URL.
    pub target: Box<str>,
    /// Where it is written.
    pub position: Position,
}

/// A lead picture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    /// As written: relative to the article, from the site's root, or absolute.
    pub src: Box<str>,
    /// What it shows, for those who do not see it.
    pub alt: Box<str>,
    /// Whose picture it is.
    pub credit: Option<Box<str>>,
    /// What to say about it.
    pub caption: Option<Box<str>>,
    /// Where it is written.
    pub position: Position,
}

/// A page of another site, as front matter describes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Embed {
    /// Absolute URL.
    pub url: Box<str>,
    /// Headline, plain text.
    pub title: Box<str>,
    /// Blurb, plain text; may be empty.
    pub summary: Box<str>,
    /// What the site is called; may be empty.
    pub site: Box<str>,
    /// Its picture.
    pub image: Option<EmbedImage>,
}

/// The picture of an [`Embed`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum EmbedImage {
    /// A file of this site: its position among the article's links.
    Here(u32),
    /// One of another site.
    Elsewhere(Box<str>),
}

/// A heading of the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// Unique within the article.
    pub id: Box<str>,
    /// Plain text.
    pub text: Box<str>,
}

/// How a link is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum LinkKind {
    /// `[text](destination)`.
    Link,
    /// `![text](destination)`.
    Image,
    /// `[[destination]]`.
    Wiki,
    /// An attribute of raw HTML, or an address that a component is given.
    Html,
    /// An article that a component shows, named as related ones are.
    Article,
}

/// A link, image or wikilink of the body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// How it is written.
    pub kind: LinkKind,
    /// Where it leads, as written.
    pub destination: Box<str>,
    /// Where it is.
    pub position: Position,
}

/// One archived reader comment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Comment {
    /// Name as it was given.
    pub author: Box<str>,
    /// The author's site, if it was given.
    pub url: Option<Box<str>>,
    /// When it was written.
    pub date: Option<Moment>,
    /// Markdown, in which HTML is shown as text.
    pub text: Box<str>,
    /// How many comments it answers through, 0 for one that answers the article.
    pub depth: u32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_article_takes_half_a_kilobyte_without_its_texts() {
        // Two counts stand beside it where it is shared, and there may be a million of them.
        assert!(size_of::<Article>() + 2 * size_of::<usize>() <= 512);
    }
}
