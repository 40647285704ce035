//! Pictures with captions, galleries and films.

use std::fmt::Write as _;

use rustc_hash::FxHashSet;

use super::inline::known;
use super::line::Line;
use super::tree::{Data, Id};
use super::{Note, Writer, escape};

/// Classes of elements that hold pictures beside each other.
const GALLERIES: [&str; 5] = [
    "gallery",
    "wp-block-gallery",
    "blocks-gallery-grid",
    "tiled-gallery",
    "wp-block-jetpack-tiled-gallery",
];

/// Classes of elements that say what a picture shows.
const CAPTIONS: [&str; 3] = [
    "wp-caption-text",
    "blocks-gallery-caption",
    "gallery-caption",
];

/// A picture of a figure.
#[derive(Debug, Clone, Copy)]
struct Shown {
    image: Id,
    /// What holds it and no other picture, or the whole.
    holder: Id,
    caption: Option<Id>,
}

impl Writer<'_> {
    pub(super) fn is_gallery(&self, id: Id) -> bool {
        self.tree.has_class(id, &GALLERIES)
            && self.tree.named(id, &["img"]).nth(1).is_some()
            && self
                .tree
                .named(id, &["table", "iframe", "video"])
                .next()
                .is_none()
    }

    pub(super) fn figure(&mut self, id: Id, blocks: &mut Vec<String>) {
        let tree = self.tree;
        let images: Vec<Id> = tree.named(id, &["img"]).collect();
        let film = tree
            .named(id, &["iframe", "video", "audio", "object", "embed"])
            .next();
        let has_text = tree
            .named(
                id,
                &[
                    "table",
                    "blockquote",
                    "pre",
                    "p",
                    "ul",
                    "ol",
                    "form",
                    "h2",
                    "h3",
                    "h4",
                ],
            )
            .any(|block| !self.is_in_caption(block, id));
        let caption = self.caption(id);
        if let Some(film) = film.filter(|_| images.is_empty() && !has_text) {
            let name = tree.name(film).unwrap_or_default().to_owned();
            let text = caption
                .map(|caption| tree.text(caption))
                .unwrap_or_default();
            return self.film(film, &name, &text, blocks);
        }
        if film.is_some() || images.is_empty() || has_text {
            // Its caption is the paragraph below it.
            return blocks.extend(self.flow(id));
        }
        let pictures: Vec<Shown> = match images.as_slice() {
            [image] => vec![Shown {
                image: *image,
                holder: id,
                caption,
            }],
            images => images.iter().map(|image| self.entry(*image, id)).collect(),
        };
        let captions = pictures.iter().filter_map(|shown| shown.caption);
        let block = match pictures.as_slice() {
            _ if !self.says_only(id, captions.chain(caption)) => None,
            [picture] => self.figure_of(picture),
            pictures => self.gallery(pictures, caption),
        };
        match block {
            Some(block) => blocks.push(block),
            // A picture without an address is none, and what else is said stays.
            None => blocks.extend(self.flow(id)),
        }
    }

    /// Whether no words stand in a figure but those of these captions.
    fn says_only(&self, figure: Id, captions: impl Iterator<Item = Id>) -> bool {
        let tree = self.tree;
        let said: FxHashSet<Id> = captions.flat_map(|caption| tree.below(caption)).collect();
        let mut texts = tree.below(figure);
        texts.all(|at| match tree.data(at) {
            Data::Text(text) => text.trim().is_empty() || said.contains(&at),
            _ => true,
        })
    }

    /// A picture of a gallery, and the element of the gallery that has it alone.
    fn entry(&self, image: Id, gallery: Id) -> Shown {
        let tree = self.tree;
        let mut entries = tree.named(gallery, &["figure", "li", "dl"]);
        let entry = entries.find(|entry| {
            let mut inside = tree.named(*entry, &["img"]);
            inside.next() == Some(image) && inside.next().is_none()
        });
        Shown {
            image,
            holder: entry.unwrap_or(gallery),
            caption: entry.and_then(|entry| self.caption(entry)),
        }
    }

    fn is_in_caption(&self, id: Id, figure: Id) -> bool {
        let mut captions = self.tree.named(figure, &["figcaption"]);
        captions.any(|caption| self.tree.below(caption).any(|below| below == id))
    }

    /// The caption that is a figure's own.
    fn caption(&self, id: Id) -> Option<Id> {
        let tree = self.tree;
        let own = tree
            .children(id)
            .find(|child| tree.name(*child) == Some("figcaption"));
        let own = own.or_else(|| {
            let is_single = tree.named(id, &["img", "iframe", "video"]).nth(1).is_none();
            let mut below = tree.below(id);
            below.find(|at| {
                is_single
                    && (tree.name(*at) == Some("figcaption") || tree.has_class(*at, &CAPTIONS))
            })
        });
        own.filter(|caption| !tree.text(*caption).trim().is_empty())
    }

    /// The block of one picture. `None`: it has no address.
    fn figure_of(&mut self, shown: &Shown) -> Option<String> {
        let tree = self.tree;
        let Shown {
            image,
            holder,
            caption,
        } = *shown;
        let around = tree
            .named(holder, &["a"])
            .find(|link| tree.below(*link).any(|below| below == image));
        let href = around
            .and_then(|link| self.href(link))
            .filter(|href| !href.is_empty());
        let Some(caption) = caption else {
            let picture = self.picture(image)?;
            return Some(match href {
                Some(href) => {
                    let mut out = format!("[{picture}](");
                    escape::destination(&mut out, &href);
                    out.push(')');
                    out
                }
                None => picture,
            });
        };
        let mut call = format!("figure src={}", escape::quoted(&self.source(image)?));
        if let Some(alt) = tree
            .attribute(image, "alt")
            .filter(|alt| !alt.trim().is_empty())
        {
            let _ = write!(call, " alt={}", escape::quoted(alt));
        }
        if let Some(href) = href {
            let _ = write!(call, " href={}", escape::quoted(&href));
        }
        let is_marked = tree.below(caption).any(|at| tree.name(at).is_some());
        if !is_marked {
            let text = escape::quoted(&tree.text(caption));
            return Some(format!("{{{{<{call} caption={text} />}}}}"));
        }
        let mut line = Line::default();
        self.inlines(caption, &mut line);
        let text = escape::paragraph(line.finish().trim());
        Some(format!("{{% <{call}> %}}\n{text}\n{{% </figure> %}}"))
    }

    /// The block of pictures beside each other. `None`: one has no address.
    fn gallery(&mut self, pictures: &[Shown], caption: Option<Id>) -> Option<String> {
        let pictures = pictures.iter().map(|shown| self.figure_of(shown));
        let inner = pictures.collect::<Option<Vec<_>>>()?.join("\n\n");
        let caption = match caption {
            Some(caption) => format!(" caption={}", escape::quoted(&self.tree.text(caption))),
            None => String::new(),
        };
        Some(format!(
            "{{% <gallery{caption}> %}}\n{inner}\n{{% </gallery> %}}"
        ))
    }

    /// A film, a sound or another page in a frame.
    pub(super) fn film(&mut self, id: Id, name: &str, caption: &str, blocks: &mut Vec<String>) {
        let tree = self.tree;
        let title = ["title", "aria-label"]
            .iter()
            .find_map(|key| tree.attribute(id, key));
        let title = title.filter(|title| !title.trim().is_empty());
        let title = title
            .or(Some(caption))
            .filter(|title| !title.trim().is_empty());
        let title = escape::quoted(title.unwrap_or("Video"));
        let mut call = None;
        match name {
            "iframe" | "embed" => {
                let src = tree.attribute(id, "src").unwrap_or_default();
                call = player(src)
                    .map(|(service, film)| format!("{service}={}", escape::quoted(&film)));
            }
            "video" => {
                let source = tree.named(id, &["source"]).next();
                let holder = [Some(id), source];
                let src = holder.into_iter().flatten().find_map(|at| self.source(at));
                let tracks = tree.named(id, &["track"]).next().is_some();
                let file = src.filter(|src| !tracks && is_film(src));
                call = file.map(|src| format!("src={}", escape::quoted(&src)));
                if let (Some(call), Some(poster)) = (&mut call, tree.attribute(id, "poster")) {
                    let poster = self.host.media(poster);
                    let _ = write!(call, " poster={}", escape::quoted(&poster));
                }
            }
            _ => {}
        }
        let Some(mut call) = call else {
            self.note(Note::Kept(known(name)));
            let html = self.raw(id, false);
            blocks.push(html);
            if !caption.trim().is_empty() {
                let mut line = Line::default();
                line.text(caption);
                super::blocks::end_paragraph(&mut line, blocks);
            }
            return;
        };
        if !caption.trim().is_empty() {
            let _ = write!(call, " caption={}", escape::quoted(caption));
        }
        blocks.push(format!("{{{{<video title={title} {call} />}}}}"));
    }
}

fn is_film(src: &str) -> bool {
    [".mp4", ".webm", ".ogv"]
        .iter()
        .any(|ending| src.ends_with(ending))
}

/// The service that an address of a player belongs to, and the film's number there.
#[must_use]
pub fn player(url: &str) -> Option<(&'static str, String)> {
    let rest = url.trim();
    let rest = ["https://", "http://", "//"]
        .iter()
        .find_map(|scheme| rest.strip_prefix(scheme))?;
    let (host, path) = rest.split_once('/')?;
    let host = host.trim_start_matches("www.").trim_start_matches("m.");
    let path_end = path.find(['?', '#']).unwrap_or(path.len());
    let (path, query) = path.split_at(path_end);
    let after = |begins: &[&str]| begins.iter().find_map(|begin| path.strip_prefix(begin));
    let (service, id) = match host {
        "youtu.be" => ("youtube", path),
        "youtube.com" | "youtube-nocookie.com" => {
            let own = after(&["embed/", "v/", "shorts/", "live/"]);
            let asked = query
                .trim_start_matches('?')
                .split('&')
                .find_map(|part| part.strip_prefix("v="));
            ("youtube", own.or(asked.filter(|_| path == "watch"))?)
        }
        "player.vimeo.com" => ("vimeo", after(&["video/"])?),
        "vimeo.com" => ("vimeo", path),
        _ => return None,
    };
    let id = id.split('/').next().unwrap_or_default();
    let fits = match service {
        "vimeo" => !id.is_empty() && id.bytes().all(|b| b.is_ascii_digit()),
        _ => {
            (6..=20).contains(&id.len())
                && id
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
        }
    };
    (fits && id != "videoseries").then(|| (service, id.to_owned()))
}
