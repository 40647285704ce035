//! Where old feeds and listings led, and where ours are.
//!
//! In: the pages of a site. Out: its redirects. Those to listings that there will not be are left out when
//! the site is written.

use super::config::Config;
use super::pages::led_to;
use crate::import::generator::fields::{Fields, flag_of, inside, list_of, text_of};
use crate::import::generator::site::{Led, Site};
use crate::model::slugify;
use crate::yaml::Value;

/// Finds the redirects of a site.
pub(super) fn find(site: &mut Site, config: &Config) {
    let mut found = feeds(site, config);
    for page in &site.pages {
        if let (Some(to), Some(url)) = (led_to(&Fields(page.params.clone())), &page.url) {
            site.led.push(Led {
                source: page.source.clone(),
                old: url.clone(),
                new: to,
            });
        }
    }
    for page in site.pages.iter().filter(|page| !page.article.draft) {
        let mut fields = Fields(page.params.clone());
        for (kind, names) in [
            ("tag", ["tags", "tag"]),
            ("category", ["categories", "category"]),
        ] {
            let words = fields.lists(&names);
            let words = words.iter().filter(|word| page.article.tags.contains(word));
            for word in words {
                let old = config.archive(kind, word);
                found.extend(old.map(|old| (old, format!("/tags/{}/", slugify(word)))));
            }
        }
    }
    site.redirects
        .extend(found.into_iter().filter(|(old, new)| old != new));
}

/// The feeds of the plugin: of the site, and of categories, collections and tags that the settings name.
fn feeds(site: &Site, config: &Config) -> Vec<(String, String)> {
    if !config.has_plugin("jekyll-feed") {
        return Vec::new();
    }
    let absolute = |path: &str| format!("/{}", path.trim_start_matches('/'));
    let own = config.text(&["feed", "path"]);
    let own = own.unwrap_or_else(|| "feed.xml".to_owned());
    let mut found = vec![(absolute(&own), "/atom.xml".to_owned())];
    for (kind, ours) in [("categories", "/tags"), ("collections", "")] {
        for (name, said) in named(config.values.within(&["feed", kind])) {
            let path = said.and_then(|said| text_of(inside(said, "path")?));
            let old = path.unwrap_or_else(|| format!("/feed/{name}.xml"));
            found.push((
                absolute(&old),
                format!("{ours}/{}/atom.xml", slugify(&name)),
            ));
        }
    }
    let tags = config.values.within(&["feed", "tags"]);
    if tags.is_some_and(|said| said.is_mapping() || flag_of(said) == Some(true)) {
        let path = tags.and_then(|said| text_of(inside(said, "path")?));
        let path = path.unwrap_or_else(|| "/feed/by_tag/".to_owned());
        let tags = site.pages.iter().flat_map(|page| &page.article.tags);
        found.extend(tags.map(|tag| {
            let old = super::permalinks::slugified(tag, false);
            let old = absolute(&format!("{path}{old}.xml"));
            (old, format!("/tags/{}/atom.xml", slugify(tag)))
        }));
    }
    found
}

/// Names of a list, or of a mapping with what is said of each.
fn named(said: Option<&Value>) -> Vec<(String, Option<&Value>)> {
    match said {
        Some(Value::Mapping(said)) => said
            .iter()
            .filter_map(|(name, of)| Some((text_of(name)?, Some(of))))
            .collect(),
        Some(said) => {
            let names = list_of(said).unwrap_or_default().into_iter();
            names.map(|name| (name, None)).collect()
        }
        None => Vec::new(),
    }
}
