//! Words, phrases and tags by ids that stay the same from build to build.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::site::bytes::{Reader, put};
use crate::site::related::weights::quarters;

/// What a term is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    Word,
    Phrase,
    Tag,
}

/// How rare a term is, as far as it makes a difference to anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// It is no term: fewer than two articles have it, or no title or heading gives it.
    None,
    /// So many that it says nothing.
    Common,
    /// Quarters of octaves.
    Quarters(u32),
}

/// All that any article has.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// The hash of a word's stem, the ids of a phrase's words, or the key of a tag: of the first terms in a
    /// part of a file, eight bytes each, and then of those that have come since.
    file: Arc<Vec<u8>>,
    filed: Range<usize>,
    pushed: Vec<u64>,
    /// How many articles have each, and the kind in the last two bits.
    counts: Vec<u32>,
    /// How many articles have a phrase in their titles or headings; 0 for others.
    given: Vec<u32>,
    /// Of those in the file that were counted anew, `counts` and `given` as it has them.
    recounted: FxHashMap<u32, (u32, u32)>,
}

impl Terms {
    pub fn len(&self) -> usize {
        self.counts.len()
    }

    /// How many of them are in the file.
    fn filed(&self) -> usize {
        self.filed.len() / 8
    }

    pub fn push(&mut self, kind: Kind, meaning: u64, count: u32, given: u32) -> u32 {
        self.pushed.push(meaning);
        self.counts.push(count << 2 | kind as u32);
        self.given.push(given);
        self.len() as u32 - 1
    }

    pub fn reserve(&mut self, terms: usize) {
        self.pushed.reserve(terms);
        self.counts.reserve(terms);
        self.given.reserve(terms);
    }

    /// What a term means; 0 for one that there is not.
    pub fn meaning(&self, id: u32) -> u64 {
        let at = id as usize;
        if let Some(at) = at.checked_sub(self.filed()) {
            return self.pushed.get(at).copied().unwrap_or(0);
        }
        let meaning = self.file[self.filed.clone()][at * 8..].first_chunk();
        meaning.map_or(0, |meaning| u64::from_le_bytes(*meaning))
    }

    pub fn kind(&self, id: u32) -> Kind {
        match self.counts.get(id as usize).map(|count| count & 3) {
            Some(1) => Kind::Phrase,
            Some(2) => Kind::Tag,
            _ => Kind::Word,
        }
    }

    /// How many articles have a term.
    pub fn count(&self, id: u32) -> u32 {
        self.counts.get(id as usize).map_or(0, |count| count >> 2)
    }

    /// The phrase of two words as a meaning.
    pub fn pair(first: u32, second: u32) -> u64 {
        u64::from(first) << 32 | u64::from(second)
    }

    /// The words of a phrase.
    pub fn words(&self, phrase: u32) -> (u32, u32) {
        let pair = self.meaning(phrase);
        ((pair >> 32) as u32, pair as u32)
    }

    /// The place of a term in the order that the batch engine has.
    pub fn rank(&self, id: u32) -> (Kind, u64, u64) {
        match self.kind(id) {
            Kind::Phrase => {
                let (first, second) = self.words(id);
                (Kind::Phrase, self.meaning(first), self.meaning(second))
            }
            kind => (kind, self.meaning(id), 0),
        }
    }

    /// How rare a term is where `common` is the most that an uncommon one may have.
    pub fn class(&self, id: u32, common: usize) -> Class {
        let count = self.count(id) as usize;
        let is_given = self.kind(id) != Kind::Phrase || self.given[id as usize] > 0;
        match count {
            _ if count < 2 || !is_given => Class::None,
            _ if count > common => Class::Common,
            _ => Class::Quarters(quarters(count)),
        }
    }

    /// One article more or less has a term. Counts of damaged state stop at their ends.
    pub fn add(&mut self, id: u32, more: bool) {
        self.note(id);
        if let Some(count) = self.counts.get_mut(id as usize) {
            let kind = *count & 3;
            *count = stepped(*count >> 2, more) << 2 | kind;
        }
    }

    /// One article more or less gives a phrase to the dictionary.
    pub fn give(&mut self, id: u32, more: bool) {
        self.note(id);
        if let Some(given) = self.given.get_mut(id as usize) {
            *given = stepped(*given, more);
        }
    }

    /// Notes that a term is about to be counted anew.
    fn note(&mut self, id: u32) {
        let at = id as usize;
        if at < self.filed() {
            let filed = (self.counts[at], self.given[at]);
            self.recounted.entry(id).or_insert(filed);
        }
    }

    /// The terms in the file that are counted otherwise than it says, in order.
    fn recounted(&self) -> Vec<u32> {
        let recounted = self.recounted.iter();
        let recounted = recounted.filter(|(id, filed)| {
            let at = **id as usize;
            **filed != (self.counts[at], self.given[at])
        });
        let mut recounted: Vec<u32> = recounted.map(|(id, _)| *id).collect();
        recounted.sort_unstable();
        recounted
    }

    /// All terms of a kind with their meanings, in the order of ids.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = (u32, u64)> + '_ {
        let (filed, _) = self.file[self.filed.clone()].as_chunks();
        let filed = filed.iter().map(|meaning| u64::from_le_bytes(*meaning));
        let meanings = filed.chain(self.pushed.iter().copied());
        let all = self.counts.iter().zip(meanings).zip(0..);
        all.filter(move |((count, _), _)| *count & 3 == kind as u32)
            .map(|((_, meaning), id)| (id, meaning))
    }

    /// What [`Self::read`] reads, in parts.
    pub fn parts(&self) -> [Cow<'_, [u8]>; 3] {
        let length = (self.len() as u64).to_le_bytes();
        let mut rest = Vec::with_capacity(self.pushed.len() * 8 + self.len() * 2);
        rest.extend(self.pushed.iter().flat_map(|meaning| meaning.to_le_bytes()));
        for id in 0..self.len() {
            self.write_counts(&mut rest, id);
        }
        let filed = &self.file[self.filed.clone()];
        [length.to_vec().into(), filed.into(), rest.into()]
    }

    fn write_counts(&self, out: &mut Vec<u8>, id: usize) {
        put(out, self.counts[id]);
        if self.counts[id] & 3 == Kind::Phrase as u32 {
            put(out, self.given[id]);
        }
    }

    fn read_counts(reader: &mut Reader) -> Option<(u32, u32)> {
        let count = reader.number()?;
        let is_phrase = count & 3 == Kind::Phrase as u32;
        Some((count, if is_phrase { reader.number()? } else { 0 }))
    }

    /// The terms that come next in a file.
    pub fn read(file: &Arc<Vec<u8>>, reader: &mut Reader) -> Option<Self> {
        let terms = reader.length()?;
        let start = file.len() - reader.0.len();
        let filed = reader.take(terms.checked_mul(8)?)?;
        let mut read = Self {
            file: file.clone(),
            filed: start..start + filed.len(),
            counts: Vec::with_capacity(terms),
            given: Vec::with_capacity(terms),
            ..Self::default()
        };
        for _ in 0..terms {
            let (count, given) = Self::read_counts(reader)?;
            read.counts.push(count);
            read.given.push(given);
        }
        Some(read)
    }

    /// How many bytes [`Self::write_changed`] writes, at most.
    pub fn changed(&self) -> usize {
        16 + self.recounted.len() * 15 + self.pushed.len() * 18
    }

    /// How many bytes are in the file.
    pub fn filed_bytes(&self) -> usize {
        self.filed.len()
    }

    /// Writes what is not as in the file.
    pub fn write_changed(&self, out: &mut Vec<u8>) {
        let recounted = self.recounted();
        put(out, recounted.len() as u32);
        for id in recounted {
            put(out, id);
            self.write_counts(out, id as usize);
        }
        put(out, self.pushed.len() as u32);
        for (meaning, id) in self.pushed.iter().zip(self.filed()..) {
            out.extend(meaning.to_le_bytes());
            self.write_counts(out, id);
        }
    }

    /// Reads what [`Self::write_changed`] has written.
    pub fn read_changed(&mut self, reader: &mut Reader) -> Option<()> {
        for _ in 0..reader.number()? {
            let id = reader.number()?;
            let (count, given) = Self::read_counts(reader)?;
            self.note(id);
            *self.counts.get_mut(id as usize)? = count;
            *self.given.get_mut(id as usize)? = given;
        }
        for _ in 0..reader.number()? {
            self.pushed
                .push(u64::from_le_bytes(*reader.take(8)?.first_chunk()?));
            let (count, given) = Self::read_counts(reader)?;
            self.counts.push(count);
            self.given.push(given);
        }
        Some(())
    }
}

fn stepped(number: u32, more: bool) -> u32 {
    if more {
        (number + 1).min(u32::MAX >> 2)
    } else {
        number.saturating_sub(1)
    }
}
