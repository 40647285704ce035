//! Style sheets, Sass, hashes and smaller files, as somebody with a theme of their own has them.

use super::gazette;
use super::support::host::Host;
use super::support::{Site, assert_same, ends_in};

/// The gazette in a theme of its own, on top of broadsheet.
fn themed(config: &str, files: &[(&str, &str)]) -> Site {
    let site = gazette();
    let settings = site.read("pressroom.yaml");
    site.write("pressroom.yaml", format!("{settings}theme: own\n{config}"));
    site.write("themes/own/theme.yaml", "name: own\nparent: broadsheet\n");
    for (path, text) in files {
        site.write(&format!("themes/own/{path}"), text);
    }
    site
}

/// A template that adds something to every head.
fn head(html: &str) -> String {
    format!(
        "{{% extends \"broadsheet/base.html\" %}}\n{{% block extra_head %}}{html}{{% endblock %}}\n"
    )
}

const LINKED: &str = "<link rel=\"stylesheet\" href=\"{{ asset(path=\"css/site.css\") }}\">";

/// The path in the output of an asset that begins and ends so.
fn asset(site: &Site, begin: &str, end: &str) -> String {
    let outputs = site.outputs();
    let mut names = outputs
        .keys()
        .filter(|name| name.starts_with(begin) && name.ends_with(end));
    let name = names.next().expect(begin).to_owned();
    assert_eq!(names.next(), None);
    name
}

#[test]
fn sass_of_a_theme_is_linked_as_the_style_sheet_that_it_becomes() {
    let site = themed(
        "",
        &[
            ("templates/base.html", &head(LINKED)),
            (
                "static/css/site.scss",
                "@use 'colours';\n.masthead { h1 { color: colours.$red; background: url(a.svg); } }\n",
            ),
            ("static/css/_colours.scss", "$red: #c00;\n"),
            (
                "static/css/a.svg",
                "<svg xmlns=\"http://www.w3.org/2000/svg\"/>",
            ),
        ],
    );
    site.build(&[]).silent();
    let sheet = asset(&site, "assets/css/site.", ".css");
    let picture = asset(&site, "assets/css/a.", ".svg");
    assert_eq!(
        site.output(&sheet),
        format!(
            ".masthead h1 {{\n  color: #c00;\n  background: url(\"{}\");\n}}\n",
            &picture["assets/css/".len()..]
        )
    );
    assert!(
        site.output("index.html")
            .contains(&format!("href=\"/{sheet}\""))
    );
    assert!(site.outputs().keys().all(|name| !name.contains("colours")));
    let host = Host::serve(&site.path("public"), "https://gazette.example/");
    assert_eq!(host.follow_every_link().1, [""; 0]);
}

#[test]
fn a_partial_that_changes_changes_what_uses_it_and_nothing_else() {
    let site = themed(
        "",
        &[
            (
                "static/css/site.scss",
                "@use 'colours';\na { color: colours.$red; }\n",
            ),
            ("static/css/_colours.scss", "$red: red;\n"),
        ],
    );
    // In one article alone.
    site.write(
        "themes/own/templates/vote.html",
        format!(
            "{{% extends \"article.html\" %}}\n{{% block extra_head %}}{LINKED}{{% endblock %}}\n"
        ),
    );
    let vote = site.read("content/news/vote.md");
    site.write(
        "content/news/vote.md",
        vote.replacen("---\n", "---\ntemplate: vote\n", 1),
    );
    site.build(&[]).silent();
    site.write("themes/own/static/css/_colours.scss", "$red: brown;\n");
    let sheet = asset(&site, "assets/css/site.", ".css");
    let changes = site.changes();
    let new = asset(&site, "assets/css/site.", ".css");
    assert_ne!(sheet, new);
    let mut expected = vec![new, sheet, "news/vote/index.html".to_owned()];
    expected.sort();
    let mut told: Vec<String> = changes
        .iter()
        .map(|line| line.rsplit(' ').next().unwrap().to_owned())
        .collect();
    told.sort();
    assert_eq!(told, expected, "{changes:?}");
    let after = site.outputs();
    site.remove("public");
    site.remove(".pressroom");
    site.build(&[]).silent();
    assert_same(&after, &site.outputs());
}

#[test]
fn sass_of_the_site_s_own_static_is_copied_as_it_is() {
    let site = gazette();
    site.write("static/vendor/theme.scss", "a { @include nothing; }\n");
    site.write("static/vendor/_part.scss", "$a: 1;\n");
    site.build(&[]).silent();
    assert_eq!(
        site.output("vendor/theme.scss"),
        "a { @include nothing; }\n"
    );
    assert!(site.has_output("vendor/_part.scss"));
}

#[test]
fn a_component_s_sheet_may_be_sass() {
    let site = themed(
        "",
        &[
            (
                "templates/components/shout.html",
                "{% component shout(text) %}<b class=\"shout\">{{ text }}</b>{% endcomponent shout %}\n",
            ),
            (
                "static/components/shout.scss",
                ".shout { b { color: red } }\n",
            ),
        ],
    );
    site.append("content/news/vote.md", "\n{{<shout text=\"Now\" />}}\n");
    site.build(&[]).silent();
    assert!(
        site.output("news/vote/index.html")
            .contains("href=\"/assets/components/shout.")
    );
    assert!(
        !site
            .output("news/budget/index.html")
            .contains("components/shout.")
    );
    let run = site.run(["theme", "check"]).silent();
    assert_eq!(run.stdout, "Checked the theme own: 0 errors, 0 warnings\n");
}

#[test]
fn a_smaller_site_says_the_same() {
    let plain = gazette();
    plain.build(&[]).silent();
    let small = gazette();
    let settings = small.read("pressroom.yaml");
    small.write("pressroom.yaml", format!("{settings}minify: true\n"));
    small.build(&[]).silent();
    let (before, after) = (plain.outputs(), small.outputs());
    let is_sheet = |name: &str| name.starts_with("assets/") && ends_in(name, "css");
    let names = |tree: &super::support::Tree| -> Vec<String> {
        tree.keys()
            .filter(|name| !is_sheet(name))
            .cloned()
            .collect()
    };
    assert_eq!(names(&before), names(&after));
    for (name, page) in before.iter().filter(|(name, _)| ends_in(name, "html")) {
        let (page, small) = (
            String::from_utf8_lossy(page),
            String::from_utf8_lossy(&after[name]),
        );
        assert!(small.len() < page.len(), "{name}");
        for same in [
            "<p",
            "</p>",
            "</li>",
            "</body>",
            "href=\"",
            "<pre",
            "application/ld+json",
        ] {
            assert_eq!(
                page.matches(same).count(),
                small.matches(same).count(),
                "{name}: {same}"
            );
        }
        let data = |page: &str| -> Vec<String> {
            let parts = page.split("application/ld+json").skip(1);
            parts
                .map(|part| part.split("</script>").next().unwrap().to_owned())
                .collect()
        };
        let without_hashes = |part: &String| part.len();
        assert_eq!(
            data(&page).iter().map(without_hashes).collect::<Vec<_>>(),
            data(&small).iter().map(without_hashes).collect::<Vec<_>>(),
            "{name}"
        );
    }
    let sizes = |tree: &super::support::Tree| -> usize {
        tree.iter()
            .filter(|(name, _)| is_sheet(name))
            .map(|(_, bytes)| bytes.len())
            .sum()
    };
    assert!(sizes(&after) * 10 < sizes(&before) * 9);
    let host = Host::serve(&small.path("public"), "https://gazette.example/");
    assert_eq!(host.follow_every_link().1, [""; 0]);
}

#[test]
fn a_site_is_made_smaller_in_parts_and_again_when_the_setting_changes() {
    let site = gazette();
    let settings = site.read("pressroom.yaml");
    site.build(&[]).silent();
    let plain = site.outputs();
    for setting in [
        "minify: {html: true}",
        "minify: {css: true}",
        "minify: true",
        "minify: no",
    ] {
        site.write("pressroom.yaml", format!("{settings}{setting}\n"));
        site.build(&[]).silent();
        let after = site.outputs();
        site.remove("public");
        site.build(&[]).silent();
        assert_same(&after, &site.outputs());
    }
    assert_same(&plain, &site.outputs());
}

#[test]
fn a_browser_can_check_the_bytes_that_are_published() {
    let tag = "<link href=\"{{ asset(path=\"css/site.css\") }}\" integrity=\"{{ integrity(path=\"css/site.css\") }}\">\
               <link href=\"{{ asset(path=\"hand.css\") }}\" integrity=\"{{ integrity(path=\"hand.css\") }}\">";
    let site = themed(
        "",
        &[
            ("templates/base.html", &head(tag)),
            ("static/css/site.scss", "a { color: red }\n"),
            ("static/hand.css", "theirs {}\n"),
        ],
    );
    site.write("static/hand.css", "alert('Hello, world.');");
    site.build(&[]).silent();
    let home = site.output("index.html");
    // `printf 'a {\n  color: red;\n}\n' | openssl dgst -sha384 -binary | base64`
    let sass = "sha384-wbyGeQpAlNKJVvlSGTJZHDzMoyLsoA6g4G0RgFpqT11Zas/0/OxvzpG93493TnSl";
    assert!(home.contains(&format!("integrity=\"{sass}\"")), "{home}");
    let hand = "sha384-H8BRh8j48O9oYatfu5AZzq6A9RINhZO5H16dQZngK7T62em8MUt1FLm52t+eX6xO";
    assert!(
        home.contains(&format!("href=\"/hand.css\" integrity=\"{hand}\"")),
        "{home}"
    );
    // The URL of the site's own file says nothing of its bytes, so the hash alone tells of them.
    site.write("static/hand.css", "alert('Hello, moon.');");
    site.build(&[]).silent();
    let home = site.output("index.html");
    assert!(!home.contains(hand) && home.contains(sass), "{home}");
    let after = site.outputs();
    site.remove("public");
    site.build(&[]).silent();
    assert_same(&after, &site.outputs());
}

#[test]
fn a_hash_of_what_is_not_there_stops_the_build() {
    let tag = "{{ integrity(path=\"css/sight.css\") }}";
    let site = themed("", &[("templates/base.html", &head(tag))]);
    let run = site.build(&[]).failed();
    assert!(
        run.stderr.contains("there is no file static/css/sight.css"),
        "{}",
        run.stderr
    );
}
