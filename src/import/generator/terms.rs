//! What an archive says of authors and tags on pages of their own.
//!
//! In: the pages of a site. Out: data/authors.yaml and data/tags.yaml, and the pages without those that are
//! wholly in there. What data has no word for stays in a draft.

use std::collections::{BTreeMap, BTreeSet};

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use serde::Serialize;

use super::addresses::prefix;
use super::fields::text_of;
use super::links;
use super::page::{Page, Role};
use super::site::Site;
use super::tree::Tree;
use crate::import::{Outcome, Picture};
use crate::model::{join, slugify};
use crate::yaml::{self, Mapping};

/// What a page is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::import) enum Kind {
    Author,
    Tag,
}

/// A page that is about an author or a tag.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::import) struct Term {
    pub kind: Kind,
    /// What articles call it.
    pub word: String,
}

/// Names that front matter has for the picture of an author.
const PORTRAITS: [&str; 4] = ["avatar", "photo", "picture", "portrait"];

/// What Pressroom is told of an author or a tag. A tag has a label and a description, an author the rest.
#[derive(Debug, Default, Serialize)]
struct Said {
    #[serde(skip_serializing_if = "String::is_empty")]
    name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    bio: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    picture: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    label: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    description: String,
}

/// Takes what pages say of authors and tags.
pub(super) fn take(site: &mut Site, tree: &Tree) {
    let known = known(&site.pages);
    let mut files: BTreeMap<String, BTreeMap<String, Said>> = BTreeMap::new();
    let mut sources = BTreeMap::new();
    for mut page in std::mem::take(&mut site.pages) {
        let Some(term) = term_of(&page, &known).filter(|_| !page.article.draft) else {
            site.pages.push(page);
            continue;
        };
        let key = slugify(&term.word).to_string();
        move_files(site, &page);
        lead(site, &page, &term, &key);
        let language = page.language.as_ref();
        let language = language.map(|tag| format!(".{tag}")).unwrap_or_default();
        let (thing, name) = match term.kind {
            Kind::Author => ("author", "authors"),
            Kind::Tag => ("tag", "tags"),
        };
        let file = format!("data/{name}{language}.yaml");
        let said = files.entry(file.clone()).or_default();
        let rest = if said.contains_key(&key) {
            format!("another page says what {file} has of this {thing}, and this one is a draft")
        } else {
            let (of_page, rest) = said_of(&mut page, term.kind, tree);
            said.insert(key.clone(), of_page);
            sources
                .entry(file.clone())
                .or_insert_with(|| page.source.clone());
            if rest.is_empty() {
                if !known.contains(&(term.kind, key)) {
                    let message = format!("no article has this {thing}, so that it has no page");
                    page.notes.add(Outcome::Dropped, "term page", 0, message);
                }
                site.unwritten.push((page.source, page.notes));
                continue;
            }
            format!("{file} has no place for {rest}, which a draft has")
        };
        page.keep_back("term page", rest);
        page.role = Role::Article;
        page.target = format!("content/{name}-terms/{key}{language}.md");
        page.url = None;
        page.article.aliases.clear();
        page.settle(&term.word);
        site.pages.push(page);
    }
    if files.keys().any(|file| file.starts_with("data/authors")) {
        site.pages.iter_mut().for_each(list_of_all);
    }
    let texts = files.into_iter().map(|(file, said)| {
        let source = sources.remove(&file).unwrap_or_default();
        (source, file, yaml::to_text(&said))
    });
    site.texts.extend(texts);
}

/// The page of all authors has no text of its own.
fn list_of_all(page: &mut Page) {
    if page.target.starts_with("content/authors-pages/_index.") {
        let message = "the list of all has no text of its own: what it says is a draft";
        page.keep_back("term page", message);
        page.settle("authors");
    }
}

/// The authors and tags that articles have.
fn known(pages: &[Page]) -> BTreeSet<(Kind, String)> {
    let published = pages.iter().filter(|page| !page.article.draft);
    let words = published.flat_map(|page| {
        let authors = page.article.authors.iter().map(|word| (Kind::Author, word));
        authors.chain(page.article.tags.iter().map(|word| (Kind::Tag, word)))
    });
    words
        .map(|(kind, word)| (kind, slugify(word).to_string()))
        .collect()
}

/// What a page is about, also where only its folder says so: one of authors whose pages have their names.
fn term_of(page: &Page, known: &BTreeSet<(Kind, String)>) -> Option<Term> {
    if let Some(term) = &page.term {
        return Some(term.clone());
    }
    let inner = page.target.strip_prefix("content/authors-pages/")?;
    let name = inner.strip_suffix(".md")?;
    let name = match &page.language {
        Some(tag) => name.strip_suffix(&format!(".{tag}"))?,
        None => name,
    };
    let name = name.strip_suffix("/index").unwrap_or(name);
    let is_known = |name: &str| known.contains(&(Kind::Author, slugify(name).to_string()));
    let is_author = !name.contains('/') && page.role != Role::Front && is_known(name);
    is_author.then(|| Term {
        kind: Kind::Author,
        word: name.to_owned(),
    })
}

/// What a page says of its author or tag, and what of it data has no place for.
fn said_of(page: &mut Page, kind: Kind, tree: &Tree) -> (Said, String) {
    let mut rest = Vec::new();
    let (text, is_whole) = plain(&page.article.body);
    let (text, is_whole) = match page.article.summary.as_str() {
        "" => (text, is_whole),
        summary => (summary.to_owned(), text.is_empty() || text == summary),
    };
    if !is_whole {
        rest.push("all of its text".to_owned());
    }
    let mut extra = page.article.extra.clone();
    let title = std::mem::take(&mut page.article.title);
    let title = if title.is_empty() && kind == Kind::Author {
        taken(&mut extra, &["name"]).unwrap_or_default()
    } else {
        title
    };
    page.article.title.clone_from(&title);
    let mut said = Said::default();
    if kind == Kind::Author {
        if page.article.image.is_none() {
            let src = taken(&mut extra, &PORTRAITS).or_else(|| beside(page, tree));
            page.article.image = src.map(|src| Picture {
                src,
                ..Picture::default()
            });
        }
        said.name = title;
        said.bio = text;
        said.picture = page
            .article
            .image
            .as_ref()
            .and_then(|picture| address(page, &picture.src, tree))
            .unwrap_or_default();
    } else {
        said.label = title;
        said.description = text;
    }
    if page.article.image.is_some() && said.picture.is_empty() {
        rest.push("its picture".to_owned());
    }
    let names = extra.keys().filter_map(|key| key.as_str());
    rest.extend(names.map(|name| format!("`{name}`")));
    (said, rest.join(", "))
}

fn taken(extra: &mut Mapping, names: &[&str]) -> Option<String> {
    let name = names
        .iter()
        .find(|name| extra.get(**name).and_then(text_of).is_some())?;
    extra
        .shift_remove(*name)
        .and_then(|value| text_of(&value))
        .filter(|text| !text.is_empty())
}

/// A picture beside the page that is called as pictures of authors are.
fn beside(page: &Page, tree: &Tree) -> Option<String> {
    let folder = folder(page)?;
    let mut files = tree.below(folder).map(|path| &path[folder.len() + 1..]);
    let is_portrait = |name: &&str| {
        let stem = name.rsplit_once('.').map_or(*name, |(stem, _)| stem);
        PORTRAITS.contains(&stem)
    };
    files.find(is_portrait).map(str::to_owned)
}

/// Where a picture is published. `None`: it is not one that a page can have.
fn address(page: &Page, src: &str, tree: &Tree) -> Option<String> {
    if src.starts_with('/') || src.starts_with("https://") || src.starts_with("http://") {
        return Some(src.to_owned());
    }
    if links::is_elsewhere(src) {
        return None;
    }
    let beside = folder(page).and_then(|folder| join(folder, src));
    if beside.is_some_and(|file| tree.has(&file)) {
        return Some(format!("{}{src}", page.url.as_deref()?));
    }
    let is_static = ["static/", "assets/"]
        .iter()
        .any(|root| tree.has(&format!("{root}{src}")));
    is_static.then(|| format!("/{src}"))
}

/// The folder of a page that has one to itself.
fn folder(page: &Page) -> Option<&str> {
    let (folder, name) = page.source.rsplit_once('/')?;
    (name.starts_with("_index.") || name.starts_with("index.")).then_some(folder)
}

/// Files beside a page keep the address that they had.
fn move_files(site: &mut Site, page: &Page) {
    let (Some(folder), Some(url)) = (folder(page), &page.url) else {
        return;
    };
    for (from, to) in &mut site.copies {
        let below = from
            .strip_prefix(folder)
            .and_then(|name| name.strip_prefix('/'));
        if let Some(name) = below.filter(|_| to.starts_with("content/")) {
            *to = format!("static{url}{name}");
        }
    }
}

/// The old addresses of a page lead to that of its author or tag.
fn lead(site: &mut Site, page: &Page, term: &Term, key: &str) {
    let kind = match term.kind {
        Kind::Author => "authors",
        Kind::Tag => "tags",
    };
    let ours = format!("{}/{kind}/{key}/", prefix(page));
    let old = page.url.iter().chain(&page.article.aliases);
    site.redirects
        .extend(old.map(|old| (old.clone(), ours.clone())));
}

/// The first paragraph of a text without its marks, and whether that is all that it says.
fn plain(body: &str) -> (String, bool) {
    let mut text = String::new();
    let mut is_whole = !body.contains("{{") && !body.contains("{%");
    let mut paragraphs = 0;
    let mut is_first = false;
    for event in Parser::new(body) {
        match event {
            Event::Start(Tag::Paragraph) => {
                paragraphs += 1;
                is_first = paragraphs == 1;
            }
            Event::End(TagEnd::Paragraph) => is_first = false,
            Event::Text(letters) if is_first => text.push_str(&letters),
            Event::SoftBreak if is_first => text.push(' '),
            Event::Code(letters) if is_first => {
                text.push_str(&letters);
                is_whole = false;
            }
            _ => is_whole = false,
        }
    }
    if body.contains("{{") || body.contains("{%") {
        text.clear();
    }
    (text.trim().to_owned(), is_whole && paragraphs <= 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::Article;

    fn page(source: &str, url: &str, article: Article) -> Page {
        Page {
            target: source
                .replace("/authors/", "/authors-pages/")
                .replace("_index", "index"),
            role: Role::Bundle,
            article,
            ..Page::sample(source, url)
        }
    }

    fn text(body: &str) -> Article {
        Article {
            title: "Ana".to_owned(),
            body: body.to_owned(),
            ..Article::default()
        }
    }

    #[test]
    fn pages_of_authors_are_data() {
        let by = Article {
            authors: vec!["ana".to_owned(), "Bea Ó".to_owned()],
            ..Article::default()
        };
        let mut long = text("She *writes*.\n\nA lot.");
        long.extra.insert("email".into(), "b@c.example".into());
        let mut site = Site {
            pages: vec![
                page(
                    "content/authors/ana/_index.md",
                    "/authors/ana/",
                    text("Ana writes\nhere."),
                ),
                page("content/authors/bea-ó/_index.md", "/authors/bea-ó/", long),
                page(
                    "content/authors/nobody/_index.md",
                    "/authors/nobody/",
                    text(""),
                ),
                page("content/posts/p/index.md", "/posts/p/", by),
            ],
            copies: vec![(
                "content/authors/ana/avatar.png".to_owned(),
                "content/authors-pages/ana/avatar.png".to_owned(),
            )],
            ..Site::default()
        };
        take(&mut site, &Tree::of(&["content/authors/ana/avatar.png"]));
        assert_eq!(site.copies[0].1, "static/authors/ana/avatar.png");
        let targets: Vec<&str> = site.pages.iter().map(|page| page.target.as_str()).collect();
        assert_eq!(
            targets,
            [
                "content/authors-terms/bea-ó.md",
                "content/authors-pages/nobody/index.md",
                "content/posts/p/index.md"
            ]
        );
        assert!(site.pages[0].article.draft && !site.pages[1].article.draft);
        assert_eq!(
            site.pages[0].notes.0[0].message,
            "data/authors.yaml has no place for all of its text, `email`, which a draft has"
        );
        assert_eq!(site.texts[0].1, "data/authors.yaml");
        insta::assert_snapshot!(site.texts[0].2, @"
        ana:
          name: Ana
          bio: Ana writes here.
          picture: /authors/ana/avatar.png
        bea-ó:
          name: Ana
          bio: She writes.
        ");
    }

    #[test]
    fn a_paragraph_is_a_whole_text_and_marks_are_not() {
        assert_eq!(plain("A\nb.\n"), ("A b.".to_owned(), true));
        assert_eq!(plain("A *b*.\n\nC"), ("A b.".to_owned(), false));
        assert_eq!(plain("{{< a >}}"), (String::new(), false));
        assert_eq!(plain(""), (String::new(), true));
    }
}
