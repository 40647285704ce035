//! What suggestions cost in archives of different sizes.
//!
//! ```text
//! cargo run --release --example related_scale -- [ARTICLES …]
//! ```
//!
//! ARTICLES are numbers of articles, by default 10,000 and 100,000; 1,000,000 take some minutes and
//! about 10 GB. The articles are made up, as numbers of words: 500 words each, six in ten of the
//! whole vocabulary, by Zipf's law, a third of a topic's own words, and some names that an article
//! has in common with earlier ones of its topic. Vocabulary, topics and tags grow with the square
//! root of the archive (Heaps' law), from 8,000 words, 65 topics and 500 tags for 10,000 articles.
//!
//! Prints, for each number: microseconds of CPU time an article, system time included, to make the
//! index and to find three suggestions and their reasons; bytes an article of what is held then;
//! and the largest size of the process so far, which includes the made-up articles. A last column
//! has the cost of an article against that of the first archive.

use std::process::ExitCode;
use std::time::Instant;

use pressroom::model::{Places, Word, Wording};
use pressroom::site::related::{Engine, Facts, Links, Reason, Scratch, Wanted, Weights};
use pressroom::site::{ArticleId, Pinned, Related};
use rayon::prelude::*;

const SECTIONS: usize = 5;
const NAMES: usize = 4;
/// Different names, at most.
const ALL_NAMES: usize = 3_000_000;
/// Words that turn up anywhere, one as often as another.
const STRAYS: usize = 10_000;
/// Words that a topic prefers.
const TOPIC_WORDS: usize = 200;
/// Days over which the articles are spread.
const DAYS: usize = 3_652;
/// Suggestions for an article, and reasons for each.
const COUNT: usize = 3;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let sizes: Result<Vec<usize>, _> = arguments.iter().map(|text| text.parse()).collect();
    let mut sizes = match sizes {
        Ok(sizes) if sizes.iter().all(|size| (1..=20_000_000).contains(size)) => sizes,
        _ => {
            eprintln!("usage: related_scale [ARTICLES …], numbers of articles");
            return ExitCode::from(2);
        }
    };
    if sizes.is_empty() {
        sizes = vec![10_000, 100_000];
    }
    println!(
        "{:>9} | {:>8} {:>8} {:>8} | {:>9} {:>9} {:>9} | {:>7} | {:>5}",
        "articles",
        "index µs",
        "find µs",
        "sum",
        "vectors B",
        "postings",
        "others",
        "peak GB",
        "ratio"
    );
    let mut first = None;
    for size in sizes {
        let cost = Cost::of(size);
        let sum = cost.index + cost.find;
        let first = *first.get_or_insert(sum);
        println!(
            "{size:>9} | {:>8.1} {:>8.1} {sum:>8.1} | {:>9.0} {:>9.0} {:>9.0} | {:>7.1} | {:>5.2}",
            cost.index,
            cost.find,
            cost.vectors,
            cost.postings,
            cost.others,
            peak_gigabytes(),
            sum / first
        );
    }
    ExitCode::SUCCESS
}

/// What an article costs.
struct Cost {
    /// Microseconds of CPU time.
    index: f64,
    find: f64,
    /// Bytes.
    vectors: f64,
    postings: f64,
    others: f64,
}

impl Cost {
    fn of(size: usize) -> Self {
        let facts = World::new(size).facts();
        let (engine, index) = timed(|| Engine::new(facts, Weights::default()));
        let (related, find) = timed(|| {
            (0..size as u32)
                .into_par_iter()
                .map_init(Scratch::default, |scratch, at| {
                    block(&engine, ArticleId(at), scratch)
                })
                .collect::<Vec<Vec<Related>>>()
        });
        let block_bytes = |block: &Vec<Related>| {
            let reasons = block.iter().map(|related| size_of_val(&*related.reasons));
            size_of_val(block) + block.capacity() * size_of::<Related>() + reasons.sum::<usize>()
        };
        let blocks: usize = related.iter().map(block_bytes).sum();
        let bytes = engine.bytes();
        let each = |value: usize| value as f64 / size as f64;
        Self {
            index: index * 1e6 / size as f64,
            find: find * 1e6 / size as f64,
            vectors: each(bytes.vectors),
            postings: each(bytes.postings),
            others: each(bytes.others + blocks),
        }
    }
}

fn block(engine: &Engine, id: ArticleId, scratch: &mut Scratch) -> Vec<Related> {
    let wanted = Wanted {
        count: COUNT,
        min_score: pressroom::config::DEFAULT_MIN_SCORE,
        ..Wanted::default()
    };
    let found = engine.find(id, &wanted, scratch).suggestions.into_iter();
    found
        .map(|suggestion| Related {
            target: Pinned::Here(suggestion.article),
            score: suggestion.score,
            reasons: engine
                .strongest(id, suggestion.article, COUNT)
                .into_iter()
                .map(|term| Reason::Shared(engine.spelled(id, term)))
                .collect(),
        })
        .collect()
}

/// A result, and how many seconds all threads worked for it.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, f64) {
    let (start, before) = (Instant::now(), cpu_seconds());
    let result = work();
    let wall = start.elapsed().as_secs_f64();
    let seconds = match (before, cpu_seconds()) {
        (Some(before), Some(after)) => after - before,
        // All threads were busy, as far as one knows.
        _ => wall * rayon::current_num_threads() as f64,
    };
    (result, seconds)
}

/// CPU time of the process so far, where Linux tells: the fields utime and stime of proc_pid_stat(5),
/// in hundredths of a second.
fn cpu_seconds() -> Option<f64> {
    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    // The name of the program, in parentheses, may have spaces.
    let mut fields = stat.rsplit_once(')')?.1.split_whitespace().skip(11);
    let mut next = || fields.next()?.parse::<f64>().ok();
    Some((next()? + next()?) / 100.0)
}

/// The largest size of the process in memory so far; 0 where Linux does not tell.
fn peak_gigabytes() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<f64>().ok());
    kilobytes.unwrap_or(0.0) / 1e6
}

/// SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    /// Below `limit`, which is not 0.
    fn below(&mut self, limit: usize) -> usize {
        ((u128::from(self.next()) * limit as u128) >> 64) as usize
    }

    /// A rank below `ranks`, of weight 1 / (rank + shift), nearly: Zipf's law.
    fn zipf(&mut self, ranks: usize, shift: f64) -> usize {
        let uniform = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        let rank = shift * ((ranks as f64 + shift) / shift).powf(uniform) - shift;
        (rank as usize).min(ranks - 1)
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// What all articles are made from.
pub(crate) struct World {
    articles: usize,
    words: usize,
    topics: usize,
    tags: usize,
}

impl World {
    pub(crate) fn new(articles: usize) -> Self {
        let grown = |from: f64| (from * (articles as f64 / 10_000.0).sqrt()).ceil() as usize;
        Self {
            articles,
            words: grown(8_000.0).max(TOPIC_WORDS),
            topics: grown(65.0),
            tags: grown(500.0),
        }
    }

    pub(crate) fn facts(&self) -> Facts {
        let size = self.articles;
        let stories: Vec<Story> = (0..size)
            .into_par_iter()
            .map_init(Default::default, |places, at| self.story(at, 0, places))
            .collect();
        let mut facts = Facts {
            days: (0..size)
                .map(|at| i32::try_from((size - at) * DAYS / size).ok())
                .collect(),
            languages: vec![0; size],
            sections: (0..size)
                .map(|at| Some((self.topic(at) % SECTIONS) as u32))
                .collect(),
            ..Facts::default()
        };
        let (mut tags, mut links) = (Vec::new(), Vec::new());
        for story in stories {
            facts.wordings.push(story.wording);
            tags.push(story.tags);
            links.push(story.links);
        }
        (facts.tags, facts.links) = (tags.into(), Links::new(links).into());
        facts
    }

    fn topic(&self, article: usize) -> usize {
        Random(mix(article as u64)).zipf(self.topics, 4.0)
    }

    /// A word that a topic prefers: none of the most frequent quarter.
    fn topic_word(&self, topic: usize, rank: usize) -> Word {
        let frequent = self.words / 4;
        let drawn = mix((topic * TOPIC_WORDS + rank) as u64 ^ 0x70_71_c5) as usize;
        self.word(frequent + drawn % (self.words - frequent))
    }

    /// One of the words that all topics have, by its rank.
    fn word(&self, rank: usize) -> Word {
        self.number(rank)
    }

    fn stray(&self, nth: usize) -> Word {
        self.number(self.words + nth)
    }

    fn name(&self, article: usize, nth: usize) -> Word {
        let own = article * NAMES + nth;
        let drawn = if self.articles * NAMES <= ALL_NAMES {
            own
        } else {
            mix(own as u64 ^ 0x4a3e) as usize % ALL_NAMES
        };
        self.number(self.words + STRAYS + drawn)
    }

    /// How many different words there may be.
    pub(crate) fn all_words(&self) -> usize {
        self.words + STRAYS + ALL_NAMES.min(self.articles * NAMES)
    }

    /// Words are numbered in the order of hashes, which is none: steps of a large prime number
    /// around all of them meet each once.
    fn number(&self, word: usize) -> Word {
        Word((word as u64 * 2_654_435_761 % self.all_words() as u64) as u32)
    }

    /// The story of an article to whose text so many words were added.
    pub(crate) fn story(&self, article: usize, added: usize, places: &mut Places) -> Story {
        let random = &mut Random(mix(article as u64 ^ 0x5707));
        let topic = self.topic(article);
        let mut names: Vec<Word> = (0..NAMES).map(|nth| self.name(article, nth)).collect();
        let mut links = Vec::new();
        for _ in 0..random.below(5) {
            // An earlier article of the topic has a higher number; most are not much earlier.
            let from = article + 1 + random.zipf(self.articles, 20.0);
            let older = (from..self.articles.min(from + 10 * self.topics))
                .find(|other| self.topic(*other) == topic);
            if let Some(older) = older {
                names.extend((0..NAMES - 1).map(|nth| self.name(older, nth)));
                links.push(ArticleId(older as u32));
            }
        }
        links.sort_unstable();
        links.dedup();
        let text = |words: usize, random: &mut Random| -> Vec<Option<Word>> {
            (0..words)
                .map(|_| match random.below(100) {
                    // Sentences end, and commas divide.
                    0..14 => None,
                    14..65 => Some(self.word(random.zipf(self.words, 2.0))),
                    65..94 => Some(self.topic_word(topic, random.zipf(TOPIC_WORDS, 4.0))),
                    94..99 => Some(names[random.below(names.len())]),
                    _ => Some(self.stray(random.below(STRAYS))),
                })
                .collect()
        };
        let words = 290 + random.below(580);
        let mut body = text(words, random);
        body.extend(text(added, &mut Random(mix(article as u64 ^ 0xed17))));
        let headings = text(random.below(20), random);
        let summary = match random.below(3) {
            0 => Vec::new(),
            _ => text(24, random),
        };
        let title = [
            Some(self.topic_word(topic, random.zipf(TOPIC_WORDS, 4.0))),
            Some(self.word(random.zipf(self.words, 2.0))),
            Some(self.topic_word(topic, random.zipf(TOPIC_WORDS, 4.0))),
            Some(names[random.below(names.len())]),
            Some(self.word(random.zipf(self.words, 2.0))),
        ];
        let mut tags: Vec<u32> = (0..=random.below(4))
            .map(|_| match random.below(3) {
                0 => random.zipf(self.tags, 3.0) as u32,
                nth => {
                    (mix((topic * 12 + nth + random.below(10)) as u64) as usize % self.tags) as u32
                }
            })
            .collect();
        tags.sort_unstable();
        tags.dedup();
        Story {
            wording: Wording::new([&title, &headings, &summary, &body], places),
            tags: tags.into(),
            links: links.into(),
        }
    }
}

/// A made-up article.
pub(crate) struct Story {
    pub(crate) wording: Wording,
    pub(crate) tags: Box<[u32]>,
    pub(crate) links: Box<[ArticleId]>,
}
