//! What builds find out about related articles and for the search, kept from one to the next in the site's folder.

use std::borrow::Cow;
use std::io;
use std::path::Path;

use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::key::Key;
use crate::sealed::{self, Unusable};
use crate::site::related::{FILE, Files, Kept, State};
use crate::site::{Site, search};

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

/// Keeps it for the next build, if that can be, and gives what stands for it then. Without it, that build
/// only takes longer.
pub(super) fn save(root: &Path, state: &State) -> Option<Key> {
    let files = state.files()?;
    let hash = files.hash();
    let Files { head, bulk } = files;
    put(&root.join(FILE), &head, bulk).ok().and(hash)
}

/// Writes a head, and before it the bulk that it needs, if that is another one.
fn put(path: &Path, head: &[u8], bulk: Option<(Key, Vec<Cow<[u8]>>)>) -> io::Result<()> {
    match bulk {
        None => sealed::put(path, head),
        Some((hash, bulk)) => sealed::put_parts(&sealed::bulk_of(path, hash), &bulk)
            .and_then(|()| sealed::put(path, head))
            .inspect(|()| sealed::remove_other_bulks(path, hash)),
    }
}

/// Keeps what a build found out for the next one, if that can be, and gives what stands for what is
/// related. What is written is held no longer.
pub(super) fn save_all(root: &Path, related: Option<State>, site: &Site) -> Option<Key> {
    let related = related.and_then(|related| save(root, &related));
    if !site.search.is_empty() {
        save_search(root, &search::keep(&site.search));
    }
    related
}

/// What the last build knew of the search, if there is anything of use.
pub(super) fn load_search(root: &Path) -> (Option<search::Kept>, Option<Diagnostic>) {
    let path = root.join(search::FILE);
    let bulk = |hash| sealed::read(&sealed::bulk_of(&path, hash));
    let kept = sealed::read(&path).and_then(|head| match head {
        Some(head) => search::Kept::open(&head, bulk),
        None => Ok(None),
    });
    match kept {
        Ok(kept) => (kept, None),
        Err(Unusable) => (None, Some(Diagnostic::cache_unusable(search::FILE))),
    }
}

/// Keeps it for the next build, if that can be.
pub(super) fn save_search(root: &Path, kept: &search::Kept) {
    let search::Files { head, bulk } = kept.files();
    let bulk = bulk.map(|(hash, bulk)| (hash, vec![bulk.into()]));
    let _ = put(&root.join(search::FILE), &head, bulk);
}

/// However much of what was kept is of no use, one warning is enough.
pub(super) fn warn_once(diagnostics: &mut Diagnostics, warning: Option<Diagnostic>) {
    let is_new = |warning: &Diagnostic| diagnostics.iter().all(|known| known.code != warning.code);
    let warning = warning.filter(is_new);
    diagnostics.extend(warning);
}
