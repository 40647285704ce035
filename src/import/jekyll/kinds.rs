//! What the files of a Jekyll site are, by their places.
//!
//! In: the path of a file. Out: what Jekyll takes it for, and where its text goes.

use super::config::Config;
use crate::import::generator::others;
use crate::import::generator::page::Role;

/// What a file is to Jekyll.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind<'t> {
    /// A post, with the folders above `_posts`, which are categories.
    Post(Vec<&'t str>),
    Draft(Vec<&'t str>),
    /// A text of a collection.
    Collected(&'t str),
    Page,
    /// It is for building the site.
    Inner,
}

/// What a file is to Jekyll.
pub(super) fn kind<'t>(path: &'t str, config: &Config, collections: &str) -> Kind<'t> {
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

/// What the settings call files of a kind.
pub(super) fn type_of<'k>(kind: &Kind<'k>) -> &'k str {
    match kind {
        Kind::Post(_) => "posts",
        Kind::Draft(_) => "drafts",
        Kind::Collected(name) => name,
        Kind::Page | Kind::Inner => "pages",
    }
}

/// The name of a file without its ending.
pub(super) fn stem(path: &str) -> &str {
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

/// Folders of a page, or below the folder of its collection.
pub(super) fn folder(path: &str, kind: &Kind, collections: &str) -> String {
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
pub(super) fn target(path: &str, kind: &Kind, collections: &str) -> (Role, String) {
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
