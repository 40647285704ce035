//! The site: everything resolved, before a byte is rendered.
//!
//! In: the configuration, what parse found, and the files that are published as they are. Out:
//! an immutable [`Site`] with one table of all routes, and diagnostics.

mod archive;
mod links;
mod listing;
mod lookup;
mod pins;
mod plan;
mod related;
mod routes;
mod taxonomy;
mod visibility;

use std::collections::BTreeMap;

pub use archive::{Month, Year};
pub use listing::{Listing, ListingKind, ListingPage};
pub use plan::{REDIRECTS, feed_url, has_feeds, sitemap_articles};
pub use related::Related;
pub use routes::{Route, Target};
pub use taxonomy::{Term, Terms};
pub use visibility::{Reason, Show};

use lookup::Lookup;

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
    /// What readers see.
    pub title: Box<str>,
    /// Its listing.
    pub url: UrlPath,
    /// Its `_index.md`, by its position in the site's fronts.
    pub front: Option<usize>,
    /// Newest first.
    pub articles: Vec<ArticleId>,
}

/// What is published and what is known of it, before anything refers to anything.
#[derive(Debug)]
pub struct Catalogue {
    /// Published articles, newest first; those of one moment in the order of their URLs.
    pub articles: Vec<Article>,
    /// Where each article is.
    pub urls: Vec<UrlPath>,
    /// The languages that articles are in, as BCP 47 tags; the first is the site's own.
    pub languages: Vec<Box<str>>,
    /// The language of each article.
    pub language_of: Vec<LanguageId>,
    /// The section of each article; `None` at the top of content/.
    pub section_of: Vec<Option<u32>>,
    /// The next newer and next older article of each article's section.
    pub neighbours: Vec<(Option<ArticleId>, Option<ArticleId>)>,
    /// Fronts of sections, and of the home page.
    pub fronts: Vec<Article>,
    /// Where each front is: its section's listing, or the home page.
    pub front_urls: Vec<UrlPath>,
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
    /// Files of content/ that are published as they are.
    pub resources: Vec<SourceFile>,
    /// Where each of them is published.
    pub resource_urls: Vec<UrlPath>,
    /// Files of static/.
    pub statics: Vec<SourceFile>,
    /// Articles that are not published, in the order of their files.
    pub withheld: Vec<Withheld>,
}

/// Everything resolved.
#[derive(Debug)]
pub struct Site {
    /// What is published; its fields can be had from the site itself.
    pub catalogue: Catalogue,
    /// What each article is related to.
    pub related: Vec<Vec<Related>>,
    /// Every page that lists articles.
    pub listings: Vec<Listing>,
    /// Every URL, in order.
    pub routes: Vec<Route>,
    /// What each internal link of an article becomes.
    pub links: Vec<Box<[Resolution]>>,
    /// What each internal link of a front becomes.
    pub front_links: Vec<Box<[Resolution]>>,
    /// The URL of each article's lead picture, ready for use; `None` when it has none.
    pub images: Vec<Option<Box<str>>>,
}

impl std::ops::Deref for Site {
    type Target = Catalogue;

    fn deref(&self) -> &Catalogue {
        &self.catalogue
    }
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
    let assets = inputs.assets.clone();
    let catalogue = catalogue(config, data, inputs, &mut diagnostics);
    let lookup = Lookup::new(&catalogue);
    let pins = pins::pins(&catalogue, config, &lookup, &mut diagnostics);
    let excluded = pins::exclusions(&catalogue, config, &lookup, &pins, &mut diagnostics);
    let labels: Vec<&str> = catalogue.tags.all.iter().map(|tag| &*tag.label).collect();
    let related = related::related(
        &catalogue.articles,
        &catalogue.tags.of_article,
        &labels,
        &pins,
        &excluded,
        &config.related,
    );
    let listings = plan::listings(&catalogue, &related, config);
    let (routes, collisions) = plan::routes(&catalogue, &listings, config, &assets);
    diagnostics.extend(collisions);

    let lookup = lookup.with_routes(&routes);
    let links = links::links(&catalogue, config, &lookup);
    diagnostics.extend(links.diagnostics);
    diagnostics.extend(links::configured(&catalogue, config, &lookup));
    let (links, front_links, images) = (links.articles, links.fronts, links.images);
    drop(lookup);
    diagnostics.sort();
    let site = Site {
        catalogue,
        related,
        listings,
        routes,
        links,
        front_links,
        images,
    };
    (site, diagnostics)
}

fn catalogue(
    config: &Config,
    data: &Data,
    inputs: Inputs,
    diagnostics: &mut Diagnostics,
) -> Catalogue {
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
    let tags = taxonomy::tags(&articles, label, diagnostics);
    let (sections, section_of) = sections(&articles, &fronts);
    let (languages, language_of) = languages(&articles, config);
    let (resources, resource_urls) = resources_with_urls(resources, &articles, &urls, &withheld);
    Catalogue {
        languages,
        language_of,
        section_of,
        neighbours: neighbours(&sections, articles.len()),
        front_urls: front_urls(&fronts, &sections),
        home_front: fronts.iter().position(|front| front.section.is_empty()),
        sections,
        tags,
        authors: taxonomy::authors(&articles, name),
        years: archive::years(&articles),
        resources,
        resource_urls,
        statics: inputs.statics,
        withheld,
        articles,
        urls,
        fronts,
    }
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
                url: permalink(&article, config),
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

/// Files of content/ with their URLs: beside the page of their bundle, or where they lie. What
/// belongs to a bundle that is not published is not published either.
fn resources_with_urls(
    resources: Vec<SourceFile>,
    articles: &[Article],
    urls: &[UrlPath],
    withheld: &[Withheld],
) -> (Vec<SourceFile>, Vec<UrlPath>) {
    let mut bundles: BTreeMap<&str, Option<&UrlPath>> = BTreeMap::new();
    for (article, url) in articles.iter().zip(urls) {
        if let (Kind::Bundle, Some((folder, _))) = (article.kind, article.source.rsplit_once('/')) {
            bundles.insert(folder, Some(url));
        }
    }
    for withheld in withheld {
        if let Some(folder) = withheld.source.strip_suffix("/index.md") {
            bundles.insert(folder, None);
        }
    }
    let place = |file: &SourceFile| {
        let mut folder = file.path.as_str();
        while let Some((parent, _)) = folder.rsplit_once('/') {
            if let Some(bundle) = bundles.get(parent) {
                let inside = &file.path[parent.len() + 1..];
                return bundle.map(|url| UrlPath::trusted(format!("{}{inside}", beside(url))));
            }
            folder = parent;
        }
        let path = file.path.strip_prefix("content/").unwrap_or(&file.path);
        Some(match path.split_once('/') {
            Some((section, rest)) => UrlPath::trusted(format!("/{}/{rest}", slugify(section))),
            None => UrlPath::trusted(format!("/{path}")),
        })
    };
    let places: Vec<Option<UrlPath>> = resources.iter().map(place).collect();
    let published = resources.into_iter().zip(places);
    published
        .filter_map(|(file, url)| Some((file, url?)))
        .unzip()
}

/// The folder of a page's files: `/news/a/` for `/news/a/` as well as for `/news/a.html`, since
/// two pages may have files of one name.
fn beside(url: &UrlPath) -> String {
    let url = url.as_str();
    if url.ends_with('/') {
        return url.to_owned();
    }
    format!("{}/", url.rsplit_once('.').map_or(url, |(page, _)| page))
}
