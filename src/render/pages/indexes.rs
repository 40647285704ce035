//! Pages that there are once: indexes of tags, authors and years, and the one for what is missing.

use tera::Value;

use super::super::context::{AuthorValue, LinkValue, MonthValue, TagValue, YearValue};
use super::super::shared::local;
use super::super::{Renderer, href};
use super::Page;
use crate::diagnostics::Diagnostic;
use crate::model::UrlPath;
use crate::site::{LanguageId, Month, Term};

impl Renderer<'_> {
    pub(super) fn tag<'b>(&'b self, tag: &'b Term) -> TagValue<'b> {
        TagValue {
            label: &tag.label,
            url: href(self.config, &tag.url),
            count: tag.articles.len(),
            description: self
                .data
                .tags
                .get(&*tag.slug)
                .and_then(|info| info.description.as_deref()),
        }
    }

    pub(super) fn author<'b>(&'b self, author: &'b Term) -> AuthorValue<'b> {
        let info = self.data.authors.get(&*author.slug);
        let links = info.map_or(&[][..], |info| &info.links);
        AuthorValue {
            name: &author.label,
            url: href(self.config, &author.url),
            count: author.articles.len(),
            bio: info.and_then(|info| info.bio.as_deref()),
            picture: info
                .and_then(|info| info.picture.as_deref())
                .map(|picture| local(&self.config.base_url, picture)),
            links: links
                .iter()
                .map(|link| LinkValue {
                    title: &link.title,
                    url: local(&self.config.base_url, &link.url),
                })
                .collect(),
        }
    }

    pub(in crate::render) fn tags(&self) -> Result<Vec<u8>, Diagnostic> {
        let tags: Vec<Value> = self
            .site
            .tags
            .all
            .iter()
            .map(|tag| Value::from_serializable(&self.tag(tag)))
            .collect();
        self.index("tags", "/tags/", "tags", Value::from(tags))
    }

    pub(in crate::render) fn authors(&self) -> Result<Vec<u8>, Diagnostic> {
        let authors: Vec<Value> = self
            .site
            .authors
            .all
            .iter()
            .map(|author| Value::from_serializable(&self.author(author)))
            .collect();
        self.index("authors", "/authors/", "authors", Value::from(authors))
    }

    pub(in crate::render) fn archive(&self) -> Result<Vec<u8>, Diagnostic> {
        let years: Vec<Value> = (0..self.site.years.len())
            .map(|at| Value::from_serializable(&self.year(at)))
            .collect();
        self.index("archive", "/archive/", "years", Value::from(years))
    }

    fn year(&self, at: usize) -> YearValue {
        let year = &self.site.years[at];
        let month = |month: &Month| MonthValue {
            month: month.month,
            name: self.language(LanguageId::default()).month(month.month),
            url: href(self.config, &month.url),
            count: month.articles.len(),
        };
        YearValue {
            year: year.year,
            url: href(self.config, &year.url),
            count: year.articles.len(),
            months: year.months.iter().map(month).collect(),
        }
    }

    pub(super) fn months(&self, year: usize) -> Vec<Value> {
        self.year(year)
            .months
            .iter()
            .map(Value::from_serializable)
            .collect()
    }

    pub(in crate::render) fn not_found(&self) -> Result<Vec<u8>, Diagnostic> {
        self.index("404", "/404.html", "missing", Value::from(true))
    }

    /// A page that is there once: an index of something, or the page for what is not there.
    fn index(
        &self,
        kind: &str,
        url: &str,
        name: &'static str,
        value: Value,
    ) -> Result<Vec<u8>, Diagnostic> {
        let language = self.language(LanguageId::default());
        let title = match kind {
            "404" => language.text("not_found"),
            kind => language.text(kind),
        };
        let mut values = self.context(Page {
            kind,
            title,
            description: None,
            url: &UrlPath::trusted(url.to_owned()),
            language: LanguageId::default(),
            noindex: kind == "404",
            feeds: None,
            breadcrumbs: vec![self.home_link()],
            image: Value::none(),
            social_card: None,
        });
        values.insert_value(name, value);
        self.template(&format!("{kind}.html"), &values)
    }
}
