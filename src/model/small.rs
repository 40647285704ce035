//! Numbers of 16 bits that are small for the most part, in one byte each where they are.

/// Those below are one byte…
const TWO: u16 = 240;
/// …those below this two, of which the first is `TWO` and what comes of the number's higher bits…
const THREE: u16 = TWO + (((MOST - TWO as u8) as u16) << 8);
/// …and of the others the highest is this byte, and each of the rest follows `LONG`.
const MOST: u8 = u8::MAX - 1;
const LONG: u8 = u8::MAX;

/// Writes a number.
#[inline]
pub fn put_small(out: &mut Vec<u8>, number: u16) {
    if number < TWO {
        out.push(number as u8);
    } else if number == u16::MAX {
        out.push(MOST);
    } else if number < THREE {
        let [low, high] = (number - TWO).to_le_bytes();
        out.extend([TWO as u8 + high, low]);
    } else {
        let [low, high] = number.to_le_bytes();
        out.extend([LONG, high, low]);
    }
}

/// The numbers that [`put_small`] has written; they end where bytes are cut off.
#[derive(Debug, Clone)]
pub struct Smalls<'a>(pub &'a [u8]);

impl Iterator for Smalls<'_> {
    type Item = u16;

    #[inline]
    fn next(&mut self) -> Option<u16> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        if u16::from(*first) < TWO {
            return Some(u16::from(*first));
        }
        let mut byte = || {
            let (next, rest) = self.0.split_first()?;
            self.0 = rest;
            Some(*next)
        };
        match *first {
            MOST => Some(u16::MAX),
            LONG => Some(u16::from_be_bytes([byte()?, byte()?])),
            high => Some(TWO + u16::from_be_bytes([high - TWO as u8, byte()?])),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_read_as_it_was_written_and_most_take_a_byte() {
        let mut written = Vec::new();
        for number in 0..=u16::MAX {
            let before = written.len();
            put_small(&mut written, number);
            let length = match number {
                0..240 | u16::MAX => 1,
                240..3824 => 2,
                _ => 3,
            };
            assert_eq!(written.len() - before, length, "{number}");
        }
        assert!(Smalls(&written).eq(0..=u16::MAX));
    }

    #[test]
    fn what_is_cut_off_ends() {
        let mut written = Vec::new();
        for number in [7, 300, 60_000] {
            put_small(&mut written, number);
        }
        let read = |length: usize| Smalls(&written[..length]).collect::<Vec<_>>();
        assert_eq!(read(6), [7, 300, 60_000]);
        for (length, whole) in [(5, 2), (4, 2), (3, 2), (2, 1), (1, 1), (0, 0)] {
            assert_eq!(read(length), [7, 300][..whole], "{length}");
        }
    }
}
