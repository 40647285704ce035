//! Which articles belong together.
//!
//! In: articles, their tags and their resolved pins. Out: for each article a list, pins first.
//! Suggestions come from tags that are rare and words that titles share, and lean towards
//! articles of the same time. Only articles near in time are candidates for a common tag or word,
//! so that the cost of an article does not grow with the archive.

use std::collections::HashMap;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::{ArticleId, Pinned};
use crate::config::RelatedConfig;
use crate::model::{Article, RelatedBlock, fold};

/// What is related to an article.
#[derive(Debug, Clone, PartialEq)]
pub struct Related {
    /// What it leads to.
    pub target: Pinned,
    /// Whether the author chose it.
    pub pinned: bool,
    /// How close it is, 0 to 1; 1 for a pin.
    pub score: f32,
    /// What it has in common, at most three reasons.
    pub why: Vec<String>,
}

/// Candidates on each side of an article in time, for one feature.
const WINDOW: usize = 200;
/// A title word counts this much of a tag.
const WORD: f32 = 0.6;
/// A title word that more than one in so many articles has says nothing: `what`, `every`.
const COMMON: usize = 25;
/// Years after which closeness in time counts half.
const HALF_LIFE: f32 = 2.0;
/// What closeness in time can add to a score.
const TIME: f32 = 0.1;
/// Below this score nothing is suggested.
const LEAST: f32 = 0.12;

/// A tag or title word: the articles that have it, oldest last, and how much it says.
struct Feature {
    label: String,
    articles: Vec<ArticleId>,
    weight: f32,
}

/// Pins completed by suggestions up to the count of each article's section. `articles` are newest
/// first; `tags` are the tags of each as numbers, `labels` what readers see of them, and `excluded`
/// what is not suggested, in ascending order.
pub(super) fn related(
    articles: &[Article],
    tags: &[Box<[u32]>],
    labels: &[&str],
    pins: &[Vec<Pinned>],
    excluded: &[Vec<ArticleId>],
    config: &RelatedConfig,
) -> Vec<Vec<Related>> {
    let (features, of_article) = features(articles, tags, labels);
    let norms: Vec<f32> = of_article
        .iter()
        .map(|own| {
            own.iter()
                .map(|f| features[*f as usize].weight.powi(2))
                .sum::<f32>()
                .sqrt()
        })
        .collect();
    (0..articles.len())
        .into_par_iter()
        .map(|at| {
            let id = ArticleId(at as u32);
            let count = match articles[at].related {
                RelatedBlock::Suggested => config.rules(&articles[at].section).count,
                RelatedBlock::PinsOnly | RelatedBlock::Off => 0,
            };
            let mut list: Vec<Related> = pins[at].iter().copied().map(pin).collect();
            if list.len() < count {
                let suggestions = suggest(
                    id,
                    count + pins[at].len() + excluded[at].len(),
                    articles,
                    &features,
                    &of_article,
                    &norms,
                );
                let fresh = suggestions
                    .into_iter()
                    .filter(|(other, _)| !pins[at].contains(&Pinned::Here(*other)))
                    .filter(|(other, _)| excluded[at].binary_search(other).is_err());
                for (other, score) in fresh.take(count - list.len()) {
                    list.push(Related {
                        target: Pinned::Here(other),
                        pinned: false,
                        score,
                        why: why(&of_article[at], &of_article[other.index()], &features),
                    });
                }
            }
            list
        })
        .collect()
}

fn pin(target: Pinned) -> Related {
    Related {
        target,
        pinned: true,
        score: 1.0,
        why: vec!["chosen by the author".to_owned()],
    }
}

/// All features, and those of each article in ascending order.
fn features(
    articles: &[Article],
    tags: &[Box<[u32]>],
    labels: &[&str],
) -> (Vec<Feature>, Vec<Vec<u32>>) {
    let mut features: Vec<Feature> = labels
        .iter()
        .map(|label| feature((*label).to_owned()))
        .collect();
    let mut words: HashMap<String, u32> = HashMap::new();
    let mut of_article: Vec<Vec<u32>> = Vec::with_capacity(articles.len());
    for (article, tags) in articles.iter().zip(tags) {
        let mut own: Vec<u32> = tags.to_vec();
        for word in article
            .title
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| word.chars().count() > 3)
        {
            let word = fold(word);
            let at = *words.entry(word).or_insert_with_key(|word| {
                features.push(feature(word.clone()));
                features.len() as u32 - 1
            });
            own.push(at);
        }
        own.sort_unstable();
        own.dedup();
        of_article.push(own);
    }
    for (at, own) in of_article.iter().enumerate() {
        for feature in own {
            features[*feature as usize]
                .articles
                .push(ArticleId(at as u32));
        }
    }
    for (at, feature) in features.iter_mut().enumerate() {
        let (with, of) = (feature.articles.len(), articles.len());
        let is_tag = at < labels.len();
        let kind = if is_tag { 1.0 } else { WORD };
        let is_common = !is_tag && with > 2 && with * COMMON > of;
        feature.weight = if is_common {
            0.0
        } else {
            kind * rarity(with, of)
        };
    }
    (features, of_article)
}

fn feature(label: String) -> Feature {
    Feature {
        label,
        articles: Vec::new(),
        weight: 0.0,
    }
}

/// How much it says that an article has a feature: the logarithm of how rare it is. Counts are
/// rounded to quarters of a power of two, so that one more article does not shift every score.
/// What only one article has cannot be shared.
fn rarity(with: usize, of: usize) -> f32 {
    let rounded = |n: usize| ((n as f32).log2() * 4.0).round() / 4.0;
    if with < 2 {
        0.0
    } else {
        (rounded(of.max(2)) - rounded(with) + 1.0).max(0.1)
    }
}

/// The `most` articles that are closest to one, with their scores.
fn suggest(
    id: ArticleId,
    most: usize,
    articles: &[Article],
    features: &[Feature],
    of_article: &[Vec<u32>],
    norms: &[f32],
) -> Vec<(ArticleId, f32)> {
    let mut scores: FxHashMap<ArticleId, f32> = FxHashMap::default();
    for feature in &of_article[id.index()] {
        let feature = &features[*feature as usize];
        let here = feature.articles.partition_point(|other| *other < id);
        let window = here.saturating_sub(WINDOW)..(here + WINDOW + 1).min(feature.articles.len());
        for other in &feature.articles[window] {
            *scores.entry(*other).or_default() += feature.weight.powi(2);
        }
    }
    scores.remove(&id);
    let mut ranked: Vec<(ArticleId, f32)> = scores
        .into_iter()
        .map(|(other, dot)| {
            let cosine = dot / (norms[id.index()] * norms[other.index()]).max(f32::EPSILON);
            // Rounded, so that the order of additions does not show.
            let score = cosine * (1.0 - TIME)
                + TIME * closeness(&articles[id.index()], &articles[other.index()]);
            (other, (score * 4096.0).round() / 4096.0)
        })
        .filter(|(_, score)| *score >= LEAST)
        .collect();
    // Ids run from the newest, so the newer of two equals comes first.
    let order =
        |(a, x): &(ArticleId, f32), (b, y): &(ArticleId, f32)| y.total_cmp(x).then(a.cmp(b));
    if ranked.len() > most {
        ranked.select_nth_unstable_by(most, order);
        ranked.truncate(most);
    }
    ranked.sort_by(order);
    ranked
}

fn closeness(one: &Article, other: &Article) -> f32 {
    const YEAR: f32 = 365.25 * 86_400.0;
    let (Some(one), Some(other)) = (one.date, other.date) else {
        return 0.0;
    };
    let years = one.unix_seconds().abs_diff(other.unix_seconds()) as f32 / YEAR;
    (-years / HALF_LIFE).exp2()
}

/// The features that two articles share, those that say most first.
fn why(one: &[u32], other: &[u32], features: &[Feature]) -> Vec<String> {
    let mut shared: Vec<&Feature> = one
        .iter()
        .filter(|feature| other.binary_search(feature).is_ok())
        .map(|feature| &features[*feature as usize])
        .filter(|feature| feature.weight > 0.0)
        .collect();
    shared.sort_by(|a, b| {
        b.weight
            .total_cmp(&a.weight)
            .then_with(|| a.label.cmp(&b.label))
    });
    shared
        .into_iter()
        .take(3)
        .map(|feature| feature.label.clone())
        .collect()
}
