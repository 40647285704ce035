//! Archived comments, whose authors nobody knows.

use pulldown_cmark::{CowStr, Event, LinkType, Parser, Tag, TagEnd, html};

use super::destination::{Destination, classify};

/// Renders an archived comment: HTML in it is shown as text, links and pictures keep only safe
/// schemes, headings become paragraphs.
#[must_use]
pub fn comment_html(markdown: &str) -> String {
    let safe = |destination: CowStr<'_>| -> String {
        match classify(&destination, false, "\0") {
            Destination::Elsewhere => destination.into_string(),
            _ => String::new(),
        }
    };
    let events = Parser::new_ext(markdown, super::options(false)).map(|event| match event {
        Event::Html(html) | Event::InlineHtml(html) => Event::Text(html),
        Event::Start(Tag::HtmlBlock | Tag::Heading { .. }) => Event::Start(Tag::Paragraph),
        Event::End(TagEnd::HtmlBlock | TagEnd::Heading(_)) => Event::End(TagEnd::Paragraph),
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => Event::Start(Tag::Link {
            link_type: if matches!(link_type, LinkType::Email) {
                LinkType::Email
            } else {
                LinkType::Inline
            },
            dest_url: if matches!(link_type, LinkType::Email) {
                dest_url
            } else {
                safe(dest_url).into()
            },
            title,
            id,
        }),
        Event::Start(Tag::Image {
            dest_url,
            title,
            id,
            ..
        }) => Event::Start(Tag::Image {
            link_type: LinkType::Inline,
            dest_url: safe(dest_url).into(),
            title,
            id,
        }),
        other => other,
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    // A reader's links do not speak for the publication. All HTML here is the library's own, so
    // every `<a ` begins a link.
    out.replace("<a href=", "<a rel=\"nofollow ugc\" href=")
}
