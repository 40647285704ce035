//! That `pressroom serve` sees whatever changes, and takes nothing else for a change.

mod support;

use std::fs;
use std::time::{Duration, Instant};

use support::article;
use support::server::{Server, gazette, next, trouble};

/// Less than the ten seconds after which all files are looked at in any case.
const SOON: Duration = Duration::from_secs(8);

/// Waits until a page has something in it.
#[track_caller]
fn await_in(server: &Server, path: &str, wanted: &str) {
    let started = Instant::now();
    while !server.get(path).text().contains(wanted) {
        assert!(started.elapsed() < SOON, "{wanted} does not come");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Each way to watch.
const WAYS: [&str; 2] = ["--watch", "--poll"];

#[test]
fn what_editors_and_others_write_beside_a_file_is_no_change() {
    for way in WAYS {
        let site = gazette();
        fs::create_dir_all(site.path("content/.git")).unwrap();
        let server = Server::start(&site, &[way]);
        for path in [
            "public/index.html",
            "public/news/index.html",
            ".pressroom/articles",
            ".git/index",
            ".git/index.lock",
            "content/.git/index",
            "content/.hg/dirstate",
            "content/news/4913",
            "content/news/.bridge.md.swp",
            "content/news/bridge.md~",
            "content/news/#bridge.md#",
            "content/news/bridge.md.tmp",
            "content/news/bridge.md___jb_tmp___",
            "content/news/sedAbC123",
            "static/.hand.css.swp",
            "static/.hand.css.aB3xYz",
            "notes.txt",
        ] {
            site.write(path, "no part of the site");
        }
        site.remove(".git/index.lock");
        fs::create_dir(site.path("content/empty")).unwrap();
        #[cfg(unix)]
        for folder in ["content/news", "static"] {
            let lock = site.path(folder).join(".#bridge.md");
            std::os::unix::fs::symlink("editor@desk.1234:5678", lock).unwrap();
        }
        // Longer than anything is waited for, and a second look.
        std::thread::sleep(Duration::from_millis(1_500));
        site.append("content/news/bridge.md", "\nAnd a toll.\n");
        let line = server.change();
        let files = serde_json::json!(["content/news/bridge.md"]);
        assert_eq!(line["files"], files, "{way}: {line}");
    }
}

#[test]
fn hidden_files_that_are_published_are_followed() {
    let site = gazette();
    site.write("static/.well-known/security.txt", "Contact: desk\n");
    let server = Server::start(&site, &["--watch"]);
    site.write("static/.well-known/security.txt", "Contact: night desk\n");
    server.await_change("static/.well-known/security.txt");
    site.write("static/.htaccess", "Deny from none\n");
    server.await_change("static/.htaccess");
    assert_eq!(server.get("/.htaccess").text(), "Deny from none\n");
}

#[test]
fn files_that_come_go_and_move_are_followed_without_events() {
    let site = gazette();
    let server = Server::start(&site, &["--poll"]);
    let bridge = server.open("/news/bridge/");
    site.append("content/news/bridge.md", "\nAnd a toll.\n");
    assert_eq!(next(&bridge)["reload"], true);
    server.await_change("content/news/bridge.md");
    site.write("content/city/tram.md", article("The tram", "", "Rails."));
    server.await_change("content/city/tram.md");
    assert_eq!(server.get("/city/tram/").status, 200);
    site.rename("content/city", "content/town");
    server.await_change("content/town/tram.md");
    assert_eq!(server.get("/city/tram/").status, 404);
    assert_eq!(server.get("/town/tram/").status, 200);
    site.remove("content/town");
    server.await_change("content/town/tram.md");
    assert_eq!(server.get("/town/tram/").status, 404);
    site.write("pressroom.yaml", "titel: The Gazette\n");
    while !trouble(&bridge).to_string().contains("config-key") {}
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;

    use super::*;

    #[test]
    fn what_links_lead_to_is_followed() {
        for way in WAYS {
            let site = gazette();
            site.write("shared/desk/tram.md", article("The tram", "", "First."));
            site.write("shared/pier.md", article("The pier", "", "First."));
            site.write("shared/settings.yaml", "title: The Gazette\n");
            symlink("../shared/desk", site.path("content/desk")).unwrap();
            symlink("../../shared/pier.md", site.path("content/news/pier.md")).unwrap();
            site.remove("pressroom.yaml");
            symlink("shared/settings.yaml", site.path("pressroom.yaml")).unwrap();
            let server = Server::start(&site, &[way]);
            for time in ["Second.", "Third."] {
                site.write("shared/desk/tram.md", article("The tram", "", time));
                await_in(&server, "/desk/tram/", time);
                // As a whole, as many editors do.
                site.write("shared/new", article("The pier", "", time));
                site.rename("shared/new", "shared/pier.md");
                await_in(&server, "/news/pier/", time);
            }
            site.write("shared/desk/ferry.md", article("A ferry", "", "Boats."));
            await_in(&server, "/desk/ferry/", "Boats.");
            site.write("shared/settings.yaml", "title: The Harbour Gazette\n");
            await_in(&server, "/", "The Harbour Gazette");
        }
    }

    #[test]
    fn links_that_come_and_change_are_followed() {
        for way in WAYS {
            let site = gazette();
            for edition in ["one", "two"] {
                let text = article("The tram", "", &format!("Edition {edition}."));
                site.write(&format!("editions/{edition}/tram.md"), text);
            }
            let server = Server::start(&site, &[way]);
            // By way of another link, as releases are switched.
            symlink("one", site.path("editions/current")).unwrap();
            symlink("../editions/current", site.path("content/desk")).unwrap();
            await_in(&server, "/desk/tram/", "Edition one.");
            site.write("editions/one/tram.md", article("The tram", "", "Late one."));
            await_in(&server, "/desk/tram/", "Late one.");
            site.remove("editions/current");
            symlink("two", site.path("editions/current")).unwrap();
            await_in(&server, "/desk/tram/", "Edition two.");
            site.write("editions/two/tram.md", article("The tram", "", "Late two."));
            await_in(&server, "/desk/tram/", "Late two.");
            site.remove("content/desk");
            await_in(&server, "/desk/tram/", "Page not found");
            symlink("../editions/three", site.path("content/desk")).unwrap();
            fs::rename(site.path("editions/two"), site.path("editions/three")).unwrap();
            await_in(&server, "/desk/tram/", "Late two.");
        }
    }

    #[test]
    fn a_link_that_leads_out_of_the_site_is_told_and_not_followed() {
        let site = gazette();
        let outside = site.beside("outside");
        support::write(&outside.join("secret.md"), "# Secret\n");
        let server = Server::start(&site, &["--watch"]);
        let bridge = server.open("/news/bridge/");
        symlink(&outside, site.path("content/outside")).unwrap();
        assert!(trouble(&bridge).to_string().contains("link-outside"));
        assert_eq!(server.get("/outside/secret/").status, 404);
        site.remove("content/outside");
        assert!(trouble(&bridge).is_null());
    }
}

#[test]
fn folders_that_are_made_anew_are_followed() {
    let site = gazette();
    let server = Server::start(&site, &["--watch"]);
    site.rename("content", "elsewhere");
    site.write("content/news/tram.md", article("The tram", "", "First."));
    await_in(&server, "/news/tram/", "First.");
    site.write("content/news/tram.md", article("The tram", "", "Second."));
    await_in(&server, "/news/tram/", "Second.");
    // What is not the site's any more is not followed.
    site.remove("elsewhere");

    let away = site.beside("away");
    fs::rename(site.root(), &away).unwrap();
    server.await_change("pressroom.yaml");
    // The last good page stays.
    assert_eq!(server.get("/news/tram/").status, 200);
    fs::rename(&away, site.root()).unwrap();
    site.write("content/news/tram.md", article("The tram", "", "Third."));
    await_in(&server, "/news/tram/", "Third.");
    site.write("content/news/tram.md", article("The tram", "", "Fourth."));
    await_in(&server, "/news/tram/", "Fourth.");
}

#[cfg(target_os = "linux")]
mod linux {
    use std::process::Command;

    use super::*;

    #[test]
    fn nothing_is_missed_when_there_are_too_many_events() {
        let site = gazette();
        let server = Server::start(&site, &["--watch"]);
        let signal = |name: &str| {
            let id = server.process.id().to_string();
            let sent = Command::new("kill").args([name, &id]).status();
            assert!(sent.unwrap().success());
        };
        signal("-STOP");
        let limit = fs::read_to_string("/proc/sys/fs/inotify/max_queued_events").unwrap();
        let limit: usize = limit.trim().parse().unwrap();
        // Making a file and closing it are three events, of which none is the same as the one before.
        for number in 0..limit / 3 + 10 {
            site.write(&format!("content/news/{}.tmp", number % 2), "");
        }
        site.append("content/news/bridge.md", "\nAnd a toll.\n");
        site.write("content/city/tram.md", article("The tram", "", "First."));
        signal("-CONT");
        await_in(&server, "/news/bridge/", "And a toll.");
        await_in(&server, "/city/tram/", "First.");
        // The folder came while nobody could hear of it.
        site.write("content/city/tram.md", article("The tram", "", "Second."));
        await_in(&server, "/city/tram/", "Second.");
    }

    #[test]
    fn where_the_system_watches_no_more_folders_that_is_told_and_files_are_looked_at() {
        let site = gazette();
        let limited = "echo 3 > /proc/sys/user/max_inotify_watches";
        let mut unshare = Command::new("unshare");
        unshare.args(["--user", "--map-root-user", "sh", "-c"]);
        let can = unshare.arg(limited).output();
        if !can.is_ok_and(|can| can.status.success()) {
            eprintln!("SKIPPED: the number of watches cannot be limited on this machine");
            return;
        }
        let command = site.command(["serve", "--port", "0", "--format", "json", "--watch"]);
        let mut limit = Command::new("unshare");
        limit
            .args(["--user", "--map-root-user", "sh", "-c"])
            .arg(format!("{limited}; exec \"$0\" \"$@\""))
            .arg(command.get_program())
            .args(command.get_args())
            .current_dir(site.root());
        let (server, told) = Server::told(&mut limit);
        assert_eq!(told[0]["event"], "polling", "{told:?}");
        site.append("content/news/bridge.md", "\nAnd a toll.\n");
        await_in(&server, "/news/bridge/", "And a toll.");
    }
}

#[test]
fn a_partial_that_changes_changes_the_sheet_that_uses_it() {
    for way in WAYS {
        let site = gazette();
        let config = site.read("pressroom.yaml");
        site.write("pressroom.yaml", format!("{config}theme: own\n"));
        site.write("themes/own/theme.yaml", "name: own\nparent: broadsheet\n");
        site.write(
            "themes/own/static/css/site.scss",
            "@use 'colours';\na { color: colours.$a; }\n",
        );
        site.write("themes/own/static/css/_colours.scss", "$a: red;\n");
        site.write(
            "themes/own/templates/base.html",
            "{% extends \"broadsheet/base.html\" %}\n{% block extra_head %}\
             <link rel=\"stylesheet\" href=\"{{ asset(path=\"css/site.css\") }}\">{% endblock %}\n",
        );
        let server = Server::start(&site, &[way]);
        let sheet = || {
            let page = server.get("/news/bridge/").text();
            let (_, after) = page.split_once("/assets/css/site.").expect("a link");
            let name = after.split('"').next().expect("a name").to_owned();
            server.get(&format!("/assets/css/site.{name}")).text()
        };
        assert_eq!(sheet(), "a {\n  color: red;\n}\n");
        site.write("themes/own/static/css/_colours.scss", "$a: brown;\n");
        server.await_change("themes/own/static/css/_colours.scss");
        assert_eq!(sheet(), "a {\n  color: brown;\n}\n");
        let bridge = server.open("/news/bridge/");
        site.write("themes/own/static/css/_colours.scss", "$b: brown;\n");
        while !trouble(&bridge).to_string().contains("undefined variable") {}
        assert_eq!(sheet(), "a {\n  color: brown;\n}\n");
    }
}
