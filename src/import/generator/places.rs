//! Where Pressroom publishes a file, if nobody says otherwise.
//!
//! In: the file of an article and what it says. Out: its URL by a pattern, so that an import can see
//! for which articles the pattern of a section gives the old address, and which have to say it.

use jiff::tz::TimeZone;

use super::page::{Page, Role};
use crate::model::{Permalink, PermalinkParts, Slug, WrittenDate, slugify};

/// Patterns that archives have, in the order in which they are preferred: an undated article leaves the
/// parts of a date out, so that those with one come last.
const PATTERNS: [&str; 15] = [
    USUAL,
    "/{section}/{path}/",
    "/{slug}/",
    "/{path}/",
    "/{section}/{slug}.html",
    "/{section}/{path}.html",
    "/{slug}.html",
    "/{path}.html",
    "/{year}/{month}/{slug}/",
    "/{year}/{month}/{day}/{slug}/",
    "/{year}/{month}/{day}/{slug}.html",
    "/{section}/{year}/{month}/{slug}/",
    "/{section}/{year}/{month}/{day}/{slug}/",
    "/{section}/{year}/{month}/{day}/{slug}.html",
    "/{section}/{year}/{slug}/",
];

/// What articles have where nothing else is said.
pub(in crate::import) const USUAL: &str = "/{section}/{slug}/";

/// Pages whose address is looked at for a pattern that is none of these.
const LOOKED_AT: usize = 3;

/// The folder directly below content/ that a file lies in, or nothing.
pub(in crate::import) fn section(page: &Page) -> &str {
    let path = page.target.strip_prefix("content/").unwrap_or(&page.target);
    let (section, rest) = path.split_once('/').unwrap_or(("", path));
    // A bundle at the top is an article there.
    if page.role == Role::Bundle && !rest.contains('/') {
        ""
    } else {
        section
    }
}

/// The pattern that gives most of the pages of a section their old address. The usual one wins ties.
pub(in crate::import) fn pattern(pages: &[&Page], zone: &TimeZone) -> String {
    let addresses: Vec<&Page> = pages
        .iter()
        .copied()
        .filter(|page| page.url.is_some())
        .collect();
    let fits = |pattern: &str| {
        let parsed = parsed(pattern);
        addresses
            .iter()
            .filter(|page| page.url == usual(page, &parsed, zone))
            .count()
    };
    let of_pages = addresses
        .iter()
        .take(LOOKED_AT)
        .filter_map(|page| like(page, zone));
    let patterns = PATTERNS
        .iter()
        .map(|&pattern| pattern.to_owned())
        .chain(of_pages);
    let mut best = (USUAL.to_owned(), fits(USUAL));
    for pattern in patterns.skip(1) {
        if best.1 == addresses.len() {
            break;
        }
        let count = fits(&pattern);
        if count > best.1 {
            best = (pattern, count);
        }
    }
    best.0
}

/// A pattern that gives a page its address, with what the address has in common with others as it is.
fn like(page: &Page, zone: &TimeZone) -> Option<String> {
    let url = page.url.as_deref()?;
    let prefix = page
        .language
        .as_ref()
        .map(|language| format!("/{language}"))
        .unwrap_or_default();
    let url = url
        .strip_prefix(&prefix)
        .filter(|url| !url.contains(['{', '}', '%', ' ']))?;
    let name = |pattern| {
        usual(page, &parsed(pattern), zone)
            .map(|url| url[prefix.len()..].trim_matches('/').to_owned())
    };
    let (slug, date) = (name("/{slug}/")?, name("/{year}/{month}/{day}/{slug}/")?);
    let mut parts: Vec<(&str, &str)> = vec![(slug.as_str(), "{slug}")];
    let date: Vec<&str> = date.split('/').collect();
    if let [year, month, day, _] = date[..] {
        parts.extend([(year, "{year}"), (month, "{month}"), (day, "{day}")]);
    }
    let part_of = |part: &str| {
        let (stem, ending) = part
            .strip_suffix(".html")
            .map_or((part, ""), |stem| (stem, ".html"));
        let known = parts.iter().find(|(text, _)| *text == stem);
        known.map_or_else(|| part.to_owned(), |(_, name)| format!("{name}{ending}"))
    };
    let pattern: Vec<String> = url.split('/').map(part_of).collect();
    let pattern = pattern.join("/");
    pattern.parse::<Permalink>().is_ok().then_some(pattern)
}

/// A pattern that is known to be one.
pub(in crate::import) fn parsed(pattern: &str) -> Permalink {
    pattern.parse().unwrap_or_else(|_| Permalink::usual())
}

/// The URL of a page by a pattern; `None` for a front of a deeper folder, which has none.
pub(in crate::import) fn usual(
    page: &Page,
    pattern: &Permalink,
    zone: &TimeZone,
) -> Option<String> {
    let path = page.target.strip_prefix("content/")?;
    let mut folders: Vec<&str> = path.split('/').collect();
    let name = folders.pop()?;
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let prefix = page
        .language
        .as_ref()
        .map(|language| format!("/{language}"))
        .unwrap_or_default();
    let suffix = page
        .language
        .as_ref()
        .map(|language| format!(".{language}"))
        .unwrap_or_default();
    let mut stem = stem.strip_suffix(&suffix).unwrap_or(stem);
    match page.role {
        Role::Front => {
            let section = folders
                .first()
                .map(|section| format!("/{}", slugify(section)))
                .unwrap_or_default();
            return Some(format!("{prefix}{section}/"));
        }
        Role::Bundle => stem = folders.pop()?,
        Role::Article => {}
    }
    let (named_date, stem) = dated(stem);
    let slug = page
        .article
        .slug
        .as_ref()
        .and_then(|slug| slug.parse::<Slug>().ok());
    let slug = slug.unwrap_or_else(|| slugify(stem));
    let section = folders
        .first()
        .map_or_else(String::new, |section| slugify(section).to_string());
    let below = folders
        .iter()
        .skip(1)
        .map(|folder| slugify(folder).to_string());
    let below: Vec<String> = below.chain([slug.to_string()]).collect();
    let written = page
        .article
        .date
        .as_ref()
        .and_then(|date| date.parse::<WrittenDate>().ok());
    let moment = written.or(named_date).map(|date| date.resolve(zone));
    let url = pattern.fill(PermalinkParts {
        section: &section,
        slug: slug.as_str(),
        path: &below.join("/"),
        date: moment.map(|at| (at.year(), at.month(), at.day())),
    });
    Some(format!("{prefix}{url}"))
}

/// A date at the beginning of a name, and the rest, as Pressroom tells them apart.
pub(in crate::import) fn dated(stem: &str) -> (Option<WrittenDate>, &str) {
    let is_date = stem.len() > 11
        && stem.is_char_boundary(11)
        && stem
            .bytes()
            .take(11)
            .enumerate()
            .all(|(at, byte)| match at {
                4 | 7 => byte == b'-',
                10 => matches!(byte, b'-' | b'_'),
                _ => byte.is_ascii_digit(),
            });
    match stem
        .get(..10)
        .filter(|_| is_date)
        .and_then(|date| date.parse().ok())
    {
        Some(date) => (Some(date), &stem[11..]),
        None => (None, stem),
    }
}
