//! What is found on the pages of a site as they are published.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, OnceLock, PoisonError};

use percent_encoding::percent_decode_str;

use super::html;
use crate::config::Config;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::markdown::scheme;
use crate::model::{Article, UrlPath, join};
use crate::site::{Route, Site, Target, position_of};

/// The files that pages are made from, where something in them is looked for.
#[derive(Clone, Copy)]
pub struct Sources<'a> {
    /// The file of an article.
    pub article: &'a (dyn Fn(&Article) -> Option<String> + Sync),
    /// Files of data/ and pressroom.yaml, each by its name.
    pub settings: &'a (dyn Fn() -> Vec<(String, String)> + Sync),
    /// Whether it is told where addresses of other sites are written.
    pub with_others: bool,
}

/// What the pages of a site say, collected while they are rendered.
pub struct Pages<'a> {
    site: &'a Site,
    config: &'a Config,
    sources: Sources<'a>,
    /// The settings, once something was looked for in them.
    settings: OnceLock<Vec<(String, String)>>,
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
    pub fn new(site: &'a Site, config: &'a Config, sources: Sources<'a>) -> Self {
        Self {
            site,
            config,
            sources,
            settings: OnceLock::new(),
            found: Mutex::default(),
        }
    }

    /// Looks at a page. `template`: the file that it is made by.
    pub fn see(&self, route: &Route, template: &str, bytes: &[u8]) {
        let page = html::read(&String::from_utf8_lossy(bytes));
        let at = position_of(&self.site.routes, route.url.as_str()).unwrap_or_default();
        let text = match &route.target {
            Target::Article(id) if self.sources.with_others => {
                (self.sources.article)(&self.site.articles[id.index()])
            }
            _ => None,
        };
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        for fault in page.faults {
            let key = (template.to_owned(), fault);
            found.faults.entry(key).or_default().insert(at);
        }
        for link in page.links {
            match self.leads(&link, &route.url) {
                Leads::Elsewhere(url) if self.sources.with_others => {
                    let known = found.elsewhere.get(&url);
                    if known.is_none_or(|(first, _)| at < *first)
                        && let Some(place) = self.written(&url, route, template, text.as_deref())
                    {
                        found.elsewhere.insert(url, (at, place));
                    }
                }
                Leads::Nowhere => {
                    let key = (template.to_owned(), link);
                    found.dead.entry(key).or_default().insert(at);
                }
                Leads::Here | Leads::Elsewhere(_) => {}
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
        if let (Some(text), Target::Article(id)) = (text, &route.target) {
            let file = &*self.site.articles[id.index()].source;
            if let Some(place) = found_in(file, text, url) {
                return Some(place);
            }
        }
        let decoded = percent_decode_str(url).decode_utf8_lossy();
        if decoded.contains(&self.config.base_url.whole()) {
            return None;
        }
        let in_settings = self.in_settings(url);
        Some(in_settings.unwrap_or_else(|| Place::file(template)))
    }

    /// Where an address is written in data/ or pressroom.yaml.
    fn in_settings(&self, url: &str) -> Option<Place> {
        let settings = self.settings.get_or_init(self.sources.settings);
        settings
            .iter()
            .find_map(|(file, text)| found_in(file, text, url))
    }

    /// Where to mend what some pages show. `words`: what one would find in the file to be mended.
    fn place(&self, routes: &BTreeSet<usize>, template: &str, words: &[&str]) -> Place {
        let only = routes.first().filter(|_| routes.len() == 1);
        if let Some(Target::Article(id)) = only.map(|at| &self.site.routes[*at].target) {
            let article = &self.site.articles[id.index()];
            let text = (self.sources.article)(article).unwrap_or_default();
            let file = &*article.source;
            if words
                .iter()
                .any(|word| found_in(file, &text, word).is_some())
            {
                return Place::file(file);
            }
        }
        Place::file(template)
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
        match base.inside(&path) {
            // Beside the site: another program's page of the same host.
            None => Leads::Elsewhere(whole),
            Some(inside) if route(self.site, inside).is_some() => Leads::Here,
            Some(_) => Leads::Nowhere,
        }
    }

    /// What was found, and the addresses of other sites with a place at which each is written.
    #[must_use]
    pub fn finish(&self, known: &Diagnostics) -> (Diagnostics, BTreeMap<String, Place>) {
        let found = self.found.lock();
        let found = std::mem::take(&mut *found.unwrap_or_else(PoisonError::into_inner));
        let site = self.site;
        let mut diagnostics = Diagnostics::new();
        for ((template, fault), routes) in &found.faults {
            let hint = "mend the template, or the HTML of the article";
            let message = format!("{fault}: {}", shown(site, routes));
            let place = self.place(routes, template, &named(fault));
            diagnostics.push(Diagnostic::new(Code::Html, message).at(place).hint(hint));
        }
        let is_told = |place: &Place| {
            let dead = |one: &Diagnostic| one.code == Code::DeadLink;
            let mut told = known.iter().filter(|one| dead(one));
            told.any(|one| one.places().any(|told| told.file == place.file))
        };
        let severity = self.config.links.severity();
        for ((template, link), routes) in &found.dead {
            // As pages have it, and as it is written in files of the site.
            let base = self.config.base_url.path.trim_end_matches('/');
            let written = link.strip_prefix(base).unwrap_or(link);
            let words = [link.as_str(), written];
            let of_page = self.place(routes, template, &words);
            let in_settings = || words.iter().find_map(|word| self.in_settings(word));
            let place = if of_page.file == *template {
                in_settings().unwrap_or(of_page)
            } else {
                of_page
            };
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

/// Where an address or another word stands in a file, as it is or percent-decoded, and not as a part
/// of a longer one.
fn found_in(file: &str, text: &str, word: &str) -> Option<Place> {
    let decoded = percent_decode_str(word).decode_utf8_lossy();
    let goes_on = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '/' | '%');
    let is_whole = |at: usize, form: &str| {
        !text[..at].ends_with(goes_on) && !text[at + form.len()..].starts_with(goes_on)
    };
    let find = |form: &str| {
        let mut places = text.match_indices(form).map(|(at, _)| at);
        let at = places.find(|at| is_whole(*at, form))?;
        Some(Place::in_text(file, text, at..at + form.len()))
    };
    let find = |form: &str| (!form.is_empty()).then(|| find(form))?;
    find(word).or_else(|| find(&decoded))
}

/// What a fault names, as a file has it: of an element the beginning of its tag.
fn named(fault: &str) -> Vec<&str> {
    let named = fault.split('`').skip(1).step_by(2).take(1);
    named.map(|name| name.trim_end_matches('>')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_is_found_where_it_stands_alone() {
        let text = "a: /x/y/\nb: https://a.example/x/\nc: /x/\nd: /größe/\n<b>";
        let line = |word: &str| found_in("data/a.yaml", text, word).map(|place| place.line);
        assert_eq!(line("/x/"), Some(3));
        assert_eq!(line("/gr%C3%B6%C3%9Fe/"), Some(4));
        assert_eq!(line("https://a.example/x/"), Some(2));
        assert_eq!(line("/x"), None);
        assert_eq!(line(""), None);
        assert_eq!(named("`<b>` is not closed before `</section>`"), ["<b"]);
        assert_eq!(line("<b"), Some(5));
    }
}
