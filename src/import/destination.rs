//! The folder that a site is imported into.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

use crate::diagnostics::{Code, Diagnostic, Place};
use crate::source::reason;

/// Longest name of a file, in bytes, that common file systems take.
const LONGEST_NAME: usize = 255;

/// What became of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Written {
    /// It is made.
    New,
    /// It was there, with the same bytes.
    Unchanged,
    /// There was another file of that name, or something that is no file. It is as it was.
    Occupied,
}

/// A folder in which files are made, none replaced, and nothing is written outside of it.
#[derive(Debug)]
pub struct Destination {
    root: PathBuf,
}

impl Destination {
    /// The folder is made with the first file: an import that is refused leaves nothing behind.
    pub fn open(root: &Path) -> Result<Self, Diagnostic> {
        let root = root.to_owned();
        match fs::read_dir(&root) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                return Err(failed(&root.display().to_string(), &error));
            }
            _ => {}
        }
        Ok(Self { root })
    }

    /// The folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Makes a file. `path` is relative to the folder, with `/` between its parts; one that leads
    /// elsewhere, by its parts or by a symbolic link, is an error.
    pub fn write(&self, path: &str, bytes: &[u8]) -> Result<Written, Diagnostic> {
        self.place(path, &mut |mut file| file.write_all(bytes), &|file| {
            same(file, bytes.len() as u64, bytes)
        })
    }

    /// Makes a copy of a regular file.
    pub fn copy(&self, path: &str, from: &Path) -> Result<Written, Diagnostic> {
        let not_read = |error: &io::Error| {
            let from = from.display();
            let message = format!("cannot read {from}: {}", reason(error));
            Diagnostic::new(Code::Unreadable, message)
                .at(Place::file(from.to_string()))
                .hint("check that the file is there and that you may read it")
        };
        let open = || {
            let kind = fs::metadata(from)?;
            if kind.is_file() {
                return Ok((File::open(from)?, kind.len()));
            }
            Err(io::Error::new(
                ErrorKind::InvalidInput,
                "it is not a regular file",
            ))
        };
        let (mut content, length) = open().map_err(|error| not_read(&error))?;
        self.place(
            path,
            &mut |mut file| io::copy(&mut content, &mut file).map(|_| ()),
            &|file| same(file, length, File::open(from)?),
        )
    }

    /// Makes a file with what `write` writes, or says whether the one that is there is the `same`.
    fn place(
        &self,
        path: &str,
        write: &mut dyn FnMut(&File) -> io::Result<()>,
        is_same: &dyn Fn(File) -> io::Result<bool>,
    ) -> Result<Written, Diagnostic> {
        let file = self.inside(path)?;
        match OpenOptions::new().write(true).create_new(true).open(&file) {
            Ok(made) => write(&made).map(|()| Written::New).map_err(|error| {
                // Half a file would be taken for another one by the next import.
                let _ = fs::remove_file(&file);
                failed(path, &error)
            }),
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                let kind = fs::symlink_metadata(&file).map_err(|error| failed(path, &error))?;
                let is_same = kind.is_file()
                    && File::open(&file)
                        .and_then(is_same)
                        .map_err(|error| failed(path, &error))?;
                Ok(if is_same {
                    Written::Unchanged
                } else {
                    Written::Occupied
                })
            }
            Err(error) => Err(failed(path, &error)),
        }
    }

    /// Where a path of the site is, with the folders on its way.
    fn inside(&self, path: &str) -> Result<PathBuf, Diagnostic> {
        let refused = |why: &str| {
            let message = format!("nothing is written to `{}`: {why}", path.escape_debug());
            Diagnostic::new(Code::Argument, message)
                .hint("this is the name that the archive asks for; nothing was written outside of the site")
        };
        let mut at = self.root.clone();
        fs::create_dir_all(&at).map_err(|error| failed(&at.display().to_string(), &error))?;
        let mut parts = path.split('/').peekable();
        while let Some(part) = parts.next() {
            if part.is_empty() || part == "." || part == ".." {
                return Err(refused("it leads out of the site's folder"));
            }
            if part.len() > LONGEST_NAME {
                return Err(refused("the name is longer than 255 bytes"));
            }
            if part.contains(['\\', ':']) || part.chars().any(char::is_control) {
                return Err(refused("the name has a character that names must not have"));
            }
            at.push(part);
            if parts.peek().is_some() {
                match fs::create_dir(&at) {
                    Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                        let kind = fs::symlink_metadata(&at).map_err(|e| failed(path, &e))?;
                        if !kind.is_dir() {
                            return Err(refused("something that is no folder is in its way"));
                        }
                    }
                    made => made.map_err(|error| failed(path, &error))?,
                }
            }
        }
        Ok(at)
    }
}

/// Whether a file has these bytes.
fn same(file: File, length: u64, other: impl Read) -> io::Result<bool> {
    if file.metadata()?.len() != length {
        return Ok(false);
    }
    let mut one = io::BufReader::new(file).bytes();
    let mut other = io::BufReader::new(other).bytes();
    loop {
        match (one.next().transpose()?, other.next().transpose()?) {
            (None, None) => return Ok(true),
            (a, b) if a == b => {}
            _ => return Ok(false),
        }
    }
}

fn failed(path: &str, error: &io::Error) -> Diagnostic {
    let message = format!("cannot write {path}: {}", reason(error));
    Diagnostic::new(Code::Output, message).hint(crate::source::remedy(error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_made_once_and_never_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let site = Destination::open(&folder.path().join("site")).unwrap();
        assert_eq!(site.write("content/a.md", b"one").unwrap(), Written::New);
        assert_eq!(
            site.write("content/a.md", b"one").unwrap(),
            Written::Unchanged
        );
        assert_eq!(
            site.write("content/a.md", b"two").unwrap(),
            Written::Occupied
        );
        let text = fs::read(folder.path().join("site/content/a.md")).unwrap();
        assert_eq!(text, b"one");
    }

    #[test]
    fn a_copy_is_compared_with_what_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let from = folder.path().join("from");
        fs::write(&from, "picture").unwrap();
        let site = Destination::open(&folder.path().join("site")).unwrap();
        assert_eq!(site.copy("static/a.png", &from).unwrap(), Written::New);
        assert_eq!(
            site.copy("static/a.png", &from).unwrap(),
            Written::Unchanged
        );
        fs::write(&from, "Picture").unwrap();
        assert_eq!(site.copy("static/a.png", &from).unwrap(), Written::Occupied);
        assert!(
            site.copy("static/b.png", &folder.path().join("none"))
                .is_err()
        );
        assert!(!folder.path().join("site/static/b.png").exists());
    }

    #[test]
    fn nothing_leaves_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let site = Destination::open(&folder.path().join("site")).unwrap();
        for path in [
            "../a",
            "a/../../b",
            "/etc/a",
            "a//b",
            "",
            "a/.",
            "c:\\a",
            "a\0b",
            "a\nb",
        ] {
            assert!(site.write(path, b"x").is_err(), "{path:?}");
        }
        let names: Vec<_> = fs::read_dir(folder.path()).unwrap().collect();
        assert_eq!(names.len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn a_symbolic_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let outside = folder.path().join("outside");
        fs::create_dir(&outside).unwrap();
        fs::create_dir(folder.path().join("site")).unwrap();
        let site = Destination::open(&folder.path().join("site")).unwrap();
        std::os::unix::fs::symlink(&outside, folder.path().join("site/content")).unwrap();
        assert!(site.write("content/a.md", b"x").is_err());
        std::os::unix::fs::symlink(outside.join("b.md"), folder.path().join("site/b.md")).unwrap();
        assert_eq!(site.write("b.md", b"x").unwrap(), Written::Occupied);
        assert_eq!(fs::read_dir(&outside).unwrap().count(), 0);
    }
}
