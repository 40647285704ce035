//! Paragraphs of classic texts, which are HTML without them.
//!
//! In: HTML in which an empty line ends a paragraph and a line end is one that readers see. Out: HTML
//! that says so. What lies in elements that keep their white space is left as it is.

/// Elements that are no part of a paragraph.
const BLOCKS: &[&str] = &[
    "address",
    "article",
    "aside",
    "audio",
    "blockquote",
    "canvas",
    "center",
    "col",
    "colgroup",
    "dd",
    "details",
    "dialog",
    "dir",
    "div",
    "dl",
    "dt",
    "embed",
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
    "hr",
    "iframe",
    "legend",
    "li",
    "main",
    "map",
    "menu",
    "nav",
    "noscript",
    "object",
    "ol",
    "option",
    "p",
    "pre",
    "script",
    "section",
    "select",
    "style",
    "summary",
    "svg",
    "table",
    "tbody",
    "td",
    "template",
    "textarea",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
    "video",
];

/// Elements that keep their white space, or hold no text of the article.
const KEPT: &[&str] = &[
    "pre", "script", "style", "textarea", "svg", "select", "template",
];

/// Elements in which a text of one paragraph gets none.
const SINGLE: &[&str] = &[
    "li",
    "td",
    "th",
    "dd",
    "dt",
    "figcaption",
    "summary",
    "legend",
    "caption",
];

/// Elements that are paragraphs already.
const PARAGRAPHS: &[&str] = &["p", "h1", "h2", "h3", "h4", "h5", "h6", "button", "label"];

/// Longest tag, in bytes; pictures are written out in some.
const LONGEST_TAG: usize = 1 << 20;

/// A tag in a text.
pub(super) struct Tag<'t> {
    /// Its name, in lower case; empty for a comment, and for one that does not end.
    pub name: String,
    pub closes: bool,
    /// What is written, with its brackets.
    pub text: &'t str,
}

/// The tag or comment that a text begins with, if it does.
pub(super) fn tag(text: &str) -> Option<Tag<'_>> {
    if let Some(rest) = text.strip_prefix("<!--") {
        let end = rest.find("-->").map_or(text.len(), |at| at + 7);
        return Some(Tag {
            name: String::new(),
            closes: false,
            text: &text[..end],
        });
    }
    let rest = text.strip_prefix('<')?;
    let closes = rest.starts_with('/');
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let length = rest
        .bytes()
        .take_while(|b| b.is_ascii_alphanumeric() || *b == b'-')
        .count();
    if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let name = rest[..length].to_ascii_lowercase();
    let begin = text.len() - rest.len() + length;
    let (end, name) = match end_of_tag(&text[begin..]) {
        Some(end) => (begin + end, name),
        // All of it is passed over as one, since the next tag would be looked for in vain as well.
        None => (floor(text, begin + LONGEST_TAG), String::new()),
    };
    Some(Tag {
        name,
        closes,
        text: &text[..end],
    })
}

/// Where a tag ends, from somewhere after its name.
fn end_of_tag(text: &str) -> Option<usize> {
    let bytes = &text.as_bytes()[..text.len().min(LONGEST_TAG)];
    let mut at = 0;
    loop {
        at += memchr::memchr3(b'>', b'"', b'\'', &bytes[at..])?;
        if bytes[at] == b'>' {
            return Some(at + 1);
        }
        at += 1 + memchr::memchr(bytes[at], &bytes[at + 1..])? + 1;
    }
}

fn floor(text: &str, at: usize) -> usize {
    let mut at = at.min(text.len());
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Where the element that a tag opens ends, for elements whose text is no HTML to look into.
pub(super) fn end_of_element(text: &str, name: &str) -> usize {
    let mut from = 0;
    while let Some(at) = text[from..].find("</") {
        let start = from + at;
        let rest = &text[start + 2..];
        let is_same = rest
            .get(..name.len())
            .is_some_and(|found| found.eq_ignore_ascii_case(name));
        if is_same {
            return rest.find('>').map_or(text.len(), |end| start + 2 + end + 1);
        }
        from = start + 2;
    }
    text.len()
}

/// Writes paragraphs into a text.
pub(super) fn paragraphs(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / 8);
    let mut open: Vec<String> = Vec::new();
    let mut run_start = 0;
    let mut at = 0;
    while let Some(found) = memchr::memchr(b'<', &text.as_bytes()[at..]) {
        at += found;
        let Some(tag) = tag(&text[at..]) else {
            at += 1;
            continue;
        };
        let is_mark = tag.name.is_empty()
            && ["<!--more", "<!--nextpage"]
                .iter()
                .any(|mark| tag.text.starts_with(mark));
        if !is_mark && !BLOCKS.contains(&tag.name.as_str()) {
            at += tag.text.len();
            continue;
        }
        push_run(
            &mut out,
            &text[run_start..at],
            open.last().map(String::as_str),
        );
        let mut end = at + tag.text.len();
        if !tag.closes && KEPT.contains(&tag.name.as_str()) && !tag.text.ends_with("/>") {
            end += end_of_element(&text[end..], &tag.name);
        } else if tag.closes {
            let is_same = |name: &String| *name == tag.name;
            let start = open.len().saturating_sub(64);
            if let Some(place) = open[start..].iter().rposition(is_same) {
                open.truncate(start + place);
            }
        } else if !tag.text.ends_with("/>")
            && !["hr", "col", "embed", ""].contains(&tag.name.as_str())
        {
            open.push(tag.name);
        }
        out.push_str(&text[at..end]);
        at = end;
        run_start = end;
    }
    push_run(
        &mut out,
        &text[run_start..],
        open.last().map(String::as_str),
    );
    out
}

/// Adds the text between two blocks, which lies directly in an element.
fn push_run(out: &mut String, run: &str, within: Option<&str>) {
    if run.trim().is_empty() {
        out.push_str(if run.contains('\n') { "\n" } else { run });
        return;
    }
    let within = within.unwrap_or_default();
    if PARAGRAPHS.contains(&within) {
        return push_lines(out, run);
    }
    let mut parts = parts(run);
    if SINGLE.contains(&within) && parts.len() == 1 {
        return push_lines(out, parts.remove(0));
    }
    // A text without line ends beside its tags is not divided further.
    if parts.len() == 1 && !within.is_empty() && !run.contains('\n') {
        out.push_str(run);
        return;
    }
    for part in parts {
        out.push_str("<p>");
        push_lines(out, part);
        out.push_str("</p>\n");
    }
}

/// The texts between empty lines.
fn parts(run: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in run.split_inclusive('\n') {
        if line.trim().is_empty() && at > start {
            parts.push(&run[start..at]);
            start = at + line.len();
        } else if line.trim().is_empty() {
            start = at + line.len();
        }
        at += line.len();
    }
    parts.push(&run[start..]);
    parts.retain(|part| !part.trim().is_empty());
    parts
}

/// Adds lines, each of which ends where readers see it end.
fn push_lines(out: &mut String, text: &str) {
    let mut at = 0;
    let text = text.trim_matches('\n');
    while at < text.len() {
        let rest = &text[at..];
        let next = rest.find(['<', '\n']).unwrap_or(rest.len());
        out.push_str(&rest[..next]);
        at += next;
        let rest = &text[at..];
        if rest.starts_with('<') {
            let written = tag(rest).map_or(1, |tag| tag.text.len());
            out.push_str(&rest[..written]);
            at += written;
        } else if rest.starts_with('\n') {
            let before = out.trim_end();
            let is_ended =
                before.ends_with("<br>") || before.ends_with("<br />") || before.ends_with("<br/>");
            out.push_str(if is_ended { "\n" } else { "<br>\n" });
            at += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::paragraphs;

    #[test]
    fn lines_and_paragraphs_are_where_wordpress_shows_them() {
        for (text, html) in [
            ("one\n\ntwo\nthree", "<p>one</p>\n<p>two<br>\nthree</p>\n"),
            ("<h2>A</h2>\none", "<h2>A</h2><p>one</p>\n"),
            ("a <b\nclass='x'>b</b>", "<p>a <b\nclass='x'>b</b></p>\n"),
            (
                "<ul>\n<li>a</li>\n<li>b\nc</li>\n</ul>",
                "<ul>\n<li>a</li>\n<li>b<br>\nc</li>\n</ul>",
            ),
            (
                "<ul><li>a\n\nb</li></ul>",
                "<ul><li><p>a</p>\n<p>b</p>\n</li></ul>",
            ),
            ("<pre>a\n\nb</pre>\n\nc", "<pre>a\n\nb</pre><p>c</p>\n"),
            ("<div>a</div>", "<div>a</div>"),
            ("<div>\na\n\nb\n</div>", "<div><p>a</p>\n<p>b</p>\n</div>"),
            (
                "<blockquote>a</blockquote>b",
                "<blockquote>a</blockquote><p>b</p>\n",
            ),
            ("<p>a\nb</p>\n\n<p>c</p>", "<p>a<br>\nb</p>\n<p>c</p>"),
            ("a<br />\nb", "<p>a<br />\nb</p>\n"),
            ("a\n\n<!--more-->\n\nb", "<p>a</p>\n<!--more--><p>b</p>\n"),
            ("1 < 2\n\n3", "<p>1 < 2</p>\n<p>3</p>\n"),
            ("   \n\n", "\n"),
        ] {
            assert_eq!(paragraphs(text), html, "{text:?}");
        }
    }

    #[test]
    fn what_is_never_closed_takes_no_time() {
        for text in [
            "<a title=\"".repeat(20_000),
            "<div>".repeat(100_000),
            "<pre>".repeat(100_000),
            "<!--".repeat(100_000),
            "</p>".repeat(100_000),
        ] {
            let _ = paragraphs(&text);
        }
    }
}
