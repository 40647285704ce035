//! How numbers are written in what is kept and in the files of a search. What is read need not be
//! what was written: a number that is cut off is 0, and a list that is cut off ends.

/// Writes a number, seven bits a byte, the lowest first.
pub fn put(out: &mut Vec<u8>, number: u32) {
    let mut rest = number;
    while rest >= 0x80 {
        out.push(rest as u8 | 0x80);
        rest >>= 7;
    }
    out.push(rest as u8);
}

/// Reads numbers one after the other.
#[derive(Debug, Clone, Copy)]
pub struct Reader<'a>(pub &'a [u8]);

impl<'a> Reader<'a> {
    pub fn number(&mut self) -> Option<u32> {
        let (first, rest) = self.0.split_first()?;
        if *first < 0x80 {
            self.0 = rest;
            return Some(u32::from(*first));
        }
        let mut number = 0_u32;
        for (at, byte) in self.0.iter().enumerate().take(5) {
            number |= u32::from(byte & 0x7f) << (7 * at);
            if *byte < 0x80 {
                self.0 = &self.0[at + 1..];
                return Some(number);
            }
        }
        None
    }

    /// A number, or 0 where there is none.
    pub fn next(&mut self) -> u32 {
        self.number().unwrap_or(0)
    }

    pub fn take(&mut self, bytes: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(bytes)?;
        self.0 = rest;
        Some(taken)
    }

    /// Four bytes.
    pub fn word(&mut self) -> Option<u32> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        Some(u32::from_le_bytes(*taken))
    }

    /// Eight bytes that are a length.
    pub fn length(&mut self) -> Option<usize> {
        let (taken, rest) = self.0.split_first_chunk()?;
        self.0 = rest;
        usize::try_from(u64::from_le_bytes(*taken)).ok()
    }

    /// What a length before it says.
    pub fn part(&mut self) -> Option<&'a [u8]> {
        let length = self.number()?;
        self.take(length as usize)
    }
}

/// Stands before a step that takes four bytes.
const LONG: u16 = u16::MAX;

/// Writes ascending numbers, as their steps in two bytes each, which is what can be read fastest:
/// most lists are only looked through.
pub fn put_ids(out: &mut Vec<u8>, ids: impl Iterator<Item = u32>) {
    let mut last = 0;
    for id in ids {
        let step = id.wrapping_sub(last);
        last = id;
        match u16::try_from(step) {
            Ok(step) if step != LONG => out.extend(step.to_le_bytes()),
            _ => {
                out.extend(LONG.to_le_bytes());
                out.extend(step.to_le_bytes());
            }
        }
    }
}

/// The numbers that [`put_ids`] has written.
#[derive(Debug, Clone)]
pub struct Ids<'a> {
    bytes: &'a [u8],
    last: u32,
}

impl<'a> Ids<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, last: 0 }
    }
}

impl Iterator for Ids<'_> {
    type Item = u32;

    #[inline]
    fn next(&mut self) -> Option<u32> {
        let (step, rest) = self.bytes.split_first_chunk()?;
        self.bytes = rest;
        let step = u16::from_le_bytes(*step);
        let step = if step == LONG {
            let (long, rest) = rest.split_first_chunk()?;
            self.bytes = rest;
            u32::from_le_bytes(*long)
        } else {
            u32::from(step)
        };
        self.last = self.last.wrapping_add(step);
        Some(self.last)
    }
}

/// Tells of each of the numbers that [`put_ids`] has written which `is_wanted`, and its place among
/// all. Most are not, and asking that is all that is done for them.
#[inline]
pub fn ids_that(bytes: &[u8], is_wanted: impl Fn(u32) -> bool, mut each: impl FnMut(usize, u32)) {
    let (steps, _) = bytes.as_chunks::<2>();
    let mut steps = steps.iter();
    let (mut at, mut last) = (0, 0_u32);
    while let Some(step) = steps.next() {
        let step = u16::from_le_bytes(*step);
        let step = if step == LONG {
            let (Some([a, b]), Some([c, d])) = (steps.next(), steps.next()) else {
                return;
            };
            u32::from_le_bytes([*a, *b, *c, *d])
        } else {
            u32::from(step)
        };
        last = last.wrapping_add(step);
        if is_wanted(last) {
            each(at, last);
        }
        at += 1;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_read_is_what_was_written(
            numbers in proptest::collection::vec(any::<u32>(), 0..20),
            ids in proptest::collection::btree_set(prop_oneof![0..100_u32, any::<u32>(), 65_530..65_540_u32], 0..20),
            cut in 0..100_usize,
        ) {
            let mut out = Vec::new();
            for number in &numbers {
                put(&mut out, *number);
            }
            let mut reader = Reader(&out);
            for number in &numbers {
                prop_assert_eq!(reader.number(), Some(*number));
            }
            prop_assert_eq!(reader.number(), None);
            let mut out = Vec::new();
            put_ids(&mut out, ids.iter().copied());
            let read: BTreeSet<u32> = Ids::new(&out).collect();
            prop_assert_eq!(&read, &ids);
            let mut found = Vec::new();
            ids_that(&out, |id| id % 2 == 0, |at, id| found.push((at, id)));
            let expected = ids.iter().copied().enumerate().filter(|(_, id)| id % 2 == 0);
            prop_assert_eq!(found, expected.collect::<Vec<_>>());
            // Nothing panics on what is cut off.
            let cut = &out[..cut.min(out.len())];
            let mut reader = Reader(cut);
            while reader.part().is_some() {}
            Ids::new(cut).for_each(drop);
            ids_that(cut, |_| true, |_, _| ());
        }
    }
}
