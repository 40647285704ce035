//! `pressroom related`

mod explain;
mod json;

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

use super::output::{Bar, Printer};
use super::{Format, Root, Shown};
use crate::diagnostics::{Code, Diagnostics};
use crate::model::{PinTarget, RelatedBlock};
use crate::pipeline::{self, Loaded};
use crate::site::{ArticleId, Names, Pinned, Site, Why, unshown};

#[derive(clap::Args)]
pub(super) struct Arguments {
    /// The article: its path, slug or URL
    #[arg(value_name = "ARTICLE")]
    article: String,
    #[command(flatten)]
    root: Root,
    /// Tell what each score is made of, and what came close and is not shown
    #[arg(long)]
    explain: bool,
    #[command(flatten)]
    shown: Shown,
}

/// Something that an article leads to.
struct Entry<'a> {
    title: &'a str,
    url: &'a str,
    /// The article; `None` for a page of another site.
    article: Option<ArticleId>,
    score: f32,
    is_pinned: bool,
}

pub(super) fn run(arguments: &Arguments, printer: &Printer) -> ExitCode {
    let root = &arguments.root.root;
    let request = match super::request(root, arguments.shown.show()) {
        Ok(request) => request,
        Err(code) => return code,
    };
    let mut diagnostics = Diagnostics::new();
    let bar = Bar::new(printer.format);
    let loaded = pipeline::load_compared(&request, &bar, &mut diagnostics);
    bar.finish();
    let Some(loaded) = loaded else {
        printer.diagnostics(&diagnostics, root);
        return ExitCode::from(1);
    };
    let name = below_root(&arguments.article, root);
    let id = match Names::new(&loaded.site, &loaded.config).article(&name) {
        Ok(id) => id,
        Err(diagnostic) => return printer.fail(diagnostic, root),
    };
    let of_block = of_block(&diagnostics, &loaded.site.articles[id.index()].source);
    printer.diagnostics(&of_block, root);
    let entries = entries(&loaded.site, id);
    match (printer.format, arguments.explain) {
        (Format::Json, explain) => json::print(&loaded, id, &entries, explain, printer),
        (Format::Human, true) => printer.result(&explain::text(&loaded, id, &entries)),
        (Format::Human, false) if entries.is_empty() => {
            printer.result(&format!("{}\n", nothing(&loaded, id)));
        }
        (Format::Human, false) => printer.result(&list(&entries)),
    }
    ExitCode::from(u8::from(of_block.has_errors()))
}

/// What is meant by a path that a shell completed from the current folder: the path from the
/// site's root. Other names stay as they are.
fn below_root(name: &str, root: &Path) -> String {
    let inside = || {
        let file = Path::new(name).canonicalize().ok()?;
        let inside = file.strip_prefix(root.canonicalize().ok()?).ok()?;
        Some(inside.to_str()?.replace('\\', "/"))
    };
    inside()
        .filter(|inside| inside.starts_with("content/"))
        .unwrap_or_else(|| name.to_owned())
}

/// The diagnostics about what an article's front matter says of its related block.
fn of_block(diagnostics: &Diagnostics, source: &str) -> Diagnostics {
    let codes = [Code::DeadPin, Code::IdleExclusion, Code::AmbiguousLink];
    let here = diagnostics.iter().filter(|diagnostic| {
        let place = diagnostic.place.as_ref();
        codes.contains(&diagnostic.code) && place.is_some_and(|place| place.file == source)
    });
    here.cloned().collect()
}

fn entries(site: &Site, id: ArticleId) -> Vec<Entry<'_>> {
    let pins = &site.articles[id.index()].pins;
    let related = site.related[id.index()].iter();
    related
        .filter_map(|related| {
            let (title, url, article) = match related.target {
                Pinned::Here(other) => (title(site, other), url(site, other), Some(other)),
                Pinned::Elsewhere(at) => match &pins[at as usize].target {
                    PinTarget::Elsewhere { url, title, .. } => (&**title, &**url, None),
                    PinTarget::Here(_) => return None,
                },
            };
            Some(Entry {
                title,
                url,
                article,
                score: related.score,
                is_pinned: related.is_pinned(),
            })
        })
        .collect()
}

fn title(site: &Site, id: ArticleId) -> &str {
    &site.articles[id.index()].title
}

fn url(site: &Site, id: ArticleId) -> &str {
    site.urls[id.index()].as_str()
}

/// One line each: score, URL and title.
fn list(entries: &[Entry]) -> String {
    let longest = entries.iter().map(|entry| entry.url.chars().count()).max();
    let width = longest.unwrap_or(0);
    entries.iter().fold(String::new(), |mut text, entry| {
        let _ = writeln!(
            text,
            "{:<6}  {:<width$}  {}",
            score(entry),
            entry.url,
            entry.title
        );
        text
    })
}

fn score(entry: &Entry) -> String {
    if entry.is_pinned {
        "pinned".to_owned()
    } else {
        format!("{:.3}", entry.score)
    }
}

/// Why nothing is related to an article, in a sentence.
fn nothing(loaded: &Loaded, id: ArticleId) -> String {
    let article = &loaded.site.articles[id.index()];
    let rules = loaded.config.related.rules(&article.section);
    let why = match article.related {
        RelatedBlock::Off => "its front matter says `related: false`".to_owned(),
        RelatedBlock::PinsOnly => {
            "its front matter says `suggest: false`, and pins nothing".to_owned()
        }
        RelatedBlock::Suggested if rules.count == 0 => {
            let here = if article.section.is_empty() {
                "at the top of content/".to_owned()
            } else {
                format!("in {}", article.section)
            };
            format!("pressroom.yaml has nothing suggested {here}")
        }
        RelatedBlock::Suggested => {
            let Loaded {
                site,
                config,
                engine,
                ..
            } = loaded;
            match unshown(site, config, engine, id, 1).first() {
                None => "no other article has words, tags or links in common with it".to_owned(),
                Some(closest) => format!(
                    "the closest, “{}”, {}",
                    title(site, closest.article),
                    why_not(closest.why, closest.score)
                ),
            }
        }
    };
    let instead = if loaded.site.section_newest.contains_key(&id) {
        " Its page shows the newest of its section instead."
    } else {
        ""
    };
    format!("Nothing is related to “{}”: {why}.{instead}", article.title)
}

/// Why an article is not shown, to follow its name.
fn why_not(why: Why, score: f32) -> String {
    match why {
        Why::Duplicate(alike) => {
            format!("says nearly the same ({} % alike)", (alike * 100.0) as u32)
        }
        Why::NoSuggestions => "is not shown, as nothing is suggested here".to_owned(),
        Why::Excluded => "is excluded in the front matter".to_owned(),
        Why::OtherSection => "is of another section".to_owned(),
        Why::TooOld(days) => format!("is more than {days} days older (`max_age`)"),
        Why::TooWeak(least) => format!("has a score of {score:.3}, below {least} (`min_score`)"),
        Why::NoRoom(count) => format!("comes after the {count} that are shown (`count`)"),
    }
}
