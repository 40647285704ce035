//! The words of a theme, by language: i18n/LANGUAGE.yaml.
//!
//! In: the i18n files of a chain of themes, the site's own before them. Out: [`Texts`], which has
//! each text in the nearest language that somebody translated it to.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};

use crate::diagnostics::{Code, Diagnostic, Place};
use crate::yaml::{self, Duplicates, Record, Source, fault};

/// The language that all texts are there in.
const COMPLETE: &str = "en";

/// Forms of a plural: the categories of Unicode's CLDR.
const FORMS: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

/// A text of a theme. `{name}` in it is filled in by the template.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Text {
    Plain(String),
    /// A form for each category of numbers that the language tells apart.
    Plural(BTreeMap<String, String>),
}

/// All texts, by language and key.
#[derive(Debug, Clone, Default)]
pub struct Texts(BTreeMap<String, BTreeMap<String, Text>>);

impl Texts {
    /// Adds a file of texts, named after its language. Texts that are there already stay.
    fn add(&mut self, language: &str, file: &str, yaml: &str) -> Vec<Diagnostic> {
        let source = Source::settings(file, yaml);
        let (found, diagnostics) = yaml::record(source, Duplicates::Error, Found::default);
        let texts = self.0.entry(language.to_ascii_lowercase()).or_default();
        for (key, text) in found.0 {
            texts.entry(key).or_insert(text);
        }
        diagnostics
    }

    /// Adds a file by its path, whose name is that of a language.
    pub(super) fn add_file(&mut self, path: &str, yaml: &str) -> Vec<Diagnostic> {
        let name = path.rsplit('/').next().unwrap_or(path);
        let language = name.strip_suffix(".yaml");
        match language.or_else(|| name.strip_suffix(".yml")) {
            Some(language) => self.add(language, path, yaml),
            None => vec![
                Diagnostic::new(
                    Code::Misplaced,
                    "words are read from YAML; this file is left out",
                )
                .at(Place::file(path))
                .hint("name it after its language: i18n/de.yaml"),
            ],
        }
    }

    /// Every text in a language, or the nearest that it is there in: `de-AT`, `de`, `en`.
    pub(super) fn of(&self, language: &str) -> BTreeMap<&str, &Text> {
        let language = language.to_ascii_lowercase();
        let primary = language.split('-').next().unwrap_or(&language);
        let mut all = BTreeMap::new();
        for name in [COMPLETE, primary, &language] {
            let texts = self.0.get(name).into_iter().flatten();
            all.extend(texts.map(|(key, text)| (key.as_str(), text)));
        }
        all
    }

    /// Whether a language, or the one that it is a kind of, has any texts.
    #[must_use]
    pub fn know(&self, language: &str) -> bool {
        let language = language.to_ascii_lowercase();
        let primary = language.split('-').next().unwrap_or(&language);
        self.0.contains_key(&language) || self.0.contains_key(primary)
    }
}

/// The texts of a file, in their order.
#[derive(Default)]
struct Found(Vec<(String, Text)>);

impl Record for Found {
    fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let text = map.next_value()?;
        self.0.push((key.to_owned(), text));
        Ok(())
    }
}

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a text, or the forms of a plural")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Text, E> {
        Ok(Text::Plain(text.to_owned()))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Text, A::Error> {
        let mut forms = BTreeMap::new();
        while let Some(form) = map.next_key::<String>()? {
            if !FORMS.contains(&form.as_str()) {
                let message = format!("`{form}` is no form of a plural");
                let hint = format!("the forms are {}", FORMS.join(", "));
                return Err(fault(&message, &hint));
            }
            forms.insert(form, map.next_value()?);
        }
        if forms.contains_key("other") {
            Ok(Text::Plural(forms))
        } else {
            Err(fault(
                "a plural without the form `other`",
                "write `other: …`, which all numbers get that have no form of their own",
            ))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Text {
        Text::Plain(text.to_owned())
    }

    #[test]
    fn the_nearest_language_and_the_first_file_win() {
        let mut texts = Texts::default();
        assert!(
            texts
                .add("de", "site/de.yaml", "tags: Stichwörter\n")
                .is_empty()
        );
        texts.add("de", "theme/de.yaml", "tags: Schlagwörter\npages: Seiten\n");
        texts.add("de-AT", "theme/de-AT.yaml", "pages: Blätter\n");
        texts.add(
            "en",
            "theme/en.yaml",
            "tags: Tags\npages: Pages\nnewer: Newer\n",
        );
        let of =
            |language: &str| -> Vec<Text> { texts.of(language).into_values().cloned().collect() };
        let all = |newer, pages, tags| vec![plain(newer), plain(pages), plain(tags)];
        assert_eq!(of("de-AT"), all("Newer", "Blätter", "Stichwörter"));
        assert_eq!(of("DE"), all("Newer", "Seiten", "Stichwörter"));
        assert_eq!(of("sv"), all("Newer", "Pages", "Tags"));
        assert!(texts.know("de-CH") && !texts.know("sv"));
    }
}
