//! What became of an archive: what came over, what nearly did, and what stays as it was.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Written;
use crate::diagnostics::Place;

/// How much of something came over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// It says the same in another way, such as a gallery that lost its number of columns.
    Approximated,
    /// It stands in the site as it stood in the archive, such as a shortcode that nobody knows.
    Kept,
    /// It is not in the site, such as a pingback.
    Dropped,
}

/// Something that did not come over as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Loss {
    /// How much of it came over.
    pub outcome: Outcome,
    /// What it is, in one or two words: losses of a kind are told together.
    pub kind: &'static str,
    /// Where it stands in the archive.
    pub place: Place,
    /// The file of the site that it concerns, relative to the site's folder.
    pub file: Option<String>,
    /// What became of it, in one sentence without a full stop.
    pub message: String,
}

/// What became of an archive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Report {
    /// How many of what came over, such as 12 `posts`, by their plural.
    pub converted: BTreeMap<&'static str, usize>,
    /// What did not come over as it was, in the order of the archive.
    pub losses: Vec<Loss>,
    /// How many files were made.
    pub written: usize,
    /// How many files were there already, with the same bytes.
    pub unchanged: usize,
    /// Files that were there already with other bytes, and were left alone.
    pub occupied: Vec<String>,
}

impl Report {
    /// Counts things that came over.
    pub fn converted(&mut self, plural: &'static str, count: usize) {
        *self.converted.entry(plural).or_default() += count;
    }

    /// Notes something that did not come over as it was.
    pub fn lost(
        &mut self,
        outcome: Outcome,
        kind: &'static str,
        place: Place,
        file: Option<&str>,
        message: impl Into<String>,
    ) {
        self.losses.push(Loss {
            outcome,
            kind,
            place,
            file: file.map(str::to_owned),
            message: message.into(),
        });
    }

    /// Counts a file of the site.
    pub fn file(&mut self, path: &str, written: Written) {
        match written {
            Written::New => self.written += 1,
            Written::Unchanged => self.unchanged += 1,
            Written::Occupied => self.occupied.push(path.to_owned()),
        }
    }

    /// How many losses have an outcome.
    #[must_use]
    pub fn count(&self, outcome: Outcome) -> usize {
        let losses = self.losses.iter();
        losses.filter(|loss| loss.outcome == outcome).count()
    }
}
