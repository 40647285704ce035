//! Readers of one archive, as many as threads need at a time. They may serve one edit after another,
//! and need not learn again the words that they have met.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;

use super::{Reader, Text};
use crate::model::{Lexicon, Readings, Stem, Wording};

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
        let nothing = Lexicon::default();
        let mut lexicons = vec![&nothing; pool.made];
        for (number, reader) in &pool.idle {
            lexicons[*number] = &reader.lexicon;
        }
        let words = if std::mem::replace(&mut pool.know_more, true) {
            words_in(&read, &lexicons)
        } else {
            Lexicon::all(&lexicons)
        };
        let (lexicon, to) = Lexicon::united(&lexicons, words);
        let wordings = read.into_par_iter().map(|read| match read.wording.words {
            ref none if none.is_empty() => read.wording,
            _ => read.wording.renumbered(&to[read.reader]),
        });
        let wordings = wordings.collect();
        if lexicons.iter().map(|of| of.stems.len()).sum::<usize>() > MOST {
            *pool = Pool::default();
        }
        Readings { wordings, lexicon }
    }
}

/// The words of some texts.
fn words_in(read: &[ReadText], lexicons: &[&Lexicon]) -> Vec<Stem> {
    let mut found = Vec::new();
    for ReadText { wording, reader } in read {
        let words = wording.words.iter();
        found.extend(words.map(|word| (lexicons[*reader].stem(*word), *reader, *word)));
    }
    found
}
