//! Which pages of memory the system gives out.
//!
//! The allocator asks for pages of 2 MB. Where gigabytes are used again and again, these are faster; a small
//! site fills few of them, and would hold tens of megabytes that nobody wrote to. Each has to be cleared as a
//! whole before it is given out, which is much of the time of a build that knows nearly everything already.

/// Of a site with so many files of content, large pages are worth what they cost if it is built for the first
/// time (docs/benchmarks.md, "Pages of 2 MB").
pub const MANY_FILES: usize = 30_000;

/// Has the system give out small pages from now on. Whether that is its doing: not where it has no large
/// ones, or was told so before.
pub fn turn_large_pages_off() -> bool {
    #[cfg(target_os = "linux")]
    {
        use rustix::thread::{disable_transparent_huge_pages, transparent_huge_pages_are_disabled};
        transparent_huge_pages_are_disabled() == Ok(false)
            && disable_transparent_huge_pages(true).is_ok()
    }
    #[cfg(not(target_os = "linux"))]
    false
}

/// Has it give out large ones again.
pub fn turn_large_pages_on() {
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(false);
}
