//! The files that articles, data and copies are made from.

use std::path::Path;

use crate::diagnostics::Diagnostics;
use crate::model::SourceFile;
use crate::source;

/// What the folders of a site hold.
pub(super) struct Files {
    pub content: Vec<SourceFile>,
    pub data: Vec<SourceFile>,
    pub statics: Vec<SourceFile>,
    /// What is wrong with them.
    pub found: Diagnostics,
}

impl Files {
    /// The folders that are looked through.
    pub const FOLDERS: [&str; 3] = ["content", "data", "static"];

    pub fn walk(root: &Path) -> Self {
        Self::each(|folder| source::walk(root, folder))
    }

    /// The same with the identities of all files.
    pub fn walk_identified(root: &Path, settled: i64) -> Self {
        Self::each(|folder| source::walk_identified(root, folder, settled))
    }

    fn each(walk: impl Fn(&str) -> (Vec<SourceFile>, Diagnostics)) -> Self {
        let mut found = Diagnostics::new();
        let [content, data, statics] = Self::FOLDERS.map(|folder| {
            let (files, wrong) = walk(folder);
            found.extend(wrong);
            files
        });
        Self {
            content,
            data,
            statics,
            found,
        }
    }

    pub fn all(&self) -> impl Iterator<Item = &SourceFile> {
        self.content.iter().chain(&self.data).chain(&self.statics)
    }
}
