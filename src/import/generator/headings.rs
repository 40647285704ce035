//! Ids of headings, as Pressroom makes them.
//!
//! In: a text. Out: the ids of its headings, and the one that a link of another generator meant.

use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};

use crate::model::anchor;

/// The ids of the headings of a text, in order.
pub(super) fn ids(text: &str) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    // Its own id, and its text so far.
    let mut open: Option<(Option<String>, String)> = None;
    for event in Parser::new_ext(
        text,
        Options::ENABLE_HEADING_ATTRIBUTES | Options::ENABLE_TABLES,
    ) {
        match (event, &mut open) {
            (Event::Start(Tag::Heading { id, .. }), _) => {
                open = Some((id.map(|id| id.to_string()), String::new()));
            }
            (Event::Text(text) | Event::Code(text), Some((_, so_far))) => so_far.push_str(&text),
            (Event::End(TagEnd::Heading(_)), Some((id, text))) => {
                let id = id.take().unwrap_or_else(|| numbered(&ids, &anchor(text)));
                ids.push(id);
                open = None;
            }
            _ => {}
        }
    }
    ids
}

/// The second heading of one text gets a number.
fn numbered(taken: &[String], id: &str) -> String {
    let is_taken = |id: &String| taken.contains(id);
    if !is_taken(&id.to_owned()) {
        return id.to_owned();
    }
    let mut number = 1;
    while is_taken(&format!("{id}-{number}")) {
        number += 1;
    }
    format!("{id}-{number}")
}

/// The id that is meant: the same, or the only one of the same letters and digits.
pub(super) fn like<'i>(ids: &'i [String], wanted: &str) -> Option<&'i str> {
    if let Some(same) = ids.iter().find(|id| *id == wanted) {
        return Some(same);
    }
    let letters = |id: &str| {
        id.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect::<String>()
    };
    let wanted = letters(wanted);
    let mut near = ids.iter().filter(|id| letters(id) == wanted);
    near.next()
        .filter(|_| near.next().is_none())
        .map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_heading_is_found_under_the_id_that_another_generator_gave_it() {
        let ids = ids("# A\n\n## get_url & co.\n\n## A\n\n## B {#own}\n");
        assert_eq!(ids, ["a", "get_url-co", "a-1", "own"]);
        for (wanted, found) in [
            ("get-url-co", Some("get_url-co")),
            ("geturl--co", Some("get_url-co")),
            ("a", Some("a")),
            ("b", None),
        ] {
            assert_eq!(like(&ids, wanted), found, "{wanted}");
        }
    }
}
