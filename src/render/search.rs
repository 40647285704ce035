//! The bytes of the files of a search, and its page. `static/search.js` of the theme reads them;
//! docs/search.md has their forms.

use std::cmp::Reverse;

use serde::Serialize;

use super::templates::Templates;
use super::{Outcome, Renderer, Want, href};
use crate::config::Config;
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::key::Key;
use crate::markdown;
use crate::model::Moment;
use crate::site::search::{Area, CARDS, Part, Posting, Postings, Word, file_of, put, put_word};
use crate::site::{ArticleId, SearchFile, Site, Target};

/// The template of the page.
pub(super) const TEMPLATE: &str = "search.html";

/// Most articles that are listed for a word: a query loads a bounded number of bytes, whatever the
/// size of the archive.
const LISTED: usize = 2_048;

/// What the files of an area have in common.
pub(super) struct Prepared {
    /// The number of each article of the site.
    numbers: Vec<Option<u32>>,
    /// The tags of each file of tags.
    tags: Vec<Vec<u32>>,
}

impl Prepared {
    pub fn of(site: &Site) -> Vec<Self> {
        let prepared = site.search.iter().map(|area| {
            let files = area.tag_files() as usize;
            let mut tags = vec![Vec::new(); files];
            let own = site.tags.all.iter().enumerate();
            for (at, tag) in own.filter(|(_, tag)| tag.edition == area.edition) {
                tags[file_of(&tag.slug, files)].push(at as u32);
            }
            Self {
                numbers: area.numbers(site.articles.len()),
                tags,
            }
        });
        prepared.collect()
    }
}

/// What is read first.
#[derive(Serialize)]
struct Head<'a> {
    articles: usize,
    /// How many files there are of each kind.
    lists: usize,
    words: usize,
    tags: u32,
    /// How many articles are in a file of cards.
    cards: usize,
    /// Title and number of articles of each section.
    sections: Vec<(&'a str, usize)>,
    /// Years, each with the number of the first article in a row that is of that year; 0 for those
    /// without a date.
    years: Vec<(i16, usize)>,
}

/// What is shown of an article.
#[derive(Serialize)]
struct CardOfArticle<'a> {
    url: String,
    title: &'a str,
    /// Its day for machines and for people.
    date: Option<(String, String)>,
    section: Option<&'a str>,
    /// Slugs and labels.
    tags: Vec<(&'a str, &'a str)>,
    /// The language, if it is not that of the page.
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'a str>,
    text: String,
}

/// What a [`CardOfArticle`] is made from.
#[derive(Serialize)]
struct InputsOfCard<'a> {
    url: &'a str,
    title: &'a str,
    date: Option<Moment>,
    section: Option<&'a str>,
    tags: Vec<(&'a str, &'a str)>,
    language: &'a str,
    file: Key,
}

/// A tag and who has it: the distance of each number from the one before.
#[derive(Serialize)]
struct TagOfArea<'a> {
    slug: &'a str,
    label: &'a str,
    articles: Vec<u32>,
}

/// Whether the theme has a page for the search of a site that has one.
pub(super) fn needs_template(templates: &Templates, config: &Config) -> Result<(), Diagnostics> {
    if templates.has(TEMPLATE) {
        return Ok(());
    }
    let place = config.place_of_key("search");
    let missing = templates.missing(TEMPLATE, Some(place));
    let hint = "write templates/search.html, or take it from another theme";
    Err(missing.hint(hint).into())
}

impl Renderer {
    /// The key of a file that is not the page.
    pub(super) fn search_key(&self, area: u8, file: SearchFile) -> Key {
        let of = &self.site.search[usize::from(area)];
        match file {
            SearchFile::List(at) => of.index.lists[at as usize].key(),
            SearchFile::Words(at) => of.index.words[at as usize].key(),
            SearchFile::Cards(at) => {
                let inputs = numbered(of, at).map(|id| self.inputs_of(*id));
                let inputs: Vec<_> = inputs.collect();
                Key::of(&(&self.config.base_url.path, inputs))
            }
            SearchFile::Page | SearchFile::Head | SearchFile::Sections | SearchFile::Tags(_) => {
                Key::of_bytes(&self.small_file(area, file))
            }
        }
    }

    /// The bytes of such a file.
    pub(super) fn search_file(&self, area: u8, file: SearchFile) -> Result<Vec<u8>, Diagnostic> {
        let of = &self.site.search[usize::from(area)];
        Ok(match file {
            SearchFile::List(at) => listed(&of.index.lists[at as usize]),
            SearchFile::Words(at) => of.index.words[at as usize].bytes().to_vec(),
            SearchFile::Cards(at) => {
                let card = |id: &ArticleId| Ok(self.card_of(of, *id, self.beginning_of(of, *id)?));
                let cards: Vec<_> = numbered(of, at)
                    .map(card)
                    .collect::<Result<_, Diagnostic>>()?;
                json(&cards)
            }
            SearchFile::Page | SearchFile::Head | SearchFile::Sections | SearchFile::Tags(_) => {
                self.small_file(area, file)
            }
        })
    }

    fn small_file(&self, area: u8, file: SearchFile) -> Vec<u8> {
        let at = usize::from(area);
        let (of, prepared) = (&self.site.search[at], &self.searches[at]);
        match file {
            SearchFile::Head => json(&self.head(of)),
            SearchFile::Sections => {
                let sections = of
                    .articles
                    .iter()
                    .map(|id| self.site.section_of[id.index()]);
                let mut bytes = Vec::with_capacity(of.articles.len());
                let first = self.site.sections_of(of.edition).start as u32;
                sections
                    .for_each(|section| put(&mut bytes, section.map_or(0, |at| at - first + 1)));
                bytes
            }
            SearchFile::Tags(file) => {
                let tags = prepared.tags[file as usize].iter();
                json(
                    &tags
                        .map(|tag| self.tag_of(prepared, *tag))
                        .collect::<Vec<_>>(),
                )
            }
            _ => Vec::new(),
        }
    }

    fn head(&self, area: &Area) -> Head<'_> {
        let own = self.site.sections_of(area.edition);
        let sections = self.site.sections[own.clone()].iter();
        let mut sections: Vec<_> = sections.map(|of| (&*of.title, 0)).collect();
        let mut years: Vec<(i16, usize)> = Vec::new();
        for (number, id) in area.articles.iter().enumerate() {
            if let Some(section) = self.site.section_of[id.index()] {
                sections[section as usize - own.start].1 += 1;
            }
            let date = self.site.articles[id.index()].date;
            let year = date.map_or(0, Moment::year);
            if years.last().is_none_or(|(last, _)| *last != year) {
                years.push((year, number));
            }
        }
        Head {
            articles: area.articles.len(),
            lists: area.index.lists.len(),
            words: area.index.words.len(),
            tags: area.tag_files(),
            cards: CARDS,
            sections,
            years,
        }
    }

    fn tag_of(&self, prepared: &Prepared, tag: u32) -> TagOfArea<'_> {
        let tag = &self.site.tags.all[tag as usize];
        let numbers = tag
            .articles
            .iter()
            .filter_map(|id| prepared.numbers[id.index()]);
        let mut articles: Vec<u32> = numbers.collect();
        articles.sort_unstable();
        for at in (1..articles.len()).rev() {
            articles[at] -= articles[at - 1];
        }
        TagOfArea {
            slug: &tag.slug,
            label: &tag.label,
            articles,
        }
    }

    /// What a card is made from: dates are not written for that.
    fn inputs_of(&self, id: ArticleId) -> InputsOfCard<'_> {
        let (site, at) = (&*self.site, id.index());
        let article = &site.articles[at];
        InputsOfCard {
            url: site.urls[at].as_str(),
            title: &article.title,
            date: article.date,
            section: site.section_of[at].map(|section| &*site.sections[section as usize].title),
            tags: self.tags_of(id),
            language: site.language(id),
            file: article.bytes,
        }
    }

    /// Slugs and labels.
    fn tags_of(&self, id: ArticleId) -> Vec<(&str, &str)> {
        let tags = &self.site.tags;
        let own = tags.of_article[id.index()].iter();
        let own = own.map(|tag| &tags.all[*tag as usize]);
        own.map(|tag| (&*tag.slug, &*tag.label)).collect()
    }

    fn card_of(&self, area: &Area, id: ArticleId, text: String) -> CardOfArticle<'_> {
        let (site, at) = (&*self.site, id.index());
        let article = &site.articles[at];
        let own = site.language_of[at];
        let language = self.language(own);
        let section = site.section_of[at].map(|section| &*site.sections[section as usize].title);
        CardOfArticle {
            url: href(&self.config, &site.urls[at]),
            title: &article.title,
            date: article.date.map(|date| (date.date(), language.day(date))),
            section,
            tags: self.tags_of(id),
            language: (own != area.edition).then_some(&*language.tag),
            text,
        }
    }

    /// The beginning of an article's text.
    fn beginning_of(&self, area: &Area, id: ArticleId) -> Result<String, Diagnostic> {
        if let Some(text) = area.text(id) {
            return Ok(text.to_owned());
        }
        let article = &self.site.articles[id.index()];
        let (text, start) = self.read_again(article)?;
        let scan = markdown::scan(
            &text,
            start,
            article.math,
            self.config.highlight,
            &self.config.base_url.whole(),
            |name, form| self.config.treatment(name, form),
        );
        Ok(markdown::beginning(&scan.prose, &article.title))
    }

    /// The page.
    pub(super) fn search_page(&self, at: u8, want: Want) -> Result<Outcome, Diagnostic> {
        #[derive(Serialize)]
        struct Variables {
            search: SearchValue,
        }
        let area = &self.site.search[usize::from(at)];
        let search = SearchValue {
            url: href(&self.config, &area.url),
        };
        let target = Target::Search {
            area: at,
            file: SearchFile::Page,
        };
        self.index(want, area.edition, &target, &Variables { search })
    }
}

/// `search`
#[derive(Serialize)]
struct SearchValue {
    url: String,
}

/// The articles of a file of cards.
fn numbered(area: &Area, file: u32) -> impl Iterator<Item = &ArticleId> {
    let start = file as usize * CARDS;
    area.articles.iter().skip(start).take(CARDS)
}

/// A list as it is published: of what many articles have, those are left out in which it counts least.
fn listed(list: &Part) -> Vec<u8> {
    let all = list.bytes();
    if Postings(all).all(|word| word.count as usize <= LISTED) {
        return all.to_vec();
    }
    let mut out = Vec::with_capacity(all.len());
    for word in Postings(all) {
        if word.count as usize <= LISTED {
            word.copy(&mut out);
        } else {
            put_word(&mut out, word.word, word.count, heaviest(&word).into_iter());
        }
    }
    out
}

/// Those that have a word in their titles, of short titles first, and then those in which it weighs
/// most; of equals the newer.
fn heaviest(word: &Word) -> Vec<Posting> {
    let mut postings: Vec<Posting> = word.postings().collect();
    let rank = |posting: &Posting| {
        let (title, weight) = (posting.mark.title(), posting.mark.weight());
        let length = if title == 0 { u8::MAX } else { title };
        (length, Reverse(weight), Reverse(posting.article))
    };
    postings.select_nth_unstable_by_key(LISTED, rank);
    postings.truncate(LISTED);
    postings.sort_unstable_by_key(|posting| posting.article);
    postings
}

fn json(value: &impl Serialize) -> Vec<u8> {
    // Neither texts nor numbers can fail to be written to memory.
    let mut bytes = serde_json::to_vec(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}
