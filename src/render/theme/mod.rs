//! Themes: templates, assets and settings.
//!
//! A template is looked for in the site's templates/, then in the theme, then in the theme's
//! parent. Two themes are embedded in the program; a folder of the same name in themes/ takes
//! the place of each.

mod chain;
mod check;
mod eject;
mod fonts;
mod layer;
mod list;
mod manifest;
mod params;
mod reads;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

pub use check::check_theme;
pub use eject::{ThemeFile, theme_file};
pub use layer::embedded_text;
pub use list::{ThemeSummary, list_themes};

use serde::Serialize;

use super::assets::{Asset, Statics, assets};
use super::components::defined;
use super::texts::Texts;
use crate::config::{Config, Edition, FILE};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::drawing::Fonts;
use crate::key::Key;
use crate::source;
use crate::yaml::{self, Source, Value};
use chain::Chain;
use fonts::FontFile;
use layer::Layer;
use params::{Param, check_params};

/// The theme that has what every theme may lack.
const BROADSHEET: &str = "broadsheet";

/// A template's source, and where it is.
#[derive(Debug, Clone, Serialize)]
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
    /// What drawings are made with, if the site has any.
    pub fonts: Option<Arc<Fonts>>,
    font_files: Vec<FontFile>,
    /// Files to be published.
    pub assets: Vec<Asset>,
    /// Settings with their defaults, for each edition of the site.
    pub params: Vec<BTreeMap<String, Value>>,
    /// Its words, by language.
    pub texts: Texts,
    /// Colour of the browser's own surfaces around a page, for the web manifest.
    pub theme_color: Option<String>,
    /// Colour of a page before it is there, for the web manifest.
    pub background_color: Option<String>,
    /// How wide pictures are in an article's text, in the form of the attribute `sizes` (HTML,
    /// 4.8.4.2.2): over the whole screen, where nothing is said.
    pub sizes: String,
}

/// The name of the component whose style sheet lies at a path below static/.
fn sheet_of(path: &str) -> Option<&str> {
    path.strip_prefix("components/")?.strip_suffix(".css")
}

impl Theme {
    /// What every page is made from.
    pub(super) fn key(&self) -> Key {
        let params = yaml::to_text(&self.params);
        let fonts = self.fonts.as_ref().map(|fonts| fonts.hash());
        Key::of(&(&self.names, &self.templates, params, fonts, &self.sizes))
    }

    /// The names of the components that templates define.
    #[must_use]
    pub fn components(&self) -> BTreeSet<Box<str>> {
        let templates = self.templates.iter();
        let names = templates.flat_map(|template| defined(&template.text));
        names.map(Into::into).collect()
    }

    /// The component whose style sheet an asset is, `components/NAME.css`, where no template names that
    /// file: so pages link it that call the component, and no others.
    #[must_use]
    pub fn component_of<'a>(&self, asset: &'a Asset) -> Option<&'a str> {
        let name = sheet_of(&asset.path)?;
        let file = format!("{name}.css");
        let names = |template: &TemplateFile| {
            let mut found = template.text.match_indices("components/");
            found.any(|(at, folder)| {
                let after = &template.text[at + folder.len()..];
                // A name that is put together may be this one.
                after.starts_with(&file) || after.starts_with(['"', '\''])
            })
        };
        (!self.templates.iter().any(names)).then_some(name)
    }

    /// Loads the theme that the configuration names.
    #[must_use]
    pub fn load(root: &Path, config: &Config) -> (Self, Diagnostics) {
        let mut diagnostics = Diagnostics::new();
        let chain = Chain::of_site(root, config, &mut diagnostics);
        let own = site_texts(root, &mut diagnostics);
        let (mut theme, params) = Self::of(chain, own, config, &mut diagnostics);
        for (file, yaml) in layer::embedded_texts() {
            diagnostics.extend(theme.texts.add_file(&file, yaml));
        }
        theme.add_components();
        let without = |edition: &&Edition| !theme.texts.know(&edition.language);
        diagnostics.extend(
            config
                .editions
                .iter()
                .filter(without)
                .map(|edition| no_texts(config, edition)),
        );
        theme.add_site_templates(root, &mut diagnostics);
        if config.social_cards {
            theme.add_fonts(root, &mut diagnostics);
        }
        let defaults = params.iter();
        let defaults = defaults.map(|(name, param)| (name.clone(), param.default.clone()));
        let defaults: BTreeMap<String, Value> = defaults.collect();
        for edition in &config.editions {
            let usual = theme.params.first().unwrap_or(&defaults).clone();
            let own = check_params(config, edition, &params, usual, &mut diagnostics);
            theme.params.push(own);
        }
        diagnostics.sort();
        (theme, diagnostics)
    }

    /// A theme as it comes, without templates of the site's own, and its settings. `texts`: words
    /// that come before those of the theme.
    fn of(
        chain: Chain,
        texts: Texts,
        config: &Config,
        diagnostics: &mut Diagnostics,
    ) -> (Self, BTreeMap<String, Param>) {
        let mut theme = Self {
            texts,
            ..Self::default()
        };
        let mut params: BTreeMap<String, Param> = BTreeMap::new();
        let (mut statics, mut sizes) = (Statics::default(), None);
        for (layer, manifest) in chain.layers {
            for (key, param) in manifest.params {
                params.entry(key).or_insert(param);
            }
            theme.theme_color = theme.theme_color.or(manifest.theme_color);
            theme.background_color = theme.background_color.or(manifest.background_color);
            sizes = sizes.or(manifest.picture_sizes);
            theme.add(layer, &mut statics, diagnostics);
        }
        theme.sizes = sizes.unwrap_or_else(|| "100vw".to_owned());
        theme.assets = assets(statics, config.minify.css, diagnostics);
        (theme, params)
    }

    fn add(&mut self, layer: Layer, statics: &mut Statics, diagnostics: &mut Diagnostics) {
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
            } else if path.starts_with("i18n/") {
                let yaml = String::from_utf8_lossy(&bytes);
                diagnostics.extend(self.texts.add_file(&file, &yaml));
            } else if path.starts_with("fonts/") {
                self.font_files.push(FontFile { file, bytes });
            } else if let Some(path) = path.strip_prefix("static/") {
                statics.add(&layer.name, path, file, bytes, diagnostics);
            }
        }
        self.names.push(layer.name);
    }

    /// The components that articles can call, as far as the theme has not got them from broadsheet.
    /// Templates of the theme itself come before them.
    fn add_components(&mut self) {
        for (file, text) in layer::embedded_components() {
            let name = file.replace("themes/", "").replace("/templates/", "/");
            if self.templates.iter().all(|template| template.name != name) {
                let text = text.to_owned();
                self.templates.push(TemplateFile { name, file, text });
            }
        }
        if self.names.iter().all(|name| name != BROADSHEET) {
            self.names.push(BROADSHEET.to_owned());
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

/// The site's own words, which come before those of themes.
fn site_texts(root: &Path, diagnostics: &mut Diagnostics) -> Texts {
    let mut texts = Texts::default();
    let (files, found) = source::walk(root, "i18n");
    diagnostics.extend(found);
    for file in files {
        match source::text(&file) {
            Ok(text) => diagnostics.extend(texts.add_file(&file.path, &text)),
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    texts
}

fn no_texts(config: &Config, edition: &Edition) -> Diagnostic {
    let language = &edition.language;
    let message =
        format!("the theme has no words in the language `{language}`; they are in English");
    let place = if edition.prefix.is_empty() {
        config.place_of_key("language")
    } else {
        config.place_of("languages", language)
    };
    let hint =
        format!("translate the theme's i18n/en.yaml in a file i18n/{language}.yaml of the site");
    Diagnostic::new(Code::TextsMissing, message)
        .at(place)
        .hint(hint)
}

/// Where the configuration names its theme.
fn named_at(config: &Config) -> Place {
    yaml::place_of_key(Source::settings(FILE, &config.text), "theme")
}
