//! Links of all articles, resolved and checked.

mod dead;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::Ordering;

pub(super) use dead::missing_anchor;

use super::lookup::{Found, Lookup, Missing};
use super::pictures::{self, Lead, Pictures};
use super::{ArticleId, Catalogue};
use crate::config::{BaseUrl, Config, Edition};
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::markdown::{Destination, Resolution, classify, split_fragment};
use crate::model::{Article, Link, LinkKind, Shown, UrlPath};

/// The links of a site, resolved, and what was found wrong with them.
pub(super) struct Links {
    /// Those of each article.
    pub articles: Vec<Box<[Linked]>>,
    /// Those of each front.
    pub fronts: Vec<Box<[Linked]>>,
    /// Each article's lead picture.
    pub images: Vec<Option<Lead>>,
    /// The cards that each article shows which shows any, in order; `None` where there is none.
    pub cards: BTreeMap<ArticleId, Cards>,
    /// The same of each front.
    pub front_cards: BTreeMap<usize, Cards>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Where a link leads. What it becomes is worked out where its page is made, and most pages stay as they
/// are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Linked {
    /// Where it says.
    AsWritten,
    /// To an article.
    Article(ArticleId),
    /// To something else than an article, or where nothing is known.
    To(Box<Resolution>),
}

impl Catalogue {
    /// What a link of a text becomes.
    #[must_use]
    pub fn resolution(&self, link: &Link, linked: &Linked, base_url: &BaseUrl) -> Resolution {
        match linked {
            Linked::AsWritten => Resolution::Keep,
            Linked::To(resolution) => Resolution::clone(resolution),
            Linked::Article(id) => {
                let is_labelled = link.kind == LinkKind::Wiki;
                Resolution::To {
                    url: href_of(link, self.urls[id.index()].as_str(), base_url),
                    label: is_labelled.then(|| self.articles[id.index()].title.clone()),
                    picture: None,
                }
            }
        }
    }
}

/// The URL of what a link leads to, with the query and the fragment that are written there.
fn href_of(link: &Link, target: &str, base_url: &BaseUrl) -> Box<str> {
    let (path, fragment) = split_fragment(&link.destination);
    let mut url = base_url.href(target);
    url.push_str(path.find('?').map_or("", |at| &path[at..]));
    if let Some(fragment) = fragment {
        url.push('#');
        url.push_str(fragment);
    }
    url.into()
}

/// The articles whose cards a text shows.
pub type Cards = Box<[Option<ArticleId>]>;

/// What the links of articles tell of articles alone, before there are other routes.
pub(super) struct Between {
    /// The articles that the text of each article links to, each once.
    pub articles: Vec<Box<[ArticleId]>>,
    /// For each link of each article the article that it leads to, where no route changes that.
    pub settled: Vec<Settled>,
}

/// For each link of an article.
type Settled = Box<[Option<ArticleId>]>;

/// Resolves all links and lead pictures. `settled`: as [`between`] has found.
pub(super) fn links(
    site: &Catalogue,
    config: &Config,
    lookup: &Lookup,
    settled: &[Settled],
    pictures: &Pictures,
) -> Links {
    let resolver = Resolver {
        pictures: Some(pictures),
        ..Resolver::new(site, config, lookup)
    };
    let found = site.of_each(|id, article| {
        let at = id.index();
        resolver.article(article, &site.urls[at], &settled[at])
    });
    let mut links = Links {
        articles: Vec::with_capacity(found.len()),
        fronts: Vec::with_capacity(site.fronts.len()),
        images: Vec::with_capacity(found.len()),
        cards: BTreeMap::new(),
        front_cards: BTreeMap::new(),
        diagnostics: Vec::new(),
    };
    for (at, found) in found.into_iter().enumerate() {
        if !found.cards.is_empty() {
            links.cards.insert(ArticleId(at as u32), found.cards);
        }
        links.articles.push(found.links);
        links.images.push(found.image);
        links.diagnostics.extend(found.wrong);
    }
    for (at, (front, url)) in site.fronts.iter().zip(&site.front_urls).enumerate() {
        let cards = resolver.cards(front, url, &[]);
        if !cards.is_empty() {
            links.front_cards.insert(at, cards);
        }
        let of_front = resolver.links(front, url, &[], &mut links.diagnostics);
        links.fronts.push(of_front);
    }
    links
}

/// What links tell of articles alone.
pub(super) fn between(site: &Catalogue, lookup: &Lookup) -> Between {
    let linked = |id: ArticleId, article: &Article| {
        let url = &site.urls[id.index()];
        let mut linked = Vec::with_capacity(article.links.len());
        let settled = article.links.iter().map(|link| {
            let (path, _) = split_fragment(&link.destination);
            if link.kind == LinkKind::Image || path.is_empty() {
                return None;
            }
            let settled = lookup.settled(link.kind, path, &article.source);
            let id = settled.or_else(
                || match lookup.link(link.kind, path, &article.source, url) {
                    Found::Article(id) => Some(id),
                    _ => None,
                },
            );
            linked.extend(id);
            // Related articles are named in the same way, and before there are routes.
            if link.kind == LinkKind::Article {
                return id;
            }
            settled
        });
        let settled = settled.collect();
        linked.sort_unstable();
        linked.dedup();
        (linked.into_boxed_slice(), settled)
    };
    let (articles, settled) = site.of_each(linked).into_iter().unzip();
    Between { articles, settled }
}

/// What pressroom.yaml refers to and is not there: sections, and pages of the navigation.
pub(super) fn configured(site: &Catalogue, config: &Config, lookup: &Lookup) -> Vec<Diagnostic> {
    let resolver = Resolver::new(site, config, lookup);
    let mut found = Vec::new();
    let permalinks = config.permalinks.keys();
    let permalinks = permalinks.map(|name| (name, config.place_of("permalinks", name)));
    let sitemap = config.not_in_sitemap.iter();
    let sitemap = sitemap.map(|name| (name, config.place_of("sitemap", name)));
    let related = config.related.sections.keys();
    let related = related.map(|name| (name, config.place_within("related", "sections", name)));
    let names = || site.sections.iter().map(|section| &*section.name);
    for (section, place) in permalinks.chain(sitemap).chain(related) {
        // Articles at the top of content/ have no section.
        if section.is_empty() || names().any(|name| name == section) {
            continue;
        }
        let hint = match crate::diagnostics::closest(section, names()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "a section is a folder directly in content/".to_owned(),
        };
        let message = format!("there is no section `{section}`");
        let diagnostic = Diagnostic::new(Code::ConfigValue, message)
            .at(place)
            .hint(hint);
        found.push(diagnostic.severity(Severity::Warning));
    }
    for edition in &config.editions {
        found.extend(of_edition(edition, config, lookup, &resolver));
    }
    found
}

/// What an edition's navigation and newsletter refer to and is not there.
fn of_edition(
    edition: &Edition,
    config: &Config,
    lookup: &Lookup,
    resolver: &Resolver,
) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let actions = edition.newsletter.iter();
    let actions = actions.map(|newsletter| ("newsletter", &newsletter.action));
    let urls = edition
        .navigation
        .iter()
        .map(|item| ("navigation", &item.url));
    for (key, url) in actions.chain(urls) {
        if classify(url, false, &resolver.base_url) == Destination::Unsafe {
            let scheme = url.split(':').next().unwrap_or(url);
            let message = format!(
                "a link of `{key}` cannot begin with `{}:`",
                scheme.escape_debug()
            );
            let hint = "write a path of the site, or an http, https or mailto address";
            let place = config.place_in_edition(edition, key, url);
            found.push(
                Diagnostic::new(Code::UnsafeLink, message)
                    .at(place)
                    .hint(hint),
            );
        }
    }
    let home = UrlPath::trusted("/".to_owned());
    for item in edition
        .navigation
        .iter()
        .filter(|item| item.url.starts_with('/') && !item.url.starts_with("//"))
    {
        let (path, _) = split_fragment(&item.url);
        if let Found::Nothing(_) | Found::Withheld(..) = lookup.destination(path, "", &home) {
            let message = format!(
                "the navigation's link `{}` leads nowhere in this site",
                item.url
            );
            let diagnostic = Diagnostic::new(Code::DeadLink, message)
                .at(config.place_in_edition(edition, "navigation", &item.url))
                .hint("write a page's path from the site's root, without the base URL's own path");
            found.extend(resolver.report(diagnostic));
        }
    }
    found
}

/// What is found of one article.
#[derive(Default)]
struct OfArticle {
    links: Box<[Linked]>,
    image: Option<Lead>,
    cards: Cards,
    wrong: Vec<Diagnostic>,
}

/// What resolving needs to know.
struct Resolver<'a> {
    lookup: &'a Lookup<'a>,
    site: &'a Catalogue,
    config: &'a Config,
    /// With a slash at its end.
    base_url: String,
    pictures: Option<&'a Pictures>,
}

impl<'a> Resolver<'a> {
    fn new(site: &'a Catalogue, config: &'a Config, lookup: &'a Lookup<'a>) -> Self {
        Self {
            lookup,
            site,
            config,
            base_url: config.base_url.whole(),
            pictures: None,
        }
    }

    /// An article's links, lead picture and cards, and what is wrong with them.
    fn article(
        &self,
        article: &Article,
        url: &UrlPath,
        settled: &[Option<ArticleId>],
    ) -> OfArticle {
        let mut found = Vec::new();
        let links = self.links(article, url, settled, &mut found);
        let image = self.image(article, url, &mut found);
        OfArticle {
            links,
            image,
            cards: self.cards(article, url, settled),
            wrong: found,
        }
    }

    /// The articles whose cards a text shows.
    fn cards(&self, page: &Article, url: &UrlPath, settled: &[Option<ArticleId>]) -> Cards {
        let settled = settled.iter().copied().chain(std::iter::repeat(None));
        let links = page.links.iter().zip(settled);
        let cards = links.filter(|(link, _)| link.kind == LinkKind::Article);
        let shown = cards.map(|(link, settled)| {
            let found = || self.find(link, page, url);
            settled.or_else(|| match found() {
                Found::Article(id) => Some(id),
                _ => None,
            })
        });
        shown.collect()
    }

    /// What a link leads to.
    fn find(&self, link: &Link, from: &Article, url: &UrlPath) -> Found<'a> {
        let (path, _) = split_fragment(&link.destination);
        self.lookup.link(link.kind, path, &from.source, url)
    }

    fn links(
        &self,
        page: &Article,
        url: &UrlPath,
        settled: &[Option<ArticleId>],
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Box<[Linked]> {
        let settled = settled.iter().copied().chain(std::iter::repeat(None));
        let links = page.links.iter().zip(settled);
        links
            .map(|(link, settled)| self.link(link, settled, page, url, diagnostics))
            .collect()
    }

    fn link(
        &self,
        link: &Link,
        settled: Option<ArticleId>,
        article: &Article,
        url: &UrlPath,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Linked {
        let (path, fragment) = split_fragment(&link.destination);
        if link.destination.is_empty() {
            let diagnostic = Diagnostic::new(Code::DeadLink, "this link has no destination")
                .at(link.position.in_file(&article.source))
                .hint("write one between the brackets, or take the link out");
            diagnostics.extend(self.report(diagnostic));
            return Linked::AsWritten;
        }
        if path.is_empty() {
            self.check_anchor(link, article, article, fragment, diagnostics);
            return Linked::AsWritten;
        }
        let found = settled.map_or_else(|| self.find(link, article, url), Found::Article);
        let is_card = link.kind == LinkKind::Article;
        match found {
            Found::Article(id) if is_card && self.site.urls[id.index()] == *url => {
                diagnostics.extend(self.dead(link, article, found));
                Linked::AsWritten
            }
            Found::Article(id) => {
                let target = &self.site.articles[id.index()];
                self.check_anchor(link, article, target, fragment, diagnostics);
                Linked::Article(id)
            }
            Found::Route(target) if !is_card => {
                diagnostics.extend(self.of_another(link, target, article));
                let picture = self.picture(link, target, article, diagnostics);
                Linked::To(Box::new(Resolution::To {
                    url: href_of(link, target, &self.config.base_url),
                    label: None,
                    picture,
                }))
            }
            other => {
                diagnostics.extend(self.dead(link, article, other));
                if is_card {
                    return Linked::AsWritten;
                }
                // Where nothing is known, a path from the root still gets the base path.
                match link.destination.strip_prefix('/') {
                    Some(rest) => Linked::To(Box::new(Resolution::To {
                        url: format!("{}{rest}", self.config.base_url.path).into(),
                        label: None,
                        picture: None,
                    })),
                    None => Linked::AsWritten,
                }
            }
        }
    }

    /// That a picture is another article's, where authors are not trusted.
    fn of_another(&self, link: &Link, target: &str, article: &Article) -> Option<Diagnostic> {
        self.config.outside()?;
        if link.kind != LinkKind::Image || !self.lookup.is_of_another(target, &article.source) {
            return None;
        }
        let message = format!("`{}` is a file of another article", link.destination);
        Some(
            Diagnostic::new(Code::NotTrusted, message)
                .at(link.position.in_file(&article.source))
                .hint("put a copy beside this article, or the file into static/"),
        )
    }

    /// What a page says of a picture of the site.
    fn picture(
        &self,
        link: &Link,
        target: &str,
        article: &Article,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Arc<Shown>> {
        let pictures = self.pictures.filter(|_| link.kind == LinkKind::Image)?;
        let picture = pictures.at(target)?;
        match &picture.shown {
            Ok(shown) => {
                picture.is_wanted.store(true, Ordering::Relaxed);
                Some(Arc::clone(shown))
            }
            Err(fault) => {
                let place = link.position.in_file(&article.source);
                diagnostics.push(pictures::cannot_be_shown(&link.destination, fault).at(place));
                None
            }
        }
    }

    /// An article's lead picture.
    fn image(
        &self,
        article: &Article,
        url: &UrlPath,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Lead> {
        let image = article.image.as_ref()?;
        let link = Link {
            kind: LinkKind::Image,
            destination: image.src.clone(),
            position: image.position,
        };
        match classify(&image.src, true, &self.base_url) {
            Destination::Here(here) => {
                let link = Link {
                    destination: here.into(),
                    ..link
                };
                let linked = self.link(&link, None, article, url, diagnostics);
                match self.site.resolution(&link, &linked, &self.config.base_url) {
                    Resolution::To { url, picture, .. } => Some(Lead { url, picture }),
                    Resolution::Keep => Some(Lead::elsewhere(link.destination)),
                }
            }
            Destination::Elsewhere => Some(Lead::elsewhere(link.destination)),
            Destination::Foreign | Destination::Unsafe => {
                diagnostics.extend(self.dead(&link, article, Found::Nothing(Missing::Outside)));
                None
            }
        }
    }

    /// A diagnostic with the severity that the site's owner wants for links.
    fn report(&self, diagnostic: Diagnostic) -> Option<Diagnostic> {
        let severity = self.config.links.severity()?;
        Some(diagnostic.severity(severity))
    }
}
