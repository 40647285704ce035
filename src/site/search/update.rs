//! An index of articles that are not what they were.
//!
//! In: the index before, and the entries of the articles that are not in it. Out: the index that all
//! articles would give from nothing, to the last byte. What no changed article is in keeps its bytes.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::postings::{Posting, Postings, Word, put_next, put_word, words};
use super::{Index, LISTS, Part, WORDS, file_of, files_for};
use crate::key::Key;
use crate::model::IndexEntry;

/// Fewest letters of a word that is completed; so many decide which file it is in.
const PREFIX: usize = 3;

/// Entries of articles that are new to an index, turned around: words with the articles that have them.
#[derive(Debug, Default)]
pub(super) struct Fresh {
    words: Arc<[Box<str>]>,
    /// Where the postings of each word begin; one more than there are words.
    starts: Vec<u32>,
    /// In the order of articles, word after word.
    postings: Vec<Posting>,
    /// The beginnings of their texts, by number.
    pub texts: Vec<(u32, Box<str>)>,
}

impl Fresh {
    /// Of articles with these numbers, which ascend.
    pub fn new(numbers: &[u32], entries: Vec<Option<IndexEntry>>, words: Arc<[Box<str>]>) -> Self {
        let mut starts = vec![0_u32; words.len() + 1];
        for counted in entries.iter().flatten().flat_map(|entry| &entry.words) {
            starts[counted.word as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let nothing = Posting {
            article: 0,
            mark: crate::model::Mark(0),
        };
        let mut postings = vec![nothing; starts[words.len()] as usize];
        let mut ends = starts.clone();
        let mut texts = Vec::with_capacity(numbers.len());
        for (number, entry) in numbers.iter().zip(entries) {
            let entry = entry.unwrap_or_default();
            for counted in &entry.words {
                let end = &mut ends[counted.word as usize];
                postings[*end as usize] = Posting {
                    article: *number,
                    mark: counted.mark,
                };
                *end += 1;
            }
            texts.push((*number, entry.text));
        }
        Self {
            words,
            starts,
            postings,
            texts,
        }
    }

    fn postings(&self, word: usize) -> &[Posting] {
        &self.postings[self.starts[word] as usize..self.starts[word + 1] as usize]
    }

    /// The words that any of the articles has, by the files that they are in.
    fn by_file(&self, files: usize) -> Vec<Vec<u32>> {
        let mut by_file = vec![Vec::new(); files];
        let of = self.words.par_iter().map(|word| file_of(word, files));
        let of: Vec<usize> = of.collect();
        for (word, file) in of.into_iter().enumerate() {
            if !self.postings(word).is_empty() {
                by_file[file].push(word as u32);
            }
        }
        by_file
    }
}

/// What became of the articles of an index.
struct Moves {
    /// The number that each has now; `GONE` if it is none.
    to: Vec<u32>,
    /// Whether those that are still there have the numbers that they had.
    are_same: bool,
    /// Whether they are in the order that they were in.
    are_in_order: bool,
}

const GONE: u32 = u32::MAX;

impl Moves {
    fn new(before: &[Key], now: &[Key]) -> Self {
        let numbers: FxHashMap<&Key, u32> = now.iter().zip(0..).collect();
        let to = before
            .iter()
            .map(|key| numbers.get(key).copied().unwrap_or(GONE));
        let to: Vec<u32> = to.collect();
        let left = to.iter().copied().filter(|number| *number != GONE);
        Self {
            are_same: (0..).zip(&to).all(|(was, is)| *is == GONE || was == *is),
            are_in_order: left.is_sorted(),
            to,
        }
    }

    /// Whether all the articles of a file are what they were.
    fn keep(&self, list: &Part) -> bool {
        let is_kept = |posting: Posting| self.now(posting).is_some();
        self.are_same && Postings(list.bytes()).all(|word| word.postings().all(is_kept))
    }

    fn now(&self, posting: Posting) -> Option<Posting> {
        let article = *self.to.get(posting.article as usize)?;
        (article != GONE).then_some(Posting { article, ..posting })
    }

    /// Who of those that have a word still has it, and `fresh` besides.
    fn merged(&self, word: Option<&Word>, fresh: &[Posting], into: &mut Vec<Posting>) {
        into.clear();
        let old = word.into_iter().flat_map(Word::postings);
        into.extend(old.filter_map(|posting| self.now(posting)));
        let is_sorted = self.are_in_order && (into.is_empty() || fresh.is_empty());
        into.extend_from_slice(fresh);
        if !is_sorted {
            into.sort_unstable_by_key(|posting| posting.article);
        }
    }
}

/// How many articles have a word now; none if it is to be forgotten.
type Change = (Box<[u8]>, u32);

/// The index of articles that these keys stand for, by their numbers.
pub(super) fn update(before: &Index, keys: Vec<Key>, fresh: &Fresh) -> Index {
    let moves = Moves::new(&before.entries, &keys);
    let lists = files_for(keys.len(), LISTS) as usize;
    let old_lists = spread(&before.lists, lists);
    let by_file = fresh.by_file(lists);
    let work = old_lists.into_par_iter().zip(&by_file);
    let made = work.map(|(old, words)| {
        if words.is_empty() && moves.keep(&old) {
            return (old, Vec::new());
        }
        merge(&old, &moves, fresh, words)
    });
    let (lists, changes): (Vec<Part>, Vec<Vec<Change>>) = made.unzip();

    let files = files_for(keys.len(), WORDS) as usize;
    let same_files = files == before.words.len();
    let changes = changes.into_iter().flatten();
    let all_words = |list: &Part| {
        let words = Postings(list.bytes()).map(|word| (word.word.into(), word.count));
        words
            .filter(|(_, count)| *count > 1)
            .collect::<Vec<Change>>()
    };
    let changes: Vec<Change> = if same_files {
        changes.collect()
    } else {
        lists.par_iter().flat_map_iter(all_words).collect()
    };
    let mut by_file: Vec<BTreeMap<Box<[u8]>, u32>> = vec![BTreeMap::new(); files];
    for (word, count) in changes {
        if let Some(prefix) = prefix(&word) {
            by_file[file_of(prefix, files)].insert(word, count);
        }
    }
    let old_words = if same_files {
        before.words.clone()
    } else {
        vec![Part::default(); files]
    };
    let words = old_words.into_par_iter().zip(by_file);
    let words = words.map(|(old, changes)| {
        if changes.is_empty() {
            old
        } else {
            reworded(&old, changes)
        }
    });
    Index {
        entries: keys,
        words: words.collect(),
        lists,
    }
}

/// What a word begins with, if that is enough to be in a list of words.
fn prefix(word: &[u8]) -> Option<&str> {
    let word = std::str::from_utf8(word).ok()?;
    let (last, letter) = word.char_indices().nth(PREFIX - 1)?;
    Some(&word[..last + letter.len_utf8()])
}

/// The same lists in another number of files.
fn spread(lists: &[Part], files: usize) -> Vec<Part> {
    if lists.len() == files {
        return lists.to_vec();
    }
    let mut spread: Vec<Vec<Word>> = vec![Vec::new(); files];
    for word in lists.iter().flat_map(|list| Postings(list.bytes())) {
        let name = String::from_utf8_lossy(word.word);
        spread[file_of(&name, files)].push(word);
    }
    let spread = spread.into_par_iter().map(|mut words| {
        words.sort_unstable_by_key(|word| word.word);
        let mut bytes = Vec::new();
        for word in &words {
            word.copy(&mut bytes);
        }
        Part::new(bytes)
    });
    spread.collect()
}

/// A list of postings after an edit, and the words of which the number of articles is another one.
fn merge(list: &Part, moves: &Moves, fresh: &Fresh, words: &[u32]) -> (Part, Vec<Change>) {
    let mut before = Postings(list.bytes()).peekable();
    let mut words = words.iter().map(|word| *word as usize).peekable();
    let mut out = Vec::with_capacity(list.bytes().len() + 64);
    let (mut changes, mut postings) = (Vec::new(), Vec::new());
    loop {
        let name = |word: &usize| fresh.words[*word].as_bytes();
        let is_first = match (before.peek(), words.peek()) {
            (None, None) => break,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(old), Some(new)) => old.word.cmp(name(new)),
        };
        let old = if is_first.is_le() {
            before.next()
        } else {
            None
        };
        let new = if is_first.is_ge() { words.next() } else { None };
        let Some(word) = old.map(|old| old.word).or(new.as_ref().map(name)) else {
            break;
        };
        let own = new.map_or(&[][..], |new| fresh.postings(new));
        moves.merged(old.as_ref(), own, &mut postings);
        let count = postings.len() as u32;
        if count > 0 {
            put_word(&mut out, word, count, postings.iter().copied());
        }
        if count != old.map_or(0, |old| old.count) {
            changes.push((word.into(), count));
        }
    }
    // Mostly an edit leaves the marks of an article's other words as they were.
    let list = if out == list.bytes() {
        list.clone()
    } else {
        Part::new(out)
    };
    (list, changes)
}

/// A list of words in which some are had by another number of articles.
fn reworded(old: &Part, changes: BTreeMap<Box<[u8]>, u32>) -> Part {
    let mut all: BTreeMap<Box<[u8]>, u32> = words(old.bytes()).into_iter().collect();
    all.extend(changes);
    let mut out = Vec::new();
    let mut last: &[u8] = &[];
    for (word, count) in all.iter().filter(|(_, count)| **count > 1) {
        put_next(&mut out, last, word, *count);
        last = word;
    }
    Part::new(out)
}
