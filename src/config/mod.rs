//! pressroom.yaml: as written in [`raw`], resolved in [`Config`].
//!
//! In: the file's text, if there is one. Out: a [`Config`] in which every question has an answer,
//! and diagnostics.

mod base_url;
mod components;
mod editions;
mod fields;
mod hosting;
mod minify;
mod outside;
mod pictures;
mod policy;
mod raw;
mod related;
mod switch;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use jiff::tz::TimeZone;

pub use base_url::BaseUrl;
pub use components::Components;
pub use editions::Edition;
pub use fields::{FIELDS, FieldNames};
pub use hosting::{Host, Hosting, Limits};
pub use minify::Minify;
pub use outside::Outside;
pub use pictures::Pictures;
pub use policy::NONE;
pub use raw::{
    Comments, FeedFormat, Html, Language, LinkPolicy, NavigationItem, Newsletter, Pagination,
};
pub use related::{DEFAULT_MIN_SCORE, RelatedConfig, RelatedRules};

use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place, Severity, closest};
use crate::model::{Form, Permalink, Treatment};
use crate::yaml::{Duplicates, Source};
use components::FOR_ARTICLES;
use switch::Switch;

/// The file's name.
pub const FILE: &str = "pressroom.yaml";

/// Everything that pressroom.yaml can say, resolved.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where it will live.
    pub base_url: BaseUrl,
    /// Its parts by language, that in its own language first.
    pub editions: Vec<Edition>,
    /// Zone of dates that are written without one.
    pub timezone: TimeZone,
    /// Name of the theme.
    pub theme: String,
    /// Other names for front matter keys.
    pub fields: FieldNames,
    /// What becomes of a front matter key that is there twice.
    pub front_matter_duplicates: Duplicates,
    /// URL patterns by section.
    pub permalinks: BTreeMap<String, Permalink>,
    /// Articles on a page of a listing.
    pub page_size: usize,
    /// How pages of listings are numbered.
    pub pagination: Pagination,
    /// What is suggested under an article.
    pub related: RelatedConfig,
    /// Entries of a feed.
    pub feed_entries: usize,
    /// Kinds of feeds that are written.
    pub feed_formats: Vec<FeedFormat>,
    /// Sections that the sitemap leaves out.
    pub not_in_sitemap: Vec<String>,
    /// What is shown of archived comments.
    pub comments: Comments,
    /// How much a dead link matters.
    pub links: LinkPolicy,
    /// What is done with raw HTML in articles.
    pub html: Html,
    /// What articles may have besides where their authors are not trusted.
    outside: Outside,
    /// What a component is that the theme does not have.
    pub components: Components,
    /// Those that articles may call; `None` where pressroom.yaml does not say.
    allowed_components: Option<Vec<String>>,
    /// The names of those that it has. The configuration does not tell: they are known once the theme
    /// is loaded, and how articles are read depends on them.
    pub known_components: BTreeSet<Box<str>>,
    /// What is made of pictures.
    pub pictures: Pictures,
    /// Whether code in articles gets colours.
    pub highlight: bool,
    /// What is published without what browsers do not need.
    pub minify: Minify,
    /// Whether readers can search the site.
    pub search: bool,
    /// Whether articles without a picture get one that is drawn.
    pub social_cards: bool,
    /// Beginnings of addresses that `pressroom check --external` does not ask for.
    pub check_allows: Vec<String>,
    /// What is written for the servers that hand out the site.
    pub hosting: Hosting,
    /// pressroom.yaml as it is written, to show where a mistake is.
    pub text: String,
}

impl Config {
    /// The edition in the site's own language.
    #[must_use]
    pub fn own(&self) -> &Edition {
        &self.editions[0]
    }

    /// The edition in a language, by its position. Language tags do not differ by case (BCP 47,
    /// 2.1.1).
    #[must_use]
    pub fn edition_in(&self, language: &str) -> Option<usize> {
        let is_in = |edition: &Edition| edition.language.eq_ignore_ascii_case(language);
        self.editions.iter().position(is_in)
    }

    /// The name of a Markdown file without its ending, and the edition that it names: `budget.de` is
    /// `budget` in German where there is a German edition. Of a site in one language all names stay.
    #[must_use]
    pub fn named<'a>(&self, name: &'a str) -> (&'a str, Option<usize>) {
        let parts = name.rsplit_once('.').filter(|(name, _)| !name.is_empty());
        let named = parts.and_then(|(name, tag)| Some((name, self.edition_in(tag)?)));
        match named {
            Some((name, edition)) if self.editions.len() > 1 => (name, Some(edition)),
            _ => (name, None),
        }
    }

    /// What articles may have whose authors are not trusted; `None` where all are.
    #[must_use]
    pub fn outside(&self) -> Option<&Outside> {
        (self.html == Html::Sanitised).then_some(&self.outside)
    }

    /// Whether articles may call a component.
    #[must_use]
    pub fn allows(&self, component: &str) -> bool {
        match &self.allowed_components {
            Some(allowed) => allowed.iter().any(|name| name == component),
            None => self.outside().is_none() || FOR_ARTICLES.contains(&component),
        }
    }

    /// Learns which components there are; told is which of those that articles may call are not.
    #[must_use]
    pub fn know_components(&mut self, known: BTreeSet<Box<str>>) -> Vec<Diagnostic> {
        self.known_components = known;
        let allowed = self.allowed_components.iter().flatten();
        let unknown = allowed.filter(|name| !self.known_components.contains(name.as_str()));
        let told = unknown.map(|name| {
            let known = self.known_components.iter().map(|known| &**known);
            let hint = match closest(name, known) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "write the name of a component of the theme or the site".to_owned(),
            };
            Diagnostic::new(Code::ConfigValue, format!("there is no component `{name}`"))
                .at(self.place_within("components", "allow", name))
                .hint(hint)
        });
        told.collect()
    }

    /// What is done with a component of a name. In Hugo's form it is called only where all names have to
    /// be known: an archive that came from there may have meant another thing by it.
    #[must_use]
    pub fn treatment(&self, name: &str, form: Form) -> Treatment {
        let may_call = form == Form::Own || self.components == Components::Error;
        if may_call && self.known_components.contains(name) {
            return if self.allows(name) {
                Treatment::Call
            } else {
                Treatment::Drop
            };
        }
        match self.components {
            Components::Text => Treatment::Text,
            Components::Error | Components::Drop => Treatment::Drop,
        }
    }

    /// Reads pressroom.yaml; `text` is `None` when there is no such file. `folder_name` is the
    /// title of a site that has none. The result is always usable, with defaults in the place of
    /// what could not be read.
    #[must_use]
    pub fn read(text: Option<&str>, folder_name: &str) -> (Self, Diagnostics) {
        let source = Source::settings(FILE, text.unwrap_or(""));
        let (raw, found) = crate::yaml::record(source, Duplicates::Error, raw::RawConfig::default);
        let mut diagnostics: Diagnostics = found.into_iter().map(without_wrong_hint).collect();
        let unknown = raw.unknown.iter().take(source.most_faults());
        diagnostics.extend(unknown.map(|key| unknown_key(source, key)));
        let own = raw.language.as_deref().unwrap_or(editions::USUAL);
        diagnostics.extend(raw.languages.check(own, source));
        if raw.outside.is_some() && raw.html == Html::Trusted {
            diagnostics.push(idle_outside(source));
        }
        (resolve(raw, source.text, folder_name), diagnostics)
    }

    /// Where a key stands in pressroom.yaml.
    #[must_use]
    pub fn place_of_key(&self, key: &str) -> Place {
        crate::yaml::place_of_key(Source::settings(FILE, &self.text), key)
    }

    /// Where a value stands in pressroom.yaml.
    #[must_use]
    pub fn place_of(&self, key: &str, value: &str) -> Place {
        match crate::yaml::find_value(&self.text, [key], value) {
            Some(range) => Place::in_text(FILE, &self.text, range),
            None => Place::file(FILE),
        }
    }

    /// Where a value stands below a key of a key, such as `sections` of `related`.
    #[must_use]
    pub fn place_within(&self, key: &str, inner: &str, value: &str) -> Place {
        match crate::yaml::find_value_within(&self.text, [key], inner, value) {
            Some(range) => Place::in_text(FILE, &self.text, range),
            None => Place::file(FILE),
        }
    }

    /// Where a value stands that is said of an edition: below `key`, or below its language.
    #[must_use]
    pub fn place_in_edition(&self, edition: &Edition, key: &str, value: &str) -> Place {
        if edition.prefix.is_empty() {
            self.place_of(key, value)
        } else {
            self.place_within("languages", &edition.language, value)
        }
    }

    /// The URL pattern of a section.
    #[must_use]
    pub fn permalink(&self, section: &str) -> &Permalink {
        static USUAL: LazyLock<Permalink> = LazyLock::new(Permalink::usual);
        self.permalinks.get(section).unwrap_or(&USUAL)
    }
}

/// A duplicate key of pressroom.yaml cannot be allowed by a key of pressroom.yaml.
fn without_wrong_hint(diagnostic: Diagnostic) -> Diagnostic {
    if diagnostic.code == Code::ConfigKey {
        diagnostic.hint("keep one of the two")
    } else {
        diagnostic
    }
}

fn idle_outside(source: Source) -> Diagnostic {
    let message = "`outside` means nothing while all authors are trusted";
    Diagnostic::new(Code::ConfigValue, message)
        .at(crate::yaml::place_of_key(source, "outside"))
        .severity(Severity::Warning)
        .hint("write `html: sanitised` as well, or remove it")
}

fn unknown_key(source: Source, key: &str) -> Diagnostic {
    let hint = match closest(key, raw::KEYS.iter().copied()) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "the theme's own settings go under `params`; the keys are {}",
            raw::KEYS.join(", ")
        ),
    };
    Diagnostic::new(Code::ConfigKey, format!("{FILE} has no key `{key}`"))
        .at(crate::yaml::place_of_key(source, key))
        .hint(hint)
}

fn resolve(mut raw: raw::RawConfig, text: &str, folder_name: &str) -> Config {
    let editions = editions::resolve(&mut raw, folder_name);
    let listing = raw.listing.unwrap_or_default();
    let feeds = raw.feeds.unwrap_or_default();
    Config {
        editions,
        base_url: raw.base_url.unwrap_or_else(|| BaseUrl {
            origin: "http://localhost".into(),
            path: "/".into(),
        }),
        timezone: raw.timezone.unwrap_or(TimeZone::UTC),
        theme: raw.theme.unwrap_or_else(|| "broadsheet".into()),
        fields: raw.front_matter.unwrap_or_default(),
        front_matter_duplicates: raw.front_matter_duplicates,
        permalinks: raw.permalinks,
        page_size: listing.page_size.map_or(20, std::num::NonZero::get),
        pagination: listing.pagination,
        related: related::resolve(raw.related),
        feed_entries: feeds.entries.unwrap_or(20),
        feed_formats: feeds
            .formats
            .unwrap_or_else(|| vec![FeedFormat::Atom, FeedFormat::Json]),
        not_in_sitemap: raw
            .sitemap
            .into_iter()
            .filter_map(|(section, wanted)| (!wanted).then_some(section))
            .collect(),
        comments: raw.comments,
        links: raw.links,
        html: raw.html,
        outside: outside::resolve(raw.outside.unwrap_or_default()),
        components: raw.components.unknown,
        allowed_components: raw.components.allow,
        known_components: BTreeSet::new(),
        pictures: pictures::resolve(raw.pictures),
        highlight: raw.highlight.unwrap_or(true),
        minify: Switch::parts(raw.minify).0,
        search: raw.search,
        social_cards: raw.social_cards,
        check_allows: raw.check.allow.0,
        hosting: hosting::resolve(raw.hosting),
        text: text.to_owned(),
    }
}

#[cfg(test)]
mod tests;
