//! The site: everything resolved, before a byte is rendered.
//!
//! In: the configuration, what parse found, and the files that are published as they are. Out:
//! an immutable [`Site`] with one table of all routes, and diagnostics.

mod archive;
mod bytes;
mod catalogue;
mod collation;
mod concerned;
mod duplicates;
mod editions;
mod links;
mod listing;
mod lookup;
mod names;
mod newest;
mod origins;
mod orphans;
mod pictures;
mod pins;
mod plan;
mod portable;
mod redirects;
pub mod related;
mod retell;
mod routes;
pub mod search;
mod social_cards;
mod taxonomy;
mod translations;
mod unshown;
mod visibility;

pub use archive::{Month, Year};
pub use catalogue::catalogue;
pub use concerned::Concerned;
pub use duplicates::near_duplicates;
pub use links::{Cards, Linked};
pub use listing::{Listing, ListingKind, ListingPage};
pub use names::Names;
pub use orphans::orphans;
pub use pictures::{Lead, Picture, PictureFile};
pub use plan::{HEADERS, MANIFEST, REDIRECTS, feed_url, has_feeds, index_path, sitemap_articles};
pub use redirects::chains;
pub use related::Related;
pub use retell::{Basis, Told, are_told_otherwise, retell};
pub use routes::{Aliased, Route, ServerFile, Target, position_of};
pub use search::SearchFile;
pub use taxonomy::{Term, Terms};
pub use translations::untranslated;
pub use unshown::{Unshown, Why, unshown};
pub use visibility::{Reason, Show, until, withheld};

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rayon::prelude::*;

use catalogue::Shelved;
use lookup::Lookup;
use pictures::Pictures;
use related::{Answer, Asked, Blocks, Choices, Engine, Kept, State};
use search::Areas;

use crate::config::Config;
use crate::diagnostics::{Diagnostics, Place};
use crate::drawing::Fonts;
use crate::model::{
    Article, Content, Data, Moment, Readings, Redirect, SourceFile, Towards, UrlPath,
};
use crate::pictures::Looks;

/// An article of the site by its rank: 0 is the newest.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ArticleId(pub u32);

impl ArticleId {
    /// As a position in the site's lists.
    #[must_use]
    pub fn index(self) -> usize {
        self.0 as usize
    }
}

/// A language of the site, by its position in the site's languages; 0 is the site's own. The first
/// languages are those of the [editions](crate::config::Edition), in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct LanguageId(pub u8);

impl LanguageId {
    /// As a position in the site's lists.
    #[must_use]
    pub fn index(self) -> usize {
        usize::from(self.0)
    }
}

/// What a pin leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pinned {
    /// An article of this site.
    Here(ArticleId),
    /// A page of another site: the position among the article's pins.
    Elsewhere(u32),
}

/// An article that is not published.
#[derive(Debug, Clone, PartialEq)]
pub struct Withheld {
    /// Its file.
    pub source: Box<str>,
    /// Its headline.
    pub title: Box<str>,
    /// Whether other files of its folder belong to it.
    pub is_bundle: bool,
    /// Where it would be.
    pub url: UrlPath,
    /// Why.
    pub reason: Reason,
}

/// A top-level folder of content/.
#[derive(Debug, Clone)]
pub struct Section {
    /// The folder's name.
    pub name: Box<str>,
    /// The edition that it is of: there is a section for each that has articles in the folder.
    pub edition: LanguageId,
    /// What readers see.
    pub title: Box<str>,
    /// Its listing.
    pub url: UrlPath,
    /// Its `_index.md`, by its position in the site's fronts.
    pub front: Option<usize>,
    /// Newest first.
    pub articles: Vec<ArticleId>,
}

/// Articles of each section on home pages.
const ON_HOME: usize = 4;

impl Section {
    /// Its articles that home pages show: the newest.
    pub fn on_home(&self) -> impl Iterator<Item = &ArticleId> {
        self.articles.iter().take(ON_HOME)
    }
}

/// What is published and what is known of it, before anything refers to anything.
#[derive(Debug)]
pub struct Catalogue {
    /// Published articles, newest first; those of one moment in the order of their URLs.
    pub articles: Vec<Arc<Article>>,
    /// How they are arranged; its fields can be had from the catalogue itself.
    pub arrangement: Arc<Arrangement>,
}

/// How articles are arranged, which does not change with what their texts say.
#[derive(Debug)]
pub struct Arrangement {
    /// Published articles in the order of their files.
    pub by_file: Vec<ArticleId>,
    /// Where each article is.
    pub urls: Vec<UrlPath>,
    /// The languages of the site's editions, and then others that articles are in, as BCP 47 tags;
    /// the first is the site's own.
    pub languages: Vec<Box<str>>,
    /// How many editions there are.
    pub editions: u8,
    /// The language of each article.
    pub language_of: Vec<LanguageId>,
    /// The section of each article; `None` at the top of content/.
    pub section_of: Vec<Option<u32>>,
    /// The next newer and next older article of each article's section.
    pub neighbours: Vec<(Option<ArticleId>, Option<ArticleId>)>,
    /// Fronts of sections, and of the home page.
    pub fronts: Vec<Arc<Article>>,
    /// The edition of each front.
    pub front_editions: Vec<LanguageId>,
    /// Where each front is: its section's listing, or the home page.
    pub front_urls: Vec<UrlPath>,
    /// The front of each edition's home page, by its position in `fronts`.
    pub home_fronts: Vec<Option<usize>>,
    /// Edition by edition, in the order of their names.
    pub sections: Vec<Section>,
    /// Tags.
    pub tags: Terms,
    /// Authors.
    pub authors: Terms,
    /// Edition by edition, newest first.
    pub years: Vec<Year>,
    /// Files of content/ that are published as they are.
    pub resources: Vec<SourceFile>,
    /// Where each of them is published.
    pub resource_urls: Vec<UrlPath>,
    /// Files of static/.
    pub statics: Vec<SourceFile>,
    /// Articles that are not published, in the order of their files.
    pub withheld: Vec<Withheld>,
    /// Old paths that data/redirects.yaml has.
    pub redirects: Vec<Redirect>,
}

impl std::ops::Deref for Catalogue {
    type Target = Arrangement;

    fn deref(&self) -> &Arrangement {
        &self.arrangement
    }
}

impl Arrangement {
    /// The edition that has what is in a language. That of the site has what is in no other's.
    #[must_use]
    pub fn edition(&self, language: LanguageId) -> LanguageId {
        if language.0 < self.editions {
            language
        } else {
            LanguageId::default()
        }
    }

    /// The edition of an article.
    #[must_use]
    pub fn edition_of(&self, id: ArticleId) -> LanguageId {
        self.edition(self.language_of[id.index()])
    }

    /// Where the sections of an edition are in the list of all, in which they stand side by side.
    #[must_use]
    pub fn sections_of(&self, edition: LanguageId) -> Range<usize> {
        let before = |edition: LanguageId| {
            let sections = &self.sections;
            sections.partition_point(|section| section.edition < edition)
        };
        before(edition)..before(LanguageId(edition.0 + 1))
    }

    /// All editions.
    pub fn all_editions(&self) -> impl Iterator<Item = LanguageId> + use<> {
        (0..self.editions).map(LanguageId)
    }
}

impl Catalogue {
    /// The language that an article is in, as a BCP 47 tag.
    #[must_use]
    pub fn language(&self, id: ArticleId) -> &str {
        &self.languages[self.language_of[id.index()].index()]
    }

    /// What is found of each article, by rank; on all cores, in the order in which they lie in memory.
    fn of_each<T: Default + Send>(&self, of: impl Fn(ArticleId, &Article) -> T + Sync) -> Vec<T> {
        let found = self.by_file.par_iter();
        let found = found.map(|id| of(*id, &self.articles[id.index()]));
        let mut by_rank = Vec::new();
        by_rank.resize_with(self.articles.len(), T::default);
        for (id, found) in self.by_file.iter().zip(found.collect::<Vec<_>>()) {
            by_rank[id.index()] = found;
        }
        by_rank
    }

    fn shelved(&self) -> Shelved<'_> {
        Shelved {
            articles: &self.articles,
            by_file: &self.by_file,
        }
    }

    /// The published article that is in a file.
    #[must_use]
    pub fn in_file(&self, path: &str) -> Option<ArticleId> {
        let source = |id: &ArticleId| &*self.articles[id.index()].source;
        let at = self.by_file.binary_search_by_key(&path, source).ok()?;
        Some(self.by_file[at])
    }

    /// Articles by their ranks.
    fn some(&self, ids: &[ArticleId]) -> Vec<&Article> {
        let articles = ids.iter().map(|id| &*self.articles[id.index()]);
        articles.collect()
    }

    /// The front of a listing's first page, by its position in the site's fronts.
    #[must_use]
    pub fn front_of(&self, listing: &Listing) -> Option<usize> {
        match listing.kind {
            ListingKind::Home => self.home_fronts[listing.edition.index()],
            ListingKind::Section(at) => self.sections[at].front,
            _ => None,
        }
    }

    /// A page that may have old paths, and its URL.
    #[must_use]
    pub fn aliased(&self, page: Aliased) -> (&Article, &UrlPath) {
        match page {
            Aliased::Article(id) => (&self.articles[id.index()], &self.urls[id.index()]),
            Aliased::Front(at) => (&self.fronts[at as usize], &self.front_urls[at as usize]),
        }
    }
}

/// Everything resolved. What does not change with the text of an article is shared by a site and
/// what becomes of it [after an edit](retell).
#[derive(Debug)]
pub struct Site {
    /// What is published; its fields can be had from the site itself.
    pub catalogue: Catalogue,
    /// What each article is related to.
    pub related: Vec<Arc<[Related]>>,
    /// What stands under articles that nothing is related to: the newest of their section.
    pub section_newest: BTreeMap<ArticleId, Box<[ArticleId]>>,
    /// The versions in other languages of each article that has any: in the site's editions,
    /// in their order, and then in others.
    pub translations: Arc<BTreeMap<ArticleId, Box<[ArticleId]>>>,
    /// Every page that lists articles.
    pub listings: Arc<[Listing]>,
    /// Every URL, in order.
    pub routes: Arc<[Route]>,
    /// Where each internal link of an article leads.
    pub links: Arc<[Box<[Linked]>]>,
    /// Where each internal link of a front leads.
    pub front_links: Arc<[Box<[Linked]>]>,
    /// Where each of the [redirects](Arrangement::redirects) leads in the end.
    pub moved: Arc<[Towards]>,
    /// Where the social card of each article is that gets one.
    pub social_cards: Arc<BTreeMap<ArticleId, UrlPath>>,
    /// Each article's lead picture; `None` when it has none.
    pub images: Arc<[Option<Lead>]>,
    /// The pictures among the files of content/ and static/; none where they are published as they are.
    pub pictures: Arc<BTreeMap<PictureFile, Picture>>,
    /// The articles whose cards each article shows that shows any, in order; `None` where there is
    /// none.
    pub cards: Arc<BTreeMap<ArticleId, Cards>>,
    /// The same of each front.
    pub front_cards: Arc<BTreeMap<usize, Cards>>,
    /// What is searched by itself: each edition, or nothing.
    pub search: Areas,
    /// Whether articles are shown that readers do not see yet.
    pub preview: bool,
}

impl std::ops::Deref for Site {
    type Target = Catalogue;

    fn deref(&self) -> &Catalogue {
        &self.catalogue
    }
}

/// A file of the theme's static/.
#[derive(Debug, Clone)]
pub struct AssetOfTheme {
    /// Where it is published.
    pub url: UrlPath,
    /// Where it comes from.
    pub place: Place,
    /// The component that pages link it for, if they link it for nothing else.
    pub component: Option<Box<str>>,
}

/// What a site is made from.
pub struct Inputs<'a> {
    /// What content/ holds.
    pub content: Content,
    /// Files of static/.
    pub statics: Vec<SourceFile>,
    /// What was seen of the pictures among all files; empty where they are published as they are.
    pub looks: Looks,
    /// The theme's assets.
    pub assets: Vec<AssetOfTheme>,
    /// What social cards are drawn with, if the site has any.
    pub fonts: Option<Arc<Fonts>>,
    /// The time that "now" is.
    pub now: Moment,
    /// Which articles are shown besides those that are due.
    pub show: Show,
    /// What the last build kept of related articles, if there was one. `None`: all articles are
    /// compared, and nothing is kept.
    pub from_last: Option<Option<Kept>>,
    /// Reads again what some articles say that [`Content::wordings`] does not tell.
    pub reread: Reread<'a>,
    /// What the last build kept of the search, if there is any of it.
    pub search: Option<search::Kept>,
    /// Reads again what some articles are found by that [`Content::index`] does not tell.
    pub reindex: search::Reindex<'a>,
}

/// Reads articles again: gives one wording for each.
pub type Reread<'a> = &'a (dyn Fn(&[&Article]) -> Readings + Sync);

/// A site, and the engine that found what is related in it and can tell why.
pub struct Resolved {
    /// The site.
    pub site: Site,
    /// Large, and not needed to render the site. It knows no article where something is kept for the next
    /// build, which never is without [`Inputs::from_last`].
    pub engine: Engine,
    /// What to keep for the next build.
    pub state: Option<State>,
    /// See [`Answer::anew`](related::Answer::anew).
    pub related_anew: Option<related::Anew>,
    /// What [`retell`] goes on from.
    pub basis: Basis,
    /// What was found wrong.
    pub diagnostics: Diagnostics,
}

/// Resolves a site.
#[must_use]
pub fn build(config: &Config, data: &Data, mut inputs: Inputs) -> Resolved {
    let mut diagnostics = Diagnostics::new();
    let assets = inputs.assets.clone();
    let preview = inputs.show != Show::default();
    let fonts = inputs.fonts.clone();
    let (from_last, reread) = (inputs.from_last.take(), inputs.reread);
    let (reindex, kept_search) = (inputs.reindex, inputs.search.take());
    let lexicon = std::mem::take(&mut inputs.content.lexicon);
    let looks = std::mem::take(&mut inputs.looks);
    let (catalogue, wordings, entries) = catalogue(config, data, inputs, &mut diagnostics);
    let translations = translations::translations(&catalogue, &mut diagnostics);
    let lookup = Lookup::new(&catalogue, &translations);
    let pins = pins::pins(&catalogue, config, &lookup, &mut diagnostics);
    let excluded = pins::exclusions(&catalogue, config, &lookup, &pins, &mut diagnostics);
    let between = links::between(&catalogue, &lookup);
    let choices = Choices { pins, excluded };
    let mut basis = Basis::new(&catalogue, config, between.articles, choices);
    let reread = |ids: &[ArticleId]| reread(&catalogue.some(ids));
    let asked = Asked {
        keep: from_last.is_some(),
        only_texts: false,
        ..basis.asks(&catalogue, (wordings, lexicon), config, &reread)
    };
    let sources = search::Sources {
        entries,
        kept: kept_search,
        reindex,
    };
    let (answer, search) = rayon::join(
        || related::answer(asked, from_last.flatten()),
        || search::areas(&catalogue, config, sources),
    );
    let Answer {
        found,
        engine,
        state,
        anew,
        ..
    } = answer;
    let mut blocks = Blocks::new(catalogue.articles.len());
    blocks.set(&basis.choices, found);
    let section_newest = newest::newest(
        &catalogue,
        &blocks,
        &basis.choices.excluded,
        &config.related,
    );
    let Blocks { related, copies } = blocks;
    basis.copies = copies;
    let listings = plan::listings(&catalogue, &related, config);
    let social_cards = match &fonts {
        Some(fonts) => social_cards::social_cards(&catalogue, config, fonts, &mut diagnostics),
        None => BTreeMap::new(),
    };
    let (routes, collisions) = plan::routes(
        &catalogue,
        &listings,
        config,
        &assets,
        &social_cards,
        &search,
    );
    diagnostics.extend(collisions);

    let lookup = lookup.with_routes(&routes);
    let pictures = Pictures::new(&catalogue, config, &looks);
    let links = links::links(&catalogue, config, &lookup, &between.settled, &pictures);
    diagnostics.extend(links.diagnostics);
    diagnostics.extend(links::configured(&catalogue, config, &lookup));
    let moved = redirects::followed(&catalogue, &routes, &lookup, config, &mut diagnostics);
    drop(lookup);
    let pictures = pictures.finish();
    let (routes, collisions) =
        plan::with_pictures(routes, &catalogue, &listings, &assets, &pictures);
    diagnostics.extend(collisions);
    diagnostics.sort();
    let site = Site {
        catalogue,
        related,
        section_newest,
        translations: translations.into(),
        listings: listings.into(),
        routes: routes.into(),
        links: links.articles.into(),
        front_links: links.fronts.into(),
        moved: moved.into(),
        social_cards: social_cards.into(),
        images: links.images.into(),
        pictures: pictures.into(),
        cards: links.cards.into(),
        front_cards: links.front_cards.into(),
        search: search.into(),
        preview,
    };
    Resolved {
        site,
        engine,
        state,
        related_anew: anew,
        basis,
        diagnostics,
    }
}
