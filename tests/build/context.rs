//! What templates receive is what the manual says that they receive.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use serde_json::Value;

use super::support::{Site, article, run};

const MANUAL: &str = "content/reference/template-context.md";

/// A site that leaves no value empty that could be there, with templates that print what they get.
fn site() -> Site {
    let site = Site::new([
        (
            "pressroom.yaml",
            "description: News of the harbour\nlanguages: [de]\ncomments: closed\nnewsletter: {action: /join/, text: Weekly}\n",
        ),
        (
            "data/authors.yaml",
            "ada: {name: Ada, bio: Writes., links: [{title: Site, url: 'https://example.org/'}]}\n",
        ),
        (
            "static/apple-touch-icon.png",
            "no picture, and nobody looks",
        ),
        ("content/_index.md", "---\ntitle: Home\n---\n\nWelcome.\n"),
        (
            "content/city/_index.md",
            "---\ntitle: City\nsummary: All of it.\n---\n\nThe city.\n",
        ),
        (
            "content/city/bridge.comments.yaml",
            "- {author: Bo, date: 2024-07-05, text: Well.}\n",
        ),
        ("static/a.svg", "<svg xmlns='http://www.w3.org/2000/svg'/>"),
    ]);
    let front = "date: 2024-07-04\nauthors: [ada]\ntags: [harbour]\nsummary: Closed.\nimage: {src: /a.svg, alt: A, credit: B, caption: C}\n";
    let body = "## One\n\n### Two\n\nThe harbour bridge closes for repairs of its bearings.\n";
    site.write(
        "content/city/bridge.md",
        article("The bridge", &format!("{front}translation: bridge\n"), body),
    );
    site.write(
        "content/city/bruecke.md",
        article(
            "Die Brücke",
            "date: 2024-07-03\nlang: de\ntranslation: bridge\n",
            body,
        ),
    );
    for nth in 1..4 {
        site.write(
            &format!("content/city/more-{nth}.md"),
            article("The bridge again", &format!("{front}weight: {nth}\n"), body),
        );
    }
    for (template, more) in [
        ("article", ", \"article\": {{ article | json }}"),
        ("author", ", \"listing\": {{ listing | json }}"),
        ("home", ", \"home\": {{ home | json }}"),
        ("tags", ", \"tags\": {{ tags | json }}"),
        ("authors", ", \"authors\": {{ authors | json }}"),
        ("archive", ", \"years\": {{ years | json }}"),
        ("year", ", \"months\": {{ months | json }}"),
    ] {
        let text =
            format!("{{\"site\": {{{{ site | json }}}}, \"page\": {{{{ page | json }}}}{more}}}");
        site.write(&format!("templates/{template}.html"), &text);
    }
    site
}

/// The rows of the manual's tables, by heading: names, and what is said of them.
fn manual() -> BTreeMap<String, Vec<(Vec<String>, String)>> {
    let text = fs::read_to_string(MANUAL).expect("the manual");
    let mut rows: BTreeMap<String, Vec<(Vec<String>, String)>> = BTreeMap::new();
    let mut heading = String::new();
    for line in text.lines() {
        if let Some(found) = line.strip_prefix("## ") {
            found.clone_into(&mut heading);
        }
        let cells: Vec<&str> = line.split(" | ").collect();
        // Kinds of pages stand before the names in one table.
        let ([names, told] | [_, names, told]) = cells[..] else {
            continue;
        };
        let names: Vec<String> = names
            .split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_owned)
            .collect();
        if !names.is_empty() {
            rows.entry(heading.clone())
                .or_default()
                .push((names, told.to_owned()));
        }
    }
    rows
}

fn keys(value: &Value) -> BTreeSet<String> {
    value.as_object().expect("a map").keys().cloned().collect()
}

/// The names in the first braces of a text.
fn braces(text: &str) -> Option<BTreeSet<String>> {
    let (inside, _) = text.split_once("`{")?.1.split_once("}`")?;
    let inside = inside.split(": ").next().unwrap_or(inside);
    Some(inside.split(", ").map(str::to_owned).collect())
}

#[test]
fn the_manual_names_everything_that_templates_receive_and_nothing_else() {
    let site = site();
    run(&mut site.command(["build"])).ok();
    let page = |path: &str| -> Value { serde_json::from_str(&site.output(path)).expect(path) };
    let story = page("city/bridge/index.html");
    let author = page("authors/ada/index.html");
    let manual = manual();
    let card = keys(&author["listing"]["articles"][0]);
    let own: BTreeSet<String> = keys(&story["article"]).difference(&card).cloned().collect();
    for (heading, prefix, received) in [
        ("site", "site.", keys(&story["site"])),
        ("page", "page.", keys(&story["page"])),
        ("Cards", "", card),
        ("article", "article.", own),
        ("listing", "listing.", keys(&author["listing"])),
    ] {
        let told: BTreeSet<String> = manual[heading]
            .iter()
            .flat_map(|(names, _)| names)
            .filter_map(|name| name.strip_prefix(prefix))
            .map(str::to_owned)
            .collect();
        assert_eq!(told, received, "{MANUAL}, {heading}");
    }

    // What is said to be inside of a value is inside of it.
    let pages = [
        &story,
        &author,
        &page("index.html"),
        &page("tags/index.html"),
        &page("authors/index.html"),
        &page("archive/index.html"),
        &page("archive/2024/index.html"),
    ];
    let mut compared = BTreeSet::new();
    let rows = manual
        .iter()
        .flat_map(|(heading, rows)| rows.iter().map(move |row| (heading, row)));
    for (heading, (names, told)) in rows {
        let Some(inside) = braces(told) else { continue };
        for name in names {
            let path = match heading.as_str() {
                "Cards" => format!("/article/{name}"),
                _ => format!("/{}", name.replace('.', "/")),
            };
            for value in pages.iter().filter_map(|page| page.pointer(&path)) {
                let first = value.as_array().and_then(|list| list.first());
                let value = first.unwrap_or(value);
                if value.is_object() {
                    assert_eq!(keys(value), inside, "{MANUAL}, {name}");
                    compared.insert(name.clone());
                }
            }
        }
    }
    for name in [
        "site.newsletter",
        "site.icon",
        "page.breadcrumbs",
        "image",
        "section",
        "article.toc",
        "page.translations",
        "page.editions",
        "article.comments",
        "listing.author",
        "home.sections",
        "home.tags",
        "authors",
        "years",
        "months",
    ] {
        assert!(
            compared.contains(name),
            "{name} is nowhere to be seen: {compared:?}"
        );
    }
}
