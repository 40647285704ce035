//! What style sheets refer to, under its new names.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::model::{UrlPath, join};

/// A path from a sheet's folder, without what stands behind `?` or `#`; `None` for a URL of another
/// kind: one from the root, or one with a scheme.
pub(super) fn relative(url: &str) -> Option<&str> {
    let path = &url[..url.find(['?', '#']).unwrap_or(url.len())];
    let is_relative = !path.is_empty() && !path.starts_with('/') && !path.contains(':');
    is_relative.then_some(path)
}

/// A style sheet with the new names of the assets that its `url(…)`s refer to. It lay in the folder
/// `from`, and is to lie in `to`. Names that are relative stay relative, so that any base path will
/// do.
pub(super) fn renamed<'a>(
    css: &'a str,
    from: &str,
    to: &str,
    urls: &BTreeMap<String, UrlPath>,
) -> Cow<'a, str> {
    let mut out = String::new();
    let mut copied = 0;
    for (at, opening) in css.match_indices("url(") {
        let start = at + opening.len();
        let Some(length) = css[start..].find(')') else {
            break;
        };
        let written = css[start..start + length].trim();
        let name = written.trim_matches(['"', '\'']);
        let Some(path) = relative(name) else {
            continue;
        };
        let suffix = &name[path.len()..];
        let Some(path) = join(from, path) else {
            continue;
        };
        let url = match urls.get(&path) {
            Some(url) => self::from(to, url),
            None if from == to => continue,
            None => between(to, &path),
        };
        out.push_str(&css[copied..start]);
        out.extend(["\"", &url, suffix, "\""]);
        copied = start + length;
    }
    if copied == 0 {
        return css.into();
    }
    out.push_str(&css[copied..]);
    out.into()
}

/// The URL of an asset as a sheet of a folder refers to it.
pub(super) fn from(folder: &str, url: &UrlPath) -> String {
    let url = url.as_str();
    between(folder, url.strip_prefix("/assets/").unwrap_or(url))
}

/// A path below static/ as a file of a folder below static/ refers to it.
pub(super) fn between(folder: &str, path: &str) -> String {
    let folders: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let parts: Vec<&str> = path.split('/').collect();
    let inner = &parts[..parts.len() - 1];
    let shared = folders
        .iter()
        .zip(inner)
        .take_while(|(a, b)| a == b)
        .count();
    let up = std::iter::repeat_n("..", folders.len() - shared);
    let parts: Vec<&str> = up.chain(parts[shared..].iter().copied()).collect();
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_leads_from_one_folder_to_another() {
        assert_eq!(between("", "a.css"), "a.css");
        assert_eq!(between("css", "css/a.css"), "a.css");
        assert_eq!(
            between("css/parts", "css/fonts/a.woff2"),
            "../fonts/a.woff2"
        );
        assert_eq!(between("css", "a.png"), "../a.png");
    }
}
