//! Charts with numbers at their side and labels below: columns and lines.

use super::axis::{self, Label};
use super::scale::Scale;
use super::svg::{Anchor, Canvas, SIGN, WIDTH, class};
use super::text::{LINE, width};
use super::{Chart, Drawn, Kind, timescale};
use crate::render::faults::Fault;

/// Units from the top of the plot to its bottom.
const HEIGHT: f64 = 220.0;
/// Steps of the scale, about.
const STEPS: usize = 5;
/// Most columns that say their number themselves.
const MOST_SPEAKING: usize = 12;
/// Most points of a line that all have their sign.
const MOST_SIGNS: usize = 30;
/// The widest columns.
const WIDEST_COLUMN: f64 = 72.0;
/// The widest name at the end of a line.
const WIDEST_NAME: f64 = 130.0;
/// From the end of a line to its name.
const TO_NAME: f64 = 10.0;

/// Where things are.
struct Plot {
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
    /// Where labels begin: below what is written under columns.
    below: f64,
    scale: Scale,
    /// The middle of each row.
    xs: Vec<f64>,
    /// How much room a row has.
    slot: f64,
    labels: Vec<Label>,
    /// Whether columns say their numbers, rather than an axis.
    is_speaking: bool,
    /// Whether lines say their names, rather than a legend.
    is_named: bool,
}

pub(super) fn draw(chart: &Chart) -> Result<Drawn, Fault> {
    let plot = Plot::of(chart)?;
    let mut canvas = Canvas::new(chart.language.direction);
    plot.grid(chart, &mut canvas);
    for series in 0..chart.table.series.len() {
        canvas.group(&class(series), |canvas| match chart.kind {
            Kind::Line => plot.line(chart, series, canvas),
            _ => plot.columns(chart, series, canvas),
        });
    }
    plot.baseline(&mut canvas);
    let lines = plot.labels.iter().map(|label| label.lines.len()).max();
    let height = plot.below + 26.0 + lines.unwrap_or(0).saturating_sub(1) as f64 * LINE;
    Ok(Drawn {
        svg: canvas.finish(height, chart.title, &chart.description()),
        is_labelled: plot.is_named,
    })
}

impl Plot {
    fn of(chart: &Chart) -> Result<Self, Fault> {
        let table = &chart.table;
        let rows = table.rows.len();
        let is_speaking = chart.kind == Kind::Column
            && table.series.len() == 1
            && rows <= MOST_SPEAKING
            && numbers(chart).all(|(_, number)| width(&number) <= WIDTH / rows as f64);
        let scale = scale(chart, is_speaking);
        let left = if is_speaking {
            0.0
        } else {
            let ticks = scale.ticks().into_iter();
            let widths = ticks.map(|tick| width(&chart.number(tick, scale.decimals())));
            widths.fold(0.0, f64::max) + 10.0
        };
        let is_named = chart.kind == Kind::Line && lines_have_room_for_names(chart);
        let right = if is_named {
            let widths = table.series.iter().map(|name| width(name));
            WIDTH - widths.fold(0.0, f64::max) - TO_NAME
        } else if is_speaking {
            WIDTH
        } else {
            WIDTH - 8.0
        };
        let top = if is_speaking { LINE + 4.0 } else { 14.0 };
        let mut plot = Self {
            left,
            right,
            top,
            bottom: top + HEIGHT,
            below: top
                + HEIGHT
                + if is_speaking && scale.share(0.0) > 0.0 {
                    LINE
                } else {
                    0.0
                },
            scale,
            xs: Vec::new(),
            slot: (right - left) / rows as f64,
            labels: Vec::new(),
            is_speaking,
            is_named,
        };
        plot.xs = plot.middles(chart);
        plot.labels = plot.labels_of(chart)?;
        Ok(plot)
    }

    /// The middle of each row: of lines by time, if the labels are dates, or else at even distances.
    fn middles(&self, chart: &Chart) -> Vec<f64> {
        let rows = &chart.table.rows;
        if chart.kind == Kind::Column {
            let middle = |at: usize| self.left + (at as f64 + 0.5) * self.slot;
            return (0..rows.len()).map(middle).collect();
        }
        let (first, last) = (self.left + SIGN, self.right - SIGN);
        let days = timescale::days(rows.iter().map(|row| &*row.label));
        let places = days.unwrap_or_else(|| (0..rows.len()).map(|at| at as f64).collect());
        let low = places.iter().copied().fold(f64::INFINITY, f64::min);
        let high = places.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if high <= low {
            return vec![f64::midpoint(first, last); rows.len()];
        }
        let place = |at: &f64| first + (at - low) / (high - low) * (last - first);
        places.iter().map(place).collect()
    }

    fn labels_of(&self, chart: &Chart) -> Result<Vec<Label>, Fault> {
        let labels: Vec<String> = (0..self.xs.len()).map(|row| chart.label(row)).collect();
        if let Some(all) = axis::all(&labels, &self.xs, self.slot - 4.0)
            && chart.kind == Kind::Column
        {
            return Ok(all);
        }
        // Of dates and numbers one knows those between.
        let is_counted = |label: &String| label.starts_with(|c: char| c.is_ascii_digit());
        if chart.kind == Kind::Line
            || timescale::days(chart.table.rows.iter().map(|row| &*row.label)).is_some()
            || labels.iter().all(is_counted)
        {
            let mut order: Vec<usize> = (0..labels.len()).collect();
            order.sort_by(|one, other| self.xs[*one].total_cmp(&self.xs[*other]));
            let sorted: Vec<String> = order.iter().map(|row| labels[*row].clone()).collect();
            let xs: Vec<f64> = order.iter().map(|row| self.xs[*row]).collect();
            return Ok(axis::some(&sorted, &xs));
        }
        Err(Fault::new(
            format!(
                "the labels of {} columns do not fit side by side",
                labels.len()
            ),
            "write kind=\"bar\", which has room for longer names, or shorten them",
        ))
    }

    fn y(&self, value: f64) -> f64 {
        self.bottom - self.scale.share(value) * (self.bottom - self.top)
    }

    /// Lines at round numbers, the numbers, and the labels below.
    fn grid(&self, chart: &Chart, canvas: &mut Canvas) {
        let decimals = self.scale.decimals();
        if !self.is_speaking {
            let ticks = self.scale.ticks();
            let line = |tick: &f64| [(self.left, self.y(*tick)), (self.right, self.y(*tick))];
            let lines: Vec<_> = ticks.iter().map(line).collect();
            canvas.lines(&lines, " stroke-opacity=\".2\"");
            canvas.group("scale", |canvas| {
                for tick in &ticks {
                    let number = chart.number(*tick, decimals);
                    canvas.text(self.left - 8.0, self.y(*tick) + 5.0, Anchor::End, &number);
                }
            });
        }
        canvas.group("labels", |canvas| {
            for label in &self.labels {
                for (at, line) in label.lines.iter().enumerate() {
                    let y = self.below + 21.0 + at as f64 * LINE;
                    canvas.text(label.x, y, Anchor::Middle, line);
                }
            }
        });
    }

    /// The line of zero, or the lowest one.
    fn baseline(&self, canvas: &mut Canvas) {
        let zero = self.y(0.0);
        let mut lines = vec![[(self.left, zero), (self.right, zero)]];
        if self.labels.len() < self.xs.len() {
            let below = self.bottom;
            lines.extend(
                self.labels
                    .iter()
                    .map(|label| [(label.at, below), (label.at, below + 4.0)]),
            );
        }
        canvas.lines(&lines, "");
    }

    fn columns(&self, chart: &Chart, series: usize, canvas: &mut Canvas) {
        let series_count = chart.table.series.len() as f64;
        let width = (self.slot * 0.78 / series_count).min(WIDEST_COLUMN);
        let zero = self.y(0.0);
        for (at, row) in chart.table.rows.iter().enumerate() {
            let Some(value) = row.values[series] else {
                continue;
            };
            let left = self.xs[at] + (series as f64 - series_count / 2.0) * width;
            let (y, between) = (self.y(value), width.min(8.0) * 0.1);
            let (top, height) = (y.min(zero), (y - zero).abs());
            canvas.bar(series, left + between, top, width - 2.0 * between, height);
        }
        if self.is_speaking {
            for (at, number) in numbers(chart) {
                let value = chart.table.rows[at].values[series].unwrap_or_default();
                let below = if value < 0.0 { LINE - 3.0 } else { -5.0 };
                canvas.text(self.xs[at], self.y(value) + below, Anchor::Middle, &number);
            }
        }
    }

    fn line(&self, chart: &Chart, series: usize, canvas: &mut Canvas) {
        let rows = &chart.table.rows;
        let mut parts: Vec<Vec<(f64, f64)>> = vec![Vec::new()];
        for (row, x) in rows.iter().zip(&self.xs) {
            match (row.values[series], parts.last_mut()) {
                (Some(value), Some(part)) => part.push((*x, self.y(value))),
                _ => parts.push(Vec::new()),
            }
        }
        canvas.line(series, &parts);
        let signs = parts.iter().flat_map(|part| {
            let is_shown = move |at: &usize| {
                rows.len() <= MOST_SIGNS || part.len() == 1 || at + 1 == part.len()
            };
            let shown = (0..part.len()).filter(is_shown);
            shown.map(move |at| part[at])
        });
        canvas.signs(series, signs);
        if self.is_named {
            let y = self.name_heights(chart)[series];
            canvas.text(
                self.right + TO_NAME - SIGN + 4.0,
                y,
                Anchor::Start,
                &chart.table.series[series],
            );
        }
    }

    /// Where the name of each line stands: beside its end, or as near as the others let it.
    fn name_heights(&self, chart: &Chart) -> Vec<f64> {
        let last = chart.table.rows.last();
        let values = last.map_or(&[][..], |row| &row.values);
        let mut ends: Vec<(usize, f64)> = values
            .iter()
            .map(|value| self.y(value.unwrap_or_default()) + 5.0)
            .enumerate()
            .collect();
        ends.sort_by(|one, other| one.1.total_cmp(&other.1).then(one.0.cmp(&other.0)));
        for at in 1..ends.len() {
            ends[at].1 = ends[at].1.max(ends[at - 1].1 + LINE);
        }
        let mut lowest = self.bottom + 5.0;
        for (_, y) in ends.iter_mut().rev() {
            *y = y.min(lowest);
            lowest = *y - LINE;
        }
        ends.sort_by_key(|(series, _)| *series);
        ends.into_iter().map(|(_, y)| y).collect()
    }
}

/// The scale of the numbers. Columns begin at zero; lines do where that leaves them most of the height.
fn scale(chart: &Chart, is_exact: bool) -> Scale {
    let values = chart.table.rows.iter().flat_map(|row| &row.values);
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for value in values.flatten() {
        low = low.min(*value);
        high = high.max(*value);
    }
    let size = low.abs().max(high.abs());
    if chart.kind == Kind::Column || high - low >= size * 0.3 {
        low = low.min(0.0);
        high = high.max(0.0);
    }
    if is_exact {
        return Scale::exact(low, high);
    }
    Scale::round(low, high, STEPS, chart.table.decimals == 0)
}

/// The number of each row of the first series, in words.
fn numbers<'a>(chart: &'a Chart) -> impl Iterator<Item = (usize, String)> + 'a {
    let rows = chart.table.rows.iter().enumerate();
    rows.filter_map(|(at, row)| {
        let value = row.values[0]?;
        Some((at, chart.number(value, chart.table.decimals)))
    })
}

/// Whether there are a few lines with short names, all of which go on to the last row.
fn lines_have_room_for_names(chart: &Chart) -> bool {
    let table = &chart.table;
    let last = table.rows.last();
    (2..=4).contains(&table.series.len())
        && table.series.iter().all(|name| width(name) <= WIDEST_NAME)
        && last.is_some_and(|row| row.values.iter().all(Option::is_some))
}
