//! What builds find out about related articles, kept from one to the next in the site's folder.

use std::path::Path;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::sealed::{self, Unusable};
use crate::site::related::{FILE, Kept, State};

/// What the last build found out about related articles, if there is anything of use.
pub(super) fn load(root: &Path, diagnostics: &mut Diagnostics) -> Option<Kept> {
    let file = match sealed::read(&root.join(FILE)) {
        Ok(None) => return None,
        Ok(Some(file)) => Kept::open(file),
        Err(Unusable) => None,
    };
    if file.is_none() {
        warn_once(diagnostics, Diagnostic::cache_unusable(FILE));
    }
    file
}

/// Keeps it for the next build, if that can be. Without it, that one only takes longer.
pub(super) fn save(root: &Path, state: &State) {
    if let Some(bytes) = state.bytes() {
        let _ = sealed::put(&root.join(FILE), &bytes);
    }
}

/// However much of what was kept is of no use, one warning is enough.
pub(super) fn warn_once(diagnostics: &mut Diagnostics, warning: Diagnostic) {
    if diagnostics.iter().all(|known| known.code != warning.code) {
        diagnostics.push(warning);
    }
}
