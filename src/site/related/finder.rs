//! What is close to an article: candidates by the index, and the rules that hold between two.
//!
//! In: the vectors of articles, the index of their terms, their places and links. Out: for an
//! article what is [`Ranked`] highest. The same rules judge a single pair, which is all that most
//! articles need after an edit.

use std::sync::Arc;

use super::index::{Code, Index, ONE, Posting};
use super::links::Links;
use super::vectors::{Size, Vector};
use super::{ArticleId, Found, Suggestion, Wanted, Weights};

/// Lists that are read at a time.
const AHEAD: usize = 32;

/// Texts whose terms have a cosine of at least this may be the same story published twice…
pub(super) const DUPLICATE: u32 = ONE / 100 * 90;
/// …if they have so many different words at least: short notes are alike by nature.
const DUPLICATE_WORDS: u32 = 40;

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
            *sum = sum.saturating_add(score(*posting).max(1));
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

/// What was found for an article, with scores as they are added up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Ranked {
    /// Score and article, the best first; of equal ones the newer first.
    pub best: Vec<(u32, u32)>,
    /// Article and likeness of those that say nearly the same, the newest first.
    pub duplicates: Vec<(u32, u32)>,
}

impl Ranked {
    /// Takes in one more, if it is among the `most` best.
    pub fn insert(&mut self, score: u32, other: u32, most: usize) {
        // Higher scores first, and then the newer, which has the lower number.
        let at = self.best.partition_point(|(s, o)| {
            (*s, std::cmp::Reverse(*o)) > (score, std::cmp::Reverse(other))
        });
        self.best.insert(at, (score, other));
        self.best.truncate(most);
    }

    /// The same by other numbers of articles; those without one are left out.
    pub fn renumbered(&self, number: impl Fn(u32) -> Option<u32>) -> Self {
        let best = self.best.iter();
        let duplicates = self.duplicates.iter();
        Self {
            best: best
                .filter_map(|(score, other)| Some((*score, number(*other)?)))
                .collect(),
            duplicates: duplicates
                .filter_map(|(other, alike)| Some((number(*other)?, *alike)))
                .collect(),
        }
    }

    pub fn found(self) -> Found {
        let best = self.best.into_iter();
        let duplicates = self.duplicates.into_iter();
        Found {
            suggestions: best
                .map(|(score, other)| suggestion(other, score))
                .collect(),
            duplicates: duplicates
                .map(|(other, alike)| suggestion(other, alike))
                .collect(),
        }
    }
}

pub(super) fn suggestion(article: u32, score: u32) -> Suggestion {
    Suggestion {
        article: ArticleId(article),
        score: (score as f32 / ONE as f32).min(1.0),
    }
}

/// What one article is to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It may not follow, or is not close enough.
    Nothing,
    /// It says nearly the same; how alike they are.
    Duplicate(u32),
    /// It is so close.
    Score(u32),
}

/// The rules that hold between two articles, whatever they have in common.
#[derive(Debug, Default)]
pub(super) struct Judge {
    pub weights: Weights,
    pub sizes: Vec<Size>,
    pub links: Arc<Links>,
    pub days: Vec<Option<i32>>,
    pub languages: Vec<u8>,
    pub sections: Vec<Option<u32>>,
}

impl Judge {
    /// What `other` is to an article, if that is all they have in common. `alike`: how alike their
    /// words and phrases are.
    pub fn verdict(
        &self,
        of: ArticleId,
        other: ArticleId,
        evidence: u32,
        wanted: &Wanted,
        alike: impl FnOnce() -> u32,
    ) -> Verdict {
        if evidence == 0 || !self.may_follow(of, other.0, wanted) {
            return Verdict::Nothing;
        }
        if evidence >= DUPLICATE
            && self.may_be_copies(of, other)
            && let alike = alike()
            && alike >= DUPLICATE
        {
            return Verdict::Duplicate(alike);
        }
        let score = self.with_time(evidence, of, other);
        if score < least(wanted) {
            return Verdict::Nothing;
        }
        Verdict::Score(score)
    }

    /// Whether two articles are the same story published twice if their texts are alike: they have
    /// as many words, and in neither are more than a tenth of these its own.
    fn may_be_copies(&self, of: ArticleId, other: ArticleId) -> bool {
        let [ours, theirs] = [of, other].map(|id| self.sizes[id.index()]);
        // Parts of a series link to each other, a copy does not know of the other.
        are_of_one_length(ours, theirs)
            && is_copy(ours)
            && is_copy(theirs)
            && !self.links.are_linked(of, other)
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
    pub fn with_time(&self, evidence: u32, of: ArticleId, other: ArticleId) -> u32 {
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

    pub fn bytes(&self) -> usize {
        self.links.bytes()
            + size_of_val(&*self.sizes)
            + size_of_val(&*self.days)
            + size_of_val(&*self.languages)
            + size_of_val(&*self.sections)
    }
}

/// Whether an article has so few words of its own that it may be a copy.
pub(super) fn is_copy(size: Size) -> bool {
    size.words >= DUPLICATE_WORDS && size.own_words <= size.words / 10
}

/// Whether one of two articles is no longer than a copy of the other might be.
pub(super) fn are_of_one_length(ours: Size, theirs: Size) -> bool {
    ours.words.abs_diff(theirs.words) <= ours.words.max(theirs.words) / 5
}

/// The least score that is wanted.
fn least(wanted: &Wanted) -> u32 {
    ((wanted.min_score * ONE as f32) as u32).max(1)
}

/// Finds what is close to an article.
#[derive(Debug, Default)]
pub(super) struct Finder {
    pub judge: Judge,
    pub vectors: Vec<Vector>,
    pub index: Index,
    /// Whether each term is a tag.
    pub is_tag: Vec<bool>,
}

impl Finder {
    /// The articles that are closest to one.
    pub fn find(&self, of: ArticleId, wanted: &Wanted, scratch: &mut Scratch) -> Ranked {
        let mut ranked = Ranked::default();
        if wanted.count == 0 {
            return ranked;
        }
        self.score_all(of, scratch);
        ranked.best.reserve(wanted.count + 1);
        let mut bar = least(wanted);
        let mut least_evidence = self.judge.least_evidence(bar);
        for (other, evidence) in scratch.take() {
            if evidence < least_evidence {
                continue;
            }
            let alike = || self.alike(of, ArticleId(other));
            let score = match self
                .judge
                .verdict(of, ArticleId(other), evidence, wanted, alike)
            {
                Verdict::Duplicate(alike) => {
                    ranked.duplicates.push((other, alike));
                    continue;
                }
                Verdict::Score(score) if score >= bar => score,
                _ => continue,
            };
            ranked.insert(score, other, wanted.count);
            if ranked.best.len() == wanted.count {
                bar = ranked.best[wanted.count - 1].0;
                least_evidence = self.judge.least_evidence(bar);
            }
        }
        ranked.duplicates.sort_unstable();
        ranked
    }

    /// Adds up what each article has in common with one.
    fn score_all(&self, of: ArticleId, scratch: &mut Scratch) {
        scratch.fit(self.judge.sizes.len());
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
        let judge = &self.judge;
        judge.links.evidence(of, &judge.weights, |other, score| {
            let posting = Posting {
                article: other.0,
                ..Posting::default()
            };
            scratch.add(&[posting], |_| score);
        });
    }

    /// How alike the words and phrases of two articles are, as a score.
    fn alike(&self, of: ArticleId, other: ArticleId) -> u32 {
        let mut alike = 0;
        for (term, ours) in self.vectors[of.index()].iter() {
            if !self.is_tag[term.0 as usize] {
                alike += ours.times(self.index.posting(term, other.0).weight);
            }
        }
        alike
    }
}
