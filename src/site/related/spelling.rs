//! Words as the article spells them that they are a reason for.
//!
//! In: the wordings of the archive that say how their words are spelled. Out: terms as texts.

use super::{ArticleId, Engine, Term};
use crate::model::{Word, Wording};

/// A word, phrase or tag, spelled out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spelled {
    /// A word or phrase.
    Text(Box<str>),
    /// A tag, by its number: it has a label for the whole site.
    Tag(u32),
}

/// How an article spells its words.
#[derive(Debug, Default)]
pub(super) struct Spelling {
    words: Box<[Word]>,
    /// One a line.
    texts: Box<str>,
}

impl Spelling {
    /// Takes the spellings out of a wording.
    pub fn take(wording: &mut Wording) -> Self {
        let texts = std::mem::take(&mut wording.spellings);
        if texts.is_empty() {
            return Self::default();
        }
        Self {
            words: wording.words.clone(),
            texts,
        }
    }

    /// Forgets all words but these, which come in any order: only what finds other articles is ever
    /// told.
    pub fn keep(&mut self, mut words: Vec<Word>) {
        if self.words.is_empty() {
            return;
        }
        words.sort_unstable();
        // A bit tells of most words that they are none of these.
        let mut bits = [0_u64; 32];
        let place = |word: &Word| (word.0 as usize / 64 % 32, word.0 % 64);
        for word in &words {
            let (at, bit) = place(word);
            bits[at] |= 1 << bit;
        }
        let is_wanted = |word: &Word| {
            let (at, bit) = place(word);
            bits[at] >> bit & 1 == 1 && words.binary_search(word).is_ok()
        };
        let (mut kept, mut texts) = (Vec::with_capacity(words.len()), String::new());
        let mut start = 0;
        for (word, end) in self.words.iter().zip(ends(&self.texts)) {
            if is_wanted(word) {
                kept.push(*word);
                texts.push_str(&self.texts[start..end]);
                texts.push('\n');
            }
            start = end + 1;
        }
        (self.words, self.texts) = (kept.into(), texts.into());
    }

    /// How a word is spelled; empty where it is not known.
    pub fn of(&self, word: Word) -> &str {
        let place = self.words.iter().position(|other| *other == word);
        let Some(place) = place else {
            return "";
        };
        let mut ends = ends(&self.texts);
        let start = place.checked_sub(1).and_then(|before| ends.nth(before));
        let start = start.map_or(0, |end| end + 1);
        let end = ends.next().unwrap_or(self.texts.len());
        self.texts.get(start..end).unwrap_or_default()
    }

    /// A term as the article spells it.
    pub fn spell(&self, term: Term) -> Spelled {
        match term {
            Term::Word(word) => Spelled::Text(self.of(word).into()),
            Term::Phrase(first, second) => {
                let text = format!("{} {}", self.of(first), self.of(second));
                Spelled::Text(text.into())
            }
            Term::Tag(tag) => Spelled::Tag(tag),
        }
    }
}

/// Where lines end; the last one may have no line feed.
fn ends(texts: &str) -> impl Iterator<Item = usize> + '_ {
    let last = (!texts.ends_with('\n')).then_some(texts.len());
    memchr::memchr_iter(b'\n', texts.as_bytes()).chain(last)
}

impl Engine {
    /// A term that an article has, as the article spells it: empty where its wording does not say.
    #[must_use]
    pub fn spelled(&self, of: ArticleId, term: Term) -> Spelled {
        self.spellings[of.index()].spell(term)
    }
}
