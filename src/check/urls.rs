//! Whether old URLs are still answered.
//!
//! In: a list of them. Out: how many of them lead to a page, how many to a redirect, and a
//! diagnostic for each that leads nowhere.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;

use super::lists;
use super::pages::route;
use crate::config::Config;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place, closest};
use crate::site::{Site, Target};

/// How old URLs are answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Answered {
    /// How many there are.
    pub urls: usize,
    /// How many are a page or file.
    pub pages: usize,
    /// How many redirect to one.
    pub redirects: usize,
}

/// Looks for the pages of old URLs. `file` is the list's name, `text` what is in it; `rules` are
/// those of static/_redirects.
#[must_use]
pub fn answered(
    file: &str,
    text: &str,
    site: &Site,
    config: &Config,
    rules: &str,
) -> (Answered, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let mut answered = Answered::default();
    let listed = lists::urls(file, text, &mut diagnostics);
    let rules: Vec<Rule> = rules.lines().filter_map(Rule::parse).collect();
    let mut lost: BTreeMap<String, u32> = BTreeMap::new();
    for (url, line) in listed {
        answered.urls += 1;
        match answer(&url, site, config, &rules) {
            Answer::Page => answered.pages += 1,
            Answer::Redirect => answered.redirects += 1,
            Answer::Nothing => drop(lost.entry(url).or_insert(line)),
        }
    }
    let paths: Vec<&str> = site
        .urls
        .iter()
        .map(crate::model::UrlPath::as_str)
        .collect();
    for (url, line) in lost {
        let place = Place::at(file, line, 0);
        diagnostics.push(report(&url, &path_of(&url, config).0, &paths).at(place));
    }
    (answered, diagnostics)
}

fn report(url: &str, path: &str, paths: &[&str]) -> Diagnostic {
    let message = format!("nobody answers the old URL {}", url.escape_debug());
    let hint = if path == "/" {
        "a static host does not look at what follows the `?`, and shows the home page; a redirect of the server's own can tell them apart".to_owned()
    } else {
        let near = closest(path, paths.iter().copied());
        let near = near.map_or(String::new(), |near| format!("; is it {near} now?"));
        format!(
            "add it to the `aliases` of the article that it was, or to data/redirects.yaml{near}"
        )
    };
    Diagnostic::new(Code::UrlLost, message).hint(hint)
}

enum Answer {
    Page,
    Redirect,
    Nothing,
}

fn answer(url: &str, site: &Site, config: &Config, rules: &[Rule]) -> Answer {
    let (path, query) = path_of(url, config);
    if let Some(found) = route(site, &path) {
        // The home page answers `/?p=123` as well, and it is not what was there.
        if path == "/" && !query.is_empty() {
            return Answer::Nothing;
        }
        return match found.target {
            Target::Alias { .. } | Target::Moved(_) => Answer::Redirect,
            _ => Answer::Page,
        };
    }
    let followed = rules.iter().find_map(|rule| rule.apply(&path));
    match followed {
        Some(to) if to.contains("://") || route(site, &to).is_some() => Answer::Redirect,
        _ => Answer::Nothing,
    }
}

/// The path of the site that a URL asks for, decoded, and its query.
fn path_of(url: &str, config: &Config) -> (String, String) {
    let url = url.split('#').next().unwrap_or_default();
    let after_scheme = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = if after_scheme.len() < url.len() {
        after_scheme.find('/').map_or("/", |at| &after_scheme[at..])
    } else {
        url
    };
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    let path: String = decoded.nfc().collect();
    let path = if path.starts_with('/') {
        path
    } else {
        format!("/{path}")
    };
    let inside = config.base_url.inside(&path);
    let inside = inside.filter(|inside| !inside.is_empty());
    (inside.unwrap_or(&path).to_owned(), query.to_owned())
}

/// A line of static/_redirects, in Netlify's form: a path, perhaps with `:name` or a `*` at its end,
/// and where it leads.
struct Rule {
    from: String,
    to: String,
}

impl Rule {
    fn parse(line: &str) -> Option<Self> {
        let line = line.split('#').next()?;
        let mut words = line.split_whitespace();
        let (from, to) = (words.next()?.to_owned(), words.next()?.to_owned());
        Some(Self { from, to })
    }

    /// Where the rule sends a path, if it fits.
    fn apply(&self, path: &str) -> Option<String> {
        let mut to = self.to.clone();
        let mut parts = path.trim_matches('/').split('/');
        for pattern in self.from.trim_matches('/').split('/') {
            if pattern == "*" {
                let rest: Vec<&str> = parts.collect();
                return Some(to.replace(":splat", &rest.join("/")));
            }
            let part = parts.next()?;
            if let Some(name) = pattern.strip_prefix(':') {
                to = to.replace(&format!(":{name}"), part);
            } else if pattern != part {
                return None;
            }
        }
        parts.next().is_none().then_some(to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_have_names_and_a_star() {
        let to = |rule: &str, path: &str| Rule::parse(rule).unwrap().apply(path);
        assert_eq!(to("/a /b 301", "/a/"), Some("/b".into()));
        assert_eq!(
            to("/blog/* /news/:splat", "/blog/x/y"),
            Some("/news/x/y".into())
        );
        assert_eq!(
            to("/:year/:slug /news/:slug/", "/2019/a"),
            Some("/news/a/".into())
        );
        assert_eq!(to("/a /b", "/a/c"), None);
        assert_eq!(to("/a/b /c", "/a"), None);
        assert!(Rule::parse("# a comment").is_none());
    }
}
