//! Which URLs a site has: its listings, and the table of all routes.

use std::collections::BTreeMap;

use super::routes::{Route, Table, Target};
use super::{ArticleId, Catalogue, Listing, ListingKind, Related};
use crate::config::{Config, FeedFormat};
use crate::diagnostics::{Diagnostics, Place};
use crate::model::{SourceFile, UrlPath};

/// The owner's own table of redirects.
pub const REDIRECTS: &str = "static/_redirects";

/// Where the web manifest is, be it made or the owner's own.
pub const MANIFEST: &str = "/manifest.webmanifest";

/// Most URLs of a sitemap file (sitemaps.org, protocol 0.9).
const SITEMAP_URLS: usize = 50_000;

pub(super) fn static_url(file: &SourceFile) -> UrlPath {
    UrlPath::trusted(format!(
        "/{}",
        file.path.strip_prefix("static/").unwrap_or(&file.path)
    ))
}

/// All pages that list articles.
pub(super) fn listings(
    site: &Catalogue,
    related: &[Vec<Related>],
    config: &Config,
) -> Vec<Listing> {
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
    let with_related: Vec<_> = all().filter(|id| !related[id.index()].is_empty()).collect();
    if !with_related.is_empty() {
        let url = UrlPath::trusted("/related/".into());
        listings.push(make(ListingKind::Related, &url, with_related));
    }
    listings
}

/// The table of all routes, and what collides in it.
pub(super) fn routes(
    site: &Catalogue,
    listings: &[Listing],
    config: &Config,
    assets: &[(UrlPath, Place)],
    social_cards: &BTreeMap<ArticleId, UrlPath>,
) -> (Vec<Route>, Diagnostics) {
    let mut table = Table::default();
    // static/ comes first: its files stand in for those that are made when nobody else does.
    let has_aliases = site
        .articles
        .iter()
        .chain(&site.fronts)
        .any(|page| !page.aliases.is_empty());
    for (at, file) in site.statics.iter().enumerate() {
        if has_aliases && file.path == REDIRECTS {
            // The owner's lines stand in the file that is made, before ours.
            continue;
        }
        table.add(
            static_url(file),
            Target::Static(at as u32),
            Some(Place::file(&file.path)),
        );
    }
    for (path, target) in [
        ("/robots.txt", Target::Robots),
        ("/404.html", Target::NotFound),
        (MANIFEST, Target::Manifest),
    ] {
        if !table.has(path) {
            table.add(fixed(path), target, None);
        }
    }
    add_articles(&mut table, site);
    for (id, url) in social_cards {
        let article = &site.articles[id.index()];
        let place = article.route_position.in_file(&article.source);
        table.add(url.clone(), Target::SocialCard(*id), Some(place));
    }
    add_listings(&mut table, site, listings, config);
    add_indexes(&mut table, site, config);
    for (at, file) in site.resources.iter().enumerate() {
        let place = Some(Place::file(&file.path));
        table.add(
            site.resource_urls[at].clone(),
            Target::Resource(at as u32),
            place,
        );
    }
    for (at, (url, place)) in assets.iter().enumerate() {
        table.add(url.clone(), Target::Asset(at as u32), Some(place.clone()));
    }
    table.finish(|route| describe(site, listings, route))
}

/// Articles, and the old paths that redirect to them or to a section's front.
fn add_articles(table: &mut Table, site: &Catalogue) {
    let articles = || site.articles.iter().zip(&site.urls);
    for (at, (article, url)) in articles().enumerate() {
        let place = article.route_position.in_file(&article.source);
        table.add_in(
            site.language_of[at],
            url.clone(),
            Target::Article(ArticleId(at as u32)),
            Some(place),
        );
    }
    let mut has_aliases = false;
    for (article, to) in articles().chain(site.fronts.iter().zip(&site.front_urls)) {
        for (alias, position) in &article.aliases {
            has_aliases = true;
            let place = position.in_file(&article.source);
            table.add(alias.clone(), Target::Alias(to.clone()), Some(place));
        }
    }
    if has_aliases {
        table.add(fixed("/_redirects"), Target::Redirects, None);
    }
}

/// Pages of listings, and their feeds.
fn add_listings(table: &mut Table, site: &Catalogue, listings: &[Listing], config: &Config) {
    for (at, listing) in listings.iter().enumerate() {
        let at = at as u32;
        for (page, layout) in listing.pages.iter().enumerate() {
            let page = page as u32;
            let place = match listing.kind {
                ListingKind::Section(section) if page == 0 => Some(Place::file(format!(
                    "content/{}",
                    site.sections[section].name
                ))),
                _ => None,
            };
            let target = Target::Listing { listing: at, page };
            table.add(layout.url.clone(), target, place);
        }
        for format in config
            .feed_formats
            .iter()
            .filter(|_| has_feeds(listing.kind))
        {
            let format = *format;
            table.add(
                feed_url(&listing.url, format),
                Target::Feed {
                    listing: at,
                    format,
                },
                None,
            );
        }
    }
}

/// What there is once: indexes, sitemaps and files for machines.
fn add_indexes(table: &mut Table, site: &Catalogue, config: &Config) {
    let with_related_json = config.related.writes_json(site.articles.len());
    let pages = [
        (!site.tags.all.is_empty(), "/tags/", Target::Tags),
        (!site.authors.all.is_empty(), "/authors/", Target::Authors),
        (!site.years.is_empty(), "/archive/", Target::Archive),
        (with_related_json, "/related.json", Target::RelatedJson),
        (true, "/sitemap.xml", Target::SitemapIndex),
        (true, "/sitemap-listings.xml", Target::SitemapListings),
    ];
    for (_, path, target) in pages.into_iter().filter(|(wanted, ..)| *wanted) {
        table.add(fixed(path), target, None);
    }
    let count = sitemap_articles(site, config).len();
    for chunk in 0..count.div_ceil(SITEMAP_URLS) {
        let range = chunk * SITEMAP_URLS..((chunk + 1) * SITEMAP_URLS).min(count);
        let url = fixed(&format!("/sitemap-{}.xml", chunk + 1));
        table.add(url, Target::Sitemap(range), None);
    }
}

/// A path that Pressroom itself decides on.
fn fixed(path: &str) -> UrlPath {
    UrlPath::trusted(path.to_owned())
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
pub fn feed_url(listing: &UrlPath, format: FeedFormat) -> UrlPath {
    let name = match format {
        FeedFormat::Atom => "atom.xml",
        FeedFormat::Json => "feed.json",
    };
    UrlPath::trusted(format!("{listing}{name}"))
}

/// The articles that the sitemap names, oldest first, so that old chunks stay as they are.
#[must_use]
pub fn sitemap_articles(site: &Catalogue, config: &Config) -> Vec<ArticleId> {
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
fn describe(site: &Catalogue, listings: &[Listing], route: &Route) -> String {
    let file = |path: &str| path.to_owned();
    match &route.target {
        Target::Article(id) => file(&site.articles[id.index()].source),
        Target::SocialCard(id) => {
            format!("the social card of {}", site.articles[id.index()].source)
        }
        Target::Listing { listing, page } => {
            let listing = &listings[*listing as usize];
            let of = match listing.kind {
                ListingKind::Home => "the home page".to_owned(),
                ListingKind::Section(at) => {
                    format!("the section content/{}", site.sections[at].name)
                }
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
        Target::Manifest => file("the web manifest"),
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
