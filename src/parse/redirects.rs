//! data/redirects.yaml: old paths, and where they lead.
//!
//! In: the file's text. Out: its redirects in the order of the old paths, each with its place, and
//! a diagnostic for each line that is none.

use std::collections::HashMap;
use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

use crate::config::BaseUrl;
use crate::diagnostics::{Code, Diagnostic, Fault, Place};
use crate::markdown::{Destination, classify};
use crate::model::{Redirect, Towards, UrlPath, excerpt};
use crate::yaml::{self, Source, Value};

/// What a redirect looks like.
const EXAMPLE: &str = "write a line for each, such as `/old/: /news/new/`";

/// Bytes of a file in which places are also looked for where a line does not begin with its key.
const SEARCHED: usize = 64 * 1024;

/// Reads the redirects.
pub(super) fn redirects(source: Source, base_url: &BaseUrl) -> (Vec<Redirect>, Vec<Diagnostic>) {
    let entries = match yaml::typed::<Option<Entries>>(source) {
        Ok(entries) => entries.unwrap_or_default().0,
        Err(diagnostic) => return (Vec::new(), vec![diagnostic]),
    };
    let places = Places::new(source, entries.len());
    let base_url = base_url.whole();
    let mut redirects = Vec::with_capacity(entries.len());
    let mut wrong = Vec::new();
    for (at, (old, new)) in entries.iter().enumerate() {
        let (old, new) = (text(old), text(new));
        let place = places.key(at, old.as_deref());
        let from = old.as_deref().ok_or_else(|| no_text("an old path"));
        let from = from.and_then(|old| from_path(old, new.as_deref()));
        let to = new.as_deref().ok_or_else(|| no_text("where it leads"));
        let to = to.and_then(|new| towards(new, &base_url));
        let report = |fault: Fault, place: Place| {
            let code = fault.code.unwrap_or(source.value);
            Diagnostic::new(code, fault.message)
                .at(place)
                .hint(fault.hint)
        };
        match (from, to) {
            (Ok(from), Ok(to)) => redirects.push(Redirect { from, to, place }),
            (from, to) => {
                let at_value = places.value(&place, new.as_deref());
                wrong.extend(from.err().map(|fault| report(fault, place)));
                wrong.extend(to.err().map(|fault| report(fault, at_value)));
            }
        }
    }
    redirects.sort_by(|a, b| a.from.cmp(&b.from));
    (redirects, wrong)
}

/// The old path of a redirect.
fn from_path(old: &str, new: Option<&str>) -> Result<UrlPath, Fault> {
    let path: UrlPath = old.trim().parse()?;
    let is_pattern = |part: &str| part == "*" || part.len() > 1 && part.starts_with(':');
    if path.as_str().split('/').any(is_pattern) {
        let message = format!(
            "`{}` is a pattern, and a redirect of this file leads from one path alone",
            excerpt(old)
        );
        let hint = format!(
            "hosts that read patterns read them from static/_redirects: write `{} {} 301` there",
            excerpt(old),
            excerpt(new.unwrap_or("/news/:splat"))
        );
        return Err(Fault {
            code: Some(Code::UrlPath),
            message,
            hint,
        });
    }
    Ok(path)
}

/// Where a redirect leads. A whole URL of the site itself is a path of it.
fn towards(new: &str, base_url: &str) -> Result<Towards, Fault> {
    let new = new.trim();
    let here = match classify(new, false, base_url) {
        Destination::Here(here) => here,
        _ => new,
    };
    Ok(here.parse::<Towards>()?)
}

fn no_text(what: &str) -> Fault {
    let message = format!("a redirect needs {what}, written as text");
    (message, EXAMPLE.to_owned()).into()
}

/// A scalar as text.
fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

/// The keys and values of a mapping as they are written.
#[derive(Default)]
struct Entries(Vec<(Value, Value)>);

impl<'de> Deserialize<'de> for Entries {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntriesVisitor;
        impl<'de> Visitor<'de> for EntriesVisitor {
            type Value = Entries;
            fn expecting(&self, f: &mut fmt::Formatter) -> fmt::Result {
                f.write_str("a mapping of old paths to new ones, such as `/old/: /news/new/`")
            }
            fn visit_seq<A: SeqAccess<'de>>(self, _: A) -> Result<Entries, A::Error> {
                Err(yaml::fault("redirects are a mapping, not a list", EXAMPLE))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Entries, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(Entries(entries))
            }
        }
        deserializer.deserialize_any(EntriesVisitor)
    }
}

/// Where the entries of the file are. The parser would have to read the whole again for each, and
/// there may be ten thousand.
struct Places<'a> {
    source: Source<'a>,
    lines: Vec<(&'a str, Place)>,
    by_key: HashMap<&'a str, usize>,
    /// Whether the n-th line that begins with a key has the n-th entry.
    in_order: bool,
}

impl<'a> Places<'a> {
    fn new(source: Source<'a>, entries: usize) -> Self {
        let lines: Vec<_> = key_lines(source).collect();
        let by_key = lines.iter().enumerate().map(|(at, (key, _))| (*key, at));
        Self {
            source,
            by_key: by_key.collect(),
            in_order: lines.len() == entries,
            lines,
        }
    }

    /// The place of the key of an entry.
    fn key(&self, at: usize, key: Option<&str>) -> Place {
        let by_key = || self.by_key.get(key?).copied();
        let line = self.in_order.then_some(at).or_else(by_key);
        if let Some((_, place)) = line.and_then(|line| self.lines.get(line)) {
            return place.clone();
        }
        let text = self.source.text;
        let is_searched = text.len() <= SEARCHED;
        let found = key.filter(|key| is_searched && !key.is_empty());
        match found.and_then(|key| Some((text.find(key)?, key.len()))) {
            Some((at, length)) => Place::in_text(self.source.file, text, at..at + length),
            None => Place::file(self.source.file),
        }
    }

    /// The place of a value behind its key on one line, or else that of the key.
    fn value(&self, key: &Place, value: Option<&str>) -> Place {
        let line = (key.line as usize).checked_sub(1);
        let line = line.and_then(|at| self.source.text.lines().nth(at));
        let found = line.zip(value).and_then(|(line, value)| {
            let begin = (key.column + key.length) as usize - 1;
            let begin = line.char_indices().nth(begin)?.0;
            let at = begin + line[begin..].find(value).filter(|_| !value.is_empty())?;
            Some(Place {
                column: line[..at].chars().count() as u32 + 1,
                length: value.chars().count() as u32,
                ..key.clone()
            })
        });
        found.unwrap_or_else(|| key.clone())
    }
}

/// The keys that begin a line of a mapping, each with its place.
fn key_lines(source: Source<'_>) -> impl Iterator<Item = (&str, Place)> {
    let lines = source.text.lines().zip(1..);
    lines.filter_map(move |(line, number)| {
        let line = line.trim_start_matches('\u{feff}');
        let (key, length) = match line.chars().next()? {
            ' ' | '\t' | '#' | '{' | '}' => return None,
            quote @ ('"' | '\'') => {
                let key = quoted(&line[1..], quote)?;
                (key, key.chars().count() + 2)
            }
            _ => {
                let colon = line.strip_suffix(':').map(|key| (key, ""));
                let (key, _) = line.split_once(": ").or(colon)?;
                (key.trim_end(), key.trim_end().chars().count())
            }
        };
        let length = length as u32;
        let place = Place::at(source.file, number, 1);
        Some((key, Place { length, ..place }))
    })
}

/// What stands before the closing quotation mark.
fn quoted(rest: &str, quote: char) -> Option<&str> {
    let mut is_escaped = false;
    let is_end = |(_, c): &(usize, char)| {
        let is_end = *c == quote && !is_escaped;
        is_escaped = quote == '"' && *c == '\\' && !is_escaped;
        is_end
    };
    let (end, _) = rest.char_indices().find(is_end)?;
    Some(&rest[..end])
}
