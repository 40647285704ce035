//! One theme by itself: the files of its folder in themes/, or those that are embedded.

use std::borrow::Cow;
use std::path::Path;

use include_dir::{Dir, include_dir};

use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place, closest};
use crate::source;

static BROADSHEET: Dir = include_dir!("$CARGO_MANIFEST_DIR/themes/broadsheet");
static JOURNAL: Dir = include_dir!("$CARGO_MANIFEST_DIR/themes/journal");

/// The themes that are part of the program, by name.
static EMBEDDED: [(&str, &Dir); 2] = [("broadsheet", &BROADSHEET), ("journal", &JOURNAL)];

/// The components that articles can call in every theme, and what these call themselves.
const COMPONENTS: [&str; 12] = [
    "article", "card", "chart", "details", "embed", "figure", "gallery", "note", "picture",
    "quote", "timeline", "video",
];

/// The files of one theme, by their path within it.
pub(super) struct Layer {
    pub name: String,
    pub files: Vec<(String, Cow<'static, [u8]>)>,
    /// Whether it comes out of the program, and not out of themes/.
    pub embedded: bool,
}

impl Layer {
    /// Reads a theme. `None` if there is none of that name.
    pub fn read(root: &Path, name: &str, diagnostics: &mut Diagnostics) -> Option<Self> {
        let folder = format!("themes/{name}");
        let mut files = Vec::new();
        let in_folder = source::is_there(root, &folder);
        if in_folder {
            let (found, problems) = source::walk(root, &folder);
            diagnostics.extend(problems);
            for file in found {
                match source::bytes(&file) {
                    Ok(bytes) => {
                        files.push((file.path[folder.len() + 1..].to_owned(), bytes.into()));
                    }
                    Err(diagnostic) => diagnostics.push(diagnostic),
                }
            }
        } else {
            embedded_files(embedded(name)?, &mut files);
            files.sort_by(|a, b| a.0.cmp(&b.0));
        }
        Some(Self {
            name: name.to_owned(),
            files,
            embedded: !in_folder,
        })
    }

    /// The path of one of its files as diagnostics show it.
    pub fn path(&self, file: &str) -> String {
        format!("themes/{}/{file}", self.name)
    }

    /// The bytes of one of its files.
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        let (_, bytes) = self.files.iter().find(|(name, _)| name == path)?;
        Some(bytes)
    }

    /// The text of one of its files; what is no text in it is replaced.
    pub fn text(&self, path: &str) -> Option<Cow<'_, str>> {
        self.bytes(path).map(String::from_utf8_lossy)
    }
}

fn embedded(name: &str) -> Option<&'static Dir<'static>> {
    let (_, dir) = EMBEDDED.iter().find(|(known, _)| *known == name)?;
    Some(dir)
}

fn embedded_files(dir: &'static Dir, files: &mut Vec<(String, Cow<'static, [u8]>)>) {
    for file in dir.files() {
        let path = file.path().to_string_lossy().replace('\\', "/");
        files.push((path, file.contents().into()));
    }
    for dir in dir.dirs() {
        embedded_files(dir, files);
    }
}

/// The text of a file of an embedded theme, by its path as diagnostics show it.
#[must_use]
pub fn embedded_text(file: &str) -> Option<&'static str> {
    let (name, path) = file.strip_prefix("themes/")?.split_once('/')?;
    embedded(name)?.get_file(path)?.contents_utf8()
}

/// The i18n files of broadsheet, by their paths as diagnostics show them: the words that the
/// program itself needs, such as the titles of indexes, for themes that have none.
pub(super) fn embedded_texts() -> impl Iterator<Item = (String, &'static str)> {
    let files = BROADSHEET.get_dir("i18n").into_iter().flat_map(Dir::files);
    files.filter_map(|file| {
        let path = file.path().to_string_lossy().replace('\\', "/");
        Some((format!("themes/broadsheet/{path}"), file.contents_utf8()?))
    })
}

/// The components for articles that broadsheet has, by their paths as diagnostics show them, for
/// themes that have none.
pub(super) fn embedded_components() -> impl Iterator<Item = (String, &'static str)> {
    COMPONENTS.iter().filter_map(|name| {
        let path = format!("templates/components/{name}.html");
        let text = BROADSHEET.get_file(&path)?.contents_utf8()?;
        Some((format!("themes/broadsheet/{path}"), text))
    })
}

/// The fonts of broadsheet, by their paths as diagnostics show them, for themes that have none.
pub(super) fn embedded_fonts() -> impl Iterator<Item = (String, Cow<'static, [u8]>)> {
    let files = BROADSHEET.get_dir("fonts").into_iter().flat_map(Dir::files);
    files.map(|file| {
        let path = file.path().to_string_lossy().replace('\\', "/");
        (format!("themes/broadsheet/{path}"), file.contents().into())
    })
}

/// The names of all themes at hand: those of themes/ and those that are embedded.
pub(super) fn names(root: &Path) -> Vec<String> {
    let mut names: Vec<String> = EMBEDDED
        .iter()
        .map(|(name, _)| (*name).to_owned())
        .collect();
    if let Ok(entries) = std::fs::read_dir(root.join("themes")) {
        let folders = entries.flatten().filter(|entry| entry.path().is_dir());
        let folders = folders.map(|entry| entry.file_name().to_string_lossy().into_owned());
        // Such as `.git`.
        names.extend(folders.filter(|name| !name.starts_with('.')));
    }
    names.sort();
    names.dedup();
    names
}

/// That there is no theme of a name; `place` is where it is asked for, if that is a file.
pub(super) fn no_theme(root: &Path, name: &str, place: Option<Place>) -> Diagnostic {
    let themes = names(root);
    let hint = match closest(name, themes.iter().map(String::as_str)) {
        Some(near) => format!("did you mean `{near}`?"),
        None => format!(
            "the themes at hand are {}; a theme is a folder in themes/",
            themes.join(", ")
        ),
    };
    let diagnostic =
        Diagnostic::new(Code::ThemeMissing, format!("there is no theme `{name}`")).hint(hint);
    match place {
        Some(place) => diagnostic.at(place),
        None => diagnostic,
    }
}
