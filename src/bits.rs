//! Which bytes of a text are of a kind, a bit for each: to ask byte by byte where a word ends is to be
//! wrong about each next one.

/// Bytes that are looked at together.
pub const BLOCK: usize = 64;

/// Takes a text apart into blocks, the last of which is filled up with NUL. There is one in any case, and
/// it has room for one byte at least.
pub fn blocks(bytes: &[u8], mut each: impl FnMut(&[u8; BLOCK])) {
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    blocks.iter().for_each(&mut each);
    let mut last = [0; BLOCK];
    last[..rest.len()].copy_from_slice(rest);
    each(&last);
}

/// Which bytes of a block are of a kind, the first in the lowest bit.
pub fn of(block: &[u8; BLOCK], is: impl Fn(u8) -> bool) -> u64 {
    let found = block.map(|byte| u8::from(is(byte)));
    let (eighths, _) = found.as_chunks::<8>();
    eighths.iter().rev().fold(0, |bits, eight| {
        // The product has the lowest bits of the eight bytes side by side at its top.
        let gathered = u64::from_le_bytes(*eight).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        bits << 8 | gathered
    })
}

/// Whether all bytes are of a kind. Many are looked at before it is asked whether one was not.
pub fn all(bytes: &[u8], is: impl Fn(u8) -> bool) -> bool {
    let all = |bytes: &[u8]| bytes.iter().fold(0, |odd, byte| odd | u8::from(!is(*byte))) == 0;
    let (blocks, rest) = bytes.as_chunks::<BLOCK>();
    blocks.iter().all(|block| all(block)) && all(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_byte_of_another_kind_is_found_wherever_it_is() {
        for length in [0, 1, 63, 64, 65, 200] {
            let mut text = vec![b'a'; length];
            assert!(all(&text, |byte| byte == b'a'));
            for at in 0..length {
                text[at] = b'b';
                assert!(!all(&text, |byte| byte == b'a'));
                text[at] = b'a';
            }
        }
    }

    #[test]
    fn bits_are_those_of_the_bytes() {
        let text = "One, two: ".repeat(20);
        for length in [0, 1, 63, 64, 65, 200] {
            let mut found = Vec::new();
            blocks(&text.as_bytes()[..length], |block| {
                let bits = of(block, |byte| byte.is_ascii_alphabetic());
                found.extend((0..BLOCK).map(|at| bits >> at & 1 == 1));
            });
            assert_eq!(found.len(), length / BLOCK * BLOCK + BLOCK);
            let expected = text
                .bytes()
                .take(length)
                .map(|byte| byte.is_ascii_alphabetic());
            assert!(expected.eq(found[..length].iter().copied()));
            assert!(!found[length..].contains(&true));
        }
    }
}
