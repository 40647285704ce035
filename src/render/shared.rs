//! Values that many pages share, made once for a site.

use serde::Serialize;
use tera::Value;

use super::context::{
    FeedValue, LinkValue, NewsletterValue, PagesValue, SectionValue, SiteValue, TermValue,
};
use super::href;
use super::icons;
use super::language::Language;
use super::theme::Theme;
use super::twofold::{Href, Keyed};
use crate::config::{BaseUrl, Comments, Config, FeedFormat};
use crate::key::Key;
use crate::model::UrlPath;
use crate::site::{Listing, ListingKind, MANIFEST, Site, Term, feed_url};

/// Values that many pages share.
pub(super) struct Shared {
    /// What every page is made from, whatever else it is made from.
    pub everywhere: Everywhere,
    pub site: Value,
    pub sections: Vec<Keyed>,
    pub tags: Vec<Keyed>,
    pub authors: Vec<Keyed>,
    /// The site's own feeds, for pages that have none.
    pub feeds: Keyed,
}

/// Keys of what every page is made from.
#[derive(Serialize)]
pub(super) struct Everywhere {
    /// `site`
    site: Key,
    /// pressroom.yaml as it is written, since settings of a theme have no type in a key.
    configuration: Key,
    theme: Key,
    /// The theme's words.
    texts: Key,
}

impl Shared {
    pub fn new(config: &Config, site: &Site, theme: &Theme, languages: &[Language]) -> Self {
        let section = |section: &crate::site::Section| {
            Keyed::new(&SectionValue {
                name: &section.name,
                title: &section.title,
                url: href(config, &section.url),
                description: section
                    .front
                    .map(|front| &*site.fronts[front].summary)
                    .filter(|text| !text.is_empty()),
            })
        };
        let tag = |tag: &Term| {
            Keyed::new(&TermValue::Tag {
                label: &tag.label,
                url: href(config, &tag.url),
            })
        };
        let author = |author: &Term| {
            Keyed::new(&TermValue::Author {
                name: &author.label,
                url: href(config, &author.url),
            })
        };
        let sections: Vec<Keyed> = site.sections.iter().map(section).collect();
        let feeds = Keyed::new(&feeds(config, site, &site.listings[0]));
        let value = site_value(config, site, theme, &sections, &feeds, &languages[0]);
        let texts: Vec<_> = languages.iter().map(|own| (&own.tag, &own.text)).collect();
        Self {
            everywhere: Everywhere {
                site: Key::of(&value),
                configuration: Key::of(&config.text),
                theme: theme.key(),
                texts: Key::of(&texts),
            },
            site: Value::from_serializable(&value),
            tags: site.tags.all.iter().map(tag).collect(),
            authors: site.authors.all.iter().map(author).collect(),
            sections,
            feeds,
        }
    }
}

fn site_value<'a>(
    config: &'a Config,
    site: &'a Site,
    theme: &Theme,
    sections: &'a [Keyed],
    feeds: &'a Keyed,
    language: &'a Language,
) -> SiteValue<'a> {
    let path = |url: &str| href(config, &UrlPath::trusted(url.to_owned()));
    let when = |wanted: bool, url: &str| wanted.then(|| path(url));
    let navigation = if config.navigation.is_empty() {
        site.sections
            .iter()
            .map(|section| LinkValue {
                title: &section.title,
                url: Href::Path(&config.base_url, &section.url),
            })
            .collect()
    } else {
        let link = |item: &crate::config::NavigationItem| local(&config.base_url, &item.url);
        config
            .navigation
            .iter()
            .map(|item| LinkValue {
                title: &item.title,
                url: Href::Written(link(item).into()),
            })
            .collect()
    };
    let params: tera::Map = theme
        .params
        .iter()
        .map(|(name, value)| (name.clone().into(), Value::from_serializable(value)))
        .collect();
    SiteValue {
        title: &config.title,
        description: config.description.as_deref(),
        base_url: config.base_url.whole(),
        url: &config.base_url.path,
        language: &config.language,
        direction: language.direction,
        text: language.text.clone(),
        navigation,
        sections,
        newsletter: config
            .newsletter
            .as_ref()
            .map(|newsletter| NewsletterValue {
                action: local(&config.base_url, &newsletter.action),
                text: &newsletter.text,
            }),
        comments: match config.comments {
            Comments::Closed => "closed",
            Comments::Off => "off",
        },
        feeds,
        pages: PagesValue {
            home: Some(path("/")),
            archive: when(!site.years.is_empty(), "/archive/"),
            tags: when(!site.tags.all.is_empty(), "/tags/"),
            authors: when(!site.authors.all.is_empty(), "/authors/"),
            related: when(
                site.listings.iter().any(|l| l.kind == ListingKind::Related),
                "/related/",
            ),
            search: site.search.first().map(|area| href(config, &area.url)),
        },
        icon: icons::icon(config, site, theme),
        touch_icon: icons::touch_icon(config, site).map(|icon| icon.url),
        manifest: path(MANIFEST),
        params: Value::from(params),
        generator: concat!("Pressroom ", env!("CARGO_PKG_VERSION")),
        preview: site.preview,
    }
}

/// A URL of pressroom.yaml or of a theme's setting as pages refer to it: a path from the site's
/// root gets the base path; query and fragment stay.
pub(super) fn local(base_url: &BaseUrl, url: &str) -> String {
    let Some(rest) = url.strip_prefix('/').filter(|rest| !rest.starts_with('/')) else {
        return url.to_owned();
    };
    let (path, suffix) = rest.split_at(rest.find(['?', '#']).unwrap_or(rest.len()));
    let path = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    format!("{}{}{suffix}", base_url.path, crate::model::encode(&path))
}

/// A listing's feeds.
pub(super) fn feeds(config: &Config, site: &Site, listing: &Listing) -> Vec<FeedValue> {
    let title = feed_title(config, site, listing.kind);
    let feed = |format: &FeedFormat| FeedValue {
        title: title.clone(),
        kind: match format {
            FeedFormat::Atom => "application/atom+xml",
            FeedFormat::Json => "application/feed+json",
        },
        url: href(config, &feed_url(&listing.url, *format)),
    };
    config.feed_formats.iter().map(feed).collect()
}

/// What a listing's feed is called.
pub(super) fn feed_title(config: &Config, site: &Site, kind: ListingKind) -> String {
    let of = match kind {
        ListingKind::Section(at) => &site.sections[at].title,
        ListingKind::Tag(at) => &site.tags.all[at].label,
        ListingKind::Author(at) => &site.authors.all[at].label,
        _ => return config.title.clone(),
    };
    format!("{}: {of}", config.title)
}
