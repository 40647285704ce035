//! Records as they lie in a file: a row of one size for each output, in the order of their paths, then all
//! paths, all hashes of parts, and the lists that rows share. Nothing is decoded before it is asked for.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::{Content, MadeFrom, Record};
use crate::key::{self, Key};
use crate::model::Identity;

/// Lists of questions and answers, and lists of names of parts, each once.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Lists {
    answers: Vec<Arc<[(String, Key)]>>,
    names: Vec<Arc<str>>,
}

/// What there is of each, at the beginning: numbers of eight bytes.
#[derive(Debug, Clone, Copy, Default)]
struct Lengths {
    rows: usize,
    paths: usize,
    parts: usize,
}

/// A record but for its texts.
struct Row {
    /// Where the path and the hashes of parts end among all; they begin where those of the row before do.
    path_end: u64,
    parts_end: u64,
    key: Key,
    /// Which of the lists of answers; [`NOT_MADE`] for an output that is to be made again in any case.
    answers: u32,
    /// Which of the lists of names.
    names: u32,
    hash: u64,
    identity: Identity,
}

const NOT_MADE: u32 = u32::MAX;

/// Size of a [`Row`], in bytes.
const ROW: usize = 8 + 8 + 16 + 4 + 4 + 8 + 8 + 8 + 8 + 8;

/// Records in a file.
#[derive(Debug, Default)]
pub(super) struct Sheet {
    file: Vec<u8>,
    rows: Range<usize>,
    paths: Range<usize>,
    parts: Range<usize>,
    lists: Lists,
}

impl Sheet {
    /// Those that a file has from a place to its end; `None` when there are none.
    pub(super) fn open(file: Vec<u8>, start: usize) -> Option<Self> {
        let mut rest = file.get(start..)?;
        let mut lengths = [0; 3];
        for length in &mut lengths {
            *length = usize::try_from(u64::from_le_bytes(take(&mut rest)?)).ok()?;
        }
        let [rows, paths, parts] = lengths;
        let start = file.len() - rest.len();
        let rows = start..start.checked_add(rows.checked_mul(ROW)?)?;
        let paths = rows.end..rows.end.checked_add(paths)?;
        let parts = paths.end..paths.end.checked_add(parts)?;
        let lists = postcard::from_bytes(file.get(parts.end..)?).ok()?;
        Some(Self {
            file,
            rows,
            paths,
            parts,
            lists,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len() / ROW
    }

    /// The record in a row and its path; `None` when there is no such row, or no sense in it.
    pub(super) fn get(&self, at: usize) -> Option<(&str, Record<'_>)> {
        let row = self.row(at)?;
        let before = match at.checked_sub(1) {
            Some(before) => self.row(before)?,
            None => Row::nothing(),
        };
        let path = part(
            &self.file[self.paths.clone()],
            before.path_end,
            row.path_end,
        )?;
        let hashes = part(
            &self.file[self.parts.clone()],
            before.parts_end,
            row.parts_end,
        )?;
        let made = if row.answers == NOT_MADE {
            None
        } else {
            Some(MadeFrom {
                key: row.key,
                names: self.lists.names.get(row.names as usize)?,
                hashes,
                answers: self.lists.answers.get(row.answers as usize)?,
            })
        };
        let content = Content {
            hash: row.hash,
            size: row.identity.size,
        };
        let record = Record {
            made,
            content,
            identity: row.identity,
        };
        Some((std::str::from_utf8(path).ok()?, record))
    }

    fn row(&self, at: usize) -> Option<Row> {
        let start = at.checked_mul(ROW)?;
        let rows = &self.file[self.rows.clone()];
        Row::read(rows.get(start..start.checked_add(ROW)?)?)
    }

    /// What a file has of about so many records, which come in the order of their paths: part by part, since
    /// together they are large.
    pub(super) fn parts<'a>(
        about: usize,
        records: impl Iterator<Item = (&'a str, Record<'a>)>,
    ) -> Vec<Cow<'static, [u8]>> {
        let mut lengths = Lengths::default();
        let mut rows = Vec::with_capacity(about * ROW);
        let (mut paths, mut parts) = (Vec::<u8>::new(), Vec::<u8>::new());
        let (mut answers, mut names) = (Numbers::default(), Numbers::default());
        for (path, record) in records {
            paths.extend(path.as_bytes());
            let mut row = Row {
                answers: NOT_MADE,
                path_end: paths.len() as u64,
                hash: record.content.hash,
                identity: record.identity,
                ..Row::nothing()
            };
            if let Some(made) = record.made {
                parts.extend(made.hashes);
                row.key = made.key;
                row.answers = answers.of(made.answers);
                row.names = names.of(made.names);
            }
            row.parts_end = parts.len() as u64;
            row.write(&mut rows);
            lengths.rows += 1;
        }
        (lengths.paths, lengths.parts) = (paths.len(), parts.len());
        let lists = Lists {
            answers: answers.each,
            names: names.each,
        };
        let lists = key::written(&lists, Vec::new());
        let all = [lengths.bytes(), rows, paths, parts, lists];
        all.map(Cow::Owned).into()
    }
}

impl Lengths {
    fn bytes(self) -> Vec<u8> {
        let lengths = [self.rows, self.paths, self.parts];
        lengths.map(|length| (length as u64).to_le_bytes()).concat()
    }
}

impl Row {
    fn nothing() -> Self {
        Self {
            path_end: 0,
            parts_end: 0,
            key: Key::default(),
            answers: 0,
            names: 0,
            hash: 0,
            identity: Identity::default(),
        }
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        bytes.extend(self.path_end.to_le_bytes());
        bytes.extend(self.parts_end.to_le_bytes());
        bytes.extend(self.key.bytes());
        bytes.extend(self.answers.to_le_bytes());
        bytes.extend(self.names.to_le_bytes());
        bytes.extend(self.hash.to_le_bytes());
        bytes.extend(self.identity.size.to_le_bytes());
        bytes.extend(self.identity.modified.to_le_bytes());
        bytes.extend(self.identity.changed.to_le_bytes());
        bytes.extend(self.identity.inode.to_le_bytes());
    }

    fn read(mut bytes: &[u8]) -> Option<Self> {
        let bytes = &mut bytes;
        Some(Self {
            path_end: u64::from_le_bytes(take(bytes)?),
            parts_end: u64::from_le_bytes(take(bytes)?),
            key: Key::of_its_bytes(take(bytes)?),
            answers: u32::from_le_bytes(take(bytes)?),
            names: u32::from_le_bytes(take(bytes)?),
            hash: u64::from_le_bytes(take(bytes)?),
            identity: Identity {
                size: u64::from_le_bytes(take(bytes)?),
                modified: i64::from_le_bytes(take(bytes)?),
                changed: i64::from_le_bytes(take(bytes)?),
                inode: u64::from_le_bytes(take(bytes)?),
            },
        })
    }
}

/// The next bytes, which are behind us then.
fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(*first)
}

fn part(bytes: &[u8], start: u64, end: u64) -> Option<&[u8]> {
    bytes.get(usize::try_from(start).ok()?..usize::try_from(end).ok()?)
}

/// Numbers for lists that many records have.
struct Numbers<T: ?Sized> {
    known: BTreeMap<Arc<T>, u32>,
    /// The same by where a list is in memory, since most records share one.
    places: FxHashMap<usize, u32>,
    each: Vec<Arc<T>>,
}

impl<T: ?Sized> Default for Numbers<T> {
    fn default() -> Self {
        Self {
            known: BTreeMap::new(),
            places: FxHashMap::default(),
            each: Vec::new(),
        }
    }
}

impl<T: Ord + ?Sized> Numbers<T> {
    fn of(&mut self, list: &Arc<T>) -> u32 {
        let find = || {
            *self.known.entry(Arc::clone(list)).or_insert_with(|| {
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
