//! Addresses that lead to the files that diagnostics name: to the page that shows a file, or to an
//! editor.

use std::collections::BTreeSet;
use std::fmt::{Display, Write as _};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use quick_xml::escape::escape;

use super::inject::OWN;
use crate::diagnostics::{Diagnostic, Diagnostics, Place};

/// What is encoded of a path within a URL.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'/')
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// Editors that have addresses of their own, and how these are written.
const EDITORS: &[(&str, &str)] = &[
    ("cursor", "cursor://file{path}:{line}:{column}"),
    (
        "idea",
        "idea://open?file={path}&line={line}&column={column}",
    ),
    (
        "textmate",
        "txmt://open?url=file://{path}&line={line}&column={column}",
    ),
    ("vscode", "vscode://file{path}:{line}:{column}"),
    ("vscodium", "vscodium://file{path}:{line}:{column}"),
    ("zed", "zed://file{path}:{line}:{column}"),
];

/// What an address can have of a place.
const PARTS: [&str; 3] = ["path", "line", "column"];

/// Schemes that would run a script in a page of the site.
const SCRIPTS: [&str; 4] = ["javascript", "data", "vbscript", "blob"];

/// How an editor is told to open a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editor(String);

impl FromStr for Editor {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some((_, pattern)) = EDITORS.iter().find(|(name, _)| *name == text) {
            return Ok(Self((*pattern).to_owned()));
        }
        let names: Vec<_> = EDITORS.iter().map(|(name, _)| *name).collect();
        let names = names.join(", ");
        let Some((scheme, _)) = text.split_once(':') else {
            return Err(format!(
                "it is neither an editor that is known ({names}) nor an address such as \
                 `vscode://file{{path}}:{{line}}:{{column}}`"
            ));
        };
        let is_scheme = scheme.starts_with(|first: char| first.is_ascii_alphabetic())
            && scheme
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
        if !is_scheme || SCRIPTS.contains(&&*scheme.to_ascii_lowercase()) {
            return Err(format!(
                "an editor's address does not begin with `{}:`",
                scheme.escape_debug()
            ));
        }
        if text.contains(|c: char| c.is_whitespace() || c.is_control()) {
            return Err("an address has no spaces; write `%20`".to_owned());
        }
        let mut parts = text.split('{');
        let before = parts.next().unwrap_or_default();
        let mut is_open = before.contains('}');
        for part in parts {
            let Some((name, after)) = part.split_once('}') else {
                is_open = true;
                break;
            };
            if !PARTS.contains(&name) {
                return Err(format!(
                    "there is no `{{{}}}`; a place has {{path}}, {{line}} and {{column}}",
                    name.escape_debug()
                ));
            }
            is_open |= after.contains('}');
        }
        if is_open {
            return Err("a brace is not closed, or not opened".to_owned());
        }
        if !text.contains("{path}") {
            return Err("it does not say where the file's {path} stands".to_owned());
        }
        Ok(Self(text.to_owned()))
    }
}

impl Editor {
    /// The address that opens a place in the editor; `file`: where its file is, as a whole.
    fn href(&self, file: &Path, place: &Place) -> String {
        let path = file.to_string_lossy().replace('\\', "/");
        let slash = if path.starts_with('/') { "" } else { "/" };
        let path = format!("{slash}{}", encoded(&path));
        self.0
            .replace("{path}", &path)
            .replace("{line}", &place.line.max(1).to_string())
            .replace("{column}", &place.column.max(1).to_string())
    }
}

/// A path as it stands in a URL.
pub fn encoded(path: &str) -> impl Display {
    utf8_percent_encode(path, ENCODED)
}

/// Where the files of a site are found.
pub struct Places {
    root: PathBuf,
    editor: Option<Editor>,
}

impl Places {
    pub fn new(root: &Path, editor: Option<Editor>) -> Self {
        Self {
            // What was written is all there is, should the current folder be gone.
            root: std::path::absolute(root).unwrap_or_else(|_| root.to_owned()),
            editor,
        }
    }

    /// The address of a place. What is not on disk, as a theme of the program's own, no editor can
    /// open.
    pub fn href(&self, place: &Place) -> String {
        let file = self.root.join(&place.file);
        if let Some(editor) = &self.editor
            && file.is_file()
        {
            return editor.href(&file, place);
        }
        let mut href = format!("{OWN}source/{}", encoded(&place.file));
        if place.line > 0 {
            let _ = write!(href, "#L{}", place.line);
        }
        href
    }

    /// Diagnostics that were made text, as HTML in which places are links.
    pub fn linked(&self, text: &str, diagnostics: &Diagnostics) -> String {
        let files: BTreeSet<&str> = diagnostics
            .iter()
            .flat_map(Diagnostic::places)
            .map(|place| place.file.as_str())
            .collect();
        let mut out = String::with_capacity(text.len());
        for line in text.split_inclusive('\n') {
            let words = line.trim();
            let named = words
                .strip_prefix("--> ")
                .or_else(|| words.strip_prefix("::: "))
                .and_then(|named| Some((named, place(named, &files)?)));
            let Some((named, place)) = named else {
                out.push_str(&escape(line));
                continue;
            };
            let before = line.find(named).unwrap_or(0);
            let (before, after) = (&line[..before], &line[before + named.len()..]);
            let (href, shown) = (self.href(&place), escape(named));
            let _ = write!(
                out,
                "{}<a href=\"{}\">{shown}</a>{after}",
                escape(before),
                escape(&href)
            );
        }
        out
    }
}

/// The place that is written `file:line:column`, or shorter, if it is in one of these files.
fn place(written: &str, files: &BTreeSet<&str>) -> Option<Place> {
    let mut numbers = Vec::new();
    let mut file = written;
    while !files.contains(file) {
        let (rest, number) = file.rsplit_once(':')?;
        numbers.push(number.parse().ok()?);
        file = rest;
    }
    let mut numbers = numbers.into_iter().rev();
    let (line, column) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    Some(Place::at(file, line, column))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Code;

    #[test]
    fn an_editor_is_a_name_or_an_address_and_nothing_else() {
        for (text, wrong) in [
            ("vim", "known (cursor, idea,"),
            ("{path}", "neither"),
            ("javascript:alert('{path}')", "begin with `javascript:`"),
            ("DATA:{path}", "begin with `DATA:`"),
            ("a b:{path}", "begin with `a b:`"),
            ("x:{path} {line}", "%20"),
            ("x:{path}{row}", "no `{row}`"),
            ("x:{path", "brace"),
            ("x:{path}}", "brace"),
            ("x:}{path}", "brace"),
            ("x://open?line={line}", "{path} stands"),
        ] {
            let message = text.parse::<Editor>().unwrap_err();
            assert!(message.contains(wrong), "{text}: {message}");
        }
        let place = Place::at("content/a b.md", 3, 0);
        let file = Path::new("/sites/a b.md");
        let href = |text: &str| text.parse::<Editor>().unwrap().href(file, &place);
        assert_eq!(href("vscode"), "vscode://file/sites/a%20b.md:3:1");
        assert_eq!(
            href("x-edit:{line}{path}?{column}"),
            "x-edit:3/sites/a%20b.md?1"
        );
        for (name, _) in EDITORS {
            assert!(href(name).contains("/sites/a%20b.md"), "{name}");
        }
    }

    #[test]
    fn places_in_a_report_are_links_and_all_else_is_text() {
        let places = Places::new(Path::new("/nowhere"), None);
        let diagnostic = Diagnostic::new(Code::DeadLink, "<b>")
            .at(Place::at("content/a&b.md", 2, 5))
            .also(Place::file("pressroom.yaml"), "here");
        let text = "error: <b>\n --> content/a&b.md:2:5\n ::: pressroom.yaml\n --> other.md:1\n";
        assert_eq!(
            places.linked(text, &diagnostic.into()),
            "error: &lt;b&gt;\n --&gt; <a href=\"/_pressroom/source/content/a%26b.md#L2\">content/a&amp;b.md:2:5</a>\n \
             ::: <a href=\"/_pressroom/source/pressroom.yaml\">pressroom.yaml</a>\n --&gt; other.md:1\n"
        );
    }
}
