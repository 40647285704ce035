//! The manual names everything that there is to know of, and nothing that is not there.
//!
//! What there is, the program says itself: asked for a key or a value that it does not have, it
//! answers with those that it has.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use pressroom::config::FIELDS;
use pressroom::diagnostics::{Code, Severity};
use serde_json::Value;

use super::samples::NOW;
use super::support::{Site, ends_in, pressroom, run};

/// A name that nothing has, and that is like none.
const NONE: &str = "zzzzzzzz";

fn page(path: &str) -> String {
    fs::read_to_string(format!("content/{path}.md")).expect(path)
}

/// What stands under a heading, up to the next one of its level; all of a page under none.
fn section<'a>(page: &'a str, heading: &str) -> &'a str {
    if heading.is_empty() {
        return page;
    }
    let level = heading.split(' ').next().expect("hashes");
    let (_, after) = page
        .split_once(&format!("\n{heading}\n"))
        .unwrap_or_else(|| panic!("no heading `{heading}`"));
    let next = format!("\n{level} ");
    after.split(&next).next().expect("a first part")
}

/// The names between backquotes in a text.
fn quoted(text: &str) -> BTreeSet<String> {
    let words = text.split('`').skip(1).step_by(2);
    words.map(str::to_owned).collect()
}

/// The names in the first column of the tables in a text.
fn first_column(text: &str) -> BTreeSet<String> {
    let rows = text
        .lines()
        .filter_map(|line| line.trim().strip_prefix("| "));
    rows.flat_map(|row| quoted(row.split(" | ").next().expect("a first cell")))
        .collect()
}

/// The terms of the definition lists in a text.
fn terms(text: &str) -> BTreeSet<String> {
    let lines: Vec<&str> = text.lines().collect();
    let defined = lines.windows(2).filter(|two| two[1].starts_with(": "));
    defined.flat_map(|two| quoted(two[0])).collect()
}

fn set<'a>(names: impl IntoIterator<Item = &'a str>) -> BTreeSet<String> {
    names.into_iter().map(str::to_owned).collect()
}

/// What the program says that could have been written in the place of [`NONE`] in a file.
#[track_caller]
fn instead_of_none(path: &str, text: &str) -> BTreeSet<String> {
    let site = Site::new([
        ("content/news/fares.md", "# Fares rise\n"),
        ("themes/own/theme.yaml", "name: own\nparent: broadsheet\n"),
        (path, text),
    ]);
    if path.starts_with("themes/") {
        site.write("pressroom.yaml", "theme: own\n");
    }
    let told = site.build(&["--format", "json"]).failed().stderr;
    let hints = told.lines().filter_map(|line| {
        let told: Value = serde_json::from_str(line).expect("an object");
        let is_asked = told["message"].as_str()?.contains(NONE);
        is_asked.then(|| told["hint"].as_str().map(str::to_owned))?
    });
    let hint = hints.collect::<String>();
    let hint = hint.split("; one link has").next().expect("a part");
    let (_, names) = [" keys are ", " settings are ", "write "]
        .iter()
        .find_map(|before| hint.split_once(before))
        .or_else(|| Some(("", hint.strip_prefix("write ")?)))
        .unwrap_or_else(|| panic!("{path}, {text}: {told}"));
    let names = names.replace(" and ", ", ").replace(" or ", ", ");
    set(names.split(", "))
}

/// The front matter of each article, by its file.
fn articles() -> Vec<(String, Value)> {
    let files = walkdir::WalkDir::new("content").into_iter().flatten();
    let files = files.map(|file| file.path().display().to_string());
    let articles = files.filter(|path| ends_in(path, "md") && !path.ends_with("/_index.md"));
    let articles = articles.map(|path| {
        let text = fs::read_to_string(&path).expect("an article");
        let front_matter = text.split("---\n").nth(1).expect("front matter");
        let front_matter = serde_yaml::from_str(front_matter).expect("YAML");
        (path, front_matter)
    });
    articles.collect()
}

#[test]
fn articles_of_the_manual_are_dated_signed_pinned_and_tagged_with_shared_tags() {
    let described = |file: &str| -> Value {
        serde_yaml::from_str(&fs::read_to_string(file).expect(file)).expect("YAML")
    };
    let authors = described("data/authors.yaml");
    let tags = described("data/tags.yaml");
    let mut uses: BTreeMap<String, usize> = BTreeMap::new();
    let articles = articles();
    assert!(articles.len() > 20, "{}", articles.len());
    for (path, front_matter) in articles {
        for key in ["title", "date", "summary", "authors", "tags", "related"] {
            assert!(!front_matter[key].is_null(), "{path} has no {key}");
        }
        let list = |key: &str| match &front_matter[key] {
            Value::Array(list) => list.clone(),
            one => vec![one.clone()],
        };
        for author in list("authors") {
            let author = author.as_str().expect("a key");
            assert!(!authors[author]["bio"].is_null(), "{path}: {author}");
        }
        for tag in list("tags") {
            let tag = tag.as_str().expect("a tag").replace(' ', "-");
            assert!(!tags[&tag]["description"].is_null(), "{path}: {tag}");
            *uses.entry(tag).or_default() += 1;
        }
    }
    let described = tags.as_object().expect("a mapping").keys();
    assert_eq!(
        set(described.map(String::as_str)),
        uses.keys().cloned().collect()
    );
    let alone: Vec<_> = uses.iter().filter(|(_, uses)| **uses < 2).collect();
    assert!(alone.is_empty(), "tags of a single article: {alone:?}");
}

#[test]
fn the_manual_has_every_code_and_no_other() {
    let page = ["", "-of-texts", "-of-themes-and-output", "-of-checks"]
        .map(|rest| page(&format!("reference/diagnostics{rest}")))
        .concat();
    let headings = page.lines().filter_map(|line| line.strip_prefix("### "));
    let codes = set(Code::ALL.iter().map(|code| code.as_str()));
    assert_eq!(set(headings), codes);
    for code in Code::ALL {
        let section = section(&page, &format!("### {}", code.as_str()));
        let severity = code.severity().as_str();
        let sample = format!("\n```console\n{severity}[{}]: ", code.as_str());
        assert!(section.contains(&sample), "{code:?} has no example");
        let is_told = match code.severity() {
            Severity::Error => !["Warning", "Note"]
                .iter()
                .any(|word| section.trim_start().starts_with(word)),
            Severity::Warning => section.trim_start().starts_with("Warning"),
            Severity::Note => section.trim_start().starts_with("Note"),
        };
        assert!(is_told, "{code:?} does not begin with its severity");
    }
}

#[test]
fn the_manual_has_every_key_and_no_other() {
    let configuration = page("reference/configuration");
    assert_eq!(
        terms(&configuration),
        instead_of_none("pressroom.yaml", &format!("{NONE}: 1\n"))
    );
    let front_matter = page("reference/front-matter");
    assert_eq!(
        first_column(section(&front_matter, "## The keys")),
        set(FIELDS.iter().copied())
    );
    let themes = page("reference/theme-yaml");
    let comments = page("guides/comments-and-newsletter");
    let data = page("guides/tags-authors-and-data");
    let own = "themes/own/theme.yaml";
    for (documented, path, text) in [
        (
            first_column(section(&configuration, "## Addresses and listings")),
            "pressroom.yaml",
            "related: {zzzzzzzz: 1}",
        ),
        (
            first_column(section(&front_matter, "## Related")),
            "content/news/pinned.md",
            "---\nrelated: {zzzzzzzz: 1}\n---\n",
        ),
        (
            first_column(section(&themes, "## The keys")),
            own,
            "zzzzzzzz: 1",
        ),
        (
            first_column(section(&themes, "## Settings")),
            own,
            "params: {edition: {zzzzzzzz: 1}}",
        ),
        (
            first_column(section(&themes, "## Types")),
            own,
            "params: {edition: {type: zzzzzzzz}}",
        ),
        (
            terms(section(&comments, "## Comments beside an article")),
            "content/news/fares.comments.yaml",
            "- {zzzzzzzz: 1}",
        ),
        (
            terms(section(&data, "## Authors")),
            "data/authors.yaml",
            "ada: {zzzzzzzz: 1}",
        ),
        (
            terms(section(&data, "## One tag, several spellings")),
            "data/tags.yaml",
            "trams: {zzzzzzzz: 1}",
        ),
    ] {
        assert_eq!(documented, instead_of_none(path, text), "{path}: {text}");
    }
}

#[test]
fn the_manual_has_what_is_inside_of_a_key_where_the_key_is() {
    let configuration = page("reference/configuration");
    let front_matter = page("reference/front-matter");
    let image = front_matter
        .lines()
        .find(|line| line.starts_with("| `image` |"));
    let image = quoted(image.expect("a row for image"));
    let embeds = front_matter
        .lines()
        .find(|line| line.starts_with("| `embeds` |"));
    let embeds = quoted(embeds.expect("a row for embeds"));
    for (documented, path, text) in [
        (
            "front_matter_duplicates",
            "pressroom.yaml",
            "front_matter_duplicates: zzzzzzzz",
        ),
        ("listing", "pressroom.yaml", "listing: {zzzzzzzz: 1}"),
        (
            "listing",
            "pressroom.yaml",
            "listing: {pagination: zzzzzzzz}",
        ),
        (
            "related",
            "pressroom.yaml",
            "related: {sections: {news: {zzzzzzzz: 1}}}",
        ),
        ("feeds", "pressroom.yaml", "feeds: {zzzzzzzz: 1}"),
        ("feeds", "pressroom.yaml", "feeds: {formats: [zzzzzzzz]}"),
        ("newsletter", "pressroom.yaml", "newsletter: {zzzzzzzz: 1}"),
        ("comments", "pressroom.yaml", "comments: zzzzzzzz"),
        ("links", "pressroom.yaml", "links: zzzzzzzz"),
        ("html", "pressroom.yaml", "html: zzzzzzzz"),
        ("components", "pressroom.yaml", "components: zzzzzzzz"),
        ("minify", "pressroom.yaml", "minify: {zzzzzzzz: true}"),
        (
            "image",
            "content/news/pictured.md",
            "---\nimage: {zzzzzzzz: 1}\n---\n",
        ),
        (
            "embeds",
            "content/news/embedding.md",
            "---\nembeds: {zzzzzzzz: 1}\n---\n",
        ),
    ] {
        let told = if documented == "image" {
            image.clone()
        } else if documented == "embeds" {
            embeds.clone()
        } else {
            let (_, after) = configuration
                .split_once(&format!("\n`{documented}`\n: "))
                .expect(documented);
            quoted(after.split("\n`").next().expect("a definition"))
        };
        let missing: Vec<String> = instead_of_none(path, text)
            .difference(&told)
            .cloned()
            .collect();
        assert!(missing.is_empty(), "{documented} is without {missing:?}");
    }
}

#[test]
fn the_manual_has_the_settings_of_the_themes_and_their_defaults() {
    let guide = page("guides/themes-and-templates");
    let table = section(&guide, "## Settings");
    for (column, theme) in [(1, "broadsheet"), (2, "journal")] {
        let asked = format!("theme: {theme}\nparams: {{{NONE}: 1}}\n");
        let settings = instead_of_none("pressroom.yaml", &asked);
        assert_eq!(first_column(table), settings, "{theme}");
        for setting in settings {
            let row = table
                .lines()
                .find(|line| line.starts_with(&format!("| `{setting}` |")))
                .expect("the table has it");
            let told = row.split('|').nth(column + 1).expect("a cell").trim();
            let told: Value = serde_yaml::from_str(told.trim_matches('`')).expect("YAML");
            assert_eq!(told, default_of(theme, &setting), "{setting} of {theme}");
        }
    }
}

/// The default of a setting, in a theme's theme.yaml or in that of broadsheet below it.
fn default_of(theme: &str, setting: &str) -> Value {
    let found = [theme, "broadsheet"].iter().find_map(|theme| {
        let text = fs::read_to_string(format!("themes/{theme}/theme.yaml")).expect("a theme");
        let manifest: Value = serde_yaml::from_str(&text).expect("YAML");
        manifest["params"].get(setting).cloned()
    });
    found.expect("a theme that declares it")["default"].clone()
}

#[test]
fn the_manual_has_the_blocks_and_components_of_broadsheet() {
    let guide = page("guides/themes-and-templates");
    let guide = section(&guide, "## Changing one template");
    let (blocks, components) = guide.split_once("\nThe components").expect("two tables");
    let of_files = fs::read_dir("themes/broadsheet/templates/components").expect("components");
    let of_files = of_files.flatten().map(|entry| entry.file_name());
    let of_files = of_files.map(|name| name.to_string_lossy().replace(".html", ""));
    assert_eq!(first_column(components), of_files.collect());
    for template in ["base.html", "article.html", "listing.html"] {
        let source = fs::read_to_string(format!("themes/broadsheet/templates/{template}"));
        let source = source.expect("a template");
        let has = source.split(" block ").skip(1);
        let has = set(has.filter_map(|after| after.split_whitespace().next()));
        let row = blocks
            .lines()
            .find(|line| line.starts_with(&format!("| `{template}`")))
            .expect("a row of the table");
        let told = quoted(row.rsplit(" | ").next().expect("a last cell"));
        assert_eq!(told, has, "{template}");
    }
}

/// What `--help` lists under a heading: the first words of its lines.
fn listed(help: &str, heading: &str) -> Vec<String> {
    let (_, after) = help
        .split_once(&format!("\n{heading}:\n"))
        .unwrap_or_default();
    let lines = after
        .lines()
        .take_while(|line| line.is_empty() || line.starts_with(' '));
    let depth = after.len() - after.trim_start().len();
    let names = lines.filter(|line| line.len() - line.trim_start().len() <= depth);
    let words = names.filter_map(|line| line.split_whitespace().next());
    words.map(str::to_owned).collect()
}

/// The options that `--help` lists.
fn options(help: &str) -> BTreeSet<String> {
    let words = help
        .lines()
        .filter(|line| line.trim_start().starts_with('-'));
    let words = words.flat_map(|line| line.split([' ', ',']));
    set(words.filter(|word| word.starts_with("--") && word.len() > 2))
}

fn help(of: &[&str]) -> String {
    run(pressroom().args(of).arg("--help")).ok().stdout
}

fn commands(of: &[&str]) -> BTreeSet<String> {
    let mut commands = set(listed(&help(of), "Commands").iter().map(String::as_str));
    commands.remove("help");
    commands
}

/// The options that a text names.
fn named_options(text: &str) -> BTreeSet<String> {
    let words = text.split(|letter: char| !letter.is_ascii_lowercase() && letter != '-');
    set(words.filter(|word| word.starts_with("--") && word.len() > 2 && !word.ends_with('-')))
}

#[test]
fn the_manual_has_every_command_and_option_and_no_other() {
    let page = page("reference/command-line");
    let all = commands(&[]);
    assert_eq!(
        first_column(page.split("\n## ").next().expect("a top")),
        all
    );
    let global = set(["--help", "--version", "--format", "--root"]);
    for command in &all {
        let section = section(&page, &format!("## {command}"));
        let mut has = options(&help(&[command]));
        for sub in commands(&[command]) {
            assert!(
                section.contains(&format!("`pressroom {command} {sub}")),
                "{command} {sub}"
            );
            has.extend(options(&help(&[command, &sub])));
        }
        let prose: String = section.split("```").step_by(2).collect();
        let told = named_options(&prose);
        assert_eq!(&told - &global, &has - &global, "{command}");
    }
    assert!(global.is_subset(&named_options(&page)), "{global:?}");
}

#[test]
fn the_manual_has_the_kinds_of_objects_that_programs_read() {
    let page = page("reference/for-programs");
    let programs = section(&page, "## Lines of JSON");
    let mut events = BTreeSet::new();
    for (_, source) in super::support::tree(std::path::Path::new("src/cli")) {
        let source = String::from_utf8(source).expect("UTF-8");
        let named = source.split("\"event\": \"").skip(1);
        events.extend(named.filter_map(|after| Some(after.split_once('"')?.0.to_owned())));
    }
    assert!(
        events.contains("built"),
        "the sources are written in another way"
    );
    let missing: Vec<_> = events.difference(&quoted(programs)).cloned().collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn the_manual_has_every_function_and_filter_and_no_other() {
    let source = [
        include_str!("../../src/render/functions.rs"),
        include_str!("../../src/render/fragments.rs"),
    ];
    // Their tests have functions of their own.
    let source = source.map(|text| text.split("\n#[cfg(test)]").next().expect("a first part"));
    let source = source.concat();
    let registered = |how: &str| {
        let calls = source.split(how).skip(1);
        let names = calls.filter_map(|after| after.split('"').nth(1));
        set(names)
    };
    let functions = registered("register_function(");
    let filters = registered("register_filter(");
    assert!(functions.contains("asset") && filters.contains("date"));

    let page = page("reference/template-functions");
    let table = first_column(section(&page, "## Functions and filters"));
    let (mut told_functions, mut told_filters) = (BTreeSet::new(), BTreeSet::new());
    for call in table {
        let name = |text: &str| text.split('(').next().unwrap_or_default().trim().to_owned();
        match call.split_once("\\|") {
            Some((_, filter)) => told_filters.insert(name(filter)),
            None => told_functions.insert(name(&call)),
        };
    }
    assert_eq!(told_functions, functions);
    assert_eq!(told_filters, filters);
}

#[test]
fn the_manual_says_which_version_its_contract_with_themes_is() {
    let version = env!("CARGO_PKG_VERSION");
    let (minor, _) = version.rsplit_once('.').expect("three numbers");
    let page = page("reference/template-context");
    let promise = section(&page, "## The contract");
    assert!(promise.contains(&format!("version {minor} of the contract")));
    assert!(promise.contains(&format!("pressroom: \">={minor}")));
}

/// The rows of the tables in a text: cells, each with what it has between backquotes.
fn rows(text: &str) -> Vec<Vec<String>> {
    let rows = text.lines().filter_map(|line| line.strip_prefix("| "));
    let rows = rows.map(|row| row.trim_end_matches(" |").split(" | "));
    let rows = rows.map(|cells| cells.map(str::to_owned).collect::<Vec<_>>());
    rows.filter(|row| row[0].starts_with('`')).collect()
}

fn in_backquotes(cell: &str) -> Vec<String> {
    let words = cell.split('`').skip(1).step_by(2);
    words.map(str::to_owned).collect()
}

/// What `pressroom list all` says of each file of a site: a value of its JSON.
fn told_of_files(site: &Site, key: &str) -> BTreeMap<String, String> {
    let mut list = site.command(["list", "all", "--format", "json"]);
    let lines = run(list.env("SOURCE_DATE_EPOCH", NOW)).ok().json();
    let text = |line: &Value, key: &str| line[key].as_str().unwrap_or_default().to_owned();
    let told = lines
        .iter()
        .map(|line| (text(line, "file"), text(line, key)));
    told.collect()
}

#[test]
fn addresses_are_made_as_the_manual_says() {
    let page = page("reference/urls-and-permalinks");
    let patterns = section(&page, "## Patterns");
    let config = patterns.split("```").nth(1).expect("a sample");
    let site = Site::new([("pressroom.yaml", config.trim_start_matches("yaml"))]);
    let mut expected = BTreeMap::new();
    for row in rows(patterns) {
        let [file, key @ ..] = &in_backquotes(&row[0])[..] else {
            panic!("{row:?}");
        };
        site.write(file, format!("---\ntitle: A\n{}\n---\n", key.join("\n")));
        expected.insert(file.clone(), in_backquotes(&row[1])[0].clone());
    }
    assert!(expected.len() > 5);
    assert_eq!(told_of_files(&site, "url"), expected);
}

#[test]
fn dates_are_understood_as_the_manual_says() {
    let page = page("reference/front-matter");
    let dates = section(&page, "## Dates");
    let site = Site::new([("pressroom.yaml", "timezone: Europe/London\n")]);
    let (mut expected, mut refused) = (BTreeMap::new(), 0);
    for (nth, row) in rows(dates).into_iter().enumerate() {
        let written = &in_backquotes(&row[0])[0];
        let text = format!("---\ntitle: A\ndate: {written}\n---\n");
        if row[1].starts_with("2026-") {
            let file = format!("content/news/{nth}.md");
            site.write(&file, &text);
            expected.insert(file, row[1].clone());
        } else {
            let site = Site::new([("content/news/a.md", text.as_str())]);
            let told = site.build(&[]).failed().stderr;
            let mut said = row[1].split(": ");
            let is_told = !row[1].is_empty() && said.all(|part| told.contains(part));
            assert!(is_told, "{row:?}: {told}");
            refused += 1;
        }
    }
    assert!(expected.len() > 10 && refused > 5);
    assert_eq!(told_of_files(&site, "moment"), expected);
}
