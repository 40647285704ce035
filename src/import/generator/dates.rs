//! Dates in the forms that generators take, as Pressroom takes them.
//!
//! In: a value of front matter. Out: a text that front matter understands, or why there is none.

use jiff::Timestamp;

use super::fields::text_of;
use crate::model::WrittenDate;
use crate::yaml::Value;

/// A date that was understood.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::import) enum Understood {
    /// It says the same to Pressroom.
    Same(String),
    /// It is written otherwise, and its clock may be another.
    Near(String),
    /// It stands for no date at all, such as Go's year 1.
    None,
}

/// Understands a date, or says why it cannot be one.
pub(in crate::import) fn understand(value: &Value) -> Result<Understood, String> {
    if let Some(seconds) = value.as_i64() {
        return Timestamp::from_second(seconds)
            .map(|at| Understood::Near(at.to_string()))
            .map_err(|_| format!("`{seconds}` is no date"));
    }
    let Some(text) = text_of(value) else {
        return Err("a list or a mapping is no date".to_owned());
    };
    let text = text.trim();
    if text.is_empty() || text.starts_with("0001-01-01") {
        return Ok(Understood::None);
    }
    let Err(error) = text.parse::<WrittenDate>() else {
        return Ok(Understood::Same(text.to_owned()));
    };
    let near = [with_zone(text), of_old_clocks(text)].into_iter().flatten();
    near.into_iter()
        .find(|text| text.parse::<WrittenDate>().is_ok())
        .map(Understood::Near)
        .ok_or_else(|| error.to_string())
}

/// `2019-07-04 10:00:00.5 -0400 EDT`: what Go prints, where the name of the zone says nothing more.
/// Without an offset the name is taken for UTC, as Go takes it.
fn with_zone(text: &str) -> Option<String> {
    let (date, zone) = text.rsplit_once(' ')?;
    if !is_zone(zone) {
        return None;
    }
    let has_offset = date
        .rsplit(' ')
        .next()
        .is_some_and(|last| last.starts_with(['+', '-']));
    Some(if has_offset {
        date.to_owned()
    } else {
        format!("{date} +0000")
    })
}

fn is_zone(word: &str) -> bool {
    (3..=5).contains(&word.len()) && word.bytes().all(|byte| byte.is_ascii_uppercase())
}

/// `Thu Jul  4 10:00:00 2019`, `Thu Jul 4 10:00:00 -0400 2019`, `Thursday, 04-Jul-19 10:00:00 UTC`
/// and `04 Jul 19 10:00 UTC`: forms of C, Ruby, RFC 850 and RFC 822.
fn of_old_clocks(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    match words.as_slice() {
        [weekday, month, day, time, zone @ .., year] if is_weekday(weekday) && year.len() == 4 => {
            let offset = offset(zone.first().copied())?;
            Some(format!("{day} {month} {year} {time}{offset}"))
        }
        [weekday, date, time, zone @ ..] if is_weekday(weekday.trim_end_matches(',')) => {
            let (day, rest) = date.split_once('-')?;
            let (month, year) = rest.split_once('-')?;
            let offset = offset(zone.first().copied())?;
            Some(format!(
                "{day} {month} {} {time}{offset}",
                whole_year(year)?
            ))
        }
        [day, month, year, rest @ ..] if year.len() == 2 && rest.len() <= 2 => {
            let time = rest
                .first()
                .map(|time| format!(" {time}"))
                .unwrap_or_default();
            let offset = offset(rest.get(1).copied())?;
            Some(format!("{day} {month} {}{time}{offset}", whole_year(year)?))
        }
        _ => None,
    }
}

fn is_weekday(word: &str) -> bool {
    let days = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
    word.len() >= 3 && word.is_ascii() && days.contains(&&*word[..3].to_ascii_lowercase())
}

fn offset(zone: Option<&str>) -> Option<String> {
    match zone {
        None => Some(String::new()),
        Some(zone) if zone.starts_with(['+', '-']) => Some(format!(" {zone}")),
        Some(zone) => is_zone(zone).then(|| " +0000".to_owned()),
    }
}

/// Years of two digits, as Go reads them: from 1969 to 2068.
fn whole_year(year: &str) -> Option<u32> {
    let number: u32 = year.parse().ok().filter(|_| year.len() == 2)?;
    Some(if number >= 69 {
        1900 + number
    } else {
        2000 + number
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_that_generators_take_is_understood() {
        let same = |text: &str| Ok(Understood::Same(text.to_owned()));
        let near = |text: &str| Ok(Understood::Near(text.to_owned()));
        for (written, understood) in [
            ("2019-07-04", same("2019-07-04")),
            ("2019-07-04T10:00:00Z", same("2019-07-04T10:00:00Z")),
            (
                "2019-07-04 10:00:00 -0400",
                same("2019-07-04 10:00:00 -0400"),
            ),
            (
                "Thu, 04 Jul 2019 10:00:00 -0400",
                same("Thu, 04 Jul 2019 10:00:00 -0400"),
            ),
            (
                "2019-07-04 10:00:00 -0400 EDT",
                near("2019-07-04 10:00:00 -0400"),
            ),
            ("2019-07-04 10:00:00 EST", near("2019-07-04 10:00:00 +0000")),
            ("Thu Jul  4 10:00:00 2019", near("4 Jul 2019 10:00:00")),
            (
                "Thu Jul 4 10:00:00 -0400 2019",
                near("4 Jul 2019 10:00:00 -0400"),
            ),
            (
                "Thursday, 04-Jul-19 10:00:00 UTC",
                near("04 Jul 2019 10:00:00 +0000"),
            ),
            ("04 Jul 19 10:00 MST", near("04 Jul 2019 10:00 +0000")),
            ("0001-01-01T00:00:00Z", Ok(Understood::None)),
        ] {
            assert_eq!(understand(&written.into()), understood, "{written}");
        }
        assert_eq!(
            understand(&1_562_234_400.into()),
            near("2019-07-04T10:00:00Z")
        );
        for impossible in ["2019-02-30", "soon", "02/03/2019", "Foo Bar 99"] {
            assert!(understand(&impossible.into()).is_err(), "{impossible}");
        }
    }

    proptest::proptest! {
        #[test]
        fn no_text_makes_it_panic(text in "([A-Z]{1,5}|[0-9]{1,4}|-|:|,| |é){0,12}") {
            let _ = understand(&text.into());
        }
    }
}
