//! Tags and authors: spellings that are one, and who wrote what.

use std::collections::{BTreeMap, HashMap};

use rustc_hash::FxHashMap;

use super::ArticleId;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::model::{Article, UrlPath, fold, slugify};

/// A tag or an author, with the articles that have it.
#[derive(Debug, Clone)]
pub struct Term {
    /// What readers see.
    pub label: Box<str>,
    /// Last part of its URL.
    pub slug: Box<str>,
    /// Its listing.
    pub url: UrlPath,
    /// Its articles, newest first.
    pub articles: Vec<ArticleId>,
}

/// The terms of one kind, by label, and those of each article.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// In the order of their labels.
    pub all: Vec<Term>,
    /// By article: positions in `all`, in the order in which the article names them.
    pub of_article: Vec<Box<[u32]>>,
}

/// The form in which spellings are compared: case, and runs of spaces, hyphens and underscores,
/// do not matter.
fn key(text: &str) -> String {
    let folded = fold(text);
    if !folded.contains([' ', '_', '-', '\u{a0}', '\t']) {
        return folded;
    }
    let words = folded.split(|c: char| c.is_whitespace() || matches!(c, '_' | '-'));
    words
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join("-")
}

/// Groups the tags of all articles. `label_of` gives a label that the site's owner chose, by
/// slug. Spellings that were merged are told once a tag.
pub(super) fn tags(
    articles: &[Article],
    label_of: impl Fn(&str) -> Option<String>,
    diagnostics: &mut Diagnostics,
) -> Terms {
    let (terms, spellings) = group(articles, "tags", |article| &article.tags, &label_of);
    for (term, spellings) in terms.all.iter().zip(&spellings) {
        if spellings.len() > 1 && label_of(&term.slug).is_none() {
            diagnostics.push(merged(articles, term, spellings));
        }
    }
    terms
}

/// Groups the authors of all articles.
pub(super) fn authors(articles: &[Article], name_of: impl Fn(&str) -> Option<String>) -> Terms {
    group(articles, "authors", |article| &article.authors, &name_of).0
}

/// How often each spelling of a term is used.
type Spellings = BTreeMap<Box<str>, u32>;

fn group(
    articles: &[Article],
    folder: &str,
    of: impl Fn(&Article) -> &[Box<str>],
    label_of: &impl Fn(&str) -> Option<String>,
) -> (Terms, Vec<Spellings>) {
    // Most articles write a term as others did, so the key is worked out once a spelling.
    let mut by_spelling: FxHashMap<&str, usize> = FxHashMap::default();
    let mut by_key: HashMap<String, usize> = HashMap::new();
    let mut found: Vec<(String, Spellings, Vec<ArticleId>)> = Vec::new();
    let mut of_article: Vec<Vec<u32>> = Vec::with_capacity(articles.len());
    for (at, article) in articles.iter().enumerate() {
        let mut terms: Vec<u32> = Vec::with_capacity(of(article).len());
        for spelling in of(article) {
            let term = *by_spelling.entry(spelling).or_insert_with(|| {
                let key = key(spelling);
                *by_key.entry(key.clone()).or_insert_with(|| {
                    found.push((key, Spellings::new(), Vec::new()));
                    found.len() - 1
                })
            });
            if terms.contains(&(term as u32)) {
                continue;
            }
            terms.push(term as u32);
            let (_, spellings, with_it) = &mut found[term];
            *spellings.entry(spelling.clone()).or_default() += 1;
            with_it.push(ArticleId(at as u32));
        }
        of_article.push(terms);
    }
    let slugs = slugs(found.iter().map(|(key, ..)| key.as_str()));
    let mut terms: Vec<(Term, Spellings, usize)> = found
        .into_iter()
        .zip(slugs)
        .enumerate()
        .map(|(at, ((_, spellings, articles), slug))| {
            let label = label_of(&slug).map_or_else(|| most_used(&spellings), Into::into);
            let url = UrlPath::trusted(format!("/{folder}/{slug}/"));
            let slug = slug.into();
            (
                Term {
                    label,
                    slug,
                    url,
                    articles,
                },
                spellings,
                at,
            )
        })
        .collect();
    terms.sort_by(|(a, ..), (b, ..)| (fold(&a.label), &a.slug).cmp(&(fold(&b.label), &b.slug)));
    let mut position = vec![0_u32; terms.len()];
    for (now, (_, _, before)) in terms.iter().enumerate() {
        position[*before] = now as u32;
    }
    let of_article = of_article
        .into_iter()
        .map(|terms| {
            terms
                .into_iter()
                .map(|term| position[term as usize])
                .collect()
        })
        .collect();
    let (all, spellings) = terms
        .into_iter()
        .map(|(term, spellings, _)| (term, spellings))
        .unzip();
    (Terms { all, of_article }, spellings)
}

/// A slug for each key. Keys that are not the same but have one slug (`C++` and `C#`) are told
/// apart by a hash; the one that is its own slug keeps it.
fn slugs<'a>(keys: impl Iterator<Item = &'a str> + Clone) -> Vec<String> {
    let mut users: HashMap<String, u32> = HashMap::new();
    for key in keys.clone() {
        *users.entry(slugify(key).to_string()).or_default() += 1;
    }
    keys.map(|key| {
        let slug = slugify(key).to_string();
        if users[&slug] == 1 || slug == key {
            return slug;
        }
        let hash = xxhash_rust::xxh3::xxh3_64(key.as_bytes()) as u32;
        format!("{slug}-{hash:08x}")
    })
    .collect()
}

/// The spelling that is used most; of several, the first in the order of their characters.
fn most_used(spellings: &Spellings) -> Box<str> {
    let most = spellings.values().max().copied().unwrap_or(0);
    let spelling = spellings.iter().find(|(_, count)| **count == most);
    spelling.map(|(text, _)| text.clone()).unwrap_or_default()
}

fn merged(articles: &[Article], term: &Term, spellings: &Spellings) -> Diagnostic {
    let others: Vec<String> = spellings
        .iter()
        .filter(|(spelling, _)| **spelling != term.label)
        .map(|(spelling, count)| format!("“{spelling}” ({count}×)"))
        .collect();
    let rare = |id: &&ArticleId| {
        articles[id.index()]
            .tags
            .iter()
            .any(|tag| *tag != term.label && spellings.contains_key(tag))
    };
    let diagnostic = Diagnostic::new(
        Code::TagSpellings,
        format!(
            "the tag “{}” is also written {}",
            term.label,
            others.join(", ")
        ),
    )
    .hint("this is one tag; a label in data/tags.yaml settles how it is shown");
    match term.articles.iter().rev().find(rare) {
        Some(id) => diagnostic.at(Place::file(&*articles[id.index()].source)),
        None => diagnostic,
    }
}
