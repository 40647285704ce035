//! Links and ids in raw HTML: enough of its syntax to find the attributes that hold them.

use std::ops::Range;

/// An attribute of raw HTML that matters to the site.
pub(super) struct Attribute {
    /// What it is.
    pub kind: AttributeKind,
    /// Where its value is in the HTML, without quotes.
    pub value: Range<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum AttributeKind {
    /// A page or file: `href`, `src`, `action` and the like.
    Link,
    /// A picture: `src` of an `img`, `srcset`, `poster`.
    Picture,
    /// `id`, or `name` of an `a`.
    Anchor,
}

/// Whether it is worth looking: a cheap test that most raw HTML fails.
pub(super) fn may_have_any(html: &str) -> bool {
    memchr::memchr(b'=', html.as_bytes()).is_some()
        && memchr::memchr(b'<', html.as_bytes()).is_some()
}

/// The attributes that matter, in order. Comments, and what is inside of `script` and `style`,
/// are passed over.
pub(super) fn find(html: &str) -> Vec<Attribute> {
    let bytes = html.as_bytes();
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(open) = memchr::memchr(b'<', &bytes[at..]).map(|n| at + n) {
        if html[open..].starts_with("<!--") {
            at = html[open + 4..]
                .find("-->")
                .map_or(bytes.len(), |n| open + 4 + n + 3);
            continue;
        }
        let name_end = end_of(bytes, open + 1, |b| b.is_ascii_alphanumeric() || b == b'-');
        let name = html[open + 1..name_end].to_ascii_lowercase();
        if name.is_empty() {
            at = open + 1;
            continue;
        }
        at = attributes(html, name_end, &name, &mut found);
        if name == "script" || name == "style" {
            let close = format!("</{name}");
            at = find_ignoring_case(html, at, &close).unwrap_or(bytes.len());
        }
    }
    found
}

/// Reads the attributes of one tag; returns where it ends.
fn attributes(html: &str, mut at: usize, tag: &str, found: &mut Vec<Attribute>) -> usize {
    let bytes = html.as_bytes();
    loop {
        at = end_of(bytes, at, |b| b.is_ascii_whitespace() || b == b'/');
        match bytes.get(at) {
            None => return at,
            Some(b'>') => return at + 1,
            _ => {}
        }
        let name_start = at;
        at = end_of(bytes, at + 1, |b| {
            !b.is_ascii_whitespace() && !matches!(b, b'=' | b'>' | b'/')
        });
        let name = &html[name_start..at];
        let equals = end_of(bytes, at, |b| b.is_ascii_whitespace());
        if bytes.get(equals) != Some(&b'=') {
            continue;
        }
        let value_start = end_of(bytes, equals + 1, |b| b.is_ascii_whitespace());
        let value = if let Some(quote @ (b'"' | b'\'')) = bytes.get(value_start) {
            let start = value_start + 1;
            let end = memchr::memchr(*quote, &bytes[start..]).map_or(bytes.len(), |n| start + n);
            at = (end + 1).min(bytes.len());
            start..end
        } else {
            at = end_of(bytes, value_start, |b| {
                !b.is_ascii_whitespace() && b != b'>'
            });
            value_start..at
        };
        let name = name.to_ascii_lowercase();
        if name == "srcset" {
            found.extend(candidates(html, value));
            continue;
        }
        let kind = match (tag, name.as_str()) {
            ("img", "src") | (_, "poster") => AttributeKind::Picture,
            ("object", "data") | (_, "href" | "src" | "action" | "formaction") => {
                AttributeKind::Link
            }
            ("a", "name") | (_, "id") => AttributeKind::Anchor,
            _ => continue,
        };
        found.push(Attribute { kind, value });
    }
}

/// The pictures of a `srcset`: URLs, each with its width or density, and commas between.
fn candidates(html: &str, value: Range<usize>) -> impl Iterator<Item = Attribute> {
    let mut from = value.start;
    html[value].split(',').filter_map(move |candidate| {
        let start = from + candidate.len() - candidate.trim_start().len();
        from += candidate.len() + 1;
        let url = candidate.split_whitespace().next()?;
        Some(Attribute {
            kind: AttributeKind::Picture,
            value: start..start + url.len(),
        })
    })
}

fn end_of(bytes: &[u8], start: usize, fits: impl Fn(u8) -> bool) -> usize {
    let start = start.min(bytes.len());
    start + bytes[start..].iter().take_while(|b| fits(**b)).count()
}

fn find_ignoring_case(text: &str, from: usize, needle: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    (from..bytes.len().saturating_sub(needle.len() - 1))
        .find(|at| bytes[*at..*at + needle.len()].eq_ignore_ascii_case(needle.as_bytes()))
}
