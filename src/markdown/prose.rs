//! The text of a body without markup, for those who count and compare words.

/// Text whose blocks end with a line feed.
#[derive(Default)]
pub(super) struct Prose(String);

impl Prose {
    pub fn with_capacity(bytes: usize) -> Self {
        Self(String::with_capacity(bytes))
    }

    /// Text within a block.
    pub fn text(&mut self, text: &str) {
        self.0.push_str(text);
    }

    /// A block begins or ends.
    pub fn block(&mut self) {
        if !self.0.is_empty() && !self.0.ends_with('\n') {
            self.0.push('\n');
        }
    }

    /// The text of a block of raw HTML: each tag and character reference divides it, comments,
    /// scripts and styles are passed over.
    pub fn html(&mut self, html: &str) {
        let mut rest = html;
        while let Some(at) = rest.find(['<', '&']) {
            self.0.push_str(&rest[..at]);
            let markup = &rest[at..];
            rest = match markup.as_bytes() {
                [b'&', ..] => {
                    let name = markup[1..].bytes().take(32);
                    let length = name.take_while(|b| b.is_ascii_alphanumeric() || *b == b'#');
                    let rest = &markup[1 + length.count()..];
                    rest.strip_prefix(';').unwrap_or(rest)
                }
                [b'<', b'!', b'-', b'-', ..] => after(markup, "-->"),
                [b'<', b'a'..=b'z' | b'A'..=b'Z' | b'/' | b'!' | b'?', ..] => {
                    let end = markup[1..].find(|c: char| c != '-' && !c.is_alphanumeric());
                    let name = &markup[1..=end.unwrap_or(0)];
                    let hidden = ["script", "style", "template"];
                    let hidden = hidden
                        .into_iter()
                        .find(|tag| tag.eq_ignore_ascii_case(name));
                    match hidden {
                        Some(name) => after(after_close(markup, name), ">"),
                        None => after_tag(markup),
                    }
                }
                _ => &markup[1..],
            };
            self.block();
        }
        self.0.push_str(rest);
    }

    pub fn finish(self) -> String {
        self.0
    }
}

/// What comes after the first `end`; nothing if there is none.
fn after<'a>(text: &'a str, end: &str) -> &'a str {
    text.find(end).map_or("", |at| &text[at + end.len()..])
}

/// What comes after a tag, in whose quoted values there may be a `>`.
fn after_tag(tag: &str) -> &str {
    let mut rest = tag;
    while let Some(at) = rest.find(['>', '"', '\'']) {
        let (before, found) = rest.split_at(at);
        let (mark, after) = found.split_at(1);
        if mark == ">" {
            return after;
        }
        let is_value = before.trim_ascii_end().ends_with('=');
        rest = match after.split_once(mark) {
            Some((_, after_value)) if is_value => after_value,
            _ => after,
        };
    }
    ""
}

/// What comes after `</name`, in any case.
fn after_close<'a>(html: &'a str, name: &str) -> &'a str {
    let closes = memchr::memmem::find_iter(html.as_bytes(), b"</");
    let is_name = |at: &usize| {
        html.get(at + 2..at + 2 + name.len())
            .is_some_and(|tag| tag.eq_ignore_ascii_case(name))
    };
    closes
        .into_iter()
        .find(is_name)
        .map_or("", |at| &html[at + 2 + name.len()..])
}
