//! What stands on an article's page.

use super::support::{Site, article, html};

const COMMENTS: &str = "\
- id: 1
  author: Jane
  date: 2024-07-05 10:00
  url: https://jane.example/
  text: |
    I *disagree*.

    <script>alert('xss')</script>
- id: 2
  author: Joe <b>Bold</b>
  parent: 1
  url: javascript:alert(1)
  text: \"[Click](javascript:alert(2)) or [here](https://joe.example/)\"
- id: 3
  author: Late
  text: Another subject.
- id: 4
  parent: 2
  text: Nobody said that.
";

fn with_comments(config: &str, front: &str) -> Site {
    let budget = article(
        "The budget",
        &format!("date: 2024-07-04\n{front}"),
        "Text.\n",
    );
    Site::new([
        ("pressroom.yaml", config),
        ("content/news/budget.md", &budget),
        ("content/news/budget.comments.yaml", COMMENTS),
    ])
}

#[test]
fn archived_comments_are_shown_in_threads_and_can_do_no_harm() {
    let site = with_comments("", "");
    let built = site.build(&[]).ok();
    assert!(
        built
            .stderr
            .contains("`javascript:alert(1)` is not the address of a site")
    );
    let page = site.output("news/budget/index.html");
    let section = html::elements(&page, "section")
        .into_iter()
        .find(|section| section.contains("Comments are closed."))
        .expect("the comments");
    assert!(section.contains("4 comments"));
    let order: Vec<usize> = ["Jane", "Joe", "Anonymous", "Late"]
        .iter()
        .map(|name| {
            section
                .find(name)
                .unwrap_or_else(|| panic!("{name}: {section}"))
        })
        .collect();
    assert!(
        order.is_sorted(),
        "each is followed by its answers: {section}"
    );
    let tags = html::tags(section);
    let depths: Vec<&str> = tags
        .iter()
        .filter(|tag| tag.name == "li")
        .filter_map(|tag| tag.get("class"))
        .collect();
    assert_eq!(depths, ["depth-0", "depth-1", "depth-2", "depth-0"]);
    assert!(section.contains("<em>disagree</em>"));
    assert!(!section.contains("alert("), "{section}");
    assert!(section.contains("Joe &lt;b&gt;Bold&lt;"), "{section}");
    assert!(tags.iter().all(|tag| tag.name != "script"));
    let links: Vec<&str> = tags.iter().filter_map(|tag| tag.get("href")).collect();
    assert!(links.contains(&"https://jane.example/") && links.contains(&"https://joe.example/"));
    assert!(
        links.iter().all(|link| !link.contains("javascript")),
        "{links:?}"
    );
    // Readers' links do not speak for the publication.
    for tag in tags
        .iter()
        .filter(|tag| tag.get("href").is_some_and(|href| !href.is_empty()))
    {
        assert!(
            tag.get("rel").is_some_and(|rel| rel.contains("nofollow")),
            "{tag:?}"
        );
    }
}

#[test]
fn comments_are_off_where_the_site_or_the_article_says_so() {
    for (config, front, shown) in [
        ("", "comments: off\n", false),
        ("comments: off\n", "", false),
        ("comments: off\n", "comments: closed\n", true),
    ] {
        let site = with_comments(config, front);
        site.build(&[]).ok();
        let page = site.output("news/budget/index.html");
        assert_eq!(page.contains("disagree"), shown, "{config}{front}");
    }
}

#[test]
fn an_archive_keeps_its_own_names_for_front_matter() {
    let site = Site::new([
        (
            "pressroom.yaml",
            "front_matter: {tags: topics, summary: [deck, excerpt], title: headline}\n",
        ),
        (
            "content/news/a.md",
            "---\nheadline: The budget\ntopics: [money]\ndeck: What it costs\nexcerpt: The second\n---\n\nText.\n",
        ),
        (
            "content/news/b.md",
            "---\ntitle: The vote\ntags: [council]\nexcerpt: It passed\n---\n\nText.\n",
        ),
    ]);
    site.build(&[]).silent();
    let index = site.output("news/index.html");
    for part in ["The budget", "What it costs", "The vote", "It passed"] {
        assert!(index.contains(part), "{part}");
    }
    assert!(!index.contains("The second"));
    assert!(site.has_output("tags/money/index.html") && site.has_output("tags/council/index.html"));
}

#[test]
fn wikilinks_find_articles_by_title_slug_and_file() {
    let linking = "[[The budget]], [[the-vote]], [[2024-07-04-a-letter]], [[The budget|money]], \
                   [[the budget#costs]].\n";
    let site = Site::new([
        (
            "content/news/money.md",
            "---\ntitle: The budget\n---\n\n## Costs\n\nMany.\n",
        ),
        (
            "content/news/b.md",
            "---\ntitle: How they voted\nslug: the-vote\n---\n",
        ),
        (
            "content/opinion/2024-07-04-a-letter.md",
            "---\ntitle: Dear Sir\n---\n",
        ),
        ("content/links.md", linking),
    ]);
    site.build(&[]).ok();
    let page = site.output("links/index.html");
    for link in [
        "<a href=\"/news/money/\">The budget</a>",
        "<a href=\"/news/the-vote/\">How they voted</a>",
        "<a href=\"/opinion/a-letter/\">Dear Sir</a>",
        "<a href=\"/news/money/\">money</a>",
        "<a href=\"/news/money/#costs\">The budget</a>",
    ] {
        assert!(page.contains(link), "{link}\n{page}");
    }
}

#[test]
fn html_of_authors_who_are_not_trusted_is_sanitised() {
    let body = "One <script>alert(1)</script><b onclick=\"alert(2)\">two</b>.\n\n\
                <iframe src=\"https://tracker.example/\"></iframe>\n\n\
                <p style=\"position:fixed\"><a href=\"javascript:alert(3)\">three</a></p>\n\n\
                | a | b |\n| --- | ---: |\n| 1 | 2 |\n\n- [x] done\n";
    let text = article("The storm", "", body);
    let site = Site::new([
        ("pressroom.yaml", "html: sanitised\n"),
        ("content/news/storm.md", text.as_str()),
    ]);
    site.build(&[]).silent();
    let page = site.output("news/storm/index.html");
    let content = page
        .split("<div class=\"prose\">")
        .nth(1)
        .expect("the body");
    let content = content.split("<footer>").next().expect("the body");
    for gone in [
        "<script",
        "onclick",
        "<iframe",
        "style=",
        "javascript:",
        "tracker",
    ] {
        assert!(!content.contains(gone), "{gone}: {content}");
    }
    for kept in ["<b>two</b>", "three", "<table>", "align-right", "checkbox"] {
        assert!(content.contains(kept), "{kept}: {content}");
    }

    site.write("pressroom.yaml", "html: trusted\n");
    site.build(&[]).silent();
    let page = site.output("news/storm/index.html");
    assert!(
        page.contains("onclick") && page.contains("<iframe"),
        "it is the author's own"
    );
}

#[test]
fn pins_come_first_and_in_the_author_s_order() {
    let storm = |n: usize, front: &str| {
        article(
            &format!("Storm over the harbour {n}"),
            &format!("date: 2024-07-0{n}\ntags: [storm, harbour]\n{front}"),
            "The harbour is closed.\n",
        )
    };
    let pins = "related:
  - {url: \"https://elsewhere.example/a?b=1&c=2\", title: A story elsewhere, summary: Far away}
  - content/news/s3.md
  - /news/s1/
";
    let site = Site::new([
        ("pressroom.yaml", "related: {count: 4}\n"),
        ("content/news/s1.md", storm(1, "").as_str()),
        ("content/news/s2.md", &storm(2, "")),
        ("content/news/s3.md", &storm(3, "")),
        ("content/news/s4.md", &storm(4, pins)),
    ]);
    site.build(&[]).silent();
    let page = site.output("news/s4/index.html");
    let block = page.split("Related news</h2>").nth(1).expect("the block");
    let block = block.split("</section>").next().expect("the block");
    let links: Vec<String> = html::tags(block)
        .iter()
        .filter_map(|tag| tag.get("href").map(str::to_owned))
        .collect();
    assert_eq!(
        links,
        [
            "https://elsewhere.example/a?b=1&c=2",
            "/news/s3/",
            "/news/s1/",
            "/news/s2/"
        ]
    );
    let related: serde_json::Value =
        serde_json::from_str(&site.output("related.json")).expect("JSON");
    let of_it = &related["http://localhost/news/s4/"];
    assert_eq!(of_it.as_array().map(Vec::len), Some(4));
    assert_eq!(of_it[0]["url"], "https://elsewhere.example/a?b=1&c=2");
    assert_eq!(of_it[1]["url"], "http://localhost/news/s3/");
    assert_eq!(of_it[1]["score"], 1.0);
    assert_eq!(of_it[3]["title"], "Storm over the harbour 2");
    assert!(!block.contains("Pinned"), "that is nothing to readers");
    site.build(&["--drafts"]).silent();
    let page = site.output("news/s4/index.html");
    assert_eq!(page.matches("<b>Pinned</b>").count(), 3);
}

#[test]
fn front_matter_is_read_as_people_write_it() {
    let site = Site::new([
        (
            "content/bom.md",
            "\u{feff}---\r\ntitle: With a mark\r\n---\r\n\r\nOne.\r\n",
        ),
        (
            "content/blank.md",
            "\n\n---  \ntitle: After blank lines\n...\nTwo.\n",
        ),
        ("content/none.md", "# From the text\n\nThree.\n"),
        (
            "content/number.md",
            "---\ntitle: 1984\ntags: 2024\ndate: July 4, 2019\n---\n\nFour.\n",
        ),
        (
            "content/empty.md",
            "---\ntitle: Empty values\ntags:\ndate:\nsummary: \"\"\n---\n\nFive.\n",
        ),
        (
            "content/page.markdown",
            "---\ntitle: Another ending\n---\n\nSix.\n",
        ),
    ]);
    site.build(&[]).silent();
    for (name, title, text) in [
        ("bom", "With a mark", "One."),
        ("blank", "After blank lines", "Two."),
        ("none", "From the text", "Three."),
        ("number", "1984", "Four."),
        ("empty", "Empty values", "Five."),
        ("page", "Another ending", "Six."),
    ] {
        let page = site.output(&format!("{name}/index.html"));
        assert!(page.contains(&format!("<h1>{title}</h1>")), "{page}");
        assert!(page.contains(&format!("<p>{text}</p>")), "{page}");
    }
    assert!(site.has_output("tags/2024/index.html"));
    assert!(site.output("number/index.html").contains("4 July 2019"));
}
