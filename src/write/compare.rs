//! Whether the file in place has the bytes of an output already.
//!
//! Sizes are compared first, then bytes, a piece at a time.

use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::Path;

use xxhash_rust::xxh3::Xxh3Default;

use super::Content;
use super::disk::Disk;
use crate::diagnostics::Diagnostic;
use crate::model::Identity;

/// Most bytes of a file held at a time.
const PIECE: usize = 64 * 1024;

impl Disk {
    /// The file at a path when it has a size. Whatever cannot be read is not it.
    fn open_sized(&self, path: &str, size: u64) -> Option<(File, Identity)> {
        let path = self.path(path);
        let metadata = path.symlink_metadata().ok()?;
        let fits = metadata.is_file() && metadata.len() == size;
        let file = fits.then(|| File::open(path).ok()).flatten()?;
        Some((file, Identity::of(&metadata)))
    }

    /// The identity of the file at a path, if it has these bytes.
    pub(super) fn holds(&self, path: &str, bytes: &[u8]) -> Option<Identity> {
        let (mut file, identity) = self.open_sized(path, bytes.len() as u64)?;
        same(&mut file, bytes).then_some(identity)
    }

    /// Whether the file at a path has the bytes that were recorded.
    pub(super) fn holds_content(&self, path: &str, content: Content) -> bool {
        self.open_sized(path, content.size)
            .is_some_and(|(mut file, _)| {
                let mut hash = Xxh3Default::new();
                let read: Result<(), Failure<()>> = pieces(&mut file, |piece| {
                    hash.update(piece);
                    Ok(())
                });
                read.is_ok() && hash.digest() == content.hash
            })
    }

    /// The content of a source file, if the file at a path has the same bytes.
    pub(super) fn holds_file(
        &self,
        path: &str,
        from: &Path,
    ) -> Result<Option<Content>, Diagnostic> {
        let unreadable = |error: &io::Error| self.unreadable(from, error);
        let mut source = File::open(from).map_err(|e| unreadable(&e))?;
        let size = source.metadata().map_err(|e| unreadable(&e))?.len();
        let Some((mut file, _)) = self.open_sized(path, size) else {
            return Ok(None);
        };
        let mut hash = Xxh3Default::new();
        let mut content = Content { hash: 0, size: 0 };
        let compared = pieces(&mut source, |piece| {
            hash.update(piece);
            content.size += piece.len() as u64;
            same(&mut file, piece).then_some(()).ok_or(())
        });
        content.hash = hash.digest();
        match compared {
            // A source that became shorter meanwhile is the same only so far.
            Ok(()) => Ok((content.size == size).then_some(content)),
            Err(Failure::Taking(())) => Ok(None),
            Err(Failure::Reading(error)) => Err(unreadable(&error)),
        }
    }
}

/// Why a file could not be read to its end.
pub(super) enum Failure<E> {
    Reading(io::Error),
    /// A piece was not accepted.
    Taking(E),
}

/// Reads a file piece by piece.
pub(super) fn pieces<E>(
    file: &mut File,
    mut take: impl FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), Failure<E>> {
    let mut piece = vec![0; PIECE];
    loop {
        match file.read(&mut piece) {
            Ok(0) => return Ok(()),
            Ok(length) => take(&piece[..length]).map_err(Failure::Taking)?,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(Failure::Reading(error)),
        }
    }
}

/// Whether the next bytes of a file are these. Whatever cannot be read is not.
fn same(file: &mut File, bytes: &[u8]) -> bool {
    let mut piece = [0; 16 * 1024];
    bytes.chunks(piece.len()).all(|expected| {
        let piece = &mut piece[..expected.len()];
        file.read_exact(piece).is_ok() && piece == expected
    })
}
