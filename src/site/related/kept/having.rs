//! Which articles have some terms.

use rayon::prelude::*;

use super::postings::{Had, MOST_SLOTS, Postings};
use super::record::{Rest, weighed_that};
use super::{Kept, Part, State};
use crate::site::bytes::ids_that;
use crate::site::related::index::Code;
use crate::site::related::set::Set;

/// Slots that a thread looks through at a time.
pub(in crate::site::related) const SLOTS: usize = 1024;

/// Archives that take more get no postings, which take about twice as much again.
const MOST_BYTES: usize = 1 << 29;

/// The columns of terms that all articles are asked for.
const INDEXED: [Part; 4] = [Part::Vector, Part::Title, Part::Light, Part::Rest];

/// The articles that have some terms, by term.
pub(in crate::site::related) struct Having<'a> {
    postings: Option<&'a Postings>,
    /// What was looked up where there are none, by terms.
    found: Vec<Had>,
}

impl Having<'_> {
    /// Adds the articles in which a term weighs so much or more, in no order.
    pub fn add(&self, id: u32, least: Code, found: &mut Vec<Had>) {
        if let Some(postings) = self.postings {
            postings.add(id, least, found);
            return;
        }
        let start = self.found.partition_point(|had| had.id < id);
        let of_term = self.found[start..].iter().take_while(|had| had.id == id);
        found.extend(of_term.filter(|had| had.code >= least));
    }
}

impl Kept {
    /// The articles that have one of some terms in a part.
    pub(in crate::site::related) fn having(&self, part: Part, terms: &Set) -> Having<'_> {
        let place = INDEXED.iter().position(|indexed| *indexed == part);
        let postings = place.and_then(|place| self.postings.get(place));
        let found = match postings {
            Some(_) => Vec::new(),
            None => self.look_through(part, terms),
        };
        Having { postings, found }
    }

    /// The same, term by term.
    pub(in crate::site::related) fn all_having(&self, part: Part, terms: &Set) -> Vec<Had> {
        let having = self.having(part, terms);
        if having.postings.is_none() {
            return having.found;
        }
        let mut found = Vec::new();
        for id in terms.ids() {
            having.add(id, Code::default(), &mut found);
        }
        found
    }

    fn look_through(&self, part: Part, terms: &Set) -> Vec<Had> {
        let slots = (0..self.slots as u32).into_par_iter();
        let parts = slots.with_min_len(SLOTS).fold(Vec::new, |mut found, slot| {
            let bytes = self.get(part, slot as usize);
            let add = |id, code| found.push(Had { id, slot, code });
            each_that(part, bytes, |id| terms.has(id), add);
            found
        });
        let mut found = parts.reduce(Vec::new, |a, b| [a, b].concat());
        found.par_sort_unstable();
        found
    }

    /// Makes [`Self::having`] cost what it finds, for edits that follow each other. Nothing is done
    /// where that is so already.
    pub fn index(&mut self) {
        let is_done = !self.postings.is_empty() && !self.postings.iter().any(Postings::are_old);
        if is_done || self.room() > MOST_BYTES || self.slots > MOST_SLOTS {
            return;
        }
        let terms = self.archive.terms.len();
        let of = |part: &Part| {
            Postings::new(self.slots, terms, |slot, each| {
                let is_known = |id: u32| (id as usize) < terms;
                each_that(*part, self.get(*part, slot as usize), is_known, each);
            })
        };
        self.postings = INDEXED.par_iter().map(of).collect();
    }
}

impl State {
    /// Has the postings say what the columns are about to.
    pub(super) fn repost(&mut self) {
        let Kept {
            postings, columns, ..
        } = &mut self.kept;
        for (part, postings) in INDEXED.iter().zip(postings) {
            for (slot, bytes) in &self.changed[*part as usize] {
                let terms = |bytes: &[u8]| {
                    let mut terms = Vec::new();
                    each_that(*part, bytes, |_| true, |id, code| terms.push((id, code)));
                    terms
                };
                let was = terms(columns[*part as usize].get(*slot as usize));
                postings.change(*slot, &was, &terms(bytes));
            }
        }
    }
}

/// Tells of each term in the bytes of a part that `is_wanted`; of the rest, of what articles have
/// and not of what they give.
#[inline]
fn each_that(
    part: Part,
    bytes: &[u8],
    is_wanted: impl Fn(u32) -> bool,
    mut each: impl FnMut(u32, Code),
) {
    match part {
        Part::Light => ids_that(bytes, is_wanted, |_, id| each(id, Code::default())),
        Part::Rest => {
            let mut rest = Rest::new(bytes);
            for _ in 0..3 {
                let wanted = rest.list().filter(|id| is_wanted(*id));
                wanted.for_each(|id| each(id, Code::default()));
            }
        }
        _ => weighed_that(bytes, is_wanted, each),
    }
}
