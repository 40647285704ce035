//! Tags and authors: spellings that are one, and who wrote what.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::ArticleId;
use super::collation::Collation;
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
    /// In the order that the site's language has for their labels.
    pub all: Vec<Term>,
    /// By article: positions in `all`, in the order in which the article names them.
    pub of_article: Arc<[Box<[u32]>]>,
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
    articles: &[Arc<Article>],
    label_of: impl Fn(&str) -> Option<String>,
    collation: &Collation,
    diagnostics: &mut Diagnostics,
) -> Terms {
    let (terms, spellings) = group(
        articles,
        "tags",
        |article| &article.tags,
        &label_of,
        collation,
    );
    for (term, spellings) in terms.all.iter().zip(&spellings) {
        if spellings.len() > 1 && label_of(&term.slug).is_none() {
            diagnostics.push(merged(articles, term, spellings));
        }
    }
    terms
}

/// Groups the authors of all articles.
pub(super) fn authors(
    articles: &[Arc<Article>],
    name_of: impl Fn(&str) -> Option<String>,
    collation: &Collation,
) -> Terms {
    group(
        articles,
        "authors",
        |article| &article.authors,
        &name_of,
        collation,
    )
    .0
}

/// How often each spelling of a term is used.
type Spellings<'a> = BTreeMap<&'a str, u32>;

/// A term as some article writes it.
struct Spelling<'a> {
    text: &'a str,
    term: u32,
    uses: u32,
}

fn group<'a>(
    articles: &'a [Arc<Article>],
    folder: &str,
    of: impl Fn(&'a Article) -> &'a [Box<str>],
    label_of: &impl Fn(&str) -> Option<String>,
    collation: &Collation,
) -> (Terms, Vec<Spellings<'a>>) {
    // Most articles write a term as others did, so the key is worked out once a spelling.
    let mut by_text: FxHashMap<&str, usize> = FxHashMap::default();
    let mut spellings: Vec<Spelling> = Vec::new();
    let mut by_key: HashMap<String, u32> = HashMap::new();
    let mut found: Vec<(String, Vec<ArticleId>)> = Vec::new();
    let mut of_article: Vec<Box<[u32]>> = Vec::with_capacity(articles.len());
    let mut terms: Vec<u32> = Vec::new();
    for (at, article) in articles.iter().enumerate() {
        terms.clear();
        for text in of(article) {
            let spelling = *by_text.entry(text).or_insert_with(|| {
                let key = key(text);
                let term = *by_key.entry(key.clone()).or_insert_with(|| {
                    found.push((key, Vec::new()));
                    found.len() as u32 - 1
                });
                spellings.push(Spelling {
                    text,
                    term,
                    uses: 0,
                });
                spellings.len() - 1
            });
            let spelling = &mut spellings[spelling];
            if terms.contains(&spelling.term) {
                continue;
            }
            terms.push(spelling.term);
            spelling.uses += 1;
            found[spelling.term as usize].1.push(ArticleId(at as u32));
        }
        of_article.push(terms.as_slice().into());
    }
    let mut by_term = vec![Spellings::new(); found.len()];
    for spelling in spellings.iter().filter(|spelling| spelling.uses > 0) {
        by_term[spelling.term as usize].insert(spelling.text, spelling.uses);
    }
    let slugs = slugs(found.iter().map(|(key, _)| key.as_str()));
    let mut terms: Vec<(Term, Spellings, usize)> = found
        .into_iter()
        .zip(by_term)
        .zip(slugs)
        .enumerate()
        .map(|(at, (((_, articles), spellings), slug))| {
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
    terms.sort_by_cached_key(|(term, ..)| (collation.key(&term.label), term.slug.clone()));
    let mut position = vec![0_u32; terms.len()];
    for (now, (_, _, before)) in terms.iter().enumerate() {
        position[*before] = now as u32;
    }
    for term in of_article.iter_mut().flatten() {
        *term = position[*term as usize];
    }
    let (all, spellings) = terms
        .into_iter()
        .map(|(term, spellings, _)| (term, spellings))
        .unzip();
    let of_article = of_article.into();
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
    spelling.map(|(text, _)| (*text).into()).unwrap_or_default()
}

fn merged(articles: &[Arc<Article>], term: &Term, spellings: &Spellings) -> Diagnostic {
    let others: Vec<String> = spellings
        .iter()
        .filter(|(spelling, _)| **spelling != &*term.label)
        .map(|(spelling, count)| format!("“{spelling}” ({count}×)"))
        .collect();
    let rare = |id: &&ArticleId| {
        articles[id.index()]
            .tags
            .iter()
            .any(|tag| *tag != term.label && spellings.contains_key(&**tag))
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
