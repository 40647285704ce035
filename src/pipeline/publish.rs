//! What is done with each route of a site.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};

use rayon::prelude::*;

use super::{Progress, failures};
use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::key::Key;
use crate::model::{Compression, Variant};
use crate::render::{Rendered, Renderer};
use crate::site::{Concerned, PictureFile, Route, Site, Target, position_of};
use crate::write::{InPlace, Made, Output};

/// Does something with all routes that are wanted by their positions, on all cores. What the disk does not
/// take ends it: it would take nothing else either.
pub(super) fn for_each_route(
    site: &Site,
    progress: &dyn Progress,
    is_wanted: &(dyn Fn(usize) -> bool + Sync),
    work: &(dyn Fn(&Route) -> Result<(), Diagnostic> + Sync),
) -> Diagnostics {
    let failures: Mutex<Vec<(usize, Diagnostic)>> = Mutex::default();
    let is_over = AtomicBool::new(false);
    let routes = site.routes.par_iter().enumerate();
    let routes = routes.filter(|(at, _)| is_wanted(*at));
    routes.for_each(|(at, route)| {
        if is_over.load(Ordering::Relaxed) {
            return;
        }
        if let Err(diagnostic) = work(route)
            && let Ok(mut failures) = failures.lock()
        {
            is_over.fetch_or(diagnostic.code == Code::Output, Ordering::Relaxed);
            failures.push((at, diagnostic));
        }
        progress.step();
    });
    failures::merge(site, failures.into_inner().unwrap_or_default())
}

/// Encodes narrower pictures that are to be published anew, each picture once for all of them.
pub(super) fn make_pictures(
    site: &Site,
    renderer: &Renderer,
    output: &Output,
    progress: &dyn Progress,
    is_wanted: &(dyn Fn(usize) -> bool + Sync),
) {
    let mut wanted: BTreeMap<PictureFile, Vec<Variant>> = BTreeMap::new();
    for (at, route) in site.routes.iter().enumerate() {
        if let Target::Picture { file, variant } = route.target
            && is_wanted(at)
            && in_place(renderer, output, route, None).is_none()
        {
            wanted.entry(file).or_default().push(variant);
        }
    }
    if wanted.is_empty() {
        return;
    }
    progress.stage("Encoding pictures", wanted.len());
    let wanted: Vec<_> = wanted.into_iter().collect();
    wanted.par_iter().for_each(|(file, wanted)| {
        renderer.prepare(*file, wanted);
        progress.step();
    });
}

/// The output of a route, if it was made from what it would be made from again. `concerned`: what may be
/// made from something else, if that is known of the others.
fn in_place<'a>(
    renderer: &Renderer,
    output: &'a Output,
    route: &Route,
    concerned: Option<&Concerned>,
) -> Option<InPlace<'a>> {
    let before = output.made_from(&route.url.output())?;
    let has_key = || renderer.key(route) == Some(before.made.key);
    let site = renderer.site();
    let may_be_other = concerned.is_none_or(|concerned| concerned.may_be(site, &route.target));
    debug_assert!(
        may_be_other || has_key(),
        "{} is concerned",
        route.url.output()
    );
    let is_same = |(question, answer): &(String, Key)| renderer.answer(question) == *answer;
    let is_known = (!may_be_other || has_key()) && before.made.answers().iter().all(is_same);
    is_known.then_some(before)
}

/// Keeps the output of a route if it would be made from the same again, and renders it otherwise.
pub(super) fn publish(
    renderer: &Renderer,
    output: &Output,
    route: &Route,
    concerned: Option<&Concerned>,
) -> Result<(), Diagnostic> {
    let path = route.url.output();
    let forms = compressions(renderer, &path);
    if let Some(same) = in_place(renderer, output, route, concerned) {
        output.keep(same)?;
        return output.compress(&path, &forms, None);
    }
    let inputs = renderer.parts(route);
    let (page, answers) = renderer.render(route)?;
    let made = inputs.zip(answers).map(|((key, parts), answers)| Made {
        key,
        parts,
        answers,
    });
    match page {
        Rendered::Bytes(bytes) => {
            output.stage(&path, &bytes, made)?;
            output.compress(&path, &forms, Some(&bytes))
        }
        Rendered::File(file) => {
            output.stage_file(&path, &file, made)?;
            output.compress_file(&path, &forms, &file)
        }
    }
}

/// The compressed forms that an output gets. A file of the site's own is not replaced.
fn compressions(renderer: &Renderer, path: &str) -> Vec<Compression> {
    let wanted = renderer.config().hosting.compression.iter().copied();
    let is_free = |form: &Compression| {
        let beside = format!("/{path}{}", form.ending());
        position_of(renderer.routes(), &beside).is_none()
    };
    wanted.filter(is_free).collect()
}
