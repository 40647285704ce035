//! Which files there are below a folder.
//!
//! In: the site's root and a folder. Out: [`SourceFile`]s in the order of their paths. A symbolic
//! link is followed as long as it stays within the site.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::fs::{self, Metadata};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rayon::prelude::*;
use walkdir::WalkDir;

use super::{is_there, unreadable};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::model::{Identity, SourceFile};

/// What is below a folder.
#[derive(Debug, Default)]
pub struct Walked {
    /// Files, in the order of their paths.
    pub files: Vec<SourceFile>,
    /// What is wrong with them, or with other things that are there.
    pub found: Diagnostics,
    /// Whether it is certain that no link was followed, through which a file has several names.
    pub is_plain: bool,
}

/// All files below a folder of the site, in the order of their paths. A folder that is not
/// there has none. Hidden files and editors' backups are left out.
#[must_use]
pub fn walk(root: &Path, folder: &str) -> (Vec<SourceFile>, Diagnostics) {
    let walked = look(root, folder, None, &mut BTreeSet::new());
    (walked.files, walked.found)
}

/// The same with the identities of files, as [`identify`] asks for them.
#[must_use]
pub fn walk_identified(root: &Path, folder: &str, settled: i64) -> Walked {
    look(root, folder, Some(settled), &mut BTreeSet::new())
}

/// The same with the identities of all files, however new. `links` gets what symbolic links lead to
/// on the way.
#[must_use]
pub fn walk_watched(
    root: &Path,
    folder: &str,
    links: &mut BTreeSet<PathBuf>,
) -> (Vec<SourceFile>, Diagnostics) {
    let walked = look(root, folder, Some(i64::MAX), links);
    (walked.files, walked.found)
}

/// Whether [`walk`] takes a regular file for one of the site, by its path from the root.
#[must_use]
pub fn is_walked(path: &str) -> bool {
    let is_static = path.starts_with("static/");
    let mut names = path.split('/').skip(1);
    names.all(|name| !is_ignored(OsStr::new(name), is_static)) && refused(path).is_none()
}

/// Asks for the identities of files. A file that changed at or after `settled`, in nanoseconds
/// since 1970, gets none: it could change once more within a tick of the file system's clock.
pub fn identify(files: &mut [SourceFile], settled: i64) {
    files.par_iter_mut().for_each(|file| {
        let metadata = fs::metadata(file.absolute()).ok();
        file.identity = metadata.and_then(|metadata| identity(&metadata, settled));
    });
}

fn identity(metadata: &Metadata, settled: i64) -> Option<Identity> {
    Some(Identity::of(metadata)).filter(|identity| identity.modified < settled)
}

/// `links` gets what symbolic links lead to.
fn look(root: &Path, folder: &str, settled: Option<i64>, links: &mut BTreeSet<PathBuf>) -> Walked {
    let start = root.join(folder);
    if !is_there(root, folder) {
        return Walked {
            is_plain: true,
            ..Walked::default()
        };
    }
    let plain = Plain {
        root: root.into(),
        is_static: folder == "static",
        settled,
    };
    if !start.is_symlink()
        && let Some(files) = plain.files(folder)
    {
        return Walked {
            files,
            found: Diagnostics::new(),
            is_plain: true,
        };
    }
    let (mut files, found) = with_links(&plain.root, folder, links);
    if let Some(settled) = settled {
        identify(&mut files, settled);
    }
    Walked {
        files,
        found,
        is_plain: false,
    }
}

/// The same one after the other, in a folder where there are links to follow, or things to report.
fn with_links(
    root: &Arc<Path>,
    folder: &str,
    links: &mut BTreeSet<PathBuf>,
) -> (Vec<SourceFile>, Diagnostics) {
    let start = root.join(folder);
    let (mut files, mut diagnostics) = (Vec::new(), Diagnostics::new());
    let canonical_root = root.canonicalize().unwrap_or_else(|_| root.to_path_buf());
    if start.is_symlink() {
        if start.exists() && leads_outside(&start, &canonical_root) {
            diagnostics.push(link_outside(folder));
            return (files, diagnostics);
        }
        follow(&start, links);
    }
    if start.metadata().is_ok_and(|found| !found.is_dir()) {
        diagnostics.push(no_folder(folder));
    }
    let walker = WalkDir::new(&start).follow_links(true).min_depth(1);
    let mut entries = walker
        .into_iter()
        .filter_entry(|entry| !is_ignored(entry.file_name(), folder == "static"));
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                // What a link leads to may come.
                if let Some(path) = error.path().filter(|path| !path.exists()) {
                    follow(path, links);
                }
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
        if entry.path_is_symlink() {
            if leads_outside(entry.path(), &canonical_root) {
                diagnostics.push(link_outside(&relative));
                if entry.file_type().is_dir() {
                    entries.skip_current_dir();
                }
                continue;
            }
            follow(entry.path(), links);
        }
        if entry.file_type().is_file() {
            files.push(SourceFile::new(root, relative));
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

/// What is looked for in folders that have neither links, which take knowing the way to them, nor
/// anything to report: most have neither, and are read on all cores.
struct Plain {
    root: Arc<Path>,
    is_static: bool,
    settled: Option<i64>,
}

impl Plain {
    /// All files below a folder in the order of their paths; `None` where it is not plain.
    fn files(&self, folder: &str) -> Option<Vec<SourceFile>> {
        let mut entries = Vec::new();
        // Not WalkDir: what is asked of an entry of ReadDir is asked beside its folder, which takes
        // half the time of a whole path.
        for entry in fs::read_dir(self.root.join(folder)).ok()? {
            let entry = entry.ok()?;
            let name = entry.file_name();
            if is_ignored(&name, self.is_static) {
                continue;
            }
            let mut name = name.into_string().ok()?;
            if refused(&name).is_some() {
                return None;
            }
            let kind = entry.file_type().ok()?;
            let mut identity = None;
            if kind.is_dir() {
                // With its slash it stands where the files in it belong.
                name.push('/');
            } else if !kind.is_file() {
                return None;
            } else if let Some(settled) = self.settled {
                identity = entry
                    .metadata()
                    .ok()
                    .and_then(|metadata| self::identity(&metadata, settled));
            }
            entries.push((name, identity));
        }
        entries.sort_unstable();
        let inside = |(name, _): &(String, _)| {
            let name = name.strip_suffix('/')?;
            Some(self.files(&format!("{folder}/{name}")))
        };
        let inside: Vec<_> = entries.par_iter().filter_map(inside).collect();
        let mut inside = inside.into_iter();
        let mut files = Vec::with_capacity(entries.len());
        for (name, identity) in entries {
            if name.ends_with('/') {
                files.extend(inside.next()??);
            } else {
                let file = SourceFile::new(&self.root, format!("{folder}/{name}"));
                files.push(SourceFile { identity, ..file });
            }
        }
        Some(files)
    }
}

/// Notes what a path leads to if it is a link, be it there or not, and the links on the way to it.
fn follow(link: &Path, links: &mut BTreeSet<PathBuf>) {
    let mut at = link.to_owned();
    while let Ok(to) = at.read_link()
        && let Some(folder) = at.parent()
        && let to = folder.join(to)
        && let (Some(folder), Some(name)) = (to.parent(), to.file_name())
        && let Ok(folder) = folder.canonicalize()
    {
        at = folder.join(name);
        if !links.insert(at.clone()) {
            return;
        }
    }
    if at != link {
        links.extend(link.canonicalize());
    }
}

fn link_outside(path: &str) -> Diagnostic {
    Diagnostic::new(
        Code::LinkOutside,
        format!("the symbolic link {path} leads out of the site"),
    )
    .at(Place::file(path))
    .hint("copy what it leads to into the site, or put the link's target there")
}

fn no_folder(path: &str) -> Diagnostic {
    let message = format!("cannot read {path}: it is not a folder");
    Diagnostic::new(Code::Unreadable, message)
        .at(Place::file(path))
        .hint("put a folder in its place, or remove it")
}

/// Hidden files, and what editors leave behind. In static/, a hidden file is published: hosts
/// have settings in such files.
fn is_ignored(name: &OsStr, is_static: bool) -> bool {
    let name = name.as_encoded_bytes();
    let is_hidden = name.starts_with(b".") && name != b".well-known";
    let is_junk = name.ends_with(b"~")
        || (name.starts_with(b"#") && name.ends_with(b"#"))
        || name.starts_with(b".#")
        || name.ends_with(b".swp")
        || matches!(name, b"Thumbs.db" | b".DS_Store" | b".git" | b".pressroom");
    is_junk || (is_hidden && !is_static)
}

/// Whether a link that leads somewhere is not known to stay in the site.
fn leads_outside(path: &Path, canonical_root: &Path) -> bool {
    !path
        .canonicalize()
        .is_ok_and(|target| target.starts_with(canonical_root))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_folders_have_the_same_files_in_the_same_order() {
        let root = tempfile::tempdir().unwrap();
        let paths = [
            "content/a.md",
            "content/a/b.md",
            "content/a-b.md",
            "content/a/.hidden/c.md",
            "content/a b/c/d.png",
            "content/a/c/é.md",
            "content/a0.md~",
            "content/_index.md",
        ];
        for path in paths {
            let file = root.path().join(path);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, path).unwrap();
        }
        let plain = Plain {
            root: root.path().into(),
            is_static: false,
            settled: None,
        };
        let (files, found) = with_links(&plain.root, "content", &mut BTreeSet::new());
        assert!(found.is_empty());
        assert_eq!(files.len(), 6);
        assert_eq!(plain.files("content"), Some(files));
    }

    #[test]
    fn a_file_that_may_change_once_more_has_no_identity() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("content")).unwrap();
        let file = root.path().join("content/a.md");
        fs::write(&file, "text").unwrap();
        let identity = Identity::of(&fs::metadata(file).unwrap());
        let seen = |settled| walk_identified(root.path(), "content", settled).files[0].identity;
        assert_eq!(seen(identity.modified + 1), Some(identity));
        assert_eq!(seen(identity.modified), None);
    }
}
