//! `pressroom serve`, asked over HTTP while its files are edited.

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::time::{Duration, Instant};

use serde_json::Value;
use support::edits::{State, number, put};
use support::random::Random;
use support::server::{PATIENCE, Server, gazette, next, trouble};
use support::{Site, article, run};

/// What a build writes, by the paths of requests; `None` where there are mistakes.
fn try_to_build(site: &Site) -> Option<BTreeMap<String, Vec<u8>>> {
    let output = site.beside("expected");
    let _ = fs::remove_dir_all(&output);
    let mut command = site.command(["build", "--drafts", "--future", "--output"]);
    if run(command.arg(&output)).code != Some(0) {
        return None;
    }
    let files = support::published(&output).into_iter();
    let paths = files.map(|(path, bytes)| {
        let path = format!("/{path}");
        let path = path.strip_suffix("index.html").unwrap_or(&path).to_owned();
        (path, bytes)
    });
    Some(paths.collect())
}

/// Insists that the server answers with what a build writes.
#[track_caller]
fn assert_as_built(server: &Server, site: &Site) {
    let expected = try_to_build(site).expect("a site without mistakes");
    assert_eq!(differing(server, &expected), None);
}

#[test]
fn what_is_served_is_what_a_build_writes_after_each_edit() {
    let site = gazette();
    let server = Server::start(&site, &["--watch"]);
    assert_as_built(&server, &site);
    let edits: [(&str, &str); 9] = [
        (
            "content/news/bridge.md",
            "---\ntitle: The old bridge\ndate: 2026-11-01\ntags: [harbour, iron]\n---\nRust.\n",
        ),
        (
            "content/news/lighthouse.md",
            "---\ntitle: The lighthouse\ndate: 2026-11-04\n---\nA lamp by [the bridge](bridge.md).\n",
        ),
        (
            "pressroom.yaml",
            "title: The Harbour Gazette\nbase_url: https://gazette.example/\n",
        ),
        ("data/tags.yaml", "harbour: {label: Harbour}\n"),
        (
            "templates/404.html",
            "{% extends \"broadsheet/404.html\" %}\n{% block main %}<p>Nothing.</p>{% endblock %}\n",
        ),
        ("static/hand.css", "p { color: blue }\n"),
        ("content/_index.md", "---\ntitle: Front\n---\nWelcome.\n"),
        (
            "content/sport/rowing.md",
            "---\ntitle: Rowing\ndate: 2026-11-03\n---\nNine oars.\n",
        ),
        ("content/news/photo.txt", "another photo\n"),
    ];
    for (path, text) in edits {
        site.write(path, text);
        server.await_change(path);
        assert_as_built(&server, &site);
    }
    site.remove("content/news/lighthouse.md");
    server.await_change("content/news/lighthouse.md");
    assert_as_built(&server, &site);
    site.rename("content/news/ferry.md", "content/news/ferries.md");
    server.await_change("content/news/ferries.md");
    assert_as_built(&server, &site);
    assert_eq!(server.get("/news/ferry/").status, 404);
}

/// What a text can change besides itself: blurbs in lists, what other articles link to, what it links
/// to, and a second name of its file.
#[test]
fn an_edit_of_a_text_is_seen_wherever_it_is_shown() {
    let site = gazette();
    let bridge = |text: &str| article("The bridge", "date: 2026-11-01\ntags: [harbour]\n", text);
    let path = "content/news/bridge.md";
    site.write(path, bridge("Steel.\n\n## Rivets\n\nMany."));
    site.write(
        "content/news/ferry.md",
        article(
            "The ferry",
            "date: 2026-11-02\n",
            "See [rivets](bridge.md#rivets).",
        ),
    );
    let server = Server::start(&site, &["--watch"]);
    for text in [
        "Steel.\n\n## Rivets\n\nVery many.",
        "Iron, in fact.\n\n## Rivets\n\nVery many.",
        "Iron, in fact.\n\n## Rivets\n\nVery many, as [rowers](../sport/rowing.md) know.",
        "Iron, in fact.\n\n## Rivets\n\n## Bolts\n\nNone.",
    ] {
        site.write(path, bridge(text));
        server.await_change(path);
        assert_as_built(&server, &site);
    }
    let words = server.open("/news/ferry/");
    site.write(path, bridge("Iron, in fact.\n\n## Bolts\n\nNone."));
    server.await_change(path);
    assert_ne!(
        trouble(&words),
        Value::Null,
        "nothing is at #rivets any more"
    );
    site.write(path, bridge("Iron, in fact.\n\n## Rivets\n\nAgain."));
    server.await_change(path);
    assert_as_built(&server, &site);

    let twin = "content/news/twin.md";
    fs::hard_link(site.path(path), site.path(twin)).unwrap();
    server.await_change(twin);
    site.write(twin, bridge("One file.\n\n## Rivets\n\nTwo names."));
    server.await_change(twin);
    assert_as_built(&server, &site);
}

/// `ROUNDS=300 SEED=7 cargo nextest run --test serve` goes on for as long as one likes.
#[test]
fn whatever_is_edited_what_is_served_is_what_a_build_writes() {
    let (rounds, seed) = (number("ROUNDS", 25), number("SEED", 5));
    let mut random = Random::new(seed);
    let site = Site::in_memory();
    let mut state = State::new(&mut random);
    put(&site, &BTreeMap::new(), &state.on_disk());
    let server = Server::start(&site, &["--watch"]);
    let mut gone = BTreeSet::new();
    for round in 0..rounds {
        let before = state.on_disk();
        let what = state.edit(&mut random);
        println!("{round}: {what}");
        put(&site, &before, &state.on_disk());
        let Some(expected) = try_to_build(&site) else {
            continue;
        };
        let started = Instant::now();
        while let Some(path) = differing(&server, &expected) {
            assert!(started.elapsed() < PATIENCE, "{path} after {what}");
            std::thread::sleep(Duration::from_millis(20));
        }
        gone.extend(expected.keys().cloned());
        for path in gone.iter().filter(|path| !expected.contains_key(*path)) {
            let status = server.get(&encoded(path)).status;
            assert!([301, 404].contains(&status), "{path} is gone: {status}");
        }
    }
}

/// The first path that is not answered with what a build has written.
fn differing(server: &Server, expected: &BTreeMap<String, Vec<u8>>) -> Option<String> {
    let is_other = |(path, bytes): &(&String, &Vec<u8>)| {
        let answer = server.get(&encoded(path));
        let is_page = answer.header("content-type").starts_with("text/html");
        answer.status != 200
            || if is_page {
                answer.as_built().as_bytes() != bytes.as_slice()
            } else {
                answer.body != **bytes
            }
    };
    let mut all = expected.iter();
    all.find(is_other).map(|(path, _)| path.clone())
}

/// A path as it stands in a request.
fn encoded(path: &str) -> String {
    path.replace('%', "%25").replace(' ', "%20")
}

#[test]
fn a_page_hears_of_what_concerns_it_and_of_nothing_else() {
    let site = gazette();
    let server = Server::start(&site, &["--watch"]);
    let bridge = server.open("/news/bridge/");
    let rowing = server.open("/sport/rowing/");
    let missing = server.open("/news/lighthouse/");
    site.append("content/news/bridge.md", "\nAnd a toll.\n");
    let change = server.await_change("content/news/bridge.md");
    assert_eq!(change["open_pages"], 1);
    assert_eq!(next(&bridge)["reload"], true);
    assert!(server.get("/news/bridge/").text().contains("And a toll."));
    // A draft says that it is one, and nobody has told it anything yet but that all is well.
    assert!(
        server
            .get("/sport/rowing/")
            .text()
            .contains("<p id=\"pressroom-standing\">Draft <a href=\"/_pressroom/\">Desk</a></p>")
    );
    assert_eq!(trouble(&rowing), Value::Null);
    assert!(rowing.try_recv().is_err());

    site.write("content/news/lighthouse.md", "# The lighthouse\n");
    assert_eq!(next(&missing)["reload"], true);
    site.remove("content/news/lighthouse.md");
    assert_eq!(next(&missing)["go"], "/news/");

    // A style sheet is exchanged, and the page stays.
    site.write(
        "themes/house/theme.yaml",
        "name: house\nparent: broadsheet\n",
    );
    site.write("pressroom.yaml", "title: The Gazette\ntheme: house\n");
    server.await_change("pressroom.yaml");
    let bridge = server.open("/news/bridge/");
    let style = server.get("/news/bridge/").text();
    let style = style.split("rel=\"stylesheet\" href=\"").nth(1).unwrap();
    let style = style.split('"').next().unwrap().to_owned();
    site.write("themes/house/static/style.css", "p { color: red }\n");
    let word = next(&bridge);
    let pairs = word["styles"]
        .as_array()
        .unwrap_or_else(|| panic!("{word}"));
    assert_eq!(pairs[0][0], style);
    let new = pairs[0][1].as_str().unwrap();
    assert_eq!(server.get(new).text(), "p { color: red }\n");
}

#[test]
fn mistakes_are_told_and_the_last_good_page_stays() {
    let site = gazette();
    let server = Server::start(&site, &["--watch"]);
    let bridge = server.open("/news/bridge/");
    let good = site.read("content/news/bridge.md");
    site.write("content/news/bridge.md", "---\ntitle: [\n---\nText.\n");
    let told = trouble(&bridge);
    let told = told.as_str().unwrap_or_default();
    assert!(
        told.contains("front-matter-syntax") && told.contains("bridge.md:2"),
        "{told}"
    );
    let page = server.get("/news/bridge/");
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Steel and rivets."));
    site.write("content/news/bridge.md", good);
    assert_eq!(trouble(&bridge), Value::Null);

    // A template that fails on one kind of page.
    let template = "{% extends \"broadsheet/article.html\" %}\n{% block main %}{{ article.no.such }}{% endblock %}\n";
    site.write("templates/article.html", template);
    let told = trouble(&bridge);
    assert!(
        told.as_str()
            .unwrap_or_default()
            .contains("templates/article.html:2"),
        "{told}"
    );
    let page = server.get("/news/bridge/");
    assert_eq!(
        (page.status, page.text().contains("Steel and rivets.")),
        (200, true)
    );
    // A page that nobody has seen before has nothing to show but the mistake.
    let page = server.get("/news/ferry/");
    assert_eq!(page.status, 500);
    assert!(page.text().contains("article.no.such"));
    assert_eq!(server.get("/").status, 200);
    site.remove("templates/article.html");
    assert_eq!(trouble(&bridge), Value::Null);
    assert_eq!(server.get("/news/ferry/").status, 200);

    // A site that begins with a mistake.
    let site = gazette();
    site.write("pressroom.yaml", "titel: The Gazette\n");
    let server = Server::start(&site, &["--watch"]);
    let page = server.get("/news/bridge/");
    assert_eq!(page.status, 500);
    assert!(page.text().contains("config-key"), "{}", page.text());
    let words = server.open("/news/bridge/");
    site.write("pressroom.yaml", "title: The Gazette\n");
    assert_eq!(next(&words)["reload"], true);
    assert_eq!(server.get("/news/bridge/").status, 200);
}

#[test]
fn http_is_spoken_as_a_static_host_does() {
    let site = gazette();
    site.write("static/_redirects", "/old/news /news/ 302\n");
    site.write("static/a b.txt", "spaces\n");
    let server = Server::start(&site, &[]);
    let page = server.get("/news/bridge/");
    assert_eq!(
        (page.status, page.header("content-type")),
        (200, "text/html; charset=utf-8")
    );
    assert_eq!(page.header("content-length"), page.body.len().to_string());
    assert_eq!(page.header("access-control-allow-origin"), "");
    let tag = page.header("etag");
    let known = server.request("/news/bridge/", &format!("If-None-Match: {tag}\r\n"));
    assert_eq!((known.status, known.body.len()), (304, 0));
    let moved = server.get("/news/bridge?from=here");
    assert_eq!(
        (moved.status, moved.header("location")),
        (301, "/news/bridge/?from=here")
    );
    assert_eq!(server.get("/news/bridge/index.html").status, 200);
    let moved = server.get("/old/news");
    assert_eq!((moved.status, moved.header("location")), (302, "/news/"));
    let missing = server.get("/nowhere/");
    assert_eq!(missing.status, 404);
    assert!(missing.text().contains("Page not found"));
    let host = server.address;
    let head = server.ask(&format!(
        "HEAD /news/bridge/ HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
    ));
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), page.header("content-length"));
    for (range, status, body, told) in [
        ("bytes=2-4", 206, "234", "bytes 2-4/10"),
        ("bytes=7-", 206, "789", "bytes 7-9/10"),
        ("bytes=-2", 206, "89", "bytes 8-9/10"),
        ("bytes=0-99", 206, "0123456789", "bytes 0-9/10"),
        ("bytes=10-", 416, "", "bytes */10"),
        ("bytes=-0", 416, "", "bytes */10"),
        ("bytes=1-2,4-5", 200, "0123456789", ""),
        ("bytes=4-2", 200, "0123456789", ""),
        ("lines=1-2", 200, "0123456789", ""),
    ] {
        let answer = server.request("/data.bin", &format!("Range: {range}\r\n"));
        assert_eq!(
            (
                answer.status,
                &*answer.text(),
                answer.header("content-range")
            ),
            (status, body, told),
            "{range}"
        );
    }
    assert_eq!(server.get("/a%20b.txt").text(), "spaces\n");
    let kinds = [
        "/feed.json",
        "/atom.xml",
        "/hand.css",
        "/manifest.webmanifest",
        "/robots.txt",
    ];
    let kinds = kinds.map(|path| server.get(path).header("content-type").to_owned());
    assert_eq!(
        kinds,
        [
            "application/json; charset=utf-8",
            "text/xml; charset=utf-8",
            "text/css; charset=utf-8",
            "application/manifest+json",
            "text/plain; charset=utf-8",
        ]
    );
}

#[test]
fn a_site_below_a_path_is_served_below_it() {
    let site = gazette();
    site.write(
        "pressroom.yaml",
        "title: The Gazette\nbase_url: https://host.example/deep/gazette/\n",
    );
    let server = Server::start(&site, &[]);
    let moved = server.get("/");
    assert_eq!(
        (moved.status, moved.header("location")),
        (302, "/deep/gazette/")
    );
    let page = server.get("/deep/gazette/news/bridge/");
    assert_eq!(page.status, 200);
    assert!(page.text().contains("href=\"/deep/gazette/news/\""));
    assert_eq!(server.get("/news/bridge/").status, 404);
    let moved = server.get("/deep/gazette/news");
    assert_eq!(moved.header("location"), "/deep/gazette/news/");
}

#[test]
fn a_port_that_is_taken_is_told_and_another_found() {
    let site = gazette();
    let server = Server::start(&site, &[]);
    let port = server.address.port().to_string();
    let taken = run(&mut site.command(["serve", "--port", &port])).failed();
    assert!(
        taken
            .stderr
            .contains(&format!("cannot listen at 127.0.0.1:{port}"))
    );
    assert!(taken.stderr.contains("--port auto"));
    let nowhere = run(&mut site.command(["serve", "--root", "nowhere"])).failed();
    assert!(nowhere.stderr.contains("there is no folder nowhere"));
    let wrong = run(&mut site.command(["serve", "--port", "harbour"]));
    assert_eq!(wrong.code, Some(2), "{}", wrong.stderr);
}

#[cfg(unix)]
#[test]
fn it_ends_when_it_is_told_to() {
    let site = gazette();
    for signal in ["-INT", "-TERM"] {
        let mut server = Server::start(&site, &["--watch"]);
        let _listening = server.open("/");
        let id = server.process.id().to_string();
        let kill = std::process::Command::new("kill")
            .args([signal, &id])
            .status();
        assert!(kill.unwrap().success());
        let started = Instant::now();
        let status = loop {
            if let Some(status) = server.process.try_wait().unwrap() {
                break status;
            }
            assert!(started.elapsed() < PATIENCE, "it goes on");
            std::thread::sleep(Duration::from_millis(10));
        };
        assert!(status.success(), "{signal}: {status}");
    }
}
