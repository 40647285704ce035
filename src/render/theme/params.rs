//! The settings of a theme: what theme.yaml declares, and what pressroom.yaml makes of it.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::Deserialize;

use crate::config::{Config, Edition};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, closest};
use crate::yaml::{self, Value};

/// A setting of a theme.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Param {
    #[serde(rename = "type")]
    pub kind: ParamKind,
    #[serde(default, deserialize_with = "yaml::readable")]
    pub default: Value,
    #[serde(default, rename = "description")]
    _description: String,
    /// For a text, or the texts of a list: the only values it may have.
    #[serde(default)]
    choices: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum ParamKind {
    Text,
    Bool,
    Number,
    Color,
    List,
    Map,
}

impl ParamKind {
    pub fn fits(self, value: &Value) -> bool {
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

    pub fn in_words(self) -> &'static str {
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

/// A colour of theme.yaml.
pub(super) struct Color(pub String);

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

/// The theme's settings as an edition of the site has them. `usual`: what it has that says nothing.
pub(super) fn check_params(
    config: &Config,
    edition: &Edition,
    params: &BTreeMap<String, Param>,
    usual: BTreeMap<String, Value>,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<String, Value> {
    let mut values = usual;
    let place = |name: &str| config.place_in_edition(edition, "params", name);
    for (name, value) in &edition.params {
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
