//! Draws how long Pressroom and other generators take, from what `benches/peers/compare.py` measured.
//!
//!     cargo run --release --example peers_chart -- RESULTS.jsonl CHART.svg
//!
//! In: a line of JSON for each build, of which it reads `program`, `articles`, `scenario` and `wall`
//! (seconds); lines without `wall` are programs that were left out. Out: a chart for each scenario,
//! one below the other so that it can be read on a phone, with the same scales, both logarithmic. A
//! point is the median of the builds of one program at one size.

use std::error::Error;
use std::ops::Range;
use std::path::Path;
use std::process::ExitCode;
use std::{env, fs};

use plotters::coord::combinators::LogCoord;
use plotters::coord::ranged1d::{DefaultFormatting, KeyPointHint};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};
use serde_json::Value;

const WIDTH: u32 = 700;
const PANEL: u32 = 300;
/// What plotters writes of this is divided by 1.24: 20 pixels, which are still 10 on a phone.
const TEXT: u32 = 25;
const FONT: &str = "sans-serif";
/// Where the axis of seconds stands.
const LEFT: i32 = 96;
/// Right of the last point, for the names of the lines.
const NAMES: u32 = 125;

const PAPER: RGBColor = RGBColor(255, 253, 249);
const INK: RGBColor = RGBColor(45, 45, 45);
const GRID: RGBColor = RGBColor(222, 218, 210);

const PANELS: [(&str, &str); 3] = [
    ("clean", "A clean build"),
    ("nothing changed", "Nothing changed"),
    ("one edit", "One article edited"),
];

/// Dark enough to be read on paper, and apart for those who do not see all colours.
const COLOURS: [(&str, RGBColor); 4] = [
    ("Pressroom", RGBColor(163, 21, 42)),
    ("Hugo", RGBColor(20, 95, 170)),
    ("Eleventy", RGBColor(150, 90, 0)),
    ("Zola", RGBColor(0, 115, 85)),
];

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let [results, chart] = arguments.as_slice() else {
        eprintln!("usage: peers_chart RESULTS.jsonl CHART.svg");
        return ExitCode::from(2);
    };
    match draw(Path::new(results), Path::new(chart)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("peers_chart: {failure}");
            ExitCode::FAILURE
        }
    }
}

/// One build.
struct Build {
    program: String,
    scenario: String,
    articles: u32,
    seconds: f64,
}

/// A program's medians in one scenario, from small archives to large ones.
struct Line {
    program: &'static str,
    colour: RGBColor,
    points: Vec<(f64, f64)>,
}

fn draw(results: &Path, chart: &Path) -> Result<(), Box<dyn Error>> {
    let text = fs::read_to_string(results)?;
    let builds: Vec<Build> = text.lines().filter_map(build).collect();
    let mut sizes: Vec<u32> = builds.iter().map(|build| build.articles).collect();
    sizes.sort_unstable();
    sizes.dedup();
    let (Some(&smallest), Some(&largest)) = (sizes.first(), sizes.last()) else {
        return Err(format!("there are no builds in {}", results.display()).into());
    };
    let seconds = builds.iter().map(|build| build.seconds);
    let (shortest, longest) = seconds.fold((f64::INFINITY, 0.0_f64), |(low, high), each| {
        (low.min(each), high.max(each))
    });
    let scales = Scales {
        // A single size stands in the middle.
        articles: if smallest == largest {
            f64::from(smallest) / 3.0..f64::from(largest) * 3.0
        } else {
            f64::from(smallest)..f64::from(largest)
        },
        sizes,
        // Whole powers of ten, and no point on the edge.
        seconds: 10_f64.powf((shortest * 0.9).log10().floor())
            ..10_f64.powf((longest * 1.1).log10().ceil()),
    };

    let area = SVGBackend::new(chart, (WIDTH, PANEL * PANELS.len() as u32)).into_drawing_area();
    area.fill(&PAPER)?;
    for (panel, (scenario, title)) in area.split_evenly((PANELS.len(), 1)).iter().zip(PANELS) {
        draw_panel(panel, title, &lines(&builds, scenario), &scales)?;
    }
    area.present()?;
    Ok(())
}

fn build(line: &str) -> Option<Build> {
    let line: Value = serde_json::from_str(line).ok()?;
    Some(Build {
        program: line["program"].as_str()?.to_owned(),
        scenario: line["scenario"].as_str()?.to_owned(),
        articles: u32::try_from(line["articles"].as_u64()?).ok()?,
        seconds: line["wall"].as_f64()?,
    })
}

fn lines(builds: &[Build], scenario: &str) -> Vec<Line> {
    let line = |(program, colour): (&'static str, RGBColor)| {
        let own: Vec<&Build> = builds
            .iter()
            .filter(|build| build.program == program && build.scenario == scenario)
            .collect();
        let mut sizes: Vec<u32> = own.iter().map(|build| build.articles).collect();
        sizes.sort_unstable();
        sizes.dedup();
        let points = sizes.into_iter().map(|size| {
            let of_size = own.iter().filter(|build| build.articles == size);
            let seconds = median(of_size.map(|build| build.seconds).collect());
            (f64::from(size), seconds)
        });
        Line {
            program,
            colour,
            points: points.collect(),
        }
    };
    COLOURS.into_iter().map(line).collect()
}

/// Of at least one value.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_unstable_by(f64::total_cmp);
    let middle = values.len() / 2;
    if values.len() % 2 == 1 {
        values[middle]
    } else {
        f64::midpoint(values[middle - 1], values[middle])
    }
}

/// What all panels share, so that they can be compared.
struct Scales {
    articles: Range<f64>,
    sizes: Vec<u32>,
    seconds: Range<f64>,
}

/// A logarithmic axis whose marks are at the values that were measured.
struct Marked {
    axis: LogCoord<f64>,
    marks: Vec<f64>,
}

impl Ranged for Marked {
    type FormatOption = DefaultFormatting;
    type ValueType = f64;

    fn map(&self, value: &f64, limit: (i32, i32)) -> i32 {
        self.axis.map(value, limit)
    }

    fn key_points<Hint: KeyPointHint>(&self, _: Hint) -> Vec<f64> {
        self.marks.clone()
    }

    fn range(&self) -> Range<f64> {
        self.axis.range()
    }
}

type Panel<'a> = DrawingArea<SVGBackend<'a>, plotters::coord::Shift>;

fn draw_panel(
    panel: &Panel<'_>,
    title: &str,
    lines: &[Line],
    scales: &Scales,
) -> Result<(), Box<dyn Error>> {
    let marked = |range: &Range<f64>, marks| Marked {
        axis: range.clone().log_scale().into(),
        marks,
    };
    let powers = |range: &Range<f64>| -> Vec<f64> {
        let (low, high) = (range.start.log10().round(), range.end.log10().round());
        (low as i32..=high as i32)
            .map(|power| 10_f64.powi(power))
            .collect()
    };
    let sizes = scales.sizes.iter().copied().map(f64::from).collect();
    let mut chart = ChartBuilder::on(panel)
        .margin_left(12)
        .margin_right(NAMES)
        .margin_top(46)
        .margin_bottom(6)
        .x_label_area_size(TEXT + 12)
        .y_label_area_size(LEFT.cast_unsigned() - 12)
        .build_cartesian_2d(
            marked(&scales.articles, sizes),
            marked(&scales.seconds, powers(&scales.seconds)),
        )?;
    chart
        .configure_mesh()
        .bold_line_style(GRID)
        .light_line_style(TRANSPARENT)
        .axis_style(INK)
        .label_style(text(&INK))
        .x_label_formatter(&|&articles| thousands(articles))
        .y_label_formatter(&|&seconds| format!("{} s", number(seconds)))
        .draw()?;
    for line in lines {
        let style = ShapeStyle::from(line.colour).stroke_width(3);
        chart.draw_series(LineSeries::new(line.points.iter().copied(), style))?;
        let dots = line.points.iter();
        chart.draw_series(dots.map(|&point| Circle::new(point, 5, line.colour.filled())))?;
    }

    let heading = (FONT, TEXT + 4, FontStyle::Bold).into_font().color(&INK);
    panel.draw_text(title, &heading, (LEFT, 14))?;
    let unit = text(&INK).pos(Pos::new(HPos::Right, VPos::Top));
    panel.draw_text(
        "articles",
        &unit,
        (WIDTH.cast_signed() - 6, PANEL.cast_signed() - 33),
    )?;

    let (left, top) = panel.get_base_pixel();
    let end = scales.sizes.last().copied().map_or(0.0, f64::from);
    let (mut names, mut inside) = (Vec::new(), Vec::new());
    for line in lines {
        let Some(&last) = line.points.last() else {
            continue;
        };
        let (x, y) = chart.backend_coord(&last);
        let place = (x - left + 12, y - top);
        // A line that ends early has its name where others may run.
        let names = if last.0 < end {
            &mut inside
        } else {
            &mut names
        };
        names.push((line, place));
    }
    spread(&mut names);
    spread(&mut inside);
    for (line, (x, y)) in &inside {
        // On paper of its own.
        let width = line.program.chars().map(|_| 12).sum::<i32>();
        let around = [(x - 2, y - 9), (x + width, y + 9)];
        panel.draw(&Rectangle::new(around, PAPER.filled()))?;
    }
    for (line, place) in names.into_iter().chain(inside) {
        draw_name(panel, line, place)?;
    }
    Ok(())
}

fn draw_name(panel: &Panel<'_>, line: &Line, place: (i32, i32)) -> Result<(), Box<dyn Error>> {
    let style = text(&line.colour).pos(Pos::new(HPos::Left, VPos::Center));
    panel.draw_text(line.program, &style, place)?;
    Ok(())
}

fn text(colour: &RGBColor) -> TextStyle<'_> {
    TextStyle::from((FONT, TEXT).into_font()).color(colour)
}

/// Moves names that would stand on each other apart, as little as may be.
fn spread(names: &mut [(&Line, (i32, i32))]) {
    const APART: i32 = TEXT.cast_signed() + 2;
    names.sort_by_key(|&(_, (_, y))| y);
    // Each round moves the two that are too near by half of what is missing; few rounds settle four.
    for _ in 0..50 {
        for at in 1..names.len() {
            let (before, after) = (names[at - 1].1, names[at].1);
            let missing = APART - (after.1 - before.1);
            if missing > 0 {
                names[at - 1].1.1 -= missing / 2;
                names[at].1.1 += missing - missing / 2;
            }
        }
    }
}

fn thousands(value: f64) -> String {
    let digits = format!("{value:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A power of ten as one writes it.
fn number(value: f64) -> String {
    if value < 1.0 {
        format!("{value:.*}", -value.log10().round() as usize)
    } else {
        thousands(value)
    }
}
