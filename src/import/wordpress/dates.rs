//! Dates of an export.
//!
//! In: a time on the site's clock, and the same in UTC. Out: the first with its difference to the second,
//! which is how front matter writes a date.

use jiff::civil::DateTime;

/// Longest difference between a clock and UTC, in minutes: that of Kiribati.
const LONGEST: i64 = 14 * 60;

/// A date as front matter has it; `None` for one that was never set.
pub(super) fn written(local: &str, utc: &str) -> Option<String> {
    let (time, minutes) = settled(local, utc)?;
    let time = time.strftime("%Y-%m-%d %H:%M:%S");
    let Some(minutes) = minutes else {
        return Some(time.to_string());
    };
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
    Some(format!("{time} {sign}{hours:02}:{minutes:02}"))
}

/// Year and month of the date that front matter has.
pub(super) fn month(local: &str, utc: &str) -> Option<(i16, i8)> {
    settled(local, utc).map(|(time, _)| (time.year(), time.month()))
}

/// A time, and how far its clock was from UTC, in minutes, if that is known.
fn settled(local: &str, utc: &str) -> Option<(DateTime, Option<i64>)> {
    match (read(local), read(utc)) {
        // Clocks that do not fit each other say nothing of a zone.
        (Some(time), Some(of_utc)) => {
            Some(offset(local, utc).map_or((of_utc, Some(0)), |minutes| (time, Some(minutes))))
        }
        (Some(time), None) => Some((time, None)),
        (None, Some(of_utc)) => Some((of_utc, Some(0))),
        (None, None) => None,
    }
}

/// How far a clock was from UTC, in minutes.
pub(super) fn offset(local: &str, utc: &str) -> Option<i64> {
    let minutes = read(local)?.duration_since(read(utc)?).as_mins();
    (minutes.abs() <= LONGEST && minutes % 15 == 0).then_some(minutes)
}

/// The day of a date.
pub(super) fn day(date: &str) -> &str {
    date.trim().split(' ').next().unwrap_or_default()
}

fn read(date: &str) -> Option<DateTime> {
    let date: DateTime = date.trim().parse().ok()?;
    (date.year() >= 1).then_some(date)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_has_the_offset_of_its_clock() {
        for (local, utc, expected) in [
            (
                "2025-01-18 18:26:26",
                "2025-01-19 02:26:26",
                Some("2025-01-18 18:26:26 -08:00"),
            ),
            (
                "2025-01-19 02:00:00",
                "2025-01-18 20:30:00",
                Some("2025-01-19 02:00:00 +05:30"),
            ),
            (
                "2025-01-19 02:00:00",
                "0000-00-00 00:00:00",
                Some("2025-01-19 02:00:00"),
            ),
            ("0000-00-00 00:00:00", "0000-00-00 00:00:00", None),
            (
                "2025-01-19 02:00:00",
                "2024-01-19 02:00:00",
                Some("2024-01-19 02:00:00 +00:00"),
            ),
            ("2025-02-30 02:00:00", "", None),
            ("soon", "", None),
        ] {
            assert_eq!(written(local, utc).as_deref(), expected, "{local} {utc}");
        }
    }
}
