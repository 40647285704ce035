//! Writes the archive of an invented journal of programmers, to measure what colours of code cost.
//!
//!     cargo run --release --example code_archive -- BLOCKS DIR
//!
//! In: a number of blocks, and a folder that is absent. Out: `DIR/content/notes/NAME.md`, each with ten
//! blocks of about 400 bytes, no two of them alike, in five languages. The same BLOCKS give the same
//! bytes on every machine.
//!
//! It is one file, and uses nothing but the standard library, so that it also compiles alone.

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs, io};

const BLOCKS_PER_ARTICLE: usize = 10;

/// Languages, each with a function in it, in which `N` is a number.
const LANGUAGES: [(&str, &str); 5] = [
    (
        "rust",
        "/// The fare for a number of zones.\npub fn fare_N(zones: u32, reduced: bool) -> Option<f64> {\n    \
         let base = 210 + N * zones;\n    match reduced {\n        true => Some(f64::from(base) / 2.0),\n        \
         false if zones > 0 => Some(f64::from(base)),\n        _ => None,\n    }\n}\n",
    ),
    (
        "python",
        "def fare_N(zones: int, reduced=False) -> float:\n    \"\"\"The fare for a number of zones.\"\"\"\n    \
         base = 210 + N * zones\n    if zones < 1:\n        raise ValueError(f\"no zones: {zones}\")\n    \
         return base / 2 if reduced else base\n",
    ),
    (
        "js",
        "// The fare for a number of zones.\nexport function fareN(zones, { reduced = false } = {}) {\n  \
         const base = 210 + N * zones;\n  if (zones < 1) throw new Error(`no zones: ${zones}`);\n  \
         return reduced ? base / 2 : base;\n}\n",
    ),
    (
        "yaml",
        "# The fares of a year.\nfares_N:\n  base: 210\n  zone: N\n  reduced: true\n  stops:\n    - name: \"Harbour\"\n      \
         since: 2019-05-01\n    - name: Old Town\n      since: 2021-08-17\n",
    ),
    (
        "bash",
        "# Prints the fares.\nfares_N() {\n  for zone in 1 2 3; do\n    \
         echo \"zone $zone: $((210 + N * zone))\" | tee -a \"$HOME/fares.txt\"\n  done\n}\n",
    ),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [blocks, folder] = &arguments[..] else {
        eprintln!("usage: code_archive BLOCKS DIR");
        return ExitCode::from(2);
    };
    let written = match blocks.parse() {
        Ok(blocks) => write(blocks, Path::new(folder)),
        Err(_) => Err(io::Error::other(format!("{blocks} is no number"))),
    };
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn write(blocks: usize, folder: &Path) -> io::Result<()> {
    fs::create_dir(folder)?;
    let notes = folder.join("content/notes");
    fs::create_dir_all(&notes)?;
    for (number, first) in (0..blocks).step_by(BLOCKS_PER_ARTICLE).enumerate() {
        let day = number % 28 + 1;
        let mut text = format!("---\ntitle: Note {number}\ndate: 2024-01-{day:02}\n---\n");
        for block in first..(first + BLOCKS_PER_ARTICLE).min(blocks) {
            let (language, code) = LANGUAGES[block % LANGUAGES.len()];
            let code = code.replace('N', &block.to_string());
            let _ = write!(
                text,
                "\nA fare, number {block}:\n\n```{language}\n{code}```\n"
            );
        }
        fs::write(notes.join(format!("note-{number}.md")), text)?;
    }
    Ok(())
}
