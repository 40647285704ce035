//! `csp` of `hosting`: sources that the Content-Security-Policy of servers allows besides those of
//! the themes.
//!
//! In: directives and their sources as pressroom.yaml has them. Out: sources as the grammar of
//! Content Security Policy Level 3 has them (2.3.1), so that nothing in them means something to a
//! server's own configuration.

use std::collections::BTreeMap;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};

use crate::diagnostics::{Fault, closest};
use crate::model::{excerpt, is_host as is_name, is_port};
use crate::yaml::{self, Parsed};

/// Sources by the directive that has them.
pub type Policy = BTreeMap<String, Vec<String>>;

/// Bytes of all sources: nginx takes no value of over 4 KiB, and the themes' own are part of it.
const MOST_BYTES: usize = 3_000;

/// A mapping of directives to sources, or `false`.
#[derive(Debug)]
pub(super) enum RawPolicy {
    Off,
    On(Policy),
}

impl<'de> Deserialize<'de> for RawPolicy {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl<'de> serde::de::Visitor<'de> for Visitor {
            type Value = RawPolicy;
            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("a mapping such as {frame-src: https://maps.example}, or false")
            }
            fn visit_bool<E>(self, is_on: bool) -> Result<RawPolicy, E> {
                Ok(if is_on {
                    RawPolicy::On(Policy::new())
                } else {
                    RawPolicy::Off
                })
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<RawPolicy, A::Error> {
                let mut policy = Policy::new();
                let mut bytes = 0;
                while let Some(Parsed(Directive(directive))) = map.next_key()? {
                    let Sources(sources) = map.next_value()?;
                    bytes += sources.iter().map(|source| source.len() + 1).sum::<usize>();
                    if bytes > MOST_BYTES {
                        let message = format!("these sources are more than {MOST_BYTES} bytes");
                        let hint = "servers do not send a policy of this length: allow hosts \
                                    instead of single files, or all of https:";
                        return Err(yaml::fault(&message, hint));
                    }
                    policy.insert(directive, sources);
                }
                Ok(RawPolicy::On(policy))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// The directives that have sources (Content Security Policy Level 3, 6.1, 6.3 and 6.4).
const DIRECTIVES: [&str; 16] = [
    "base-uri",
    "child-src",
    "connect-src",
    "default-src",
    "font-src",
    "form-action",
    "frame-ancestors",
    "frame-src",
    "img-src",
    "manifest-src",
    "media-src",
    "object-src",
    "script-src",
    "script-src-elem",
    "style-src",
    "worker-src",
];

struct Directive(String);

impl FromStr for Directive {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        if DIRECTIVES.contains(&text) {
            return Ok(Self(text.to_owned()));
        }
        let hint = match closest(text, DIRECTIVES) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write one of {}", DIRECTIVES.join(", ")),
        };
        let message = format!(
            "a Content-Security-Policy has no directive `{}` with sources",
            excerpt(text)
        );
        Err((message, hint).into())
    }
}

/// What stands for no source at all.
pub const NONE: &str = "'none'";

/// The sources of a directive: a list, or one text with spaces between them.
struct Sources(Vec<String>);

impl<'de> Deserialize<'de> for Sources {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Words(Vec<String>);
        impl<'de> Deserialize<'de> for Words {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                yaml::from_text(deserializer, |text| {
                    let sources = text.split_whitespace().map(source);
                    sources.collect::<Result<_, _>>().map(Self)
                })
            }
        }
        let words: Vec<Words> = yaml::one_or_many(deserializer, "a source or a list of sources")?;
        let sources: Vec<String> = words.into_iter().flat_map(|Words(words)| words).collect();
        if sources.len() > 1 && sources.iter().any(|source| source == NONE) {
            let message = "`'none'` means nothing where there are other sources";
            return Err(yaml::fault(message, "write 'none' alone, or leave it out"));
        }
        Ok(Self(sources))
    }
}

/// Words that are sources.
const KEYWORDS: [&str; 10] = [
    "inline-speculation-rules",
    "none",
    "report-sample",
    "self",
    "strict-dynamic",
    "trusted-types-eval",
    "unsafe-eval",
    "unsafe-hashes",
    "unsafe-inline",
    "wasm-unsafe-eval",
];

/// Reads a source. Words such as `self` get the quotation marks that YAML took from them: no host is
/// called that.
fn source(text: &str) -> Result<String, Fault> {
    let unquoted = text
        .strip_prefix('\'')
        .and_then(|rest| rest.strip_suffix('\''));
    let word = unquoted.unwrap_or(text);
    let lower = word.to_ascii_lowercase();
    if KEYWORDS.contains(&&*lower) {
        return Ok(format!("'{lower}'"));
    }
    if is_hash_or_nonce(word) {
        return Ok(format!("'{word}'"));
    }
    // A host may be called `shelf`, but hardly `unsafe-inlin`.
    let near = closest(word, KEYWORDS).filter(|near| unquoted.is_some() || near.contains('-'));
    if unquoted.is_none() && near.is_none() && (is_scheme(text) || is_host(text)) {
        return Ok(text.to_owned());
    }
    let hint = match near {
        Some(near) => format!("did you mean '{near}'?"),
        None if word.contains(['$', ',', ';']) && word.contains("://") => {
            "sources are separated by spaces; in a path, write `$` as %24, `,` as %2C and `;` as %3B"
                .to_owned()
        }
        None => {
            "write a host such as https://maps.example, a scheme such as data:, or a word such as \
             'unsafe-inline'"
                .to_owned()
        }
    };
    let message = format!(
        "`{}` is no source of a Content-Security-Policy",
        excerpt(text)
    );
    Err((message, hint).into())
}

/// `sha256-…` and the like, or `nonce-…`.
fn is_hash_or_nonce(word: &str) -> bool {
    let Some((kind, value)) = word.split_once('-') else {
        return false;
    };
    let kinds = ["nonce", "sha256", "sha384", "sha512"];
    let value = value
        .strip_suffix("==")
        .or_else(|| value.strip_suffix('='))
        .unwrap_or(value);
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'-' | b'_');
    kinds.iter().any(|known| kind.eq_ignore_ascii_case(known))
        && !value.is_empty()
        && value.bytes().all(fits)
}

/// `https:`, `data:`.
fn is_scheme(text: &str) -> bool {
    text.strip_suffix(':').is_some_and(is_scheme_name)
}

fn is_scheme_name(name: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.');
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.bytes().all(fits)
}

/// `*`, `maps.example`, `https://*.maps.example:*/tiles/`.
fn is_host(text: &str) -> bool {
    let rest = match text.split_once("://") {
        Some((scheme, rest)) if is_scheme_name(scheme) => rest,
        Some(_) => return false,
        None => text,
    };
    let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
    let (name, port) = host.split_once(':').unwrap_or((host, "*"));
    let is_name = name == "*" || is_name(name.strip_prefix("*.").unwrap_or(name));
    text.is_ascii() && is_name && (port == "*" || is_port(port)) && is_path(path)
}

/// A path of RFC 3986, 3.3, without what ends a source (`;` and `,`) and what begins a variable of a
/// server (`$`).
fn is_path(path: &str) -> bool {
    let fits = |b: u8| b.is_ascii_alphanumeric() || b"-._~!&'()*+=:@/%".contains(&b);
    let mut escapes = path.split('%').skip(1);
    let is_hex = |b: &u8| b.is_ascii_hexdigit();
    path.bytes().all(fits)
        && escapes.all(|rest| {
            let digits = rest.as_bytes().get(..2);
            digits.is_some_and(|digits| digits.iter().all(is_hex))
        })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn words_get_their_quotation_marks_and_hosts_do_not() {
        for (written, source_is) in [
            ("self", "'self'"),
            ("'Unsafe-Inline'", "'unsafe-inline'"),
            ("none", "'none'"),
            ("strict-dynamic", "'strict-dynamic'"),
            ("sha256-abc+/_-=", "'sha256-abc+/_-='"),
            ("nonce-Zm9v", "'nonce-Zm9v'"),
            ("'sha512-x=='", "'sha512-x=='"),
            ("*", "*"),
            ("data:", "data:"),
            ("localhost:8080", "localhost:8080"),
            (
                "https://*.maps.example:*/a%20b/'c'",
                "https://*.maps.example:*/a%20b/'c'",
            ),
            ("sha256.example", "sha256.example"),
            ("shelf", "shelf"),
        ] {
            assert_eq!(source(written).as_deref(), Ok(source_is), "{written}");
        }
    }

    #[test]
    fn what_means_something_to_a_server_is_no_source() {
        for wrong in [
            "https://a.example/$nosuch",
            "$host",
            "https://a.example/{env.HOME}",
            "{env.HOME}",
            "https://a.example;",
            "https://a.example,",
            "a\"b",
            "a\\b",
            "`a`",
            "https://",
            "https://a..b",
            "a:99999",
            "a:b",
            "https://a.example/%2",
            "https://a.example/?x",
            "https://ü.example",
            "'a.example'",
            "'unsafe-inlin'",
            "unsafe-inlin",
            "'sel'",
            "sha256-",
            "nonce-$x",
            "//a.example",
            "",
        ] {
            assert!(source(wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn no_source_ends_a_string_or_begins_a_variable(text in "[a-z0-9$;,{}\"'\\\\%:/*. =+-]{0,20}|\\PC{0,20}") {
            if let Ok(source) = source(&text) {
                prop_assert!(source.bytes().all(|b| b.is_ascii_graphic()));
                prop_assert!(!source.contains(['$', ';', ',', '{', '}', '"', '\\', '`', '#']), "{}", source);
            }
        }
    }
}
