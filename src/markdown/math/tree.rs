//! The MathML that the library writes, as a tree of what we know of it, and as it is published.

use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::Display;
use crate::markdown::push_escaped;

/// Deepest nesting of elements. The sanitiser shows a page as text whose tags are nested 256 deep.
const DEEPEST: usize = 128;

/// The elements of MathML that the library writes.
pub(in crate::markdown) const ELEMENTS: [&str; 19] = [
    "math",
    "mfrac",
    "mi",
    "mn",
    "mo",
    "mover",
    "mroot",
    "mrow",
    "mspace",
    "msqrt",
    "msub",
    "msubsup",
    "msup",
    "mtable",
    "mtd",
    "mtext",
    "mtr",
    "munder",
    "munderover",
];

/// Their attributes, besides `style`.
pub(in crate::markdown) const ATTRIBUTES: [&str; 17] = [
    "class",
    "depth",
    "display",
    "displaystyle",
    "height",
    "largeop",
    "linethickness",
    "mathbackground",
    "mathcolor",
    "mathvariant",
    "maxsize",
    "minsize",
    "movablelimits",
    "scriptlevel",
    "stretchy",
    "symmetric",
    "width",
];

/// An element of MathML.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub name: String,
    attributes: Vec<(String, String)>,
    /// Text, where there are no children.
    pub text: String,
    pub children: Vec<Element>,
}

/// Reads what the library wrote. There is nothing if it is not well-formed, too deep, or has
/// elements that MathML has not.
pub(super) fn read(mathml: &str) -> Option<Element> {
    // It does not escape characters that stand alone.
    let mathml = mathml
        .replace("><</", ">&lt;</")
        .replace("><\u{338}</", ">&lt;\u{338}</")
        .replace(">&</", ">&amp;</")
        .replace(">&\u{338}</", ">&amp;\u{338}</")
        .replace("\"minsize=", "\" minsize=");
    let mut reader = Reader::from_str(&mathml);
    reader.config_mut().expand_empty_elements = true;
    let mut open = vec![Element::default()];
    loop {
        match reader.read_event().ok()? {
            Event::Start(tag) if open.len() <= DEEPEST => open.push(element(&tag)?),
            Event::End(_) => {
                let mut closed = open.pop()?;
                if matches!(closed.name.as_str(), "mtext" | "mi") && closed.text.len() > 1 {
                    closed.text = unescaped(&closed.text);
                }
                open.last_mut()?.children.push(closed);
            }
            Event::Text(text) => open.last_mut()?.text.push_str(&text),
            Event::GeneralRef(name) => {
                open.last_mut()?.text.push(match &*name {
                    "amp" => '&',
                    "lt" => '<',
                    "gt" => '>',
                    "nbsp" => '\u{a0}',
                    _ => return None,
                });
            }
            Event::Eof => break,
            _ => return None,
        }
    }
    let mut outermost = open.pop().filter(|_| open.is_empty())?;
    outermost.children.pop()
}

/// An element as its tag begins it, with no style that a strict content security policy would take
/// from it.
fn element(tag: &BytesStart) -> Option<Element> {
    let name = tag.name().into_inner().to_owned();
    if !ELEMENTS.contains(&name.as_str()) {
        return None;
    }
    let mut attributes: Vec<(String, String)> = Vec::new();
    for attribute in tag.attributes() {
        let attribute = attribute.ok()?;
        let key = attribute.key.into_inner();
        let value = attribute.value.as_ref();
        if key == "style" {
            attributes.extend(value.split("; ").filter_map(without_style));
        } else if ATTRIBUTES.contains(&key) {
            attributes.push((key.to_owned(), value.to_owned()));
        }
    }
    Some(Element {
        name,
        attributes,
        ..Element::default()
    })
}

/// The attribute that says what a declaration says. A frame becomes a class, without its colour;
/// heights of lines and spaces that go back have nothing that would say them.
fn without_style(declaration: &str) -> Option<(String, String)> {
    let (property, value) = declaration.split_once(": ")?;
    let name = match property {
        "color" => "mathcolor",
        "background-color" => "mathbackground",
        "border" => return Some(("class".to_owned(), "math-boxed".to_owned())),
        _ => return None,
    };
    let parts = value.strip_prefix("rgb(")?.strip_suffix(')')?;
    let parts: Option<Vec<u8>> = parts.split(' ').map(|part| part.parse().ok()).collect();
    let [red, green, blue] = parts?[..] else {
        return None;
    };
    Some((name.to_owned(), format!("#{red:02x}{green:02x}{blue:02x}")))
}

/// Text of LaTeX without its backslashes and braces. The library leaves them as they are.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        match c {
            '\\' => match rest.next() {
                Some(',' | ':' | ';') => out.push('\u{2009}'),
                Some(escaped) => out.push(escaped),
                None => {}
            },
            '{' | '}' => {}
            '~' => out.push('\u{a0}'),
            _ => out.push(c),
        }
    }
    out
}

/// The MathML of a page, with the LaTeX for machines and for those who copy it.
pub(super) fn write(root: &Element, latex: &str, display: Display) -> String {
    let mut out = String::with_capacity(256 + latex.len());
    out.push_str(match display {
        Display::Inline => "<math><semantics><mrow>",
        Display::Block => "<math display=\"block\"><semantics><mrow>",
    });
    for child in &root.children {
        write_element(child, &mut out);
    }
    out.push_str("</mrow><annotation encoding=\"application/x-tex\">");
    push_escaped(&mut out, latex);
    out.push_str("</annotation></semantics></math>");
    out
}

fn write_element(element: &Element, out: &mut String) {
    out.push('<');
    out.push_str(&element.name);
    for (name, value) in &element.attributes {
        out.push(' ');
        out.push_str(name);
        out.push_str("=\"");
        push_escaped(out, value);
        out.push('"');
    }
    out.push('>');
    push_escaped(out, &element.text);
    for child in &element.children {
        write_element(child, out);
    }
    out.push_str("</");
    out.push_str(&element.name);
    out.push('>');
}
