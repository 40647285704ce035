//! What templates receive: content/reference/template-context.md as types.
//!
//! Each of these types is two things: the value that a template receives, and, serialized for a
//! [`Key`](crate::key::Key), everything that the value is made from. So a page is rendered again when, and only
//! when, its template would receive something else. What is costly to make, or shared by many
//! pages, stands in a key as a smaller thing that it depends on: see `twofold.rs`.
//!
//! Enums without tags, and fields that are left out, are told apart by what stands before them: the
//! template's name and the kind of the page.
//!
//! Values are made once and shared: a [`tera::Value`] inside one of these structs is passed on,
//! not copied.

use std::borrow::Cow;

use serde::Serialize;
use tera::Value;

use super::cards::Card;
use super::icons::Icon;
use super::twofold::{CommentText, Content, DateValue, Href, Keyed, Untyped, safe};
use crate::model::{Heading, PictureSource, Shown};

/// `site`
#[derive(Serialize)]
pub(super) struct SiteValue<'a> {
    pub title: &'a str,
    pub description: Option<&'a str>,
    pub base_url: String,
    pub url: String,
    pub language: &'a str,
    pub direction: &'a str,
    pub text: Value,
    pub navigation: Vec<LinkValue<'a>>,
    pub sections: &'a [Keyed],
    pub newsletter: Option<NewsletterValue<'a>>,
    pub comments: &'a str,
    pub feeds: &'a Keyed,
    pub pages: PagesValue,
    pub icon: Option<Icon>,
    pub touch_icon: Option<String>,
    pub manifest: String,
    pub params: Value,
    pub generator: &'a str,
    pub preview: bool,
}

#[derive(Serialize)]
pub(super) struct LinkValue<'a> {
    pub title: &'a str,
    pub url: Href<'a>,
}

#[derive(Serialize)]
pub(super) struct NewsletterValue<'a> {
    pub action: String,
    pub text: &'a str,
}

#[derive(Serialize)]
pub(super) struct PagesValue {
    pub home: Option<String>,
    pub archive: Option<String>,
    pub tags: Option<String>,
    pub authors: Option<String>,
    pub related: Option<String>,
    pub search: Option<String>,
}

/// `page.feeds`: the page's own, or the site's.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Feeds<'a> {
    Own(Vec<FeedValue>),
    Site(&'a Keyed),
}

#[derive(Serialize)]
pub(super) struct FeedValue {
    pub title: String,
    #[serde(rename = "type")]
    pub kind: &'static str,
    pub url: String,
}

#[derive(Serialize)]
pub(super) struct SectionValue<'a> {
    pub name: &'a str,
    pub title: &'a str,
    pub url: String,
    pub description: Option<&'a str>,
}

/// A tag or author of a card.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum TermValue<'a> {
    Tag { label: &'a str, url: String },
    Author { name: &'a str, url: String },
}

/// `page`
#[derive(Serialize)]
pub(super) struct PageValue<'a> {
    pub kind: &'a str,
    pub title: &'a str,
    pub description: Option<&'a str>,
    pub url: Href<'a>,
    pub permalink: Href<'a>,
    pub language: &'a str,
    pub direction: &'a str,
    /// As Open Graph writes it: `de_AT`.
    pub locale: Option<&'a str>,
    pub noindex: bool,
    pub has_code: bool,
    pub feeds: Feeds<'a>,
    pub breadcrumbs: Vec<LinkValue<'a>>,
    pub translations: Vec<TranslationValue<'a>>,
    pub editions: Vec<EditionValue<'a>>,
    pub image: Option<ImageValue<'a>>,
    pub styles: Vec<&'a str>,
    pub social_card: Option<SocialCardValue<'a>>,
}

/// `page.social_card`
#[derive(Serialize)]
pub(super) struct SocialCardValue<'a> {
    pub url: String,
    pub alt: &'a str,
    pub width: u32,
    pub height: u32,
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// A card: the beginning of `article`, and what listings show.
#[derive(Serialize)]
pub(super) struct CardValue<'a> {
    pub url: Href<'a>,
    pub permalink: Href<'a>,
    pub title: &'a str,
    pub summary: &'a str,
    pub date: Option<DateValue<'a>>,
    pub updated: Option<DateValue<'a>>,
    pub section: Option<&'a Keyed>,
    pub tags: Vec<&'a Keyed>,
    pub authors: Vec<&'a Keyed>,
    pub image: Option<ImageValue<'a>>,
    pub words: u32,
    pub minutes: u32,
    pub language: &'a str,
    pub weight: Option<i64>,
    pub extra: Untyped<'a>,
    pub external: bool,
    /// What a link to a page elsewhere says of itself.
    pub rel: Option<&'static str>,
    /// Of a related one: whether the author chose it.
    pub pinned: bool,
}

impl<'a> CardValue<'a> {
    /// The card of a page of another site, which an author chose who is trusted or not.
    pub fn external(url: &'a str, title: &'a str, summary: &'a str, is_trusted: bool) -> Self {
        Self {
            url: Href::Written(url.into()),
            permalink: Href::Written(url.into()),
            title,
            summary,
            date: None,
            updated: None,
            section: None,
            tags: Vec::new(),
            authors: Vec::new(),
            image: None,
            words: 0,
            minutes: 1,
            language: "",
            weight: None,
            extra: Untyped(None),
            external: true,
            rel: Some(if is_trusted {
                "external"
            } else {
                "external nofollow"
            }),
            pinned: true,
        }
    }
}

/// What the function `picture` gives.
#[derive(Serialize)]
pub(super) struct PictureValue<'a> {
    pub src: &'a str,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub sources: &'a [PictureSource],
}

impl<'a> PictureValue<'a> {
    /// `shown`: what is known of it, if it is a picture of the site.
    pub fn new(src: &'a str, shown: Option<&'a Shown>) -> Self {
        Self {
            src,
            width: shown.map(|shown| shown.width),
            height: shown.map(|shown| shown.height),
            sources: shown.map_or(&[], |shown| &shown.sources),
        }
    }
}

#[derive(Serialize)]
pub(super) struct ImageValue<'a> {
    pub src: &'a str,
    pub width: Option<u32>,
    pub height: Option<u32>,
    pub sources: &'a [PictureSource],
    pub alt: &'a str,
    pub credit: Option<&'a str>,
    pub caption: Option<&'a str>,
}

/// What `article` has besides a card.
#[derive(Serialize)]
pub(super) struct ArticleValue<'a> {
    pub standfirst: Option<&'a str>,
    pub content: Content,
    pub toc: Vec<TocValue>,
    pub show_toc: bool,
    pub related: Vec<Card<'a>>,
    pub section_newest: Vec<Card<'a>>,
    pub newer: Option<Card<'a>>,
    pub older: Option<Card<'a>>,
    pub comments: Option<CommentsValue<'a>>,
    pub math: bool,
}

/// A page's version in another language.
#[derive(Serialize)]
pub(super) struct TranslationValue<'a> {
    pub language: &'a str,
    pub name: &'a str,
    pub url: String,
    pub permalink: String,
    pub title: Cow<'a, str>,
}

/// An edition as a page leads to it: to its own version there, or as near as there is a page.
#[derive(Serialize)]
pub(super) struct EditionValue<'a> {
    pub language: &'a str,
    pub direction: &'a str,
    pub name: &'a str,
    pub url: String,
    /// Whether the page is of this edition.
    pub current: bool,
}

#[derive(Serialize)]
pub(super) struct CommentsValue<'a> {
    pub closed: bool,
    pub count: usize,
    pub entries: Vec<CommentValue<'a>>,
}

#[derive(Serialize)]
pub(super) struct CommentValue<'a> {
    pub author: &'a str,
    pub date: Option<DateValue<'a>>,
    pub url: Option<&'a str>,
    pub content: CommentText<'a>,
    pub depth: u32,
}

/// An entry of a table of contents.
#[derive(Serialize)]
pub(super) struct TocValue {
    pub level: u8,
    pub id: String,
    pub title: Value,
    pub children: Vec<TocValue>,
}

/// Headings as a tree: each under the nearest one before it of a higher rank.
pub(super) fn toc(headings: &[Heading]) -> Vec<TocValue> {
    let mut roots: Vec<TocValue> = Vec::new();
    for heading in headings {
        let mut siblings = &mut roots;
        let level = heading.level.max(2);
        while siblings.last().is_some_and(|last| last.level < level) {
            let last = siblings.len() - 1;
            siblings = &mut siblings[last].children;
        }
        siblings.push(TocValue {
            level,
            id: heading.id.to_string(),
            title: safe(&quick_xml::escape::escape(&*heading.text)),
            children: Vec::new(),
        });
    }
    roots
}

/// `listing`
#[derive(Serialize)]
pub(super) struct ListingValue<'a> {
    pub title: &'a str,
    pub description: Option<&'a str>,
    pub content: &'a Content,
    pub url: String,
    pub articles: Vec<Card<'a>>,
    pub total: Option<usize>,
    pub number: Option<usize>,
    pub newer: Option<PagerValue>,
    pub older: Option<PagerValue>,
    pub author: Option<AuthorValue<'a>>,
}

#[derive(Serialize)]
pub(super) struct PagerValue {
    pub url: String,
    pub number: Option<usize>,
}

/// An entry of the index of tags.
#[derive(Serialize)]
pub(super) struct TagValue<'a> {
    pub label: &'a str,
    pub url: String,
    pub count: usize,
    pub description: Option<&'a str>,
}

/// An entry of the index of authors, and `listing.author`.
#[derive(Serialize)]
pub(super) struct AuthorValue<'a> {
    pub name: &'a str,
    pub url: String,
    pub count: usize,
    pub bio: Option<&'a str>,
    pub picture: Option<String>,
    pub links: Vec<LinkValue<'a>>,
}

#[derive(Serialize)]
pub(super) struct YearValue {
    pub year: i16,
    pub url: String,
    pub count: usize,
    pub months: Vec<MonthValue>,
}

#[derive(Serialize)]
pub(super) struct MonthValue {
    pub month: u8,
    pub name: String,
    pub url: String,
    pub count: usize,
}

/// `home`
#[derive(Serialize)]
pub(super) struct HomeValue<'a> {
    pub sections: &'a Keyed,
    pub tags: &'a Keyed,
    pub content: &'a Content,
}

#[derive(Serialize)]
pub(super) struct HomeSectionValue<'a> {
    pub section: &'a Keyed,
    pub articles: Vec<Card<'a>>,
}
