//! Extensions of kramdown: `{::comment} … {:/comment}` and its kind.
//!
//! In: a text. Out: the places of comments, and of tags that no reader saw.

use std::ops::Range;

use super::liquid::{Found, Kind};
use crate::import::generator::code::{Code, without};

/// Finds extensions outside of code, in order.
pub(super) fn find(text: &str) -> Vec<Found> {
    if !text.contains("{::") {
        return Vec::new();
    }
    let tags = tags(text);
    // What a comment has in it begins no code.
    let code = Code::of(&without(text, &nearest(&tags)));
    let mut found = Vec::new();
    // One that is never closed is text, as kramdown has it.
    let mut open: Option<usize> = None;
    for tag in tags.iter().filter(|tag| !code.has(tag.range.start)) {
        match (tag.name, tag.role) {
            ("comment", Role::Opens) => open = open.or(Some(tag.range.start)),
            ("comment" | "", Role::Closes) if open.is_some() => {
                let range = open.take().unwrap_or(tag.range.start)..tag.range.end;
                let kind = Kind::Comment;
                found.push(Found { kind, range });
            }
            // What lies in a comment is gone with it.
            _ if open.is_some() => {}
            (name, _) => {
                let kind = Kind::Extension(name.to_owned());
                let range = tag.range.clone();
                found.push(Found { kind, range });
            }
        }
    }
    found
}

/// Both kinds of places in one order; what lies within another is a part of it.
pub(super) fn merged(liquid: Vec<Found>, extensions: Vec<Found>) -> Vec<Found> {
    let mut all = liquid;
    all.extend(extensions);
    all.sort_by_key(|found| found.range.start);
    let mut end = 0;
    all.retain(|found| {
        let is_apart = found.range.start >= end;
        end = end.max(found.range.end);
        is_apart
    });
    all
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Opens,
    Closes,
    Alone,
}

#[derive(Debug)]
struct Tag<'t> {
    /// Empty where `{:/}` closes whatever is open.
    name: &'t str,
    role: Role,
    range: Range<usize>,
}

/// Names of extensions that kramdown has.
const NAMES: [&str; 3] = ["comment", "nomarkdown", "options"];

fn tags(text: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    for (start, _) in text.match_indices("{:") {
        let inner = &text[start + 2..];
        let Some((end, '}')) = inner
            .char_indices()
            .take(LONGEST)
            .find(|(_, c)| matches!(c, '}' | '\n'))
        else {
            continue;
        };
        let said = &inner[..end];
        let (said, role) = match (said.strip_prefix(':'), said.strip_prefix('/')) {
            (Some(said), _) if said.ends_with('/') => (said.trim_end_matches('/'), Role::Alone),
            (Some(said), _) => (said, Role::Opens),
            (_, Some(said)) => (said, Role::Closes),
            _ => continue,
        };
        let name = said.split_whitespace().next().unwrap_or_default();
        let is_one = NAMES.contains(&name) || name.is_empty() && role == Role::Closes;
        if is_one && !said.contains('{') {
            let range = start..start + 2 + end + 1;
            tags.push(Tag { name, role, range });
        }
    }
    tags
}

/// Most letters of a tag that are looked at.
const LONGEST: usize = 1000;

/// Comments from the last beginning before each end.
fn nearest(tags: &[Tag]) -> Vec<Range<usize>> {
    let mut open = None;
    let mut found = Vec::new();
    for tag in tags {
        match (tag.name, tag.role) {
            ("comment", Role::Opens) => open = Some(tag.range.start),
            ("comment" | "", Role::Closes) => {
                found.extend(open.take().map(|start| start..tag.range.end));
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(text: &str) -> String {
        let mut rest = String::new();
        let mut done = 0;
        for found in find(text) {
            rest.push_str(&text[done..found.range.start]);
            done = found.range.end;
        }
        rest + &text[done..]
    }

    #[test]
    fn comments_are_found_in_all_their_forms() {
        for (text, left) in [
            ("a {::comment}x{:/comment} b", "a  b"),
            ("{::comment}\n```\n{:/}\nb {::comment}y{:/}", "\nb "),
            (
                "`{::comment}` a {::comment}x{:/comment} b",
                "`{::comment}` a  b",
            ),
            (
                "```\n{::comment}x{:/comment}\n```\n",
                "```\n{::comment}x{:/comment}\n```\n",
            ),
            ("{::comment} a {::comment} b {:/comment} c", " c"),
            ("a {::comment} b", "a {::comment} b"),
            (
                "{::nomarkdown}<b>{:/nomarkdown} {::options toc=\"1\" /}",
                "<b> ",
            ),
            ("{::other} {:/other} {: .a}", "{::other} {:/other} {: .a}"),
        ] {
            assert_eq!(rest(text), left, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "(\\{::|\\{:/|\\}|comment|nomarkdown|options|/| |\n|`|```|é){0,40}") {
            let found = merged(Vec::new(), find(&text));
            for pair in found.windows(2) {
                proptest::prop_assert!(pair[0].range.end <= pair[1].range.start);
            }
            let _ = rest(&text);
        }
    }
}
