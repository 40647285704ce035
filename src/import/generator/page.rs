//! A page of a generator's site, on its way to an article of ours.
//!
//! In: front matter in the generator's words. Out: an [`Article`] without its text's conversion, and
//! notes of what did not come over.

use super::dates::{self, Understood};
use super::fields::{self, Fields, flag_of, list_of, text_of};
use super::front;
use super::terms::Term;
use crate::diagnostics::{Fault, Place};
use crate::import::{Article, Outcome, Picture, Report};
use crate::model::Slug;
use crate::yaml::{self, Mapping, Value};

/// What the file of a page is in Pressroom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::import) enum Role {
    /// An article.
    Article,
    /// An article whose folder holds other files of it.
    Bundle,
    /// The front of a section or of the site.
    Front,
}

/// A page.
#[derive(Debug, Clone)]
pub(in crate::import) struct Page {
    /// Its file in the archive, from the root.
    pub source: String,
    /// Its file in the site, from the root.
    pub target: String,
    /// What that file is.
    pub role: Role,
    /// The path that readers know; `None` for what was not published.
    pub url: Option<String>,
    /// Its language, if that is not the site's own and the name of its file says it.
    pub language: Option<String>,
    /// The author or tag that it is about, where the generator says so.
    pub term: Option<Term>,
    /// Front matter as it was, for texts that ask for it.
    pub params: Mapping,
    /// What becomes of it. Its text is as it was.
    pub article: Article,
    /// The line of its file that its text begins in.
    pub body_line: u32,
    /// Whether its text is not to be converted, since nobody knows what it is.
    pub is_raw: bool,
    /// What did not come over.
    pub notes: Notes,
}

impl Page {
    /// A page of no account.
    #[cfg(test)]
    pub fn sample(source: &str, url: &str) -> Self {
        Self {
            source: source.to_owned(),
            target: source.to_owned(),
            role: Role::Article,
            url: Some(url.to_owned()),
            language: None,
            term: None,
            params: Mapping::new(),
            article: Article::default(),
            body_line: 1,
            is_raw: false,
            notes: Notes::default(),
        }
    }

    /// Makes a draft of a page that is not to come out by accident, and says why.
    pub fn keep_back(&mut self, kind: &'static str, message: impl Into<String>) {
        self.article.draft = true;
        self.notes.add(Outcome::Kept, kind, 0, message);
    }

    /// Gives a page that has no title one after its name. The front of a section is always published, so
    /// that one which must not be is a draft of another name.
    pub fn settle(&mut self, name: &str) {
        if self.article.draft && self.role == Role::Front {
            self.role = Role::Article;
            self.target = self.target.replace("_index", "section-front");
        }
        if self.article.title.is_empty() && self.role != Role::Front {
            self.article.title = title_of(name);
        }
    }
}

/// Most letters of a title or summary that is cut.
const CUT: usize = 1000;

/// Most bytes that an address adds to front matter.
const LONGEST_ADDRESS: usize = 4 << 10;

/// Cuts what is longer than front matter may be. Somebody has to look at the article, and can see there what
/// it is.
pub(in crate::import) fn fit(article: &mut Article, notes: &mut Notes) {
    type Cut<'a> = &'a dyn Fn(&mut Article);
    // The address, which is found later, needs room as well.
    let room = front::LONGEST - LONGEST_ADDRESS;
    let is_long = |article: &Article| yaml::to_text(article).len() > room;
    let cut = |text: &mut String| {
        let end = text.char_indices().nth(CUT).map(|(end, _)| end);
        text.truncate(end.unwrap_or(text.len()));
    };
    let cuts: [(&str, Cut); 5] = [
        ("title", &|article| cut(&mut article.title)),
        ("summary", &|article| cut(&mut article.summary)),
        ("extra", &|article| article.extra.clear()),
        ("tags", &|article| article.tags.truncate(CUT)),
        ("aliases", &|article| article.aliases.truncate(CUT)),
    ];
    for (name, cut) in cuts {
        if is_long(article) {
            let before = yaml::to_text(article).len();
            cut(article);
            if yaml::to_text(article).len() < before {
                let message = format!(
                    "`{name}` is cut: front matter that is longer than 64 KiB cannot be read"
                );
                notes.add(Outcome::Dropped, "front matter", 1, message);
            }
        }
    }
}

/// A title for a file that has none.
fn title_of(name: &str) -> String {
    let stem = name
        .split('.')
        .next()
        .filter(|stem| !stem.is_empty())
        .unwrap_or(name);
    let words = super::places::dated(stem).1.replace(['-', '_'], " ");
    let mut letters = words.trim().chars();
    letters.next().map_or_else(
        || stem.to_owned(),
        |first| first.to_uppercase().chain(letters).collect(),
    )
}

/// Something about a file that did not come over as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::import) struct Note {
    pub outcome: Outcome,
    pub kind: &'static str,
    /// Its line, or 0 for the whole file.
    pub line: u32,
    pub message: String,
}

/// All that there is to say about a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::import) struct Notes(pub Vec<Note>);

impl Notes {
    /// Notes something about a line, or with 0 about the whole file.
    pub fn add(
        &mut self,
        outcome: Outcome,
        kind: &'static str,
        line: u32,
        message: impl Into<String>,
    ) {
        let message = message.into();
        self.0.push(Note {
            outcome,
            kind,
            line,
            message,
        });
    }

    /// Tells all of them, in the order of their lines.
    pub fn tell(mut self, source: &str, target: Option<&str>, report: &mut Report) {
        self.0.sort_by_key(|note| note.line);
        for Note {
            outcome,
            kind,
            line,
            message,
        } in self.0
        {
            let place = Place::at(source, line, 0);
            report.lost(outcome, kind, place, target, message);
        }
    }
}

/// What generators call things differently.
pub(in crate::import) struct Habits {
    /// Names of lists whose words become tags, in order.
    pub tags: Vec<String>,
    /// Names of these whose text is several words with spaces between them.
    pub spaced: &'static [&'static str],
    /// Names of the day of publication, in the order in which they count.
    pub date: &'static [&'static str],
}

/// Makes an article of front matter. URLs and slugs are left to the generator's own rules: `fields`
/// still has them if they are to be looked at, so take them first.
pub(in crate::import) fn article(
    fields: &mut Fields,
    habits: &Habits,
    notes: &mut Notes,
) -> Article {
    let mut article = Article {
        title: fields.text(&["title"]).unwrap_or_default(),
        ..Article::default()
    };
    draft(fields, &mut article);
    moments(fields, habits, &mut article, notes);
    article.tags = tags(fields, habits);
    article.authors = authors(fields);
    article.summary = fields
        .text(&["description", "summary", "excerpt", "deck", "teaser"])
        .unwrap_or_default();
    article.image = picture(fields);
    article.lang = None;
    article.translation = fields.text(&["translationKey", "translation"]);
    article.weight = whole(fields, &["weight", "nav_order", "order"]);
    article.toc = fields.flag(&["toc"]);
    article.math = fields.flag(&["math", "katex", "mathjax", "latex"]);
    article.noindex = is_hidden(fields);
    if fields.get("comments").and_then(flag_of) == Some(false) {
        fields.take("comments");
        article.comments = Some("off".to_owned());
    }
    article
}

/// What nobody asked for goes to templates, once everything else is taken.
pub(in crate::import) fn keep_rest(mut fields: Fields, article: &mut Article, notes: &mut Notes) {
    let mut own = Vec::new();
    for name in ["extra", "params"] {
        if fields.get(name).is_some_and(Value::is_mapping)
            && let Some(Value::Mapping(values)) = fields.take(name)
        {
            own.push(values);
        }
    }
    own.push(fields.0);
    for values in own {
        for name in fields::keep(&mut article.extra, values) {
            let message = format!("templates cannot read `{name}`, which is left out");
            notes.add(Outcome::Dropped, "front matter", 1, message);
        }
    }
}

fn draft(fields: &mut Fields, article: &mut Article) {
    article.draft = fields.flag(&["draft"]).unwrap_or(false);
    // The same name is a date in Hugo.
    if let Some(published) = fields.flag(&["published"]) {
        article.draft |= !published;
    }
}

fn moments(fields: &mut Fields, habits: &Habits, article: &mut Article, notes: &mut Notes) {
    let updated = [
        "lastmod",
        "last_modified_at",
        "last_modified",
        "modified",
        "updated",
    ];
    article.updated = moment(fields, &updated, article, notes);
    let publish = ["publishDate", "pubdate", "published"];
    article.publish = moment(fields, &publish, article, notes);
    let expires = ["expiryDate", "unpublishdate", "expires"];
    article.expires = moment(fields, &expires, article, notes);
    article.date = moment(fields, habits.date, article, notes);
}

/// The first of several dates that is there. One that nobody understands stays for templates, and the
/// article is kept back: it may not be one that is out already.
fn moment(
    fields: &mut Fields,
    names: &[&str],
    article: &mut Article,
    notes: &mut Notes,
) -> Option<String> {
    let name = names.iter().find(|name| fields.get(name).is_some())?;
    match dates::understand(fields.get(name)?) {
        Ok(understood) => {
            fields.take(name);
            match understood {
                Understood::Same(text) => Some(text),
                Understood::Near(text) => {
                    let message = format!("`{name}` is written as {text}");
                    notes.add(Outcome::Approximated, "date", 1, message);
                    Some(text)
                }
                Understood::None => None,
            }
        }
        Err(why) => {
            article.draft = true;
            let message =
                format!("`{name}` stays under `extra`, and the article is a draft: {why}");
            notes.add(Outcome::Kept, "date", 1, message);
            // A name of ours would be read as a date once more.
            if let Some(value) = fields.take(name) {
                fields.0.insert(format!("{name}_as_written").into(), value);
            }
            None
        }
    }
}

fn tags(fields: &mut Fields, habits: &Habits) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for name in &habits.tags {
        let is_text = fields.get(name).is_some_and(Value::is_string);
        let words = fields.lists(&[name]);
        if is_text && habits.spaced.contains(&name.as_str()) {
            all.extend(
                words
                    .iter()
                    .flat_map(|words| words.split_whitespace())
                    .map(str::to_owned),
            );
        } else {
            all.extend(words);
        }
    }
    distinct(all)
}

/// Each once, in order.
pub(in crate::import) fn distinct(words: Vec<String>) -> Vec<String> {
    let mut seen: Vec<String> = Vec::new();
    for word in words {
        let word = word.trim();
        if !word.is_empty() && !seen.iter().any(|known| known == word) {
            seen.push(word.to_owned());
        }
    }
    seen
}

/// Names, also where each is a mapping with one.
fn authors(fields: &mut Fields) -> Vec<String> {
    let name_of = |value: &Value| match value {
        Value::Mapping(_) => ["name", "id", "title"]
            .iter()
            .find_map(|key| text_of(fields::inside(value, key)?)),
        value => text_of(value),
    };
    for name in ["authors", "author", "byline"] {
        let names: Option<Vec<String>> = match fields.get(name) {
            Some(Value::Sequence(list)) => list.iter().map(name_of).collect(),
            Some(value) => name_of(value).map(|name| vec![name]),
            None => None,
        };
        if let Some(names) = names {
            fields.take(name);
            return distinct(names);
        }
    }
    Vec::new()
}

/// The lead picture, under any of the names that themes have for it.
fn picture(fields: &mut Fields) -> Option<Picture> {
    let names = [
        "image",
        "featured_image",
        "featuredImage",
        "cover",
        "images",
        "header",
        "thumbnail",
        "banner",
    ];
    for name in names {
        let Some(found) = fields.get(name).and_then(picture_of) else {
            continue;
        };
        // Others of a list, and what else a header says, are for templates.
        let is_all = match fields.get(name) {
            Some(Value::Sequence(list)) => list.len() == 1,
            Some(Value::Mapping(_)) => name != "header",
            _ => true,
        };
        if is_all {
            fields.take(name);
        }
        return Some(found);
    }
    let of_resources = fields.get("resources").and_then(Value::as_sequence)?;
    let leads = |one: &&Value| {
        let name = fields::inside(one, "name")
            .and_then(text_of)
            .unwrap_or_default();
        ["cover", "feature", "featured", "header", "thumbnail"]
            .iter()
            .any(|known| name.starts_with(known))
    };
    let src = of_resources
        .iter()
        .find(leads)
        .and_then(|one| text_of(fields::inside(one, "src")?))?;
    (!src.contains('*')).then(|| Picture {
        src,
        ..Picture::default()
    })
}

fn picture_of(value: &Value) -> Option<Picture> {
    match value {
        Value::String(src) if !src.trim().is_empty() => Some(Picture {
            src: src.trim().to_owned(),
            ..Picture::default()
        }),
        Value::Sequence(list) => picture_of(list.first()?),
        Value::Mapping(_) => {
            let say = |names: &[&str]| {
                names
                    .iter()
                    .find_map(|name| text_of(fields::inside(value, name)?))
            };
            Some(Picture {
                src: say(&["src", "url", "path", "image", "feature", "teaser"])
                    .filter(|src| !src.trim().is_empty())?,
                alt: say(&["alt", "image_description"]).unwrap_or_default(),
                credit: say(&["credit", "copyright"]).unwrap_or_default(),
                caption: say(&["caption"]).unwrap_or_default(),
            })
        }
        _ => None,
    }
}

fn whole(fields: &mut Fields, names: &[&str]) -> Option<i64> {
    let name = names
        .iter()
        .find(|name| fields.get(name).and_then(Value::as_i64).is_some())?;
    fields.take(name).and_then(|value| value.as_i64())
}

fn is_hidden(fields: &mut Fields) -> bool {
    let mut hidden = fields.flag(&["noindex", "robotsNoIndex"]).unwrap_or(false);
    if fields
        .get("robots")
        .and_then(list_of)
        .is_some_and(|said| said.concat().contains("noindex"))
    {
        fields.take("robots");
        hidden = true;
    }
    let sitemap = fields.get("sitemap");
    let disabled = sitemap.and_then(|value| flag_of(fields::inside(value, "disable")?));
    if sitemap.and_then(flag_of) == Some(false) || disabled == Some(true) {
        fields.take("sitemap");
        hidden = true;
    }
    hidden
}

/// A slug as Pressroom takes it; one that it does not take is a note.
pub(in crate::import) fn slug(text: Option<String>, notes: &mut Notes) -> Option<String> {
    let text = text?;
    match text.parse::<Slug>() {
        Ok(_) => Some(text),
        Err(error) => {
            notes.add(Outcome::Dropped, "slug", 1, Fault::from(error).message);
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    fn read(text: &str) -> (Article, Notes) {
        let habits = Habits {
            tags: ["tags", "categories"].map(str::to_owned).to_vec(),
            spaced: &["tags"],
            date: &["date"],
        };
        let mut fields = Fields(yaml::literal(text).unwrap().as_mapping().unwrap().clone());
        let mut notes = Notes::default();
        let mut article = article(&mut fields, &habits, &mut notes);
        keep_rest(fields, &mut article, &mut notes);
        (article, notes)
    }

    #[test]
    fn front_matter_is_told_in_our_words() {
        let (article, notes) = read(
            "{Title: A, date: 2019-07-04, lastmod: 2019-07-05, publishDate: 2019-07-03, tags: a b, \
             categories: [c d, a], author: {name: The desk}, description: Short, images: [a.jpg], \
             weight: 3, robots: 'noindex, nofollow', comments: false, layout: post, params: {color: red}}",
        );
        insta::assert_snapshot!(article.to_text(), @"
        ---
        title: A
        date: 2019-07-04
        updated: 2019-07-05
        publish: 2019-07-03
        authors:
        - The desk
        tags:
        - a
        - b
        - c d
        summary: Short
        image:
          src: a.jpg
        comments: off
        weight: 3
        noindex: true
        extra:
          color: red
          layout: post
        ---
        ");
        assert_eq!(notes, Notes::default());
    }

    #[test]
    fn front_matter_is_not_longer_than_it_may_be() {
        let mut article = Article {
            title: "é".repeat(40_000),
            summary: "Short".to_owned(),
            ..Article::default()
        };
        let mut notes = Notes::default();
        fit(&mut article, &mut notes);
        assert_eq!(article.title.chars().count(), CUT);
        assert_eq!((notes.0.len(), &*article.summary), (1, "Short"));
        fit(&mut article, &mut notes);
        assert_eq!(notes.0.len(), 1);
    }

    #[test]
    fn a_date_that_nobody_understands_keeps_the_article_back() {
        let (article, notes) = read("{title: A, date: 2019-02-30, expiryDate: soon}");
        assert!(article.draft && article.date.is_none());
        assert_eq!(article.extra["date_as_written"], Value::from("2019-02-30"));
        assert_eq!(article.extra["expiryDate_as_written"], Value::from("soon"));
        assert_eq!(notes.0.len(), 2);
        assert!(read("{published: false}").0.draft);
        assert!(!read("{published: true}").0.draft);
    }
}
