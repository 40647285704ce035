//! Which words and phrases the archive shares, and how common each is.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::model::{Word, WordedText, Wording};

/// A word or phrase that several articles have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TermId(pub u32);

/// What a term is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// A word.
    Word(Word),
    /// Two words in a row.
    Phrase(Word, Word),
    /// A tag, by its number.
    Tag(u32),
}

/// Words, phrases and tags in one numbering: words in the order of their hashes, then phrases,
/// then tags.
#[derive(Debug, Default)]
pub(super) struct Vocabulary {
    words: Vec<Word>,
    /// Pairs of numbers of words.
    phrases: Vec<(u32, u32)>,
    tags: u32,
    /// How many articles have each term.
    pub counts: Vec<u32>,
}

/// The terms of an article as numbers, in order, with repetitions.
#[derive(Debug, Default)]
pub(super) struct Numbered {
    /// For each different word of the article its number; `NONE` for one that no other has.
    pub words: Box<[u32]>,
    /// Phrases of the body and the blurb, ascending.
    pub phrases: Vec<u32>,
    pub text: WordedText,
}

const NONE: u32 = u32::MAX;

impl Numbered {
    /// The number of the word at a place of the text; `None` at a gap, or when no other article
    /// has the word.
    pub fn word(&self, place: u16) -> Option<u32> {
        (place != Wording::GAP)
            .then(|| self.words[usize::from(place)])
            .filter(|word| *word != NONE)
    }

    /// How many of the article's words no other has.
    pub fn own_words(&self) -> u32 {
        self.words.iter().filter(|word| **word == NONE).count() as u32
    }

    /// The pairs of neighbouring words of a text; `None` for one with a word that no other
    /// article has.
    pub fn pairs<'a>(&'a self, text: &'a [u16]) -> impl Iterator<Item = Option<(u32, u32)>> + 'a {
        let is_pair = |pair: &&[u16]| pair[0] != Wording::GAP && pair[1] != Wording::GAP;
        text.windows(2)
            .filter(is_pair)
            .map(|pair| Some((self.word(pair[0])?, self.word(pair[1])?)))
    }
}

impl Vocabulary {
    /// The vocabulary of an archive, and the terms of each article by their numbers.
    ///
    /// Words count that two articles have. Phrases count that an author put into a title or a
    /// heading, and that two articles have anywhere: pairs of words that only ever occur in
    /// running text are many, and say little more than their words (docs/related.md).
    pub fn new(wordings: Vec<Wording>, tags: &[Box<[u32]>]) -> (Self, Vec<Numbered>) {
        let mut vocabulary = Self::default();
        let numbers = vocabulary.number_words(&wordings);
        let mut articles: Vec<Numbered> = wordings
            .into_par_iter()
            .map(|wording| Numbered {
                // In the memory that the words had.
                words: Vec::from(wording.words)
                    .into_iter()
                    .map(|word| numbers.get(&word).copied().unwrap_or(NONE))
                    .collect(),
                phrases: Vec::new(),
                text: wording.text,
            })
            .collect();
        drop(numbers);
        vocabulary.number_phrases(&mut articles);
        vocabulary.number_tags(tags);
        (vocabulary, articles)
    }

    fn number_words(&mut self, wordings: &[Wording]) -> FxHashMap<Word, u32> {
        let count = |mut counts: FxHashMap<Word, u32>, wording: &Wording| {
            for word in &wording.words {
                *counts.entry(*word).or_default() += 1;
            }
            counts
        };
        let merge = |a: FxHashMap<Word, u32>, b: FxHashMap<Word, u32>| {
            let (mut large, small) = if a.len() < b.len() { (b, a) } else { (a, b) };
            for (word, count) in small {
                *large.entry(word).or_default() += count;
            }
            large
        };
        let counts = wordings
            .par_iter()
            .with_min_len(1024)
            .fold(FxHashMap::default, count)
            .reduce(FxHashMap::default, merge);
        let mut shared: Vec<(Word, u32)> = counts.into_iter().filter(|(_, n)| *n > 1).collect();
        shared.par_sort_unstable();
        self.words = shared.iter().map(|(word, _)| *word).collect();
        self.counts = shared.iter().map(|(_, count)| *count).collect();
        let words = self.words.iter().enumerate();
        words.map(|(at, word)| (*word, at as u32)).collect()
    }

    fn number_phrases(&mut self, articles: &mut [Numbered]) {
        let mut candidates: Vec<(u32, u32)> = articles
            .par_iter()
            .flat_map_iter(|article| {
                let text = &article.text;
                [text.title(), text.headings()]
                    .into_iter()
                    .flat_map(|text| article.pairs(text).flatten())
            })
            .collect();
        candidates.par_sort_unstable();
        candidates.dedup();
        let dictionary = Dictionary::new(&candidates);
        articles.par_iter_mut().for_each(|article| {
            let text = &article.text;
            let pairs = [text.title(), text.summary(), text.body()]
                .into_iter()
                .flat_map(|text| article.pairs(text).flatten());
            article.phrases = dictionary.find(pairs);
        });
        drop(dictionary);
        let mut counts = vec![0_u32; candidates.len()];
        for article in &*articles {
            for run in article.phrases.chunk_by(|a, b| a == b) {
                counts[run[0] as usize] += 1;
            }
        }
        // Only those that two articles have get a number for good.
        let mut numbers = vec![NONE; candidates.len()];
        for (at, count) in counts.into_iter().enumerate().filter(|(_, n)| *n > 1) {
            numbers[at] = self.counts.len() as u32;
            self.counts.push(count);
            self.phrases.push(candidates[at]);
        }
        articles.par_iter_mut().for_each(|article| {
            article.phrases.retain_mut(|phrase| {
                *phrase = numbers[*phrase as usize];
                *phrase != NONE
            });
            article.phrases.shrink_to_fit();
        });
    }

    fn number_tags(&mut self, tags: &[Box<[u32]>]) {
        let highest = tags.iter().flat_map(|tags| tags.iter()).max();
        self.tags = highest.map_or(0, |tag| tag + 1);
        let first = self.counts.len();
        self.counts.resize(first + self.tags as usize, 0);
        for tag in tags.iter().flat_map(|tags| tags.iter()) {
            self.counts[first + *tag as usize] += 1;
        }
    }

    /// How much memory it takes.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.words) + size_of_val(&*self.phrases) + size_of_val(&*self.counts)
    }

    /// The number of a phrase of two words.
    pub fn phrase(&self, pair: (u32, u32)) -> Option<TermId> {
        let at = self.phrases.binary_search(&pair).ok()?;
        Some(TermId((self.words.len() + at) as u32))
    }

    /// The number of a tag.
    pub fn tag(&self, tag: u32) -> TermId {
        TermId((self.words.len() + self.phrases.len()) as u32 + tag)
    }

    /// What a number stands for.
    pub fn term(&self, term: TermId) -> Term {
        let at = term.0 as usize;
        let word = |number: u32| self.words[number as usize];
        if at < self.words.len() {
            return Term::Word(word(term.0));
        }
        match self.phrases.get(at - self.words.len()) {
            Some((first, second)) => Term::Phrase(word(*first), word(*second)),
            None => Term::Tag((at - self.words.len() - self.phrases.len()) as u32),
        }
    }
}

/// Numbers of pairs of words. Most pairs of a text are in no dictionary, which a bit tells
/// without reading the table.
struct Dictionary {
    numbers: FxHashMap<u64, u32>,
    bits: Vec<u64>,
}

impl Dictionary {
    fn new(pairs: &[(u32, u32)]) -> Self {
        let mut dictionary = Self {
            numbers: FxHashMap::with_capacity_and_hasher(pairs.len(), rustc_hash::FxBuildHasher),
            bits: vec![0; (pairs.len() / 8).next_power_of_two()],
        };
        for (at, pair) in pairs.iter().enumerate() {
            let key = Self::key(*pair);
            let bit = dictionary.bit(key);
            dictionary.bits[bit / 64] |= 1 << (bit % 64);
            dictionary.numbers.insert(key, at as u32);
        }
        dictionary
    }

    fn key((first, second): (u32, u32)) -> u64 {
        u64::from(first) << 32 | u64::from(second)
    }

    fn bit(&self, key: u64) -> usize {
        let mixed = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 32) as usize & (self.bits.len() * 64 - 1)
    }

    /// The numbers of those pairs that are in the dictionary, ascending. One step after the other
    /// for all pairs: each look waits for memory, and so they wait together.
    fn find(&self, pairs: impl Iterator<Item = (u32, u32)>) -> Vec<u32> {
        let mut keys: Vec<u64> = pairs.map(Self::key).collect();
        keys.retain(|key| {
            let bit = self.bit(*key);
            self.bits[bit / 64] >> (bit % 64) & 1 == 1
        });
        let numbers = keys.iter().filter_map(|key| self.numbers.get(key));
        let mut numbers: Vec<u32> = numbers.copied().collect();
        numbers.sort_unstable();
        numbers
    }
}
