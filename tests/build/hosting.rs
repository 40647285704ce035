//! What is written for the servers that hand out the site: redirects, headers, compressed files.

use std::fs;
use std::io::{Read, Write};
use std::path::Path;
use std::process::Command;

use super::support::{Site, article, assert_same, copy, times};
use super::{clean_build, gazette};

/// The gazette with old paths, below a base path, and with files for every server.
fn moved() -> Site {
    let site = gazette();
    site.write(
        "pressroom.yaml",
        "title: The Gazette\nbase_url: https://gazette.example/paper/\n\
         hosting: {for: [nginx, caddy, netlify]}\n",
    );
    site.write(
        "data/redirects.yaml",
        "/tag/money/: /tags/money/\n/2019/vote.html: /news/vote/\n\
         /letters: /first\n/first/: /opinion/letter/?from=old#top\n\
         /a b/$x/ü*: https://archive.example/%7Ejo?x=1\n",
    );
    let budget = site.read("content/news/budget.md");
    site.write(
        "content/news/budget.md",
        budget.replace("tags:", "aliases: /budget/\ntags:"),
    );
    site
}

#[test]
fn redirects_of_the_data_lead_where_the_last_of_them_leads() {
    let site = moved();
    site.build(&[]).silent();
    assert_eq!(
        site.output("_redirects").lines().collect::<Vec<_>>(),
        [
            "/paper/2019/vote.html /paper/news/vote/ 301",
            "/paper/a%20b/$x/%C3%BC%2A/ https://archive.example/%7Ejo?x=1 301",
            "/paper/budget/ /paper/news/budget/ 301",
            "/paper/first/ /paper/opinion/letter/?from=old#top 301",
            "/paper/letters/ /paper/opinion/letter/?from=old#top 301",
            "/paper/tag/money/ /paper/tags/money/ 301",
        ]
    );
    let stub = site.output("letters/index.html");
    assert!(stub.contains("url=/paper/opinion/letter/?from=old#top\""));
    assert!(stub.contains("href=\"https://gazette.example/paper/opinion/letter/?from=old#top\""));
    let stub = site.output("a b/$x/ü*/index.html");
    assert!(stub.contains("url=https://archive.example/%7Ejo?x=1\""));
}

#[test]
fn a_redirect_that_changes_changes_what_shows_it() {
    let site = moved();
    site.build(&[]).silent();
    let redirects = site.read("data/redirects.yaml");
    site.write(
        "data/redirects.yaml",
        redirects.replace("/tags/money/", "/tags/council/"),
    );
    assert_eq!(
        site.changes(),
        [
            "write _Caddyfile",
            "write _nginx.conf",
            "write _redirects",
            "write tag/money/index.html"
        ]
    );
    assert_same(&site.outputs(), &clean_build(&site));
    site.remove("data/redirects.yaml");
    let changes = site.changes();
    assert!(changes.contains(&"remove tag/money/index.html".to_owned()));
    assert_same(&site.outputs(), &clean_build(&site));
}

#[test]
fn netlify_is_told_what_may_be_kept_and_loaded() {
    let site = moved();
    site.write("static/_headers", "/paper/atom.xml\n  X-Feed: yes");
    site.write(
        "static/_redirects",
        "# Ours\n/paper/x/ /paper/ 302\n/paper/old/* /paper/news/:splat\n/paper/y/ /paper/",
    );
    site.build(&[]).silent();
    let headers = site.output("_headers");
    let expected = "/paper/atom.xml\n  X-Feed: yes\n/paper/*\n  Content-Security-Policy: default-src 'none'; script-src 'self'; ";
    assert!(headers.starts_with(expected), "{headers}");
    assert!(
        headers
            .ends_with("/paper/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n")
    );
    // What follows a pattern is read by few hosts to its end, and what is made is no pattern.
    let redirects = site.output("_redirects");
    assert!(
        redirects.starts_with("# Ours\n/paper/x/ /paper/ 302\n/paper/2019/vote.html "),
        "{redirects}"
    );
    assert!(
        redirects.ends_with(" 301\n/paper/old/* /paper/news/:splat\n/paper/y/ /paper/"),
        "{redirects}"
    );
}

/// A site with so many redirects.
fn with_redirects(hosts: &str, count: usize) -> Site {
    let site = gazette();
    site.append("pressroom.yaml", &format!("hosting: {{for: {hosts}}}\n"));
    let redirects = (0..count).map(|at| format!("/old/{at}/: /news/vote/\n"));
    site.write(
        "data/redirects.yaml",
        redirects.collect::<String>() + "/größe/: /news/vote/\n",
    );
    site
}

#[test]
fn old_paths_have_no_page_where_the_host_would_hand_it_out_instead() {
    for (hosts, has_page) in [
        ("netlify", false),
        ("gitlab", false),
        ("[gitlab, netlify]", false),
        ("cloudflare", true),
        ("[gitlab, cloudflare]", true),
        ("[netlify, nginx]", true),
    ] {
        let site = with_redirects(hosts, 3);
        site.build(&[]).silent();
        assert_eq!(site.has_output("old/0/index.html"), has_page, "{hosts}");
        // Who knows how a host compares this.
        assert!(site.has_output("größe/index.html"), "{hosts}");
        assert_eq!(site.output("_redirects").lines().count(), 4, "{hosts}");
        assert_eq!(
            site.has_output("_headers"),
            hosts.contains("netlify") || hosts.contains("cloudflare"),
            "{hosts}"
        );
    }
    // They come back with the next host, and go again.
    let site = with_redirects("gitlab", 3);
    site.build(&[]).silent();
    let config = site.read("pressroom.yaml");
    site.write("pressroom.yaml", config.replace("gitlab", "caddy"));
    site.build(&[]).silent();
    assert!(site.has_output("old/0/index.html"));
    site.write("pressroom.yaml", config);
    site.build(&[]).silent();
    assert!(!site.has_output("old/0/index.html"));
    assert_same(&site.outputs(), &clean_build(&site));
}

#[test]
fn what_a_host_does_not_read_of_the_redirects_is_told_and_not_lost() {
    let told = |site: &Site, message: &str| {
        let run = site.build(&[]).ok();
        let headline = format!("warning[redirect]: {message}\n --> pressroom.yaml:");
        assert!(run.stderr.contains(&headline), "{headline}\n{run:?}");
        assert_eq!(run.stderr.matches("warning[").count(), 1, "{run:?}");
        assert!(site.has_output("old/0/index.html"));
    };
    with_redirects("gitlab", 999).build(&[]).silent();
    told(
        &with_redirects("gitlab", 1000),
        "`_redirects` has 1,001 redirects, and GitLab Pages reads 1,000 of them",
    );
    with_redirects("cloudflare", 1999).build(&[]).silent();
    told(
        &with_redirects("[nginx, cloudflare]", 2000),
        "`_redirects` has 2,001 redirects, and Cloudflare Pages reads 2,000 of them",
    );

    let long = with_redirects("gitlab", 1);
    long.append(
        "data/redirects.yaml",
        &(0..100)
            .map(|at| format!("/long/{at}/{}: /news/vote/\n", "a-long-way/".repeat(60)))
            .collect::<Vec<_>>()
            .concat(),
    );
    told(
        &long,
        "`_redirects` has 68,648 bytes, and GitLab Pages reads none of it if it has more than 65,536",
    );

    let patterns = with_redirects("cloudflare", 1);
    let rules = (0..101).map(|at| format!("/p{at}/* /news/:splat\n"));
    patterns.write("static/_redirects", rules.collect::<String>());
    told(
        &patterns,
        "`_redirects` has 101 lines from the first pattern on, and Cloudflare Pages reads 100 of them",
    );
}

/// Whether a program is here. `./test` installs those that this file needs.
fn is_here(program: &str, argument: &str) -> bool {
    let run = Command::new(program).arg(argument).output();
    run.is_ok_and(|run| run.status.success())
}

/// Lets nginx and Caddy read what a build made for them.
fn read_by_servers(site: &Site) {
    let (root, beside) = (site.path("public"), site.beside("server"));
    fs::create_dir_all(&beside).expect("a folder");
    let asked = |mut command: Command| {
        let run = command.output().expect("it is here");
        let said = String::from_utf8_lossy(&run.stderr).into_owned();
        assert!(
            run.status.success(),
            "{}: {said}",
            site.read("pressroom.yaml")
        );
    };
    if is_here("nginx", "-v") {
        let file = beside.join("nginx.conf");
        let config = format!(
            "pid {0}/pid; error_log stderr; events {{}} http {{ access_log off; server {{ listen 127.0.0.1:8099; \
             root {1}; include {1}/_nginx.conf; }} }}",
            beside.display(),
            root.display()
        );
        fs::write(&file, config).expect("a file");
        let mut nginx = Command::new("nginx");
        nginx.args(["-t", "-q", "-e", "stderr", "-c"]).arg(&file);
        asked(nginx);
    }
    if is_here("caddy", "version") {
        let file = beside.join("Caddyfile");
        let config = format!(
            "http://127.0.0.1:8099 {{\n\troot * {0}\n\timport {0}/_Caddyfile\n}}\n",
            root.display()
        );
        fs::write(&file, config).expect("a file");
        let mut caddy = Command::new("caddy");
        caddy.args(["adapt", "--validate", "--config"]).arg(&file);
        caddy.env("HOME", &beside).env("XDG_DATA_HOME", &beside);
        asked(caddy);
    }
}

#[test]
fn servers_read_what_is_made_for_them_whatever_the_site_says() {
    let site = moved();
    let redirects = site.read("data/redirects.yaml");
    site.write(
        "data/redirects.yaml",
        redirects
            + "\"/quote\\\"d/\": /news/vote/?a=$b;{c}\n\"/semi;colon/{x}/`/'/\": https://a.example/$x;y\n",
    );
    for base_url in [
        "https://gazette.example/",
        "https://gazette.example:8443/a;b/",
        "https://gazette.example/it's/(a)/!b,c=d@e&f+g~h/",
        "https://gazette.example/größe/東京/",
        "http://[::1]:80/a.b_c-d/",
    ] {
        let csp = "{style-src: unsafe-inline, img-src: [self, 'http://*.a.example:*/x/%24y/', 'blob:'], \
                   frame-src: none, script-src: sha256-abc=}";
        site.write(
            "pressroom.yaml",
            format!("base_url: \"{base_url}\"\nhosting: {{for: [nginx, caddy], csp: {csp}}}\n"),
        );
        site.build(&[]).silent();
        read_by_servers(&site);
    }
}

#[test]
fn words_of_the_policy_have_their_quotation_marks() {
    let site = gazette();
    site.append(
        "pressroom.yaml",
        "hosting: {for: netlify, csp: {style-src: 'unsafe-inline', frame-src: none, object-src: [self]}}\n",
    );
    site.build(&[]).silent();
    let headers = site.output("_headers");
    for part in [
        "style-src 'self' 'unsafe-inline';",
        "frame-src 'none';",
        "object-src 'self'\n",
    ] {
        assert!(headers.contains(part), "{part}: {headers}");
    }
}

#[test]
fn the_policy_is_what_pressroom_yaml_makes_of_it() {
    let site = gazette();
    let with = |csp: &str| {
        site.write(
            "pressroom.yaml",
            format!("title: The Gazette\nhosting: {{for: cloudflare, csp: {csp}}}\n"),
        );
        site.build(&[]).silent();
        site.output("_headers")
    };
    let headers = with(
        "{frame-src: https://maps.example, object-src: [\"'self'\"], default-src: https://cdn.example}",
    );
    for part in [
        "default-src https://cdn.example;",
        "frame-src https://www.youtube-nocookie.com https://player.vimeo.com https://maps.example;",
        "frame-ancestors 'self'; object-src 'self'\n",
    ] {
        assert!(headers.contains(part), "{part}: {headers}");
    }
    assert!(!with("false").contains("Content-Security-Policy"));
    assert!(!with("true").contains("object-src"));
}

#[test]
fn nothing_is_written_for_servers_that_nobody_names() {
    let site = gazette();
    site.build(&[]).silent();
    for file in ["_headers", "_nginx.conf", "_Caddyfile", "_redirects"] {
        assert!(!site.has_output(file), "{file}");
    }
}

/// What is in a compressed file.
fn unpacked(site: &Site, path: &str) -> Vec<u8> {
    let bytes = fs::read(site.path("public").join(path)).expect("a file");
    let mut out = Vec::new();
    if Path::new(path)
        .extension()
        .is_some_and(|ending| ending == "gz")
    {
        flate2::read::GzDecoder::new(&*bytes).read_to_end(&mut out)
    } else {
        brotli::Decompressor::new(&*bytes, 4096).read_to_end(&mut out)
    }
    .expect("a whole file");
    out
}

#[test]
fn compressed_files_lie_beside_their_outputs_and_follow_them() {
    let site = gazette();
    site.append("pressroom.yaml", "hosting: {compress: [gzip, brotli]}\n");
    site.write("static/map.csv", "a ferry and a pier\n".repeat(200));
    site.write(
        "static/map.png",
        "no picture, but its name is one ".repeat(200),
    );
    site.append("pressroom.yaml", "pictures: false\n");
    site.build(&[]).silent();
    let outputs = site.outputs();
    let mut beside = 0;
    for (path, bytes) in &outputs {
        let whole = path.strip_suffix(".gz").or(path.strip_suffix(".br"));
        if let Some(whole) = whole {
            beside += 1;
            assert_eq!(unpacked(&site, path), outputs[whole], "{path}");
            assert!(bytes.len() < outputs[whole].len(), "{path}");
        }
    }
    assert!(beside > 40, "{beside}");
    assert!(outputs.contains_key("map.csv.gz") && outputs.contains_key("map.csv.br"));
    assert!(
        !outputs.contains_key("map.png.gz"),
        "pictures are compressed already"
    );
    assert!(
        !outputs.contains_key("robots.txt.gz"),
        "small files stay alone"
    );

    // An edit changes both, and nothing else is touched.
    let before = times(&site.path("public"));
    let vote = site.read("content/news/vote.md");
    site.write(
        "content/news/vote.md",
        vote.replace("It passed.", "It was passed."),
    );
    assert_eq!(
        site.changes(),
        [
            "write news/vote/index.html",
            "write news/vote/index.html.br",
            "write news/vote/index.html.gz"
        ]
    );
    let after = times(&site.path("public"));
    let touched = after.iter().filter(|(path, time)| before[*path] != **time);
    assert_eq!(touched.count(), 3);
    assert_same(&site.outputs(), &clean_build(&site));

    // Somebody damages one; a file of the site's own stands in for another.
    site.write("public/index.html.gz", "damaged");
    site.write("static/news/index.html.gz", "the owner's own");
    site.build(&[]).silent();
    assert_eq!(
        unpacked(&site, "index.html.gz"),
        site.outputs()["index.html"]
    );
    assert_eq!(site.output("news/index.html.gz"), "the owner's own");
    assert_same(&site.outputs(), &clean_build(&site));

    // Nobody wants them any more.
    let config = site.read("pressroom.yaml");
    site.write(
        "pressroom.yaml",
        config.replace("[gzip, brotli]", "[brotli]"),
    );
    site.build(&[]).silent();
    assert!(!site.has_output("index.html.gz") && site.has_output("index.html.br"));
    assert_same(&site.outputs(), &clean_build(&site));
}

#[test]
fn shares_of_a_site_have_its_compressed_files_and_leave_out_what_it_leaves_out() {
    let site = with_redirects("gitlab, compress: gzip", 3);
    site.build(&[]).silent();
    let shares: Vec<String> = (1..=3)
        .map(|number| {
            let folder = site
                .beside(&format!("share-{number}"))
                .display()
                .to_string();
            let share = format!("{number}/3");
            site.run(["build", "--shard", &share, "--output", &folder])
                .silent();
            folder
        })
        .collect();
    let united = site.beside("united").display().to_string();
    let mut arguments = vec!["merge", "--output", &united];
    arguments.extend(shares.iter().map(String::as_str));
    site.run(arguments).silent();
    let other = Site::new([]);
    copy(&site.beside("united"), &other.path("public"));
    assert_same(&other.outputs(), &site.outputs());
}

#[test]
fn a_check_writes_junit_and_counts_old_urls() {
    let site = moved();
    site.write(
        "old.txt",
        "/paper/news/vote/\n/paper/budget/\nhttps://other.example/news/storm/\n",
    );
    let run = site.run(["check", "--urls", "old.txt", "--junit", "found.xml"]);
    assert!(
        run.stdout
            .contains("3 of 3 old URLs in old.txt answered: 2 pages and files, 1 redirect"),
        "{run:?}"
    );
    let xml = site.read("found.xml");
    let mut reader = quick_xml::Reader::from_str(&xml);
    let mut cases = 0;
    loop {
        match reader.read_event().expect("well-formed XML") {
            quick_xml::events::Event::Start(tag) if tag.local_name().as_ref() == "testcase" => {
                cases += 1;
            }
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert!(xml.contains(&format!("tests=\"{cases}\"")), "{xml}");
    assert!(
        xml.contains("classname=\"redirect\""),
        "the chain is told: {xml}"
    );
    assert_eq!(run.code, Some(0));
}

#[test]
fn an_excerpt_of_a_list_is_of_the_list_and_not_of_a_file_of_the_site() {
    let site = gazette();
    site.write("gazette/content/news/a.md", article("A", "", "Text.\n"));
    site.write("gazette/old.txt", "another file\n");
    site.write("old.txt", "https://gazette.example/gone/\n");
    let run = site.run(["check", "--root", "gazette", "--urls", "old.txt"]);
    assert!(
        run.stderr.contains("1 | https://gazette.example/gone/\n"),
        "{run:?}"
    );
}

#[test]
fn a_list_of_old_urls_may_be_compressed() {
    let site = moved();
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed
        .write_all(b"<urlset><url><loc>https://old.example/paper/news/vote/</loc></url></urlset>")
        .expect("memory");
    site.write("old.xml.gz", packed.finish().expect("memory"));
    let run = site.run(["check", "--urls", "old.xml.gz"]);
    assert!(
        run.stdout.contains("1 of 1 old URL in old.xml.gz answered"),
        "{run:?}"
    );
}

#[test]
fn an_article_that_is_not_linked_is_told_by_a_check() {
    let site = Site::new([(
        "pressroom.yaml",
        "related: false\nlisting: {page_size: 2}\n",
    )]);
    site.write(
        "content/news/a.md",
        article("A", "summary: One.\n", "See [b](b.md).\n"),
    );
    site.write(
        "content/news/b.md",
        article("B", "summary: Two.\n", "Text.\n"),
    );
    let run = site.run(["check"]);
    assert!(
        run.stderr.contains("note[orphan]") && run.stderr.contains("content/news/a.md"),
        "{run:?}"
    );
    assert!(!run.stderr.contains("content/news/b.md"), "{run:?}");

    // While one page of a list shows all of them, nothing is lost.
    site.write("pressroom.yaml", "related: false\n");
    let run = site.run(["check"]);
    assert!(!run.stderr.contains("orphan"), "{run:?}");
}
