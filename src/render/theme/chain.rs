//! A theme and its parents, as they lie on disk or in the program.

use std::path::Path;

use super::layer::{Layer, no_theme};
use super::manifest::Manifest;
use super::named_at;
use crate::config::Config;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::yaml::{self, Source};

/// Longest chain of parents.
const DEEPEST: usize = 8;

/// The theme first, then its parent, then the parent's.
#[derive(Default)]
pub(super) struct Chain {
    pub layers: Vec<(Layer, Manifest)>,
}

impl Chain {
    /// Reads the theme that a site uses, with its parents.
    pub fn of_site(root: &Path, config: &Config, diagnostics: &mut Diagnostics) -> Self {
        let named_at = Some(named_at(config));
        Self::read(root, &config.theme, named_at, diagnostics)
    }

    /// Reads a theme with its parents, as far as they are there. `named_at`: where the theme is
    /// asked for, if that is a file.
    pub fn read(
        root: &Path,
        name: &str,
        named_at: Option<Place>,
        diagnostics: &mut Diagnostics,
    ) -> Self {
        let mut chain = Self::default();
        let mut next = Some((name.to_owned(), named_at));
        while let Some((wanted, named_at)) = next.take() {
            let known = chain.layers.iter().any(|(layer, _)| layer.name == wanted);
            if known || chain.layers.len() == DEEPEST {
                let message = format!("the theme {name} is its own parent, through {wanted}");
                let diagnostic = Diagnostic::new(Code::ThemeMissing, message)
                    .hint("remove `parent` from one of the themes");
                diagnostics.push(match named_at {
                    Some(place) => diagnostic.at(place),
                    None => diagnostic,
                });
                break;
            }
            let Some(layer) = Layer::read(root, &wanted, diagnostics) else {
                diagnostics.push(no_theme(root, &wanted, named_at));
                break;
            };
            let manifest = Manifest::read(&layer, diagnostics);
            next = manifest.parent.clone().map(|parent| {
                let text = layer.text("theme.yaml").unwrap_or_default();
                let file = layer.path("theme.yaml");
                let place = yaml::place_of_key(Source::settings(&file, &text), "parent");
                (parent, Some(place))
            });
            chain.layers.push((layer, manifest));
        }
        chain
    }
}
