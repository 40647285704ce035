//! How words and the articles that have them are written. The page's script reads the same.
//!
//! A list of postings: the length of the word in a byte, the word, how many articles have it,
//! how many bytes follow, and for each article its distance from the one before, and its mark in a
//! byte. Numbers have seven bits in a byte, the lowest first.
//!
//! A list of words: how many bytes are as in the word before, how many others follow, these, and
//! how many articles have the word.

use crate::model::Mark;
use crate::site::bytes::Reader;
pub use crate::site::bytes::put;

/// An article that has a word, by its number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Posting {
    /// Its number.
    pub article: u32,
    /// How much the word counts there.
    pub mark: Mark,
}

/// A word and who has it.
#[derive(Debug, Clone, Copy)]
pub struct Word<'a> {
    /// The word.
    pub word: &'a [u8],
    /// How many articles have it.
    pub count: u32,
    postings: &'a [u8],
}

/// Reads words with their postings, one after the other; it ends where it cannot go on.
#[derive(Debug, Clone)]
pub struct Postings<'a>(pub &'a [u8]);

impl<'a> Iterator for Postings<'a> {
    type Item = Word<'a>;

    #[inline]
    fn next(&mut self) -> Option<Word<'a>> {
        let (length, rest) = self.0.split_first()?;
        let mut rest = Reader(rest);
        let word = rest.take(usize::from(*length))?;
        let count = rest.number()?;
        let bytes = rest.number()? as usize;
        let postings = rest.take(bytes)?;
        self.0 = rest.0;
        Some(Word {
            word,
            count,
            postings,
        })
    }
}

impl Word<'_> {
    /// Who has it, in the order of their numbers.
    pub fn postings(&self) -> impl Iterator<Item = Posting> + '_ {
        let mut rest = Reader(self.postings);
        let mut article = 0_u32;
        std::iter::from_fn(move || {
            article = article.wrapping_add(rest.number()?);
            let mark = Mark(*rest.take(1)?.first()?);
            Some(Posting { article, mark })
        })
    }

    /// Writes it as it is.
    pub fn copy(&self, out: &mut Vec<u8>) {
        put_head(out, self.word, self.count, self.postings.len());
        out.extend_from_slice(self.postings);
    }
}

fn put_head(out: &mut Vec<u8>, word: &[u8], count: u32, bytes: usize) {
    out.push(word.len() as u8);
    out.extend_from_slice(word);
    put(out, count);
    put(out, bytes as u32);
}

/// Writes a word that so many articles have, some or all of which are listed, in the order of their
/// numbers.
pub fn put_word(out: &mut Vec<u8>, word: &[u8], count: u32, listed: impl Iterator<Item = Posting>) {
    let mut bytes = Vec::new();
    let mut last = 0;
    for Posting { article, mark } in listed {
        put(&mut bytes, article - last);
        bytes.push(mark.0);
        last = article;
    }
    put_head(out, word, count, bytes.len());
    out.extend_from_slice(&bytes);
}

/// Writes a word after another of a list of words.
pub(super) fn put_next(out: &mut Vec<u8>, before: &[u8], word: &[u8], count: u32) {
    let pairs = before.iter().zip(word);
    let same = pairs.take_while(|(a, b)| a == b).count();
    out.push(same as u8);
    out.push((word.len() - same) as u8);
    out.extend_from_slice(&word[same..]);
    put(out, count);
}

/// Reads a list of words; each with how many articles have it.
pub(super) fn words(bytes: &[u8]) -> Vec<(Box<[u8]>, u32)> {
    let mut rest = Reader(bytes);
    let mut word = Vec::new();
    let next = || {
        let [same, more] = *rest.take(2)? else {
            return None;
        };
        word.truncate(usize::from(same));
        word.extend_from_slice(rest.take(usize::from(more))?);
        Some((word.as_slice().into(), rest.number()?))
    };
    std::iter::from_fn(next).collect()
}
