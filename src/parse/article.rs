//! One Markdown file.

use super::embeds::RawEmbed;
use super::front_matter::{FrontMatter, RawImage};
use super::kept::Outcome;
use super::outside;
use super::related::{RawExclusion, RawPin, RawRelated};
use crate::config::{Components, Config, FIELDS, Outside};
use crate::diagnostics::{Code, Diagnostic, Place, Severity, closest};
use crate::key::Key;
use crate::markdown::{self, BodyFault, Destination, FenceFault, Lines, UnsafeLink, classify};
use crate::model::{
    Article, Embed, EmbedImage, Exclusion, Image, Kind, Link, LinkKind, Pin, PinTarget, Position,
    SourceFile, WrittenDate, fold, slugify,
};
use crate::words::{Indexers, ReadEntry, ReadText, Readers, Text};
use crate::yaml::{self, Source, Values};

/// What reads what articles say.
#[derive(Clone, Copy)]
pub(super) struct Reading<'a> {
    /// For what is related to them.
    pub readers: &'a Readers,
    /// For a search; `None` where there is none.
    pub indexers: Option<&'a Indexers>,
}

/// What an article says.
#[derive(Debug, Default)]
pub(super) struct Says {
    pub text: ReadText,
    pub entry: Option<ReadEntry>,
}

/// Reads the text of one Markdown file. There is an article unless the text cannot be read at all,
/// also when there are errors in it, so that the site's other mistakes can be told in the same run.
pub(super) fn parse(
    file: &SourceFile,
    text: &str,
    kind: Kind,
    config: &Config,
    reading: Reading,
) -> Outcome<Article, Says> {
    let fenced = match markdown::split(text) {
        Ok(fenced) => fenced,
        Err(fault) => return (None, vec![fence_fault(&file.path, text, fault)]),
    };
    let source = Source {
        file: &file.path,
        text: fenced.yaml,
        first_line: fenced.yaml_line,
        syntax: Code::FrontMatterSyntax,
        value: Code::FrontMatterValue,
        duplicate: Code::FrontMatterDuplicate,
    };
    // Which of several names counts depends on which are there.
    let keys = if config.fields.is_empty() {
        Vec::new()
    } else {
        yaml::keys(fenced.yaml)
    };
    let present: Vec<&str> = keys.iter().map(String::as_str).collect();
    let new = || FrontMatter::expecting(&present, &config.fields);
    let (front, mut diagnostics) = yaml::record(source, config.front_matter_duplicates, new);
    if kind == Kind::Front {
        diagnostics.extend(useless_in_fronts(source, config));
    }
    let unreadable = front.unreadable.iter().take(source.most_faults());
    diagnostics.extend(unreadable.map(|key| {
        let (message, hint) = yaml::UNREADABLE;
        let place = yaml::place_of_key(source, key);
        Diagnostic::new(Code::FrontMatterValue, message)
            .at(place)
            .hint(hint)
    }));
    let outside = config.outside();
    diagnostics.extend(
        outside
            .iter()
            .flat_map(|outside| outside::keys(source, &front, config, outside)),
    );
    if outside.is_none_or(Outside::takes_extra) {
        let misspelt = front.unknown.iter().filter_map(|key| misspelt(source, key));
        diagnostics.extend(misspelt.take(source.most_faults()));
    }

    let mut scan = markdown::scan(
        text,
        fenced.body_start,
        front.math,
        config.highlight,
        &config.base_url.whole(),
        |name, form| config.treatment(name, form),
    );
    diagnostics.extend(components(&file.path, &scan, config));
    if let Some(severity) = config.links.severity() {
        let links = scan.unsafe_links.iter();
        diagnostics.extend(links.map(|link| unsafe_link(&file.path, link, severity)));
    }
    let formulas = scan.formula_faults.iter();
    diagnostics.extend(formulas.map(|fault| in_body(Code::Formula, &file.path, fault)));
    let code = scan.code_faults.iter();
    diagnostics.extend(code.map(|(code, fault)| in_body(*code, &file.path, fault)));
    let builder = Builder {
        file,
        kind,
        config,
        yaml: fenced.yaml,
        yaml_line: fenced.yaml_line,
        bytes: Key::of_bytes(text.as_bytes()),
    };
    let prose = std::mem::take(&mut scan.prose);
    let mut pictures = std::mem::take(&mut scan.pictures_elsewhere);
    let article = builder.article(front, scan, &mut diagnostics);
    if let Some(outside) = outside {
        pictures.extend(builder.pictures(&article));
        diagnostics.extend(pictures.iter().filter_map(|picture| {
            let UnsafeLink {
                destination,
                position,
            } = picture;
            outside::picture(&file.path, destination, *position, config, outside)
        }));
    }
    let says = says(&article, &prose, config, reading);
    (Some((article, says)), diagnostics)
}

fn says(article: &Article, prose: &str, config: &Config, reading: Reading) -> Says {
    let compares = config.related.compares();
    if article.kind == Kind::Front || !(compares || reading.indexers.is_some()) {
        return Says::default();
    }
    let headings: Vec<&str> = article
        .headings
        .iter()
        .map(|heading| &*heading.text)
        .collect();
    let text = Text {
        title: &article.title,
        headings: &headings.join("\n"),
        summary: if article.summary_written {
            &article.summary
        } else {
            ""
        },
        body: prose,
    };
    let language = article
        .language
        .as_deref()
        .unwrap_or(&config.own().language);
    let entry = |indexers: &Indexers| {
        let excerpt = markdown::beginning(prose, &article.title);
        indexers.read(text, &article.tags, excerpt)
    };
    Says {
        entry: reading.indexers.map(entry),
        text: if compares {
            reading.readers.read(language, text)
        } else {
            ReadText::default()
        },
    }
}

fn fence_fault(path: &str, text: &str, fault: FenceFault) -> Diagnostic {
    let (at, message, hint) = match fault {
        FenceFault::NotClosed(at) => (
            at,
            "the front matter that begins here is never closed",
            "put a line of `---` after the last key",
        ),
        FenceFault::LoneCr(at) => (
            at,
            "the lines of this file end in CR alone",
            "save it with LF or CRLF line ends",
        ),
        FenceFault::Toml(at) => (
            at,
            "this front matter is TOML; Pressroom reads YAML",
            "write it as YAML between two lines of `---`: `title: A headline`",
        ),
    };
    Diagnostic::new(Code::FrontMatterSyntax, message)
        .at(Place::in_text(path, text, at..at + 3))
        .hint(hint)
}

fn misspelt(source: Source, key: &str) -> Option<Diagnostic> {
    let near = closest(key, FIELDS.iter().copied()).filter(|near| *near != key)?;
    Some(
        Diagnostic::new(
            Code::FrontMatterKey,
            format!("there is no front matter key `{key}`"),
        )
        .at(yaml::place_of_key(source, key))
        .hint(format!(
            "did you mean `{near}`? Keys of your own go under `extra`"
        )),
    )
}

/// Keys that mean something for an article, and nothing for the front of a section.
const ARTICLES_ONLY: &[&str] = &[
    "tags", "authors", "related", "slug", "url", "draft", "publish", "expires", "weight", "image",
    "toc", "comments",
];

fn useless_in_fronts(source: Source, config: &Config) -> Vec<Diagnostic> {
    let keys = yaml::keys(source.text);
    let is_written = |name: &&str| keys.iter().any(|key| key == name);
    ARTICLES_ONLY
        .iter()
        .filter_map(|field| config.fields.names_of(field).find(is_written))
        .map(|name| {
            Diagnostic::new(
                Code::FrontMatterKey,
                format!("`{name}` means nothing in the front of a section"),
            )
            .at(yaml::place_of_key(source, name))
            .hint("remove it; title, summary, aliases, template and noindex are what a front can have")
        })
        .collect()
}

/// What is wrong somewhere in a body.
fn in_body(code: Code, path: &str, fault: &BodyFault) -> Diagnostic {
    Diagnostic::new(code, &*fault.message)
        .at(fault.position.in_file(path))
        .hint(&*fault.hint)
}

/// What is wrong with the components that an article calls.
fn components(path: &str, scan: &markdown::Scan, config: &Config) -> Vec<Diagnostic> {
    let severity = match config.components {
        Components::Error => Severity::Error,
        Components::Text | Components::Drop => Severity::Warning,
    };
    let faults = scan.faults.iter();
    let faults = faults.map(|fault| in_body(Code::Component, path, fault).severity(severity));
    let (barred, unknown): (Vec<_>, Vec<_>) = scan
        .unknown
        .iter()
        .partition(|(name, _)| config.known_components.contains(name));
    let barred = barred.into_iter().map(|(name, position)| {
        let message = format!("articles cannot call the component `{name}`");
        let hint = format!("take the call out; `components: {{allow: [{name}, …]}}` in pressroom.yaml lists those that articles can call");
        Diagnostic::new(Code::NotTrusted, message)
            .at(position.in_file(path))
            .hint(hint)
    });
    let unknown = unknown.into_iter().map(|(name, position)| {
        let known = config.known_components.iter().map(|known| &**known);
        let hint = match closest(name, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "put templates/components/NAME.html there with `{% component NAME() %}`; or say `components: text` or `components: drop` in pressroom.yaml".replace("NAME", name),
        };
        Diagnostic::new(Code::Component, format!("there is no component `{name}`"))
            .at(position.in_file(path))
            .hint(hint)
    });
    let tells_unknown = config.components == Components::Error;
    faults
        .chain(barred)
        .chain(unknown.filter(|_| tells_unknown))
        .collect()
}

fn unsafe_link(path: &str, link: &UnsafeLink, severity: Severity) -> Diagnostic {
    let shown: String = link.destination.chars().take(60).collect();
    let scheme = shown.split(':').next().unwrap_or("");
    let hint = match closest(scheme, ["https", "http", "mailto"]) {
        Some(near) => format!("did you mean `{near}:`?"),
        None => "write an http, https or mailto address".to_owned(),
    };
    Diagnostic::new(
        Code::UnsafeLink,
        format!(
            "links cannot begin with `{scheme}:`; this one is published without its destination"
        ),
    )
    .at(link.position.in_file(path))
    .severity(severity)
    .hint(hint)
}

struct Builder<'a> {
    file: &'a SourceFile,
    kind: Kind,
    config: &'a Config,
    yaml: &'a str,
    yaml_line: u32,
    /// Of the whole file.
    bytes: Key,
}

impl Builder<'_> {
    fn article(
        &self,
        front: FrontMatter,
        mut scan: markdown::Scan,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Article {
        let mut links = std::mem::take(&mut scan.links);
        let place = self.place();
        let (name_date, stem) = dated_name(&place.stem);
        let zone = &self.config.timezone;
        let resolve = |date: Option<WrittenDate>| date.map(|date| date.resolve(zone));
        let first = scan.headings.first().filter(|heading| heading.level == 1);
        let title_in_body = front.title.is_none() && first.is_some();
        let title = self.title(front.title, &scan, stem, diagnostics);
        let mut places = self.values("aliases");
        let aliases = front
            .aliases
            .into_iter()
            .map(|alias| {
                let position = places.find(alias.as_str().trim_end_matches('/'));
                (alias, position)
            })
            .collect();
        let route = match (&front.url, &front.slug) {
            (Some(url), _) => Some(self.position_of("url", url.as_str().trim_end_matches('/'))),
            (None, Some(slug)) => Some(self.position_of("slug", slug.as_str())),
            (None, None) => None,
        };
        let template = front.template.map(|name| {
            let position = self.position_of("template", &name);
            (name.into(), position)
        });
        let translation = front.translation.map(|name| {
            let position = self.position_of("translation", &name);
            (name.into(), position)
        });
        let versions = || self.versions().map(|name| (name, Position::default()));
        let translation = translation.or_else(versions);
        let language = self.language(front.lang, place.edition, diagnostics);
        let related = front.related.block;
        let (pins, excluded) = self.related(front.related);
        let embeds = front.embeds.0.into_iter();
        let mut places = self.values("embeds");
        let embeds = embeds.map(|embed| self.embed(embed, &mut places, &mut links, diagnostics));
        let embeds = embeds.collect();
        Article {
            route_position: route.unwrap_or_default(),
            source: self.file.path.as_str().into(),
            bytes: self.bytes,
            kind: self.kind,
            section: place.section.into(),
            folders: place.folders.into(),
            title_in_body,
            title: title.into(),
            date: resolve(front.date.or(name_date)),
            updated: resolve(front.updated),
            publish: resolve(front.publish),
            expires: resolve(front.expires),
            tags: distinct(front.tags).into(),
            authors: distinct(front.authors).into(),
            related,
            pins: pins.into(),
            excluded: excluded.into(),
            embeds,
            summary_written: front.summary.is_some(),
            summary: front
                .summary
                .map_or(scan.summary, |summary| markdown::plain_text(&summary))
                .into(),
            image: front.image.map(|image| Box::new(self.image(image))),
            slug: front.slug.unwrap_or_else(|| slugify(stem)),
            url: front.url,
            aliases,
            draft: front.draft,
            comments: front.comments,
            archived_comments: Box::default(),
            language,
            translation: translation.map(Box::new),
            template: template.map(Box::new),
            weight: front.weight,
            toc: front.toc,
            math: front.math,
            noindex: front.noindex,
            extra: (!front.extra.is_empty()).then(|| Box::new(front.extra)),
            words: scan.words,
            minutes: scan.minutes,
            headings: scan.headings.into(),
            anchors: scan.anchors.into(),
            links: links.into(),
            calls: scan.calls.into(),
            code: scan.code.into(),
        }
    }

    fn title(
        &self,
        written: Option<String>,
        scan: &markdown::Scan,
        stem: &str,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> String {
        if let Some(title) = written {
            return title;
        }
        if let Some(heading) = scan.headings.first().filter(|heading| heading.level == 1) {
            return heading.text.to_string();
        }
        let words = stem.replace(['-', '_'], " ");
        let mut letters = words.trim().chars();
        let title: String = match letters.next() {
            Some(first) => first.to_uppercase().chain(letters).collect(),
            None => stem.to_owned(),
        };
        // Where the front matter could not be read, it may have had a title.
        let unread = diagnostics
            .iter()
            .any(|found| found.severity == Severity::Error);
        if self.kind != Kind::Front && !unread {
            diagnostics.push(
                Diagnostic::new(
                    Code::TitleMissing,
                    format!("this article has no title and is called “{title}” after its file"),
                )
                .at(Place::file(&self.file.path))
                .hint("write `title: …` in its front matter, or begin its text with `# …`"),
            );
        }
        title
    }

    /// The language that an article is in: as it says, or as the name of its file does. That of an
    /// edition is written as pressroom.yaml writes it.
    fn language(
        &self,
        said: Option<String>,
        named: Option<usize>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Option<Box<str>> {
        let editions = &self.config.editions;
        let edition = said.as_deref().and_then(|tag| self.config.edition_in(tag));
        if let (Some(said), Some(named)) = (&said, named)
            && edition != Some(named)
        {
            let language = &editions[named].language;
            let message = format!("the file's name says `{language}`, and `lang` says `{said}`");
            diagnostics.push(
                Diagnostic::new(Code::FrontMatterValue, message)
                    .at(self.position_of("lang", said).in_file(&self.file.path))
                    .hint("remove `lang`, or rename the file"),
            );
        }
        match edition.or(named) {
            Some(edition) => Some(editions[edition].language.as_str().into()),
            None => said.map(Into::into),
        }
    }

    /// What the versions of a file in several languages have in common: its path without its ending
    /// and its language. `None` in a site that is in one.
    fn versions(&self) -> Option<Box<str>> {
        if self.config.editions.len() == 1 {
            return None;
        }
        let path = &self.file.path;
        let path = path.rsplit_once('.').map_or(&**path, |(path, _)| path);
        Some(self.config.named(path).0.into())
    }

    /// Where the file lies: section, folders below it, and the name that its slug comes from.
    fn place(&self) -> FilePlace {
        let path = self
            .file
            .path
            .strip_prefix("content/")
            .unwrap_or(&self.file.path);
        let mut parts: Vec<&str> = path.split('/').collect();
        let name = parts.pop().unwrap_or(path);
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let (mut stem, edition) = self.config.named(stem);
        match self.kind {
            Kind::Bundle => stem = parts.pop().unwrap_or(stem),
            Kind::Front => stem = parts.last().copied().unwrap_or("Home"),
            Kind::Article => {}
        }
        let section = parts.first().copied().unwrap_or("");
        let folders: Vec<_> = parts
            .iter()
            .skip(1)
            .map(|part| slugify(part).to_string())
            .collect();
        FilePlace {
            section: section.to_owned(),
            folders: folders.join("/"),
            stem: stem.to_owned(),
            edition,
        }
    }

    /// Pins and exclusions with their places. An article may be named by both, so each is looked
    /// for below its own key.
    fn related(&self, related: RawRelated) -> (Vec<Pin>, Vec<Exclusion>) {
        let names = || self.config.fields.names_of("related");
        let values = if related.pins_have_a_key {
            Values::within(self.yaml, names(), "pins")
        } else {
            Values::of(self.yaml, names())
        };
        let mut places = self.places(values);
        let pins = related.pins.into_iter().map(|pin| pin_at(pin, &mut places));
        let pins = pins.collect();
        let mut places = self.places(Values::within(self.yaml, names(), "exclude"));
        let excluded = related
            .excluded
            .into_iter()
            .map(|RawExclusion(target)| Exclusion {
                position: places.find(&target),
                target: target.into(),
            });
        (pins, excluded.collect())
    }

    /// A described page. Its picture is one of the article's links.
    fn embed(
        &self,
        embed: RawEmbed,
        places: &mut Places,
        links: &mut Vec<Link>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Embed {
        let image = embed.image.and_then(|src| {
            let position = places.find(&src);
            match classify(&src, true, &self.config.base_url.whole()) {
                Destination::Here(here) => {
                    links.push(Link {
                        kind: LinkKind::Image,
                        destination: here.into(),
                        position,
                    });
                    Some(EmbedImage::Here(links.len() as u32 - 1))
                }
                Destination::Elsewhere | Destination::Foreign => {
                    Some(EmbedImage::Elsewhere(src.into()))
                }
                Destination::Unsafe => {
                    let destination = src.into();
                    let link = UnsafeLink {
                        destination,
                        position,
                    };
                    let severity = self.config.links.severity();
                    diagnostics.extend(
                        severity.map(|severity| unsafe_link(&self.file.path, &link, severity)),
                    );
                    None
                }
            }
        });
        Embed {
            url: embed.url.into(),
            title: markdown::plain_text(&embed.title).into(),
            summary: markdown::plain_text(&embed.summary).into(),
            site: embed.site.into(),
            image,
        }
    }

    fn image(&self, image: RawImage) -> Image {
        Image {
            position: self.position_of("image", &image.src),
            src: image.src.into(),
            alt: image.alt.into(),
            credit: image.credit.map(Into::into),
            caption: image.caption.map(Into::into),
        }
    }

    /// The pictures that the front matter names.
    fn pictures(&self, article: &Article) -> Vec<UnsafeLink> {
        let of_embeds = article
            .embeds
            .iter()
            .filter_map(|embed| match &embed.image {
                Some(EmbedImage::Elsewhere(src)) => Some(src.clone()),
                _ => None,
            });
        let of_embeds = of_embeds.map(|destination| UnsafeLink {
            position: self.position_of("embeds", &destination),
            destination,
        });
        let lead = article.image.iter().map(|image| UnsafeLink {
            destination: image.src.clone(),
            position: image.position,
        });
        lead.chain(of_embeds).collect()
    }

    /// Where a value stands in the front matter.
    fn position_of(&self, key: &str, value: &str) -> Position {
        self.values(key).find(value)
    }

    /// Where the values of a key stand.
    fn values(&self, key: &str) -> Places<'_> {
        self.places(Values::of(self.yaml, self.config.fields.names_of(key)))
    }

    fn places<'a>(&'a self, values: Option<Values<'a>>) -> Places<'a> {
        Places {
            values,
            lines: Lines::new(self.yaml),
            before: self.yaml_line - 1,
        }
    }
}

/// Where values stand that are asked for in the order in which they are written.
struct Places<'a> {
    /// `None` where there is no such key.
    values: Option<Values<'a>>,
    lines: Lines<'a>,
    /// Lines of the file before the front matter.
    before: u32,
}

impl Places<'_> {
    fn find(&mut self, value: &str) -> Position {
        let range = self.values.as_mut().map(|values| values.find(value));
        let position = self.lines.position(range.unwrap_or(0..0));
        Position {
            line: self.before + position.line,
            ..position
        }
    }
}

fn pin_at(pin: RawPin, places: &mut Places) -> Pin {
    let (written, target) = match pin {
        RawPin::Here(here) => (here.clone(), PinTarget::Here(here.into())),
        RawPin::Elsewhere {
            url,
            title,
            summary,
        } => (
            url.clone(),
            PinTarget::Elsewhere {
                url: url.into(),
                title: title.into(),
                summary: markdown::plain_text(&summary).into(),
            },
        ),
    };
    Pin {
        position: places.find(&written),
        target,
    }
}

struct FilePlace {
    section: String,
    folders: String,
    stem: String,
    /// The edition that its name says.
    edition: Option<usize>,
}

/// A date at the beginning of a file's name, as in `2024-07-04-budget`, and the rest of it.
fn dated_name(stem: &str) -> (Option<WrittenDate>, &str) {
    let is_date = stem.len() > 11
        && stem.is_char_boundary(11)
        && stem.bytes().take(11).enumerate().all(|(at, b)| match at {
            4 | 7 => b == b'-',
            10 => matches!(b, b'-' | b'_'),
            _ => b.is_ascii_digit(),
        });
    if is_date && let Ok(date) = stem[..10].parse() {
        return (Some(date), &stem[11..]);
    }
    (None, stem)
}

/// The texts that are not empty, each once, in their order.
fn distinct(texts: Vec<String>) -> Vec<Box<str>> {
    let mut seen = std::collections::BTreeSet::new();
    texts
        .into_iter()
        .map(|text| text.trim().to_owned())
        .filter(|text| !text.is_empty() && seen.insert(fold(text)))
        .map(Into::into)
        .collect()
}
