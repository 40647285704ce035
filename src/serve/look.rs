//! The files of a site as they are at one moment, told from those of another by their identities.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::clock;
use crate::model::Identity;
use crate::pipeline::{self, SOURCES};

/// A file that was written twice within so long may look the same both times: the coarsest clock of
/// a file system, FAT's, ticks every two seconds.
const TICK: Duration = Duration::from_secs(2);

/// How long a file may be gone or empty while it is being saved. Editors take some 40 ms, and on a busy
/// machine 100 ms more; that an article has become empty is nothing that anybody waits to see.
const GONE: Duration = Duration::from_millis(80);
const EMPTY: Duration = Duration::from_secs(1);

/// What a look found.
#[derive(Default)]
pub struct Look {
    files: BTreeMap<String, Seen>,
    /// What symbolic links lead to.
    pub links: BTreeSet<PathBuf>,
}

/// A file as it was seen.
struct Seen {
    identity: Identity,
    /// When it was seen first, if it was so new then that it could have changed once more unseen.
    doubt: Option<Instant>,
}

/// What differs between two looks.
#[derive(Default, PartialEq, Eq)]
pub struct Difference {
    /// Files that changed, with what they are now; `None` for what is gone.
    files: BTreeMap<String, Option<Identity>>,
    /// Files that may have.
    doubtful: Vec<String>,
    /// What links lead to now, if they were looked for.
    links: Option<BTreeSet<PathBuf>>,
}

impl Look {
    /// How all files of a site differ from what was seen.
    pub fn at_all(&self, root: &Path) -> Difference {
        let (mut found, links) = pipeline::watched(root);
        found.retain(|(path, _)| !is_temporary(path));
        let now: BTreeMap<String, Identity> = found.into_iter().collect();
        let gone = self.files.keys().filter(|path| !now.contains_key(*path));
        let mut difference = Difference {
            files: gone.map(|path| (path.clone(), None)).collect(),
            links: Some(links),
            ..Difference::default()
        };
        for (path, identity) in now {
            self.compare(path, identity, false, &mut difference);
        }
        difference
    }

    /// How some paths differ from what was seen. `None` where that takes a look at all files: folders
    /// and links are more than one file.
    pub fn at_these(&self, root: &Path, paths: &BTreeSet<String>) -> Option<Difference> {
        if !self.links.is_empty() {
            return None;
        }
        let mut difference = Difference::default();
        for path in paths {
            match root.join(path).symlink_metadata() {
                Ok(found) if found.is_file() => {
                    if pipeline::is_watched(path) && !is_temporary(path) {
                        let identity = Identity::of(&found);
                        self.compare(path.clone(), identity, true, &mut difference);
                    }
                }
                Ok(_) => return None,
                Err(_) if self.files.contains_key(path) => {
                    difference.files.insert(path.clone(), None);
                }
                Err(_) => {
                    // It may have been a folder.
                    let inside = format!("{path}/");
                    let mut next = self.files.range(inside.clone()..);
                    if next
                        .next()
                        .is_some_and(|(path, _)| path.starts_with(&inside))
                    {
                        return None;
                    }
                }
            }
        }
        Some(difference)
    }

    /// `is_told`: whether there was an event.
    fn compare(
        &self,
        path: String,
        identity: Identity,
        is_told: bool,
        difference: &mut Difference,
    ) {
        match self.files.get(&path) {
            Some(seen) if seen.identity == identity => {
                let is_doubtful = |since: Instant| is_told || since.elapsed() > TICK;
                if seen.doubt.is_some_and(is_doubtful) {
                    difference.doubtful.push(path);
                }
            }
            _ => {
                difference.files.insert(path, Some(identity));
            }
        }
    }

    /// Takes what differs for seen. The files that changed, and those that may have.
    pub fn take(&mut self, difference: Difference) -> (Vec<String>, Vec<String>) {
        let (settled, now) = (clock::settled(), Instant::now());
        for path in &difference.doubtful {
            if let Some(seen) = self.files.get_mut(path) {
                seen.doubt = seen.doubt.filter(|since| since.elapsed() <= TICK);
            }
        }
        let mut files = Vec::with_capacity(difference.files.len());
        for (path, identity) in difference.files {
            files.push(path.clone());
            let Some(identity) = identity else {
                self.files.remove(&path);
                continue;
            };
            let doubt = (identity.modified >= settled).then_some(now);
            self.files.insert(path, Seen { identity, doubt });
        }
        if let Some(links) = difference.links {
            self.links = links;
        }
        (files, difference.doubtful)
    }
}

impl Difference {
    /// Whether a file is another one for certain.
    pub fn has_changed(&self) -> bool {
        !self.files.is_empty()
    }

    /// How long to wait, since a file is gone or empty, as it is for a moment while some editors save
    /// it; zero where none is.
    pub fn may_be_half_for(&self) -> Duration {
        let of = |identity: &Option<Identity>| match identity {
            None => GONE,
            Some(identity) if identity.size == 0 => EMPTY,
            Some(_) => Duration::ZERO,
        };
        self.files.values().map(of).max().unwrap_or_default()
    }
}

/// Whether a path is one of these, or below one.
pub fn is_below(path: &Path, folders: &[PathBuf]) -> bool {
    folders.iter().any(|folder| path.starts_with(folder))
}

/// Whether a path from the site's root is one of those that it is made from, or below one.
pub fn is_source(path: &str) -> bool {
    path.split('/')
        .next()
        .is_some_and(|first| SOURCES.contains(&first))
}

/// Whether a file's name is one that programs give to a file while they write it, which a build
/// would take for one of the site: vim's test `4913`, and what others write beside a file.
pub fn is_temporary(path: &str) -> bool {
    const ENDS: [&str; 6] = [
        ".tmp",
        ".bak",
        ".vsctmp",
        ".kate-swp",
        "___jb_tmp___",
        "___jb_old___",
    ];
    let name = path.rsplit('/').next().unwrap_or(path);
    // By chance there is a capital or a digit in it, and in words there is none.
    let is_random = |end: &str| {
        end.len() == 6
            && end.bytes().all(|byte| byte.is_ascii_alphanumeric())
            && !end.bytes().all(|byte| byte.is_ascii_lowercase())
    };
    // `.name.Ab12Cd` is rsync's, `sedAb12Cd` sed's.
    let is_copy = name.starts_with('.')
        && name[1..]
            .rsplit_once('.')
            .is_some_and(|(_, end)| is_random(end));
    name == "4913"
        || is_copy
        || name.strip_prefix("sed").is_some_and(is_random)
        || ENDS.iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_that_are_being_written_are_told_from_those_of_the_site() {
        for name in [
            "content/4913",
            "static/.budget.css.aB3xYz",
            "content/sedpQ7r2s",
            "a.tmp",
            "data/a.yaml.vsctmp",
            "content/budget.md___jb_tmp___",
        ] {
            assert!(is_temporary(name), "{name}");
        }
        for name in [
            "content/budget.md",
            "content/4914",
            "static/.htaccess",
            "static/.well-known/a.txt",
            "content/sedentary",
            "content/a#b.md",
        ] {
            assert!(!is_temporary(name), "{name}");
        }
    }
}
