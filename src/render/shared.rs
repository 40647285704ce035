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
use crate::config::{BaseUrl, Comments, Config, Edition, FeedFormat};
use crate::key::Key;
use crate::model::UrlPath;
use crate::site::{
    LanguageId, Listing, ListingKind, MANIFEST, Site, Target, Term, feed_url, index_path, search,
};

/// Values that many pages share.
pub(super) struct Shared {
    pub editions: Vec<OfEdition>,
    pub sections: Vec<Keyed>,
    pub tags: Vec<Keyed>,
    pub authors: Vec<Keyed>,
}

/// Those of the pages of one edition.
pub(super) struct OfEdition {
    /// What every page is made from, whatever else it is made from.
    pub everywhere: Everywhere,
    pub site: Value,
    /// The edition's own feeds, for pages that have none.
    pub feeds: Keyed,
    /// Where its home page is, as pages refer to it.
    pub home: String,
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
    /// What the pages of an edition share.
    pub fn of(&self, edition: LanguageId) -> &OfEdition {
        &self.editions[edition.index()]
    }

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
        let texts: Vec<_> = languages.iter().map(|own| (&own.tag, &own.text)).collect();
        let (configuration, theme_key, texts) =
            (Key::of(&config.text), theme.key(), Key::of(&texts));
        let editions = site.all_editions().map(|edition| {
            let of = Scope {
                config,
                site,
                edition,
            };
            let feeds = Keyed::new(&of.feeds());
            let value = of.value(theme, &sections, &feeds, &languages[edition.index()]);
            OfEdition {
                everywhere: Everywhere {
                    site: Key::of(&value),
                    configuration,
                    theme: theme_key,
                    texts,
                },
                site: Value::from_serializable(&value),
                feeds,
                home: href(config, &config.editions[edition.index()].page("/")),
            }
        });
        Self {
            editions: editions.collect(),
            tags: site.tags.all.iter().map(tag).collect(),
            authors: site.authors.all.iter().map(author).collect(),
            sections,
        }
    }
}

/// What the values of an edition are made from.
#[derive(Clone, Copy)]
struct Scope<'a> {
    config: &'a Config,
    site: &'a Site,
    edition: LanguageId,
}

impl<'a> Scope<'a> {
    fn own(&self) -> &'a Edition {
        &self.config.editions[self.edition.index()]
    }

    /// A page of the edition as pages refer to it.
    fn href(&self, path: &str) -> String {
        href(self.config, &self.own().page(path))
    }

    /// The feeds of its home page.
    fn feeds(&self) -> Vec<FeedValue> {
        let mut listings = self.site.listings.iter();
        let home = listings
            .find(|listing| listing.kind == ListingKind::Home && listing.edition == self.edition);
        home.map(|home| feeds(self.config, self.site, home))
            .unwrap_or_default()
    }

    fn value(
        &self,
        theme: &Theme,
        sections: &'a [Keyed],
        feeds: &'a Keyed,
        language: &'a Language,
    ) -> SiteValue<'a> {
        let Self {
            config,
            site,
            edition,
        } = *self;
        let own = self.own();
        let params = theme.params[edition.index()].iter();
        let params =
            params.map(|(name, value)| (name.clone().into(), Value::from_serializable(value)));
        let newsletter = own.newsletter.as_ref();
        SiteValue {
            title: &own.title,
            description: own.description.as_deref(),
            base_url: config.base_url.whole(),
            url: self.href("/"),
            language: &own.language,
            direction: language.direction,
            text: language.text.clone(),
            navigation: self.navigation(),
            sections: &sections[site.sections_of(edition)],
            newsletter: newsletter.map(|newsletter| NewsletterValue {
                action: local(&config.base_url, &newsletter.action),
                text: &newsletter.text,
            }),
            comments: match config.comments {
                Comments::Closed => "closed",
                Comments::Off => "off",
            },
            feeds,
            pages: self.pages(),
            icon: icons::icon(config, site, theme),
            touch_icon: icons::touch_icon(config, site).map(|icon| icon.url),
            manifest: href(config, &UrlPath::trusted(MANIFEST.to_owned())),
            params: Value::from(params.collect::<tera::Map>()),
            generator: concat!("Pressroom ", env!("CARGO_PKG_VERSION")),
            preview: site.preview,
        }
    }

    fn navigation(&self) -> Vec<LinkValue<'a>> {
        let base_url = &self.config.base_url;
        let items = self.own().navigation.iter().map(|item| LinkValue {
            title: &item.title,
            url: Href::Written(local(base_url, &item.url).into()),
        });
        let items: Vec<LinkValue> = items.collect();
        if !items.is_empty() {
            return items;
        }
        let sections = self.site.sections[self.site.sections_of(self.edition)].iter();
        let links = sections.map(|section| LinkValue {
            title: &section.title,
            url: Href::Path(base_url, &section.url),
        });
        links.collect()
    }

    fn pages(&self) -> PagesValue {
        let index = |target: &Target| {
            let path = index_path(target, self.site, self.edition)?;
            Some(self.href(path))
        };
        let mut listings = self.site.listings.iter();
        let has_related = listings
            .any(|listing| listing.kind == ListingKind::Related && listing.edition == self.edition);
        PagesValue {
            home: Some(self.href("/")),
            archive: index(&Target::Archive),
            tags: index(&Target::Tags),
            authors: index(&Target::Authors),
            related: has_related.then(|| self.href("/related/")),
            search: self.config.search.then(|| self.href(search::PAGE)),
        }
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
    let title = feed_title(config, site, listing);
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
pub(super) fn feed_title(config: &Config, site: &Site, listing: &Listing) -> String {
    let title = &config.editions[listing.edition.index()].title;
    let of = match listing.kind {
        ListingKind::Section(at) => &site.sections[at].title,
        ListingKind::Tag(at) => &site.tags.all[at].label,
        ListingKind::Author(at) => &site.authors.all[at].label,
        _ => return title.clone(),
    };
    format!("{title}: {of}")
}
