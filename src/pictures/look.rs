//! What the first bytes of a picture tell.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek};
use std::path::Path;

use exif::{In, Tag};
use imagesize::{ImageError, ImageType};
use serde::{Deserialize, Serialize};

use super::MOST_PIXELS;
use crate::diagnostics::{Code, Diagnostic};
use crate::key::Key;
use crate::model::has_ending;

/// So much of a file says which format it has, and whether it is a film.
const HEAD: u64 = 4096;

/// The format of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Format {
    /// ISO/IEC 10918.
    Jpeg,
    /// W3C's Portable Network Graphics.
    Png,
    /// RFC 9649.
    WebP,
    /// GIF89a.
    Gif,
}

/// What a page has to know of a picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Seen {
    /// How it is encoded, whatever its name says.
    pub format: Format,
    /// In pixels, as it is shown.
    pub width: u32,
    /// In pixels, as it is shown.
    pub height: u32,
    /// How its pixels lie (Exif 2.32, tag 0x0112, 1 to 8); 1 is as it is shown.
    pub orientation: u8,
    /// Whether it is a film, or may be.
    pub moves: bool,
    /// All that the file holds, where that was read.
    pub hash: Option<Key>,
}

/// Why a picture cannot be shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// It cannot be decoded; why, in words.
    Broken(String),
    /// It has so many pixels.
    TooLarge(u64),
}

impl Fault {
    pub(super) fn of(error: &impl ToString) -> Self {
        let why = error.to_string();
        Self::Broken(why.lines().next().unwrap_or_default().to_owned())
    }

    /// What is wrong with a picture and what to do. `picture`: which it is, in words.
    #[must_use]
    pub fn told(&self, picture: &str) -> Diagnostic {
        match self {
            Self::Broken(why) => {
                let message = format!("{picture} cannot be read: {why}");
                let hint = "open it in a program for pictures, and save it as JPEG, PNG or WebP";
                Diagnostic::new(Code::Picture, message).hint(hint)
            }
            Self::TooLarge(pixels) => {
                let million = |pixels: u64| pixels.div_ceil(1_000_000);
                let message = format!(
                    "{picture} has {} million pixels, and at most {} million are taken",
                    million(*pixels),
                    million(MOST_PIXELS)
                );
                Diagnostic::new(Code::Picture, message).hint("make it smaller")
            }
        }
    }

    fn no_picture() -> Self {
        Self::Broken("it is no JPEG, PNG, WebP or GIF picture".to_owned())
    }
}

impl Seen {
    /// The widths that are made of it, from narrow to wide; none of a film, and none of what is
    /// small anyway.
    #[must_use]
    pub fn widths(&self) -> Vec<u32> {
        let narrowest = super::WIDTHS[0];
        if self.moves || self.width <= narrowest {
            return Vec::new();
        }
        let widest = self.width.min(super::WIDTHS[super::WIDTHS.len() - 1]);
        // One that is hardly narrower than the widest saves nothing.
        let narrower = super::WIDTHS.into_iter();
        let narrower = narrower.filter(|width| width * 10 <= widest * 9);
        let all = narrower.chain([widest]);
        all.filter(|width| self.height_at(*width) <= TALLEST)
            .collect()
    }

    /// How high it is where it is so wide.
    #[must_use]
    pub fn height_at(&self, width: u32) -> u32 {
        let height = u64::from(self.height) * u64::from(width);
        let rounded = (height + u64::from(self.width) / 2) / u64::from(self.width.max(1));
        (rounded as u32).max(1)
    }
}

/// WebP has no pictures of more pixels in a row (RFC 9649).
const TALLEST: u32 = 16_383;

/// Whether a file is a picture by its name, of a kind that is looked at.
#[must_use]
pub fn is_picture(path: &str) -> bool {
    has_ending(path, &["jpg", "jpeg", "png", "webp", "gif"])
}

/// Looks at the beginning of a file.
pub(super) fn look(path: &Path) -> Result<Seen, Fault> {
    let file = File::open(path).map_err(|error| Fault::of(&error))?;
    look_into(&mut BufReader::new(file))
}

/// Looks at the beginning of what is read.
pub(super) fn look_into<R: BufRead + Seek>(file: &mut R) -> Result<Seen, Fault> {
    let unreadable = |error: io::Error| Fault::of(&error);
    let mut head = Vec::new();
    let read = file.by_ref().take(HEAD).read_to_end(&mut head);
    read.map_err(unreadable)?;
    if head.is_empty() {
        return Err(Fault::Broken("the file is empty".to_owned()));
    }
    let format = match imagesize::image_type(&head) {
        Ok(ImageType::Jpeg) => Format::Jpeg,
        Ok(ImageType::Png) => Format::Png,
        Ok(ImageType::Webp) => Format::WebP,
        Ok(ImageType::Gif) => Format::Gif,
        _ => return Err(Fault::no_picture()),
    };
    file.rewind().map_err(unreadable)?;
    let size = imagesize::reader_size(&mut *file).map_err(|error| match error {
        ImageError::NotSupported => Fault::no_picture(),
        ImageError::CorruptedImage => Fault::Broken("it is damaged at its beginning".to_owned()),
        ImageError::IoError(error) => match error.kind() {
            io::ErrorKind::UnexpectedEof => Fault::Broken("the file ends too early".to_owned()),
            _ => Fault::of(&error),
        },
    })?;
    let pixels = size.width as u64 * size.height as u64;
    if pixels > MOST_PIXELS {
        return Err(Fault::TooLarge(pixels));
    }
    if pixels == 0 {
        return Err(Fault::Broken("it has no pixels".to_owned()));
    }
    let orientation = orientation(file).map_err(unreadable)?;
    let (width, height) = (size.width as u32, size.height as u32);
    // From 5 on it lies on its side.
    let (width, height) = match orientation {
        5..=8 => (height, width),
        _ => (width, height),
    };
    Ok(Seen {
        format,
        width,
        height,
        orientation,
        moves: moves(format, &head),
        hash: None,
    })
}

/// How the pixels of a picture lie. What it does not say, or not in a way that can be understood, is no
/// reason not to show it; a disk that fails is, since what was seen is kept.
fn orientation<R: BufRead + Seek>(file: &mut R) -> io::Result<u8> {
    file.rewind()?;
    let exif = match exif::Reader::new().read_from_container(file) {
        Ok(exif) => exif,
        Err(exif::Error::Io(error)) if error.kind() != io::ErrorKind::UnexpectedEof => {
            return Err(error);
        }
        Err(_) => return Ok(1),
    };
    let field = exif.get_field(Tag::Orientation, In::PRIMARY);
    let number = field.and_then(|field| field.value.get_uint(0));
    Ok(number.filter(|one| (1..=8).contains(one)).unwrap_or(1) as u8)
}

/// Whether the beginning of a file is that of a film.
fn moves(format: Format, head: &[u8]) -> bool {
    match format {
        Format::Gif => true,
        // A flag of the chunk `VP8X`, which comes first (RFC 9649, 2.7).
        Format::WebP => {
            head.get(12..16) == Some(b"VP8X") && head.get(20).is_some_and(|f| f & 2 > 0)
        }
        // Before the first pixels (PNG, third edition, 11.3.6.1), after little else.
        Format::Png => memchr::memmem::find(head, b"acTL").is_some(),
        Format::Jpeg => false,
    }
}
