use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgba, RgbaImage};
use proptest::prelude::*;

use super::look::look_into;
use super::*;
use crate::key::Key;
use crate::model::{Encoding, Variant};

fn picture(width: u32, height: u32) -> DynamicImage {
    let pixel = |x: u32, y: u32| {
        Rgba([
            (x * 3) as u8,
            (y * 5) as u8,
            (x ^ y) as u8,
            255 - x as u8 / 4,
        ])
    };
    DynamicImage::ImageRgba8(RgbaImage::from_fn(width, height, pixel))
}

fn encoded(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, format).unwrap();
    out.into_inner()
}

fn looked_at(bytes: &[u8]) -> Result<Seen, Fault> {
    look_into(&mut Cursor::new(bytes))
}

fn of_size(width: u32, height: u32) -> Seen {
    Seen {
        width,
        height,
        ..looked_at(&encoded(&picture(8, 8), ImageFormat::Png)).unwrap()
    }
}

#[test]
fn widths_are_those_that_save_something() {
    assert_eq!(of_size(480, 300).widths(), [0; 0]);
    assert_eq!(of_size(481, 300).widths(), [481]);
    assert_eq!(of_size(530, 300).widths(), [530], "480 is nearly as wide");
    assert_eq!(of_size(700, 300).widths(), [480, 700]);
    assert_eq!(of_size(1600, 300).widths(), [480, 960, 1440, 1600]);
    assert_eq!(of_size(9000, 300).widths(), WIDTHS);
    assert_eq!(
        of_size(1000, 40_000).widths(),
        [0; 0],
        "WebP is not as high"
    );
    assert_eq!(of_size(1000, 20_000).widths(), [480]);
    assert_eq!(of_size(3000, 1).height_at(480), 1);
}

#[test]
fn formats_are_told_by_what_is_in_them() {
    let small = picture(20, 10);
    for (format, expected) in [
        (ImageFormat::Png, Format::Png),
        (ImageFormat::WebP, Format::WebP),
        (ImageFormat::Gif, Format::Gif),
    ] {
        let seen = looked_at(&encoded(&small, format)).unwrap();
        assert_eq!((seen.format, seen.width, seen.height), (expected, 20, 10));
        assert_eq!(seen.moves, format == ImageFormat::Gif);
    }
    let jpeg = DynamicImage::ImageRgb8(small.to_rgb8());
    let seen = looked_at(&encoded(&jpeg, ImageFormat::Jpeg)).unwrap();
    assert_eq!((seen.format, seen.orientation), (Format::Jpeg, 1));
    for (path, expected) in [
        ("a.JPG", true),
        ("a/b.webp", true),
        ("a.svg", false),
        ("png", false),
    ] {
        assert_eq!(is_picture(path), expected, "{path}");
    }
}

/// Where this fails, pictures are encoded otherwise than before: count [`ENCODED_AS`] up, so that
/// those which earlier versions encoded are not used, and put the new numbers here.
#[test]
fn pictures_are_encoded_as_their_number_says() {
    let bytes = encoded(&picture(600, 400), ImageFormat::Png);
    let seen = looked_at(&bytes).unwrap();
    let wanted = [Encoding::WebP, Encoding::Avif].map(|encoding| Variant {
        width: 480,
        encoding,
    });
    let made = variants(&bytes, &seen, &wanted).unwrap();
    let made: Vec<String> = made
        .iter()
        .map(|it| Key::of_bytes(it).to_string())
        .collect();
    assert_eq!(ENCODED_AS, 1);
    assert_eq!(
        made,
        [
            "89bebe2c7da008574e7249318da5f048",
            "f7122c4f35a0c552fce9e75ea68e8b1b"
        ]
    );
}

#[test]
fn a_profile_is_kept_and_notes_are_not() {
    let mut png =
        img_parts::png::Png::from_bytes(encoded(&picture(500, 90), ImageFormat::Png).into())
            .unwrap();
    let mut profile = vec![0; 200];
    profile[16..20].copy_from_slice(b"RGB ");
    img_parts::ImageICC::set_icc_profile(&mut png, Some(profile.clone().into()));
    let note = img_parts::png::PngChunk::new(*b"tEXt", b"Author\0Nobody".to_vec().into());
    png.chunks_mut().insert(1, note);
    let bytes = png.encoder().bytes();
    let seen = looked_at(&bytes).unwrap();
    let whole = published(&bytes, &seen).unwrap().unwrap();
    assert!(memchr::memmem::find(&whole, b"Nobody").is_none());
    assert!(memchr::memmem::find(&whole, b"iCCP").is_some());
    assert_eq!(
        published(&whole, &seen),
        Ok(None),
        "there is nothing more to take out"
    );
    let webp = Variant {
        width: 500,
        encoding: Encoding::WebP,
    };
    let made = variants(&bytes, &seen, &[webp]).unwrap().concat();
    assert!(memchr::memmem::find(&made, &profile).is_some());
    let again = looked_at(&made).unwrap();
    assert_eq!((again.width, again.height), (500, 90));
    let decoded = image::load_from_memory(&made).unwrap();
    assert!(decoded.color().has_alpha());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever is in a file, it is a picture or a fault, and nothing of it takes more memory than
    /// a picture may.
    #[test]
    fn damaged_files_are_faults(
        format in prop::sample::select(&[ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif, ImageFormat::Jpeg][..]),
        hits in prop::collection::vec((0_usize..4000, any::<u8>()), 0..6),
        kept in 0_usize..4000,
    ) {
        let small = picture(40, 30);
        let small = if format == ImageFormat::Jpeg {
            DynamicImage::ImageRgb8(small.to_rgb8())
        } else {
            small
        };
        let mut bytes = encoded(&small, format);
        for (at, byte) in hits {
            let at = at % bytes.len();
            bytes[at] = byte;
        }
        bytes.truncate(kept.max(1));
        if let Ok(seen) = looked_at(&bytes) {
            prop_assert!(u64::from(seen.width) * u64::from(seen.height) <= MOST_PIXELS);
            let _ = published(&bytes, &seen);
            let webp = Variant { width: seen.width.min(64), encoding: Encoding::WebP };
            if let Ok(made) = variants(&bytes, &seen, &[webp]) {
                prop_assert!(seen.height > 16_000 || looked_at(&made.concat()).is_ok());
            }
        }
    }
}
