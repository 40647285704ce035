//! Words as the article spells them that they are a reason for.
//!
//! In: terms, and what articles say of how they spell words. Out: terms as texts.

use super::vocabulary::TermId;
use super::{ArticleId, Engine, Term};
use crate::model::Lexicon;

/// A word, phrase or tag, spelled out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spelled {
    /// A word or phrase.
    Text(Box<str>),
    /// A tag, by its number: it has a label for the whole site.
    Tag(u32),
}

/// How articles spell what finds other articles.
#[derive(Debug, Default)]
pub(super) struct Spelling {
    /// For each article the words that it spells in another way than is usual, by their numbers in
    /// the vocabulary, ascending, and how.
    pub of_article: Vec<Box<[(u32, u32)]>>,
    /// How words are spelled.
    pub lexicon: Lexicon,
}

impl Engine {
    /// A term that an article has, as the article spells it: empty where its wording does not say.
    #[must_use]
    pub fn spelled(&self, of: ArticleId, term: TermId) -> Spelled {
        match self.vocabulary.term(term) {
            Term::Tag(tag) => Spelled::Tag(tag),
            _ => Spelled::Text(self.spelling_of(of, term).unwrap_or_default().into()),
        }
    }

    fn spelling_of(&self, of: ArticleId, term: TermId) -> Option<String> {
        let Spelling {
            of_article,
            lexicon,
        } = &self.spelling;
        let own = of_article.get(of.index())?;
        let spelled = self.vocabulary.words_of(term).map(|word| {
            let own = own
                .binary_search_by_key(&word, |(word, _)| *word)
                .ok()
                .map(|at| own[at].1);
            let usual = || lexicon.usual(self.vocabulary.words()[word as usize]);
            Some(lexicon.spellings.get(own.or_else(usual)?))
        });
        Some(spelled.collect::<Option<Vec<_>>>()?.join(" "))
    }
}
