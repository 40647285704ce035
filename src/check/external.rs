//! Whether pages of other sites are still there.
//!
//! Each host is asked one question at a time, with a pause between two; many hosts are asked at once.
//! What was there is not asked again for a week.

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::diagnostics::{Code, Diagnostic, Diagnostics, Place, Severity};
use crate::sealed;
use crate::web::{Method, Web};

/// Hosts that are asked at the same time.
const HOSTS_AT_ONCE: usize = 16;

/// Pause between two questions to a host.
const PAUSE: Duration = Duration::from_millis(250);

/// Seconds for which a page that was there is believed to be there.
const BELIEVED: i64 = 7 * 24 * 60 * 60;

/// Pages that were there, with the time of asking in seconds since 1970.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept(pub BTreeMap<String, i64>);

/// Where it is kept, in the site's folder, and what is in the file.
const FILE: &str = ".pressroom/external";
const KIND: &str = "external 1";

impl Kept {
    /// What was found before, if there is anything of use.
    #[must_use]
    pub fn load(root: &Path) -> Self {
        let file = sealed::read(&root.join(FILE)).ok().flatten();
        let value = file.as_deref().and_then(|file| sealed::open(KIND, file));
        let kept = value.and_then(|value| postcard::from_bytes(value).ok());
        kept.unwrap_or_default()
    }

    /// Keeps it, if that can be. Without it, more is asked the next time.
    pub fn save(&self, root: &Path) {
        let _ = sealed::put(&root.join(FILE), &sealed::seal(KIND, self));
    }
}

/// What is asked.
pub struct External<'a> {
    /// Addresses, each with a place where it is written.
    pub links: BTreeMap<String, Place>,
    /// Addresses that begin with one of these are not asked for.
    pub allowed: &'a [String],
    /// What was found before.
    pub kept: Kept,
    /// The time that "now" is, in seconds since 1970.
    pub now: i64,
}

/// What became of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Answer {
    There,
    Status(u16),
    /// The host has asked for less questions before this one.
    NotAsked,
    Unreachable(String),
}

impl External<'_> {
    /// Asks for all of them. `step` is called after each. What is to be kept comes with how many were
    /// asked for and what was found wrong.
    #[must_use]
    pub fn ask(self, step: &(dyn Fn() + Sync)) -> (Kept, usize, Diagnostics) {
        let Self {
            links,
            allowed,
            kept,
            now,
        } = self;
        let is_allowed = |url: &str| allowed.iter().any(|prefix| url.starts_with(&**prefix));
        let is_believed = |at: &i64| (now - BELIEVED..=now).contains(at);
        let mut kept: BTreeMap<String, i64> = kept.0;
        kept.retain(|url, at| links.contains_key(url) && is_believed(at));
        let mut hosts: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        let asked = links
            .keys()
            .filter(|url| !is_allowed(url) && !kept.contains_key(*url));
        for url in asked {
            hosts.entry(host(url)).or_default().push(url);
        }
        let hosts: VecDeque<Vec<&str>> = hosts.into_values().collect();
        let count = hosts.iter().map(Vec::len).sum();
        let answers = ask_all(hosts, step);
        let mut diagnostics = Diagnostics::new();
        for (url, answer) in answers {
            let url = url.to_owned();
            if answer == Answer::There {
                kept.insert(url, now);
            } else if let Some(place) = links.get(&url) {
                diagnostics.push(report(&url, &answer).at(place.clone()));
            }
        }
        (Kept(kept), count, diagnostics)
    }
}

/// Asks all hosts, each in its turn.
fn ask_all<'a>(
    hosts: VecDeque<Vec<&'a str>>,
    step: &(dyn Fn() + Sync),
) -> BTreeMap<&'a str, Answer> {
    let workers = hosts.len().min(HOSTS_AT_ONCE);
    let queue = Mutex::new(hosts);
    let answers = Mutex::new(BTreeMap::new());
    let web = Web::default();
    thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                loop {
                    let urls = queue
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .pop_front();
                    let Some(urls) = urls else { return };
                    let found = ask_host(&web, &urls, step);
                    answers
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .extend(found);
                }
            });
        }
    });
    answers.into_inner().unwrap_or_else(PoisonError::into_inner)
}

fn ask_host<'a>(web: &Web, urls: &[&'a str], step: &(dyn Fn() + Sync)) -> Vec<(&'a str, Answer)> {
    let mut answers: Vec<(&str, Answer)> = Vec::new();
    let mut is_tired = false;
    for url in urls {
        let answer = if is_tired {
            Answer::NotAsked
        } else {
            if !answers.is_empty() {
                thread::sleep(PAUSE);
            }
            ask(web, url)
        };
        // Too Many Requests (RFC 6585, 4): more of them would not be kinder.
        is_tired |= answer == Answer::Status(429);
        answers.push((url, answer));
        step();
    }
    answers
}

/// Asks for a page. Servers that do not like to be asked for less than a page are asked for it.
fn ask(web: &Web, url: &str) -> Answer {
    let answer = |asked: Result<u16, String>| match asked {
        Ok(200..=299) => Answer::There,
        Ok(status) => Answer::Status(status),
        Err(error) => Answer::Unreachable(error),
    };
    match answer(web.status(Method::Head, url)) {
        Answer::There => Answer::There,
        Answer::Status(429) => Answer::Status(429),
        Answer::Status(_) => answer(web.status(Method::Get, url)),
        unreachable => unreachable,
    }
}

fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.split(['/', '?', '#']).next().unwrap_or(rest)
}

fn report(url: &str, answer: &Answer) -> Diagnostic {
    let (message, hint, severity) = match answer {
        Answer::Status(status @ (403 | 429)) => (
            format!("{url} answers with {status}, which it may do to programs alone"),
            "open it in a browser; `check: {allow: [\"https://…\"]}` in pressroom.yaml has it left out",
            Severity::Warning,
        ),
        Answer::NotAsked => (
            format!("{url} was not asked for, since its host wants fewer questions"),
            "check again later",
            Severity::Warning,
        ),
        Answer::Status(status) => (
            format!("{url} answers with {status}"),
            "link a page that is there, or an archive's copy of this one",
            Severity::Error,
        ),
        Answer::Unreachable(error) => (
            format!("{url} cannot be reached: {error}"),
            "link a page that is there, or an archive's copy of this one",
            Severity::Error,
        ),
        Answer::There => (String::new(), "", Severity::Note),
    };
    Diagnostic::new(Code::ExternalLink, message)
        .hint(hint)
        .severity(severity)
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Write};
    use std::net::TcpListener;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// A server that answers by its paths, and counts its questions.
    fn server() -> (String, Arc<AtomicUsize>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let asked = Arc::new(AtomicUsize::new(0));
        let count = Arc::clone(&asked);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let mut line = String::new();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                reader.read_line(&mut line).unwrap();
                let mut header = String::new();
                while reader.read_line(&mut header).unwrap() > 2 {
                    header.clear();
                }
                count.fetch_add(1, Ordering::SeqCst);
                let status = match line.split(' ').take(2).collect::<Vec<_>>()[..] {
                    ["HEAD", "/only-get"] => "405 Method Not Allowed",
                    [_, "/moved"] => "301 Moved Permanently\r\nLocation: /there",
                    [_, "/gone"] => "410 Gone",
                    [_, "/closed"] => "403 Forbidden",
                    [_, path] if path.starts_with("/tired") => "429 Too Many Requests",
                    _ => "200 OK",
                };
                let answer =
                    format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
                stream.write_all(answer.as_bytes()).unwrap();
            }
        });
        (origin, asked)
    }

    fn ask(
        links: &[String],
        allowed: &[String],
        kept: Kept,
    ) -> (Kept, usize, Vec<(Severity, String)>) {
        let links = links.iter().map(|url| (url.clone(), Place::file("a.md")));
        let external = External {
            links: links.collect(),
            allowed,
            kept,
            now: 1_000_000_000,
        };
        let (kept, asked, diagnostics) = external.ask(&|| ());
        let said = diagnostics
            .iter()
            .map(|one| (one.severity, one.message.clone()));
        (kept, asked, said.collect())
    }

    #[test]
    fn pages_that_are_gone_are_told() {
        let (origin, _) = server();
        let url = |path: &str| format!("{origin}{path}");
        let links = ["/there", "/only-get", "/moved", "/gone", "/closed"].map(url);
        let (kept, asked, said) = ask(&links, &[], Kept::default());
        assert_eq!(asked, 5);
        let gone = (Severity::Error, format!("{origin}/gone answers with 410"));
        let closed = format!("{origin}/closed answers with 403, which it may do to programs alone");
        assert_eq!(said, [(Severity::Warning, closed), gone]);
        let there: Vec<&String> = kept.0.keys().collect();
        assert_eq!(there, [&links[2], &links[1], &links[0]]);
    }

    #[test]
    fn what_was_there_is_not_asked_again() {
        let (origin, asked) = server();
        let links = [format!("{origin}/there")];
        let (kept, ..) = ask(&links, &[], Kept::default());
        let before = asked.load(Ordering::SeqCst);
        let (again, count, said) = ask(&links, &[], kept.clone());
        assert_eq!((again, count, said.len()), (kept, 0, 0));
        assert_eq!(asked.load(Ordering::SeqCst), before);
        let old = Kept([(links[0].clone(), 1_000_000_000 - BELIEVED - 1)].into());
        assert_eq!(ask(&links, &[], old).1, 1);
    }

    #[test]
    fn a_host_that_wants_fewer_questions_gets_no_more() {
        let (origin, asked) = server();
        let links = [format!("{origin}/tired-1"), format!("{origin}/tired-2")];
        let (_, _, said) = ask(&links, &[], Kept::default());
        assert!(
            said.iter()
                .all(|(severity, _)| *severity == Severity::Warning),
            "{said:?}"
        );
        assert!(said[1].1.contains("was not asked for"), "{said:?}");
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }

    #[test]
    fn what_is_allowed_and_hosts_that_are_not_there() {
        let nobody = "http://127.0.0.1:9/".to_owned();
        let (_, asked, said) = ask(
            std::slice::from_ref(&nobody),
            &["http://127.0.0.1:9".to_owned()],
            Kept::default(),
        );
        assert_eq!((asked, said.len()), (0, 0));
        let (_, asked, said) = ask(&[nobody], &[], Kept::default());
        assert_eq!((asked, said.len()), (1, 1));
        assert_eq!(said[0].0, Severity::Error);
    }
}
