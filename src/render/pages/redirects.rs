//! Old paths: the pages that lead on from them, and `_redirects` for hosts that read it.
//!
//! In: the routes of a site, and the owner's static/_redirects. Out: bytes, which old paths have no
//! page since the hosts answer them, and what the hosts will not read of the file.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use quick_xml::escape::escape;

use super::super::language::Language;
use super::super::{Renderer, absolute, href};
use crate::config::{Host, Limits};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, grouped};
use crate::model::Towards;
use crate::site::{LanguageId, REDIRECTS, Route, Target};
use crate::source;

impl Renderer {
    /// A page that leads an old path's visitors on.
    /// `url`: where it leads as pages refer to it; `permalink`: the same as a whole URL.
    pub(in crate::render) fn redirect(
        &self,
        url: &str,
        permalink: &str,
        language: LanguageId,
    ) -> Vec<u8> {
        let (url, permalink) = (escape(url), escape(permalink));
        let own = self.language(language);
        let Language { tag, direction, .. } = own;
        let moved = escape(own.text("moved"));
        let link = format!("<a href=\"{url}\">{permalink}</a>");
        let moved_to = escape(own.text("moved_to")).replace("{link}", &link);
        format!(
            "<!doctype html>\n<html lang=\"{tag}\" dir=\"{direction}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{moved}</title>\n\
             <link rel=\"canonical\" href=\"{permalink}\">\n<meta name=\"robots\" content=\"noindex\">\n\
             <meta http-equiv=\"refresh\" content=\"0; url={url}\">\n</head>\n<body>\n<p>{moved_to}</p>\n</body>\n</html>\n"
        )
        .into_bytes()
    }

    /// Where a redirect of data/redirects.yaml leads, as pages refer to it and as a whole URL.
    pub(in crate::render) fn towards(&self, at: u32) -> (String, String) {
        match &self.site.moved[at as usize] {
            Towards::Here(path, rest) => {
                let rest = encoded_rest(rest);
                let (href, whole) = (href(&self.config, path), absolute(&self.config, path));
                (href + &rest, whole + &rest)
            }
            Towards::Elsewhere(url) => (url.to_string(), url.to_string()),
        }
    }

    /// All old paths with where they lead, both percent-encoded, in the order of the old paths.
    pub(in crate::render) fn moves(&self) -> impl Iterator<Item = (String, String)> {
        self.site.routes.iter().filter_map(|route| {
            let to = match &route.target {
                Target::Alias { page, .. } => href(&self.config, self.site.aliased(*page).1),
                Target::Moved(at) => self.towards(*at).0,
                _ => return None,
            };
            Some((href(&self.config, &route.url), to))
        })
    }

    /// `_redirects`, in the form of Netlify: one redirect a line, of which the first that fits counts.
    /// The owner's own come first, but for what begins with the first pattern: Cloudflare Pages reads
    /// few lines from there on.
    pub(in crate::render) fn redirects(&self) -> Result<Vec<u8>, Diagnostic> {
        let own = self.site.statics.iter().find(|file| file.path == REDIRECTS);
        let own = own.map_or_else(|| Ok(String::new()), source::text)?;
        let is_pattern = |line: &&str| is_rule(line) && is_pattern(line);
        let pattern = own
            .split_inclusive('\n')
            .take_while(|line| !is_pattern(line));
        let (before, after) = own.split_at(pattern.map(str::len).sum());
        let mut out = before.to_owned();
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        for (from, to) in self.moves() {
            // On these hosts `*` and `:name` would match more than this one path.
            let from = from.replace('*', "%2A").replace(':', "%3A");
            let _ = writeln!(out, "{from} {to} 301");
        }
        out.push_str(after);
        Ok(out.into_bytes())
    }

    /// Whether the hosts answer a route themselves, so that it has no page: they would hand that out
    /// instead. What is not plain in a path they may compare in another way, and what goes beyond
    /// their limits they do not read; these have pages.
    #[must_use]
    pub fn is_left_to_hosts(&self, route: &Route) -> bool {
        let hosts = &self.config.hosting.hosts;
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"/-._~".contains(&b);
        matches!(route.target, Target::Alias { .. } | Target::Moved(_))
            && !hosts.is_empty()
            && hosts.iter().all(|host| host.prefers_files())
            && route.url.as_str().bytes().all(is_plain)
            && *self
                .fits_hosts
                .get_or_init(|| self.beyond_hosts().is_empty())
    }

    /// What the hosts of the site will not read of `_redirects`.
    #[must_use]
    pub fn beyond_hosts(&self) -> Diagnostics {
        let hosts = self.config.hosting.hosts.iter();
        let limited: Vec<_> = hosts
            .filter_map(|host| Some((*host, host.limits()?)))
            .collect();
        if limited.is_empty() {
            return Diagnostics::new();
        }
        // That it cannot be read is told where it is published.
        let text = self.redirects().unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        let over = limited
            .into_iter()
            .filter_map(|(host, limits)| Some((host, over(&text, host, &limits)?)));
        let told = over.map(|(host, message)| {
            let hint = "old addresses have pages that lead on as well, so that none is lost; a pattern \
                        in static/_redirects stands for many lines";
            let place = self.config.place_within("hosting", "for", host.word());
            Diagnostic::new(Code::Redirect, message).at(place).hint(hint)
        });
        told.collect()
    }
}

/// What a host will not read of `_redirects`, in a sentence.
fn over(text: &str, host: Host, limits: &Limits) -> Option<String> {
    let name = host.name();
    let rules: Vec<&str> = text.lines().filter(|line| is_rule(line)).collect();
    if let Some(most) = limits.bytes.filter(|most| text.len() > *most) {
        let (bytes, most) = (grouped(text.len()), grouped(most));
        return Some(format!(
            "`_redirects` has {bytes} bytes, and {name} reads none of it if it has more than {most}"
        ));
    }
    let plain = rules.iter().take_while(|line| !is_pattern(line)).count();
    let from_pattern = rules.len() - plain;
    if let Some(most) = limits.from_pattern
        && from_pattern > most
    {
        let most = grouped(most);
        return Some(format!(
            "`_redirects` has {} lines from the first pattern on, and {name} reads {most} of them",
            grouped(from_pattern)
        ));
    }
    let counted = match limits.from_pattern {
        Some(_) => plain,
        None => rules.len(),
    };
    (counted > limits.rules).then(|| {
        let (counted, most) = (grouped(counted), grouped(limits.rules));
        if limits.is_advice {
            format!(
                "`_redirects` has {counted} redirects, and {name} advises patterns from {most} on"
            )
        } else {
            format!("`_redirects` has {counted} redirects, and {name} reads {most} of them")
        }
    })
}

/// Whether a line of `_redirects` is one that hosts read.
fn is_rule(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && !line.starts_with('#')
}

/// Whether the path of a line stands for more than one.
fn is_pattern(line: &str) -> bool {
    let path = line.split_whitespace().next().unwrap_or_default();
    // `https://` is none.
    let path = path.split_once("://").map_or(path, |(_, rest)| rest);
    path.contains('*') || path.contains("/:")
}

/// What follows a path from `?` or `#` on, percent-encoded where it is not (RFC 3986, 3.4).
fn encoded_rest(rest: &str) -> String {
    const KEPT: &AsciiSet = &CONTROLS
        .add(b' ')
        .add(b'"')
        .add(b'<')
        .add(b'>')
        .add(b'`')
        .add(b'\\')
        .add(b'^')
        .add(b'{')
        .add(b'|')
        .add(b'}');
    utf8_percent_encode(rest, KEPT).to_string()
}
