//! What articles are found by in a search: their words, each with how much it counts.
//!
//! Like [`Readers`](super::Readers), those who read number words as they meet them, and afterwards
//! all get one numbering.

use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Text;
use super::sought::sought;
use crate::model::{Counted, IndexEntries, IndexEntry, Mark};

/// Counts words on all cores.
#[derive(Default)]
pub struct Indexers {
    idle: Mutex<Vec<Indexer>>,
    made: Mutex<usize>,
}

/// What an article is found by, its words numbered as one of the indexers met them.
#[derive(Debug)]
pub struct ReadEntry {
    entry: IndexEntry,
    indexer: usize,
}

#[derive(Default)]
struct Indexer {
    number: usize,
    known: FxHashMap<Box<str>, u32>,
    words: Vec<Box<str>>,
    counts: Vec<Count>,
    /// The words of the article, in the order in which it has them first.
    met: Vec<u32>,
    folded: String,
}

/// How often an article has a word.
#[derive(Debug, Clone, Copy, Default)]
struct Count {
    /// Once in the body is 1.
    occurrences: u32,
    in_title: bool,
}

/// What a word counts in each part of an article; headings are part of the body too.
const IN_TAGS: u32 = 3;
const IN_HEADINGS: u32 = 2;
const IN_SUMMARY: u32 = 1;

impl Indexers {
    /// What an article is found by. `tags` as they are written; `excerpt` is the beginning of its text.
    pub fn read(&self, text: Text, tags: &[Box<str>], excerpt: String) -> ReadEntry {
        let idle = self
            .idle
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop();
        let mut indexer = idle.unwrap_or_else(|| {
            let mut made = self.made.lock().unwrap_or_else(PoisonError::into_inner);
            *made += 1;
            Indexer {
                number: *made - 1,
                ..Indexer::default()
            }
        });
        let read = ReadEntry {
            entry: IndexEntry {
                words: indexer.count(text, tags),
                text: excerpt.into(),
            },
            indexer: indexer.number,
        };
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        idle.push(indexer);
        read
    }

    /// All that was read in one numbering, that of the words' order.
    #[must_use]
    pub fn finish(self, read: Vec<Option<ReadEntry>>) -> IndexEntries {
        let indexers = self
            .idle
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner);
        let mut numbers = vec![Vec::new(); indexers.len()];
        let mut all = Vec::new();
        for Indexer { number, words, .. } in indexers {
            numbers[number] = vec![0; words.len()];
            all.extend((0_u32..).zip(words).map(|(at, word)| (word, number, at)));
        }
        all.par_sort_unstable();
        let mut words: Vec<Box<str>> = Vec::with_capacity(all.len());
        for (word, indexer, at) in all {
            if words.last() != Some(&word) {
                words.push(word);
            }
            numbers[indexer][at as usize] = words.len() as u32 - 1;
        }
        let renumbered = read.into_par_iter().map(|read| {
            let mut read = read?;
            for counted in &mut read.entry.words {
                counted.word = numbers[read.indexer][counted.word as usize];
            }
            Some(read.entry)
        });
        IndexEntries {
            entries: renumbered.collect(),
            words,
        }
    }
}

impl Indexer {
    fn count(&mut self, text: Text, tags: &[Box<str>]) -> Box<[Counted]> {
        let title = self.part(text.title, |count| count.in_title = true);
        let length = self.part(text.body, |count| count.occurrences += 1);
        self.part(text.headings, |count| count.occurrences += IN_HEADINGS);
        self.part(text.summary, |count| count.occurrences += IN_SUMMARY);
        for tag in tags {
            self.part(tag, |count| count.occurrences += IN_TAGS);
        }
        let counts = &mut self.counts;
        let counted = self.met.drain(..).map(|word| {
            let Count {
                occurrences,
                in_title,
            } = std::mem::take(&mut counts[word as usize]);
            let title = if in_title { title } else { 0 };
            Counted {
                word,
                mark: Mark::new(weight(occurrences, length), title),
            }
        });
        counted.collect()
    }

    /// Counts the words of a part; how many there are.
    fn part(&mut self, text: &str, count: impl Fn(&mut Count)) -> u32 {
        let Self {
            known,
            words,
            counts,
            met,
            folded,
            ..
        } = self;
        let mut length = 0;
        sought(text, folded, |word| {
            let number = known.get(word).copied().unwrap_or_else(|| {
                let number = words.len() as u32;
                known.insert(word.into(), number);
                words.push(word.into());
                counts.push(Count::default());
                number
            });
            let counted = &mut counts[number as usize];
            if counted.occurrences == 0 && !counted.in_title {
                met.push(number);
            }
            count(counted);
            length += 1;
        });
        length
    }
}

/// What a word weighs that is so often in a body of so many words: BM25's saturation (k1 1.2, b 0.75),
/// in sixteenths. The length that others are compared with is fixed at 400 words, since an average
/// would make the weights of all articles depend on each of them.
fn weight(occurrences: u32, length: u32) -> u32 {
    if occurrences == 0 {
        return 0;
    }
    let (occurrences, length) = (u64::from(occurrences), u64::from(length));
    // 1.2 × (0.25 + 0.75 × length / 400), in thousandths.
    let pivot = 300 + length * 9 / 4;
    let weight = occurrences * 16_000 / (occurrences * 1_000 + pivot);
    weight.clamp(1, Mark::MOST.into()) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_counts_by_where_it_stands() {
        let indexers = Indexers::default();
        let text = Text {
            title: "Harbour votes",
            headings: "Ferries",
            summary: "",
            body: "The harbour has a ferry. Ferries are late.",
        };
        let read = indexers.read(text, &["Old town".into()], "The harbour".to_owned());
        let found = indexers.finish(vec![Some(read), None]);
        let entry = found.entries[0].as_ref().expect("it was read");
        let mark = |word: &str| {
            let at = found.words.iter().position(|known| **known == *word)?;
            let counted = entry
                .words
                .iter()
                .find(|counted| counted.word as usize == at)?;
            Some((counted.mark.weight(), counted.mark.title()))
        };
        assert_eq!(mark("harbour"), Some((12, 2)));
        assert_eq!(mark("vote"), Some((0, 2)));
        assert_eq!(mark("late"), Some((12, 0)));
        assert_eq!(mark("town"), Some((14, 0)));
        assert_eq!(mark("ferry"), Some((14, 0)));
        assert_eq!(mark("harbours"), None);
        assert!(found.entries[1].is_none());
    }
}
