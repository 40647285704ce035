//! For each term the slots that have it: a look into these costs what is found, where one through
//! the columns costs what there is. They are worth making where one edit follows another.

use rustc_hash::FxHashMap;

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
    /// The lists: where a term weighs most comes first, and then by slots.
    lists: Vec<Posting>,
    /// By slot, whether it has other terms than the lists say…
    is_other: Vec<bool>,
    /// …and which these are.
    others: FxHashMap<u32, Vec<(u32, Code)>>,
}

/// A slot and a weight in four bytes, in the order of lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Posting(u32);

impl Posting {
    fn new(slot: u32, code: Code) -> Self {
        Self(u32::from(!code.byte()) << SLOT_BITS | slot)
    }

    fn slot(self) -> u32 {
        self.0 & (MOST_SLOTS as u32 - 1)
    }

    fn code(self) -> Code {
        Code::of_byte(!((self.0 >> SLOT_BITS) as u8))
    }
}

const SLOT_BITS: u32 = 24;

/// Slots for which there can be postings.
pub const MOST_SLOTS: usize = 1 << SLOT_BITS;

impl Postings {
    /// Of so many slots, at most [`MOST_SLOTS`], and terms.
    ///
    /// `each`: tells of each term of a slot.
    pub fn new(slots: usize, terms: usize, each: impl Fn(u32, &mut dyn FnMut(u32, Code))) -> Self {
        let mut starts = vec![0_u32; terms + 1];
        for slot in 0..slots as u32 {
            each(slot, &mut |id, _| starts[id as usize + 1] += 1);
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut ends = starts.clone();
        let mut lists = vec![Posting::default(); starts[terms] as usize];
        for slot in 0..slots as u32 {
            each(slot, &mut |id, code| {
                let end = &mut ends[id as usize];
                lists[*end as usize] = Posting::new(slot, code);
                *end += 1;
            });
        }
        for list in starts.windows(2) {
            lists[list[0] as usize..list[1] as usize].sort_unstable();
        }
        Self {
            starts,
            lists,
            is_other: vec![false; slots],
            others: FxHashMap::default(),
        }
    }

    /// Adds the slots in which a term weighs so much or more, in no order.
    pub fn add(&self, id: u32, least: Code, found: &mut Vec<Had>) {
        if let Some([start, end]) = self.starts.get(id as usize..id as usize + 2) {
            let list = &self.lists[*start as usize..*end as usize];
            let list = list.iter().take_while(|posting| posting.code() >= least);
            let had = list.map(|posting| Had {
                id,
                slot: posting.slot(),
                code: posting.code(),
            });
            found.extend(had.filter(|had| !self.is_other(had.slot)));
        }
        if let Some(others) = self.others.get(&id) {
            let others = others.iter().filter(|(_, code)| *code >= least);
            found.extend(others.map(|(slot, code)| Had {
                id,
                slot: *slot,
                code: *code,
            }));
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
            for (id, least) in (0..10).flat_map(|id| [(id, 0), (id, 100)]) {
                let least = Code::of_byte(least);
                let mut found = Vec::new();
                postings.add(id, least, &mut found);
                found.sort();
                let has = |(slot, terms): (u32, &Terms)| {
                    let code = Code::of_byte(*terms.get(&id)?);
                    (code >= least).then_some(Had { id, slot, code })
                };
                let expected: Vec<Had> = (0..).zip(&slots).filter_map(has).collect();
                prop_assert_eq!(found, expected);
            }
        }
    }
}
