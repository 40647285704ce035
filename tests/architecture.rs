//! The code keeps to the table of imports in ARCHITECTURE.md.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Which modules each module may use, as the table of ARCHITECTURE.md says.
fn table() -> BTreeMap<String, BTreeSet<String>> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let after = text
        .split("| module | may use |")
        .nth(1)
        .expect("the table of imports");
    after
        .lines()
        .skip(2)
        .take_while(|line| line.starts_with('|'))
        .map(|line| {
            let cells: Vec<&str> = line.split('|').map(str::trim).collect();
            let names = cells[2].split(',').map(|name| name.trim().to_owned());
            (
                cells[1].to_owned(),
                names
                    .filter(|name| !name.is_empty() && name != "–")
                    .collect(),
            )
        })
        .collect()
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

/// The top-level module that a file of src/ belongs to.
fn module_of(file: &Path) -> String {
    let inside = file.strip_prefix(root().join("src")).unwrap();
    let first = inside
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_str()
        .unwrap();
    first.trim_end_matches(".rs").to_owned()
}

/// Every module that a file's code names after `crate::`, tests left out.
fn uses(text: &str) -> BTreeSet<String> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
    let lines = code
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    let mut found = BTreeSet::new();
    for line in lines {
        for after in line.split("crate::").skip(1) {
            let name = |text: &str| -> String {
                text.chars()
                    .take_while(|c| c.is_alphanumeric() || *c == '_')
                    .collect()
            };
            if let Some(list) = after.strip_prefix('{') {
                let list = list.split('}').next().unwrap();
                found.extend(
                    list.split(',')
                        .map(|item| name(item.trim()))
                        .filter(|item| !item.is_empty()),
                );
            } else {
                found.insert(name(after));
            }
        }
    }
    found
}

#[test]
fn no_module_uses_one_that_the_table_does_not_allow() {
    let table = table();
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    let mut wrong = Vec::new();
    let mut seen = BTreeSet::new();
    for file in files
        .iter()
        .filter(|file| !file.ends_with("lib.rs") && !file.ends_with("main.rs"))
    {
        if file.components().any(|part| part.as_os_str() == "tests") || file.ends_with("tests.rs") {
            continue;
        }
        let module = module_of(file);
        let allowed = table
            .get(&module)
            .unwrap_or_else(|| panic!("{module} is not in the table"));
        for used in uses(&fs::read_to_string(file).unwrap()) {
            if used != module && !allowed.contains(&used) {
                wrong.push(format!("{} uses {used}", file.display()));
            }
            seen.insert((module.clone(), used));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    // A table that allows what nobody does would say nothing.
    let idle: Vec<_> = table
        .iter()
        .flat_map(|(module, allowed)| {
            allowed
                .iter()
                .map(move |used| (module.clone(), used.clone()))
        })
        .filter(|edge| !seen.contains(edge))
        .collect();
    assert!(
        idle.is_empty(),
        "the table allows what no code does: {idle:?}"
    );
}

#[test]
fn the_table_has_no_circle() {
    let table = table();
    for module in table.keys() {
        let mut reached: BTreeSet<&String> = BTreeSet::new();
        let mut open: Vec<&String> = table[module].iter().collect();
        while let Some(next) = open.pop() {
            if reached.insert(next) {
                open.extend(table.get(next).into_iter().flatten());
            }
        }
        assert!(!reached.contains(module), "{module} reaches itself");
    }
}

#[test]
fn only_cli_prints_and_only_main_ends_the_process() {
    let mut files = Vec::new();
    rust_files(&root().join("src"), &mut files);
    for file in files {
        let text = fs::read_to_string(&file).unwrap();
        let module = if file.ends_with("main.rs") {
            "main".to_owned()
        } else {
            module_of(&file)
        };
        let is_cli = module == "cli";
        for word in [
            "println!",
            "eprintln!",
            "print!(",
            "dbg!",
            "stdout()",
            "stderr()",
        ] {
            assert!(
                is_cli || !text.contains(word),
                "{} has {word}",
                file.display()
            );
        }
        assert!(
            !text.contains("process::exit"),
            "{} ends the process",
            file.display()
        );
    }
}
