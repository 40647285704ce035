//! Where old listings and feeds led, and where ours are.
//!
//! In: the pages of a site. Out: its redirects. Those to listings that there will not be are left out when
//! the site is written.

use super::config::Config;
use super::permalinks::sanitized;
use crate::import::generator::fields::{Fields, inside, list_of, text_of};
use crate::import::generator::page::{Page, Role};
use crate::import::generator::places;
use crate::import::generator::site::Site;
use crate::model::slugify;

/// Finds the redirects of a site.
pub(super) fn find(site: &mut Site, config: &Config) {
    let mut found = Vec::new();
    let feeds = Feeds::of(config);
    feeds.add(&mut found, "home", "/", "/");
    for language in config.live_languages().skip(1).filter(|one| one.is_known) {
        let (old, ours) = (&language.prefix, &language.tag);
        feeds.add(&mut found, "home", &format!("{old}/"), &format!("/{ours}/"));
    }
    let published = site.pages.iter().filter(|page| !page.article.draft);
    for page in published.filter(|page| page.term.is_none()) {
        let prefix = prefix_of(page, config);
        let ours = page.language.as_ref().map(|tag| format!("/{tag}"));
        let ours = ours.unwrap_or_default();
        let section = places::section(page);
        if !section.is_empty() {
            let new = format!("{ours}/{}/", slugify(section));
            let name = section.strip_suffix("-pages").unwrap_or(section);
            let old = format!("{prefix}/{}/", sanitized(name));
            feeds.add(&mut found, "section", &old, &new);
            found.push((old, new.clone()));
            // A section within a section is an article here, and what it listed is in the outer one.
            if let (Some(url), true) = (&page.url, is_inner(page)) {
                feeds.add(&mut found, "section", url, &new);
            }
        }
        terms(page, config, &feeds, (prefix, &ours), &mut found);
    }
    let moved = found.into_iter().filter(|(old, new)| old != new);
    site.redirects.extend(moved);
}

/// Whether a page is that of a section within another.
fn is_inner(page: &Page) -> bool {
    let name = page.source.rsplit('/').next().unwrap_or_default();
    page.role == Role::Bundle && name.starts_with("_index.")
}

/// Where the tags and authors of a page were listed. `prefixes`: what addresses of its language began with,
/// and begin with.
fn terms(
    page: &Page,
    config: &Config,
    feeds: &Feeds,
    prefixes: (&str, &str),
    found: &mut Vec<(String, String)>,
) {
    let (prefix, ours) = prefixes;
    for name in &config.taxonomies {
        let terms = Fields(page.params.clone()).lists(&[name]);
        let kind = if name == "authors" { "authors" } else { "tags" };
        let base = format!("{prefix}/{}/", sanitized(name));
        if !terms.is_empty() {
            feeds.add(found, "taxonomy", &base, &format!("{ours}/"));
            found.push((base.clone(), format!("{ours}/{kind}/")));
        }
        for term in terms.iter().filter(|term| !term.trim().is_empty()) {
            let old = format!("{base}{}/", sanitized(&term.replace('/', "-")));
            let new = format!("{ours}/{kind}/{}/", slugify(term));
            feeds.add(found, "term", &old, &new);
            found.push((old, new));
        }
    }
}

fn prefix_of<'c>(page: &Page, config: &'c Config) -> &'c str {
    let of_page = page
        .language
        .as_ref()
        .and_then(|tag| config.languages.iter().find(|known| known.tag == *tag));
    &of_page.unwrap_or(&config.languages[0]).prefix
}

/// The feeds of a site: names of files, in the folders of listings.
struct Feeds<'c> {
    config: &'c Config,
    rss: Option<String>,
}

impl<'c> Feeds<'c> {
    fn of(config: &'c Config) -> Self {
        let disabled = config.values.get("disableKinds").and_then(list_of);
        let has =
            disabled.is_none_or(|kinds| !kinds.iter().any(|kind| kind.eq_ignore_ascii_case("rss")));
        let formats = config.values.within(&["outputFormats", "rss"]);
        let name = formats.and_then(|said| text_of(inside(said, "baseName")?));
        Self {
            config,
            rss: has.then(|| format!("{}.xml", name.as_deref().unwrap_or("index"))),
        }
    }

    /// Adds the feeds of a listing, by its kind, its old address and ours.
    fn add(&self, found: &mut Vec<(String, String)>, kind: &str, old: &str, new: &str) {
        let outputs = self
            .config
            .values
            .within(&["outputs", kind])
            .and_then(list_of);
        let has = |format: &str, usual: bool| {
            outputs.as_ref().map_or(usual, |outputs| {
                outputs.iter().any(|name| name.eq_ignore_ascii_case(format))
            })
        };
        if let Some(name) = self.rss.as_ref().filter(|_| has("rss", true)) {
            found.push((format!("{old}{name}"), format!("{new}atom.xml")));
        }
        if has("json", false) {
            found.push((format!("{old}index.json"), format!("{new}feed.json")));
        }
    }
}
