//! The site: everything resolved, before a byte is rendered.
//!
//! In: the configuration, what parse found, and the files that are published as they are. Out:
//! an immutable [`Site`] with one table of all routes, and diagnostics.

mod archive;
mod links;
mod listing;
mod lookup;
mod plan;
mod related;
mod routes;
mod taxonomy;
mod visibility;

use std::collections::BTreeMap;

pub use archive::{Month, Year};
pub use listing::{Listing, ListingKind, ListingPage};
pub use plan::{feed_url, has_feeds, sitemap_articles};
pub use related::Related;
pub use routes::{Route, Target};
pub use taxonomy::{Term, Terms};
pub use visibility::{Reason, Show};

use crate::config::Config;
use crate::diagnostics::{Diagnostics, Place};
use crate::markdown::Resolution;
use crate::model::{
    Article, Content, Data, Kind, Moment, PermalinkParts, SourceFile, UrlPath, slugify,
};

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

/// A language of the site, by its position in the site's languages; 0 is the site's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct LanguageId(pub u8);

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
    /// Why.
    pub reason: Reason,
}

/// A top-level folder of content/.
#[derive(Debug, Clone)]
pub struct Section {
    /// The folder's name.
    pub name: Box<str>,
    /// What readers see.
    pub title: Box<str>,
    /// Its listing.
    pub url: UrlPath,
    /// Its `_index.md`, by its position in the site's fronts.
    pub front: Option<usize>,
    /// Newest first.
    pub articles: Vec<ArticleId>,
}

/// Everything resolved.
#[derive(Debug)]
pub struct Site {
    /// Published articles, newest first; those of one moment in the order of their URLs.
    pub articles: Vec<Article>,
    /// Where each article is.
    pub urls: Vec<UrlPath>,
    /// The languages that articles are in, as BCP 47 tags; the first is the site's own.
    pub languages: Vec<Box<str>>,
    /// The language of each article.
    pub language_of: Vec<LanguageId>,
    /// What each internal link of an article becomes.
    pub links: Vec<Box<[Resolution]>>,
    /// The URL of each article's lead picture, ready for use; `None` when it has none.
    pub images: Vec<Option<Box<str>>>,
    /// The section of each article; `None` at the top of content/.
    pub section_of: Vec<Option<u32>>,
    /// What each article is related to.
    pub related: Vec<Vec<Related>>,
    /// The next newer and next older article of each article's section.
    pub neighbours: Vec<(Option<ArticleId>, Option<ArticleId>)>,
    /// Fronts of sections, and of the home page.
    pub fronts: Vec<Article>,
    /// Where each front is: its section's listing, or the home page.
    pub front_urls: Vec<UrlPath>,
    /// What each internal link of a front becomes.
    pub front_links: Vec<Box<[Resolution]>>,
    /// The home page's front, by its position in `fronts`.
    pub home_front: Option<usize>,
    /// In the order of their names.
    pub sections: Vec<Section>,
    /// Tags.
    pub tags: Terms,
    /// Authors.
    pub authors: Terms,
    /// Newest first.
    pub years: Vec<Year>,
    /// Every page that lists articles.
    pub listings: Vec<Listing>,
    /// Files of content/ that are published as they are.
    pub resources: Vec<SourceFile>,
    /// Where each of them is published.
    pub resource_urls: Vec<UrlPath>,
    /// Files of static/.
    pub statics: Vec<SourceFile>,
    /// Every URL, in order.
    pub routes: Vec<Route>,
    /// Articles that are not published, in the order of their files.
    pub withheld: Vec<Withheld>,
}

/// What a site is made from.
pub struct Inputs {
    /// What content/ holds.
    pub content: Content,
    /// Files of static/.
    pub statics: Vec<SourceFile>,
    /// URLs of the theme's assets, and where each comes from.
    pub assets: Vec<(UrlPath, Place)>,
    /// The time that "now" is.
    pub now: Moment,
    /// Which articles are shown besides those that are due.
    pub show: Show,
}

/// Resolves a site.
#[must_use]
pub fn build(config: &Config, data: &Data, inputs: Inputs) -> (Site, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let Content {
        articles,
        resources,
    } = inputs.content;
    let (fronts, articles): (Vec<_>, Vec<_>) = articles
        .into_iter()
        .partition(|article| article.kind == Kind::Front);
    let (articles, urls, withheld) = published(articles, config, inputs.now, inputs.show);

    let label = |slug: &str| data.tags.get(slug).and_then(|tag| tag.label.clone());
    let name = |slug: &str| {
        data.authors
            .get(slug)
            .and_then(|author| author.name.clone())
    };
    let tags = taxonomy::tags(&articles, label, &mut diagnostics);
    let authors = taxonomy::authors(&articles, name);
    let years = archive::years(&articles);
    let (sections, section_of) = sections(&articles, &fronts);
    let home_front = fronts.iter().position(|front| front.section.is_empty());

    let (languages, language_of) = languages(&articles, config);

    let mut site = Site {
        languages,
        language_of,
        links: Vec::new(),
        images: Vec::new(),
        section_of,
        related: Vec::new(),
        neighbours: neighbours(&sections, articles.len()),
        front_urls: front_urls(&fronts, &sections),
        front_links: Vec::new(),
        home_front,
        sections,
        tags,
        authors,
        years,
        listings: Vec::new(),
        resource_urls: resource_urls(&resources, &articles, &urls),
        resources,
        statics: inputs.statics,
        routes: Vec::new(),
        withheld,
        articles,
        urls,
        fronts,
    };
    resolve(&mut site, config, &inputs.assets, &mut diagnostics);
    site.listings = plan::listings(&site, config);
    let (routes, collisions) = plan::routes(&site, config, &inputs.assets);
    site.routes = routes;
    diagnostics.extend(collisions);
    diagnostics.sort();
    (site, diagnostics)
}

/// The articles that are published, newest first, with their URLs, and those that are not.
fn published(
    articles: Vec<Article>,
    config: &Config,
    now: Moment,
    show: Show,
) -> (Vec<Article>, Vec<UrlPath>, Vec<Withheld>) {
    let mut withheld = Vec::new();
    let mut shown: Vec<(UrlPath, Article)> = Vec::with_capacity(articles.len());
    for article in articles {
        match visibility::withheld(&article, now, show) {
            Some(reason) => withheld.push(Withheld {
                source: article.source,
                title: article.title,
                reason,
            }),
            None => shown.push((permalink(&article, config), article)),
        }
    }
    let order = |(url, article): &(UrlPath, Article)| {
        (
            std::cmp::Reverse(article.date.map(Moment::unix_seconds)),
            url.clone(),
        )
    };
    shown.sort_by_cached_key(order);
    let (urls, articles) = shown.into_iter().unzip();
    (articles, urls, withheld)
}

fn permalink(article: &Article, config: &Config) -> UrlPath {
    if let Some(url) = &article.url {
        return url.clone();
    }
    let section = if article.section.is_empty() {
        String::new()
    } else {
        slugify(&article.section).to_string()
    };
    let slug = article.slug.as_str();
    let path = if article.folders.is_empty() {
        slug.to_owned()
    } else {
        format!("{}/{slug}", article.folders)
    };
    config.permalink(&article.section).fill(PermalinkParts {
        section: &section,
        slug,
        path: &path,
        date: article
            .date
            .map(|date| (date.year(), date.month(), date.day())),
    })
}

/// The site's language and those that articles name, and which of them each article is in.
/// Languages beyond 255 count as the site's own.
fn languages(articles: &[Article], config: &Config) -> (Vec<Box<str>>, Vec<LanguageId>) {
    let mut languages: Vec<Box<str>> = vec![config.language.as_str().into()];
    let language_of = articles
        .iter()
        .map(|article| {
            let Some(language) = &article.language else {
                return LanguageId::default();
            };
            let known = languages.iter().position(|known| known == language);
            let at = known.unwrap_or_else(|| {
                languages.push(language.clone());
                languages.len() - 1
            });
            u8::try_from(at).map_or_else(|_| LanguageId::default(), LanguageId)
        })
        .collect();
    (languages, language_of)
}

fn sections(articles: &[Article], fronts: &[Article]) -> (Vec<Section>, Vec<Option<u32>>) {
    let mut by_name: BTreeMap<&str, Vec<ArticleId>> = BTreeMap::new();
    for front in fronts.iter().filter(|front| !front.section.is_empty()) {
        by_name.entry(&front.section).or_default();
    }
    for (at, article) in articles
        .iter()
        .enumerate()
        .filter(|(_, article)| !article.section.is_empty())
    {
        by_name
            .entry(&article.section)
            .or_default()
            .push(ArticleId(at as u32));
    }
    let mut section_of = vec![None; articles.len()];
    let sections = by_name
        .into_iter()
        .enumerate()
        .map(|(at, (name, articles))| {
            for article in &articles {
                section_of[article.index()] = Some(at as u32);
            }
            let front = fronts.iter().position(|front| *front.section == *name);
            Section {
                name: name.into(),
                title: front.map_or_else(|| capitalised(name), |front| fronts[front].title.clone()),
                url: UrlPath::trusted(format!("/{}/", slugify(name))),
                front,
                articles,
            }
        })
        .collect();
    (sections, section_of)
}

fn front_urls(fronts: &[Article], sections: &[Section]) -> Vec<UrlPath> {
    let url = |front: &Article| {
        let section = sections
            .iter()
            .find(|section| section.name == front.section);
        section.map_or_else(
            || UrlPath::trusted("/".into()),
            |section| section.url.clone(),
        )
    };
    fronts.iter().map(url).collect()
}

fn capitalised(name: &str) -> Box<str> {
    let words = name.replace(['-', '_'], " ");
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    first
        .into_iter()
        .flatten()
        .chain(letters)
        .collect::<String>()
        .into()
}

fn neighbours(sections: &[Section], count: usize) -> Vec<(Option<ArticleId>, Option<ArticleId>)> {
    let mut neighbours = vec![(None, None); count];
    for section in sections {
        for (at, article) in section.articles.iter().enumerate() {
            let newer = at.checked_sub(1).map(|at| section.articles[at]);
            neighbours[article.index()] = (newer, section.articles.get(at + 1).copied());
        }
    }
    neighbours
}

/// Links, pins and related articles.
fn resolve(
    site: &mut Site,
    config: &Config,
    assets: &[(UrlPath, Place)],
    diagnostics: &mut Diagnostics,
) {
    let urls = plan::other_urls(site, assets);
    let mut lookup = lookup::Lookup::new(&site.articles, &site.urls, &site.withheld);
    for url in &urls {
        lookup.add_route(url);
    }
    for (file, url) in site.resources.iter().zip(&site.resource_urls) {
        lookup.add_resource(file, url);
    }
    for (front, url) in site.fronts.iter().zip(&site.front_urls) {
        lookup.add_front(&front.source, url);
    }
    let resolver = links::Resolver {
        lookup: &lookup,
        articles: &site.articles,
        config,
    };
    let pages: Vec<_> = pages_of(site).collect();
    let (links, found) = resolver.all_links(&pages);
    diagnostics.extend(found);
    let pages: Vec<_> = site.fronts.iter().zip(&site.front_urls).collect();
    let (front_links, found) = resolver.all_links(&pages);
    diagnostics.extend(found);

    let mut found = Vec::new();
    let ids = (0..site.articles.len() as u32).map(ArticleId);
    let pins: Vec<Vec<Pinned>> = ids
        .map(|id| resolver.pins(id, &site.urls[id.index()], &mut found))
        .collect();
    diagnostics.extend(found);
    let labels: Vec<&str> = site.tags.all.iter().map(|tag| &*tag.label).collect();
    let related = related::related(
        &site.articles,
        &site.tags.of_article,
        &labels,
        &pins,
        config.related_count,
    );
    let mut found = Vec::new();
    let images = pages_of(site)
        .map(|(article, url)| resolver.image(article, url, &mut found))
        .collect();
    diagnostics.extend(found);
    site.links = links;
    site.images = images;
    site.front_links = front_links;
    site.related = related;
}

/// Articles with their URLs.
fn pages_of(site: &Site) -> impl Iterator<Item = (&Article, &UrlPath)> {
    site.articles.iter().zip(&site.urls)
}

/// Where files of content/ are published: beside the page of their bundle, or where they lie.
fn resource_urls(resources: &[SourceFile], articles: &[Article], urls: &[UrlPath]) -> Vec<UrlPath> {
    let is_bundle = |(article, _): &(&Article, &UrlPath)| article.kind == Kind::Bundle;
    let bundles = articles.iter().zip(urls).filter(is_bundle);
    let bundles: BTreeMap<&str, &UrlPath> = bundles
        .filter_map(|(article, url)| Some((article.source.rsplit_once('/')?.0, url)))
        .collect();
    let place = |file: &SourceFile| {
        let mut folder = file.path.as_str();
        while let Some((parent, _)) = folder.rsplit_once('/') {
            if let Some(url) = bundles.get(parent) {
                return UrlPath::trusted(format!(
                    "{}{}",
                    url.folder(),
                    &file.path[parent.len() + 1..]
                ));
            }
            folder = parent;
        }
        let path = file.path.strip_prefix("content/").unwrap_or(&file.path);
        match path.split_once('/') {
            Some((section, rest)) => UrlPath::trusted(format!("/{}/{rest}", slugify(section))),
            None => UrlPath::trusted(format!("/{path}")),
        }
    };
    resources.iter().map(place).collect()
}
