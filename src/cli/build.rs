//! `pressroom build`

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::{Duration, Instant};

use serde_json::json;

use super::output::{Bar, Printer, counted, grouped, shown};
use super::{Format, Root};
use crate::config::BaseUrl;
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::pipeline::explain::{Explanation, Why, output_path};
use crate::pipeline::{self, Built, Profile, Request, Share};
use crate::site::Show;
use crate::source::reason;

#[derive(clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(super) struct Arguments {
    #[command(flatten)]
    root: Root,
    /// Folder to write to [default: public in the site's folder]
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Where the site will live, instead of pressroom.yaml's `base_url`
    #[arg(long, value_name = "URL", value_parser = super::base_url)]
    base_url: Option<BaseUrl>,
    /// Publish drafts as well
    #[arg(long)]
    drafts: bool,
    /// Publish articles whose time has not come as well
    #[arg(long)]
    future: bool,
    /// Make only a share of the outputs, such as 2/4: the second of four, for `pressroom merge`
    #[arg(long, value_name = "I/N")]
    shard: Option<Share>,
    /// Compare the bytes of all files with what they were, instead of believing their times
    #[arg(long)]
    verify: bool,
    /// Say why an output is made again or not, by its path in the output folder or its URL's path
    #[arg(long, value_name = "PATH")]
    explain_rebuild: Option<String>,
    /// Print the time of each stage and of each template
    #[arg(long)]
    profile: bool,
    /// Write to a file what changed: a line of `write PATH` or `remove PATH` for each output
    #[arg(long, value_name = "FILE")]
    changed_list: Option<PathBuf>,
}

pub(super) fn run(arguments: &Arguments, printer: &Printer) -> ExitCode {
    let started = Instant::now();
    let now = match super::now() {
        Ok(now) => now,
        Err(message) => return Printer::usage(&message),
    };
    let root = &arguments.root.root;
    let output = arguments
        .output
        .clone()
        .unwrap_or_else(|| root.join("public"));
    if let Some(list) = &arguments.changed_list
        && is_part_of_site(list, root, &output)
    {
        return Printer::usage(&format!(
            "--changed-list {} would overwrite a file of the site; name one outside of its folders and of the output",
            list.display()
        ));
    }
    let request = Request {
        root: root.clone(),
        base_url: arguments.base_url.clone(),
        show: Show {
            drafts: arguments.drafts,
            future: arguments.future,
        },
        now,
        settled: crate::clock::settled(),
        share: arguments.shard,
        explain: arguments.explain_rebuild.as_deref().map(output_path),
        verify: arguments.verify,
        profile: arguments.profile,
    };
    let (mut diagnostics, mut profile) = (Diagnostics::new(), Profile::default());
    let bar = Bar::new(printer.format);
    let built = pipeline::build(&request, &output, &bar, &mut diagnostics, &mut profile);
    bar.finish();
    diagnostics.sort();
    printer.diagnostics(&diagnostics, root);
    let Some(built) = built else {
        return ExitCode::from(1);
    };
    if let Some(file) = &arguments.changed_list
        && let Err(diagnostic) = write_changed_list(file, &built)
    {
        return printer.fail(diagnostic, root);
    }
    summary(printer, &built, &output, started.elapsed());
    if let Some(explanation) = &built.explanation {
        explain(printer, explanation);
    }
    if arguments.profile {
        print_profile(printer, &profile);
    }
    ExitCode::SUCCESS
}

/// Whether a file lies where the site is made from, or where it is written to.
fn is_part_of_site(file: &Path, root: &Path, output: &Path) -> bool {
    let folder = file
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let Ok(folder) = folder.unwrap_or(Path::new(".")).canonicalize() else {
        return false;
    };
    let file = folder.join(file.file_name().unwrap_or_default());
    let sources = pipeline::SOURCES.iter().map(|source| root.join(source));
    let mut places = sources
        .chain([output.to_owned()])
        .filter_map(|place| place.canonicalize().ok());
    places.any(|place| file.starts_with(place))
}

fn write_changed_list(file: &Path, built: &Built) -> Result<(), Diagnostic> {
    let mut text = String::new();
    for path in &built.report.written {
        let _ = writeln!(text, "write {path}");
    }
    for path in &built.report.removed {
        let _ = writeln!(text, "remove {path}");
    }
    std::fs::write(file, text).map_err(|error| {
        Diagnostic::new(
            Code::Output,
            format!("cannot write {}: {}", file.display(), reason(&error)),
        )
        .hint("the site itself was published")
    })
}

fn summary(printer: &Printer, built: &Built, output: &Path, took: Duration) {
    let (summary, report) = (&built.summary, &built.report);
    if printer.format == Format::Json {
        printer.json(&json!({
            "event": "built",
            "output": shown(output),
            "articles": summary.articles,
            "outputs": summary.outputs,
            "written": report.written.len(),
            "removed": report.removed.len(),
            "unchanged": report.unchanged,
            "bytes_written": report.bytes_written,
            "withheld": summary.withheld,
            "seconds": (took.as_secs_f64() * 1000.0).round() / 1000.0,
        }));
        return;
    }
    let mut text = format!(
        "Published {} and {} in {} ({:.2} s)\n",
        counted(summary.articles, "article", "articles"),
        counted(summary.listing_pages, "listing page", "listing pages"),
        shown(output),
        took.as_secs_f64(),
    );
    let _ = writeln!(
        text,
        "  {} written, {} unchanged, {} removed",
        counted(report.written.len(), "file", "files"),
        grouped(report.unchanged),
        grouped(report.removed.len()),
    );
    if !summary.withheld.is_empty() {
        let reasons: Vec<String> = summary
            .withheld
            .iter()
            .map(|(reason, count)| match &**reason {
                "draft" => counted(*count, "draft", "drafts"),
                reason => format!("{} {reason}", grouped(*count)),
            })
            .collect();
        let all = summary.withheld.values().sum();
        let are = if all == 1 { "is" } else { "are" };
        let _ = writeln!(
            text,
            "  {} {are} not published: {} (see `pressroom list`)",
            counted(all, "article", "articles"),
            reasons.join(", ")
        );
    }
    printer.result(&text);
}

fn explain(printer: &Printer, explanation: &Explanation) {
    if printer.format == Format::Json {
        let mut explained = json!(explanation);
        explained["event"] = json!("explained");
        printer.json(&explained);
        return;
    }
    let what = match &explanation.why {
        Why::Unchanged => "was left as it is: nothing that it is made from has changed",
        Why::Missing => "was made, since there was no such file",
        Why::Unrecorded => "was made again, since nothing was known of the file that was there",
        Why::Touched => "was made again, since somebody had changed the file",
        Why::EachTime => {
            "is made each time: that is no more work than to know whether it has to be"
        }
        Why::Changed(_) => "was made again, since this is not what it was:",
    };
    let mut text = format!("\n{} {what}\n", explanation.output);
    if let Why::Changed(changed) = &explanation.why {
        let width = changed.iter().map(|name| name.chars().count()).max();
        for name in changed {
            let width = width.unwrap_or_default();
            let line = format!("  {name:<width$}  {}", meaning(name));
            let _ = writeln!(text, "{}", line.trim_end());
        }
    }
    printer.result(&text);
}

/// What a part of an output is, where its name does not say it.
fn meaning(part: &str) -> &'static str {
    match part {
        "shared.site" => "what all pages receive as `site`",
        "shared.configuration" => "pressroom.yaml",
        "shared.theme" => "a template, style sheet or setting of the theme",
        "shared.texts" => "the theme's words",
        "template" => "which template it is made with",
        "article" => "what lists show of the article: headline, blurb, dates, tags, length",
        "article.content" | "listing.content" | "home.content" => {
            "the text of its file, or where its links lead"
        }
        "article.related" => "what is related to the article, or what these show of themselves",
        "article.section_newest" => "the newest of its section, which stand for related articles",
        "article.newer" | "article.older" => "the article beside it in its section",
        "listing.articles" | "articles" => "which articles it lists, or what these show",
        "file" => "the file that it is a copy of",
        "target" => "where it leads",
        _ if part.starts_with("data ") => "a file of data/ that its template reads",
        _ if part.starts_with("asset ") => "the URL of a file that its template asks for",
        _ => "",
    }
}

fn print_profile(printer: &Printer, profile: &Profile) {
    let ms = |time: Duration| time.as_secs_f64() * 1000.0;
    if printer.format == Format::Json {
        let stages: serde_json::Map<_, _> = profile
            .stages
            .iter()
            .map(|(name, time)| ((*name).to_owned(), json!(ms(*time))))
            .collect();
        let templates = profile.templates.iter().map(
            |(name, (pages, time))| json!({"template": name, "pages": pages, "ms": ms(*time)}),
        );
        let templates: Vec<_> = templates.collect();
        printer.json(&json!({
            "event": "profile",
            "stages_ms": stages,
            "templates": templates,
            "spared": profile.spared,
        }));
        return;
    }
    let mut text = "\nStage             ms\n".to_owned();
    for (name, time) in &profile.stages {
        let _ = writeln!(text, "{name:<12} {:>8.1}", ms(*time));
    }
    text.push_str("\nTemplate                 pages        ms   µs a page\n");
    let mut templates: Vec<_> = profile.templates.iter().collect();
    templates.sort_by_key(|(_, (_, time))| std::cmp::Reverse(*time));
    for (name, (pages, time)) in templates {
        let each = time.as_secs_f64() * 1e6 / *pages as f64;
        let _ = writeln!(
            text,
            "{name:<22} {:>7} {:>9.1} {each:>11.1}",
            grouped(*pages as usize),
            ms(*time)
        );
    }
    text.push_str("Times of templates are summed over threads.\n");
    if let Some(spared) = profile.spared {
        let _ = writeln!(
            text,
            "{} nothing that was edited, and stayed without a further look.",
            counted(spared, "output shows", "outputs show")
        );
    }
    printer.result(&text);
}
