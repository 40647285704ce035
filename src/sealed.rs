//! Files that Pressroom keeps for itself between builds: what is read is what was written, by this
//! version, or nothing.
//!
//! A line of text such as `pressroom 0.1.0 0123456789abcdef records 1`, in which the hash is that of
//! the program's sources, the xxh3 hash of what follows in 16 bytes,
//! lowest first, and a value, in the format of postcard or in one of its own.

use serde::Serialize;
use xxhash_rust::xxh3::xxh3_128;

const HASH: usize = size_of::<u128>();

/// The bytes of a file that holds a value. `kind` says what it is, and the version of its format.
pub fn seal<T: Serialize>(kind: &str, value: &T) -> Vec<u8> {
    seal_bytes(kind, 0, |bytes| {
        *bytes = match postcard::to_extend(value, std::mem::take(bytes)) {
            Ok(bytes) => bytes,
            Err(error) => unreachable!("a value that cannot be kept: {error}"),
        };
    })
}

/// The same for a value that has a form of its own, of about so many bytes, which `write` adds.
pub fn seal_bytes(kind: &str, room: usize, write: impl FnOnce(&mut Vec<u8>)) -> Vec<u8> {
    let mut bytes = first_line(kind);
    let start = bytes.len();
    bytes.reserve(room + HASH);
    bytes.extend([0; HASH]);
    write(&mut bytes);
    let hash = xxh3_128(&bytes[start + HASH..]);
    bytes[start..start + HASH].copy_from_slice(&hash.to_le_bytes());
    bytes
}

/// What is in a file of this kind; `None` when the file is damaged, of another
/// version or of another kind.
pub fn open<'a>(kind: &str, file: &'a [u8]) -> Option<&'a [u8]> {
    let rest = file.strip_prefix(&*first_line(kind))?;
    let (hash, value) = rest.split_first_chunk()?;
    (u128::from_le_bytes(*hash) == xxh3_128(value)).then_some(value)
}

fn first_line(kind: &str) -> Vec<u8> {
    let version = concat!(env!("CARGO_PKG_VERSION"), " ", env!("PRESSROOM_BUILD"));
    format!("pressroom {version} {kind}\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_whole_and_of_this_kind_is_opened() {
        let file = seal("notes 1", &vec!["one", "two"]);
        let value = open("notes 1", &file).expect("it is whole");
        assert_eq!(
            postcard::from_bytes::<Vec<&str>>(value),
            Ok(vec!["one", "two"])
        );
        assert_eq!(open("notes 2", &file), None);
        assert_eq!(open("other 1", &file), None);
        for at in 0..file.len() {
            assert_eq!(open("notes 1", &file[..at]), None, "cut off at {at}");
            let mut damaged = file.clone();
            damaged[at] ^= 1;
            assert_eq!(open("notes 1", &damaged), None, "damaged at {at}");
        }
    }
}
