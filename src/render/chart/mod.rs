//! Charts: numbers of an article or of a file as SVG, for the component `chart`.
//!
//! In: what the component was called with, a table of Markdown as HTML or a file of data/. Out: the
//! drawing, its legend and its numbers as a table. The drawing has no script, no style attribute and
//! no id, so that it works under any content security policy and more than once on a page; colours are
//! those of a style sheet, and without one everything is told apart by its form.

mod axis;
mod bars;
mod cells;
mod frame;
mod numbers;
mod rows;
mod scale;
mod svg;
#[cfg(test)]
mod tests;
mod text;
mod timescale;

use std::collections::BTreeMap;
use std::fmt::Write;

use serde::Serialize;
use tera::{Kwargs, TeraResult, Value};

pub(super) use self::numbers::Marks;
use self::numbers::Unit;
use self::rows::{Raw, Table};
use super::faults::{self, Fault};
use super::language::Language;
use crate::diagnostics::closest;

/// Most series: no more forms of lines and bars can be told apart.
const MOST_SERIES: usize = 6;

/// What kind of chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// Bars that lie below each other, each beside or below its name.
    Bar,
    /// Bars that stand side by side.
    Column,
    Line,
}

/// The kinds by their names.
const KINDS: [(&str, Kind); 3] = [
    ("bar", Kind::Bar),
    ("column", Kind::Column),
    ("line", Kind::Line),
];

impl Kind {
    /// The name, and the most rows that can be drawn so that one sees each.
    fn bounds(self) -> (&'static str, usize) {
        match self {
            Self::Bar => ("a bar chart", 60),
            Self::Column => ("a column chart", 60),
            Self::Line => ("a line chart", 400),
        }
    }
}

/// What is drawn, and in whose words.
struct Chart<'a> {
    kind: Kind,
    title: &'a str,
    table: Table,
    unit: Unit<'a>,
    language: &'a Language,
}

/// What templates receive.
#[derive(Serialize)]
struct ChartValue<'a> {
    svg: Value,
    table: Value,
    series: Vec<SeriesValue<'a>>,
    unit: Option<&'a str>,
}

/// An entry of a legend.
#[derive(Serialize)]
struct SeriesValue<'a> {
    name: &'a str,
    key: Value,
}

/// A drawing, and whether it says by itself which series is which.
struct Drawn {
    svg: String,
    is_labelled: bool,
}

/// `chart(…)` of templates.
pub(super) fn chart(
    kwargs: &Kwargs,
    files: &BTreeMap<String, Value>,
    languages: &[Language],
) -> TeraResult<Value> {
    let text = |name| kwargs.get::<&str>(name).map(Option::unwrap_or_default);
    let tag = text("language")?;
    let language = languages.iter().find(|language| *language.tag == *tag);
    let language = language.unwrap_or(&languages[0]);
    let columns = kwargs.get::<&[Value]>("y")?.unwrap_or_default();
    let columns: Vec<String> = columns.iter().map(name).collect();
    let given = Given {
        kind: text("kind")?,
        title: text("title")?,
        file: text("data")?,
        body: text("body")?,
        x: text("x")?,
        y: &columns,
        unit: text("unit")?,
    };
    made(&given, files, language).map_err(faults::error)
}

/// The name of a column, which may be a number.
fn name(value: &Value) -> String {
    let text = value.as_str().map(str::to_owned);
    text.unwrap_or_else(|| value.to_string())
}

/// What the component was called with.
struct Given<'a> {
    kind: &'a str,
    title: &'a str,
    file: &'a str,
    body: &'a str,
    x: &'a str,
    y: &'a [String],
    unit: &'a str,
}

fn made(
    given: &Given,
    files: &BTreeMap<String, Value>,
    language: &Language,
) -> Result<Value, Fault> {
    let kind = kind(given.kind)?;
    let raw = raw(given, files)?;
    has_few_rows(kind, &raw)?;
    let table = rows::select(&raw, given.x, given.y, language)?;
    is_drawable(&raw.of, &table)?;
    let chart = Chart {
        kind,
        title: given.title,
        unit: Unit::of(given.unit, &language.tag),
        table,
        language,
    };
    let drawn = chart.draw()?;
    let names = chart.table.series.iter().enumerate();
    let key = |(at, name)| SeriesValue {
        name,
        key: Value::safe_string(&svg::key(kind, at)),
    };
    let is_labelled = drawn.is_labelled || chart.table.series.len() < 2;
    Ok(Value::from_serializable(&ChartValue {
        svg: Value::safe_string(&drawn.svg),
        table: Value::safe_string(&chart.numbers()),
        series: if is_labelled {
            Vec::new()
        } else {
            names.map(|(at, name)| key((at, name.as_str()))).collect()
        },
        unit: chart.unit.beside_title(),
    }))
}

fn kind(name: &str) -> Result<Kind, Fault> {
    let known = KINDS.iter().find(|(known, _)| *known == name);
    known.map(|(_, kind)| *kind).ok_or_else(|| {
        let names = KINDS.iter().map(|(known, _)| *known);
        let hint = match closest(name, names) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "the kinds are bar, column and line".to_owned(),
        };
        Fault::new(format!("there is no kind of chart `{name}`"), hint)
    })
}

/// The rows of the table or file that is given.
fn raw(given: &Given, files: &BTreeMap<String, Value>) -> Result<Raw, Fault> {
    const WRITE: &str = "write data=\"turnout.csv\" for a file of data/, or put a table between \
                         {% <chart …> %} and {% </chart> %}";
    match (given.file, given.body.trim()) {
        ("", "") => Err(Fault::new("this chart has no data", WRITE)),
        ("", body) => cells::table(body)
            .ok_or_else(|| Fault::new("there is no table in the body of this chart", WRITE)),
        (file, "") => {
            let Some(value) = files.get(file) else {
                let near = closest(file, files.keys().map(String::as_str));
                let hint = match near {
                    Some(near) => format!("did you mean `{near}`?"),
                    None => "put it there, or write the path of one that is there".to_owned(),
                };
                return Err(Fault::new(format!("there is no file data/{file}"), hint));
            };
            rows::of_file(file, value)
        }
        _ => Err(Fault::new(
            "this chart is given a file and a body",
            "keep one of the two: both are its data",
        )),
    }
}

fn has_few_rows(kind: Kind, raw: &Raw) -> Result<(), Fault> {
    let (name, most) = kind.bounds();
    let (rows, of) = (raw.rows.len(), &raw.of);
    if rows <= most {
        return Ok(());
    }
    let message = format!("{name} has at most {most} rows, and {of} has {rows}");
    let hint = "keep those that matter, or add them up; a line chart takes 400";
    Err(Fault::new(message, hint))
}

fn is_drawable(of: &str, table: &Table) -> Result<(), Fault> {
    let series = table.series.len();
    let values = table.rows.iter().flat_map(|row| &row.values);
    if values.flatten().next().is_none() {
        let hint = "a chart needs a column of labels and at least one of numbers";
        return Err(Fault::new(format!("there are no numbers in {of}"), hint));
    }
    if series > MOST_SERIES {
        let message = format!("a chart has at most {MOST_SERIES} series, and this one {series}");
        let hint = format!(
            "say which columns are drawn: y={{[\"{}\"]}}",
            table.series[0]
        );
        return Err(Fault::new(message, hint));
    }
    Ok(())
}

impl Chart<'_> {
    fn draw(&self) -> Result<Drawn, Fault> {
        match self.kind {
            Kind::Bar => Ok(bars::draw(self)),
            Kind::Column | Kind::Line => frame::draw(self),
        }
    }

    /// A number in the words of the language, with the unit where that is short.
    fn number(&self, value: f64, decimals: usize) -> String {
        self.unit.with(&self.language.number(value, decimals))
    }

    /// The label of a row as readers see it.
    fn label(&self, row: usize) -> String {
        timescale::shown(&self.table.rows[row].label, self.language)
    }

    /// From where to where each series goes, for those who hear the drawing.
    fn description(&self) -> String {
        let about = self.table.series.iter().enumerate().map(|(at, name)| {
            let rows = self.table.rows.iter().enumerate();
            let mut known = rows.filter_map(|(row, it)| Some((row, it.values[at]?)));
            let say = |(row, value)| {
                let number = self.number(value, self.table.decimals);
                format!("{} {number}", self.label(row))
            };
            let first = known.next();
            let ends: Vec<String> = [first, known.next_back()]
                .into_iter()
                .flatten()
                .map(say)
                .collect();
            let ends = ends.join(" – ");
            if name.is_empty() {
                return ends;
            }
            format!("{name}: {ends}")
        });
        about.collect::<Vec<_>>().join("; ")
    }

    /// The numbers as a table of HTML.
    fn numbers(&self) -> String {
        let Table {
            labels,
            series,
            rows,
            decimals,
        } = &self.table;
        let mut out = String::from("<div class=\"table\" tabindex=\"0\">\n<table>\n<thead><tr>");
        for name in std::iter::once(labels).chain(series) {
            let _ = write!(out, "<th scope=\"col\">{}</th>", svg::escaped(name));
        }
        out += "</tr></thead>\n<tbody>\n";
        for (at, row) in rows.iter().enumerate() {
            let label = svg::escaped(&self.label(at));
            let _ = write!(out, "<tr><th scope=\"row\">{label}</th>");
            for value in &row.values {
                let number = value.map(|value| self.language.number(value, *decimals));
                let number = svg::escaped(number.as_deref().unwrap_or("–"));
                let _ = write!(out, "<td class=\"align-right\">{number}</td>");
            }
            out += "</tr>\n";
        }
        out + "</tbody>\n</table>\n</div>\n"
    }
}
