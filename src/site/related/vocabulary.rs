//! Which words and phrases the archive shares, and how common each is.

use std::num::NonZeroU64;

use rayon::prelude::*;

use super::noted::Noted;
use super::vectors::Size;
use crate::model::{Word, WordedText, Wording};
use crate::table::Table;

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
    /// How the article spells each of its words; empty where nobody wants to know.
    pub spellings: Box<[u32]>,
}

/// Stands for a word that no other article has.
pub(super) const NONE: u32 = u32::MAX;

impl Numbered {
    /// The number of the word at a place of the text; `None` at a gap, or when no other article
    /// has the word.
    pub fn word(&self, place: u16) -> Option<u32> {
        (place != Wording::GAP)
            .then(|| self.words[usize::from(place)])
            .filter(|word| *word != NONE)
    }

    /// How many words the article has.
    pub fn size(&self) -> Size {
        Size {
            words: self.words.len() as u32,
            own_words: self.words.iter().filter(|word| **word == NONE).count() as u32,
        }
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
    ///
    /// `noted`: where to write down what is forgotten here, if that is to be kept.
    pub fn new(
        wordings: Vec<Wording>,
        tags: &[Box<[u32]>],
        mut noted: Option<&mut Noted>,
    ) -> (Self, Vec<Numbered>) {
        let mut vocabulary = Self::default();
        if let Some(noted) = &mut noted {
            noted.note_words(&wordings);
        }
        let numbers = vocabulary.number_words(&wordings, noted.as_deref_mut());
        let mut articles: Vec<Numbered> = wordings
            .into_par_iter()
            .map(|wording| Numbered {
                // In the memory that the words had.
                words: Vec::from(wording.words)
                    .into_iter()
                    .map(|word| numbers[word.0 as usize])
                    .collect(),
                phrases: Vec::new(),
                text: wording.text,
                spellings: wording.spellings,
            })
            .collect();
        drop(numbers);
        vocabulary.number_phrases(&mut articles, noted);
        vocabulary.number_tags(tags);
        (vocabulary, articles)
    }

    /// The vocabulary of some articles, from what is known of all: words and phrases in order, and
    /// how many articles have each term.
    pub fn of(words: Vec<Word>, phrases: Vec<(u32, u32)>, tags: u32, counts: Vec<u32>) -> Self {
        Self {
            words,
            phrases,
            tags,
            counts,
        }
    }

    /// The number of each word that two articles have, and `NONE` for the others.
    fn number_words(&mut self, wordings: &[Wording], noted: Option<&mut Noted>) -> Vec<u32> {
        let count = |mut counts: Vec<u32>, wording: &Wording| {
            for word in &wording.words {
                let at = word.0 as usize;
                if at >= counts.len() {
                    counts.resize(at + 1, 0);
                }
                counts[at] += 1;
            }
            counts
        };
        let merge = |a: Vec<u32>, b: Vec<u32>| {
            let (mut long, short) = if a.len() < b.len() { (b, a) } else { (a, b) };
            for (sum, count) in long.iter_mut().zip(short) {
                *sum += count;
            }
            long
        };
        let counts = wordings
            .par_iter()
            .with_min_len(4096)
            .fold(Vec::new, count)
            .reduce(Vec::new, merge);
        if let Some(noted) = noted {
            noted.word_counts.clone_from(&counts);
        }
        let mut numbers = vec![NONE; counts.len()];
        for (word, count) in counts.into_iter().enumerate().filter(|(_, n)| *n > 1) {
            numbers[word] = self.words.len() as u32;
            self.words.push(Word(word as u32));
            self.counts.push(count);
        }
        numbers
    }

    fn number_phrases(&mut self, articles: &mut [Numbered], noted: Option<&mut Noted>) {
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
        articles
            .par_iter_mut()
            .for_each_init(Vec::new, |words, article| {
                let text = &article.text;
                words.clear();
                for text in [text.title(), text.summary(), text.body()] {
                    words.extend(
                        text.iter()
                            .map(|place| article.word(*place).unwrap_or(NONE)),
                    );
                    words.push(NONE);
                }
                article.phrases = dictionary.find(words);
            });
        drop(dictionary);
        let mut counts = vec![0_u32; candidates.len()];
        for article in &*articles {
            for run in article.phrases.chunk_by(|a, b| a == b) {
                counts[run[0] as usize] += 1;
            }
        }
        if let Some(noted) = noted {
            noted.note_phrases(articles, &candidates, &self.words);
            noted.pair_counts.clone_from(&counts);
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

    /// Of each term whether it is a tag.
    pub fn are_tags(&self) -> Vec<bool> {
        let mut are_tags = vec![false; self.words.len() + self.phrases.len()];
        are_tags.resize(self.counts.len(), true);
        are_tags
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

    /// The numbers of the words that a term is made of.
    pub fn words_of(&self, term: TermId) -> impl Iterator<Item = u32> + use<> {
        let at = term.0 as usize;
        let words = if at < self.words.len() {
            [Some(term.0), None]
        } else {
            let phrase = self.phrases.get(at - self.words.len());
            [phrase.map(|pair| pair.0), phrase.map(|pair| pair.1)]
        };
        words.into_iter().flatten()
    }

    /// How many words terms are made of, which come in ascending order.
    pub fn words_in(&self, terms: &[TermId]) -> usize {
        let (words, phrases) = (self.words.len(), self.phrases.len());
        let before = |end: usize| terms.partition_point(|term| (term.0 as usize) < end);
        let words_alone = before(words);
        words_alone + 2 * (before(words + phrases) - words_alone)
    }

    /// The number of a tag.
    pub fn tag(&self, tag: u32) -> TermId {
        TermId((self.words.len() + self.phrases.len()) as u32 + tag)
    }

    /// How many articles have a term; 0 for one that there is not.
    pub fn count(&self, term: TermId) -> u32 {
        self.counts.get(term.0 as usize).copied().unwrap_or(0)
    }

    /// The words that two articles have.
    pub fn words(&self) -> &[Word] {
        &self.words
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
    numbers: Table,
    bits: Vec<u64>,
}

impl Dictionary {
    fn new(pairs: &[(u32, u32)]) -> Self {
        let mut dictionary = Self {
            numbers: Table::with_capacity(pairs.len()),
            bits: vec![0; (pairs.len() / 8).next_power_of_two()],
        };
        for (pair, at) in pairs.iter().zip(0..) {
            let key = Self::key(*pair);
            let bit = dictionary.bit(key);
            dictionary.bits[bit / 64] |= 1 << (bit % 64);
            dictionary.numbers.insert(key, at);
        }
        dictionary
    }

    fn key((first, second): (u32, u32)) -> NonZeroU64 {
        NonZeroU64::MIN.saturating_add(u64::from(first) << 32 | u64::from(second))
    }

    fn bit(&self, key: NonZeroU64) -> usize {
        let mixed = key.get().wrapping_mul(0x9e37_79b9_7f4a_7c15);
        (mixed >> 32) as usize & (self.bits.len() * 64 - 1)
    }

    /// The numbers of those pairs of neighbours that are in the dictionary, ascending. One step
    /// after the other for all pairs: each look waits for memory, and so they wait together.
    fn find(&self, words: &[u32]) -> Vec<u32> {
        let mut keys = vec![NonZeroU64::MIN; words.len()];
        let mut count = 0;
        for pair in words.windows(2) {
            let key = Self::key((pair[0], pair[1]));
            let bit = self.bit(key);
            let may_be = self.bits[bit / 64] >> (bit % 64) & 1;
            let are_words = u64::from(pair[0] != NONE) & u64::from(pair[1] != NONE);
            // Written in any case: a branch would cost more, since nobody can foresee it.
            keys[count] = key;
            count += (may_be & are_words) as usize;
        }
        let mut numbers: Vec<u32> = Vec::with_capacity(count);
        for block in keys[..count].chunks(Table::AHEAD) {
            self.numbers.fetch(block.iter().copied());
            let found = block.iter().filter_map(|key| self.numbers.get(*key));
            numbers.extend(found.map(|number| number as u32));
        }
        numbers.sort_unstable();
        numbers
    }
}
