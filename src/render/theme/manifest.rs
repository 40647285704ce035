//! theme.yaml: what a theme says of itself.
//!
//! In: the files of one theme. Out: a [`Manifest`], and what is wrong with it.

use std::collections::BTreeMap;

use semver::{Version, VersionReq};
use serde::de::{IgnoredAny, MapAccess};

use super::layer::Layer;
use super::params::{Color, Param};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place, Severity, closest};
use crate::yaml::{self, Duplicates, Record, Source, Text};

/// The version that runs, which a theme's `pressroom` has to fit.
const RUNNING: &str = env!("CARGO_PKG_VERSION");

#[derive(Debug, Default)]
pub(super) struct Manifest {
    pub name: Option<String>,
    pub version: Option<String>,
    pub description: Option<String>,
    pub parent: Option<String>,
    pub params: BTreeMap<String, Param>,
    pub theme_color: Option<String>,
    pub background_color: Option<String>,
    pub picture_sizes: Option<String>,
    pressroom: Option<String>,
    unknown: Vec<String>,
}

const KEYS: &[&str] = &[
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
    "picture_sizes",
];

impl Record for Manifest {
    fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "name" => self.name = yaml::next_text(map)?,
            "version" => self.version = yaml::next_text(map)?,
            "description" => self.description = yaml::next_text(map)?,
            "pressroom" => self.pressroom = yaml::next_text(map)?,
            "parent" => self.parent = map.next_value::<Option<Text>>()?.map(|text| text.0),
            "theme_color" => self.theme_color = next_color(map)?,
            "background_color" => self.background_color = next_color(map)?,
            "picture_sizes" => self.picture_sizes = yaml::next_text(map)?,
            "params" => self.params = map.next_value::<Option<_>>()?.unwrap_or_default(),
            _ => {
                map.next_value::<IgnoredAny>()?;
                if !KEYS.contains(&key) {
                    self.unknown.push(key.to_owned());
                }
            }
        }
        Ok(())
    }
}

fn next_color<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<String>, A::Error> {
    Ok(yaml::next_parsed::<Color, A>(map)?.map(|color| color.0))
}

impl Manifest {
    /// Reads a theme's theme.yaml. What could be read counts, even if there are errors.
    pub fn read(layer: &Layer, diagnostics: &mut Diagnostics) -> Self {
        let file = layer.path("theme.yaml");
        let Some(text) = layer.text("theme.yaml") else {
            let message = format!("the theme `{}` has no theme.yaml", layer.name);
            diagnostics.push(
                Diagnostic::new(Code::ThemeMissing, message)
                    .at(Place::file(&file))
                    .hint("write one with at least `name: …`"),
            );
            return Self::default();
        };
        let source = Source::settings(&file, &text);
        let (manifest, found) = yaml::record(source, Duplicates::Error, Self::default);
        diagnostics.extend(found);
        diagnostics.extend(manifest.unknown_keys(source));
        diagnostics.extend(manifest.another_name(source, &layer.name));
        diagnostics.extend(manifest.another_version(source, &layer.name));
        diagnostics.extend(manifest.unfit_defaults(source));
        manifest
    }

    fn unknown_keys(&self, source: Source) -> Vec<Diagnostic> {
        let unknown = self.unknown.iter().map(|key| {
            let hint = match closest(key, KEYS.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its keys are {}", KEYS.join(", ")),
            };
            Diagnostic::new(Code::ConfigKey, format!("theme.yaml has no key `{key}`"))
                .at(yaml::place_of_key(source, key))
                .hint(hint)
        });
        unknown.collect()
    }

    /// A theme goes by the name of its folder; another one in theme.yaml would mislead.
    fn another_name(&self, source: Source, folder: &str) -> Option<Diagnostic> {
        let name = self.name.as_deref().filter(|name| *name != folder)?;
        let message =
            format!("this theme calls itself `{name}`, and its folder is called `{folder}`");
        let hint = format!(
            "write `name: {folder}`, or rename the folder; sites choose a theme by its folder"
        );
        Some(
            Diagnostic::new(Code::ConfigValue, message)
                .severity(Severity::Warning)
                .at(yaml::place_of_key(source, "name"))
                .hint(hint),
        )
    }

    /// Whether the version that runs is one that the theme works with.
    fn another_version(&self, source: Source, folder: &str) -> Option<Diagnostic> {
        let written = self.pressroom.as_deref()?;
        let place = yaml::place_of_key(source, "pressroom");
        let Ok(wanted) = VersionReq::parse(written) else {
            let message = format!("`{written}` is no requirement of versions");
            let hint = "write the oldest version that the theme works with, such as \">=0.1\", or a range such as \">=0.1, <0.3\"";
            return Some(
                Diagnostic::new(Code::ConfigValue, message)
                    .at(place)
                    .hint(hint),
            );
        };
        let fits = Version::parse(RUNNING).is_ok_and(|running| wanted.matches(&running));
        if fits {
            return None;
        }
        let message =
            format!("the theme {folder} needs Pressroom {written}, and this is {RUNNING}");
        let hint = "install a version of Pressroom that fits, or one of the theme that works with this one";
        Some(
            Diagnostic::new(Code::ThemeVersion, message)
                .at(place)
                .hint(hint),
        )
    }

    fn unfit_defaults(&self, source: Source) -> Vec<Diagnostic> {
        let unfit = self
            .params
            .iter()
            .filter(|(_, param)| !param.kind.fits(&param.default));
        unfit
            .map(|(key, param)| {
                let what = param.kind.in_words();
                let message = format!("the default of the setting `{key}` must be {what}");
                Diagnostic::new(Code::ConfigValue, message)
                    .at(Place::file(source.file))
                    .hint("a setting's `type` and `default` have to agree")
            })
            .collect()
    }
}
