//! A site on this machine, for those who write it: HTTP on loopback, pages rendered when somebody
//! looks at them, and a word to open pages when theirs has changed.
//!
//! In: a site's folder. Out: the same bytes that a build would write, from memory. [`Version`] is
//! the site as its files were at one moment; after an edit there is another, and what was rendered
//! of the one before stays where its key is the same. [`watch`] says that something has
//! changed, [`http`] and [`answer`] speak to browsers, [`pages`] knows which of them look at what.
//! While nobody wants anything, [`sweep`] looks at the pages that nobody has opened. What is wrong
//! is put together in [`report`], and [`desk`] shows that and what else is in the works.

mod answer;
mod desk;
mod http;
mod inject;
mod look;
mod pages;
mod places;
mod report;
mod sweep;
mod version;
mod watch;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use crate::diagnostics::{Code, Diagnostic, Diagnostics};
use crate::pipeline::{self, Memory, Progress, Ready, Request};
use pages::Pages;
use places::Places;
use report::{Report, Trouble};
use sweep::Calm;
use version::Version;
use watch::Watch;

pub use places::Editor;

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
    /// What opens the files that diagnostics name; `None` for a page that shows them.
    pub editor: Option<Editor>,
}

/// Is told what happens.
pub trait Tell: Sync + Send {
    /// The site is served at this URL.
    fn ready(&self, url: &str, articles: usize, took: Duration);
    /// Files have changed: how many pages that somebody looks at are other ones now.
    fn changed(&self, files: &[String], pages: usize, took: Duration);
    /// What is wrong with the site, and was not said yet.
    fn found(&self, diagnostics: &Diagnostics);
    /// All pages were looked at: how many had to be made for that, and how many mistakes they show.
    fn swept(&self, made: usize, mistakes: usize, took: Duration);
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
    places: Places,
    /// The last version without errors; none before there was one.
    version: RwLock<Option<Arc<Version>>>,
    /// Whether the files are as they are there.
    is_current: AtomicBool,
    report: Mutex<Report>,
    pages: Pages,
    calm: Calm,
    tell: Arc<dyn Tell>,
}

/// Serves a site until the process is told to end.
pub fn run(
    options: &Options,
    progress: &dyn Progress,
    tell: &Arc<dyn Tell>,
) -> Result<(), Diagnostic> {
    let started = Instant::now();
    pipeline::is_there(&options.request.root)?;
    let sockets = bind(options)?;
    let site = Arc::new(Site {
        root: options.request.root.clone(),
        host: options.host,
        places: Places::new(&options.request.root, options.editor.clone()),
        version: RwLock::default(),
        is_current: AtomicBool::new(false),
        report: Mutex::default(),
        pages: Pages::default(),
        calm: Calm::default(),
        tell: Arc::clone(tell),
    });
    // Watched before it is read, so that nothing falls between.
    let watch = options.watch.then(|| {
        let (root, output) = (&options.request.root, &options.output);
        Watch::new(root, output, options.poll, Arc::clone(tell))
    });
    let request = options.request.clone();
    let mut memory = Memory::default();
    let read = read(&request, &mut memory, &[], progress);
    show(&site, &request, &mut memory, read);
    let version = site.version();
    let base = version.as_ref().map_or("/", |version| version.base());
    let url = format!("http://{}{base}", shown(&sockets[0].1));
    let articles = version.as_ref().map_or(0, |version| version.articles());
    tell.ready(&url, articles, started.elapsed());
    {
        let site = Arc::clone(&site);
        std::thread::spawn(move || sweep::sweep(&site));
    }
    if let Some(watch) = watch {
        let site = Arc::clone(&site);
        std::thread::spawn(move || follow(&site, watch, request, memory));
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
fn follow(site: &Site, mut watch: Watch, mut request: Request, mut memory: Memory) {
    pipeline::settle(&mut memory);
    loop {
        let mut change = watch.next();
        let started = Instant::now();
        let _busy = site.calm.busy();
        let mut seen = Read::default();
        loop {
            site.tell.time(&mut request);
            let written: Vec<String> = change.files.union(&change.doubtful).cloned().collect();
            let now = read(&request, &mut memory, &written, &Silent);
            if !matches!(now.ready, Ready::Same) {
                seen = now;
            }
            // Half of it may be of files that were being written.
            if !watch.goes_on(&mut change) {
                break;
            }
        }
        let pages = show(site, &request, &mut memory, seen);
        let files = match change.files {
            files if !files.is_empty() => files,
            _ if pages > 0 => change.doubtful,
            _ => continue,
        };
        let files: Vec<String> = files.into_iter().collect();
        site.tell.changed(&files, pages, started.elapsed());
    }
}

/// A site as it was read.
struct Read {
    ready: Ready,
    diagnostics: Diagnostics,
}

impl Default for Read {
    fn default() -> Self {
        Self {
            ready: Ready::Same,
            diagnostics: Diagnostics::new(),
        }
    }
}

/// Reads the site again now that files were written.
fn read(
    request: &Request,
    memory: &mut Memory,
    written: &[String],
    progress: &dyn Progress,
) -> Read {
    let mut diagnostics = Diagnostics::new();
    let ready = pipeline::ready(request, memory, written, progress, &mut diagnostics);
    Read { ready, diagnostics }
}

/// Shows a site that was read; how many pages that somebody looks at are other ones now.
fn show(site: &Site, request: &Request, memory: &mut Memory, read: Read) -> usize {
    let Read { ready, diagnostics } = read;
    if let Ready::Same = ready {
        return 0;
    }
    let before = site.version();
    let is_first = before.is_none();
    site.is_current
        .store(matches!(ready, Ready::Anew(_)), Ordering::Relaxed);
    if let Ready::Anew(renderer) = ready {
        let version = match &before {
            Some(before) => Version::after(renderer, request.now, before),
            None => Version::new(renderer, request.now),
        };
        let version = Arc::new(version);
        // What is open is rendered in any case, and may be the first to show a mistake.
        site.pages.make(&version);
        let mut present = site.version.write().unwrap_or_else(PoisonError::into_inner);
        *present = Some(version);
    }
    let mut report = site.report();
    report.read(diagnostics);
    site.update(&mut report);
    let version = site.version();
    let pages = site.pages.tell(version.as_deref(), report.trouble.as_ref());
    drop(report);
    site.pages.tell_desks();
    // Nobody waits for that.
    drop(before);
    if is_first {
        // It is settled when the site has been told to be ready.
        pipeline::save(&site.root, memory);
    } else {
        pipeline::settle(memory);
    }
    pages
}

impl Site {
    fn version(&self) -> Option<Arc<Version>> {
        let version = self.version.read().unwrap_or_else(PoisonError::into_inner);
        version.clone()
    }

    fn report(&self) -> MutexGuard<'_, Report> {
        self.report.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn trouble(&self) -> Option<Trouble> {
        self.report().trouble.clone()
    }

    /// Puts together what is wrong, and says what was not said yet; whether open pages are to be
    /// told something else.
    fn update(&self, report: &mut Report) -> bool {
        let is_current = self.is_current.load(Ordering::Relaxed);
        let version = self.version().filter(|_| is_current);
        let text_of = |file: &str| pipeline::text_of(&self.root, file);
        let (new, is_other) = report.update(version.as_deref(), &self.places, &text_of);
        if !new.is_empty() {
            self.tell.found(&new);
        }
        is_other
    }

    /// Tells what was found of pages that nobody has opened.
    fn tell_mistakes(&self) {
        let mut report = self.report();
        if self.update(&mut report) {
            let version = self.version();
            self.pages.tell(version.as_deref(), report.trouble.as_ref());
        }
    }

    /// A mistake as a page shows it.
    fn trouble_of(&self, diagnostic: &Diagnostic) -> Trouble {
        let text_of = |file: &str| pipeline::text_of(&self.root, file);
        Trouble::of(&diagnostic.clone().into(), &self.places, &text_of)
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
