//! The pages of a Zola site.
//!
//! In: its files and settings. Out: a [`Page`] for each text, with its old address, and the files beside
//! them.

use std::collections::BTreeSet;

use super::config::Config;
use crate::import::generator::fields::{Fields, flag_of};
use crate::import::generator::others;
use crate::import::generator::page::{self, Habits, Notes, Page, Role};
use crate::import::generator::reading::{self, Opened};
use crate::import::generator::site::{Led, Site};
use crate::import::generator::tree::Tree;
use crate::import::{Article, Outcome, Report};
use crate::model::has_ending;
use crate::yaml::Value;

/// A text of the site.
struct Text<'t> {
    path: &'t str,
    folders: Vec<&'t str>,
    /// Name of the file without ending and language.
    stem: &'t str,
    /// Its language, if that is not the site's own.
    language: Option<&'t str>,
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

/// Reads all pages into a site.
pub(super) fn read(site: &mut Site, tree: &Tree, config: &Config, report: &mut Report) {
    let bundles: BTreeSet<&str> = tree.below("content").filter_map(bundle_of).collect();
    // A section that is a draft takes everything below it along.
    let mut drafts: Vec<String> = Vec::new();
    let mut texts = Vec::new();
    for path in tree.below("content") {
        let name = path.rsplit('/').next().unwrap_or(path);
        if name.starts_with('.') || name.ends_with('~') {
            continue;
        }
        if !has_ending(path, &["md"]) {
            let inner = &path["content/".len()..];
            let inner = match inner.split_once('/') {
                Some((section, rest)) => format!("{}/{rest}", others::section(section)),
                None => inner.to_owned(),
            };
            site.copies
                .push((path.to_owned(), format!("content/{inner}")));
            continue;
        }
        let text = text_at(path, config);
        let is_resource = text.stem != "index"
            && path
                .rsplit_once('/')
                .is_some_and(|(folder, _)| bundles.contains(folder));
        if let Some(opened) = reading::open(tree, path, report) {
            if text.stem == "_index" && text.folders.is_empty() && text.language.is_none() {
                site.settings.page_size(opened.fields.get("paginate_by"));
            }
            let is_draft = opened.fields.get("draft").and_then(flag_of) == Some(true);
            if text.stem == "_index" && is_draft {
                drafts.push(folder_of(&text.folders));
            }
            texts.push((text, opened, is_resource));
        }
    }
    for (text, opened, is_resource) in texts {
        let folder = folder_of(&text.folders);
        let mut page = page(&text, opened, is_resource, config);
        let draft = drafts
            .iter()
            .find(|draft| folder.starts_with(draft.as_str()));
        if let Some(draft) = draft.filter(|_| !page.article.draft) {
            let message =
                format!("the section content/{draft} is a draft, and so is what lies in it");
            page.keep_back("unpublished page", message);
            page.settle(text.name());
        }
        site.pages.push(page);
    }
    redirected(site);
}

/// Sections that only led elsewhere are redirects.
fn redirected(site: &mut Site) {
    let has_pages = |page: &Page| {
        let folder = page
            .source
            .rsplit_once('/')
            .map_or("", |(folder, _)| folder);
        let below = |other: &Page| other.source.starts_with(&format!("{folder}/"));
        let mut others = site
            .pages
            .iter()
            .filter(|other| other.source != page.source);
        others.any(|other| below(other) && !other.article.draft && other.role != Role::Front)
    };
    let full: Vec<bool> = site.pages.iter().map(has_pages).collect();
    for (page, is_full) in site.pages.iter_mut().zip(full) {
        let to = Fields(page.params.clone()).text(&["redirect_to"]);
        let is_section = page
            .source
            .rsplit('/')
            .next()
            .is_some_and(|name| name.starts_with("_index."));
        let Some(to) = to.filter(|_| is_section && !page.article.draft) else {
            continue;
        };
        if is_full && page.role == Role::Front {
            let message = format!("it led to {to}, and is the list of its articles here");
            page.notes
                .add(Outcome::Approximated, "redirect", 1, message);
            continue;
        }
        let message = format!(
            "it led to {to}, which is a line of data/redirects.yaml; the rest of it is a draft"
        );
        page.notes
            .add(Outcome::Approximated, "redirect", 1, message);
        page.article.draft = true;
        let name = page.source.rsplit('/').nth(1).unwrap_or("").to_owned();
        page.settle(&name);
        let is_whole = to.contains("://");
        let slash = if is_whole || to.starts_with('/') {
            ""
        } else {
            "/"
        };
        site.led.extend(page.url.clone().map(|old| Led {
            source: page.source.clone(),
            old,
            new: format!("{slash}{to}"),
        }));
    }
}

/// The path of a folder, with a slash at its end; empty for the one that all is in.
fn folder_of(folders: &[&str]) -> String {
    folders.iter().flat_map(|name| [name, "/"]).collect()
}

/// The folder of a path's bundle, if the path is its index.
fn bundle_of(path: &str) -> Option<&str> {
    let (folder, name) = path.rsplit_once('/')?;
    (name.starts_with("index.") && has_ending(name, &["md"]) && folder != "content")
        .then_some(folder)
}

fn text_at<'t>(path: &'t str, config: &'t Config) -> Text<'t> {
    let mut folders: Vec<&str> = path.split('/').skip(1).collect();
    let name = folders.pop().unwrap_or(path);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let all = || {
        config
            .languages
            .iter()
            .chain(&config.unknown)
            .chain([&config.language])
    };
    let named = stem
        .rsplit_once('.')
        .filter(|(_, tag)| all().any(|known| known == tag));
    let (stem, language) = named.map_or((stem, None), |(stem, tag)| (stem, Some(tag)));
    let language = language.filter(|tag| *tag != config.language);
    Text {
        path,
        folders,
        stem,
        language,
    }
}

fn page(text: &Text, opened: Opened, is_resource: bool, config: &Config) -> Page {
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
    let (slug, path) = (fields.text(&["slug"]), fields.text(&["path"]));
    let aliases = fields.lists(&["aliases"]);
    let is_rendered = fields.flag(&["render"]).unwrap_or(true);
    if text.stem == "_index" {
        fields.take("redirect_to");
    }
    let habits = habits(&mut fields, config);
    let mut article = page::article(&mut fields, &habits, &mut notes);
    article.aliases = aliases
        .iter()
        .map(|alias| format!("/{}", alias.trim_start_matches('/')))
        .collect();
    article.body = body;
    article.draft |= is_doubtful;
    if article.date.is_none() {
        article.date = dated(text.name()).map(|(date, _)| date.to_owned());
    }
    of_extra(&fields, &mut article, &mut notes);
    page::keep_rest(fields, &mut article, &mut notes);
    let (role, target) = target(text);
    article.slug = page::slug(slug.clone(), &mut notes).filter(|_| role != Role::Front);
    let is_known = |tag: &&str| config.languages.iter().any(|known| known == tag);
    let mut page = Page {
        source: text.path.to_owned(),
        target,
        role,
        url: Some(url(text, slug.as_deref(), path.as_deref(), config)),
        language: text.language.filter(is_known).map(str::to_owned),
        term: None,
        params,
        article,
        body_line,
        is_raw,
        notes,
    };
    if is_resource {
        page.keep_back(
            "page resource",
            "a text beside the index of a page is no page of its own, so that it is a draft",
        );
    } else if !is_rendered {
        page.keep_back(
            "unpublished page",
            "it is not rendered, so that it is a draft",
        );
    }
    page.settle(text.name());
    page
}

/// Brings tags to where others have them, and says what they are called.
fn habits(fields: &mut Fields, config: &Config) -> Habits {
    if let Some(Value::Mapping(taxonomies)) = fields.take("taxonomies") {
        fields.0.extend(taxonomies);
    }
    let names = fields.0.keys().filter_map(|name| name.as_str());
    let is_taxonomy = |name: &&str| {
        config.taxonomies.iter().any(|known| known == name)
            || matches!(*name, "tags" | "categories")
    };
    let mut tags: Vec<String> = names
        .filter(is_taxonomy)
        .filter(|name| *name != "authors")
        .map(str::to_owned)
        .collect();
    tags.sort_by_key(|name| name != "tags");
    Habits {
        tags,
        spaced: &[],
        date: &["date"],
    }
}

/// The lead picture and the like are where Zola lets a site have keys of its own.
fn of_extra(fields: &Fields, article: &mut Article, notes: &mut Notes) {
    let Some(Value::Mapping(extra)) = fields.get("extra") else {
        return;
    };
    let nothing = Habits {
        tags: Vec::new(),
        spaced: &[],
        date: &[],
    };
    let of_extra = page::article(&mut Fields(extra.clone()), &nothing, notes);
    article.image = article.image.take().or(of_extra.image);
    article.toc = article.toc.or(of_extra.toc);
    article.math = article.math.or(of_extra.math);
    article.noindex |= of_extra.noindex;
    if article.authors.is_empty() {
        article.authors = of_extra.authors;
    }
}

fn target(text: &Text) -> (Role, String) {
    let language = text
        .language
        .map(|tag| format!(".{tag}"))
        .unwrap_or_default();
    let mut folders: Vec<String> = text.folders.iter().map(|&name| name.to_owned()).collect();
    if let Some(first) = folders.first_mut() {
        *first = others::section(first);
    }
    let in_folders = |name: &str| {
        let parts: Vec<&str> = folders.iter().map(String::as_str).chain([name]).collect();
        format!("content/{}{language}.md", parts.join("/"))
    };
    match (text.stem, folders.len()) {
        ("_index", 0 | 1) | ("index", 0) => (Role::Front, in_folders("_index")),
        ("_index" | "index", _) => (Role::Bundle, in_folders("index")),
        (stem, _) => (Role::Article, in_folders(stem)),
    }
}

/// Where a page was. Folders stand in addresses as they are called, only the last part is a slug.
fn url(text: &Text, slug: Option<&str>, path: Option<&str>, config: &Config) -> String {
    let closed = |path: String| {
        if path.ends_with('/') {
            path
        } else {
            format!("{path}/")
        }
    };
    if let Some(path) = path.filter(|_| text.stem != "_index") {
        return closed(format!("/{}", path.trim_start_matches('/')));
    }
    let prefix = text
        .language
        .map(|tag| format!("/{tag}"))
        .unwrap_or_default();
    let (folders, last) = match (text.stem, text.folders.split_last()) {
        ("_index", _) => (&text.folders[..], String::new()),
        ("index", None) => return format!("{prefix}/"),
        ("index", Some((name, folders))) => (folders, slugged(slug, name, config)),
        (stem, _) => (&text.folders[..], slugged(slug, stem, config)),
    };
    let mut url = prefix;
    for part in folders
        .iter()
        .copied()
        .chain([last.as_str()])
        .filter(|part| !part.is_empty())
    {
        url.push('/');
        url.push_str(part);
    }
    closed(url)
}

fn slugged(slug: Option<&str>, name: &str, config: &Config) -> String {
    config
        .paths
        .apply(slug.map_or_else(|| dated(name).map_or(name, |(_, rest)| rest), str::trim))
}

/// A date, or a whole moment, at the beginning of a name, and what follows it.
fn dated(name: &str) -> Option<(&str, &str)> {
    let is_day = name.len() > 10
        && name.is_char_boundary(10)
        && name.bytes().take(10).enumerate().all(|(at, byte)| {
            if matches!(at, 4 | 7) {
                byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        });
    if !is_day {
        return None;
    }
    let is_clock = |c: char| c.is_ascii_digit() || matches!(c, ':' | '.');
    let mut end = 10;
    if let Some(clock) = name[10..]
        .strip_prefix(['T', 't', ' '])
        .filter(|clock| clock.starts_with(|c: char| c.is_ascii_digit()))
    {
        let length = clock.find(|c| !is_clock(c)).unwrap_or(clock.len());
        let after = &clock[length..];
        let zone = match after.chars().next() {
            Some('Z' | 'z') => 1,
            Some('+' | '-')
                if after
                    .get(1..6)
                    .is_some_and(|zone| zone.contains(':') && zone.chars().all(is_clock)) =>
            {
                6
            }
            _ => 0,
        };
        if zone > 0 {
            end = 11 + length + zone;
        }
    }
    let rest = name[end..].trim_start();
    let rest = rest.strip_prefix(['-', '_']).unwrap_or(rest).trim_start();
    let is_apart = name[end..].starts_with(['-', '_', ' ']);
    (is_apart && !rest.is_empty()).then(|| (&name[..end], rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(path: &str, slug: Option<&str>) -> String {
        let config = Config {
            language: "en".to_owned(),
            languages: vec!["fr".to_owned()],
            ..Config::default()
        };
        url(&text_at(path, &config), slug, None, &config)
    }

    #[test]
    fn addresses_are_made_as_zola_makes_them() {
        for (path, url) in [
            ("content/_index.md", "/"),
            ("content/blog/_index.fr.md", "/fr/blog/"),
            (
                "content/blog/2019-07-04-Harbour Day.md",
                "/blog/harbour-day/",
            ),
            (
                "content/blog/2019-07-04T10:00:00Z-über.fr.md",
                "/fr/blog/uber/",
            ),
            ("content/blog/2019-07-04_quay/index.md", "/blog/quay/"),
            ("content/Deep Folder/a/b.md", "/Deep Folder/a/b/"),
        ] {
            assert_eq!(address(path, None), url, "{path}");
        }
        assert_eq!(address("content/a.md", Some("B c")), "/b-c/");
        assert_eq!(
            dated("2019-07-04T10:00:00+02:00-x"),
            Some(("2019-07-04T10:00:00+02:00", "x"))
        );
        assert_eq!(dated("2019-07-04"), None);
    }

    proptest::proptest! {
        #[test]
        fn no_name_makes_it_panic(name in "[0-9]{0,4}(-|T|:|Z|\\+|_| |[0-9]{2}|é){0,14}") {
            let _ = dated(&name);
        }
    }
}
