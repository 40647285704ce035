//! The block of related articles under each article: what its author chose, then suggestions.

use rayon::prelude::*;

use super::{Engine, Facts, Scratch, Spelled, Wanted};
use crate::config::RelatedConfig;
use crate::model::{Moment, RelatedBlock, Wording};
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
const REASONS: usize = 3;

/// The blocks of all articles.
#[derive(Debug)]
pub(in crate::site) struct Blocks {
    pub related: Vec<Vec<Related>>,
    /// Articles that say nearly the same as an older one, with that, in ascending order.
    pub copies: Vec<(ArticleId, ArticleId)>,
}

/// What the engine needs to know of a site. `links`: the articles that each links to.
#[must_use]
pub fn facts(site: &Catalogue, wordings: Vec<Wording>, links: Vec<Box<[ArticleId]>>) -> Facts {
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
pub(in crate::site) struct Choices {
    /// What comes first.
    pub pins: Vec<Vec<Pinned>>,
    /// What is not suggested, ascending.
    pub excluded: Vec<Vec<ArticleId>>,
}

/// Pins completed by suggestions, for each article.
pub(in crate::site) fn blocks(
    site: &Catalogue,
    engine: &Engine,
    choices: &Choices,
    config: &RelatedConfig,
) -> Blocks {
    let maker = Maker {
        site,
        engine,
        choices,
        config,
        with_reasons: config.writes_json(site.articles.len()),
    };
    let found: Vec<_> = (0..site.articles.len() as u32)
        .into_par_iter()
        .map_init(Scratch::default, |scratch, at| {
            maker.block(ArticleId(at), scratch)
        })
        .collect();
    let (related, copies): (_, Vec<_>) = found.into_iter().unzip();
    Blocks {
        related,
        copies: copies.into_iter().flatten().collect(),
    }
}

struct Maker<'a> {
    site: &'a Catalogue,
    engine: &'a Engine,
    choices: &'a Choices,
    config: &'a RelatedConfig,
    with_reasons: bool,
}

impl Maker<'_> {
    /// The block of an article, and the older articles that it repeats.
    fn block(
        &self,
        id: ArticleId,
        scratch: &mut Scratch,
    ) -> (Vec<Related>, Vec<(ArticleId, ArticleId)>) {
        let Self {
            site,
            engine,
            choices,
            config,
            ..
        } = self;
        let article = &site.articles[id.index()];
        let pins = &choices.pins[id.index()];
        let mut list: Vec<Related> = pins.iter().copied().map(pinned).collect();
        let mut except = choices.excluded[id.index()].clone();
        except.extend(pins.iter().filter_map(|pin| match pin {
            Pinned::Here(other) => Some(*other),
            Pinned::Elsewhere(_) => None,
        }));
        except.sort_unstable();
        let rules = config.rules(&article.section);
        let count = match article.related {
            RelatedBlock::Suggested => rules.count.saturating_sub(pins.len()),
            RelatedBlock::PinsOnly | RelatedBlock::Off => 0,
        };
        let wanted = Wanted {
            count,
            same_section: rules.same_section,
            max_age: rules.max_age_days,
            min_score: rules.min_score,
            except: &except,
        };
        let found = engine.find(id, &wanted, scratch);
        list.extend(found.suggestions.iter().map(|suggestion| Related {
            target: Pinned::Here(suggestion.article),
            score: suggestion.score,
            reasons: self.reasons(id, suggestion.article),
        }));
        let older = found.duplicates.iter().map(|other| other.article);
        let copies = older.filter(|other| *other > id).map(|other| (id, other));
        (list, copies.collect())
    }

    /// The strongest reasons for a suggestion, if anybody wants to know.
    fn reasons(&self, of: ArticleId, other: ArticleId) -> Box<[Reason]> {
        if !self.with_reasons {
            return Box::default();
        }
        let strongest = self.engine.strongest(of, other, REASONS).into_iter();
        let linked = self.engine.are_linked(of, other).then_some(Reason::Linked);
        let spelled = strongest.map(|term| self.engine.spelled(of, term));
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
