//! What imports of generators' sites have in common.
mod addresses;
pub(super) mod calls;
pub(super) mod code;
pub(super) mod dates;
pub(super) mod embeds;
pub(super) mod fields;
pub(super) mod front;
mod headings;
pub(super) mod index;
pub(super) mod links;
pub(super) mod others;
pub(super) mod page;
pub(super) mod patterns;
pub(super) mod places;
pub(super) mod reading;
mod recognise;
pub(super) mod settings;
pub(super) mod site;
pub(super) mod terms;
pub(super) mod tree;

use std::path::Path;

use super::{Destination, Report, hugo, jekyll, zola};
use crate::diagnostics::Diagnostic;
use recognise::recognise;
use tree::Tree;

/// A generator whose sites can be imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Generator {
    /// Jekyll, also as GitHub Pages has it.
    Jekyll,
    /// Hugo.
    Hugo,
    /// Zola.
    Zola,
}

/// Imports the site of a generator. `source` is its folder, which is only read.
pub fn import(
    generator: Generator,
    source: &Path,
    destination: &Destination,
    report: &mut Report,
) -> Result<(), Diagnostic> {
    let tree = Tree::read(source, destination.root(), report)?;
    recognise(generator, &tree, source, report)?;
    match generator {
        Generator::Hugo => hugo::import(&tree, destination, report),
        Generator::Zola => zola::import(&tree, destination, report),
        Generator::Jekyll => jekyll::import(&tree, destination, report),
    }
}
