//! The desk: a page of the server's own for those who write the site, which shows what is in the
//! works, what is wrong and what takes long; and pages that show the files diagnostics speak of.

use std::collections::BTreeMap;
use std::sync::LazyLock;
use std::time::Duration;

use serde::Serialize;
use tera::{Context, Tera};

use super::Site;
use super::version::Version;
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place, Severity};
use crate::pipeline;
use crate::site::{ArticleId, Reason};

pub const SCRIPT: &str = include_str!("desk.js");
pub const STYLE: &str = include_str!("desk.css");

/// Things of one kind that are shown; of more, their number.
const MOST: usize = 100;

static TEMPLATES: LazyLock<Tera> = LazyLock::new(|| {
    let mut tera = Tera::new();
    tera.autoescape_on([".html"]);
    let templates = [
        ("desk.html", include_str!("desk.html")),
        ("source.html", include_str!("source.html")),
    ];
    tera.add_raw_templates(templates)
        .expect("templates of our own");
    tera
});

/// What the desk shows.
#[derive(Serialize)]
struct Desk {
    title: String,
    /// The site's home page; `None` before there is one.
    home: Option<String>,
    articles: usize,
    routes: usize,
    /// How many of the routes were looked at.
    looked: usize,
    errors: usize,
    warnings: usize,
    notes: usize,
    files: First<File>,
    works: First<Work>,
    templates: Vec<Template>,
    spellings: First<Told>,
    orphans: First<Link>,
}

/// The first of many things.
#[derive(Serialize)]
struct First<T> {
    shown: Vec<T>,
    all: usize,
    more: usize,
}

impl<T> First<T> {
    fn of(things: impl IntoIterator<Item = T>) -> Self {
        let mut things = things.into_iter();
        let shown: Vec<T> = things.by_ref().take(MOST).collect();
        let more = things.count();
        Self {
            all: shown.len() + more,
            more,
            shown,
        }
    }
}

#[derive(Serialize)]
struct Link {
    text: String,
    href: String,
}

/// What is said of a file.
#[derive(Serialize)]
struct File {
    /// Nothing for what has no file.
    name: String,
    told: Vec<Told>,
}

/// A diagnostic.
#[derive(Serialize)]
struct Told {
    severity: &'static str,
    code: &'static str,
    message: String,
    place: Option<Link>,
    also: Vec<(Link, String)>,
    hint: Option<String>,
}

/// An article that readers do not see.
#[derive(Serialize)]
struct Work {
    standing: &'static str,
    /// A day, and a time as machines read it.
    date: Option<(String, String)>,
    title: String,
    /// Its page; `None` where it is not shown here either.
    href: Option<String>,
    source: Link,
}

/// How long pages of a template took.
#[derive(Serialize)]
struct Template {
    name: String,
    href: String,
    pages: usize,
    /// Milliseconds, as the others.
    median: String,
    slowest: String,
    slowest_page: Link,
    all: String,
}

/// The desk as a page.
pub fn page(site: &Site) -> Option<String> {
    let version = site.version();
    let version = version.as_deref();
    let report = site.report();
    let (spellings, told): (Vec<_>, Vec<_>) = report
        .all
        .iter()
        .cloned()
        .partition(|told| told.code == Code::TagSpellings);
    let told: Diagnostics = told.into_iter().collect();
    drop(report);
    let looked = |version: &Version| {
        let routes = 0..version.routes().len() as u32;
        routes.filter(|at| version.took(*at).is_some()).count()
    };
    let desk = Desk {
        title: version.map_or_else(String::new, |version| version.title().to_owned()),
        home: version.map(|version| version.base().to_owned()),
        articles: version.map_or(0, Version::articles),
        routes: version.map_or(0, |version| version.routes().len()),
        looked: version.map_or(0, looked),
        errors: told.count(Severity::Error),
        warnings: told.count(Severity::Warning),
        notes: told.count(Severity::Note),
        files: First::of(files(site, &told)),
        works: First::of(
            version
                .map(|version| works(site, version))
                .unwrap_or_default(),
        ),
        templates: version
            .map(|version| templates(site, version))
            .unwrap_or_default(),
        spellings: First::of(spellings.iter().map(|told| self::told(site, told))),
        orphans: First::of(version.into_iter().flat_map(orphans)),
    };
    let context = Context::from_serialize(&desk).ok()?;
    TEMPLATES.render("desk.html", &context).ok()
}

fn link(site: &Site, place: &Place) -> Link {
    Link {
        text: place.to_string(),
        href: site.places.href(place),
    }
}

fn told(site: &Site, told: &Diagnostic) -> Told {
    let also = told.also.iter();
    Told {
        severity: told.severity.as_str(),
        code: told.code.as_str(),
        message: told.message.clone(),
        place: told.place.as_ref().map(|place| link(site, place)),
        also: also
            .map(|(place, what)| (link(site, place), what.clone()))
            .collect(),
        hint: told.hint.clone(),
    }
}

/// What is wrong, file by file, errors first.
fn files(site: &Site, all: &Diagnostics) -> Vec<File> {
    let mut files: BTreeMap<&str, (Severity, Vec<Told>)> = BTreeMap::new();
    for diagnostic in all {
        let name = diagnostic.place.as_ref().map_or("", |place| &place.file);
        let file = files.entry(name).or_insert((Severity::Note, Vec::new()));
        file.0 = file.0.min(diagnostic.severity);
        file.1.push(told(site, diagnostic));
    }
    let mut files: Vec<_> = files.into_iter().collect();
    files.sort_by_key(|(_, (worst, _))| *worst);
    let file = |(name, (_, told)): (&str, _)| File {
        name: name.to_owned(),
        told,
    };
    files.into_iter().map(file).collect()
}

/// Articles that readers do not see: those that are scheduled as they come, and then drafts, newest
/// first.
fn works(site: &Site, version: &Version) -> Vec<Work> {
    let work = |reason: Reason, source: &str, title: &str, href: Option<String>, date| Work {
        standing: reason.as_str(),
        date: reason
            .moment()
            .or(date)
            .map(|date| (date.rfc3339()[..10].to_owned(), date.rfc3339())),
        title: title.to_owned(),
        href,
        source: link(site, &Place::file(source)),
    };
    let known = version.site();
    let shown = (0..known.articles.len() as u32).map(ArticleId);
    let shown = shown.filter_map(|id| {
        let (article, url) = (&known.articles[id.index()], &known.urls[id.index()]);
        let href = version.href(url.as_str());
        let reason = version.withheld(id)?;
        Some(work(
            reason,
            &article.source,
            &article.title,
            Some(href),
            article.date,
        ))
    });
    let withheld = known.withheld.iter();
    let withheld = withheld.map(|held| work(held.reason, &held.source, &held.title, None, None));
    let mut works: Vec<Work> = shown.chain(withheld).collect();
    let rank = |work: &Work| match work.standing {
        "scheduled" => 0,
        "draft" => 1,
        _ => 2,
    };
    works.sort_by(|a, b| {
        let by_date = if a.standing == "scheduled" {
            a.date.cmp(&b.date)
        } else {
            b.date.cmp(&a.date)
        };
        rank(a).cmp(&rank(b)).then(by_date)
    });
    works
}

/// How long pages took, by their templates, the slowest first.
fn templates(site: &Site, version: &Version) -> Vec<Template> {
    let mut times: BTreeMap<String, Vec<(Duration, u32)>> = BTreeMap::new();
    for at in 0..version.routes().len() as u32 {
        if let Some(took) = version.took(at)
            && let Some(template) = version.template_of(at)
        {
            times.entry(template).or_default().push((took, at));
        }
    }
    let mut times: Vec<_> = times.into_iter().collect();
    for (_, pages) in &mut times {
        pages.sort_unstable();
    }
    times.sort_by_key(|(_, pages)| std::cmp::Reverse(pages[pages.len() / 2].0));
    let template = |(name, pages): (String, Vec<(Duration, u32)>)| {
        let file = version.template_file(&name)?;
        let (slowest, at) = pages.last().copied()?;
        let path = version.routes()[at as usize].url.as_str();
        let all = pages.iter().map(|(took, _)| *took).sum();
        Some(Template {
            href: site.places.href(&Place::file(file)),
            name,
            pages: pages.len(),
            median: milliseconds(pages[pages.len() / 2].0),
            slowest: milliseconds(slowest),
            slowest_page: Link {
                text: path.to_owned(),
                href: version.href(path),
            },
            all: milliseconds(all),
        })
    };
    times.into_iter().filter_map(template).collect()
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2}", time.as_secs_f64() * 1_000.0)
}

fn orphans(version: &Version) -> impl Iterator<Item = Link> {
    version.orphans().iter().map(|id| {
        let site = version.site();
        Link {
            text: site.articles[id.index()].title.to_string(),
            href: version.href(site.urls[id.index()].as_str()),
        }
    })
}

/// A file that the site is made from, as a page; `None` if there is no such text.
pub fn source(site: &Site, path: &str) -> Option<String> {
    #[derive(Serialize)]
    struct Source<'a> {
        path: &'a str,
        lines: Vec<&'a str>,
    }
    let text = pipeline::source_text(&site.root, path)?;
    let lines = text.lines().collect();
    let context = Context::from_serialize(&Source { path, lines }).ok()?;
    TEMPLATES.render("source.html", &context).ok()
}
