//! Finding what a link or pin names.

mod near;

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use percent_encoding::percent_decode_str;
use rustc_hash::FxHashMap;
use unicode_normalization::UnicodeNormalization;

use super::routes::{Route, Target};
use super::translations::Translations;
use super::{ArticleId, Catalogue, LanguageId, Reason, Withheld};
use crate::key::Key;
use crate::markdown::split_fragment;
use crate::model::{LinkKind, UrlPath, fold, join, slugify};

/// What a destination leads to.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Found<'a> {
    /// An article.
    Article(ArticleId),
    /// Another page or file of the site, by its URL.
    Route(&'a str),
    /// An article that is not published, and why.
    Withheld(&'a str, Reason),
    /// Several articles, of which none is meant more than the others.
    Several(Vec<ArticleId>),
    /// Nothing; [`Lookup::near`] tells what was perhaps meant.
    Nothing(Missing),
}

/// What was looked for and is not there.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Missing {
    /// A Markdown file.
    File(String),
    /// A URL's path.
    Url(String),
    /// A title, slug or name of a file.
    Name(String),
    /// Something outside of the site's root.
    Outside,
}

impl<'a> Entry<'a> {
    fn found(self) -> Found<'a> {
        match self {
            Self::Article(id) => Found::Article(id),
            Self::Other(url) => Found::Route(url),
        }
    }
}

/// Everything that a link or pin can name.
pub(super) struct Lookup<'a> {
    site: &'a Catalogue,
    translations: &'a Translations,
    /// By what stands for the path: to compare texts would be to wait for memory, of nearly every link.
    by_source: FxHashMap<Key, Entry<'a>>,
    by_url: FxHashMap<&'a str, Entry<'a>>,
    /// Articles by slug, title and file name; made when the first wikilink or pin needs it.
    by_name: OnceLock<HashMap<String, Vec<ArticleId>>>,
    /// Files of content/, by their places in the list of them; made when the first is asked for.
    resources: OnceLock<FxHashMap<String, usize>>,
    withheld: BTreeMap<&'a str, &'a Withheld>,
    withheld_urls: BTreeMap<&'a str, &'a Withheld>,
}

#[derive(Clone, Copy)]
enum Entry<'a> {
    Article(ArticleId),
    Other(&'a str),
}

impl<'a> Lookup<'a> {
    /// Knows all files of a site, and the URLs of its articles.
    pub fn new(site: &'a Catalogue, translations: &'a Translations) -> Self {
        let (by_source, by_url) = rayon::join(
            || Self::by_source(site),
            || {
                site.urls
                    .iter()
                    .map(UrlPath::as_str)
                    .zip(ids(site))
                    .collect()
            },
        );
        Self {
            site,
            translations,
            by_source,
            by_url,
            by_name: OnceLock::new(),
            resources: OnceLock::new(),
            withheld: site.withheld.iter().map(|w| (&*w.source, w)).collect(),
            withheld_urls: site.withheld.iter().map(|w| (w.url.as_str(), w)).collect(),
        }
    }

    fn by_source(site: &'a Catalogue) -> FxHashMap<Key, Entry<'a>> {
        let articles = site.shelved().iter();
        let sources = articles.map(|(id, article)| (key(&article.source), Entry::Article(id)));
        let mut by_source: FxHashMap<Key, Entry> = sources.collect();
        for (front, url) in site.fronts.iter().zip(&site.front_urls) {
            by_source.insert(key(&front.source), Entry::Other(url.as_str()));
        }
        for (file, url) in site.resources.iter().zip(&site.resource_urls) {
            by_source.insert(key(&file.path), Entry::Other(url.as_str()));
        }
        for file in &site.statics {
            // The route of a static file is its path without the folder's name.
            by_source.insert(key(&file.path), Entry::Other(&file.path["static".len()..]));
        }
        by_source
    }

    /// Knows all routes as well.
    pub fn with_routes(mut self, routes: &'a [Route]) -> Self {
        // Articles are known already.
        let is_new = |route: &&Route| !matches!(route.target, Target::Article(_));
        for route in routes.iter().filter(is_new) {
            let url = route.url.as_str();
            self.by_url.entry(url).or_insert(Entry::Other(url));
        }
        self
    }

    fn by_name(&self) -> &HashMap<String, Vec<ArticleId>> {
        self.by_name.get_or_init(|| {
            let mut by_name: HashMap<String, Vec<ArticleId>> = HashMap::new();
            for (at, article) in self.site.articles.iter().enumerate() {
                let mut names = vec![
                    article.slug.as_str().to_owned(),
                    slugify(&article.title).to_string(),
                    fold(&article.title),
                    slugify(stem(&article.source)).to_string(),
                ];
                names.sort();
                names.dedup();
                for name in names {
                    by_name.entry(name).or_default().push(ArticleId(at as u32));
                }
            }
            by_name
        })
    }

    /// Whether a file of content/ that is published at a URL belongs to another article than one: it
    /// lies in no folder of its own, or in one below it that is another article's.
    pub fn is_of_another(&self, url: &str, source: &str) -> bool {
        let resources = self.resources.get_or_init(|| {
            let urls = self.site.resource_urls.iter().map(ToString::to_string);
            urls.zip(0..).collect()
        });
        let Some(file) = resources.get(url).map(|at| &self.site.resources[*at]) else {
            return false;
        };
        let mut at = folder(&file.path);
        let own = folder(source);
        while at != own && !at.is_empty() {
            if self.by_path(&format!("{at}/index.md")).is_some() {
                return true;
            }
            at = folder(at);
        }
        at != own
    }

    /// The files of several articles, the first few of them by name.
    pub fn sources(&self, ids: &[ArticleId]) -> String {
        let mut sources: Vec<&str> = ids
            .iter()
            .map(|id| &*self.site.articles[id.index()].source)
            .collect();
        sources.sort_unstable();
        let more = sources.len().saturating_sub(4);
        sources.truncate(4);
        let list = sources.join(", ");
        if more > 0 {
            format!("{list} and {more} more")
        } else {
            list
        }
    }

    /// What a link's destination without its fragment leads to, from a file at a URL.
    pub fn destination(&self, path: &str, from: &str, from_url: &UrlPath) -> Found<'a> {
        let decoded = decoded(path);
        if let Some(absolute) = decoded.strip_prefix('/') {
            return self.absolute(&format!("/{}", normal(absolute)));
        }
        if let Some(file) = join(folder(from), &decoded) {
            if let Some(found) = self.file(&file, from) {
                return found;
            }
            if is_markdown(&decoded) {
                return Found::Nothing(Missing::File(decoded.into_owned()));
            }
        }
        match join(from_url.folder().trim_matches('/'), &decoded) {
            Some(url) => self.absolute(&format!("/{url}")),
            None => Found::Nothing(Missing::Outside),
        }
    }

    fn absolute(&self, url: &str) -> Found<'a> {
        if let Some(found) = self.by_exact_url(url) {
            return found;
        }
        // As a static host answers: a folder with or without its slash, or its index.
        let other = if let Some(folder) = url.strip_suffix("index.html") {
            folder.to_owned()
        } else if let Some(file) = url.strip_suffix('/') {
            file.to_owned()
        } else {
            format!("{url}/")
        };
        if let Some(found) = self.by_exact_url(&other) {
            return found;
        }
        let withheld = self
            .withheld_urls
            .get(url)
            .or_else(|| self.withheld_urls.get(other.as_str()));
        match withheld {
            Some(withheld) => Found::Withheld(&withheld.source, withheld.reason),
            None => Found::Nothing(Missing::Url(url.to_owned())),
        }
    }

    fn by_exact_url(&self, url: &str) -> Option<Found<'a>> {
        self.by_url.get(url).map(|entry| entry.found())
    }

    /// A file or folder of the site by its path from the root. From an article in another language its
    /// version in that language is meant, if there is one, unless the path says which: `budget.de.md`.
    fn file(&self, path: &str, from: &str) -> Option<Found<'a>> {
        let path = path.trim_end_matches('/');
        let found = self.source(path);
        if self.site.editions == 1 || self.names_language(path) {
            return found;
        }
        let edition = self.edition_of(from);
        let only_there = || {
            let (name, ending) = path.rsplit_once('.')?;
            let language = &self.site.languages[edition.index()];
            self.source(&format!("{name}.{language}.{ending}"))
        };
        Some(match found.or_else(only_there)? {
            Found::Article(id) => Found::Article(self.version(id, edition)),
            Found::Route(url) => Found::Route(self.same_in(url, edition)),
            other => other,
        })
    }

    /// An article's version in an edition, or itself.
    fn version(&self, id: ArticleId, edition: LanguageId) -> ArticleId {
        if self.site.edition_of(id) == edition {
            return id;
        }
        let mut versions = self.translations.get(&id).into_iter().flatten();
        let version = versions.find(|version| self.site.edition_of(**version) == edition);
        version.copied().unwrap_or(id)
    }

    /// The front page or section of an edition that is in another one at a URL.
    fn same_in(&self, url: &'a str, edition: LanguageId) -> &'a str {
        let site = self.site;
        let Some(front) = site
            .front_urls
            .iter()
            .position(|front| front.as_str() == url)
        else {
            let section = site
                .sections
                .iter()
                .find(|section| section.url.as_str() == url);
            let section = section.and_then(|section| self.section(&section.name, edition));
            return section.unwrap_or(url);
        };
        let name = &site.fronts[front].section;
        if !name.is_empty() {
            return self.section(name, edition).unwrap_or(url);
        }
        let home = site.home_fronts[edition.index()];
        home.map_or(url, |front| site.front_urls[front].as_str())
    }

    fn section(&self, name: &str, edition: LanguageId) -> Option<&'a str> {
        let mut sections = self.site.sections.iter();
        let section = sections.find(|section| *section.name == *name && section.edition == edition);
        section.map(|section| section.url.as_str())
    }

    /// The edition of a file.
    fn edition_of(&self, source: &str) -> LanguageId {
        if let Some(Entry::Article(id)) = self.by_path(source) {
            return self.site.edition_of(id);
        }
        let mut fronts = self.site.fronts.iter().zip(&self.site.front_editions);
        let front = fronts.find(|(front, _)| *front.source == *source);
        front.map(|(_, edition)| *edition).unwrap_or_default()
    }

    /// Whether a file's name says its language: `budget.de.md`.
    fn names_language(&self, path: &str) -> bool {
        let name = path.rsplit_once('.').map_or(path, |(name, _)| name);
        let Some((_, language)) = name.rsplit_once('.') else {
            return false;
        };
        let editions = &self.site.languages[..usize::from(self.site.editions)];
        editions
            .iter()
            .any(|tag| tag.eq_ignore_ascii_case(language))
    }

    fn by_path(&self, path: &str) -> Option<Entry<'a>> {
        self.by_source.get(&key(path)).copied()
    }

    fn source(&self, path: &str) -> Option<Found<'a>> {
        if let Some(entry) = self.by_path(path) {
            return Some(entry.found());
        }
        let bundle = format!("{path}/index.md");
        if let Some(entry) = self.by_path(&bundle) {
            return Some(entry.found());
        }
        let withheld = self
            .withheld
            .get(path)
            .or_else(|| self.withheld.get(bundle.as_str()));
        if let Some(withheld) = withheld {
            return Some(Found::Withheld(&withheld.source, withheld.reason));
        }
        let folder = path.strip_prefix("content/")?;
        let section = self
            .site
            .sections
            .iter()
            .find(|section| *section.name == *folder)?;
        Some(Found::Route(section.url.as_str()))
    }

    /// What a link of a kind leads to.
    pub fn link(&self, kind: LinkKind, path: &str, from: &str, from_url: &UrlPath) -> Found<'a> {
        match kind {
            LinkKind::Wiki => self.wikilink(path, from, from_url),
            LinkKind::Article => self.article(path, from, from_url),
            _ => self.destination(path, from, from_url),
        }
    }

    /// The article that a link leads to by its file or name: whatever URLs there are, these count
    /// first. `None` where it takes URLs to tell.
    pub fn settled(&self, kind: LinkKind, path: &str, from: &str) -> Option<ArticleId> {
        if kind == LinkKind::Article {
            return None;
        }
        let found = if kind == LinkKind::Wiki && is_name(path) {
            Some(self.named(path, from))
        } else {
            let decoded = decoded(path);
            let is_relative = !decoded.starts_with('/');
            let file = is_relative.then(|| join(folder(from), &decoded)).flatten();
            file.and_then(|file| self.file(&file, from))
        };
        match found {
            Some(Found::Article(id)) => Some(id),
            _ => None,
        }
    }

    /// What a wikilink names: a title, a slug or a file's name.
    fn wikilink(&self, name: &str, from: &str, from_url: &UrlPath) -> Found<'a> {
        if is_name(name) {
            self.named(name, from)
        } else {
            self.destination(name, from, from_url)
        }
    }

    /// What a pin names: a path, a URL or a slug.
    pub fn pin(&self, pin: &str, from: &str, from_url: &UrlPath, base_url: &str) -> Found<'a> {
        let (pin, _) = split_fragment(pin);
        if let Some(rest) = pin.strip_prefix(base_url) {
            return self.absolute(&format!("/{rest}"));
        }
        self.article(pin, from, from_url)
    }

    /// The same without a whole URL.
    fn article(&self, pin: &str, from: &str, from_url: &UrlPath) -> Found<'a> {
        let from_root = pin.trim_start_matches('/');
        for path in [from_root.to_owned(), format!("content/{from_root}")] {
            let with_ending = [path.clone(), format!("{path}.md")];
            if let Some(found) = with_ending.iter().find_map(|path| self.file(path, from)) {
                return found;
            }
        }
        if pin.starts_with('/') || is_markdown(pin) {
            return self.destination(pin, from, from_url);
        }
        if pin.contains('/') {
            let found = self.destination(pin, from, from_url);
            return if matches!(found, Found::Nothing(_)) {
                self.absolute(&format!("/{pin}"))
            } else {
                found
            };
        }
        self.named(pin, from)
    }

    /// What a name means in a file: of articles in several editions, that of the file's own, or else
    /// that of the site's.
    fn named(&self, name: &str, from: &str) -> Found<'a> {
        let exact = self.by_name().get(&fold(name.trim()));
        match exact
            .or_else(|| self.by_name().get(slugify(name).as_str()))
            .map(Vec::as_slice)
        {
            Some([one]) => Found::Article(*one),
            Some(several) => {
                let of = |edition| -> Vec<ArticleId> {
                    let is_in = |id: &ArticleId| self.site.edition_of(*id) == edition;
                    several.iter().copied().filter(is_in).collect()
                };
                let nearest = [self.edition_of(from), LanguageId::default()].map(of);
                match nearest.into_iter().find(|ids| !ids.is_empty()) {
                    Some(ids) if ids.len() == 1 => Found::Article(ids[0]),
                    Some(ids) => Found::Several(ids),
                    None => Found::Several(several.to_vec()),
                }
            }
            None => {
                let stem_is = |source: &&str| slugify(stem(source)) == slugify(name);
                match self.withheld.keys().copied().find(stem_is) {
                    Some(source) => Found::Withheld(source, self.withheld[source].reason),
                    None => Found::Nothing(Missing::Name(name.to_owned())),
                }
            }
        }
    }
}

/// The path of a destination: without its query, without percent-encoding, and in Unicode's normal
/// form C.
fn decoded(destination: &str) -> Cow<'_, str> {
    let path = destination.split('?').next().unwrap_or(destination);
    if path.is_ascii() && !path.contains('%') {
        return path.into();
    }
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    Cow::Owned(decoded.nfc().collect())
}

/// The folder of a file by its path.
pub(super) fn folder(file: &str) -> &str {
    file.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// What stands for the path of a file.
fn key(path: &str) -> Key {
    Key::of_bytes(path.as_bytes())
}

/// The articles of a site, in their order.
fn ids(site: &Catalogue) -> impl Iterator<Item = Entry<'_>> {
    (0..site.articles.len() as u32).map(|id| Entry::Article(ArticleId(id)))
}

/// Whether a wikilink has a name, rather than a path.
fn is_name(link: &str) -> bool {
    !link.contains('/') && !is_markdown(link)
}

fn is_markdown(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    matches!(path.rsplit_once('.'), Some((_, "md" | "markdown")))
}

/// The name of an article's file without its ending; a bundle's is its folder's.
fn stem(source: &str) -> &str {
    let path = source.rsplit_once('.').map_or(source, |(path, _)| path);
    let path = path.strip_suffix("/index").unwrap_or(path);
    path.rsplit('/').next().unwrap_or(path)
}

/// A path from the root with its `.` and `..` worked out; `..` at the top stays there, as in
/// browsers.
fn normal(path: &str) -> String {
    let mut rest = path;
    while let Some(shorter) = rest.strip_prefix("../") {
        rest = shorter;
    }
    join("", rest).unwrap_or_default()
}
