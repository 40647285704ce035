//! Which files there are below a folder.
//!
//! In: the site's root and a folder. Out: [`SourceFile`]s in the order of their paths. A symbolic
//! link is followed as long as it stays within the site.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use walkdir::WalkDir;

use super::unreadable;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::model::SourceFile;

/// All files below a folder of the site, in the order of their paths. A folder that is not
/// there has none. Hidden files and editors' backups are left out.
#[must_use]
pub fn walk(root: &Path, folder: &str) -> (Vec<SourceFile>, Diagnostics) {
    let start = root.join(folder);
    if !start.exists() {
        return (Vec::new(), Diagnostics::new());
    }
    let shared: Arc<Path> = root.into();
    if !start.is_symlink()
        && let Some(files) = plain(&shared, folder, folder == "static")
    {
        return (files, Diagnostics::new());
    }
    let (mut files, mut diagnostics) = (Vec::new(), Diagnostics::new());
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
            files.push(SourceFile::new(&shared, relative));
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

/// The same on all cores, where there is nothing to report and no link to follow, which takes
/// knowing the way to it; `None` elsewhere.
fn plain(root: &Arc<Path>, folder: &str, is_static: bool) -> Option<Vec<SourceFile>> {
    let mut names = Vec::new();
    let entries = WalkDir::new(root.join(folder)).min_depth(1).max_depth(1);
    for entry in entries {
        let entry = entry.ok()?;
        if is_ignored(entry.file_name(), is_static) {
            continue;
        }
        let name = entry.file_name().to_str()?;
        if refused(name).is_some() {
            return None;
        }
        // With its slash, a folder stands where the files in it belong.
        match entry.file_type() {
            kind if kind.is_file() => names.push(name.to_owned()),
            kind if kind.is_dir() => names.push(format!("{name}/")),
            _ => return None,
        }
    }
    names.sort_unstable();
    let is_folder = |name: &&String| name.ends_with('/');
    let folders: Vec<&String> = names.iter().filter(is_folder).collect();
    let inside = |name: &&String| {
        plain(
            root,
            &format!("{folder}/{}", &name[..name.len() - 1]),
            is_static,
        )
    };
    let inside: Option<Vec<_>> = folders.par_iter().map(inside).collect();
    let mut inside = inside?.into_iter();
    let mut files = Vec::with_capacity(names.len());
    for name in &names {
        if is_folder(&name) {
            files.extend(inside.next().into_iter().flatten());
        } else {
            files.push(SourceFile::new(root, format!("{folder}/{name}")));
        }
    }
    Some(files)
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
fn is_ignored(name: &OsStr, is_static: bool) -> bool {
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
    match refused(text) {
        Some(what) => Err(refuse(what)),
        None => Ok(shown),
    }
}

/// What is wrong with a name, or a path of names.
fn refused(name: &str) -> Option<&'static str> {
    if name.chars().any(char::is_control) {
        return Some("has a control character in it");
    }
    (cfg!(unix) && name.contains('\\')).then_some("has a backslash in it")
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
