//! `languages` of pressroom.yaml: the editions of a site.
//!
//! In: languages, and what a site says of each. Out: an [`Edition`] for each, the site's own first.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};

use super::raw::{Language, NavigationItem, Newsletter, RawConfig};
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::model::UrlPath;
use crate::yaml::{self, Parsed, Source, Value, fault};

/// The language of a site that says none.
pub(super) const USUAL: &str = "en";

/// Most languages that a site may have.
const MOST: usize = 100;

/// The part of a site that is in one language: it has a home page, sections, tags, authors, an
/// archive and feeds of its own.
#[derive(Debug, Clone)]
pub struct Edition {
    /// Its language, as BCP 47 has it: that of what does not say otherwise.
    pub language: String,
    /// What its URLs begin with: nothing for the site's own, `/de` for another.
    pub prefix: String,
    /// Name of the publication.
    pub title: String,
    /// What it is about.
    pub description: Option<String>,
    /// Links of the masthead.
    pub navigation: Vec<NavigationItem>,
    /// The form under an article.
    pub newsletter: Option<Newsletter>,
    /// The theme's own settings, as far as they are not those of the site.
    pub params: BTreeMap<String, Value>,
}

impl Edition {
    /// A page of the edition by what its path is in the site's own: `/de/tags/` for `/tags/`.
    #[must_use]
    pub fn page(&self, path: &str) -> UrlPath {
        UrlPath::trusted(format!("{}{path}", self.prefix))
    }
}

/// What is said of a language.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawEdition {
    title: Option<yaml::Text>,
    description: Option<yaml::Text>,
    navigation: Vec<NavigationItem>,
    newsletter: Option<Newsletter>,
    params: BTreeMap<String, Value>,
}

/// Languages beside the site's own, in the order in which they are written.
#[derive(Debug, Default)]
pub(super) struct RawEditions(Vec<(String, RawEdition)>);

impl RawEditions {
    fn add<E: de::Error>(&mut self, tag: String, edition: RawEdition) -> Result<(), E> {
        let is_known = |(known, _): &(String, RawEdition)| known.eq_ignore_ascii_case(&tag);
        if self.0.iter().any(is_known) {
            return Err(fault(
                &format!("the language `{tag}` is there twice"),
                "keep one of the two",
            ));
        }
        if self.0.len() == MOST {
            let message = format!("a site can have {MOST} languages beside its own");
            return Err(fault(&message, "leave some of them out"));
        }
        if !edition.params.values().all(yaml::is_readable) {
            let (message, hint) = yaml::UNREADABLE;
            return Err(fault(message, hint));
        }
        self.0.push((tag, edition));
        Ok(())
    }

    /// What cannot be a language beside that of the site: its own.
    pub fn check(&self, own: &str, source: Source) -> Option<Diagnostic> {
        let (tag, _) = self
            .0
            .iter()
            .find(|(tag, _)| tag.eq_ignore_ascii_case(own))?;
        let message = format!("`{tag}` is the site's own language");
        let place = match yaml::find_value(source.text, ["languages"], tag) {
            Some(range) => Place::in_text(source.file, source.text, range),
            None => yaml::place_of_key(source, "languages"),
        };
        let diagnostic = Diagnostic::new(Code::ConfigValue, message).at(place);
        Some(
            diagnostic
                .hint("`languages` has the others; say which the site's own is in `language`"),
        )
    }
}

impl<'de> Deserialize<'de> for RawEditions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(EditionsVisitor)
    }
}

struct EditionsVisitor;

impl<'de> Visitor<'de> for EditionsVisitor {
    type Value = RawEditions;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a list such as [de, fr], or a mapping such as {de: {title: Das Blatt}}")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<RawEditions, A::Error> {
        let mut editions = RawEditions::default();
        while let Some(Parsed(Language(tag))) = list.next_element()? {
            editions.add(tag, RawEdition::default())?;
        }
        Ok(editions)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawEditions, A::Error> {
        let mut editions = RawEditions::default();
        while let Some(Parsed(Language(tag))) = map.next_key()? {
            let edition: Option<RawEdition> = map.next_value()?;
            editions.add(tag, edition.unwrap_or_default())?;
        }
        Ok(editions)
    }
}

/// The editions of a site, its own first. What is not said of another one is as in that, but for the
/// links of its masthead, which lead to its own sections.
pub(super) fn resolve(raw: &mut RawConfig, folder_name: &str) -> Vec<Edition> {
    let own = Edition {
        language: raw.language.take().unwrap_or_else(|| USUAL.into()),
        prefix: String::new(),
        title: raw.title.take().unwrap_or_else(|| folder_name.to_owned()),
        description: raw.description.take(),
        navigation: std::mem::take(&mut raw.navigation),
        newsletter: raw.newsletter.take(),
        params: std::mem::take(&mut raw.params),
    };
    let others = std::mem::take(&mut raw.languages.0);
    let others: Vec<Edition> = others
        .into_iter()
        .map(|(language, said)| {
            let text = |text: Option<yaml::Text>| text.map(|text| text.0.trim().to_owned());
            Edition {
                prefix: format!("/{}", language.to_ascii_lowercase()),
                language,
                title: text(said.title).unwrap_or_else(|| own.title.clone()),
                description: text(said.description).or_else(|| own.description.clone()),
                navigation: said.navigation,
                newsletter: said.newsletter.or_else(|| own.newsletter.clone()),
                params: said.params,
            }
        })
        .collect();
    std::iter::once(own).chain(others).collect()
}
