//! How calls of shortcodes are written in Zola.
//!
//! In: a text. Out: the places of `{{ name(key=value) }}`, `{% name() %}`, `{% end %}`, and of those with
//! `/* */`, which are only shown. Zola looks for them before it reads Markdown, also in code.

use std::ops::Range;

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It stands for itself.
    Alone,
    /// A body follows, up to the call of this number.
    Opens(usize),
    /// The body ends.
    Closes,
    /// It shows a call and is none.
    Shown,
}

/// A call of a shortcode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    pub name: String,
    pub arguments: Vec<(String, String)>,
    pub kind: Kind,
    pub range: Range<usize>,
}

impl Call {
    /// What is given by name.
    pub fn named(&self, name: &str) -> &str {
        let mut arguments = self.arguments.iter();
        arguments
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }
}

/// Finds the calls of a text.
pub(super) fn find(text: &str) -> Vec<Call> {
    let mut calls = Vec::new();
    let mut at = 0;
    // Behind the last of these nothing is looked for, or a text of beginnings alone would be read to its
    // end once for each of them.
    let last_comment = text.rfind("*/").unwrap_or(0);
    while let Some(found) = text[at..].find('{') {
        let start = at + found;
        match read(text, start, last_comment) {
            Some(call) => {
                at = call.range.end;
                calls.push(call);
            }
            None => at = start + 1,
        }
    }
    let mut open: Vec<usize> = Vec::new();
    for at in 0..calls.len() {
        match calls[at].kind {
            Kind::Opens(_) => open.push(at),
            Kind::Closes => {
                if let Some(opened) = open.pop() {
                    calls[opened].kind = Kind::Opens(at);
                }
            }
            _ => {}
        }
    }
    calls
}

/// The call that begins at a brace, if one does.
fn read(text: &str, start: usize, last_comment: usize) -> Option<Call> {
    let rest = &text[start..];
    let (end, opens) = if rest.starts_with("{{") {
        ("}}", false)
    } else {
        ("%}", true)
    };
    if opens && !rest.starts_with("{%") {
        return None;
    }
    let mut cursor = Cursor {
        text,
        at: start + 2,
    };
    if cursor.left().starts_with("/*") {
        (last_comment > start).then_some(())?;
        let close = format!("*/{end}");
        let length = cursor.left().find(&close)?;
        let range = start..cursor.at + length + close.len();
        return Some(Call {
            name: String::new(),
            arguments: Vec::new(),
            kind: Kind::Shown,
            range,
        });
    }
    cursor.space();
    let name = cursor.name()?.to_owned();
    cursor.space();
    let mut arguments = Vec::new();
    let mut kind = if opens { Kind::Opens(0) } else { Kind::Alone };
    if cursor.take("(") {
        arguments = cursor.arguments()?;
        cursor.space();
    } else if opens && name == "end" {
        kind = Kind::Closes;
    } else {
        return None;
    }
    cursor.take(end).then_some(Call {
        name,
        arguments,
        kind,
        range: start..cursor.at,
    })
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    fn left(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn space(&mut self) {
        self.at = self.text.len() - self.left().trim_start().len();
    }

    fn take(&mut self, what: &str) -> bool {
        let is_there = self.left().starts_with(what);
        if is_there {
            self.at += what.len();
        }
        is_there
    }

    fn name(&mut self) -> Option<&'a str> {
        let left = self.left();
        let end = left
            .find(|c: char| !c.is_ascii_alphanumeric() && c != '_')
            .unwrap_or(left.len());
        let is_name = left[..end].starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        is_name.then(|| {
            self.at += end;
            &left[..end]
        })
    }

    fn arguments(&mut self) -> Option<Vec<(String, String)>> {
        let mut arguments = Vec::new();
        loop {
            self.space();
            if self.take(")") {
                return Some(arguments);
            }
            let name = self.name()?.to_owned();
            self.space();
            self.take("=").then_some(())?;
            self.space();
            arguments.push((name, self.value()?));
            self.space();
            if !self.take(",") {
                self.space();
                return self.take(")").then_some(arguments);
            }
        }
    }

    /// A text in quotes, or as it is written.
    fn value(&mut self) -> Option<String> {
        let left = self.left();
        let first = left.chars().next()?;
        if matches!(first, '"' | '\'' | '`') {
            let length = left[1..].find(first)?;
            self.at += length + 2;
            return Some(left[1..=length].to_owned());
        }
        let length = if first == '[' {
            left.find(']')? + 1
        } else {
            left.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '.' | '_'))
                .unwrap_or(left.len())
        };
        self.at += length;
        (length > 0).then(|| left[..length].to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_found_in_all_their_forms() {
        let text = "{{ youtube(id=\"a b\", w=-1.5) }}{%quote( author = 'x', l=[1, 2], )%}y {{ c() }}{% end %}\
                    {{/* d() */}} {{ no }} {% if x %} {% e() %}";
        let calls = find(text);
        let kinds: Vec<_> = calls
            .iter()
            .map(|call| (call.name.as_str(), call.kind))
            .collect();
        assert_eq!(
            kinds,
            [
                ("youtube", Kind::Alone),
                ("quote", Kind::Opens(3)),
                ("c", Kind::Alone),
                ("end", Kind::Closes),
                ("", Kind::Shown),
                ("e", Kind::Opens(0))
            ]
        );
        assert_eq!(
            (
                calls[0].named("id"),
                calls[0].named("w"),
                calls[1].named("l")
            ),
            ("a b", "-1.5", "[1, 2]")
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(\\{\\{|\\{%|\\}\\}|%\\}|/\\*|\\*/|a|\\(|\\)|=|\"|,|\\[|\\]| |é|end){0,40}") {
            for call in find(&text) {
                let _ = &text[call.range];
            }
        }
    }
}
