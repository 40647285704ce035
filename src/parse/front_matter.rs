//! Front matter as it is written.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};

use super::embeds::RawEmbeds;
use super::related::RawRelated;
use crate::config::{FIELDS, FieldNames, Language};
use crate::diagnostics::Fault;
use crate::model::{Slug, UrlPath, WrittenDate};
use crate::yaml::{self, Mapping, Parsed, Record, Text, TextList, Value, fault, from_text};

/// Front matter as it is written, each value checked for itself.
#[derive(Debug, Default)]
pub(super) struct FrontMatter<'a> {
    /// Which name stands for which key of ours.
    names: BTreeMap<&'a str, &'static str>,
    pub title: Option<String>,
    pub date: Option<WrittenDate>,
    pub updated: Option<WrittenDate>,
    pub publish: Option<WrittenDate>,
    pub expires: Option<WrittenDate>,
    pub tags: Vec<String>,
    pub authors: Vec<String>,
    pub related: RawRelated,
    pub embeds: RawEmbeds,
    pub summary: Option<String>,
    pub image: Option<RawImage>,
    pub slug: Option<Slug>,
    pub url: Option<UrlPath>,
    pub aliases: Vec<UrlPath>,
    pub draft: bool,
    pub comments: Option<bool>,
    pub lang: Option<String>,
    pub translation: Option<String>,
    pub template: Option<String>,
    pub weight: Option<i64>,
    pub toc: Option<bool>,
    pub math: bool,
    pub noindex: bool,
    pub extra: Mapping,
    /// Keys whose values templates cannot read.
    pub unreadable: Vec<String>,
    /// Top-level keys that are none of ours.
    pub unknown: Vec<String>,
}

impl<'a> FrontMatter<'a> {
    /// An empty one for a file with these keys.
    pub fn expecting(present: &[&'a str], fields: &FieldNames) -> Self {
        let names = if fields.is_empty() {
            BTreeMap::new()
        } else {
            fields.assign(present)
        };
        Self {
            names,
            ..Self::default()
        }
    }

    fn field(&self, key: &str) -> Option<&'static str> {
        if self.names.is_empty() {
            return FIELDS.iter().find(|field| **field == key).copied();
        }
        self.names.get(key).copied()
    }
}

impl Record for FrontMatter<'_> {
    fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let Some(field) = self.field(key) else {
            self.unknown.push(key.to_owned());
            let value: Value = map.next_value()?;
            if yaml::is_readable(&value) {
                self.extra.insert(key.into(), value);
            } else {
                self.unreadable.push(key.to_owned());
            }
            return Ok(());
        };
        match field {
            "title" => self.title = yaml::next_text(map)?,
            "date" => self.date = yaml::next_parsed(map)?,
            "updated" => self.updated = yaml::next_parsed(map)?,
            "publish" => self.publish = yaml::next_parsed(map)?,
            "expires" => self.expires = yaml::next_parsed(map)?,
            "tags" => self.tags = map.next_value::<TextList>()?.0,
            "authors" => self.authors = map.next_value::<TextList>()?.0,
            "related" => self.related = map.next_value::<Option<_>>()?.unwrap_or_default(),
            "embeds" => self.embeds = map.next_value::<Option<_>>()?.unwrap_or_default(),
            "summary" => self.summary = yaml::next_text(map)?,
            "image" => self.image = map.next_value()?,
            "slug" => self.slug = yaml::next_parsed(map)?,
            "url" => self.url = yaml::next_parsed(map)?,
            "aliases" => self.aliases = map.next_value::<Option<Aliases>>()?.unwrap_or_default().0,
            "draft" => self.draft = flag(map)?.unwrap_or(false),
            "comments" => self.comments = map.next_value::<Option<RawComments>>()?.map(|c| c.0),
            "lang" => self.lang = yaml::next_parsed::<Language, A>(map)?.map(|language| language.0),
            "translation" => self.translation = yaml::next_text(map)?,
            "template" => {
                self.template = yaml::next_parsed::<TemplateName, A>(map)?.map(|name| name.0);
            }
            "weight" => self.weight = map.next_value()?,
            "toc" => self.toc = flag(map)?,
            "math" => self.math = flag(map)?.unwrap_or(false),
            "noindex" => self.noindex = flag(map)?.unwrap_or(false),
            _ => {
                let extra: Option<Mapping> = map.next_value()?;
                for (name, value) in extra.unwrap_or_default() {
                    if yaml::is_key(&name) && yaml::is_readable(&value) {
                        self.extra.insert(name, value);
                    } else {
                        self.unreadable.push(key.to_owned());
                    }
                }
            }
        }
        Ok(())
    }
}

fn flag<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<bool>, A::Error> {
    Ok(map.next_value::<Option<Flag>>()?.map(|flag| flag.0))
}

/// What is wrong with a value, and what to write.
fn wrong(message: String, hint: &str) -> Fault {
    (message, hint.to_owned()).into()
}

/// `true` and `false`, as well as the words that older YAML took for them.
pub(super) struct Flag(pub bool);

impl Flag {
    /// What a word says, if it is one of these.
    pub fn of(word: &str) -> Option<Self> {
        match word.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some(Self(true)),
            "false" | "no" | "off" => Some(Self(false)),
            _ => None,
        }
    }
}

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_text(deserializer, |word| {
            Self::of(word).ok_or_else(|| {
                wrong(
                    format!("`{word}` is neither true nor false"),
                    "write true or false",
                )
            })
        })
    }
}

/// `closed` or `off`; whether comments are shown.
struct RawComments(bool);

impl<'de> Deserialize<'de> for RawComments {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_text(deserializer, |word| {
            match word.to_ascii_lowercase().as_str() {
                "closed" | "true" | "yes" | "on" => Ok(Self(true)),
                "off" | "false" | "no" => Ok(Self(false)),
                _ => Err(wrong(
                    format!("`comments` cannot be `{word}`"),
                    "write `closed` to show archived comments, or `off`",
                )),
            }
        })
    }
}

struct TemplateName(String);

impl std::str::FromStr for TemplateName {
    type Err = (String, String);
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let name = text.strip_suffix(".html").unwrap_or(text);
        let fits = |part: &str| !part.is_empty() && !part.starts_with('.');
        if name.split('/').all(fits) && !name.contains('\\') && !name.starts_with("components/") {
            return Ok(Self(name.to_owned()));
        }
        Err((
            format!("`{text}` cannot be the name of a template"),
            "write the name of a file in templates/, such as `interview`".to_owned(),
        ))
    }
}

#[derive(Default)]
struct Aliases(Vec<UrlPath>);

impl<'de> Deserialize<'de> for Aliases {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        yaml::one_or_many::<Parsed<UrlPath>, D>(deserializer, "a path or a list of paths")
            .map(|list| Self(list.into_iter().map(|path| path.0).collect()))
    }
}

/// A lead picture as it is written: a path, or a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawImage {
    pub src: String,
    pub alt: String,
    pub credit: Option<String>,
    pub caption: Option<String>,
}

impl<'de> Deserialize<'de> for RawImage {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ImageVisitor;
        impl<'de> Visitor<'de> for ImageVisitor {
            type Value = RawImage;
            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("a path, or a mapping of src, alt, credit and caption")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<RawImage, E> {
                Ok(RawImage {
                    src: text.trim().to_owned(),
                    alt: String::new(),
                    credit: None,
                    caption: None,
                })
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawImage, A::Error> {
                let (mut src, mut alt, mut credit, mut caption) = (None, None, None, None);
                while let Some(Text(key)) = map.next_key()? {
                    let value = map.next_value::<Option<Text>>()?.map(|text| text.0);
                    match key.as_str() {
                        "src" => src = value,
                        "alt" => alt = value,
                        "credit" => credit = value,
                        "caption" => caption = value,
                        _ => {
                            return Err(fault(
                                &format!("an image has no key `{key}`"),
                                "its keys are src, alt, credit and caption",
                            ));
                        }
                    }
                }
                let Some(src) = src.filter(|src| !src.trim().is_empty()) else {
                    return Err(fault(
                        "an image has no src",
                        "write {src: picture.jpg, alt: What it shows}",
                    ));
                };
                Ok(RawImage {
                    src: src.trim().to_owned(),
                    alt: alt.unwrap_or_default(),
                    credit,
                    caption,
                })
            }
        }
        deserializer.deserialize_any(ImageVisitor)
    }
}
