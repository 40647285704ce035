//! Pictures: how large they are, and smaller ones in their place.
//!
//! The one place that decodes photographs and encodes them. In: files. Out: of each what a page has
//! to know ([`Seen`]), and the bytes of what is published ([`variants`], [`published`]). Both depend
//! on nothing but the file.

mod drawing;
mod kept;
mod look;
mod make;
mod strip;
#[cfg(test)]
mod tests;

pub use drawing::{is_drawing, sanitised};
pub use kept::look_at_all;
pub use look::{Fault, Format, Seen, is_picture};
pub use make::{published, try_out, variants};

use std::collections::BTreeMap;

/// What is known of the pictures of a site, by the paths of their files.
pub type Looks = BTreeMap<String, Result<Seen, Fault>>;

/// Widths that are made of a picture, as far as it is that wide: for a phone, for a phone with
/// more pixels, for a column of text on such a screen, and for the width of a page there.
pub const WIDTHS: [u32; 4] = [480, 960, 1440, 2160];

/// Pictures of more pixels are refused before they are decoded: each takes four bytes, and some
/// small files say that they are huge.
pub const MOST_PIXELS: u64 = 100_000_000;

/// How pictures are encoded: another number means other bytes. What was encoded earlier is used for
/// as long as it stands, since to encode an archive of photographs again takes hours.
pub const ENCODED_AS: u32 = 1;
