//! Outputs that lie beside others in a form that takes less to send, for servers that hand them out
//! instead.

use std::io::Write as _;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use flate2::write::GzEncoder;
use xxhash_rust::xxh3::xxh3_64;

use super::{Content, Made, Output};
use crate::diagnostics::{Code, Diagnostic};
use crate::key::{Key, Parts};
use crate::model::Compression;

/// Smallest file that is worth it, in bytes: less fits into one packet anyway.
const SMALLEST: u64 = 1024;

/// Largest file that is taken, in bytes: it is held as a whole.
const LARGEST: u64 = 64 << 20;

/// Changes with how files are compressed.
const METHOD: u32 = 1;

/// Quality of Brotli, of 0 to 11. 9 takes eleven times as long as this for pages of 0.7 % less, and 11
/// takes 46 times as long for 9 % less (docs/benchmarks.md).
const BROTLI_QUALITY: u32 = 5;

/// Logarithm of Brotli's window, which holds what can be referred to: 4 MiB (RFC 7932, 9.1).
const BROTLI_WINDOW: u32 = 22;

/// Endings of files that are text, or as good as text. Pictures, fonts and archives are compressed
/// already.
const ENDINGS: [&str; 14] = [
    "html",
    "css",
    "js",
    "mjs",
    "json",
    "xml",
    "svg",
    "txt",
    "csv",
    "md",
    "webmanifest",
    "ics",
    "map",
    "wasm",
];

impl Output {
    /// Has an output that was staged or kept beside itself, in these forms. `bytes`: what it holds, if
    /// that is at hand. A file that is not text, or small, stays alone.
    pub fn compress(
        &self,
        path: &str,
        forms: &[Compression],
        bytes: Option<&[u8]>,
    ) -> Result<(), Diagnostic> {
        if forms.is_empty() || !is_text(path) {
            return Ok(());
        }
        let content = match (bytes, self.records.get(path)) {
            (Some(bytes), _) => Content {
                hash: xxh3_64(bytes),
                size: bytes.len() as u64,
            },
            (None, Some(record)) => record.content,
            (None, None) => return Ok(()),
        };
        if !(SMALLEST..=LARGEST).contains(&content.size) {
            return Ok(());
        }
        for form in forms {
            self.compress_to(path, *form, content, bytes)?;
        }
        Ok(())
    }

    /// The same for an output that is a copy of a file.
    pub fn compress_file(
        &self,
        path: &str,
        forms: &[Compression],
        file: &Path,
    ) -> Result<(), Diagnostic> {
        let size = || std::fs::metadata(file).map_or(0, |file| file.len());
        if forms.is_empty() || !is_text(path) || !(SMALLEST..=LARGEST).contains(&size()) {
            return Ok(());
        }
        self.compress(path, forms, Some(&read(file)?))
    }

    fn compress_to(
        &self,
        path: &str,
        form: Compression,
        content: Content,
        bytes: Option<&[u8]>,
    ) -> Result<(), Diagnostic> {
        let beside = format!("{path}{}", form.ending());
        let key = Key::of(&(METHOD, content.hash, content.size, form.ending()));
        self.beside.fetch_add(1, Ordering::Relaxed);
        let before = self.made_from(&beside);
        if let Some(same) = before.filter(|before| before.made.key == key) {
            return self.keep(same);
        }
        let made = Made {
            key,
            parts: Parts {
                names: "".into(),
                hashes: Box::default(),
            },
            answers: Arc::default(),
        };
        let compressed = match bytes {
            Some(bytes) => compressed(bytes, form),
            None => compressed(&read(&self.disk.path(path))?, form),
        };
        self.stage(&beside, &compressed, Some(made))
    }
}

fn read(file: &Path) -> Result<Vec<u8>, Diagnostic> {
    std::fs::read(file).map_err(|error| {
        let message = format!("cannot read {}: {error}", file.display());
        Diagnostic::new(Code::Unreadable, message)
    })
}

fn is_text(path: &str) -> bool {
    let ending = path.rsplit_once('.').map(|(_, ending)| ending);
    ending.is_some_and(|ending| {
        ENDINGS
            .iter()
            .any(|known| ending.eq_ignore_ascii_case(known))
    })
}

/// The same bytes on every machine: no name and no time is in them.
fn compressed(bytes: &[u8], form: Compression) -> Vec<u8> {
    // Neither encoder fails but where writing does, and memory takes everything.
    match form {
        Compression::Gzip => {
            let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::best());
            let _ = encoder.write_all(bytes);
            encoder.finish().unwrap_or_default()
        }
        Compression::Brotli => {
            let mut out = Vec::new();
            let buffer = 64 * 1024;
            let mut encoder =
                brotli::CompressorWriter::new(&mut out, buffer, BROTLI_QUALITY, BROTLI_WINDOW);
            let _ = encoder.write_all(bytes);
            drop(encoder);
            out
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_is_compressed_comes_out_as_it_was() {
        let text = "The ferry leaves at ten. ".repeat(200);
        let bytes = text.as_bytes();
        let mut gzip = String::new();
        flate2::read::GzDecoder::new(&*compressed(bytes, Compression::Gzip))
            .read_to_string(&mut gzip)
            .unwrap();
        let mut brotli = String::new();
        brotli::Decompressor::new(&*compressed(bytes, Compression::Brotli), 4096)
            .read_to_string(&mut brotli)
            .unwrap();
        assert!(gzip == text && brotli == text);
    }

    #[test]
    fn only_text_is_compressed() {
        assert!(is_text("a/index.html") && is_text("A.CSS") && is_text("feed.json"));
        assert!(!is_text("a.png") && !is_text("a.woff2") && !is_text("html") && !is_text("a.gz"));
    }
}
