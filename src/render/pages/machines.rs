//! Files for machines: related.json, redirects.

use std::fmt::Write as _;

use super::super::{Renderer, absolute, href};
use crate::diagnostics::Diagnostic;
use crate::model::{PinTarget, UrlPath};
use crate::site::related::reason_text;
use crate::site::{Pinned, REDIRECTS, Target};
use crate::source;

impl Renderer<'_> {
    /// related.json: for each article's URL what is related to it, how much and why.
    pub(in crate::render) fn related_json(&self) -> Vec<u8> {
        let mut all = serde_json::Map::new();
        for (at, related) in self.site.related.iter().enumerate() {
            let list = related.iter().map(|related| {
                let (url, title) = match related.target {
                    Pinned::Here(id) => (
                        absolute(self.config, &self.site.urls[id.index()]),
                        &self.site.articles[id.index()].title,
                    ),
                    Pinned::Elsewhere(pin) => {
                        match &self.site.articles[at].pins[pin as usize].target {
                            PinTarget::Elsewhere { url, title, .. } => (url.to_string(), title),
                            PinTarget::Here(here) => (here.to_string(), here),
                        }
                    }
                };
                let why: Vec<String> = related
                    .reasons
                    .iter()
                    .map(|reason| reason_text(*reason, self.site, &self.site.lexicon))
                    .collect();
                let score = f64::from((related.score * 1_000.0).round()) / 1_000.0;
                serde_json::json!({"url": url, "title": title, "score": score, "why": why})
            });
            all.insert(absolute(self.config, &self.site.urls[at]), list.collect());
        }
        let mut json = serde_json::to_vec(&serde_json::Value::Object(all)).unwrap_or_default();
        json.push(b'\n');
        json
    }

    /// A page that leads an old path's visitors on.
    pub(in crate::render) fn redirect(&self, to: &UrlPath) -> Vec<u8> {
        let (url, permalink) = (href(self.config, to), absolute(self.config, to));
        let language = &self.config.language;
        format!(
            "<!doctype html>\n<html lang=\"{language}\">\n<head>\n<meta charset=\"utf-8\">\n<title>Moved</title>\n\
             <link rel=\"canonical\" href=\"{permalink}\">\n<meta name=\"robots\" content=\"noindex\">\n\
             <meta http-equiv=\"refresh\" content=\"0; url={url}\">\n</head>\n<body>\n<p>This page is now at <a href=\"{url}\">{permalink}</a>.</p>\n</body>\n</html>\n"
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
        for route in &self.site.routes {
            if let Target::Alias(to) = &route.target {
                // On these hosts `*` and `:name` would match more than this one path.
                let from = href(self.config, &route.url)
                    .replace('*', "%2A")
                    .replace(':', "%3A");
                let to = href(self.config, to);
                let _ = writeln!(out, "{from} {to} 301");
            }
        }
        Ok(out.into_bytes())
    }
}
