//! What each output was made from, so that the next build need not make it again.
//!
//! `OUTPUT/.pressroom/records` is the head of a bulk beside it (`sealed.rs`): an edit writes records of what
//! it changed, and no others. Only what is whole and of this version is believed: without records,
//! everything is made.

mod sheet;

use std::borrow::Cow;
use std::fs::File;
use std::io::Read;
use std::num::NonZeroU64;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::thread;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use xxhash_rust::xxh3::xxh3_64;

use super::disk::Disk;
use super::list::merged;
use super::look::Look;
use super::{Content, Outputs, Report, manifest, names};
use crate::diagnostics::Diagnostic;
use crate::key::{Key, Parts};
use crate::model::Identity;
use crate::sealed::{self, Unusable};
use crate::table::Table;
use sheet::Sheet;

/// The name of the file, and of what is in it and in its bulk. The numbers change with their formats.
pub(super) const NAME: &str = "records";
const KIND: &str = "records 3";
const BULK: &str = "records bulk 1";

/// Outputs that are looked at without a pause when there is nothing else to do, which takes some tens of
/// microseconds.
const AT_A_TIME: usize = 16;

/// What an output was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Everything that is known before it is made.
    pub key: Key,
    /// The same part by part, to explain what made a difference.
    pub parts: Parts,
    /// What its template asked for while it was rendered, in order, and what the answers were.
    pub answers: Arc<[(String, Key)]>,
}

/// What an output of the last build was made from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MadeFrom<'a> {
    /// See [`Made::key`].
    pub key: Key,
    names: &'a Arc<str>,
    hashes: &'a [u8],
    answers: &'a Arc<[(String, Key)]>,
}

impl<'a> MadeFrom<'a> {
    fn of(made: &'a Made) -> Self {
        Self {
            key: made.key,
            names: &made.parts.names,
            hashes: &made.parts.hashes,
            answers: &made.answers,
        }
    }

    /// See [`Made::answers`].
    #[must_use]
    pub fn answers(self) -> &'a [(String, Key)] {
        self.answers
    }

    /// See [`Made::parts`].
    #[must_use]
    pub fn parts(self) -> Parts {
        Parts {
            names: Arc::clone(self.names),
            hashes: self.hashes.into(),
        }
    }
}

/// What a build leaves for one that has nothing to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Stamp {
    /// All that the outputs were made from.
    pub inputs: Key,
    /// What the build said.
    pub told: Vec<u8>,
}

/// What is known of an output in place.
#[derive(Debug, Clone, Copy)]
pub(super) struct Record<'a> {
    /// `None` when it is to be made again in any case.
    pub(super) made: Option<MadeFrom<'a>>,
    pub(super) content: Content,
    pub(super) identity: Identity,
}

/// The beginning of the head; a sheet of what has come since the bulk stands behind it.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Head {
    stamp: Option<Stamp>,
    bulk: Key,
    /// Rows of the bulk that do not count any more, ascending.
    gone: Vec<u32>,
}

/// The files of records as they were read. A row is one of the bulk, or of what came since after these.
#[derive(Debug, Default)]
struct Files {
    head: Head,
    bulk: Sheet,
    since: Sheet,
}

/// Records of an earlier build, and what this one knows of their outputs.
#[derive(Debug, Default)]
pub(super) struct Records {
    /// The outputs.
    output: Look,
    files: Files,
    /// The row of each path, by the path's hash.
    rows: Table,
    states: Vec<State>,
}

/// What a build knows of the output of a row.
#[derive(Debug, Default)]
struct State(AtomicU8);

impl State {
    /// The file has been looked at.
    const SEEN: u8 = 1;
    /// It is as it was left.
    const UNTOUCHED: u8 = 2;
    /// The build keeps it.
    const KEPT: u8 = 4;

    fn has(&self, what: u8) -> bool {
        self.0.load(Ordering::Relaxed) & what != 0
    }

    /// Notes something; whether it was noted already.
    fn note(&self, what: u8) -> bool {
        self.0.fetch_or(what, Ordering::Relaxed) & what != 0
    }
}

impl Files {
    /// What lies in Pressroom's own folder of an output; `None` where nothing does.
    fn read(own: &Path) -> Result<Option<Self>, Unusable> {
        let path = own.join(NAME);
        let Some(head) = sealed::read(&path)? else {
            return Ok(None);
        };
        let bulk = |hash| sealed::read(&sealed::bulk_of(&path, hash)).ok().flatten();
        Self::open(head, bulk).map(Some).ok_or(Unusable)
    }

    fn open(head: Vec<u8>, bulk: impl FnOnce(Key) -> Option<Vec<u8>>) -> Option<Self> {
        let value = sealed::open(KIND, &head)?;
        let (known, since): (Head, _) = postcard::take_from_bytes(value).ok()?;
        let start = head.len() - since.len();
        let file = bulk(known.bulk)?;
        let of_bulk = file.len() - sealed::open(BULK, &file)?.len();
        let bulk = Sheet::open(file, of_bulk)?;
        let since = Sheet::open(head, start)?;
        Some(Self {
            head: known,
            bulk,
            since,
        })
    }

    fn rows(&self) -> usize {
        self.bulk.len() + self.since.len()
    }

    fn get(&self, row: usize) -> Option<(&str, Record<'_>)> {
        match row.checked_sub(self.bulk.len()) {
            None => self.bulk.get(row),
            Some(at) => self.since.get(at),
        }
    }

    /// Of each row whether it counts.
    fn live(&self) -> Vec<bool> {
        let mut live = vec![true; self.rows()];
        for row in &self.head.gone {
            if let Some(live) = live.get_mut(*row as usize) {
                *live = false;
            }
        }
        live
    }
}

impl Records {
    /// Reads the records of an output folder. Those that cannot be used are none, which is told.
    /// `remembered`: what [`read`](Self::read) gave before.
    pub(super) fn load(
        disk: &Disk,
        remembered: Option<Result<Option<Arc<Self>>, Unusable>>,
    ) -> (Arc<Self>, Option<Diagnostic>) {
        let read = remembered.unwrap_or_else(|| Self::read(disk.real()));
        let unusable = read.is_err().then(|| {
            let shown = disk.show(&format!("{}/{NAME}", names::OWN));
            Diagnostic::cache_unusable(shown)
        });
        (read.ok().flatten().unwrap_or_default(), unusable)
    }

    /// The records of an output folder; `None` where there are none.
    pub(super) fn read(output: &Path) -> Result<Option<Arc<Self>>, Unusable> {
        let files = Files::read(&output.join(names::OWN))?;
        let records = files.map(|files| Self::of(Look::at(output), files).ok_or(Unusable));
        Ok(records.transpose()?.map(Arc::new))
    }

    fn of(output: Look, files: Files) -> Option<Self> {
        let mut rows = Table::with_capacity(files.rows());
        for (row, is_live) in files.live().into_iter().enumerate() {
            if is_live {
                rows.insert(hash(files.get(row)?.0), row as u64);
            }
        }
        let states = (0..files.rows()).map(|_| State::default()).collect();
        Some(Self {
            output,
            files,
            rows,
            states,
        })
    }

    /// Has whoever has nothing else to do look at the outputs, for as long as these records are held.
    ///
    /// Most of that is waiting for what no cache of the processor holds. A build looks at them last, and
    /// has one thread only at many places before.
    pub(super) fn look_meanwhile(self: &Arc<Self>) {
        let (records, count) = (Arc::downgrade(self), self.files.rows());
        let hand_out = move || {
            for start in (0..count).step_by(AT_A_TIME) {
                let records = records.clone();
                rayon::spawn(move || {
                    if let Some(records) = records.upgrade() {
                        records.look_at(start..count.min(start + AT_A_TIME));
                    }
                });
            }
        };
        // Threads of the pool take what comes from outside of it after everything else. Without this one, the
        // build looks when it wants to know.
        let _ = thread::Builder::new().spawn(hand_out);
    }

    pub(super) fn look_at(&self, rows: std::ops::Range<usize>) {
        for row in rows {
            if let Some((path, record)) = self.files.get(row) {
                self.is_untouched(row, path, record);
            }
        }
    }

    /// Whether the file of a row is as it was left, by its times and its size; it is looked at once.
    fn is_untouched(&self, row: usize, path: &str, record: Record) -> bool {
        let state = &self.states[row];
        if state.has(State::SEEN) {
            return state.has(State::UNTOUCHED);
        }
        let is = is_as_left(&self.output, path, record);
        state.note(if is {
            State::SEEN | State::UNTOUCHED
        } else {
            State::SEEN
        });
        is
    }

    pub(super) fn get(&self, path: &str) -> Option<Record<'_>> {
        Some(self.find(path)?.1)
    }

    pub(super) fn stamp(&self) -> Option<&Stamp> {
        self.files.head.stamp.as_ref()
    }

    /// The record of a file that nobody has touched since, and its row.
    pub(super) fn untouched(&self, path: &str) -> Option<(usize, Record<'_>)> {
        let found = self.find(path);
        found.filter(|(row, record)| self.is_untouched(*row, path, *record))
    }

    /// The path in a row.
    pub(super) fn path(&self, row: usize) -> &str {
        self.files.get(row).map_or("", |(path, _)| path)
    }

    fn find(&self, path: &str) -> Option<(usize, Record<'_>)> {
        let row = self.rows.get(hash(path))? as usize;
        let (found, record) = self.files.get(row)?;
        (found == path).then_some((row, record))
    }

    /// Keeps the output of a row; whether it was kept already.
    pub(super) fn keep(&self, row: usize) -> bool {
        self.states[row].note(State::KEPT)
    }

    pub(super) fn is_kept(&self, path: &str) -> bool {
        let found = self.find(path);
        found.is_some_and(|(row, _)| self.is_row_kept(row))
    }

    fn is_row_kept(&self, row: usize) -> bool {
        self.states[row].has(State::KEPT)
    }

    /// The outputs that are kept, in the order of their paths.
    pub(super) fn kept(&self) -> impl Iterator<Item = (&str, Record<'_>)> {
        merged(self.kept_of_bulk(), self.kept_since())
    }

    fn kept_of_bulk(&self) -> impl Iterator<Item = (&str, Record<'_>)> {
        self.kept_in(0..self.files.bulk.len())
    }

    fn kept_since(&self) -> impl Iterator<Item = (&str, Record<'_>)> {
        self.kept_in(self.files.bulk.len()..self.files.rows())
    }

    fn kept_in(&self, rows: std::ops::Range<usize>) -> impl Iterator<Item = (&str, Record<'_>)> {
        let kept = rows.filter(|row| self.is_row_kept(*row));
        kept.filter_map(|row| self.files.get(row))
    }

    pub(super) fn kept_count(&self) -> usize {
        let rows = 0..self.files.rows();
        rows.filter(|row| self.is_row_kept(*row)).count()
    }
}

/// Whether a file of an output folder has the times and the size that it was left with.
fn is_as_left(output: &Look, path: &str, record: Record) -> bool {
    let in_place = output.identity(path);
    in_place.is_some_and(|in_place| in_place.is_copy_of(record.identity))
}

fn hash(path: &str) -> NonZeroU64 {
    // Of two paths with one hash, only one is found: the other's output is made once more.
    NonZeroU64::new(xxh3_64(path.as_bytes())).unwrap_or(NonZeroU64::MIN)
}

fn bulk_name(hash: Key) -> String {
    let name = sealed::bulk_of(Path::new(NAME), hash);
    name.to_string_lossy().into_owned()
}

/// What the build said that left this output folder, if it was made from these inputs and every
/// output is as it was left; and the report of a build that changes nothing.
#[must_use]
pub fn unchanged(output: &Path, inputs: Key) -> Option<(Vec<u8>, Report)> {
    let own = output.join(names::OWN);
    // Without its manifest the folder is nobody's, which is for a build to say.
    let are_files = [manifest::NAME, NAME]
        .iter()
        .all(|name| own.join(name).is_file());
    // Most often it is about other inputs, which its beginning tells.
    let stamped = are_files.then(|| stamped(&own.join(NAME)));
    if stamped.flatten()? != inputs {
        return None;
    }
    let mut files = Files::read(&own).ok()??;
    let stamp = files.head.stamp.take();
    let stamp = stamp.filter(|stamp| stamp.inputs == inputs)?;
    let outputs = Look::at(output);
    let is_in_place = |row: usize| {
        let row = files.get(row);
        row.is_some_and(|(path, record)| is_as_left(&outputs, path, record))
    };
    let live = files.live();
    let all = live
        .par_iter()
        .enumerate()
        .all(|(row, is_live)| !is_live || is_in_place(row));
    let report = Report {
        unchanged: live.iter().filter(|is_live| **is_live).count(),
        ..Report::default()
    };
    all.then_some((stamp.told, report))
}

/// What inputs a file of records seems to be about, by its beginning, which is [`Head::stamp`].
fn stamped(path: &Path) -> Option<Key> {
    let mut beginning = Vec::with_capacity(1024);
    File::open(path)
        .and_then(|file| file.take(1024).read_to_end(&mut beginning))
        .ok()?;
    let (_, value) = sealed::parts(KIND, &beginning)?;
    let (inputs, _): (Option<Key>, _) = postcard::take_from_bytes(value).ok()?;
    inputs
}

/// Writes the records of a build: the head alone where that is enough. Without them, or with old ones,
/// the next build only takes longer.
pub(super) fn write(
    disk: &Disk,
    outputs: &Outputs,
    stamp: Option<Stamp>,
) -> Result<(), Diagnostic> {
    let records = outputs.before;
    let Files { head, bulk, .. } = &records.files;
    let made = outputs.staged.iter().filter_map(|(path, staged)| {
        let record = Record {
            made: staged.made.as_ref().map(MadeFrom::of),
            content: staged.content,
            identity: staged.identity?,
        };
        Some((path.as_str(), record))
    });
    // Whoever believes a stamp looks at the records alone.
    let stamp = stamp.filter(|_| made.clone().count() == outputs.staged.len());
    let gone = (0..bulk.len()).filter(|row| !records.is_row_kept(*row));
    let gone: Vec<u32> = gone.map(|row| row as u32).collect();
    let since = || merged(made.clone(), records.kept_since());
    let put = |name: &str, parts: &[Cow<[u8]>]| {
        disk.write_own(name, |file| {
            parts.iter().try_for_each(|part| file.write_all(part))
        })
    };
    let is_enough = bulk.len() > 0 && sealed::fits_head(since().count() + gone.len(), bulk.len());
    let (hash, head) = if is_enough {
        (head.bulk, seal_head(stamp, head.bulk, gone, since()))
    } else {
        let all = Sheet::parts(outputs.len(), merged(made, records.kept()));
        let (hash, bulk) = sealed::seal_parts(BULK, all);
        put(&bulk_name(hash), &bulk)?;
        (hash, seal_head(stamp, hash, Vec::new(), std::iter::empty()))
    };
    put(NAME, &[head.into()])?;
    disk.remove_other_bulks(NAME, hash);
    Ok(())
}

fn seal_head<'a>(
    stamp: Option<Stamp>,
    bulk: Key,
    gone: Vec<u32>,
    since: impl Iterator<Item = (&'a str, Record<'a>)>,
) -> Vec<u8> {
    let head = Head { stamp, bulk, gone };
    sealed::seal_bytes(KIND, 0, |bytes| {
        sealed::add(bytes, &head);
        bytes.extend(Sheet::parts(0, since).concat());
    })
}
