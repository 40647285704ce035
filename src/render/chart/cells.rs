//! A table of Markdown, which arrives as HTML.
//!
//! In: the HTML of a body. Out: the first table in it. Markup within cells is left out.

use super::rows::{Cell, Raw};

/// The first table of some HTML.
pub(super) fn table(html: &str) -> Option<Raw> {
    let start = html.find("<table")?;
    let end = html[start..]
        .find("</table")
        .map_or(html.len(), |at| start + at);
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut cell: Option<String> = None;
    for part in html[start..end].split('<').skip(1) {
        let (tag, text) = part.split_once('>').unwrap_or((part, ""));
        let mut after = tag.char_indices().skip(1);
        let end = after.find(|(_, c)| !c.is_ascii_alphanumeric());
        let name = &tag[..end.map_or(tag.len(), |(at, _)| at)];
        match name {
            "tr" => rows.push(Vec::new()),
            "th" | "td" => cell = Some(String::new()),
            "/th" | "/td" => {
                if let (Some(row), Some(cell)) = (rows.last_mut(), cell.take()) {
                    row.push(cell.trim().to_owned());
                }
            }
            "br" => {
                if let Some(cell) = &mut cell {
                    cell.push(' ');
                }
            }
            _ => {}
        }
        if let Some(cell) = &mut cell {
            cell.push_str(&unescaped(text));
        }
    }
    let mut rows = rows.into_iter().filter(|row| !row.is_empty());
    let columns = rows.next()?;
    let cells = |row: Vec<String>| row.into_iter().map(Cell::Text).collect();
    Some(Raw {
        of: "the table".to_owned(),
        is_file: false,
        columns,
        rows: rows.map(cells).collect(),
    })
}

fn unescaped(text: &str) -> String {
    let known = |name: &str| match name {
        "nbsp" => Some("\u{a0}"),
        "minus" => Some("−"),
        "ndash" => Some("–"),
        other => quick_xml::escape::resolve_predefined_entity(other),
    };
    let plain = quick_xml::escape::unescape_with(text, known);
    plain.map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}
