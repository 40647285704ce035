//! What was perhaps meant by something that is not there.

use super::{Lookup, Missing};
use crate::diagnostics::closest;
use crate::model::{UrlPath, slugify};

impl<'a> Lookup<'a> {
    /// Articles whose names are compared with one that leads nowhere; in an archive of more, only
    /// a name that is the same is suggested.
    const COMPARED: usize = 50_000;

    /// What was perhaps meant by something that is not there.
    pub fn near(&self, missing: &Missing) -> Option<String> {
        match missing {
            Missing::File(path) => self.near_file(path),
            Missing::Url(url) => self.near_url(url),
            Missing::Name(name) => self.near_name(name),
            Missing::Outside => None,
        }
    }

    fn near_name(&self, name: &str) -> Option<String> {
        let slug = slugify(name);
        let near = closest(
            slug.as_str(),
            self.site
                .articles
                .iter()
                .take(Self::COMPARED)
                .map(|article| article.slug.as_str()),
        )?;
        Some(near.to_owned())
    }

    /// A file of the same name elsewhere, or one of nearly the same.
    fn near_file(&self, path: &str) -> Option<String> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let names = || {
            self.site
                .articles
                .iter()
                .map(|article| article.source.rsplit('/').next().unwrap_or(""))
        };
        let near = names()
            .find(|known| *known == name)
            .or_else(|| closest(name, names().take(Self::COMPARED)))?;
        let article = self
            .site
            .articles
            .iter()
            .find(|article| article.source.ends_with(&format!("/{near}")))?;
        Some(article.source.to_string())
    }

    fn near_url(&self, url: &str) -> Option<String> {
        let last = |url: &'a str| url.trim_end_matches('/').rsplit('/').next().unwrap_or("");
        let wanted = url.trim_end_matches('/').rsplit('/').next().unwrap_or("");
        if wanted.is_empty() {
            return None;
        }
        let known = || self.site.urls.iter().map(UrlPath::as_str);
        let near = known().find(|known| last(known) == wanted);
        near.or_else(|| {
            let near = closest(wanted, known().take(Self::COMPARED).map(last))?;
            known().find(|known| last(known) == near)
        })
        .map(str::to_owned)
    }
}
