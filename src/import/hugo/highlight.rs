//! Code of Hugo's `highlight`, as Markdown has it.
//!
//! In: a call and its code. Out: a fenced block that says the same of it.

use std::fmt::Write as _;

use super::convert::{Converter, shown};
use super::shortcodes::{Call, Kind};
use crate::import::Outcome;
use crate::import::generator::calls::block;
use crate::import::generator::code::fence;

impl Converter<'_, '_> {
    /// A fenced block, or code in a line.
    pub(super) fn highlight(
        &mut self,
        call: &Call,
        code: &str,
        before: &str,
        after: &str,
    ) -> String {
        let language = call.named_or_nth("lang", 0).to_owned();
        let options = call.named_or_nth("options", 1).to_owned();
        let mut attributes = String::new();
        let mut lost = Vec::new();
        let mut is_inline = false;
        for option in options
            .split(',')
            .map(str::trim)
            .filter(|option| !option.is_empty())
        {
            let (name, value) = option.split_once('=').unwrap_or((option, "true"));
            match (name.to_lowercase().as_str(), value) {
                ("linenos", "false") => {}
                ("hl_inline", value) => is_inline = value != "false",
                ("linenos", _) => attributes.push_str(" linenos=true"),
                ("linenostart", start) if start.bytes().all(|byte| byte.is_ascii_digit()) => {
                    let _ = write!(attributes, " linenostart={start}");
                }
                ("hl_lines", lines) => {
                    let lines = lines
                        .trim_matches(['"', '\''])
                        .split_whitespace()
                        .map(|line| {
                            if line.bytes().all(|byte| byte.is_ascii_digit()) {
                                line.to_owned()
                            } else {
                                format!("\"{line}\"")
                            }
                        });
                    let lines: Vec<_> = lines.collect();
                    let _ = write!(attributes, " hl_lines=[{}]", lines.join(","));
                }
                _ => lost.push(format!("`{name}`")),
            }
        }
        if is_inline && !code.contains(['`', '\n']) {
            return format!("`{}`", code.trim());
        }
        if !lost.is_empty() {
            self.note(
                call,
                Outcome::Approximated,
                format!("`highlight` loses {}", lost.join(", ")),
            );
        }
        let attributes = if attributes.is_empty() {
            attributes
        } else {
            format!("{{{}}}", attributes.trim_start())
        };
        let fence = fence(&language, &attributes, code);
        block(&fence, before, after, true).unwrap_or(fence)
    }
}

/// Code in which some calls are only shown. `start` is where it begins in the text.
pub(super) fn shown_calls(code: &str, calls: &[Call], start: usize) -> String {
    let mut out = String::with_capacity(code.len());
    let mut done = 0;
    for call in calls.iter().filter(|call| call.kind == Kind::Shown) {
        let range = call.range.start - start..call.range.end - start;
        out.push_str(&code[done..range.start]);
        out.push_str(&shown(&code[range.clone()]));
        done = range.end;
    }
    out.push_str(&code[done..]);
    out
}
