//! Which pages are open in browsers, and what they are told.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::json;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::http::room;
use super::inject::styles;
use super::report::Trouble;
use super::version::{Body, Found, Version};
use crate::key::Key;

/// Open pages that show the desk.
const MOST_DESKS: usize = 64;

/// Words that a page has not heard yet, at most: it reloads after the first, most often.
const UNHEARD: usize = 16;

/// The pages that are open.
#[derive(Default)]
pub struct Pages {
    open: Mutex<Vec<Open>>,
    /// Those that show the desk.
    desks: Mutex<Vec<Sender<String>>>,
}

/// A page that is open.
struct Open {
    /// Its path, percent-decoded and from the site's root.
    path: Arc<str>,
    /// The page as the browser has it.
    seen: Seen,
    /// Whether it is open on this machine.
    is_local: bool,
    tell: Sender<String>,
}

/// A page as a browser has it.
#[derive(Clone, Default, PartialEq, Eq)]
struct Seen {
    /// Whether it is a page of the site, and not the one for what is not there.
    is_there: bool,
    /// Names its bytes; `None` for what cannot be made.
    tag: Option<Key>,
    /// The page without the addresses of its style sheets.
    bare: Option<Key>,
    /// These, and what they name.
    styles: Vec<(String, Option<Key>)>,
}

impl Pages {
    /// A page begins to listen, which has the bytes that `tag` names.
    pub fn open(
        &self,
        path: &str,
        tag: Option<Key>,
        is_local: bool,
        version: Option<&Version>,
        trouble: Option<&Trouble>,
    ) -> Option<Receiver<String>> {
        let (tell, hear) = channel(UNHEARD);
        let now = version.map(|version| Seen::of(version, path));
        let seen = match now {
            // It has an earlier version than there is.
            Some(now) if now.tag != tag => {
                let _ = tell.try_send(json!({"reload": true}).to_string());
                now
            }
            Some(now) => now,
            None => Seen {
                tag,
                ..Seen::default()
            },
        };
        let _ = tell.try_send(Trouble::word(trouble, is_local));
        let mut open = held(&self.open);
        open.retain(|page| !page.tell.is_closed());
        // Some connections are left for others.
        if open.len() >= room() / 2 {
            return None;
        }
        open.push(Open {
            path: path.into(),
            seen,
            is_local,
            tell,
        });
        Some(hear)
    }

    /// A desk begins to listen.
    pub fn open_desk(&self) -> Option<Receiver<String>> {
        let (tell, hear) = channel(UNHEARD);
        // It may have been made before that.
        let _ = tell.try_send(json!({"desk": true}).to_string());
        let mut desks = held(&self.desks);
        desks.retain(|desk| !desk.is_closed());
        if desks.len() == MOST_DESKS {
            return None;
        }
        desks.push(tell);
        Some(hear)
    }

    /// Makes the pages that are open.
    pub fn make(&self, version: &Version) {
        let open = held(&self.open);
        let paths: BTreeSet<&str> = open.iter().map(|page| &*page.path).collect();
        for path in paths {
            if let Found::Route(at) = version.find(path) {
                version.page(at);
            }
        }
    }

    /// Tells open pages what has become of them; how many are other ones now.
    pub fn tell(&self, version: Option<&Version>, trouble: Option<&Trouble>) -> usize {
        let mut open = held(&self.open);
        let mut changed = 0;
        // Many browsers may show one page.
        let mut now: BTreeMap<Arc<str>, Seen> = BTreeMap::new();
        let [local, elsewhere] = [true, false].map(|is_local| Trouble::word(trouble, is_local));
        // One that does not listen is left: it comes again, says what it has, and is told then.
        open.retain_mut(|page| {
            if page.tell.is_closed() {
                return false;
            }
            let word = version.and_then(|version| {
                let path = Arc::clone(&page.path);
                let now = now.entry(path);
                let now = now.or_insert_with_key(|path| Seen::of(version, path));
                page.meet(version, now)
            });
            changed += usize::from(word.is_some());
            let trouble = if page.is_local { &local } else { &elsewhere };
            let mut words = word.into_iter().chain([trouble.clone()]);
            words.all(|word| page.tell.try_send(word).is_ok())
        });
        changed
    }

    /// Tells desks that there is something new.
    pub fn tell_desks(&self) {
        let word = json!({"desk": true}).to_string();
        // One that has not heard the last word hears of this with it.
        held(&self.desks)
            .retain(|desk| !matches!(desk.try_send(word.clone()), Err(TrySendError::Closed(_))));
    }
}

fn held<T>(what: &Mutex<T>) -> MutexGuard<'_, T> {
    what.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Open {
    /// What the page is to do now that there is another version of the site.
    fn meet(&mut self, version: &Version, now: &Seen) -> Option<String> {
        if self.seen.is_there && !now.is_there {
            self.seen = now.clone();
            let to = version.href(&version.nearest(&self.path));
            return Some(json!({ "go": to }).to_string());
        }
        // What cannot be made now stays as it is.
        if *now == self.seen || now.tag.is_none() {
            return None;
        }
        let before = std::mem::replace(&mut self.seen, now.clone());
        if before.bare == now.bare && before.styles.len() == now.styles.len() {
            let styles = before.styles.iter().zip(&now.styles);
            let changed = styles.filter(|(before, now)| before != now);
            let changed: Vec<_> = changed.map(|((from, _), (to, _))| (from, to)).collect();
            return Some(json!({ "styles": changed }).to_string());
        }
        Some(json!({"reload": true}).to_string())
    }
}

impl Seen {
    fn of(version: &Version, path: &str) -> Self {
        let route = match version.find(path) {
            Found::Route(at) => Some(at),
            _ => None,
        };
        let is_there = route.is_some();
        let page = route.map(|at| version.page(at));
        let page = page.or_else(|| version.not_found());
        let Some(Body::Bytes(bytes)) = page.as_ref().map(|page| &page.body) else {
            return Self {
                is_there,
                ..Self::default()
            };
        };
        let html = String::from_utf8_lossy(bytes);
        let base = version.base().trim_end_matches('/');
        let hrefs = styles(&html);
        let mut unstyled = html.to_string();
        let mut styles = Vec::new();
        for href in hrefs {
            unstyled = unstyled.replace(&format!("\"{href}\""), "\"\"");
            let path = href.strip_prefix(base).unwrap_or(&href).to_owned();
            let path = path.split(['?', '#']).next().unwrap_or_default().to_owned();
            styles.push((href, version.file_tag(&path)));
        }
        Self {
            is_there,
            tag: Some(Key::of_bytes(bytes)),
            bare: Some(Key::of_bytes(unstyled.as_bytes())),
            styles,
        }
    }
}
