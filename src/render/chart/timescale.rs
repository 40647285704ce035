//! Labels that are dates: `2024`, `2024-07`, `2024-07-04`.

use jiff::civil::{Date, date};

use crate::render::language::Language;

/// How much of a date a label says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Precision {
    Year,
    Month,
    Day,
}

/// The days of labels, from some day on, if all are dates of one kind, and not all of one day.
pub(super) fn days<'a>(labels: impl Iterator<Item = &'a str>) -> Option<Vec<f64>> {
    let dates: Vec<(Date, Precision)> = labels.map(read).collect::<Option<_>>()?;
    let (first, precision) = *dates.first()?;
    if dates.iter().any(|(_, other)| *other != precision) {
        return None;
    }
    let since = |(day, _): &(Date, Precision)| {
        let days = day.duration_since(first).as_hours() / 24;
        days as f64
    };
    let days: Vec<f64> = dates.iter().map(since).collect();
    let is_later = |day: &f64| (day - days[0]).abs() >= 1.0;
    days.iter().any(is_later).then_some(days)
}

/// A label as readers see it: of a date with a month, the month's name.
pub(super) fn shown(label: &str, language: &Language) -> String {
    match read(label) {
        Some((day, Precision::Month)) => language.month_of_year(day.year(), day.month() as u8),
        Some((day, Precision::Day)) => {
            language.day_of(day.year(), day.month() as u8, day.day() as u8)
        }
        _ => label.to_owned(),
    }
}

fn read(label: &str) -> Option<(Date, Precision)> {
    let mut parts = label.trim().split('-');
    let mut next = |digits: usize| {
        let part = parts.next()?;
        let fits = part.len() == digits && part.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| part.parse::<i16>().ok())?
    };
    let year = next(4).filter(|year| *year > 0)?;
    let (month, day) = (next(2), next(2));
    let written = label.trim().len();
    let made = |month: i16, day: i16| Date::new(year, month as i8, day as i8).ok();
    match (month, day) {
        (None, _) if written == 4 => Some((date(year, 1, 1), Precision::Year)),
        (Some(month), None) if written == 7 => Some((made(month, 1)?, Precision::Month)),
        (Some(month), Some(day)) if written == 10 => Some((made(month, day)?, Precision::Day)),
        _ => None,
    }
}
