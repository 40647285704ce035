//! What articles say that are looked at anew, by the ids of terms.

use rustc_hash::{FxHashMap, FxHashSet};

use super::Asked;
use crate::model::{Lexicon, Readings, Smalls, Spellings, WordedText, Wording};
use crate::site::ArticleId;
use crate::site::related::kept::{Kind, Terms};

/// What an article says.
#[derive(Debug)]
pub struct Said {
    pub rank: u32,
    /// The hash of the stem of each different word.
    pub hashes: Vec<u64>,
    /// Its id, once it is known.
    pub ids: Vec<u32>,
    pub text: WordedText,
    /// How the article spells them; empty where nobody wants to know.
    pub spellings: Spellings,
}

impl Said {
    fn new(rank: u32, wording: Wording, lexicon: &Lexicon) -> Self {
        let mut spellings = Spellings::default();
        for spelling in wording.spelled(lexicon) {
            spellings.push(spelling);
        }
        let words = wording.words.iter();
        Self {
            rank,
            hashes: words.map(|word| lexicon.stem(*word)).collect(),
            ids: Vec::new(),
            text: wording.text,
            spellings,
        }
    }

    /// Neighbouring words of a text.
    fn pairs<'a>(&'a self, text: Smalls<'a>) -> impl Iterator<Item = (u32, u32)> + 'a {
        let id = |place: u16| self.ids.get(usize::from(place)).copied();
        let pairs = text.clone().zip(text.skip(1));
        pairs.filter_map(move |(first, second)| Some((id(first)?, id(second)?)))
    }

    /// The pairs of its texts, with repetitions.
    pub fn all_pairs(&self) -> impl Iterator<Item = u64> + '_ {
        let texts = [self.text.title(), self.text.summary(), self.text.body()];
        let pairs = texts.into_iter().flat_map(|text| self.pairs(text));
        pairs.map(|(first, second)| Terms::pair(first, second))
    }

    /// The pairs that it puts into the dictionary: those of its title and headings whose words
    /// others have too, each once.
    pub fn given_pairs(&self, terms: &Terms) -> Vec<u64> {
        let texts = [self.text.title(), self.text.headings()];
        let pairs = texts.into_iter().flat_map(|text| self.pairs(text));
        let are_shared =
            |(first, second): &(u32, u32)| terms.count(*first) > 1 && terms.count(*second) > 1;
        let pairs = pairs.filter(are_shared);
        let mut pairs: Vec<u64> = pairs.map(|(a, b)| Terms::pair(a, b)).collect();
        pairs.sort_unstable();
        pairs.dedup();
        pairs
    }

    /// How the article spells a word.
    pub fn spelling(&self, hash: u64) -> &str {
        let place = self.hashes.iter().position(|other| *other == hash);
        place.map_or("", |place| self.spellings.get(place as u32))
    }
}

/// What some articles say: those that nobody has read are read now.
pub fn read(asked: &Asked, ranks: &[u32]) -> Vec<Said> {
    let unread = |rank: &&u32| asked.wordings[**rank as usize].is_none();
    let unread: Vec<ArticleId> = ranks
        .iter()
        .filter(unread)
        .map(|rank| ArticleId(*rank))
        .collect();
    let again = if unread.is_empty() {
        Readings::default()
    } else {
        (asked.reread)(&unread)
    };
    let mut wordings = again.wordings.into_iter();
    let said = ranks
        .iter()
        .map(|rank| match &asked.wordings[*rank as usize] {
            Some(wording) => Said::new(*rank, Wording::clone(wording), &asked.lexicon),
            None => Said::new(*rank, wordings.next().unwrap_or_default(), &again.lexicon),
        });
    said.collect()
}

/// The ids of words by their hashes, as far as there are any.
pub fn known_words(terms: &Terms, hashes: impl Iterator<Item = u64>) -> FxHashMap<u64, u32> {
    known(terms, Kind::Word, &hashes.collect(), |hash| hash)
}

/// The ids of phrases by their words, as far as there are any.
pub fn known_pairs(terms: &Terms, pairs: impl Iterator<Item = u64>) -> FxHashMap<u64, u32> {
    let mixed = |pair: u64| pair.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 32;
    known(terms, Kind::Phrase, &pairs.collect(), mixed)
}

/// The terms of a kind that are asked for. All are looked at, since asking for few of very many is
/// cheaper than a table of all; most are told by a bit that they are none of them.
fn known(
    terms: &Terms,
    kind: Kind,
    asked: &FxHashSet<u64>,
    mixed: impl Fn(u64) -> u64,
) -> FxHashMap<u64, u32> {
    let mut bits = vec![0_u64; (asked.len() / 8).next_power_of_two()];
    let mask = bits.len() as u64 * 64 - 1;
    let place = |meaning: u64| (mixed(meaning) & mask) as usize;
    for meaning in asked {
        let place = place(*meaning);
        bits[place / 64] |= 1 << (place % 64);
    }
    let may_be = |(_, meaning): &(u32, u64)| {
        let place = place(*meaning);
        bits[place / 64] >> (place % 64) & 1 == 1
    };
    let found = terms.of(kind).filter(may_be);
    let found = found.filter(|(_, meaning)| asked.contains(meaning));
    found.map(|(id, meaning)| (meaning, id)).collect()
}
