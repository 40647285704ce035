//! Builds after an edit that changed nothing but what some articles say, as most edits do: only outputs
//! that show these articles may be another thing than the last build left.
//!
//! In: what the last build was made from, what this one is made from, and what was found anew. Out: what
//! the edit concerns, or nothing where that may be anything.

use super::Request;
use super::unchanged::{self, Inputs, Seen};
use crate::config::Config;
use crate::model::{Article, Edited};
use crate::site::related::Anew;
use crate::site::{ArticleId, Concerned, Site, are_told_otherwise};
use crate::write::Output;

/// What is known to be otherwise than an earlier build left it, and may be more.
#[derive(Debug)]
pub struct Edit {
    /// Files of articles.
    files: Vec<Edited>,
    /// What was found anew of related articles; `None` if that can be all.
    related: Option<Anew>,
    /// Whether articles are compared at all.
    compares: bool,
}

impl Edit {
    pub(super) fn new(files: Vec<Edited>, related: Option<Anew>, config: &Config) -> Self {
        let compares = config.related.compares();
        Self {
            files,
            related,
            compares,
        }
    }

    /// The articles that it concerns. `None` if more than what articles say may be otherwise than in the
    /// build that left an output folder.
    pub(super) fn concerns(
        self,
        request: &Request,
        inputs: Inputs,
        site: &Site,
        output: &Output,
    ) -> Option<Concerned> {
        let (before, kept) = unchanged::before(request, inputs, output.stamp()?)?;
        let mut articles = match self.related {
            // Another build, or one into another folder, may have kept something since.
            Some(anew) => {
                // Where one is listed in /related/ now, or not any more, all behind it move, and all pages say
                // whether there are any.
                let is_known = kept == Some(anew.since) && !anew.moves;
                is_known.then_some(anew.articles)?
            }
            None if self.compares => return None,
            None => Vec::new(),
        };
        let mut files = inputs.files;
        for Edited {
            path,
            identities,
            was,
        } in self.files
        {
            let (then, now) = identities?;
            let gone = Seen::one(&path, now);
            files = files.without(gone).and(Seen::one(&path, then));
            if let Some(was) = was {
                articles.push(retold(site, &path, &was)?);
            }
        }
        (files == before).then(|| Concerned::new(site, &articles))
    }
}

/// The published article in a file, if only its text is another one.
fn retold(site: &Site, path: &str, was: &Article) -> Option<ArticleId> {
    let id = site.in_file(path)?;
    are_told_otherwise(was, &site.articles[id.index()]).then_some(id)
}
