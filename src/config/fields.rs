//! The front matter keys, and the names that an archive has for them.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use crate::diagnostics::closest;
use crate::yaml::{TextList, fault};

/// Front matter keys that Pressroom knows.
pub const FIELDS: &[&str] = &[
    "title",
    "date",
    "updated",
    "tags",
    "related",
    "embeds",
    "authors",
    "summary",
    "image",
    "slug",
    "url",
    "aliases",
    "draft",
    "publish",
    "expires",
    "comments",
    "lang",
    "translation",
    "template",
    "weight",
    "toc",
    "math",
    "noindex",
    "extra",
];

/// Which names in an archive's front matter stand for a key of ours.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct FieldNames {
    /// Our key → the archive's names, the first that is there counts.
    names: BTreeMap<&'static str, Vec<String>>,
}

impl FieldNames {
    /// Whether the archive has other names for some key.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The names that a key of ours may have, in the order in which they count.
    pub fn names_of<'a>(&'a self, field: &'a str) -> impl Iterator<Item = &'a str> {
        let others = self.names.get(field).map_or(&[][..], Vec::as_slice);
        others.iter().map(String::as_str).chain([field])
    }

    /// Which key each of the names at hand stands for: the first of a key's names that is there,
    /// and after them the key itself. A name that loses stands for nothing of ours.
    #[must_use]
    pub fn assign<'a>(&self, present: &[&'a str]) -> BTreeMap<&'a str, &'static str> {
        let mut assigned = BTreeMap::new();
        for field in FIELDS {
            let found = self
                .names_of(field)
                .find_map(|name| present.iter().find(|here| **here == name));
            if let Some(name) = found {
                assigned.entry(*name).or_insert(*field);
            }
        }
        assigned
    }
}

impl<'de> Deserialize<'de> for FieldNames {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct NamesVisitor;
        impl<'de> Visitor<'de> for NamesVisitor {
            type Value = FieldNames;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a mapping of our names to the archive's, such as `tags: topics`")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<FieldNames, A::Error> {
                let mut names = BTreeMap::new();
                while let Some(FieldName(field)) = map.next_key()? {
                    names.insert(field, map.next_value::<TextList>()?.0);
                }
                Ok(FieldNames { names })
            }
        }
        deserializer.deserialize_map(NamesVisitor)
    }
}

struct FieldName(&'static str);

impl<'de> Deserialize<'de> for FieldName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let name = String::deserialize(deserializer)?;
        let known = FIELDS.iter().find(|field| **field == name);
        known.map(|field| Self(field)).ok_or_else(|| {
            let hint = match closest(&name, FIELDS.iter().copied()) {
                Some(near) => {
                    format!("did you mean `{near}`? Our name comes first, then the archive's")
                }
                None => format!(
                    "our name comes first, then the archive's; the keys are {}",
                    FIELDS.join(", ")
                ),
            };
            fault(&format!("there is no front matter key `{name}`"), &hint)
        })
    }
}
