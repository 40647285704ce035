//! Files are parsed when they are not what they were, and only then.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Mutex;

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::diagnostics::Code;

/// A folder of files, and what an earlier build kept of them.
struct Archive {
    folder: tempfile::TempDir,
    files: BTreeMap<String, String>,
    /// What the file system would say of each file.
    identities: BTreeMap<String, Identity>,
    next: u64,
    kept: Option<Kept>,
}

impl Archive {
    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            files: BTreeMap::new(),
            identities: BTreeMap::new(),
            next: 0,
            kept: Some(Kept::nothing(&config(""))),
        }
    }

    fn write(&mut self, path: &str, text: &str) {
        fs::write(self.folder.path().join(path), text).unwrap();
        self.files.insert(path.to_owned(), text.to_owned());
        self.touch(path);
    }

    fn touch(&mut self, path: &str) {
        self.next += 1;
        let identity = Identity {
            inode: self.next,
            ..Identity::default()
        };
        self.identities.insert(path.to_owned(), identity);
    }

    fn remove(&mut self, path: &str) {
        self.files.remove(path);
        self.identities.remove(path);
    }

    /// What all files hold, as far as it can be read, and which of them were parsed.
    fn read(&mut self, verify: bool) -> (Vec<(String, String, usize)>, Vec<String>) {
        let root = self.folder.path().into();
        let files = self.files.keys().map(|path| SourceFile {
            identity: self.identities.get(path).copied(),
            ..SourceFile::new(&root, path.clone())
        });
        let parsed = Mutex::new(Vec::new());
        let parse = |file: &SourceFile, text: &str| {
            parsed.lock().unwrap().push(file.path.clone());
            let found = vec![Diagnostic::new(Code::Comment, "odd"); text.len() % 2];
            // A text of three characters cannot be read at all.
            ((text.len() != 3).then(|| (text.to_owned(), ())), found)
        };
        let kept = self.kept.take().unwrap();
        let shelves = left(&kept.articles);
        let read = shelve(&kept.files, shelves, files.collect(), verify, &parse);
        kept.save(self.folder.path(), &read, &[] as &[Shelf<String, ()>]);
        let files = read.into_iter().flat_map(|shelf| shelf.files);
        let held = files
            .filter_map(|read| Some((read.file.path, read.held?, read.found.len())))
            .collect();
        let mut parsed = parsed.into_inner().unwrap();
        parsed.sort_unstable();
        (held, parsed)
    }

    /// As if the next build began.
    fn next_build(&mut self) {
        let (kept, unusable) = Kept::load(self.folder.path(), &config(""));
        assert_eq!(unusable, None);
        self.kept = Some(kept);
    }

    fn expected(&self) -> Vec<(String, String, usize)> {
        let readable = self.files.iter().filter(|(_, text)| text.len() != 3);
        readable
            .map(|(path, text)| (path.clone(), text.clone(), text.len() % 2))
            .collect()
    }
}

fn config(text: &str) -> Config {
    Config::read(Some(text), "gazette").0
}

#[test]
fn a_file_is_parsed_once_and_again_when_it_changes() {
    let mut archive = Archive::new();
    for number in 0..3 * SHELF {
        archive.write(&format!("{number:04}.md"), "text");
    }
    assert_eq!(archive.read(false).1.len(), 3 * SHELF);
    archive.next_build();
    assert_eq!(archive.read(false).1, [""; 0]);
    archive.next_build();
    archive.write("0300.md", "another text");
    archive.touch("0301.md");
    archive.write("0300-and-a-half.md", "a new one");
    archive.remove("0500.md");
    let (held, parsed) = archive.read(false);
    assert_eq!(parsed, ["0300-and-a-half.md", "0300.md"]);
    assert_eq!(held, archive.expected());
    archive.next_build();
    assert_eq!(archive.read(false), (archive.expected(), Vec::new()));
}

#[test]
fn verifying_sees_a_change_that_no_time_tells() {
    let mut archive = Archive::new();
    archive.write("a.md", "some text");
    archive.write("b.md", "some text");
    archive.read(false);
    archive.next_build();
    let identities = archive.identities.clone();
    archive.write("a.md", "else text");
    archive.identities = identities;
    assert_eq!(archive.read(false).1, [""; 0]);
    archive.next_build();
    assert_eq!(
        archive.read(true),
        (archive.expected(), vec!["a.md".into()])
    );
    archive.next_build();
    assert_eq!(archive.read(false), (archive.expected(), Vec::new()));
}

#[test]
fn a_file_without_an_identity_is_told_by_its_bytes() {
    let mut archive = Archive::new();
    archive.write("a.md", "some text");
    archive.identities.clear();
    archive.read(false);
    archive.next_build();
    assert_eq!(archive.read(false), (archive.expected(), Vec::new()));
    archive.next_build();
    archive.write("a.md", "else text");
    archive.identities.clear();
    assert_eq!(archive.read(false).1, ["a.md"]);
}

#[test]
fn other_settings_make_nothing_of_what_was_kept_and_damage_is_told() {
    let mut archive = Archive::new();
    archive.write("a.md", "some text");
    archive.read(false);
    archive.next_build();
    let root = archive.folder.path();
    let (other, unusable) = Kept::load(root, &config("timezone: Europe/Berlin"));
    assert!(other.articles.is_empty() && unusable.is_none());
    let file = root.join(FILE);
    let bytes = fs::read(&file).unwrap();
    for damaged in [
        &bytes[..bytes.len() - 1],
        b"",
        b"pressroom 0.0.1 0 articles 0\n",
    ] {
        fs::write(&file, damaged).unwrap();
        let (nothing, unusable) = Kept::load(root, &config(""));
        assert!(nothing.articles.is_empty());
        assert_eq!(unusable.map(|found| found.code), Some(Code::CacheUnusable));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn whatever_changes_what_is_read_is_what_files_hold(
        rounds in vec(vec((0..600_u32, 0..5_u8, "[ab]{0,5}"), 0..40), 1..8),
        many in 0..900_u32,
    ) {
        let mut archive = Archive::new();
        for number in 0..many {
            archive.write(&format!("{}.md", number * 7 % 1000), "text");
        }
        for (round, edits) in rounds.into_iter().enumerate() {
            let is_first = round == 0;
            let before = archive.files.clone();
            for (number, what, text) in edits {
                let path = format!("{number}.md");
                match what {
                    0 => archive.remove(&path),
                    1 if archive.files.contains_key(&path) => archive.touch(&path),
                    _ => archive.write(&path, &text),
                }
            }
            let (held, parsed) = archive.read(false);
            prop_assert_eq!(held, archive.expected());
            for path in parsed {
                let text = &archive.files[&path];
                // What cannot be read is looked at again.
                prop_assert!(before.get(&path) != Some(text) || text.len() == 3 || is_first);
            }
            archive.next_build();
        }
    }
}
