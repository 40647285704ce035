//! What each output was made from, so that the next build need not make it again.
//!
//! `OUTPUT/.pressroom/records`: a line that names Pressroom and its version, the hash of what
//! follows, and the records. Only what is whole and of this version is believed: without records,
//! everything is made.

use std::collections::BTreeMap;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::disk::Disk;
use super::{Content, Outputs, Report, manifest, names};
use crate::diagnostics::Diagnostic;
use crate::key::Key;
use crate::model::Identity;
use crate::sealed;

/// The name of the file, and of what is in it. The number changes with its format.
pub(super) const NAME: &str = "records";
const KIND: &str = "records 1";

/// What an output was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Everything that is known before it is made.
    pub key: Key,
    /// What its template asked for while it was rendered.
    pub asked: Arc<[String]>,
    /// The answers.
    pub answers: Key,
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
    pub(super) made: Option<Made>,
    pub(super) content: Content,
    pub(super) identity: Identity,
}

/// Records of an earlier build, by path.
#[derive(Debug, Default)]
pub(super) struct Records(BTreeMap<String, Record>);

/// The file, with each list of questions once.
#[derive(Serialize, Deserialize)]
struct Stored<'a> {
    stamp: Option<Stamp>,
    asked: Vec<Arc<[String]>>,
    #[serde(borrow)]
    outputs: Vec<(&'a str, StoredRecord)>,
}

#[derive(Serialize, Deserialize)]
struct StoredRecord {
    made: Option<StoredMade>,
    hash: u64,
    identity: Identity,
}

#[derive(Serialize, Deserialize)]
struct StoredMade {
    key: Key,
    /// Which of the lists of questions.
    asked: u32,
    answers: Key,
}

impl Records {
    /// Reads the records of an output folder. Those that cannot be used are none, which is told.
    pub(super) fn load(disk: &Disk) -> (Self, Option<Diagnostic>) {
        let bytes = match disk.read_own(NAME) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == ErrorKind::NotFound => return (Self::default(), None),
            Err(_) => Vec::new(),
        };
        match sealed::open(KIND, &bytes).and_then(Self::parse) {
            Some(records) => (records, None),
            None => {
                let file = disk.show(&format!("{}/{NAME}", names::OWN));
                (Self::default(), Some(Diagnostic::cache_unusable(file)))
            }
        }
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let stored: Stored = postcard::from_bytes(bytes).ok()?;
        let made = |made: &StoredMade| {
            Some(Made {
                key: made.key,
                asked: Arc::clone(stored.asked.get(made.asked as usize)?),
                answers: made.answers,
            })
        };
        let record = |(path, record): &(&str, StoredRecord)| {
            let known = Record {
                made: record.made.as_ref().and_then(made),
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
    let file = are_files.then(|| fs::read(own.join(NAME)).ok()).flatten()?;
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

/// The file for the outputs of a build.
pub(super) fn write(outputs: &Outputs, stamp: Option<Stamp>) -> Vec<u8> {
    let all = outputs.len();
    let mut numbers: BTreeMap<Arc<[String]>, u32> = BTreeMap::new();
    let mut asked = Vec::new();
    let mut stored_made = |made: &'_ Made| {
        let number = *numbers.entry(Arc::clone(&made.asked)).or_insert_with(|| {
            asked.push(Arc::clone(&made.asked));
            asked.len() as u32 - 1
        });
        StoredMade {
            key: made.key,
            asked: number,
            answers: made.answers,
        }
    };
    let outputs = outputs.iter().filter_map(|(path, staged)| {
        let record = StoredRecord {
            made: staged.made.as_ref().map(&mut stored_made),
            hash: staged.content.hash,
            identity: staged.identity?,
        };
        Some((path.as_str(), record))
    });
    let outputs: Vec<_> = outputs.collect();
    // Whoever believes a stamp looks at the records alone.
    let stamp = stamp.filter(|_| outputs.len() == all);
    let stored = Stored {
        stamp,
        asked,
        outputs,
    };
    sealed::seal(KIND, &stored)
}
