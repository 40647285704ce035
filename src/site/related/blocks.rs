//! The block of related articles under each article: what its author chose, then suggestions.

use std::sync::Arc;

use rayon::prelude::*;

use super::{Engine, Facts, Found, Spelled, Wanted};
use crate::config::{Config, RelatedConfig};
use crate::key::Key;
use crate::model::{Article, Moment, RelatedBlock, Wording};
use crate::site::{ArticleId, Catalogue, Pinned};

/// What is related to an article.
#[derive(Debug, Clone, PartialEq)]
pub struct Related {
    /// What it leads to.
    pub target: Pinned,
    /// How close it is, 0 to 1; 1 for a pin.
    pub score: f32,
    /// Why, the strongest first; nothing where nobody asks for it.
    pub reasons: Box<[Reason]>,
}

impl Related {
    /// Whether the author chose it.
    #[must_use]
    pub fn is_pinned(&self) -> bool {
        *self.reasons == [Reason::Pinned]
    }
}

/// Why something is related.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// The author chose it.
    Pinned,
    /// Both have a word, phrase or tag.
    Shared(Spelled),
    /// One links to the other.
    Linked,
}

/// Most shared terms that are given as reasons.
pub(super) const REASONS: usize = 3;

/// The blocks of all articles.
#[derive(Debug)]
pub(in crate::site) struct Blocks {
    pub related: Vec<Vec<Related>>,
    /// Articles that say nearly the same as an older one, with that, in ascending order.
    pub copies: Vec<(ArticleId, ArticleId)>,
}

/// What the engine needs to know of a site. `links`: the articles that each links to.
#[must_use]
pub fn facts(site: &Catalogue, wordings: Vec<Wording>, links: Arc<[Box<[ArticleId]>]>) -> Facts {
    Facts {
        wordings,
        tags: site.tags.of_article.clone(),
        days: site
            .articles
            .iter()
            .map(|article| article.date.map(Moment::unix_day))
            .collect(),
        languages: site.language_of.iter().map(|language| language.0).collect(),
        sections: site.section_of.clone(),
        links,
    }
}

/// What authors chose, for each article.
#[derive(Debug)]
pub(in crate::site) struct Choices {
    /// What comes first.
    pub pins: Vec<Vec<Pinned>>,
    /// What is not suggested, ascending.
    pub excluded: Vec<Vec<ArticleId>>,
}

/// What is asked about a site's articles: `except` has for each what is not suggested.
pub(in crate::site) fn wanted<'a>(
    site: &Catalogue,
    choices: &Choices,
    except: &'a [Vec<ArticleId>],
    config: &RelatedConfig,
) -> Vec<Wanted<'a>> {
    let of = |((article, pins), except): ((&Arc<Article>, &Vec<Pinned>), &'a Vec<ArticleId>)| {
        let rules = config.rules(&article.section);
        let count = match article.related {
            RelatedBlock::Suggested => rules.count.saturating_sub(pins.len()),
            RelatedBlock::PinsOnly | RelatedBlock::Off => 0,
        };
        Wanted {
            count,
            same_section: rules.same_section,
            max_age: rules.max_age_days,
            min_score: rules.min_score,
            except,
        }
    };
    let articles = site.articles.iter().zip(&choices.pins).zip(except);
    articles.map(of).collect()
}

/// What is not suggested under each article, ascending: what its author excludes, and what is there
/// already as a pin.
pub(in crate::site) fn except(choices: &Choices) -> Vec<Vec<ArticleId>> {
    let of = |(excluded, pins): (&Vec<ArticleId>, &Vec<Pinned>)| {
        let mut except = excluded.clone();
        except.extend(pins.iter().filter_map(|pin| match pin {
            Pinned::Here(other) => Some(*other),
            Pinned::Elsewhere(_) => None,
        }));
        except.sort_unstable();
        except
    };
    choices.excluded.iter().zip(&choices.pins).map(of).collect()
}

/// For each article a key of its file, its bytes and how these are read, and of where and when it is
/// published.
#[must_use]
pub fn keys(site: &Catalogue, config: &Config) -> Vec<Key> {
    let reading = reading(config);
    let ids = (0..site.articles.len() as u32).into_par_iter();
    let of = |bytes: &mut Vec<u8>, id| key_of(site, ArticleId(id), reading, bytes);
    ids.map_init(Vec::new, of).collect()
}

/// The same for one article.
#[must_use]
pub fn key(site: &Catalogue, config: &Config, id: ArticleId) -> Key {
    key_of(site, id, reading(config), &mut Vec::new())
}

/// A key of how files are read.
fn reading(config: &Config) -> Key {
    let reading = (
        &config.fields,
        config.front_matter_duplicates,
        config.base_url.whole(),
        config.related.compares(),
    );
    Key::of_bytes(format!("{reading:?}").as_bytes())
}

fn key_of(site: &Catalogue, id: ArticleId, reading: Key, bytes: &mut Vec<u8>) -> Key {
    let article = &site.articles[id.index()];
    bytes.clear();
    bytes.extend(reading.bytes());
    bytes.extend(article.bytes.bytes());
    for date in [
        article.date.map(Moment::unix_seconds),
        article.date.map(|date| i64::from(date.unix_day())),
    ] {
        bytes.push(u8::from(date.is_some()));
        bytes.extend(date.unwrap_or(0).to_le_bytes());
    }
    for text in [
        &*article.source,
        site.urls[id.index()].as_str(),
        site.language(id),
        &*article.section,
    ] {
        // No text has this byte.
        bytes.extend(text.bytes().chain([u8::MAX]));
    }
    Key::of_bytes(bytes)
}

/// A name of each tag as a number, by its number.
#[must_use]
pub fn tag_keys(site: &Catalogue) -> Vec<u64> {
    let keys = site
        .tags
        .all
        .iter()
        .map(|tag| Key::of_bytes(tag.slug.as_bytes()).bytes());
    keys.map(|[a, b, c, d, e, f, g, h, ..]| u64::from_le_bytes([a, b, c, d, e, f, g, h]))
        .collect()
}

/// Pins completed by what was found, for each article.
pub(in crate::site) fn blocks(
    choices: &Choices,
    found: Vec<Found>,
    reasons: Vec<Vec<Box<[Reason]>>>,
) -> Blocks {
    let mut copies = Vec::new();
    let found = found.into_iter().zip(reasons).zip(&choices.pins).zip(0..);
    let related = found.map(|(((found, reasons), pins), at)| {
        let older = found.duplicates.iter().map(|other| other.article);
        let older = older.filter(|other| other.0 > at);
        copies.extend(older.map(|other| (ArticleId(at), other)));
        let mut reasons = reasons.into_iter();
        let suggested = found.suggestions.into_iter().map(|suggestion| Related {
            target: Pinned::Here(suggestion.article),
            score: suggestion.score,
            reasons: reasons.next().unwrap_or_default(),
        });
        pins.iter().copied().map(pinned).chain(suggested).collect()
    });
    Blocks {
        related: related.collect(),
        copies,
    }
}

impl Engine {
    /// The strongest reasons for a suggestion.
    pub(super) fn reasons(&self, of: ArticleId, other: ArticleId) -> Box<[Reason]> {
        let strongest = self.strongest(of, other, REASONS).into_iter();
        let linked = self.are_linked(of, other).then_some(Reason::Linked);
        let spelled = strongest.map(|term| self.spelled(of, term));
        spelled.map(Reason::Shared).chain(linked).collect()
    }
}

fn pinned(target: Pinned) -> Related {
    Related {
        target,
        score: 1.0,
        reasons: [Reason::Pinned].into(),
    }
}

/// A reason in words.
#[must_use]
pub fn reason_text(reason: &Reason, site: &Catalogue) -> String {
    match reason {
        Reason::Pinned => "chosen by the author".to_owned(),
        Reason::Linked => "linked".to_owned(),
        Reason::Shared(term) => term_text(term, site),
    }
}

/// A word, phrase or tag as people write it.
#[must_use]
pub fn term_text(term: &Spelled, site: &Catalogue) -> String {
    match term {
        Spelled::Text(text) => text.to_string(),
        Spelled::Tag(tag) => site.tags.all[*tag as usize].label.to_string(),
    }
}
