//! Articles that say nearly the same, reported.
//!
//! In: a site and its engine. Out: a warning at each article that repeats an older one. A related
//! block leaves such pairs out silently; this looks at all articles, whatever their blocks may
//! show.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::related::{Engine, Scratch, Wanted};
use super::{ArticleId, Names, Site};
use crate::config::Config;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};

/// A warning at each article for all older ones that it repeats, the likest first. Pairs of which
/// one pins or excludes the other are left out: their editors know.
#[must_use]
pub fn near_duplicates(site: &Site, config: &Config, engine: &Engine) -> Diagnostics {
    let names = Names::new(site, config);
    let mut repeated: BTreeMap<ArticleId, Vec<(ArticleId, f32)>> = BTreeMap::new();
    for ((newer, older), alike) in pairs(site, engine) {
        if !names.knows(newer, older) && !names.knows(older, newer) {
            repeated.entry(newer).or_default().push((older, alike));
        }
    }
    let repeated = repeated.into_iter();
    repeated
        .map(|(newer, mut older)| {
            older.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
            report(site, newer, &older)
        })
        .collect()
}

/// All pairs of the site, newer article first, and how alike they are.
fn pairs(site: &Site, engine: &Engine) -> BTreeMap<(ArticleId, ArticleId), f32> {
    // Only what is as close as can be is collected beside duplicates, so that no such candidate
    // raises the bar for them.
    let wanted = Wanted {
        count: 1,
        min_score: 1.0,
        ..Wanted::default()
    };
    let ids = (0..site.articles.len() as u32)
        .into_par_iter()
        .map(ArticleId);
    let found: Vec<_> = ids
        .map_init(Scratch::default, |scratch, id| {
            (id, engine.find(id, &wanted, scratch).duplicates)
        })
        .collect();
    // What one of two articles finds, the other need not: long lists of terms are cut.
    let mut pairs = BTreeMap::new();
    for (id, duplicates) in found {
        for other in duplicates {
            let pair = (id.min(other.article), id.max(other.article));
            let alike: &mut f32 = pairs.entry(pair).or_default();
            *alike = alike.max(other.score);
        }
    }
    pairs
}

fn report(site: &Site, newer: ArticleId, older: &[(ArticleId, f32)]) -> Diagnostic {
    let source = |id: ArticleId| &*site.articles[id.index()].source;
    // Rounded down, so that only what is the same is 100 % alike.
    let percent = |alike: f32| (alike * 100.0) as u32;
    let (first, alike) = older[0];
    let message = format!(
        "this article says nearly the same as {} ({} % alike)",
        source(first),
        percent(alike)
    );
    let hint = format!(
        "keep one, and give it the other's URL under `aliases`; if both are to stay, say so with \
         `related: {{exclude: {}}}`",
        source(first)
    );
    let diagnostic = Diagnostic::new(Code::NearDuplicate, message)
        .at(Place::file(source(newer)))
        .hint(hint);
    older[1..]
        .iter()
        .fold(diagnostic, |diagnostic, (id, alike)| {
            let what = format!("so does this one ({} % alike)", percent(*alike));
            diagnostic.also(Place::file(source(*id)), what)
        })
}
