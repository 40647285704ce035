//! Writes the archive of an invented publication, of any size, to measure and test a build with.
//!
//!     cargo run --release --example archive -- COUNT DIR [SEED]
//!
//! In: a number of articles (1 to 5,000,000), a folder that is absent or empty, a seed (default 1).
//! Out: `DIR/pressroom.yaml` and `DIR/content/SECTION/NAME.md`; from 33,334 articles on, when the
//! largest section passes 10,000, `DIR/content/SECTION/YYYY/NAME.md`.
//!
//! The same COUNT and SEED give the same bytes on every machine: all arithmetic is on integers, and
//! each article draws from generators of its own, seeded by (SEED, index), so the work can be split
//! over threads in any way. Articles refer only to older ones, which are those of a lower index.
//!
//! It is one file, and uses nothing but the standard library, so that it also compiles alone.
//!
//! What is drawn, and how:
//!
//! | what | distribution |
//! | --- | --- |
//! | length of a body | 250 to 900 words, triangular with its peak at 350, which makes the mean 500 |
//! | words | 8,000 invented ones; rank *r* has weight 1/(*r* + 2), Zipf's law with Mandelbrot's shift |
//! | topics | 65, 13 at home in each section; 200 preferred words and 12 preferred tags each |
//! | a word of an article | 60 % general, 33 % of its topic (or second topic), 5 % names, 2 % numbers |
//! | names | four are new with each article; whoever links to it uses them too, so rare words are shared the way they are in follow-up stories |
//! | sections | news 30 %, sport 20 %, culture 18 %, business 18 %, opinion 14 % |
//! | tags | 1 to 5 out of 500, Zipf; two in three come from the topic's preferred ones |
//! | authors | one, or two in 20 % of articles, out of 50, Zipf with shift 8 |
//! | links in the text | 0 to 5, mean 2; four in five stay on the topic; the distance back is log-uniform |
//! | summary | in two articles out of three, 12 to 30 words |
//! | pins (`related:`) | 1 to 3, in 3 % of articles |
//! | dates | 2014 to 2023, whole minutes, strictly rising with the index |
//!
//! An archive of COUNT + 1 repeats the first COUNT articles byte for byte, with two exceptions: where
//! the folder layout changes (33,334), and where the calendar does. Dates have to fill ten years
//! whatever COUNT is, so the decade is divided into slots: as many as COUNT rounded up to two digits (to
//! tens below 100), and 1 % more. 10,000 articles therefore have room for 100 newer ones.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::{env, fs, io, thread};

const USAGE: &str = "usage: archive COUNT DIR [SEED]

  COUNT  how many articles to write, 1 to 5000000
  DIR    where to: a folder that does not exist yet, or is empty
  SEED   any whole number up to 2^64 - 1; another seed gives another publication (default 1)";

/// Slots are whole minutes, of which the decade has 5,258,880.
const MOST_ARTICLES: u64 = 5_000_000;
/// News takes 30 %, so this is where one flat folder would pass about 10,000 files.
const MOST_ARTICLES_FLAT: u64 = 33_333;

const SECTIONS: [(&str, u64); 5] = [
    ("news", 30),
    ("culture", 18),
    ("sport", 20),
    ("business", 18),
    ("opinion", 14),
];
const TOPICS_PER_SECTION: usize = 13;
const TOPICS: usize = TOPICS_PER_SECTION * SECTIONS.len();
const TOPIC_WORDS: usize = 200;
const TOPIC_TAGS: usize = 12;
const VOCABULARY: usize = 8_000;
/// The most frequent words belong to no topic, as *the* and *said* do not.
const COMMON_WORDS: usize = 2_500;
const TAGS: usize = 500;
const AUTHORS: usize = 50;
const NAMES_PER_ARTICLE: usize = 4;

const FIRST_YEAR: u64 = 2014;
const MINUTES_OF_DECADE: u64 = 3_652 * 24 * 60;
const FIRST_DAY_SINCE_1970: u64 = 16_071;

/// All of one piece, so that no two of them join into a word of a living language too often.
#[rustfmt::skip]
const SYLLABLES: [&str; 64] = [
    "el", "en", "ol", "iv", "bel", "bor", "cal", "cor", "cle", "dal", "den", "dor", "dre", "dun",
    "eth", "fal", "fen", "fir", "fro", "gal", "gor", "gri", "hal", "hin", "jal", "jor", "jun",
    "kov", "lan", "lem", "lor", "lum", "lys", "mar", "mir", "nal", "nev", "nim", "osk", "pel",
    "pra", "ral", "ren", "ros", "rud", "sel", "sol", "tav", "tor", "umb", "val", "wen", "yar",
    "zim", "bram", "hest", "kath", "kest", "mond", "quen", "quil", "sten", "thal", "vess",
];
/// Between stem and space, so that words are not all built alike.
#[rustfmt::skip]
const WORD_ENDINGS: [&str; 16] = [
    "a", "an", "e", "er", "et", "ey", "i", "im", "in", "ith", "o", "ond", "or", "os", "u", "ul",
];
/// What a name may end in; the accents keep the text from being plain ASCII.
const NAME_ENDINGS: [&str; 12] = [
    "", "", "", "", "a", "o", "en", "is", "ford", "é", "ör", "ía",
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    if arguments
        .iter()
        .any(|argument| argument == "--help" || argument == "-h")
    {
        println!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    let request = match Request::read(&arguments) {
        Ok(request) => request,
        Err(mistake) => {
            eprintln!("archive: {mistake}\n\n{USAGE}");
            return ExitCode::from(2);
        }
    };
    match write_archive(&request) {
        Ok(bytes) => {
            println!(
                "{} articles, {}.{} MB, in {}",
                request.count,
                bytes / 1_000_000,
                bytes / 100_000 % 10,
                request.folder.display()
            );
            ExitCode::SUCCESS
        }
        Err(failure) => {
            eprintln!("archive: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// What the command line asks for.
pub struct Request {
    count: u64,
    folder: PathBuf,
    seed: u64,
}

impl Request {
    /// Reads the arguments; the error is for people.
    pub fn read(arguments: &[String]) -> Result<Self, String> {
        let (count, folder, seed) = match arguments {
            [count, folder] => (count, folder, "1"),
            [count, folder, seed] => (count, folder, seed.as_str()),
            _ => {
                return Err(format!(
                    "two or three arguments expected, {} given",
                    arguments.len()
                ));
            }
        };
        if folder.is_empty() {
            return Err("DIR is empty".to_owned());
        }
        Ok(Self {
            count: count
                .parse()
                .ok()
                .filter(|count| (1..=MOST_ARTICLES).contains(count))
                .ok_or_else(|| {
                    format!("COUNT is `{count}`, not a number from 1 to {MOST_ARTICLES}")
                })?,
            folder: PathBuf::from(folder),
            seed: seed
                .parse()
                .map_err(|_| format!("SEED is `{seed}`, not a whole number"))?,
        })
    }
}

/// Writes everything and returns the size of all articles in bytes.
pub fn write_archive(request: &Request) -> Result<u64, String> {
    let root = &request.folder;
    refuse_used_folder(root)?;
    let world = World::new(request.seed);
    let archive = Archive::new(&world, request);

    let content = root.join("content");
    for (section, _) in SECTIONS {
        let folder = content.join(section);
        if archive.folder_per_year {
            for year in FIRST_YEAR..FIRST_YEAR + 10 {
                create(&folder.join(year.to_string()))?;
            }
        } else {
            create(&folder)?;
        }
    }
    let configuration =
        "title: The Synthetic Gazette\nbase_url: https://example.org/\nlisting: {page_size: 50}\n";
    write(&root.join("pressroom.yaml"), configuration)?;

    // Handed out in runs of 256: long enough to be cheap, short enough that no thread waits for another.
    let next = AtomicU64::new(0);
    let worker = || -> Result<u64, String> {
        let mut bytes = 0;
        loop {
            let start = next.fetch_add(256, Ordering::Relaxed);
            if start >= request.count {
                return Ok(bytes);
            }
            for index in start..(start + 256).min(request.count) {
                let card = archive.card(index);
                let text = Article::write(&archive, &card);
                bytes += text.len() as u64;
                write(&content.join(archive.path(&card)), &text)?;
            }
        }
    };
    let threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let workers: Vec<_> = (0..threads).map(|_| scope.spawn(worker)).collect();
        workers
            .into_iter()
            .map(|worker| {
                worker
                    .join()
                    .unwrap_or_else(|_| Err("a writing thread panicked".to_owned()))
            })
            .sum()
    })
}

fn refuse_used_folder(root: &Path) -> Result<(), String> {
    let first = match fs::read_dir(root) {
        Ok(mut entries) => entries.next(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(error) => return Err(format!("cannot use {}: {error}", root.display())),
    };
    match first {
        None => Ok(()),
        Some(_) => Err(format!(
            "{} is not empty; name a new folder, or empty this one yourself",
            root.display()
        )),
    }
}

fn create(folder: &Path) -> Result<(), String> {
    fs::create_dir_all(folder)
        .map_err(|error| format!("cannot create {}: {error}", folder.display()))
}

fn write(file: &Path, text: &str) -> Result<(), String> {
    fs::write(file, text).map_err(|error| format!("cannot write {}: {error}", file.display()))
}

/// SplitMix64: G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number
/// generators", OOPSLA 2014; constants as in S. Vigna's public domain `splitmix64.c`
/// (<https://prng.di.unimi.it/splitmix64.c>).
struct Rng(u64);

impl Rng {
    /// Streams of different purposes or articles start at unrelated states.
    fn new(seed: u64, purpose: Purpose, index: u64) -> Self {
        let mut by_seed = Self(seed);
        let mut by_purpose = Self(by_seed.draw() ^ purpose as u64);
        let mut by_index = Self(by_purpose.draw() ^ index);
        Self(by_index.draw())
    }

    fn draw(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// Uniform in 0..limit, by the high half of a product. Its bias, under limit / 2⁶⁴, is of no
    /// consequence here.
    fn below(&mut self, limit: u64) -> u64 {
        ((u128::from(self.draw()) * u128::from(limit)) >> 64) as u64
    }

    /// Uniform, both ends included.
    fn between(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    fn percent(&mut self, chance: u64) -> bool {
        self.below(100) < chance
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }

    /// The position of a weight, each as likely as it is heavy.
    fn weighted(&mut self, weights: &[u64]) -> usize {
        let mut left = self.below(weights.iter().sum());
        weights
            .iter()
            .position(|&weight| {
                let found = left < weight;
                left = left.saturating_sub(weight);
                found
            })
            .unwrap_or(0)
    }
}

/// What a stream of random numbers is for.
#[derive(Clone, Copy)]
enum Purpose {
    World = 1,
    Subject,
    Card,
    Text,
}

/// Ranks 0..n with weight 1/(rank + 1 + shift), in integers, since floating-point logarithms and
/// powers differ between platforms.
struct Zipf {
    cumulative: Vec<u64>,
}

impl Zipf {
    fn new(ranks: usize, shift: u64) -> Self {
        let mut sum = 0;
        let cumulative = (1..=ranks as u64)
            .map(|rank| {
                sum += (1 << 32) / (rank + shift);
                sum
            })
            .collect();
        Self { cumulative }
    }

    fn rank(&self, rng: &mut Rng) -> usize {
        let total = self.cumulative.last().copied().unwrap_or(1);
        let point = rng.below(total);
        self.cumulative.partition_point(|&sum| sum <= point)
    }
}

/// What all articles of a publication share: its language, topics, tags and staff. It depends on
/// the seed, never on the number of articles.
struct World {
    words: Vec<String>,
    topics: Vec<Topic>,
    tags: Vec<String>,
    authors: Vec<String>,
    word_ranks: Zipf,
    topic_word_ranks: Zipf,
    topic_ranks: Zipf,
    tag_ranks: Zipf,
    author_ranks: Zipf,
}

/// Positions in the lists of the world, the preferred first.
struct Topic {
    words: Vec<usize>,
    tags: Vec<usize>,
}

impl World {
    fn new(seed: u64) -> Self {
        let rng = &mut Rng::new(seed, Purpose::World, 0);
        let words = vocabulary(rng);
        let tags = distinct(TAGS, |_| {
            let first = rng.pick(&words[SYLLABLES.len()..]);
            if rng.percent(50) {
                first.clone()
            } else {
                format!("{first} {}", rng.pick(&words))
            }
        });
        let authors = distinct(AUTHORS, |_| {
            format!("{} {}", plain_name(rng), plain_name(rng))
        });
        let tag_ranks = Zipf::new(TAGS, 2);
        let topics = (0..TOPICS)
            .map(|_| Topic {
                words: distinct(TOPIC_WORDS, |_| {
                    rng.between(COMMON_WORDS as u64, VOCABULARY as u64 - 1) as usize
                }),
                tags: distinct(TOPIC_TAGS, |_| tag_ranks.rank(rng)),
            })
            .collect();
        Self {
            words,
            topics,
            tags,
            authors,
            word_ranks: Zipf::new(VOCABULARY, 1),
            topic_word_ranks: Zipf::new(TOPIC_WORDS, 4),
            topic_ranks: Zipf::new(TOPICS_PER_SECTION, 3),
            tag_ranks,
            author_ranks: Zipf::new(AUTHORS, 8),
        }
    }
}

/// Words from the most frequent to the rarest. As in real languages, frequent ones are short.
fn vocabulary(rng: &mut Rng) -> Vec<String> {
    distinct(VOCABULARY, |rank| {
        let (syllables, ending) = match rank {
            0..64 => return SYLLABLES[rank].to_owned(),
            64..1_800 if rng.percent(60) => (1, true),
            64..1_800 => (2, false),
            _ => (2, rng.percent(40)),
        };
        let mut word: String = (0..syllables).map(|_| *rng.pick(&SYLLABLES)).collect();
        if ending {
            word.push_str(rng.pick::<&str>(&WORD_ENDINGS));
        }
        word
    })
}

/// `count` different items in the order in which they were first drawn; `draw` receives how many
/// there are already.
fn distinct<T: Ord + Clone>(count: usize, mut draw: impl FnMut(usize) -> T) -> Vec<T> {
    let mut seen = BTreeSet::new();
    let mut items = Vec::with_capacity(count);
    while items.len() < count {
        let item = draw(items.len());
        if seen.insert(item.clone()) {
            items.push(item);
        }
    }
    items
}

fn plain_name(rng: &mut Rng) -> String {
    let name: String = [*rng.pick(&SYLLABLES), *rng.pick(&SYLLABLES)].concat();
    capitalised(&name)
}

fn capitalised(word: &str) -> String {
    let mut text = word.to_owned();
    text[..1].make_ascii_uppercase();
    text
}

/// One archive of the world: a number of articles laid out in folders and over the decade.
struct Archive<'a> {
    world: &'a World,
    seed: u64,
    slots: u64,
    folder_per_year: bool,
}

/// What an article is about: cheap to find out, so that links can look for a fitting target.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Subject {
    section: usize,
    topic: usize,
}

/// What other articles need to know of one in order to refer to it.
struct Card {
    index: u64,
    subject: Subject,
    /// Minutes from the start of the decade.
    published: u64,
    /// The first two words of the file name, which the title has as well.
    keywords: [usize; 2],
    names: Vec<String>,
}

impl<'a> Archive<'a> {
    fn new(world: &'a World, request: &Request) -> Self {
        Self {
            world,
            seed: request.seed,
            slots: slots(request.count),
            folder_per_year: request.count > MOST_ARTICLES_FLAT,
        }
    }

    fn subject(&self, index: u64) -> Subject {
        let mut rng = Rng::new(self.seed, Purpose::Subject, index);
        let section = rng.weighted(&SECTIONS.map(|(_, share)| share));
        // One in seven strays from its section, as a football club's bankruptcy does.
        let home = if rng.percent(86) {
            section
        } else {
            rng.below(SECTIONS.len() as u64) as usize
        };
        let topic = home * TOPICS_PER_SECTION + self.world.topic_ranks.rank(&mut rng);
        Subject { section, topic }
    }

    fn card(&self, index: u64) -> Card {
        let subject = self.subject(index);
        let mut rng = Rng::new(self.seed, Purpose::Card, index);
        let topic = &self.world.topics[subject.topic];
        let published =
            index * MINUTES_OF_DECADE / self.slots + rng.below(MINUTES_OF_DECADE / self.slots);
        let ranks = distinct(2, |_| self.world.topic_word_ranks.rank(&mut rng));
        let keywords = [topic.words[ranks[0]], topic.words[ranks[1]]];
        let names = (0..NAMES_PER_ARTICLE)
            .map(|_| {
                let syllables = 1 + rng.weighted(&[15, 70, 15]);
                let mut name: String = (0..syllables).map(|_| *rng.pick(&SYLLABLES)).collect();
                name.push_str(rng.pick::<&str>(&NAME_ENDINGS));
                capitalised(&name)
            })
            .collect();
        Card {
            index,
            subject,
            published,
            keywords,
            names,
        }
    }

    /// An article older than `index`, if there is one: on the same subject if that is wanted and
    /// not too hard to find, and rather a recent one.
    fn older(&self, index: u64, wanted: Option<Subject>, rng: &mut Rng) -> Option<Card> {
        if index == 0 {
            return None;
        }
        let mut target = 0;
        for _ in 0..48 {
            let reach = (index >> rng.below(10)).max(1);
            target = index - 1 - rng.below(reach);
            if wanted.is_none_or(|wanted| self.subject(target).topic == wanted.topic) {
                break;
            }
        }
        Some(self.card(target))
    }

    fn folder(&self, card: &Card) -> String {
        let section = SECTIONS[card.subject.section].0;
        if self.folder_per_year {
            format!("{section}/{}", Moment::of(card.published).year)
        } else {
            section.to_owned()
        }
    }

    fn file_name(&self, card: &Card) -> String {
        let [first, second] = card.keywords.map(|word| &self.world.words[word]);
        format!("{first}-{second}-{:06}.md", card.index)
    }

    /// Below `content/`.
    fn path(&self, card: &Card) -> String {
        format!("{}/{}", self.folder(card), self.file_name(card))
    }

    /// How `from` writes a link to `to`.
    fn link(&self, from: &Card, to: &Card) -> String {
        let name = self.file_name(to);
        let folder = self.folder(to);
        if self.folder(from) == folder {
            name
        } else if !self.folder_per_year {
            format!("../{folder}/{name}")
        } else if from.subject.section == to.subject.section {
            format!("../{}/{name}", Moment::of(to.published).year)
        } else {
            format!("../../{folder}/{name}")
        }
    }
}

/// Into how many slots the decade is divided for this many articles.
fn slots(count: u64) -> u64 {
    let mut digits = 1;
    let mut power = 10;
    loop {
        let round = digits * power;
        let slots = round + (round / 100).max(1);
        if slots >= count {
            return slots;
        }
        if digits == 99 {
            digits = 10;
            power *= 10;
        } else {
            digits += 1;
        }
    }
}

/// A minute in UTC.
struct Moment {
    year: u64,
    month: u64,
    day: u64,
    minute: u64,
}

impl Moment {
    /// Days to a civil date as in H. Hinnant, "chrono-compatible low-level date algorithms"
    /// (`civil_from_days`), for dates after 1970 only.
    fn of(minutes: u64) -> Self {
        let days = FIRST_DAY_SINCE_1970 + minutes / 1_440 + 719_468;
        let era = days / 146_097;
        let day_of_era = days % 146_097;
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        };
        Self {
            year: era * 400 + year_of_era + u64::from(month <= 2),
            month,
            day: day_of_year - (153 * shifted + 2) / 5 + 1,
            minute: minutes % 1_440,
        }
    }

    fn rfc3339(&self) -> String {
        let Self {
            year,
            month,
            day,
            minute,
        } = self;
        format!(
            "{year}-{month:02}-{day:02}T{:02}:{:02}:00Z",
            minute / 60,
            minute % 60
        )
    }
}

/// An article while it is being written.
struct Article<'a> {
    archive: &'a Archive<'a>,
    rng: Rng,
    text: String,
    topics: Vec<&'a Topic>,
    names: Vec<String>,
    links: Vec<String>,
    /// Words of the body that are still to come.
    words_left: u64,
}

impl<'a> Article<'a> {
    /// The whole file.
    fn write(archive: &'a Archive<'a>, card: &Card) -> String {
        let mut rng = Rng::new(archive.seed, Purpose::Text, card.index);
        let topics = &archive.world.topics;
        let mut own_topics = vec![&topics[card.subject.topic]; 3];
        if rng.percent(25) {
            own_topics[2] = &topics[rng.below(TOPICS as u64) as usize];
        }
        let mut names = card.names.clone();
        let mut links = Vec::new();
        for _ in 0..rng.weighted(&[16, 22, 26, 20, 10, 6]) {
            let wanted = rng.percent(80).then_some(card.subject);
            if let Some(target) = archive.older(card.index, wanted, &mut rng) {
                links.push(archive.link(card, &target));
                names.extend(target.names.into_iter().take(3));
            }
        }
        let mut article = Self {
            archive,
            rng,
            text: String::with_capacity(8_192),
            topics: own_topics,
            names,
            links,
            words_left: 0,
        };
        article.front_matter(card);
        article.body();
        article.text
    }

    fn front_matter(&mut self, card: &Card) {
        self.text.push_str("---\ntitle: \"");
        self.title(card);
        let date = Moment::of(card.published).rfc3339();
        let _ = writeln!(self.text, "\"\ndate: {date}");
        let tags = self.tags();
        let _ = writeln!(self.text, "tags: [{}]", tags.join(", "));

        let world = self.archive.world;
        let count = if self.rng.percent(20) { 2 } else { 1 };
        let authors = distinct(count, |_| world.author_ranks.rank(&mut self.rng));
        self.text.push_str("authors:\n");
        for author in authors {
            let _ = writeln!(self.text, "  - {}", world.authors[author]);
        }
        if self.rng.below(3) < 2 {
            self.text.push_str("summary: \"");
            let words = self.rng.between(12, 30);
            self.sentences(words, Style::Plain);
            self.text.push_str("\"\n");
        }
        // Few articles have the three different elders that three pins need, when the archive is young.
        if card.index >= 100 && self.rng.percent(3) {
            self.text.push_str("related:\n");
            let count = self.rng.between(1, 3) as usize;
            let archive = self.archive;
            let pins = distinct(count, |_| {
                let pin = archive.older(card.index, Some(card.subject), &mut self.rng);
                pin.map(|pin| archive.path(&pin))
            });
            for pin in pins.into_iter().flatten() {
                let _ = writeln!(self.text, "  - content/{pin}");
            }
        }
        self.text.push_str("---\n\n");
    }

    /// Five to nine words, one of them new to the archive or taken from the story that it follows.
    fn title(&mut self, card: &Card) {
        let [first, second] = card.keywords.map(|word| &self.archive.world.words[word]);
        self.text.push_str(&capitalised(first));
        for _ in 0..self.rng.between(1, 3) {
            self.text.push(' ');
            self.word(false);
        }
        let _ = write!(self.text, " {second} ");
        let name = self.rng.pick(&self.names);
        self.text.push_str(name);
        for _ in 0..self.rng.between(1, 3) {
            self.text.push(' ');
            self.word(false);
        }
    }

    fn tags(&mut self) -> Vec<&'a str> {
        let world = self.archive.world;
        let count = 1 + self.rng.weighted(&[15, 30, 30, 15, 10]);
        let tags = distinct(count, |_| {
            if self.rng.percent(67) {
                *self.rng.pick(&self.topics[0].tags)
            } else {
                world.tag_ranks.rank(&mut self.rng)
            }
        });
        tags.into_iter()
            .map(|tag| world.tags[tag].as_str())
            .collect()
    }

    fn body(&mut self) {
        // Triangular on 250..=900 with its mode at 350: two linear pieces, each the larger of two
        // uniform draws, in proportion to their areas.
        let larger = |rng: &mut Rng, limit: u64| rng.below(limit + 1).max(rng.below(limit + 1));
        self.words_left = if self.rng.below(650) < 100 {
            250 + larger(&mut self.rng, 100)
        } else {
            900 - larger(&mut self.rng, 550)
        };
        let footnote = self.rng.percent(4).then(|| self.rng.between(6, 16));
        self.words_left -= footnote.unwrap_or(0);

        self.paragraph(None);
        let mut footnote_due = footnote.is_some();
        let mut since_heading = 0;
        while self.words_left > 0 {
            let before = self.words_left;
            if before > 80 && since_heading > 90 && self.rng.percent(60) {
                self.heading();
                since_heading = 0;
            }
            let long_enough = self.words_left > 70;
            match self.rng.below(100) {
                0..6 if long_enough => self.list("- "),
                6..9 if long_enough => self.list("1. "),
                9..17 if long_enough => self.quotation(),
                17..19 if long_enough => self.table(),
                _ => self.paragraph(footnote_due.then(|| footnote_due = false).map(|()| "[^1]")),
            }
            since_heading += before - self.words_left;
        }
        if let Some(words) = footnote {
            self.text.push_str("\n[^1]: ");
            self.sentences(words, Style::Plain);
            self.text.push('\n');
        }
    }

    /// Takes up to `words` from what is left of the body; a rest too short for a block comes along.
    fn take(&mut self, words: u64) -> u64 {
        let taken = if self.words_left < words + 20 {
            self.words_left
        } else {
            words
        };
        self.words_left -= taken;
        taken
    }

    fn paragraph(&mut self, end: Option<&str>) {
        if !self.text.ends_with("\n\n") {
            self.text.push('\n');
        }
        let wanted = self.rng.between(30, 95);
        let words = self.take(wanted);
        self.sentences(words, Style::Decorated);
        self.text.push_str(end.unwrap_or_default());
        self.text.push('\n');
    }

    fn heading(&mut self) {
        self.text.push_str("\n## ");
        let wanted = self.rng.between(2, 6);
        for at in 0..self.take(wanted) {
            if at > 0 {
                self.text.push(' ');
            }
            self.word(at == 0);
        }
        self.text.push('\n');
    }

    fn list(&mut self, marker: &str) {
        self.text.push('\n');
        for _ in 0..self.rng.between(3, 5) {
            self.text.push_str(marker);
            let words = self.rng.between(4, 10);
            self.words_left -= words;
            self.sentence(words, Style::Plain);
            self.text.push('\n');
        }
    }

    fn quotation(&mut self) {
        self.text.push_str("\n> “");
        let wanted = self.rng.between(14, 45);
        let words = self.take(wanted);
        // The speaker's name counts.
        self.sentences(words - 1, Style::Plain);
        let name = self.rng.pick(&self.names);
        let _ = write!(self.text, "”\n>\n> — {name}\n");
    }

    /// Three columns of one word and two numbers.
    fn table(&mut self) {
        self.text.push_str("\n|");
        for _ in 0..3 {
            self.text.push(' ');
            self.word(true);
            self.text.push_str(" |");
        }
        self.text.push_str("\n| --- | ---: | ---: |\n");
        let rows = self.rng.between(3, 6);
        for _ in 0..rows {
            self.text.push_str("| ");
            self.word(true);
            let (before, now) = (self.rng.between(1, 9_999), self.rng.between(1, 9_999));
            let _ = writeln!(self.text, " | {before} | {now} |");
        }
        self.words_left -= 3 + rows;
    }

    /// Sentences of 7 to 24 words, `words` in all.
    fn sentences(&mut self, words: u64, style: Style) {
        let mut left = words;
        while left > 0 {
            let wanted = self.rng.between(7, 24);
            let length = if left < wanted + 7 { left } else { wanted };
            self.sentence(length, style);
            left -= length;
            if left > 0 {
                self.text.push(' ');
            }
        }
    }

    fn sentence(&mut self, length: u64, style: Style) {
        let span = match style {
            Style::Plain => None,
            Style::Decorated => self.span(length),
        };
        let spoken = style == Style::Decorated && length > 9 && self.rng.percent(7);
        if spoken {
            self.text.push('“');
        }
        let words = if spoken { length - 2 } else { length };
        for at in 0..words {
            if at > 0 {
                if self.rng.percent(7) {
                    self.text.push(',');
                }
                self.text.push(' ');
            }
            if let Some(span) = span.as_ref().filter(|span| span.start == at) {
                self.text.push_str(span.open);
            }
            self.word(at == 0);
            if let Some(span) = span.as_ref().filter(|span| span.end == at) {
                self.text.push_str(&span.close);
            }
        }
        if spoken {
            self.text.push_str(",” ");
            self.word(false);
            let name = self.rng.pick(&self.names);
            let _ = write!(self.text, " {name}");
        }
        self.text.push(if self.rng.percent(4) { '?' } else { '.' });
    }

    /// A link, if one is due, else sometimes emphasis: on words `start..=end` of a sentence.
    fn span(&mut self, length: u64) -> Option<Span> {
        let links = self.links.len() as u64;
        // The links left are spread evenly over the words left.
        let (open, close) =
            if links > 0 && self.rng.below(self.words_left + length) < length * links {
                ("[", format!("]({})", self.links.pop()?))
            } else {
                match self.rng.below(100) {
                    0..7 => ("*", "*".to_owned()),
                    7..11 => ("**", "**".to_owned()),
                    _ => return None,
                }
            };
        // A spoken sentence gives two of its words to the speaker.
        let words = self.rng.between(1, 4).min(length.saturating_sub(2).max(1));
        let start = self.rng.below(length.saturating_sub(words + 1).max(1));
        Some(Span {
            start,
            end: start + words - 1,
            open,
            close,
        })
    }

    fn word(&mut self, first: bool) {
        let world = self.archive.world;
        let chosen = match self.rng.below(100) {
            0..33 => {
                let topic = *self.rng.pick(&self.topics);
                &world.words[topic.words[world.topic_word_ranks.rank(&mut self.rng)]]
            }
            33..38 => self.rng.pick(&self.names),
            // Never first: a paragraph that opens with `12.` would be a list.
            38..40 if !first => {
                let digits = self.rng.weighted(&[20, 45, 25, 10]);
                let number = self.rng.between(1, [9, 99, 999, 99_999][digits]);
                let _ = write!(self.text, "{number}");
                return;
            }
            _ => &world.words[world.word_ranks.rank(&mut self.rng)],
        };
        let start = self.text.len();
        self.text.push_str(chosen);
        if first {
            self.text[start..=start].make_ascii_uppercase();
        }
    }
}

/// Whether a sentence may have links, emphasis and speech in it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    Plain,
    Decorated,
}

/// Markup around some words of a sentence.
struct Span {
    start: u64,
    end: u64,
    open: &'static str,
    close: String,
}
