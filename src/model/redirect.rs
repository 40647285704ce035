//! Redirects: old paths of the site, and where their visitors are sent.

use std::fmt;
use std::str::FromStr;

use super::UrlPath;
use super::path_error::{PathError, excerpt};
use crate::diagnostics::Place;

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
        let is_url = ["https://", "http://"].iter().any(|scheme| {
            let has = text.get(..scheme.len());
            has.is_some_and(|has| has.eq_ignore_ascii_case(scheme)) && text.len() > scheme.len()
        });
        if is_url {
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
            "https://a/\"b",
            "/a/../b",
            "mailto:a@b",
            "",
        ] {
            assert!(shown(wrong).is_err(), "{wrong}");
        }
    }
}
