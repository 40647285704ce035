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
        let mut found = Diagnostics::new();
        let [content, data, statics] = Self::FOLDERS.map(|folder| {
            let (files, wrong) = source::walk(root, folder);
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

    /// Asks for the identities of all files.
    pub fn identify(&mut self, settled: i64) {
        for files in [&mut self.content, &mut self.data, &mut self.statics] {
            source::identify(files, settled);
        }
    }

    pub fn all(&self) -> impl Iterator<Item = &SourceFile> {
        self.content.iter().chain(&self.data).chain(&self.statics)
    }
}
