//! Components in Markdown: calls of templates that an article's text has.
//!
//! In: a body, and which names are known. Out: the body with other characters in the place of each
//! call, as many bytes, which mean nothing to the Markdown parser ([`Masked`]); and from the events
//! that this makes of it, the same events with the calls between them ([`Masked::pieces`]). So a call
//! divides blocks and words as it stands, whatever its arguments say, and all offsets are those of the
//! file. What is in code is no call.

mod nesting;
mod syntax;
#[cfg(test)]
mod tests;

use std::cell::LazyCell;
use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, CowStr, Event, Parser, Tag, TagEnd};
use rustc_hash::FxHashMap;

pub(super) use nesting::{Frame, Nesting};
use syntax::{Kind, Written};

pub(super) use syntax::Fault;

use crate::model::{Argument, Form, LinkKind, Treatment};
use crate::yaml::Value;

/// Renders the components that a body calls.
pub trait Components {
    /// What may go wrong.
    type Error;

    /// What is done with a name.
    fn treatment(&self, name: &str, form: Form) -> Treatment;

    /// The HTML of a component, which is the n-th that the body calls. `body`: the HTML between its
    /// tags.
    fn render(
        &self,
        nth: usize,
        name: &str,
        arguments: &[Argument],
        body: Option<&str>,
    ) -> Result<String, Self::Error>;
}

/// A call of a component in a body.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Call {
    pub name: Box<str>,
    pub arguments: Vec<Argument>,
    pub role: Role,
    /// Where it is.
    pub range: Range<usize>,
    pub treatment: Treatment,
}

/// What a call does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// It stands for itself.
    Alone,
    /// A body follows.
    Opens,
    /// The body ends.
    Closes,
}

/// Stands for a call within a line: characters that Unicode has for no text, of three and of two
/// bytes, so that they can be as many bytes as anything.
const MASKS: [char; 2] = ['\u{fdd0}', '\u{91}'];

/// A body whose calls are masked.
pub(super) struct Masked<'a> {
    body: &'a str,
    pub text: String,
    /// In the order of the body.
    pub calls: Vec<Call>,
}

/// A part of a body: an event of its Markdown, or a call.
pub(super) enum Piece<'m> {
    Event(Event<'m>, Range<usize>),
    Call(usize),
}

/// Finds the calls of a body. `None` if there is none.
pub(super) fn mask(
    body: &str,
    math: bool,
    treatment: impl Fn(&str, Form) -> Treatment,
) -> (Option<Masked<'_>>, Vec<Fault>) {
    let mut faults = Vec::new();
    let mut calls = Vec::new();
    // Most of what looks like a call is none, and then the body is not parsed for it.
    let opaque = LazyCell::new(|| opaque(body, math));
    let is_hidden = |start: usize| {
        let next = opaque.partition_point(|range| range.end <= start);
        opaque.get(next).is_some_and(|range| range.contains(&start))
    };
    let mut from = 0;
    for start in syntax::candidates(body) {
        if start < from {
            continue;
        }
        match syntax::read(body, start) {
            Some(_) if is_hidden(start) => {}
            Some(Ok(call)) => {
                from = call.range.end;
                calls.push(call);
            }
            Some(Err(fault)) if treatment(&fault.of, fault.form) != Treatment::Text => {
                faults.push(fault);
            }
            Some(Err(_)) | None => {}
        }
    }
    let calls = with_roles(calls)
        .into_iter()
        .map(|(call, role)| Call {
            role,
            treatment: treatment(&call.name, call.form),
            name: call.name,
            arguments: call.arguments,
            range: call.range,
        })
        .filter(|call| call.treatment != Treatment::Text);
    let calls: Vec<Call> = calls.collect();
    if calls.is_empty() {
        return (None, faults);
    }
    let mut text = String::with_capacity(body.len());
    for call in &calls {
        text.push_str(&body[text.len()..call.range.start]);
        push_mask(&mut text, body, &call.range);
    }
    text.push_str(&body[text.len()..]);
    (Some(Masked { body, text, calls }), faults)
}

/// Code, formulas and comments, in which nothing is a call.
fn opaque(body: &str, math: bool) -> Vec<Range<usize>> {
    let events = Parser::new_ext(body, super::options(math)).into_offset_iter();
    let hidden = events.filter_map(|(event, range)| match event {
        Event::Start(Tag::CodeBlock(_))
        | Event::Code(_)
        | Event::InlineMath(_)
        | Event::DisplayMath(_) => Some(range),
        Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => {
            body[range.clone()].starts_with("<!--").then_some(range)
        }
        _ => None,
    });
    hidden.collect()
}

/// Tells which calls of the kind that may do either have a body: those that are closed.
fn with_roles(calls: Vec<Written>) -> Vec<(Written, Role)> {
    let mut roles: Vec<Role> = calls
        .iter()
        .map(|call| match call.kind {
            Kind::Opens => Role::Opens,
            Kind::Closes => Role::Closes,
            Kind::Alone | Kind::OpensIfClosed => Role::Alone,
        })
        .collect();
    let mut open: Vec<usize> = Vec::new();
    // Where in `open` the calls of a name are: nobody has to look for the last one.
    let mut places: FxHashMap<&str, Vec<usize>> = FxHashMap::default();
    for (at, call) in calls.iter().enumerate() {
        match call.kind {
            Kind::Opens | Kind::OpensIfClosed => {
                places.entry(&call.name).or_default().push(open.len());
                open.push(at);
            }
            Kind::Closes => {
                let last = places.get(&*call.name).and_then(|places| places.last());
                let Some(place) = last.copied() else {
                    continue;
                };
                roles[open[place]] = Role::Opens;
                for closed in open.drain(place..) {
                    places.get_mut(&*calls[closed].name).and_then(Vec::pop);
                }
            }
            Kind::Alone => {}
        }
    }
    calls.into_iter().zip(roles).collect()
}

/// Puts something in the place of a call: a comment if it has its lines for itself, which ends the
/// paragraph before it and begins no other, or else what is like a word.
fn push_mask(text: &mut String, body: &str, call: &Range<usize>) {
    let end = text.len() + call.len();
    if is_block(body, call) {
        text.push_str("<!--");
        text.extend(std::iter::repeat_n('x', call.len() - 7));
        text.push_str("-->");
    } else {
        let twos = [0, 2, 1][call.len() % 3];
        text.extend(std::iter::repeat_n(MASKS[0], (call.len() - 2 * twos) / 3));
        text.extend(std::iter::repeat_n(MASKS[1], twos));
    }
    debug_assert_eq!(text.len(), end, "as many bytes");
}

/// Whether there is nothing else in the lines of a call but marks of the lists and quotations that it
/// is in.
fn is_block(body: &str, call: &Range<usize>) -> bool {
    let begins_line = |before: &str| {
        let before = before.trim_end_matches([' ', '\t', '>']);
        before.is_empty() || before.ends_with('\n')
    };
    let before = &body[..call.start];
    let marked = before.trim_end_matches([' ', '\t']);
    let unmarked = if marked.len() == before.len() {
        None
    } else if let Some(number) = marked.strip_suffix(['.', ')']) {
        let unmarked = number.trim_end_matches(|c: char| c.is_ascii_digit());
        (unmarked.len() < number.len()).then_some(unmarked)
    } else {
        marked.strip_suffix(['-', '*', '+'])
    };
    // Only what is right behind the call is looked at: its line may be as long as the text.
    let after = body[call.end..].trim_start_matches(|c: char| c != '\n' && c.is_whitespace());
    let ends_line = after.is_empty() || after.starts_with('\n');
    ends_line && (begins_line(before) || unmarked.is_some_and(begins_line))
}

impl Masked<'_> {
    /// The events of the body, and the calls where they stand. Text that the parser has divided is one.
    pub fn pieces(&self, math: bool) -> Vec<Piece<'_>> {
        let mut pieces = Vec::new();
        let mut in_code = false;
        for (event, range) in Parser::new_ext(&self.text, super::options(math)).into_offset_iter() {
            match event {
                Event::Start(Tag::CodeBlock(kind)) => {
                    in_code = true;
                    let kind = match kind {
                        CodeBlockKind::Fenced(info) => {
                            CodeBlockKind::Fenced(self.as_written(info, &range))
                        }
                        indented @ CodeBlockKind::Indented => indented,
                    };
                    let event = Event::Start(Tag::CodeBlock(kind));
                    pieces.push(Piece::Event(event, range));
                }
                Event::End(TagEnd::CodeBlock) => {
                    in_code = false;
                    pieces.push(Piece::Event(event, range));
                }
                Event::Text(text) if in_code => {
                    let text = self.as_written(text, &range);
                    pieces.push(Piece::Event(Event::Text(text), range));
                }
                Event::Code(text) => {
                    let text = self.as_written(text, &range);
                    pieces.push(Piece::Event(Event::Code(text), range));
                }
                Event::Text(text) => self.divide(text, range, Event::Text, &mut pieces),
                Event::Html(html) => self.divide(html, range, Event::Html, &mut pieces),
                Event::InlineHtml(html) => {
                    self.divide(html, range, Event::InlineHtml, &mut pieces);
                }
                event => pieces.push(Piece::Event(event, range)),
            }
        }
        merged(pieces)
    }

    /// A text of the body, divided where calls are.
    fn divide<'m>(
        &self,
        text: CowStr<'m>,
        range: Range<usize>,
        event: impl Fn(CowStr<'m>) -> Event<'m>,
        pieces: &mut Vec<Piece<'m>>,
    ) {
        let first = self
            .calls
            .partition_point(|call| call.range.start < range.start);
        let calls = self.calls[first..].iter().zip(first..);
        let within = calls.take_while(|(call, _)| call.range.end <= range.end);
        let mut done = 0;
        let mut calls_at = Vec::new();
        for (call, number) in within {
            let mask = &self.text[call.range.clone()];
            if let Some(at) = text[done..].find(mask) {
                calls_at.push((done + at, mask.len(), number));
                done += at + mask.len();
            }
        }
        if calls_at.is_empty() {
            pieces.push(Piece::Event(event(text), range));
            return;
        }
        let part = |part: Range<usize>| {
            let range = range.start + part.start..range.start + part.end;
            let text = CowStr::from(text[part].to_owned());
            (!text.is_empty()).then(|| Piece::Event(event(text), range))
        };
        let mut from = 0;
        for (at, length, number) in calls_at {
            pieces.extend(part(from..at));
            pieces.push(Piece::Call(number));
            from = at + length;
        }
        pieces.extend(part(from..text.len()));
    }

    /// A text of the body, with calls in it as they are written there.
    fn as_written<'m>(&self, text: CowStr<'m>, range: &Range<usize>) -> CowStr<'m> {
        let has_call = self
            .calls
            .iter()
            .any(|call| range.contains(&call.range.start));
        if !has_call {
            return text;
        }
        match self.text[range.clone()].find(&*text) {
            Some(at) => {
                let start = range.start + at;
                CowStr::from(self.body[start..start + text.len()].to_owned())
            }
            None => text,
        }
    }
}

/// The same with one text in the place of several that follow each other.
fn merged(pieces: Vec<Piece>) -> Vec<Piece> {
    let mut merged: Vec<Piece> = Vec::with_capacity(pieces.len());
    let mut pieces = pieces.into_iter().peekable();
    let is_text = |piece: &Piece| matches!(piece, Piece::Event(Event::Text(_), _));
    while let Some(piece) = pieces.next() {
        let Piece::Event(Event::Text(text), mut range) = piece else {
            merged.push(piece);
            continue;
        };
        if !pieces.peek().is_some_and(is_text) {
            merged.push(Piece::Event(Event::Text(text), range));
            continue;
        }
        let mut whole = text.into_string();
        while let Some(Piece::Event(Event::Text(more), further)) = pieces.next_if(is_text) {
            whole.push_str(&more);
            range.end = further.end;
        }
        merged.push(Piece::Event(Event::Text(whole.into()), range));
    }
    merged
}

/// A text without what stands for calls in lines.
pub(super) fn without_masks(text: &str) -> String {
    text.replace(MASKS, "")
}

/// Visits the addresses of pages and files that an argument of a component has, in their order, with
/// what each is as a link: its name tells, or that of a key in a mapping within.
pub(super) fn each_address(
    of: &str,
    argument: &mut Argument,
    visit: &mut impl FnMut(LinkKind, &mut String),
) {
    if (of, &*argument.name) == ("article", "path") {
        if let Value::String(path) = &mut argument.value {
            visit(LinkKind::Article, path);
        }
        return;
    }
    addresses_within(&argument.name, &mut argument.value, visit);
}

fn addresses_within(name: &str, value: &mut Value, visit: &mut impl FnMut(LinkKind, &mut String)) {
    match value {
        Value::String(address) => match name {
            "href" => visit(LinkKind::Html, address),
            "src" | "poster" | "image" => visit(LinkKind::Image, address),
            _ => {}
        },
        Value::Sequence(list) => {
            for value in list {
                addresses_within(name, value, visit);
            }
        }
        Value::Mapping(mapping) => {
            for (key, value) in mapping {
                addresses_within(key.as_str().unwrap_or_default(), value, visit);
            }
        }
        _ => {}
    }
}
