//! Why an article is suggested.

use super::index::{Code, ONE, Posting};
use super::vocabulary::{Term, TermId};
use super::{ArticleId, Engine};

/// A score in its parts, each 0 to 1; their sum is the score.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Parts {
    /// Words that both have, by how rare they are.
    pub words: f32,
    /// Phrases that both have.
    pub phrases: f32,
    /// How much of the other's title the text mentions.
    pub title: f32,
    /// Tags that both have.
    pub tags: f32,
    /// Links between the two, and to or from others that both share.
    pub links: f32,
    /// Closeness in time.
    pub time: f32,
}

/// A term that two articles share, and what it adds to the score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shared {
    /// The term.
    pub term: Term,
    /// Its number.
    pub id: TermId,
    /// What it adds, the mention of a title included.
    pub score: f32,
}

/// Why an article is suggested.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Explanation {
    /// The score's parts.
    pub parts: Parts,
    /// What both share, the weightiest first.
    pub shared: Vec<Shared>,
}

impl Engine {
    /// Why `other` is suggested for `of`.
    #[must_use]
    pub fn explain(&self, of: ArticleId, other: ArticleId) -> Explanation {
        let as_score = |score: u32| score as f32 / ONE as f32;
        let mut explanation = Explanation::default();
        let parts = &mut explanation.parts;
        let mut shared: Vec<(u32, TermId)> = Vec::new();
        let mut evidence = 0_u32;
        self.shared(of, other, |term, ours, theirs| {
            let product = ours.times(theirs.weight);
            let title = theirs.title.score();
            match self.vocabulary.term(term) {
                Term::Word(_) => parts.words += as_score(product),
                Term::Phrase(..) => parts.phrases += as_score(product),
                Term::Tag(_) => parts.tags += as_score(product),
            }
            parts.title += as_score(title);
            shared.push((product + title, term));
            evidence += (product + title).max(1);
        });
        let judge = &self.finder.judge;
        judge.links.evidence(of, &judge.weights, |linked, score| {
            if linked == other {
                parts.links += as_score(score);
                evidence += score;
            }
        });
        parts.time = as_score(judge.with_time(evidence, of, other) - evidence);
        shared.sort_unstable_by_key(|(score, term)| (std::cmp::Reverse(*score), *term));
        let shared = shared.into_iter().map(|(score, term)| Shared {
            term: self.vocabulary.term(term),
            id: term,
            score: as_score(score),
        });
        explanation.shared = shared.collect();
        explanation
    }

    /// The terms that both articles have and that weigh most in them.
    #[must_use]
    pub fn strongest(&self, of: ArticleId, other: ArticleId, most: usize) -> Vec<TermId> {
        let mut best: Vec<(u32, TermId)> = Vec::with_capacity(most + 1);
        let [ours, theirs] = [of, other].map(|id| &self.finder.vectors[id.index()]);
        let (mut at, mut their) = (0, 0);
        while let (Some(term), Some(other)) = (ours.terms.get(at), theirs.terms.get(their)) {
            if term == other {
                let product = ours.weights[at].times(theirs.weights[their]);
                let rank = best.partition_point(|(other, _)| *other >= product);
                if product > 0 && rank < most {
                    best.insert(rank, (product, *term));
                    best.truncate(most);
                }
            }
            // Steps without a branch, which nobody could foresee.
            let order = (term <= other, other <= term);
            at += usize::from(order.0);
            their += usize::from(order.1);
        }
        best.into_iter().map(|(_, term)| term).collect()
    }

    /// Whether one of two articles links to the other.
    #[must_use]
    pub fn are_linked(&self, of: ArticleId, other: ArticleId) -> bool {
        self.finder.judge.links.are_linked(of, other)
    }

    /// The terms that `other` is found by for `of`, with the weight in `of` and the posting.
    fn shared(&self, of: ArticleId, other: ArticleId, mut each: impl FnMut(TermId, Code, Posting)) {
        let vector = &self.finder.vectors[of.index()];
        let mentions = vector.mentions.iter().map(|term| (*term, Code::default()));
        for (term, ours) in vector.iter().chain(mentions) {
            let posting = self.finder.index.posting(term, other.0);
            let is_shared = |code: Code| code != Code::default();
            if is_shared(posting.title) || is_shared(ours) && is_shared(posting.weight) {
                each(term, ours, posting);
            }
        }
    }
}
