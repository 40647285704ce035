use std::collections::BTreeMap;

use proptest::prelude::*;
use tera::Value;

use super::numbers::{Marks, Unit, Written, read};
use super::scale::Scale;
use super::svg::WIDTH;
use super::{Chart, Given, Kind, MOST_SERIES, made};
use crate::render::chart::rows::{Row, Table};
use crate::render::language::Language;
use crate::render::texts::Texts;
use crate::yaml;

fn language(tag: &str) -> Language {
    Language::new(tag, &Texts::default())
}

fn given<'a>(kind: &'a str, body: &'a str) -> Given<'a> {
    Given {
        kind,
        title: "Turnout",
        file: "",
        body,
        x: "",
        y: &[],
        unit: "",
    }
}

fn table(columns: &[&str], rows: &[&[&str]]) -> String {
    let cells = |tag: &str, row: &[&str]| {
        let cells = row.iter().map(|cell| format!("<{tag}>{cell}</{tag}>"));
        format!("<tr>{}</tr>\n", cells.collect::<String>())
    };
    let body: String = rows.iter().map(|row| cells("td", row)).collect();
    let head = cells("th", columns);
    format!("<div class=\"table\"><table><thead>{head}</thead><tbody>{body}</tbody></table></div>")
}

fn told(given: &Given) -> (String, String) {
    let fault = made(given, &BTreeMap::new(), &language("en")).expect_err("it is wrong");
    (fault.message, fault.hint.unwrap_or_default())
}

#[test]
fn ticks_are_round_numbers_around_what_is_shown() {
    let ticks = |low, high, whole| Scale::round(low, high, 5, whole).ticks();
    assert_eq!(ticks(0.0, 63.8, false), [0.0, 20.0, 40.0, 60.0, 80.0]);
    assert_eq!(ticks(-3.0, 11.0, true), [-5.0, 0.0, 5.0, 10.0, 15.0]);
    assert_eq!(ticks(0.0, 3.0, true), [0.0, 1.0, 2.0, 3.0]);
    let around = ticks(5.0, 5.0, false);
    assert!(
        around[0] < 5.0 && around[around.len() - 1] > 5.0,
        "{around:?}"
    );
    let nothing = ticks(0.0, f64::from_bits(1), false);
    assert_eq!(nothing, [-1.0, -0.5, 0.0, 0.5, 1.0]);
    let small = Scale::round(0.0, 0.012, 5, false);
    assert_eq!((small.ticks().len(), small.decimals()), (6, 4));
}

#[test]
fn numbers_are_read_as_a_language_or_a_program_writes_them() {
    let number = |text: &str, marks| match read(text, marks) {
        Written::Number(number) => Some(number.value),
        _ => None,
    };
    let (english, german) = (language("en").marks, language("de").marks);
    assert_eq!((german.decimal, german.group), (',', '.'));
    for (text, marks, value) in [
        ("1,234.5", english, 1234.5),
        ("12 000", english, 12_000.0),
        ("−4 %", english, -4.0),
        ("+3", english, 3.0),
        ("1.234.567,8", german, 1_234_567.8),
        ("61,2", german, 61.2),
        ("61.2", german, 61.2),
        ("1.234", Marks::OF_PROGRAMS, 1.234),
        ("12\u{202f}000,5", language("fr").marks, 12_000.5),
    ] {
        assert_eq!(number(text, marks), Some(value), "{text}");
    }
    for text in ["many", "1,2,3", "1,23", "1e5", "0x1F", ".5", "5.", "--3"] {
        assert_eq!(read(text, english), Written::NoNumber, "{text}");
    }
    for text in ["", " ", "-", "–", "n/a"] {
        assert_eq!(read(text, english), Written::Missing, "{text}");
    }
    let both = ["1234".to_owned(), "1,234".to_owned()];
    assert_eq!(read("1.234", german), Written::Ambiguous(both));
}

#[test]
fn numbers_are_written_as_each_language_does() {
    let written = ["en", "de", "fr", "es", "ar", "ja"].map(|tag| {
        let language = language(tag);
        let number = language.number(-12_345.678, 1);
        format!("{tag}: {}", Unit::of("%", tag).with(&number))
    });
    insta::assert_snapshot!(written.join("\n").replace(['\u{a0}', '\u{202f}'], "_").replace('\u{200e}', ""), @r"
    en: −12,345.7%
    de: −12.345,7_%
    fr: −12_345,7_%
    es: −12.345,7_%
    ar: −12,345.7%
    ja: −12,345.7%
    ");
    assert_eq!(language("en").number(-0.04, 1), "0.0");
    assert_eq!(Unit::of("€", "en").with("−5"), "−€5");
    assert_eq!(Unit::of("readers", "en").with("5"), "5");
}

#[test]
fn a_table_of_markdown_is_read_with_its_markup_left_out() {
    let body = table(
        &["Day", "Readers &amp; co"],
        &[&["<em>Mon</em>", "<strong>1,200</strong>"], &["Tue", ""]],
    );
    let raw = super::cells::table(&body).expect("a table");
    let table = super::rows::select(&raw, "", &[], &language("en")).expect("numbers");
    assert_eq!(table.series, ["Readers & co"]);
    assert_eq!(table.rows[0].label, "Mon");
    assert_eq!(table.rows[0].values, [Some(1200.0)]);
    assert_eq!(table.rows[1].values, [None]);
    assert_eq!(super::cells::table("<p>No table</p>"), None);
}

#[test]
fn what_is_wrong_is_told_with_what_to_write() {
    let body = table(&["Day", "Print", "Online"], &[&["Mon", "1", "many"]]);
    let columns = ["Prnt".to_owned()];
    let cases = [
        given("doughnut", &body),
        given("colum", &body),
        given("bar", ""),
        given("bar", "<p>Nothing</p>"),
        given("bar", &body),
        Given {
            y: &columns,
            ..given("bar", &body)
        },
        Given {
            file: "turnout.csv",
            ..given("bar", "")
        },
        Given {
            file: "turnout.csv",
            ..given("bar", &body)
        },
    ];
    let told: Vec<String> = cases
        .iter()
        .map(|given| {
            let (message, hint) = told(given);
            format!("{message} | {hint}")
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"), @r#"
    there is no kind of chart `doughnut` | the kinds are bar, column and line
    there is no kind of chart `colum` | did you mean `column`?
    this chart has no data | write data="turnout.csv" for a file of data/, or put a table between {% <chart …> %} and {% </chart> %}
    there is no table in the body of this chart | write data="turnout.csv" for a file of data/, or put a table between {% <chart …> %} and {% </chart> %}
    row 1, column `Online` of the table: `many` is no number | write a number, or nothing where there is none; or name the columns that are drawn: y={["…"]}
    there is no column `Prnt` in the table | did you mean `Print`?
    there is no file data/turnout.csv | put it there, or write the path of one that is there
    this chart is given a file and a body | keep one of the two: both are its data
    "#);
}

#[test]
fn more_than_can_be_told_apart_is_refused() {
    let rows: Vec<[String; 2]> = (0..401).map(|at| [at.to_string(), "1".into()]).collect();
    let rows: Vec<Vec<&str>> = rows
        .iter()
        .map(|row| row.each_ref().map(|it| &**it).to_vec())
        .collect();
    let rows: Vec<&[&str]> = rows.iter().map(|row| &**row).collect();
    let (message, _) = told(&given("line", &table(&["Day", "A"], &rows)));
    assert_eq!(
        message,
        "a line chart has at most 400 rows, and the table has 401"
    );
    let (message, _) = told(&given("bar", &table(&["Day", "A"], &rows[..61])));
    assert_eq!(
        message,
        "a bar chart has at most 60 rows, and the table has 61"
    );
    let columns = ["Day", "A", "B", "C", "D", "E", "F", "G"];
    let (message, _) = told(&given("bar", &table(&columns, &[&["1"; 8]])));
    assert_eq!(message, "a chart has at most 6 series, and this one 7");
    let (message, _) = told(&given("bar", &table(&["Day", "A"], &[&["Mon", "1e99"]])));
    assert_eq!(
        message,
        "row 1, column `A` of the table: `1e99` is no number"
    );
}

#[test]
fn names_of_many_columns_that_do_not_fit_are_no_columns() {
    let names = [
        "Documentation",
        "Photography",
        "Correspondents",
        "Administration",
        "Subscriptions",
    ];
    let rows: Vec<[&str; 2]> = names.iter().map(|name| [*name, "3"]).collect();
    let rows: Vec<&[&str]> = rows.iter().map(|row| &row[..]).collect();
    let (message, hint) = told(&given("column", &table(&["Desk", "People"], &rows)));
    assert_eq!(message, "the labels of 5 columns do not fit side by side");
    assert!(hint.contains("kind=\"bar\""), "{hint}");
}

#[test]
fn files_have_rows_in_several_shapes() {
    let shapes = [
        "[{\"year\": 2024, \"share\": 61.2}, {\"year\": 2025, \"share\": null}]",
        "{\"turnout\": [{\"year\": 2024, \"share\": 61.2}, {\"year\": 2025}]}",
        "{\"2024\": 61.2, \"2025\": null}",
        "[{\"year\": \"2024\", \"share\": \"61.2\"}, {\"year\": \"2025\", \"share\": \"\"}]",
    ];
    for shape in shapes {
        let json: yaml::Value = serde_json::from_str(shape).expect("JSON");
        let raw = super::rows::of_file("a.json", &Value::from_serializable(&json));
        let table = super::rows::select(&raw.expect(shape), "", &[], &language("en"));
        let table = table.expect(shape);
        let rows: Vec<_> = table
            .rows
            .iter()
            .map(|row| (&*row.label, row.values[0]))
            .collect();
        assert_eq!(rows, [("2024", Some(61.2)), ("2025", None)], "{shape}");
        assert_eq!(table.decimals, 1);
    }
    for shape in ["[]", "{}", "\"text\"", "[1, 2]", "{\"a\": {\"b\": 1}}"] {
        let json: yaml::Value = serde_json::from_str(shape).expect("JSON");
        let raw = super::rows::of_file("a.json", &Value::from_serializable(&json));
        assert_eq!(raw.expect_err(shape).message, "data/a.json has no rows");
    }
}

/// The numbers of an attribute that may have several, as of a path.
fn numbers(value: &str) -> Vec<f64> {
    let is_part = |c: char| c.is_ascii_digit() || c == '.' || c == '-';
    let mut numbers = vec![String::new()];
    for letter in value.chars() {
        if letter == '-' || !is_part(letter) {
            numbers.push(String::new());
        }
        if is_part(letter) {
            numbers.last_mut().expect("there is one").push(letter);
        }
    }
    let numbers = numbers.iter().filter(|number| !number.is_empty());
    numbers
        .map(|number| number.parse().expect("a number"))
        .collect()
}

/// Reads a drawing as XML, and looks for places outside of it.
fn check(svg: &str) {
    let mut reader = quick_xml::Reader::from_str(svg);
    let mut height = f64::NAN;
    let mut depth = 0;
    loop {
        let event = reader.read_event().expect("well formed");
        match &event {
            quick_xml::events::Event::Start(_) => depth += 1,
            quick_xml::events::Event::End(_) => depth -= 1,
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
        let (quick_xml::events::Event::Start(tag) | quick_xml::events::Event::Empty(tag)) = event
        else {
            continue;
        };
        for attribute in tag.attributes() {
            let attribute = attribute.expect("an attribute");
            let name: &str = attribute.key.as_ref();
            let value: &str = &attribute.value;
            assert!(
                !["style", "id"].contains(&name) && !name.starts_with("on"),
                "{name}"
            );
            match name {
                "viewBox" => height = numbers(value)[3],
                "x" => assert!((0.0..=WIDTH).contains(&numbers(value)[0]), "x {value}"),
                "y" => assert!(
                    (-1.0..=height).contains(&numbers(value)[0]),
                    "y {value} of {height}"
                ),
                "width" | "height" => assert!(numbers(value)[0] >= 0.0, "{name} {value}"),
                // What follows a place in lower case is the form of a sign.
                "d" => {
                    for place in value.split(['M', 'L']).skip(1) {
                        let place = numbers(place.split('m').next().unwrap_or(place));
                        assert!((0.0..=WIDTH).contains(&place[0]), "{place:?}");
                        assert!((0.0..=height).contains(&place[1]), "{place:?} of {height}");
                    }
                }
                _ => {}
            }
        }
    }
    assert_eq!(depth, 0);
    assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
}

fn cell() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![
        1 => Just(None),
        4 => (-1e3..1e3_f64).prop_map(Some),
        1 => prop::sample::select(vec![0.0, -0.0, 1e15, -1e15, 1e-12, 5e-324, 1e15 - 0.125]).prop_map(Some),
    ]
}

proptest! {
    #[test]
    fn whatever_the_numbers_are_the_drawing_is_whole(
        kind in prop::sample::select(vec![Kind::Bar, Kind::Column, Kind::Line]),
        rows in (1..=MOST_SERIES).prop_flat_map(|series| {
            let row = (".{0,24}", prop::collection::vec(cell(), series));
            (prop::collection::vec(".{0,16}", series), prop::collection::vec(row, 1..40))
        }),
        dated in any::<bool>(),
        tag in prop::sample::select(vec!["en", "de", "ar"]),
        decimals in 0..7_usize,
        title in ".{0,40}",
    ) {
        let language = language(tag);
        let (series, rows) = rows;
        let rows = rows.into_iter().enumerate().map(|(at, (label, values))| Row {
            label: if dated { format!("{}", 1990 + at * at % 37) } else { label },
            values,
        });
        let chart = Chart {
            kind,
            title: &title,
            table: Table { labels: "<&\">".to_owned(), series, rows: rows.collect(), decimals },
            unit: Unit::of("%", tag),
            language: &language,
        };
        // Nothing to draw is refused before.
        prop_assume!(chart.table.rows.iter().any(|row| row.values.iter().any(Option::is_some)));
        if let Ok(drawn) = chart.draw() {
            check(&drawn.svg);
        }
        let numbers = chart.numbers();
        prop_assert!(numbers.contains("&lt;&amp;&quot;&gt;"));
    }

    #[test]
    fn all_numbers_lie_within_their_scale(low in -1e15..1e15_f64, by in 0.0..1e15_f64, whole: bool) {
        let scale = Scale::round(low, low + by, 5, whole);
        let ticks = scale.ticks();
        prop_assert!((2..=12).contains(&ticks.len()), "{ticks:?}");
        let near = 1e-12 * (low.abs() + by);
        prop_assert!(ticks[0] <= low + near && ticks[ticks.len() - 1] >= low + by - near, "{ticks:?}");
        prop_assert!(ticks.windows(2).all(|two| two[0] < two[1]));
    }

    #[test]
    fn no_text_is_too_much_for_the_reader_of_cells(text in ".{0,60}", html in "[<>/a-zäé\"&;# ]{0,80}") {
        let _ = read(&text, Marks::OF_PROGRAMS);
        let _ = read(&text, language("de").marks);
        let _ = super::cells::table(&format!("<table>{html}</table>"));
    }
}
