//! Articles that are one text in several languages.
//!
//! In: the published articles and the `translation` of each. Out: for each article that has any,
//! its versions in other languages, and a warning where two claim to be the same version; and what
//! translators have still to do.

use std::cmp::Reverse;
use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, BTreeSet};

use super::{ArticleId, Catalogue, Site};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};

/// The versions of one translation, each under its language tag in lower case: language tags do
/// not differ by case (BCP 47, 2.1.1).
type Versions = BTreeMap<String, ArticleId>;

/// The versions in other languages of each article that has any.
pub(super) type Translations = BTreeMap<ArticleId, Box<[ArticleId]>>;

/// The other versions of each article that has any.
///
/// Of two in one language the one whose file comes first counts, whichever is newer, so that what
/// stands on pages does not change with a date. The other one has no versions and is none.
pub(super) fn translations(site: &Catalogue, diagnostics: &mut Diagnostics) -> Translations {
    let groups = groups(site, diagnostics);
    let mut translations = BTreeMap::new();
    for versions in groups.values().filter(|versions| versions.len() > 1) {
        // Those of the site's editions come first, in their order, and then others by their tags.
        let mut versions: Vec<ArticleId> = versions.values().copied().collect();
        versions.sort_by_key(|id| {
            let language = site.language_of[id.index()];
            if language.0 < site.editions {
                language.0
            } else {
                u8::MAX
            }
        });
        for id in &versions {
            let others = versions.iter().filter(|other| *other != id);
            translations.insert(*id, others.copied().collect());
        }
    }
    translations
}

/// What is said to be one text, by the word that says so.
fn groups<'a>(site: &'a Catalogue, diagnostics: &mut Diagnostics) -> BTreeMap<&'a str, Versions> {
    let mut tied: Vec<ArticleId> = (0..site.articles.len() as u32)
        .map(ArticleId)
        .filter(|id| site.articles[id.index()].translation.is_some())
        .collect();
    tied.sort_by_key(|id| &site.articles[id.index()].source);
    let mut groups: BTreeMap<&str, Versions> = BTreeMap::new();
    for id in tied {
        let Some((name, _)) = site.articles[id.index()].translation.as_deref() else {
            continue;
        };
        let language = site.language(id).to_ascii_lowercase();
        match groups.entry(name).or_default().entry(language) {
            Entry::Vacant(free) => {
                free.insert(id);
            }
            Entry::Occupied(taken) => diagnostics.push(twice(site, *taken.get(), id)),
        }
    }
    groups
}

/// What translators have still to do: versions that there are in other languages and not in one, and
/// such as are older than the text that they are versions of, which is the one in the site's own
/// language, or the first to be published.
#[must_use]
pub fn untranslated(site: &Site) -> Diagnostics {
    let mut found = Diagnostics::new();
    // Two versions in one language were told when the site was made.
    let groups = groups(&site.catalogue, &mut Diagnostics::new());
    let tied = groups.values().filter(|versions| are_tied(site, versions));
    let languages: BTreeSet<&String> = tied.flat_map(BTreeMap::keys).collect();
    let own = site.languages[0].to_ascii_lowercase();
    for versions in groups.values().filter(|versions| are_tied(site, versions)) {
        let first = || {
            let ids = versions.values().copied();
            ids.min_by_key(|id| (site.articles[id.index()].date, Reverse(*id)))
        };
        let Some(source) = versions.get(&own).copied().or_else(first) else {
            continue;
        };
        let missing = languages
            .iter()
            .filter(|language| !versions.contains_key(**language));
        found.extend(missing.map(|language| missing_in(site, source, language)));
        let revised = site.articles[source.index()].updated;
        let older = versions.values().filter(|id| {
            let version = &site.articles[id.index()];
            revised.is_some() && version.updated.or(version.date) < revised
        });
        found.extend(older.map(|id| older_than(site, *id, source)));
    }
    found
}

/// Whether somebody has said that there are versions: files of one name in several languages say so
/// by being there.
fn are_tied(site: &Site, versions: &Versions) -> bool {
    let says_so = |id: &ArticleId| tie(&site.catalogue, *id).line > 0;
    versions.len() > 1 || versions.values().any(says_so)
}

fn missing_in(site: &Site, source: ArticleId, language: &str) -> Diagnostic {
    let place = tie(&site.catalogue, source);
    let hint = if place.line > 0 {
        "write one with the same `translation`; other articles have one in that language".to_owned()
    } else {
        let name = place.file.strip_suffix(".md").unwrap_or(&place.file);
        format!("write {name}.{language}.md; other articles have one in that language")
    };
    let message = format!("this article has no version in `{language}`");
    Diagnostic::new(Code::TranslationMissing, message)
        .at(place)
        .hint(hint)
}

fn older_than(site: &Site, version: ArticleId, source: ArticleId) -> Diagnostic {
    let message = format!(
        "this version in `{}` is older than what it is a version of",
        site.language(version)
    );
    Diagnostic::new(Code::TranslationOlder, message)
        .at(tie(&site.catalogue, version))
        .also(tie(&site.catalogue, source), "this one was changed since")
        .hint("bring it up to date, and say when in `updated`")
}

/// Where an article says that it is a version of something.
fn tie(site: &Catalogue, id: ArticleId) -> Place {
    let article = &site.articles[id.index()];
    let written = article.translation.as_deref();
    let position = written.map(|(_, position)| *position);
    position.unwrap_or_default().in_file(&article.source)
}

fn twice(site: &Catalogue, first: ArticleId, second: ArticleId) -> Diagnostic {
    let message = format!(
        "this article and {} are both the `{}` version of one translation",
        site.articles[first.index()].source,
        site.language(second)
    );
    Diagnostic::new(Code::TranslationTwice, message)
        .at(tie(site, second))
        .also(tie(site, first), "this one is taken for that version")
        .hint("say in `lang` which language each is in, or take `translation` out of one of them")
}
