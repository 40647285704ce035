//! A site on this machine, for those who write it: HTTP on loopback, pages rendered when somebody
//! looks at them, and a word to open pages when theirs has changed.
//!
//! In: a site's folder. Out: the same bytes that a build would write, from memory. [`Version`] is
//! the site as its files were at one moment; after an edit there is another, and what was rendered
//! of the one before stays where its key is the same. [`watch`] says that something has
//! changed, [`http`] and [`answer`] speak to browsers, [`pages`] knows which of them look at what.

mod answer;
mod http;
mod inject;
mod look;
mod pages;
mod version;
mod watch;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockWriteGuard};
use std::time::{Duration, Instant};

use crate::diagnostics::{Code, Diagnostic, Diagnostics, render};
use crate::pipeline::{self, Memory, Progress, Request};
use crate::render::Renderer;
use crate::site::related::State;
use pages::Pages;
use version::Version;
use watch::Watch;

/// Ports that are tried, the first one and those after it, when any will do.
const PORTS: u16 = 20;

/// What is asked for.
#[derive(Debug, Clone)]
pub struct Options {
    /// The site, and what is shown of it.
    pub request: Request,
    /// The port.
    pub port: u16,
    /// Whether another port will do if that one is taken.
    pub any_port: bool,
    /// The address to listen at; `None` for this machine alone.
    pub host: Option<IpAddr>,
    /// Whether files are watched.
    pub watch: bool,
    /// Whether they are looked at each second instead of waiting for events.
    pub poll: bool,
    /// Where builds write to, which is not watched.
    pub output: PathBuf,
}

/// Is told what happens.
pub trait Tell: Sync + Send {
    /// The site is served at this URL.
    fn ready(&self, url: &str, articles: usize, took: Duration);
    /// Files have changed: how many pages that somebody looks at are other ones now.
    fn changed(&self, files: &[String], pages: usize, took: Duration);
    /// What is wrong with the site now; nothing if all is well again.
    fn found(&self, diagnostics: &Diagnostics);
    /// All files are looked at each second from now on, since there are no events of them.
    fn polls(&self, why: &str);
    /// The time that "now" is, and before which files must have changed to be believed.
    fn time(&self, request: &mut Request);
}

/// What all connections share.
struct Site {
    root: PathBuf,
    /// Hosts that may be asked for, besides loopback.
    host: Option<IpAddr>,
    /// The last version without errors; none before there was one.
    version: RwLock<Option<Arc<Version>>>,
    /// What is wrong with the files as they are, as text.
    trouble: RwLock<Option<Arc<str>>>,
    /// What was said last of what is wrong.
    said: Mutex<Arc<str>>,
    pages: Pages,
}

/// Serves a site until the process is told to end.
pub fn run(
    options: &Options,
    progress: &dyn Progress,
    tell: Arc<dyn Tell>,
) -> Result<(), Diagnostic> {
    let started = Instant::now();
    pipeline::is_there(&options.request.root)?;
    let sockets = bind(options)?;
    let site = Arc::new(Site {
        root: options.request.root.clone(),
        host: options.host,
        version: RwLock::default(),
        trouble: RwLock::default(),
        said: Mutex::new("".into()),
        pages: Pages::default(),
    });
    // Watched before it is read, so that nothing falls between.
    let watch = options.watch.then(|| {
        let (root, output) = (&options.request.root, &options.output);
        Watch::new(root, output, options.poll, Arc::clone(&tell))
    });
    let request = options.request.clone();
    let mut memory = Memory::default();
    let loaded = read(&request, &mut memory, progress);
    show(&site, &request, &mut memory, loaded, &*tell);
    let version = site.version();
    let base = version.as_ref().map_or("/", |version| version.base());
    let url = format!("http://{}{base}", shown(&sockets[0].1));
    let articles = version.as_ref().map_or(0, |version| version.articles());
    tell.ready(&url, articles, started.elapsed());
    if let Some(watch) = watch {
        let site = Arc::clone(&site);
        std::thread::spawn(move || follow(&site, watch, request, memory, &*tell));
    }
    http::serve(
        sockets.into_iter().map(|(socket, _)| socket).collect(),
        &site,
    )
}

/// Is told nothing.
struct Silent;

impl Progress for Silent {
    fn stage(&self, _: &'static str, _: usize) {}
    fn step(&self) {}
}

/// Follows the files for good.
fn follow(
    site: &Site,
    mut watch: Watch,
    mut request: Request,
    mut memory: Memory,
    tell: &dyn Tell,
) {
    loop {
        let mut change = watch.next();
        let started = Instant::now();
        let loaded = loop {
            tell.time(&mut request);
            let loaded = read(&request, &mut memory, &Silent);
            if !watch.goes_on(&mut change) {
                break loaded;
            }
            // Half of it may be of files that were being written.
            if let Some((_, state)) = loaded.ready {
                pipeline::keep(&mut memory, state);
            }
        };
        let pages = show(site, &request, &mut memory, loaded, tell);
        let files = match change.files {
            files if !files.is_empty() => files,
            _ if pages > 0 => change.doubtful,
            _ => continue,
        };
        let files: Vec<String> = files.into_iter().collect();
        tell.changed(&files, pages, started.elapsed());
    }
}

/// A site as it was read.
struct Read {
    /// `None` where there are errors.
    ready: Option<(Renderer, Option<State>)>,
    diagnostics: Diagnostics,
}

fn read(request: &Request, memory: &mut Memory, progress: &dyn Progress) -> Read {
    let mut diagnostics = Diagnostics::new();
    let ready = pipeline::ready(request, memory, progress, &mut diagnostics);
    Read { ready, diagnostics }
}

/// Shows a site that was read; how many pages that somebody looks at are other ones now.
fn show(site: &Site, request: &Request, memory: &mut Memory, read: Read, tell: &dyn Tell) -> usize {
    let Read {
        ready,
        mut diagnostics,
    } = read;
    let before = site.version();
    let is_first = before.is_none();
    let mut state = None;
    if let Some((renderer, found_out)) = ready {
        state = Some(found_out);
        let version = match &before {
            Some(before) => Version::after(renderer, request.now, before),
            None => Version::new(renderer, request.now),
        };
        let version = Arc::new(version);
        // What is open is rendered in any case, and may be the first to show a mistake.
        diagnostics.extend(site.pages.trouble(&version));
        *write(&site.version) = Some(version);
    }
    diagnostics.sort();
    let text_of = |file: &str| pipeline::text_of(&site.root, file);
    let text: Arc<str> = render::text(&diagnostics, &text_of, false).into();
    let trouble = diagnostics.has_errors().then(|| Arc::clone(&text));
    (*write(&site.trouble)).clone_from(&trouble);
    let pages = site
        .pages
        .tell(site.version().as_deref(), trouble.as_deref());
    let mut said = site.said.lock().unwrap_or_else(PoisonError::into_inner);
    if *said != text {
        tell.found(&diagnostics);
        *said = text;
    }
    // Nobody waits for that.
    drop(before);
    if let Some(state) = state {
        if is_first && let Some(state) = &state {
            pipeline::save(&site.root, state);
        }
        pipeline::keep(memory, state);
    }
    pages
}

fn write<T>(what: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    what.write().unwrap_or_else(PoisonError::into_inner)
}

impl Site {
    fn version(&self) -> Option<Arc<Version>> {
        let version = self.version.read().unwrap_or_else(PoisonError::into_inner);
        version.clone()
    }

    fn trouble(&self) -> Option<Arc<str>> {
        let trouble = self.trouble.read().unwrap_or_else(PoisonError::into_inner);
        trouble.clone()
    }
}

/// Sockets to listen at, the first of which is what people are told.
fn bind(options: &Options) -> Result<Vec<(std::net::TcpListener, SocketAddr)>, Diagnostic> {
    let ports = if options.any_port {
        options.port..=options.port.saturating_add(PORTS)
    } else {
        options.port..=options.port
    };
    let first = options.host.unwrap_or(IpAddr::V4(Ipv4Addr::LOCALHOST));
    let mut reason = None;
    for port in ports {
        match listen(first, port) {
            Ok(listener) => {
                let mut sockets = vec![listener];
                if options.host.is_none() {
                    // The other loopback address is a courtesy, and not every machine has it.
                    let port = sockets[0].1.port();
                    sockets.extend(listen(IpAddr::V6(Ipv6Addr::LOCALHOST), port));
                }
                return Ok(sockets);
            }
            Err(error) => reason = Some(error),
        }
    }
    let port = options.port;
    let reason = reason.map(|error| error.to_string()).unwrap_or_default();
    let message = format!(
        "cannot listen at {}: {reason}",
        SocketAddr::new(first, port)
    );
    Err(Diagnostic::new(Code::Argument, message).hint(format!(
        "another program has the port, most likely: `ss -ltnp 'sport = :{port}'` or `lsof -i :{port}` \
         says which; `--port auto` takes the next one that is free"
    )))
}

fn listen(address: IpAddr, port: u16) -> std::io::Result<(std::net::TcpListener, SocketAddr)> {
    let listener = std::net::TcpListener::bind((address, port))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}

/// An address as it stands in a URL.
fn shown(address: &SocketAddr) -> String {
    match address.ip() {
        IpAddr::V4(Ipv4Addr::LOCALHOST) => format!("localhost:{}", address.port()),
        _ => address.to_string(),
    }
}
