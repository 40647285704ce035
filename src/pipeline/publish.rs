//! What is done with each route of a site.

use std::sync::Mutex;

use rayon::prelude::*;

use super::{Progress, failures};
use crate::diagnostics::{Diagnostic, Diagnostics};
use crate::key::Key;
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
    let is_same = |(question, answer): &(String, Key)| renderer.answer(question) == *answer;
    if let Some(made) = output.made_from(&path)
        && renderer.key(route) == Some(made.key)
        && made.answers.iter().all(is_same)
    {
        return output.keep(&path);
    }
    let inputs = renderer.parts(route);
    let (page, answers) = renderer.render(route)?;
    let made = inputs.zip(answers).map(|((key, parts), answers)| Made {
        key,
        parts,
        answers,
    });
    match page {
        Rendered::Bytes(bytes) => output.stage(&path, &bytes, made),
        Rendered::File(file) => output.stage_file(&path, &file, made).map(drop),
    }
}
