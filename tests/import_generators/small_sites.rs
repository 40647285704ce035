//! Small sites with one peculiarity each, imported and built.

use super::support::{Run, Site};
use super::{empty, import};

/// Imports a site of these files, and builds what comes of it, without a mistake or a dead redirect.
#[track_caller]
fn made(generator: &str, files: &[(&str, &str)]) -> (Site, String) {
    let (site, run) = imported(generator, files);
    let run = run.ok();
    let built = site.build(&[]).ok();
    assert!(!built.stderr.contains("redirect"), "{}", built.stderr);
    (site, run.stdout)
}

#[track_caller]
fn imported(generator: &str, files: &[(&str, &str)]) -> (Site, Run) {
    let old = Site::new(files.iter().copied());
    let site = empty();
    let run = import(generator, &old.root(), &site, &["--all"]);
    (site, run)
}

#[track_caller]
fn has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "{part}\n---\n{text}");
    }
}

const HUGO: (&str, &str) = ("hugo.toml", "baseURL = 'https://g.example/'\ntitle = 'G'\n");
const ZOLA: (&str, &str) = ("config.toml", "base_url = 'https://g.example'\n");
const JEKYLL: (&str, &str) = ("_config.yml", "title: G\nurl: https://g.example\n");

#[test]
fn a_page_of_an_author_is_what_data_says_of_the_author() {
    let (site, told) = made(
        "hugo",
        &[
            HUGO,
            ("content/authors/_index.md", "---\ntitle: All\n---\n"),
            (
                "content/authors/ana/_index.md",
                "---\ntitle: Ana Ó\nemail: a@b.example\n---\nAna writes.\n",
            ),
            (
                "content/authors/ana/avatar.svg",
                "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>",
            ),
            (
                "content/authors/bea.md",
                "---\ntitle: Bea\n---\nBea *writes*.\n",
            ),
            (
                "content/tags/ferries/_index.md",
                "---\ntitle: Ferries!\n---\nOf boats.\n",
            ),
            (
                "content/categories/news/_index.md",
                "---\ntitle: The news\n---\n",
            ),
            ("content/tags/none/_index.md", "---\ntitle: None\n---\n"),
            (
                "content/posts/p.md",
                "---\ntitle: P\ndate: 2020-01-01\nauthors: [ana, bea]\ntags: [ferries]\ncategories: [news]\n---\nX\n",
            ),
        ],
    );
    assert_eq!(
        site.read("data/authors.yaml"),
        "ana:\n  name: Ana Ó\n  bio: Ana writes.\n  picture: /authors/ana/avatar.svg\nbea:\n  name: Bea\n  bio: Bea writes.\n"
    );
    has(
        &site.read("data/tags.yaml"),
        &[
            "ferries:\n  label: Ferries!\n  description: Of boats.\n",
            "news:\n  label: The news\n",
        ],
    );
    has(
        &told,
        &[
            "data/authors.yaml has no place for `email`, which a draft has",
            "data/authors.yaml has no place for all of its text, which a draft has",
            "content/tags/none/_index.md: no article has this tag, so that it has no page",
        ],
    );
    has(
        &site.output("authors/ana/index.html"),
        &["Ana Ó", "Ana writes."],
    );
    has(&site.output("tags/news/index.html"), &["The news"]);
    has(
        &site.read("data/redirects.yaml"),
        &["/categories/news/: /tags/news/"],
    );
    assert!(site.has_output("authors/ana/avatar.svg"));
}

#[test]
fn a_page_where_pressroom_makes_one_is_a_draft() {
    let (site, told) = made(
        "jekyll",
        &[
            JEKYLL,
            (
                "_posts/2020-01-01-a.md",
                "---\ntitle: A\ntags: [boats]\n---\nX\n",
            ),
            (
                "boats.md",
                "---\ntitle: B\npermalink: /tags/boats/\n---\nX\n",
            ),
        ],
    );
    has(
        &told,
        &["/tags/boats/ is a page that Pressroom makes itself"],
    );
    assert!(site.has_output("tags/boats/index.html"));
}

#[test]
fn a_shortcode_with_a_body_is_a_block_where_it_can_be_one() {
    let (site, told) = made(
        "hugo",
        &[
            HUGO,
            (
                "content/p/p.md",
                "---\ntitle: P\n---\nText {{< details summary=\"More\" >}}hidden{{< /details >}} and on.\n\n\
                 - {{< details \"Item\" >}}\n  first\n\n  {{< figure src=\"/a.svg\" caption=\"*b*\" >}}\n  {{< /details >}}\n- next\n\n\
                 # H {{< details \"Head\" >}}x{{< /details >}}\n",
            ),
            (
                "static/a.svg",
                "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>",
            ),
        ],
    );
    let page = site.output("p/p/index.html");
    has(
        &page,
        &[
            "<p>hidden</p>",
            "<p>and on.</p>",
            "<em>b</em>",
            "next",
            "{{&lt; details",
        ],
    );
    assert_eq!(page.matches("<details class=\"fold\"").count(), 2, "{page}");
    has(
        &told,
        &["`details` stands in a heading, a table or a quotation"],
    );
}

#[test]
fn a_menu_has_links_that_are_some() {
    let (site, told) = made(
        "hugo",
        &[
            (
                "hugo.toml",
                "baseURL = 'https://g.example/'\n[[menus.main]]\nname = 'Bad'\nurl = 'javascript:alert(1)'\n\
                 [[menus.main]]\nname = 'A'\nidentifier = 'a'\npageRef = '/p/a'\n\
                 [[menus.main]]\nname = 'Sub'\nparent = 'a'\nurl = '/p/b/'\n\
                 [[menus.main]]\nname = 'Gone'\npageRef = '/nowhere'\n\
                 [[menus.footer]]\nname = 'Imprint'\nurl = '/p/b/'\n",
            ),
            ("content/p/a.md", "---\ntitle: A\n---\nB\n"),
            (
                "content/p/b.md",
                "---\ntitle: B\nmenus:\n  side:\n    weight: 1\n---\nB\n",
            ),
        ],
    );
    has(
        &site.read("pressroom.yaml"),
        &["navigation:\n- title: A\n  url: /p/a/\n#"],
    );
    has(
        &told,
        &[
            "`Bad` leads to `javascript:alert(1)`, which is no link",
            "`Sub` stands below another entry of the menu, and is left out",
            "`Gone` leads to no page at `/nowhere`, and is left out",
            "the menu `footer` and what is in it are left out",
            "it is not in the menu `side`",
        ],
    );
}

#[test]
fn front_matter_of_any_length_can_be_built() {
    let long = "x".repeat(65_000);
    let tags: Vec<String> = (1000..11_000).map(|n| n.to_string()).collect();
    let (_, told) = made(
        "hugo",
        &[
            HUGO,
            (
                "content/p/a.md",
                &format!("+++\ntitle = '{long}'\n[extra]\na = 1\n+++\nB\n"),
            ),
            (
                "content/p/b.md",
                &format!("{{\"tags\": [{}]}}\nB\n", tags.join(",")),
            ),
            (
                "content/p/c.md",
                &format!("+++\ntitle = '{long}{long}'\n+++\nB\n"),
            ),
        ],
    );
    has(
        &told,
        &[
            "content/p/b.md:1: `tags` is cut",
            "content/p/c.md:1: the front matter that begins here is longer than 64 KiB",
        ],
    );
}

#[test]
fn comments_of_kramdown_are_not_published() {
    let (site, told) = made(
        "jekyll",
        &[
            JEKYLL,
            (
                "_posts/2020-01-01-a.md",
                "---\ntitle: A\n---\n{::comment}\nDo not name the source, Mr X. ```\n{:/comment}\n\nText{::comment} Mr Y{:/}.\n\n\
                 {::nomarkdown}\n<b>bold</b>\n{:/}\n\n`{::comment}`\n",
            ),
        ],
    );
    let post = site.read("content/posts/2020-01-01-a.md");
    has(&post, &["Text.", "<b>bold</b>", "`{::comment}`"]);
    assert!(
        !post.contains("Mr ") && !post.contains("nomarkdown"),
        "{post}"
    );
    has(
        &told,
        &[":4: a comment, which readers never saw, is left out"],
    );
}

#[test]
fn marks_of_kramdown_mean_the_same() {
    let (site, _) = made(
        "jekyll",
        &[
            JEKYLL,
            (
                "_posts/2020-01-01-a.md",
                "---\ntitle: A\n---\n<div class=\"b\" markdown=\"1\">\n*inside* HTML\n</div>\nAfter\n\n*[HTML]: Hyper\n\n\
                 | no | head |\n| a | b |\n\n$$x^2$$\n\nIn $$y$$ for $5 or $6.\n",
            ),
        ],
    );
    has(
        &site.output("2020/01/01/a.html"),
        &[
            "<em>inside</em>",
            "<abbr title=\"Hyper\">HTML</abbr>",
            "<p>After</p>",
            "<td>no</td>",
            "display=\"block\"",
            "for $5 or $6.",
        ],
    );
}

#[test]
fn what_hugo_did_not_publish_is_not_published() {
    let (site, told) = made(
        "hugo",
        &[
            (
                "hugo.toml",
                "baseURL = 'https://g.example/'\nignoreFiles = ['secret\\.md$', '(']\ndisableLanguages = ['fr']\n\
                 defaultContentLanguage = 'en'\n[languages.en]\n[languages.de]\ndisabled = true\n[languages.fr]\n\
                 [[cascade]]\n[cascade.build]\nrender = 'never'\n[cascade.target]\npath = '/drafts/**'\n\
                 [[module.mounts]]\nsource = 'content'\ntarget = 'content'\nexcludeFiles = ['p/aw*']\n",
            ),
            (
                "content/p/a.md",
                "---\ntitle: A\n---\nHi <script>alert(1)</script> <!-- kept -->\n\n<div>\nb\n</div>\n",
            ),
            ("content/p/secret.md", "---\ntitle: Secret\n---\nS\n"),
            ("content/p/away.md", "---\ntitle: Away\n---\nS\n"),
            ("content/p/x.de.md", "---\ntitle: DE\n---\nS\n"),
            ("content/p/y.fr.md", "---\ntitle: FR\n---\nS\n"),
            ("content/drafts/z.md", "---\ntitle: Z\n---\nS\n"),
            (
                "content/inner/_index.md",
                "---\ntitle: I\ncascade:\n  - _target: {kind: page}\n    _build: {render: never}\n---\n",
            ),
            ("content/inner/w.md", "---\ntitle: W\n---\nS\n"),
        ],
    );
    let list = site.run(["list", "drafts"]).ok().stdout;
    for path in ["p/x-de.md", "p/y-fr.md", "drafts/z.md", "inner/w.md"] {
        assert!(list.contains(path), "{path}\n{list}");
    }
    assert!(!site.path("content/p/secret.md").exists());
    has(
        &told,
        &[
            "content/p/secret.md: `ignoreFiles` leaves it out",
            "`(` is no pattern of files that is known",
            "content/p/away.md: the mount of its folder leaves it out",
            "its language, `de`, is disabled, so that it is a draft",
            "its language, `fr`, is disabled, so that it is a draft",
            "content/p/a.md:4: `<script>` is left out, as Hugo left it out",
            "content/p/a.md:6: `<div>` is left out, as Hugo left it out",
        ],
    );
    has(&site.read("content/p/a.md"), &["Hi alert(1) <!-- kept -->"]);
    let page = site.output("p/a/index.html");
    assert!(!page.contains("<script>alert"), "{page}");
}

#[test]
fn html_that_hugo_showed_stays() {
    let (site, _) = made(
        "hugo",
        &[
            (
                "hugo.toml",
                "baseURL = 'https://g.example/'\n[markup.goldmark.renderer]\nunsafe = true\n",
            ),
            ("content/p/a.md", "---\ntitle: A\n---\n<div>\nb\n</div>\n"),
        ],
    );
    has(&site.output("p/a/index.html"), &["<div>\nb\n</div>"]);
}

#[test]
fn what_zola_did_not_publish_is_not_published() {
    let (site, told) = made(
        "zola",
        &[
            (
                "config.toml",
                "base_url = 'https://g.example'\nignored_content = ['*/secret.md']\nignored_static = ['*.bak']\n",
            ),
            ("content/secret.md", "+++\ntitle = 'Secret'\n+++\n"),
            (
                "content/s/_index.md",
                "+++\ntitle = 'S'\ndraft = true\n+++\n",
            ),
            (
                "content/s/t/a.md",
                "+++\ntitle = 'Below a draft section'\n+++\n",
            ),
            ("content/b.md", "+++\ntitle = 'B'\n+++\n"),
            ("static/a.bak", "x"),
        ],
    );
    assert!(!site.path("content/secret.md").exists() && !site.path("static/a.bak").exists());
    has(&site.run(["list", "drafts"]).ok().stdout, &["s/t/a.md"]);
    has(
        &told,
        &[
            "content/secret.md: `ignored_content` leaves it out",
            "static/a.bak: `ignored_static` leaves it out",
            "content/s/t/a.md: the section content/s/ is a draft, and so is what lies in it",
        ],
    );
}

#[test]
fn what_jekyll_did_not_publish_is_not_published() {
    let (site, told) = made(
        "jekyll",
        &[
            (
                "_config.yml",
                "url: https://g.example\nexclude: ['notes/*.md', old/]\ninclude: [old/kept.md]\ncollections: {inner: {}}\n\
                 defaults: [{scope: {path: 'hidden/*'}, values: {published: false}}]\n",
            ),
            ("notes/a/b.md", "---\ntitle: N\n---\nX\n"),
            ("old/gone.md", "---\ntitle: G\n---\nX\n"),
            ("old/kept.md", "---\ntitle: K\n---\nX\n"),
            ("hidden/x/h.md", "---\ntitle: H\n---\nX\n"),
            ("data.txt", "---\npublished: false\n---\nX\n"),
            ("_drafts/plan.pdf", "X"),
            ("_inner/note.pdf", "X"),
            (
                "_posts/2020-01-01-a.md",
                "---\ntitle: A\npublished: false\n---\nX\n",
            ),
        ],
    );
    let outputs: Vec<String> = site.outputs().into_keys().collect();
    for name in [
        "data.txt", "plan.pdf", "note.pdf", "gone", "hidden", "notes",
    ] {
        assert!(
            !outputs.iter().any(|path| path.contains(name)),
            "{name} {outputs:?}"
        );
    }
    assert!(site.has_output("old/kept.html"), "{outputs:?}");
    has(
        &told,
        &[
            "`notes/*.md` of `exclude` leaves 1 file out",
            "`old` of `exclude` leaves 1 file out",
            "data.txt: it says `published: false`",
            "_drafts/plan.pdf: it lies among drafts",
            "_inner/note.pdf: its collection has no pages",
        ],
    );
}

#[test]
fn a_site_below_a_path_names_its_pages_without_it() {
    let text = "[b](/blog/p/b/#x) ![i](/blog/i.svg) <a href=\"/blog/p/b/\">b</a> [c](/p/b/)";
    let picture = "<svg xmlns='http://www.w3.org/2000/svg' width='1' height='1'/>";
    let hugo = format!(
        "---\ntitle: A\nimage: /blog/i.svg\naliases: [/blog/old/, /x/]\nmenus: main\n---\n{text}\n\n{{{{< figure src=\"/blog/i.svg\" >}}}}\n"
    );
    let (site, _) = made(
        "hugo",
        &[
            (
                "hugo.toml",
                "baseURL = 'https://g.example/blog/'\n[markup.goldmark.renderer]\nunsafe = true\n\
                 [[menus.main]]\nname = 'B'\nurl = '/blog/p/b/'\n",
            ),
            ("static/i.svg", picture),
            ("content/p/a.md", &hugo),
            ("content/p/b.md", "---\ntitle: B\n---\n## X\n"),
        ],
    );
    let post = site.read("content/p/a.md");
    has(
        &post,
        &[
            "[b](/p/b/#x) ![i](/i.svg) <a href=\"/p/b/\">b</a> [c](/p/b/)",
            "src: /i.svg",
            "- /old/\n- /x/\n",
            "{{<figure src=\"/i.svg\" />}}",
        ],
    );
    has(&site.read("pressroom.yaml"), &["url: /p/b/"]);
    let page = site.output("p/a/index.html");
    assert!(!page.contains("/blog/blog/"), "{page}");

    let post = format!("---\ntitle: A\nredirect_from: /blog/old/\n---\n{text}\n");
    let (site, _) = made(
        "jekyll",
        &[
            (
                "_config.yml",
                "url: https://g.example\nbaseurl: /blog\nplugins: [jekyll-redirect-from]\n",
            ),
            ("i.svg", picture),
            ("_posts/2020-01-01-a.md", &post),
            ("b.md", "---\ntitle: B\npermalink: /p/b/\n---\n## X\n"),
            ("gone.md", "---\nredirect_to: /blog/p/b/\n---\n"),
        ],
    );
    let post = site.read("content/posts/2020-01-01-a.md");
    has(
        &post,
        &["[b](/p/b/#x) ![i](/i.svg) <a href=\"/p/b/\">", "- /old/\n"],
    );
    has(&site.read("data/redirects.yaml"), &["/gone.html: /p/b/"]);
}

#[test]
fn old_feeds_lead_to_feeds_that_are_there() {
    let (site, _) = made(
        "hugo",
        &[
            (
                "hugo.toml",
                "baseURL = 'https://g.example/'\n[outputs]\nhome = ['html', 'rss', 'json']\n[languages.en]\n[languages.de]\n",
            ),
            (
                "content/posts/a.md",
                "---\ntitle: A\ntags: [X y]\ncategories: [C]\n---\nB\n",
            ),
            (
                "content/posts/a.de.md",
                "---\ntitle: A\ntags: [X y]\n---\nB\n",
            ),
            (
                "content/posts/d.md",
                "---\ntitle: D\ndraft: true\ntags: [gone]\n---\nB\n",
            ),
        ],
    );
    let redirects = site.read("data/redirects.yaml");
    has(
        &redirects,
        &[
            "/index.xml: /atom.xml",
            "/index.json: /feed.json",
            "/posts/index.xml: /posts/atom.xml",
            "/tags/x-y/index.xml: /tags/x-y/atom.xml",
            "/categories/c/index.xml: /tags/c/atom.xml",
            "/de/index.xml: /de/atom.xml",
            "/de/tags/x-y/index.xml: /de/tags/x-y/atom.xml",
        ],
    );
    assert!(!redirects.contains("gone"), "{redirects}");

    let (site, _) = made(
        "zola",
        &[
            (
                "config.toml",
                "base_url = 'https://g.example'\ngenerate_feeds = true\nfeed_filenames = ['rss.xml', 'atom.xml']\n\
                 taxonomies = [{name = 'topics', feed = true}]\n[languages.fr]\ngenerate_feeds = true\n",
            ),
            (
                "content/s/_index.md",
                "+++\ntitle = 'S'\ngenerate_feeds = true\n+++\n",
            ),
            (
                "content/s/a.md",
                "+++\ntitle = 'A'\n[taxonomies]\ntopics = ['boats']\n+++\n",
            ),
            ("content/s/a.fr.md", "+++\ntitle = 'A'\n+++\n"),
        ],
    );
    has(
        &site.read("data/redirects.yaml"),
        &[
            "/rss.xml: /atom.xml",
            "/s/rss.xml: /s/atom.xml",
            "/topics/boats/rss.xml: /tags/boats/atom.xml",
            "/topics/boats/atom.xml: /tags/boats/atom.xml",
            "/fr/rss.xml: /fr/atom.xml",
        ],
    );

    let (site, _) = made(
        "jekyll",
        &[
            (
                "_config.yml",
                "url: https://g.example\nplugins: [jekyll-feed]\nfeed: {categories: [news, none], tags: true}\n",
            ),
            (
                "_posts/2020-01-01-a.md",
                "---\ntitle: A\ncategories: [news]\ntags: [Big boats]\n---\nX\n",
            ),
            ("rss.xml", "---\n---\n<rss>{{ site.title }}</rss>\n"),
        ],
    );
    let redirects = site.read("data/redirects.yaml");
    has(
        &redirects,
        &[
            "/feed.xml: /atom.xml",
            "/feed/news.xml: /tags/news/atom.xml",
            "/rss.xml: /atom.xml",
        ],
    );
    assert!(!redirects.contains("none"), "{redirects}");
}

#[test]
fn a_section_that_only_led_elsewhere_is_a_redirect() {
    let (site, told) = made(
        "zola",
        &[
            ZOLA,
            (
                "content/a/_index.md",
                "+++\ntitle = 'A'\nredirect_to = 'b/'\n+++\n",
            ),
            ("content/b/_index.md", "+++\ntitle = 'B'\n+++\n"),
            ("content/b/p.md", "+++\ntitle = 'P'\n+++\n"),
            (
                "content/c/_index.md",
                "+++\ntitle = 'C'\nredirect_to = 'b/'\n+++\n",
            ),
            ("content/c/p.md", "+++\ntitle = 'P'\n+++\n"),
            (
                "content/d/_index.md",
                "+++\ntitle = 'D'\nredirect_to = 'nowhere/'\n+++\n",
            ),
        ],
    );
    assert_eq!(site.read("data/redirects.yaml"), "/a/: /b/\n");
    has(
        &told,
        &[
            "content/a/_index.md:1: it led to b/, which is a line of data/redirects.yaml",
            "content/c/_index.md:1: it led to b/, and is the list of its articles here",
            "content/d/_index.md: it led to /nowhere/, where there is nothing",
        ],
    );
}

#[test]
fn a_site_is_not_made_inside_of_what_is_read() {
    let old = Site::new([HUGO, ("content/p/a.md", "---\ntitle: A\n---\nB\n")]);
    for (inside, why) in [
        ("new/site", "which is only read"),
        ("content", "which is only read"),
    ] {
        let dir = old.path(inside);
        let mut command = super::pressroom();
        command.args(["import", "hugo"]).arg(old.root()).arg(&dir);
        let run = super::run(&mut command).failed();
        has(&run.stderr, &[why]);
    }
    assert!(!old.path("new").exists() && !old.path("content/pressroom.yaml").exists());
    // And where what is read would be published with what is made.
    let site = Site::new([
        ("static/old/hugo.toml", HUGO.1),
        ("static/old/content/a.md", "---\ntitle: A\n---\nB\n"),
    ]);
    let run = import("hugo", &site.path("static/old"), &site, &[]).failed();
    has(&run.stderr, &["where the site is made"]);
    assert!(!site.path("pressroom.yaml").exists());
}

#[test]
fn a_folder_that_is_no_site_of_a_generator_is_said_to_be_none() {
    let texts = ("content/p/a.md", "---\ntitle: A\n---\nB\n");
    for (generator, files, parts) in [
        (
            "hugo",
            vec![("a.txt", "x")],
            vec!["is no site of Hugo", "hugo.toml"],
        ),
        (
            "zola",
            vec![HUGO, texts],
            vec!["is no site of Zola", "pressroom import hugo"],
        ),
        (
            "hugo",
            vec![ZOLA, texts],
            vec!["is no site of Hugo", "pressroom import zola"],
        ),
        (
            "jekyll",
            vec![texts],
            vec!["is no site of Jekyll", "_config.yml"],
        ),
        (
            "hugo",
            vec![JEKYLL, texts],
            vec!["is no site of Hugo", "pressroom import jekyll"],
        ),
    ] {
        let (site, run) = imported(generator, &files);
        has(&run.failed().stderr, &parts);
        assert!(!site.root().exists(), "{generator}");
    }
    let (_, told) = made("hugo", &[texts]);
    has(
        &told,
        &["there is no hugo.toml", "is this the folder of the site?"],
    );
    made(
        "jekyll",
        &[("_posts/2020-01-01-a.md", "---\ntitle: A\n---\nX\n")],
    );
}
