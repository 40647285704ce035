//! `minify` of pressroom.yaml: what is published without what browsers do not need.

use serde::Deserialize;

use super::switch::Settings;

/// What is made smaller. Nothing, unless pressroom.yaml asks for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Minify {
    /// Style sheets of the theme.
    pub css: bool,
    /// Pages.
    pub html: bool,
}

impl Settings for Minify {
    const EXPECTED: &str = "true, false or a mapping such as {css: true, html: false}";

    fn wanted() -> Self {
        Self {
            css: true,
            html: true,
        }
    }
}
