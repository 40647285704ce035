//! Pixels as a PNG.

use png::{BitDepth, ColorType, Compression, Encoder, Filter};
use resvg::tiny_skia::Pixmap;
use rustc_hash::{FxHashMap, FxHashSet};

/// Most colours that a palette holds (W3C, PNG, 11.2.2).
const PALETTE: usize = 256;

/// Opaque pixels as a PNG: with a palette if there are few colours, which flat drawings have.
pub(super) fn encode(pixels: &Pixmap) -> Vec<u8> {
    let colours = || {
        let pixels = pixels.data().chunks_exact(4);
        pixels.map(|pixel| [pixel[0], pixel[1], pixel[2]])
    };
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, pixels.width(), pixels.height());
    encoder.set_compression(Compression::High);
    encoder.set_depth(BitDepth::Eight);
    let data: Vec<u8> = if let Some(palette) = palette(colours()) {
        encoder.set_color(ColorType::Indexed);
        encoder.set_palette(palette.iter().copied().flatten().collect::<Vec<u8>>());
        encoder.set_filter(Filter::NoFilter);
        let places: FxHashMap<_, _> = palette.iter().zip(0_u8..=u8::MAX).collect();
        colours().map(|colour| places[&colour]).collect()
    } else {
        encoder.set_color(ColorType::Rgb);
        encoder.set_filter(Filter::Adaptive);
        colours().flatten().collect()
    };
    // Writing to memory does not fail, and the data is as long as the size says.
    let written = encoder
        .write_header()
        .and_then(|mut writer| writer.write_image_data(&data));
    debug_assert!(written.is_ok(), "{written:?}");
    out
}

/// All colours in their order, unless there are too many.
fn palette(colours: impl Iterator<Item = [u8; 3]>) -> Option<Vec<[u8; 3]>> {
    let mut found = FxHashSet::default();
    let mut last = None;
    for colour in colours {
        // Most pixels are as the one before.
        if last != Some(colour) {
            found.insert(colour);
            last = Some(colour);
            if found.len() > PALETTE {
                return None;
            }
        }
    }
    let mut palette: Vec<_> = found.into_iter().collect();
    palette.sort_unstable();
    Some(palette)
}
