//! Every code sample of the manual does what the manual says of it.
//!
//! Beside each page with samples there is a script in tests/manual: an entry for each fenced block
//! of the page, in its order. An entry names the block's language and the heading above it, says
//! what the block is, and gives the files of a site around it:
//!
//! ```text
//! === yaml under Patterns
//! shows public/pages/about/index.html: About us
//! --- pressroom.yaml
//! <block>
//! --- content/about.md
//! # About us
//! ```
//!
//! A `console` block is run by `sh`, and prints what it shows; without a line that begins with
//! `$` it is a part of what `pressroom build`, or `run COMMAND`, prints. Any other block stands in
//! a file, in the place of `<block>`, and `pressroom build` then has nothing to remark. Besides:
//!
//! - A file that is `<photograph>` is one, 2400 by 1600 pixels; `<small photograph>` has 600 by 400.
//! - `first COMMAND` does what files alone cannot.
//! - `continue` goes on with the site of the entry before; `in FOLDER` runs commands elsewhere.
//! - `is in FILE` finds the block in a file that was published, spaces aside.
//! - `shows FILE: TEXT` finds a text there.
//! - `lists WORD` reads the block as a table of pages, each with the numbers that follow the word
//!   in the headlines that it lists.
//! - `twice` finds what the block says once more below it, to be seen as it comes out.
//! - `not run: REASON` is for what a test cannot do.
//!
//! `UPDATE_EXPECTED=1` writes into the manual what commands print now. Read the difference.

use std::collections::BTreeSet;
use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};
use rayon::prelude::*;
use serde_json::Value;

use super::support::{Site, pictures, run};

/// 2026-11-20T10:00:00Z, when the manual's commands are run.
pub const NOW: &str = "1795168800";

/// What a block can be written in.
const LANGUAGES: [&str; 14] = [
    "console", "css", "html", "jinja", "json", "markdown", "nginx", "python", "rust", "scss", "sh",
    "text", "xml", "yaml",
];

/// A fenced block of a page.
#[derive(Debug)]
struct Block {
    language: String,
    heading: String,
    text: String,
    /// Where its text lies in the page.
    range: Range<usize>,
}

impl Block {
    /// What a script calls it.
    fn head(&self) -> String {
        if self.heading.is_empty() {
            return format!("{} at the top", self.language);
        }
        format!("{} under {}", self.language, self.heading)
    }
}

/// What a script says of a block.
#[derive(Debug, Default)]
struct Entry {
    /// Language and heading, as in `yaml under Patterns`.
    head: String,
    directives: Vec<String>,
    files: Vec<(String, String)>,
}

impl Entry {
    /// What stands behind a word, in each directive that begins with it.
    fn said<'a>(&'a self, word: &'a str) -> impl Iterator<Item = &'a str> {
        let lines = self.directives.iter();
        lines.filter_map(move |line| line.strip_prefix(word).map(str::trim))
    }

    fn says(&self, word: &str) -> bool {
        self.said(word).next().is_some()
    }
}

fn blocks(page: &str) -> Vec<Block> {
    let options = Options::all() - Options::ENABLE_SMART_PUNCTUATION;
    let mut blocks: Vec<Block> = Vec::new();
    let (mut heading, mut in_heading, mut in_block) = (String::new(), false, false);
    for (event, range) in Parser::new_ext(page, options).into_offset_iter() {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                heading.clear();
                in_heading = true;
            }
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Text(text) | Event::Code(text) if in_heading => heading.push_str(&text),
            Event::Start(Tag::CodeBlock(kind)) => {
                in_block = true;
                let language = match kind {
                    // What else a block is given stands in braces.
                    CodeBlockKind::Fenced(info) => {
                        info.split(' ').next().unwrap_or_default().to_owned()
                    }
                    CodeBlockKind::Indented => "indented".to_owned(),
                };
                blocks.push(Block {
                    language,
                    heading: heading.clone(),
                    text: String::new(),
                    range: range.end..range.end,
                });
            }
            Event::End(TagEnd::CodeBlock) => in_block = false,
            Event::Text(text) if in_block => {
                let block = blocks.last_mut().expect("the block has begun");
                block.text.push_str(&text);
                block.range = block.range.start.min(range.start)..range.end;
            }
            _ => {}
        }
    }
    blocks
}

fn script(text: &str) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    for line in text.lines() {
        if let Some(head) = line.strip_prefix("=== ") {
            entries.push(Entry {
                head: head.to_owned(),
                ..Entry::default()
            });
            continue;
        }
        let entry = entries.last_mut().expect("a script begins with an entry");
        if let Some(path) = line.strip_prefix("--- ") {
            entry.files.push((path.to_owned(), String::new()));
        } else if let Some((_, text)) = entry.files.last_mut() {
            text.push_str(line);
            text.push('\n');
        } else if !line.is_empty() {
            entry.directives.push(line.to_owned());
        }
    }
    for (_, text) in entries.iter_mut().flat_map(|entry| &mut entry.files) {
        // Entries are set apart by empty lines.
        text.truncate(text.trim_end().len() + 1);
    }
    entries
}

/// Runs a line of a console block as somebody would type it; gives all that it prints.
fn typed(line: &str, site: &Site, folder: &str) -> (String, Option<i32>) {
    let binary = Path::new(env!("CARGO_BIN_EXE_pressroom"));
    let mut path = vec![binary.parent().expect("a folder").to_owned()];
    path.extend(std::env::split_paths(
        &std::env::var_os("PATH").unwrap_or_default(),
    ));
    let mut command = Command::new("sh");
    command
        .args(["-c", &format!("exec 2>&1\n{line}")])
        .current_dir(site.path(folder))
        .env("PATH", std::env::join_paths(path).expect("a search path"))
        .env("HOME", site.beside("home"))
        .env("SOURCE_DATE_EPOCH", NOW)
        .env("NO_COLOR", "1")
        .env("COLUMNS", "100");
    let run = run(&mut command);
    (run.stdout, run.code)
}

/// A line without what is another each time: how long something took, and how large pages are.
fn steady(line: &str) -> String {
    if let Some((said, time)) = line.rsplit_once(" (")
        && time.ends_with(" s)")
    {
        return said.to_owned();
    }
    if let Ok(Value::Object(mut object)) = serde_json::from_str(line) {
        object.remove("seconds");
        object.remove("bytes_written");
        return Value::Object(object).to_string();
    }
    line.trim_end().to_owned()
}

/// What was printed, for comparisons.
fn comparable(command: &str, printed: &str) -> Vec<String> {
    let mut lines: Vec<String> = printed.lines().map(steady).collect();
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    if command.contains("--profile") {
        // Which template took longest, and how long, is another each time as well.
        for line in &mut lines {
            let words = line.split_whitespace();
            let words = words.map(|word| word.parse::<f64>().map_or(word, |_| "0"));
            *line = words.collect::<Vec<_>>().join(" ");
        }
        lines.sort();
    }
    lines
}

/// The commands of a console block, each with what it is said to print.
fn transcript(text: &str) -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            commands.push((command.to_owned(), String::new()));
        } else if let Some((_, printed)) = commands.last_mut() {
            printed.push_str(line);
            printed.push('\n');
        }
    }
    commands
}

/// What a console block would be if it were written now; what it is, if it is right.
fn printed_now(block: &Block, entry: &Entry, site: &Site) -> String {
    let folder = entry.said("in ").next().unwrap_or(".");
    let commands = transcript(&block.text);
    if commands.is_empty() {
        let command = entry.said("run ").next().unwrap_or("pressroom build");
        let (printed, _) = typed(command, site, folder);
        if printed.contains(&block.text) {
            return block.text.clone();
        }
        let first = printed.split("\n\n").next().unwrap_or_default();
        return format!("{}\n", first.trim_end());
    }
    let mut now = String::new();
    for (command, told) in commands {
        let (printed, _) = typed(&command, site, folder);
        let is_right = comparable(&command, &printed) == comparable(&command, &told);
        let printed = if is_right { told } else { printed };
        now.extend(["$ ", command.as_str(), "\n", printed.as_str()]);
    }
    format!("{}\n", now.trim_end())
}

fn without_spaces(text: &str) -> String {
    text.split_whitespace().collect()
}

/// Checks a block that is no transcript.
fn check_block(block: &Block, entry: &Entry, site: &Site, page: &str) -> Result<(), String> {
    let places = entry.files.iter();
    let is_placed = places.filter(|(_, text)| text.contains("<block>")).count() > 0;
    let published: Vec<&str> = entry.said("is in ").collect();
    if entry.says("twice")
        && !page[block.range.end..].contains(&format!("\n\n{}", block.text.trim_end()))
    {
        return Err("what it says does not stand below it once more".to_owned());
    }
    let listed = entry.said("lists ").next();
    if !is_placed && published.is_empty() && listed.is_none() {
        return Err("nothing is done with the block".to_owned());
    }
    let command = entry.said("run ").next().unwrap_or("pressroom build");
    let (printed, code) = typed(command, site, ".");
    let remarks = ["error", "warning", "note"];
    if code != Some(0)
        || printed.lines().any(|line| {
            remarks
                .iter()
                .any(|word| line.starts_with(&format!("{word}[")))
        })
    {
        return Err(format!("`{command}` remarks:\n{printed}"));
    }
    for path in published {
        if !without_spaces(&site.read(path)).contains(&without_spaces(&block.text)) {
            return Err(format!(
                "it is not in {path}, which is:\n{}",
                site.read(path)
            ));
        }
    }
    listed.map_or(Ok(()), |word| check_lists(&block.text, word, site))
}

/// Checks that pages list what a table says of them: in each line an address, and the numbers that
/// follow a word there.
fn check_lists(table: &str, word: &str, site: &Site) -> Result<(), String> {
    for line in table.lines() {
        let (address, told) = line.split_once(' ').ok_or("a page without articles")?;
        let page = site.read(&format!("public{address}index.html"));
        let mut listed: Vec<&str> = Vec::new();
        for after in page.split(&format!(">{word} ")).skip(1) {
            let number = after.split('<').next().unwrap_or_default();
            if !listed.contains(&number) {
                listed.push(number);
            }
        }
        if listed != told.split_whitespace().collect::<Vec<_>>() {
            return Err(format!("{address} lists {listed:?}"));
        }
    }
    Ok(())
}

/// Checks one block, and gives what should stand in its place where it is out of date.
fn check(
    block: &Block,
    entry: &Entry,
    site: &mut Option<Site>,
    page: &str,
) -> Result<Option<String>, String> {
    let known = [
        "continue",
        "first ",
        "in ",
        "is in ",
        "lists ",
        "not run: ",
        "run ",
        "shows ",
        "twice",
    ];
    let is_known = |line: &String| known.iter().any(|word| line.starts_with(word));
    if let Some(line) = entry.directives.iter().find(|line| !is_known(line)) {
        return Err(format!("`{line}` is no directive"));
    }
    if entry.says("not run: ") {
        return Ok(None);
    }
    if !entry.says("continue") {
        *site = Some(Site::new([]));
    }
    let site = site.as_ref().ok_or("nothing to continue")?;
    for (path, text) in &entry.files {
        match text.trim() {
            "<removed>" => site.remove(path),
            "<photograph>" => site.write(path, pictures::jpeg(2400, 1600, 1)),
            "<small photograph>" => site.write(path, pictures::jpeg(600, 400, 1)),
            _ => site.write(path, text.replace("<block>\n", &block.text)),
        }
    }
    for command in entry.said("first ") {
        let (printed, code) = typed(command, site, ".");
        if code != Some(0) {
            return Err(format!("`{command}` fails:\n{printed}"));
        }
    }
    let now = if block.language == "console" {
        Some(printed_now(block, entry, site)).filter(|now| *now != block.text)
    } else {
        check_block(block, entry, site, page)?;
        None
    };
    for shown in entry.said("shows ") {
        let (path, text) = shown.split_once(": ").ok_or("write `shows FILE: TEXT`")?;
        if !site.read(path).contains(text) {
            return Err(format!("{path} does not show `{text}`"));
        }
    }
    Ok(now)
}

fn check_page(path: &str) -> Result<usize, String> {
    let page = fs::read_to_string(format!("content/{path}.md")).expect("a page");
    let script_path = format!("tests/manual/{path}.txt");
    let script = script(&fs::read_to_string(&script_path).unwrap_or_default());
    let blocks = blocks(&page);
    let heads = |heads: Vec<String>| heads.join("\n");
    let found = heads(blocks.iter().map(Block::head).collect());
    let told = heads(script.iter().map(|entry| entry.head.clone()).collect());
    if found != told {
        return Err(format!(
            "\n===== content/{path}.md has these blocks:\n{found}\n----- and {script_path} knows:\n{told}"
        ));
    }
    let mut site = None;
    let mut failures = Vec::new();
    let mut updated = page.clone();
    let mut changes = Vec::new();
    for (block, entry) in blocks.iter().zip(&script) {
        let language = block.language.as_str();
        let result = if LANGUAGES.contains(&language) {
            check(block, entry, &mut site, &page)
        } else {
            Err("nobody knows how to check this language".to_owned())
        };
        match result {
            Ok(None) => {}
            Ok(Some(now)) => changes.push((block, entry, now)),
            Err(reason) => failures.push(format!("{}: {reason}", entry.head)),
        }
    }
    for (block, entry, now) in changes.into_iter().rev() {
        if std::env::var_os("UPDATE_EXPECTED").is_some_and(|wanted| wanted == "1") {
            updated.replace_range(block.range.clone(), &now);
        } else {
            failures.push(format!(
                "{}\n----- the manual:\n{}----- the program:\n{now}",
                entry.head, block.text
            ));
        }
    }
    if updated != page {
        fs::write(format!("content/{path}.md"), updated).expect("the manual can be written");
    }
    if failures.is_empty() {
        Ok(blocks.len())
    } else {
        Err(format!(
            "\n===== content/{path}.md\n{}",
            failures.join("\n")
        ))
    }
}

/// Files below a folder with an ending, by their paths without it.
fn paths(folder: &str, ending: &str) -> BTreeSet<String> {
    let files = walkdir::WalkDir::new(folder).into_iter().flatten();
    let inside = |path: PathBuf| {
        let path = path.strip_prefix(folder).ok()?.to_str()?;
        path.strip_suffix(ending).map(str::to_owned)
    };
    files.filter_map(|file| inside(file.into_path())).collect()
}

#[test]
fn every_code_sample_of_the_manual_is_run() {
    let scripts = paths("tests/manual", ".txt");
    let pages = paths("content", ".md");
    let strays: Vec<_> = scripts.difference(&pages).collect();
    assert!(strays.is_empty(), "scripts of no page: {strays:?}");
    let pages: Vec<&String> = pages.iter().collect();
    let results: Vec<_> = pages.par_iter().map(|page| check_page(page)).collect();
    let failures: Vec<String> = results.into_iter().filter_map(Result::err).collect();
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}
