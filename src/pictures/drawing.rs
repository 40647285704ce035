//! Drawings (SVG) by authors who are not trusted.

use svg_hush::{Filter, data_url_filter};

use super::Fault;
use crate::model::has_ending;

/// Whether a file is a drawing by its name.
#[must_use]
pub fn is_drawing(path: &str) -> bool {
    has_ending(path, &["svg"])
}

/// A drawing without what could run a script, ask another server for something or lead there.
///
/// # Errors
///
/// When it is no XML that can be read.
pub fn sanitised(mut svg: &[u8]) -> Result<Vec<u8>, Fault> {
    let mut filter = Filter::new();
    filter.set_data_url_filter(data_url_filter::allow_standard_images);
    let mut out = Vec::with_capacity(svg.len());
    let filtered = filter.filter(&mut svg, &mut out);
    filtered.map_err(|error| {
        let why = std::error::Error::source(&error)
            .map_or_else(|| error.to_string(), ToString::to_string);
        Fault::of(&why)
    })?;
    Ok(out)
}
