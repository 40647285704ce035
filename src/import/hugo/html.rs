//! HTML in Markdown, which Hugo leaves out unless a site asks for it.
//!
//! In: a text. Out: where it has HTML that readers never saw. Comments are not among it: they show
//! nothing, and may be what somebody noted.

use std::ops::Range;

use pulldown_cmark::{Event, Options, Parser, Tag};

/// Finds HTML that was left out, in order. Ends of lines stay, so that what stands around it is not joined.
pub(super) fn left_out(text: &str) -> Vec<Range<usize>> {
    if !text.contains('<') {
        return Vec::new();
    }
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_DEFINITION_LIST;
    let mut found = Vec::new();
    let mut comments: Vec<Range<usize>> = Vec::new();
    for (event, range) in Parser::new_ext(text, options).into_offset_iter() {
        match event {
            Event::Start(Tag::HtmlBlock) => comments = comments_in(text, range),
            Event::Html(_) => outside(text, range, &comments, &mut found),
            Event::InlineHtml(_) => {
                let comments = comments_in(text, range.clone());
                outside(text, range, &comments, &mut found);
            }
            _ => {}
        }
    }
    found
}

/// The comments of a part of a text that are closed.
fn comments_in(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut comments = Vec::new();
    let mut at = range.start;
    while let Some(start) = text[at..range.end].find("<!--") {
        let start = at + start;
        let Some(length) = text[start..range.end].find("-->") else {
            break;
        };
        at = start + length + 3;
        comments.push(start..at);
    }
    comments
}

/// Adds what of a part of a text is in no comment, but for the end of its line.
fn outside(
    text: &str,
    range: Range<usize>,
    comments: &[Range<usize>],
    found: &mut Vec<Range<usize>>,
) {
    let end = range.start + text[range.clone()].trim_end_matches(['\n', '\r']).len();
    let mut at = range.start;
    for comment in comments {
        if comment.end <= at || comment.start >= end {
            continue;
        }
        if comment.start > at {
            found.push(at..comment.start);
        }
        at = comment.end;
    }
    if at < end {
        found.push(at..end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rest(text: &str) -> String {
        let mut rest = String::new();
        let mut done = 0;
        for range in left_out(text) {
            rest.push_str(&text[done..range.start]);
            done = range.end;
        }
        rest + &text[done..]
    }

    #[test]
    fn tags_are_left_out_and_comments_stay() {
        for (text, left) in [
            ("Hi <script>alert(1)</script> *a*", "Hi alert(1) *a*"),
            ("a\n\n<script>\nx\n\ny</script>\n\nb", "a\n\n\n\n\n\n\nb"),
            (
                "<!-- a\n<b> --><i>\n\nx <!-- c --> <b>y</b>",
                "<!-- a\n<b> -->\n\nx <!-- c --> y",
            ),
            ("<!-- open\n<script>", "\n"),
            (
                "`<b>` <https://a.example> 1 < 2",
                "`<b>` <https://a.example> 1 < 2",
            ),
            ("> <div onclick=x>\n> a\n", "> \n> \n"),
        ] {
            assert_eq!(rest(text), left, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_tag_is_left(text in "(<|>|!--|--|-->|<!--|script|/|a|b=|\"| |\n|>|é|-|`){0,40}") {
            let found = left_out(&text);
            for pair in found.windows(2) {
                proptest::prop_assert!(pair[0].end <= pair[1].start);
            }
            for range in found {
                let _ = &text[range];
            }
        }
    }
}
