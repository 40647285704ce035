//! Sites of Zola.
//!
//! In: the folder of a site. Out: its pages, files and settings as a site of ours.

mod config;
mod convert;
mod pages;
mod redirects;
mod shortcodes;

use crate::diagnostics::{Diagnostic, Place};
use crate::import::generator::others;
use crate::import::generator::patterns::Pattern;
use crate::import::generator::site::{self, Site};
use crate::import::generator::tree::Tree;
use crate::import::{Destination, Outcome, Report};
use config::Config;

/// Imports a site.
pub(super) fn import(
    tree: &Tree,
    destination: &Destination,
    report: &mut Report,
) -> Result<(), Diagnostic> {
    let config = config::read(tree, report);
    let tree = &without_ignored(tree, &config, report);
    let mut made = Site {
        settings: config.settings(report),
        file: config.file.clone(),
        ..Site::default()
    };
    pages::read(&mut made, tree, &config, report);
    redirects::find(&mut made, &config);
    others::statics(&mut made, tree, "static");
    others::data(&mut made, tree, "data", report);
    let kinds = [
        (
            "template",
            "templates",
            "templates and shortcodes of a site are not converted",
        ),
        ("theme", "themes", "themes are not converted"),
        ("style sheet", "sass", "Sass of the site is not converted"),
    ];
    others::unconverted(tree, &kinds, report);
    site::write(
        made,
        tree,
        &|page, index, conversion| convert::convert(tree, page, index, conversion),
        destination,
        report,
    )
}

/// The files that Zola reads at all. Its patterns are for whole paths, of which nobody knows where they
/// begin: at the disk's root in older versions, and at the folder in newer ones.
fn without_ignored(tree: &Tree, config: &Config, report: &mut Report) -> Tree {
    let mut left = tree.without(|_| false).0;
    for folder in ["content", "static"] {
        let (patterns, broken) = config.ignored(folder);
        for text in broken {
            let message = format!(
                "`{text}` of `ignored_{folder}` is no pattern that is known: what it means is imported"
            );
            let place = Place::file(&config.file);
            report.lost(Outcome::Kept, "configuration", place, None, message);
        }
        let (kept, ignored) = left.without(|path| {
            let Some(inner) = path
                .strip_prefix(folder)
                .and_then(|path| path.strip_prefix('/'))
            else {
                return false;
            };
            let name = inner.rsplit('/').next().unwrap_or(inner);
            let absolute = format!("/{path}");
            let forms = [name, inner, path, &absolute];
            let is_meant = |pattern: &Pattern| forms.iter().any(|form| pattern.matches(form));
            patterns.iter().any(is_meant)
        });
        left = kept;
        for path in ignored {
            let message = format!("`ignored_{folder}` leaves it out");
            report.lost(
                Outcome::Dropped,
                "ignored file",
                Place::file(path),
                None,
                message,
            );
        }
    }
    left
}
