//! How well suggestions agree with links that editors made in their texts.
//!
//! ```text
//! cargo run --release --example related_quality -- ARCHIVE LINKS.jsonl
//! cargo run --release --example related_quality -- --fit ARCHIVE LINKS.jsonl [ARCHIVE LINKS.jsonl …]
//! ```
//!
//! ARCHIVE is a folder with content/, and pressroom.yaml if it has one. Each line of LINKS.jsonl
//! is `{"article": "content/…/a.md", "links": ["content/…/b.md"]}`: an article, and the others
//! that its text links to. The engine sees neither where links lead nor that they are links.
//!
//! Prints, for each way to suggest: recall@5 and recall@10 (links found among the first 5 and 10
//! suggestions, of all links) and MRR (the mean over articles of 1 / the rank of the first link
//! that is found). Half of the articles, told by a hash of their paths, are never looked at when
//! weights are fitted: `held out` is theirs.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;

use pressroom::config::{self, Config};
use pressroom::diagnostics::Diagnostics;
use pressroom::model::{Data, IndexEntries, Moment, Readings, Wording};
use pressroom::site::related::{self, Engine, Facts, Scratch, Wanted, Weights, facts};
use pressroom::site::{ArticleId, Catalogue, Inputs, Show, catalogue};
use pressroom::{parse, source};
use rayon::prelude::*;
use serde::Deserialize;

/// For an archive that has no pressroom.yaml: names that other generators use.
const CONFIG: &str = "front_matter: {tags: [tags, topics, categories, keywords], summary: [summary, deck, description, excerpt]}
front_matter_duplicates: last
";
/// Suggestions that are ranked.
const RANKED: usize = 100;

fn main() -> ExitCode {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let fits = arguments.first().is_some_and(|first| first == "--fit");
    if fits {
        arguments.remove(0);
    }
    if arguments.is_empty() || !arguments.len().is_multiple_of(2) || (!fits && arguments.len() > 2)
    {
        eprintln!("usage: related_quality [--fit] ARCHIVE LINKS.jsonl");
        return ExitCode::from(2);
    }
    let archives: Result<Vec<Archive>, String> = arguments
        .chunks(2)
        .map(|pair| Archive::read(Path::new(&pair[0]), Path::new(&pair[1])))
        .collect();
    match archives {
        Ok(archives) if fits => fit(&archives),
        Ok(archives) => archives.iter().for_each(report),
        Err(message) => {
            eprintln!("{message}");
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

/// An archive, and the links that its editors made.
struct Archive {
    name: String,
    site: Catalogue,
    wordings: Vec<Wording>,
    links: BTreeMap<ArticleId, Links>,
    all: Vec<Box<[ArticleId]>>,
}

/// The links of an article.
struct Links {
    to: BTreeSet<ArticleId>,
    /// Also those to articles that are not published.
    count: usize,
    is_held_out: bool,
}

#[derive(Deserialize)]
struct Line {
    article: String,
    links: Vec<String>,
}

impl Archive {
    fn read(root: &Path, links: &Path) -> Result<Self, String> {
        let text = source::read_optional(root, config::FILE).map_err(|found| found.message)?;
        let (config, _) = Config::read(Some(text.as_deref().unwrap_or(CONFIG)), "archive");
        let (files, _) = source::walk(root, "content");
        let (content, _) = parse::content(files, &config, &|| {});
        let inputs = Inputs {
            content,
            statics: Vec::new(),
            looks: BTreeMap::new(),
            assets: Vec::new(),
            // Nothing has expired yet, and what is to come is shown.
            fonts: None,
            now: Moment::new(0, 0),
            show: Show {
                drafts: false,
                future: true,
            },
            from_last: None,
            reread: &|_| Readings::default(),
            search: None,
            reindex: &|_| IndexEntries::default(),
        };
        let (site, wordings, _) =
            catalogue(&config, &Data::default(), inputs, &mut Diagnostics::new());
        if site.articles.is_empty() {
            return Err(format!("there are no articles in {}", root.display()));
        }
        let by_source: BTreeMap<&str, ArticleId> = site
            .articles
            .iter()
            .zip(0..)
            .map(|(article, at)| (&*article.source, ArticleId(at)))
            .collect();
        let truth = std::fs::read_to_string(links)
            .map_err(|error| format!("{}: {error}", links.display()))?;
        let mut by_article = BTreeMap::new();
        let mut all = vec![BTreeSet::new(); site.articles.len()];
        for (number, line) in truth.lines().enumerate() {
            let line: Line = serde_json::from_str(line)
                .map_err(|error| format!("{}:{}: {error}", links.display(), number + 1))?;
            let Some(id) = by_source.get(line.article.as_str()) else {
                continue;
            };
            let to = line.links.iter();
            let to: BTreeSet<_> = to
                .filter_map(|path| by_source.get(path.as_str()).copied())
                .collect();
            all[id.index()].clone_from(&to);
            let count = line.links.len();
            let is_held_out = hash(&line.article) % 2 == 1;
            by_article.insert(
                *id,
                Links {
                    to,
                    count,
                    is_held_out,
                },
            );
        }
        Ok(Self {
            name: root.display().to_string(),
            links: by_article,
            all: all
                .into_iter()
                .map(|to: BTreeSet<_>| to.into_iter().collect())
                .collect(),
            site,
            wordings: wordings
                .into_iter()
                .map(|said| said.map_or_else(Default::default, |said| *said))
                .collect(),
        })
    }

    fn facts(&self) -> Facts {
        let none = vec![Box::default(); self.site.articles.len()];
        facts(
            &self.site,
            self.wordings.clone(),
            related::Links::new(none).into(),
        )
    }

    fn engine(&self, weights: Weights) -> Engine {
        Engine::new(self.facts(), weights)
    }

    /// The quality of rankings, on the articles that `which` tells.
    fn quality(
        &self,
        which: impl Fn(&Links) -> bool,
        rank: impl Fn(ArticleId, &mut Scratch) -> Vec<ArticleId> + Sync,
    ) -> Quality {
        let judged: Vec<_> = self
            .links
            .iter()
            .filter(|(_, links)| which(links))
            .collect();
        let qualities: Vec<Quality> = judged
            .into_par_iter()
            .map_init(Scratch::default, |scratch, (id, links)| {
                let ranks: Vec<usize> = rank(*id, scratch)
                    .into_iter()
                    .enumerate()
                    .filter(|(_, other)| links.to.contains(other))
                    .map(|(at, _)| at)
                    .collect();
                Quality::of(&ranks, links.count)
            })
            .collect();
        qualities.into_iter().fold(Quality::default(), Quality::and)
    }

    fn engine_quality(&self, weights: Weights, which: impl Fn(&Links) -> bool) -> Quality {
        let engine = self.engine(weights);
        self.quality(which, |id, scratch| ranked(&engine, id, scratch))
    }

    /// The quality when links are evidence too: each judged link is hidden in turn, and all
    /// others are seen.
    fn quality_with_links(&self, which: impl Fn(&Links) -> bool) -> Quality {
        let engine = std::sync::Mutex::new(self.engine(Weights::default()));
        let mut quality = Quality::default();
        let mut scratch = Scratch::default();
        for (id, links) in self.links.iter().filter(|(_, links)| which(links)) {
            let mut ranks = Vec::new();
            for hidden in &links.to {
                let mut all = self.all.clone();
                let others = links.to.iter().copied().filter(|other| other != hidden);
                all[id.index()] = others.collect();
                let mut engine = engine.lock().expect("no thread panicked");
                engine.set_links(related::Links::new(all));
                let ranked = ranked(&engine, *id, &mut scratch);
                // The other links would all be found: they are evidence of themselves.
                let others = |other: &&ArticleId| !links.to.contains(*other) || *other == hidden;
                ranks.extend(
                    ranked
                        .iter()
                        .filter(others)
                        .position(|other| other == hidden),
                );
            }
            ranks.sort_unstable();
            quality = quality.and(Quality::of(&ranks, links.count));
        }
        quality
    }
}

fn ranked(engine: &Engine, id: ArticleId, scratch: &mut Scratch) -> Vec<ArticleId> {
    let wanted = Wanted {
        count: RANKED,
        ..Wanted::default()
    };
    let found = engine.find(id, &wanted, scratch);
    let suggestions = found.suggestions.into_iter();
    suggestions.map(|suggestion| suggestion.article).collect()
}

/// A hash of a path that stays the same for good: FNV-1a.
fn hash(path: &str) -> u32 {
    path.bytes().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
    })
}

/// How many links were found, of how many; and the sum of reciprocal ranks.
#[derive(Default, Clone, Copy)]
struct Quality {
    links: usize,
    in_5: usize,
    in_10: usize,
    articles: usize,
    reciprocal: f64,
}

impl Quality {
    /// Of one article, by the ranks of the links that were found, ascending from 0.
    fn of(ranks: &[usize], links: usize) -> Self {
        Self {
            links,
            in_5: ranks.iter().filter(|rank| **rank < 5).count(),
            in_10: ranks.iter().filter(|rank| **rank < 10).count(),
            articles: 1,
            reciprocal: ranks.first().map_or(0.0, |rank| 1.0 / (rank + 1) as f64),
        }
    }

    fn and(self, other: Self) -> Self {
        Self {
            links: self.links + other.links,
            in_5: self.in_5 + other.in_5,
            in_10: self.in_10 + other.in_10,
            articles: self.articles + other.articles,
            reciprocal: self.reciprocal + other.reciprocal,
        }
    }

    fn recall_5(self) -> f64 {
        self.in_5 as f64 / self.links.max(1) as f64
    }

    fn recall_10(self) -> f64 {
        self.in_10 as f64 / self.links.max(1) as f64
    }

    fn mrr(self) -> f64 {
        self.reciprocal / self.articles.max(1) as f64
    }
}

/// The newest articles other than the article itself.
fn newest(archive: &Archive, id: ArticleId) -> Vec<ArticleId> {
    let ids = (0..archive.site.articles.len() as u32).map(ArticleId);
    ids.filter(|other| *other != id).take(RANKED).collect()
}

/// The articles with the most tags in common, and of these the newest.
fn shared_tags(archive: &Archive, id: ArticleId) -> Vec<ArticleId> {
    let tags = &archive.site.tags.of_article;
    let own = &tags[id.index()];
    let shared = |other: &ArticleId| {
        let theirs = &tags[other.index()];
        own.iter().filter(|tag| theirs.contains(tag)).count()
    };
    let ids = (0..archive.site.articles.len() as u32).map(ArticleId);
    let mut others: Vec<(usize, ArticleId)> = ids
        .filter(|other| *other != id)
        .map(|other| (shared(&other), other))
        .filter(|(shared, _)| *shared > 0)
        .collect();
    others.sort_by_key(|(shared, other)| (std::cmp::Reverse(*shared), *other));
    others.truncate(RANKED);
    others.into_iter().map(|(_, other)| other).collect()
}

/// A weight by its name.
type Weight = (&'static str, fn(&mut Weights) -> &mut f32);

/// The parts of a score that can be left out.
const PARTS: [Weight; 6] = [
    ("words", |w| &mut w.words),
    ("phrases", |w| &mut w.phrases),
    ("words of titles", |w| &mut w.title_words),
    ("phrases of titles", |w| &mut w.title_phrases),
    ("tags", |w| &mut w.tags),
    ("time", |w| &mut w.time),
];

fn report(archive: &Archive) {
    let (articles, links): (usize, usize) = archive
        .links
        .values()
        .fold((0, 0), |(n, sum), links| (n + 1, sum + links.count));
    println!(
        "{}: {} articles, {articles} of them with {links} links",
        archive.name,
        archive.site.articles.len()
    );
    println!(
        "{:<32} {:>8} {:>9} {:>6}   {:>8} {:>6}",
        "", "recall@5", "recall@10", "MRR", "held out", "MRR"
    );
    let line = |name: &str, all: Quality, held_out: Quality| {
        println!(
            "{name:<32} {:>8.3} {:>9.3} {:>6.3}   {:>8.3} {:>6.3}",
            all.recall_5(),
            all.recall_10(),
            all.mrr(),
            held_out.recall_5(),
            held_out.mrr()
        );
    };
    let held_out = |links: &Links| links.is_held_out;
    line(
        "newest",
        archive.quality(|_| true, |id, _| newest(archive, id)),
        archive.quality(held_out, |id, _| newest(archive, id)),
    );
    line(
        "shared tags",
        archive.quality(|_| true, |id, _| shared_tags(archive, id)),
        archive.quality(held_out, |id, _| shared_tags(archive, id)),
    );
    let with = |name: &str, weights: &Weights| {
        line(
            name,
            archive.engine_quality(weights.clone(), |_| true),
            archive.engine_quality(weights.clone(), held_out),
        );
    };
    with("engine", &Weights::default());
    for (name, weight) in PARTS {
        let mut weights = Weights::default();
        *weight(&mut weights) = 0.0;
        with(&format!("  without {name}"), &weights);
    }
    line(
        "  with links, each hidden once",
        archive.quality_with_links(|_| true),
        archive.quality_with_links(held_out),
    );
}

/// The weights that are fitted, one after the other.
const FITTED: [Weight; 6] = [
    ("title_words", |w| &mut w.title_words),
    ("title_phrases", |w| &mut w.title_phrases),
    ("phrases", |w| &mut w.phrases),
    ("tags", |w| &mut w.tags),
    ("saturation", |w| &mut w.saturation),
    ("length", |w| &mut w.length),
];

/// Coordinate ascent on the half that is not held out, the mean over archives. Time is not
/// fitted: links can only lead back in time, which readers need not.
fn fit(archives: &[Archive]) {
    let value = |weights: &Weights| {
        let sum: f64 = archives
            .iter()
            .map(|archive| {
                let quality = archive.engine_quality(weights.clone(), |links| !links.is_held_out);
                quality.recall_5() + 0.3 * quality.mrr()
            })
            .sum();
        sum / archives.len() as f64
    };
    let mut weights = Weights::default();
    let mut best = value(&weights);
    println!("at first {best:.4}");
    for _ in 0..3 {
        let before = best;
        for (name, weight) in FITTED {
            let from = *weight(&mut weights);
            for factor in [0.5, 0.75, 1.33, 2.0] {
                let mut changed = weights.clone();
                *weight(&mut changed) = from * factor;
                let now = value(&changed);
                // Less than this is noise.
                if now > best + 0.0005 {
                    println!("{name} {:.3}: {now:.4}", from * factor);
                    (best, weights) = (now, changed);
                }
            }
        }
        if best <= before {
            break;
        }
    }
    println!("{weights:#?}");
    for archive in archives {
        let fitted = archive.engine_quality(weights.clone(), |links| !links.is_held_out);
        let held_out = archive.engine_quality(weights.clone(), |links| links.is_held_out);
        println!(
            "{}: fitted {:.3} {:.3}, held out {:.3} {:.3}",
            archive.name,
            fitted.recall_5(),
            fitted.mrr(),
            held_out.recall_5(),
            held_out.mrr()
        );
    }
}
