//! The files that articles, data and copies are made from.

use super::Request;
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

    /// All of them, with what tells whether they are as they were.
    pub fn walk(request: &Request) -> Self {
        let mut found = Diagnostics::new();
        let [content, data, statics] = Self::FOLDERS.map(|folder| {
            // What has no identity is compared.
            let (files, wrong) = if request.verify && folder != "content" {
                source::walk(&request.root, folder)
            } else {
                source::walk_identified(&request.root, folder, request.settled)
            };
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
