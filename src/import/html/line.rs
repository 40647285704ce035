//! A line of Markdown that is being written: text, spaces between words, and marks around words.

use std::fmt::Write as _;

use super::escape;

/// Marks that were just closed, and may turn out not to close with what follows.
#[derive(Debug, Clone, Copy)]
struct Closed {
    /// Where the marks around the words begin.
    start: usize,
    /// How long the mark is.
    mark: usize,
    tag: &'static str,
    /// Whether a letter must not follow: Markdown closes no mark between punctuation and a letter.
    is_risky: bool,
}

/// A line, or what will be a part of one.
#[derive(Debug, Default)]
pub(super) struct Line {
    out: String,
    /// Whether a space comes before what follows.
    space: bool,
    /// Whether there was a space before everything.
    lead: bool,
    /// Whether it is a cell of a table, a heading or something else of one line.
    pub is_single: bool,
    /// The marks that it is within already; `[` is for the text of a link.
    within: Vec<&'static str>,
    closed: Option<Closed>,
}

impl Line {
    /// A line that cannot go on in another one, such as a cell of a table.
    pub fn single() -> Self {
        Self {
            is_single: true,
            ..Self::default()
        }
    }

    /// A line that goes into this one, between marks.
    pub fn part(&self) -> Self {
        Self {
            is_single: self.is_single,
            within: self.within.clone(),
            ..Self::default()
        }
    }

    /// The same, between marks.
    pub fn part_in(&self, mark: &'static str) -> Self {
        let mut part = self.part();
        part.within.push(mark);
        part
    }

    /// Whether it is within these marks.
    pub fn is_in(&self, mark: &str) -> bool {
        self.within.contains(&mark)
    }

    /// Whether nothing is in it that shows.
    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    fn is_at_start(&self) -> bool {
        self.out.is_empty() || self.out.ends_with('\n') || self.out.ends_with("<br>")
    }

    /// What comes before what follows.
    fn before(&self) -> char {
        if self.space {
            return ' ';
        }
        self.out.chars().next_back().unwrap_or(' ')
    }

    /// Adds text as a reader sees it.
    pub fn text(&mut self, text: &str) {
        let in_link = self.is_in("[");
        let mut words = text.split(|c: char| c.is_ascii_whitespace()).peekable();
        while let Some(word) = words.next() {
            if !word.is_empty() {
                self.begin(word.chars().next().unwrap_or(' '));
                let after = words.peek().map(|_| ' ');
                escape::push(&mut self.out, word, in_link, after);
            }
            if words.peek().is_some() {
                self.gap();
            }
        }
    }

    /// Adds Markdown as it is.
    pub fn markdown(&mut self, markdown: &str) {
        if let Some(first) = markdown.chars().next() {
            self.begin(first);
            if first == '[' && self.out.ends_with('!') && !self.out.ends_with("\\!") {
                // Or the link would be a picture.
                self.out.pop();
                self.out.push_str("\\!");
            }
            self.out.push_str(markdown);
        }
    }

    /// A space comes here, if something follows.
    pub fn gap(&mut self) {
        self.lead |= self.out.is_empty();
        self.space |= !self.is_at_start();
    }

    /// Adds a part with something around it, and the spaces at its ends outside of that.
    pub fn part_around(&mut self, part: &Self, around: impl FnOnce(&str) -> String) {
        if part.lead {
            self.gap();
        }
        let (inner, has_end) = part.inner();
        if !inner.is_empty() {
            let markdown = around(inner);
            self.markdown(&markdown);
        }
        if has_end {
            self.end();
        } else if part.space {
            self.gap();
        }
    }

    /// Ends the line, within its paragraph.
    pub fn end(&mut self) {
        self.space = false;
        self.closed = None;
        if self.is_single {
            self.out.push_str("<br>");
        } else if !self.is_at_start() {
            self.out.push_str("\\\n");
        } else if !self.out.is_empty() {
            // Markdown has no two ends of a line without text between them.
            self.out.push_str("<br>\\\n");
        }
    }

    /// Gets ready for a character that follows.
    fn begin(&mut self, next: char) {
        if let Some(closed) = self.closed.take()
            && !self.space
            && ((closed.is_risky && next.is_alphanumeric()) || next == '*' || next == '~')
        {
            self.as_tags(closed);
        }
        if std::mem::take(&mut self.space) {
            self.out.push(' ');
        }
    }

    /// Turns marks into tags.
    fn as_tags(&mut self, closed: Closed) {
        let end = self.out.len() - closed.mark;
        self.out.replace_range(end.., &format!("</{}>", closed.tag));
        let start = closed.start..closed.start + closed.mark;
        self.out.replace_range(start, &format!("<{}>", closed.tag));
    }

    /// Adds what stands between marks, such as `**`. Where Markdown would not see the marks, it gets
    /// tags.
    pub fn marked(&mut self, part: &Self, mark: &'static str, tag: &'static str) {
        if part.lead {
            self.gap();
        }
        let (inner, has_end) = part.inner();
        let Some(first) = inner.chars().next() else {
            if has_end {
                self.end();
            }
            return;
        };
        let last = inner.chars().next_back().unwrap_or(' ');
        let before = self.before();
        let touches = !self.space && self.out.ends_with(['*', '~']);
        let is_word = |c: char| !c.is_whitespace() && !is_punctuation(c);
        let is_lost = touches
            || first.is_whitespace()
            || last.is_whitespace()
            || (is_word(before) && is_punctuation(first))
            || (is_word(before) && mark == "~~");
        self.begin(if is_lost { '<' } else { '*' });
        let start = self.out.len();
        if is_lost {
            let _ = write!(self.out, "<{tag}>{inner}</{tag}>");
        } else {
            self.out.push_str(mark);
            self.out.push_str(inner);
            self.out.push_str(mark);
            self.closed = Some(Closed {
                start,
                mark: mark.len(),
                tag,
                is_risky: is_punctuation(last) || mark == "~~",
            });
        }
        if has_end {
            self.end();
        } else {
            self.space = part.space;
        }
    }

    /// What is in it, and whether its line ends after that.
    fn inner(&self) -> (&str, bool) {
        let end = if self.is_single { "<br>" } else { "\\\n" };
        let inner = self.out.trim_end_matches(end);
        (inner, inner.len() < self.out.len())
    }

    /// Adds code.
    pub fn code(&mut self, code: &str, in_table: bool) {
        let code = code.split_ascii_whitespace().collect::<Vec<_>>().join(" ");
        if code.is_empty() {
            return;
        }
        let longest = code.split(|c| c != '`').map(str::len).max().unwrap_or(0);
        let fence = "`".repeat(longest + 1);
        let pad = if code.starts_with('`') || code.ends_with('`') {
            " "
        } else {
            ""
        };
        let code = if in_table {
            code.replace('|', "\\|")
        } else {
            code
        };
        self.markdown(&format!("{fence}{pad}{code}{pad}{fence}"));
    }

    /// The line as it stands in the text.
    pub fn finish(mut self) -> String {
        while self.out.ends_with("\\\n") {
            self.out.truncate(self.out.len() - 2);
        }
        self.out
    }
}

/// What CommonMark counts as punctuation beside marks: also symbols.
fn is_punctuation(letter: char) -> bool {
    !letter.is_alphanumeric() && !letter.is_whitespace()
}
