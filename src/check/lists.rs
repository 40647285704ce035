//! Lists of old URLs: sitemaps (sitemaps.org, protocol 0.9), feeds (RSS and Atom), or a URL on each
//! line; compressed with gzip or not.
//!
//! In: the bytes of a file. Out: its text, and from that each URL with its line; a diagnostic for
//! everything in it that is not read.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io::Read as _;

use quick_xml::events::{BytesRef, BytesStart, Event};
use quick_xml::{Reader, XmlVersion};

use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};

/// Bytes of a list, unpacked: as many as a sitemap may have (sitemaps.org, protocol 0.9).
const LARGEST: u64 = 50 << 20;

/// What files of gzip begin with (RFC 1952, 2.3.1).
const GZIP: [u8; 2] = [0x1f, 0x8b];

/// What may be given.
const GIVE: &str = "give a sitemap, a feed, or a file with one URL a line";

/// A URL of a list, as written, and its line.
pub(super) type Listed = (String, u32);

/// The text of a list. The error says why it cannot be read.
pub fn list_text(bytes: Vec<u8>) -> Result<String, String> {
    let bytes = if bytes.starts_with(&GZIP) {
        let mut unpacked = Vec::new();
        let reader = flate2::read::MultiGzDecoder::new(&*bytes);
        let read = reader.take(LARGEST + 1).read_to_end(&mut unpacked);
        read.map_err(|_| "it is compressed, and damaged or cut off".to_owned())?;
        unpacked
    } else {
        bytes
    };
    if bytes.len() as u64 > LARGEST {
        return Err("it has more than 50 MiB, which no sitemap may have".to_owned());
    }
    String::from_utf8(bytes).map_err(|_| "it is not UTF-8".to_owned())
}

/// The URLs of a list. `file` is its name.
pub(super) fn urls(file: &str, text: &str, diagnostics: &mut Diagnostics) -> Vec<Listed> {
    let begin = text.trim_start_matches('\u{feff}').trim_start();
    let begins_with = |word: &str| {
        let begin = begin.as_bytes().get(..word.len());
        begin.is_some_and(|begin| begin.eq_ignore_ascii_case(word.as_bytes()))
    };
    let told = |message: &str, hint: &str| {
        let message = format!("{file} {message}");
        Diagnostic::new(Code::Argument, message)
            .at(Place::file(file))
            .hint(hint)
    };
    if begins_with("<!doctype html") || begins_with("<html") {
        let message = "is a page, and no list of URLs";
        let hint =
            "perhaps a server answered with its page for what is missing: download the list again";
        diagnostics.push(told(message, hint));
        return Vec::new();
    }
    let before = diagnostics.iter().count();
    let listed = if begin.starts_with('<') {
        of_xml(file, text, diagnostics)
    } else {
        lines(text)
    };
    if listed.is_empty() && diagnostics.iter().count() == before {
        diagnostics.push(told("has no URL in it", GIVE));
    }
    listed
}

fn lines(text: &str) -> Vec<Listed> {
    let lines = text.lines().zip(1..);
    let lines = lines.map(|(line, number)| (line.trim().trim_start_matches('\u{feff}'), number));
    let urls = lines.filter(|(line, _)| !line.is_empty() && !line.starts_with('#'));
    urls.map(|(line, number)| (line.to_owned(), number))
        .collect()
}

/// The `loc` of each `url` of a sitemap, the `link` of each `item` of RSS, that of each `entry` of
/// Atom.
fn of_xml(file: &str, text: &str, diagnostics: &mut Diagnostics) -> Vec<Listed> {
    let mut reader = Reader::from_str(text);
    let mut listed = Vec::new();
    let mut path: Vec<String> = Vec::new();
    let mut value = String::new();
    let mut is_whole = true;
    let place = |at: u64| Place::in_text(file, text, at as usize..at as usize + 1);
    let mut tell = |message: String, at: u64, hint: &str| {
        let diagnostic = Diagnostic::new(Code::Argument, message);
        diagnostics.push(diagnostic.at(place(at)).hint(hint));
    };
    loop {
        let at = reader.buffer_position();
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                listed.extend(of_entry(&path, &tag).map(|url| (url, place(at).line)));
                path.push(tag.local_name().as_ref().to_owned());
                value.clear();
                is_whole = true;
            }
            Ok(Event::Empty(tag)) => {
                listed.extend(of_entry(&path, &tag).map(|url| (url, place(at).line)));
            }
            Ok(Event::Text(text)) => value.push_str(&text),
            Ok(Event::CData(text)) => value.push_str(&text),
            Ok(Event::GeneralRef(name)) => {
                if let Some(text) = referred(&name) {
                    value.push_str(&text);
                } else {
                    let _ = write!(value, "&{};", &*name);
                    is_whole = false;
                }
            }
            Ok(Event::End(_)) => {
                let within = |names: [&str; 2]| path.ends_with(&names.map(str::to_owned));
                let url = value.trim();
                if within(["url", "loc"]) || within(["item", "link"]) {
                    if is_whole {
                        listed.push((url.to_owned(), place(at).line));
                    } else {
                        let message =
                            format!("a part of the URL {url} is an entity of the file's own");
                        tell(
                            message,
                            at,
                            "write out what it stands for: entities are not read",
                        );
                    }
                } else if within(["sitemap", "loc"]) {
                    let message = format!("this is a list of sitemaps; {url} is not read");
                    tell(
                        message,
                        at,
                        "download that file and name it with --urls as well",
                    );
                }
                path.pop();
            }
            Ok(Event::Eof) => {
                if let Some(open) = path.last() {
                    let message = format!("this file ends within `<{open}>`: it was cut off");
                    tell(
                        message,
                        at,
                        "download it again; the URLs before are looked at",
                    );
                }
                break;
            }
            Ok(_) => {}
            Err(error) => {
                let message = format!("this file cannot be read further: {error}");
                let hint = "download it again, or write a list with one URL a line";
                tell(message, reader.error_position(), hint);
                break;
            }
        }
    }
    listed
}

/// The address of an `entry` of Atom, if a tag has it (RFC 4287, 4.2.7).
fn of_entry(path: &[String], tag: &BytesStart) -> Option<String> {
    if path.last()? != "entry" || tag.local_name().as_ref() != "link" {
        return None;
    }
    let attribute = |name: &str| -> Option<String> {
        let found = tag.try_get_attribute(name).ok().flatten()?;
        let value = found.normalized_value(XmlVersion::Implicit1_0).ok()?;
        Some(value.trim().to_owned())
    };
    let is_page = attribute("rel").is_none_or(|rel| rel == "alternate");
    is_page.then(|| attribute("href"))?
}

/// What a reference stands for that XML itself knows.
fn referred(name: &BytesRef) -> Option<Cow<'static, str>> {
    let named = quick_xml::escape::resolve_predefined_entity(name).map(Cow::Borrowed);
    named.or_else(|| {
        let c = name.resolve_char_ref().ok().flatten()?;
        Some(c.to_string().into())
    })
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;
    use crate::diagnostics::Severity;

    /// The URLs of a list, and how many mistakes are told of it.
    fn read(text: &str) -> (Vec<Listed>, usize) {
        let mut diagnostics = Diagnostics::new();
        let listed = urls("old.xml", text, &mut diagnostics);
        (listed, diagnostics.count(Severity::Error))
    }

    #[test]
    fn a_sitemap_is_read_with_its_lines() {
        let text = "<?xml version='1.0'?>\n<urlset>\n<url><loc>\nhttps://a/b?x=1&amp;y=2&#33; </loc></url>\n<url><loc>https://a/c</loc></url></urlset>";
        let listed = [
            ("https://a/b?x=1&y=2!".to_owned(), 4),
            ("https://a/c".to_owned(), 5),
        ];
        assert_eq!(read(text), (listed.to_vec(), 0));
    }

    #[test]
    fn what_a_sitemap_does_not_say_is_told() {
        for text in [
            "<sitemapindex><sitemap><loc>x</loc></sitemap></sitemapindex>",
            "<urlset><url></loc>",
            "<!DOCTYPE html>\n<p>Not found",
            "<HTML><body>Not found</body></HTML>",
            "<urlset></urlset>",
            "",
            "\n# a comment\n",
        ] {
            assert_eq!(read(text), (Vec::new(), 1), "{text}");
        }
        let cut_off = "<urlset><url><loc>/a</loc></url>";
        assert_eq!(read(cut_off), (vec![("/a".to_owned(), 1)], 1));
    }

    #[test]
    fn an_entity_does_not_vanish() {
        let text = "<!DOCTYPE x [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><urlset><url><loc>https://a/&a;</loc></url>\
                    <url><loc>https://a/b</loc></url></urlset>";
        assert_eq!(read(text), (vec![("https://a/b".to_owned(), 1)], 1));
    }

    #[test]
    fn feeds_have_the_pages_of_their_entries() {
        let rss = "<rss><channel><link>https://a/</link><item><title>B</title><link>https://a/b</link><guid>x</guid></item></channel></rss>";
        assert_eq!(read(rss), (vec![("https://a/b".to_owned(), 1)], 0));
        let atom = "<feed><link href='https://a/'/>\n<entry><link rel='self' href='https://a/x'/><link href='https://a/b?x=1&amp;y=2'/>\
                    <link rel='alternate' href='https://a/c'></link></entry></feed>";
        let listed = [
            ("https://a/b?x=1&y=2".to_owned(), 2),
            ("https://a/c".to_owned(), 2),
        ];
        assert_eq!(read(atom), (listed.to_vec(), 0));
    }

    #[test]
    fn a_list_may_have_comments() {
        assert_eq!(
            read("# old\n\n/a\nhttps://b/c\n"),
            (vec![("/a".into(), 3), ("https://b/c".into(), 4)], 0)
        );
    }

    #[test]
    fn a_compressed_list_is_unpacked_as_far_as_it_may_go() {
        let packed = |bytes: &[u8]| {
            let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
            packer.write_all(bytes).unwrap();
            packer.finish().unwrap()
        };
        assert_eq!(list_text(packed(b"/a\n")), Ok("/a\n".to_owned()));
        let cut_off = packed(&b"/a\n".repeat(999))[..20].to_vec();
        assert!(list_text(cut_off).is_err());
        let bomb = packed(&vec![b'a'; (LARGEST + 1) as usize]);
        assert!(bomb.len() < 1 << 20);
        assert!(list_text(bomb).unwrap_err().contains("50 MiB"));
        assert!(list_text(vec![0xff]).is_err());
    }
}
