//! What articles are found by in a search.

/// A word of an article, and how much it counts there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Counted {
    /// Its place among the words of its [`IndexEntries`].
    pub word: u32,
    /// How much.
    pub mark: Mark,
}

/// How much a word counts in an article. The lower four bits say how much it weighs, 0 to 15; the
/// upper ones how many words the title has that it is in, up to 15, and 0 where it is in none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mark(pub u8);

impl Mark {
    /// Heaviest weight, and longest title that is told from longer ones.
    pub const MOST: u32 = 15;

    /// The mark of a word with a weight, in a title of so many words or in none (0).
    #[must_use]
    pub fn new(weight: u32, title: u32) -> Self {
        Self((weight.min(Self::MOST) | title.min(Self::MOST) << 4) as u8)
    }

    /// What the word weighs, its title left aside.
    #[must_use]
    pub fn weight(self) -> u8 {
        self.0 & 15
    }

    /// How many words the title has that the word is in; 0 where it is in none.
    #[must_use]
    pub fn title(self) -> u8 {
        self.0 >> 4
    }
}

/// What an article is found by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexEntry {
    /// Its words, each once, in any order.
    pub words: Box<[Counted]>,
    /// The beginning of its text, to show what was found.
    pub text: Box<str>,
}

/// What articles are found by, their words in one numbering.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IndexEntries {
    /// For each article; `None` for one that was not read.
    pub entries: Vec<Option<IndexEntry>>,
    /// The words, in order.
    pub words: Vec<Box<str>>,
}
