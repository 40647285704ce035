//! What an article says, as far as finding related articles needs to know.

/// A word as a number: the place of its stem among those of its [`Readings`], so that `article` and
/// `articles` are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(pub u32);

/// The words of an article in their order.
///
/// Each different word is held once; the text is places in that list, so that 500 words take
/// about 2 KB.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wording {
    /// The different words, those of the title first.
    pub words: Box<[Word]>,
    /// The text, as places in `words`.
    pub text: WordedText,
    /// How the article spells each of them first, by the numbers of a [`Lexicon`]; empty where
    /// nobody wants to know.
    pub spellings: Box<[u32]>,
}

/// What articles say, their words in one numbering.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Readings {
    /// What each article says.
    pub wordings: Vec<Wording>,
    /// What its numbers stand for.
    pub lexicon: Lexicon,
}

/// What the numbers of wordings stand for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lexicon {
    /// The hash of the stem of each word, ascending.
    pub stems: Vec<u64>,
    /// How words are spelled.
    pub spellings: Spellings,
}

impl Lexicon {
    /// The hash of the stem of a word; 0 for a word of another numbering.
    #[must_use]
    pub fn stem(&self, word: Word) -> u64 {
        self.stems.get(word.0 as usize).copied().unwrap_or(0)
    }
}

/// Spellings of words, in small letters, by number: one text, since they are many and short.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spellings {
    text: String,
    ends: Vec<usize>,
}

impl Spellings {
    /// Takes one more; its number.
    pub fn push(&mut self, spelling: &str) -> u32 {
        self.text.push_str(spelling);
        self.ends.push(self.text.len());
        self.ends.len() as u32 - 1
    }

    /// Takes others, in their order; what the first of them is now.
    pub fn append(&mut self, others: &Self) -> u32 {
        let (first, start) = (self.ends.len() as u32, self.text.len());
        self.text.push_str(&others.text);
        self.ends.extend(others.ends.iter().map(|end| start + end));
        first
    }

    /// The spelling with a number; empty if there is none.
    #[must_use]
    pub fn get(&self, number: u32) -> &str {
        let at = number as usize;
        let Some(end) = self.ends.get(at) else {
            return "";
        };
        let start = at.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..*end]
    }
}

/// A text as places in a list of words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WordedText {
    places: Box<[u16]>,
    /// Where the title ends, the headings, and the blurb.
    ends: [u32; 3],
}

/// The place of each word of a text: memory for one text after the other.
#[derive(Debug, Default)]
pub struct Places {
    /// For each word the text that had it last, and its place there.
    of: Vec<(u32, u16)>,
    /// Which text it is; there is none with the number 0.
    text: u32,
    /// Its different words.
    words: Vec<Word>,
}

impl Places {
    fn next_text(&mut self) {
        self.words.clear();
        self.text = self.text.checked_add(1).unwrap_or_else(|| {
            self.of.clear();
            1
        });
    }

    /// The place of a word; `None` when there are too many.
    fn of(&mut self, word: Word) -> Option<u16> {
        let at = word.0 as usize;
        if at >= self.of.len() {
            self.of.resize(at + 1, (0, 0));
        }
        let (text, place) = &mut self.of[at];
        if *text == self.text {
            return Some(*place);
        }
        let free = self.words.len();
        if free == usize::from(Wording::GAP) {
            return None;
        }
        (*text, *place) = (self.text, free as u16);
        self.words.push(word);
        Some(*place)
    }
}

impl Wording {
    /// Stands between two words of a text that are no phrase: there is a full stop between them.
    pub const GAP: u16 = u16::MAX;

    /// The terms of a text in four parts, each without or with gaps (`None`). Words beyond the
    /// first 65,535 different ones are left out.
    #[must_use]
    pub fn new(parts: [&[Option<Word>]; 4], places: &mut Places) -> Self {
        places.next_text();
        let mut text = Vec::with_capacity(parts.iter().map(|part| part.len()).sum());
        let mut ends = [0; 4];
        for (part, end) in parts.iter().zip(&mut ends) {
            for word in *part {
                let place = word.and_then(|word| places.of(word));
                text.push(place.unwrap_or(Self::GAP));
            }
            *end = text.len() as u32;
        }
        Self {
            words: places.words.as_slice().into(),
            text: WordedText {
                places: text.into(),
                ends: [ends[0], ends[1], ends[2]],
            },
            spellings: Box::default(),
        }
    }
}

impl Wording {
    /// The same in another numbering, which has a new number for each word, and in which its
    /// spellings begin at `first`.
    #[must_use]
    pub fn renumbered(mut self, numbers: &[Word], first: u32) -> Self {
        for word in &mut self.words {
            *word = numbers[word.0 as usize];
        }
        for spelling in &mut self.spellings {
            *spelling += first;
        }
        self
    }
}

impl WordedText {
    /// The title: places in [`Wording::words`], or [`Wording::GAP`].
    #[must_use]
    pub fn title(&self) -> &[u16] {
        &self.places[..self.ends[0] as usize]
    }

    /// What else the author puts forward: the headings, which are part of the body too.
    #[must_use]
    pub fn headings(&self) -> &[u16] {
        &self.places[self.ends[0] as usize..self.ends[1] as usize]
    }

    /// The blurb, if the author wrote one.
    #[must_use]
    pub fn summary(&self) -> &[u16] {
        &self.places[self.ends[1] as usize..self.ends[2] as usize]
    }

    /// How often title, blurb and body have each of so many words, by its place; 0 for one that is
    /// in headings alone.
    #[must_use]
    pub fn counts(&self, words: usize) -> Vec<u16> {
        let mut counts = vec![0_u16; words];
        for place in [self.title(), self.summary(), self.body()]
            .into_iter()
            .flatten()
        {
            // A gap is no place of a word.
            if let Some(count) = counts.get_mut(usize::from(*place)) {
                *count = count.saturating_add(1);
            }
        }
        counts
    }

    /// All places, in their memory.
    #[must_use]
    pub fn into_places(self) -> Vec<u16> {
        self.places.into()
    }

    /// The text.
    #[must_use]
    pub fn body(&self) -> &[u16] {
        &self.places[self.ends[2] as usize..]
    }
}
