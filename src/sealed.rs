//! Files that Pressroom keeps for itself between builds: what is read is what was written, by this
//! version, or nothing.
//!
//! A line of text such as `pressroom 0.1.0 0123456789abcdef records 1`, in which the hash is that of
//! the program's sources, the xxh3 hash of what follows in 16 bytes,
//! lowest first, and a value, in the format of postcard or in one of its own.
//!
//! What is large and changes little lies in two such files, so that an edit does not cost writing all
//! of it: the *bulk*, and a *head* that says which bulk it belongs to, what of that still counts, and
//! what has come since. A bulk is named by the hash of its value and written before the head that
//! needs it, so that a head never finds another one, and finds none only if another build has
//! just replaced both.

use std::borrow::Cow;
use std::ffi::OsStr;
use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Seek, SeekFrom, Write};
use std::ops::Range;
use std::path::{Path, PathBuf};

use serde::Serialize;
use xxhash_rust::xxh3::Xxh3Default;

use crate::key::{self, Key};

const HASH: usize = size_of::<u128>();

/// A bulk is written anew when what has come since is more than this share of it.
const GROWTH: usize = 8;

/// Whether what has come since a bulk was written, of a size in any unit, still fits into its head.
#[must_use]
pub fn fits_head(since: usize, bulk: usize) -> bool {
    since <= bulk / GROWTH
}

/// Where the bulk with a hash lies that belongs to a head.
#[must_use]
pub fn bulk_of(head: &Path, hash: Key) -> PathBuf {
    let mut name = head.as_os_str().to_owned();
    name.push(format!("-{hash}"));
    name.into()
}

/// Removes bulks that are not the one that a head belongs to, as far as that can be.
pub fn remove_other_bulks(head: &Path, hash: Key) {
    let current = bulk_of(head, hash);
    let (Some(folder), Some(name)) = (head.parent(), head.file_name()) else {
        return;
    };
    let prefix = format!("{}-", name.to_string_lossy());
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_bulk = entry.file_name().to_string_lossy().starts_with(&prefix);
        if is_bulk && entry.path() != current {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// A file that is there and of no use: damaged, cut off, or of another version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unusable;

/// The bytes of a file; `None` when there is none. Whether it is of use, [`open`] tells.
pub fn read(path: &Path) -> Result<Option<Vec<u8>>, Unusable> {
    match fs::symlink_metadata(path) {
        // Reading a pipe or a device might never end.
        Ok(found) if found.is_file() => fs::read(path).map(Some).map_err(|_| Unusable),
        Ok(_) => Err(Unusable),
        Err(error) => match error.kind() {
            ErrorKind::NotFound | ErrorKind::NotADirectory => Ok(None),
            _ => Err(Unusable),
        },
    }
}

/// Writes a file part by part. It is written beside its place and renamed when it is whole, so that
/// nobody reads half of it.
pub struct Writer {
    path: PathBuf,
    new: PathBuf,
    file: File,
    /// Where the hash of the value goes.
    hash_at: usize,
    /// Where the next part begins.
    written: usize,
    hash: Xxh3Default,
}

impl Writer {
    /// Begins a file of this kind. The folder that it is in is made.
    pub fn create(path: &Path, kind: &str) -> io::Result<Self> {
        let first_line = first_line(kind);
        let (new, file) = begin(path)?;
        let mut writer = Self {
            path: path.to_owned(),
            new,
            file,
            hash_at: first_line.len(),
            written: first_line.len() + HASH,
            hash: Xxh3Default::new(),
        };
        writer.file.write_all(&first_line)?;
        writer.file.write_all(&[0; HASH])?;
        Ok(writer)
    }

    /// Adds to the value; where the part is in the file.
    pub fn write(&mut self, part: &[u8]) -> io::Result<Range<usize>> {
        self.hash.update(part);
        self.file.write_all(part)?;
        let start = self.written;
        self.written += part.len();
        Ok(start..self.written)
    }

    /// Ends the file and puts it into its place.
    pub fn finish(mut self) -> io::Result<()> {
        self.end()?;
        fs::rename(&self.new, &self.path)
    }

    /// Ends the file and makes it the bulk of a head at the place that it was begun for; its hash.
    pub fn finish_bulk(mut self) -> io::Result<Key> {
        let hash = self.end()?;
        fs::rename(&self.new, bulk_of(&self.path, hash))?;
        Ok(hash)
    }

    fn end(&mut self) -> io::Result<Key> {
        let hash = Key::of_its_bytes(self.hash.digest128().to_le_bytes());
        self.file.seek(SeekFrom::Start(self.hash_at as u64))?;
        self.file.write_all(&hash.bytes())?;
        Ok(hash)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // It is gone already if it was finished.
        let _ = fs::remove_file(&self.new);
    }
}

/// The bytes of a file that holds a value. `kind` says what it is, and the version of its format.
pub fn seal<T: Serialize>(kind: &str, value: &T) -> Vec<u8> {
    seal_bytes(kind, 0, |bytes| add(bytes, value))
}

/// Writes a value behind what there is, in the format of postcard.
pub fn add<T: Serialize>(bytes: &mut Vec<u8>, value: &T) {
    *bytes = key::written(value, std::mem::take(bytes));
}

/// The same for a value that has a form of its own, of about so many bytes, which `write` adds.
pub fn seal_bytes(kind: &str, room: usize, write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = first_line(kind);
    let start = bytes.len();
    bytes.reserve(room + HASH);
    bytes.extend([0; HASH]);
    write(&mut bytes);
    let hash = Key::of_bytes(&bytes[start + HASH..]);
    bytes[start..start + HASH].copy_from_slice(&hash.bytes());
    bytes
}

/// The bytes of such a file whose value lies in several places, and the hash of the value.
pub fn seal_parts<'a>(kind: &str, mut value: Vec<Cow<'a, [u8]>>) -> (Key, Vec<Cow<'a, [u8]>>) {
    let mut hash = Xxh3Default::new();
    for part in &value {
        hash.update(part);
    }
    let hash = Key::of_its_bytes(hash.digest128().to_le_bytes());
    let first = [first_line(kind), hash.bytes().to_vec()].concat();
    value.insert(0, first.into());
    (hash, value)
}

/// Writes the bytes of such a file, beside its place first. The folder that it is in is made.
pub fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    put_parts(path, &[bytes.into()])
}

/// The same for bytes that lie in several places.
pub fn put_parts(path: &Path, parts: &[Cow<[u8]>]) -> io::Result<()> {
    let (new, file) = begin(path)?;
    let mut to = BufWriter::new(&file);
    let mut parts = parts.iter();
    let put = parts
        .try_for_each(|part| to.write_all(part))
        .and_then(|()| to.flush())
        .and_then(|()| fs::rename(&new, path));
    put.inspect_err(|_| {
        let _ = fs::remove_file(&new);
    })
}

/// How the name of a file goes on that is to take the place of another one.
const NEW: &str = "new-";

/// Begins a file beside its place, which is locked while it is open.
fn begin(path: &Path) -> io::Result<(PathBuf, File)> {
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder)?;
    remove_abandoned(folder);
    let new = path.with_extension(format!("{NEW}{}", std::process::id()));
    let file = File::create_new(&new)?;
    // Without a lock, another build may take it for abandoned, and the next one only takes longer.
    let _ = file.try_lock();
    Ok((new, file))
}

/// Removes what builds that were killed had begun: what nobody has locked. Each may be as large as all
/// that is kept.
fn remove_abandoned(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let ending = path.extension().and_then(OsStr::to_str);
        let is_new = ending.is_some_and(|ending| ending.starts_with(NEW));
        // Opening a pipe would wait for somebody at its other end.
        if is_new
            && entry.file_type().is_ok_and(|kind| kind.is_file())
            && File::open(&path).is_ok_and(|file| file.try_lock().is_ok())
        {
            let _ = fs::remove_file(path);
        }
    }
}

/// What is in a file of this kind; `None` when the file is damaged, of another
/// version or of another kind.
pub fn open<'a>(kind: &str, file: &'a [u8]) -> Option<&'a [u8]> {
    let (hash, value) = parts(kind, file)?;
    (hash == Key::of_bytes(value)).then_some(value)
}

/// The hash that a file of this kind says its value has, and the value, which need not have it.
pub fn parts<'a>(kind: &str, file: &'a [u8]) -> Option<(Key, &'a [u8])> {
    let rest = file.strip_prefix(&*first_line(kind))?;
    let (hash, value) = rest.split_first_chunk()?;
    Some((Key::of_its_bytes(*hash), value))
}

fn first_line(kind: &str) -> Vec<u8> {
    let version = concat!(env!("CARGO_PKG_VERSION"), " ", env!("PRESSROOM_BUILD"));
    format!("pressroom {version} {kind}\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_dead_build_had_begun_is_removed_and_what_another_one_writes_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["articles.new-1", "related-00ff.new-22", "notes"] {
            fs::write(at(name), "half of it").unwrap();
        }
        let being_written = Writer::create(&at("search"), "search 1").unwrap();
        put(&at("related"), b"all of it").unwrap();
        let mut names: Vec<_> = fs::read_dir(folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        let new = format!("search.new-{}", std::process::id());
        assert_eq!(names, ["notes", "related", &new]);
        being_written.finish().unwrap();
        assert!(at("search").exists());
    }

    #[test]
    fn only_what_is_whole_and_of_this_kind_is_opened() {
        let file = seal("notes 1", &vec!["one", "two"]);
        let value = open("notes 1", &file).expect("it is whole");
        assert_eq!(
            postcard::from_bytes::<Vec<&str>>(value),
            Ok(vec!["one", "two"])
        );
        assert_eq!(open("notes 2", &file), None);
        assert_eq!(open("other 1", &file), None);
        for at in 0..file.len() {
            assert_eq!(open("notes 1", &file[..at]), None, "cut off at {at}");
            let mut damaged = file.clone();
            damaged[at] ^= 1;
            assert_eq!(open("notes 1", &damaged), None, "damaged at {at}");
        }
    }
}
