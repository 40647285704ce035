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

    /// How a word is spelled; empty where it is not known.
    pub fn of(&self, word: Word) -> &str {
        let place = self.words.iter().position(|other| *other == word);
        place
            .and_then(|place| self.texts.lines().nth(place))
            .unwrap_or_default()
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

impl Engine {
    /// A term that an article has, as the article spells it: empty where its wording does not say.
    #[must_use]
    pub fn spelled(&self, of: ArticleId, term: Term) -> Spelled {
        self.spellings[of.index()].spell(term)
    }
}
