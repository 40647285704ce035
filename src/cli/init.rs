//! `pressroom init`

use std::fs;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::json;

use super::Format;
use super::output::Printer;
use crate::diagnostics::{Code, Diagnostic};
use crate::model::Moment;
use crate::source::{self, reason};

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Folder to make; it must not exist, or be empty
    #[arg(value_name = "DIR")]
    dir: PathBuf,
}

const CONFIG: &str = "\
# Every key is optional; the manual lists them all.
title: TITLE
base_url: https://example.org/
description: What this publication is about
language: en
timezone: UTC
";

const SECTION: &str = "\
---
title: News
summary: What happened, newest first
---
";

const ARTICLE: &str = "\
---
title: The first story
date: DATE
authors: [Newsroom]
tags: [announcements]
---

This paragraph is what listings and feeds show, unless the front matter has a `summary`.

## What to do next

Write the next one with `pressroom new news/second-story --title \"The second story\"`, and look at
the whole site with `pressroom build`.
";

pub(super) fn run(arguments: &Arguments, printer: &Printer) -> ExitCode {
    let now = match super::now() {
        Ok(now) => now,
        Err(message) => return Printer::usage(&message),
    };
    let dir = &arguments.dir;
    if let Err(diagnostic) = create(dir, now) {
        return printer.fail(diagnostic, dir);
    }
    if printer.format == Format::Json {
        printer.json(&json!({"event": "initialised", "dir": dir.display().to_string()}));
    } else {
        let shown = dir.display();
        printer.result(&format!(
            "Made a site in {shown}. Set its title and base_url in {shown}/pressroom.yaml, then:\n\
             \x20 cd {shown}\n  pressroom build\n"
        ));
    }
    ExitCode::SUCCESS
}

fn create(dir: &Path, now: Moment) -> Result<(), Diagnostic> {
    let failed = |path: &Path, error: &std::io::Error| {
        Diagnostic::new(
            Code::Argument,
            format!("cannot make {}: {}", path.display(), reason(error)),
        )
        .hint(source::remedy(error))
    };
    let (was_there, occupied) = match fs::read_dir(dir) {
        Ok(mut entries) => (true, entries.next().is_some()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => (false, false),
        Err(error) => return Err(failed(dir, &error)),
    };
    if occupied {
        return Err(
            Diagnostic::new(Code::Argument, format!("{} is not empty", dir.display()))
                .hint("choose a folder that does not exist; nothing was changed"),
        );
    }
    fs::create_dir_all(dir).map_err(|error| failed(dir, &error))?;
    let absolute = dir.canonicalize().map_err(|error| failed(dir, &error))?;
    let name = absolute
        .file_name()
        .map_or_else(|| "Untitled".into(), |name| name.to_string_lossy());
    let title = serde_json::Value::from(name.as_ref()).to_string();
    let files = [
        ("pressroom.yaml", CONFIG.replace("TITLE", &title)),
        ("content/news/_index.md", SECTION.to_owned()),
        (
            "content/news/first-story.md",
            ARTICLE.replace("DATE", &now.rfc3339()),
        ),
        (".gitignore", "/public/\n/.pressroom/\n".to_owned()),
    ];
    let write = |(path, text): &(&str, String)| {
        let file = dir.join(path);
        source::write_new(&file, text.as_bytes()).map_err(|error| failed(&file, &error))
    };
    files.iter().try_for_each(write).inspect_err(|_| {
        // Half of a site would be in the way of the next try.
        for (path, _) in &files {
            let _ = fs::remove_file(dir.join(path));
        }
        for folder in ["content/news", "content"] {
            let _ = fs::remove_dir(dir.join(folder));
        }
        if !was_there {
            let _ = fs::remove_dir(dir);
        }
    })
}
