//! The labels below a chart: which of them fit, and where.

use super::svg::WIDTH;
use super::text::{lines, width};

/// Units between two labels.
const BETWEEN: f64 = 14.0;

/// Most lines of one label.
const MOST_LINES: usize = 3;

/// A label below a chart.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Label {
    /// What it is of, which may be a little beside its middle.
    pub at: f64,
    /// Its middle.
    pub x: f64,
    pub lines: Vec<String>,
}

/// As many of the labels as fit side by side at even distances, the last one among them, and the first
/// where there is room for it.
pub(super) fn some(labels: &[String], xs: &[f64]) -> Vec<Label> {
    let label = |row: usize| {
        let half = width(&labels[row]) / 2.0;
        Label {
            at: xs[row],
            x: xs[row].min(WIDTH - half).max(half),
            lines: vec![labels[row].clone()],
        }
    };
    let fits = |left: &Label, right: &Label| {
        let widths = width(&left.lines[0]) + width(&right.lines[0]);
        left.x + widths / 2.0 + BETWEEN <= right.x
    };
    let every = |step: usize| {
        let rows = (0..labels.len()).rev().step_by(step);
        let mut chosen: Vec<Label> = rows.map(label).collect();
        chosen.reverse();
        chosen
    };
    let steps = 1..=labels.len();
    let mut chosen = steps
        .map(every)
        .find(|chosen| chosen.windows(2).all(|two| fits(&two[0], &two[1])))
        .unwrap_or_default();
    let first = chosen.first().map(|_| label(0));
    if let Some(first) = first.filter(|first| fits(first, &chosen[0])) {
        chosen.insert(0, first);
    }
    chosen
}

/// All labels, in lines of a width; `None` if they do not fit.
pub(super) fn all(labels: &[String], xs: &[f64], room: f64) -> Option<Vec<Label>> {
    let label = |(row, text): (usize, &String)| {
        let lines = lines(text, room);
        let fits = lines.len() <= MOST_LINES && lines.iter().all(|line| width(line) <= room);
        fits.then(|| Label {
            at: xs[row],
            x: xs[row],
            lines,
        })
    };
    labels.iter().enumerate().map(label).collect()
}
