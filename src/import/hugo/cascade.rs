//! What pages have in common because a folder above them says so, or the settings.
//!
//! In: `cascade` of the settings and of fronts. Out: front matter of a page with what it inherits.

use crate::import::generator::fields::{Fields, inside, list_of, text_of};
use crate::import::generator::patterns::Pattern;
use crate::yaml::{Mapping, Value};

/// What one place says of the pages below it.
#[derive(Debug)]
struct Cascade {
    /// The folder among texts, without slashes at its ends.
    folder: String,
    /// `None`: of all languages.
    language: Option<String>,
    /// Patterns that a page has to fit, with the names of what is looked at.
    targets: Vec<(&'static str, Vec<Pattern>)>,
    values: Mapping,
}

/// What is looked at to tell whether a page inherits.
#[derive(Debug, Clone, Copy)]
pub(super) struct Heir<'a> {
    pub language: &'a str,
    pub folders: &'a [&'a str],
    /// `home`, `section` or `page`.
    pub kind: &'a str,
    /// Folders and name as Hugo has them: `/posts/a`.
    pub path: &'a str,
}

/// All that is said of pages by their places.
#[derive(Debug, Default)]
pub(super) struct Cascades(Vec<Cascade>);

impl Cascades {
    /// Adds what a place says. `None`: it is said in a form that nobody knows.
    pub fn add(&mut self, folder: &str, language: Option<&str>, said: &Value) -> Option<()> {
        let entries = match said {
            Value::Sequence(entries) => entries.iter().collect(),
            said => vec![said],
        };
        for entry in entries {
            let mut values = Fields(entry.as_mapping()?.clone());
            let target = values.take("target");
            let target = target.or_else(|| values.take("_target"));
            let targets = match &target {
                Some(target) => targets(target)?,
                None => Vec::new(),
            };
            let mut values = values.0;
            // Newer sites say there what others say beside it.
            if let Some(Value::Mapping(params)) = values.get("params").cloned() {
                let rest = params
                    .into_iter()
                    .filter(|(name, _)| !values.contains_key(name));
                let rest: Vec<_> = rest.collect();
                values.extend(rest);
                values.shift_remove("params");
            }
            self.0.push(Cascade {
                folder: folder.to_owned(),
                language: language.map(str::to_owned),
                targets,
                values,
            });
        }
        Some(())
    }

    /// Adds what a page inherits and does not say itself; the innermost folder counts.
    pub fn inherit(&self, heir: Heir, fields: &mut Fields) {
        for depth in (0..=heir.folders.len()).rev() {
            let folder = heir.folders[..depth].join("/");
            let here = self.0.iter().filter(|cascade| cascade.folder == folder);
            for cascade in here.filter(|cascade| cascade.means(heir)) {
                for (key, value) in &cascade.values {
                    let is_there = key.as_str().is_some_and(|name| fields.get(name).is_some());
                    if !is_there {
                        fields.0.insert(key.clone(), value.clone());
                    }
                }
            }
        }
    }
}

impl Cascade {
    fn means(&self, heir: Heir) -> bool {
        let path = heir.path.to_lowercase();
        let fits = |(name, patterns): &(&str, Vec<Pattern>)| {
            let of_page = match *name {
                "path" => path.as_str(),
                "kind" => heir.kind,
                "lang" => heir.language,
                _ => "production",
            };
            patterns.iter().any(|pattern| pattern.matches(of_page))
        };
        let is_of_language = self.language.as_ref();
        is_of_language.is_none_or(|language| language == heir.language)
            && self.targets.iter().all(fits)
    }
}

/// Patterns of a target. `None`: one is none, or of something that nobody knows.
fn targets(target: &Value) -> Option<Vec<(&'static str, Vec<Pattern>)>> {
    let names = ["path", "kind", "lang", "environment"];
    let said = target.as_mapping()?;
    let is_known = |name: &Value| {
        text_of(name).is_some_and(|name| names.iter().any(|known| name.eq_ignore_ascii_case(known)))
    };
    if !said.keys().all(is_known) {
        return None;
    }
    let said = names
        .iter()
        .filter_map(|name| Some((*name, inside(target, name)?)));
    said.map(|(name, value)| {
        let patterns = list_of(value)?.into_iter();
        let patterns = patterns.map(|text| Pattern::glob(&text.to_lowercase(), false));
        Some((name, patterns.collect::<Option<_>>()?))
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    fn inherited(said: &str, path: &str, kind: &str) -> Option<String> {
        let mut cascades = Cascades::default();
        cascades.add("", None, &yaml::literal(said)?)?;
        let folders: Vec<&str> = path.split('/').filter(|name| !name.is_empty()).collect();
        let heir = Heir {
            language: "en",
            folders: &folders[..folders.len() - 1],
            kind,
            path,
        };
        let mut fields = Fields::default();
        cascades.inherit(heir, &mut fields);
        Some(yaml::to_text(&fields.0).trim_end().to_owned())
    }

    #[test]
    fn a_page_inherits_what_its_target_says() {
        let said = "[{_target: {path: '{/in,/in/**}', kind: page}, draft: true}, {target: {lang: de}, a: 1}, \
                    {target: {environment: production}, params: {b: 2}}]";
        assert_eq!(
            inherited(said, "/in/A", "page").as_deref(),
            Some("draft: true\nb: 2")
        );
        assert_eq!(inherited(said, "/in/a", "section").as_deref(), Some("b: 2"));
        assert_eq!(inherited(said, "/on/a", "page").as_deref(), Some("b: 2"));
        assert_eq!(inherited("{target: {sites: x}, a: 1}", "/a", "page"), None);
        assert_eq!(inherited("{target: {path: '['}, a: 1}", "/a", "page"), None);
    }
}
