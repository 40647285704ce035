//! `pressroom check`

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::json;

use super::output::{Bar, Printer, counted, grouped, mistakes};
use super::{Format, Root, Shown};
use crate::check::junit;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity};
use crate::pipeline::{self, Checked, Wishes};
use crate::source::reason;

#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    root: Root,
    #[command(flatten)]
    shown: Shown,
    /// Say which URLs of an old site nobody answers: a sitemap, a feed, or a file with one URL a line
    #[arg(long, value_name = "FILE")]
    urls: Vec<PathBuf>,
    /// Ask whether pages of other sites that articles link to are still there
    #[arg(long)]
    external: bool,
    /// Write what was found to a file as well, as JUnit XML
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, printer: &Printer) -> ExitCode {
    let root = &arguments.root.root;
    let request = match super::request(root, arguments.shown.show()) {
        Ok(request) => request,
        Err(code) => return code,
    };
    let wishes = Wishes {
        urls: arguments.urls.clone(),
        external: arguments.external,
    };
    let mut diagnostics = Diagnostics::new();
    let bar = Bar::new(printer.format);
    let checked = pipeline::check(&request, &wishes, &bar, &mut diagnostics);
    bar.finish();
    diagnostics.sort();
    if let Some(file) = &arguments.junit
        && let Err(diagnostic) = write(file, &junit(&diagnostics))
    {
        diagnostics.push(diagnostic);
    }
    // A list may lie anywhere, and have the name of a file of the site.
    let lists = checked.as_ref().map(|checked| &checked.lists);
    let of_lists = |file: &str| lists?.get(file).cloned();
    let text_of = |file: &str| of_lists(file).or_else(|| pipeline::text_of(root, file));
    printer.located(&diagnostics, &text_of);
    summary(printer, checked.as_ref(), &diagnostics);
    ExitCode::from(u8::from(diagnostics.has_errors()))
}

fn write(file: &Path, text: &str) -> Result<(), Diagnostic> {
    std::fs::write(file, text).map_err(|error| {
        let message = format!("cannot write {}: {}", file.display(), reason(&error));
        Diagnostic::new(Code::Argument, message)
            .hint("check the folder and that you may write to it")
    })
}

/// The closing lines. `checked`: what was seen, if the files were good enough to tell.
fn summary(printer: &Printer, checked: Option<&Checked>, diagnostics: &Diagnostics) {
    let articles = checked.map(|checked| checked.site.articles.len());
    if printer.format == Format::Json {
        let lists = checked.map_or(&[][..], |checked| &checked.urls);
        for (file, answered) in lists {
            printer.json(&json!({
                "event": "urls",
                "file": file.display().to_string(),
                "urls": answered.urls,
                "pages": answered.pages,
                "redirects": answered.redirects,
            }));
        }
        let external = checked.and_then(|checked| checked.external);
        printer.json(&json!({
            "event": "checked",
            "articles": articles,
            "external": external.map(|(asked, _)| asked),
            "errors": diagnostics.count(Severity::Error),
            "warnings": diagnostics.count(Severity::Warning),
        }));
        return;
    }
    let found = mistakes(diagnostics);
    let Some(checked) = checked else {
        printer.result(&format!(
            "Checked the files one by one: {found}; mend them to have the rest checked\n"
        ));
        return;
    };
    let articles = counted(checked.site.articles.len(), "article", "articles");
    let mut out = format!("Checked {articles}: {found}\n");
    for (file, answered) in &checked.urls {
        let _ = writeln!(
            out,
            "  {} of {} in {} answered: {}, {}",
            grouped(answered.pages + answered.redirects),
            counted(answered.urls, "old URL", "old URLs"),
            file.display(),
            counted(answered.pages, "page or file", "pages and files"),
            counted(answered.redirects, "redirect", "redirects"),
        );
    }
    if let Some((asked, others)) = checked.external {
        let _ = writeln!(
            out,
            "  {} of other sites asked for, {} not: there within a week, or allowed",
            counted(asked, "page", "pages"),
            grouped(others),
        );
    }
    printer.result(&out);
}
