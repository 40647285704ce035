//! The masthead of a site, of what Hugo has as menus.
//!
//! In: menus of the settings and entries of front matter. Out: the links of one menu, of one level; and a
//! sentence for each entry that is none of them.

use super::config::Config;
use crate::import::Outcome;
use crate::import::generator::fields::{inside, list_of, text_of};
use crate::import::generator::page::Notes;
use crate::import::generator::settings::Link;
use crate::yaml::Value;

/// The menu that the masthead is.
const MAIN: &str = "main";

/// The main menu, with the order of its entries.
#[derive(Debug, Default)]
pub(super) struct Menu {
    entries: Vec<(i64, String, String)>,
    /// What is left out, in a sentence each.
    pub lost: Vec<String>,
}

impl Menu {
    /// The main menu as the settings have it. `address_of` knows the addresses of pages.
    pub fn of(config: &Config, address_of: &dyn Fn(&str) -> Option<String>) -> Self {
        let mut menu = Self::default();
        let own = &config.languages[0].tag;
        let places: [&[&str]; 4] = [
            &["languages", own, "menus"],
            &["languages", own, "menu"],
            &["menus"],
            &["menu"],
        ];
        let mut has_main = false;
        for menus in places
            .iter()
            .filter_map(|names| config.values.within(names))
        {
            for (name, entries) in menus.as_mapping().into_iter().flatten() {
                let name = text_of(name).unwrap_or_default();
                if name != MAIN {
                    menu.lost.push(format!(
                        "the menu `{name}` and what is in it are left out: {ONE}"
                    ));
                } else if !has_main {
                    has_main = true;
                    for entry in entries.as_sequence().into_iter().flatten() {
                        menu.entry(entry, address_of);
                    }
                }
            }
        }
        menu
    }

    fn entry(&mut self, entry: &Value, address_of: &dyn Fn(&str) -> Option<String>) {
        let say = |name: &str| inside(entry, name).and_then(text_of);
        let title = say("name")
            .or_else(|| say("title"))
            .or_else(|| say("identifier"));
        let page = say("pageRef");
        let url = say("url").filter(|url| !url.trim().is_empty());
        let url = url.or_else(|| address_of(page.as_deref()?));
        let shown = title
            .clone()
            .or_else(|| page.clone())
            .unwrap_or_else(|| "an entry".to_owned());
        if say("parent").is_some_and(|parent| !parent.is_empty()) {
            self.lost.push(format!("`{shown}` stands {BELOW}"));
            return;
        }
        match (title, url) {
            (Some(title), Some(url)) if !title.is_empty() => {
                let weight = inside(entry, "weight").and_then(Value::as_i64);
                self.add(weight.unwrap_or(0), title, url);
            }
            (_, None) => {
                let towards = page.map_or_else(String::new, |page| format!(" at `{page}`"));
                self.lost.push(format!(
                    "`{shown}` leads to no page{towards}, and is left out"
                ));
            }
            _ => self
                .lost
                .push(format!("{shown} has no name, and is left out")),
        }
    }

    /// Adds an entry. Those without a weight come last.
    pub fn add(&mut self, weight: i64, title: String, url: String) {
        self.entries
            .push((if weight == 0 { i64::MAX } else { weight }, title, url));
    }

    /// The links, in their order.
    pub fn links(mut self) -> Vec<Link> {
        self.entries.sort();
        let links = self.entries.into_iter().map(|(_, title, url)| {
            // A path without a slash in front begins at the root there too.
            let is_path = !url.starts_with(['/', '#']) && !url.contains(':');
            let slash = if is_path { "/" } else { "" };
            let url = format!("{slash}{url}");
            Link { title, url }
        });
        links.collect()
    }
}

const ONE: &str = "Pressroom has one menu, which Hugo calls main";
const BELOW: &str = "below another entry of the menu, and is left out: there is one level here";

/// What a page's front matter adds to the main menu: weight and name. What it adds elsewhere is told.
pub(super) fn entry(value: &Value, notes: &mut Notes) -> Option<(i64, Option<String>)> {
    let named = |name: &str| (name.to_owned(), None);
    let entries: Vec<(String, Option<&Value>)> = match value {
        Value::Mapping(entries) => entries
            .iter()
            .map(|(name, entry)| (text_of(name).unwrap_or_default(), Some(entry)))
            .collect(),
        value => list_of(value)?.iter().map(|name| named(name)).collect(),
    };
    let mut found = None;
    for (name, entry) in entries {
        let say = |name: &str| inside(entry?, name);
        let lost = if name != MAIN {
            format!("it is not in the menu `{name}`: {ONE}")
        } else if say("parent").is_some() {
            format!("it stands {BELOW}")
        } else {
            let weight = say("weight").and_then(Value::as_i64).unwrap_or(0);
            found = Some((weight, say("name").and_then(text_of)));
            continue;
        };
        notes.add(Outcome::Dropped, "menu", 1, lost);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::super::config::Language;
    use super::*;
    use crate::import::generator::fields::Fields;
    use crate::yaml;

    #[test]
    fn one_menu_of_one_level_comes_over_and_the_rest_is_told() {
        let said = "{menus: {main: [{name: B, url: b, weight: 2}, {name: A, pageRef: /a, weight: 1}, \
                    {name: C, parent: B, url: /c/}, {name: D, pageRef: /nowhere}], foot: [{name: E, url: /e/}]}}";
        let values = yaml::literal(said).unwrap().as_mapping().unwrap().clone();
        let config = Config {
            values: Fields(values),
            languages: vec![Language::own("en")],
            ..Config::default()
        };
        let menu = Menu::of(&config, &|path| (path == "/a").then(|| "/a/".to_owned()));
        assert_eq!(
            menu.lost,
            [
                "`C` stands below another entry of the menu, and is left out: there is one level here",
                "`D` leads to no page at `/nowhere`, and is left out",
                "the menu `foot` and what is in it are left out: Pressroom has one menu, which Hugo calls main"
            ]
        );
        let links: Vec<_> = menu.links().into_iter().map(|link| link.url).collect();
        assert_eq!(links, ["/a/", "/b"]);
    }
}
