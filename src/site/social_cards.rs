//! Which articles get a social card, and where it is.
//!
//! An article with a picture that networks show needs none. One whose headline cannot be drawn,
//! since no font has its characters, gets none either, rather than one with boxes for letters.

use std::collections::{BTreeMap, BTreeSet};

use unicode_script::{Script, UnicodeScript};

use super::{ArticleId, Catalogue};
use crate::config::Config;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::drawing::Fonts;
use crate::model::{Article, UrlPath, has_ending};

/// Characters that a diagnostic names.
const NAMED: usize = 6;

/// Articles that lack characters of a script.
#[derive(Default)]
struct Lacking {
    characters: BTreeSet<char>,
    articles: Vec<ArticleId>,
}

/// The URL of each article's card.
pub(super) fn social_cards(
    site: &Catalogue,
    config: &Config,
    fonts: &Fonts,
    diagnostics: &mut Diagnostics,
) -> BTreeMap<ArticleId, UrlPath> {
    let mut cards = BTreeMap::new();
    let mut lacking: BTreeMap<&'static str, Lacking> = BTreeMap::new();
    for (at, article) in site.articles.iter().enumerate() {
        if has_picture(article) {
            continue;
        }
        let id = ArticleId(at as u32);
        let section = site.section_of[at].map_or("", |at| &site.sections[at as usize].title);
        let mut can_be_drawn = true;
        let edition = &config.editions[site.edition_of(id).index()];
        for text in [&article.title, section, &edition.title] {
            for character in fonts.missing(text) {
                can_be_drawn = false;
                let lacking = lacking.entry(script(character)).or_default();
                lacking.characters.insert(character);
                if lacking.articles.last() != Some(&id) {
                    lacking.articles.push(id);
                }
            }
        }
        if can_be_drawn {
            cards.insert(id, card_url(&site.urls[at]));
        }
    }
    let in_title: BTreeSet<_> = fonts.missing(&config.own().title).map(script).collect();
    for (script, lacking) in &lacking {
        let place = if in_title.contains(script) {
            config.place_of_key("title")
        } else {
            let sources = lacking
                .articles
                .iter()
                .map(|id| &*site.articles[id.index()].source);
            Place::file(sources.min().unwrap_or_default())
        };
        diagnostics.push(font_missing(script, lacking).at(place));
    }
    cards
}

/// Whether an article has a picture that networks show. They do not show SVG.
fn has_picture(article: &Article) -> bool {
    let Some(image) = &article.image else {
        return false;
    };
    let path = image.src.split(['?', '#']).next().unwrap_or("");
    !has_ending(path, &["svg"])
}

/// The file beside an article: `/news/budget/social-card.png`, `/2019/07/a.social-card.png` for
/// `/2019/07/a.html`.
fn card_url(article: &UrlPath) -> UrlPath {
    let (folder, name) = article.as_str().split_at(article.folder().len());
    let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let dot = if name.is_empty() { "" } else { "." };
    UrlPath::trusted(format!("{folder}{name}{dot}social-card.png"))
}

/// What a person calls the script of a character.
fn script(character: char) -> &'static str {
    match character.script() {
        Script::Common | Script::Inherited | Script::Unknown => "symbols",
        script => script.full_name(),
    }
}

fn font_missing(script: &str, lacking: &Lacking) -> Diagnostic {
    let named: Vec<String> = lacking
        .characters
        .iter()
        .take(NAMED)
        .map(|character| format!("“{character}”"))
        .collect();
    let others = match lacking.characters.len().saturating_sub(NAMED) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    let of = match script {
        "symbols" => "symbols".to_owned(),
        script => format!("{} characters", script.replace('_', " ")),
    };
    let articles = match lacking.articles.len() {
        1 => "one article has".to_owned(),
        n => format!("{n} articles have"),
    };
    let message = format!(
        "{articles} no social card, since no font has the {of} {}{others}",
        named.join(", ")
    );
    Diagnostic::new(Code::FontMissing, message)
        .hint("put a font that has them in fonts/, as a .ttf or .otf file")
}
