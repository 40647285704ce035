use std::borrow::Cow;
use std::sync::LazyLock;

use proptest::prelude::*;

use super::*;

static FONTS: LazyLock<Fonts> = LazyLock::new(|| {
    let font = include_bytes!("../../../themes/broadsheet/fonts/Literata_700Bold.ttf");
    Fonts::new(vec![Cow::Borrowed(&font[..])]).0
});

const FACE: Face = Face {
    family: "Literata",
    weight: 700,
};

const HEADLINE: Frame = Frame {
    width: 1040.0,
    height: 312.0,
    size: 96.0,
    smallest: 44.0,
    line_height: 1.12,
    lines: 4,
    face: FACE,
    right_to_left: false,
};

/// What is wrong with lines, as they are drawn.
fn overflow(fitted: &Fitted, frame: &Frame) -> Option<String> {
    let widths = FONTS.widths(frame.face, fitted.lines.iter().map(String::as_str));
    let wide = widths
        .iter()
        .position(|width| width * fitted.size > frame.width);
    let most = (frame.height / fitted.line_height) as usize;
    match wide {
        Some(at) => Some(format!("`{}` is too wide", fitted.lines[at])),
        None if fitted.lines.len() > most.min(frame.lines) => {
            Some(format!("{} lines are too many", fitted.lines.len()))
        }
        None => None,
    }
}

fn lines(text: &str) -> Vec<String> {
    fit(text, &HEADLINE, &FONTS).lines
}

#[test]
fn a_frame_that_is_narrower_than_an_ellipsis_or_a_text_without_end_comes_to_an_end() {
    let narrow = Frame {
        width: 10.0,
        size: 20.0,
        smallest: 20.0,
        lines: 1,
        ..HEADLINE
    };
    assert!(fit("illi illi", &narrow, &FONTS).lines.len() <= 1);
    let endless = fit(&"x".repeat(60_000), &HEADLINE, &FONTS);
    assert!(endless.lines.last().is_some_and(|line| line.ends_with('…')));
}

#[test]
fn a_short_headline_is_one_large_line() {
    let fitted = fit("Bridge closes", &HEADLINE, &FONTS);
    assert_eq!(fitted.lines, ["Bridge closes"]);
    assert!(fitted.size > 90.0, "{}", fitted.size);
}

#[test]
fn lines_are_about_equally_long() {
    let text = "Harbour bridge closes for a year of repairs to its bearings";
    let fitted = fit(text, &HEADLINE, &FONTS);
    let widths = FONTS.widths(FACE, fitted.lines.iter().map(String::as_str));
    let longest = widths.iter().copied().fold(0.0, f32::max);
    assert!(fitted.lines.len() > 1);
    for (line, width) in fitted.lines.iter().zip(widths) {
        assert!(width > longest * 0.6, "{line} of {:?}", fitted.lines);
    }
}

#[test]
fn a_headline_that_is_far_too_long_ends_in_an_ellipsis() {
    let text = "The committee on the harbour, its bridges and their bearings ".repeat(12);
    let fitted = fit(&text, &HEADLINE, &FONTS);
    assert_eq!(fitted.lines.len(), 4);
    assert!(fitted.lines[3].ends_with('…'), "{:?}", fitted.lines);
    assert!(text.starts_with(fitted.lines.join(" ").trim_end_matches('…')));
    assert_eq!(overflow(&fitted, &HEADLINE), None);
}

#[test]
fn a_word_that_is_longer_than_a_line_is_broken() {
    let word = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft";
    let fitted = fit(word, &HEADLINE, &FONTS);
    assert!(fitted.lines.len() > 1);
    assert_eq!(fitted.lines.concat(), word);
    assert_eq!(overflow(&fitted, &HEADLINE), None);
}

#[test]
fn a_soft_hyphen_shows_only_where_a_line_ends() {
    let text = "Donau\u{ad}dampf\u{ad}schifffahrts\u{ad}gesellschafts\u{ad}kapitän spricht";
    let lines = lines(text);
    assert!(lines[0].ends_with('-'), "{lines:?}");
    let together = lines.join(" ").replace("- ", "");
    assert_eq!(together, text.replace('\u{ad}', ""));
}

#[test]
fn a_line_is_not_broken_at_a_space_that_forbids_it() {
    let text =
        "Prices rise by 40\u{a0}000\u{a0}euros in a single year as builders wait for permits";
    assert!(
        lines(text)
            .iter()
            .any(|line| line.contains("40\u{a0}000\u{a0}euros"))
    );
}

#[test]
fn japanese_is_broken_between_its_letters_and_not_before_a_full_stop() {
    // No font has them, so that each is as wide as a box: enough to break lines.
    let lines = lines(&"港の橋が閉鎖された。".repeat(8));
    assert!(lines.len() > 1);
    assert!(
        lines.iter().all(|line| !line.starts_with('。')),
        "{lines:?}"
    );
}

#[test]
fn lines_from_right_to_left_are_marked_as_such() {
    let frame = Frame {
        right_to_left: true,
        ..HEADLINE
    };
    assert_eq!(fit("abc", &frame, &FONTS).lines, ["\u{2067}abc\u{2069}"]);
}

#[test]
fn nothing_and_no_room_are_no_trouble() {
    assert_eq!(lines(" \n "), Vec::<String>::new());
    let narrow = Frame {
        width: 1.0,
        ..HEADLINE
    };
    assert_eq!(fit("Harbour", &narrow, &FONTS).lines, Vec::<String>::new());
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn whatever_a_headline_says_it_fits_and_keeps_its_words(
        words in prop::collection::vec("[A-Za-zäößéλЖ’,.:–-]{1,24}", 1..40),
        width in 200.0_f32..1200.0,
    ) {
        let text = words.join(" ");
        let frame = Frame { width, ..HEADLINE };
        let fitted = fit(&text, &frame, &FONTS);
        prop_assert_eq!(overflow(&fitted, &frame), None);
        let shown = fitted.lines.concat().replace(' ', "");
        let text = text.replace(' ', "");
        if let Some(begun) = shown.strip_suffix('…') {
            prop_assert!(text.starts_with(begun), "{shown} of {text}");
        } else {
            prop_assert_eq!(shown, text);
        }
    }
}
