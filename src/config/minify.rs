//! `minify` of pressroom.yaml: what is published without what browsers do not need.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};

/// What is made smaller. Nothing, unless pressroom.yaml asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Minify {
    /// Style sheets of the theme.
    pub css: bool,
    /// Pages.
    pub html: bool,
}

impl Minify {
    fn all(wanted: bool) -> Self {
        Self {
            css: wanted,
            html: wanted,
        }
    }
}

impl<'de> Deserialize<'de> for Minify {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(MinifyVisitor)
    }
}

struct MinifyVisitor;

impl<'de> Visitor<'de> for MinifyVisitor {
    type Value = Minify;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("true, false or a mapping such as {css: true, html: false}")
    }

    fn visit_bool<E>(self, wanted: bool) -> Result<Minify, E> {
        Ok(Minify::all(wanted))
    }

    fn visit_str<E: de::Error>(self, word: &str) -> Result<Minify, E> {
        match word.to_ascii_lowercase().as_str() {
            "yes" | "on" => Ok(Minify::all(true)),
            "no" | "off" => Ok(Minify::all(false)),
            _ => Err(de::Error::invalid_type(de::Unexpected::Str(word), &self)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Minify, A::Error> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Raw {
            #[serde(default)]
            css: bool,
            #[serde(default)]
            html: bool,
        }
        let Raw { css, html } = Raw::deserialize(de::value::MapAccessDeserializer::new(map))?;
        Ok(Minify { css, html })
    }
}
