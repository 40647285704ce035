//! The whole export, as far as one item has to know of others.
//!
//! In: the [`Channel`] and a [`Seen`] of each item, in their order. Out: an [`Archive`] that says which file
//! and which URL each item has, what a number or an old path names, and which sections there are. An
//! archive of a million posts has to fit into memory, so an entry is small.

use std::collections::{BTreeMap, BTreeSet};

use percent_encoding::percent_decode_str;
use rustc_hash::{FxHashMap, FxHashSet};

use super::address::Base;
use super::item::{Category, Channel};
use super::seen::{Attachment, Kind, MenuEntry, Seen, Status};
use crate::model::{UrlPath, fold, slugify};

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
    id: u64,
    line: u32,
    section: u32,
    parent: u64,
    order: i64,
    slug: Box<str>,
    title: Box<str>,
}

/// Why an item cannot keep its URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Conflict {
    /// The item that begins in this line has it.
    Taken(u32),
    /// It is one that the site makes itself.
    Made,
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

/// The export.
#[derive(Debug, Default)]
pub(super) struct Archive {
    pub channel: Channel,
    pub base: Base,
    /// In the order of the export.
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
    /// How far the site's clock was from UTC, in minutes: at different times of the year, and of its life.
    offsets: BTreeSet<i64>,
    blocks: FxHashMap<u64, String>,
    by_id: FxHashMap<u64, u32>,
    /// Attachments by the path of their own page.
    by_page: FxHashMap<u64, u32>,
    /// Articles by their URL.
    by_url: FxHashMap<u64, u32>,
}

/// Where articles without a section are.
const NO_SECTION: u32 = u32::MAX;

impl Archive {
    pub fn new(channel: Channel) -> Self {
        let url = if channel.base_blog_url.is_empty() {
            &channel.link
        } else {
            &channel.base_blog_url
        };
        Self {
            base: Base::new(url),
            channel,
            ..Self::default()
        }
    }

    /// Adds the next item.
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
        self.entries.push(Entry {
            kind: seen.kind,
            status: seen.status,
            file: "".into(),
            url: path
                .filter(|_| seen.kind.is_article())
                .map(|path| path.as_str().into()),
            attachment: seen.attachment.map(Box::new),
            conflict: None,
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

    /// Decides on files and URLs, when all items are known.
    pub fn settle(&mut self) {
        let taken = self.settle_urls();
        self.settle_sections(&taken);
        let mut files = FxHashSet::default();
        for at in 0..self.entries.len() {
            if self.entries[at].kind.is_article() {
                let file = self.file(at, &mut files);
                self.entries[at].file = file.into();
            }
        }
        for entry in &mut self.entries {
            // Nobody asks for these any more, and a million of them are worth freeing.
            entry.slug = "".into();
            if entry.kind != Kind::Page {
                entry.title = "".into();
            }
        }
    }

    /// Leaves each URL to the first item that has it. Returns the first parts of those that are left.
    fn settle_urls(&mut self) -> FxHashSet<String> {
        let mut firsts = FxHashSet::default();
        for at in 0..self.entries.len() {
            let owner = self.entries[at]
                .url
                .as_deref()
                .and_then(|url| self.by_url.get(&hash(url)));
            let owner = owner.map(|owner| self.entries[*owner as usize].line);
            let entry = &mut self.entries[at];
            let Some(url) = &entry.url else { continue };
            let is_home = **url == *"/" && entry.kind == Kind::Page;
            if is_made(url) && !is_home {
                entry.url = None;
                entry.conflict = Some(Conflict::Made);
                continue;
            }
            if let Some(owner) = owner {
                entry.conflict = Some(Conflict::Taken(owner));
                entry.url = None;
                continue;
            }
            self.by_url.insert(hash(url), at as u32);
            let mut parts = url.trim_matches('/').split('/');
            if let (Some(first), None) = (parts.next(), parts.next()) {
                firsts.insert(fold(first));
            }
        }
        firsts
    }

    /// Gives each section a folder whose listing is not where something else is.
    fn settle_sections(&mut self, taken: &FxHashSet<String>) {
        let mut taken = taken.clone();
        for section in &mut self.sections {
            let name = percent_decode_str(&section.name).decode_utf8_lossy();
            let name = if name.is_empty() {
                "posts".into()
            } else {
                name
            };
            let stem = slugify(&name).to_string().replace('.', "-");
            let mut folder = stem.clone();
            let mut number = 2;
            while taken.contains(&fold(&folder)) || is_made(&format!("/{folder}/")) {
                folder = format!("{stem}-{number}");
                number += 1;
            }
            taken.insert(fold(&folder));
            section.folder = folder;
        }
    }

    /// A file that no other item has. Pages have no section, since the folder of one would be a listing at
    /// the URL of the page that they lie below: they stand beside each other, named after all above them.
    fn file(&self, at: usize, files: &mut FxHashSet<u64>) -> String {
        let entry = &self.entries[at];
        if entry.url.as_deref() == Some("/") {
            files.insert(hash("content/_index"));
            return "content/_index.md".to_owned();
        }
        let folder = self.sections.get(entry.section as usize);
        let folder = folder.map_or_else(String::new, |section| format!("{}/", section.folder));
        let name = match entry.kind {
            Kind::Page => slugify(&self.names_above(at).join("-")).to_string(),
            _ => entry.slug.to_string(),
        };
        let stem = format!("content/{folder}{name}");
        let mut path = stem.clone();
        let mut number = 2;
        while !files.insert(hash(&path)) {
            path = format!("{stem}-{number}");
            number += 1;
        }
        format!("{path}.md")
    }

    /// The names of the pages above a page, and its own.
    fn names_above(&self, at: usize) -> Vec<&str> {
        let mut names = vec![&*self.entries[at].slug];
        let mut above = self.entries[at].parent;
        while let Some(entry) = self.by_id.get(&above).map(|at| &self.entries[*at as usize]) {
            // Pages that lie below themselves, and towers of them, end here.
            if entry.kind != Kind::Page || names.len() > 8 {
                break;
            }
            names.push(&entry.slug);
            above = entry.parent;
        }
        names.reverse();
        names
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

    /// Where the listing of a category was, unless the old site had another word for categories.
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
        format!("/category/{}/", names.join("/"))
    }

    /// The listing of this site that stands in the place of one of the old site's.
    pub fn listing(&self, path: &UrlPath) -> Option<String> {
        let parts: Vec<&str> = path.as_str().trim_matches('/').split('/').collect();
        let is = |known: &str, name: &str| percent_decode_str(known).decode_utf8_lossy() == name;
        match parts.as_slice() {
            ["tag", name] => {
                let (nicename, shown) = self.tags.iter().find(|(known, _)| is(known, name))?;
                Some(format!(
                    "/tags/{}/",
                    tag_slug(&written_tag(nicename, shown))
                ))
            }
            ["category", .., name] => {
                let section = self
                    .sections
                    .iter()
                    .find(|section| section.is_category && is(&section.name, name));
                if let Some(section) = section {
                    return Some(format!("/{}/", section.folder));
                }
                let (nicename, shown) =
                    self.categories.iter().find(|(known, _)| is(known, name))?;
                Some(format!(
                    "/tags/{}/",
                    tag_slug(&written_tag(nicename, shown))
                ))
            }
            ["author", login] => {
                let login = self
                    .authors
                    .iter()
                    .find(|known| slugify(known).as_str() == *login)?;
                Some(format!("/authors/{}/", tag_slug(&self.author_key(login))))
            }
            _ => None,
        }
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

/// The name of a tag or author in the URL of its listing.
pub(super) fn tag_slug(written: &str) -> String {
    let is_gap = |c: char| c.is_whitespace() || matches!(c, '_' | '-');
    let words = written.split(is_gap).filter(|word| !word.is_empty());
    slugify(&fold(&words.collect::<Vec<_>>().join("-"))).to_string()
}

/// Whether the site makes a page at a path by itself.
fn is_made(path: &str) -> bool {
    let path = fold(path);
    let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    match parts.as_slice() {
        ["" | "tags" | "authors" | "archive" | "related" | "page" | "search"]
        | ["tags" | "authors", _] => true,
        ["archive", year] => is_number(year),
        ["archive", year, month] => is_number(year) && is_number(month),
        ["page", number] => is_number(number),
        [file] => [
            "robots.txt",
            "404.html",
            "sitemap.xml",
            "atom.xml",
            "feed.json",
            "related.json",
            "_redirects",
            "manifest.webmanifest",
            "search.html",
        ]
        .contains(file),
        _ => false,
    }
}

/// A path as a number, the same for paths that differ only in case or Unicode's normal form.
fn hash(path: &str) -> u64 {
    xxhash_rust::xxh3::xxh3_64(fold(path).as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::wordpress::item::Item;

    fn archive(items: &[(&str, u64, u64, &str, &str)]) -> Archive {
        let channel = Channel {
            link: "https://gazette.example".into(),
            ..Channel::default()
        };
        let mut archive = Archive::new(channel);
        for (kind, id, parent, name, link) in items {
            let item = Item {
                kind: (*kind).into(),
                id: *id,
                parent: *parent,
                name: (*name).into(),
                link: (*link).into(),
                content: "x".into(),
                status: "publish".into(),
                line: *id as u32,
                ..Item::default()
            };
            archive.add(Seen::of(&item, &archive.channel));
        }
        archive.settle();
        archive
    }

    fn files(archive: &Archive) -> Vec<(&str, Option<&str>)> {
        let entries = archive.entries.iter();
        entries
            .map(|entry| (&*entry.file, entry.url.as_deref()))
            .collect()
    }

    #[test]
    fn each_item_has_a_file_and_keeps_its_url() {
        let archive = archive(&[
            ("post", 1, 0, "a", "https://gazette.example/2019/a/"),
            ("post", 2, 0, "a", "https://gazette.example/2020/A.html"),
            ("page", 3, 4, "team", "https://gazette.example/about/team/"),
            ("page", 4, 0, "about", "https://gazette.example/about/"),
            ("page", 5, 0, "home", "https://gazette.example/"),
            (
                "recipe",
                6,
                0,
                "soup",
                "https://gazette.example/recipe/soup/",
            ),
            ("post", 7, 0, "index", "https://gazette.example/?p=7"),
        ]);
        let expected = [
            ("content/posts/a.md", Some("/2019/a/")),
            ("content/posts/a-2.md", Some("/2020/A.html")),
            ("content/about-team.md", Some("/about/team/")),
            ("content/about.md", Some("/about/")),
            ("content/_index.md", Some("/")),
            ("content/recipe/soup.md", Some("/recipe/soup/")),
            ("content/posts/index-page.md", None),
        ];
        assert_eq!(files(&archive), expected);
    }

    #[test]
    fn no_two_items_have_one_url_and_none_has_one_of_the_sites_own() {
        let archive = archive(&[
            ("post", 1, 0, "a", "https://gazette.example/x/"),
            ("post", 2, 0, "b", "https://gazette.example/X/"),
            ("page", 3, 0, "archive", "https://gazette.example/archive/"),
            ("page", 4, 0, "posts", "https://gazette.example/posts/"),
        ]);
        let entries = &archive.entries;
        assert_eq!(entries[1].conflict, Some(Conflict::Taken(1)));
        assert_eq!(entries[2].conflict, Some(Conflict::Made));
        assert_eq!(&*entries[0].file, "content/posts-2/a.md");
    }

    #[test]
    fn pages_that_lie_below_themselves_end() {
        let archive = archive(&[("page", 1, 2, "a", ""), ("page", 2, 1, "b", "")]);
        assert!(archive.entries.iter().all(|entry| entry.file.len() < 250));
    }

    #[test]
    fn a_tag_is_written_so_that_its_url_stays() {
        for (nicename, name, written, slug) in [
            (
                "ruby-on-rails",
                "Ruby on Rails",
                "Ruby on Rails",
                "ruby-on-rails",
            ),
            ("cpp", "C++", "cpp", "cpp"),
            ("caf%c3%a9", "Café", "Café", "café"),
        ] {
            assert_eq!(written_tag(nicename, name), written);
            assert_eq!(tag_slug(written), slug);
        }
    }
}
