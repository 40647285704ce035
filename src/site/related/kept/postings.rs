//! For each term the slots that have it: a look into these costs what is found, where one through
//! the columns costs what there is. They are worth making where one edit follows another.

use rustc_hash::FxHashMap;

use super::bytes::{Reader, put};
use crate::site::related::index::Code;

/// A term of a slot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Had {
    pub id: u32,
    pub slot: u32,
    /// What it weighs; the default where terms have no weights.
    pub(in crate::site::related) code: Code,
}

/// The slots that have each term.
#[derive(Debug, Clone, Default)]
pub struct Postings {
    /// Where the list of each term begins; one more at the end.
    starts: Vec<u32>,
    /// The lists: steps from slot to slot, each with a weight.
    lists: Vec<u8>,
    /// By slot, whether it has other terms than the lists say…
    is_other: Vec<bool>,
    /// …and which these are.
    others: FxHashMap<u32, Vec<(u32, Code)>>,
}

impl Postings {
    /// Of so many slots and terms, which take less than 2³² bytes.
    ///
    /// `each`: tells of each term of a slot.
    pub fn new(slots: usize, terms: usize, each: impl Fn(u32, &mut dyn FnMut(u32, Code))) -> Self {
        // How long the lists are, before they are written next to each other.
        let mut ends = vec![0_u32; terms + 1];
        let mut last = vec![0_u32; terms];
        let mut step = Vec::new();
        for slot in 0..slots as u32 {
            each(slot, &mut |id, _| {
                step.clear();
                put(&mut step, slot - last[id as usize]);
                last[id as usize] = slot;
                ends[id as usize + 1] += step.len() as u32 + 1;
            });
        }
        for at in 1..ends.len() {
            ends[at] += ends[at - 1];
        }
        let starts = ends.clone();
        let mut lists = vec![0; ends[terms] as usize];
        last.fill(0);
        for slot in 0..slots as u32 {
            each(slot, &mut |id, code| {
                step.clear();
                put(&mut step, slot - last[id as usize]);
                step.push(code.byte());
                last[id as usize] = slot;
                let end = &mut ends[id as usize];
                let start = *end as usize;
                *end += step.len() as u32;
                lists[start..*end as usize].copy_from_slice(&step);
            });
        }
        Self {
            starts,
            lists,
            is_other: vec![false; slots],
            others: FxHashMap::default(),
        }
    }

    /// Adds the slots that have a term, in order.
    pub fn of(&self, id: u32, found: &mut Vec<Had>) {
        let from = found.len();
        if let Some([start, end]) = self.starts.get(id as usize..id as usize + 2) {
            let mut list = Reader(&self.lists[*start as usize..*end as usize]);
            let mut slot = 0;
            while let Some(step) = list.number() {
                slot += step;
                let code = list.take(1).map_or(0, |code| code[0]);
                if !self.is_other(slot) {
                    let code = Code::of_byte(code);
                    found.push(Had { id, slot, code });
                }
            }
        }
        if let Some(others) = self.others.get(&id) {
            found.extend(others.iter().map(|(slot, code)| Had {
                id,
                slot: *slot,
                code: *code,
            }));
            found[from..].sort_unstable();
        }
    }

    fn is_other(&self, slot: u32) -> bool {
        self.is_other.get(slot as usize).is_some_and(|other| *other)
    }

    /// Gives a slot other terms than it had.
    pub fn change(&mut self, slot: u32, was: &[(u32, Code)], is: &[(u32, Code)]) {
        if self.is_other(slot) {
            for (id, _) in was {
                if let Some(others) = self.others.get_mut(id) {
                    others.retain(|(other, _)| *other != slot);
                }
            }
        }
        if self.is_other.len() <= slot as usize {
            self.is_other.resize(slot as usize + 1, false);
        }
        self.is_other[slot as usize] = true;
        for (id, code) in is {
            self.others.entry(*id).or_default().push((slot, *code));
        }
    }

    /// Whether so much has changed that the lists had better be made again.
    pub fn are_old(&self) -> bool {
        let others = self.is_other.iter().filter(|other| **other).count();
        others > self.is_other.len() / 8
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;

    use super::*;

    type Terms = BTreeMap<u32, u8>;

    fn coded(terms: &Terms) -> Vec<(u32, Code)> {
        let terms = terms.iter();
        terms
            .map(|(id, code)| (*id, Code::of_byte(*code)))
            .collect()
    }

    proptest! {
        #[test]
        fn a_list_has_whoever_has_the_term_now(
            mut slots in vec(btree_map(0..6_u32, any::<u8>(), 0..4), 1..300),
            changes in vec((0..310_usize, btree_map(0..9_u32, any::<u8>(), 0..4)), 0..12),
        ) {
            let mut postings = Postings::new(slots.len(), 6, |slot, each| {
                for (id, code) in coded(&slots[slot as usize]) {
                    each(id, code);
                }
            });
            for (slot, is) in changes {
                slots.resize_with(slots.len().max(slot + 1), Terms::new);
                postings.change(slot as u32, &coded(&slots[slot]), &coded(&is));
                slots[slot] = is;
            }
            for id in 0..10 {
                let mut found = Vec::new();
                postings.of(id, &mut found);
                let has = |(slot, terms): (u32, &Terms)| {
                    let code = Code::of_byte(*terms.get(&id)?);
                    Some(Had { id, slot, code })
                };
                let expected: Vec<Had> = (0..).zip(&slots).filter_map(has).collect();
                prop_assert_eq!(found, expected);
            }
        }
    }
}
