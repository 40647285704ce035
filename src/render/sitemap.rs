//! Sitemaps (sitemaps.org, protocol 0.9) and robots.txt.
//!
//! Articles are listed from the oldest, so that a chunk that is full stays as it is; listings
//! have a file of their own.

use std::fmt::Write as _;
use std::ops::Range;

use quick_xml::escape::escape;

use super::absolute;
use crate::config::Config;
use crate::model::{Moment, UrlPath};
use crate::site::{ArticleId, Listing, ListingKind, Site, Target, sitemap_articles};

const HEAD: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
const NAMESPACE: &str = "http://www.sitemaps.org/schemas/sitemap/0.9";

/// What is told of articles by their position from the oldest: where each is, and when it changed.
pub(super) fn entries<'a>(
    config: &Config,
    site: &'a Site,
    range: &Range<u32>,
) -> Vec<(&'a UrlPath, Option<Moment>)> {
    let range = range.start as usize..range.end as usize;
    let entry = |id: &ArticleId| {
        let article = &site.articles[id.index()];
        (&site.urls[id.index()], article.updated.or(article.date))
    };
    sitemap_articles(site, config)[range]
        .iter()
        .map(entry)
        .collect()
}

/// The file of these.
pub(super) fn articles(config: &Config, site: &Site, range: &Range<u32>) -> Vec<u8> {
    let mut out = format!("{HEAD}<urlset xmlns=\"{NAMESPACE}\">\n");
    for (url, changed) in entries(config, site, range) {
        let _ = write!(out, "<url><loc>{}</loc>", escape(absolute(config, url)));
        if let Some(changed) = changed {
            let _ = write!(out, "<lastmod>{}</lastmod>", changed.rfc3339());
        }
        out.push_str("</url>\n");
    }
    out.push_str("</urlset>\n");
    out.into_bytes()
}

/// The fronts of all listings, and the indexes of tags, authors and years.
pub(super) fn listings(config: &Config, site: &Site) -> Vec<u8> {
    let mut out = format!("{HEAD}<urlset xmlns=\"{NAMESPACE}\">\n");
    let is_page =
        |target: &Target| matches!(target, Target::Tags | Target::Authors | Target::Archive);
    let indexes = site
        .routes
        .iter()
        .filter(|route| is_page(&route.target))
        .map(|route| &route.url);
    let is_named = |listing: &&Listing| match listing.kind {
        ListingKind::Section(at) => {
            let section = &site.sections[at];
            let noindex = section
                .front
                .is_some_and(|front| site.fronts[front].noindex);
            !noindex
                && !config
                    .not_in_sitemap
                    .iter()
                    .any(|name| **name == *section.name)
        }
        _ => true,
    };
    let fronts = site
        .listings
        .iter()
        .filter(is_named)
        .map(|listing| &listing.url);
    for url in fronts.chain(indexes) {
        let _ = writeln!(
            out,
            "<url><loc>{}</loc></url>",
            escape(absolute(config, url))
        );
    }
    out.push_str("</urlset>\n");
    out.into_bytes()
}

/// The list of the other files.
pub(super) fn index(config: &Config, site: &Site) -> Vec<u8> {
    let mut out = format!("{HEAD}<sitemapindex xmlns=\"{NAMESPACE}\">\n");
    let is_part = |target: &Target| matches!(target, Target::Sitemap(_) | Target::SitemapListings);
    for route in site.routes.iter().filter(|route| is_part(&route.target)) {
        let _ = writeln!(
            out,
            "<sitemap><loc>{}</loc></sitemap>",
            escape(absolute(config, &route.url))
        );
    }
    out.push_str("</sitemapindex>\n");
    out.into_bytes()
}

/// robots.txt: everything is open, and the sitemap is there.
pub(super) fn robots(config: &Config) -> Vec<u8> {
    let sitemap = absolute(config, &UrlPath::trusted("/sitemap.xml".to_owned()));
    format!("User-agent: *\nAllow: /\n\nSitemap: {sitemap}\n").into_bytes()
}
