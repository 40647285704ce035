//! What is wrong with the HTML of a page, and where its links lead.
//!
//! Tags are read by the tokenizer of a browser engine, and compared with each other here: what is
//! looked for is what authors of templates get wrong, and not everything that the standard asks for.

use std::cell::RefCell;
use std::collections::BTreeSet;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

/// A page as it was read.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Page {
    /// What is wrong, each once, in one sentence without a full stop.
    pub faults: BTreeSet<String>,
    /// Where its links and whatever it loads lead, as written, each once.
    pub links: BTreeSet<String>,
}

/// Elements without an end tag (HTML, 13.1.2).
const VOID: [&str; 14] = [
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source",
    "track", "wbr",
];

/// Elements whose end tag may be left out (HTML, 13.1.2.4).
const OPTIONAL_END: [&str; 18] = [
    "body", "caption", "colgroup", "dd", "dt", "head", "html", "li", "optgroup", "option", "p",
    "rp", "rt", "tbody", "td", "tfoot", "th", "thead",
];

/// Elements that end a paragraph when they begin (HTML, 13.1.2.4).
const ENDS_PARAGRAPH: [&str; 34] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "center",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "fieldset",
    "figcaption",
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
    "hgroup",
    "hr",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "search",
    "section",
    "table",
    "ul",
];

/// What holds a paragraph in: none outside of it ends one inside.
const BOUNDARIES: [&str; 9] = [
    "button", "caption", "td", "th", "object", "template", "html", "svg", "math",
];

/// Attributes that hold an address, by element.
const ADDRESSES: [(&str, &str); 12] = [
    ("a", "href"),
    ("area", "href"),
    ("audio", "src"),
    ("embed", "src"),
    ("iframe", "src"),
    ("img", "src"),
    ("link", "href"),
    ("script", "src"),
    ("source", "src"),
    ("track", "src"),
    ("video", "src"),
    ("video", "poster"),
];

/// Reads a page.
pub(super) fn read(html: &str) -> Page {
    let tokenizer = Tokenizer::new(
        Reader::default(),
        TokenizerOpts {
            exact_errors: true,
            ..TokenizerOpts::default()
        },
    );
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.seen.into_inner().finish()
}

#[derive(Default)]
struct Reader {
    seen: RefCell<Seen>,
}

#[derive(Default)]
struct Seen {
    page: Page,
    open: Vec<String>,
    ids: BTreeSet<String>,
    /// Ids that the page refers to.
    wanted: BTreeSet<String>,
    has_title: bool,
}

impl TokenSink for Reader {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut seen = self.seen.borrow_mut();
        match token {
            Token::TagToken(tag) => {
                let name = tag.name.to_string();
                match tag.kind {
                    TagKind::StartTag => {
                        seen.start(&name, &tag);
                        return raw_text(&name, seen.is_foreign());
                    }
                    TagKind::EndTag => seen.end(&name),
                }
            }
            Token::ParseError(message) => {
                let message = message.trim_end_matches('.');
                seen.fault(format!("it is no HTML: {message}"));
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// How the tokenizer goes on within an element (HTML, 13.2.6.2).
fn raw_text(name: &str, is_foreign: bool) -> TokenSinkResult<()> {
    if is_foreign {
        return TokenSinkResult::Continue;
    }
    match name {
        "script" => TokenSinkResult::RawData(RawKind::ScriptData),
        "style" | "xmp" | "iframe" | "noembed" | "noframes" => {
            TokenSinkResult::RawData(RawKind::Rawtext)
        }
        "textarea" | "title" => TokenSinkResult::RawData(RawKind::Rcdata),
        _ => TokenSinkResult::Continue,
    }
}

impl Seen {
    fn fault(&mut self, fault: String) {
        self.page.faults.insert(fault);
    }

    /// Whether what comes is SVG or MathML, where every element may close itself.
    fn is_foreign(&self) -> bool {
        let is_root = |name: &String| name == "svg" || name == "math";
        self.open.iter().any(is_root)
    }

    fn start(&mut self, name: &str, tag: &Tag) {
        self.attributes(name, tag);
        let is_foreign = self.is_foreign();
        if !is_foreign && ENDS_PARAGRAPH.contains(&name) {
            self.end_paragraph();
        }
        if name == "a" && self.open.iter().any(|open| open == "a") {
            self.fault("there is a link within a link".to_owned());
        }
        self.has_title |= name == "title" && !is_foreign;
        let is_alone = VOID.contains(&name) && !is_foreign;
        if !(is_alone || tag.self_closing && (is_foreign || name == "svg" || name == "math")) {
            self.open.push(name.to_owned());
        }
    }

    /// Ends the paragraph that is open, as a browser does, when what comes cannot stand in one.
    fn end_paragraph(&mut self) {
        let within = self
            .open
            .iter()
            .rposition(|open| BOUNDARIES.contains(&&**open));
        let paragraph = self.open.iter().rposition(|open| open == "p");
        if let Some(at) = paragraph.filter(|at| within.is_none_or(|within| within < *at)) {
            self.open.truncate(at);
        }
    }

    fn end(&mut self, name: &str) {
        if VOID.contains(&name) && !self.is_foreign() {
            self.fault(format!("`</{name}>` ends an element that has no end"));
            return;
        }
        let Some(at) = self.open.iter().rposition(|open| open == name) else {
            self.fault(format!("`</{name}>` ends nothing"));
            return;
        };
        let left: Vec<String> = self.open.drain(at..).skip(1).collect();
        for open in left {
            if !OPTIONAL_END.contains(&&*open) && open != "tr" {
                self.fault(format!("`<{open}>` is not closed before `</{name}>`"));
            }
        }
    }

    fn attributes(&mut self, name: &str, tag: &Tag) {
        let attribute = |wanted: &str| {
            let mut attributes = tag.attrs.iter();
            let found = attributes.find(|attribute| &*attribute.name.local == wanted);
            found.map(|attribute| attribute.value.to_string())
        };
        if let Some(id) = attribute("id") {
            if id.is_empty() || id.contains(char::is_whitespace) {
                self.fault(format!("the id `{id}` is empty, or has a space"));
            }
            if !self.ids.insert(id.clone()) {
                self.fault(format!("the id `{id}` is there twice"));
            }
        }
        for refers in [
            "for",
            "aria-labelledby",
            "aria-describedby",
            "aria-controls",
        ] {
            let wanted = attribute(refers).unwrap_or_default();
            self.wanted
                .extend(wanted.split_whitespace().map(str::to_owned));
        }
        if name == "img" && attribute("alt").is_none() {
            let src = attribute("src").unwrap_or_default();
            self.fault(format!(
                "the picture `{src}` has no `alt`, not even an empty one"
            ));
        }
        if name == "html" && attribute("lang").is_none_or(|lang| lang.is_empty()) {
            self.fault("`<html>` has no `lang`".to_owned());
        }
        if name == "iframe" && attribute("title").is_none_or(|title| title.is_empty()) {
            self.fault("an `<iframe>` has no `title`".to_owned());
        }
        let addresses = ADDRESSES.iter().filter(|(element, _)| *element == name);
        let addresses = addresses.filter_map(|(_, key)| attribute(key));
        self.page.links.extend(addresses);
        let candidates = attribute("srcset").unwrap_or_default();
        let candidates = candidates
            .split(',')
            .filter_map(|one| one.split_whitespace().next());
        self.page.links.extend(candidates.map(str::to_owned));
    }

    fn finish(mut self) -> Page {
        let open = std::mem::take(&mut self.open);
        for name in open {
            if !OPTIONAL_END.contains(&&*name) && name != "tr" {
                self.fault(format!("`<{name}>` is never closed"));
            }
        }
        if !self.has_title {
            self.fault("it has no `<title>`".to_owned());
        }
        let missing: Vec<String> = self.wanted.difference(&self.ids).cloned().collect();
        for id in missing {
            self.fault(format!("it refers to the id `{id}`, which is not there"));
        }
        self.page
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(body: &str) -> Vec<String> {
        let html = format!(
            "<!doctype html><html lang=en><head><title>A</title></head><body>{body}</body></html>"
        );
        read(&html).faults.into_iter().collect()
    }

    #[test]
    fn what_is_well_formed_has_no_faults() {
        for body in [
            "<p>One<p>Two<ul><li>a<li>b</ul>",
            "<table><tr><td>a<td>b<tr><th>c</table>",
            "<p>a<br>b<img src=a alt=''>",
            "<svg><path d=''/><title>x</title></svg><math><mi>x</mi></math>",
            "<p>Text</p><div><p>More</div>",
            "<dl><dt>a<dd>b<dt>c<dd>d</dl>",
            "<script>if (a < b && '</p>') {}</script><style>a > b {}</style>",
            "<label for=x>a</label><input id=x>",
            "<p>A <button><div>b</div></button></p>",
            "<details open><summary>a</summary><p>b</details>",
        ] {
            assert_eq!(page(body), Vec::<String>::new(), "{body}");
        }
    }

    #[test]
    fn what_templates_get_wrong_is_told() {
        for (body, fault) in [
            ("<div>", "`<div>` is not closed before `</body>`"),
            ("</div>", "`</div>` ends nothing"),
            ("<p>a<div>b</div></p>", "`</p>` ends nothing"),
            ("<b><i>x</b></i>", "`<i>` is not closed before `</b>`"),
            ("<i id=a></i><b id=a></b>", "the id `a` is there twice"),
            (
                "<img src=x>",
                "the picture `x` has no `alt`, not even an empty one",
            ),
            (
                "<a href=a><a href=b></a></a>",
                "there is a link within a link",
            ),
            (
                "<label for=x>a</label>",
                "it refers to the id `x`, which is not there",
            ),
            ("<br></br>", "`</br>` ends an element that has no end"),
            ("<iframe src=a></iframe>", "an `<iframe>` has no `title`"),
        ] {
            assert!(
                page(body).contains(&fault.to_owned()),
                "{body}: {:?}",
                page(body)
            );
        }
        assert!(read("<p>x").faults.contains("it has no `<title>`"));
        assert!(!page("<p a=1 a=2>").is_empty());
    }

    #[test]
    fn links_are_collected() {
        let page = read(
            "<a href='/a/'>x</a><img src=b.png srcset='c.png 1x, d.png 2x'><link href=e.css rel=x>",
        );
        let links: Vec<&str> = page.links.iter().map(String::as_str).collect();
        assert_eq!(links, ["/a/", "b.png", "c.png", "d.png", "e.css"]);
    }
}
