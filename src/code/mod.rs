//! Blocks of code: the one place that knows languages, their syntax and their colours.
//!
//! In: what stands behind the backticks that open a block ([`Fence`]), and the code. Out: what is wrong
//! with the former, told where it is, and the block as HTML whose parts have classes ([`html`]). No
//! script is needed to read or to copy it, and no style stands in it, so that a strict content
//! security policy holds.
//!
//! Telling the parts of code takes about a second for a megabyte, and so what was told is kept from
//! one build to the next ([`Colours`]).

mod class;
mod fault;
mod fence;
mod kept;
mod language;
mod markup;
mod paint;
mod runs;
mod shelf;
#[cfg(test)]
mod tests;

pub use fault::Fault;
pub use fence::Fence;
pub use kept::{Colours, FILE};
pub use markup::html;
