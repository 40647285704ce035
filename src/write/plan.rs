//! What a commit is going to do, worked out from the outputs of this build and of earlier ones,
//! and checked against the disk before anything changes.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;
use rustc_hash::FxHashSet;
use walkdir::WalkDir;

use super::disk::{Disk, Kind, Stage};
use super::list::{List, without};
use super::manifest::Manifest;
use super::{Outputs, names};
use crate::diagnostics::{Code, Diagnostic};

/// A staged output: its path, and its number in staging.
pub(super) type Staged<'a> = (&'a str, u32);

/// The changes of a commit, in the order in which they are made.
#[derive(Debug, Default)]
pub(super) struct Plan<'a> {
    /// Outputs of earlier builds that lie where this one has a folder, or below a path where it
    /// has a file.
    pub(super) in_the_way: Vec<&'a str>,
    /// Folders where this build has a file, inner before outer.
    pub(super) dissolved: Vec<String>,
    /// Folders to create, outer before inner.
    pub(super) folders: Vec<&'a str>,
    /// What a page may refer to.
    pub(super) assets: Vec<Staged<'a>>,
    /// Names at the top of a folder that was empty, below which everything comes into place at once: those
    /// without a page first, and the home page last.
    pub(super) tree: Vec<&'a str>,
    /// The pages, which come into place after all they refer to.
    pub(super) pages: Vec<Staged<'a>>,
    /// Outputs of earlier builds that the site no longer has, but for those in the way.
    pub(super) stale: Vec<&'a str>,
}

impl<'a> Plan<'a> {
    /// Makes the plan, or says what is in the way and not Pressroom's own.
    pub(super) fn make(
        disk: &'a Disk,
        before: &'a Manifest,
        outputs: &'a Outputs<'a>,
        ignores_case: bool,
    ) -> Result<Self, Diagnostic> {
        let staged: Vec<Staged> = outputs
            .staged
            .iter()
            .filter_map(|(path, staged)| match staged.stage {
                Stage::Number(number) => Some((path.as_str(), number)),
                Stage::InPlace | Stage::Tree => None,
            })
            .collect();
        let tree = outputs.staged.iter();
        let tree = tree.filter(|(_, staged)| staged.stage == Stage::Tree);
        let tree: Vec<&str> = tree.map(|(path, _)| path.as_str()).collect();
        let folders = folders_of(staged.iter().map(|(path, _)| *path));
        let in_tree = folders_of(tree.iter().copied());
        let mut all = folders.iter().chain(&in_tree);
        if let Some(folder) = all.find(|folder| outputs.has(folder)) {
            return Err(both_file_and_folder(disk, folder));
        }
        let current = Names::of(outputs, ignores_case);
        let (in_the_way, stale) = without(before.outputs.iter(), outputs.iter())
            .map(|(path, _)| path)
            .filter(|path| !current.contains(path))
            .partition(|path| {
                folders.contains(path) || names::folders(path).any(|folder| outputs.has(folder))
            });
        let (pages, assets) = staged.iter().partition(|(path, _)| is_page(path));
        let mut plan = Plan {
            in_the_way,
            assets,
            tree: tops(&tree),
            pages,
            stale,
            ..Plan::default()
        };
        Survey {
            disk,
            outputs,
            ours: Names::of(&before.outputs, ignores_case),
            leaving: plan.in_the_way.iter().copied().collect(),
        }
        .check(&mut plan, &folders, &staged)?;
        Ok(plan)
    }
}

pub(super) fn is_page(path: &str) -> bool {
    path.rsplit_once('.')
        .is_some_and(|(_, extension)| extension.eq_ignore_ascii_case("html"))
}

/// The names at the top of some paths: those without a page first, and the home page last.
fn tops<'a>(paths: &[&'a str]) -> Vec<&'a str> {
    let mut tops: BTreeMap<&str, bool> = BTreeMap::new();
    for path in paths {
        let top = path.split('/').next().unwrap_or(path);
        *tops.entry(top).or_default() |= is_page(path);
    }
    let mut tops: Vec<_> = tops.into_iter().collect();
    tops.sort_by_key(|(top, has_page)| (*has_page, *top == "index.html"));
    tops.into_iter().map(|(top, _)| top).collect()
}

fn folders_of<'a>(paths: impl Iterator<Item = &'a str>) -> BTreeSet<&'a str> {
    let mut folders = BTreeSet::new();
    for path in paths {
        for folder in names::folders(path).rev() {
            if !folders.insert(folder) {
                break; // Its own folders are there as well.
            }
        }
    }
    folders
}

fn both_file_and_folder(disk: &Disk, path: &str) -> Diagnostic {
    let path = disk.show(path);
    Diagnostic::new(
        Code::Output,
        format!("{path} is both a file and a folder of the site"),
    )
    .hint("give one of the two another URL")
}

/// Outputs by their paths.
trait Paths {
    fn has(&self, path: &str) -> bool;
    fn paths(&self) -> impl Iterator<Item = &str>;
}

impl Paths for List {
    fn has(&self, path: &str) -> bool {
        self.has(path)
    }

    fn paths(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(path, _)| path)
    }
}

impl Paths for Outputs<'_> {
    fn has(&self, path: &str) -> bool {
        self.has(path)
    }

    fn paths(&self) -> impl Iterator<Item = &str> {
        self.iter().map(|(path, _)| path)
    }
}

/// Paths, compared the way the disk compares names.
struct Names<'a, T> {
    exact: &'a T,
    lower: Option<FxHashSet<String>>,
}

impl<'a, T: Paths> Names<'a, T> {
    fn of(exact: &'a T, ignores_case: bool) -> Self {
        let lower = ignores_case.then(|| exact.paths().map(str::to_lowercase).collect());
        Self { exact, lower }
    }

    fn contains(&self, path: &str) -> bool {
        let lower = self.lower.as_ref();
        self.exact.has(path) || lower.is_some_and(|lower| lower.contains(&path.to_lowercase()))
    }
}

/// A look at everything in place that the plan is about to change.
struct Survey<'a> {
    disk: &'a Disk,
    outputs: &'a Outputs<'a>,
    ours: Names<'a, List>,
    leaving: FxHashSet<&'a str>,
}

/// What the survey finds at the path of an output.
enum Place {
    Free,
    /// Folders that hold nothing but what is leaving, inner before outer.
    Dissolving(Vec<String>),
    /// Something of somebody else's, at this path.
    Taken(String),
}

impl<'a> Survey<'a> {
    fn check(
        &self,
        plan: &mut Plan<'a>,
        folders: &BTreeSet<&'a str>,
        staged: &[Staged],
    ) -> Result<(), Diagnostic> {
        let mut foreign = Vec::new();
        let mut missing = FxHashSet::default();
        for &folder in folders {
            // In a folder that is missing, everything is: that saves a clean build most look-ups.
            let inside_missing = names::parent(folder).is_some_and(|p| missing.contains(p));
            let kind = if inside_missing {
                Kind::Missing
            } else {
                self.disk.kind(folder)?
            };
            match kind {
                Kind::Folder => continue,
                Kind::File if !self.leaving.contains(folder) => foreign.push(folder.to_owned()),
                Kind::Other => return Err(self.link(folder)),
                Kind::Missing | Kind::File => {}
            }
            missing.insert(folder);
            plan.folders.push(folder);
        }
        let places = staged
            .par_iter()
            .filter(|(path, _)| !names::parent(path).is_some_and(|p| missing.contains(p)))
            .map(|(path, _)| self.place(path))
            .collect::<Result<Vec<_>, _>>()?;
        for place in places {
            match place {
                Place::Free => {}
                Place::Dissolving(folders) => plan.dissolved.extend(folders),
                Place::Taken(path) => foreign.push(path),
            }
        }
        for top in &plan.tree {
            if self.disk.kind(top)? != Kind::Missing {
                foreign.push((*top).to_owned());
            }
        }
        match foreign.first() {
            None => Ok(()),
            Some(first) => Err(self.foreign(first, foreign.len() - 1)),
        }
    }

    fn place(&self, path: &str) -> Result<Place, Diagnostic> {
        Ok(match self.disk.kind(path)? {
            Kind::Missing => Place::Free,
            Kind::File if self.ours.contains(path) => Place::Free,
            Kind::File => Place::Taken(path.to_owned()),
            Kind::Other => return Err(self.link(path)),
            Kind::Folder => self.dissolve(path)?,
        })
    }

    /// Looks through a folder where a file is to be.
    fn dissolve(&self, path: &str) -> Result<Place, Diagnostic> {
        let mut folders = Vec::new();
        let top = self.disk.path(path);
        for entry in WalkDir::new(&top).contents_first(true).sort_by_file_name() {
            let entry = entry.map_err(|error| self.disk.failed("read", path, &error.into()))?;
            let inside = entry.path().strip_prefix(&top).unwrap_or(entry.path());
            let parts = inside.iter().map(|part| part.to_string_lossy());
            let found = parts.fold(path.to_owned(), |path, part| path + "/" + &part);
            if entry.file_type().is_dir() {
                folders.push(found);
            } else if self.outputs.has(&found) {
                return Err(both_file_and_folder(self.disk, path));
            } else if !entry.file_type().is_file() || !self.leaving.contains(found.as_str()) {
                return Ok(Place::Taken(found));
            }
        }
        Ok(Place::Dissolving(folders))
    }

    fn link(&self, path: &str) -> Diagnostic {
        let message = format!(
            "{} is a link, and Pressroom writes only to its output folder itself",
            self.disk.show(path)
        );
        Diagnostic::new(Code::Output, message).hint("remove the link, or give the page another URL")
    }

    fn foreign(&self, first: &str, others: usize) -> Diagnostic {
        let first = self.disk.show(first);
        let message = match others {
            0 => format!("{first} is in the way and was not written by Pressroom"),
            1 => format!(
                "{first} and one other file are in the way and were not written by Pressroom"
            ),
            _ => format!(
                "{first} and {others} other files are in the way and were not written by Pressroom"
            ),
        };
        Diagnostic::new(Code::Output, message).hint(
            "move it to static/ if it belongs to the site, delete it, or give the page another URL",
        )
    }
}
