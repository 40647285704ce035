//! The whole export, as far as one item has to know of others.
//!
//! In: the [`Channel`] and a [`Seen`] of each item, in their order. Out: an [`Archive`] that says which file
//! and which URL each item has, what a number or an old path names, and which sections there are. An
//! archive of a million posts has to fit into memory, so an entry is small.

mod settle;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;
use rustc_hash::{FxHashMap, FxHashSet};

use super::address::Base;
use super::item::{Category, Channel};
use super::seen::{Attachment, Kind, MenuEntry, Old, Seen, Status};
use crate::model::{UrlPath, fold, has_ending, slugify};

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

impl Entry {
    /// The path of its page on this site.
    pub fn address(&self) -> Cow<'_, str> {
        match &self.url {
            Some(url) => (&**url).into(),
            None => address_of(&self.file).into(),
        }
    }
}

/// The path that the page of a file has if nothing says otherwise.
fn address_of(file: &str) -> String {
    let path = file.strip_prefix("content/").unwrap_or(file);
    format!("/{}/", path.trim_end_matches(".md"))
}

/// Why an item cannot keep a URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Conflict {
    /// Another item has it: its export and line.
    Taken(u32, u32),
    /// It is one that the site makes itself.
    Made,
    /// It would be a file and a folder at once.
    Folder,
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
    /// Whether readers see an article of it now.
    pub is_listed: bool,
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
    /// The categories and tags that are tags of articles which readers see now or at a time, by their
    /// nicenames.
    pub categories: BTreeMap<String, Tag>,
    pub tags: BTreeMap<String, Tag>,
    /// Logins of the authors of such articles, and whether readers see one now.
    pub authors: BTreeMap<String, bool>,
    /// Years and months in which articles were published.
    pub months: BTreeSet<(i16, i8)>,
    /// How far the site's clock was from UTC, in minutes: at different times of the year, and of its life.
    offsets: BTreeSet<i64>,
    blocks: FxHashMap<u64, String>,
    by_id: FxHashMap<u64, u32>,
    /// Attachments by the path of their own page.
    by_page: FxHashMap<u64, u32>,
    /// Pictures by the number of the item that they belong to.
    attached: FxHashMap<u64, Vec<u32>>,
    /// Categories by their nicename.
    by_nicename: FxHashMap<String, u32>,
    /// Articles by their URL.
    by_url: FxHashMap<u64, u32>,
    /// The paths that articles had before.
    by_old: FxHashMap<u64, u32>,
    /// The paths that lie above those of articles.
    folders: FxHashSet<u64>,
}

/// A category or tag that is a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    pub name: String,
    /// Whether readers see an article of it now.
    pub is_listed: bool,
}

/// Notes tags of an article, by nicename and name.
fn note(tags: &mut BTreeMap<String, Tag>, found: Vec<(String, String)>, is_listed: bool) {
    for (nicename, name) in found {
        let tag = Tag { name, is_listed };
        tags.entry(nicename).or_insert(tag).is_listed |= is_listed;
    }
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
        for (category, at) in self.channel.categories.iter().zip(0..) {
            self.by_nicename
                .entry(category.nicename.clone())
                .or_insert(at);
        }
        self.exports.push(name.to_owned());
        Ok(())
    }

    /// Adds the next item of the export that was begun last.
    pub fn add(&mut self, seen: Seen) {
        let at = self.entries.len() as u32;
        self.by_id.entry(seen.id).or_insert(at);
        let is_listed = seen.status == Status::Published;
        note(&mut self.categories, seen.categories, is_listed);
        note(&mut self.tags, seen.tags, is_listed);
        if !seen.author.is_empty() {
            *self.authors.entry(seen.author).or_default() |= is_listed;
        }
        let export = self.exports.len().saturating_sub(1) as u32;
        match seen.kind {
            Kind::Block => drop(self.blocks.insert(seen.id, seen.content)),
            Kind::Navigation => self.navigations.push(seen.content),
            _ => {}
        }
        self.offsets.extend(seen.offset);
        self.months.extend(seen.month);
        let menu_entry = seen.menu_entry;
        self.menu_entries
            .extend(menu_entry.map(|entry| MenuEntry { export, ..entry }));
        let section = match seen.kind {
            Kind::Post => self.section(seen.section, true),
            Kind::Custom => self.section(Some((seen.type_name.clone(), seen.type_name)), false),
            _ => NO_SECTION,
        };
        if let Some(section) = self.sections.get_mut(section as usize) {
            section.is_listed |= is_listed;
        }
        let is_draft = seen.kind.is_article() && seen.status == Status::Draft;
        let path = if is_draft {
            None
        } else {
            self.base.path_of(&seen.link)
        };
        if let (Kind::Attachment, Some(path)) = (seen.kind, &path) {
            self.by_page.insert(hash(path.as_str()), at);
        }
        let is_picture = |attachment: &Attachment| has_ending(&attachment.url, &PICTURES);
        if seen.attachment.as_ref().is_some_and(is_picture) && seen.parent != 0 {
            self.attached.entry(seen.parent).or_default().push(at);
        }
        let old = path.iter().flat_map(|path| old_paths(path, &seen.old));
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
            export,
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
            is_listed: false,
        });
        self.sections.len() as u32 - 1
    }

    /// A line of an export, as one that is in an export names it.
    pub fn line(&self, from: u32, export: u32, line: u32) -> String {
        if from == export {
            format!("line {line}")
        } else {
            format!("line {line} of {}", self.exports[export as usize])
        }
    }

    /// The pictures that belong to an item, in their order.
    pub fn attached(&self, id: u64) -> Vec<u64> {
        let pictures = self.attached.get(&id).into_iter().flatten();
        let mut pictures: Vec<&Entry> = pictures.map(|at| &self.entries[*at as usize]).collect();
        pictures.sort_by_key(|picture| (picture.order, picture.id));
        pictures.iter().map(|picture| picture.id).collect()
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
        let at = self.by_nicename.get(nicename)?;
        self.channel.categories.get(*at as usize)
    }

    /// The categories above a category, from the nearest on.
    pub fn above(&self, nicename: &str) -> Vec<&Category> {
        let mut above = Vec::new();
        let mut next = self.category(nicename);
        while let Some(parent) = next.and_then(|category| self.category(&category.parent)) {
            // Categories that lie below themselves, and towers of them, end here.
            if above.len() > 8 || above.contains(&parent) {
                break;
            }
            above.push(parent);
            next = Some(parent);
        }
        above
    }

    /// Whether a category is a section.
    pub fn is_section(&self, nicename: &str) -> bool {
        let mut sections = self.sections.iter();
        sections.any(|section| section.is_category && section.name == nicename)
    }

    /// Where the listing of a category was.
    pub fn category_path(&self, nicename: &str) -> String {
        let above = self.above(nicename);
        let above = above.iter().rev().map(|category| &*category.nicename);
        let names: Vec<&str> = above.chain([nicename]).collect();
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
        let tag_of = |tags: &BTreeMap<String, Tag>, name: &str| {
            let (nicename, tag) = tags.iter().find(|(known, _)| is(known, name))?;
            Some(tag_listing(nicename, &tag.name))
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
            .keys()
            .find(|known| author_nicename(known) == name)?;
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

    /// The listing of a category or tag, by its number.
    pub fn listing_of(&self, id: u64) -> Option<String> {
        let id = id.to_string();
        let is_it = |category: &&Category| category.id == id;
        let path = match self.channel.categories.iter().find(is_it) {
            Some(category) => self.category_path(&category.nicename),
            None => self.tag_path(&self.channel.tags.iter().find(is_it)?.nicename),
        };
        self.listing(&path.parse().ok()?)
    }

    /// The name of a category or tag, by its number.
    pub fn name_of(&self, id: u64) -> &str {
        let id = id.to_string();
        let terms = self.channel.categories.iter().chain(&self.channel.tags);
        let mut terms = terms.filter(|term| term.id == id);
        terms.next().map_or("", |term| &term.name)
    }

    /// Where an article is now, if readers see it.
    pub fn url_of(&self, id: u64) -> Option<Cow<'_, str>> {
        let entry = self.by_id(id)?;
        let is_shown = entry.kind.is_article() && entry.status == Status::Published;
        is_shown.then(|| entry.address())
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

    /// The title of an article that a menu names, or of a page.
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

/// Endings of pictures.
const PICTURES: [&str; 7] = ["jpg", "jpeg", "png", "gif", "webp", "avif", "svg"];

/// What an author's listing has for their login in its address.
pub(super) fn author_nicename(login: &str) -> String {
    slugify(login).as_str().replace('.', "-")
}

/// The paths that an article had under other names and dates.
fn old_paths(path: &UrlPath, old: &Old) -> Vec<Box<str>> {
    let decoded = |name: &str| percent_decode_str(name).decode_utf8_lossy().into_owned();
    let path = path.as_str();
    let with = |now: &str, before: &str| {
        let at = path.rfind(now).filter(|_| !now.is_empty())?;
        let (start, end) = (&path[..at], &path[at + now.len()..]);
        let old: UrlPath = format!("{start}{before}{end}").parse().ok()?;
        (fold(old.as_str()) != fold(path)).then(|| Box::from(old.as_str()))
    };
    let name = decoded(&old.name);
    let names = old.names.iter().map(|before| with(&name, &decoded(before)));
    // Addresses have all of a day, or its year and month.
    let parts = |day: &str| format!("/{}/", day.replace('-', "/"));
    let month = |day: &str| parts(day.get(..7).unwrap_or_default());
    let days = old.days.iter().map(|before| {
        with(&parts(&old.day), &parts(before)).or_else(|| with(&month(&old.day), &month(before)))
    });
    let mut found: Vec<Box<str>> = Vec::new();
    for path in names.chain(days).flatten() {
        if !found.contains(&path) {
            found.push(path);
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
