//! Cards: what listings and related blocks show of an article.
//!
//! A card, and its key, is made when it is wanted first, and then shared.

use std::sync::{LazyLock, OnceLock};

use serde::ser::{Serialize, SerializeStruct, Serializer};
use tera::Value;
use tera::value::Key as Name;

use super::Renderer;
use super::context::{CardValue, ImageValue, PictureValue};
use super::twofold::{Href, Keyed, Untyped, date};
use crate::key::Key;
use crate::model::{Article, PinTarget};
use crate::site::{ArticleId, Lead, Pinned, Related};

/// The cards of all articles, as far as they were wanted.
pub(super) struct Cards {
    values: Vec<OnceLock<Value>>,
    keys: Vec<OnceLock<Key>>,
}

impl Cards {
    pub fn of(articles: usize) -> Self {
        Self {
            values: std::iter::repeat_with(OnceLock::new)
                .take(articles)
                .collect(),
            keys: std::iter::repeat_with(OnceLock::new)
                .take(articles)
                .collect(),
        }
    }
}

/// A card on a page.
pub(super) enum Card<'a> {
    /// Of an article of the site.
    Here {
        renderer: &'a Renderer,
        id: ArticleId,
        /// Whether the author chose it.
        pinned: bool,
        /// On the pages of /related/: what is related to it.
        related: Option<Vec<Self>>,
    },
    /// Of a page of another site.
    Elsewhere(Box<CardValue<'a>>),
}

impl Serialize for Card<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Elsewhere(card) => card.serialize(serializer),
            Self::Here {
                renderer,
                id,
                pinned,
                related,
            } if serializer.is_human_readable() => {
                let card = renderer.card_value(*id);
                if !pinned && related.is_none() {
                    return card.serialize(serializer);
                }
                let fields = fields(card);
                let length = fields.len() + usize::from(related.is_some());
                let mut own = serializer.serialize_struct("Card", length)?;
                for (name, value) in fields {
                    match name {
                        "pinned" => own.serialize_field(name, pinned)?,
                        _ => own.serialize_field(name, value)?,
                    }
                }
                if let Some(related) = related {
                    own.serialize_field("related", related)?;
                }
                own.end()
            }
            Self::Here {
                renderer,
                id,
                pinned,
                related,
            } => (renderer.card_key(*id), pinned, related).serialize(serializer),
        }
    }
}

/// The fields of a value that was a struct. To make a struct of them again takes a fraction of what
/// it takes to change the map, which hashes every name twice.
pub(super) fn fields(value: &Value) -> impl ExactSizeIterator<Item = (&'static str, &Value)> {
    static NONE: LazyLock<tera::Map> = LazyLock::new(tera::Map::new);
    let fields = value.as_map().unwrap_or(&NONE).iter();
    fields.map(|(name, value)| match name {
        Name::Str(name) => (*name, value),
        _ => unreachable!("a struct has names of the program"),
    })
}

impl Renderer {
    /// The card of an article.
    pub(super) fn card(&self, id: ArticleId) -> Card<'_> {
        Card::Here {
            renderer: self,
            id,
            pinned: false,
            related: None,
        }
    }

    /// The card of an article as templates receive it.
    pub(super) fn card_value(&self, id: ArticleId) -> &Value {
        let make = || {
            let value = Value::from_serializable(&self.describe(id));
            self.templates.will_last(&value);
            value
        };
        self.cards.values[id.index()].get_or_init(make)
    }

    fn card_key(&self, id: ArticleId) -> Key {
        *self.cards.keys[id.index()].get_or_init(|| Key::of(&self.describe(id)))
    }

    /// What is related to an article.
    pub(super) fn related_cards(&self, of: ArticleId) -> Vec<Card<'_>> {
        let related = self.site.related[of.index()].iter();
        let card = |related: &Related| match related.target {
            Pinned::Here(id) => Some(Card::Here {
                renderer: self,
                id,
                pinned: related.is_pinned(),
                related: None,
            }),
            Pinned::Elsewhere(at) => {
                let pin = self.site.articles[of.index()].pins.get(at as usize)?;
                let PinTarget::Elsewhere {
                    url,
                    title,
                    summary,
                } = &pin.target
                else {
                    return None;
                };
                let card = CardValue::external(url, title, summary, self.sanitiser.is_none());
                Some(Card::Elsewhere(Box::new(card)))
            }
        };
        related.filter_map(card).collect()
    }

    fn describe(&self, id: ArticleId) -> CardValue<'_> {
        let (site, at) = (&*self.site, id.index());
        let article = &site.articles[at];
        let url = &site.urls[at];
        let language = self.language(site.language_of[at]);
        let section = site.section_of[at];
        CardValue {
            url: Href::Path(&self.config.base_url, url),
            permalink: Href::Whole(&self.config.base_url, url),
            title: &article.title,
            summary: &article.summary,
            date: date(article.date, language),
            updated: date(article.updated, language),
            section: section.map(|section| &self.shared.sections[section as usize]),
            tags: chosen(&self.shared.tags, &site.tags.of_article[at]),
            authors: chosen(&self.shared.authors, &site.authors.of_article[at]),
            image: image(article, site.images[at].as_ref()),
            words: article.words,
            minutes: article.minutes,
            language: &language.tag,
            weight: article.weight,
            extra: Untyped(article.extra.as_deref()),
            external: false,
            rel: None,
            pinned: false,
        }
    }
}

fn chosen<'a>(all: &'a [Keyed], which: &[u32]) -> Vec<&'a Keyed> {
    which.iter().map(|at| &all[*at as usize]).collect()
}

/// An article's lead picture, unless its address is one that is not published.
pub(super) fn image<'a>(article: &'a Article, lead: Option<&'a Lead>) -> Option<ImageValue<'a>> {
    let (image, lead) = (article.image.as_ref()?, lead?);
    let shown = lead.picture.as_deref();
    let PictureValue {
        src,
        width,
        height,
        sources,
    } = PictureValue::new(&lead.url, shown);
    Some(ImageValue {
        src,
        width,
        height,
        sources,
        alt: &image.alt,
        credit: image.credit.as_deref(),
        caption: image.caption.as_deref(),
    })
}
