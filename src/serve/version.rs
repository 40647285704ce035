//! A site as its files were at one moment.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use rustc_hash::FxHashMap;

use crate::diagnostics::{Code, Diagnostic, Place};
use crate::key::Key;
use crate::model::{Identity, Moment};
use crate::pipeline;
use crate::render::{Answered, Rendered, Renderer};
use crate::site::{ArticleId, Reason, Route, Site, Target, orphans};

/// How often, and after what pauses, it is tried to make a page of a file that is being saved.
const TRIES: usize = 10;
const PAUSE: Duration = Duration::from_millis(30);
/// Mistakes of pages that are told one by one; of more, their number.
const MOST_FAULTS: usize = 500;
/// Mistakes that are looked for again before anything else when there is another version.
const AGAIN: usize = 20;

/// The site, and its pages as far as anybody wanted them.
pub struct Version {
    renderer: Arc<Renderer>,
    /// Which route answers at a path, by the path as the route has it.
    by_path: Arc<FxHashMap<Box<str>, u32>>,
    /// By routes.
    rendered: Box<[OnceLock<Arc<Page>>]>,
    /// By routes: how many microseconds it took to make it, and one; 0 if that was not tried yet.
    took: Box<[AtomicU32]>,
    faults: Mutex<Faults>,
    orphans: OnceLock<Vec<ArticleId>>,
    /// The route of the page for what is not there.
    not_found: Option<u32>,
    /// The last that could be made of pages that were other ones before, by their paths.
    earlier: FxHashMap<Box<str>, Arc<Page>>,
    /// The time that "now" was.
    now: Moment,
}

/// What a route answers with.
pub struct Page {
    pub body: Body,
    /// What it was made from; `None` where only making it tells.
    made: Option<(Key, Answered)>,
    /// Names the bytes; `None` for a file.
    pub tag: Option<Key>,
}

/// What is the same in mistakes that are one.
pub type Mistake = (Option<Place>, String);

/// What is wrong with pages.
#[derive(Default)]
struct Faults {
    /// Each mistake once: the first route that showed it, and how many did.
    known: BTreeMap<Mistake, (u32, usize, Diagnostic)>,
    /// Pages with still others.
    more: usize,
}

/// What a page is.
pub enum Body {
    Bytes(Arc<[u8]>),
    File(PathBuf),
    /// It could not be made.
    Fault(Diagnostic),
}

/// What a path leads to.
pub enum Found {
    /// The route with this number.
    Route(u32),
    /// Another path of the site.
    Moved(String),
    Nothing,
}

impl Version {
    pub fn new(renderer: Arc<Renderer>, now: Moment) -> Self {
        let by_path = renderer.routes().iter().zip(0..);
        let by_path = by_path.map(|(route, at)| (route.url.as_str().into(), at));
        let by_path = Arc::new(by_path.collect());
        Self::with(renderer, now, by_path)
    }

    fn with(renderer: Arc<Renderer>, now: Moment, by_path: Arc<FxHashMap<Box<str>, u32>>) -> Self {
        let routes = renderer.routes();
        let is_not_found = |route: &Route| route.target == Target::NotFound;
        let not_found = routes.iter().position(is_not_found);
        Self {
            by_path,
            rendered: routes.iter().map(|_| OnceLock::new()).collect(),
            took: routes.iter().map(|_| AtomicU32::new(0)).collect(),
            faults: Mutex::default(),
            orphans: OnceLock::new(),
            not_found: not_found.map(|at| at as u32),
            earlier: FxHashMap::default(),
            now,
            renderer,
        }
    }

    /// The same, with those pages of an earlier version that would be made from the same again.
    pub fn after(renderer: Arc<Renderer>, now: Moment, before: &Self) -> Self {
        let mut version = if Arc::ptr_eq(renderer.routes(), before.renderer.routes()) {
            Self::with(renderer, now, Arc::clone(&before.by_path))
        } else {
            Self::new(renderer, now)
        };
        version.earlier.clone_from(&before.earlier);
        let pages = before.rendered.iter().zip(&before.took);
        for (route, (page, took)) in before.routes().iter().zip(pages) {
            let Some(page) = page.get() else { continue };
            let path = route.url.as_str();
            let at = version.by_path.get(path);
            let made = page.made.as_ref();
            let same = at.filter(|at| made.is_some_and(|made| version.is_made_from(**at, made)));
            if let Some(at) = same {
                let _ = version.rendered[*at as usize].set(Arc::clone(page));
                version.took[*at as usize] = took.load(Ordering::Relaxed).into();
                version.earlier.remove(path);
            } else if let Body::Bytes(_) = page.body {
                version.earlier.insert(path.into(), Arc::clone(page));
            }
        }
        // A mistake that is mended is gone at once, and one that is not stays.
        for (first, ..) in before.faults().known.values().take(AGAIN) {
            let path = before.routes()[*first as usize].url.as_str();
            if let Some(at) = version.by_path.get(path) {
                version.look(*at, &version.renderer);
            }
        }
        version
    }

    /// Whether a route would be made from the same again.
    fn is_made_from(&self, at: u32, made: &(Key, Answered)) -> bool {
        self.would_be_made_from(at, made, &self.renderer)
    }

    /// The same as a renderer of its pages tells it.
    pub fn would_be_made_from(
        &self,
        at: u32,
        (key, answers): &(Key, Answered),
        renderer: &Renderer,
    ) -> bool {
        let is_same = |(question, answer): &(String, Key)| renderer.answer(question) == *answer;
        renderer.key(&self.routes()[at as usize]) == Some(*key) && answers.iter().all(is_same)
    }

    pub fn site(&self) -> &Site {
        self.renderer.site()
    }

    pub fn title(&self) -> &str {
        self.renderer.title()
    }

    pub fn articles(&self) -> usize {
        self.renderer.articles()
    }

    /// The path that the site lives at, with a slash at both ends.
    pub fn base(&self) -> &str {
        self.renderer.base_path()
    }

    /// A path of the site as pages refer to it.
    pub fn href(&self, path: &str) -> String {
        self.renderer.href(path)
    }

    pub fn routes(&self) -> &[Route] {
        self.renderer.routes()
    }

    /// What a path leads to, percent-decoded and from the site's root.
    pub fn find(&self, path: &str) -> Found {
        let known = |path: &str| self.by_path.get(path).copied();
        if let Some(at) = known(path) {
            return Found::Route(at);
        }
        // Static hosts answer from the file as well.
        if let Some(folder) = path.strip_suffix("index.html")
            && folder.ends_with('/')
            && let Some(at) = known(folder)
        {
            return Found::Route(at);
        }
        let folder = format!("{path}/");
        if known(&folder).is_some() {
            return Found::Moved(folder);
        }
        Found::Nothing
    }

    /// What a route answers with. It is made when it is wanted first.
    ///
    /// An article whose file is not the one that this version is about, as it is while somebody saves
    /// it, answers with what it was before; there is another version in a moment.
    pub fn page(&self, at: u32) -> Arc<Page> {
        let known = &self.rendered[at as usize];
        for _ in 0..TRIES {
            if let Some(page) = known.get() {
                return Arc::clone(page);
            }
            let (page, is_settled) = self.make(at);
            if is_settled {
                return Arc::clone(known.get_or_init(|| Arc::new(page)));
            }
            if let Some(earlier) = self.last_good(at) {
                return earlier;
            }
            std::thread::sleep(PAUSE);
        }
        Arc::new(self.make(at).0)
    }

    /// Makes a page; whether it is what this version has.
    fn make(&self, at: u32) -> (Page, bool) {
        let route = &self.routes()[at as usize];
        let key = self.renderer.key(route);
        let started = Instant::now();
        let rendered = self.renderer.render(route);
        let took = started.elapsed();
        let is_settled = match &rendered {
            Ok((Rendered::Bytes(_), answers)) => key.is_none() || answers.is_some(),
            Ok(_) => true,
            Err(diagnostic) => diagnostic.code != Code::Unreadable,
        };
        if is_settled {
            self.note(at, took, rendered.as_ref().err());
        }
        let (body, answers) = match rendered {
            Ok((Rendered::Bytes(bytes), answers)) => (Body::Bytes(bytes.into()), answers),
            Ok((Rendered::File(file), _)) => (Body::File(file), None),
            Err(diagnostic) => (Body::Fault(diagnostic), None),
        };
        let tag = match &body {
            Body::Bytes(bytes) => Some(Key::of_bytes(bytes)),
            _ => None,
        };
        let made = key.zip(answers);
        (Page { body, made, tag }, is_settled)
    }

    /// What renders the same pages, and is to be dropped with all that it keeps for those to come.
    pub fn passing_renderer(&self) -> Renderer {
        self.renderer.retold(Arc::clone(self.renderer.site()))
    }

    /// Sees whether a route can be made, and keeps nothing of it; what it is made from, where that
    /// tells whether it could be made again. `renderer`: this version's, or a passing one.
    pub fn look(&self, at: u32, renderer: &Renderer) -> Option<(Key, Answered)> {
        let route = &self.routes()[at as usize];
        if !Renderer::may_fail(route) {
            self.note(at, Duration::ZERO, None);
            return None;
        }
        let key = renderer.key(route);
        let started = Instant::now();
        let looked = renderer.try_out(route);
        let took = started.elapsed();
        let looked = looked.and_then(|(rendered, answers)| match rendered {
            Rendered::Bytes(_) => Ok(answers),
            // What is gone is so in the next version as well.
            Rendered::File(file) if !file.exists() => Ok(None),
            Rendered::File(file) => pipeline::readable(renderer.root(), &file).map(|()| answers),
        });
        let is_article = matches!(route.target, Target::Article(_));
        let fault = looked.as_ref().err();
        // An article that cannot be read is being saved.
        let fault = fault.filter(|fault| !is_article || fault.code != Code::Unreadable);
        self.note(at, took, fault);
        key.zip(looked.ok().flatten())
    }

    /// What a route was made from, if it was made for somebody.
    pub fn made(&self, at: u32) -> Option<(Key, Answered)> {
        self.rendered[at as usize].get()?.made.clone()
    }

    /// How long it took to make a route; `None` if nobody tried.
    pub fn took(&self, at: u32) -> Option<Duration> {
        let took = self.took[at as usize].load(Ordering::Relaxed);
        let microseconds = took.checked_sub(1)?;
        Some(Duration::from_micros(microseconds.into()))
    }

    /// Remembers what came of making a route.
    pub fn note(&self, at: u32, took: Duration, fault: Option<&Diagnostic>) {
        let took = u32::try_from(took.as_micros()).unwrap_or(u32::MAX - 1);
        let before = self.took[at as usize].swap(took.saturating_add(1), Ordering::Relaxed);
        let (0, Some(fault)) = (before, fault) else {
            return;
        };
        let mistake = (fault.place.clone(), fault.message.clone());
        let mut faults = self.faults();
        if let Some((_, pages, _)) = faults.known.get_mut(&mistake) {
            *pages += 1;
        } else if faults.known.len() < MOST_FAULTS {
            faults.known.insert(mistake, (at, 1, fault.clone()));
        } else {
            faults.more += 1;
        }
    }

    fn faults(&self) -> MutexGuard<'_, Faults> {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How many mistakes pages have shown so far.
    pub fn faulty(&self) -> usize {
        self.faults().known.len()
    }

    /// What pages have shown so far, with what makes each of them one.
    pub fn mistakes(&self) -> Vec<(Mistake, Diagnostic)> {
        let faults = self.faults();
        let known = faults.known.iter().map(|(mistake, (first, pages, fault))| {
            let first = *first as usize;
            let told = pipeline::while_rendering(self.site(), fault.clone(), first, *pages);
            (mistake.clone(), told)
        });
        let mut told: Vec<_> = known.collect();
        if faults.more > 0 {
            let message = format!("{} more pages cannot be made", faults.more);
            let more = Diagnostic::new(Code::TemplateRender, &message)
                .hint("mend what is told first; `pressroom check` tells all");
            told.push(((None, "more pages".to_owned()), more));
        }
        told
    }

    /// Articles that nothing but lists leads to.
    pub fn orphans(&self) -> &[ArticleId] {
        self.orphans.get_or_init(|| orphans(self.site()))
    }

    /// The name of the template that makes a route.
    pub fn template_of(&self, at: u32) -> Option<String> {
        self.renderer.template_of(&self.routes()[at as usize])
    }

    /// The file of a template.
    pub fn template_file(&self, name: &str) -> Option<&str> {
        self.renderer.template_file(name)
    }

    /// What a route answered with before, when it cannot be made now.
    pub fn last_good(&self, at: u32) -> Option<Arc<Page>> {
        let path = self.routes()[at as usize].url.as_str();
        self.earlier.get(path).map(Arc::clone)
    }

    /// The page for what is not there.
    pub fn not_found(&self) -> Option<Arc<Page>> {
        Some(self.page(self.not_found?))
    }

    /// The page at the end of a path that is nearest to one that is gone, which is its section as a rule.
    pub fn nearest(&self, path: &str) -> String {
        let mut path = path.trim_end_matches('/');
        while let Some((parent, _)) = path.rsplit_once('/') {
            let folder = format!("{parent}/");
            if self.by_path.contains_key(folder.as_str()) {
                return folder;
            }
            path = parent;
        }
        "/".to_owned()
    }

    /// The file that a build would write for a route.
    pub fn output(&self, at: u32) -> String {
        self.routes()[at as usize].url.output()
    }

    /// Names the bytes of the file at a path, if there is one.
    pub fn file_tag(&self, path: &str) -> Option<Key> {
        let Found::Route(at) = self.find(path) else {
            return None;
        };
        let page = self.page(at);
        match &page.body {
            Body::File(file) => file.metadata().ok().map(|found| tag_of(&found)),
            _ => page.tag,
        }
    }

    /// Where the site's own table of redirects leads from a path, percent-encoded and from the
    /// host's root, and with what status.
    pub fn redirect(&self, path: &str) -> Option<(String, u16)> {
        let Found::Route(at) = self.find("/_redirects") else {
            return None;
        };
        let page = self.page(at);
        let table = match &page.body {
            Body::Bytes(table) => String::from_utf8_lossy(table).into_owned(),
            Body::File(file) => std::fs::read_to_string(file).ok()?,
            Body::Fault(_) => return None,
        };
        let rules = table.lines().map(|line| line.split_whitespace());
        let mut rules = rules.filter_map(|mut rule| {
            let (from, to) = (rule.next()?, rule.next()?);
            let status = rule
                .next()
                .map_or(Some(301), |status| status.parse().ok())?;
            (from == path && matches!(status, 301 | 302 | 303 | 307 | 308))
                .then(|| (to.to_owned(), status))
        });
        rules.next()
    }

    /// Why an article would not be published now.
    pub fn withheld(&self, id: ArticleId) -> Option<Reason> {
        self.renderer.withheld(id, self.now)
    }

    /// Whether an article is a draft or has a time to come, in words.
    pub fn standing(&self, at: u32) -> Option<String> {
        let Target::Article(id) = self.routes()[at as usize].target else {
            return None;
        };
        Some(match self.withheld(id)? {
            Reason::Draft => "Draft".to_owned(),
            Reason::Scheduled(when) => format!("Scheduled for {}", when.rfc3339()),
            Reason::Expired(when) => format!("Expired on {}", when.rfc3339()),
        })
    }
}

/// Names what a file on disk holds, by its times.
pub fn tag_of(found: &std::fs::Metadata) -> Key {
    Key::of(&Identity::of(found))
}
