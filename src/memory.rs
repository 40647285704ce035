//! Which pages of memory the system gives out.
//!
//! The allocator asks for pages of 2 MB. Where gigabytes are used, these are faster; a small site
//! fills few of them, and would hold tens of megabytes that nobody wrote to. Systems other than
//! Linux are left to decide for themselves.

/// From so many articles on, large pages are worth what they hold (docs/benchmarks.md, "Pages of 2 MB").
const MANY: usize = 30_000;

/// Has pages that are given out from now on suit a site of so many articles. A system that does not
/// take the advice goes on as it did.
pub fn suit(articles: usize) {
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(articles < MANY);
    #[cfg(not(target_os = "linux"))]
    let _ = articles < MANY;
}
