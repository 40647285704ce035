//! What is published, by what articles say of themselves alone.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::editions::{Editions, edition_of};
use super::lookup::folder;
use super::{
    Arrangement, ArticleId, Catalogue, Inputs, LanguageId, Reason, Section, Show, Withheld,
    archive, taxonomy, visibility,
};
use crate::config::Config;
use crate::diagnostics::Diagnostics;
use crate::model::{
    Article, Content, Data, IndexEntries, IndexEntry, Kind, Moment, PermalinkParts, SourceFile,
    UrlPath, Wording, slugify,
};

/// What is published; beside it the wording of each article, which is not kept once the related
/// ones are found, and what it is found by in a search.
pub fn catalogue(
    config: &Config,
    data: &Data,
    inputs: Inputs,
    diagnostics: &mut Diagnostics,
) -> (Catalogue, Vec<Option<Box<Wording>>>, IndexEntries) {
    let Content {
        articles,
        wordings,
        lexicon: _,
        edited: _,
        index,
        resources,
    } = inputs.content;
    let IndexEntries { entries, words } = index;
    let Sorted {
        articles,
        by_file,
        wordings,
        entries,
        urls,
        withheld,
        fronts,
    } = sorted(
        articles,
        (wordings, entries),
        config,
        inputs.now,
        inputs.show,
    );
    let label = |edition: LanguageId, slug: &str| {
        let language = &config.editions[edition.index()].language;
        data.tags.of(language, slug)?.label.clone()
    };
    let name = |edition: LanguageId, slug: &str| {
        let language = &config.editions[edition.index()].language;
        data.authors.of(language, slug)?.name.clone()
    };
    let shelved = Shelved {
        articles: &articles,
        by_file: &by_file,
    };
    let (languages, language_of) = languages(&shelved, config);
    let editions = Editions {
        config,
        language_of: &language_of,
    };
    let ((tags, authors), ((sections, section_of), years)) = rayon::join(
        || {
            rayon::join(
                || taxonomy::tags(&shelved, &editions, label, diagnostics),
                || taxonomy::authors(&shelved, &editions, name),
            )
        },
        || {
            rayon::join(
                || sections(&shelved, &editions, &fronts),
                || archive::years(&shelved, &editions),
            )
        },
    );
    let (resources, resource_urls) =
        resources_with_urls(resources, &articles, &urls, &withheld, &editions);
    let arrangement = Arrangement {
        languages,
        editions: config.editions.len() as u8,
        section_of,
        neighbours: neighbours(&sections, articles.len()),
        front_editions: fronts
            .iter()
            .map(|front| editions.of_front(front))
            .collect(),
        front_urls: front_urls(&fronts, &editions, &sections),
        home_fronts: home_fronts(&fronts, &editions),
        sections,
        tags,
        authors,
        years,
        resources,
        resource_urls,
        statics: inputs.statics,
        withheld,
        redirects: data.redirects.clone(),
        by_file,
        urls,
        fronts,
        language_of,
    };
    let catalogue = Catalogue {
        articles,
        arrangement: Arc::new(arrangement),
    };
    (catalogue, wordings, IndexEntries { entries, words })
}

/// Articles, to be gone through in the order of their files. So they lie in memory: by rank, it would be
/// waited for at each of them.
#[derive(Clone, Copy)]
pub(super) struct Shelved<'a> {
    /// By rank.
    pub articles: &'a [Arc<Article>],
    pub by_file: &'a [ArticleId],
}

impl<'a> Shelved<'a> {
    pub fn iter(self) -> impl Iterator<Item = (ArticleId, &'a Article)> {
        let article = move |id: &ArticleId| (*id, &*self.articles[id.index()]);
        self.by_file.iter().map(article)
    }
}

/// What Markdown files are to the site.
struct Sorted {
    /// Published articles, newest first.
    articles: Vec<Arc<Article>>,
    /// The same in the order of their files.
    by_file: Vec<ArticleId>,
    /// Their wordings, as far as they were read.
    wordings: Vec<Option<Box<Wording>>>,
    /// What they are found by, as far as they were read; nothing where there is no search.
    entries: Vec<Option<IndexEntry>>,
    /// Where they are.
    urls: Vec<UrlPath>,
    /// Articles that are not published.
    withheld: Vec<Withheld>,
    fronts: Vec<Arc<Article>>,
}

/// What one file is.
enum Standing {
    Shown(Reverse<Option<i64>>, UrlPath),
    Withheld(Reason, UrlPath),
    Front,
}

fn sorted(
    mut articles: Vec<Arc<Article>>,
    (mut wordings, mut entries): (Vec<Option<Box<Wording>>>, Vec<Option<IndexEntry>>),
    config: &Config,
    now: Moment,
    show: Show,
) -> Sorted {
    let standing = |article: &Arc<Article>| {
        if article.kind == Kind::Front {
            return Standing::Front;
        }
        let url = permalink(article, config);
        match visibility::withheld(article, now, show) {
            Some(reason) => Standing::Withheld(reason, url),
            None => Standing::Shown(Reverse(article.date.map(Moment::unix_seconds)), url),
        }
    };
    let standings: Vec<Standing> = articles.par_iter().map(standing).collect();
    let (mut shown, mut held, mut fronts) = (Vec::new(), Vec::new(), Vec::new());
    for (at, standing) in standings.into_iter().enumerate() {
        let at = at as u32;
        match standing {
            Standing::Shown(date, url) => shown.push((date, url, at)),
            Standing::Withheld(reason, url) => held.push((reason, url, at)),
            Standing::Front => fronts.push(at),
        }
    }
    shown.par_sort_unstable();
    let mut by_file: Vec<(u32, ArticleId)> = Vec::with_capacity(shown.len());
    by_file.extend(
        shown
            .iter()
            .zip(0..)
            .map(|((.., at), rank)| (*at, ArticleId(rank))),
    );
    by_file.par_sort_unstable();
    let order = shown.iter().map(|(.., at)| at);
    let order = order.chain(held.iter().map(|(.., at)| at)).chain(&fronts);
    // There are many of all: they are moved within their lists.
    arrange(order.copied().collect(), |a, b| {
        articles.swap(a, b);
        wordings.swap(a, b);
        if !entries.is_empty() {
            entries.swap(a, b);
        }
    });
    let fronts = articles.split_off(shown.len() + held.len());
    let withheld = articles.split_off(shown.len()).into_iter().zip(held);
    let withheld = withheld.map(|(article, (reason, url, _))| Withheld {
        source: article.source.clone(),
        title: article.title.clone(),
        is_bundle: article.kind == Kind::Bundle,
        url,
        reason,
    });
    let withheld = withheld.collect();
    wordings.truncate(shown.len());
    entries.truncate(shown.len());
    Sorted {
        articles,
        by_file: by_file.into_iter().map(|(_, id)| id).collect(),
        wordings,
        entries,
        urls: shown.into_iter().map(|(_, url, _)| url).collect(),
        withheld,
        fronts,
    }
}

/// Brings a list into an order by swaps: at each place there is to be what is at `order` of it.
fn arrange(mut order: Vec<u32>, mut swap: impl FnMut(usize, usize)) {
    for first in 0..order.len() {
        let mut at = first;
        loop {
            let from = std::mem::replace(&mut order[at], at as u32) as usize;
            if from == first {
                break;
            }
            swap(at, from);
            at = from;
        }
    }
}

fn permalink(article: &Article, config: &Config) -> UrlPath {
    if let Some(url) = &article.url {
        return url.clone();
    }
    let section = if article.section.is_empty() {
        String::new()
    } else {
        slugify(&article.section).to_string()
    };
    let slug = article.slug.as_str();
    let path = if article.folders.is_empty() {
        slug.to_owned()
    } else {
        format!("{}/{slug}", article.folders)
    };
    let pattern = config.permalink(&article.section);
    let date = article.date.filter(|_| pattern.needs_date());
    let url = pattern.fill(PermalinkParts {
        section: &section,
        slug,
        path: &path,
        date: date.map(|date| (date.year(), date.month(), date.day())),
    });
    match edition_of(article, config) {
        LanguageId(0) => url,
        edition => config.editions[edition.index()].page(url.as_str()),
    }
}

/// The languages of the site's editions and others that articles name, and which of them each
/// article is in.
/// Languages beyond 255 count as the site's own.
fn languages(articles: &Shelved, config: &Config) -> (Vec<Box<str>>, Vec<LanguageId>) {
    let editions = config.editions.iter();
    let mut languages: Vec<Box<str>> = editions
        .map(|edition| edition.language.as_str().into())
        .collect();
    let mut language_of = vec![LanguageId::default(); articles.articles.len()];
    let named = |(id, article): (ArticleId, &'_ Article)| Some((id, article.language.clone()?));
    let mut named: Vec<_> = articles.iter().filter_map(named).collect();
    named.sort_unstable();
    for (id, language) in named {
        let known = languages.iter().position(|known| *known == language);
        let at = known.unwrap_or_else(|| {
            languages.push(language);
            languages.len() - 1
        });
        language_of[id.index()] = u8::try_from(at).map(LanguageId).unwrap_or_default();
    }
    (languages, language_of)
}

fn sections(
    articles: &Shelved,
    editions: &Editions,
    fronts: &[Arc<Article>],
) -> (Vec<Section>, Vec<Option<u32>>) {
    let mut by_name: BTreeMap<(LanguageId, &str), Vec<ArticleId>> = BTreeMap::new();
    for front in fronts.iter().filter(|front| !front.section.is_empty()) {
        let edition = editions.of_front(front);
        by_name.entry((edition, &front.section)).or_default();
    }
    for (id, article) in articles.iter() {
        if !article.section.is_empty() {
            let own = by_name.entry((editions.of(id), &article.section));
            own.or_default().push(id);
        }
    }
    for own in by_name.values_mut() {
        own.sort_unstable();
    }
    let mut section_of = vec![None; articles.articles.len()];
    let sections = by_name
        .into_iter()
        .enumerate()
        .map(|(at, ((edition, name), articles))| {
            for article in &articles {
                section_of[article.index()] = Some(at as u32);
            }
            let is_its = |front: &Arc<Article>| {
                *front.section == *name && editions.of_front(front) == edition
            };
            let front = fronts.iter().position(is_its);
            Section {
                name: name.into(),
                edition,
                title: front.map_or_else(|| capitalised(name), |front| fronts[front].title.clone()),
                url: editions.page(edition, &format!("/{}/", slugify(name))),
                front,
                articles,
            }
        })
        .collect();
    (sections, section_of)
}

fn front_urls(fronts: &[Arc<Article>], editions: &Editions, sections: &[Section]) -> Vec<UrlPath> {
    let url = |front: &Arc<Article>| {
        let edition = editions.of_front(front);
        let mut sections = sections.iter();
        let section =
            sections.find(|section| section.name == front.section && section.edition == edition);
        section.map_or_else(
            || editions.page(edition, "/"),
            |section| section.url.clone(),
        )
    };
    fronts.iter().map(url).collect()
}

fn home_fronts(fronts: &[Arc<Article>], editions: &Editions) -> Vec<Option<usize>> {
    let of = |edition| {
        let is_its =
            |front: &Arc<Article>| front.section.is_empty() && editions.of_front(front) == edition;
        fronts.iter().position(is_its)
    };
    editions.all().map(of).collect()
}

fn capitalised(name: &str) -> Box<str> {
    let words = name.replace(['-', '_'], " ");
    let mut letters = words.chars();
    let first = letters.next().map(char::to_uppercase);
    first
        .into_iter()
        .flatten()
        .chain(letters)
        .collect::<String>()
        .into()
}

fn neighbours(sections: &[Section], count: usize) -> Vec<(Option<ArticleId>, Option<ArticleId>)> {
    let mut neighbours = vec![(None, None); count];
    for section in sections {
        for (at, article) in section.articles.iter().enumerate() {
            let newer = at.checked_sub(1).map(|at| section.articles[at]);
            neighbours[article.index()] = (newer, section.articles.get(at + 1).copied());
        }
    }
    neighbours
}

/// Files of content/ with their URLs: beside the page of their bundle, or where they lie. What
/// belongs to a bundle that is not published is not published either. Of a bundle in several
/// languages, that page counts whose edition comes first.
fn resources_with_urls(
    resources: Vec<SourceFile>,
    articles: &[Arc<Article>],
    urls: &[UrlPath],
    withheld: &[Withheld],
    editions: &Editions,
) -> (Vec<SourceFile>, Vec<UrlPath>) {
    if resources.is_empty() {
        return Default::default();
    }
    let mut bundles: BTreeMap<&str, Option<&UrlPath>> = BTreeMap::new();
    let pages = articles.iter().zip(urls).enumerate();
    let pages = pages.filter(|(_, (article, _))| article.kind == Kind::Bundle);
    let mut pages: Vec<_> = pages.collect();
    pages.sort_by_key(|(at, _)| Reverse(editions.of(ArticleId(*at as u32))));
    for withheld in withheld.iter().filter(|withheld| withheld.is_bundle) {
        bundles.insert(folder(&withheld.source), None);
    }
    for (_, (article, url)) in pages {
        bundles.insert(folder(&article.source), Some(url));
    }
    let place = |file: &SourceFile| {
        let mut folder = file.path.as_str();
        while let Some((parent, _)) = folder.rsplit_once('/') {
            if let Some(bundle) = bundles.get(parent) {
                let inside = &file.path[parent.len() + 1..];
                return bundle.map(|url| UrlPath::trusted(format!("{}{inside}", beside(url))));
            }
            folder = parent;
        }
        let path = file.path.strip_prefix("content/").unwrap_or(&file.path);
        Some(match path.split_once('/') {
            Some((section, rest)) => UrlPath::trusted(format!("/{}/{rest}", slugify(section))),
            None => UrlPath::trusted(format!("/{path}")),
        })
    };
    let places: Vec<Option<UrlPath>> = resources.iter().map(place).collect();
    let published = resources.into_iter().zip(places);
    published
        .filter_map(|(file, url)| Some((file, url?)))
        .unzip()
}

/// The folder of a page's files: `/news/a/` for `/news/a/` as well as for `/news/a.html`, since
/// two pages may have files of one name.
fn beside(url: &UrlPath) -> String {
    let url = url.as_str();
    if url.ends_with('/') {
        return url.to_owned();
    }
    format!("{}/", url.rsplit_once('.').map_or(url, |(page, _)| page))
}
