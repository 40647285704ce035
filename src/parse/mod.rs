//! What the site needs to know of each file.
//!
//! In: the files of content/ and data/, and the configuration. Out: [`Article`]s without their
//! bodies, the other files beside them, and what data/ says of tags and authors.

mod article;
mod comments;
mod data;
mod front_matter;
mod related;

use std::path::Path;

use rayon::prelude::*;

pub use data::data;

use crate::config::Config;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::model::{Article, Content, Kind, Readings, SourceFile};
use crate::words::Readers;

/// Reads all files of content/, on all cores.
#[must_use]
pub fn content(
    files: Vec<SourceFile>,
    config: &Config,
    tick: &(dyn Fn() + Sync),
) -> (Content, Diagnostics) {
    let mut diagnostics = Diagnostics::new();
    let mut content = Content::default();
    let mut articles = Vec::new();
    let mut comments = Vec::new();
    for file in files {
        match role(&file) {
            Role::Article(kind) => articles.push((file, kind)),
            Role::Comments => comments.push(file),
            Role::Resource => content.resources.push(file),
            Role::Misplaced(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    let readers = Readers::spelling(config.related.spells(articles.len()));
    let parsed: Vec<_> = articles
        .par_iter()
        .map(|(file, kind)| {
            let parsed = article::parse(file, *kind, config, &readers);
            tick();
            parsed
        })
        .collect();
    content.articles.reserve_exact(parsed.len());
    let mut read = Vec::with_capacity(parsed.len());
    for (article, found) in parsed {
        if let Some((article, text)) = article {
            content.articles.push(article);
            read.push(text);
        }
        diagnostics.extend(found);
    }
    let Readings { wordings, stems } = readers.finish(read);
    content.wordings = wordings.into_iter().map(Some).collect();
    content.stems = stems;
    for file in &comments {
        diagnostics.extend(comments::attach(file, &mut content.articles, config));
    }
    diagnostics.sort();
    (content, diagnostics)
}

/// Reads what some articles say once more, on all cores; `spell`: and how they spell it. An article
/// whose file is not what it was says what the file says now, or nothing if it cannot be read.
#[must_use]
pub fn reread(root: &Path, articles: &[&Article], config: &Config, spell: bool) -> Readings {
    let readers = Readers::spelling(spell);
    let read = articles.par_iter().map(|article| {
        let file = SourceFile {
            path: article.source.to_string(),
            absolute: root.join(&*article.source),
            identity: None,
        };
        let (parsed, _) = article::parse(&file, article.kind, config, &readers);
        parsed.map(|(_, text)| text).unwrap_or_default()
    });
    let read = read.collect();
    readers.finish(read)
}

enum Role {
    Article(Kind),
    Comments,
    Resource,
    Misplaced(Box<Diagnostic>),
}

/// What a file of content/ is, told by its name and place alone.
fn role(file: &SourceFile) -> Role {
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
    match stem {
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
