//! What the site needs to know of each file.
//!
//! In: the files of content/ and data/, and the configuration. Out: [`Article`]s without their
//! bodies, the other files beside them, and what data/ says of tags and authors.

mod article;
mod comments;
mod data;
mod embeds;
mod front_matter;
mod kept;
mod outside;
mod redirects;
mod related;

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

pub use data::data;
pub use kept::{Kept, Remembered};

pub use crate::words::Readers;

use crate::config::Config;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::model::{Article, Comment, Content, Edited, IndexEntries, Kind, Readings, SourceFile};
use crate::source;
use crate::words::{Indexers, ReadEntry, ReadText};
use article::{Reading, Says};

/// Reads all files of content/, on all cores.
#[must_use]
pub fn content(
    files: Vec<SourceFile>,
    config: &Config,
    tick: &(dyn Fn() + Sync),
) -> (Content, Diagnostics) {
    let earlier = Earlier {
        kept: Kept::nothing(config),
        verify: false,
        keep_in: None,
        remember: None,
    };
    content_with(earlier, files, config, tick)
}

/// What earlier builds parsed, and what is done with it.
pub struct Earlier<'a> {
    /// What they kept.
    pub kept: Kept,
    /// Whether it is not enough that a file has the times that it had: its bytes are compared.
    pub verify: bool,
    /// The site in which the next build is to find what is parsed now.
    pub keep_in: Option<&'a Path>,
    /// Where what is parsed is to be remembered.
    pub remember: Option<&'a mut Remembered>,
}

/// The same, without parsing what an earlier build has parsed.
#[must_use]
pub fn content_with(
    earlier: Earlier,
    files: Vec<SourceFile>,
    config: &Config,
    tick: &(dyn Fn() + Sync),
) -> (Content, Diagnostics) {
    let Earlier {
        mut kept,
        verify,
        keep_in,
        remember,
    } = earlier;
    let mut diagnostics = Diagnostics::new();
    let mut content = Content::default();
    let mut articles = Vec::new();
    let mut comments = Vec::new();
    for file in files {
        match role(&file, config) {
            Role::Article(_) => articles.push(file),
            Role::Comments => comments.push(file),
            Role::Resource => {
                diagnostics.extend(outside::file(&file, config));
                content.resources.push(SourceFile {
                    // Without one, it is compared when it is published.
                    identity: file.identity.filter(|_| !verify),
                    ..file
                });
            }
            Role::Misplaced(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    let mut readers = Readers::spelling(config.related.spells(articles.len()));
    let indexers = config.search.then(Indexers::default);
    let reading = Reading {
        readers: &readers,
        indexers: indexers.as_ref(),
    };
    let parse = |file: &SourceFile, text: &str| {
        let Role::Article(kind) = role(file, config) else {
            return (None, Vec::new());
        };
        tick();
        let (parsed, found) = article::parse(file, text, kind, config, reading);
        let parsed = parsed.map(|(article, words)| (Arc::new(article), words));
        (parsed, found)
    };
    let parsed = kept.articles(articles, verify, &parse);
    let parse_comments = |file: &SourceFile, text: &str| comments::parse(file, text, config);
    let comments = kept.comments(comments, verify, &parse_comments);
    diagnostics.extend(kept.unusable());
    if let Some(remember) = remember {
        *remember = kept.remember(&parsed, &comments);
    }
    if let Some(root) = keep_in {
        kept.save(root, &parsed, &comments);
    }
    let count = parsed.iter().map(|shelf| shelf.files.len()).sum();
    content.articles.reserve_exact(count);
    let mut read = Vec::with_capacity(count);
    let mut is_read = Vec::with_capacity(count);
    let mut entries = Vec::new();
    let compares = config.related.compares();
    for file in parsed.into_iter().flat_map(|shelf| shelf.files) {
        diagnostics.extend(file.found);
        content.edited.extend(file.before.map(|before| Edited {
            path: file.file.path,
            identities: before.identity.zip(file.file.identity),
            was: before.held,
        }));
        if let Some(article) = file.held {
            content.articles.push(article);
            let says = file.besides.map(|says| *says);
            let (text, entry) = says.map(|Says { text, entry }| (text, entry)).unzip();
            // Where nobody asks what articles say, they say nothing.
            let text = text.or_else(|| (!compares).then(Default::default));
            is_read.push(text.is_some());
            read.extend(text);
            if config.search {
                entries.push(entry.flatten());
            }
        }
    }
    let Readings { wordings, lexicon } = readers.finish(read);
    drop(readers);
    let mut wordings = wordings.into_iter();
    let wordings = is_read
        .into_iter()
        .map(|is_read| is_read.then(|| wordings.next().map(Box::new)).flatten());
    content.wordings = wordings.collect();
    content.lexicon = lexicon;
    content.index = indexers
        .map(|indexers| indexers.finish(entries))
        .unwrap_or_default();
    for file in comments.into_iter().flat_map(|shelf| shelf.files) {
        match comments::attach(&file.file, file.held, &mut content.articles) {
            Some(misplaced) => diagnostics.push(misplaced),
            None => diagnostics.extend(file.found),
        }
    }
    diagnostics.sort();
    (content, diagnostics)
}

/// Reads what some articles say once more, on all cores. An article whose file is not what it was
/// says what the file says now, or nothing if it cannot be read.
#[must_use]
pub fn reread(
    root: &Path,
    articles: &[&Article],
    config: &Config,
    readers: &mut Readers,
) -> Readings {
    let reading = Reading {
        readers,
        indexers: None,
    };
    let read = read_again(root, articles, config, reading).into_iter();
    let words = read.map(|(parsed, _)| parsed.map(|(_, says)| says.text).unwrap_or_default());
    let words = words.collect();
    readers.finish(words)
}

/// What some articles are found by, in the same way.
#[must_use]
pub fn reindex(root: &Path, articles: &[&Article], config: &Config) -> IndexEntries {
    let indexers = Indexers::default();
    let reading = Reading {
        readers: &Readers::default(),
        indexers: Some(&indexers),
    };
    let read = read_again(root, articles, config, reading).into_iter();
    let entries = read.map(|(parsed, _)| parsed.and_then(|(_, says)| says.entry));
    let entries = entries.collect();
    indexers.finish(entries)
}

/// What is in the file of an article now, if that can be read, and what is wrong with it.
pub type Again = (Option<Article>, Vec<Diagnostic>);

/// Parses some articles once more, on all cores; and what they say, as [`reread`] tells it, and what
/// they are found by, where there is a search.
#[must_use]
pub fn again(
    root: &Path,
    articles: &[&Article],
    config: &Config,
    readers: &mut Readers,
) -> (Vec<Again>, Readings, IndexEntries) {
    let indexers = config.search.then(Indexers::default);
    let reading = Reading {
        readers,
        indexers: indexers.as_ref(),
    };
    let mut words: Vec<ReadText> = Vec::new();
    let mut entries: Vec<Option<ReadEntry>> = Vec::new();
    let read = read_again(root, articles, config, reading).into_iter();
    let read = read.map(|(parsed, found)| {
        let (article, says) = parsed.unzip();
        let says = says.unwrap_or_default();
        words.push(says.text);
        entries.push(says.entry);
        (article, found)
    });
    let read = read.collect();
    let index = indexers.map(|indexers| indexers.finish(entries));
    (read, readers.finish(words), index.unwrap_or_default())
}

/// What the text of one Markdown file says, wherever it comes from, and what is wrong with it. `path`:
/// where it would lie, from the site's root; nothing if no article could lie there.
#[must_use]
pub fn article_from(path: &str, text: &str, config: &Config) -> Again {
    let file = SourceFile::new(&Path::new("").into(), path.to_owned());
    let Role::Article(kind) = role(&file, config) else {
        return (None, Vec::new());
    };
    let reading = Reading {
        readers: &Readers::default(),
        indexers: None,
    };
    let (parsed, found) = article::parse(&file, text, kind, config, reading);
    (parsed.map(|(article, _)| article), found)
}

/// The same for a file of archived comments.
#[must_use]
pub fn comments_from(
    path: &str,
    text: &str,
    config: &Config,
) -> (Option<Vec<Comment>>, Vec<Diagnostic>) {
    let file = SourceFile::new(&Path::new("").into(), path.to_owned());
    let (parsed, found) = comments::parse(&file, text, config);
    (parsed.map(|(comments, ())| comments), found)
}

fn read_again(
    root: &Path,
    articles: &[&Article],
    config: &Config,
    reading: Reading,
) -> Vec<kept::Outcome<Article, Says>> {
    let root = Arc::from(root);
    let read = articles.par_iter().map(|article| {
        let file = SourceFile::new(&root, article.source.to_string());
        match source::text(&file) {
            Ok(text) => article::parse(&file, &text, article.kind, config, reading),
            Err(diagnostic) => (None, vec![diagnostic]),
        }
    });
    read.collect()
}

enum Role {
    Article(Kind),
    Comments,
    Resource,
    Misplaced(Box<Diagnostic>),
}

/// What a file of content/ is, told by its name and place alone.
fn role(file: &SourceFile, config: &Config) -> Role {
    let name = file.name();
    if let Some(of) = name
        .strip_suffix(".comments.yaml")
        .or_else(|| name.strip_suffix(".comments.yml"))
    {
        return if of.is_empty() {
            Role::Resource
        } else {
            Role::Comments
        };
    }
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    match ending.to_ascii_lowercase().as_str() {
        "md" | "markdown" => {}
        "mdx" | "mkd" | "mdown" => {
            return Role::Misplaced(Box::new(
                Diagnostic::new(
                    Code::Misplaced,
                    format!("Pressroom does not read .{ending} files; this one is left out"),
                )
                .at(Place::file(&file.path))
                .hint("name it .md to make an article of it"),
            ));
        }
        _ => return Role::Resource,
    }
    let depth = file.path.matches('/').count();
    match config.named(stem).0 {
        "_index" if depth <= 2 => Role::Article(Kind::Front),
        "_index" => Role::Misplaced(Box::new(
            Diagnostic::new(Code::Misplaced, "only a section has a front; this file is left out")
                .at(Place::file(&file.path))
                .hint("a section is a folder directly in content/; rename the file to make an article of it"),
        )),
        "index" if depth >= 2 => Role::Article(Kind::Bundle),
        _ => Role::Article(Kind::Article),
    }
}
