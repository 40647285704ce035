//! A site's own looks.

use super::support::{Site, article, ends_in};

fn site(files: &[(&'static str, &'static str)]) -> Site {
    let site = Site::new(files.iter().copied());
    site.write(
        "content/news/budget.md",
        article(
            "The budget",
            "date: 2024-07-04\ntags: [money]\nextra: {kicker: Exclusive}\nvenue: Town hall\n",
            "The council has a budget.\n",
        ),
    );
    site
}

#[test]
fn a_template_of_the_site_stands_in_for_the_theme_s() {
    let site = site(&[(
        "templates/404.html",
        "<!doctype html>\n<title>{{ site.title }}</title>\n<p>Lost?\n",
    )]);
    site.build(&[]).silent();
    assert_eq!(
        site.output("404.html"),
        "<!doctype html>\n<title>gazette</title>\n<p>Lost?\n"
    );
    assert!(
        site.output("news/budget/index.html")
            .contains("class=\"masthead\"")
    );
}

#[test]
fn a_template_of_the_site_extends_the_theme_s_own() {
    let site = site(&[(
        "templates/article.html",
        "{% extends \"broadsheet/article.html\" %}\n{% block main %}<p class=\"kicker\">{{ article.extra.kicker }}, {{ article.extra.venue }}</p>{{ super() }}{% endblock %}\n",
    )]);
    site.build(&[]).silent();
    let page = site.output("news/budget/index.html");
    assert!(
        page.contains("<p class=\"kicker\">Exclusive, Town hall</p>"),
        "{page}"
    );
    assert!(page.contains("<h1>The budget</h1>") && page.contains("class=\"masthead\""));
}

#[test]
fn a_base_of_the_site_is_what_the_theme_s_pages_extend() {
    let site = site(&[(
        "templates/base.html",
        "<title>{% block title %}{{ page.title }}{% endblock %}</title>\n{% block indexing %}{% endblock %}\n{% block head %}{% endblock %}\n{% block main %}{% endblock %}\n<p>Ours</p>\n",
    )]);
    site.build(&[]).silent();
    for page in [
        "index.html",
        "news/index.html",
        "news/budget/index.html",
        "tags/index.html",
    ] {
        assert!(site.output(page).contains("<p>Ours</p>"), "{page}");
    }
}

#[test]
fn an_article_names_a_template_of_its_own() {
    let site = site(&[
        (
            "templates/interview.html",
            "<h1>Interview: {{ article.title }}</h1>\n",
        ),
        (
            "content/news/talk.md",
            "---\ntitle: A talk\ntemplate: interview\n---\n",
        ),
        (
            "content/news/_index.md",
            "---\ntitle: News\ntemplate: wall\n---\n",
        ),
        (
            "templates/wall.html",
            "<h1>Wall of {{ listing.title }}</h1>\n",
        ),
    ]);
    site.build(&[]).silent();
    assert_eq!(
        site.output("news/talk/index.html"),
        "<h1>Interview: A talk</h1>\n"
    );
    assert_eq!(site.output("news/index.html"), "<h1>Wall of News</h1>\n");
    assert!(
        site.output("news/budget/index.html")
            .contains("<h1>The budget</h1>")
    );
}

#[test]
fn a_theme_takes_what_it_lacks_from_its_parent() {
    let site = site(&[
        (
            "pressroom.yaml",
            "theme: tabloid\nparams: {shout: \"Extra! Extra!\", palette: navy}\n",
        ),
        (
            "themes/tabloid/theme.yaml",
            "name: tabloid\nparent: broadsheet\nparams:\n  shout: {type: text, default: Extra!}\n  share: {type: list, default: []}\n",
        ),
        (
            "themes/tabloid/templates/article.html",
            "{% extends \"broadsheet/article.html\" %}\n{% block main %}<p>{{ site.params.shout }}</p>{{ super() }}{% endblock %}\n",
        ),
        (
            "themes/tabloid/static/style.css",
            "h1 { font-size: 9rem }\n",
        ),
        ("themes/tabloid/static/fonts/shout.woff2", "font"),
    ]);
    site.build(&[]).silent();
    let page = site.output("news/budget/index.html");
    assert!(page.contains("<p>Extra! Extra!</p>") && page.contains("palette-navy"));
    assert!(
        !page.contains("mailto:"),
        "the child's default goes before its parent's"
    );
    assert!(
        site.output("news/index.html")
            .contains("class=\"masthead\"")
    );
    let styles: Vec<(String, Vec<u8>)> = site
        .outputs()
        .into_iter()
        .filter(|(path, _)| path.contains("style"))
        .collect();
    assert_eq!(styles.len(), 1, "the parent's is not published besides");
    assert_eq!(styles[0].1, b"h1 { font-size: 9rem }\n");
    assert!(page.contains(&format!("href=\"/{}\"", styles[0].0)));
    assert!(
        site.outputs()
            .keys()
            .any(|path| path.starts_with("assets/fonts/shout."))
    );
    assert!(
        site.outputs()
            .keys()
            .any(|path| path.starts_with("assets/favicon."))
    );
}

#[test]
fn templates_read_data_of_every_kind() {
    let template = "\
{% set team = data(path=\"team.yaml\") -%}
yaml {{ team.editor.name }}
{% set prices = data(path=\"prices.json\") -%}
json {{ prices[0].price }}
{% set club = data(path=\"clubs/rowing.toml\") -%}
toml {{ club.founded }} {{ club.boats[1].name }}
{% for row in data(path=\"results.csv\") -%}
csv {{ row.name }} {{ row[\"time in s\"] }}
{% endfor -%}
";
    let site = Site::new([
        ("templates/article.html", template),
        ("content/results.md", "# Results\n"),
        ("data/team.yaml", "editor: {name: Ada & Co}\n"),
        ("data/prices.json", "[{\"price\": 1.5}]"),
        (
            "data/clubs/rowing.toml",
            "founded = 1890\n[[boats]]\nname = \"Swan\"\n[[boats]]\nname = \"Heron\"\n",
        ),
        (
            "data/results.csv",
            "name,time in s\n\"Kerr, Ada\",61.2\nBen,59\n",
        ),
    ]);
    site.build(&[]).silent();
    assert_eq!(
        site.output("results/index.html"),
        "yaml Ada &amp; Co\njson 1.5\ntoml 1890 Heron\ncsv Kerr, Ada 61.2\ncsv Ben 59\n"
    );

    // A page that read a file is made anew when the file changes, and no other.
    site.write("data/prices.json", "[{\"price\": 2.5}]");
    assert_eq!(site.changes(), ["write results/index.html"]);
    site.append("data/results.csv", "Cal,70\n");
    assert_eq!(site.changes(), ["write results/index.html"]);
}

#[test]
fn templates_make_addresses_dates_and_json() {
    let template = "\
{{ url(path=\"/about us/\") }}
{{ absolute(path=\"/about/\") }}
{{ absolute(path=url(path=\"/about/\")) }}
{{ absolute(path=\"https://elsewhere.example/\") }}
{{ \"/about/\" | absolute }} {{ url(path=\"/about/\") | absolute }} {{ \"https://elsewhere.example/\" | absolute }}
{{ asset(path=\"crest.svg\") }}
{{ article.date.iso | date(format=\"%e %b %Y\") }}
{{ article.title | slug }}
{{ article.title | json }}
{{ \"*so*\" | markdown }}";
    let site = Site::new([
        ("pressroom.yaml", "base_url: https://host.example/sub/\n"),
        ("templates/article.html", template),
        (
            "content/a.md",
            "---\ntitle: \"R&D </script>\"\ndate: 2024-07-04\n---\n",
        ),
        ("static/crest.svg", "<svg/>"),
    ]);
    site.build(&[]).silent();
    let expected = "\
/sub/about%20us/
https://host.example/sub/about/
https://host.example/sub/about/
https://elsewhere.example/
https://host.example/sub/about/ https://host.example/sub/about/ https://elsewhere.example/
/sub/crest.svg
 4 Jul 2024
r-d-script
\"R\\u0026D \\u003c/script\\u003e\"
<p><em>so</em></p>
";
    assert_eq!(site.output("a/index.html"), expected);
}

#[test]
fn the_style_sheet_of_a_component_is_linked_where_it_is_called() {
    let site = site(&[
        (
            "templates/components/recipe.html",
            "{% component recipe() %}<p>Soup</p>{% endcomponent recipe %}",
        ),
        ("static/components/recipe.css", "p { color: red }\n"),
        (
            "content/news/soup.md",
            "# Soup\n\n{{<recipe />}}\n\n{{<recipe />}}\n",
        ),
        (
            "content/food/_index.md",
            "---\ntitle: Food\n---\n\n{{<recipe />}}\n",
        ),
        (
            "content/food/bread.md",
            "# Bread\n\n{% <chart title=\"Loaves\"> %}\n\n| day | loaves |\n| - | - |\n| 1 | 2 |\n\n{% </chart> %}\n",
        ),
    ]);
    site.build(&[]).silent();
    let links = |path: &str| {
        let page = site.output(path);
        let sheets = page.matches("<link rel=\"stylesheet\"").count();
        (
            sheets,
            page.matches("href=\"/components/recipe.css\"").count(),
        )
    };
    assert_eq!(links("news/soup/index.html"), (2, 1));
    assert_eq!(links("food/index.html"), (2, 1));
    assert_eq!(links("food/bread/index.html"), (2, 0));
    assert_eq!(links("news/index.html"), (1, 0));
    assert!(
        site.output("food/bread/index.html")
            .contains("/assets/components/chart.")
    );
    let published = |name: &str| {
        let outputs = site.outputs();
        let mut paths = outputs.keys();
        paths.any(|path| path.starts_with(&format!("assets/components/{name}.")))
    };
    assert!(published("chart") && !published("embed"));
    // A template that names it may show it anywhere.
    site.write(
        "templates/tag.html",
        "{% extends \"broadsheet/tag.html\" %}{% block extra_head %}<link rel=\"stylesheet\" href=\"{{ asset(path=\"components/embed.css\") }}\">{% endblock %}",
    );
    site.build(&[]).silent();
    assert!(published("embed"));
}

#[test]
fn a_style_that_changes_has_a_new_address() {
    let site = site(&[
        ("pressroom.yaml", "theme: tabloid\n"),
        (
            "themes/tabloid/theme.yaml",
            "name: tabloid\nparent: broadsheet\n",
        ),
        ("themes/tabloid/static/style.css", "h1 { color: red }\n"),
    ]);
    site.build(&[]).silent();
    let style = |site: &Site| {
        let outputs = site.outputs();
        let is_style = |path: &&String| path.starts_with("assets/style.") && ends_in(path, "css");
        let mut styles = outputs.keys().filter(is_style);
        let style = styles.next().expect("a style").clone();
        assert_eq!(styles.next(), None, "no stale one");
        style
    };
    let before = style(&site);
    site.write("themes/tabloid/static/style.css", "h1 { color: blue }\n");
    site.build(&[]).silent();
    let after = style(&site);
    assert_ne!(before, after);
    assert!(site.output("index.html").contains(&after));
}
