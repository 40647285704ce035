//! The one table of all URLs.

use std::collections::{BTreeMap, HashMap};

use super::{ArticleId, LanguageId};
use crate::config::FeedFormat;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::model::{UrlPath, fold};

/// What a route answers with. Numbers are positions in the site's lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// An article.
    Article(ArticleId),
    /// The social card of an article.
    SocialCard(ArticleId),
    /// A page of a listing.
    Listing {
        /// Which listing.
        listing: u32,
        /// Which of its pages.
        page: u32,
    },
    /// All tags.
    Tags,
    /// All authors.
    Authors,
    /// All years.
    Archive,
    /// The page for what is not there.
    NotFound,
    /// A listing's feed.
    Feed {
        /// Which listing.
        listing: u32,
        /// Which format.
        format: FeedFormat,
    },
    /// Related articles for machines.
    RelatedJson,
    /// The list of sitemaps.
    SitemapIndex,
    /// Listings' URLs.
    SitemapListings,
    /// Articles' URLs: so many, from the oldest.
    Sitemap(std::ops::Range<usize>),
    /// robots.txt.
    Robots,
    /// What the site is as an application (W3C's Web Application Manifest).
    Manifest,
    /// An old path that redirects.
    Alias(UrlPath),
    /// The old paths, for hosts that read them.
    Redirects,
    /// A file of content/ that is published as it is.
    Resource(u32),
    /// A file of static/.
    Static(u32),
    /// A file of the theme.
    Asset(u32),
}

/// A URL and what it answers with.
#[derive(Debug, Clone)]
pub struct Route {
    /// The URL.
    pub url: UrlPath,
    /// The answer.
    pub target: Target,
    /// The language it is in.
    pub language: LanguageId,
    /// Where a person decided on it: the article's file, or the place of `url` or an alias.
    pub place: Option<Place>,
}

/// Collects routes and finds those that collide.
#[derive(Default)]
pub(super) struct Table {
    routes: Vec<Route>,
}

impl Table {
    /// Adds a route in the site's own language.
    pub fn add(&mut self, url: UrlPath, target: Target, place: Option<Place>) {
        self.add_in(LanguageId::default(), url, target, place);
    }

    /// Adds a route in a language.
    pub fn add_in(
        &mut self,
        language: LanguageId,
        url: UrlPath,
        target: Target,
        place: Option<Place>,
    ) {
        self.routes.push(Route {
            url,
            target,
            language,
            place,
        });
    }

    /// Whether a URL is taken.
    pub fn has(&self, url: &str) -> bool {
        self.routes.iter().any(|route| route.url.as_str() == url)
    }

    /// The routes in the order of their URLs, without those that collide with an earlier one,
    /// and a diagnostic for each of these.
    pub fn finish(mut self, what: impl Fn(&Route) -> String) -> (Vec<Route>, Diagnostics) {
        let mut diagnostics = Diagnostics::new();
        // A page goes before an alias that wants its URL: it is there, whatever led to it once.
        let order = |route: &Route| matches!(route.target, Target::Alias(_));
        self.routes
            .sort_by(|a, b| (&a.url, order(a), &a.place).cmp(&(&b.url, order(b), &b.place)));
        let mut taken: HashMap<String, usize> = HashMap::with_capacity(self.routes.len());
        let mut clashes: BTreeMap<usize, usize> = BTreeMap::new();
        for (at, route) in self.routes.iter().enumerate() {
            let output = fold(&route.url.output());
            if let Some(first) = taken.get(&output) {
                clashes.insert(at, *first);
            } else {
                taken.insert(output, at);
            }
        }
        for (at, route) in self.routes.iter().enumerate() {
            let output = fold(&route.url.output());
            let mut folder = output.as_str();
            while let Some((parent, _)) = folder.rsplit_once('/') {
                // A file cannot be where another output needs a folder.
                if let Some(file) = taken.get(parent) {
                    clashes.entry(at).or_insert(*file);
                }
                folder = parent;
            }
        }
        // Feeds and further pages of listings collide because their fronts do.
        let follows = |(at, first): &(&usize, &usize)| {
            self.routes[**at].place.is_none() && self.routes[**first].place.is_none()
        };
        let told = clashes.len() - clashes.iter().filter(follows).count();
        for (at, first) in clashes.iter().filter(|clash| told == 0 || !follows(clash)) {
            let (kept, dropped) = (&self.routes[*first], &self.routes[*at]);
            let is_alias = |route: &Route| matches!(route.target, Target::Alias(_));
            diagnostics.push(if is_alias(dropped) && !is_alias(kept) {
                alias_taken(kept, dropped, &what)
            } else {
                collision(kept, dropped, &what)
            });
        }
        let mut at = 0;
        self.routes.retain(|_| {
            at += 1;
            !clashes.contains_key(&(at - 1))
        });
        (self.routes, diagnostics)
    }
}

fn alias_taken(page: &Route, alias: &Route, what: &impl Fn(&Route) -> String) -> Diagnostic {
    let message = format!(
        "the alias {} is the URL of {}, which is published there",
        alias.url,
        what(page)
    );
    let mut diagnostic = Diagnostic::new(Code::AliasTaken, message)
        .hint("remove the alias: nothing redirects from it");
    if let Some(place) = &alias.place {
        diagnostic = diagnostic.at(place.clone());
    }
    diagnostic
}

fn collision(first: &Route, second: &Route, what: &impl Fn(&Route) -> String) -> Diagnostic {
    // The one that a person can change is where the diagnostic stands.
    let (here, there) = if second.place.is_some() {
        (second, first)
    } else {
        (first, second)
    };
    let same = if here.url == there.url {
        format!("the URL {}", here.url)
    } else if here.url.output() == there.url.output() {
        format!("the file {}", here.url.output())
    } else if fold(here.url.as_str()) == fold(there.url.as_str()) {
        format!(
            "the URL {}, which differs from {} only in case or Unicode form,",
            here.url, there.url
        )
    } else {
        format!(
            "the URL {}, which needs a folder where {} is a file,",
            here.url, there.url
        )
    };
    let message = format!("{same} is wanted by {} and by {}", what(here), what(there));
    let is_alias = |route: &Route| matches!(route.target, Target::Alias(_));
    let is_section =
        |route: &Route| matches!(route.target, Target::Listing { .. }) && route.place.is_some();
    let is_file = |route: &Route| matches!(route.target, Target::Static(_) | Target::Resource(_));
    let hint = if is_alias(here) && is_alias(there) {
        "an old path can lead to one page only: remove one of the aliases"
    } else if is_section(here) {
        "rename the folder; its `_index.md` can give it any title"
    } else if is_file(here) {
        "rename the file, or give the page another `slug` or `url`"
    } else {
        "give one of them another `slug` or `url` in its front matter, or rename it"
    };
    let mut diagnostic = Diagnostic::new(Code::RouteCollision, message).hint(hint);
    if let Some(place) = &here.place {
        diagnostic = diagnostic.at(place.clone());
    }
    if let Some(place) = &there.place {
        diagnostic = diagnostic.also(place.clone(), "the other one");
    }
    diagnostic
}
