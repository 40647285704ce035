//! The last step of an import: pages that know their old address become files.
//!
//! In: the pages of a site, the other files that it has, and its settings. Out: files below the
//! destination, and lines of the report. What every generator needs is decided here: which article
//! writes its `url`, who gets an address that two want, and which old pages lead elsewhere.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;

use super::headings;
use super::links;
use super::page::{Notes, Page, Role};
use super::places;
use super::settings::Settings;
use super::tree::Tree;
use crate::diagnostics::{Code, Diagnostic, Fault, Place};
use crate::import::{Article, Destination, Outcome, Report, Written};
use crate::model::{UrlPath, encode, fold, join, slugify};
use crate::yaml;

/// A site that was read.
#[derive(Debug, Default)]
pub(in crate::import) struct Site {
    pub settings: Settings,
    pub pages: Vec<Page>,
    /// Files that are copied: where from, and where to.
    pub copies: Vec<(String, String)>,
    /// Files whose bytes are not those of the archive: what they were, where they go, their text.
    pub texts: Vec<(String, String, String)>,
    /// Old paths of pages that no article stands for, and where they lead.
    pub redirects: BTreeMap<String, String>,
    /// Where the files that are no pages go.
    pub files: Beside,
}

/// How texts name other files.
pub(in crate::import) struct Index<'p> {
    pages: &'p [Page],
    by_source: BTreeMap<&'p str, usize>,
    by_url: BTreeMap<&'p str, usize>,
    /// Ids of the headings of pages that links with a fragment lead to.
    headings: RefCell<BTreeMap<String, Vec<String>>>,
}

impl<'p> Index<'p> {
    pub fn of(pages: &'p [Page]) -> Self {
        let numbered = || pages.iter().enumerate();
        let published = numbered().filter(|(_, page)| !page.article.draft);
        Self {
            pages,
            headings: RefCell::default(),
            by_source: numbered()
                .map(|(at, page)| (page.source.as_str(), at))
                .collect(),
            by_url: published
                .filter_map(|(at, page)| Some((page.url.as_deref()?, at)))
                .collect(),
        }
    }

    /// How a text of one page names another, with what stands behind `#`.
    pub fn link(&self, from: &Page, to: &Page, fragment: &str) -> String {
        let fragment = self.fragment(to, fragment);
        if from.target == to.target && !fragment.is_empty() {
            return fragment;
        }
        format!("{}{fragment}", links::relative(&from.target, &to.target))
    }

    /// What stands behind `#`, as Pressroom calls the heading: generators make ids of headings otherwise,
    /// but of the same letters.
    pub fn fragment(&self, of: &Page, fragment: &str) -> String {
        let Some(id) = fragment.strip_prefix('#').filter(|id| !id.is_empty()) else {
            return fragment.to_owned();
        };
        let mut kept = self.headings.borrow_mut();
        let ids = kept
            .entry(of.source.clone())
            .or_insert_with(|| headings::ids(&of.article.body));
        match headings::like(ids, id) {
            Some(ours) => format!("#{ours}"),
            None => fragment.to_owned(),
        }
    }

    /// All pages.
    pub fn pages(&self) -> &'p [Page] {
        self.pages
    }

    /// The page of a file of the archive.
    pub fn by_source(&self, source: &str) -> Option<&'p Page> {
        self.by_source.get(source).map(|at| &self.pages[*at])
    }

    /// The page at an old address, with a slash at its end or without.
    pub fn by_url(&self, url: &str) -> Option<&'p Page> {
        let other = match url.strip_suffix('/') {
            Some(without) => without.to_owned(),
            None => format!("{url}/"),
        };
        let at = self
            .by_url
            .get(url)
            .or_else(|| self.by_url.get(other.as_str()))?;
        Some(&self.pages[*at])
    }
}

/// What turns the text of a page into ours.
pub(in crate::import) type Convert<'c> = dyn Fn(&Page, &Index, &mut Conversion) + 'c;

/// A text on its way.
#[derive(Debug, Default)]
pub(in crate::import) struct Conversion {
    /// The text, which is the page's own before.
    pub text: String,
    /// What the article shows besides, if the text said it.
    pub toc: Option<bool>,
    pub notes: Notes,
}

/// Writes a site.
pub(in crate::import) fn write(
    mut site: Site,
    tree: &Tree,
    convert: &Convert,
    destination: &Destination,
    report: &mut Report,
) -> Result<(), Diagnostic> {
    distinct_targets(&mut site.pages);
    let mut claims = Claims::default();
    let aliases = addresses(&mut site, &mut claims);
    let converted: Vec<Conversion> = {
        let index = Index::of(&site.pages);
        site.pages
            .iter()
            .map(|page| converted(page, &index, convert))
            .collect()
    };
    for (page, conversion) in site.pages.iter_mut().zip(converted) {
        page.article.body = conversion.text;
        page.article.toc = page.article.toc.or(conversion.toc);
        page.notes.0.extend(conversion.notes.0);
    }
    let mut writer = Writer {
        destination,
        report,
    };
    for mut page in std::mem::take(&mut site.pages) {
        picture(&mut page, tree, site.files);
        writer.page(page)?;
    }
    for (from, to, text) in &site.texts {
        writer.file(from, to, "other files", |destination| {
            destination.write(to, text.as_bytes())
        })?;
    }
    for (from, to) in &site.copies {
        if let Some(url) = to.strip_prefix("static").filter(|url| claims.has(url)) {
            let message = format!("{} is the address of a page, which stays", address(url));
            writer.report.lost(
                Outcome::Dropped,
                "static file",
                Place::file(from),
                None,
                message,
            );
            continue;
        }
        let kind = match to.split('/').next() {
            Some("static") => "static files",
            Some("data") => "data files",
            _ => "other files",
        };
        writer.file(from, to, kind, |destination| {
            destination.copy(to, &tree.absolute(from))
        })?;
    }
    writer.settings(&site.settings)?;
    let is_free = |old: &String| !claims.has(old) && !aliases.contains(&fold(old));
    let redirects = site.redirects.into_iter();
    let redirects = redirects.filter(|(old, new)| fold(old) != fold(new) && is_free(old));
    writer.redirects(&redirects.collect())
}

fn converted(page: &Page, index: &Index, convert: &Convert) -> Conversion {
    let mut conversion = Conversion {
        text: page.article.body.clone(),
        ..Conversion::default()
    };
    if !page.is_raw {
        convert(page, index, &mut conversion);
    }
    conversion
}

/// A lead picture that is named from the root, without a slash in front. Beside the page it may be, too.
fn picture(page: &mut Page, tree: &Tree, files: Beside) {
    let Some(picture) = &mut page.article.image else {
        return;
    };
    let src = picture.src.trim_start_matches("./");
    if links::is_elsewhere(src) || src.starts_with('/') {
        return;
    }
    let folder = page
        .source
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder);
    let is_beside = join(folder, src).is_some_and(|file| tree.has(&file));
    let roots: &[&str] = match files {
        Beside::Content if is_beside => return,
        Beside::Content => &["static/", "assets/"],
        Beside::Static => &[""],
    };
    if roots.iter().any(|root| tree.has(&format!("{root}{src}"))) {
        picture.src = format!("/{src}");
    }
}

/// Two files of one name, such as a.md and a.html, get two.
fn distinct_targets(pages: &mut [Page]) {
    let mut taken = BTreeSet::new();
    for page in pages {
        let name: String = page
            .target
            .chars()
            .map(|c| {
                if c.is_control() || "\\:".contains(c) {
                    '-'
                } else {
                    c
                }
            })
            .collect();
        if name != page.target {
            page.notes.add(
                Outcome::Approximated,
                "file name",
                0,
                format!("it is called {name}: some systems refuse the other name"),
            );
            page.target = name;
        }
        let (stem, language) = match page.target.strip_suffix(".md") {
            Some(stem) => (
                stem.to_owned(),
                page.language
                    .as_ref()
                    .map(|tag| format!(".{tag}"))
                    .unwrap_or_default(),
            ),
            None => continue,
        };
        let stem = stem.strip_suffix(&language).unwrap_or(&stem).to_owned();
        let mut number = 1;
        while !taken.insert(fold(&page.target)) {
            number += 1;
            page.target = format!("{stem}-{number}{language}.md");
            if page.role != Role::Article {
                page.role = Role::Article;
                page.article.draft = true;
            }
            if number == 2 {
                let message = "another file has its name, so that it got a number";
                page.notes
                    .add(Outcome::Approximated, "file name", 0, message);
            }
        }
    }
}

/// Addresses that are taken, in the form in which Pressroom compares them.
#[derive(Debug, Default)]
struct Claims(BTreeSet<String>);

impl Claims {
    fn add(&mut self, url: &str) -> bool {
        self.0.insert(fold(address(url)))
    }

    fn has(&self, url: &str) -> bool {
        self.0.contains(&fold(address(url)))
    }
}

/// An address without what hosts add by themselves.
fn address(url: &str) -> &str {
    url.strip_suffix("index.html")
        .filter(|url| url.ends_with('/'))
        .unwrap_or(url)
}

/// Pages that Pressroom makes itself. Where a generator had them, they were made by templates.
fn is_made(url: &str, languages: &BTreeMap<String, super::settings::Edition>) -> bool {
    let of_language = |tag: &String| {
        url.strip_prefix(&format!("/{tag}"))
            .filter(|rest| rest.starts_with('/'))
    };
    let url = languages.keys().find_map(of_language).unwrap_or(url);
    matches!(
        url,
        "/tags/"
            | "/authors/"
            | "/archive/"
            | "/related/"
            | "/search/"
            | "/404.html"
            | "/404/"
            | "/"
    ) || url.starts_with("/archive/")
        && url[9..]
            .split('/')
            .all(|part| part.bytes().all(|b| b.is_ascii_digit()))
        || matches!(
            url,
            "/atom.xml"
                | "/feed.json"
                | "/sitemap.xml"
                | "/robots.txt"
                | "/related.json"
                | "/_redirects"
        )
}

/// Decides what each page answers to: by the pattern of its section where that fits, by its own `url`
/// where it does not.
/// The old addresses that lead to pages are returned.
fn addresses(site: &mut Site, claims: &mut Claims) -> BTreeSet<String> {
    let zone = TimeZone::get(&site.settings.timezone).unwrap_or(TimeZone::UTC);
    let mut sections: BTreeMap<String, Vec<&Page>> = BTreeMap::new();
    for page in site
        .pages
        .iter()
        .filter(|page| page.role != Role::Front && !page.article.draft)
    {
        sections
            .entry(places::section(page).to_owned())
            .or_default()
            .push(page);
    }
    let patterns: BTreeMap<String, String> = sections
        .into_iter()
        .map(|(name, pages)| (name, places::pattern(&pages, &zone)))
        .collect();
    for (section, pattern) in &patterns {
        if *pattern != places::USUAL {
            site.settings
                .permalinks
                .insert(section.clone(), pattern.clone());
        }
    }
    // Sections come first: their addresses are not to choose.
    for page in &site.pages {
        if let Some(url) =
            places::usual(page, &places::parsed(""), &zone).filter(|_| page.role == Role::Front)
        {
            claims.add(&url);
        }
        let section = places::section(page);
        if !section.is_empty() {
            let prefix = page
                .language
                .as_ref()
                .map(|tag| format!("/{tag}"))
                .unwrap_or_default();
            claims.add(&format!("{prefix}/{}/", slugify(section)));
        }
    }
    let languages = site.settings.languages.clone();
    for page in &mut site.pages {
        let pattern = patterns
            .get(places::section(page))
            .map_or("", String::as_str);
        let usual = places::usual(page, &places::parsed(pattern), &zone);
        if page.role == Role::Front {
            front(page, usual);
        } else {
            one_address(page, usual, claims, &languages);
        }
    }
    let mut aliases = BTreeSet::new();
    for page in &mut site.pages {
        distinct_aliases(page, &mut aliases, claims, &languages);
    }
    aliases
}

/// The front of a section has the address of the section. An old one leads there.
fn front(page: &mut Page, usual: Option<String>) {
    if let Some(old) = page.url.take().filter(|old| usual.as_ref() != Some(old)) {
        page.article.aliases.insert(0, old);
    }
    page.url = usual;
    let article = std::mem::take(&mut page.article);
    // These mean nothing in a front, and would be warned about.
    page.article = Article {
        title: article.title,
        summary: article.summary,
        aliases: article.aliases,
        template: article.template,
        noindex: article.noindex,
        math: article.math,
        extra: article.extra,
        body: article.body,
        ..Article::default()
    };
}

fn one_address(
    page: &mut Page,
    usual: Option<String>,
    claims: &mut Claims,
    languages: &BTreeMap<String, super::settings::Edition>,
) {
    let wanted = match page.url.as_deref().map(written) {
        Some(Ok(url)) => Some(url),
        Some(Err(why)) => {
            page.notes.add(Outcome::Dropped, "url", 1, why);
            None
        }
        None => None,
    };
    let differs = wanted.is_some() && wanted != usual;
    page.article.url = wanted.clone().filter(|_| differs);
    let url = wanted.or(usual);
    page.url.clone_from(&url);
    let Some(url) = url.filter(|_| !page.article.draft) else {
        return;
    };
    let why = if is_made(&url, languages) {
        "is a page that Pressroom makes itself"
    } else if claims.add(&url) {
        return;
    } else {
        "is the address of another page"
    };
    page.article.draft = true;
    page.notes.add(
        Outcome::Kept,
        "address",
        0,
        format!("{url} {why}, so that this one is a draft"),
    );
}

/// A path as Pressroom takes it, or why it does not.
fn written(url: &str) -> Result<String, String> {
    let parsed = url.parse::<UrlPath>();
    parsed
        .map(|url| url.as_str().to_owned())
        .map_err(|error| Fault::from(error).message)
}

/// Each old path can lead to one page only.
fn distinct_aliases(
    page: &mut Page,
    taken: &mut BTreeSet<String>,
    claims: &Claims,
    languages: &BTreeMap<String, super::settings::Edition>,
) {
    for alias in std::mem::take(&mut page.article.aliases) {
        let path = match written(&alias) {
            Ok(path) => path,
            Err(why) => {
                page.notes.add(Outcome::Dropped, "alias", 1, why);
                continue;
            }
        };
        if page.url.as_deref() == Some(&path) || page.article.aliases.contains(&path) {
            continue;
        }
        if is_made(&path, languages) {
            let message = format!("{path} is a page that Pressroom makes itself");
            page.notes.add(Outcome::Dropped, "alias", 1, message);
        } else if claims.has(&path) {
            page.notes.add(
                Outcome::Dropped,
                "alias",
                1,
                format!("{path} is the address of a page"),
            );
        } else if page.article.draft || taken.insert(fold(&path)) {
            page.article.aliases.push(path);
        } else {
            page.notes.add(
                Outcome::Dropped,
                "alias",
                1,
                format!("{path} is an alias of another page"),
            );
        }
    }
}

struct Writer<'a> {
    destination: &'a Destination,
    report: &'a mut Report,
}

impl Writer<'_> {
    fn page(&mut self, page: Page) -> Result<(), Diagnostic> {
        let plural = match page.role {
            Role::Front => "section fronts",
            _ if page.article.draft => "drafts",
            _ => "articles",
        };
        let Page {
            source,
            target,
            article,
            notes,
            ..
        } = page;
        let text = article.to_text();
        let is_there = self.file(&source, &target, plural, |destination| {
            destination.write(&target, text.as_bytes())
        })?;
        notes.tell(&source, is_there.then_some(&*target), self.report);
        Ok(())
    }

    /// Makes a file. A name that cannot be one is a line of the report, and the rest goes on.
    fn file(
        &mut self,
        from: &str,
        to: &str,
        plural: &'static str,
        write: impl FnOnce(&Destination) -> Result<Written, Diagnostic>,
    ) -> Result<bool, Diagnostic> {
        match write(self.destination) {
            Ok(written) => {
                self.report.file(to, written);
                self.report.converted(plural, 1);
                Ok(true)
            }
            Err(refused) if matches!(refused.code, Code::Argument | Code::Unreadable) => {
                self.report.lost(
                    Outcome::Dropped,
                    "file",
                    Place::file(from),
                    None,
                    refused.message,
                );
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    fn settings(&mut self, settings: &Settings) -> Result<(), Diagnostic> {
        let path = "pressroom.yaml";
        let written = self
            .destination
            .write(path, settings.to_text().as_bytes())?;
        self.report.file(path, written);
        Ok(())
    }

    fn redirects(&mut self, redirects: &BTreeMap<String, String>) -> Result<(), Diagnostic> {
        if redirects.is_empty() {
            return Ok(());
        }
        let path = "data/redirects.yaml";
        let written = self
            .destination
            .write(path, yaml::to_text(redirects).as_bytes())?;
        self.report.file(path, written);
        self.report.converted("redirects", redirects.len());
        Ok(())
    }
}

/// Where files that are no pages go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(in crate::import) enum Beside {
    #[default]
    /// Those beside texts stay beside them, and those of static/ keep their address.
    Content,
    /// All keep their address.
    Static,
}

/// A relative destination, which generators leave to browsers: they begin at the address of the page, and
/// Pressroom at its file. `None`: it leads where it did, or nobody knows where.
pub(in crate::import) fn beside(
    page: &Page,
    index: &Index,
    tree: &Tree,
    files: Beside,
    destination: &str,
) -> Option<String> {
    let (path, fragment) = links::split(destination);
    if destination.is_empty() || path.contains("{{") || links::is_elsewhere(destination) {
        return None;
    }
    if path.is_empty() || path.starts_with('/') {
        let found = if path.is_empty() {
            page
        } else {
            index.by_url(path)?
        };
        let other = index.fragment(found, fragment);
        return (other != fragment).then(|| format!("{path}{other}"));
    }
    let path = percent_encoding::percent_decode_str(path)
        .decode_utf8()
        .ok()?;
    let folder = page
        .source
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder);
    let file = join(folder, &path);
    if let Some(found) = file.as_ref().and_then(|file| index.by_source(file)) {
        let new = index.link(page, found, fragment);
        return (new != destination).then_some(new);
    }
    let is_beside = file.as_ref().is_some_and(|file| tree.has(file));
    if is_beside && files == Beside::Content {
        return None;
    }
    let url = page.url.as_deref()?;
    let address = format!("/{}", join(&url[..=url.rfind('/')?], &path)?);
    if let Some(found) = index.by_url(&address) {
        return Some(index.link(page, found, fragment));
    }
    let address = match file.filter(|_| is_beside) {
        // What was meant, also where browsers looked elsewhere.
        Some(file) => format!("/{file}"),
        None => address,
    };
    let is_published = match files {
        Beside::Content => tree.has(&format!("static{address}")),
        Beside::Static => tree.has(&address[1..]),
    };
    is_published.then(|| format!("{}{fragment}", encode(&address)))
}
