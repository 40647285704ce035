//! What a Zola site says of itself.
//!
//! In: config.toml, or zola.toml. Out: a [`Config`], and the settings of the site that is made.

use crate::diagnostics::Place;
use crate::import::generator::fields::{Fields, flag_of, inside, list_of, text_of};
use crate::import::generator::front;
use crate::import::generator::patterns::Pattern;
use crate::import::generator::settings::{self, Edition, Settings};
use crate::import::generator::tree::Tree;
use crate::import::{Outcome, Report};
use crate::yaml::Value;

/// What is done with names in addresses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Slugs {
    /// Small letters of English, digits and hyphens.
    #[default]
    On,
    /// Only what file systems refuse is left out.
    Safe,
    /// Nothing.
    Off,
}

impl Slugs {
    fn of(name: Option<&str>) -> Self {
        match name {
            Some("safe") => Self::Safe,
            Some("off") => Self::Off,
            _ => Self::On,
        }
    }

    /// A name as it stands in addresses.
    pub fn apply(self, name: &str) -> String {
        match self {
            Self::On => slug::slugify(name),
            Self::Safe => {
                let name = name.trim().trim_end_matches('.');
                name.chars()
                    .filter(|c| !"<>:\"/\\|?*\r\n\t\0".contains(*c))
                    .collect()
            }
            Self::Off => name.to_owned(),
        }
    }
}

/// What a site says of itself.
#[derive(Debug, Default)]
pub(super) struct Config {
    pub values: Fields,
    pub file: String,
    /// The site's own language.
    pub language: String,
    /// The others, as far as they are languages to Pressroom too, and those that are not.
    pub languages: Vec<String>,
    pub unknown: Vec<String>,
    /// Names of taxonomies that have pages.
    pub taxonomies: Vec<String>,
    pub paths: Slugs,
    pub terms: Slugs,
}

/// Reads the settings of a site. What cannot be read is a line of the report.
pub(super) fn read(tree: &Tree, report: &mut Report) -> Config {
    let file = ["config.toml", "zola.toml"]
        .into_iter()
        .find(|name| tree.has(name))
        .unwrap_or("config.toml");
    let lost = |report: &mut Report, line, why: String| {
        report.lost(
            Outcome::Dropped,
            "configuration",
            Place::at(file, line, 0),
            None,
            why,
        );
    };
    let mut values = Fields::default();
    match tree
        .text(file)
        .map(|found| front::settings(&found.text, "toml"))
    {
        Ok(Ok(found)) => values = Fields(found),
        Ok(Err(broken)) => lost(report, broken.line, broken.message),
        // That it is missing was told when the folder was looked at.
        Err(_) if !tree.has(file) => {}
        Err(why) => lost(report, 0, why),
    }
    let said = values.get("languages").and_then(Value::as_mapping);
    let tags = said
        .into_iter()
        .flatten()
        .filter_map(|(tag, _)| text_of(tag));
    let (languages, unknown) = tags.partition(|tag| settings::language(tag).is_some());
    let is_rendered = |one: &&Value| inside(one, "render").and_then(flag_of) != Some(false);
    let taxonomies = values.get("taxonomies").and_then(Value::as_sequence);
    let taxonomies = taxonomies.into_iter().flatten().filter(is_rendered);
    let mut taxonomies: Vec<String> = taxonomies
        .filter_map(|one| text_of(inside(one, "name")?))
        .collect();
    taxonomies.sort_by_key(|name| name != "tags");
    let slugs = |name: &str| Slugs::of(values.within(&["slugify", name]).and_then(Value::as_str));
    Config {
        language: values
            .get("default_language")
            .and_then(text_of)
            .unwrap_or_else(|| "en".to_owned()),
        languages,
        unknown,
        taxonomies,
        paths: slugs("paths"),
        terms: slugs("taxonomies"),
        file: file.to_owned(),
        values,
    }
}

impl Config {
    /// A text of the settings.
    pub fn text(&self, names: &[&str]) -> Option<String> {
        self.values.within(names).and_then(text_of)
    }

    /// Names of the feeds of the site, or of one of its other languages.
    pub fn feeds(&self, language: Option<&str>) -> Vec<String> {
        let say = |name| match language {
            Some(tag) => self.values.within(&["languages", tag, name]),
            None => self.values.get(name),
        };
        let is_on = ["generate_feeds", "generate_feed"]
            .iter()
            .any(|name| say(name).and_then(flag_of) == Some(true));
        if is_on {
            self.feed_names(language)
        } else {
            Vec::new()
        }
    }

    /// What feeds are called where there are some.
    pub fn feed_names(&self, language: Option<&str>) -> Vec<String> {
        let names = ["feed_filenames", "feed_filename"];
        let of_language = || {
            let said = |name| self.values.within(&["languages", language?, name]);
            names.iter().find_map(|name| list_of(said(name)?))
        };
        let of_site = || {
            names
                .iter()
                .find_map(|name| list_of(self.values.get(name)?))
        };
        of_language()
            .or_else(of_site)
            .unwrap_or_else(|| vec!["atom.xml".to_owned()])
    }

    /// Whether each word of a taxonomy has feeds.
    pub fn has_feeds(&self, taxonomy: &str) -> bool {
        let taxonomies = self.values.get("taxonomies").and_then(Value::as_sequence);
        taxonomies.into_iter().flatten().any(|one| {
            inside(one, "name").and_then(text_of).as_deref() == Some(taxonomy)
                && inside(one, "feed").and_then(flag_of) == Some(true)
        })
    }

    /// What the settings leave out of a folder: patterns of paths, and those that are none.
    pub fn ignored(&self, folder: &str) -> (Vec<Pattern>, Vec<String>) {
        let said = self.values.get(&format!("ignored_{folder}"));
        let mut broken = Vec::new();
        let mut patterns = Vec::new();
        for text in said.and_then(list_of).unwrap_or_default() {
            match Pattern::glob(&text, true) {
                Some(pattern) => patterns.push(pattern),
                None => broken.push(text),
            }
        }
        (patterns, broken)
    }

    /// The settings of the site that is made.
    pub fn settings(&self, report: &mut Report) -> Settings {
        let mut made = Settings {
            title: self.text(&["title"]).unwrap_or_default(),
            description: self.text(&["description"]).unwrap_or_default(),
            language: settings::language(&self.language).unwrap_or_default(),
            ..Settings::default()
        };
        for tag in &self.languages {
            let say = |name| self.text(&["languages", tag, name]).unwrap_or_default();
            let edition = Edition {
                title: say("title"),
                description: say("description"),
            };
            made.languages.insert(tag.clone(), edition);
        }
        let mut lost = |kind, message: String| {
            report.lost(
                Outcome::Dropped,
                kind,
                Place::file(&self.file),
                None,
                message,
            );
        };
        for tag in &self.unknown {
            lost(
                "language",
                format!("`{tag}` is no language; its pages stay in the site's own"),
            );
        }
        if let Some(url) = made.place(self.text(&["base_url"])) {
            lost(
                "configuration",
                format!("the site's address cannot be `{url}`"),
            );
        }
        if self.values.get("theme").is_some() {
            lost("theme", "themes of Zola are not converted".to_owned());
        }
        if self.values.get("compile_sass").and_then(flag_of) == Some(true) {
            lost(
                "style sheet",
                "Sass of the site is not converted; a theme of ours may have Sass of its own"
                    .to_owned(),
            );
        }
        made
    }
}
