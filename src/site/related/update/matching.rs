//! Which article is which: those of the last build and those of this one.

use rustc_hash::FxHashMap;

use super::Asked;
use crate::site::related::ArticleKey;
use crate::site::related::kept::{Head, Kept, Part};
use crate::site::related::weights::quarters;

/// No rank, or no slot.
pub const NONE: u32 = u32::MAX;

/// Slots and ranks. Ranks are those of this build.
#[derive(Debug)]
pub struct Matched {
    /// The slot of each article.
    pub slot_of: Vec<u32>,
    /// The rank of what is in each slot now, or [`NONE`].
    pub rank_of: Vec<u32>,
    /// The rank of what was in each slot, in the last build, or [`NONE`].
    pub old_rank_of: Vec<u32>,
    /// The ranks of articles that the last build had not, or had at another place, ascending.
    pub fresh: Vec<u32>,
    /// The ranks of articles that say something else than they did, ascending.
    pub retold: Vec<u32>,
    /// The slots of what the last build had and this has not, ascending.
    pub gone: Vec<u32>,
    holds: Vec<Holds>,
}

/// What a slot holds now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// What it held before.
    Same,
    /// The same article, which says something else.
    Retold,
    /// Another article than before, or none.
    Another,
}

impl Matched {
    /// `None` if so much is new that nothing is won by going on from what was.
    pub fn new(kept: &Kept, asked: &Asked) -> Option<Self> {
        let keys = &asked.keys;
        let order = &kept.archive.order;
        let old_key = |rank: usize| Head::decode(kept.get(Part::Head, order[rank] as usize)).key;
        if quarters(order.len()) != quarters(keys.len()) {
            return None;
        }
        let mut slot_of = vec![NONE; keys.len()];
        let mut gone: Vec<u32> = Vec::new();
        // Most of both are the same, and in one order.
        let both = order.len().min(keys.len());
        let start = (0..both).take_while(|at| old_key(*at) == keys[*at]).count();
        let is_end = |at: &usize| old_key(order.len() - 1 - at) == keys[keys.len() - 1 - at];
        let end = (0..both - start).take_while(is_end).count();
        slot_of[..start].copy_from_slice(&order[..start]);
        slot_of[keys.len() - end..].copy_from_slice(&order[order.len() - end..]);
        let mut middle: FxHashMap<ArticleKey, u32> = FxHashMap::default();
        let old_middle = &order[start..order.len() - end];
        for (rank, slot) in (start..).zip(old_middle) {
            if let Some(twice) = middle.insert(old_key(rank), *slot) {
                gone.push(twice);
            }
        }
        let mut fresh: Vec<u32> = Vec::new();
        for rank in start..keys.len() - end {
            match middle.remove(&keys[rank]) {
                Some(slot) => slot_of[rank] = slot,
                None => fresh.push(rank as u32),
            }
        }
        let mut left = FxHashMap::default();
        for (key, slot) in middle {
            gone.extend(left.insert(key.place, slot));
        }
        let mut retold = Vec::new();
        fresh.retain(|rank| {
            let slot = left.remove(&keys[*rank as usize].place);
            if let Some(slot) = slot {
                slot_of[*rank as usize] = slot;
                retold.push(*rank);
            }
            slot.is_none()
        });
        gone.extend(left.into_values());
        gone.sort_unstable();
        if fresh.len() + retold.len() + gone.len() > keys.len() / 4 {
            return None;
        }
        let mut old_rank_of = vec![NONE; kept.slots];
        for (rank, slot) in (0..).zip(order) {
            old_rank_of[*slot as usize] = rank;
        }
        let empty = (0..).zip(&old_rank_of).filter(|(_, rank)| **rank == NONE);
        let empty: Vec<u32> = empty.map(|(slot, _)| slot).collect();
        if empty.len() > keys.len() / 4 {
            return None;
        }
        let more = kept.slots as u32..;
        let free = gone.iter().copied().chain(empty).chain(more);
        for (rank, slot) in fresh.iter().zip(free) {
            slot_of[*rank as usize] = slot;
        }
        let slots = slot_of.iter().map(|slot| *slot as usize + 1).max();
        let slots = slots.unwrap_or(0).max(kept.slots);
        old_rank_of.resize(slots, NONE);
        let mut rank_of = vec![NONE; slots];
        for (rank, slot) in (0..).zip(&slot_of) {
            rank_of[*slot as usize] = rank;
        }
        let mut holds = vec![Holds::Same; slots];
        for rank in &retold {
            holds[slot_of[*rank as usize] as usize] = Holds::Retold;
        }
        for slot in gone
            .iter()
            .chain(fresh.iter().map(|rank| &slot_of[*rank as usize]))
        {
            holds[*slot as usize] = Holds::Another;
        }
        Some(Self {
            slot_of,
            rank_of,
            old_rank_of,
            fresh,
            retold,
            gone,
            holds,
        })
    }

    pub fn slots(&self) -> usize {
        self.rank_of.len()
    }

    pub fn slot(&self, rank: u32) -> u32 {
        self.slot_of[rank as usize]
    }

    /// The rank of what is in a slot, if anything is.
    pub fn rank(&self, slot: u32) -> Option<u32> {
        let rank = self.rank_of.get(slot as usize).copied();
        rank.filter(|rank| *rank != NONE)
    }

    /// The rank of the article in a slot, if it was there before, whatever it says.
    pub fn known(&self, slot: u32) -> Option<u32> {
        self.rank(slot)
            .filter(|_| self.holds[slot as usize] != Holds::Another)
    }

    /// Whether there is an article in a slot that was there before and says what it said.
    pub fn is_same(&self, slot: usize) -> bool {
        self.holds[slot] == Holds::Same && self.rank_of[slot] != NONE
    }

    /// The ranks of articles that nobody knows as they are now, ascending.
    pub fn unknown(&self) -> Vec<u32> {
        let mut ranks = [&*self.fresh, &*self.retold].concat();
        ranks.sort_unstable();
        ranks
    }

    /// The slots of what the last build had and is no longer as it was, or not there.
    pub fn was_otherwise(&self) -> impl Iterator<Item = u32> + '_ {
        let retold = self.retold.iter().map(|rank| self.slot(*rank));
        self.gone.iter().copied().chain(retold)
    }
}
