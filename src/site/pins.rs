//! What editors chose for related blocks, and what they do not want there, resolved and checked.

use rayon::prelude::*;

use super::lookup::{Found, Lookup};
use super::{ArticleId, Catalogue, Pinned};
use crate::config::Config;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity};
use crate::model::{Article, Exclusion, Pin, PinTarget, UrlPath};

/// The pins of each article that lead somewhere, each once.
pub(super) fn pins(
    site: &Catalogue,
    config: &Config,
    lookup: &Lookup,
    diagnostics: &mut Diagnostics,
) -> Vec<Vec<Pinned>> {
    let resolver = Resolver::new(site, config, lookup);
    let mut pins = vec![Vec::new(); site.articles.len()];
    for id in having(site, |article| !article.pins.is_empty()) {
        pins[id.index()] = resolver.pins(id, diagnostics);
    }
    pins
}

/// The articles that each article is not to be suggested with, in ascending order. One that is
/// pinned as well is not among them: the pin wins.
pub(super) fn exclusions(
    site: &Catalogue,
    config: &Config,
    lookup: &Lookup,
    pins: &[Vec<Pinned>],
    diagnostics: &mut Diagnostics,
) -> Vec<Vec<ArticleId>> {
    let resolver = Resolver::new(site, config, lookup);
    let mut excluded = vec![Vec::new(); site.articles.len()];
    for id in having(site, |article| !article.excluded.is_empty()) {
        excluded[id.index()] = resolver.exclusions(id, &pins[id.index()], diagnostics);
    }
    excluded
}

/// The articles that something is true of: of a large archive few, which are found on all cores.
fn having(site: &Catalogue, is_so: impl Fn(&Article) -> bool + Sync) -> Vec<ArticleId> {
    let articles = site.articles.par_iter().enumerate();
    articles
        .filter(|(_, article)| is_so(article))
        .map(|(at, _)| ArticleId(at as u32))
        .collect()
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
            Found::Nothing(missing) => report(
                Code::DeadPin,
                format!("there is no article `{here}` to be related to"),
                self.lookup.near(&missing).map_or_else(
                    || "write an article's path, slug or URL; for another site write {url: …, title: …}".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                ),
            ),
        };
        diagnostics.push(diagnostic);
        None
    }

    fn exclusions(
        &self,
        id: ArticleId,
        pins: &[Pinned],
        diagnostics: &mut Diagnostics,
    ) -> Vec<ArticleId> {
        let url = &self.site.urls[id.index()];
        let article = &self.site.articles[id.index()];
        let mut excluded = Vec::new();
        for exclusion in &article.excluded {
            match self.exclusion(exclusion, article, url) {
                Ok(Some(other)) if other == id => diagnostics.push(idle(
                    exclusion,
                    article,
                    "this article excludes itself",
                    "take it out: an article is never suggested under itself",
                )),
                Ok(Some(other)) if pins.contains(&Pinned::Here(other)) => diagnostics.push(idle(
                    exclusion,
                    article,
                    format!(
                        "`{}` is excluded, but it is pinned as well",
                        exclusion.target
                    ),
                    "the pin counts; take out one of the two",
                )),
                Ok(other) => excluded.extend(other),
                Err(diagnostic) => diagnostics.push(*diagnostic),
            }
        }
        excluded.sort_unstable();
        excluded.dedup();
        excluded
    }

    /// The article that an exclusion names; nothing if that is not published, and so not suggested.
    fn exclusion(
        &self,
        exclusion: &Exclusion,
        article: &Article,
        url: &UrlPath,
    ) -> Result<Option<ArticleId>, Box<Diagnostic>> {
        let named = &*exclusion.target;
        let (code, message, hint) = if self.is_elsewhere(named) {
            (
                Code::DeadPin,
                format!("the excluded article `{named}` is a page of another site"),
                "take it out: only articles of this site are suggested".to_owned(),
            )
        } else {
            match self.lookup.pin(named, &article.source, url, &self.base_url) {
                Found::Article(id) => return Ok(Some(id)),
                Found::Withheld(..) => return Ok(None),
                Found::Several(several) => (
                    Code::AmbiguousLink,
                    format!(
                        "the excluded article `{named}` could be one of {}: {}",
                        several.len(),
                        self.lookup.sources(&several)
                    ),
                    "write the path of the one that is meant".to_owned(),
                ),
                Found::Route(route) => (
                    Code::DeadPin,
                    format!("`{route}` is a page of this site, but not an article"),
                    "only articles can be excluded; write an article's path, slug or URL"
                        .to_owned(),
                ),
                Found::Nothing(missing) => (
                    Code::DeadPin,
                    format!("there is no article `{named}` to exclude"),
                    self.lookup.near(&missing).map_or_else(
                        || "write an article's path, slug or URL".to_owned(),
                        |near| format!("did you mean `{near}`?"),
                    ),
                ),
            }
        };
        let place = exclusion.position.in_file(&article.source);
        Err(Box::new(
            Diagnostic::new(code, message).at(place).hint(hint),
        ))
    }

    fn is_elsewhere(&self, named: &str) -> bool {
        named.contains("://") && !named.starts_with(&self.base_url)
    }
}

/// An exclusion that changes nothing.
fn idle(
    exclusion: &Exclusion,
    article: &Article,
    message: impl Into<String>,
    hint: &str,
) -> Diagnostic {
    Diagnostic::new(Code::IdleExclusion, message)
        .at(exclusion.position.in_file(&article.source))
        .hint(hint)
}
