//! Files for machines: related.json, redirects.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
use quick_xml::escape::escape;
use serde::Serialize;

use super::super::language::Language;
use super::super::{Renderer, absolute, href};
use crate::diagnostics::Diagnostic;
use crate::model::{PinTarget, Towards};
use crate::site::related::reason_text;
use crate::site::{LanguageId, Pinned, REDIRECTS, Related, Target};
use crate::source;

/// Something related, in related.json.
#[derive(Serialize)]
struct RelatedEntry<'a> {
    url: &'a str,
    title: &'a str,
    /// 0 to 1, to three places.
    score: f64,
    why: Vec<String>,
}

impl Renderer {
    /// related.json: for each article's URL what is related to it, how much and why.
    pub(in crate::render) fn related_json(&self) -> Vec<u8> {
        let site = &self.site;
        let urls: Vec<String> = site
            .urls
            .iter()
            .map(|url| absolute(&self.config, url))
            .collect();
        let entry = |at: usize, related: &Related| {
            let (url, title) = match related.target {
                Pinned::Here(id) => (&*urls[id.index()], &site.articles[id.index()].title),
                Pinned::Elsewhere(pin) => match &site.articles[at].pins[pin as usize].target {
                    PinTarget::Elsewhere { url, title, .. } => (&**url, title),
                    PinTarget::Here(here) => (&**here, here),
                },
            };
            let reasons = related.reasons.iter();
            RelatedEntry {
                url,
                title,
                score: f64::from((related.score * 1_000.0).round()) / 1_000.0,
                why: reasons.map(|reason| reason_text(reason, site)).collect(),
            }
        };
        let mut json = b"{".to_vec();
        for (at, related) in site.related.iter().enumerate() {
            let entries: Vec<RelatedEntry> =
                related.iter().map(|related| entry(at, related)).collect();
            if at > 0 {
                json.push(b',');
            }
            // Neither a text nor a list of them can fail to be written to memory.
            let _ = serde_json::to_writer(&mut json, &urls[at]);
            json.push(b':');
            let _ = serde_json::to_writer(&mut json, &entries);
        }
        json.extend_from_slice(b"}\n");
        json
    }

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

    /// `_redirects`, as Netlify and Cloudflare Pages read it: one redirect a line. The first line
    /// that fits counts, so those of the site's owner come first.
    pub(in crate::render) fn redirects(&self) -> Result<Vec<u8>, Diagnostic> {
        let own = self.site.statics.iter().find(|file| file.path == REDIRECTS);
        let mut out = own.map_or_else(|| Ok(String::new()), source::text)?;
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        for (from, to) in self.moves() {
            // On these hosts `*` and `:name` would match more than this one path.
            let from = from.replace('*', "%2A").replace(':', "%3A");
            let _ = writeln!(out, "{from} {to} 301");
        }
        Ok(out.into_bytes())
    }
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
