//! Sites of Hugo.
//!
//! In: the folder of a site. Out: its pages, files and settings as a site of ours. The order is that of all
//! imports: read, decide what each page is called, write.

mod cascade;
mod config;
mod convert;
mod highlight;
mod html;
mod ignored;
mod menus;
mod names;
mod pages;
mod permalinks;
mod redirects;
mod shortcodes;

use crate::diagnostics::{Diagnostic, Place};
use crate::import::generator::fields::list_of;
use crate::import::generator::others;
use crate::import::generator::settings::Link;
use crate::import::generator::site::{self, Site};
use crate::import::generator::tree::Tree;
use crate::import::{Destination, Outcome, Report};
use crate::model::has_ending;
use config::Config;
use menus::Menu;
use names::Names;
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
    let tree = &ignored::without(tree, &config, report);
    let mut made = Site {
        settings: config.settings(report),
        file: config.file.clone(),
        ..Site::default()
    };
    let entries = pages::read(&mut made, tree, &config, report);
    redirects::find(&mut made, &config);
    made.settings.navigation = navigation(&config, &made, entries, report);
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
        names: Names::of(&made.pages, &config),
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
    report: &mut Report,
) -> Vec<Link> {
    let content = config.content();
    let address_of = |path: &str| {
        let path = path.trim_matches('/');
        let file = format!("{content}/{path}").trim_end_matches('/').to_owned();
        let names = ["/_index.md", "/index.md", ".md"].map(|name| format!("{file}{name}"));
        let published = made.pages.iter().filter(|page| !page.article.draft);
        let page = published.clone().find(|page| names.contains(&page.source));
        let is_listing = || {
            path.is_empty()
                || config.taxonomies.iter().any(|name| name == path)
                || published
                    .clone()
                    .any(|page| page.source.starts_with(&format!("{file}/")))
        };
        page.and_then(|page| page.url.clone())
            .or_else(|| is_listing().then(|| format!("/{path}/").replace("//", "/")))
    };
    let mut menu = Menu::of(config, &address_of);
    for entry in entries {
        let page = made.pages.iter().find(|page| page.source == entry.source);
        if let Some(url) = page.and_then(|page| page.url.clone()) {
            menu.add(entry.weight, entry.title, url);
        }
    }
    for message in std::mem::take(&mut menu.lost) {
        report.lost(
            Outcome::Dropped,
            "menu",
            Place::file(&config.file),
            None,
            message,
        );
    }
    menu.links()
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
