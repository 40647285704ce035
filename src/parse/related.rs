//! `related` of front matter: what editors say of an article's related block.
//!
//! In: the key in any of its shapes. Out: a [`RawRelated`] whose pins and exclusions nobody has
//! looked for yet.

use std::fmt;

use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};

use super::front_matter::Flag;
use crate::diagnostics::{Fault, closest};
use crate::model::RelatedBlock;
use crate::yaml::{self, Text, fault, from_text};

/// Keys of one pin.
const PIN_KEYS: &[&str] = &["url", "title", "summary"];
/// Keys of the whole block.
const BLOCK_KEYS: &[&str] = &["pins", "exclude", "suggest"];

/// `related` as it is written: `false`, pins, or a mapping of pins and of what is not wanted.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct RawRelated {
    pub pins: Vec<RawPin>,
    /// Whether the pins stand under the key `pins` of the mapping, rather than by themselves.
    pub pins_have_a_key: bool,
    pub excluded: Vec<RawExclusion>,
    pub block: RelatedBlock,
}

impl RawRelated {
    fn of_pins(pins: Vec<RawPin>) -> Self {
        Self {
            pins,
            ..Self::default()
        }
    }

    fn switched(is_on: bool) -> Self {
        let block = if is_on {
            RelatedBlock::Suggested
        } else {
            RelatedBlock::Off
        };
        Self {
            block,
            ..Self::default()
        }
    }
}

impl<'de> Deserialize<'de> for RawRelated {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct RelatedVisitor;
        impl<'de> Visitor<'de> for RelatedVisitor {
            type Value = RawRelated;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an article, a list of articles, or false")
            }
            fn visit_bool<E>(self, is_on: bool) -> Result<RawRelated, E> {
                Ok(RawRelated::switched(is_on))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<RawRelated, E> {
                if let Some(Flag(is_on)) = Flag::of(text) {
                    return Ok(RawRelated::switched(is_on));
                }
                let pin = RawPin::deserialize(de::value::StrDeserializer::new(text))?;
                Ok(RawRelated::of_pins(vec![pin]))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<RawRelated, A::Error> {
                let pins = Pins::deserialize(de::value::SeqAccessDeserializer::new(seq))?;
                Ok(RawRelated::of_pins(pins.0))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawRelated, A::Error> {
                let mut related = RawRelated::default();
                let mut pin = PinParts::default();
                let mut keys = Keys::of(&[PIN_KEYS, BLOCK_KEYS]);
                while let Some(key) = map.next_key_seed(&mut keys)? {
                    match key {
                        "pins" => {
                            let pins = map.next_value::<Option<Pins>>()?;
                            related.pins = pins.unwrap_or_default().0;
                            related.pins_have_a_key = true;
                        }
                        "exclude" => {
                            let excluded = map.next_value::<Option<Exclusions>>()?;
                            related.excluded = excluded.unwrap_or_default().0;
                        }
                        "suggest" => {
                            if let Some(Flag(false)) = map.next_value::<Option<Flag>>()? {
                                related.block = RelatedBlock::PinsOnly;
                            }
                        }
                        _ => pin.read(key, &mut map)?,
                    }
                }
                if keys.seen.iter().any(|key| PIN_KEYS.contains(key)) {
                    related.pins.push(pin.finish()?);
                }
                Ok(related)
            }
        }
        deserializer.deserialize_any(RelatedVisitor)
    }
}

/// Reads the keys of a mapping of `related`. One that does not belong there is told while it is
/// being read: only then does the parser know where it stands.
struct Keys {
    /// Kinds of mappings that it may be; all its keys are of one kind.
    kinds: &'static [&'static [&'static str]],
    seen: Vec<&'static str>,
}

impl Keys {
    fn of(kinds: &'static [&'static [&'static str]]) -> Self {
        Self {
            kinds,
            seen: Vec::new(),
        }
    }

    fn check(&self, word: &str) -> Result<&'static str, Fault> {
        let wrong = |message, hint: &str| Err(Fault::from((message, hint.to_owned())));
        let known = self.kinds.iter().copied().flatten().copied();
        let Some(key) = known.clone().find(|key| *key == word) else {
            return self.unknown(word, known);
        };
        if self.seen.contains(&key) {
            return wrong(format!("`{key}` is here twice"), "keep one of the two");
        }
        let is_of_the_block = |key| BLOCK_KEYS.contains(&key);
        let other = self.seen.first().copied();
        if let Some(other) = other.filter(|other| is_of_the_block(*other) != is_of_the_block(key)) {
            return wrong(
                format!("`{key}` cannot stand beside `{other}`"),
                "put the link under `pins`: {pins: [{url: …, title: …}], exclude: […]}",
            );
        }
        Ok(key)
    }

    fn unknown<'a>(
        &self,
        word: &str,
        known: impl Iterator<Item = &'a str>,
    ) -> Result<&'static str, Fault> {
        let takes_block = self.kinds.contains(&BLOCK_KEYS);
        let is_pin = !takes_block || self.seen.iter().any(|key| PIN_KEYS.contains(key));
        let what = if is_pin {
            "a related link"
        } else {
            "`related`"
        };
        let hint = match closest(word, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None if BLOCK_KEYS.contains(&word) => {
                "put the links under `pins`, and this beside them: {pins: […], exclude: […]}"
                    .to_owned()
            }
            None if is_pin => "its keys are url, title and summary".to_owned(),
            None => "its keys are pins, exclude and suggest; one link has url, title and summary"
                .to_owned(),
        };
        Err((format!("{what} has no key `{word}`"), hint).into())
    }
}

impl<'de> DeserializeSeed<'de> for &mut Keys {
    type Value = &'static str;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let key = from_text(deserializer, |word| self.check(word))?;
        self.seen.push(key);
        Ok(key)
    }
}

/// A related link as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RawPin {
    Here(String),
    Elsewhere {
        url: String,
        title: String,
        summary: String,
    },
}

impl<'de> Deserialize<'de> for RawPin {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct PinVisitor;
        impl<'de> Visitor<'de> for PinVisitor {
            type Value = RawPin;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str(
                    "an article's path, slug or URL, or a mapping of url, title and summary",
                )
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<RawPin, E> {
                if text.trim().is_empty() {
                    return Err(fault(
                        "a related link is empty",
                        "write an article's path, slug or URL",
                    ));
                }
                Ok(RawPin::Here(text.trim().to_owned()))
            }
            fn visit_i64<E: de::Error>(self, number: i64) -> Result<RawPin, E> {
                Ok(RawPin::Here(number.to_string()))
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<RawPin, E> {
                Ok(RawPin::Here(number.to_string()))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RawPin, A::Error> {
                let mut pin = PinParts::default();
                let mut keys = Keys::of(&[PIN_KEYS]);
                while let Some(key) = map.next_key_seed(&mut keys)? {
                    pin.read(key, &mut map)?;
                }
                pin.finish()
            }
        }
        deserializer.deserialize_any(PinVisitor)
    }
}

/// The values of a pin's mapping.
#[derive(Default)]
struct PinParts {
    url: Option<String>,
    title: Option<String>,
    summary: Option<String>,
}

impl PinParts {
    fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let value = map.next_value::<Option<Text>>()?.map(|text| text.0);
        match key {
            "url" => self.url = value,
            "title" => self.title = value,
            _ => self.summary = value,
        }
        Ok(())
    }

    fn finish<E: de::Error>(self) -> Result<RawPin, E> {
        let hint =
            "write {url: …, title: …, summary: …}; an article of this site needs only its path";
        let Some(url) = self.url else {
            return Err(fault("a related link has no url", hint));
        };
        match self.title {
            None if !url.contains("://") => Ok(RawPin::Here(url)),
            None => Err(fault("a related link to another site has no title", hint)),
            Some(_) if !(url.starts_with("http://") || url.starts_with("https://")) => Err(fault(
                &format!("the related link `{url}` is no http or https URL"),
                hint,
            )),
            Some(title) => Ok(RawPin::Elsewhere {
                url,
                title,
                summary: self.summary.unwrap_or_default(),
            }),
        }
    }
}

#[derive(Default)]
struct Pins(Vec<RawPin>);

impl<'de> Deserialize<'de> for Pins {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        yaml::one_or_many(deserializer, "an article or a list of articles").map(Self)
    }
}

/// An article that is not to be suggested: its path, slug or URL.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RawExclusion(pub String);

impl<'de> Deserialize<'de> for RawExclusion {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ExclusionVisitor;
        impl Visitor<'_> for ExclusionVisitor {
            type Value = RawExclusion;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("an article's path, slug or URL")
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<RawExclusion, E> {
                if text.trim().is_empty() {
                    return Err(fault(
                        "an excluded article is empty",
                        "write an article's path, slug or URL",
                    ));
                }
                Ok(RawExclusion(text.trim().to_owned()))
            }
        }
        deserializer.deserialize_str(ExclusionVisitor)
    }
}

#[derive(Default)]
struct Exclusions(Vec<RawExclusion>);

impl<'de> Deserialize<'de> for Exclusions {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        yaml::one_or_many(deserializer, "an article or a list of articles").map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Source;

    fn read(text: &str) -> RawRelated {
        yaml::typed(Source::settings("related.yaml", text)).expect(text)
    }

    fn here(names: &[&str]) -> Vec<RawPin> {
        names
            .iter()
            .map(|name| RawPin::Here((*name).to_owned()))
            .collect()
    }

    #[test]
    fn pins_may_be_one_or_many_and_stand_alone_or_under_their_key() {
        let elsewhere = RawPin::Elsewhere {
            url: "https://example.org/story".to_owned(),
            title: "A story".to_owned(),
            summary: String::new(),
        };
        let link = "{url: \"https://example.org/story\", title: A story}";
        for (written, pins) in [
            ("budget".to_owned(), here(&["budget"])),
            (
                "[budget, 2024, no]".to_owned(),
                here(&["budget", "2024", "no"]),
            ),
            ("{url: /news/budget/}".to_owned(), here(&["/news/budget/"])),
            (link.to_owned(), vec![elsewhere.clone()]),
            (format!("[{link}]"), vec![elsewhere]),
            ("[]".to_owned(), Vec::new()),
        ] {
            assert_eq!(
                read(&written),
                RawRelated::of_pins(pins.clone()),
                "{written}"
            );
            let under_their_key = RawRelated {
                pins_have_a_key: true,
                ..RawRelated::of_pins(pins)
            };
            assert_eq!(
                read(&format!("{{pins: {written}}}")),
                under_their_key,
                "{written}"
            );
        }
    }

    #[test]
    fn a_block_can_be_turned_off_in_a_word() {
        for word in ["false", "no", "Off"] {
            assert_eq!(read(word).block, RelatedBlock::Off, "{word}");
        }
        for word in ["true", "yes", "{}", "[]", "{suggest: true}", "{suggest: }"] {
            assert_eq!(read(word), RawRelated::default(), "{word}");
        }
        assert_eq!(read("{suggest: no}").block, RelatedBlock::PinsOnly);
    }

    #[test]
    fn what_is_excluded_may_be_one_or_many() {
        let names = |related: RawRelated| -> Vec<String> {
            related.excluded.into_iter().map(|one| one.0).collect()
        };
        assert_eq!(names(read("{exclude: budget}")), ["budget"]);
        assert_eq!(names(read("{exclude: [budget, 2024]}")), ["budget", "2024"]);
        assert!(names(read("{exclude: }")).is_empty());
    }
}
