//! `components` of pressroom.yaml: which components articles may call, and what others are.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};

use crate::yaml::TextList;

/// What a component is that an article calls and the theme does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Components {
    /// A mistake.
    #[default]
    Error,
    /// Plain text.
    Text,
    /// Nothing: it is left out.
    Drop,
}

/// Those that are written for articles. All others are parts of pages, or a site's own, and may take
/// what is printed as it is.
pub(super) const FOR_ARTICLES: [&str; 10] = [
    "figure", "gallery", "note", "quote", "details", "video", "timeline", "chart", "article",
    "embed",
];

/// `components` as it is written.
#[derive(Debug, Default)]
pub(super) struct RawComponents {
    pub unknown: Components,
    pub allow: Option<Vec<String>>,
}

impl<'de> Deserialize<'de> for RawComponents {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Settings {
            #[serde(default)]
            unknown: Components,
            allow: Option<TextList>,
        }
        struct ComponentsVisitor;
        impl<'de> Visitor<'de> for ComponentsVisitor {
            type Value = RawComponents;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("error, text or drop, or a mapping of unknown and allow")
            }
            fn visit_str<E: de::Error>(self, word: &str) -> Result<RawComponents, E> {
                let unknown = Components::deserialize(de::value::StrDeserializer::new(word))?;
                Ok(RawComponents {
                    unknown,
                    allow: None,
                })
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<RawComponents, A::Error> {
                let map = de::value::MapAccessDeserializer::new(map);
                let Settings { unknown, allow } = Settings::deserialize(map)?;
                let allow = allow.map(|names| names.0);
                Ok(RawComponents { unknown, allow })
            }
        }
        deserializer.deserialize_any(ComponentsVisitor)
    }
}
