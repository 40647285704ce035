//! Charts of bars that lie below each other, each with its number at its end.

use super::scale::Scale;
use super::svg::{Anchor, Canvas, WIDTH, class};
use super::text::{LINE, lines, width};
use super::{Chart, Drawn};

/// The widest labels that stand beside bars; wider ones stand above them.
const WIDEST: f64 = 150.0;
/// From a bar to what is written beside it.
const GAP: f64 = 6.0;
/// Between two rows.
const BETWEEN: f64 = 10.0;

/// What stands in the place of a number that is not known.
const MISSING: &str = "–";

/// Where things are.
struct Plot {
    /// Where labels end, if they stand beside the bars.
    beside: Option<f64>,
    /// Where the bars of the lowest and the highest number end.
    from: f64,
    to: f64,
    scale: Scale,
    thickness: f64,
}

pub(super) fn draw(chart: &Chart) -> Drawn {
    let plot = Plot::of(chart);
    let mut canvas = Canvas::new(chart.language.direction);
    let mut y = 2.0;
    let mut tops = Vec::with_capacity(chart.table.rows.len());
    canvas.group("labels", |canvas| {
        for at in 0..chart.table.rows.len() {
            y += plot.label(&chart.label(at), y, chart, canvas);
            tops.push(y);
            y += plot.thickness * chart.table.series.len() as f64 + BETWEEN;
        }
    });
    for series in 0..chart.table.series.len() {
        canvas.group(&class(series), |canvas| {
            for (at, top) in tops.iter().enumerate() {
                if let Some(value) = chart.table.rows[at].values[series] {
                    plot.bar(series, value, *top, canvas);
                }
            }
        });
    }
    canvas.group("numbers", |canvas| plot.numbers(chart, &tops, canvas));
    canvas.lines(&plot.zero_lines(chart, &tops), "");
    Drawn {
        svg: canvas.finish(y - BETWEEN + 6.0, chart.title, &chart.description()),
        is_labelled: false,
    }
}

impl Plot {
    fn of(chart: &Chart) -> Self {
        let table = &chart.table;
        let widths = (0..table.rows.len()).map(|row| width(&chart.label(row)));
        let widest = widths.fold(0.0, f64::max);
        let beside = (widest <= WIDEST).then_some(widest);
        let (mut low, mut high) = (0.0_f64, 0.0_f64);
        let (mut before, mut after) = (0.0_f64, 0.0_f64);
        for value in table.rows.iter().flat_map(|row| &row.values) {
            let Some(value) = *value else {
                after = after.max(width(MISSING) + GAP);
                continue;
            };
            let room = width(&chart.number(value, table.decimals)) + GAP;
            if value < 0.0 {
                low = low.min(value);
                before = before.max(room);
            } else {
                high = high.max(value);
                after = after.max(room);
            }
        }
        Self {
            from: beside.map_or(2.0, |widest| widest + GAP + 4.0) + before,
            to: (WIDTH - after).min(WIDTH - 2.0),
            scale: Scale::exact(low, high),
            thickness: if table.series.len() == 1 { 24.0 } else { 19.0 },
            beside,
        }
    }

    /// The line of zero: along all bars, unless labels stand between them.
    fn zero_lines(&self, chart: &Chart, tops: &[f64]) -> Vec<[(f64, f64); 2]> {
        let zero = self.x(0.0);
        let height = self.thickness * chart.table.series.len() as f64;
        let line = |top: f64, bottom: f64| [(zero, top - 2.0), (zero, bottom + height + 2.0)];
        match (self.beside, tops) {
            (Some(_), [first, .., last]) => vec![line(*first, *last)],
            _ => tops.iter().map(|top| line(*top, *top)).collect(),
        }
    }

    fn x(&self, value: f64) -> f64 {
        self.from + self.scale.share(value) * (self.to - self.from)
    }

    /// Writes a label, and gives the room that it takes above the bars.
    fn label(&self, label: &str, y: f64, chart: &Chart, canvas: &mut Canvas) -> f64 {
        if let Some(end) = self.beside {
            let middle = self.thickness * chart.table.series.len() as f64 / 2.0;
            canvas.text(end, y + middle + 5.5, Anchor::End, label);
            return 0.0;
        }
        let lines = lines(label, WIDTH);
        for (at, line) in lines.iter().enumerate() {
            canvas.text(0.0, y + 14.0 + at as f64 * LINE, Anchor::Start, line);
        }
        lines.len() as f64 * LINE
    }

    fn bar(&self, series: usize, value: f64, top: f64, canvas: &mut Canvas) {
        let (zero, end) = (self.x(0.0), self.x(value));
        let top = top + series as f64 * self.thickness;
        let width = (end - zero).abs();
        canvas.bar(
            series,
            zero.min(end),
            top + 1.0,
            width,
            self.thickness - 2.0,
        );
    }

    fn numbers(&self, chart: &Chart, tops: &[f64], canvas: &mut Canvas) {
        for (row, top) in chart.table.rows.iter().zip(tops) {
            for (series, value) in row.values.iter().enumerate() {
                let y = top + (series as f64 + 0.5) * self.thickness + 5.5;
                let number = value.map(|value| chart.number(value, chart.table.decimals));
                let (x, anchor) = match *value {
                    Some(value) if value < 0.0 => (self.x(value) - GAP, Anchor::End),
                    value => (self.x(value.unwrap_or_default()) + GAP, Anchor::Start),
                };
                canvas.text(x, y, anchor, number.as_deref().unwrap_or(MISSING));
            }
        }
    }
}
