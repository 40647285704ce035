//! What the file system says of many files of one folder.

use std::path::Path;

use crate::model::Identity;

/// A folder whose files are asked about. They are asked for beside it, which takes half the time of a whole
/// path, where systems can do that.
#[derive(Debug)]
pub(super) struct Look {
    #[cfg(unix)]
    folder: Option<rustix::fd::OwnedFd>,
    #[cfg(not(unix))]
    folder: std::path::PathBuf,
}

#[cfg(unix)]
impl Look {
    /// The folder at a path. If there is none, it has no files.
    pub fn at(folder: &Path) -> Self {
        use rustix::fs::{Mode, OFlags};
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        Self {
            folder: rustix::fs::open(folder, flags, Mode::empty()).ok(),
        }
    }

    /// The identity of a file by its path from the folder, if it is one.
    pub fn identity(&self, path: &str) -> Option<Identity> {
        use rustix::fs::{AtFlags, FileType, statat};
        let stat = statat(self.folder.as_ref()?, path, AtFlags::SYMLINK_NOFOLLOW).ok()?;
        let is_file = FileType::from_raw_mode(stat.st_mode).is_file();
        is_file.then(|| Identity::of_stat(&stat))
    }
}

#[cfg(not(unix))]
impl Look {
    pub fn at(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
        }
    }

    pub fn identity(&self, path: &str) -> Option<Identity> {
        super::disk::identity_at(&self.folder.join(path))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn a_file_is_told_beside_its_folder_as_it_is_by_its_path() {
        let folder = tempfile::tempdir().unwrap();
        let at = |path: &str| folder.path().join(path);
        fs::create_dir_all(at("news/2024")).unwrap();
        fs::write(at("news/2024/index.html"), "a page").unwrap();
        let look = Look::at(folder.path());
        let by_path = fs::metadata(at("news/2024/index.html")).unwrap();
        let by_path = Identity::of(&by_path);
        assert_eq!(look.identity("news/2024/index.html"), Some(by_path));
        assert_eq!(by_path.size, 6);
        for nothing in ["news", "news/2024/", "feed.xml", "news/2024/index.html/a"] {
            assert_eq!(look.identity(nothing), None, "{nothing}");
        }
        let nowhere = Look::at(&at("archive"));
        assert_eq!(nowhere.identity("index.html"), None);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_no_file_and_times_before_1970_are_times() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("old.html");
        let old =
            std::time::SystemTime::UNIX_EPOCH - std::time::Duration::from_nanos(1_500_000_001);
        fs::File::create(&file).unwrap().set_modified(old).unwrap();
        std::os::unix::fs::symlink(&file, folder.path().join("link.html")).unwrap();
        let look = Look::at(folder.path());
        assert_eq!(look.identity("link.html"), None);
        let by_path = Identity::of(&fs::metadata(&file).unwrap());
        assert_eq!(look.identity("old.html"), Some(by_path));
        assert_eq!(by_path.modified, -1_500_000_001);
    }
}
