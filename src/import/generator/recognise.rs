//! Whether a folder is the site of a generator at all.
//!
//! In: the files of a folder. Out: an error that says what was looked for, so that nobody takes an empty
//! site for what an archive had; or a line of the report where texts are there and settings are not.

use std::path::Path;

use super::Generator;
use super::fields::Fields;
use super::front;
use super::tree::Tree;
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::import::{Outcome, Report};

impl Generator {
    fn name(self) -> &'static str {
        match self {
            Self::Jekyll => "Jekyll",
            Self::Hugo => "Hugo",
            Self::Zola => "Zola",
        }
    }

    /// Names of the file with the settings of a site.
    fn settings(self) -> &'static [&'static str] {
        match self {
            Self::Jekyll => &["_config.yml", "_config.yaml", "_config.toml"],
            Self::Hugo => &[
                "hugo.toml",
                "hugo.yaml",
                "hugo.yml",
                "hugo.json",
                "config.toml",
                "config.yaml",
                "config.yml",
                "config.json",
            ],
            Self::Zola => &["config.toml", "zola.toml"],
        }
    }

    /// Folders that tell a site without settings.
    fn folders(self) -> &'static [&'static str] {
        match self {
            Self::Jekyll => &["_posts", "_drafts", "_layouts", "_includes"],
            Self::Hugo | Self::Zola => &["content"],
        }
    }

    /// Whether the settings of a site are there. Those of two generators may be in files of one name.
    fn has_settings(self, tree: &Tree) -> bool {
        let mut names = self.settings().iter();
        let is_there = names.any(|name| tree.has(name) && self.may_be_of(tree, name));
        is_there || self == Self::Hugo && tree.below("config/_default").next().is_some()
    }

    fn may_be_of(self, tree: &Tree, name: &str) -> bool {
        if name != "config.toml" {
            return true;
        }
        let text = tree.text(name).map(|found| found.text);
        let Some(said) = text
            .ok()
            .and_then(|text| front::settings(&text, "toml").ok())
        else {
            // What is wrong in it is told when it is read.
            return true;
        };
        // Zola builds nothing without this, and Hugo does not know it.
        let is_of_zola = Fields(said).get("base_url").is_some();
        is_of_zola == (self == Self::Zola)
    }
}

/// Refuses a folder that is no site of a generator.
pub(super) fn recognise(
    generator: Generator,
    tree: &Tree,
    source: &Path,
    report: &mut Report,
) -> Result<(), Diagnostic> {
    if generator.has_settings(tree) {
        return Ok(());
    }
    let name = generator.name();
    let looked_for = match generator {
        Generator::Hugo => "hugo.toml, config.toml, the same as .yaml or .json, or config/_default",
        Generator::Jekyll => "_config.yml",
        Generator::Zola => "config.toml or zola.toml with a base_url",
    };
    let others = [Generator::Hugo, Generator::Jekyll, Generator::Zola];
    let other = others.into_iter().find(|other| other.has_settings(tree));
    let folders = generator.folders();
    let has_texts = folders.iter().any(|name| tree.below(name).next().is_some());
    if has_texts && other.is_none() {
        let message = format!(
            "there is no {looked_for}: is this the folder of the site? Its settings are taken for the usual ones"
        );
        let place = Place::file(generator.settings()[0]);
        report.lost(Outcome::Dropped, "configuration", place, None, message);
        return Ok(());
    }
    let shown = source.display();
    let message = format!("{shown} is no site of {name}: there is no {looked_for} in it");
    let hint = match other {
        Some(other) => format!(
            "it is a site of {}: write `pressroom import {}`",
            other.name(),
            other.name().to_lowercase()
        ),
        None => format!("name the folder of the site, in which {name} is run"),
    };
    Err(Diagnostic::new(Code::Argument, message)
        .at(Place::file(shown.to_string()))
        .hint(hint))
}
