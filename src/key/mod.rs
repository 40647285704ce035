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

use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_128;

/// A number that stands for a value.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Key(u128);

/// Shown in 32 hexadecimal digits.
impl fmt::Display for Key {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// What stands for a value, behind other bytes.
fn written<T: Serialize + ?Sized>(value: &T, bytes: Vec<u8>) -> Vec<u8> {
    match postcard::to_extend(value, bytes) {
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
