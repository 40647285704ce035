//! What is to be kept of an archive that the engine has compared.
//!
//! In: what is noted while the engine's vocabulary and vectors are made, and what was found. Out:
//! a [`State`].

use std::cmp::Reverse;

use rayon::prelude::*;

use super::ArticleId;
use super::Engine;
use super::Reason;
use super::answer::Asked;
use super::finder::Ranked;
use super::index::{Code, Posting};
use super::kept::{
    Archive, Bar, Class, Growing, Head, Ids, Kept, Kind, Outcome, PARTS, Part, Record, Side, State,
    Terms, Weighed, encode_wishes, weights_key,
};
use super::noted::Noted;
use super::vectors::{Title, Vector, most_shared};
use super::vocabulary::TermId;

/// Articles that are looked at together.
const AT_A_TIME: usize = 2048;

/// What the engine does not hold.
#[derive(Debug)]
pub(super) struct Draft {
    pub noted: Noted,
    /// The hash of the stem of each word.
    pub stems: Vec<u64>,
    pub titles: Vec<Title>,
}

/// The id of each word, phrase of the dictionary, and term of the engine.
struct Numbers {
    words: Vec<u32>,
    phrases: Vec<u32>,
    terms: Vec<u32>,
    tags: Vec<u32>,
}

impl Draft {
    /// What is to be kept. The engine is not needed any more, and is let go bit by bit, since this is where
    /// a build holds most.
    pub fn finish(
        mut self,
        mut engine: Engine,
        asked: &Asked,
        ranked: &[Ranked],
        reasons: &[Vec<Box<[Reason]>>],
    ) -> State {
        drop(std::mem::take(&mut engine.spelling));
        let common = most_shared(ranked.len(), asked.weights);
        let (terms, numbers) = self.number(&engine, asked, common);
        let bars = bars(&engine, &numbers.terms, asked.weights.longest);
        drop(std::mem::take(&mut engine.finder.index));
        let lengths = self.noted.lengths.iter();
        let archive = Archive {
            weights: weights_key(asked.weights),
            with_reasons: asked.with_reasons,
            length: lengths.map(|length| u64::from(*length)).sum(),
            order: (0..ranked.len() as u32).collect(),
            tags: numbers.tags.clone(),
            bars,
            terms,
        };
        let parts_of = |draft: &Self, engine: &Engine, rank: usize| {
            let class = |id| archive.terms.class(id, common);
            let record = draft.record(rank, engine, asked, &numbers, class);
            let mut parts: [Vec<u8>; PARTS] = Default::default();
            for (part, bytes) in record.encode() {
                parts[part as usize] = bytes;
            }
            let wanted = &asked.wanted[rank];
            let except: Vec<u32> = wanted.except.iter().map(|id| id.0).collect();
            let links: Vec<u32> = asked
                .facts
                .links
                .from(ArticleId(rank as u32))
                .iter()
                .map(|id| id.0)
                .collect();
            encode_wishes(wanted, &except, &links, &mut parts[Part::Wishes as usize]);
            let outcome = Outcome {
                ranked: ranked[rank].clone(),
                reasons: reasons[rank].clone(),
            };
            let tag = |tag: u32| numbers.tags[tag as usize];
            outcome.encode(tag, &mut parts[Part::Outcome as usize]);
            parts
        };
        let mut columns: [Growing; PARTS] = Default::default();
        let all: Vec<usize> = (0..ranked.len()).collect();
        // Some at a time: the parts of all would take more memory than the columns.
        for (nth, some) in all.chunks(AT_A_TIME).enumerate() {
            let parts = some.par_iter();
            let parts = parts.map(|rank| parts_of(&self, &engine, *rank));
            let parts: Vec<[Vec<u8>; PARTS]> = parts.collect();
            for parts in &parts {
                for (column, bytes) in columns.iter_mut().zip(parts) {
                    column.push(bytes);
                }
            }
            if nth == 0 {
                for column in &mut columns {
                    column.reserve(all.len());
                }
            }
            for rank in some {
                self.noted.forget(*rank);
                self.titles[*rank] = Title::default();
                engine.finder.vectors[*rank] = Vector::default();
            }
        }
        let columns = columns.map(Growing::finish);
        State {
            kept: Kept::new(archive, ranked.len(), columns),
            slots: ranked.len(),
            changed: Default::default(),
        }
    }

    /// Gives ids to all terms. What is common comes first and what only one article has comes
    /// last, so that the ids of an article's vector are close to each other.
    fn number(&self, engine: &Engine, asked: &Asked, common: usize) -> (Terms, Numbers) {
        let Noted {
            word_counts,
            pairs,
            pair_counts,
            given,
            ..
        } = &self.noted;
        let vocabulary = &engine.vocabulary;
        let mut terms = Terms::default();
        terms.reserve(word_counts.len() + pairs.len() + asked.tag_keys.len());
        let mut words = vec![0; word_counts.len()];
        let push_words = |terms: &mut Terms, words: &mut [u32], are_now: &dyn Fn(usize) -> bool| {
            for (word, count) in word_counts.iter().enumerate() {
                if are_now(*count as usize) {
                    let stem = self.stems.get(word).copied().unwrap_or(0);
                    words[word] = terms.push(Kind::Word, stem, *count, 0);
                }
            }
        };
        push_words(&mut terms, &mut words, &|count| count > 1 && count > common);
        push_words(&mut terms, &mut words, &|count| {
            count > 1 && count <= common
        });
        let tags = |terms: &mut Terms| -> Vec<u32> {
            let counts = (0..).map(|tag| vocabulary.count(vocabulary.tag(tag)));
            let tags = asked.tag_keys.iter().zip(counts);
            tags.map(|(key, count)| terms.push(Kind::Tag, *key, count, 0))
                .collect()
        };
        let tags = tags(&mut terms);
        let mut phrases = vec![0; pairs.len()];
        for is_shared in [true, false] {
            // Words need ids before phrases of them have any.
            if !is_shared {
                push_words(&mut terms, &mut words, &|count| count == 1);
            }
            for (at, (first, second)) in pairs.iter().enumerate() {
                if (pair_counts[at] > 1) == is_shared {
                    let pair = Terms::pair(words[*first as usize], words[*second as usize]);
                    phrases[at] = terms.push(Kind::Phrase, pair, pair_counts[at], given[at]);
                }
            }
        }
        let of_words = vocabulary.words().iter().map(|word| words[word.0 as usize]);
        let shared = phrases
            .iter()
            .zip(pair_counts)
            .filter(|(_, count)| **count > 1);
        let of_phrases = shared.map(|(id, _)| *id);
        let of_terms = of_words
            .chain(of_phrases)
            .chain(tags.iter().copied())
            .collect();
        let numbers = Numbers {
            words,
            phrases,
            terms: of_terms,
            tags,
        };
        (terms, numbers)
    }

    fn record(
        &self,
        rank: usize,
        engine: &Engine,
        asked: &Asked,
        numbers: &Numbers,
        class: impl Fn(u32) -> Class,
    ) -> Record {
        let noted = &self.noted;
        let read = |bytes: &[u8], ids: &[u32]| -> Vec<u32> {
            Ids::new(bytes).map(|number| ids[number as usize]).collect()
        };
        // Nearly as terms are numbered: words, tags, phrases.
        let mut all = read(&noted.words[rank].all, &numbers.words);
        let tags = asked.facts.tags[rank].iter();
        all.extend(tags.map(|tag| numbers.tags[*tag as usize]));
        all.extend(read(&noted.phrases[rank], &numbers.phrases));
        let mut gives = read(&noted.gives[rank], &numbers.phrases);
        gives.sort_unstable();
        let weighed = |terms: &mut dyn Iterator<Item = (TermId, Code)>| {
            let terms = terms.map(|(term, code)| (numbers.terms[term.0 as usize], code));
            Weighed::sorted(terms.collect())
        };
        let vector = weighed(&mut engine.finder.vectors[rank].iter());
        let title = weighed(&mut self.titles[rank].iter().copied());
        let head = Head {
            key: asked.keys[rank],
            length: noted.lengths[rank],
            size: engine.finder.judge.sizes[rank],
        };
        let aside = read(&noted.words[rank].aside, &numbers.words);
        Record::new(head, all, aside, vector, title, gives, class)
    }
}

/// The last of each list that is as long as lists are.
fn bars(engine: &Engine, ids: &[u32], longest: usize) -> Vec<Bar> {
    let index = &engine.finder.index;
    let mut bars = Vec::new();
    let terms = engine.vocabulary.counts.len() as u32;
    for (term, id) in (0..terms).zip(ids) {
        let titles = index.in_titles(TermId(term));
        let texts = &index.of(TermId(term))[titles.len()..];
        for (side, list) in [(Side::Text, texts), (Side::Title, titles)] {
            let code = |posting: &Posting| match side {
                Side::Text => posting.weight,
                Side::Title => posting.title,
            };
            let order = |posting: &&Posting| (Reverse(code(posting)), posting.article);
            if let Some(last) = list
                .iter()
                .max_by_key(order)
                .filter(|_| list.len() >= longest)
            {
                bars.push(Bar {
                    id: *id,
                    side,
                    code: code(last),
                    slot: last.article,
                });
            }
        }
    }
    bars.sort_unstable();
    bars
}
