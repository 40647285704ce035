//! What an article's related block might have shown and does not, and why.
//!
//! In: a site, its engine and an article. Out: the closest articles that are not in its block.

use super::related::{Engine, Scratch, Suggestion, Wanted};
use super::{ArticleId, Names, Pinned, Site};
use crate::config::{Config, RelatedRules};
use crate::model::{Moment, RelatedBlock};

/// An article that is close to another one, and not in its related block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unshown {
    /// Which.
    pub article: ArticleId,
    /// How close, 0 to 1.
    pub score: f32,
    /// Why it is not shown.
    pub why: Why,
}

/// Why an article is not in a related block.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Why {
    /// It says nearly the same; how alike the two are, 0 to 1.
    Duplicate(f32),
    /// The block has pins only, or is not there.
    NoSuggestions,
    /// The author excluded it.
    Excluded,
    /// It is of another section, and only the article's own is wanted.
    OtherSection,
    /// It is older than the article by more than so many days.
    TooOld(u32),
    /// Its score is below this one.
    TooWeak(f32),
    /// Others are closer, and the block has room for so many.
    NoRoom(usize),
}

/// The closest articles that are not in an article's block: those that say nearly the same, then
/// the others, the closest first. Articles in other languages are never close.
#[must_use]
pub fn unshown(
    site: &Site,
    config: &Config,
    engine: &Engine,
    id: ArticleId,
    most: usize,
) -> Vec<Unshown> {
    let mut shown: Vec<ArticleId> = site.related[id.index()]
        .iter()
        .filter_map(|related| match related.target {
            Pinned::Here(other) => Some(other),
            Pinned::Elsewhere(_) => None,
        })
        .collect();
    shown.sort_unstable();
    let wanted = Wanted {
        count: most,
        except: &shown,
        ..Wanted::default()
    };
    let found = engine.find(id, &wanted, &mut Scratch::default());
    let names = Names::new(site, config);
    let rules = config.related.rules(&site.articles[id.index()].section);
    let duplicates = found.duplicates.iter().map(|other| Unshown {
        article: other.article,
        score: other.score,
        why: Why::Duplicate(other.score),
    });
    let others = found.suggestions.iter().map(|other| Unshown {
        article: other.article,
        score: other.score,
        why: why(site, &names, rules, id, *other),
    });
    duplicates.chain(others).take(most).collect()
}

fn why(site: &Site, names: &Names, rules: &RelatedRules, id: ArticleId, other: Suggestion) -> Why {
    let article = &site.articles[id.index()];
    let theirs = other.article.index();
    let day = |date: Moment| i64::from(date.unix_day());
    let dates = article.date.zip(site.articles[theirs].date);
    let days_older = dates.map_or(0, |(ours, theirs)| day(ours) - day(theirs));
    if article.related != RelatedBlock::Suggested || rules.count == 0 {
        return Why::NoSuggestions;
    }
    if names.excludes(id, other.article) {
        return Why::Excluded;
    }
    if rules.same_section && site.section_of[id.index()] != site.section_of[theirs] {
        return Why::OtherSection;
    }
    match rules.max_age_days {
        Some(most) if days_older > i64::from(most) => Why::TooOld(most),
        _ if other.score < rules.min_score => Why::TooWeak(rules.min_score),
        _ => Why::NoRoom(rules.count),
    }
}
