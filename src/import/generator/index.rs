//! How texts name pages and files.
//!
//! In: the pages of a site, with their old and new places. Out: what the destination of a link becomes.

use std::cell::RefCell;
use std::collections::BTreeMap;

use super::addresses;
use super::headings;
use super::links;
use super::page::Page;
use super::tree::Tree;
use crate::model::{encode, join};

/// How texts name other files.
pub(in crate::import) struct Index<'p> {
    pages: &'p [Page],
    by_source: BTreeMap<&'p str, usize>,
    by_url: BTreeMap<&'p str, usize>,
    /// Ids of the headings of pages that links with a fragment lead to.
    headings: RefCell<BTreeMap<String, Vec<String>>>,
    /// The path that the whole site is below.
    base: String,
}

impl<'p> Index<'p> {
    pub fn of(pages: &'p [Page], base: &str) -> Self {
        let numbered = || pages.iter().enumerate();
        let published = numbered().filter(|(_, page)| !page.article.draft);
        Self {
            pages,
            headings: RefCell::default(),
            base: base.to_owned(),
            by_source: numbered()
                .map(|(at, page)| (page.source.as_str(), at))
                .collect(),
            by_url: published
                .filter_map(|(at, page)| Some((page.url.as_deref()?, at)))
                .collect(),
        }
    }

    /// How a text of one page names another, with what stands behind `#`.
    pub fn link(&self, from: &Page, to: &Page, fragment: &str) -> String {
        let fragment = self.fragment(to, fragment);
        if from.target == to.target && !fragment.is_empty() {
            return fragment;
        }
        format!("{}{fragment}", links::relative(&from.target, &to.target))
    }

    /// What stands behind `#`, as Pressroom calls the heading: generators make ids of headings otherwise,
    /// but of the same letters.
    pub fn fragment(&self, of: &Page, fragment: &str) -> String {
        let Some(id) = fragment.strip_prefix('#').filter(|id| !id.is_empty()) else {
            return fragment.to_owned();
        };
        let mut kept = self.headings.borrow_mut();
        let ids = kept
            .entry(of.source.clone())
            .or_insert_with(|| headings::ids(&of.article.body));
        match headings::like(ids, id) {
            Some(ours) => format!("#{ours}"),
            None => fragment.to_owned(),
        }
    }

    /// A path of the site: without the path that the whole site is below, unless only the whole is a
    /// page of the site.
    pub fn inner<'u>(&self, path: &'u str) -> &'u str {
        let inner = addresses::inner(path, &self.base);
        let is_page = self.by_url(inner).is_none() && self.by_url(path).is_some();
        if is_page { path } else { inner }
    }

    /// All pages.
    pub fn pages(&self) -> &'p [Page] {
        self.pages
    }

    /// The page of a file of the archive.
    pub fn by_source(&self, source: &str) -> Option<&'p Page> {
        self.by_source.get(source).map(|at| &self.pages[*at])
    }

    /// The page at an old address, with a slash at its end or without.
    pub fn by_url(&self, url: &str) -> Option<&'p Page> {
        let other = match url.strip_suffix('/') {
            Some(without) => without.to_owned(),
            None => format!("{url}/"),
        };
        let at = self
            .by_url
            .get(url)
            .or_else(|| self.by_url.get(other.as_str()))?;
        Some(&self.pages[*at])
    }
}

/// Where files that are no pages go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::import) enum Beside {
    #[default]
    /// Those beside texts stay beside them, and those of static/ keep their address.
    Content,
    /// All keep their address.
    Static,
}

/// A relative destination, which generators leave to browsers: they begin at the address of the page, and
/// Pressroom at its file. `None`: it leads where it did, or nobody knows where.
pub(in crate::import) fn beside(
    page: &Page,
    index: &Index,
    tree: &Tree,
    files: Beside,
    destination: &str,
) -> Option<String> {
    let (path, fragment) = links::split(destination);
    if destination.is_empty() || path.contains("{{") || links::is_elsewhere(destination) {
        return None;
    }
    if path.is_empty() || path.starts_with('/') {
        let inner = index.inner(path);
        let found = if path.is_empty() {
            Some(page)
        } else {
            index.by_url(inner)
        };
        let ours = found.map_or_else(
            || fragment.to_owned(),
            |found| index.fragment(found, fragment),
        );
        return (ours != fragment || inner != path).then(|| format!("{inner}{ours}"));
    }
    let path = percent_encoding::percent_decode_str(path)
        .decode_utf8()
        .ok()?;
    let folder = page
        .source
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder);
    let file = join(folder, &path);
    if let Some(found) = file.as_ref().and_then(|file| index.by_source(file)) {
        let new = index.link(page, found, fragment);
        return (new != destination).then_some(new);
    }
    let is_beside = file.as_ref().is_some_and(|file| tree.has(file));
    if is_beside && files == Beside::Content {
        return None;
    }
    let url = page.url.as_deref()?;
    let address = format!("/{}", join(&url[..=url.rfind('/')?], &path)?);
    if let Some(found) = index.by_url(&address) {
        return Some(index.link(page, found, fragment));
    }
    let address = match file.filter(|_| is_beside) {
        // What was meant, also where browsers looked elsewhere.
        Some(file) => format!("/{file}"),
        None => address,
    };
    let is_published = match files {
        Beside::Content => tree.has(&format!("static{address}")),
        Beside::Static => tree.has(&address[1..]),
    };
    is_published.then(|| format!("{}{fragment}", encode(&address)))
}
