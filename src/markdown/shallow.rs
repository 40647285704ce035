//! Quotations and lists that lie in each other deeper than anybody writes them.
//!
//! In: a body. Out: the same, as many bytes long, in which the marks beyond a depth are text, since the
//! parser looks at all that are open for each line: 32 KB of them and as much text took half a second.

use std::borrow::Cow;

/// Deepest quotations and lists.
const DEEPEST: usize = 500;

/// A body whose marks beyond a depth have a backslash before them, or in their place.
pub(super) fn shallow(body: &str) -> Cow<'_, str> {
    let mut shallow = Cow::Borrowed(body);
    let mut from = 0;
    for end in memchr::memchr_iter(b'\n', body.as_bytes()).chain([body.len()]) {
        // Each mark is at least one byte long.
        if end - from > DEEPEST
            && let Some(at) = first_too_deep(&body.as_bytes()[from..end])
        {
            let at = from + at;
            shallow.to_mut().replace_range(at..=at, "\\");
        }
        from = end + 1;
    }
    shallow
}

/// What is to be a backslash of a line that is too deep: the blank before its mark, or else the mark.
fn first_too_deep(line: &[u8]) -> Option<usize> {
    if is_rule(line) {
        return None;
    }
    let (mut at, mut depth) = (0, 0);
    loop {
        at += line[at..].iter().take_while(|b| is_blank(**b)).count();
        let rest = &line[at..];
        let digits = rest.iter().take_while(|b| b.is_ascii_digit()).count();
        let (length, needs_blank) = match rest.get(digits)? {
            b'>' if digits == 0 => (1, false),
            b'-' | b'*' | b'+' if digits == 0 => (1, true),
            b'.' | b')' if digits > 0 => (digits + 1, true),
            _ => return None,
        };
        if needs_blank && !rest.get(length).is_some_and(|next| is_blank(*next)) {
            return None;
        }
        depth += 1;
        if depth > DEEPEST {
            let has_blank = at > 0 && is_blank(line[at - 1]);
            return Some(at - usize::from(has_blank));
        }
        at += length;
    }
}

/// Whether a line divides what is above it from what is below (CommonMark 4.1).
fn is_rule(line: &[u8]) -> bool {
    let mut marks = line.iter().filter(|b| !b.is_ascii_whitespace());
    let first = marks.next();
    matches!(first, Some(b'-' | b'*')) && marks.all(|mark| Some(mark) == first)
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_people_write_stays_as_it_is() {
        for text in [
            "> > a\n- - b\n1. c\n".to_owned(),
            "> ".repeat(DEEPEST) + "a\n",
            "- ".repeat(2 * DEEPEST) + "\n",
            "x ".to_owned() + &"> ".repeat(2 * DEEPEST),
        ] {
            assert!(matches!(shallow(&text), Cow::Borrowed(_)), "{text}");
        }
    }

    #[test]
    fn marks_beyond_the_depth_are_text() {
        for mark in ["> ", ">", "- ", "* ", "+ ", "1. ", "10) "] {
            let text = format!("first\n\n{}x\n", mark.repeat(DEEPEST + 9));
            let shallow = shallow(&text);
            assert_eq!(shallow.len(), text.len());
            let deepest = pulldown_cmark::Parser::new(&shallow).fold((0, 0), |(open, most), it| {
                let open = match it {
                    pulldown_cmark::Event::Start(_) => open + 1,
                    pulldown_cmark::Event::End(_) => open - 1,
                    _ => open,
                };
                (open, usize::max(most, open))
            });
            // A list has an element of its own around each item, and there may be a paragraph.
            assert!(deepest.1 <= 2 * DEEPEST + 1, "{mark}: {}", deepest.1);
        }
    }
}
