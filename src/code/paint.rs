//! Code as runs of classes, told by the syntax of its language.
//!
//! What is too large is plain, by size and never by the clock, so that pages are the same on every
//! machine.

use std::borrow::Cow;
use std::panic::catch_unwind;
use std::sync::LazyLock;

use syntect::parsing::{ParseState, ScopeStack, SyntaxSet};

use super::class::Class;
use super::language::Language;
use super::runs::Runs;

/// Bytes of a line from which on it is plain. Expressions that look back and forth take quadratic time,
/// and the longest lines are data that nobody reads.
const LONGEST_LINE: usize = 500;

/// From so many bytes on, a line is looked at for what repeats itself in it, and so many blanks at its
/// beginning do as well. Such lines are rulers and data; expressions that look for one thing in several
/// places take seconds for them.
const LONG_LINE: usize = 48;
const DEEP_INDENT: usize = 100;

/// Bytes that are read of a line that repeats itself: enough to tell that it is a comment.
const ENOUGH: usize = 24;

/// Bytes of a block from which on all of it is plain.
const LARGEST: usize = 32 * 1024;

/// Scopes within each other from which on the rest is plain: some syntaxes look at all of them again and
/// again.
const DEEPEST: usize = 256;

/// Takes milliseconds, and is therefore loaded when the first block is met of which nothing is known.
static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// The runs of code.
pub(super) fn paint(language: Language, code: &str) -> Vec<u8> {
    if code.len() > LARGEST {
        return Vec::new();
    }
    // The library should not panic. Colours must never end a build if it does.
    catch_unwind(|| {
        let prompts = language.prompts();
        if prompts.is_empty() {
            whole(language, code)
        } else {
            session(language, prompts, code)
        }
    })
    .unwrap_or_default()
}

/// Whether there is a syntax for a language.
#[cfg(test)]
pub(super) fn knows(language: Language) -> bool {
    SYNTAXES.find_syntax_by_name(language.syntax()).is_some()
}

fn whole(language: Language, code: &str) -> Vec<u8> {
    let mut runs = Runs::default();
    let mut painter = Painter::new(language);
    for line in code.split_inclusive('\n') {
        painter.line(line, &mut runs);
    }
    runs.finish()
}

/// What was typed at a prompt has colours; what the computer answered is plain.
fn session(language: Language, prompts: &[&str], code: &str) -> Vec<u8> {
    let mut runs = Runs::default();
    let mut painter = Painter::new(language);
    for line in code.split_inclusive('\n') {
        let prompt = prompts.iter().position(|prompt| line.starts_with(prompt));
        let Some(prompt) = prompt else {
            runs.push(Class::Plain, line);
            continue;
        };
        // The other prompts are those of lines that go on.
        if prompt == 0 {
            painter = Painter::new(language);
        }
        let (prompt, typed) = line.split_at(prompts[prompt].len());
        runs.push(Class::Comment, prompt);
        painter.line(typed, &mut runs);
    }
    runs.finish()
}

/// Reads code line by line.
struct Painter {
    /// `None` when the rest is plain.
    state: Option<ParseState>,
    scopes: ScopeStack,
}

impl Painter {
    fn new(language: Language) -> Self {
        let syntax = SYNTAXES.find_syntax_by_name(language.syntax());
        Self {
            state: syntax.map(ParseState::new),
            scopes: ScopeStack::new(),
        }
    }

    fn line(&mut self, line: &str, runs: &mut Runs) {
        if line.len() > LONGEST_LINE || self.told(line, runs).is_none() {
            runs.push(Class::Plain, line);
        }
    }

    /// `None` when nothing of a line can be told.
    fn told(&mut self, line: &str, runs: &mut Runs) -> Option<()> {
        let state = self.state.as_mut()?;
        let read = if repeats_itself(line) {
            beginning(line)
        } else {
            line
        };
        // The syntaxes want the end of each line; the last one may have none.
        let ended = if read.ends_with('\n') {
            Cow::Borrowed(read)
        } else {
            Cow::Owned(format!("{read}\n"))
        };
        let Ok(changes) = state.parse_line(&ended, &SYNTAXES) else {
            self.state = None;
            return None;
        };
        let mut done = 0;
        let mut class = Class::Plain;
        for (at, change) in changes {
            let at = at.min(read.len());
            if let Some(text) = line.get(done..at) {
                if !text.is_empty() {
                    class = Class::of(self.scopes.as_slice());
                }
                runs.push(class, text);
                done = at;
            }
            if self.scopes.apply(&change).is_err() {
                self.state = None;
            }
        }
        // What was not read goes on as what was.
        if done < read.len() {
            class = Class::of(self.scopes.as_slice());
        }
        runs.push(class, &line[done..]);
        if self.scopes.len() > DEEPEST {
            self.state = None;
        }
        Some(())
    }
}

/// Whether a line has few parts, each many times: less than a quarter of the triples of bytes in it are
/// different ones.
fn repeats_itself(line: &str) -> bool {
    let text = line.trim_start();
    if line.len() - text.len() > DEEP_INDENT {
        return true;
    }
    if text.len() < LONG_LINE {
        return false;
    }
    let mut triples: Vec<&[u8]> = text.as_bytes().windows(3).collect();
    triples.sort_unstable();
    triples.dedup();
    triples.len() * 4 < text.len()
}

fn beginning(line: &str) -> &str {
    let end = (0..=ENOUGH).rev().find(|at| line.is_char_boundary(*at));
    &line[..end.unwrap_or_default()]
}
