//! Carries out a [`Plan`]: every step leaves the folder in a state that the next build completes.

use std::collections::BTreeSet;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::disk::{Disk, Kind, Stage};
use super::list::{merged, without};
use super::manifest::{self, Manifest};
use super::plan::{Plan, Staged};
use super::{Notes, Outputs, Report, names, records, shard};
use crate::diagnostics::Diagnostic;

/// Makes the output folder what the outputs of this build say.
///
/// Whatever is about to appear is listed in the manifest before it does, and whatever is removed
/// stays listed until it is gone: killed in between, the next build knows what is its own.
pub(super) fn run(
    disk: &Disk,
    before: &Manifest,
    outputs: &Outputs,
    notes: Notes,
    ignores_case: bool,
) -> Result<Report, Diagnostic> {
    let plan = Plan::make(disk, before, outputs, ignores_case)?;
    announce(disk, before, outputs)?;
    let mut removed = remove_outputs(disk, &plan.in_the_way)?;
    for folder in &plan.dissolved {
        disk.remove_folder(folder)
            .map_err(|error| disk.failed("removed", folder, &error))?;
    }
    create(disk, &plan.folders)?;
    publish(disk, &plan.assets)?;
    plan.tree
        .iter()
        .try_for_each(|name| disk.publish_tree(name))?;
    publish(disk, &plan.pages)?;
    removed.extend(remove_outputs(disk, &plan.stale)?);
    remove_empty_folders(disk, &plan.stale);
    record(disk, before, outputs)?;
    let _ = records::write(disk, outputs, notes.stamp);
    match notes.shard {
        Some(shard) => disk.write_own(shard::NAME, |file| file.write_all(&shard.sealed()))?,
        None => disk.remove_own(shard::NAME)?,
    }
    removed.sort_unstable();
    Ok(report(outputs, removed))
}

/// Lists what is ours and what is going to be, unless everything is listed already.
fn announce(disk: &Disk, before: &Manifest, outputs: &Outputs) -> Result<(), Diagnostic> {
    let mut new = without(outputs.iter(), before.outputs.iter());
    if before.whole && new.next().is_none() {
        return Ok(());
    }
    let no_more = without(before.outputs.iter(), outputs.iter());
    disk.write_own(manifest::NAME, |file| {
        manifest::write(file, merged(no_more, outputs.iter()))
    })
}

/// Lists what the site consists of now. A manifest that says so already keeps its time; one that
/// was damaged is a new one by now.
fn record(disk: &Disk, before: &Manifest, outputs: &Outputs) -> Result<(), Diagnostic> {
    if before.outputs.iter().eq(outputs.iter()) {
        return Ok(());
    }
    disk.write_own(manifest::NAME, |file| manifest::write(file, outputs.iter()))
}

/// Creates folders, one depth after the other: on two threads 10,000 of them take 20 ms on tmpfs
/// instead of 36.
fn create(disk: &Disk, folders: &[&str]) -> Result<(), Diagnostic> {
    let depth = |folder: &str| names::folders(folder).count();
    let deepest = folders.iter().map(|folder| depth(folder)).max();
    (0..=deepest.unwrap_or(0)).try_for_each(|level| {
        folders
            .par_iter()
            .filter(|folder| depth(folder) == level)
            .try_for_each(|folder| disk.create_folder(folder))
    })
}

fn publish(disk: &Disk, staged: &[Staged]) -> Result<(), Diagnostic> {
    staged
        .par_iter()
        .try_for_each(|(path, number)| disk.publish(*number, path))
}

/// Removes outputs of earlier builds and returns those that were still there. What lies behind a
/// link, or is no file any more, is not what we wrote.
fn remove_outputs<'a>(disk: &'a Disk, paths: &[&'a str]) -> Result<Vec<String>, Diagnostic> {
    let mut folders = Folders::of(disk);
    let mut removed = Vec::new();
    for path in paths {
        if folders.lead_to(path)? && disk.kind(path)? == Kind::File {
            disk.remove_file(path)?;
            removed.push((*path).to_owned());
        }
    }
    Ok(removed)
}

/// Removes the folders that are empty now that these outputs are gone, also those that a build
/// which was killed here left. One that cannot be removed holds something, or does no harm.
fn remove_empty_folders<'a>(disk: &'a Disk, gone: &[&'a str]) {
    let mut folders = Folders::of(disk);
    let mut candidates = BTreeSet::new();
    for path in gone {
        let real = |folder: &&'a str| matches!(folders.is_real(folder), Ok(true));
        candidates.extend(names::folders(path).take_while(real));
    }
    for folder in candidates.iter().rev() {
        let _ = disk.remove_folder(folder);
    }
}

/// Remembers which paths are folders of the output, and not links to elsewhere.
struct Folders<'a> {
    disk: &'a Disk,
    real: FxHashMap<&'a str, bool>,
}

impl<'a> Folders<'a> {
    fn of(disk: &'a Disk) -> Self {
        let real = FxHashMap::default();
        Self { disk, real }
    }

    fn is_real(&mut self, folder: &'a str) -> Result<bool, Diagnostic> {
        if let Some(real) = self.real.get(folder) {
            return Ok(*real);
        }
        let real = self.disk.kind(folder)? == Kind::Folder;
        self.real.insert(folder, real);
        Ok(real)
    }

    /// Whether all folders on the way to a path are. What cannot be told is an error: an output that is
    /// taken for gone would stay for ever.
    fn lead_to(&mut self, path: &'a str) -> Result<bool, Diagnostic> {
        for folder in names::folders(path) {
            if !self.is_real(folder)? {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

fn report(outputs: &Outputs, removed: Vec<String>) -> Report {
    let mut report = Report {
        removed,
        ..Report::default()
    };
    for (path, staged) in &outputs.staged {
        if staged.stage != Stage::InPlace {
            report.bytes_written += staged.content.size;
            report.written.push(path.clone());
        }
    }
    report.unchanged = outputs.len() - report.written.len();
    report
}
