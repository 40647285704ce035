//! The pages that templates make.
//!
//! What all of them get is here; articles, listings and indexes have a file each, and files for
//! machines have theirs.

mod article;
mod indexes;
mod listing;
mod machines;

use tera::{Context, Value};

use super::context::{LinkValue, PageValue, SocialCardValue};
use super::language::{Language, locale};
use super::{Renderer, absolute, href};
use crate::model::UrlPath;
use crate::site::LanguageId;

impl Renderer<'_> {
    fn home_link(&self) -> LinkValue<'_> {
        LinkValue {
            title: &self.config.title,
            url: self.config.base_url.path.clone(),
        }
    }

    fn language(&self, id: LanguageId) -> &Language {
        &self.languages[usize::from(id.0)]
    }

    /// `site`, `page` and `text`, which every template gets.
    fn context(&self, page: Page) -> Context {
        let mut values = Context::new();
        values.insert_value("site", self.shared.site.clone());
        let language = self.language(page.language);
        let value = PageValue {
            kind: page.kind,
            title: page.title,
            description: page.description.filter(|text| !text.is_empty()),
            url: &href(self.config, page.url),
            permalink: &absolute(self.config, page.url),
            language: &language.tag,
            direction: language.direction,
            locale: locale(&language.tag),
            noindex: page.noindex,
            feeds: page.feeds.unwrap_or_else(|| self.shared.feeds.clone()),
            breadcrumbs: page.breadcrumbs,
            image: page.image,
            social_card: page.social_card,
        };
        values.insert_value("page", Value::from_serializable(&value));
        values.insert_value("text", language.text.clone());
        values
    }
}

/// What a page says of itself.
struct Page<'b> {
    kind: &'b str,
    title: &'b str,
    description: Option<&'b str>,
    url: &'b UrlPath,
    language: LanguageId,
    noindex: bool,
    /// Its own feeds, if it has any.
    feeds: Option<Value>,
    breadcrumbs: Vec<LinkValue<'b>>,
    image: Value,
    social_card: Option<SocialCardValue<'b>>,
}
