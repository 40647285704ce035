//! An article's page.

use std::borrow::Cow;

use serde::ser::{Serialize, SerializeStruct, Serializer};
use tera::Value;

use super::super::cards::{fields, image};
use super::super::components::PageComponents;
use super::super::context::{ArticleValue, CommentValue, CommentsValue, LinkValue, toc};
use super::super::language::Language;
use super::super::questions;
use super::super::twofold::{CommentText, Content, Href, date, safe};
use super::super::{Outcome, Renderer, Want};
use super::Page;
use crate::code::Colours;
use crate::config::Comments;
use crate::diagnostics::Diagnostic;
use crate::key::Key;
use crate::markdown::{self, Body, Resolution};
use crate::model::Article;
use crate::site::{ArticleId, Linked};
use crate::source;

/// Headings from which on a table of contents is shown.
const TOC_HEADINGS: usize = 3;

/// The variables of an article's page.
#[derive(serde::Serialize)]
struct Variables<'a> {
    article: Whole<'a>,
}

/// `article`: what its card has, and the rest.
struct Whole<'a> {
    renderer: &'a Renderer,
    id: ArticleId,
    rest: ArticleValue<'a>,
}

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !serializer.is_human_readable() {
            return (self.renderer.card(self.id), &self.rest).serialize(serializer);
        }
        let card = self.renderer.card_value(self.id);
        let rest = Value::from_serializable(&self.rest);
        let (card, rest) = (fields(card), fields(&rest));
        let mut whole = serializer.serialize_struct("Article", card.len() + rest.len())?;
        for (name, value) in card.chain(rest) {
            whole.serialize_field(name, value)?;
        }
        whole.end()
    }
}

/// The text of an article or front, and what it refers to.
#[derive(Clone, Copy)]
pub(in crate::render) struct Written<'a> {
    pub article: &'a Article,
    /// Where each of its links leads.
    pub links: &'a [Linked],
    /// The articles whose cards it shows.
    pub cards: &'a [Option<ArticleId>],
}

impl Renderer {
    pub(in crate::render) fn article(
        &self,
        id: ArticleId,
        want: Want,
    ) -> Result<Outcome, Diagnostic> {
        let at = id.index();
        let article = &self.site.articles[at];
        let template = self.article_template(id);
        if let Some((_, position)) = article.template.as_deref()
            && !self.templates.has(&template)
        {
            let place = position.in_file(&article.source);
            return Err(self.templates.missing(&template, Some(place)));
        }
        let section_newest = self.site.section_newest.get(&id).into_iter().flatten();
        let (newer, older) = self.site.neighbours[at];
        let toc_headings = if article.title_in_body {
            &article.headings[1..]
        } else {
            &article.headings[..]
        };
        let language = self.language(self.site.language_of[at]);
        let rest = ArticleValue {
            standfirst: article.summary_written.then_some(&*article.summary),
            content: self.body(&self.text_of(id), language, want)?,
            // A key has them with the text.
            toc: if want == Want::Bytes {
                toc(toc_headings)
            } else {
                Vec::new()
            },
            show_toc: article.toc.unwrap_or(toc_headings.len() >= TOC_HEADINGS),
            related: self.related_cards(id),
            section_newest: section_newest.map(|id| self.card(*id)).collect(),
            newer: newer.map(|id| self.card(id)),
            older: older.map(|id| self.card(id)),
            comments: self.comments(article, language),
            math: article.math,
        };
        let whole = Whole {
            renderer: self,
            id,
            rest,
        };
        let page = Page {
            image: image(article, self.site.images[at].as_ref()),
            ..self.article_page(id)
        };
        self.make(want, &template, page, &Variables { article: whole })
    }

    /// The template of an article: the one that it names, or the usual one.
    pub(in crate::render) fn article_template(&self, id: ArticleId) -> Cow<'static, str> {
        match self.site.articles[id.index()].template.as_deref() {
            Some((name, _)) => format!("{name}.html").into(),
            None => "article.html".into(),
        }
    }

    /// What the page of an article says of itself, without its picture.
    pub(in crate::render) fn article_page(&self, id: ArticleId) -> Page<'_> {
        let at = id.index();
        let article = &self.site.articles[at];
        let section = self.site.section_of[at].map(|section| &self.site.sections[section as usize]);
        let mut breadcrumbs = vec![self.home_link(self.site.edition_of(id))];
        breadcrumbs.extend(section.map(|section| LinkValue {
            title: &section.title,
            url: Href::Path(&self.config.base_url, &section.url),
        }));
        Page {
            kind: "article",
            title: &article.title,
            description: Some(&article.summary),
            url: &self.site.urls[at],
            language: self.site.language_of[at],
            noindex: article.noindex,
            has_code: !article.code.is_empty(),
            feeds: None,
            breadcrumbs,
            versions: self.versions_of_article(id),
            image: None,
            styles: self.styles(article),
            social_card: self.social_card_value(id),
        }
    }

    /// The text of an article, and what it refers to.
    fn text_of(&self, id: ArticleId) -> Written<'_> {
        let cards = self.site.cards.get(&id);
        Written {
            article: &self.site.articles[id.index()],
            links: &self.site.links[id.index()],
            cards: cards.map_or(&[], |cards| cards),
        }
    }

    /// An article's body as HTML. The file is read again: bodies are not held.
    pub(super) fn body(
        &self,
        written: &Written,
        language: &Language,
        want: Want,
    ) -> Result<Content, Diagnostic> {
        let Written {
            article,
            links,
            cards,
        } = *written;
        let links = article.links.iter().zip(links);
        let links = links.map(|(link, to)| self.site.resolution(link, to, &self.config.base_url));
        let links: Vec<Resolution> = links.collect();
        if want != Want::Bytes {
            // What else its HTML is made from comes from the same bytes, or from pressroom.yaml,
            // which is in every key.
            let cards = cards.iter().flatten().map(|id| self.card(*id));
            let cards: Vec<_> = cards.collect();
            return Ok(Content::Key(Key::of(&(article.bytes, links, cards))));
        }
        let (text, start) = self.read_again(article)?;
        let base_url = self.config.base_url.whole();
        let body = Body {
            markdown: &text[start..],
            headings: &article.headings,
            links: &links,
            base_url: &base_url,
            math: article.math,
            without_title: article.title_in_body,
            sanitiser: self.sanitiser.as_deref(),
            sizes: &self.theme.sizes,
            colours: self.colours(),
        };
        let components = PageComponents {
            renderer: self,
            written,
            language,
        };
        let html = markdown::to_html(body, &components)?;
        Ok(Content::Html(safe(&html)))
    }

    /// The text of an article's file, which is not held, and where its body begins.
    pub(in crate::render) fn read_again(
        &self,
        article: &Article,
    ) -> Result<(String, usize), Diagnostic> {
        let text = source::text_at(&self.root, &article.source)?;
        if Key::of_bytes(text.as_bytes()) != article.bytes {
            // Somebody has saved it since it was parsed, and may take that back.
            questions::doubt();
        }
        // It was well formed when it was parsed; if it is not now, the next build sees that.
        let start = markdown::split(&text).map_or(0, |fenced| fenced.body_start);
        Ok((text, start))
    }

    /// What is known of the colours of code, if it gets any.
    fn colours(&self) -> Option<&Colours> {
        let stock = self.stock.as_ref().filter(|_| self.config.highlight)?;
        Some(&stock.colours)
    }

    fn comments<'b>(
        &self,
        article: &'b Article,
        language: &'b Language,
    ) -> Option<CommentsValue<'b>> {
        let shown = article
            .comments
            .unwrap_or(self.config.comments == Comments::Closed);
        if !shown || article.archived_comments.is_empty() {
            return None;
        }
        let entries = article
            .archived_comments
            .iter()
            .map(|comment| CommentValue {
                author: &comment.author,
                date: date(comment.date, language),
                url: comment.url.as_deref(),
                content: CommentText(&comment.text),
                depth: comment.depth,
            });
        Some(CommentsValue {
            closed: true,
            count: article.archived_comments.len(),
            entries: entries.collect(),
        })
    }
}
