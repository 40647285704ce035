//! What each page answers to, and which old paths lead to it.
//!
//! In: pages that know their old address. Out: pages that have one of ours, none of them twice; and which
//! addresses there will be, so that nothing else takes one and no redirect leads to nothing.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;

use super::page::{Page, Role};
use super::places;
use super::settings::Settings;
use super::site::Site;
use crate::diagnostics::Fault;
use crate::import::{Article, Outcome};
use crate::model::{Towards, UrlPath, fold, slugify};

/// Names of feeds, in the folder of each listing that has some.
const FEEDS: [&str; 2] = ["atom.xml", "feed.json"];

/// Pages and files that Pressroom makes of any site, from the root of it or of a language.
const MADE: [&str; 14] = [
    "/",
    "/tags/",
    "/authors/",
    "/archive/",
    "/related/",
    "/search/",
    "/404.html",
    "/404/",
    "/atom.xml",
    "/feed.json",
    "/sitemap.xml",
    "/robots.txt",
    "/related.json",
    "/_redirects",
];

/// The addresses of a site, in the form in which Pressroom compares them.
#[derive(Debug, Default)]
pub(super) struct Addresses {
    /// Of published pages and of the fronts of sections.
    pages: BTreeSet<String>,
    /// Of sections, also those in which nothing is published.
    sections: BTreeSet<String>,
    /// Of files that are copied.
    files: BTreeSet<String>,
    /// Old paths that pages say themselves.
    aliases: BTreeSet<String>,
    listings: Listings,
}

impl Addresses {
    fn claim(&mut self, url: &str) -> bool {
        !self.sections.contains(&compared(url)) && self.pages.insert(compared(url))
    }

    /// Whether a page or a section has an address.
    pub fn has_page(&self, url: &str) -> bool {
        let url = compared(url);
        self.pages.contains(&url) || self.sections.contains(&url)
    }

    /// Whether nothing has an address, so that it can lead elsewhere.
    pub fn is_free(&self, url: &str) -> bool {
        !self.listings.has(url) && !self.answers(&compared(url))
    }

    /// Whether something will be where a redirect leads. Nobody knows that of other sites.
    pub fn leads(&self, to: &Towards) -> bool {
        let Towards::Here(path, _) = to else {
            return true;
        };
        let url = compared(path.as_str());
        let feed = FEEDS.iter().find_map(|name| url.strip_suffix(name));
        feed.is_some_and(|folder| self.listings.fed.contains(folder)) || self.answers(&url)
    }

    fn answers(&self, url: &str) -> bool {
        let known = [&self.pages, &self.files, &self.aliases, &self.listings.all];
        known.iter().any(|known| known.contains(url))
    }
}

/// An address as two are compared.
fn compared(url: &str) -> String {
    fold(without_index(url))
}

/// An address without what hosts add by themselves.
pub(super) fn without_index(url: &str) -> &str {
    url.strip_suffix("index.html")
        .filter(|url| url.ends_with('/'))
        .unwrap_or(url)
}

/// Listings that Pressroom makes of published articles.
#[derive(Debug, Default)]
struct Listings {
    all: BTreeSet<String>,
    /// Those of them that have feeds.
    fed: BTreeSet<String>,
    /// Languages that addresses may begin with.
    languages: Vec<String>,
}

impl Listings {
    fn of(pages: &[Page], settings: &Settings) -> Self {
        let mut fed = BTreeSet::from(["/".to_owned()]);
        let mut all = BTreeSet::new();
        for page in pages.iter().filter(|page| is_listed(page)) {
            let prefix = prefix(page);
            let section = Some(places::section(page)).filter(|section| !section.is_empty());
            fed.insert(fold(&format!("{prefix}/")));
            fed.extend(section.map(|section| fold(&format!("{prefix}/{}/", slugify(section)))));
            for (kind, words) in [
                ("tags", &page.article.tags),
                ("authors", &page.article.authors),
            ] {
                let of_word = |word: &String| fold(&format!("{prefix}/{kind}/{}/", slugify(word)));
                fed.extend(words.iter().map(of_word));
                if !words.is_empty() {
                    all.insert(fold(&format!("{prefix}/{kind}/")));
                }
            }
        }
        all.extend(["/archive/".to_owned(), "/related/".to_owned()]);
        all.extend(fed.iter().cloned());
        Self {
            all,
            fed,
            languages: settings.languages.keys().cloned().collect(),
        }
    }

    /// Whether an address is that of a page which Pressroom makes itself. Where a generator had one, it
    /// was made by templates.
    fn has(&self, url: &str) -> bool {
        let of_language = |tag: &String| {
            url.strip_prefix(&format!("/{tag}"))
                .filter(|rest| rest.starts_with('/'))
        };
        let inner = self.languages.iter().find_map(of_language).unwrap_or(url);
        let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let is_of_archive = inner
            .strip_prefix("/archive/")
            .is_some_and(|rest| rest.split('/').all(is_number));
        let is_of_words = (inner.starts_with("/tags/") || inner.starts_with("/authors/"))
            && self.all.contains(&compared(url));
        MADE.contains(&inner) || is_of_archive || is_of_words
    }
}

fn is_listed(page: &Page) -> bool {
    page.role != Role::Front && !page.article.draft
}

/// What the addresses of a page's language begin with.
pub(super) fn prefix(page: &Page) -> String {
    let language = page.language.as_ref();
    language.map(|tag| format!("/{tag}")).unwrap_or_default()
}

/// Decides what each page answers to: by the pattern of its section where that fits, by its own `url`
/// where it does not.
pub(super) fn settle(site: &mut Site) -> Addresses {
    let zone = TimeZone::get(&site.settings.timezone).unwrap_or(TimeZone::UTC);
    let patterns = patterns(site, &zone);
    let mut addresses = Addresses {
        listings: Listings::of(&site.pages, &site.settings),
        ..Addresses::default()
    };
    // Sections come first: their addresses are not to choose.
    for page in &site.pages {
        if let Some(url) =
            places::usual(page, &places::parsed(""), &zone).filter(|_| page.role == Role::Front)
        {
            addresses.pages.insert(compared(&url));
        }
        let section = places::section(page);
        if !section.is_empty() {
            let url = format!("{}/{}/", prefix(page), slugify(section));
            addresses.sections.insert(compared(&url));
        }
    }
    for page in &mut site.pages {
        let pattern = patterns
            .get(places::section(page))
            .map_or("", String::as_str);
        let usual = places::usual(page, &places::parsed(pattern), &zone);
        if page.role == Role::Front {
            front(page, usual);
        } else {
            one_address(page, usual, &mut addresses);
        }
    }
    let copied = site.copies.iter().map(|(_, to)| to);
    let copied = copied.chain(site.texts.iter().map(|(_, to, _)| to));
    let files = copied.filter_map(|to| to.strip_prefix("static"));
    addresses.files = files.map(compared).collect();
    let base = site.settings.path().to_owned();
    for page in &mut site.pages {
        distinct_aliases(page, &base, &mut addresses);
    }
    // Some pages have become drafts.
    addresses.listings = Listings::of(&site.pages, &site.settings);
    addresses
}

/// The pattern of each section, which its settings say where it is not the usual one.
fn patterns(site: &mut Site, zone: &TimeZone) -> BTreeMap<String, String> {
    let mut sections: BTreeMap<String, Vec<&Page>> = BTreeMap::new();
    for page in site.pages.iter().filter(|page| is_listed(page)) {
        let section = places::section(page).to_owned();
        sections.entry(section).or_default().push(page);
    }
    let patterns: BTreeMap<String, String> = sections
        .into_iter()
        .map(|(name, pages)| (name, places::pattern(&pages, zone)))
        .collect();
    let unusual = patterns
        .iter()
        .filter(|(_, pattern)| *pattern != places::USUAL);
    let unusual = unusual.map(|(section, pattern)| (section.clone(), pattern.clone()));
    site.settings.permalinks.extend(unusual);
    patterns
}

/// The front of a section has the address of the section. An old one leads there.
fn front(page: &mut Page, usual: Option<String>) {
    if let Some(old) = page.url.take().filter(|old| usual.as_ref() != Some(old)) {
        page.article.aliases.insert(0, old);
    }
    page.url = usual;
    let article = std::mem::take(&mut page.article);
    // These mean nothing in a front, and would be warned about.
    page.article = Article {
        title: article.title,
        summary: article.summary,
        aliases: article.aliases,
        template: article.template,
        noindex: article.noindex,
        math: article.math,
        extra: article.extra,
        body: article.body,
        ..Article::default()
    };
}

fn one_address(page: &mut Page, usual: Option<String>, addresses: &mut Addresses) {
    let wanted = match page.url.as_deref().map(written) {
        Some(Ok(url)) => Some(url),
        Some(Err(why)) => {
            page.notes.add(Outcome::Dropped, "url", 1, why);
            None
        }
        None => None,
    };
    let differs = wanted.is_some() && wanted != usual;
    page.article.url = wanted.clone().filter(|_| differs);
    let url = wanted.or(usual);
    page.url.clone_from(&url);
    let Some(url) = url.filter(|_| !page.article.draft) else {
        return;
    };
    let why = if addresses.listings.has(&url) {
        "is a page that Pressroom makes itself"
    } else if addresses.claim(&url) {
        return;
    } else {
        "is the address of another page"
    };
    let message = format!("{url} {why}, so that this one is a draft");
    page.keep_back("address", message);
}

/// A path as Pressroom takes it, or why it does not.
pub(super) fn written(url: &str) -> Result<String, String> {
    let parsed = url.parse::<UrlPath>();
    parsed
        .map(|url| url.as_str().to_owned())
        .map_err(|error| Fault::from(error).message)
}

/// Each old path can lead to one page only. `base` is the path that the whole site is below, which
/// addresses have in some archives, and which is no part of a path of the site.
fn distinct_aliases(page: &mut Page, base: &str, addresses: &mut Addresses) {
    for alias in std::mem::take(&mut page.article.aliases) {
        let path = match written(inner(&alias, base)) {
            Ok(path) => path,
            Err(why) => {
                page.notes.add(Outcome::Dropped, "alias", 1, why);
                continue;
            }
        };
        if page.url.as_deref() == Some(&path) || page.article.aliases.contains(&path) {
            continue;
        }
        let is = if addresses.listings.has(&path) {
            "a page that Pressroom makes itself"
        } else if addresses.has_page(&path) {
            "the address of a page"
        } else if addresses.files.contains(&compared(&path)) {
            "the address of a file"
        } else if page.article.draft || addresses.aliases.insert(compared(&path)) {
            page.article.aliases.push(path);
            continue;
        } else {
            "an alias of another page"
        };
        let message = format!("{path} is {is}");
        page.notes.add(Outcome::Dropped, "alias", 1, message);
    }
}

/// A path of the site: without the path that the whole site is below.
pub(super) fn inner<'u>(url: &'u str, base: &str) -> &'u str {
    match url.strip_prefix(base).filter(|_| !base.is_empty()) {
        Some("") => "/",
        Some(inner) if inner.starts_with('/') => inner,
        _ => url,
    }
}
