//! Values of front matter, taken by name until what nobody asked for is left.

use crate::yaml::{self, Mapping, Value};

/// The values of a file. Names are looked for in any case, since Hugo does not tell them apart.
#[derive(Debug, Clone, Default)]
pub(in crate::import) struct Fields(pub Mapping);

impl Fields {
    /// A value, without taking it.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let mut entries = self.0.iter();
        let found = entries.find(|(key, _)| is_called(key, name));
        found
            .map(|(_, value)| value)
            .filter(|value| !value.is_null())
    }

    /// Takes the value of one name; an empty one says as little as none.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        let key = self.0.keys().find(|key| is_called(key, name))?.clone();
        self.0.shift_remove(&key).filter(|value| !value.is_null())
    }

    /// Takes the first of several that is there and reads as text; the others stay.
    pub fn text(&mut self, names: &[&str]) -> Option<String> {
        let name = names
            .iter()
            .find(|name| self.get(name).and_then(text_of).is_some())?;
        let text = self.take(name).and_then(|value| text_of(&value))?;
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// Takes all of several that are lists or texts, in the order of the names.
    pub fn lists(&mut self, names: &[&str]) -> Vec<String> {
        let mut all = Vec::new();
        for name in names {
            if self.get(name).is_some_and(|value| list_of(value).is_some()) {
                all.extend(
                    self.take(name)
                        .and_then(|value| list_of(&value))
                        .unwrap_or_default(),
                );
            }
        }
        all
    }

    /// Takes a value that says yes or no.
    pub fn flag(&mut self, names: &[&str]) -> Option<bool> {
        let name = names
            .iter()
            .find(|name| self.get(name).and_then(flag_of).is_some())?;
        self.take(name).and_then(|value| flag_of(&value))
    }

    /// A value of a mapping in a mapping, without taking it.
    pub fn within(&self, names: &[&str]) -> Option<&Value> {
        let (first, rest) = names.split_first()?;
        rest.iter()
            .try_fold(self.get(first)?, |value, name| inside(value, name))
    }
}

fn is_called(key: &Value, name: &str) -> bool {
    key.as_str()
        .is_some_and(|key| key.eq_ignore_ascii_case(name))
}

/// A value of a mapping, by its name in any case.
pub(in crate::import) fn inside<'v>(value: &'v Value, name: &str) -> Option<&'v Value> {
    let mut entries = value.as_mapping()?.iter();
    entries
        .find(|(key, _)| is_called(key, name))
        .map(|(_, value)| value)
}

/// A scalar as text.
pub(in crate::import) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(is) => Some(is.to_string()),
        _ => None,
    }
}

/// A list of scalars, or a scalar as a list of one.
pub(in crate::import) fn list_of(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::Sequence(list) => list
            .iter()
            .filter(|one| !one.is_null())
            .map(text_of)
            .collect(),
        value => text_of(value)
            .filter(|text| !text.is_empty())
            .map(|text| vec![text]),
    }
}

/// Yes or no, also in the words of older YAML.
pub(in crate::import) fn flag_of(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(is) => Some(*is),
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "true" | "yes" | "on" => Some(true),
            "false" | "no" | "off" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// Adds values for templates, as far as templates can read them and they have not been added before.
/// What they cannot read is returned by name.
pub(in crate::import) fn keep(extra: &mut Mapping, values: Mapping) -> Vec<String> {
    let mut unreadable = Vec::new();
    for (key, value) in values {
        if !yaml::is_key(&key) || !yaml::is_readable(&value) {
            unreadable.push(text_of(&key).unwrap_or_else(|| "?".to_owned()));
        } else if !value.is_null() && !extra.contains_key(&key) {
            extra.insert(key, value);
        }
    }
    unreadable
}
