//! Hashes of the bytes that files of static/ are published with, for browsers that are to check them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha384};

use super::theme::Theme;
use crate::model::UrlPath;
use crate::source;

/// Tells the hash of a file, and works out each once.
#[derive(Default)]
pub(super) struct Integrity {
    root: PathBuf,
    theme: Arc<Theme>,
    known: Mutex<BTreeMap<String, Arc<str>>>,
}

impl Integrity {
    pub fn of(root: &Path, theme: &Arc<Theme>) -> Self {
        Self {
            root: root.to_owned(),
            theme: Arc::clone(theme),
            known: Mutex::default(),
        }
    }

    /// The hash of a file of static/ that is there, as the attribute `integrity` has it. `is_it`:
    /// whether the file is the one that the theme publishes at a URL; otherwise it is the site's.
    /// `None` if it cannot be read.
    pub fn hash(&self, path: &str, is_it: impl Fn(&UrlPath) -> bool) -> Option<Arc<str>> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(hash) = known.get(path) {
            return Some(Arc::clone(hash));
        }
        let assets = &self.theme.assets;
        let at = assets.binary_search_by(|asset| (*asset.path).cmp(path));
        let of_theme = at.ok().map(|at| &assets[at]);
        let hash = if let Some(asset) = of_theme.filter(|asset| is_it(&asset.url)) {
            sha384(&asset.bytes)
        } else {
            let file = source::file(&self.root, &format!("static/{path}"))?;
            sha384(&source::bytes(&file).ok()?)
        };
        let hash: Arc<str> = hash.into();
        known.insert(path.to_owned(), Arc::clone(&hash));
        Some(hash)
    }
}

fn sha384(bytes: &[u8]) -> String {
    let hash = Sha384::digest(bytes);
    format!("sha384-{}", STANDARD.encode(hash))
}

#[cfg(test)]
mod tests {
    use super::sha384;

    #[test]
    fn the_hash_is_the_one_of_the_specification() {
        // W3C, Subresource Integrity, section 3.1.
        assert_eq!(
            sha384(b"alert('Hello, world.');"),
            "sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO"
        );
    }
}
