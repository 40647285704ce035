//! What a page says of a picture, so that a browser can leave room for it and take the best of
//! several files.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// A picture of the site, as a page shows it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Shown {
    /// In pixels.
    pub width: u32,
    /// In pixels.
    pub height: u32,
    /// Narrower ones, the best encoding first; none where there are none.
    pub sources: Box<[PictureSource]>,
}

/// Narrower pictures in one encoding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureSource {
    /// Which.
    pub encoding: Encoding,
    /// Their URLs, in the form of the attribute `srcset`.
    pub srcset: Box<str>,
}

/// As templates read it.
impl Serialize for PictureSource {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut source = serializer.serialize_struct("PictureSource", 2)?;
        source.serialize_field("type", self.encoding.media_type())?;
        source.serialize_field("srcset", &self.srcset)?;
        source.end()
    }
}

/// A narrower picture that is made of one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Variant {
    /// In pixels.
    pub width: u32,
    /// How it is encoded.
    pub encoding: Encoding,
}

/// How narrower pictures are encoded; browsers take the first that they know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub enum Encoding {
    /// AV1 Image File Format, 1.1: smaller, and slow to encode.
    Avif,
    /// RFC 9649.
    WebP,
}

impl Encoding {
    /// Its media type.
    #[must_use]
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Avif => "image/avif",
            Self::WebP => "image/webp",
        }
    }

    /// What the names of its files end in.
    #[must_use]
    pub fn ending(self) -> &'static str {
        match self {
            Self::Avif => "avif",
            Self::WebP => "webp",
        }
    }
}
