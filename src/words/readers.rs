//! Readers of one archive, as many as threads need at a time. They may serve one edit after another,
//! and need not learn again the words that they have met.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::{Reader, Text};
use crate::model::{Lexicon, Readings, Spellings, Word, Wording};

/// Readers that know more words together are let go, so that serving a site for long takes no more memory.
const MOST: usize = 1 << 17;

/// Turns the texts of an archive into terms, on all cores.
#[derive(Default)]
pub struct Readers {
    pub(super) pool: Mutex<Pool>,
    /// Whether it is to be known how words are spelled.
    pub(super) spell: bool,
}

#[derive(Default)]
pub(super) struct Pool {
    /// Those that nobody reads with, by their numbers.
    pub idle: Vec<(usize, Reader)>,
    /// How many there are.
    pub made: usize,
    /// Whether they know words of texts that were asked about earlier.
    pub know_more: bool,
}

/// What an article says, its words numbered as one of the readers met them.
#[derive(Debug, Default)]
pub struct ReadText {
    wording: Wording,
    reader: usize,
}

impl Readers {
    /// Readers that note how each article spells its words.
    #[must_use]
    pub fn spelling(spell: bool) -> Self {
        Self {
            spell,
            ..Self::default()
        }
    }

    /// The terms of a text in a language, given as a BCP 47 tag.
    pub fn read(&self, language: &str, text: Text) -> ReadText {
        let (number, mut reader) = {
            let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
            pool.idle.pop().unwrap_or_else(|| {
                pool.made += 1;
                (pool.made - 1, Reader::default())
            })
        };
        let wording = reader.read(language, text, self.spell);
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        pool.idle.push((number, reader));
        ReadText {
            wording,
            reader: number,
        }
    }

    /// All that was read in one numbering. Words are numbered in the order of their stems' hashes,
    /// whoever has read what; spellings in any order.
    pub fn finish(&mut self, read: Vec<ReadText>) -> Readings {
        let pool = self.pool.get_mut().unwrap_or_else(PoisonError::into_inner);
        let mut numbers: Vec<(Vec<Word>, u32)> = vec![Default::default(); pool.made];
        let mut stems_of: Vec<&[u64]> = vec![&[]; pool.made];
        let mut spellings = Spellings::default();
        for (number, reader) in &pool.idle {
            let first = if self.spell {
                spellings.append(&reader.spellings)
            } else {
                0
            };
            numbers[*number] = (vec![Word(0); reader.stems.len()], first);
            stems_of[*number] = &reader.stems;
        }
        let mut stems = if std::mem::replace(&mut pool.know_more, true) {
            stems_in(&read, &stems_of)
        } else {
            all_stems(&stems_of)
        };
        stems.par_sort_unstable();
        let mut hashes = Vec::new();
        for (at, same) in stems.chunk_by(|a, b| a.0 == b.0).enumerate() {
            hashes.push(same[0].0);
            for (_, reader, word) in same {
                numbers[*reader].0[word.0 as usize] = Word(at as u32);
            }
        }
        let wordings = read.into_par_iter().map(|read| match read.wording.words {
            ref none if none.is_empty() => read.wording,
            _ => {
                let (numbers, first) = &numbers[read.reader];
                read.wording.renumbered(numbers, *first)
            }
        });
        let wordings = wordings.collect();
        if stems_of.iter().map(|stems| stems.len()).sum::<usize>() > MOST {
            *pool = Pool::default();
        }
        Readings {
            wordings,
            lexicon: Lexicon {
                stems: hashes,
                spellings,
            },
        }
    }
}

/// A word by the hash of its stem: who has read it, and what it is there.
type Stem = (u64, usize, Word);

/// Everything that readers know.
fn all_stems(of_readers: &[&[u64]]) -> Vec<Stem> {
    let mut all = Vec::with_capacity(of_readers.iter().map(|stems| stems.len()).sum());
    for (number, stems) in of_readers.iter().enumerate() {
        let stems = stems.iter().zip(0..);
        all.extend(stems.map(|(stem, word)| (*stem, number, Word(word))));
    }
    all
}

/// What of it is in some texts.
fn stems_in(read: &[ReadText], of_readers: &[&[u64]]) -> Vec<Stem> {
    let mut found = Vec::new();
    for ReadText { wording, reader } in read {
        let stem = |word: Word| of_readers[*reader][word.0 as usize];
        let words = wording.words.iter();
        found.extend(words.map(|word| (stem(*word), *reader, *word)));
    }
    found
}
