//! Footnotes.

use std::collections::HashMap;
use std::fmt::Write as _;

use pulldown_cmark::{CowStr, Event, TagEnd};

/// Footnotes are numbered as they are first referred to, and stand at the end of the article.
#[derive(Default)]
pub(super) struct Footnotes<'m> {
    /// Names in the order of their first reference, and how often each was referred to.
    order: Vec<(CowStr<'m>, usize)>,
    numbers: HashMap<CowStr<'m>, usize>,
    definitions: HashMap<CowStr<'m>, Vec<Event<'m>>>,
    open: Vec<(CowStr<'m>, Vec<Event<'m>>)>,
}

impl<'m> Footnotes<'m> {
    /// What stands where a footnote is referred to.
    pub fn reference(&mut self, name: CowStr<'m>) -> Event<'m> {
        let number = if let Some(number) = self.numbers.get(&name) {
            *number
        } else {
            self.order.push((name.clone(), 0));
            self.numbers.insert(name, self.order.len());
            self.order.len()
        };
        let references = &mut self.order[number - 1].1;
        *references += 1;
        let suffix = reference_suffix(*references);
        Event::InlineHtml(
            format!("<sup class=\"footnote-reference\"><a href=\"#fn-{number}\" id=\"fnref-{number}{suffix}\" role=\"doc-noteref\">{number}</a></sup>").into(),
        )
    }

    /// A definition begins; what comes until it ends belongs to it.
    pub fn open(&mut self, name: CowStr<'m>) {
        self.open.push((name, Vec::new()));
    }

    /// The innermost definition ends.
    pub fn close(&mut self) {
        if let Some((name, definition)) = self.open.pop() {
            self.definitions.entry(name).or_insert(definition);
        }
    }

    /// Where events go: into the definition that is open, or else into the body.
    pub fn place<'s>(&'s mut self, body: &'s mut Vec<Event<'m>>) -> &'s mut Vec<Event<'m>> {
        self.open
            .last_mut()
            .map_or(body, |(_, definition)| definition)
    }

    /// Puts all that were referred to at the end of the article.
    pub fn append_to(mut self, events: &mut Vec<Event<'m>>) {
        if self.order.is_empty() {
            return;
        }
        let mut definitions = std::mem::take(&mut self.definitions);
        let raw = |html: String| Event::Html(html.into());
        events.push(raw(
            "<section class=\"footnotes\" role=\"doc-endnotes\">\n<ol>\n".into(),
        ));
        for (at, (name, references)) in self.order.iter().enumerate() {
            let number = at + 1;
            events.push(raw(format!("<li id=\"fn-{number}\">\n")));
            let mut definition = definitions.remove(name).unwrap_or_default();
            let mut back = String::new();
            for n in 1..=*references {
                let suffix = reference_suffix(n);
                let _ = write!(
                    back,
                    " <a href=\"#fnref-{number}{suffix}\" class=\"footnote-back\" role=\"doc-backlink\" aria-label=\"Back to reference {number}{suffix}\">↩</a>"
                );
            }
            // Inside of the last paragraph, so that the arrow stands behind its last word.
            let into_paragraph = matches!(definition.last(), Some(Event::End(TagEnd::Paragraph)));
            let end = into_paragraph.then(|| definition.pop()).flatten();
            events.extend(definition);
            events.push(Event::InlineHtml(back.into()));
            events.extend(end);
            events.push(raw("</li>\n".into()));
        }
        events.push(raw("</ol>\n</section>\n".into()));
    }
}

fn reference_suffix(n: usize) -> String {
    if n == 1 {
        String::new()
    } else {
        format!("-{n}")
    }
}
