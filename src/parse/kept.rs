//! What was read of files, kept from one build to the next.
//!
//! In: files with their identities, and what the last build kept in `.pressroom/articles`. Out: what
//! each file holds, read again only where it may have changed, and what is to be kept now.
//!
//! Files lie on shelves of a few hundred, in the order of their paths. A shelf on which nothing has
//! changed is kept as the bytes that it is, so that an edit costs one shelf and not all.

use std::borrow::Cow;
use std::ops::Range;
use std::path::Path;

use rayon::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::diagnostics::Diagnostic;
use crate::key::Key;
use crate::model::{Identity, SourceFile};
use crate::sealed::{self, Unusable};
use crate::source;

/// Where it is kept, from the site's root.
const FILE: &str = ".pressroom/articles";
/// What is in the file. The number changes with its format.
const KIND: &str = "articles 1";

/// Files on a shelf that is made anew; one may grow to twice as many.
const SHELF: usize = 256;
/// Shelves that are written at a time.
const AT_A_TIME: usize = 64;

/// What the last build kept of all files.
#[derive(Debug)]
pub struct Kept {
    /// What all of it depends on besides files.
    settings: Key,
    articles: Vec<Range<usize>>,
    comments: Vec<Range<usize>>,
    /// The whole file, in which these are the places of shelves; empty if there was none.
    file: Vec<u8>,
}

/// How many bytes each shelf has: they follow each other, articles first. It stands behind them, and
/// its own length in four bytes, lowest first, at the very end.
#[derive(Serialize, Deserialize)]
struct Contents {
    settings: Key,
    articles: Vec<u32>,
    comments: Vec<u32>,
}

/// Files on a shelf, and what they hold.
pub(super) struct Shelf<T, R> {
    pub files: Vec<Read<T, R>>,
    /// Where the shelf lies in the file of the last build, if it is as it was.
    old: Option<Range<usize>>,
}

/// What is kept of a file that holds a `T`; `P`, `T` and `F` may be borrowed.
#[derive(Serialize, Deserialize)]
struct Entry<P, T, F> {
    path: P,
    /// `None` when the file was too young to be told by its times.
    identity: Option<Identity>,
    bytes: Key,
    held: T,
    found: F,
}

/// An entry that was read.
type Known<T> = Entry<String, T, Vec<Diagnostic>>;

/// A file, and what it holds.
pub(super) struct Read<T, R> {
    pub file: SourceFile,
    /// `None` when it cannot be read at all.
    pub held: Option<T>,
    /// What comes of parsing it and is not kept; `None` when it was not parsed.
    pub besides: Option<R>,
    /// What is wrong with it.
    pub found: Vec<Diagnostic>,
    bytes: Key,
}

/// What parsing gives.
pub(super) type Outcome<T, R> = (Option<(T, R)>, Vec<Diagnostic>);

impl Kept {
    /// Nothing: every file is parsed.
    #[must_use]
    pub fn nothing(config: &Config) -> Self {
        Self {
            settings: settings(config),
            articles: Vec::new(),
            comments: Vec::new(),
            file: Vec::new(),
        }
    }

    /// What the last build of a site kept, if it had the same settings. A file that is damaged or of
    /// another version has nothing, which is told.
    #[must_use]
    pub fn load(root: &Path, config: &Config) -> (Self, Option<Diagnostic>) {
        let nothing = Self::nothing(config);
        let file = match sealed::read(&root.join(FILE)) {
            Ok(None) => return (nothing, None),
            Ok(Some(file)) => Self::parse(file),
            Err(Unusable) => None,
        };
        match file {
            Some(kept) if kept.settings == nothing.settings => (kept, None),
            Some(_) => (nothing, None),
            None => (nothing, Some(Diagnostic::cache_unusable(FILE))),
        }
    }

    fn parse(file: Vec<u8>) -> Option<Self> {
        let value = sealed::open(KIND, &file)?;
        let (before, length) = value.split_last_chunk()?;
        let shelves = before
            .len()
            .checked_sub(u32::from_le_bytes(*length) as usize)?;
        let contents: Contents = postcard::from_bytes(&before[shelves..]).ok()?;
        let mut end = file.len() - value.len();
        let last = end + shelves;
        let mut place = |lengths: Vec<u32>| -> Option<Vec<Range<usize>>> {
            let place = |length: u32| {
                let start = end;
                end = start.checked_add(length as usize)?;
                (end <= last).then_some(start..end)
            };
            lengths.into_iter().map(place).collect()
        };
        Some(Self {
            settings: contents.settings,
            articles: place(contents.articles)?,
            comments: place(contents.comments)?,
            file,
        })
    }

    /// What articles hold, in the order of their paths, in which they come.
    pub(super) fn articles<T: Held, R: Send + Sync>(
        &self,
        files: Vec<SourceFile>,
        verify: bool,
        parse: &(impl Fn(&SourceFile, &str) -> Outcome<T, R> + Sync),
    ) -> Vec<Shelf<T, R>> {
        shelve(&self.articles, &self.file, files, verify, parse)
    }

    /// The same for archived comments.
    pub(super) fn comments<T: Held, R: Send + Sync>(
        &self,
        files: Vec<SourceFile>,
        verify: bool,
        parse: &(impl Fn(&SourceFile, &str) -> Outcome<T, R> + Sync),
    ) -> Vec<Shelf<T, R>> {
        shelve(&self.comments, &self.file, files, verify, parse)
    }

    /// Keeps what files hold for the next build, if that can be. Without it, that one only takes
    /// longer.
    pub(super) fn save<A: Held, C: Held, R: Send + Sync, S: Send + Sync>(
        self,
        root: &Path,
        articles: &[Shelf<A, R>],
        comments: &[Shelf<C, S>],
    ) {
        let are = articles.iter().map(|shelf| shelf.old.as_ref());
        let are = are.chain(comments.iter().map(|shelf| shelf.old.as_ref()));
        let were = self.articles.iter().chain(&self.comments);
        if !self.file.is_empty() && are.eq(were.map(Some)) {
            return;
        }
        let write = || -> std::io::Result<()> {
            let mut file = sealed::Writer::create(&root.join(FILE), KIND)?;
            let contents = Contents {
                settings: self.settings,
                articles: self.write(articles, &mut file)?,
                comments: self.write(comments, &mut file)?,
            };
            // Numbers can always be written to memory.
            let contents = postcard::to_allocvec(&contents).unwrap_or_default();
            file.write(&contents)?;
            file.write(&(contents.len() as u32).to_le_bytes())?;
            file.finish()
        };
        let _ = write();
    }

    /// Writes shelves, a few at a time so that they are never all in memory; their lengths.
    fn write<T: Held, R: Send + Sync>(
        &self,
        shelves: &[Shelf<T, R>],
        to: &mut sealed::Writer,
    ) -> std::io::Result<Vec<u32>> {
        let mut lengths = Vec::with_capacity(shelves.len());
        for some in shelves.chunks(AT_A_TIME) {
            let bytes = some.par_iter().flat_map_iter(|shelf| match &shelf.old {
                Some(place) => vec![Cow::Borrowed(&self.file[place.clone()])],
                None => entries_of(&shelf.files)
                    .into_iter()
                    .map(Cow::Owned)
                    .collect(),
            });
            for bytes in bytes.collect::<Vec<_>>() {
                to.write(&bytes)?;
                lengths.push(bytes.len() as u32);
            }
        }
        Ok(lengths)
    }
}

/// What can be kept.
pub(super) trait Held: Serialize + DeserializeOwned + Send + Sync {}

impl<T: Serialize + DeserializeOwned + Send + Sync> Held for T {}

/// Whatever an article depends on besides its file and where that lies.
fn settings(config: &Config) -> Key {
    Key::of(&(&config.text, config.base_url.whole()))
}

/// What files hold, shelf by shelf.
fn shelve<T: Held, R: Send + Sync>(
    shelves: &[Range<usize>],
    file: &[u8],
    files: Vec<SourceFile>,
    verify: bool,
    parse: &(impl Fn(&SourceFile, &str) -> Outcome<T, R> + Sync),
) -> Vec<Shelf<T, R>> {
    let entries = shelves.par_iter().filter_map(|place| {
        // One that cannot be understood has nothing.
        let entries: Vec<Known<T>> = postcard::from_bytes(&file[place.clone()]).ok()?;
        (!entries.is_empty()).then_some((place.clone(), entries))
    });
    let work = distribute(files, entries.collect()).into_par_iter();
    work.map(|shelf| shelf.read(verify, parse)).collect()
}

/// A shelf, and the files that belong on it now.
struct Work<T> {
    files: Vec<SourceFile>,
    entries: Vec<Known<T>>,
    old: Option<Range<usize>>,
}

/// Puts files on the shelves between whose first paths they are, or on new ones.
fn distribute<T>(
    files: Vec<SourceFile>,
    shelves: Vec<(Range<usize>, Vec<Known<T>>)>,
) -> Vec<Work<T>> {
    let mut files = files.into_iter().peekable();
    let mut work = Vec::new();
    let mut shelves = shelves.into_iter().peekable();
    while let Some((old, entries)) = shelves.next() {
        let next = shelves.peek().map(|(_, entries)| entries[0].path.as_str());
        let mut own = Vec::with_capacity(entries.len());
        while let Some(file) =
            files.next_if(|file| next.is_none_or(|next| file.path.as_str() < next))
        {
            own.push(file);
        }
        work.push(Work {
            files: own,
            entries,
            old: Some(old),
        });
    }
    while files.peek().is_some() {
        work.push(Work {
            files: files.by_ref().take(SHELF).collect(),
            entries: Vec::new(),
            old: None,
        });
    }
    work
}

impl<T: Held> Work<T> {
    fn read<R: Send + Sync>(
        self,
        verify: bool,
        parse: &(impl Fn(&SourceFile, &str) -> Outcome<T, R> + Sync),
    ) -> Shelf<T, R> {
        let mut is_as_it_was = self.entries.len() == self.files.len();
        let mut entries = self.entries.into_iter().peekable();
        let files: Vec<(SourceFile, Option<Known<T>>)> = self
            .files
            .into_iter()
            .map(|file| {
                while entries.next_if(|entry| entry.path < file.path).is_some() {}
                let entry = entries.next_if(|entry| entry.path == file.path);
                let known = entry.as_ref().and_then(|entry| entry.identity);
                is_as_it_was &= known.is_some() && known == file.identity;
                (file, entry)
            })
            .collect();
        let read = files.into_par_iter().with_min_len(16);
        let read: Vec<Read<T, R>> = read
            .map(|(file, entry)| Read::new(file, entry, verify, parse))
            .collect();
        is_as_it_was &= read.iter().all(|read| read.besides.is_none());
        Shelf {
            files: read,
            old: self.old.filter(|_| is_as_it_was),
        }
    }
}

/// The bytes of a shelf that is not as it was; of several, if there is too much for one.
fn entries_of<T: Serialize, R>(read: &[Read<T, R>]) -> Vec<Vec<u8>> {
    let entries: Vec<_> = read.iter().filter_map(Read::entry).collect();
    let on_each = if entries.len() > 2 * SHELF {
        SHELF
    } else {
        2 * SHELF
    };
    let shelves = entries.chunks(on_each);
    // What was read from a file can always be written to memory.
    shelves
        .map(|shelf| postcard::to_allocvec(shelf).unwrap_or_default())
        .collect()
}

impl<T, R> Read<T, R> {
    /// What a file holds, by its entry if it is what that is about.
    fn new(
        file: SourceFile,
        entry: Option<Known<T>>,
        verify: bool,
        parse: impl Fn(&SourceFile, &str) -> Outcome<T, R>,
    ) -> Self {
        let is_known =
            |entry: &Known<T>| entry.identity.is_some() && entry.identity == file.identity;
        let entry = match entry {
            Some(entry) if !verify && is_known(&entry) => return Self::known(file, entry),
            entry => entry,
        };
        let text = match source::text(&file) {
            Ok(text) => text,
            Err(diagnostic) => {
                return Self {
                    file,
                    held: None,
                    besides: None,
                    found: vec![diagnostic],
                    bytes: Key::default(),
                };
            }
        };
        let bytes = Key::of_bytes(text.as_bytes());
        match entry {
            Some(entry) if entry.bytes == bytes => Self::known(file, entry),
            _ => {
                let (held, found) = parse(&file, &text);
                let (held, besides) = held.unzip();
                Self {
                    file,
                    held,
                    besides,
                    found,
                    bytes,
                }
            }
        }
    }

    fn known(file: SourceFile, entry: Known<T>) -> Self {
        Self {
            file,
            held: Some(entry.held),
            besides: None,
            found: entry.found,
            bytes: entry.bytes,
        }
    }

    /// What is kept of the file, if it can be read.
    fn entry(&self) -> Option<Entry<&str, &T, &[Diagnostic]>> {
        Some(Entry {
            path: &self.file.path,
            identity: self.file.identity,
            bytes: self.bytes,
            held: self.held.as_ref()?,
            found: &self.found,
        })
    }
}

#[cfg(test)]
mod tests;
