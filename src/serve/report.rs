//! What is wrong with the site as its files are, and what of it was said.

use std::collections::BTreeSet;
use std::sync::Arc;

use quick_xml::escape::escape;
use serde_json::json;

use super::places::Places;
use super::version::{Mistake, Version};
use crate::diagnostics::{Diagnostic, Diagnostics, Severity, render};

/// All that is known of it.
#[derive(Default)]
pub struct Report {
    /// What was found when the files were read.
    read: Diagnostics,
    /// All of it, in order.
    pub all: Diagnostics,
    /// What open pages are told of it; `None` where nothing keeps the site from being published.
    pub trouble: Option<Trouble>,
    said: BTreeSet<Mistake>,
}

/// What keeps a site from being published, as HTML.
#[derive(Clone, PartialEq, Eq)]
pub struct Trouble {
    linked: Arc<str>,
    /// The same for other machines, which have no files to open.
    plain: Arc<str>,
}

impl Trouble {
    /// Words for people, with links to the places that they name.
    pub fn of(diagnostics: &Diagnostics, places: &Places, text_of: render::TextOf) -> Self {
        let text = render::text(diagnostics, text_of, false);
        Self {
            linked: places.linked(&text, diagnostics).into(),
            plain: escape(&*text).into(),
        }
    }

    pub fn html(&self, is_local: bool) -> &str {
        if is_local { &self.linked } else { &self.plain }
    }

    /// What an open page is told.
    pub fn word(trouble: Option<&Self>, is_local: bool) -> String {
        json!({ "trouble": trouble.map(|trouble| trouble.html(is_local)) }).to_string()
    }
}

impl Report {
    /// What is said when the files were read.
    pub fn read(&mut self, found: Diagnostics) {
        self.read = found;
    }

    /// Takes in what the pages of a version have shown, none if the files are not as they are there.
    /// What was not said yet, and whether open pages are to be told something else.
    pub fn update(
        &mut self,
        version: Option<&Version>,
        places: &Places,
        text_of: render::TextOf,
    ) -> (Diagnostics, bool) {
        let named = |read: &Diagnostic| (read.place.clone(), read.message.clone());
        let read = self.read.iter().map(|read| (named(read), read.clone()));
        let of_pages = version.map(Version::mistakes).unwrap_or_default();
        let all: Vec<(Mistake, Diagnostic)> = read.chain(of_pages).collect();
        let is_new = |(mistake, _): &&(Mistake, Diagnostic)| !self.said.contains(mistake);
        let mut new: Diagnostics = all
            .iter()
            .filter(is_new)
            .map(|(_, told)| told.clone())
            .collect();
        new.sort();
        let (said, all): (_, Vec<_>) = all.into_iter().unzip();
        self.said = said;
        self.all = all.into_iter().collect();
        self.all.sort();
        // Among the notes on a large archive they would not be found.
        let errors = self.all.iter().cloned();
        let errors = errors.filter(|told| told.severity == Severity::Error);
        let errors: Diagnostics = errors.collect();
        let trouble = errors
            .has_errors()
            .then(|| Trouble::of(&errors, places, text_of));
        let is_other = trouble != self.trouble;
        self.trouble = trouble;
        (new, is_other)
    }
}
