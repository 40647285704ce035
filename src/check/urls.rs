//! Whether old URLs are still answered.
//!
//! In: a sitemap (sitemaps.org, protocol 0.9) or a list with a URL on each line. Out: how many of
//! them lead to a page, how many to a redirect, and a diagnostic for each that leads nowhere.

use std::collections::BTreeMap;

use percent_encoding::percent_decode_str;
use quick_xml::Reader;
use quick_xml::events::Event;
use unicode_normalization::UnicodeNormalization;

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

/// A URL of a list, as written, and its line.
type Listed = (String, u32);

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
    let listed = if text
        .trim_start_matches('\u{feff}')
        .trim_start()
        .starts_with('<')
    {
        sitemap(file, text, &mut diagnostics)
    } else {
        lines(text)
    };
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
    let base = config.base_url.path.trim_end_matches('/');
    let inside = path.strip_prefix(base).filter(|rest| rest.starts_with('/'));
    (inside.unwrap_or(&path).to_owned(), query.to_owned())
}

fn lines(text: &str) -> Vec<Listed> {
    let lines = text.lines().zip(1..);
    let lines = lines.map(|(line, number)| (line.trim().trim_start_matches('\u{feff}'), number));
    let urls = lines.filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
    urls.map(|(line, number)| (line.to_owned(), number))
        .collect()
}

/// The `loc` of each `url` of a sitemap.
fn sitemap(file: &str, text: &str, diagnostics: &mut Diagnostics) -> Vec<Listed> {
    let mut reader = Reader::from_str(text);
    let mut listed = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut loc = String::new();
    let place = |at: u64| Place::in_text(file, text, at as usize..at as usize + 1);
    loop {
        let at = reader.buffer_position();
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                path.push(tag.local_name().as_ref().to_owned());
                loc.clear();
            }
            Ok(Event::Text(text)) => loc.push_str(&text),
            Ok(Event::CData(text)) => loc.push_str(&text),
            Ok(Event::GeneralRef(name)) => {
                let resolved = name.resolve_char_ref().ok().flatten();
                let named = quick_xml::escape::resolve_predefined_entity(&name);
                loc.extend(resolved);
                loc.push_str(named.unwrap_or_default());
            }
            Ok(Event::End(_)) => {
                let within = |names: [&str; 2]| {
                    let last = path.iter().rev().take(2).rev();
                    last.eq(names)
                };
                if within(["url", "loc"]) {
                    listed.push((loc.trim().to_owned(), place(at).line));
                } else if within(["sitemap", "loc"]) {
                    let message = format!("this is a list of sitemaps; {} is not read", loc.trim());
                    let hint = "download that file and name it with --urls as well";
                    diagnostics.push(
                        Diagnostic::new(Code::Argument, message)
                            .at(place(at))
                            .hint(hint),
                    );
                }
                path.pop();
            }
            Ok(Event::Eof) => {
                if let Some(open) = path.last() {
                    let message = format!("this sitemap ends within `<{open}>`: it was cut off");
                    let hint = "download it again; the URLs before are looked at";
                    let diagnostic = Diagnostic::new(Code::Argument, message);
                    diagnostics.push(diagnostic.at(place(at)).hint(hint));
                }
                break;
            }
            Ok(_) => {}
            Err(error) => {
                let at = reader.error_position();
                let message = format!("this sitemap cannot be read further: {error}");
                let hint = "download it again, or write a list with one URL a line";
                diagnostics.push(
                    Diagnostic::new(Code::Argument, message)
                        .at(place(at))
                        .hint(hint),
                );
                break;
            }
        }
    }
    listed
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

    #[test]
    fn a_sitemap_is_read_with_its_lines() {
        let text = "<?xml version='1.0'?>\n<urlset>\n<url><loc>\nhttps://a/b?x=1&amp;y=2 </loc></url>\n<url><loc>https://a/c</loc></url></urlset>";
        let mut diagnostics = Diagnostics::new();
        let listed = sitemap("old.xml", text, &mut diagnostics);
        assert_eq!(
            listed,
            [("https://a/b?x=1&y=2".into(), 4), ("https://a/c".into(), 5)]
        );
        sitemap(
            "old.xml",
            "<sitemapindex><sitemap><loc>x</loc></sitemap></sitemapindex>",
            &mut diagnostics,
        );
        assert_eq!(diagnostics.count(crate::diagnostics::Severity::Error), 1);
        sitemap("old.xml", "<urlset><url></loc>", &mut diagnostics);
        assert_eq!(diagnostics.count(crate::diagnostics::Severity::Error), 2);
        sitemap(
            "old.xml",
            "<urlset><url><loc>/a</loc></url>",
            &mut diagnostics,
        );
        assert_eq!(diagnostics.count(crate::diagnostics::Severity::Error), 3);
    }

    #[test]
    fn a_list_may_have_comments() {
        assert_eq!(
            lines("# old\n\n/a\nhttps://b/c\n"),
            [("/a".into(), 3), ("https://b/c".into(), 4)]
        );
    }
}
