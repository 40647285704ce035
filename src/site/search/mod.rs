//! The index that readers search: which words are in which articles, in files small enough that a
//! browser loads the few that a query needs.
//!
//! In: what each article is found by ([`IndexEntries`]), and what the last build kept. Out: an
//! [`Area`] for each part of the site that is searched by itself, which is each edition.
//! docs/search.md has the files and the measurements; `render/search.rs` writes their bytes.
//!
//! Articles have numbers in an area, from the oldest, so that a new one moves no other. Files have
//! numbers too, and how many there are depends on nothing but the number of articles, so that no edit
//! of a text adds or removes one.

mod kept;
mod part;
mod postings;
#[cfg(test)]
mod tests;
mod update;

pub use kept::{FILE, Files, Kept};
pub use part::Part;
pub use postings::{Posting, Postings, Word, put, put_word};

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::{ArticleId, Catalogue, LanguageId};
use crate::config::Config;
use crate::key::Key;
use crate::model::{Article, IndexEntries, IndexEntry, UrlPath};
use update::{Fresh, update};

/// How many files there are of a kind: one for so many articles, or for up to twice as many, and no
/// more than so many.
#[derive(Debug, Clone, Copy)]
struct Share {
    articles: usize,
    most: usize,
}

/// Files of postings. Lists are cut, so that they do not grow with the archive for ever.
const LISTS: Share = Share {
    articles: 4,
    most: 8_192,
};
const WORDS: Share = Share {
    articles: 16,
    most: 1_024,
};
const TAGS: Share = Share {
    articles: 256,
    most: 1_024,
};
/// The page of an area, by its path in the site's own edition. The index lies below.
pub const PAGE: &str = "/search/";

/// Articles of a file of cards.
pub const CARDS: usize = 4;

/// A file of an area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SearchFile {
    /// The page.
    Page,
    /// What is read first: how many there are of everything, sections and years.
    Head,
    /// Words that begin alike, to complete what a reader types.
    Words(u32),
    /// Words with the articles that have them.
    List(u32),
    /// What is shown of a few articles.
    Cards(u32),
    /// The section of each article.
    Sections,
    /// Tags with the articles that have them.
    Tags(u32),
}

impl SearchFile {
    /// Whether making it may fail: it has a template, or reads articles.
    #[must_use]
    pub fn may_fail(self) -> bool {
        matches!(self, Self::Page | Self::Cards(_))
    }
}

/// A part of the site that is searched by itself: an edition.
#[derive(Debug)]
pub struct Area {
    /// Its page; the index lies below.
    pub url: UrlPath,
    /// The edition that it is.
    pub edition: LanguageId,
    /// Its articles by their numbers, the oldest first.
    pub articles: Vec<ArticleId>,
    /// What they are found by.
    pub index: Index,
    /// The beginnings of texts that are known since they have been read for this build.
    texts: BTreeMap<ArticleId, Box<str>>,
}

/// Which words are in which articles.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// What stands for each article's entry, by numbers.
    entries: Vec<Key>,
    /// Postings of words, by the hash of the word.
    pub lists: Vec<Part>,
    /// Words that several articles have, by the hash of what they begin with.
    pub words: Vec<Part>,
}

/// What is there to make areas from.
pub struct Sources<'a> {
    /// What the articles of the catalogue are found by, as far as they were read.
    pub entries: IndexEntries,
    /// What is known from before.
    pub kept: Option<Kept>,
    /// Reads articles again.
    pub reindex: Reindex<'a>,
}

/// Reads articles again: gives one entry for each.
pub type Reindex<'a> = &'a (dyn Fn(&[&Article]) -> IndexEntries + Sync);

/// The areas of a site: none where there is no search.
pub(super) fn areas(site: &Catalogue, config: &Config, sources: Sources) -> Vec<Area> {
    if !config.search {
        return Vec::new();
    }
    let mut kept = sources.kept.unwrap_or_default();
    let settings = settings(config);
    let key = |id: &ArticleId| key(&site.articles[id.index()], settings);
    let mut read = Read {
        site,
        known: sources.entries.entries,
        words: sources.entries.words.into(),
        reindex: sources.reindex,
    };
    let editions = site.all_editions().zip(&config.editions);
    let areas = editions.map(|(edition, own)| {
        let url = own.page(PAGE);
        let index = kept.take(&url);
        let all = (0..site.articles.len() as u32).rev().map(ArticleId);
        let articles =
            all.filter(|id| !site.articles[id.index()].noindex && site.edition_of(*id) == edition);
        let articles: Vec<ArticleId> = articles.collect();
        let keys: Vec<Key> = articles.par_iter().map(key).collect();
        let fresh = read.fresh(&articles, &index.missing(&keys));
        let texts = fresh.texts.iter();
        let texts = texts.map(|(number, text)| (articles[*number as usize], text.clone()));
        let texts = texts.collect();
        Area {
            url,
            edition,
            index: update(&index, keys, &fresh),
            articles,
            texts,
        }
    });
    areas.collect()
}

/// Everything besides its file that an article's entry depends on.
fn settings(config: &Config) -> Key {
    Key::of(&(
        &config.text,
        config.base_url.whole(),
        &config.known_components,
    ))
}

fn key(article: &Article, settings: Key) -> Key {
    Key::of(&(settings, &*article.source, article.bytes))
}

/// What is known of entries.
struct Read<'a> {
    site: &'a Catalogue,
    /// By the ranks of articles.
    known: Vec<Option<IndexEntry>>,
    words: Arc<[Box<str>]>,
    reindex: Reindex<'a>,
}

impl Read<'_> {
    /// The entries of some articles by their numbers; if one was not read, they are all read again.
    fn fresh(&mut self, articles: &[ArticleId], numbers: &[u32]) -> Fresh {
        let id = |number: &u32| articles[*number as usize];
        let known = &mut self.known;
        let is_known = |number: &u32| matches!(known.get(id(number).index()), Some(Some(_)));
        if numbers.iter().all(is_known) {
            let numbers_of = numbers.iter();
            let entries = numbers_of.map(|number| known[id(number).index()].take());
            return Fresh::new(numbers, entries.collect(), Arc::clone(&self.words));
        }
        let ids: Vec<ArticleId> = numbers.iter().map(id).collect();
        let IndexEntries { entries, words } = (self.reindex)(&self.site.some(&ids));
        Fresh::new(numbers, entries, words.into())
    }
}

impl Index {
    /// The numbers of articles whose entries are not in it.
    fn missing(&self, keys: &[Key]) -> Vec<u32> {
        let known: rustc_hash::FxHashSet<&Key> = self.entries.iter().collect();
        let missing = (0_u32..).zip(keys).filter(|(_, key)| !known.contains(key));
        missing.map(|(number, _)| number).collect()
    }
}

impl Area {
    /// The numbers of all articles of the catalogue; `None` for those that are not in the area.
    #[must_use]
    pub fn numbers(&self, articles: usize) -> Vec<Option<u32>> {
        let mut numbers = vec![None; articles];
        for (number, id) in (0_u32..).zip(&self.articles) {
            numbers[id.index()] = Some(number);
        }
        numbers
    }

    /// The beginning of an article's text, if it is known.
    #[must_use]
    pub fn text(&self, id: ArticleId) -> Option<&str> {
        self.texts.get(&id).map(|text| &**text)
    }

    /// How many files of tags there are.
    #[must_use]
    pub fn tag_files(&self) -> u32 {
        files_for(self.articles.len(), TAGS)
    }

    /// How many files of cards there are.
    #[must_use]
    pub fn card_files(&self) -> u32 {
        self.articles.len().div_ceil(CARDS) as u32
    }

    /// All files, and their URLs.
    pub fn files(&self) -> impl Iterator<Item = (SearchFile, UrlPath)> + '_ {
        use SearchFile::{Cards, Head, List, Page, Sections, Tags, Words};
        let files = [Page, Head, Sections].into_iter();
        let files = files.chain((0..self.index.words.len() as u32).map(Words));
        let files = files.chain((0..self.index.lists.len() as u32).map(List));
        let files = files.chain((0..self.card_files()).map(Cards));
        let files = files.chain((0..self.tag_files()).map(Tags));
        files.map(|file| (file, self.file_url(file)))
    }

    fn file_url(&self, file: SearchFile) -> UrlPath {
        let url = &self.url;
        UrlPath::trusted(match file {
            SearchFile::Page => url.to_string(),
            SearchFile::Head => format!("{url}index.json"),
            SearchFile::Sections => format!("{url}sections.bin"),
            SearchFile::Words(at) => format!("{url}words/{at}.bin"),
            SearchFile::List(at) => format!("{url}lists/{at}.bin"),
            SearchFile::Cards(at) => format!("{url}cards/{at}.json"),
            SearchFile::Tags(at) => format!("{url}tags/{at}.json"),
        })
    }

    /// The same area after an edit of texts alone.
    pub(super) fn retold(
        &self,
        site: &Catalogue,
        config: &Config,
        told: &[ArticleId],
        entries: IndexEntries,
        reindex: Reindex,
    ) -> Self {
        let settings = settings(config);
        let mut keys = self.index.entries.clone();
        let mut numbers = Vec::new();
        for id in told {
            // Numbers are in the other order than ranks.
            if let Ok(number) = self.articles.binary_search_by(|other| id.cmp(other)) {
                keys[number] = key(&site.articles[id.index()], settings);
                numbers.push(number as u32);
            }
        }
        numbers.sort_unstable();
        let mut known = vec![None; site.articles.len()];
        for (id, entry) in told.iter().zip(entries.entries) {
            known[id.index()] = entry;
        }
        let mut read = Read {
            site,
            known,
            words: entries.words.into(),
            reindex,
        };
        let fresh = read.fresh(&self.articles, &numbers);
        let mut texts = self.texts.clone();
        for (number, text) in &fresh.texts {
            texts.insert(self.articles[*number as usize], text.clone());
        }
        Self {
            url: self.url.clone(),
            edition: self.edition,
            articles: self.articles.clone(),
            index: update(&self.index, keys, &fresh),
            texts,
        }
    }
}

/// Areas as the next build is to know them.
#[must_use]
pub fn keep(areas: &[Area]) -> Kept {
    Kept::of(
        areas
            .iter()
            .map(|area| (area.url.clone(), area.index.clone())),
    )
}

/// How many files there are for so many articles: a power of two.
fn files_for(articles: usize, share: Share) -> u32 {
    let files = (articles / share.articles).clamp(1, share.most);
    1 << files.ilog2()
}

/// Which of so many files something is in, a power of two: FNV-1a, mixed once more, as the script of
/// the page does it.
#[must_use]
pub fn file_of(name: &str, files: usize) -> usize {
    let mut hash = 0x811c_9dc5_u32;
    for byte in name.bytes() {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    hash ^= hash >> 15;
    hash = hash.wrapping_mul(0x2c1b_3c6d);
    hash ^= hash >> 12;
    hash as usize & (files - 1)
}

/// Shared by a site and what becomes of it, where an edit changes nothing of it.
pub type Areas = Arc<[Area]>;
