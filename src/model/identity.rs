//! Whether a file is the one that was seen before, told without reading it.

use std::fs::Metadata;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

/// What the file system says of a file. Equal identities mean equal bytes, unless the file was
/// changed twice within one tick of the file system's clock.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
pub struct Identity {
    /// In bytes.
    pub size: u64,
    /// When its bytes changed last, in nanoseconds since 1970.
    pub modified: i64,
    /// When the disk's entry of it changed last, which nobody can set back; 0 where there is none.
    pub changed: i64,
    /// Number of the file on its disk; 0 where there are none.
    pub inode: u64,
}

impl Identity {
    /// The identity of a file that there is this metadata of.
    #[must_use]
    pub fn of(metadata: &Metadata) -> Self {
        let modified = metadata.modified().unwrap_or(SystemTime::UNIX_EPOCH);
        let modified = match modified.duration_since(SystemTime::UNIX_EPOCH) {
            Ok(after) => after.as_nanos() as i64,
            Err(before) => -(before.duration().as_nanos() as i64),
        };
        Self {
            size: metadata.len(),
            modified,
            changed: changed(metadata),
            inode: inode(metadata),
        }
    }

    /// The identity of a file that the system has told this of.
    #[cfg(unix)]
    #[must_use]
    pub fn of_stat(stat: &rustix::fs::Stat) -> Self {
        // What the fields are made of differs from system to system.
        let nanoseconds = |seconds: i128, nanoseconds: i128| {
            i64::try_from(seconds * 1_000_000_000 + nanoseconds).unwrap_or(0)
        };
        Self {
            size: u64::try_from(stat.st_size).unwrap_or(0),
            modified: nanoseconds(stat.st_mtime.into(), stat.st_mtime_nsec.into()),
            changed: nanoseconds(stat.st_ctime.into(), stat.st_ctime_nsec.into()),
            inode: stat.st_ino,
        }
    }

    /// Whether two files have one size and one time, which copies have as well that keep times.
    #[must_use]
    pub fn is_copy_of(self, other: Self) -> bool {
        (self.size, self.modified) == (other.size, other.modified)
    }
}

#[cfg(unix)]
fn changed(metadata: &Metadata) -> i64 {
    use std::os::unix::fs::MetadataExt;
    metadata
        .ctime()
        .wrapping_mul(1_000_000_000)
        .wrapping_add(metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn changed(_: &Metadata) -> i64 {
    0
}

#[cfg(unix)]
fn inode(metadata: &Metadata) -> u64 {
    use std::os::unix::fs::MetadataExt;
    metadata.ino()
}

#[cfg(not(unix))]
fn inode(_: &Metadata) -> u64 {
    0
}
