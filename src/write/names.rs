//! Which relative paths can be outputs, and the folders they lie in.

use std::path::{Component, Path};

/// Folder at the top of an output folder for what Pressroom itself keeps there.
pub(super) const OWN: &str = ".pressroom";

/// Longest part of a path, in bytes: NAME_MAX of the usual file systems. Checked here since the
/// disk would say so only when the file is renamed into place, with others there already.
pub(super) const LONGEST: usize = 255;

/// Whether a path names a file below the output folder and outside of [`OWN`], whatever the
/// machine: manifests are read from the disk and may hold anything.
pub(super) fn is_safe(path: &str) -> bool {
    let mut parts = path.split('/');
    parts.clone().all(is_name)
        && parts
            .next()
            .is_some_and(|first| !first.eq_ignore_ascii_case(OWN))
}

/// Whether it is one plain name, also where `\` and `C:` mean something.
fn is_name(part: &str) -> bool {
    let is_usual = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    // Nearly all are, and there are a million of them.
    if !part.is_empty() && !part.starts_with('.') && part.bytes().all(is_usual) {
        return part.len() <= LONGEST;
    }
    let mut components = Path::new(part).components();
    part.len() <= LONGEST
        && !part.contains(char::is_control)
        && matches!(components.next(), Some(Component::Normal(name)) if name == part)
        && components.next().is_none()
}

/// The folders a path lies in, from the outermost: `a` and `a/b` for `a/b/c`.
pub(super) fn folders(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

/// The innermost folder a path lies in, or `None` at the top.
pub(super) fn parent(path: &str) -> Option<&str> {
    path.rsplit_once('/').map(|(folder, _)| folder)
}
