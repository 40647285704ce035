//! Archived comments, whose authors nobody knows.

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd, html};

use super::destination::{Destination, classify};
use super::sanitise;

/// Longest comment whose HTML is obeyed, in bytes. The longest of the archives that this was tried
/// on has 12 KB.
const MOST_BYTES: usize = 64 * 1024;

/// Renders an archived comment: Markdown, and HTML without anything that could run, track or
/// restyle. Links keep only safe schemes, pictures are left out, headings become paragraphs. HTML
/// that is too long, or too deep, to be worth cleaning is shown as text.
#[must_use]
pub fn comment_html(text: &str) -> String {
    // Nothing else begins a tag, and what the library writes itself is harmless.
    if !text.contains('<') {
        return rendered(text, false);
    }
    let obeyed = (text.len() <= MOST_BYTES).then(|| rendered(text, true));
    let cleaned = obeyed.and_then(|html| sanitise::comment(&html));
    cleaned.unwrap_or_else(|| rendered(text, false))
}

/// The Markdown rendered, with its HTML as it is or as text.
fn rendered(markdown: &str, obey_html: bool) -> String {
    // Footnotes and headings would bring ids that other comments have too, and columns of tables
    // styles.
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_SMART_PUNCTUATION;
    // Whether the innermost link was left out, so that its end is too.
    let mut left_out = Vec::new();
    let mut events = Vec::new();
    for event in Parser::new_ext(markdown, options) {
        match event {
            Event::Html(_) | Event::InlineHtml(_) if obey_html => events.push(event),
            Event::Html(html) | Event::InlineHtml(html) => events.push(Event::Text(html)),
            Event::Start(Tag::HtmlBlock) | Event::End(TagEnd::HtmlBlock) if obey_html => {}
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
    if obey_html {
        return out;
    }
    // A reader's links do not speak for the publication. All HTML here is the library's own, so
    // every `<a ` begins a link.
    out.replace("<a href=", "<a rel=\"nofollow ugc\" href=")
}

fn leads_elsewhere(destination: &str) -> bool {
    classify(destination, false, "\0") == Destination::Elsewhere
}
