//! Links between articles as evidence.

use super::index::ONE;
use super::weights::Weights;
use crate::site::ArticleId;

/// An article that links, or is linked, more than so often is a list, which says little.
pub(super) const LIST: usize = 48;

/// Who links to whom.
#[derive(Debug, Default)]
pub struct Links {
    from: Vec<Box<[ArticleId]>>,
    to: Vec<Box<[ArticleId]>>,
}

impl Links {
    /// `from`: the articles that each article links to, each once.
    #[must_use]
    pub fn new(from: Vec<Box<[ArticleId]>>) -> Self {
        let mut to = vec![Vec::new(); from.len()];
        for (at, targets) in from.iter().enumerate() {
            for target in targets {
                to[target.index()].push(ArticleId(at as u32));
            }
        }
        Self {
            from,
            to: to.into_iter().map(Into::into).collect(),
        }
    }

    /// The articles that one links to.
    #[must_use]
    pub fn from(&self, of: ArticleId) -> &[ArticleId] {
        &self.from[of.index()]
    }

    /// The articles that link to one.
    #[must_use]
    pub fn to(&self, of: ArticleId) -> &[ArticleId] {
        &self.to[of.index()]
    }

    /// How much memory they take.
    pub(super) fn bytes(&self) -> usize {
        let all = self.from.iter().chain(&self.to);
        all.map(|links| size_of_val(links) + size_of_val(&**links))
            .sum()
    }

    /// Whether one of two articles links to the other.
    pub(super) fn are_linked(&self, of: ArticleId, other: ArticleId) -> bool {
        let links = |from: ArticleId, to| self.from[from.index()].contains(to);
        links(of, &other) || links(other, &of)
    }

    /// Tells of each article that is tied to one by links, and how much that counts. An article
    /// may come several times.
    pub(super) fn evidence(
        &self,
        of: ArticleId,
        weights: &Weights,
        mut each: impl FnMut(ArticleId, u32),
    ) {
        let direct = (weights.link * ONE as f32) as u32;
        let shared = weights.shared_links * ONE as f32;
        let (from, to) = (&self.from[of.index()], &self.to[of.index()]);
        for other in from.iter().chain(to) {
            if *other != of {
                each(*other, direct);
            }
        }
        // Both are linked from one article, or both link to one.
        let siblings = [(to, &self.from), (from, &self.to)];
        for (hubs, spokes) in siblings {
            for hub in hubs.iter().take(LIST) {
                let spokes = &spokes[hub.index()];
                if spokes.len() > LIST {
                    continue;
                }
                let share = (shared / spokes.len() as f32) as u32;
                for other in spokes.iter().filter(|other| **other != of) {
                    each(*other, share);
                }
            }
        }
    }
}
