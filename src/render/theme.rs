//! Themes: templates, assets and settings.
//!
//! A template is looked for in the site's templates/, then in the theme, then in the theme's
//! parent. The default theme is embedded in the program; a folder of its name in themes/ takes
//! its place.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;
use std::str::FromStr;

use include_dir::{Dir, include_dir};
use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess};

use super::assets::{Asset, AssetFile, assets};
use super::texts::Texts;
use crate::config::{Config, FILE};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place, closest};
use crate::source;
use crate::yaml::{self, Duplicates, Record, Source, Text, Value};

static BROADSHEET: Dir = include_dir!("$CARGO_MANIFEST_DIR/themes/broadsheet");

/// Name of the theme that is embedded.
pub const EMBEDDED: &str = "broadsheet";

/// Longest chain of parents.
const DEEPEST: usize = 8;

/// A template's source, and where it is.
#[derive(Debug, Clone)]
pub(super) struct TemplateFile {
    /// Name that other templates use, with the theme's name and a slash in front unless it is
    /// the site's own.
    pub name: String,
    /// Path as diagnostics show it.
    pub file: String,
    /// The template.
    pub text: String,
}

/// A theme, with its parents and the site's own templates.
#[derive(Debug, Default)]
pub struct Theme {
    /// The theme's name, and those of its parents.
    pub names: Vec<String>,
    pub(super) templates: Vec<TemplateFile>,
    /// Files to be published.
    pub assets: Vec<Asset>,
    /// Settings with their defaults.
    pub params: BTreeMap<String, Value>,
    /// Its words, by language.
    pub texts: Texts,
    /// Colour of the browser's own surfaces around a page, for the web manifest.
    pub theme_color: Option<String>,
    /// Colour of a page before it is there, for the web manifest.
    pub background_color: Option<String>,
}

/// A setting of a theme.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct Param {
    #[serde(rename = "type")]
    kind: ParamKind,
    #[serde(default)]
    default: Value,
    #[serde(default, rename = "description")]
    _description: String,
    /// For a text, or the texts of a list: the only values it may have.
    #[serde(default)]
    choices: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum ParamKind {
    Text,
    Bool,
    Number,
    Color,
    List,
    Map,
}

impl ParamKind {
    fn fits(self, value: &Value) -> bool {
        match self {
            _ if value.is_null() => true,
            Self::Text => value.is_string() || value.is_number() || value.is_bool(),
            Self::Bool => value.is_bool(),
            Self::Number => value.is_number(),
            Self::Color => value.as_str().is_some_and(is_color),
            Self::List => value.is_sequence(),
            Self::Map => value.is_mapping(),
        }
    }

    fn in_words(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Bool => "true or false",
            Self::Number => "a number",
            Self::Color => "a colour such as \"#1a2b3c\" or teal",
            Self::List => "a list",
            Self::Map => "a mapping",
        }
    }
}

/// `#rgb`, `#rrggbb` or a name.
fn is_color(text: &str) -> bool {
    match text.strip_prefix('#') {
        Some(hex) => matches!(hex.len(), 3 | 6) && hex.bytes().all(|b| b.is_ascii_hexdigit()),
        None => !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphabetic()),
    }
}

#[derive(Debug, Default)]
struct RawTheme {
    parent: Option<String>,
    params: BTreeMap<String, Param>,
    theme_color: Option<String>,
    background_color: Option<String>,
    unknown: Vec<String>,
}

const THEME_KEYS: &[&str] = &[
    "name",
    "version",
    "description",
    "author",
    "license",
    "pressroom",
    "parent",
    "params",
    "theme_color",
    "background_color",
];

impl Record for RawTheme {
    fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "parent" => self.parent = map.next_value::<Option<Text>>()?.map(|text| text.0),
            "theme_color" => self.theme_color = next_color(map)?,
            "background_color" => self.background_color = next_color(map)?,
            "params" => self.params = map.next_value::<Option<_>>()?.unwrap_or_default(),
            _ => {
                map.next_value::<IgnoredAny>()?;
                if !THEME_KEYS.contains(&key) {
                    self.unknown.push(key.to_owned());
                }
            }
        }
        Ok(())
    }
}

/// A colour of theme.yaml.
struct Color(String);

impl FromStr for Color {
    type Err = (String, String);

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if is_color(text) {
            Ok(Self(text.to_owned()))
        } else {
            let hint = "write a colour such as \"#1a2b3c\" or teal".to_owned();
            Err((format!("`{text}` is no colour"), hint))
        }
    }
}

fn next_color<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<String>, A::Error> {
    Ok(yaml::next_parsed::<Color, A>(map)?.map(|color| color.0))
}

/// One theme of the chain: its files by their path within the theme.
struct Layer {
    name: String,
    files: Vec<(String, Cow<'static, [u8]>)>,
}

impl Theme {
    /// Loads the theme that the configuration names.
    #[must_use]
    pub fn load(root: &Path, config: &Config) -> (Self, Diagnostics) {
        let mut diagnostics = Diagnostics::new();
        let mut theme = Self::default();
        let mut params: BTreeMap<String, Param> = BTreeMap::new();
        let mut files = Vec::new();
        theme.add_site_texts(root, &mut diagnostics);
        let config_source = Source::settings(FILE, &config.text);
        let mut next = Some((
            config.theme.clone(),
            yaml::place_of_key(config_source, "theme"),
        ));
        while let Some((name, named_at)) = next.take() {
            if theme.names.contains(&name) || theme.names.len() == DEEPEST {
                let message = format!(
                    "the theme {} is its own parent, through {name}",
                    theme.names[0]
                );
                let hint = "remove `parent` from one of the themes";
                diagnostics.push(
                    Diagnostic::new(Code::ThemeMissing, message)
                        .at(named_at)
                        .hint(hint),
                );
                break;
            }
            let Some(layer) = layer(root, &name, &mut diagnostics) else {
                diagnostics.push(no_theme(root, &name, named_at));
                break;
            };
            let raw = theme_yaml(&layer, &mut diagnostics);
            for (key, param) in raw.params {
                if !param.kind.fits(&param.default) {
                    let what = param.kind.in_words();
                    let message = format!("the default of the setting `{key}` must be {what}");
                    let place = Place::file(format!("themes/{name}/theme.yaml"));
                    let hint = "a setting's `type` and `default` have to agree";
                    diagnostics.push(
                        Diagnostic::new(Code::ConfigValue, message)
                            .at(place)
                            .hint(hint),
                    );
                }
                params.entry(key).or_insert(param);
            }
            theme.theme_color = theme.theme_color.or(raw.theme_color);
            theme.background_color = theme.background_color.or(raw.background_color);
            next = raw
                .parent
                .map(|parent| (parent, Place::file(format!("themes/{name}/theme.yaml"))));
            theme.add(layer, &mut files, &mut diagnostics);
        }
        theme.add_embedded_texts(&mut diagnostics);
        if !theme.texts.know(&config.language) {
            diagnostics.push(no_texts(config));
        }
        theme.assets = assets(files);
        theme.add_site_templates(root, &mut diagnostics);
        theme.params = check_params(config, &params, &mut diagnostics);
        diagnostics.sort();
        (theme, diagnostics)
    }

    fn add(&mut self, layer: Layer, files: &mut Vec<AssetFile>, diagnostics: &mut Diagnostics) {
        for (path, bytes) in layer.files {
            let file = format!("themes/{}/{path}", layer.name);
            if let Some(name) = path.strip_prefix("templates/") {
                match String::from_utf8(bytes.into_owned()) {
                    Ok(text) => self.templates.push(TemplateFile {
                        name: format!("{}/{name}", layer.name),
                        file,
                        text,
                    }),
                    Err(_) => diagnostics.push(
                        Diagnostic::new(Code::NotUtf8, "this template is not UTF-8")
                            .at(Place::file(file))
                            .hint("save it as UTF-8"),
                    ),
                }
            } else if let Some(language) = text_language(&path) {
                let yaml = String::from_utf8_lossy(&bytes);
                diagnostics.extend(self.texts.add(language, &file, &yaml));
            } else if let Some(name) = path.strip_prefix("static/")
                && !files.iter().any(|asset| asset.path == name)
            {
                files.push(AssetFile {
                    path: name.to_owned(),
                    file,
                    bytes,
                });
            }
        }
        self.names.push(layer.name);
    }

    /// The site's own words, which come before those of themes.
    fn add_site_texts(&mut self, root: &Path, diagnostics: &mut Diagnostics) {
        let (files, found) = source::walk(root, "i18n");
        diagnostics.extend(found);
        for file in files {
            match (text_language(&file.path), source::text(&file)) {
                (Some(language), Ok(text)) => {
                    diagnostics.extend(self.texts.add(language, &file.path, &text));
                }
                (None, _) => {}
                (_, Err(diagnostic)) => diagnostics.push(diagnostic),
            }
        }
    }

    /// The words that the program itself needs, such as the titles of indexes, for themes that
    /// have none.
    fn add_embedded_texts(&mut self, diagnostics: &mut Diagnostics) {
        let files = BROADSHEET.get_dir("i18n").into_iter().flat_map(Dir::files);
        for file in files {
            let path = file.path().to_string_lossy().replace('\\', "/");
            if let (Some(language), Some(yaml)) = (text_language(&path), file.contents_utf8()) {
                let file = format!("themes/{EMBEDDED}/{path}");
                diagnostics.extend(self.texts.add(language, &file, yaml));
            }
        }
    }

    fn add_site_templates(&mut self, root: &Path, diagnostics: &mut Diagnostics) {
        let (files, found) = source::walk(root, "templates");
        diagnostics.extend(found);
        for file in files {
            match source::text(&file) {
                Ok(text) => self.templates.push(TemplateFile {
                    name: file.path.trim_start_matches("templates/").to_owned(),
                    file: file.path,
                    text,
                }),
                Err(diagnostic) => diagnostics.push(diagnostic),
            }
        }
    }

    /// The text of a template by its path as diagnostics show it.
    #[must_use]
    pub fn template_text(&self, file: &str) -> Option<&str> {
        let template = self
            .templates
            .iter()
            .find(|template| template.file == file)?;
        Some(&template.text)
    }
}

/// The text of a file of the embedded theme, by its path as diagnostics show it.
#[must_use]
pub fn embedded_text(file: &str) -> Option<&'static str> {
    let path = file.strip_prefix("themes/broadsheet/")?;
    BROADSHEET.get_file(path)?.contents_utf8()
}

fn no_texts(config: &Config) -> Diagnostic {
    let language = &config.language;
    let message =
        format!("the theme has no words in the language `{language}`; they are in English");
    let place = yaml::place_of_key(Source::settings(FILE, &config.text), "language");
    let hint =
        format!("translate the theme's i18n/en.yaml in a file i18n/{language}.yaml of the site");
    Diagnostic::new(Code::TextsMissing, message)
        .at(place)
        .hint(hint)
}

/// The language of a file of texts: `i18n/LANGUAGE.yaml`.
fn text_language(path: &str) -> Option<&str> {
    path.strip_prefix("i18n/")?.strip_suffix(".yaml")
}

/// A theme's files: those of its folder, or those that are embedded.
fn layer(root: &Path, name: &str, diagnostics: &mut Diagnostics) -> Option<Layer> {
    let folder = format!("themes/{name}");
    let mut files = Vec::new();
    if root.join(&folder).is_dir() {
        let (found, problems) = source::walk(root, &folder);
        diagnostics.extend(problems);
        for file in found {
            match source::bytes(&file) {
                Ok(bytes) => files.push((file.path[folder.len() + 1..].to_owned(), bytes.into())),
                Err(diagnostic) => diagnostics.push(diagnostic),
            }
        }
    } else if name == EMBEDDED {
        embedded_files(&BROADSHEET, &mut files);
        files.sort_by(|a, b| a.0.cmp(&b.0));
    } else {
        return None;
    }
    Some(Layer {
        name: name.to_owned(),
        files,
    })
}

fn embedded_files(dir: &'static Dir, files: &mut Vec<(String, Cow<'static, [u8]>)>) {
    for file in dir.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        files.push((path, file.contents().into()));
    }
    for dir in dir.dirs() {
        embedded_files(dir, files);
    }
}

fn no_theme(root: &Path, name: &str, place: Place) -> Diagnostic {
    let mut themes = vec![EMBEDDED.to_owned()];
    if let Ok(entries) = std::fs::read_dir(root.join("themes")) {
        let names = entries.flatten().filter(|entry| entry.path().is_dir());
        themes.extend(names.map(|entry| entry.file_name().to_string_lossy().into_owned()));
    }
    themes.sort();
    themes.dedup();
    let hint = match closest(name, themes.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "the themes at hand are {}; a theme is a folder in themes/",
            themes.join(", ")
        ),
    };
    Diagnostic::new(Code::ThemeMissing, format!("there is no theme `{name}`"))
        .at(place)
        .hint(hint)
}

fn theme_yaml(layer: &Layer, diagnostics: &mut Diagnostics) -> RawTheme {
    let file = format!("themes/{}/theme.yaml", layer.name);
    let Some((_, bytes)) = layer.files.iter().find(|(path, _)| path == "theme.yaml") else {
        diagnostics.push(
            Diagnostic::new(
                Code::ThemeMissing,
                format!("the theme `{}` has no theme.yaml", layer.name),
            )
            .at(Place::file(&file))
            .hint("write one with at least `name: …`"),
        );
        return RawTheme::default();
    };
    let text = String::from_utf8_lossy(bytes);
    let source = Source::settings(&file, &text);
    let (raw, found) = yaml::record(source, Duplicates::Error, RawTheme::default);
    diagnostics.extend(found);
    for key in &raw.unknown {
        let hint = match closest(key, THEME_KEYS.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its keys are {}", THEME_KEYS.join(", ")),
        };
        let message = format!("theme.yaml has no key `{key}`");
        diagnostics.push(
            Diagnostic::new(Code::ConfigKey, message)
                .at(yaml::place_of_key(source, key))
                .hint(hint),
        );
    }
    raw
}

/// The theme's settings as the site has them.
fn check_params(
    config: &Config,
    params: &BTreeMap<String, Param>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, Value> {
    let mut values: BTreeMap<String, Value> = params
        .iter()
        .map(|(name, param)| (name.clone(), param.default.clone()))
        .collect();
    let place = |name: &str| config.place_of("params", name);
    for (name, value) in &config.params {
        let Some(param) = params.get(name) else {
            let hint = match closest(name, params.keys().map(String::as_str)) {
                Some(near) => format!("did you mean `{near}`?"),
                None if params.is_empty() => "this theme has no settings".to_owned(),
                None => format!(
                    "its settings are {}",
                    params.keys().cloned().collect::<Vec<_>>().join(", ")
                ),
            };
            let message = format!("the theme {} has no setting `{name}`", config.theme);
            diagnostics.push(
                Diagnostic::new(Code::ConfigKey, message)
                    .at(place(name))
                    .hint(hint),
            );
            continue;
        };
        let is_choice = |value: &Value| {
            let text = value.as_str();
            param.choices.is_empty()
                || text.is_some_and(|text| param.choices.iter().any(|c| c == text))
        };
        let chosen = match value.as_sequence() {
            Some(list) => list.iter().all(is_choice),
            None => !value.is_string() || is_choice(value),
        };
        if param.kind.fits(value) && chosen {
            values.insert(name.clone(), value.clone());
        } else {
            let what = if chosen {
                param.kind.in_words().to_owned()
            } else {
                param.choices.join(" or ")
            };
            let message = format!("the theme's setting `{name}` must be {what}");
            let hint = format!("write {what}; theme.yaml says what each setting is");
            diagnostics.push(
                Diagnostic::new(Code::ConfigValue, message)
                    .at(place(name))
                    .hint(hint),
            );
        }
    }
    values
}
