//! What must hold of any input, whoever wrote it.
//!
//! In: bytes. Out: nothing, or a panic that says what does not hold. The functions are the targets of
//! cargo-fuzz (`fuzz/fuzz_targets/`), and `tests/fuzz.rs` runs them on seeds and on what becomes of
//! these by chance.

mod archives;
mod articles;
mod cache;
mod files;
mod told;
mod values;
mod vouched;

use std::borrow::Cow;

pub use archives::{Nobody, generators, html_import, wordpress};
pub use articles::{comments, components, front_matter, markdown};
pub use cache::cache;
pub use files::{data, drawings, settings, themes};
pub use values::{dates, paths, permalinks, slugs};

/// Something that is tried with any input.
pub struct Target {
    /// Its name: that of its function, of the target of cargo-fuzz, and of the folder of its seeds.
    pub name: &'static str,
    /// Panics where something does not hold.
    pub run: fn(&[u8]),
    /// How many inputs a run of the tests tries, so that all targets take about as long.
    pub tried: usize,
}

/// A target by the name of its function.
macro_rules! targets {
    ($($name:ident: $tried:literal,)*) => {
        &[$(Target { name: stringify!($name), run: $name, tried: $tried },)*]
    };
}

/// All of them.
pub const ALL: &[Target] = targets! {
    cache: 40,
    comments: 4_000,
    components: 4_000,
    data: 4_000,
    dates: 60_000,
    drawings: 4_000,
    front_matter: 4_000,
    generators: 200,
    html_import: 2_000,
    markdown: 3_000,
    paths: 40_000,
    permalinks: 60_000,
    settings: 4_000,
    slugs: 30_000,
    themes: 200,
    wordpress: 300,
};

/// An input as text: what is no UTF-8 is refused when files are read.
fn text(input: &[u8]) -> Cow<'_, str> {
    String::from_utf8_lossy(input)
}

/// A byte that decides something, and the rest of an input.
fn choice(input: &[u8]) -> (u8, &[u8]) {
    match input.split_first() {
        Some((first, rest)) => (*first, rest),
        None => (0, input),
    }
}
