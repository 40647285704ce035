//! What is told of items, once they are written.
//!
//! In: what became of each item, in the order of the export. Out: lines of the [`Report`]; and the pictures
//! that items need, copied.

use std::collections::BTreeMap;

use rustc_hash::FxHashSet;

use super::archive::Entry;
use super::article::Made;
use super::item::Item;
use super::seen::{Kind, Status};
use super::{Became, Importer};
use crate::diagnostics::Place;
use crate::import::{Outcome, Report};

/// Things of a kind that are told together: how many, and where the first is.
type Tally = BTreeMap<(Outcome, &'static str, String), (usize, Place)>;

/// What is gathered over the items.
#[derive(Default)]
pub(super) struct Told {
    tally: Tally,
    /// Pictures that were copied, by hashes of their paths.
    copied: FxHashSet<u64>,
    /// The pages that pictures and other files had of their own, and where those lead now.
    pub pages: BTreeMap<String, String>,
}

impl Told {
    /// Counts things of which each needs no line of its own.
    fn count(
        &mut self,
        what: (Outcome, &'static str),
        message: &str,
        number: usize,
        place: &Place,
    ) {
        if number > 0 {
            let known = self.tally.entry((what.0, what.1, message.to_owned()));
            known.or_insert_with(|| (0, place.clone())).0 += number;
        }
    }

    /// Tells how many there were.
    pub fn tallies(self, report: &mut Report) {
        for ((outcome, kind, message), (count, place)) in self.tally {
            report.lost(outcome, kind, place, None, format!("{count} × {message}"));
        }
    }
}

impl Importer {
    /// Tells what became of an item, and copies the pictures that it needs.
    pub(super) fn tell(
        &self,
        item: &Item,
        entry: &Entry,
        became: Became,
        told: &mut Told,
        report: &mut Report,
    ) {
        let place = self.place(entry, item.line);
        match became {
            Became::Article(made, written) => {
                self.tell_article(item, entry, *made, told, report);
                for (path, written) in written {
                    report.file(&path, written);
                }
            }
            Became::File(found, why) => self.tell_file(item, &place, found, why, told, report),
            Became::Nothing => {
                let dropped = (Outcome::Dropped, "item");
                if entry.kind == Kind::Discarded {
                    told.count(dropped, "in the bin, or never written", 1, &place);
                } else if entry.kind == Kind::Internal {
                    let message = format!(
                        "of the type `{}`, which WordPress or a plugin keeps for itself",
                        item.kind
                    );
                    told.count(dropped, &message, 1, &place);
                }
            }
        }
    }

    fn tell_article(
        &self,
        item: &Item,
        entry: &Entry,
        made: Made,
        told: &mut Told,
        report: &mut Report,
    ) {
        let place = self.place(entry, item.line);
        report.converted(plural(entry), 1);
        if made.comments > 0 {
            report.converted("comments", made.comments);
        }
        let comment = (Outcome::Dropped, "comment");
        told.count(comment, "pingbacks and trackbacks", made.pings, &place);
        told.count(
            comment,
            "comments that nobody had approved",
            made.unshown,
            &place,
        );
        if entry.kind == Kind::Custom {
            let message = format!(
                "texts of the type `{}` are articles of a section",
                item.kind
            );
            told.count((Outcome::Approximated, "type"), &message, 1, &place);
        }
        for trouble in made.troubles {
            let place = self.place(entry, trouble.line);
            let file = Some(&*entry.file);
            report.lost(trouble.outcome, trouble.kind, place, file, trouble.message);
        }
        for picture in made.pictures {
            self.copy(&picture, &place, &mut told.copied, report);
        }
    }

    /// Tells of a picture or another file, which was found or not, and where its own page leads now.
    fn tell_file(
        &self,
        item: &Item,
        place: &Place,
        found: Option<String>,
        refused: Option<&'static str>,
        told: &mut Told,
        report: &mut Report,
    ) {
        let page = self.archive.base.path_of(&item.link);
        let to = match &found {
            Some(path) => Some(format!("/wp-content/uploads/{path}")),
            None => self.archive.url_of(item.parent).map(Into::into),
        };
        let pages = page.zip(to);
        told.pages
            .extend(pages.map(|(page, to)| (page.to_string(), to)));
        if let Some(path) = found {
            self.copy(&path, place, &mut told.copied, report);
            return;
        }
        let url = &*item.attachment_url;
        let upload = self.archive.base.upload(url);
        let message = match (
            refused,
            upload.and_then(|upload| self.media.why_missing(&upload)),
        ) {
            (Some(why), _) => format!("`{}` is not looked for: {why}", url.escape_debug()),
            (None, Some(why)) => format!("{url} cannot be fetched: {why}"),
            (None, None) if self.media.is_given() => {
                format!("{url} is not in the folder of pictures")
            }
            (None, None) => {
                let message = "pictures and other files, since --media was not given";
                told.count((Outcome::Dropped, "file"), message, 1, place);
                return;
            }
        };
        report.lost(Outcome::Dropped, "file", place.clone(), None, message);
    }

    /// Copies a picture once.
    fn copy(&self, path: &str, place: &Place, copied: &mut FxHashSet<u64>, report: &mut Report) {
        if !copied.insert(xxhash_rust::xxh3::xxh3_64(path.as_bytes())) {
            return;
        }
        let to = format!("static/wp-content/uploads/{path}");
        match self.site.copy(&to, &self.media.file(path)) {
            Ok(written) => {
                report.converted("pictures", 1);
                report.file(&to, written);
            }
            Err(diagnostic) => {
                let why = diagnostic.message;
                report.lost(Outcome::Dropped, "file", place.clone(), Some(&to), why);
            }
        }
    }
}

/// What an item is counted as.
fn plural(entry: &Entry) -> &'static str {
    match (entry.status, entry.kind) {
        (Status::Draft | Status::Private, _) => "drafts",
        (Status::Scheduled, _) => "scheduled",
        (Status::Published, Kind::Page) => "pages",
        (Status::Published, Kind::Custom) => "other texts",
        (Status::Published, _) => "posts",
    }
}
