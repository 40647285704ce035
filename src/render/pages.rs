//! The pages that templates make.

use tera::{Context, Value};

use super::context::{
    ArticleValue, AuthorValue, CommentValue, CommentsValue, HomeSectionValue, HomeValue, LinkValue,
    ListingValue, MonthValue, PageValue, PagerValue, TagValue, YearValue, date, month_name, safe,
    toc,
};
use super::shared::{direction, feeds, with};
use super::{Renderer, absolute, href};
use crate::config::Comments;
use crate::diagnostics::{Diagnostic, Place};
use crate::markdown::{self, Body, Resolution};
use crate::model::{Article, SourceFile, UrlPath};
use crate::site::{ArticleId, Listing, ListingKind, Pinned, Target, Term, has_feeds};
use crate::source;

/// Articles of each section on the home page.
const HOME_ARTICLES: usize = 4;
/// Tags on the home page.
const HOME_TAGS: usize = 20;
/// Headings from which on a table of contents is shown.
const TOC_HEADINGS: usize = 3;

impl Renderer<'_> {
    pub(super) fn article(&self, id: ArticleId) -> Result<Vec<u8>, Diagnostic> {
        let at = id.index();
        let article = &self.site.articles[at];
        let url = &self.site.urls[at];
        let named = article.template.as_ref().map(|name| format!("{name}.html"));
        let template = named.as_deref().unwrap_or("article.html");
        if named.is_some() && !self.templates.has(template) {
            return Err(self
                .templates
                .missing(template, Some(Place::file(&*article.source))));
        }
        let content = self.body(article, &self.site.links[at])?;
        let card = |id: Option<ArticleId>| {
            id.map_or_else(Value::none, |id| self.shared.cards[id.index()].clone())
        };
        let (newer, older) = self.site.neighbours[at];
        let toc_headings = if article.title_in_body {
            &article.headings[1..]
        } else {
            &article.headings[..]
        };
        let own = Value::from_serializable(&ArticleValue {
            standfirst: article.summary_written.then_some(&*article.summary),
            content,
            toc: toc(toc_headings),
            show_toc: article.toc.unwrap_or(toc_headings.len() >= TOC_HEADINGS),
            related: self.shared.related_cards(self.site, id),
            newer: card(newer),
            older: card(older),
            comments: self.comments(article),
            math: article.math,
        });
        let card = self.shared.cards[at].clone();
        let image = card
            .get_from_path("image")
            .cloned()
            .unwrap_or_else(Value::none);
        let mut map = card.into_map().unwrap_or_default();
        map.extend(own.into_map().unwrap_or_default());

        let section = self.site.section_of[at].map(|section| &self.site.sections[section as usize]);
        let mut breadcrumbs = vec![self.home_link()];
        breadcrumbs.extend(section.map(|section| LinkValue {
            title: &section.title,
            url: href(self.config, &section.url),
        }));
        let mut values = self.context(&Page {
            kind: "article",
            title: &article.title,
            description: Some(&article.summary),
            url,
            language: article.language.as_deref(),
            noindex: article.noindex,
            feeds: None,
            breadcrumbs,
            image,
        });
        values.insert_value("article", Value::from(map));
        self.template(template, &values)
    }

    /// An article's body as HTML. The file is read again: bodies are not held.
    fn body(&self, article: &Article, links: &[Resolution]) -> Result<Value, Diagnostic> {
        let file = SourceFile {
            path: article.source.to_string(),
            absolute: self.root.join(&*article.source),
        };
        let text = source::text(&file)?;
        // It was well formed when it was parsed; if it changed since, the next build sees that.
        let start = markdown::split(&text).map_or(0, |fenced| fenced.body_start);
        let base_url = self.config.base_url.whole();
        let html = markdown::to_html(Body {
            markdown: &text[start..],
            headings: &article.headings,
            links,
            base_url: &base_url,
            math: article.math,
            without_title: article.title_in_body,
            sanitised: self.config.html == crate::config::Html::Sanitised,
        });
        Ok(safe(&html))
    }

    fn comments(&self, article: &Article) -> Option<CommentsValue> {
        let shown = article
            .comments
            .unwrap_or(self.config.comments == Comments::Closed);
        if !shown || article.archived_comments.is_empty() {
            return None;
        }
        let entries = article
            .archived_comments
            .iter()
            .map(|comment| CommentValue {
                author: comment.author.to_string(),
                date: date(comment.date),
                url: comment.url.as_deref().map(str::to_owned),
                content: safe(&markdown::comment_html(&comment.text)),
                depth: comment.depth,
            });
        Some(CommentsValue {
            closed: true,
            count: article.archived_comments.len(),
            entries: entries.collect(),
        })
    }

    pub(super) fn listing(&self, at: usize, page: usize) -> Result<Vec<u8>, Diagnostic> {
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
        let mut values = self.context(&Page {
            kind: about.kind,
            title: &about.title,
            description: about.description.as_deref(),
            url: &layout.url,
            language: None,
            noindex: false,
            feeds: has_feeds(listing.kind).then(|| feeds(self.config, self.site, listing)),
            breadcrumbs,
            image: Value::none(),
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
                    ..plain("tag", tag.label.to_string(), Some(("Tags", "/tags/")))
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
                        Some(("Authors", "/authors/")),
                    )
                }
            }
            ListingKind::Year(at) => plain(
                "year",
                site.years[at].year.to_string(),
                Some(("Archive", "/archive/")),
            ),
            ListingKind::Month(at, within) => {
                let year = &site.years[at];
                let title = format!("{} {}", month_name(year.months[within].month), year.year);
                let mut about = plain("month", title, None);
                about.parent = Some((year.year.to_string(), year.url.clone()));
                about
            }
            ListingKind::Related => plain("related", "Related articles".to_owned(), None),
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

    fn tag<'b>(&'b self, tag: &'b Term) -> TagValue<'b> {
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

    fn author<'b>(&'b self, author: &'b Term) -> AuthorValue<'b> {
        let info = self.data.authors.get(&*author.slug);
        let links = info.map_or(&[][..], |info| &info.links);
        AuthorValue {
            name: &author.label,
            url: href(self.config, &author.url),
            count: author.articles.len(),
            bio: info.and_then(|info| info.bio.as_deref()),
            picture: info
                .and_then(|info| info.picture.as_deref())
                .map(|picture| match picture.strip_prefix('/') {
                    Some(path) => href(self.config, &UrlPath::trusted(format!("/{path}"))),
                    None => picture.to_owned(),
                }),
            links: links
                .iter()
                .map(|link| LinkValue {
                    title: &link.title,
                    url: link.url.clone(),
                })
                .collect(),
        }
    }

    pub(super) fn tags(&self) -> Result<Vec<u8>, Diagnostic> {
        let tags: Vec<Value> = self
            .site
            .tags
            .all
            .iter()
            .map(|tag| Value::from_serializable(&self.tag(tag)))
            .collect();
        self.index("tags", "Tags", "/tags/", "tags", Value::from(tags))
    }

    pub(super) fn authors(&self) -> Result<Vec<u8>, Diagnostic> {
        let authors: Vec<Value> = self
            .site
            .authors
            .all
            .iter()
            .map(|author| Value::from_serializable(&self.author(author)))
            .collect();
        self.index(
            "authors",
            "Authors",
            "/authors/",
            "authors",
            Value::from(authors),
        )
    }

    pub(super) fn archive(&self) -> Result<Vec<u8>, Diagnostic> {
        let years: Vec<Value> = (0..self.site.years.len())
            .map(|at| Value::from_serializable(&self.year(at)))
            .collect();
        self.index(
            "archive",
            "Archive",
            "/archive/",
            "years",
            Value::from(years),
        )
    }

    fn year(&self, at: usize) -> YearValue {
        let year = &self.site.years[at];
        let month = |month: &crate::site::Month| MonthValue {
            month: month.month,
            name: month_name(month.month),
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

    fn months(&self, year: usize) -> Vec<Value> {
        self.year(year)
            .months
            .iter()
            .map(Value::from_serializable)
            .collect()
    }

    pub(super) fn not_found(&self) -> Result<Vec<u8>, Diagnostic> {
        self.index(
            "404",
            "Page not found",
            "/404.html",
            "missing",
            Value::from(true),
        )
    }

    /// A page that is there once: an index of something, or the page for what is not there.
    fn index(
        &self,
        kind: &str,
        title: &str,
        url: &str,
        name: &'static str,
        value: Value,
    ) -> Result<Vec<u8>, Diagnostic> {
        let mut values = self.context(&Page {
            kind,
            title,
            description: None,
            url: &UrlPath::trusted(url.to_owned()),
            language: None,
            noindex: kind == "404",
            feeds: None,
            breadcrumbs: vec![self.home_link()],
            image: Value::none(),
        });
        values.insert_value(name, value);
        self.template(&format!("{kind}.html"), &values)
    }

    fn home_link(&self) -> LinkValue<'_> {
        LinkValue {
            title: &self.config.title,
            url: self.config.base_url.path.clone(),
        }
    }

    /// `site` and `page`, which every template gets.
    fn context(&self, page: &Page) -> Context {
        let mut values = Context::new();
        values.insert_value("site", self.shared.site.clone());
        let value = PageValue {
            kind: page.kind,
            title: page.title,
            description: page.description.filter(|text| !text.is_empty()),
            url: &href(self.config, page.url),
            permalink: &absolute(self.config, page.url),
            language: page.language.unwrap_or(&self.config.language),
            direction: direction(page.language.unwrap_or(&self.config.language)),
            noindex: page.noindex,
            feeds: page
                .feeds
                .clone()
                .unwrap_or_else(|| self.shared.feeds.clone()),
            breadcrumbs: page
                .breadcrumbs
                .iter()
                .map(|link| LinkValue {
                    title: link.title,
                    url: link.url.clone(),
                })
                .collect(),
            image: page.image.clone(),
        };
        values.insert_value("page", Value::from_serializable(&value));
        values
    }

    /// related.json: for each article's URL what is related to it, how much and why.
    pub(super) fn related_json(&self) -> Vec<u8> {
        let mut all = serde_json::Map::new();
        for (at, related) in self.site.related.iter().enumerate() {
            let list = related.iter().map(|related| {
                let (url, title) = match related.target {
                    Pinned::Here(id) => (
                        absolute(self.config, &self.site.urls[id.index()]),
                        &self.site.articles[id.index()].title,
                    ),
                    Pinned::Elsewhere(pin) => {
                        match &self.site.articles[at].pins[pin as usize].target {
                            crate::model::PinTarget::Elsewhere { url, title, .. } => {
                                (url.to_string(), title)
                            }
                            crate::model::PinTarget::Here(here) => (here.to_string(), here),
                        }
                    }
                };
                let score = f64::from((related.score * 10_000.0).round()) / 10_000.0;
                serde_json::json!({"url": url, "title": title, "score": score, "why": related.why})
            });
            all.insert(absolute(self.config, &self.site.urls[at]), list.collect());
        }
        let mut json = serde_json::to_vec(&serde_json::Value::Object(all)).unwrap_or_default();
        json.push(b'\n');
        json
    }

    /// A page that leads an old path's visitors on.
    pub(super) fn redirect(&self, to: &UrlPath) -> Vec<u8> {
        let (url, permalink) = (href(self.config, to), absolute(self.config, to));
        let language = &self.config.language;
        format!(
            "<!doctype html>\n<html lang=\"{language}\">\n<meta charset=\"utf-8\">\n<title>Moved</title>\n\
             <link rel=\"canonical\" href=\"{permalink}\">\n<meta name=\"robots\" content=\"noindex\">\n\
             <meta http-equiv=\"refresh\" content=\"0; url={url}\">\n<p>This page is now at <a href=\"{url}\">{permalink}</a>.</p>\n</html>\n"
        )
        .into_bytes()
    }

    /// `_redirects`, as Netlify and Cloudflare Pages read it: one redirect a line.
    pub(super) fn redirects(&self) -> Vec<u8> {
        let mut out = String::new();
        for route in &self.site.routes {
            if let Target::Alias(to) = &route.target {
                use std::fmt::Write as _;
                let _ = writeln!(
                    out,
                    "{} {} 301",
                    href(self.config, &route.url),
                    href(self.config, to)
                );
            }
        }
        out.into_bytes()
    }
}

/// What a page says of itself.
struct Page<'b> {
    kind: &'b str,
    title: &'b str,
    description: Option<&'b str>,
    url: &'b UrlPath,
    language: Option<&'b str>,
    noindex: bool,
    /// Its own feeds, if it has any.
    feeds: Option<Value>,
    breadcrumbs: Vec<LinkValue<'b>>,
    image: Value,
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
