//! Which articles are published now, and why the others are not.

use super::Catalogue;
use crate::model::{Article, Moment};

/// Which articles are published besides those that are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Show {
    /// Drafts as well.
    pub drafts: bool,
    /// Articles whose time has not come as well.
    pub future: bool,
}

/// Why an article is not published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// It says `draft: true`.
    Draft,
    /// Its time comes then.
    Scheduled(Moment),
    /// Its time ended then.
    Expired(Moment),
}

impl Reason {
    /// One word: `draft`, `scheduled` or `expired`.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Draft => "draft",
            Self::Scheduled(_) => "scheduled",
            Self::Expired(_) => "expired",
        }
    }

    /// When the article goes live, or when it ended.
    #[must_use]
    pub fn moment(self) -> Option<Moment> {
        match self {
            Self::Draft => None,
            Self::Scheduled(moment) | Self::Expired(moment) => Some(moment),
        }
    }
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Draft => f.write_str("a draft"),
            Self::Scheduled(moment) => write!(f, "scheduled for {}", moment.rfc3339()),
            Self::Expired(moment) => write!(f, "no longer shown since {}", moment.rfc3339()),
        }
    }
}

/// When the first article goes live or ends after a time, of those that this is known of.
#[must_use]
pub fn until(site: &Catalogue, now: Moment) -> Option<Moment> {
    let ends = site.articles.iter().filter_map(|article| article.expires);
    let withheld = site.withheld.iter();
    let begins = withheld.filter_map(|withheld| match withheld.reason {
        Reason::Scheduled(moment) => Some(moment),
        Reason::Draft | Reason::Expired(_) => None,
    });
    let moments = ends.chain(begins);
    let later = moments.filter(|moment| moment.unix_seconds() > now.unix_seconds());
    later.min_by_key(|moment| moment.unix_seconds())
}

/// Why an article is not published at a time; `None` when it is. An article goes live at
/// `publish`, or else at its date, and ends at `expires`.
#[must_use]
pub fn withheld(article: &Article, now: Moment, show: Show) -> Option<Reason> {
    if article.draft && !show.drafts {
        return Some(Reason::Draft);
    }
    if let Some(end) = article
        .expires
        .filter(|end| end.unix_seconds() <= now.unix_seconds())
    {
        return Some(Reason::Expired(end));
    }
    let live = article.publish.or(article.date)?;
    (live.unix_seconds() > now.unix_seconds() && !show.future).then_some(Reason::Scheduled(live))
}
