//! Related articles after an edit: what a build from nothing would find, at the price of what the
//! edit can have changed.
//!
//! In: what is asked of the archive ([`Asked`]) and what the last build kept. Out: an [`Answer`],
//! the same as the batch engine's to the last bit, or nothing where so much has changed that it is
//! the engine's turn. docs/related.md tells why it is the same; the steps are in the order of
//! [`update`].

mod lists;
mod matching;
mod pairs;
mod reading;
mod reasons;
mod terms;
mod ties;
mod view;
mod weigh;
mod whole;

use std::collections::BTreeMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::ArticleId;
use super::answer::{Anew, Answer, Asked, Effort, Suggested};
use super::finder::{Judge, Ranked};
use super::kept::{Head, Kept, Outcome, PARTS, Part, Record, SLOTS, State, weights_key};
use super::weights::quarters;
use lists::{Bars, Change, lists};
use matching::Matched;
use pairs::{Pairs, Revised, Standing, Told};
use terms::{Recounted, record, recount};
use ties::ties;
use view::View;
use weigh::{turns_copy, weigh};

/// What is related now. `None` if the batch engine has to find it.
pub(super) fn update(asked: &mut Asked, mut kept: Kept) -> Option<Answer> {
    let archive = &kept.archive;
    if archive.weights != weights_key(asked.weights) || archive.with_reasons != asked.with_reasons {
        return None;
    }
    let matched = Matched::new(&kept, asked)?;
    let said = reading::read(asked, &matched.unknown());
    let length = length(&kept, &matched, &said)?;
    let recounted = recount(asked, &mut kept, &matched, said)?;
    let records = weigh(asked, &recounted, &kept.archive.terms, length);
    let looked = &recounted.looked;
    let slots = looked.iter().map(|article| article.slot);
    let anew: FxHashMap<u32, Record> = slots.zip(records).collect();

    let gone: Vec<(u32, Record)> = matched
        .gone
        .iter()
        .map(|slot| (*slot, record(&kept, *slot as usize)))
        .collect();
    let changes = changes(&gone, &recounted, &anew);
    let moves = lists(asked, &mut kept, &matched, &changes);
    let judge = judge(asked, &kept, &matched, &anew);
    let asked = &*asked;
    let ties = ties(asked, &kept, &matched, &judge.links);
    let mut is_concerned = ties.is_concerned;
    for rank in matched.fresh.iter().chain(&matched.retold) {
        is_concerned[*rank as usize] = true;
    }
    for change in changes.iter().filter(|change| is_other(change)) {
        if let Some(rank) = matched.rank(change.slot) {
            is_concerned[rank as usize] = true;
        }
    }
    let effort = Effort {
        looked: looked.len(),
        moved: moves.all.len(),
        whole: 0,
    };
    let revised = revised(&changes);
    drop(changes);

    kept.archive.length = length;
    let view = View {
        kept: &kept,
        matched: &matched,
        anew: &anew,
    };
    let tags: FxHashMap<u32, u32> = recounted.tags.iter().copied().zip(0..).collect();
    let bars = Bars::new(&kept, &matched);
    let pairs = Pairs {
        asked,
        view: &view,
        judge: &judge,
        moves: &moves,
        revised: &revised,
        tags: &tags,
    };
    let mut standings = pairs.judge(&bars, &is_concerned);
    let whole = (0..)
        .zip(&standings)
        .filter(|(_, standing)| matches!(standing, Standing::Unknown));
    let whole: Vec<u32> = whole.map(|(rank, _)| rank).collect();
    let effort = Effort {
        whole: whole.len(),
        ..effort
    };
    let (found, judge) = whole::find(asked, &view, &bars, judge, &whole);
    for (rank, ranked) in whole.iter().zip(found) {
        standings[*rank as usize] = Standing::Told(found_anew(ranked, asked.with_reasons));
    }
    if asked.with_reasons {
        let said = recounted.looked.iter().map(|article| &article.said);
        reasons::complete(asked, &view, &judge.links, &tags, said, &mut standings);
    }
    let anew_since = kept.head.map(|since| Anew {
        articles: told(&standings).map(|(to, _)| to).collect(),
        moves: told(&standings).any(|(to, told)| finds_first_or_last(to, told, &view)),
        since,
    });
    let mut bytes = changed(&matched, &anew, &standings, &recounted.tags);
    bytes[Part::Wishes as usize].extend(ties.changed);
    let found = suggested(standings, &view, &tags, asked);
    let slots = matched.slots();
    kept.archive.tags = recounted.tags;
    kept.archive.order = matched.slot_of;
    let state = State {
        kept,
        slots,
        changed: bytes,
    };
    Some(Answer {
        found,
        engine: super::Engine::default(),
        state: Some(state),
        effort: Some(effort),
        anew: anew_since,
    })
}

/// The sum of all bodies' lengths. `None` if the archive is another in general: if the usual length
/// is in another quarter of an octave.
fn length(kept: &Kept, matched: &Matched, said: &[reading::Said]) -> Option<u64> {
    let archive = &kept.archive;
    let gone = matched.was_otherwise();
    let gone = gone.map(|slot| u64::from(Head::decode(kept.get(Part::Head, slot as usize)).length));
    let came: u64 = said.iter().map(|said| u64::from(said.text.length())).sum();
    let length = archive.length.checked_add(came)?.checked_sub(gone.sum())?;
    let usual = |length: u64, articles: usize| quarters(length as usize / articles.max(1));
    let is_usual =
        usual(archive.length, archive.order.len()) == usual(length, matched.slot_of.len());
    is_usual.then_some(length)
}

/// Everything that is not as it was of the articles themselves.
fn changes<'a>(
    gone: &'a [(u32, Record)],
    recounted: &'a Recounted,
    anew: &'a FxHashMap<u32, Record>,
) -> Vec<Change<'a>> {
    let mut changes: Vec<Change> = Vec::new();
    for (slot, record) in gone {
        changes.push(Change {
            slot: *slot,
            was: Some(record),
            is: None,
            is_whole: true,
        });
    }
    for article in &recounted.looked {
        let is = anew.get(&article.slot);
        let was = article.before.as_ref();
        let turns = was
            .zip(is)
            .is_none_or(|(was, is)| turns_copy(was.head.size, is.head.size));
        changes.push(Change {
            slot: article.slot,
            was,
            is,
            is_whole: turns,
        });
    }
    changes
}

/// Whether an article finds others than it did.
fn is_other(change: &Change) -> bool {
    let (Some(was), Some(is)) = (change.was, change.is) else {
        return true;
    };
    // What came in is found by those who have it.
    let lost = |id: &u32| is.light.binary_search(id).is_err();
    change.is_whole || was.vector != is.vector || was.light.iter().any(lost)
}

/// What the vectors of articles that were there before had otherwise.
fn revised(changes: &[Change]) -> Revised {
    let of = |change: &Change| {
        let (was, is) = (&change.was?.vector, &change.is?.vector);
        let mut ids: Vec<u32> = was.not_in(is).chain(is.not_in(was)).collect();
        ids.sort_unstable();
        ids.dedup();
        (!ids.is_empty()).then_some((change.slot, ids))
    };
    changes.iter().filter_map(of).collect()
}

/// The rules between articles; takes the facts that they need.
fn judge(
    asked: &mut Asked,
    kept: &Kept,
    matched: &Matched,
    anew: &FxHashMap<u32, Record>,
) -> Judge {
    let facts = &mut asked.facts;
    let size = |slot: &u32| match anew.get(slot) {
        Some(record) => record.head.size,
        None => Head::decode(kept.get(Part::Head, *slot as usize)).size,
    };
    Judge {
        weights: asked.weights.clone(),
        sizes: matched
            .slot_of
            .par_iter()
            .with_min_len(SLOTS)
            .map(size)
            .collect(),
        links: std::mem::take(&mut facts.links),
        days: std::mem::take(&mut facts.days),
        languages: std::mem::take(&mut facts.languages),
        sections: std::mem::take(&mut facts.sections),
    }
}

fn found_anew(ranked: Ranked, with_reasons: bool) -> Told {
    let reasons = if with_reasons { ranked.best.len() } else { 0 };
    Told {
        ranked,
        reasons: vec![None; reasons],
    }
}

/// The articles of which something else may be found than it was, and what is.
fn told(standings: &[Standing]) -> impl Iterator<Item = (ArticleId, &Told)> {
    let told = (0..).map(ArticleId).zip(standings);
    told.filter_map(|(to, standing)| match standing {
        Standing::Told(told) => Some((to, told)),
        _ => None,
    })
}

/// Whether something was found for an article and nothing was before, or the other way.
fn finds_first_or_last(to: ArticleId, told: &Told, view: &View) -> bool {
    let kept = view
        .kept
        .get(Part::Outcome, view.matched.slot(to.0) as usize);
    Outcome::is_nothing(kept) != told.ranked.best.is_empty()
}

/// What is to be written otherwise than it is kept, but for wishes.
fn changed(
    matched: &Matched,
    anew: &FxHashMap<u32, Record>,
    standings: &[Standing],
    tags: &[u32],
) -> [BTreeMap<u32, Vec<u8>>; PARTS] {
    let mut changed: [BTreeMap<u32, Vec<u8>>; PARTS] = Default::default();
    for slot in matched
        .gone
        .iter()
        .filter(|slot| matched.rank(**slot).is_none())
    {
        for part in &mut changed {
            part.insert(*slot, Vec::new());
        }
    }
    for (rank, slot) in matched.slot_of.iter().enumerate() {
        if let Some(record) = anew.get(slot) {
            for (part, bytes) in record.encode() {
                changed[part as usize].insert(*slot, bytes);
            }
        }
        if let Standing::Told(told) = &standings[rank] {
            let outcome = Outcome {
                ranked: told.ranked.renumbered(|rank| Some(matched.slot(rank))),
                reasons: told
                    .reasons
                    .iter()
                    .map(|it| it.clone().unwrap_or_default())
                    .collect(),
            };
            let mut bytes = Vec::new();
            outcome.encode(|tag| tags[tag as usize], &mut bytes);
            changed[Part::Outcome as usize].insert(*slot, bytes);
        }
    }
    changed
}

/// What was found for each article, or for those alone of which it may be another thing than it was.
fn suggested(
    standings: Vec<Standing>,
    view: &View,
    tags: &FxHashMap<u32, u32>,
    asked: &Asked,
) -> Vec<Suggested> {
    let of = |(rank, standing): (usize, Standing)| {
        let to = ArticleId(rank as u32);
        let Standing::Told(told) = standing else {
            if asked.only_texts {
                return None;
            }
            let slot = view.matched.slot(to.0);
            let bytes = view.kept.get(Part::Outcome, slot as usize);
            let tag = |id: u32| tags.get(&id).copied();
            let kept = Outcome::decode(bytes, asked.with_reasons, tag).unwrap_or_default();
            let ranked = kept.ranked.renumbered(|slot| view.matched.rank(slot));
            return Some(Suggested::new(to, ranked, kept.reasons));
        };
        let reasons = told.reasons.into_iter().map(Option::unwrap_or_default);
        Some(Suggested::new(to, told.ranked, reasons.collect()))
    };
    let standings = standings.into_par_iter().enumerate();
    standings.with_min_len(SLOTS).filter_map(of).collect()
}
