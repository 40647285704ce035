//! Files that are read through symbolic links.

use std::collections::BTreeSet;

use crate::model::SourceFile;

/// The symbolic links through which files of a folder of the site are reached, by their paths from the
/// root. The folder itself may be one.
#[must_use]
pub fn links_among(files: &[SourceFile]) -> BTreeSet<&str> {
    let mut seen = BTreeSet::new();
    let mut links = BTreeSet::new();
    for file in files {
        let path = file.path.as_str();
        let ends = path.match_indices('/').map(|(at, _)| at).skip(1);
        for end in ends.chain([path.len()]) {
            let way = &path[..end];
            if seen.insert(way) && file.root.join(way).is_symlink() {
                links.insert(way);
            }
        }
    }
    links
}
