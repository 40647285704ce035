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
    /// Whether there are no links among them, through which a file would have several names.
    pub are_plain: bool,
    /// What is wrong with them.
    pub found: Diagnostics,
}

impl Files {
    /// The folders that are looked through.
    pub const FOLDERS: [&str; 3] = ["content", "data", "static"];

    /// All of them, with what tells whether they are as they were.
    pub fn walk(request: &Request) -> Self {
        let mut found = Diagnostics::new();
        let mut are_plain = true;
        let [content, data, statics] = Self::FOLDERS.map(|folder| {
            let walked = source::walk_identified(&request.root, folder, request.settled);
            found.extend(walked.found);
            are_plain &= walked.is_plain;
            let mut files = walked.files;
            if request.verify && folder != "content" {
                // What has no identity is compared.
                for file in &mut files {
                    file.identity = None;
                }
            }
            files
        });
        Self {
            content,
            data,
            statics,
            are_plain,
            found,
        }
    }

    pub fn all(&self) -> impl Iterator<Item = &SourceFile> {
        self.content.iter().chain(&self.data).chain(&self.statics)
    }
}
