//! Values by their keys, as bytes that are looked up where they lie.
//!
//! How many there are, in four bytes; for each its key in sixteen and where its value ends in four, in
//! the order of the keys; and the values. Numbers have their lowest byte first.

use crate::key::Key;

const NUMBER: usize = size_of::<u32>();
const KEY: usize = 16;
const PLACE: usize = KEY + NUMBER;

/// Values that are looked up in bytes. What the bytes do not have, it does not have.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shelf<'a> {
    places: &'a [[u8; PLACE]],
    values: &'a [u8],
}

impl<'a> Shelf<'a> {
    /// `None` when the bytes are none of a shelf.
    pub fn of(bytes: &'a [u8]) -> Option<Self> {
        let (count, rest) = bytes.split_first_chunk::<NUMBER>()?;
        let length = u32::from_le_bytes(*count) as usize * PLACE;
        let (places, values) = rest.split_at_checked(length)?;
        let (places, _) = places.as_chunks();
        Some(Self { places, values })
    }

    /// The value of a key.
    pub fn get(self, key: Key) -> Option<&'a [u8]> {
        let at = self.places.binary_search_by_key(&key, key_of).ok()?;
        self.value(at)
    }

    /// All keys with their values, in the order of the keys.
    pub fn iter(self) -> impl Iterator<Item = (Key, &'a [u8])> {
        let places = self.places.iter().enumerate();
        places.filter_map(move |(at, place)| Some((key_of(place), self.value(at)?)))
    }

    fn value(self, at: usize) -> Option<&'a [u8]> {
        let start = at
            .checked_sub(1)
            .map_or(0, |before| end_of(&self.places[before]));
        self.values.get(start..end_of(&self.places[at]))
    }
}

fn key_of(place: &[u8; PLACE]) -> Key {
    let key = place.first_chunk().copied();
    Key::of_its_bytes(key.unwrap_or_default())
}

fn end_of(place: &[u8; PLACE]) -> usize {
    let end = place.last_chunk().copied();
    u32::from_le_bytes(end.unwrap_or_default()) as usize
}

/// Adds a shelf with these values to bytes. Keys come in their order, each once.
pub(super) fn write(out: &mut Vec<u8>, values: &[(Key, &[u8])]) {
    out.extend((values.len() as u32).to_le_bytes());
    let mut end = 0;
    for (key, value) in values {
        end += value.len() as u32;
        out.extend(key.bytes());
        out.extend(end.to_le_bytes());
    }
    for (_, value) in values {
        out.extend(*value);
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    proptest::proptest! {
        #[test]
        fn what_was_put_on_a_shelf_is_found_and_nothing_else(
            values in proptest::collection::btree_map(0_u8..30, proptest::collection::vec(0_u8.., 0..6), 0..20),
        ) {
            let key = |number: u8| Key::of(&number);
            let by_key: BTreeMap<Key, &[u8]> =
                values.iter().map(|(number, value)| (key(*number), &**value)).collect();
            let by_key: Vec<_> = by_key.into_iter().collect();
            let mut bytes = Vec::new();
            write(&mut bytes, &by_key);
            let shelf = Shelf::of(&bytes).expect("it is a shelf");
            for number in 0..30 {
                proptest::prop_assert_eq!(shelf.get(key(number)), values.get(&number).map(|it| &**it));
            }
            proptest::prop_assert_eq!(shelf.iter().collect::<Vec<_>>(), by_key);
        }

        #[test]
        fn other_bytes_are_no_reason_to_panic(bytes in proptest::collection::vec(0_u8..5, 0..90)) {
            if let Some(shelf) = Shelf::of(&bytes) {
                let _ = (shelf.get(Key::default()), shelf.iter().count());
            }
        }
    }
}
