//! What is wrong with the line that opens a block of code, and what to write instead.

use std::ops::Range;

use crate::diagnostics::Code;

/// What is wrong with a block of code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Whether it is the language, or something else.
    pub code: Code,
    /// The bytes that are meant of what stands behind the backticks.
    pub range: Range<usize>,
    /// What is wrong, in one sentence without a full stop.
    pub message: String,
    /// What to write instead.
    pub hint: String,
}

impl Fault {
    /// Something is wrong with what a block is given besides its language.
    pub(super) fn of_attribute(
        range: Range<usize>,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) -> Self {
        Self {
            code: Code::CodeAttribute,
            range,
            message: message.into(),
            hint: hint.into(),
        }
    }
}
