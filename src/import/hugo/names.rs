//! How texts of Hugo name files.
//!
//! In: the pages of a site. Out: those that a path means, in the ways in which `ref` understands one.

use std::collections::{BTreeMap, BTreeSet};

use super::config::Config;
use crate::import::generator::page::Page;
use crate::model::join;

/// Files by the names that `ref` has for them.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// By the path among texts without ending and language, in small letters.
    by_path: BTreeMap<String, Vec<String>>,
    /// Those paths by their last part.
    by_name: BTreeMap<String, BTreeSet<String>>,
}

impl Names {
    /// The names of all pages.
    pub fn of(pages: &[Page], config: &Config) -> Self {
        let mut names = Self::default();
        let tops = tops(config);
        for page in pages {
            let inner = tops
                .iter()
                .find_map(|top| page.source.strip_prefix(top.as_str()));
            let inner = inner.unwrap_or(&page.source).trim_start_matches('/');
            let (stem, _) = inner.rsplit_once('.').unwrap_or((inner, ""));
            let is_tag = |tag: &str| {
                config
                    .languages
                    .iter()
                    .any(|language| language.tag.eq_ignore_ascii_case(tag))
            };
            let stem = stem
                .rsplit_once('.')
                .filter(|(_, tag)| is_tag(tag))
                .map_or(stem, |(stem, _)| stem);
            names.add(stem, &page.source);
        }
        names
    }

    /// Notes a file of texts, by its path among them.
    pub fn add(&mut self, path: &str, source: &str) {
        let path = plain(path);
        let name = path.rsplit('/').next().unwrap_or(&path).to_owned();
        self.by_name.entry(name).or_default().insert(path.clone());
        self.by_path
            .entry(path)
            .or_default()
            .push(source.to_owned());
    }

    /// The files that a path means: from the top of all texts, beside the one that names it, or by the
    /// name alone if that is one of a kind.
    pub fn find(&self, path: &str, folder: &str) -> &[String] {
        let found = |path: Option<String>| self.by_path.get(&plain(&path?));
        let absolute = || found(Some(path.trim_start_matches('/').to_owned()));
        let beside = || found(join(folder, path).filter(|_| !path.starts_with('/')));
        let named = || {
            let paths = self
                .by_name
                .get(&plain(path))
                .filter(|_| !path.contains('/'))?;
            let only = paths.first().filter(|_| paths.len() == 1)?;
            self.by_path.get(only)
        };
        beside()
            .or_else(absolute)
            .or_else(named)
            .map_or(&[], Vec::as_slice)
    }
}

/// A path as Hugo compares it: without ending and index, in small letters, spaces as hyphens.
fn plain(path: &str) -> String {
    let path = path.trim_matches('/').to_lowercase().replace(' ', "-");
    let path = path
        .strip_suffix(".md")
        .or(path.strip_suffix(".html"))
        .unwrap_or(&path);
    let path = path
        .strip_suffix("/_index")
        .or(path.strip_suffix("/index"))
        .unwrap_or(path);
    if matches!(path, "_index" | "index") {
        String::new()
    } else {
        path.to_owned()
    }
}

/// The folder of a file among texts.
pub(super) fn inner_folder(source: &str, config: &Config) -> String {
    let folder = source.rsplit_once('/').map_or("", |(folder, _)| folder);
    let tops = tops(config);
    let inner = tops
        .iter()
        .find_map(|top| folder.strip_prefix(top.as_str()));
    inner.unwrap_or(folder).trim_start_matches('/').to_owned()
}

/// Folders of texts, the inner ones first.
fn tops(config: &Config) -> Vec<String> {
    let own = config
        .languages
        .iter()
        .filter_map(|language| language.folder.clone());
    let mut tops: Vec<String> = own.chain([config.content()]).collect();
    tops.sort_by_key(|top| std::cmp::Reverse(top.len()));
    tops
}
