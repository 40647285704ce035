//! The folder of the old site's pictures.
//!
//! In: where a file lay below `uploads`. Out: the file, if it is there and lies in the folder. Nothing
//! outside of the folder is looked at, be it by `..`, an absolute path or a symbolic link.

use std::fs;
use std::path::{Path, PathBuf};

use crate::diagnostics::{Code, Diagnostic, Place};
use crate::source::reason;

/// A folder of pictures, or none.
#[derive(Debug, Clone, Default)]
pub(super) struct Media {
    root: Option<PathBuf>,
}

/// What became of a file that was looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// It is there, at this path below `uploads`: its own, or that of the picture it was made from.
    File(String),
    /// It is not there.
    Missing,
    /// It is not looked for: the reason.
    Refused(&'static str),
}

impl Media {
    /// The folder that is given, or the `wp-content/uploads` in it.
    pub fn open(folder: Option<&Path>) -> Result<Self, Diagnostic> {
        let Some(folder) = folder else {
            return Ok(Self::default());
        };
        let unreadable = |error: &std::io::Error| {
            let folder = folder.display().to_string();
            Diagnostic::new(
                Code::Unreadable,
                format!("cannot read {folder}: {}", reason(error)),
            )
            .at(Place::file(folder))
            .hint("give the folder wp-content/uploads of the old site, or one that has it")
        };
        let inner = [folder.join("wp-content/uploads"), folder.join("uploads")];
        let root = inner
            .iter()
            .find(|inner| inner.is_dir())
            .map_or(folder, PathBuf::as_path);
        let root = root.canonicalize().map_err(|error| unreadable(&error))?;
        fs::read_dir(&root).map_err(|error| unreadable(&error))?;
        Ok(Self { root: Some(root) })
    }

    /// Whether a folder was given.
    pub fn is_given(&self) -> bool {
        self.root.is_some()
    }

    /// Looks for a file, or for the picture that it is a smaller one of.
    pub fn find(&self, path: &str) -> Found {
        if let Some(why) = refusal(path) {
            return Found::Refused(why);
        }
        match self.look(path) {
            Found::Missing => match full_size(path) {
                Some(full) => self.look(&full),
                None => Found::Missing,
            },
            found => found,
        }
    }

    fn look(&self, path: &str) -> Found {
        let Some(root) = &self.root else {
            return Found::Missing;
        };
        let Ok(file) = root.join(path).canonicalize() else {
            return Found::Missing;
        };
        if !file.starts_with(root) {
            return Found::Refused("a symbolic link leads out of the folder of pictures");
        }
        if file.is_file() {
            Found::File(path.to_owned())
        } else {
            Found::Missing
        }
    }

    /// The file at a path that was found.
    pub fn file(&self, path: &str) -> PathBuf {
        self.root.as_deref().unwrap_or(Path::new("")).join(path)
    }
}

/// Why a path is none that is looked at.
fn refusal(path: &str) -> Option<&'static str> {
    if path.contains('\\') || path.contains(':') || path.chars().any(char::is_control) {
        return Some("its name has a character that names must not have");
    }
    let is_odd = |part: &str| part.is_empty() || part == "." || part == "..";
    if path.split('/').any(is_odd) {
        return Some("its path leads elsewhere");
    }
    let is_hidden = |part: &str| part.starts_with('.');
    if path.split('/').any(is_hidden) {
        return Some("its path has a part that begins with a dot");
    }
    None
}

/// The picture that one of a name such as `x-300x200.jpg` was made from.
fn full_size(path: &str) -> Option<String> {
    let (stem, ending) = path.rsplit_once('.')?;
    let (name, size) = stem.rsplit_once('-')?;
    let (width, height) = size.split_once('x')?;
    let is_number =
        |text: &str| (1..=5).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
    (is_number(width) && is_number(height)).then(|| format!("{name}.{ending}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_found_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let uploads = folder.path().join("wp-content/uploads/2019");
        fs::create_dir_all(&uploads).unwrap();
        fs::write(uploads.join("a.jpg"), "a").unwrap();
        fs::write(folder.path().join("secret"), "s").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.path().join("secret"), uploads.join("link.jpg")).unwrap();
        let media = Media::open(Some(folder.path())).unwrap();
        assert_eq!(media.find("2019/a.jpg"), Found::File("2019/a.jpg".into()));
        assert_eq!(
            media.find("2019/a-300x200.jpg"),
            Found::File("2019/a.jpg".into())
        );
        assert_eq!(media.find("2019/b.jpg"), Found::Missing);
        assert_eq!(media.find("2019"), Found::Missing);
        for path in [
            "../../secret",
            "/etc/passwd",
            "2019/../../../secret",
            "2019\\a.jpg",
            "C:/a",
            "a\0b",
            "",
            ".htaccess",
        ] {
            assert!(matches!(media.find(path), Found::Refused(_)), "{path:?}");
        }
        #[cfg(unix)]
        assert!(matches!(media.find("2019/link.jpg"), Found::Refused(_)));
    }
}
