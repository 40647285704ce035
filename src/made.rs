//! What earlier builds drew or encoded, in folders of `.pressroom/` in the site's folder.
//!
//! A file is named after what it is, and ends in a checksum that has in it what it was made from:
//! one that is cut short, was tampered with or was made from something else is made anew. Whatever
//! goes wrong here only costs time: nothing is an error, and builds that run side by side do each
//! other no harm.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use crate::key::Key;

/// Bytes of a file's checksum.
const CHECKSUM: usize = 16;

/// What is kept from one build to the next.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    /// What the names of files end in.
    ending: &'static str,
    /// Number of the next file that is written.
    next: AtomicU32,
}

impl Cache {
    fn of(root: &Path, folder: &str, ending: &'static str) -> Self {
        Self {
            folder: root.join(folder),
            ending,
            next: AtomicU32::default(),
        }
    }

    fn file(&self, name: Key) -> String {
        format!("{name}.{}", self.ending)
    }

    /// Whether there is something of this name, whatever it was made from.
    #[must_use]
    pub fn has(&self, name: Key) -> bool {
        self.folder.join(self.file(name)).exists()
    }

    /// What was kept by this name, if it was made from the same.
    #[must_use]
    pub fn get(&self, name: Key, from: Key) -> Option<Vec<u8>> {
        let path = self.folder.join(self.file(name));
        // Reading a pipe would wait for somebody to write into it.
        let is_file = fs::metadata(&path).is_ok_and(|found| found.is_file());
        let mut bytes = is_file.then(|| fs::read(&path).ok()).flatten()?;
        let length = bytes.len().checked_sub(CHECKSUM)?;
        let is_whole = bytes[length..] == checksum(name, from, &bytes[..length]);
        bytes.truncate(length);
        is_whole.then_some(bytes)
    }

    /// Keeps what was made, if that can be, and gives it back. It is written beside its place and
    /// renamed, so that nobody reads half of it.
    #[must_use]
    pub fn keep(&self, name: Key, from: Key, made: Vec<u8>) -> Vec<u8> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let new = format!("{name}.{}-{number}", std::process::id());
        let new = self.folder.join(new);
        let bytes = [&made[..], &checksum(name, from, &made)].concat();
        let kept = fs::create_dir_all(&self.folder)
            .and_then(|()| fs::write(&new, bytes))
            .and_then(|()| fs::rename(&new, self.folder.join(self.file(name))));
        if kept.is_err() {
            let _ = fs::remove_file(&new);
        }
        made
    }

    /// Removes everything that has another name than these, and what builds that were killed left.
    pub fn prune(&self, names: impl Iterator<Item = Key>) {
        let Ok(files) = fs::read_dir(&self.folder) else {
            return;
        };
        let stays: BTreeSet<String> = names.map(|name| self.file(name)).collect();
        for file in files.flatten() {
            let name = file.file_name();
            let name = name.to_string_lossy();
            if self.is_ours(&name) && !stays.contains(&*name) {
                let _ = fs::remove_file(file.path());
            }
        }
        // Only if nothing is left in it.
        let _ = fs::remove_dir(&self.folder);
    }

    /// Whether a name is one that `keep` gives: a hash, a dot, and the ending or two numbers.
    fn is_ours(&self, name: &str) -> bool {
        let Some((hash, ending)) = name.split_once('.') else {
            return false;
        };
        hash.len() == 32
            && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
            && (ending == self.ending
                || ending
                    .bytes()
                    .all(|byte| byte.is_ascii_digit() || byte == b'-'))
    }
}

/// What nothing else ends in that has another name, was made from something else, or is something
/// else.
fn checksum(name: Key, from: Key, made: &[u8]) -> [u8; CHECKSUM] {
    Key::of(&(name, from, Key::of_bytes(made))).bytes()
}

/// All of them.
#[derive(Debug)]
pub struct Caches {
    /// Drawings, by the URL where they are published.
    pub cards: Cache,
    /// Pictures that are narrower than the site's files, by what the file holds and the width.
    pub pictures: Cache,
}

impl Caches {
    /// Those of a site. Nothing is read or written yet.
    #[must_use]
    pub fn of(root: &Path) -> Self {
        Self {
            cards: Cache::of(root, ".pressroom/cards", "png"),
            pictures: Cache::of(root, ".pressroom/narrower", "picture"),
        }
    }
}
