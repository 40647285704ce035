//! What builds find out about related articles, kept from one to the next in the site's folder.

use std::path::Path;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::sealed::{self, Unusable};
use crate::site::related::{FILE, Files, Kept, State};

/// What the last build found out about related articles, if there is anything of use.
pub(super) fn load(root: &Path) -> (Option<Kept>, Option<Diagnostic>) {
    let path = root.join(FILE);
    let bulk = |hash| sealed::read(&sealed::bulk_of(&path, hash));
    let kept = sealed::read(&path).and_then(|head| match head {
        Some(head) => Kept::open(&head, bulk),
        None => Ok(None),
    });
    match kept {
        Ok(kept) => (kept, None),
        Err(Unusable) => (None, Some(Diagnostic::cache_unusable(FILE))),
    }
}

/// Keeps it for the next build, if that can be. Without it, that one only takes longer.
pub(super) fn save(root: &Path, state: &State) {
    let Some(Files { head, bulk }) = state.files() else {
        return;
    };
    let path = root.join(FILE);
    let _ = match bulk {
        None => sealed::put(&path, &head),
        Some((hash, bulk)) => sealed::put(&sealed::bulk_of(&path, hash), &bulk)
            .and_then(|()| sealed::put(&path, &head))
            .inspect(|()| sealed::remove_other_bulks(&path, hash)),
    };
}

/// However much of what was kept is of no use, one warning is enough.
pub(super) fn warn_once(diagnostics: &mut Diagnostics, warning: Option<Diagnostic>) {
    let is_new = |warning: &Diagnostic| diagnostics.iter().all(|known| known.code != warning.code);
    let warning = warning.filter(is_new);
    diagnostics.extend(warning);
}
