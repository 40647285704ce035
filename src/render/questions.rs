//! What a template asks for while it is rendered: files of data/, and the URLs of assets.
//!
//! A page does not depend on all data of a site, so what it asks for is remembered with it, and
//! asked again by the next build. Template functions are not told for which page they are called;
//! but a page is rendered on one thread from its beginning to its end.

use std::cell::RefCell;
use std::collections::BTreeSet;

thread_local! {
    static ASKED: RefCell<BTreeSet<String>> = RefCell::default();
}

/// What begins the question for the URL of an asset.
pub(super) const ASSET: &str = "asset ";
/// What begins the question for a file of data/.
pub(super) const DATA: &str = "data ";

/// Begins a page.
pub(super) fn forget() {
    ASKED.with_borrow_mut(BTreeSet::clear);
}

/// Remembers a question.
pub(super) fn remember(kind: &str, path: &str) {
    ASKED.with_borrow_mut(|asked| asked.insert(format!("{kind}{path}")));
}

/// What was asked since the page began, in order.
pub(super) fn asked() -> Vec<String> {
    ASKED.with_borrow_mut(|asked| std::mem::take(asked).into_iter().collect())
}
