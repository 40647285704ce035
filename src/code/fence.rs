//! What stands behind the backticks that open a block of code: its language, and what else is said of
//! it, as Hugo has it, ```` ```go {linenos=true hl_lines=[2,"4-6"] title="main.go"} ````, or Zola,
//! ```` ```go,linenos,hl_lines=2 4-6 ````.

use std::ops::{Range, RangeInclusive};

use super::fault::Fault;
use super::language::{self, Language, Named};
use crate::diagnostics::{Code, closest};
use crate::key::Key;

/// What a block may be given, for suggestions.
const ATTRIBUTES: [&str; 4] = ["linenos", "linenostart", "hl_lines", "title"];

/// Numbers of lines have at most so many digits.
const DIGITS: usize = 6;

/// What is said of a block.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Fence<'a> {
    /// The name of its language as written; empty if it has none.
    pub name: &'a str,
    pub(super) language: Option<Language>,
    /// Whether lines are numbered.
    pub(super) is_numbered: bool,
    /// The number of the first line, if it is not 1.
    pub(super) first: Option<u32>,
    /// Lines that stand out, from 1, and where that is said.
    highlighted: Vec<(RangeInclusive<u32>, Range<usize>)>,
    pub(super) title: Option<&'a str>,
}

impl<'a> Fence<'a> {
    /// A block without a word about it.
    #[must_use]
    pub fn nothing() -> Self {
        Self::default()
    }

    /// Reads what stands behind the backticks. Whatever is wrong, the rest counts.
    #[must_use]
    pub fn read(info: &'a str) -> (Self, Vec<Fault>) {
        let mut reader = Reader {
            info,
            at: 0,
            fence: Self::nothing(),
            faults: Vec::new(),
        };
        reader.language();
        reader.attributes();
        (reader.fence, reader.faults)
    }

    /// The name of its language alone, for blocks of which nothing else counts.
    #[must_use]
    pub fn named(info: &'a str) -> Self {
        Self {
            name: &info[..name_end(info)],
            ..Self::nothing()
        }
    }

    /// What is wrong with it for this code: lines that are to stand out, and are not there.
    #[must_use]
    pub fn faults_with(&self, code: &str) -> Vec<Fault> {
        let lines = code.lines().count() as u32;
        let beyond = |(wanted, _): &&(RangeInclusive<u32>, _)| *wanted.end() > lines;
        let beyond = self.highlighted.iter().filter(beyond);
        let fault = |(_, place): &(_, Range<usize>)| {
            let message = match lines {
                0 => "this block has no lines".to_owned(),
                1 => "this block has one line".to_owned(),
                lines => format!("this block has {lines} lines"),
            };
            let hint = "lines are counted from the first of the block, whatever its number";
            Fault::of_attribute(place.clone(), message, hint)
        };
        beyond.map(fault).collect()
    }

    /// Whether a line, from 1, stands out.
    pub(super) fn is_highlighted(&self, line: u32) -> bool {
        let mut highlighted = self.highlighted.iter();
        highlighted.any(|(lines, _)| lines.contains(&line))
    }

    /// Whether lines are marked up one by one.
    pub(super) fn has_lines(&self) -> bool {
        self.is_numbered || !self.highlighted.is_empty()
    }

    /// What stands for the colours of this code; `None` if the block is nothing but text, for which no
    /// style is needed.
    #[must_use]
    pub fn key(&self, code: &str) -> Option<Key> {
        let is_coloured = |language: Language| {
            let prompts = language.prompts();
            let is_typed = |line: &str| prompts.iter().any(|prompt| line.starts_with(prompt));
            // A session in which nothing was typed is what the computer answered.
            prompts.is_empty() || code.lines().any(is_typed)
        };
        let is_coloured = self.language.is_some_and(is_coloured);
        let is_more = is_coloured || self.has_lines() || self.title.is_some();
        is_more.then(|| Key::of(&(self.language.map(Language::id), code)))
    }
}

/// Where the name of the language ends.
fn name_end(info: &str) -> usize {
    info.find([' ', '\t', ',', '{']).unwrap_or(info.len())
}

struct Reader<'a> {
    info: &'a str,
    at: usize,
    fence: Fence<'a>,
    faults: Vec<Fault>,
}

/// How an attribute stands there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Manner {
    /// Within braces: it must be one of ours.
    Braced,
    /// After a comma: words without a value may be for other programs, as rustdoc has them.
    Listed,
    /// After a blank: it may be prose.
    Loose,
}

/// What an attribute is given, and where that is.
#[derive(Debug, Clone)]
struct Value<'a> {
    text: &'a str,
    range: Range<usize>,
}

impl<'a> Reader<'a> {
    fn language(&mut self) {
        self.at = name_end(self.info);
        let name = &self.info[..self.at];
        self.fence.name = name;
        match language::named(name) {
            Named::Language(language) => self.fence.language = Some(language),
            Named::Plain => {}
            Named::Unknown if name.is_empty() => {}
            Named::Unknown => {
                let hint = match language::near(name) {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "write `text` for code that stays as it is; the manual has the names of languages".to_owned(),
                };
                self.faults.push(Fault {
                    code: Code::CodeLanguage,
                    range: 0..name.len(),
                    message: format!("there are no colours for the language `{name}`"),
                    hint,
                });
            }
        }
    }

    fn attributes(&mut self) {
        let mut manner = Manner::Loose;
        let mut brace = None;
        while let Some(next) = self.info[self.at..].chars().next() {
            match next {
                '{' if brace.is_none() => brace = Some(self.at),
                '}' => brace = None,
                ',' => manner = Manner::Listed,
                ' ' | '\t' => {}
                _ => {
                    let manner = if brace.is_some() {
                        Manner::Braced
                    } else {
                        manner
                    };
                    self.attribute(manner);
                    continue;
                }
            }
            self.at += next.len_utf8();
        }
        if let Some(brace) = brace {
            self.fault(
                brace..brace + 1,
                "this brace is not closed",
                "write `}` at the end",
            );
        }
    }

    /// One attribute, at which the reader stands.
    fn attribute(&mut self, manner: Manner) {
        let start = self.at;
        let name = self.until(&[' ', '\t', ',', '=', '{', '}']);
        let range = start..self.at;
        if name.is_empty() {
            // What begins with a sign of ours names nothing.
            self.at += self.info[start..].chars().next().map_or(0, char::len_utf8);
            return;
        }
        if manner == Manner::Braced && is_lines(name) && !self.info[self.at..].starts_with('=') {
            return self.highlight(name, start);
        }
        let value = self.value();
        let known: String = name.chars().filter(|c| !matches!(c, '_' | '-')).collect();
        match (&*known.to_ascii_lowercase(), value) {
            ("linenos", value) => self.numbered(value),
            ("linenostart", Some(value)) => self.first(&value),
            ("hllines", Some(value)) => self.highlight_all(&value, manner),
            // Zola's name for it.
            ("title" | "name", Some(value)) => {
                self.fence.title = Some(value.text).filter(|title| !title.is_empty());
            }
            ("linenostart" | "hllines" | "title", None) if manner != Manner::Loose => {
                let message = format!("`{name}` is given nothing");
                self.fault(range, message, format!("write `{name}=` and its value"));
            }
            (_, value) => self.unknown(name, range, value.is_some(), manner),
        }
    }

    fn unknown(&mut self, name: &str, range: Range<usize>, has_value: bool, manner: Manner) {
        let near = closest(name, ATTRIBUTES);
        let matters = match manner {
            Manner::Braced => true,
            Manner::Listed => has_value || near.is_some(),
            Manner::Loose => has_value,
        };
        if !matters {
            return;
        }
        let hint = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None if self.fence.name.is_empty() && range.start == 1 => {
                "write the language before the brace".to_owned()
            }
            None => format!("a block of code takes {}", ATTRIBUTES.join(", ")),
        };
        self.fault(range, format!("a block of code has no `{name}`"), hint);
    }

    fn numbered(&mut self, value: Option<Value>) {
        let Some(Value { text, range }) = value else {
            self.fence.is_numbered = true;
            return;
        };
        match text {
            // The last two are Hugo's, for two ways of marking them up.
            "true" | "table" | "inline" => self.fence.is_numbered = true,
            "false" => self.fence.is_numbered = false,
            _ => {
                let message = format!("`linenos` cannot be `{text}`");
                self.fault(
                    range,
                    message,
                    "write `linenos=true` for lines with numbers",
                );
            }
        }
    }

    fn first(&mut self, value: &Value) {
        match number(value.text) {
            Some(first) => self.fence.first = Some(first),
            None => self.fault(
                value.range.clone(),
                format!("`{}` is no number of a line", value.text),
                "write the number of the first line: `linenostart=10`",
            ),
        }
    }

    /// The lines of `hl_lines`. After a comma, more of them may follow, as Zola has it.
    fn highlight_all(&mut self, value: &Value, manner: Manner) {
        let separators = [' ', '\t', ',', '"', '\''];
        let mut at = value.range.start;
        for part in value.text.split(separators) {
            if !part.is_empty() {
                self.highlight(part, at);
            }
            at += part.len() + 1;
        }
        if manner == Manner::Braced {
            return;
        }
        loop {
            let rest = &self.info[self.at..];
            let blanks = rest.len() - rest.trim_start_matches([' ', '\t']).len();
            let part = &rest[blanks..];
            let part = &part[..part.find([' ', '\t', ',', '{']).unwrap_or(part.len())];
            if blanks == 0 || !is_lines(part) {
                break;
            }
            self.highlight(part, self.at + blanks);
            self.at += blanks + part.len();
        }
    }

    fn highlight(&mut self, lines: &str, at: usize) {
        let range = at..at + lines.len();
        let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
        match (number(first), number(last)) {
            (Some(first), Some(last)) if 1 <= first && first <= last => {
                self.fence.highlighted.push((first..=last, range));
            }
            _ => self.fault(
                range,
                format!("`{lines}` is no line, and no lines from one to another"),
                "write `hl_lines=[2,\"4-6\"]` for the second line and those from the fourth to the sixth",
            ),
        }
    }

    /// What follows the sign of equality, if there is one: in quotes, in brackets, or one word.
    fn value(&mut self) -> Option<Value<'a>> {
        if !self.info[self.at..].starts_with('=') {
            return None;
        }
        self.at += 1;
        let close = match self.info.as_bytes().get(self.at) {
            Some(quote @ (b'"' | b'\'')) => char::from(*quote),
            Some(b'[') => ']',
            _ => {
                let start = self.at;
                let text = self.until(&[' ', '\t', ',', '}']);
                let range = start..self.at;
                return Some(Value { text, range });
            }
        };
        let start = self.at + 1;
        let rest = &self.info[start..];
        let end = rest.find(close).unwrap_or_else(|| {
            let message = format!("there is no `{close}` after this");
            self.fault(
                self.at..start,
                message,
                format!("write `{close}` behind the value"),
            );
            rest.len()
        });
        self.at = (start + end + 1).min(self.info.len());
        Some(Value {
            text: &rest[..end],
            range: start..start + end,
        })
    }

    fn until(&mut self, ends: &[char]) -> &'a str {
        let rest = &self.info[self.at..];
        let end = rest.find(ends).unwrap_or(rest.len());
        self.at += end;
        &rest[..end]
    }

    fn fault(&mut self, range: Range<usize>, message: impl Into<String>, hint: impl Into<String>) {
        self.faults.push(Fault::of_attribute(range, message, hint));
    }
}

/// Whether a word says lines: `3`, or `3-5`.
fn is_lines(word: &str) -> bool {
    !word.is_empty()
        && word
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-')
}

fn number(text: &str) -> Option<u32> {
    (text.len() <= DIGITS).then(|| text.parse().ok()).flatten()
}
