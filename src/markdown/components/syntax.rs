//! How a call of a component is written.
//!
//! In: a text, and where a call may begin. Out: the call, or what is wrong with it. The forms are
//! those of the template engine, `{{<name key="…" />}}` and `{% <name> %} … {% </name> %}`, and those
//! that Hugo's archives have, `{{< name key="…" >}}` and `{{% name %}}`, with `{{< /name >}}` to close.

use std::ops::Range;

use crate::model::{Argument, Form};
use crate::yaml::{self, Value};

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It stands for itself.
    Alone,
    /// A body follows.
    Opens,
    /// It stands for itself unless it is closed later on.
    OpensIfClosed,
    /// The body ends.
    Closes,
}

/// A call as it is written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Written {
    pub name: Box<str>,
    pub arguments: Vec<Argument>,
    pub kind: Kind,
    pub form: Form,
    pub range: Range<usize>,
}

/// What is wrong with a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::markdown) struct Fault {
    /// The name that is called.
    pub of: Box<str>,
    /// How it is called.
    pub form: Form,
    /// Where, in the body.
    pub range: Range<usize>,
    /// What.
    pub message: String,
    /// What to write.
    pub hint: String,
}

/// How a call begins, and with what each kind of it ends.
struct Shape {
    begins: &'static str,
    /// Whether the name may come after white space only with another `<`.
    has_bracket: bool,
    ends: &'static [(&'static str, Kind)],
}

const SHAPES: [Shape; 3] = [
    Shape {
        begins: "{{<",
        has_bracket: false,
        ends: &[("/>}}", Kind::Alone), (">}}", Kind::OpensIfClosed)],
    },
    Shape {
        begins: "{{%",
        has_bracket: false,
        ends: &[("/%}}", Kind::Alone), ("%}}", Kind::OpensIfClosed)],
    },
    Shape {
        begins: "{%",
        has_bracket: true,
        ends: &[],
    },
];

/// What stands in braces.
const LITERALS: &str = "write a number, true, false, a list as {[1, 2]} or a mapping as {{a: 1}}; a text \
                        stands in quotes";

/// The places where calls may begin.
pub(super) fn candidates(text: &str) -> impl Iterator<Item = usize> + '_ {
    let places = memchr::memchr_iter(b'{', text.as_bytes());
    places.filter(|at| {
        SHAPES
            .iter()
            .any(|shape| text[*at..].starts_with(shape.begins))
    })
}

/// The call that begins at a place. `None`: it is something else that looks alike.
pub(super) fn read(text: &str, start: usize) -> Option<Result<Written, Fault>> {
    let shape = SHAPES
        .iter()
        .find(|shape| text[start..].starts_with(shape.begins))?;
    let mut cursor = Cursor {
        text,
        at: start + shape.begins.len(),
        start,
    };
    if shape.has_bracket {
        cursor.space();
        cursor.take("<").then_some(())?;
    }
    cursor.space();
    let closes = cursor.take("/");
    cursor.space();
    let name = cursor.name()?;
    Some(cursor.rest(shape, name, closes))
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
    /// Where the call begins.
    start: usize,
}

impl<'a> Cursor<'a> {
    fn left(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn take(&mut self, what: &str) -> bool {
        let is_there = self.left().starts_with(what);
        if is_there {
            self.at += what.len();
        }
        is_there
    }

    fn space(&mut self) {
        self.at = self.text.len() - self.left().trim_start().len();
    }

    /// A name: letters, digits, hyphens and underscores, and in names of other generators also dots
    /// and slashes inside.
    fn name(&mut self) -> Option<&'a str> {
        let left = self.left();
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
        let end = left.find(|c| !is_part(c)).unwrap_or(left.len());
        let name = left[..end].trim_end_matches(['/', '.', '-']);
        name.starts_with(|c: char| c.is_alphabetic() || c == '_')
            .then(|| {
                self.at += name.len();
                name
            })
    }

    fn rest(mut self, shape: &Shape, name: &str, closes: bool) -> Result<Written, Fault> {
        let mut arguments = Vec::new();
        loop {
            self.space();
            if let Some(kind) = self.end(shape) {
                let kind = match kind {
                    Kind::Alone if closes => return Err(self.not_closed(name)),
                    _ if closes => Kind::Closes,
                    kind => kind,
                };
                let form = if kind == Kind::Alone || shape.has_bracket {
                    Form::Own
                } else {
                    Form::Hugos
                };
                return Ok(Written {
                    form,
                    name: name.into(),
                    arguments,
                    kind,
                    range: self.start..self.at,
                });
            }
            let left = self.left();
            // The next call belongs to no call before it.
            if left.is_empty() || begins_call(left) {
                return Err(self.not_closed(name));
            }
            arguments.push(self.argument(name)?);
        }
    }

    fn end(&mut self, shape: &Shape) -> Option<Kind> {
        if shape.has_bracket {
            let mut ahead = Cursor { ..*self };
            let is_end = ahead.take(">") && {
                ahead.space();
                ahead.take("%}") || ahead.take("-%}")
            };
            return is_end.then(|| {
                self.at = ahead.at;
                Kind::Opens
            });
        }
        let ends = shape.ends.iter();
        let (end, kind) = ends.clone().find(|(end, _)| self.left().starts_with(end))?;
        self.at += end.len();
        Some(*kind)
    }

    fn argument(&mut self, of: &str) -> Result<Argument, Fault> {
        let start = self.at;
        let left = self.left();
        let end = left.find(|c: char| !c.is_alphanumeric() && c != '_' && c != '-');
        let key = &left[..end.unwrap_or(left.len())];
        let after = left[key.len()..].trim_start();
        let is_named = !key.is_empty() && after.starts_with('=');
        if is_named {
            self.at += left.len() - after.len() + 1;
            self.space();
        }
        let value = self.value(of)?;
        let name = if is_named { key } else { "" };
        if self.at == start {
            return Err(self.not_closed(of));
        }
        Ok(Argument {
            name: name.into(),
            value,
        })
    }

    fn value(&mut self, of: &str) -> Result<Value, Fault> {
        let left = self.left();
        match left.chars().next() {
            Some(quote @ ('"' | '\'' | '`')) => {
                let (text, length) = quoted(left, quote).ok_or_else(|| Fault {
                    of: of.into(),
                    form: self.form(),
                    range: self.at..self.at + 1,
                    message: format!("a text in the call of `{of}` does not end"),
                    hint: format!("put another {quote} at its end"),
                })?;
                self.at += length;
                Ok(Value::String(text))
            }
            Some('{') => {
                let length = braced(left).ok_or_else(|| self.not_closed(of))?;
                let written = &left[1..length - 1];
                let range = self.at..self.at + length;
                self.at += length;
                yaml::literal(written).ok_or_else(|| Fault {
                    of: of.into(),
                    form: self.form(),
                    range,
                    message: format!("this is no value that `{of}` could be given"),
                    hint: LITERALS.to_owned(),
                })
            }
            _ => {
                let is_end = |(at, c): &(usize, char)| {
                    c.is_whitespace()
                        || left[*at..].starts_with("/>")
                        || matches!(c, '>' | '}')
                        || left[*at..].starts_with("%}")
                        || begins_call(&left[*at..])
                };
                let end = left
                    .char_indices()
                    .find(is_end)
                    .map_or(left.len(), |(at, _)| at);
                if end == 0 {
                    return Err(self.not_closed(of));
                }
                self.at += end;
                let written = &left[..end];
                Ok(yaml::literal(written).unwrap_or_else(|| Value::String(written.to_owned())))
            }
        }
    }

    /// The form of a call that has no end.
    fn form(&self) -> Form {
        let begun = &self.text[self.start..];
        let is_hugos = |rest: &str| rest.starts_with('%') || rest.starts_with("< ");
        if begun.strip_prefix("{{").is_some_and(is_hugos) {
            Form::Hugos
        } else {
            Form::Own
        }
    }

    fn not_closed(&self, name: &str) -> Fault {
        // The rest of its line, but no other call.
        let begun = &self.text[self.start..];
        let mut letters = begun.char_indices().skip(1);
        let end = letters.find(|(at, c)| matches!(c, '\n' | '\r') || begins_call(&begun[*at..]));
        let shown = end.map_or(begun.len(), |(at, _)| at);
        Fault {
            of: name.into(),
            form: self.form(),
            range: self.start..self.start + shown,
            message: format!("the call of `{name}` that begins here does not end"),
            hint: format!(
                "write {{{{<{name} key=\"value\" />}}}}, or {{% <{name}> %}} … {{% </{name}> %}} around a body"
            ),
        }
    }
}

/// A text in quotes, in which a backslash stands before a quote that is part of it; and its length
/// with the quotes.
fn quoted(text: &str, quote: char) -> Option<(String, usize)> {
    let mut found = String::new();
    let mut letters = text.char_indices().skip(1);
    while let Some((at, letter)) = letters.next() {
        if letter == quote {
            return Some((found, at + 1));
        }
        let next = text[at + letter.len_utf8()..].chars().next();
        if letter == '\\' && next.is_some_and(|next| next == quote || next == '\\') {
            found.extend(next);
            letters.next();
        } else {
            found.push(letter);
        }
    }
    None
}

/// Whether a text begins as calls do, which a call before it does not reach into: else each of many that
/// are not closed would be looked for to the end of the text.
fn begins_call(text: &str) -> bool {
    text.starts_with("{{<") || text.starts_with("{%")
}

/// The length of what is in braces, with them.
fn braced(text: &str) -> Option<usize> {
    let mut depth = 0_usize;
    let mut quote = None;
    for (at, letter) in text.char_indices() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (None, '"' | '\'') => quote = Some(letter),
            (None, '{') if begins_call(&text[at..]) => return None,
            (None, '{') => depth += 1,
            (None, '}') => {
                depth -= 1;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}
