//! Every access to the files of an output folder, with errors that name the file.
//!
//! All that changes the folder of a build goes through here, so that tests can stop it anywhere.

use std::fs::{self, File};
use std::io::{self, BufWriter, ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use xxhash_rust::xxh3::Xxh3Default;

use super::Content;
use super::compare::{Failure, pieces};
use super::names::OWN;
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::key::Key;
use crate::model::Identity;
use crate::sealed;

/// What is in place at a path; links are not followed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Missing,
    File,
    Folder,
    /// A link or device, which Pressroom never makes.
    Other,
}

/// Where an output lies until it comes into its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// It is there already: the file in place has the same bytes.
    InPlace,
    /// By itself, as a file with a number.
    Number(u32),
    /// At its path among the others. A folder that was empty is filled by a few renames then.
    Tree,
}

/// What to do about a disk that is full.
pub(super) const MAKE_ROOM: &str = "free some space, then build again";

/// Where outputs lie until they come into their places, in Pressroom's own folder.
const STAGING: &str = "staging";

/// An output folder on disk.
#[derive(Debug)]
pub(super) struct Disk {
    /// Its path, absolute and without links.
    real: PathBuf,
    /// Its path as messages show it.
    pub(super) shown: String,
    /// The site's folder, for messages about source files.
    root: PathBuf,
    next: AtomicU32,
    /// Number of changes until a pretended kill, after which nothing changes any more.
    #[cfg(test)]
    pub(super) changes_left: std::sync::atomic::AtomicUsize,
}

impl Disk {
    pub(super) fn new(real: PathBuf, shown: String, root: PathBuf) -> Self {
        Self {
            real,
            shown,
            root,
            next: AtomicU32::new(0),
            #[cfg(test)]
            changes_left: usize::MAX.into(),
        }
    }

    pub(super) fn real(&self) -> &Path {
        &self.real
    }

    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.real.join(path)
    }

    pub(super) fn own(&self) -> PathBuf {
        self.real.join(OWN)
    }

    fn staging(&self) -> PathBuf {
        self.own().join(STAGING)
    }

    fn staged(&self, number: u32) -> PathBuf {
        let mut path = self.staging();
        path.push(number.to_string());
        path
    }

    /// What is staged for a folder that was empty, as it will lie there.
    fn tree(&self) -> PathBuf {
        self.staging().join("site")
    }

    /// A path in the output folder as messages show it.
    pub(super) fn show(&self, path: &str) -> String {
        format!("{}/{path}", self.shown)
    }

    /// The diagnostic for an error at a path; `what` is what could not be done, such as `written`.
    pub(super) fn failed(&self, what: &str, path: &str, error: &io::Error) -> Diagnostic {
        let message = format!("{} cannot be {what}: {}", self.show(path), reason(error));
        let diagnostic = Diagnostic::new(Code::Output, message);
        match error.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => diagnostic.hint(MAKE_ROOM),
            ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
                diagnostic.hint(format!(
                    "allow writing to {}, or choose another folder with `--output`",
                    self.shown
                ))
            }
            _ => diagnostic.hint("check the disk, then build again"),
        }
    }

    pub(super) fn unreadable(&self, from: &Path, error: &io::Error) -> Diagnostic {
        let name = from.strip_prefix(&self.root).unwrap_or(from).display();
        let message = format!("{name} cannot be copied: {}", reason(error));
        Diagnostic::new(Code::Unreadable, message)
            .at(Place::file(name.to_string()))
            .hint("check that the file is there and that you may read it")
    }

    // Reading.

    pub(super) fn kind(&self, path: &str) -> Result<Kind, Diagnostic> {
        match self.path(path).symlink_metadata() {
            Ok(metadata) if metadata.is_file() => Ok(Kind::File),
            Ok(metadata) if metadata.is_dir() => Ok(Kind::Folder),
            Ok(_) => Ok(Kind::Other),
            Err(error) => match error.kind() {
                ErrorKind::NotFound | ErrorKind::NotADirectory => Ok(Kind::Missing),
                _ => Err(self.failed("read", path, &error)),
            },
        }
    }

    /// A file of Pressroom's own.
    pub(super) fn read_own(&self, name: &str) -> io::Result<Vec<u8>> {
        let path = self.own().join(name);
        // Reading a pipe or a device might never end.
        if fs::symlink_metadata(&path)?.is_file() {
            fs::read(path)
        } else {
            Err(io::Error::new(
                ErrorKind::InvalidInput,
                "it is not a regular file",
            ))
        }
    }

    /// The identity of the file at a path, if there is one.
    pub(super) fn identity(&self, path: &str) -> Option<Identity> {
        identity_at(&self.path(path))
    }

    // Staging.

    /// Removes what a build that was killed left, and makes room.
    pub(super) fn reset_staging(&self) -> Result<(), Diagnostic> {
        self.remove_staging()
            .and_then(|()| fs::create_dir(self.staging()))
            .map_err(|error| self.failed("emptied", &format!("{OWN}/staging"), &error))
    }

    pub(super) fn remove_staging(&self) -> io::Result<()> {
        #[cfg(test)]
        self.change()?;
        match fs::remove_dir_all(self.staging()) {
            Err(error) if error.kind() != ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn create_staged(&self, path: &str, in_tree: bool) -> io::Result<(Stage, File)> {
        if in_tree {
            match create_with_folders(&self.tree().join(path)) {
                // Two outputs want one path, or one of them a folder where the other is a file, which is told
                // when all are known.
                Err(error) if is_taken(&error) => {}
                file => return Ok((Stage::Tree, file?)),
            }
        }
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let file = File::create_new(self.staged(number))?;
        Ok((Stage::Number(number), file))
    }

    /// Stages the bytes for a path; says where they lie, and what identity their file has. `in_tree`: the
    /// output folder was empty.
    pub(super) fn write_staged(
        &self,
        path: &str,
        bytes: &[u8],
        in_tree: bool,
    ) -> Result<(Stage, Option<Identity>), Diagnostic> {
        let failed = |error| self.failed("written", path, &error);
        let (stage, mut file) = self.create_staged(path, in_tree).map_err(failed)?;
        file.write_all(bytes).map_err(failed)?;
        Ok((stage, identity(&file)))
    }

    /// The same for a copy of a file; says also what it holds.
    pub(super) fn copy_staged(
        &self,
        path: &str,
        from: &Path,
        in_tree: bool,
    ) -> Result<(Content, Stage, Option<Identity>), Diagnostic> {
        let mut source = File::open(from).map_err(|error| self.unreadable(from, &error))?;
        let created = self.create_staged(path, in_tree);
        let (stage, mut file) = created.map_err(|error| self.failed("written", path, &error))?;
        let mut hash = Xxh3Default::new();
        let mut size = 0;
        pieces(&mut source, |piece| {
            hash.update(piece);
            size += piece.len() as u64;
            file.write_all(piece)
        })
        .map_err(|failure| match failure {
            Failure::Reading(error) => self.unreadable(from, &error),
            Failure::Taking(error) => self.failed("written", path, &error),
        })?;
        let hash = hash.digest();
        Ok((Content { hash, size }, stage, identity(&file)))
    }

    // Changing the site.

    /// Replaces a file of Pressroom's own at once, by a rename from staging.
    pub(super) fn write_own(
        &self,
        name: &str,
        write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), Diagnostic> {
        let new = self.staging().join(name);
        let replace = || {
            #[cfg(test)]
            self.change()?;
            let mut file = BufWriter::new(File::create(&new)?);
            write(&mut file)?;
            file.into_inner()?;
            #[cfg(test)]
            self.change()?;
            fs::rename(&new, self.own().join(name))
        };
        replace().map_err(|error| self.failed("written", &format!("{OWN}/{name}"), &error))
    }

    /// Removes a file of Pressroom's own, if it is there.
    pub(super) fn remove_own(&self, name: &str) -> Result<(), Diagnostic> {
        #[cfg(test)]
        self.change()
            .map_err(|error| self.failed("removed", name, &error))?;
        match fs::remove_file(self.own().join(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(self.failed("removed", &format!("{OWN}/{name}"), &error))
            }
            _ => Ok(()),
        }
    }

    /// Removes the bulks of a file of Pressroom's own that are not the one with this hash, as far as that
    /// can be.
    pub(super) fn remove_other_bulks(&self, name: &str, hash: Key) {
        #[cfg(test)]
        if self.change().is_err() {
            return;
        }
        sealed::remove_other_bulks(&self.own().join(name), hash);
    }

    /// Puts everything that is staged as it will lie below a name into its place at once.
    pub(super) fn publish_tree(&self, name: &str) -> Result<(), Diagnostic> {
        self.put(&self.tree().join(name), name)
    }

    /// Puts a staged output into its place.
    pub(super) fn publish(&self, number: u32, path: &str) -> Result<(), Diagnostic> {
        self.put(&self.staged(number), path)
    }

    fn put(&self, staged: &Path, path: &str) -> Result<(), Diagnostic> {
        let rename = || {
            #[cfg(test)]
            self.change()?;
            fs::rename(staged, self.path(path))
        };
        rename().map_err(|error| self.failed("written", path, &error))
    }

    pub(super) fn create_folder(&self, path: &str) -> Result<(), Diagnostic> {
        let create = || {
            #[cfg(test)]
            self.change()?;
            fs::create_dir(self.path(path))
        };
        create().map_err(|error| self.failed("created", path, &error))
    }

    pub(super) fn remove_file(&self, path: &str) -> Result<(), Diagnostic> {
        let remove = || {
            #[cfg(test)]
            self.change()?;
            fs::remove_file(self.path(path))
        };
        remove().map_err(|error| self.failed("removed", path, &error))
    }

    /// Removes a folder that is empty; any other stays, and says so by an error.
    pub(super) fn remove_folder(&self, path: &str) -> io::Result<()> {
        #[cfg(test)]
        self.change()?;
        fs::remove_dir(self.path(path))
    }

    #[cfg(test)]
    fn change(&self) -> io::Result<()> {
        self.changes_left
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                left.checked_sub(1)
            })
            .map(drop)
            .map_err(|_| io::Error::other("killed"))
    }
}

/// Creates a file that is new, and its folders where they are missing.
fn create_with_folders(path: &Path) -> io::Result<File> {
    match File::create_new(path) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            fs::create_dir_all(path.parent().unwrap_or(Path::new("")))?;
            File::create_new(path)
        }
        created => created,
    }
}

fn is_taken(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory
    )
}

/// The identity of the file at a path, if there is one.
pub(super) fn identity_at(path: &Path) -> Option<Identity> {
    let metadata = path.symlink_metadata().ok()?;
    metadata.is_file().then(|| Identity::of(&metadata))
}

/// Pressroom's own folder of an output, which whoever opens the output changes, and a file in there that
/// each build replaces. `None` when there is no such folder, and when a build has the output open, or did
/// not come to its end.
pub(super) fn at_rest(own: &Path, file: &str) -> Option<(Identity, Option<Identity>)> {
    let metadata = own.symlink_metadata().ok()?;
    let is_at_rest = metadata.is_dir() && own.join(STAGING).symlink_metadata().is_err();
    is_at_rest.then(|| (Identity::of(&metadata), identity_at(&own.join(file))))
}

/// The identity of a file that was written just now: renaming it will not change it.
fn identity(file: &File) -> Option<Identity> {
    file.metadata().ok().map(|metadata| Identity::of(&metadata))
}

/// The system's reason, without its number.
pub(super) fn reason(error: &io::Error) -> String {
    let text = error.to_string();
    match text.find(" (os error") {
        Some(end) => text[..end].to_owned(),
        None => text,
    }
}
