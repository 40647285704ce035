//! Links and wishes that are not what they were, and the articles that this concerns.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::matching::{Matched, NONE};
use super::{Asked, SLOTS};
use crate::site::ArticleId;
use crate::site::related::kept::{Kept, Part, encode_wishes, wishes};
use crate::site::related::links::{LIST, Links};

/// What is to be written of wishes, and whose suggestions they concern.
pub struct Ties {
    /// What was wanted and links, as they are kept, by slots, where they are not as they were.
    pub changed: BTreeMap<u32, Vec<u8>>,
    /// By rank: whether something else is wanted, or other links are near.
    pub is_concerned: Vec<bool>,
}

/// What an article's links were and are, by ranks, as far as there are such.
struct Relinked {
    rank: u32,
    was: Vec<u32>,
    is: Vec<u32>,
}

pub fn ties(asked: &Asked, kept: &Kept, matched: &Matched, links: &Links) -> Ties {
    let old_links = |slot: usize| -> Vec<u32> {
        wishes(kept.get(Part::Wishes, slot))
            .1
            .map(|to| matched.rank(to).unwrap_or(NONE))
            .collect()
    };
    let compared = (0..asked.keys.len())
        .into_par_iter()
        .with_min_len(SLOTS)
        .map_init(Vec::new, |bytes, rank| {
            let slot = matched.slot_of[rank];
            let of = ArticleId(rank as u32);
            let slots = |ids: &[ArticleId]| -> Vec<u32> {
                ids.iter().map(|id| matched.slot(id.0)).collect()
            };
            let wanted = &asked.wanted[rank];
            let mut except = slots(wanted.except);
            except.sort_unstable();
            let mut to = slots(links.from(of));
            to.sort_unstable();
            bytes.clear();
            encode_wishes(wanted, &except, &to, bytes);
            let before = kept.get(Part::Wishes, slot as usize);
            if before == &**bytes && !matched.is_new[slot as usize] {
                return None;
            }
            let wants = wishes(before).0 != wishes(bytes).0;
            let is = links.from(of).iter().map(|id| id.0).collect();
            let was = old_links(slot as usize);
            let relinked = Relinked {
                rank: of.0,
                was,
                is,
            };
            Some((slot, bytes.clone(), wants, relinked))
        });
    let compared: Vec<_> = compared.flatten_iter().collect();
    let mut ties = Ties {
        changed: BTreeMap::new(),
        is_concerned: vec![false; asked.keys.len()],
    };
    let mut all = Vec::new();
    for (slot, bytes, wants, relinked) in compared {
        ties.changed.insert(slot, bytes);
        ties.is_concerned[relinked.rank as usize] |= wants;
        all.push(relinked);
    }
    // What is gone linked as well.
    let left = matched
        .gone
        .iter()
        .filter(|slot| matched.rank(**slot).is_none());
    all.extend(left.map(|slot| Relinked {
        rank: NONE,
        was: old_links(*slot as usize),
        is: Vec::new(),
    }));
    ties.concern(&all, links);
    for rank in &matched.fresh {
        ties.concern_neighbours(ArticleId(*rank), links);
    }
    ties
}

impl Ties {
    fn set(&mut self, rank: u32) {
        if let Some(is_concerned) = self.is_concerned.get_mut(rank as usize) {
            *is_concerned = true;
        }
    }

    /// Those near a link that came or went: both ends, what else is linked from the one and what
    /// else links to the other.
    fn concern(&mut self, relinked: &[Relinked], links: &Links) {
        // How many more link to an article than did.
        let mut more: BTreeMap<u32, i64> = BTreeMap::new();
        for Relinked { rank, was, is } in relinked {
            let went = was.iter().filter(|to| !is.contains(to)).map(|to| (*to, -1));
            let came = is.iter().filter(|to| !was.contains(to)).map(|to| (*to, 1));
            let changes: Vec<(u32, i64)> = went.chain(came).collect();
            if changes.is_empty() {
                continue;
            }
            self.set(*rank);
            // A list says nothing, and so it makes no difference what is in it.
            if was.len() <= LIST || is.len() <= LIST {
                was.iter().chain(is).for_each(|to| self.set(*to));
            }
            for (to, change) in changes {
                self.set(to);
                *more.entry(to).or_default() += change;
            }
        }
        for (to, more) in more.into_iter().filter(|(to, _)| *to != NONE) {
            let from = links.to(ArticleId(to));
            if from.len() <= LIST || from.len() as i64 - more <= LIST as i64 {
                from.iter().for_each(|from| self.set(from.0));
            }
        }
    }

    /// Those that an article is tied to by links.
    fn concern_neighbours(&mut self, of: ArticleId, links: &Links) {
        for (hubs, is_from) in [(links.to(of), true), (links.from(of), false)] {
            for hub in hubs {
                self.set(hub.0);
                let spokes = if is_from {
                    links.from(*hub)
                } else {
                    links.to(*hub)
                };
                if spokes.len() <= LIST {
                    spokes.iter().for_each(|spoke| self.set(spoke.0));
                }
            }
        }
    }
}
