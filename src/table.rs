//! A table of numbers by keys, for many look-ups at a time.
//!
//! A look-up in a large table waits for memory. Maps for all purposes wait for one after the
//! other, in two places each; here a key stands beside its number, and the slots of a whole block
//! of keys can be on their way together.

use std::num::NonZeroU64;

/// Numbers by keys.
#[derive(Debug)]
pub struct Table {
    /// A power of two of them, at least a third empty; what finds its slot taken comes after it.
    slots: Vec<Option<(NonZeroU64, u64)>>,
    len: usize,
}

impl Default for Table {
    fn default() -> Self {
        Self::with_capacity(0)
    }
}

impl Table {
    /// How many keys to [`fetch`](Self::fetch) at a time.
    pub const AHEAD: usize = 64;

    /// An empty table with room for so many keys.
    #[must_use]
    pub fn with_capacity(keys: usize) -> Self {
        let slots = (keys * 3 / 2).max(8).next_power_of_two();
        Self {
            slots: vec![None; slots],
            len: 0,
        }
    }

    /// Gives a key, which must be new, a number.
    pub fn insert(&mut self, key: NonZeroU64, number: u64) {
        self.len += 1;
        if self.len * 3 > self.slots.len() * 2 {
            let mut larger = Self::with_capacity(self.len * 2);
            for (key, number) in self.slots.iter().flatten() {
                larger.place(*key, *number);
            }
            self.slots = larger.slots;
        }
        self.place(key, number);
    }

    fn place(&mut self, key: NonZeroU64, number: u64) {
        let mut at = self.home(key);
        while self.slots[at].is_some() {
            at = self.next(at);
        }
        self.slots[at] = Some((key, number));
    }

    /// The number of a key.
    #[inline]
    #[must_use]
    pub fn get(&self, key: NonZeroU64) -> Option<u64> {
        let mut at = self.home(key);
        loop {
            match self.slots[at] {
                Some((found, number)) if found == key => return Some(number),
                Some(_) => at = self.next(at),
                None => return None,
            }
        }
    }

    /// Reads where keys would be, so that they are near when they are asked for next.
    #[inline]
    pub fn fetch(&self, keys: impl Iterator<Item = NonZeroU64>) {
        let read = |seen, key| seen ^ self.slots[self.home(key)].is_some();
        std::hint::black_box(keys.fold(false, read));
    }

    /// The slot that a key would like to have.
    #[inline]
    fn home(&self, key: NonZeroU64) -> usize {
        // Fibonacci hashing: the highest bits of the product depend on all bits of the key.
        let mixed = key.get().wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> (self.slots.len().leading_zeros() + 1)) as usize
    }

    fn next(&self, slot: usize) -> usize {
        (slot + 1) & (self.slots.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_has_what_was_put_in_and_nothing_else(
            inside in vec((1..400_u64, any::<u64>()), 0..300),
            asked in vec(1..400_u64, 0..300),
            capacity in 0..100_usize,
            spread in 0..60_u32,
        ) {
            let key = |key: u64| NonZeroU64::new(key.rotate_left(spread)).unwrap();
            let inside: BTreeMap<u64, u64> = inside.into_iter().collect();
            let mut table = Table::with_capacity(capacity);
            for (at, number) in &inside {
                table.insert(key(*at), *number);
            }
            table.fetch(asked.iter().map(|at| key(*at)));
            for at in asked {
                prop_assert_eq!(table.get(key(at)), inside.get(&at).copied());
            }
        }
    }
}
