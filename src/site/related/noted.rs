//! What is to be known of words and phrases when something is kept for the next build.
//!
//! In: what there is while the vocabulary and the vectors are made. Out: lists that are small
//! enough to be held until everything is found.

use rayon::prelude::*;

use super::kept::put_ids;
use super::vocabulary::{Numbered, Vocabulary};
use crate::model::Word;

/// What vocabulary and vectors do not hold: words that only one article has, what each article
/// puts into the dictionary, and what is in there for nothing. Lists are as [`put_ids`] writes them.
#[derive(Debug, Default)]
pub(super) struct Noted {
    /// The words of each article.
    pub words: Vec<NotedWords>,
    /// The length of its body.
    pub lengths: Vec<u32>,
    /// How many articles have each word.
    pub word_counts: Vec<u32>,
    /// The pairs of the dictionary that each article has, by their places in `pairs`.
    pub phrases: Vec<Box<[u8]>>,
    /// Those that it puts there.
    pub gives: Vec<Box<[u8]>>,
    /// The dictionary.
    pub pairs: Vec<(u32, u32)>,
    /// How many articles have each pair.
    pub pair_counts: Vec<u32>,
    /// How many put it into the dictionary.
    pub given: Vec<u32>,
}

/// The words of an article.
#[derive(Debug, Default)]
pub(super) struct NotedWords {
    /// All, each once.
    pub all: Box<[u8]>,
    /// Those that are in headings alone.
    pub aside: Box<[u8]>,
}

impl NotedWords {
    #[expect(
        clippy::stable_sort_primitive,
        reason = "a stable sort joins what is in order, where the other begins anew"
    )]
    pub fn of(article: &Numbered, vocabulary: &Vocabulary) -> Self {
        let mut all = Vec::with_capacity(article.size.words as usize);
        let mut aside = Vec::new();
        for (word, count) in article.words() {
            let word = vocabulary.word_of(word);
            all.push(word);
            if count == 0 {
                aside.push(word);
            }
        }
        let [all, aside] = [all, aside].map(|mut words: Vec<u32>| {
            // Those that others have are in order, and so are those of its own.
            words.sort();
            listed(&words)
        });
        Self { all, aside }
    }
}

impl Noted {
    pub fn note_phrases(&mut self, articles: &[Numbered], pairs: &[(u32, u32)], words: &[Word]) {
        let has = articles.par_iter().map(|article| {
            let phrases = article.counted_phrases().map(|(phrase, _)| phrase);
            listed(&phrases.collect::<Vec<u32>>())
        });
        self.phrases = has.collect();
        let given: Vec<Vec<u32>> = articles
            .par_iter()
            .map(|article| {
                let given = article.given_pairs();
                let places = given.filter_map(|pair| pairs.binary_search(&pair).ok());
                let mut places: Vec<u32> = places.map(|place| place as u32).collect();
                places.sort_unstable();
                places.dedup();
                places
            })
            .collect();
        self.given = vec![0; pairs.len()];
        for place in given.iter().flatten() {
            self.given[*place as usize] += 1;
        }
        self.gives = given.par_iter().map(|given| listed(given)).collect();
        let word = |number: u32| words[number as usize].0;
        let pairs = pairs
            .iter()
            .map(|(first, second)| (word(*first), word(*second)));
        self.pairs = pairs.collect();
    }

    /// Lets the lists of an article go.
    pub fn forget(&mut self, rank: usize) {
        self.words[rank] = NotedWords::default();
        for list in [&mut self.phrases, &mut self.gives] {
            list[rank] = Box::default();
        }
    }
}

/// Ascending numbers in as little memory as they need, as [`Ids`](super::kept::Ids) reads them.
pub(super) fn listed(numbers: &[u32]) -> Box<[u8]> {
    let mut bytes = Vec::with_capacity(numbers.len() * 2 + 8);
    put_ids(&mut bytes, numbers.iter().copied());
    bytes.into()
}
