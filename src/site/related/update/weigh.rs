//! The vectors and titles of the articles that are weighed anew, as the batch engine would make
//! them: by a vocabulary of their terms alone, which are in the same order there.

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Asked;
use super::terms::{Looked, Recounted};
use crate::model::Word;
use crate::site::related::index::Code;
use crate::site::related::kept::{Class, Head, Record, Terms, Weighed};
use crate::site::related::vectors::{Size, Weigher, most_shared};
use crate::site::related::vocabulary::{NONE, Numbered, TermId, Vocabulary};

/// Terms in the numbering of the batch engine, as far as they are needed.
struct Numbering {
    vocabulary: Vocabulary,
    /// The id of each term.
    ids: Vec<u32>,
    /// The number of each word, and of each phrase.
    numbers: FxHashMap<u32, u32>,
}

impl Numbering {
    fn new(recounted: &Recounted, terms: &Terms) -> Self {
        let looked = &recounted.looked;
        let is_shared = |id: &u32| terms.count(*id) > 1;
        let words = looked
            .iter()
            .flat_map(|article| article.said.ids.iter().copied());
        let words = distinct(words.filter(is_shared), |id| terms.meaning(id));
        let mut numbers: FxHashMap<u32, u32> = (0..)
            .zip(&words)
            .map(|(number, id)| (*id, number))
            .collect();
        let is_term = |id: &u32| terms.class(*id, usize::MAX) != Class::None;
        let phrases = looked
            .iter()
            .flat_map(|article| article.phrases.iter().copied());
        let pair = |id: u32| {
            let (first, second) = terms.words(id);
            let number = |word| numbers.get(&word).copied().unwrap_or(NONE);
            (number(first), number(second))
        };
        let phrases = distinct(phrases.filter(is_term), pair);
        let pairs: Vec<(u32, u32)> = phrases.iter().map(|id| pair(*id)).collect();
        let first = words.len() as u32;
        numbers.extend((first..).zip(&phrases).map(|(number, id)| (*id, number)));
        let tags = recounted.tags.iter().copied();
        let ids: Vec<u32> = words.iter().copied().chain(phrases).chain(tags).collect();
        let counts = ids.iter().map(|id| terms.count(*id)).collect();
        // What a word was elsewhere is of no account.
        let words = (0..words.len() as u32).map(Word).collect();
        Self {
            vocabulary: Vocabulary::of(words, pairs, recounted.tags.len() as u32, counts),
            ids,
            numbers,
        }
    }

    fn numbered(&self, article: &Looked, phrases: &FxHashMap<u64, u32>) -> Numbered {
        let number = |id: &u32| self.numbers.get(id).copied();
        let said = &article.said;
        let all = said
            .all_pairs()
            .filter_map(|pair| number(phrases.get(&pair)?));
        let mut all: Vec<u32> = all.collect();
        all.sort_unstable();
        let words = said.ids.iter().map(|id| number(id).unwrap_or(NONE));
        let words: Vec<u32> = words.collect();
        Numbered::new(&words, &all, said.text.clone(), &[])
    }

    fn weighed(&self, terms: impl Iterator<Item = (TermId, Code)>) -> Weighed {
        let terms = terms.map(|(term, code)| (self.ids[term.0 as usize], code));
        Weighed::sorted(terms.collect())
    }
}

/// Each id once, in the order of something that no two have.
fn distinct<K: Ord>(ids: impl Iterator<Item = u32>, order: impl Fn(u32) -> K) -> Vec<u32> {
    let mut ids: Vec<u32> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids.sort_by_cached_key(|id| order(*id));
    ids
}

/// What is kept of the articles now, in the order in which they were looked at.
pub fn weigh(asked: &Asked, recounted: &Recounted, terms: &Terms, length: u64) -> Vec<Record> {
    let articles = asked.keys.len();
    let numbering = Numbering::new(recounted, terms);
    let weigher = Weigher::new(
        &numbering.vocabulary,
        asked.weights,
        articles,
        length as usize,
    );
    let common = most_shared(articles, asked.weights);
    let record = |article: &Looked| {
        let said = &article.said;
        let rank = said.rank as usize;
        let numbered = numbering.numbered(article, &recounted.phrases);
        let tags = &asked.facts.tags[rank];
        let vector = weigher.vector(&numbered, tags, |_| false);
        let title = weigher.title(&numbered);
        let head = Head {
            key: asked.keys[rank],
            length: numbered.length,
            size: numbered.size,
        };
        let own_tags = tags.iter().map(|tag| recounted.tags[*tag as usize]);
        let words = said.ids.iter().chain(&article.phrases).copied();
        let all = words.chain(own_tags).collect();
        let vector = numbering.weighed(vector.iter());
        let title = numbering.weighed(title.iter().copied());
        let counts = said.text.counts(said.ids.len());
        let aside = said.ids.iter().zip(counts);
        let aside = aside.filter(|(_, count)| *count == 0).map(|(id, _)| *id);
        let aside = aside.collect();
        let gives = article.gives.clone();
        Record::new(head, all, aside, vector, title, gives, |id| {
            terms.class(id, common)
        })
    };
    recounted.looked.par_iter().map(record).collect()
}

/// Whether an article may be a copy of others no longer, or may be one now.
pub fn turns_copy(before: Size, now: Size) -> bool {
    use crate::site::related::finder::is_copy;
    is_copy(before) != is_copy(now)
}
