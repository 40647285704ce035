//! Requests that mean no good, and clients that take their time: `pressroom serve` gives away nothing
//! but the site, and goes on.

mod support;

use std::fs;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use support::Site;
use support::server::{Answer, PATIENCE, Server, gazette, next};

/// What no answer may have in it.
const SECRET: &str = "not for readers";

fn with_secrets() -> Site {
    let site = gazette();
    support::write(&site.beside("secret.txt"), SECRET);
    for path in ["secret.txt", ".pressroom/secret.txt", "content/.secret.txt"] {
        site.write(path, SECRET);
    }
    site
}

/// The answer to the head of a request.
#[track_caller]
fn asked(server: &Server, line: &str, headers: &str) -> Answer {
    let answer = server.ask(&format!("{line}\r\n{headers}Connection: close\r\n\r\n"));
    assert!(!answer.text().contains(SECRET), "{line}");
    answer
}

fn own(server: &Server) -> String {
    format!("Host: {}\r\n", server.address)
}

#[test]
fn paths_lead_to_pages_and_nowhere_else() {
    let site = with_secrets();
    let server = Server::start(&site, &[]);
    for path in [
        "/../secret.txt",
        "/../../../../../../../../etc/passwd",
        "/news/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/%2E%2E%2Fsecret.txt",
        "/%252e%252e/secret.txt",
        "/%252e%252e%252fsecret.txt",
        "/%c0%ae%c0%ae/secret.txt",
        "/..%2fsecret.txt",
        "/..%5csecret.txt",
        "/..\\secret.txt",
        "/..\\..\\secret.txt",
        "\\..\\secret.txt",
        "/secret.txt",
        "/.secret.txt",
        "/content/.secret.txt",
        "/.pressroom/secret.txt",
        "/news/bridge/%00",
        "/%00/../secret.txt",
        "/news/bridge/%00.html",
        "/news/bridge/%0d%0aSet-Cookie:%20a=b",
        "//news/bridge/",
        "///etc/passwd",
        "/news//bridge/",
        "/./news/bridge/",
        "/news/bridge/.",
        "/news/bridge/..",
        "/NEWS/bridge/",
        "/content/news/bridge.md",
        "/pressroom.yaml",
        "/.pressroom/articles",
        "/%",
        "/%zz",
        "/%ff%fe/",
        "/_pressroom/../secret.txt",
        "/_pressroom/secret.txt",
        "/_pressroom/events",
        "/_pressroom/events?path=../secret.txt",
        "/_pressroom/events?path=%00",
        "/etc/passwd",
        "file:///etc/passwd",
        "*",
        "secret.txt",
    ] {
        let answer = asked(&server, &format!("GET {path} HTTP/1.1"), &own(&server));
        assert!(
            [400, 404].contains(&answer.status),
            "{path}: {}",
            answer.status
        );
        assert_eq!(answer.header("set-cookie"), "", "{path}");
    }
    // A header ends no header of ours: what is asked for is told where to find, encoded.
    let moved = asked(
        &server,
        "GET /news?%0d%0aSet-Cookie:a HTTP/1.1",
        &own(&server),
    );
    assert_eq!((moved.status, moved.header("set-cookie")), (301, ""));
    assert_eq!(server.get("/news/bridge/").status, 200);
}

#[test]
fn requests_that_came_by_a_foreign_name_are_refused() {
    let site = with_secrets();
    let server = Server::start(&site, &[]);
    let (host, port) = (server.address, server.address.port());
    for (names, status) in [
        (format!("Host: {host}\r\n"), 200),
        (format!("Host: localhost:{port}\r\n"), 200),
        (format!("Host: LOCALHOST:{port}\r\n"), 200),
        (format!("Host: [::1]:{port}\r\n"), 200),
        ("Host: gazette.example\r\n".to_owned(), 403),
        ("Host: localhost.gazette.example\r\n".to_owned(), 403),
        ("Host: localhost@gazette.example\r\n".to_owned(), 403),
        ("Host: 127.0.0.1.nip.io\r\n".to_owned(), 403),
        ("Host: localhost:99999\r\n".to_owned(), 403),
        ("Host: [::1\r\n".to_owned(), 403),
        ("Host: \r\n".to_owned(), 403),
        (String::new(), 400),
        (format!("Host: {host}\r\nHost: {host}\r\n"), 400),
        (format!("Host: {host}\r\nHost: gazette.example\r\n"), 400),
        ("Host: \u{fc}\r\n".to_owned(), 400),
    ] {
        let answer = asked(&server, "GET / HTTP/1.1", &names);
        assert_eq!(answer.status, status, "{names}");
    }
    for (origin, status) in [
        (format!("http://{host}"), 200),
        (format!("http://localhost:{port}"), 200),
        ("https://gazette.example".to_owned(), 403),
        ("http://localhost.gazette.example".to_owned(), 403),
        ("null".to_owned(), 403),
        (String::new(), 403),
    ] {
        for path in [
            "/",
            "/_pressroom/reload.js",
            "/_pressroom/events?path=/nowhere",
        ] {
            // A connection on which a page listens does not end.
            if status == 200 && path.contains("events") {
                continue;
            }
            let names = format!("Host: {host}\r\nOrigin: {origin}\r\n");
            let answer = asked(&server, &format!("GET {path} HTTP/1.1"), &names);
            assert_eq!(answer.status, status, "{origin} {path}");
            assert_eq!(answer.header("access-control-allow-origin"), "");
        }
    }
    for (line, status) in [
        (format!("GET http://{host}/ HTTP/1.1"), 200),
        ("GET http://gazette.example/ HTTP/1.1".to_owned(), 400),
        (format!("GET http://{host}@gazette.example/ HTTP/1.1"), 400),
        (format!("GET http://{host}/../secret.txt HTTP/1.1"), 404),
    ] {
        assert_eq!(
            asked(&server, &line, &own(&server)).status,
            status,
            "{line}"
        );
    }
}

#[test]
fn what_is_no_request_for_a_page_is_refused() {
    let site = with_secrets();
    let server = Server::start(&site, &[]);
    let own = own(&server);
    for method in [
        "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "FETCH",
    ] {
        let answer = asked(&server, &format!("{method} / HTTP/1.1"), &own);
        assert_eq!(
            (answer.status, answer.header("allow")),
            (405, "GET, HEAD"),
            "{method}"
        );
    }
    let connect = asked(
        &server,
        &format!("CONNECT {} HTTP/1.1", server.address),
        &own,
    );
    assert!([400, 405].contains(&connect.status), "{}", connect.status);
    // A server that hangs up instead has refused as well: 0.
    let long = format!("{own}X-Long: {}\r\n", "x".repeat(64 * 1024));
    assert!([0, 400, 431].contains(&asked(&server, "GET / HTTP/1.1", &long).status));
    let many = format!("{own}{}", "X-Many: x\r\n".repeat(5_000));
    assert!([0, 400, 431].contains(&asked(&server, "GET / HTTP/1.1", &many).status));
    let line = format!("GET /{} HTTP/1.1", "x".repeat(64 * 1024));
    assert!([0, 400, 414, 431].contains(&asked(&server, &line, &own).status));
    for nonsense in [
        "nonsense",
        "GET",
        "GET /",
        "GET  / HTTP/1.1",
        "GET / HTTP/9.9",
        "GET / HTTP/1.1 HTTP/1.1",
        "\u{0}\u{1}\u{2}",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n",
        "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}",
    ] {
        let status = asked(&server, nonsense, &own).status;
        assert!([0, 400, 505].contains(&status), "{nonsense:?}: {status}");
    }
    // An older browser that says where it goes is answered, and then left.
    let answer = server.ask(&format!("GET /news/bridge/ HTTP/1.0\r\n{own}\r\n"));
    assert_eq!(answer.status, 200);
    assert_eq!(server.ask("GET / HTTP/1.0\r\n\r\n").status, 400);
    assert_eq!(server.get("/news/bridge/").status, 200);
}

#[test]
fn what_follows_a_body_is_no_request() {
    let site = with_secrets();
    let server = Server::start(&site, &[]);
    let own = own(&server);
    let inner = format!("GET /_pressroom/reload.css HTTP/1.1\r\n{own}\r\n");
    let chunk = format!("{:x}\r\n{inner}\r\n0\r\n\r\n", inner.len());
    for (headers, body, statuses) in [
        // Shapes in which servers have disagreed on where a request ends.
        (
            "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
            &chunk,
            &[400][..],
        ),
        (
            "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n",
            &chunk,
            &[400],
        ),
        ("Transfer-Encoding: chunked\r\n", &chunk, &[400]),
        ("Transfer-Encoding: xchunked\r\n", &chunk, &[400]),
        ("Transfer-Encoding : chunked\r\n", &chunk, &[400]),
        (
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n",
            &chunk,
            &[400],
        ),
        (
            "Content-Length: 4\r\nContent-Length: 40\r\n",
            &inner,
            &[400],
        ),
        ("Content-Length: +4\r\n", &inner, &[400]),
        ("Content-Length: 99999999999999999999\r\n", &inner, &[400]),
        // A body that is no part of a page's address, and may never come.
        (
            "Content-Length: 18446744073709551614\r\n",
            &inner,
            &[400, 431],
        ),
        ("Content-Length: 9999999999\r\n", &inner, &[200]),
        (
            "Content-Length: 1000000\r\nExpect: 100-continue\r\n",
            &inner,
            &[200],
        ),
    ] {
        let request = format!("GET /news/bridge/ HTTP/1.1\r\n{own}{headers}\r\n{body}");
        let answer = server.ask(&request);
        assert!(
            statuses.contains(&answer.status),
            "{headers}: {}",
            answer.status
        );
        let text = answer.text();
        assert!(
            !text.contains("HTTP/1.1 "),
            "{headers} has a second answer: {text}"
        );
    }
    // What is two requests has two answers.
    let both = format!(
        "GET /news/bridge/ HTTP/1.1\r\n{own}\r\n{}",
        inner.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n")
    );
    let text = server.ask(&both).text();
    assert_eq!(text.matches("HTTP/1.1 200").count(), 1, "{text}");
}

#[test]
fn ranges_give_parts_of_what_is_there() {
    let site = with_secrets();
    let server = Server::start(&site, &[]);
    let most = u64::MAX;
    for (range, status, length) in [
        ("bytes=0-0".to_owned(), 206, 1),
        (format!("bytes=0-{most}"), 206, 10),
        (format!("bytes={most}-"), 416, 0),
        (format!("bytes={most}-{most}"), 416, 0),
        (format!("bytes=-{most}"), 206, 10),
        ("bytes=0-99999999999999999999999".to_owned(), 200, 10),
        ("bytes=9-1".to_owned(), 200, 10),
        ("bytes=-".to_owned(), 200, 10),
        ("bytes=--1".to_owned(), 200, 10),
        ("bytes=a-b".to_owned(), 200, 10),
        ("bytes=0-4,2-6,0-9".to_owned(), 200, 10),
        (format!("bytes={}", "0-,".repeat(1_000)), 200, 10),
        ("pages=1-2".to_owned(), 200, 10),
    ] {
        let answer = server.request("/data.bin", &format!("Range: {range}\r\n"));
        assert_eq!(
            (answer.status, answer.body.len()),
            (status, length),
            "{range}"
        );
    }
    let page = server.request("/news/bridge/", "Range: bytes=0-8\r\n");
    assert_eq!((page.status, &*page.text()), (206, "<!doctype"));
}

/// Clients that begin and never end, that listen and never speak, and that ask and never read.
#[test]
fn clients_that_take_their_time_keep_nobody_from_reading() {
    const SLOW: usize = 100;
    const IDLE: usize = 1_000;
    let site = with_secrets();
    // Each of them for whom it was held in memory would take as much.
    site.write("static/film.bin", vec![b'x'; 16 << 20]);
    let server = Server::start(&site, &["--watch"]);
    let before = memory(&server, "VmHWM");
    let send = |request: String| {
        let mut stream = TcpStream::connect(server.address).expect("a connection");
        stream.write_all(request.as_bytes()).expect("it is heard");
        stream
    };
    let own = own(&server);
    let mut kept: Vec<TcpStream> = Vec::new();
    for _ in 0..SLOW {
        kept.push(send("GET / HTTP/1.1\r\nHo".to_owned()));
        kept.push(send(format!("GET /film.bin HTTP/1.1\r\n{own}\r\n")));
    }
    for _ in 0..IDLE {
        kept.push(send(format!(
            "GET /_pressroom/events?path=/ HTTP/1.1\r\n{own}\r\n"
        )));
    }
    // The last one is answered, and before those that read nothing are let go.
    let listening = kept.last_mut().expect("some");
    listening
        .set_read_timeout(Some(PATIENCE / 2))
        .expect("a timeout");
    let mut heard = [0; 12];
    listening.read_exact(&mut heard).expect("an answer");
    assert_eq!(&heard, b"HTTP/1.1 200");

    let bridge = server.open("/news/bridge/");
    for round in 0..3 {
        assert_eq!(server.get("/news/ferry/").status, 200);
        assert_eq!(server.get("/data.bin").text(), "0123456789");
        site.append("content/news/bridge.md", &format!("\nAnd toll {round}.\n"));
        assert_eq!(next(&bridge)["reload"], true);
        let page = server.get("/news/bridge/").text();
        assert!(page.contains(&format!("And toll {round}.")));
    }
    // 256 KiB for each: its buffers, one for what it asks and two for what it is sent, and its task.
    // What the kernel holds does not count here. Held whole, the films alone would be 1.6 GB.
    if let (Some(before), Some(after)) = (before, memory(&server, "VmHWM")) {
        let bound = 256 * (2 * SLOW + IDLE) as u64;
        assert!(after - before < bound, "{before} KiB became {after} KiB");
    }
    drop(kept);
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(server.get("/news/bridge/").status, 200);
}

/// A connection that nothing comes of is closed after twenty seconds.
#[test]
fn clients_that_stop_are_let_go() {
    let site = with_secrets();
    let film = 16 << 20;
    site.write("static/film.bin", vec![b'x'; film]);
    let server = Server::start(&site, &[]);
    let own = own(&server);
    let send = |request: &str| {
        let mut stream = TcpStream::connect(server.address).expect("a connection");
        stream.write_all(request.as_bytes()).expect("it is heard");
        // Long enough to see that it is not closed at all.
        let longest = Some(3 * PATIENCE);
        stream.set_read_timeout(longest).expect("a timeout");
        stream
    };
    let mut reader = send(&format!("GET /film.bin HTTP/1.1\r\n{own}\r\n"));
    let half = send("GET / HTTP/1.1\r\nHo");
    let idle = send(&format!("GET /data.bin HTTP/1.1\r\n{own}\r\n"));
    let mut rest = Vec::new();
    for mut stream in [half, idle] {
        stream.read_to_end(&mut rest).expect("an end");
    }
    // The reader began to wait a moment later, when all that there is room for was on its way.
    std::thread::sleep(Duration::from_secs(3));
    rest.clear();
    let _ = reader.read_to_end(&mut rest);
    assert!(rest.len() < film, "all of it has come");
}

/// KiB of a server's memory, where the system tells.
fn memory(server: &Server, field: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{}/status", server.process.id())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
