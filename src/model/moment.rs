//! Instants, as the site orders and shows them.
//!
//! In: seconds since 1970, with an offset from UTC or a time zone. Out: a [`Moment`], its parts,
//! and its texts for machines and for readers. Neither the clock nor the time zone of the machine
//! is ever read.

use std::num::NonZeroU32;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::fmt::strtime;
use jiff::tz::{Offset, TimeZone};
use serde::{Deserialize, Serialize};

#[rustfmt::skip]
pub(super) const MONTHS: [&str; 12] = [
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
];

/// 0001-01-01T00:00:00 on the local clock, in seconds since 1970 on that clock.
const FIRST_LOCAL_SECOND: i64 = -62_135_596_800;
/// The widest offset that jiff holds and that is whole minutes, in seconds.
const WIDEST_OFFSET: i32 = (25 * 60 + 59) * 60;
/// Further west than any offset.
const WESTMOST: i32 = -WIDEST_OFFSET - 1;

/// An instant, to the second, with the UTC offset of the clock it was read from: the offset that
/// its author wrote or else the one of the site's time zone at that instant.
///
/// Ordered by instant, and equal instants by offset, west first. Years are 1 to 9999; an instant
/// outside of them, or after 9999-12-30T22:00:00Z, where jiff's range ends, is moved to the
/// nearest one inside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Moment {
    seconds: i64,
    /// The offset, counted from [`WESTMOST`]: never 0, so that a moment that there may be takes no more
    /// memory than one that there is.
    ahead: NonZeroU32,
}

impl Moment {
    /// The instant `seconds` after 1970-01-01T00:00:00Z, on a clock that is `offset` seconds
    /// ahead of UTC (negative west of Greenwich, at most 25:59 hours either way).
    #[must_use]
    pub fn new(seconds: i64, offset: i32) -> Self {
        let offset = offset.clamp(-WIDEST_OFFSET, WIDEST_OFFSET);
        let first = FIRST_LOCAL_SECOND - i64::from(offset);
        let seconds = seconds.clamp(first, Timestamp::MAX.as_second());
        // The least that it can be is 1.
        let ahead = NonZeroU32::new(offset.abs_diff(WESTMOST)).unwrap_or(NonZeroU32::MIN);
        Self { seconds, ahead }
    }

    /// Seconds that its clock is ahead of UTC.
    fn offset(self) -> i32 {
        WESTMOST.wrapping_add_unsigned(self.ahead.get())
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

    /// Days since 1970-01-01, on the clock of UTC.
    #[must_use]
    pub fn unix_day(self) -> i32 {
        self.seconds.div_euclid(86_400) as i32
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
        let minutes = self.offset().div_euclid(60) + i32::from(self.offset().rem_euclid(60) > 0);
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
        Offset::from_seconds(self.offset()).unwrap_or(Offset::UTC)
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

/// A day in English: `4 July 2024`.
pub(super) fn in_words(day: Date) -> String {
    format!("{} {}", day_of_month(day), day.year())
}

/// The same without the year: `4 July`.
pub(super) fn day_of_month(day: Date) -> String {
    let name = MONTHS[usize::from(day.month().unsigned_abs()) - 1];
    format!("{} {name}", day.day())
}

/// At most 40 characters of a person's text, on one line.
pub(super) fn excerpt(text: &str) -> String {
    let mut short: String = text.chars().take(40).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short.replace(char::is_control, " ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::model::WrittenDate;

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

    proptest! {
        #[test]
        fn no_pattern_makes_it_panic(pattern in prop_oneof![any::<String>(), "(%[-_0^#:.0-9]{0,3}[a-zA-Zé%]?){0,4}"]) {
            let _ = Moment::new(1_720_150_205, -14_400).format(&pattern);
        }

        #[test]
        fn instants_decide_the_order(a: i32, b: i32, x in -64_800..64_800, y in -64_800..64_800) {
            let (one, other) = (Moment::new(a.into(), x), Moment::new(b.into(), y));
            prop_assert_eq!(one.cmp(&other), (a, x).cmp(&(b, y)));
        }
    }
}
