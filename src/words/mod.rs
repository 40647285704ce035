//! Words of a text, as numbers that are the same for all forms of a word.
//!
//! In: the title, headings, blurb and plain text of articles, and their language. Out: their
//! [`Readings`](crate::model::Readings). A reader remembers the words that it has seen, so that
//! each is stemmed once.

mod entries;
mod readers;
mod sought;
mod split;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::num::NonZeroU64;

use frostem::Stemmer;
use rustc_hash::FxHashMap;
use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};
use xxhash_rust::xxh3::xxh3_64;

pub use entries::{Indexers, ReadEntry};
pub use readers::{ReadText, Readers};

use crate::bits;
use crate::model::{Lexicon, Places, Word, Wording, fold};
use crate::table::Table;
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

/// Turns texts into terms, which it numbers as it meets them.
#[derive(Default)]
struct Reader {
    languages: FxHashMap<Box<str>, Language>,
    /// Words by the hash of their stems: equal stems are one word whatever their language, since
    /// names are names everywhere.
    words: FxHashMap<u64, Word>,
    /// What is known of each; as it was spelled first is usual.
    lexicon: Lexicon,
    /// The words of a text in their order, with their spellings, if anybody wants to know.
    spelled: Vec<Known>,
    parts: [Vec<Option<Word>>; 4],
    places: Places,
}

/// What is known of the words of one language.
struct Language {
    stemmer: Option<Stemmer>,
    /// By the [`key`] of the word as it is written.
    known: Table,
}

#[derive(Clone, Copy)]
struct Known {
    word: Word,
    /// Which of the spellings it is; 0 where nobody wants to know.
    spelling: u32,
}

impl Known {
    fn pack(self) -> u64 {
        u64::from(self.word.0) << 32 | u64::from(self.spelling)
    }

    fn unpack(packed: u64) -> Self {
        Self {
            word: Word((packed >> 32) as u32),
            spelling: packed as u32,
        }
    }
}

impl Reader {
    /// The terms of a text in a language. Words of languages that there is no stemmer for stay as
    /// they are. `spell`: whether the wording is to say how they are written.
    fn read(&mut self, language: &str, text: Text, spell: bool) -> Wording {
        let Self {
            languages,
            words,
            lexicon,
            spelled,
            parts,
            places,
        } = self;
        let language = match languages.get_mut(language) {
            Some(known) => known,
            None => languages
                .entry(language.into())
                .or_insert_with(|| Language::new(language)),
        };
        let texts = [text.title, text.headings, text.summary, text.body];
        spelled.clear();
        for (part, text) in parts.iter_mut().zip(texts) {
            let text = &*composed(text);
            let mut found: Vec<Option<(NonZeroU64, &str)>> = Vec::with_capacity(text.len() / 5);
            pieces(text, |piece| match piece {
                Piece::Word(word) if word.len() <= LONGEST => found.push(Some((key(word), word))),
                Piece::Word(_) | Piece::Gap => found.push(None),
            });
            part.clear();
            for block in found.chunks(Table::AHEAD) {
                let keys = block.iter().flatten().map(|(key, _)| *key);
                language.known.fetch(keys);
                part.extend(block.iter().map(|found| {
                    let (key, word) = (*found)?;
                    let known = match language.known.get(key) {
                        Some(known) => Known::unpack(known),
                        None => language.learn(key, word, words, lexicon, spell),
                    };
                    if spell {
                        spelled.push(known);
                    }
                    Some(known.word)
                }));
            }
            part.dedup_by(|b, a| a.is_none() && b.is_none());
        }
        let [title, headings, summary, body] = &self.parts;
        let mut wording = Wording::new([title, headings, summary, body], places);
        // Words are in the order in which the text has them first, and so one look at each does.
        let mut words = wording.words.iter().zip(0..).peekable();
        let spelled = self.spelled.iter().filter_map(|known| {
            let (word, place) = words.next_if(|(word, _)| **word == known.word)?;
            let is_usual = self.lexicon.usual(*word) == Some(known.spelling);
            (!is_usual).then_some((place, known.spelling))
        });
        wording.spellings = spelled.collect();
        wording
    }
}

impl Language {
    fn new(name: &str) -> Self {
        let primary = name.split('-').next().unwrap_or(name);
        // Snowball has one stemmer for the three codes that Norwegian goes by.
        let primary = match primary {
            "nb" | "nn" => "no",
            other => other,
        };
        Self {
            stemmer: Stemmer::try_from_name(primary).ok(),
            known: Table::default(),
        }
    }

    #[cold]
    fn learn(
        &mut self,
        key: NonZeroU64,
        word: &str,
        words: &mut FxHashMap<u64, Word>,
        lexicon: &mut Lexicon,
        spell: bool,
    ) -> Known {
        let folded = fold(word);
        let stem = match &self.stemmer {
            Some(stemmer) => xxh3_64(stemmer.stem(&folded).as_bytes()),
            None => xxh3_64(folded.as_bytes()),
        };
        let Lexicon {
            stems,
            usual,
            spellings,
        } = lexicon;
        let word = *words.entry(stem).or_insert_with(|| {
            stems.push(stem);
            Word(stems.len() as u32 - 1)
        });
        let spelling = match usual.get(word.0 as usize) {
            _ if !spell => 0,
            Some(usual) if spellings.get(*usual) == folded => *usual,
            Some(_) => spellings.push(&folded),
            None => {
                let first = spellings.push(&folded);
                usual.push(first);
                first
            }
        };
        let known = Known { word, spelling };
        self.known.insert(key, known.pack());
        known
    }
}

/// A text whose accents are parts of their letters: else they would be taken for punctuation.
fn composed(text: &str) -> Cow<'_, str> {
    if has_no_marks(text.as_bytes()) || is_nfc_quick(text.chars()) == IsNormalized::Yes {
        text.into()
    } else {
        text.nfc().collect()
    }
}

/// Whether a text is of Latin letters and usual punctuation, which is composed for sure: up to
/// U+02FF, and from U+2000 to U+203F, where only spaces have another form.
fn has_no_marks(text: &[u8]) -> bool {
    bits::all(text, |byte| byte < 0xcc || byte == 0xe2)
        && memchr::memchr_iter(0xe2, text).all(|at| text.get(at + 1) == Some(&0x80))
}

/// A word as a number: a short one is the number, of a longer one it is the hash.
fn key(word: &str) -> NonZeroU64 {
    let bytes = word.as_bytes();
    let key = match (bytes.first_chunk(), bytes.last_chunk()) {
        _ if bytes.len() > 8 => xxh3_64(bytes),
        // Of both halves, which may overlap: a loop of so few steps would end with a surprise.
        (Some(first), Some(last)) => {
            let last = u64::from(u32::from_le_bytes(*last)) << (8 * (bytes.len() - 4));
            u64::from(u32::from_le_bytes(*first)) | last
        }
        _ => bytes
            .iter()
            .rev()
            .fold(0, |key, byte| key << 8 | u64::from(*byte)),
    };
    // There is no NUL in a word, and no hash that this is for sure.
    NonZeroU64::new(key).unwrap_or(NonZeroU64::MIN)
}
