//! The one place that asks what time it is.

use std::time::{SystemTime, UNIX_EPOCH};

/// The time before which a file must have changed to be taken for what it was when its size and
/// time are the same, in nanoseconds since 1970: the coarsest clock of a file system, FAT's, ticks
/// every two seconds.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub fn settled() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.map_or(0, |since| since.as_nanos() as i64) - 2_000_000_000
}

/// Seconds since 1970: what SOURCE_DATE_EPOCH says (reproducible-builds.org), or else the
/// system's clock. The error is for people.
#[expect(clippy::disallowed_methods, reason = "this is the one place")]
pub fn now() -> Result<i64, String> {
    match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) if !text.is_empty() => text.trim().parse().map_err(|_| {
            format!("SOURCE_DATE_EPOCH is `{text}`, not a number of seconds since 1970")
        }),
        _ => Ok(SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_secs().cast_signed())),
    }
}
