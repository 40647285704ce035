//! A set of terms among many: asked for each term of each article.

/// Some ids, and the place of each among them.
#[derive(Debug, Default)]
pub struct Set {
    bits: Vec<u64>,
    /// How many come before each 64.
    before: Vec<u32>,
    len: usize,
}

impl Set {
    /// The ids, which are below `all`; others are left out.
    pub fn new(all: usize, ids: impl Iterator<Item = u32>) -> Self {
        let mut bits = vec![0_u64; all / 64 + 1];
        for id in ids.filter(|id| (*id as usize) < all) {
            bits[id as usize / 64] |= 1 << (id % 64);
        }
        let mut len = 0;
        let before = bits
            .iter()
            .map(|word| {
                let before = len;
                len += word.count_ones();
                before
            })
            .collect();
        Self {
            bits,
            before,
            len: len as usize,
        }
    }

    pub fn len(&self) -> usize {
        self.len
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    #[inline]
    pub fn has(&self, id: u32) -> bool {
        let word = self.bits.get(id as usize / 64).copied().unwrap_or(0);
        word >> (id % 64) & 1 == 1
    }

    /// The place of an id among those of the set.
    #[inline]
    pub fn place(&self, id: u32) -> Option<u32> {
        if !self.has(id) {
            return None;
        }
        let word = id as usize / 64;
        let lower = self.bits[word] & ((1 << (id % 64)) - 1);
        Some(self.before[word] + lower.count_ones())
    }

    /// The ids in order.
    pub fn ids(&self) -> impl Iterator<Item = u32> + '_ {
        (0..).zip(&self.bits).flat_map(|(word, bits)| {
            let mut left = *bits;
            std::iter::from_fn(move || {
                let bit = (left != 0).then(|| left.trailing_zeros())?;
                left &= left - 1;
                Some(word * 64 + bit)
            })
        })
    }
}
