//! `pictures` of pressroom.yaml: what is made of the site's pictures.

use serde::Deserialize;

use super::switch::{Settings, Switch};

/// What is made of pictures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pictures {
    /// Whether they are looked at at all; else they are published as they are.
    pub are_made: bool,
    /// Whether narrower ones come as AVIF as well.
    pub avif: bool,
}

/// `pictures` as it is written.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawPictures {
    #[serde(default)]
    avif: bool,
}

impl Settings for RawPictures {
    const EXPECTED: &str = "a mapping such as {avif: true}, or false";
}

/// Answers what the key leaves open.
pub(super) fn resolve(raw: Option<Switch<RawPictures>>) -> Pictures {
    let (raw, are_made) = Switch::parts(raw);
    Pictures {
        are_made,
        avif: raw.avif,
    }
}
