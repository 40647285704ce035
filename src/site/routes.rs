//! The one table of all URLs.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::hash_map::Entry;
use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::origins::Origins;
use super::{ArticleId, LanguageId, PictureFile, SearchFile};
use crate::config::FeedFormat;
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::model::{UrlPath, Variant, fold};

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
    Sitemap(Range<u32>),
    /// robots.txt.
    Robots,
    /// What the site is as an application (W3C's Web Application Manifest).
    Manifest,
    /// An old path that redirects: the page, and which of its aliases.
    Alias {
        /// Where it leads.
        page: Aliased,
        /// Which of the page's aliases it is.
        at: u32,
    },
    /// An old path that data/redirects.yaml has, by its position there.
    Moved(u32),
    /// The old paths, for hosts that read them.
    Redirects,
    /// What a server is told that hands out the site.
    Server(ServerFile),
    /// A file of the search.
    Search {
        /// In which area.
        area: u8,
        /// Which.
        file: SearchFile,
    },
    /// A file of content/ that is published as it is.
    Resource(u32),
    /// A file of static/.
    Static(u32),
    /// A narrower picture.
    Picture {
        /// Of which file.
        file: PictureFile,
        /// Which.
        variant: Variant,
    },
    /// A file of the theme.
    Asset(u32),
}

/// A file that tells a server what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ServerFile {
    /// `_headers`, as Netlify and Cloudflare Pages read it.
    Headers,
    /// What an nginx server block includes.
    Nginx,
    /// What a Caddyfile's site block imports.
    Caddy,
}

impl ServerFile {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Headers, Self::Nginx, Self::Caddy];

    /// Where it is.
    #[must_use]
    pub fn path(self) -> &'static str {
        match self {
            Self::Headers => "/_headers",
            Self::Nginx => "/_nginx.conf",
            Self::Caddy => "/_Caddyfile",
        }
    }
}

/// A page that may have old paths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aliased {
    /// An article.
    Article(ArticleId),
    /// The front of a section or of the site, by its position in the site's fronts.
    Front(u32),
}

/// A URL and what it answers with. There is one for each output, so it is small: where a person
/// decided on it is worked out where it is asked for.
#[derive(Debug, Clone)]
pub struct Route {
    /// The URL.
    pub url: UrlPath,
    /// The answer.
    pub target: Target,
    /// The language it is in.
    pub language: LanguageId,
}

impl Route {
    fn is_alias(&self) -> bool {
        matches!(self.target, Target::Alias { .. } | Target::Moved(_))
    }
}

/// Where a URL is among the routes of a site, which are in the order of their URLs.
#[must_use]
pub fn position_of(routes: &[Route], url: &str) -> Option<usize> {
    let found = routes.binary_search_by(|route| route.url.as_str().cmp(url));
    found.ok()
}

/// Collects routes and finds those that collide.
#[derive(Default)]
pub(super) struct Table {
    routes: Vec<Route>,
}

impl Table {
    /// A table of routes that do not collide.
    pub fn of(routes: Vec<Route>) -> Self {
        Self { routes }
    }

    /// Adds a route in the site's own language.
    pub fn add(&mut self, url: UrlPath, target: Target) {
        self.add_in(LanguageId::default(), url, target);
    }

    /// Adds a route in a language.
    pub fn add_in(&mut self, language: LanguageId, url: UrlPath, target: Target) {
        self.routes.push(Route {
            url,
            target,
            language,
        });
    }

    /// Adds many.
    pub fn extend(&mut self, routes: impl ParallelIterator<Item = Route>) {
        self.routes.par_extend(routes);
    }

    /// Whether a URL is taken.
    pub fn has(&self, url: &str) -> bool {
        self.routes.iter().any(|route| route.url.as_str() == url)
    }

    /// The routes in the order of their URLs, without those that collide with an earlier one,
    /// and a diagnostic for each of these.
    pub fn finish(mut self, origins: &Origins) -> (Vec<Route>, Diagnostics) {
        let mut diagnostics = Diagnostics::new();
        // A page goes before an alias that wants its URL: it is there, whatever led to it once.
        let rank = |route: &Route| (route.is_alias(), origins.place(route));
        self.routes
            .par_sort_by(|a, b| a.url.cmp(&b.url).then_with(|| rank(a).cmp(&rank(b))));
        let clashes = clashes(&self.routes);
        if clashes.is_empty() {
            return (self.routes, diagnostics);
        }
        // Feeds and further pages of listings collide because their fronts do.
        let is_placed = |at: usize| origins.place(&self.routes[at]).is_some();
        let follows = |(at, first): &(&usize, &usize)| !is_placed(**at) && !is_placed(**first);
        let told = clashes.len() - clashes.iter().filter(follows).count();
        for (at, first) in clashes.iter().filter(|clash| told == 0 || !follows(clash)) {
            let (kept, dropped) = (&self.routes[*first], &self.routes[*at]);
            diagnostics.push(if dropped.is_alias() && !kept.is_alias() {
                alias_taken(kept, dropped, origins)
            } else {
                collision(kept, dropped, origins)
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

/// The routes that cannot be where an earlier one is, each with that one.
fn clashes(routes: &[Route]) -> BTreeMap<usize, usize> {
    let outputs: Vec<Cow<str>> = routes.par_iter().map(|route| output(&route.url)).collect();
    let mut clashes = BTreeMap::new();
    let mut taken: FxHashMap<&str, usize> = FxHashMap::default();
    taken.reserve(outputs.len());
    // Few outputs are in the way of folders, so they are in a table of their own.
    let mut files: FxHashMap<&str, usize> = FxHashMap::default();
    for (at, output) in outputs.iter().enumerate() {
        match taken.entry(output) {
            Entry::Occupied(first) => {
                clashes.insert(at, *first.get());
            }
            Entry::Vacant(free) => {
                free.insert(at);
                if !is_index(output) {
                    files.insert(output, at);
                }
            }
        }
    }
    let file_at = |path: &str| {
        let output = without_index(path);
        let table = if output.len() < path.len() {
            &taken
        } else {
            &files
        };
        table.get(output).copied()
    };
    // A file cannot be where another output needs a folder.
    let in_the_way = |(at, output): (usize, &Cow<str>)| {
        let folders = std::iter::successors(Some(&**output), |path| {
            path.rsplit_once('/').map(|(folder, _)| folder)
        });
        folders.skip(1).find_map(file_at).map(|file| (at, file))
    };
    let found = outputs.par_iter().enumerate().filter_map(in_the_way);
    for (at, file) in found.collect::<Vec<_>>() {
        clashes.entry(at).or_insert(file);
    }
    clashes
}

/// The output of a URL as far as file systems tell outputs apart, without the `index.html` of a
/// folder. For most it is a part of the URL, and nothing is copied.
fn output(url: &UrlPath) -> Cow<'_, str> {
    let path = &url.as_str()[1..];
    let is_folded = |byte: u8| byte.is_ascii() && !byte.is_ascii_uppercase();
    if path.bytes().all(is_folded) {
        without_index(path).into()
    } else {
        without_index(&fold(path)).to_owned().into()
    }
}

fn without_index(output: &str) -> &str {
    match output.strip_suffix("index.html") {
        Some(folder) if is_index(folder) => folder,
        _ => output,
    }
}

/// Whether an output without its `index.html` is one that had it.
fn is_index(output: &str) -> bool {
    output.is_empty() || output.ends_with('/')
}

fn alias_taken(page: &Route, alias: &Route, origins: &Origins) -> Diagnostic {
    let what = match alias.target {
        Target::Moved(_) => "redirect",
        _ => "alias",
    };
    let message = format!(
        "the {what} {} is the URL of {}, which is published there",
        alias.url,
        origins.describe(page)
    );
    let mut diagnostic = Diagnostic::new(Code::AliasTaken, message)
        .hint(format!("remove the {what}: nothing redirects from it"));
    if let Some(place) = origins.place(alias) {
        diagnostic = diagnostic.at(place);
    }
    diagnostic
}

fn collision(first: &Route, second: &Route, origins: &Origins) -> Diagnostic {
    // The one that a person can change is where the diagnostic stands.
    let (here, there) = if origins.place(second).is_some() {
        (second, first)
    } else {
        (first, second)
    };
    let (place, other_place) = (origins.place(here), origins.place(there));
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
    let message = format!(
        "{same} is wanted by {} and by {}",
        origins.describe(here),
        origins.describe(there)
    );
    let is_section = matches!(here.target, Target::Listing { .. }) && place.is_some();
    let is_file = |route: &Route| matches!(route.target, Target::Static(_) | Target::Resource(_));
    let hint = if here.is_alias() && there.is_alias() {
        "an old path can lead to one page only: remove one of the two"
    } else if is_section {
        "rename the folder; its `_index.md` can give it any title"
    } else if is_file(here) {
        "rename the file, or give the page another `slug` or `url`"
    } else {
        "give one of them another `slug` or `url` in its front matter, or rename it"
    };
    let mut diagnostic = Diagnostic::new(Code::RouteCollision, message).hint(hint);
    if let Some(place) = place {
        diagnostic = diagnostic.at(place);
    }
    if let Some(place) = other_place {
        diagnostic = diagnostic.also(place, "the other one");
    }
    diagnostic
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use proptest::prelude::*;

    use super::*;

    /// What collides when whole outputs are compared, each with all others.
    fn compared(routes: &[Route]) -> BTreeMap<usize, usize> {
        let output = |route: &Route| fold(&route.url.output());
        let mut taken: HashMap<String, usize> = HashMap::new();
        let mut clashes = BTreeMap::new();
        for (at, route) in routes.iter().enumerate() {
            let first = *taken.entry(output(route)).or_insert(at);
            if first != at {
                clashes.insert(at, first);
            }
        }
        for (at, route) in routes.iter().enumerate() {
            let output = output(route);
            let mut folder = output.as_str();
            while let Some((parent, _)) = folder.rsplit_once('/') {
                if let Some(file) = taken.get(parent) {
                    clashes.entry(at).or_insert(*file);
                }
                folder = parent;
            }
        }
        clashes
    }

    proptest! {
        #[test]
        fn outputs_collide_as_files_do(urls in prop::collection::vec("(/(a|A|b|é|E\u{301}|index\\.html|INDEX\\.html)){0,3}/?", 0..12)) {
            let urls = urls.into_iter().map(|url| if url.is_empty() { "/".to_owned() } else { url });
            let routes: Vec<Route> = urls
                .map(|url| Route {
                    url: UrlPath::trusted(url),
                    target: Target::Tags,
                    language: LanguageId::default(),
                })
                .collect();
            prop_assert_eq!(clashes(&routes), compared(&routes));
        }
    }
}
