//! What a person names outside of the site's files, such as on the command line.
//!
//! In: a name as front matter's `related` understands it. Out: the article, or what is wrong.

use super::lookup::{Found, Lookup};
use super::{ArticleId, Pinned, Reason, Related, Site};
use crate::config::Config;
use crate::diagnostics::{Code, Diagnostic};
use crate::model::UrlPath;

/// Finds articles by name.
pub struct Names<'a> {
    site: &'a Site,
    lookup: Lookup<'a>,
    base_url: String,
}

impl<'a> Names<'a> {
    /// Knows every article and page of a site.
    #[must_use]
    pub fn new(site: &'a Site, config: &Config) -> Self {
        Self {
            site,
            lookup: Lookup::new(&site.catalogue, &site.translations).with_routes(&site.routes),
            base_url: config.base_url.whole(),
        }
    }

    /// The article of a path from the site's root or from content/, a slug or a URL.
    ///
    /// Errors: [`Code::Argument`] for what is no article, is several, or is not shown.
    pub fn article(&self, name: &str) -> Result<ArticleId, Diagnostic> {
        let home = UrlPath::trusted("/".to_owned());
        let (message, hint) = match self.lookup.pin(name, "", &home, &self.base_url) {
            Found::Article(id) => return Ok(id),
            Found::Withheld(source, reason) => {
                let hint = match reason {
                    Reason::Draft => "add `--drafts` to look at drafts as well",
                    Reason::Scheduled(_) => "add `--future` to look at scheduled articles as well",
                    Reason::Expired(_) => "only articles that are shown have related ones",
                };
                (format!("{source} is {reason}"), hint.to_owned())
            }
            Found::Several(several) => (
                format!(
                    "`{name}` could be one of {}: {}",
                    several.len(),
                    self.lookup.sources(&several)
                ),
                "write the path of the one that is meant".to_owned(),
            ),
            Found::Route(route) => (
                format!("`{route}` is a page of this site, but not an article"),
                "write an article's path, slug or URL".to_owned(),
            ),
            Found::Nothing(missing) => (
                format!("there is no article `{name}`"),
                self.lookup.near(&missing).map_or_else(
                    || {
                        "write an article's path, slug or URL; `pressroom list all` has all paths"
                            .to_owned()
                    },
                    |near| format!("did you mean `{near}`?"),
                ),
            ),
        };
        Err(Diagnostic::new(Code::Argument, message).hint(hint))
    }

    /// Whether an article's author knows of another one: has pinned it, or excluded it.
    #[must_use]
    pub fn knows(&self, article: ArticleId, other: ArticleId) -> bool {
        let mut shown = self.site.related[article.index()].iter();
        let is_pin =
            |related: &Related| related.is_pinned() && related.target == Pinned::Here(other);
        shown.any(is_pin) || self.excludes(article, other)
    }

    /// Whether an article's author does not want another one to be suggested.
    #[must_use]
    pub fn excludes(&self, article: ArticleId, other: ArticleId) -> bool {
        let url = &self.site.urls[article.index()];
        let article = &self.site.articles[article.index()];
        article.excluded.iter().any(|exclusion| {
            let named = &exclusion.target;
            let found = self.lookup.pin(named, &article.source, url, &self.base_url);
            found == Found::Article(other)
        })
    }
}
