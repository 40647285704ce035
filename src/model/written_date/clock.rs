//! The time of a written date, and its offset from UTC.
//!
//! In: a cursor behind the day. Out: a time of day and perhaps an offset, with the cursor at the
//! end of the text, or what is wrong with them.

use jiff::civil::Time;
use jiff::tz::Offset;

use super::DateError;
use super::cursor::{Cursor, small};
use crate::model::moment::excerpt;

/// The widest offset accepted from a person, in minutes. Real ones end at +14:00; XML Schema and
/// java.time draw the line at 14 and 18 hours.
const WIDEST_WRITTEN_OFFSET: i32 = 18 * 60;

/// What stands between the day and the time.
pub(super) fn separator(cursor: &mut Cursor) -> Result<(), DateError> {
    let start = *cursor;
    if cursor.take(&['T', 't']).is_some() {
        return Ok(());
    }
    cursor.take(&[',']);
    if !cursor.spaces() {
        return Err(not_a_time(start.rest));
    }
    cursor.take_name(&["at"]);
    cursor.spaces();
    Ok(())
}

/// A time of day as in RFC 3339, but that the hour may have one digit, that seconds may be left
/// out, and that a clock of 12 hours may be used.
pub(super) fn time(cursor: &mut Cursor) -> Result<Time, DateError> {
    let start = *cursor;
    let wrong = || not_a_time(start.rest);
    let mut hour = small(cursor.digits()).ok_or_else(wrong)?;
    let hour_alone = !cursor.rest.starts_with(':');
    let minute = after_colon(cursor).ok_or_else(wrong)?;
    let minute_last = !cursor.rest.starts_with(':');
    let second = after_colon(cursor).ok_or_else(wrong)?;
    let mut ahead = *cursor;
    if !minute_last && ahead.take(&['.', ',']).is_some() && !ahead.digits().is_empty() {
        *cursor = ahead;
    }
    if let Some(half) = half_of_day(cursor) {
        if !(1..=12).contains(&hour) {
            let message = format!("there is no hour {hour} on a clock of 12 hours");
            return Err(DateError::new(message, "write 5:26 pm or 17:26"));
        }
        hour = hour % 12 + 12 * half;
    } else if hour_alone {
        return Err(wrong());
    }
    let second = if second == 60 { 59 } else { second };
    for (part, value, last) in [
        ("hour", hour, 23),
        ("minute", minute, 59),
        ("second", second, 59),
    ] {
        if value > last {
            let hint = format!("write the {part} as a number from 00 to {last}");
            return Err(DateError::new(format!("there is no {part} {value}"), hint));
        }
    }
    Time::new(hour, minute, second, 0).map_err(|_| wrong())
}

/// The two digits after a colon; 0 if there is no colon, nothing if there are not two digits.
fn after_colon(cursor: &mut Cursor) -> Option<i8> {
    if cursor.take(&[':']).is_none() {
        return Some(0);
    }
    let digits = cursor.digits();
    small(digits).filter(|_| digits.len() == 2)
}

/// `am` or `pm`: 0 or 1.
fn half_of_day(cursor: &mut Cursor) -> Option<i8> {
    let mut ahead = *cursor;
    ahead.spaces();
    let word = ahead.run(|c| c.is_ascii_alphabetic() || c == '.');
    let half = match word.to_ascii_lowercase().as_str() {
        "am" | "a.m." => 0,
        "pm" | "p.m." => 1,
        _ => return None,
    };
    *cursor = ahead;
    Some(half)
}

/// What follows the time: nothing, or an offset of at most 18 hours and nothing else.
pub(super) fn offset(cursor: &mut Cursor) -> Result<Option<Offset>, DateError> {
    cursor.spaces();
    let written = cursor.rest;
    if written.is_empty() {
        return Ok(None);
    }
    let minutes = offset_minutes(cursor).filter(|_| cursor.rest.is_empty());
    let offset = minutes
        .filter(|minutes| minutes.abs() <= WIDEST_WRITTEN_OFFSET)
        .and_then(|minutes| Offset::from_seconds(minutes * 60).ok());
    offset.map(Some).ok_or_else(|| {
        DateError::new(
            format!("`{}` is not an offset from UTC", excerpt(written)),
            "write one of at most 18 hours, such as -0400, or none for the site's time zone",
        )
    })
}

/// An offset in the shape of RFC 3339, RFC 2822, ISO 8601 or JavaScript (`GMT-0400`).
fn offset_minutes(cursor: &mut Cursor) -> Option<i32> {
    let named = cursor.take_name(&["Z", "UTC", "GMT"]);
    if named == Some(0) || (named.is_some() && cursor.rest.is_empty()) {
        return Some(0);
    }
    // U+2212 is the minus sign that word processors make and ISO 8601 prefers.
    let west = cursor.take(&['+', '-', '\u{2212}'])? != '+';
    let digits = cursor.digits();
    let (hours, minutes) = if digits.len() == 4 {
        (small(&digits[..2])?, small(&digits[2..])?)
    } else {
        (small(digits)?, after_colon(cursor)?)
    };
    let total = i32::from(hours) * 60 + i32::from(minutes);
    (minutes < 60).then_some(if west { -total } else { total })
}

fn not_a_time(written: &str) -> DateError {
    let message = match written.trim() {
        "" => "the time of day is missing".to_owned(),
        written => format!("`{}` is not a time of day", excerpt(written)),
    };
    DateError::new(message, "write 09:30, 09:30:00 or 09:30:00 -0400")
}
