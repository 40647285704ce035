//! Style sheets that are written in Sass.
//!
//! In: the sheets of static/ of a chain of themes. Out: CSS, or what is wrong with a sheet and
//! where. Sheets read each other and nothing else, wherever themes lie: on disk or in the program.

use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Component, Path};

use codemap::SpanLoc;
use grass::{ErrorKind, Fs, Logger, Options};

use super::scan::brackets;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place, Severity, closest};
use crate::render::templates::lower_first;

/// Brackets within each other from which on a sheet is not read: the compiler calls itself for each.
const DEEPEST: usize = 64;

/// The same for the spaces before a line, where these stand for brackets.
const FURTHEST: usize = 256;

/// Whether a file is Sass, by its name.
pub(in crate::render) fn is_sass(path: &str) -> bool {
    stem(path).is_some()
}

/// Whether a sheet is only there for others to use.
pub(in crate::render) fn is_partial(path: &str) -> bool {
    path.rsplit('/')
        .next()
        .is_some_and(|name| name.starts_with('_'))
}

/// The path that a file is published under, as templates name it.
pub(in crate::render) fn target(path: &str) -> Cow<'_, str> {
    match stem(path) {
        Some(stem) => format!("{stem}.css").into(),
        None => path.into(),
    }
}

fn stem(path: &str) -> Option<&str> {
    let stem = path.strip_suffix(".scss");
    stem.or_else(|| path.strip_suffix(".sass"))
}

/// Whether Sass can use a file.
pub(super) fn is_readable(path: &str) -> bool {
    is_sass(path) || path.strip_suffix(".css").is_some()
}

/// The sheets that Sass can use.
#[derive(Debug, Default)]
pub(super) struct Sources {
    /// By path: `css/site.scss` of the first theme that has it, and `gazette/css/site.scss` of a
    /// theme by its name.
    files: BTreeMap<String, Source>,
}

#[derive(Debug)]
struct Source {
    /// Where it comes from, as diagnostics show it.
    file: String,
    text: String,
}

impl Sources {
    /// Adds a sheet of a theme, unless it is too deep. Themes come before their parents.
    pub fn add(
        &mut self,
        theme: &str,
        path: &str,
        file: &str,
        text: &str,
    ) -> Result<(), Box<Diagnostic>> {
        let is_far = |line: &str| line.len() - line.trim_start().len() > FURTHEST;
        if brackets(text).deepest > DEEPEST || text.lines().any(is_far) {
            let message = format!("rules are nested more than {DEEPEST} deep");
            let diagnostic = Diagnostic::new(Code::Sass, message)
                .at(Place::file(file))
                .hint("write some of them side by side");
            return Err(Box::new(diagnostic));
        }
        for path in [path.to_owned(), format!("{theme}/{path}")] {
            self.files.entry(path).or_insert_with(|| Source {
                file: file.to_owned(),
                text: text.to_owned(),
            });
        }
        Ok(())
    }

    /// Makes CSS of a sheet. `None` if it has mistakes.
    pub fn compile(&self, path: &str, diagnostics: &mut Diagnostics) -> Option<String> {
        let source = self.files.get(path)?;
        let told = Told {
            sources: self,
            said: RefCell::default(),
        };
        let options = Options::default().fs(self).logger(&told).load_path("");
        // The compiler has places that it thinks cannot be reached. A sheet must never end the
        // program where one of them can.
        let compiled = catch_unwind(AssertUnwindSafe(|| grass::from_path(path, &options)));
        let css = match compiled {
            Ok(Ok(css)) => Some(css),
            Ok(Err(error)) => {
                diagnostics.push(self.fault(*error, source));
                None
            }
            Err(_) => {
                diagnostics.push(
                    Diagnostic::new(Code::Sass, "the Sass compiler failed at this style sheet")
                        .at(Place::file(&source.file))
                        .hint("undo what you wrote last, or write it another way"),
                );
                None
            }
        };
        diagnostics.extend(told.said.into_inner());
        css
    }

    /// The sheet at a path.
    fn at(&self, path: &Path) -> Option<&Source> {
        self.files.get(&normal(path)?)
    }

    fn fault(&self, error: grass::Error, whole: &Source) -> Diagnostic {
        let ErrorKind::ParseError { message, loc, .. } = error.kind() else {
            return Diagnostic::new(Code::Sass, "this style sheet cannot be read")
                .at(Place::file(&whole.file))
                .hint("check that it and what it uses are text");
        };
        let place = self.place(&loc);
        let hint = self.hint(&message, &loc);
        // What a sheet says with `@error` is a text as Sass writes it.
        let message = match unquoted(&message) {
            own if own.len() < message.len() => own.to_owned(),
            of_compiler => lower_first(of_compiler),
        };
        Diagnostic::new(Code::Sass, message).at(place).hint(hint)
    }

    fn place(&self, loc: &SpanLoc) -> Place {
        let name = loc.file.name();
        let file = self.at(Path::new(name)).map_or(name, |source| &source.file);
        let (begin, end) = (loc.begin, loc.end);
        let length = if end.line == begin.line {
            end.column.saturating_sub(begin.column).max(1)
        } else {
            1
        };
        Place {
            length: length as u32,
            ..Place::at(file, begin.line as u32 + 1, begin.column as u32 + 1)
        }
    }

    fn hint(&self, message: &str, loc: &SpanLoc) -> String {
        let written = written(loc);
        match message.trim_end_matches('.') {
            "Can't find stylesheet to import" => self.near_sheet(written),
            "Undefined variable" => self.near_variable(written).unwrap_or_else(|| {
                "define it above, or `@use` the sheet that does and write that sheet's name and \
                 a dot in front"
                    .to_owned()
            }),
            "Undefined mixin" => {
                "define it above with `@mixin`, or `@use` the sheet that does and write that \
                 sheet's name and a dot in front"
                    .to_owned()
            }
            "This file is already being loaded" => {
                "these sheets use each other: move what both need to a third".to_owned()
            }
            message if message.starts_with("Module loop") => {
                "these sheets use each other: move what both need to a third".to_owned()
            }
            message if message.starts_with("There is no module") => {
                format!("write `@use \"{written}\";` at the top, with the way to that sheet")
            }
            message if message.starts_with('"') => {
                "the sheet itself refuses this, with `@error`".to_owned()
            }
            _ => "https://sass-lang.com/documentation/ says how it is written".to_owned(),
        }
    }

    /// What to write for a variable that no sheet has.
    fn near_variable(&self, written: &str) -> Option<String> {
        let wanted = name_of(written.trim_start_matches('$'));
        let texts = self
            .files
            .values()
            .flat_map(|source| source.text.split('$').skip(1));
        let names: BTreeSet<&str> = texts.map(name_of).collect();
        let near = closest(wanted, names.into_iter().filter(|name| *name != wanted))?;
        Some(format!("did you mean `${near}`?"))
    }

    /// What to write for a sheet that is not there.
    fn near_sheet(&self, written: &str) -> String {
        let wanted = written.split(['"', '\'']).nth(1).unwrap_or(written);
        let wanted = wanted.rsplit('/').next().unwrap_or(wanted);
        let names: BTreeSet<&str> = self.files.keys().map(|path| used_as(path)).collect();
        match closest(wanted, names) {
            Some(near) if near == wanted => {
                format!("`{near}` lies in another folder of static/: write the way to it")
            }
            Some(near) => format!("did you mean `{near}`?"),
            None => "name a sheet of the theme's static/ by its path from there, or from this \
                     sheet's own folder, without `_` and ending"
                .to_owned(),
        }
    }
}

/// The name that other sheets use a sheet by.
fn used_as(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    let name = name.strip_prefix('_').unwrap_or(name);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// What stands at a place.
fn written(loc: &SpanLoc) -> &str {
    let line = loc.file.source_line(loc.begin.line);
    let at = |column: usize| {
        let mut starts = line.char_indices().map(|(at, _)| at);
        starts.nth(column).unwrap_or(line.len())
    };
    let end = if loc.end.line == loc.begin.line {
        at(loc.end.column)
    } else {
        line.len()
    };
    line.get(at(loc.begin.column)..end).unwrap_or_default()
}

/// The name that a text begins with.
fn name_of(text: &str) -> &str {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_');
    &text[..text.find(|c| !is_name(c)).unwrap_or(text.len())]
}

/// A text without the quotation marks that Sass writes around it.
fn unquoted(message: &str) -> &str {
    let inner = message.trim().strip_prefix('"');
    inner
        .and_then(|inner| inner.strip_suffix('"'))
        .unwrap_or(message)
}

/// A path with `/` between its parts and no `..` in it. `None` if it leads out of static/.
fn normal(path: &Path) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in path.components() {
        match part {
            Component::Normal(part) => parts.push(part.to_str()?),
            Component::ParentDir => {
                parts.pop()?;
            }
            Component::CurDir => {}
            Component::RootDir | Component::Prefix(_) => return None,
        }
    }
    Some(parts.join("/"))
}

impl Fs for Sources {
    fn is_dir(&self, path: &Path) -> bool {
        normal(path).is_some_and(|folder| {
            let folder = format!("{folder}/");
            let mut after = self.files.range(folder.clone()..);
            after
                .next()
                .is_some_and(|(path, _)| path.starts_with(&folder))
        })
    }

    fn is_file(&self, path: &Path) -> bool {
        self.at(path).is_some()
    }

    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.at(path) {
            Some(source) => Ok(source.text.clone().into_bytes()),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// One sheet has one name, however it is asked for.
    fn canonicalize(&self, path: &Path) -> io::Result<std::path::PathBuf> {
        normal(path)
            .map(Into::into)
            .ok_or_else(|| io::ErrorKind::NotFound.into())
    }
}

/// What sheets say with `@warn` and `@debug`.
#[derive(Debug)]
struct Told<'a> {
    sources: &'a Sources,
    said: RefCell<Vec<Diagnostic>>,
}

impl Told<'_> {
    fn add(&self, severity: Severity, location: &SpanLoc, message: &str) {
        let diagnostic = Diagnostic::new(Code::Sass, unquoted(message).replace('\n', " "))
            .at(self.sources.place(location))
            .severity(severity);
        self.said.borrow_mut().push(diagnostic);
    }
}

impl Logger for Told<'_> {
    fn debug(&self, location: SpanLoc, message: &str) {
        self.add(Severity::Note, &location, message);
    }

    fn warn(&self, location: SpanLoc, message: &str) {
        self.add(Severity::Warning, &location, message);
    }
}
