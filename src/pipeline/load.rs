//! From files to a site: for a build, to look at it, or to serve it while it is written.

use std::path::Path;
use std::sync::Arc;

use super::edit::Edit;
use super::retell::{After, Standing};
use super::{Files, Profile, Progress, Request, fine, kept};
use crate::code::Colours;
use crate::config::{self, Config};
use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place};
use crate::model::{Content, Data, SourceFile};
use crate::parse::{self, Earlier, Kept, Readers, Remembered};
use crate::pictures::{self, Looks};
use crate::render::{Renderer, Stock, Theme};
use crate::site::related::{self, Engine};
use crate::site::search;
use crate::site::{self, AssetOfTheme, Basis, Inputs, Site};
use crate::source;

/// What a site is loaded for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// To build it, and to keep what the next build need not find out again.
    Build,
    /// To look at it.
    Look,
    /// To compare all articles, even if the site suggests nothing.
    Compare,
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
    /// What is known to be otherwise than an earlier build left it.
    pub edit: Edit,
    /// What the site was resolved from.
    basis: Basis,
    /// Whether it is known how words are spelled.
    spells: bool,
    /// Whether no file of the site has several names.
    is_plain: bool,
}

/// What is known of a site that is loaded again and again.
#[derive(Default)]
pub struct Memory {
    /// Nothing before it was loaded first.
    articles: Option<Remembered>,
    related: FromLast,
    /// What is known of the search.
    search: Option<search::Kept>,
    /// What colours code has; nothing before the site was loaded first.
    colours: Option<Arc<Colours>>,
    /// The site as it was loaded last; nothing where that could be another one for all that is known.
    standing: Option<Standing>,
}

/// What is known of related articles.
#[derive(Debug, Default)]
enum FromLast {
    /// What files have.
    #[default]
    OnDisk,
    /// What was found out last, for which nobody has had the time yet to [settle] it.
    Found(Box<related::State>),
    /// What was found out last; `None` where nothing could be kept.
    Known(Option<Box<related::Kept>>),
}

/// From files to a resolved site. `None` when there are errors; all that was found is in
/// `diagnostics` either way.
pub fn load(
    request: &Request,
    progress: &dyn Progress,
    diagnostics: &mut Diagnostics,
    profile: &mut Profile,
) -> Option<Loaded> {
    walk_and_load(Purpose::Look, request, None, progress, diagnostics, profile)
}

/// The same, with an engine that has compared all articles even if the site suggests nothing.
pub fn load_compared(
    request: &Request,
    progress: &dyn Progress,
    diagnostics: &mut Diagnostics,
) -> Option<Loaded> {
    let profile = &mut Profile::default();
    walk_and_load(
        Purpose::Compare,
        request,
        None,
        progress,
        diagnostics,
        profile,
    )
}

fn walk_and_load(
    purpose: Purpose,
    request: &Request,
    memory: Option<&mut Memory>,
    progress: &dyn Progress,
    diagnostics: &mut Diagnostics,
    profile: &mut Profile,
) -> Option<Loaded> {
    let files = profile.take("walk", || Files::walk(request));
    load_for(
        purpose,
        request,
        files,
        memory,
        progress,
        diagnostics,
        profile,
    )
}

pub(super) fn load_for(
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

    let is_plain = files.are_plain;
    diagnostics.extend(wrong_with(&files, &config, root));
    progress.stage("Reading", files.content.len());
    let (mut remembered, known, searched) = memory.map_or((None, None, None), Memory::parts);
    let (theme, found) = Theme::load(root, &config);
    diagnostics.extend(found);
    diagnostics.extend(config.know_components(theme.components()));
    let parse = || {
        let (data, found) = parse::data(&files.data, &config);
        diagnostics.extend(found);
        let before = remembered.as_deref_mut().and_then(Option::take);
        let is_first = before.is_none();
        let (kept, unusable) = match before {
            Some(remembered) => (Kept::remembered(remembered, &config), None),
            None => Kept::load(root, &config),
        };
        diagnostics.extend(unusable);
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
        (data, content)
    };
    // Where nothing is compared, there is nothing to keep.
    let keeps = purpose == Purpose::Build && config.related.compares();
    let ((data, mut content), from_last) = rayon::join(
        || profile.take("parse", parse),
        || {
            let from_last = match known.as_deref() {
                Some(FromLast::Known(_) | FromLast::Found(_)) => None,
                _ => keeps.then(|| kept::load(root)),
            };
            (from_last, known_search(root, &config, searched))
        },
    );
    let (from_last, (search, unusable)) = from_last;
    let (from_last, others) = from_last.unzip();
    kept::warn_once(diagnostics, unusable.or(others.flatten()));
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
    let edited = std::mem::take(&mut content.edited);
    let spells = config.related.spells(content.articles.len());
    let looks = looks(
        purpose,
        root,
        &config,
        &content,
        &files.statics,
        diagnostics,
    );
    let inputs = Inputs {
        content,
        statics: files.statics,
        looks,
        assets: assets_of(&theme),
        fonts: theme.fonts.clone(),
        now: request.now,
        show: request.show,
        from_last,
        reread: &|articles| parse::reread(root, articles, &config, &mut Readers::spelling(spells)),
        search,
        reindex: &|articles| parse::reindex(root, articles, &config),
    };
    let resolved = profile.take("site", || site::build(&config, &data, inputs));
    diagnostics.extend(resolved.diagnostics);
    diagnostics.sort();
    let edit = Edit::new(edited, resolved.related_anew, &config);
    Some(Loaded {
        config: Arc::new(config),
        data: Arc::new(data),
        theme: Arc::new(theme),
        site: Arc::new(resolved.site),
        engine: resolved.engine,
        state: resolved.state,
        edit,
        basis: resolved.basis,
        spells,
        is_plain,
    })
}

/// What the pictures look like that are published in several widths.
fn looks(
    purpose: Purpose,
    root: &Path,
    config: &Config,
    content: &Content,
    statics: &[SourceFile],
    diagnostics: &mut Diagnostics,
) -> Looks {
    let pictures = content.resources.iter().chain(statics);
    let pictures = pictures.filter(|_| config.pictures.are_made);
    let (looks, unusable) = pictures::look_at_all(pictures, root, purpose == Purpose::Build);
    kept::warn_once(diagnostics, unusable);
    looks
}

fn assets_of(theme: &Theme) -> Vec<AssetOfTheme> {
    let assets = theme.assets.iter();
    let assets = assets.map(|asset| AssetOfTheme {
        url: asset.url.clone(),
        place: Place::file(&asset.file),
        component: theme.component_of(asset).map(Into::into),
    });
    assets.collect()
}

/// What is known of the search: what was found out last, or else what files have.
fn known_search(
    root: &Path,
    config: &Config,
    searched: Option<search::Kept>,
) -> (Option<search::Kept>, Option<Diagnostic>) {
    match searched {
        _ if !config.search => (None, None),
        None => kept::load_search(root),
        searched => (searched, None),
    }
}

impl Memory {
    /// What is known of articles, of what is related to them, and of the search, which is taken.
    fn parts(
        &mut self,
    ) -> (
        Option<&mut Option<Remembered>>,
        Option<&mut FromLast>,
        Option<search::Kept>,
    ) {
        let searched = self.search.take();
        (Some(&mut self.articles), Some(&mut self.related), searched)
    }
}

/// What is wrong with the files of a site, whatever is in them.
fn wrong_with(files: &Files, config: &Config, root: &Path) -> Diagnostics {
    let mut found = files.found.clone();
    // What a link leads to may be anything of the site, such as its data: not for authors who are not
    // trusted.
    if config.outside().is_some() && !files.are_plain {
        found.extend(links_among_articles(&files.content));
    }
    if files.content.is_empty() {
        found.push(no_content(root));
    }
    found
}

fn links_among_articles(content: &[SourceFile]) -> Vec<Diagnostic> {
    let links = source::links_among(content).into_iter();
    let told = links.map(|path| {
        let message = "a symbolic link is for authors who are trusted";
        Diagnostic::new(Code::NotTrusted, message)
            .at(Place::file(path))
            .hint("put what it leads to in its place")
    });
    told.collect()
}

fn no_content(root: &Path) -> Diagnostic {
    let message = format!("there is no content in {}", root.join("content").display());
    Diagnostic::new(Code::Argument, message)
        .hint("write an article with `pressroom new`, or begin a site with `pressroom init DIR`")
}

/// Whether there is a folder that could hold a site.
pub fn is_there(root: &Path) -> Result<(), Diagnostic> {
    if root.is_dir() {
        return Ok(());
    }
    let message = format!("there is no folder {}", root.display());
    Err(Diagnostic::new(Code::Argument, message)
        .hint("name the site's folder with --root, or make one with `pressroom init DIR`"))
}

/// What pressroom.yaml says. `None` when it has errors, or when there is no site.
pub(super) fn configuration(root: &Path, diagnostics: &mut Diagnostics) -> Option<Config> {
    if let Err(missing) = is_there(root) {
        diagnostics.push(missing);
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

/// What became of a site that is looked at while it is written.
pub enum Ready {
    /// It is as it was.
    Same,
    /// This renders its routes.
    Anew(Arc<Renderer>),
    /// There are errors.
    Wrong,
}

/// A site to be looked at while it is written. All that was found is in `diagnostics`, unless it is
/// as it was.
///
/// `written`: the files that were written since it was ready last, as far as anybody knows.
pub fn ready(
    request: &Request,
    memory: &mut Memory,
    written: &[String],
    progress: &dyn Progress,
    diagnostics: &mut Diagnostics,
) -> Ready {
    settle(memory);
    if let Some(ready) = retold(request, memory, written, diagnostics) {
        return ready;
    }
    memory.standing = None;
    all_ready(request, memory, progress, diagnostics).map_or(Ready::Wrong, Ready::Anew)
}

fn all_ready(
    request: &Request,
    memory: &mut Memory,
    progress: &dyn Progress,
    diagnostics: &mut Diagnostics,
) -> Option<Arc<Renderer>> {
    let profile = &mut Profile::default();
    let loaded = walk_and_load(
        Purpose::Build,
        request,
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
        basis,
        spells,
        is_plain,
        ..
    } = loaded;
    memory.related = FromLast::of(state.map(Box::new));
    memory.search = Some(search::keep(&site.search));
    let colours = memory
        .colours
        .get_or_insert_with(|| Arc::new(Colours::of(&request.root)));
    let stock = Some(Stock::with(&request.root, Arc::clone(colours)));
    let found = diagnostics.clone();
    let until = site::until(&site, request.now);
    let renderer = Renderer::new(&request.root, config, data, site, theme, false, stock);
    let renderer = Arc::new(fine(renderer, diagnostics)?);
    memory.standing = is_plain.then(|| Standing {
        renderer: Arc::clone(&renderer),
        basis,
        found,
        readers: Readers::spelling(spells),
        until,
    });
    Some(renderer)
}

/// The same at the price of some articles, where only their texts have changed.
fn retold(
    request: &Request,
    memory: &mut Memory,
    written: &[String],
    diagnostics: &mut Diagnostics,
) -> Option<Ready> {
    let (Some(standing), FromLast::Known(kept)) = (&mut memory.standing, &mut memory.related)
    else {
        return None;
    };
    match standing.after(request, written, kept) {
        After::Same => return Some(Ready::Same),
        After::Otherwise(state) => {
            memory.related = FromLast::of(state);
            memory.search = Some(search::keep(&standing.renderer.site().search));
        }
        After::Unknown => return None,
    }
    diagnostics.extend(standing.found.iter().cloned());
    Some(Ready::Anew(Arc::clone(&standing.renderer)))
}

impl FromLast {
    fn of(state: Option<Box<related::State>>) -> Self {
        state.map_or(Self::Known(None), Self::Found)
    }
}

/// Brings what was found out about related articles into the form in which it is asked for after
/// the next edit: work that nobody need wait for.
pub fn settle(memory: &mut Memory) {
    memory.related = match std::mem::take(&mut memory.related) {
        FromLast::Found(state) => FromLast::Known(Some(Box::new(state.into_kept()))),
        other => other,
    };
    if let FromLast::Known(Some(kept)) = &mut memory.related {
        kept.index();
    }
}

/// Writes for the next start what was found out about related articles and is not settled yet.
pub fn save(root: &Path, memory: &Memory) {
    if let FromLast::Found(state) = &memory.related {
        kept::save(root, state);
    }
    if let Some(kept) = &memory.search {
        kept::save_search(root, kept);
    }
}

/// The name of a site's folder, which is the title of a site that says none.
fn folder_name(root: &Path) -> String {
    let absolute = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let name = absolute
        .file_name()
        .map(|name| name.to_string_lossy().into_owned());
    name.unwrap_or_else(|| "Untitled".to_owned())
}
