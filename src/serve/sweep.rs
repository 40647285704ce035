//! A look at the pages that nobody has opened, while there is nothing else to do.
//!
//! One thread makes each page once and keeps nothing of it but what it was made from, so that after
//! an edit only those are made again that are made from something else.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;

use super::Site;
use super::version::Version;
use crate::key::Key;
use crate::render::{Answered, Renderer};

/// With nothing to do for so long there is time.
const CALM: Duration = Duration::from_millis(300);
/// How often those who wait are told how far it is, and what was found.
const TOLD: Duration = Duration::from_secs(1);

/// Knows whether there is something to do.
#[derive(Default)]
pub struct Calm {
    doing: Mutex<Doing>,
    changed: Condvar,
}

#[derive(Default)]
struct Doing {
    /// Requests and edits.
    now: usize,
    /// When the last of them was done.
    last: Option<Instant>,
}

/// There is something to do, until this is dropped.
pub struct Busy<'a>(&'a Calm);

impl Calm {
    /// Says that there is something to do.
    pub fn busy(&self) -> Busy<'_> {
        self.doing().now += 1;
        Busy(self)
    }

    /// Waits until something is wanted, and there is time for it.
    fn wait(&self, is_wanted: impl Fn() -> bool) {
        let mut doing = self.doing();
        loop {
            if doing.now > 0 || !is_wanted() {
                let waited = self.changed.wait(doing);
                doing = waited.unwrap_or_else(PoisonError::into_inner);
                continue;
            }
            let since = doing.last.map_or(CALM, |last| last.elapsed());
            let left = CALM.saturating_sub(since);
            if left.is_zero() {
                return;
            }
            let waited = self.changed.wait_timeout(doing, left);
            doing = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    fn doing(&self) -> MutexGuard<'_, Doing> {
        self.doing.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        let mut doing = self.0.doing();
        doing.now -= 1;
        doing.last = Some(Instant::now());
        drop(doing);
        self.0.changed.notify_all();
    }
}

/// Where it is.
#[derive(Default)]
struct Sweep {
    /// The version that is looked at.
    of: Weak<Version>,
    /// Renders pages of it. What that keeps for pages to come is 4 KB an article, and
    /// goes when the sweep is over.
    renderer: Option<Renderer>,
    /// The route that is next.
    next: usize,
    /// Counts versions.
    round: u32,
    /// What is known of pages, by a key of their paths.
    known: FxHashMap<Key, Known>,
    /// Pages that were made for this version.
    made: usize,
    /// How many mistakes were told.
    told: usize,
    told_at: Option<Instant>,
    took: Duration,
}

/// A page that could be made.
struct Known {
    from: (Key, Answered),
    took: Duration,
    /// When it was there last.
    round: u32,
}

/// Looks at the pages of each version in turn.
pub fn sweep(site: &Site) {
    let mut sweep = Sweep::default();
    loop {
        site.calm.wait(|| sweep.is_wanted(site));
        sweep.step(site);
    }
}

impl Sweep {
    fn is_wanted(&self, site: &Site) -> bool {
        let version = site.version();
        version.is_some_and(|version| !self.is_of(&version) || self.next < version.routes().len())
    }

    fn is_of(&self, version: &Arc<Version>) -> bool {
        self.of.ptr_eq(&Arc::downgrade(version))
    }

    /// Looks at one page.
    fn step(&mut self, site: &Site) {
        let Some(version) = site.version() else {
            return;
        };
        if !self.is_of(&version) {
            *self = Self {
                of: Arc::downgrade(&version),
                round: self.round.wrapping_add(1),
                known: std::mem::take(&mut self.known),
                renderer: Some(version.passing_renderer()),
                told: version.faulty(),
                told_at: Some(Instant::now()),
                ..Self::default()
            };
        }
        if self.next < version.routes().len() {
            let started = Instant::now();
            self.look(&version, self.next as u32);
            self.took += started.elapsed();
            self.next += 1;
        }
        let is_over = self.next == version.routes().len();
        if is_over {
            self.renderer = None;
            let round = self.round;
            self.known.retain(|_, known| known.round == round);
        }
        let is_time = self.told_at.is_none_or(|at| at.elapsed() > TOLD);
        if is_over || is_time {
            self.told_at = Some(Instant::now());
            if version.faulty() != self.told || is_over {
                self.told = version.faulty();
                site.tell_mistakes();
            }
            site.pages.tell_desks();
        }
        if is_over {
            site.tell.swept(self.made, self.told, self.took);
        }
    }

    fn look(&mut self, version: &Version, at: u32) {
        let Some(renderer) = &self.renderer else {
            return;
        };
        let path = Key::of_bytes(version.routes()[at as usize].url.as_str().as_bytes());
        let round = self.round;
        if let Some(took) = version.took(at) {
            if let Some(from) = version.made(at) {
                self.known.insert(path, Known { from, took, round });
            }
            return;
        }
        if let Some(known) = self.known.get_mut(&path)
            && version.would_be_made_from(at, &known.from, renderer)
        {
            known.round = round;
            version.note(at, known.took, None);
            return;
        }
        self.made += usize::from(Renderer::may_fail(&version.routes()[at as usize]));
        if let Some(from) = version.look(at, renderer) {
            let took = version.took(at).unwrap_or_default();
            self.known.insert(path, Known { from, took, round });
        }
    }
}
