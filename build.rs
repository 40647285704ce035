//! A hash of everything that the program is made from, for what it keeps between builds: what one
//! state of the program has kept, another does not believe.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::{fs, io};

const SOURCES: [&str; 4] = ["src", "themes", "Cargo.toml", "Cargo.lock"];

fn main() -> io::Result<()> {
    // It begins in the same way each time, other than that of a map.
    let mut hasher = DefaultHasher::new();
    for source in SOURCES {
        println!("cargo::rerun-if-changed={source}");
        for file in files(Path::new(source))? {
            (file.to_string_lossy(), fs::read(&file)?).hash(&mut hasher);
        }
    }
    println!("cargo::rustc-env=PRESSROOM_BUILD={:016x}", hasher.finish());
    Ok(())
}

/// All files below a path, in order; none if there is nothing.
fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(path.exists().then(|| path.to_owned()).into_iter().collect());
    }
    let mut entries: Vec<PathBuf> = fs::read_dir(path)?
        .map(|entry| Ok(entry?.path()))
        .collect::<io::Result<_>>()?;
    entries.sort();
    let files = entries.iter().map(|entry| files(entry));
    Ok(files.collect::<io::Result<Vec<_>>>()?.concat())
}
