//! `pressroom theme`

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use clap::Subcommand;
use serde_json::json;

use super::output::{Printer, mistakes};
use super::{Format, Root};
use crate::diagnostics::{Diagnostics, Severity};
use crate::pipeline::themes::{self, ThemeSummary};

#[derive(Subcommand)]
pub(super) enum Command {
    /// List the themes at hand, and say which one the site uses
    List {
        #[command(flatten)]
        root: Root,
    },
    /// Look for mistakes in a theme, and for settings and files that nothing uses
    ///
    /// Reports what keeps a site from using the theme: a faulty theme.yaml, a parent or template
    /// that is not there, templates that cannot be parsed, and settings that are read and not
    /// declared.
    Check {
        #[command(flatten)]
        root: Root,
        /// The theme: the one that the site uses unless you say otherwise
        name: Option<String>,
    },
    /// Copy a file of the theme to the site, where it takes the theme's place
    ///
    /// A template goes to templates/, a static file to static/. A file that is there already is
    /// not touched.
    Eject {
        #[command(flatten)]
        root: Root,
        /// The file, such as article.html, components/card.html or style.css
        file: String,
    },
}

pub(super) fn run(command: &Command, printer: &Printer) -> ExitCode {
    match command {
        Command::List { root } => list(&root.root, printer),
        Command::Check { root, name } => check(&root.root, name.as_deref(), printer),
        Command::Eject { root, file } => eject(&root.root, file, printer),
    }
}

fn list(root: &Path, printer: &Printer) -> ExitCode {
    let mut diagnostics = Diagnostics::new();
    let found = themes::list(root, &mut diagnostics).unwrap_or_default();
    printer.diagnostics(&diagnostics, root);
    if printer.format == Format::Json {
        for theme in &found {
            printer.json(&json!({
                "name": theme.name,
                "version": theme.version,
                "parent": theme.parent,
                "description": theme.description,
                "built_in": theme.built_in,
                "in_use": theme.in_use,
            }));
        }
    } else {
        printer.result(&table(&found));
    }
    ExitCode::from(u8::from(diagnostics.has_errors()))
}

/// Name, version, what it is to the site, and what it says of itself, in columns.
fn table(themes: &[ThemeSummary]) -> String {
    let rows: Vec<[String; 3]> = themes
        .iter()
        .map(|theme| {
            let version = theme.version.clone().unwrap_or_default();
            [theme.name.clone(), version, state(theme)]
        })
        .collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let widths = [width(0), width(1), width(2)];
    let mut text = String::new();
    for (theme, row) in themes.iter().zip(&rows) {
        let mut line = String::new();
        for (cell, width) in row.iter().zip(widths) {
            let _ = write!(line, "{cell:<width$}  ");
        }
        line.push_str(theme.description.as_deref().unwrap_or(""));
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}

fn state(theme: &ThemeSummary) -> String {
    let parent = theme.parent.as_ref();
    let parts = [
        theme.in_use.then(|| "in use".to_owned()),
        theme.built_in.then(|| "built in".to_owned()),
        parent.map(|parent| format!("on top of {parent}")),
    ];
    let parts: Vec<String> = parts.into_iter().flatten().collect();
    parts.join(", ")
}

fn check(root: &Path, name: Option<&str>, printer: &Printer) -> ExitCode {
    let mut diagnostics = Diagnostics::new();
    let checked = themes::check(root, name, &mut diagnostics);
    printer.diagnostics(&diagnostics, root);
    if let Some(name) = checked {
        if printer.format == Format::Json {
            printer.json(&json!({
                "event": "theme-checked",
                "theme": name,
                "errors": diagnostics.count(Severity::Error),
                "warnings": diagnostics.count(Severity::Warning),
            }));
        } else {
            let found = mistakes(&diagnostics);
            printer.result(&format!("Checked the theme {name}: {found}\n"));
        }
    }
    ExitCode::from(u8::from(diagnostics.has_errors()))
}

fn eject(root: &Path, name: &str, printer: &Printer) -> ExitCode {
    let mut diagnostics = Diagnostics::new();
    let ejected = themes::eject(root, name, &mut diagnostics);
    printer.diagnostics(&diagnostics, root);
    let Some(file) = ejected else {
        return ExitCode::from(1);
    };
    if printer.format == Format::Json {
        printer.json(&json!({"event": "ejected", "file": file.path, "from": file.from}));
    } else {
        printer.result(&format!(
            "Wrote {}, a copy of {}: it takes the place of the theme's\n",
            file.path, file.from
        ));
    }
    ExitCode::SUCCESS
}
