//! The one place that parses YAML.
//!
//! In: YAML text and where it stands in a file. Out: a [`Record`] that was filled key by key, and
//! a located diagnostic for every key that could not be read. A [guard](guard) comes first, since
//! the parser is slow on a few kinds of text that no person writes.
//!
//! The parser tells positions only through its errors. So a key that cannot be read is noted,
//! and the text is read again without it, until all of them are known; and the place of a key
//! that parsed well is found by reading once more with a reader that stops there.

mod guard;
mod scalar;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, Visitor};

use crate::diagnostics::{Code, Diagnostic, Fault, Place};
pub use scalar::{Parsed, Text, TextList, fault, raise};

/// Any YAML value; mappings keep their order.
pub type Value = serde_yaml::Value;

/// Mistakes of one text that are looked for before giving up on it.
const MOST_FAULTS: usize = 20;

/// YAML text, and where it stands.
#[derive(Clone, Copy)]
pub struct Source<'a> {
    /// The file it is in, as diagnostics name it.
    pub file: &'a str,
    /// The YAML.
    pub text: &'a str,
    /// The line of the file that its first line is, counting from 1.
    pub first_line: u32,
    /// The code of mistakes in the syntax.
    pub syntax: Code,
    /// The code of values that do not fit.
    pub value: Code,
    /// The code of keys that are there twice.
    pub duplicate: Code,
}

/// What becomes of a second key of the same name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Duplicates {
    /// It is an error.
    #[default]
    Error,
    /// It wins, with a warning.
    Last,
}

/// Something that is read key by key from a YAML mapping.
pub trait Record {
    /// Reads the value of `key`, which is the next value of `map`; it must take it.
    fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error>;
}

/// Reads a mapping into a record made by `new`. A text without any key gives the record as it is
/// made. When the diagnostics hold an error, the record holds what could be read all the same.
pub fn record<T: Record>(
    source: Source,
    duplicates: Duplicates,
    new: impl Fn() -> T,
) -> (T, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    if let Err(fault) = guard::check(source.text) {
        diagnostics.push(
            source
                .diagnose(source.syntax, &fault.message, fault.line, 0)
                .hint(fault.hint),
        );
        return (new(), diagnostics);
    }
    let mut pass = Pass {
        duplicates,
        ..Pass::default()
    };
    let record = loop {
        let mut record = new();
        match pass.run(source.text, &mut record) {
            Ok(()) => break record,
            Err(error) => {
                diagnostics.push(source.diagnose_error(&error, &pass));
                let stopped = pass.stopped_at.take();
                match stopped {
                    Some(key) if diagnostics.len() < MOST_FAULTS => pass.skip.insert(key),
                    _ => break new(),
                };
            }
        }
    };
    for key in std::mem::take(&mut *pass.repeated.borrow_mut()) {
        let message = format!("`{key}` is here twice; the last one counts");
        let (line, column) = locate(source.text, &key, 1).unwrap_or((0, 0));
        diagnostics.push(
            source
                .diagnose(source.duplicate, &message, line, column)
                .severity(crate::diagnostics::Severity::Warning),
        );
    }
    (record, diagnostics)
}

/// The names of the mapping's keys, in order. Empty when the text cannot be read.
#[must_use]
pub fn keys(text: &str) -> Vec<String> {
    struct Names(Vec<String>);
    impl Record for Names {
        fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
            self.0.push(key.to_owned());
            map.next_value::<IgnoredAny>().map(drop)
        }
    }
    if guard::check(text).is_err() {
        return Vec::new();
    }
    let mut names = Names(Vec::new());
    let pass = Pass {
        duplicates: Duplicates::Last,
        ..Pass::default()
    };
    let _ = pass.run(text, &mut names);
    names.0
}

/// A whole text as one value, for data files; without a guard on its size, since a site's owner
/// writes these.
pub fn value(source: Source) -> Result<Value, Diagnostic> {
    typed(source)
}

/// The same as a value of a type.
pub fn typed<T: de::DeserializeOwned>(source: Source) -> Result<T, Diagnostic> {
    serde_yaml::from_str(source.text)
        .map_err(|error| source.diagnose_error(&error, &Pass::default()))
}

/// The place of a key at the top of a mapping.
#[must_use]
pub fn place_of_key(source: Source, key: &str) -> Place {
    let (line, column) = locate(source.text, key, 0).unwrap_or((0, 0));
    source.place(line, column)
}

/// Line and column (from 1) of the key that follows `before` others of the same name.
fn locate(text: &str, key: &str, before: usize) -> Option<(u32, u32)> {
    let pass = Pass {
        duplicates: Duplicates::Last,
        stop_at: Some((key.to_owned(), before)),
        ..Pass::default()
    };
    let error = pass.run(text, &mut Ignore).err()?;
    let location = error.location()?;
    Some((location.line() as u32, location.column() as u32))
}

/// Reads everything and keeps nothing.
struct Ignore;
impl Record for Ignore {
    fn read<'de, A: MapAccess<'de>>(&mut self, _: &str, map: &mut A) -> Result<(), A::Error> {
        map.next_value::<IgnoredAny>().map(drop)
    }
}

/// One reading of a text.
#[derive(Default)]
struct Pass {
    duplicates: Duplicates,
    /// Keys whose fault is known already.
    skip: BTreeSet<String>,
    /// A key to stop at, after so many of its name.
    stop_at: Option<(String, usize)>,
    /// The key that was being read when it stopped.
    stopped_at: RefCell<Option<String>>,
    /// Keys that came twice where that is allowed.
    repeated: RefCell<BTreeSet<String>>,
}

impl Pass {
    fn run<T: Record>(&self, text: &str, record: &mut T) -> Result<(), serde_yaml::Error> {
        *self.stopped_at.borrow_mut() = None;
        let deserializer = serde_yaml::Deserializer::from_str(text);
        deserializer.deserialize_option(Mapping { pass: self, record })
    }
}

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

impl Source<'_> {
    /// The place of a line and column of the text, with the value there as its length.
    #[must_use]
    pub fn place(&self, line: u32, column: u32) -> Place {
        if line == 0 {
            return Place::file(self.file);
        }
        let length = self.text.lines().nth(line as usize - 1).map_or(1, |text| {
            token_length(text, column.saturating_sub(1) as usize)
        });
        Place {
            length,
            ..Place::at(self.file, self.first_line + line - 1, column)
        }
    }

    fn diagnose(&self, code: Code, message: &str, line: u32, column: u32) -> Diagnostic {
        Diagnostic::new(code, message).at(self.place(line, column))
    }

    fn diagnose_error(&self, error: &serde_yaml::Error, pass: &Pass) -> Diagnostic {
        let (line, column) = error
            .location()
            .map_or((0, 0), |at| (at.line() as u32, at.column() as u32));
        let text = error.to_string();
        if let Some(fault) = scalar::carried(&text) {
            let code = match fault.code {
                Some(Code::FrontMatterDuplicate) => self.duplicate,
                Some(code) => code,
                None => self.value,
            };
            return self
                .diagnose(code, &fault.message, line, column)
                .hint(fault.hint);
        }
        let key = pass.stopped_at.borrow();
        let (message, hint) = explain(&text, key.as_deref());
        let is_value = text.contains("invalid type")
            || text.contains("invalid value")
            || text.contains("unknown field")
            || text.contains("unknown variant")
            || text.contains("missing field")
            || text.contains("duplicate entry");
        let code = if is_value { self.value } else { self.syntax };
        let mut diagnostic = self.diagnose(
            code,
            &message,
            line.min(self.text.lines().count().max(1) as u32),
            column,
        );
        diagnostic.hint = hint;
        diagnostic
    }
}

/// The parser's words, without positions and paths, and what to do about the usual ones.
fn explain(text: &str, key: Option<&str>) -> (String, Option<String>) {
    let (before, _) = text.split_once(" at line ").unwrap_or((text, ""));
    let message = before.trim();
    let hint = if message.contains("mapping values are not allowed") {
        "put the value in quotes: it contains a colon followed by a space"
    } else if message.contains("cannot start any token") {
        "indent with spaces, not tabs, and put a value that begins with @, ` or % in quotes"
    } else if message.contains("did not find expected key") {
        "look for a missing quote, a wrong indent, or text after a closing quote"
    } else if message.contains("unexpected end of stream") {
        "a quote or bracket is opened here and never closed"
    } else if message.contains("could not find expected ':'") {
        "every line at this level needs a key and a colon: `key: value`"
    } else if message.contains("unknown anchor") {
        "put the value in quotes: a * at its beginning refers to an anchor, which is not here"
    } else {
        ""
    };
    let hint = (!hint.is_empty()).then(|| hint.to_owned());
    if let Some((_, rest)) = message.split_once("unknown field `") {
        let (field, expected) = rest.split_once('`').unwrap_or((rest, ""));
        let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
        let within = key
            .map(|key| format!("`{key}` has no key "))
            .unwrap_or_default();
        let hint = match crate::diagnostics::closest(field, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("its keys are {}", known.join(", ")),
        };
        return (format!("{within}`{field}`"), Some(hint));
    }
    if let Some((_, rest)) = message.split_once("invalid type: ") {
        let (found, expected) = rest
            .split_once(", expected ")
            .unwrap_or((rest, "something else"));
        let expected = plain_type(expected);
        let what = key.map_or_else(|| "this".to_owned(), |key| format!("`{key}`"));
        return (
            format!("{what} must be {expected}, not {}", plain_type(found)),
            hint,
        );
    }
    if let Some((_, rest)) = message.split_once("unknown variant `") {
        let (found, expected) = rest.split_once('`').unwrap_or((rest, ""));
        let known: Vec<&str> = expected.split('`').skip(1).step_by(2).collect();
        let what = key.map_or_else(|| "this".to_owned(), |key| format!("`{key}`"));
        return (
            format!("{what} cannot be `{found}`"),
            Some(format!("write {}", known.join(" or "))),
        );
    }
    (message.to_owned(), hint)
}

/// serde's names of types in the words of someone who writes YAML.
fn plain_type(name: &str) -> String {
    let name = name.strip_prefix("unit value").map_or(name, |_| "nothing");
    match name {
        "a string" | "string" => "text".into(),
        "a map" | "map" | "struct" => "a mapping".into(),
        "sequence" | "a sequence" => "a list".into(),
        "a boolean" => "true or false".into(),
        "usize" | "u32" | "u64" | "i64" | "u16" => "a whole number".into(),
        _ => {
            if let Some(rest) = name.strip_prefix("string ") {
                format!("the text {rest}")
            } else if let Some(rest) = name.strip_prefix("boolean ") {
                rest.replace('`', "")
            } else if let Some(rest) = name
                .strip_prefix("integer ")
                .or_else(|| name.strip_prefix("floating point "))
            {
                format!("the number {}", rest.replace('`', ""))
            } else if name.starts_with("struct ") {
                "a mapping".into()
            } else {
                name.to_owned()
            }
        }
    }
}

/// Characters of the value that begins at `column` (from 0) of a line.
fn token_length(line: &str, column: usize) -> u32 {
    let rest: Vec<char> = line.chars().skip(column).collect();
    let end = match rest.first() {
        Some(quote @ ('"' | '\'')) => rest[1..]
            .iter()
            .position(|c| c == quote)
            .map_or(rest.len(), |at| at + 2),
        _ => rest
            .iter()
            .enumerate()
            .position(|(at, c)| {
                matches!(c, ',' | ']' | '}')
                    || (*c == ':' && rest.get(at + 1).is_none_or(|next| *next == ' '))
                    || (*c == '#' && at > 0 && rest[at - 1] == ' ')
            })
            .unwrap_or(rest.len()),
    };
    let token = &rest[..end.min(rest.len())];
    let trailing = token.iter().rev().take_while(|c| c.is_whitespace()).count();
    ((token.len() - trailing) as u32).max(1)
}

#[cfg(test)]
mod tests;
