//! What the numbers of words stand for: stems, and how these are spelled.

use rayon::prelude::*;

use super::wording::Word;

/// Words by their numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lexicon {
    /// The hash of the stem of each word.
    pub stems: Vec<u64>,
    /// How each word is spelled where nothing else is said, by the numbers of `spellings`; empty where
    /// nobody wants to know.
    pub usual: Vec<u32>,
    /// How words are spelled.
    pub spellings: Spellings,
}

/// Spellings of words, in small letters, by number: one text, since they are many and short.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spellings {
    text: String,
    ends: Vec<usize>,
}

/// A word by the hash of its stem: whose it is of several lexicons, and what it is there.
pub type Stem = (u64, usize, Word);

/// What the numbers of one lexicon are in another.
#[derive(Debug)]
pub struct Renumbering {
    /// The number of each word, and of its spelling if what was usual is not so any more: or else
    /// [`USUAL`].
    words: Vec<(Word, u32)>,
    /// The number of the first spelling.
    first: u32,
}

const USUAL: u32 = u32::MAX;

impl Lexicon {
    /// The hash of the stem of a word; 0 for a word of another numbering.
    #[must_use]
    pub fn stem(&self, word: Word) -> u64 {
        self.stems.get(word.0 as usize).copied().unwrap_or(0)
    }

    /// The number of a word's usual spelling, if anybody wants to know.
    #[must_use]
    pub fn usual(&self, word: Word) -> Option<u32> {
        self.usual.get(word.0 as usize).copied()
    }

    /// Everything that lexicons have.
    #[must_use]
    pub fn all(lexicons: &[&Self]) -> Vec<Stem> {
        let mut all = Vec::with_capacity(lexicons.iter().map(|of| of.stems.len()).sum());
        for (number, of) in lexicons.iter().enumerate() {
            let stems = of.stems.iter().zip(0..);
            all.extend(stems.map(|(stem, word)| (*stem, number, Word(word))));
        }
        all
    }

    /// Words of several lexicons in one, each once, in the order of their stems' hashes, and what became
    /// of the numbers of each lexicon. All of these say how words are spelled, or none does.
    #[must_use]
    pub fn united(lexicons: &[&Self], mut words: Vec<Stem>) -> (Self, Vec<Renumbering>) {
        words.par_sort_unstable();
        let mut united = Self::default();
        let renumber = |of: &&Self| Renumbering {
            words: vec![(Word(0), USUAL); of.stems.len()],
            first: united.spellings.append(&of.spellings),
        };
        let mut to: Vec<Renumbering> = lexicons.iter().map(renumber).collect();
        for (number, same) in words.chunk_by(|a, b| a.0 == b.0).enumerate() {
            let (stem, first, word) = same[0];
            united.stems.push(stem);
            let usual = lexicons[first].usual(word);
            let usual = usual.map(|spelling| to[first].spelling(spelling));
            united.usual.extend(usual);
            for (_, of, word) in same {
                let own = lexicons[*of].usual(*word);
                let own = own.map(|spelling| to[*of].spelling(spelling));
                let text = |number: Option<u32>| number.map(|it| united.spellings.get(it));
                let unusual = own.filter(|_| text(own) != text(usual));
                to[*of].words[word.0 as usize] = (Word(number as u32), unusual.unwrap_or(USUAL));
            }
        }
        debug_assert!(united.usual.is_empty() || united.usual.len() == united.stems.len());
        (united, to)
    }
}

impl Renumbering {
    /// A word, and its spelling where nothing else is said, if that is not usual any more.
    #[must_use]
    pub fn word(&self, word: Word) -> (Word, Option<u32>) {
        let (word, spelling) = self.words[word.0 as usize];
        (word, (spelling != USUAL).then_some(spelling))
    }

    /// A spelling.
    #[must_use]
    pub fn spelling(&self, spelling: u32) -> u32 {
        self.first + spelling
    }
}

impl Spellings {
    /// Takes one more; its number.
    pub fn push(&mut self, spelling: &str) -> u32 {
        self.text.push_str(spelling);
        self.ends.push(self.text.len());
        self.ends.len() as u32 - 1
    }

    /// Takes others, in their order; what the first of them is now.
    pub fn append(&mut self, others: &Self) -> u32 {
        let (first, start) = (self.ends.len() as u32, self.text.len());
        self.text.push_str(&others.text);
        self.ends.extend(others.ends.iter().map(|end| start + end));
        first
    }

    /// The spelling with a number; empty if there is none.
    #[must_use]
    pub fn get(&self, number: u32) -> &str {
        let at = number as usize;
        let Some(end) = self.ends.get(at) else {
            return "";
        };
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..*end]
    }
}
