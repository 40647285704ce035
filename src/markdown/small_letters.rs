//! Sub- and superscripts inside of words.

use pulldown_cmark::{Event, Tag, TagEnd};

/// Longest text that is taken for small letters, in bytes.
const LONGEST_SMALL: usize = 24;

/// Sub- and superscripts inside of words, `H~2~O` and `x^2^`, which the parser takes only after a
/// space: a text split where it has small letters after a letter, digit or bracket.
pub(super) fn split(event: Event<'_>) -> Vec<Event<'_>> {
    let Event::Text(text) = &event else {
        return vec![event];
    };
    let mut events = Vec::new();
    let (mut done, mut from) = (0, 0);
    while let Some(open) = text[from..].find(['~', '^']).map(|at| from + at) {
        let mark = text.as_bytes()[open];
        from = open + 1;
        let Some(length) = memchr::memchr(mark, &text.as_bytes()[from..]) else {
            continue;
        };
        let small = &text[from..from + length];
        let before = text[..open].chars().next_back();
        let fits =
            !small.is_empty() && length <= LONGEST_SMALL && !small.contains(char::is_whitespace);
        if !fits || !before.is_some_and(|c| c.is_alphanumeric() || c == ')') {
            continue;
        }
        let (start, end) = if mark == b'~' {
            (Tag::Subscript, TagEnd::Subscript)
        } else {
            (Tag::Superscript, TagEnd::Superscript)
        };
        events.push(Event::Text(text[done..open].to_owned().into()));
        events.extend([
            Event::Start(start),
            Event::Text(small.to_owned().into()),
            Event::End(end),
        ]);
        done = from + length + 1;
        from = done;
    }
    if events.is_empty() {
        return vec![event];
    }
    events.push(Event::Text(text[done..].to_owned().into()));
    events
}

/// A text without the marks of its small letters.
pub(super) fn plain(text: &str) -> String {
    let events = split(Event::Text(text.to_owned().into()));
    let texts = events.iter().map(|event| match event {
        Event::Text(text) => text.as_ref(),
        _ => "",
    });
    texts.collect()
}
