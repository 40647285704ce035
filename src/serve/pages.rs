//! Which pages are open in browsers, and what they are told.

use std::sync::{Mutex, PoisonError};

use serde_json::json;
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::http::room;
use super::inject::styles;
use super::version::{Body, Found, Version};
use crate::diagnostics::Diagnostic;
use crate::key::Key;

/// Words that a page has not heard yet, at most: it reloads after the first, most often.
const UNHEARD: usize = 16;

/// The pages that are open.
#[derive(Default)]
pub struct Pages(Mutex<Vec<Open>>);

/// A page that is open.
struct Open {
    /// Its path, percent-decoded and from the site's root.
    path: String,
    /// The page as the browser has it.
    seen: Seen,
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
        version: Option<&Version>,
        trouble: Option<&str>,
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
        let _ = tell.try_send(json!({ "trouble": trouble }).to_string());
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        open.retain(|page| !page.tell.is_closed());
        // Some connections are left for others.
        if open.len() >= room() / 2 {
            return None;
        }
        open.push(Open {
            path: path.to_owned(),
            seen,
            tell,
        });
        Some(hear)
    }

    /// Mistakes of pages that are open.
    pub fn trouble(&self, version: &Version) -> Vec<Diagnostic> {
        let open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut paths: Vec<&str> = open.iter().map(|page| page.path.as_str()).collect();
        paths.sort_unstable();
        paths.dedup();
        let fault = |path: &str| {
            let Found::Route(at) = version.find(path) else {
                return None;
            };
            match &version.page(at).body {
                Body::Fault(diagnostic) => Some(diagnostic.clone()),
                _ => None,
            }
        };
        paths.into_iter().filter_map(fault).collect()
    }

    /// Tells open pages what has become of them; how many are other ones now.
    pub fn tell(&self, version: Option<&Version>, trouble: Option<&str>) -> usize {
        let mut open = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut changed = 0;
        // One that does not listen is left: it comes again, says what it has, and is told then.
        open.retain_mut(|page| {
            if page.tell.is_closed() {
                return false;
            }
            let word = version.and_then(|version| page.meet(version));
            changed += usize::from(word.is_some());
            let trouble = json!({ "trouble": trouble }).to_string();
            let mut words = word.into_iter().chain([trouble]);
            words.all(|word| page.tell.try_send(word).is_ok())
        });
        changed
    }
}

impl Open {
    /// What the page is to do now that there is another version of the site.
    fn meet(&mut self, version: &Version) -> Option<String> {
        let now = Seen::of(version, &self.path);
        if self.seen.is_there && !now.is_there {
            self.seen = now;
            let to = version.href(&version.nearest(&self.path));
            return Some(json!({ "go": to }).to_string());
        }
        // What cannot be made now stays as it is.
        if now == self.seen || now.tag.is_none() {
            return None;
        }
        let before = std::mem::replace(&mut self.seen, now);
        let now = &self.seen;
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
