//! What failed while pages were rendered, told once for all pages.

use std::collections::BTreeMap;

use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::site::{Route, Site, Target};

/// One mistake in a template fails on every page that it is used for, and is told once: with the
/// first of these pages, and how many others there are.
pub(super) fn merge(site: &Site, mut failures: Vec<(usize, Diagnostic)>) -> Diagnostics {
    failures.sort_by_key(|(at, _)| *at);
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
            if diagnostic.code == Code::TemplateRender {
                while_rendering(site, diagnostic, on)
            } else {
                diagnostic
            }
        })
        .collect()
}

fn while_rendering(site: &Site, mut diagnostic: Diagnostic, pages: &[usize]) -> Diagnostic {
    let article = |route: &Route| match &route.target {
        Target::Article(id) | Target::SocialCard(id) => {
            Some(Place::file(&*site.articles[id.index()].source))
        }
        _ => None,
    };
    let others = match pages.len() - 1 {
        0 => String::new(),
        1 => ", and one other page".to_owned(),
        n => format!(", and {n} other pages"),
    };
    let routes = || pages.iter().map(|at| &site.routes[*at]);
    if let Some(place) = routes().find_map(article) {
        return diagnostic.also(place, format!("while this article was rendered{others}"));
    }
    let url = routes().next().map_or("", |route| route.url.as_str());
    diagnostic.message = format!("{} (while {url} was rendered{others})", diagnostic.message);
    diagnostic
}
