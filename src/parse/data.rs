//! Files of data/: what they say of tags and authors, and values for templates.

use std::collections::BTreeMap;

use super::redirects;
use crate::config::Config;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::key::Key;
use crate::markdown::{Destination, classify};
use crate::model::{AuthorInfo, Data, SourceFile, TagInfo, slugify};
use crate::source;
use crate::yaml::{self, Source, Value};

/// Reads all files of data/.
#[must_use]
pub fn data(files: &[SourceFile], config: &Config) -> (Data, Diagnostics) {
    let mut data = Data::default();
    let mut diagnostics = Diagnostics::new();
    for file in files {
        let name = file.path.strip_prefix("data/").unwrap_or(&file.path);
        let text = match source::text(file) {
            Ok(text) => text,
            Err(diagnostic) => {
                diagnostics.push(diagnostic);
                continue;
            }
        };
        let source = Source::settings(&file.path, &text);
        let stem = name.strip_suffix(".yaml").or(name.strip_suffix(".yml"));
        let (stem, edition) = config.named(stem.unwrap_or_default());
        let language = edition.map(|at| config.editions[at].language.to_ascii_lowercase());
        match stem {
            "authors" => match yaml::typed::<Option<BTreeMap<String, AuthorInfo>>>(source) {
                Ok(authors) => {
                    let authors = by_slug(authors);
                    diagnostics.extend(unsafe_urls(source, &authors));
                    data.authors.add(language, authors);
                }
                Err(diagnostic) => diagnostics.push(diagnostic),
            },
            "tags" => match yaml::typed::<Option<BTreeMap<String, TagInfo>>>(source) {
                Ok(tags) => data.tags.add(language, by_slug(tags)),
                Err(diagnostic) => diagnostics.push(diagnostic),
            },
            "redirects" => {
                let (found, wrong) = redirects::redirects(source, &config.base_url);
                data.redirects = found;
                diagnostics.extend(wrong);
            }
            _ => {}
        }
        match value(source) {
            Ok(Some(value)) => {
                data.files.insert(name.to_owned(), value);
                let key = Key::of_bytes(text.as_bytes());
                data.keys.insert(name.to_owned(), key);
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
    data.authors.complete(|author, general| {
        author.name = author.name.take().or_else(|| general.name.clone());
        author.bio = author.bio.take().or_else(|| general.bio.clone());
        author.picture = author.picture.take().or_else(|| general.picture.clone());
        if author.links.is_empty() {
            author.links.clone_from(&general.links);
        }
    });
    data.tags.complete(|tag, general| {
        tag.label = tag.label.take().or_else(|| general.label.clone());
        let description = tag.description.take();
        tag.description = description.or_else(|| general.description.clone());
    });
    diagnostics.sort();
    (data, diagnostics)
}

/// Links and pictures of authors that could run code.
fn unsafe_urls(source: Source, authors: &BTreeMap<String, AuthorInfo>) -> Vec<Diagnostic> {
    let urls = authors.values().flat_map(|author| {
        let links = author.links.iter().map(|link| (&link.url, false));
        links.chain(author.picture.iter().map(|picture| (picture, true)))
    });
    urls.filter(|(url, is_image)| classify(url, *is_image, "\0") == Destination::Unsafe)
        .map(|(url, _)| {
            let at = source.text.find(url.as_str()).unwrap_or(0);
            Diagnostic::new(
                Code::UnsafeLink,
                "this address begins with what links cannot begin with",
            )
            .at(Place::in_text(source.file, source.text, at..at + url.len()))
            .hint("write a path of the site, or an http, https or mailto address")
        })
        .collect()
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
                let place = json_place(source, &error);
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

/// Where a mistake in JSON is. The parser counts columns in bytes.
fn json_place(source: Source, error: &serde_json::Error) -> Place {
    let lines = source.text.split_inclusive('\n');
    let before: usize = lines
        .take(error.line().saturating_sub(1))
        .map(str::len)
        .sum();
    let at = before + error.column().saturating_sub(1);
    Place::in_text(source.file, source.text, at..at + 1)
}

/// A list of rows, each a mapping of column to text, in the order of the columns.
fn csv_rows(source: Source) -> Result<Value, Diagnostic> {
    let mut reader = csv::ReaderBuilder::new()
        .flexible(false)
        .from_reader(source.text.as_bytes());
    let rows = reader.headers().cloned().and_then(|names| {
        let row = |row: csv::StringRecord| {
            let cells = names.iter().zip(&row);
            let cells = cells.map(|(name, cell)| (name.into(), cell.into()));
            Value::Mapping(cells.collect())
        };
        let rows = reader.records().map(|found| found.map(row));
        rows.collect::<Result<Vec<Value>, _>>()
    });
    rows.map(Value::Sequence).map_err(|error| {
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
