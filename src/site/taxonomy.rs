//! Tags and authors: spellings that are one, and who wrote what.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::catalogue::Shelved;
use super::collation::Collation;
use super::editions::Editions;
use super::{ArticleId, LanguageId};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::model::{Article, UrlPath, fold, slugify};

/// A tag or an author, with the articles that have it.
#[derive(Debug, Clone)]
pub struct Term {
    /// What readers see.
    pub label: Box<str>,
    /// The edition that it is of: each has the terms of its own articles.
    pub edition: LanguageId,
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
    /// Edition by edition, in the order that its language has for their labels.
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
/// edition and slug. Spellings that were merged are told once a tag.
pub(super) fn tags(
    articles: &Shelved,
    editions: &Editions,
    label_of: impl Fn(LanguageId, &str) -> Option<String>,
    diagnostics: &mut Diagnostics,
) -> Terms {
    let (terms, spellings) = group(
        articles,
        editions,
        "tags",
        |article| &article.tags,
        &label_of,
    );
    for (term, spellings) in terms.all.iter().zip(&spellings) {
        if spellings.len() > 1 && label_of(term.edition, &term.slug).is_none() {
            diagnostics.push(merged(articles.articles, term, spellings));
        }
    }
    terms
}

/// Groups the authors of all articles.
pub(super) fn authors(
    articles: &Shelved,
    editions: &Editions,
    name_of: impl Fn(LanguageId, &str) -> Option<String>,
) -> Terms {
    group(
        articles,
        editions,
        "authors",
        |article| &article.authors,
        &name_of,
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
    articles: &Shelved<'a>,
    editions: &Editions,
    folder: &str,
    of: impl Fn(&'a Article) -> &'a [Box<str>],
    label_of: &impl Fn(LanguageId, &str) -> Option<String>,
) -> (Terms, Vec<Spellings<'a>>) {
    // Most articles write a term as others did, so the key is worked out once a spelling.
    let mut by_text: FxHashMap<(LanguageId, &str), usize> = FxHashMap::default();
    let mut spellings: Vec<Spelling> = Vec::new();
    let mut by_key: HashMap<(LanguageId, String), u32> = HashMap::new();
    let mut found: Vec<Found> = Vec::new();
    let mut of_article: Vec<Box<[u32]>> = vec![Box::default(); articles.articles.len()];
    let mut terms: Vec<u32> = Vec::new();
    for (id, article) in articles.iter() {
        terms.clear();
        let edition = editions.of(id);
        for text in of(article) {
            let spelling = *by_text.entry((edition, text)).or_insert_with(|| {
                let key = key(text);
                let term = *by_key.entry((edition, key.clone())).or_insert_with(|| {
                    found.push(Found {
                        edition,
                        key,
                        articles: Vec::new(),
                    });
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
            found[spelling.term as usize].articles.push(id);
        }
        of_article[id.index()] = terms.as_slice().into();
    }
    found
        .par_iter_mut()
        .for_each(|found| found.articles.sort_unstable());
    let mut by_term = vec![Spellings::new(); found.len()];
    for spelling in spellings.iter().filter(|spelling| spelling.uses > 0) {
        by_term[spelling.term as usize].insert(spelling.text, spelling.uses);
    }
    let slugs = slugs(
        found
            .iter()
            .map(|found| (found.edition, found.key.as_str())),
    );
    let mut terms: Vec<(Term, Spellings, usize)> = found
        .into_iter()
        .zip(by_term)
        .zip(slugs)
        .enumerate()
        .map(|(at, ((found, spellings), slug))| {
            let Found {
                edition, articles, ..
            } = found;
            let label = label_of(edition, &slug);
            let label = label.map_or_else(|| most_used(&spellings), Into::into);
            let url = editions.page(edition, &format!("/{folder}/{slug}/"));
            let slug = slug.into();
            (
                Term {
                    label,
                    edition,
                    slug,
                    url,
                    articles,
                },
                spellings,
                at,
            )
        })
        .collect();
    let collations: Vec<Collation> = editions.all().map(|of| editions.collation(of)).collect();
    terms.sort_by_cached_key(|(term, ..)| {
        let key = collations[term.edition.index()].key(&term.label);
        (term.edition, key, term.slug.clone())
    });
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

/// A term as it is found.
struct Found {
    edition: LanguageId,
    key: String,
    articles: Vec<ArticleId>,
}

/// A slug for each key of an edition. Keys that are not the same but have one slug (`C++` and `C#`) are told
/// apart by a hash; the one that is its own slug keeps it.
fn slugs<'a>(keys: impl Iterator<Item = (LanguageId, &'a str)> + Clone) -> Vec<String> {
    let mut users: HashMap<(LanguageId, String), u32> = HashMap::new();
    for (edition, key) in keys.clone() {
        *users
            .entry((edition, slugify(key).to_string()))
            .or_default() += 1;
    }
    keys.map(|(edition, key)| {
        let slug = slugify(key).to_string();
        let user = (edition, slug);
        let is_alone = users[&user] == 1;
        let (_, slug) = user;
        if is_alone || slug == key {
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
