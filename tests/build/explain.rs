//! `--explain-rebuild` says which part of what an output is made from has changed.

use crate::support::Site;

/// What a build says of an output, line by line.
#[track_caller]
fn explained(site: &Site, path: &str) -> String {
    let run = site.build(&["--explain-rebuild", path]).ok();
    let (_, explanation) = run.stdout.split_once("\n\n").expect("an explanation");
    explanation.to_owned()
}

fn gazette() -> Site {
    Site::new([
        (
            "templates/article.html",
            "{% extends \"broadsheet/article.html\" %}{% block extra_head %}{% set team = data(path=\"team.yaml\") %}{{ team.size }}{% endblock %}",
        ),
        ("data/team.yaml", "size: 3\n"),
        ("static/humans.txt", "Us.\n"),
        (
            "content/news/vote.md",
            "---\ntitle: The vote\ndate: 2024-02-01\naliases: [/old-vote/]\n---\n\nThe council votes.\n",
        ),
        (
            "content/news/budget.md",
            "---\ntitle: The budget\ndate: 2024-02-02\n---\n\nOn money, and a good deal of it.\n",
        ),
    ])
}

#[test]
fn what_changed_is_named_by_the_variables_of_the_template() {
    let site = gazette();
    assert_eq!(
        explained(&site, "/news/vote/"),
        "news/vote/index.html was made, since there was no such file\n"
    );
    assert_eq!(
        explained(&site, "news/vote/index.html"),
        "news/vote/index.html was left as it is: nothing that it is made from has changed\n"
    );
    site.append("content/news/vote.md", "All of it.\n");
    assert_eq!(
        explained(&site, "news/vote/index.html"),
        "news/vote/index.html was made again, since this is not what it was:\n\
         \x20 page.description\n\
         \x20 article           what lists show of the article: headline, blurb, dates, tags, length\n\
         \x20 article.content   the text of its file, or where its links lead\n"
    );
    site.write(
        "content/news/budget.md",
        "---\ntitle: The new budget\ndate: 2024-02-02\n---\n\nOn money, and a good deal of it.\n",
    );
    assert_eq!(
        explained(&site, "/news/vote/"),
        "news/vote/index.html was made again, since this is not what it was:\n\
         \x20 article.related  what is related to the article, or what these show of themselves\n\
         \x20 article.newer    the article beside it in its section\n"
    );
    site.write("data/team.yaml", "size: 4\n");
    assert_eq!(
        explained(&site, "/news/vote/"),
        "news/vote/index.html was made again, since this is not what it was:\n\
         \x20 data team.yaml  a file of data/ that its template reads\n"
    );
    site.write("pressroom.yaml", "title: The Gazette\n");
    let everywhere = explained(&site, "/news/vote/");
    assert!(everywhere.contains("  shared.configuration  pressroom.yaml\n"));
    assert!(everywhere.contains("  shared.site           what all pages receive"));
}

#[test]
fn every_kind_of_output_can_be_asked_about() {
    let site = gazette();
    site.build(&[]).silent();
    site.write("static/humans.txt", "Us all.\n");
    site.append("public/news/atom.xml", "<!-- by hand -->");
    site.append("content/news/vote.md", "And more.\n");
    let said = [
        ("/news/atom.xml", "since somebody had changed the file"),
        ("/old-vote/", "was left as it is"),
        ("/sitemap.xml", "is made each time"),
    ];
    for (path, what) in said {
        let explanation = explained(&site, path);
        assert!(explanation.contains(what), "{path}: {explanation}");
    }
    // A copy whose file was young when it was made is compared with it each time.
    assert!(explained(&site, "/humans.txt").contains("is made each time"));
    site.append("content/news/vote.md", "And yet more.\n");
    assert!(explained(&site, "/").contains("  listing.articles  "));
    let json = site.build(&["--explain-rebuild", "/404.html", "--format", "json"]);
    let explained = json.json().pop().expect("an object");
    assert_eq!(explained["event"], "explained");
    assert_eq!(explained["output"], "404.html");
    assert_eq!(explained["why"], "unchanged");
}

#[test]
fn an_output_that_there_is_not_is_an_error_before_anything_is_written() {
    let site = gazette();
    let run = site.build(&["--explain-rebuild", "/news/vots/"]).failed();
    assert!(
        run.stderr
            .contains("the site has no output `news/vots/index.html` to explain")
    );
    assert!(run.stderr.contains("did you mean `news/vote/index.html`?"));
    assert!(!site.has_output("index.html"));
}
