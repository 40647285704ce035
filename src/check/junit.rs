//! Diagnostics as JUnit XML, which build services show among the results of tests.

use std::fmt::Write as _;

use quick_xml::escape::escape;

use crate::diagnostics::{Diagnostics, Severity};

/// A test for each diagnostic, of which errors have failed and others are skipped, with the name of
/// the diagnostic as its class; a site without any has one test that passed.
#[must_use]
pub fn junit(diagnostics: &Diagnostics) -> String {
    let errors = diagnostics.count(Severity::Error);
    let all = diagnostics.iter().count();
    let tests = all.max(1);
    let skipped = all - errors;
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuites tests=\"{tests}\" failures=\"{errors}\" skipped=\"{skipped}\">\n\
         <testsuite name=\"pressroom check\" tests=\"{tests}\" failures=\"{errors}\" errors=\"0\" skipped=\"{skipped}\">\n"
    );
    if all == 0 {
        out.push_str("<testcase classname=\"pressroom\" name=\"the site has no mistakes\"/>\n");
    }
    for diagnostic in diagnostics {
        let place = diagnostic.place.as_ref();
        let name = place.map_or_else(|| "the site".to_owned(), ToString::to_string);
        let element = match diagnostic.severity {
            Severity::Error => "failure",
            Severity::Warning | Severity::Note => "skipped",
        };
        let said = match &diagnostic.hint {
            Some(hint) => format!("{name}: {}\n{hint}", diagnostic.message),
            None => format!("{name}: {}", diagnostic.message),
        };
        let _ = writeln!(
            out,
            "<testcase classname=\"{}\" name=\"{}\"><{element} message=\"{}\">{}</{element}></testcase>",
            diagnostic.code.as_str(),
            escape(&*printable(&name)),
            escape(&*printable(&diagnostic.message)),
            escape(&*printable(&said)),
        );
    }
    out.push_str("</testsuite>\n</testsuites>\n");
    out
}

/// A text without the control characters that XML cannot hold (XML 1.0, 2.2).
fn printable(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_control() || *c == '\n')
        .collect()
}
