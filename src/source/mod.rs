//! The files of a site: which there are, and their text.
//!
//! In: the site's root. Out: [`SourceFile`]s in the order of their paths, and their bytes on
//! demand. A symbolic link is followed as long as it stays within the site.

use std::fs;
use std::path::Path;

use rayon::prelude::*;
use walkdir::WalkDir;

use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::model::{Identity, SourceFile};

/// A file's bytes.
pub fn bytes(file: &SourceFile) -> Result<Vec<u8>, Diagnostic> {
    read(&file.absolute).map_err(|error| unreadable(&file.path, &error))
}

/// A file's text.
pub fn text(file: &SourceFile) -> Result<String, Diagnostic> {
    decode(&file.path, bytes(file)?)
}

/// The bytes of a regular file. Reading a pipe or a device might never end.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        let kind = std::io::ErrorKind::InvalidInput;
        return Err(std::io::Error::new(kind, "it is not a regular file"));
    }
    fs::read(path)
}

/// Bytes as text, or where they stop to be text.
fn decode(path: &str, bytes: Vec<u8>) -> Result<String, Diagnostic> {
    String::from_utf8(bytes).map_err(|error| {
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
    })
}

fn unreadable(path: &str, error: &std::io::Error) -> Diagnostic {
    Diagnostic::new(
        Code::Unreadable,
        format!("cannot read {path}: {}", reason(error)),
    )
    .at(Place::file(path))
    .hint("check that the file is there and that you may read it")
}

/// An I/O error in words, without the number of the operating system's.
#[must_use]
pub fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut words = text.chars();
    words.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(words).collect()
    })
}

/// The text of a file at a path from the root; `None` when there is no such file.
pub fn read_optional(root: &Path, path: &str) -> Result<Option<String>, Diagnostic> {
    match read(&root.join(path)) {
        Ok(bytes) => decode(path, bytes).map(Some),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(unreadable(path, &error)),
    }
}

/// A file of the site, if it is there.
#[must_use]
pub fn file(root: &Path, path: &str) -> Option<SourceFile> {
    let absolute = root.join(path);
    absolute.exists().then(|| SourceFile {
        path: path.to_owned(),
        absolute,
        identity: None,
    })
}

/// All files below a folder of the site, in the order of their paths. A folder that is not
/// there has none. Hidden files and editors' backups are left out.
#[must_use]
pub fn walk(root: &Path, folder: &str) -> (Vec<SourceFile>, Diagnostics) {
    let mut files = Vec::new();
    let mut diagnostics = Diagnostics::new();
    let start = root.join(folder);
    if !start.exists() {
        return (files, diagnostics);
    }
    let canonical_root = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    if start.is_symlink() && leads_outside(&start, &canonical_root) {
        diagnostics.push(link_outside(folder));
        return (files, diagnostics);
    }
    let walker = WalkDir::new(&start).follow_links(true).min_depth(1);
    let mut entries = walker
        .into_iter()
        .filter_entry(|entry| !is_ignored(entry.file_name(), folder == "static"));
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                diagnostics.push(walk_error(root, &error));
                continue;
            }
        };
        let relative = match site_path(root, entry.path()) {
            Ok(relative) => relative,
            Err(diagnostic) => {
                diagnostics.push(diagnostic);
                continue;
            }
        };
        if entry.path_is_symlink() && leads_outside(entry.path(), &canonical_root) {
            diagnostics.push(link_outside(&relative));
            if entry.file_type().is_dir() {
                entries.skip_current_dir();
            }
            continue;
        }
        if entry.file_type().is_file() {
            files.push(SourceFile {
                path: relative,
                absolute: entry.into_path(),
                identity: None,
            });
        } else if !entry.file_type().is_dir() {
            diagnostics.push(
                Diagnostic::new(
                    Code::Misplaced,
                    format!("{relative} is not a file or folder, and is left out"),
                )
                .at(Place::file(relative))
                .hint("remove it; a site is made of files and folders"),
            );
        }
    }
    files.sort();
    (files, diagnostics)
}

/// Asks for the identities of files. A file that changed at or after `settled`, in nanoseconds
/// since 1970, gets none: it could change once more within a tick of the file system's clock.
pub fn identify(files: &mut [SourceFile], settled: i64) {
    files.par_iter_mut().for_each(|file| {
        let metadata = fs::metadata(&file.absolute).ok();
        let identity = metadata.map(|metadata| Identity::of(&metadata));
        file.identity = identity.filter(|identity| identity.modified < settled);
    });
}

fn link_outside(path: &str) -> Diagnostic {
    Diagnostic::new(
        Code::LinkOutside,
        format!("the symbolic link {path} leads out of the site"),
    )
    .at(Place::file(path))
    .hint("copy what it leads to into the site, or put the link's target there")
}

/// Hidden files, and what editors leave behind. In static/, a hidden file is published: hosts
/// have settings in such files.
fn is_ignored(name: &std::ffi::OsStr, is_static: bool) -> bool {
    let name = name.as_encoded_bytes();
    let is_hidden = name.starts_with(b".") && name != b".well-known";
    let is_junk = name.ends_with(b"~")
        || (name.starts_with(b"#") && name.ends_with(b"#"))
        || name.ends_with(b".swp")
        || matches!(name, b"Thumbs.db" | b".DS_Store" | b".git" | b".pressroom");
    is_junk || (is_hidden && !is_static)
}

fn leads_outside(path: &Path, canonical_root: &Path) -> bool {
    path.canonicalize()
        .is_ok_and(|target| !target.starts_with(canonical_root))
}

/// A path from the site's root as text that can be a URL.
fn site_path(root: &Path, path: &Path) -> Result<String, Diagnostic> {
    let relative = path.strip_prefix(root).unwrap_or(path);
    let shown = relative.to_string_lossy();
    let shown = if cfg!(windows) {
        shown.replace('\\', "/")
    } else {
        shown.into_owned()
    };
    let refuse = |what: &str| {
        let message = format!("the name of `{}` {what}", shown.escape_debug());
        Diagnostic::new(Code::FileName, message)
            .at(Place::file(shown.escape_debug().to_string()))
            .hint("rename the file: letters of any script, digits, spaces and - . _ are fine")
    };
    let Some(text) = relative.to_str() else {
        return Err(refuse("is not UTF-8"));
    };
    if text.chars().any(char::is_control) {
        return Err(refuse("has a control character in it"));
    }
    if cfg!(unix) && text.contains('\\') {
        return Err(refuse("has a backslash in it"));
    }
    Ok(shown)
}

fn walk_error(root: &Path, error: &walkdir::Error) -> Diagnostic {
    let path = error.path().map_or_else(String::new, |path| {
        path.strip_prefix(root)
            .unwrap_or(path)
            .to_string_lossy()
            .into_owned()
    });
    if let Some(ancestor) = error.loop_ancestor() {
        let ancestor = ancestor
            .strip_prefix(root)
            .unwrap_or(ancestor)
            .to_string_lossy();
        return Diagnostic::new(
            Code::LinkOutside,
            format!("the symbolic link {path} leads back to {ancestor}"),
        )
        .at(Place::file(path))
        .hint("remove the link: following it would never end");
    }
    match error.io_error() {
        Some(io) => unreadable(&path, io),
        None => {
            Diagnostic::new(Code::Unreadable, format!("cannot read {path}")).at(Place::file(path))
        }
    }
}
