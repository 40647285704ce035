//! An archive that is made up: articles of four sections over years, each about one of fifty
//! topics, which has words and tags of its own, by one of thirty authors, with a link to an older
//! article. The n-th article is the same in every run, however many there are.

use super::random::Random;

const SECTIONS: [&str; 4] = ["business", "news", "opinion", "sport"];
const TOPICS: usize = 50;
const AUTHORS: usize = 30;
/// Words that every article has, as English has its `the`.
const COMMON: usize = 150;
/// Words of a topic.
const OWN: usize = 25;
/// Words that any article may have, once in a while.
const RARE: usize = 8_000;
/// Days between two articles.
const DAYS: usize = 3;

/// The n-th article, from the oldest: its path and its text.
pub fn article(n: usize) -> (String, String) {
    let mut random = Random::new(n as u64);
    let topic = random.below(TOPICS);
    let title: Vec<String> = [Kind::Own, Kind::Rare, Kind::Common, Kind::Own, Kind::Rare]
        .map(|kind| kind.word(topic, &mut random))
        .into();
    let tags: Vec<String> = (0..=random.below(3))
        .map(|_| format!("tag-{}", word(topic * OWN + random.below(5))))
        .collect();
    let author = capitalised(&word(random.below(AUTHORS)));
    let mut body = String::new();
    for _ in 0..4 {
        let words: Vec<String> = (0..50)
            .map(|_| {
                let kind = *random.pick(&[Kind::Common, Kind::Common, Kind::Own, Kind::Rare]);
                kind.word(topic, &mut random)
            })
            .collect();
        body += &capitalised(&words.join(" "));
        body += ".\n\n";
    }
    if n > 0 {
        let older = place(n - 1 - random.below(n.min(50)));
        body += &["Before that: [an earlier story](../", &older, ").\n"].concat();
    }
    let text = format!(
        "---\ntitle: {}\ndate: {}\ntags: [{}]\nauthors: [{author}]\n---\n\n{body}",
        capitalised(&title.join(" ")),
        date(n),
        tags.join(", "),
    );
    (format!("content/{}", place(n)), text)
}

#[derive(Clone, Copy)]
enum Kind {
    Common,
    Own,
    Rare,
}

impl Kind {
    fn word(self, topic: usize, random: &mut Random) -> String {
        word(match self {
            Self::Common => random.below(COMMON),
            Self::Own => COMMON + topic * OWN + random.below(OWN),
            Self::Rare => COMMON + TOPICS * OWN + random.below(RARE),
        })
    }
}

/// The word of a number: three or four syllables, each number's its own.
fn word(mut number: usize) -> String {
    const SYLLABLES: [&str; 25] = [
        "ba", "ce", "di", "fo", "gu", "ha", "je", "ki", "lo", "mu", "na", "pe", "ri", "so", "tu",
        "va", "we", "xi", "yo", "zu", "bran", "cler", "drin", "fros", "grun",
    ];
    let mut word = String::new();
    while number > 0 || word.len() < 6 {
        word += SYLLABLES[number % SYLLABLES.len()];
        number /= SYLLABLES.len();
    }
    word
}

/// Section and name of the n-th article's file.
fn place(n: usize) -> String {
    let section = Random::new(!(n as u64)).below(SECTIONS.len());
    format!("{}/story-{n:05}.md", SECTIONS[section])
}

/// Every month has 28 days here, which is simpler and no less true.
fn date(n: usize) -> String {
    let day = n * DAYS;
    let (year, month, day) = (2014 + day / 336, day / 28 % 12 + 1, day % 28 + 1);
    format!("{year}-{month:02}-{day:02}T{:02}:30:00Z", n % 24)
}

fn capitalised(text: &str) -> String {
    text[..1].to_uppercase() + &text[1..]
}
