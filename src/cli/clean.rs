//! `pressroom clean`

use std::path::PathBuf;
use std::process::ExitCode;

use serde_json::json;

use super::output::{Printer, grouped, shown};
use super::{Format, Root};
use crate::diagnostics::{Code, Diagnostic};
use crate::pipeline;
use crate::source::reason;

#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    root: Root,
    /// Folder that was written to [default: public in the site's folder]
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, printer: &Printer) -> ExitCode {
    let root = &arguments.root.root;
    let output = arguments
        .output
        .clone()
        .unwrap_or_else(|| root.join("public"));
    let mut removed = 0;
    // What may not be looked at is for the removal to say.
    if output.try_exists().unwrap_or(true) {
        match pipeline::clean(root, &output) {
            Ok(report) => removed = report.removed.len(),
            Err(diagnostic) => return printer.fail(diagnostic, root),
        }
    }
    let cache = root.join(".pressroom");
    if cache.is_dir()
        && let Err(error) = std::fs::remove_dir_all(&cache)
    {
        let message = format!("cannot remove {}: {}", cache.display(), reason(&error));
        return printer.fail(
            Diagnostic::new(Code::Output, message).hint("remove it by hand"),
            root,
        );
    }
    if printer.format == Format::Json {
        printer.json(&json!({"event": "cleaned", "removed": removed}));
    } else {
        let files = if removed == 1 { "file" } else { "files" };
        printer.result(&format!(
            "Removed {} {files} from {}\n",
            grouped(removed),
            shown(&output)
        ));
    }
    ExitCode::SUCCESS
}
