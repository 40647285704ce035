//! What is kept between builds, damaged.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{LazyLock, Mutex, PoisonError};

use pressroom::diagnostics::{Diagnostics, Severity};
use pressroom::model::Moment;
use pressroom::pipeline::{self, Profile, Progress, Request};
use pressroom::site::Show;
use tempfile::TempDir;

use super::files::{folder, write};

/// Where things are kept, from the site's root. The manifest is no cache: it says which files are ours.
const KEPT: [&str; 2] = [".pressroom", "public/.pressroom"];
const NO_CACHE: [&str; 2] = ["manifest", "lock"];

/// Files by their paths.
type Tree = BTreeMap<PathBuf, Vec<u8>>;

/// A site, and what a clean build publishes of it as its article is first and as it is then.
struct Site {
    folder: TempDir,
    published: [Tree; 2],
}

static SITE: LazyLock<Mutex<Site>> = LazyLock::new(|| {
    let published = [0, 1].map(|version| {
        let folder = folder();
        plant(folder.path(), version);
        build(folder.path());
        outputs(folder.path())
    });
    let folder = folder();
    plant(folder.path(), 0);
    build(folder.path());
    Mutex::new(Site { folder, published })
});

/// A build after any damage to what the last one kept publishes what a clean one does, without an error.
///
/// The first byte of an input says whether an article is edited as well. Then come edits: a number of a
/// file, what is done, where, and with what.
pub fn cache(input: &[u8]) {
    // One that failed before has left the site as it may be.
    let site = SITE.lock().unwrap_or_else(PoisonError::into_inner);
    let root = site.folder.path();
    let version = usize::from(input.first().copied().unwrap_or(0) & 1);
    plant(root, version);
    let edits = input.get(1..).unwrap_or_default().chunks(8);
    edits.take(8).for_each(|edit| damage(root, edit));
    build(root);
    // Folders in the place of files stay, since they are not Pressroom's.
    for path in within(root).filter(|path| path.is_dir()) {
        fs::remove_dir(path).expect("an empty folder of ours");
    }
    let (is, should_be) = (outputs(root), &site.published[version]);
    assert!(is.keys().eq(should_be.keys()), "{:?}", is.keys());
    for (path, bytes) in &is {
        assert!(should_be[path] == *bytes, "{} differs", path.display());
    }
}

/// Writes the site, with its article in one of two versions.
fn plant(root: &Path, version: usize) {
    let settings = "title: Fuzz\nsearch: true\ntheme: broadsheet\n";
    write(root, "pressroom.yaml", settings.as_bytes());
    for number in 0..6 {
        let edited = [
            "",
            "It was edited later on, [with a link](b2.md) and `code`.\n",
        ][if number == 0 { version } else { 0 }];
        let text = format!(
            "---\ntitle: Harbour bridge {number}\ndate: 2024-07-0{}\ntags: [bridges, ferry {number}]\n---\n\n\
             The harbour bridge was closed for number {number} while the ferry ran.\n{edited}\n\
             ```rust\nfn main() {{ println!(\"{number}\"); }}\n```\n",
            number + 1
        );
        let path = format!("content/news/b{number}.md");
        if fs::read_to_string(root.join(&path)).ok().as_ref() != Some(&text) {
            write(root, &path, text.as_bytes());
        }
    }
}

/// Does one thing to one of the files.
fn damage(root: &Path, edit: &[u8]) {
    let files = kept(root);
    let [file, what, high, low, with @ ..] = edit else {
        return;
    };
    let Some(path) = files.get(usize::from(*file) % files.len().max(1)) else {
        return;
    };
    let mut bytes = fs::read(path).unwrap_or_default();
    let at = usize::from(u16::from_be_bytes([*high, *low])) % bytes.len().max(1);
    let at = at.min(bytes.len());
    match what % 7 {
        0 => bytes.truncate(at),
        1 => drop(bytes.splice(at..at, with.iter().copied())),
        2 => {
            let changed = bytes[at..].iter_mut().zip(with);
            changed.for_each(|(byte, with)| *byte ^= with);
        }
        3 => {
            // That of another kind, as when a folder is copied over another.
            let other = &files[at % files.len()];
            bytes = fs::read(other).unwrap_or_default();
        }
        4 => bytes.extend_from_within(at..),
        5 => return fs::remove_file(path).expect("a file of ours"),
        _ => {
            fs::remove_file(path).expect("a file of ours");
            return fs::create_dir(path).expect("a folder in its place");
        }
    }
    fs::write(path, bytes).expect("a file of ours");
}

/// What is kept, in the order of its paths.
fn kept(root: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = within(root)
        .filter(|path| path.is_file())
        .filter(|path| !NO_CACHE.iter().any(|name| path.ends_with(name)))
        .collect();
    files.sort();
    files
}

fn within(root: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = KEPT
        .iter()
        .flat_map(|folder| fs::read_dir(root.join(folder)));
    entries.flatten().flatten().map(|entry| entry.path())
}

struct Quiet;

impl Progress for Quiet {
    fn stage(&self, _: &'static str, _: usize) {}
    fn step(&self) {}
}

fn build(root: &Path) {
    let request = Request {
        root: root.to_owned(),
        base_url: None,
        show: Show::default(),
        now: Moment::new(1_767_225_600, 0),
        // Whatever the times of files say is believed.
        settled: i64::MAX,
        share: None,
        explain: None,
        verify: false,
        profile: false,
    };
    let mut found = Diagnostics::new();
    let mut profile = Profile::default();
    let output = root.join("public");
    let built = pipeline::build(&request, &output, &Quiet, &mut found, &mut profile);
    assert!(built.is_some(), "{found:?}");
    assert_eq!(found.count(Severity::Error), 0, "{found:?}");
}

/// What is published.
fn outputs(root: &Path) -> Tree {
    let mut tree = Tree::new();
    let public = root.join("public");
    let mut folders = vec![public.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder of ours").flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let below = path.strip_prefix(&public).expect("below it").to_owned();
                tree.insert(below, fs::read(&path).expect("a file of ours"));
            }
        }
    }
    tree.retain(|path, _| !path.starts_with(".pressroom"));
    tree
}
