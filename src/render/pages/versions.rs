//! Pages in several languages: what a page says of its versions, and how it leads to other editions.

use std::borrow::Cow;

use super::super::context::{EditionValue, TranslationValue};
use super::super::{Renderer, absolute, href};
use crate::model::UrlPath;
use crate::site::{ArticleId, LanguageId, Listing, Target, index_path, search};

impl Renderer {
    /// An article's versions in other languages.
    pub(super) fn versions_of_article(&self, id: ArticleId) -> Vec<TranslationValue<'_>> {
        let others = self.site.translations.get(&id).into_iter().flatten();
        let version = |other: &ArticleId| {
            let at = other.index();
            let title = &*self.site.articles[at].title;
            self.version(self.site.language_of[at], &self.site.urls[at], title.into())
        };
        others.map(version).collect()
    }

    /// What the front page of a listing is in other editions.
    pub(super) fn versions_of_listing(&self, listing: &Listing) -> Vec<TranslationValue<'_>> {
        let others = listing.versions.iter();
        let version = |at: &u32| {
            let other = &self.site.listings[*at as usize];
            let title = self.listing_title(other);
            self.version(other.edition, &other.url, title.into())
        };
        others.map(version).collect()
    }

    /// The same of an index of tags, authors or years; `key` names its title.
    pub(super) fn versions_of_index<'b>(
        &'b self,
        target: &Target,
        edition: LanguageId,
        key: &'b str,
    ) -> Vec<TranslationValue<'b>> {
        let others = self.site.all_editions().filter(|other| *other != edition);
        let version = |other| {
            let path = match target {
                Target::Search { .. } => search::PAGE,
                _ => index_path(target, &self.site, other)?,
            };
            let title = self.language(other).text(key);
            Some(self.version(other, &self.edition(other).page(path), title.into()))
        };
        others.filter_map(version).collect()
    }

    fn version<'b>(
        &'b self,
        language: LanguageId,
        url: &UrlPath,
        title: Cow<'b, str>,
    ) -> TranslationValue<'b> {
        TranslationValue {
            language: &self.site.languages[language.index()],
            name: &self.language(language).name,
            url: href(&self.config, url),
            permalink: absolute(&self.config, url),
            title,
        }
    }

    /// Where a page in a language leads to all editions: to its version there, or to the front page.
    /// Nowhere in a site that has one.
    pub(super) fn editions(
        &self,
        versions: &[TranslationValue],
        language: LanguageId,
    ) -> Vec<EditionValue<'_>> {
        if self.site.editions == 1 {
            return Vec::new();
        }
        let own = self.site.edition(language);
        let editions = self.site.all_editions().map(|edition| {
            let language = self.language(edition);
            let mut versions = versions.iter();
            let version = versions.find(|version| *version.language == *language.tag);
            let home = || href(&self.config, &self.edition(edition).page("/"));
            EditionValue {
                language: &language.tag,
                direction: language.direction,
                name: &language.name,
                url: version.map_or_else(home, |version| version.url.clone()),
                current: edition == own,
            }
        });
        editions.collect()
    }
}
