//! Files that Pressroom keeps for itself between builds: what is read is what was written, by this
//! version, or nothing.
//!
//! A line of text such as `pressroom 0.1.0 0123456789abcdef records 1`, in which the hash is that of
//! the program's sources, the xxh3 hash of what follows in 16 bytes,
//! lowest first, and a value, in the format of postcard or in one of its own.

use std::fs::{self, File};
use std::io::{self, ErrorKind, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;
use xxhash_rust::xxh3::{Xxh3Default, xxh3_128};

const HASH: usize = size_of::<u128>();

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
    hash_at: u64,
    hash: Xxh3Default,
}

impl Writer {
    /// Begins a file of this kind. The folder that it is in is made.
    pub fn create(path: &Path, kind: &str) -> io::Result<Self> {
        let first_line = first_line(kind);
        fs::create_dir_all(path.parent().unwrap_or(Path::new("")))?;
        let new = path.with_extension(format!("new-{}", std::process::id()));
        let mut file = File::create(&new)?;
        file.write_all(&first_line)?;
        file.write_all(&[0; HASH])?;
        Ok(Self {
            path: path.to_owned(),
            new,
            file,
            hash_at: first_line.len() as u64,
            hash: Xxh3Default::new(),
        })
    }

    /// Adds to the value.
    pub fn write(&mut self, part: &[u8]) -> io::Result<()> {
        self.hash.update(part);
        self.file.write_all(part)
    }

    /// Ends the file and puts it into its place.
    pub fn finish(mut self) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.hash_at))?;
        self.file.write_all(&self.hash.digest128().to_le_bytes())?;
        fs::rename(&self.new, &self.path)
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
    seal_bytes(kind, 0, |bytes| {
        *bytes = match postcard::to_extend(value, std::mem::take(bytes)) {
            Ok(bytes) => bytes,
            Err(error) => unreachable!("a value that cannot be kept: {error}"),
        };
    })
}

/// The same for a value that has a form of its own, of about so many bytes, which `write` adds.
pub fn seal_bytes(kind: &str, room: usize, write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = first_line(kind);
    let start = bytes.len();
    bytes.reserve(room + HASH);
    bytes.extend([0; HASH]);
    write(&mut bytes);
    let hash = xxh3_128(&bytes[start + HASH..]);
    bytes[start..start + HASH].copy_from_slice(&hash.to_le_bytes());
    bytes
}

/// Writes the bytes of such a file, beside its place first. The folder that it is in is made.
pub fn put(path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new("")))?;
    let new = path.with_extension(format!("new-{}", std::process::id()));
    let put = fs::write(&new, bytes).and_then(|()| fs::rename(&new, path));
    put.inspect_err(|_| {
        let _ = fs::remove_file(&new);
    })
}

/// What is in a file of this kind; `None` when the file is damaged, of another
/// version or of another kind.
pub fn open<'a>(kind: &str, file: &'a [u8]) -> Option<&'a [u8]> {
    let rest = file.strip_prefix(&*first_line(kind))?;
    let (hash, value) = rest.split_first_chunk()?;
    (u128::from_le_bytes(*hash) == xxh3_128(value)).then_some(value)
}

fn first_line(kind: &str) -> Vec<u8> {
    let version = concat!(env!("CARGO_PKG_VERSION"), " ", env!("PRESSROOM_BUILD"));
    format!("pressroom {version} {kind}\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

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
