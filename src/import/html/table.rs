//! Tables.

use std::fmt::Write as _;

use super::Writer;
use super::line::Line;
use super::tree::Id;

impl Writer<'_> {
    /// A table as Markdown has it, or as HTML where Markdown cannot say it: without a row of heads, with
    /// cells over several rows or columns, with blocks in its cells.
    pub(super) fn table(&mut self, id: Id, blocks: &mut Vec<String>) {
        let rows = self.rows(id);
        let Some((head, body)) = rows.split_first().filter(|_| self.is_plain(id, &rows)) else {
            if self.has_components() {
                return self.keep(id, "table", blocks);
            }
            for row in rows {
                let mut line = Line::default();
                for cell in row {
                    self.inlines(cell, &mut line);
                    line.gap();
                }
                super::blocks::end_paragraph(&mut line, blocks);
            }
            return;
        };
        let mut out = self.row(head);
        let tree = self.tree;
        let marks = head.iter().map(|cell| {
            let style = tree.attribute(*cell, "style").unwrap_or_default();
            let align = tree
                .attribute(*cell, "data-align")
                .or(tree.attribute(*cell, "align"));
            let is = |side: &str| {
                align == Some(side)
                    || style
                        .replace(' ', "")
                        .contains(&format!("text-align:{side}"))
            };
            match (is("right"), is("center")) {
                (true, _) => "---:",
                (_, true) => ":---:",
                _ => "---",
            }
        });
        let _ = write!(out, "\n| {} |", marks.collect::<Vec<_>>().join(" | "));
        for row in body {
            out.push('\n');
            let row = self.row(row);
            out.push_str(&row);
        }
        blocks.push(out);
        let caption = tree
            .children(id)
            .find(|child| tree.name(*child) == Some("caption"));
        if let Some(caption) = caption {
            self.paragraph(caption, blocks);
        }
    }

    /// The cells of each row.
    fn rows(&self, id: Id) -> Vec<Vec<Id>> {
        let tree = self.tree;
        let is_cell = |at: &Id| matches!(tree.name(*at), Some("td" | "th"));
        let rows = tree.named(id, &["tr"]);
        let rows = rows.map(|row| tree.children(row).filter(is_cell).collect::<Vec<_>>());
        rows.filter(|row| !row.is_empty()).collect()
    }

    fn is_plain(&self, id: Id, rows: &[Vec<Id>]) -> bool {
        let tree = self.tree;
        let Some(head) = rows.first() else {
            return false;
        };
        let begins_head = tree
            .named(id, &["thead"])
            .any(|above| tree.below(above).any(|below| below == head[0]));
        let has_head = begins_head || head.iter().all(|cell| tree.name(*cell) == Some("th"));
        let spans = |cell: &Id| {
            let span = |name| {
                tree.attribute(*cell, name)
                    .is_some_and(|span| span.trim() != "1")
            };
            span("colspan") || span("rowspan")
        };
        let is_block = |at: Id| {
            tree.name(at)
                .is_some_and(|name| name != "p" && name != "script")
                && tree.is_blockish(at)
        };
        let fits = |cell: &Id| {
            let mut paragraphs = tree.named(*cell, &["p"]);
            !spans(cell) && paragraphs.nth(1).is_none() && !tree.below(*cell).any(is_block)
        };
        has_head
            && rows
                .iter()
                .all(|row| row.len() == head.len() && row.iter().all(fits))
    }

    fn row(&mut self, cells: &[Id]) -> String {
        let mut out = String::from("|");
        for cell in cells {
            let mut line = Line::single();
            self.inlines(*cell, &mut line);
            let text = line.finish();
            out.push(' ');
            out.push_str(&bars(text.trim()));
            out.push_str(" |");
        }
        out
    }
}

/// A bar would be the end of the cell, also in code.
fn bars(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for letter in text.chars() {
        if letter == '|' && before != '\\' {
            out.push('\\');
        }
        out.push(letter);
        before = letter;
    }
    out
}
