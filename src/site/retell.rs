//! A site after an edit of texts: what some of its articles say is another thing, and nothing else
//! is. That is what writing is for the most part, and costs what the articles' texts cost.
//!
//! In: a site, what it was resolved from, and articles that [`are_told_otherwise`] alone. Out: the
//! same site as [`build`](super::build) would make of all articles.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::related::{self, Answer, ArticleKey, Asked, Blocks, Choices, Kept, State, Weights};
use super::search::Reindex;
use super::{ArticleId, Catalogue, Reread, Site, newest};
use crate::config::Config;
use crate::model::{Argument, Article, Called, IndexEntries, Lexicon, Link, Readings, Wording};

/// What is known of a site, besides what is in it, that no text changes.
#[derive(Debug)]
pub struct Basis {
    pub(super) choices: Choices,
    /// What is not suggested under each article.
    pub(super) except: Vec<Vec<ArticleId>>,
    /// The articles that each article links to.
    pub(super) links: Arc<related::Links>,
    /// What [`related::keys`] gives.
    pub(super) keys: Vec<ArticleKey>,
    /// What [`related::tag_keys`] gives.
    pub(super) tag_keys: Vec<u64>,
    /// What [`Blocks`] know of copies.
    pub(super) copies: BTreeMap<ArticleId, Box<[ArticleId]>>,
    /// What counts how much for related articles.
    pub(super) weights: Weights,
}

impl Basis {
    pub(super) fn new(
        site: &Catalogue,
        config: &Config,
        links: Vec<Box<[ArticleId]>>,
        choices: Choices,
    ) -> Self {
        let (links, keys) = rayon::join(
            || related::Links::new(links),
            || related::keys(site, config),
        );
        Self {
            links: Arc::new(links),
            keys,
            tag_keys: related::tag_keys(site),
            except: related::except(&choices),
            choices,
            copies: BTreeMap::new(),
            weights: Weights::default(),
        }
    }

    /// What is asked about the articles of a site, for the next build too.
    pub(super) fn asks<'a>(
        &'a self,
        site: &'a Catalogue,
        (wordings, lexicon): (Vec<Option<Box<Wording>>>, Lexicon),
        config: &Config,
        reread: &'a (dyn Fn(&[ArticleId]) -> Readings + Sync),
    ) -> Asked<'a> {
        Asked {
            facts: related::facts(site, Vec::new(), Arc::clone(&self.links)),
            wordings,
            lexicon,
            keys: self.keys.clone(),
            tag_keys: self.tag_keys.clone(),
            wanted: related::wanted(site, &self.choices, &self.except, &config.related),
            with_reasons: config.related.writes_json(self.keys.len()),
            keep: true,
            only_texts: true,
            weights: &self.weights,
            reread,
        }
    }
}

/// Whether two readings of one article differ in nothing but what its text says: whatever the site
/// tells or asks of an article by itself is the same, its headings and links included.
#[must_use]
pub fn are_told_otherwise(one: &Article, other: &Article) -> bool {
    let leads = |link: &Link| (link.kind, link.destination.clone());
    let links = one.links.iter().map(leads);
    let same = Article {
        bytes: other.bytes,
        words: other.words,
        minutes: other.minutes,
        // What was taken from the text is shown, and decides nothing.
        summary: if one.summary_written {
            one.summary.clone()
        } else {
            other.summary.clone()
        },
        // Where they are is asked for when one is wrong.
        links: other.links.clone(),
        calls: other.calls.clone(),
        // Its own page alone asks for them.
        code: other.code.clone(),
        // They lie in a file of their own.
        archived_comments: other.archived_comments.clone(),
        ..one.clone()
    };
    let calls = one.calls.iter().map(asks);
    links.eq(other.links.iter().map(leads))
        && calls.eq(other.calls.iter().map(asks))
        && same == *other
}

/// What a component is called for, wherever that stands.
fn asks(called: &Called) -> (&str, &[Argument], bool) {
    (&called.name, &called.arguments, called.has_body)
}

/// Articles as they are told now, and what they say.
pub struct Told {
    /// Which, and what it is now.
    pub articles: Vec<(ArticleId, Arc<Article>)>,
    /// What each of them says.
    pub says: Readings,
    /// What each of them is found by; nothing where there is no search.
    pub entries: IndexEntries,
}

/// The site with some of its articles as they are told now, and what to keep. No site if that is
/// another one in more than what they say.
#[must_use]
pub fn retell(
    site: &Site,
    basis: &mut Basis,
    told: Told,
    config: &Config,
    kept: Kept,
    reread: Reread,
    reindex: Reindex,
) -> (Option<Site>, Option<State>) {
    let mut articles = site.articles.clone();
    let mut wordings = vec![None; articles.len()];
    let Readings {
        wordings: says,
        lexicon,
    } = told.says;
    let ids: Vec<ArticleId> = told.articles.iter().map(|(id, _)| *id).collect();
    for ((id, article), wording) in told.articles.into_iter().zip(says) {
        basis.keys[id.index()].text = article.bytes;
        articles[id.index()] = article;
        wordings[id.index()] = Some(Box::new(wording));
    }
    let catalogue = Catalogue {
        articles,
        arrangement: Arc::clone(&site.arrangement),
    };
    let reread = |ids: &[ArticleId]| reread(&catalogue.some(ids));
    let asked = basis.asks(&catalogue, (wordings, lexicon), config, &reread);
    let Answer { found, state, .. } = related::answer(asked, Some(kept));
    let mut blocks = Blocks {
        related: site.related.clone(),
        copies: std::mem::take(&mut basis.copies),
    };
    blocks.set(&basis.choices, found);
    let excluded = &basis.choices.excluded;
    let section_newest = newest::newest(&catalogue, &blocks, excluded, &config.related);
    let Blocks { related, copies } = blocks;
    basis.copies = copies;
    // Those that have any are a listing.
    let mut both = site.related.iter().zip(&related);
    if !both.all(|(before, now)| before.is_empty() == now.is_empty()) {
        return (None, state);
    }
    let areas = site.search.iter();
    let areas =
        areas.map(|area| area.retold(&catalogue, config, &ids, told.entries.clone(), reindex));
    let search = areas.collect();
    let site = Site {
        catalogue,
        related,
        section_newest,
        translations: Arc::clone(&site.translations),
        listings: Arc::clone(&site.listings),
        routes: Arc::clone(&site.routes),
        links: Arc::clone(&site.links),
        front_links: Arc::clone(&site.front_links),
        moved: Arc::clone(&site.moved),
        social_cards: Arc::clone(&site.social_cards),
        images: Arc::clone(&site.images),
        pictures: Arc::clone(&site.pictures),
        cards: Arc::clone(&site.cards),
        front_cards: Arc::clone(&site.front_cards),
        search,
        preview: site.preview,
    };
    (Some(site), state)
}
