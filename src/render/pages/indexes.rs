//! Pages that there are once: indexes of tags, authors and years, and the one for what is missing.

use serde::Serialize;

use super::super::context::{AuthorValue, LinkValue, MonthValue, TagValue, YearValue};
use super::super::shared::local;
use super::super::twofold::Href;
use super::super::{Outcome, Renderer, Want, href};
use super::Page;
use crate::diagnostics::Diagnostic;
use crate::site::{LanguageId, Month, Target, Term, search};

impl Renderer {
    pub(super) fn tag<'b>(&'b self, tag: &'b Term) -> TagValue<'b> {
        TagValue {
            label: &tag.label,
            url: href(&self.config, &tag.url),
            count: tag.articles.len(),
            description: self
                .data
                .tags
                .of(&self.edition(tag.edition).language, &tag.slug)
                .and_then(|info| info.description.as_deref()),
        }
    }

    pub(super) fn author<'b>(&'b self, author: &'b Term) -> AuthorValue<'b> {
        let language = &self.edition(author.edition).language;
        let info = self.data.authors.of(language, &author.slug);
        let links = info.map_or(&[][..], |info| &info.links);
        AuthorValue {
            name: &author.label,
            url: href(&self.config, &author.url),
            count: author.articles.len(),
            bio: info.and_then(|info| info.bio.as_deref()),
            picture: info
                .and_then(|info| info.picture.as_deref())
                .map(|picture| local(&self.config.base_url, picture)),
            links: links
                .iter()
                .map(|link| LinkValue {
                    title: &link.title,
                    url: Href::Written(local(&self.config.base_url, &link.url).into()),
                })
                .collect(),
        }
    }

    pub(in crate::render) fn tags(
        &self,
        edition: LanguageId,
        want: Want,
    ) -> Result<Outcome, Diagnostic> {
        #[derive(Serialize)]
        struct Variables<'a> {
            tags: Vec<TagValue<'a>>,
        }
        let tags = self.site.tags.all.iter();
        let tags = tags.filter(|tag| tag.edition == edition);
        let tags = tags.map(|tag| self.tag(tag)).collect();
        self.index(want, edition, &Target::Tags, &Variables { tags })
    }

    pub(in crate::render) fn authors(
        &self,
        edition: LanguageId,
        want: Want,
    ) -> Result<Outcome, Diagnostic> {
        #[derive(Serialize)]
        struct Variables<'a> {
            authors: Vec<AuthorValue<'a>>,
        }
        let authors = self.site.authors.all.iter();
        let authors = authors.filter(|author| author.edition == edition);
        let authors = authors.map(|author| self.author(author)).collect();
        self.index(want, edition, &Target::Authors, &Variables { authors })
    }

    pub(in crate::render) fn archive(
        &self,
        edition: LanguageId,
        want: Want,
    ) -> Result<Outcome, Diagnostic> {
        #[derive(Serialize)]
        struct Variables {
            years: Vec<YearValue>,
        }
        let years = 0..self.site.years.len();
        let years = years.filter(|at| self.site.years[*at].edition == edition);
        let years = years.map(|at| self.year(at)).collect();
        self.index(want, edition, &Target::Archive, &Variables { years })
    }

    pub(super) fn year(&self, at: usize) -> YearValue {
        let year = &self.site.years[at];
        let month = |month: &Month| MonthValue {
            month: month.month,
            name: self.language(year.edition).month(month.month).to_owned(),
            url: href(&self.config, &month.url),
            count: month.articles.len(),
        };
        YearValue {
            year: year.year,
            url: href(&self.config, &year.url),
            count: year.articles.len(),
            months: year.months.iter().map(month).collect(),
        }
    }

    pub(in crate::render) fn not_found(&self, want: Want) -> Result<Outcome, Diagnostic> {
        #[derive(Serialize)]
        struct Variables {
            missing: bool,
        }
        let edition = LanguageId::default();
        self.index(
            want,
            edition,
            &Target::NotFound,
            &Variables { missing: true },
        )
    }

    /// A page that an edition has once: an index of something, or the page for what is not there.
    pub(in crate::render) fn index(
        &self,
        want: Want,
        edition: LanguageId,
        target: &Target,
        variables: &impl Serialize,
    ) -> Result<Outcome, Diagnostic> {
        let (kind, title, path) = match target {
            Target::Tags => ("tags", "tags", "/tags/"),
            Target::Authors => ("authors", "authors", "/authors/"),
            Target::Archive => ("archive", "archive", "/archive/"),
            Target::Search { .. } => ("search", "search", search::PAGE),
            _ => ("404", "not_found", "/404.html"),
        };
        let page = Page {
            kind,
            title: self.language(edition).text(title),
            description: None,
            url: &self.edition(edition).page(path),
            language: edition,
            noindex: matches!(kind, "404" | "search"),
            has_code: false,
            feeds: None,
            breadcrumbs: vec![self.home_link(edition)],
            versions: self.versions_of_index(target, edition, title),
            image: None,
            styles: Vec::new(),
            social_card: None,
        };
        self.make(want, &format!("{kind}.html"), page, variables)
    }
}
