//! What an edit of texts concerns of a site.
//!
//! In: the articles that say something else than they did, or are related to others. Out: which
//! targets may be made from something else than before, where nothing else is another thing.

use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::{ArticleId, ListingKind, Pinned, Section, Site, Target};

/// Articles that are not told as they were.
#[derive(Debug)]
pub struct Concerned {
    are: Vec<bool>,
    /// Whether the page of each article shows one. Pages come in the order of their addresses, and what is
    /// known of articles lies in that of their ids.
    on_page: Vec<bool>,
    /// Of each edition, whether all its home pages show one.
    on_home: Vec<bool>,
    spared: AtomicUsize,
}

impl Concerned {
    /// These articles of a site.
    #[must_use]
    pub fn new(site: &Site, articles: &[ArticleId]) -> Self {
        let mut are = vec![false; site.articles.len()];
        for id in articles {
            are[id.index()] = true;
        }
        let on_home = site.all_editions().map(|edition| {
            let sections = site.sections[site.sections_of(edition)].iter();
            let mut shown = sections.flat_map(Section::on_home);
            shown.any(|id| are[id.index()])
        });
        let on_home = on_home.collect();
        let ids = (0..are.len() as u32).into_par_iter().map(ArticleId);
        let on_page = ids.map(|id| is_on_page(site, &are, id)).collect();
        Self {
            are,
            on_page,
            on_home,
            spared: AtomicUsize::default(),
        }
    }

    /// Whether a target may be made from one of them. Those that are not are counted.
    #[must_use]
    pub fn may_be(&self, site: &Site, target: &Target) -> bool {
        let may_be = self.shows(site, target);
        if !may_be {
            self.spared.fetch_add(1, Ordering::Relaxed);
        }
        may_be
    }

    /// How many targets were asked about that are not.
    #[must_use]
    pub fn spared(&self) -> usize {
        self.spared.load(Ordering::Relaxed)
    }

    /// What is made of few articles is looked at; of all else it is easier to work out the key.
    fn shows(&self, site: &Site, target: &Target) -> bool {
        match target {
            Target::Article(id) => self.on_page[id.index()],
            Target::Listing { listing, page } => {
                let listing = &site.listings[*listing as usize];
                let page = &listing.pages[*page as usize];
                let mut articles = listing.articles[page.range.clone()].iter();
                let with_related = listing.kind == ListingKind::Related;
                let shows = |id: &ArticleId| {
                    self.are[id.index()] || (with_related && is_related(site, &self.are, *id))
                };
                // A front may show any article, on the first page.
                (page.number.is_none() && site.front_of(listing).is_some())
                    || (listing.kind == ListingKind::Home && self.on_home[listing.edition.index()])
                    || articles.any(shows)
            }
            _ => true,
        }
    }
}

/// Whether the page of an article shows one of those that `are` concerned.
fn is_on_page(site: &Site, are: &[bool], id: ArticleId) -> bool {
    let (newer, older) = site.neighbours[id.index()];
    let mut itself_and_neighbours = [Some(id), newer, older].into_iter().flatten();
    itself_and_neighbours.any(|id| are[id.index()])
        || is_related(site, are, id)
        // The newest of the section stand there.
        || site.related[id.index()].is_empty()
        || site.cards.contains_key(&id)
}

/// Whether an article is related to one of them.
fn is_related(site: &Site, are: &[bool], id: ArticleId) -> bool {
    let mut related = site.related[id.index()].iter();
    related.any(|related| matches!(related.target, Pinned::Here(other) if are[other.index()]))
}
