//! What each article has now: as it was kept, or as it was weighed anew.

use rustc_hash::FxHashMap;

use super::matching::Matched;
use crate::site::related::kept::{Ids, Kept, Part, Record, Weighed};

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
