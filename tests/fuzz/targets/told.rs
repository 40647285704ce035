//! Whether what is told can be shown.

use pressroom::diagnostics::{Diagnostic, Diagnostics, render};

/// Whether words are for people: there are some, and nothing in them is a mark of ours.
fn speaks(words: &str) {
    assert!(!words.trim().is_empty());
    assert!(!words.contains(['\u{1}', '\u{2}']), "{words:?}");
}

/// Whether what is wrong with a file can be shown, each with a place that is in it.
pub(super) fn can_be_shown<'a>(
    found: impl IntoIterator<Item = &'a Diagnostic>,
    file: &str,
    text: &str,
) {
    let mut all = Diagnostics::new();
    let lines: Vec<&str> = text.split('\n').collect();
    for diagnostic in found {
        speaks(&diagnostic.message);
        diagnostic.hint.iter().for_each(|hint| speaks(hint));
        for place in diagnostic.places().filter(|place| place.file == file) {
            let line = place.line as usize;
            assert!(line <= lines.len() && place.length > 0, "{diagnostic:?}");
            if line > 0 && place.column > 0 {
                let width = lines[line - 1].chars().count() + 1;
                assert!(place.column as usize <= width + 1, "{diagnostic:?}");
            }
        }
        all.push(diagnostic.clone());
    }
    let text_of = |name: &str| (name == file).then(|| text.to_owned());
    let shown = render::text(&all, &text_of, false);
    assert!(all.is_empty() || !shown.trim().is_empty());
    // A terminal obeys these.
    let obeyed = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    assert!(!shown.contains(obeyed), "{shown:?}");
}
