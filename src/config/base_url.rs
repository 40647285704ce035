//! Where the site will live, as `base_url` says.

use std::str::FromStr;

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;

use crate::model::{encode, encoded, excerpt, is_authority};

/// Longest path in bytes, percent-encoded: with the path of a page behind it, it has to fit into a line
/// of a server's configuration.
const LONGEST_PATH: usize = 255;

/// Where the site will live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    /// Scheme and host without a slash at the end: `https://example.org`.
    pub origin: String,
    /// Path with a slash at both ends, percent-encoded as pages have it: `/` or `/sub/`.
    pub path: String,
}

impl BaseUrl {
    /// The whole, with a slash at its end.
    #[must_use]
    pub fn whole(&self) -> String {
        format!("{}{}", self.origin, self.path)
    }

    /// A path of the site from its root as pages refer to it: percent-encoded, with the base path.
    #[must_use]
    pub fn href(&self, path: &str) -> String {
        self.url("", path)
    }

    /// A path of the site from its root as a whole URL.
    #[must_use]
    pub fn absolute(&self, path: &str) -> String {
        self.url(&self.origin, path)
    }

    /// A path of the site from its root, of one that a host is asked for, not percent-encoded; it is
    /// empty where the slash at the end of the base path is missing. `None`: it is beside the site.
    #[must_use]
    pub fn inside<'a>(&self, path: &'a str) -> Option<&'a str> {
        let base = self.decoded_path();
        let inside = path.strip_prefix(base.trim_end_matches('/'))?;
        (inside.is_empty() || inside.starts_with('/')).then_some(inside)
    }

    /// The path as servers compare it: not percent-encoded.
    #[must_use]
    pub fn decoded_path(&self) -> String {
        percent_decode_str(&self.path)
            .decode_utf8_lossy()
            .into_owned()
    }

    fn url(&self, origin: &str, path: &str) -> String {
        let path = path.strip_prefix('/').unwrap_or(path);
        // Nearly every path is plain, and there are many: encoding takes several times as long.
        let is_plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'/' | b'.' | b'_');
        if path.bytes().all(is_plain) {
            [origin, &self.path, path].concat()
        } else {
            [origin, &self.path]
                .into_iter()
                .chain(encoded(path))
                .collect()
        }
    }
}

impl FromStr for BaseUrl {
    type Err = (String, String);

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let hint =
            "write an absolute URL such as https://example.org/ or https://example.org/news/";
        let shown = excerpt(text);
        let wrong = |what: &str| Err((format!("the base URL `{shown}` {what}"), hint.to_owned()));
        let Some((scheme, rest)) = text.split_once("://") else {
            return wrong("has no scheme");
        };
        if !matches!(scheme, "http" | "https") {
            return wrong("must begin with http:// or https://");
        }
        let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        if !is_authority(host) {
            return wrong("has no host and port that could be one");
        }
        let Ok(decoded) = percent_decode_str(path).decode_utf8() else {
            return wrong("is not UTF-8 when its %-signs are decoded");
        };
        let decoded: String = decoded.nfc().collect();
        if let Some(odd) = decoded.chars().find(|c| !is_of_path(*c)) {
            let what = format!("has `{}` in its path", excerpt(&odd.to_string()));
            return wrong(&what);
        }
        let path = decoded.trim_matches('/');
        let is_odd = |part: &str| matches!(part, "" | "." | "..");
        if !path.is_empty() && path.split('/').any(is_odd) {
            return wrong("has a part in its path that is empty or made of dots");
        }
        let path = encode(path);
        if path.len() > LONGEST_PATH {
            return wrong("has a path of over 255 bytes");
        }
        Ok(Self {
            origin: format!("{scheme}://{host}"),
            path: if path.is_empty() {
                "/".into()
            } else {
                format!("/{path}/")
            },
        })
    }
}

/// Whether a path may have a character. Of those that RFC 3986, 3.3, knows, `*` and `:` are left out,
/// which begin a pattern at hosts, and `$`, which begins a variable at nginx, where nothing can stand
/// for it.
fn is_of_path(c: char) -> bool {
    if c.is_ascii() {
        c.is_ascii_alphanumeric() || "/-._~!'()+,;=@&".contains(c)
    } else {
        !c.is_control() && !c.is_whitespace()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_path_is_kept_as_pages_have_it() {
        for (text, origin, path) in [
            ("https://example.org", "https://example.org", "/"),
            ("http://[::1]:81//", "http://[::1]:81", "/"),
            ("https://a.example/b", "https://a.example", "/b/"),
            ("https://a.example/b;c/", "https://a.example", "/b;c/"),
            (
                "https://a.example/it's&/",
                "https://a.example",
                "/it%27s%26/",
            ),
            ("https://a.example/köln", "https://a.example", "/k%C3%B6ln/"),
            (
                "https://a.example/k%c3%b6ln",
                "https://a.example",
                "/k%C3%B6ln/",
            ),
        ] {
            let base: BaseUrl = text.parse().unwrap();
            assert_eq!((&*base.origin, &*base.path), (origin, path), "{text}");
        }
        let base: BaseUrl = "https://a.example/köln".parse().unwrap();
        assert_eq!(base.inside("/köln/a/"), Some("/a/"));
        assert_eq!(base.inside("/köln"), Some(""));
        assert_eq!(base.inside("/kölner/"), None);
    }

    #[test]
    fn what_no_url_has_is_refused() {
        for text in [
            "example.org",
            "ftp://example.org/",
            "https://",
            "https://a:99999/",
            "https://a;b/",
            "https://a/b\nc",
            "https://a/b\tc",
            "https://a/b c",
            "https://a/b%20c",
            "https://a/b%0Ac",
            "https://a/$b",
            "https://a/%24b",
            "https://a/\"b",
            "https://a/{b}",
            "https://a/%7Bb",
            "https://a/b*",
            "https://a/b:c",
            "https://a/b\\c",
            "https://a/%zz",
            "https://a/%ff",
            "https://a/b?c",
            "https://a#b",
            "https://a/../b",
            "https://a/./b",
            "https://a/b//c",
        ] {
            assert!(text.parse::<BaseUrl>().is_err(), "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_accepted_means_nothing_else_to_a_server(text in "[a-zé0-9$;{}\"'\\\\%:/*. \t\n()+,=@&#`<>|^!~-]{0,20}|\\PC{0,20}") {
            if let Ok(base) = format!("https://example.org/{text}").parse::<BaseUrl>() {
                // Within quotation marks, where all that is made of it stands.
                let ends = ['"', '\\', '$', '{', '}', '*', ':', '#', '?', '`'];
                prop_assert!(!base.decoded_path().contains(ends));
                prop_assert!(base.path.bytes().all(|b| b.is_ascii_graphic()));
                prop_assert_eq!(base.whole().parse(), Ok(base));
            }
        }
    }
}
