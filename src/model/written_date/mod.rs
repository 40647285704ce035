//! Dates as people write them, and the moments they mean.
//!
//! In: a date from front matter. Out: a [`WrittenDate`], which does not know the site's time zone
//! yet; [`WrittenDate::resolve`] makes a [`Moment`] of it. What cannot be understood, or could be
//! understood in two ways, is a [`DateError`] that says what to write. Neither the clock nor the
//! time zone of the machine is ever read.

mod clock;
mod cursor;
mod day;

use std::fmt;
use std::str::FromStr;

use jiff::civil::{Date, Time};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};
use jiff::{SignedDuration, Timestamp};

use super::Moment;
use crate::diagnostics::{Code, Fault};
use cursor::Cursor;

/// What to write where nothing was understood.
const SHAPES: &str = "write 2024-07-04, 2024-07-04 09:30:00 -0400 or 4 July 2024";

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

impl FromStr for WrittenDate {
    type Err = DateError;

    fn from_str(text: &str) -> Result<Self, DateError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(DateError::new("the date is empty", SHAPES));
        }
        if let Some(error) = day::bare_number(text) {
            return Err(error);
        }
        let mut cursor = Cursor::new(text);
        let day = day::read(&mut cursor)?;
        if cursor.rest.is_empty() {
            return Ok(Self { day, time: None });
        }
        clock::separator(&mut cursor)?;
        let time = Some((clock::time(&mut cursor)?, clock::offset(&mut cursor)?));
        Ok(Self { day, time })
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

impl From<DateError> for Fault {
    fn from(error: DateError) -> Self {
        Self {
            code: Some(Code::Date),
            message: error.message,
            hint: error.hint,
        }
    }
}

#[cfg(test)]
mod tests;
