//! Enough of HTML to see what a page says: its tags, their attributes, and text.

use quick_xml::escape::unescape;

/// An opening tag.
#[derive(Debug, Clone)]
pub struct Tag {
    pub name: String,
    pub attributes: Vec<(String, String)>,
    /// Where its content begins in the page.
    pub end: usize,
}

impl Tag {
    pub fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    pub fn is(&self, name: &str, attribute: &str, value: &str) -> bool {
        self.name == name && self.get(attribute) == Some(value)
    }
}

/// The opening tags of a page in their order. What scripts and styles contain is not looked at.
pub fn tags(page: &str) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut at = 0;
    while let Some(open) = page[at..].find('<').map(|n| at + n) {
        let rest = &page[open + 1..];
        if let Some(comment) = rest.strip_prefix("!--") {
            let length = comment.find("-->").map_or(comment.len(), |n| n + 3);
            at = open + 4 + length;
            continue;
        }
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            at = open + 1;
            continue;
        }
        let (tag, end) = tag(page, open + 1);
        at = end;
        if matches!(tag.name.as_str(), "script" | "style") {
            let close = format!("</{}", tag.name);
            at = page[end..].find(&close).map_or(page.len(), |n| end + n);
        }
        tags.push(tag);
    }
    tags
}

fn tag(page: &str, start: usize) -> (Tag, usize) {
    let mut rest = Rest { page, at: start };
    let name = rest.until(|c| c.is_whitespace() || c == '>' || c == '/');
    let mut attributes = Vec::new();
    loop {
        rest.until(|c| !c.is_whitespace() && c != '/');
        if rest.at >= page.len() || rest.take('>') {
            break;
        }
        let name = rest.until(|c| c.is_whitespace() || matches!(c, '=' | '>' | '/'));
        let value = if rest.take('=') {
            rest.value()
        } else {
            String::new()
        };
        attributes.push((name.to_ascii_lowercase(), value));
    }
    let tag = Tag {
        name: name.to_ascii_lowercase(),
        attributes,
        end: rest.at,
    };
    (tag, rest.at)
}

struct Rest<'a> {
    page: &'a str,
    at: usize,
}

impl Rest<'_> {
    fn until(&mut self, stop: impl Fn(char) -> bool) -> String {
        let rest = &self.page[self.at..];
        let end = rest.find(stop).unwrap_or(rest.len());
        self.at += end;
        rest[..end].to_owned()
    }

    fn take(&mut self, wanted: char) -> bool {
        let here = self.page[self.at..].starts_with(wanted);
        self.at += if here { wanted.len_utf8() } else { 0 };
        here
    }

    fn value(&mut self) -> String {
        for quote in ['"', '\''] {
            if self.take(quote) {
                let value = self.until(|c| c == quote);
                self.take(quote);
                return text(&value);
            }
        }
        text(&self.until(|c| c.is_whitespace() || c == '>'))
    }
}

/// Text with its character references replaced.
pub fn text(escaped: &str) -> String {
    unescape(escaped).map_or_else(|_| escaped.to_owned(), std::borrow::Cow::into_owned)
}

/// The content of each element of a name, as it is written.
pub fn elements<'a>(page: &'a str, name: &str) -> Vec<&'a str> {
    let close = format!("</{name}>");
    let inside = |tag: &Tag| {
        let rest = &page[tag.end..];
        &rest[..rest.find(&close).unwrap_or(rest.len())]
    };
    let named = tags(page).into_iter().filter(|tag| tag.name == name);
    named.map(|tag| inside(&tag)).collect()
}

/// Everything in a page that a link can lead to.
pub fn anchors(page: &str) -> Vec<String> {
    let mut anchors = Vec::new();
    for tag in tags(page) {
        anchors.extend(tag.get("id").map(str::to_owned));
        if tag.name == "a" {
            anchors.extend(tag.get("name").map(str::to_owned));
        }
    }
    anchors
}

/// Everything that a page refers to: links, pictures, styles, and where it sends its visitors.
pub fn references(page: &str) -> Vec<String> {
    let mut references = Vec::new();
    for tag in tags(page) {
        for name in ["action", "data", "href", "poster", "src"] {
            references.extend(tag.get(name).map(str::to_owned));
        }
        for candidate in tag.get("srcset").unwrap_or("").split(',') {
            references.extend(candidate.split_whitespace().next().map(str::to_owned));
        }
        let content = tag.get("content").unwrap_or("");
        if tag.is("meta", "http-equiv", "refresh") {
            references.extend(content.split_once("url=").map(|(_, url)| url.to_owned()));
        } else if tag.is("meta", "property", "og:url") || tag.is("meta", "property", "og:image") {
            references.push(content.to_owned());
        }
    }
    references
}
