//! Words as the article spells them that they are a reason for.
//!
//! In: articles that say how their words are spelled, and their vectors. Out: terms as texts.

use super::vectors::Vector;
use super::vocabulary::{Numbered, TermId, Vocabulary};
use super::{ArticleId, Engine, Term};
use crate::model::Spellings;

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
    /// For each article the spellings of the words of its vector's terms, and then of its mentions,
    /// in their order; nothing where nobody wants to know.
    pub of_article: Vec<Box<[u32]>>,
    pub spellings: Spellings,
}

/// How an article spells the words of its vector.
pub(super) fn spelled(article: &Numbered, vector: &Vector, vocabulary: &Vocabulary) -> Box<[u32]> {
    if article.spellings.is_empty() {
        return Box::default();
    }
    let spelling = |word: u32| {
        let at = article.words.partition_point(|other| *other < word);
        article.spellings.get(at).copied().unwrap_or(0)
    };
    let terms = vector.terms.iter().chain(&vector.mentions);
    let words = terms.flat_map(|term| vocabulary.words_of(*term));
    words.map(spelling).collect()
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
        let vocabulary = &self.vocabulary;
        let vector = &self.finder.vectors[of.index()];
        let first = if let Ok(at) = vector.terms.binary_search(&term) {
            vocabulary.words_in(&vector.terms[..at])
        } else {
            let at = vector.mentions.binary_search(&term).ok()?;
            vocabulary.words_in(&vector.terms) + vocabulary.words_in(&vector.mentions[..at])
        };
        let end = first + vocabulary.words_in(&[term]);
        let spelled = self.spelling.of_article.get(of.index())?;
        let spelled = spelled.get(first..end)?.iter();
        let spelled = spelled.map(|number| self.spelling.spellings.get(*number));
        Some(spelled.collect::<Vec<_>>().join(" "))
    }
}
