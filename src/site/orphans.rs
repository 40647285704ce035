//! Articles that nothing but lists leads to.
//!
//! In: a site. Out: the articles that no text links to, that stand in no related block, and that are no
//! version of another in its language. Readers find them in lists alone, and search engines value them
//! little.

use super::{ArticleId, Linked, Pinned, Site};

/// These articles, newest first.
#[must_use]
pub fn orphans(site: &Site) -> Vec<ArticleId> {
    let ids = || (0..site.articles.len() as u32).map(ArticleId);
    let mut is_linked = vec![false; site.articles.len()];
    let blocks = site.related.iter().flat_map(|block| &**block);
    let related = blocks.filter_map(|related| match related.target {
        Pinned::Here(id) => Some(id),
        Pinned::Elsewhere(_) => None,
    });
    let newest = site.section_newest.values().flatten().copied();
    let translations = site.translations.values().flatten().copied();
    for id in related.chain(newest).chain(translations) {
        is_linked[id.index()] = true;
    }
    let of_articles = ids()
        .zip(site.links.iter())
        .map(|(id, links)| (Some(id), links));
    let of_fronts = site.front_links.iter().map(|links| (None, links));
    for (from, links) in of_articles.chain(of_fronts) {
        for link in links {
            if let Linked::Article(to) = link
                && Some(*to) != from
            {
                is_linked[to.index()] = true;
            }
        }
    }
    ids().filter(|id| !is_linked[id.index()]).collect()
}
