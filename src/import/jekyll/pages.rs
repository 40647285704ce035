//! The pages of a Jekyll site.
//!
//! In: its files and settings. Out: a [`Page`] for each text, with its old address, and the other files.
//! What has front matter is a page, or is worked out by Liquid; everything else keeps its address.

use jiff::tz::TimeZone;

use super::config::Config;
use super::liquid;
use super::permalinks::{Parts, Style, filled, moment, slugified};
use crate::diagnostics::Place;
use crate::import::generator::code::fence;
use crate::import::generator::fields::{Fields, list_of};
use crate::import::generator::others;
use crate::import::generator::page::{self, Habits, Notes, Page, Role};
use crate::import::generator::reading::{self, Opened};
use crate::import::generator::settings::{self, Link};
use crate::import::generator::site::Site;
use crate::import::generator::tree::Tree;
use crate::import::{Article, Outcome, Report};
use crate::model::{has_ending, slugify};

const MARKDOWN: [&str; 4] = ["md", "markdown", "mkdown", "mkdn"];
const HTML: [&str; 2] = ["html", "htm"];

/// What a file is to Jekyll.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Kind<'t> {
    /// A post, with the folders above `_posts`, which are categories.
    Post(Vec<&'t str>),
    Draft(Vec<&'t str>),
    /// A text of a collection.
    Collected(&'t str),
    Page,
    /// It is for building the site.
    Inner,
}

/// Reads all files into a site.
pub(super) fn read(site: &mut Site, tree: &Tree, config: &Config, report: &mut Report) {
    let reader = Reader {
        config,
        zone: TimeZone::get(&site.settings.timezone).unwrap_or(TimeZone::UTC),
        style: Style::of(config.text(&["permalink"]).as_deref()),
    };
    let collections = config
        .text(&["collections_dir"])
        .map(|folder| folder.trim_matches('/').to_owned());
    let collections = collections.unwrap_or_default();
    for path in tree.files() {
        if config.leaves_out(path) || path == config.file {
            continue;
        }
        let kind = kind(path, config, &collections);
        if kind == Kind::Inner {
            continue;
        }
        if !has_ending(path, &MARKDOWN) && !has_ending(path, &HTML) {
            other(site, tree, path, report);
            continue;
        }
        if !tree.begins_like_front(path) && kind == Kind::Page {
            site.copies
                .push((path.to_owned(), format!("static/{path}")));
            continue;
        }
        if let Some(opened) = reading::open(tree, path, report) {
            site.pages
                .push(reader.page(path, &kind, opened, &collections));
        }
    }
}

/// A file that is neither Markdown nor HTML.
fn other(site: &mut Site, tree: &Tree, path: &str, report: &mut Report) {
    if !tree.begins_like_front(path) {
        site.copies
            .push((path.to_owned(), format!("static/{path}")));
        return;
    }
    let mut lost = |kind, why: &str| {
        report.lost(Outcome::Dropped, kind, Place::file(path), None, why);
    };
    if has_ending(path, &["scss", "sass"]) {
        return lost(
            "style sheet",
            "Sass of the site is not converted; a theme of ours may have Sass of its own",
        );
    }
    let mut unheard = Report::default();
    let Some(opened) = reading::open(tree, path, &mut unheard).filter(|opened| !opened.is_doubtful)
    else {
        return lost("template", "its front matter cannot be read");
    };
    if opened.body.contains("{{") || opened.body.contains("{%") {
        return lost("template", "it is made by Liquid, which is not converted");
    }
    if opened.fields.get("permalink").is_some() {
        return lost(
            "template",
            "it has an address of its own, which a file cannot have",
        );
    }
    site.texts
        .push((path.to_owned(), format!("static/{path}"), opened.body));
}

fn kind<'t>(path: &'t str, config: &Config, collections: &str) -> Kind<'t> {
    let mut folders: Vec<&str> = path.split('/').collect();
    let name = folders.pop().unwrap_or(path);
    for (at, folder) in folders.iter().enumerate() {
        let above = || {
            let above = folders[..at].iter().copied();
            above.filter(|name| *name != collections).collect()
        };
        match *folder {
            "_posts" => return Kind::Post(above()),
            "_drafts" => return Kind::Draft(above()),
            _ => {}
        }
    }
    let inner = path
        .strip_prefix(collections)
        .unwrap_or(path)
        .trim_start_matches('/');
    let first = inner.split('/').next().unwrap_or(inner);
    if let Some(collection) = first
        .strip_prefix('_')
        .filter(|name| inner.contains('/') && config.collections.contains_key(*name))
    {
        return Kind::Collected(collection);
    }
    let is_hidden = |name: &str| name.starts_with(['_', '.', '#']) || name.ends_with('~');
    let hidden = folders.iter().any(|folder| is_hidden(folder)) || is_hidden(name);
    if hidden && !config.takes_in(path) {
        Kind::Inner
    } else {
        Kind::Page
    }
}

struct Reader<'c> {
    config: &'c Config,
    zone: TimeZone,
    style: Style,
}

/// What front matter says that this module decides on.
struct Own {
    permalink: Option<String>,
    slug: Option<String>,
    /// Those of a post, which may be part of its address.
    categories: Vec<String>,
}

impl Reader<'_> {
    fn page(&self, path: &str, kind: &Kind, opened: Opened, collections: &str) -> Page {
        let Opened {
            mut fields,
            body,
            body_line,
            is_raw,
            is_doubtful,
            mut notes,
            ..
        } = opened;
        self.config.complete(path, type_of(kind), &mut fields);
        let params = fields.0.clone();
        let own = Own {
            permalink: fields.text(&["permalink"]),
            slug: fields.text(&["slug"]),
            categories: categories(&fields, kind),
        };
        let stem = stem(path);
        let dated = post_name(stem).filter(|_| matches!(kind, Kind::Post(_) | Kind::Draft(_)));
        let mut article = self.article(&mut fields, kind, &mut notes);
        page::keep_rest(fields, &mut article, &mut notes);
        article.body = body;
        article.draft |= is_doubtful;
        article.date = article
            .date
            .or_else(|| dated.as_ref().map(|(date, _)| date.clone()));
        let (role, target) = target(path, kind, collections);
        article.slug = page::slug(own.slug.clone(), &mut notes).filter(|_| role != Role::Front);
        let mut page = Page {
            source: path.to_owned(),
            target,
            role,
            url: None,
            language: None,
            params,
            article,
            body_line,
            is_raw,
            notes,
        };
        let name = dated.as_ref().map_or(stem, |(_, name)| name);
        page.url = self.url(&mut page, kind, name, &own, collections);
        self.format(&mut page, kind, stem);
        page.settle(if stem == "index" {
            path.rsplit('/').nth(1).unwrap_or("index")
        } else {
            stem
        });
        // The day in the file's name is where Pressroom looks as well.
        let is_in_name = |date: &String| stem.starts_with(&format!("{date}-"));
        page.article.date = page.article.date.filter(|date| !is_in_name(date));
        page
    }

    fn article(&self, fields: &mut Fields, kind: &Kind, notes: &mut Notes) -> Article {
        let aliases = fields.lists(&["redirect_from", "aliases"]);
        let language = fields.text(&["lang", "language"]);
        let habits = Habits {
            tags: ["tags", "tag", "categories", "category"]
                .map(str::to_owned)
                .to_vec(),
            spaced: &["tags", "categories"],
            date: &["date"],
        };
        let mut article = page::article(fields, &habits, notes);
        if let Kind::Post(folders) | Kind::Draft(folders) = kind {
            article
                .tags
                .extend(folders.iter().map(|&name| name.to_owned()));
            article.tags = page::distinct(article.tags);
        }
        article.aliases = aliases
            .iter()
            .map(|alias| format!("/{}", alias.trim_start_matches('/')))
            .collect();
        if let Some(to) = led_to(fields) {
            article.draft = true;
            let message = format!(
                "it led to {to}, which is a line of data/redirects.yaml; the rest of it is a draft"
            );
            notes.add(Outcome::Approximated, "redirect", 1, message);
        }
        let own = self
            .config
            .text(&["lang"])
            .and_then(|tag| settings::language(&tag));
        article.lang = language
            .as_deref()
            .and_then(settings::language)
            .filter(|tag| Some(tag) != own.as_ref());
        article
    }

    /// What is worked out, what is HTML, and pages that are not to come out by accident.
    fn format(&self, page: &mut Page, kind: &Kind, stem: &str) {
        let is_template = matches!(kind, Kind::Page) && liquid::is_template(&page.article.body);
        if is_template && !page.is_raw {
            page.is_raw = true;
            page.article.body = fence("", "", &page.article.body);
            page.keep_back(
                "template page",
                "Liquid makes its text, so that it is a draft: Pressroom has listings, tags and archives of its own",
            );
        } else if has_ending(&page.source, &HTML) && !page.is_raw {
            page.article.body = reading::html(&page.article.body);
            page.notes.add(
                Outcome::Approximated,
                "HTML page",
                0,
                "empty lines of its HTML are left out",
            );
        }
        let is_unpublished = |name: &str| {
            self.config
                .collections
                .get(name)
                .is_some_and(|collection| !collection.is_published)
        };
        match kind {
            Kind::Draft(_) => page.article.draft = true,
            Kind::Post(_) if post_name(stem).is_none() => page.keep_back(
                "post without a date",
                "Jekyll publishes no post without a date in its name, so that it is a draft",
            ),
            Kind::Collected(name) if is_unpublished(name) => {
                page.keep_back(
                    "unpublished page",
                    format!("the collection `{name}` has no pages, so that it is a draft"),
                );
            }
            _ => {}
        }
    }

    fn url(
        &self,
        page: &mut Page,
        kind: &Kind,
        name: &str,
        own: &Own,
        collections: &str,
    ) -> Option<String> {
        let folder = folder(&page.source, kind, collections);
        let collection = match kind {
            Kind::Collected(name) => name,
            _ => "",
        };
        let moment = moment(page.article.date.as_deref(), &self.zone);
        let parts = Parts {
            folder: &folder,
            name,
            slug: own.slug.as_deref(),
            categories: &own.categories,
            collection,
            date: moment,
        };
        let of_collection = || {
            self.config
                .collections
                .get(collection)
                .and_then(|collection| collection.permalink.clone())
        };
        let pattern = match (kind, &own.permalink) {
            (Kind::Post(_) | Kind::Draft(_), Some(said)) => {
                Style::of(Some(said)).posts().to_owned()
            }
            (_, Some(said)) => said.clone(),
            (Kind::Post(_) | Kind::Draft(_), None) => self.post_pattern(),
            (Kind::Collected(_), None) => of_collection()
                .unwrap_or_else(|| format!("/:collection/:path{}", self.style.ending())),
            (_, None) if name == "index" => "/:path/".to_owned(),
            (_, None) => format!("/:path/:basename{}", self.style.ending()),
        };
        match filled(&pattern, parts) {
            Ok(url) => Some(
                url.strip_suffix("/index.html")
                    .map(|folder| format!("{folder}/"))
                    .unwrap_or(url),
            ),
            // What is not published has no address, and often no date to make one of.
            Err(_) if page.article.draft || matches!(kind, Kind::Draft(_)) => None,
            Err(part) => {
                let message = format!(
                    "`{part}` of the pattern `{pattern}` is not known, so that the address is another"
                );
                page.notes.add(Outcome::Approximated, "url", 1, message);
                None
            }
        }
    }
}

impl Reader<'_> {
    /// The pattern of posts, which are a collection too.
    fn post_pattern(&self) -> String {
        let said = self
            .config
            .collections
            .get("posts")
            .and_then(|posts| posts.permalink.clone());
        said.unwrap_or_else(|| self.style.posts().to_owned())
    }
}

/// What the settings call files of a kind.
fn type_of<'k>(kind: &Kind<'k>) -> &'k str {
    match kind {
        Kind::Post(_) => "posts",
        Kind::Draft(_) => "drafts",
        Kind::Collected(name) => name,
        Kind::Page | Kind::Inner => "pages",
    }
}

/// Where a page that is none sent its readers.
fn led_to(fields: &Fields) -> Option<String> {
    let to = fields.get("redirect_to").and_then(list_of)?;
    to.into_iter().next()
}

/// The name of a file without its ending.
fn stem(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// The day in the name of a post, and the rest.
pub(super) fn post_name(stem: &str) -> Option<(String, &str)> {
    let mut parts = stem.splitn(4, '-');
    let mut number = |longest: usize| {
        let part = parts.next()?;
        let is_number = !part.is_empty()
            && part.len() <= longest
            && part.bytes().all(|byte| byte.is_ascii_digit());
        is_number.then(|| part.parse::<u32>().ok()).flatten()
    };
    let (year, month, day) = (number(4)?, number(2)?, number(2)?);
    let year = if year < 100 { 2000 + year } else { year };
    let name = parts.next().filter(|name| !name.is_empty())?;
    Some((format!("{year:04}-{month:02}-{day:02}"), name))
}

fn categories(fields: &Fields, kind: &Kind) -> Vec<String> {
    let (Kind::Post(folders) | Kind::Draft(folders)) = kind else {
        return Vec::new();
    };
    let mut fields = fields.clone();
    let is_text = fields
        .get("categories")
        .is_some_and(crate::yaml::Value::is_string);
    let mut own = fields.lists(&["categories"]);
    if is_text {
        own = own
            .iter()
            .flat_map(|words| words.split_whitespace())
            .map(str::to_owned)
            .collect();
    }
    own.extend(fields.lists(&["category"]));
    page::distinct(
        folders
            .iter()
            .map(|&name| name.to_owned())
            .chain(own)
            .collect(),
    )
}

/// Folders of a page, or below the folder of its collection.
fn folder(path: &str, kind: &Kind, collections: &str) -> String {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    match kind {
        Kind::Collected(name) => {
            let inner = folder
                .strip_prefix(collections)
                .unwrap_or(folder)
                .trim_start_matches('/');
            inner
                .strip_prefix(&format!("_{name}"))
                .unwrap_or(inner)
                .trim_start_matches('/')
                .to_owned()
        }
        _ => folder.to_owned(),
    }
}

/// What the file of a text is in Pressroom, and where.
fn target(path: &str, kind: &Kind, collections: &str) -> (Role, String) {
    let stem = stem(path);
    match kind {
        Kind::Post(folders) | Kind::Draft(folders) => {
            let mut folders: Vec<String> = folders.iter().map(|&name| name.to_owned()).collect();
            match folders.first_mut() {
                Some(first) => *first = others::section(first),
                None => folders.push("posts".to_owned()),
            }
            (
                Role::Article,
                format!("content/{}/{stem}.md", folders.join("/")),
            )
        }
        Kind::Collected(name) => {
            let folder = folder(path, kind, collections);
            let folder = [&others::section(name), &*folder]
                .iter()
                .filter(|part| !part.is_empty())
                .map(|part| (**part).to_owned())
                .collect::<Vec<_>>()
                .join("/");
            page_target(&folder, stem)
        }
        Kind::Page | Kind::Inner => {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let folder = folder
                .split('/')
                .map(|name| name.trim_start_matches(['_', '.']))
                .collect::<Vec<_>>()
                .join("/");
            let folder = match folder.split_once('/') {
                Some((section, rest)) => format!("{}/{rest}", others::section(section)),
                None if folder.is_empty() => folder,
                None => others::section(&folder),
            };
            page_target(&folder, stem)
        }
    }
}

fn page_target(folder: &str, stem: &str) -> (Role, String) {
    let slash = if folder.is_empty() { "" } else { "/" };
    let depth = folder.split('/').filter(|part| !part.is_empty()).count();
    match (stem, depth) {
        ("index", 0 | 1) => (Role::Front, format!("content/{folder}{slash}_index.md")),
        ("index", _) => (Role::Bundle, format!("content/{folder}/index.md")),
        // The front of a section is called so here.
        ("_index", _) => (
            Role::Article,
            format!("content/{folder}{slash}index-page.md"),
        ),
        _ => (Role::Article, format!("content/{folder}{slash}{stem}.md")),
    }
}

/// Where old feeds and pages of tags led.
pub(super) fn redirects(site: &mut Site, config: &Config) {
    let mut found = Vec::new();
    if config.has_plugin("jekyll-feed") {
        let path = config
            .text(&["feed", "path"])
            .unwrap_or_else(|| "feed.xml".to_owned());
        found.push((
            format!("/{}", path.trim_start_matches('/')),
            "/atom.xml".to_owned(),
        ));
    }
    for page in &site.pages {
        if let (Some(to), Some(url)) = (led_to(&Fields(page.params.clone())), &page.url) {
            found.push((url.clone(), to));
        }
    }
    for page in site.pages.iter().filter(|page| !page.article.draft) {
        let mut fields = Fields(page.params.clone());
        for (kind, names) in [
            ("tag", ["tags", "tag"]),
            ("category", ["categories", "category"]),
        ] {
            for term in fields.lists(&names) {
                let terms: Vec<&str> = if term.contains(' ') && fields.0.is_empty() {
                    Vec::new()
                } else {
                    vec![&term]
                };
                for term in terms {
                    let old = config.archive(kind, term);
                    found.extend(old.map(|old| (old, format!("/tags/{}/", slugify(term)))));
                }
            }
        }
    }
    site.redirects
        .extend(found.into_iter().filter(|(old, new)| old != new));
}

/// The link to a page of the masthead, by its file.
pub(super) fn link_to(site: &Site, path: &str) -> Option<Link> {
    let page = site
        .pages
        .iter()
        .find(|page| page.source == path.trim_start_matches('/'))?;
    let url = page.url.clone().filter(|_| !page.article.draft)?;
    let title = if page.article.title.is_empty() {
        slugified(path, false)
    } else {
        page.article.title.clone()
    };
    Some(Link { title, url })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_go_where_their_place_says() {
        let config = Config::default();
        for (path, role, target_there) in [
            (
                "_posts/2019-07-04-a.md",
                Role::Article,
                "content/posts/2019-07-04-a.md",
            ),
            (
                "town/_posts/2019-07-04-a.markdown",
                Role::Article,
                "content/town/2019-07-04-a.md",
            ),
            ("_drafts/b.md", Role::Article, "content/posts/b.md"),
            ("index.html", Role::Front, "content/_index.md"),
            ("docs/index.md", Role::Front, "content/docs/_index.md"),
            ("docs/a/index.md", Role::Bundle, "content/docs/a/index.md"),
            ("tags/x.md", Role::Article, "content/tags-pages/x.md"),
        ] {
            assert_eq!(
                target(path, &kind(path, &config, ""), ""),
                (role, target_there.to_owned())
            );
        }
        assert_eq!(kind("_layouts/a.html", &config, ""), Kind::Inner);
        assert_eq!(
            post_name("2019-7-4-a-b"),
            Some(("2019-07-04".to_owned(), "a-b"))
        );
        assert_eq!(post_name("about"), None);
    }
}
