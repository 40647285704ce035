//! The fonts that drawings are made with: those of the theme and its parents, then the site's.

use std::borrow::Cow;
use std::path::Path;
use std::sync::Arc;

use super::Theme;
use super::layer::embedded_fonts;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::drawing::Fonts;
use crate::model::has_ending;
use crate::source;

/// A file of a folder of fonts, which may hold their licence as well.
#[derive(Debug, Clone)]
pub(super) struct FontFile {
    /// Path as diagnostics show it.
    pub file: String,
    pub bytes: Cow<'static, [u8]>,
}

impl Theme {
    /// Reads the site's fonts, and puts them behind the theme's: a face that the template does not
    /// name stands in only for characters that others lack.
    pub(super) fn add_fonts(&mut self, root: &Path, diagnostics: &mut Diagnostics) {
        let mut files = std::mem::take(&mut self.font_files);
        let (found, problems) = source::walk(root, "fonts");
        diagnostics.extend(problems);
        for file in found {
            match source::bytes(&file) {
                Ok(bytes) => files.push(FontFile {
                    file: file.path,
                    bytes: bytes.into(),
                }),
                Err(diagnostic) => diagnostics.push(diagnostic),
            }
        }
        // A theme without a parent can do without fonts of its own.
        for (file, bytes) in embedded_fonts() {
            if !files.iter().any(|known| known.bytes == bytes) {
                files.push(FontFile { file, bytes });
            }
        }
        diagnostics.extend(
            files
                .iter()
                .filter(|font| is_packed(&font.file))
                .map(packed),
        );
        files.retain(|font| is_font(&font.file));
        let (names, bytes): (Vec<_>, _) = files
            .into_iter()
            .map(|font| (font.file, font.bytes))
            .unzip();
        let (fonts, broken) = Fonts::new(bytes);
        diagnostics.extend(broken.into_iter().map(|at| unreadable(&names[at])));
        self.fonts = Some(Arc::new(fonts));
    }
}

fn is_font(file: &str) -> bool {
    has_ending(file, &["ttf", "otf", "ttc", "otc"])
}

/// Whether a file is a font in the form that browsers load.
fn is_packed(file: &str) -> bool {
    has_ending(file, &["woff", "woff2"])
}

fn packed(font: &FontFile) -> Diagnostic {
    let message = format!(
        "{} is packed for browsers, and cannot be drawn with",
        font.file
    );
    Diagnostic::new(Code::Misplaced, message)
        .at(Place::file(&font.file))
        .hint("put the font here as a .ttf or .otf file; what pages load belongs in static/")
}

fn unreadable(file: &str) -> Diagnostic {
    Diagnostic::new(
        Code::Unreadable,
        format!("{file} is no font that can be read"),
    )
    .at(Place::file(file))
    .hint("put a whole TrueType or OpenType file in its place, or remove it")
}
