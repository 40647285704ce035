//! Which articles belong together, computed from what they say.
//!
//! In: the terms of each article, its tags, date and links ([`Facts`]). Out: for each article the
//! others that are closest ([`Suggestion`]), and why ([`Explanation`]). docs/related.md tells the
//! method, where it comes from, and what was measured.

mod blocks;
mod explain;
mod index;
mod links;
mod spelling;
#[cfg(test)]
mod tests;
mod vectors;
mod vocabulary;
mod weights;

pub(super) use blocks::{Blocks, Choices, blocks};
pub use blocks::{Reason, Related, facts, reason_text, term_text};
pub use explain::{Explanation, Parts, Shared};
pub use spelling::Spelled;
pub use vocabulary::{Term, TermId};
pub use weights::Weights;

use index::{Code, Index, ONE, Posting};
use links::Links;
use spelling::Spelling;
use vectors::Vector;
use vocabulary::Vocabulary;

use super::ArticleId;
use crate::model::Wording;

/// What is known of each article, newest first.
#[derive(Debug, Default)]
pub struct Facts {
    /// What it says.
    pub wordings: Vec<Wording>,
    /// Its tags, as numbers.
    pub tags: Vec<Box<[u32]>>,
    /// The day of its date, counted from any day.
    pub days: Vec<Option<i32>>,
    /// Its language, as a number.
    pub languages: Vec<u8>,
    /// Its section, as a number.
    pub sections: Vec<Option<u32>>,
    /// The articles that its text links to, each once.
    pub links: Vec<Box<[ArticleId]>>,
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

/// Lists that are read at a time.
const AHEAD: usize = 32;

/// Texts whose terms have a cosine of at least this may be the same story published twice…
const DUPLICATE: u32 = ONE / 100 * 90;
/// …if they have so many different words at least: short notes are alike by nature.
const DUPLICATE_WORDS: u32 = 40;

/// Finds what is close to an article.
#[derive(Debug)]
pub struct Engine {
    weights: Weights,
    vocabulary: Vocabulary,
    vectors: Vec<Vector>,
    index: Index,
    links: Links,
    days: Vec<Option<i32>>,
    languages: Vec<u8>,
    sections: Vec<Option<u32>>,
    /// How each article spells its words.
    spellings: Vec<Spelling>,
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

/// Memory that a thread uses for one article after the other.
#[derive(Debug, Default)]
pub struct Scratch {
    /// The score of each article, 0 for most.
    scores: Vec<u32>,
    /// Those that have one, and room for one more.
    touched: Vec<u32>,
    /// How many have one.
    count: usize,
}

impl Scratch {
    fn fit(&mut self, articles: usize) {
        self.scores.resize(articles, 0);
        self.touched.resize(articles + 1, 0);
    }

    /// Adds to the scores of articles.
    #[inline]
    fn add(&mut self, postings: &[Posting], score: impl Fn(Posting) -> u32) {
        // Held here, since a write to the lists might else be one to these for all that the
        // compiler knows.
        let (scores, touched) = (self.scores.as_mut_slice(), self.touched.as_mut_slice());
        let mut count = self.count;
        for posting in postings {
            let sum = &mut scores[posting.article as usize];
            // Written in any case, and counted when it is new: a branch would cost more, since
            // nobody can foresee it.
            touched[count] = posting.article;
            count += usize::from(*sum == 0);
            *sum += score(*posting).max(1);
        }
        self.count = count;
    }

    /// Takes out the articles that have a score, with it.
    fn take(&mut self) -> impl Iterator<Item = (u32, u32)> + '_ {
        let count = std::mem::take(&mut self.count);
        let scores = self.scores.as_mut_slice();
        let touched = self.touched[..count].iter();
        touched.map(|article| (*article, std::mem::take(&mut scores[*article as usize])))
    }
}

impl Engine {
    /// Makes the index of an archive.
    #[must_use]
    pub fn new(mut facts: Facts, weights: Weights) -> Self {
        let spellings = facts.wordings.iter_mut().map(Spelling::take).collect();
        let (vocabulary, articles) = Vocabulary::new(facts.wordings, &facts.tags);
        let (vectors, titles) = vectors::vectors(&vocabulary, articles, &facts.tags, &weights);
        let terms = vocabulary.counts.len();
        let index = Index::new(&vectors, &titles, terms, weights.longest);
        Self {
            weights,
            vocabulary,
            vectors,
            index,
            links: Links::new(facts.links),
            days: facts.days,
            languages: facts.languages,
            sections: facts.sections,
            spellings,
        }
    }

    /// How much memory it takes.
    #[must_use]
    pub fn bytes(&self) -> Bytes {
        Bytes {
            vectors: self.vectors.iter().map(Vector::bytes).sum(),
            postings: self.index.bytes(),
            others: self.vocabulary.bytes()
                + self.links.bytes()
                + size_of_val(&*self.days)
                + size_of_val(&*self.languages)
                + size_of_val(&*self.sections),
        }
    }

    /// Takes other links as evidence: the articles that each article links to, each once.
    pub fn set_links(&mut self, links: Vec<Box<[ArticleId]>>) {
        self.links = Links::new(links);
    }

    /// The articles that are closest to one.
    pub fn find(&self, of: ArticleId, wanted: &Wanted, scratch: &mut Scratch) -> Found {
        let mut found = Found::default();
        if wanted.count == 0 {
            return found;
        }
        self.score_all(of, scratch);
        let least = ((wanted.min_score * ONE as f32) as u32).max(1);
        // The best so far, with one place more for a new one.
        let mut best: Vec<(u32, u32)> = Vec::with_capacity(wanted.count + 1);
        let mut bar = least;
        let mut least_evidence = self.least_evidence(bar);
        for (other, evidence) in scratch.take() {
            if evidence < least_evidence || !self.may_follow(of, other, wanted) {
                continue;
            }
            if evidence >= DUPLICATE
                && let Some(alike) = self.duplicate(of, ArticleId(other))
            {
                found.duplicates.push(suggestion(other, alike));
                continue;
            }
            let score = self.with_time(evidence, of, ArticleId(other));
            if score < bar {
                continue;
            }
            // Higher scores first, and then the newer, which has the lower number.
            let at = best.partition_point(|(s, o)| {
                (*s, std::cmp::Reverse(*o)) > (score, std::cmp::Reverse(other))
            });
            best.insert(at, (score, other));
            if best.len() > wanted.count {
                best.pop();
                bar = best[wanted.count - 1].0;
                least_evidence = self.least_evidence(bar);
            }
        }
        found
            .duplicates
            .sort_unstable_by_key(|duplicate| duplicate.article);
        let best = best.into_iter();
        found.suggestions = best
            .map(|(score, other)| suggestion(other, score))
            .collect();
        found
    }

    /// How alike two articles are, if they are the same story published twice: nearly the same
    /// words, and in neither more than a tenth of words that no other article has.
    fn duplicate(&self, of: ArticleId, other: ArticleId) -> Option<u32> {
        let [ours, theirs] = [of, other].map(|id| &self.vectors[id.index()]);
        let is_copy = |vector: &Vector| {
            vector.words >= DUPLICATE_WORDS && vector.own_words <= vector.words / 10
        };
        let near = ours.words.abs_diff(theirs.words) <= ours.words.max(theirs.words) / 5;
        // Parts of a series link to each other, a copy does not know of the other.
        if !near || !is_copy(ours) || !is_copy(theirs) || self.links.are_linked(of, other) {
            return None;
        }
        Some(self.alike(of, other)).filter(|alike| *alike >= DUPLICATE)
    }

    /// Adds up what each article has in common with one.
    fn score_all(&self, of: ArticleId, scratch: &mut Scratch) {
        scratch.fit(self.vectors.len());
        let vector = &self.vectors[of.index()];
        let weighty = vector
            .iter()
            .map(|(term, code)| (self.index.of(term), code));
        let mentions = vector.mentions.iter();
        let mentions = mentions.map(|term| (self.index.in_titles(*term), Code::default()));
        let lists: Vec<(&[Posting], Code)> = weighty.chain(mentions).collect();
        // Lists lie all over memory, and waiting for it takes most of the time. So of some lists
        // ahead one posting of each 64 bytes is read while others are still on their way.
        for block in lists.chunks(AHEAD) {
            let ahead = block.iter().flat_map(|(list, _)| list.iter().step_by(8));
            std::hint::black_box(ahead.fold(0, |sum, posting| sum ^ posting.article));
            for (list, code) in block {
                scratch.add(list, |posting| {
                    code.times(posting.weight) + posting.title.score()
                });
            }
        }
        self.links.evidence(of, &self.weights, |other, score| {
            let posting = Posting {
                article: other.0,
                ..Posting::default()
            };
            scratch.add(&[posting], |_| score);
        });
    }

    /// Whether editors allow an article to follow another one, and readers understand it.
    fn may_follow(&self, of: ArticleId, other: u32, wanted: &Wanted) -> bool {
        let (of, at) = (of.index(), other as usize);
        let too_old = || match (self.days[of], self.days[at], wanted.max_age) {
            (Some(of), Some(other), Some(most)) => {
                i64::from(of) - i64::from(other) > i64::from(most)
            }
            _ => false,
        };
        of != at
            && self.languages[of] == self.languages[at]
            && (!wanted.same_section || self.sections[of] == self.sections[at])
            && !too_old()
            && wanted.except.binary_search(&ArticleId(other)).is_err()
    }

    /// A score with what closeness in time adds to it.
    fn with_time(&self, evidence: u32, of: ArticleId, other: ArticleId) -> u32 {
        let closeness = self.closeness(of, other);
        evidence.saturating_add((evidence as f32 * self.weights.time * closeness) as u32)
    }

    /// What is too little to come to a score even on the same day; a little less, for the sake
    /// of rounding, and no more than a copy has, which is told however close others are.
    fn least_evidence(&self, score: u32) -> u32 {
        ((score as f32 / (1.0 + self.weights.time) * 0.999) as u32).min(DUPLICATE)
    }

    /// How close two articles are in time, 0 to 1; 0 when one has no date.
    fn closeness(&self, of: ArticleId, other: ArticleId) -> f32 {
        let (Some(day), Some(others)) = (self.days[of.index()], self.days[other.index()]) else {
            return 0.0;
        };
        let apart = (day.abs_diff(others)) as f32;
        // A hyperbola rather than a power, which not every machine computes alike.
        let closeness = self.weights.half_life / (self.weights.half_life + apart);
        if others > day {
            closeness * self.weights.newer
        } else {
            closeness
        }
    }
}

fn suggestion(article: u32, score: u32) -> Suggestion {
    Suggestion {
        article: ArticleId(article),
        score: (score as f32 / ONE as f32).min(1.0),
    }
}
