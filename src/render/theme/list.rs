//! Which themes there are.

use std::path::Path;

use super::layer::{Layer, names, no_theme};
use super::manifest::Manifest;
use super::named_at;
use crate::config::Config;
use crate::diagnostics::Diagnostics;

/// What is told of a theme in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeSummary {
    /// The name by which sites choose it.
    pub name: String,
    /// Its version, as it writes it.
    pub version: Option<String>,
    /// The theme that has what this one does not.
    pub parent: Option<String>,
    /// What it says of itself.
    pub description: Option<String>,
    /// Whether it is part of the program, and not a folder of themes/.
    pub built_in: bool,
    /// Whether the site uses it.
    pub in_use: bool,
}

/// All themes at hand, in the order of their names. A theme with mistakes is in the list as far
/// as it could be read.
#[must_use]
pub fn list_themes(root: &Path, config: &Config) -> (Vec<ThemeSummary>, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let mut themes = Vec::new();
    for name in names(root) {
        let Some(layer) = Layer::read(root, &name, &mut diagnostics) else {
            continue;
        };
        let manifest = Manifest::read(&layer, &mut diagnostics);
        themes.push(ThemeSummary {
            version: manifest.version,
            parent: manifest.parent,
            description: manifest.description,
            built_in: layer.embedded,
            in_use: name == config.theme,
            name,
        });
    }
    if !themes.iter().any(|theme| theme.in_use) {
        diagnostics.push(no_theme(root, &config.theme, Some(named_at(config))));
    }
    diagnostics.sort();
    (themes, diagnostics)
}
