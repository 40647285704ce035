//! Articles of authors whom nobody at the publication knows.

use super::support::{Site, article, html};

/// A publication that takes letters, with whatever one says.
fn paper(front: &str, body: &str) -> Site {
    let letter = article("A letter", &format!("date: 2024-07-04\n{front}"), body);
    Site::new([
        ("pressroom.yaml", "html: sanitised\n"),
        ("content/letters/a-letter/index.md", letter.as_str()),
        ("data/subscribers.csv", "name,paid\nA reader,12\n"),
    ])
}

/// The body of the letter's page.
fn body(site: &Site) -> String {
    let page = site.output("letters/a-letter/index.html");
    let (_, body) = page.split_once("<div class=\"prose\">").expect("a body");
    let (body, _) = body.split_once("<footer>").expect("a footer");
    body.to_owned()
}

#[test]
fn template_code_in_an_article_is_text() {
    let code = "{{ 6 * 7 }} {{ data(path=\"subscribers.csv\") }} {% include \"base.html\" %} {{ site.title }}";
    let quoted = serde_json::Value::from(code);
    let front = format!(
        "summary: {quoted}\ntags: [{quoted}]\nauthors: [{quoted}]\nrelated: {{pins: [{{url: \"https://a.example/\", title: {quoted}}}]}}\n"
    );
    let site = paper(&front, &format!("{code}\n\n## {code}\n\n`{code}`\n"));
    site.build(&[]).silent();
    for (path, bytes) in site.outputs() {
        let text = String::from_utf8_lossy(&bytes);
        assert!(!text.contains("A reader"), "{path}");
        assert!(!text.contains(">42 "), "{path}");
    }
    let body = body(&site);
    assert_eq!(body.matches("{{ 6 * 7 }}").count(), 3, "{body}");
    assert_eq!(body.matches("{{ site.title }}").count(), 3, "{body}");
}

#[test]
fn search_engines_are_asked_not_to_follow_where_strangers_lead() {
    let front = "related: [{url: \"https://a.example/\", title: A friend}]\n\
                 embeds: [{url: \"https://b.example/\", title: A shop}]\n\
                 image: {src: plan.svg, alt: A plan}\n";
    let text = "[c](https://c.example/)\n\n\
                {{<embed href=\"https://b.example/\" />}}\n\n\
                {{<figure src=\"plan.svg\" alt=\"A plan\" href=\"https://d.example/\" />}}\n\n\
                {{<quote by=\"Who\" source=\"Where\" href=\"https://e.example/\">}}\nSo.\n{{</quote>}}\n\n\
                {{<timeline events={[{date: \"1999\", title: \"First\", href: \"https://f.example/\"}]} />}}\n";
    let plan = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"4\" height=\"4\"/>";
    for (html, follows) in [("sanitised", false), ("trusted", true)] {
        let site = paper(front, text);
        site.write("pressroom.yaml", format!("html: {html}\n"));
        site.write("content/letters/a-letter/plan.svg", plan);
        site.build(&[]).silent();
        let mut led = 0;
        for (path, bytes) in site.outputs() {
            let page = String::from_utf8_lossy(&bytes);
            for tag in html::tags(&page) {
                let is_theirs =
                    |href: &str| href.starts_with("https://") && href.ends_with(".example/");
                if tag.name == "a" && tag.get("href").is_some_and(is_theirs) {
                    led += 1;
                    let asks = tag.get("rel").is_some_and(|rel| rel.contains("nofollow"));
                    assert_eq!(asks, !follows, "{path}: {tag:?}");
                }
            }
        }
        assert!(led >= 6, "{led}");
    }
}

#[test]
fn what_is_allowed_by_name_works_as_ever() {
    let site = paper(
        "url: /open/letter.html\naliases: [/old/]\ntemplate: letter\nmood: cross\n",
        "{{<stamp text=\"<i>Paid</i>\" />}}\n\n![A plan](plan.svg) [all of it](plan.zip) ![from a friend](https://friend.example/a.png)\n",
    );
    site.write(
        "pressroom.yaml",
        "html: sanitised\n\
         outside: {keys: [url, aliases, template, extra], files: [.ZIP], sites: [https://friend.example]}\n\
         components: {allow: stamp}\n",
    );
    site.write(
        "templates/letter.html",
        "{{ article.extra.mood }}: {{ article.content | safe }}",
    );
    site.write(
        "templates/components/stamp.html",
        "{% component stamp(text: string) %}<b>{{ text }}</b>{% endcomponent stamp %}",
    );
    site.write(
        "content/letters/a-letter/plan.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
    );
    site.write("content/letters/a-letter/plan.zip", "PK");
    site.build(&[]).silent();
    let page = site.output("open/letter.html");
    for part in [
        "cross: ",
        "<b>&lt;i&gt;Paid&lt;/i&gt;</b>",
        "/open/letter/plan.zip",
        "https://friend.example/a.png",
    ] {
        assert!(page.contains(part), "{part}: {page}");
    }
    assert!(site.has_output("old/index.html"));
}

#[test]
fn an_article_that_takes_the_place_of_another_is_told_with_both() {
    let site = paper("slug: budget\n", "Mine.\n");
    site.write("content/letters/budget.md", "# The budget\n");
    let told = site.build(&[]).failed().stderr;
    assert!(told.contains("error[route-collision]"), "{told}");
    for file in ["letters/a-letter/index.md", "letters/budget.md"] {
        assert!(told.contains(file), "{told}");
    }
}

#[test]
fn markdown_keeps_all_that_it_makes() {
    let site = paper(
        "math: true\n",
        "> [!NOTE]\n> A remark.[^1]\n\n[^1]: A note.\n\n| a | b |\n| --- | ---: |\n| 1 | 2 |\n\n\
         ```rust {linenos=true hl_lines=[1] title=\"a.rs\"}\nlet a = 1;\n```\n\n- [x] done\n\n## A heading {#own}\n\n\
         $$ \\begin{align} a &= b \\end{align} $$\n",
    );
    site.build(&[]).silent();
    let cleaned = body(&site);
    site.write("pressroom.yaml", "html: trusted\n");
    site.build(&[]).silent();
    let classes = |html: &str| -> Vec<String> {
        let found = html.split(" class=\"").skip(1);
        found
            .map(|rest| rest.split('"').next().unwrap_or_default().to_owned())
            .collect()
    };
    let whole = body(&site);
    assert_eq!(classes(&cleaned), classes(&whole));
    assert!(classes(&whole).len() > 9, "{whole}");
    for part in [
        "id=\"own\"",
        "role=\"doc-noteref\"",
        "tabindex=\"0\"",
        "checked",
        "data-n=\"1\"",
    ] {
        assert!(cleaned.contains(part), "{part}: {cleaned}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_among_articles_publishes_nothing_of_the_site() {
    use std::os::unix::fs::symlink;
    let site = paper("", "See [the numbers](numbers.csv).\n");
    symlink(
        "../../../data/subscribers.csv",
        site.path("content/letters/a-letter/numbers.csv"),
    )
    .expect("a link");
    let told = site.build(&[]).failed().stderr;
    assert!(
        told.starts_with("error[not-trusted]: a symbolic link is for authors who are trusted\n--> content/letters/a-letter/numbers.csv\n"),
        "{told}"
    );
    assert!(!site.has_output("letters/a-letter/numbers.csv"));
    site.write("pressroom.yaml", "html: trusted\n");
    site.build(&[]).silent();
    assert!(
        site.output("letters/a-letter/numbers.csv")
            .contains("A reader")
    );
}
