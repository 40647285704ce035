//! Stories of builds, each with a site of its own.

mod builds;
mod foreign;
mod kills;
mod place;
mod records;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use tempfile::TempDir;
use walkdir::WalkDir;

use super::{Notes, Output, Remembered, Report, open_remembered};
use crate::diagnostics::Diagnostic;

/// A site's folder with content/ in it, and the output beside it in public/.
struct Site {
    root: TempDir,
}

impl Site {
    fn new() -> Self {
        // In memory where that is to be had: these tests write many small files.
        let memory = Path::new("/dev/shm");
        let root = if memory.is_dir() {
            tempfile::tempdir_in(memory)
        } else {
            tempfile::tempdir()
        };
        let root = root.unwrap();
        fs::create_dir(root.path().join("content")).unwrap();
        fs::write(root.path().join("content/a.md"), "# A").unwrap();
        Self { root }
    }

    fn root(&self) -> &Path {
        self.root.path()
    }

    fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// A file in public/.
    fn out(&self, path: &str) -> PathBuf {
        self.path("public").join(path)
    }

    fn open(&self) -> Result<Output, Diagnostic> {
        self.open_at("public")
    }

    fn open_at(&self, output: &str) -> Result<Output, Diagnostic> {
        self.open_with(output, Remembered::default())
    }

    fn open_with(&self, output: &str, remembered: Remembered) -> Result<Output, Diagnostic> {
        let sources = ["content", "data", "pressroom.yaml"].map(|name| self.path(name));
        open_remembered(&self.path(output), self.root(), &sources, remembered)
    }

    fn build(&self, outputs: &[(&str, &str)]) -> Result<Report, Diagnostic> {
        let output = self.open()?;
        for (path, text) in outputs {
            output.stage(path, text.as_bytes(), None)?;
        }
        output.commit(Notes::default())
    }

    /// Puts a file of somebody else's into public/.
    fn place(&self, path: &str, text: &str) {
        let path = self.out(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Everything in public/ but Pressroom's own folder: files with their text, folders with a
    /// `/` at their end.
    fn files(&self) -> BTreeMap<String, String> {
        tree(&self.path("public"))
    }

    fn manifest(&self) -> String {
        fs::read_to_string(self.out(".pressroom/manifest")).unwrap()
    }
}

fn tree(folder: &Path) -> BTreeMap<String, String> {
    WalkDir::new(folder)
        .min_depth(1)
        .into_iter()
        .filter_entry(|entry| entry.file_name() != ".pressroom")
        .map(|entry| {
            let entry = entry.unwrap();
            let path = entry.path().strip_prefix(folder).unwrap();
            let path = path.to_str().unwrap().replace('\\', "/");
            if entry.file_type().is_dir() {
                (path + "/", String::new())
            } else {
                (path, fs::read_to_string(entry.path()).unwrap_or_default())
            }
        })
        .collect()
}

fn texts<'a>(pairs: &[(&'a str, &'a str)]) -> BTreeMap<String, String> {
    let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
    pairs.iter().map(owned).collect()
}

/// A diagnostic's whole text: code, message and hint.
fn text(diagnostic: &Diagnostic) -> String {
    let code = diagnostic.code.as_str();
    let hint = diagnostic.hint.as_deref().unwrap_or("-");
    format!("{code}: {}\n{hint}", diagnostic.message)
}

/// Gives a file a time long ago, which it keeps until it is written.
fn age(path: &Path) {
    let file = fs::File::options().write(true).open(path).unwrap();
    file.set_modified(long_ago()).unwrap();
}

fn is_old(path: &Path) -> bool {
    fs::metadata(path).unwrap().modified().unwrap() == long_ago()
}

fn long_ago() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000)
}
