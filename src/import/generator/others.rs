//! Files of an archive that are no pages: those that are published as they are, and data.

use super::site::Site;
use super::tree::Tree;
use crate::diagnostics::Place;
use crate::import::{Outcome, Report};
use crate::model::slugify;
use crate::yaml::{self, Source, Value};

/// Folders directly below content/ whose name would be that of a page which Pressroom makes.
const RESERVED: [&str; 6] = ["tags", "authors", "archive", "related", "search", "assets"];

/// Files of data/ that Pressroom reads itself, and expects to say something else.
const OWN_DATA: [&str; 3] = ["authors", "tags", "redirects"];

/// A folder directly below content/ for one of the archive's.
pub(in crate::import) fn section(name: &str) -> String {
    let slug = slugify(name);
    if RESERVED.contains(&slug.as_str()) || name.starts_with('.') {
        return format!("{}-pages", name.trim_start_matches('.'));
    }
    name.to_owned()
}

/// Copies a folder to static/, so that addresses stay.
pub(in crate::import) fn statics(site: &mut Site, tree: &Tree, folder: &str) {
    for path in tree.below(folder) {
        let name = &path[folder.len() + 1..];
        site.copies
            .push((path.to_owned(), format!("static/{name}")));
    }
}

/// Copies a folder to data/, as far as Pressroom can read what is in it.
pub(in crate::import) fn data(site: &mut Site, tree: &Tree, folder: &str, report: &mut Report) {
    for path in tree.below(folder) {
        let name = &path[folder.len() + 1..];
        if let Some(why) = unreadable(tree, path) {
            let message = format!("{why}; it is left out");
            report.lost(
                Outcome::Dropped,
                "data file",
                Place::file(path),
                None,
                message,
            );
            continue;
        }
        let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
        let is_own = matches!(ending, "yaml" | "yml")
            && OWN_DATA.contains(&stem.split('.').next().unwrap_or(stem));
        let target = if is_own {
            format!("data/{stem}-of-archive.{ending}")
        } else {
            format!("data/{name}")
        };
        if is_own {
            let message = format!(
                "Pressroom reads data/{name} itself and expects other keys there, so that it is called {target}"
            );
            report.lost(
                Outcome::Approximated,
                "data file",
                Place::file(path),
                Some(&target),
                message,
            );
        }
        site.copies.push((path.to_owned(), target));
    }
}

/// Why Pressroom cannot read a file of data.
fn unreadable(tree: &Tree, path: &str) -> Option<String> {
    let ending = path.rsplit('.').next().unwrap_or("");
    if !matches!(ending, "yaml" | "yml" | "json" | "toml" | "csv") {
        return Some("templates read .yaml, .json, .toml and .csv files only".to_owned());
    }
    let found = match tree.text(path) {
        Ok(found) if found.is_guess => return Some("it is not UTF-8".to_owned()),
        Ok(found) => found.text,
        Err(why) => return Some(why),
    };
    match ending {
        "json" => serde_json::from_str::<Value>(&found)
            .err()
            .map(|_| "it is no JSON".to_owned()),
        "toml" => found
            .parse::<toml::Table>()
            .err()
            .map(|_| "it is no TOML".to_owned()),
        "csv" => {
            let mut records = csv::Reader::from_reader(found.as_bytes());
            let is_read = records.records().all(|record| record.is_ok());
            (!is_read).then(|| "its lines have different numbers of columns".to_owned())
        }
        _ => yaml::value(Source::settings(path, &found))
            .err()
            .map(|error| error.message),
    }
}

/// Tells of files that are not converted, kind by kind, each with how many there are.
pub(in crate::import) fn unconverted(
    tree: &Tree,
    folders: &[(&'static str, &str, &str)],
    report: &mut Report,
) {
    for (kind, folder, why) in folders {
        let count = tree.below(folder).count();
        if count > 0 {
            let message = format!("{} of {folder}/: {why}", counted(count, "file"));
            report.lost(Outcome::Dropped, kind, Place::file(*folder), None, message);
        }
    }
}

/// A number of things.
pub(in crate::import) fn counted(count: usize, thing: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {thing}{plural}")
}
