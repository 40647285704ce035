//! Pictures of a body that say nothing to those who do not see them.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::options;
use super::shallow::shallow;

/// Where pictures stand that have no text, `![](picture.jpg)`, by their bytes in the body.
#[must_use]
pub fn unnamed_pictures(body: &str, math: bool) -> Vec<Range<usize>> {
    let mut unnamed = Vec::new();
    let mut open: Option<(Range<usize>, bool)> = None;
    let body = shallow(body);
    for (event, range) in Parser::new_ext(&body, options(math)).into_offset_iter() {
        match event {
            Event::Start(Tag::Image { .. }) => open = Some((range, false)),
            Event::End(TagEnd::Image) => {
                let closed = open.take().filter(|(_, is_named)| !is_named);
                unnamed.extend(closed.map(|(range, _)| range));
            }
            Event::Text(text) | Event::Code(text) => {
                if let Some((_, is_named)) = &mut open {
                    *is_named |= !text.trim().is_empty();
                }
            }
            _ => {}
        }
    }
    unnamed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_without_a_text_is_found() {
        let body = "![A boat](a.jpg) ![](b.jpg)\n\n`![](c.jpg)`\n\n![ ][d]\n\n[d]: d.jpg\n";
        let found = unnamed_pictures(body, false);
        let texts: Vec<&str> = found.into_iter().map(|range| &body[range]).collect();
        assert_eq!(texts, ["![](b.jpg)", "![ ][d]"]);
    }
}
