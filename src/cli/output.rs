//! Printing.

use std::io::{self, ErrorKind, IsTerminal, Write};
use std::path::Path;
use std::process::ExitCode;
use std::sync::{Mutex, OnceLock};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::Format;
pub(super) use crate::diagnostics::grouped;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Severity, render};
use crate::pipeline::{self, Progress};
use crate::source::reason;

/// Prints results and diagnostics in the format that was asked for.
pub(super) struct Printer {
    pub format: Format,
    /// Why a result could not be printed, if one could not.
    unprinted: OnceLock<io::Error>,
}

impl Printer {
    pub fn new(format: Format) -> Self {
        Self {
            format,
            unprinted: OnceLock::new(),
        }
    }

    /// Prints a result. A reader that has gone away, as in `pressroom list | head`, is no error;
    /// whatever else there may be, [`outcome`](Self::outcome) tells.
    pub fn result(&self, text: &str) {
        let mut out = anstream::stdout().lock();
        let printed = out.write_all(text.as_bytes()).and_then(|()| out.flush());
        if let Err(error) = printed
            && error.kind() != ErrorKind::BrokenPipe
        {
            // The first says enough.
            let _ = self.unprinted.set(error);
        }
    }

    /// The exit code of a command that ended with this one. A result that could not be printed as a
    /// whole, to a file on a full disk for example, is a failure, since it looks like a shorter one.
    pub fn outcome(self, code: ExitCode) -> ExitCode {
        let Some(error) = self.unprinted.get() else {
            return code;
        };
        let message = format!("the result cannot be printed: {}", reason(error));
        let hint = "free some space where it is written to, then run the command again";
        self.fail(
            Diagnostic::new(Code::Output, message).hint(hint),
            Path::new(""),
        )
    }

    /// Prints a remark beside the results.
    pub fn remark(text: &str) {
        let _ = anstream::stderr().lock().write_all(text.as_bytes());
    }

    /// Prints an object as a line of JSON.
    pub fn json(&self, object: &serde_json::Value) {
        self.result(&format!("{object}\n"));
    }

    /// Prints diagnostics, and for people how many there are.
    pub fn diagnostics(&self, diagnostics: &Diagnostics, root: &Path) {
        self.located(diagnostics, &|file| pipeline::text_of(root, file));
    }

    /// The same with excerpts of texts that are looked up otherwise than in the site's folder.
    pub fn located(&self, diagnostics: &Diagnostics, text_of: render::TextOf) {
        let mut err = anstream::stderr().lock();
        if self.format == Format::Json {
            let _ = err.write_all(render::json(diagnostics).as_bytes());
            return;
        }
        // anstream takes the colours out again where they are not wanted.
        let text = render::text(diagnostics, text_of, true);
        let _ = err.write_all(text.as_bytes());
        let count = |severity, one: &str, many: &str| match diagnostics.count(severity) {
            0 => None,
            1 => Some(format!("1 {one}")),
            n => Some(format!("{n} {many}")),
        };
        let counts = [
            count(Severity::Error, "error", "errors"),
            count(Severity::Warning, "warning", "warnings"),
        ];
        let counts: Vec<String> = counts.into_iter().flatten().collect();
        if !counts.is_empty() {
            let _ = writeln!(err, "{}", counts.join(", "));
        }
    }

    /// Prints one mistake; the exit code is that of a site with errors.
    pub fn fail(&self, diagnostic: Diagnostic, root: &Path) -> ExitCode {
        self.diagnostics(&diagnostic.into(), root);
        ExitCode::from(1)
    }

    /// Prints that the command was not used as it must be.
    pub fn usage(message: &str) -> ExitCode {
        let mut err = anstream::stderr().lock();
        let _ = writeln!(err, "error: {message}");
        ExitCode::from(2)
    }
}

/// A progress bar on a terminal, and nothing elsewhere.
pub(super) struct Bar(Mutex<ProgressBar>);

impl Bar {
    pub fn new(format: Format) -> Self {
        let bar = if format == Format::Human && io::stderr().is_terminal() {
            ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr())
        } else {
            ProgressBar::hidden()
        };
        Self(Mutex::new(bar))
    }

    pub fn finish(&self) {
        if let Ok(bar) = self.0.lock() {
            bar.finish_and_clear();
        }
    }
}

impl Progress for Bar {
    fn stage(&self, name: &'static str, steps: usize) {
        let Ok(bar) = self.0.lock() else { return };
        if bar.is_hidden() {
            return;
        }
        let template = if steps == 0 {
            "{msg:>12} {spinner}"
        } else {
            "{msg:>12} [{bar:30}] {pos}/{len}"
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("=> "));
        }
        bar.set_message(name);
        bar.set_length(steps as u64);
        bar.set_position(0);
        bar.tick();
    }

    fn step(&self) {
        if let Ok(bar) = self.0.lock()
            && !bar.is_hidden()
        {
            bar.inc(1);
        }
    }
}

/// A number of things.
pub(super) fn counted(count: usize, one: &str, many: &str) -> String {
    format!("{} {}", grouped(count), if count == 1 { one } else { many })
}

/// How many mistakes there are: `1 error, 2 warnings`.
pub(super) fn mistakes(diagnostics: &Diagnostics) -> String {
    let count = |severity, one, many| counted(diagnostics.count(severity), one, many);
    format!(
        "{}, {}",
        count(Severity::Error, "error", "errors"),
        count(Severity::Warning, "warning", "warnings")
    )
}

/// A path without a leading `./`.
pub(super) fn shown(path: &Path) -> String {
    let text = path.display().to_string();
    text.strip_prefix("./").map_or(text.clone(), str::to_owned)
}
