//! Archived comments, whose authors nobody knows.

use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd, html};

use super::destination::{Destination, classify};

/// Renders an archived comment: HTML in it is shown as text, links keep only safe schemes,
/// pictures are left out, headings become paragraphs.
#[must_use]
pub fn comment_html(markdown: &str) -> String {
    // Whether the innermost link was left out, so that its end is too.
    let mut left_out = Vec::new();
    let mut events = Vec::new();
    for event in Parser::new_ext(markdown, super::options(false)) {
        match event {
            Event::Html(html) | Event::InlineHtml(html) => events.push(Event::Text(html)),
            Event::Start(Tag::HtmlBlock | Tag::Heading { .. }) => {
                events.push(Event::Start(Tag::Paragraph));
            }
            Event::End(TagEnd::HtmlBlock | TagEnd::Heading(_)) => {
                events.push(Event::End(TagEnd::Paragraph));
            }
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            }) => {
                let is_email = matches!(link_type, LinkType::Email);
                let is_safe = is_email || leads_elsewhere(&dest_url);
                left_out.push(!is_safe);
                if is_safe {
                    let link_type = if is_email {
                        link_type
                    } else {
                        LinkType::Inline
                    };
                    events.push(Event::Start(Tag::Link {
                        link_type,
                        dest_url,
                        title,
                        id,
                    }));
                }
            }
            Event::End(TagEnd::Link) => {
                if left_out.pop() == Some(false) {
                    events.push(Event::End(TagEnd::Link));
                }
            }
            // A picture would let its host watch the readers; what it shows is said instead.
            Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => {}
            other => events.push(other),
        }
    }
    let mut out = String::new();
    html::push_html(&mut out, events.into_iter());
    // A reader's links do not speak for the publication. All HTML here is the library's own, so
    // every `<a ` begins a link.
    out.replace("<a href=", "<a rel=\"nofollow ugc\" href=")
}

fn leads_elsewhere(destination: &str) -> bool {
    classify(destination, false, "\0") == Destination::Elsewhere
}
