//! Pages that list articles.

use tera::Value;

use super::super::context::{HomeSectionValue, HomeValue, LinkValue, ListingValue, PagerValue};
use super::super::shared::{feeds, with};
use super::super::{Renderer, href};
use super::Page;
use crate::diagnostics::{Diagnostic, Place};
use crate::model::UrlPath;
use crate::site::{ArticleId, Listing, ListingKind, Term, has_feeds};

/// Articles of each section on the home page.
const HOME_ARTICLES: usize = 4;
/// Tags on the home page.
const HOME_TAGS: usize = 20;

impl Renderer<'_> {
    pub(in crate::render) fn listing(&self, at: usize, page: usize) -> Result<Vec<u8>, Diagnostic> {
        let listing = &self.site.listings[at];
        let layout = &listing.pages[page];
        let on_front = layout.number.is_none();
        let about = self.about(listing);
        let card = |id: &ArticleId| {
            let card = self.shared.cards[id.index()].clone();
            match listing.kind {
                ListingKind::Related => with(
                    card,
                    "related",
                    Value::from(self.shared.related_cards(self.site, *id)),
                ),
                _ => card,
            }
        };
        let pager = |page: Option<usize>| {
            page.map(|page| PagerValue {
                url: href(self.config, &listing.pages[page].url),
                number: listing.pages[page].number,
            })
        };
        let content = match about.front.filter(|_| on_front) {
            Some(front) => self.body(&self.site.fronts[front], &self.site.front_links[front])?,
            None => Value::none(),
        };
        let value = Value::from_serializable(&ListingValue {
            title: &about.title,
            description: about.description.as_deref(),
            content: content.clone(),
            url: href(self.config, &listing.url),
            articles: listing.articles[layout.range.clone()]
                .iter()
                .map(card)
                .collect(),
            total: on_front.then_some(listing.articles.len()),
            number: layout.number,
            newer: pager(layout.newer),
            older: pager(layout.older),
            author: about.author,
        });
        let mut breadcrumbs = if listing.kind == ListingKind::Home {
            Vec::new()
        } else {
            vec![self.home_link()]
        };
        breadcrumbs.extend(about.parent.iter().map(|(title, url)| LinkValue {
            title,
            url: href(self.config, url),
        }));
        let mut values = self.context(Page {
            kind: about.kind,
            title: &about.title,
            description: about.description.as_deref(),
            url: &layout.url,
            language: listing.language,
            noindex: about
                .front
                .is_some_and(|front| self.site.fronts[front].noindex),
            feeds: has_feeds(listing.kind).then(|| feeds(self.config, self.site, listing)),
            breadcrumbs,
            image: Value::none(),
            social_card: None,
        });
        values.insert_value("listing", value);
        match listing.kind {
            ListingKind::Home => values.insert_value("home", self.home(content)),
            ListingKind::Year(year) => {
                values.insert_value("months", Value::from(self.months(year)));
            }
            _ => {}
        }
        let front_template = about
            .front
            .and_then(|front| self.site.fronts[front].template.as_ref());
        let template = front_template.map_or_else(
            || format!("{}.html", about.kind),
            |name| format!("{name}.html"),
        );
        if let Some(front) = about.front
            && !self.templates.has(&template)
        {
            return Err(self.templates.missing(
                &template,
                Some(Place::file(&*self.site.fronts[front].source)),
            ));
        }
        self.template(&template, &values)
    }

    /// What is known of a listing.
    fn about(&self, listing: &Listing) -> About {
        let site = self.site;
        let own = self.language(listing.language);
        let front_summary = |front: Option<usize>| {
            front
                .map(|front| site.fronts[front].summary.to_string())
                .filter(|text| !text.is_empty())
        };
        let plain = |kind, title: String, parent: Option<(&str, &str)>| About {
            kind,
            title,
            description: None,
            front: None,
            author: Value::none(),
            parent: parent.map(|(title, url)| (title.to_owned(), UrlPath::trusted(url.to_owned()))),
        };
        match listing.kind {
            ListingKind::Home => About {
                description: front_summary(site.home_front)
                    .or_else(|| self.config.description.clone()),
                front: site.home_front,
                ..plain("home", self.config.title.clone(), None)
            },
            ListingKind::Section(at) => {
                let section = &site.sections[at];
                About {
                    description: front_summary(section.front),
                    front: section.front,
                    ..plain("section", section.title.to_string(), None)
                }
            }
            ListingKind::Tag(at) => {
                let tag = &site.tags.all[at];
                let info = self.data.tags.get(&*tag.slug);
                About {
                    description: info.and_then(|info| info.description.clone()),
                    ..plain(
                        "tag",
                        tag.label.to_string(),
                        Some((own.text("tags"), "/tags/")),
                    )
                }
            }
            ListingKind::Author(at) => {
                let author = &site.authors.all[at];
                let info = self.data.authors.get(&*author.slug);
                About {
                    description: info.and_then(|info| info.bio.clone()),
                    author: Value::from_serializable(&self.author(author)),
                    ..plain(
                        "author",
                        author.label.to_string(),
                        Some((own.text("authors"), "/authors/")),
                    )
                }
            }
            ListingKind::Year(at) => plain(
                "year",
                site.years[at].year.to_string(),
                Some((own.text("archive"), "/archive/")),
            ),
            ListingKind::Month(at, within) => {
                let year = &site.years[at];
                let title = own.month_of_year(year.year, year.months[within].month);
                let mut about = plain("month", title, None);
                about.parent = Some((year.year.to_string(), year.url.clone()));
                about
            }
            ListingKind::Related => plain("related", own.text("related_articles").to_owned(), None),
        }
    }

    fn home(&self, content: Value) -> Value {
        let sections = self
            .site
            .sections
            .iter()
            .enumerate()
            .filter(|(_, section)| !section.articles.is_empty());
        let sections = sections.map(|(at, section)| HomeSectionValue {
            section: self.shared.sections[at].clone(),
            articles: section
                .articles
                .iter()
                .take(HOME_ARTICLES)
                .map(|id| self.shared.cards[id.index()].clone())
                .collect(),
        });
        let mut most_used: Vec<&Term> = self.site.tags.all.iter().collect();
        most_used.sort_by_key(|tag| std::cmp::Reverse(tag.articles.len()));
        most_used.truncate(HOME_TAGS);
        Value::from_serializable(&HomeValue {
            sections: sections.collect(),
            tags: most_used.into_iter().map(|tag| self.tag(tag)).collect(),
            content,
        })
    }
}

/// What is known of a listing.
struct About {
    kind: &'static str,
    title: String,
    description: Option<String>,
    front: Option<usize>,
    author: Value,
    parent: Option<(String, UrlPath)>,
}
