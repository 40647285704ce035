//! What templates receive: content/reference/template-context.md as types.
//!
//! Values are made once and shared: a [`tera::Value`] inside one of these structs is passed on,
//! not copied.

use serde::Serialize;
use tera::Value;

use super::icons::Icon;
use super::language::Language;
use crate::model::{Heading, Moment};

/// `site`
#[derive(Serialize)]
pub(super) struct SiteValue<'a> {
    pub title: &'a str,
    pub description: Option<&'a str>,
    pub base_url: &'a str,
    pub url: &'a str,
    pub language: &'a str,
    pub direction: &'a str,
    pub text: Value,
    pub navigation: Vec<LinkValue<'a>>,
    pub sections: Vec<Value>,
    pub newsletter: Option<NewsletterValue<'a>>,
    pub comments: &'a str,
    pub feeds: Value,
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
    pub url: String,
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

/// `page`
#[derive(Serialize)]
pub(super) struct PageValue<'a> {
    pub kind: &'a str,
    pub title: &'a str,
    pub description: Option<&'a str>,
    pub url: &'a str,
    pub permalink: &'a str,
    pub language: &'a str,
    pub direction: &'a str,
    /// As Open Graph writes it: `de_AT`.
    pub locale: Option<String>,
    pub noindex: bool,
    pub feeds: Value,
    pub breadcrumbs: Vec<LinkValue<'a>>,
    pub image: Value,
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
    pub url: String,
    pub permalink: String,
    pub title: &'a str,
    pub summary: &'a str,
    pub date: Value,
    pub updated: Value,
    pub section: Value,
    pub tags: Vec<Value>,
    pub authors: Vec<Value>,
    pub image: Option<ImageValue<'a>>,
    pub words: u32,
    pub minutes: u32,
    pub language: &'a str,
    pub weight: Option<i64>,
    pub extra: Value,
    pub external: bool,
    /// Of a related one: whether the author chose it.
    pub pinned: bool,
}

impl<'a> CardValue<'a> {
    /// The card of a page of another site.
    pub fn external(url: &'a str, title: &'a str, summary: &'a str) -> Self {
        Self {
            url: url.to_owned(),
            permalink: url.to_owned(),
            title,
            summary,
            date: Value::none(),
            updated: Value::none(),
            section: Value::none(),
            tags: Vec::new(),
            authors: Vec::new(),
            image: None,
            words: 0,
            minutes: 1,
            language: "",
            weight: None,
            extra: Value::from(tera::Map::new()),
            external: true,
            pinned: true,
        }
    }
}

#[derive(Serialize)]
pub(super) struct ImageValue<'a> {
    pub src: &'a str,
    pub alt: &'a str,
    pub credit: Option<&'a str>,
    pub caption: Option<&'a str>,
}

#[derive(Serialize)]
pub(super) struct DateValue {
    pub iso: String,
    pub day: String,
    pub text: String,
    pub year: i16,
    pub month: u8,
    pub month_name: String,
}

/// A date as templates see it, or none.
pub(super) fn date(moment: Option<Moment>, language: &Language) -> Value {
    let Some(moment) = moment else {
        return Value::none();
    };
    Value::from_serializable(&DateValue {
        iso: moment.rfc3339(),
        day: moment.date(),
        text: language.day(moment),
        year: moment.year(),
        month: moment.month(),
        month_name: language.month(moment.month()),
    })
}

/// What `article` has besides a card.
#[derive(Serialize)]
pub(super) struct ArticleValue<'a> {
    pub standfirst: Option<&'a str>,
    pub content: Value,
    pub toc: Vec<TocValue>,
    pub show_toc: bool,
    pub related: Vec<Value>,
    pub section_newest: Vec<Value>,
    pub translations: Vec<TranslationValue<'a>>,
    pub newer: Value,
    pub older: Value,
    pub comments: Option<CommentsValue>,
    pub math: bool,
}

/// An article's version in another language.
#[derive(Serialize)]
pub(super) struct TranslationValue<'a> {
    pub language: &'a str,
    pub name: &'a str,
    pub url: String,
    pub permalink: String,
    pub title: &'a str,
}

#[derive(Serialize)]
pub(super) struct CommentsValue {
    pub closed: bool,
    pub count: usize,
    pub entries: Vec<CommentValue>,
}

#[derive(Serialize)]
pub(super) struct CommentValue {
    pub author: String,
    pub date: Value,
    pub url: Option<String>,
    pub content: Value,
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

/// HTML that templates print as it is.
pub(super) fn safe(html: &str) -> Value {
    Value::safe_string(html)
}

/// `listing`
#[derive(Serialize)]
pub(super) struct ListingValue<'a> {
    pub title: &'a str,
    pub description: Option<&'a str>,
    pub content: Value,
    pub url: String,
    pub articles: Vec<Value>,
    pub total: Option<usize>,
    pub number: Option<usize>,
    pub newer: Option<PagerValue>,
    pub older: Option<PagerValue>,
    pub author: Value,
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
    pub sections: Vec<HomeSectionValue>,
    pub tags: Vec<TagValue<'a>>,
    pub content: Value,
}

#[derive(Serialize)]
pub(super) struct HomeSectionValue {
    pub section: Value,
    pub articles: Vec<Value>,
}
