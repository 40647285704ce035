//! Files for machines: related.json.

use serde::Serialize;

use super::super::{Renderer, absolute};
use crate::model::PinTarget;
use crate::site::related::reason_text;
use crate::site::{Pinned, Related};

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
}
