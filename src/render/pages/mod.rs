//! The pages that templates make.
//!
//! What all of them get is here; articles, listings and indexes have a file each, and files for
//! machines have theirs.

pub(super) mod article;
mod indexes;
pub(super) mod listing;
mod machines;
mod redirects;
mod servers;
mod versions;

use serde::Serialize;
use tera::{Context, Value};

use super::context::{
    FeedValue, Feeds, ImageValue, LinkValue, PageValue, SocialCardValue, TranslationValue,
};
use super::language::Language;
use super::shared::{Everywhere, OfEdition};
use super::twofold::Href;
use super::{Outcome, Renderer, Want};
use crate::config::Edition;
use crate::diagnostics::Diagnostic;
use crate::model::UrlPath;
use crate::site::LanguageId;

impl Renderer {
    /// A link to the home page of an edition.
    fn home_link(&self, edition: LanguageId) -> LinkValue<'_> {
        LinkValue {
            title: &self.edition(edition).title,
            url: Href::Written(self.shared.of(edition).home.as_str().into()),
        }
    }

    /// What pressroom.yaml says of an edition.
    pub(super) fn edition(&self, edition: LanguageId) -> &Edition {
        &self.config.editions[edition.index()]
    }

    /// What the pages of the edition share that has what is in a language.
    pub(super) fn of_edition(&self, language: LanguageId) -> &OfEdition {
        self.shared.of(self.site.edition(language))
    }

    pub(super) fn language(&self, id: LanguageId) -> &Language {
        &self.languages[id.index()]
    }

    /// The key or the bytes of a page: what its template makes of `page` and `own`, each field of
    /// which is a variable, and of what all pages share.
    pub(super) fn make(
        &self,
        want: Want,
        template: &str,
        page: Page,
        own: &impl Serialize,
    ) -> Result<Outcome, Diagnostic> {
        let language = self.language(page.language);
        let of = self.of_edition(page.language);
        let page = self.page_value(page, language);
        if want != Want::Bytes {
            let shared = &of.everywhere;
            let inputs = Inputs {
                shared,
                template,
                page: &page,
                own,
            };
            return Ok(Outcome::of(want, &inputs));
        }
        // A struct is a map, which is all that could be wrong.
        let mut values = Context::from_serialize(own).unwrap_or_default();
        values.insert_value("site", of.site.clone());
        values.insert_value("page", Value::from_serializable(&page));
        values.insert_value("text", language.text.clone());
        self.template(template, &values).map(Outcome::Bytes)
    }

    fn page_value<'b>(&'b self, page: Page<'b>, language: &'b Language) -> PageValue<'b> {
        let feeds = page.feeds.map(Feeds::Own);
        PageValue {
            kind: page.kind,
            title: page.title,
            description: page.description.filter(|text| !text.is_empty()),
            url: Href::Path(&self.config.base_url, page.url),
            permalink: Href::Whole(&self.config.base_url, page.url),
            language: &language.tag,
            direction: language.direction,
            locale: language.locale.as_deref(),
            noindex: page.noindex,
            has_code: page.has_code,
            feeds: feeds.unwrap_or(Feeds::Site(&self.of_edition(page.language).feeds)),
            breadcrumbs: page.breadcrumbs,
            editions: self.editions(&page.versions, page.language),
            translations: page.versions,
            image: page.image,
            styles: page.styles,
            social_card: page.social_card,
        }
    }
}

/// Everything that a page is made from, but for what its template asks for.
#[derive(Serialize)]
struct Inputs<'a, T> {
    shared: &'a Everywhere,
    template: &'a str,
    page: &'a PageValue<'a>,
    /// Its fields are variables, as `page` is one.
    #[serde(rename = "")]
    own: &'a T,
}

/// What a page says of itself.
pub(super) struct Page<'b> {
    kind: &'b str,
    title: &'b str,
    description: Option<&'b str>,
    url: &'b UrlPath,
    language: LanguageId,
    noindex: bool,
    /// Whether its text has code that needs a style sheet.
    has_code: bool,
    /// Its own feeds, if it has any.
    feeds: Option<Vec<FeedValue>>,
    breadcrumbs: Vec<LinkValue<'b>>,
    /// The same page in other languages.
    versions: Vec<TranslationValue<'b>>,
    pub image: Option<ImageValue<'b>>,
    /// Style sheets of the components that its text calls.
    styles: Vec<&'b str>,
    social_card: Option<SocialCardValue<'b>>,
}
