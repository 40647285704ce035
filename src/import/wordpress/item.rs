//! XML of an export as what WordPress means by it.
//!
//! In: a [`Part`] of an export. Out: a [`Channel`] or an [`Item`], every value as text, whatever the
//! prefixes of namespaces stand for; or where the XML stops to be XML. Entities that XML does not define
//! stay as they are written.

use std::borrow::Cow;
use std::collections::BTreeSet;

use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use super::stream::{Part, place_in};
use crate::diagnostics::{Code, Diagnostic};

/// Text of an export.
pub(super) type Value<'a> = Cow<'a, str>;

/// What an export says of its site.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Channel {
    pub title: String,
    pub link: String,
    pub description: String,
    pub language: String,
    pub base_blog_url: String,
    /// Login and name of each author.
    pub authors: Vec<(String, String)>,
    pub categories: Vec<Category>,
    pub tags: Vec<Category>,
}

impl Channel {
    /// Takes up what another export of the same site says beside this one.
    pub fn join(&mut self, other: Self) {
        let authors = other.authors.into_iter();
        let is_new =
            |(login, _): &(String, String)| !self.authors.iter().any(|(known, _)| known == login);
        let authors: Vec<(String, String)> = authors.filter(is_new).collect();
        self.authors.extend(authors);
        join(&mut self.categories, other.categories);
        join(&mut self.tags, other.tags);
    }
}

/// Adds what is not there yet.
fn join(known: &mut Vec<Category>, others: Vec<Category>) {
    let names: BTreeSet<String> = known.iter().map(|known| known.nicename.clone()).collect();
    let is_new = |other: &Category| !names.contains(&other.nicename);
    known.extend(others.into_iter().filter(is_new));
}

/// A category or tag of the site.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Category {
    /// Its number in the database.
    pub id: String,
    pub nicename: String,
    pub parent: String,
    pub name: String,
    pub description: String,
}

/// A category, tag or menu that an item is in.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Term<'a> {
    pub domain: String,
    pub nicename: String,
    pub name: Value<'a>,
}

/// A comment on an item.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Remark<'a> {
    pub id: Value<'a>,
    pub parent: Value<'a>,
    pub author: Value<'a>,
    pub url: Value<'a>,
    pub date: Value<'a>,
    pub date_gmt: Value<'a>,
    pub content: Value<'a>,
    pub approved: Value<'a>,
    pub kind: Value<'a>,
}

/// A post, page, attachment or whatever else WordPress keeps among its posts.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Item<'a> {
    /// The line of the export that it begins in.
    pub line: u32,
    /// The line in which its content begins.
    pub content_line: u32,
    pub title: Value<'a>,
    pub link: Value<'a>,
    pub creator: Value<'a>,
    pub content: Value<'a>,
    pub excerpt: Value<'a>,
    pub id: u64,
    pub date: Value<'a>,
    pub date_gmt: Value<'a>,
    pub modified: Value<'a>,
    pub modified_gmt: Value<'a>,
    pub name: Value<'a>,
    pub status: Value<'a>,
    pub parent: u64,
    pub order: i64,
    pub kind: Value<'a>,
    pub password: Value<'a>,
    pub is_sticky: bool,
    pub attachment_url: Value<'a>,
    pub terms: Vec<Term<'a>>,
    pub meta: Vec<(Value<'a>, Value<'a>)>,
    pub remarks: Vec<Remark<'a>>,
}

impl Item<'_> {
    /// What a key of the item's meta says, if it says something.
    pub fn meta(&self, key: &str) -> Option<&str> {
        let found = self
            .meta
            .iter()
            .find(|(known, value)| known == key && !value.trim().is_empty());
        found.map(|(_, value)| value.trim())
    }

    /// The same for a key that may be there several times.
    pub fn metas<'s>(&'s self, key: &'s str) -> impl Iterator<Item = &'s str> {
        let found = self.meta.iter().filter(move |(known, _)| known == key);
        found
            .map(|(_, value)| value.trim())
            .filter(|value| !value.is_empty())
    }

    /// What it is in, of a kind of terms.
    pub fn terms_of<'s>(&'s self, domains: &'s [&str]) -> impl Iterator<Item = &'s Term<'s>> {
        let is_one =
            |term: &&Term| domains.contains(&term.domain.as_str()) && !term.nicename.is_empty();
        self.terms.iter().filter(is_one)
    }
}

/// Reads a part of an export, with its place for what is wrong with it.
struct Source<'a> {
    reader: Reader<&'a [u8]>,
    text: &'a str,
    part: &'a Part,
    name: &'a str,
}

/// The text of a part, or where it is none.
fn text<'a>(part: &'a Part, name: &str) -> Result<&'a str, Diagnostic> {
    std::str::from_utf8(&part.bytes).map_err(|error| {
        let at = error.valid_up_to();
        let byte = part.bytes[at];
        Diagnostic::new(Code::NotUtf8, format!("byte 0x{byte:02x} is not UTF-8"))
            .at(place_in(name, part.line, &part.bytes, at))
            .hint(format!(
                "save the export as UTF-8; as Latin-1 this byte would be `{}`",
                char::from(byte)
            ))
    })
}

impl<'a> Source<'a> {
    fn new(part: &'a Part, name: &'a str) -> Result<Self, Diagnostic> {
        let text = text(part, name)?;
        let reader = Reader::from_str(text);
        Ok(Self {
            reader,
            text,
            part,
            name,
        })
    }

    fn event(&mut self) -> Result<Event<'a>, Diagnostic> {
        self.reader.read_event().map_err(|error| {
            let at = self.reader.error_position() as usize;
            let what = error.to_string();
            let what = what.split(": ").last().unwrap_or(&what);
            self.wrong(at, &format!("this is no XML that can be read: {what}"))
        })
    }

    fn wrong(&self, at: usize, message: &str) -> Diagnostic {
        Diagnostic::new(Code::Argument, message)
            .at(place_in(self.name, self.part.line, &self.part.bytes, at))
            .hint("what comes before is imported; the export is damaged here, so mend it or export again")
    }

    /// The text up to the end of the element that has just begun. What lies in elements within is not
    /// part of it.
    fn value(&mut self) -> Result<Value<'a>, Diagnostic> {
        let mut value: Value<'a> = Cow::Borrowed("");
        let mut depth = 0_u32;
        loop {
            let part: Value<'a> = match self.event()? {
                Event::Start(_) => {
                    depth += 1;
                    continue;
                }
                Event::End(_) if depth == 0 => return Ok(cleaned(value)),
                Event::End(_) => {
                    depth -= 1;
                    continue;
                }
                Event::Eof => {
                    let at = self.text.len();
                    return Err(self.wrong(at, "this item ends within one of its elements"));
                }
                Event::Text(text) if depth == 0 => text.into_inner(),
                Event::CData(text) if depth == 0 => text.into_inner(),
                Event::GeneralRef(name) if depth == 0 => reference(&name),
                _ => continue,
            };
            if value.is_empty() {
                value = part;
            } else {
                value.to_mut().push_str(&part);
            }
        }
    }

    /// Hands each element of the one that has just begun to `read`, which must take it.
    fn elements(
        &mut self,
        mut read: impl FnMut(&mut Self, &BytesStart<'a>) -> Result<(), Diagnostic>,
    ) -> Result<(), Diagnostic> {
        loop {
            match self.event()? {
                Event::Start(start) => read(self, &start)?,
                Event::End(_) | Event::Eof => return Ok(()),
                _ => {}
            }
        }
    }

    /// Passes over the element that has just begun.
    fn skip(&mut self) -> Result<(), Diagnostic> {
        self.value().map(|_| ())
    }
}

/// What an entity or character reference stands for. One that XML does not define stays, for HTML.
fn reference<'a>(name: &quick_xml::events::BytesRef) -> Value<'a> {
    if let Ok(Some(letter)) = name.resolve_char_ref() {
        return Cow::Owned(letter.to_string());
    }
    let known = match &**name {
        "amp" => "&",
        "lt" => "<",
        "gt" => ">",
        "quot" => "\"",
        "apos" => "'",
        other => return Cow::Owned(format!("&{other};")),
    };
    Cow::Borrowed(known)
}

/// Text without the control characters that some editors leave behind, and with lines that end as in XML.
fn cleaned(text: Value) -> Value {
    let is_stray = |c: char| c.is_control() && !matches!(c, '\n' | '\t') && u32::from(c) < 0x80;
    if !text
        .bytes()
        .any(|byte| (byte < 0x20 && byte != b'\n' && byte != b'\t') || byte == 0x7f)
    {
        return text;
    }
    Cow::Owned(
        text.replace("\r\n", "\n")
            .replace('\r', "\n")
            .replace(is_stray, ""),
    )
}

/// The name of an element without its namespace's prefix.
fn local<'s>(start: &'s BytesStart) -> &'s str {
    let name = start.name().0;
    let end = name.rfind(':').map_or(0, |at| at + 1);
    // What the start of an element is asked for lives as long as it does.
    &start[end..name.len()]
}

fn attribute(start: &BytesStart, name: &str) -> String {
    let found = start.try_get_attribute(name).ok().flatten();
    found.map_or_else(String::new, |found| {
        let value = found.normalized_value(XmlVersion::Implicit1_0);
        value.map_or_else(|_| String::new(), Cow::into_owned)
    })
}

/// Reads the head of an export.
pub(super) fn channel(part: &Part, name: &str) -> Result<Channel, Diagnostic> {
    let mut source = Source::new(part, name)?;
    let mut channel = Channel::default();
    loop {
        let start = match source.event()? {
            Event::Start(start) => start,
            Event::Eof => return Ok(channel),
            _ => continue,
        };
        let is_prefixed = start.name().0.contains(':');
        match local(&start) {
            "rss" | "channel" => {}
            "title" if !is_prefixed => channel.title = owned(&source.value()?),
            "link" if !is_prefixed => channel.link = owned(&source.value()?),
            "description" if !is_prefixed => channel.description = owned(&source.value()?),
            "language" if !is_prefixed => channel.language = owned(&source.value()?),
            "base_blog_url" => channel.base_blog_url = owned(&source.value()?),
            "author" if is_prefixed => {
                let (mut login, mut shown) = (String::new(), String::new());
                source.elements(|source, start| {
                    match local(start) {
                        "author_login" => login = owned(&source.value()?),
                        "author_display_name" => shown = owned(&source.value()?),
                        _ => source.skip()?,
                    }
                    Ok(())
                })?;
                channel.authors.push((login, shown));
            }
            "category" if is_prefixed => {
                let mut category = Category::default();
                source.elements(|source, start| {
                    match local(start) {
                        "term_id" => category.id = owned(&source.value()?),
                        "category_nicename" => category.nicename = owned(&source.value()?),
                        "category_parent" => category.parent = owned(&source.value()?),
                        "cat_name" => category.name = owned(&source.value()?),
                        "category_description" => category.description = owned(&source.value()?),
                        _ => source.skip()?,
                    }
                    Ok(())
                })?;
                channel.categories.push(category);
            }
            "tag" if is_prefixed => {
                let mut tag = Category::default();
                source.elements(|source, start| {
                    match local(start) {
                        "term_id" => tag.id = owned(&source.value()?),
                        "tag_slug" => tag.nicename = owned(&source.value()?),
                        "tag_name" => tag.name = owned(&source.value()?),
                        "tag_description" => tag.description = owned(&source.value()?),
                        _ => source.skip()?,
                    }
                    Ok(())
                })?;
                channel.tags.push(tag);
            }
            _ => source.skip()?,
        }
    }
}

fn owned(value: &Value) -> String {
    value.trim().to_owned()
}

/// Reads an item.
pub(super) fn item<'a>(part: &'a Part, name: &'a str) -> Result<Item<'a>, Diagnostic> {
    let mut source = Source::new(part, name)?;
    let mut item = Item {
        line: part.line,
        content_line: part.line,
        ..Item::default()
    };
    // The tag of the item itself.
    source.event()?;
    source.elements(|source, start| element(&mut item, source, start))?;
    Ok(item)
}

fn element<'a>(
    item: &mut Item<'a>,
    source: &mut Source<'a>,
    start: &BytesStart<'a>,
) -> Result<(), Diagnostic> {
    let number = |value: Value| value.trim().parse().unwrap_or(0);
    match start.name().0 {
        "title" => item.title = source.value()?,
        "link" => item.link = source.value()?,
        "dc:creator" => item.creator = source.value()?,
        "content:encoded" => {
            let before = &source.part.bytes[..source.reader.buffer_position() as usize];
            item.content_line += memchr::memchr_iter(b'\n', before).count() as u32;
            item.content = source.value()?;
        }
        "excerpt:encoded" => item.excerpt = source.value()?,
        "wp:post_id" => item.id = number(source.value()?),
        "wp:post_date" => item.date = source.value()?,
        "wp:post_date_gmt" => item.date_gmt = source.value()?,
        "wp:post_modified" => item.modified = source.value()?,
        "wp:post_modified_gmt" => item.modified_gmt = source.value()?,
        "wp:post_name" => item.name = source.value()?,
        "wp:status" => item.status = source.value()?,
        "wp:post_parent" => item.parent = number(source.value()?),
        "wp:menu_order" => item.order = source.value()?.trim().parse().unwrap_or(0),
        "wp:post_type" => item.kind = source.value()?,
        "wp:post_password" => item.password = source.value()?,
        "wp:is_sticky" => item.is_sticky = source.value()?.trim() == "1",
        "wp:attachment_url" => item.attachment_url = source.value()?,
        "category" => {
            let (domain, nicename) = (attribute(start, "domain"), attribute(start, "nicename"));
            let name = source.value()?;
            item.terms.push(Term {
                domain,
                nicename,
                name,
            });
        }
        "wp:postmeta" => item.meta.push(meta(source)?),
        "wp:comment" => item.remarks.push(remark(source)?),
        "item" => {
            let at = source.reader.buffer_position() as usize;
            return Err(source.wrong(at, "an item begins before the one that it is in has ended"));
        }
        _ => source.skip()?,
    }
    Ok(())
}

fn meta<'a>(source: &mut Source<'a>) -> Result<(Value<'a>, Value<'a>), Diagnostic> {
    let (mut key, mut value) = (Cow::Borrowed(""), Cow::Borrowed(""));
    source.elements(|source, start| {
        match start.name().0 {
            "wp:meta_key" => key = source.value()?,
            "wp:meta_value" => value = source.value()?,
            _ => source.skip()?,
        }
        Ok(())
    })?;
    Ok((key, value))
}

fn remark<'a>(source: &mut Source<'a>) -> Result<Remark<'a>, Diagnostic> {
    let mut remark = Remark::default();
    source.elements(|source, start| {
        match start.name().0 {
            "wp:comment_id" => remark.id = source.value()?,
            "wp:comment_parent" => remark.parent = source.value()?,
            "wp:comment_author" => remark.author = source.value()?,
            "wp:comment_author_url" => remark.url = source.value()?,
            "wp:comment_date" => remark.date = source.value()?,
            "wp:comment_date_gmt" => remark.date_gmt = source.value()?,
            "wp:comment_content" => remark.content = source.value()?,
            "wp:comment_approved" => remark.approved = source.value()?,
            "wp:comment_type" => remark.kind = source.value()?,
            // Addresses of people, and what the server knew of them, go no further.
            _ => source.skip()?,
        }
        Ok(())
    })?;
    Ok(remark)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(text: &str) -> Part {
        Part {
            bytes: text.into(),
            line: 10,
        }
    }

    #[test]
    fn an_item_has_what_its_elements_say() {
        let part = part(
            "<item>\n<title>A &amp; B&nbsp;&#233;</title><link> https://x.example/a/ </link>\n\
             <content:encoded><![CDATA[one]]]]><![CDATA[>\r\ntwo\u{1}]]></content:encoded><wp:post_id>7</wp:post_id>\
             <category domain=\"post_tag\" nicename=\"c-d\"><![CDATA[C & D]]></category><category>old</category>\
             <wp:postmeta><wp:meta_key>k</wp:meta_key><wp:meta_value>v</wp:meta_value></wp:postmeta>\
             <wp:comment><wp:comment_id>3</wp:comment_id><wp:comment_author_IP>1.2.3.4</wp:comment_author_IP>\
             <wp:commentmeta><wp:meta_key>x</wp:meta_key></wp:commentmeta></wp:comment><wp:post_password /></item>",
        );
        let item = item(&part, "x.xml").unwrap();
        assert_eq!(item.title, "A & B&nbsp;é");
        assert_eq!(item.content, "one]]>\ntwo");
        assert_eq!((item.id, item.line, item.content_line), (7, 10, 12));
        assert_eq!(item.terms[0].nicename, "c-d");
        assert_eq!(item.meta("k"), Some("v"));
        assert_eq!(item.remarks[0].id, "3");
    }

    #[test]
    fn what_is_no_xml_or_no_utf8_is_told_with_its_place() {
        let wrong = item(&part("<item>\n<title>x</link></item>"), "x.xml").unwrap_err();
        assert_eq!(wrong.place.unwrap().line, 11);
        let mut broken = part("<item>\n<title>x</title></item>");
        broken.bytes[14] = 0xe9;
        let wrong = item(&broken, "x.xml").unwrap_err();
        assert_eq!((wrong.code, wrong.place.unwrap().line), (Code::NotUtf8, 11));
    }

    #[test]
    fn an_item_within_an_item_is_told() {
        let wrong = item(&part("<item>\n<item><title>b</title></item>"), "x.xml").unwrap_err();
        assert_eq!(wrong.place.unwrap().line, 11);
    }

    #[test]
    fn a_channel_has_what_its_elements_say() {
        let part = part(
            "<rss><channel><title>T</title><link>https://x.example</link><language>de-DE</language>\
             <wp:base_blog_url>https://x.example/b</wp:base_blog_url>\
             <wp:author><wp:author_login>desk</wp:author_login><wp:author_email>a@b.c</wp:author_email>\
             <wp:author_display_name>The desk</wp:author_display_name></wp:author>\
             <wp:category><wp:category_nicename>n</wp:category_nicename><wp:cat_name>News</wp:cat_name></wp:category>\
             <wp:tag><wp:tag_slug>t</wp:tag_slug><wp:tag_description>Said</wp:tag_description></wp:tag>\
             <image><title>not this</title></image>",
        );
        let channel = channel(&part, "x.xml").unwrap();
        assert_eq!(
            (channel.title.as_str(), channel.language.as_str()),
            ("T", "de-DE")
        );
        assert_eq!(
            channel.authors,
            [("desk".to_owned(), "The desk".to_owned())]
        );
        assert_eq!(channel.categories[0].name, "News");
        assert_eq!(channel.tags[0].description, "Said");
    }
}
