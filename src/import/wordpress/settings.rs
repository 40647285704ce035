//! What a site has besides its articles: pressroom.yaml, the fronts of its sections, data/.
//!
//! In: the [`Archive`]. Out: paths and texts of files, and what of its menus did not come over.

use std::collections::BTreeMap;

use serde::Serialize;

use super::address::{Named, literal};
use super::archive::{Archive, author_nicename, tag_listing, tag_slug, written_tag};
use super::item::Category;
use super::seen::MenuEntry;
use crate::import::Article;
use crate::import::html::plain_text;
use crate::model::UrlPath;
use crate::yaml;

/// Most entries of the navigation: more do not fit into a line.
const MOST_ENTRIES: usize = 12;

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct NavigationEntry {
    title: String,
    url: String,
}

#[derive(Serialize)]
struct AuthorInfo {
    name: String,
}

#[derive(Default, Serialize)]
struct TagInfo {
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
}

/// What is said of a menu: the number of the export, the line, and a message.
pub(super) type Told = (u32, u32, String);

/// The files of a site that are no articles, and messages about menus.
pub(super) fn files(archive: &Archive) -> (Vec<(String, String)>, Vec<Told>) {
    let (navigation, told) = navigation(archive);
    let mut files = vec![(
        "pressroom.yaml".to_owned(),
        configuration(archive, &navigation),
    )];
    files.extend(fronts(archive));
    let data = [
        ("data/authors.yaml", authors(archive)),
        ("data/tags.yaml", tags(archive)),
    ];
    let data = data
        .into_iter()
        .filter_map(|(path, text)| Some((path.to_owned(), text?)));
    files.extend(data);
    (files, told)
}

fn configuration(archive: &Archive, navigation: &[NavigationEntry]) -> String {
    let channel = &archive.channel;
    let mut out = String::from(
        "# Made from an export of WordPress. Every key is optional; the manual lists them all.\n",
    );
    let mut add = |key: &str, value: &str| {
        if !value.is_empty() {
            out.push_str(&yaml::to_text(&BTreeMap::from([(key, value)])));
        }
    };
    add("title", &plain_text(&channel.title));
    add("base_url", &archive.base.url());
    add("description", &plain_text(&channel.description));
    let part = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    let language = channel.language.replace('_', "-");
    let is_tag = language.split('-').all(part)
        && (2..=3).contains(&language.split('-').next().unwrap_or("").len());
    add("language", if is_tag { &language } else { "" });
    match archive.zone() {
        Some(zone) => add("timezone", &zone),
        None => out.push_str("# Dates have the offsets that they had; for those without one, name the zone:\n# timezone: Europe/London\n"),
    }
    out.push_str("comments: closed\n");
    out.push_str(
        "# Old archives have links that lead nowhere. When `pressroom check` names none any more, take out\n\
         # the next line, and each new one is an error.\nlinks: warn\n",
    );
    if !navigation.is_empty() {
        out.push_str(&yaml::to_text(&BTreeMap::from([(
            "navigation",
            navigation,
        )])));
    }
    out
}

fn fronts(archive: &Archive) -> Vec<(String, String)> {
    let sections = archive.sections.iter();
    let fronts = sections.map(|section| {
        let name = section.nicename();
        let description = archive
            .category(name)
            .map(|category| category.description.as_str());
        let mut front = Article {
            title: section.title.clone(),
            summary: plain_text(description.unwrap_or_default()),
            ..Article::default()
        };
        if section.is_category {
            let alias = path(&archive.category_path(name));
            let alias = alias.filter(|alias| !archive.is_taken(alias));
            front.aliases.extend(alias.map(|alias| literal(&alias)));
        }
        (
            format!("content/{}/_index.md", section.folder),
            front.to_text(),
        )
    });
    fronts.collect()
}

/// A path that was made of names of the database, if it is one that a page can have.
fn path(written: &str) -> Option<String> {
    let path: UrlPath = written.parse().ok()?;
    Some(path.as_str().to_owned())
}

fn authors(archive: &Archive) -> Option<String> {
    let authors: BTreeMap<String, AuthorInfo> = archive
        .authors
        .keys()
        .map(|login| {
            let name = archive.author_name(login);
            (archive.author_key(login), AuthorInfo { name })
        })
        .collect();
    (!authors.is_empty()).then(|| yaml::to_text(&authors))
}

fn tags(archive: &Archive) -> Option<String> {
    let mut said: BTreeMap<String, TagInfo> = BTreeMap::new();
    let descriptions = |terms: &[Category]| -> BTreeMap<String, String> {
        let terms = terms.iter();
        let terms = terms.map(|term| (term.nicename.clone(), plain_text(&term.description)));
        terms.collect()
    };
    let of_categories = descriptions(&archive.channel.categories);
    let of_tags = descriptions(&archive.channel.tags);
    let categories = archive.categories.iter().map(|term| (term, &of_categories));
    let tags = archive.tags.iter().map(|term| (term, &of_tags));
    for ((nicename, tag), descriptions) in categories.chain(tags) {
        let name = &tag.name;
        let written = written_tag(nicename, name);
        let description = descriptions.get(nicename).cloned();
        let description = description.filter(|text| !text.is_empty());
        let label = (written != *name).then(|| name.clone());
        if label.is_some() || description.is_some() {
            said.entry(tag_slug(&written))
                .or_insert(TagInfo { label, description });
        }
    }
    (!said.is_empty()).then(|| yaml::to_text(&said))
}

/// The feeds of the whole site, and of its comments.
const FEEDS: [&str; 7] = [
    "/feed/",
    "/feed/atom/",
    "/feed/rss/",
    "/feed/rss2/",
    "/feed/rdf/",
    "/rss/",
    "/comments/feed/",
];

/// Where pages of the old site are now that are no articles: listings, feeds, and the pages that pictures
/// had, which come as paths and where each leads.
pub(super) fn redirects(archive: &Archive, pictures: &BTreeMap<String, String>) -> Option<String> {
    let mut redirects: BTreeMap<String, String> = BTreeMap::new();
    let mut add = |from: &str, to: String| {
        let from = path(from).filter(|from| *from != to && !archive.is_taken(from));
        if let Some(from) = from {
            redirects.entry(literal(&from)).or_insert(to);
        }
    };
    for from in FEEDS {
        add(from, "/atom.xml".to_owned());
    }
    // Their fronts have aliases.
    let sections = archive.sections.iter();
    for section in sections.filter(|section| section.is_category && section.is_listed) {
        let from = archive.category_path(section.nicename());
        add(
            &format!("{from}feed/"),
            format!("{}atom.xml", section.listing()),
        );
    }
    let mut listings = Vec::new();
    for (nicename, tag) in archive.tags.iter().filter(|(_, tag)| tag.is_listed) {
        listings.push((archive.tag_path(nicename), tag_listing(nicename, &tag.name)));
    }
    for (nicename, tag) in archive.categories.iter().filter(|(_, tag)| tag.is_listed) {
        if !archive.is_section(nicename) && nicename != "uncategorized" {
            let from = archive.category_path(nicename);
            listings.push((from, tag_listing(nicename, &tag.name)));
        }
    }
    // A login that is an address of somebody was no part of a path as it is.
    let authors = archive.authors.iter();
    for (login, _) in authors.filter(|(login, is_listed)| **is_listed && !login.contains('@')) {
        let from = format!("/author/{}/", author_nicename(login));
        listings.push((from, archive.author_listing(login)));
    }
    for (from, to) in listings {
        add(&format!("{from}feed/"), format!("{to}atom.xml"));
        add(&from, to);
    }
    for (year, month) in &archive.months {
        add(&format!("/{year:04}/"), format!("/archive/{year:04}/"));
        let month = format!("{year:04}/{month:02}/");
        add(&format!("/{month}"), format!("/archive/{month}"));
    }
    for (page, to) in pictures {
        add(page, literal(to));
    }
    (!redirects.is_empty()).then(|| yaml::to_text(&redirects))
}

/// The entries of the site's main menu, and what did not come over.
fn navigation(archive: &Archive) -> (Vec<NavigationEntry>, Vec<Told>) {
    let mut told: Vec<Told> = Vec::new();
    let mut entries = Vec::new();
    let Some(main) = main_menu(&archive.menu_entries) else {
        entries.extend(
            archive
                .navigations
                .iter()
                .find_map(|content| of_blocks(content, archive))
                .unwrap_or_default(),
        );
        entries.truncate(MOST_ENTRIES);
        return (entries, told);
    };
    let mut others: Vec<&MenuEntry> = Vec::new();
    let mut sorted: Vec<&MenuEntry> = archive.menu_entries.iter().collect();
    sorted.sort_by_key(|entry| entry.order);
    for entry in sorted {
        if entry.menu != main {
            if !others.iter().any(|other| other.menu == entry.menu) {
                others.push(entry);
            }
            continue;
        }
        let title = title(entry, archive);
        let mut tell = |message| told.push((entry.export, entry.line, message));
        if entry.is_below {
            tell(format!(
                "`{title}` lies below another entry of the menu `{main}`; navigation has one level"
            ));
        } else if entries.len() == MOST_ENTRIES {
            tell(format!(
                "`{title}` of the menu `{main}` is one entry too many for a line"
            ));
        } else {
            match target(entry, archive).filter(|_| !title.is_empty()) {
                Some(url) => entries.push(NavigationEntry { title, url }),
                None => tell(format!(
                    "`{title}` of the menu `{main}` leads to nothing of this export"
                )),
            }
        }
    }
    told.extend(others.iter().map(|other| {
        let message = format!("the menu `{}`, beside `{main}`", other.menu);
        (other.export, other.line, message)
    }));
    (entries, told)
}

/// What an entry is called: what it is about, if it has no label of its own.
fn title(entry: &MenuEntry, archive: &Archive) -> String {
    if !entry.title.is_empty() {
        return entry.title.clone();
    }
    if entry.kind == "taxonomy" {
        plain_text(archive.name_of(entry.object_id))
    } else {
        archive.title_of(entry.object_id).to_owned()
    }
}

/// The menu that stood at the top, going by its name; else the first.
fn main_menu(entries: &[MenuEntry]) -> Option<&str> {
    let words = ["main", "primary", "header", "top", "haupt", "principal"];
    let is_main = |menu: &str| words.iter().any(|word| menu.contains(word));
    let menus = entries.iter().map(|entry| entry.menu.as_str());
    menus
        .clone()
        .find(|menu| is_main(menu))
        .or_else(|| menus.clone().next())
}

fn target(entry: &MenuEntry, archive: &Archive) -> Option<String> {
    match entry.kind.as_str() {
        "post_type" => archive.url_of(entry.object_id).map(|url| literal(&url)),
        "taxonomy" => archive.listing_of(entry.object_id),
        _ => address(&entry.url, archive),
    }
}

/// A path of this site, or a whole address.
fn address(url: &str, archive: &Archive) -> Option<String> {
    match archive.base.named(url) {
        Named::Path(path, fragment) => {
            let path = archive
                .listing(&path)
                .unwrap_or_else(|| literal(path.as_str()));
            Some(format!("{path}{fragment}"))
        }
        Named::Number(id) => archive.url_of(id).map(|url| literal(&url)),
        Named::Category(id) => archive.listing_of(id),
        Named::Elsewhere if url.starts_with("http") => Some(url.to_owned()),
        Named::Elsewhere | Named::Here | Named::Question => None,
    }
}

/// The entries of a menu of blocks.
fn of_blocks(content: &str, archive: &Archive) -> Option<Vec<NavigationEntry>> {
    let mut entries = Vec::new();
    for part in content.split("<!-- wp:").skip(1) {
        let part = part.split("-->").next().unwrap_or_default().trim();
        let name = part.split_whitespace().next().unwrap_or_default();
        if name == "page-list" {
            let pages = archive.top_pages();
            entries.extend(
                pages
                    .into_iter()
                    .filter(|(_, url)| *url != "/")
                    .map(|(title, url)| NavigationEntry {
                        title: title.to_owned(),
                        url: literal(url),
                    }),
            );
        } else if name == "navigation-link" {
            let attributes = part[name.len()..].trim().trim_end_matches('/').trim();
            let attributes: serde_json::Value =
                serde_json::from_str(attributes).unwrap_or_default();
            let text = |key: &str| {
                attributes[key]
                    .as_str()
                    .map(plain_text)
                    .filter(|text| !text.is_empty())
            };
            if let (Some(title), Some(url)) = (
                text("label"),
                text("url").and_then(|url| address(&url, archive)),
            ) {
                entries.push(NavigationEntry { title, url });
            }
        }
    }
    (!entries.is_empty()).then_some(entries)
}
