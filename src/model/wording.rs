//! What an article says, as far as finding related articles needs to know.

use super::lexicon::{Lexicon, Renumbering};
use super::small::{Smalls, put_small};

/// A word as a number: the place of its stem among those of its [`Readings`], so that `article` and
/// `articles` are one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Word(pub u32);

/// The words of an article in their order.
///
/// Each different word is held once; the text is places in that list, so that 500 words take
/// about 1.5 KB.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wording {
    /// The different words, those of the title first.
    pub words: Box<[Word]>,
    /// The text, as places in `words`.
    pub text: WordedText,
    /// Those that the article spells first in another way than is usual, by their places in
    /// `words`, and how, by the numbers of a [`Lexicon`].
    pub spellings: Box<[(u16, u32)]>,
}

/// What articles say, their words in one numbering.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Readings {
    /// What each article says.
    pub wordings: Vec<Wording>,
    /// What its numbers stand for.
    pub lexicon: Lexicon,
}

/// A text as places in a list of words, which are small: most texts have few hundred different words, and
/// have early what they have often.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WordedText {
    /// As [`put_small`] writes them.
    places: Box<[u8]>,
    /// Where the title ends, the headings, and the blurb.
    ends: [u32; 3],
    /// How many places the body has.
    length: u32,
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
    /// Its words in their order.
    written: Vec<u8>,
}

impl Places {
    fn next_text(&mut self) {
        self.words.clear();
        self.written.clear();
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
        let mut ends = [0; 4];
        for (part, end) in parts.iter().zip(&mut ends) {
            for word in *part {
                let place = word.and_then(|word| places.of(word));
                put_small(&mut places.written, place.unwrap_or(Self::GAP));
            }
            *end = places.written.len() as u32;
        }
        Self {
            words: places.words.as_slice().into(),
            text: WordedText {
                places: places.written.as_slice().into(),
                ends: [ends[0], ends[1], ends[2]],
                length: parts[3].len() as u32,
            },
            spellings: Box::default(),
        }
    }
}

impl Wording {
    /// How the article spells each of its words first; nothing where nobody wants to know.
    pub fn spelled<'a>(&'a self, lexicon: &'a Lexicon) -> impl Iterator<Item = &'a str> {
        let mut own = by_place(&self.spellings);
        self.words.iter().zip(0..).filter_map(move |(word, place)| {
            let spelling = own(place).or_else(|| lexicon.usual(*word))?;
            Some(lexicon.spellings.get(spelling))
        })
    }

    /// The same in another numbering.
    #[must_use]
    pub fn renumbered(mut self, to: &Renumbering) -> Self {
        let mut spelled = Vec::new();
        let mut own = by_place(&self.spellings);
        for (word, place) in self.words.iter_mut().zip(0..) {
            let (number, unusual) = to.word(*word);
            *word = number;
            let own = own(place).map(|spelling| to.spelling(spelling));
            spelled.extend(own.or(unusual).map(|spelling| (place, spelling)));
        }
        drop(own);
        self.spellings = spelled.into();
        self
    }
}

/// The spelling that stands at a place, if any does; places are asked for in order.
fn by_place(spellings: &[(u16, u32)]) -> impl FnMut(u16) -> Option<u32> {
    let mut spellings = spellings.iter().peekable();
    move |place| {
        let own = spellings.next_if(|(at, _)| *at == place)?;
        Some(own.1)
    }
}

impl WordedText {
    fn part(&self, from: u32, to: u32) -> Smalls<'_> {
        Smalls(&self.places[from as usize..to as usize])
    }

    /// The title: places in [`Wording::words`], or [`Wording::GAP`].
    #[must_use]
    pub fn title(&self) -> Smalls<'_> {
        self.part(0, self.ends[0])
    }

    /// What else the author puts forward: the headings, which are part of the body too.
    #[must_use]
    pub fn headings(&self) -> Smalls<'_> {
        self.part(self.ends[0], self.ends[1])
    }

    /// The blurb, if the author wrote one.
    #[must_use]
    pub fn summary(&self) -> Smalls<'_> {
        self.part(self.ends[1], self.ends[2])
    }

    /// The text.
    #[must_use]
    pub fn body(&self) -> Smalls<'_> {
        self.part(self.ends[2], self.places.len() as u32)
    }

    /// How many places the body has.
    #[must_use]
    pub fn length(&self) -> u32 {
        self.length
    }

    /// How often title, blurb and body have each of so many words, by its place; 0 for one that is
    /// in headings alone.
    #[must_use]
    pub fn counts(&self, words: usize) -> Vec<u16> {
        let mut counts = vec![0_u16; words];
        for part in [self.title(), self.summary(), self.body()] {
            for place in part {
                // A gap is no place of a word.
                if let Some(count) = counts.get_mut(usize::from(place)) {
                    *count = count.saturating_add(1);
                }
            }
        }
        counts
    }

    /// Its memory, for something else.
    #[must_use]
    pub fn into_memory(self) -> Vec<u8> {
        let mut memory = Vec::from(self.places);
        memory.clear();
        memory
    }
}
