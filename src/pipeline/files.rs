//! The files that articles, data and copies are made from, and all that a site is made from.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::{Request, SOURCES};
use crate::config;
use crate::diagnostics::Diagnostics;
use crate::model::{Identity, SourceFile};
use crate::render::embedded_text;
use crate::source;

/// What the folders of a site hold.
pub(super) struct Files {
    pub content: Vec<SourceFile>,
    pub data: Vec<SourceFile>,
    pub statics: Vec<SourceFile>,
    /// Whether there are no links among them, through which a file would have several names.
    pub are_plain: bool,
    /// What is wrong with them.
    pub found: Diagnostics,
}

impl Files {
    /// The folders that are looked through.
    pub const FOLDERS: [&str; 3] = ["content", "data", "static"];

    /// All of them, with what tells whether they are as they were.
    pub fn walk(request: &Request) -> Self {
        let mut found = Diagnostics::new();
        let mut are_plain = true;
        let [content, data, statics] = Self::FOLDERS.map(|folder| {
            let walked = source::walk_identified(&request.root, folder, request.settled);
            found.extend(walked.found);
            are_plain &= walked.is_plain;
            let mut files = walked.files;
            if request.verify && folder != "content" {
                // What has no identity is compared.
                for file in &mut files {
                    file.identity = None;
                }
            }
            files
        });
        Self {
            content,
            data,
            statics,
            are_plain,
            found,
        }
    }

    pub fn all(&self) -> impl Iterator<Item = &SourceFile> {
        self.content.iter().chain(&self.data).chain(&self.statics)
    }
}

/// Bytes of a file beyond which it is not shown: nobody wrote that by hand.
const LONGEST: u64 = 4 * 1024 * 1024;

/// The file of the site that a path names, from the site's folder. Paths are looked up among the
/// files that there are, and never followed: no path leads out of the site.
fn source_file(root: &Path, path: &str) -> Option<SourceFile> {
    if path == config::FILE {
        return source::file(root, config::FILE);
    }
    let folder = path.split('/').next()?;
    let folder = SOURCES.iter().find(|source| **source == folder)?;
    let (files, _) = source::walk(root, folder);
    files.into_iter().find(|file| file.path == path)
}

/// The text of a file that the site is made from, or of one of the program's own themes, by its path
/// from the site's folder. `None` where there is no such file, or where it is no text.
#[must_use]
pub fn source_text(root: &Path, path: &str) -> Option<String> {
    let Some(file) = source_file(root, path) else {
        return embedded_text(path).map(str::to_owned);
    };
    let size = file.absolute().metadata().ok()?.len();
    if size > LONGEST {
        return None;
    }
    source::text(&file).ok()
}

/// All files that a site is made from, as they are now, and what symbolic links lead to on the way
/// to them. What cannot be a file of the site has no identity, and is told to be there.
#[must_use]
pub fn watched(root: &Path) -> (Vec<(String, Identity)>, BTreeSet<PathBuf>) {
    let (mut files, mut links) = (Vec::new(), BTreeSet::new());
    for folder in SOURCES.iter().filter(|name| **name != config::FILE) {
        let (found, wrong) = source::walk_watched(root, folder, &mut links);
        let wrong = wrong.iter().filter_map(|wrong| wrong.place.as_ref());
        files.extend(wrong.map(|place| (place.file.clone(), Identity::default())));
        let found = found.into_iter();
        files.extend(found.map(|file| (file.path, file.identity.unwrap_or_default())));
    }
    let file = root.join(config::FILE);
    if let Ok(found) = file.metadata() {
        files.push((config::FILE.to_owned(), Identity::of(&found)));
    }
    if file.is_symlink() {
        links.extend(file.canonicalize());
    }
    (files, links)
}

/// Whether a regular file is one that a site is made from, by its path from the site's root.
#[must_use]
pub fn is_watched(path: &str) -> bool {
    match path.split_once('/') {
        Some((folder, _)) => SOURCES.contains(&folder) && source::is_walked(path),
        None => path == config::FILE,
    }
}
