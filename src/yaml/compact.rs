//! YAML values in formats that do not say what type a value has, for `#[serde(with = …)]`.
//!
//! A [`Value`] serializes as what it is, a text as a text and a number as a number, so that only a
//! format that tells them apart can give it back. Here each says first what it is.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_yaml::Number;
use serde_yaml::value::{Tag, TaggedValue};

use super::{Mapping, Value};

/// A value with its type.
#[derive(Serialize, Deserialize)]
enum Compact {
    Null,
    Bool(bool),
    Unsigned(u64),
    Signed(i64),
    Float(f64),
    Text(String),
    Sequence(Vec<Compact>),
    Mapping(Vec<(Compact, Compact)>),
    Tagged(String, Box<Compact>),
}

/// Writes a value with its type.
pub fn serialize<S: Serializer>(value: &Value, serializer: S) -> Result<S::Ok, S::Error> {
    Compact::from(value).serialize(serializer)
}

/// Reads a value that was written by [`serialize`].
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Value, D::Error> {
    Ok(Compact::deserialize(deserializer)?.into())
}

/// The same for a mapping that there may be.
pub mod mapping {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::{Compact, Mapping, collected, entries};

    /// Writes a mapping with the types of what is in it.
    pub fn serialize<S: Serializer>(
        value: &Option<Box<Mapping>>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        value.as_deref().map(entries).serialize(serializer)
    }

    /// Reads a mapping that was written by [`serialize`].
    pub fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Box<Mapping>>, D::Error> {
        let entries: Option<Vec<(Compact, Compact)>> = Option::deserialize(deserializer)?;
        Ok(entries.map(|entries| Box::new(collected(entries))))
    }
}

fn entries(mapping: &Mapping) -> Vec<(Compact, Compact)> {
    let entry = |(key, value): (&Value, &Value)| (Compact::from(key), Compact::from(value));
    mapping.iter().map(entry).collect()
}

fn collected(entries: Vec<(Compact, Compact)>) -> Mapping {
    let entries = entries.into_iter();
    let entries = entries.map(|(key, value)| (Value::from(key), Value::from(value)));
    entries.collect()
}

impl From<&Value> for Compact {
    fn from(value: &Value) -> Self {
        match value {
            Value::Null => Self::Null,
            Value::Bool(value) => Self::Bool(*value),
            Value::Number(number) => match (number.as_u64(), number.as_i64()) {
                (Some(value), _) => Self::Unsigned(value),
                (None, Some(value)) => Self::Signed(value),
                // What is no whole number is a float, be it one that is no number.
                (None, None) => Self::Float(number.as_f64().unwrap_or(f64::NAN)),
            },
            Value::String(text) => Self::Text(text.clone()),
            Value::Sequence(values) => Self::Sequence(values.iter().map(Self::from).collect()),
            Value::Mapping(mapping) => Self::Mapping(entries(mapping)),
            Value::Tagged(tagged) => {
                let value = Self::from(&tagged.value);
                Self::Tagged(tagged.tag.to_string(), Box::new(value))
            }
        }
    }
}

impl From<Compact> for Value {
    fn from(value: Compact) -> Self {
        match value {
            Compact::Null => Self::Null,
            Compact::Bool(value) => Self::Bool(value),
            Compact::Unsigned(value) => Self::Number(value.into()),
            Compact::Signed(value) => Self::Number(value.into()),
            Compact::Float(value) => Self::Number(Number::from(value)),
            Compact::Text(text) => Self::String(text),
            Compact::Sequence(values) => {
                Self::Sequence(values.into_iter().map(Self::from).collect())
            }
            Compact::Mapping(entries) => Self::Mapping(collected(entries)),
            Compact::Tagged(tag, value) => Self::Tagged(Box::new(TaggedValue {
                tag: Tag::new(tag),
                value: (*value).into(),
            })),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Serialize, Deserialize)]
    struct Extra(#[serde(with = "super")] Value);

    #[test]
    fn every_kind_of_value_comes_back_as_it_was() {
        let text = "{a: null, b: [true, 1, -1, 1.5, .inf, 18446744073709551615, '1', ''], \
                    c: {1: x, true: y, z: {}}, d: !mood {very: good}, e: !tag text}";
        let value: Value = serde_yaml::from_str(text).unwrap();
        let bytes = postcard::to_allocvec(&Extra(value.clone())).unwrap();
        let Extra(read) = postcard::from_bytes(&bytes).unwrap();
        assert_eq!(read, value);
    }
}
