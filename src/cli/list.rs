//! `pressroom list`

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::ValueEnum;
use serde_json::json;

use super::output::{Bar, Printer};
use super::{Format, Root};
use crate::diagnostics::Diagnostics;
use crate::model::Moment;
use crate::pipeline::{self, Profile};
use crate::site::{Show, Site};

#[derive(clap::Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    root: Root,
    /// Which articles: those that are not published unless you say otherwise
    #[arg(value_enum, default_value_t = Which::Withheld)]
    which: Which,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Which {
    /// Drafts, scheduled and expired articles
    Withheld,
    /// Articles that say `draft: true`
    Drafts,
    /// Articles whose time has not come, with the time
    Scheduled,
    /// Articles whose time has ended, with the time
    Expired,
    /// Every article, published or not
    All,
}

/// A line of the list.
struct Line<'a> {
    status: &'static str,
    moment: Option<Moment>,
    file: &'a str,
    title: &'a str,
    url: Option<&'a str>,
}

pub(super) fn run(arguments: &Arguments, printer: &Printer) -> ExitCode {
    let root = &arguments.root.root;
    let request = match super::request(root, Show::default()) {
        Ok(request) => request,
        Err(code) => return code,
    };
    let mut diagnostics = Diagnostics::new();
    let bar = Bar::new(printer.format);
    let loaded = pipeline::load(&request, &bar, &mut diagnostics, &mut Profile::default());
    bar.finish();
    let Some(loaded) = loaded else {
        printer.diagnostics(&diagnostics, root);
        return ExitCode::from(1);
    };
    let lines = lines(&loaded.site, arguments.which);
    if printer.format == Format::Json {
        for line in &lines {
            printer.json(&json!({
                "status": line.status,
                "moment": line.moment.map(Moment::rfc3339),
                "file": line.file,
                "title": line.title,
                "url": line.url,
            }));
        }
        return ExitCode::SUCCESS;
    }
    let mut text = String::new();
    for line in &lines {
        let moment = line.moment.map_or_else(String::new, Moment::rfc3339);
        let _ = writeln!(
            text,
            "{:<9}  {moment:<25}  {}  {}",
            line.status, line.file, line.title
        );
    }
    if lines.is_empty() {
        text.push_str(match arguments.which {
            Which::Withheld => "Every article is published.\n",
            Which::Drafts => "There are no drafts.\n",
            Which::Scheduled => "No article is scheduled.\n",
            Which::Expired => "No article has expired.\n",
            Which::All => "There are no articles.\n",
        });
    }
    printer.result(&text);
    ExitCode::SUCCESS
}

fn lines(site: &Site, which: Which) -> Vec<Line<'_>> {
    let withheld = site.withheld.iter().map(|withheld| Line {
        status: withheld.reason.as_str(),
        moment: withheld.reason.moment(),
        file: &withheld.source,
        title: &withheld.title,
        url: None,
    });
    let wanted = |line: &Line| match which {
        Which::Withheld | Which::All => true,
        Which::Drafts => line.status == "draft",
        Which::Scheduled => line.status == "scheduled",
        Which::Expired => line.status == "expired",
    };
    let mut lines: Vec<Line> = withheld.filter(wanted).collect();
    if which == Which::All {
        lines.extend(
            site.articles
                .iter()
                .zip(&site.urls)
                .map(|(article, url)| Line {
                    status: "published",
                    moment: article.date,
                    file: &article.source,
                    title: &article.title,
                    url: Some(url.as_str()),
                }),
        );
    }
    lines.sort_by(|a, b| a.file.cmp(b.file));
    lines
}
