//! A publication that is edited at random: articles and everything else that a site is made of.

use std::collections::BTreeMap;

use super::random::Random;
use super::{Site, pictures};

const SECTIONS: [&str; 3] = ["city", "news", "opinion"];
const TAGS: [&str; 7] = [
    "ferry", "Ferry", "harbour", "budget", "old town", "Old-Town", "tram",
];
const PHOTOGRAPHS: [&str; 2] = ["static/us.png", "content/city/view.png"];
const AUTHORS: [&str; 3] = ["city-desk", "A. Reporter", "B. Editor"];
const WORDS: [&str; 24] = [
    "harbour", "bridge", "council", "ferry", "budget", "tram", "fares", "market", "pier", "winter",
    "repairs", "vote", "mayor", "school", "library", "museum", "storm", "lights", "station",
    "park", "river", "press", "archive", "festival",
];

const CONFIG: &str = "title: The Gazette\nbase_url: https://gazette.example/\nlinks: warn\n";
const VARIANTS: [&str; 14] = [
    "listing: {page_size: 3}\nsearch: true",
    "listing: {page_size: 3}",
    "listing: {page_size: 3, pagination: newest-first}",
    "listing: {page_size: 3}\nrelated: {count: 2}",
    "listing: {page_size: 4}\nrelated: false",
    "listing: {page_size: 3}\nparams: {palette: navy}",
    "description: All about the harbour\ncomments: off\nsearch: true",
    "navigation: [{title: City, url: /city/}]\nnewsletter: {action: /join/, text: Weekly}",
    "language: fr\nfeeds: {entries: 3}",
    "theme: journal\nsitemap: {news: false}",
    "social_cards: true",
    "pictures: false",
    "listing: {page_size: 3}\nlanguages: [de]\nsearch: true",
    "listing: {page_size: 3}\nlanguages: {de: {title: Die Zeitung}, fr: {}}",
];

/// An article, as far as edits know of it.
#[derive(Debug, Clone, Default)]
struct Story {
    title: String,
    date: String,
    tags: Vec<&'static str>,
    authors: Vec<&'static str>,
    pins: Vec<String>,
    /// Any other lines of front matter, by their keys.
    others: BTreeMap<&'static str, String>,
    body: Vec<String>,
    comments: Option<String>,
}

/// A template that shows what its readers seldom see: the type of front matter, and data.
fn template(data: &str) -> String {
    format!(
        "{{% extends \"broadsheet/article.html\" %}}\n{{% block extra_head %}}\
         {{% set file = data(path=\"{data}.yaml\") %}}<meta name=\"team\" content=\"{{{{ file.size }}}}\">\
         {{% for other in article.related %}}<!-- {{{{ other.extra.mood or 0 }}}} -->{{% endfor %}}\
         {{% endblock %}}\n"
    )
}

const LISTING: &str = "{% extends \"broadsheet/tag.html\" %}\n{% block extra_head %}\
    {% for other in listing.articles %}<!-- {{ other.extra.mood or 0 }} -->{% endfor %}{% endblock %}\n";

impl Story {
    fn new(random: &mut Random) -> Self {
        let mut story = Self {
            title: sentence(4, random),
            date: date(random),
            ..Self::default()
        };
        story.retag(random);
        for _ in 0..=random.below(3) {
            story.body.push(sentence(30, random));
        }
        story
    }

    fn retag(&mut self, random: &mut Random) {
        self.tags = (0..random.below(4)).map(|_| *random.pick(&TAGS)).collect();
        self.authors = (0..random.below(3))
            .map(|_| *random.pick(&AUTHORS))
            .collect();
    }

    /// Its file in a site with these stories. Others cannot be pinned.
    fn text(&self, stories: &BTreeMap<String, Self>) -> String {
        let pins = self.pins.iter().filter(|pin| stories.contains_key(*pin));
        let pins: Vec<_> = pins.map(|pin| format!("content/{pin}.md")).collect();
        let mut lines = vec![
            format!("title: {}", self.title),
            format!("date: {}", self.date),
            format!("tags: [{}]", self.tags.join(", ")),
            format!("authors: [{}]", self.authors.join(", ")),
            format!("related: [{}]", pins.join(", ")),
        ];
        let others = self.others.iter();
        lines.extend(others.map(|(key, value)| format!("{key}: {value}")));
        let body = self.body.join("\n\n");
        format!("---\n{}\n---\n\n{body}\n", lines.join("\n"))
    }
}

/// All that a site is made of.
#[derive(Debug, Clone, Default)]
pub struct State {
    /// By path, without content/ and the ending.
    stories: BTreeMap<String, Story>,
    /// Every other file, by its whole path.
    files: BTreeMap<String, Vec<u8>>,
}

impl State {
    pub fn new(random: &mut Random) -> Self {
        let mut state = Self::default();
        let config = format!("{CONFIG}{}\n", VARIANTS[0]);
        state.files.insert("pressroom.yaml".into(), config.into());
        for (path, text) in [
            ("data/read.yaml", "size: 3\n"),
            ("data/unread.yaml", "size: 3\n"),
            ("data/numbers.csv", "day,print,web\nMon,3,5\nTue,4,1\n"),
            ("content/city/map.svg", "<svg/>\n"),
            ("static/humans.txt", "Us.\n"),
            ("templates/article.html", &template("read")),
        ] {
            state.files.insert(path.into(), text.into());
        }
        for path in PHOTOGRAPHS {
            state.files.insert(path.into(), pictures::png(700, 400));
        }
        for _ in 0..24 {
            state.add(random);
        }
        state
    }

    fn add(&mut self, random: &mut Random) {
        let number = random.below(1_000);
        let path = format!("{}/story-{number}", random.pick(&SECTIONS));
        self.stories.insert(path, Story::new(random));
    }

    /// What is on disk for this.
    pub fn on_disk(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = self.files.clone();
        for (path, story) in &self.stories {
            files.insert(
                format!("content/{path}.md"),
                story.text(&self.stories).into(),
            );
            if let Some(comments) = &story.comments {
                files.insert(
                    format!("content/{path}.comments.yaml"),
                    comments.clone().into(),
                );
            }
        }
        files
    }

    pub fn any(&self, random: &mut Random) -> String {
        let paths: Vec<&String> = self.stories.keys().collect();
        (*random.pick(&paths)).clone()
    }

    /// Changes nothing but what a story says, and says which.
    pub fn rewrite(&mut self, random: &mut Random) -> String {
        let path = self.any(random);
        let words = sentence(12, random);
        let story = self.stories.get_mut(&path).expect("it is one of them");
        if random.below(3) == 0 {
            story.body.pop();
        }
        story.body.push(words);
        format!("text ({path})")
    }

    /// Changes something, and says what.
    #[expect(clippy::too_many_lines, reason = "it is a list")]
    pub fn edit(&mut self, random: &mut Random) -> String {
        let path = self.any(random);
        let other = self.any(random);
        let count = self.stories.len();
        let (title, when, words) = (sentence(3, random), date(random), sentence(12, random));
        let (number, variant) = (random.below(5), random.below(VARIANTS.len()));
        let story = self.stories.get_mut(&path).expect("it is one of them");
        let mut flag = |key: &'static str, value: String| {
            if story.others.remove(key).is_none() {
                story.others.insert(key, value);
            }
        };
        let what = match random.below(43) {
            0 | 1 => {
                self.add(random);
                "add"
            }
            2 if count > 8 => {
                self.stories.remove(&path);
                "delete"
            }
            3 => {
                let story = self.stories.remove(&path).expect("it was there");
                let section = random.pick(&SECTIONS);
                let name = format!("{section}/renamed-{}", random.below(1_000));
                self.stories.insert(name, story);
                "rename"
            }
            4 => {
                story.retag(random);
                "retag"
            }
            5 => {
                story.date = when;
                "redate"
            }
            6 => {
                story.pins = vec![other.clone()];
                story.pins.retain(|pin| *pin != path);
                "pin"
            }
            7 if number == 0 => {
                // With and without colours: pages that have none need one style sheet less.
                let language = ["text", "rust", "yaml {linenos=true}"][random.below(3)];
                story.body.push(format!("```{language}\n{words}\n```"));
                "code"
            }
            7 => {
                story.body.push(words);
                "body"
            }
            8 => {
                // Pairs of words in titles and headings are phrases wherever they are.
                story.body.push(format!("## {title}\n\n{words}"));
                "heading"
            }
            9 => {
                story
                    .body
                    .push(format!("[Before](/{other}/) and ![a map](map.svg)"));
                "link"
            }
            10 => {
                story.title = title;
                "title"
            }
            11 => {
                flag("draft", "true".into());
                "draft"
            }
            12 => {
                flag("summary", words);
                "summary"
            }
            13 => {
                flag("lang", "de".into());
                "language"
            }
            14 | 26 | 27 => {
                // Values that only their type tells apart, in one article over and over.
                let value = ["true", "1", "\"1\"", "1.0", ".nan"][number];
                let first = self.stories.values_mut().next().expect("there are some");
                first.others.insert("mood", value.into());
                "extra"
            }
            15 => {
                flag("image", "{src: map.svg, alt: A map}".into());
                "image"
            }
            16 => {
                flag("aliases", format!("[/old-{}/]", random.below(50)));
                "alias"
            }
            17 => {
                let text = format!("- author: Reader {number}\n  text: \"{words}\"\n");
                story.comments = (number > 0).then_some(text);
                "comments"
            }
            18 => {
                let text = format!("size: {number}\n");
                let file = ["data/read.yaml", "data/unread.yaml"][random.below(2)];
                self.files.insert(file.into(), text.into());
                "data"
            }
            19 => {
                let text = format!("ferry: {{label: Ferries, description: {words}}}\n");
                self.toggle("data/tags.yaml", text);
                "label of a tag"
            }
            20 => {
                let text = format!("city-desk: {{name: The city desk, bio: {words}}}\n");
                self.toggle("data/authors.yaml", text);
                "author"
            }
            21 => {
                self.toggle("templates/article.html", template("read"));
                self.toggle("templates/tag.html", LISTING.into());
                "template"
            }
            22 => {
                self.toggle("static/style.css", format!("/* {number} */\n"));
                "static file in the place of the theme's"
            }
            23 => {
                let config = format!("{CONFIG}{}\n", VARIANTS[variant]);
                self.files.insert("pressroom.yaml".into(), config.into());
                "configuration"
            }
            28 => {
                self.toggle("i18n/en.yaml", format!("tags: Topics {number}\n"));
                "words of the theme"
            }
            29 => {
                self.toggle("static/favicon.png", "no picture\n".to_owned());
                "icon"
            }
            30..=32 => {
                // The card of an article by itself would be a mistake.
                let card = format!("{{{{<article path=\"content/{other}.md\" />}}}}");
                let link = "https://example.org/report";
                let parts = [
                    "{{<figure src=\"/humans.txt\" alt=\"Us\" caption=\"All of us\" />}}"
                        .to_owned(),
                    format!("{{% <note kind=\"tip\"> %}}\n{words}\n{{% </note> %}}"),
                    "{{<chart kind=\"line\" title=\"Readers\" data=\"numbers.csv\" />}}".to_owned(),
                    format!(
                        "{{{{<embed href=\"{link}\" title=\"{title}\" image=\"/humans.txt\" />}}}}"
                    ),
                    if other == path { title } else { card },
                ];
                story.body.push(parts[number].clone());
                "component"
            }
            33 | 34 => {
                let text = format!("day,print,web\nMon,{number},5\nTue,4,\n");
                self.files.insert("data/numbers.csv".into(), text.into());
                "numbers of charts"
            }
            35 => {
                let text = format!("/* {number} */\n");
                self.toggle("static/components/note.css", text);
                "style of a component"
            }
            36 => {
                let photograph = PHOTOGRAPHS[random.below(2)];
                let picture = pictures::png(300 + 200 * number as u32, 400);
                self.files.insert(photograph.into(), picture);
                "photograph"
            }
            39 | 40 if !path.contains(".de") => {
                self.stories
                    .insert(format!("{path}.de"), Story::new(random));
                "version in another language"
            }
            41 => {
                let text = format!("---\ntitle: Stadt {number}\n---\n\n{words}\n");
                self.toggle("content/city/_index.de.md", text);
                let text = format!("city-desk: {{bio: {words}}}\n");
                self.toggle("data/authors.de.yaml", text);
                "front and author in another language"
            }
            42 => {
                story
                    .body
                    .push(format!("[See](../{other}.md) and [[{title}]]"));
                "link to a file"
            }
            37 | 38 => {
                let shown = [
                    "![Us](/us.png)",
                    "![The city](../city/view.png \"View\")",
                    "{{<figure src=\"/us.png\" alt=\"Us\" />}}",
                    "{% <gallery> %}\n![Us](/us.png)\n\n![View](/city/view.png)\n{% </gallery> %}",
                ];
                match shown.get(number) {
                    Some(shown) => story.body.push((*shown).to_owned()),
                    None => flag("image", "{src: /city/view.png, alt: A view}".into()),
                }
                "text with a photograph"
            }
            24 => {
                self.files.insert(
                    "content/city/map.svg".into(),
                    format!("<svg id=\"n{number}\"/>\n").into(),
                );
                "picture"
            }
            _ => {
                self.toggle(
                    "content/city/_index.md",
                    format!("---\ntitle: City {number}\n---\n\n{words}\n"),
                );
                "front of a section"
            }
        };
        format!("{what} ({path})")
    }

    fn toggle(&mut self, path: &str, text: String) {
        if self.files.remove(path).is_none() {
            self.files.insert(path.into(), text.into());
        }
    }
}

fn sentence(words: usize, random: &mut Random) -> String {
    let words: Vec<&str> = (0..words).map(|_| *random.pick(&WORDS)).collect();
    words.join(" ")
}

fn date(random: &mut Random) -> String {
    format!(
        "202{}-0{}-1{}",
        random.below(5),
        1 + random.below(9),
        random.below(9)
    )
}

/// Makes a site's folder what a state says. Files that stay are not touched.
pub fn put(site: &Site, before: &BTreeMap<String, Vec<u8>>, after: &BTreeMap<String, Vec<u8>>) {
    for path in before.keys().filter(|path| !after.contains_key(*path)) {
        site.remove(path);
    }
    for (path, text) in after {
        if before.get(path) != Some(text) {
            site.write(path, text);
        }
    }
}

/// A number of the environment.
pub fn number(name: &str, otherwise: u64) -> u64 {
    let given = std::env::var(name).ok();
    given.map_or(otherwise, |text| text.parse().expect("a number"))
}
