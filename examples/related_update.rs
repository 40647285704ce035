//! What an edit costs in archives of different sizes.
//!
//! ```text
//! cargo run --release --example related_update -- [ARTICLES …]
//! ```
//!
//! The archives are those of `related_scale`. For each, what a first build keeps is taken on by
//! builds after which one article has another sentence, and by one after which there is one more.
//! Prints for each: how many articles were weighed anew, how many entries of lists moved, of how
//! many articles everything was found anew; milliseconds of CPU and of wall time, opening and
//! writing what is kept included, reading files and reading articles again left out; and bytes an
//! article of what is kept.

use std::process::ExitCode;
use std::time::Instant;

use pressroom::config::DEFAULT_MIN_SCORE;
use pressroom::key::Key;
use pressroom::model::{Lexicon, Places, Readings, Wording};
use pressroom::site::ArticleId;
use pressroom::site::related::{
    Answer, ArticleKey, Asked, Facts, Kept, Links, State, Wanted, Weights, answer,
};

#[path = "related_scale.rs"]
#[allow(dead_code)]
mod scale;

use scale::{World, timed};

/// Words that an edit adds.
const SENTENCE: usize = 20;
const EDITS: usize = 5;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let sizes: Result<Vec<usize>, _> = arguments.iter().map(|text| text.parse()).collect();
    let mut sizes = match sizes {
        Ok(sizes) if sizes.iter().all(|size| (100..=1_000_000).contains(size)) => sizes,
        _ => {
            eprintln!("usage: related_update [ARTICLES …], numbers of articles");
            return ExitCode::from(2);
        }
    };
    if sizes.is_empty() {
        sizes = vec![10_000, 100_000];
    }
    println!(
        "{:>9} {:<7} | {:>7} {:>8} {:>7} | {:>8} {:>8} | {:>9}",
        "articles", "edit", "weighed", "moved", "whole", "CPU ms", "wall ms", "B/article"
    );
    for size in sizes {
        run(size);
    }
    ExitCode::SUCCESS
}

fn run(size: usize) {
    // The newest is added last.
    let mut archive = Archive::new(size + 1);
    let first = archive.ask(1, None, None);
    let Some(mut files) = first.state.and_then(|state| OnDisk::after(&state, None)) else {
        println!("{size:>9} nothing is kept of so many");
        return;
    };
    println!("{size:>9} {:<7} | {:>56}", "first", files.written / size);
    for edit in 0..EDITS {
        let at = (2 * edit + 1) * size / (2 * EDITS);
        archive.edit(at);
        files = archive.update(1, at, files, "changed");
    }
    archive.update(0, 0, files, "added");
}

/// What is kept.
struct OnDisk {
    head: Vec<u8>,
    bulk: Vec<u8>,
    /// How many bytes of that the last build has written.
    written: usize,
}

impl OnDisk {
    /// What there is when a build has written its state; `None` where it keeps nothing.
    fn after(state: &State, before: Option<Self>) -> Option<Self> {
        let files = state.files()?;
        let written = files.bulk.map(|(_, bulk)| bulk.concat());
        Some(Self {
            written: files.head.len() + written.as_ref().map_or(0, Vec::len),
            head: files.head,
            bulk: written.or(before.map(|before| before.bulk))?,
        })
    }
}

/// An archive that is edited.
struct Archive {
    world: World,
    facts: Facts,
    keys: Vec<ArticleKey>,
    lexicon: Lexicon,
}

impl Archive {
    fn new(size: usize) -> Self {
        let world = World::new(size);
        Self {
            facts: world.facts(),
            keys: (0..size as u64)
                .map(|at| ArticleKey {
                    place: Key::of(&at),
                    text: Key::of(&0),
                })
                .collect(),
            lexicon: Lexicon {
                stems: (0..world.all_words() as u64)
                    .map(|word| word << 20)
                    .collect(),
                ..Lexicon::default()
            },
            world,
        }
    }

    fn edit(&mut self, at: usize) {
        let story = self.world.story(at, SENTENCE, &mut Places::default());
        self.facts.wordings[at] = story.wording;
        self.keys[at].text = Key::of(&1);
    }

    /// What is found without the `skip` newest. `read`: the article that has been read, or all.
    fn ask(&self, skip: usize, read: Option<usize>, kept: Option<Kept>) -> Answer {
        answer(self.asked(skip, read, &self.reread(skip)), kept)
    }

    fn reread(&self, skip: usize) -> impl Fn(&[ArticleId]) -> Readings + Sync + '_ {
        move |ids| Readings {
            wordings: ids
                .iter()
                .map(|id| self.facts.wordings[id.index() + skip].clone())
                .collect(),
            lexicon: self.lexicon.clone(),
        }
    }

    fn asked<'a>(
        &self,
        skip: usize,
        read: Option<usize>,
        reread: &'a (dyn Fn(&[ArticleId]) -> Readings + Sync),
    ) -> Asked<'a> {
        let shifted = |links: &[ArticleId]| {
            let links = links.iter().filter(|id| id.index() >= skip);
            links.map(|id| ArticleId(id.0 - skip as u32)).collect()
        };
        let wording = |(at, wording): (usize, &Wording)| {
            read.is_none_or(|read| read == at).then(|| wording.clone())
        };
        let all = &self.facts;
        let ids = (skip..self.keys.len()).map(|at| ArticleId(at as u32));
        let links = ids.map(|id| shifted(all.links.from(id)));
        let facts = Facts {
            wordings: Vec::new(),
            tags: all.tags[skip..].into(),
            days: all.days[skip..].to_vec(),
            languages: all.languages[skip..].to_vec(),
            sections: all.sections[skip..].to_vec(),
            links: Links::new(links.collect()).into(),
        };
        let tags = all.tags.iter().flat_map(|tags| tags.iter()).max();
        let wanted = Wanted {
            count: 3,
            min_score: DEFAULT_MIN_SCORE,
            ..Wanted::default()
        };
        Asked {
            wanted: vec![wanted; facts.days.len()],
            facts,
            wordings: all
                .wordings
                .iter()
                .enumerate()
                .skip(skip)
                .map(|of| wording(of).map(Box::new))
                .collect(),
            lexicon: self.lexicon.clone(),
            keys: self.keys[skip..].to_vec(),
            tag_keys: (0..=tags.map_or(0, |tag| u64::from(*tag))).collect(),
            with_reasons: false,
            keep: true,
            only_texts: false,
            weights: WEIGHTS.get_or_init(Weights::default),
            reread,
        }
    }

    fn update(&self, skip: usize, at: usize, before: OnDisk, what: &str) -> OnDisk {
        let reread = self.reread(skip);
        let asked = self.asked(skip, Some(at), &reread);
        let articles = asked.keys.len();
        let start = Instant::now();
        let ((effort, files), seconds) = timed(|| {
            let kept = Kept::open(&before.head, |_| Ok(Some(before.bulk.clone())));
            let answer = answer(asked, kept.expect("it is whole"));
            let state = answer.state.expect("as few articles as before");
            let files = OnDisk::after(&state, Some(before));
            (answer.effort, files.expect("as few articles as before"))
        });
        let wall = start.elapsed().as_secs_f64();
        let Some(effort) = effort else {
            println!("{articles:>9} {what:<7} | everything was compared");
            return files;
        };
        println!(
            "{articles:>9} {what:<7} | {:>7} {:>8} {:>7} | {:>8.0} {:>8.0} | {:>9}",
            effort.looked,
            effort.moved,
            effort.whole,
            seconds * 1e3,
            wall * 1e3,
            files.written / articles
        );
        files
    }
}

static WEIGHTS: std::sync::OnceLock<Weights> = std::sync::OnceLock::new();
