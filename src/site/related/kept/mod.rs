//! What is kept of related articles between builds.
//!
//! In: what a build found. Out: bytes for the next build, and from these again what
//! [`update`](super::update) needs: of each article what it has and what was found for it, by
//! slots that stay the same however the articles are ordered, and of each term how many articles
//! have it, by ids that stay the same as well. Both are only names: whatever depends on an order
//! goes by the articles' ranks and the stems' hashes.

mod bytes;
mod column;
mod record;
mod terms;

use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) use column::{Column, Growing};
pub(super) use record::{
    Head, Outcome, Record, Rest, Weighed, encode_wishes, weighed, weighed_that, wishes,
};
pub(super) use terms::{Class, Kind, Terms};

pub(super) use bytes::{Ids, ids_that, put, put_ids};

use super::Weights;
use super::index::Code;
use crate::key::Key;
use crate::sealed;
use bytes::Reader;

/// Where it is kept, from the site's root.
pub const FILE: &str = ".pressroom/related";
/// What is in the file. The number changes with its format.
pub(super) const KIND: &str = "related 1";

/// More is not kept: reading and writing it would take longer than it saves.
const MOST_BYTES: usize = 1 << 30;
/// Archives of more articles would have more, most likely, and so it is not even collected.
const MOST_ARTICLES: usize = 1_000_000;

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

/// A key for weights.
pub(super) fn weights_key(weights: &Weights) -> Key {
    Key::of_bytes(format!("{weights:?}").as_bytes())
}

/// Whether so many articles are few enough to keep something of them.
pub(super) fn can_keep(articles: usize) -> bool {
    articles <= MOST_ARTICLES
}

impl Kept {
    /// What is in the bytes that [`State::bytes`] gave. `None` if they are damaged, or of another
    /// version of the program.
    #[must_use]
    pub fn open(file: Vec<u8>) -> Option<Self> {
        let value = sealed::open(KIND, &file)?;
        let start = file.len() - value.len();
        let file = Arc::new(file);
        Self::read(&file, &mut Reader(&file[start..]))
    }

    fn read(file: &Arc<Vec<u8>>, reader: &mut Reader) -> Option<Self> {
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
        let terms = Terms::read(reader)?;
        let mut columns: [Column; PARTS] = Default::default();
        for column in &mut columns {
            *column = Column::read(file, reader, slots)?;
        }
        let is_whole = reader.0.is_empty() && bars.is_sorted() && has_each_once(&order, slots);
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
        })
    }

    pub(super) fn new(archive: Archive, slots: usize, columns: [Column; PARTS]) -> Self {
        Self {
            archive,
            slots,
            columns,
        }
    }

    /// What is kept of a slot.
    #[inline]
    pub(super) fn get(&self, part: Part, slot: usize) -> &[u8] {
        self.columns[part as usize].get(slot)
    }
}

/// Whether no slot comes twice, and there is each of them.
fn has_each_once(order: &[u32], slots: usize) -> bool {
    let mut seen = vec![false; slots];
    order.iter().all(|slot| {
        let seen = seen.get_mut(*slot as usize);
        seen.is_some_and(|seen| !std::mem::replace(seen, true))
    })
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
    /// The bytes of a file that [`Kept::open`] reads; `None` if there would be too many of them.
    #[must_use]
    pub fn bytes(&self) -> Option<Vec<u8>> {
        let file = sealed::seal_bytes(KIND, self.kept.room(), |out| self.write(out));
        (file.len() <= MOST_BYTES).then_some(file)
    }

    fn write(&self, out: &mut Vec<u8>) {
        let archive = &self.kept.archive;
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
        archive.terms.write(out);
        for (column, changed) in self.kept.columns.iter().zip(&self.changed) {
            let changed = changed.iter().map(|(slot, bytes)| (*slot, &**bytes));
            column.write(out, self.slots, &changed.collect());
        }
    }
}

impl Kept {
    /// About how many bytes it takes.
    fn room(&self) -> usize {
        let columns: usize = self.columns.iter().map(Column::len).sum();
        columns + self.archive.terms.len() * 12 + self.slots * 48 + (1 << 20)
    }
}
