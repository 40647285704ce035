//! Archived comments: `name.comments.yaml` beside an article.

use std::collections::BTreeMap;

use serde::Deserialize;

use crate::config::Config;
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::markdown::{Destination, classify};
use crate::model::{Article, Comment, SourceFile, WrittenDate};
use crate::source;
use crate::yaml::{self, Parsed, Source, Text};

/// Deepest thread that is shown as one; answers below it stand beside each other.
const DEEPEST: u32 = 8;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawComment {
    id: Option<Text>,
    parent: Option<Text>,
    author: Option<Text>,
    url: Option<String>,
    date: Option<Parsed<WrittenDate>>,
    text: Text,
}

/// Reads the comments and gives them to their article. `articles` are in the order of their paths.
pub(super) fn attach(
    file: &SourceFile,
    articles: &mut [Article],
    config: &Config,
) -> Vec<Diagnostic> {
    let stem = file
        .path
        .strip_suffix(".comments.yaml")
        .or_else(|| file.path.strip_suffix(".comments.yml"))
        .unwrap_or(&file.path);
    let article = [format!("{stem}.md"), format!("{stem}.markdown")]
        .iter()
        .find_map(|path| {
            articles
                .binary_search_by(|article| (*article.source).cmp(path))
                .ok()
        });
    let Some(at) = article else {
        return vec![
            Diagnostic::new(
                Code::Misplaced,
                format!("there is no article {stem}.md for these comments"),
            )
            .at(Place::file(&file.path))
            .hint("name the file after its article, `name.comments.yaml` beside `name.md`"),
        ];
    };
    let text = match source::text(file) {
        Ok(text) => text,
        Err(diagnostic) => return vec![diagnostic],
    };
    let source = Source::settings(&file.path, &text);
    match yaml::typed::<Option<Vec<RawComment>>>(source) {
        Ok(raw) => {
            articles[at].archived_comments = threaded(raw.unwrap_or_default(), config);
            Vec::new()
        }
        Err(mut diagnostic) => {
            let usual = "write a list of comments, each with author, date and text";
            diagnostic.hint.get_or_insert_with(|| usual.to_owned());
            vec![diagnostic]
        }
    }
}

/// Comments in the order in which a thread is read: each followed by its answers. One whose
/// parent is missing answers the article.
fn threaded(raw: Vec<RawComment>, config: &Config) -> Vec<Comment> {
    let ids: BTreeMap<String, usize> = raw
        .iter()
        .enumerate()
        .filter_map(|(at, comment)| Some((comment.id.as_ref()?.0.clone(), at)))
        .collect();
    // A parent comes before its answers; what would make a circle is not followed.
    let parents: Vec<Option<usize>> = raw
        .iter()
        .enumerate()
        .map(|(at, comment)| {
            let parent = *ids.get(&comment.parent.as_ref()?.0)?;
            (parent < at).then_some(parent)
        })
        .collect();
    let mut answers: Vec<Vec<usize>> = vec![Vec::new(); raw.len()];
    for (at, parent) in parents.iter().enumerate() {
        if let Some(parent) = parent {
            answers[*parent].push(at);
        }
    }
    let mut comments: Vec<Option<RawComment>> = raw.into_iter().map(Some).collect();
    let mut thread = Vec::with_capacity(comments.len());
    let mut open: Vec<(usize, u32)> = (0..comments.len())
        .rev()
        .filter(|at| parents[*at].is_none())
        .map(|at| (at, 0))
        .collect();
    while let Some((at, depth)) = open.pop() {
        thread.extend(comments[at].take().map(|raw| comment(raw, depth, config)));
        let deeper = (depth + 1).min(DEEPEST);
        open.extend(answers[at].iter().rev().map(|answer| (*answer, deeper)));
    }
    thread
}

fn comment(raw: RawComment, depth: u32, config: &Config) -> Comment {
    let url = raw.url.filter(|url| {
        url.starts_with("http") && classify(url, false, "\0") == Destination::Elsewhere
    });
    Comment {
        author: raw
            .author
            .map_or_else(|| "Anonymous".into(), |author| author.0.into()),
        url: url.map(Into::into),
        date: raw.date.map(|date| date.0.resolve(&config.timezone)),
        text: raw.text.0.into(),
        depth,
    }
}
