//! Sites in other languages than English.

use super::support::{Site, article, run};

const ARABIC: &str = "\
title: الميناء
language: ar
description: أخبار المدينة والبحر
params: {palette: forest}
navigation:
  - {title: المدينة, url: /city/}
";

#[test]
fn a_site_in_arabic_needs_only_its_configuration() {
    let site = Site::new([("pressroom.yaml", ARABIC)]);
    for nth in 1..=3 {
        site.write(
            &format!("content/city/story-{nth}.md"),
            format!(
                "---\ntitle: الجسر {nth}\ndate: 2024-07-0{nth}\ntags: [جسور]\n---\nأغلق الجسر.\n"
            ),
        );
    }
    let told = run(&mut site.command(["build"])).ok().stderr;
    assert!(!told.contains("warning"), "{told}");
    let page = site.output("city/story-2/index.html");
    assert!(
        page.contains(r#"<html lang="ar" dir="rtl" class="palette-forest">"#),
        "{page}"
    );
    assert!(
        page.contains("3 يوليو 2024") || page.contains("2 يوليو 2024"),
        "{page}"
    );
    assert!(page.contains("الأحدث") && page.contains("الأقدم"));
    assert!(site.output("city/index.html").contains("3 مقالات"));
    assert!(site.output("tags/index.html").contains("<h1>الوسوم</h1>"));
    assert!(
        site.output("archive/2024/07/index.html")
            .contains("<h1>يوليو 2024</h1>")
    );
    assert!(site.output("404.html").contains("الصفحة غير موجودة"));
    // Nothing that a reader sees is left in English.
    for file in [
        "index.html",
        "city/story-2/index.html",
        "tags/index.html",
        "archive/index.html",
        "404.html",
    ] {
        let page = site.output(file);
        let body = page.split("<body").nth(1).unwrap();
        for word in [
            "Newer", "Older", "Archive", "Tags", "Related", "Skip", "Page ", "feed<", "min read",
        ] {
            assert!(!body.contains(&format!(">{word}")), "{file}: {word}");
        }
    }
}

#[test]
fn an_article_in_another_language_has_its_dates_and_words() {
    let site = Site::new([("pressroom.yaml", "language: en\n")]);
    site.write(
        "content/news/eins.md",
        article(
            "Eins",
            "date: 2024-03-01\nlang: de\nauthors: [Ada, Bo]\n",
            "Text.",
        ),
    );
    site.write(
        "content/news/two.md",
        article("Two", "date: 2024-03-02\n", "Text."),
    );
    run(&mut site.command(["build"])).ok();
    let german = site.output("news/eins/index.html");
    assert!(
        german.contains("1. März 2024") && german.contains("Min. Lesezeit"),
        "{german}"
    );
    assert!(german.contains(">Ada</a> und <a"), "{german}");
    // What belongs to the site stays in its language.
    assert!(german.contains(">Archive</a>"));
    assert!(site.output("news/two/index.html").contains("2 March 2024"));
}

#[test]
fn a_site_says_it_in_its_own_words() {
    let site = Site::new([
        ("pressroom.yaml", "language: sv\n"),
        (
            "i18n/sv.yaml",
            "tags: Ämnen\narticles: {one: '{count} artikel', other: '{count} artiklar'}\n",
        ),
    ]);
    site.write(
        "content/news/ett.md",
        article("Ett", "date: 2024-03-01\ntags: [hav]\n", "Text."),
    );
    let told = run(&mut site.command(["build"])).ok().stderr;
    assert!(!told.contains("texts-missing"), "{told}");
    assert!(site.output("tags/index.html").contains("<h1>Ämnen</h1>"));
    assert!(site.output("tags/hav/index.html").contains("1 artikel"));
    assert!(site.output("news/ett/index.html").contains("1 mars 2024"));
    // What it leaves out is there in English.
    assert!(
        site.output("archive/index.html")
            .contains("<h1>Archive</h1>")
    );
}

#[test]
fn a_theme_on_top_of_another_speaks_its_languages() {
    let site = Site::new([("pressroom.yaml", "language: de\ntheme: journal\n")]);
    site.write(
        "content/news/eins.md",
        article("Eins", "date: 2024-03-01\ntags: [meer]\n", "Text."),
    );
    run(&mut site.command(["build"])).ok();
    let home = site.output("index.html");
    assert!(home.contains(">Schlagwörter</h2>"), "{home}");
}
