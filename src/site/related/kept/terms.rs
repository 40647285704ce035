//! Words, phrases and tags by ids that stay the same from build to build.

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
    /// The hash of a word's stem, the ids of a phrase's words, or the key of a tag.
    meanings: Vec<u64>,
    /// How many articles have each, and the kind in the last two bits.
    counts: Vec<u32>,
    /// How many articles have a phrase in their titles or headings; 0 for others.
    given: Vec<u32>,
}

impl Terms {
    pub fn len(&self) -> usize {
        self.meanings.len()
    }

    pub fn push(&mut self, kind: Kind, meaning: u64, count: u32, given: u32) -> u32 {
        self.meanings.push(meaning);
        self.counts.push(count << 2 | kind as u32);
        self.given.push(given);
        self.meanings.len() as u32 - 1
    }

    pub fn reserve(&mut self, terms: usize) {
        self.meanings.reserve(terms);
        self.counts.reserve(terms);
        self.given.reserve(terms);
    }

    /// What a term means; 0 for one that there is not.
    pub fn meaning(&self, id: u32) -> u64 {
        self.meanings.get(id as usize).copied().unwrap_or(0)
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
        if let Some(count) = self.counts.get_mut(id as usize) {
            let kind = *count & 3;
            *count = stepped(*count >> 2, more) << 2 | kind;
        }
    }

    /// One article more or less gives a phrase to the dictionary.
    pub fn give(&mut self, id: u32, more: bool) {
        if let Some(given) = self.given.get_mut(id as usize) {
            *given = stepped(*given, more);
        }
    }

    /// All terms of a kind with their meanings, in the order of ids.
    pub fn of(&self, kind: Kind) -> impl Iterator<Item = (u32, u64)> + '_ {
        let all = self.counts.iter().zip(&self.meanings).zip(0..);
        all.filter(move |((count, _), _)| *count & 3 == kind as u32)
            .map(|((_, meaning), id)| (id, *meaning))
    }

    pub fn write(&self, out: &mut Vec<u8>) {
        out.extend((self.len() as u64).to_le_bytes());
        let start = out.len();
        out.resize(start + self.len() * 8, 0);
        let (places, _) = out[start..].as_chunks_mut();
        for (place, meaning) in places.iter_mut().zip(&self.meanings) {
            *place = meaning.to_le_bytes();
        }
        for (count, given) in self.counts.iter().zip(&self.given) {
            put(out, *count);
            if *count & 3 == Kind::Phrase as u32 {
                put(out, *given);
            }
        }
    }

    pub fn read(reader: &mut Reader) -> Option<Self> {
        let terms = reader.length()?;
        let (meanings, _) = reader.take(terms.checked_mul(8)?)?.as_chunks();
        let mut read = Self {
            meanings: meanings
                .iter()
                .map(|meaning| u64::from_le_bytes(*meaning))
                .collect(),
            counts: Vec::with_capacity(terms),
            given: Vec::with_capacity(terms),
        };
        for _ in 0..terms {
            let count = reader.number()?;
            let is_phrase = count & 3 == Kind::Phrase as u32;
            read.counts.push(count);
            read.given
                .push(if is_phrase { reader.number()? } else { 0 });
        }
        Some(read)
    }
}

fn stepped(number: u32, more: bool) -> u32 {
    if more {
        (number + 1).min(u32::MAX >> 2)
    } else {
        number.saturating_sub(1)
    }
}
