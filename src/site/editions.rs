//! The editions of a site: which articles each has, and which of its pages are in others as well.

use std::collections::BTreeMap;

use super::collation::Collation;
use super::{ArticleId, Catalogue, LanguageId, Listing, ListingKind};
use crate::config::{Config, Edition};
use crate::model::{Article, UrlPath};

/// Which edition articles and pages are in, before there is a catalogue.
pub(super) struct Editions<'a> {
    pub config: &'a Config,
    /// The language of each article.
    pub language_of: &'a [LanguageId],
}

impl Editions<'_> {
    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = LanguageId> + use<> {
        (0..self.config.editions.len() as u8).map(LanguageId)
    }

    /// That of an article.
    pub fn of(&self, id: ArticleId) -> LanguageId {
        let language = self.language_of[id.index()];
        if language.index() < self.config.editions.len() {
            language
        } else {
            LanguageId::default()
        }
    }

    /// That of a front.
    pub fn of_front(&self, front: &Article) -> LanguageId {
        edition_of(front, self.config)
    }

    /// A page of an edition.
    pub fn page(&self, edition: LanguageId, path: &str) -> UrlPath {
        self.edition(edition).page(path)
    }

    /// The order of words in an edition.
    pub fn collation(&self, edition: LanguageId) -> Collation {
        Collation::of(&self.edition(edition).language)
    }

    fn edition(&self, edition: LanguageId) -> &Edition {
        &self.config.editions[edition.index()]
    }
}

/// The edition that an article or front is in, by what it says.
pub(super) fn edition_of(article: &Article, config: &Config) -> LanguageId {
    let language = article.language.as_deref();
    let edition = language.and_then(|tag| config.edition_in(tag));
    LanguageId(edition.unwrap_or_default() as u8)
}

/// What a listing is in whichever edition.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Same<'a> {
    Home,
    Section(&'a str),
    Author(&'a str),
    Year(i16),
    Month(i16, u8),
    Related,
}

/// Tells each listing which listings of other editions are the same: that of the section, say. Tags
/// that are written alike may mean different things in two languages, so none is the same.
pub(super) fn tie(listings: &mut [Listing], site: &Catalogue) {
    if site.editions == 1 {
        return;
    }
    let mut same: BTreeMap<Same, Vec<u32>> = BTreeMap::new();
    for (at, listing) in listings.iter().enumerate() {
        if let Some(what) = what_is(listing.kind, site) {
            same.entry(what).or_default().push(at as u32);
        }
    }
    for versions in same.values() {
        for at in versions {
            let others = versions.iter().filter(|other| *other != at);
            listings[*at as usize].versions = others.copied().collect();
        }
    }
}

fn what_is(kind: ListingKind, site: &Catalogue) -> Option<Same<'_>> {
    Some(match kind {
        ListingKind::Home => Same::Home,
        ListingKind::Section(at) => Same::Section(&site.sections[at].name),
        ListingKind::Tag(_) => return None,
        ListingKind::Author(at) => Same::Author(&site.authors.all[at].slug),
        ListingKind::Year(at) => Same::Year(site.years[at].year),
        ListingKind::Month(at, within) => {
            let year = &site.years[at];
            Same::Month(year.year, year.months[within].month)
        }
        ListingKind::Related => Same::Related,
    })
}
