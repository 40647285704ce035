//! The files of a site: which there are, and their text.
//!
//! In: the site's root. Out: [`SourceFile`]s in the order of their paths, and their bytes on
//! demand.

mod linked;
mod walk;

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;

use crate::diagnostics::{Code, Diagnostic, Place};
use crate::model::SourceFile;

pub use linked::links_among;
pub use walk::{Walked, identify, is_walked, walk, walk_identified, walk_watched};

/// A file's bytes.
pub fn bytes(file: &SourceFile) -> Result<Vec<u8>, Diagnostic> {
    bytes_at(&file.root, &file.path)
}

/// A file's text.
pub fn text(file: &SourceFile) -> Result<String, Diagnostic> {
    text_at(&file.root, &file.path)
}

/// The same of a file that nobody has written by hand if it is longer than `most` bytes.
pub fn text_within(file: &SourceFile, most: u64) -> Result<String, Diagnostic> {
    let bytes = match read(&file.absolute(), most) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == ErrorKind::FileTooLarge => {
            let message = format!(
                "this file is larger than {} MiB, and is not read",
                most >> 20
            );
            return Err(Diagnostic::new(Code::Unreadable, message)
                .at(Place::file(&file.path))
                .hint("divide it into several, or put it into static/ and link to it"));
        }
        Err(error) => return Err(unreadable(&file.path, &error)),
    };
    decode(&file.path, bytes)
}

fn bytes_at(root: &Path, path: &str) -> Result<Vec<u8>, Diagnostic> {
    read(&root.join(path), u64::MAX).map_err(|error| unreadable(path, &error))
}

/// The text of the file at a path from the root.
pub fn text_at(root: &Path, path: &str) -> Result<String, Diagnostic> {
    decode(path, bytes_at(root, path)?)
}

/// The bytes of a regular file, if it has no more than `most` when it is opened. Reading a pipe or a
/// device might never end.
fn read(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut file = open(path)?;
    let found = file.metadata()?;
    if !found.is_file() {
        let message = "it is not a regular file";
        return Err(io::Error::new(ErrorKind::InvalidInput, message));
    }
    if found.len() > most {
        return Err(ErrorKind::FileTooLarge.into());
    }
    // One byte more is asked for than there should be: if there is none, this is all.
    let length = found.len() as usize;
    let mut bytes = Vec::new();
    bytes.try_reserve_exact(length + 1)?;
    bytes.resize(length + 1, 0);
    let mut end = 0;
    loop {
        match file.read(&mut bytes[end..]) {
            Ok(0) => break,
            Ok(more) => end += more,
            Err(error) if error.kind() == ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        }
        if end == length {
            break;
        }
        if end == bytes.len() {
            bytes.resize(2 * end, 0);
        }
    }
    bytes.truncate(end);
    Ok(bytes)
}

/// Opens what there is at a path; a pipe without waiting for somebody at its other end.
#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    let without_waiting = OFlags::NONBLOCK.bits().cast_signed();
    OpenOptions::new()
        .read(true)
        .custom_flags(without_waiting)
        .open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

/// Bytes as text, or where they stop to be text.
fn decode(path: &str, bytes: Vec<u8>) -> Result<String, Diagnostic> {
    let text = String::from_utf8(bytes).map_err(|error| {
        let bytes = error.as_bytes();
        let at = error.utf8_error().valid_up_to();
        let valid = String::from_utf8_lossy(&bytes[..at]);
        let utf16 = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
        let hint = if utf16 {
            "this looks like UTF-16; save the file as UTF-8".to_owned()
        } else {
            format!(
                "save the file as UTF-8; as Latin-1 this byte would be `{}`",
                char::from(bytes[at])
            )
        };
        Diagnostic::new(
            Code::NotUtf8,
            format!("byte 0x{:02x} is not UTF-8", bytes[at]),
        )
        .at(Place::in_text(path, &valid, at..at + 1))
        .hint(hint)
    })?;
    match memchr::memchr(0, text.as_bytes()) {
        None => Ok(text),
        Some(at) => Err(nul(path, &text, at)),
    }
}

/// A NUL is UTF-8, and in no text: every second byte is one where letters have two.
fn nul(path: &str, text: &str, at: usize) -> Diagnostic {
    let count = memchr::memchr_iter(0, text.as_bytes()).count();
    let hint = if count > text.len() / 4 {
        "this looks like UTF-16; save the file as UTF-8"
    } else {
        "delete it, or take the file from where it was still text"
    };
    Diagnostic::new(Code::NotUtf8, "byte 0x00 is no text")
        .at(Place::in_text(path, text, at..at + 1))
        .hint(hint)
}

fn unreadable(path: &str, error: &io::Error) -> Diagnostic {
    Diagnostic::new(
        Code::Unreadable,
        format!("cannot read {path}: {}", reason(error)),
    )
    .at(Place::file(path))
    .hint("check that the file is there and that you may read it")
}

/// An I/O error in words, without the number of the operating system's.
#[must_use]
pub fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut words = text.chars();
    words.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(words).collect()
    })
}

/// The text of a file at a path from the root; `None` when there is nothing at that path.
pub fn read_optional(root: &Path, path: &str) -> Result<Option<String>, Diagnostic> {
    match read(&root.join(path), u64::MAX) {
        Ok(bytes) => decode(path, bytes).map(Some),
        Err(_) if !is_there(root, path) => Ok(None),
        Err(error) => Err(unreadable(path, &error)),
    }
}

/// Whether there is anything at a path, be it of use or not: a link to a disk that is not mounted and a
/// folder that may not be looked into are there, and nobody must take them for empty.
#[must_use]
pub fn is_there(root: &Path, path: &str) -> bool {
    match fs::symlink_metadata(root.join(path)) {
        Err(error) if error.kind() == ErrorKind::NotFound => path
            .rsplit_once('/')
            .map(|(folder, _)| root.join(folder))
            .is_some_and(|folder| folder.is_symlink() && !folder.exists()),
        _ => true,
    }
}

/// Makes a file of which there is none yet, with the folders on its way; whole or not at all.
pub fn write_new(file: &Path, bytes: &[u8]) -> io::Result<()> {
    if let Some(folder) = file.parent() {
        fs::create_dir_all(folder)?;
    }
    File::create_new(file)?.write_all(bytes).inspect_err(|_| {
        let _ = fs::remove_file(file);
    })
}

/// What to do about a file that could not be written.
#[must_use]
pub fn remedy(error: &io::Error) -> &'static str {
    match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "free some space, then try again",
        _ => "check the folder and that you may write to it",
    }
}

/// A file of the site, if it is there.
#[must_use]
pub fn file(root: &Path, path: &str) -> Option<SourceFile> {
    let exists = root.join(path).exists();
    exists.then(|| SourceFile::new(&root.into(), path.to_owned()))
}
