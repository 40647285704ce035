//! When to look at the files again.
//!
//! Events are hints, no more: what has changed the times of files tell when they are read. So a
//! lost event costs nothing but time, and one too many a look.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode};
use notify::{Config, Event, EventKind, PollWatcher, RecommendedWatcher, RecursiveMode, Watcher};

use super::Tell;
use crate::pipeline::SOURCES;

/// No event for so long, and a burst is over: editors write a file in several steps.
const QUIET: Duration = Duration::from_millis(12);
/// A burst is looked into after so long even if it goes on.
const LONGEST: Duration = Duration::from_millis(400);
/// How long a file may be gone or empty while it is being saved.
const SAVING: Duration = Duration::from_millis(80);
/// How often files are asked where they cannot be watched.
const POLL: Duration = Duration::from_secs(1);

/// Bursts of changes.
pub struct Changes {
    root: PathBuf,
    /// Where builds write to, and where caches are.
    not: Vec<PathBuf>,
    events: Receiver<notify::Result<Event>>,
    watching: Watching,
}

/// What watches.
struct Watching {
    watcher: Box<dyn Watcher + Send>,
    watched: BTreeSet<PathBuf>,
}

/// Watches what a site is made from.
pub fn watch(root: &Path, output: &Path, tell: &dyn Tell) -> Changes {
    let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let output = output.canonicalize().unwrap_or_else(|_| output.to_owned());
    let (send, events) = channel();
    let told = RecommendedWatcher::new(send.clone(), Config::default()).and_then(|watcher| {
        let mut watching = Watching::with(watcher);
        watching.begin(&root)?;
        Ok(watching)
    });
    let watching = told.unwrap_or_else(|error| {
        tell.polls(&error.to_string());
        polling(&root, send)
    });
    Changes {
        not: vec![output, root.join(".pressroom")],
        root,
        events,
        watching,
    }
}

fn polling(root: &Path, send: Sender<notify::Result<Event>>) -> Watching {
    let config = Config::default().with_poll_interval(POLL);
    let watcher = PollWatcher::new(send, config).expect("polling takes a thread and no more");
    let mut watching = Watching::with(watcher);
    let _ = watching.begin(root);
    watching
}

impl Watching {
    fn with(watcher: impl Watcher + Send + 'static) -> Self {
        Self {
            watcher: Box::new(watcher),
            watched: BTreeSet::new(),
        }
    }

    /// Watches a site's folder, and those in it that it is made from.
    fn begin(&mut self, root: &Path) -> notify::Result<()> {
        self.watcher.watch(root, RecursiveMode::NonRecursive)?;
        self.complete(root)
    }

    /// Watches folders that have come since.
    fn complete(&mut self, root: &Path) -> notify::Result<()> {
        self.watched.retain(|folder| folder.is_dir());
        for source in SOURCES {
            let folder = root.join(source);
            if folder.is_dir() && !self.watched.contains(&folder) {
                self.watcher.watch(&folder, RecursiveMode::Recursive)?;
                self.watched.insert(folder);
            }
        }
        Ok(())
    }
}

impl Changes {
    /// Waits for the next burst to be over; the files that it is about, from the site's folder. `None`
    /// when nothing is watched any more.
    pub fn next(&mut self) -> Option<Vec<String>> {
        let mut files = BTreeSet::new();
        while files.is_empty() {
            self.note(&self.events.recv().ok()?, &mut files);
        }
        let started = Instant::now();
        let mut quiet = QUIET;
        loop {
            match self.events.recv_timeout(quiet) {
                Ok(event) => self.note(&event, &mut files),
                Err(RecvTimeoutError::Timeout) if quiet == QUIET && self.is_being_saved(&files) => {
                    quiet = SAVING;
                    continue;
                }
                Err(_) => break,
            }
            if started.elapsed() > LONGEST {
                break;
            }
            quiet = QUIET;
        }
        let _ = self.watching.complete(&self.root);
        Some(files.into_iter().collect())
    }

    fn note(&self, event: &notify::Result<Event>, files: &mut BTreeSet<String>) {
        let Ok(event) = event else {
            // What it was about nobody knows.
            files.insert(String::new());
            return;
        };
        let written = EventKind::Access(AccessKind::Close(AccessMode::Write));
        let is_reading = event.kind.is_access() && event.kind != written;
        if is_reading {
            return;
        }
        if event.need_rescan() {
            files.insert(String::new());
        }
        let paths = event.paths.iter().filter(|path| self.is_of_site(path));
        let shown = paths.map(|path| {
            let path = path.strip_prefix(&self.root).unwrap_or(path);
            path.to_string_lossy().replace('\\', "/")
        });
        files.extend(shown);
    }

    /// Whether a path belongs to the site, and not to an editor.
    fn is_of_site(&self, path: &Path) -> bool {
        if self.not.iter().any(|folder| path.starts_with(folder)) {
            return false;
        }
        let Ok(inside) = path.strip_prefix(&self.root) else {
            return false;
        };
        let first = inside.iter().next().map(|part| part.to_string_lossy());
        let is_source = first.is_some_and(|first| SOURCES.contains(&&*first));
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        is_source && !is_temporary(&name)
    }

    /// Whether a file is gone or empty, as it is for a moment while some editors save it.
    fn is_being_saved(&self, files: &BTreeSet<String>) -> bool {
        files.iter().filter(|path| !path.is_empty()).any(|path| {
            match self.root.join(path).metadata() {
                Ok(found) => found.is_file() && found.len() == 0,
                Err(_) => true,
            }
        })
    }
}

/// Whether a file's name is one that editors give to files of their own: vim's swap files and its
/// test `4913`, backups, and what Emacs, JetBrains and others write beside a file.
fn is_temporary(name: &str) -> bool {
    let ends = [
        "~",
        ".swp",
        ".swx",
        ".swo",
        ".tmp",
        ".bak",
        "___jb_tmp___",
        "___jb_old___",
    ];
    name == "4913"
        || name.starts_with('.')
        || name.starts_with('#')
        || ends.iter().any(|end| name.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_editors_are_told_from_those_of_the_site() {
        for name in [
            "4913",
            ".budget.md.swp",
            "budget.md~",
            "#budget.md#",
            ".#budget.md",
            "a.tmp",
            ".DS_Store",
            "budget.md___jb_tmp___",
        ] {
            assert!(is_temporary(name), "{name}");
        }
        for name in ["budget.md", "4914", "style.css", "a#b.md", "index.md"] {
            assert!(!is_temporary(name), "{name}");
        }
    }
}
