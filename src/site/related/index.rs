//! For each term the articles that have it.

use std::ops::Range;

use rayon::prelude::*;

use super::kept::Side;
use super::vectors::{Title, Vector};
use super::vocabulary::TermId;

/// Scores are whole numbers, so that the order of additions does not show: this is 1.
pub(super) const ONE: u32 = 1 << 24;

/// A weight between 0 and 1 in a byte: its square root, since small ones need more precision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Code(u8);

/// The weight of each code, where 2¹⁵ is 1.
const WEIGHTS: [u32; 256] = {
    let mut weights = [0; 256];
    let mut code = 0;
    while code < 256 {
        weights[code] = (code * code * (1 << 15) / (255 * 255)) as u32;
        code += 1;
    }
    weights
};

impl Code {
    pub fn new(weight: f32) -> Self {
        // Rounded to the nearest by cutting off: `round` is a function call on older machines.
        Self((weight.clamp(0.0, 1.0).sqrt() * 255.0 + 0.5) as u8)
    }

    /// The code as it is kept.
    pub fn byte(self) -> u8 {
        self.0
    }

    pub fn of_byte(byte: u8) -> Self {
        Self(byte)
    }

    fn weight(self) -> u32 {
        WEIGHTS[usize::from(self.0)]
    }

    /// The product of two weights, as a score.
    pub fn times(self, other: Self) -> u32 {
        (self.weight() * other.weight()) >> 6
    }

    /// The weight as a score.
    pub fn score(self) -> u32 {
        self.weight() << 9
    }
}

/// An article that has a term.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Posting {
    pub article: u32,
    /// How much the term weighs in its text.
    pub weight: Code,
    /// What its title gives to those that have the term.
    pub title: Code,
}

impl Posting {
    /// Of one of the two kinds.
    pub fn new(article: u32, side: Side, code: Code) -> Self {
        let (weight, title) = match side {
            Side::Text => (code, Code::default()),
            Side::Title => (Code::default(), code),
        };
        Self {
            article,
            weight,
            title,
        }
    }
}

/// Shares of terms that each thread makes the lists of, one after the other.
const ROUNDS: usize = 4;

/// For each term the articles that have it. What an article needs of a term lies together, since
/// fetching it from memory is what takes the time.
#[derive(Debug, Default)]
pub(super) struct Index {
    /// The list of each term; one more at the end.
    lists: Vec<List>,
    postings: Vec<Posting>,
}

/// Where the list of a term is: first the articles with the term in their titles, then the
/// others, both newest first.
#[derive(Debug, Clone, Copy, Default)]
struct List {
    start: u32,
    titles: u32,
}

/// How many postings of each kind a term has.
#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    titles: u32,
    texts: u32,
}

impl Counts {
    fn both(self) -> usize {
        self.titles as usize + self.texts as usize
    }
}

impl Index {
    /// Of more than `longest` articles that have a term, those stay in which it weighs most, and
    /// of more that have it in their titles, those to whose titles it matters most.
    pub fn new(vectors: &[Vector], titles: &[Title], terms: usize, longest: usize) -> Self {
        let mut counts = vec![Counts::default(); terms];
        for (term, code) in titles.iter().flatten() {
            let count = &mut counts[term.0 as usize];
            // What gives nothing by rounding is kept as the others are.
            if *code == Code::default() {
                count.texts += 1;
            } else {
                count.titles += 1;
            }
        }
        for term in vectors.iter().flat_map(|vector| &vector.terms) {
            counts[term.0 as usize].texts += 1;
        }
        let most = u32::try_from(longest).unwrap_or(u32::MAX);
        let mut lists = Vec::with_capacity(terms + 1);
        let mut length = 0;
        for count in &counts {
            let (titles, texts) = (count.titles.min(most), count.texts.min(most));
            lists.push(List {
                start: length,
                titles,
            });
            length += titles + texts;
        }
        lists.push(List {
            start: length,
            titles: 0,
        });
        let mut postings = vec![Posting::default(); length as usize];
        // All postings before they are chosen from would be the most memory that an index takes, and so
        // each thread makes the lists of some terms after those of others.
        let mut rest = postings.as_mut_slice();
        let shares = shares(&counts, rayon::current_num_threads() * ROUNDS).into_iter();
        let shares = shares.map(|share| {
            let length = lists[share.end].start - lists[share.start].start;
            let lists = rest.split_off_mut(..length as usize);
            (share, lists.unwrap_or_default())
        });
        let shares: Vec<(Range<usize>, &mut [Posting])> = shares.collect();
        shares.into_par_iter().for_each(|(share, lists)| {
            let terms = TermId(share.start as u32)..TermId(share.end as u32);
            let entries = vectors.iter().zip(titles).zip(0..);
            let entries = entries
                .flat_map(|((vector, title), article)| postings_of(vector, title, article, &terms));
            fill(lists, entries, share.start, &counts[share], longest);
        });
        Self { lists, postings }
    }

    /// The lists of some terms and those of the terms after them.
    pub fn of_parts(parts: Vec<Self>) -> Self {
        let postings = parts.iter().map(|part| part.postings.len()).sum();
        let lists: usize = parts.iter().map(|part| part.lists.len()).sum();
        let mut index = Self {
            lists: Vec::with_capacity(lists + 1),
            postings: Vec::with_capacity(postings),
        };
        for part in parts {
            let before = index.postings.len() as u32;
            index.lists.extend(part.lists.iter().map(|list| List {
                start: before + list.start,
                ..*list
            }));
            index.postings.extend(part.postings);
        }
        index.lists.push(List {
            start: index.postings.len() as u32,
            titles: 0,
        });
        index
    }

    /// Adds the list of the next term: at most `longest` postings of each kind.
    pub fn push(&mut self, list: &[Posting], longest: usize) {
        let start = self.postings.len() as u32;
        let titles = keep(list, longest, &mut self.postings) as u32;
        self.lists.push(List { start, titles });
    }

    /// The articles that are found by a term.
    pub fn of(&self, term: TermId) -> &[Posting] {
        let [list, next] = [self.lists[term.0 as usize], self.lists[term.0 as usize + 1]];
        &self.postings[list.start as usize..next.start as usize]
    }

    /// Those of them that have it in their titles.
    pub fn in_titles(&self, term: TermId) -> &[Posting] {
        let list = self.lists[term.0 as usize];
        &self.postings[list.start as usize..(list.start + list.titles) as usize]
    }

    /// How much memory it takes.
    pub fn bytes(&self) -> usize {
        size_of_val(&*self.lists) + size_of_val(&*self.postings)
    }

    /// How much a term weighs in the text of an article that is found by it, and what the title
    /// of the article gives.
    pub fn posting(&self, term: TermId, article: u32) -> Posting {
        let (titles, list) = (self.in_titles(term), self.of(term));
        let find = |part: &[Posting]| {
            let at = part.binary_search_by_key(&article, |posting| posting.article);
            at.map_or(Posting::default(), |at| part[at])
        };
        Posting {
            article,
            weight: find(&list[titles.len()..]).weight,
            title: find(titles).title,
        }
    }
}

/// Fills the lists of some terms, `first` and those after it, each of which has so many postings among
/// these.
fn fill(
    lists: &mut [Posting],
    entries: impl Iterator<Item = (TermId, Posting)>,
    first: usize,
    counts: &[Counts],
    longest: usize,
) {
    let mut total = 0;
    let starts = counts.iter().map(|count| {
        let start = total;
        total += count.both();
        start
    });
    let mut ends: Vec<usize> = starts.collect();
    let mut postings = vec![Posting::default(); total];
    for (term, posting) in entries {
        let end = &mut ends[term.0 as usize - first];
        postings[*end] = posting;
        *end += 1;
    }
    let mut kept = Vec::new();
    let (mut start, mut filled) = (0, 0);
    for end in ends {
        kept.clear();
        keep(&postings[start..end], longest, &mut kept);
        lists[filled..filled + kept.len()].copy_from_slice(&kept);
        filled += kept.len();
        start = end;
    }
}

/// Both kinds of postings of an article, as far as they are of some terms; they meet in the list of
/// their term.
fn postings_of<'a>(
    vector: &'a Vector,
    title: &'a Title,
    article: u32,
    terms: &Range<TermId>,
) -> impl Iterator<Item = (TermId, Posting)> + use<'a> {
    let posting = move |term, side, code| (term, Posting::new(article, side, code));
    let start = vector.terms.partition_point(|term| *term < terms.start);
    let end = vector.terms.partition_point(|term| *term < terms.end);
    let in_text = vector.terms[start..end]
        .iter()
        .zip(&vector.weights[start..end]);
    let in_text = in_text.map(move |(term, code)| posting(*term, Side::Text, *code));
    let start = title.partition_point(|(term, _)| *term < terms.start);
    let end = title.partition_point(|(term, _)| *term < terms.end);
    let in_title = title[start..end].iter();
    let in_title = in_title.map(move |(term, code)| posting(*term, Side::Title, *code));
    in_text.chain(in_title)
}

/// Terms in so many shares, each of which has about as many postings.
fn shares(counts: &[Counts], shares: usize) -> Vec<Range<usize>> {
    let total: usize = counts.iter().map(|count| count.both()).sum();
    let (mut found, mut start, mut sum) = (Vec::new(), 0, 0);
    for (count, end) in counts.iter().zip(1..) {
        sum += count.both();
        if sum > total / shares {
            found.push(start..end);
            (start, sum) = (end, 0);
        }
    }
    found.push(start..counts.len());
    found
}

/// Adds what an index has of a list, of each kind the newest first: at most `longest` postings of each.
/// Returns how many are of titles.
fn keep(list: &[Posting], longest: usize, postings: &mut Vec<Posting>) -> usize {
    let is_title = |posting: &&Posting| posting.title != Code::default();
    let start = postings.len();
    postings.extend(list.iter().filter(is_title));
    let titles = keep_best(postings, start, longest, |posting| posting.title);
    let texts = list.iter().filter(|posting| !is_title(posting));
    postings.extend(texts);
    keep_best(postings, start + titles, longest, |posting| posting.weight);
    titles
}

/// Of the postings from `start` on, keeps the `most` that weigh most, by their articles; of equal
/// ones the newest. Returns how many there are.
fn keep_best(
    postings: &mut Vec<Posting>,
    start: usize,
    most: usize,
    weight: impl Fn(&Posting) -> Code,
) -> usize {
    let list = &mut postings[start..];
    if list.len() > most {
        let rank = |posting: &Posting| (std::cmp::Reverse(weight(posting)), posting.article);
        list.select_nth_unstable_by_key(most, rank);
        list[..most].sort_unstable_by_key(|posting| posting.article);
        postings.truncate(start + most);
    }
    postings.len() - start
}
