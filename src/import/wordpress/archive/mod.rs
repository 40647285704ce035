//! The whole export, as far as one item has to know of others.
//!
//! In: the [`Channel`] and a [`Seen`] of each item, in their order. Out: an [`Archive`] that says which file
//! and which URL each item has, what a number or an old path names, and which sections there are. An
//! archive of a million posts has to fit into memory, so an entry is small.

mod settle;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use percent_encoding::percent_decode_str;
use rustc_hash::FxHashMap;

use super::address::Base;
use super::item::{Category, Channel};
use super::seen::{Attachment, Kind, MenuEntry, Seen, Status};
use crate::model::{UrlPath, fold, slugify};
use settle::is_made;

/// What is known of an item.
#[derive(Debug)]
pub(super) struct Entry {
    pub kind: Kind,
    pub status: Status,
    /// The file that it becomes, relative to the site; empty if it becomes none.
    pub file: Box<str>,
    /// Its URL, if it had one and may keep it.
    pub url: Option<Box<str>>,
    pub attachment: Option<Box<Attachment>>,
    /// What kept its URL from being kept.
    pub conflict: Option<Conflict>,
    /// The paths that it had before, with what keeps one from leading to it still.
    pub old: Box<[(Box<str>, Option<Conflict>)]>,
    /// In which of the exports it is.
    pub export: u32,
    id: u64,
    line: u32,
    section: u32,
    parent: u64,
    order: i64,
    slug: Box<str>,
    title: Box<str>,
}

/// Why an item cannot keep a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Conflict {
    /// Another item has it: its export and line.
    Taken(u32, u32),
    /// It is one that the site makes itself.
    Made,
}

/// The first parts of the old site's addresses of listings, as its settings had them: `category`, or
/// `blog/topics`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bases {
    /// Of categories.
    pub category: String,
    /// Of tags.
    pub tag: String,
}

impl Default for Bases {
    fn default() -> Self {
        Self {
            category: "category".into(),
            tag: "tag".into(),
        }
    }
}

/// A section of the site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Section {
    /// Nicename of the category, or type of the texts.
    pub name: String,
    pub title: String,
    /// Its folder.
    pub folder: String,
    /// Whether a category stands behind it.
    pub is_category: bool,
}

impl Section {
    /// The nicename of the category that it is, which WordPress gives to posts without one as well.
    pub fn nicename(&self) -> &str {
        if self.name.is_empty() {
            "uncategorized"
        } else {
            &self.name
        }
    }

    /// Its listing.
    pub fn listing(&self) -> String {
        format!("/{}/", self.folder)
    }
}

/// The exports of a site.
#[derive(Debug, Default)]
pub(super) struct Archive {
    /// The names of the exports.
    pub exports: Vec<String>,
    pub channel: Channel,
    pub base: Base,
    pub bases: Bases,
    /// In the order of the exports.
    pub entries: Vec<Entry>,
    pub sections: Vec<Section>,
    pub menu_entries: Vec<MenuEntry>,
    /// Contents of menus of blocks.
    pub navigations: Vec<String>,
    /// Nicenames and names of the categories and tags that are tags of articles which are published.
    pub categories: BTreeMap<String, String>,
    pub tags: BTreeMap<String, String>,
    /// Logins of the authors of articles that are published.
    pub authors: BTreeSet<String>,
    /// Years and months in which articles were published.
    pub months: BTreeSet<(i16, i8)>,
    /// How far the site's clock was from UTC, in minutes: at different times of the year, and of its life.
    offsets: BTreeSet<i64>,
    blocks: FxHashMap<u64, String>,
    by_id: FxHashMap<u64, u32>,
    /// Attachments by the path of their own page.
    by_page: FxHashMap<u64, u32>,
    /// Articles by their URL.
    by_url: FxHashMap<u64, u32>,
    /// The paths that articles had before.
    by_old: FxHashMap<u64, u32>,
}

/// Where articles without a section are.
const NO_SECTION: u32 = u32::MAX;

/// The address of the site that an export is of.
fn url(channel: &Channel) -> &str {
    if channel.base_blog_url.is_empty() {
        &channel.link
    } else {
        &channel.base_blog_url
    }
}

impl Archive {
    pub fn new(bases: Bases) -> Self {
        Self {
            bases,
            ..Self::default()
        }
    }

    /// Begins the next export. What the first says of the site holds. The error is the address of the
    /// other site that it is of.
    pub fn begin(&mut self, name: &str, channel: Channel) -> Result<(), String> {
        if self.exports.is_empty() {
            self.base = Base::new(url(&channel));
            self.channel = channel;
        } else {
            let base = Base::new(url(&channel));
            if base != self.base {
                return Err(base.url());
            }
            self.channel.join(channel);
        }
        self.exports.push(name.to_owned());
        Ok(())
    }

    /// Adds the next item of the export that was begun last.
    pub fn add(&mut self, seen: Seen) {
        let at = self.entries.len() as u32;
        self.by_id.entry(seen.id).or_insert(at);
        self.categories.extend(seen.categories);
        self.tags.extend(seen.tags);
        if !seen.author.is_empty() {
            self.authors.insert(seen.author);
        }
        match seen.kind {
            Kind::Block => drop(self.blocks.insert(seen.id, seen.content)),
            Kind::Navigation => self.navigations.push(seen.content),
            _ => {}
        }
        self.offsets.extend(seen.offset);
        self.months.extend(seen.month);
        self.menu_entries.extend(seen.menu_entry);
        let section = match seen.kind {
            Kind::Post => self.section(seen.section, true),
            Kind::Custom => self.section(Some((seen.type_name.clone(), seen.type_name)), false),
            _ => NO_SECTION,
        };
        let is_draft = seen.kind.is_article() && seen.status == Status::Draft;
        let path = if is_draft {
            None
        } else {
            self.base.path_of(&seen.link)
        };
        if let (Kind::Attachment, Some(path)) = (seen.kind, &path) {
            self.by_page.insert(hash(path.as_str()), at);
        }
        let old = path
            .iter()
            .flat_map(|path| old_paths(path, &seen.name, &seen.old_names));
        self.entries.push(Entry {
            kind: seen.kind,
            status: seen.status,
            file: "".into(),
            old: old.map(|path| (path, None)).collect(),
            url: path
                .filter(|_| seen.kind.is_article())
                .map(|path| path.as_str().into()),
            attachment: seen.attachment.map(Box::new),
            conflict: None,
            export: self.exports.len().saturating_sub(1) as u32,
            id: seen.id,
            line: seen.line,
            section,
            parent: seen.parent,
            order: seen.order,
            slug: seen.slug.into(),
            title: seen.title.into(),
        });
    }

    /// The section of a name; the one of posts without a category if there is none.
    fn section(&mut self, named: Option<(String, String)>, is_category: bool) -> u32 {
        let is_named = named.is_some();
        let (name, title) = named.unwrap_or_else(|| (String::new(), "Posts".to_owned()));
        let known = |section: &Section| section.name == name && section.is_category == is_category;
        if let Some(at) = self.sections.iter().position(known) {
            return at as u32;
        }
        let category = self
            .channel
            .categories
            .iter()
            .find(|category| category.nicename == name);
        let title = category
            .filter(|_| is_named && is_category)
            .map_or(title, |category| category.name.clone());
        self.sections.push(Section {
            name,
            title,
            folder: String::new(),
            is_category,
        });
        self.sections.len() as u32 - 1
    }

    /// Whether something is at a path, or leads on from it.
    pub fn is_taken(&self, path: &str) -> bool {
        let hash = hash(path);
        let is_section = |section: &Section| fold(path.trim_matches('/')) == section.folder;
        self.by_url.contains_key(&hash)
            || self.by_old.contains_key(&hash)
            || is_made(path)
            || self.sections.iter().any(is_section)
    }

    /// A line of an export, as one that is in an export names it.
    pub fn line(&self, from: u32, export: u32, line: u32) -> impl fmt::Display {
        let elsewhere = (from != export).then(|| &self.exports[export as usize]);
        fmt::from_fn(move |f| match elsewhere {
            Some(name) => write!(f, "line {line} of {name}"),
            None => write!(f, "line {line}"),
        })
    }

    /// What a number of the database names.
    pub fn by_id(&self, id: u64) -> Option<&Entry> {
        self.by_id.get(&id).map(|at| &self.entries[*at as usize])
    }

    /// The attachment whose own page an old path was.
    pub fn attachment_page(&self, path: &UrlPath) -> Option<&Attachment> {
        let at = self.by_page.get(&hash(path.as_str()))?;
        self.entries[*at as usize].attachment.as_deref()
    }

    /// The content of a block that several texts use.
    pub fn block(&self, id: u64) -> Option<&str> {
        self.blocks.get(&id).map(String::as_str)
    }

    /// The category of a nicename.
    pub fn category(&self, nicename: &str) -> Option<&Category> {
        self.channel
            .categories
            .iter()
            .find(|category| category.nicename == nicename)
    }

    /// Where the listing of a category was.
    pub fn category_path(&self, nicename: &str) -> String {
        let mut names = vec![nicename];
        let mut above = self
            .category(nicename)
            .map_or("", |category| &category.parent);
        while let Some(category) = self.category(above).filter(|_| names.len() < 8) {
            names.push(&category.nicename);
            above = &category.parent;
        }
        names.reverse();
        format!("/{}/{}/", self.bases.category, names.join("/"))
    }

    /// Where the listing of a tag was.
    pub fn tag_path(&self, nicename: &str) -> String {
        format!("/{}/{nicename}/", self.bases.tag)
    }

    /// The listing of this site that stands in the place of one of the old site's.
    pub fn listing(&self, path: &UrlPath) -> Option<String> {
        let path = path.as_str().trim_matches('/');
        let is = |known: &str, name: &str| percent_decode_str(known).decode_utf8_lossy() == name;
        let below = |base: &str| path.strip_prefix(base)?.strip_prefix('/');
        let tag_of = |tags: &BTreeMap<String, String>, name: &str| {
            let (nicename, shown) = tags.iter().find(|(known, _)| is(known, name))?;
            Some(tag_listing(nicename, shown))
        };
        if let Some(name) = below(&self.bases.tag) {
            return tag_of(&self.tags, name);
        }
        if let Some(names) = below(&self.bases.category) {
            let name = names.rsplit('/').next().unwrap_or_default();
            let of_name = |section: &&Section| section.is_category && is(&section.name, name);
            let section = self.sections.iter().find(of_name);
            return section.map_or_else(
                || tag_of(&self.categories, name),
                |section| Some(section.listing()),
            );
        }
        let name = below("author")?;
        let login = self
            .authors
            .iter()
            .find(|known| slugify(known).as_str() == name)?;
        Some(self.author_listing(login))
    }

    /// The listing of an author.
    pub fn author_listing(&self, login: &str) -> String {
        format!("/authors/{}/", tag_slug(&self.author_key(login)))
    }

    /// What articles name an author by. An address of somebody is not made public for having been a login.
    pub fn author_key(&self, login: &str) -> String {
        if login.contains('@') {
            slugify(&self.author_name(login)).to_string()
        } else {
            login.to_owned()
        }
    }

    /// The name of an author as readers see it.
    pub fn author_name(&self, login: &str) -> String {
        let known = self
            .channel
            .authors
            .iter()
            .find(|(known, _)| known == login);
        let name = known
            .map(|(_, name)| name.as_str())
            .filter(|name| !name.is_empty());
        name.unwrap_or_else(|| login.split('@').next().unwrap_or_default())
            .to_owned()
    }

    /// Where an article is now, if readers see it.
    pub fn url_of(&self, id: u64) -> Option<&str> {
        let entry = self.by_id(id)?;
        let is_shown = entry.kind.is_article() && entry.status == Status::Published;
        entry.url.as_deref().filter(|_| is_shown)
    }

    /// Titles and URLs of the pages that lie below no other, as menus show them.
    pub fn top_pages(&self) -> Vec<(&str, &str)> {
        let is_top = |entry: &&Entry| {
            entry.kind == Kind::Page && entry.status == Status::Published && entry.parent == 0
        };
        let mut pages: Vec<&Entry> = self.entries.iter().filter(is_top).collect();
        pages.sort_by(|a, b| (a.order, &a.title, a.id).cmp(&(b.order, &b.title, b.id)));
        let shown = pages
            .iter()
            .filter_map(|page| Some((&*page.title, page.url.as_deref()?)));
        shown.filter(|(title, _)| !title.is_empty()).collect()
    }

    /// The time zone, if the clock never changed and is known to be one.
    pub fn zone(&self) -> Option<String> {
        let mut offsets = self.offsets.iter();
        match (offsets.next(), offsets.next()) {
            (Some(0), None) => Some("UTC".to_owned()),
            // Such names count westwards.
            (Some(minutes), None) if minutes % 60 == 0 => {
                Some(format!("Etc/GMT{:+}", -minutes / 60))
            }
            _ => None,
        }
    }

    /// The title of a page.
    pub fn title_of(&self, id: u64) -> &str {
        self.by_id(id).map_or("", |entry| &entry.title)
    }

    /// The URL of the article at an old path, if readers see it.
    pub fn article_path(&self, path: &UrlPath) -> Option<&str> {
        let at = self.by_url.get(&hash(path.as_str()))?;
        let entry = &self.entries[*at as usize];
        let is_shown = entry.status == Status::Published;
        entry.url.as_deref().filter(|_| is_shown)
    }
}

/// How an article writes a tag, so that its URL has the name that the old one had.
pub(super) fn written_tag(nicename: &str, name: &str) -> String {
    let decoded = percent_decode_str(nicename).decode_utf8_lossy();
    if tag_slug(name) == tag_slug(&decoded) {
        name.to_owned()
    } else {
        decoded.into_owned()
    }
}

/// The listing of a tag, by its nicename and name.
pub(super) fn tag_listing(nicename: &str, name: &str) -> String {
    format!("/tags/{}/", tag_slug(&written_tag(nicename, name)))
}

/// The paths that an article had under other names, by its own and its name now.
fn old_paths(path: &UrlPath, name: &str, old_names: &[String]) -> Vec<Box<str>> {
    let decoded = |name: &str| percent_decode_str(name).decode_utf8_lossy().into_owned();
    let name = decoded(name);
    let Some(at) = path.as_str().rfind(&name).filter(|_| !name.is_empty()) else {
        return Vec::new();
    };
    let (before, after) = (&path.as_str()[..at], &path.as_str()[at + name.len()..]);
    let mut found: Vec<Box<str>> = Vec::new();
    for old in old_names {
        let Ok(old) = format!("{before}{}{after}", decoded(old)).parse::<UrlPath>() else {
            continue;
        };
        let old: Box<str> = old.as_str().into();
        if fold(&old) != fold(path.as_str()) && !found.contains(&old) {
            found.push(old);
        }
    }
    found
}

/// The name of a tag or author in the URL of its listing.
pub(super) fn tag_slug(written: &str) -> String {
    let is_gap = |c: char| c.is_whitespace() || matches!(c, '_' | '-');
    let words = written.split(is_gap).filter(|word| !word.is_empty());
    slugify(&fold(&words.collect::<Vec<_>>().join("-"))).to_string()
}

/// A path as a number, the same for paths that differ only in case or Unicode's normal form.
fn hash(path: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(fold(path).as_bytes())
}
