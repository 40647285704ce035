//! The stages in their order: the one place that calls them.
//!
//! [`load`] takes a site from its files to an immutable [`Site`]; [`build`] renders and writes
//! it, [`check`] only renders it. A stage that finds errors is the last one, since what comes
//! after would report mistakes that are none.

mod check;
mod edit;
pub mod explain;
mod failures;
mod files;
mod kept;
mod load;
mod publish;
mod retell;
pub mod themes;
mod unchanged;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

pub use crate::write::Share;
pub use check::{Checked, Wishes, check};
pub use failures::while_rendering;
pub use files::{is_watched, source_text, watched};
pub use load::{Loaded, Memory, Ready, is_there, load, load_compared, ready, save, settle};
pub use unchanged::Summary;

use crate::config::{self, BaseUrl};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::model::Moment;
use crate::parse;
use crate::render::{self, Renderer, Stock, TemplateTimes, embedded_text};
use crate::site::Show;
use crate::write::{Notes, Shard};
use crate::{memory, source, write};
use explain::Explanation;
use files::Files;
use load::{Purpose, load_for};
use publish::{for_each_route, publish};

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Request {
    /// The site's folder.
    pub root: PathBuf,
    /// Where the site will live, if that is not what pressroom.yaml says.
    pub base_url: Option<BaseUrl>,
    /// Which articles are shown besides those that are due.
    pub show: Show,
    /// The time that "now" is.
    pub now: Moment,
    /// Files that changed later are read in any case; in nanoseconds since 1970.
    pub settled: i64,
    /// Which share of the outputs is made; `None` for all of them.
    pub share: Option<Share>,
    /// The output that is to be explained, by its path.
    pub explain: Option<String>,
    /// Whether bytes are compared where the times of files would do.
    pub verify: bool,
    /// Whether templates are timed.
    pub profile: bool,
}

/// Is told how far the work is.
pub trait Progress: Sync {
    /// A stage begins that has so many steps; 0 when that is not known.
    fn stage(&self, name: &'static str, steps: usize);
    /// A step is done.
    fn step(&self);
}

/// What a stage took.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    /// Wall time of each stage, in order.
    pub stages: Vec<(&'static str, Duration)>,
    /// Time of each template, summed over threads.
    pub templates: TemplateTimes,
    /// How many outputs were left as they are without working out what they are made from, since nothing
    /// but texts that they do not show was edited; `None` when that could not be known.
    pub spared: Option<usize>,
}

impl Profile {
    fn take<T>(&mut self, stage: &'static str, work: impl FnOnce() -> T) -> T {
        let started = Instant::now();
        let result = work();
        self.stages.push((stage, started.elapsed()));
        result
    }
}

/// The outcome of a build.
#[derive(Debug)]
pub struct Built {
    /// What is published.
    pub summary: Summary,
    /// What changed on disk.
    pub report: write::Report,
    /// Why the output that was asked about was made again, or not.
    pub explanation: Option<Explanation>,
}

/// Files and folders that a site is made from.
pub const SOURCES: &[&str] = &[
    "content",
    "data",
    "fonts",
    "i18n",
    "static",
    "templates",
    "themes",
    config::FILE,
];

/// A site on disk. `None` when there are errors, which leaves the output as it was.
pub fn build(
    request: &Request,
    output: &Path,
    progress: &dyn Progress,
    diagnostics: &mut Diagnostics,
    profile: &mut Profile,
) -> Option<Built> {
    progress.stage("Reading", 0);
    let files = profile.take("walk", || walk(request));
    let inputs =
        unchanged::inputs(request, &files).filter(|_| !request.verify && request.explain.is_none());
    if let Some(inputs) = inputs
        && let Some(built) = unchanged::told(request, inputs, output, diagnostics)
    {
        return Some(built);
    }
    let (loaded, remembered) = rayon::join(
        || {
            load_for(
                Purpose::Build,
                request,
                files,
                None,
                progress,
                diagnostics,
                profile,
            )
        },
        || write::remember(output, request.settled),
    );
    let Loaded {
        config,
        data,
        theme,
        site,
        engine,
        state,
        edit,
        ..
    } = loaded?;
    drop(engine);
    let renderer = profile.take("templates", || {
        Renderer::new(
            &request.root,
            config,
            data,
            Arc::clone(&site),
            theme,
            request.profile,
            Some(Stock::of(&request.root)),
        )
    });
    let renderer = fine(renderer, diagnostics)?;
    let output = noted(open(request, output, remembered, diagnostics), diagnostics)?;
    let concerned = inputs.and_then(|inputs| edit.concerns(request, inputs, &site, &output));
    let explanation = request.explain.as_ref();
    let explanation = explanation.map(|path| explain::explain(path, &site, &renderer, &output));
    let explanation = noted(explanation.transpose(), diagnostics)?;
    let is_in_share = |at| request.share.is_none_or(|share| share.has(at));
    let is_ours = |at: usize| is_in_share(at) && !renderer.is_left_to_hosts(&site.routes[at]);
    profile.take("pictures", || {
        publish::make_pictures(&site, &renderer, &output, progress, &is_ours);
    });
    progress.stage("Rendering", site.routes.len());
    let (failures, (keeping, related)) = rayon::join(
        || {
            profile.take("render", || {
                for_each_route(&site, progress, &is_ours, &|route| {
                    publish(&renderer, &output, route, concerned.as_ref())
                })
            })
        },
        || {
            let started = Instant::now();
            let related = kept::save_all(&request.root, state, &site);
            (started.elapsed(), related)
        },
    );
    profile.stages.push(("keep", keeping));
    profile.spared = concerned.map(|concerned| concerned.spared());
    diagnostics.extend(failures);
    diagnostics.extend(renderer.warnings());
    diagnostics.extend(renderer.beyond_hosts());
    kept::warn_once(diagnostics, renderer.keep_colours());
    profile.templates = renderer.template_times();
    if diagnostics.has_errors() {
        return None;
    }
    progress.stage("Publishing", 0);
    let summary = Summary::of(&site);
    let stamp = |inputs| unchanged::stamp(request, inputs, related, &site, &summary, diagnostics);
    let notes = Notes {
        stamp: inputs.map(stamp),
        shard: request.share.map(|share| shard(share, &renderer)),
    };
    let (social_cards, pictures) = (Arc::clone(&site.social_cards), Arc::clone(&site.pictures));
    // All that a build holds for its pages. Nobody need wait for that.
    rayon::spawn(move || drop((renderer, site)));
    let report = noted(profile.take("write", || output.commit(notes)), diagnostics)?;
    if request.share.is_none() {
        render::prune(&request.root, &social_cards, &pictures);
    }
    Some(Built {
        summary,
        report,
        explanation,
    })
}

/// The files of a site that is to be built, and memory that suits it.
fn walk(request: &Request) -> Files {
    let are_off = memory::turn_large_pages_off();
    let files = Files::walk(request);
    let is_large = files.content.len() >= memory::MANY_FILES;
    if are_off && is_large && !parse::Kept::is_there(&request.root) {
        memory::turn_large_pages_on();
    }
    files
}

/// What is told of a share of a site's outputs.
fn shard(share: Share, renderer: &Renderer) -> Shard {
    let routes = renderer.routes().iter();
    let published = routes.filter(|route| !renderer.is_left_to_hosts(route));
    Shard {
        share,
        site: renderer.site_key(),
        outputs: published.count() as u64,
        beside: 0,
    }
}

/// The output folder of a build.
fn open(
    request: &Request,
    output: &Path,
    remembered: write::Remembered,
    diagnostics: &mut Diagnostics,
) -> Result<write::Output, Diagnostic> {
    let sources = sources(&request.root);
    let mut output = write::open_remembered(output, &request.root, &sources, remembered)?;
    if request.verify {
        output.verify();
    }
    kept::warn_once(diagnostics, output.take_warning());
    Ok(output)
}

/// Where the files and folders are that a site is made from.
fn sources(root: &Path) -> Vec<PathBuf> {
    SOURCES.iter().map(|source| root.join(source)).collect()
}

/// What was made, or nothing, with the reason among the diagnostics.
fn noted<T>(made: Result<T, Diagnostic>, diagnostics: &mut Diagnostics) -> Option<T> {
    made.map_err(|diagnostic| diagnostics.push(diagnostic)).ok()
}

/// A renderer, if nothing that was found so far keeps the site from being rendered.
fn fine(
    renderer: Result<Renderer, Diagnostics>,
    diagnostics: &mut Diagnostics,
) -> Option<Renderer> {
    match renderer {
        Ok(renderer) => (!diagnostics.has_errors()).then_some(renderer),
        Err(found) => {
            diagnostics.extend(found);
            None
        }
    }
}

/// Whether a file could be copied.
pub fn readable(root: &Path, file: &Path) -> Result<(), Diagnostic> {
    std::fs::File::open(file).map(drop).map_err(|error| {
        let name = file.strip_prefix(root).unwrap_or(file).display();
        let message = format!("{name} cannot be copied: {}", source::reason(&error));
        Diagnostic::new(Code::Unreadable, message)
            .at(Place::file(name.to_string()))
            .hint("check that the file is there and that you may read it")
    })
}

/// Unites shares of a site that several builds made.
pub fn merge(shards: &[PathBuf], output: &Path) -> Result<write::Report, Diagnostics> {
    write::merge(shards, output)
}

/// Removes what builds wrote to an output folder, and nothing else.
pub fn clean(root: &Path, output: &Path) -> Result<write::Report, Diagnostic> {
    write::open(output, root, &sources(root))?.commit(Notes::default())
}

/// Largest file that excerpts are taken from, in bytes.
const LARGEST_EXCERPTED: u64 = 16 << 20;

/// The text of a file as diagnostics name it, for excerpts: from the site's folder, or from the
/// theme that is embedded.
#[must_use]
pub fn text_of(root: &Path, file: &str) -> Option<String> {
    let path = root.join(file);
    // Reading a pipe would wait for somebody to write into it, and an export of a gigabyte would be read
    // for one line.
    let is_read = std::fs::metadata(&path)
        .is_ok_and(|kind| kind.is_file() && kind.len() <= LARGEST_EXCERPTED);
    let bytes = is_read.then(|| std::fs::read(path).ok()).flatten();
    let on_disk = bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    on_disk.or_else(|| embedded_text(file).map(str::to_owned))
}
