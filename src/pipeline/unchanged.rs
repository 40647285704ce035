//! Whether a build has anything to do at all, told by the times of files.
//!
//! A build leaves a stamp beside the records of its outputs: the identities of all files that it
//! was made from, and what it said. If they are the same, no article has come or gone with time,
//! and every output is as it was left, then the next build says it again.

use std::collections::BTreeMap;
use std::path::Path;

use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::{Built, Files, Request, SOURCES};
use crate::config::{self, BaseUrl};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::key::{self, Key};
use crate::model::{Identity, Moment, SourceFile};
use crate::site::{Site, Target};
use crate::{source, write};

/// How much was published.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Summary {
    /// Articles.
    pub articles: usize,
    /// Pages that list articles.
    pub listing_pages: usize,
    /// Outputs of all kinds.
    pub outputs: usize,
    /// Articles that are not published, for each reason.
    pub withheld: BTreeMap<String, usize>,
}

impl Summary {
    pub(super) fn of(site: &Site) -> Self {
        let is_listing = |target: &Target| matches!(target, Target::Listing { .. });
        let targets = site.routes.iter().map(|route| &route.target);
        let mut withheld = BTreeMap::new();
        for article in &site.withheld {
            *withheld
                .entry(article.reason.as_str().to_owned())
                .or_default() += 1;
        }
        Self {
            articles: site.articles.len(),
            listing_pages: targets.filter(|target| is_listing(target)).count(),
            outputs: site.routes.len(),
            withheld,
        }
    }
}

/// Everything that a site is made from, time aside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Inputs {
    /// What was asked for.
    request: Key,
    pub files: Seen,
}

/// Files by their paths and identities: a sum, from which one can be taken.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Seen(u128);

/// What a build said, and for how long it is true.
#[derive(Serialize, Deserialize)]
struct Told {
    /// When it was built, in seconds since 1970.
    from: i64,
    /// When the next article comes or goes.
    until: Option<i64>,
    inputs: Inputs,
    /// What stands for what was kept of related articles, if anything was.
    related: Option<Key>,
    summary: Summary,
    diagnostics: Vec<Diagnostic>,
}

impl Seen {
    /// One file.
    pub fn one(path: &str, identity: Identity) -> Self {
        Self(u128::from_le_bytes(Key::of(&(path, identity)).bytes()))
    }

    /// These and others.
    pub fn and(self, others: Self) -> Self {
        Self(self.0.wrapping_add(others.0))
    }

    /// These without some of them.
    pub fn without(self, some: Self) -> Self {
        Self(self.0.wrapping_sub(some.0))
    }
}

/// Files at least that one thread asks about.
const AT_LEAST: usize = 1024;

/// Everything that a site is made from. `None` when it takes reading to know whether files are as they
/// were.
pub(super) fn inputs(request: &Request, files: &Files) -> Option<Inputs> {
    if !files.found.is_empty() {
        return None;
    }
    let mut others: Vec<SourceFile> = source::file(&request.root, config::FILE)
        .into_iter()
        .collect();
    let is_left = |name: &&&str| !Files::FOLDERS.contains(name) && **name != config::FILE;
    for folder in SOURCES.iter().filter(is_left) {
        let (files, found) = source::walk(&request.root, folder);
        if !found.is_empty() {
            return None;
        }
        others.extend(files);
    }
    source::identify(&mut others, request.settled);
    let all: Vec<&SourceFile> = files.all().chain(&others).collect();
    let seen = all.into_par_iter().with_min_len(AT_LEAST).map(|file| {
        let identity = file.identity?;
        Some(Seen::one(&file.path, identity))
    });
    let both = |a: Option<Seen>, b: Option<Seen>| Some(a?.and(b?));
    let files = seen.reduce(|| Some(Seen::default()), both)?;
    // A theme is a folder, be there a file in it or not.
    let themes = std::fs::read_dir(request.root.join("themes"));
    let names = themes
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name());
    let mut themes: Vec<String> = names
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    themes.sort_unstable();
    let root = request.root.canonicalize().ok()?;
    let (base_url, show) = (&request.base_url, request.show);
    let base_url = base_url.as_ref().map(BaseUrl::whole);
    let request = Key::of(&(
        root.to_string_lossy(),
        base_url,
        (show.drafts, show.future),
        request.share,
        themes,
    ));
    Some(Inputs { request, files })
}

/// What the last build made and said, if this one would do the same.
pub(super) fn told(
    request: &Request,
    inputs: Inputs,
    output: &Path,
    diagnostics: &mut Diagnostics,
) -> Option<Built> {
    let (told, report) = write::unchanged(output, Key::of(&inputs))?;
    let told = still_true(&told, request.now)?;
    diagnostics.extend(told.diagnostics);
    let summary = told.summary;
    Some(Built {
        summary,
        report,
        explanation: None,
    })
}

/// The files that the last build was made from, and what stands for what it kept of related articles, if
/// it was asked for the same and no article has come or gone with time.
pub(super) fn before(
    request: &Request,
    inputs: Inputs,
    stamp: &write::Stamp,
) -> Option<(Seen, Option<Key>)> {
    let told = still_true(&stamp.told, request.now)?;
    let is_same = told.inputs.request == inputs.request;
    is_same.then_some((told.inputs.files, told.related))
}

fn still_true(told: &[u8], now: Moment) -> Option<Told> {
    let told: Told = postcard::from_bytes(told).ok()?;
    let now = now.unix_seconds();
    let is_over = now < told.from || told.until.is_some_and(|until| until <= now);
    (!is_over).then_some(told)
}

/// The stamp of a build that was made from these inputs.
pub(super) fn stamp(
    request: &Request,
    inputs: Inputs,
    related: Option<Key>,
    site: &Site,
    summary: &Summary,
    diagnostics: &Diagnostics,
) -> write::Stamp {
    let now = request.now.unix_seconds();
    let ends = site.articles.iter().filter_map(|article| article.expires);
    let begins = site
        .withheld
        .iter()
        .filter_map(|article| article.reason.moment());
    let moments = ends.chain(begins).map(Moment::unix_seconds);
    // That records cannot be used is not true of the next build, which has these.
    let lasting = diagnostics.iter();
    let lasting = lasting.filter(|diagnostic| diagnostic.code != Code::CacheUnusable);
    let told = Told {
        from: now,
        until: moments.filter(|moment| *moment > now).min(),
        inputs,
        related,
        summary: summary.clone(),
        diagnostics: lasting.cloned().collect(),
    };
    write::Stamp {
        inputs: Key::of(&inputs),
        told: key::written(&told, Vec::new()),
    }
}
