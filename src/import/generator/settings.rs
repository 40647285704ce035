//! pressroom.yaml of a site that is imported.

use std::collections::BTreeMap;

use serde::Serialize;

use super::addresses;
use super::fields::text_of;
use crate::yaml::{self, Value};

/// Schemes that links of the masthead have.
const SCHEMES: [&str; 4] = ["https", "http", "mailto", "tel"];

/// Most letters of an address that the report shows.
const LONGEST_SHOWN: usize = 60;

/// What is said of a site. What is empty is not written.
#[derive(Debug, Clone, Default, Serialize)]
pub(in crate::import) struct Settings {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub base_url: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub language: String,
    /// The other languages.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub languages: BTreeMap<String, Edition>,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub timezone: String,
    /// Patterns by section.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub permalinks: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub listing: Option<Listing>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub navigation: Vec<Link>,
}

/// What is said of a language.
#[derive(Debug, Clone, Default, Serialize)]
pub(in crate::import) struct Edition {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub title: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub description: String,
}

/// How long listings are.
#[derive(Debug, Clone, Copy, Serialize)]
pub(in crate::import) struct Listing {
    pub page_size: u64,
}

/// A link of the masthead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::import) struct Link {
    pub title: String,
    pub url: String,
}

impl Settings {
    /// The text of the file.
    pub fn to_text(&self) -> String {
        let said = yaml::to_text(self);
        let said = if said == "{}\n" { "" } else { &said };
        format!(
            "{said}# Archives have dead links. When they are mended, remove this line: dead links are then errors\n\
             # again, and no new ones come in.\nlinks: warn\n"
        )
    }

    /// Says where the site is. What is no address is left out, and returned.
    pub fn place(&mut self, url: Option<String>) -> Option<String> {
        let url = url.filter(|url| !url.trim_matches('/').is_empty())?;
        let url = if url.starts_with("//") {
            format!("https:{url}")
        } else {
            url
        };
        let host = url.strip_prefix("https://").or(url.strip_prefix("http://"));
        if host.is_some_and(|host| !host.is_empty() && !host.contains(['?', '#', ' ', '@', '{'])) {
            self.base_url = url;
            return None;
        }
        Some(url)
    }

    /// The path that the whole site is below, without a slash at its end: pages name each other without
    /// it here, and often with it elsewhere.
    pub fn path(&self) -> &str {
        let host = self.base_url.split_once("://").map_or("", |(_, host)| host);
        let path = host.find('/').map_or("", |at| &host[at..]);
        path.trim_end_matches('/')
    }

    /// Makes links of the masthead ones that Pressroom takes: paths of the site without the `base` that it
    /// is below, or whole URLs. What was left out is returned, in a sentence each.
    pub fn navigate(&mut self, base: &str) -> Vec<String> {
        let mut dropped = Vec::new();
        for link in std::mem::take(&mut self.navigation) {
            let url = addresses::inner(link.url.trim(), base).to_owned();
            let scheme = url.split(['/', '?', '#']).next().unwrap_or_default();
            let scheme = scheme.split_once(':').map(|(scheme, _)| scheme);
            let is_safe = scheme.is_none_or(|scheme| {
                SCHEMES
                    .iter()
                    .any(|known| scheme.eq_ignore_ascii_case(known))
            });
            if !is_safe || url.contains(char::is_control) || url.contains(['{', '}']) {
                let shown: String = url.escape_debug().take(LONGEST_SHOWN).collect();
                dropped.push(format!(
                    "`{}` leads to `{shown}`, which is no link",
                    link.title
                ));
            } else {
                let title = link.title;
                self.navigation.push(Link { title, url });
            }
        }
        dropped
    }

    /// Says how long listings are.
    pub fn page_size(&mut self, size: Option<&Value>) {
        let size = size.and_then(text_of).and_then(|size| size.parse().ok());
        self.listing = size
            .filter(|size| *size > 0)
            .map(|page_size| Listing { page_size });
    }
}

/// A language tag as the site takes it, or nothing: `en_US` is `en-US`.
pub(in crate::import) fn language(tag: &str) -> Option<String> {
    let tag = tag.trim().replace('_', "-");
    let parsed: Option<icu_locale_core::LanguageIdentifier> = tag.parse().ok();
    parsed.map(|_| tag)
}

/// A time zone that the database has.
pub(in crate::import) fn timezone(name: Option<String>) -> Result<String, String> {
    let Some(name) = name else {
        return Ok(String::new());
    };
    match jiff::tz::TimeZone::get(&name) {
        Ok(_) => Ok(name),
        Err(_) => Err(name),
    }
}
