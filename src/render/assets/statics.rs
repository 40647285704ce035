//! The files of static/ of a chain of themes: what is published of them, and what Sass may read.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::Sheet;
use super::sass::{self, Sources, is_partial, is_sass, target};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};

/// A file of static/.
#[derive(Debug, Clone)]
pub(super) struct StaticFile {
    /// The theme that has it.
    theme: String,
    /// Where it comes from, as diagnostics show it.
    pub file: String,
    /// Its content.
    pub bytes: Cow<'static, [u8]>,
}

/// The files of a theme first, then those of its parents that it has not.
#[derive(Default)]
pub(in crate::render) struct Statics {
    /// What is published as it is, by its path below static/.
    pub(super) files: BTreeMap<String, StaticFile>,
    /// Sass that becomes a style sheet, by the path of the sheet and with its own.
    compiled: BTreeMap<String, (String, StaticFile)>,
    sources: Sources,
}

impl Statics {
    /// Adds a file of a theme by its path below static/. Themes come before their parents.
    pub fn add(
        &mut self,
        theme: &str,
        path: &str,
        file: String,
        bytes: Cow<'static, [u8]>,
        diagnostics: &mut Diagnostics,
    ) {
        if let Err(diagnostic) = self.add_source(theme, path, &file, &bytes)
            && is_sass(path)
        {
            diagnostics.push(*diagnostic);
            return;
        }
        if is_sass(path) && is_partial(path) {
            return;
        }
        let published = target(path);
        let known = self.files.get(&*published);
        let known = known.or_else(|| self.compiled.get(&*published).map(|(_, file)| file));
        if let Some(known) = known {
            if known.theme == theme {
                diagnostics.push(collision(&published, &known.file, &file));
            }
            return;
        }
        let theme = theme.to_owned();
        let found = StaticFile { theme, file, bytes };
        if is_sass(path) {
            let of = (path.to_owned(), found);
            self.compiled.insert(published.into_owned(), of);
        } else {
            self.files.insert(published.into_owned(), found);
        }
    }

    /// Keeps a sheet for Sass that uses it.
    fn add_source(
        &mut self,
        theme: &str,
        path: &str,
        file: &str,
        bytes: &[u8],
    ) -> Result<(), Box<Diagnostic>> {
        if !sass::is_readable(path) {
            return Ok(());
        }
        match std::str::from_utf8(bytes) {
            Ok(text) => self.sources.add(theme, path, file, text),
            Err(_) => Err(Box::new(
                Diagnostic::new(Code::NotUtf8, "this style sheet is not UTF-8")
                    .at(Place::file(file))
                    .hint("save it as UTF-8"),
            )),
        }
    }

    /// The style sheets that Sass becomes, by their paths. One with a mistake is an empty one: its
    /// templates would seem to ask for what is not there.
    pub(super) fn compiled(&self, diagnostics: &mut Diagnostics) -> BTreeMap<String, Sheet> {
        let compiled = self.compiled.iter().map(|(path, (source, file))| {
            let css = self
                .sources
                .compile(source, diagnostics)
                .unwrap_or_default();
            let sheet = Sheet {
                file: file.file.clone(),
                css: css.into(),
                sass: Some(String::from_utf8_lossy(&file.bytes).into_owned()),
            };
            (path.clone(), sheet)
        });
        compiled.collect()
    }
}

fn collision(published: &str, first: &str, second: &str) -> Diagnostic {
    let message = format!("{first} and {second} are both published as {published}");
    Diagnostic::new(Code::RouteCollision, message)
        .at(Place::file(second))
        .also(Place::file(first), "the other one")
        .hint("keep one of the two, or begin the name of one that others only use with `_`")
}
