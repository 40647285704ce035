//! In which order a language has its words.

use icu_collator::options::CollatorOptions;
use icu_collator::{Collator, CollatorBorrowed, CollatorPreferences};
use icu_locale_core::Locale;

/// Sorts texts as the readers of a language look for them (Unicode Technical Standard 10, with the
/// rules of CLDR).
pub(super) struct Collation(Option<CollatorBorrowed<'static>>);

impl Collation {
    /// That of a language tag; of one that nothing is known of, the order that all languages share.
    pub fn of(tag: &str) -> Self {
        let locale = tag.parse().unwrap_or(Locale::UNKNOWN);
        let preferences = CollatorPreferences::from(&locale);
        Self(Collator::try_new(preferences, CollatorOptions::default()).ok())
    }

    /// What sorts a text among others when compared byte by byte.
    pub fn key(&self, text: &str) -> Vec<u8> {
        let mut key = Vec::with_capacity(text.len() * 2);
        if let Some(collator) = &self.0 {
            let Ok(()) = collator.write_sort_key_to(text, &mut key);
        }
        key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted<'a>(tag: &str, texts: &[&'a str]) -> Vec<&'a str> {
        let collation = Collation::of(tag);
        let mut texts = texts.to_vec();
        texts.sort_by_cached_key(|text| collation.key(text));
        texts
    }

    #[test]
    fn each_language_has_its_order() {
        let words = ["zoo", "öl", "Oper", "Äpfel", "apfel", "über", "ode"];
        assert_eq!(
            sorted("de", &words),
            ["apfel", "Äpfel", "ode", "öl", "Oper", "über", "zoo"]
        );
        assert_eq!(
            sorted("sv", &words),
            ["apfel", "ode", "Oper", "über", "zoo", "Äpfel", "öl"]
        );
        assert_eq!(sorted("es", &["oso", "ñu", "nube"]), ["nube", "ñu", "oso"]);
        assert_eq!(
            sorted("ja", &["イギリス", "あめ", "うみ"]),
            ["あめ", "イギリス", "うみ"]
        );
        assert_eq!(sorted("no language", &["b", "A"]), ["A", "b"]);
    }
}
