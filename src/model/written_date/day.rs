//! The day of a written date.
//!
//! In: a cursor at the beginning of a date, in digits or in words. Out: a day that exists, with the
//! cursor behind it, or what is wrong with it.

use jiff::civil::{Date, Weekday};

use super::cursor::{Cursor, four_digits, small};
use super::{DateError, SHAPES};
use crate::model::Moment;
use crate::model::moment::{MONTHS, day_of_month, in_words};

#[rustfmt::skip]
const WEEKDAYS: [&str; 7] = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
];
const ORDINALS: [&str; 4] = ["st", "nd", "rd", "th"];

/// A number alone, where it is plain what it was meant to be.
pub(super) fn bare_number(text: &str) -> Option<DateError> {
    if !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let since_1970 = |unit, seconds| {
        let message = format!("`{text}` looks like {unit} since 1970");
        let hint = format!("write {}", Moment::new(seconds, 0).rfc3339());
        DateError::new(message, hint)
    };
    match text.len() {
        4 => {
            let message = format!("`{text}` has no month and no day");
            Some(DateError::new(message, SHAPES))
        }
        8 => {
            let (year, month, day) = (&text[..4], &text[4..6], &text[6..]);
            let day = existing_day(four_digits(year)?, small(month)?, small(day)?).ok()?;
            let message = format!("`{text}` is a number, not a date");
            Some(DateError::new(message, format!("write {day}")))
        }
        9 | 10 => Some(since_1970("seconds", text.parse().ok()?)),
        13 => Some(since_1970("milliseconds", text[..10].parse().ok()?)),
        _ => None,
    }
}

/// A day, which may have its day of the week in front.
pub(super) fn read(cursor: &mut Cursor) -> Result<Date, DateError> {
    let Some(weekday) = cursor.take_name(&WEEKDAYS) else {
        return day(cursor);
    };
    cursor.gap();
    on_weekday(day(cursor)?, weekday)
}

/// RFC 2822 has the day of the week in front of the date, and wants it to be the right one.
fn on_weekday(day: Date, written: usize) -> Result<Date, DateError> {
    let real = usize::from(day.weekday().since(Weekday::Monday).unsigned_abs());
    if real == written {
        return Ok(day);
    }
    let (real, written) = (WEEKDAYS[real], WEEKDAYS[written]);
    Err(DateError::new(
        format!("{} is a {real}, not a {written}", in_words(day)),
        format!("write {real}, or leave the day of the week out"),
    ))
}

fn day(cursor: &mut Cursor) -> Result<Date, DateError> {
    let start = *cursor;
    let first = cursor.digits();
    let mut ahead = *cursor;
    if let Some(separator) = ahead.take(&['-', '/', '.'])
        && ahead.rest.starts_with(|c: char| c.is_ascii_digit())
    {
        *cursor = ahead;
        numeric_day(cursor, start, first, separator)
    } else {
        day_in_words(cursor, start, first)
    }
}

/// The rest of `2024-07-04`, as in RFC 3339, or of the same with other separators.
fn numeric_day(
    cursor: &mut Cursor,
    start: Cursor,
    first: &str,
    separator: char,
) -> Result<Date, DateError> {
    let second = cursor.digits();
    let third = cursor.take(&[separator]).map_or("", |_| cursor.digits());
    let written = cursor.since(start);
    if let (Some(year), Some(month)) = (four_digits(first), small(second)) {
        if third.is_empty() {
            let example = existing_day(year, month, 1)?.to_string();
            return Err(no_day(&written, &example));
        }
        let day = small(third).ok_or_else(|| cursor.not_a_date())?;
        return existing_day(year, month, day);
    }
    let (Some(a), Some(b)) = (small(first), small(second)) else {
        return Err(cursor.not_a_date());
    };
    Err(match four_digits(third) {
        Some(year) => day_or_month_first(&written, a, b, year),
        None if third.is_empty() => cursor.not_a_date(),
        None => no_year(&written),
    })
}

/// The rest of `4 July 2019`, as in RFC 2822, or the whole of `July 4, 2019`.
fn day_in_words(cursor: &mut Cursor, start: Cursor, first: &str) -> Result<Date, DateError> {
    let mut day = first;
    if !first.is_empty() {
        cursor.take_name(&ORDINALS);
        cursor.gap();
    }
    let month = cursor.take_name(&MONTHS).map(|index| index as i8 + 1);
    let month = month.ok_or_else(|| cursor.not_a_date())?;
    if first.is_empty() {
        cursor.gap();
        day = cursor.digits();
        if let Some(year) = four_digits(day) {
            let example = in_words(existing_day(year, month, 1)?);
            return Err(no_day(&cursor.since(start), &example));
        }
        cursor.take_name(&ORDINALS);
    }
    let day = small(day).ok_or_else(|| cursor.not_a_date())?;
    let without_year = *cursor;
    cursor.gap();
    let year = four_digits(cursor.digits()).ok_or_else(|| no_year(&without_year.since(start)))?;
    existing_day(year, month, day)
}

/// The day of the Gregorian calendar, or what is wrong with it.
fn existing_day(year: i16, month: i8, day: i8) -> Result<Date, DateError> {
    if year == 0 {
        let hint = "write a year from 0001 to 9999";
        return Err(DateError::new("there is no year 0000", hint));
    }
    let Ok(first) = Date::new(year, month, 1) else {
        let hint = match Date::new(year, day, month) {
            Ok(swapped) => format!("write {swapped} if the month comes last"),
            Err(_) => "write a month from 01 to 12".to_owned(),
        };
        return Err(DateError::new(format!("there is no month {month}"), hint));
    };
    Date::new(year, month, day).map_err(|_| {
        let name = MONTHS[usize::from(month.unsigned_abs()) - 1];
        let (message, nearest) = if day < 1 {
            (format!("{name} {year:04} has no day {day}"), first)
        } else {
            let days = first.days_in_month();
            let message = format!("{name} {year:04} has {days} days, not {day}");
            (message, first.last_of_month())
        };
        let hint = format!("write a date that exists, such as {nearest}");
        DateError::new(message, hint)
    })
}

/// `02/03/2024`: what it means differs from country to country.
fn day_or_month_first(written: &str, a: i8, b: i8, year: i16) -> DateError {
    match (existing_day(year, b, a), existing_day(year, a, b)) {
        (Ok(one), Ok(other)) if one != other => {
            let (first, second) = (day_of_month(one), day_of_month(other));
            let message = format!("`{written}` can be {first} or {second}");
            DateError::new(message, format!("write {one} or {other}"))
        }
        (Ok(only), _) | (_, Ok(only)) => DateError::new(
            format!("the order of day and month in `{written}` depends on the reader"),
            format!("write {only}"),
        ),
        (Err(_), Err(error)) if b > 12 => error,
        (Err(error), Err(_)) => error,
    }
}

fn no_day(written: &str, example: &str) -> DateError {
    let hint = format!("write the day too, such as {example}");
    DateError::new(format!("`{written}` has no day"), hint)
}

fn no_year(written: &str) -> DateError {
    let hint = "write the year with four digits, such as 2024-07-04";
    DateError::new(format!("`{written}` has no year of four digits"), hint)
}
