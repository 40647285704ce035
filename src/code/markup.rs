//! A block of code as HTML.
//!
//! What is copied is the code and nothing else: a number is an attribute of its line, which a style
//! sheet shows, and line feeds stand in the text. Lines that stand out are `mark`s, which says so
//! without any style.

use std::fmt::Write as _;

use super::class::Class;
use super::fence::Fence;
use super::kept::Colours;
use super::runs;

/// The block; without colours if they are not wanted, and then it says nothing but its language.
///
/// The `pre` takes the keyboard's focus, so that one that scrolls can be scrolled by keys.
#[must_use]
pub fn html(fence: &Fence, code: &str, colours: Option<&Colours>) -> String {
    let mut out = String::with_capacity(code.len() * 3 / 2 + 96);
    let title = fence.title.filter(|_| colours.is_some());
    if let Some(title) = title {
        out.push_str("<figure class=\"code\"><figcaption>");
        escape(&mut out, title);
        out.push_str("</figcaption>\n");
    }
    out.push_str("<pre tabindex=\"0\"><code");
    if !fence.name.is_empty() {
        out.push_str(" class=\"language-");
        let mut name = String::new();
        escape(&mut name, fence.name);
        out.push_str(&name.replace('"', "&quot;"));
        out.push('"');
    }
    out.push('>');
    match colours {
        None => escape(&mut out, code),
        Some(colours) => {
            let told = fence.language.map(|language| {
                let key = fence.key(code).unwrap_or_default();
                colours.told(key, language, code)
            });
            let runs = runs::of(code, told.as_deref().unwrap_or_default());
            if fence.has_lines() {
                push_lines(&mut out, fence, runs);
            } else {
                runs.for_each(|(class, run)| push_run(&mut out, class, run));
            }
        }
    }
    out.push_str("</code></pre>");
    if title.is_some() {
        out.push_str("</figure>");
    }
    out.push('\n');
    out
}

fn push_lines<'a>(out: &mut String, fence: &Fence, runs: impl Iterator<Item = (Class, &'a str)>) {
    let mut lines = Lines {
        out,
        fence,
        line: 0,
        open: None,
    };
    for (class, run) in runs {
        for part in run.split_inclusive('\n') {
            lines.begin();
            let text = part.strip_suffix('\n').unwrap_or(part);
            push_run(lines.out, class, text);
            if text.len() < part.len() {
                lines.end();
                lines.out.push('\n');
            }
        }
    }
    lines.end();
}

/// Writes lines, each in an element of its own if it needs one.
struct Lines<'o, 'f> {
    out: &'o mut String,
    fence: &'f Fence<'f>,
    /// The line that is written, from 1.
    line: u32,
    /// The end of its element; `None` between two lines.
    open: Option<&'static str>,
}

impl Lines<'_, '_> {
    fn begin(&mut self) {
        if self.open.is_some() {
            return;
        }
        let number = self
            .fence
            .is_numbered
            .then(|| self.fence.first.unwrap_or(1) + self.line);
        self.line += 1;
        let (name, close) = if self.fence.is_highlighted(self.line) {
            ("mark", "</mark>")
        } else if number.is_some() {
            ("span", "</span>")
        } else {
            self.open = Some("");
            return;
        };
        let _ = write!(self.out, "<{name} class=\"c-l\"");
        if let Some(number) = number {
            let _ = write!(self.out, " data-n=\"{number}\"");
        }
        self.out.push('>');
        self.open = Some(close);
    }

    fn end(&mut self) {
        self.out.push_str(self.open.take().unwrap_or_default());
    }
}

fn push_run(out: &mut String, class: Class, run: &str) {
    match class.name().filter(|_| !run.is_empty()) {
        None => escape(out, run),
        Some(name) => {
            out.push_str("<span class=\"");
            out.push_str(name);
            out.push_str("\">");
            escape(out, run);
            out.push_str("</span>");
        }
    }
}

/// Text as HTML.
fn escape(out: &mut String, text: &str) {
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate() {
        let escaped = match byte {
            b'&' => "&amp;",
            b'<' => "&lt;",
            b'>' => "&gt;",
            _ => continue,
        };
        out.push_str(&text[copied..at]);
        out.push_str(escaped);
        copied = at + 1;
    }
    out.push_str(&text[copied..]);
}
