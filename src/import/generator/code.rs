//! Where a text of Markdown has code, in which nothing is a link, a call or a mark.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag};

/// The places of code and of comments, in order.
#[derive(Debug, Default)]
pub(in crate::import) struct Code(Vec<Range<usize>>);

impl Code {
    /// Finds code in a text.
    pub fn of(text: &str) -> Self {
        if !text.contains(['`', '~', '\t']) && !text.contains("    ") && !text.contains("<!--") {
            return Self::default();
        }
        // Those that Pressroom reads articles with, so that both find the same.
        let options = Options::ENABLE_TABLES
            | Options::ENABLE_FOOTNOTES
            | Options::ENABLE_STRIKETHROUGH
            | Options::ENABLE_TASKLISTS
            | Options::ENABLE_HEADING_ATTRIBUTES
            | Options::ENABLE_DEFINITION_LIST
            | Options::ENABLE_GFM
            | Options::ENABLE_SUPERSCRIPT
            | Options::ENABLE_SUBSCRIPT
            | Options::ENABLE_WIKILINKS;
        let events = Parser::new_ext(text, options).into_offset_iter();
        let code = events.filter_map(|(event, range)| match event {
            Event::Start(Tag::CodeBlock(_)) | Event::Code(_) => Some(range),
            Event::Start(Tag::HtmlBlock) | Event::InlineHtml(_) => {
                text[range.clone()].starts_with("<!--").then_some(range)
            }
            _ => None,
        });
        Self(code.collect())
    }

    /// Whether a byte is in code.
    pub fn has(&self, at: usize) -> bool {
        let next = self.0.partition_point(|range| range.end <= at);
        self.0.get(next).is_some_and(|range| range.contains(&at))
    }
}

/// A text with other letters in the place of some parts, as many bytes, so that what is in them begins
/// and ends nothing.
pub(in crate::import) fn without(text: &str, parts: &[Range<usize>]) -> String {
    let mut masked = text.as_bytes().to_vec();
    for byte in parts.iter().flat_map(Clone::clone) {
        if !matches!(masked[byte], b'\n' | b'\r') {
            masked[byte] = b'x';
        }
    }
    // Parts begin and end between letters, so whole letters are replaced.
    String::from_utf8(masked).unwrap_or_else(|_| text.to_owned())
}

/// A fenced block, with a fence that the code does not have.
pub(in crate::import) fn fence(language: &str, attributes: &str, code: &str) -> String {
    let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest.max(2) + 1);
    let gap = if attributes.is_empty() { "" } else { " " };
    let code = code.trim_matches(['\n', '\r']);
    format!("{fence}{language}{gap}{attributes}\n{code}\n{fence}")
}

/// A text whose fences say something else of their code. `map` is given what one says.
pub(in crate::import) fn with_infos(text: &str, map: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(text.len());
    let mut done = 0;
    for (event, range) in Parser::new_ext(text, Options::ENABLE_TABLES).into_offset_iter() {
        let Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(_))) = event else {
            continue;
        };
        let block = &text[range.clone()];
        let fence = block.len() - block.trim_start_matches(['`', '~', ' ']).len();
        let line = block[fence..].lines().next().unwrap_or_default();
        let written = line.trim_end();
        if let Some(other) = map(written) {
            let at = range.start + fence;
            out.push_str(&text[done..at]);
            out.push_str(&other);
            done = at + written.len();
        }
    }
    out.push_str(&text[done..]);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_found_where_markdown_has_it() {
        let text = "a `b` c\n\n```\nd\n```\n\n    e\n\nf <!-- g --> h";
        let code = Code::of(text);
        let inside: String = text
            .char_indices()
            .filter(|(at, c)| c.is_alphabetic() && code.has(*at))
            .map(|(_, c)| c)
            .collect();
        assert_eq!(inside, "bdeg");
        assert_eq!(without("aéb\nc", &[1..4, 4..6]), "axxx\nx");
    }

    #[test]
    fn a_fence_is_longer_than_those_in_the_code() {
        assert_eq!(
            fence("md", "", "\n```\nx\n```\n"),
            "````md\n```\nx\n```\n````"
        );
        assert_eq!(
            fence("go", "{linenos=true}", "x"),
            "```go {linenos=true}\nx\n```"
        );
    }
}
