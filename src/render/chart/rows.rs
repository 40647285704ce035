//! What a chart is made of: rows with a label each, and a number of each series.
//!
//! In: cells as a table or a file has them. Out: a [`Table`] of the columns that are drawn, or which
//! cell is in the way.

use tera::Value;
use tera::value::ValueKind;

use super::numbers::{self, Written};
use crate::diagnostics::closest;
use crate::render::faults::Fault;
use crate::render::language::Language;

/// A cell as it is written.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell {
    Missing,
    Number(f64),
    Text(String),
    /// What is neither, as it is printed.
    Other(String),
}

/// Cells as a table or a file has them.
#[derive(Debug, PartialEq)]
pub(super) struct Raw {
    /// What they are of, in words.
    pub of: String,
    /// Whether a program may have written them.
    pub is_file: bool,
    pub columns: Vec<String>,
    pub rows: Vec<Vec<Cell>>,
}

/// What is drawn.
#[derive(Debug, PartialEq)]
pub(super) struct Table {
    /// What the labels are.
    pub labels: String,
    /// The name of each series.
    pub series: Vec<String>,
    pub rows: Vec<Row>,
    /// Digits after the point, of the number that has most.
    pub decimals: usize,
}

#[derive(Debug, PartialEq)]
pub(super) struct Row {
    pub label: String,
    /// One of each series; `None` where it is not known.
    pub values: Vec<Option<f64>>,
}

/// The rows of a file of data/: a list of mappings, which may be all that a mapping has, or a mapping
/// of labels to numbers.
pub(super) fn of_file(file: &str, value: &Value) -> Result<Raw, Fault> {
    let of = format!("data/{file}");
    if let Some(rows) = list(value) {
        return Ok(of_list(of, rows));
    }
    let pairs = value.as_map().filter(|map| {
        let mut values = map.values();
        values.all(|value| !matches!(value.kind(), ValueKind::Map | ValueKind::Array))
    });
    let Some(pairs) = pairs.filter(|map| !map.is_empty()) else {
        let hint = "write a list of mappings, `- {year: 2024, turnout: 61.2}`, or a mapping of \
                    labels to numbers; in CSV, a first line with names of columns";
        return Err(Fault::new(format!("{of} has no rows"), hint));
    };
    let row = |(label, value): (&tera::value::Key, &Value)| {
        vec![Cell::Text(label.to_string()), cell(value)]
    };
    Ok(Raw {
        is_file: true,
        columns: ["", ""].map(str::to_owned).to_vec(),
        rows: pairs.iter().map(row).collect(),
        of,
    })
}

/// A list of mappings, or the only one that a mapping has, as in TOML.
fn list(value: &Value) -> Option<&[Value]> {
    let only = value.as_map().and_then(|map| {
        let mut values = map.values();
        values.next().filter(|_| values.len() == 0)
    });
    let rows = value.as_array().or_else(|| only?.as_array())?;
    let is_row = |row: &Value| row.as_map().is_some();
    (!rows.is_empty() && rows.iter().all(is_row)).then_some(rows)
}

fn of_list(of: String, list: &[Value]) -> Raw {
    let maps = || list.iter().filter_map(Value::as_map);
    let mut columns: Vec<String> = Vec::new();
    for name in maps().flat_map(tera::Map::keys).map(ToString::to_string) {
        if !columns.contains(&name) {
            columns.push(name);
        }
    }
    let row = |map: &tera::Map| {
        let cells = columns.iter().map(|column| {
            let mut entries = map.iter();
            let found = entries.find(|(name, _)| name.to_string() == *column);
            found.map_or(Cell::Missing, |(_, value)| cell(value))
        });
        cells.collect()
    };
    Raw {
        rows: maps().map(row).collect(),
        is_file: true,
        columns,
        of,
    }
}

fn cell(value: &Value) -> Cell {
    match value.kind() {
        ValueKind::None | ValueKind::Undefined => Cell::Missing,
        ValueKind::Bool | ValueKind::Map | ValueKind::Array => Cell::Other(value.to_string()),
        _ => match (value.as_str(), value.as_f64()) {
            (Some(text), _) => Cell::Text(text.to_owned()),
            (None, Some(number)) => Cell::Number(number),
            _ => match value.as_i128() {
                Some(number) => Cell::Number(number as f64),
                None => Cell::Other(value.to_string()),
            },
        },
    }
}

/// The columns that are drawn: that of the labels, or else the first, and those of the numbers, or
/// else all others.
pub(super) fn select(
    raw: &Raw,
    x: &str,
    y: &[String],
    language: &Language,
) -> Result<Table, Fault> {
    let labels = if x.is_empty() { 0 } else { column(raw, x)? };
    let series: Vec<usize> = if y.is_empty() {
        (0..raw.columns.len()).filter(|at| *at != labels).collect()
    } else {
        let named = y.iter().map(|name| column(raw, name));
        named.collect::<Result<_, _>>()?
    };
    let mut decimals = 0;
    let mut rows = Vec::with_capacity(raw.rows.len());
    for (number, cells) in raw.rows.iter().enumerate() {
        let mut values = Vec::with_capacity(series.len());
        for at in &series {
            let read = value(cells.get(*at).unwrap_or(&Cell::Missing), raw, language);
            let read = read.map_err(|what| wrong(raw, number, *at, &what, y.is_empty()))?;
            decimals = decimals.max(read.map_or(0, |read| read.decimals));
            values.push(read.map(|read| read.value));
        }
        let label = match cells.get(labels) {
            Some(Cell::Text(text) | Cell::Other(text)) => text.clone(),
            Some(Cell::Number(number)) => numbers::plain(*number),
            Some(Cell::Missing) | None => String::new(),
        };
        rows.push(Row { label, values });
    }
    let name = |at: usize| raw.columns.get(at).cloned().unwrap_or_default();
    Ok(Table {
        labels: name(labels),
        series: series.into_iter().map(name).collect(),
        rows,
        decimals,
    })
}

fn column(raw: &Raw, name: &str) -> Result<usize, Fault> {
    let at = raw.columns.iter().position(|column| column == name);
    at.ok_or_else(|| {
        let columns = || raw.columns.iter().map(String::as_str);
        let hint = if let Some(near) = closest(name, columns()) {
            format!("did you mean `{near}`?")
        } else {
            let shown: Vec<_> = columns().take(8).map(|it| format!("`{it}`")).collect();
            format!("its columns are {}", shown.join(", "))
        };
        Fault::new(format!("there is no column `{name}` in {}", raw.of), hint)
    })
}

/// What is in the way of a number.
enum Wrong {
    NoNumber(String),
    Ambiguous(String, [String; 2]),
    TooLarge(String),
}

fn value(cell: &Cell, raw: &Raw, language: &Language) -> Result<Option<numbers::Number>, Wrong> {
    let read = match cell {
        Cell::Missing => return Ok(None),
        Cell::Other(text) => return Err(Wrong::NoNumber(text.clone())),
        Cell::Number(number) if number.is_finite() => numbers::of_f64(*number),
        Cell::Number(number) => return Err(Wrong::NoNumber(number.to_string())),
        Cell::Text(text) => {
            let marks = if raw.is_file {
                numbers::Marks::OF_PROGRAMS
            } else {
                language.marks
            };
            match numbers::read(text, marks) {
                Written::Missing => return Ok(None),
                Written::Number(number) => number,
                Written::Ambiguous(both) => return Err(Wrong::Ambiguous(text.clone(), both)),
                Written::NoNumber => return Err(Wrong::NoNumber(text.clone())),
            }
        }
    };
    if read.value.abs() > numbers::LARGEST {
        return Err(Wrong::TooLarge(numbers::plain(read.value)));
    }
    Ok(Some(read))
}

fn wrong(raw: &Raw, row: usize, column: usize, what: &Wrong, is_every_column: bool) -> Fault {
    let name = &raw.columns[column];
    let place = if name.is_empty() {
        format!("row {} of {}", row + 1, raw.of)
    } else {
        format!("row {}, column `{name}` of {}", row + 1, raw.of)
    };
    let cut = |text: &str| text.chars().take(40).collect::<String>();
    match what {
        Wrong::NoNumber(text) => Fault::new(
            format!("{place}: `{}` is no number", cut(text)),
            if is_every_column && raw.columns.len() > 2 {
                "write a number, or nothing where there is none; or name the columns that are drawn: y={[\"…\"]}"
            } else {
                "write a number such as 1234.5, or nothing where there is none"
            },
        ),
        Wrong::Ambiguous(text, [one, other]) => Fault::new(
            format!("{place}: `{}` can be {one} or {other}", cut(text)),
            format!("write {one} or {other}"),
        ),
        Wrong::TooLarge(text) => Fault::new(
            format!("{place}: {} is too large to be drawn", cut(text)),
            "write it in thousands, millions or billions, and say so in `unit`",
        ),
    }
}
