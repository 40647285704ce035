//! The list of what Pressroom itself has put into an output folder.
//!
//! A text file: the line `pressroom manifest 1`, then a line `HASH SIZE PATH` for each output,
//! sorted by path; the hash is xxh3 with 64 bits in hexadecimal digits. Equal builds leave equal
//! manifests.

use std::io::{self, ErrorKind, Write};

use rayon::prelude::*;

use super::disk::Disk;
use super::list::List;
use super::{Content, names};
use crate::diagnostics::Diagnostic;

/// The file in Pressroom's own folder.
pub(super) const NAME: &str = "manifest";
const FIRST_LINE: &str = "pressroom manifest 1";
/// How the first line begins in every version.
const FAMILY: &str = "pressroom manifest";

/// What an earlier build recorded.
#[derive(Debug, Default)]
pub(super) struct Manifest {
    /// What is ours.
    pub(super) outputs: List,
    /// Whether the folder has a manifest, whole or damaged.
    pub(super) recognised: bool,
    /// Whether every line of it was understood.
    pub(super) whole: bool,
}

impl Manifest {
    /// Reads the manifest of an output folder; without one, nothing is ours.
    ///
    /// Of a manifest that is damaged or of another version, those lines count whose file still
    /// has the bytes that the line records: a damaged path could be that of somebody's file.
    ///
    /// `remembered`: the manifest, if it was read before.
    pub(super) fn load(disk: &Disk, remembered: Option<Self>) -> Result<Self, Diagnostic> {
        let own = format!("{}/{NAME}", names::OWN);
        let mut manifest = if let Some(remembered) = remembered {
            remembered
        } else {
            match disk.read_own(NAME) {
                Ok(text) => Self::parse(&text),
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Self::default()),
                Err(error) => return Err(disk.failed("read", &own, &error)),
            }
        };
        if !manifest.whole {
            let listed = std::mem::take(&mut manifest.outputs);
            let holds = |(path, content): &(&str, Content)| disk.holds_content(path, *content);
            let held: Vec<_> = listed.par_iter().filter(holds).collect();
            manifest.outputs = held.into_iter().collect();
        }
        Ok(manifest)
    }

    pub(super) fn parse(text: &[u8]) -> Self {
        let mut lines = text.split_inclusive(|byte| *byte == b'\n').map(line);
        let first = lines.next().flatten();
        let mut whole = first == Some(FIRST_LINE);
        let mut entries = Vec::new();
        for line in lines {
            match line.and_then(entry) {
                Some(entry) => entries.push(entry),
                None => whole = false,
            }
        }
        let recognised = !entries.is_empty() || first.is_some_and(|line| line.starts_with(FAMILY));
        if !entries.is_sorted_by_key(|(path, _)| *path) {
            entries.sort_by_key(|(path, _)| *path);
        }
        let count = entries.len();
        entries.dedup_by_key(|(path, _)| *path);
        Self {
            recognised,
            whole: whole && entries.len() == count,
            outputs: entries.into_iter().collect(),
        }
    }
}

/// A line that has its end: a path that was cut off could be another file's.
fn line(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes.strip_suffix(b"\n")?).ok()
}

fn entry(line: &str) -> Option<(&str, Content)> {
    let (hash, rest) = line.split_once(' ')?;
    let (size, path) = rest.split_once(' ')?;
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if hash.len() != 16 || !digits(hash) || !digits(size) || !names::is_safe(path) {
        return None;
    }
    let content = Content {
        hash: u64::from_str_radix(hash, 16).ok()?,
        size: size.parse().ok()?,
    };
    Some((path, content))
}

/// Writes a manifest of outputs that come sorted by path.
pub(super) fn write<'a>(
    to: &mut dyn Write,
    outputs: impl Iterator<Item = (&'a str, Content)>,
) -> io::Result<()> {
    writeln!(to, "{FIRST_LINE}")?;
    for (path, Content { hash, size }) in outputs {
        to.write_all(&digits(hash))?;
        writeln!(to, " {size} {path}")?;
    }
    Ok(())
}

/// A number in sixteen hexadecimal digits, in a tenth of the time that formatting takes.
fn digits(number: u64) -> [u8; 16] {
    std::array::from_fn(|at| {
        let digit = number >> (60 - 4 * at) & 0xf;
        b"0123456789abcdef"[digit as usize]
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINE: &str = "00000000000000ff 12 news/a b/index.html\n";

    #[test]
    fn what_is_written_is_what_is_read() {
        let mut text = Vec::new();
        let content = Content {
            hash: 255,
            size: 12,
        };
        write(&mut text, [("news/a b/index.html", content)].into_iter()).unwrap();
        assert_eq!(
            String::from_utf8_lossy(&text),
            format!("{FIRST_LINE}\n{LINE}")
        );
        let manifest = Manifest::parse(&text);
        assert!(manifest.whole && manifest.recognised);
        assert_eq!(
            manifest.outputs.iter().collect::<Vec<_>>(),
            [("news/a b/index.html", content)]
        );
    }

    #[test]
    fn a_line_that_is_cut_off_or_leads_elsewhere_is_not_believed() {
        for damage in [
            "00000000000000ff 12 news/a b/ind",
            "00000000000000ff 12 ../content/a.md\n",
            "00000000000000ff 12 /etc/passwd\n",
            "00000000000000ff 12 .pressroom/lock\n",
            "00000000000000ff 12 .Pressroom/lock\n",
            "00000000000000ff 12 news//a\n",
            "00000000000000ff 12 \n",
            "00000000000000ff -1 a\n",
            "00000000000000fg 12 a\n",
            "0ff 12 a\n",
            "\n",
        ] {
            let manifest = Manifest::parse(format!("{FIRST_LINE}\n{LINE}{damage}").as_bytes());
            assert!(!manifest.whole, "{damage:?}");
            assert_eq!(manifest.outputs.len(), 1, "{damage:?}");
        }
    }

    #[test]
    fn a_path_that_is_listed_twice_is_damage() {
        assert!(!Manifest::parse(format!("{FIRST_LINE}\n{LINE}{LINE}").as_bytes()).whole);
    }

    #[test]
    fn another_version_is_ours_and_another_file_is_not() {
        let other = Manifest::parse(b"pressroom manifest 2\nwhatever\n");
        assert!(other.recognised && !other.whole);
        for text in [
            &b""[..],
            b"\n",
            b"\xff\xfe\n",
            b"CACHE MANIFEST\nindex.html\n",
        ] {
            assert!(!Manifest::parse(text).recognised);
        }
    }
}
