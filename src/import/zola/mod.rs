//! Sites of Zola.
//!
//! In: the folder of a site. Out: its pages, files and settings as a site of ours.

mod config;
mod convert;
mod pages;
mod shortcodes;

use crate::diagnostics::Diagnostic;
use crate::import::generator::others;
use crate::import::generator::site::{self, Site};
use crate::import::generator::tree::Tree;
use crate::import::{Destination, Report};

/// Imports a site.
pub(super) fn import(
    tree: &Tree,
    destination: &Destination,
    report: &mut Report,
) -> Result<(), Diagnostic> {
    let config = config::read(tree, report);
    let mut made = Site {
        settings: config.settings(report),
        ..Site::default()
    };
    pages::read(&mut made, tree, &config, report);
    pages::redirects(&mut made, &config);
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
