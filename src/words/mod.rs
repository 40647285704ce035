//! Words of a text, as numbers that are the same for all forms of a word.
//!
//! In: the title, headings, blurb and plain text of an article, and its language. Out: its
//! [`Wording`]. A [`Reader`] remembers the words that it has seen, so that each is stemmed once.

mod split;
#[cfg(test)]
mod tests;

use std::borrow::Cow;

use frostem::Stemmer;
use rustc_hash::FxHashMap;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use xxhash_rust::xxh3::xxh3_64;

use crate::model::{Spelling, Word, Wording, fold};
use split::{Piece, pieces};

/// Longest word that is taken for one, in bytes; longer ones are keys, hashes and the like.
const LONGEST: usize = 64;

/// The text of an article, part by part.
#[derive(Debug, Clone, Copy)]
pub struct Text<'a> {
    /// Headline.
    pub title: &'a str,
    /// Headings of the body, one a line.
    pub headings: &'a str,
    /// Blurb, if the author wrote one, or else nothing.
    pub summary: &'a str,
    /// The body without markup; blocks end with a line feed.
    pub body: &'a str,
}

/// Turns texts into terms.
#[derive(Default)]
pub struct Reader {
    languages: FxHashMap<Box<str>, Stems>,
    parts: [Vec<Option<Word>>; 4],
    places: FxHashMap<Word, u16>,
}

/// The words of one language that were seen.
struct Stems {
    stemmer: Option<Stemmer>,
    /// By the [`key`] of the word as it is written: the word, and how often titles have it.
    known: FxHashMap<u64, (Word, u32)>,
    /// The key and the small letters of each of these.
    forms: Vec<(u64, Box<str>)>,
}

impl Reader {
    /// The terms of a text in a language, given as a BCP 47 tag. Words of languages that there
    /// is no stemmer for stay as they are.
    pub fn read(&mut self, language: &str, text: Text) -> Wording {
        let stems = match self.languages.get_mut(language) {
            Some(stems) => stems,
            None => self
                .languages
                .entry(language.into())
                .or_insert_with(|| Stems::new(language)),
        };
        let texts = [text.title, text.headings, text.summary, text.body];
        for (part, text) in self.parts.iter_mut().zip(texts) {
            let text = &*composed(text);
            // First all keys and then all look-ups: these wait for memory, and so they wait
            // together.
            let mut words: Vec<Option<(u64, &str)>> = Vec::with_capacity(text.len() / 5);
            pieces(text, |piece| match piece {
                Piece::Word(word) if word.len() <= LONGEST => words.push(Some((key(word), word))),
                Piece::Word(_) | Piece::Gap => words.push(None),
            });
            part.clear();
            part.extend(words.into_iter().map(|word| {
                let (key, word) = word?;
                Some(stems.word(key, word))
            }));
            part.dedup_by(|b, a| a.is_none() && b.is_none());
        }
        for title in [text.title, text.headings] {
            stems.count(title);
        }
        let [title, headings, summary, body] = &self.parts;
        Wording::new([title, headings, summary, body], &mut self.places)
    }

    /// How the words that were read are spelled, in no order.
    pub fn into_spellings(self) -> impl Iterator<Item = Spelling> {
        self.languages.into_values().flat_map(|stems| {
            let Stems { known, forms, .. } = stems;
            forms.into_iter().map(move |(key, text)| {
                let (word, count) = known[&key];
                Spelling { word, text, count }
            })
        })
    }
}

impl Stems {
    fn new(language: &str) -> Self {
        let primary = language.split('-').next().unwrap_or(language);
        // Snowball has one stemmer for the three codes that Norwegian goes by.
        let primary = match primary {
            "nb" | "nn" => "no",
            other => other,
        };
        Self {
            stemmer: Stemmer::try_from_name(primary).ok(),
            known: FxHashMap::default(),
            forms: Vec::new(),
        }
    }

    /// The number of a word with a key.
    #[inline]
    fn word(&mut self, key: u64, word: &str) -> Word {
        match self.known.get(&key) {
            Some((known, _)) => *known,
            None => self.learn(key, word),
        }
    }

    /// Counts the spellings in a title: how an archive writes its titles is how it writes.
    fn count(&mut self, title: &str) {
        pieces(title, |piece| {
            if let Piece::Word(word) = piece
                && let Some((_, count)) = self.known.get_mut(&key(word))
            {
                *count = count.saturating_add(1);
            }
        });
    }

    #[cold]
    fn learn(&mut self, key: u64, word: &str) -> Word {
        let folded = fold(word);
        let stem = match &self.stemmer {
            Some(stemmer) => stemmer.stem(&folded),
            None => folded.as_str().into(),
        };
        // Equal stems get equal numbers whatever their language: names are names everywhere.
        let number = Word(xxh3_64(stem.as_bytes()) as u32);
        self.known.insert(key, (number, 0));
        self.forms.push((key, folded.into()));
        number
    }
}

/// A text whose accents are parts of their letters: else they would be taken for punctuation.
fn composed(text: &str) -> Cow<'_, str> {
    if text.is_ascii() || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        text.into()
    } else {
        text.nfc().collect()
    }
}

/// A word as a number: a short one is the number, of a longer one it is the hash.
fn key(word: &str) -> u64 {
    let bytes = word.as_bytes();
    if bytes.len() > 8 {
        return xxh3_64(bytes);
    }
    bytes
        .iter()
        .fold(0, |key, byte| key << 8 | u64::from(*byte))
}
