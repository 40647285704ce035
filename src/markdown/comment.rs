//! Archived comments, whose authors nobody knows.

use pulldown_cmark::{CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd, html};

use super::sanitise;
use super::shallow::shallow;

/// Longest comment whose HTML is obeyed, in bytes. The longest of the archives that this was tried
/// on has 12 KB.
const MOST_BYTES: usize = 64 * 1024;

/// Deepest nesting of quotations and lists. Browsers take seconds for a few thousand.
const DEEPEST: usize = 64;

/// Where a comment's links may lead.
const SCHEMES: [&str; 3] = ["https://", "http://", "mailto:"];

/// Renders an archived comment: Markdown, and HTML without anything that could run, track or
/// restyle. Links keep only safe schemes, pictures are left out, headings become paragraphs. HTML
/// that is too long, or too deep, to be worth cleaning is shown as text, and so is a comment that
/// is all nesting.
#[must_use]
pub fn comment_html(text: &str) -> String {
    // Nothing else begins a tag, and what the library writes itself is harmless.
    let has_html = text.contains('<') && text.len() <= MOST_BYTES;
    let obeyed = has_html.then(|| rendered(text, true)).flatten();
    let cleaned = obeyed.and_then(|html| sanitise::comment(&html));
    let rendered = cleaned.or_else(|| rendered(text, false));
    rendered.unwrap_or_else(|| format!("<p>{}</p>\n", quick_xml::escape::escape(text)))
}

/// The Markdown rendered, with its HTML as it is or as text; `None` when it is nested too deep.
fn rendered(markdown: &str, obey_html: bool) -> Option<String> {
    let markdown = shallow(markdown);
    // Footnotes and headings would bring ids that other comments have too, and columns of tables
    // styles.
    let options = Options::ENABLE_STRIKETHROUGH | Options::ENABLE_SMART_PUNCTUATION;
    let mut depth = 0_usize;
    // Whether the innermost link was left out, so that its end is too.
    let mut left_out = Vec::new();
    let mut events = Vec::new();
    for event in Parser::new_ext(&markdown, options) {
        match &event {
            Event::Start(_) if depth == DEEPEST => return None,
            Event::Start(_) => depth += 1,
            Event::End(_) => depth -= 1,
            _ => {}
        }
        match event {
            // The language would be a class.
            Event::Start(Tag::CodeBlock(_)) => {
                events.push(Event::Start(Tag::CodeBlock(CodeBlockKind::Indented)));
            }
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
                id,
                ..
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
                        title: "".into(),
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
        return Some(out);
    }
    // A reader's links do not speak for the publication. All HTML here is the library's own, so
    // every `<a ` begins a link.
    Some(out.replace("<a href=", "<a rel=\"nofollow ugc\" href="))
}

fn leads_elsewhere(destination: &str) -> bool {
    let begins = |scheme: &&str| {
        let start = destination.get(..scheme.len());
        start.is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    };
    SCHEMES.iter().any(begins)
}
