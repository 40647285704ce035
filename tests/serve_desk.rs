//! What `pressroom serve` shows to those who write: pages that nobody has opened, the desk, and the
//! files that diagnostics speak of.

mod support;

use std::fs;
use std::net::{IpAddr, SocketAddr, UdpSocket};
use std::path::Path;
use std::time::Instant;

use serde_json::Value;
use support::server::{PATIENCE, Server, gazette, trouble};
use support::{Site, article, run};

const FAULTY: &str =
    "{% extends \"broadsheet/tag.html\" %}\n{% block main %}{{ no.such }}{% endblock %}\n";

/// Diagnostics of a code that a server has printed, which is ended.
fn printed(server: &mut Server, code: &str) -> Vec<Value> {
    let lines = server.end().into_iter();
    let objects = lines.filter_map(|line| serde_json::from_str(&line).ok());
    objects
        .filter(|line: &Value| line["code"] == code)
        .collect()
}

#[test]
fn a_mistake_on_a_page_that_nobody_opened_is_told_once_and_goes_when_it_is_mended() {
    let site = gazette();
    let mut server = Server::start(&site, &["--watch"]);
    server.await_sweep(0);
    let home = server.open("/");
    site.write("templates/tag.html", FAULTY);
    let told = std::iter::repeat_with(|| trouble(&home)).find(Value::is_string);
    let told = told.as_ref().and_then(Value::as_str).expect("a mistake");
    assert!(told.contains(">templates/tag.html:2:20</a>"), "{told}");
    assert!(
        told.contains("(while /tags/harbour/ was rendered)"),
        "{told}"
    );
    server.await_sweep(1);
    assert!(
        server
            .get("/_pressroom/")
            .text()
            .contains("1 mistake to mend")
    );

    // It stays while something else is edited, and is not said again.
    site.append("content/news/bridge.md", "\nAnd a toll.\n");
    server.await_change("content/news/bridge.md");
    assert!(trouble(&home).as_str().is_some());
    server.await_sweep(1);

    site.remove("templates/tag.html");
    assert_eq!(trouble(&home), Value::Null);
    server.await_sweep(0);
    assert!(server.get("/_pressroom/").text().contains("All is well"));
    let line = printed(&mut server, "template-render");
    assert_eq!(line.len(), 1, "{line:?}");
    assert_eq!(line[0]["file"], "templates/tag.html");
}

#[test]
fn after_an_edit_only_pages_that_are_made_from_something_else_are_looked_at() {
    let site = gazette();
    let server = Server::start(&site, &["--watch"]);
    let all = server.await_sweep(0)["pages"].as_u64().expect("a number");
    assert!(all > 12, "{all}");
    site.write("static/hand.css", "p { color: blue }\n");
    server.await_change("static/hand.css");
    // Files that have just been written may change once more, and are no pages.
    let again = server.await_sweep(0)["pages"].as_u64().expect("a number");
    assert!(again <= 3, "{again} of {all}");
}

#[test]
fn a_template_that_fails_on_many_pages_is_one_mistake() {
    let site = gazette();
    site.write("templates/article.html", FAULTY.replace("tag", "article"));
    let mut server = Server::start(&site, &[]);
    server.await_sweep(1);
    let desk = server.get("/_pressroom/").text();
    assert!(
        desk.contains("while this article was rendered, and 2 other pages"),
        "{desk}"
    );
    let line = printed(&mut server, "template-render");
    assert_eq!(line.len(), 1, "{line:?}");
}

#[test]
fn the_desk_shows_what_is_in_the_works() {
    let site = gazette();
    site.write(
        "content/news/launch.md",
        article(
            "Launch & <landing>",
            "date: 2027-05-04\ntags: [Harbour]\n",
            "Soon.",
        ),
    );
    site.write(
        "content/news/alone.md",
        article("Alone", "date: 2025-01-01\nrelated: false\n", "X."),
    );
    for (path, text) in [
        (
            "content/letters/cellar.md",
            "---\nrelated: false\n---\n# Zymurgy\n\nBarley [beside](../maps/cape.md).\n",
        ),
        (
            "content/maps/cape.md",
            "---\nrelated: false\n---\n# Quixotry\n\nA windmill.\n",
        ),
    ] {
        site.write(path, text);
    }
    let server = Server::start(&site, &["--watch"]);
    server.await_sweep(0);
    let desk = server.get("/_pressroom/");
    assert_eq!(
        (desk.status, desk.header("content-type")),
        (200, "text/html; charset=utf-8")
    );
    let desk = desk.text();
    let shown = |part: &str| assert!(desk.contains(part), "{part}: {desk}");
    shown("<h1>All is well</h1>");
    shown("7 articles, ");
    shown("scheduled <time datetime=\"2027-05-04T00:00:00Z\">2027-05-04</time>");
    shown("<a href=\"/news/launch/\">Launch &amp; &lt;landing&gt;</a>");
    shown("<a href=\"/sport/rowing/\">Rowing</a>");
    shown("href=\"/_pressroom/source/content/sport/rowing.md\">content/sport/rowing.md</a>");
    shown("the tag “harbour” is also written “Harbour” (1×)");
    shown("<li><a href=\"/news/launch/\">Launch &amp; &lt;landing&gt;</a></li>");
    shown("source/themes/broadsheet/templates/article.html\">article.html</a></th><td>7</td>");
    shown("<li><a href=\"/letters/cellar/\">Zymurgy</a></li>");
    // A text leads there, and nothing else.
    assert!(!desk.contains("<li><a href=\"/maps/cape/\">"), "{desk}");
    assert!(!desk.contains("<li><a href=\"/news/bridge/\">"), "{desk}");

    // It hears of what is new, and of nothing else.
    let words = server.listen("desk=1");
    let hear = || words.recv_timeout(PATIENCE).expect("a word");
    assert_eq!(hear()["desk"], true);
    site.remove("content/news/launch.md");
    assert_eq!(hear()["desk"], true);
    assert!(!server.get("/_pressroom/").text().contains("Launch"));

    // It is there when the site is not, and never built.
    site.write("pressroom.yaml", "titel: The Gazette\n");
    server.await_change("pressroom.yaml");
    assert!(server.get("/_pressroom/").text().contains("config-key"));
    let server = Server::start(&site, &[]);
    let desk = server.get("/_pressroom/").text();
    assert!(
        desk.contains("config-key") && desk.contains("pressroom.yaml:1"),
        "{desk}"
    );
    site.write("pressroom.yaml", "title: The Gazette\n");
    site.build(&[]).ok();
    assert!(!site.has_output("_pressroom"));
}

#[test]
fn the_desk_is_found_below_the_path_of_the_site_as_well() {
    let site = gazette();
    site.write(
        "pressroom.yaml",
        "base_url: https://host.example/deep/gazette/\n",
    );
    let server = Server::start(&site, &[]);
    for (path, to) in [
        ("/_pressroom", "/_pressroom/"),
        ("/deep/gazette/_pressroom", "/_pressroom/"),
        ("/deep/gazette/_pressroom/", "/_pressroom/"),
        (
            "/deep/gazette/_pressroom/source/content/a%20b.md",
            "/_pressroom/source/content/a%20b.md",
        ),
    ] {
        let moved = server.get(path);
        assert_eq!(
            (moved.status, moved.header("location")),
            (302, to),
            "{path}"
        );
    }
    let desk = server.get("/_pressroom/").text();
    assert!(
        desk.contains("href=\"/deep/gazette/sport/rowing/\""),
        "{desk}"
    );
}

#[test]
fn the_files_of_the_site_are_shown_and_no_others() {
    let site = gazette();
    site.write("secret.txt", "not for readers");
    site.write("public/index.html", "not for readers");
    site.write("static/bytes.bin", [0xff, 0xfe, 0x00]);
    site.write(
        "content/news/<i>.md",
        article("<i>", "date: 2026-01-01\n", "A <b>."),
    );
    #[cfg(unix)]
    std::os::unix::fs::symlink(site.path("secret.txt"), site.path("data.yaml")).unwrap();
    let server = Server::start(&site, &[]);
    let shown = server.get("/_pressroom/source/content/news/%3Ci%3E.md");
    assert_eq!(shown.status, 200);
    let shown = shown.text();
    assert!(
        shown.contains("<li id=\"L5\">") && shown.contains("<code>A &lt;b&gt;.</code>"),
        "{shown}"
    );
    for path in [
        "pressroom.yaml",
        "static/hand.css",
        "content/news/photo.txt",
        "themes/broadsheet/templates/article.html",
    ] {
        let status = server.get(&format!("/_pressroom/source/{path}")).status;
        assert_eq!(status, 200, "{path}");
    }
    // A link that leads out of the site is none of its files; the rest of static/ is.
    #[cfg(unix)]
    std::os::unix::fs::symlink(site.beside("outside.txt"), site.path("static/outside.txt"))
        .unwrap();
    fs::write(site.beside("outside.txt"), "not for readers").unwrap();
    for path in [
        "secret.txt",
        "../outside.txt",
        "static/outside.txt",
        "data.yaml",
        "content/../secret.txt",
        "content/..%2Fsecret.txt",
        "%2e%2e/outside.txt",
        "static/../../outside.txt",
        "/etc/passwd",
        "%2Fetc%2Fpasswd",
        "public/index.html",
        ".pressroom/articles",
        "content",
        "content/",
        "content//news/bridge.md",
        "./content/news/bridge.md",
        "content/news/bridge.md/",
        "content\\news\\bridge.md",
        "static/bytes.bin",
        "themes/broadsheet/../../secret.txt",
        "",
        "%ff",
        "content/news/bridge.md%00",
    ] {
        let answer = server.get(&format!("/_pressroom/source/{path}"));
        assert!(
            [400, 404].contains(&answer.status),
            "{path}: {}",
            answer.status
        );
        assert!(!answer.text().contains("not for readers"), "{path}");
    }
    assert_eq!(server.get("/_pressroom/source/static/hand.css").status, 200);
}

/// An address of this machine that is not loopback, if it has one.
fn own_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    // Nothing is sent; the system tells from where it would be.
    socket.connect("192.0.2.77:9").ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}

#[test]
fn other_machines_see_the_site_and_not_the_desk() {
    let Some(address) = own_address() else {
        eprintln!("this machine has no address but loopback");
        return;
    };
    let site = gazette();
    site.write("templates/tag.html", FAULTY);
    let mut server = Server::start(&site, &["--host", "0.0.0.0", "--editor", "vscode"]);
    server.await_sweep(1);
    assert_eq!(server.get("/_pressroom/").status, 200);
    assert!(server.get("/sport/rowing/").text().contains(">Desk</a>"));
    server.address = SocketAddr::new(address, server.address.port());
    let there = server;
    for path in ["", "desk.js", "source/pressroom.yaml", "nothing"] {
        let status = there.get(&format!("/_pressroom/{path}")).status;
        assert_eq!(status, 403, "{path}");
    }
    let page = there.get("/sport/rowing/").text();
    assert!(
        page.contains("Draft</p>") && !page.contains("Desk"),
        "{page}"
    );
    assert_eq!(there.get("/_pressroom/reload.js").status, 200);
    let told = there.listen("path=/&tag=");
    let told = trouble(&told);
    let told = told.as_str().expect("a mistake");
    assert!(
        told.contains("templates/tag.html:2") && !told.contains("<a"),
        "{told}"
    );
    let page = there.get("/tags/harbour/").text();
    assert!(
        page.contains("templates/tag.html:2") && !page.contains("vscode:"),
        "{page}"
    );
    assert_eq!(there.get("/_pressroom/events?desk=1").status, 404);
}

#[test]
fn mistakes_lead_to_the_editor_that_is_named() {
    let site = gazette();
    site.write("content/news/bridge.md", "---\ntitle: [\n---\nText.\n");
    let server = Server::start(&site, &["--editor", "x-edit:{path}?at={line},{column}"]);
    let root = site.root().canonicalize().unwrap();
    let href = format!(
        "href=\"x-edit:{}/content/news/bridge.md?at=2,",
        root.display()
    );
    for path in ["/", "/_pressroom/"] {
        let page = server.get(path).text();
        assert!(page.contains(&href), "{href}: {page}");
    }
    for (editor, wrong) in [
        ("vim", "cursor, idea, textmate, vscode, vscodium, zed"),
        ("x-edit:{file}", "there is no `{file}`"),
        (
            "javascript:open('{path}')",
            "does not begin with `javascript:`",
        ),
    ] {
        let refused = run(&mut site.command(["serve", "--editor", editor]));
        assert_eq!(refused.code, Some(2), "{}", refused.stderr);
        assert!(refused.stderr.contains(wrong), "{}", refused.stderr);
    }
}

/// A folder with a program of this name, which is all that there is on the PATH.
#[cfg(target_os = "linux")]
fn program(site: &Site, name: &str, script: &str) -> std::path::PathBuf {
    use std::os::unix::fs::PermissionsExt;
    let folder = site.beside("programs");
    fs::create_dir_all(&folder).unwrap();
    let file = folder.join(name);
    fs::write(&file, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).unwrap();
    folder
}

#[cfg(target_os = "linux")]
#[test]
fn the_site_is_opened_in_a_browser_and_served_without_one() {
    let site = gazette();
    let opened = site.beside("opened");
    let path = program(&site, "xdg-open", "echo \"$1\" >\"$OPENED\"");
    let server = Server::start_with(&site, &["--open"], |command| {
        command.env("PATH", &path).env("OPENED", &opened);
    });
    let url = format!("http://localhost:{}/\n", server.address.port());
    wait_for(&opened, &url);
    let server = Server::start_with(&site, &["--open"], |command| {
        command.env("PATH", site.beside("nothing"));
    });
    let remark = server.remarks.recv_timeout(PATIENCE).expect("a remark");
    assert!(
        remark.starts_with("note: no browser could be opened"),
        "{remark}"
    );
    assert_eq!(server.get("/").status, 200);
}

#[cfg(target_os = "linux")]
#[track_caller]
fn wait_for(file: &Path, text: &str) {
    let started = Instant::now();
    while fs::read_to_string(file).ok().as_deref() != Some(text) {
        assert!(
            started.elapsed() < PATIENCE,
            "{text} is not in {}",
            file.display()
        );
        std::thread::sleep(std::time::Duration::from_millis(20));
    }
}

#[test]
fn all_that_show_a_page_are_told_of_it() {
    let site = gazette();
    let server = Server::start(&site, &["--watch"]);
    let open: Vec<_> = (0..40).map(|_| server.open("/news/bridge/")).collect();
    let _other = server.open("/sport/rowing/");
    site.append("content/news/bridge.md", "\nAnd a toll.\n");
    let change = server.await_change("content/news/bridge.md");
    assert_eq!(change["open_pages"], 40);
    for words in open {
        assert_eq!(support::server::next(&words)["reload"], true);
    }
}
