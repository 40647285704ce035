//! When to look at the files again.
//!
//! Events are hints, no more: what has changed the identities of files tell. All of them are looked
//! at where events do not say enough, once in a while in any case, and each second where there are no
//! events. So a lost event costs nothing but time, and one too many a look.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode};
use notify::{Config, ErrorKind, Event, EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::Tell;
use super::look::{Difference, Look, is_below, is_source, is_temporary};
use crate::model::Identity;
use crate::pipeline::SOURCES;

/// No event for so long, and a burst is over: editors write a file in several steps.
const QUIET: Duration = Duration::from_millis(4);
/// A burst is looked into after so long even if it goes on.
const LONGEST: Duration = Duration::from_millis(400);
/// The same while git changes the files.
const GIT_QUIET: Duration = Duration::from_millis(300);
const GIT_LONGEST: Duration = Duration::from_secs(10);
/// For how long a site is read again because it changed meanwhile, before it is shown as it was read.
const UNSTEADY: Duration = Duration::from_secs(2);

/// How often all files are looked at where there are no events, and where there are: less often the
/// longer nothing has changed.
const POLL: Duration = Duration::from_secs(1);
const RARELY: Duration = Duration::from_secs(10);
const SELDOM: Duration = Duration::from_secs(60);
/// A look may take one part in so many of the time, where there are no events and where there are.
const SHARE: u32 = 20;
const SMALL_SHARE: u32 = 200;

/// What a site is made from, watched.
pub struct Watch {
    root: PathBuf,
    /// Where builds write to, and where caches are.
    not: Vec<PathBuf>,
    look: Look,
    /// When all files are looked at again in any case.
    next_look: Instant,
    /// How long the last look at all files took.
    took: Duration,
    /// When something was seen to have changed.
    last_change: Instant,
    events: Receiver<notify::Result<Event>>,
    send: Sender<notify::Result<Event>>,
    /// `None` where there are no events.
    watcher: Option<RecommendedWatcher>,
    /// Folders that are watched, with their numbers on disk: one that was made anew is another.
    watched: BTreeMap<PathBuf, (u64, RecursiveMode)>,
    tell: Arc<dyn Tell>,
}

/// What has changed.
pub struct Change {
    /// Files that changed, from the site's folder.
    pub files: BTreeSet<String>,
    /// Files that may have, and look as they did.
    pub doubtful: BTreeSet<String>,
    began: Instant,
}

/// Events that belong together.
#[derive(Default)]
struct Burst {
    paths: BTreeSet<String>,
    /// Whether all files are to be looked at.
    is_whole: bool,
    /// Whether events were lost, and with them folders to watch.
    is_lost: bool,
}

impl Burst {
    fn is_empty(&self) -> bool {
        self.paths.is_empty() && !self.is_whole
    }
}

impl Watch {
    /// Watches a site; `polls` says to do without events.
    pub fn new(root: &Path, output: &Path, polls: bool, tell: Arc<dyn Tell>) -> Self {
        let root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
        let output = output.canonicalize().unwrap_or_else(|_| output.to_owned());
        let (send, events) = channel();
        let mut watch = Self {
            not: vec![output, root.join(".pressroom")],
            root,
            look: Look::default(),
            next_look: Instant::now(),
            took: Duration::ZERO,
            last_change: Instant::now(),
            events,
            send,
            watcher: None,
            watched: BTreeMap::new(),
            tell,
        };
        // What changes after it is looked at and before it is watched is read in any case, since sites
        // are read after both, and differs at the next look.
        let (look, root) = (Look::default(), watch.root.clone());
        let looking = || {
            let started = Instant::now();
            (look.at_all(&root), started.elapsed())
        };
        let ((difference, took), ()) = rayon::join(looking, || {
            if !polls {
                watch.begin();
            }
        });
        watch.looked(took);
        watch.look.take(difference);
        watch.renew();
        watch
    }

    /// Watches all folders, from scratch. Where that is not possible there are no events from now on.
    fn begin(&mut self) {
        let wanted = self.wanted();
        let watching = RecommendedWatcher::new(
            self.send.clone(),
            // A link may lead to a whole disk, which a build refuses to read.
            Config::default().with_follow_symlinks(false),
        );
        let watching = watching.and_then(|mut watcher| {
            for (folder, (_, mode)) in &wanted {
                match watcher.watch(folder, *mode) {
                    // What is gone already is seen to be gone.
                    Err(error) if matches!(error.kind, ErrorKind::PathNotFound) => {}
                    watched => watched?,
                }
            }
            Ok(watcher)
        });
        self.watched = wanted;
        match watching {
            Ok(watcher) => self.watcher = Some(watcher),
            Err(error) => {
                self.watcher = None;
                self.tell.polls(&reason(&error));
            }
        }
    }

    /// Watches what there is now, if that is not what is watched.
    fn renew(&mut self) {
        if self.watcher.is_some() && self.watched != self.wanted() {
            self.begin();
            // What changed in a folder before it was watched is seen then.
            self.next_look = Instant::now() + POLL;
        }
    }

    /// Folders to watch: the site's own, those in it that it is made from, and those that links lead to.
    fn wanted(&self) -> BTreeMap<PathBuf, (u64, RecursiveMode)> {
        let folders = SOURCES.iter().map(|source| self.root.join(source));
        let links = self.look.links.iter().map(|target| {
            if target.is_dir() && !target.is_symlink() {
                (target.clone(), RecursiveMode::Recursive)
            } else {
                // A file, or one more link, is often exchanged as a whole.
                let folder = target.parent().unwrap_or(target);
                (folder.to_owned(), RecursiveMode::NonRecursive)
            }
        });
        let links = links.filter(|(target, _)| !is_below(target, &self.not));
        let once = [(self.root.clone(), RecursiveMode::NonRecursive)];
        let all = once.into_iter().chain(links);
        let all = all.chain(folders.map(|folder| (folder, RecursiveMode::Recursive)));
        all.filter_map(|(folder, mode)| {
            let found = folder.metadata().ok().filter(std::fs::Metadata::is_dir)?;
            Some((folder, (Identity::of(&found).inode, mode)))
        })
        .collect()
    }

    /// Waits until something has changed, and until whatever changes it is done.
    pub fn next(&mut self) -> Change {
        loop {
            let mut burst = Burst::default();
            let left = self.next_look.saturating_duration_since(Instant::now());
            match self.events.recv_timeout(left) {
                Ok(event) => self.note(&event, &mut burst),
                Err(_) => burst.is_whole = true,
            }
            if burst.is_empty() {
                continue;
            }
            let mut change = Change {
                files: BTreeSet::new(),
                doubtful: BTreeSet::new(),
                began: Instant::now(),
            };
            if self.gather(burst, &mut change) {
                return change;
            }
        }
    }

    /// Whether something has changed since, so that what was read in between may be half of it. Then
    /// this waits once more, and `change` is all that changed.
    pub fn goes_on(&mut self, change: &mut Change) -> bool {
        if change.began.elapsed() > UNSTEADY {
            return false;
        }
        let mut burst = Burst {
            is_whole: self.watcher.is_none(),
            ..Burst::default()
        };
        while let Ok(event) = self.events.try_recv() {
            self.note(&event, &mut burst);
        }
        if burst.is_empty() {
            // The event may be on its way still.
            let since = self.look.at_these(&self.root, &change.files);
            if since.is_none_or(|since| !since.has_changed()) {
                return false;
            }
            burst.paths.clone_from(&change.files);
        }
        self.gather(burst, change)
    }

    /// Waits for a burst to be over, and adds to a change what is another now. Whether anything is.
    fn gather(&mut self, mut burst: Burst, change: &mut Change) -> bool {
        let started = Instant::now();
        let (mut last, mut quiet, mut half) = (started, QUIET, None);
        let mut difference = loop {
            match self.events.recv_timeout(quiet) {
                Ok(event) => {
                    self.note(&event, &mut burst);
                    (last, quiet) = (Instant::now(), QUIET);
                    let took = started.elapsed();
                    if took < LONGEST || (took < GIT_LONGEST && is_git_at_work(&self.root)) {
                        continue;
                    }
                }
                Err(_) if last.elapsed() < GIT_QUIET && is_git_at_work(&self.root) => continue,
                Err(_) => {}
            }
            let difference = self.look_at(&burst);
            let saving = difference.may_be_half_for();
            let is_over = saving.is_zero() || started.elapsed() > UNSTEADY;
            // It stays like that, and is not being saved.
            let is_meant = quiet == saving && half.as_ref() == Some(&difference);
            if is_over || is_meant {
                break difference;
            }
            (quiet, half) = (saving, Some(difference));
        };
        if burst.is_lost && self.watcher.is_some() {
            self.begin();
            difference = self.look_at_all();
        }
        let (files, doubtful) = self.look.take(difference);
        let is_another = !files.is_empty() || !doubtful.is_empty();
        if is_another {
            self.last_change = Instant::now();
            self.next_look = self.next_look.min(Instant::now() + self.pause());
        }
        change.files.extend(files);
        change.doubtful.extend(doubtful);
        self.renew();
        is_another
    }

    fn look_at(&mut self, burst: &Burst) -> Difference {
        let these = (!burst.is_whole)
            .then(|| self.look.at_these(&self.root, &burst.paths))
            .flatten();
        these.unwrap_or_else(|| self.look_at_all())
    }

    fn look_at_all(&mut self) -> Difference {
        let started = Instant::now();
        let difference = self.look.at_all(&self.root);
        self.looked(started.elapsed());
        difference
    }

    /// Notes that a look at all files `took` so long.
    fn looked(&mut self, took: Duration) {
        self.took = took;
        self.next_look = Instant::now() + self.pause();
    }

    /// How long to wait from now on before all files are looked at again.
    fn pause(&self) -> Duration {
        // A site's folder that is gone can come again unseen.
        if self.watcher.is_none() || !self.root.is_dir() {
            return POLL.max(self.took * SHARE);
        }
        let calm = self.last_change.elapsed();
        RARELY.max(self.took * SMALL_SHARE).max(calm.min(SELDOM))
    }

    fn note(&self, event: &notify::Result<Event>, burst: &mut Burst) {
        let Ok(event) = event else {
            // What it was about nobody knows.
            (burst.is_whole, burst.is_lost) = (true, true);
            return;
        };
        let written = EventKind::Access(AccessKind::Close(AccessMode::Write));
        let is_reading = event.kind.is_access() && event.kind != written;
        if is_reading {
            return;
        }
        if event.need_rescan() {
            (burst.is_whole, burst.is_lost) = (true, true);
        }
        for path in &event.paths {
            if is_below(path, &self.not) || is_temporary(&path.to_string_lossy()) {
                continue;
            }
            let inside = path.strip_prefix(&self.root).map(Path::to_str);
            match inside.map(|inside| inside.map(|inside| inside.replace('\\', "/"))) {
                Ok(Some(inside)) if is_source(&inside) => {
                    burst.paths.insert(inside);
                }
                // The site's folder itself.
                Ok(Some(inside)) if inside.is_empty() => burst.is_whole = true,
                // Names that are none are told as well.
                Ok(None) => burst.is_whole = true,
                // Links may lead there.
                _ => burst.is_whole |= !self.look.links.is_empty(),
            }
        }
    }
}

/// Whether git is changing files: it keeps its index locked as long.
fn is_git_at_work(root: &Path) -> bool {
    let git = root.ancestors().map(|folder| folder.join(".git"));
    let Some(git) = git.into_iter().find(|git| git.exists()) else {
        return false;
    };
    // In a worktree it is a file that says where the folder is (gitrepository-layout).
    let elsewhere = std::fs::read_to_string(&git).unwrap_or_default();
    let folder = match elsewhere.strip_prefix("gitdir:") {
        Some(folder) => git.with_file_name(folder.trim()),
        None => git,
    };
    folder.join("index.lock").exists()
}

/// Why files cannot be watched.
fn reason(error: &notify::Error) -> String {
    match &error.kind {
        ErrorKind::MaxFilesWatch => "the system watches no more folders".to_owned(),
        ErrorKind::Io(error) => error.to_string(),
        other => format!("{other:?}"),
    }
}
