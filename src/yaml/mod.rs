//! The one place that parses YAML.
//!
//! In: YAML text and where it stands in a file. Out: a [`Record`] that was filled key by key, and
//! a located diagnostic for every key that could not be read. A [guard](guard) comes first, since
//! the parser is slow on a few kinds of text that no person writes.
//!
//! The parser tells positions only through its errors. So a key that cannot be read is noted,
//! and the text is read again without it, until all of them are known; and the place of a key
//! that parsed well is found by reading once more with a reader that stops there.

pub mod compact;
mod explain;
mod find;
mod guard;
mod pass;
mod scalar;

use serde::de::{self, IgnoredAny, MapAccess};

use crate::diagnostics::{Code, Diagnostic, Fault, Place, Severity};
use explain::{explain, token_length};
pub use find::{Values, find_value, find_value_within};
use pass::{Pass, locate};
pub use scalar::{
    Filled, Parsed, Text, TextList, UNREADABLE, fault, from_text, is_key, is_readable, needed_text,
    one_or_many, raise, readable, text_or_nothing,
};

/// Any YAML value; mappings keep their order.
pub type Value = serde_yaml::Value;

/// A YAML mapping, in the order in which it is written.
pub type Mapping = serde_yaml::Mapping;

/// Mistakes of one text that are looked for before giving up on it, and of one kind that are told: for
/// the place of each, the text is read once more.
const MOST_FAULTS: usize = 20;

/// Bytes that are read once more for the places of mistakes, so that fewer are told of a text that is
/// longer than any that people write.
const MOST_READ_AGAIN: usize = 256 * 1024;

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

impl<'a> Source<'a> {
    /// A whole file of settings or data: pressroom.yaml, theme.yaml, a file of data/.
    #[must_use]
    pub fn settings(file: &'a str, text: &'a str) -> Self {
        Self {
            file,
            text,
            first_line: 1,
            syntax: Code::ConfigSyntax,
            value: Code::ConfigValue,
            duplicate: Code::ConfigKey,
        }
    }
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

/// Reads the next value of a mapping as text; an empty one says as little as none.
pub fn next_text<'de, A: MapAccess<'de>>(map: &mut A) -> Result<Option<String>, A::Error> {
    let text = map
        .next_value::<Option<Text>>()?
        .map(|text| text.0.trim().to_owned());
    Ok(text.filter(|text| !text.is_empty()))
}

/// Reads the next value of a mapping by its type's own parser; an empty one says as little as
/// none.
pub fn next_parsed<'de, T, A>(map: &mut A) -> Result<Option<T>, A::Error>
where
    T: std::str::FromStr,
    T::Err: Into<Fault>,
    A: MapAccess<'de>,
{
    Ok(map
        .next_value::<Option<Filled<T>>>()?
        .and_then(|filled| filled.0))
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
        diagnostics.push(source.diagnose_guard(fault));
        return (new(), diagnostics);
    }
    let mut pass = Pass::new(duplicates);
    let record = loop {
        let mut record = new();
        match pass.run(source.text, &mut record) {
            Ok(()) => break record,
            Err(error) => {
                diagnostics.push(source.diagnose_error(&error, &pass));
                let stopped = pass.stopped_at.take();
                match stopped {
                    Some(key) if diagnostics.len() < source.most_faults() => pass.skip.insert(key),
                    _ => break new(),
                };
            }
        }
    };
    let repeated = std::mem::take(&mut *pass.repeated.borrow_mut());
    for key in repeated.into_iter().take(source.most_faults()) {
        let message = format!("`{key}` is here twice; the last one counts");
        let (line, column) = locate(source.text, &key, 1).unwrap_or((0, 0));
        diagnostics.push(
            source
                .diagnose(source.duplicate, &message, line, column)
                .severity(Severity::Warning),
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
    let pass = Pass::new(Duplicates::Last);
    let _ = pass.run(text, &mut names);
    names.0
}

/// A whole text as one value, for data files; without a guard on its size, since a site's owner
/// writes these.
pub fn value(source: Source) -> Result<Value, Diagnostic> {
    let value = typed(source)?;
    if is_readable(&value) {
        return Ok(value);
    }
    let (message, hint) = UNREADABLE;
    let place = Place::file(source.file);
    Err(Diagnostic::new(source.value, message).at(place).hint(hint))
}

/// The same as a value of a type.
pub fn typed<T: de::DeserializeOwned>(source: Source) -> Result<T, Diagnostic> {
    serde_yaml::from_str(source.text)
        .map_err(|error| source.diagnose_error(&error, &Pass::default()))
}

/// A list that may be long and that anybody may have written, such as a file of comments.
pub fn list<T: de::DeserializeOwned>(source: Source) -> Result<Vec<T>, Diagnostic> {
    guard::check_list(source.text).map_err(|fault| source.diagnose_guard(fault))?;
    Ok(typed::<Option<Vec<T>>>(source)?.unwrap_or_default())
}

/// A number, a word, a list or a mapping that stands by itself in another text. `None`: it is none of
/// these, or larger or deeper than the parser is quick with.
#[must_use]
pub fn literal(text: &str) -> Option<Value> {
    guard::check(text).ok()?;
    serde_yaml::from_str(text).ok()
}

/// A value as text, in which every type has a form of its own.
#[must_use]
pub fn to_text(value: &impl serde::Serialize) -> String {
    // All that YAML refuses is a key of several lines, which nothing here has: see [`is_readable`].
    serde_yaml::to_string(value).unwrap_or_default()
}

/// The place of a key at the top of a mapping.
#[must_use]
pub fn place_of_key(source: Source, key: &str) -> Place {
    let (line, column) = locate(source.text, key, 0).unwrap_or((0, 0));
    source.place(line, column)
}

/// Line and column, from 1, of what an error is about. The parser also takes characters for ends of lines
/// that editors do not, such as U+2028, so it is only asked for the byte.
fn spot(text: &str, error: &serde_yaml::Error) -> Option<(u32, u32)> {
    let before = text.get(..error.location()?.index()).unwrap_or(text);
    let line = memchr::memchr_iter(b'\n', before.as_bytes()).count();
    let begins = before.rfind('\n').map_or(0, |at| at + 1);
    let column = before[begins..].chars().count();
    Some((line as u32 + 1, column as u32 + 1))
}

impl Source<'_> {
    /// How many mistakes of a kind are told of the text.
    #[must_use]
    pub fn most_faults(&self) -> usize {
        let readings = MOST_READ_AGAIN / self.text.len().max(1);
        readings.clamp(1, MOST_FAULTS)
    }

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

    fn diagnose_guard(&self, fault: guard::Fault) -> Diagnostic {
        self.diagnose(self.syntax, &fault.message, fault.line, 0)
            .hint(fault.hint)
    }

    fn diagnose_error(&self, error: &serde_yaml::Error, pass: &Pass) -> Diagnostic {
        let (line, column) = spot(self.text, error).unwrap_or_default();
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

#[cfg(test)]
mod tests;
