//! What templates read of a theme's settings, by their text.
//!
//! The engine does not show what a template refers to, so `site.params` is searched for. What is
//! commented out does not count.

use std::ops::Range;

/// One use of a theme's settings.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Read<'a> {
    /// One by its name.
    Setting(&'a str),
    /// All of them, or one whose name is not written out.
    All,
}

/// Each use of `site.params` in a template, with the place of the setting's name.
pub(super) fn reads(text: &str) -> Vec<(Range<usize>, Read<'_>)> {
    const SETTINGS: &str = "site.params";
    let code = without_comments(text);
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut found = Vec::new();
    for (at, _) in code.match_indices(SETTINGS) {
        let end = at + SETTINGS.len();
        let is_part =
            code[..at].ends_with(|c| is_word(c) || c == '.') || code[end..].starts_with(is_word);
        if is_part {
            continue;
        }
        let name = [".", "?.", "[\"", "['", "?[\"", "?['"]
            .iter()
            .find_map(|opening| {
                let rest = code[end..].strip_prefix(opening)?;
                let name = code.len() - rest.len();
                let length = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
                (length > 0).then(|| name..name + length)
            });
        found.push(match name {
            Some(range) => (range.clone(), Read::Setting(&text[range])),
            None => (at..end, Read::All),
        });
    }
    found
}

/// A template with spaces for its comments, so that places stay what they are.
pub(super) fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("{#") {
        let end = rest[start..]
            .find("#}")
            .map_or(rest.len(), |at| start + at + 2);
        out.push_str(&rest[..start]);
        out.extend(std::iter::repeat_n(' ', end - start));
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Vec<Read<'_>> {
        reads(text).into_iter().map(|(_, what)| what).collect()
    }

    #[test]
    fn settings_are_found_in_each_way_of_writing_them() {
        use Read::{All, Setting};
        assert_eq!(names("{{ site.params.motto or \"\" }}"), [Setting("motto")]);
        assert_eq!(names("{{ site.params['motto'] }}"), [Setting("motto")]);
        assert_eq!(names("{% if site.params?.motto %}"), [Setting("motto")]);
        assert_eq!(names("{% for name, value in site.params %}"), [All]);
        assert_eq!(names("{{ site.params[name] }}"), [All]);
    }

    #[test]
    fn what_is_commented_out_or_part_of_another_name_is_not_read() {
        assert_eq!(names("{# größer: site.params.motto #}"), []);
        assert_eq!(names("{# site.params.motto"), []);
        assert_eq!(
            names("{{ website.params.motto }}{{ site.params_of.x }}"),
            []
        );
    }

    #[test]
    fn the_place_is_that_of_the_name_even_after_a_comment() {
        let text = "{# größer #}{{ site.params.motto }}";
        let (range, _) = &reads(text)[0];
        assert_eq!(&text[range.clone()], "motto");
    }
}
