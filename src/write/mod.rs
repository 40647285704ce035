//! The output folder: what comes in is the path and the bytes of every output of a build, what
//! goes out is the site on disk and a [`Report`] of what changed.
//!
//! Outputs that differ from the file in place are staged in `OUTPUT/.pressroom/staging` and
//! renamed into place by [`Output::commit`], so a build that fails changes nothing of the site.
//! `OUTPUT/.pressroom/manifest` lists what is Pressroom's own: only that is ever replaced or
//! removed. A build that is killed leaves every file whole, old or new, and everything it may
//! have put there is in the manifest by then, so that the next build completes it. Nothing is
//! synced to the medium: what a power cut leaves is up to the file system.

mod commit;
mod compare;
mod compress;
mod disk;
mod folder;
mod list;
mod look;
mod manifest;
mod names;
mod plan;
mod records;
mod shard;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use xxhash_rust::xxh3::xxh3_64;

use crate::diagnostics::{Code, Diagnostic};
use crate::model::Identity;
use crate::sealed::Unusable;
pub use records::{Made, MadeFrom, Stamp, unchanged};
pub use shard::{Shard, Share, merge};

use disk::{Disk, Stage};
use list::merged;
use manifest::Manifest;
use records::{Record, Records};

/// What a build changed in the output folder. Paths are relative to it, with `/` between their
/// parts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// Outputs that are new or have new bytes, sorted.
    pub written: Vec<String>,
    /// Outputs of earlier builds that the site no longer has, sorted.
    pub removed: Vec<String>,
    /// Number of outputs that were in place already, and keep their modification time.
    pub unchanged: usize,
    /// Size of all that was written, in bytes.
    pub bytes_written: u64,
}

/// The bytes of an output, as the manifest records them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Content {
    /// xxh3, 64 bits.
    hash: u64,
    /// In bytes.
    size: u64,
}

/// What a build leaves beside its outputs, for whoever comes next.
#[derive(Debug, Clone, Default)]
pub struct Notes {
    /// For a build that has nothing to do.
    pub stamp: Option<Stamp>,
    /// For the merger, if these are not all outputs of a site.
    pub shard: Option<Shard>,
}

/// What is known of an output before it is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Known<'a> {
    /// There is no such file yet, or no more.
    Missing,
    /// It is there, and nothing is known of it.
    Unrecorded,
    /// Somebody has changed it since it was made.
    Touched,
    /// What it is made from is not recorded.
    MadeEachTime,
    /// It was made from this.
    Made(MadeFrom<'a>),
}

/// An output of the last build that nobody has touched since, and what it was made from.
#[derive(Debug, Clone, Copy)]
pub struct InPlace<'a> {
    row: usize,
    /// What it was made from.
    pub made: MadeFrom<'a>,
}

/// An output that this build has made.
#[derive(Debug)]
struct Staged {
    content: Content,
    stage: Stage,
    /// What it was made from; `None` when it is to be made again by the next build.
    made: Option<Made>,
    /// The file that is or will be in place.
    identity: Option<Identity>,
}

/// Outputs of a build: what it has made, in the order of paths, and what it keeps of the last one's.
struct Outputs<'a> {
    staged: Vec<(String, Staged)>,
    before: &'a Records,
}

impl Outputs<'_> {
    fn has(&self, path: &str) -> bool {
        let by_path = |(staged, _): &(String, Staged)| staged.as_str().cmp(path);
        self.staged.binary_search_by(by_path).is_ok() || self.before.is_kept(path)
    }

    fn len(&self) -> usize {
        self.staged.len() + self.before.kept_count()
    }

    /// All of them in the order of their paths.
    fn iter(&self) -> impl Iterator<Item = (&str, Content)> {
        let staged = self.staged.iter();
        let staged = staged.map(|(path, staged)| (path.as_str(), staged.content));
        let kept = self.before.kept();
        merged(staged, kept.map(|(path, record)| (path, record.content)))
    }
}

/// An output folder that is open for one build, and locked until this is dropped.
///
/// Dropped without [`Output::commit`], it leaves the site as it was and removes the staging.
#[derive(Debug)]
pub struct Output {
    disk: Disk,
    before: Manifest,
    records: Arc<Records>,
    /// What is to be said of the records.
    warning: Option<Diagnostic>,
    /// In the order in which they came.
    staged: Mutex<Vec<(String, Staged)>>,
    /// Whether the disk takes `a` and `A` for one name.
    ignores_case: bool,
    /// Whether outputs are read to know whether anybody has touched them.
    verify: bool,
    /// How many outputs lie beside others in compressed form.
    beside: AtomicU64,
    /// Held for its lock; the last field, so that it is released last.
    _lock: File,
}

/// What an output folder says of itself, read before it is opened, when there is time for that.
#[derive(Debug, Default)]
pub struct Remembered(Option<AtRest>);

/// An output folder that no build had open.
#[derive(Debug)]
struct AtRest {
    /// What [`disk::at_rest`] told of it.
    own: (Identity, Option<Identity>),
    manifest: Option<Manifest>,
    records: Result<Option<Arc<Records>>, Unusable>,
}

/// Reads what an output folder says of itself, and changes nothing. Opening it reads again what was
/// changed meanwhile. `settled`: of a folder that somebody had open later, in nanoseconds since 1970,
/// nothing is remembered.
///
/// As long as this is held, whoever has nothing else to do looks at the outputs.
#[must_use]
pub fn remember(output: &Path, settled: i64) -> Remembered {
    let own = output.join(names::OWN);
    let at_rest = disk::at_rest(&own, records::NAME);
    let at_rest = at_rest.filter(|(own, _)| own.modified < settled);
    Remembered(at_rest.map(|at_rest| {
        let manifest = || {
            let bytes = std::fs::read(own.join(manifest::NAME));
            bytes.ok().map(|bytes| Manifest::parse(&bytes))
        };
        let records = || {
            let records = Records::read(output);
            if let Ok(Some(records)) = &records {
                records.look_meanwhile();
            }
            records
        };
        let (manifest, records) = rayon::join(manifest, records);
        AtRest {
            own: at_rest,
            manifest,
            records,
        }
    }))
}

/// Opens an output folder for one build, and creates it if it is missing.
///
/// `root` is the site's folder: output may lie inside it, but may not be or contain it. `sources`
/// are the files and folders the site is made from: output may not be, contain or lie inside one,
/// by whatever links or `..` it is written. They need not exist.
///
/// Errors: [`Code::OutputLocked`] while another build has it open; [`Code::Output`] when it is
/// one of the above, is a file, cannot be written, or holds files and was not made by Pressroom.
pub fn open(output: &Path, root: &Path, sources: &[PathBuf]) -> Result<Output, Diagnostic> {
    open_remembered(output, root, sources, Remembered::default())
}

/// The same, with what was [remembered](remember) of the folder.
pub fn open_remembered(
    output: &Path,
    root: &Path,
    sources: &[PathBuf],
    remembered: Remembered,
) -> Result<Output, Diagnostic> {
    let disk = folder::prepare(output, root, sources)?;
    let lock = folder::lock(&disk)?;
    let own = disk::at_rest(&disk.own(), records::NAME);
    let still = remembered.0.filter(|before| own == Some(before.own));
    let (manifest, records) = still.map_or((None, None), |it| (it.manifest, Some(it.records)));
    let before = Manifest::load(&disk, manifest)?;
    if !before.recognised {
        folder::refuse_unless_empty(&disk)?;
    }
    disk.reset_staging()?;
    let (records, warning) = Records::load(&disk, records);
    Ok(Output {
        ignores_case: folder::ignores_case(&disk),
        verify: false,
        before,
        records,
        warning,
        staged: Mutex::default(),
        beside: AtomicU64::default(),
        disk,
        _lock: lock,
    })
}

impl Output {
    /// Hands over the bytes of one output. `path` is relative, with `/` between its parts; `made`
    /// is what the next build compares to know whether it has to make them again.
    ///
    /// After an error the build is to be given up by dropping this, since a commit would prune
    /// the output that is missing. Errors: the disk's own, a path that could leave the output
    /// folder or would lie in Pressroom's own part of it, and a path that was staged before.
    pub fn stage(&self, path: &str, bytes: &[u8], made: Option<Made>) -> Result<(), Diagnostic> {
        self.check(path)?;
        let content = Content {
            hash: xxh3_64(bytes),
            size: bytes.len() as u64,
        };
        let is_new = self.is_new(path);
        let in_place = match self.recorded(path) {
            Some((_, recorded)) => (recorded.content == content).then_some(recorded.identity),
            None if is_new => None,
            None => self.disk.holds(path, bytes),
        };
        let (stage, identity) = if in_place.is_some() {
            (Stage::InPlace, in_place)
        } else {
            self.disk.write_staged(path, bytes, is_new)?
        };
        let staged = Staged {
            content,
            stage,
            made,
            identity,
        };
        self.record(path, staged);
        Ok(())
    }

    /// The same as [`Output::stage`] for a file that is copied as it is, without its permissions.
    ///
    /// The file is read in pieces, never held. Gives what it held. Errors: [`Code::Unreadable`] besides those of
    /// `stage`.
    pub fn stage_file(
        &self,
        path: &str,
        from: &Path,
        made: Option<Made>,
    ) -> Result<Content, Diagnostic> {
        self.check(path)?;
        let is_new = self.is_new(path);
        let held = (!is_new).then(|| self.disk.holds_file(path, from));
        let (content, stage, identity) = match held.transpose()?.flatten() {
            Some(content) => (content, Stage::InPlace, self.disk.identity(path)),
            None => self.disk.copy_staged(path, from, is_new)?,
        };
        let staged = Staged {
            content,
            stage,
            made,
            identity,
        };
        self.record(path, staged);
        Ok(content)
    }

    /// What the file in place was made from, if that was recorded and the file is untouched.
    #[must_use]
    pub fn made_from(&self, path: &str) -> Option<InPlace<'_>> {
        let (row, record) = self.recorded(path)?;
        record.made.map(|made| InPlace { row, made })
    }

    /// What the build left that left this folder, unless it has changed since.
    #[must_use]
    pub fn stamp(&self) -> Option<&Stamp> {
        self.records.stamp()
    }

    /// What is known of the file in place, in words of a person who asks why it is made again.
    #[must_use]
    pub fn known(&self, path: &str) -> Known<'_> {
        match (self.records.get(path), self.disk.identity(path)) {
            (_, None) => Known::Missing,
            (None, Some(_)) => Known::Unrecorded,
            (Some(_), Some(_)) => match self.recorded(path).map(|(_, record)| record.made) {
                None => Known::Touched,
                Some(None) => Known::MadeEachTime,
                Some(Some(made)) => Known::Made(made),
            },
        }
    }

    /// Leaves an output as it is, which would be made from the same again. Twice is an error.
    pub fn keep(&self, output: InPlace) -> Result<(), Diagnostic> {
        if self.records.keep(output.row) {
            return Err(self.twice(self.records.path(output.row)));
        }
        Ok(())
    }

    /// Whether nothing was at a path, nor in its folders, when the output folder was opened: it was empty then,
    /// but for names that begin with a dot.
    fn is_new(&self, path: &str) -> bool {
        !self.before.recognised && !self.ignores_case && !path.starts_with('.')
    }

    fn twice(&self, path: &str) -> Diagnostic {
        let path = self.disk.show(path);
        let message = format!("{path} was written twice in one build");
        Diagnostic::new(Code::Output, message)
    }

    /// From now on, believes what is in a file and not its times.
    pub fn verify(&mut self) {
        self.verify = true;
    }

    /// That the records of the last build cannot be used, if that is so.
    pub fn take_warning(&mut self) -> Option<Diagnostic> {
        self.warning.take()
    }

    /// The record of a file that nobody has touched since, and its row.
    fn recorded(&self, path: &str) -> Option<(usize, Record<'_>)> {
        let found = self.records.untouched(path);
        found.filter(|(_, record)| !self.verify || self.disk.holds_content(path, record.content))
    }

    fn check(&self, path: &str) -> Result<(), Diagnostic> {
        if names::is_safe(path) {
            return Ok(());
        }
        let message = format!(
            "{path:?} cannot be the path of a file in {}",
            self.disk.shown
        );
        Err(Diagnostic::new(Code::Output, message).hint(format!(
            "a path is relative, has `/` between its parts, no empty part, `.`, `..` or control \
             character, no part of more than {} bytes, and does not begin with `{}`",
            names::LONGEST,
            names::OWN
        )))
    }

    fn record(&self, path: &str, staged: Staged) {
        let path = path.to_owned();
        let mut all = self.staged.lock().unwrap_or_else(PoisonError::into_inner);
        all.push((path, staged));
    }

    /// Renames everything that was staged into place, removes what the site no longer has, and
    /// records what is Pressroom's own, with the build's notes.
    ///
    /// Whatever is in the way and is not Pressroom's own is an error before anything changes. An
    /// error of the disk halfway leaves every file whole, old or new, for the next build to
    /// complete.
    pub fn commit(mut self, mut notes: Notes) -> Result<Report, Diagnostic> {
        if let Some(shard) = &mut notes.shard {
            shard.beside = *self.beside.get_mut();
        }
        let staged = self.staged.get_mut();
        let mut staged = std::mem::take(staged.unwrap_or_else(PoisonError::into_inner));
        staged.par_sort_unstable_by(|a, b| a.0.cmp(&b.0));
        let mut pairs = staged.windows(2);
        let twice = pairs
            .find(|pair| pair[0].0 == pair[1].0)
            .map(|pair| &pair[0]);
        let is_kept = |(path, _): &&(String, Staged)| self.records.is_kept(path);
        if let Some((path, _)) = twice.or_else(|| staged.iter().find(is_kept)) {
            return Err(self.twice(path));
        }
        let outputs = Outputs {
            staged,
            before: &self.records,
        };
        commit::run(&self.disk, &self.before, &outputs, notes, self.ignores_case)
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        // What cannot be removed now is removed when the folder is opened again.
        let _ = self.disk.remove_staging();
    }
}
