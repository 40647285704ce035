//! Links and pins of all articles, resolved and checked.

use rayon::prelude::*;

use super::lookup::{Found, Lookup};
use super::{ArticleId, Pinned};
use crate::config::{Config, LinkPolicy};
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::markdown::{Destination, Resolution, classify, split_fragment};
use crate::model::{Article, Link, LinkKind, Pin, PinTarget, UrlPath, encode};

/// What resolving needs to know.
pub(super) struct Resolver<'a> {
    pub lookup: &'a Lookup<'a>,
    pub articles: &'a [Article],
    pub config: &'a Config,
}

impl Resolver<'_> {
    /// The links of pages, each an article or front with its URL.
    pub fn all_links(
        &self,
        pages: &[(&Article, &UrlPath)],
    ) -> (Vec<Box<[Resolution]>>, Vec<Diagnostic>) {
        let resolved: Vec<(Box<[Resolution]>, Vec<Diagnostic>)> = pages
            .par_iter()
            .map(|(article, url)| {
                let mut found = Vec::new();
                let links = article
                    .links
                    .iter()
                    .map(|link| self.link(link, article, url, &mut found))
                    .collect();
                (links, found)
            })
            .collect();
        let (links, found): (Vec<_>, Vec<_>) = resolved.into_iter().unzip();
        (links, found.into_iter().flatten().collect())
    }

    fn link(
        &self,
        link: &Link,
        article: &Article,
        url: &UrlPath,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Resolution {
        let (path, fragment) = split_fragment(&link.destination);
        if path.is_empty() && link.kind != LinkKind::Wiki {
            self.check_anchor(link, article, article, fragment, diagnostics);
            return Resolution::Keep;
        }
        let found = if link.kind == LinkKind::Wiki {
            self.lookup.wikilink(path, &article.source, url)
        } else {
            self.lookup.destination(path, &article.source, url)
        };
        let query = path.find('?').map_or("", |at| &path[at..]);
        let suffix = fragment
            .map(|fragment| format!("#{fragment}"))
            .unwrap_or_default();
        let to = |target: &UrlPath, label: Option<Box<str>>| Resolution::To {
            url: format!("{}{query}{suffix}", self.href(target)).into(),
            label,
        };
        match found {
            Found::Article(id) => {
                let target = &self.articles[id.index()];
                self.check_anchor(link, article, target, fragment, diagnostics);
                to(self.lookup.url(id), Some(target.title.clone()))
            }
            Found::Route(target) => to(target, None),
            other => {
                diagnostics.extend(self.dead(link, article, other));
                // Where nothing is known, a path from the root still gets the base path.
                match link.destination.strip_prefix('/') {
                    Some(rest) => Resolution::To {
                        url: format!("{}{rest}", self.config.base_url.path).into(),
                        label: None,
                    },
                    None => Resolution::Keep,
                }
            }
        }
    }

    /// The URL of an article's lead picture.
    pub fn image(
        &self,
        article: &Article,
        url: &UrlPath,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Box<str>> {
        let image = article.image.as_ref()?;
        let link = Link {
            kind: LinkKind::Image,
            destination: image.src.clone(),
            position: image.position,
        };
        let base_url = self.config.base_url.whole();
        match classify(&image.src, true, &base_url) {
            Destination::Here(here) => {
                let link = Link {
                    destination: here.into(),
                    ..link
                };
                match self.link(&link, article, url, diagnostics) {
                    Resolution::To { url, .. } => Some(url),
                    Resolution::Keep => Some(link.destination),
                }
            }
            Destination::Elsewhere => Some(link.destination),
            Destination::Foreign | Destination::Unsafe => {
                diagnostics.extend(self.dead(&link, article, Found::Nothing(None)));
                None
            }
        }
    }

    /// A URL of this site as a page refers to it.
    fn href(&self, url: &UrlPath) -> String {
        format!(
            "{}{}",
            self.config.base_url.path,
            encode(&url.as_str()[1..])
        )
    }

    fn check_anchor(
        &self,
        link: &Link,
        article: &Article,
        target: &Article,
        fragment: Option<&str>,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        let Some(fragment) = fragment.filter(|fragment| !fragment.is_empty() && *fragment != "top")
        else {
            return;
        };
        let wanted = percent_encoding::percent_decode_str(fragment).decode_utf8_lossy();
        let headings = || target.headings.iter().map(|heading| &*heading.id);
        let is_footnote = wanted.starts_with("fn-") || wanted.starts_with("fnref-");
        // Text fragments (`#:~:text=…`) are for the browser alone.
        let known = headings().any(|id| id == wanted)
            || target.anchors.iter().any(|anchor| **anchor == *wanted)
            || is_footnote
            || wanted.starts_with(":~:");
        if known {
            return;
        }
        let here = if std::ptr::eq(article, target) {
            "this article".to_owned()
        } else {
            target.source.to_string()
        };
        let near = crate::diagnostics::closest(&wanted, headings());
        let hint = match near {
            Some(near) => format!("did you mean `#{near}`?"),
            None if target.headings.is_empty() => "the page has no headings".to_owned(),
            None => format!(
                "its headings are {}",
                headings()
                    .take(8)
                    .map(|id| format!("#{id}"))
                    .collect::<Vec<_>>()
                    .join(", ")
            ),
        };
        diagnostics.extend(
            self.report(
                Diagnostic::new(Code::DeadLink, format!("there is no `#{wanted}` in {here}"))
                    .at(link.position.in_file(&article.source))
                    .hint(hint),
            ),
        );
    }

    fn dead(&self, link: &Link, article: &Article, found: Found) -> Option<Diagnostic> {
        let shown: String = link.destination.chars().take(120).collect();
        let what = if link.kind == LinkKind::Image {
            "image"
        } else {
            "link"
        };
        let (code, message, hint) = match found {
            Found::Withheld(source, reason) => (
                Code::DeadLink,
                format!("this {what} leads to {source}, which is {reason}"),
                "publish it, or take the link out".to_owned(),
            ),
            Found::Several(several) => (
                Code::AmbiguousLink,
                format!("`{shown}` fits {} articles: {}", several.len(), self.sources(&several)),
                "write the path of the one that is meant".to_owned(),
            ),
            Found::Nothing(near) => (
                Code::DeadLink,
                format!("the {what} `{shown}` leads nowhere in this site"),
                near.map_or_else(
                    || "write a path that exists: relative to this file, or from the site's root with a slash in front".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                ),
            ),
            Found::Article(_) | Found::Route(_) => return None,
        };
        self.report(
            Diagnostic::new(code, message)
                .at(link.position.in_file(&article.source))
                .hint(hint),
        )
    }

    /// A diagnostic with the severity that the site's owner wants for links.
    fn report(&self, diagnostic: Diagnostic) -> Option<Diagnostic> {
        match self.config.links {
            LinkPolicy::Error => Some(diagnostic),
            LinkPolicy::Warn => Some(diagnostic.severity(Severity::Warning)),
            LinkPolicy::Ignore => None,
        }
    }

    fn sources(&self, ids: &[ArticleId]) -> String {
        let mut sources: Vec<&str> = ids
            .iter()
            .map(|id| &*self.articles[id.index()].source)
            .collect();
        sources.sort_unstable();
        let more = sources.len().saturating_sub(4);
        sources.truncate(4);
        let list = sources.join(", ");
        if more > 0 {
            format!("{list} and {more} more")
        } else {
            list
        }
    }

    /// The pins of an article that lead somewhere, each once.
    pub fn pins(
        &self,
        id: ArticleId,
        url: &UrlPath,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Vec<Pinned> {
        let article = &self.articles[id.index()];
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
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Pinned> {
        let here = match &pin.target {
            PinTarget::Elsewhere { .. } => return Some(Pinned::Elsewhere(at as u32)),
            PinTarget::Here(here) => here,
        };
        let base_url = self.config.base_url.whole();
        let report = |code, message, hint: String| {
            Diagnostic::new(code, message)
                .at(pin.position.in_file(&article.source))
                .hint(hint)
        };
        let diagnostic = match self.lookup.pin(here, &article.source, url, &base_url) {
            Found::Article(id) => return Some(Pinned::Here(id)),
            Found::Withheld(source, reason) => report(
                Code::DeadPin,
                format!("the related article {source} is {reason}, and is not shown"),
                "it will be shown when it is published".to_owned(),
            )
            .severity(Severity::Warning),
            Found::Several(several) => report(
                Code::AmbiguousLink,
                format!("the related article `{here}` could be one of {}: {}", several.len(), self.sources(&several)),
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
}
