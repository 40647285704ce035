//! The last step of an import: pages that know their old address become files.
//!
//! In: the pages of a site, the other files that it has, and its settings. Out: files below the
//! destination, and lines of the report. What every generator needs is decided here.

use std::collections::{BTreeMap, BTreeSet};

use super::addresses::{self, Addresses};
use super::index::{Beside, Index};
use super::links;
use super::page::{Notes, Page, Role, fit};
use super::settings::Settings;
use super::terms;
use super::tree::Tree;
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::import::{Destination, Outcome, Report, Written};
use crate::model::{Towards, fold, join};
use crate::yaml;

/// A site that was read.
#[derive(Debug, Default)]
pub(in crate::import) struct Site {
    pub settings: Settings,
    pub pages: Vec<Page>,
    /// Files that are copied: where from, and where to.
    pub copies: Vec<(String, String)>,
    /// Files whose bytes are not those of the archive: what they were, where they go, their text.
    pub texts: Vec<(String, String, String)>,
    /// Old paths of pages that no article stands for, and where they lead.
    pub redirects: BTreeMap<String, String>,
    /// Pages that said themselves where they lead.
    pub led: Vec<Led>,
    /// Where the files that are no pages go.
    pub files: Beside,
    /// The file of its settings.
    pub file: String,
    /// Notes of pages that no file was made of, with their own.
    pub unwritten: Vec<(String, Notes)>,
}

/// A page that only led elsewhere.
#[derive(Debug)]
pub(in crate::import) struct Led {
    /// Its file in the archive.
    pub source: String,
    pub old: String,
    pub new: String,
}

/// What turns the text of a page into ours.
pub(in crate::import) type Convert<'c> = dyn Fn(&Page, &Index, &mut Conversion) + 'c;

/// A text on its way.
#[derive(Debug, Default)]
pub(in crate::import) struct Conversion {
    /// The text, which is the page's own before.
    pub text: String,
    /// What the article shows besides, if the text said it.
    pub toc: Option<bool>,
    /// Whether it has formulas, in Pressroom's form.
    pub math: Option<bool>,
    pub notes: Notes,
}

/// Writes a site.
pub(in crate::import) fn write(
    mut site: Site,
    tree: &Tree,
    convert: &Convert,
    destination: &Destination,
    report: &mut Report,
) -> Result<(), Diagnostic> {
    terms::take(&mut site, tree);
    // What is cut of tags and aliases is no address of anything.
    for page in &mut site.pages {
        fit(&mut page.article, &mut page.notes);
    }
    distinct_targets(&mut site.pages);
    let addresses = addresses::settle(&mut site);
    let base = site.settings.path().to_owned();
    let converted: Vec<Conversion> = {
        let index = Index::of(&site.pages, &base);
        site.pages
            .iter()
            .map(|page| converted(page, &index, convert))
            .collect()
    };
    for (page, conversion) in site.pages.iter_mut().zip(converted) {
        page.article.body = conversion.text;
        page.article.toc = page.article.toc.or(conversion.toc);
        page.article.math = page.article.math.or(conversion.math);
        page.notes.0.extend(conversion.notes.0);
    }
    let mut writer = Writer {
        destination,
        report,
    };
    for mut page in std::mem::take(&mut site.pages) {
        picture(&mut page, tree, site.files, &base);
        writer.page(page)?;
    }
    for (source, notes) in std::mem::take(&mut site.unwritten) {
        notes.tell(&source, None, writer.report);
    }
    for (from, to, text) in &site.texts {
        writer.file(from, to, kind_of(to), |destination| {
            destination.write(to, text.as_bytes())
        })?;
    }
    for (from, to) in &site.copies {
        if let Some(url) = to
            .strip_prefix("static")
            .filter(|url| addresses.has_page(url))
        {
            let message = format!(
                "{} is the address of a page, which stays",
                addresses::without_index(url)
            );
            let place = Place::file(from);
            writer
                .report
                .lost(Outcome::Dropped, "static file", place, None, message);
            continue;
        }
        writer.file(from, to, kind_of(to), |destination| {
            destination.copy(to, &tree.absolute(from))
        })?;
    }
    let dropped = site.settings.navigate(&base);
    for message in dropped {
        let place = Place::file(&site.file);
        writer
            .report
            .lost(Outcome::Dropped, "menu", place, None, message);
    }
    writer.settings(&site.settings)?;
    let redirects = redirects(&mut site, &addresses, &base, writer.report);
    writer.redirects(&redirects)
}

/// What a file that is no page is called in the report.
fn kind_of(target: &str) -> &'static str {
    match target.split('/').next() {
        Some("static") => "static files",
        Some("data") => "data files",
        _ => "other files",
    }
}

/// Redirects that work: from a path that nothing else has, to something that will be there.
fn redirects(
    site: &mut Site,
    addresses: &Addresses,
    base: &str,
    report: &mut Report,
) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut taken = BTreeSet::new();
    let led = std::mem::take(&mut site.led);
    let led = led
        .into_iter()
        .map(|led| (led.old, led.new, Some(led.source)));
    let others = std::mem::take(&mut site.redirects).into_iter();
    for (old, new, page) in led.chain(others.map(|(old, new)| (old, new, None))) {
        let place = |url: &str| addresses::written(addresses::inner(url, base)).ok();
        let (Some(from), Ok(to)) = (place(&old), addresses::inner(&new, base).parse::<Towards>())
        else {
            if let Some(page) = page {
                let message = format!("it led to `{new}`, which is no place to lead to");
                report.lost(
                    Outcome::Dropped,
                    "redirect",
                    Place::file(page),
                    None,
                    message,
                );
            }
            continue;
        };
        let leads_back = to.to_string() == from;
        let why = if !addresses.is_free(&from) {
            format!("it led to {to}, but its own address, {from}, is that of another page")
        } else if leads_back || !addresses.leads(&to) {
            format!("it led to {to}, where there is nothing")
        } else {
            if taken.insert(fold(&from)) {
                found.insert(from, to.to_string());
            }
            continue;
        };
        // What the import itself would lead on, such as the feed of a tag, is no loss if there is none.
        if let Some(page) = page {
            report.lost(Outcome::Dropped, "redirect", Place::file(page), None, why);
        }
    }
    found
}

fn converted(page: &Page, index: &Index, convert: &Convert) -> Conversion {
    let mut conversion = Conversion {
        text: page.article.body.clone(),
        ..Conversion::default()
    };
    if !page.is_raw {
        convert(page, index, &mut conversion);
    }
    conversion
}

/// A lead picture that is named from the root, without a slash in front. Beside the page it may be, too.
fn picture(page: &mut Page, tree: &Tree, files: Beside, base: &str) {
    let Some(picture) = &mut page.article.image else {
        return;
    };
    picture.src = addresses::inner(&picture.src, base).to_owned();
    let src = picture.src.trim_start_matches("./");
    if links::is_elsewhere(src) || src.starts_with('/') {
        return;
    }
    let folder = page
        .source
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder);
    let is_beside = join(folder, src).is_some_and(|file| tree.has(&file));
    let roots: &[&str] = match files {
        Beside::Content if is_beside => return,
        Beside::Content => &["static/", "assets/"],
        Beside::Static => &[""],
    };
    if roots.iter().any(|root| tree.has(&format!("{root}{src}"))) {
        picture.src = format!("/{src}");
    }
}

/// Two files of one name, such as a.md and a.html, get two.
fn distinct_targets(pages: &mut [Page]) {
    let mut taken = BTreeSet::new();
    for page in pages {
        let name: String = page
            .target
            .chars()
            .map(|c| {
                if c.is_control() || "\\:".contains(c) {
                    '-'
                } else {
                    c
                }
            })
            .collect();
        if name != page.target {
            page.notes.add(
                Outcome::Approximated,
                "file name",
                0,
                format!("it is called {name}: some systems refuse the other name"),
            );
            page.target = name;
        }
        let (stem, language) = match page.target.strip_suffix(".md") {
            Some(stem) => (
                stem.to_owned(),
                page.language
                    .as_ref()
                    .map(|tag| format!(".{tag}"))
                    .unwrap_or_default(),
            ),
            None => continue,
        };
        let stem = stem.strip_suffix(&language).unwrap_or(&stem).to_owned();
        let mut number = 1;
        while !taken.insert(fold(&page.target)) {
            number += 1;
            page.target = format!("{stem}-{number}{language}.md");
            if page.role != Role::Article {
                page.role = Role::Article;
                page.article.draft = true;
            }
            if number == 2 {
                let message = "another file has its name, so that it got a number";
                page.notes
                    .add(Outcome::Approximated, "file name", 0, message);
            }
        }
    }
}

struct Writer<'a> {
    destination: &'a Destination,
    report: &'a mut Report,
}

impl Writer<'_> {
    fn page(&mut self, page: Page) -> Result<(), Diagnostic> {
        let plural = match page.role {
            Role::Front => "section fronts",
            _ if page.article.draft => "drafts",
            _ => "articles",
        };
        let Page {
            source,
            target,
            article,
            notes,
            ..
        } = page;
        let text = article.to_text();
        let is_there = self.file(&source, &target, plural, |destination| {
            destination.write(&target, text.as_bytes())
        })?;
        notes.tell(&source, is_there.then_some(&*target), self.report);
        Ok(())
    }

    /// Makes a file. A name that cannot be one is a line of the report, and the rest goes on.
    fn file(
        &mut self,
        from: &str,
        to: &str,
        plural: &'static str,
        write: impl FnOnce(&Destination) -> Result<Written, Diagnostic>,
    ) -> Result<bool, Diagnostic> {
        match write(self.destination) {
            Ok(written) => {
                self.report.file(to, written);
                self.report.converted(plural, 1);
                Ok(true)
            }
            Err(refused) if matches!(refused.code, Code::Argument | Code::Unreadable) => {
                self.report.lost(
                    Outcome::Dropped,
                    "file",
                    Place::file(from),
                    None,
                    refused.message,
                );
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    fn settings(&mut self, settings: &Settings) -> Result<(), Diagnostic> {
        let path = "pressroom.yaml";
        let written = self
            .destination
            .write(path, settings.to_text().as_bytes())?;
        self.report.file(path, written);
        Ok(())
    }

    fn redirects(&mut self, redirects: &BTreeMap<String, String>) -> Result<(), Diagnostic> {
        if redirects.is_empty() {
            return Ok(());
        }
        let path = "data/redirects.yaml";
        let written = self
            .destination
            .write(path, yaml::to_text(redirects).as_bytes())?;
        self.report.file(path, written);
        self.report.converted("redirects", redirects.len());
        Ok(())
    }
}
