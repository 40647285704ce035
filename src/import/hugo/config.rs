//! What a Hugo site says of itself.
//!
//! In: hugo.toml, config.yaml and their kind, or the folder config/_default. Out: a [`Config`], in which
//! names are looked for in any case.

use std::collections::BTreeMap;

use crate::diagnostics::Place;
use crate::import::generator::fields::{Fields, flag_of, inside, list_of, text_of};
use crate::import::generator::front;
use crate::import::generator::settings::{self, Edition, Settings};
use crate::import::generator::tree::Tree;
use crate::import::{Outcome, Report};
use crate::yaml::{Mapping, Value};

const ENDINGS: [&str; 4] = ["toml", "yaml", "yml", "json"];

/// What a site says of itself.
#[derive(Debug, Default)]
pub(super) struct Config {
    pub values: Fields,
    /// The file that most of it is from.
    pub file: String,
    /// The languages, the site's own first.
    pub languages: Vec<Language>,
    /// Plural names of taxonomies: what front matter calls them, and what their addresses begin with.
    pub taxonomies: Vec<String>,
}

/// A language of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Language {
    /// As it stands in names of files and in addresses.
    pub tag: String,
    /// Its own folder of texts, if it has one.
    pub folder: Option<String>,
    /// What its addresses begin with.
    pub prefix: String,
    /// Whether Pressroom takes the tag for a language.
    pub is_known: bool,
    /// Whether the site is not made in it.
    pub is_off: bool,
}

#[cfg(test)]
impl Language {
    pub fn own(tag: &str) -> Self {
        Self {
            tag: tag.to_owned(),
            folder: None,
            prefix: String::new(),
            is_known: true,
            is_off: false,
        }
    }
}

/// Reads the settings of a site. What cannot be read is a line of the report.
pub(super) fn read(tree: &Tree, report: &mut Report) -> Config {
    let mut values = Mapping::new();
    let mut file = String::new();
    let names = ["hugo", "config"]
        .iter()
        .flat_map(|stem| ENDINGS.map(|ending| format!("{stem}.{ending}")));
    for name in names.filter(|name| tree.has(name)) {
        if file.is_empty() {
            merge(&mut values, parsed(tree, &name, report));
            file = name;
        }
    }
    for path in tree
        .below("config/_default")
        .map(str::to_owned)
        .collect::<Vec<_>>()
    {
        let name = path.rsplit('/').next().unwrap_or(&path);
        let Some((stem, _)) = name
            .rsplit_once('.')
            .filter(|(_, ending)| ENDINGS.contains(ending))
        else {
            continue;
        };
        let found = parsed(tree, &path, report);
        if file.is_empty() || matches!(stem, "hugo" | "config") {
            file.clone_from(&path);
        }
        merge(&mut values, below(stem, found));
    }
    if tree
        .below("config")
        .any(|path| !path.starts_with("config/_default/"))
    {
        let message = "settings of other environments than the usual one are not read";
        report.lost(
            Outcome::Dropped,
            "configuration",
            Place::file("config"),
            None,
            message,
        );
    }
    let mut values = Fields(values);
    mounted(&mut values);
    Config {
        languages: languages(&values),
        taxonomies: taxonomies(&values),
        values,
        file,
    }
}

fn parsed(tree: &Tree, path: &str, report: &mut Report) -> Mapping {
    let ending = path.rsplit('.').next().unwrap_or("");
    let text = match tree.text(path) {
        Ok(found) => found.text,
        Err(why) => {
            report.lost(
                Outcome::Dropped,
                "configuration",
                Place::file(path),
                None,
                why,
            );
            return Mapping::new();
        }
    };
    front::settings(&text, ending).unwrap_or_else(|broken| {
        let place = Place::at(path, broken.line, 0);
        report.lost(
            Outcome::Dropped,
            "configuration",
            place,
            None,
            broken.message,
        );
        Mapping::new()
    })
}

/// What a file of config/_default says, where it belongs: `menus.de.toml` is `languages.de.menus`.
fn below(stem: &str, found: Mapping) -> Mapping {
    let wrap =
        |name: &str, found: Mapping| Mapping::from_iter([(name.into(), Value::Mapping(found))]);
    let (name, language) = stem
        .split_once('.')
        .map_or((stem, None), |(name, language)| (name, Some(language)));
    let found = if matches!(name, "hugo" | "config") {
        found
    } else {
        wrap(name, found)
    };
    match language {
        Some(language) => wrap("languages", wrap(language, found)),
        None => found,
    }
}

fn merge(into: &mut Mapping, other: Mapping) {
    for (key, value) in other {
        match (into.get_mut(&key), value) {
            (Some(Value::Mapping(there)), Value::Mapping(more)) => merge(there, more),
            (_, value) => drop(into.insert(key, value)),
        }
    }
}

/// Folders that are mounted as the texts of the site, or of a language, are said to be these.
fn mounted(values: &mut Fields) {
    let mounts = values
        .within(&["module", "mounts"])
        .and_then(Value::as_sequence);
    let say = |mount: &Value, name: &str| inside(mount, name).and_then(text_of).unwrap_or_default();
    let texts = mounts
        .into_iter()
        .flatten()
        .filter(|mount| say(mount, "target") == "content");
    let folders: Vec<(String, String)> = texts
        .map(|mount| (say(mount, "lang"), say(mount, "source")))
        .collect();
    let own = values
        .get("defaultContentLanguage")
        .and_then(text_of)
        .unwrap_or_else(|| "en".to_owned());
    for (language, folder) in folders {
        let folder = Mapping::from_iter([("contentDir".into(), folder.into())]);
        let said = if language.is_empty() || language == own {
            folder
        } else {
            below(&format!("hugo.{language}"), folder)
        };
        merge(&mut values.0, said);
    }
}

fn languages(values: &Fields) -> Vec<Language> {
    let own = values
        .get("defaultContentLanguage")
        .and_then(text_of)
        .unwrap_or_else(|| "en".to_owned());
    let own = own.to_ascii_lowercase();
    let in_folder = values
        .get("defaultContentLanguageInSubdir")
        .and_then(flag_of)
        == Some(true);
    let disabled = values.get("disableLanguages").and_then(list_of);
    let disabled = disabled.unwrap_or_default();
    let language = |tag: &str, said: Option<&Value>| Language {
        tag: tag.to_owned(),
        folder: said
            .and_then(|said| text_of(inside(said, "contentDir")?))
            .map(|folder| folder.trim_matches('/').to_owned()),
        prefix: if tag == own && !in_folder {
            String::new()
        } else {
            format!("/{tag}")
        },
        is_known: settings::language(tag).is_some(),
        is_off: tag != own
            && (said.and_then(|said| flag_of(inside(said, "disabled")?)) == Some(true)
                || disabled.iter().any(|name| name.eq_ignore_ascii_case(tag))),
    };
    let mut all = vec![language(&own, values.within(&["languages", &own]))];
    let said = values.get("languages").and_then(Value::as_mapping);
    for (tag, said) in said.into_iter().flatten() {
        let tag = text_of(tag).unwrap_or_default().to_ascii_lowercase();
        if said.is_mapping() && tag != own {
            all.push(language(&tag, Some(said)));
        }
    }
    if all.iter().filter(|language| !language.is_off).count() == 1 {
        // With one language its folder is in no address unless there are several.
        all[0].prefix = String::new();
    }
    all
}

fn taxonomies(values: &Fields) -> Vec<String> {
    let disabled = values
        .get("disableKinds")
        .and_then(list_of)
        .unwrap_or_default();
    if disabled.iter().any(|kind| kind == "taxonomy") && disabled.iter().any(|kind| kind == "term")
    {
        return Vec::new();
    }
    let mut plurals: Vec<String> = match values.get("taxonomies").and_then(Value::as_mapping) {
        Some(said) => said
            .iter()
            .filter_map(|(_, plural)| text_of(plural))
            .collect(),
        None => ["tags", "categories"].map(str::to_owned).to_vec(),
    };
    // The words that readers know best come first.
    plurals.sort_by_key(|plural| plural != "tags");
    plurals
}

impl Config {
    /// A text of the settings.
    pub fn text(&self, names: &[&str]) -> Option<String> {
        self.values.within(names).and_then(text_of)
    }

    /// The folder of texts, if no language has its own.
    pub fn content(&self) -> String {
        let folder = self
            .text(&["contentDir"])
            .unwrap_or_else(|| "content".to_owned());
        folder.trim_matches('/').to_owned()
    }

    /// What a language says of something, or else the site.
    pub fn of_language(&self, tag: &str, name: &str) -> Option<String> {
        self.text(&["languages", tag, name])
            .or_else(|| self.text(&[name]))
    }

    /// The languages that the site is made in, its own first.
    pub fn live_languages(&self) -> impl Iterator<Item = &Language> {
        self.languages.iter().filter(|language| !language.is_off)
    }

    /// Whether Hugo shows HTML that stands in Markdown. Where there are no settings nobody can tell, and
    /// it is shown.
    pub fn shows_html(&self) -> bool {
        let handler = self.text(&["markup", "defaultMarkdownHandler"]);
        let is_goldmark = handler.is_none_or(|name| name.eq_ignore_ascii_case("goldmark"));
        let said = self
            .values
            .within(&["markup", "goldmark", "renderer", "unsafe"]);
        self.file.is_empty() || !is_goldmark || said.and_then(flag_of) == Some(true)
    }

    /// The settings of the site that is made.
    pub fn settings(&self, report: &mut Report) -> Settings {
        let own = &self.languages[0].tag;
        let code = self
            .of_language(own, "locale")
            .or_else(|| self.of_language(own, "languageCode"));
        let code = code.filter(|code| code.to_ascii_lowercase().starts_with(own.as_str()));
        let mut made = Settings {
            title: self.of_language(own, "title").unwrap_or_default(),
            description: self.description(own),
            language: code
                .and_then(|code| settings::language(&code))
                .or_else(|| settings::language(own))
                .unwrap_or_default(),
            ..Settings::default()
        };
        // A site in several languages has its own in names of files too.
        if self.live_languages().count() > 1 && self.languages[0].is_known {
            made.language.clone_from(own);
        }
        for language in self
            .live_languages()
            .skip(1)
            .filter(|language| language.is_known)
        {
            let edition = Edition {
                title: self
                    .text(&["languages", &language.tag, "title"])
                    .unwrap_or_default(),
                description: self
                    .text(&["languages", &language.tag, "params", "description"])
                    .unwrap_or_default(),
            };
            made.languages.insert(language.tag.clone(), edition);
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
        for language in self.live_languages().filter(|language| !language.is_known) {
            lost(
                "language",
                format!(
                    "`{}` is no language; its pages stay in the site's own",
                    language.tag
                ),
            );
        }
        if let Some(url) = made.place(self.text(&["baseURL"])) {
            lost(
                "configuration",
                format!("the site's address cannot be `{url}`"),
            );
        }
        match settings::timezone(self.text(&["timeZone"])) {
            Ok(zone) => made.timezone = zone,
            Err(zone) => lost("configuration", format!("there is no time zone `{zone}`")),
        }
        let size = self
            .values
            .within(&["pagination", "pagerSize"])
            .or_else(|| self.values.get("paginate"));
        made.page_size(size);
        let mounts = self
            .values
            .within(&["module", "mounts"])
            .and_then(Value::as_sequence);
        for mount in mounts.into_iter().flatten() {
            let say = |name: &str| inside(mount, name).and_then(text_of).unwrap_or_default();
            let (source, target) = (say("source"), say("target"));
            if target != "content"
                && source != target
                && !matches!(
                    target.as_str(),
                    "assets" | "layouts" | "i18n" | "archetypes"
                )
            {
                lost(
                    "configuration",
                    format!("{source} is mounted as {target}, and is not read"),
                );
            }
        }
        if self.values.within(&["module", "imports"]).is_some()
            || self.values.get("theme").is_some()
        {
            lost(
                "theme",
                "themes and modules of Hugo are not converted, and what they bring is not read"
                    .to_owned(),
            );
        }
        made
    }

    fn description(&self, own: &str) -> String {
        let of_language = self.text(&["languages", own, "params", "description"]);
        of_language
            .or_else(|| self.text(&["params", "description"]))
            .unwrap_or_default()
    }
}

/// Patterns of addresses by section, in the old form and in the new one.
pub(super) fn permalinks(values: &Fields, kind: &str) -> BTreeMap<String, String> {
    let mut patterns = BTreeMap::new();
    let Some(said) = values.get("permalinks").and_then(Value::as_mapping) else {
        return patterns;
    };
    for (name, value) in said {
        let name = text_of(name).unwrap_or_default();
        if let (Some(pattern), true) = (text_of(value), kind == "page") {
            patterns.insert(name, pattern);
        } else if let (Some(inner), true) = (value.as_mapping(), name == kind) {
            let entries = inner
                .iter()
                .filter_map(|(name, pattern)| Some((text_of(name)?, text_of(pattern)?)));
            patterns.extend(entries);
        }
    }
    patterns
}
