//! Diagnostics as text for people and as JSON for programs.

use std::collections::HashMap;
use std::fmt::Write as _;

use annotate_snippets::{AnnotationKind, Group, Level, Origin, Renderer, Snippet};

use super::{Diagnostic, Diagnostics, Place, Severity};

/// Looks up the text of a file of the site by the name that a [`Place`] gives it, so that a
/// report can show the line. `None` leaves the excerpt out.
pub type TextOf<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Width that reports are laid out for, in columns; of a wider line the part around the place
/// is shown.
const WIDTH: usize = 140;

/// Bytes of a line beyond which it is not shown at all: it is no line that a person wrote.
const LONGEST_LINE: usize = 64 * 1024;

/// All diagnostics as text, in the manner of rustc: the message, the place, the line it is about
/// with a mark under it, the hint. `color` adds ANSI escapes.
#[must_use]
pub fn text(diagnostics: &Diagnostics, text_of: TextOf, color: bool) -> String {
    let renderer = if color {
        Renderer::styled()
    } else {
        Renderer::plain()
    }
    .term_width(WIDTH);
    let mut files: HashMap<String, Option<String>> = HashMap::new();
    let mut out = String::new();
    for diagnostic in diagnostics {
        let mut excerpt = |place: &Place| -> Option<Excerpt> {
            if place.line == 0 {
                return None;
            }
            let text = files
                .entry(place.file.clone())
                .or_insert_with(|| text_of(&place.file));
            Excerpt::of(place, text.as_deref()?)
        };
        let main = diagnostic.place.as_ref().map(|p| (p, excerpt(p)));
        let also: Vec<_> = diagnostic
            .also
            .iter()
            .map(|(place, what)| (place, what.as_str(), excerpt(place)))
            .collect();
        out.push_str(&one(diagnostic, main, &also, &renderer));
        out.push_str("\n\n");
    }
    out
}

fn one(
    diagnostic: &Diagnostic,
    main: Option<(&Place, Option<Excerpt>)>,
    also: &[(&Place, &str, Option<Excerpt>)],
    renderer: &Renderer,
) -> String {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level
        .primary_title(printable(&diagnostic.message))
        .id(diagnostic.code.as_str());
    let mut group = Group::with_title(title);
    if let Some((place, excerpt)) = main {
        group = with_place(group, place, excerpt, None);
    }
    for (place, what, excerpt) in also {
        group = with_place(group, place, excerpt.clone(), Some(what));
    }
    if let Some(hint) = &diagnostic.hint {
        group = group.element(Level::HELP.message(printable(hint)));
    }
    renderer.render(&[group])
}

fn with_place<'a>(
    group: Group<'a>,
    place: &'a Place,
    excerpt: Option<Excerpt>,
    label: Option<&'a str>,
) -> Group<'a> {
    if let Some(excerpt) = excerpt {
        let kind = if label.is_some() {
            AnnotationKind::Context
        } else {
            AnnotationKind::Primary
        };
        return group.element(
            Snippet::source(excerpt.line)
                .path(printable(&place.file))
                .line_start(place.line as usize)
                .annotation(kind.span(excerpt.range).label(label)),
        );
    }
    let mut origin = Origin::path(printable(&place.file));
    if place.line > 0 {
        origin = origin.line(place.line as usize);
        if place.column > 0 {
            origin = origin.char_column(place.column as usize);
        }
    }
    let group = group.element(origin);
    match label {
        Some(label) => group.element(Level::NOTE.message(label)),
        None => group,
    }
}

/// The line that a place is about, and the byte range that is meant within it.
#[derive(Clone)]
struct Excerpt {
    line: String,
    range: std::ops::Range<usize>,
}

impl Excerpt {
    fn of(place: &Place, text: &str) -> Option<Self> {
        let at = (place.line as usize).checked_sub(1)?;
        let line = text.lines().nth(at)?.trim_start_matches('\u{feff}');
        if line.len() > LONGEST_LINE {
            return None;
        }
        // Those below U+0020 are left to the renderer, which has signs for them.
        let line = line.replace(|c| matches!(c, '\u{80}'..='\u{9f}'), "\u{fffd}");
        let column = place.column.saturating_sub(1) as usize;
        let length = if place.column == 0 {
            line.chars().count()
        } else {
            place.length as usize
        };
        let byte = |chars: usize| {
            line.char_indices()
                .nth(chars)
                .map_or(line.len(), |(at, _)| at)
        };
        Some(Self {
            range: byte(column)..byte(column + length),
            line,
        })
    }
}

/// Control characters from a file could steer the terminal.
fn printable(text: &str) -> String {
    text.chars()
        .map(|c| {
            if c.is_control() && c != '\n' {
                '\u{fffd}'
            } else {
                c
            }
        })
        .collect()
}

/// All diagnostics as JSON, one object a line: `severity`, `code`, `message`, and where they are
/// known `file`, `line`, `column`, `length`, `hint` and `also` (places with a `what`).
#[must_use]
pub fn json(diagnostics: &Diagnostics) -> String {
    let mut out = String::new();
    for diagnostic in diagnostics {
        let mut object = serde_json::Map::new();
        let mut put = |key: &str, value: serde_json::Value| object.insert(key.into(), value);
        put("severity", diagnostic.severity.as_str().into());
        put("code", diagnostic.code.as_str().into());
        put("message", diagnostic.message.as_str().into());
        if let Some(hint) = &diagnostic.hint {
            put("hint", hint.as_str().into());
        }
        if !diagnostic.also.is_empty() {
            let also = diagnostic.also.iter().map(|(place, what)| {
                let mut object = place_fields(place);
                object.insert("what".into(), what.as_str().into());
                serde_json::Value::Object(object)
            });
            put("also", also.collect());
        }
        if let Some(place) = &diagnostic.place {
            object.extend(place_fields(place));
        }
        let _ = writeln!(out, "{}", serde_json::Value::Object(object));
    }
    out
}

fn place_fields(place: &Place) -> serde_json::Map<String, serde_json::Value> {
    let mut fields = serde_json::Map::new();
    fields.insert("file".into(), place.file.as_str().into());
    if place.line > 0 {
        fields.insert("line".into(), place.line.into());
    }
    if place.column > 0 {
        fields.insert("column".into(), place.column.into());
        fields.insert("length".into(), place.length.into());
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::super::{Code, Diagnostic, Diagnostics, Place};

    fn sample() -> Diagnostics {
        Diagnostic::new(Code::DeadLink, "no page at /nowhere/")
            .at(Place::at("content/a.md", 2, 5))
            .hint("did you mean /somewhere/?")
            .also(Place::at("content/b.md", 1, 1), "linked from here as well")
            .into()
    }

    #[test]
    fn text_shows_the_line_and_the_hint() {
        let text_of = |file: &str| (file == "content/a.md").then(|| "one\ntwo three".to_owned());
        insta::assert_snapshot!(super::text(&sample(), &text_of, false), @r#"
    error[dead-link]: no page at /nowhere/
     --> content/a.md:2:5
      |
    2 | two three
      |     ^
     ::: content/b.md:1:1
      = note: linked from here as well
      = help: did you mean /somewhere/?
    "#);
    }

    #[test]
    fn json_has_one_object_a_line() {
        insta::assert_snapshot!(super::json(&sample()), @r#"
    {"also":[{"column":1,"file":"content/b.md","length":1,"line":1,"what":"linked from here as well"}],"code":"dead-link","column":5,"file":"content/a.md","hint":"did you mean /somewhere/?","length":1,"line":2,"message":"no page at /nowhere/","severity":"error"}
    "#);
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        let list = Diagnostics::from(Diagnostic::new(Code::DeadLink, "a\u{1b}[2Jb").at(Place::at(
            "content/a.md",
            1,
            3,
        )));
        let text_of = |_: &str| Some("a\u{1b}[2Jb \u{9b}2J c".to_owned());
        let shown = super::text(&list, &text_of, false);
        assert!(!shown.contains(['\u{1b}', '\u{9b}']), "{shown}");
    }
}
