//! A site in a folder of its own, and the real binary to build it.
//!
//! Each test file uses a part of this, so the rest is unused there.
#![allow(dead_code)]

pub mod archive;
pub mod edits;
pub mod host;
pub mod html;
pub mod pictures;
pub mod random;
pub mod server;

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// 2026-01-01T00:00:00Z, the time that "now" is in every test.
pub const NOW: &str = "1767225600";

/// Most time that a run may take.
const LONGEST_RUN: Duration = Duration::from_secs(60);

/// Files by their path, with `/` between its parts.
pub type Tree = BTreeMap<String, Vec<u8>>;

/// What a run of the binary left behind.
#[derive(Debug)]
pub struct Run {
    pub code: Option<i32>,
    pub stdout: String,
    pub stderr: String,
}

impl Run {
    /// Insists on exit code 0.
    #[track_caller]
    pub fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{}{}", self.stdout, self.stderr);
        self
    }

    /// Insists on exit code 0 and not a word on stderr.
    #[track_caller]
    pub fn silent(self) -> Self {
        assert_eq!(self.stderr, "");
        self.ok()
    }

    /// Insists on exit code 1.
    #[track_caller]
    pub fn failed(self) -> Self {
        assert_eq!(self.code, Some(1), "{}{}", self.stdout, self.stderr);
        self
    }

    /// The lines of stdout, each an object.
    pub fn json(&self) -> Vec<serde_json::Value> {
        let object = |line| serde_json::from_str(line).expect("each line is an object");
        self.stdout.lines().map(object).collect()
    }
}

/// The binary with the environment of all tests: a fixed time, no colours, and nothing of the
/// machine's own that could show in a page.
pub fn pressroom() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_pressroom"));
    command
        .env("SOURCE_DATE_EPOCH", NOW)
        .env("NO_COLOR", "1")
        .env_remove("TZ")
        .env_remove("RAYON_NUM_THREADS");
    command
}

/// A site in a folder called `gazette` that is deleted when the test is over.
pub struct Site {
    folder: TempDir,
}

impl Site {
    /// Writes a site's files.
    pub fn new<'a>(files: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let site = Self::within(&std::env::temp_dir());
        for (path, text) in files {
            site.write(path, text);
        }
        site
    }

    /// An empty site that is kept in memory where the system has a place for that, for tests that
    /// write it over and over.
    pub fn in_memory() -> Self {
        let memory = Path::new("/dev/shm");
        if memory.is_dir() {
            Self::within(memory)
        } else {
            Self::new([])
        }
    }

    fn within(folder: &Path) -> Self {
        let site = Self {
            folder: tempfile::tempdir_in(folder).expect("a temporary folder"),
        };
        fs::create_dir(site.root()).expect("a new folder");
        site
    }

    pub fn root(&self) -> PathBuf {
        self.folder.path().join("gazette")
    }

    /// A path outside of the site that is deleted with it.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    #[track_caller]
    pub fn write(&self, path: &str, bytes: impl AsRef<[u8]>) {
        write(&self.path(path), bytes);
    }

    #[track_caller]
    pub fn append(&self, path: &str, text: &str) {
        let before = self.read(path);
        self.write(path, before + text);
    }

    #[track_caller]
    pub fn remove(&self, path: &str) {
        let path = self.path(path);
        let removed = if path.is_dir() {
            fs::remove_dir_all(&path)
        } else {
            fs::remove_file(&path)
        };
        removed.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    }

    #[track_caller]
    pub fn rename(&self, from: &str, to: &str) {
        let to = self.path(to);
        fs::create_dir_all(to.parent().expect("a folder")).expect("a folder");
        fs::rename(self.path(from), to).expect("the file is there");
    }

    #[track_caller]
    pub fn read(&self, path: &str) -> String {
        let path = self.path(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The binary in the site's folder.
    pub fn command<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = pressroom();
        command.current_dir(self.root()).args(arguments);
        command
    }

    pub fn run<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Run {
        run(&mut self.command(arguments))
    }

    /// `pressroom build` with these arguments.
    pub fn build(&self, arguments: &[&str]) -> Run {
        self.run([&["build"], arguments].concat())
    }

    /// Builds and gives the lines of `--changed-list`.
    #[track_caller]
    pub fn changes(&self) -> Vec<String> {
        let list = self.beside("changed.txt");
        let list = list.to_str().expect("UTF-8");
        self.build(&["--changed-list", list]).ok();
        let text = fs::read_to_string(list).expect("the list of changes");
        text.lines().map(str::to_owned).collect()
    }

    /// An output as text.
    #[track_caller]
    pub fn output(&self, path: &str) -> String {
        self.read(&format!("public/{path}"))
    }

    pub fn has_output(&self, path: &str) -> bool {
        self.path("public").join(path).exists()
    }

    /// Everything that a host would serve.
    pub fn outputs(&self) -> Tree {
        published(&self.path("public"))
    }
}

/// Runs a command to its end, which must come within a minute: whoever waits for a build that
/// never ends learns nothing.
#[track_caller]
pub fn run(command: &mut Command) -> Run {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let stdout = read_aside(child.stdout.take().expect("a pipe"));
    let stderr = read_aside(child.stderr.take().expect("a pipe"));
    let started = Instant::now();
    let status = loop {
        if let Some(status) = child.try_wait().expect("a child of ours") {
            break status;
        }
        if started.elapsed() > LONGEST_RUN {
            child.kill().expect("a child of ours");
            panic!("{command:?} does not come to an end");
        }
        std::thread::sleep(Duration::from_millis(2));
    };
    Run {
        code: status.code(),
        stdout: stdout.join().expect("the binary prints UTF-8"),
        stderr: stderr.join().expect("the binary prints UTF-8"),
    }
}

fn read_aside(mut pipe: impl Read + Send + 'static) -> JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = String::new();
        pipe.read_to_string(&mut text).expect("UTF-8");
        text
    })
}

#[track_caller]
pub fn write(path: &Path, bytes: impl AsRef<[u8]>) {
    let folder = path.parent().expect("a folder");
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, bytes))
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

/// An article's file: front matter with a title and what else is given, and a body.
pub fn article(title: &str, front_matter: &str, body: &str) -> String {
    format!("---\ntitle: {title}\n{front_matter}---\n\n{body}")
}

/// All files of a folder.
pub fn tree(folder: &Path) -> Tree {
    files(folder)
        .map(|(path, file)| (path, fs::read(file).expect("a file that can be read")))
        .collect()
}

/// All files of an output folder but Pressroom's own.
pub fn published(folder: &Path) -> Tree {
    files(folder)
        .filter(|(path, _)| !path.starts_with(".pressroom/"))
        .map(|(path, file)| (path, fs::read(file).expect("a file that can be read")))
        .collect()
}

/// The modification time of each file of an output folder.
pub fn times(folder: &Path) -> BTreeMap<String, std::time::SystemTime> {
    let time = |file: PathBuf| fs::metadata(file).and_then(|metadata| metadata.modified());
    files(folder)
        .filter(|(path, _)| !path.starts_with(".pressroom/"))
        .map(|(path, file)| (path, time(file).expect("a modification time")))
        .collect()
}

fn files(folder: &Path) -> impl Iterator<Item = (String, PathBuf)> {
    walkdir::WalkDir::new(folder)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(move |entry| {
            let path = entry.path().strip_prefix(folder).expect("a file within");
            let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
            (parts.join("/"), entry.into_path())
        })
}

/// Whether a path ends in `.html`, or another ending.
pub fn ends_in(path: &str, ending: &str) -> bool {
    Path::new(path)
        .extension()
        .is_some_and(|found| found == ending)
}

/// Copies a folder with all that is in it, but for permissions: what is copied may be read-only,
/// and its copy is there to be edited.
pub fn copy(from: &Path, to: &Path) {
    for (path, bytes) in tree(from) {
        write(&to.join(path), bytes);
    }
}

/// Insists that two trees are the same, and names the files that are not.
#[track_caller]
pub fn assert_same(one: &Tree, other: &Tree) {
    let differing: Vec<&String> = one
        .keys()
        .chain(other.keys())
        .filter(|path| one.get(*path) != other.get(*path))
        .collect();
    assert!(differing.is_empty(), "these differ: {differing:#?}");
}
