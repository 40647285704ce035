//! Sites of Hugo.
//!
//! In: the folder of a site. Out: its pages, files and settings as a site of ours. The order is that of all
//! imports: read, decide what each page is called, write.

mod config;
mod convert;
mod pages;
mod permalinks;
mod shortcodes;

use crate::diagnostics::{Diagnostic, Place};
use crate::import::generator::fields::list_of;
use crate::import::generator::others;
use crate::import::generator::site::{self, Site};
use crate::import::generator::tree::Tree;
use crate::import::{Destination, Outcome, Report};
use crate::model::has_ending;
use config::{Config, Menu};
use convert::Names;
use pages::MenuEntry;

/// Pictures that shortcodes and themes take from assets/.
const PICTURES: [&str; 7] = ["jpg", "jpeg", "png", "gif", "svg", "webp", "avif"];

/// Imports a site.
pub(super) fn import(
    tree: &Tree,
    destination: &Destination,
    report: &mut Report,
) -> Result<(), Diagnostic> {
    let config = config::read(tree, report);
    let mut made = Site {
        settings: config.settings(report),
        ..Site::default()
    };
    let entries = pages::read(&mut made, tree, &config, report);
    pages::redirects(&mut made, &config);
    made.settings.navigation = navigation(&config, &made, entries);
    for folder in folders(&config, "staticDir", "static") {
        others::statics(&mut made, tree, &folder);
    }
    assets(&mut made, tree, report);
    for folder in folders(&config, "dataDir", "data") {
        others::data(&mut made, tree, &folder, report);
    }
    let templates = "templates and shortcodes of a site are not converted";
    let kinds = [
        ("template", "layouts", templates),
        ("theme", "themes", "themes are not converted"),
        ("archetype", "archetypes", "`pressroom new` begins articles"),
        (
            "translated words",
            "i18n",
            "words of a theme are said in its theme.yaml",
        ),
    ];
    others::unconverted(tree, &kinds, report);
    let site = convert::Site {
        config: &config,
        tree,
        own: own_shortcodes(tree),
        names: names(&made, &config),
    };
    site::write(
        made,
        tree,
        &|page, index, conversion| convert::convert(&site, page, index, conversion),
        destination,
        report,
    )
}

/// Folders that settings may give another name, or several.
fn folders(config: &Config, key: &str, usual: &str) -> Vec<String> {
    let said = config.values.get(key).and_then(list_of);
    let said = said.unwrap_or_else(|| vec![usual.to_owned()]);
    said.into_iter()
        .map(|folder| folder.trim_matches('/').to_owned())
        .filter(|folder| !folder.is_empty())
        .collect()
}

fn navigation(
    config: &Config,
    made: &Site,
    entries: Vec<MenuEntry>,
) -> Vec<crate::import::generator::settings::Link> {
    let content = config.content();
    let page_at = |path: &str| {
        let path = path.trim_matches('/');
        let names = ["_index.md", "index.md"].map(|name| format!("{content}/{path}/{name}"));
        let page = made.pages.iter().find(|page| {
            page.source == format!("{content}/{path}.md") || names.contains(&page.source)
        });
        page.and_then(|page| page.url.clone()).unwrap_or_else(|| {
            if path.is_empty() {
                "/".to_owned()
            } else {
                format!("/{path}/")
            }
        })
    };
    let mut menu = Menu::of(config, &|path| Some(page_at(path)));
    for entry in entries {
        let page = made.pages.iter().find(|page| page.source == entry.source);
        if let Some(url) = page.and_then(|page| page.url.clone()) {
            menu.add(entry.weight, entry.title, url);
        }
    }
    let mut links = menu.links();
    links.retain(|link| !link.url.is_empty() && !link.title.is_empty());
    for link in &mut links {
        // A path without a slash in front begins at the root there too.
        if !link.url.starts_with(['/', '#']) && !link.url.contains(':') {
            link.url.insert(0, '/');
        }
    }
    links
}

/// Pictures of assets/, which front matter and shortcodes name; the rest needs Hugo.
fn assets(made: &mut Site, tree: &Tree, report: &mut Report) {
    let mut others = 0;
    let mut pictures = 0;
    for path in tree.below("assets") {
        let name = &path["assets/".len()..];
        if !has_ending(path, &PICTURES) {
            others += 1;
        } else if !tree.has(&format!("static/{name}")) {
            pictures += 1;
            made.copies
                .push((path.to_owned(), format!("static/{name}")));
        }
    }
    if pictures > 0 {
        let message = format!(
            "{} of assets/, published as it is",
            others::counted(pictures, "picture")
        );
        report.lost(
            Outcome::Approximated,
            "asset",
            Place::file("assets"),
            None,
            message,
        );
    }
    if others > 0 {
        let message = format!(
            "{} of assets/, left out: Hugo would make something else of it",
            others::counted(others, "file")
        );
        report.lost(
            Outcome::Dropped,
            "asset",
            Place::file("assets"),
            None,
            message,
        );
    }
}

/// Shortcodes that the site has templates for. Themes may have more, which nobody can tell.
fn own_shortcodes(tree: &Tree) -> Vec<String> {
    let folders = ["layouts/shortcodes", "layouts/_shortcodes"];
    let files = folders
        .iter()
        .flat_map(|folder| tree.below(folder).map(|path| &path[folder.len() + 1..]));
    files
        .filter_map(|name| name.split('.').next())
        .map(str::to_owned)
        .collect()
}

fn names(made: &Site, config: &Config) -> Names {
    let mut names = Names::default();
    let own = config
        .languages
        .iter()
        .filter_map(|language| language.folder.clone());
    let mut tops: Vec<String> = own.chain([config.content()]).collect();
    tops.sort_by_key(|top| std::cmp::Reverse(top.len()));
    for page in &made.pages {
        let inner = tops
            .iter()
            .find_map(|top| page.source.strip_prefix(top.as_str()));
        let inner = inner.unwrap_or(&page.source).trim_start_matches('/');
        let (stem, _) = inner.rsplit_once('.').unwrap_or((inner, ""));
        let is_tag = |tag: &str| {
            config
                .languages
                .iter()
                .any(|language| language.tag.eq_ignore_ascii_case(tag))
        };
        let stem = stem
            .rsplit_once('.')
            .filter(|(_, tag)| is_tag(tag))
            .map_or(stem, |(stem, _)| stem);
        names.add(stem, &page.source);
    }
    names
}
