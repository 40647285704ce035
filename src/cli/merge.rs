//! `pressroom merge`

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use serde_json::json;

use super::Format;
use super::output::{Printer, counted, grouped, shown};
use crate::pipeline;

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// Folders that `pressroom build --shard` wrote to, each share once
    #[arg(value_name = "DIR", required = true)]
    shards: Vec<PathBuf>,
    /// Folder to write to
    #[arg(long, value_name = "DIR", default_value = "public")]
    output: PathBuf,
}

pub(super) fn run(arguments: &Arguments, printer: &Printer) -> ExitCode {
    let report = match pipeline::merge(&arguments.shards, &arguments.output) {
        Ok(report) => report,
        Err(mut diagnostics) => {
            diagnostics.sort();
            printer.diagnostics(&diagnostics, Path::new("."));
            return ExitCode::from(1);
        }
    };
    if printer.format == Format::Json {
        printer.json(&json!({
            "event": "merged",
            "output": shown(&arguments.output),
            "shards": arguments.shards.len(),
            "written": report.written.len(),
            "removed": report.removed.len(),
            "unchanged": report.unchanged,
        }));
        return ExitCode::SUCCESS;
    }
    printer.result(&format!(
        "United {} in {}\n  {} written, {} unchanged, {} removed\n",
        counted(arguments.shards.len(), "share", "shares"),
        shown(&arguments.output),
        counted(report.written.len(), "file", "files"),
        grouped(report.unchanged),
        grouped(report.removed.len()),
    ));
    ExitCode::SUCCESS
}
