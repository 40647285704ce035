//! What is answered to a request: what a static host would, from the table of routes and from
//! nowhere else.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::net::IpAddr;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use hyper::body::Bytes;
use hyper::header::{self, HeaderMap, HeaderValue};
use hyper::http::request::Parts;
use hyper::http::response::Builder;
use hyper::{Method, Response};
use percent_encoding::percent_decode_str;
use tokio::sync::mpsc::channel;

use super::http::Sent;
use super::inject::{About, OWN, SCRIPT, STYLE, inject};
use super::places::encoded;
use super::report::Trouble;
use super::version::{Body, Found, Version, tag_of};
use super::{Site, desk};
use crate::key::Key;

/// Bytes of a file that are read at a time.
const PIECE: usize = 32 * 1024;
/// Pieces that wait for a slow reader, of which there may be thousands.
const AHEAD: usize = 1;

/// The answer to a request, which has come from this machine or from another one.
pub fn answer(site: &Site, head: &Parts, is_local: bool) -> Response<Sent> {
    if let Some(refused) = refused(site, head) {
        return refused;
    }
    if head.method != Method::GET && head.method != Method::HEAD {
        let builder = Response::builder()
            .status(405)
            .header(header::ALLOW, "GET, HEAD");
        return text(builder, "text/plain; charset=utf-8", "Only GET and HEAD.\n");
    }
    let mut answer = if let Some(own) = head.uri.path().strip_prefix(OWN) {
        of_ours(site, own, head, is_local)
    } else {
        let _busy = site.calm.busy();
        of_site(site, head, is_local)
    };
    if head.method == Method::HEAD {
        // The length stays what it would be.
        if let Sent::Whole(Some(bytes)) = answer.body() {
            let length = HeaderValue::from(bytes.len());
            answer.headers_mut().insert(header::CONTENT_LENGTH, length);
        }
        *answer.body_mut() = Sent::Whole(None);
    }
    answer
}

/// The answer to a request that is not meant for this server: pages of other sites reach this machine
/// by names that lead to it (DNS rebinding), and by requests that a browser sends for them.
fn refused(site: &Site, head: &Parts) -> Option<Response<Sent>> {
    // No request has a body here, and where it ends servers have disagreed on.
    if head.headers.contains_key(header::TRANSFER_ENCODING) {
        return Some(plain(400, "Requests have no body here.\n"));
    }
    let mut hosts = head.headers.get_all(header::HOST).iter();
    let host = hosts.next().filter(|_| hosts.next().is_none());
    let host = match (host.map(HeaderValue::to_str), head.uri.authority()) {
        (Some(Ok(host)), None) => host,
        (Some(Ok(host)), Some(authority)) if host == authority.as_str() => host,
        _ => return Some(plain(400, "The Host header is missing or wrong.\n")),
    };
    let is_ours = |host: &str| is_this_machine(host, site.host);
    if !is_ours(host) {
        let words = "This server answers to the names of its own machine alone.\n";
        return Some(plain(403, words));
    }
    let mut origins = head.headers.get_all(header::ORIGIN).iter();
    let is_foreign = |origin: &HeaderValue| {
        let origin = origin.to_str().unwrap_or_default();
        !origin.strip_prefix("http://").is_some_and(is_ours)
    };
    let refused = || plain(403, "Pages of other sites are not answered.\n");
    origins.any(is_foreign).then(refused)
}

/// Whether a host, with its port or without, is a name of this machine.
fn is_this_machine(host: &str, own: Option<IpAddr>) -> bool {
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => match rest.split_once(']') {
            Some((name, port)) => (name, port.strip_prefix(':')),
            None => return false,
        },
        None => match host.split_once(':') {
            Some((name, port)) => (name, Some(port)),
            None => (host, None),
        },
    };
    if port.is_some_and(|port| port.parse::<u16>().is_err()) {
        return false;
    }
    match name.parse::<IpAddr>() {
        Ok(address) => {
            let is_any = own.is_some_and(|own| own.is_unspecified());
            address.is_loopback() || own == Some(address) || is_any
        }
        Err(_) => name.eq_ignore_ascii_case("localhost"),
    }
}

/// What is the server's own.
fn of_ours(site: &Site, path: &str, head: &Parts, is_local: bool) -> Response<Sent> {
    let script = "text/javascript; charset=utf-8";
    let style = "text/css; charset=utf-8";
    match path {
        "reload.js" => text(fresh(), script, SCRIPT),
        "reload.css" => text(fresh(), style, STYLE),
        "events" if head.method == Method::GET => events(site, head, is_local),
        _ if !is_local => plain(
            403,
            "This is shown on the machine that serves the site alone.\n",
        ),
        "" => own_page(desk::page(site)),
        "desk.js" => text(fresh(), script, desk::SCRIPT),
        "desk.css" => text(fresh(), style, desk::STYLE),
        _ => match path.strip_prefix("source/").and_then(decoded) {
            Some(path) => own_page(desk::source(site, &path)),
            None => plain(404, "There is nothing here.\n"),
        },
    }
}

/// A page of the server's own, which takes in nothing of others.
fn own_page(page: Option<String>) -> Response<Sent> {
    let Some(page) = page else {
        return plain(404, "The site is not made from such a text.\n");
    };
    let policy = "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; \
                  frame-ancestors 'none'; base-uri 'none'";
    let builder = fresh()
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(header::CONTENT_SECURITY_POLICY, policy);
    respond(builder, Sent::Whole(Some(page.into())))
}

/// A connection on which a page hears of changes.
fn events(site: &Site, head: &Parts, is_local: bool) -> Response<Sent> {
    let query = head.uri.query().unwrap_or_default();
    let field = |wanted: &str| {
        let mut fields = query.split('&').filter_map(|field| field.split_once('='));
        let (_, value) = fields.find(|(name, _)| *name == wanted)?;
        decoded(&value.replace('+', " "))
    };
    let version = site.version();
    let words = if is_local && field("desk").is_some() {
        site.pages.open_desk()
    } else {
        let path = field("path").unwrap_or_default();
        let base = version.as_ref().map_or("/", |version| version.base());
        let Some(path) = inside(&path, base) else {
            return plain(404, "There is no such page.\n");
        };
        let tag = field("tag").and_then(|tag| Key::named(&tag));
        let trouble = site.trouble();
        site.pages
            .open(&path, tag, is_local, version.as_deref(), trouble.as_ref())
    };
    match words {
        Some(words) => respond(
            fresh().header(header::CONTENT_TYPE, "text/event-stream"),
            Sent::Words(words),
        ),
        None => plain(503, "Too many pages are open.\n"),
    }
}

/// What is the site's.
fn of_site(site: &Site, head: &Parts, is_local: bool) -> Response<Sent> {
    let written = head.uri.path();
    let about = About {
        path: written,
        is_local,
        ..About::default()
    };
    if written == OWN.trim_end_matches('/') {
        return moved(302, OWN);
    }
    let Some(version) = site.version() else {
        let trouble = site.trouble();
        return mistakes("The site cannot be made yet", trouble.as_ref(), &about);
    };
    let Some(path) = inside(written, version.base()) else {
        if written == "/" {
            return moved(302, version.base());
        }
        return not_found(&version, &about);
    };
    // Where the site lives below a path, the server's own is looked for there.
    let own = format!("{path}/");
    if let Some(own) = path.strip_prefix(OWN).or_else(|| own.strip_prefix(OWN)) {
        return moved(302, &format!("{OWN}{}", encoded(own)));
    }
    match version.find(&path) {
        Found::Route(at) => page(site, &version, at, head, &about),
        Found::Moved(to) => {
            let query = head.uri.query().map(|query| format!("?{query}"));
            moved(301, &(version.href(&to) + &query.unwrap_or_default()))
        }
        Found::Nothing => match version.redirect(written) {
            Some((to, status)) => moved(status, &to),
            None => not_found(&version, &about),
        },
    }
}

/// A text of a URL, percent-decoded; `None` if it is none.
fn decoded(text: &str) -> Option<String> {
    let text = percent_decode_str(text).decode_utf8().ok()?;
    Some(text.into_owned())
}

/// A path of the site, percent-decoded, from one that is written in a request. `None` for one that
/// is not of the site, or no path at all.
fn inside(written: &str, base: &str) -> Option<String> {
    let path = percent_decode_str(written).decode_utf8().ok()?;
    let base = percent_decode_str(base).decode_utf8_lossy();
    let path = path.strip_prefix(base.trim_end_matches('/'))?;
    let is_path = path.starts_with('/') && !path.contains('\0');
    is_path.then(|| path.to_owned())
}

fn page(site: &Site, version: &Version, at: u32, head: &Parts, about: &About) -> Response<Sent> {
    let mut page = version.page(at);
    let kind = kind(&version.output(at));
    if let Body::Fault(diagnostic) = &page.body {
        let Some(earlier) = version.last_good(at) else {
            let trouble = site.trouble_of(diagnostic);
            return mistakes("This page cannot be made yet", Some(&trouble), about);
        };
        page = earlier;
    }
    match &page.body {
        Body::File(file) => send_file(file, &kind, &head.headers),
        Body::Bytes(bytes) if kind.starts_with("text/html") => {
            let about = About {
                tag: page.tag,
                standing: version.standing(at),
                ..*about
            };
            let body = inject(bytes, &about);
            send(&body.into(), page.tag, &kind, &head.headers)
        }
        Body::Bytes(bytes) => {
            let bytes = Bytes::from_owner(Arc::clone(bytes));
            send(&bytes, page.tag, &kind, &head.headers)
        }
        Body::Fault(_) => plain(500, "This page cannot be made yet.\n"),
    }
}

fn send(bytes: &Bytes, tag: Option<Key>, kind: &str, asked: &HeaderMap) -> Response<Sent> {
    let length = bytes.len() as u64;
    offer(tag, kind, length, asked, |range| {
        Sent::Whole(Some(bytes.slice(range.start as usize..range.end as usize)))
    })
}

fn send_file(path: &Path, kind: &str, asked: &HeaderMap) -> Response<Sent> {
    let opened = File::open(path).and_then(|file| Ok((file.metadata()?, file)));
    let Ok((found, file)) = opened else {
        return plain(404, "The file is gone.\n");
    };
    if !found.is_file() {
        return plain(404, "This is no file any more.\n");
    }
    offer(Some(tag_of(&found)), kind, found.len(), asked, |range| {
        pieces(file, range)
    })
}

/// What a request wants of something that has so many bytes; `sent` gives a part of them.
fn offer(
    tag: Option<Key>,
    kind: &str,
    length: u64,
    asked: &HeaderMap,
    sent: impl FnOnce(Range<u64>) -> Sent,
) -> Response<Sent> {
    let tag = tag.map(|tag| format!("\"{tag}\"")).unwrap_or_default();
    if has_it(asked, &tag) {
        let builder = fresh().status(304).header(header::ETAG, tag);
        return respond(builder, Sent::Whole(None));
    }
    let builder = fresh()
        .header(header::CONTENT_TYPE, kind)
        .header(header::ETAG, &tag)
        .header(header::ACCEPT_RANGES, "bytes");
    let (builder, range) = match part(asked, &tag, length) {
        Part::All => (builder, 0..length),
        Part::Some(range) => (partial(builder, &range, length), range),
        Part::Nothing => return unsatisfiable(length),
    };
    let builder = builder.header(header::CONTENT_LENGTH, range.end - range.start);
    respond(builder, sent(range))
}

/// A part of a file, which is read while it is sent. No thread waits for a slow reader.
fn pieces(file: File, range: Range<u64>) -> Sent {
    let (send, pieces) = channel(AHEAD);
    let file = Arc::new(file);
    tokio::spawn(async move {
        for at in range.clone().step_by(PIECE) {
            let length = PIECE.min((range.end - at) as usize);
            let mut file = Arc::clone(&file);
            let read = tokio::task::spawn_blocking(move || {
                let mut piece = vec![0; length];
                file.seek(SeekFrom::Start(at))?;
                file.read_exact(&mut piece)?;
                Ok(Bytes::from(piece))
            });
            let piece = read.await.unwrap_or_else(|gone| Err(gone.into()));
            let is_over = piece.is_err();
            if send.send(piece).await.is_err() || is_over {
                return;
            }
        }
    });
    Sent::Pieces(pieces)
}

/// Whether a browser has what is named so (RFC 9110, 13.1.2).
fn has_it(asked: &HeaderMap, tag: &str) -> bool {
    let tags = asked.get_all(header::IF_NONE_MATCH).iter();
    let mut tags = tags
        .filter_map(|tags| tags.to_str().ok())
        .flat_map(|tags| tags.split(','));
    !tag.is_empty()
        && tags.any(|known| {
            let known = known.trim();
            known == "*" || known.trim_start_matches("W/") == tag
        })
}

/// What part of something is asked for.
enum Part {
    All,
    Some(Range<u64>),
    Nothing,
}

/// The part that a request wants (RFC 9110, 14.2); several parts at once are all of it.
fn part(asked: &HeaderMap, tag: &str, length: u64) -> Part {
    let range = asked
        .get(header::RANGE)
        .and_then(|range| range.to_str().ok());
    let Some(range) = range.and_then(|range| range.strip_prefix("bytes=")) else {
        return Part::All;
    };
    let same = asked.get(header::IF_RANGE).is_none_or(|known| known == tag);
    if range.contains(',') || !same {
        return Part::All;
    }
    let Some((from, to)) = range.trim().split_once('-') else {
        return Part::All;
    };
    let range = match (from.parse::<u64>(), to.parse::<u64>()) {
        (Ok(from), Ok(to)) if from <= to => from..to.saturating_add(1).min(length),
        (Ok(from), Err(_)) if to.is_empty() => from..length,
        (Err(_), Ok(last)) if from.is_empty() => length.saturating_sub(last)..length,
        _ => return Part::All,
    };
    if range.start < range.end {
        Part::Some(range)
    } else {
        Part::Nothing
    }
}

fn partial(builder: Builder, range: &Range<u64>, length: u64) -> Builder {
    let range = format!("bytes {}-{}/{length}", range.start, range.end - 1);
    builder.status(206).header(header::CONTENT_RANGE, range)
}

fn unsatisfiable(length: u64) -> Response<Sent> {
    let builder = fresh()
        .status(416)
        .header(header::CONTENT_RANGE, format!("bytes */{length}"));
    respond(builder, Sent::Whole(None))
}

fn not_found(version: &Version, about: &About) -> Response<Sent> {
    let page = version.not_found();
    match page.as_ref().map(|page| (&page.body, page.tag)) {
        Some((Body::Bytes(bytes), tag)) => html(
            404,
            inject(
                bytes,
                &About {
                    tag,
                    standing: None,
                    ..*about
                },
            ),
        ),
        _ => plain(404, "There is no such page.\n"),
    }
}

fn moved(status: u16, to: &str) -> Response<Sent> {
    let builder = fresh().status(status).header(header::LOCATION, to);
    respond(builder, Sent::Whole(Some(Bytes::new())))
}

/// A page that tells mistakes.
fn mistakes(title: &str, trouble: Option<&Trouble>, about: &About) -> Response<Sent> {
    let trouble = trouble.map_or("", |trouble| trouble.html(about.is_local));
    let page = format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width\"><title>{title}</title></head>\n<body class=\"pressroom-mistakes\">\
         <h1>{title}</h1>\n<pre id=\"pressroom-mistakes\" tabindex=\"0\">{trouble}</pre>\n<p>It comes as soon \
         as the files are mended.</p></body></html>\n"
    );
    html(500, inject(page.as_bytes(), about))
}

fn html(status: u16, body: Vec<u8>) -> Response<Sent> {
    let builder = fresh()
        .status(status)
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8");
    respond(builder, Sent::Whole(Some(body.into())))
}

/// A few words.
pub fn plain(status: u16, words: &'static str) -> Response<Sent> {
    text(fresh().status(status), "text/plain; charset=utf-8", words)
}

fn text(builder: Builder, kind: &str, text: &'static str) -> Response<Sent> {
    let builder = builder.header(header::CONTENT_TYPE, kind);
    respond(
        builder,
        Sent::Whole(Some(Bytes::from_static(text.as_bytes()))),
    )
}

/// What browsers ask for again each time.
fn fresh() -> Builder {
    Response::builder()
        .header(header::CACHE_CONTROL, "no-cache")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
}

fn respond(builder: Builder, body: Sent) -> Response<Sent> {
    // Only a location with a control character could be wrong, and URLs have none.
    builder.body(body).unwrap_or_else(|_| {
        let mut response = Response::new(Sent::Whole(None));
        *response.status_mut() = hyper::StatusCode::INTERNAL_SERVER_ERROR;
        response
    })
}

/// The type of a file, by its name.
fn kind(path: &str) -> String {
    let ending = path
        .rsplit('/')
        .next()
        .and_then(|name| name.rsplit_once('.'));
    let kind = match ending
        .map(|(_, ending)| ending.to_ascii_lowercase())
        .as_deref()
    {
        // As the table has it, a feed would be any XML.
        Some("webmanifest") => "application/manifest+json".to_owned(),
        _ => mime_guess::from_path(path)
            .first_or_octet_stream()
            .to_string(),
    };
    let is_text = kind.starts_with("text/")
        || [
            "application/javascript",
            "application/json",
            "application/xml",
        ]
        .contains(&&*kind);
    if is_text && !kind.contains("charset") {
        format!("{kind}; charset=utf-8")
    } else {
        kind
    }
}
