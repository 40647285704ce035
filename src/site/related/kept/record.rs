//! What is kept of one article.

use super::{Class, Part};
use crate::key::Key;
use crate::site::bytes::{Ids, Reader, ids_that, put, put_ids};
use crate::site::related::finder::Ranked;
use crate::site::related::index::Code;
use crate::site::related::vectors::Size;
use crate::site::related::{ArticleKey, Reason, Spelled, Wanted};

/// Terms with weights.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Weighed {
    /// Ascending.
    pub ids: Vec<u32>,
    pub codes: Vec<Code>,
}

impl Weighed {
    /// Terms in the order of their ids.
    pub fn sorted(mut terms: Vec<(u32, Code)>) -> Self {
        terms.sort_unstable_by_key(|(id, _)| *id);
        let (ids, codes) = terms.into_iter().unzip();
        Self { ids, codes }
    }

    pub fn encode(&self, out: &mut Vec<u8>) {
        put(out, self.ids.len() as u32);
        out.extend(self.codes.iter().map(|code| code.byte()));
        put_ids(out, self.ids.iter().copied());
    }

    /// Reads what was written, into the same memory.
    pub fn decode(&mut self, bytes: &[u8]) {
        self.ids.clear();
        self.codes.clear();
        for (id, code) in weighed(bytes) {
            self.ids.push(id);
            self.codes.push(code);
        }
    }

    pub fn of(bytes: &[u8]) -> Self {
        let mut weighed = Self::default();
        weighed.decode(bytes);
        weighed
    }

    pub fn iter(&self) -> impl Iterator<Item = (u32, Code)> + '_ {
        self.ids.iter().copied().zip(self.codes.iter().copied())
    }

    /// The terms that do not weigh the same in another.
    pub fn not_in<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = u32> + 'a {
        let is_other = |(id, code): &(u32, Code)| other.get(*id) != Some(*code);
        self.iter().filter(is_other).map(|(id, _)| id)
    }

    /// How much a term weighs, if it is there.
    pub fn get(&self, id: u32) -> Option<Code> {
        let at = self.ids.binary_search(&id).ok()?;
        self.codes.get(at).copied()
    }
}

/// The terms and weights that are written somewhere.
#[inline]
pub fn weighed(bytes: &[u8]) -> impl Iterator<Item = (u32, Code)> + '_ {
    let mut reader = Reader(bytes);
    let count = reader.next() as usize;
    let codes = reader.take(count).unwrap_or_default();
    Ids::new(reader.0).zip(codes.iter().map(|code| Code::of_byte(*code)))
}

/// Tells of those terms that are written somewhere which `is_wanted`.
#[inline]
pub fn weighed_that(
    bytes: &[u8],
    is_wanted: impl Fn(u32) -> bool,
    mut each: impl FnMut(u32, Code),
) {
    let mut reader = Reader(bytes);
    let count = reader.next() as usize;
    let codes = reader.take(count).unwrap_or_default();
    ids_that(reader.0, is_wanted, |at, id| {
        if let Some(code) = codes.get(at) {
            each(id, Code::of_byte(*code));
        }
    });
}

/// Who an article is, and how long.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Head {
    /// The default for a slot without an article.
    pub key: ArticleKey,
    /// Of its body.
    pub length: u32,
    pub size: Size,
}

impl Head {
    pub fn encode(&self) -> Vec<u8> {
        let keys = [self.key.place, self.key.text];
        let mut out = keys.map(Key::bytes).concat();
        put(&mut out, self.length);
        put(&mut out, self.size.words);
        put(&mut out, self.size.own_words);
        out
    }

    pub fn decode(bytes: &[u8]) -> Self {
        let keys = bytes.split_first_chunk().and_then(|(place, rest)| {
            let (text, rest) = rest.split_first_chunk()?;
            Some((place, text, rest))
        });
        let Some((place, text, rest)) = keys else {
            return Self::default();
        };
        let mut reader = Reader(rest);
        Self {
            key: ArticleKey {
                place: Key::of_its_bytes(*place),
                text: Key::of_its_bytes(*text),
            },
            length: reader.next(),
            size: Size {
                words: reader.next(),
                own_words: reader.next(),
            },
        }
    }
}

/// What an article has, by the ids of terms, all ascending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    pub head: Head,
    /// Its vector, tags included.
    pub vector: Weighed,
    /// What its title gives.
    pub title: Weighed,
    /// What else it has of terms, which is too light for the vector.
    pub light: Vec<u32>,
    /// What it has that is no term: what no other article has, or no title.
    pub own: Vec<u32>,
    /// What it has of what is common.
    pub common: Vec<u32>,
    /// Words that it has in headings alone, and not in what is weighed.
    pub aside: Vec<u32>,
    /// The phrases of its title and headings, for the dictionary.
    pub gives: Vec<u32>,
}

impl Record {
    /// `all`: everything that the article has; `aside`: what of it is in headings alone.
    pub fn new(
        head: Head,
        all: Vec<u32>,
        mut aside: Vec<u32>,
        vector: Weighed,
        title: Weighed,
        gives: Vec<u32>,
        class: impl Fn(u32) -> Class,
    ) -> Self {
        aside.sort_unstable();
        let (mut light, mut own, mut common) = (Vec::new(), Vec::new(), Vec::new());
        for id in all {
            match class(id) {
                Class::None => own.push(id),
                Class::Common => common.push(id),
                Class::Quarters(_) => light.push(id),
            }
        }
        for list in [&mut light, &mut own, &mut common] {
            // Next to nothing is to do for one that is in order, as most are of a first build.
            list.sort_unstable();
            for other in [&vector.ids, &aside] {
                remove(list, other);
            }
        }
        Self {
            head,
            vector,
            title,
            light,
            own,
            common,
            aside,
            gives,
        }
    }

    /// The bytes of each part.
    pub fn encode(&self) -> [(Part, Vec<u8>); 5] {
        let write = |write: &dyn Fn(&mut Vec<u8>)| {
            let mut out = Vec::new();
            write(&mut out);
            out
        };
        [
            (Part::Head, self.head.encode()),
            (Part::Vector, write(&|out| self.vector.encode(out))),
            (Part::Title, write(&|out| self.title.encode(out))),
            (
                Part::Light,
                write(&|out| put_ids(out, self.light.iter().copied())),
            ),
            (Part::Rest, write(&|out| self.encode_rest(out))),
        ]
    }

    /// What is seldom looked at.
    fn encode_rest(&self, out: &mut Vec<u8>) {
        for list in [&self.aside, &self.own, &self.common, &self.gives] {
            put(out, list.len() as u32);
            let mut last = 0;
            for id in list {
                put(out, id.wrapping_sub(last));
                last = *id;
            }
        }
    }

    /// All terms of the article, in no order.
    pub fn terms(&self) -> impl Iterator<Item = u32> + '_ {
        let lists = [
            &self.vector.ids,
            &self.light,
            &self.own,
            &self.common,
            &self.aside,
        ];
        lists.into_iter().flatten().copied()
    }
}

/// Removes from a list what another has; both ascend.
fn remove(list: &mut Vec<u32>, other: &[u32]) {
    let mut others = other.iter().peekable();
    list.retain(|id| {
        while others.next_if(|other| *other < id).is_some() {}
        others.peek() != Some(&id)
    });
}

/// [`Record::aside`], [`Record::own`], [`Record::common`] and [`Record::gives`], one after the
/// other.
pub struct Rest<'a>(Reader<'a>);

impl<'a> Rest<'a> {
    pub fn new(bytes: &'a [u8]) -> Self {
        Self(Reader(bytes))
    }

    /// The next list, which must be read to its end before another.
    pub fn list(&mut self) -> impl Iterator<Item = u32> + use<'a, '_> {
        let mut left = self.0.next();
        let mut last = 0_u32;
        std::iter::from_fn(move || {
            left = left.checked_sub(1)?;
            last = last.wrapping_add(self.0.number()?);
            Some(last)
        })
    }
}

/// What was wanted of an article, and the slots that it links to.
pub fn encode_wishes(wanted: &Wanted, except: &[u32], links: &[u32], out: &mut Vec<u8>) {
    let mut part = Vec::new();
    put(&mut part, wanted.count as u32);
    put(&mut part, u32::from(wanted.same_section));
    put(&mut part, u32::from(wanted.max_age.is_some()));
    put(&mut part, wanted.max_age.unwrap_or(0));
    put(&mut part, wanted.min_score.to_bits());
    for slot in except {
        put(&mut part, *slot);
    }
    put(out, part.len() as u32);
    out.extend(part);
    for slot in links {
        put(out, *slot);
    }
}

/// What was wanted, as it is written, and the slots of links.
pub fn wishes(bytes: &[u8]) -> (&[u8], impl Iterator<Item = u32> + '_) {
    let mut reader = Reader(bytes);
    let wanted = reader.part().unwrap_or_default();
    (wanted, std::iter::from_fn(move || reader.number()))
}

/// What was found for an article, by slots, and why each was.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Outcome {
    pub ranked: Ranked,
    /// For each of the best, where anybody wants to know; else nothing at all.
    pub reasons: Vec<Box<[Reason]>>,
}

impl Outcome {
    /// `tag`: the id of a tag by its number.
    pub fn encode(&self, tag: impl Fn(u32) -> u32, out: &mut Vec<u8>) {
        put(out, self.ranked.best.len() as u32);
        for (score, slot) in &self.ranked.best {
            put(out, *score);
            put(out, *slot);
        }
        put(out, self.ranked.duplicates.len() as u32);
        for (slot, alike) in &self.ranked.duplicates {
            put(out, *slot);
            put(out, *alike);
        }
        for reasons in &self.reasons {
            put(out, reasons.len() as u32);
            for reason in reasons {
                match reason {
                    Reason::Pinned => put(out, 0),
                    Reason::Linked => put(out, 1),
                    Reason::Shared(Spelled::Tag(number)) => {
                        put(out, 2);
                        put(out, tag(*number));
                    }
                    Reason::Shared(Spelled::Text(text)) => {
                        put(out, 3 + text.len() as u32);
                        out.extend(text.bytes());
                    }
                }
            }
        }
    }

    /// Whether nothing was found.
    pub fn is_nothing(bytes: &[u8]) -> bool {
        Reader(bytes).next() == 0
    }

    /// Whether all the slots that are written are like that; not so for what cannot have been
    /// written.
    pub fn is_all(bytes: &[u8], is_one: impl Fn(u32) -> bool) -> bool {
        let mut reader = Reader(bytes);
        let mut slots = |place: usize| {
            let count = reader.number()?;
            (0..count).try_for_each(|_| {
                let pair = [reader.number()?, reader.number()?];
                is_one(pair[place]).then_some(())
            })
        };
        slots(1).and_then(|()| slots(0)).is_some()
    }

    /// `tag`: the number of a tag by its id. `None` for what cannot have been written.
    pub fn decode(
        bytes: &[u8],
        with_reasons: bool,
        tag: impl Fn(u32) -> Option<u32>,
    ) -> Option<Self> {
        let mut reader = Reader(bytes);
        let mut ranked = Ranked::default();
        for _ in 0..reader.number()? {
            ranked.best.push((reader.number()?, reader.number()?));
        }
        for _ in 0..reader.number()? {
            ranked.duplicates.push((reader.number()?, reader.number()?));
        }
        let mut all = Vec::new();
        while with_reasons && all.len() < ranked.best.len() {
            let mut reasons = Vec::new();
            for _ in 0..reader.number()? {
                reasons.push(match reader.number()? {
                    0 => Reason::Pinned,
                    1 => Reason::Linked,
                    2 => Reason::Shared(Spelled::Tag(tag(reader.number()?)?)),
                    length => {
                        let text = reader.take(length as usize - 3)?;
                        let text = std::str::from_utf8(text).ok()?;
                        Reason::Shared(Spelled::Text(text.into()))
                    }
                });
            }
            all.push(reasons.into());
        }
        Some(Self {
            ranked,
            reasons: all,
        })
    }
}
