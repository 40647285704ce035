//! Where a Jekyll site published a page.

use jiff::tz::TimeZone;

use crate::model::{Moment, WrittenDate};

/// What the addresses of a site are made of, unless a page says otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Style(String);

impl Style {
    /// A style by its name, or a pattern.
    pub fn of(said: Option<&str>) -> Self {
        Self(said.unwrap_or("date").to_owned())
    }

    /// The pattern of posts.
    pub fn posts(&self) -> &str {
        match self.0.as_str() {
            "date" => "/:categories/:year/:month/:day/:title:output_ext",
            "pretty" => "/:categories/:year/:month/:day/:title/",
            "ordinal" => "/:categories/:year/:y_day/:title:output_ext",
            "weekdate" => "/:categories/:year/W:week/:short_day/:title:output_ext",
            "none" => "/:categories/:title:output_ext",
            pattern => pattern,
        }
    }

    /// What stands behind the name of a page or of a text of a collection.
    pub fn ending(&self) -> &'static str {
        match self.0.as_str() {
            "pretty" => "/",
            "date" | "ordinal" | "weekdate" | "none" => ":output_ext",
            pattern if pattern.ends_with('/') => "/",
            pattern if pattern.ends_with(":output_ext") => ":output_ext",
            _ => "",
        }
    }
}

/// What an address is made of.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Parts<'a> {
    /// Folders of the page, or those below the collection, joined by slashes.
    pub folder: &'a str,
    /// Name of the file without ending, and without a date in posts.
    pub name: &'a str,
    pub slug: Option<&'a str>,
    pub categories: &'a [String],
    pub collection: &'a str,
    pub date: Option<Moment>,
}

/// The address that a pattern gives, or the part of it that means nothing.
pub(super) fn filled(pattern: &str, parts: Parts) -> Result<String, String> {
    let mut path = String::from("/");
    let mut rest = pattern;
    while let Some(at) = rest.find(':') {
        path.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        // The longest name that fits, since `:title` may be followed by letters.
        let name = NAMES
            .iter()
            .filter(|name| rest.starts_with(**name))
            .max_by_key(|name| name.len());
        let Some(name) = name else {
            let end = rest
                .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
                .unwrap_or(rest.len());
            return Err(format!(":{}", &rest[..end]));
        };
        path.push_str(&part(name, parts).ok_or_else(|| format!(":{name}"))?);
        rest = &rest[name.len()..];
    }
    path.push_str(rest);
    while path.contains("//") {
        path = path.replace("//", "/");
    }
    Ok(path)
}

const NAMES: [&str; 27] = [
    "year",
    "short_year",
    "month",
    "i_month",
    "short_month",
    "long_month",
    "day",
    "i_day",
    "y_day",
    "w_year",
    "week",
    "w_day",
    "short_day",
    "long_day",
    "hour",
    "minute",
    "second",
    "title",
    "slug",
    "categories",
    "slugified_categories",
    "collection",
    "path",
    "name",
    "basename",
    "output_ext",
    "file_ext",
];

fn part(name: &str, parts: Parts) -> Option<String> {
    let date = |format: &str| parts.date.and_then(|date| date.format(format).ok());
    match name {
        "year" => date("%Y"),
        "short_year" => date("%y"),
        "month" => date("%m"),
        "i_month" => date("%-m"),
        "short_month" => date("%b"),
        "long_month" => date("%B"),
        "day" => date("%d"),
        "i_day" => date("%-d"),
        "y_day" => date("%j"),
        "w_year" => date("%G"),
        "week" => date("%V"),
        "w_day" => date("%u"),
        "short_day" => date("%a"),
        "long_day" => date("%A"),
        "hour" => date("%H"),
        "minute" => date("%M"),
        "second" => date("%S"),
        "title" => Some(slugified(parts.slug.unwrap_or(parts.name), true)),
        "slug" => Some(slugified(parts.slug.unwrap_or(parts.name), false)),
        "categories" => Some(parts.categories.join("/").to_lowercase()),
        "slugified_categories" => {
            let slugs: Vec<String> = parts
                .categories
                .iter()
                .map(|name| slugified(name, false))
                .collect();
            Some(slugs.join("/"))
        }
        "collection" => Some(parts.collection.to_owned()),
        "path" if parts.collection.is_empty() => Some(parts.folder.to_owned()),
        "path" => Some(
            [parts.folder, parts.name]
                .iter()
                .filter(|part| !part.is_empty())
                .copied()
                .collect::<Vec<_>>()
                .join("/"),
        ),
        "name" | "basename" => Some(parts.name.to_owned()),
        "output_ext" | "file_ext" => Some(".html".to_owned()),
        _ => None,
    }
}

/// A name as addresses have it. In titles capitals stay, and so do signs that addresses may have.
pub(super) fn slugified(text: &str, is_title: bool) -> String {
    let keeps = |c: char| c.is_alphanumeric() || is_title && "._~!$&'()+,;=@".contains(c);
    let mut slug = String::with_capacity(text.len());
    for c in text.chars() {
        if keeps(c) {
            slug.push(c);
        } else if !slug.ends_with('-') {
            slug.push('-');
        }
    }
    let slug = slug.trim_matches('-');
    if is_title {
        slug.to_owned()
    } else {
        slug.to_lowercase()
    }
}

/// A date on the clocks of the site, as addresses have it.
pub(super) fn moment(date: Option<&str>, zone: &TimeZone) -> Option<Moment> {
    let date: WrittenDate = date?.parse().ok()?;
    Some(Moment::in_zone(date.resolve(zone).unix_seconds(), zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_made_as_jekyll_makes_them() {
        let zone = TimeZone::get("America/New_York").unwrap();
        let categories = ["Town".to_owned(), "Old Harbour".to_owned()];
        let parts = Parts {
            folder: "a/b",
            name: "Harbour Day!",
            categories: &categories,
            date: moment(Some("2019-07-05T01:00:00Z"), &zone),
            ..Parts::default()
        };
        for (style, url) in [
            ("date", "/town/old harbour/2019/07/04/Harbour-Day!.html"),
            ("pretty", "/town/old harbour/2019/07/04/Harbour-Day!/"),
            ("ordinal", "/town/old harbour/2019/185/Harbour-Day!.html"),
            (
                "weekdate",
                "/town/old harbour/2019/W27/Thu/Harbour-Day!.html",
            ),
            ("none", "/town/old harbour/Harbour-Day!.html"),
            (
                "/:slugified_categories/:short_year-:i_month-:i_day-:slug.html",
                "/town/old-harbour/19-7-4-harbour-day.html",
            ),
        ] {
            assert_eq!(
                filled(Style::of(Some(style)).posts(), parts).as_deref(),
                Ok(url),
                "{style}"
            );
        }
        assert_eq!(filled("/:nothing/", parts), Err(":nothing".to_owned()));
        assert_eq!(Style::of(Some("/blog/:title/")).ending(), "/");
        assert_eq!(Style::of(None).ending(), ":output_ext");
    }

    proptest::proptest! {
        #[test]
        fn no_pattern_makes_it_panic(pattern in "(:|/|title|year|[a-z]|é){0,12}", name in "\\PC{0,12}") {
            let _ = filled(&pattern, Parts { name: &name, ..Parts::default() });
        }
    }
}
