//! Byte strings of all slots, one after the other: what is looked through together lies together.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::site::bytes::{Reader, put};

/// For each slot some bytes, in a part of a file.
#[derive(Debug, Clone, Default)]
pub struct Column {
    file: Arc<Vec<u8>>,
    /// Where each slot's bytes end, in four bytes each.
    ends: Range<usize>,
    bytes: Range<usize>,
    /// What stands for the bytes of some slots since then.
    changed: FxHashMap<u32, Box<[u8]>>,
}

impl Column {
    /// The column that comes next in a file of so many slots.
    pub fn read(file: &Arc<Vec<u8>>, reader: &mut Reader, slots: usize) -> Option<Self> {
        let start = |reader: &Reader| file.len() - reader.0.len();
        let length = reader.length()?;
        let ends = start(reader);
        reader.take(slots.checked_mul(4)?)?;
        let bytes = start(reader);
        reader.take(length)?;
        Some(Self {
            file: file.clone(),
            ends: ends..bytes,
            bytes: bytes..bytes + length,
            changed: FxHashMap::default(),
        })
    }

    /// Reads what stands for the bytes of some slots, of which there may be more than before.
    pub fn read_changed(&mut self, reader: &mut Reader, slots: usize) -> Option<()> {
        for _ in 0..reader.length()? {
            let slot = reader.word().filter(|slot| (*slot as usize) < slots)?;
            let bytes = reader.part()?;
            self.changed.insert(slot, bytes.into());
        }
        Some(())
    }

    /// Writes what [`Self::read_changed`] reads.
    pub fn write_changed(out: &mut Vec<u8>, changed: &BTreeMap<u32, &[u8]>) {
        out.extend((changed.len() as u64).to_le_bytes());
        for (slot, bytes) in changed {
            out.extend(slot.to_le_bytes());
            put(out, bytes.len() as u32);
            out.extend_from_slice(bytes);
        }
    }

    /// Puts other bytes in the place of those of some slots.
    pub fn change(&mut self, slots: BTreeMap<u32, Vec<u8>>) {
        let slots = slots.into_iter();
        self.changed
            .extend(slots.map(|(slot, bytes)| (slot, bytes.into_boxed_slice())));
    }

    /// What stands for the bytes of some slots, in any order.
    pub fn changed(&self) -> impl Iterator<Item = (u32, &[u8])> {
        let changed = self.changed.iter();
        changed.map(|(slot, bytes)| (*slot, &**bytes))
    }

    /// As many slots as it can tell of.
    pub fn most_slots(&self) -> usize {
        self.ends.len() / 4 + self.changed.len()
    }

    /// How many bytes it takes.
    pub fn len(&self) -> usize {
        self.ends.len() + self.bytes.len()
    }

    fn end(&self, slot: usize) -> usize {
        let ends = &self.file[self.ends.clone()];
        let end = ends.get(slot * 4..).and_then(<[u8]>::first_chunk);
        end.map_or(0, |end| u32::from_le_bytes(*end) as usize)
    }

    /// The bytes of a slot; none for one that there is not.
    #[inline]
    pub fn get(&self, slot: usize) -> &[u8] {
        if let Some(changed) = self.changed.get(&(slot as u32)) {
            return changed;
        }
        &self.file[self.place(slot)]
    }

    /// Where the bytes of a slot lie, if they are as they were at first.
    #[inline]
    fn place(&self, slot: usize) -> Range<usize> {
        let start = if slot == 0 { 0 } else { self.end(slot - 1) };
        let end = self.end(slot);
        if start > end || end > self.bytes.len() {
            return 0..0;
        }
        self.bytes.start + start..self.bytes.start + end
    }

    /// The column as it was at first with other bytes for some slots, of which there may be more than
    /// before: what [`Self::read`] reads, in the parts in which it lies in memory.
    pub fn parts<'a>(
        &'a self,
        slots: usize,
        changed: &BTreeMap<u32, &'a [u8]>,
    ) -> Vec<Cow<'a, [u8]>> {
        let mut head = Vec::with_capacity(slots * 4 + 8);
        head.extend([0; 8]);
        let mut parts = vec![Cow::default()];
        let mut end = 0;
        let add = |parts: &mut Vec<Cow<'a, [u8]>>, run: Range<usize>| {
            if !run.is_empty() {
                parts.push(self.file[run].into());
            }
        };
        let mut changed = changed.iter().peekable();
        let mut run = 0..0;
        for slot in 0..slots {
            if let Some((_, bytes)) = changed.next_if(|(at, _)| **at as usize == slot) {
                add(&mut parts, std::mem::take(&mut run));
                parts.push((*bytes).into());
                end += bytes.len();
            } else {
                let place = self.place(slot);
                end += place.len();
                if place.start != run.end {
                    add(
                        &mut parts,
                        std::mem::replace(&mut run, place.start..place.start),
                    );
                }
                run.end = place.end;
            }
            head.extend((end as u32).to_le_bytes());
        }
        add(&mut parts, run);
        head[..8].copy_from_slice(&(end as u64).to_le_bytes());
        parts[0] = head.into();
        parts
    }
}

/// A column that is made slot by slot.
#[derive(Debug, Default)]
pub struct Growing {
    ends: Vec<u8>,
    bytes: Vec<u8>,
}

impl Growing {
    /// Adds the bytes of the next slot.
    pub fn push(&mut self, slot: &[u8]) {
        self.bytes.extend_from_slice(slot);
        self.ends.extend((self.bytes.len() as u32).to_le_bytes());
    }

    /// Makes room for so many slots in all, which are taken to be as long as those so far: a column
    /// that has to move when it has grown is held twice meanwhile.
    pub fn reserve(&mut self, slots: usize) {
        let known = self.ends.len() / 4;
        let Some(bytes) = (self.bytes.len() * slots).checked_div(known) else {
            return;
        };
        // A little more than that, and the ends, which come behind.
        let bytes = bytes + bytes / 16 + slots * 4;
        let more = bytes.saturating_sub(self.bytes.len());
        self.bytes.reserve_exact(more);
        let more = (slots * 4).saturating_sub(self.ends.len());
        self.ends.reserve_exact(more);
    }

    /// The column of all slots so far.
    pub fn finish(self) -> Column {
        let mut bytes = self.bytes;
        let at = bytes.len();
        bytes.extend(self.ends);
        bytes.shrink_to_fit();
        Column {
            ends: at..bytes.len(),
            bytes: 0..at,
            file: Arc::new(bytes),
            changed: FxHashMap::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::{btree_map, vec};
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_column_has_what_was_put_in_last(
            slots in vec(vec(any::<u8>(), 0..4), 0..12),
            more in 0..3_usize,
            changed in btree_map(0..14_u32, vec(any::<u8>(), 0..4), 0..6),
        ) {
            let mut growing = Growing::default();
            for slot in &slots {
                growing.push(slot);
            }
            let column = growing.finish();
            let count = slots.len() + more;
            let changed: BTreeMap<u32, &[u8]> = changed
                .iter()
                .filter(|(slot, _)| (**slot as usize) < count)
                .map(|(slot, bytes)| (*slot, bytes.as_slice()))
                .collect();
            let file = Arc::new([&[1, 2, 3], &*column.parts(count, &changed).concat()].concat());
            let mut reader = Reader(&file[3..]);
            let read = Column::read(&file, &mut reader, count).expect("it is whole");
            prop_assert!(reader.0.is_empty());
            for slot in 0..count {
                let before = slots.get(slot).map(Vec::as_slice).unwrap_or_default();
                let is = changed.get(&(slot as u32)).copied().unwrap_or(before);
                prop_assert_eq!(read.get(slot), is);
            }
            for cut in 0..file.len() - 3 {
                prop_assert!(Column::read(&file, &mut Reader(&file[3..3 + cut]), count).is_none());
            }
        }
    }
}
