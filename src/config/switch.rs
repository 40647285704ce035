//! Keys of pressroom.yaml that are a mapping of settings, or true or false.

use std::fmt;
use std::marker::PhantomData;

use serde::Deserialize;
use serde::de::{self, Deserializer, MapAccess, Visitor};

use crate::yaml::fault;

/// What a mapping of settings says of itself where something else stands.
pub(super) trait Settings: Default {
    /// What may stand there, in words.
    const EXPECTED: &str;

    /// What `true` says.
    fn wanted() -> Self {
        Self::default()
    }

    /// What is wrong with a number in its place, and what to write.
    fn of_number(_: u64) -> Option<(String, String)> {
        None
    }
}

/// A mapping of settings, or `false`: none of it is wanted.
#[derive(Debug)]
pub(super) enum Switch<T> {
    On(T),
    Off,
}

impl<T: Settings> Switch<T> {
    /// What the settings say, or nothing at all, and whether they are wanted.
    pub fn parts(switch: Option<Self>) -> (T, bool) {
        match switch {
            None => (T::default(), true),
            Some(Self::On(settings)) => (settings, true),
            Some(Self::Off) => (T::default(), false),
        }
    }

    fn turned(is_on: bool) -> Self {
        if is_on {
            Self::On(T::wanted())
        } else {
            Self::Off
        }
    }
}

impl<'de, T: Deserialize<'de> + Settings> Deserialize<'de> for Switch<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct SwitchVisitor<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de> + Settings> Visitor<'de> for SwitchVisitor<T> {
            type Value = Switch<T>;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str(T::EXPECTED)
            }
            fn visit_bool<E>(self, is_on: bool) -> Result<Switch<T>, E> {
                Ok(Switch::turned(is_on))
            }
            fn visit_str<E: de::Error>(self, word: &str) -> Result<Switch<T>, E> {
                match word.to_ascii_lowercase().as_str() {
                    "yes" | "on" => Ok(Switch::turned(true)),
                    "no" | "off" => Ok(Switch::turned(false)),
                    _ => Err(de::Error::invalid_type(de::Unexpected::Str(word), &self)),
                }
            }
            fn visit_u64<E: de::Error>(self, number: u64) -> Result<Switch<T>, E> {
                match T::of_number(number) {
                    Some((message, hint)) => Err(fault(&message, &hint)),
                    None => Err(de::Error::invalid_type(
                        de::Unexpected::Unsigned(number),
                        &self,
                    )),
                }
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Switch<T>, A::Error> {
                T::deserialize(de::value::MapAccessDeserializer::new(map)).map(Switch::On)
            }
        }
        deserializer.deserialize_any(SwitchVisitor(PhantomData))
    }
}
