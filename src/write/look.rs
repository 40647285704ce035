//! What the file system says of many files of one folder.

use std::path::{Path, PathBuf};

use super::disk::identity_at;
use crate::model::Identity;

/// A folder whose files are asked about. They are asked for beside it, which takes half the time of a whole
/// path, where systems can do that and the folder may be opened.
#[derive(Debug, Default)]
pub(super) struct Look {
    folder: PathBuf,
    #[cfg(unix)]
    opened: Option<rustix::fd::OwnedFd>,
}

impl Look {
    /// The folder at a path. If there is none, it has no files.
    pub fn at(folder: &Path) -> Self {
        Self {
            folder: folder.to_owned(),
            #[cfg(unix)]
            opened: {
                use rustix::fs::{Mode, OFlags, open};
                let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
                open(folder, flags, Mode::empty()).ok()
            },
        }
    }

    /// The identity of a file by its path from the folder, if it is one.
    pub fn identity(&self, path: &str) -> Option<Identity> {
        #[cfg(unix)]
        if let Some(opened) = &self.opened {
            use rustix::fs::{AtFlags, FileType, statat};
            let stat = statat(opened, path, AtFlags::SYMLINK_NOFOLLOW).ok()?;
            let is_file = FileType::from_raw_mode(stat.st_mode).is_file();
            return is_file.then(|| Identity::of_stat(&stat));
        }
        identity_at(&self.folder.join(path))
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
    fn files_of_a_folder_that_nobody_may_list_are_told() {
        use std::os::unix::fs::PermissionsExt;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("index.html");
        fs::write(&file, "a page").unwrap();
        let allow = |mode| fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode));
        allow(0o300).unwrap();
        let told = Look::at(folder.path()).identity("index.html");
        allow(0o700).unwrap();
        assert_eq!(told, Some(Identity::of(&fs::metadata(&file).unwrap())));
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
