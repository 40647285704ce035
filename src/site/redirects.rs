//! Where the redirects of data/redirects.yaml lead in the end.

use super::links::missing_anchor;
use super::lookup::{Found, Lookup};
use super::routes::{Route, Target, position_of};
use super::{Catalogue, Site};
use crate::config::Config;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity};
use crate::markdown::split_fragment;
use crate::model::{Redirect, Towards, UrlPath};

/// Where each redirect leads in the end: no visitor is sent on twice.
pub(super) fn followed(
    site: &Catalogue,
    routes: &[Route],
    lookup: &Lookup,
    config: &Config,
    diagnostics: &mut Diagnostics,
) -> Vec<Towards> {
    let follow = |redirect: &Redirect| match follow(site, routes, redirect) {
        Ok(towards) => {
            diagnostics.extend(dead(redirect, &towards, site, routes, lookup, config));
            towards
        }
        Err(diagnostic) => {
            diagnostics.push(diagnostic);
            redirect.to.clone()
        }
    };
    site.redirects.iter().map(follow).collect()
}

/// Follows a redirect over others. The error is that it comes back to where it was.
fn follow(site: &Catalogue, routes: &[Route], redirect: &Redirect) -> Result<Towards, Diagnostic> {
    let mut seen = vec![&redirect.from];
    let mut towards = &redirect.to;
    loop {
        let Towards::Here(path, rest) = towards else {
            return Ok(towards.clone());
        };
        if seen.contains(&path) {
            seen.push(path);
            let way: Vec<&str> = seen.iter().map(|path| path.as_str()).collect();
            let message = format!("this redirect leads back to itself: {}", way.join(" to "));
            return Err(Diagnostic::new(Code::Redirect, message)
                .at(redirect.place.clone())
                .severity(Severity::Error)
                .hint("let it lead to a page, or take it out"));
        }
        seen.push(path);
        match target(routes, path) {
            Some(Target::Moved(at)) => towards = &site.redirects[*at as usize].to,
            Some(Target::Alias { page, .. }) => {
                return Ok(Towards::Here(site.aliased(*page).1.clone(), rest.clone()));
            }
            _ => return Ok(towards.clone()),
        }
    }
}

/// The answer of a URL.
fn target<'a>(routes: &'a [Route], url: &UrlPath) -> Option<&'a Target> {
    position_of(routes, url.as_str()).map(|at| &routes[at].target)
}

/// What is said of a redirect to a page that is not there, or to a place that is not on it.
fn dead(
    redirect: &Redirect,
    towards: &Towards,
    site: &Catalogue,
    routes: &[Route],
    lookup: &Lookup,
    config: &Config,
) -> Option<Diagnostic> {
    let severity = config.links.severity()?;
    let Towards::Here(path, rest) = towards else {
        return None;
    };
    let from = &redirect.from;
    let told = |message: String, hint: String| {
        let diagnostic = Diagnostic::new(Code::DeadLink, message).at(redirect.place.clone());
        Some(diagnostic.hint(hint).severity(severity))
    };
    match target(routes, path) {
        None => {}
        Some(Target::Article(id)) => {
            let page = &site.articles[id.index()];
            let (_, fragment) = split_fragment(rest);
            let (wanted, hint) = missing_anchor(page, fragment?)?;
            let message = format!(
                "the redirect from {from} leads to `#{wanted}`, which is not in {}",
                page.source
            );
            return told(message, hint);
        }
        Some(_) => return None,
    }
    let (message, hint) = match lookup.destination(path.as_str(), "", path) {
        Found::Withheld(source, reason) => (
            format!("the redirect from {from} leads to {source}, which is {reason}"),
            "publish it, or take the redirect out".to_owned(),
        ),
        Found::Nothing(missing) => (
            format!("the redirect from {from} leads to {path}, where there is nothing"),
            lookup.near(&missing).map_or_else(
                || "write the path of a page, or a whole URL".to_owned(),
                |near| format!("did you mean `{near}`?"),
            ),
        ),
        _ => return None,
    };
    told(message, hint)
}

/// Redirects that lead to other redirects. They work, since visitors are sent to where the last one
/// leads; the table says something else.
#[must_use]
pub fn chains(site: &Site) -> Diagnostics {
    let redirects = site.redirects.iter().zip(site.moved.iter());
    let chains = redirects.filter(|(redirect, end)| redirect.to != **end);
    chains
        .map(|(redirect, end)| {
            let Redirect { from, to, place } = redirect;
            let message =
                format!("the redirect from {from} leads to {to}, which redirects to {end}");
            Diagnostic::new(Code::Redirect, message)
                .at(place.clone())
                .hint(format!("write {end}, to which visitors are sent already"))
        })
        .collect()
}
