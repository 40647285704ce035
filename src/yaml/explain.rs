//! The parser's words, for people who write YAML.
//!
//! In: the text of a parser's error, or a line and where a value begins in it. Out: what is wrong
//! and what to do about it, and how far the value goes.

use crate::diagnostics::closest;

/// What the parser says of text that is no YAML, in words for people, and what to do.
const SYNTAX: &[(&str, &str, &str)] = &[
    (
        "mapping values are not allowed",
        "there is a second `: ` here, where one value was expected",
        "put the value in quotes when it has a colon and a space in it; \
         otherwise check the indent: keys of one level begin in one column",
    ),
    (
        "cannot start any token",
        "a value cannot begin with this character",
        "indent with spaces, not tabs, and put a value that begins with @, ` or % in quotes",
    ),
    (
        "violates indentation",
        "this line is indented with a tab",
        "indent with spaces",
    ),
    (
        "did not find expected key",
        "this line fits nothing before it",
        "look for a missing quote, a wrong indent, or text after a closing quote",
    ),
    (
        "did not find expected ',' or",
        "a list or mapping in brackets is not closed, or a comma is missing",
        "write [one, two] or {key: value}",
    ),
    (
        "unexpected end of stream",
        "a quote or bracket that is opened above is never closed",
        "close it, or put the text in a block: `key: |`",
    ),
    (
        "expected alphabetic or numeric character",
        "a value cannot begin with this character",
        "put the value in quotes: * and & have a meaning of their own in YAML",
    ),
    (
        "could not find expected ':'",
        "this line has no key",
        "every line at this level needs a key, a colon and a space: `key: value`",
    ),
    (
        "unknown anchor",
        "a value cannot begin with *",
        "put the value in quotes: * refers to an anchor, and there is none of this name",
    ),
    (
        "control characters are not allowed",
        "there is a character in this line that is no text",
        "delete it; where it has to be, write it as \"\\u0007\" in quotes",
    ),
    (
        "more than one document",
        "there is a line of `---` in the middle",
        "remove it: a file is one document",
    ),
];

/// The parser's words, without positions and paths, and what to do about the usual ones. `key` is
/// the key at the top of the mapping whose value was being read.
pub(super) fn explain(text: &str, key: Option<&str>) -> (String, Option<String>) {
    let (before, _) = text.split_once(" at line ").unwrap_or((text, ""));
    let message = before.trim();
    if let Some((_, plain, hint)) = SYNTAX.iter().find(|(words, ..)| message.contains(words)) {
        return ((*plain).to_owned(), Some((*hint).to_owned()));
    }
    // The parser begins with the path of the value, where it knows one: `listing.page_size: …`.
    let path = message
        .split_once(": ")
        .map(|(path, _)| path)
        .filter(|path| is_path(path));
    let what = path
        .or(key)
        .map_or_else(|| "this".to_owned(), |name| format!("`{name}`"));
    let hint: Option<String> = None;
    if let Some((_, rest)) = message.split_once("unknown field `") {
        let (field, known) = named(rest);
        let within = path
            .or(key)
            .map_or_else(|| "there is".to_owned(), |key| format!("`{key}` has"));
        let hint = match closest(field, known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the keys are {}", known.join(", ")),
        };
        return (format!("{within} no key `{field}`"), Some(hint));
    }
    if let Some((_, rest)) = message.split_once("missing field `") {
        let (field, _) = named(rest);
        return (
            format!("{what} needs a key `{field}`"),
            Some(format!("write `{field}: …`")),
        );
    }
    if let Some((_, rest)) = message.split_once("duplicate entry with key ") {
        return (
            format!("{what} has the key {} twice", rest.replace('"', "`")),
            Some("keep one of the two".to_owned()),
        );
    }
    let invalid = message
        .split_once("invalid type: ")
        .or_else(|| message.split_once("invalid value: "));
    if let Some((_, rest)) = invalid {
        let (found, expected) = rest
            .split_once(", expected ")
            .unwrap_or((rest, "something else"));
        let (found, expected) = (plain_type(found), plain_type(expected));
        let hint = example(&expected, path.or(key));
        return (format!("{what} must be {expected}, not {found}"), hint);
    }
    if let Some((_, rest)) = message.split_once("unknown variant `") {
        let (found, known) = named(rest);
        return (
            format!("{what} cannot be `{found}`"),
            Some(format!("write {}", one_of(&known))),
        );
    }
    (message.to_owned(), hint)
}

/// Whether the words before a colon are the path of a value, such as `navigation[0].url`.
fn is_path(words: &str) -> bool {
    !words.is_empty()
        && words
            .chars()
            .all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '[' | ']'))
}

/// How a value of a kind is written.
fn example(expected: &str, key: Option<&str>) -> Option<String> {
    let key = key.map_or("key", |path| path.rsplit('.').next().unwrap_or(path));
    let value = match expected {
        "text" => "some text",
        "true or false" => "true",
        "a list" | "text or a list of texts" => "[one, two]",
        "a whole number" | "a whole number above 0" => "20",
        "a mapping" => "{name: value}",
        "a mapping such as {count: 3}, or false" => "{count: 3}",
        "an article's path, slug or URL" => "news/budget",
        "an article or a list of articles" | "an article, a list of articles, or false" => {
            "[news/budget, news/vote]"
        }
        _ => return None,
    };
    Some(format!("write `{key}: {value}`"))
}

/// Words with commas between, and `or` before the last.
fn one_of(words: &[&str]) -> String {
    match words {
        [] => String::new(),
        [one] => (*one).to_owned(),
        [rest @ .., last] => format!("{} or {last}", rest.join(", ")),
    }
}

/// A name before a backtick, and the names between backticks that follow.
fn named(rest: &str) -> (&str, Vec<&str>) {
    let (name, expected) = rest.split_once('`').unwrap_or((rest, ""));
    (name, expected.split('`').skip(1).step_by(2).collect())
}

/// serde's names of types in the words of someone who writes YAML.
fn plain_type(name: &str) -> String {
    let name = name.strip_prefix("unit value").map_or(name, |_| "nothing");
    match name {
        "a string" | "string" => "text".into(),
        "a map" | "map" | "struct" => "a mapping".into(),
        "sequence" | "a sequence" => "a list".into(),
        "a boolean" => "true or false".into(),
        "usize" | "u32" | "u64" | "i64" | "u16" => "a whole number".into(),
        "a nonzero usize" => "a whole number above 0".into(),
        _ => {
            if let Some(rest) = name.strip_prefix("string ") {
                format!("the text {rest}")
            } else if let Some(rest) = name.strip_prefix("boolean ") {
                rest.replace('`', "")
            } else if let Some(rest) = name
                .strip_prefix("integer ")
                .or_else(|| name.strip_prefix("floating point "))
            {
                format!("the number {}", rest.replace('`', ""))
            } else if name.starts_with("struct ") {
                "a mapping".into()
            } else {
                name.to_owned()
            }
        }
    }
}

/// Characters of the value that begins at `column` (from 0) of a line.
pub(super) fn token_length(line: &str, column: usize) -> u32 {
    let rest: Vec<char> = line.chars().skip(column).collect();
    let end = match rest.first() {
        Some(quote @ ('"' | '\'')) => rest[1..]
            .iter()
            .position(|c| c == quote)
            .map_or(rest.len(), |at| at + 2),
        _ => rest
            .iter()
            .enumerate()
            .position(|(at, c)| {
                matches!(c, ',' | ']' | '}')
                    || (*c == ':' && rest.get(at + 1).is_none_or(|next| *next == ' '))
                    || (*c == '#' && at > 0 && rest[at - 1] == ' ')
            })
            .unwrap_or(rest.len()),
    };
    let token = &rest[..end.min(rest.len())];
    let trailing = token.iter().rev().take_while(|c| c.is_whitespace()).count();
    ((token.len() - trailing) as u32).max(1)
}
