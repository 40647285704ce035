//! An article's page.

use tera::{Context, Value};

use super::super::context::{
    ArticleValue, CommentValue, CommentsValue, LinkValue, TranslationValue, date, safe, toc,
};
use super::super::language::Language;
use super::super::{Renderer, absolute, href};
use super::Page;
use crate::config::{Comments, Html};
use crate::diagnostics::Diagnostic;
use crate::markdown::{self, Body, Resolution};
use crate::model::{Article, SourceFile};
use crate::site::ArticleId;
use crate::source;

/// Headings from which on a table of contents is shown.
const TOC_HEADINGS: usize = 3;

impl Renderer<'_> {
    pub(in crate::render) fn article(&self, id: ArticleId) -> Result<Vec<u8>, Diagnostic> {
        let at = id.index();
        let article = &self.site.articles[at];
        let named = article.template.as_ref().map(|name| format!("{name}.html"));
        let template = named.as_deref().unwrap_or("article.html");
        if named.is_some() && !self.templates.has(template) {
            return Err(self.templates.missing(
                template,
                Some(article.template_position.in_file(&article.source)),
            ));
        }
        let content = self.body(article, &self.site.links[at])?;
        let card = |id: Option<ArticleId>| {
            id.map_or_else(Value::none, |id| self.shared.cards[id.index()].clone())
        };
        let section_newest = self.site.section_newest.get(&id).into_iter().flatten();
        let (newer, older) = self.site.neighbours[at];
        let toc_headings = if article.title_in_body {
            &article.headings[1..]
        } else {
            &article.headings[..]
        };
        let own = Value::from_serializable(&ArticleValue {
            standfirst: article.summary_written.then_some(&*article.summary),
            content,
            toc: toc(toc_headings),
            show_toc: article.toc.unwrap_or(toc_headings.len() >= TOC_HEADINGS),
            related: self.shared.related_cards(self.site, id),
            section_newest: section_newest.map(|id| card(Some(*id))).collect(),
            translations: self.translations(id),
            newer: card(newer),
            older: card(older),
            comments: self.comments(article, self.language(self.site.language_of[at])),
            math: article.math,
        });
        let card = self.shared.cards[at].clone();
        let image = card
            .get_from_path("image")
            .cloned()
            .unwrap_or_else(Value::none);
        let mut map = card.into_map().unwrap_or_default();
        map.extend(own.into_map().unwrap_or_default());

        let mut values = self.article_context(id, image);
        values.insert_value("article", Value::from(map));
        self.template(template, &values)
    }

    /// What the page of an article receives besides the article.
    pub(in crate::render) fn article_context(&self, id: ArticleId, image: Value) -> Context {
        let at = id.index();
        let article = &self.site.articles[at];
        let section = self.site.section_of[at].map(|section| &self.site.sections[section as usize]);
        let mut breadcrumbs = vec![self.home_link()];
        breadcrumbs.extend(section.map(|section| LinkValue {
            title: &section.title,
            url: href(self.config, &section.url),
        }));
        self.context(Page {
            kind: "article",
            title: &article.title,
            description: Some(&article.summary),
            url: &self.site.urls[at],
            language: self.site.language_of[at],
            noindex: article.noindex,
            feeds: None,
            breadcrumbs,
            image,
            social_card: self.social_card_value(id),
        })
    }

    /// An article's body as HTML. The file is read again: bodies are not held.
    pub(super) fn body(
        &self,
        article: &Article,
        links: &[Resolution],
    ) -> Result<Value, Diagnostic> {
        let file = SourceFile {
            path: article.source.to_string(),
            absolute: self.root.join(&*article.source),
        };
        let text = source::text(&file)?;
        // It was well formed when it was parsed; if it changed since, the next build sees that.
        let start = markdown::split(&text).map_or(0, |fenced| fenced.body_start);
        let base_url = self.config.base_url.whole();
        let html = markdown::to_html(Body {
            markdown: &text[start..],
            headings: &article.headings,
            links,
            base_url: &base_url,
            math: article.math,
            without_title: article.title_in_body,
            sanitised: self.config.html == Html::Sanitised,
        });
        Ok(safe(&html))
    }

    /// An article's versions in other languages.
    fn translations(&self, id: ArticleId) -> Vec<TranslationValue<'_>> {
        let others = self.site.translations.get(&id).into_iter().flatten();
        let value = |other: &ArticleId| {
            let url = &self.site.urls[other.index()];
            TranslationValue {
                language: self.site.language(*other),
                name: &self.language(self.site.language_of[other.index()]).name,
                url: href(self.config, url),
                permalink: absolute(self.config, url),
                title: &self.site.articles[other.index()].title,
            }
        };
        others.map(value).collect()
    }

    fn comments(&self, article: &Article, language: &Language) -> Option<CommentsValue> {
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
                author: comment.author.to_string(),
                date: date(comment.date, language),
                url: comment.url.as_deref().map(str::to_owned),
                content: safe(&markdown::comment_html(&comment.text)),
                depth: comment.depth,
            });
        Some(CommentsValue {
            closed: true,
            count: article.archived_comments.len(),
            entries: entries.collect(),
        })
    }
}
