//! Themes that are looked at, checked and taken apart, and the one for journals.

use super::gazette;
use super::support::Site;
use super::support::host::Host;

fn with_theme(theme: &str) -> Site {
    let site = gazette();
    let config = site.read("pressroom.yaml");
    site.write("pressroom.yaml", format!("{config}theme: {theme}\n"));
    site
}

#[test]
fn the_list_of_themes_says_which_one_the_site_uses() {
    let site = with_theme("tabloid");
    site.write(
        "themes/tabloid/theme.yaml",
        "name: tabloid\nversion: 2.0\ndescription: Louder.\nparent: journal\n",
    );
    let run = site.run(["theme", "list"]).silent();
    let lines: Vec<&str> = run.stdout.lines().collect();
    assert_eq!(lines.len(), 3, "{}", run.stdout);
    assert!(lines[0].starts_with("broadsheet  0.1.0  built in "));
    assert!(lines[1].contains("built in, on top of broadsheet"));
    assert!(lines[2].starts_with("tabloid     2.0    in use, on top of journal"));
    assert!(lines[2].ends_with("  Louder."));
    let json = site.run(["theme", "list", "--format", "json"]).silent();
    let expected = serde_json::json!({
        "name": "tabloid", "version": "2.0", "parent": "journal", "description": "Louder.",
        "built_in": false, "in_use": true,
    });
    assert_eq!(json.json()[2], expected);
}

#[test]
fn the_themes_of_the_program_have_no_faults() {
    let site = gazette();
    for theme in ["broadsheet", "journal"] {
        let run = site.run(["theme", "check", theme]).silent();
        let expected = format!("Checked the theme {theme}: 0 errors, 0 warnings\n");
        assert_eq!(run.stdout, expected);
    }
}

#[test]
fn an_ejected_file_changes_nothing_until_it_is_edited() {
    let site = with_theme("journal");
    site.build(&[]).silent();
    let before = site.output("index.html");
    for (name, path) in [
        ("base.html", "templates/base.html"),
        ("components/card.html", "templates/components/card.html"),
        ("templates/404.html", "templates/404.html"),
    ] {
        let run = site.run(["theme", "eject", name]).silent();
        assert!(run.stdout.starts_with(&format!("Wrote {path}, ")));
    }
    site.build(&[]).silent();
    assert_eq!(site.output("index.html"), before);
    let card = site.read("templates/components/card.html");
    site.write(
        "templates/components/card.html",
        card.replace("class=\"card\"", "class=\"card ours\""),
    );
    site.build(&[]).silent();
    assert!(site.output("index.html").contains("class=\"card ours\""));
}

#[test]
fn an_ejected_style_sheet_takes_the_place_of_the_theme_s() {
    let site = with_theme("journal");
    let run = site.run(["theme", "eject", "journal.css", "--format", "json"]);
    let expected = serde_json::json!({
        "event": "ejected", "file": "static/journal.css",
        "from": "themes/journal/static/journal.css",
    });
    assert_eq!(run.silent().json(), [expected]);
    site.build(&[]).silent();
    assert!(site.output("index.html").contains("href=\"/journal.css\""));
    let mine = "p { color: teal }\n";
    site.write("static/journal.css", mine);
    site.run(["theme", "eject", "journal.css"]).failed();
    assert_eq!(site.read("static/journal.css"), mine);
}

#[cfg(unix)]
#[test]
fn nothing_is_ejected_through_a_link_that_leads_out_of_the_site() {
    let site = with_theme("journal");
    let outside = site.beside("outside");
    std::fs::create_dir_all(&outside).unwrap();
    std::os::unix::fs::symlink(&outside, site.path("templates")).unwrap();
    let run = site.run(["theme", "eject", "base.html"]).failed();
    assert!(run.stderr.contains("[link-outside]"), "{}", run.stderr);
    assert_eq!(std::fs::read_dir(&outside).unwrap().count(), 0);
}

#[test]
fn a_journal_is_one_column_in_which_every_link_leads_somewhere() {
    let site = with_theme("journal");
    site.build(&[]).silent();
    let home = site.output("index.html");
    assert!(home.contains("class=\"stories entries\"") && !home.contains("class=\"columns\""));
    assert!(home.contains("palette-forest") && home.contains("/assets/journal."));
    let article = site.output("news/budget/index.html");
    assert!(article.contains("/assets/journal.") && !article.contains("class=\"share\""));
    let config = site.read("pressroom.yaml");
    let base = config
        .lines()
        .find_map(|line| line.strip_prefix("base_url: "))
        .unwrap_or("https://example.org/");
    let host = Host::serve(&site.path("public"), base);
    assert_eq!(host.follow_every_link().1, [""; 0]);
}
