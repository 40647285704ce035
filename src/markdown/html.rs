//! Markdown as HTML.

use std::sync::Arc;

use pulldown_cmark::{
    Alignment, CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Parser, Tag, TagEnd,
    TextMergeStream, html,
};
use serde::Serialize;

use super::attributes::{self, AttributeKind};
use super::components::{self, Components};
use super::composed;
use super::destination::{Destination, classify};
use super::footnotes::Footnotes;
use super::math::{Display, Formula};
use super::pictures::Picture;
use super::sanitise::Sanitiser;
use super::shallow::shallow;
use super::small_letters;
use crate::bits;
use crate::code::{self, Colours, Fence};
use crate::model::{Heading, LinkKind, Shown};

/// The box that a table stands in.
const TABLE_BOX: &str = "<div class=\"table\" tabindex=\"0\">\n";

/// The box that a formula by itself stands in, within a paragraph.
const FORMULA_BOX: &str = "<span class=\"math\" tabindex=\"0\">";

/// A body, and what the site knows of it.
#[derive(Debug, Clone, Copy)]
pub struct Body<'a> {
    /// The Markdown.
    pub markdown: &'a str,
    /// Its headings, as they were scanned.
    pub headings: &'a [Heading],
    /// What each internal link becomes, in order.
    pub links: &'a [Resolution],
    /// The site's base URL, with a slash at its end.
    pub base_url: &'a str,
    /// Whether formulas are marked up.
    pub math: bool,
    /// Whether the first heading is the article's headline, and left out.
    pub without_title: bool,
    /// What the body's own HTML goes through; `None` where its author is trusted.
    pub sanitiser: Option<&'a Sanitiser>,
    /// How wide pictures are shown, in the form of the attribute `sizes`.
    pub sizes: &'a str,
    /// What is known of the colours of code; `None` where it gets none.
    pub colours: Option<&'a Colours>,
}

/// What an internal link becomes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub enum Resolution {
    /// It stays as it is written.
    Keep,
    /// It leads to this URL; a wikilink without a text of its own shows the label.
    To {
        /// Percent-encoded URL.
        url: Box<str>,
        /// The target's title, for wikilinks.
        label: Option<Box<str>>,
        /// What a page says of it, if it is a picture of the site.
        picture: Option<Arc<Shown>>,
    },
}

/// Renders a body.
///
/// # Errors
///
/// What goes wrong in a component.
pub fn to_html<C: Components>(body: Body, components: &C) -> Result<String, C::Error> {
    let body = Body {
        markdown: &shallow(body.markdown),
        ..body
    };
    let mut renderer = Renderer {
        headings: body.headings.iter(),
        links: body.links.iter(),
        base_url: body.base_url,
        sizes: body.sizes,
        colours: body.colours,
        headline: if body.without_title {
            Headline::ToCome
        } else {
            Headline::Past
        },
        ..Renderer::default()
    };
    let treatment = |name: &str, form| components.treatment(name, form);
    let (masked, _) = components::mask(body.markdown, body.math, treatment);
    if let Some(masked) = &masked {
        return composed::to_html(masked, body, components, renderer);
    }
    let mut events = Vec::with_capacity(body.markdown.len() / 16);
    let parser = Parser::new_ext(body.markdown, super::options(body.math));
    if memchr::memchr2(b'~', b'^', body.markdown.as_bytes()).is_some() {
        let mut in_code = false;
        for event in TextMergeStream::new(parser) {
            match &event {
                Event::Start(Tag::CodeBlock(_)) => in_code = true,
                Event::End(TagEnd::CodeBlock) => in_code = false,
                _ => {}
            }
            if in_code {
                renderer.event(event, &mut events);
            } else {
                for event in small_letters::split(event) {
                    renderer.event(event, &mut events);
                }
            }
        }
    } else {
        parser.for_each(|event| renderer.event(event, &mut events));
    }
    std::mem::take(&mut renderer.footnotes).append_to(&mut events);
    Ok(renderer.html_of(events, &body))
}

/// Renders text of the site's owner, such as a theme's parameter. Links from the root get the
/// site's base path.
#[must_use]
pub fn trusted_html(markdown: &str, base_path: &str) -> String {
    let rooted = |url: CowStr<'_>| match url.strip_prefix('/').filter(|rest| !rest.starts_with('/'))
    {
        Some(rest) => CowStr::from(format!("{base_path}{rest}")),
        None => CowStr::from(url.into_string()),
    };
    let events = Parser::new_ext(markdown, super::options(false)).map(|event| match event {
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) => Event::Start(Tag::Link {
            link_type,
            dest_url: rooted(dest_url),
            title,
            id,
        }),
        Event::Start(Tag::Image {
            link_type,
            dest_url,
            title,
            id,
        }) => Event::Start(Tag::Image {
            link_type,
            dest_url: rooted(dest_url),
            title,
            id,
        }),
        other => other,
    });
    let mut out = String::new();
    html::push_html(&mut out, events);
    out
}

/// What is known of where a link leads.
#[derive(Clone, Copy, Default)]
struct Answer<'a> {
    /// The label that it may show.
    label: Option<&'a str>,
    picture: Option<&'a Shown>,
}

/// The heading of the body that is the article's headline, and left out with all that is in it.
#[derive(Clone, Copy, PartialEq, Eq, Default)]
enum Headline {
    ToCome,
    Open,
    #[default]
    Past,
}

#[derive(Default)]
pub(super) struct Renderer<'a, 'm> {
    headings: std::slice::Iter<'a, Heading>,
    links: std::slice::Iter<'a, Resolution>,
    base_url: &'a str,
    sizes: &'a str,
    colours: Option<&'a Colours>,
    headline: Headline,
    /// Inside of a wikilink whose text is replaced.
    label: Option<&'a str>,
    /// How many images are open: what is in them is text.
    images: usize,
    /// The picture of the site that is open.
    picture: Option<Picture<'a>>,
    /// Whether there has been one.
    has_pictures: bool,
    has_aligned_table: bool,
    /// The block of code that is open: what is said of it, and its code so far.
    code: Option<(CowStr<'m>, String)>,
    /// Raw HTML of the block that is open.
    html: Option<String>,
    pub(super) footnotes: Footnotes<'m>,
}

impl<'a, 'm> Renderer<'a, 'm>
where
    'a: 'm,
{
    /// Events as HTML.
    pub(super) fn html_of(&self, events: Vec<Event<'m>>, body: &Body) -> String {
        let mut out = String::with_capacity(body.markdown.len() * 5 / 4);
        html::push_html(&mut out, events.into_iter());
        if self.has_aligned_table {
            // A strict content security policy allows no style attributes.
            for side in ["left", "center", "right"] {
                out = out.replace(
                    &format!(" style=\"text-align: {side}\""),
                    &format!(" class=\"align-{side}\""),
                );
            }
        }
        // HTML has no other control characters than these (HTML, 13.1.4).
        let is_text = |b: u8| b >= b' ' && b != 0x7f || matches!(b, b'\t' | b'\n' | b'\r' | 0x0c);
        if !bits::all(out.as_bytes(), is_text) {
            out.retain(|c| !c.is_ascii() || is_text(c as u8));
        }
        match body.sanitiser {
            Some(sanitiser) => sanitiser.clean(&out),
            None => out,
        }
    }

    /// What comes of raw HTML so far, where a component divides it.
    pub(super) fn html_so_far(&mut self) -> Option<Event<'m>> {
        let block = self.html.as_mut().map(std::mem::take)?;
        Some(Event::Html(self.rewrite(block.into())))
    }

    /// An address that a component is given, as it leads there from the page.
    pub(super) fn address(&mut self, written: &str, kind: LinkKind) -> String {
        // The name of an article is none of the things that an address may be.
        let link_type = match kind {
            LinkKind::Article => LinkType::WikiLink { has_pothole: true },
            _ => LinkType::Inline,
        };
        let is_image = kind == LinkKind::Image;
        let (address, _) = self.resolve(link_type, written, is_image);
        self.has_pictures |= is_image;
        address.into_string()
    }

    /// The title of the article is left out with all that is in it.
    pub(super) fn is_in_title(&self) -> bool {
        self.headline == Headline::Open
    }

    pub(super) fn event(&mut self, event: Event<'m>, events: &mut Vec<Event<'m>>) {
        if self.is_in_title() {
            // The headline's links are still links of the body, and their answers in order.
            match &event {
                Event::End(TagEnd::Heading(_)) => self.headline = Headline::Past,
                Event::InlineHtml(html) => drop(self.rewrite(html.clone())),
                Event::Start(
                    Tag::Link {
                        dest_url,
                        link_type,
                        ..
                    }
                    | Tag::Image {
                        dest_url,
                        link_type,
                        ..
                    },
                ) => {
                    let _ = self.resolve(*link_type, dest_url, false);
                }
                _ => {}
            }
            return;
        }
        if let Some((_, code)) = &mut self.code
            && let Event::Text(text) = &event
        {
            code.push_str(text);
            return;
        }
        let event = match event {
            _ if self.picture.is_some() => self.in_picture(event),
            Event::Start(Tag::CodeBlock(kind)) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info,
                    CodeBlockKind::Indented => "".into(),
                };
                self.code = Some((info, String::new()));
                None
            }
            Event::End(TagEnd::CodeBlock) => self.code.take().map(|(info, code)| {
                let fence = match self.colours {
                    Some(_) => Fence::read(&info).0,
                    None => Fence::named(&info),
                };
                Event::Html(code::html(&fence, &code, self.colours).into())
            }),
            // A table may be wider than a phone: what scrolls is a box around it, which the
            // keyboard can reach.
            Event::Start(Tag::Table(alignments)) => {
                self.has_aligned_table |= alignments.iter().any(|side| *side != Alignment::None);
                self.footnotes
                    .place(events)
                    .push(Event::Html(TABLE_BOX.into()));
                Some(Event::Start(Tag::Table(alignments)))
            }
            Event::End(TagEnd::Table) => {
                self.footnotes.place(events).push(Event::End(TagEnd::Table));
                Some(Event::Html("</div>\n".into()))
            }
            Event::End(TagEnd::Heading(level)) => {
                Some(Event::End(TagEnd::Heading(level.max(HeadingLevel::H2))))
            }
            Event::Start(tag) => self.open(tag),
            Event::End(tag) => self.close(tag),
            Event::Text(_) | Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_)
                if self.label.is_some() =>
            {
                None
            }
            Event::InlineMath(latex) => Some(self.formula(latex, Display::Inline)),
            Event::DisplayMath(latex) => Some(self.formula(latex, Display::Block)),
            Event::Html(html) => match &mut self.html {
                Some(block) => {
                    block.push_str(&html);
                    None
                }
                None => Some(Event::Html(self.rewrite(html))),
            },
            Event::InlineHtml(html) => Some(Event::InlineHtml(self.rewrite(html))),
            Event::TaskListMarker(done) => Some(Event::InlineHtml(task(done).into())),
            Event::FootnoteReference(name) => Some(self.footnotes.reference(name)),
            other => Some(other),
        };
        let Some(event) = event else { return };
        self.footnotes.place(events).push(event);
    }

    fn open(&mut self, tag: Tag<'m>) -> Option<Event<'m>> {
        Some(Event::Start(match tag {
            Tag::Heading { level, classes, .. } => {
                let heading = self.headings.next();
                if self.headline == Headline::ToCome {
                    self.headline = Headline::Open;
                    return None;
                }
                Tag::Heading {
                    // The headline is the page's only heading of the first level.
                    level: level.max(HeadingLevel::H2),
                    id: heading.map(|heading| CowStr::from(heading.id.as_ref())),
                    classes,
                    attrs: Vec::new(),
                }
            }
            Tag::HtmlBlock => {
                self.html = Some(String::new());
                return None;
            }
            Tag::FootnoteDefinition(name) => {
                self.footnotes.open(name);
                return None;
            }
            Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            } => {
                let has_text = !matches!(link_type, LinkType::WikiLink { has_pothole: false });
                let (dest_url, answer) = self.resolve(link_type, &dest_url, false);
                let link_type = if matches!(link_type, LinkType::Email) {
                    link_type
                } else {
                    LinkType::Inline
                };
                let link = Tag::Link {
                    link_type,
                    dest_url,
                    title,
                    id,
                };
                if let Some(label) = answer.label.filter(|_| !has_text) {
                    self.label = Some(label);
                }
                link
            }
            Tag::Image {
                link_type,
                dest_url,
                title,
                id,
            } => {
                let (dest_url, answer) = self.resolve(link_type, &dest_url, true);
                self.images += 1;
                if let Some(shown) = answer.picture.filter(|_| self.images == 1) {
                    let is_first = !std::mem::replace(&mut self.has_pictures, true);
                    self.picture = Some(Picture::new(shown, &dest_url, &title, is_first));
                    return None;
                }
                Tag::Image {
                    link_type: LinkType::Inline,
                    dest_url,
                    title,
                    id,
                }
            }
            other => other,
        }))
    }

    fn close(&mut self, tag: TagEnd) -> Option<Event<'m>> {
        match tag {
            TagEnd::HtmlBlock => {
                let block = self.html.take().unwrap_or_default();
                Some(Event::Html(self.rewrite(block.into())))
            }
            TagEnd::FootnoteDefinition => {
                self.footnotes.close();
                None
            }
            TagEnd::Link => {
                if let Some(label) = self.label.take() {
                    // The text goes before the link's end; both in one event.
                    let mut escaped = String::new();
                    let _ = pulldown_cmark_escape(&mut escaped, label);
                    escaped.push_str("</a>");
                    return Some(Event::InlineHtml(escaped.into()));
                }
                Some(Event::End(tag))
            }
            TagEnd::Image => {
                self.images -= 1;
                Some(Event::End(tag))
            }
            other => Some(Event::End(other)),
        }
    }

    /// A formula as MathML. One that cannot be read, of which the site has been told, stays code.
    fn formula(&self, latex: CowStr<'m>, display: Display) -> Event<'m> {
        let Ok(formula) = Formula::read(&latex, display) else {
            return Event::Code(latex);
        };
        if self.images > 0 {
            return Event::Text(formula.text().into());
        }
        let mathml = formula.mathml(&latex, display);
        Event::InlineHtml(match display {
            Display::Inline => mathml.into(),
            Display::Block => format!("{FORMULA_BOX}{mathml}</span>").into(),
        })
    }

    /// What becomes of an event within a picture, which is its text for those who do not see it.
    fn in_picture(&mut self, event: Event<'m>) -> Option<Event<'m>> {
        match event {
            Event::Start(tag @ Tag::Image { .. }) => {
                // Its address is one of the body's, in order.
                self.open(tag);
            }
            Event::Start(Tag::Link {
                dest_url,
                link_type,
                ..
            }) => {
                self.resolve(link_type, &dest_url, false);
            }
            Event::InlineHtml(html) => drop(self.rewrite(html)),
            Event::End(TagEnd::Image) => {
                self.images -= 1;
                if self.images == 0 {
                    let picture = self.picture.take()?;
                    return Some(Event::InlineHtml(picture.html(self.sizes).into()));
                }
            }
            Event::InlineMath(latex) | Event::DisplayMath(latex) => {
                let text = Formula::read(&latex, Display::Inline);
                let text = text.map_or_else(|_| latex.into_string(), |formula| formula.text());
                self.picture.as_mut()?.alt.push_str(&text);
            }
            Event::Text(text) | Event::Code(text) => self.picture.as_mut()?.alt.push_str(&text),
            Event::SoftBreak | Event::HardBreak => self.picture.as_mut()?.alt.push(' '),
            _ => {}
        }
        None
    }

    /// Where a link leads, and what is known of that.
    fn resolve(
        &mut self,
        link_type: LinkType,
        destination: &str,
        is_image: bool,
    ) -> (CowStr<'m>, Answer<'a>) {
        let as_written = || CowStr::from(destination.to_owned());
        let kind = match link_type {
            LinkType::Email => return (as_written(), Answer::default()),
            LinkType::WikiLink { .. } => Destination::Here(destination),
            _ => classify(destination, is_image, self.base_url),
        };
        match kind {
            Destination::Elsewhere | Destination::Foreign => (as_written(), Answer::default()),
            Destination::Unsafe => (CowStr::Borrowed(""), Answer::default()),
            Destination::Here(_) => match self.links.next() {
                Some(Resolution::To {
                    url,
                    label,
                    picture,
                }) => {
                    let (label, picture) = (label.as_deref(), picture.as_deref());
                    (CowStr::from(url.as_ref()), Answer { label, picture })
                }
                Some(Resolution::Keep) | None => (as_written(), Answer::default()),
            },
        }
    }

    /// Raw HTML with its internal links resolved.
    fn rewrite(&mut self, html: CowStr<'m>) -> CowStr<'m> {
        if !attributes::may_have_any(&html) {
            return html;
        }
        let mut out = String::new();
        let mut copied = 0;
        for attribute in attributes::find(&html) {
            let is_image = match attribute.kind {
                AttributeKind::Anchor => continue,
                AttributeKind::Picture => true,
                AttributeKind::Link => false,
            };
            let value = &html[attribute.value.clone()];
            if let Destination::Here(_) = classify(value, is_image, self.base_url)
                && let Some(Resolution::To { url, .. }) = self.links.next()
            {
                out.push_str(&html[copied..attribute.value.start]);
                out.push_str(url);
                copied = attribute.value.end;
            }
        }
        if copied == 0 {
            return html;
        }
        out.push_str(&html[copied..]);
        out.into()
    }
}

/// The box of a task, with a name for those who do not see it.
fn task(done: bool) -> &'static str {
    if done {
        "<input type=\"checkbox\" disabled checked aria-label=\"Done\"> "
    } else {
        "<input type=\"checkbox\" disabled aria-label=\"To do\"> "
    }
}

/// Escapes text for HTML.
fn pulldown_cmark_escape(out: &mut String, text: &str) -> std::fmt::Result {
    html::write_html_fmt(&mut *out, std::iter::once(Event::Text(text.into())))
}
