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
    let place = |id: ArticleId| {
        let article = &site.articles[id.index()];
        let written = article.translation.as_ref();
        let position = written.map(|(_, position)| *position);
        position.unwrap_or_default().in_file(&article.source)
    };
    let message = format!(
        "this article and {} are both the `{}` version of one translation",
        site.articles[first.index()].source,
        site.language(second)
    );
    Diagnostic::new(Code::TranslationTwice, message)
        .at(place(second))
        .also(place(first), "this one is taken for that version")
        .hint("say in `lang` which language each is in, or take `translation` out of one of them")
}
