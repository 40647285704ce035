//! What the site must know of a body.

use std::ops::Range;

use pulldown_cmark::{
    CodeBlockKind, CowStr, Event, HeadingLevel, LinkType, Parser, Tag, TagEnd, TextMergeWithOffset,
};
use rustc_hash::FxHashMap;

use super::attributes::{self, AttributeKind};
use super::components::{self, Call, Masked, Nesting, Piece, Role};
use super::destination::{Destination, classify, is_picture_elsewhere};
use super::lines::Lines;
use super::math::{self, Display, Formula};
use super::prose::Prose;
use super::shallow::shallow;
use super::small_letters;
use super::text::{Words, collapse, shorten, text_of};
use crate::code::{self, Fence};
use crate::diagnostics::Code;
use crate::key::Key;
use crate::model::{Called, Form, Heading, Link, LinkKind, Position, Treatment, anchor};

/// A link that is not published, or not by everybody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UnsafeLink {
    /// As written.
    pub destination: Box<str>,
    /// Where it is.
    pub position: Position,
}

/// Where components can stand, and where they are closed.
const NOT_HERE: &str = "put it between words or on a line of its own; not into a link's address, a picture's \
                        text or, with a body, a footnote";
const CLOSED_WHERE: &str = "a component is closed where it was opened: in the same list item, quotation or \
                            paragraph, and after those within it";

/// Mistakes that are told of one block of code: the place of each is looked for in all of its first line.
const MOST_CODE_FAULTS: usize = 20;

/// Mistakes in formulas that are told of one text; after so many, formulas are read no more.
const MOST_FORMULA_FAULTS: usize = 1_000;

/// What is wrong with a formula, a component or a block of code of a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BodyFault {
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to write instead.
    pub hint: String,
    /// Where it is: within the formula, component or block, as far as that can be told.
    pub position: Position,
}

/// What the site must know of a body.
#[derive(Debug, Clone, Default)]
pub struct Scan {
    /// The components that it calls, in order.
    pub calls: Vec<Called>,
    /// The names that are called and left out, and where.
    pub unknown: Vec<(Box<str>, Position)>,
    /// What is wrong with components.
    pub faults: Vec<BodyFault>,
    /// Headings in order, with ids that are unique.
    pub headings: Vec<Heading>,
    /// Other ids: those of raw HTML.
    pub anchors: Vec<Box<str>>,
    /// Links and images that lead into the site, in order.
    pub links: Vec<Link>,
    /// Links whose scheme is not allowed.
    pub unsafe_links: Vec<UnsafeLink>,
    /// Pictures of other sites.
    pub pictures_elsewhere: Vec<UnsafeLink>,
    /// Formulas that cannot be read, in order.
    pub formula_faults: Vec<BodyFault>,
    /// What stands for each block of code that needs a style sheet, in order.
    pub code: Vec<Key>,
    /// What is wrong with blocks of code, in order.
    pub code_faults: Vec<(Code, BodyFault)>,
    /// The text before `<!--more-->`, or else the first paragraph, cut near 200 characters.
    pub summary: String,
    /// Number of words, code blocks and formulas left out.
    pub words: u32,
    /// Reading time in minutes, at least 1.
    pub minutes: u32,
    /// The text without markup, code blocks, formulas, pictures and the destinations of links;
    /// blocks end with a line feed.
    pub prose: String,
}

/// Reads a body. `file` is the text of the whole file, of which the body begins at byte
/// `start`; `base_url` is the site's, with a slash at its end.
///
/// `highlight`: whether code gets colours. `treatment`: what is done with a component of a name.
#[must_use]
pub fn scan(
    file: &str,
    start: usize,
    math: bool,
    highlight: bool,
    base_url: &str,
    treatment: impl Fn(&str, Form) -> Treatment,
) -> Scan {
    let body = &*shallow(&file[start..]);
    let mut scanner = Scanner {
        lines: Lines::new(file),
        start,
        base_url,
        highlight,
        prose: Prose::with_capacity(body.len()),
        ..Scanner::default()
    };
    let (masked, faults) = components::mask(body, math, treatment);
    for fault in faults {
        scanner.fault(fault.range, fault.message, fault.hint);
    }
    if let Some(masked) = &masked {
        scanner.pieces(masked, math);
    } else {
        let events = Parser::new_ext(body, super::options(math)).into_offset_iter();
        if memchr::memchr2(b'~', b'^', body.as_bytes()).is_some() {
            for (event, range) in TextMergeWithOffset::new(events) {
                let in_code = scanner.in_code_block;
                match event {
                    Event::Text(text) if !in_code => scanner.text(&small_letters::plain(&text)),
                    event => scanner.event(event, range),
                }
            }
        } else {
            events.for_each(|(event, range)| scanner.event(event, range));
        }
    }
    let mut scan = scanner.scan;
    scan.words = scanner.words.count();
    scan.minutes = scanner.words.minutes();
    scan.prose = scanner.prose.finish();
    let text = masked.as_ref().map_or(body, |masked| &masked.text);
    scan.summary = match more_marker(text) {
        Some(at) => components::without_masks(&text_of(&text[..at], math)),
        None => shorten(&collapse(&scanner.paragraph)),
    };
    scan
}

/// Where `<!--more-->` is, outside of code as far as a line of its own tells.
fn more_marker(body: &str) -> Option<usize> {
    let is_more = |at: &usize| {
        let inner = body[at + 4..].trim_start();
        let word = inner
            .get(..4)
            .is_some_and(|word| word.eq_ignore_ascii_case("more"));
        word && inner[4..].trim_start().starts_with("-->")
    };
    memchr::memmem::find_iter(body.as_bytes(), b"<!--").find(is_more)
}

#[derive(Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says which element is open"
)]
struct Scanner<'a> {
    scan: Scan,
    lines: Lines<'a>,
    start: usize,
    base_url: &'a str,
    /// Whether code gets colours.
    highlight: bool,
    words: Words,
    prose: Prose,
    /// Ids that are taken, each with the last number that was added to it.
    ids: FxHashMap<Box<str>, u32>,
    /// The heading that is open, its explicit id and its text so far.
    heading: Option<(HeadingLevel, Option<Box<str>>, String)>,
    /// The first paragraph's text.
    paragraph: String,
    in_paragraph: bool,
    paragraph_done: bool,
    /// How many blocks are open around the current event.
    depth: usize,
    in_code_block: bool,
    in_image: bool,
    /// The block of code that is open and gets colours: what is said of it, its code so far, and where
    /// it is.
    code: Option<(String, String, Range<usize>)>,
    /// Raw HTML of the block that is open, and where it begins.
    html: Option<(String, Range<usize>)>,
}

impl Scanner<'_> {
    /// A body with calls of components.
    fn pieces(&mut self, masked: &Masked, math: bool) {
        let mut nesting: Nesting<()> = Nesting::default();
        let mut is_met = vec![false; masked.calls.len()];
        let mut footnotes = 0_usize;
        for piece in masked.pieces(math) {
            match piece {
                Piece::Event(event, range) => {
                    match event {
                        Event::Start(Tag::FootnoteDefinition(_)) => footnotes += 1,
                        Event::End(TagEnd::FootnoteDefinition) => footnotes -= 1,
                        _ => {}
                    }
                    // From the first on, so that places are found one after the other.
                    for frame in nesting.event(&event).iter().rev() {
                        self.left_open(&masked.calls[frame.call]);
                    }
                    match event {
                        Event::Text(text) if !self.in_code_block => {
                            self.text(&small_letters::plain(&text));
                        }
                        event => self.event(event, range),
                    }
                }
                Piece::Call(number) => {
                    let call = &masked.calls[number];
                    is_met[number] = !self.in_image && (footnotes == 0 || call.role == Role::Alone);
                    self.call(number, call, &masked.calls, &mut nesting);
                }
            }
        }
        let open: Vec<_> = nesting.finish().collect();
        for frame in open.iter().rev() {
            self.left_open(&masked.calls[frame.call]);
        }
        let calls = masked.calls.iter().zip(is_met);
        for (call, _) in calls.filter(|(_, is_met)| !is_met) {
            let message = format!("the component `{}` cannot stand here", call.name);
            self.fault(call.range.clone(), message, NOT_HERE);
        }
    }

    fn call(&mut self, number: usize, call: &Call, calls: &[Call], nesting: &mut Nesting<()>) {
        self.prose.block();
        self.end_html_part();
        if call.treatment == Treatment::Drop {
            if call.role != Role::Closes {
                let position = self.position(call.range.clone());
                self.scan.unknown.push((call.name.clone(), position));
            }
            return;
        }
        match call.role {
            Role::Alone => {}
            Role::Opens => nesting.open(number, ()),
            Role::Closes => {
                if nesting.close(&call.name, calls).is_none() {
                    let message = format!("this closes `{}`, which is not open here", call.name);
                    self.fault(call.range.clone(), message, CLOSED_WHERE);
                }
                return;
            }
        }
        let position = self.position(call.range.clone());
        let mut arguments = call.arguments.clone();
        for argument in &mut arguments {
            components::each_address(&call.name, argument, &mut |kind, address| {
                self.destination(kind, address, call.range.clone());
            });
        }
        self.scan.calls.push(Called {
            name: call.name.clone(),
            arguments,
            has_body: call.role == Role::Opens,
            position,
        });
    }

    fn left_open(&mut self, call: &Call) {
        let name = &call.name;
        let hint =
            format!("write {{% </{name}> %}} after its body, in the same list item or quotation");
        let message = format!("`{name}` is opened here and not closed");
        self.fault(call.range.clone(), message, hint);
    }

    fn fault(&mut self, range: Range<usize>, message: String, hint: impl Into<String>) {
        let position = self.position(range);
        self.scan.faults.push(BodyFault {
            message,
            hint: hint.into(),
            position,
        });
    }

    /// What comes of raw HTML so far, where a component divides it.
    fn end_html_part(&mut self) {
        if let Some((html, range)) = &mut self.html {
            let html = std::mem::take(html);
            let range = range.clone();
            self.prose.html(&html);
            self.raw_html(&html, &range);
        }
    }

    fn event(&mut self, event: Event, range: Range<usize>) {
        match event {
            Event::Start(tag) => self.open(tag, range),
            Event::End(tag) => self.close(tag),
            Event::Text(text) | Event::Code(text) => self.text(&text),
            Event::InlineMath(latex) => self.formula(&latex, range, Display::Inline),
            Event::DisplayMath(latex) => self.formula(&latex, range, Display::Block),
            Event::SoftBreak | Event::HardBreak => self.text(" "),
            Event::Rule => self.prose.block(),
            Event::Html(html) => match &mut self.html {
                Some((block, _)) => block.push_str(&html),
                None => self.raw_html(&html, &range),
            },
            Event::InlineHtml(html) => self.raw_html(&html, &range),
            _ => {}
        }
    }

    fn open(&mut self, tag: Tag, range: Range<usize>) {
        if is_block(&tag) {
            self.prose.block();
        }
        match tag {
            Tag::Paragraph => {
                self.in_paragraph = self.depth == 0 && !self.paragraph_done;
            }
            Tag::Heading { level, id, .. } => {
                self.heading = Some((level, id.map(|id| id.as_ref().into()), String::new()));
            }
            Tag::CodeBlock(kind) => {
                self.in_code_block = true;
                if let CodeBlockKind::Fenced(info) = kind
                    && self.highlight
                    && !info.is_empty()
                {
                    self.code = Some((info.into_string(), String::new(), range));
                }
            }
            Tag::HtmlBlock => self.html = Some((String::new(), range)),
            Tag::Link {
                link_type,
                dest_url,
                ..
            } => self.link(link_type, &dest_url, range, false),
            Tag::Image {
                link_type,
                dest_url,
                ..
            } => {
                self.in_image = true;
                self.link(link_type, &dest_url, range, true);
            }
            Tag::BlockQuote(_)
            | Tag::List(_)
            | Tag::FootnoteDefinition(_)
            | Tag::Table(_)
            | Tag::DefinitionList => {
                self.depth += 1;
            }
            _ => {}
        }
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::Paragraph if self.in_paragraph => {
                self.in_paragraph = false;
                let text = self.paragraph.trim_start();
                // A paragraph of pictures or of another generator's shortcodes says nothing.
                if text.trim_matches(['…', ' ']).is_empty()
                    || text.starts_with("{{")
                    || text.starts_with("{%")
                {
                    self.paragraph.clear();
                } else {
                    self.paragraph_done = true;
                }
            }
            TagEnd::Heading(_) => {
                if let Some((level, id, text)) = self.heading.take() {
                    let text = collapse(&text);
                    let id = self.unique(&id.unwrap_or_else(|| anchor(&text).into()));
                    self.scan.headings.push(Heading {
                        level: level as u8,
                        id,
                        text: text.into(),
                    });
                }
            }
            TagEnd::CodeBlock => {
                self.in_code_block = false;
                if let Some((info, code, range)) = self.code.take() {
                    self.code_block(&info, &code, &range);
                }
            }
            TagEnd::Image => self.in_image = false,
            TagEnd::HtmlBlock => {
                if let Some((html, range)) = self.html.take() {
                    self.prose.html(&html);
                    self.raw_html(&html, &range);
                }
            }
            TagEnd::BlockQuote(_)
            | TagEnd::List(_)
            | TagEnd::FootnoteDefinition
            | TagEnd::Table
            | TagEnd::DefinitionList => {
                self.depth -= 1;
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some((_, code, _)) = &mut self.code {
            code.push_str(text);
        }
        if self.in_code_block || self.in_image {
            return;
        }
        self.words.add(text);
        self.prose.text(text);
        if let Some((_, _, heading)) = &mut self.heading {
            heading.push_str(text);
        }
        if self.in_paragraph {
            self.paragraph.push_str(text);
        }
    }

    /// A formula is read as text where it stands in a line. Its letters are no words, and one that
    /// stands by itself is left out of a summary.
    fn formula(&mut self, latex: &str, range: Range<usize>, display: Display) {
        if self.scan.formula_faults.len() == MOST_FORMULA_FAULTS {
            return;
        }
        let formula = match Formula::read(latex, display) {
            Ok(formula) => formula,
            Err(fault) => return self.formula_fault(fault, latex, range),
        };
        if self.in_image {
            return;
        }
        self.prose.text(" ");
        if let Some((_, _, heading)) = &mut self.heading {
            heading.push_str(&formula.text());
        }
        if self.in_paragraph {
            match display {
                Display::Inline => self.paragraph.push_str(&formula.text()),
                Display::Block => self.paragraph.push('…'),
            }
        }
    }

    fn formula_fault(&mut self, fault: math::Fault, latex: &str, range: Range<usize>) {
        // In lines that are indented or quoted, offsets are not those of the file: what is meant is
        // looked for, and where it goes over several such lines, the whole formula is meant.
        let source = &self.lines.text[self.start + range.start..self.start + range.end];
        let meant = &latex[fault.range.clone()];
        let before = latex[..fault.range.start].matches(meant).count();
        let found = source.match_indices(meant).nth(before);
        let range = found
            .filter(|_| !meant.is_empty())
            .map_or(range.clone(), |(at, _)| {
                let start = range.start + at;
                start..start + meant.len()
            });
        let position = self.position(range);
        self.scan.formula_faults.push(BodyFault {
            message: fault.message,
            hint: fault.hint,
            position,
        });
    }

    /// What is wrong with a block of code, and what stands for it.
    fn code_block(&mut self, info: &str, code: &str, range: &Range<usize>) {
        let (fence, mut faults) = Fence::read(info);
        faults.extend(fence.faults_with(code));
        self.scan.code.extend(fence.key(code));
        for fault in faults.into_iter().take(MOST_CODE_FAULTS) {
            self.code_fault(fault, info, range);
        }
    }

    fn code_fault(&mut self, fault: code::Fault, info: &str, range: &Range<usize>) {
        // The line may have entities and backslashes which the information has not any more. What is
        // meant is looked for, and if it is not there, the whole line is meant.
        let source = &self.lines.text[self.start + range.start..self.start + range.end];
        let line = source.lines().next().unwrap_or("");
        let meant = &info[fault.range.clone()];
        let before = info[..fault.range.start].matches(meant).count();
        let found = line.match_indices(meant).nth(before);
        let (at, length) = found
            .filter(|_| !meant.is_empty())
            .map_or((0, line.len()), |(at, _)| (at, meant.len()));
        let start = range.start + at;
        let position = self.position(start..start + length);
        let told = BodyFault {
            message: fault.message,
            hint: fault.hint,
            position,
        };
        self.scan.code_faults.push((fault.code, told));
    }

    /// An id that no other heading has: the second `notes` becomes `notes-1`.
    fn unique(&mut self, wanted: &str) -> Box<str> {
        let Some(mut n) = self.ids.get(wanted).copied() else {
            self.ids.insert(wanted.into(), 0);
            return wanted.into();
        };
        loop {
            n += 1;
            let id: Box<str> = format!("{wanted}-{n}").into();
            if !self.ids.contains_key(&id) {
                self.ids.insert(wanted.into(), n);
                self.ids.insert(id.clone(), 0);
                return id;
            }
        }
    }

    fn link(
        &mut self,
        link_type: LinkType,
        destination: &CowStr,
        range: Range<usize>,
        is_image: bool,
    ) {
        let kind = match link_type {
            LinkType::Email => return,
            LinkType::WikiLink { .. } => LinkKind::Wiki,
            _ if is_image => LinkKind::Image,
            _ => LinkKind::Link,
        };
        // The place of a link is its destination, when that stands in it as it is, and not elsewhere in
        // the text.
        let is_elsewhere = matches!(
            link_type,
            LinkType::Reference
                | LinkType::ReferenceUnknown
                | LinkType::Collapsed
                | LinkType::CollapsedUnknown
                | LinkType::Shortcut
                | LinkType::ShortcutUnknown
        );
        let source = &self.lines.text[self.start + range.start..self.start + range.end];
        let may_be_here = !destination.is_empty() && !is_elsewhere;
        let found = may_be_here
            .then(|| source.rfind(destination.as_ref()))
            .flatten();
        let range = found.map_or(range.clone(), |at| {
            let start = range.start + at;
            start..start + destination.len()
        });
        self.destination(kind, destination, range);
    }

    fn destination(&mut self, kind: LinkKind, destination: &str, range: Range<usize>) {
        let destination_kind = match kind {
            LinkKind::Wiki => Destination::Here(destination),
            LinkKind::Article => {
                let origin = self.base_url.trim_end_matches('/');
                Destination::Here(destination.strip_prefix(origin).unwrap_or(destination))
            }
            _ => classify(destination, kind == LinkKind::Image, self.base_url),
        };
        if kind == LinkKind::Image {
            self.picture_elsewhere(destination, range.clone());
        }
        match destination_kind {
            Destination::Elsewhere | Destination::Foreign => {}
            Destination::Unsafe => {
                let position = self.position(range);
                self.scan.unsafe_links.push(UnsafeLink {
                    destination: destination.into(),
                    position,
                });
            }
            Destination::Here(here) => {
                let position = self.position(range);
                self.scan.links.push(Link {
                    kind,
                    destination: here.into(),
                    position,
                });
            }
        }
    }

    /// Notes a picture if it is one of another site.
    fn picture_elsewhere(&mut self, url: &str, range: Range<usize>) {
        if is_picture_elsewhere(url, self.base_url) {
            let position = self.position(range);
            self.scan.pictures_elsewhere.push(UnsafeLink {
                destination: url.into(),
                position,
            });
        }
    }

    fn raw_html(&mut self, html: &str, range: &Range<usize>) {
        if !attributes::may_have_any(html) {
            return;
        }
        // In a block that is indented or quoted, offsets are not those of the file; the values
        // come in the same order all the same.
        let source = &self.lines.text[self.start + range.start..self.start + range.end];
        let mut from = 0;
        for attribute in attributes::find(html) {
            let value = &html[attribute.value];
            // A value of several lines may have the marks of its block in it.
            if !value.contains('\n')
                && let Some(at) = source[from..].find(value)
            {
                from += at;
            }
            let start = range.start + from;
            let place = start..(start + value.len()).min(range.end);
            from = (from + value.len()).min(source.len());
            while !source.is_char_boundary(from) {
                from -= 1;
            }
            match attribute.kind {
                AttributeKind::Anchor => self.scan.anchors.push(value.into()),
                AttributeKind::Link | AttributeKind::Picture => {
                    // What raw HTML does is trusted or sanitised as a whole, so an unsafe scheme
                    // is not ours to judge here.
                    let is_image = attribute.kind == AttributeKind::Picture;
                    if is_image {
                        self.picture_elsewhere(value, place.clone());
                    }
                    if let Destination::Here(here) = classify(value, is_image, self.base_url) {
                        let position = self.position(place);
                        self.scan.links.push(Link {
                            kind: LinkKind::Html,
                            destination: here.into(),
                            position,
                        });
                    }
                }
            }
        }
    }

    fn position(&mut self, range: Range<usize>) -> Position {
        self.lines
            .position(self.start + range.start..self.start + range.end)
    }
}

/// Whether an element stands by itself, rather than in a line of text.
fn is_block(tag: &Tag) -> bool {
    !matches!(
        tag,
        Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Image { .. }
    )
}
