//! What failed while pages were rendered, told once for all pages.

use std::collections::BTreeMap;

use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::site::{Site, Target};

/// One mistake in a template fails on every page that it is used for, and is told once: with the
/// first of these pages, and how many others there are.
pub(super) fn merge(site: &Site, mut failures: Vec<(usize, Diagnostic)>) -> Diagnostics {
    failures.sort_by_key(|(at, _)| *at);
    let mut of_disk = 0;
    failures.retain(|(_, diagnostic)| {
        of_disk += usize::from(diagnostic.code == Code::Output);
        diagnostic.code != Code::Output || of_disk == 1
    });
    let mut pages: BTreeMap<(Option<Place>, String), Vec<usize>> = BTreeMap::new();
    let mut first: Vec<Diagnostic> = Vec::new();
    for (at, diagnostic) in failures {
        let pages = pages
            .entry((diagnostic.place.clone(), diagnostic.message.clone()))
            .or_default();
        if pages.is_empty() {
            first.push(diagnostic);
        }
        pages.push(at);
    }
    first
        .into_iter()
        .map(|diagnostic| {
            let on = &pages[&(diagnostic.place.clone(), diagnostic.message.clone())];
            let of_article = on.iter().find(|at| article(site, **at).is_some());
            while_rendering(site, diagnostic, *of_article.unwrap_or(&on[0]), on.len())
        })
        .collect()
}

/// A mistake with one of the pages that show it, and how many do in all.
#[must_use]
pub fn while_rendering(
    site: &Site,
    mut diagnostic: Diagnostic,
    page: usize,
    pages: usize,
) -> Diagnostic {
    if diagnostic.code != Code::TemplateRender {
        return diagnostic;
    }
    let others = match pages - 1 {
        0 => String::new(),
        1 => ", and one other page".to_owned(),
        n => format!(", and {n} other pages"),
    };
    if let Some(place) = article(site, page) {
        return diagnostic.also(place, format!("while this article was rendered{others}"));
    }
    let url = &site.routes[page].url;
    diagnostic.message = format!("{} (while {url} was rendered{others})", diagnostic.message);
    diagnostic
}

/// The file of the article that a route is about.
fn article(site: &Site, at: usize) -> Option<Place> {
    match &site.routes[at].target {
        Target::Article(id) | Target::SocialCard(id) => {
            Some(Place::file(&*site.articles[id.index()].source))
        }
        _ => None,
    }
}
