//! What is found on the pages of a site as they are published.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use percent_encoding::percent_decode_str;

use super::html;
use crate::config::Config;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::markdown::scheme;
use crate::model::{UrlPath, join};
use crate::site::{Route, Site, Target, position_of};

/// What the pages of a site say, collected while they are rendered.
pub struct Pages<'a> {
    site: &'a Site,
    config: &'a Config,
    found: Mutex<Found>,
}

#[derive(Default)]
struct Found {
    /// What is wrong, by the file of the template, with the routes that show it.
    faults: BTreeMap<(String, String), BTreeSet<usize>>,
    /// Links to where nothing is, in the same way.
    dead: BTreeMap<(String, String), BTreeSet<usize>>,
    /// Addresses of other sites, each with the first route that has it and where it is written.
    elsewhere: BTreeMap<String, (usize, Place)>,
}

impl<'a> Pages<'a> {
    /// Of a site, before any page is seen.
    #[must_use]
    pub fn new(site: &'a Site, config: &'a Config) -> Self {
        let found = Mutex::default();
        Self {
            site,
            config,
            found,
        }
    }

    /// Looks at a page. `template`: the file that it is made by; `text`: that of the article that it is
    /// about, if it is about one.
    pub fn see(&self, route: &Route, template: &str, bytes: &[u8], text: Option<&str>) {
        let page = html::read(&String::from_utf8_lossy(bytes));
        let at = position_of(&self.site.routes, route.url.as_str()).unwrap_or_default();
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        for fault in page.faults {
            let key = (template.to_owned(), fault);
            found.faults.entry(key).or_default().insert(at);
        }
        for link in page.links {
            match self.leads(&link, &route.url) {
                Leads::Elsewhere(url) => {
                    let Some(place) = self.written(&url, route, template, text) else {
                        continue;
                    };
                    let first = found.elsewhere.entry(url);
                    let first = first.or_insert_with(|| (at, place.clone()));
                    if at < first.0 {
                        *first = (at, place);
                    }
                }
                Leads::Nowhere => {
                    let key = (template.to_owned(), link);
                    found.dead.entry(key).or_default().insert(at);
                }
                Leads::Here => {}
            }
        }
    }

    /// Where an address of another site is written. `None`: nowhere, but a template has made it of the
    /// page's own address, as links to share a page are made.
    fn written(
        &self,
        url: &str,
        route: &Route,
        template: &str,
        text: Option<&str>,
    ) -> Option<Place> {
        let decoded = percent_decode_str(url).decode_utf8_lossy();
        let find = |text: &str| text.find(url).map(|at| (at, url.len()));
        let find_decoded = |text: &str| text.find(&*decoded).map(|at| (at, decoded.len()));
        let found = text.and_then(|text| find(text).or_else(|| find_decoded(text)));
        match (found, text, &route.target) {
            (Some((at, length)), Some(text), Target::Article(id)) => {
                let file = &*self.site.articles[id.index()].source;
                Some(Place::in_text(file, text, at..at + length))
            }
            _ if decoded.contains(&self.config.base_url.whole()) => None,
            _ => Some(Place::file(template)),
        }
    }

    /// Where a link of a page leads. `url` is that of the page.
    fn leads(&self, link: &str, url: &UrlPath) -> Leads {
        let base = &self.config.base_url;
        let link = link.split('#').next().unwrap_or_default().trim();
        if link.is_empty() {
            return Leads::Here;
        }
        let whole = match scheme(link) {
            Some("http" | "https") => link.to_owned(),
            Some(_) => return Leads::Here,
            None if link.starts_with("//") => format!("https:{link}"),
            None if link.starts_with('/') => format!("{}{link}", base.origin),
            None => match join(url.folder(), link) {
                Some(path) => format!("{}{}{path}", base.origin, base.path),
                None => return Leads::Nowhere,
            },
        };
        let Some(path) = whole.strip_prefix(&*base.origin) else {
            return Leads::Elsewhere(whole);
        };
        if !path.starts_with('/') && !path.is_empty() {
            // Another host whose name begins with ours.
            return Leads::Elsewhere(whole);
        }
        let path = path.split('?').next().unwrap_or_default();
        let path = percent_decode_str(path).decode_utf8_lossy();
        let inside = path.strip_prefix(base.path.trim_end_matches('/'));
        match inside.filter(|inside| inside.starts_with('/') || inside.is_empty()) {
            // Beside the site: another program's page of the same host.
            None => Leads::Elsewhere(whole),
            Some(inside) if route(self.site, inside).is_some() => Leads::Here,
            Some(_) => Leads::Nowhere,
        }
    }

    /// What was found, and the addresses of other sites with a place at which each is written.
    #[must_use]
    pub fn finish(self, known: &Diagnostics) -> (Diagnostics, BTreeMap<String, Place>) {
        let found = self.found.into_inner();
        let found = found.unwrap_or_else(PoisonError::into_inner);
        let site = self.site;
        let mut diagnostics = Diagnostics::new();
        for ((template, fault), routes) in &found.faults {
            let hint = "mend the template, or the HTML of the article";
            let message = format!("{fault}: {}", shown(site, routes));
            let place = place(site, routes, template);
            diagnostics.push(Diagnostic::new(Code::Html, message).at(place).hint(hint));
        }
        let is_told = |place: &Place| {
            let dead = |one: &Diagnostic| one.code == Code::DeadLink;
            let mut told = known.iter().filter(|one| dead(one));
            told.any(|one| one.places().any(|told| told.file == place.file))
        };
        let severity = self.config.links.severity();
        for ((template, link), routes) in &found.dead {
            let place = place(site, routes, template);
            // What an article says of itself is told at its line already.
            if let Some(severity) = severity.filter(|_| !is_told(&place)) {
                let message = format!("`{link}` leads nowhere: {}", shown(site, routes));
                let hint = "write a path that exists, with the function `url` of templates";
                diagnostics.push(
                    Diagnostic::new(Code::DeadLink, message)
                        .at(place)
                        .hint(hint)
                        .severity(severity),
                );
            }
        }
        let elsewhere = found.elsewhere.into_iter();
        let elsewhere = elsewhere.map(|(url, (_, place))| (url, place));
        (diagnostics, elsewhere.collect())
    }
}

enum Leads {
    Here,
    Nowhere,
    Elsewhere(String),
}

/// The route that a static host answers a path of the site with: as it is, with a slash, or with the
/// index of its folder.
pub(super) fn route<'a>(site: &'a Site, path: &str) -> Option<&'a Route> {
    let find = |url: &str| position_of(&site.routes, url).map(|at| &site.routes[at]);
    let path = if path.is_empty() { "/" } else { path };
    find(path)
        .or_else(|| find(path.strip_suffix("index.html")?))
        .or_else(|| find(&format!("{path}/")))
}

/// The pages that show something, in words.
fn shown(site: &Site, routes: &BTreeSet<usize>) -> String {
    let first = routes
        .first()
        .map_or("", |at| site.routes[*at].url.as_str());
    match routes.len() {
        0 | 1 => first.to_owned(),
        2 => format!("{first}, and one other page"),
        more => format!("{first}, and {} other pages", more - 1),
    }
}

/// Where to mend what some pages show: the article where it is one alone, else the template.
fn place(site: &Site, routes: &BTreeSet<usize>, template: &str) -> Place {
    let only = routes.first().filter(|_| routes.len() == 1);
    match only.map(|at| &site.routes[*at].target) {
        Some(Target::Article(id)) => Place::file(&*site.articles[id.index()].source),
        _ => Place::file(template),
    }
}
