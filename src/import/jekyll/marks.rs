//! Marks of kramdown that other Markdown does not have, as what says the same.
//!
//! In: a text. Out: the same with Markdown in HTML between empty lines, abbreviations as HTML, tables with a
//! head, and formulas in the signs that Pressroom has for them.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use regex::Regex;

use crate::import::Outcome;
use crate::import::generator::code::Code;
use crate::import::generator::front::Lines;
use crate::import::generator::page::Notes;

/// Makes our marks of kramdown's, and says whether the text has formulas. `first_line` is the line of the
/// file that it begins in.
pub(super) fn ours(text: &str, first_line: u32, notes: &mut Notes) -> (String, bool) {
    let text = tables(text, first_line, notes);
    let (text, has_formulas) = formulas(&inner_markdown(&text));
    (abbreviations(&text), has_formulas)
}

/// Places of a text, in order, and what stands there instead.
#[derive(Default)]
struct Edits(Vec<(Range<usize>, String)>);

impl Edits {
    fn put(&mut self, range: Range<usize>, other: impl Into<String>) {
        self.0.push((range, other.into()));
    }

    fn apply(mut self, text: &str) -> String {
        self.0.sort_by_key(|(range, _)| (range.start, range.end));
        let mut out = String::with_capacity(text.len() + 64);
        let mut done = 0;
        for (range, other) in self.0 {
            if range.start < done {
                continue;
            }
            out.push_str(&text[done..range.start]);
            out.push_str(&other);
            done = range.end;
        }
        out.push_str(&text[done..]);
        out
    }
}

fn parsed(text: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST;
    Parser::new_ext(text, options).into_offset_iter()
}

/// Lines of a text without their ends, by where they are.
fn lines(text: &str) -> impl Iterator<Item = Range<usize>> {
    text.split_inclusive('\n').scan(0, |at, line| {
        let start = *at;
        *at += line.len();
        Some(start..start + line.trim_end_matches(['\n', '\r']).len())
    })
}

/// `$$x$$` is a formula in a line as well, which is `$x$` here; a dollar that is none must then say so.
fn formulas(text: &str) -> (String, bool) {
    if !text.contains("$$") {
        return (text.to_owned(), false);
    }
    let code = Code::of(text);
    let signs = text
        .match_indices("$$")
        .map(|(at, _)| at)
        .filter(|at| !code.has(*at) && !text[..*at].ends_with('\\'));
    let signs: Vec<usize> = signs.collect();
    let mut edits = Edits::default();
    let mut formulas: Vec<Range<usize>> = Vec::new();
    let mut at = 0;
    while let Some([start, end]) = signs.get(at..at + 2) {
        let inner = &text[start + 2..*end];
        // An empty line ends what they stand in.
        if inner.trim().is_empty() || inner.contains("\n\n") {
            at += 1;
            continue;
        }
        at += 2;
        let range = *start..end + 2;
        if !is_paragraph(text, &range) {
            edits.put(range.clone(), format!("${}$", inner.trim()));
        }
        formulas.push(range);
    }
    if formulas.is_empty() {
        return (text.to_owned(), false);
    }
    for (event, range) in parsed(text) {
        if !matches!(event, Event::Text(_)) {
            continue;
        }
        for (dollar, _) in text[range.clone()].match_indices('$') {
            let at = range.start + dollar;
            let next = formulas.partition_point(|formula| formula.end <= at);
            let is_inside = formulas.get(next).is_some_and(|inner| inner.contains(&at));
            if !is_inside && !code.has(at) && !text[..at].ends_with('\\') {
                edits.put(at..at + 1, "\\$");
            }
        }
    }
    (edits.apply(text), true)
}

/// Whether a part of a text is a paragraph of its own.
fn is_paragraph(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].trim_end_matches([' ', '\t']);
    let after = text[range.end..].trim_start_matches([' ', '\t', '\r']);
    let rest = after.strip_prefix('\n').unwrap_or(after);
    let is_last = rest.trim_start_matches([' ', '\t', '\r']);
    let begins = before.is_empty() || before.ends_with("\n\n") || before.ends_with("\n\r\n");
    let ends = after.is_empty()
        || after.starts_with('\n') && (is_last.is_empty() || is_last.starts_with('\n'));
    begins && ends
}

/// Lines of cells that no line divides from a head are a table to kramdown.
fn tables(text: &str, first_line: u32, notes: &mut Notes) -> String {
    if !text.contains('|') {
        return text.to_owned();
    }
    let code = Code::of(text);
    let numbers = Lines::of(text);
    let all: Vec<Range<usize>> = lines(text).collect();
    let mut edits = Edits::default();
    let mut at = 0;
    while at < all.len() {
        let is_row = |line: &Range<usize>| {
            let written = text[line.clone()].trim();
            let is_closed = written.len() > 1 && written.starts_with('|') && written.ends_with('|');
            is_closed && !code.has(line.start + text[line.clone()].find('|').unwrap_or(0))
        };
        let length = all[at..].iter().take_while(|line| is_row(line)).count();
        let rows = &all[at..at + length];
        let follows = at > 0 && !text[all[at - 1].clone()].trim().is_empty();
        at += length.max(1);
        if rows.is_empty() || follows {
            continue;
        }
        let rules: Vec<usize> = (0..length)
            .filter(|row| is_rule(&text[rows[*row].clone()]))
            .collect();
        let line = first_line + numbers.line(rows[0].start) - 1;
        match rules[..] {
            // A head, as everywhere.
            [1] => {}
            [] | [0] => {
                let row = text[rows[0].clone()].trim();
                let cells = cells(text[rows[length.min(2) - 1].clone()].trim()).max(cells(row));
                let indent = &text[rows[0].start
                    ..rows[0].start + text[rows[0].clone()].len()
                        - text[rows[0].clone()].trim_start().len()];
                let head = format!("|{}\n{indent}", "  |".repeat(cells));
                let rule = format!("|{}\n{indent}", " --- |".repeat(cells));
                let rule = if rules.is_empty() {
                    rule
                } else {
                    String::new()
                };
                let start = rows[0].start + indent.len();
                edits.put(start..start, head + &rule);
                let message = "the table has no head, which an empty one stands for";
                notes.add(Outcome::Approximated, "kramdown", line, message);
            }
            _ => {
                let message = "the table has parts of a kind that there is not here, and is shown as it is written";
                notes.add(Outcome::Kept, "kramdown", line, message);
            }
        }
    }
    edits.apply(text)
}

fn is_rule(row: &str) -> bool {
    let inner = row.trim();
    inner.contains(['-', '=']) && inner.chars().all(|c| "|-=:+ \t".contains(c))
}

fn cells(row: &str) -> usize {
    row.replace("\\|", "")
        .matches('|')
        .count()
        .saturating_sub(1)
}

/// `*[HTML]: Hypertext` says what a word means wherever it stands.
fn abbreviations(text: &str) -> String {
    if !text.contains("*[") {
        return text.to_owned();
    }
    let code = Code::of(text);
    let mut meanings: BTreeMap<&str, &str> = BTreeMap::new();
    let mut edits = Edits::default();
    for line in lines(text) {
        let said = text[line.clone()].strip_prefix("*[");
        let said = said.and_then(|said| said.split_once("]:"));
        let Some((word, meaning)) = said.filter(|_| !code.has(line.start)) else {
            continue;
        };
        if !word.trim().is_empty() && !word.contains(['[', ']']) {
            meanings.insert(word.trim(), meaning.trim());
            let end = (line.end + 1).min(text.len());
            edits.put(line.start..end, "");
        }
    }
    if meanings.is_empty() {
        return text.to_owned();
    }
    // The longer of two words counts, so that `HTML5` is none of `HTML`.
    let mut words: Vec<String> = meanings.keys().map(|word| regex::escape(word)).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let Ok(words) = Regex::new(&words.join("|")) else {
        return text.to_owned();
    };
    let mut within = 0;
    for (event, range) in parsed(text) {
        match event {
            Event::Start(Tag::Heading { .. } | Tag::Image { .. } | Tag::CodeBlock(_)) => {
                within += 1;
            }
            Event::End(TagEnd::Heading(_) | TagEnd::Image | TagEnd::CodeBlock) => within -= 1,
            Event::Text(_) if within == 0 => {
                for found in words.find_iter(&text[range.clone()]) {
                    let found_at = range.start + found.start()..range.start + found.end();
                    if is_word(text, &found_at) {
                        let meaning = meanings.get(found.as_str()).copied().unwrap_or_default();
                        let meaning = meaning.replace('&', "&amp;").replace('"', "&quot;");
                        let word = found.as_str();
                        let abbr = match meaning.as_str() {
                            "" => format!("<abbr>{word}</abbr>"),
                            meaning => format!("<abbr title=\"{meaning}\">{word}</abbr>"),
                        };
                        edits.put(found_at, abbr);
                    }
                }
            }
            _ => {}
        }
    }
    edits.apply(text)
}

fn is_word(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    ![before, after]
        .into_iter()
        .flatten()
        .any(char::is_alphanumeric)
}

/// A tag of HTML: whether it closes, its name and its attributes.
static TAG: LazyLock<Regex> =
    LazyLock::new(|| regex(r"<(/?)([A-Za-z][A-Za-z0-9-]*)((?:\s[^<>]*)?)>"));

/// What says that Markdown stands in an element.
static SAYS: LazyLock<Regex> =
    LazyLock::new(|| regex(r#"\s+markdown\s*=\s*["']?(0|1|span|block)["']?"#));

/// A pattern of ours, which is one.
fn regex(pattern: &str) -> Regex {
    Regex::new(pattern).expect("a constant pattern")
}

/// Elements within a line, and those that hold no blocks.
const WITHIN_LINES: [&str; 20] = [
    "a", "abbr", "b", "cite", "code", "em", "i", "kbd", "mark", "q", "s", "small", "span",
    "strong", "sub", "sup", "time", "u", "var", "button",
];

/// Elements within elements that are looked at.
const DEEPEST: usize = 64;

/// `<div markdown="1">` holds Markdown, which here it does where empty lines part it from the tags.
fn inner_markdown(text: &str) -> String {
    if !text.contains("markdown") {
        return text.to_owned();
    }
    let code = Code::of(text);
    let mut edits = Edits::default();
    // Names of what is open, with what its end is to be replaced by.
    let mut open: Vec<(String, Option<End>)> = Vec::new();
    for found in TAG.captures_iter(text) {
        let Some(whole) = found.get(0).filter(|whole| !code.has(whole.start())) else {
            continue;
        };
        let (name, attributes) = (found[2].to_ascii_lowercase(), &found[3]);
        if !found[1].is_empty() {
            let depth = open.len().saturating_sub(DEEPEST);
            let place = open[depth..]
                .iter()
                .rposition(|(opened, _)| *opened == name);
            if let Some(place) = place {
                let (_, end) = open.swap_remove(depth + place);
                open.truncate(depth + place);
                if let Some(end) = end {
                    end.close(text, whole.range(), &mut edits);
                }
            }
            continue;
        }
        let said = SAYS.captures(attributes).map(|said| said[1].to_owned());
        let mut end = None;
        if let Some(said) = said {
            let tag = format!("<{}{}>", &found[2], SAYS.replace(attributes, ""));
            let is_inline = said == "0" || WITHIN_LINES.contains(&name.as_str());
            if is_inline {
                edits.put(whole.range(), tag);
            } else {
                // A paragraph is one without its tags.
                let is_paragraph = name == "p";
                let tag = if is_paragraph { "" } else { &tag };
                let line = &text[..whole.start()];
                let line = &line[line.rfind('\n').map_or(0, |at| at + 1)..];
                let spaces = line.len() - line.trim_start_matches([' ', '\t']).len();
                let indent = line[..spaces].to_owned();
                edits.put(whole.range(), format!("{tag}\n\n{indent}"));
                end = Some(End {
                    is_paragraph,
                    indent,
                });
            }
        }
        if !attributes.ends_with('/') {
            open.push((name, end));
        }
    }
    edits.apply(text)
}

/// How an element that holds Markdown ends.
struct End {
    is_paragraph: bool,
    indent: String,
}

impl End {
    fn close(&self, text: &str, range: Range<usize>, edits: &mut Edits) {
        let indent = &self.indent;
        let tag = if self.is_paragraph {
            ""
        } else {
            &text[range.clone()]
        };
        let follows = text[range.end..].trim_start_matches([' ', '\t', '\r']);
        let gap = if follows.is_empty() || follows.starts_with("\n\n") {
            String::new()
        } else {
            format!("\n\n{indent}")
        };
        edits.put(range, format!("\n\n{indent}{tag}{gap}"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(text: &str) -> String {
        ours(text, 1, &mut Notes::default()).0
    }

    #[test]
    fn formulas_have_our_signs() {
        assert_eq!(
            ours(
                "$$x^2$$\n\na $$y$$ for $5, `$$z$$`\n",
                1,
                &mut Notes::default()
            ),
            ("$$x^2$$\n\na $y$ for \\$5, `$$z$$`\n".to_owned(), true)
        );
        assert_eq!(
            ours("$5 and $$", 1, &mut Notes::default()),
            ("$5 and $$".to_owned(), false)
        );
    }

    #[test]
    fn a_table_without_a_head_gets_an_empty_one() {
        assert_eq!(
            made("a\n\n| no | head |\n| a | b |\n"),
            "a\n\n|  |  |\n| --- | --- |\n| no | head |\n| a | b |\n"
        );
        assert_eq!(
            made("|---|:-:|\n| a | b |"),
            "|  |  |\n|---|:-:|\n| a | b |"
        );
        let table = "| a | b |\n|---|---|\n| c | d |\n";
        assert_eq!(made(table), table);
        let code = "```\n| a | b |\n```\n";
        assert_eq!(made(code), code);
        let mut notes = Notes::default();
        let parts = "| a |\n|---|\n| b |\n|===|\n| c |\n";
        assert_eq!(ours(parts, 1, &mut notes).0, parts);
        assert_eq!(notes.0.len(), 1);
    }

    #[test]
    fn abbreviations_are_elements() {
        assert_eq!(
            made("HTML and HTML5, `HTML`, XHTML.\n\n*[HTML]: Hyper \"Text\"\n*[HTML5]:\n"),
            "<abbr title=\"Hyper &quot;Text&quot;\">HTML</abbr> and <abbr>HTML5</abbr>, `HTML`, XHTML.\n\n"
        );
    }

    #[test]
    fn markdown_in_html_stands_between_empty_lines() {
        for (text, ours) in [
            (
                "<div class=\"a\" markdown=\"1\">\n*b*\n</div>\nc\n",
                "<div class=\"a\">\n\n\n*b*\n\n\n</div>\n\n\nc\n",
            ),
            (
                "<section markdown=1><div>x</div> *y*</section>",
                "<section>\n\n<div>x</div> *y*\n\n</section>",
            ),
            ("<p markdown=\"1\">*x*</p>\n", "\n\n*x*\n\n\n\n\n"),
            ("<span markdown='span'>*x*</span>", "<span>*x*</span>"),
            ("`<div markdown=\"1\">`", "`<div markdown=\"1\">`"),
        ] {
            let made = made(text);
            let squeezed = |text: &str| {
                let mut text = text.to_owned();
                while text.contains("\n\n\n") {
                    text = text.replace("\n\n\n", "\n\n");
                }
                text
            };
            assert_eq!(squeezed(&made), squeezed(ours), "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(<div markdown=\"1\">|<div>|</div>|<p|>|\\$\\$|\\$|\\||---|\\*\\[|\\]:|a|é|`|\n| |\\\\|#){0,40}") {
            let _ = ours(&text, 1, &mut Notes::default());
        }
    }
}
