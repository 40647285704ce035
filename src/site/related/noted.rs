//! What is to be known of words and phrases when something is kept for the next build.
//!
//! In: what the vocabulary has while it is made. Out: lists that are small enough to be held until
//! everything is found.

use rayon::prelude::*;

use super::kept::put_ids;
use super::vocabulary::Numbered;
use crate::model::{Word, Wording};

/// What a vocabulary finds and does not hold: words that only one article has, what each article
/// puts into the dictionary, and what is in there for nothing. Lists are as [`put_ids`] writes them.
#[derive(Debug, Default)]
pub(super) struct Noted {
    /// The different words of each article.
    pub words: Vec<Box<[u8]>>,
    /// Those of them that are in headings alone.
    pub aside: Vec<Box<[u8]>>,
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

impl Noted {
    pub fn note_words(&mut self, wordings: &[Wording]) {
        let noted = wordings.par_iter().map(|wording| {
            let sorted = |words: &mut dyn Iterator<Item = Word>| {
                let mut words: Vec<u32> = words.map(|word| word.0).collect();
                words.sort_unstable();
                listed(&words)
            };
            let aside = wording.text.only_in_headings(wording.words.len());
            let words = sorted(&mut wording.words.iter().copied());
            (words, sorted(&mut aside.map(|place| wording.words[place])))
        });
        (self.words, self.aside) = noted.unzip();
        let lengths = wordings
            .iter()
            .map(|wording| wording.text.body().len() as u32);
        self.lengths = lengths.collect();
    }

    pub fn note_phrases(&mut self, articles: &[Numbered], pairs: &[(u32, u32)], words: &[Word]) {
        let has = articles.par_iter().map(|article| {
            let mut phrases = article.phrases.clone();
            phrases.dedup();
            listed(&phrases)
        });
        self.phrases = has.collect();
        let given: Vec<Vec<u32>> = articles
            .par_iter()
            .map(|article| {
                let texts = [article.text.title(), article.text.headings()];
                let given = texts
                    .into_iter()
                    .flat_map(|text| article.pairs(text).flatten());
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
        let lists = [
            &mut self.words,
            &mut self.aside,
            &mut self.phrases,
            &mut self.gives,
        ];
        for list in lists {
            list[rank] = Box::default();
        }
    }
}

/// Ascending numbers in as little memory as they need.
fn listed(numbers: &[u32]) -> Box<[u8]> {
    let mut bytes = Vec::with_capacity(numbers.len() * 2 + 8);
    put_ids(&mut bytes, numbers.iter().copied());
    bytes.into()
}
