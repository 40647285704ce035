//! Dates of an export.
//!
//! In: a time on the site's clock, and the same in UTC. Out: the first with its difference to the second,
//! which is how front matter writes a date.

use jiff::civil::DateTime;

/// Longest difference between a clock and UTC, in minutes: that of Kiribati.
const LONGEST: i64 = 14 * 60;

/// A date as front matter has it; `None` for one that was never set.
pub(super) fn written(local: &str, utc: &str) -> Option<String> {
    let written = (local, utc);
    let local = read(local);
    let utc = read(utc);
    match (local, utc) {
        (Some(local), Some(utc)) => {
            // Clocks that do not fit each other say nothing of a zone.
            let (time, minutes) =
                offset(written.0, written.1).map_or((utc, 0), |minutes| (local, minutes));
            let sign = if minutes < 0 { '-' } else { '+' };
            let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
            Some(format!("{} {sign}{hours:02}:{minutes:02}", shown(time)))
        }
        (Some(local), None) => Some(shown(local)),
        (None, Some(utc)) => Some(format!("{} +00:00", shown(utc))),
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

fn shown(time: DateTime) -> String {
    time.strftime("%Y-%m-%d %H:%M:%S").to_string()
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
