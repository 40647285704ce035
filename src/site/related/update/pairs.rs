//! Articles of which only the likeness to a few others may have changed: these are judged alone.

use std::cell::LazyCell;
use std::ops::Range;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::Asked;
use super::lists::{Bars, Moves};
use super::view::{View, shared};
use crate::site::ArticleId;
use crate::site::related::Reason;
use crate::site::related::finder::{Judge, Ranked, Verdict};
use crate::site::related::kept::{Kind, Outcome, Part, SLOTS, Side, Weighed};
use crate::site::related::set::Set;

/// What stands for an article.
#[derive(Debug, Clone)]
pub enum Standing {
    /// What was kept.
    Kept,
    /// Something else.
    Told(Told),
    /// Nobody knows.
    Unknown,
}

/// What is found for an article, and is not what was kept.
#[derive(Debug, Clone)]
pub struct Told {
    /// By ranks.
    pub ranked: Ranked,
    /// Why, for each of the best; `None` where that is to be found out.
    pub reasons: Vec<Option<Box<[Reason]>>>,
}

/// By slots, the terms that weigh something else in an article that was there before.
pub type Revised = FxHashMap<u32, Vec<u32>>;

/// By what an article is found.
struct Given {
    text: Weighed,
    title: Weighed,
}

/// Judges pairs.
pub struct Pairs<'a> {
    pub asked: &'a Asked<'a>,
    pub view: &'a View<'a>,
    pub judge: &'a Judge,
    /// What moved.
    pub moves: &'a Moves,
    pub revised: &'a Revised,
    /// The number of a tag by its id.
    pub tags: &'a FxHashMap<u32, u32>,
}

/// Memory for one article after the other.
#[derive(Default)]
struct Memory {
    /// The slots of others that may be nearer or farther, and whether they may be nearer.
    others: Vec<(u32, bool)>,
    vector: Weighed,
    light: Vec<u32>,
}

/// The movements of each term of a set.
struct ByTerm<'a> {
    terms: &'a Set,
    /// Of a text, and of a title.
    ranges: Vec<[Range<usize>; 2]>,
}

impl<'a> ByTerm<'a> {
    fn new(moves: &'a Moves) -> Self {
        let terms = &moves.terms;
        let mut ranges = vec![[0..0, 0..0]; terms.len()];
        let mut start = 0;
        for run in moves.all.chunk_by(|a, b| (a.id, a.side) == (b.id, b.side)) {
            if let Some(place) = terms.place(run[0].id) {
                ranges[place as usize][run[0].side as usize] = start..start + run.len();
            }
            start += run.len();
        }
        Self { terms, ranges }
    }
}

impl Pairs<'_> {
    /// What stands for each article that is not `anew`. It is unknown also where it has to be found
    /// anew, since something that nobody knows may have come to the top.
    pub fn judge(&self, bars: &Bars, anew: &[bool]) -> Vec<Standing> {
        let by_term = ByTerm::new(self.moves);
        let given = self.given(bars);
        (0..anew.len() as u32)
            .into_par_iter()
            .with_min_len(SLOTS)
            .map_init(Memory::default, |memory, rank| {
                if anew[rank as usize] {
                    return Standing::Unknown;
                }
                let standing = self.standing(rank, &by_term, &given, memory);
                standing.unwrap_or(Standing::Unknown)
            })
            .collect()
    }

    /// By what those are found that moved.
    fn given(&self, bars: &Bars) -> FxHashMap<u32, Given> {
        let moved = self.moves.all.iter().map(|moved| moved.slot);
        let resized = self.moves.resized.iter().map(|resized| resized.slot);
        let mut slots: Vec<u32> = moved.chain(resized).collect();
        slots.sort_unstable();
        slots.dedup();
        let given = slots.into_par_iter().filter_map(|slot| {
            let rank = self.view.matched.rank(slot)?;
            let (mut text, mut title) = (Weighed::default(), Weighed::default());
            self.view.vector(slot, &mut text);
            self.view.title(slot, &mut title);
            let given = Given {
                text: bars.listed(&text, Side::Text, rank),
                title: bars.listed(&title, Side::Title, rank),
            };
            Some((slot, given))
        });
        given.collect::<Vec<_>>().into_iter().collect()
    }

    fn standing(
        &self,
        rank: u32,
        by_term: &ByTerm,
        given: &FxHashMap<u32, Given>,
        memory: &mut Memory,
    ) -> Option<Standing> {
        let matched = self.view.matched;
        let slot = matched.slot(rank);
        let bytes = self.view.kept.get(Part::Outcome, slot as usize);
        let wanted = &self.asked.wanted[rank as usize];
        if wanted.count == 0 {
            return Some(Standing::Kept);
        }
        self.others(rank, by_term, memory);
        let others = std::mem::take(&mut memory.others);
        let is_judged = |slot: u32| others.binary_search_by_key(&slot, |other| other.0).is_ok();
        // Nothing of it is read where nothing can have come in and what was found stands: that is
        // so for nearly all.
        let stands = |slot: u32| {
            matched.known(slot).is_some() && !self.revised.contains_key(&slot) && !is_judged(slot)
        };
        if others.iter().all(|(_, rose)| !rose) && Outcome::is_all(bytes, stands) {
            memory.others = others;
            return Some(Standing::Kept);
        }
        let old = Outcome::decode(bytes, false, |_| None)?;
        let old_best = &old.ranked.best;
        let mut ranked = Ranked::default();
        for (score, slot) in old_best.iter().filter(|(_, slot)| !is_judged(*slot)) {
            ranked.best.push((*score, matched.rank(*slot)?));
        }
        let duplicates = &old.ranked.duplicates;
        for (slot, alike) in duplicates.iter().filter(|(slot, _)| !is_judged(*slot)) {
            ranked.duplicates.push((matched.rank(*slot)?, *alike));
        }
        if !others.is_empty() {
            self.view.vector(slot, &mut memory.vector);
            self.view.light(slot, &mut memory.light);
        }
        for (other, rose) in &others {
            let was_found = || {
                let mut found = old_best.iter().map(|(_, slot)| slot);
                found.any(|slot| slot == other) || duplicates.iter().any(|(slot, _)| slot == other)
            };
            // What only fell has not come in.
            if !rose && !was_found() {
                continue;
            }
            let (Some(theirs), Some(given)) = (matched.rank(*other), given.get(other)) else {
                continue;
            };
            match self.verdict(rank, theirs, given, memory) {
                Verdict::Nothing => {}
                Verdict::Duplicate(alike) => ranked.duplicates.push((theirs, alike)),
                Verdict::Score(score) => ranked.insert(score, theirs, wanted.count),
            }
        }
        memory.others = others;
        ranked.duplicates.sort_unstable();
        // All that was not found came after the last that was. Whatever does so now may come after
        // one of them.
        if let Some((bar, slot)) = old_best.last().filter(|_| old_best.len() >= wanted.count) {
            let (score, last) = *ranked.best.get(wanted.count - 1)?;
            let is_before = || {
                let at = matched.known(*slot);
                at.is_some_and(|at| last <= at)
            };
            if score < *bar || score == *bar && !is_before() {
                return None;
            }
        }
        self.told_or_kept(rank, ranked, &old.ranked)
    }

    /// The articles whose likeness to one may have changed.
    fn others(&self, rank: u32, by_term: &ByTerm, memory: &mut Memory) {
        memory.others.clear();
        let slot = self.view.matched.slot(rank);
        let size = self.judge.sizes[rank as usize];
        let resized = self.moves.resized.iter();
        let resized = resized.filter(|resized| resized.slot != slot && resized.matters_to(size));
        memory
            .others
            .extend(resized.map(|resized| (resized.slot, true)));
        let mut add = |id: u32, sides: Range<usize>| {
            if let Some(place) = by_term.terms.place(id) {
                for range in &by_term.ranges[place as usize][sides] {
                    let moved = self.moves.all[range.clone()].iter();
                    memory
                        .others
                        .extend(moved.map(|moved| (moved.slot, moved.rose)));
                }
            }
        };
        let both = Side::Text as usize..Side::Title as usize + 1;
        let titles = Side::Title as usize..Side::Title as usize + 1;
        if let Some(record) = self.view.anew.get(&slot) {
            record
                .vector
                .ids
                .iter()
                .for_each(|id| add(*id, both.clone()));
            record.light.iter().for_each(|id| add(*id, titles.clone()));
        } else {
            let holders = &self.moves.holders;
            let start = holders.partition_point(|holder| holder.slot < slot);
            let own = holders[start..].iter();
            for holder in own.take_while(|holder| holder.slot == slot) {
                let sides = if holder.is_light { &titles } else { &both };
                add(holder.id, sides.clone());
            }
        }
        memory
            .others
            .sort_unstable_by_key(|(slot, rose)| (*slot, !rose));
        memory.others.dedup_by_key(|(slot, _)| *slot);
    }

    fn verdict(&self, of: u32, other: u32, given: &Given, memory: &Memory) -> Verdict {
        let (of, other) = (ArticleId(of), ArticleId(other));
        let Memory { vector, light, .. } = memory;
        let ours = (&*vector.ids, &*vector.codes);
        let theirs = (&*given.text.ids, &*given.text.codes);
        let mut evidence = 0_u32;
        shared(ours, theirs, |_, ours, theirs| {
            evidence = evidence.saturating_add(ours.times(theirs).max(1));
        });
        for (id, code) in given.title.iter() {
            if vector.ids.binary_search(&id).is_ok() || light.binary_search(&id).is_ok() {
                evidence = evidence.saturating_add(code.score().max(1));
            }
        }
        self.judge
            .links
            .evidence(of, &self.judge.weights, |linked, score| {
                if linked == other {
                    evidence = evidence.saturating_add(score.max(1));
                }
            });
        let alike = || {
            let terms = &self.view.kept.archive.terms;
            let mut alike = 0_u32;
            shared(ours, theirs, |id, ours, theirs| {
                if terms.kind(id) != Kind::Tag {
                    alike = alike.saturating_add(ours.times(theirs));
                }
            });
            alike
        };
        let wanted = &self.asked.wanted[of.index()];
        self.judge.verdict(of, other, evidence, wanted, alike)
    }

    /// What was kept if that is what was found. Else with the reasons of pairs of which the vectors
    /// have in common what they had.
    fn told_or_kept(&self, of: u32, ranked: Ranked, old: &Ranked) -> Option<Standing> {
        let matched = self.view.matched;
        let slots = ranked.best.iter();
        let slots = slots.map(|(score, rank)| (*score, matched.slot(*rank)));
        let copies = ranked.duplicates.iter();
        let copies = copies.map(|(rank, alike)| (matched.slot(*rank), *alike));
        let is_same =
            slots.eq(old.best.iter().copied()) && copies.eq(old.duplicates.iter().copied());
        if !self.asked.with_reasons {
            return Some(if is_same {
                Standing::Kept
            } else {
                let reasons = Vec::new();
                Standing::Told(Told { ranked, reasons })
            });
        }
        let ours = LazyCell::new(|| {
            let mut vector = Weighed::default();
            self.view.vector(matched.slot(of), &mut vector);
            vector
        });
        let have_others_in_common = |slot: u32| {
            let revised = self.revised.get(&slot);
            revised.is_some_and(|ids| ids.iter().any(|id| ours.get(*id).is_some()))
        };
        let keeps_reasons =
            |slot: u32| matched.known(slot).is_some() && !have_others_in_common(slot);
        if is_same && old.best.iter().all(|(_, slot)| keeps_reasons(*slot)) {
            return Some(Standing::Kept);
        }
        let bytes = self.view.kept.get(Part::Outcome, matched.slot(of) as usize);
        let tag = |id: u32| self.tags.get(&id).copied();
        let reasons = Outcome::decode(bytes, true, tag)?.reasons;
        let reasons = ranked.best.iter().map(|(_, rank)| {
            let slot = matched.slot(*rank);
            let place = old.best.iter().position(|(_, other)| *other == slot);
            let place = place.filter(|_| keeps_reasons(slot));
            place.and_then(|place| reasons.get(place).cloned())
        });
        let reasons = reasons.collect();
        Some(Standing::Told(Told { ranked, reasons }))
    }
}
