//! `hosting` of pressroom.yaml: what is written for the servers that hand out the site.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use serde::{Deserialize, Deserializer};

use crate::diagnostics::Fault;
use crate::model::Compression;
use crate::yaml::{self, Parsed, TextList};

/// A kind of server that can be told what to do by a file among the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Host {
    /// Netlify, and Cloudflare Pages, which reads the same files.
    Netlify,
    /// nginx.
    Nginx,
    /// Caddy.
    Caddy,
}

/// What is written for servers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hosting {
    /// Servers that get files of their own, in their order, each once.
    pub hosts: Vec<Host>,
    /// Sources that pages may load from besides those that the themes of the program need, by the
    /// directive of the Content-Security-Policy. `None`: no policy is sent.
    pub policy: Option<BTreeMap<String, Vec<String>>>,
    /// Forms in which files lie beside themselves.
    pub compression: Vec<Compression>,
}

/// `hosting` as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct RawHosting {
    #[serde(rename = "for", deserialize_with = "words")]
    hosts: Vec<Host>,
    csp: Option<RawPolicy>,
    #[serde(deserialize_with = "words")]
    compress: Vec<Compression>,
}

/// A list of words, or one: each once, in the order of what they stand for.
fn words<'de, T, D>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    T: FromStr<Err = Fault> + Ord,
    D: Deserializer<'de>,
{
    let words = yaml::one_or_many(deserializer, "a word or a list of words")?;
    let words: BTreeSet<T> = words.into_iter().map(|Parsed(word)| word).collect();
    Ok(words.into_iter().collect())
}

/// A mapping of directives to sources, or `false`.
#[derive(Debug)]
enum RawPolicy {
    Off,
    On(BTreeMap<String, Vec<String>>),
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
                    RawPolicy::On(BTreeMap::new())
                } else {
                    RawPolicy::Off
                })
            }
            fn visit_map<A: serde::de::MapAccess<'de>>(
                self,
                mut map: A,
            ) -> Result<RawPolicy, A::Error> {
                let mut policy = BTreeMap::new();
                while let Some(Parsed(Directive(directive))) = map.next_key()? {
                    let TextList(sources) = map.next_value()?;
                    let sources = sources
                        .iter()
                        .flat_map(|source| source.split_whitespace().map(source_of))
                        .collect::<Result<Vec<_>, Fault>>()
                        .map_err(yaml::raise)?;
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
        let hint = match crate::diagnostics::closest(text, DIRECTIVES) {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("write one of {}", DIRECTIVES.join(", ")),
        };
        Err((
            format!("a Content-Security-Policy has no directive `{text}` with sources"),
            hint,
        )
            .into())
    }
}

/// A source: what ends a directive, or a header, is none (Content Security Policy Level 3, 2.2.1).
fn source_of(text: &str) -> Result<String, Fault> {
    if text.contains([';', ',', '"', '\\']) || !text.bytes().all(|b| b.is_ascii_graphic()) {
        let message = format!(
            "`{}` is no source of a Content-Security-Policy",
            text.escape_debug()
        );
        let hint = "write a host such as https://maps.example, or a word such as 'unsafe-inline'";
        return Err((message, hint.to_owned()).into());
    }
    Ok(text.to_owned())
}

impl FromStr for Host {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        match text {
            "netlify" | "cloudflare" => Ok(Self::Netlify),
            "nginx" => Ok(Self::Nginx),
            "caddy" => Ok(Self::Caddy),
            _ => Err(Fault {
                code: None,
                message: format!("`{text}` is not one of netlify, cloudflare, nginx, caddy"),
                hint: "write one of these; any other server needs no file".to_owned(),
            }),
        }
    }
}

/// Answers what the key leaves open.
pub(super) fn resolve(raw: RawHosting) -> Hosting {
    Hosting {
        hosts: raw.hosts,
        policy: match raw.csp {
            None => Some(BTreeMap::new()),
            Some(RawPolicy::On(policy)) => Some(policy),
            Some(RawPolicy::Off) => None,
        },
        compression: raw.compress,
    }
}
