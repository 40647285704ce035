//! A theme by itself, without a site: what is wrong with it, and what of it nothing uses.
//!
//! Templates are known by their text alone, since what a page asks for shows only when it is
//! rendered. So what may be used is taken for used.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::chain::Chain;
use super::reads::{Read, reads, without_comments};
use super::{TemplateFile, Theme, named_at, sheet_of};
use crate::config::Config;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place, closest};
use crate::render::assets::{is_partial, is_sass, target};
use crate::render::functions::Answers;
use crate::render::icons::is_icon;
use crate::render::integrity::Integrity;
use crate::render::language::Plurals;
use crate::render::templates::Templates;
use crate::render::texts::Texts;
use crate::yaml::find_value;

/// Looks for mistakes in a theme; in the one that the site uses if no name is given.
#[must_use]
pub fn check_theme(root: &Path, config: &Config, name: Option<&str>) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    let named_at = name.is_none().then(|| named_at(config));
    let name = name.unwrap_or(&config.theme);
    let chain = Chain::read(root, name, named_at, &mut diagnostics);
    let Some(own) = Own::of(&chain) else {
        return diagnostics;
    };
    let (theme, params) = Theme::of(chain, Texts::default(), config, &mut diagnostics);
    // Without its parent, a theme would seem to lack what it takes from there.
    if !diagnostics.has_errors() {
        let answers = Answers {
            assets: BTreeMap::new(),
            pictures: BTreeMap::new(),
            integrity: Integrity::default(),
            data: BTreeMap::new(),
            data_keys: BTreeMap::new(),
            base_url: config.base_url.clone(),
            plurals: Plurals::default(),
            fonts: None,
            languages: [].into(),
        };
        if let Err(found) = Templates::load(&theme, answers) {
            diagnostics.extend(found);
        }
        let known: Vec<&str> = params.keys().map(String::as_str).collect();
        diagnostics.extend(undeclared(own.templates(&theme), &known));
        diagnostics.extend(own.unread_settings(&theme));
        diagnostics.extend(own.unmentioned_files(&theme));
    }
    diagnostics.sort();
    diagnostics
}

/// What belongs to the theme that is checked, and not to its parents, which are checked by
/// themselves.
struct Own {
    name: String,
    settings: Vec<String>,
    /// Paths below static/.
    files: Vec<String>,
    yaml: String,
    /// Style sheets, scripts and the like of the whole chain, which can refer to other files,
    /// each with its path below static/.
    referring: Vec<(String, String)>,
}

impl Own {
    fn of(chain: &Chain) -> Option<Self> {
        let (layer, manifest) = chain.layers.first()?;
        let files = layer.files.iter();
        let files = files.filter_map(|(path, _)| path.strip_prefix("static/"));
        let of_chain = chain.layers.iter().flat_map(|(layer, _)| &layer.files);
        let referring = of_chain.filter_map(|(path, bytes)| {
            let path = path
                .strip_prefix("static/")
                .filter(|path| may_refer(path))?;
            Some((path.to_owned(), String::from_utf8_lossy(bytes).into_owned()))
        });
        Some(Self {
            name: layer.name.clone(),
            settings: manifest.params.keys().cloned().collect(),
            files: files.map(str::to_owned).collect(),
            yaml: layer.text("theme.yaml").unwrap_or_default().into_owned(),
            referring: referring.collect(),
        })
    }

    fn templates<'a>(&self, theme: &'a Theme) -> impl Iterator<Item = &'a TemplateFile> {
        let prefix = format!("{}/", self.name);
        let templates = theme.templates.iter();
        templates.filter(move |template| template.name.starts_with(&prefix))
    }

    /// Settings that no template reads, not even one of a parent.
    fn unread_settings(&self, theme: &Theme) -> Vec<Diagnostic> {
        let mut read = BTreeSet::new();
        for template in &theme.templates {
            for (_, what) in reads(&template.text) {
                match what {
                    Read::Setting(name) => read.insert(name),
                    Read::All => return Vec::new(),
                };
            }
        }
        let file = format!("themes/{}/theme.yaml", self.name);
        let unread = self
            .settings
            .iter()
            .filter(|name| !read.contains(name.as_str()));
        unread
            .map(|name| {
                let message = format!("no template reads the setting `{name}`");
                let hint = format!("use it as `site.params.{name}`, or remove it from theme.yaml");
                let place = match find_value(&self.yaml, ["params"], name) {
                    Some(range) => Place::in_text(&file, &self.yaml, range),
                    None => Place::file(&file),
                };
                Diagnostic::new(Code::ThemeUnused, message)
                    .at(place)
                    .hint(hint)
            })
            .collect()
    }

    /// Static files whose name stands in no template, style sheet or script.
    fn unmentioned_files(&self, theme: &Theme) -> Vec<Diagnostic> {
        let templates: Vec<_> = theme
            .templates
            .iter()
            .map(|template| without_comments(&template.text))
            .collect();
        let mentioned = |path: &str| {
            let called = called(path);
            let (folder, name) = called.rsplit_once('/').unwrap_or(("", &called));
            // A name that is put together, as in `asset(path="icons/" ~ place ~ ".svg")`.
            let put_together = [format!("{folder}/\""), format!("{folder}/'")];
            let in_templates = templates.iter().any(|text| {
                text.contains(name)
                    || (!folder.is_empty() && put_together.iter().any(|part| text.contains(part)))
            });
            let mut others = self.referring.iter().filter(|(other, _)| other != path);
            in_templates || others.any(|(_, text)| text.contains(name))
        };
        let unmentioned = self
            .files
            .iter()
            .filter(|path| !is_icon(path) && !is_of_component(path, theme) && !mentioned(path));
        unmentioned
            .map(|path| {
                let message = format!("no template or style sheet mentions {path}");
                let called = called(path);
                let hint = if is_sass(path) && is_partial(path) {
                    format!("use it with `@use \"{called}\"`, or remove it")
                } else {
                    format!("use it as `asset(path=\"{called}\")`, or remove it")
                };
                Diagnostic::new(Code::ThemeUnused, message)
                    .at(Place::file(format!("themes/{}/static/{path}", self.name)))
                    .hint(hint)
            })
            .collect()
    }
}

/// What templates and other files call a file: a Sass sheet by that of the CSS that it becomes, or,
/// where it is only there for others, without its sign for that and its ending.
fn called(path: &str) -> Cow<'_, str> {
    if !(is_sass(path) && is_partial(path)) {
        return target(path);
    }
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    let name = name.trim_start_matches('_');
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    match folder {
        "" => stem.to_owned().into(),
        _ => format!("{folder}/{stem}").into(),
    }
}

/// Whether a file is the style sheet of a component, which pages link that call it.
fn is_of_component(path: &str, theme: &Theme) -> bool {
    sheet_of(&target(path)).is_some_and(|name| theme.components().contains(name))
}

/// Whether a file can name others: a style sheet its fonts, a script what it loads.
fn may_refer(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    matches!(
        ending,
        "css" | "scss" | "sass" | "js" | "mjs" | "svg" | "json" | "webmanifest" | "html"
    )
}

/// Settings that templates read and no theme.yaml declares, so that no site can set them.
fn undeclared<'a>(
    templates: impl Iterator<Item = &'a TemplateFile>,
    known: &[&str],
) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    for template in templates {
        for (range, what) in reads(&template.text) {
            let Read::Setting(name) = what else { continue };
            if known.contains(&name) {
                continue;
            }
            let hint = match closest(name, known.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "declare it under `params` in theme.yaml, with a type and a default; sites can set nothing else".to_owned(),
            };
            let message = format!("theme.yaml declares no setting `{name}`");
            diagnostics.push(
                Diagnostic::new(Code::ThemeSetting, message)
                    .at(Place::in_text(&template.file, &template.text, range))
                    .hint(hint),
            );
        }
    }
    diagnostics
}
