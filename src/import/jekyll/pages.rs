//! The pages of a Jekyll site.
//!
//! In: its files and settings. Out: a [`Page`] for each text, with its old address, and the other files.
//! What has front matter is a page, or is worked out by Liquid; everything else keeps its address.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;

use super::config::{Config, EXCLUDED};
use super::kinds::{Kind, folder, kind, post_name, stem, target, type_of};
use super::liquid;
use super::permalinks::{Parts, Style, filled, moment, slugified};
use crate::diagnostics::Place;
use crate::import::generator::code::fence;
use crate::import::generator::fields::{Fields, flag_of, list_of, text_of};
use crate::import::generator::others;
use crate::import::generator::page::{self, Habits, Notes, Page, Role};
use crate::import::generator::reading::{self, Opened};
use crate::import::generator::settings::{self, Link};
use crate::import::generator::site::Site;
use crate::import::generator::tree::Tree;
use crate::import::{Article, Outcome, Report};
use crate::model::has_ending;

const MARKDOWN: [&str; 4] = ["md", "markdown", "mkdown", "mkdn"];
/// Endings of pages whose text is HTML.
pub(super) const HTML: [&str; 2] = ["html", "htm"];

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
    let mut left_out: BTreeMap<&str, usize> = BTreeMap::new();
    for path in tree.files() {
        if path == config.file {
            continue;
        }
        if let Some(pattern) = config.leaves_out(path) {
            *left_out.entry(pattern).or_default() += 1;
            continue;
        }
        let kind = kind(path, config, &collections);
        if kind == Kind::Inner {
            continue;
        }
        if !has_ending(path, &MARKDOWN) && !has_ending(path, &HTML) {
            other(site, tree, path, (&kind, config, &collections), report);
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
    for (pattern, count) in left_out.iter().filter(|(name, _)| !EXCLUDED.contains(name)) {
        let files = others::counted(*count, "file");
        let message = format!("`{pattern}` of `exclude` leaves {files} out");
        report.lost(
            Outcome::Dropped,
            "ignored file",
            Place::file(&config.file),
            None,
            message,
        );
    }
}

/// A file that is neither Markdown nor HTML.
fn other(
    site: &mut Site,
    tree: &Tree,
    path: &str,
    (kind, config, collections): (&Kind, &Config, &str),
    report: &mut Report,
) {
    let mut dropped = |why: &str| {
        report.lost(
            Outcome::Dropped,
            "unpublished file",
            Place::file(path),
            None,
            why,
        );
    };
    let target = match kind {
        Kind::Draft(_) => return dropped("it lies among drafts"),
        Kind::Collected(name) if !config.is_published(name) => {
            return dropped("its collection has no pages");
        }
        Kind::Collected(name) => {
            let inner = path.strip_prefix(collections).unwrap_or(path);
            let inner = inner.trim_start_matches('/').trim_start_matches('_');
            let rest = inner.strip_prefix(*name).unwrap_or(inner);
            format!("static/{name}{rest}")
        }
        _ => format!("static/{path}"),
    };
    if !tree.begins_like_front(path) {
        site.copies.push((path.to_owned(), target));
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
    let permalink = opened.fields.get("permalink").and_then(text_of);
    if opened.body.contains("<feed") || opened.body.contains("<rss") {
        let old = permalink.unwrap_or_else(|| format!("/{path}"));
        site.redirects.insert(old, "/atom.xml".to_owned());
        return lost("template", "it made a feed, which Pressroom has of its own");
    }
    if opened.fields.get("published").and_then(flag_of) == Some(false) {
        return lost("unpublished file", "it says `published: false`");
    }
    if opened.body.contains("{{") || opened.body.contains("{%") {
        return lost("template", "it is made by Liquid, which is not converted");
    }
    if permalink.is_some() {
        return lost(
            "template",
            "it has an address of its own, which a file cannot have",
        );
    }
    site.texts.push((path.to_owned(), target, opened.body));
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
            term: None,
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
        match kind {
            Kind::Draft(_) => page.article.draft = true,
            Kind::Post(_) if post_name(stem).is_none() => page.keep_back(
                "post without a date",
                "Jekyll publishes no post without a date in its name, so that it is a draft",
            ),
            Kind::Collected(name) if !self.config.is_published(name) => {
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

/// Where a page that is none sent its readers.
pub(super) fn led_to(fields: &Fields) -> Option<String> {
    let to = fields.get("redirect_to").and_then(list_of)?;
    to.into_iter().next()
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
