//! Articles of which everything is found anew: an index of the terms that these have, and no more.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::Asked;
use super::lists::Bars;
use super::view::View;
use crate::site::ArticleId;
use crate::site::related::finder::{Finder, Judge, Ranked, Scratch};
use crate::site::related::index::{Code, Index, Posting};
use crate::site::related::kept::{Had, Kind, Side, Weighed};
use crate::site::related::set::Set;
use crate::site::related::vectors::Vector;
use crate::site::related::vocabulary::TermId;

/// Terms whose lists a thread makes at a time.
const TERMS: usize = 64;

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
    let sides = [(Side::Text, heavy), (Side::Title, set)];
    let sides = sides.map(|(side, wanted)| (side, wanted, view.having(side, wanted)));
    let ids: Vec<u32> = set.ids().collect();
    let parts = ids.par_chunks(TERMS).map(|ids| {
        let mut part = Index::default();
        let (mut found, mut list) = (Vec::new(), Vec::new());
        for id in ids {
            list.clear();
            for (side, _, by) in sides.iter().filter(|(_, wanted, _)| wanted.has(*id)) {
                let bar = bars.last(*id, *side);
                let least = bar.map_or(Code::default(), |(Reverse(code), _)| code);
                by.of(*id, least, &mut found);
                let posting = |had: &Had| {
                    let rank = view.matched.rank(had.slot)?;
                    let is_listed = bar.is_none_or(|bar| (Reverse(had.code), rank) <= bar);
                    is_listed.then(|| Posting::new(rank, *side, had.code))
                };
                let from = list.len();
                list.extend(found.iter().filter_map(posting));
                // The newest first, as lists are searched.
                list[from..].sort_unstable_by_key(|posting: &Posting| posting.article);
            }
            part.push(&list, asked.weights.longest);
        }
        part
    });
    Index::of_parts(parts.collect())
}
