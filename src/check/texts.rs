//! What articles leave unsaid: descriptions, texts of pictures, and ways that lead to them.

use rayon::prelude::*;

use crate::config::Config;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::markdown;
use crate::model::Article;
use crate::site::{Site, orphans};

/// What articles leave unsaid. `text_of` reads the file of an article.
#[must_use]
pub fn texts(
    site: &Site,
    config: &Config,
    text_of: &(dyn Fn(&Article) -> Option<String> + Sync),
) -> Diagnostics {
    let articles = site.articles.par_iter();
    let found: Vec<Vec<Diagnostic>> = articles
        .map(|article| {
            let text = text_of(article).unwrap_or_default();
            description(article)
                .into_iter()
                .chain(pictures(article, &text))
                .collect()
        })
        .collect();
    let mut diagnostics: Diagnostics = found.into_iter().flatten().collect();
    // Of a new site, lists show everything: what nothing else leads to is not lost yet.
    let orphans = if site.articles.len() < config.page_size {
        Vec::new()
    } else {
        orphans(site)
    };
    for id in orphans {
        let article = &site.articles[id.index()];
        let message =
            "only lists lead to this article: no text links to it, and no related block has it";
        diagnostics.push(
            Diagnostic::new(Code::Orphan, message)
                .at(Place::file(&*article.source))
                .hint("link it from an article that readers of it come from"),
        );
    }
    diagnostics
}

fn description(article: &Article) -> Option<Diagnostic> {
    if !article.summary.is_empty() {
        return None;
    }
    let message = "this article has no summary, and no paragraph that one could be taken from";
    let diagnostic = Diagnostic::new(Code::DescriptionMissing, message);
    Some(diagnostic.at(Place::file(&*article.source)).hint(
        "write `summary:` in its front matter; search engines and those who share the page show it",
    ))
}

/// Pictures that say nothing to those who do not see them.
fn pictures(article: &Article, text: &str) -> Vec<Diagnostic> {
    let unnamed = |place: Place, hint: &str| {
        let message = "this picture has no text for those who do not see it";
        Diagnostic::new(Code::AltMissing, message)
            .at(place)
            .hint(hint)
    };
    let mut found = Vec::new();
    if let Some(image) = article
        .image
        .as_ref()
        .filter(|image| image.alt.trim().is_empty())
    {
        let place = image.position.in_file(&article.source);
        found.push(unnamed(place, "write `image: {src: …, alt: …}`"));
    }
    let figures = article.calls.iter().filter(|call| &*call.name == "figure");
    for figure in figures {
        let says = |name: &str| figure.arguments.iter().any(|it| &*it.name == name);
        if says("src") && !says("alt") {
            let place = figure.position.in_file(&article.source);
            found.push(unnamed(place, "write what it shows as `alt=\"…\"`"));
        }
    }
    if text.contains("![") {
        let start = markdown::split(text).map_or(0, |fenced| fenced.body_start);
        for range in markdown::unnamed_pictures(&text[start..], article.math) {
            let range = start + range.start..start + range.end;
            let place = Place::in_text(&*article.source, text, range);
            found.push(unnamed(
                place,
                "write what it shows between the brackets: `![A ferry at dawn](…)`",
            ));
        }
    }
    found
}
