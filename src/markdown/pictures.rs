//! Pictures of the site, as HTML.

use std::fmt::Write as _;

use super::push_escaped;
use crate::model::{PictureSource, Shown};

/// A picture that is read.
pub(super) struct Picture<'a> {
    shown: &'a Shown,
    src: String,
    title: String,
    /// Whether it is the first of the page, which is not put off until a reader comes near.
    is_first: bool,
    /// What it shows, for those who do not see it.
    pub alt: String,
}

impl<'a> Picture<'a> {
    pub fn new(shown: &'a Shown, src: &str, title: &str, is_first: bool) -> Self {
        Self {
            shown,
            src: src.to_owned(),
            title: title.to_owned(),
            is_first,
            alt: String::new(),
        }
    }

    /// The element. `sizes`: how wide it is shown.
    pub fn html(&self, sizes: &str) -> String {
        let Shown {
            width,
            height,
            sources,
        } = self.shown;
        let loading = if self.is_first {
            ""
        } else {
            " loading=\"lazy\" decoding=\"async\""
        };
        let [src, alt, title] = [&self.src, &self.alt, &self.title].map(|text| escaped(text));
        let title = if title.is_empty() {
            title
        } else {
            format!(" title=\"{title}\"")
        };
        let image = format!(
            "<img src=\"{src}\" alt=\"{alt}\"{title} width=\"{width}\" height=\"{height}\"{loading}>"
        );
        if sources.is_empty() {
            return image;
        }
        // What is put off is laid out before it is asked for: then a browser knows better (HTML,
        // 4.8.4.2.2), and one that knows no `auto` skips it.
        let auto = if self.is_first { "" } else { "auto, " };
        let sizes = escaped(sizes);
        let mut out = "<picture>".to_owned();
        for PictureSource { encoding, srcset } in sources {
            let (encoding, srcset) = (encoding.media_type(), escaped(srcset));
            let _ = write!(
                out,
                "<source type=\"{encoding}\" srcset=\"{srcset}\" sizes=\"{auto}{sizes}\">"
            );
        }
        out + &image + "</picture>"
    }
}

/// A text as an attribute's value.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    push_escaped(&mut out, text);
    out
}
