//! Writes photographs that nobody took, and a site that shows them, and works on them with nothing
//! but the image libraries, to measure what Pressroom adds to that.
//!
//!     cargo run --release --example photographs -- make COUNT DIR
//!     cargo run --release --example photographs -- libraries DIR
//!
//! `make` writes `DIR/pressroom.yaml` and bundles `DIR/content/NAME/`, each an article with one
//! JPEG of 4000 by 3000 pixels (12 million): skies, edges and grain, so that they are about as large
//! as a camera's (2 to 5 MB), and the same bytes on every machine. Twelve are drawn; the others are
//! these with another comment in them, which no decoder looks at.
//!
//! `libraries` decodes each of them once, makes it narrower and encodes that as WebP, in the widths
//! and the quality of a build, on all cores, and writes what comes out into `DIR/.libraries`. It
//! prints the seconds that took.

use std::error::Error;
use std::fs;
use std::io::Cursor;
use std::path::Path;
use std::process::ExitCode;
use std::time::Instant;

use fast_image_resize::images::{TypedImage, TypedImageRef};
use fast_image_resize::pixels::U8x3;
use fast_image_resize::{FilterType, ResizeAlg, ResizeOptions, Resizer};
use image::codecs::jpeg::JpegEncoder;
use image::{ExtendedColorType, ImageEncoder, ImageFormat, ImageReader};
use rayon::prelude::*;

type Outcome<T> = Result<T, Box<dyn Error + Send + Sync>>;

const SIZE: (u32, u32) = (4000, 3000);
const DRAWN: usize = 12;
/// As `pressroom::pictures` has them.
const WIDTHS: [u32; 4] = pressroom::pictures::WIDTHS;
const QUALITY: f32 = 80.0;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match arguments[..] {
        ["make", count, dir] => match count.parse() {
            Ok(count) => make(count, Path::new(dir)),
            Err(_) => Err("COUNT is a number".into()),
        },
        ["libraries", dir] => libraries(Path::new(dir)),
        _ => Err("write: make COUNT DIR, or libraries DIR".into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn make(count: usize, dir: &Path) -> Outcome<()> {
    fs::create_dir_all(dir)?;
    fs::write(dir.join("pressroom.yaml"), "title: Photographs\n")?;
    let drawn: Outcome<Vec<Vec<u8>>> = (0..DRAWN.min(count)).into_par_iter().map(draw).collect();
    let drawn = drawn?;
    for at in 0..count {
        let folder = dir.join(format!("content/photographs/photograph-{at:04}"));
        fs::create_dir_all(&folder)?;
        let day = at % 28 + 1;
        let text = format!(
            "---\ntitle: Photograph {at}\ndate: 2024-02-{day:02}\n---\n\n![Sky](photograph.jpg)\n"
        );
        fs::write(folder.join("index.md"), text)?;
        let comment = format!("photograph {at}");
        fs::write(
            folder.join("photograph.jpg"),
            commented(&drawn[at % DRAWN], &comment),
        )?;
    }
    Ok(())
}

/// A JPEG with a comment behind its first marker (ISO/IEC 10918-1, B.2.4.5).
fn commented(jpeg: &[u8], comment: &str) -> Vec<u8> {
    let length = (comment.len() as u16 + 2).to_be_bytes();
    [
        &jpeg[..2],
        &[0xFF, 0xFE],
        &length,
        comment.as_bytes(),
        &jpeg[2..],
    ]
    .concat()
}

fn draw(seed: usize) -> Outcome<Vec<u8>> {
    let (width, height) = SIZE;
    let mut noise = seed as u32 * 7919 + 1;
    let mut pixels = Vec::with_capacity(width as usize * height as usize * 3);
    for y in 0..height {
        for x in 0..width {
            noise ^= noise << 13;
            noise ^= noise >> 17;
            noise ^= noise << 5;
            let grain = noise % 13;
            let sky = y * 160 / height;
            let roof = (x / 97 + seed as u32 * 5) % 11 * 120 + 900;
            let house = if y > roof {
                ((x * 31) ^ (y * 17)) / 64 % 60
            } else {
                0
            };
            let value = |base: u32| (base + grain + house).min(255) as u8;
            pixels.extend([value(40 + sky / 2), value(60 + sky), value(220 - sky)]);
        }
    }
    let mut out = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut out, 90);
    encoder.write_image(&pixels, width, height, ExtendedColorType::Rgb8)?;
    Ok(out)
}

fn libraries(dir: &Path) -> Outcome<()> {
    let mut photographs = Vec::new();
    for folder in fs::read_dir(dir.join("content/photographs"))? {
        photographs.push(folder?.path());
    }
    let out = dir.join(".libraries");
    let _ = fs::remove_dir_all(&out);
    fs::create_dir_all(&out)?;
    let started = Instant::now();
    let work = photographs.par_iter();
    let work = work.map(|folder| {
        let bytes = fs::read(folder.join("photograph.jpg"))?;
        let decoded = ImageReader::with_format(Cursor::new(&bytes), ImageFormat::Jpeg).decode()?;
        let pixels = decoded.into_rgb8();
        let (width, height) = pixels.dimensions();
        let source = TypedImageRef::<U8x3>::from_buffer(width, height, &pixels)?;
        let how = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(FilterType::Lanczos3));
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        for to in WIDTHS {
            let high = (u64::from(height) * u64::from(to) / u64::from(width)) as u32;
            let mut target = vec![0; to as usize * high as usize * 3];
            let mut resized = TypedImage::<U8x3>::from_buffer(to, high, &mut target)?;
            Resizer::new().resize_typed(&source, &mut resized, &how)?;
            let encoded = webp::Encoder::from_rgb(&target, to, high).encode(QUALITY);
            fs::write(out.join(format!("{name}.{to}.webp")), &*encoded)?;
        }
        Ok(())
    });
    work.collect::<Outcome<Vec<()>>>()?;
    println!("{:.2}", started.elapsed().as_secs_f64());
    Ok(())
}
