//! What a Jekyll site says of itself.
//!
//! In: _config.yml. Out: a [`Config`], and the settings of the site that is made.

use std::collections::BTreeMap;

use crate::diagnostics::Place;
use crate::import::generator::fields::{Fields, flag_of, inside, list_of, text_of};
use crate::import::generator::front;
use crate::import::generator::patterns::Pattern;
use crate::import::generator::settings::{self, Link, Settings};
use crate::import::generator::tree::Tree;
use crate::import::{Outcome, Report};
use crate::model::slugify;
use crate::yaml::{Mapping, Value};

/// What Jekyll leaves out unless it is told otherwise.
pub(super) const EXCLUDED: [&str; 9] = [
    "Gemfile",
    "Gemfile.lock",
    "node_modules",
    "vendor/bundle",
    "vendor/cache",
    "vendor/gems",
    "vendor/ruby",
    ".jekyll-cache",
    "_site",
];

/// What a site says of itself.
#[derive(Debug, Default)]
pub(super) struct Config {
    pub values: Fields,
    pub file: String,
    /// Collections beside the posts, by name.
    pub collections: BTreeMap<String, Collection>,
    pub excluded: Vec<String>,
    pub included: Vec<String>,
    defaults: Vec<Default_>,
}

/// A collection.
#[derive(Debug, Default)]
pub(super) struct Collection {
    /// Whether its texts are pages.
    pub is_published: bool,
    pub permalink: Option<String>,
}

/// Front matter that files of a place and type have if they do not say otherwise.
#[derive(Debug)]
struct Default_ {
    path: String,
    kind: String,
    values: Mapping,
}

/// Reads the settings of a site. What cannot be read is a line of the report.
pub(super) fn read(tree: &Tree, report: &mut Report) -> Config {
    let names = ["_config.yml", "_config.yaml", "_config.toml"];
    let file = names
        .into_iter()
        .find(|name| tree.has(name))
        .unwrap_or(names[0]);
    let mut values = Fields::default();
    let mut lost = |line, why: String| {
        report.lost(
            Outcome::Dropped,
            "configuration",
            Place::at(file, line, 0),
            None,
            why,
        );
    };
    match tree
        .text(file)
        .map(|found| front::settings(&found.text, file.rsplit('.').next().unwrap_or("")))
    {
        Ok(Ok(found)) => values = Fields(found),
        Ok(Err(broken)) => lost(broken.line, broken.message),
        // That it is missing was told when the folder was looked at.
        Err(_) if !tree.has(file) => {}
        Err(why) => lost(0, why),
    }
    let paths = |name: &str| values.get(name).and_then(list_of).unwrap_or_default();
    let folders = |paths: Vec<String>| {
        paths
            .into_iter()
            .map(|path| path.trim_matches('/').to_owned())
    };
    let usual = EXCLUDED.map(str::to_owned).to_vec();
    Config {
        collections: collections(&values),
        excluded: folders(paths("exclude"))
            .chain(usual)
            .filter(|path| !path.is_empty())
            .collect(),
        included: folders(paths("include"))
            .chain([".htaccess".to_owned()])
            .collect(),
        defaults: defaults(&values),
        file: file.to_owned(),
        values,
    }
}

/// Whether a pattern means a file or a folder that it is in. A star stands for slashes as well.
fn means(pattern: &str, path: &str) -> bool {
    let mut above = path.match_indices('/').map(|(at, _)| &path[..at]);
    if !pattern.contains(['*', '?', '[']) {
        return path == pattern || above.any(|folder| folder == pattern);
    }
    let Some(read) = Pattern::glob(pattern, true) else {
        return false;
    };
    read.matches(path) || above.any(|folder| read.matches(folder))
}

fn collections(values: &Fields) -> BTreeMap<String, Collection> {
    let mut found = BTreeMap::new();
    match values.get("collections") {
        Some(Value::Mapping(said)) => {
            for (name, of) in said {
                let collection = Collection {
                    is_published: inside(of, "output").and_then(flag_of) == Some(true),
                    permalink: inside(of, "permalink").and_then(text_of),
                };
                found.insert(text_of(name).unwrap_or_default(), collection);
            }
        }
        Some(said) => {
            let names = list_of(said).unwrap_or_default().into_iter();
            found.extend(names.map(|name| (name, Collection::default())));
        }
        None => {}
    }
    found
}

fn defaults(values: &Fields) -> Vec<Default_> {
    let said = values.get("defaults").and_then(Value::as_sequence);
    let one = |of: &Value| {
        let scope = inside(of, "scope")?;
        let say = |name| inside(scope, name).and_then(text_of).unwrap_or_default();
        Some(Default_ {
            path: say("path").trim_matches('/').to_owned(),
            kind: say("type"),
            values: inside(of, "values")?.as_mapping()?.clone(),
        })
    };
    said.into_iter().flatten().filter_map(one).collect()
}

impl Config {
    /// A text of the settings.
    pub fn text(&self, names: &[&str]) -> Option<String> {
        self.values.within(names).and_then(text_of)
    }

    /// The pattern by which a file is none of the site's: it, or a folder that it is in, is left out.
    pub fn leaves_out(&self, path: &str) -> Option<&str> {
        let mut excluded = self.excluded.iter();
        let found = excluded.find(|excluded| means(excluded, path));
        found.map(String::as_str).filter(|_| !self.takes_in(path))
    }

    /// Whether a file of a name that is usually hidden is one of the site's.
    pub fn takes_in(&self, path: &str) -> bool {
        let name = path.rsplit('/').next();
        let mut included = self.included.iter();
        included.any(|included| name == Some(included) || means(included, path))
    }

    /// Whether the texts of a collection are pages. What is no collection has no say in it.
    pub fn is_published(&self, collection: &str) -> bool {
        let collection = self.collections.get(collection);
        collection.is_none_or(|collection| collection.is_published)
    }

    /// Completes front matter with what the settings say of files of that place and type. Of several the
    /// one of the longer path counts, and of those the last.
    pub fn complete(&self, path: &str, kind: &str, fields: &mut Fields) {
        let is_below = |folder: &str| folder.is_empty() || means(folder, path);
        let mut found: Vec<&Default_> = self
            .defaults
            .iter()
            .filter(|one| (one.kind.is_empty() || one.kind == kind) && is_below(&one.path))
            .collect();
        found.reverse();
        found.sort_by_key(|one| std::cmp::Reverse((one.path.len(), !one.kind.is_empty())));
        for (key, value) in found.into_iter().flat_map(|one| &one.values) {
            if key.as_str().is_some_and(|name| fields.get(name).is_none()) {
                fields.0.insert(key.clone(), value.clone());
            }
        }
    }

    /// Whether a plugin is used.
    pub fn has_plugin(&self, name: &str) -> bool {
        let lists = ["plugins", "gems"]
            .iter()
            .filter_map(|key| self.values.get(key).and_then(list_of));
        lists.flatten().any(|plugin| plugin == name)
    }

    /// The settings of the site that is made.
    pub fn settings(&self, report: &mut Report) -> Settings {
        let say = |names: &[&str]| names.iter().find_map(|name| self.text(&[name]));
        let mut made = Settings {
            title: say(&["title", "name"]).unwrap_or_default(),
            description: say(&["description", "tagline"]).unwrap_or_default(),
            language: say(&["lang", "locale"])
                .and_then(|tag| settings::language(&tag))
                .unwrap_or_default(),
            ..Settings::default()
        };
        let mut lost = |kind, message: String| {
            report.lost(
                Outcome::Dropped,
                kind,
                Place::file(&self.file),
                None,
                message,
            );
        };
        let path = self.text(&["baseurl"]).unwrap_or_default();
        let url = self.text(&["url"]).filter(|url| !url.is_empty());
        let url =
            url.map(|url| format!("{}/{}", url.trim_end_matches('/'), path.trim_matches('/')));
        if let Some(url) = made.place(url) {
            lost(
                "configuration",
                format!("the site's address cannot be `{url}`"),
            );
        }
        match settings::timezone(self.text(&["timezone"])) {
            Ok(zone) => made.timezone = zone,
            Err(zone) => lost("configuration", format!("there is no time zone `{zone}`")),
        }
        made.page_size(
            self.values
                .within(&["pagination", "per_page"])
                .or_else(|| self.values.get("paginate")),
        );
        for name in ["theme", "remote_theme"] {
            if let Some(theme) = self.text(&[name]) {
                lost("theme", format!("the theme `{theme}` is not converted"));
            }
        }
        let plugins = ["plugins", "gems"]
            .iter()
            .filter_map(|key| self.values.get(key).and_then(list_of));
        for plugin in plugins.flatten() {
            let known = [
                "jekyll-feed",
                "jekyll-archives",
                "jekyll-paginate",
                "jekyll-redirect-from",
                "jekyll-seo-tag",
                "jekyll-sitemap",
                "jekyll-relative-links",
            ];
            if !known.contains(&plugin.as_str()) {
                lost(
                    "plugin",
                    format!("what the plugin `{plugin}` does is not converted"),
                );
            }
        }
        made
    }

    /// Links that the settings or a file of data name: paths of files, or titles with addresses.
    pub fn navigation(&self, tree: &Tree, page_of: &dyn Fn(&str) -> Option<Link>) -> Vec<Link> {
        if let Some(paths) = self.values.get("header_pages").and_then(list_of) {
            return paths.iter().filter_map(|path| page_of(path)).collect();
        }
        let files = ["_data/navigation.yml", "_data/navigation.yaml"];
        let Some(file) = files.into_iter().find(|file| tree.has(file)) else {
            return Vec::new();
        };
        let found = tree
            .text(file)
            .ok()
            .and_then(|found| crate::yaml::literal(&found.text));
        let links = match &found {
            Some(Value::Sequence(links)) => Some(links),
            Some(value) => inside(value, "main").and_then(Value::as_sequence),
            None => None,
        };
        let link = |one: &Value| {
            let say = |names: &[&str]| names.iter().find_map(|name| text_of(inside(one, name)?));
            let (title, url) = (say(&["title", "name"])?, say(&["url", "link"])?);
            let is_plain =
                !url.contains(['{', ' ']) && (url.starts_with('/') || url.contains("://"));
            is_plain.then_some(Link { title, url })
        };
        links.into_iter().flatten().filter_map(link).collect()
    }

    /// Where the plugin for archives had the page of a tag or category.
    pub fn archive(&self, kind: &str, name: &str) -> Option<String> {
        let said = self.values.get("jekyll-archives")?;
        let enabled = inside(said, "enabled")
            .and_then(list_of)
            .unwrap_or_default();
        let plural = if kind == "tag" { "tags" } else { "categories" };
        if !enabled
            .iter()
            .any(|one| one == plural || one == "all" || one == "true")
        {
            return None;
        }
        let pattern = inside(said, "permalinks").and_then(|of| text_of(inside(of, kind)?));
        let pattern = pattern.unwrap_or_else(|| format!("/{kind}/:name/"));
        let slug = super::permalinks::slugified(name, false);
        Some(
            pattern.replace(
                ":name",
                if slug.is_empty() {
                    slugify(name).to_string()
                } else {
                    slug
                }
                .as_str(),
            ),
        )
    }
}
