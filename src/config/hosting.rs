//! `hosting` of pressroom.yaml: what is written for the servers that hand out the site.

use std::collections::BTreeSet;
use std::str::FromStr;

use serde::{Deserialize, Deserializer};

use super::policy::{Policy, RawPolicy};
use crate::diagnostics::Fault;
use crate::model::{Compression, excerpt};
use crate::yaml::{self, Parsed};

/// A host, or a kind of server, that is told what to do by a file among the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Host {
    /// Netlify.
    Netlify,
    /// Cloudflare Pages.
    Cloudflare,
    /// GitLab Pages.
    Gitlab,
    /// nginx.
    Nginx,
    /// Caddy.
    Caddy,
}

/// How much of `_redirects` a host reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Most redirects.
    pub rules: usize,
    /// Most lines from the first one on that is a pattern; where that is limited, `rules` counts those
    /// before.
    pub from_pattern: Option<usize>,
    /// Most bytes of the file.
    pub bytes: Option<usize>,
    /// Whether the host reads more all the same, and only advises against it.
    pub is_advice: bool,
}

impl Host {
    const ALL: [Self; 5] = [
        Self::Netlify,
        Self::Cloudflare,
        Self::Gitlab,
        Self::Nginx,
        Self::Caddy,
    ];

    /// What pressroom.yaml calls it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Netlify => "netlify",
            Self::Cloudflare => "cloudflare",
            Self::Gitlab => "gitlab",
            Self::Nginx => "nginx",
            Self::Caddy => "caddy",
        }
    }

    /// What people call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Netlify => "Netlify",
            Self::Cloudflare => "Cloudflare Pages",
            Self::Gitlab => "GitLab Pages",
            Self::Nginx => "nginx",
            Self::Caddy => "Caddy",
        }
    }

    /// Whether it reads `_headers`.
    #[must_use]
    pub fn reads_headers(self) -> bool {
        matches!(self, Self::Netlify | Self::Cloudflare)
    }

    /// Whether it hands out the file of a path, if there is one, before it looks for a redirect.
    #[must_use]
    pub fn prefers_files(self) -> bool {
        matches!(self, Self::Netlify | Self::Gitlab)
    }

    /// How much of `_redirects` it reads, as its documentation said in November 2026.
    #[must_use]
    pub fn limits(self) -> Option<Limits> {
        let limits = |rules| Limits {
            rules,
            from_pattern: None,
            bytes: None,
            is_advice: false,
        };
        match self {
            // docs.netlify.com, Redirects and rewrites.
            Self::Netlify => Some(Limits {
                is_advice: true,
                ..limits(10_000)
            }),
            // developers.cloudflare.com, Pages, Redirects. That what follows a pattern counts as one is
            // what its own parser does (cloudflare/workers-sdk, parseRedirects.ts).
            Self::Cloudflare => Some(Limits {
                from_pattern: Some(100),
                ..limits(2_000)
            }),
            // docs.gitlab.com, GitLab Pages redirects; an instance may have others.
            Self::Gitlab => Some(Limits {
                bytes: Some(64 * 1024),
                ..limits(1_000)
            }),
            Self::Nginx | Self::Caddy => None,
        }
    }
}

/// What is written for servers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Hosting {
    /// Servers that get files of their own, in their order, each once.
    pub hosts: Vec<Host>,
    /// Sources that pages may load from besides those that the themes of the program need, by the
    /// directive of the Content-Security-Policy. `None`: no policy is sent.
    pub policy: Option<Policy>,
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

impl FromStr for Host {
    type Err = Fault;

    fn from_str(text: &str) -> Result<Self, Fault> {
        let found = Self::ALL.into_iter().find(|host| host.word() == text);
        found.ok_or_else(|| {
            let words = Self::ALL.map(Self::word).join(", ");
            let message = format!("`{}` is not one of {words}", excerpt(text));
            let hint = "write one of these; any other server needs no file".to_owned();
            (message, hint).into()
        })
    }
}

/// Answers what the key leaves open.
pub(super) fn resolve(raw: RawHosting) -> Hosting {
    Hosting {
        hosts: raw.hosts,
        policy: match raw.csp {
            None => Some(Policy::new()),
            Some(RawPolicy::On(policy)) => Some(policy),
            Some(RawPolicy::Off) => None,
        },
        compression: raw.compress,
    }
}
