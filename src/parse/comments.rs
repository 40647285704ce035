//! Archived comments: `name.comments.yaml` beside an article.

use std::cell::LazyCell;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::ops::Range;
use std::sync::Arc;

use serde::Deserialize;

use super::kept::Outcome;
use crate::config::Config;
use crate::diagnostics::{Code, Diagnostic, Place};
use crate::markdown::{Destination, classify};
use crate::model::{Article, Comment, SourceFile, WrittenDate};
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

/// Gives comments to their article. `articles` are in the order of their paths.
pub(super) fn attach(
    file: &SourceFile,
    comments: Option<Vec<Comment>>,
    articles: &mut [Arc<Article>],
) -> Option<Diagnostic> {
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
        let message = format!("there is no article {stem}.md for these comments");
        return Some(
            Diagnostic::new(Code::Misplaced, message)
                .at(Place::file(&file.path))
                .hint("name the file after its article, `name.comments.yaml` beside `name.md`"),
        );
    };
    Arc::make_mut(&mut articles[at]).archived_comments = comments.unwrap_or_default().into();
    None
}

/// Reads the text of a file of comments.
pub(super) fn parse(file: &SourceFile, text: &str, config: &Config) -> Outcome<Vec<Comment>, ()> {
    let source = Source::settings(&file.path, text);
    match yaml::list::<RawComment>(source) {
        Ok(raw) => {
            let (parents, found) = parents(&raw, source);
            (Some((threaded(raw, &parents, config), ())), found)
        }
        Err(mut diagnostic) => {
            let usual = "write a list of comments, each with author, date and text";
            diagnostic.hint.get_or_insert_with(|| usual.to_owned());
            (None, vec![diagnostic])
        }
    }
}

/// What each comment answers, and which comments cannot do what they say. A parent comes before
/// its answers, so that there are no circles.
fn parents(raw: &[RawComment], source: Source) -> (Vec<Option<usize>>, Vec<Diagnostic>) {
    let mut found = Vec::new();
    let places = LazyCell::new(|| places(source.text));
    let mut warn = |key: &str, value: &str, message: String, hint: &str| {
        let place = match places.get(&(key, value)) {
            Some(range) => Place::in_text(source.file, source.text, range.clone()),
            None => Place::file(source.file),
        };
        found.push(Diagnostic::new(Code::Comment, message).at(place).hint(hint));
    };
    let mut ids: HashMap<&str, usize> = HashMap::new();
    for (at, comment) in raw.iter().enumerate() {
        let Some(Text(id)) = &comment.id else {
            continue;
        };
        if let Entry::Vacant(new) = ids.entry(id) {
            new.insert(at);
        } else {
            let message = format!("two comments have the id `{id}`; answers go to the first");
            warn("id", id, message, "give each an id of its own");
        }
    }
    let mut answered = |at: usize, comment: &RawComment| {
        let parent = &comment.parent.as_ref()?.0;
        let (what, hint) = match ids.get(&**parent) {
            Some(earlier) if *earlier < at => return Some(*earlier),
            Some(itself) if *itself == at => ("is itself", "write the `id` of another comment"),
            Some(_) => ("stands below it", "put a comment above its answers"),
            None => ("is not there", "write the `id` of a comment of this file"),
        };
        let message = format!("this answers the comment `{parent}`, which {what}");
        warn("parent", parent, message, hint);
        None
    };
    let parents = raw.iter().enumerate().map(|(at, raw)| answered(at, raw));
    let parents = parents.collect();
    if raw.iter().any(|comment| comment.text.0.trim().is_empty()) {
        let message = "this comment has no text".to_owned();
        warn("text", "", message, "write its `text`, or take it out");
    }
    for url in raw.iter().filter_map(|comment| comment.url.as_deref()) {
        if !is_address(url) {
            let message = format!("`{url}` is not the address of a site, and is left out");
            warn(
                "url",
                url,
                message,
                "write all of it, such as `https://example.org/`",
            );
        }
    }
    (parents, found)
}

/// Where keys have their values in a file of comments, one comment a block.
fn places(text: &str) -> HashMap<(&str, &str), Range<usize>> {
    let mut from = 0;
    let mut places = HashMap::new();
    for line in text.split_inclusive('\n') {
        let pair = line.trim_start_matches([' ', '-']);
        if let Some((key, written)) = pair.split_once(':') {
            let value = written.trim();
            let (start, length) = if value.is_empty() {
                (line.len() - pair.len(), key.len())
            } else {
                (line.len() - written.trim_start().len(), value.len())
            };
            let range = from + start..from + start + length;
            places.insert((key, value.trim_matches(['"', '\''])), range);
        }
        from += line.len();
    }
    places
}

fn is_address(url: &str) -> bool {
    let is_web = url.starts_with("https://") || url.starts_with("http://");
    is_web && classify(url, false, "\0") == Destination::Elsewhere
}

/// Comments in the order in which a thread is read: each followed by its answers.
fn threaded(raw: Vec<RawComment>, parents: &[Option<usize>], config: &Config) -> Vec<Comment> {
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
    let url = raw.url.filter(|url| is_address(url));
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
