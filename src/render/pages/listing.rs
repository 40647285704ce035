//! Pages that list articles.

use serde::Serialize;

use super::super::cards::Card;
use super::super::context::{
    AuthorValue, HomeSectionValue, HomeValue, LinkValue, ListingValue, MonthValue, PagerValue,
};
use super::super::shared::feeds;
use super::super::twofold::{Content, Href, Keyed};
use super::super::{Outcome, Renderer, Want, href};
use super::Page;
use super::article::Written;
use crate::diagnostics::{Diagnostic, Place};
use crate::model::UrlPath;
use crate::site::{ArticleId, LanguageId, Listing, ListingKind, Term, has_feeds};

/// Tags on the home page.
const HOME_TAGS: usize = 20;

/// The variables of a listing's page.
#[derive(Serialize)]
struct Variables<'a> {
    listing: ListingValue<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    home: Option<HomeValue<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    months: Option<Vec<MonthValue>>,
}

impl Renderer {
    pub(in crate::render) fn listing(
        &self,
        at: usize,
        page: usize,
        want: Want,
    ) -> Result<Outcome, Diagnostic> {
        let listing = &self.site.listings[at];
        let layout = &listing.pages[page];
        let on_front = layout.number.is_none();
        let about = self.about(listing);
        let template = self.listing_template(&about)?;
        let card = |id: &ArticleId| match listing.kind {
            ListingKind::Related => Card::Here {
                renderer: self,
                id: *id,
                pinned: false,
                related: Some(self.related_cards(*id)),
            },
            _ => self.card(*id),
        };
        let pager = |page: Option<usize>| {
            page.map(|page| PagerValue {
                url: href(&self.config, &listing.pages[page].url),
                number: listing.pages[page].number,
            })
        };
        let front = about.front.filter(|_| on_front);
        let content = match front {
            Some(front) => {
                let cards = self.site.front_cards.get(&front);
                let written = Written {
                    article: &self.site.fronts[front],
                    links: &self.site.front_links[front],
                    cards: cards.map_or(&[], |cards| cards),
                };
                self.body(&written, self.language(listing.edition), want)?
            }
            None => Content::None,
        };
        let articles = listing.articles[layout.range.clone()].iter();
        let variables = Variables {
            listing: ListingValue {
                title: &about.title,
                description: about.description.as_deref(),
                content: &content,
                url: href(&self.config, &listing.url),
                articles: articles.map(card).collect(),
                total: on_front.then_some(listing.articles.len()),
                number: layout.number,
                newer: pager(layout.newer),
                older: pager(layout.older),
                author: about.author,
            },
            home: (listing.kind == ListingKind::Home).then(|| self.home(listing.edition, &content)),
            months: match listing.kind {
                ListingKind::Year(year) => Some(self.year(year).months),
                _ => None,
            },
        };
        let mut breadcrumbs = if listing.kind == ListingKind::Home {
            Vec::new()
        } else {
            vec![self.home_link(listing.edition)]
        };
        breadcrumbs.extend(about.parent.iter().map(|(title, url)| LinkValue {
            title,
            url: Href::Path(&self.config.base_url, url),
        }));
        let page = Page {
            kind: about.kind,
            title: &about.title,
            description: about.description.as_deref(),
            url: &layout.url,
            language: listing.edition,
            noindex: about
                .front
                .is_some_and(|front| self.site.fronts[front].noindex),
            has_code: front.is_some_and(|front| !self.site.fronts[front].code.is_empty()),
            feeds: has_feeds(listing.kind).then(|| feeds(&self.config, &self.site, listing)),
            breadcrumbs,
            versions: if on_front {
                self.versions_of_listing(listing)
            } else {
                Vec::new()
            },
            image: None,
            styles: front.map_or_else(Vec::new, |front| self.styles(&self.site.fronts[front])),
            social_card: None,
        };
        self.make(want, &template, page, &variables)
    }

    /// What a listing is called.
    pub(super) fn listing_title(&self, listing: &Listing) -> String {
        self.about(listing).title
    }

    /// The template of a listing, if there is one.
    pub(in crate::render) fn template_of_listing(&self, listing: &Listing) -> Option<String> {
        self.listing_template(&self.about(listing)).ok()
    }

    /// The template of a listing: the one that its front names, or that of its kind.
    fn listing_template(&self, about: &About) -> Result<String, Diagnostic> {
        let front = about.front.map(|front| &self.site.fronts[front]);
        let named = front.and_then(|front| front.template.as_deref());
        let template = format!("{}.html", named.map_or(about.kind, |(name, _)| name));
        match front {
            Some(front) if !self.templates.has(&template) => {
                let place = Place::file(&*front.source);
                Err(self.templates.missing(&template, Some(place)))
            }
            _ => Ok(template),
        }
    }

    /// What is known of a listing.
    fn about(&self, listing: &Listing) -> About<'_> {
        let site = &self.site;
        let own = self.language(listing.edition);
        let front = site.front_of(listing);
        let front_summary = || {
            front
                .map(|front| site.fronts[front].summary.to_string())
                .filter(|text| !text.is_empty())
        };
        let edition = self.edition(listing.edition);
        let language = &*edition.language;
        let plain = |kind, title: String, parent: Option<(&str, &str)>| About {
            kind,
            title,
            description: None,
            front,
            author: None,
            parent: parent.map(|(title, path)| (title.to_owned(), edition.page(path))),
        };
        match listing.kind {
            ListingKind::Home => About {
                description: front_summary().or_else(|| edition.description.clone()),
                ..plain("home", edition.title.clone(), None)
            },
            ListingKind::Section(at) => About {
                description: front_summary(),
                ..plain("section", site.sections[at].title.to_string(), None)
            },
            ListingKind::Tag(at) => {
                let tag = &site.tags.all[at];
                let info = self.data.tags.of(language, &tag.slug);
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
                let info = self.data.authors.of(language, &author.slug);
                About {
                    description: info.and_then(|info| info.bio.clone()),
                    author: Some(self.author(author)),
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

    fn home<'b>(&'b self, edition: LanguageId, content: &'b Content) -> HomeValue<'b> {
        let make = || self.on_home_pages(edition);
        let OnHomePages { sections, tags } = self.on_home_pages[edition.index()].get_or_init(make);
        HomeValue {
            sections,
            tags,
            content,
        }
    }

    fn on_home_pages(&self, edition: LanguageId) -> OnHomePages {
        let sections = self.site.sections.iter().zip(&self.shared.sections);
        let sections = sections
            .filter(|(section, _)| section.edition == edition && !section.articles.is_empty());
        let sections = sections.map(|(section, value)| HomeSectionValue {
            section: value,
            articles: section.on_home().map(|id| self.card(*id)).collect(),
        });
        let tags = self.site.tags.all.iter();
        let mut most_used: Vec<&Term> = tags.filter(|tag| tag.edition == edition).collect();
        most_used.sort_by_key(|tag| std::cmp::Reverse(tag.articles.len()));
        most_used.truncate(HOME_TAGS);
        let tags = most_used.into_iter().map(|tag| self.tag(tag));
        OnHomePages {
            sections: Keyed::new(&sections.collect::<Vec<_>>()),
            tags: Keyed::new(&tags.collect::<Vec<_>>()),
        }
    }
}

/// What all home pages of an edition show.
pub(in crate::render) struct OnHomePages {
    sections: Keyed,
    tags: Keyed,
}

/// What is known of a listing.
struct About<'a> {
    kind: &'static str,
    title: String,
    description: Option<String>,
    front: Option<usize>,
    author: Option<AuthorValue<'a>>,
    parent: Option<(String, UrlPath)>,
}
