//! Fragments that many pages share.

use super::support::{Site, article};

/// A colophon of the site's own, which asks for a file of data.
const COLOPHON: &str = "{% component colophon(site, foreign: bool) -%}\n\
{% set team = data(path=\"team.yaml\") -%}\n\
<footer>{{ site.title }}: {{ team.editor }}{% if foreign %} (en){% endif %}</footer>\n\
{%- endcomponent colophon %}\n";

fn site(colophon: &str) -> Site {
    let site = Site::new([
        ("templates/components/colophon.html", colophon),
        ("data/team.yaml", "editor: Ada\n"),
    ]);
    for (name, front) in [
        ("budget", "date: 2024-07-04\ntags: [money]\n"),
        ("fares", "date: 2024-07-05\ntags: [money]\n"),
        ("haushalt", "date: 2024-07-06\nlang: de\n"),
    ] {
        site.write(
            &format!("content/news/{name}.md"),
            article(name, front, "The council has a budget.\n"),
        );
    }
    site
}

fn pages(site: &Site) -> Vec<(String, String)> {
    let pages = site.outputs().into_iter();
    let pages = pages.filter(|(path, _)| path.ends_with("index.html"));
    let pages = pages.map(|(path, bytes)| (path, String::from_utf8(bytes).expect("UTF-8")));
    pages.collect()
}

#[test]
fn a_colophon_of_the_site_stands_on_every_page_and_knows_the_page_s_language() {
    let site = site(COLOPHON);
    site.build(&[]).silent();
    let pages = pages(&site);
    assert!(pages.len() > 5, "{}", pages.len());
    for (path, page) in pages {
        let foreign = if path.contains("haushalt") {
            " (en)"
        } else {
            ""
        };
        let colophon = format!("\n<footer>gazette: Ada{foreign}</footer>\n</body>");
        assert!(page.contains(&colophon), "{path}: {page}");
    }
}

#[test]
fn every_page_is_made_again_when_data_of_a_fragment_changes() {
    let site = site(COLOPHON);
    site.build(&[]).silent();
    site.write("data/team.yaml", "editor: Grace\n");
    site.build(&[]).silent();
    for (path, page) in pages(&site) {
        assert!(page.contains("<footer>gazette: Grace"), "{path}: {page}");
    }
}

#[test]
fn the_navigation_says_where_a_page_stands() {
    let site = Site::new([(
        "pressroom.yaml",
        "navigation:\n  - {title: News, url: /news/}\n  - {title: Archive, url: /archive/}\n",
    )]);
    site.write(
        "content/news/budget.md",
        article("The budget", "date: 2024-07-04\n", "It is there.\n"),
    );
    site.build(&[]).silent();
    for (path, current) in [
        ("news/index.html", Some("/news/")),
        ("archive/index.html", Some("/archive/")),
        ("news/budget/index.html", None),
        ("index.html", None),
    ] {
        let page = site.output(path);
        let masthead = page.split("</header>").next().expect("a masthead");
        for url in ["/news/", "/archive/"] {
            let link = format!("<a href=\"{url}\" aria-current=\"page\">");
            assert_eq!(masthead.contains(&link), current == Some(url), "{path}");
        }
    }
}

#[test]
fn a_mistake_in_a_fragment_is_told_at_its_place() {
    let site = site(
        "{% component colophon(site, foreign: bool) -%}\n<footer>{{ site.titel }}</footer>\n{%- endcomponent colophon %}\n",
    );
    let told = site.build(&[]).failed().stderr;
    assert!(
        told.contains("--> templates/components/colophon.html:2:"),
        "{told}"
    );
    assert!(told.contains("`titel` is not defined"), "{told}");
}

#[test]
fn a_fragment_knows_what_it_is_given_and_nothing_else() {
    let site = site(
        "{% component colophon(site, foreign: bool, @page) -%}\n{{ page.title }}\n{%- endcomponent colophon %}\n",
    );
    let told = site.build(&[]).failed().stderr;
    assert!(
        told.contains("implicit argument `page` not found"),
        "{told}"
    );
}
