//! Pictures that are published: narrower ones, and the whole one without what cameras add to it.

use std::borrow::Cow;
use std::io::Cursor;

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::{U8x3, U8x4};
use fast_image_resize::{FilterType, PixelTrait, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::PngEncoder;
use image::metadata::Orientation;
use image::{
    DynamicImage, ExtendedColorType, ImageDecoder, ImageEncoder, ImageFormat, ImageReader, Limits,
    RgbImage, RgbaImage,
};
use img_parts::webp::WebP;
use img_parts::{Bytes, ImageICC};
use moxcms::{ColorProfile, Layout, TransformOptions};
use ravif::{Img, RGB8, RGBA8};

use super::strip::strip;
use super::{Fault, Format, MOST_PIXELS, Seen};
use crate::model::{Encoding, Variant};

/// Of 100: where artefacts begin to be seen in photographs, with some room.
const QUALITY: f32 = 80.0;

/// About the same for AVIF, which counts otherwise.
const QUALITY_OF_AVIF: f32 = 65.0;

/// From 1, best, to 10, fastest. What is gained below is a few per cent, and takes times as long.
const SPEED_OF_AVIF: u8 = 8;

/// The same for a whole picture that has to be encoded again, which others may be made from.
const QUALITY_WHOLE: u8 = 90;

/// A decoder may take so many bytes: four channels of 16 bits of the largest picture.
const MOST_MEMORY: u64 = MOST_PIXELS * 8;

/// Pixels as they are shown, and the profile that says which colours they are, if they have one.
struct Decoded {
    pixels: Pixels,
    profile: Option<Vec<u8>>,
}

/// What is all that is resized and encoded: eight bits a channel, with or without transparency.
enum Pixels {
    Opaque(RgbImage),
    Transparent(RgbaImage),
}

/// Narrower pictures of one, in the order in which they are asked for.
///
/// # Errors
///
/// When it cannot be decoded.
pub fn variants(bytes: &[u8], seen: &Seen, wanted: &[Variant]) -> Result<Vec<Vec<u8>>, Fault> {
    let Decoded { pixels, profile } = decode(bytes, seen)?;
    let profile = profile.as_deref();
    let variant = |Variant { width, encoding }: &Variant| {
        let narrower = pixels.resized(*width, seen.height_at(*width))?;
        let pixels = narrower.as_ref().unwrap_or(&pixels);
        match encoding {
            Encoding::WebP => webp(pixels, QUALITY, profile),
            Encoding::Avif => avif(pixels, profile),
        }
    };
    wanted.iter().map(variant).collect()
}

/// Whether a picture can be decoded.
///
/// # Errors
///
/// When it cannot.
pub fn try_out(bytes: &[u8], seen: &Seen) -> Result<(), Fault> {
    decode(bytes, seen).map(drop)
}

/// A whole picture as it is published: turned as it is shown, and without what says where and by
/// whom it was taken. `None` where that is what it is.
///
/// # Errors
///
/// When it cannot be decoded.
pub fn published(bytes: &[u8], seen: &Seen) -> Result<Option<Vec<u8>>, Fault> {
    if seen.orientation == 1 {
        return strip(bytes, seen.format);
    }
    let Decoded { pixels, profile } = decode(bytes, seen)?;
    let (width, height) = pixels.size();
    let mut out = Vec::new();
    let encoded = match (seen.format, pixels) {
        (Format::WebP, pixels) => {
            let whole = webp(&pixels, f32::from(QUALITY_WHOLE), profile.as_deref())?;
            return Ok(Some(whole));
        }
        (Format::Jpeg, pixels) => {
            let mut encoder = JpegEncoder::new_with_quality(&mut out, QUALITY_WHOLE);
            if let Some(profile) = profile {
                // What a format cannot keep, it does without.
                let _ = encoder.set_icc_profile(profile);
            }
            let rgb = pixels.into_rgb();
            encoder.write_image(&rgb, width, height, ExtendedColorType::Rgb8)
        }
        (Format::Png | Format::Gif, pixels) => {
            let mut encoder = PngEncoder::new(&mut out);
            if let Some(profile) = profile {
                let _ = encoder.set_icc_profile(profile);
            }
            match &pixels {
                Pixels::Opaque(rgb) => {
                    encoder.write_image(rgb, width, height, ExtendedColorType::Rgb8)
                }
                Pixels::Transparent(rgba) => {
                    encoder.write_image(rgba, width, height, ExtendedColorType::Rgba8)
                }
            }
        }
    };
    encoded.map_err(|error| Fault::of(&error))?;
    Ok(Some(out))
}

fn decode(bytes: &[u8], seen: &Seen) -> Result<Decoded, Fault> {
    let format = match seen.format {
        Format::Jpeg => ImageFormat::Jpeg,
        Format::Png => ImageFormat::Png,
        Format::WebP => ImageFormat::WebP,
        Format::Gif => ImageFormat::Gif,
    };
    let broken = |error: image::ImageError| Fault::of(&error);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let (width, height) = decoder.dimensions();
    let lies = matches!(seen.orientation, 5..=8);
    let as_shown = if lies {
        (height, width)
    } else {
        (width, height)
    };
    if as_shown != (seen.width, seen.height) {
        return Err(Fault::Broken("it has more than one size".to_owned()));
    }
    let profile = decoder.icc_profile().ok().flatten();
    let mut pixels = DynamicImage::from_decoder(decoder).map_err(broken)?;
    if let Some(turned) = Orientation::from_exif(seen.orientation) {
        pixels.apply_orientation(turned);
    }
    let pixels = if pixels.color().has_alpha() {
        Pixels::Transparent(pixels.into_rgba8())
    } else {
        Pixels::Opaque(pixels.into_rgb8())
    };
    Ok(Decoded {
        pixels,
        // A profile of other colours does not fit what is decoded.
        profile: profile.filter(|profile| profile.get(16..20) == Some(b"RGB ")),
    })
}

impl Pixels {
    fn size(&self) -> (u32, u32) {
        match self {
            Self::Opaque(pixels) => pixels.dimensions(),
            Self::Transparent(pixels) => pixels.dimensions(),
        }
    }

    fn into_rgb(self) -> RgbImage {
        match self {
            Self::Opaque(pixels) => pixels,
            Self::Transparent(pixels) => DynamicImage::ImageRgba8(pixels).into_rgb8(),
        }
    }

    /// The same in another size; `None` where it has that size.
    fn resized(&self, width: u32, height: u32) -> Result<Option<Self>, Fault> {
        let size = (width, height);
        if self.size() == size {
            return Ok(None);
        }
        let resized = match self {
            Self::Opaque(pixels) => {
                let bytes = resized::<U8x3>(pixels, self.size(), size)?;
                RgbImage::from_raw(width, height, bytes).map(Self::Opaque)
            }
            Self::Transparent(pixels) => {
                let bytes = resized::<U8x4>(pixels, self.size(), size)?;
                RgbaImage::from_raw(width, height, bytes).map(Self::Transparent)
            }
        };
        Ok(resized)
    }
}

/// Pixels of one type in another size: the library is compiled for each type that it is asked for.
fn resized<P: PixelTrait>(
    bytes: &[u8],
    (width, height): (u32, u32),
    to: (u32, u32),
) -> Result<Vec<u8>, Fault> {
    let mut out = vec![0; to.0 as usize * to.1 as usize * size_of::<P>()];
    let source = TypedImageRef::<P>::from_buffer(width, height, bytes);
    let source = source.map_err(|error| Fault::of(&error))?;
    let target = TypedImage::<P>::from_buffer(to.0, to.1, &mut out);
    let mut target = target.map_err(|error| Fault::of(&error))?;
    let how = ResizeOptions::new()
        .resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3))
        .use_alpha(true);
    let done = Resizer::new().resize_typed(&source, &mut target, &how);
    done.map_err(|error| Fault::of(&error))?;
    Ok(out)
}

fn webp(pixels: &Pixels, quality: f32, profile: Option<&[u8]>) -> Result<Vec<u8>, Fault> {
    let (width, height) = pixels.size();
    let webp = match pixels {
        Pixels::Opaque(rgb) => webp::Encoder::from_rgb(rgb, width, height),
        Pixels::Transparent(rgba) => webp::Encoder::from_rgba(rgba, width, height),
    };
    let encoded = webp
        .encode_simple(false, quality)
        .map_err(|error| Fault::Broken(format!("{error:?}")))?;
    let Some(profile) = profile else {
        return Ok(encoded.to_vec());
    };
    let with_profile = WebP::from_bytes(Bytes::copy_from_slice(&encoded)).map(|mut image| {
        image.set_icc_profile(Some(profile.to_vec().into()));
        image.encoder().bytes().to_vec()
    });
    Ok(with_profile.unwrap_or_else(|_| encoded.to_vec()))
}

/// A picture as AVIF. The library puts no profile into it, so colours become those of sRGB.
fn avif(pixels: &Pixels, profile: Option<&[u8]>) -> Result<Vec<u8>, Fault> {
    let (width, height) = pixels.size();
    let size = (width as usize, height as usize);
    let avif = ravif::Encoder::new()
        .with_quality(QUALITY_OF_AVIF)
        .with_alpha_quality(QUALITY_OF_AVIF)
        .with_speed(SPEED_OF_AVIF)
        .with_num_threads(Some(1));
    let encoded = match pixels {
        Pixels::Opaque(rgb) => {
            let rgb = in_srgb(rgb, Layout::Rgb, profile);
            let rgb = rgb.as_chunks().0.iter();
            let rgb: Vec<RGB8> = rgb.map(|[r, g, b]| RGB8::new(*r, *g, *b)).collect();
            avif.encode_rgb(Img::new(&rgb, size.0, size.1))
        }
        Pixels::Transparent(rgba) => {
            let rgba = in_srgb(rgba, Layout::Rgba, profile);
            let rgba = rgba.as_chunks().0.iter();
            let rgba: Vec<RGBA8> = rgba
                .map(|[r, g, b, a]| RGBA8::new(*r, *g, *b, *a))
                .collect();
            avif.encode_rgba(Img::new(&rgba, size.0, size.1))
        }
    };
    let encoded = encoded.map_err(|error| Fault::of(&error))?;
    Ok(encoded.avif_file)
}

/// Pixels with the colours of sRGB. A profile that cannot be read says nothing.
fn in_srgb<'a>(pixels: &'a [u8], layout: Layout, profile: Option<&[u8]>) -> Cow<'a, [u8]> {
    let transformed = |profile: &[u8]| {
        let profile = ColorProfile::new_from_slice(profile).ok()?;
        let srgb = ColorProfile::new_srgb();
        let options = TransformOptions::default();
        let transform = profile.create_transform_8bit(layout, &srgb, layout, options);
        let mut out = vec![0; pixels.len()];
        transform.ok()?.transform(pixels, &mut out).ok()?;
        Some(out)
    };
    let transformed = profile.and_then(transformed);
    transformed.map_or(Cow::Borrowed(pixels), Cow::Owned)
}
