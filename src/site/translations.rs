//! Articles that are one text in several languages.
//!
//! In: the published articles and the `translation` of each. Out: for each article that has any,
//! its versions in other languages, and a warning where two claim to be the same version.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use super::{ArticleId, Catalogue};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};

/// The versions of one translation, each under its language tag in lower case: language tags do
/// not differ by case (BCP 47, 2.1.1).
type Versions = BTreeMap<String, ArticleId>;

/// The other versions of each article that has any, by their language tags.
///
/// Of two in one language the one whose file comes first counts, whichever is newer, so that what
/// stands on pages does not change with a date. The other one has no versions and is none.
pub(super) fn translations(
    site: &Catalogue,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<ArticleId, Box<[ArticleId]>> {
    let mut tied: Vec<ArticleId> = (0..site.articles.len() as u32)
        .map(ArticleId)
        .filter(|id| site.articles[id.index()].translation.is_some())
        .collect();
    tied.sort_by_key(|id| &site.articles[id.index()].source);
    let mut groups: BTreeMap<&str, Versions> = BTreeMap::new();
    for id in tied {
        let Some((name, _)) = &site.articles[id.index()].translation else {
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
    let mut translations = BTreeMap::new();
    for versions in groups.values().filter(|versions| versions.len() > 1) {
        for id in versions.values() {
            let others = versions.values().filter(|other| *other != id);
            translations.insert(*id, others.copied().collect());
        }
    }
    translations
}

fn twice(site: &Catalogue, first: ArticleId, second: ArticleId) -> Diagnostic {
    let (kept, other) = (
        &site.articles[first.index()],
        &site.articles[second.index()],
    );
    let name_of = |article: &crate::model::Article| article.translation.clone();
    let (name, position) = name_of(other).unwrap_or_default();
    let (_, kept_position) = name_of(kept).unwrap_or_default();
    let language = site.language(second);
    let message = format!(
        "the translation `{name}` has two versions in `{language}`: this article and {}",
        kept.source
    );
    Diagnostic::new(Code::TranslationTwice, message)
        .at(position.in_file(&other.source))
        .also(
            kept_position.in_file(&kept.source),
            "this one is taken for the version in that language",
        )
        .hint("say in `lang` which language each is in, or take `translation` out of one of them")
}
