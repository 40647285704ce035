//! Which crates with unsafe code the program is made of is known: docs/supply-chain.md lists them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// What is looked at everywhere, so that the list is the same on every machine.
const PLATFORM: &str = "x86_64-unknown-linux-gnu";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn metadata() -> Value {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--locked", "--offline", "--format-version", "1"])
        .args(["--filter-platform", PLATFORM])
        .current_dir(root())
        .output()
        .expect("cargo");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{told}");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

/// The folders of all crates that the program is compiled from, without those that only its tests
/// need, by name.
fn crates(metadata: &Value) -> BTreeMap<&str, Vec<PathBuf>> {
    let nodes = list(&metadata["resolve"]["nodes"]).iter();
    let nodes: BTreeMap<&str, &Value> = nodes.map(|node| (text(&node["id"]), node)).collect();
    let mut reached = BTreeSet::new();
    let mut next = vec![text(&metadata["resolve"]["root"])];
    while let Some(id) = next.pop() {
        for dependency in list(&nodes[id]["deps"]) {
            let kinds = list(&dependency["dep_kinds"]).iter();
            let is_compiled = kinds.map(|kind| &kind["kind"]).any(|kind| kind != "dev");
            let id = text(&dependency["pkg"]);
            if is_compiled && reached.insert(id) {
                next.push(id);
            }
        }
    }
    let mut crates: BTreeMap<&str, Vec<PathBuf>> = BTreeMap::new();
    for package in list(&metadata["packages"]) {
        if reached.contains(text(&package["id"])) {
            let manifest = Path::new(text(&package["manifest_path"]));
            let folder = manifest.parent().expect("a folder").to_owned();
            crates
                .entry(text(&package["name"]))
                .or_default()
                .push(folder);
        }
    }
    crates
}

/// Whether a folder has Rust with unsafe code in it, tests and examples aside.
fn has_unsafe_code(folder: &Path) -> bool {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    entries.flatten().any(|entry| {
        let path = entry.path();
        if path.is_dir() {
            let name = entry.file_name();
            let is_aside = ["tests", "benches", "examples", "fuzz"]
                .iter()
                .any(|aside| name == *aside);
            return !is_aside && has_unsafe_code(&path);
        }
        let is_rust = path.extension().is_some_and(|ending| ending == "rs");
        is_rust && fs::read(&path).is_ok_and(|bytes| is_unsafe(&String::from_utf8_lossy(&bytes)))
    })
}

/// Whether a line that is no comment has the word before what it can stand before.
fn is_unsafe(source: &str) -> bool {
    let lines = source.lines().map(str::trim_start);
    let mut code = lines.filter(|line| !line.starts_with(['/', '*']));
    code.any(|line| {
        let code = line.split("//").next().unwrap_or_default();
        code.match_indices("unsafe").any(|(at, word)| {
            let before = code[..at].chars().next_back();
            let after = code[at + word.len()..].trim_start();
            let opens = ["{", "(", "fn ", "impl", "trait ", "extern "];
            !before.is_some_and(|c| c.is_alphanumeric() || c == '_')
                && (after.is_empty() || opens.iter().any(|it| after.starts_with(it)))
        })
    })
}

/// The crates that docs/supply-chain.md lists.
fn listed() -> BTreeSet<String> {
    let page = fs::read_to_string(root().join("docs/supply-chain.md")).expect("the page");
    let (_, table) = page
        .split_once("| for | crates | why we live with it |\n")
        .expect("the table");
    let rows = table
        .lines()
        .skip(1)
        .take_while(|line| line.starts_with('|'));
    let cells = rows.map(|row| row.split('|').nth(2).expect("crates"));
    let names: Vec<String> = cells
        .flat_map(|cell| cell.split(',').map(|name| name.trim().to_owned()))
        .collect();
    let set: BTreeSet<String> = names.iter().cloned().collect();
    assert_eq!(names.len(), set.len(), "each stands in one row");
    set
}

#[test]
fn every_crate_with_unsafe_code_is_listed_and_no_other() {
    let metadata = metadata();
    let crates = crates(&metadata);
    assert!(crates.len() > 200, "{}", crates.len());
    let found: BTreeSet<String> = crates
        .iter()
        .filter(|(_, folders)| folders.iter().any(|folder| has_unsafe_code(folder)))
        .map(|(name, _)| (*name).to_owned())
        .collect();
    let listed = listed();
    let missing: Vec<_> = found.difference(&listed).collect();
    let idle: Vec<_> = listed.difference(&found).collect();
    assert!(
        missing.is_empty(),
        "not in docs/supply-chain.md: {missing:?}"
    );
    assert!(
        idle.is_empty(),
        "in docs/supply-chain.md without reason: {idle:?}"
    );
}

#[test]
fn unsafe_code_is_told_from_words_about_it() {
    for code in [
        "unsafe {",
        "    unsafe fn a() {}",
        "pub unsafe trait A {",
        "x = unsafe { y };",
        "unsafe impl<T> A for T {}",
        "#[unsafe(no_mangle)]",
        "let a = unsafe",
    ] {
        assert!(is_unsafe(code), "{code}");
    }
    for text in [
        "// unsafe {",
        "/// unsafe fn",
        "#![forbid(unsafe_code)]",
        "let unsafer = {",
        "a(); // unsafe {",
    ] {
        assert!(!is_unsafe(text), "{text}");
    }
}
