//! Indexes that are kept and changed are what they would be from nothing.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::postings::words;
use super::update::{Fresh, update};
use super::*;
use crate::model::{Counted, IndexEntry, Mark};

/// Articles by their names, each with its words and their marks.
type Archive = BTreeMap<u8, BTreeMap<u8, u8>>;

const WORDS: [&str; 12] = [
    "harbour",
    "harbourside",
    "ferry",
    "ferries",
    "vote",
    "voted",
    "a1",
    "東京",
    "京の",
    "budget",
    "bud",
    "news",
];

fn key_of(name: u8, words: &BTreeMap<u8, u8>) -> Key {
    Key::of(&(name, words))
}

/// The index of an archive, made from another one.
fn index(before: &Index, archive: &Archive, order: impl Fn(u8) -> u8) -> Index {
    let mut articles: Vec<_> = archive.iter().collect();
    articles.sort_by_key(|(name, _)| order(**name));
    let keys: Vec<Key> = articles
        .iter()
        .map(|(name, words)| key_of(**name, words))
        .collect();
    let missing = before.missing(&keys);
    let mut sorted = WORDS;
    sorted.sort_unstable();
    let entry = |number: &u32| {
        let (_, words) = articles[*number as usize];
        let counted = words.iter().map(|(word, mark)| Counted {
            word: u32::from(*word),
            mark: Mark(*mark),
        });
        Some(IndexEntry {
            words: counted.collect(),
            text: "".into(),
        })
    };
    let entries = missing.iter().map(entry).collect();
    let words = sorted.into_iter().map(Into::into).collect();
    update(before, keys, &Fresh::new(&missing, entries, words))
}

#[track_caller]
fn assert_same(one: &Index, other: &Index) {
    let bytes = |parts: &[Part]| {
        parts
            .iter()
            .map(|part| part.bytes().to_vec())
            .collect::<Vec<_>>()
    };
    assert_eq!(one.entries, other.entries);
    assert_eq!(bytes(&one.lists), bytes(&other.lists));
    assert_eq!(bytes(&one.words), bytes(&other.words));
}

fn reopened(index: Index) -> Index {
    let url = UrlPath::trusted("/search/".into());
    let kept = Kept::of(std::iter::once((url.clone(), index)));
    let Files { head, bulk } = kept.files();
    let read = |hash| {
        let (own, bytes) = bulk.clone().expect("a small index is written whole");
        assert_eq!(own, hash);
        Ok(Some(bytes))
    };
    let mut kept = Kept::open(&head, read)
        .expect("it is whole")
        .expect("it is there");
    kept.take(&url)
}

fn archives() -> impl Strategy<Value = Archive> {
    let words = prop::collection::btree_map(0..WORDS.len() as u8, any::<u8>(), 0..6);
    prop::collection::btree_map(0..40_u8, words, 0..24)
}

proptest! {
    #[test]
    fn an_index_that_was_changed_is_what_it_would_be_from_nothing(
        archives in prop::collection::vec(archives(), 1..5),
        turns in prop::collection::vec(any::<bool>(), 5),
    ) {
        let mut known = Index::default();
        for (archive, turned) in archives.iter().zip(turns) {
            // Other dates are another order.
            let order = |name: u8| if turned { u8::MAX - name } else { name };
            known = index(&known, archive, order);
            assert_same(&known, &index(&Index::default(), archive, order));
            if turned && !archive.is_empty() {
                known = reopened(known);
            }
        }
    }
}

#[test]
fn an_edit_leaves_the_files_alone_that_have_none_of_its_words() {
    let words: BTreeMap<u8, u8> = (0..6).map(|word| (word, 5)).collect();
    let mut archive: Archive = (0..32).map(|name| (name, words.clone())).collect();
    let before = index(&Index::default(), &archive, |name| name);
    archive.get_mut(&3).expect("it is there").insert(11, 7);
    let after = index(&before, &archive, |name| name);
    let is_same = |(one, other): &(&Part, &Part)| one.bytes() == other.bytes();
    // Its own words have moved nowhere, since marks and numbers are what they were.
    let other = before
        .lists
        .iter()
        .zip(&after.lists)
        .filter(|both| !is_same(both));
    assert_eq!(other.count(), 1);
    assert_eq!(before.words.len(), 2);
}

#[test]
fn postings_and_words_are_read_as_they_were_written() {
    let posting = |article, mark| Posting {
        article,
        mark: Mark(mark),
    };
    let all = [posting(0, 1), posting(200, 0xf3), posting(70_000, 15)];
    let mut bytes = Vec::new();
    put_word(&mut bytes, "ferry".as_bytes(), 9, all.iter().copied());
    put_word(&mut bytes, "東京".as_bytes(), 0, std::iter::empty());
    let read: Vec<_> = Postings(&bytes).collect();
    assert_eq!(read[0].word, b"ferry");
    assert_eq!(read[0].count, 9);
    assert_eq!(read[0].postings().collect::<Vec<_>>(), all);
    assert_eq!(read[1].postings().count(), 0);
    for at in 0..bytes.len() {
        assert!(Postings(&bytes[..at]).count() < 2);
    }
    assert_eq!(words(&[0, 1, b'a', 3, 1, 1, b'b', 200, 1]).len(), 2);
    assert_eq!(words(&[0, 9, b'a']).len(), 0);
}

#[test]
fn the_file_of_a_word_is_the_one_that_the_script_asks_for() {
    // A test of the script has the same numbers.
    let files = ["harbour", "東京", "été", ""].map(|word| file_of(word, 4_096));
    assert_eq!(files, [16, 1_046, 370, 1_358]);
}
