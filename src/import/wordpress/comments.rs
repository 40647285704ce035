//! The comments of an item, as Pressroom archives them.
//!
//! In: an [`Item`]. Out: those of its comments that readers saw, each after what it answers, and how many
//! others there were. Addresses of people, and of their machines, are not among what is read.

use rustc_hash::FxHashMap;

use super::archive::Archive;
use super::autop;
use super::body::Links;
use super::dates;
use super::item::{Item, Remark};
use super::media::Media;
use crate::import::Comment;
use crate::import::html::{self, Purpose, plain_text};

/// What became of the comments of an item.
#[derive(Debug, Default)]
pub(super) struct Thread {
    pub comments: Vec<Comment>,
    /// Pingbacks and trackbacks.
    pub pings: usize,
    /// Spam, and what nobody had approved.
    pub unshown: usize,
}

/// The comments of an item in the order in which they are read.
pub(super) fn thread(item: &Item, archive: &Archive, media: &Media) -> Thread {
    let mut thread = Thread::default();
    let mut shown: Vec<&Remark> = Vec::new();
    for remark in &item.remarks {
        if matches!(remark.kind.trim(), "pingback" | "trackback") {
            thread.pings += 1;
        } else if remark.approved.trim() != "1" || remark.content.trim().is_empty() {
            thread.unshown += 1;
        } else {
            shown.push(remark);
        }
    }
    shown.sort_by_key(|remark| {
        (
            remark.date.trim(),
            remark.id.trim().parse::<u64>().unwrap_or(0),
        )
    });
    let ordered = ordered(&shown);
    let comments = ordered
        .into_iter()
        .map(|(remark, parent)| comment(remark, parent, archive, media));
    thread.comments = comments.collect();
    thread
}

/// Each comment after what it answers, with whether that is there.
fn ordered<'r, 'a>(shown: &[&'r Remark<'a>]) -> Vec<(&'r Remark<'a>, Option<&'r str>)> {
    let mut by_id: FxHashMap<&str, usize> = FxHashMap::default();
    for (at, remark) in shown.iter().enumerate() {
        by_id.entry(remark.id.trim()).or_insert(at);
    }
    let parents: Vec<Option<usize>> = shown
        .iter()
        .enumerate()
        .map(|(at, remark)| {
            by_id
                .get(remark.parent.trim())
                .copied()
                .filter(|parent| *parent != at)
        })
        .collect();
    let mut answers: Vec<Vec<usize>> = vec![Vec::new(); shown.len()];
    for (at, parent) in parents.iter().enumerate() {
        if let Some(parent) = parent {
            answers[*parent].push(at);
        }
    }
    let mut order = Vec::with_capacity(shown.len());
    let mut is_done = vec![false; shown.len()];
    // Comments that answer each other in a circle begin with the oldest of them.
    let roots = (0..shown.len())
        .filter(|at| parents[*at].is_none())
        .chain(0..shown.len());
    for root in roots {
        let mut open = vec![(root, None)];
        while let Some((at, parent)) = open.pop() {
            if std::mem::replace(&mut is_done[at], true) {
                continue;
            }
            order.push((shown[at], parent));
            let id = shown[at].id.trim();
            open.extend(answers[at].iter().rev().map(|answer| (*answer, Some(id))));
        }
    }
    order
}

fn comment(remark: &Remark, parent: Option<&str>, archive: &Archive, media: &Media) -> Comment {
    let mut links = Links::new(archive, media, 0);
    let html = autop::paragraphs(remark.content.trim());
    let text = html::convert(&html, Purpose::Comment, &mut links).markdown;
    let url = remark.url.trim();
    let is_page = ["https://", "http://"]
        .iter()
        .any(|scheme| url.len() > scheme.len() && url.starts_with(scheme))
        && !url.chars().any(|c| c.is_whitespace() || c.is_control());
    Comment {
        id: remark.id.trim().to_owned(),
        parent: parent.map(str::to_owned),
        author: plain_text(&remark.author),
        url: is_page.then(|| url.to_owned()),
        date: dates::written(&remark.date, &remark.date_gmt),
        text: if text.trim().is_empty() {
            "…".to_owned()
        } else {
            text
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remark(id: &'static str, parent: &'static str, date: &'static str) -> Remark<'static> {
        Remark {
            id: id.into(),
            parent: parent.into(),
            date: date.into(),
            approved: "1".into(),
            content: "Two\nlines & <b>more</b>\n\n[x](y)".into(),
            ..Remark::default()
        }
    }

    fn threaded(remarks: Vec<Remark<'static>>) -> Thread {
        let item = Item {
            remarks,
            ..Item::default()
        };
        thread(&item, &Archive::default(), &Media::default())
    }

    fn ids(thread: &Thread) -> Vec<(&str, Option<&str>)> {
        let comments = thread.comments.iter();
        comments
            .map(|comment| (comment.id.as_str(), comment.parent.as_deref()))
            .collect()
    }

    #[test]
    fn answers_follow_what_they_answer() {
        let thread = threaded(vec![
            remark("4", "1", "2020-01-04"),
            remark("3", "0", "2020-01-03"),
            remark("2", "1", "2020-01-02"),
            remark("1", "0", "2020-01-01"),
            remark("5", "99", "2020-01-05"),
        ]);
        let expected = [
            ("1", None),
            ("2", Some("1")),
            ("4", Some("1")),
            ("3", None),
            ("5", None),
        ];
        assert_eq!(ids(&thread), expected);
        assert_eq!(
            thread.comments[0].text,
            "Two\\\nlines & **more**\n\n\\[x\\](y)"
        );
    }

    #[test]
    fn circles_end_and_what_was_not_shown_is_counted() {
        let mut ping = remark("3", "0", "2020-01-03");
        ping.kind = "pingback".into();
        let mut spam = remark("4", "0", "2020-01-04");
        spam.approved = "spam".into();
        let thread = threaded(vec![
            remark("1", "2", "2020-01-01"),
            remark("2", "1", "2020-01-02"),
            ping,
            spam,
        ]);
        assert_eq!(ids(&thread), [("1", None), ("2", Some("1"))]);
        assert_eq!((thread.pings, thread.unshown), (1, 1));
    }
}
