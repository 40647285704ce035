//! What stands under an article that nothing is related to: the newest of its section.
//!
//! In: the blocks of all articles, and what editors allow. Out: articles for those that have an
//! empty block, and nothing for the others, whose pages must not change with each new article.

use std::collections::BTreeMap;

use super::related::Blocks;
use super::{ArticleId, Catalogue};
use crate::config::RelatedConfig;
use crate::model::RelatedBlock;

/// For each article that has nothing related the newest of its section, as many as a block has.
/// None for one that is to have no suggestions: what is newest is no editor's choice either.
pub(super) fn newest(
    site: &Catalogue,
    blocks: &Blocks,
    excluded: &[Vec<ArticleId>],
    config: &RelatedConfig,
) -> BTreeMap<ArticleId, Box<[ArticleId]>> {
    let ids = (0..site.articles.len() as u32).map(ArticleId);
    let is_alone = |id: &ArticleId| {
        blocks.related[id.index()].is_empty()
            && site.articles[id.index()].related == RelatedBlock::Suggested
    };
    ids.filter(is_alone)
        .map(|id| (id, of_section(id, site, blocks, excluded, config)))
        .filter(|(_, newest)| !newest.is_empty())
        .collect()
}

/// The newest articles of an article's section that may be suggested under it.
fn of_section(
    id: ArticleId,
    site: &Catalogue,
    blocks: &Blocks,
    excluded: &[Vec<ArticleId>],
    config: &RelatedConfig,
) -> Box<[ArticleId]> {
    let Some(section) = site.section_of[id.index()] else {
        return Box::default();
    };
    let rules = config.rules(&site.articles[id.index()].section);
    let day = |id: ArticleId| Some(i64::from(site.articles[id.index()].date?.unix_day()));
    let is_too_old = |other: ArticleId| match (day(id), day(other), rules.max_age_days) {
        (Some(day), Some(others), Some(most)) => day - others > i64::from(most),
        _ => false,
    };
    let others = site.sections[section as usize].articles.iter().copied();
    others
        .filter(|other| {
            *other != id
                && site.language_of[other.index()] == site.language_of[id.index()]
                && excluded[id.index()].binary_search(other).is_err()
                && !is_too_old(*other)
                && !blocks.are_copies(id, *other)
        })
        .take(rules.count)
        .collect()
}
