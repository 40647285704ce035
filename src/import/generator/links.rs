//! Links of a text to other files of the archive.
//!
//! In: a text of Markdown, and what a destination becomes. Out: the text with other destinations, byte
//! for byte the same elsewhere. Also how one file of content/ names another.

use std::ops::Range;

use super::code::Code;
use crate::model::encode;

/// Longest destination that is looked at, in letters: nobody wrote more, and where one has no end, all that
/// follow would be read to the end of the text.
const LONGEST: usize = 2000;

/// Replaces destinations of links and pictures, outside of code. `map` says what becomes of one at a
/// place; `None` leaves it.
pub(in crate::import) fn map(
    text: &str,
    code: &Code,
    mut map: impl FnMut(&str, usize) -> Option<String>,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for range in destinations(text) {
        if range.start < done || code.has(range.start) {
            continue;
        }
        if let Some(other) = map(&text[range.clone()], range.start) {
            out.push_str(&text[done..range.start]);
            out.push_str(&other);
            done = range.end;
        }
    }
    out.push_str(&text[done..]);
    out
}

/// Where destinations stand: in `](…)`, in `[…]: …` at the beginning of a line, and in `href="…"` and
/// `src="…"`.
fn destinations(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for (at, _) in text.match_indices("](") {
        found.extend(destination(text, at + 2, true));
    }
    for (at, _) in text.match_indices("]:") {
        let before = text[..at].bytes().rev().take(LONGEST);
        let length = before.take_while(|byte| *byte != b'\n').count();
        let before = text[at - length..at].trim_start_matches(' ');
        if length < LONGEST && before.starts_with('[') && !before.starts_with("[^") {
            found.extend(destination(text, at + 2, false));
        }
    }
    for name in ["href=", "src="] {
        for (at, _) in text.match_indices(name) {
            let start = at + name.len();
            let quote = text[start..]
                .chars()
                .next()
                .filter(|quote| matches!(quote, '"' | '\''));
            if let Some(quote) = quote
                && let Some(length) = text[start + 1..].find([quote, '\n'])
            {
                found.push(start + 1..start + 1 + length);
            }
        }
    }
    found.sort_by_key(|range| range.start);
    found
}

fn destination(text: &str, at: usize, in_parentheses: bool) -> Option<Range<usize>> {
    let left = &text[at..];
    let start = at + left.len() - left.trim_start_matches([' ', '\t']).len();
    let rest = &text[start..];
    if let Some(inner) = rest.strip_prefix('<') {
        let mut letters = inner.char_indices().take(LONGEST);
        let (length, _) = letters.find(|(_, c)| matches!(c, '>' | '\n'))?;
        return Some(start + 1..start + 1 + length);
    }
    let mut depth = 0_usize;
    let mut length = (!in_parentheses && rest.len() <= LONGEST).then_some(rest.len());
    for (at, c) in rest.char_indices().take(LONGEST) {
        match c {
            '(' => depth += 1,
            ')' if depth == 0 && in_parentheses => {
                length = Some(at);
                break;
            }
            ')' => depth = depth.saturating_sub(1),
            c if c.is_whitespace() => {
                // What follows in parentheses is their end, or a title.
                let after = rest[at..].trim_start();
                let ends = !in_parentheses || after.starts_with([')', '"', '\'', '(']);
                length = ends.then_some(at);
                break;
            }
            _ => {}
        }
    }
    let length = length.filter(|length| *length > 0)?;
    Some(start..start + length)
}

/// A destination without what stands behind `#` or `?`, and that.
pub(in crate::import) fn split(destination: &str) -> (&str, &str) {
    destination.split_at(destination.find(['#', '?']).unwrap_or(destination.len()))
}

/// How a file names another: both are paths from one root.
pub(in crate::import) fn relative(from: &str, to: &str) -> String {
    let mut from: Vec<&str> = from.split('/').collect();
    from.pop();
    let to: Vec<&str> = to.split('/').collect();
    let name_at = to.len() - 1;
    let shared = from
        .iter()
        .zip(&to[..name_at])
        .take_while(|(a, b)| a == b)
        .count();
    let up = std::iter::repeat_n("..", from.len() - shared);
    let path: Vec<&str> = up.chain(to[shared..].iter().copied()).collect();
    // Parentheses would end the destination.
    encode(&path.join("/"))
        .replace('(', "%28")
        .replace(')', "%29")
}

/// Whether a destination leads to another site, or is none of the file's own.
pub(in crate::import) fn is_elsewhere(destination: &str) -> bool {
    let scheme = destination.split(['/', '?', '#']).next().unwrap_or("");
    scheme.contains(':') || destination.starts_with("//") || destination.is_empty()
}

/// Whether what follows a text is the destination of a link.
pub(in crate::import) fn is_destination(before: &str) -> bool {
    let before = before.trim_end_matches([' ', '\t']);
    ["](", "](<", "]:", "=\"", "='", "="]
        .iter()
        .any(|end| before.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn destinations_are_replaced_and_nothing_else() {
        let text = "[a](b.md) ![c](<d e.md> \"t\") `[f](b.md)` [g]( h(1).md#i )\n[j]: b.md 'k'\n<a href=\"b.md\">[^1]: b.md";
        let mapped = map(text, &Code::of(text), |destination, _| {
            Some(destination.to_uppercase())
        });
        assert_eq!(
            mapped,
            "[a](B.MD) ![c](<D E.MD> \"t\") `[f](b.md)` [g]( H(1).MD#I )\n[j]: B.MD 'k'\n<a href=\"B.MD\">[^1]: b.md"
        );
        assert_eq!(map(text, &Code::of(text), |_, _| None), text);
        let text = "# ](#a and ](b\n\n[c](d e)";
        let mapped = map(text, &Code::of(text), |_, _| Some(String::new()));
        assert_eq!(mapped, text, "none of these is a link");
    }

    #[test]
    fn one_file_names_another() {
        for (from, to, name) in [
            ("content/a/b.md", "content/a/c.md", "c.md"),
            ("content/a/b.md", "content/d/c e.md", "../d/c%20e.md"),
            ("content/a.md", "content/d/_index.md", "d/_index.md"),
            (
                "content/a/b/index.md",
                "content/a/c/index.md",
                "../c/index.md",
            ),
        ] {
            assert_eq!(relative(from, to), name);
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_changes_that_is_not_asked_for(text in "(\\[|\\]|\\(|\\)|:|<|>|a|`|é|\n| |href=|\"){0,40}") {
            proptest::prop_assert_eq!(map(&text, &Code::of(&text), |_, _| None), text.clone());
            let _ = map(&text, &Code::of(&text), |_, _| Some("x".to_owned()));
        }
    }
}
