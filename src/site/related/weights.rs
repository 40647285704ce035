//! What counts how much.

/// How much each kind of evidence counts. Cosines of words count 1; the rest is in proportion.
///
/// The values of [`Weights::default`] are fitted and measured with `examples/related_quality.rs`;
/// docs/related.md tells how.
#[derive(Debug, Clone, PartialEq)]
pub struct Weights {
    /// Cosine of the words' weights. Only switched off to measure what it does.
    pub words: f32,
    /// A phrase, as against a word of the same rarity.
    pub phrases: f32,
    /// The share of the other's title, by the rarity of its words, that the text mentions.
    pub title_words: f32,
    /// The same for the phrases of the title.
    pub title_phrases: f32,
    /// Cosine of the tags' rarities.
    pub tags: f32,
    /// A link from one to the other.
    pub link: f32,
    /// Articles that link to both, or that both link to.
    pub shared_links: f32,
    /// What an article of the same day gains, as a share of its score.
    pub time: f32,
    /// What a newer article gains by time, as a share of what an older one gains.
    pub newer: f32,
    /// Days after which time counts half.
    pub half_life: f32,
    /// How soon a word that is repeated counts no more: k1 of BM25.
    pub saturation: f32,
    /// How much longer texts are held to repeat words: b of BM25.
    pub length: f32,
    /// A term that more than one in so many articles have says nothing…
    pub common: usize,
    /// …unless they are no more than so many…
    pub common_floor: usize,
    /// …and in any archive one that more than so many have: too few of these would be looked at.
    pub common_limit: usize,
    /// The words and phrases of an article that are looked at: those that weigh most.
    pub terms: usize,
    /// Of more articles than so many that have a term, those are looked at in which it weighs
    /// most: what bounds the work for an article, however large the archive is.
    pub longest: usize,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            words: 1.0,
            phrases: 0.9,
            title_words: 0.22,
            title_phrases: 0.15,
            tags: 0.04,
            link: 0.1,
            shared_links: 0.05,
            time: 1.0,
            newer: 0.5,
            half_life: 540.0,
            saturation: 2.0,
            length: 0.75,
            common: 10,
            common_floor: 50,
            common_limit: 768,
            terms: 128,
            longest: 48,
        }
    }
}

/// Logarithm of a count in quarters of an octave, rounded down: the same for most neighbouring
/// numbers, so that one more article does not shift every score, and exact on every machine.
pub(super) fn quarters(count: usize) -> u32 {
    let fourth_power = (count.max(1) as u128).min(u128::from(u32::MAX)).pow(4);
    fourth_power.ilog2()
}

/// The number that so many quarters of an octave stand for.
pub(super) fn from_quarters(quarters: u32) -> f32 {
    const STEPS: [f32; 4] = [1.0, 1.189_207_1, std::f32::consts::SQRT_2, 1.681_792_9];
    STEPS[quarters as usize % 4] * (1_u64 << (quarters / 4)) as f32
}

/// How much it says that an article has something that `with` of `of` have, in octaves; a little
/// even if all have it, since in a site of three articles there is not much else.
pub(super) fn rarity(with: usize, of: usize) -> f32 {
    (quarters(of).saturating_sub(quarters(with)) + 1) as f32 / 4.0
}
