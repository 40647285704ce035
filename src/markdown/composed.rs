//! Markdown with components as HTML.
//!
//! In: the pieces of a body ([`Masked::pieces`]). Out: HTML, with that of each component where it is
//! called. What is between the tags of a component is rendered first, and given to it.

use pulldown_cmark::{Event, Tag, TagEnd};

use super::components::{
    Call, Components, Frame, Masked, Nesting, Piece, Role, each_address, without_masks,
};
use super::html::{Body, Renderer};
use super::small_letters;
use crate::model::{Argument, Treatment};

/// Stands at both ends of the number of a component while the rest is sanitised.
pub(super) const TOKEN: char = '\u{fdd1}';

/// Renders a body with calls.
pub(super) fn to_html<'a, 'm, C: Components>(
    masked: &'m Masked,
    body: Body<'a>,
    components: &C,
    renderer: Renderer<'a, 'm>,
) -> Result<String, C::Error>
where
    'a: 'm,
{
    let mut composer = Composer {
        masked,
        body,
        components,
        renderer,
        events: Vec::new(),
        open: Vec::new(),
        nesting: Nesting::default(),
        called: 0,
        made: Vec::new(),
    };
    let mut in_code = false;
    for piece in masked.pieces(body.math) {
        match piece {
            Piece::Call(number) => composer.call(number)?,
            Piece::Event(Event::Text(text), _) if !in_code => {
                for event in small_letters::split(Event::Text(text)) {
                    composer.event(event);
                }
            }
            Piece::Event(event, _) => {
                match event {
                    Event::Start(Tag::CodeBlock(_)) => in_code = true,
                    Event::End(TagEnd::CodeBlock) => in_code = false,
                    _ => {}
                }
                composer.event(event);
            }
        }
    }
    Ok(composer.finish())
}

/// What is between the tags of a component so far.
#[derive(Default)]
struct Within<'m> {
    events: Vec<Event<'m>>,
    call: Given,
}

/// What a component is called with.
#[derive(Default)]
struct Given {
    /// How many are called before it.
    nth: usize,
    arguments: Vec<Argument>,
}

/// Where events go: into the innermost component that is open, or else into the body.
fn sink<'s, 'm>(
    nesting: &'s mut Nesting<Within<'m>>,
    body: &'s mut Vec<Event<'m>>,
) -> &'s mut Vec<Event<'m>> {
    nesting.within().map_or(body, |within| &mut within.events)
}

struct Composer<'a, 'm, 'c, C> {
    masked: &'m Masked<'m>,
    body: Body<'a>,
    components: &'c C,
    renderer: Renderer<'a, 'm>,
    events: Vec<Event<'m>>,
    /// The elements that are open.
    open: Vec<TagEnd>,
    nesting: Nesting<Within<'m>>,
    /// How many components were called so far.
    called: usize,
    /// The components of a body that is sanitised, until they are put into their places.
    made: Vec<Option<String>>,
}

impl<'a, 'm, C: Components> Composer<'a, 'm, '_, C>
where
    'a: 'm,
{
    fn event(&mut self, event: Event<'m>) {
        for frame in self.nesting.event(&event) {
            self.leave(frame);
        }
        match &event {
            Event::Start(tag) => self.open.push(tag.to_end()),
            Event::End(_) => _ = self.open.pop(),
            _ => {}
        }
        if event == Event::End(TagEnd::Paragraph) {
            self.end_paragraph();
            return;
        }
        let sink = sink(&mut self.nesting, &mut self.events);
        self.renderer.event(event, sink);
    }

    fn end_paragraph(&mut self) {
        self.push(Event::End(TagEnd::Paragraph));
        let sink = sink(&mut self.nesting, &mut self.events);
        drop_if_empty(self.renderer.footnotes.place(sink));
    }

    fn push(&mut self, event: Event<'m>) {
        let sink = sink(&mut self.nesting, &mut self.events);
        self.renderer.footnotes.place(sink).push(event);
    }

    fn call(&mut self, number: usize) -> Result<(), C::Error> {
        if let Some(html) = self.renderer.html_so_far() {
            self.push(html);
        }
        let call = &self.masked.calls[number];
        if call.treatment == Treatment::Drop {
            return Ok(());
        }
        match call.role {
            Role::Alone => {
                let given = self.given(call);
                self.place(call, &given, None)?;
            }
            // Its addresses come before those of the body.
            Role::Opens => {
                let (events, call) = (Vec::new(), self.given(call));
                self.nesting.open(number, Within { events, call });
            }
            Role::Closes => {
                if let Some(frame) = self.nesting.close(&call.name, &self.masked.calls) {
                    let html = self.html_of(frame.within.events);
                    let call = &self.masked.calls[frame.call];
                    self.place(call, &frame.within.call, Some(&html))?;
                }
            }
        }
        Ok(())
    }

    /// What a call gives, with addresses as they lead there from the page.
    fn given(&mut self, call: &Call) -> Given {
        let mut arguments = call.arguments.clone();
        for argument in &mut arguments {
            each_address(&call.name, argument, &mut |kind, address| {
                *address = self.renderer.address(address, kind);
            });
        }
        let nth = self.called;
        self.called += 1;
        Given { nth, arguments }
    }

    /// Puts a component where it is called.
    fn place(&mut self, call: &Call, given: &Given, within: Option<&str>) -> Result<(), C::Error> {
        if self.renderer.is_in_title() {
            return Ok(());
        }
        let Given { nth, arguments } = given;
        let html = self
            .components
            .render(*nth, &call.name, arguments, within)?;
        let divides = self.open.last() == Some(&TagEnd::Paragraph)
            && !self.nesting.begins_here()
            && is_block(&html);
        let html = if self.body.sanitiser.is_some() {
            self.made.push(Some(html));
            format!("{TOKEN}{}{TOKEN}", self.made.len() - 1)
        } else {
            html
        };
        if divides {
            self.end_paragraph();
        }
        self.push(Event::Html(html.into()));
        if divides {
            self.push(Event::Html("\n".into()));
            self.push(Event::Start(Tag::Paragraph));
        }
        Ok(())
    }

    /// What was within a call that is not closed where it was opened.
    fn leave(&mut self, frame: Frame<Within<'m>>) {
        for event in frame.within.events {
            self.push(event);
        }
    }

    fn finish(mut self) -> String {
        let open: Vec<_> = std::mem::take(&mut self.nesting).finish().collect();
        for frame in open {
            self.leave(frame);
        }
        let mut events = std::mem::take(&mut self.events);
        std::mem::take(&mut self.renderer.footnotes).append_to(&mut events);
        let html = self.html_of(events);
        without_masks(&html)
    }

    /// Events as HTML, with the components that are called among them.
    fn html_of(&mut self, events: Vec<Event<'m>>) -> String {
        let html = self.renderer.html_of(events, &self.body);
        if self.body.sanitiser.is_some() {
            self.with_components(&html)
        } else {
            html
        }
    }

    /// Sanitised HTML with components where their tokens are. Within a tag there are none: what is called
    /// there would end an attribute, and begin others that nobody has looked at.
    fn with_components(&mut self, html: &str) -> String {
        let mut out = String::with_capacity(html.len());
        let mut rest = html;
        let mut in_tag = false;
        let mut in_value = false;
        while let Some(at) = rest.find(['<', '>', '"', TOKEN]) {
            out.push_str(&rest[..at]);
            let mark = &rest[at..];
            if let Some((number, after)) = token(mark) {
                let made = self.made.get_mut(number).filter(|_| !in_tag);
                out.extend(made.and_then(Option::take));
                rest = after;
                continue;
            }
            match mark.as_bytes()[0] {
                b'<' if !in_tag => in_tag = true,
                b'>' if !in_value => in_tag = false,
                b'"' if in_tag => in_value = !in_value,
                _ => {}
            }
            let length = mark.chars().next().map_or(0, char::len_utf8);
            // A mark that an author wrote stands for nothing.
            out.extend(mark[..length].chars().filter(|c| *c != TOKEN));
            rest = &mark[length..];
        }
        out + rest
    }
}

/// The number of a component whose token a text begins with, and what comes after it.
fn token(text: &str) -> Option<(usize, &str)> {
    let (number, after) = text.strip_prefix(TOKEN)?.split_once(TOKEN)?;
    Some((number.parse().ok()?, after))
}

/// Takes a paragraph away that has nothing in it, as there may be before and after a component.
fn drop_if_empty(events: &mut Vec<Event>) {
    let is_start = |event: &Event| matches!(event, Event::Start(Tag::Paragraph));
    let Some(start) = events.iter().rposition(is_start) else {
        return;
    };
    let mut within = events[start + 1..events.len() - 1].iter();
    let is_nothing = |event: &Event| match event {
        Event::SoftBreak | Event::HardBreak => true,
        Event::Text(text) => text.trim().is_empty(),
        _ => false,
    };
    if within.all(is_nothing) {
        events.truncate(start);
    }
}

/// Elements that stand by themselves, and in no paragraph.
const BLOCKS: [&str; 27] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "details",
    "dialog",
    "div",
    "dl",
    "fieldset",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "table",
    "ul",
];

/// Whether HTML begins with an element that stands by itself.
fn is_block(html: &str) -> bool {
    let Some(tag) = html.trim_start().strip_prefix('<') else {
        return false;
    };
    let end = tag.find(|c: char| !c.is_ascii_alphanumeric());
    let name = tag[..end.unwrap_or(tag.len())].to_ascii_lowercase();
    BLOCKS.contains(&&*name)
}
