//! Articles of which everything is found anew: an index of the terms that these have, and no more.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::Asked;
use super::SLOTS;
use super::lists::Bars;
use super::set::Set;
use super::view::View;
use crate::site::ArticleId;
use crate::site::related::finder::{Finder, Judge, Ranked, Scratch};
use crate::site::related::index::{Code, Index, Posting};
use crate::site::related::kept::{Kind, Part, Side, Weighed, weighed_that};
use crate::site::related::vectors::Vector;
use crate::site::related::vocabulary::TermId;

/// What is found for some articles.
pub fn find(
    asked: &Asked,
    view: &View,
    bars: &Bars,
    judge: Judge,
    ranks: &[u32],
) -> (Vec<Ranked>, Judge) {
    let terms = &view.kept.archive.terms;
    let of: Vec<(Weighed, Vec<u32>)> = ranks
        .par_iter()
        .map(|rank| {
            let (mut vector, mut others) = (Weighed::default(), Vec::new());
            let slot = view.matched.slot(*rank);
            view.vector(slot, &mut vector);
            view.light(slot, &mut others);
            (vector, others)
        })
        .collect();
    let ids = |of: &(Weighed, Vec<u32>)| [&*of.0.ids, &*of.1].concat();
    let set = Set::new(terms.len(), of.iter().flat_map(ids));
    let heavy = of.iter().flat_map(|(vector, _)| vector.ids.iter().copied());
    let heavy = Set::new(terms.len(), heavy);
    let term = |id: &u32| set.place(*id).map(TermId);
    let mut vectors: Vec<Vector> = Vec::new();
    vectors.resize_with(asked.keys.len(), Vector::default);
    for (rank, (vector, others)) in ranks.iter().zip(&of) {
        vectors[*rank as usize] = Vector {
            terms: vector.ids.iter().filter_map(term).collect(),
            weights: vector.codes.as_slice().into(),
            mentions: others.iter().filter_map(term).collect(),
        };
    }
    let finder = Finder {
        index: index(asked, view, bars, &set, &heavy),
        is_tag: set.ids().map(|id| terms.kind(id) == Kind::Tag).collect(),
        vectors,
        judge,
    };
    let found = ranks
        .par_iter()
        .map_init(Scratch::default, |scratch, rank| {
            finder.find(ArticleId(*rank), &asked.wanted[*rank as usize], scratch)
        });
    (found.collect(), finder.judge)
}

/// For each term of a set the articles that are found by it; by their texts only where the term is a
/// `heavy` one, since of others no more is asked for than who has them in the title.
fn index(asked: &Asked, view: &View, bars: &Bars, set: &Set, heavy: &Set) -> Index {
    let last = |side| -> Vec<Option<(Reverse<Code>, u32)>> {
        set.ids().map(|id| bars.last(id, side)).collect()
    };
    let lasts = [last(Side::Text), last(Side::Title)];
    let ranks = (0..asked.keys.len() as u32)
        .into_par_iter()
        .with_min_len(SLOTS);
    let entries = ranks.fold(Vec::new, |mut found, rank| {
        let slot = view.matched.slot(rank);
        let mut add = |id: u32, code: Code, side: Side| {
            let Some(place) = set.place(id) else { return };
            let last = lasts[side as usize][place as usize];
            if last.is_some_and(|last| (Reverse(code), rank) > last) {
                return;
            }
            let (weight, title) = match side {
                Side::Text => (code, Code::default()),
                Side::Title => (Code::default(), code),
            };
            let posting = Posting {
                article: rank,
                weight,
                title,
            };
            found.push((TermId(place), posting));
        };
        let record = view.anew.get(&slot);
        let kinds = [
            (Side::Text, Part::Vector, heavy),
            (Side::Title, Part::Title, set),
        ];
        for (side, part, set) in kinds {
            let mut add = |id, code| add(id, code, side);
            if let Some(record) = record {
                let weighed = match side {
                    Side::Text => &record.vector,
                    Side::Title => &record.title,
                };
                let wanted = weighed.iter().filter(|(id, _)| set.has(*id));
                wanted.for_each(|(id, code)| add(id, code));
            } else {
                let bytes = view.kept.get(part, slot as usize);
                weighed_that(bytes, |id| set.has(id), add);
            }
        }
        found
    });
    // In the order of ranks, whichever thread found them.
    let entries: Vec<Vec<(TermId, Posting)>> = entries.collect();
    let entries = || entries.iter().flatten().copied();
    Index::of_entries(entries, set.len(), asked.weights.longest)
}
