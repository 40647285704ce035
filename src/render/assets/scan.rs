//! A style sheet as text: where its first statements end, and whether all that it opens is closed.
//!
//! Sheets are put together as they are written, so that nothing of them is lost which a parser does
//! not know. For that it takes no more than to tell strings, comments and brackets apart.

use std::ops::Range;

/// A statement at the head of a sheet, where imports stand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Statement {
    pub kind: Kind,
    /// Its bytes, with the semicolon.
    pub range: Range<usize>,
}

/// What may stand before and among imports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Charset,
    Layer,
    Import,
}

/// The statements that a sheet begins with, up to its first rule.
pub(super) fn head(css: &str) -> Vec<Statement> {
    const KINDS: [(&str, Kind); 3] = [
        ("@charset", Kind::Charset),
        ("@layer", Kind::Layer),
        ("@import", Kind::Import),
    ];
    let mut found = Vec::new();
    let mut at = 0;
    while at < css.len() {
        let rest = &css.as_bytes()[at..];
        if rest[0].is_ascii_whitespace() || rest.starts_with(b"/*") {
            at = token_end(css, at).end;
            continue;
        }
        if rest.starts_with("\u{feff}".as_bytes()) && at == 0 {
            at = 3;
            continue;
        }
        let kind = KINDS.iter().find(|(name, _)| {
            rest.len() > name.len()
                && rest[..name.len()].eq_ignore_ascii_case(name.as_bytes())
                && !is_name(rest[name.len()])
        });
        let Some((&(_, kind), end)) = kind.zip(statement_end(css, at)) else {
            break;
        };
        found.push(Statement {
            kind,
            range: at..end,
        });
        at = end;
    }
    found
}

/// Where a statement ends; `None` if it is a rule with a block.
fn statement_end(css: &str, start: usize) -> Option<usize> {
    let mut depth = 0_usize;
    let mut at = start;
    while at < css.len() {
        match css.as_bytes()[at] {
            b'{' | b'}' if depth == 0 => return None,
            b';' if depth == 0 => return Some(at + 1),
            b'(' | b'[' | b'{' => depth += 1,
            b')' | b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        at = token_end(css, at).end;
    }
    Some(css.len())
}

/// The brackets of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Brackets {
    /// How many are within each other, at most.
    pub deepest: usize,
    /// Whether each is closed by its own kind, and so are strings and comments. What stands after a
    /// text in which they are not would be taken for a part of it.
    pub are_closed: bool,
}

/// Looks at the brackets of a text.
pub(super) fn brackets(css: &str) -> Brackets {
    let mut open = Vec::new();
    let mut found = Brackets {
        deepest: 0,
        are_closed: true,
    };
    let mut at = 0;
    while at < css.len() {
        match css.as_bytes()[at] {
            b'(' => open.push(b')'),
            b'[' => open.push(b']'),
            b'{' => open.push(b'}'),
            closing @ (b')' | b']' | b'}') => found.are_closed &= open.pop() == Some(closing),
            _ => {}
        }
        found.deepest = found.deepest.max(open.len());
        let token = token_end(css, at);
        found.are_closed &= token.is_whole;
        at = token.end;
    }
    found.are_closed &= open.is_empty();
    found
}

/// The end of a token.
struct Token {
    end: usize,
    /// Whether it ends as it should, and not with the text.
    is_whole: bool,
}

/// The token that begins at a byte, as far as brackets could be hidden in it.
fn token_end(css: &str, at: usize) -> Token {
    let bytes = css.as_bytes();
    let whole = |end: usize| Token {
        end: end.min(bytes.len()),
        is_whole: end <= bytes.len(),
    };
    let up_to = |from: usize, needle: &[u8]| match memchr::memmem::find(&bytes[from..], needle) {
        Some(found) => whole(from + found + needle.len()),
        None => whole(bytes.len() + 1),
    };
    match bytes[at] {
        b'/' if bytes[at..].starts_with(b"/*") => up_to(at + 2, b"*/"),
        quote @ (b'"' | b'\'') => {
            string_end(bytes, at + 1, quote).map_or(whole(bytes.len() + 1), whole)
        }
        b'\\' => whole(at + 2),
        b'u' | b'U' if is_url(bytes, at) => {
            let inside = at + "url(".len();
            let written = bytes[inside..]
                .iter()
                .find(|byte| !byte.is_ascii_whitespace());
            if matches!(written, Some(b'"' | b'\'')) {
                // The bracket and the string are tokens of their own.
                whole(at + 3)
            } else {
                string_end(bytes, inside, b')').map_or(whole(bytes.len() + 1), whole)
            }
        }
        _ => whole(at + 1),
    }
}

fn is_url(bytes: &[u8], at: usize) -> bool {
    let is_word = bytes[at..].len() >= 4 && bytes[at..at + 4].eq_ignore_ascii_case(b"url(");
    is_word && (at == 0 || !is_name(bytes[at - 1]))
}

/// Where a string ends that is closed by `last`. A string of one line ends with the line even if it
/// is not.
fn string_end(bytes: &[u8], from: usize, last: u8) -> Option<usize> {
    let mut at = from;
    while at < bytes.len() {
        match bytes[at] {
            b'\\' => at += 1,
            b'\n' if last != b')' => return Some(at),
            byte if byte == last => return Some(at + 1),
            _ => {}
        }
        at += 1;
    }
    None
}

fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_') || !byte.is_ascii()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn statements(css: &str) -> Vec<&str> {
        head(css)
            .into_iter()
            .map(|statement| &css[statement.range])
            .collect()
    }

    #[test]
    fn the_head_of_a_sheet_ends_at_its_first_rule() {
        let css = "\u{feff}@charset \"UTF-8\"; /* ; */ @layer a, b;\n@IMPORT url(x;y.css) \
                   supports(content: \";\") print;@import 'z.css'; p{} @import 'late.css';";
        assert_eq!(
            statements(css),
            [
                "@charset \"UTF-8\";",
                "@layer a, b;",
                "@IMPORT url(x;y.css) supports(content: \";\") print;",
                "@import 'z.css';"
            ]
        );
        assert_eq!(statements("@layer a { p {} } @import 'b';"), [""; 0]);
        assert_eq!(statements("@importance 'b';"), [""; 0]);
        assert_eq!(statements("@import 'b'"), ["@import 'b'"]);
        assert_eq!(statements(""), [""; 0]);
    }

    #[test]
    fn what_is_not_closed_is_told_from_what_only_looks_so() {
        let depth = |css| {
            let found = brackets(css);
            found.are_closed.then_some(found.deepest)
        };
        assert_eq!(
            depth("a{b:c} /* } */ d{e:'}';f:\"\\\"}\";g:url(})}"),
            Some(1)
        );
        assert_eq!(depth("@media x{a{b:c(d[e])}}"), Some(4));
        assert_eq!(depth("a::before{content:\"\\}\"} b\\{{}"), Some(1));
        for open in ["a{", "a}", "a(]", "/* a", "a{b:url(c}", "a{b:\"c", "\\"] {
            assert_eq!(depth(open), None, "{open}");
        }
    }
}
