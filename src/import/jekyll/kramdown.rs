//! Attributes of kramdown, `{: .wide}` and `{:toc}`, which other Markdown shows as text.
//!
//! In: a text. Out: the same without them, and whether it asked for a table of contents. An id of a
//! heading stays one.

use crate::import::Outcome;
use crate::import::generator::code::Code;
use crate::import::generator::front::Lines;
use crate::import::generator::page::Notes;

/// Most letters of attributes that are looked at.
const LONGEST: usize = 1000;

/// Takes the attributes out of a text. `first_line` is the line of the file that it begins in.
pub(super) fn without_attributes(text: &str, first_line: u32, notes: &mut Notes) -> (String, bool) {
    if !text.contains("{:") {
        return (text.to_owned(), false);
    }
    let code = Code::of(text);
    let lines = Lines::of(text);
    let mut out = String::with_capacity(text.len());
    let mut toc = false;
    let mut at = 0;
    while let Some(found) = text[at..].find("{:") {
        let start = at + found;
        let Some(length) = attributes(&text[start..]).filter(|_| !code.has(start)) else {
            out.push_str(&text[at..start + 2]);
            at = start + 2;
            continue;
        };
        out.push_str(&text[at..start]);
        at = start + length;
        let said = text[start + 2..at - 1].trim_start_matches(':').trim();
        let before = out.trim_end_matches([' ', '\t']);
        let after = text[at..].trim_start_matches([' ', '\t', '\r']);
        let is_line = (before.is_empty() || before.ends_with('\n'))
            && (after.is_empty() || after.starts_with('\n'));
        let line = first_line + lines.line(start) - 1;
        if said == "toc" || said.starts_with("toc ") {
            toc = true;
            drop_line(&mut out);
            drop_list_item(&mut out);
            notes.add(
                Outcome::Approximated,
                "kramdown",
                line,
                "`{:toc}` is `toc: true`: the table of contents stands where the theme has it",
            );
            continue;
        }
        let id = said
            .split_whitespace()
            .find_map(|word| word.strip_prefix('#'));
        if is_line {
            drop_line(&mut out);
        }
        let is_of_heading = is_line
            && out
                .trim_end()
                .rsplit('\n')
                .next()
                .is_some_and(|line| line.starts_with('#'));
        match id {
            Some(id) if is_of_heading && !out.trim_end().ends_with('}') => {
                let end = out.trim_end().len();
                out.insert_str(end, &format!(" {{#{id}}}"));
            }
            _ => {
                let message = format!(
                    "`{{:{}}}` is left out: classes and attributes are for templates",
                    &text[start + 2..at - 1]
                );
                notes.add(Outcome::Dropped, "kramdown", line, message);
            }
        }
    }
    out.push_str(&text[at..]);
    (out, toc)
}

/// The length of attributes at the beginning of a text.
fn attributes(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("{:")?;
    let mut letters = inner.char_indices().take(LONGEST);
    let (end, closing) = letters.find(|(_, c)| matches!(c, '}' | '\n'))?;
    if closing != '}' {
        return None;
    }
    let said = &inner[..end];
    let begins = said.starts_with([' ', '.', '#', ':', '/'])
        || said.starts_with(|c: char| c.is_ascii_alphabetic());
    // `{:key => 1}` is Ruby.
    (begins && !said.contains("=>")).then_some(2 + end + 1)
}

/// Takes the indent of a line back that nothing is left of, and its line end.
fn drop_line(out: &mut String) {
    out.truncate(out.trim_end_matches([' ', '\t']).len());
    if out.ends_with('\n') {
        out.pop();
    }
}

/// Takes the list item back that a table of contents stood in the place of.
fn drop_list_item(out: &mut String) {
    let start = out.rfind('\n').map_or(0, |end| end + 1);
    let line = out[start..].trim_start();
    if line.starts_with(['*', '-', '+']) || line.starts_with("1.") || line.starts_with("0.") {
        out.truncate(start);
        if out.ends_with('\n') {
            out.pop();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> (String, bool, usize) {
        let mut notes = Notes::default();
        let (plain, toc) = without_attributes(text, 1, &mut notes);
        (plain, toc, notes.0.len())
    }

    #[test]
    fn attributes_are_taken_out_and_told() {
        assert_eq!(
            plain("A\n{: .lead}\n\nB ![c](d){:.wide width=\"3\"} e\n"),
            ("A\n\nB ![c](d) e\n".to_owned(), false, 2)
        );
        assert_eq!(
            plain("Hello\n\n* Contents\n{:toc}\n\n## B\n{: #b}\n"),
            ("Hello\n\n\n## B {#b}\n".to_owned(), true, 1)
        );
        assert_eq!(plain("`{: .a}` {:a => 1} {:\nb}").2, 0);
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(\\{:|\\}|toc|#|\\.|a| |\n|\\*|`|é){0,40}") {
            let _ = plain(&text);
        }

        #[test]
        fn text_without_attributes_stays(text in "([^{:]|\n){0,60}") {
            proptest::prop_assert_eq!(plain(&text).0, text);
        }
    }
}
