//! Values that many pages share, made once for a site.

use rayon::prelude::*;
use tera::Value;

use super::context::{
    CardValue, FeedValue, ImageValue, LinkValue, NewsletterValue, PagesValue, SectionValue,
    SiteValue, date,
};
use super::icons;
use super::language::Language;
use super::theme::Theme;
use super::{absolute, href};
use crate::config::{BaseUrl, Comments, Config, FeedFormat};
use crate::model::{Article, UrlPath};
use crate::site::{ArticleId, Listing, ListingKind, MANIFEST, Pinned, Related, Site, feed_url};

/// Values that many pages share.
pub(super) struct Shared {
    pub site: Value,
    pub cards: Vec<Value>,
    pub sections: Vec<Value>,
    /// The site's own feeds, for pages that have none.
    pub feeds: Value,
}

impl Shared {
    pub fn new(config: &Config, site: &Site, theme: &Theme, languages: &[Language]) -> Self {
        let sections: Vec<Value> = site
            .sections
            .iter()
            .map(|section| {
                Value::from_serializable(&SectionValue {
                    name: &section.name,
                    title: &section.title,
                    url: href(config, &section.url),
                    description: section
                        .front
                        .map(|front| &*site.fronts[front].summary)
                        .filter(|text| !text.is_empty()),
                })
            })
            .collect();
        let term = |label: &str, url: &UrlPath, key: &'static str| {
            let mut map = tera::Map::new();
            map.insert(key.into(), Value::from(label));
            map.insert("url".into(), Value::from(href(config, url)));
            Value::from(map)
        };
        let tags: Vec<Value> = site
            .tags
            .all
            .iter()
            .map(|tag| term(&tag.label, &tag.url, "label"))
            .collect();
        let authors: Vec<Value> = site
            .authors
            .all
            .iter()
            .map(|author| term(&author.label, &author.url, "name"))
            .collect();
        let maker = Cards {
            config,
            site,
            sections: &sections,
            tags: &tags,
            authors: &authors,
            languages,
        };
        let cards = (0..site.articles.len())
            .into_par_iter()
            .map(|at| maker.card(ArticleId(at as u32)))
            .collect();
        let feeds = feeds(config, site, &site.listings[0]);
        Self {
            site: site_value(config, site, theme, &sections, &feeds, &languages[0]),
            cards,
            sections,
            feeds,
        }
    }

    /// The card of something related, which says whether the author chose it.
    pub fn related_card(&self, site: &Site, of: ArticleId, related: &Related) -> Value {
        match related.target {
            Pinned::Here(id) if related.is_pinned() => {
                with(self.cards[id.index()].clone(), "pinned", Value::from(true))
            }
            Pinned::Here(id) => self.cards[id.index()].clone(),
            Pinned::Elsewhere(at) => external_card(&site.articles[of.index()], at),
        }
    }

    /// What is related to an article, as cards.
    pub fn related_cards(&self, site: &Site, of: ArticleId) -> Vec<Value> {
        site.related[of.index()]
            .iter()
            .map(|related| self.related_card(site, of, related))
            .collect()
    }
}

/// A map with one more entry.
pub(super) fn with(value: Value, key: &'static str, entry: Value) -> Value {
    let mut map = value.into_map().unwrap_or_default();
    map.insert(key.into(), entry);
    Value::from(map)
}

fn external_card(article: &Article, at: u32) -> Value {
    match article.pins.get(at as usize).map(|pin| &pin.target) {
        Some(crate::model::PinTarget::Elsewhere {
            url,
            title,
            summary,
        }) => Value::from_serializable(&CardValue::external(url, title, summary)),
        _ => Value::none(),
    }
}

struct Cards<'a> {
    config: &'a Config,
    site: &'a Site,
    sections: &'a [Value],
    tags: &'a [Value],
    authors: &'a [Value],
    languages: &'a [Language],
}

impl Cards<'_> {
    fn card(&self, id: ArticleId) -> Value {
        let at = id.index();
        let article = &self.site.articles[at];
        let url = &self.site.urls[at];
        let language = &self.languages[usize::from(self.site.language_of[at].0)];
        let terms = |all: &[Value], own: &[u32]| {
            own.iter().map(|term| all[*term as usize].clone()).collect()
        };
        Value::from_serializable(&CardValue {
            url: href(self.config, url),
            permalink: absolute(self.config, url),
            title: &article.title,
            summary: &article.summary,
            date: date(article.date, language),
            updated: date(article.updated, language),
            section: self.site.section_of[at].map_or_else(Value::none, |section| {
                self.sections[section as usize].clone()
            }),
            tags: terms(self.tags, &self.site.tags.of_article[at]),
            authors: terms(self.authors, &self.site.authors.of_article[at]),
            image: image(article, self.site.images[at].as_deref()),
            words: article.words,
            minutes: article.minutes,
            language: &language.tag,
            weight: article.weight,
            extra: Value::from_serializable(&article.extra),
            external: false,
            pinned: false,
        })
    }
}

fn image<'a>(article: &'a Article, src: Option<&'a str>) -> Option<ImageValue<'a>> {
    let image = article.image.as_ref()?;
    Some(ImageValue {
        src: src.unwrap_or(&image.src),
        alt: &image.alt,
        credit: image.credit.as_deref(),
        caption: image.caption.as_deref(),
    })
}

fn site_value(
    config: &Config,
    site: &Site,
    theme: &Theme,
    sections: &[Value],
    feeds: &Value,
    language: &Language,
) -> Value {
    let path = |url: &str| href(config, &UrlPath::trusted(url.to_owned()));
    let when = |wanted: bool, url: &str| wanted.then(|| path(url));
    let navigation = if config.navigation.is_empty() {
        let link = |section: &'_ crate::site::Section| href(config, &section.url);
        site.sections
            .iter()
            .map(|section| LinkValue {
                title: &section.title,
                url: link(section),
            })
            .collect()
    } else {
        let link = |item: &crate::config::NavigationItem| local(&config.base_url, &item.url);
        config
            .navigation
            .iter()
            .map(|item| LinkValue {
                title: &item.title,
                url: link(item),
            })
            .collect()
    };
    let base_url = config.base_url.whole();
    let params: tera::Map = theme
        .params
        .iter()
        .map(|(name, value)| (name.clone().into(), Value::from_serializable(value)))
        .collect();
    Value::from_serializable(&SiteValue {
        title: &config.title,
        description: config.description.as_deref(),
        base_url: &base_url,
        url: &config.base_url.path,
        language: &config.language,
        direction: language.direction,
        text: language.text.clone(),
        navigation,
        sections: sections.to_vec(),
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
        feeds: feeds.clone(),
        pages: PagesValue {
            home: Some(path("/")),
            archive: when(!site.years.is_empty(), "/archive/"),
            tags: when(!site.tags.all.is_empty(), "/tags/"),
            authors: when(!site.authors.all.is_empty(), "/authors/"),
            related: when(
                site.listings.iter().any(|l| l.kind == ListingKind::Related),
                "/related/",
            ),
        },
        icon: icons::icon(config, site, theme),
        touch_icon: icons::touch_icon(config, site).map(|icon| icon.url),
        manifest: path(MANIFEST),
        params: Value::from(params),
        generator: concat!("Pressroom ", env!("CARGO_PKG_VERSION")),
        preview: site.preview,
    })
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
pub(super) fn feeds(config: &Config, site: &Site, listing: &Listing) -> Value {
    let title = feed_title(config, site, listing.kind);
    let feeds: Vec<Value> = config
        .feed_formats
        .iter()
        .map(|format| {
            Value::from_serializable(&FeedValue {
                title: title.clone(),
                kind: match format {
                    FeedFormat::Atom => "application/atom+xml",
                    FeedFormat::Json => "application/feed+json",
                },
                url: href(config, &feed_url(&listing.url, *format)),
            })
        })
        .collect();
    Value::from(feeds)
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
