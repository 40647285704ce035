//! Which articles belong together, computed from what they say.
//!
//! In: the terms of each article, its tags, date and links ([`Facts`]). Out: for each article the
//! others that are closest ([`Suggestion`]), and why ([`Explanation`]). docs/related.md tells the
//! method, where it comes from, and what was measured.

mod answer;
mod blocks;
mod draft;
mod explain;
mod finder;
mod index;
mod kept;
mod links;
mod noted;
mod set;
mod spelling;
#[cfg(test)]
mod tests;
mod update;
mod vectors;
mod vocabulary;
mod weights;

pub use answer::{Anew, Answer, Asked, Effort, Suggested, answer};
pub(super) use blocks::{Blocks, Choices, except, wanted};
pub use blocks::{Reason, Related, facts, keys, reason_text, tag_keys, term_text};
pub use explain::{Explanation, Parts, Shared};
pub use finder::Scratch;
pub use kept::{FILE, Files, Kept, State};
pub use links::Links;
pub use spelling::Spelled;
pub use vocabulary::{Term, TermId};
pub use weights::Weights;

use std::sync::Arc;

use draft::Draft;
use finder::{Finder, Judge};
use index::Index;
use noted::Noted;
use spelling::Spelling;
use vectors::{Texts, Title, Vector};
use vocabulary::Vocabulary;

use super::ArticleId;
use crate::key::Key;
use crate::model::{Lexicon, Wording};

/// What is known of each article, newest first.
#[derive(Debug, Default)]
pub struct Facts {
    /// What it says.
    pub wordings: Vec<Wording>,
    /// Its tags, as numbers.
    pub tags: Arc<[Box<[u32]>]>,
    /// The day of its date, counted from any day.
    pub days: Vec<Option<i32>>,
    /// Its language, as a number.
    pub languages: Vec<u8>,
    /// Its section, as a number.
    pub sections: Vec<Option<u32>>,
    /// The articles that their texts link to.
    pub links: Arc<Links>,
}

/// Which article it is, and what it says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct ArticleKey {
    /// Stands for its file and how that is read, its language and section, and where and when it is
    /// published.
    pub place: Key,
    /// Stands for the bytes of its file.
    pub text: Key,
}

/// What is asked for.
#[derive(Debug, Clone, Copy, Default)]
pub struct Wanted<'a> {
    /// How many, at most.
    pub count: usize,
    /// From the article's own section only.
    pub same_section: bool,
    /// How many days older than the article, at most.
    pub max_age: Option<u32>,
    /// The least score, 0 to 1.
    pub min_score: f32,
    /// Which not, ascending.
    pub except: &'a [ArticleId],
}

/// An article that is close to another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Suggestion {
    /// Which.
    pub article: ArticleId,
    /// How close, 0 to 1.
    pub score: f32,
}

/// What was found for an article.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Found {
    /// The closest first; of equally close ones the newer first.
    pub suggestions: Vec<Suggestion>,
    /// Those that say nearly the same, which are not suggested, and how alike they are.
    pub duplicates: Vec<Suggestion>,
}

/// Finds what is close to an article.
#[derive(Debug, Default)]
pub struct Engine {
    vocabulary: Vocabulary,
    finder: Finder,
    spelling: Spelling,
}

/// How much memory an engine takes, in bytes, what the allocator adds left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bytes {
    /// The terms of each article.
    pub vectors: usize,
    /// The articles of each term.
    pub postings: usize,
    /// Everything else: the vocabulary, links, dates, languages and sections.
    pub others: usize,
}

impl Engine {
    /// Makes the index of an archive.
    #[must_use]
    pub fn new(facts: Facts, weights: Weights) -> Self {
        Self::of(facts, weights, Lexicon::default(), None).0
    }

    /// The same, with what else is to be known for the next build.
    fn noting(facts: Facts, weights: Weights, mut lexicon: Lexicon) -> (Self, Draft) {
        let mut noted = Noted::default();
        let stems = std::mem::take(&mut lexicon.stems);
        let (engine, titles) = Self::of(facts, weights, lexicon, Some(&mut noted));
        let draft = Draft {
            noted,
            stems,
            titles,
        };
        (engine, draft)
    }

    fn of(
        facts: Facts,
        weights: Weights,
        lexicon: Lexicon,
        mut noted: Option<&mut Noted>,
    ) -> (Self, Vec<Title>) {
        let (vocabulary, articles) =
            Vocabulary::new(facts.wordings, &facts.tags, noted.as_deref_mut());
        let Texts {
            vectors,
            spelled,
            titles,
            sizes,
        } = vectors::vectors(&vocabulary, articles, &facts.tags, &weights, noted);
        let terms = vocabulary.counts.len();
        let index = Index::new(&vectors, &titles, terms, weights.longest);
        let judge = Judge {
            weights,
            sizes,
            links: facts.links,
            days: facts.days,
            languages: facts.languages,
            sections: facts.sections,
        };
        let finder = Finder {
            judge,
            vectors,
            index,
            is_tag: vocabulary.are_tags(),
        };
        let engine = Self {
            vocabulary,
            finder,
            spelling: Spelling {
                of_article: spelled,
                lexicon,
            },
        };
        (engine, titles)
    }

    /// How much memory it takes.
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        Bytes {
            vectors: self.finder.vectors.iter().map(Vector::bytes).sum(),
            postings: self.finder.index.bytes(),
            others: self.vocabulary.bytes() + self.finder.judge.bytes(),
        }
    }

    /// Takes other links as evidence: the articles that each article links to, each once.
    pub fn set_links(&mut self, links: Links) {
        self.finder.judge.links = Arc::new(links);
    }

    /// The articles that are closest to one.
    pub fn find(&self, of: ArticleId, wanted: &Wanted, scratch: &mut Scratch) -> Found {
        self.finder.find(of, wanted, scratch).found()
    }
}
