//! Pictures that are made for a test: two fields of colour, so that it shows how they lie.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{ImageFormat, Rgb, RgbImage};

/// What the left of them shows, and the rest.
pub const LEFT: [u8; 3] = [200, 30, 30];
const RIGHT: [u8; 3] = [30, 60, 200];

fn pixels(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| {
        Rgb(if x < width / 4 { LEFT } else { RIGHT })
    })
}

/// A picture without a loss.
pub fn png(width: u32, height: u32) -> Vec<u8> {
    encoded(width, height, ImageFormat::Png)
}

/// A film of one picture.
pub fn gif(width: u32, height: u32) -> Vec<u8> {
    encoded(width, height, ImageFormat::Gif)
}

fn encoded(width: u32, height: u32, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    let written = pixels(width, height).write_to(&mut out, format);
    written.expect("a picture");
    out.into_inner()
}

/// A photograph as a camera writes it: with the way it was held (Exif 2.32, tag 0x0112), a note of
/// who took it, and a comment.
pub fn jpeg(width: u32, height: u32, orientation: u8) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = JpegEncoder::new_with_quality(&mut out, 90);
    encoder
        .encode_image(&pixels(width, height))
        .expect("a photograph");
    let exif = exif(orientation);
    let parts: [&[u8]; 5] = [
        &out[..2],
        &segment(0xE1, &exif),
        &segment(0xE1, b"http://ns.adobe.com/xap/1.0/\0<who>SECRET</who>"),
        &segment(0xFE, b"SECRET"),
        &out[2..],
    ];
    parts.concat()
}

/// A segment of a JPEG (ISO/IEC 10918-1, B.1.1.4).
fn segment(marker: u8, bytes: &[u8]) -> Vec<u8> {
    let length = (bytes.len() as u16 + 2).to_be_bytes();
    [&[0xFF, marker], &length[..], bytes].concat()
}

/// The orientation, and an artist.
fn exif(orientation: u8) -> Vec<u8> {
    let mut out = b"Exif\0\0MM\0*\0\0\0\x08\0\x02".to_vec();
    out.extend([0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0]);
    out.extend([0x01, 0x3B, 0, 2, 0, 0, 0, 7, 0, 0, 0, 38]);
    out.extend(b"\0\0\0\0SECRET\0");
    out
}
