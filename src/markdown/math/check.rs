//! A formula looked over before the library gets it: how long it is, how deep, and whether all that
//! begins in it ends.

use std::ops::Range;

use super::fault::Fault;

/// Longest formula, in bytes. Long derivations have two thousand.
const LONGEST: usize = 8 * 1024;

/// Deepest nesting of braces, environments and `\left`. The library and the sanitiser take longer
/// the deeper it is, and no formula that can be read has more than a dozen.
const DEEPEST: usize = 32;

/// Most commands in a row with nothing between them. Each may take the next as its argument, for
/// which the library calls itself.
const MOST_IN_A_ROW: usize = 64;

/// Commands that define others. A definition would hold for its own formula alone, and could call
/// itself.
const DEFINING: [&str; 11] = [
    "DeclareMathOperator",
    "def",
    "edef",
    "futurelet",
    "gdef",
    "global",
    "let",
    "newcommand",
    "providecommand",
    "renewcommand",
    "xdef",
];

/// Commands whose argument is text, with no commands in it.
const OF_TEXT: [&str; 7] = [
    "operatorname",
    "text",
    "textbf",
    "textit",
    "textrm",
    "textsf",
    "texttt",
];

/// Where the names in a formula stand.
#[derive(Debug, Default)]
pub(super) struct Seen {
    /// Commands, with their backslash.
    pub commands: Vec<Range<usize>>,
    /// Names of environments, where they begin.
    pub environments: Vec<Range<usize>>,
}

/// Something that began and has not ended.
struct Open<'a> {
    what: Opening<'a>,
    range: Range<usize>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Opening<'a> {
    Brace,
    /// A brace behind a command of [`OF_TEXT`].
    Text,
    Left,
    Group,
    Environment(&'a str),
}

impl Opening<'_> {
    fn begins(self) -> String {
        match self {
            Self::Brace | Self::Text => "{".to_owned(),
            Self::Left => "\\left".to_owned(),
            Self::Group => "\\begingroup".to_owned(),
            Self::Environment(name) => format!("\\begin{{{name}}}"),
        }
    }

    fn ends(self) -> String {
        match self {
            Self::Brace | Self::Text => "}".to_owned(),
            Self::Left => "\\right".to_owned(),
            Self::Group => "\\endgroup".to_owned(),
            Self::Environment(name) => format!("\\end{{{name}}}"),
        }
    }
}

/// Looks a formula over.
pub(super) fn look_over(latex: &str) -> Result<Seen, Fault> {
    if latex.len() > LONGEST {
        return Err(Fault::new(
            0..latex.len(),
            format!(
                "this formula has {} bytes; {LONGEST} is the most",
                latex.len()
            ),
            "divide it into several",
        ));
    }
    let mut look = Look {
        latex,
        at: 0,
        open: Vec::new(),
        in_a_row: 0,
        text_is_next: false,
        seen: Seen::default(),
    };
    while let Some(next) = latex[look.at..].chars().next() {
        look.step(next)?;
    }
    match look.open.last() {
        None => Ok(look.seen),
        Some(open) => Err(never_closed(open)),
    }
}

fn never_closed(open: &Open) -> Fault {
    Fault::new(
        open.range.clone(),
        format!(
            "the `{}` that begins here is never closed",
            open.what.begins()
        ),
        format!("write `{}` where it ends", open.what.ends()),
    )
}

struct Look<'a> {
    latex: &'a str,
    at: usize,
    open: Vec<Open<'a>>,
    in_a_row: usize,
    /// Behind a command of [`OF_TEXT`].
    text_is_next: bool,
    seen: Seen,
}

impl<'a> Look<'a> {
    /// Reads a command or a character.
    fn step(&mut self, next: char) -> Result<(), Fault> {
        let start = self.at;
        if next == '\\' {
            return self.command();
        }
        self.at += next.len_utf8();
        let range = start..self.at;
        let text_is_next = self.text_is_next && next.is_whitespace();
        let is_text = std::mem::replace(&mut self.text_is_next, text_is_next);
        match next {
            _ if next.is_whitespace() => return Ok(()),
            '%' => {
                let end = self.latex[start..].find('\n');
                self.at = end.map_or(self.latex.len(), |end| start + end + 1);
            }
            '{' if is_text => self.begin(Opening::Text, range)?,
            '{' => self.begin(Opening::Brace, range)?,
            '}' => self.end(Opening::Brace, range)?,
            _ if is_text => return Err(text_without_braces(range, next)),
            _ => {}
        }
        self.in_a_row = 0;
        Ok(())
    }

    fn command(&mut self) -> Result<(), Fault> {
        let start = self.at;
        let rest = &self.latex[start + 1..];
        let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
        let length = letters.max(rest.chars().next().map_or(0, char::len_utf8));
        let name = &rest[..length];
        self.at = start + 1 + length;
        let range = start..self.at;
        self.text_is_next = OF_TEXT.contains(&name);
        self.in_a_row += 1;
        if self.in_a_row > MOST_IN_A_ROW {
            return Err(Fault::new(
                range,
                format!("more than {MOST_IN_A_ROW} commands follow one another here"),
                "put what belongs together between braces",
            ));
        }
        if self.in_text() && (letters > 0 || name.is_empty()) {
            return Err(Fault::new(
                range.clone(),
                format!("`{}` stands within text", &self.latex[range]),
                "end the text before it: `\\text{if }\\alpha`",
            ));
        }
        match name {
            "" => Err(Fault::new(
                range,
                "a backslash ends this formula",
                "write `\\backslash`",
            )),
            "begin" => self.environment(range, true),
            "end" => self.environment(range, false),
            "left" => self.begin(Opening::Left, range),
            "right" => self.end(Opening::Left, range),
            "begingroup" => self.begin(Opening::Group, range),
            "endgroup" => self.end(Opening::Group, range),
            "char" => Err(Fault::new(
                range,
                "`\\char` is not understood",
                "write the character itself",
            )),
            _ if DEFINING.contains(&name) => Err(Fault::new(
                range,
                format!("`\\{name}` is not understood: formulas cannot define commands"),
                "write out what the command would stand for",
            )),
            _ => {
                self.seen.commands.push(range);
                Ok(())
            }
        }
    }

    /// The name behind `\begin` or `\end`.
    fn environment(&mut self, command: Range<usize>, begins: bool) -> Result<(), Fault> {
        let rest = &self.latex[self.at..];
        let space = rest.len() - rest.trim_start().len();
        let name = rest[space..].strip_prefix('{');
        let Some((name, _)) = name.and_then(|name| name.split_once('}')) else {
            let written = &self.latex[command.clone()];
            let message = format!("`{written}` is not followed by a name");
            let hint = format!("write it between braces: `{written}{{aligned}}`");
            return Err(Fault::new(command, message, hint));
        };
        let start = self.at + space + 1;
        self.at = start + name.len() + 1;
        self.in_a_row = 0;
        let range = command.start..self.at;
        if begins {
            self.seen.environments.push(start..start + name.len());
            self.begin(Opening::Environment(name), range)
        } else {
            self.end(Opening::Environment(name), range)
        }
    }

    fn in_text(&self) -> bool {
        self.open.iter().any(|open| open.what == Opening::Text)
    }

    fn begin(&mut self, what: Opening<'a>, range: Range<usize>) -> Result<(), Fault> {
        if self.open.len() == DEEPEST {
            return Err(Fault::new(
                range,
                format!("this formula is nested more than {DEEPEST} deep"),
                "divide it, or give its parts names",
            ));
        }
        self.open.push(Open { what, range });
        Ok(())
    }

    fn end(&mut self, what: Opening<'a>, range: Range<usize>) -> Result<(), Fault> {
        match self.open.pop() {
            Some(open) if open.what == what => Ok(()),
            Some(open) if open.what == Opening::Text && what == Opening::Brace => Ok(()),
            Some(open) => Err(Fault::new(
                range,
                format!(
                    "`{}` stands where `{}` has to end first",
                    what.ends(),
                    open.what.begins()
                ),
                format!("write `{}` before it", open.what.ends()),
            )),
            None => Err(Fault::new(
                range,
                format!("`{}` ends what never began", what.ends()),
                format!(
                    "write `{}` where it begins, or take this out",
                    what.begins()
                ),
            )),
        }
    }
}

fn text_without_braces(range: Range<usize>, found: char) -> Fault {
    let hint = match found {
        '*' => "take it out, or write `\\mathop{\\mathrm{max}}` for a name with limits below it",
        _ => "write the text between braces: `\\text{if}`, `\\operatorname{rank}`",
    };
    Fault::new(
        range,
        format!("`{found}` stands where text between braces is meant"),
        hint,
    )
}
