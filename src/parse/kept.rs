//! What was read of files, kept from one build to the next.
//!
//! In: files with their identities, and what the last build kept in `.pressroom/articles`. Out: what
//! each file holds, read again only where it may have changed, and what is to be kept now.
//!
//! Files lie on shelves of a few hundred, in the order of their paths. A shelf on which nothing has
//! changed is kept as the bytes that it is, where it is, so that an edit costs one shelf and not all.

use std::fs::File;
use std::io::{self, Read as _, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::config::Config;
use crate::diagnostics::Diagnostic;
use crate::key::{self, Key};
use crate::model::{Article, Comment, Identity, SourceFile};
use crate::sealed::{self, Unusable};
use crate::source;

/// Where it is kept, from the site's root.
const FILE: &str = ".pressroom/articles";
/// What is in the file. The number changes with its format.
const KIND: &str = "articles 6";
/// What is in its bulk: shelves, which are told by the hashes that the head has.
const BULK: &str = "shelves 1";

/// Longest article or file of comments. Memory and time grow with it, tenfold: one of 100 MB took
/// 1.3 GB, and a novel has 1 MB.
const MOST_BYTES: u64 = 16 << 20;

/// Files on a shelf that is made anew; one may grow to twice as many.
const SHELF: usize = 256;
/// Shelves that are written at a time.
const AT_A_TIME: usize = 16;

/// What the last build kept of all files.
#[derive(Debug)]
pub struct Kept {
    /// What all of it depends on besides files.
    settings: Key,
    articles: Vec<Place>,
    comments: Vec<Place>,
    files: Files,
    /// What stands for all of this.
    remembered: Option<Remembered>,
}

/// What all files of a site hold, to be asked for again while the program runs.
#[derive(Debug, Default)]
pub struct Remembered {
    settings: Key,
    articles: Shelves<Arc<Article>>,
    comments: Shelves<Vec<Comment>>,
}

type Shelves<T> = Vec<Left<T>>;

/// A shelf as it was left.
#[derive(Debug)]
enum Left<T> {
    /// On disk.
    There(Place),
    /// In memory, and where it lies if that is on disk.
    Here(Option<Place>, Vec<Known<T>>),
}

impl<T> Left<T> {
    /// The path of its first file.
    fn first(&self) -> &str {
        match self {
            Self::There(place) => &place.first,
            Self::Here(_, entries) => entries.first().map_or("", |entry| &entry.path),
        }
    }
}

/// The files in which shelves lie.
#[derive(Debug, Default)]
struct Files {
    /// Empty if there is none.
    head: Vec<u8>,
    /// Where the bulk is, of which a shelf is read when it is wanted.
    bulk: PathBuf,
    bulk_hash: Key,
    /// Whether a shelf is not as it was left.
    are_damaged: AtomicBool,
}

/// Where a shelf lies.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Place {
    /// In the head, rather than in the bulk.
    is_new: bool,
    /// From the beginning of the file.
    bytes: Range<usize>,
    hash: Key,
    /// The path of its first file.
    first: Box<str>,
}

/// What lies where. It stands at the end of the head, behind the shelves in there, and its own length
/// in four bytes, lowest first, at the very end.
#[derive(Serialize, Deserialize)]
struct Contents {
    settings: Key,
    bulk: Key,
    articles: Vec<Place>,
    comments: Vec<Place>,
}

/// Files on a shelf, and what they hold.
pub(super) struct Shelf<T, R> {
    pub files: Vec<Read<T, R>>,
    /// Where the shelf lies, if it is as the last build left it.
    old: Option<Place>,
}

/// What is kept of a file that holds a `T`; `P`, `T` and `F` may be borrowed.
#[derive(Debug, Serialize, Deserialize)]
struct Entry<P, T, F> {
    path: P,
    /// `None` when the file was too young to be told by its times.
    identity: Option<Identity>,
    bytes: Key,
    held: T,
    found: F,
}

/// An entry that was read.
type Known<T, P = String> = Entry<P, T, Vec<Diagnostic>>;

/// A file, and what it holds.
pub(super) struct Read<T, R> {
    pub file: SourceFile,
    /// `None` when it cannot be read at all.
    pub held: Option<T>,
    /// What comes of parsing it and is not kept; `None` when it was not parsed.
    pub besides: Option<Box<R>>,
    /// What is wrong with it.
    pub found: Vec<Diagnostic>,
    /// What an earlier build kept of it, if the file may not be as it was.
    pub before: Option<Box<Before<T>>>,
    bytes: Key,
}

/// What was kept of a file.
pub(super) struct Before<T> {
    pub identity: Option<Identity>,
    /// What it held, if that is another thing now.
    pub held: Option<T>,
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
            files: Files::default(),
            remembered: None,
        }
    }

    /// Whether an earlier build kept anything, of use or not.
    #[must_use]
    pub fn is_there(root: &Path) -> bool {
        source::is_there(root, FILE)
    }

    /// What the last build of a site kept, if it had the same settings. A file that is damaged or of
    /// another version has nothing, which is told.
    #[must_use]
    pub fn load(root: &Path, config: &Config) -> (Self, Option<Diagnostic>) {
        let nothing = Self::nothing(config);
        let head = root.join(FILE);
        let kept = match sealed::read(&head) {
            Ok(None) => return (nothing, None),
            Ok(Some(file)) => Self::parse(file, &head),
            Err(Unusable) => None,
        };
        match kept {
            Some(kept) if kept.settings == nothing.settings => (kept, None),
            Some(_) => (nothing, None),
            None => (nothing, Some(Diagnostic::cache_unusable(FILE))),
        }
    }

    fn parse(head: Vec<u8>, path: &Path) -> Option<Self> {
        let (before, length) = sealed::open(KIND, &head)?.split_last_chunk()?;
        let shelves = before
            .len()
            .checked_sub(u32::from_le_bytes(*length) as usize)?;
        let contents: Contents = postcard::from_bytes(&before[shelves..]).ok()?;
        Some(Self {
            settings: contents.settings,
            articles: contents.articles,
            comments: contents.comments,
            files: Files {
                head,
                bulk: sealed::bulk_of(path, contents.bulk),
                bulk_hash: contents.bulk,
                are_damaged: false.into(),
            },
            remembered: None,
        })
    }

    /// That something of it could not be used, if that was seen.
    pub(super) fn unusable(&self) -> Option<Diagnostic> {
        let are_damaged = self.files.are_damaged.load(Ordering::Relaxed);
        are_damaged.then(|| Diagnostic::cache_unusable(FILE))
    }

    /// The same as what a site has that was read a moment ago.
    #[must_use]
    pub fn remembered(remembered: Remembered, config: &Config) -> Self {
        let mut kept = Self::nothing(config);
        if remembered.settings == kept.settings {
            kept.remembered = Some(remembered);
        }
        kept
    }

    /// What articles hold, in the order of their paths, in which they come.
    pub(super) fn articles<R: Send + Sync>(
        &mut self,
        files: Vec<SourceFile>,
        verify: bool,
        parse: &(impl Fn(&SourceFile, &str) -> Outcome<Arc<Article>, R> + Sync),
    ) -> Vec<Shelf<Arc<Article>, R>> {
        let remembered = self.remembered.as_mut();
        let remembered = remembered.map(|remembered| std::mem::take(&mut remembered.articles));
        let shelves = remembered.unwrap_or_else(|| left(&self.articles));
        shelve(&self.files, shelves, files, verify, parse)
    }

    /// The same for archived comments.
    pub(super) fn comments<R: Send + Sync>(
        &mut self,
        files: Vec<SourceFile>,
        verify: bool,
        parse: &(impl Fn(&SourceFile, &str) -> Outcome<Vec<Comment>, R> + Sync),
    ) -> Vec<Shelf<Vec<Comment>, R>> {
        let remembered = self.remembered.as_mut();
        let remembered = remembered.map(|remembered| std::mem::take(&mut remembered.comments));
        let shelves = remembered.unwrap_or_else(|| left(&self.comments));
        shelve(&self.files, shelves, files, verify, parse)
    }

    /// What is to be remembered of all files.
    pub(super) fn remember<R, S>(
        &self,
        articles: &[Shelf<Arc<Article>, R>],
        comments: &[Shelf<Vec<Comment>, S>],
    ) -> Remembered {
        Remembered {
            settings: self.settings,
            articles: articles.iter().flat_map(remembered).collect(),
            comments: comments.iter().flat_map(remembered).collect(),
        }
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
        if !self.files.head.is_empty() && are.eq(were.map(Some)) {
            return;
        }
        let (since, bulk) = (
            filed(articles, false) + filed(comments, false),
            filed(articles, true) + filed(comments, true),
        );
        let head = root.join(FILE);
        let _ = if bulk > 0 && sealed::fits_head(since, bulk) {
            self.write_head(&head, articles, comments)
        } else {
            self.write_all(&head, articles, comments)
        };
    }

    /// Writes what is not in the bulk.
    fn write_head<A: Held, C: Held, R: Send + Sync, S: Send + Sync>(
        &self,
        path: &Path,
        articles: &[Shelf<A, R>],
        comments: &[Shelf<C, S>],
    ) -> io::Result<()> {
        let mut file = sealed::Writer::create(path, KIND)?;
        let contents = Contents {
            settings: self.settings,
            bulk: self.files.bulk_hash,
            articles: self.write(articles, &mut file, true)?,
            comments: self.write(comments, &mut file, true)?,
        };
        contents.write(file)
    }

    /// Writes all shelves to a new bulk.
    fn write_all<A: Held, C: Held, R: Send + Sync, S: Send + Sync>(
        &self,
        path: &Path,
        articles: &[Shelf<A, R>],
        comments: &[Shelf<C, S>],
    ) -> io::Result<()> {
        let mut bulk = sealed::Writer::create(path, BULK)?;
        let articles = self.write(articles, &mut bulk, false)?;
        let comments = self.write(comments, &mut bulk, false)?;
        let contents = Contents {
            settings: self.settings,
            bulk: bulk.finish_bulk()?,
            articles,
            comments,
        };
        contents.write(sealed::Writer::create(path, KIND)?)?;
        sealed::remove_other_bulks(path, contents.bulk);
        Ok(())
    }

    /// Writes shelves, a few at a time so that they are never all in memory; where they are.
    /// `is_head`: what lies in the bulk stays there.
    fn write<T: Held, R: Send + Sync>(
        &self,
        shelves: &[Shelf<T, R>],
        to: &mut sealed::Writer,
        is_head: bool,
    ) -> io::Result<Vec<Place>> {
        let mut places = Vec::with_capacity(shelves.len());
        for some in shelves.chunks(AT_A_TIME) {
            let bytes = some.par_iter().flat_map_iter(|shelf| match &shelf.old {
                Some(place) if is_head && !place.is_new => vec![Err(place)],
                Some(place) => {
                    let bytes = self.files.read(place).into_iter();
                    bytes.map(|bytes| Ok((&*place.first, bytes))).collect()
                }
                None => entries_of(&shelf.files).into_iter().map(Ok).collect(),
            });
            for bytes in bytes.collect::<Vec<Result<(&str, Vec<u8>), &Place>>>() {
                places.push(match bytes {
                    Ok((first, bytes)) => Place {
                        is_new: is_head,
                        bytes: to.write(&bytes)?,
                        hash: Key::of_bytes(&bytes),
                        first: first.into(),
                    },
                    Err(in_bulk) => in_bulk.clone(),
                });
            }
        }
        Ok(places)
    }
}

impl Files {
    /// The bytes of a shelf, if they are as they were left.
    fn read(&self, place: &Place) -> Option<Vec<u8>> {
        let bytes = if place.is_new {
            self.head.get(place.bytes.clone()).map(<[u8]>::to_vec)
        } else {
            match read_part(&self.bulk, &place.bytes) {
                // Another build has replaced it.
                Err(error) if error.kind() == io::ErrorKind::NotFound => return None,
                bytes => bytes.ok(),
            }
        };
        let bytes = bytes.filter(|bytes| Key::of_bytes(bytes) == place.hash);
        if bytes.is_none() {
            self.are_damaged.store(true, Ordering::Relaxed);
        }
        bytes
    }
}

impl Contents {
    /// Writes it at the end of the head, and puts that into its place.
    fn write(&self, mut head: sealed::Writer) -> io::Result<()> {
        let contents = key::written(self, Vec::new());
        head.write(&contents)?;
        head.write(&(contents.len() as u32).to_le_bytes())?;
        head.finish()
    }
}

/// A part of a file.
fn read_part(path: &Path, part: &Range<usize>) -> io::Result<Vec<u8>> {
    // Opening a pipe would wait for somebody at its other end.
    if !path.symlink_metadata()?.is_file() {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let mut file = File::open(path)?;
    file.seek(SeekFrom::Start(part.start as u64))?;
    let mut bytes = Vec::with_capacity(part.len());
    file.take(part.len() as u64).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// How many files are on shelves that lie in the bulk, or on all others.
fn filed<T, R>(shelves: &[Shelf<T, R>], in_bulk: bool) -> usize {
    let lies_in_bulk = |shelf: &&Shelf<T, R>| shelf.old.as_ref().is_some_and(|old| !old.is_new);
    let shelves = shelves
        .iter()
        .filter(|shelf| lies_in_bulk(shelf) == in_bulk);
    shelves.map(|shelf| shelf.files.len()).sum()
}

/// What can be kept.
pub(super) trait Held: Serialize + DeserializeOwned + Send + Sync {}

impl<T: Serialize + DeserializeOwned + Send + Sync> Held for T {}

/// Whatever an article depends on besides its file and where that lies.
fn settings(config: &Config) -> Key {
    Key::of(&(
        &config.text,
        config.base_url.whole(),
        &config.known_components,
    ))
}

fn left<T>(places: &[Place]) -> Shelves<T> {
    places.iter().cloned().map(Left::There).collect()
}

/// What files hold, shelf by shelf. `on`: where those lie that are not in memory.
fn shelve<T: Held, R: Send + Sync>(
    on: &Files,
    shelves: Shelves<T>,
    files: Vec<SourceFile>,
    verify: bool,
    parse: &(impl Fn(&SourceFile, &str) -> Outcome<T, R> + Sync),
) -> Vec<Shelf<T, R>> {
    // A thread that comes later, from other work, is to find some left.
    let work = distribute(files, shelves).into_par_iter().with_max_len(1);
    work.map(|shelf| shelf.read(on, verify, parse)).collect()
}

/// A shelf as it is remembered; several, if there is too much for one.
fn remembered<T: Clone, R>(shelf: &Shelf<T, R>) -> Shelves<T> {
    let entry = |read: &Read<T, R>| {
        Some(Entry {
            path: read.file.path.clone(),
            identity: read.file.identity,
            bytes: read.bytes,
            held: read.held.clone()?,
            found: read.found.clone(),
        })
    };
    let entries: Vec<Known<T>> = shelf.files.iter().filter_map(entry).collect();
    if entries.len() <= 2 * SHELF {
        let is_any = !entries.is_empty();
        return is_any
            .then(|| Left::Here(shelf.old.clone(), entries))
            .into_iter()
            .collect();
    }
    let mut shelves: Shelves<T> = Vec::new();
    for entry in entries {
        match shelves.last_mut() {
            Some(Left::Here(_, last)) if last.len() < SHELF => last.push(entry),
            _ => shelves.push(Left::Here(None, vec![entry])),
        }
    }
    shelves
}

/// A shelf, and the files that belong on it now.
struct Work<T> {
    files: Vec<SourceFile>,
    left: Option<Left<T>>,
}

/// Puts files on the shelves between whose first paths they are, or on new ones.
fn distribute<T>(files: Vec<SourceFile>, shelves: Shelves<T>) -> Vec<Work<T>> {
    let mut files = files.into_iter().peekable();
    let mut work = Vec::new();
    let mut shelves = shelves.into_iter().peekable();
    while let Some(left) = shelves.next() {
        let next = shelves.peek().map(Left::first);
        let mut own = Vec::with_capacity(SHELF);
        while let Some(file) =
            files.next_if(|file| next.is_none_or(|next| file.path.as_str() < next))
        {
            own.push(file);
        }
        work.push(Work {
            files: own,
            left: Some(left),
        });
    }
    while files.peek().is_some() {
        work.push(Work {
            files: files.by_ref().take(SHELF).collect(),
            left: None,
        });
    }
    work
}

impl<T: Held> Work<T> {
    fn read<R: Send + Sync>(
        self,
        on: &Files,
        verify: bool,
        parse: &(impl Fn(&SourceFile, &str) -> Outcome<T, R> + Sync),
    ) -> Shelf<T, R> {
        let files = self.files;
        match self.left {
            None => Shelf::read(files, Vec::<Known<T>>::new(), None, verify, parse),
            Some(Left::Here(old, entries)) => Shelf::read(files, entries, old, verify, parse),
            Some(Left::There(old)) => {
                let bytes = on.read(&old).unwrap_or_default();
                // One that cannot be understood has nothing.
                let entries: Vec<Known<T, &str>> = postcard::from_bytes(&bytes).unwrap_or_default();
                Shelf::read(files, entries, Some(old), verify, parse)
            }
        }
    }
}

impl<T: Send, R: Send> Shelf<T, R> {
    /// What is in files by what was left of them, both in the order of their paths.
    fn read<P: AsRef<str> + Send>(
        files: Vec<SourceFile>,
        entries: Vec<Known<T, P>>,
        old: Option<Place>,
        verify: bool,
        parse: &(impl Fn(&SourceFile, &str) -> Outcome<T, R> + Sync),
    ) -> Self {
        // A shelf without files may have been damaged.
        let mut is_as_it_was = !files.is_empty() && entries.len() == files.len();
        let mut entries = entries.into_iter().peekable();
        let files: Vec<(SourceFile, Option<Known<T, P>>)> = files
            .into_iter()
            .map(|file| {
                let path = |entry: &Known<T, P>| entry.path.as_ref().cmp(&file.path);
                while entries.next_if(|entry| path(entry).is_lt()).is_some() {}
                let entry = entries.next_if(|entry| path(entry).is_eq());
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
        Self {
            files: read,
            old: old.filter(|_| is_as_it_was),
        }
    }
}

/// The bytes of a shelf that is not as it was; of several, if there is too much for one.
fn entries_of<T: Serialize, R>(read: &[Read<T, R>]) -> Vec<(&str, Vec<u8>)> {
    let entries: Vec<_> = read.iter().filter_map(Read::entry).collect();
    let on_each = if entries.len() > 2 * SHELF {
        SHELF
    } else {
        2 * SHELF
    };
    let shelves = entries.chunks(on_each);
    shelves
        .map(|shelf| (shelf[0].path, key::written(shelf, Vec::new())))
        .collect()
}

impl<T, R> Read<T, R> {
    /// What a file holds, by its entry if it is what that is about.
    fn new<P>(
        file: SourceFile,
        entry: Option<Known<T, P>>,
        verify: bool,
        parse: impl Fn(&SourceFile, &str) -> Outcome<T, R>,
    ) -> Self {
        let is_known =
            |entry: &Known<T, P>| entry.identity.is_some() && entry.identity == file.identity;
        let entry = match entry {
            Some(entry) if !verify && is_known(&entry) => return Self::known(file, entry, None),
            entry => entry,
        };
        let text = match source::text_within(&file, MOST_BYTES) {
            Ok(text) => text,
            Err(diagnostic) => {
                return Self {
                    file,
                    held: None,
                    besides: None,
                    found: vec![diagnostic],
                    before: None,
                    bytes: Key::default(),
                };
            }
        };
        let bytes = Key::of_bytes(text.as_bytes());
        // What has other bytes than a file of the same identity cannot be told by that.
        let is_told = entry
            .as_ref()
            .is_none_or(|entry| entry.bytes == bytes || !is_known(entry));
        let identity = file.identity.filter(|_| is_told);
        let file = SourceFile { identity, ..file };
        let before = |identity, held| Some(Box::new(Before { identity, held }));
        match entry {
            Some(entry) if entry.bytes == bytes => {
                let before = before(entry.identity, None);
                Self::known(file, entry, before)
            }
            entry => {
                let (held, found) = parse(&file, &text);
                let (held, besides) = held.unzip();
                Self {
                    file,
                    held,
                    besides: besides.map(Box::new),
                    found,
                    before: entry.and_then(|entry| before(entry.identity, Some(entry.held))),
                    bytes,
                }
            }
        }
    }

    fn known<P>(file: SourceFile, entry: Known<T, P>, before: Option<Box<Before<T>>>) -> Self {
        Self {
            file,
            held: Some(entry.held),
            besides: None,
            found: entry.found,
            before,
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
