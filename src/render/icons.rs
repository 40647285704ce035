//! The site's icons: those of static/, or the theme's.

use serde::Serialize;

use super::href;
use super::theme::Theme;
use crate::config::Config;
use crate::model::UrlPath;
use crate::site::Site;

/// Names that an icon may have, the best first, and their types.
const ICONS: &[(&str, &str)] = &[
    ("favicon.svg", "image/svg+xml"),
    ("favicon.png", "image/png"),
    ("favicon.ico", "image/vnd.microsoft.icon"),
];

/// What iOS and others take for a home screen. They look for it at the root, so that only
/// static/ can have it.
const TOUCH_ICON: &str = "apple-touch-icon.png";

/// Whether a file of static/ is one that pages name as the site's icon.
pub(super) fn is_icon(path: &str) -> bool {
    ICONS.iter().any(|(name, _)| *name == path)
}

/// An icon.
#[derive(Serialize)]
pub(super) struct Icon {
    /// With the base path.
    pub url: String,
    /// Its media type.
    #[serde(rename = "type")]
    pub kind: &'static str,
}

/// The icon that pages and the web manifest name. Any of the site's own goes before the theme's.
pub(super) fn icon(config: &Config, site: &Site, theme: &Theme) -> Option<Icon> {
    let of_theme = |name: &str| {
        let asset = theme.assets.iter().find(|asset| asset.path == name)?;
        Some(href(config, &asset.url))
    };
    first(|name| own(config, site, name)).or_else(|| first(of_theme))
}

/// The best icon that there is a URL for.
fn first(url: impl Fn(&str) -> Option<String>) -> Option<Icon> {
    ICONS.iter().find_map(|(name, kind)| {
        let url = url(name)?;
        Some(Icon { url, kind })
    })
}

/// The icon for home screens, if static/ has one.
pub(super) fn touch_icon(config: &Config, site: &Site) -> Option<Icon> {
    let url = own(config, site, TOUCH_ICON)?;
    Some(Icon {
        url,
        kind: "image/png",
    })
}

/// The URL of a file of static/, if it is there.
fn own(config: &Config, site: &Site, name: &str) -> Option<String> {
    let is_it = |path: &str| path.strip_prefix("static/") == Some(name);
    let is_there = site.statics.iter().any(|file| is_it(&file.path));
    is_there.then(|| href(config, &UrlPath::trusted(format!("/{name}"))))
}
