//! Files for machines: related.json, redirects.

use std::fmt::Write as _;

use quick_xml::escape::escape;
use serde::Serialize;

use super::super::language::Language;
use super::super::{Renderer, absolute, href};
use crate::diagnostics::Diagnostic;
use crate::model::{PinTarget, UrlPath};
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
    pub(in crate::render) fn redirect(&self, to: &UrlPath, language: LanguageId) -> Vec<u8> {
        let (url, permalink) = (href(&self.config, to), absolute(&self.config, to));
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

    /// `_redirects`, as Netlify and Cloudflare Pages read it: one redirect a line. The first line
    /// that fits counts, so those of the site's owner come first.
    pub(in crate::render) fn redirects(&self) -> Result<Vec<u8>, Diagnostic> {
        let own = self.site.statics.iter().find(|file| file.path == REDIRECTS);
        let mut out = own.map_or_else(|| Ok(String::new()), source::text)?;
        if !out.is_empty() && !out.ends_with('\n') {
            out.push('\n');
        }
        for route in self.site.routes.iter() {
            if let Target::Alias { page, .. } = &route.target {
                // On these hosts `*` and `:name` would match more than this one path.
                let from = href(&self.config, &route.url)
                    .replace('*', "%2A")
                    .replace(':', "%3A");
                let to = href(&self.config, self.site.aliased(*page).1);
                let _ = writeln!(out, "{from} {to} 301");
            }
        }
        Ok(out.into_bytes())
    }
}
