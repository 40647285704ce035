//! Pictures of the site: narrower ones, and whole ones without what says where they were taken.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Rendered, Renderer, Stock, href};
use crate::config::Config;
use crate::diagnostics::{Diagnostic, Place};
use crate::key::Key;
use crate::model::{Shown, SourceFile, Variant};
use crate::pictures::{
    ENCODED_AS, Fault, Seen, is_drawing, published, sanitised, try_out, variants,
};
use crate::site::{Picture, PictureFile, Site};
use crate::source;

/// What is done with a file of content/.
pub(super) enum Care<'a> {
    /// It is published as it is.
    None,
    /// A picture loses what it says of who took it, and lies as it is shown.
    Stripped(&'a Seen),
    /// A drawing by an author who is not trusted loses what could run or lead elsewhere.
    Sanitised,
}

impl Renderer {
    /// The file of a picture.
    pub(super) fn picture_file(&self, file: PictureFile) -> &SourceFile {
        match file {
            PictureFile::Resource(at) => &self.site.resources[at as usize],
            PictureFile::Static(at) => &self.site.statics[at as usize],
        }
    }

    /// A narrower picture, as it was encoded earlier or is now.
    pub(super) fn narrower(
        &self,
        file: PictureFile,
        variant: Variant,
    ) -> Result<Vec<u8>, Diagnostic> {
        let source = self.picture_file(file);
        let Some(picture) = self.site.pictures.get(&file) else {
            return Ok(Vec::new());
        };
        let seen = &picture.seen;
        let Some(Stock { made, .. }) = &self.stock else {
            // What can be decoded can be encoded in any way.
            if picture.variants().last() == Some(variant) {
                let tried = try_out(&source::bytes(source)?, seen);
                tried.map_err(|fault| wrong(source, &fault))?;
            }
            return Ok(Vec::new());
        };
        let kept = |hash| made.pictures.get(name(hash, variant), Key::default());
        if let Some(kept) = seen.hash.and_then(kept) {
            return Ok(kept);
        }
        let bytes = source::bytes(source)?;
        let encoded = variants(&bytes, seen, &[variant]).map_err(|fault| wrong(source, &fault))?;
        let name = name(Key::of_bytes(&bytes), variant);
        Ok(made.pictures.keep(name, Key::default(), encoded.concat()))
    }

    /// Encodes narrower pictures of one that were not encoded earlier: to decode it is much of the
    /// work, and done once here. What goes wrong is told where they are published.
    pub fn prepare(&self, file: PictureFile, wanted: &[Variant]) {
        let (Some(Stock { made, .. }), Some(picture)) =
            (&self.stock, self.site.pictures.get(&file))
        else {
            return;
        };
        let seen = &picture.seen;
        let is_kept = |variant| {
            seen.hash
                .is_some_and(|hash| made.pictures.has(name(hash, variant)))
        };
        let wanted = wanted.iter().copied();
        let missing: Vec<Variant> = wanted.filter(|variant| !is_kept(*variant)).collect();
        if missing.is_empty() {
            return;
        }
        let Ok(bytes) = source::bytes(self.picture_file(file)) else {
            return;
        };
        // Named after what was read now: the file may be another since it was looked at.
        let hash = Key::of_bytes(&bytes);
        let encoded = variants(&bytes, seen, &missing).unwrap_or_default();
        for (variant, encoded) in missing.into_iter().zip(encoded) {
            let name = name(hash, variant);
            let _ = made.pictures.keep(name, Key::default(), encoded);
        }
    }

    /// What is done with a file of content/ before it is published.
    pub(super) fn care(&self, at: u32) -> Care<'_> {
        let source = &self.site.resources[at as usize];
        match self.site.pictures.get(&PictureFile::Resource(at)) {
            Some(picture) => Care::Stripped(&picture.seen),
            None if self.config.outside().is_some() && is_drawing(&source.path) => Care::Sanitised,
            None => Care::None,
        }
    }

    /// A file of content/ as it is published.
    pub(super) fn resource(&self, at: u32) -> Result<Rendered, Diagnostic> {
        let source = &self.site.resources[at as usize];
        let as_it_is = || Rendered::File(source.absolute());
        let made = match self.care(at) {
            Care::None => Ok(None),
            Care::Stripped(seen) => published(&source::bytes(source)?, seen),
            Care::Sanitised => sanitised(&source::bytes(source)?).map(Some),
        };
        let made = made.map_err(|fault| wrong(source, &fault))?;
        Ok(made.map_or_else(as_it_is, Rendered::Bytes))
    }
}

/// What a narrower picture is kept as: all that it is made from.
fn name(bytes: Key, variant: Variant) -> Key {
    Key::of(&(ENCODED_AS, bytes, variant))
}

/// What those of a picture are kept as, where it is known what its file holds.
pub(super) fn names(picture: &Picture) -> impl Iterator<Item = Key> {
    let bytes = picture.seen.hash;
    picture
        .variants()
        .filter_map(move |variant| Some(name(bytes?, variant)))
}

/// What pages say of the pictures of a site, by their URLs, with the base path.
pub(super) fn by_url(config: &Config, site: &Site) -> BTreeMap<String, Arc<Shown>> {
    let pictures = site.pictures.values();
    let pictures = pictures.map(|picture| (href(config, &picture.url), Arc::clone(&picture.shown)));
    pictures.collect()
}

/// A picture of which the beginning could be read, and the rest cannot.
fn wrong(source: &SourceFile, fault: &Fault) -> Diagnostic {
    fault.told("this picture").at(Place::file(&source.path))
}
