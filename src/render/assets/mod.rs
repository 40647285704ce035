//! A theme's assets, with a hash of their content in their names.
//!
//! In: the files of static/ of a chain of themes. Out: what is published of them. Sass becomes CSS;
//! style sheets have what they import in them, are told the new names of the files that they refer
//! to and are made smaller where the site wants that. Another content is another URL, so that all
//! can be cached for ever.

mod imports;
mod minify;
mod sass;
mod scan;
mod statics;
#[cfg(test)]
mod tests;
mod urls;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

pub(super) use sass::{is_partial, is_sass, target};
pub(super) use statics::Statics;

use crate::diagnostics::{Diagnostics, Place};
use crate::model::UrlPath;
use imports::Publisher;
use statics::StaticFile;

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

/// A style sheet that is to become an asset.
struct Sheet {
    /// Where it comes from.
    file: String,
    /// The sheet as CSS.
    css: Cow<'static, str>,
    /// The text of the file, where that is Sass.
    sass: Option<String>,
}

impl Sheet {
    /// The place of a part of the CSS. Of Sass it is known where its text stands once.
    fn place(&self, range: Range<usize>) -> Place {
        let Some(sass) = &self.sass else {
            return Place::in_text(&self.file, &self.css, range);
        };
        let written = self.css.get(range).unwrap_or_default().trim();
        let mut found = sass.match_indices(written);
        match (found.next(), found.next()) {
            (Some((at, _)), None) if !written.is_empty() => {
                Place::in_text(&self.file, sass, at..at + written.len())
            }
            _ => Place::file(&self.file),
        }
    }
}

/// Publishes the files of static/; `minified`: whether style sheets are made smaller.
pub(super) fn assets(
    statics: Statics,
    minified: bool,
    diagnostics: &mut Diagnostics,
) -> Vec<Asset> {
    let mut sheets = statics.compiled(diagnostics);
    let mut assets = Vec::new();
    for (path, StaticFile { file, bytes, .. }) in statics.files {
        let is_sheet = matches!(path.rsplit_once('.'), Some((_, "css")));
        let read = if is_sheet { text(bytes) } else { Err(bytes) };
        match read {
            Ok(css) => {
                let sheet = Sheet {
                    file,
                    css,
                    sass: None,
                };
                sheets.insert(path, sheet);
            }
            Err(bytes) => assets.push(published(path, file, bytes)),
        }
    }
    let urls: BTreeMap<String, UrlPath> = assets
        .iter()
        .map(|asset| (asset.path.clone(), asset.url.clone()))
        .collect();
    let mut publisher = Publisher::new(&sheets, &urls, minified, diagnostics);
    for path in sheets.keys() {
        publisher.publish(path);
    }
    assets.extend(publisher.assets.into_values());
    assets.sort_by(|a, b| a.path.cmp(&b.path));
    assets
}

/// A file as text, or as it is where it is none.
fn text(bytes: Cow<'static, [u8]>) -> Result<Cow<'static, str>, Cow<'static, [u8]>> {
    match bytes {
        Cow::Borrowed(bytes) => std::str::from_utf8(bytes)
            .map(Cow::Borrowed)
            .map_err(|_| bytes.into()),
        Cow::Owned(bytes) => String::from_utf8(bytes)
            .map(Cow::Owned)
            .map_err(|error| error.into_bytes().into()),
    }
}

fn published(path: String, file: String, bytes: Cow<'static, [u8]>) -> Asset {
    Asset {
        url: hashed_url(&path, &bytes),
        path,
        file,
        bytes,
    }
}

/// The folder of a path, without a slash at its end.
fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
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
