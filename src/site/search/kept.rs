//! What is kept of indexes between builds.
//!
//! A small file that is written after each edit, and a bulk: see `sealed.rs`. The small one says of
//! each part of an index where in the bulk it lies, or has it.

use std::ops::Range;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{Index, Part};
use crate::key::Key;
use crate::model::UrlPath;
use crate::sealed::{self, Unusable};

/// Where it is kept, from the site's root.
pub const FILE: &str = ".pressroom/search";
/// What is in the file and its bulk. The number changes with their format.
const KIND: &str = "search 1";
const BULK: &str = "lists 1";

/// What the last build knew.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// By the URLs of areas.
    areas: Vec<(UrlPath, Index)>,
}

/// The bytes of the files in which it is kept.
pub struct Files {
    /// What is written each time.
    pub head: Vec<u8>,
    /// What the head belongs to, and its hash; `None` if that is as it was.
    pub bulk: Option<(Key, Vec<u8>)>,
}

#[derive(Serialize, Deserialize)]
struct Head {
    bulk: Key,
    areas: Vec<AreaHead>,
}

#[derive(Serialize, Deserialize)]
struct AreaHead {
    url: String,
    entries: Vec<Key>,
    lists: Vec<Place>,
    words: Vec<Place>,
}

#[derive(Serialize, Deserialize)]
enum Place {
    Bulk(Range<usize>),
    Here(Vec<u8>),
}

impl Kept {
    pub(super) fn of(areas: impl Iterator<Item = (UrlPath, Index)>) -> Self {
        Self {
            areas: areas.collect(),
        }
    }

    /// Gives the index of an area away; an empty one if it is not known.
    pub(super) fn take(&mut self, url: &UrlPath) -> Index {
        let mut areas = self.areas.iter_mut();
        let area = areas.find(|(known, _)| known == url);
        area.map(|(_, index)| std::mem::take(index))
            .unwrap_or_default()
    }

    /// What is in the files that [`files`](Self::files) gave the bytes of; `bulk` reads the one with
    /// the hash that it is given. Nothing if that is not there any more; unusable if they are
    /// damaged or of another version of the program.
    pub fn open(
        head: &[u8],
        bulk: impl FnOnce(Key) -> Result<Option<Vec<u8>>, Unusable>,
    ) -> Result<Option<Self>, Unusable> {
        let head = sealed::open(KIND, head).ok_or(Unusable)?;
        let head: Head = postcard::from_bytes(head).map_err(|_| Unusable)?;
        let Some(bulk) = bulk(head.bulk)? else {
            return Ok(None);
        };
        let is_whole = sealed::parts(BULK, &bulk).is_some_and(|(hash, _)| hash == head.bulk)
            && sealed::open(BULK, &bulk).is_some();
        if !is_whole {
            return Err(Unusable);
        }
        let bulk = Arc::new(bulk);
        let areas = head.areas.into_iter().map(|area| read(area, &bulk));
        let areas: Option<Vec<_>> = areas.collect();
        areas.map(|areas| Some(Self { areas })).ok_or(Unusable)
    }

    fn parts(&self) -> impl Iterator<Item = &Part> {
        let indexes = self.areas.iter().map(|(_, index)| index);
        indexes.flat_map(|index| index.lists.iter().chain(&index.words))
    }

    /// The bytes of files that [`open`](Self::open) reads.
    #[must_use]
    pub fn files(&self) -> Files {
        let size = |part: &Part| part.bytes().len();
        let since = self.parts().filter(|part| part.place().is_none());
        let since: usize = since.map(size).sum();
        let bulk = self.parts().find_map(|part| part.place());
        let bulk = bulk.map(|(bulk, _)| bulk);
        let known = bulk.filter(|bulk| sealed::fits_head(since, bulk.len()));
        let hash = known.and_then(|bulk| sealed::parts(BULK, bulk));
        if let Some((hash, _)) = hash {
            let place = |part: &Part| match part.place() {
                Some((_, range)) => Place::Bulk(range),
                None => Place::Here(part.bytes().to_vec()),
            };
            let head = self.head(hash, place);
            return Files { head, bulk: None };
        }
        let room = self.parts().map(size).sum();
        let bulk = sealed::seal_bytes(BULK, room, |out| {
            self.parts().for_each(|part| out.extend(part.bytes()));
        });
        let start = bulk.len() - room;
        let mut end = start;
        let hash = sealed::parts(BULK, &bulk)
            .map(|(hash, _)| hash)
            .unwrap_or_default();
        let head = self.head(hash, |part| {
            let start = end;
            end += part.bytes().len();
            Place::Bulk(start..end)
        });
        Files {
            head,
            bulk: Some((hash, bulk)),
        }
    }

    /// `place` is asked about all parts in their order.
    fn head(&self, bulk: Key, mut place: impl FnMut(&Part) -> Place) -> Vec<u8> {
        let areas = self.areas.iter().map(|(url, index)| AreaHead {
            url: url.to_string(),
            entries: index.entries.clone(),
            lists: index.lists.iter().map(&mut place).collect(),
            words: index.words.iter().map(&mut place).collect(),
        });
        let areas = areas.collect();
        sealed::seal(KIND, &Head { bulk, areas })
    }
}

fn read(area: AreaHead, bulk: &Arc<Vec<u8>>) -> Option<(UrlPath, Index)> {
    let part = |place: Place| match place {
        Place::Bulk(range) => Part::in_bulk(bulk, range),
        Place::Here(bytes) => Some(Part::new(bytes)),
    };
    let index = Index {
        entries: area.entries,
        lists: area.lists.into_iter().map(part).collect::<Option<_>>()?,
        words: area.words.into_iter().map(part).collect::<Option<_>>()?,
    };
    Some((UrlPath::trusted(area.url), index))
}
