//! Archives of WordPress.
//!
//! In: an export (WXR 1.0 to 1.2) of one or several files, and the folder of the old site's pictures if there is one. Out: a site
//! in which every post and page is at the address that it had, and a [`Report`] of what did not come over
//! as it was.
//!
//! The export is read twice, an item at a time: once for what items must know of each other ([`archive`]),
//! since pictures stand behind the posts that show them, and once to convert. Items are converted and
//! written on all cores, and told in their order.

mod address;
mod archive;
mod article;
mod autop;
mod body;
mod comments;
mod dates;
mod gutenberg;
mod item;
mod media;
mod seen;
mod settings;
mod shortcodes;
mod stream;
mod tell;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use rayon::prelude::*;

use super::{Destination, Outcome, Report, Written};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::source::reason;
pub use archive::Bases;
use archive::{Archive, Entry};
use article::Made;
use item::{Channel, Item};
use media::{Found, Media};
use seen::Seen;
use stream::{Next, Part, Parts};
use tell::Told;

/// How much is converted at a time, in bytes of the export.
const BATCH: usize = 4 << 20;
/// How many items are converted at a time.
const BATCH_ITEMS: usize = 4096;

/// What is to be imported, and where to.
pub struct Request<'a> {
    /// The files of the export.
    pub exports: &'a [PathBuf],
    /// How the addresses of the old site's listings began.
    pub bases: Bases,
    /// The folder of the new site.
    pub site: &'a Path,
    /// The folder of the old site's pictures.
    pub media: Option<&'a Path>,
    /// Whether pictures that the folder lacks are fetched into it from the old site.
    pub fetch_media: bool,
    /// Is told what is done, and how much of the export was read since it was told before, in bytes.
    pub progress: &'a (dyn Fn(&'static str, u64) + Sync),
}

/// Imports an export. What ends one of its files early is an error; what came before is imported, and
/// reported, all the same.
pub fn import(request: &Request, report: &mut Report) -> Result<(), Diagnostics> {
    let mut media = Media::open(request.media, request.fetch_media)?;
    let (archive, mut wrong) = survey(request, report)?;
    let url = archive.base.url();
    if request.fetch_media && !url.is_empty() {
        media.fetch_from(format!("{url}wp-content/uploads/"));
    }
    let importer = Importer {
        archive,
        media,
        site: Destination::open(request.site)?,
    };
    importer.settings(report)?;
    let mut told = Told::default();
    let converted = importer.items(request, &mut told, report);
    importer.redirects(&told.pages, report)?;
    told.tallies(report);
    let exports = &importer.archive.exports;
    report.losses.sort_by_cached_key(|loss| {
        let export = exports.iter().position(|name| *name == loss.place.file);
        (export, loss.place.line)
    });
    wrong.extend(converted.err());
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// Reads the export for the first time. The diagnostics are what ends its files early.
fn survey(request: &Request, report: &mut Report) -> Result<(Archive, Diagnostics), Diagnostic> {
    let mut archive = Archive::new(request.bases.clone());
    let mut ends = Diagnostics::new();
    for export in request.exports {
        let name = &export.display().to_string();
        let (channel, parts) = open(export, name)?;
        archive
            .begin(name, channel)
            .map_err(|other| of_another_site(name, &other, &archive))?;
        let ended = each(parts, |batch| {
            (request.progress)("reading", batch.size());
            for (line, size) in &batch.too_large {
                let message = format!("an item of {} MiB is too large to be read", size >> 20);
                let place = Place::at(name, *line, 0);
                report.lost(Outcome::Dropped, "item", place, None, message);
            }
            let channel = &archive.channel;
            let seen = batch
                .parts
                .par_iter()
                .map(|part| Ok(Seen::of(&item::item(part, name)?, channel)));
            let seen: Vec<Result<Seen, Diagnostic>> = seen.collect();
            for seen in seen {
                archive.add(seen?);
            }
            Ok(())
        });
        ends.extend(ended.err());
    }
    archive.settle();
    if archive.base.url().is_empty() {
        let message = format!(
            "`{}` is no address of a site, so pressroom.yaml has no base_url; write it there",
            archive.base.written().escape_debug()
        );
        let place = Place::at(&archive.exports[0], 1, 0);
        report.lost(
            Outcome::Dropped,
            "address",
            place,
            Some("pressroom.yaml"),
            message,
        );
    } else if !archive.base.folder.is_empty() {
        let message = format!(
            "the site was below {}, which is a part of base_url now and of no other address",
            archive.base.folder
        );
        report.lost(
            Outcome::Approximated,
            "address",
            Place::at(&archive.exports[0], 1, 0),
            Some("pressroom.yaml"),
            message,
        );
    }
    Ok((archive, ends))
}

fn of_another_site(name: &str, url: &str, archive: &Archive) -> Diagnostic {
    let message = format!(
        "this is an export of {url}, and {} one of {}",
        archive.exports[0],
        archive.base.url()
    );
    Diagnostic::new(Code::Argument, message)
        .at(Place::file(name))
        .hint("import each site into a folder of its own")
}

/// Opens an export, and reads what it says of its site.
fn open(export: &Path, name: &str) -> Result<(Channel, Parts<File>), Diagnostic> {
    let unreadable = |why: &str| {
        Diagnostic::new(Code::Unreadable, format!("cannot read {name}: {why}"))
            .at(Place::file(name))
            .hint("give the .xml file that Tools > Export gives in WordPress")
    };
    let file = File::open(export).map_err(|error| unreadable(&reason(&error)))?;
    let kind = file
        .metadata()
        .map_err(|error| unreadable(&reason(&error)))?;
    if !kind.is_file() {
        return Err(unreadable("it is not a regular file"));
    }
    let mut parts = Parts::new(file, name);
    match parts.next()? {
        Next::Head(head) => Ok((item::channel(&head, name)?, parts)),
        _ => Err(unreadable("it does not begin as an export")),
    }
}

/// Items that are worked on at the same time.
#[derive(Default)]
struct Batch {
    parts: Vec<Part>,
    /// Lines and sizes of items that are too large.
    too_large: Vec<(u32, usize)>,
    /// Whether it is the last one, and what ended the export if it did not end by itself.
    end: Option<Result<(), Diagnostic>>,
}

impl Batch {
    fn size(&self) -> u64 {
        self.parts.iter().map(|part| part.bytes.len() as u64).sum()
    }

    fn read(parts: &mut Parts<File>) -> Self {
        let mut batch = Self::default();
        let mut size = 0;
        while size < BATCH && batch.parts.len() < BATCH_ITEMS {
            match parts.next() {
                Ok(Next::Item(part)) => {
                    size += part.bytes.len();
                    batch.parts.push(part);
                }
                Ok(Next::TooLarge(line, bytes)) => batch.too_large.push((line, bytes)),
                Ok(Next::Head(_)) => {}
                Ok(Next::End) => {
                    batch.end = Some(Ok(()));
                    break;
                }
                Err(diagnostic) => {
                    batch.end = Some(Err(diagnostic));
                    break;
                }
            }
        }
        batch
    }
}

/// Reads batches while another is worked on, until one of both ends.
fn each(
    mut parts: Parts<File>,
    mut work: impl FnMut(&Batch) -> Result<(), Diagnostic>,
) -> Result<(), Diagnostic> {
    let (send, receive): (SyncSender<Batch>, Receiver<Batch>) = sync_channel(1);
    std::thread::scope(|scope| {
        scope.spawn(move || {
            loop {
                let batch = Batch::read(&mut parts);
                let is_last = batch.end.is_some();
                if send.send(batch).is_err() || is_last {
                    break;
                }
            }
        });
        let receive = receive;
        while let Ok(batch) = receive.recv() {
            work(&batch)?;
            if let Some(end) = batch.end {
                return end;
            }
        }
        Ok(())
    })
}

/// What became of an item.
enum Became {
    /// An article, and its files.
    Article(Box<Made>, Vec<(String, Written)>),
    /// A picture or another file, by its path below `uploads`.
    File(Option<String>, Option<&'static str>),
    /// Nothing that is written by itself.
    Nothing,
}

struct Importer {
    archive: Archive,
    media: Media,
    site: Destination,
}

impl Importer {
    fn place(&self, entry: &Entry, line: u32) -> Place {
        Place::at(&self.archive.exports[entry.export as usize], line, 0)
    }

    /// Writes what is no article.
    fn settings(&self, report: &mut Report) -> Result<(), Diagnostic> {
        let (files, told) = settings::files(&self.archive);
        for (path, text) in files {
            let written = self.site.write(&path, text.as_bytes())?;
            report.file(&path, written);
        }
        for (export, line, message) in told {
            let place = Place::at(&self.archive.exports[export as usize], line, 0);
            let file = Some("pressroom.yaml");
            report.lost(Outcome::Dropped, "menu", place, file, message);
        }
        Ok(())
    }

    /// Writes where pages lead that have other addresses now.
    fn redirects(
        &self,
        pages: &BTreeMap<String, String>,
        report: &mut Report,
    ) -> Result<(), Diagnostic> {
        if let Some(text) = settings::redirects(&self.archive, pages) {
            let path = "data/redirects.yaml";
            report.file(path, self.site.write(path, text.as_bytes())?);
        }
        Ok(())
    }

    /// Reads the export for the second time.
    fn items(
        &self,
        request: &Request,
        told: &mut Told,
        report: &mut Report,
    ) -> Result<(), Diagnostic> {
        let by_export = self.archive.entries.chunk_by(|a, b| a.export == b.export);
        for entries in by_export {
            let export = entries[0].export as usize;
            let name = &self.archive.exports[export];
            let (_, parts) = open(&request.exports[export], name)?;
            let mut at = 0;
            let outcome = each(parts, |batch| {
                (request.progress)("converting", batch.size());
                let entries = entries.get(at..).unwrap_or_default();
                let work = batch.parts.par_iter().zip(entries).map(|(part, entry)| {
                    let item = item::item(part, name)?;
                    let became = self.convert(&item, entry)?;
                    Ok((item, became))
                });
                let results: Vec<Result<(Item, Became), Diagnostic>> = work.collect();
                for (entry, result) in entries.iter().zip(results) {
                    let (item, became) = result?;
                    self.tell(&item, entry, became, told, report);
                    at += 1;
                }
                Ok(())
            });
            // What is wrong with the export was told when it was read first.
            if at < entries.len() {
                return outcome;
            }
        }
        Ok(())
    }

    fn convert(&self, item: &Item, entry: &Entry) -> Result<Became, Diagnostic> {
        if let Some(attachment) = &entry.attachment {
            let Some(upload) = self.archive.base.upload(&attachment.url) else {
                return Ok(Became::File(None, None));
            };
            return Ok(match self.media.find(&upload) {
                Found::File(path) => Became::File(Some(path), None),
                Found::Missing => Became::File(None, None),
                Found::Refused(why) => Became::File(None, Some(why)),
            });
        }
        if !entry.kind.is_article() {
            return Ok(Became::Nothing);
        }
        let made = article::make(item, entry, &self.archive, &self.media);
        let mut written = Vec::with_capacity(made.files.len());
        for (path, text) in &made.files {
            written.push((path.clone(), self.site.write(path, text.as_bytes())?));
        }
        Ok(Became::Article(
            Box::new(Made {
                files: Vec::new(),
                ..made
            }),
            written,
        ))
    }
}
