//! Articles as vectors of weighted terms.

use rayon::prelude::*;

use super::index::Code;
use super::noted::{Noted, NotedWords};
use super::vocabulary::{Numbered, TermId, Vocabulary};
use super::weights::{Weights, from_quarters, quarters, rarity};

/// Octaves of rarity that are added to those of a title before a share of it is taken, so that
/// one mentioned word does not make up the whole of a short title.
const SHORT_TITLE: f32 = 14.0;

/// The terms of an article, by their numbers.
#[derive(Debug, Default)]
pub(super) struct Vector {
    /// Those that weigh most…
    pub terms: Box<[TermId]>,
    /// …and how much.
    pub weights: Box<[Code]>,
    /// The others, if a title has them.
    pub mentions: Box<[TermId]>,
}

/// How many words an article has.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Size {
    /// Different words.
    pub words: u32,
    /// How many of these no other article has.
    pub own_words: u32,
}

impl Vector {
    /// How much memory it takes.
    pub fn bytes(&self) -> usize {
        size_of_val(self)
            + size_of_val(&*self.terms)
            + size_of_val(&*self.weights)
            + size_of_val(&*self.mentions)
    }

    pub fn iter(&self) -> impl Iterator<Item = (TermId, Code)> + '_ {
        self.terms.iter().copied().zip(self.weights.iter().copied())
    }
}

/// What the title of an article gives to those that mention its terms.
pub(super) type Title = Box<[(TermId, Code)]>;

/// What is known of all articles by their terms.
#[derive(Debug, Default)]
pub(super) struct Texts {
    pub vectors: Vec<Vector>,
    /// See [`Numbered::spellings`].
    pub spelled: Vec<Box<[(u32, u32)]>>,
    pub titles: Vec<Title>,
    pub sizes: Vec<Size>,
}

/// The vectors of all articles, and what their titles give.
///
/// `noted`: where to write down which words each has, if that is to be kept.
pub(super) fn vectors(
    vocabulary: &Vocabulary,
    articles: Vec<Numbered>,
    tags: &[Box<[u32]>],
    weights: &Weights,
    noted: Option<&mut Noted>,
) -> Texts {
    let of = articles.len();
    let lengths: Vec<u32> = articles.iter().map(|article| article.length).collect();
    let words = lengths.iter().map(|length| *length as usize).sum();
    let is_kept = noted.is_some();
    let weigher = Weigher::new(vocabulary, weights, of, words);
    let titles: Vec<Title> = articles
        .par_iter()
        .map(|article| weigher.title(article))
        .collect();
    let terms = vocabulary.counts.len();
    let mut is_in_title = vec![false; terms];
    for (term, _) in titles.iter().flatten() {
        is_in_title[term.0 as usize] = true;
    }
    // Articles are let go here, one after the other: together they are the most that a build holds.
    let ((vectors, words), (spelled, sizes)) = articles
        .into_par_iter()
        .zip(tags)
        .map(|(article, tags)| {
            let vector = weigher.vector(&article, tags, |term| is_in_title[term.0 as usize]);
            let words = is_kept.then(|| NotedWords::of(&article, vocabulary));
            let words = words.unwrap_or_default();
            ((vector, words), (article.spellings, article.size))
        })
        .unzip();
    if let Some(noted) = noted {
        noted.words = words;
        noted.lengths = lengths;
    }
    Texts {
        vectors,
        spelled,
        titles,
        sizes,
    }
}

pub(super) struct Weigher<'a> {
    vocabulary: &'a Vocabulary,
    weights: &'a Weights,
    /// Number of articles.
    of: usize,
    /// Words of a usual article.
    mean_length: f32,
    /// How much it says to have each term, in octaves, or [`COMMON`].
    rarities: Vec<f32>,
}

/// Stands for the rarity of a term that more articles have than can share what says something.
const COMMON: f32 = 0.0;

/// More articles than so many have what is common, in an archive of so many.
pub(super) fn most_shared(of: usize, weights: &Weights) -> usize {
    (from_quarters(quarters(of)) as usize / weights.common)
        .clamp(weights.common_floor, weights.common_limit)
}

impl<'a> Weigher<'a> {
    /// `of`: how many articles there are; `words`: the sum of their lengths.
    pub fn new(vocabulary: &'a Vocabulary, weights: &'a Weights, of: usize, words: usize) -> Self {
        let common = most_shared(of, weights);
        let rarity = |count: &u32| match *count as usize {
            count if count > common => COMMON,
            count => rarity(count, of),
        };
        Self {
            vocabulary,
            weights,
            of,
            // Rounded to a quarter of an octave, as counts are.
            mean_length: from_quarters(quarters(words / of.max(1))),
            rarities: vocabulary.counts.iter().map(rarity).collect(),
        }
    }

    fn rarity(&self, term: TermId) -> f32 {
        self.rarities[term.0 as usize]
    }

    fn is_common(&self, term: TermId) -> bool {
        self.rarity(term) == COMMON
    }

    /// The vector of an article; of what is too light for it, that stays as a mention which may be
    /// one of a title.
    pub fn vector(
        &self,
        article: &Numbered,
        tags: &[u32],
        is_in_title: impl Fn(TermId) -> bool,
    ) -> Vector {
        let mut weighed: Vec<(TermId, f32)> = Vec::with_capacity(article.size.words as usize + 64);
        let length = article.length as f32 / self.mean_length;
        let damping =
            self.weights.saturation * (1.0 - self.weights.length + self.weights.length * length);
        let weight = |term: TermId, count: u16, factor: f32| {
            let count = f32::from(count);
            let repeated = count * (self.weights.saturation + 1.0) / (count + damping);
            (term, factor * self.rarity(term).powi(2) * repeated)
        };
        let words = self.word_counts(article).into_iter();
        weighed.extend(words.map(|(term, count)| weight(term, count, self.weights.words)));
        let phrases = article.counted_phrases();
        let phrases = phrases.map(|(phrase, count)| (TermId(phrase), count));
        let phrases = phrases.filter(|(term, _)| !self.is_common(*term));
        weighed.extend(phrases.map(|(term, count)| weight(term, count, self.weights.phrases)));
        scale(&mut weighed, 1.0);
        let mentions = lightest(&mut weighed, self.weights.terms);
        let mentions = mentions
            .into_iter()
            .filter(|term| is_in_title(*term))
            .collect();

        let mut tags: Vec<(TermId, f32)> = tags
            .iter()
            .map(|tag| self.vocabulary.tag(*tag))
            .filter(|tag| self.vocabulary.counts[tag.0 as usize] > 1 && !self.is_common(*tag))
            .map(|tag| (tag, self.rarity(tag)))
            .collect();
        tags.sort_unstable_by_key(|(tag, _)| *tag);
        scale(&mut tags, self.weights.tags.sqrt());
        weighed.extend(tags);
        Vector {
            terms: weighed.iter().map(|(term, _)| *term).collect(),
            weights: weighed
                .iter()
                .map(|(_, weight)| Code::new(*weight))
                .collect(),
            mentions,
        }
    }

    /// How often the article has each word that others have too and that is not common, in the
    /// order of their numbers.
    fn word_counts(&self, article: &Numbered) -> Vec<(TermId, u16)> {
        let words = article.counted();
        let words = words.map(|(word, count)| (TermId(word), count));
        words.filter(|(term, _)| !self.is_common(*term)).collect()
    }

    /// What each term of the title gives to an article that mentions it.
    pub fn title(&self, article: &Numbered) -> Title {
        let mut words: Vec<TermId> = article
            .title_words()
            .map(TermId)
            .filter(|term| !self.is_common(*term))
            .collect();
        words.sort_unstable();
        words.dedup();
        let whole: f32 = words.iter().map(|term| self.rarity(*term)).sum();
        let share = |term: &TermId| self.rarity(*term) / (whole + SHORT_TITLE);
        let mut title: Vec<(TermId, Code)> = words
            .iter()
            .map(|term| (*term, Code::new(self.weights.title_words * share(term))))
            .collect();

        let mut phrases: Vec<TermId> = Vec::new();
        // A phrase that no other article has is a part of the title that none can mention.
        let mut whole = 0.0;
        for pair in article.title_pairs() {
            match pair.and_then(|pair| self.vocabulary.phrase(pair)) {
                Some(term) if self.is_common(term) || phrases.contains(&term) => {}
                Some(term) => {
                    whole += self.rarity(term);
                    phrases.push(term);
                }
                None => whole += rarity(1, self.of),
            }
        }
        phrases.sort_unstable();
        let share = |term: &TermId| self.rarity(*term) / whole;
        title.extend(
            phrases
                .iter()
                .map(|term| (*term, Code::new(self.weights.title_phrases * share(term)))),
        );
        title.retain(|(_, code)| *code != Code::default());
        title.into()
    }
}

/// Takes out all but the `most` entries that weigh most; of equal ones, the first stay.
fn lightest(vector: &mut Vec<(TermId, f32)>, most: usize) -> Vec<TermId> {
    let mut light = Vec::new();
    if vector.len() <= most {
        return light;
    }
    // Positive numbers are in the order of their bits.
    let mut weights: Vec<u32> = vector.iter().map(|(_, weight)| weight.to_bits()).collect();
    let (heavier, least, _) = weights.select_nth_unstable_by(most - 1, |a, b| b.cmp(a));
    let mut equal = most - heavier.iter().filter(|weight| *weight > least).count();
    vector.retain(|(term, weight)| {
        let stays = match weight.to_bits().cmp(least) {
            std::cmp::Ordering::Greater => true,
            std::cmp::Ordering::Equal if equal > 0 => {
                equal -= 1;
                true
            }
            _ => false,
        };
        if !stays {
            light.push(*term);
        }
        stays
    });
    light
}

/// Makes the length of a vector `to`.
fn scale(vector: &mut [(TermId, f32)], to: f32) {
    let length = vector
        .iter()
        .map(|(_, weight)| weight * weight)
        .sum::<f32>()
        .sqrt();
    if length > 0.0 {
        for (_, weight) in vector {
            *weight *= to / length;
        }
    }
}
