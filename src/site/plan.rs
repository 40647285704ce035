//! Which URLs a site has: its listings, and the table of all routes.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::origins::Origins;
use super::pictures::{Picture, PictureFile};
use super::portable;
use super::routes::{Aliased, Route, ServerFile, Table, Target};
use super::search::Area;
use super::{
    ArticleId, AssetOfTheme, Catalogue, LanguageId, Listing, ListingKind, Related, Terms, editions,
};
use crate::config::{Config, FeedFormat, Host};
use crate::diagnostics::Diagnostics;
use crate::model::{Article, SourceFile, UrlPath};

/// The owner's own table of redirects.
pub const REDIRECTS: &str = "static/_redirects";

/// The owner's own headers.
pub const HEADERS: &str = "static/_headers";

/// Where the web manifest is, be it made or the owner's own.
pub const MANIFEST: &str = "/manifest.webmanifest";

/// What only the page of the search needs.
const SEARCH_ASSETS: [&str; 2] = [
    "themes/broadsheet/static/search.css",
    "themes/broadsheet/static/search.js",
];

/// Most URLs of a sitemap file (sitemaps.org, protocol 0.9).
const SITEMAP_URLS: u32 = 50_000;

pub(super) fn static_url(file: &SourceFile) -> UrlPath {
    UrlPath::trusted(format!(
        "/{}",
        file.path.strip_prefix("static/").unwrap_or(&file.path)
    ))
}

/// All pages that list articles.
pub(super) fn listings(
    site: &Catalogue,
    related: &[Arc<[Related]>],
    config: &Config,
) -> Vec<Listing> {
    let mut listings = Vec::new();
    let mut list = |kind, edition, url: &UrlPath, articles: Vec<ArticleId>| {
        listings.push(Listing {
            edition,
            ..Listing::new(
                kind,
                url.clone(),
                articles,
                config.page_size,
                config.pagination,
            )
        });
    };
    let of_edition = |edition| {
        let all = (0..site.articles.len() as u32).map(ArticleId);
        all.filter(move |id| site.edition_of(*id) == edition)
    };
    let editions = || site.all_editions().zip(&config.editions);
    for (edition, own) in editions() {
        let home = own.page("/");
        list(
            ListingKind::Home,
            edition,
            &home,
            of_edition(edition).collect(),
        );
    }
    for (at, section) in site.sections.iter().enumerate() {
        let (kind, articles) = (ListingKind::Section(at), section.articles.clone());
        list(kind, section.edition, &section.url, articles);
    }
    for (at, tag) in site.tags.all.iter().enumerate() {
        list(
            ListingKind::Tag(at),
            tag.edition,
            &tag.url,
            tag.articles.clone(),
        );
    }
    for (at, author) in site.authors.all.iter().enumerate() {
        let (kind, articles) = (ListingKind::Author(at), author.articles.clone());
        list(kind, author.edition, &author.url, articles);
    }
    for (at, year) in site.years.iter().enumerate() {
        let edition = year.edition;
        list(
            ListingKind::Year(at),
            edition,
            &year.url,
            year.articles.clone(),
        );
        for (within, month) in year.months.iter().enumerate() {
            let (kind, articles) = (ListingKind::Month(at, within), month.articles.clone());
            list(kind, edition, &month.url, articles);
        }
    }
    for (edition, own) in editions() {
        let has_related = |id: &ArticleId| !related[id.index()].is_empty();
        let articles: Vec<_> = of_edition(edition).filter(has_related).collect();
        if !articles.is_empty() {
            let url = own.page("/related/");
            list(ListingKind::Related, edition, &url, articles);
        }
    }
    editions::tie(&mut listings, site);
    listings
}

/// The table of all routes, and what collides in it.
pub(super) fn routes(
    site: &Catalogue,
    listings: &[Listing],
    config: &Config,
    assets: &[AssetOfTheme],
    social_cards: &BTreeMap<ArticleId, UrlPath>,
    areas: &[Area],
) -> (Vec<Route>, Diagnostics) {
    let mut table = Table::default();
    // static/ comes first: its files stand in for those that are made when nobody else does.
    let aliased = aliased(site);
    let hosts = &config.hosting.hosts;
    let has_headers = hosts.iter().any(|host| host.reads_headers());
    let has_redirects = !aliased.is_empty() || !site.redirects.is_empty();
    for (at, file) in site.statics.iter().enumerate() {
        // The owner's lines stand in the file that is made, before ours.
        if has_redirects && file.path == REDIRECTS || has_headers && file.path == HEADERS {
            continue;
        }
        table.add(static_url(file), Target::Static(at as u32));
    }
    for (path, target) in [
        ("/robots.txt", Target::Robots),
        ("/404.html", Target::NotFound),
        (MANIFEST, Target::Manifest),
    ] {
        if !table.has(path) {
            table.add(fixed(path), target);
        }
    }
    add_articles(&mut table, site);
    add_aliases(&mut table, site, &aliased);
    for (at, redirect) in site.redirects.iter().enumerate() {
        table.add(redirect.from.clone(), Target::Moved(at as u32));
    }
    if has_redirects {
        table.add(fixed("/_redirects"), Target::Redirects);
    }
    let server_files = [
        (has_headers, ServerFile::Headers),
        (hosts.contains(&Host::Nginx), ServerFile::Nginx),
        (hosts.contains(&Host::Caddy), ServerFile::Caddy),
    ];
    for (_, file) in server_files.into_iter().filter(|(wanted, _)| *wanted) {
        table.add(fixed(file.path()), Target::Server(file));
    }
    for (id, url) in social_cards {
        table.add(url.clone(), Target::SocialCard(*id));
    }
    add_listings(&mut table, listings, config);
    add_indexes(&mut table, site, config);
    for (at, area) in areas.iter().enumerate() {
        let area_at = at as u8;
        for (file, url) in area.files() {
            let target = Target::Search {
                area: area_at,
                file,
            };
            table.add_in(area.edition, url, target);
        }
    }
    for (at, url) in site.resource_urls.iter().enumerate() {
        table.add(url.clone(), Target::Resource(at as u32));
    }
    for (at, asset) in assets.iter().enumerate() {
        let is_linked = |name: &str| is_called(site, name);
        let is_of_search = SEARCH_ASSETS.contains(&&*asset.place.file);
        if asset.component.as_deref().is_none_or(is_linked) && (config.search || !is_of_search) {
            table.add(asset.url.clone(), Target::Asset(at as u32));
        }
    }
    let origins = Origins {
        site,
        listings,
        assets,
    };
    let (routes, mut diagnostics) = table.finish(&origins);
    diagnostics.extend(portable::check(&routes, &origins));
    (routes, diagnostics)
}

/// The same with narrower ones of the pictures that are shown.
pub(super) fn with_pictures(
    routes: Vec<Route>,
    site: &Catalogue,
    listings: &[Listing],
    assets: &[AssetOfTheme],
    pictures: &BTreeMap<PictureFile, Picture>,
) -> (Vec<Route>, Diagnostics) {
    let variants = pictures.iter().flat_map(|(file, picture)| {
        let variants = picture.variants();
        variants.map(|variant| {
            let url = picture.url_of(variant);
            (
                url,
                Target::Picture {
                    file: *file,
                    variant,
                },
            )
        })
    });
    let variants: Vec<_> = variants.collect();
    if variants.is_empty() {
        return (routes, Diagnostics::new());
    }
    let mut table = Table::of(routes);
    for (url, target) in variants {
        table.add(url, target);
    }
    table.finish(&Origins {
        site,
        listings,
        assets,
    })
}

/// Whether a text calls a component.
fn is_called(site: &Catalogue, name: &str) -> bool {
    let calls = |page: &Arc<Article>| page.calls.iter().any(|called| *called.name == *name);
    site.articles.par_iter().any(calls) || site.fronts.iter().any(calls)
}

fn add_articles(table: &mut Table, site: &Catalogue) {
    // URLs mostly follow files, and what is nearly in order is soon sorted.
    table.extend(site.by_file.par_iter().map(|id| Route {
        url: site.urls[id.index()].clone(),
        target: Target::Article(*id),
        language: site.language_of[id.index()],
    }));
}

/// The pages that have old paths.
fn aliased(site: &Catalogue) -> Vec<Aliased> {
    let has_aliases = |(_, page): &(usize, &Arc<Article>)| !page.aliases.is_empty();
    let articles = site.articles.par_iter().enumerate().filter(has_aliases);
    let articles = articles.map(|(at, _)| Aliased::Article(ArticleId(at as u32)));
    let fronts = site.fronts.par_iter().enumerate().filter(has_aliases);
    let fronts = fronts.map(|(at, _)| Aliased::Front(at as u32));
    articles.chain(fronts).collect()
}

/// The old paths that redirect to articles or to sections' fronts.
fn add_aliases(table: &mut Table, site: &Catalogue, aliased: &[Aliased]) {
    for page in aliased {
        let language = match page {
            Aliased::Article(id) => site.language_of[id.index()],
            Aliased::Front(at) => site.front_editions[*at as usize],
        };
        for (at, (alias, _)) in site.aliased(*page).0.aliases.iter().enumerate() {
            let (page, at) = (*page, at as u32);
            table.add_in(language, alias.clone(), Target::Alias { page, at });
        }
    }
}

/// Pages of listings, and their feeds.
fn add_listings(table: &mut Table, listings: &[Listing], config: &Config) {
    for (at, listing) in listings.iter().enumerate() {
        let at = at as u32;
        for (page, layout) in listing.pages.iter().enumerate() {
            let target = Target::Listing {
                listing: at,
                page: page as u32,
            };
            table.add_in(listing.edition, layout.url.clone(), target);
        }
        for format in config
            .feed_formats
            .iter()
            .filter(|_| has_feeds(listing.kind))
        {
            let target = Target::Feed {
                listing: at,
                format: *format,
            };
            table.add_in(listing.edition, feed_url(&listing.url, *format), target);
        }
    }
}

/// What there is once: indexes, sitemaps and files for machines.
fn add_indexes(table: &mut Table, site: &Catalogue, config: &Config) {
    let with_related_json = config.related.writes_json(site.articles.len());
    for (edition, own) in site.all_editions().zip(&config.editions) {
        let pages = [Target::Tags, Target::Authors, Target::Archive];
        for target in pages {
            if let Some(path) = index_path(&target, site, edition) {
                table.add_in(edition, own.page(path), target);
            }
        }
    }
    let pages = [
        (with_related_json, "/related.json", Target::RelatedJson),
        (true, "/sitemap.xml", Target::SitemapIndex),
        (true, "/sitemap-listings.xml", Target::SitemapListings),
    ];
    for (_, path, target) in pages.into_iter().filter(|(wanted, ..)| *wanted) {
        table.add(fixed(path), target);
    }
    let count = sitemap_articles(site, config).len() as u32;
    for chunk in 0..count.div_ceil(SITEMAP_URLS) {
        let range = chunk * SITEMAP_URLS..((chunk + 1) * SITEMAP_URLS).min(count);
        let url = fixed(&format!("/sitemap-{}.xml", chunk + 1));
        table.add(url, Target::Sitemap(range));
    }
}

/// Where an edition's index of tags, authors or years is, by its path in the site's own edition.
/// `None` where there is nothing to stand in it.
#[must_use]
pub fn index_path(target: &Target, site: &Catalogue, edition: LanguageId) -> Option<&'static str> {
    let has = |terms: &Terms| terms.all.iter().any(|term| term.edition == edition);
    let (is_there, path) = match target {
        Target::Tags => (has(&site.tags), "/tags/"),
        Target::Authors => (has(&site.authors), "/authors/"),
        Target::Archive => {
            let mut years = site.years.iter();
            (years.any(|year| year.edition == edition), "/archive/")
        }
        _ => return None,
    };
    is_there.then_some(path)
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
    let ids = (0..site.articles.len() as u32).into_par_iter();
    ids.rev().map(ArticleId).filter(named).collect()
}
