//! What docs/security.md promises is held by tests that are there.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// The tests that a text names in its tables: `FILE::NAME`.
fn named(text: &str) -> Vec<(&str, &str)> {
    let rows = text.lines().filter(|line| line.starts_with('|'));
    let quoted = rows.flat_map(|row| row.split('`').skip(1).step_by(2));
    quoted
        .filter_map(|quoted| quoted.split_once("::"))
        .collect()
}

/// Whether a file has a test of a name.
fn has(text: &str, file: &str, name: &str) -> bool {
    if Path::new(file).extension().is_some_and(|it| it == "js") {
        return text.contains(&format!("test('{name}', "));
    }
    let Some((before, _)) = text.split_once(&format!("fn {name}(")) else {
        return false;
    };
    let above = before.rsplit_once('\n').map_or("", |(above, _)| above);
    let lines = above.lines().rev();
    let mut attributes = lines.take_while(|line| line.trim_start().starts_with('#'));
    attributes.any(|line| line.trim() == "#[test]")
}

#[test]
fn every_test_that_is_named_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("docs/security.md")).expect("docs/security.md");
    let promises = named(&text);
    let files: BTreeSet<&str> = promises.iter().map(|(file, _)| *file).collect();
    assert!(promises.len() > 30 && files.len() > 10, "{promises:#?}");
    for (file, name) in promises {
        let text = fs::read_to_string(root.join(file)).unwrap_or_else(|_| panic!("{file} is gone"));
        assert!(has(&text, file, name), "{file} has no test `{name}`");
    }
}

#[test]
fn every_promise_names_a_test() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let text = fs::read_to_string(root.join("docs/security.md")).expect("docs/security.md");
    for table in text.split("| promise | held by |\n").skip(1) {
        for row in table
            .lines()
            .take_while(|line| line.starts_with('|'))
            .skip(1)
        {
            assert!(!named(row).is_empty(), "no test holds this: {row}");
        }
    }
}
