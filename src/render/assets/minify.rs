//! Style sheets without what browsers do not need.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use lightningcss::error::{Error, ErrorLocation, ParserError, SelectorError};
use lightningcss::printer::PrinterOptions;
use lightningcss::stylesheet::{MinifyOptions, ParserOptions, StyleSheet};

use super::Sheet;
use super::scan::brackets;
use crate::diagnostics::{Code, Diagnostic, Place};

/// Brackets within each other from which on a sheet is not read: the parser calls itself for each.
const DEEPEST: usize = 64;

/// The sheet as it is to be published, or where it cannot be read; then it is published as it is, since
/// browsers leave out what they do not know, and themes rely on that. `parts`: the sheets that it is
/// made of.
pub(super) fn minified<'a>(
    css: &str,
    parts: impl Iterator<Item = &'a Sheet>,
) -> Result<String, Box<Diagnostic>> {
    let is_shallow = brackets(css).deepest <= DEEPEST;
    let small = is_shallow.then(|| guarded(|| small(css))).flatten();
    small.ok_or_else(|| {
        let mut parts: Vec<&Sheet> = parts.collect();
        parts.sort_by(|a, b| a.file.cmp(&b.file));
        let fault = parts.iter().find_map(|sheet| fault(sheet));
        let place = || parts.first().map(|sheet| Place::file(&sheet.file));
        let (message, place) =
            fault.unwrap_or_else(|| ("this style sheet cannot be read".to_owned(), place()));
        let message = format!("{message}, so the sheet is published as it is written");
        let diagnostic = Diagnostic::new(Code::StyleSheet, message).hint(
            "mend it, or move it to a sheet of its own; `minify: {css: false}` leaves all sheets as \
             they are",
        );
        Box::new(match place {
            Some(place) => diagnostic.at(place),
            None => diagnostic,
        })
    })
}

/// The library should not panic. A sheet must never end a build if it does.
fn guarded<T>(work: impl FnOnce() -> Option<T>) -> Option<T> {
    catch_unwind(AssertUnwindSafe(work)).ok().flatten()
}

fn small(css: &str) -> Option<String> {
    let mut sheet = StyleSheet::parse(css, ParserOptions::default()).ok()?;
    sheet.minify(MinifyOptions::default()).ok()?;
    let options = PrinterOptions {
        minify: true,
        ..PrinterOptions::default()
    };
    sheet.to_css(options).ok().map(|printed| printed.code)
}

/// What is wrong with a sheet, and where.
fn fault(sheet: &Sheet) -> Option<(String, Option<Place>)> {
    if brackets(&sheet.css).deepest > DEEPEST {
        let message = format!("there are more than {DEEPEST} brackets within each other");
        return Some((message, Some(Place::file(&sheet.file))));
    }
    let parsed = guarded(|| StyleSheet::parse(&sheet.css, ParserOptions::default()).err());
    let Error { kind, loc } = parsed?;
    let place = loc.map_or_else(
        || Place::file(&sheet.file),
        |at| sheet.place(offset(&sheet.css, &at)),
    );
    Some((message(&kind), Some(place)))
}

/// The place of a mistake: the declaration or selector that it is in or behind, since the library
/// tells of some only at their end. It counts columns in units of UTF-16.
fn offset(css: &str, at: &ErrorLocation) -> Range<usize> {
    const ENDS: [char; 4] = [';', '{', '}', '\n'];
    let before = css.split_inclusive('\n').take(at.line as usize);
    let line_start: usize = before.map(str::len).sum();
    let line = css[line_start..].lines().next().unwrap_or_default();
    let mut units = at.column.saturating_sub(1) as usize;
    let inside = line.char_indices().find(|(_, c)| {
        let is_there = units == 0;
        units = units.saturating_sub(c.len_utf16());
        is_there
    });
    let found = line_start + inside.map_or(line.len(), |(at, _)| at);
    let start = css[line_start..found]
        .trim_end_matches(|c: char| ENDS.contains(&c) || c.is_whitespace())
        .rfind(ENDS)
        .map_or(line_start, |at| line_start + at + 1);
    let start = start + css[start..].len() - css[start..].trim_start().len();
    let rest = &css[start..];
    let length = rest.find(ENDS).unwrap_or(rest.len());
    start..start + rest[..length].trim_end().len().max(1)
}

/// The library's own words name tokens as its code does.
fn message(kind: &ParserError) -> String {
    match kind {
        ParserError::AtRuleInvalid(name) => format!("there is no rule `@{name}` here"),
        ParserError::SelectorError(
            SelectorError::UnsupportedPseudoClass(name)
            | SelectorError::UnsupportedPseudoElement(name),
        ) => format!("there is no `:{name}` to select by"),
        ParserError::SelectorError(_) => "this selector cannot be read".to_owned(),
        ParserError::InvalidMediaQuery => "this media query cannot be read".to_owned(),
        ParserError::UnexpectedImportRule => {
            "an import that does not come before all rules does nothing".to_owned()
        }
        ParserError::InvalidDeclaration | ParserError::InvalidValue => {
            "this declaration cannot be read".to_owned()
        }
        _ => "this cannot be read".to_owned(),
    }
}
