//! Why suggestions are made that are new, or whose articles are not what they were.

use std::cmp::Reverse;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Asked;
use super::pairs::{Standing, Told};
use super::reading::{Said, read};
use super::view::{View, shared};
use crate::site::ArticleId;
use crate::site::related::blocks::REASONS;
use crate::site::related::kept::{Kind, Weighed};
use crate::site::related::links::Links;
use crate::site::related::{Reason, Spelled};

/// Finds the reasons that are missing. `said`: what articles say that were read already.
pub fn complete<'a>(
    asked: &Asked,
    view: &View,
    links: &Links,
    tags: &FxHashMap<u32, u32>,
    said: impl Iterator<Item = &'a Said>,
    standings: &mut [Standing],
) {
    let said: FxHashMap<u32, &Said> = said.map(|said| (said.rank, said)).collect();
    let lacks = |standing: &Standing| match standing {
        Standing::Told(told) => told.reasons.iter().any(Option::is_none),
        Standing::Kept | Standing::Unknown => false,
    };
    let all = (0..)
        .zip(&*standings)
        .filter(|(_, standing)| lacks(standing));
    let unread = all
        .map(|(rank, _)| rank)
        .filter(|rank| !said.contains_key(rank));
    let unread: Vec<u32> = unread.collect();
    let again = read(asked, &unread);
    let again: FxHashMap<u32, &Said> = again.iter().map(|said| (said.rank, said)).collect();
    standings
        .par_iter_mut()
        .enumerate()
        .for_each(|(rank, standing)| {
            let rank = rank as u32;
            let Some(said) = said.get(&rank).or_else(|| again.get(&rank)) else {
                return;
            };
            let Standing::Told(Told { ranked, reasons }) = standing else {
                return;
            };
            for ((_, other), reasons) in ranked.best.iter().zip(reasons) {
                if reasons.is_none() {
                    *reasons = Some(find(rank, *other, view, links, tags, said));
                }
            }
        });
}

fn find(
    of: u32,
    other: u32,
    view: &View,
    links: &Links,
    tags: &FxHashMap<u32, u32>,
    said: &Said,
) -> Box<[Reason]> {
    let terms = &view.kept.archive.terms;
    let [ours, theirs] = [of, other].map(|rank| {
        let mut vector = Weighed::default();
        view.vector(view.matched.slot(rank), &mut vector);
        vector
    });
    let mut common: Vec<(u32, u32)> = Vec::new();
    let [our_terms, their_terms] = [&ours, &theirs].map(|it| (&*it.ids, &*it.codes));
    shared(our_terms, their_terms, |id, ours, theirs| {
        common.push((ours.times(theirs), id));
    });
    common.retain(|(product, _)| *product > 0);
    let number = |id: u32| tags.get(&id).map_or(0, |tag| u64::from(*tag));
    let order = |id: u32| match terms.kind(id) {
        Kind::Tag => (Kind::Tag, number(id), 0),
        _ => terms.rank(id),
    };
    common.sort_unstable_by_key(|(product, id)| (Reverse(*product), order(*id)));
    let word = |id: u32| said.spelling(terms.meaning(id));
    let spell = |id: u32| match terms.kind(id) {
        Kind::Word => Spelled::Text(word(id).into()),
        Kind::Phrase => {
            let (first, second) = terms.words(id);
            Spelled::Text(format!("{} {}", word(first), word(second)).into())
        }
        Kind::Tag => match tags.get(&id) {
            Some(tag) => Spelled::Tag(*tag),
            None => Spelled::Text(Box::default()),
        },
    };
    let strongest = common.into_iter().take(REASONS);
    let strongest = strongest.map(|(_, id)| Reason::Shared(spell(id)));
    let are_linked = links.are_linked(ArticleId(of), ArticleId(other));
    strongest
        .chain(are_linked.then_some(Reason::Linked))
        .collect()
}
