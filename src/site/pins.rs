//! What editors chose for related blocks, resolved and checked.

use super::lookup::{Found, Lookup};
use super::{ArticleId, Catalogue, Pinned};
use crate::config::Config;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity};
use crate::model::{Article, Pin, PinTarget, UrlPath};

/// The pins of each article that lead somewhere, each once.
pub(super) fn pins(
    site: &Catalogue,
    config: &Config,
    lookup: &Lookup,
    diagnostics: &mut Diagnostics,
) -> Vec<Vec<Pinned>> {
    let resolver = Resolver::new(site, config, lookup);
    let ids = (0..site.articles.len() as u32).map(ArticleId);
    ids.map(|id| resolver.pins(id, diagnostics)).collect()
}

/// What resolving needs to know.
struct Resolver<'a> {
    lookup: &'a Lookup<'a>,
    site: &'a Catalogue,
    base_url: String,
}

impl<'a> Resolver<'a> {
    fn new(site: &'a Catalogue, config: &Config, lookup: &'a Lookup<'a>) -> Self {
        Self {
            lookup,
            site,
            base_url: config.base_url.whole(),
        }
    }

    fn pins(&self, id: ArticleId, diagnostics: &mut Diagnostics) -> Vec<Pinned> {
        let url = &self.site.urls[id.index()];
        let article = &self.site.articles[id.index()];
        let mut pinned = Vec::new();
        for (at, pin) in article.pins.iter().enumerate() {
            if let Some(target) = self.pin(pin, at, article, url, diagnostics)
                && target != Pinned::Here(id)
                && !pinned.contains(&target)
            {
                pinned.push(target);
            }
        }
        pinned
    }

    fn pin(
        &self,
        pin: &Pin,
        at: usize,
        article: &Article,
        url: &UrlPath,
        diagnostics: &mut Diagnostics,
    ) -> Option<Pinned> {
        let here = match &pin.target {
            PinTarget::Elsewhere { .. } => return Some(Pinned::Elsewhere(at as u32)),
            PinTarget::Here(here) => here,
        };
        let report = |code, message, hint: String| {
            Diagnostic::new(code, message)
                .at(pin.position.in_file(&article.source))
                .hint(hint)
        };
        if self.is_elsewhere(here) {
            let message =
                format!("the related link `{here}` is a page of another site and needs a title");
            let hint = "write {url: …, title: …, summary: …}".to_owned();
            diagnostics.push(report(Code::DeadPin, message, hint));
            return None;
        }
        let diagnostic = match self.lookup.pin(here, &article.source, url, &self.base_url) {
            Found::Article(id) => return Some(Pinned::Here(id)),
            Found::Withheld(source, reason) => report(
                Code::DeadPin,
                format!("the related article {source} is {reason}, and is not shown"),
                "it will be shown when it is published".to_owned(),
            )
            .severity(Severity::Warning),
            Found::Several(several) => report(
                Code::AmbiguousLink,
                format!("the related article `{here}` could be one of {}: {}", several.len(), self.lookup.sources(&several)),
                "write the path of the one that is meant".to_owned(),
            ),
            Found::Route(route) => report(
                Code::DeadPin,
                format!("`{route}` is a page of this site, but not an article"),
                "only articles can be related; write an article's path, slug or URL".to_owned(),
            ),
            Found::Nothing(near) => report(
                Code::DeadPin,
                format!("there is no article `{here}` to be related to"),
                near.map_or_else(
                    || "write an article's path, slug or URL; for another site write {url: …, title: …}".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                ),
            ),
        };
        diagnostics.push(diagnostic);
        None
    }

    fn is_elsewhere(&self, named: &str) -> bool {
        named.contains("://") && !named.starts_with(&self.base_url)
    }
}
