//! The block of related articles under each article: what its author chose, then suggestions.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{ArticleKey, Engine, Facts, Links, Spelled, Suggested, Wanted};
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
    pub related: Vec<Arc<[Related]>>,
    /// Older articles that say nearly the same as another, by that.
    pub copies: BTreeMap<ArticleId, Box<[ArticleId]>>,
}

/// What the engine needs to know of a site. `links`: the articles that each links to.
#[must_use]
pub fn facts(site: &Catalogue, wordings: Vec<Wording>, links: Arc<Links>) -> Facts {
    Facts {
        wordings,
        tags: site.tags.of_article.clone(),
        days: site.of_each(|_, article| article.date.map(Moment::unix_day)),
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
    site.of_each(|id, article| {
        let rules = config.rules(&article.section);
        let pins = choices.pins[id.index()].len();
        let count = match article.related {
            RelatedBlock::Suggested => rules.count.saturating_sub(pins),
            RelatedBlock::PinsOnly | RelatedBlock::Off => 0,
        };
        Wanted {
            count,
            same_section: rules.same_section,
            max_age: rules.max_age_days,
            min_score: rules.min_score,
            except: &except[id.index()],
        }
    })
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

/// What each article is known by.
#[must_use]
pub fn keys(site: &Catalogue, config: &Config) -> Vec<ArticleKey> {
    let reading = reading(config);
    site.of_each(|id, article| key_of(site, id, article, reading))
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

fn key_of(site: &Catalogue, id: ArticleId, article: &Article, reading: Key) -> ArticleKey {
    let mut bytes = Vec::with_capacity(256);
    bytes.extend(reading.bytes());
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
        bytes.extend_from_slice(text.as_bytes());
        // No text has this byte.
        bytes.push(u8::MAX);
    }
    ArticleKey {
        place: Key::of_bytes(&bytes),
        text: article.bytes,
    }
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

impl Blocks {
    /// Blocks of so many articles, with nothing in them.
    pub fn new(articles: usize) -> Self {
        Self {
            related: vec![Arc::default(); articles],
            copies: BTreeMap::new(),
        }
    }

    /// Sets blocks to pins completed by what was found.
    pub fn set(&mut self, choices: &Choices, found: Vec<Suggested>) {
        for Suggested { to, found, reasons } in found {
            let older = found.duplicates.iter().map(|other| other.article);
            let older: Box<[ArticleId]> = older.filter(|other| *other > to).collect();
            if older.is_empty() {
                self.copies.remove(&to);
            } else {
                self.copies.insert(to, older);
            }
            let mut reasons = reasons.into_iter();
            let suggested = found.suggestions.into_iter().map(|suggestion| Related {
                target: Pinned::Here(suggestion.article),
                score: suggestion.score,
                reasons: reasons.next().unwrap_or_default(),
            });
            let pins = choices.pins[to.index()].iter().copied().map(pinned);
            self.related[to.index()] = pins.chain(suggested).collect();
        }
    }

    /// Whether two articles say nearly the same.
    pub fn are_copies(&self, one: ArticleId, other: ArticleId) -> bool {
        let older = self.copies.get(&one.min(other));
        older.is_some_and(|older| older.contains(&one.max(other)))
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
