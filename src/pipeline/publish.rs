//! What is done with each route of a site.

use std::sync::Mutex;

use rayon::prelude::*;

use super::{Progress, failures};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::render::{Rendered, Renderer};
use crate::site::{Route, Site};
use crate::write::{Made, Output};

/// Does something with all routes that are wanted by their positions, on all cores.
pub(super) fn for_each_route(
    site: &Site,
    progress: &dyn Progress,
    is_wanted: &(dyn Fn(usize) -> bool + Sync),
    work: &(dyn Fn(&Route) -> Result<(), Diagnostic> + Sync),
) -> Diagnostics {
    let failures: Mutex<Vec<(usize, Diagnostic)>> = Mutex::default();
    let routes = site.routes.par_iter().enumerate();
    let routes = routes.filter(|(at, _)| is_wanted(*at));
    routes.for_each(|(at, route)| {
        if let Err(diagnostic) = work(route)
            && let Ok(mut failures) = failures.lock()
        {
            failures.push((at, diagnostic));
        }
        progress.step();
    });
    failures::merge(site, failures.into_inner().unwrap_or_default())
}

/// Keeps the output of a route if it would be made from the same again, and renders it otherwise.
pub(super) fn publish(
    renderer: &Renderer,
    output: &Output,
    route: &Route,
) -> Result<(), Diagnostic> {
    let path = route.url.output();
    let key = renderer.key(route);
    if let Some(made) = output.made_from(&path)
        && key == Some(made.key)
        && renderer.answers(&made.asked) == made.answers
    {
        return output.keep(&path);
    }
    let (page, asked) = renderer.render(route)?;
    let made = key.zip(asked).map(|(key, asked)| Made {
        key,
        answers: renderer.answers(&asked),
        asked,
    });
    match page {
        Rendered::Bytes(bytes) => output.stage(&path, &bytes, made),
        Rendered::File(file) => output.stage_file(&path, &file, made).map(drop),
    }
}
