//! What is kept of related articles between builds.
//!
//! In: what a build found. Out: bytes for the next build, and from these again what
//! [`update`](super::update) needs: of each article what it has and what was found for it, by
//! slots that stay the same however the articles are ordered, and of each term how many articles
//! have it, by ids that stay the same as well. Both are only names: whatever depends on an order
//! goes by the articles' ranks and the stems' hashes.

mod column;
mod having;
mod postings;
mod record;
mod terms;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) use column::{Column, Growing};
pub(super) use having::{Having, SLOTS};
pub(super) use postings::Had;
pub(super) use record::{Head, Outcome, Record, Rest, Weighed, encode_wishes, weighed, wishes};
pub(super) use terms::{Class, Kind, Terms};

pub(super) use crate::site::bytes::{Ids, put, put_ids};

use super::Weights;
use super::index::Code;
use crate::key::Key;
use crate::sealed::{self, Unusable};
use crate::site::bytes::Reader;
use postings::Postings;

/// Where it is kept, from the site's root.
pub const FILE: &str = ".pressroom/related";
/// What is in the file and its bulk. The number changes with their format.
pub(super) const KIND: &str = "related 4";
pub(super) const BULK: &str = "columns 4";

/// More is not kept: a build after an edit has all of it in memory.
const MOST_BYTES: usize = 1 << 31;
/// Archives of more articles would have more, most likely, and so it is not even collected.
const MOST_ARTICLES: usize = 1_750_000;

/// What is kept of each article, in columns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Part {
    /// [`Head`]
    Head,
    /// [`Record::vector`]
    Vector,
    /// [`Record::title`]
    Title,
    /// [`Record::light`]
    Light,
    /// [`Rest`]
    Rest,
    /// What was wanted, and links.
    Wishes,
    /// [`Outcome`]
    Outcome,
}

pub(super) const PARTS: usize = 7;

/// The kind of a posting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Side {
    /// Of a text.
    Text,
    /// Of a title.
    Title,
}

/// The last of a list that is cut: its term and kind, and what it weighs there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Bar {
    pub id: u32,
    pub side: Side,
    pub code: Code,
    pub slot: u32,
}

/// What is the same for all articles.
#[derive(Debug, Clone, Default)]
pub(super) struct Archive {
    /// Stands for the weights that all was computed with.
    pub weights: Key,
    /// Whether there are reasons.
    pub with_reasons: bool,
    /// Sum of the lengths of bodies.
    pub length: u64,
    /// The slot of each article by its rank.
    pub order: Vec<u32>,
    /// The ids of the site's tags, in the order of their labels.
    pub tags: Vec<u32>,
    /// In order.
    pub bars: Vec<Bar>,
    pub terms: Terms,
}

/// What the last build knew of related articles.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    pub(super) archive: Archive,
    pub(super) slots: usize,
    columns: [Column; PARTS],
    /// Who has which terms, for some of the columns, where it has been worth making.
    postings: Vec<Postings>,
    /// The hash of the bulk that columns and terms lie in, if it is written.
    bulk: Option<Key>,
    /// The hash of the head that all of it was read from, if it was.
    pub(super) head: Option<Key>,
}

/// What the next build is to know.
#[derive(Debug, Default)]
pub struct State {
    pub(super) kept: Kept,
    /// How many slots there are now.
    pub(super) slots: usize,
    /// What is not as in `kept`, by slots.
    pub(super) changed: [BTreeMap<u32, Vec<u8>>; PARTS],
}

/// The bytes of the files in which a [`State`] is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Files<'a> {
    /// What is written each time.
    pub head: Vec<u8>,
    /// What the head belongs to, part by part since it is large, and its hash; `None` if that is as it
    /// was.
    pub bulk: Option<(Key, Vec<Cow<'a, [u8]>>)>,
}

impl Files<'_> {
    /// What stands for all of it.
    #[must_use]
    pub fn hash(&self) -> Option<Key> {
        hash_of(&self.head)
    }
}

/// A key for weights.
pub(super) fn weights_key(weights: &Weights) -> Key {
    Key::of_bytes(format!("{weights:?}").as_bytes())
}

/// Whether so many articles are few enough to keep something of them.
pub(super) fn can_keep(articles: usize) -> bool {
    articles <= MOST_ARTICLES
}

impl Kept {
    /// What is in the files that [`State::files`] gave the bytes of; `bulk` reads the one with the
    /// hash that it is given. Nothing if that is not there any more; unusable if they are damaged or
    /// of another version of the program.
    pub fn open(
        head: &[u8],
        bulk: impl FnOnce(Key) -> Result<Option<Vec<u8>>, Unusable>,
    ) -> Result<Option<Self>, Unusable> {
        let mut reader = Reader(sealed::open(KIND, head).ok_or(Unusable)?);
        let hash = reader.take(16).and_then(<[u8]>::first_chunk);
        let hash = Key::of_its_bytes(*hash.ok_or(Unusable)?);
        let Some(bulk) = bulk(hash)? else {
            return Ok(None);
        };
        let (columns, terms) = read_bulk(bulk, hash).ok_or(Unusable)?;
        let kept = Self::read(&mut reader, columns, terms, hash).ok_or(Unusable)?;
        Ok(Some(Self {
            head: hash_of(head),
            ..kept
        }))
    }

    fn read(
        reader: &mut Reader,
        mut columns: [Column; PARTS],
        mut terms: Terms,
        bulk: Key,
    ) -> Option<Self> {
        let weights = Key::of_its_bytes(*reader.take(16)?.first_chunk()?);
        let with_reasons = reader.number()? == 1;
        let length = reader.length()? as u64;
        let slots = reader.length()?;
        let order = words(reader)?;
        let tags = words(reader)?;
        let mut bars = Vec::new();
        for _ in 0..reader.length()? {
            let [side, code] = *reader.take(2)?.first_chunk()?;
            bars.push(Bar {
                id: reader.word()?,
                side: if side == 0 { Side::Text } else { Side::Title },
                code: Code::of_byte(code),
                slot: reader.word()?,
            });
        }
        terms.read_changed(reader)?;
        for column in &mut columns {
            column.read_changed(reader, slots)?;
        }
        // Each slot had an article at some time.
        let is_whole = reader.0.is_empty()
            && slots <= columns[Part::Head as usize].most_slots()
            && bars.is_sorted()
            && has_each_once(&order, slots);
        is_whole.then_some(Self {
            archive: Archive {
                weights,
                with_reasons,
                length,
                order,
                tags,
                bars,
                terms,
            },
            slots,
            columns,
            postings: Vec::new(),
            bulk: Some(bulk),
            head: None,
        })
    }

    pub(super) fn new(archive: Archive, slots: usize, columns: [Column; PARTS]) -> Self {
        Self {
            archive,
            slots,
            columns,
            postings: Vec::new(),
            bulk: None,
            head: None,
        }
    }

    /// What is kept of a slot.
    #[inline]
    pub(super) fn get(&self, part: Part, slot: usize) -> &[u8] {
        self.columns[part as usize].get(slot)
    }
}

/// What stands for everything that is kept, by its head.
fn hash_of(head: &[u8]) -> Option<Key> {
    sealed::parts(KIND, head).map(|(hash, _)| hash)
}

/// Whether no slot comes twice, and there is each of them.
fn has_each_once(order: &[u32], slots: usize) -> bool {
    let mut seen = vec![false; slots];
    order.iter().all(|slot| {
        let seen = seen.get_mut(*slot as usize);
        seen.is_some_and(|seen| !std::mem::replace(seen, true))
    })
}

fn read_bulk(bulk: Vec<u8>, hash: Key) -> Option<([Column; PARTS], Terms)> {
    let value = sealed::open(BULK, &bulk)?;
    let start = bulk.len() - value.len();
    let bulk = Arc::new(bulk);
    let mut reader = Reader(&bulk[start..]);
    let slots = reader.length()?;
    let mut columns: [Column; PARTS] = Default::default();
    for column in &mut columns {
        *column = Column::read(&bulk, &mut reader, slots)?;
    }
    let terms = Terms::read(&bulk, &mut reader)?;
    let is_whole = reader.0.is_empty() && sealed::parts(BULK, &bulk)?.0 == hash;
    is_whole.then_some((columns, terms))
}

fn words(reader: &mut Reader) -> Option<Vec<u32>> {
    let count = reader.length()?;
    let bytes = reader.take(count.checked_mul(4)?)?;
    let (words, _) = bytes.as_chunks();
    Some(words.iter().map(|word| u32::from_le_bytes(*word)).collect())
}

fn put_words(out: &mut Vec<u8>, words: &[u32]) {
    out.extend((words.len() as u64).to_le_bytes());
    for word in words {
        out.extend(word.to_le_bytes());
    }
}

impl State {
    /// The same as what was known of the last build.
    #[must_use]
    pub fn into_kept(mut self) -> Kept {
        self.repost();
        let mut kept = self.kept;
        for (column, changed) in kept.columns.iter_mut().zip(self.changed) {
            column.change(changed);
        }
        kept.slots = self.slots;
        kept.head = None;
        kept
    }

    /// The bytes of files that [`Kept::open`] reads; `None` if there would be too many of them.
    #[must_use]
    pub fn files(&self) -> Option<Files<'_>> {
        let columns = self.kept.columns.iter().zip(&self.changed);
        let changed: Vec<BTreeMap<u32, &[u8]>> = columns
            .clone()
            .map(|(column, changed)| {
                let changed = changed.iter().map(|(slot, bytes)| (*slot, &**bytes));
                column.changed().chain(changed).collect()
            })
            .collect();
        let since = changed.iter().flat_map(BTreeMap::values);
        let since = since.map(|bytes| bytes.len()).sum::<usize>();
        let since = since + self.kept.archive.terms.changed();
        let in_bulk: usize = self.kept.columns.iter().map(Column::len).sum();
        let in_bulk = in_bulk + self.kept.archive.terms.filed_bytes();
        let bulk = self.kept.bulk;
        let bulk = bulk.filter(|_| sealed::fits_head(since, in_bulk));
        let files = if let Some(bulk) = bulk {
            Files {
                head: self.head(bulk, &self.kept.archive.terms, &changed),
                bulk: None,
            }
        } else {
            let slots = (self.slots as u64).to_le_bytes();
            let mut parts = vec![Cow::Owned(slots.to_vec())];
            for ((column, _), changed) in columns.zip(&changed) {
                parts.extend(column.parts(self.slots, changed));
            }
            parts.extend(self.kept.archive.terms.parts());
            let (hash, bulk) = sealed::seal_parts(BULK, parts);
            Files {
                head: self.head(hash, &Terms::default(), &vec![BTreeMap::new(); PARTS]),
                bulk: Some((hash, bulk)),
            }
        };
        let size = |parts: &Vec<Cow<[u8]>>| parts.iter().map(|part| part.len()).sum();
        let bulk = files.bulk.as_ref().map(|(_, parts)| size(parts));
        let bytes = files.head.len() + bulk.unwrap_or(in_bulk);
        (bytes <= MOST_BYTES).then_some(files)
    }

    /// `terms` and `changed` are not as in the bulk.
    fn head(&self, bulk: Key, terms: &Terms, changed: &[BTreeMap<u32, &[u8]>]) -> Vec<u8> {
        let archive = &self.kept.archive;
        let room = terms.changed() + self.slots * 4 + (1 << 20);
        sealed::seal_bytes(KIND, room, |out| {
            out.extend(bulk.bytes());
            out.extend(archive.weights.bytes());
            put(out, u32::from(archive.with_reasons));
            out.extend(archive.length.to_le_bytes());
            out.extend((self.slots as u64).to_le_bytes());
            put_words(out, &archive.order);
            put_words(out, &archive.tags);
            out.extend((archive.bars.len() as u64).to_le_bytes());
            for bar in &archive.bars {
                out.extend([bar.side as u8, bar.code.byte()]);
                out.extend(bar.id.to_le_bytes());
                out.extend(bar.slot.to_le_bytes());
            }
            terms.write_changed(out);
            for changed in changed {
                Column::write_changed(out, changed);
            }
        })
    }
}

impl Kept {
    /// About how many bytes the columns take.
    fn room(&self) -> usize {
        let columns: usize = self.columns.iter().map(Column::len).sum();
        columns + self.slots * 48 + (1 << 20)
    }
}
