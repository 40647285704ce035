//! How calls of shortcodes are written in Hugo.
//!
//! In: a text. Out: the places of calls, each with its name and what it is given, in order. Hugo looks for
//! them before it reads Markdown, so that those in code are calls as well.

use std::ops::Range;

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// It is one that ends in `/>}}`, or that nobody closes.
    Alone,
    /// A body follows, up to the call of this number.
    Opens(usize),
    /// The body ends.
    Closes,
    /// It is written `{{</* … */>}}`, which shows a call and is none.
    Shown,
    /// It begins like a call and is none, so that Hugo would not build the site.
    Broken,
}

/// A call of a shortcode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Call {
    pub name: String,
    /// Names, empty for what has none, and values.
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

    /// What is given at a place, if nothing has a name.
    pub fn nth(&self, at: usize) -> &str {
        match self.arguments.get(at) {
            Some((name, value)) if name.is_empty() => value,
            _ => "",
        }
    }

    /// What is given by a name, or else at a place.
    pub fn named_or_nth(&self, name: &str, at: usize) -> &str {
        match self.named(name) {
            "" => self.nth(at),
            value => value,
        }
    }
}

/// Finds the calls of a text.
pub(super) fn find(text: &str) -> Vec<Call> {
    let mut calls = Vec::new();
    let mut at = 0;
    // Behind the last of these nothing is looked for, or a text of beginnings alone would be read to its
    // end once for each of them.
    let last_comment = text.rfind("*/").unwrap_or(0);
    while let Some(found) = text[at..].find("{{") {
        let start = at + found;
        let sign = text[start + 2..].chars().next();
        if !matches!(sign, Some('<' | '%')) {
            at = start + 1;
            continue;
        }
        let call = read(text, start, last_comment);
        at = call.range.end;
        calls.push(call);
    }
    pair(&mut calls);
    calls
}

fn pair(calls: &mut [Call]) {
    let mut open: Vec<usize> = Vec::new();
    for at in 0..calls.len() {
        match calls[at].kind {
            Kind::Opens(_) => open.push(at),
            Kind::Closes => {
                let place = open
                    .iter()
                    .rposition(|opened| calls[*opened].name == calls[at].name);
                if let Some(place) = place {
                    calls[open[place]].kind = Kind::Opens(at);
                    open.truncate(place);
                } else {
                    calls[at].kind = Kind::Broken;
                }
            }
            _ => {}
        }
    }
    for call in calls {
        if call.kind == Kind::Opens(0) {
            call.kind = Kind::Alone;
        }
    }
}

/// The call that begins at a place where there is `{{<` or `{{%`.
fn read(text: &str, start: usize, last_comment: usize) -> Call {
    let end = if text[start..].starts_with("{{<") {
        ">}}"
    } else {
        "%}}"
    };
    let mut cursor = Cursor {
        text,
        at: start + 3,
    };
    let shown = cursor.left().trim_start();
    if shown.starts_with("/*") && last_comment > start {
        let close = format!("*/{end}");
        if let Some(length) = cursor.left().find(&close) {
            return call(
                "",
                Vec::new(),
                Kind::Shown,
                start..cursor.at + length + close.len(),
            );
        }
    }
    let broken = call("", Vec::new(), Kind::Broken, start..start + 3);
    cursor.space();
    let closes = cursor.take("/");
    cursor.space();
    let name = cursor.name();
    if name.is_empty() {
        return broken;
    }
    let mut arguments = Vec::new();
    loop {
        cursor.space();
        let alone = format!("/{end}");
        let kind = if cursor.take(&alone) {
            Kind::Alone
        } else if cursor.take(end) {
            if closes { Kind::Closes } else { Kind::Opens(0) }
        } else {
            match cursor.argument(end) {
                Some(argument) => arguments.push(argument),
                None => return broken,
            }
            continue;
        };
        return call(name, arguments, kind, start..cursor.at);
    }
}

fn call(name: &str, arguments: Vec<(String, String)>, kind: Kind, range: Range<usize>) -> Call {
    Call {
        name: name.to_owned(),
        arguments,
        kind,
        range,
    }
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

    fn name(&mut self) -> &'a str {
        let left = self.left();
        let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | '/');
        let end = left.find(|c| !is_part(c)).unwrap_or(left.len());
        let name = left[..end].trim_end_matches('/');
        self.at += name.len();
        name
    }

    fn argument(&mut self, end: &str) -> Option<(String, String)> {
        let left = self.left();
        if left.is_empty() || left.starts_with("{{<") || left.starts_with("{{%") {
            return None;
        }
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let length = left.find(|c| !is_name(c)).unwrap_or(left.len());
        let after = left[length..].trim_start();
        if length > 0 && after.starts_with('=') {
            self.at = self.text.len() - after.len() + 1;
            self.space();
            return Some((left[..length].to_owned(), self.value(end)?));
        }
        Some((String::new(), self.value(end)?))
    }

    fn value(&mut self, end: &str) -> Option<String> {
        let left = self.left();
        match left.chars().next()? {
            '"' => self.quoted(),
            '`' => {
                let length = left[1..].find('`')?;
                self.at += length + 2;
                Some(left[1..=length].to_owned())
            }
            _ => {
                let close = format!("/{end}");
                let is_end = |(at, c): &(usize, char)| {
                    c.is_whitespace()
                        || left[*at..].starts_with(end)
                        || left[*at..].starts_with(&close)
                };
                let length = left
                    .char_indices()
                    .find(is_end)
                    .map_or(left.len(), |(at, _)| at);
                self.at += length;
                (length > 0).then(|| left[..length].to_owned())
            }
        }
    }

    /// A text in quotes, in which a backslash may stand before a quote.
    fn quoted(&mut self) -> Option<String> {
        let mut text = String::new();
        let mut letters = self.left().char_indices().skip(1).peekable();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    self.at += at + 1;
                    return Some(text);
                }
                '\\' if letters
                    .peek()
                    .is_some_and(|(_, next)| matches!(next, '"' | '\\')) =>
                {
                    text.extend(letters.next().map(|(_, next)| next));
                }
                letter => text.push(letter),
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let calls = find(text).into_iter();
        let told = calls.map(|call| {
            let arguments = call
                .arguments
                .iter()
                .map(|(name, value)| format!("{name}={value}"));
            let arguments: Vec<_> = arguments.collect();
            format!("{:?} {} {}", call.kind, call.name, arguments.join(" "))
        });
        told.collect()
    }

    #[test]
    fn calls_are_found_in_all_their_forms() {
        let text = "{{< ref \"a.md#b\" >}} {{<youtube id=x class='y z' />}} {{% note title=\"A \\\"b\\\"\" %}}x\
                    {{< inner `c d` >}}{{% /note %}} {{</* a */>}} {{< broken {{ x }} {{< \n b/c.html\n 1\n>}}";
        assert_eq!(
            told(text),
            [
                "Alone ref =a.md#b",
                "Alone youtube id=x class='y =z'",
                "Opens(4) note title=A \"b\"",
                "Alone inner =c d",
                "Closes note ",
                "Shown  ",
                "Broken  ",
                "Alone b/c.html =1"
            ]
        );
    }

    #[test]
    fn calls_of_one_name_are_paired_from_the_inside() {
        let kinds: Vec<_> = find("{{< a >}}{{< a >}}{{< /a >}}{{< b >}}{{< /a >}}{{< /c >}}")
            .into_iter()
            .map(|call| call.kind)
            .collect();
        assert_eq!(
            kinds,
            [
                Kind::Opens(4),
                Kind::Opens(2),
                Kind::Closes,
                Kind::Alone,
                Kind::Closes,
                Kind::Broken
            ]
        );
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(\\{\\{<|\\{\\{%|>\\}\\}|%\\}\\}|/|\\*|\"|`|a|=|\\\\| |é|\n){0,40}") {
            let calls = find(&text);
            for pair in calls.windows(2) {
                proptest::prop_assert!(pair[0].range.end <= pair[1].range.start);
            }
            for call in &calls {
                let _ = &text[call.range.clone()];
            }
        }
    }
}
