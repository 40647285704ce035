//! What each output was made from, so that the next build need not make it again.
//!
//! `OUTPUT/.pressroom/records`: a line that names Pressroom and its version, the hash of what
//! follows, and the records. Only what is whole and of this version is believed: without records,
//! everything is made.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::disk::Disk;
use super::{Content, Outputs, Report, manifest, names};
use crate::diagnostics::Diagnostic;
use crate::key::{Key, Parts};
use crate::model::Identity;
use crate::sealed;

/// The name of the file, and of what is in it. The number changes with its format.
pub(super) const NAME: &str = "records";
const KIND: &str = "records 2";

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

/// What a build leaves for one that has nothing to do.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Stamp {
    /// All that the outputs were made from.
    pub inputs: Key,
    /// What the build said.
    pub told: Vec<u8>,
}

/// What is known of an output in place.
#[derive(Debug, Clone)]
pub(super) struct Record {
    /// `None` when it is to be made again in any case.
    pub(super) made: Option<Arc<Made>>,
    pub(super) content: Content,
    pub(super) identity: Identity,
}

/// Records of an earlier build, by path.
#[derive(Debug, Default)]
pub(super) struct Records(FxHashMap<String, Record>);

/// The file, with each list of answers and of names once.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    stamp: Option<Stamp>,
    answers: Vec<Arc<[(String, Key)]>>,
    names: Vec<Arc<str>>,
    #[serde(borrow)]
    outputs: Vec<(&'a str, StoredRecord<'a>)>,
}

#[derive(Serialize, Deserialize)]
struct StoredRecord<'a> {
    #[serde(borrow)]
    made: Option<StoredMade<'a>>,
    hash: u64,
    identity: Identity,
}

#[derive(Serialize, Deserialize)]
struct StoredMade<'a> {
    key: Key,
    /// Which of the lists of answers.
    answers: u32,
    /// Which of the lists of names.
    names: u32,
    parts: &'a [u8],
}

impl Records {
    /// Reads the records of an output folder. Those that cannot be used are none, which is told.
    /// `remembered`: what a file with this identity holds.
    pub(super) fn load(
        disk: &Disk,
        remembered: Option<(Identity, Option<Self>)>,
    ) -> (Self, Option<Diagnostic>) {
        let own = format!("{}/{NAME}", names::OWN);
        let records = if let Some(remembered) = disk.still(NAME, remembered) {
            remembered
        } else {
            match disk.read_own(NAME) {
                Ok(bytes) => Self::open(&bytes),
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    return (Self::default(), None);
                }
                Err(_) => None,
            }
        };
        match records {
            Some(records) => (records, None),
            None => (
                Self::default(),
                Some(Diagnostic::cache_unusable(disk.show(&own))),
            ),
        }
    }

    /// What the bytes of a file hold; `None` if they are of no use.
    pub(super) fn open(file: &[u8]) -> Option<Self> {
        sealed::open(KIND, file).and_then(Self::parse)
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let stored: Stored = postcard::from_bytes(bytes).ok()?;
        let made = |made: &StoredMade| {
            Some(Made {
                key: made.key,
                parts: Parts {
                    names: Arc::clone(stored.names.get(made.names as usize)?),
                    hashes: made.parts.into(),
                },
                answers: Arc::clone(stored.answers.get(made.answers as usize)?),
            })
        };
        let record = |(path, record): &(&str, StoredRecord)| {
            let known = Record {
                made: record.made.as_ref().and_then(made).map(Arc::new),
                content: Content {
                    hash: record.hash,
                    size: record.identity.size,
                },
                identity: record.identity,
            };
            ((*path).to_owned(), known)
        };
        let records = stored.outputs.iter().map(record).collect();
        Some(Self(records))
    }

    pub(super) fn get(&self, path: &str) -> Option<&Record> {
        self.0.get(path)
    }
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
    let file = fs::read(own.join(NAME)).ok()?;
    let stored: Stored = postcard::from_bytes(sealed::open(KIND, &file)?).ok()?;
    let stamp = stored.stamp.filter(|stamp| stamp.inputs == inputs)?;
    let is_in_place = |(path, record): &(&str, StoredRecord)| {
        let metadata = output.join(path).symlink_metadata();
        metadata.is_ok_and(|metadata| {
            metadata.is_file() && Identity::of(&metadata).is_copy_of(record.identity)
        })
    };
    let report = Report {
        unchanged: stored.outputs.len(),
        ..Report::default()
    };
    let all = stored.outputs.par_iter().all(is_in_place);
    all.then_some((stamp.told, report))
}

/// What inputs a file of records seems to be about, by its beginning, which is [`Stored::stamp`].
fn stamped(path: &Path) -> Option<Key> {
    let mut beginning = Vec::with_capacity(1024);
    File::open(path)
        .and_then(|file| file.take(1024).read_to_end(&mut beginning))
        .ok()?;
    let (_, value) = sealed::parts(KIND, &beginning)?;
    let (inputs, _): (Option<Key>, _) = postcard::take_from_bytes(value).ok()?;
    inputs
}

/// The file for the outputs of a build.
pub(super) fn write(outputs: &Outputs, stamp: Option<Stamp>) -> Vec<u8> {
    let all = outputs.len();
    let (mut answers, mut names) = (Lists::default(), Lists::default());
    let mut stored = Vec::with_capacity(all);
    for (path, staged) in outputs {
        let Some(identity) = staged.identity else {
            continue;
        };
        let made = staged.made.as_ref().map(|made| StoredMade {
            key: made.key,
            answers: answers.number(&made.answers),
            names: names.number(&made.parts.names),
            parts: &made.parts.hashes,
        });
        let hash = staged.content.hash;
        let record = StoredRecord {
            made,
            hash,
            identity,
        };
        stored.push((path.as_str(), record));
    }
    let outputs = stored;
    // Whoever believes a stamp looks at the records alone.
    let stamp = stamp.filter(|_| outputs.len() == all);
    let stored = Stored {
        stamp,
        answers: answers.each,
        names: names.each,
        outputs,
    };
    sealed::seal(KIND, &stored)
}

/// Lists that many records have, each once.
struct Lists<T: ?Sized> {
    numbers: BTreeMap<Arc<T>, u32>,
    /// The same by where a list is in memory, since most records share one.
    places: FxHashMap<usize, u32>,
    each: Vec<Arc<T>>,
}

impl<T: ?Sized> Default for Lists<T> {
    fn default() -> Self {
        Self {
            numbers: BTreeMap::new(),
            places: FxHashMap::default(),
            each: Vec::new(),
        }
    }
}

impl<T: Ord + ?Sized> Lists<T> {
    fn number(&mut self, list: &Arc<T>) -> u32 {
        let find = || {
            *self.numbers.entry(Arc::clone(list)).or_insert_with(|| {
                self.each.push(Arc::clone(list));
                self.each.len() as u32 - 1
            })
        };
        *self
            .places
            .entry(Arc::as_ptr(list).addr())
            .or_insert_with(find)
    }
}
