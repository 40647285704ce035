//! The picture of an article for places where people share it: a template of the theme makes an
//! SVG, which is drawn.

use std::collections::BTreeSet;
use std::sync::PoisonError;

use serde::Serialize;
use tera::{Kwargs, TeraResult, Value};
use unicode_normalization::UnicodeNormalization;

use super::cards::Card;
use super::context::SocialCardValue;
use super::templates::Templates;
use super::{Outcome, Renderer, Stock, Want, href};
use crate::config::Config;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::drawing::{self, Drawing, Face, Fonts, Frame};
use crate::key::Key;
use crate::model::UrlPath;
use crate::site::ArticleId;

/// The template of social cards.
pub(super) const TEMPLATE: &str = "social-card.svg";

/// Pixels across and down: 1.91 to 1, as Open Graph's readers cut pictures, and large enough for
/// the largest form in which they show them.
const SIZE: (u32, u32) = (1200, 630);

/// What draws, which shows in the bytes.
const DRAWN_BY: &str = concat!(env!("CARGO_PKG_VERSION"), " ", env!("PRESSROOM_BUILD"));

/// `fit`: distance of lines and weight where the template does not say.
const LINE_HEIGHT: f32 = 1.2;
const REGULAR: u16 = 400;

/// Characters that templates print and no font has, and the cards that lack them.
#[derive(Debug, Default)]
pub(super) struct LeftOut {
    characters: BTreeSet<char>,
    cards: BTreeSet<ArticleId>,
}

/// The variables of the template.
#[derive(Serialize)]
struct Variables<'a> {
    article: Card<'a>,
}

/// What a card is kept as.
pub(super) fn name(url: &UrlPath) -> Key {
    Key::of(url.as_str())
}

impl Renderer {
    /// Draws the social card of an article, or takes it from an earlier build.
    pub(super) fn social_card(&self, id: ArticleId) -> Result<Vec<u8>, Diagnostic> {
        let (svg, fonts) = self.social_card_svg(id)?;
        let draw = || Drawing::read(&svg, fonts, SIZE).map_err(|fault| self.fault(fault));
        let Some(Stock { made, .. }) = &self.stock else {
            return draw().map(|_| Vec::new());
        };
        let from = Key::of(&(DRAWN_BY, fonts.hash(), &svg));
        let name = self.site.social_cards.get(&id).map_or(from, name);
        match made.cards.get(name, from) {
            Some(png) => Ok(png),
            None => draw().map(|drawing| made.cards.keep(name, from, drawing.png())),
        }
    }

    /// The social card of an article as it could be drawn.
    pub(super) fn read_social_card(&self, id: ArticleId) -> Result<Drawing, Diagnostic> {
        let (svg, fonts) = self.social_card_svg(id)?;
        Drawing::read(&svg, fonts, SIZE).map_err(|fault| self.fault(fault))
    }

    fn social_card_svg(&self, id: ArticleId) -> Result<(String, &Fonts), Diagnostic> {
        let variables = Variables {
            article: self.card(id),
        };
        let page = self.article_page(id);
        let fonts = self.theme.fonts.as_deref();
        let fonts = fonts.expect("a site with social cards has fonts");
        let svg = match self.make(Want::Bytes, TEMPLATE, page, &variables)? {
            Outcome::Bytes(svg) => String::from_utf8(svg).unwrap_or_default(),
            _ => String::new(),
        };
        Ok((self.without_missing(id, &svg, fonts), fonts))
    }

    /// An SVG without the characters that no font has: what an article's own template prints
    /// besides its headline, which had been looked at before it got a card.
    fn without_missing(&self, id: ArticleId, svg: &str, fonts: &Fonts) -> String {
        // Fonts are asked for composed letters.
        let mut svg: String = svg.nfc().collect();
        let missing: BTreeSet<char> = fonts.missing(&svg).collect();
        if !missing.is_empty() {
            svg.retain(|character| !missing.contains(&character));
            let mut left_out = self.left_out.lock().unwrap_or_else(PoisonError::into_inner);
            left_out.characters.extend(missing);
            left_out.cards.insert(id);
        }
        svg
    }

    fn fault(&self, fault: crate::diagnostics::Fault) -> Diagnostic {
        Diagnostic::new(Code::TemplateRender, fault.message)
            .at(Place::file(self.templates.file(TEMPLATE)))
            .hint(fault.hint)
    }

    /// What was rendered all the same, and is not as it should be.
    #[must_use]
    pub fn warnings(&self) -> Diagnostics {
        let left_out = self.left_out.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(first) = left_out.cards.first() else {
            return Diagnostics::new();
        };
        let characters: Vec<String> = left_out
            .characters
            .iter()
            .map(|character| format!("“{character}”"))
            .collect();
        let message = format!(
            "this template prints {}, which no font has, and which are left out",
            characters.join(", ")
        );
        let others = match left_out.cards.len() - 1 {
            0 => String::new(),
            1 => ", and of one other".to_owned(),
            n => format!(", and of {n} others"),
        };
        let article = Place::file(&*self.site.articles[first.index()].source);
        Diagnostic::new(Code::FontMissing, message)
            .at(Place::file(self.templates.file(TEMPLATE)))
            .also(
                article,
                format!("on the social card of this article{others}"),
            )
            .hint("put a font that has them in fonts/, as a .ttf or .otf file")
            .into()
    }

    /// `page.social_card`
    pub(super) fn social_card_value(&self, id: ArticleId) -> Option<SocialCardValue<'_>> {
        let url = self.site.social_cards.get(&id)?;
        Some(SocialCardValue {
            url: href(&self.config, url),
            alt: &self.site.articles[id.index()].title,
            width: SIZE.0,
            height: SIZE.1,
            kind: "image/png",
        })
    }
}

/// That a theme without the template cannot have social cards.
pub(super) fn needs_template(templates: &Templates, config: &Config) -> Result<(), Diagnostics> {
    if templates.has(TEMPLATE) {
        return Ok(());
    }
    let place = config.place_of_key("social_cards");
    Err(templates.missing(TEMPLATE, Some(place)).into())
}

/// What it gives.
#[derive(Serialize)]
struct FitValue {
    lines: Vec<String>,
    size: f32,
    line_height: f32,
}

/// The function `fit` of templates: a text in lines that fit into a frame.
pub(super) fn fit(kwargs: &Kwargs, fonts: Option<&Fonts>) -> TeraResult<Value> {
    let Some(fonts) = fonts else {
        let message = "`fit` has fonts to measure with only where `social_cards` is true";
        return Err(tera::Error::message(message));
    };
    let text: &str = kwargs.must_get("text")?;
    let size: f32 = kwargs.must_get("size")?;
    let family = kwargs.get("font")?.unwrap_or_else(|| fonts.first_family());
    let direction: Option<&str> = kwargs.get("direction")?;
    let frame = Frame {
        width: kwargs.must_get("width")?,
        height: kwargs.get("height")?.unwrap_or(f32::MAX),
        size,
        smallest: kwargs.get("smallest")?.unwrap_or(size),
        line_height: kwargs.get("line_height")?.unwrap_or(LINE_HEIGHT),
        lines: kwargs.get("lines")?.unwrap_or(1),
        face: Face {
            family,
            weight: kwargs.get("weight")?.unwrap_or(REGULAR),
        },
        right_to_left: direction == Some("rtl"),
    };
    let lengths = [
        frame.width,
        frame.height,
        size,
        frame.smallest,
        frame.line_height,
    ];
    if !lengths
        .iter()
        .all(|number| number.is_finite() && *number > 0.0)
    {
        let message = "the numbers that `fit` takes are greater than zero";
        return Err(tera::Error::message(message));
    }
    if !fonts.families().contains(&family) {
        return Err(tera::Error::message(format!(
            "there is no font `{family}`; those at hand are {}",
            fonts.families().join(", ")
        )));
    }
    let fitted = drawing::fit(text, &frame, fonts);
    Ok(Value::from_serializable(&FitValue {
        lines: fitted.lines,
        size: fitted.size,
        line_height: fitted.line_height,
    }))
}
