//! An item becomes an article.
//!
//! In: an [`Item`] and the [`Archive`] that it is of. Out: [`Made`]: the files that it becomes, and what did
//! not come over as it was. Nothing is written here.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::address::literal;
use super::archive::{Archive, Conflict, Entry, written_tag};
use super::body::{self, Body, Links, Trouble};
use super::comments;
use super::dates;
use super::item::Item;
use super::media::Media;
use super::seen::{CATEGORIES, Kind, Status, TAGS, pair, section};
use crate::import::html::plain_text;
use crate::import::{Article, Outcome, Picture};
use crate::yaml::{self, Value};

/// Meta that editors, or plugins for them, chose related articles with.
const RELATIONS: [&str; 7] = [
    "related_posts",
    "_related_posts",
    "related_articles",
    "_relation",
    "_crp_manual_related",
    "rp4wp_manual",
    "related",
];

/// Meta in which plugins keep what the results of a search say.
const DESCRIPTIONS: [&str; 3] = [
    "_yoast_wpseo_metadesc",
    "rank_math_description",
    "_aioseo_description",
];

/// What an item becomes.
#[derive(Debug, Default)]
pub(super) struct Made {
    /// Path and text of each file.
    pub files: Vec<(String, String)>,
    /// Paths below `uploads` of the pictures that it needs.
    pub pictures: Vec<String>,
    pub troubles: Vec<Trouble>,
    /// How many comments came over.
    pub comments: usize,
    /// Comments that did not: pingbacks, and those that were never shown.
    pub pings: usize,
    pub unshown: usize,
}

/// Turns an item into an article. Its section is its first category; its other categories and its tags
/// become tags, since an article is in one section and has any number of tags. The section is not repeated
/// as a tag: its listing would be that of the section once more.
pub(super) fn make(item: &Item, entry: &Entry, archive: &Archive, media: &Media) -> Made {
    let mut links = Links::new(archive, media, item.id);
    let body = body::convert(item, &mut links);
    let mut made = Made::default();
    let mut article = Article {
        title: plain_text(&item.title),
        summary: summary(item),
        noindex: item.meta("_yoast_wpseo_meta-robots-noindex") == Some("1"),
        image: lead(item, archive, &mut links, &mut made),
        ..Article::default()
    };
    settle_dates(item, entry, &mut article, &mut made);
    settle_terms(item, entry, archive, &mut article);
    settle_address(item, entry, archive, &mut article, &mut made);
    settle_status(item, entry, &mut article, &mut made);
    settle_related(item, entry, archive, &body, &mut article);
    tell_links(item, archive, media, &links, &mut made);
    made.troubles.extend(body.troubles);
    made.pictures = links.needed;
    article.body = body.markdown;
    let has_thread = !item.remarks.is_empty();
    let is_front = entry.file.ends_with("/_index.md");
    let text = if is_front {
        tell_front(item, &article, &mut made);
        front(&article)
    } else {
        article.to_text()
    };
    made.files.push((entry.file.to_string(), text));
    if has_thread {
        let thread = comments::thread(item, archive, media);
        made.comments = if is_front { 0 } else { thread.comments.len() };
        made.pings = thread.pings;
        made.unshown = thread.unshown;
        let stem = entry.file.trim_end_matches(".md");
        if !thread.comments.is_empty() && !is_front {
            made.files.push((
                format!("{stem}.comments.yaml"),
                yaml::to_text(&thread.comments),
            ));
        }
    }
    made
}

/// What listings say of an item: its excerpt, or what it was to say in the results of a search.
fn summary(item: &Item) -> String {
    let excerpt = plain_text(&item.excerpt);
    if !excerpt.is_empty() {
        return excerpt;
    }
    let described = DESCRIPTIONS.iter().find_map(|key| item.meta(key));
    // Some plugins write patterns there, which only they fill.
    let described = described.filter(|text| !text.contains("%%"));
    plain_text(described.unwrap_or_default())
}

/// The front of the site, which has a title, a summary and a text.
fn front(article: &Article) -> String {
    let front = Article {
        title: article.title.clone(),
        summary: article.summary.clone(),
        body: article.body.clone(),
        ..Article::default()
    };
    front.to_text()
}

/// Says what the front of the site cannot have.
fn tell_front(item: &Item, article: &Article, made: &mut Made) {
    let has = [
        ("its picture", article.image.is_some()),
        ("its tags", !article.tags.is_empty()),
        (
            "what plugins kept of it",
            article.extra.keys().any(|key| key != "created"),
        ),
        ("its comments", !item.remarks.is_empty()),
    ];
    let lost: Vec<&str> = has
        .iter()
        .filter(|(_, has)| *has)
        .map(|(what, _)| *what)
        .collect();
    if !lost.is_empty() {
        made.troubles.push(Trouble {
            outcome: Outcome::Dropped,
            kind: "home page",
            line: item.line,
            message: format!(
                "the page became the front of the site, which cannot have {}",
                lost.join(", ")
            ),
        });
    }
}

/// The lead picture.
fn lead(item: &Item, archive: &Archive, links: &mut Links, made: &mut Made) -> Option<Picture> {
    let id = item.meta("_thumbnail_id").filter(|id| *id != "0")?;
    let entry = id.parse().ok().and_then(|id| archive.by_id(id));
    let attachment = entry.and_then(|entry| entry.attachment.as_deref());
    let Some(attachment) = attachment.filter(|attachment| !attachment.url.is_empty()) else {
        made.troubles.push(Trouble {
            outcome: Outcome::Dropped,
            kind: "picture",
            line: item.line,
            message: format!(
                "its featured picture, number {}, is not in this export",
                id.escape_debug()
            ),
        });
        return None;
    };
    Some(Picture {
        src: links.file(&attachment.url),
        alt: attachment.alt.clone(),
        credit: String::new(),
        caption: attachment.caption.clone(),
    })
}

/// Pages have no date, or each new one would be news on the home page; it is kept for templates.
fn settle_dates(item: &Item, entry: &Entry, article: &mut Article, made: &mut Made) {
    let date = dates::written(&item.date, &item.date_gmt);
    if date.is_none() && matches!(entry.status, Status::Published | Status::Scheduled) {
        made.troubles.push(Trouble {
            outcome: Outcome::Dropped,
            kind: "date",
            line: item.line,
            message: format!(
                "its date `{}` is none, so it has no date",
                item.date.trim().escape_debug()
            ),
        });
    }
    let has_changed = dates::day(&item.modified) != dates::day(&item.date);
    let updated = dates::written(&item.modified, &item.modified_gmt).filter(|_| has_changed);
    if entry.kind == Kind::Page && entry.status != Status::Scheduled {
        if let Some(date) = date {
            article.extra.insert("created".into(), date.into());
        }
    } else {
        article.date = date;
    }
    article.updated = updated;
}

fn settle_terms(item: &Item, entry: &Entry, archive: &Archive, article: &mut Article) {
    let section = section(item, &archive.channel)
        .map(pair)
        .filter(|_| entry.kind == Kind::Post);
    let categories: Vec<(String, String)> = item.terms_of(&CATEGORIES).map(pair).collect();
    // Their listings had what is below them as well.
    let above = categories
        .iter()
        .flat_map(|(nicename, _)| archive.above(nicename));
    let above = above.filter(|category| !archive.is_section(&category.nicename));
    let above = above.map(|category| (category.nicename.clone(), plain_text(&category.name)));
    let above: Vec<(String, String)> = above.collect();
    let tags = item.terms_of(&TAGS).map(pair);
    let categories = categories.into_iter().filter(|(nicename, _)| {
        let is_section = section.as_ref().is_some_and(|(known, _)| known == nicename);
        !is_section && nicename != "uncategorized"
    });
    for (nicename, name) in categories.chain(tags).chain(above) {
        let tag = written_tag(&nicename, &name);
        if !article.tags.contains(&tag) {
            article.tags.push(tag);
        }
    }
    // What other taxonomies say is for templates.
    for term in &item.terms {
        let domain = term.domain.as_str();
        let is_known = CATEGORIES.contains(&domain) || TAGS.contains(&domain) || domain.is_empty();
        if !is_known {
            let list = article.extra.entry(domain.into());
            let list = list.or_insert(Value::Sequence(Vec::new()));
            if let Some(list) = list.as_sequence_mut() {
                list.push(plain_text(&term.name).into());
            }
        }
    }
    let login = item.creator.trim();
    if !login.is_empty() && entry.kind != Kind::Page {
        article.authors.push(archive.author_key(login));
    }
}

fn settle_address(
    item: &Item,
    entry: &Entry,
    archive: &Archive,
    article: &mut Article,
    made: &mut Made,
) {
    article.url = entry.url.as_deref().map(literal);
    let mut tell = |message: String| {
        made.troubles.push(Trouble {
            outcome: Outcome::Approximated,
            kind: "address",
            line: item.line,
            message,
        });
    };
    let address = item.link.trim();
    match entry.conflict {
        Some(Conflict::Taken(export, line)) => {
            let line = archive.line(entry.export, export, line);
            tell(format!(
                "{address} is the address of the item of {line} as well, which keeps it; this one is at {} now",
                entry.address()
            ));
        }
        Some(Conflict::Made) => tell(format!(
            "{address} is a page that the site makes itself, so it is at {} now",
            entry.address()
        )),
        Some(Conflict::Folder) => tell(format!(
            "{address} and another address would be a file and a folder of one name, so it is at {} now",
            entry.address()
        )),
        None if entry.url.is_none() && entry.status != Status::Draft => {
            tell(format!(
                "`{}` is no address that a page can have, so it is at {} now",
                address.escape_debug(),
                entry.address()
            ));
        }
        None => {}
    }
    for (old, conflict) in &entry.old {
        match conflict {
            None => article.aliases.push(literal(old)),
            Some(Conflict::Taken(export, line)) => {
                let line = archive.line(entry.export, *export, *line);
                tell(format!(
                    "{old} was its address once, and is one of the item of {line}, which keeps it"
                ));
            }
            Some(Conflict::Made) => tell(format!(
                "{old} was its address once, and is a page that the site makes itself"
            )),
            Some(Conflict::Folder) => tell(format!(
                "{old} was its address once, and another address would be a file or folder of one name"
            )),
        }
    }
}

fn settle_status(item: &Item, entry: &Entry, article: &mut Article, made: &mut Made) {
    let mut tell = |outcome, kind, message: &str| {
        made.troubles.push(Trouble {
            outcome,
            kind,
            line: item.line,
            message: message.to_owned(),
        });
    };
    if matches!(entry.status, Status::Draft | Status::Private) {
        article.draft = true;
    }
    if !item.password.is_empty() {
        let message =
            "it was shown for a password, and is a draft so that it is not published by accident";
        tell(Outcome::Approximated, "not for everybody", message);
    } else if entry.status == Status::Private {
        let message = "it was private, and is a draft so that it is not published by accident";
        tell(Outcome::Approximated, "not for everybody", message);
    }
    if item.is_sticky {
        article.extra.insert("sticky".into(), true.into());
        let message =
            "it stood first on the home page; templates find that as `article.extra.sticky`";
        tell(Outcome::Approximated, "sticky", message);
    }
    if entry.file.ends_with("/_index.md") && article.draft {
        let message = "the front of the site was not for everybody, and is one now";
        tell(Outcome::Approximated, "not for everybody", message);
    }
}

fn settle_related(
    item: &Item,
    entry: &Entry,
    archive: &Archive,
    body: &Body,
    article: &mut Article,
) {
    let mut urls: Vec<String> = body.related.clone();
    for key in RELATIONS {
        let ids = item.metas(key).flat_map(numbers);
        urls.extend(ids.filter_map(|id| archive.url_of(id)).map(Cow::into_owned));
    }
    let own = entry.address();
    for url in urls {
        let url = literal(&url);
        let pin = Value::from(url.as_str());
        if *own != *url && !article.related.contains(&pin) {
            article.related.push(pin);
        }
    }
}

/// The numbers in a value, be it a list, JSON, or as PHP writes it: `a:1:{i:0;s:2:"12";}`.
fn numbers(value: &str) -> Vec<u64> {
    let is_php = value.starts_with("a:");
    if !is_php {
        let parts = value.split(|c: char| !c.is_ascii_digit());
        return parts.filter_map(|part| part.parse().ok()).collect();
    }
    let inner = value.split_once('{').map_or("", |(_, inner)| inner);
    // Keys and values follow each other; a value is `i:12` or `s:2:"12"`.
    let values = inner.trim_end_matches('}').split(';').skip(1).step_by(2);
    let numbers = values.filter_map(|value| {
        let value = value.rsplit(':').next()?;
        value.trim_matches('"').parse().ok()
    });
    numbers.collect()
}

/// Tells which pictures stay where they were, and which links lead to nothing.
fn tell_links(item: &Item, archive: &Archive, media: &Media, links: &Links, made: &mut Made) {
    let mut tell = |outcome, kind, message: String| {
        made.troubles.push(Trouble {
            outcome,
            kind,
            line: item.line,
            message,
        });
    };
    let missing: BTreeSet<&String> = links.missing.iter().collect();
    for url in missing {
        let upload = archive.base.upload(url);
        let why = match upload.and_then(|upload| media.why_missing(&upload)) {
            Some(why) => why,
            None if media.is_given() => "it is not in the folder of pictures".to_owned(),
            None => "--media was not given".to_owned(),
        };
        tell(
            Outcome::Kept,
            "picture",
            format!("{url} stays where it was: {why}"),
        );
    }
    for (url, why) in &links.refused {
        tell(
            Outcome::Kept,
            "picture",
            format!("`{}` is not looked for: {why}", url.escape_debug()),
        );
    }
    for url in &links.lost {
        tell(
            Outcome::Kept,
            "link",
            format!("{url} names nothing that is in this export"),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::numbers;

    #[test]
    fn related_articles_are_named_by_number() {
        assert_eq!(numbers("12, 13"), [12, 13]);
        assert_eq!(numbers("[\"12\",13]"), [12, 13]);
        assert_eq!(numbers("a:2:{i:0;s:2:\"12\";i:1;i:13;}"), [12, 13]);
        assert!(numbers("a:broken").is_empty());
    }
}
