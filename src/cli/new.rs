//! `pressroom new`

use std::path::Path;
use std::process::ExitCode;

use serde_json::json;

use super::output::Printer;
use super::{Format, Root};
use crate::config::{Config, FILE};
use crate::diagnostics::{Code, Diagnostic};
use crate::model::{Moment, slugify};
use crate::source::{self, reason};

#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    root: Root,
    /// Where the article goes, below content/: `news/budget` makes content/news/budget.md,
    /// `news/budget/` makes content/news/budget/index.md, with room for images
    #[arg(required_unless_present = "title", value_name = "PATH")]
    path: Option<String>,
    /// Headline; without a PATH, the file is named after it
    #[arg(long)]
    title: Option<String>,
}

pub(super) fn run(arguments: &Arguments, printer: &Printer) -> ExitCode {
    let root = &arguments.root.root;
    let now = match super::now() {
        Ok(now) => now,
        Err(message) => return Printer::usage(&message),
    };
    let config = match source::read_optional(root, FILE) {
        Ok(text) => {
            let (config, diagnostics) = Config::read(text.as_deref(), "");
            if diagnostics.has_errors() {
                printer.diagnostics(&diagnostics, root);
                return ExitCode::from(1);
            }
            config
        }
        Err(diagnostic) => return printer.fail(diagnostic, root),
    };
    let path = match path(arguments) {
        Ok(path) => path,
        Err(message) => return Printer::usage(&message),
    };
    let title = arguments
        .title
        .clone()
        .unwrap_or_else(|| title_of(&path, &config));
    let date = Moment::in_zone(now.unix_seconds(), &config.timezone);
    match write(root, &path, &text(&title, date)) {
        Ok(()) => {
            if printer.format == Format::Json {
                printer.json(&json!({"event": "created", "file": path}));
            } else {
                printer.result(&format!(
                    "Wrote {path}, a draft: it is published when you remove `draft: true`\n"
                ));
            }
            ExitCode::SUCCESS
        }
        Err(diagnostic) => printer.fail(diagnostic, root),
    }
}

/// The file that is meant, from the site's root. The error is for people.
fn path(arguments: &Arguments) -> Result<String, String> {
    let Some(path) = &arguments.path else {
        let title = arguments.title.as_deref().unwrap_or("");
        return Ok(format!("content/{}.md", slugify(title)));
    };
    let inside = path.strip_prefix("content/").unwrap_or(path);
    let bad = |part: &str| {
        part.is_empty()
            || part.starts_with('.')
            || part.contains('\\')
            || part.chars().any(char::is_control)
    };
    if inside.trim_end_matches('/').split('/').any(bad) {
        return Err(format!(
            "`{path}` is no path below content/; write one such as news/budget"
        ));
    }
    Ok(if let Some(folder) = inside.strip_suffix('/') {
        format!("content/{folder}/index.md")
    } else if Path::new(inside)
        .extension()
        .is_some_and(|ending| ending == "md" || ending == "markdown")
    {
        format!("content/{inside}")
    } else {
        format!("content/{inside}.md")
    })
}

fn title_of(path: &str, config: &Config) -> String {
    let (stem, _) = config.named(path.trim_end_matches(".md"));
    let stem = stem.trim_end_matches("/index");
    let name = stem
        .rsplit('/')
        .next()
        .unwrap_or(stem)
        .replace(['-', '_'], " ");
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn text(title: &str, date: Moment) -> String {
    // JSON's strings are YAML's double-quoted ones.
    let title = serde_json::Value::from(title);
    format!(
        "---\ntitle: {title}\ndate: {}\nauthors: []\ntags: []\nsummary:\ndraft: true\n---\n\n",
        date.rfc3339()
    )
}

fn write(root: &Path, path: &str, text: &str) -> Result<(), Diagnostic> {
    let file = root.join(path);
    let failed = |error: &std::io::Error| {
        Diagnostic::new(
            Code::Argument,
            format!("cannot write {path}: {}", reason(error)),
        )
        .hint(source::remedy(error))
    };
    match source::write_new(&file, text.as_bytes()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Err(Diagnostic::new(
            Code::Argument,
            format!("{path} is there already"),
        )
        .hint("choose another name; nothing was changed")),
        Err(error) => Err(failed(&error)),
    }
}
