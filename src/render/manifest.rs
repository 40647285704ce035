//! The web manifest (W3C, Web Application Manifest): what the site is called, and how it looks on
//! a home screen.

use serde::Serialize;

use super::icons::{icon, touch_icon};
use super::language::direction;
use super::theme::Theme;
use crate::config::Config;
use crate::site::Site;

#[derive(Serialize)]
struct Manifest<'a> {
    name: &'a str,
    short_name: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a str>,
    lang: &'a str,
    dir: &'static str,
    start_url: &'a str,
    scope: &'a str,
    /// With the address and the way back, which a site of documents needs.
    display: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    theme_color: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    background_color: Option<&'a str>,
    icons: Vec<ManifestIcon>,
}

#[derive(Serialize)]
struct ManifestIcon {
    src: String,
    #[serde(rename = "type")]
    kind: &'static str,
    /// Only what has no pixels has a size that is known without looking into it.
    #[serde(skip_serializing_if = "Option::is_none")]
    sizes: Option<&'static str>,
}

/// The manifest of a site whose static/ has none.
pub(super) fn manifest(config: &Config, site: &Site, theme: &Theme) -> Vec<u8> {
    let icons = icon(config, site, theme)
        .into_iter()
        .chain(touch_icon(config, site));
    let own = config.own();
    let manifest = Manifest {
        name: &own.title,
        short_name: &own.title,
        description: own.description.as_deref(),
        lang: &own.language,
        dir: direction(&own.language),
        start_url: &config.base_url.path,
        scope: &config.base_url.path,
        display: "minimal-ui",
        theme_color: theme.theme_color.as_deref(),
        background_color: theme.background_color.as_deref(),
        icons: icons
            .map(|icon| ManifestIcon {
                src: icon.url,
                kind: icon.kind,
                sizes: (icon.kind == "image/svg+xml").then_some("any"),
            })
            .collect(),
    };
    // Texts and lists of them cannot fail to become JSON.
    let mut json = serde_json::to_vec_pretty(&manifest).unwrap_or_default();
    json.push(b'\n');
    json
}
