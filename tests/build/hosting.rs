//! What is written for the servers that hand out the site: redirects, headers, compressed files.

use std::fs;
use std::io::Read;
use std::path::Path;

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
    site.write("static/_redirects", "/paper/old/* /paper/news/:splat");
    site.build(&[]).silent();
    let headers = site.output("_headers");
    let expected = "/paper/atom.xml\n  X-Feed: yes\n/paper/*\n  Content-Security-Policy: default-src 'none'; script-src 'self'; ";
    assert!(headers.starts_with(expected), "{headers}");
    assert!(
        headers
            .ends_with("/paper/assets/*\n  Cache-Control: public, max-age=31536000, immutable\n")
    );
    assert!(
        site.output("_redirects")
            .starts_with("/paper/old/* /paper/news/:splat\n")
    );
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
fn compressed_files_are_in_the_shares_of_a_site() {
    let site = gazette();
    site.append("pressroom.yaml", "hosting: {compress: gzip}\n");
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
fn an_article_that_is_not_linked_is_told_by_a_check() {
    let site = Site::new([("pressroom.yaml", "related: false\n")]);
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
}
