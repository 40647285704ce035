//! pressroom.yaml as it is written.

use std::collections::BTreeMap;
use std::num::NonZero;

use jiff::tz::TimeZone;
use serde::Deserialize;
use serde::de::{IgnoredAny, MapAccess};

use super::BaseUrl;
use super::components::RawComponents;
use super::editions::RawEditions;
use super::fields::FieldNames;
use super::hosting::RawHosting;
use super::minify::Minify;
use super::outside::RawOutside;
use super::pictures::RawPictures;
use super::related::RawRelated;
use super::switch::Switch;
use crate::diagnostics::{Fault, Severity};
use crate::model::Permalink;
use crate::yaml::{self, Duplicates, Parsed, Record, TextList, Value};

/// The keys of pressroom.yaml.
pub(super) const KEYS: &[&str] = &[
    "title",
    "base_url",
    "description",
    "language",
    "languages",
    "timezone",
    "theme",
    "front_matter",
    "front_matter_duplicates",
    "permalinks",
    "listing",
    "related",
    "feeds",
    "sitemap",
    "newsletter",
    "comments",
    "links",
    "html",
    "outside",
    "components",
    "highlight",
    "minify",
    "search",
    "pictures",
    "social_cards",
    "hosting",
    "check",
    "navigation",
    "params",
];

#[derive(Debug, Default)]
pub(super) struct RawConfig {
    pub title: Option<String>,
    pub base_url: Option<BaseUrl>,
    pub description: Option<String>,
    pub language: Option<String>,
    pub languages: RawEditions,
    pub timezone: Option<TimeZone>,
    pub theme: Option<String>,
    pub front_matter: Option<FieldNames>,
    pub front_matter_duplicates: Duplicates,
    pub permalinks: BTreeMap<String, Permalink>,
    pub listing: Option<RawListing>,
    pub related: Option<Switch<RawRelated>>,
    pub feeds: Option<RawFeeds>,
    pub sitemap: BTreeMap<String, bool>,
    pub newsletter: Option<Newsletter>,
    pub comments: Comments,
    pub links: LinkPolicy,
    pub html: Html,
    pub outside: Option<RawOutside>,
    pub components: RawComponents,
    pub highlight: Option<bool>,
    pub pictures: Option<Switch<RawPictures>>,
    pub minify: Option<Switch<Minify>>,
    pub search: bool,
    pub social_cards: bool,
    pub hosting: RawHosting,
    pub check: RawCheck,
    pub navigation: Vec<NavigationItem>,
    pub params: BTreeMap<String, Value>,
    /// Keys that are none of ours.
    pub unknown: Vec<String>,
}

impl Record for RawConfig {
    fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "title" => self.title = yaml::next_text(map)?,
            "base_url" => self.base_url = yaml::next_parsed(map)?,
            "description" => self.description = yaml::next_text(map)?,
            "language" => {
                self.language = yaml::next_parsed::<Language, A>(map)?.map(|language| language.0);
            }
            "languages" => self.languages = map.next_value::<Option<_>>()?.unwrap_or_default(),
            "timezone" => self.timezone = yaml::next_parsed::<Zone, A>(map)?.map(|zone| zone.0),
            "theme" => self.theme = yaml::next_parsed::<ThemeName, A>(map)?.map(|name| name.0),
            "front_matter" => self.front_matter = map.next_value()?,
            "front_matter_duplicates" => {
                self.front_matter_duplicates = match choice(map, &["error", "last"])? {
                    1 => Duplicates::Last,
                    _ => Duplicates::Error,
                };
            }
            "permalinks" => {
                let patterns: Option<BTreeMap<String, Parsed<Permalink>>> = map.next_value()?;
                let patterns = patterns.unwrap_or_default().into_iter();
                self.permalinks = patterns
                    .map(|(section, pattern)| (section, pattern.0))
                    .collect();
            }
            "listing" => self.listing = map.next_value()?,
            "related" => self.related = map.next_value()?,
            "feeds" => self.feeds = map.next_value()?,
            "sitemap" => self.sitemap = map.next_value::<Option<_>>()?.unwrap_or_default(),
            "newsletter" => self.newsletter = map.next_value()?,
            "comments" => self.comments = map.next_value::<Option<_>>()?.unwrap_or_default(),
            "links" => self.links = map.next_value::<Option<_>>()?.unwrap_or_default(),
            "html" => self.html = map.next_value::<Option<_>>()?.unwrap_or_default(),
            "outside" => self.outside = map.next_value()?,
            "components" => self.components = map.next_value::<Option<_>>()?.unwrap_or_default(),
            "highlight" => self.highlight = map.next_value()?,
            "minify" => self.minify = map.next_value()?,
            "search" => self.search = map.next_value::<Option<_>>()?.unwrap_or_default(),
            "pictures" => self.pictures = map.next_value()?,
            "social_cards" => {
                self.social_cards = map.next_value::<Option<_>>()?.unwrap_or_default();
            }
            "hosting" => self.hosting = map.next_value::<Option<_>>()?.unwrap_or_default(),
            "check" => {
                self.check = map.next_value::<Option<_>>()?.unwrap_or_default();
            }
            "navigation" => self.navigation = map.next_value::<Option<_>>()?.unwrap_or_default(),
            "params" => {
                self.params = map.next_value::<Option<_>>()?.unwrap_or_default();
                if !self.params.values().all(yaml::is_readable) {
                    let (message, hint) = yaml::UNREADABLE;
                    return Err(yaml::fault(message, hint));
                }
            }
            _ => {
                self.unknown.push(key.to_owned());
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

/// The index of a word in a list of allowed ones.
fn choice<'de, A: MapAccess<'de>>(map: &mut A, words: &'static [&str]) -> Result<usize, A::Error> {
    struct Choice(&'static [&'static str]);
    impl<'de> serde::de::DeserializeSeed<'de> for Choice {
        type Value = usize;
        fn deserialize<D: serde::Deserializer<'de>>(
            self,
            deserializer: D,
        ) -> Result<usize, D::Error> {
            yaml::from_text(deserializer, |word| {
                self.0
                    .iter()
                    .position(|known| *known == word)
                    .ok_or_else(|| {
                        Fault::from((
                            format!("`{word}` is not one of {}", self.0.join(", ")),
                            format!("write {}", self.0.join(" or ")),
                        ))
                    })
            })
        }
    }
    map.next_value_seed(Choice(words))
}

macro_rules! from_str_error {
    ($message:expr, $hint:expr) => {
        Err(($message, $hint.to_owned()))
    };
}

/// `check` as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCheck {
    #[serde(default)]
    pub allow: TextList,
}

/// A language tag, as BCP 47 has it.
pub struct Language(pub String);

impl std::str::FromStr for Language {
    type Err = (String, String);
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let part = |part: &str| {
            (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
        };
        let first = text.split('-').next().unwrap_or("");
        if !text.split('-').all(part) || !(2..=3).contains(&first.len()) {
            return from_str_error!(
                format!("`{text}` is no language tag"),
                "write a tag as BCP 47 has it, such as en, de-CH or zh-Hant"
            );
        }
        Ok(Self(text.to_owned()))
    }
}

struct Zone(TimeZone);

impl std::str::FromStr for Zone {
    type Err = (String, String);
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        // The bundled database alone, so that the result is the same on every machine.
        match jiff::tz::TimeZoneDatabase::bundled().get(text) {
            Ok(zone) => Ok(Self(zone)),
            Err(_) => from_str_error!(
                format!("there is no time zone `{text}`"),
                "write its name in the IANA database, such as Europe/London or America/New_York"
            ),
        }
    }
}

struct ThemeName(String);

impl std::str::FromStr for ThemeName {
    type Err = (String, String);
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty()
            || text.starts_with('.')
            || text.contains(['/', '\\', ':'])
            || text.chars().any(char::is_control)
        {
            return from_str_error!(
                format!("`{text}` cannot be the name of a theme"),
                "write the name of a folder in themes/, such as broadsheet"
            );
        }
        Ok(Self(text.to_owned()))
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawListing {
    pub page_size: Option<NonZero<usize>>,
    #[serde(default)]
    pub pagination: Pagination,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawFeeds {
    pub entries: Option<usize>,
    pub formats: Option<Vec<FeedFormat>>,
}

/// How pages of listings are numbered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pagination {
    /// From the oldest, so that full pages stay as they are.
    #[default]
    Stable,
    /// From the newest, as most sites do; each new article changes every page.
    NewestFirst,
}

/// A kind of feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FeedFormat {
    /// Atom (RFC 4287).
    Atom,
    /// JSON Feed 1.1.
    Json,
}

/// What is shown of archived comments.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Comments {
    /// They are shown, and that they are closed.
    #[default]
    Closed,
    /// They are not shown.
    Off,
}

/// How much a dead internal link matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LinkPolicy {
    /// The site is not published.
    #[default]
    Error,
    /// It is reported.
    Warn,
    /// It is not looked for.
    Ignore,
}

impl LinkPolicy {
    /// The severity of a dead link; `None` when it is not reported.
    #[must_use]
    pub fn severity(self) -> Option<Severity> {
        match self {
            Self::Error => Some(Severity::Error),
            Self::Warn => Some(Severity::Warning),
            Self::Ignore => None,
        }
    }
}

/// What is done with raw HTML in articles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Html {
    /// It is published as it is.
    #[default]
    Trusted,
    /// It goes through the sanitiser.
    Sanitised,
}

/// The form under an article.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Newsletter {
    /// Where the form sends to.
    #[serde(deserialize_with = "yaml::needed_text")]
    pub action: String,
    /// What it says.
    #[serde(default, deserialize_with = "yaml::text_or_nothing")]
    pub text: String,
}

/// A link of the masthead.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NavigationItem {
    /// What it says.
    #[serde(deserialize_with = "yaml::needed_text")]
    pub title: String,
    /// A path of the site, or an absolute URL.
    #[serde(deserialize_with = "yaml::needed_text")]
    pub url: String,
}
