//! The parser's words, for people who write YAML.
//!
//! In: the text of a parser's error, or a line and where a value begins in it. Out: what is wrong
//! and what to do about it, and how far the value goes.

use crate::diagnostics::closest;

/// The parser's words, without positions and paths, and what to do about the usual ones.
pub(super) fn explain(text: &str, key: Option<&str>) -> (String, Option<String>) {
    let (before, _) = text.split_once(" at line ").unwrap_or((text, ""));
    let message = before.trim();
    let hint = if message.contains("mapping values are not allowed") {
        "put the value in quotes: it contains a colon followed by a space"
    } else if message.contains("cannot start any token") {
        "indent with spaces, not tabs, and put a value that begins with @, ` or % in quotes"
    } else if message.contains("did not find expected key") {
        "look for a missing quote, a wrong indent, or text after a closing quote"
    } else if message.contains("unexpected end of stream") {
        "a quote or bracket is opened here and never closed"
    } else if message.contains("could not find expected ':'") {
        "every line at this level needs a key and a colon: `key: value`"
    } else if message.contains("unknown anchor") {
        "put the value in quotes: a * at its beginning refers to an anchor, which is not here"
    } else {
        ""
    };
    let hint = (!hint.is_empty()).then(|| hint.to_owned());
    let what = key.map_or_else(|| "this".to_owned(), |key| format!("`{key}`"));
    if let Some((_, rest)) = message.split_once("unknown field `") {
        let (field, known) = named(rest);
        let within = key.map_or_else(|| "there is".to_owned(), |key| format!("`{key}` has"));
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
        return (format!("{what} must be {expected}, not {found}"), hint);
    }
    if let Some((_, rest)) = message.split_once("unknown variant `") {
        let (found, known) = named(rest);
        return (
            format!("{what} cannot be `{found}`"),
            Some(format!("write {}", known.join(" or "))),
        );
    }
    (message.to_owned(), hint)
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
