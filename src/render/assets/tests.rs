use super::*;
use crate::diagnostics::Diagnostic;

fn made_of(
    files: &[(&str, &'static str)],
    minified: bool,
) -> (BTreeMap<String, String>, Vec<Diagnostic>) {
    let mut diagnostics = Diagnostics::new();
    let mut statics = Statics::default();
    for (path, text) in files {
        let (theme, path) = path.split_once(':').unwrap_or(("own", path));
        let file = format!("themes/{theme}/static/{path}");
        statics.add(theme, path, file, text.as_bytes().into(), &mut diagnostics);
    }
    let made = assets(statics, minified, &mut diagnostics);
    let made = made.into_iter().map(|asset| {
        let text = String::from_utf8(asset.bytes.into_owned()).unwrap();
        (asset.path, text)
    });
    (made.collect(), diagnostics.into_iter().collect())
}

/// What is made of files of which nothing is to be said.
#[track_caller]
fn made(files: &[(&str, &'static str)]) -> BTreeMap<String, String> {
    let (made, diagnostics) = made_of(files, false);
    assert_eq!(diagnostics, []);
    made
}

/// One sheet of them.
#[track_caller]
fn sheet(path: &str, files: &[(&str, &'static str)]) -> String {
    made(files).remove(path).expect(path)
}

fn url(path: &str, text: &'static str) -> String {
    hashed_url(path, text.as_bytes()).as_str()["/assets/".len()..].to_owned()
}

#[test]
fn a_style_sheet_knows_the_new_names_of_its_fonts() {
    let css = sheet(
        "css/style.css",
        &[
            (
                "css/style.css",
                "a{src:url(../fonts/a.woff2?x#y)}b{src:url('b.png')}c{src:url(https://x/y.png)}",
            ),
            ("fonts/a.woff2", "font"),
        ],
    );
    let font = url("fonts/a.woff2", "font");
    assert_eq!(
        css,
        format!(
            "a{{src:url(\"../{font}?x#y\")}}b{{src:url('b.png')}}c{{src:url(https://x/y.png)}}"
        )
    );
}

#[test]
fn another_content_is_another_url() {
    assert_ne!(url("a.min.js", "one"), url("a.min.js", "two"));
    assert_eq!(url("a.min.js", "one"), url("a.min.js", "one"));
    assert!(
        url("a.min.js", "one").starts_with("a.") && url("a.min.js", "one").ends_with(".min.js")
    );
}

#[test]
fn a_sheet_that_imports_nothing_stays_as_it_is() {
    let css =
        "@charset \"UTF-8\";\n/* a */\np{*zoom:1;filter:progid:X(a=1)}\n\n@import url(late.css);";
    assert_eq!(sheet("a.css", &[("a.css", css)]), css);
}

#[test]
fn an_imported_sheet_stands_where_it_was_asked_for() {
    let css = sheet(
        "css/site.css",
        &[
            (
                "css/site.css",
                "/* site */\n@import \"parts/a.css\";\n\np { *zoom: 1 }\n",
            ),
            (
                "css/parts/a.css",
                "@charset \"utf-8\";\n@import url(b.css);\na { b: url(x.png) url(nowhere.png) }\n",
            ),
            ("css/parts/b.css", "/* b */ b {}\n"),
            ("css/parts/x.png", "x"),
        ],
    );
    let picture = url("css/parts/x.png", "x").replace("css/", "");
    assert_eq!(
        css,
        format!(
            "/* site */\n/* b */ b {{}}\na {{ b: url(\"{picture}\") url(\"parts/nowhere.png\") }}\n\np {{ *zoom: 1 }}\n"
        )
    );
}

#[test]
fn an_imported_sheet_keeps_what_it_depends_on() {
    let with = |import: &'static str| sheet("a.css", &[("a.css", import), ("b.css", "b {}\n")]);
    assert_eq!(with("@import 'b.css' print;"), "@media print {\nb {}\n}");
    assert_eq!(
        with("@import url(b.css) layer(x.y) supports(display: grid) screen and (width > 10em);"),
        "@media screen and (width > 10em) {\n@supports (display: grid) {\n@layer x.y {\nb {}\n}\n}\n}"
    );
    assert_eq!(
        with("@layer z;\n@import 'b.css' layer;"),
        "@layer z;\n@layer {\nb {}\n}"
    );
}

#[test]
fn no_import_comes_after_a_rule() {
    // What comes from elsewhere can only be imported, and what is imported before it stays before.
    let files = [
        (
            "a.css",
            "@import 'b.css';\n@import 'https://x/y.css';\n@import 'c.css' print;\n@import 'd.css';\n",
        ),
        ("b.css", "b {}"),
        ("c.css", "@import '//x/z.css'; c {}"),
        ("d.css", "d {}"),
    ];
    let (b, c) = (url("b.css", "b {}"), url("c.css", files[2].1));
    assert_eq!(
        sheet("a.css", &files),
        format!("@import \"{b}\";\n@import 'https://x/y.css';\n@import \"{c}\" print;\nd {{}}\n")
    );
}

#[test]
fn a_sheet_that_is_not_closed_or_has_a_namespace_is_linked() {
    for other in ["b { c: d", "b {} }", "/* b", "@namespace url(x); b {}"] {
        let css = sheet(
            "css/a.css",
            &[("css/a.css", "@import '../b.css';"), ("b.css", other)],
        );
        assert_eq!(css, format!("@import \"../{}\";", url("b.css", other)));
    }
}

#[test]
fn sheets_that_import_each_other_are_told_of_and_end() {
    let (made, told) = made_of(
        &[
            ("a.css", "@import 'b.css'; a {}"),
            ("b.css", "@import 'a.css'; b {}"),
        ],
        false,
    );
    assert_eq!(made["a.css"], " b {} a {}");
    assert!(
        told.iter()
            .all(|told| told.message.ends_with("imports itself"))
    );
    // Each twice what the one before is: they end as links.
    let names: Vec<String> = (0..40).map(|n| format!("{n}.css")).collect();
    let texts: Vec<String> = (1..=40)
        .map(|n| format!("@import '{n}.css';@import '{n}.css';p {{ color: red }}"))
        .collect();
    let mut diagnostics = Diagnostics::new();
    let mut statics = Statics::default();
    for (name, text) in names.iter().zip(texts) {
        let bytes = text.into_bytes().into();
        statics.add("own", name, name.clone(), bytes, &mut diagnostics);
    }
    let made = assets(statics, false, &mut diagnostics);
    assert!(made.iter().all(|asset| asset.bytes.len() < 9 * 1024 * 1024));
}

#[test]
fn sass_becomes_css_and_its_partials_are_not_published() {
    let made = made(&[
        (
            "css/site.scss",
            "@use 'colours';\na { b { color: colours.$red; } }\n",
        ),
        ("css/_colours.scss", "$red: #f00;\n"),
        (
            "css/lines.sass",
            "@use 'colours'\nhr\n  color: colours.$red\n",
        ),
    ]);
    assert_eq!(made["css/site.css"], "a b {\n  color: #f00;\n}\n");
    assert_eq!(made["css/lines.css"], "hr {\n  color: #f00;\n}\n");
    assert_eq!(made.len(), 2);
}

#[test]
fn a_theme_s_partial_takes_the_place_of_its_parent_s_and_can_use_it() {
    let css = sheet(
        "site.css",
        &[
            (
                "own:_colours.scss",
                "@forward 'gazette/colours' show $blue;\n$red: brown;\n",
            ),
            ("gazette:_colours.scss", "$red: red;\n$blue: blue;\n"),
            (
                "gazette:site.scss",
                "@use 'colours';\na { b: colours.$red colours.$blue; }\n",
            ),
        ],
    );
    assert_eq!(css, "a {\n  b: brown blue;\n}\n");
}

#[test]
fn a_theme_s_sheet_takes_the_place_of_its_parent_s_in_either_language() {
    let files = [("own:a.css", "own {}"), ("gazette:a.scss", "a { b: c }")];
    assert_eq!(sheet("a.css", &files), "own {}");
    let files = [("own:a.scss", "a { b: c }"), ("gazette:a.css", "theirs {}")];
    assert_eq!(sheet("a.css", &files), "a {\n  b: c;\n}\n");
}

#[test]
fn sass_reads_nothing_but_static() {
    for outside in [
        "../../../etc/passwd",
        "/etc/passwd",
        "../theme.yaml",
        "/proc/self/environ",
    ] {
        let text: &'static str = Box::leak(format!("@import '{outside}';").into_boxed_str());
        let (_, told) = made_of(&[("css/a.scss", text)], false);
        assert_eq!(
            told[0].message, "can't find stylesheet to import",
            "{outside}"
        );
    }
}

#[test]
fn sass_that_is_nested_too_deep_is_refused_before_it_is_read() {
    let deep: &'static str = Box::leak("a{".repeat(65).into_boxed_str());
    let (_, told) = made_of(&[("a.scss", deep)], false);
    assert_eq!(told[0].message, "rules are nested more than 64 deep");
    let deep: &'static str = Box::leak(["a{".repeat(64), "}".repeat(64)].concat().into_boxed_str());
    let (_, told) = made_of(&[("a.scss", deep)], true);
    assert_eq!(told, []);
}

#[test]
fn a_smaller_sheet_means_the_same() {
    let (made, told) = made_of(
        &[
            (
                "a.css",
                "@import 'b.css' print;\n/* a */\na { color: #ff0000; margin: 0px }\n",
            ),
            ("b.css", "b { }\nc { d: url( 'x.png' ) }"),
            ("x.png", "x"),
        ],
        true,
    );
    assert_eq!(told, []);
    let picture = url("x.png", "x");
    assert_eq!(
        made["a.css"],
        format!("@media print{{c{{d:url({picture})}}}}a{{color:red;margin:0}}")
    );
}

#[test]
fn a_sheet_with_a_hack_is_published_as_it_is_with_a_warning() {
    let hack = "a { color: red }\nb { größe: 1; *zoom: 1 }\n";
    let (made, told) = made_of(&[("a.css", "@import 'b.css';"), ("b.css", hack)], true);
    assert_eq!(made["b.css"], hack);
    assert_eq!(made["a.css"], hack.trim_end());
    let place = told[0].place.clone().unwrap();
    assert_eq!((&*place.file, place.line), ("themes/own/static/b.css", 2));
}
