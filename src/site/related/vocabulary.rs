//! Which words and phrases the archive shares, and how common each is.

use std::num::NonZeroU64;

use rayon::prelude::*;

use super::kept::Ids;
use super::noted::{Noted, listed};
use super::vectors::Size;
use crate::model::{Smalls, Word, WordedText, Wording, put_small};
use crate::site::bytes::{Reader, put};
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
    /// How many different words there are.
    pub size: Size,
    /// The length of the body.
    pub length: u32,
    /// Those that others have too and the article spells in another way than is usual, ascending, and
    /// how.
    pub spellings: Box<[(u32, u32)]>,
    /// Phrases of title, blurb and body, ascending, with repetitions.
    phrases: Box<[u8]>,
    /// The number of each different word, ascending, as steps; how often title, blurb and body have each;
    /// and then title and headings as [`Token`]s. Together, in the memory that the text had where they
    /// fit there: the texts of all articles are most of what a build holds, and what is put in place
    /// of them would be held beside them for a while.
    rest: Vec<u8>,
    /// Where counts begin in there, the title, and the headings.
    starts: [u32; 3],
}

/// Marks a word that no other article has.
const OWN: u32 = 1 << 31;

/// Stands for what has no number: a word that no other article has, whichever it is, or a gap.
pub(super) const NONE: u32 = u32::MAX;

/// A number, if it is one of a word that others have too.
fn shared(number: u32) -> Option<u32> {
    (number & OWN == 0).then_some(number)
}

/// What stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token {
    /// The end of a sentence, or a word too many.
    Gap,
    /// A word that no other article has.
    Own,
    /// The number of one that others have too.
    Shared(u32),
}

impl Token {
    /// What is at a place of a text whose words have these numbers.
    fn at(place: u16, numbers: impl Fn(usize) -> Option<u32>) -> Self {
        match numbers(usize::from(place)) {
            None => Self::Gap,
            Some(number) => shared(number).map_or(Self::Own, Self::Shared),
        }
    }

    fn write(self, out: &mut Vec<u8>) {
        put(
            out,
            match self {
                Self::Gap => 0,
                Self::Own => 1,
                Self::Shared(number) => number + 2,
            },
        );
    }

    /// Those that are written somewhere.
    fn all(bytes: &[u8]) -> impl Iterator<Item = Self> + Clone {
        let mut reader = Reader(bytes);
        std::iter::from_fn(move || {
            Some(match reader.number()? {
                0 => Self::Gap,
                1 => Self::Own,
                number => Self::Shared(number - 2),
            })
        })
    }
}

/// Pairs of neighbouring words of a text; `None` for one with a word that no other article has.
fn pairs(text: impl Iterator<Item = Token> + Clone) -> impl Iterator<Item = Option<(u32, u32)>> {
    let pairs = text.clone().zip(text.skip(1));
    pairs.filter_map(|pair| match pair {
        (Token::Gap, _) | (_, Token::Gap) => None,
        (Token::Shared(first), Token::Shared(second)) => Some(Some((first, second))),
        _ => Some(None),
    })
}

impl Numbered {
    /// `words` are the numbers of the text's words, by their places: of one that no other article has,
    /// [`OWN`] and its number among all words, or [`NONE`]. `phrases` come ascending, with repetitions.
    pub fn new(words: &[u32], phrases: &[u32], text: WordedText, spellings: &[(u16, u32)]) -> Self {
        let spelled = spellings
            .iter()
            .filter_map(|(place, spelling)| Some((shared(words[usize::from(*place)])?, *spelling)));
        let mut spellings: Vec<(u32, u32)> = spelled.collect();
        spellings.sort_unstable();

        // A number is sorted faster than a pair of numbers.
        let counts = text.counts(words.len());
        let counted = words.iter().zip(counts);
        let counted = counted.map(|(word, count)| u64::from(*word) << 32 | u64::from(count));
        let mut counted: Vec<u64> = counted.collect();
        counted.sort_unstable();
        let own = counted.partition_point(|entry| shared((entry >> 32) as u32).is_some());
        let mut rest = Vec::with_capacity(counted.len() * 4);
        let mut last = 0;
        for entry in &counted {
            let word = (entry >> 32) as u32;
            put(&mut rest, word - last);
            last = word;
        }
        let counts = rest.len() as u32;
        for entry in &counted {
            put_small(&mut rest, *entry as u16);
        }
        let [title, headings] = [text.title(), text.headings()].map(|part| {
            let start = rest.len() as u32;
            for place in part {
                Token::at(place, |at| words.get(at).copied()).write(&mut rest);
            }
            start
        });
        let length = text.length();
        let mut memory = text.into_memory();
        memory.reserve_exact(rest.len());
        memory.extend_from_slice(&rest);
        Self {
            size: Size {
                words: words.len() as u32,
                own_words: (words.len() - own) as u32,
            },
            length,
            spellings: spellings.into(),
            phrases: listed(phrases),
            rest: memory,
            starts: [counts, title, headings],
        }
    }

    /// The number of each different word, ascending, as [`Self::new`] was given it, and how often title,
    /// blurb and body have it: 0 for one that is in headings alone.
    pub fn words(&self) -> impl Iterator<Item = (u32, u16)> {
        let [counts, title, _] = self.starts.map(|start| start as usize);
        let mut steps = Reader(&self.rest[..counts]);
        let mut last = 0;
        let words = std::iter::from_fn(move || {
            last += steps.number()?;
            Some(last)
        });
        words.zip(Smalls(&self.rest[counts..title]))
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

    /// The words that others have too, ascending, each with how often the text has it; not those
    /// that are in headings alone.
    pub fn counted(&self) -> impl Iterator<Item = (u32, u16)> {
        let shared = self.words().take_while(|(word, _)| shared(*word).is_some());
        shared.filter(|(_, count)| *count > 0)
    }

    fn title(&self) -> impl Iterator<Item = Token> + Clone {
        Token::all(&self.rest[self.starts[1] as usize..self.starts[2] as usize])
    }

    /// The words of the title that others have too, with repetitions.
    pub fn title_words(&self) -> impl Iterator<Item = u32> {
        self.title().filter_map(|token| match token {
            Token::Shared(number) => Some(number),
            Token::Gap | Token::Own => None,
        })
    }

    /// The pairs of neighbouring words of the title; `None` for one with a word that no other
    /// article has.
    pub fn title_pairs(&self) -> impl Iterator<Item = Option<(u32, u32)>> {
        pairs(self.title())
    }

    /// Those of title and headings whose words others have too.
    pub fn given_pairs(&self) -> impl Iterator<Item = (u32, u32)> {
        let headings = Token::all(&self.rest[self.starts[2] as usize..]);
        self.title_pairs().chain(pairs(headings)).flatten()
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
        let number = |[own, words, found]: &mut [Vec<u32>; 3], wording: Wording| {
            own.clear();
            own.extend(wording.words.iter().map(|word| numbers[word.0 as usize]));
            let text = wording.text;
            words.clear();
            for part in [text.title(), text.summary(), text.body()] {
                words.reserve(part.0.len() + 1);
                for place in part {
                    words.push(own.get(usize::from(place)).copied().unwrap_or(NONE));
                }
                words.push(NONE);
            }
            dictionary.find(words, found);
            Numbered::new(own, found, text, &wording.spellings)
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
        let number = |at: usize| Some(numbers[wording.words.get(at)?.0 as usize]);
        let texts = [wording.text.title(), wording.text.headings()];
        let tokens = texts.map(|text| text.map(|place| Token::at(place, number)));
        let pairs = tokens.into_iter().flat_map(pairs);
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
