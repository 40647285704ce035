//! What is wrong with what a component was given, as a template or one of its functions found it.
//!
//! The engine carries a message and the place in the template; whoever called the component wants to
//! know what to write, and where the call is. So a fault is remembered beside the engine's error, and
//! taken by whoever knows of the call. A page is rendered on one thread.

use std::cell::RefCell;

/// What is wrong with what a component was given.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// One sentence without a full stop.
    pub message: String,
    /// What to write; `None` where only the component's own arguments can tell.
    pub hint: Option<String>,
}

impl Fault {
    pub fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            hint: Some(hint.into()),
        }
    }
}

thread_local! {
    static FAULT: RefCell<Option<Fault>> = const { RefCell::new(None) };
}

/// Remembers a fault, and gives the engine an error to stop at.
pub(super) fn error(fault: Fault) -> tera::Error {
    let error = tera::Error::message(&fault.message);
    FAULT.replace(Some(fault));
    error
}

/// What was wrong since this was asked for last.
pub(super) fn take() -> Option<Fault> {
    FAULT.take()
}
