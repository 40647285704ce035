//! Pages, feeds and files out of a resolved site.
//!
//! In: a [`Site`] and a [`Theme`]. Out: for each route the bytes it answers with, or the file
//! that is copied. Each route is rendered for itself, in any order and on any thread.

mod assets;
mod cards;
mod context;
mod feed;
mod icons;
mod language;
mod manifest;
mod pages;
mod questions;
mod shared;
mod sitemap;
mod social_card;
mod templates;
mod texts;
mod theme;
mod twofold;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rayon::prelude::*;

pub use assets::Asset;
pub use texts::Texts;
pub use theme::{
    Theme, ThemeFile, ThemeSummary, check_theme, embedded_text, list_themes, theme_file,
};

use crate::config::Config;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::drawing;
use crate::key::Key;
use crate::model::{Data, UrlPath};
use crate::site::{Route, Site, Target};
use cards::Cards;
use language::Language;
use shared::Shared;
use social_card::LeftOut;
use templates::{Answers, Templates};

/// What a route answers with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rendered {
    /// These bytes.
    Bytes(Vec<u8>),
    /// A file as it is.
    File(PathBuf),
}

/// Questions of a template, in order.
pub type Asked = Arc<[String]>;

/// What is asked of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Want {
    /// What it is made from.
    Key,
    /// Itself.
    Bytes,
}

/// The answer.
enum Outcome {
    Key(Key),
    Bytes(Vec<u8>),
}

/// Time spent in each template, and how often.
pub type TemplateTimes = BTreeMap<String, (u64, Duration)>;

/// Renders the routes of one site.
pub struct Renderer<'a> {
    root: &'a Path,
    config: &'a Config,
    data: &'a Data,
    site: &'a Site,
    theme: &'a Theme,
    templates: Templates,
    /// What is printed in each language of the site, the site's own first.
    languages: Vec<Language>,
    shared: Shared,
    cards: Cards,
    times: Option<Mutex<TemplateTimes>>,
    /// Drawings of earlier builds; `None` where only mistakes are looked for.
    drawings: Option<&'a drawing::Cache>,
    left_out: Mutex<LeftOut>,
    /// What templates asked for, each list once.
    asked: Mutex<BTreeSet<Asked>>,
}

impl<'a> Renderer<'a> {
    /// Loads the theme's templates and makes the values that pages share. With `timed`, times of
    /// templates are taken. Without `drawings`, none is made: they are only looked at for mistakes.
    pub fn new(
        root: &'a Path,
        config: &'a Config,
        data: &'a Data,
        site: &'a Site,
        theme: &'a Theme,
        timed: bool,
        drawings: Option<&'a drawing::Cache>,
    ) -> Result<Self, Diagnostics> {
        let answers = Answers {
            assets: asset_urls(config, site, theme),
            data: data
                .files
                .iter()
                .map(|(path, value)| (path.clone(), tera::Value::from_serializable(value)))
                .collect(),
            data_keys: data.keys.clone(),
            base_url: config.base_url.clone(),
            fonts: theme.fonts.clone(),
        };
        let languages = site.languages.iter();
        let languages: Vec<Language> = languages
            .map(|tag| Language::new(tag, &theme.texts))
            .collect();
        let templates = Templates::load(theme, answers)?;
        if config.social_cards {
            social_card::needs_template(&templates, config)?;
        }
        Ok(Self {
            templates,
            shared: Shared::new(config, site, theme, &languages),
            cards: Cards::of(site.articles.len()),
            languages,
            root,
            config,
            data,
            site,
            theme,
            times: timed.then(Mutex::default),
            drawings,
            left_out: Mutex::default(),
            asked: Mutex::default(),
        })
    }

    /// What a route is made from; `None` when that is no less work than making it, or when it
    /// cannot be made.
    #[must_use]
    pub fn key(&self, route: &Route) -> Option<Key> {
        let key = match &route.target {
            Target::Feed { listing, .. } => {
                let listing = &self.site.listings[*listing as usize];
                let entries = feed::entries(self.config, self.site, listing);
                let cards: Vec<_> = entries.into_iter().map(|id| self.card(id)).collect();
                let title = shared::feed_title(self.config, self.site, listing.kind);
                Key::of(&(self.shared.key, route.url.as_str(), title, cards))
            }
            Target::Alias { page, .. } => {
                let (_, to) = self.site.aliased(*page);
                Key::of(&(self.shared.key, to.as_str()))
            }
            Target::Asset(at) => Key::of_bytes(&self.theme.assets[*at as usize].bytes),
            Target::Resource(at) => Key::of(&self.site.resources[*at as usize].identity?),
            Target::Static(at) => Key::of(&self.site.statics[*at as usize].identity?),
            _ => match self.page(route, Want::Key)? {
                Ok(Outcome::Key(key)) => key,
                _ => return None,
            },
        };
        Some(key)
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
        Key::of(&(self.shared.key, &self.data.keys, routes))
    }

    /// Renders one route, and tells what its template asked for that its [`key`](Self::key) does
    /// not have; `None` when the key does not stand for it, since a file has changed meanwhile.
    pub fn render(&self, route: &Route) -> Result<(Rendered, Option<Asked>), Diagnostic> {
        questions::forget();
        let rendered = self.rendered(route)?;
        let asked = questions::asked().map(|asked| {
            let mut known = self.asked.lock().unwrap_or_else(PoisonError::into_inner);
            known.get(&*asked).cloned().unwrap_or_else(|| {
                let asked: Asked = asked.into();
                known.insert(Arc::clone(&asked));
                asked
            })
        });
        Ok((rendered, asked))
    }

    /// What templates are answered now that ask for this.
    #[must_use]
    pub fn answers(&self, asked: &[String]) -> Key {
        let answers = asked.iter().map(|question| self.templates.answer(question));
        Key::of(&answers.collect::<Vec<_>>())
    }

    fn rendered(&self, route: &Route) -> Result<Rendered, Diagnostic> {
        let bytes = match &route.target {
            Target::SocialCard(id) => self.social_card(*id)?,
            Target::Feed { listing, format } => feed::feed(
                self.config,
                self.site,
                &self.site.listings[*listing as usize],
                *format,
            ),
            Target::RelatedJson => self.related_json(),
            Target::SitemapIndex => sitemap::index(self.config, self.site),
            Target::SitemapListings => sitemap::listings(self.config, self.site),
            Target::Sitemap(range) => sitemap::articles(self.config, self.site, range),
            Target::Robots => sitemap::robots(self.config),
            Target::Manifest => manifest::manifest(self.config, self.site, self.theme),
            Target::Alias { page, .. } => self.redirect(self.site.aliased(*page).1),
            Target::Redirects => self.redirects()?,
            Target::Resource(at) => {
                return Ok(Rendered::File(self.site.resources[*at as usize].absolute()));
            }
            Target::Static(at) => {
                return Ok(Rendered::File(self.site.statics[*at as usize].absolute()));
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
            Target::Tags => self.tags(want),
            Target::Authors => self.authors(want),
            Target::Archive => self.archive(want),
            Target::NotFound => self.not_found(want),
            _ => return None,
        })
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
        Ok(out)
    }
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
    format!("{}{}", config.base_url.origin, href(config, url))
}
