//! Pictures of the site: what pages say of them, and which narrower ones are published.
//!
//! Only what a text or front matter shows gets narrower ones.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rustc_hash::FxHashMap;

use super::Catalogue;
use super::plan::static_url;
use crate::config::Config;
use crate::diagnostics::Diagnostic;
use crate::model::{Encoding, PictureSource, Shown, SourceFile, UrlPath, Variant};
use crate::pictures::{Fault, Looks, Seen};

/// The file of a picture, by its position in the site's lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum PictureFile {
    /// One of content/.
    Resource(u32),
    /// One of static/.
    Static(u32),
}

/// An article's lead picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lead {
    /// Its URL, ready for use.
    pub url: Box<str>,
    /// What a page says of it, if it is one of the site.
    pub picture: Option<Arc<Shown>>,
}

impl Lead {
    pub(super) fn elsewhere(url: Box<str>) -> Self {
        Self { url, picture: None }
    }
}

/// A picture of the site.
#[derive(Debug, Clone)]
pub struct Picture {
    /// Where it is published.
    pub url: UrlPath,
    /// How it looks.
    pub seen: Seen,
    /// What a page says of it; it has narrower ones where something shows it.
    pub shown: Arc<Shown>,
}

/// The pictures of a site, while it is worked out which are shown.
pub(super) struct Pictures {
    all: Vec<Look>,
    by_url: FxHashMap<Box<str>, usize>,
}

/// A picture, or why it is none.
pub(super) struct Look {
    file: PictureFile,
    url: UrlPath,
    seen: Option<Seen>,
    pub shown: Result<Arc<Shown>, Fault>,
    /// Whether something shows it.
    pub is_wanted: AtomicBool,
}

impl Pictures {
    /// `looks`: what was seen of the site's files.
    pub fn new(site: &Catalogue, config: &Config, looks: &Looks) -> Self {
        let resources = (0..).zip(&site.resources).zip(&site.resource_urls);
        let resources =
            resources.map(|((at, file), url)| (PictureFile::Resource(at), file, url.clone()));
        let statics = (0..).zip(&site.statics);
        let statics = statics.map(|(at, file)| (PictureFile::Static(at), file, static_url(file)));
        let look = |(file, source, url): (PictureFile, &SourceFile, UrlPath)| {
            let look = looks.get(&source.path)?;
            let seen = look.as_ref().ok().copied();
            let shown = look.as_ref().map_err(Fault::clone);
            let shown = shown.map(|seen| Arc::new(shown_as(&url, seen, config)));
            Some(Look {
                file,
                url,
                seen,
                shown,
                is_wanted: AtomicBool::new(false),
            })
        };
        let all: Vec<Look> = resources.chain(statics).filter_map(look).collect();
        let by_url = all.iter().zip(0..);
        let by_url = by_url
            .map(|(look, at)| (look.url.as_str().into(), at))
            .collect();
        Self { all, by_url }
    }

    /// What is known of a picture at a URL.
    pub fn at(&self, url: &str) -> Option<&Look> {
        self.by_url.get(url).map(|at| &self.all[*at])
    }

    /// All that can be shown.
    pub fn finish(self) -> BTreeMap<PictureFile, Picture> {
        let picture = |look: Look| {
            let mut shown = look.shown.ok()?;
            if !look.is_wanted.into_inner() {
                // What is not published cannot be named.
                shown = Arc::new(Shown {
                    sources: Box::default(),
                    ..*shown
                });
            }
            let picture = Picture {
                url: look.url,
                seen: look.seen?,
                shown,
            };
            Some((look.file, picture))
        };
        self.all.into_iter().filter_map(picture).collect()
    }
}

impl Picture {
    /// The narrower ones that are published.
    pub fn variants(&self) -> impl Iterator<Item = Variant> {
        let encodings: Vec<Encoding> = self.shown.sources.iter().map(|it| it.encoding).collect();
        let widths = self.seen.widths();
        let of = move |encoding| {
            widths
                .clone()
                .into_iter()
                .map(move |width| Variant { width, encoding })
        };
        encodings.into_iter().flat_map(of)
    }

    /// Where a narrower one is published.
    #[must_use]
    pub fn url_of(&self, variant: Variant) -> UrlPath {
        url_of(&self.url, variant)
    }
}

/// Beside the picture, with its whole name, which no other file has.
fn url_of(url: &UrlPath, Variant { width, encoding }: Variant) -> UrlPath {
    UrlPath::trusted(format!("{url}.{width}.{}", encoding.ending()))
}

fn shown_as(url: &UrlPath, seen: &Seen, config: &Config) -> Shown {
    let source = |encoding: Encoding| {
        let candidate = |width: u32| {
            let url = url_of(url, Variant { width, encoding });
            let url = config.base_url.href(url.as_str());
            // A comma ends a candidate of `srcset` (HTML, 4.8.4.2.1).
            format!("{} {width}w", url.replace(',', "%2C"))
        };
        let srcset: Vec<String> = seen.widths().into_iter().map(candidate).collect();
        PictureSource {
            encoding,
            srcset: srcset.join(", ").into(),
        }
    };
    let encodings: &[Encoding] = match config.pictures.avif {
        _ if seen.widths().is_empty() => &[],
        true => &[Encoding::Avif, Encoding::WebP],
        false => &[Encoding::WebP],
    };
    Shown {
        width: seen.width,
        height: seen.height,
        sources: encodings.iter().copied().map(source).collect(),
    }
}

/// Why a picture cannot be shown that is written so, and what to do.
pub(super) fn cannot_be_shown(written: &str, fault: &Fault) -> Diagnostic {
    let written: String = written.chars().take(120).collect();
    fault.told(&format!("the picture `{written}`"))
}
