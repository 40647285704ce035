//! What the settings keep out of a site.
//!
//! In: the files of a site. Out: those that Hugo reads at all, and a line of the report for each of the others.

use super::config::Config;
use crate::diagnostics::Place;
use crate::import::generator::fields::{inside, list_of, text_of};
use crate::import::generator::patterns::Pattern;
use crate::import::generator::tree::Tree;
use crate::import::{Outcome, Report};
use crate::yaml::Value;

/// A site without what `ignoreFiles` and mounts of folders keep out of it.
pub(super) fn without(tree: &Tree, config: &Config, report: &mut Report) -> Tree {
    let mut broken = Vec::new();
    let said = config.values.get("ignoreFiles").and_then(list_of);
    let patterns: Vec<Pattern> = said
        .unwrap_or_default()
        .into_iter()
        .filter_map(|text| {
            let pattern = Pattern::expression(&text);
            broken.extend(pattern.is_none().then_some(text));
            pattern
        })
        .collect();
    let mounts = mounts(config, &mut broken);
    for text in broken {
        let message =
            format!("`{text}` is no pattern of files that is known: what it means is imported");
        let place = Place::file(&config.file);
        report.lost(Outcome::Kept, "configuration", place, None, message);
    }
    let is_ignored = |path: &str| {
        let absolute = format!("/{path}");
        patterns.iter().any(|pattern| pattern.matches(&absolute))
    };
    let is_mounted = |path: &str| {
        let mut of_folder = mounts.iter().filter_map(|mount| mount.has(path)).peekable();
        of_folder.peek().is_none() || of_folder.any(|has| has)
    };
    let (tree, left_out) = tree.without(|path| is_ignored(path) || !is_mounted(path));
    for path in left_out {
        let why = if is_ignored(&path) {
            "`ignoreFiles` leaves it out"
        } else {
            "the mount of its folder leaves it out"
        };
        let place = Place::file(path);
        report.lost(Outcome::Dropped, "ignored file", place, None, why);
    }
    tree
}

/// A folder that is a part of the site, and which of its files are.
struct Mount {
    folder: String,
    /// If there are some, no others are.
    only: Vec<Pattern>,
    never: Vec<Pattern>,
}

impl Mount {
    /// Whether it has a file, if that lies in its folder.
    fn has(&self, path: &str) -> Option<bool> {
        let inner = path.strip_prefix(&self.folder)?.strip_prefix('/')?;
        let is_among = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.matches(inner));
        Some((self.only.is_empty() || is_among(&self.only)) && !is_among(&self.never))
    }
}

fn mounts(config: &Config, broken: &mut Vec<String>) -> Vec<Mount> {
    let mounts = config.values.within(&["module", "mounts"]);
    let mounts = mounts.and_then(Value::as_sequence).into_iter().flatten();
    mounts
        .map(|mount| {
            let mut patterns = |name: &str| {
                let texts = inside(mount, name).and_then(list_of).unwrap_or_default();
                let read = texts.into_iter().filter_map(|text| {
                    let pattern = Pattern::glob(text.trim_start_matches('/'), false);
                    broken.extend(pattern.is_none().then_some(text));
                    pattern
                });
                read.collect()
            };
            let folder = inside(mount, "source")
                .and_then(text_of)
                .unwrap_or_default();
            Mount {
                only: patterns("includeFiles"),
                never: patterns("excludeFiles"),
                folder: folder.trim_matches('/').to_owned(),
            }
        })
        .collect()
}
