//! What style sheets import, put in its place.
//!
//! A browser would have to ask for one sheet to learn of the next. So the text of an imported sheet
//! stands where it was asked for, under the same conditions. Where that would change what the
//! sheets mean, a sheet is linked under its new name instead: what comes from elsewhere can only be
//! imported, and imports come before all else.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::ops::Range;
use std::rc::Rc;

use lightningcss::printer::PrinterOptions;
use lightningcss::rules::CssRule;
use lightningcss::rules::import::ImportRule;
use lightningcss::stylesheet::{ParserOptions, StyleSheet};
use lightningcss::traits::ToCss;

use super::scan::{Kind, brackets, head};
use super::{Asset, Sheet, minify, published};
use super::{folder_of, urls};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, closest};
use crate::model::{UrlPath, join};

/// How many sheets may be imported through each other: nobody writes more by hand.
const DEEPEST: usize = 32;

/// Bytes from which on a sheet is linked, so that sheets that import each other twice do not double
/// without end.
const LARGEST: usize = 4 * 1024 * 1024;

/// Publishes style sheets.
pub(super) struct Publisher<'a> {
    pub sheets: &'a BTreeMap<String, Sheet>,
    /// Where all other assets are published.
    pub urls: &'a BTreeMap<String, UrlPath>,
    pub minified: bool,
    pub diagnostics: &'a mut Diagnostics,
    pub assets: BTreeMap<String, Asset>,
    /// Sheets as they stand in others, by the folder of these.
    inlined: BTreeMap<(String, String), Option<Rc<Text>>>,
    /// The sheets that are being looked at, each imported by the one before.
    stack: Vec<String>,
}

/// The text of a sheet with that of others in it.
struct Text {
    css: String,
    /// The sheets that it is made of.
    parts: BTreeSet<String>,
}

/// An import as it is written.
struct Import {
    range: Range<usize>,
    url: String,
    /// What it depends on: `layer(a) supports(b) c`, or nothing.
    conditions: String,
    /// What stands before and after a text that depends on the same.
    around: (String, &'static str),
}

/// What is to become of an import.
enum Fate {
    /// It stays as it is written.
    Written,
    /// It leads to a sheet under its new name.
    Linked(String),
    /// The text stands in its place.
    Inlined(Rc<Text>),
}

impl<'a> Publisher<'a> {
    pub fn new(
        sheets: &'a BTreeMap<String, Sheet>,
        urls: &'a BTreeMap<String, UrlPath>,
        minified: bool,
        diagnostics: &'a mut Diagnostics,
    ) -> Self {
        Self {
            sheets,
            urls,
            minified,
            diagnostics,
            assets: BTreeMap::new(),
            inlined: BTreeMap::new(),
            stack: Vec::new(),
        }
    }

    /// Publishes a sheet, and those that it has to be linked with.
    pub fn publish(&mut self, path: &str) -> Option<UrlPath> {
        if let Some(asset) = self.assets.get(path) {
            return Some(asset.url.clone());
        }
        let sheet = self.sheets.get(path)?;
        self.stack.push(path.to_owned());
        let (text, _) = self.text(sheet, path, folder_of(path));
        self.stack.pop();
        let bytes = if self.minified {
            let parts = text.parts.iter().filter_map(|part| self.sheets.get(part));
            match minify::minified(&text.css, parts) {
                Ok(css) => css.into_bytes().into(),
                Err(diagnostic) => {
                    self.diagnostics.push(*diagnostic);
                    text.css.into_bytes().into()
                }
            }
        } else if text.css == sheet.css {
            match &sheet.css {
                Cow::Borrowed(css) => Cow::Borrowed(css.as_bytes()),
                Cow::Owned(css) => css.clone().into_bytes().into(),
            }
        } else {
            text.css.into_bytes().into()
        };
        let asset = published(path.to_owned(), sheet.file.clone(), bytes);
        let url = asset.url.clone();
        self.assets.insert(path.to_owned(), asset);
        Some(url)
    }

    /// The text of a sheet as it is to stand in a sheet of a folder, and whether all that it
    /// imports stands in it.
    fn text(&mut self, sheet: &Sheet, path: &str, folder: &str) -> (Text, bool) {
        let css: &str = &sheet.css;
        let statements = head(css);
        let imports: Vec<Import> = statements
            .iter()
            .filter(|statement| statement.kind == Kind::Import)
            .filter_map(|statement| read(css, statement.range.clone()))
            .collect();
        let fates: Vec<Fate> = imports
            .iter()
            .map(|import| self.fate(import, sheet, path, folder))
            .collect();
        // Imports come before all else: no text may stand before one that stays.
        let first = fates
            .iter()
            .rposition(|fate| !matches!(fate, Fate::Inlined(_)))
            .map_or(0, |last| last + 1);
        let mut text = Text {
            css: String::new(),
            parts: BTreeSet::from([path.to_owned()]),
        };
        let mut copied = 0;
        for (at, (import, fate)) in imports.iter().zip(fates).enumerate() {
            let written = match fate {
                Fate::Written => continue,
                Fate::Linked(url) => import.of(&url),
                Fate::Inlined(_) if at < first => match self.link(import, path, folder) {
                    Some(url) => import.of(&url),
                    None => continue,
                },
                Fate::Inlined(inner) => {
                    text.parts.extend(inner.parts.iter().cloned());
                    [&import.around.0, inner.css.trim_end(), import.around.1].concat()
                }
            };
            text.css.push_str(&css[copied..import.range.start]);
            text.css.push_str(&written);
            copied = import.range.end;
        }
        let end = statements.last().map_or(0, |statement| statement.range.end);
        if copied < end {
            text.css.push_str(&css[copied..end]);
        }
        text.css.push_str(&urls::renamed(
            &css[end..],
            folder_of(path),
            folder,
            self.urls,
        ));
        (text, first == 0)
    }

    fn fate(&mut self, import: &Import, sheet: &Sheet, from: &str, folder: &str) -> Fate {
        let Some(name) = urls::relative(&import.url) else {
            return Fate::Written;
        };
        let target = join(folder_of(from), name).filter(|path| self.sheets.contains_key(path));
        let Some(target) = target else {
            self.diagnostics.push(self.missing(import, sheet, from));
            return Fate::Written;
        };
        if self.stack.contains(&target) {
            let message = format!("{} imports itself", sheet.file);
            let place = sheet.place(import.range.clone());
            self.diagnostics.push(
                Diagnostic::new(Code::StyleSheet, message)
                    .at(place)
                    .hint("remove the import; what is imported in a circle is left out"),
            );
            let (css, parts) = (String::new(), BTreeSet::new());
            return Fate::Inlined(Rc::new(Text { css, parts }));
        }
        match self.inlined(&target, folder) {
            Some(text) => Fate::Inlined(text),
            None => match self.link(import, from, folder) {
                Some(url) => Fate::Linked(url),
                None => Fate::Written,
            },
        }
    }

    /// The URL of an imported sheet as a sheet of a folder refers to it.
    fn link(&mut self, import: &Import, from: &str, folder: &str) -> Option<String> {
        let target = join(folder_of(from), urls::relative(&import.url)?)?;
        if self.stack.contains(&target) || self.stack.len() >= DEEPEST {
            return None;
        }
        self.publish(&target).map(|url| urls::from(folder, &url))
    }

    /// The text of a sheet where it can stand in another.
    fn inlined(&mut self, path: &str, folder: &str) -> Option<Rc<Text>> {
        let key = (folder.to_owned(), path.to_owned());
        if let Some(known) = self.inlined.get(&key) {
            return known.clone();
        }
        let sheet = self.sheets.get(path)?;
        // Statements that have to come first in a file.
        let is_bound = memchr::memmem::find(sheet.css.as_bytes(), b"@namespace").is_some();
        let text = if is_bound || self.stack.len() >= DEEPEST || !brackets(&sheet.css).are_closed {
            None
        } else {
            self.stack.push(path.to_owned());
            let (text, is_whole) = self.text(sheet, path, folder);
            self.stack.pop();
            let is_fine = is_whole && text.css.len() <= LARGEST;
            is_fine.then(|| Rc::new(without_charset(text)))
        };
        self.inlined.insert(key, text.clone());
        text
    }

    fn missing(&self, import: &Import, sheet: &Sheet, from: &str) -> Diagnostic {
        let written = &import.url;
        let known = self.sheets.keys().filter(|path| *path != from);
        let known: Vec<String> = known
            .map(|path| urls::between(folder_of(from), path))
            .collect();
        let hint = match closest(written, known.iter().map(String::as_str)) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "name a sheet of the theme's static/, as it is called from this sheet's folder"
                .to_owned(),
        };
        let message = format!("there is no style sheet `{written}` to import");
        let range = import.range.clone();
        let at = sheet.css[range.clone()].find(written.as_str());
        let range = at.map_or(range.clone(), |at| {
            let start = range.start + at;
            start..start + written.len()
        });
        Diagnostic::new(Code::StyleSheet, message)
            .at(sheet.place(range))
            .hint(hint)
    }
}

impl Import {
    /// The same import of another URL.
    fn of(&self, url: &str) -> String {
        format!("@import \"{url}\"{};", self.conditions)
    }
}

/// Reads an import. `None` if it is none that a browser would know.
fn read(css: &str, range: Range<usize>) -> Option<Import> {
    let sheet = StyleSheet::parse(&css[range.clone()], ParserOptions::default()).ok()?;
    let [CssRule::Import(rule)] = sheet.rules.0.as_slice() else {
        return None;
    };
    Some(Import {
        range,
        url: rule.url.to_string(),
        conditions: conditions(rule)?,
        around: around(rule)?,
    })
}

/// What an import depends on, as it is written.
fn conditions(rule: &ImportRule) -> Option<String> {
    let mut bare = rule.clone();
    bare.url = "".into();
    let written = bare.to_css_string(PrinterOptions::default()).ok()?;
    let conditions = written.strip_prefix("@import \"\"")?;
    Some(conditions.trim_end_matches(';').to_owned())
}

/// What has to stand around a text that depends on the same. A layer is inside, since it is there
/// only where the conditions hold.
fn around(rule: &ImportRule) -> Option<(String, &'static str)> {
    const CLOSING: [&str; 4] = ["", "\n}", "\n}\n}", "\n}\n}\n}"];
    let mut before = String::new();
    let mut count = 0;
    let print = PrinterOptions::default;
    if !rule.media.media_queries.is_empty() {
        let _ = writeln!(
            before,
            "@media {} {{",
            rule.media.to_css_string(print()).ok()?
        );
        count += 1;
    }
    if let Some(supports) = &rule.supports {
        let _ = writeln!(
            before,
            "@supports {} {{",
            supports.to_css_string(print()).ok()?
        );
        count += 1;
    }
    match &rule.layer {
        Some(Some(name)) => {
            let _ = writeln!(before, "@layer {} {{", name.to_css_string(print()).ok()?);
            count += 1;
        }
        Some(None) => {
            before.push_str("@layer {\n");
            count += 1;
        }
        None => {}
    }
    Some((before, CLOSING[count]))
}

/// Only a file has a character set, and not a part of one.
fn without_charset(text: Text) -> Text {
    let css = text.css.trim_start_matches('\u{feff}');
    let charset = head(css)
        .into_iter()
        .find(|found| found.kind == Kind::Charset);
    let css = match charset {
        Some(charset) => {
            let (before, after) = (&css[..charset.range.start], &css[charset.range.end..]);
            [before, after].concat().trim_start().to_owned()
        }
        None => css.to_owned(),
    };
    Text { css, ..text }
}
