//! Where a Hugo site published a page.

use jiff::tz::TimeZone;

use crate::model::{Moment, WrittenDate};

/// What an address is made of.
#[derive(Debug, Clone, Copy)]
pub(super) struct Parts<'a> {
    /// Folders that the page lies in, from the top of the texts.
    pub folders: &'a [&'a str],
    /// Name of its file without ending and language, or of its folder.
    pub name: &'a str,
    pub slug: Option<&'a str>,
    pub title: &'a str,
    pub date: Option<Moment>,
}

/// Letters in a path as Hugo has them: small ones, hyphens for spaces, and nothing that is neither letter,
/// digit nor one of a few signs.
pub(super) fn sanitized(text: &str) -> String {
    let mut path = String::with_capacity(text.len());
    let mut gap = false;
    for c in text.chars().flat_map(char::to_lowercase) {
        let is_mark = unicode_normalization::char::is_combining_mark(c);
        if c.is_alphanumeric()
            || is_mark
            || matches!(c, '.' | '/' | '_' | '#' | '+' | '~' | '-' | '@' | '%')
        {
            if gap && c != '-' && !path.ends_with('-') {
                path.push('-');
            }
            gap = false;
            path.push(c);
        } else if c.is_whitespace() && !path.is_empty() {
            gap = true;
        }
    }
    path
}

/// The usual address: folders and name. With `ugly` it is a file.
pub(super) fn usual(parts: Parts, ugly: bool) -> String {
    let mut path = String::new();
    for folder in parts.folders {
        path.push('/');
        path.push_str(&sanitized(folder));
    }
    path.push('/');
    path.push_str(&sanitized(parts.slug.unwrap_or(parts.name)));
    path.push_str(if ugly { ".html" } else { "/" });
    path
}

/// The address that a pattern gives, or the part of it that means nothing here.
pub(super) fn filled(pattern: &str, parts: Parts, ugly: bool) -> Result<String, String> {
    let mut path = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(':') {
        path.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let mut end = rest
            .find(|c: char| !c.is_ascii_alphabetic())
            .unwrap_or(rest.len());
        if rest[end..].starts_with('[') {
            end += rest[end..].find(']').map_or(0, |close| close + 1);
        }
        let (name, left) = rest.split_at(end);
        path.push_str(&part(name, parts).ok_or_else(|| format!(":{name}"))?);
        rest = left;
    }
    path.push_str(rest);
    while path.contains("//") {
        path = path.replace("//", "/");
    }
    let path = format!("/{}", path.trim_start_matches('/'));
    let last = path.rsplit('/').next().unwrap_or("");
    if last.is_empty() || last.contains('.') {
        return Ok(
            match path
                .strip_suffix('/')
                .filter(|path| ugly && !path.is_empty())
            {
                Some(path) => format!("{path}.html"),
                None => path,
            },
        );
    }
    Ok(format!("{path}{}", if ugly { ".html" } else { "/" }))
}

fn part(name: &str, parts: Parts) -> Option<String> {
    let slug = || parts.slug.map(sanitized);
    let date = |format: &str| parts.date.and_then(|date| date.format(format).ok());
    let joined = |folders: &[&str]| {
        let folders: Vec<String> = folders.iter().map(|folder| sanitized(folder)).collect();
        Some(folders.join("/"))
    };
    match name {
        "year" => date("%Y"),
        "month" => date("%m"),
        "day" => date("%d"),
        "monthname" => date("%B").map(|name| name.to_lowercase()),
        "weekday" => date("%w"),
        "weekdayname" => date("%A").map(|name| name.to_lowercase()),
        "yearday" => date("%-j"),
        "section" => joined(&parts.folders[..parts.folders.len().min(1)]),
        "sections" => joined(parts.folders),
        "title" => Some(sanitized(parts.title)),
        "slug" => slug().or_else(|| Some(sanitized(parts.title))),
        "filename" | "contentbasename" => Some(sanitized(parts.name)),
        "slugorfilename" | "slugorcontentbasename" => {
            slug().or_else(|| Some(sanitized(parts.name)))
        }
        name => {
            let range = name.strip_prefix("sections[")?.strip_suffix(']')?;
            joined(slice(parts.folders, range)?)
        }
    }
}

/// Some of the folders: `1`, `1:`, `:2`, `1:2` or `last`.
fn slice<'f>(folders: &'f [&'f str], range: &str) -> Option<&'f [&'f str]> {
    let count = folders.len();
    let number = |text: &str, missing: usize| match text {
        "" => Some(missing),
        "last" => Some(count.saturating_sub(1)),
        text => text.parse::<usize>().ok().map(|number| number.min(count)),
    };
    let (from, to) = match range.split_once(':') {
        Some((from, to)) => (number(from, 0)?, number(to, count)?),
        None => (
            number(range, 0)?,
            number(range, 0)?.saturating_add(1).min(count),
        ),
    };
    folders.get(from..to.max(from))
}

/// A date of front matter on its own clock.
pub(super) fn moment(date: Option<&str>, zone: &TimeZone) -> Option<Moment> {
    let date: WrittenDate = date?.parse().ok()?;
    Some(date.resolve(zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts<'a>(folders: &'a [&'a str], slug: Option<&'a str>) -> Parts<'a> {
        Parts {
            folders,
            name: "2019-07-04-Harbour Day",
            slug,
            title: "Harbour — a day!",
            date: moment(Some("2019-07-04T23:30:00-04:00"), &TimeZone::UTC),
        }
    }

    #[test]
    fn addresses_are_made_as_hugo_makes_them() {
        let deep = ["Posts", "the town"];
        assert_eq!(
            usual(parts(&deep, None), false),
            "/posts/the-town/2019-07-04-harbour-day/"
        );
        assert_eq!(
            usual(parts(&["Posts"], Some("A B")), true),
            "/posts/a-b.html"
        );
        for (pattern, url) in [
            ("/:year/:month/:day/:slug/", "/2019/07/04/harbour-a-day/"),
            (
                "/:section/:sections[1:]/:slugorfilename",
                "/posts/the-town/2019-07-04-harbour-day/",
            ),
            (
                "/:sections[last]/:title.html",
                "/the-town/harbour-a-day.html",
            ),
            (
                "/:monthname/:yearday/:contentbasename/",
                "/july/185/2019-07-04-harbour-day/",
            ),
        ] {
            assert_eq!(
                filled(pattern, parts(&deep, None), false).as_deref(),
                Ok(url),
                "{pattern}"
            );
        }
        assert_eq!(
            filled("/:nothing/", parts(&deep, None), false),
            Err(":nothing".to_owned())
        );
    }

    proptest::proptest! {
        #[test]
        fn no_pattern_makes_it_panic(pattern in "(:|/|\\[|\\]|sections|last|year|[0-9]|é){0,12}") {
            let _ = filled(&pattern, parts(&["a", "b"], None), true);
        }
    }
}
