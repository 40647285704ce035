//! Text that shows in Markdown as it is.
//!
//! In: text, and what stands before it. Out: the same with a backslash before each character that
//! would mean something to Pressroom's Markdown, and as few others as can be.

use std::fmt::Write as _;

/// Adds text to a line. `in_link`: it is the text of a link, where brackets must not end it. `after`: what
/// follows it, if that is known.
pub(super) fn push(out: &mut String, text: &str, in_link: bool, after: Option<char>) {
    let mut before = out.chars().next_back().unwrap_or(' ');
    if before != ']' && !text.bytes().any(is_special) {
        out.push_str(text);
        return;
    }
    // A bracket that ended another piece of text must not become a link with this one.
    if before == ']' && text.starts_with(['(', '[', ':', '{']) {
        out.push('\\');
    }
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        let next = letters.peek().copied().or(after);
        if needs_backslash(letter, before, next, in_link) {
            out.push('\\');
        }
        out.push(letter);
        before = letter;
    }
}

fn is_special(byte: u8) -> bool {
    matches!(
        byte,
        b'\\' | b'*' | b'_' | b'`' | b'~' | b'^' | b'[' | b']' | b'<' | b'&' | b'{' | b'%'
    )
}

fn needs_backslash(letter: char, before: char, next: Option<char>, in_link: bool) -> bool {
    match letter {
        '*' | '`' | '~' | '^' => true,
        '\\' => next.is_none_or(|next| !next.is_alphanumeric()),
        // Within a word it is a letter like others.
        '_' => !(before.is_alphanumeric() && next.is_some_and(char::is_alphanumeric)),
        '[' => {
            let marks = |next: char| matches!(next, '[' | ']' | '^' | '!' | ' ' | 'x' | 'X');
            in_link || before == '!' || next.is_none_or(marks)
        }
        ']' => in_link || next.is_some_and(|next| matches!(next, '(' | '[' | ':' | '{')),
        '<' => {
            next.is_none_or(|next| next.is_ascii_alphabetic() || matches!(next, '/' | '!' | '?'))
        }
        '&' => next.is_none_or(|next| next.is_ascii_alphanumeric() || next == '#'),
        // Two of these, or one and a percent sign, may call a component.
        '{' | '%' => before == '{',
        _ => false,
    }
}

/// Makes a paragraph's lines begin no list, heading, quotation, definition or table.
pub(super) fn paragraph(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            out.push('\n');
        }
        let digits = line.len() - line.trim_start_matches(|c: char| c.is_ascii_digit()).len();
        let rest = &line[digits..];
        let is_gap = |rest: &str| rest.is_empty() || rest.starts_with([' ', '\t', '\\']);
        if digits == 0 && begins(line) {
            out.push('\\');
        } else if (1..=9).contains(&digits) && (rest.starts_with(['.', ')']) && is_gap(&rest[1..]))
        {
            out.push_str(&line[..digits]);
            out.push('\\');
            out.push_str(rest);
            continue;
        }
        out.push_str(line);
    }
    out
}

/// Whether a line that begins so may be something else than text.
fn begins(line: &str) -> bool {
    match line.bytes().next() {
        Some(b'#') => {
            let rest = line.trim_start_matches('#');
            line.len() - rest.len() <= 6 && (rest.is_empty() || rest.starts_with(' '))
        }
        Some(b'>' | b'-' | b'|' | b':') => true,
        Some(b'+') => matches!(line.as_bytes().get(1), None | Some(b' ' | b'+')),
        Some(b'=') => line.trim_end().bytes().all(|byte| byte == b'='),
        _ => false,
    }
}

/// Adds the destination of a link: an address in which nothing ends it.
pub(super) fn destination(out: &mut String, url: &str) {
    let url = url.trim();
    if url.is_empty() {
        out.push_str("<>");
        return;
    }
    for (at, letter) in url.char_indices() {
        match letter {
            ' ' => out.push_str("%20"),
            '(' => out.push_str("%28"),
            ')' => out.push_str("%29"),
            '<' => out.push_str("%3C"),
            '>' => out.push_str("%3E"),
            '\\' => out.push_str("%5C"),
            '{' => out.push_str("%7B"),
            '}' => out.push_str("%7D"),
            '`' => out.push_str("%60"),
            '"' => out.push_str("%22"),
            '|' => out.push_str("%7C"),
            // `&copy=1` must not become a sign.
            '&' if url[at + 1..].starts_with(|c: char| c.is_ascii_alphanumeric() || c == '#') => {
                out.push_str("&amp;");
            }
            letter if letter.is_control() => {}
            letter if letter.is_whitespace() => {
                let mut bytes = [0; 4];
                for byte in letter.encode_utf8(&mut bytes).bytes() {
                    let _ = write!(out, "%{byte:02X}");
                }
            }
            letter => out.push(letter),
        }
    }
}

/// A text in quotes, as the call of a component has it.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    let words = text.split_whitespace();
    for (at, word) in words.enumerate() {
        if at > 0 {
            out.push(' ');
        }
        for letter in word.chars() {
            if matches!(letter, '"' | '\\') {
                out.push('\\');
            }
            out.push(letter);
        }
    }
    out.push('"');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut out = String::new();
        push(&mut out, text, false, None);
        paragraph(&out)
    }

    #[test]
    fn what_would_mean_something_gets_a_backslash_and_nothing_else() {
        for (text, expected) in [
            ("snake_case and _so_", r"snake_case and \_so\_"),
            ("2 * 3 * 4 ~ 5^2", r"2 \* 3 \* 4 \~ 5\^2"),
            ("[contact-form id=\"1\"]", r#"[contact-form id="1"]"#),
            ("[sic], [^1] and [[x]]", r"[sic], \[\^1] and \[\[x]]"),
            ("a < b &c; &amp; d", r"a < b \&c; \&amp; d"),
            ("<b> </b> <!--", r"\<b> \</b> \<!--"),
            (
                "{{<figure />}} {% <x> %} {{% y %}}",
                r"{\{\<figure />}} {\% \<x> %} {\{\% y %}}",
            ),
            ("C:\\dir \\* end\\", r"C:\dir \\\* end\\"),
            ("# no heading", r"\# no heading"),
            ("#hashtag", "#hashtag"),
            ("1. no list", r"1\. no list"),
            ("1.5 times", "1.5 times"),
            ("- no list", r"\- no list"),
            (": no definition", r"\: no definition"),
            ("| a | b |", r"\| a | b |"),
            ("> no quotation", r"\> no quotation"),
        ] {
            assert_eq!(escaped(text), expected, "{text}");
        }
    }

    #[test]
    fn an_address_ends_where_it_should() {
        let mut out = String::new();
        destination(&mut out, "/a (b)/c?x=1&copy=2&y= {{<z");
        assert_eq!(out, "/a%20%28b%29/c?x=1&amp;copy=2&amp;y=%20%7B%7B%3Cz");
    }
}
