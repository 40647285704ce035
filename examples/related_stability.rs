//! How many lists of suggestions change when an article is published.
//!
//! ```text
//! cargo run --release --example related_stability -- COUNT [TRIALS]
//! cargo run --release --example related_stability -- ARCHIVE [TRIALS]
//! ```
//!
//! With a COUNT: the archive that examples/archive.rs writes, with that many articles, and each of
//! TRIALS newer ones (by default 20) in turn. With an ARCHIVE, a folder with content/, and
//! pressroom.yaml if it has one: the archive as it is against the archive without an article, for
//! TRIALS articles: the newest ones, and then as many spread over the years.
//!
//! A list is the first three suggestions with at least the usual score; pins and the rules of
//! sections are left out. Links in the texts are evidence. Prints the median and the 95th percentile, over
//! trials, of the number of lists that changed, in members or order, and of those among them that
//! would be as they were without the new article in them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

use pressroom::config::{self, Config, DEFAULT_MIN_SCORE};
use pressroom::model::{Data, IndexEntries, Moment, Readings, Wording};
use pressroom::site::related::{Engine, Facts, Links, Scratch, Wanted, Weights, facts};
use pressroom::site::{ArticleId, Inputs, Linked, Show, Site, build};
use pressroom::{parse, source};
use rayon::prelude::*;

#[path = "archive.rs"]
#[allow(dead_code)]
mod archive;

/// For an archive that has no pressroom.yaml: names that other generators use.
const CONFIG: &str = "front_matter: {tags: [tags, topics, categories, keywords], summary: [summary, deck, description, excerpt]}
front_matter_duplicates: last
";
/// Suggestions in a list.
const COUNT: usize = 3;
/// Trials unless the command line tells.
const TRIALS: usize = 20;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let request = match arguments.as_slice() {
        [what] => Some((what, TRIALS)),
        [what, trials] => trials.parse().ok().map(|trials| (what, trials)),
        _ => None,
    };
    let Some((what, trials)) = request.filter(|(_, trials)| *trials > 0) else {
        eprintln!("usage: related_stability COUNT|ARCHIVE [TRIALS]");
        return ExitCode::from(2);
    };
    let done = match what.parse() {
        Ok(count) => made_up(count, trials),
        Err(_) => real(Path::new(what), trials),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

/// Newer articles for an archive that is made up.
fn made_up(count: usize, trials: usize) -> Result<(), String> {
    let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
    let root = folder.path().join("archive");
    let arguments = [(count + trials).to_string(), root.display().to_string()];
    archive::write_archive(&archive::Request::read(&arguments)?)?;
    let archive = Archive::read(&root)?;
    // The newest come first.
    let without: BTreeSet<usize> = (0..trials).collect();
    let before = archive.lists(&without);
    let changes = (0..trials).map(|new| {
        let mut others = without.clone();
        others.remove(&new);
        Changes::between(&before, &archive.lists(&others), new)
    });
    report(
        &format!("{count} articles, one more"),
        &changes.collect::<Vec<_>>(),
    );
    Ok(())
}

/// Articles that a real archive has, as if they were new.
fn real(root: &Path, trials: usize) -> Result<(), String> {
    let archive = Archive::read(root)?;
    let articles = archive.wordings.len();
    let after = archive.lists(&BTreeSet::new());
    let changes = |new: &mut dyn Iterator<Item = usize>| -> Vec<Changes> {
        new.take(trials)
            .map(|new| Changes::between(&archive.lists(&[new].into()), &after, new))
            .collect()
    };
    let newest = changes(&mut (0..articles));
    report(&format!("{articles} articles, the newest"), &newest);
    let spread = changes(&mut (0..trials).map(|nth| nth * articles / trials));
    report(&format!("{articles} articles, any"), &spread);
    Ok(())
}

/// The first suggestions of each article, by numbers that stay the same.
type Lists = BTreeMap<usize, Vec<usize>>;

/// What one more article changes.
struct Changes {
    /// Lists that are not what they were.
    all: usize,
    /// Those of them that only make room for the new article.
    by_new: usize,
}

impl Changes {
    fn between(before: &Lists, after: &Lists, new: usize) -> Self {
        let mut changes = Self { all: 0, by_new: 0 };
        for (article, was) in before {
            let is = &after[article];
            if is == was {
                continue;
            }
            changes.all += 1;
            let others: Vec<usize> = is.iter().copied().filter(|other| *other != new).collect();
            changes.by_new += usize::from(others.len() < is.len() && was.starts_with(&others));
        }
        changes
    }
}

fn report(what: &str, changes: &[Changes]) {
    let of = |count: fn(&Changes) -> usize| {
        let mut counts: Vec<usize> = changes.iter().map(count).collect();
        counts.sort_unstable();
        let at = |percent: usize| counts[(counts.len() * percent / 100).min(counts.len() - 1)];
        format!("median {:>4}, 95th percentile {:>4}", at(50), at(95))
    };
    println!("{what}: {} trials", changes.len());
    println!(
        "  lists that changed             {}",
        of(|changes| changes.all)
    );
    println!(
        "    only for the new article     {}",
        of(|changes| changes.by_new)
    );
    println!(
        "    otherwise                    {}",
        of(|changes| changes.all - changes.by_new)
    );
}

/// An archive, from which articles can be left out.
struct Archive {
    site: Site,
    wordings: Vec<Wording>,
    links: Vec<Box<[ArticleId]>>,
}

impl Archive {
    fn read(root: &Path) -> Result<Self, String> {
        let text = source::read_optional(root, config::FILE).map_err(|found| found.message)?;
        let (config, _) = Config::read(Some(text.as_deref().unwrap_or(CONFIG)), "archive");
        let (files, _) = source::walk(root, "content");
        let (content, _) = parse::content(files, &config, &|| {});
        // Articles are sorted when the site is built, and what they say is told by their files.
        let mut said: BTreeMap<Box<str>, Wording> = content
            .articles
            .iter()
            .map(|article| article.source.clone())
            .zip(
                content
                    .wordings
                    .iter()
                    .cloned()
                    .map(|said| said.map_or_else(Wording::default, |said| *said)),
            )
            .collect();
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
        let site = build(&config, &Data::default(), inputs).site;
        if site.articles.len() < 2 {
            return Err(format!("there are no articles in {}", root.display()));
        }
        let wordings = site.articles.iter();
        let wordings = wordings.map(|article| said.remove(&article.source).unwrap_or_default());
        Ok(Self {
            wordings: wordings.collect(),
            links: links(&site),
            site,
        })
    }

    /// The lists of all articles but some.
    fn lists(&self, without: &BTreeSet<usize>) -> Lists {
        let stay: Vec<usize> = (0..self.wordings.len())
            .filter(|article| !without.contains(article))
            .collect();
        let engine = Engine::new(self.facts(&stay), Weights::default());
        let wanted = Wanted {
            count: COUNT,
            min_score: DEFAULT_MIN_SCORE,
            ..Wanted::default()
        };
        stay.par_iter()
            .enumerate()
            .map_init(Scratch::default, |scratch, (at, article)| {
                let found = engine.find(ArticleId(at as u32), &wanted, scratch);
                let list = found.suggestions.into_iter();
                let list = list.map(|suggestion| stay[suggestion.article.index()]);
                (*article, list.collect())
            })
            .collect()
    }

    /// What is known of some of the articles.
    fn facts(&self, stay: &[usize]) -> Facts {
        let wordings = stay.iter().map(|article| self.wordings[*article].clone());
        let all = facts(&self.site, wordings.collect(), Arc::default());
        let links = |article: &usize| {
            let links = self.links[*article].iter();
            links
                .filter_map(|to| stay.binary_search(&to.index()).ok())
                .map(|to| ArticleId(to as u32))
                .collect()
        };
        Facts {
            wordings: all.wordings,
            tags: stay.iter().map(|at| all.tags[*at].clone()).collect(),
            days: stay.iter().map(|at| all.days[*at]).collect(),
            languages: stay.iter().map(|at| all.languages[*at]).collect(),
            sections: stay.iter().map(|at| all.sections[*at]).collect(),
            links: Links::new(stay.iter().map(links).collect()).into(),
        }
    }
}

/// The articles that each article links to, each once.
fn links(site: &Site) -> Vec<Box<[ArticleId]>> {
    let links = site.links.iter().enumerate();
    links
        .map(|(from, links)| {
            let found = links.iter().filter_map(|link| match link {
                Linked::Article(id) => Some(*id),
                _ => None,
            });
            let found: BTreeSet<ArticleId> = found.filter(|to| to.index() != from).collect();
            found.into_iter().collect()
        })
        .collect()
}
