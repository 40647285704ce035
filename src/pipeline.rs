//! The stages in their order: the one place that calls them.
//!
//! [`load`] takes a site from its files to an immutable [`Site`]; [`build`] renders and writes
//! it, [`check`] only renders it. A stage that finds errors is the last one, since what comes
//! after would report mistakes that are none.

pub mod explain;
mod failures;
mod files;
mod kept;
mod publish;
pub mod themes;
mod unchanged;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

pub use crate::write::Share;
pub use unchanged::Summary;

use crate::config::{self, BaseUrl, Config};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::drawing;
use crate::model::{Data, Moment};
use crate::parse::{self, Earlier, Kept, Remembered};
use crate::render::{Rendered, Renderer, TemplateTimes, Theme, embedded_text};
use crate::site::related::{self, Engine};
use crate::site::{self, Inputs, Show, Site};
use crate::write::{Notes, Shard};
use crate::{source, write};
use explain::Explanation;
use files::Files;
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

/// What a site is loaded for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Purpose {
    /// To build it, and to keep what the next build need not find out again.
    Build,
    /// To look at it.
    Look,
    /// To compare all articles, even if the site suggests nothing.
    Compare,
}

/// Is told how far the work is.
pub trait Progress: Sync {
    /// A stage begins that has so many steps; 0 when that is not known.
    fn stage(&self, name: &'static str, steps: usize);
    /// A step is done.
    fn step(&self);
}

/// A site that is loaded, and what was found on the way.
#[derive(Debug)]
pub struct Loaded {
    /// The configuration.
    pub config: Arc<Config>,
    /// What data/ holds.
    pub data: Arc<Data>,
    /// The theme.
    pub theme: Arc<Theme>,
    /// The site.
    pub site: Arc<Site>,
    /// What tells why articles are related.
    pub engine: Engine,
    /// What the next build need not find out again of related articles.
    pub state: Option<related::State>,
}

/// What is known of a site that is loaded again and again.
#[derive(Debug, Default)]
pub struct Memory {
    /// Nothing before it was loaded first.
    articles: Option<Remembered>,
    related: FromLast,
}

/// What is known of related articles.
#[derive(Debug, Default)]
enum FromLast {
    /// What files have.
    #[default]
    OnDisk,
    /// What was found out last; `None` where nothing could be kept.
    Known(Option<Box<related::Kept>>),
}

/// What a stage took.
#[derive(Debug, Clone, Default)]
pub struct Profile {
    /// Wall time of each stage, in order.
    pub stages: Vec<(&'static str, Duration)>,
    /// Time of each template, summed over threads.
    pub templates: TemplateTimes,
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

/// From files to a resolved site. `None` when there are errors; all that was found is in
/// `diagnostics` either way.
pub fn load(
    request: &Request,
    progress: &dyn Progress,
    diagnostics: &mut Diagnostics,
    profile: &mut Profile,
) -> Option<Loaded> {
    let files = profile.take("walk", || Files::walk(request));
    load_for(
        Purpose::Look,
        request,
        files,
        None,
        progress,
        diagnostics,
        profile,
    )
}

/// The same, with an engine that has compared all articles even if the site suggests nothing.
pub fn load_compared(
    request: &Request,
    progress: &dyn Progress,
    diagnostics: &mut Diagnostics,
) -> Option<Loaded> {
    let (files, profile) = (Files::walk(request), &mut Profile::default());
    load_for(
        Purpose::Compare,
        request,
        files,
        None,
        progress,
        diagnostics,
        profile,
    )
}

fn load_for(
    purpose: Purpose,
    request: &Request,
    files: Files,
    memory: Option<&mut Memory>,
    progress: &dyn Progress,
    diagnostics: &mut Diagnostics,
    profile: &mut Profile,
) -> Option<Loaded> {
    let root = &request.root;
    let mut config = configuration(root, diagnostics)?;
    config.base_url = request.base_url.clone().unwrap_or(config.base_url);
    config.related.always_compare |= purpose == Purpose::Compare;

    diagnostics.extend(files.found);
    if files.content.is_empty() {
        diagnostics.push(
            Diagnostic::new(
                Code::Argument,
                format!("there is no content in {}", root.join("content").display()),
            )
            .hint(
                "write an article with `pressroom new`, or begin a site with `pressroom init DIR`",
            ),
        );
    }
    progress.stage("Reading", files.content.len());
    let (remembered, known) = memory
        .map(|memory| (&mut memory.articles, &mut memory.related))
        .unzip();
    let mut remembered = remembered;
    let parse = || {
        let (theme, found) = Theme::load(root, &config);
        diagnostics.extend(found);
        let (data, found) = parse::data(&files.data);
        diagnostics.extend(found);
        let before = remembered.as_deref_mut().and_then(Option::take);
        let is_first = before.is_none();
        let kept = if let Some(remembered) = before {
            Kept::remembered(remembered, &config)
        } else {
            let (kept, unusable) = Kept::load(root, &config);
            diagnostics.extend(unusable);
            kept
        };
        let mut parsed = Remembered::default();
        let remember = remembered.is_some().then_some(&mut parsed);
        let earlier = Earlier {
            kept,
            verify: request.verify,
            keep_in: (purpose == Purpose::Build && is_first).then_some(root.as_path()),
            remember,
        };
        let tick = || progress.step();
        let (content, found) = parse::content_with(earlier, files.content, &config, &tick);
        diagnostics.extend(found);
        if let Some(remembered) = remembered {
            *remembered = Some(parsed);
        }
        (theme, data, content)
    };
    // Where nothing is compared, there is nothing to keep.
    let keeps = purpose == Purpose::Build && config.related.compares();
    let ((theme, data, content), from_last) = rayon::join(
        || profile.take("parse", parse),
        || match known.as_deref() {
            Some(FromLast::Known(_)) => None,
            _ => keeps.then(|| kept::load(root)),
        },
    );
    let (from_last, unusable) = from_last.unzip();
    kept::warn_once(diagnostics, unusable.flatten());
    diagnostics.sort();
    if diagnostics.has_errors() {
        return None;
    }
    let from_last = match known.map(std::mem::take) {
        Some(FromLast::Known(known)) => Some(known.map(|known| *known)),
        _ => from_last,
    };
    let from_last = from_last.filter(|_| keeps);
    progress.stage("Linking", 0);
    let assets = theme
        .assets
        .iter()
        .map(|asset| (asset.url.clone(), Place::file(&asset.file)));
    let spell = config.related.spells(content.articles.len());
    let inputs = Inputs {
        content,
        statics: files.statics,
        assets: assets.collect(),
        fonts: theme.fonts.clone(),
        now: request.now,
        show: request.show,
        from_last,
        reread: &|articles| parse::reread(root, articles, &config, spell),
    };
    let resolved = profile.take("site", || site::build(&config, &data, inputs));
    diagnostics.extend(resolved.diagnostics);
    diagnostics.sort();
    Some(Loaded {
        config: Arc::new(config),
        data: Arc::new(data),
        theme: Arc::new(theme),
        site: Arc::new(resolved.site),
        engine: resolved.engine,
        state: resolved.state,
    })
}

/// What pressroom.yaml says. `None` when it has errors, or when there is no site.
fn configuration(root: &Path, diagnostics: &mut Diagnostics) -> Option<Config> {
    if !root.is_dir() {
        diagnostics.push(
            Diagnostic::new(
                Code::Argument,
                format!("there is no folder {}", root.display()),
            )
            .hint("name the site's folder with --root, or make one with `pressroom init DIR`"),
        );
        return None;
    }
    let text = match source::read_optional(root, config::FILE) {
        Ok(text) => text,
        Err(diagnostic) => {
            diagnostics.push(diagnostic);
            return None;
        }
    };
    let (config, found) = Config::read(text.as_deref(), &folder_name(root));
    diagnostics.extend(found);
    (!diagnostics.has_errors()).then_some(config)
}

/// A site on disk. `None` when there are errors, which leaves the output as it was.
pub fn build(
    request: &Request,
    output: &Path,
    progress: &dyn Progress,
    diagnostics: &mut Diagnostics,
    profile: &mut Profile,
) -> Option<Built> {
    progress.stage("Reading", 0);
    let files = profile.take("walk", || Files::walk(request));
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
        || write::remember(output),
    );
    let Loaded {
        config,
        data,
        theme,
        site,
        engine,
        state,
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
            Some(drawing::Cache::of(&request.root)),
        )
    });
    let renderer = fine(renderer, diagnostics)?;
    let output = noted(open(request, output, remembered, diagnostics), diagnostics)?;
    let explanation = request.explain.as_ref();
    let explanation = explanation.map(|path| explain::explain(path, &site, &renderer, &output));
    let explanation = noted(explanation.transpose(), diagnostics)?;
    progress.stage("Rendering", site.routes.len());
    let (failures, keeping) = rayon::join(
        || {
            profile.take("render", || {
                let is_ours = |at| request.share.is_none_or(|share| share.has(at));
                for_each_route(&site, progress, &is_ours, &|route| {
                    publish(&renderer, &output, route)
                })
            })
        },
        || {
            let started = Instant::now();
            if let Some(state) = state {
                kept::save(&request.root, &state);
            }
            started.elapsed()
        },
    );
    profile.stages.push(("keep", keeping));
    diagnostics.extend(failures);
    diagnostics.extend(renderer.warnings());
    profile.templates = renderer.template_times();
    if diagnostics.has_errors() {
        return None;
    }
    progress.stage("Publishing", 0);
    let summary = Summary::of(&site);
    let stamp =
        inputs.map(|inputs| unchanged::stamp(request, inputs, &site, &summary, diagnostics));
    let shard = request.share.map(|share| Shard {
        share,
        site: renderer.site_key(),
        outputs: site.routes.len() as u64,
    });
    let notes = Notes { stamp, shard };
    let report = noted(profile.take("write", || output.commit(notes)), diagnostics)?;
    if request.share.is_none() {
        renderer.prune_drawings();
    }
    // Nobody need wait for that.
    rayon::spawn(move || drop((renderer, site)));
    Some(Built {
        summary,
        report,
        explanation,
    })
}

/// A site to be looked at while it is written: what renders its routes, and what is to be
/// [kept](keep) of it. `None` when there are errors; all that was found is in `diagnostics`.
pub fn ready(
    request: &Request,
    memory: &mut Memory,
    progress: &dyn Progress,
    diagnostics: &mut Diagnostics,
) -> Option<(Renderer, Option<related::State>)> {
    let (files, profile) = (Files::walk(request), &mut Profile::default());
    let loaded = load_for(
        Purpose::Build,
        request,
        files,
        Some(memory),
        progress,
        diagnostics,
        profile,
    )?;
    let Loaded {
        config,
        data,
        theme,
        site,
        state,
        ..
    } = loaded;
    let drawings = Some(drawing::Cache::of(&request.root));
    let renderer = Renderer::new(&request.root, config, data, site, theme, false, drawings);
    if let Some(renderer) = fine(renderer, diagnostics) {
        return Some((renderer, state));
    }
    keep(memory, state);
    None
}

/// Remembers what was found out about related articles.
pub fn keep(memory: &mut Memory, state: Option<related::State>) {
    memory.related = FromLast::Known(state.map(|state| Box::new(state.into_kept())));
}

/// Writes for the next start what was found out about related articles.
pub fn save(root: &Path, state: &related::State) {
    kept::save(root, state);
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

/// Everything that a build does but for writing, and a look for articles that say nearly the same.
/// `None` when there are errors that come before the site; all that was found is in `diagnostics`.
pub fn check(
    request: &Request,
    progress: &dyn Progress,
    diagnostics: &mut Diagnostics,
) -> Option<Arc<Site>> {
    let loaded = load_compared(request, progress, diagnostics)?;
    let Loaded {
        config,
        data,
        theme,
        site,
        engine,
        ..
    } = loaded;
    diagnostics.extend(site::near_duplicates(&site, &config, &engine));
    drop(engine);
    let renderer = Renderer::new(
        &request.root,
        config,
        data,
        Arc::clone(&site),
        theme,
        false,
        None,
    );
    if let Some(renderer) = fine(renderer, diagnostics) {
        progress.stage("Rendering", site.routes.len());
        let failures = for_each_route(&site, progress, &|_| true, &|route| match renderer
            .render(route)?
        {
            (Rendered::Bytes(_), _) => Ok(()),
            (Rendered::File(file), _) => readable(&request.root, &file),
        });
        diagnostics.extend(failures);
        diagnostics.extend(renderer.warnings());
    }
    Some(site)
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
fn readable(root: &Path, file: &Path) -> Result<(), Diagnostic> {
    std::fs::File::open(file).map(drop).map_err(|error| {
        let name = file.strip_prefix(root).unwrap_or(file).display();
        let message = format!("{name} cannot be copied: {}", source::reason(&error));
        Diagnostic::new(Code::Unreadable, message).at(Place::file(name.to_string()))
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

/// The text of a file as diagnostics name it, for excerpts: from the site's folder, or from the
/// theme that is embedded.
#[must_use]
pub fn text_of(root: &Path, file: &str) -> Option<String> {
    let path = root.join(file);
    // Reading a pipe would wait for somebody to write into it.
    let bytes = path.is_file().then(|| std::fs::read(path).ok()).flatten();
    let on_disk = bytes.map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    on_disk.or_else(|| embedded_text(file).map(str::to_owned))
}

/// The name of a site's folder, which is the title of a site that says none.
fn folder_name(root: &Path) -> String {
    let absolute = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let name = absolute
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "Untitled".to_owned())
}
