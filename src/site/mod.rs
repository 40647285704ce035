//! The site: everything resolved, before a byte is rendered.
//!
//! In: the configuration, what parse found, and the files that are published as they are. Out:
//! an immutable [`Site`] with one table of all routes, and diagnostics.

mod archive;
mod links;
mod listing;
mod lookup;
mod related;
mod routes;
mod taxonomy;
mod visibility;

use std::collections::BTreeMap;

pub use archive::{Month, Year};
pub use listing::{Listing, ListingKind, ListingPage};
pub use related::Related;
pub use routes::{Route, Target};
pub use taxonomy::{Term, Terms};
pub use visibility::{Reason, Show};

use crate::config::Config;
use crate::diagnostics::{Diagnostics, Place};
use crate::markdown::Resolution;
use crate::model::{Article, Kind, Moment, PermalinkParts, UrlPath, slugify};
use crate::parse::{Content, Data};
use crate::source::SourceFile;
use routes::Table;

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

/// Most URLs of a sitemap file (sitemaps.org, protocol 0.9).
const SITEMAP_URLS: usize = 50_000;

/// Articles beyond which related.json is not written: one file for a million articles would be
/// written anew with every edit.
const RELATED_JSON_ARTICLES: usize = 20_000;

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

    let mut site = Site {
        links: Vec::new(),
        images: Vec::new(),
        section_of,
        related: Vec::new(),
        neighbours: neighbours(&sections, articles.len()),
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
    site.listings = listings(&site, config);
    let (routes, collisions) = routes(&site, config, &inputs.assets);
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
    let urls = other_urls(site, assets);
    let mut lookup = lookup::Lookup::new(&site.articles, &site.urls, &site.withheld);
    for url in &urls {
        lookup.add_route(url);
    }
    for (file, url) in site.resources.iter().zip(&site.resource_urls) {
        lookup.add_resource(file, url);
    }
    let home = UrlPath::trusted("/".into());
    let front_urls: Vec<UrlPath> = site
        .fronts
        .iter()
        .map(|front| {
            site.sections
                .iter()
                .find(|section| section.name == front.section)
                .map_or(&home, |section| &section.url)
                .clone()
        })
        .collect();
    for (front, url) in site.fronts.iter().zip(&front_urls) {
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
    let pages: Vec<_> = site.fronts.iter().zip(&front_urls).collect();
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

/// Every URL that a link may lead to besides articles and files of content/.
fn other_urls(site: &Site, assets: &[(UrlPath, Place)]) -> Vec<UrlPath> {
    let fixed = [
        "/",
        "/tags/",
        "/authors/",
        "/archive/",
        "/related/",
        "/404.html",
        "/robots.txt",
        "/sitemap.xml",
        "/atom.xml",
        "/feed.json",
        "/related.json",
    ];
    let mut urls: Vec<UrlPath> = fixed
        .into_iter()
        .map(|url| UrlPath::trusted(url.to_owned()))
        .collect();
    let listings = site.sections.iter().map(|section| &section.url);
    let listings = listings.chain(site.tags.all.iter().map(|tag| &tag.url));
    let listings = listings.chain(site.authors.all.iter().map(|author| &author.url));
    for url in listings {
        urls.push(url.clone());
        urls.push(UrlPath::trusted(format!("{url}atom.xml")));
        urls.push(UrlPath::trusted(format!("{url}feed.json")));
    }
    for year in &site.years {
        urls.push(year.url.clone());
        urls.extend(year.months.iter().map(|month| month.url.clone()));
    }
    for article in site.articles.iter().chain(&site.fronts) {
        urls.extend(article.aliases.iter().map(|(alias, _)| alias.clone()));
    }
    urls.extend(site.statics.iter().map(static_url));
    urls.extend(assets.iter().map(|(url, _)| url.clone()));
    urls
}

fn static_url(file: &SourceFile) -> UrlPath {
    UrlPath::trusted(format!(
        "/{}",
        file.path.strip_prefix("static/").unwrap_or(&file.path)
    ))
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

fn listings(site: &Site, config: &Config) -> Vec<Listing> {
    let all = || (0..site.articles.len() as u32).map(ArticleId);
    let make = |kind, url: &UrlPath, articles: Vec<ArticleId>| {
        Listing::new(
            kind,
            url.clone(),
            articles,
            config.page_size,
            config.pagination,
        )
    };
    let home = UrlPath::trusted("/".into());
    let mut listings = vec![make(ListingKind::Home, &home, all().collect())];
    for (at, section) in site.sections.iter().enumerate() {
        listings.push(make(
            ListingKind::Section(at),
            &section.url,
            section.articles.clone(),
        ));
    }
    for (at, tag) in site.tags.all.iter().enumerate() {
        listings.push(make(ListingKind::Tag(at), &tag.url, tag.articles.clone()));
    }
    for (at, author) in site.authors.all.iter().enumerate() {
        listings.push(make(
            ListingKind::Author(at),
            &author.url,
            author.articles.clone(),
        ));
    }
    for (at, year) in site.years.iter().enumerate() {
        listings.push(make(
            ListingKind::Year(at),
            &year.url,
            year.articles.clone(),
        ));
        for (within, month) in year.months.iter().enumerate() {
            listings.push(make(
                ListingKind::Month(at, within),
                &month.url,
                month.articles.clone(),
            ));
        }
    }
    let with_related: Vec<_> = all()
        .filter(|id| !site.related[id.index()].is_empty())
        .collect();
    if !with_related.is_empty() {
        let url = UrlPath::trusted("/related/".into());
        listings.push(make(ListingKind::Related, &url, with_related));
    }
    listings
}

fn routes(site: &Site, config: &Config, assets: &[(UrlPath, Place)]) -> (Vec<Route>, Diagnostics) {
    let mut table = Table::default();
    let url = |path: &str| UrlPath::trusted(path.to_owned());
    // static/ comes first: its files stand in for those that are made when nobody else does.
    for (at, file) in site.statics.iter().enumerate() {
        table.add(
            static_url(file),
            Target::Static(at as u32),
            Some(Place::file(&file.path)),
        );
    }
    for (path, target) in [
        ("/robots.txt", Target::Robots),
        ("/404.html", Target::NotFound),
    ] {
        if !table.has(path) {
            table.add(url(path), target, None);
        }
    }
    for (at, (article, url)) in site.articles.iter().zip(&site.urls).enumerate() {
        table.add(
            url.clone(),
            Target::Article(ArticleId(at as u32)),
            Some(Place::file(&*article.source)),
        );
    }
    let mut has_aliases = false;
    let fronts = site.fronts.iter().map(|front| {
        let section = site
            .sections
            .iter()
            .find(|section| section.name == front.section);
        (
            front,
            section.map_or_else(|| url("/"), |section| section.url.clone()),
        )
    });
    for (article, to) in site
        .articles
        .iter()
        .zip(site.urls.iter().cloned())
        .chain(fronts)
    {
        for (alias, position) in &article.aliases {
            has_aliases = true;
            table.add(
                alias.clone(),
                Target::Alias(to.clone()),
                Some(position.in_file(&article.source)),
            );
        }
    }
    if has_aliases {
        table.add(url("/_redirects"), Target::Redirects, None);
    }
    for (at, listing) in site.listings.iter().enumerate() {
        for (page, layout) in listing.pages.iter().enumerate() {
            let target = Target::Listing {
                listing: at as u32,
                page: page as u32,
            };
            table.add(layout.url.clone(), target, None);
        }
        if has_feeds(listing.kind) {
            for format in &config.feed_formats {
                let target = Target::Feed {
                    listing: at as u32,
                    format: *format,
                };
                table.add(feed_url(&listing.url, *format), target, None);
            }
        }
    }
    let pages = [
        (!site.tags.all.is_empty(), "/tags/", Target::Tags),
        (!site.authors.all.is_empty(), "/authors/", Target::Authors),
        (!site.years.is_empty(), "/archive/", Target::Archive),
        (
            site.articles.len() <= RELATED_JSON_ARTICLES,
            "/related.json",
            Target::RelatedJson,
        ),
        (true, "/sitemap.xml", Target::SitemapIndex),
        (true, "/sitemap-listings.xml", Target::SitemapListings),
    ];
    for (_, path, target) in pages.into_iter().filter(|(wanted, ..)| *wanted) {
        table.add(url(path), target, None);
    }
    let in_sitemap = sitemap_articles(site, config).len();
    for chunk in 0..in_sitemap.div_ceil(SITEMAP_URLS) {
        let range = chunk * SITEMAP_URLS..((chunk + 1) * SITEMAP_URLS).min(in_sitemap);
        table.add(
            url(&format!("/sitemap-{}.xml", chunk + 1)),
            Target::Sitemap(range),
            None,
        );
    }
    for (at, file) in site.resources.iter().enumerate() {
        table.add(
            site.resource_urls[at].clone(),
            Target::Resource(at as u32),
            Some(Place::file(&file.path)),
        );
    }
    for (at, (url, place)) in assets.iter().enumerate() {
        table.add(url.clone(), Target::Asset(at as u32), Some(place.clone()));
    }
    table.finish(|route| describe(site, route))
}

/// Whether a listing has feeds.
#[must_use]
pub fn has_feeds(kind: ListingKind) -> bool {
    matches!(
        kind,
        ListingKind::Home | ListingKind::Section(_) | ListingKind::Tag(_) | ListingKind::Author(_)
    )
}

/// Where a listing's feed is.
#[must_use]
pub fn feed_url(listing: &UrlPath, format: crate::config::FeedFormat) -> UrlPath {
    let name = match format {
        crate::config::FeedFormat::Atom => "atom.xml",
        crate::config::FeedFormat::Json => "feed.json",
    };
    UrlPath::trusted(format!("{listing}{name}"))
}

/// The articles that the sitemap names, oldest first, so that old chunks stay as they are.
#[must_use]
pub fn sitemap_articles(site: &Site, config: &Config) -> Vec<ArticleId> {
    let named = |id: &ArticleId| {
        let article = &site.articles[id.index()];
        !article.noindex
            && !config
                .not_in_sitemap
                .iter()
                .any(|section| **section == *article.section)
    };
    (0..site.articles.len() as u32)
        .rev()
        .map(ArticleId)
        .filter(named)
        .collect()
}

/// What a route is, for people.
fn describe(site: &Site, route: &Route) -> String {
    let file = |path: &str| path.to_owned();
    match &route.target {
        Target::Article(id) => file(&site.articles[id.index()].source),
        Target::Listing { listing, page } => {
            let listing = &site.listings[*listing as usize];
            let of = match listing.kind {
                ListingKind::Home => "the home page".to_owned(),
                ListingKind::Section(at) => format!("the section “{}”", site.sections[at].title),
                ListingKind::Tag(at) => format!("the tag “{}”", site.tags.all[at].label),
                ListingKind::Author(at) => format!("the author “{}”", site.authors.all[at].label),
                ListingKind::Year(at) => format!("the archive of {}", site.years[at].year),
                ListingKind::Month(at, within) => {
                    format!(
                        "the archive of {}-{:02}",
                        site.years[at].year, site.years[at].months[within].month
                    )
                }
                ListingKind::Related => "the index of related articles".to_owned(),
            };
            match listing.pages[*page as usize].number {
                None => of,
                Some(number) => format!("page {number} of {of}"),
            }
        }
        Target::Tags => file("the index of tags"),
        Target::Authors => file("the index of authors"),
        Target::Archive => file("the archive"),
        Target::NotFound => file("the page for what is not found"),
        Target::Feed { .. } => file("a feed"),
        Target::RelatedJson => file("related.json"),
        Target::SitemapIndex | Target::SitemapListings | Target::Sitemap(_) => file("the sitemap"),
        Target::Robots => file("robots.txt"),
        Target::Alias(to) => format!("an alias of {to}"),
        Target::Redirects => file("the table of redirects"),
        Target::Resource(at) => site.resources[*at as usize].path.clone(),
        Target::Static(at) => site.statics[*at as usize].path.clone(),
        Target::Asset(_) => route
            .place
            .as_ref()
            .map_or_else(|| file("the theme"), |place| place.file.clone()),
    }
}
