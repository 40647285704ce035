//! Keys: numbers that stand for everything that something is made from.
//!
//! Equal keys mean equal values, so what was made from one of them need not be made again. A key
//! is a hash with 128 bits of how a value is serialized, and the same on every machine.
//!
//! Types that serialize as one thing for readers and another for keys ask
//! [`Serializer::is_human_readable`](serde::Serializer::is_human_readable), which is false here.
//! Values without a type, such as YAML, have no unambiguous form here: `1` and `true` are one byte.
//! They enter as the text that they were read from.

mod parts;

pub use parts::Parts;

use std::fmt;

use postcard::ser_flavors::Flavor;
use serde::de::{self, Deserialize, Deserializer, Visitor};
use serde::{Serialize, Serializer};
use xxhash_rust::xxh3::xxh3_128;

/// A number that stands for a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Key(u128);

/// As bytes: a number of this size would be written seven bits at a time.
impl Serialize for Key {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(&self.bytes())
    }
}

impl<'de> Deserialize<'de> for Key {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Bytes;

        impl Visitor<'_> for Bytes {
            type Value = Key;

            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("the sixteen bytes of a key")
            }

            fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Key, E> {
                let wrong = |_| E::invalid_length(bytes.len(), &self);
                bytes.try_into().map(Key::of_its_bytes).map_err(wrong)
            }
        }

        deserializer.deserialize_bytes(Bytes)
    }
}

/// Shown in 32 hexadecimal digits.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// Bytes that are written behind others: a slice as a whole, where the library's own goes byte by byte.
struct Behind(Vec<u8>);

impl Flavor for Behind {
    type Output = Vec<u8>;

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte);
        Ok(())
    }

    fn try_extend(&mut self, bytes: &[u8]) -> postcard::Result<()> {
        self.0.extend_from_slice(bytes);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<Vec<u8>> {
        Ok(self.0)
    }
}

/// What stands for a value, in the format of postcard, behind other bytes.
#[must_use]
pub fn written<T: Serialize + ?Sized>(value: &T, bytes: Vec<u8>) -> Vec<u8> {
    match postcard::serialize_with_flavor(value, Behind(bytes)) {
        Ok(bytes) => bytes,
        // Only what is not a value, such as a sequence that does not know its length.
        Err(error) => unreachable!("a value that has no key: {error}"),
    }
}

impl Key {
    /// The key of a value.
    #[must_use]
    pub fn of<T: Serialize + ?Sized>(value: &T) -> Self {
        Self::of_bytes(&written(value, Vec::with_capacity(1024)))
    }

    /// The key as it is written.
    #[must_use]
    pub fn bytes(self) -> [u8; 16] {
        self.0.to_le_bytes()
    }

    /// The key that was written so.
    #[must_use]
    pub fn of_its_bytes(bytes: [u8; 16]) -> Self {
        Self(u128::from_le_bytes(bytes))
    }

    /// The key that is shown so.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        u128::from_str_radix(name, 16).ok().map(Self)
    }

    /// The key of bytes.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self(xxh3_128(bytes))
    }
}
