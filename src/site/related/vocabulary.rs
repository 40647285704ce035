//! Which words and phrases the archive shares, and how common each is.

use std::num::NonZeroU64;

use rayon::prelude::*;

use super::kept::Ids;
use super::noted::{Noted, listed};
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

/// The terms of an article as numbers: what is left of its text when all terms are known.
#[derive(Debug)]
pub(super) struct Numbered {
    /// The number of each different word of the article, ascending; of one that no other has,
    /// [`OWN`] and its number among all words, or [`NONE`].
    pub words: Box<[u32]>,
    /// The length of the body.
    pub length: u32,
    /// Those that others have too and the article spells in another way than is usual, ascending, and
    /// how.
    pub spellings: Box<[(u32, u32)]>,
    /// Phrases of title, blurb and body, ascending, with repetitions.
    phrases: Box<[u8]>,
    /// How often title, blurb and body have each of the words, and the places of title and
    /// headings. Together, in the memory that the text had: the texts of all articles are most of
    /// what a build holds, and what is put in place of them would be held beside them for a while.
    rest: Vec<u16>,
    /// Where the title ends in there.
    title_end: usize,
}

/// Marks a word that no other article has.
const OWN: u32 = 1 << 31;

/// Stands for what has no number: a word that no other article has, whichever it is, or a gap.
pub(super) const NONE: u32 = u32::MAX;

/// A number, if it is one of a word that others have too.
fn shared(number: u32) -> Option<u32> {
    (number & OWN == 0).then_some(number)
}

/// Pairs of neighbouring words of a text; `None` for one with a word that `number` has none for.
fn pairs<'a>(
    text: &'a [u16],
    number: impl Fn(u16) -> Option<u32> + 'a,
) -> impl Iterator<Item = Option<(u32, u32)>> + 'a {
    let is_pair = |pair: &&[u16]| pair[0] != Wording::GAP && pair[1] != Wording::GAP;
    let pairs = text.windows(2).filter(is_pair);
    pairs.map(move |pair| Some((number(pair[0])?, number(pair[1])?)))
}

impl Numbered {
    /// `words` and `phrases` are numbers already, words in the order of the text's places; phrases
    /// come ascending, with repetitions.
    pub fn new(
        mut words: Box<[u32]>,
        phrases: &[u32],
        text: WordedText,
        spellings: &[(u16, u32)],
    ) -> Self {
        // A number is sorted faster than a pair of numbers.
        let order = words.iter().zip(0_u64..);
        let mut order: Vec<u64> = order
            .map(|(word, place)| u64::from(*word) << 32 | place)
            .collect();
        order.sort_unstable();
        let mut places = vec![0_u16; words.len()];
        for (entry, place) in order.iter().zip(0..) {
            places[*entry as u32 as usize] = place;
        }
        for (word, entry) in words.iter_mut().zip(&order) {
            *word = (entry >> 32) as u32;
        }
        let spelled = spellings.iter().filter_map(|(place, spelling)| {
            let word = shared(words[usize::from(places[usize::from(*place)])])?;
            Some((word, *spelling))
        });
        let mut spellings: Vec<(u32, u32)> = spelled.collect();
        spellings.sort_unstable();

        let counts = text.counts(words.len());
        let counts = order.iter().map(|entry| counts[*entry as u32 as usize]);
        let mut rest: Vec<u16> = counts.collect();
        let place = |place: &u16| {
            let place = places.get(usize::from(*place));
            place.copied().unwrap_or(Wording::GAP)
        };
        rest.extend(text.title().iter().map(place));
        let title_end = rest.len();
        rest.extend(text.headings().iter().map(place));
        let length = text.body().len() as u32;
        let mut memory = text.into_places();
        memory.clear();
        memory.extend(rest);
        Self {
            words,
            length,
            spellings: spellings.into(),
            phrases: listed(phrases),
            rest: memory,
            title_end,
        }
    }

    /// How often title, blurb and body have each of the words; 0 for one that is in headings alone.
    pub fn counts(&self) -> &[u16] {
        &self.rest[..self.words.len()]
    }

    /// Phrases of title, blurb and body, ascending, each with how often they have it.
    pub fn counted_phrases(&self) -> impl Iterator<Item = (u32, u16)> {
        let mut phrases = Ids::new(&self.phrases).peekable();
        std::iter::from_fn(move || {
            let phrase = phrases.next()?;
            let mut count = 1_u16;
            while phrases.next_if_eq(&phrase).is_some() {
                count = count.saturating_add(1);
            }
            Some((phrase, count))
        })
    }

    /// The number of the word at a place of the text; `None` at a gap, or when no other article
    /// has the word.
    fn word(&self, place: u16) -> Option<u32> {
        shared(*self.words.get(usize::from(place))?)
    }

    /// How many words the article has.
    pub fn size(&self) -> Size {
        let shared = self.words.partition_point(|word| shared(*word).is_some());
        Size {
            words: self.words.len() as u32,
            own_words: (self.words.len() - shared) as u32,
        }
    }

    /// The words that others have too, ascending, each with how often the text has it; not those
    /// that are in headings alone.
    pub fn counted(&self) -> impl Iterator<Item = (u32, u16)> {
        let counted = self.words.iter().zip(self.counts());
        counted.filter_map(|(word, count)| (*count > 0).then_some((shared(*word)?, *count)))
    }

    fn title(&self) -> &[u16] {
        &self.rest[self.words.len()..self.title_end]
    }

    /// The words of the title that others have too, with repetitions.
    pub fn title_words(&self) -> impl Iterator<Item = u32> {
        self.title().iter().filter_map(|place| self.word(*place))
    }

    /// The pairs of neighbouring words of the title; `None` for one with a word that no other
    /// article has.
    pub fn title_pairs(&self) -> impl Iterator<Item = Option<(u32, u32)>> {
        pairs(self.title(), |place| self.word(place))
    }

    /// Those of title and headings whose words others have too.
    pub fn given_pairs(&self) -> impl Iterator<Item = (u32, u32)> {
        let headings = pairs(&self.rest[self.title_end..], |place| self.word(place));
        self.title_pairs().chain(headings).flatten()
    }
}

impl Vocabulary {
    /// The vocabulary of an archive, and the terms of each article by their numbers.
    ///
    /// Words count that two articles have. Phrases count that an author put into a title or a
    /// heading, and that two articles have anywhere: pairs of words that only ever occur in
    /// running text are many, and say little more than their words (docs/related.md).
    ///
    /// `noted`: where to write down of phrases what is forgotten here, if that is to be kept.
    pub fn new(
        wordings: Vec<Wording>,
        tags: &[Box<[u32]>],
        mut noted: Option<&mut Noted>,
    ) -> (Self, Vec<Numbered>) {
        let mut vocabulary = Self::default();
        let numbers = vocabulary.number_words(&wordings, noted.as_deref_mut());
        let candidates = candidates(&wordings, &numbers);
        let dictionary = Dictionary::new(&candidates);
        let number = |(words, found): &mut (Vec<u32>, Vec<u32>), wording: Wording| {
            let Wording {
                words: own,
                text,
                spellings,
            } = wording;
            // In the memory that the words had.
            let own = Vec::from(own).into_iter();
            let own: Box<[u32]> = own.map(|word| numbers[word.0 as usize]).collect();
            words.clear();
            for text in [text.title(), text.summary(), text.body()] {
                let number = |place: &u16| own.get(usize::from(*place)).copied();
                words.extend(text.iter().map(|place| number(place).unwrap_or(NONE)));
                words.push(NONE);
            }
            dictionary.find(words, found);
            Numbered::new(own, found, text, &spellings)
        };
        let articles = wordings.into_par_iter().map_init(Default::default, number);
        let mut articles: Vec<Numbered> = articles.collect();
        drop((numbers, dictionary));
        vocabulary.number_phrases(&candidates, &mut articles, noted);
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

    /// The number of each word that two articles have; of the others, their own with [`OWN`].
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
        let mut numbers: Vec<u32> = (0..counts.len() as u32).map(|word| OWN | word).collect();
        for (word, count) in counts.into_iter().enumerate().filter(|(_, n)| *n > 1) {
            numbers[word] = self.words.len() as u32;
            self.words.push(Word(word as u32));
            self.counts.push(count);
        }
        numbers
    }

    /// Which of all words an article's word is.
    pub fn word_of(&self, number: u32) -> u32 {
        match shared(number) {
            Some(number) => self.words[number as usize].0,
            None => number & !OWN,
        }
    }

    /// Gives numbers for good to those candidates that two articles have.
    fn number_phrases(
        &mut self,
        candidates: &[(u32, u32)],
        articles: &mut [Numbered],
        noted: Option<&mut Noted>,
    ) {
        let mut counts = vec![0_u32; candidates.len()];
        for article in &*articles {
            for (phrase, _) in article.counted_phrases() {
                counts[phrase as usize] += 1;
            }
        }
        if let Some(noted) = noted {
            noted.note_phrases(articles, candidates, &self.words);
            noted.pair_counts.clone_from(&counts);
        }
        let mut numbers = vec![NONE; candidates.len()];
        for (at, count) in counts.into_iter().enumerate().filter(|(_, n)| *n > 1) {
            numbers[at] = self.counts.len() as u32;
            self.counts.push(count);
            self.phrases.push(candidates[at]);
        }
        let renumber = |phrases: &mut Vec<u32>, article: &mut Numbered| {
            let known = Ids::new(&article.phrases).map(|phrase| numbers[phrase as usize]);
            phrases.clear();
            phrases.extend(known.filter(|number| *number != NONE));
            article.phrases = listed(phrases);
        };
        let articles = articles.par_iter_mut();
        articles.for_each_init(Vec::new, renumber);
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

/// The pairs of words that somebody put into a title or a heading, in order.
fn candidates(wordings: &[Wording], numbers: &[u32]) -> Vec<(u32, u32)> {
    let of = |wording: &Wording| -> Vec<(u32, u32)> {
        let number = |place: u16| {
            let word = wording.words.get(usize::from(place))?;
            shared(numbers[word.0 as usize])
        };
        let texts = [wording.text.title(), wording.text.headings()];
        let pairs = texts.into_iter().flat_map(|text| pairs(text, number));
        pairs.flatten().collect()
    };
    let mut candidates: Vec<(u32, u32)> = wordings.par_iter().flat_map_iter(of).collect();
    candidates.par_sort_unstable();
    candidates.dedup();
    candidates
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
    fn find(&self, words: &[u32], numbers: &mut Vec<u32>) {
        let mut keys = vec![NonZeroU64::MIN; words.len()];
        let mut count = 0;
        for pair in words.windows(2) {
            let key = Self::key((pair[0], pair[1]));
            let bit = self.bit(key);
            let may_be = self.bits[bit / 64] >> (bit % 64) & 1;
            let are_words = u64::from((pair[0] | pair[1]) & OWN == 0);
            // Written in any case: a branch would cost more, since nobody can foresee it.
            keys[count] = key;
            count += (may_be & are_words) as usize;
        }
        numbers.clear();
        for block in keys[..count].chunks(Table::AHEAD) {
            self.numbers.fetch(block.iter().copied());
            let found = block.iter().filter_map(|key| self.numbers.get(*key));
            numbers.extend(found.map(|number| number as u32));
        }
        numbers.sort_unstable();
    }
}
