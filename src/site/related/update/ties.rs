//! Links and wishes that are not what they were, and the articles that this concerns.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::Asked;
use super::matching::{Matched, NONE};
use crate::site::ArticleId;
use crate::site::related::kept::{Kept, Part, SLOTS, encode_wishes, wishes};
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
    let mut ties = Ties {
        changed: BTreeMap::new(),
        is_concerned: vec![false; asked.keys.len()],
    };
    if asked.only_texts {
        return ties;
    }
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
            if before == &**bytes && matched.known(slot).is_some() {
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

    fn set_all<'a>(&mut self, ranks: impl Iterator<Item = &'a u32>) {
        for rank in ranks {
            self.set(*rank);
        }
    }

    /// Those near a link that came or went: both ends, what else is linked from the one and what
    /// else links to the other.
    fn concern(&mut self, relinked: &[Relinked], links: &Links) {
        // How many link to an article no longer, and how many do now.
        let mut changes: BTreeMap<u32, (usize, usize)> = BTreeMap::new();
        for Relinked { rank, was, is } in relinked {
            let went: Vec<u32> = was.iter().copied().filter(|to| !is.contains(to)).collect();
            let came: Vec<u32> = is.iter().copied().filter(|to| !was.contains(to)).collect();
            if went.is_empty() && came.is_empty() {
                continue;
            }
            self.set(*rank);
            // A list says nothing, and so it makes no difference what is in it.
            if was.len() <= LIST || is.len() <= LIST {
                self.set_all(was.iter().chain(is));
            }
            self.set_all(went.iter().chain(&came));
            for to in went {
                changes.entry(to).or_default().0 += 1;
            }
            for to in came {
                changes.entry(to).or_default().1 += 1;
            }
        }
        for (to, (went, came)) in changes.into_iter().filter(|(to, _)| *to != NONE) {
            let from = links.to(ArticleId(to));
            if from.len() <= LIST || from.len() + went <= LIST + came {
                self.set_all(from.iter().map(|from| &from.0));
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
                    self.set_all(spokes.iter().map(|spoke| &spoke.0));
                }
            }
        }
    }
}
