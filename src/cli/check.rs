//! `pressroom check`

use std::process::ExitCode;

use serde_json::json;

use super::output::{Bar, Printer, counted, mistakes};
use super::{Format, Root, Shown};
use crate::diagnostics::{Diagnostics, Severity};
use crate::pipeline;

#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    root: Root,
    #[command(flatten)]
    shown: Shown,
}

pub(super) fn run(arguments: &Arguments, printer: &Printer) -> ExitCode {
    let root = &arguments.root.root;
    let request = match super::request(root, arguments.shown.show()) {
        Ok(request) => request,
        Err(code) => return code,
    };
    let mut diagnostics = Diagnostics::new();
    let bar = Bar::new(printer.format);
    let site = pipeline::check(&request, &bar, &mut diagnostics);
    bar.finish();
    diagnostics.sort();
    printer.diagnostics(&diagnostics, root);
    let articles = site.map(|site| site.articles.len());
    summary(printer, articles, &diagnostics);
    ExitCode::from(u8::from(diagnostics.has_errors()))
}

/// The closing line. `articles`: how many there are, if the files were good enough to tell.
fn summary(printer: &Printer, articles: Option<usize>, diagnostics: &Diagnostics) {
    if printer.format == Format::Json {
        Printer::json(&json!({
            "event": "checked",
            "articles": articles,
            "errors": diagnostics.count(Severity::Error),
            "warnings": diagnostics.count(Severity::Warning),
        }));
        return;
    }
    let found = mistakes(diagnostics);
    Printer::result(&match articles {
        Some(articles) => format!(
            "Checked {}: {found}\n",
            counted(articles, "article", "articles")
        ),
        None => {
            format!("Checked the files one by one: {found}; mend them to have the rest checked\n")
        }
    });
}
