//! Values that are one thing for a template and a smaller one for a [`Key`]: what they are made
//! from. Serializers that people cannot read are those of keys.

use std::borrow::Cow;
use std::sync::LazyLock;

use serde::{Serialize, Serializer};
use tera::Value;

use super::language::Language;
use crate::config::BaseUrl;
use crate::key::Key;
use crate::markdown;
use crate::model::{Moment, UrlPath};
use crate::yaml;

/// A value that many pages share. A key has only its key.
#[derive(Clone)]
pub(super) struct Keyed {
    pub value: Value,
    key: Key,
}

impl Keyed {
    pub fn new(value: &impl Serialize) -> Self {
        Self {
            key: Key::of(value),
            value: Value::from_serializable(value),
        }
    }
}

impl Serialize for Keyed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            self.value.serialize(serializer)
        } else {
            self.key.serialize(serializer)
        }
    }
}

/// A map with nothing in it, which most articles have.
static NOTHING: LazyLock<Value> = LazyLock::new(|| Value::from(tera::Map::new()));

/// Front matter that nobody has given a meaning, if there is any: for a template, a map in any case. A key
/// has it as text, in which `1` is not `true`.
pub(super) struct Untyped<'a>(pub Option<&'a yaml::Mapping>);

impl Serialize for Untyped<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Some(mapping) if serializer.is_human_readable() => mapping.serialize(serializer),
            Some(mapping) => yaml::to_text(mapping).serialize(serializer),
            None if serializer.is_human_readable() => NOTHING.serialize(serializer),
            None => "".serialize(serializer),
        }
    }
}

/// A URL. A key has the path of the site that it is made from: the base URL is in all keys.
pub(super) enum Href<'a> {
    /// As pages refer to it.
    Path(&'a BaseUrl, &'a UrlPath),
    /// As a whole.
    Whole(&'a BaseUrl, &'a UrlPath),
    /// As it is.
    Written(Cow<'a, str>),
}

impl Serialize for Href<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let is_readable = serializer.is_human_readable();
        match self {
            Self::Path(base, path) if is_readable => {
                serializer.serialize_str(&base.href(path.as_str()))
            }
            Self::Whole(base, path) if is_readable => {
                serializer.serialize_str(&base.absolute(path.as_str()))
            }
            Self::Written(url) if is_readable => serializer.serialize_str(url),
            // Which of the two forms it is, its field says.
            Self::Path(_, path) | Self::Whole(_, path) => {
                serializer.serialize_newtype_variant("Href", 0, "Here", path.as_str())
            }
            Self::Written(url) => serializer.serialize_newtype_variant("Href", 1, "Written", url),
        }
    }
}

/// HTML of a body. A key has what it is made from.
#[derive(Serialize)]
#[serde(untagged)]
pub(super) enum Content {
    None,
    Html(Value),
    Key(Key),
}

/// A date in a language. A key has the moment; the language stands beside it.
pub(super) struct DateValue<'a> {
    moment: Moment,
    language: &'a Language,
}

impl Serialize for DateValue<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Parts<'a> {
            iso: String,
            day: String,
            text: String,
            year: i16,
            month: u8,
            month_name: &'a str,
        }
        let Self { moment, language } = self;
        if !serializer.is_human_readable() {
            return moment.serialize(serializer);
        }
        let parts = Parts {
            iso: moment.rfc3339(),
            day: moment.date(),
            text: language.day(*moment),
            year: moment.year(),
            month: moment.month(),
            month_name: language.month(moment.month()),
        };
        parts.serialize(serializer)
    }
}

/// A date as templates see it, or none.
pub(super) fn date(moment: Option<Moment>, language: &Language) -> Option<DateValue<'_>> {
    moment.map(|moment| DateValue { moment, language })
}

/// What a comment says. A key has it as it is written.
pub(super) struct CommentText<'a>(pub &'a str);

impl Serialize for CommentText<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            safe(&markdown::comment_html(self.0)).serialize(serializer)
        } else {
            self.0.serialize(serializer)
        }
    }
}

/// HTML that templates print as it is.
pub(super) fn safe(html: &str) -> Value {
    Value::safe_string(html)
}
