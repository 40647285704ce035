//! When something was published: dates as people write them, and the instants they mean.
//!
//! A date from front matter becomes a [`WrittenDate`], which does not know the site's time zone
//! yet; [`WrittenDate::resolve`] makes a [`Moment`] of it. What cannot be understood, or could be
//! understood in two ways, is a [`DateError`] that says what to write. Neither the clock nor the
//! time zone of the machine is ever read. The file is long because each mistake has its own answer.

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, DateTime, Time, Weekday};
use jiff::fmt::strtime;
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

#[rustfmt::skip]
const MONTHS: [&str; 12] = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
];
#[rustfmt::skip]
const WEEKDAYS: [&str; 7] = [
    "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday",
];
const ORDINALS: [&str; 4] = ["st", "nd", "rd", "th"];
const SHAPES: &str = "write 2024-07-04, 2024-07-04 09:30:00 -0400 or 4 July 2024";

/// 0001-01-01T00:00:00 on the local clock, in seconds since 1970 on that clock.
const FIRST_LOCAL_SECOND: i64 = -62_135_596_800;
/// The widest offset that jiff holds and that is whole minutes, in seconds.
const WIDEST_OFFSET: i32 = (25 * 60 + 59) * 60;
/// The widest offset accepted from a person, in minutes. Real ones end at +14:00; XML Schema and
/// java.time draw the line at 14 and 18 hours.
const WIDEST_WRITTEN_OFFSET: i32 = 18 * 60;

/// An instant, to the second, with the UTC offset of the clock it was read from: the offset that
/// its author wrote or else the one of the site's time zone at that instant.
///
/// Ordered by instant, and equal instants by offset, west first. Years are 1 to 9999; an instant
/// outside of them, or after 9999-12-30T22:00:00Z, where jiff's range ends, is moved to the
/// nearest one inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Moment {
    seconds: i64,
    offset: i32,
}

impl Moment {
    /// The instant `seconds` after 1970-01-01T00:00:00Z, on a clock that is `offset` seconds
    /// ahead of UTC (negative west of Greenwich, at most 25:59 hours either way).
    #[must_use]
    pub fn new(seconds: i64, offset: i32) -> Self {
        let offset = offset.clamp(-WIDEST_OFFSET, WIDEST_OFFSET);
        let first = FIRST_LOCAL_SECOND - i64::from(offset);
        let seconds = seconds.clamp(first, Timestamp::MAX.as_second());
        Self { seconds, offset }
    }

    /// The instant `seconds` after 1970-01-01T00:00:00Z, on the clocks of `zone`.
    #[must_use]
    pub fn in_zone(seconds: i64, zone: &TimeZone) -> Self {
        let at = Self::new(seconds, 0).timestamp();
        Self::new(seconds, zone.to_offset(at).seconds())
    }

    /// Seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn unix_seconds(self) -> i64 {
        self.seconds
    }

    /// Year on the moment's own clock, 1 to 9999.
    #[must_use]
    pub fn year(self) -> i16 {
        self.civil().year()
    }

    /// Month on the moment's own clock, 1 to 12.
    #[must_use]
    pub fn month(self) -> u8 {
        self.civil().month().unsigned_abs()
    }

    /// Day of the month on the moment's own clock, 1 to 31.
    #[must_use]
    pub fn day(self) -> u8 {
        self.civil().day().unsigned_abs()
    }

    /// `2024-07-04T09:30:00-04:00`, with `Z` for an offset of zero: RFC 3339, which is also what
    /// Atom, JSON Feed, sitemaps and the `datetime` attribute of HTML take.
    ///
    /// RFC 3339 has no seconds in offsets. Old clocks that need them (Liberia's until 1972) are
    /// written with the next whole minute, and the time so that the instant stays exact.
    #[must_use]
    pub fn rfc3339(self) -> String {
        let minutes = self.offset.div_euclid(60) + i32::from(self.offset.rem_euclid(60) > 0);
        let local = Self::new(self.seconds, minutes * 60).civil();
        if minutes == 0 {
            return format!("{local:.0}Z");
        }
        let sign = if minutes < 0 { '-' } else { '+' };
        let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
        format!("{local:.0}{sign}{hours:02}:{minutes:02}")
    }

    /// The day on the moment's own clock: `2024-07-04`.
    #[must_use]
    pub fn date(self) -> String {
        self.civil().date().to_string()
    }

    /// The day on the moment's own clock, in English: `4 July 2024`.
    #[must_use]
    pub fn long(self) -> String {
        in_words(self.civil().date())
    }

    /// The moment on its own clock, as a pattern in the manner of C's `strftime` says; names are
    /// English. The directives are those of [`jiff::fmt::strtime`].
    ///
    /// The error names the part of the pattern that means nothing.
    pub fn format(self, pattern: &str) -> Result<String, String> {
        let zoned = self
            .timestamp()
            .to_zoned(TimeZone::fixed(self.jiff_offset()));
        strtime::format(pattern, &zoned).map_err(|_| {
            let culprit = directives(pattern)
                .find(|directive| strtime::format(directive, &zoned).is_err())
                .unwrap_or(pattern);
            format!(
                "`{}` means nothing in a date format; one that works is `%-d %B %Y`",
                excerpt(culprit)
            )
        })
    }

    fn timestamp(self) -> Timestamp {
        // `new` keeps seconds within the range, so the fallback is never taken.
        Timestamp::from_second(self.seconds).unwrap_or(Timestamp::MAX)
    }

    fn jiff_offset(self) -> Offset {
        // Likewise.
        Offset::from_seconds(self.offset).unwrap_or(Offset::UTC)
    }

    fn civil(self) -> DateTime {
        self.jiff_offset().to_datetime(self.timestamp())
    }
}

/// The directives of a `strftime` pattern, each from its `%` to its letter.
fn directives(pattern: &str) -> impl Iterator<Item = &str> {
    let mut rest = pattern;
    std::iter::from_fn(move || {
        let directive = &rest[rest.find('%')?..];
        let end = directive
            .char_indices()
            .skip(1)
            .find(|(_, c)| !(c.is_ascii_digit() || "-_0^#:.".contains(*c)))
            .map_or(directive.len(), |(at, c)| at + c.len_utf8());
        rest = &directive[end..];
        Some(&directive[..end])
    })
}

/// A date as a person wrote it: a day, perhaps a time of day, perhaps an offset from UTC.
///
/// [`FromStr`] accepts, with white space around it:
/// - RFC 3339 and its neighbours: `2024-07-04T09:30:00.5-04:00`, `2023-01-31 17:26:00 -0500`,
///   `2017-7-8 3:46`, `2024/07/04`, `2024-07-04`. A time has no seconds or has them to any
///   precision, of which whole seconds are kept; a leap second (`:60`) is taken for the one
///   before it.
/// - English: `July 4, 2019`, `4 July 2019`, `4th Jul. 2019`, with any of those times after it,
///   also `5:30 pm`. A day of the week may stand in front, as in RFC 2822
///   (`Thu, 04 Jul 2019 17:26:00 -0400`), and has to be the right one.
/// - Offsets `Z`, `UTC`, `GMT`, `-4`, `-04`, `-0400`, `-04:00`, `GMT-0400`, of up to 18 hours.
///
/// Years have four digits, 0001 to 9999.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WrittenDate {
    day: Date,
    time: Option<(Time, Option<Offset>)>,
}

impl WrittenDate {
    /// The moment that was meant, on a site in `zone`.
    ///
    /// An offset that was written is kept. Without one, the time is read on the clocks of `zone`.
    /// A time that they skip when they go forward is taken as if they had not yet, so that it
    /// comes out as much later as they skip; a time that they show twice when they go back is
    /// the first of the two. (RFC 5545 and jiff's "compatible" disambiguation do the same.) A
    /// date alone is the first instant of that day in `zone`, whatever its clocks show then.
    #[must_use]
    pub fn resolve(&self, zone: &TimeZone) -> Moment {
        let (time, offset) = self.time.unwrap_or((Time::midnight(), None));
        let civil = self.day.to_datetime(time);
        if let Some(offset) = offset {
            let at = offset.to_timestamp(civil).unwrap_or(Timestamp::MAX);
            return Moment::new(at.as_second(), offset.seconds());
        }
        let clocks = zone.to_ambiguous_timestamp(civil);
        let skipped = matches!(clocks.offset(), AmbiguousOffset::Gap { .. });
        // Only the last days of 9999 are out of range: jiff has room before the year 1.
        let mut at = clocks.compatible().unwrap_or(Timestamp::MAX);
        if skipped && self.time.is_none() {
            // The day begins when the clocks change, which need not be a full skip after
            // midnight: Toronto's went from 23:30 to 00:30 in 1919.
            let next = at
                .saturating_add(SignedDuration::from_secs(1))
                .unwrap_or(at);
            at = zone
                .preceding(next)
                .next()
                .map_or(at, |change| change.timestamp());
        }
        Moment::in_zone(at.as_second(), zone)
    }
}

/// Why a text is not taken for a date. `Display` gives what is wrong, without a full stop.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DateError {
    message: String,
    hint: String,
}

impl DateError {
    fn new(message: impl Into<String>, hint: impl Into<String>) -> Self {
        let (message, hint) = (message.into(), hint.into());
        Self { message, hint }
    }

    /// What to write instead.
    #[must_use]
    pub fn hint(&self) -> &str {
        &self.hint
    }
}

impl fmt::Display for DateError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for DateError {}

impl FromStr for WrittenDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(DateError::new("the date is empty", SHAPES));
        }
        if let Some(error) = bare_number(text) {
            return Err(error);
        }
        let mut cursor = Cursor { text, rest: text };
        let day = if let Some(weekday) = cursor.take_name(&WEEKDAYS) {
            cursor.gap();
            on_weekday(day(&mut cursor)?, weekday)?
        } else {
            day(&mut cursor)?
        };
        if cursor.rest.is_empty() {
            return Ok(Self { day, time: None });
        }
        time_separator(&mut cursor)?;
        let time = Some((clock(&mut cursor)?, offset(&mut cursor)?));
        Ok(Self { day, time })
    }
}

/// A text that is being read from the left. A copy of it is a place to come back to.
#[derive(Clone, Copy)]
struct Cursor<'a> {
    text: &'a str,
    rest: &'a str,
}

impl<'a> Cursor<'a> {
    fn run(&mut self, belongs: impl Fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !belongs(c)).unwrap_or(self.rest.len());
        let (run, rest) = self.rest.split_at(end);
        self.rest = rest;
        run
    }

    fn digits(&mut self) -> &'a str {
        self.run(|c| c.is_ascii_digit())
    }

    /// Whether there was white space.
    fn spaces(&mut self) -> bool {
        !self.run(char::is_whitespace).is_empty()
    }

    fn take(&mut self, any_of: &[char]) -> Option<char> {
        let c = self.rest.chars().next().filter(|c| any_of.contains(c))?;
        self.rest = &self.rest[c.len_utf8()..];
        Some(c)
    }

    /// Takes the next word if it is one of `names`, or the first three letters of one or more, in
    /// any case, and gives the index of the name.
    fn take_name(&mut self, names: &[&str]) -> Option<usize> {
        let mut ahead = *self;
        let word = ahead.run(|c| c.is_ascii_alphabetic());
        let index = names.iter().position(|name| {
            word.len() >= name.len().min(3)
                && name
                    .get(..word.len())
                    .is_some_and(|start| start.eq_ignore_ascii_case(word))
        })?;
        *self = ahead;
        Some(index)
    }

    /// What stands between the parts of a date in words.
    fn gap(&mut self) {
        self.take(&[',', '.', '-']);
        self.spaces();
    }

    /// What was read since `start`, for a message.
    fn since(&self, start: Cursor) -> String {
        excerpt(&start.rest[..start.rest.len() - self.rest.len()])
    }

    fn not_a_date(&self) -> DateError {
        DateError::new(format!("`{}` is not a date", excerpt(self.text)), SHAPES)
    }
}

/// A number alone, where it is plain what it was meant to be.
fn bare_number(text: &str) -> Option<DateError> {
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

fn time_separator(cursor: &mut Cursor) -> Result<(), DateError> {
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
fn clock(cursor: &mut Cursor) -> Result<Time, DateError> {
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
fn offset(cursor: &mut Cursor) -> Result<Option<Offset>, DateError> {
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

/// A number of one or two digits.
fn small(digits: &str) -> Option<i8> {
    digits.parse().ok().filter(|_| digits.len() <= 2)
}

/// A year of four digits.
fn four_digits(digits: &str) -> Option<i16> {
    digits.parse().ok().filter(|_| digits.len() == 4)
}

fn in_words(day: Date) -> String {
    format!("{} {}", day_of_month(day), day.year())
}

fn day_of_month(day: Date) -> String {
    let name = MONTHS[usize::from(day.month().unsigned_abs()) - 1];
    format!("{} {name}", day.day())
}

/// At most 40 characters of a person's text, on one line.
fn excerpt(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use proptest::prelude::*;

    use super::*;

    fn zone(name: &str) -> TimeZone {
        TimeZone::get(name).unwrap()
    }

    fn resolved(text: &str, zone_name: &str) -> String {
        let written: WrittenDate = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
        written.resolve(&zone(zone_name)).rfc3339()
    }

    /// As read in New York; what stands in brackets is the source of the shape.
    const ACCEPTED: &str = "
        [RFC 3339]
        2024-07-04T09:30:00-04:00 => 2024-07-04T09:30:00-04:00
        2024-07-04t09:30:00z => 2024-07-04T09:30:00Z
        2024-07-04 09:30:00.999999999999+05:30 => 2024-07-04T09:30:00+05:30
        2016-12-31T23:59:60Z => 2016-12-31T23:59:59Z
        2024-07-04T09:30:00-00:00 => 2024-07-04T09:30:00Z
        [Jekyll and its neighbours]
        2023-01-31 17:26:00 -0500 => 2023-01-31T17:26:00-05:00
        2017-7-8 3:46:23 -0400 => 2017-07-08T03:46:23-04:00
        2023-01-31 17:26:00 -4 => 2023-01-31T17:26:00-04:00
        2023-01-31 17:26:00-04 => 2023-01-31T17:26:00-04:00
        2023-01-31 17:26:00 +5:30 => 2023-01-31T17:26:00+05:30
        2023-01-31 17:26:00 UTC => 2023-01-31T17:26:00Z
        2023-01-31 17:26:00gmt => 2023-01-31T17:26:00Z
        2023-01-31 17:26:00 +18:00 => 2023-01-31T17:26:00+18:00
        2023-01-31T17:26+0000 => 2023-01-31T17:26:00Z
        2023-01-31 17:26 -0500 => 2023-01-31T17:26:00-05:00
        [No offset: New York's]
        2023-01-31 17:26 => 2023-01-31T17:26:00-05:00
        2023-07-31 17:26:05,25 => 2023-07-31T17:26:05-04:00
        2023-01-31 => 2023-01-31T00:00:00-05:00
        2023/01/31 => 2023-01-31T00:00:00-05:00
        2023.1.31 => 2023-01-31T00:00:00-05:00
        0001-01-01 00:00 Z => 0001-01-01T00:00:00Z
        [English]
        July 4, 2019 => 2019-07-04T00:00:00-04:00
        4 July 2019 => 2019-07-04T00:00:00-04:00
        Jul 4 2019 => 2019-07-04T00:00:00-04:00
        4 Jul. 2019 => 2019-07-04T00:00:00-04:00
        JULY 4TH, 2019 => 2019-07-04T00:00:00-04:00
        1st sept 2019 => 2019-09-01T00:00:00-04:00
        04-Jul-2019 => 2019-07-04T00:00:00-04:00
        July 4, 2019, 17:26 => 2019-07-04T17:26:00-04:00
        July 4, 2019 17:26:00 Z => 2019-07-04T17:26:00Z
        July 4, 2019 5:30 pm => 2019-07-04T17:30:00-04:00
        July 4, 2019 at 12:05 a.m. -0500 => 2019-07-04T00:05:00-05:00
        4 July 2019 12PM => 2019-07-04T12:00:00-04:00
        Thursday, July 4, 2019 => 2019-07-04T00:00:00-04:00
        [RFC 2822, and what JavaScript's Date prints]
        Thu, 04 Jul 2019 17:26:00 -0400 => 2019-07-04T17:26:00-04:00
        Thu, 4 Jul 2019 17:26 GMT => 2019-07-04T17:26:00Z
        Thu Jul 04 2019 17:26:00 GMT-0400 => 2019-07-04T17:26:00-04:00
    ";

    /// What is written => what is wrong with it => what to write instead.
    const REJECTED: &str = "
        tomorrow => `tomorrow` is not a date => write 2024-07-04, 2024-07-04 09:30:00 -0400 or 4 July 2024
        Sunday => `Sunday` is not a date => write 2024-07-04, 2024-07-04 09:30:00 -0400 or 4 July 2024
        -2024-07-04 => `-2024-07-04` is not a date => write 2024-07-04, 2024-07-04 09:30:00 -0400 or 4 July 2024
        4 Juli 2019 => `4 Juli 2019` is not a date => write 2024-07-04, 2024-07-04 09:30:00 -0400 or 4 July 2024
        2024-007-04 => `2024-007-04` is not a date => write 2024-07-04, 2024-07-04 09:30:00 -0400 or 4 July 2024
        12:30 => `12:30` is not a date => write 2024-07-04, 2024-07-04 09:30:00 -0400 or 4 July 2024
        2023-02-30 => February 2023 has 28 days, not 30 => write a date that exists, such as 2023-02-28
        31 June 2024 => June 2024 has 30 days, not 31 => write a date that exists, such as 2024-06-30
        2024-07-00 => July 2024 has no day 0 => write a date that exists, such as 2024-07-01
        2024-13-02 => there is no month 13 => write 2024-02-13 if the month comes last
        2024-13-32 => there is no month 13 => write a month from 01 to 12
        0000-01-01 => there is no year 0000 => write a year from 0001 to 9999
        02/03/2024 => `02/03/2024` can be 2 March or 3 February => write 2024-03-02 or 2024-02-03
        13/02/2024 10:00 => the order of day and month in `13/02/2024` depends on the reader => write 2024-02-13
        4.4.2024 => the order of day and month in `4.4.2024` depends on the reader => write 2024-04-04
        02-30-2024 => February 2024 has 29 days, not 30 => write a date that exists, such as 2024-02-29
        31/02/2024 => February 2024 has 29 days, not 31 => write a date that exists, such as 2024-02-29
        24-07-04 => `24-07-04` has no year of four digits => write the year with four digits, such as 2024-07-04
        4/7/24 => `4/7/24` has no year of four digits => write the year with four digits, such as 2024-07-04
        July 4 '19 => `July 4` has no year of four digits => write the year with four digits, such as 2024-07-04
        4 July => `4 July` has no year of four digits => write the year with four digits, such as 2024-07-04
        2024-07 => `2024-07` has no day => write the day too, such as 2024-07-01
        July 2019 => `July 2019` has no day => write the day too, such as 1 July 2019
        2024 => `2024` has no month and no day => write 2024-07-04, 2024-07-04 09:30:00 -0400 or 4 July 2024
        1562198400 => `1562198400` looks like seconds since 1970 => write 2019-07-04T00:00:00Z
        1562198400123 => `1562198400123` looks like milliseconds since 1970 => write 2019-07-04T00:00:00Z
        20190704 => `20190704` is a number, not a date => write 2019-07-04
        20199999 => `20199999` is not a date => write 2024-07-04, 2024-07-04 09:30:00 -0400 or 4 July 2024
        Fri, 4 Jul 2019 => 4 July 2019 is a Thursday, not a Friday => write Thursday, or leave the day of the week out
        2024-07-04 25:00 => there is no hour 25 => write the hour as a number from 00 to 23
        2024-07-04 24:00 => there is no hour 24 => write the hour as a number from 00 to 23
        2024-07-04 10:60 => there is no minute 60 => write the minute as a number from 00 to 59
        2024-07-04 10:00:61 => there is no second 61 => write the second as a number from 00 to 59
        2024-07-04 17:26 pm => there is no hour 17 on a clock of 12 hours => write 5:26 pm or 17:26
        2024-07-04 noon => `noon` is not a time of day => write 09:30, 09:30:00 or 09:30:00 -0400
        2024-07-04T => the time of day is missing => write 09:30, 09:30:00 or 09:30:00 -0400
        July 4, 2024 at => the time of day is missing => write 09:30, 09:30:00 or 09:30:00 -0400
        2024-07-04 10 => `10` is not a time of day => write 09:30, 09:30:00 or 09:30:00 -0400
        2024-07-04 10:5 => `10:5` is not a time of day => write 09:30, 09:30:00 or 09:30:00 -0400
        2024-07-04Z => `Z` is not a time of day => write 09:30, 09:30:00 or 09:30:00 -0400
        2024-07-04 -0500 => `-0500` is not a time of day => write 09:30, 09:30:00 or 09:30:00 -0400
        2024-07-04 10:00 EST => `EST` is not an offset from UTC => write one of at most 18 hours, such as -0400, or none for the site's time zone
        2024-07-04 10:00.5 => `.5` is not an offset from UTC => write one of at most 18 hours, such as -0400, or none for the site's time zone
        2024-07-04 10:00 +19:00 => `+19:00` is not an offset from UTC => write one of at most 18 hours, such as -0400, or none for the site's time zone
        2024-07-04 10:00 +0460 => `+0460` is not an offset from UTC => write one of at most 18 hours, such as -0400, or none for the site's time zone
        2024-07-04 10:00 Z-04 => `Z-04` is not an offset from UTC => write one of at most 18 hours, such as -0400, or none for the site's time zone
        2024-07-04 10:00 -0400 x => `-0400 x` is not an offset from UTC => write one of at most 18 hours, such as -0400, or none for the site's time zone
    ";

    fn table(text: &str) -> Vec<Vec<&str>> {
        let rows = text.lines().filter(|line| line.contains(" => "));
        rows.map(|row| row.trim().split(" => ").collect()).collect()
    }

    #[test]
    fn every_shape_in_the_manual_is_understood() {
        for row in table(ACCEPTED) {
            assert_eq!(resolved(row[0], "America/New_York"), row[1], "{}", row[0]);
        }
        assert_eq!(
            resolved("\u{a0}2023-1-3\r\n", "UTC"),
            "2023-01-03T00:00:00Z"
        );
        assert_eq!(
            resolved("2023-01-31 17:26 \u{2212}04:00", "UTC"),
            "2023-01-31T17:26:00-04:00"
        );
    }

    #[test]
    fn a_wrong_date_says_what_was_understood_and_what_to_write() {
        for row in table(REJECTED) {
            let error = row[0].parse::<WrittenDate>().expect_err(row[0]);
            let (message, hint) = (error.to_string(), error.hint());
            assert_eq!((message.as_str(), hint), (row[1], row[2]), "{}", row[0]);
        }
        let message = |text: &str| text.parse::<WrittenDate>().unwrap_err().to_string();
        assert_eq!(message(" \n"), "the date is empty");
        assert_eq!(message("a\nb"), "`a b` is not a date");
        let (forty, cut) = ("é".repeat(40), "é".repeat(41));
        assert_eq!(message(&forty), format!("`{forty}` is not a date"));
        assert_eq!(message(&cut), format!("`{forty}…` is not a date"));
    }

    #[test]
    fn a_megabyte_of_anything_is_refused_in_a_short_sentence() {
        for piece in [
            "1",
            "-",
            "a",
            " ",
            "2024-07-04 ",
            "é",
            "July 4, ",
            "10:00:00.0",
            "\u{0}",
        ] {
            for prefix in ["", "x", "2024-07-04 ", "2024-07-04 10:00:00 ", "4 July "] {
                let text = format!("{prefix}{}x", piece.repeat(1_000_000 / piece.len()));
                let error = text.parse::<WrittenDate>().expect_err(piece);
                assert!(error.to_string().chars().count() < 80, "{error}");
                assert!(error.hint().chars().count() < 80, "{error}");
            }
        }
    }

    #[test]
    fn a_time_that_the_clocks_skip_or_repeat_is_settled() {
        let new_york = |text| resolved(text, "America/New_York");
        assert_eq!(new_york("2024-03-10 02:30"), "2024-03-10T03:30:00-04:00");
        assert_eq!(new_york("2024-11-03 01:30"), "2024-11-03T01:30:00-04:00");
        assert_eq!(
            new_york("2024-11-03 01:30 -0500"),
            "2024-11-03T01:30:00-05:00"
        );
    }

    #[test]
    fn a_day_starts_when_its_clocks_start() {
        let cases = [
            ("2024-07-04", "Europe/London", "2024-07-04T00:00:00+01:00"),
            // The clocks went from 00:00 to 01:00.
            (
                "2015-10-18",
                "America/Sao_Paulo",
                "2015-10-18T01:00:00-02:00",
            ),
            (
                "2015-10-18 00:00",
                "America/Sao_Paulo",
                "2015-10-18T01:00:00-02:00",
            ),
            // From 23:30 to 00:30.
            ("1919-03-31", "America/Toronto", "1919-03-31T00:30:00-04:00"),
            // From 01:00 back to 00:00: the first of two midnights.
            ("2024-11-03", "America/Havana", "2024-11-03T00:00:00-04:00"),
            // A day that Samoa left out.
            ("2011-12-30", "Pacific/Apia", "2011-12-31T00:00:00+14:00"),
        ];
        for (text, zone_name, expected) in cases {
            assert_eq!(resolved(text, zone_name), expected, "{text} in {zone_name}");
        }
    }

    #[test]
    fn offsets_with_seconds_keep_the_instant_and_the_day() {
        let written: WrittenDate = "1960-01-01".parse().unwrap();
        let moment = written.resolve(&zone("Africa/Monrovia"));
        assert_eq!(moment.rfc3339(), "1960-01-01T00:00:30-00:44");
        let again = moment.rfc3339().parse::<WrittenDate>().unwrap();
        let again = again.resolve(&TimeZone::UTC);
        assert_eq!(again.unix_seconds(), moment.unix_seconds());
        assert_eq!(moment.date(), "1960-01-01");
    }

    #[test]
    fn the_ends_of_the_calendar_are_held() {
        assert_eq!(
            resolved("9999-12-31 23:59:59 -18", "UTC"),
            "9999-12-30T04:00:00-18:00"
        );
        assert_eq!(
            resolved("9999-12-31", "America/New_York"),
            "9999-12-30T17:00:00-05:00"
        );
        assert_eq!(
            resolved("9999-12-31", "Pacific/Apia"),
            "9999-12-31T00:00:00+13:00"
        );
        assert_eq!(
            resolved("0001-01-01 00:00 +18", "UTC"),
            "0001-01-01T00:00:00+18:00"
        );
        assert_eq!(Moment::new(i64::MIN, i32::MIN).date(), "0001-01-01");
        assert_eq!(
            Moment::new(i64::MAX, i32::MAX).rfc3339(),
            "9999-12-31T23:59:00+25:59"
        );
    }

    #[test]
    fn a_moment_is_shown_on_its_own_clock() {
        let written: WrittenDate = "2024-07-04 23:30:05 -0400".parse().unwrap();
        let moment = written.resolve(&TimeZone::UTC);
        assert_eq!((moment.year(), moment.month(), moment.day()), (2024, 7, 4));
        assert_eq!(moment.unix_seconds(), 1_720_150_205);
        assert_eq!(moment.date(), "2024-07-04");
        assert_eq!(moment.long(), "4 July 2024");
        let format = |pattern| moment.format(pattern).unwrap();
        assert_eq!(
            format("%A, %-d %B %Y, %H:%M %z %%"),
            "Thursday, 4 July 2024, 23:30 -0400 %"
        );
        assert_eq!(format("%s %Z"), "1720150205 -04");
        assert_eq!(format(""), "");
        assert!(size_of::<Moment>() <= 16);
    }

    #[test]
    fn a_wrong_date_format_names_the_culprit() {
        let error = |pattern| Moment::new(0, 0).format(pattern).unwrap_err();
        let hint = "means nothing in a date format; one that works is `%-d %B %Y`";
        assert_eq!(error("%Y %%K %-5K %d"), format!("`%-5K` {hint}"));
        assert_eq!(error("100 %"), format!("`%` {hint}"));
        assert_eq!(error("%é"), format!("`%é` {hint}"));
        assert_eq!(error("%999d"), format!("`%999d` {hint}"));
    }

    #[test]
    fn moments_are_ordered_by_instant_and_then_by_offset() {
        let sorted = [
            Moment::new(-5, 3600),
            Moment::new(0, 7200),
            Moment::new(1, -7200),
            Moment::new(1, 0),
            Moment::new(1, 3600),
        ];
        assert!(sorted.is_sorted());
        assert!(sorted.windows(2).all(|pair| pair[0] < pair[1]));
    }

    #[test]
    fn the_time_zone_of_the_machine_does_not_matter() {
        // The environment of a running process cannot be changed safely, so the test of all
        // shapes runs again in processes of its own.
        let module = module_path!().split_once("::").unwrap().1;
        let test = format!("{module}::every_shape_in_the_manual_is_understood");
        for machine in ["Asia/Tokyo", "America/Los_Angeles", "nonsense"] {
            let output = Command::new(std::env::current_exe().unwrap())
                .args(["--exact", &test])
                .env("TZ", machine)
                .output()
                .unwrap();
            let printed = String::from_utf8_lossy(&output.stdout);
            assert!(output.status.success(), "{machine}: {printed}");
            assert!(printed.contains("1 passed"), "{printed}");
        }
    }

    /// Texts made of what dates are made of.
    fn almost_a_date() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            "[0-9]{1,5}",
            "[-/.:, +TtZ]",
            prop::sample::select(vec![
                "July",
                "Sep.",
                "Thu, ",
                "th",
                " pm",
                "a.m.",
                "UTC",
                "GMT+",
                "2024-",
                "-07-",
                "T09:30",
                " 23:59:60",
                "9999-12-31",
                "0001-01-01",
                "\u{2212}",
                "é",
                "\u{a0}",
            ])
            .prop_map(str::to_owned),
        ];
        prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
    }

    /// Patterns of shapes that say a date, a time and an offset.
    const SHAPES_IN_FULL: [&str; 10] = [
        "%Y-%m-%dT%H:%M:%S%:z",
        "%Y-%m-%d %H:%M:%S.75 %z",
        "%Y-%-m-%-d %-H:%M:%S%:z",
        "%Y/%-m/%-dt%-I:%M:%S%P %:z",
        "%Y.%m.%d, %H:%M:%S UTC%z",
        "%B %-d, %Y %-H:%M:%S %z",
        "%-dTH %b. %Y at %-I:%M:%S %p %z",
        "%d-%b-%Y %T %z",
        "%a, %d %b %Y %H:%M:%S %z",
        "%A %-d %B %Y %T GMT%:z",
    ];

    fn some_day() -> impl Strategy<Value = Date> {
        (1_i16..=9999, 1_i8..=12, 1_i8..=31)
            .prop_map(|(y, m, d)| Date::new(y, m, d).unwrap_or(Date::constant(y, m, 28)))
    }

    fn some_time() -> impl Strategy<Value = Time> {
        (0_i8..24, 0_i8..60, 0_i8..60).prop_map(|(h, m, s)| Time::constant(h, m, s, 0))
    }

    fn some_zone() -> impl Strategy<Value = TimeZone> {
        let names = [
            "UTC",
            "America/Sao_Paulo",
            "Asia/Manila",
            "Pacific/Apia",
            "Africa/Monrovia",
        ];
        prop::sample::select(names.map(zone).to_vec())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn no_text_makes_it_panic(text in prop_oneof![any::<String>(), almost_a_date()], zone in some_zone()) {
            match text.parse::<WrittenDate>() {
                Ok(written) => {
                    let moment = written.resolve(&zone);
                    prop_assert!((1..=9999).contains(&moment.year()));
                    prop_assert!(moment.format("%c %G-%V %Z %s").is_ok());
                }
                Err(error) => prop_assert!(!error.hint().is_empty() && !error.to_string().is_empty()),
            }
        }

        #[test]
        fn no_pattern_makes_it_panic(pattern in prop_oneof![any::<String>(), "(%[-_0^#:.0-9]{0,3}[a-zA-Zé%]?){0,4}"]) {
            let _ = Moment::new(1_720_150_205, -14_400).format(&pattern);
        }

        #[test]
        fn a_date_means_the_same_in_every_shape(
            day in some_day(), time in some_time(), minutes in prop_oneof![Just(0), Just(-300), -1080_i32..=1080]
        ) {
            let offset = Offset::from_seconds(minutes * 60).unwrap();
            let civil = day.to_datetime(time);
            let at = offset.to_timestamp(civil).unwrap_or(Timestamp::MAX);
            let expected = Moment::new(at.as_second(), minutes * 60);
            let mut parts = strtime::BrokenDownTime::from(civil);
            parts.set_offset(Some(offset));
            for pattern in SHAPES_IN_FULL {
                let shape = parts.to_string(pattern).unwrap();
                let written = shape.parse::<WrittenDate>();
                prop_assert!(written.is_ok(), "{shape}: {written:?}");
                prop_assert_eq!(written.unwrap().resolve(&zone("Asia/Tokyo")), expected, "{}", shape);
            }
        }

        #[test]
        fn a_time_without_offset_is_read_on_the_clocks_of_the_site(
            day in some_day(), time in some_time(), zone in some_zone()
        ) {
            prop_assume!(day < Date::constant(9999, 12, 30));
            let civil = day.to_datetime(time).with().second(0).build().unwrap();
            let expected = civil.to_zoned(zone.clone()).unwrap();
            for pattern in ["%Y-%m-%d %H:%M", "%Y-%-m-%-dT%-H:%M:%S", "%B %-d, %Y %-I:%M %p"] {
                let written = civil.strftime(pattern).to_string().parse::<WrittenDate>().unwrap();
                let moment = written.resolve(&zone);
                prop_assert_eq!(moment.unix_seconds(), expected.timestamp().as_second());
                prop_assert_eq!(moment.offset, expected.offset().seconds());
            }
        }

        #[test]
        fn what_is_written_out_reads_back(seconds: i64, offset in -64_800_i32..=64_800, zone in some_zone()) {
            for moment in [Moment::new(seconds % 300_000_000_000, offset), Moment::in_zone(seconds, &zone)] {
                let text = moment.rfc3339();
                let again = text.parse::<WrittenDate>().unwrap().resolve(&TimeZone::UTC);
                prop_assert_eq!(again.unix_seconds(), moment.unix_seconds(), "{}", &text);
                prop_assert_eq!(again.rfc3339(), text);
            }
        }

        #[test]
        fn a_day_alone_is_that_day_in_its_zone(day in some_day(), zone in some_zone()) {
            let skipped = day == Date::constant(2011, 12, 30);
            prop_assume!(!skipped && day < Date::constant(9999, 12, 30));
            let moment = day.to_string().parse::<WrittenDate>().unwrap().resolve(&zone);
            prop_assert_eq!(moment.date(), day.to_string());
            let before = Moment::in_zone(moment.unix_seconds() - 1, &zone);
            prop_assert!(before.date() < moment.date() || day == Date::constant(1, 1, 1));
        }

        #[test]
        fn instants_decide_the_order(a: i32, b: i32, x in -64_800..64_800, y in -64_800..64_800) {
            let (one, other) = (Moment::new(a.into(), x), Moment::new(b.into(), y));
            prop_assert_eq!(one.cmp(&other), (a, x).cmp(&(b, y)));
        }
    }
}
