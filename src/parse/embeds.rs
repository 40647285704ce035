//! `embeds` of front matter: pages of other sites, described for the cards that the text shows of them.

use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, Visitor};

use crate::diagnostics::{Fault, closest};
use crate::yaml::{self, Text, fault, from_text};

/// Keys of one page.
const KEYS: [&str; 5] = ["url", "title", "summary", "site", "image"];

/// A page of another site as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawEmbed {
    pub url: String,
    pub title: String,
    pub summary: String,
    pub site: String,
    pub image: Option<String>,
}

/// All of them.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct RawEmbeds(pub Vec<RawEmbed>);

impl<'de> Deserialize<'de> for RawEmbeds {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        yaml::one_or_many(deserializer, "a list of mappings of url, title and summary").map(Self)
    }
}

/// The name of a key, told while it is being read: only then does the parser know where it stands.
struct Key;

impl<'de> DeserializeSeed<'de> for Key {
    type Value = usize;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<usize, D::Error> {
        from_text(deserializer, |word| {
            KEYS.iter().position(|key| *key == word).ok_or_else(|| {
                let hint = match closest(word, KEYS) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "its keys are url, title, summary, site and image".to_owned(),
                };
                Fault::from((format!("an embedded page has no key `{word}`"), hint))
            })
        })
    }
}

impl<'de> Deserialize<'de> for RawEmbed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EmbedVisitor;
        impl<'de> Visitor<'de> for EmbedVisitor {
            type Value = RawEmbed;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a mapping of url, title and summary")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawEmbed, A::Error> {
                let mut parts: [Option<String>; KEYS.len()] = Default::default();
                while let Some(key) = map.next_key_seed(Key)? {
                    let value = map.next_value::<Option<Text>>()?;
                    let value = value.map(|text| text.0.trim().to_owned());
                    parts[key] = value.filter(|text| !text.is_empty());
                }
                let [url, title, summary, site, image] = parts;
                let hint = "write {url: \"https://…\", title: …, summary: …, site: …, image: …}";
                let missing = |name| fault(&format!("an embedded page has no {name}"), hint);
                Ok(RawEmbed {
                    url: url.ok_or_else(|| missing("url"))?,
                    title: title.ok_or_else(|| missing("title"))?,
                    summary: summary.unwrap_or_default(),
                    site: site.unwrap_or_default(),
                    image,
                })
            }
        }
        deserializer.deserialize_map(EmbedVisitor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Source;

    #[test]
    fn one_page_or_several_are_described() {
        let read = |text: &str| -> RawEmbeds {
            yaml::typed(Source::settings("embeds.yaml", text)).expect(text)
        };
        let page = "{url: \"https://example.com/a\", title: A, image: a.jpg}";
        let one = RawEmbed {
            url: "https://example.com/a".to_owned(),
            title: "A".to_owned(),
            summary: String::new(),
            site: String::new(),
            image: Some("a.jpg".to_owned()),
        };
        assert_eq!(
            read(&format!("[{page}, {page}]")).0,
            [one.clone(), one.clone()]
        );
        assert_eq!(read(page).0, [one]);
    }
}
