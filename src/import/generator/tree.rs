//! The files of a generator's site.
//!
//! In: its folder. Out: their paths in order, and their bytes on demand. Nothing outside of the folder
//! is read: a symbolic link that leads there is a line of the report.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use super::super::{Outcome, Report};
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::source::reason;

/// Largest file of text that is read, in bytes. Nobody wrote a larger one by hand.
const LARGEST_TEXT: u64 = 64 << 20;

/// Deepest folder that is looked into.
const DEEPEST: usize = 64;

/// Folders that no generator publishes, wherever they are.
const NEVER: [&str; 6] = [
    ".git",
    ".hg",
    ".svn",
    ".pressroom",
    "node_modules",
    ".sass-cache",
];

/// Folders of a site of ours that are written or published.
const OURS: [&str; 6] = ["content", "data", "static", "templates", "themes", "public"];

/// The files of a site.
#[derive(Debug)]
pub(in crate::import) struct Tree {
    root: PathBuf,
    /// Paths from the site's root with `/` between their parts, in order.
    files: Vec<String>,
}

/// The text of a file.
pub(in crate::import) struct FileText {
    pub text: String,
    /// Whether its bytes were no UTF-8, so that the text is a guess.
    pub is_guess: bool,
}

impl Tree {
    /// A site of these files, none of which can be read.
    #[cfg(test)]
    pub fn of(files: &[&str]) -> Self {
        Self {
            root: PathBuf::new(),
            files: files.iter().map(|&file| file.to_owned()).collect(),
        }
    }

    /// Looks for files. `destination` must not be a part of the site, nor hold it among what is written.
    pub fn read(root: &Path, destination: &Path, report: &mut Report) -> Result<Self, Diagnostic> {
        let shown = root.display().to_string();
        let unreadable = |error: &std::io::Error| {
            let message = format!("cannot read {shown}: {}", reason(error));
            Diagnostic::new(Code::Unreadable, message)
                .at(Place::file(shown.clone()))
                .hint("name the folder of the site that is to be imported")
        };
        let canonical = root.canonicalize().map_err(|error| unreadable(&error))?;
        fs::read_dir(&canonical).map_err(|error| unreadable(&error))?;
        apart(&canonical, root, destination)?;
        let mut walk = Walk {
            root: &canonical,
            files: Vec::new(),
            report,
        };
        walk.folder(&canonical, "", 0);
        let mut files = walk.files;
        files.sort();
        Ok(Self {
            root: canonical,
            files,
        })
    }

    /// The same site without some files, and these.
    pub fn without(&self, leaves_out: impl Fn(&str) -> bool) -> (Self, Vec<String>) {
        let files = self.files.iter().cloned();
        let (left_out, files) = files.partition(|path| leaves_out(path));
        let root = self.root.clone();
        (Self { root, files }, left_out)
    }

    /// All paths, in order.
    pub fn files(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(String::as_str)
    }

    /// The paths below a folder, which is given without a slash at its end.
    pub fn below<'a>(&'a self, folder: &str) -> impl Iterator<Item = &'a str> {
        let start = format!("{folder}/");
        let first = self.files.partition_point(|path| **path < *start);
        let files = self.files[first..].iter().map(String::as_str);
        files.take_while(move |path| path.starts_with(&start))
    }

    /// Whether there is a file of a path.
    pub fn has(&self, path: &str) -> bool {
        self.files
            .binary_search_by(|known| (**known).cmp(path))
            .is_ok()
    }

    /// Where a file is.
    pub fn absolute(&self, path: &str) -> PathBuf {
        self.root.join(path)
    }

    /// Whether a file begins with the fence of front matter.
    pub fn begins_like_front(&self, path: &str) -> bool {
        let mut beginning = [0; 8];
        let read =
            fs::File::open(self.absolute(path)).and_then(|mut file| file.read(&mut beginning));
        let beginning = &beginning[..read.unwrap_or(0)];
        let beginning = beginning
            .strip_prefix("\u{feff}".as_bytes())
            .unwrap_or(beginning);
        beginning.starts_with(b"---") && beginning.get(3).is_none_or(u8::is_ascii_whitespace)
    }

    /// The text of a file, or why it cannot be read.
    pub fn text(&self, path: &str) -> Result<FileText, String> {
        let file = self.absolute(path);
        let read = || {
            let length = fs::metadata(&file)?.len();
            let bytes = (length <= LARGEST_TEXT).then(|| fs::read(&file));
            bytes.transpose()
        };
        let bytes: Option<Vec<u8>> = read().map_err(|error: std::io::Error| reason(&error))?;
        let bytes = bytes.ok_or_else(|| "it is larger than 64 MiB".to_owned())?;
        Ok(decode(bytes))
    }
}

/// Bytes as text: UTF-8, or UTF-16 with a mark, or else Latin-1, in which every byte is a letter.
fn decode(bytes: Vec<u8>) -> FileText {
    let units = |pair: fn([u8; 2]) -> u16| -> String {
        let units = bytes[2..].chunks_exact(2).map(|two| pair([two[0], two[1]]));
        let letters = char::decode_utf16(units);
        letters
            .map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect()
    };
    let text = match bytes.get(..2) {
        Some([0xff, 0xfe]) => units(u16::from_le_bytes),
        Some([0xfe, 0xff]) => units(u16::from_be_bytes),
        _ => match String::from_utf8(bytes) {
            Ok(text) => {
                return FileText {
                    text,
                    is_guess: false,
                };
            }
            Err(error) => error
                .as_bytes()
                .iter()
                .map(|byte| char::from(*byte))
                .collect(),
        },
    };
    FileText {
        text,
        is_guess: true,
    }
}

/// Refuses a site that would be made of itself: by the next import what is made would be a part of what is
/// read, and by the next build what was read a part of what is published.
fn apart(source: &Path, shown: &Path, destination: &Path) -> Result<(), Diagnostic> {
    let (from, to) = (shown.display(), destination.display());
    let destination = resolved(destination);
    let message = if destination == source {
        format!("{from} cannot be imported into itself")
    } else if destination.starts_with(source) {
        format!("{to} lies inside of {from}, which is only read")
    } else if OURS
        .iter()
        .any(|name| source.starts_with(destination.join(name)))
    {
        format!("{from} lies inside of {to}, where the site is made")
    } else {
        return Ok(());
    };
    Err(Diagnostic::new(Code::Argument, message)
        .hint("name another folder for the site that is made, beside the old one"))
}

/// Where a folder is, also one that is still to be made.
fn resolved(folder: &Path) -> PathBuf {
    let whole = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let mut above = whole.ancestors();
    let there = above.find_map(|above| Some((above, above.canonicalize().ok()?)));
    let joined = there.and_then(|(above, real)| Some(real.join(whole.strip_prefix(above).ok()?)));
    joined.unwrap_or(whole)
}

struct Walk<'a> {
    root: &'a Path,
    files: Vec<String>,
    report: &'a mut Report,
}

impl Walk<'_> {
    fn folder(&mut self, folder: &Path, path: &str, depth: usize) {
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries.filter_map(Result::ok),
            Err(error) => {
                return self.lost(
                    "folder",
                    path,
                    format!("it cannot be read: {}", reason(&error)),
                );
            }
        };
        // What is told about them stands in order too.
        let mut entries: Vec<_> = entries.collect();
        entries.sort_by_key(fs::DirEntry::file_name);
        for entry in entries {
            let shown = entry.file_name().to_string_lossy().into_owned();
            let at = if path.is_empty() {
                shown
            } else {
                format!("{path}/{shown}")
            };
            if entry.file_name().to_str().is_none() {
                self.lost("file name", &at, "its name is not UTF-8".to_owned());
            } else {
                self.entry(&entry.path(), at, depth);
            }
        }
    }

    fn entry(&mut self, file: &Path, path: String, depth: usize) {
        let name = path.rsplit('/').next().unwrap_or(&path);
        let Ok(metadata) = fs::symlink_metadata(file) else {
            return self.lost("file", &path, "it cannot be read".to_owned());
        };
        if metadata.is_symlink() {
            self.link(file, path);
        } else if metadata.is_file() {
            self.files.push(path);
        } else if !metadata.is_dir() {
            self.lost(
                "file",
                &path,
                "it is neither a file nor a folder".to_owned(),
            );
        } else if depth == DEEPEST {
            self.lost(
                "folder",
                &path,
                "it is more than 64 folders deep".to_owned(),
            );
        } else if !NEVER.contains(&name) {
            self.folder(file, &path, depth + 1);
        }
    }

    /// A link to a file of the site is that file once more; a folder that has a second name could
    /// hold itself.
    fn link(&mut self, file: &Path, path: String) {
        match file.canonicalize() {
            Ok(target) if !target.starts_with(self.root) => {
                self.lost(
                    "symbolic link",
                    &path,
                    "it leads out of the site and is not followed".to_owned(),
                );
            }
            Ok(target) if target.is_file() => self.files.push(path),
            Ok(_) => self.lost(
                "symbolic link",
                &path,
                "links to folders are not followed".to_owned(),
            ),
            Err(_) => self.lost("symbolic link", &path, "it leads to nothing".to_owned()),
        }
    }

    fn lost(&mut self, kind: &'static str, path: &str, message: String) {
        let place = Place::file(path);
        self.report
            .lost(Outcome::Dropped, kind, place, None, message);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_out_is_a_line_of_the_report() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("site");
        fs::create_dir_all(site.join("content")).unwrap();
        fs::write(folder.path().join("secret"), "x").unwrap();
        fs::write(site.join("content/b.md"), "x").unwrap();
        for (to, name) in [
            ("../../secret", "a.md"),
            ("b.md", "d.md"),
            ("..", "e"),
            ("no", "f"),
        ] {
            std::os::unix::fs::symlink(to, site.join("content").join(name)).unwrap();
        }
        let mut report = Report::default();
        let tree = Tree::read(&site, &folder.path().join("out"), &mut report).unwrap();
        assert_eq!(
            tree.files().collect::<Vec<_>>(),
            ["content/b.md", "content/d.md"]
        );
        let places: Vec<_> = report
            .losses
            .iter()
            .map(|loss| loss.place.to_string())
            .collect();
        assert_eq!(places, ["content/a.md", "content/e", "content/f"]);
    }

    #[test]
    fn a_site_is_not_made_within_another_that_is_read() {
        let folder = tempfile::tempdir().unwrap();
        let site = folder.path().join("content/site");
        fs::create_dir_all(&site).unwrap();
        let why = |to: &Path| {
            let read = Tree::read(&site, to, &mut Report::default());
            let message = read.map(|_| ()).map_err(|error| error.message);
            let shown = message.err().unwrap_or_default();
            shown.replace(&folder.path().display().to_string(), "F")
        };
        assert_eq!(why(&site), "F/content/site cannot be imported into itself");
        assert_eq!(
            why(&site.join("a/b/../c")),
            "F/content/site/a/b/../c lies inside of F/content/site, which is only read"
        );
        assert_eq!(
            why(folder.path()),
            "F/content/site lies inside of F, where the site is made"
        );
        assert_eq!(why(&folder.path().join("content")), "");
        assert_eq!(why(&folder.path().join("content/site-2")), "");
        assert!(!site.join("a").exists());
    }

    #[test]
    fn bytes_that_are_no_utf_8_are_a_guess() {
        assert_eq!(decode(b"caf\xe9".to_vec()).text, "café");
        assert_eq!(decode(b"\xff\xfea\0b\0".to_vec()).text, "ab");
        assert!(decode(b"\xff".to_vec()).is_guess && !decode("é".into()).is_guess);
    }
}
