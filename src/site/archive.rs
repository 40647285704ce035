//! Articles by year and month.

use super::catalogue::Shelved;
use super::editions::Editions;
use super::{ArticleId, LanguageId};
use crate::model::UrlPath;

/// A year's articles.
#[derive(Debug, Clone)]
pub struct Year {
    /// The edition that it is of.
    pub edition: LanguageId,
    /// The year.
    pub year: i16,
    /// Its listing.
    pub url: UrlPath,
    /// Newest first.
    pub articles: Vec<ArticleId>,
    /// Newest first, only those with articles.
    pub months: Vec<Month>,
}

/// A month's articles.
#[derive(Debug, Clone)]
pub struct Month {
    /// 1 to 12.
    pub month: u8,
    /// Its listing.
    pub url: UrlPath,
    /// Newest first.
    pub articles: Vec<ArticleId>,
}

/// Sorts articles into years and months, as their own dates have them. Undated ones are in none.
pub(super) fn years(articles: &Shelved, editions: &Editions) -> Vec<Year> {
    let mut years: Vec<Year> = Vec::new();
    for (id, article) in articles.iter() {
        let Some(date) = article.date else { continue };
        let edition = editions.of(id);
        let year = date.year();
        let is_it = |known: &Year| known.year == year && known.edition == edition;
        let position = years.iter().rposition(is_it);
        let known = position.unwrap_or_else(|| {
            years.push(Year {
                edition,
                year,
                url: editions.page(edition, &format!("/archive/{year:04}/")),
                articles: Vec::new(),
                months: Vec::new(),
            });
            years.len() - 1
        });
        years[known].articles.push(id);
        let months = &mut years[known].months;
        let month = date.month();
        let position = months.iter().rposition(|known| known.month == month);
        let known = position.unwrap_or_else(|| {
            months.push(Month {
                month,
                url: editions.page(edition, &format!("/archive/{year:04}/{month:02}/")),
                articles: Vec::new(),
            });
            months.len() - 1
        });
        months[known].articles.push(id);
    }
    years.sort_by_key(|year| (year.edition, std::cmp::Reverse(year.year)));
    for year in &mut years {
        year.articles.sort_unstable();
        year.months
            .sort_by_key(|month| std::cmp::Reverse(month.month));
        for month in &mut year.months {
            month.articles.sort_unstable();
        }
    }
    years
}
