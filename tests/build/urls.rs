//! Where pages are, and that every link finds them.

use super::support::host::Host;
use super::support::{Site, article};

/// A site that refers to itself in every way that there is.
fn well_linked(base_url: &str) -> Site {
    let config = format!(
        "title: The Gazette
base_url: {base_url}
navigation:
  - {{title: News, url: /news/}}
  - {{title: About, url: /about/}}
  - {{title: Elsewhere, url: https://elsewhere.example/}}
newsletter: {{action: https://post.example/, text: Once a week}}
params:
  footer: \"Set in [the ordinary way](https://elsewhere.example/).\"
listing: {{page_size: 2}}
"
    );
    let budget = article(
        "The budget",
        "date: 2024-07-01\ntags: [Öffentliches Geld, council]\nauthors: [ada]\naliases: [/old budget/, /2019/budget.html]\n",
        "The budget.\n\n## Income & spending\n\nSee [above](#top) and [taxes](#taxes).\n\n<h3 id=\"taxes\">Taxes</h3>\n",
    );
    let links = "\
A [file](budget.md), [its part](budget.md#income-spending), a [path](/news/budget/), a path \
[without a slash](/news/budget), one [on the page](../budget/), a [whole URL](BASEnews/budget/), \
a [section](/news/), its [front](_index.md), the [home page](/), a [tag](/tags/council/), \
an [alias](/2019/budget.html), a [feed](/atom.xml), a [download](/files/annual%20report.pdf), \
a [bundle](storm/), another [bundle](storm/index.md), [[budget]], [[The storm]], \
[[budget|the money]], a [reference][r], a [picture](storm/harbour.svg), <BASEnews/storm/>, \
[elsewhere](https://elsewhere.example/news/).

![Root](/crest.svg)
![Whole](BASEcrest.svg)

[r]: /about/ \"About us\"

<p><a href=\"/news/budget/\">Raw</a>, <a href='/about/#team'>quoted</a>, <a href=/about/>bare</a>,
<a href=\"budget.md\">file</a>, <img src=\"/crest.svg\" alt=\"\"> and inline
<em><a href=\"BASEabout/\">whole</a></em>.</p>

A footnote[^1].

[^1]: With [a link](/about/).
"
    .replace("BASE", base_url);
    let storm = article(
        "The storm",
        "date: 2024-07-03\ntags: [council]\nauthors: [Ben Oduya]\nimage: harbour.svg\nrelated: [budget, /about/]\n",
        "![The harbour](harbour.svg)\n\n[Drawing](drawings/crane.svg)\n",
    );
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\"/>";
    Site::new([
        ("pressroom.yaml", config.as_str()),
        (
            "content/_index.md",
            "---\ntitle: Home\n---\n\nWelcome. [News](news/_index.md), [us](about.md).\n",
        ),
        (
            "content/about.md",
            "---\ntitle: About us\nimage: /crest.svg\n---\n\n## Team\n\nWe.\n",
        ),
        (
            "content/news/_index.md",
            "---\ntitle: News\naliases: [/aktuell/]\n---\n\nOf [today](storm/index.md).\n",
        ),
        ("content/news/budget.md", &budget),
        (
            "content/news/links.md",
            &article(
                "Links",
                "date: 2024-07-02\ntags: [council]\nauthors: [ada]\n",
                &links,
            ),
        ),
        ("content/news/storm/index.md", &storm),
        ("content/news/storm/harbour.svg", svg),
        ("content/news/storm/drawings/crane.svg", svg),
        (
            "data/authors.yaml",
            "ada:\n  name: Ada Kerr\n  picture: /crest.svg\n  links: [{title: About, url: /about/}]\n",
        ),
        ("static/crest.svg", svg),
        ("static/files/annual report.pdf", "%PDF"),
    ])
}

#[track_caller]
fn follow(site: &Site, base_url: &str) {
    let host = Host::serve(&site.path("public"), base_url);
    let (followed, dead) = host.follow_every_link();
    assert!(dead.is_empty(), "of {followed} links: {dead:#?}");
    assert!(followed > 500, "only {followed} links");
}

#[test]
fn every_link_of_a_site_at_the_root_finds_its_page() {
    let base_url = "https://gazette.example/";
    let site = well_linked(base_url);
    site.build(&[]).silent();
    follow(&site, base_url);
}

#[test]
fn every_link_of_a_site_in_a_folder_of_its_host_finds_its_page() {
    let base_url = "https://host.example/sub/";
    let site = well_linked(base_url);
    site.build(&[]).silent();
    follow(&site, base_url);
    // What a host's own table of redirects is read from has whole paths as well.
    let redirects = site.output("_redirects");
    assert_eq!(
        redirects,
        "/sub/2019/budget.html /sub/news/budget/ 301\n\
         /sub/aktuell/ /sub/news/ 301\n\
         /sub/old%20budget/ /sub/news/budget/ 301\n"
    );
    let text = site.output("news/links/index.html");
    for link in [
        "<a href=\"/sub/news/budget/\">file</a>",
        "<a href=\"/sub/news/budget/#income-spending\">its part</a>",
        "<a href=\"/sub/news/budget/\">Raw</a>",
        "<a href='/sub/about/#team'>quoted</a>",
        "<a href=/sub/about/>bare</a>",
        "<img src=\"/sub/crest.svg\" alt=\"Root\"",
        "<a href=\"/sub/about/\" title=\"About us\">reference</a>",
        "<a href=\"/sub/news/budget/\">The budget</a>",
        "<a href=\"/sub/news/budget/\">the money</a>",
    ] {
        assert!(text.contains(link), "{link}\n{text}");
    }
}

#[test]
fn a_base_url_of_the_command_line_takes_the_place_of_the_configured_one() {
    let site = well_linked("https://gazette.example/");
    // One article writes the whole URL out, which is somebody else's on another host.
    site.remove("content/news/links.md");
    site.build(&["--base-url", "https://staging.example/pr-7/"])
        .silent();
    let host = Host::serve(&site.path("public"), "https://staging.example/pr-7/");
    assert_eq!(host.follow_every_link().1, [""; 0]);
    for (path, bytes) in site.outputs() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("gazette.example"), "{path}");
    }
}

#[test]
fn pictures_in_several_sizes_and_forms_of_raw_html_have_the_base_path_as_well() {
    let page = article(
        "The storm",
        "date: 2024-07-03\n",
        "<picture><source srcset=\"/small.svg 480w, /large.svg 960w\"><img src=\"/small.svg\" \
         srcset=\"/small.svg 1x, /large.svg 2x\" alt=\"\"></picture>\n\n\
         <video poster=\"/small.svg\"><source src=\"/film.mp4\"></video>\n\n\
         <form action=\"/search/\"></form>\n",
    );
    let site = Site::new([
        ("pressroom.yaml", "base_url: https://host.example/sub/\n"),
        ("content/news/storm.md", page.as_str()),
        ("content/search.md", "# Search\n"),
        ("static/small.svg", "<svg/>"),
        ("static/large.svg", "<svg/>"),
        ("static/film.mp4", "film"),
    ]);
    site.build(&[]).silent();
    let host = Host::serve(&site.path("public"), "https://host.example/sub/");
    assert_eq!(host.follow_every_link().1, [""; 0]);
}

#[test]
fn a_form_and_a_footer_of_the_configuration_have_the_base_path_as_well() {
    let site = Site::new([
        (
            "pressroom.yaml",
            "base_url: https://host.example/sub/
newsletter: {action: /subscribe/}
params: {footer: \"[Imprint](/imprint/)\"}
",
        ),
        ("content/imprint.md", "# Imprint\n"),
        ("content/subscribe.md", "# Subscribe\n"),
    ]);
    site.build(&[]).silent();
    let host = Host::serve(&site.path("public"), "https://host.example/sub/");
    assert_eq!(host.follow_every_link().1, [""; 0]);
}

#[test]
fn each_section_has_permalinks_as_its_publication_wants_them() {
    let dated =
        |title: &str, more: &str| article(title, &format!("date: 2024-07-04\n{more}"), "Text.\n");
    let site = Site::new([
        (
            "pressroom.yaml",
            "permalinks:
  news: \"/{year}/{month}/{day}/{slug}/\"
  guides: \"/help/{path}/\"
  notes: \"/{section}/{slug}.html\"
",
        ),
        ("content/news/budget.md", &dated("The budget", "")),
        ("content/guides/moving/house/boxes.md", &dated("Boxes", "")),
        ("content/notes/first.md", &dated("First", "")),
        ("content/opinion/2024/letter.md", &dated("A letter", "")),
        (
            "content/opinion/2024-07-04-Ein Brief über Größe.md",
            "# Ein Brief\n",
        ),
        (
            "content/opinion/slugged.md",
            &dated("Slugged", "slug: Another Name\n"),
        ),
        (
            "content/opinion/moved.md",
            &dated("Moved", "url: /2019/07/a.html\n"),
        ),
        (
            "content/opinion/moved-too.md",
            &dated("Moved too", "url: /über/uns\n"),
        ),
        ("content/top.md", &dated("Top", "")),
    ]);
    site.build(&[]).silent();
    for path in [
        "2024/07/04/budget/index.html",
        "help/moving/house/boxes/index.html",
        "notes/first.html",
        "opinion/letter/index.html",
        "opinion/ein-brief-über-größe/index.html",
        "opinion/another-name/index.html",
        "2019/07/a.html",
        "über/uns/index.html",
        "top/index.html",
    ] {
        assert!(
            site.has_output(path),
            "{path}: {:#?}",
            site.outputs().keys()
        );
    }
    assert!(
        site.output("index.html")
            .contains("/opinion/ein-brief-%C3%BCber-gr%C3%B6%C3%9Fe/")
    );
    let host = Host::serve(&site.path("public"), "http://localhost/");
    assert_eq!(host.follow_every_link().1, [""; 0]);
}

#[test]
fn an_old_address_leads_to_the_new_one() {
    let site = Site::new([(
        "content/news/budget.md",
        "---\ntitle: The budget\naliases: [/2019/budget.html, blog/the budget/]\n---\n",
    )]);
    site.build(&["--base-url", "https://gazette.example/"])
        .silent();
    let stub = site.output("2019/budget.html");
    assert!(stub.contains("<meta http-equiv=\"refresh\" content=\"0; url=/news/budget/\">"));
    assert!(
        stub.contains("<link rel=\"canonical\" href=\"https://gazette.example/news/budget/\">")
    );
    assert!(stub.contains("noindex"));
    assert_eq!(stub, site.output("blog/the budget/index.html"));
    let redirects = "/2019/budget.html /news/budget/ 301\n/blog/the%20budget/ /news/budget/ 301\n";
    assert_eq!(site.output("_redirects"), redirects);
    assert!(!site.output("sitemap-1.xml").contains("2019"));
}

#[test]
fn pictures_lie_beside_the_page_of_their_bundle() {
    let storm = article(
        "The storm",
        "date: 2024-07-04\nimage: {src: harbour.svg, alt: The harbour}\n",
        "![A crane](drawings/crane.svg)\n",
    );
    let site = Site::new([
        (
            "pressroom.yaml",
            "permalinks: {news: \"/{year}/{slug}/\"}\n",
        ),
        ("content/news/storm/index.md", storm.as_str()),
        ("content/news/storm/harbour.svg", "<svg/>"),
        (
            "content/news/storm/drawings/crane.svg",
            "<svg id=\"crane\"/>",
        ),
    ]);
    site.build(&[]).silent();
    assert_eq!(
        site.output("2024/storm/drawings/crane.svg"),
        "<svg id=\"crane\"/>"
    );
    let page = site.output("2024/storm/index.html");
    assert!(page.contains("<img src=\"/2024/storm/drawings/crane.svg\" alt=\"A crane\""));
    assert!(page.contains("<img src=\"/2024/storm/harbour.svg\" alt=\"The harbour\""));
    assert!(!site.has_output("news/storm"));
}

#[test]
fn a_static_file_is_published_as_it_is_and_goes_before_one_that_is_made() {
    let site = Site::new([
        ("content/news/budget.md", "# The budget\n"),
        ("static/robots.txt", "User-agent: *\nDisallow: /\n"),
        ("static/404.html", "lost?"),
        (
            "static/.well-known/security.txt",
            "Contact: mailto:desk@gazette.example\n",
        ),
        ("static/.DS_Store", "a desktop's own"),
    ]);
    let bytes: Vec<u8> = (0..=255).cycle().take(200_000).collect();
    site.write("static/media/bytes.bin", &bytes);
    site.build(&[]).silent();
    assert_eq!(site.output("robots.txt"), "User-agent: *\nDisallow: /\n");
    assert_eq!(site.output("404.html"), "lost?");
    assert!(site.has_output(".well-known/security.txt"));
    assert_eq!(site.outputs()["media/bytes.bin"], bytes);
    assert!(!site.has_output(".DS_Store"));
}
