//! Articles of which everything is found anew: an index of the terms that these have, and no more.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::Asked;
use super::lists::Bars;
use super::view::View;
use crate::site::ArticleId;
use crate::site::related::finder::{Finder, Judge, Ranked, Scratch};
use crate::site::related::index::{Code, Index, Posting};
use crate::site::related::kept::{Had, Kind, Part, Side, Weighed};
use crate::site::related::set::Set;
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
    let mut entries: Vec<(TermId, Posting)> = Vec::new();
    let mut add = |rank: u32, id: u32, code: Code, side: Side| {
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
        entries.push((TermId(place), posting));
    };
    let kinds = [
        (Side::Text, Part::Vector, heavy),
        (Side::Title, Part::Title, set),
    ];
    for (side, part, set) in kinds {
        for Had { id, slot, code } in view.kept.having(part, set) {
            let rank = view.matched.rank(slot);
            if let Some(rank) = rank.filter(|_| !view.anew.contains_key(&slot)) {
                add(rank, id, code, side);
            }
        }
        for (slot, record) in view.anew {
            let weighed = match side {
                Side::Text => &record.vector,
                Side::Title => &record.title,
            };
            let Some(rank) = view.matched.rank(*slot) else {
                continue;
            };
            let wanted = weighed.iter().filter(|(id, _)| set.has(*id));
            wanted.for_each(|(id, code)| add(rank, id, code, side));
        }
    }
    // In the lists of both kinds the newest come first.
    entries.par_sort_by_key(|(term, posting)| (*term, posting.article));
    Index::of_entries(|| entries.iter().copied(), set.len(), asked.weights.longest)
}
