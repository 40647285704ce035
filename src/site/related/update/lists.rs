//! Lists of articles by terms: those that are not what they were, and by whom.

use std::cmp::Reverse;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Asked;
use super::matching::{Matched, NONE};
use crate::site::related::finder::{are_of_one_length, is_copy};
use crate::site::related::index::Code;
use crate::site::related::kept::{Bar, Had, Kept, Part, Record, Side, Weighed};
use crate::site::related::set::Set;
use crate::site::related::vectors::Size;

/// An article that is in a list and was not, or the other way, or weighs something else there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moved {
    pub id: u32,
    pub side: Side,
    pub slot: u32,
    /// Whether it may weigh more.
    pub rose: bool,
}

/// An article with a term, in the last build or in this one.
#[derive(Debug, Clone, Copy)]
struct Entry {
    id: u32,
    side: Side,
    slot: u32,
    code: Code,
    was: bool,
    is: bool,
}

/// An article as it was, and as it is; either may be nothing.
pub struct Change<'a> {
    pub slot: u32,
    pub was: Option<&'a Record>,
    pub is: Option<&'a Record>,
    /// Whether all that others have in common with it counts as changed.
    pub is_whole: bool,
}

/// An article that has another length, by which copies are told.
#[derive(Debug, Clone, Copy)]
pub struct Resized {
    pub slot: u32,
    was: Size,
    is: Size,
}

impl Resized {
    /// If it may be a copy, or might have been one.
    fn of(change: &Change) -> Option<Self> {
        let (was, is) = (change.was?.head.size, change.is?.head.size);
        (was.words != is.words && (is_copy(was) || is_copy(is))).then_some(Self {
            slot: change.slot,
            was,
            is,
        })
    }

    /// Whether it makes a difference for a copy of this length.
    pub fn matters_to(&self, other: Size) -> bool {
        are_of_one_length(self.was, other) != are_of_one_length(self.is, other)
    }
}

/// What moved in which lists.
pub struct Moves {
    /// In order.
    pub all: Vec<Moved>,
    /// Their terms.
    pub terms: Set,
    pub resized: Vec<Resized>,
    /// Who has a term of which something moved, by slots; without those that are weighed anew.
    pub holders: Vec<Holder>,
}

/// An article that has a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holder {
    pub slot: u32,
    pub id: u32,
    /// Whether it is too light for the vector of the article, which finds by it only those that have it
    /// in their titles.
    pub is_light: bool,
}

/// Finds what moved, and sets the bars of lists to what they are now.
pub fn lists(asked: &Asked, kept: &mut Kept, matched: &Matched, changes: &[Change]) -> Moves {
    let touched = changes.iter().flat_map(touched);
    let touched = Set::new(
        kept.archive.terms.len(),
        touched.collect::<Vec<_>>().into_iter(),
    );
    let resized = changes.iter().filter_map(Resized::of).collect();
    if touched.is_empty() {
        return Moves {
            all: Vec::new(),
            terms: Set::default(),
            resized,
            holders: Vec::new(),
        };
    }
    let mut is_changed = vec![false; matched.slots()];
    let mut is_whole = vec![false; matched.slots()];
    for change in changes {
        is_changed[change.slot as usize] = true;
        is_whole[change.slot as usize] |= change.is_whole;
    }
    let is_other = |slot: u32| matched.is_same(slot as usize) && !is_changed[slot as usize];
    let mut holders = Vec::new();
    let mut entries: Vec<Entry> = Vec::new();
    for (part, side) in [
        (Part::Vector, Some(Side::Text)),
        (Part::Title, Some(Side::Title)),
        (Part::Light, None),
    ] {
        let having = kept.all_having(part, &touched).into_iter();
        for Had { id, slot, code } in having.filter(|had| is_other(had.slot)) {
            if part != Part::Title {
                let is_light = part == Part::Light;
                holders.push(Holder { slot, id, is_light });
            }
            entries.extend(side.map(|side| Entry {
                id,
                side,
                slot,
                code,
                was: true,
                is: true,
            }));
        }
    }
    for change in changes {
        for (record, was) in [(change.was, true), (change.is, false)] {
            let Some(record) = record else { continue };
            for (weighed, side) in [(&record.vector, Side::Text), (&record.title, Side::Title)] {
                let found = weighed.iter().filter(|(id, _)| touched.has(*id));
                entries.extend(found.map(|(id, code)| Entry {
                    id,
                    side,
                    slot: change.slot,
                    code,
                    was,
                    is: !was,
                }));
            }
        }
    }
    entries.par_sort_unstable_by_key(|entry| (entry.id, entry.side));
    let longest = asked.weights.longest;
    let lists: Vec<&[Entry]> = entries
        .chunk_by(|a, b| (a.id, a.side) == (b.id, b.side))
        .collect();
    let found: Vec<(Vec<Moved>, Option<Bar>)> = lists
        .into_par_iter()
        .map(|list| compare(list, matched, &is_whole, longest))
        .collect();
    let bars = &mut kept.archive.bars;
    bars.retain(|bar| !touched.has(bar.id));
    let mut moved = Vec::new();
    for (in_list, bar) in found {
        moved.extend(in_list);
        bars.extend(bar);
    }
    bars.sort_unstable();
    let ids = moved.iter().map(|moved: &Moved| moved.id);
    let terms = Set::new(kept.archive.terms.len(), ids);
    holders.retain(|holder: &Holder| terms.has(holder.id));
    holders.sort_unstable();
    Moves {
        all: moved,
        terms,
        resized,
        holders,
    }
}

/// The terms whose lists an article may change.
fn touched(change: &Change) -> Vec<u32> {
    let empty = Record::default();
    let [was, is] = [change.was, change.is].map(|record| record.unwrap_or(&empty));
    let mut ids = Vec::new();
    for (was, is) in [(&was.vector, &is.vector), (&was.title, &is.title)] {
        if change.is_whole {
            ids.extend(was.ids.iter().chain(&is.ids));
        } else {
            ids.extend(was.not_in(is).chain(is.not_in(was)));
        }
    }
    ids
}

/// What moved in a list, and where it is cut now.
fn compare(
    list: &[Entry],
    matched: &Matched,
    is_whole: &[bool],
    longest: usize,
) -> (Vec<Moved>, Option<Bar>) {
    let was = list.iter().filter(|entry| entry.was);
    let mut was = best(was, &matched.old_rank_of, longest);
    let is = list.iter().filter(|entry| entry.is);
    let mut is = best(is, &matched.rank_of, longest);
    let (id, side) = (list[0].id, list[0].side);
    let lowest = is.iter().max().copied().filter(|_| is.len() >= longest);
    let bar = lowest.map(|(Reverse(code), _, slot)| Bar {
        id,
        side,
        code,
        slot,
    });
    was.sort_unstable_by_key(|(.., slot)| *slot);
    is.sort_unstable_by_key(|(.., slot)| *slot);
    let mut moved = Vec::new();
    let (mut was, mut is) = (was.iter().peekable(), is.iter().peekable());
    loop {
        let slots = [was.peek(), is.peek()].map(|next| next.map_or(NONE, |next| next.2));
        let slot = slots[0].min(slots[1]);
        if slot == NONE {
            return (moved, bar);
        }
        let before = was.next_if(|next| next.2 == slot).map(|next| next.0.0);
        let now = is.next_if(|next| next.2 == slot).map(|next| next.0.0);
        let is_whole = is_whole[slot as usize];
        if before != now || is_whole {
            moved.push(Moved {
                id,
                side,
                slot,
                rose: is_whole || now > before,
            });
        }
    }
}

type Listed = (Reverse<Code>, u32, u32);

/// The entries of a list that stay when it is cut, by weight and rank.
fn best<'a>(
    entries: impl Iterator<Item = &'a Entry>,
    ranks: &[u32],
    longest: usize,
) -> Vec<Listed> {
    let rank = |slot: u32| ranks.get(slot as usize).copied().unwrap_or(NONE);
    let entries = entries.map(|entry| (Reverse(entry.code), rank(entry.slot), entry.slot));
    let mut list: Vec<Listed> = entries.collect();
    if list.len() > longest {
        list.select_nth_unstable(longest);
        list.truncate(longest);
    }
    list
}

/// Tells which articles are in the lists of terms.
pub struct Bars<'a> {
    kept: &'a Kept,
    matched: &'a Matched,
    places: FxHashMap<(u32, Side), usize>,
}

impl<'a> Bars<'a> {
    pub fn new(kept: &'a Kept, matched: &'a Matched) -> Self {
        let bars = kept.archive.bars.iter();
        Self {
            kept,
            matched,
            places: bars
                .zip(0..)
                .map(|(bar, at)| ((bar.id, bar.side), at))
                .collect(),
        }
    }

    /// The last of a list, by weight and rank, if it is cut.
    pub fn last(&self, id: u32, side: Side) -> Option<(Reverse<Code>, u32)> {
        let bar = &self.kept.archive.bars[*self.places.get(&(id, side))?];
        Some((
            Reverse(bar.code),
            self.matched.rank(bar.slot).unwrap_or(NONE),
        ))
    }

    /// Those of an article's terms by which it is found.
    pub fn listed(&self, weighed: &Weighed, side: Side, rank: u32) -> Weighed {
        let is_listed = |(id, code): &(u32, Code)| {
            let last = self.last(*id, side);
            last.is_none_or(|last| (Reverse(*code), rank) <= last)
        };
        let (ids, codes) = weighed.iter().filter(is_listed).unzip();
        Weighed { ids, codes }
    }
}
