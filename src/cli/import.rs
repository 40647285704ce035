//! `pressroom import`

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;

use serde_json::json;

use super::Format;
use super::output::{Bar, Printer, counted, grouped, shown};
use crate::diagnostics::Diagnostics;
use crate::import::{self, Destination, Generator, Loss, Outcome, Report, wordpress};
use crate::model::UrlPath;
use crate::pipeline::Progress;

/// How many losses of a kind are shown, unless all are asked for.
const SHOWN: usize = 5;

#[derive(clap::Subcommand)]
pub(super) enum Command {
    /// Import an export of WordPress: posts, pages, comments, pictures
    ///
    /// Each post and page keeps its address, and becomes a Markdown file. Files that are there already
    /// are never replaced, so that an import can be repeated.
    Wordpress(Wordpress),
    /// Bring the site of Jekyll over, also one of GitHub Pages
    Jekyll(Site),
    /// Bring the site of Hugo over
    Hugo(Site),
    /// Bring the site of Zola over
    Zola(Site),
}

#[derive(clap::Args)]
pub(super) struct Wordpress {
    /// The export: the .xml file that Tools > Export gives in WordPress, or all of them, in their order
    #[arg(value_name = "EXPORT.xml", required = true)]
    exports: Vec<PathBuf>,
    /// Folder of the new site; it is made if there is none
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    /// Folder of the old site's pictures: its wp-content/uploads, or one that has it
    #[arg(long, value_name = "FOLDER")]
    media: Option<PathBuf>,
    /// Fetch pictures that the folder lacks from the old site, into it
    #[arg(long, requires = "media")]
    fetch_media: bool,
    /// How addresses of categories began, if Settings > Permalinks has a category base
    #[arg(long, value_name = "BASE", default_value = "category", value_parser = base)]
    category_base: String,
    /// How addresses of tags began, if Settings > Permalinks has a tag base
    #[arg(long, value_name = "BASE", default_value = "tag", value_parser = base)]
    tag_base: String,
    #[command(flatten)]
    reported: Reported,
}

/// The base of addresses: a name, or names with slashes between them.
fn base(text: &str) -> Result<String, &'static str> {
    let base = text.trim_matches('/');
    let path = format!("/{base}/").parse::<UrlPath>();
    let is_base = |path: UrlPath| !base.is_empty() && path.as_str().trim_matches('/') == base;
    if path.is_ok_and(is_base) {
        Ok(base.to_owned())
    } else {
        Err("write what the settings have, such as `topics` or `blog/topics`")
    }
}

#[derive(clap::Args)]
pub(super) struct Site {
    /// Folder of the site; it is only read
    #[arg(value_name = "SOURCE")]
    source: PathBuf,
    /// Folder of the site that is made; files that are there already stay as they are
    #[arg(value_name = "DIR")]
    dir: PathBuf,
    #[command(flatten)]
    reported: Reported,
}

#[derive(clap::Args)]
pub(super) struct Reported {
    /// Show every loss, and not only the first five of a kind
    #[arg(long)]
    all: bool,
}

pub(super) fn run(command: &Command, printer: &Printer) -> ExitCode {
    match command {
        Command::Wordpress(arguments) => from_wordpress(arguments, printer),
        Command::Jekyll(site) => generator(Generator::Jekyll, site, printer),
        Command::Hugo(site) => generator(Generator::Hugo, site, printer),
        Command::Zola(site) => generator(Generator::Zola, site, printer),
    }
}

fn generator(generator: Generator, site: &Site, printer: &Printer) -> ExitCode {
    let mut report = Report::default();
    let outcome = Destination::open(&site.dir).and_then(|destination| {
        import::generator(generator, &site.source, &destination, &mut report)
    });
    let outcome = outcome.map_err(Diagnostics::from);
    finish(outcome, &report, &site.dir, &site.reported, printer)
}

fn from_wordpress(arguments: &Wordpress, printer: &Printer) -> ExitCode {
    let bar = Bytes::new(&arguments.exports, printer.format);
    let mut report = Report::default();
    let request = wordpress::Request {
        exports: &arguments.exports,
        bases: wordpress::Bases {
            category: arguments.category_base.clone(),
            tag: arguments.tag_base.clone(),
        },
        site: &arguments.dir,
        media: arguments.media.as_deref(),
        fetch_media: arguments.fetch_media,
        progress: &|stage, bytes| bar.add(stage, bytes),
    };
    let outcome = wordpress::import(&request, &mut report);
    bar.bar.finish();
    finish(
        outcome,
        &report,
        &arguments.dir,
        &arguments.reported,
        printer,
    )
}

/// How much of some files was read, on a terminal: a step a mebibyte.
struct Bytes {
    bar: Bar,
    steps: usize,
    now: Mutex<(&'static str, u64)>,
}

impl Bytes {
    fn new(files: &[PathBuf], format: Format) -> Self {
        let size = |file| std::fs::metadata(file).map_or(0, |kind| kind.len());
        let size: u64 = files.iter().map(size).sum();
        Self {
            bar: Bar::new(format),
            steps: (size >> 20) as usize,
            now: Mutex::new(("", 0)),
        }
    }

    fn add(&self, stage: &'static str, bytes: u64) {
        let Ok(mut now) = self.now.lock() else { return };
        if now.0 != stage {
            *now = (stage, 0);
            self.bar.stage(stage, self.steps);
        }
        let before = now.1 >> 20;
        now.1 += bytes;
        (before..now.1 >> 20).for_each(|_| self.bar.step());
    }
}

/// Prints what became of an archive, and what ended the import early if something did.
fn finish(
    outcome: Result<(), Diagnostics>,
    report: &Report,
    dir: &Path,
    reported: &Reported,
    printer: &Printer,
) -> ExitCode {
    // What could not even be begun has nothing to report.
    let has_begun = outcome.is_ok() || *report != Report::default();
    if has_begun && printer.format == Format::Json {
        json_lines(report, dir, printer);
    } else if has_begun {
        printer.result(&text(report, dir, reported.all));
    }
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        // Its paths are as they were given, and not below the new site.
        Err(diagnostics) => {
            printer.diagnostics(&diagnostics, Path::new(""));
            ExitCode::from(1)
        }
    }
}

fn json_lines(report: &Report, dir: &Path, printer: &Printer) {
    for loss in &report.losses {
        let mut line = json!(loss);
        line["event"] = json!("loss");
        printer.json(&line);
    }
    for file in &report.occupied {
        printer.json(&json!({"event": "occupied", "file": file}));
    }
    printer.json(&json!({
        "event": "imported",
        "folder": dir.display().to_string(),
        "converted": report.converted,
        "written": report.written,
        "unchanged": report.unchanged,
        "occupied": report.occupied.len(),
        "approximated": report.count(Outcome::Approximated),
        "kept": report.count(Outcome::Kept),
        "dropped": report.count(Outcome::Dropped),
    }));
}

/// The word for one of what a plural names.
fn singular(plural: &str) -> &str {
    plural.strip_suffix('s').unwrap_or(plural)
}

/// The report for people: what came over, then what did not, kind by kind.
fn text(report: &Report, dir: &Path, all: bool) -> String {
    let converted = report.converted.iter();
    let converted: Vec<String> = converted
        .map(|(plural, count)| counted(*count, singular(plural), plural))
        .collect();
    let converted = match converted.as_slice() {
        [] => "nothing".to_owned(),
        some => some.join(", "),
    };
    let mut out = format!(
        "Imported into {}: {converted}\n  {} written, {} unchanged, {} left alone\n",
        shown(dir),
        counted(report.written, "file", "files"),
        grouped(report.unchanged),
        grouped(report.occupied.len()),
    );
    for (outcome, title) in [
        (Outcome::Approximated, "Nearly the same"),
        (Outcome::Kept, "Left as it was"),
        (Outcome::Dropped, "Not imported"),
    ] {
        let mut losses: Vec<&Loss> = report.losses.iter().collect();
        losses.retain(|loss| loss.outcome == outcome);
        // Kinds in the order in which the archive has them first.
        let mut kinds: Vec<&str> = Vec::new();
        for loss in &losses {
            if !kinds.contains(&loss.kind) {
                kinds.push(loss.kind);
            }
        }
        for kind in kinds {
            let mut of_kind = losses.iter().filter(|loss| loss.kind == kind);
            let count = of_kind.clone().count();
            let _ = writeln!(out, "\n{title}: {kind} ({})", grouped(count));
            let shown = if all { count } else { SHOWN };
            for loss in of_kind.by_ref().take(shown) {
                let _ = writeln!(out, "  {}: {}", loss.place, loss.message);
                if let Some(file) = &loss.file {
                    let _ = writeln!(out, "    in {file}");
                }
            }
            out.push_str(&more(count, shown));
        }
    }
    if !report.occupied.is_empty() {
        let count = grouped(report.occupied.len());
        let _ = writeln!(out, "\nLeft alone: files that were there already ({count})");
        let shown = if all { report.occupied.len() } else { SHOWN };
        for file in report.occupied.iter().take(shown) {
            let _ = writeln!(out, "  {file}");
        }
        out.push_str(&more(report.occupied.len(), shown));
    }
    out
}

/// Says how many are not shown.
fn more(count: usize, shown: usize) -> String {
    match count.saturating_sub(shown) {
        0 => String::new(),
        more => format!("  and {} more, which --all shows\n", grouped(more)),
    }
}
