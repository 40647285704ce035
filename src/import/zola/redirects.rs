//! Where old listings and feeds led, and where ours are.
//!
//! In: the pages of a site. Out: its redirects. Those to listings that there will not be are left out when
//! the site is written.

use super::config::Config;
use crate::import::generator::fields::{Fields, flag_of, list_of};
use crate::import::generator::places;
use crate::import::generator::site::Site;
use crate::model::slugify;

/// Finds the redirects of a site.
pub(super) fn find(site: &mut Site, config: &Config) {
    let mut found = Vec::new();
    let feeds = |old: &str, new: &str, names: Vec<String>| {
        let feeds = names.into_iter();
        feeds
            .map(|name| (format!("{old}{name}"), format!("{new}{}", ours(&name))))
            .collect::<Vec<_>>()
    };
    found.extend(feeds("/", "/", config.feeds(None)));
    for tag in &config.languages {
        let base = format!("/{tag}/");
        found.extend(feeds(&base, &base, config.feeds(Some(tag))));
    }
    for page in site.pages.iter().filter(|page| !page.article.draft) {
        let language = page.language.as_deref();
        let prefix = language.map(|tag| format!("/{tag}")).unwrap_or_default();
        let params = Fields(page.params.clone());
        let has_feeds = ["generate_feeds", "generate_feed"]
            .iter()
            .any(|name| params.get(name).and_then(flag_of) == Some(true));
        if let (Some(url), true) = (&page.url, has_feeds) {
            let new = match places::section(page) {
                "" => format!("{prefix}/"),
                section => format!("{prefix}/{}/", slugify(section)),
            };
            found.extend(feeds(url, &new, config.feed_names(language)));
        }
        for name in &config.taxonomies {
            let terms = params
                .within(&["taxonomies", name])
                .and_then(list_of)
                .unwrap_or_default();
            let kind = if name == "authors" { "authors" } else { "tags" };
            let base = format!("{prefix}/{}/", config.terms.apply(name));
            for term in terms.iter().filter(|term| !term.trim().is_empty()) {
                let old = format!("{base}{}/", config.terms.apply(term));
                let new = format!("{prefix}/{kind}/{}/", slugify(term));
                if config.has_feeds(name) {
                    found.extend(feeds(&old, &new, config.feed_names(language)));
                }
                found.push((old, new));
                found.push((base.clone(), format!("{prefix}/{kind}/")));
            }
        }
    }
    site.redirects
        .extend(found.into_iter().filter(|(old, new)| old != new));
}

/// Our feed in the place of one of the archive's.
fn ours(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("json") => "feed.json",
        _ => "atom.xml",
    }
}
