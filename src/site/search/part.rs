//! Bytes of a file of an index, in what was read of the last build or new.

use std::ops::Range;
use std::sync::Arc;

use crate::key::Key;

/// Bytes that are shared.
#[derive(Debug, Clone)]
pub struct Part(Bytes);

#[derive(Debug, Clone)]
enum Bytes {
    /// In the bulk that the last build wrote.
    Bulk(Arc<Vec<u8>>, Range<usize>),
    Own(Arc<[u8]>),
}

impl Part {
    pub(super) fn new(bytes: Vec<u8>) -> Self {
        Self(Bytes::Own(bytes.into()))
    }

    /// A part of a bulk, if it is that long.
    pub(super) fn in_bulk(bulk: &Arc<Vec<u8>>, range: Range<usize>) -> Option<Self> {
        bulk.get(range.clone())?;
        Some(Self(Bytes::Bulk(Arc::clone(bulk), range)))
    }

    /// Where it lies in the bulk, if it lies there.
    pub(super) fn place(&self) -> Option<(&Arc<Vec<u8>>, Range<usize>)> {
        match &self.0 {
            Bytes::Bulk(bulk, range) => Some((bulk, range.clone())),
            Bytes::Own(_) => None,
        }
    }

    /// The bytes.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match &self.0 {
            Bytes::Bulk(bulk, range) => &bulk[range.clone()],
            Bytes::Own(bytes) => bytes,
        }
    }

    /// What stands for them.
    #[must_use]
    pub fn key(&self) -> Key {
        Key::of_bytes(self.bytes())
    }
}

impl Default for Part {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}
