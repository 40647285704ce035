//! What the targets of cargo-fuzz run: the same functions as `tests/fuzz.rs`.

#[path = "../../tests/fuzz/targets/mod.rs"]
pub mod targets;
