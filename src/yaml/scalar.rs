//! Small values: text, lists of text, and types that parse themselves.

use std::fmt;
use std::str::FromStr;

use super::Value;
use crate::diagnostics::{Code, Fault};
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

const OPEN: char = '\u{2}';
const BETWEEN: char = '\u{1}';

/// An error with a hint, for use inside of `Deserialize`.
#[must_use]
pub fn fault<E: de::Error>(message: &str, hint: &str) -> E {
    raise(Fault::from((message.to_owned(), hint.to_owned())))
}

/// The same for a [`Fault`] that a type's own parser found. The YAML parser knows only one text
/// for an error and adds its own around it, so the parts travel between marks.
#[must_use]
pub fn raise<E: de::Error>(fault: Fault) -> E {
    let code = fault.code.map_or("", Code::as_str);
    // What is quoted of a text may have marks in it.
    let [message, hint] =
        [fault.message, fault.hint].map(|words| words.replace([OPEN, BETWEEN], "\u{fffd}"));
    E::custom(format_args!(
        "{OPEN}{message}{BETWEEN}{hint}{BETWEEN}{code}{OPEN}"
    ))
}

/// The fault that an error's text carries, if it was made by [`raise`].
pub(super) fn carried(text: &str) -> Option<Fault> {
    let inner = text.split_once(OPEN)?.1.rsplit_once(OPEN)?.0;
    let mut parts = inner.split(BETWEEN);
    Some(Fault {
        message: parts.next()?.to_owned(),
        hint: parts.next()?.to_owned(),
        code: Code::named(parts.next()?),
    })
}

/// What is wrong with a value that templates cannot read: see [`is_readable`].
pub const UNREADABLE: (&str, &str) = (
    "a key within is a list, a mapping, a fraction or nothing, and should be a text",
    "put quotes around the key, or around all of the value if that is a text",
);

/// Whether templates can read a value: the keys of its mappings are texts, whole numbers, `true`
/// or `false`.
#[must_use]
pub fn is_readable(value: &Value) -> bool {
    match value {
        Value::Mapping(mapping) => mapping
            .iter()
            .all(|(key, value)| is_key(key) && is_readable(value)),
        Value::Sequence(list) => list.iter().all(is_readable),
        Value::Tagged(tagged) => is_readable(&tagged.value),
        _ => true,
    }
}

/// Whether templates can read what a value is the key of.
#[must_use]
pub fn is_key(key: &Value) -> bool {
    key.is_string() || key.is_bool() || key.is_i64() || key.is_u64()
}

/// A value that templates can read, for a field of a type.
pub fn readable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    let value = Value::deserialize(deserializer)?;
    if is_readable(&value) {
        return Ok(value);
    }
    Err(fault(UNREADABLE.0, UNREADABLE.1))
}

/// A scalar as it is written: `2019` and `1.10` are text as well.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Text(pub String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl Visitor<'_> for TextVisitor {
            type Value = Text;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("text")
            }
            fn visit_str<E>(self, text: &str) -> Result<Text, E> {
                Ok(Text(printable(text)))
            }
        }
        deserializer.deserialize_str(TextVisitor)
    }
}

/// Reads a text that has to be there: YAML's `~` and `null` are nothing, and not their signs.
pub fn needed_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    struct NeededVisitor;
    impl<'de> Visitor<'de> for NeededVisitor {
        type Value = String;
        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("text")
        }
        fn visit_none<E: de::Error>(self) -> Result<String, E> {
            Err(fault(
                "there is nothing here, and a text has to be",
                "write one, in quotes if it looks like nothing: \"null\"",
            ))
        }
        fn visit_unit<E: de::Error>(self) -> Result<String, E> {
            self.visit_none()
        }
        fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
            Text::deserialize(deserializer).map(|text| text.0)
        }
    }
    deserializer.deserialize_option(NeededVisitor)
}

/// Reads a text that is empty where there is nothing.
pub fn text_or_nothing<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    let text = Option::<Text>::deserialize(deserializer)?;
    Ok(text.map(|text| text.0).unwrap_or_default())
}

/// Text without the control characters that neither HTML nor a terminal should be given.
fn printable(text: &str) -> String {
    let fits = |c: &char| !c.is_control() || c.is_whitespace();
    text.chars().filter(fits).collect()
}

/// A list of texts, or one. An empty element is left out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct TextList(pub Vec<String>);

impl<'de> Deserialize<'de> for TextList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct ListVisitor;
        impl<'de> Visitor<'de> for ListVisitor {
            type Value = TextList;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("text or a list of texts")
            }
            fn visit_str<E>(self, text: &str) -> Result<TextList, E> {
                Ok(TextList(vec![printable(text)]))
            }
            fn visit_i64<E>(self, number: i64) -> Result<TextList, E> {
                Ok(TextList(vec![number.to_string()]))
            }
            fn visit_u64<E>(self, number: u64) -> Result<TextList, E> {
                Ok(TextList(vec![number.to_string()]))
            }
            fn visit_f64<E>(self, number: f64) -> Result<TextList, E> {
                Ok(TextList(vec![number.to_string()]))
            }
            fn visit_bool<E>(self, value: bool) -> Result<TextList, E> {
                Ok(TextList(vec![value.to_string()]))
            }
            fn visit_unit<E>(self) -> Result<TextList, E> {
                Ok(TextList::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<TextList, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = seq.next_element::<Option<Text>>()? {
                    list.extend(item.map(|text| text.0));
                }
                Ok(TextList(list))
            }
        }
        deserializer.deserialize_any(ListVisitor)
    }
}

/// Reads a scalar's text with a function of its own. The error must be raised while the scalar is
/// being read: only then does the parser know where it stands.
pub fn from_text<'de, D, T>(
    deserializer: D,
    read: impl FnOnce(&str) -> Result<T, Fault>,
) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
{
    struct Reader<F>(F);
    impl<T, F: FnOnce(&str) -> Result<T, Fault>> Visitor<'_> for Reader<F> {
        type Value = T;
        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str("text")
        }
        fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
            (self.0)(text).map_err(raise)
        }
    }
    deserializer.deserialize_str(Reader(read))
}

/// A list, or one element of it. What is empty, alone or in the list, is left out.
pub fn one_or_many<'de, T, D>(deserializer: D, expected: &'static str) -> Result<Vec<T>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    struct Many<T>(&'static str, std::marker::PhantomData<T>);
    impl<'de, T: Deserialize<'de>> Visitor<'de> for Many<T> {
        type Value = Vec<T>;
        fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
            f.write_str(self.0)
        }
        fn visit_unit<E>(self) -> Result<Vec<T>, E> {
            Ok(Vec::new())
        }
        fn visit_str<E: de::Error>(self, text: &str) -> Result<Vec<T>, E> {
            T::deserialize(de::value::StrDeserializer::new(text)).map(|one| vec![one])
        }
        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Vec<T>, A::Error> {
            T::deserialize(de::value::MapAccessDeserializer::new(map)).map(|one| vec![one])
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<T>, A::Error> {
            let mut list = Vec::new();
            while let Some(item) = seq.next_element::<Option<T>>()? {
                list.extend(item);
            }
            Ok(list)
        }
    }
    deserializer.deserialize_any(Many(expected, std::marker::PhantomData))
}

/// A scalar that is parsed by its type's `FromStr`; the error, a message and a hint, becomes a
/// located diagnostic.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parsed<T>(pub T);

impl<'de, T: FromStr> Deserialize<'de> for Parsed<T>
where
    T::Err: Into<Fault>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_text(deserializer, |text| {
            text.trim().parse().map(Parsed).map_err(Into::into)
        })
    }
}

/// The same for a text that may be empty, which says as little as none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filled<T>(pub Option<T>);

impl<'de, T: FromStr> Deserialize<'de> for Filled<T>
where
    T::Err: Into<Fault>,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        from_text(deserializer, |text| {
            if text.trim().is_empty() {
                return Ok(Self(None));
            }
            text.trim()
                .parse()
                .map(|value| Self(Some(value)))
                .map_err(Into::into)
        })
    }
}
