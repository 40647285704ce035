//! Shares of a site that several machines make, and what tells that they belong together.
//!
//! A build of a share leaves `OUTPUT/.pressroom/shard`: which share it is, and a key of the whole
//! site. Shares of one key are of one site, whoever made them.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fs;
use std::path::{Path, PathBuf};
use std::str::FromStr;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::list::List;
use super::manifest::{self, Manifest};
use super::{Notes, Output, Report, names, open};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::key::Key;
use crate::sealed;

/// The name of the file, and of what is in it. The number changes with its format.
pub(super) const NAME: &str = "shard";
const KIND: &str = "shard 2";

/// Most shares of a site.
const MOST: u32 = 10_000;

/// Which share of a site's outputs a build makes: `2/4` is the second of four.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// From 1.
    pub number: u32,
    /// How many there are.
    pub of: u32,
}

impl Share {
    /// Whether the output at this position of all outputs is in this share.
    #[must_use]
    pub fn has(self, at: usize) -> bool {
        at as u32 % self.of == self.number - 1
    }
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let parsed = text
            .split_once('/')
            .and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match parsed {
            Some((number, of)) if (1..=of).contains(&number) && of <= MOST => {
                Ok(Self { number, of })
            }
            _ => Err(format!(
                "a share is written like 2/4, the second of four; there are {MOST} at most"
            )),
        }
    }
}

/// A share, and what it is a share of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shard {
    /// Which share.
    pub share: Share,
    /// Everything that the whole site is made from.
    pub site: Key,
    /// How many outputs the whole site has.
    pub outputs: u64,
    /// How many more are in this share, compressed forms of others.
    pub beside: u64,
}

impl Shard {
    /// The file that says so.
    pub(super) fn sealed(&self) -> Vec<u8> {
        sealed::seal(KIND, self)
    }
}

/// A shard in its folder.
struct Found<'a> {
    folder: &'a Path,
    shard: Shard,
    outputs: List,
}

/// Unites the shards in these folders into the site that one build would have made.
///
/// Errors: [`Code::Shard`] when one is missing, there twice, of another site than the others, or
/// not as its build left it; and those of [`open`] and [`Output::stage_file`].
pub fn merge(folders: &[PathBuf], output: &Path) -> Result<Report, Diagnostics> {
    let mut diagnostics = Diagnostics::new();
    let mut found = Vec::new();
    for folder in folders {
        match Found::read(folder) {
            Ok(shard) => found.push(shard),
            Err(diagnostic) => diagnostics.push(diagnostic),
        }
    }
    if !diagnostics.has_errors() {
        diagnostics.extend(faults(&found));
    }
    if diagnostics.has_errors() {
        return Err(diagnostics);
    }
    unite(&found, folders, output).map_err(Diagnostics::from)
}

fn unite(found: &[Found], folders: &[PathBuf], output: &Path) -> Result<Report, Diagnostic> {
    let output = open(output, Path::new("."), folders)?;
    found.iter().try_for_each(|shard| shard.stage(&output))?;
    output.commit(Notes::default())
}

impl<'a> Found<'a> {
    fn read(folder: &'a Path) -> Result<Self, Diagnostic> {
        let own = folder.join(names::OWN);
        let file = fs::read(own.join(NAME)).unwrap_or_default();
        let shard = sealed::open(KIND, &file).and_then(|bytes| postcard::from_bytes(bytes).ok());
        let manifest = fs::read(own.join(manifest::NAME)).unwrap_or_default();
        let manifest = Manifest::parse(&manifest);
        match shard {
            Some(shard) if manifest.whole => Ok(Self {
                folder,
                shard,
                outputs: manifest.outputs,
            }),
            _ => {
                let message = "this folder holds no share of a site that this version made";
                Err(fault(folder, message)
                    .hint("make one with `pressroom build --shard 1/4 --output FOLDER`"))
            }
        }
    }

    fn stage(&self, output: &Output) -> Result<(), Diagnostic> {
        self.outputs.par_iter().try_for_each(|(path, content)| {
            let from = self.folder.join(path);
            if output.stage_file(path, &from, None)? == content {
                return Ok(());
            }
            let message = format!("{path} is not what the build of this share made");
            Err(fault(self.folder, message).hint("build the share again"))
        })
    }
}

/// Why shards do not make a site.
fn faults(found: &[Found]) -> Diagnostics {
    let mut diagnostics = Diagnostics::new();
    let Some(first) = found.first() else {
        return diagnostics;
    };
    let Share { of, .. } = first.shard.share;
    let mut by_number: BTreeMap<u32, &Found> = BTreeMap::new();
    for shard in found {
        let same = |shard: &Shard| (shard.share.of, shard.site, shard.outputs);
        if same(&shard.shard) != same(&first.shard) {
            let message = format!(
                "this is a share of another site, or of another state of it, than {}",
                first.folder.display()
            );
            let hint = "build all shares from the same files, with the same settings and version, and with one SOURCE_DATE_EPOCH";
            diagnostics.push(fault(shard.folder, message).hint(hint));
            continue;
        }
        match by_number.entry(shard.shard.share.number) {
            Entry::Vacant(slot) => {
                slot.insert(shard);
            }
            Entry::Occupied(other) => {
                let other = other.get().folder.display();
                let message = format!(
                    "share {} of {of} is in this folder and in {other}",
                    shard.shard.share.number
                );
                diagnostics.push(fault(shard.folder, message).hint("name each share once"));
            }
        }
    }
    if diagnostics.has_errors() {
        return diagnostics;
    }
    let missing: Vec<String> = (1..=of)
        .filter(|number| !by_number.contains_key(number))
        .map(|number| number.to_string())
        .collect();
    if !missing.is_empty() {
        let message = format!("of {of} shares, these are missing: {}", missing.join(", "));
        let hint = "name the folders of all shares";
        diagnostics.push(Diagnostic::new(Code::Shard, message).hint(hint));
        return diagnostics;
    }
    let own = |shard: &Found| (shard.outputs.len() as u64).saturating_sub(shard.shard.beside);
    let outputs: u64 = found.iter().map(own).sum();
    if outputs != first.shard.outputs {
        let message = format!(
            "the shares hold {outputs} outputs, and the site has {}",
            first.shard.outputs
        );
        diagnostics.push(Diagnostic::new(Code::Shard, message).hint("build the shares again"));
    }
    diagnostics
}

fn fault(folder: &Path, message: impl Into<String>) -> Diagnostic {
    Diagnostic::new(Code::Shard, message).at(Place::file(folder.display().to_string()))
}
