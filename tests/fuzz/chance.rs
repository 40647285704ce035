//! Inputs that come about by chance, the same in every run.
//!
//! In: the seeds of a target and its pieces. Out: seeds in which something was put in, taken out,
//! repeated, changed, or taken from another one.

use super::random::Random;

/// Longest input, in bytes.
const LONGEST: usize = 4096;

/// Most changes to one seed.
const MOST_CHANGES: usize = 6;

/// Inputs of a target.
pub struct Inputs<'a> {
    pub random: Random,
    pub seeds: &'a [Vec<u8>],
    pub pieces: &'a [&'a str],
}

impl Inputs<'_> {
    /// The next one.
    pub fn next(&mut self) -> Vec<u8> {
        let mut input = match self.seeds {
            [] => Vec::new(),
            seeds => self.random.pick(seeds).clone(),
        };
        for _ in 0..=self.random.below(MOST_CHANGES) {
            self.change(&mut input);
        }
        input.truncate(LONGEST);
        input
    }

    fn change(&mut self, input: &mut Vec<u8>) {
        let at = self.random.below(input.len() + 1);
        let end = (at + self.random.below(16)).min(input.len());
        match self.random.below(8) {
            0..3 => {
                let piece = self.random.pick(self.pieces);
                input.splice(at..at, piece.bytes());
            }
            3 => {
                let piece = self.random.pick(self.pieces);
                let times = 1 << self.random.below(7);
                input.splice(at..at, piece.repeat(times).into_bytes());
            }
            4 => drop(input.drain(at..end)),
            5 => {
                let part = input[at..end].to_vec();
                input.splice(end..end, part);
            }
            6 if !self.seeds.is_empty() => {
                let other = self.random.pick(self.seeds);
                let from = self.random.below(other.len() + 1);
                input.splice(at.., other[from..].iter().copied());
            }
            _ => {
                if let Some(byte) = input.get_mut(at) {
                    *byte = self.random.next() as u8;
                }
            }
        }
    }
}
