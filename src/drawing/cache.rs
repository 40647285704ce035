//! Drawings of earlier builds, in `.pressroom/cards` of the site's folder.
//!
//! A drawing's file is named after everything that it was made from, and ends in a checksum, so
//! that one that is cut short or was tampered with is drawn anew. Whatever goes wrong here only
//! costs time: nothing is an error, and builds that run side by side do each other no harm.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};

use xxhash_rust::xxh3::Xxh3Default;

use super::Fonts;

/// What draws, which shows in the bytes.
const DRAWN_BY: &str = concat!(env!("CARGO_PKG_VERSION"), " ", env!("PRESSROOM_BUILD"));

/// Bytes of a file's checksum.
const CHECKSUM: usize = size_of::<u128>();

/// Everything that a drawing is made from, as a hash.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key(String);

impl Key {
    /// The key of the drawing that an SVG makes with fonts.
    #[must_use]
    pub fn new(svg: &str, fonts: &Fonts) -> Self {
        let mut hash = Xxh3Default::new();
        hash.update(DRAWN_BY.as_bytes());
        hash.update(&fonts.hash().to_le_bytes());
        hash.update(svg.as_bytes());
        Self(format!("{:032x}", hash.digest128()))
    }

    fn file(&self) -> String {
        format!("{}.png", self.0)
    }

    /// The checksum of this drawing's bytes, which those of another drawing do not have.
    fn checksum(&self, png: &[u8]) -> [u8; CHECKSUM] {
        let mut hash = Xxh3Default::new();
        hash.update(self.0.as_bytes());
        hash.update(png);
        hash.digest128().to_le_bytes()
    }
}

/// Drawings that are kept from one build to the next.
#[derive(Debug)]
pub struct Cache {
    folder: PathBuf,
    /// Files of drawings that this build asked for.
    used: Mutex<BTreeSet<String>>,
    /// Number of the next file that is written.
    next: AtomicU32,
}

impl Cache {
    /// The cache of a site. Nothing is read or written yet.
    #[must_use]
    pub fn of(root: &Path) -> Self {
        Self {
            folder: root.join(".pressroom/cards"),
            used: Mutex::default(),
            next: AtomicU32::default(),
        }
    }

    /// The drawing of a key, if it was kept.
    pub fn get(&self, key: &Key) -> Option<Vec<u8>> {
        self.used().insert(key.file());
        let path = self.folder.join(key.file());
        // Reading a pipe would wait for somebody to write into it.
        let is_file = fs::metadata(&path).is_ok_and(|found| found.is_file());
        let mut bytes = is_file.then(|| fs::read(&path).ok()).flatten()?;
        let length = bytes.len().checked_sub(CHECKSUM)?;
        let is_whole = bytes[length..] == key.checksum(&bytes[..length]);
        bytes.truncate(length);
        is_whole.then_some(bytes)
    }

    /// Keeps a drawing, if that can be, and gives it back. It is written beside its place and
    /// renamed, so that nobody reads half of it.
    #[must_use]
    pub fn keep(&self, key: &Key, png: Vec<u8>) -> Vec<u8> {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let new = format!("{}.{}-{number}", key.0, std::process::id());
        let new = self.folder.join(new);
        let bytes = [&png[..], &key.checksum(&png)].concat();
        let kept = fs::create_dir_all(&self.folder)
            .and_then(|()| fs::write(&new, bytes))
            .and_then(|()| fs::rename(&new, self.folder.join(key.file())));
        if kept.is_err() {
            let _ = fs::remove_file(&new);
        }
        png
    }

    /// Removes the drawings that this build did not ask for, and what builds that were killed
    /// left.
    pub fn prune(&self) {
        let used = self.used();
        let Ok(files) = fs::read_dir(&self.folder) else {
            return;
        };
        for file in files.flatten() {
            let name = file.file_name();
            let name = name.to_string_lossy();
            if is_ours(&name) && !used.contains(&*name) {
                let _ = fs::remove_file(file.path());
            }
        }
        // Only if nothing is left in it.
        let _ = fs::remove_dir(&self.folder);
    }

    fn used(&self) -> std::sync::MutexGuard<'_, BTreeSet<String>> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whether a name is one that `keep` gives: a hash, a dot, and `png` or two numbers.
fn is_ours(name: &str) -> bool {
    let Some((hash, ending)) = name.split_once('.') else {
        return false;
    };
    hash.len() == 32
        && hash.bytes().all(|byte| byte.is_ascii_hexdigit())
        && (ending == "png"
            || ending
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'-'))
}
