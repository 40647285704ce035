//! The folder of the old site's pictures.
//!
//! In: where a file lay below `uploads`. Out: the file, if it is there and lies in the folder, or can be
//! had from the old site where that is wished for. Nothing outside of the folder is looked at, be it by
//! `..`, an absolute path or a symbolic link.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::diagnostics::{Code, Diagnostic, Place};
use crate::model::{encode, has_ending};
use crate::source::reason;
use crate::web::Web;

/// Largest file that is fetched, in bytes.
const LARGEST: u64 = 256 << 20;

/// A folder of pictures, or none.
#[derive(Default)]
pub(super) struct Media {
    root: Option<PathBuf>,
    old: Option<OldSite>,
}

/// The old site, from which pictures are fetched.
struct OldSite {
    /// The address of its `uploads`, with a slash at its end.
    uploads: String,
    /// One question at a time, since it is one host; with what could not be had, and why.
    web: Mutex<(Web, BTreeMap<String, String>)>,
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
    /// The folder that is given, or the `wp-content/uploads` in it. One that is to be filled is made if
    /// there is none.
    pub fn open(folder: Option<&Path>, is_filled: bool) -> Result<Self, Diagnostic> {
        let Some(folder) = folder else {
            return Ok(Self::default());
        };
        let unreadable = |error: &io::Error| {
            let folder = folder.display().to_string();
            Diagnostic::new(
                Code::Unreadable,
                format!("cannot read {folder}: {}", reason(error)),
            )
            .at(Place::file(folder))
            .hint("give the folder wp-content/uploads of the old site, or one that has it")
        };
        if is_filled {
            fs::create_dir_all(folder).map_err(|error| unreadable(&error))?;
        }
        let inner = [folder.join("wp-content/uploads"), folder.join("uploads")];
        let root = inner
            .iter()
            .find(|inner| inner.is_dir())
            .map_or(folder, PathBuf::as_path);
        let root = root.canonicalize().map_err(|error| unreadable(&error))?;
        fs::read_dir(&root).map_err(|error| unreadable(&error))?;
        Ok(Self {
            root: Some(root),
            old: None,
        })
    }

    /// From now on, what the folder lacks is fetched into it from the old site, whose `uploads` are at
    /// this address, with a slash at its end.
    pub fn fetch_from(&mut self, uploads: String) {
        let web = Mutex::default();
        self.old = Some(OldSite { uploads, web });
    }

    /// Why a file could not be fetched, if that was tried.
    pub fn why_missing(&self, path: &str) -> Option<String> {
        let failed = &self.old.as_ref()?.web;
        let failed = failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.1.get(path).cloned()
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
        let full = full_size(path);
        let paths = || std::iter::once(path).chain(full.as_deref());
        let is_there = |found: &Found| *found != Found::Missing;
        let here = paths().map(|path| self.look(path)).find(is_there);
        let fetched = || {
            let mut paths = paths().filter(|path| self.fetch(path));
            paths.next().map(|path| self.look(path))
        };
        here.or_else(fetched).unwrap_or(Found::Missing)
    }

    /// Gets a file from the old site, if that is wished for. What could not be had is not asked for twice.
    fn fetch(&self, path: &str) -> bool {
        let (Some(root), Some(old)) = (&self.root, &self.old) else {
            return false;
        };
        let mut web = old.web.lock().unwrap_or_else(PoisonError::into_inner);
        let (web, failed) = &mut *web;
        if failed.contains_key(path) {
            return false;
        }
        let got = web
            .download(&format!("{}{}", old.uploads, encode(path)), LARGEST)
            .and_then(|bytes| checked(path, bytes))
            .and_then(|bytes| put(root, path, &bytes).map_err(|error| reason(&error)));
        got.map_err(|why| failed.insert(path.to_owned(), why))
            .is_ok()
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

/// What a server answered with, if it can be the file that was asked for.
fn checked(path: &str, bytes: Vec<u8>) -> Result<Vec<u8>, String> {
    let begin = String::from_utf8_lossy(&bytes[..bytes.len().min(512)]).to_ascii_lowercase();
    let begin = begin.trim_start();
    let is_page = ["<!doctype html", "<html", "<head", "<body"]
        .iter()
        .any(|tag| begin.starts_with(tag));
    let is_picture = has_ending(path, &["jpg", "jpeg", "png", "gif", "webp"]);
    if bytes.is_empty() {
        Err("the server answers with nothing".to_owned())
    } else if is_page {
        Err("the server answers with a page, and not with the file".to_owned())
    } else if is_picture && imagesize::blob_size(&bytes).is_err() {
        Err("what the server answers with is no picture".to_owned())
    } else {
        Ok(bytes)
    }
}

/// Puts a file into the folder of pictures, whole or not at all.
fn put(root: &Path, path: &str, bytes: &[u8]) -> io::Result<()> {
    let file = root.join(path);
    let folder = file.parent().unwrap_or(root);
    fs::create_dir_all(folder)?;
    if !folder.canonicalize()?.starts_with(root) {
        let why = "a symbolic link leads out of the folder of pictures";
        return Err(io::Error::new(io::ErrorKind::InvalidInput, why));
    }
    let beside = folder.join(".pressroom-fetched");
    fs::write(&beside, bytes)?;
    fs::rename(beside, file)
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
    if has_ending(path, &["php", "phtml", "phar", "cgi"]) {
        return Some("it is a program of the old server");
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

    /// The beginning of a PNG, which has its size.
    const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0";

    #[test]
    fn what_the_folder_lacks_is_fetched_where_that_is_wished_for() {
        use std::io::{BufRead, BufReader, Write};
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let uploads = format!("http://{}/up/", listener.local_addr().unwrap());
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut line = String::new();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                reader.read_line(&mut line).unwrap();
                let mut header = String::new();
                while reader.read_line(&mut header).unwrap() > 2 {
                    header.clear();
                }
                let (status, body): (&str, &[u8]) = match line.split(' ').nth(1).unwrap() {
                    "/up/2019/a%20b.png" => ("200 OK", PICTURE),
                    "/up/2019/login.png" => ("200 OK", b"<!DOCTYPE html><title>Log in</title>"),
                    "/up/2019/text.png" => ("200 OK", b"text"),
                    "/up/2019/empty.pdf" => ("200 OK", b""),
                    _ => ("404 Not Found", b"x"),
                };
                let length = body.len();
                let head = format!(
                    "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
                );
                stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
            }
        });
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path().join("new");
        let mut media = Media::open(Some(&folder), true).unwrap();
        assert_eq!(media.find("2019/a b.png"), Found::Missing);
        media.fetch_from(uploads);
        // The smaller one is not there, and the one that it was made from is.
        assert_eq!(
            media.find("2019/a b-300x200.png"),
            Found::File("2019/a b.png".into())
        );
        assert_eq!(fs::read(folder.join("2019/a b.png")).unwrap(), PICTURE);
        for (path, why) in [
            ("2019/c.jpg", "the server answers with 404"),
            (
                "2019/login.png",
                "the server answers with a page, and not with the file",
            ),
            (
                "2019/text.png",
                "what the server answers with is no picture",
            ),
            ("2019/empty.pdf", "the server answers with nothing"),
        ] {
            assert_eq!(media.find(path), Found::Missing);
            assert_eq!(media.why_missing(path).as_deref(), Some(why));
        }
        assert!(matches!(media.find("../c.jpg"), Found::Refused(_)));
        assert!(matches!(media.find("shell.php"), Found::Refused(_)));
        assert_eq!(fs::read_dir(folder.join("2019")).unwrap().count(), 1);
    }

    #[test]
    fn pictures_are_found_and_nothing_else_is() {
        let folder = tempfile::tempdir().unwrap();
        let uploads = folder.path().join("wp-content/uploads/2019");
        fs::create_dir_all(&uploads).unwrap();
        fs::write(uploads.join("a.jpg"), "a").unwrap();
        fs::write(folder.path().join("secret"), "s").unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink(folder.path().join("secret"), uploads.join("link.jpg")).unwrap();
        let media = Media::open(Some(folder.path()), false).unwrap();
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
