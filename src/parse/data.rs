//! Files of data/: what they say of tags and authors, and values for templates.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::model::slugify;
use crate::source::SourceFile;
use crate::yaml::{self, Source, Value};

/// What data/authors.yaml says of an author.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorInfo {
    /// Name as readers see it; without it, the id.
    pub name: Option<String>,
    /// A sentence or two.
    pub bio: Option<String>,
    /// Path or URL of a picture.
    pub picture: Option<String>,
    /// Pages elsewhere.
    #[serde(default)]
    pub links: Vec<AuthorLink>,
}

/// A page of an author's elsewhere.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AuthorLink {
    /// What it is.
    pub title: String,
    /// Where it is.
    pub url: String,
}

/// What data/tags.yaml says of a tag.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TagInfo {
    /// Spelling that readers see.
    pub label: Option<String>,
    /// What it is about.
    pub description: Option<String>,
}

/// What data/ holds.
#[derive(Debug, Clone, Default)]
pub struct Data {
    /// By the slug of an author's id.
    pub authors: BTreeMap<String, AuthorInfo>,
    /// By the slug of a tag.
    pub tags: BTreeMap<String, TagInfo>,
    /// Every file, by its path below data/.
    pub files: BTreeMap<String, Value>,
}

/// Reads all files of data/.
#[must_use]
pub fn data(files: &[SourceFile]) -> (Data, Diagnostics) {
    let mut data = Data::default();
    let mut diagnostics = Diagnostics::new();
    for file in files {
        let name = file.path.strip_prefix("data/").unwrap_or(&file.path);
        let text = match file.text() {
            Ok(text) => text,
            Err(diagnostic) => {
                diagnostics.push(diagnostic);
                continue;
            }
        };
        let source = Source {
            file: &file.path,
            text: &text,
            first_line: 1,
            syntax: Code::ConfigSyntax,
            value: Code::ConfigValue,
            duplicate: Code::ConfigKey,
        };
        match name {
            "authors.yaml" => match yaml::typed::<Option<BTreeMap<String, AuthorInfo>>>(source) {
                Ok(authors) => data.authors = by_slug(authors),
                Err(diagnostic) => diagnostics.push(diagnostic),
            },
            "tags.yaml" => match yaml::typed::<Option<BTreeMap<String, TagInfo>>>(source) {
                Ok(tags) => data.tags = by_slug(tags),
                Err(diagnostic) => diagnostics.push(diagnostic),
            },
            _ => {}
        }
        match value(source) {
            Ok(Some(value)) => {
                data.files.insert(name.to_owned(), value);
            }
            Ok(None) => diagnostics.push(
                Diagnostic::new(
                    Code::Misplaced,
                    "templates cannot read this kind of file; it is left out",
                )
                .at(Place::file(&file.path))
                .hint("data/ takes .yaml, .json, .toml and .csv files"),
            ),
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    diagnostics.sort();
    (data, diagnostics)
}

fn by_slug<T>(map: Option<BTreeMap<String, T>>) -> BTreeMap<String, T> {
    let entries = map.unwrap_or_default().into_iter();
    entries
        .map(|(key, value)| (slugify(&key).to_string(), value))
        .collect()
}

/// A data file as a value; `None` when its ending is none of those that are read.
fn value(source: Source) -> Result<Option<Value>, Diagnostic> {
    let ending = source.file.rsplit('.').next().unwrap_or("");
    let fault =
        |message: String, place: Place| Diagnostic::new(Code::ConfigSyntax, message).at(place);
    match ending {
        "yaml" | "yml" => yaml::value(source).map(Some),
        "json" => serde_json::from_str(source.text)
            .map(Some)
            .map_err(|error| {
                let place = Place::at(source.file, error.line() as u32, error.column() as u32);
                let text = error.to_string();
                fault(
                    text.split(" at line ").next().unwrap_or(&text).to_owned(),
                    place,
                )
            }),
        "toml" => toml::from_str(source.text)
            .map(Some)
            .map_err(|error: toml::de::Error| {
                let place = error.span().map_or_else(
                    || Place::file(source.file),
                    |span| Place::in_text(source.file, source.text, span),
                );
                fault(error.message().replace('\n', "; "), place)
            }),
        "csv" => csv_rows(source).map(Some),
        _ => Ok(None),
    }
}

/// A list of rows, each a mapping of column to text.
fn csv_rows(source: Source) -> Result<Value, Diagnostic> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(false)
        .from_reader(source.text.as_bytes());
    let rows: Result<Vec<BTreeMap<String, String>>, csv::Error> = reader.deserialize().collect();
    let value = rows.map(|rows| {
        let row = |row: BTreeMap<String, String>| {
            Value::Mapping(row.into_iter().map(|(k, v)| (k.into(), v.into())).collect())
        };
        Value::Sequence(rows.into_iter().map(row).collect())
    });
    value.map_err(|error| {
        let place = error.position().map_or_else(
            || Place::file(source.file),
            |at| Place::at(source.file, at.line() as u32, 1),
        );
        let text = error.to_string();
        let message = text.split("): ").last().unwrap_or(&text).to_owned();
        Diagnostic::new(Code::ConfigSyntax, message)
            .at(place)
            .hint("every row needs as many fields as the first, which names the columns")
    })
}
