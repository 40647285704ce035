//! Whether a folder may be the output of a build: where it lies, what it holds, who has it open.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{self, ErrorKind};
use std::path::{Component, Path, PathBuf};

use super::disk::{Disk, MAKE_ROOM, reason};
use super::names::OWN;
use crate::diagnostics::{Code, Diagnostic};

/// Checks where the output folder lies and that it is ours or empty, and creates it and our own
/// folder in it. A folder that is refused is left as it was.
pub(super) fn prepare(output: &Path, root: &Path, sources: &[PathBuf]) -> Result<Disk, Diagnostic> {
    let shown = show(output, root);
    let real = resolve(output, &shown)?;
    check_place(&real, &shown, root, sources)?;
    match fs::metadata(&real) {
        Ok(metadata) if !metadata.is_dir() => {
            return Err(Diagnostic::new(
                Code::Output,
                format!("{shown} is a file, but the site is written to a folder"),
            )
            .hint("choose another folder with `--output`"));
        }
        Ok(_) => {}
        Err(_) => fs::create_dir_all(&real).map_err(|error| unusable(&shown, "created", &error))?,
    }
    let disk = Disk::new(real, shown, root.to_owned());
    let own = disk.own();
    match fs::symlink_metadata(&own) {
        Ok(metadata) if metadata.is_dir() => {}
        Ok(_) => return Err(not_ours(&disk, OWN)),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            refuse_unless_empty(&disk)?;
            match fs::create_dir(&own) {
                // Another build may have been faster; the lock decides.
                Err(error) if error.kind() != ErrorKind::AlreadyExists => {
                    return Err(unusable(&disk.shown, "written", &error));
                }
                _ => {}
            }
        }
        Err(error) => return Err(unusable(&disk.shown, "read", &error)),
    }
    Ok(disk)
}

/// A path as messages show it: relative to the site's folder where it lies inside.
fn show(path: &Path, root: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    if path.as_os_str().is_empty() {
        ".".to_owned()
    } else {
        path.display().to_string()
    }
}

fn unusable(shown: &str, what: &str, error: &io::Error) -> Diagnostic {
    let message = format!(
        "the output folder {shown} cannot be {what}: {}",
        reason(error)
    );
    let hint = match error.kind() {
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => MAKE_ROOM,
        _ => "allow writing to it, or choose another folder with `--output`",
    };
    Diagnostic::new(Code::Output, message).hint(hint)
}

/// The absolute path without links and `..`. Parts that do not exist yet stay as they are.
fn resolve(path: &Path, shown: &str) -> Result<PathBuf, Diagnostic> {
    let step = |real: &mut PathBuf| match real.canonicalize() {
        Ok(path) => {
            *real = path;
            Ok(())
        }
        Err(error) if error.kind() == ErrorKind::NotFound && !real.is_symlink() => Ok(()),
        Err(error) => Err(error),
    };
    let resolve = || {
        let mut real = PathBuf::new();
        for part in std::path::absolute(path)?.components() {
            match part {
                // `real` has no links any more, so its parent is what `..` means.
                Component::ParentDir => _ = real.pop(),
                Component::Normal(name) => {
                    real.push(name);
                    step(&mut real)?;
                }
                part => real.push(part),
            }
        }
        Ok(real)
    };
    resolve().map_err(|error| unusable(shown, "found", &error))
}

fn check_place(
    real: &Path,
    shown: &str,
    root: &Path,
    sources: &[PathBuf],
) -> Result<(), Diagnostic> {
    let refuse = |what: String| {
        Err(
            Diagnostic::new(Code::Output, format!("the output folder {shown} {what}"))
                .hint("choose a folder of its own for the output, such as `public`"),
        )
    };
    let real_root = resolve(root, &show(root, root))?;
    if real == real_root {
        return refuse("is the site's own folder".to_owned());
    }
    if real_root.starts_with(real) {
        return refuse(format!("contains the site's own folder {}", root.display()));
    }
    for source in sources {
        let name = show(source, root);
        let source = resolve(source, &name)?;
        if real == source {
            return refuse(format!("is {name}, which the site is made from"));
        }
        if real.starts_with(&source) {
            return refuse(format!("lies inside {name}, which the site is made from"));
        }
        if source.starts_with(real) {
            return refuse(format!("contains {name}, which the site is made from"));
        }
    }
    Ok(())
}

/// Refuses a folder that holds anything but names beginning with a dot.
pub(super) fn refuse_unless_empty(disk: &Disk) -> Result<(), Diagnostic> {
    let names = fs::read_dir(disk.path(""))
        .and_then(|entries| {
            entries
                .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
                .collect::<io::Result<Vec<_>>>()
        })
        .map_err(|error| unusable(&disk.shown, "read", &error))?;
    match names
        .into_iter()
        .filter(|name| !name.starts_with('.'))
        .min()
    {
        Some(name) => Err(not_ours(disk, &name)),
        None => Ok(()),
    }
}

fn not_ours(disk: &Disk, name: &str) -> Diagnostic {
    let shown = &disk.shown;
    Diagnostic::new(
        Code::Output,
        format!("{shown} is not empty, and Pressroom did not make what is in it"),
    )
    .hint(format!(
        "choose an empty folder with `--output`, or delete what is in {shown}, such as `{name}`"
    ))
}

/// Locks the folder for as long as the file is open. The system releases the lock of a process
/// that dies, so the file that stays behind means nothing.
pub(super) fn lock(disk: &Disk) -> Result<File, Diagnostic> {
    let path = disk.own().join("lock");
    // Opening a pipe would wait for somebody at its other end.
    if path.symlink_metadata().is_ok_and(|found| !found.is_file()) {
        return Err(not_ours(disk, &format!("{OWN}/lock")));
    }
    let file = OpenOptions::new()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)
        .map_err(|error| unusable(&disk.shown, "locked", &error))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        // A file system without locks: better built than refused.
        Err(TryLockError::Error(error)) if error.kind() == ErrorKind::Unsupported => Ok(file),
        Err(TryLockError::Error(error)) => Err(unusable(&disk.shown, "locked", &error)),
        Err(TryLockError::WouldBlock) => Err(Diagnostic::new(
            Code::OutputLocked,
            format!("another build is writing to {}", disk.shown),
        )
        .hint("wait until it is done, or choose another folder with `--output`")),
    }
}

/// Whether the disk takes names that differ only in case for one, as those of macOS and Windows.
pub(super) fn ignores_case(disk: &Disk) -> bool {
    disk.path(&OWN.to_uppercase()).symlink_metadata().is_ok()
}
