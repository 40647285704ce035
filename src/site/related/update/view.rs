//! What each article has now: as it was kept, or as it was weighed anew.

use rustc_hash::FxHashMap;

use super::matching::Matched;
use crate::site::related::index::Code;
use crate::site::related::kept::{self, Had, Ids, Kept, Part, Record, Side, Weighed};
use crate::site::related::set::Set;

/// Articles by their slots.
pub struct View<'a> {
    pub kept: &'a Kept,
    pub matched: &'a Matched,
    /// Those that were weighed anew.
    pub anew: &'a FxHashMap<u32, Record>,
}

impl View<'_> {
    /// The vector of an article, into the same memory.
    pub fn vector(&self, slot: u32, into: &mut Weighed) {
        match self.anew.get(&slot) {
            Some(record) => into.clone_from(&record.vector),
            None => into.decode(self.kept.get(Part::Vector, slot as usize)),
        }
    }

    /// What the title of an article gives.
    pub fn title(&self, slot: u32, into: &mut Weighed) {
        match self.anew.get(&slot) {
            Some(record) => into.clone_from(&record.title),
            None => into.decode(self.kept.get(Part::Title, slot as usize)),
        }
    }

    /// The articles that have some terms.
    pub fn having(&self, side: Side, terms: &Set) -> Having<'_> {
        let (part, of): (Part, fn(&Record) -> &Weighed) = match side {
            Side::Text => (Part::Vector, |record| &record.vector),
            Side::Title => (Part::Title, |record| &record.title),
        };
        let mut is_anew = vec![false; self.matched.slots()];
        let mut anew = Vec::new();
        for (slot, record) in self.anew {
            is_anew[*slot as usize] = true;
            let wanted = of(record).iter().filter(|(id, _)| terms.has(*id));
            let slot = *slot;
            anew.extend(wanted.map(|(id, code)| Had { id, slot, code }));
        }
        anew.sort();
        Having {
            kept: self.kept.having(part, terms),
            is_anew,
            anew,
        }
    }

    /// What the article has that is too light for its vector.
    pub fn light(&self, slot: u32, into: &mut Vec<u32>) {
        if let Some(record) = self.anew.get(&slot) {
            into.clone_from(&record.light);
        } else {
            into.clear();
            into.extend(Ids::new(self.kept.get(Part::Light, slot as usize)));
        }
    }
}

/// The articles that have some terms now, by term.
pub struct Having<'a> {
    kept: kept::Having<'a>,
    /// By slot, whether it was weighed anew…
    is_anew: Vec<bool>,
    /// …and what these have, by terms.
    anew: Vec<Had>,
}

impl Having<'_> {
    /// The articles in which a term weighs so much or more, into the same memory, in no order.
    pub fn of(&self, id: u32, least: Code, into: &mut Vec<Had>) {
        into.clear();
        self.kept.add(id, least, into);
        into.retain(|had| !self.is_anew[had.slot as usize]);
        let start = self.anew.partition_point(|had| had.id < id);
        let anew = self.anew[start..].iter().take_while(|had| had.id == id);
        into.extend(anew.filter(|had| had.code >= least));
    }
}

/// Tells of each term that two vectors share its weights in both.
#[inline]
pub fn shared<T: Copy>(
    ours: (&[u32], &[T]),
    theirs: (&[u32], &[T]),
    mut each: impl FnMut(u32, T, T),
) {
    let (mut at, mut their) = (0, 0);
    while let (Some(id), Some(other)) = (ours.0.get(at), theirs.0.get(their)) {
        if id == other {
            each(*id, ours.1[at], theirs.1[their]);
        }
        // Steps without a branch, which nobody could foresee.
        let order = (id <= other, other <= id);
        at += usize::from(order.0);
        their += usize::from(order.1);
    }
}
