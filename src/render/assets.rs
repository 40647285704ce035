//! A theme's assets, with a hash of their content in their names.
//!
//! So they can be cached for ever: another content is another URL. Style sheets are told the new
//! names of the files that they refer to.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::model::{UrlPath, join};

/// A file of a theme's static/.
#[derive(Debug, Clone)]
pub struct Asset {
    /// Path below static/.
    pub path: String,
    /// Where it is published: with a hash of its content in its name.
    pub url: UrlPath,
    /// Where it comes from, as diagnostics show it.
    pub file: String,
    /// Its content.
    pub bytes: Cow<'static, [u8]>,
}

/// A file that is to become an asset.
#[derive(Debug, Clone)]
pub(super) struct AssetFile {
    /// Path below static/.
    pub path: String,
    /// Where it comes from.
    pub file: String,
    /// Its content.
    pub bytes: Cow<'static, [u8]>,
}

/// Gives files their URLs. Style sheets come last, since their content has the names of others
/// in it; one that refers to another style sheet (`@import`) keeps that name as it is written.
pub(super) fn assets(files: Vec<AssetFile>) -> Vec<Asset> {
    let (sheets, others): (Vec<_>, Vec<_>) = files
        .into_iter()
        .partition(|file| is_style_sheet(&file.path));
    let mut assets: Vec<Asset> = others.into_iter().map(asset).collect();
    let urls: BTreeMap<String, UrlPath> = assets
        .iter()
        .map(|asset| (asset.path.clone(), asset.url.clone()))
        .collect();
    for mut sheet in sheets {
        if let Some(rewritten) = rewrite(&sheet, &urls) {
            sheet.bytes = rewritten.into_bytes().into();
        }
        assets.push(asset(sheet));
    }
    assets.sort_by(|a, b| a.path.cmp(&b.path));
    assets
}

fn asset(file: AssetFile) -> Asset {
    Asset {
        url: hashed_url(&file.path, &file.bytes),
        path: file.path,
        file: file.file,
        bytes: file.bytes,
    }
}

fn is_style_sheet(path: &str) -> bool {
    matches!(path.rsplit_once('.'), Some((_, "css")))
}

/// A style sheet with the new names of the assets that its `url(…)`s refer to; `None` when it
/// refers to none. Names that are relative stay relative, so that any base path will do.
fn rewrite(sheet: &AssetFile, urls: &BTreeMap<String, UrlPath>) -> Option<String> {
    let css = std::str::from_utf8(&sheet.bytes).ok()?;
    let folder = sheet.path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let up = "../".repeat(folder.split('/').filter(|part| !part.is_empty()).count());
    let mut out = String::new();
    let mut copied = 0;
    for (at, opening) in css.match_indices("url(") {
        let start = at + opening.len();
        let Some(length) = css[start..].find(')') else {
            break;
        };
        let written = css[start..start + length].trim();
        let name = written.trim_matches(['"', '\'']);
        let (path, suffix) = name.split_at(name.find(['?', '#']).unwrap_or(name.len()));
        let is_relative = !path.is_empty() && !path.starts_with('/') && !path.contains(':');
        let path = join(folder, path).filter(|_| is_relative);
        let Some(url) = path.and_then(|path| urls.get(&path)) else {
            continue;
        };
        out.push_str(&css[copied..start]);
        let _ = write!(out, "\"{up}{}{suffix}\"", &url.as_str()["/assets/".len()..]);
        copied = start + length;
    }
    if copied == 0 {
        return None;
    }
    out.push_str(&css[copied..]);
    Some(out)
}

/// Where an asset is published: `/assets/css/style.1a2b3c4d.css`.
fn hashed_url(path: &str, bytes: &[u8]) -> UrlPath {
    let hash = xxhash_rust::xxh3::xxh3_64(bytes) as u32;
    let (folder, name) = path
        .rsplit_once('/')
        .map_or(("", path), |(folder, name)| (folder, name));
    let slash = if folder.is_empty() { "" } else { "/" };
    let hashed = match name.split_once('.') {
        Some((stem, ending)) => format!("{stem}.{hash:08x}.{ending}"),
        None => format!("{name}.{hash:08x}"),
    };
    UrlPath::trusted(format!("/assets/{folder}{slash}{hashed}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &str, text: &'static str) -> AssetFile {
        AssetFile {
            path: path.into(),
            file: path.into(),
            bytes: text.as_bytes().into(),
        }
    }

    #[test]
    fn a_style_sheet_knows_the_new_names_of_its_fonts() {
        let made = assets(vec![
            file(
                "css/style.css",
                "a{src:url(../fonts/a.woff2?x#y)}b{src:url('b.png')}c{src:url(https://x/y.png)}",
            ),
            file("fonts/a.woff2", "font"),
        ]);
        let css = std::str::from_utf8(&made[0].bytes).unwrap();
        let font = made[1].url.as_str().trim_start_matches("/assets/");
        assert_eq!(
            css,
            format!(
                "a{{src:url(\"../{font}?x#y\")}}b{{src:url('b.png')}}c{{src:url(https://x/y.png)}}"
            )
        );
    }

    #[test]
    fn another_content_is_another_url() {
        let url = |text| assets(vec![file("a.min.js", text)])[0].url.to_string();
        assert_ne!(url("one"), url("two"));
        assert_eq!(url("one"), url("one"));
        assert!(url("one").starts_with("/assets/a.") && url("one").ends_with(".min.js"));
    }
}
