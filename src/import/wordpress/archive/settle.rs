//! Which file and which URL each item has.
//!
//! In: all items, with the URLs that they had. Out: the same with files and with what keeps some from
//! theirs; a folder for each section.

use percent_encoding::percent_decode_str;
use rustc_hash::FxHashSet;

use super::{Archive, Conflict, Entry, Kind, Section, Status, address_of, hash, note};
use crate::import::html::plain_text;
use crate::model::{fold, slugify};

impl Archive {
    /// Decides on files and URLs, when all items are known.
    pub fn settle(&mut self) {
        let mut taken = self.settle_urls();
        self.settle_old_paths(&mut taken);
        self.settle_sections(&taken);
        let mut files = FxHashSet::default();
        for at in 0..self.entries.len() {
            if self.entries[at].kind.is_article() {
                let file = self.file(at, &mut files);
                self.entries[at].file = file.into();
            }
        }
        self.settle_categories();
        let named: FxHashSet<u64> = self
            .menu_entries
            .iter()
            .map(|entry| entry.object_id)
            .collect();
        for entry in &mut self.entries {
            // Nobody asks for these any more, and a million of them are worth freeing.
            entry.slug = "".into();
            if entry.kind != Kind::Page && !named.contains(&entry.id) {
                entry.title = "".into();
            }
        }
    }

    /// Leaves each URL to the first item that has it. Returns the first parts of those that are left.
    fn settle_urls(&mut self) -> FxHashSet<String> {
        let mut firsts = FxHashSet::default();
        for at in 0..self.entries.len() {
            let entry = &self.entries[at];
            let Some(url) = entry.url.clone() else {
                continue;
            };
            let conflict = self.conflict(&url);
            let is_home = *url == *"/" && entry.kind == Kind::Page;
            if conflict.is_none() || (is_home && conflict == Some(Conflict::Made)) {
                self.by_url.insert(hash(&url), at as u32);
                self.folders.extend(above(&url).map(hash));
                firsts.extend(only_part(&url));
            } else {
                self.entries[at].url = None;
                self.entries[at].conflict = conflict;
            }
        }
        firsts
    }

    /// Leaves each path that articles had before to the first of those that readers see, and to the page
    /// that is there now.
    fn settle_old_paths(&mut self, firsts: &mut FxHashSet<String>) {
        let is_shown =
            |entry: &Entry| matches!(entry.status, Status::Published | Status::Scheduled);
        let (shown, hidden): (Vec<usize>, Vec<usize>) =
            (0..self.entries.len()).partition(|at| is_shown(&self.entries[*at]));
        for at in shown.into_iter().chain(hidden) {
            if self.entries[at].url.is_none() {
                self.entries[at].old = Box::default();
            }
            for number in 0..self.entries[at].old.len() {
                let path = self.entries[at].old[number].0.clone();
                let conflict = self.conflict(&path);
                if conflict.is_none() {
                    self.by_old.insert(hash(&path), at as u32);
                    self.folders.extend(above(&path).map(hash));
                    firsts.extend(only_part(&path));
                }
                self.entries[at].old[number].1 = conflict;
            }
        }
    }

    /// What keeps a path from being an article's.
    fn conflict(&self, path: &str) -> Option<Conflict> {
        if let Some(at) = self.owner(path) {
            let owner = &self.entries[at as usize];
            return Some(Conflict::Taken(owner.export, owner.line));
        }
        if is_made(path) {
            return Some(Conflict::Made);
        }
        let is_below_file = above(path).any(|folder| self.owner(folder).is_some());
        let is_file = !path.ends_with('/') && self.folders.contains(&hash(path));
        (is_below_file || is_file).then_some(Conflict::Folder)
    }

    /// The article that is at a path, or was.
    fn owner(&self, path: &str) -> Option<u32> {
        let hash = hash(path);
        let owner = self.by_url.get(&hash).or_else(|| self.by_old.get(&hash));
        owner.copied()
    }

    /// Whether something is at a path, or leads on from it, or keeps a page from being there.
    pub fn is_taken(&self, path: &str) -> bool {
        let is_section = |section: &Section| fold(path.trim_matches('/')) == section.folder;
        self.conflict(path).is_some() || self.sections.iter().any(is_section)
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

    /// Makes tags of the categories above those of articles, if they are no sections: the old site's
    /// listing of a category had what was below it as well.
    fn settle_categories(&mut self) {
        let sections = self.sections.iter().filter(|section| section.is_category);
        let sections = sections.map(|section| (&section.name, section.is_listed));
        let tags = self.categories.iter();
        let tags = tags.map(|(nicename, tag)| (nicename, tag.is_listed));
        let mut found = Vec::new();
        for (nicename, is_listed) in sections.chain(tags) {
            for above in self.above(nicename) {
                if !self.is_section(&above.nicename) {
                    let names = (above.nicename.clone(), plain_text(&above.name));
                    found.push((names, is_listed));
                }
            }
        }
        for (names, is_listed) in found {
            note(&mut self.categories, vec![names], is_listed);
        }
    }

    /// A file that no other item has, and at whose address nothing else is. Pages have no section, since the folder of one would be a listing at
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
        let is_free = |path: &str, files: &FxHashSet<u64>| {
            !files.contains(&hash(path))
                && (entry.url.is_some() || !self.is_taken(&address_of(path)))
        };
        while !is_free(&path, files) {
            path = format!("{stem}-{number}");
            number += 1;
        }
        files.insert(hash(&path));
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
}

/// The paths that have to be folders for a page to be at a path.
fn above(path: &str) -> impl Iterator<Item = &str> {
    let slashes = memchr::memchr_iter(b'/', path.as_bytes());
    slashes.filter(|at| *at > 0).map(|at| &path[..at])
}

/// The only part of a path that has one.
fn only_part(path: &str) -> Option<String> {
    let part = path.trim_matches('/');
    (!part.contains('/')).then(|| fold(part))
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
