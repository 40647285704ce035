//! Front matter in the three forms that generators know, told apart from the text.
//!
//! In: the text of a file. Out: a [`Matter`], with all values as YAML has them and dates as text; or
//! where and why it cannot be read.

use serde::de::MapAccess;

use crate::diagnostics::{Code, Severity};
use crate::yaml::{self, Duplicates, Mapping, Record, Source, Value};

/// What a file says before its text, and its text.
#[derive(Debug, Default, PartialEq)]
pub(in crate::import) struct Matter {
    /// In the order in which they are written, as far as the form keeps one.
    pub values: Mapping,
    /// Keys that are there twice; the last of them counts.
    pub repeated: Vec<String>,
    /// Where the text begins, in bytes.
    pub body: usize,
}

/// Why front matter cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::import) struct Broken {
    /// The line of the file.
    pub line: u32,
    /// What is wrong there, in one sentence without a full stop.
    pub message: String,
}

/// Reads the front matter of a text. Lines of white space may stand before it.
pub(in crate::import) fn read(text: &str) -> Result<Matter, Broken> {
    let start = text.len()
        - text
            .trim_start_matches(['\u{feff}', ' ', '\t', '\r', '\n'])
            .len();
    let first = text[start..].lines().next().unwrap_or_default().trim_end();
    match first {
        "---" => fenced(text, start, &["---", "..."], from_yaml),
        "+++" => fenced(text, start, &["+++"], from_toml),
        _ if first.starts_with('{') && !first.starts_with("{{") && !first.starts_with("{%") => {
            Ok(from_json(text, start)?.unwrap_or_else(|| none(text)))
        }
        _ => Ok(none(text)),
    }
}

fn none(text: &str) -> Matter {
    Matter {
        body: if text.starts_with('\u{feff}') { 3 } else { 0 },
        ..Matter::default()
    }
}

type Parsed = Result<(Mapping, Vec<String>), Broken>;

fn fenced(
    text: &str,
    start: usize,
    ends: &[&str],
    parse: fn(&str, u32) -> Parsed,
) -> Result<Matter, Broken> {
    let opened = line_of(text, start);
    let mut at = next_line(text, start);
    let inside = at;
    while at < text.len() {
        let next = next_line(text, at);
        if ends.contains(&text[at..next].trim_end()) {
            bounded(at - inside, opened)?;
            let (values, repeated) = parse(&text[inside..at], opened + 1)?;
            return Ok(Matter {
                values,
                repeated,
                body: next,
            });
        }
        at = next;
    }
    Err(Broken {
        line: opened,
        message: "the front matter that begins here is never closed".to_owned(),
    })
}

fn bounded(length: usize, line: u32) -> Result<(), Broken> {
    if length <= LONGEST {
        return Ok(());
    }
    let message = "the front matter that begins here is longer than 64 KiB".to_owned();
    Err(Broken { line, message })
}

fn from_yaml(text: &str, first_line: u32) -> Parsed {
    struct All(Mapping);
    impl Record for All {
        fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
            let value = map.next_value::<Value>()?;
            self.0.insert(key.into(), value);
            Ok(())
        }
    }
    let source = Source {
        file: "",
        text,
        first_line,
        syntax: Code::FrontMatterSyntax,
        value: Code::FrontMatterValue,
        duplicate: Code::FrontMatterDuplicate,
    };
    let (all, found) = yaml::record(source, Duplicates::Last, || All(Mapping::new()));
    if let Some(error) = found.iter().find(|found| found.severity == Severity::Error) {
        let line = error.place.as_ref().map_or(0, |place| place.line);
        return Err(Broken {
            line: if line == 0 { first_line - 1 } else { line },
            message: error.message.clone(),
        });
    }
    Ok((
        all.0,
        found.into_iter().map(|found| found.message).collect(),
    ))
}

fn from_toml(text: &str, first_line: u32) -> Parsed {
    let table: toml::Table = text.parse().map_err(|error: toml::de::Error| {
        let at = error.span().map_or(0, |span| span.start);
        Broken {
            line: first_line + line_of(text, at) - 1,
            message: error
                .message()
                .lines()
                .next()
                .unwrap_or("it is not TOML")
                .to_owned(),
        }
    })?;
    Ok((mapping_of_toml(table), Vec::new()))
}

/// A whole file of settings, in the form that its ending says.
pub(in crate::import) fn settings(text: &str, ending: &str) -> Result<Mapping, Broken> {
    let text = text.trim_start_matches('\u{feff}');
    match ending {
        "toml" => from_toml(text, 1).map(|(values, _)| values),
        "json" => serde_json::from_str(text).map_err(|error| Broken {
            line: error.line() as u32,
            message: format!("this is no JSON: {}", plain(&error)),
        }),
        _ => from_yaml(text.strip_prefix("---\n").unwrap_or(text), 1).map(|(values, _)| values),
    }
}

/// A table as a mapping.
pub(in crate::import) fn mapping_of_toml(table: toml::Table) -> Mapping {
    let entries = table.into_iter();
    entries
        .map(|(key, value)| (key.into(), of_toml(value)))
        .collect()
}

fn of_toml(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(is) => is.into(),
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(list) => Value::Sequence(list.into_iter().map(of_toml).collect()),
        toml::Value::Table(table) => Value::Mapping(mapping_of_toml(table)),
    }
}

/// `None`: the text begins with a brace and is no JSON, so that the brace is text.
fn from_json(text: &str, start: usize) -> Result<Option<Matter>, Broken> {
    let mut values = serde_json::Deserializer::from_str(&text[start..]).into_iter::<Value>();
    match values.next() {
        Some(Ok(Value::Mapping(values_there))) => {
            let end = start + values.byte_offset();
            bounded(end - start, line_of(text, start))?;
            let line_end = next_line(text, end);
            let rest_is_blank = text[end..line_end].trim().is_empty();
            Ok(Some(Matter {
                values: values_there,
                repeated: Vec::new(),
                body: if rest_is_blank { line_end } else { end },
            }))
        }
        Some(Err(error)) if text[start + 1..].trim_start().starts_with('"') => Err(Broken {
            line: line_of(text, start) + error.line().max(1) as u32 - 1,
            message: format!("this is no JSON: {}", plain(&error)),
        }),
        _ => Ok(None),
    }
}

/// What serde_json says without the place, which is told otherwise.
fn plain(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.split(" at line ").next().unwrap_or(&text).to_owned()
}

/// Most bytes of front matter: what Pressroom itself reads of an article.
pub(super) const LONGEST: usize = 64 << 10;

/// The lines of a text, for many questions after the line of a byte.
#[derive(Debug, Default)]
pub(in crate::import) struct Lines(Vec<usize>);

impl Lines {
    /// Finds the ends of lines.
    pub fn of(text: &str) -> Self {
        Self(memchr::memchr_iter(b'\n', text.as_bytes()).collect())
    }

    /// The line of a byte, from 1.
    pub fn line(&self, at: usize) -> u32 {
        1 + self.0.partition_point(|end| *end < at) as u32
    }
}

/// The line of a byte, from 1.
pub(in crate::import) fn line_of(text: &str, at: usize) -> u32 {
    1 + memchr::memchr_iter(b'\n', &text.as_bytes()[..at.min(text.len())]).count() as u32
}

/// Where the line after the one of a byte begins.
pub(in crate::import) fn next_line(text: &str, at: usize) -> usize {
    memchr::memchr(b'\n', &text.as_bytes()[at..]).map_or(text.len(), |end| at + end + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> (String, &str) {
        let matter = read(text).unwrap();
        (yaml::to_text(&matter.values), &text[matter.body..])
    }

    #[test]
    fn three_forms_say_the_same() {
        let same = "title: Harbour day\ndate: 2019-07-04T10:00:00Z\ntags:\n- a\n- b\n";
        let yaml = "---\ntitle: Harbour day\ndate: 2019-07-04T10:00:00Z\ntags: [a, b]\n---\nText\n";
        assert_eq!(told(yaml), (same.to_owned(), "Text\n"));
        let (toml, body) = told(
            "\u{feff}+++\ntitle = 'Harbour day'\ndate = 2019-07-04T10:00:00Z\ntags = ['a', 'b']\n+++\r\nText\n",
        );
        assert_eq!(body, "Text\n");
        let json = "{\"title\": \"Harbour day\", \"date\": \"2019-07-04T10:00:00Z\",\n\"tags\": [\"a\", \"b\"]}\n\nText\n";
        assert_eq!(told(json), (same.to_owned(), "\nText\n"));
        let sorted = |text: &str| {
            let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        assert_eq!(sorted(&toml), sorted(same));
    }

    #[test]
    fn text_without_front_matter_is_text() {
        for text in [
            "",
            "Text",
            "{{< note >}}",
            "{ a }",
            "{not json}\n",
            "--- \n---",
            "\n\n# Title",
        ] {
            let matter = read(text).unwrap();
            assert!(matter.values.is_empty());
            assert!(matter.body == 0 || text.starts_with("---"), "{text}");
        }
    }

    #[test]
    fn what_is_broken_is_told_with_its_line() {
        for (text, line, message) in [
            (
                "---\ntitle: a\n",
                1,
                "the front matter that begins here is never closed",
            ),
            ("\n---\ntitle: a\nb: [1\n---\n", 4, ""),
            ("+++\ntitle = 'a'\nb = \n+++\n", 3, ""),
            ("{\n\"a\": 1,\n}\n", 3, "this is no JSON"),
        ] {
            let broken = read(text).unwrap_err();
            assert!(broken.message.contains(message), "{}", broken.message);
            assert!(broken.line.abs_diff(line) <= 1, "{text}: {}", broken.line);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(---|\\+\\+\\+|\\{|\\}|\n|\"|:|a|\u{feff}| |é){0,20}") {
            if let Ok(matter) = read(&text) {
                let _ = &text[matter.body..];
            }
        }
    }
}
