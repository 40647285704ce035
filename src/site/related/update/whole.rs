//! Articles of which everything is found anew: an index of the terms that these have, and no more.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::Asked;
use super::lists::Bars;
use super::view::View;
use crate::site::ArticleId;
use crate::site::related::finder::{Finder, Judge, Ranked, Scratch};
use crate::site::related::index::{Index, Posting};
use crate::site::related::kept::{Had, Kind, Side, Weighed};
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
    let mut entries: Vec<(TermId, Posting)> = Vec::new();
    for (side, wanted) in [(Side::Text, heavy), (Side::Title, set)] {
        let having = view.having(side, wanted);
        for having in having.chunk_by(|a, b| a.id == b.id) {
            let last = bars.last(having[0].id, side);
            let place = set.place(having[0].id).map(TermId);
            let entry = |had: &Had| {
                let rank = view.matched.rank(had.slot)?;
                let is_listed = last.is_none_or(|last| (Reverse(had.code), rank) <= last);
                let posting = Posting::new(rank, side, had.code);
                is_listed.then_some((place?, posting))
            };
            entries.extend(having.iter().filter_map(entry));
        }
    }
    // In lists of both kinds the newest come first, as they do already where slots are in that order.
    entries.sort_by_key(|(term, posting)| (*term, posting.article));
    Index::of_entries(|| entries.iter().copied(), set.len(), asked.weights.longest)
}
