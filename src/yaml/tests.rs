use super::*;
use crate::diagnostics::Severity;

#[derive(Default, Debug)]
struct Sample {
    title: Option<String>,
    tags: Vec<String>,
    count: Option<u32>,
}

impl Record for Sample {
    fn read<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "title" => self.title = map.next_value::<Option<Text>>()?.map(|text| text.0),
            "tags" => self.tags = map.next_value::<TextList>()?.0,
            "count" => self.count = map.next_value()?,
            _ => drop(map.next_value::<IgnoredAny>()?),
        }
        Ok(())
    }
}

fn source(text: &str) -> Source<'_> {
    Source {
        file: "a.md",
        text,
        first_line: 2,
        syntax: Code::FrontMatterSyntax,
        value: Code::FrontMatterValue,
        duplicate: Code::FrontMatterDuplicate,
    }
}

fn read(text: &str, duplicates: Duplicates) -> (Sample, Vec<String>) {
    let (record, found) = record(source(text), duplicates, Sample::default);
    let lines = found
        .iter()
        .map(|d| {
            format!(
                "{} {}: {}",
                d.place.as_ref().unwrap(),
                d.severity.as_str(),
                d.message
            )
        })
        .collect();
    (record, lines)
}

#[test]
fn numbers_stay_as_they_are_written() {
    let (sample, found) = read("title: 1.10\ntags: [2019, 007, yes]\n", Duplicates::Error);
    assert!(found.is_empty(), "{found:?}");
    assert_eq!(sample.title.unwrap(), "1.10");
    assert_eq!(sample.tags, ["2019", "007", "yes"]);
}

#[test]
fn an_empty_text_and_empty_values_are_no_mistake() {
    for text in [
        "",
        "\n",
        "# nothing\n",
        "title:\ntags:\n",
        "title: ~\ntags: []\n",
    ] {
        let (sample, found) = read(text, Duplicates::Error);
        assert!(found.is_empty(), "{text:?} {found:?}");
        assert!(sample.title.is_none() && sample.tags.is_empty());
    }
}

#[test]
fn all_faults_of_a_text_are_found_each_at_its_place() {
    let (_, found) = read(
        "title: [a]\ntags:\n  - {b: c}\ncount: many\n",
        Duplicates::Error,
    );
    assert_eq!(
        found,
        [
            "a.md:2:8 error: `title` must be text, not a list",
            "a.md:4:5 error: `tags[0]` must be text, not a mapping",
            "a.md:5:8 error: `count` must be a whole number, not the text \"many\"",
        ]
    );
}

#[test]
fn a_second_key_is_an_error_or_the_one_that_counts() {
    let text = "title: one\ncount: 1\ntitle: two\n";
    let (_, found) = read(text, Duplicates::Error);
    assert_eq!(found, ["a.md:4:1 error: `title` is here twice"]);
    let (sample, found) = read(text, Duplicates::Last);
    assert_eq!(
        found,
        ["a.md:4:1 warning: `title` is here twice; the last one counts"]
    );
    assert_eq!(sample.title.unwrap(), "two");
}

#[test]
fn of_a_long_text_fewer_mistakes_are_told() {
    let twice =
        |keys: usize| -> String { (0..keys).map(|n| format!("k{n}: a\n").repeat(2)).collect() };
    for (keys, told) in [(19, 19), (100, 20), (1_000, 16), (3_000, 5)] {
        for duplicates in [Duplicates::Error, Duplicates::Last] {
            let text = twice(keys);
            let (_, found) = read(&text, duplicates);
            assert_eq!(found.len(), told, "{} bytes", text.len());
        }
    }
}

#[test]
fn what_is_slow_to_parse_is_refused_at_once() {
    let started = std::time::Instant::now();
    let aliases: Vec<_> = (0..200).map(|n| format!("a{n}: &x{n} [*x{n}]\n")).collect();
    for text in [
        "[".repeat(50_000),
        "[ #]\n".repeat(10_000),
        "[\"]\",".repeat(10_000),
        aliases.concat(),
        "a: b\n".repeat(20_000),
    ] {
        let (_, found) = read(&text, Duplicates::Error);
        assert_eq!(found.len(), 1, "{found:?}");
    }
    assert!(started.elapsed().as_secs() < 5);
}

#[test]
fn a_list_may_be_long_and_not_deep() {
    let texts = "- a [note that goes on\n".repeat(1_000);
    let long = list::<String>(source(&texts));
    assert_eq!(long.map(|texts| texts.len()), Ok(1_000));
    let found = list::<Value>(source(&"[".repeat(50_000))).unwrap_err();
    assert_eq!(found.message, "brackets are nested more than 1024 deep");
}

#[test]
fn a_key_that_parsed_well_can_be_placed() {
    let place = place_of_key(source("title: x\nsumary: long\n"), "sumary");
    assert_eq!((place.line, place.column, place.length), (3, 1, 6));
}

#[test]
fn severity_of_a_fault_is_the_code_s() {
    let (_, found) = record(source("title: [a]"), Duplicates::Error, Sample::default);
    assert_eq!(found[0].severity, Severity::Error);
}

proptest::proptest! {
    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}|([a-z:\\[\\]{}&*'\"|>#! \n-]{0,200})") {
        let _ = read(&text, Duplicates::Error);
        let _ = keys(&text);
    }
}
