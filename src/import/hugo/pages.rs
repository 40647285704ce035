//! The pages of a Hugo site.
//!
//! In: its files and settings. Out: a [`Page`] for each text, with its old address, and the files beside
//! them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::tz::TimeZone;

use super::cascade::{Cascades, Heir};
use super::config::{Config, Language, permalinks};
use super::menus;
use super::permalinks::{Parts, filled, moment, usual};
use crate::diagnostics::Place;
use crate::import::generator::fields::{Fields, flag_of, inside, text_of};
use crate::import::generator::others;
use crate::import::generator::page::{self, Habits, Page, Role};
use crate::import::generator::reading::{self, Opened};
use crate::import::generator::site::Site;
use crate::import::generator::terms::{Kind, Term};
use crate::import::generator::tree::Tree;
use crate::import::{Outcome, Report};
use crate::model::has_ending;
use crate::yaml::{Mapping, Value};

const UNREAD: &str = "has a form or a target that is not known, so that no page inherits it";

const MARKDOWN: [&str; 4] = ["md", "markdown", "mdown", "mkd"];
/// Endings of pages whose text is HTML.
pub(super) const HTML: [&str; 2] = ["html", "htm"];
/// Texts that Hugo gives to another program.
const OTHERS: [&str; 7] = ["adoc", "asciidoc", "ad", "rst", "org", "pandoc", "pdc"];

/// A text of the site, and where it lies among those of its language.
struct Text<'t> {
    path: &'t str,
    language: &'t Language,
    folders: Vec<&'t str>,
    /// Name of the file without ending and language.
    stem: &'t str,
}

impl<'t> Text<'t> {
    /// What it is called: the name of its file, or of its folder.
    fn name(&self) -> &'t str {
        match (self.stem, self.folders.last()) {
            ("index" | "_index", Some(folder)) => folder,
            (stem, _) => stem,
        }
    }
}

/// A page of the menu that front matter names: weight, title, and the address once it is known.
pub(super) struct MenuEntry {
    pub weight: i64,
    pub title: String,
    pub source: String,
}

/// Reads all pages into a site, and what their front matter adds to the menu.
pub(super) fn read(
    site: &mut Site,
    tree: &Tree,
    config: &Config,
    report: &mut Report,
) -> Vec<MenuEntry> {
    let files = files(tree, config);
    let bundles: BTreeSet<&str> = files
        .iter()
        .filter_map(|(path, _)| bundle_of(path))
        .collect();
    let mut reader = Reader {
        config,
        zone: TimeZone::get(&site.settings.timezone).unwrap_or(TimeZone::UTC),
        patterns: permalinks(&config.values, "page"),
        section_patterns: permalinks(&config.values, "section"),
        habits: Habits {
            tags: config
                .taxonomies
                .iter()
                .filter(|name| *name != "authors")
                .cloned()
                .collect(),
            spaced: &[],
            date: &["date", "publishDate", "pubdate", "published", "lastmod"],
        },
        cascades: Cascades::default(),
        menu: Vec::new(),
    };
    if let Some(said) = config.values.get("cascade")
        && reader.cascades.add("", None, said).is_none()
    {
        report.lost(
            Outcome::Dropped,
            "cascade",
            Place::file(&config.file),
            None,
            format!("`cascade` {UNREAD}"),
        );
    }
    // A folder's front comes before what is in it says what its pages have in common.
    let mut texts: Vec<(Text, Opened)> = Vec::new();
    for (path, language) in &files {
        let Some(text) = text_at(path, language, config).filter(|_| is_text(path)) else {
            site.copies
                .push(((*path).to_owned(), resource_target(path, language, config)));
            continue;
        };
        if let Some(mut opened) = reading::open(tree, path, report) {
            reader.cascade(&text, &mut opened);
            texts.push((text, opened));
        }
    }
    for (text, opened) in texts {
        let is_resource = text.stem != "index" && in_bundle(text.path, &bundles);
        site.pages.push(reader.page(&text, opened, is_resource));
    }
    reader.menu
}

/// The files of all folders of texts, each with its language.
fn files<'t>(tree: &'t Tree, config: &'t Config) -> Vec<(&'t str, &'t Language)> {
    let mut folders: Vec<(String, &Language)> = vec![(config.content(), &config.languages[0])];
    let own = config.languages.iter();
    folders.extend(own.filter_map(|language| Some((language.folder.clone()?, language))));
    // Of two folders that a file lies in, the inner one counts.
    let mut by_path: BTreeMap<&str, (usize, &Language)> = BTreeMap::new();
    for (folder, language) in &folders {
        for path in tree.below(folder) {
            let known = by_path.entry(path).or_insert((0, language));
            if folder.len() > known.0 {
                *known = (folder.len(), language);
            }
        }
    }
    let is_junk = |path: &str| {
        path.rsplit('/')
            .next()
            .is_some_and(|name| name.starts_with('.') || name.ends_with('~'))
    };
    by_path
        .into_iter()
        .filter(|(path, _)| !is_junk(path))
        .map(|(path, (_, language))| (path, language))
        .collect()
}

fn is_text(path: &str) -> bool {
    has_ending(path, &MARKDOWN) || has_ending(path, &HTML) || has_ending(path, &OTHERS)
}

/// The folder of a path's bundle, if the path is its index.
fn bundle_of(path: &str) -> Option<&str> {
    let (folder, name) = path.rsplit_once('/')?;
    (name.starts_with("index.") && is_text(path)).then_some(folder)
}

fn in_bundle(path: &str, bundles: &BTreeSet<&str>) -> bool {
    let mut folder = path;
    while let Some((above, _)) = folder.rsplit_once('/') {
        // The one at the top is the home page and holds nothing.
        if bundles.contains(above) && above.contains('/') {
            return true;
        }
        folder = above;
    }
    false
}

/// A path without the folder of texts that it is in.
fn inner<'t>(path: &'t str, language: &Language, config: &Config) -> &'t str {
    let own = language
        .folder
        .as_deref()
        .and_then(|folder| path.strip_prefix(folder));
    let inner = own
        .or_else(|| path.strip_prefix(config.content().as_str()))
        .unwrap_or(path);
    inner.trim_start_matches('/')
}

fn text_at<'t>(path: &'t str, of_folder: &'t Language, config: &'t Config) -> Option<Text<'t>> {
    let mut folders: Vec<&str> = inner(path, of_folder, config).split('/').collect();
    let name = folders.pop()?;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let named = stem.rsplit_once('.').and_then(|(stem, tag)| {
        let language = config
            .languages
            .iter()
            .find(|language| language.tag.eq_ignore_ascii_case(tag))?;
        Some((stem, language))
    });
    let (stem, language) = named.unwrap_or((stem, of_folder));
    Some(Text {
        path,
        language,
        folders,
        stem,
    })
}

/// Where a file beside texts goes.
fn resource_target(path: &str, language: &Language, config: &Config) -> String {
    let inner = inner(path, language, config);
    match inner.split_once('/') {
        Some((section, rest)) => format!("content/{}/{rest}", others::section(section)),
        None => format!("content/{inner}"),
    }
}

struct Reader<'c> {
    config: &'c Config,
    zone: TimeZone,
    patterns: BTreeMap<String, String>,
    section_patterns: BTreeMap<String, String>,
    habits: Habits,
    cascades: Cascades,
    menu: Vec<MenuEntry>,
}

impl Reader<'_> {
    /// Takes what a folder's front says of the pages below it.
    fn cascade(&mut self, text: &Text, opened: &mut Opened) {
        let Some(said) = opened
            .fields
            .get("cascade")
            .filter(|_| text.stem == "_index")
        else {
            return;
        };
        let folder = text.folders.join("/");
        let language = Some(text.language.tag.as_str());
        if self.cascades.add(&folder, language, said).is_some() {
            opened.fields.take("cascade");
        } else {
            let message = format!("`cascade` stays under `extra`: it {UNREAD}");
            opened.notes.add(Outcome::Kept, "cascade", 1, message);
        }
    }

    fn inherit(&self, text: &Text, fields: &mut Fields) {
        let (kind, name) = match (text.stem, text.folders.is_empty()) {
            ("_index", true) => ("home", None),
            ("_index", false) => ("section", None),
            ("index", _) => ("page", None),
            (stem, _) => ("page", Some(stem)),
        };
        let parts: Vec<&str> = text.folders.iter().copied().chain(name).collect();
        let heir = Heir {
            language: &text.language.tag,
            folders: &text.folders,
            kind,
            path: &format!("/{}", parts.join("/").replace(' ', "-")),
        };
        self.cascades.inherit(heir, fields);
    }

    fn page(&mut self, text: &Text, opened: Opened, is_resource: bool) -> Page {
        let Opened {
            mut fields,
            body,
            body_line,
            is_raw,
            is_doubtful,
            mut notes,
            ..
        } = opened;
        let params = fields.0.clone();
        self.inherit(text, &mut fields);
        let unrendered = is_unrendered(&mut fields);
        let own = Own {
            url: fields.text(&["url"]),
            slug: fields.text(&["slug"]),
            aliases: fields.lists(&["aliases"]),
            menu: fields.take("menus").or_else(|| fields.take("menu")),
        };
        let mut article = page::article(&mut fields, &self.habits, &mut notes);
        if self.config.taxonomies.iter().all(|name| name != "tags") && fields.get("tags").is_some()
        {
            article.tags = fields.lists(&["tags"]);
        }
        let (role, target) = self.target(text, is_resource);
        article.aliases.clone_from(&own.aliases);
        page::keep_rest(fields, &mut article, &mut notes);
        let mut page = Page {
            source: text.path.to_owned(),
            target,
            role,
            url: None,
            language: self.edition(text).map(str::to_owned),
            term: term(text, self.config),
            params,
            article,
            body_line,
            is_raw,
            notes,
        };
        page.article.body = body;
        page.article.draft |= is_doubtful;
        self.keep_back(&mut page, text, is_resource, unrendered);
        format(&mut page);
        page.url = self.url(text, &mut page, &own);
        if page.term.is_none() || page.article.draft {
            page.settle(text.name());
        }
        relative_aliases(&mut page);
        page.article.slug =
            page::slug(own.slug, &mut page.notes).filter(|_| page.role != Role::Front);
        let own_menu = own.menu.filter(|_| !page.article.draft);
        if let Some((weight, name)) = own_menu.and_then(|said| menus::entry(&said, &mut page.notes))
            && text.language.tag == self.config.languages[0].tag
        {
            self.menu.push(MenuEntry {
                weight: if weight == 0 {
                    page.article.weight.unwrap_or(0)
                } else {
                    weight
                },
                title: name.unwrap_or_else(|| page.article.title.clone()),
                source: page.source.clone(),
            });
        }
        page
    }

    /// Pages that are not to come out by accident.
    fn keep_back(&self, page: &mut Page, text: &Text, is_resource: bool, unrendered: Option<&str>) {
        if is_resource {
            page.keep_back(
                "page resource",
                "a text within a page bundle is no page of its own, so that it is a draft",
            );
        } else if let Some(why) = unrendered {
            page.keep_back("unpublished page", format!("{why}, so that it is a draft"));
        } else if text.language.is_off {
            page.keep_back(
                "unpublished page",
                format!(
                    "its language, `{}`, is disabled, so that it is a draft",
                    text.language.tag
                ),
            );
        } else if is_term(text, self.config) && text.folders.len() == 1 {
            page.keep_back(
                "term page",
                "the list of all has no text of its own: what it says is a draft",
            );
        }
    }

    /// The language of a text, if the site that is made has it beside its own.
    fn edition<'t>(&self, text: &Text<'t>) -> Option<&'t str> {
        let language = text.language;
        let is_other = language.tag != self.config.languages[0].tag;
        (is_other && language.is_known && !language.is_off).then_some(&language.tag)
    }

    /// What the file of a text is in Pressroom, and where.
    fn target(&self, text: &Text, is_resource: bool) -> (Role, String) {
        let language = self.edition(text).map(|tag| format!(".{tag}"));
        let language = language.unwrap_or_default();
        let mut folders: Vec<String> = text.folders.iter().map(|&name| name.to_owned()).collect();
        if let Some(first) = folders.first_mut() {
            *first = others::section(first);
        }
        let in_folders = |folders: &[String], name: &str| {
            let parts: Vec<&str> = folders.iter().map(String::as_str).chain([name]).collect();
            format!("content/{}{language}.md", parts.join("/"))
        };
        match (text.stem, folders.len()) {
            (stem, _) if text.language.is_off => {
                let name = format!("{}-{}", stem.trim_start_matches('_'), text.language.tag);
                (Role::Article, in_folders(&folders, &name))
            }
            _ if is_term(text, self.config) => {
                let name = folders[1..].join("-");
                let name = if name.is_empty() {
                    "all".to_owned()
                } else {
                    name
                };
                (
                    Role::Article,
                    in_folders(&[format!("{}-terms", text.folders[0])], &name),
                )
            }
            ("_index", 0 | 1) | ("index", 0) => (Role::Front, in_folders(&folders, "_index")),
            ("_index" | "index", _) => (Role::Bundle, in_folders(&folders, "index")),
            (stem, _) if is_resource => {
                // An index would be the page of its folder.
                (Role::Article, in_folders(&folders, stem))
            }
            (stem, _) => (Role::Article, in_folders(&folders, stem)),
        }
    }

    fn url(&self, text: &Text, page: &mut Page, own: &Own) -> Option<String> {
        let ugly = self.config.values.get("uglyURLs").and_then(flag_of) == Some(true);
        let prefix = &text.language.prefix;
        if is_term(text, self.config) && text.folders.len() == 1 {
            return None;
        }
        let is_front = text.stem == "_index";
        let (folders, name) = match (text.stem, text.folders.split_last()) {
            ("_index" | "index", Some((name, folders))) => (folders, *name),
            ("_index" | "index", None) => return Some(format!("{prefix}/")),
            (stem, _) => (&text.folders[..], stem),
        };
        let parts = Parts {
            folders,
            name,
            slug: own.slug.as_deref(),
            title: &page.article.title,
            date: moment(page.article.date.as_deref(), &self.zone),
        };
        let section = text.folders.first().copied().unwrap_or("/");
        let pattern = match &own.url {
            Some(url) if url.starts_with('/') && !url.contains(':') => return Some(url.clone()),
            Some(url) if url.contains("://") => {
                page.notes.add(
                    Outcome::Dropped,
                    "url",
                    1,
                    format!("`{url}` is no path of the site"),
                );
                None
            }
            Some(url) => Some(format!("/{}", url.trim_start_matches('/'))),
            None if is_front => self.section_patterns.get(section).cloned(),
            None => self.patterns.get(section).cloned(),
        };
        let Some(pattern) = pattern else {
            return Some(format!("{prefix}{}", usual(parts, ugly && !is_front)));
        };
        match filled(&pattern, parts, ugly && !is_front) {
            Ok(url) => Some(format!("{prefix}{url}")),
            // What is not published has no address, and often no date to make one of.
            Err(_) if page.article.draft => None,
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

/// What front matter says that this module decides on.
struct Own {
    url: Option<String>,
    slug: Option<String>,
    aliases: Vec<String>,
    menu: Option<Value>,
}

/// Whether a text is that of a tag, or of all of them.
fn is_term(text: &Text, config: &Config) -> bool {
    text.stem == "_index"
        && text
            .folders
            .first()
            .is_some_and(|first| config.taxonomies.iter().any(|name| name == first))
}

/// The author or tag that a text is about.
fn term(text: &Text, config: &Config) -> Option<Term> {
    let (taxonomy, words) = text.folders.split_first()?;
    let kind = match *taxonomy {
        "authors" => Kind::Author,
        _ => Kind::Tag,
    };
    let word = words.join("-");
    (is_term(text, config) && !word.is_empty()).then_some(Term { kind, word })
}

/// Whether a page is made at all, and why not.
fn is_unrendered(fields: &mut Fields) -> Option<&'static str> {
    let mut why = None;
    if fields.flag(&["headless"]) == Some(true) {
        why = Some("it is headless");
    }
    for name in ["build", "_build"] {
        let Some(build) = fields.take(name) else {
            continue;
        };
        let render = inside(&build, "render")
            .and_then(text_of)
            .unwrap_or_default();
        if matches!(render.as_str(), "never" | "false" | "link") {
            why = Some("it is not rendered");
        }
        let list = inside(&build, "list").and_then(text_of).unwrap_or_default();
        if matches!(list.as_str(), "never" | "false") && why.is_none() {
            // Pressroom lists what it publishes; templates can see what was said.
            let said = Mapping::from_iter([("list".into(), list.into())]);
            fields.0.insert("build".into(), Value::Mapping(said));
        }
    }
    why
}

/// Texts that are no Markdown.
fn format(page: &mut Page) {
    if has_ending(&page.source, &HTML) && !page.is_raw {
        page.article.body = reading::html(&page.article.body);
        page.notes.add(
            Outcome::Approximated,
            "HTML page",
            0,
            "empty lines of its HTML are left out",
        );
    } else if has_ending(&page.source, &OTHERS) {
        page.is_raw = true;
        page.article.draft = true;
        page.article.body = crate::import::generator::code::fence("", "", &page.article.body);
        page.notes.add(
            Outcome::Kept,
            "other markup",
            0,
            "it is not Markdown, so that its text is that of a draft, as it was",
        );
    }
}

/// Aliases without a slash in front are relative to the folder that the page is in.
fn relative_aliases(page: &mut Page) {
    let url = page.url.as_deref().unwrap_or("/").trim_end_matches('/');
    let folder = url.rsplit_once('/').map_or("", |(folder, _)| folder);
    let absolute = |alias: &String| {
        if alias.starts_with('/') {
            return alias.clone();
        }
        let joined = crate::model::join(folder, alias);
        format!("/{}", joined.as_deref().unwrap_or(alias))
    };
    let aliases = page
        .article
        .aliases
        .iter()
        .filter(|alias| !alias.is_empty());
    page.article.aliases = aliases.map(absolute).collect();
}
