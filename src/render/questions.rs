//! What a template asks for while it is rendered: files of data/, the URLs and hashes of assets, and
//! what is known of pictures.
//!
//! A page does not depend on all data of a site, so what it asks for is remembered with it, and
//! asked again by the next build. Template functions are not told for which page they are called;
//! but a page is rendered on one thread from its beginning to its end, and nothing within may wait
//! for work on other threads, since it might be given another page to render meanwhile.

use std::cell::RefCell;
use std::collections::BTreeSet;

#[derive(Default)]
struct Questions {
    asked: BTreeSet<String>,
    /// Whether the page was made from something else than its key has.
    in_doubt: bool,
}

thread_local! {
    static QUESTIONS: RefCell<Questions> = RefCell::default();
}

/// What begins the question for the URL of an asset.
pub(super) const ASSET: &str = "asset ";
/// What begins the question for a picture at a URL.
pub(super) const PICTURE: &str = "picture ";
/// What begins the question for the hash of a file of static/.
pub(super) const INTEGRITY: &str = "integrity ";
/// What begins the question for a file of data/.
pub(super) const DATA: &str = "data ";

/// Begins a page.
pub(super) fn forget() {
    QUESTIONS.take();
}

/// Remembers a question.
pub(super) fn remember(kind: &str, path: &str) {
    let question = format!("{kind}{path}");
    QUESTIONS.with_borrow_mut(|questions| questions.asked.insert(question));
}

/// Remembers questions that were asked before, for a part of the page that is not made again.
pub(super) fn remember_all(asked: &[String]) {
    QUESTIONS.with_borrow_mut(|questions| {
        for question in asked {
            if !questions.asked.contains(question) {
                questions.asked.insert(question.clone());
            }
        }
    });
}

/// Does a part of the work of a page, and tells what was asked meanwhile.
pub(super) fn within<T>(work: impl FnOnce() -> T) -> (T, Vec<String>) {
    let before = QUESTIONS.take();
    let done = work();
    let asked = QUESTIONS.with_borrow_mut(|questions| {
        let within = std::mem::replace(questions, before);
        let asked: Vec<String> = within.asked.into_iter().collect();
        questions.asked.extend(asked.iter().cloned());
        questions.in_doubt |= within.in_doubt;
        asked
    });
    (done, asked)
}

/// Remembers that the page is to be made again in any case.
pub(super) fn doubt() {
    QUESTIONS.with_borrow_mut(|questions| questions.in_doubt = true);
}

/// What was asked since the page began, in order; `None` when that is not all.
pub(super) fn asked() -> Option<Vec<String>> {
    let Questions { asked, in_doubt } = QUESTIONS.take();
    (!in_doubt).then(|| asked.into_iter().collect())
}
