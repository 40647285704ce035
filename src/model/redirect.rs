//! Redirects: old paths of the site, and where their visitors are sent.

use std::fmt;
use std::str::FromStr;

use super::UrlPath;
use super::host::is_authority;
use super::path_error::{PathError, excerpt};
use crate::diagnostics::Place;

/// Longest place to lead to in bytes, percent-encoded: servers take no line of over 4 KiB.
const LONGEST: usize = 2_000;

/// An old path, as data/redirects.yaml has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// The old path.
    pub from: UrlPath,
    /// Where it leads.
    pub to: Towards,
    /// Where that is written.
    pub place: Place,
}

/// Where a redirect leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Towards {
    /// A path of this site, and what follows it from `?` or `#` on.
    Here(UrlPath, Box<str>),
    /// A page of another site, by its whole URL.
    Elsewhere(Box<str>),
}

impl FromStr for Towards {
    type Err = PathError;

    fn from_str(text: &str) -> Result<Self, PathError> {
        let length: usize = text.bytes().map(encoded_length).sum();
        if length > LONGEST {
            let message = format!("`{}` is longer than 2,000 bytes", excerpt(text));
            return Err(PathError::new(message, "no server sends visitors that far"));
        }
        let after_scheme = ["https://", "http://"].iter().find_map(|scheme| {
            let has = text.get(..scheme.len())?;
            has.eq_ignore_ascii_case(scheme)
                .then(|| &text[scheme.len()..])
        });
        if let Some(rest) = after_scheme {
            // What could end a header or an attribute is no part of a URL (RFC 3986, 2).
            let is_odd = |c: char| c.is_whitespace() || c.is_control() || "\"<>\\^`{|}".contains(c);
            if text.contains(is_odd) {
                let message = format!(
                    "the URL `{}` has a character that URLs do not have",
                    excerpt(text)
                );
                let hint = "percent-encode it: a space is %20";
                return Err(PathError::new(message, hint));
            }
            let host = &rest[..rest.find(['/', '?', '#']).unwrap_or(rest.len())];
            if !is_authority(host) {
                let message = format!(
                    "the URL `{}` has no host and port that could be one",
                    excerpt(text)
                );
                let hint = "write a whole URL, such as https://archive.example/2019/";
                return Err(PathError::new(message, hint));
            }
            return Ok(Self::Elsewhere(text.into()));
        }
        if !text.starts_with('/') || text.starts_with("//") {
            let message = format!("`{}` is no place to send visitors to", excerpt(text));
            let hint =
                "write a path from the site's root, such as /news/budget/, or a whole https:// URL";
            return Err(PathError::new(message, hint));
        }
        let path = text.find(['?', '#']).unwrap_or(text.len());
        let (path, rest) = text.split_at(path);
        Ok(Self::Here(path.parse()?, rest.into()))
    }
}

/// Bytes that a byte of a URL becomes.
fn encoded_length(byte: u8) -> usize {
    if byte.is_ascii_graphic() { 1 } else { 3 }
}

impl fmt::Display for Towards {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Here(path, rest) => write!(f, "{path}{rest}"),
            Self::Elsewhere(url) => f.write_str(url),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_leads_to_a_path_or_a_url() {
        let shown = |text: &str| text.parse::<Towards>().map(|towards| towards.to_string());
        assert_eq!(shown("/news"), Ok("/news/".to_owned()));
        assert_eq!(shown("/a.html?x=1#y"), Ok("/a.html?x=1#y".to_owned()));
        assert_eq!(
            shown("https://example.org/a b".replace(' ', "%20").as_str()),
            Ok("https://example.org/a%20b".to_owned())
        );
        for wrong in [
            "news",
            "//example.org/",
            "javascript:x",
            "https://",
            "http:///x",
            "https://?x",
            "https://a:99999/",
            "https://user@a/",
            "https://a/\"b",
            "/a/../b",
            "mailto:a@b",
            "",
        ] {
            assert!(shown(wrong).is_err(), "{wrong}");
        }
        let long = format!("https://a/{}", "ü".repeat(400));
        assert!(shown(&long).is_err());
    }
}
