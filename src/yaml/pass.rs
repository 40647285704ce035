//! One reading of a YAML mapping, key by key.
//!
//! In: a text, a [`Record`] to fill, and the keys to pass over or to stop at. Out: the record
//! filled, or the parser's error and the key that was being read.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

use super::{Duplicates, Record, raise, spot};
use crate::diagnostics::{Code, Fault};

/// One reading of a text.
#[derive(Default)]
pub(super) struct Pass {
    /// What becomes of a second key of the same name.
    duplicates: Duplicates,
    /// Keys whose fault is known already.
    pub(super) skip: BTreeSet<String>,
    /// A key to stop at, after so many of its name.
    stop_at: Option<(String, usize)>,
    /// The key that was being read when it stopped.
    pub(super) stopped_at: RefCell<Option<String>>,
    /// Keys that came twice where that is allowed.
    pub(super) repeated: RefCell<BTreeSet<String>>,
}

impl Pass {
    pub(super) fn new(duplicates: Duplicates) -> Self {
        Self {
            duplicates,
            ..Self::default()
        }
    }

    pub(super) fn run<T: Record>(
        &self,
        text: &str,
        record: &mut T,
    ) -> Result<(), serde_yaml::Error> {
        *self.stopped_at.borrow_mut() = None;
        let deserializer = serde_yaml::Deserializer::from_str(text);
        deserializer.deserialize_option(Mapping { pass: self, record })
    }
}

/// Reads the keys and values of a mapping, or nothing where there is none.
struct Mapping<'a, T> {
    pass: &'a Pass,
    record: &'a mut T,
}

impl<'de, T: Record> Visitor<'de> for Mapping<'_, T> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("keys and values, such as `title: A headline`")
    }

    fn visit_none<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        while let Some(key) = map.next_key_seed(KeySeed {
            pass: self.pass,
            seen: &mut seen,
        })? {
            if self.pass.skip.contains(&key) {
                map.next_value::<IgnoredAny>()?;
                continue;
            }
            *self.pass.stopped_at.borrow_mut() = Some(key.clone());
            self.record.read(&key, &mut map)?;
            *self.pass.stopped_at.borrow_mut() = None;
        }
        Ok(())
    }
}

/// Reads a key, and notices one that comes again.
struct KeySeed<'a> {
    pass: &'a Pass,
    seen: &'a mut BTreeMap<String, usize>,
}

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E: de::Error>(self, key: &str) -> Result<String, E> {
        let before = *self
            .seen
            .entry(key.to_owned())
            .and_modify(|n| *n += 1)
            .or_insert(0);
        if let Some((stop, times)) = &self.pass.stop_at
            && stop == key
            && *times == before
        {
            return Err(E::custom("found"));
        }
        if before > 0 && !self.pass.skip.contains(key) {
            match self.pass.duplicates {
                Duplicates::Last => {
                    self.pass.repeated.borrow_mut().insert(key.to_owned());
                }
                Duplicates::Error => {
                    *self.pass.stopped_at.borrow_mut() = Some(key.to_owned());
                    return Err(raise(Fault {
                        code: Some(Code::FrontMatterDuplicate),
                        message: format!("`{key}` is here twice"),
                        hint: "keep one of the two, or set `front_matter_duplicates: last` in \
                               pressroom.yaml, which lets the last one win"
                            .to_owned(),
                    }));
                }
            }
        }
        Ok(key.to_owned())
    }
}

/// Line and column (from 1) of the key that follows `before` others of the same name.
pub(super) fn locate(text: &str, key: &str, before: usize) -> Option<(u32, u32)> {
    let pass = Pass {
        stop_at: Some((key.to_owned(), before)),
        ..Pass::new(Duplicates::Last)
    };
    let error = pass.run(text, &mut Ignore).err()?;
    spot(text, &error)
}

/// Reads everything and keeps nothing.
struct Ignore;
impl Record for Ignore {
    fn read<'de, A: MapAccess<'de>>(&mut self, _: &str, map: &mut A) -> Result<(), A::Error> {
        map.next_value::<IgnoredAny>().map(drop)
    }
}
