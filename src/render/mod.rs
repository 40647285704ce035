//! Pages, feeds and files out of a resolved site.
//!
//! In: a [`Site`] and a [`Theme`]. Out: for each route the bytes it answers with, or the file
//! that is copied. Each route is rendered for itself, in any order and on any thread.

mod assets;
mod cards;
mod chart;
mod components;
mod context;
mod faults;
mod feed;
mod fragments;
mod functions;
mod html;
mod icons;
mod integrity;
mod language;
mod manifest;
mod pages;
mod pictures;
mod questions;
mod search;
mod shared;
mod sitemap;
mod social_card;
mod templates;
mod texts;
mod theme;
mod twofold;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use rayon::prelude::*;
use serde::Serialize;

pub use assets::Asset;
pub use texts::Texts;
pub use theme::{
    Theme, ThemeFile, ThemeSummary, check_theme, embedded_text, list_themes, theme_file,
};

use crate::code::Colours;
use crate::config::Config;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::key::{Key, Parts};
use crate::made::Caches;
use crate::markdown::Sanitiser;
use crate::model::{Data, Moment, UrlPath};
use crate::site::{
    ArticleId, Picture, PictureFile, Reason, Route, SearchFile, Show, Site, Target, withheld,
};
use cards::Cards;
use functions::Answers;
use integrity::Integrity;
use language::{Language, Plurals};
use pages::listing::OnHomePages;
use shared::Shared;
use social_card::LeftOut;
use templates::Templates;

/// What a route answers with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rendered {
    /// These bytes.
    Bytes(Vec<u8>),
    /// A file as it is.
    File(PathBuf),
}

/// Questions of a template, in order, and what it was answered.
pub type Answered = Arc<[(String, Key)]>;

/// What is asked of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Want {
    /// What it is made from.
    Key,
    /// The same, also part by part.
    Parts,
    /// Itself.
    Bytes,
}

/// The answer.
enum Outcome {
    Key(Key),
    Parts(Key, Parts),
    Bytes(Vec<u8>),
}

impl Outcome {
    /// The key of what something is made from, or its parts.
    fn of(want: Want, inputs: &impl Serialize) -> Self {
        match want {
            Want::Parts => {
                let (key, parts) = Parts::of(inputs);
                Self::Parts(key, parts)
            }
            _ => Self::Key(Key::of(inputs)),
        }
    }
}

/// Time spent in each template, and how often.
pub type TemplateTimes = BTreeMap<String, (u64, Duration)>;

/// What earlier builds made and pages may need again.
pub struct Stock {
    made: Caches,
    colours: Arc<Colours>,
}

impl Stock {
    /// What is kept in a site's folder. Nothing is read yet.
    #[must_use]
    pub fn of(root: &Path) -> Self {
        Self::with(root, Arc::new(Colours::of(root)))
    }

    /// The same where it is known already what colours code has.
    #[must_use]
    pub fn with(root: &Path, colours: Arc<Colours>) -> Self {
        let made = Caches::of(root);
        Self { made, colours }
    }
}

/// Renders the routes of one site.
pub struct Renderer {
    root: PathBuf,
    config: Arc<Config>,
    data: Arc<Data>,
    site: Arc<Site>,
    theme: Arc<Theme>,
    templates: Arc<Templates>,
    /// What is printed in each language of the site, the site's own first.
    languages: Arc<[Language]>,
    shared: Arc<Shared>,
    /// What is known of each area that is searched by itself.
    searches: Arc<[search::Prepared]>,
    cards: Cards,
    /// For each edition, when it is wanted first.
    on_home_pages: Vec<OnceLock<OnHomePages>>,
    /// What articles go through; `None` where their authors are trusted.
    sanitiser: Option<Arc<Sanitiser>>,
    times: Option<Mutex<TemplateTimes>>,
    /// `None` where only mistakes are looked for.
    stock: Option<Stock>,
    left_out: Mutex<LeftOut>,
    /// Whether hosts read all of `_redirects`.
    fits_hosts: OnceLock<bool>,
    /// What templates were answered, each list once.
    answered: Mutex<BTreeSet<Answered>>,
    /// Names of parts, each list once.
    names: Mutex<BTreeSet<Arc<str>>>,
}

impl Renderer {
    /// Loads the theme's templates and makes the values that pages share. With `timed`, times of
    /// templates are taken. Without a `stock`, nothing is drawn and no code gets colours: pages are
    /// only looked at for mistakes.
    pub fn new(
        root: &Path,
        config: Arc<Config>,
        data: Arc<Data>,
        site: Arc<Site>,
        theme: Arc<Theme>,
        timed: bool,
        stock: Option<Stock>,
    ) -> Result<Self, Diagnostics> {
        let languages = site.languages.iter();
        let languages: Arc<[Language]> = languages
            .map(|tag| Language::new(tag, &theme.texts))
            .collect();
        let answers = Answers {
            assets: asset_urls(&config, &site, &theme),
            pictures: pictures::by_url(&config, &site),
            integrity: Integrity::of(root, &theme),
            data: data
                .files
                .iter()
                .map(|(path, value)| (path.clone(), tera::Value::from_serializable(value)))
                .collect(),
            data_keys: data.keys.clone(),
            base_url: config.base_url.clone(),
            plurals: Plurals::of(site.languages.iter().map(|tag| &**tag)),
            fonts: theme.fonts.clone(),
            languages: Arc::clone(&languages),
        };
        let templates = Templates::load(&theme, answers)?;
        let shared = Arc::new(Shared::new(&config, &site, &theme, &languages));
        let texts = languages.iter().map(|language| &language.text);
        for value in texts.chain(shared.editions.iter().map(|of| &of.site)) {
            templates.will_last(value);
        }
        if config.social_cards {
            social_card::needs_template(&templates, &config)?;
        }
        if config.search {
            search::needs_template(&templates, &config)?;
        }
        let wrong = components::check(&templates, &site);
        if wrong.has_errors() {
            return Err(wrong);
        }
        Ok(Self {
            templates: Arc::new(templates),
            shared,
            cards: Cards::of(site.articles.len()),
            on_home_pages: site.all_editions().map(|_| OnceLock::new()).collect(),
            searches: search::Prepared::of(&site).into(),
            sanitiser: sanitiser(&config),
            languages,
            root: root.to_owned(),
            config,
            data,
            site,
            theme,
            times: timed.then(Mutex::default),
            stock,
            left_out: Mutex::default(),
            fits_hosts: OnceLock::new(),
            answered: Mutex::default(),
            names: Mutex::default(),
        })
    }

    /// The same for a site of which only [what articles say](crate::site::retell) is another thing.
    #[must_use]
    pub fn retold(&self, site: Arc<Site>) -> Self {
        Self {
            root: self.root.clone(),
            config: Arc::clone(&self.config),
            data: Arc::clone(&self.data),
            theme: Arc::clone(&self.theme),
            templates: Arc::clone(&self.templates),
            languages: Arc::clone(&self.languages),
            shared: Arc::clone(&self.shared),
            searches: Arc::clone(&self.searches),
            cards: Cards::of(site.articles.len()),
            on_home_pages: site.all_editions().map(|_| OnceLock::new()).collect(),
            sanitiser: self.sanitiser.clone(),
            site,
            times: None,
            stock: self
                .stock
                .as_ref()
                .map(|stock| Stock::with(&self.root, Arc::clone(&stock.colours))),
            left_out: Mutex::default(),
            fits_hosts: OnceLock::new(),
            answered: Mutex::default(),
            names: Mutex::default(),
        }
    }

    /// What a route is made from; `None` when that is no less work than making it, or when it
    /// cannot be made.
    #[must_use]
    pub fn key(&self, route: &Route) -> Option<Key> {
        match self.inputs(route, Want::Key)? {
            Outcome::Key(key) => Some(key),
            _ => None,
        }
    }

    /// The [`key`](Self::key) of a route, and its parts.
    #[must_use]
    pub fn parts(&self, route: &Route) -> Option<(Key, Parts)> {
        let Outcome::Parts(key, parts) = self.inputs(route, Want::Parts)? else {
            return None;
        };
        let names = one_of(&self.names, parts.names);
        Some((key, Parts { names, ..parts }))
    }

    fn inputs(&self, route: &Route, want: Want) -> Option<Outcome> {
        #[derive(Serialize)]
        struct Feed<'a> {
            shared: &'a shared::Everywhere,
            url: &'a str,
            title: String,
            articles: Vec<cards::Card<'a>>,
        }
        #[derive(Serialize)]
        struct Redirect<'a> {
            shared: &'a shared::Everywhere,
            target: &'a str,
        }
        #[derive(Serialize)]
        struct Sitemap<'a> {
            shared: &'a shared::Everywhere,
            articles: Vec<(&'a UrlPath, Option<Moment>)>,
        }
        #[derive(Serialize)]
        struct File<T> {
            file: T,
        }
        let shared = &self.of_edition(route.language).everywhere;
        Some(match &route.target {
            Target::Feed { listing, .. } => {
                let listing = &self.site.listings[*listing as usize];
                let entries = feed::entries(&self.config, &self.site, listing);
                let feed = Feed {
                    shared,
                    url: route.url.as_str(),
                    title: shared::feed_title(&self.config, &self.site, listing),
                    articles: entries.into_iter().map(|id| self.card(id)).collect(),
                };
                Outcome::of(want, &feed)
            }
            Target::Sitemap(range) => {
                let articles = sitemap::entries(&self.config, &self.site, range);
                Outcome::of(want, &Sitemap { shared, articles })
            }
            Target::Alias { page, .. } => {
                let (_, to) = self.site.aliased(*page);
                let target = &*self.href(to.as_str());
                Outcome::of(want, &Redirect { shared, target })
            }
            Target::Moved(at) => {
                let target = &*self.towards(*at).0;
                Outcome::of(want, &Redirect { shared, target })
            }
            Target::Search { area, file } if *file != SearchFile::Page => {
                let file = self.search_key(*area, *file);
                Outcome::of(want, &File { file })
            }
            Target::Asset(at) => {
                let file = Key::of_bytes(&self.theme.assets[*at as usize].bytes);
                Outcome::of(want, &File { file })
            }
            Target::Resource(at) => {
                let identity = self.site.resources[*at as usize].identity?;
                let care = match self.care(*at) {
                    pictures::Care::None => "",
                    pictures::Care::Stripped(_) => "stripped",
                    pictures::Care::Sanitised => "sanitised",
                };
                let file = Key::of(&(identity, care));
                Outcome::of(want, &File { file })
            }
            Target::Static(at) => {
                let file = Key::of(&self.site.statics[*at as usize].identity?);
                Outcome::of(want, &File { file })
            }
            Target::Picture { file, variant } => {
                let identity = self.picture_file(*file).identity?;
                let file = Key::of(&(identity, variant));
                Outcome::of(want, &File { file })
            }
            _ => self.page(route, want)?.ok()?,
        })
    }

    /// A key of the whole site: what all routes are made from, wherever their files lie.
    #[must_use]
    pub fn site_key(&self) -> Key {
        let routes = self.site.routes.par_iter().map(|route| {
            let is_copy = matches!(route.target, Target::Resource(_) | Target::Static(_));
            let key = if is_copy { None } else { self.key(route) };
            (route.url.as_str(), key)
        });
        let routes: Vec<_> = routes.collect();
        let editions = self.shared.editions.iter();
        let everywhere: Vec<_> = editions.map(|of| &of.everywhere).collect();
        Key::of(&(everywhere, &self.data.keys, routes))
    }

    /// Renders one route, and tells what its template asked for that its [`key`](Self::key) does
    /// not have; `None` when the key does not stand for it, since a file has changed meanwhile.
    pub fn render(&self, route: &Route) -> Result<(Rendered, Option<Answered>), Diagnostic> {
        self.answering(|| self.rendered(route))
    }

    /// The same for those who only want to know whether it can be done: no card is drawn.
    pub fn try_out(&self, route: &Route) -> Result<(Rendered, Option<Answered>), Diagnostic> {
        self.answering(|| match &route.target {
            Target::SocialCard(id) => {
                let nothing = Rendered::Bytes(Vec::new());
                self.read_social_card(*id).map(|_| nothing)
            }
            Target::Picture { .. } => Ok(Rendered::Bytes(Vec::new())),
            _ => self.rendered(route),
        })
    }

    /// Whether making a route may fail: it has a template, or is a file on disk.
    #[must_use]
    pub fn may_fail(route: &Route) -> bool {
        !matches!(
            route.target,
            Target::Feed { .. }
                | Target::RelatedJson
                | Target::SitemapIndex
                | Target::SitemapListings
                | Target::Sitemap(_)
                | Target::Robots
                | Target::Manifest
                | Target::Alias { .. }
                | Target::Moved(_)
                | Target::Asset(_)
        ) && !matches!(&route.target, Target::Search { file, .. } if !file.may_fail())
    }

    fn answering(
        &self,
        make: impl FnOnce() -> Result<Rendered, Diagnostic>,
    ) -> Result<(Rendered, Option<Answered>), Diagnostic> {
        questions::forget();
        let rendered = make()?;
        let answered = questions::asked().map(|asked| {
            let answered = asked.into_iter().map(|question| {
                let answer = self.answer(&question);
                (question, answer)
            });
            one_of(&self.answered, answered.collect())
        });
        Ok((rendered, answered))
    }

    /// What a template is answered now that asks for this.
    #[must_use]
    pub fn answer(&self, question: &str) -> Key {
        Key::of(&self.templates.answer(question))
    }

    fn rendered(&self, route: &Route) -> Result<Rendered, Diagnostic> {
        let bytes = match &route.target {
            Target::SocialCard(id) => self.social_card(*id)?,
            Target::Feed { listing, format } => feed::feed(
                &self.config,
                &self.site,
                &self.site.listings[*listing as usize],
                *format,
            ),
            Target::RelatedJson => self.related_json(),
            Target::SitemapIndex => sitemap::index(&self.config, &self.site),
            Target::SitemapListings => sitemap::listings(&self.config, &self.site),
            Target::Sitemap(range) => sitemap::articles(&self.config, &self.site, range),
            Target::Robots => sitemap::robots(&self.config),
            Target::Manifest => manifest::manifest(&self.config, &self.site, &self.theme),
            Target::Alias { page, .. } => {
                let to = self.site.aliased(*page).1;
                let (href, whole) = (href(&self.config, to), absolute(&self.config, to));
                self.redirect(&href, &whole, route.language)
            }
            Target::Moved(at) => {
                let (href, whole) = self.towards(*at);
                self.redirect(&href, &whole, route.language)
            }
            Target::Redirects => self.redirects()?,
            Target::Server(file) => self.server_file(*file)?,
            Target::Resource(at) => return self.resource(*at),
            Target::Picture { file, variant } => self.narrower(*file, *variant)?,
            Target::Static(at) => {
                return Ok(Rendered::File(self.site.statics[*at as usize].absolute()));
            }
            Target::Search { area, file } if *file != SearchFile::Page => {
                self.search_file(*area, *file)?
            }
            Target::Asset(at) => self.theme.assets[*at as usize].bytes.to_vec(),
            _ => match self.page(route, Want::Bytes) {
                Some(Ok(Outcome::Bytes(bytes))) => bytes,
                Some(Err(diagnostic)) => return Err(diagnostic),
                _ => Vec::new(),
            },
        };
        Ok(Rendered::Bytes(bytes))
    }

    /// A page that a template makes; `None` for everything else.
    fn page(&self, route: &Route, want: Want) -> Option<Result<Outcome, Diagnostic>> {
        Some(match &route.target {
            Target::Article(id) => self.article(*id, want),
            Target::Listing { listing, page } => {
                self.listing(*listing as usize, *page as usize, want)
            }
            Target::Tags => self.tags(route.language, want),
            Target::Authors => self.authors(route.language, want),
            Target::Archive => self.archive(route.language, want),
            Target::NotFound => self.not_found(want),
            Target::Search {
                area,
                file: SearchFile::Page,
            } => self.search_page(*area, want),
            _ => return None,
        })
    }

    /// The name of the template that makes a route; `None` where none does.
    #[must_use]
    pub fn template_of(&self, route: &Route) -> Option<String> {
        Some(match &route.target {
            Target::Article(id) => self.article_template(*id).into_owned(),
            Target::Listing { listing, .. } => {
                self.template_of_listing(&self.site.listings[*listing as usize])?
            }
            Target::SocialCard(_) => social_card::TEMPLATE.to_owned(),
            Target::Tags => "tags.html".to_owned(),
            Target::Authors => "authors.html".to_owned(),
            Target::Archive => "archive.html".to_owned(),
            Target::NotFound => "404.html".to_owned(),
            Target::Search {
                file: SearchFile::Page,
                ..
            } => search::TEMPLATE.to_owned(),
            _ => return None,
        })
    }

    /// The file of a template, if there is one of that name.
    #[must_use]
    pub fn template_file(&self, name: &str) -> Option<&str> {
        self.templates.known_file(name)
    }

    /// The site.
    #[must_use]
    pub fn site(&self) -> &Arc<Site> {
        &self.site
    }

    /// The site's folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The site's title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.config.own().title
    }

    /// The routes of the site, in the order of their URLs.
    #[must_use]
    pub fn routes(&self) -> &Arc<[Route]> {
        &self.site.routes
    }

    /// Why an article would not be published at a time, if it would not.
    #[must_use]
    pub fn withheld(&self, id: ArticleId, now: Moment) -> Option<Reason> {
        withheld(&self.site.articles[id.index()], now, Show::default())
    }

    /// How the site is configured.
    #[must_use]
    pub fn config(&self) -> &Arc<Config> {
        &self.config
    }

    /// How many articles are published.
    #[must_use]
    pub fn articles(&self) -> usize {
        self.site.articles.len()
    }

    /// The path that the site lives at, with a slash at both ends.
    #[must_use]
    pub fn base_path(&self) -> &str {
        &self.config.base_url.path
    }

    /// A path of the site as pages refer to it: percent-encoded, with the base path.
    #[must_use]
    pub fn href(&self, path: &str) -> String {
        self.config.base_url.href(path)
    }

    /// Keeps what was found out about the colours of code, and tells if what was kept is of no use.
    pub fn keep_colours(&self) -> Option<Diagnostic> {
        let colours = &self.stock.as_ref()?.colours;
        let articles = self.site.articles.iter().chain(&self.site.fronts);
        colours.save(articles.flat_map(|article| article.code.iter().copied()));
        colours.warning()
    }

    /// The times of templates, if they were asked for.
    #[must_use]
    pub fn template_times(&self) -> TemplateTimes {
        let times = self.times.as_ref().and_then(|times| times.lock().ok());
        times
            .map(|mut times| std::mem::take(&mut *times))
            .unwrap_or_default()
    }

    fn template(&self, name: &str, context: &tera::Context) -> Result<Vec<u8>, Diagnostic> {
        let started = self.times.as_ref().map(|_| Instant::now());
        let mut out = Vec::with_capacity(16 * 1024);
        self.templates.render(name, context, &mut out)?;
        if let (Some(times), Some(started)) = (&self.times, started)
            && let Ok(mut times) = times.lock()
        {
            let (count, total) = times.entry(name.to_owned()).or_default();
            *count += 1;
            *total += started.elapsed();
        }
        if self.config.minify.html {
            out = html::minified(out);
        }
        Ok(out)
    }
}

/// Removes drawings and pictures of earlier builds from a site's folder that it has no more.
pub fn prune(
    root: &Path,
    social_cards: &BTreeMap<ArticleId, UrlPath>,
    pictures: &BTreeMap<PictureFile, Picture>,
) {
    let made = Caches::of(root);
    let cards = social_cards.values();
    made.cards.prune(cards.map(social_card::name));
    let pictures = pictures.values();
    made.pictures.prune(pictures.flat_map(pictures::names));
}

/// A list as it is known already, so that equal ones are held once.
fn one_of<T: Ord + ?Sized>(known: &Mutex<BTreeSet<Arc<T>>>, list: Arc<T>) -> Arc<T> {
    let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = known.get(&list) {
        return Arc::clone(known);
    }
    known.insert(Arc::clone(&list));
    list
}

/// What articles of authors who are not trusted go through.
fn sanitiser(config: &Config) -> Option<Arc<Sanitiser>> {
    let outside = config.outside()?;
    let own = config.base_url.whole();
    let sites = outside.sites().iter().cloned().chain([own]).collect();
    Some(Arc::new(Sanitiser::allowing(sites)))
}

/// URLs that `asset()` gives, with the base path: those of the theme, and the site's own files
/// over them.
fn asset_urls(config: &Config, site: &Site, theme: &Theme) -> BTreeMap<String, String> {
    let of_theme = theme
        .assets
        .iter()
        .map(|asset| (asset.path.clone(), href(config, &asset.url)));
    let of_site = site.statics.iter().map(|file| {
        let path = file.path.trim_start_matches("static/");
        (
            path.to_owned(),
            href(config, &UrlPath::trusted(format!("/{path}"))),
        )
    });
    of_theme.chain(of_site).collect()
}

/// A URL of this site as pages refer to it: percent-encoded, with the base path.
fn href(config: &Config, url: &UrlPath) -> String {
    config.base_url.href(url.as_str())
}

/// A URL of this site as a whole.
fn absolute(config: &Config, url: &UrlPath) -> String {
    config.base_url.absolute(url.as_str())
}
