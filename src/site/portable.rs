//! URLs whose files cannot lie on every system.
//!
//! In: all routes, in the order of their URLs. Out: a warning for each part of a path that Windows
//! has no file or folder for, told once. Hosts seldom run Windows, but sites are built, checked out
//! and unpacked on it.

use std::collections::BTreeSet;

use rayon::prelude::*;

use super::origins::Origins;
use super::routes::Route;
use crate::diagnostics::{Code, Diagnostic, Severity};

/// Names of devices, with or without an ending, in small letters or capitals.
const DEVICES: [&str; 4] = ["aux", "con", "nul", "prn"];
/// The same with a digit from 1 behind them.
const NUMBERED: [&str; 2] = ["com", "lpt"];

/// Warns of what Windows has no file for.
pub(super) fn check(routes: &[Route], origins: &Origins) -> Vec<Diagnostic> {
    let unfit = routes.par_iter().filter_map(|route| {
        let url = route.url.as_str();
        let mut end = 0;
        for part in url.split('/') {
            end += part.len();
            if is_unfit(part) {
                return Some((&url[..end], part, route));
            }
            end += 1;
        }
        None
    });
    let unfit: Vec<_> = unfit.collect();
    let mut told = BTreeSet::new();
    let first = unfit.into_iter().filter(|(way, ..)| told.insert(*way));
    first
        .map(|(_, part, route)| {
            let message = format!(
                "the URL {} of {} cannot be a file on Windows, which has no name `{part}`",
                route.url,
                origins.describe(route)
            );
            let diagnostic = Diagnostic::new(Code::UrlPath, message)
                .severity(Severity::Warning)
                .hint("give it another name, if the site is ever built or unpacked there");
            match origins.place(route).or_else(|| origins.newest(route)) {
                Some(place) => diagnostic.at(place),
                None => diagnostic,
            }
        })
        .collect()
}

/// Whether Windows has no file of a name (Microsoft, “Naming Files, Paths, and Namespaces”).
fn is_unfit(part: &str) -> bool {
    part.ends_with(['.', ' ']) || part.contains(['<', '>', ':', '"', '|', '?', '*']) || {
        let stem = part.split('.').next().unwrap_or_default();
        let is = |name: &&str| stem.eq_ignore_ascii_case(name);
        match stem.as_bytes() {
            [_, _, _] => DEVICES.iter().any(is),
            [.., b'1'..=b'9'] if stem.len() == 4 => NUMBERED
                .iter()
                .any(|name| stem.as_bytes()[..3].eq_ignore_ascii_case(name.as_bytes())),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::is_unfit;

    #[test]
    fn names_of_devices_and_some_signs_are_no_files() {
        for part in [
            "con",
            "AUX",
            "nul.txt",
            "com1",
            "LPT9.html",
            "a.",
            "a ",
            "a:b",
            "what?",
        ] {
            assert!(is_unfit(part), "{part}");
        }
        for part in [
            "", "console", "com", "com0", "com10", "a.con", "größe", "ñul1", "prn-1",
        ] {
            assert!(!is_unfit(part), "{part}");
        }
    }
}
