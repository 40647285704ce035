//! Drawings: SVG becomes PNG, with fonts that come with the site and never from the machine.
//!
//! In: the text of an SVG and [`Fonts`]. Out: a PNG whose bytes depend on these alone. [`fit`]
//! breaks a text into lines for such an SVG, since SVG itself does not.

mod fit;
mod fonts;
mod png;

use std::sync::{Arc, Mutex, PoisonError};

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{self, ImageHrefResolver, Options, Tree};

pub use fit::{Fitted, Frame, fit};
pub use fonts::{Face, Fonts, is_drawn};

use crate::diagnostics::Fault;

/// Deepest nesting of elements. The library draws each inside of the one around it, and overflowed
/// the stack at 1,000.
const DEEPEST: usize = 100;

/// An SVG that can be drawn.
pub struct Drawing(Tree);

impl Drawing {
    /// Reads an SVG that is to have so many pixels across and down.
    pub fn read(svg: &str, fonts: &Fonts, (width, height): (u32, u32)) -> Result<Self, Fault> {
        if depth(svg) > DEEPEST {
            return Err(Fault::from((
                format!("what this template made has elements more than {DEEPEST} deep"),
                "draw it with fewer groups inside of each other".to_owned(),
            )));
        }
        let pictures = Arc::new(Mutex::new(Vec::new()));
        let tree = Tree::from_str(svg, &options(fonts, &pictures)).map_err(|error| {
            let error = error.to_string();
            let error = error.trim_start_matches("SVG data parsing failed cause ");
            Fault::from((
                format!("what this template made is no SVG: {error}"),
                "the line and column are those of what it made; every element has to be closed, and `&` and `<` written as `&amp;` and `&lt;`".to_owned(),
            ))
        })?;
        let pictures = pictures.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(picture) = pictures.first() {
            return Err(Fault::from((
                format!("a drawing cannot take in the picture {picture}"),
                "draw it with the shapes of SVG, within the template".to_owned(),
            )));
        }
        let size = tree.size().to_int_size();
        if (size.width(), size.height()) != (width, height) {
            return Err(Fault::from((
                format!(
                    "the drawing is {} × {} pixels, and should be {width} × {height}",
                    size.width(),
                    size.height()
                ),
                format!(
                    "begin with <svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\">"
                ),
            )));
        }
        Ok(Self(tree))
    }

    /// The drawing as a PNG, on white where it is not painted.
    #[must_use]
    pub fn png(&self) -> Vec<u8> {
        let size = self.0.size().to_int_size();
        // Neither side is zero: an SVG without a size is none that can be read.
        let Some(mut pixels) = Pixmap::new(size.width(), size.height()) else {
            return Vec::new();
        };
        pixels.fill(Color::WHITE);
        resvg::render(&self.0, Transform::identity(), &mut pixels.as_mut());
        png::encode(&pixels)
    }
}

/// How deep elements are nested, or more: what stands in comments counts as well.
fn depth(svg: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    let tags = svg.split('<').skip(1);
    for tag in tags {
        let is_empty = || tag.split('>').next().is_some_and(|tag| tag.ends_with('/'));
        if tag.starts_with('/') {
            depth = depth.saturating_sub(1);
        } else if tag.starts_with(char::is_alphabetic) && !is_empty() {
            depth += 1;
            deepest = deepest.max(depth);
        }
    }
    deepest
}

/// How SVGs are read: with fonts at hand, and without looking at any file. `pictures` is told
/// what would have to be.
fn options(fonts: &Fonts, pictures: &Arc<Mutex<Vec<String>>>) -> Options<'static> {
    let (of_data, of_files) = (Arc::clone(pictures), Arc::clone(pictures));
    let tell = |pictures: &Mutex<Vec<String>>, what: String| {
        let mut pictures = pictures.lock().unwrap_or_else(PoisonError::into_inner);
        pictures.push(what);
    };
    let nested = ImageHrefResolver::default_data_resolver();
    Options {
        fontdb: Arc::clone(fonts.database()),
        font_family: fonts.first_family().to_owned(),
        image_href_resolver: ImageHrefResolver {
            resolve_data: Box::new(move |kind, data, options| {
                let picture = nested(kind, data, options);
                let is_drawn = matches!(picture, Some(usvg::ImageKind::SVG(_)));
                if !is_drawn {
                    tell(&of_data, format!("of the type {kind}"));
                }
                picture.filter(|_| is_drawn)
            }),
            resolve_string: Box::new(move |href, _| {
                tell(&of_files, format!("`{href}`"));
                None
            }),
        },
        ..Options::default()
    }
}
