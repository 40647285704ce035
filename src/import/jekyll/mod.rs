//! Sites of Jekyll.
//!
//! In: the folder of a site. Out: its pages, files and settings as a site of ours.

mod config;
mod convert;
mod extensions;
mod kinds;
mod kramdown;
mod liquid;
mod marks;
mod pages;
mod permalinks;
mod redirects;

use crate::diagnostics::Diagnostic;
use crate::import::generator::index::Beside;
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
        file: config.file.clone(),
        files: Beside::Static,
        ..Site::default()
    };
    pages::read(&mut made, tree, &config, report);
    redirects::find(&mut made, &config);
    made.settings.navigation = config.navigation(tree, &|path| pages::link_to(&made, path));
    let data = config
        .text(&["data_dir"])
        .unwrap_or_else(|| "_data".to_owned());
    others::data(&mut made, tree, data.trim_matches('/'), report);
    let kinds = [
        (
            "template",
            "_layouts",
            "layouts of a site are not converted",
        ),
        (
            "template",
            "_includes",
            "includes of a site are not converted",
        ),
        ("style sheet", "_sass", "Sass of a site is not converted"),
        ("plugin", "_plugins", "plugins are not run"),
    ];
    others::unconverted(tree, &kinds, report);
    let site = convert::Site {
        config: &config,
        tree,
    };
    site::write(
        made,
        tree,
        &|page, index, conversion| convert::convert(&site, page, index, conversion),
        destination,
        report,
    )
}
