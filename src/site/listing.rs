//! Pages that list articles, and how they are numbered.

use std::ops::Range;

use super::{ArticleId, LanguageId};
use crate::config::Pagination;
use crate::model::UrlPath;

/// What a listing is of. Numbers are positions in the site's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ListingKind {
    /// All articles.
    Home,
    /// A section's.
    Section(usize),
    /// A tag's.
    Tag(usize),
    /// An author's.
    Author(usize),
    /// A year's.
    Year(usize),
    /// A month's: year and month within it.
    Month(usize, usize),
    /// All articles that others are related to.
    Related,
}

/// A list of articles, newest first, and the pages that it is shown on.
#[derive(Debug, Clone)]
pub struct Listing {
    /// What it is of.
    pub kind: ListingKind,
    /// Its front page.
    pub url: UrlPath,
    /// The edition that it is of.
    pub edition: LanguageId,
    /// The same in other editions, by their positions in the site's listings.
    pub versions: Box<[u32]>,
    /// Newest first.
    pub articles: Vec<ArticleId>,
    /// The front page, and then the numbered ones.
    pub pages: Vec<ListingPage>,
}

/// One page of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListingPage {
    /// Where it is.
    pub url: UrlPath,
    /// Its number; `None` for the front page.
    pub number: Option<usize>,
    /// Which of the listing's articles it shows.
    pub range: Range<usize>,
    /// The page with newer articles, by its position in the listing's pages.
    pub newer: Option<usize>,
    /// The page with older articles.
    pub older: Option<usize>,
}

impl Listing {
    /// Lays a list out on pages.
    #[must_use]
    pub fn new(
        kind: ListingKind,
        url: UrlPath,
        articles: Vec<ArticleId>,
        size: usize,
        how: Pagination,
    ) -> Self {
        let spans = match how {
            Pagination::Stable => stable(articles.len(), size),
            Pagination::NewestFirst => newest_first(articles.len(), size),
        };
        let count = spans.len();
        let pages = spans
            .into_iter()
            .enumerate()
            .map(|(at, (number, range))| {
                let url = match number {
                    None => url.clone(),
                    Some(number) => UrlPath::trusted(format!("{url}page/{number}/")),
                };
                let (newer, older) = match (how, at) {
                    // Numbered pages run from the oldest: the last of them is next to the front.
                    (Pagination::Stable, 0) => (None, (count > 1).then(|| count - 1)),
                    (Pagination::Stable, _) => (
                        Some(if at + 1 < count { at + 1 } else { 0 }),
                        (at > 1).then(|| at - 1),
                    ),
                    (Pagination::NewestFirst, _) => {
                        (at.checked_sub(1), (at + 1 < count).then_some(at + 1))
                    }
                };
                ListingPage {
                    url,
                    number,
                    range,
                    newer,
                    older,
                }
            })
            .collect();
        Self {
            kind,
            url,
            edition: LanguageId::default(),
            versions: Box::default(),
            articles,
            pages,
        }
    }
}

/// Pages of `count` articles that stay as they are while newer ones come: page 1 holds the
/// oldest, and the front the newest, at least `size` of them (if there are) and less than twice
/// that. Ranges count from the newest.
fn stable(count: usize, size: usize) -> Vec<(Option<usize>, Range<usize>)> {
    let numbered = (count / size).saturating_sub(1);
    let mut pages = vec![(None, 0..count - numbered * size)];
    pages.extend((1..=numbered).map(|number| {
        (
            Some(number),
            count - number * size..count - (number - 1) * size,
        )
    }));
    pages
}

/// Pages as most sites number them: the front is the first.
fn newest_first(count: usize, size: usize) -> Vec<(Option<usize>, Range<usize>)> {
    (0..count.div_ceil(size).max(1))
        .map(|at| {
            (
                (at > 0).then_some(at + 1),
                at * size..((at + 1) * size).min(count),
            )
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn listing(count: usize, size: usize, how: Pagination) -> Listing {
        // As in a site, the newest comes first; here it has the highest number.
        let articles = (0..count as u32).rev().map(ArticleId).collect();
        Listing::new(
            ListingKind::Home,
            UrlPath::trusted("/news/".into()),
            articles,
            size,
            how,
        )
    }

    fn shown(listing: &Listing) -> Vec<(String, Vec<u32>)> {
        let ids = |page: &ListingPage| {
            listing.articles[page.range.clone()]
                .iter()
                .map(|id| id.0)
                .collect()
        };
        listing
            .pages
            .iter()
            .map(|page| (page.url.to_string(), ids(page)))
            .collect()
    }

    #[test]
    fn the_oldest_are_on_page_one_and_the_front_has_the_rest() {
        assert_eq!(
            shown(&listing(0, 2, Pagination::Stable)),
            [("/news/".into(), vec![])]
        );
        assert_eq!(
            shown(&listing(3, 2, Pagination::Stable)),
            [("/news/".into(), vec![2, 1, 0])]
        );
        assert_eq!(
            shown(&listing(5, 2, Pagination::Stable)),
            [
                ("/news/".into(), vec![4, 3, 2]),
                ("/news/page/1/".into(), vec![1, 0])
            ]
        );
        assert_eq!(
            shown(&listing(3, 2, Pagination::NewestFirst)),
            [
                ("/news/".into(), vec![2, 1]),
                ("/news/page/2/".into(), vec![0])
            ]
        );
    }

    proptest! {
        #[test]
        fn every_article_is_on_one_page_and_pages_are_chained(count in 0_usize..300, size in 1_usize..20, newest in any::<bool>()) {
            let how = if newest { Pagination::NewestFirst } else { Pagination::Stable };
            let listing = listing(count, size, how);
            let mut all: Vec<u32> = Vec::new();
            let mut at = Some(0);
            let mut before = None;
            while let Some(page) = at {
                prop_assert_eq!(listing.pages[page].newer, before);
                all.extend(listing.articles[listing.pages[page].range.clone()].iter().map(|id| id.0));
                before = Some(page);
                at = listing.pages[page].older;
            }
            prop_assert_eq!(all, (0..count as u32).rev().collect::<Vec<_>>());
        }

        #[test]
        fn a_new_article_leaves_numbered_pages_as_they_are(count in 0_usize..300, size in 1_usize..20) {
            let (before, after) = (shown(&listing(count, size, Pagination::Stable)), shown(&listing(count + 1, size, Pagination::Stable)));
            prop_assert!(after[0].1.len() < 2 * size || after[0].1.len() <= count + 1 && count + 1 < 2 * size);
            for (url, articles) in &before[1..] {
                prop_assert!(after.iter().any(|(u, a)| u == url && a == articles));
            }
            prop_assert!(after.len() <= before.len() + 1);
        }
    }
}
