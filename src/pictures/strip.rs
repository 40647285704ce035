//! What cameras and programs add to a picture, taken out without touching a pixel.

use img_parts::Bytes;
use img_parts::jpeg::{Jpeg, markers};
use img_parts::png::Png;
use img_parts::webp::{CHUNK_EXIF, CHUNK_XMP, WebP};

use super::{Fault, Format};

/// Chunks of PNG that say something about the picture and nothing of how it looks.
const OF_PNG: [[u8; 4]; 5] = [*b"eXIf", *b"tEXt", *b"zTXt", *b"iTXt", *b"tIME"];

/// A picture without such parts; `None` where it has none.
pub(super) fn strip(bytes: &[u8], format: Format) -> Result<Option<Vec<u8>>, Fault> {
    let broken = |error: img_parts::Error| Fault::Broken(error.to_string());
    let owned = || Bytes::copy_from_slice(bytes);
    let (stripped, is_less) = match format {
        Format::Jpeg => {
            let mut jpeg = Jpeg::from_bytes(owned()).map_err(broken)?;
            let before = jpeg.segments().len();
            // APP1 has Exif and XMP, APP13 IPTC; COM is a comment.
            jpeg.segments_mut().retain(|segment| {
                ![markers::APP1, markers::APP13, markers::COM].contains(&segment.marker())
            });
            let is_less = jpeg.segments().len() < before;
            (jpeg.encoder().bytes(), is_less)
        }
        Format::Png => {
            let mut png = Png::from_bytes(owned()).map_err(broken)?;
            let before = png.chunks().len();
            png.chunks_mut()
                .retain(|chunk| !OF_PNG.contains(&chunk.kind()));
            let is_less = png.chunks().len() < before;
            (png.encoder().bytes(), is_less)
        }
        Format::WebP => {
            let mut webp = WebP::from_bytes(owned()).map_err(broken)?;
            let has_any = webp.has_chunk(CHUNK_EXIF) || webp.has_chunk(CHUNK_XMP);
            webp.remove_chunks_by_id(CHUNK_EXIF);
            webp.remove_chunks_by_id(CHUNK_XMP);
            (webp.encoder().bytes(), has_any)
        }
        Format::Gif => return Ok(None),
    };
    Ok(is_less.then(|| stripped.to_vec()))
}
